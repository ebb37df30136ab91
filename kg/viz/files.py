"""A graph as a file: a page, a static picture, or data for other tools, by the suffix of its name.

>>> from networkx import MultiDiGraph
>>> of(MultiDiGraph(title="nothing"), ".json").decode().splitlines()[0]
'{'
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.model.errors import Place, Problem, Problems
from kg.network import projection
from kg.viz import html, static

if TYPE_CHECKING:
    import networkx as nx

PICTURES: "Final[dict[str, Callable[[nx.Graph[Any]], str | bytes]]]" = {
    ".html": html.page,
    ".svg": static.svg,
    ".png": static.png,
}
SUFFIXES: Final = (*PICTURES, *projection.FORMS)


def check(file: Path) -> None:
    """Raise Problems where the suffix of a file is none of :data:`SUFFIXES`.

    >>> check(Path("patient.pdf"))
    Traceback (most recent call last):
        ...
    kg.Problems: patient.pdf: the suffix is none of .html, .svg, .png, .graphml, .json, .cyjs: name FILE.html
    """
    if file.suffix not in SUFFIXES:
        what = f"the suffix is none of {', '.join(SUFFIXES)}"
        raise Problems([Problem(Place(file), what, "name FILE.html")])


def of(graph: "nx.Graph[Any]", suffix: str) -> bytes:
    """Return the bytes of a file with a graph, the same at each run; KeyError for another suffix.

    Raises Problems where what a picture needs is not installed, or the graph has what cannot be drawn.

    >>> from networkx import MultiDiGraph
    >>> b"<graphml" in of(MultiDiGraph(), ".graphml")
    True
    """
    found = PICTURES[suffix](graph) if suffix in PICTURES else projection.exported(graph, suffix)
    return found if isinstance(found, bytes) else found.encode()
