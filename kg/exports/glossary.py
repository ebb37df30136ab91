"""The vocabulary for readers: one HTML page with every term, what it means, whence it is, and how the graph uses it.

A term has its local name as its anchor, so that ``https://w3id.org/jak-kg/vocab#Kinase`` lands on it. The page is one
file without a script that loads nothing; each text of the graph is data and is escaped.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from markupsafe import Markup, escape
from rdflib import BNode, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS
from rdflib.term import Node

from kg.document import html
from kg.exports.manchester import axioms, expression
from kg.model.vocabulary import LICENCE, PREFIXES, THING, VOCAB, curie, jak, local
from kg.rdf.description import DATASET
from kg.rdf.store import PACKAGE
from kg.sparql import library
from kg.sparql.built_graph import BuiltGraph

LOGO: Final = PACKAGE / "viz" / "page" / "logo.svg"
EXAMPLES: Final = 3
"""Examples of a term that the page shows."""
LONGEST_TEXT: Final = 90
"""Characters of a text that an example shows."""
CODE: Final = Markup("<code>{}</code>")
LINK: Final = Markup('<a href="#{}">{}</a>')
OUT: Final = Markup('<a href="{}" rel="noopener noreferrer">{}</a>')
LICENSED: Final = Markup('<a href="{}" rel="license noopener noreferrer">CC BY-SA 4.0</a>').format(LICENCE)
WORDS: Final = tuple(URIRef(word) for word in (jak.quote, jak.says, jak.reason, jak.asReported, jak.note))
"""What an example without a label is shown by, the first that it has."""
T = TypeVar("T")
MATCHES: Final = {
    SKOS.exactMatch: "the same as", SKOS.closeMatch: "close to", SKOS.broadMatch: "narrower than",
    SKOS.narrowMatch: "broader than", SKOS.relatedMatch: "related to", OWL.equivalentClass: "the same as",
    OWL.equivalentProperty: "the same as", RDFS.subClassOf: "a kind of", RDFS.subPropertyOf: "a kind of",
}  # fmt: skip
TRAITS: Final = {
    OWL.FunctionalProperty: "at most one value", OWL.InverseFunctionalProperty: "a value is of one thing",
    OWL.TransitiveProperty: "transitive", OWL.SymmetricProperty: "symmetric", OWL.AsymmetricProperty: "asymmetric",
    OWL.IrreflexiveProperty: "of nothing to itself", OWL.ReflexiveProperty: "of each thing to itself",
}  # fmt: skip
LOAD: Final = """\
from rdflib import Graph
graph = Graph().parse("jak-kg.ttl")
for row in graph.query('''
    PREFIX jak: <https://w3id.org/jak-kg/vocab#>
    PREFIX kg: <https://w3id.org/jak-kg/>
    SELECT ?cytokine ?receptor WHERE {
      ?cytokine jak:bindsReceptor ?receptor .
      ?receptor jak:needsKinase kg:jak3 .
    } ORDER BY ?cytokine ?receptor'''):
    print(*row)"""


Branch = tuple[Markup, "list[Branch]"]
"""A term, and what is below it."""


@dataclass(frozen=True, slots=True)
class TermGroup:
    """A section of the page: its heading, what is said below it, and its terms.

    >>> TermGroup("Named values", "The closed lists of values.", []).anchor
    'named-values'
    """

    title: str
    about: str
    terms: list[URIRef]

    @property
    def anchor(self) -> str:
        """The name of the section in a link."""
        return self.title.lower().replace(" ", "-")


def files(built: BuiltGraph) -> dict[str, bytes]:
    """Return the page and the sign of JAK-KG: path -> content.

    Raises ValueError where a class expression of the definitions is not known.

    >>> from kg.sparql.built_graph import shipped
    >>> made = files(shipped())
    >>> list(made), b'<section class="term" id="Kinase">' in made["index.html"]
    (['index.html', 'logo.svg'], True)
    """
    logo = LOGO.read_text(encoding="utf-8")
    page = html.render("glossary.html", logo=Markup(logo.strip()), **_Page(built).values())  # noqa: S704 - ours
    return {"index.html": page.encode(), "logo.svg": logo.encode()}


class _Page:
    """What stands on the page of a graph with its definitions; each text is a value of the template, or Markup."""

    def __init__(self, built: BuiltGraph) -> None:
        self.graph, self.defined, self.all = built.graph, built.definitions, built.whole
        self.vocabulary = URIRef(VOCAB.rstrip("#"))
        self.terms = {URIRef(str(term)) for term in self.all.subjects(RDF.type) if str(term).startswith(VOCAB)}
        self.classes = self.terms & set(self.all.subjects(RDF.type, OWL.Class))
        found = library.members(built.opened.store)
        self.inferred = {URIRef(VOCAB + name): [URIRef(THING + one) for one in ones] for name, ones in found.items()}
        self.above = {term: self.wider(term) for term in self.classes}

    def values(self) -> dict[str, Any]:
        """Return the values of the template."""
        name, version = self.said(self.vocabulary, DCTERMS.title), self.said(self.vocabulary, OWL.versionInfo)
        sections = self.sections()
        shared = axioms(self.defined, self.name) if len(self.defined) else []
        contents = [("about", "About"), ("load", "Load it"), ("tree", "Tree of classes")]
        contents += [(section.anchor, section.title) for section in sections]
        contents += [("axioms", "Axioms on several terms")] if shared else []
        contents += [("external", "External terms"), ("namespaces", "Namespaces")]
        return {
            "title": f"{name} {version}", "name": name, "version": version, "contents": contents,
            "about": (
                f"The words of JAK-KG: {self.said(self.vocabulary, DCTERMS.description)}",
                f"The graph that they were made for: {self.said(DATASET, DCTERMS.description)}",
            ),
            "facts": self.facts(), "load": LOAD, "tree": self.tree(), "sections": list(map(self.section, sections)),
            "axioms": list(map(_code, shared)), "external": list(self.external()),
            "namespaces": sorted(PREFIXES.items()), "licence": LICENSED,
            "citation": self.said(DATASET, DCTERMS.bibliographicCitation),
        }  # fmt: skip

    def sections(self) -> list[TermGroup]:
        """Return the sections of terms; each term is in one."""
        kinds: dict[str, set[URIRef]] = defaultdict(set)
        for name, kind in (("class", OWL.Class), ("object", OWL.ObjectProperty), ("data", OWL.DatatypeProperty)):
            kinds[name] = self.terms & set(self.all.subjects(RDF.type, kind))
        kinds["role"] = self.terms & set(self.all.subjects(RDF.type, URIRef(jak.Relation)))
        defined = kinds["class"] - set(self.graph.subjects(RDF.type, OWL.Class))
        found = [
            TermGroup("Classes", "What things there are.", self.order(kinds["class"] - defined)),
            TermGroup(
                "Defined classes", "What is one of them is not said but follows, by a reasoner, from what is said.",
                self.order(defined),
            ),
            TermGroup("Relations", "How things stand to each other.", self.order(kinds["object"] - kinds["role"])),
            TermGroup(
                "Roles of claims",
                "What a claim says, whether or not it is accepted: each role has the relation that an accepted claim "
                "draws.",
                self.order(kinds["role"]),
            ),
            TermGroup("Values", "What is said of a thing in words and numbers.", self.order(kinds["data"])),
            TermGroup(
                "Named values", "The closed lists of values.", self.order(self.terms - set().union(*kinds.values()))
            ),
        ]  # fmt: skip
        return [section for section in found if section.terms]

    def order(self, terms: Iterable[Node]) -> list[URIRef]:
        """Return terms by their labels."""
        return sorted((URIRef(str(term)) for term in terms), key=lambda term: (self.label(term).casefold(), term))

    # --- sections ---

    def facts(self) -> list[tuple[str, list[str]]]:
        """Return the names, versions and licence of vocabulary and graph."""
        digest = CODE.format(self.said(DATASET, URIRef(jak.contentDigest)))
        counted = Markup(", version {}, {:,} triples, ").format(self.said(DATASET, OWL.versionInfo), len(self.graph))
        rows = (
            ("Vocabulary", CODE.format(self.vocabulary)),
            ("This version", CODE.format(self.said(self.vocabulary, OWL.versionIRI))),
            ("Released", self.said(self.vocabulary, DCTERMS.issued)),
            ("Graph", CODE.format(DATASET) + counted + digest),
            ("Licence", LICENSED),
            ("Cite the graph", self.said(DATASET, DCTERMS.bibliographicCitation)),
            ("Cite the vocabulary", self.said(self.vocabulary, DCTERMS.bibliographicCitation)),
        )
        return [(name, [value]) for name, value in rows]

    def tree(self) -> list[Branch]:
        """Return the classes that nothing of ours is above, each with what is below it."""
        below: dict[Node, set[URIRef]] = defaultdict(set)
        for term, wider in self.above.items():
            for above in wider or [OWL.Thing]:
                below[above].add(term)

        def branches(node: Node) -> list[Branch]:
            return [(self.link(term), branches(term)) for term in self.order(below[node])]

        return branches(OWL.Thing)

    def wider(self, term: URIRef) -> list[URIRef]:
        """Return the named classes of ours of which a class is a kind, also where its definition says so."""
        found = {above for above in self.all.objects(term, RDFS.subClassOf) if above in self.terms}
        for same in self.all.objects(term, OWL.equivalentClass):
            parts = self.all.value(same, OWL.intersectionOf)
            members = Collection(self.all, parts) if parts is not None else ()
            found |= {part for part in members if part in self.terms}
        return self.order(found)

    def section(self, section: TermGroup) -> dict[str, Any]:
        """Return a section for the template: classes have no index, since there is their tree."""
        return {
            "title": section.title, "anchor": section.anchor, "about": section.about,
            "index": [] if section.terms[0] in self.classes else self.links(section.terms),
            "terms": [
                {
                    "name": local(term), "label": self.label(term), "curie": curie(term),
                    "definition": self.said(term, SKOS.definition), "rows": list(self.rows(term)),
                }
                for term in section.terms
            ],
        }  # fmt: skip

    def external(self) -> Iterator[tuple[Markup, str, str]]:
        """Yield the classes and properties of others: a link, the label and the definition of each."""
        kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
        declared = {term for kind in kinds for term in self.all.subjects(RDF.type, kind) if isinstance(term, URIRef)}
        for term in sorted(declared - self.terms, key=curie):
            yield OUT.format(term, CODE.format(curie(term))), self.label(term), self.said(term, SKOS.definition)

    # --- one term ---

    def rows(self, term: URIRef) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield what is said of a term: the name of the row and its values."""
        here, of = self.all, self.ours
        yield "One of", self.links(of(self.graph.objects(term, RDF.type)))
        yield "A kind of", self.links([*self.above.get(term, ()), *of(here.objects(term, RDFS.subPropertyOf))])
        yield "Kinds of it", self.listed(self.below(term))
        yield "Defined as", self.expressions(here.objects(term, OWL.equivalentClass))
        yield "Is also", self.expressions(here.objects(term, RDFS.subClassOf))
        yield "Includes", self.expressions(here.subjects(RDFS.subClassOf, term))
        yield "Split into", sorted(self.members(node, ", ") for node in here.objects(term, OWL.disjointUnionOf))
        for word in (OWL.disjointWith, OWL.propertyDisjointWith):
            yield "Never also", self.links(of([*here.objects(term, word), *here.subjects(word, term)]))
        chains = sorted(self.members(chain, " o ") for chain in here.objects(term, OWL.propertyChainAxiom))
        yield "Follows from", list(map(_code, chains))
        yield "Inverse of", self.links(of([*here.objects(term, OWL.inverseOf), *here.subjects(OWL.inverseOf, term)]))
        yield "Character", [text for kind, text in TRAITS.items() if (term, RDF.type, kind) in here]
        yield "Domain", self.ends(term, RDFS.domain)
        yield "Range", self.ends(term, RDFS.range)
        yield "Domain of", self.listed(here.subjects(RDFS.domain, term))
        yield "Range of", self.listed(here.subjects(RDFS.range, term))
        yield "Draws", self.links(of(self.graph.objects(term, URIRef(jak.directEdge))))
        yield "Drawn by", self.links(of(self.graph.subjects(URIRef(jak.directEdge), term)))
        yield "Written", sorted(CODE.format(str(word)) for word in here.objects(term, SKOS.notation))
        yield "Note", sorted(str(note) for note in here.objects(term, SKOS.scopeNote))
        yield "Source", sorted(map(self.source, here.objects(term, DCTERMS.source)))
        mapped = ((text, other) for word, text in MATCHES.items() for other in here.objects(term, word))
        yield "Mappings", sorted(escape(f"{text} ") + self.source(other) for text, other in mapped if _outside(other))
        yield from self.use(term)

    def use(self, term: URIRef) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield how often the graph uses a term, and examples."""
        if term in self.inferred:
            things = self.inferred[term]
            found = _counted(len(things), "thing") if things else "none"
            yield "In the graph", [Markup("not said; <code>kg reason</code> finds {}").format(found)]
            yield "Examples", list(map(self.example, _spread(things)))
        elif (term, None, None) not in self.graph:
            yield "In the graph", [Markup("not said; <code>kg reason</code> derives it")]
        elif term in self.classes:
            things = self.order(self.graph.subjects(RDF.type, term))
            yield "In the graph", [_counted(len(things), "thing")]
            yield "Examples", list(map(self.example, _spread(things)))
        else:
            pairs = {(subject, value, " → ") for subject, value in self.graph.subject_objects(term)}
            pairs |= {(subject, word, ": ") for subject, word in self.uses(term)}
            ordered = sorted(pairs, key=lambda pair: (str(pair[0]), str(pair[1])))
            yield "In the graph", [_counted(len(pairs), "statement")]
            yield "Examples", [f"{self.label(one)}{joint}{self.label(other)}" for one, other, joint in _spread(ordered)]

    def example(self, thing: URIRef) -> Markup:
        """Return a thing by its label and short name; by its words, where it has no label."""
        code = CODE.format(curie(thing))
        if (thing, RDFS.label, None) in self.graph:
            return Markup("{} ({})").format(self.label(thing), code)
        told = (sorted(map(self.label, self.graph.objects(thing, word))) for word in WORDS)
        words = next(filter(None, told), [])
        return Markup("{}: “{}”").format(code, words[0]) if words else code

    def uses(self, value: URIRef) -> Iterator[tuple[Node, Node]]:
        """Yield the things of which the graph says a named value, each with the property."""
        for subject, word in self.graph.subject_predicates(value):
            if word not in (RDFS.domain, RDFS.range, RDFS.subPropertyOf, URIRef(jak.directEdge)):
                yield subject, word

    def below(self, term: URIRef) -> set[URIRef]:
        """Return the classes and properties of which a term is the next wider one."""
        under = {other for other, wider in self.above.items() if term in wider}
        return under.union(self.ours(self.all.subjects(RDFS.subPropertyOf, term)))

    def ends(self, term: URIRef, word: URIRef) -> list[Markup]:
        """Return what a property is said of, or what it gives: names, then expressions."""
        found = list(self.all.objects(term, word))
        names = (
            self.link(URIRef(str(node))) if node in self.terms else self.name(node)
            for node in found
            if not isinstance(node, BNode)
        )
        return [*sorted(names), *self.expressions(found)]

    def expressions(self, nodes: Iterable[Node]) -> list[Markup]:
        """Return the class expressions among nodes."""
        written = (expression(self.all, node, self.name, escape) for node in nodes if isinstance(node, BNode))
        return list(map(_code, sorted(written)))

    def members(self, node: Node, joint: str) -> Markup:
        """Return the members of a list."""
        return Markup(joint).join(Markup(expression(self.all, part, self.name)) for part in Collection(self.all, node))  # noqa: S704 - of escaped names

    def ours(self, nodes: Iterable[Node]) -> list[URIRef]:
        """Return the terms of ours among nodes, by their labels."""
        return self.order(self.terms.intersection(nodes))

    def links(self, terms: Iterable[URIRef]) -> list[Markup]:
        return [self.link(term) for term in terms]

    def listed(self, terms: Iterable[Node]) -> list[Markup]:
        """Return one line with links to terms of ours; none where there is no term."""
        found = self.links(self.ours(terms))
        return [Markup(", ").join(found)] if found else []

    # --- names and texts ---

    def name(self, node: Node) -> Markup:
        """Return the short name of a node, a link where it is a term."""
        if isinstance(node, Literal):
            return escape(str(node) if node.datatype else f'"{node}"')
        short = escape(local(str(node)) if str(node).startswith(THING) else curie(str(node)))
        return LINK.format(short, short) if node in self.terms else short

    def link(self, term: URIRef) -> Markup:
        return LINK.format(local(term), self.label(term))

    def label(self, node: Node) -> str:
        """Return the words by which a node is called: its label, or else its short name."""
        if isinstance(node, Literal):
            words = " ".join(str(node).split())
            return words if len(words) <= LONGEST_TEXT else f"{words[: LONGEST_TEXT - 1].rstrip()}…"
        found = sorted(map(str, self.all.objects(node, RDFS.label)))
        return found[0] if found else curie(str(node))

    def said(self, node: Node, word: URIRef) -> str:
        return ", ".join(sorted(map(str, self.all.objects(node, word))))

    def source(self, node: Node) -> Markup:
        """Return where a term is from: the citation of a reference, or a link to a term of others with its label."""
        if str(node).startswith(THING):
            return escape(self.label(node))
        label = f" {self.label(node)}" if (node, RDFS.label, None) in self.all else ""
        return OUT.format(node, curie(str(node))) + label


def _code(written: str) -> Markup:
    """Return an expression, whose names are escaped, as code."""
    return CODE.format(Markup(written))  # noqa: S704


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}" if number else "not used so far"


def _outside(node: Node) -> bool:
    return isinstance(node, URIRef) and not node.startswith(THING)


def _spread(found: list[T]) -> list[T]:
    """Return a few of a list: the first, the last, and those between at even steps."""
    steps = min(EXAMPLES, len(found))
    return [found[number * (len(found) - 1) // max(1, steps - 1)] for number in range(steps)]
