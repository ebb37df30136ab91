"""The vocabulary for readers: one HTML page with every term, what it means, whence it is, and how the graph uses it.

A term has its local name as its anchor, so that ``https://w3id.org/jak-kg/vocab#Kinase`` lands on it. The page is one
file without a script that loads nothing; each text of the graph is data and is escaped.
"""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import escape
from typing import Final, NamedTuple, TypeVar

from rdflib import BNode, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS
from rdflib.term import Node

from kg.exports.manchester import axioms, expression
from kg.model.vocabulary import LICENCE, PREFIXES, THING, VOCAB, curie, jak, local
from kg.rdf.builder import DATASET
from kg.rdf.store import PACKAGE
from kg.sparql import library
from kg.sparql.built_graph import BuiltGraph

FOLDER: Final = PACKAGE / "viz" / "page"
EXAMPLES: Final = 3
"""Examples of a term that the page shows."""
LONGEST: Final = 90
"""Characters of a text that an example shows."""
OUT: Final = 'rel="noopener noreferrer"'
TREE: Final = '<ul class="tree">'
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


class Section(NamedTuple):
    """A section of the page: its heading, what is said below it, and its terms."""

    title: str
    about: str
    terms: list[URIRef]


def files(built: BuiltGraph) -> dict[str, bytes]:
    """Return the page and the sign of JAK-KG: path -> content.

    Raises ValueError where a class expression of the definitions is not known.

    >>> from kg.sparql.built_graph import shipped
    >>> made = files(shipped())
    >>> list(made), b'<section class="term" id="Kinase">' in made["index.html"]
    (['index.html', 'logo.svg'], True)
    """
    logo = (FOLDER / "logo.svg").read_text(encoding="utf-8")
    return {"index.html": _Page(built).html(logo).encode(), "logo.svg": logo.encode()}


class _Page:
    """The page of a graph and of the definitions beside it."""

    def __init__(self, built: BuiltGraph) -> None:
        self.graph, self.defined, self.all = built.graph, built.definitions, built.whole
        self.vocabulary = URIRef(VOCAB.rstrip("#"))
        self.terms = {URIRef(str(term)) for term in self.all.subjects(RDF.type) if str(term).startswith(VOCAB)}
        self.classes = self.terms & set(self.all.subjects(RDF.type, OWL.Class))
        found = library.members(built.opened.store)
        self.inferred = {URIRef(VOCAB + name): [URIRef(THING + one) for one in ones] for name, ones in found.items()}
        self.above = {term: self.wider(term) for term in self.classes}

    # --- the whole ---

    def html(self, logo: str) -> str:
        style = (PACKAGE / "document" / "page.css").read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        title, version = self.said(self.vocabulary, DCTERMS.title), self.said(self.vocabulary, OWL.versionInfo)
        sections = self.sections()
        contents = [("about", "About"), ("load", "Load it"), ("tree", "Tree of classes")]
        contents += [(_anchor(section.title), section.title) for section in sections]
        contents += [("axioms", "Axioms on several terms")] if len(self.defined) else []
        contents += [("others", "Words of others"), ("namespaces", "Namespaces")]
        links = "".join(f'<li><a href="#section-{anchor}">{escape(name)}</a></li>' for anchor, name in contents)
        return "".join(
            f"{line}\n"
            for line in (
                "<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">',
                f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                f"<title>{title} {version}</title>", f"<style>{style}</style>", "</head>", "<body>",
                '<a class="skip" href="#main">Skip to the terms</a>', "<header>", logo.strip(),
                f"<h1>{title}, version {version}</h1>",
                '<p class="note"><strong>For research; not medical advice.</strong> No JAK inhibitor is approved for '
                "granuloma annulare. Case reports show no efficacy.</p>",
                f'<nav aria-label="Contents"><ul class="index">{links}</ul></nav>', "</header>", '<main id="main">',
                *self.about(), *self.load(), *self.tree(),
                *(line for section in sections for line in self.section(section)),
                *self.general(), *self.others(), *self.namespaces(), "</main>",
                f"<footer><p>{self.said(DATASET, DCTERMS.bibliographicCitation)} "
                f'<a href="{LICENCE}" rel="license noopener noreferrer">CC BY-SA 4.0</a>.</p></footer>',
                "</body>", "</html>",
            )
        )  # fmt: skip

    def sections(self) -> list[Section]:
        """Return the sections of terms; each term is in one."""
        kinds: dict[str, set[URIRef]] = defaultdict(set)
        for name, kind in (("class", OWL.Class), ("object", OWL.ObjectProperty), ("data", OWL.DatatypeProperty)):
            kinds[name] = self.terms & set(self.all.subjects(RDF.type, kind))
        kinds["role"] = self.terms & set(self.all.subjects(RDF.type, URIRef(jak.Relation)))
        defined = kinds["class"] - set(self.graph.subjects(RDF.type, OWL.Class))
        found = [
            Section("Classes", "What things there are.", self.order(kinds["class"] - defined)),
            Section(
                "Defined classes", "What is one of them is not said but follows, by a reasoner, from what is said.",
                self.order(defined),
            ),
            Section("Relations", "How things stand to each other.", self.order(kinds["object"] - kinds["role"])),
            Section(
                "Roles of claims",
                "What a claim says, whether or not it is accepted: each role has the relation that an accepted claim "
                "draws.",
                self.order(kinds["role"]),
            ),
            Section("Values", "What is said of a thing in words and numbers.", self.order(kinds["data"])),
            Section(
                "Named values", "The closed lists of values.", self.order(self.terms - set().union(*kinds.values()))
            ),
        ]  # fmt: skip
        return [section for section in found if section.terms]

    def order(self, terms: Iterable[Node]) -> list[URIRef]:
        """Return terms by their labels."""
        return sorted((URIRef(str(term)) for term in terms), key=lambda term: (self.label(term).casefold(), term))

    # --- sections ---

    def about(self) -> Iterator[str]:
        yield '<section id="section-about"><h2>About</h2>'
        yield f"<p>The words of JAK-KG: {self.said(self.vocabulary, DCTERMS.description)}</p>"
        yield f"<p>The graph that they were made for: {self.said(DATASET, DCTERMS.description)}</p>"
        rows = (
            ("Vocabulary", f"<code>{self.vocabulary}</code>"),
            ("This version", f"<code>{self.said(self.vocabulary, OWL.versionIRI)}</code>"),
            ("Released", self.said(self.vocabulary, DCTERMS.issued)),
            ("Graph", f"<code>{DATASET}</code>, version {self.said(DATASET, OWL.versionInfo)}, "
                      f"{len(self.graph):,} triples, <code>{self.said(DATASET, URIRef(jak.contentDigest))}</code>"),
            ("Licence", f'<a href="{LICENCE}" rel="license noopener noreferrer">CC BY-SA 4.0</a>'),
            ("Cite the graph", self.said(DATASET, DCTERMS.bibliographicCitation)),
            ("Cite the vocabulary", self.said(self.vocabulary, DCTERMS.bibliographicCitation)),
        )  # fmt: skip
        yield f"<dl>{''.join(f'<dt>{name}</dt><dd>{value}</dd>' for name, value in rows)}</dl></section>"

    def load(self) -> Iterator[str]:
        yield '<section id="section-load"><h2>Load it</h2>'
        yield "<p>The graph is plain RDF 1.1 and loads into any store. In Python, with rdflib:</p>"
        yield f"<pre><code>{escape(LOAD)}</code></pre></section>"

    def tree(self) -> Iterator[str]:
        below: dict[Node, set[URIRef]] = defaultdict(set)
        for term, wider in self.above.items():
            for above in wider or [OWL.Thing]:
                below[above].add(term)

        def branch(terms: Iterable[URIRef], start: str = "<ul>") -> str:
            inner = "".join(f"<li>{self.link(term)}{branch(below[term])}</li>" for term in self.order(terms))
            return f"{start}{inner}</ul>" if inner else ""

        yield '<section id="section-tree"><h2>Tree of classes</h2>'
        yield f"{branch(below[OWL.Thing], TREE)}</section>"

    def wider(self, term: URIRef) -> list[URIRef]:
        """Return the named classes of ours of which a class is a kind, also where its definition says so."""
        found = {above for above in self.all.objects(term, RDFS.subClassOf) if above in self.terms}
        for same in self.all.objects(term, OWL.equivalentClass):
            parts = self.all.value(same, OWL.intersectionOf)
            found |= (
                {part for part in Collection(self.all, parts) if part in self.terms} if parts is not None else set()
            )
        return self.order(found)

    def section(self, section: Section) -> Iterator[str]:
        yield f'<section id="section-{_anchor(section.title)}"><h2>{section.title}</h2><p>{section.about}</p>'
        if section.terms[0] not in self.classes:  # of which there is the tree
            yield f'<ul class="index">{"".join(f"<li>{self.link(term)}</li>" for term in section.terms)}</ul>'
        for term in section.terms:
            yield f'<section class="term" id="{local(term)}"><h3>{self.text(term)} <code>{curie(term)}</code></h3>'
            yield f"<p>{self.said(term, SKOS.definition)}</p>"
            rows = "".join(
                f"<dt>{name}</dt>{''.join(f'<dd>{value}</dd>' for value in values)}"
                for name, values in self.rows(term)
                if values
            )
            yield f"<dl>{rows}</dl></section>"
        yield "</section>"

    def general(self) -> Iterator[str]:
        found = axioms(self.defined, self.name) if len(self.defined) else []
        if found:
            yield '<section id="section-axioms"><h2>Axioms on several terms</h2>'
            yield f"<ul>{''.join(f'<li><code>{axiom}</code></li>' for axiom in found)}</ul></section>"

    def others(self) -> Iterator[str]:
        kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
        declared = {term for kind in kinds for term in self.all.subjects(RDF.type, kind) if isinstance(term, URIRef)}
        yield '<section id="section-others"><h2>Words of others</h2><table>'
        yield "<caption>Classes and properties that others made and that the vocabulary or the graph uses</caption>"
        yield '<thead><tr><th scope="col">Word</th><th scope="col">Label</th><th scope="col">Meaning</th></tr></thead>'
        yield "<tbody>"
        for term in sorted(declared - self.terms, key=curie):
            code = f'<th scope="row"><a href="{escape(term)}" {OUT}><code>{escape(curie(term))}</code></a></th>'
            yield f"<tr>{code}<td>{self.text(term)}</td><td>{self.said(term, SKOS.definition)}</td></tr>"
        yield "</tbody></table></section>"

    def namespaces(self) -> Iterator[str]:
        yield '<section id="section-namespaces"><h2>Namespaces</h2><table>'
        yield "<caption>Prefixes on this page and in the files of the release</caption>"
        yield '<thead><tr><th scope="col">Prefix</th><th scope="col">Namespace</th></tr></thead><tbody>'
        for prefix, namespace in sorted(PREFIXES.items()):
            yield f'<tr><th scope="row"><code>{prefix}:</code></th><td><code>{namespace}</code></td></tr>'
        yield "</tbody></table></section>"

    # --- one term ---

    def rows(self, term: URIRef) -> Iterator[tuple[str, list[str]]]:
        """Yield what is said of a term: the name of the row and its values in HTML."""
        here, of = self.all, self.ours
        yield "One of", self.links(of(self.graph.objects(term, RDF.type)))
        yield "A kind of", self.links([*self.above.get(term, ()), *of(here.objects(term, RDFS.subPropertyOf))])
        yield "Kinds of it", self.listed(self.below(term))
        yield "Defined as", self.expressions(here.objects(term, OWL.equivalentClass))
        yield "Is also", self.expressions(here.objects(term, RDFS.subClassOf))
        yield "Takes in", self.expressions(here.subjects(RDFS.subClassOf, term))
        yield "Split into", sorted(self.members(node, ", ") for node in here.objects(term, OWL.disjointUnionOf))
        for word in (OWL.disjointWith, OWL.propertyDisjointWith):
            yield "Never also", self.links(of([*here.objects(term, word), *here.subjects(word, term)]))
        chains = sorted(self.members(chain, " o ") for chain in here.objects(term, OWL.propertyChainAxiom))
        yield "Follows from", [f"<code>{chain}</code>" for chain in chains]
        yield "Inverse of", self.links(of([*here.objects(term, OWL.inverseOf), *here.subjects(OWL.inverseOf, term)]))
        yield "Character", [text for kind, text in TRAITS.items() if (term, RDF.type, kind) in here]
        yield "Domain", self.ends(term, RDFS.domain)
        yield "Range", self.ends(term, RDFS.range)
        yield "Said of it", self.listed(here.subjects(RDFS.domain, term))
        yield "Points to it", self.listed(here.subjects(RDFS.range, term))
        yield "Draws", self.links(of(self.graph.objects(term, URIRef(jak.directEdge))))
        yield "Drawn by", self.links(of(self.graph.subjects(URIRef(jak.directEdge), term)))
        yield "Written", sorted(f"<code>{escape(str(word))}</code>" for word in here.objects(term, SKOS.notation))
        yield "Note", sorted(escape(str(note)) for note in here.objects(term, SKOS.scopeNote))
        yield "Source", sorted(map(self.source, here.objects(term, DCTERMS.source)))
        mapped = ((text, other) for word, text in MATCHES.items() for other in here.objects(term, word))
        yield "Mappings", sorted(f"{text} {self.source(other)}" for text, other in mapped if _outside(other))
        yield from self.use(term)

    def use(self, term: URIRef) -> Iterator[tuple[str, list[str]]]:
        """Yield how often the graph uses a term, and examples."""
        if term in self.inferred:
            things = self.inferred[term]
            yield (
                "In the graph",
                [f"not said; <code>kg reason</code> finds {_counted(len(things), 'thing') if things else 'none'}"],
            )
            yield "Examples", list(map(self.example, _spread(things)))
        elif (term, None, None) not in self.graph:
            yield "In the graph", ["not said; <code>kg reason</code> derives it"]
        elif term in self.classes:
            things = self.order(self.graph.subjects(RDF.type, term))
            yield "In the graph", [_counted(len(things), "thing")]
            yield "Examples", list(map(self.example, _spread(things)))
        else:
            pairs = {(subject, value, " → ") for subject, value in self.graph.subject_objects(term)}
            pairs |= {(subject, word, ": ") for subject, word in self.uses(term)}
            ordered = sorted(pairs, key=lambda pair: (str(pair[0]), str(pair[1])))
            yield "In the graph", [_counted(len(pairs), "statement")]
            yield "Examples", [f"{self.text(one)}{joint}{self.text(other)}" for one, other, joint in _spread(ordered)]

    def example(self, thing: URIRef) -> str:
        """Return a thing by its label and short name; by its words, where it has no label."""
        code = f"<code>{escape(curie(thing))}</code>"
        if (thing, RDFS.label, None) in self.graph:
            return f"{self.text(thing)} ({code})"
        told = (sorted(map(self.text, self.graph.objects(thing, word))) for word in WORDS)
        words = next(filter(None, told), [])
        return f"{code}{f': “{words[0]}”' if words else ''}"

    def uses(self, value: URIRef) -> Iterator[tuple[Node, Node]]:
        """Yield the things of which the graph says a named value, each with the property."""
        for subject, word in self.graph.subject_predicates(value):
            if word not in (RDFS.domain, RDFS.range, RDFS.subPropertyOf, URIRef(jak.directEdge)):
                yield subject, word

    def below(self, term: URIRef) -> set[URIRef]:
        """Return the classes and properties of which a term is the next wider one."""
        under = {other for other, wider in self.above.items() if term in wider}
        return under.union(self.ours(self.all.subjects(RDFS.subPropertyOf, term)))

    def ends(self, term: URIRef, word: URIRef) -> list[str]:
        """Return what a property is said of, or what it gives: names, then expressions."""
        found = list(self.all.objects(term, word))
        names = (
            self.link(URIRef(str(node))) if node in self.terms else self.name(node)
            for node in found
            if not isinstance(node, BNode)
        )
        return sorted(names) + self.expressions(found)

    def expressions(self, nodes: Iterable[Node]) -> list[str]:
        """Return the class expressions among nodes."""
        written = (expression(self.all, node, self.name, escape) for node in nodes if isinstance(node, BNode))
        return [f"<code>{text}</code>" for text in sorted(written)]

    def members(self, node: Node, joint: str) -> str:
        """Return the members of a list."""
        return joint.join(expression(self.all, part, self.name) for part in Collection(self.all, node))

    def ours(self, nodes: Iterable[Node]) -> list[URIRef]:
        """Return the terms of ours among nodes, by their labels."""
        return self.order(self.terms.intersection(nodes))

    def links(self, terms: Iterable[URIRef]) -> list[str]:
        return [self.link(term) for term in terms]

    def listed(self, terms: Iterable[Node]) -> list[str]:
        """Return one line with links to terms of ours; none where there is no term."""
        found = self.links(self.ours(terms))
        return [", ".join(found)] if found else []

    # --- names and texts ---

    def name(self, node: Node) -> str:
        """Return the short name of a node, a link where it is a term."""
        if isinstance(node, Literal):
            return escape(str(node) if node.datatype else f'"{node}"')
        short = escape(local(str(node)) if str(node).startswith(THING) else curie(str(node)))
        return f'<a href="#{short}">{short}</a>' if node in self.terms else short

    def link(self, term: URIRef) -> str:
        return f'<a href="#{escape(local(term))}">{self.text(term)}</a>'

    def label(self, node: Node) -> str:
        """Return the words by which a node is called: its label, or else its short name."""
        if isinstance(node, Literal):
            words = " ".join(str(node).split())
            return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"
        found = sorted(map(str, self.all.objects(node, RDFS.label)))
        return found[0] if found else curie(str(node))

    def text(self, node: Node) -> str:
        return escape(self.label(node))

    def said(self, node: Node, word: URIRef) -> str:
        return escape(", ".join(sorted(map(str, self.all.objects(node, word)))))

    def source(self, node: Node) -> str:
        """Return where a term is from: the citation of a reference, or a link to a term of others with its label."""
        if str(node).startswith(THING):
            return self.text(node)
        label = f" {self.text(node)}" if (node, RDFS.label, None) in self.all else ""
        return f'<a href="{escape(str(node))}" {OUT}>{escape(curie(str(node)))}</a>{label}'


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}" if number else "not used so far"


def _outside(node: Node) -> bool:
    return isinstance(node, URIRef) and not node.startswith(THING)


def _spread(found: list[T]) -> list[T]:
    """Return a few of a list: the first, the last, and those between at even steps."""
    steps = min(EXAMPLES, len(found))
    return [found[number * (len(found) - 1) // max(1, steps - 1)] for number in range(steps)]
