"""The graph of a folder of facts as checks and exports need it: each of its forms is made once, when it is first used.

>>> built = shipped()
>>> len(built.opened) == len(built.graph) < len(built.whole)
True
"""

from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path

from pyoxigraph import Triple
from rdflib import Graph

from kg.facts import dataset
from kg.rdf import builder, serialize, store
from kg.sparql.graph import OpenGraph


def _shipped_facts() -> Path:
    return store.folder("ontology") / "facts"


@dataclass(frozen=True)
class BuiltGraph:
    """A graph as :func:`kg.rdf.builder.build` gives it, with the folder ``ontology`` of its definitions, and its facts.

    Nobody changes ``graph``: its other forms would not follow.

    >>> built = BuiltGraph(Graph().parse(store.folder("ontology") / "jak-kg.ttl"))
    >>> len(built.triples) == len(built.whole) > len(built.opened)
    True
    """

    graph: Graph
    ontology: Path = field(default_factory=partial(store.folder, "ontology"))
    facts: Path = field(default_factory=_shipped_facts)

    @classmethod
    def of(cls, facts: Path, ontology: Path) -> "BuiltGraph":
        """Return the graph of a folder of facts; Problems where the facts or the alignment cannot be read."""
        return cls(builder.build(dataset.read(facts), ontology / "jak-kg.ttl"), ontology, facts)

    @cached_property
    def opened(self) -> OpenGraph:
        """The graph in a store, to be asked."""
        return OpenGraph(store.parse(builder.ntriples(self.graph)))

    @cached_property
    def definitions(self) -> Graph:
        """The definitions of classes; no triple where the folder has none."""
        file = self.ontology / "definitions.ttl"
        return store.turtle(file) if file.is_file() else Graph()

    @cached_property
    def whole(self) -> Graph:
        """What a release asserts: the graph with the definitions."""
        return builder.asserted(self.graph, self.ontology)

    @cached_property
    def triples(self) -> list[Triple]:
        """The triples of :attr:`whole`, in the order of canonical N-Triples."""
        return serialize.canonical(self.whole)

    @cached_property
    def opened_whole(self) -> OpenGraph:
        """What a release asserts, in a store."""
        return OpenGraph(store.parse(serialize.ntriples(self.triples)))


@cache
def shipped() -> BuiltGraph:
    """Return the graph of the shipped facts, built once in a process.

    >>> shipped() is shipped()
    True
    """
    ontology = store.folder("ontology")
    return BuiltGraph.of(ontology / "facts", ontology)
