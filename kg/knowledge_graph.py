"""The knowledge graph, opened once: the object in the middle, whose methods hand on to the packages.

>>> import kg
>>> graph = kg.open()
>>> len(graph) > 10_000
True
"""

from functools import cache
from pathlib import Path

from kg.rdf import shipped
from kg.sparql.graph import OpenGraph


class KnowledgeGraph(OpenGraph):
    """The graph with what can be asked of it; made by :func:`kg.open`."""


def open_graph(file: str | Path | None = None) -> KnowledgeGraph:
    """Return the shipped graph, opened once, or that of a file in Turtle or N-Triples.

    Raises Problems where a file cannot be read.

    >>> open_graph() is open_graph()
    True
    """
    return _shipped() if file is None else KnowledgeGraph(shipped.store(Path(file)))


@cache
def _shipped() -> KnowledgeGraph:
    return KnowledgeGraph(shipped.store())
