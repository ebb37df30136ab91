"""A scene: a graph that is ready to be drawn, and the files and pages that it becomes.

>>> import kg
>>> from kg.viz import scenes
>>> len(Scene(scenes.drug(kg.open(), "Olumiant")).graph) > 50
True
"""

import html
import sys
import tempfile
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.model import temporary
from kg.model.files import save
from kg.viz import files

if TYPE_CHECKING:
    import networkx as nx

HEIGHT = 800
"""Of the page in a notebook, in pixels."""


@dataclass(frozen=True, slots=True, repr=False)
class Scene:
    """What a picture shows, as the networkx graph ``graph``; the same files at each run. A notebook shows the page.

    Each ``to_`` method writes one file, replaces an older one only when it is whole, and returns its path; it raises
    Problems where what a picture needs is not installed, or the graph has faults.

    >>> from networkx import DiGraph
    >>> Scene(DiGraph([("JAK1", "baricitinib")]))
    <Scene: 2 nodes, 1 edge>
    """

    graph: "nx.Graph[Any]"

    def to_html(self, file: str | Path) -> Path:
        """Write one page with controls and tables, which loads nothing from anywhere.

        >>> from networkx import MultiDiGraph
        >>> Scene(MultiDiGraph(title="Nothing")).to_html(Path(tempfile.mkdtemp(), "nothing.html")).name
        'nothing.html'
        """
        return self._write(file, ".html")

    def to_svg(self, file: str | Path) -> Path:
        """Write the picture as SVG.

        >>> from networkx import MultiDiGraph
        >>> Scene(MultiDiGraph(title="Nothing")).to_svg(Path(tempfile.mkdtemp(), "nothing.svg")).name
        'nothing.svg'
        """
        return self._write(file, ".svg")

    def to_png(self, file: str | Path) -> Path:
        """Write the picture as PNG.

        >>> from networkx import MultiDiGraph
        >>> Scene(MultiDiGraph(title="Nothing")).to_png(Path(tempfile.mkdtemp(), "nothing.png")).name
        'nothing.png'
        """
        return self._write(file, ".png")

    def show(self) -> None:
        """Show the page: in the notebook where there is one, else in the browser.

        The browser needs a file: it is in a folder for temporary files that only you can look into, and stays there
        until a later process shows another.

        >>> from networkx import MultiDiGraph
        >>> Scene(MultiDiGraph(title="Nothing")).show()  # doctest: +SKIP
        """
        shell = sys.modules.get("IPython")
        if shell is not None and shell.get_ipython() is not None:
            from IPython.display import display

            display(self)  # type: ignore[no-untyped-call]
        else:
            folder = temporary.kept_folder(Path(tempfile.gettempdir(), "shown"))
            webbrowser.open(self.to_html(folder / "scene.html").as_uri())

    def _write(self, file: str | Path, suffix: str) -> Path:
        save(files.of(self.graph, suffix), Path(file))
        return Path(file)

    def _repr_html_(self) -> str:
        page = html.escape(files.of(self.graph, ".html").decode())
        box = f'width="100%" height="{HEIGHT}" style="border: 0" sandbox="allow-scripts allow-popups"'
        return f'<iframe title="{html.escape(str(self))}" {box} srcdoc="{page}"></iframe>'

    def __repr__(self) -> str:
        counts = len(self.graph), self.graph.number_of_edges()
        words = [f"{n} {word}{'s' * (n != 1)}" for n, word in zip(counts, ("node", "edge"), strict=True)]
        return f"<Scene: {', '.join(words)}>"
