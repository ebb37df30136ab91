"""JAK-KG: cytokines, receptors, Janus kinases, JAK inhibitors and granuloma annulare, with the evidence behind each.

For research; not medical advice. ``open`` gives the graph with all that can be asked of it, ``load`` that of rdflib,
``query`` the rows of a question; these, the questions and their columns, the command ``kg`` and its JSON stay stable.

>>> import kg
>>> kg.__version__
'0.1.0'
"""

TYPE_CHECKING = False  # as type checkers know it; here nothing is imported before it is used, or a stop is heard late
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from rdflib import Graph

    from kg.knowledge_graph import KnowledgeGraph
    from kg.model.errors import Problems
    from kg.sparql.rows import Rows

    __version__: str

__all__ = ["KnowledgeGraph", "Problems", "__version__", "load", "open", "query"]


def open(file: "str | Path | None" = None) -> "KnowledgeGraph":  # noqa: A001 - kg.open() is how users say it
    """Return the shipped graph, opened once in a process, or that of a file in Turtle or N-Triples.

    Raises Problems where a file cannot be read.

    >>> open().instances("jak:Kinase")
    ['jak1', 'jak2', 'jak3', 'tyk2']
    """
    from kg.knowledge_graph import open_graph

    return open_graph(file)


def __getattr__(name: str) -> "Any":
    """Return what is imported only where it is named."""
    if name == "Problems":
        from kg.model.errors import Problems

        return Problems
    if name == "__version__":
        from kg.model.vocabulary import VERSION

        return VERSION
    if name == "KnowledgeGraph":
        from kg.knowledge_graph import KnowledgeGraph

        return KnowledgeGraph
    raise AttributeError(f"module 'kg' has no attribute {name!r}")


def load(file: "str | Path | None" = None) -> "Graph":
    """Return the graph, or that of a file in Turtle or N-Triples, as an rdflib Graph on an Oxigraph store in memory.

    Its SPARQL is Oxigraph's, in milliseconds; a change of it stays in memory. Raises Problems where a file cannot be
    read.

    >>> from rdflib import URIRef
    >>> [str(need) for need in load().objects(URIRef("https://w3id.org/jak-kg/epo-receptor"), None)][:0]
    []
    """
    from pathlib import Path

    from kg.rdf import shipped
    from kg.rdf.store import rdflib_graph

    return rdflib_graph(shipped.store(Path(file) if file else None))


def query(
    question: str, *, graph: "KnowledgeGraph | Graph | str | Path | None" = None, timeout: float = 30, **values: "Any"
) -> "Rows":
    """Return the rows of a question of the library, or of a SELECT query of your own.

    A question is named and takes its parameters by keyword; a query of your own is text. ``graph`` is that of ``open``
    or ``load``, a file, or the URL of a SPARQL server; without one it is the shipped graph. ``timeout`` is in seconds,
    for a query of your own and for a server. The rows are dicts, numbers int or float, with ``columns``,
    ``to_frame()`` and ``to_json()``.

    Raises Problems where there is no such question, a parameter does not fit, or the query is malformed or endless.

    >>> query("relapses_of_case", case="khurana-2025-1")[0]["after"]
    'one month of remission'
    >>> query("SELECT (COUNT(?kinase) AS ?n) { ?kinase a <https://w3id.org/jak-kg/vocab#Kinase> }")
    [{'n': 4}]
    """
    from kg.sparql import query as asking

    given = {name: str(value) for name, value in values.items()}
    return asking.rows(question, open() if graph is None else graph, timeout=timeout, values=given)
