"""A question of the library, or a SELECT query of a user's own, put to any graph: what ``kg.query`` gives.

>>> import kg
>>> rows("stats_of_cytokines", kg.open())[0]
{'cytokine': 'cntf', 'stat': 'stat1'}
"""

import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from kg.model.errors import Place, Problem, Problems
from kg.rdf import shipped
from kg.rdf.store import parse
from kg.sandbox.worker import TIMEOUT
from kg.sparql import library
from kg.sparql.endpoint import Endpoint
from kg.sparql.graph import OpenGraph
from kg.sparql.own_query import OwnQueries, leaving
from kg.sparql.rows import Rows

if TYPE_CHECKING:
    import rdflib


def rows(
    question: str,
    graph: "OpenGraph | rdflib.Graph | str | Path",
    *,
    timeout: float = TIMEOUT,
    values: Mapping[str, str] | None = None,
) -> Rows:
    """Return the rows of a question or of a SELECT query on an open graph, an rdflib Graph, a file or a server's URL.

    Raises Problems where there is no such question, a parameter does not fit, or the query is malformed or endless.

    >>> import kg
    >>> rows("SELECT (COUNT(?k) AS ?n) { ?k a <https://w3id.org/jak-kg/vocab#Kinase> }", kg.open())
    [{'n': 4}]
    """
    own = not re.fullmatch(r"[\w/]+", question)
    given = dict(values or {})
    if isinstance(graph, str) and "://" in graph:
        server = Endpoint(graph, timeout=timeout)
        asked = library.parse("query", question, own=True) if own else library.load(question)
        return server.rows(for_server(asked, server, given, own=own))
    if own:
        since = time.monotonic()
        return _own_queries(graph, timeout).rows(question, values=given, timeout=timeout, since=since)
    asked, target = library.load(question), _target(graph)
    found = target.query(asked.bound(target, **given))
    if not isinstance(found, QuerySolutions):
        raise Problems([Problem(Place(asked.name), "it gives no rows", "ask the graph of kg.load() for RDF")])
    return Rows.public(found)


def _own_queries(graph: "OpenGraph | rdflib.Graph | str | Path", timeout: float) -> OwnQueries:
    if isinstance(graph, OpenGraph):
        return graph.own
    if isinstance(graph, str | Path):
        return OwnQueries.of_file(Path(graph), timeout=timeout)
    return OwnQueries(parse(graph.serialize(format="nt", encoding="utf-8")))


def _target(graph: "OpenGraph | rdflib.Graph | str | Path") -> library.Graph:
    if isinstance(graph, OpenGraph):
        return graph.store
    return shipped.store(Path(graph)) if isinstance(graph, str | Path) else _Rdflib(graph)


def for_server(asked: library.Query, server: Endpoint, values: Mapping[str, str], *, own: bool) -> str:
    """Return the text that a server is asked; Problems where a parameter does not fit, or an ``own`` query is refused.

    >>> for_server(library.load("cases_that_relapsed"), Endpoint("http://a.org/"), {}, own=False)[:10]
    '#+ summary'
    """
    text = asked.bound(server, **values)
    if own and (problems := leaving(text, asked.name, timeout=server.left)):
        raise Problems(problems)
    return text


class _Rdflib:
    """An rdflib Graph as a graph of the library."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph

    def query(self, query: str, /) -> Any:
        data = self.graph.query(query).serialize(format="json")
        return parse_query_results(data, format=QueryResultsFormat.JSON)
