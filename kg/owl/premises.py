"""What a reasoner is given: the asserted graph, the definitions, and what the calculus and a closed world add.

OWL takes nothing that is not said for false; the calculus does. So three things are added before reasoning, and nowhere
else: the edges ``jak:hits``, ``jak:spares``, ``jak:mayMiss`` and ``jak:hasRaisedSignal``, asked of the graph at the
settings that the calculus has by default; closures, which say that a thing has the receptors, ligands and kinases that
the graph gives it (as far as accepted claims go) and no others; and that two names of one class are two things.

>>> from kg.facts import dataset
>>> from kg.rdf import builder
>>> from kg.rdf.store import folder
>>> ontology = folder("ontology")
>>> found = premises(builder.build(dataset.read(ontology / "facts"), ontology / "jak-kg.ttl"), definitions())
>>> (URIRef(THING + "tofacitinib"), URIRef(jak.hits), URIRef(THING + "jak3")) in found
True
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, QueryTriples, Store
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, XSD
from rdflib.term import Node

from kg.model.vocabulary import THING, VOCAB, jak
from kg.rdf import store
from kg.rdf.builder import ntriples
from kg.sparql import library

Triple = tuple[Node, Node, Node]

LOGIC: Final = (str(RDF), str(RDFS), str(OWL), str(XSD))
"""Namespaces whose words mean something to a reasoner; of the rest, only the declared properties do."""
SAYS_NOTHING: Final = {
    RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo, OWL.imports, OWL.versionIRI,
    OWL.deprecated,
}  # fmt: skip
"""Words of those namespaces that mean nothing to a reasoner."""
CLOSING: Final = ("Kinase", "Ligand", "ReceptorComplex")
"""Classes whose members closures name."""
DERIVED: Final = ("hits_of_inhibitors_as_rdf", "raised_signals_as_rdf")
"""Questions of the library whose triples are premises."""
CLOSED: Final = (
    ("ReceptorComplex", jak.needsKinase, False),
    ("Kinase", jak.needsKinase, True),
    ("Ligand", jak.bindsReceptor, False),
    ("ReceptorComplex", jak.bindsReceptor, True),
    ("Inhibitor", jak.mayMiss, False),
)
"""Class, property, and whether the property is taken from object to subject: what is closed for each thing of it."""


def definitions() -> Graph:
    """Return the definitions of ``ontology/definitions.ttl``.

    >>> (URIRef(jak.PanJakInhibitor), RDF.type, OWL.Class) in definitions()
    True
    """
    return store.turtle(store.folder("ontology") / "definitions.ttl")


def premises(graph: Graph, defined: Graph) -> Graph:
    """Return what of a graph and the definitions means something to a reasoner, with the edges that are derived first.

    It has no annotations and no ontology header. :func:`closed` completes it.

    >>> len(premises(Graph().add((URIRef(THING + "il21"), RDFS.label, Literal("IL-21"))), Graph()))
    0
    """
    found = Graph()
    properties = {*declared(graph), *declared(defined)}
    for source in (graph, defined):
        for triple in source:
            if _means(triple, properties):
                found.add(triple)
    asked = store.parse(ntriples(graph))
    for name in DERIVED:
        for subject, predicate, value in _derived(asked, name):
            found.add((subject, predicate, value))
    return found


def _derived(graph: Store, name: str) -> Iterator[tuple[URIRef, URIRef, URIRef]]:
    found = graph.query(library.load(name).text)
    assert isinstance(found, QueryTriples), f"{name} gives no triples"  # noqa: S101
    for triple in found:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            yield URIRef(triple.subject.value), URIRef(triple.predicate.value), URIRef(triple.object.value)


def closed(graph: Graph, *, apart: Iterable[Node] | None = None) -> Graph:
    """Return premises with what closes them: the closures, the definitions written out, and what is told apart.

    Members of the classes ``apart`` are told apart: of all that :func:`told_apart` names where none are given.

    >>> graph = Graph().add((URIRef(THING + "jak1"), RDF.type, URIRef(jak.Kinase)))
    >>> any(closed(graph).subjects(RDF.type, OWL.Restriction))
    True
    """
    found = Graph()
    found += graph
    for triples in (
        *closures(graph),
        *sufficient(graph),
        *different(graph, told_apart(graph) if apart is None else apart),
    ):
        for triple in triples:
            found.add(triple)
    return found


def parts(graph: Graph, number: int) -> list[Graph]:
    """Return the premises in parts of about one size: sets of things that edges connect, each with all axioms.

    What follows of a thing follows from what it is connected with, so the parts together say what the whole says, and a
    reasoner is done with them sooner.

    >>> [len(part) for part in parts(Graph(), 2)]
    [0, 0]
    """
    group: dict[Node, set[Node]] = {}
    for subject, _, value in sorted(graph, key=str):
        if is_thing(subject):
            mine = group.setdefault(subject, {subject})
            if is_thing(value):
                mine |= group.get(value, {value})
                group.update(dict.fromkeys(mine, mine))
    together = sorted(
        {id(mine): mine for mine in group.values()}.values(), key=lambda mine: (-len(mine), min(map(str, mine)))
    )
    bins: list[set[Node]] = [set() for _ in range(number)]
    for mine in together:
        smallest = min(bins, key=len)
        smallest |= mine
    found = [Graph() for _ in bins]
    for triple in graph:
        for part, members in zip(found, bins, strict=True):
            if triple[0] in members or triple[0] not in group:
                part.add(triple)
    return found


def is_thing(node: Node) -> bool:
    """Return whether a node is a thing of ours: no word of the vocabulary, no value.

    >>> is_thing(URIRef(THING + "il21")), is_thing(URIRef(jak.Raised))
    (True, False)
    """
    return isinstance(node, URIRef) and node.startswith(THING) and not node.startswith(VOCAB)


def declared(graph: Graph) -> set[Node]:
    """Return the object and datatype properties that a graph declares.

    >>> URIRef(jak.hits) in declared(definitions())
    True
    """
    return {p for kind in (OWL.ObjectProperty, OWL.DatatypeProperty) for p in graph.subjects(RDF.type, kind)}


def _means(triple: Triple, properties: set[Node]) -> bool:
    _, predicate, value = triple
    if predicate in SAYS_NOTHING or value in (OWL.Ontology, OWL.AnnotationProperty, OWL.NamedIndividual):
        return False
    return predicate in properties or str(predicate).startswith(LOGIC)


def closures(graph: Graph) -> Iterator[list[Triple]]:
    """Yield, for each thing that is closed, the triples that say: by this property it has these and no others.

    >>> sum(1 for _ in closures(Graph().add((URIRef(THING + "jak1"), RDF.type, URIRef(jak.Kinase)))))
    1
    """
    for kind, name, backwards in CLOSED:
        edge = URIRef(name)
        for one in sorted(graph.subjects(RDF.type, URIRef(getattr(jak, kind))), key=str):
            others = {*(graph.subjects(edge, one) if backwards else graph.objects(one, edge))}
            if name == jak.mayMiss:
                others |= {*graph.objects(one, URIRef(jak.spares))}
            triples = Graph()
            way = _inverse(triples, edge) if backwards else edge
            triples.add((one, RDF.type, _only(triples, way, _one_of(triples, others))))
            yield list(triples)


def _inverse(graph: Graph, edge: URIRef) -> Node:
    node = BNode()
    graph.add((node, OWL.inverseOf, edge))
    return node


def _one_of(graph: Graph, members: Iterable[Node]) -> Node:
    names = sorted(set(members), key=str)
    if not names:
        return OWL.Nothing
    node = BNode()
    graph.add((node, RDF.type, OWL.Class))
    graph.add((node, OWL.oneOf, Collection(graph, BNode(), names).uri))
    return node


def sufficient(graph: Graph) -> Iterator[list[Triple]]:
    """Yield, for each raised cytokine, what makes a case with it one whose signal was blocked, or met.

    OWL cannot say that two paths from a case end at one cytokine; for one given cytokine it can.

    >>> case, il21 = URIRef(THING + "smith-2026-1"), URIRef(THING + "il21")
    >>> sum(1 for _ in sufficient(Graph().add((case, URIRef(jak.hasRaisedSignal), il21))))
    2
    """
    for ligand in sorted({*graph.objects(None, URIRef(jak.hasRaisedSignal))}, key=str):
        for name, drug in (("CaseWithBlockedSignal", _covers), ("CaseWithMetSignal", _meets)):
            triples = Graph()
            both = _all(
                triples,
                _value(triples, jak.hasRaisedSignal, ligand),
                _some(triples, jak.wasGiven, drug(triples, ligand)),
            )
            triples.add((both, RDFS.subClassOf, URIRef(getattr(jak, name))))
            yield list(triples)


def _meets(graph: Graph, ligand: Node) -> Node:
    """Return the class, put in a graph, of the inhibitors that hit a kinase which a receptor of the ligand needs."""
    return _value(graph, jak.meetsSignalOf, ligand)


def _covers(graph: Graph, ligand: Node) -> Node:
    """Return the class, put in a graph, of the inhibitors that hit all that any receptor of the ligand needs."""
    alone = _one_of(graph, [ligand])
    other = BNode()
    graph.add((other, RDF.type, OWL.Class))
    graph.add((other, OWL.complementOf, _one_of(graph, [ligand])))
    needless = _only(graph, _inverse(graph, URIRef(jak.bindsReceptor)), other)
    unneeded = _only(graph, _inverse(graph, URIRef(jak.needsKinase)), needless)
    settled = _some(graph, jak.meetsSignalOf, _all(graph, alone, URIRef(jak.LigandWithSettledRoutes)))
    return _all(graph, URIRef(jak.Inhibitor), settled, _only(graph, URIRef(jak.mayMiss), unneeded))


def _all(graph: Graph, *classes: Node) -> Node:
    node = BNode()
    graph.add((node, RDF.type, OWL.Class))
    graph.add((node, OWL.intersectionOf, Collection(graph, BNode(), list(classes)).uri))
    return node


def _restriction(graph: Graph, edge: Node, how: URIRef, value: Node) -> Node:
    node = BNode()
    graph.add((node, RDF.type, OWL.Restriction))
    graph.add((node, OWL.onProperty, edge))
    graph.add((node, how, value))
    return node


def _some(graph: Graph, edge: str, value: Node) -> Node:
    return _restriction(graph, URIRef(edge), OWL.someValuesFrom, value)


def _only(graph: Graph, edge: Node, value: Node) -> Node:
    return _restriction(graph, edge, OWL.allValuesFrom, value)


def _value(graph: Graph, edge: str, value: Node) -> Node:
    return _restriction(graph, URIRef(edge), OWL.hasValue, value)


def different(graph: Graph, kinds: Iterable[Node]) -> Iterator[list[Triple]]:
    """Yield, for each of the classes, the triples that say: its members are so many things.

    Members are what is asserted to be in it or a narrower class, and what a property with such a domain or range joins.

    >>> graph = Graph().parse(data="@prefix : <http://a.org/> . :x a :A . :y a :A , :B .", format="turtle")
    >>> sum(1 for _ in different(graph, [URIRef("http://a.org/A"), URIRef("http://a.org/B")]))
    1
    """
    for kind in sorted(kinds, key=str):
        narrower = {*graph.transitive_subjects(RDFS.subClassOf, kind)}
        found = {one for below in narrower for one in graph.subjects(RDF.type, below)}
        found |= {x for below in narrower for name in graph.subjects(RDFS.domain, below) for x in graph.subjects(name)}
        found |= {
            x for below in narrower for name in graph.subjects(RDFS.range, below) for x in graph.objects(None, name)
        }
        members = sorted((one for one in found if isinstance(one, URIRef)), key=str)
        if members[1:]:
            triples, node = Graph(), BNode()
            triples.add((node, RDF.type, OWL.AllDifferent))
            triples.add((node, OWL.distinctMembers, Collection(triples, BNode(), [*members]).uri))
            yield list(triples)


def told_apart(graph: Graph) -> set[Node]:
    """Return the classes whose members must be told apart for anything to contradict, or for a closure to bite.

    >>> sorted(map(str, told_apart(Graph())))[0]
    'https://w3id.org/jak-kg/vocab#Inhibitor'
    """
    found: set[Node] = {URIRef(getattr(jak, kind)) for kind, _, _ in CLOSED}
    for mark, of in ((OWL.FunctionalProperty, RDFS.range), (OWL.InverseFunctionalProperty, RDFS.domain)):
        for name in graph.subjects(RDF.type, mark):
            found |= {kind for kind in graph.objects(name, of) if isinstance(kind, URIRef)}
    return {kind for kind in found if not str(kind).startswith(LOGIC)}


def reached(graph: Graph) -> Graph:
    """Return the premises without the statements that no definition reaches: nothing can be inferred from them.

    Such a statement has a property that stands in no class, chain or hierarchy of properties; its subject and object
    are asserted to be of the classes that the property asks for. A reasoner that is given fewer is faster.

    >>> il21, note = URIRef(THING + "il21"), URIRef(jak.note)
    >>> len(reached(Graph().add((note, RDF.type, OWL.DatatypeProperty)).add((il21, note, Literal("x")))))
    1
    """
    properties = declared(graph)
    used = {value for place in (OWL.onProperty, OWL.inverseOf, RDF.first) for value in graph.objects(None, place)}
    used |= {value for pair in graph.subject_objects(RDFS.subPropertyOf) for value in pair}
    used |= {*graph.subjects(OWL.propertyChainAxiom)}
    used |= {*graph.subjects(RDF.type, OWL.SymmetricProperty), *graph.subjects(RDF.type, OWL.TransitiveProperty)}
    above = {kind: {*graph.transitive_objects(kind, RDFS.subClassOf)} for kind in graph.subjects(RDF.type, OWL.Class)}

    def told(one: Node, kinds: Iterable[Node]) -> bool:
        known = {wider for kind in graph.objects(one, RDF.type) for wider in above.get(kind, ())}
        return all(isinstance(kind, BNode) or kind in known for kind in kinds)

    def silent(triple: Triple) -> bool:
        subject, name, value = triple
        if name not in properties or name in used:
            return False
        fits = isinstance(value, Literal) or told(value, graph.objects(name, RDFS.range))
        return fits and told(subject, graph.objects(name, RDFS.domain))

    found = Graph()
    for triple in graph:
        if not silent(triple):
            found.add(triple)
    return found
