"""Why a graph is not consistent: for each contradiction the fewest statements that make it, in words, with places.

Pellet says where to look, HermiT judges: of the statements that Pellet's names cover, those are dropped without which
the rest still contradicts. What is left is a justification: without any one of it there is no contradiction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, XSD
from rdflib.term import Node

from kg.model.errors import Place, Problem
from kg.model.vocabulary import INDIVIDUALS, curie, local
from kg.owl import hermit
from kg.owl import premises as p

MOST: Final = 10
"""Contradictions that are explained."""
FEW: Final = 400
"""Of more statements a quarter is dropped at once."""
ONE_BY_ONE: Final = 40
"""Up to so many statements are tried one by one; of more, several at once are dropped first."""

TripleTree = tuple[p.Triple, ...]
"""A triple with the blank nodes that hang on it: a fact, or an axiom."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements that cannot all hold: the facts, each in words with its place, and the axioms in words."""

    facts: tuple[tuple[str, Place | None], ...]
    axioms: tuple[str, ...]

    def problem(self) -> Problem:
        """Return it as a problem, at the place of its first fact that has one.

        >>> print(Contradiction((("kg:x a jak:A", Place("a.ttl", 2)),), ("nothing is a jak:A",)).problem())
        a.ttl:2: contradiction: kg:x a jak:A (a.ttl:2); but nothing is a jak:A: fix or delete one of these statements
        """
        said = "; ".join(f"{words} ({place})" if place else words for words, place in self.facts)
        place = next((place for _, place in self.facts if place), Place("kg reason"))
        but = "; ".join(self.axioms)
        return Problem(
            place, f"contradiction: {said}" + (f"; but {but}" if but else ""), "fix or delete one of these statements"
        )


def explain(graph: Graph, place: Callable[[p.Triple], Place | None], *, most: int = MOST) -> list[Contradiction]:
    """Return the contradictions of an asserted graph, ``most`` of them at most; [] where it has none.

    ``place`` gives the place of a triple. Problems where Java or owlready2 is not found.

    >>> explain(Graph(), lambda triple: None)
    []
    """
    found: list[Contradiction] = []
    left = Graph()
    left += graph
    while len(found) < most:
        premises = p.premises(left, p.definitions())
        if hermit.first_inconsistent([p.closed(premises)]) is None or (justified := _justification(premises)) is None:
            break
        facts = sorted((statement[0] for statement in justified if is_fact(statement)), key=_order)
        axioms = dict.fromkeys(words(statement, justified) for statement in justified if not is_fact(statement))
        found.append(Contradiction(tuple((_fact(triple), place(triple)) for triple in facts), tuple(axioms)))
        if not any(triple in left for triple in facts):
            break  # what contradicts is in the definitions alone
        for triple in facts:
            left.remove(triple)
    return found


def empty(kind: str) -> Problem:
    """Return the problem with a class that nothing can be in.

    >>> print(empty("https://w3id.org/jak-kg/vocab#Case"))
    definitions.ttl: nothing can be a jak:Case: fix its definition
    """
    return Problem(Place("definitions.ttl"), f"nothing can be a {curie(kind)}", "fix its definition")


def _justification(premises: Graph) -> list[TripleTree] | None:
    """Return the fewest statements that contradict; None where nothing does."""
    everything = p.closed(premises, apart=())
    every = statements(everything)
    background = [statement for statement in every if declares(statement)]
    rest = [statement for statement in every if not declares(statement)]
    names = hermit.suspects(everything)
    close = [statement for statement in rest if _names(statement) <= names or _lists(statement)]
    return minimal(close, background) or minimal(rest, background)


def minimal(statements: Sequence[TripleTree], background: Sequence[TripleTree]) -> list[TripleTree] | None:
    """Return statements that contradict and of which none can be dropped; None where they do not contradict.

    >>> x, a, b = (URIRef(f"http://a.org/{name}") for name in "xAB")
    >>> said = [((x, RDF.type, a),), ((x, RDF.type, b),), ((x, RDF.type, x),), ((a, OWL.disjointWith, b),)]
    >>> len(minimal(said, []) or ())
    3
    """
    left = sorted(statements, key=_last)
    size = max(1, len(left) // (4 if len(left) > FEW else ONE_BY_ONE))
    start = 0
    while True:
        chunks = [(at, at + size) for at in range(start, len(left), size)]
        tries = [[*left[:low], *left[high:]] for low, high in chunks]
        which = hermit.first_inconsistent([_graph((*one, *background)) for one in (*tries, left)])
        if which is None:
            return None
        if which < len(tries):
            left, start = tries[which], chunks[which][0]
        elif size == 1:
            return left
        else:
            size, start = max(1, size // 8), 0


def _graph(statements: Iterable[TripleTree]) -> Graph:
    """Return the graph of statements in which different names are different things."""
    graph = Graph()
    for triple in (triple for statement in statements for triple in statement):
        graph.add(triple)
    named = {node for triple in graph for node in (triple[0], triple[2]) if isinstance(node, URIRef)}
    things = sorted(node for node in named if p.is_thing(node) or local(node) in INDIVIDUALS)
    if things[1:]:
        node = BNode()
        graph.add((node, RDF.type, OWL.AllDifferent))
        graph.add((node, OWL.distinctMembers, Collection(graph, BNode(), [*things]).uri))
    return graph


def statements(graph: Graph) -> list[TripleTree]:
    """Return the statements of a graph: its triples, each with the blank nodes that hang on it.

    >>> graph = Graph().parse(data="@prefix : <http://a.org/> . :x :p :y , [ :q :z ] .", format="turtle")
    >>> sorted(len(statement) for statement in statements(graph))
    [1, 2]
    """
    hanging = {value for value in graph.objects() if isinstance(value, BNode)}

    def tree(node: Node) -> list[p.Triple]:
        pairs = sorted(graph.predicate_objects(node), key=lambda pair: (pair[0] == RDF.type, *map(str, pair)))
        below = [(node, predicate, value) for predicate, value in pairs]  # what it says stands before what it is
        return [*below, *(inner for _, _, value in below if isinstance(value, BNode) for inner in tree(value))]

    found: list[TripleTree] = []
    for subject in sorted(set(graph.subjects()), key=str):
        if isinstance(subject, BNode):
            found += [] if subject in hanging else [tuple(tree(subject))]
            continue
        for triple in sorted(graph.triples((subject, None, None))):
            found.append((triple, *(tree(triple[2]) if isinstance(triple[2], BNode) else ())))
    return found


def is_fact(statement: TripleTree) -> bool:
    """Return whether a statement says something of a thing of ours that the graph, and no closure, says.

    >>> x, a = URIRef("https://w3id.org/jak-kg/il21"), URIRef("https://w3id.org/jak-kg/vocab#Ligand")
    >>> is_fact(((x, RDF.type, a),)), is_fact(((a, RDFS.subClassOf, a),))
    (True, False)
    """
    return len(statement) == 1 and p.is_thing(statement[0][0])


# --- words ------------------------------------------------------------------------------------------------------------

SAYINGS: Final[Mapping[Node, str]] = {
    OWL.disjointWith: "no {s} is a {o}",
    OWL.propertyDisjointWith: "{s} and {o} never join the same two things",
    OWL.equivalentClass: "{s} means {o}",
    OWL.propertyChainAxiom: "{o}, one after the other, make {s}",
    OWL.inverseOf: "{s} is the inverse of {o}",
    RDFS.subClassOf: "every {s} is a {o}",
    RDFS.subPropertyOf: "where {s} holds, {o} holds",
    RDFS.domain: "only a {o} has {s}",
    RDFS.range: "{s} leads only to a {o}",
}
"""Word of OWL -> what it says."""
MARKS: Final[Mapping[Node, str]] = {
    OWL.FunctionalProperty: "a thing has at most one {s}",
    OWL.InverseFunctionalProperty: "at most one thing has {s} to the same thing",
    OWL.IrreflexiveProperty: "nothing has {s} to itself",
    OWL.AsymmetricProperty: "{s} is asymmetric: it never holds in both directions",
    OWL.SymmetricProperty: "{s} is symmetric",
    OWL.TransitiveProperty: "{s} goes on from thing to thing",
}
FACETS: Final[Mapping[Node, str]] = {
    XSD.minInclusive: "at least", XSD.maxInclusive: "at most", XSD.minExclusive: "above", XSD.maxExclusive: "below",
}  # fmt: skip


def words(statement: TripleTree, among: Sequence[TripleTree]) -> str:
    """Return an axiom in words; of a long list only what the other statements name.

    >>> words(((URIRef("https://w3id.org/jak-kg/vocab#hits"), RDF.type, OWL.FunctionalProperty),), [])
    'a thing has at most one hits'
    """
    graph = Graph()
    for triple in statement:
        graph.add(triple)
    subject, predicate, value = statement[0]
    if (subject, RDF.type, OWL.AllDisjointClasses) in graph:
        other = {node for other in among if other != statement for triple in other for node in triple}
        members = [*Collection(graph, graph.value(subject, OWL.members) or RDF.nil)]
        return f"no thing is two of {_listed(graph, [kind for kind in members if kind in other] or members)}"
    if predicate == RDF.type and value in MARKS:
        return MARKS[value].format(s=_said(graph, subject))
    if predicate == RDF.type:
        return f"as far as accepted claims go, {_said(graph, subject)} has {_said(graph, value)}"
    known = [(known, value) for known in SAYINGS for value in graph.objects(subject, known)]
    if known:
        return SAYINGS[known[0][0]].format(s=_said(graph, subject), o=_said(graph, known[0][1]))
    return f"{_said(graph, subject)} {local(str(predicate))} {_said(graph, value)}"


def _said(graph: Graph, node: Node) -> str:
    """Return a class, property or value in words."""
    if isinstance(node, Literal):
        return f"“{node}”"
    if isinstance(node, URIRef):
        return local(str(node)) if not str(node).startswith(p.LOGIC) else curie(str(node))
    edge = graph.value(node, OWL.onProperty)
    if edge is not None:
        how = {OWL.hasValue: "", OWL.someValuesFrom: "some ", OWL.allValuesFrom: "only "}
        for key, word in how.items():
            if (value := graph.value(node, key)) is not None:
                return f"{_said(graph, edge)} {word}{_said(graph, value)}"
    if (value := graph.value(node, OWL.inverseOf)) is not None:
        return f"the inverse of {_said(graph, value)}"
    if (value := graph.value(node, OWL.complementOf)) is not None:
        return f"not {_said(graph, value)}"
    if (value := graph.value(node, OWL.onDatatype)) is not None:
        facets = [*Collection(graph, graph.value(node, OWL.withRestrictions) or RDF.nil)]
        limits = [
            f"{FACETS[key]} {limit}"
            for facet in facets
            for key, limit in graph.predicate_objects(facet)
            if key in FACETS
        ]
        return f"{_said(graph, value)} {' and '.join(limits)}"
    for key, word in ((OWL.intersectionOf, " and "), (OWL.unionOf, " or "), (OWL.oneOf, " or ")):
        if (value := graph.value(node, key)) is not None:
            return f"({word.join(_said(graph, one) for one in Collection(graph, value))})"
    if graph.value(node, RDF.first) is not None:
        return _listed(graph, [*Collection(graph, node)])
    return "something"


def _listed(graph: Graph, nodes: Iterable[Node]) -> str:
    return ", ".join(_said(graph, node) for node in nodes)


def _fact(triple: p.Triple) -> str:
    subject, predicate, value = triple
    verb = "is a" if predicate == RDF.type else curie(str(predicate))
    end = f"“{value}”" if isinstance(value, Literal) else curie(str(value))
    return f"{curie(str(subject))} {verb} {end}"


# --- kinds of statements ----------------------------------------------------------------------------------------------


def declares(statement: TripleTree) -> bool:
    """Return whether a statement only says that a word is a class or a property.

    >>> declares(((URIRef("http://a.org/A"), RDF.type, OWL.Class),))
    True
    """
    _, predicate, value = statement[0]
    plain = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    return len(statement) == 1 and predicate == RDF.type and value in plain


def _lists(statement: TripleTree) -> bool:
    return any(triple[1:] == (RDF.type, OWL.AllDisjointClasses) for triple in statement)


def _names(statement: TripleTree) -> set[str]:
    """Return the local names of what a statement names, without the words of OWL, as Pellet writes them."""
    nodes = (node for triple in statement for node in triple if isinstance(node, URIRef))
    return {str(node).replace("#", "/").rpartition("/")[2] for node in nodes if not str(node).startswith(p.LOGIC)}


def _order(triple: p.Triple) -> tuple[bool, str]:
    return triple[1] != RDF.type, _fact(triple)


def _last(statement: TripleTree) -> tuple[bool, bool, str]:
    """Return where a statement stands in the order of dropping: types of things are kept longest."""
    typed = statement[0][1] == RDF.type
    return is_fact(statement) and typed, is_fact(statement), str(statement[0])
