"""Which source each statement rests on: the graph divided into one named graph a source, and three of our own.

What a source says or measured is in the graph of that source; a statement of two sources is in both. A claim is in the
graph of each source that speaks on it, whether for or against; its status, and the direct edge that it draws, are
derived. What nobody but this project says is in the graph of things or of the vocabulary.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.model.vocabulary import PREFIXES, THING, VOCAB, jak, local, thing

TYPE: Final = PREFIXES["rdf"] + "type"
SOURCE: Final = PREFIXES["dcterms"] + "source"
PROJECT: Final = thing("ref", "jak-kg")
"""This project as a reference: what it alone says has no graph of a source."""
OURS: Final[Mapping[str, str]] = {
    thing("graph", "vocabulary"): "the words: classes, properties and individuals with their definitions",
    thing("graph", "things"): "the things that are spoken of, with their names, and what curators read and decided",
    thing("graph", "derived"): "what follows from the other graphs: status of claims, direct edges, routes, the digest",
}
"""Graph of our own -> what is in it."""
VOCABULARY, THINGS, DERIVED = OURS
FOLLOWS: Final = frozenset({jak.status, jak.throughJak, jak.contentDigest})
"""Properties that the machine derives; the direct edges are named by the vocabulary."""
JUDGED: Final = frozenset({jak.decision, jak.kept, jak.caseFor, jak.caseAgainst, jak.reason})
"""Properties by which a curator judges what a source says."""
PARTS: Final = frozenset({jak.Quantity, jak.Condition})
"""Classes of nodes without a source of their own: they rest on what names them."""


def named(triples: Iterable[Triple]) -> dict[str, list[Triple]]:
    """Return the triples by the IRI of their graph, graphs sorted, triples as they came.

    None is lost, some are in several.

    >>> from kg.model.vocabulary import curie
    >>> said = [("ev-1", SOURCE, "ref-a"), ("claim-1", jak.evidence, "ev-1"), ("claim-1", jak.about, "il21"),
    ...         ("claim-1", jak.status, "open"), ("ref-a", TYPE, jak.Reference)]
    >>> graphs = named(Triple(NamedNode(thing(s)), NamedNode(p), NamedNode(o if ":" in o else thing(o)))
    ...                for s, p, o in said)
    >>> {local(name): [curie(t.predicate.value) for t in held] for name, held in graphs.items()}
    {'graph-derived': ['jak:status'], 'graph-ref-a': ['dcterms:source', 'jak:evidence', 'jak:about'], \
'graph-things': ['rdf:type']}
    """
    book = _Book(list(triples))
    found: dict[str, list[Triple]] = defaultdict(list)
    for triple in book.triples:
        for name in book.graphs(triple):
            found[name].append(triple)
    return {name: found[name] for name in sorted(found)}


def described(graphs: Mapping[str, list[Triple]]) -> list[Quad]:
    """Return what is said of the graphs, for the default graph: what each is, its source, and how many triples it has.

    >>> print(*described({DERIVED: []})[:2], sep=chr(10))  # doctest: +ELLIPSIS
    <https://w3id.org/jak-kg/graph-derived> <...#type> <http://rdfs.org/ns/void#Dataset>
    <https://w3id.org/jak-kg/graph-derived> <...#label> "what follows from the other graphs: ..."@en
    """
    void, label, integer = PREFIXES["void"], PREFIXES["rdfs"] + "label", NamedNode(PREFIXES["xsd"] + "integer")
    cited = {t.subject: t.object for t in graphs.get(THINGS, ()) if t.predicate.value == label}
    quads = []
    for name, held in sorted(graphs.items()):
        ours, reference = OURS.get(name), thing(local(name).removeprefix("graph-"))
        citation = getattr(cited.get(NamedNode(reference)), "value", local(reference))
        words = ours or f"what its source says or measured, as read here: {citation}"
        said: dict[str, NamedNode | Literal] = {
            TYPE: NamedNode(void + "Dataset"),
            label: Literal(words, language="en"),
            SOURCE: NamedNode(PROJECT if ours else reference),
            void + "triples": Literal(str(len(held)), datatype=integer),
        }
        quads += [Quad(NamedNode(name), NamedNode(key), value) for key, value in said.items()]
        quads.append(Quad(NamedNode(thing("jak-kg")), NamedNode(void + "subset"), NamedNode(name)))
    return quads


class _Book:
    """The triples by subject and by object, and where each belongs."""

    def __init__(self, triples: list[Triple]) -> None:
        self.triples = triples
        self.values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.owners: dict[str, list[str]] = defaultdict(list)
        self.known: dict[str, frozenset[str]] = {}
        for triple in triples:
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
                self.values[triple.subject.value][triple.predicate.value].append(triple.object.value)
                self.owners[triple.object.value].append(triple.subject.value)
        edges = (edge for found in self.values.values() for edge in found.get(jak.directEdge, ()))
        self.derived = FOLLOWS | frozenset(edges)

    def graphs(self, triple: Triple) -> frozenset[str]:
        """Return the IRIs of the graphs of a triple: one or more."""
        subject, predicate = triple.subject, triple.predicate.value
        if not isinstance(subject, NamedNode):  # only the definitions of classes have blank nodes
            return frozenset({VOCABULARY})
        if not subject.value.startswith(THING) or subject.value.startswith(VOCAB[:-1]):
            return frozenset({VOCABULARY})
        if predicate in self.derived:
            return frozenset({DERIVED})
        if predicate in JUDGED:
            return frozenset({THINGS})
        sources = self.sources(subject.value)
        if predicate == jak.evidence and isinstance(triple.object, NamedNode):
            sources = self.sources(triple.object.value)
        return frozenset(thing("graph", local(source)) for source in sources) or frozenset({THINGS})

    def sources(self, node: str) -> frozenset[str]:
        """Return the references that a thing rests on: who says it, else where it was read, else its owners'."""
        if node in self.known:
            return self.known[node]
        self.known[node] = frozenset()  # what owns itself has no source
        values = self.values.get(node, {})
        if jak.Reference in values.get(TYPE, ()):
            return self.known[node]
        said = values.get(SOURCE) or values.get(jak.obtainedFrom) or ()
        found = {source for source in said if source != PROJECT}
        if not said:
            below = values.get(jak.evidence, [])
            above = self.owners[node] if PARTS & set(values.get(TYPE, ())) else []
            found = {source for other in (*below, *above) for source in self.sources(other)}
        self.known[node] = frozenset(found)
        return self.known[node]
