"""A graph as a file: a page, a static picture, or data for other tools, by the suffix of its name.

>>> from networkx import MultiDiGraph
>>> of(MultiDiGraph(title="nothing"), ".json").decode().splitlines()[0]
'{'
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.model.errors import Place, Problem, Problems
from kg.model.visible import visible
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
    found = PICTURES[suffix](_readable(graph)) if suffix in PICTURES else projection.exported(graph, suffix)
    return found if isinstance(found, bytes) else found.encode()


def _readable(graph: "nx.Graph[Any]") -> "nx.Graph[Any]":
    """Return a graph whose texts a person reads: nothing in them acts or hides."""
    shown = graph.copy()
    ends = (*shown.nodes(data=True), *shown.edges(data=True))
    for about in (shown.graph, *(end[-1] for end in ends)):
        about.update({name: _shown(value) for name, value in about.items()})
    return shown


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, list | tuple):
        return type(value)(map(_shown, value))
    return {name: _shown(inner) for name, inner in value.items()} if isinstance(value, dict) else value
