"""Questions with their examples, put to the small graph of ``mini``, or to the shipped one where that has no answer."""

from functools import cache

from conftest import ROOT
from pyoxigraph import QuerySolutions, Store
from rdflib import Graph

from kg import built, facts, graph, library, results
from kg.problems import Problems
from kg.store import folder, parse
from kg.terms import PREFIXES


def bound(store: Store, name: str) -> str:
    """Return the text of a question with its examples in place; Problems where the graph does not have them."""
    found = library.load(name)
    return found.bound(store, **{param.name: param.example for param in found.params})


def written(store: Store, text: str) -> tuple[str, int]:
    """Return an answer as text, the rows in their order as TSV or the triples sorted as Turtle, and their number."""
    found = store.query(text)
    return results.written(found, "tsv" if isinstance(found, QuerySolutions) else "turtle")


@cache
def is_small(name: str) -> bool:
    """Return whether the small graph answers a question."""
    store = parse(ntriples(small=True))
    try:
        return written(store, bound(store, name))[1] > 0
    except Problems:
        return False


@cache
def ntriples(*, small: bool) -> bytes:
    """Return the small or the shipped graph as N-Triples, built once."""
    if small:
        return graph.ntriples(rdf(small=True))
    built.store()
    return built.FILE.read_bytes()


@cache
def rdf(*, small: bool) -> Graph:
    """Return the small or the shipped graph as rdflib has it, built once."""
    if small:
        return graph.build(facts.read(ROOT / "tests" / "mini"), folder("ontology") / "jak-kg.ttl")
    found = Graph().parse(data=ntriples(small=False), format="nt")
    for prefix, namespace in PREFIXES.items():
        found.bind(prefix, namespace, replace=True)
    return found
