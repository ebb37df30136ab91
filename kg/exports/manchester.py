"""Class expressions of OWL 2 as text, as the Manchester syntax writes them: ``Inhibitor and (hits value jak1)``."""

from collections.abc import Callable, Iterator

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, XSD
from rdflib.term import Node

RESTRICTIONS = {
    OWL.someValuesFrom: "some", OWL.allValuesFrom: "only", OWL.hasValue: "value", OWL.minCardinality: "min",
    OWL.maxCardinality: "max", OWL.cardinality: "exactly", OWL.minQualifiedCardinality: "min",
    OWL.maxQualifiedCardinality: "max", OWL.qualifiedCardinality: "exactly",
}  # fmt: skip
FACETS = {
    XSD.minInclusive: ">=", XSD.minExclusive: ">", XSD.maxInclusive: "<=", XSD.maxExclusive: "<",
    XSD.length: "length", XSD.minLength: "minLength", XSD.maxLength: "maxLength", XSD.pattern: "pattern",
}  # fmt: skip


Name = Callable[[Node], str]


def expression(graph: Graph, node: Node, name: Name, sign: Callable[[str], str] = str) -> str:
    """Return the expression that a node of a graph stands for.

    ``name`` writes a named thing or a literal, ``sign`` a comparison such as ``<=``, which HTML needs escaped. Parts of
    a union or an intersection that are no names stand in brackets. Raises ValueError where a blank node is no
    expression of OWL 2 that is known here.

    >>> from kg.model.vocabulary import local
    >>> prefixes = "@prefix : <https://w3id.org/jak-kg/vocab#> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."
    >>> some = "[ owl:onProperty :hits ; owl:someValuesFrom :Kinase ]"
    >>> graph = Graph().parse(data=f"{prefixes} :A owl:equivalentClass [ owl:intersectionOf ( :Inhibitor {some} ) ] .")
    >>> expression(graph, next(graph.objects(None, OWL.equivalentClass)), lambda node: local(str(node)))
    'Inhibitor and (hits some Kinase)'
    """
    return _Expression(graph, name, sign).of(node)


class _Expression:
    """The expressions of a graph."""

    def __init__(self, graph: Graph, name: Name, sign: Callable[[str], str] = str) -> None:
        self.graph, self.name, self.sign = graph, name, sign

    def of(self, node: Node) -> str:
        if not isinstance(node, BNode):
            return self.name(node)
        for word, joint in ((OWL.intersectionOf, " and "), (OWL.unionOf, " or ")):
            if members := list(self.members(node, word)):
                return joint.join(map(self.inner, members))
        for word, mark in ((OWL.complementOf, "not "), (OWL.datatypeComplementOf, "not "), (OWL.inverseOf, "inverse ")):
            if (other := self.graph.value(node, word)) is not None:
                return mark + self.inner(other)
        if members := list(self.members(node, OWL.oneOf)):
            return f"{{{', '.join(map(self.of, members))}}}"
        if (kind := self.graph.value(node, OWL.onDatatype)) is not None:
            return f"{self.of(kind)}[{', '.join(self.facets(node))}]"
        if (path := self.graph.value(node, OWL.onProperty)) is not None:
            return f"{self.of(path)} {self.restriction(node)}"
        raise ValueError(f"{node} is not a class expression that is known here")

    def inner(self, node: Node) -> str:
        """Return an expression in brackets, where it needs them."""
        text = self.of(node)
        enumerated = isinstance(node, BNode) and (node, OWL.oneOf, None) in self.graph
        return f"({text})" if isinstance(node, BNode) and not enumerated else text

    def members(self, node: Node, word: URIRef) -> Iterator[Node]:
        """Yield the members of the list that a node has by a property."""
        head = self.graph.value(node, word)
        return iter(Collection(self.graph, head)) if head is not None else iter(())

    def facets(self, node: Node) -> Iterator[str]:
        for facet in self.members(node, OWL.withRestrictions):
            for word, value in self.graph.predicate_objects(facet):
                yield f"{self.sign(FACETS[URIRef(str(word))])} {self.of(value)}"

    def restriction(self, node: Node) -> str:
        for restricts, text in RESTRICTIONS.items():
            value = self.graph.value(node, restricts)
            if value is not None:
                filler = self.graph.value(node, OWL.onClass) or self.graph.value(node, OWL.onDataRange)
                counted = text in ("min", "max", "exactly") and isinstance(value, Literal)
                shown = str(value) if counted else self.inner(value)
                return f"{text} {shown}{f' {self.inner(filler)}' if filler else ''}"
        if (node, OWL.hasSelf, None) in self.graph:
            return "Self"
        raise ValueError(f"{node} restricts a property in a way that is not known here")


def axioms(graph: Graph, name: Name) -> list[str]:
    """Return the axioms of a graph that are of no named class: between expressions, and on several classes at once.

    >>> owl = "@prefix owl: <http://www.w3.org/2002/07/owl#> ."
    >>> graph = Graph().parse(data=f"{owl} [ a owl:AllDisjointClasses ; owl:members ( <a:b> <a:c> ) ] .")
    >>> axioms(graph, str)
    ['DisjointClasses: a:b, a:c']
    """
    write, found = _Expression(graph, name), set()
    for kind in (OWL.AllDisjointClasses, OWL.AllDisjointProperties):
        for node in graph.subjects(RDF.type, kind):
            members = ", ".join(map(write.of, write.members(node, OWL.members)))
            found.add(f"{str(kind).partition('#All')[2]}: {members}")
    for word, text in ((RDFS.subClassOf, "SubClassOf"), (OWL.disjointWith, "DisjointWith")):
        for node, other in graph.subject_objects(word):
            if isinstance(node, BNode) and isinstance(other, BNode):
                found.add(f"{write.inner(node)} {text} {write.inner(other)}")
    return sorted(found)
