"""Questions with their examples, and the graphs that tests put them to."""

from functools import cache
from typing import Literal

from conftest import ROOT
from pyoxigraph import QuerySolutions, Store
from rdflib import Graph

from kg.facts import dataset
from kg.model.vocabulary import PREFIXES
from kg.rdf import builder, shipped
from kg.rdf.store import folder, parse
from kg.sparql import formats, library

Which = Literal["mini", "shipped", "faulty"]
"""The graph of the small folder, the shipped one, and that one with every sample of what a rule finds."""


@cache
def ntriples(which: Which) -> bytes:
    """Return a graph as N-Triples, built once."""
    if which == "mini":
        return builder.ntriples(builder.build(dataset.read(ROOT / "tests" / "mini"), folder("ontology") / "jak-kg.ttl"))
    if which == "shipped":
        shipped.store()
        return shipped.FILE.read_bytes()
    samples = [Graph().parse(file) for file in sorted((ROOT / "tests" / "bad" / "checks").glob("*.ttl"))]
    return ntriples("shipped") + b"".join(map(builder.ntriples, samples))


@cache
def oxigraph(which: Which) -> Store:
    """Return a graph as Oxigraph has it, loaded once: do not change it."""
    return parse(ntriples(which))


@cache
def rdflib(which: Which) -> Graph:
    """Return a graph as rdflib has it, loaded once: do not change it."""
    found = Graph().parse(data=ntriples(which), format="nt")
    for prefix, namespace in PREFIXES.items():
        found.bind(prefix, namespace, replace=True)
    return found


def bound(store: Store, name: str) -> str:
    """Return the text of a question with its examples in place; Problems where the graph does not have them."""
    found = library.load(name)
    return found.bound(store, **{param.name: param.example for param in found.params})


def written(store: Store, text: str) -> tuple[str, int]:
    """Return an answer as text, the rows in their order as TSV or the triples sorted as Turtle, and their number."""
    found = store.query(text)
    return formats.written(found, "tsv" if isinstance(found, QuerySolutions) else "turtle")
