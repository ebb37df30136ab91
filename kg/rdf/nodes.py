"""Nodes of the graph: one way to add a thing with its properties, and to remember the line that it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS, XSD

from kg.facts import reports as r
from kg.facts import tables as t
from kg.facts.cells import UNSAID, Record
from kg.facts.dataset import Facts
from kg.facts.quantities import Quantity
from kg.model.errors import Place
from kg.model.vocabulary import PREFIXES, UNITS, jak, local, thing


@dataclass
class Nodes:
    """A graph under construction.

    Names of classes and properties are terms of the vocabulary (AttributeError otherwise); a record that is given with
    a node is one of the facts (KeyError otherwise).

    >>> from kg.facts import dataset
    >>> from kg.rdf.store import folder
    >>> read = dataset.read(folder("ontology") / "facts")
    >>> nodes = Nodes(read)
    >>> iri = nodes.node(thing("jak1"), "Kinase", read.kinases[0], symbol="JAK1", note=None)
    >>> nodes.named(iri, "JAK1", aliases=["Janus kinase 1"])
    >>> sorted(str(value) for value in nodes.graph.objects(iri))
    ['JAK1', 'JAK1', 'Janus kinase 1', 'https://w3id.org/jak-kg/vocab#Kinase']
    >>> nodes.places[str(iri)].file.name
    'kinases.tsv'
    """

    facts: Facts
    graph: Graph = field(default_factory=Graph)
    places: dict[str, Place] = field(default_factory=dict)
    clashes: dict[str, tuple[Place, Place]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for prefix, namespace in PREFIXES.items():
            self.graph.bind(prefix, namespace, replace=True)

    def node(self, iri: str, kind: str | None = None, record: Record | None = None, **values: Any) -> URIRef:
        """Add a thing of a class with its properties, named as in the vocabulary; None and () add nothing."""
        subject = URIRef(iri)
        if kind:
            self.graph.add((subject, RDF.type, URIRef(getattr(jak, kind))))
        if record is not None:
            place = self.facts.place(record)
            if self.places.setdefault(str(iri), place) != place:
                self.clashes.setdefault(str(iri), (place, self.places[str(iri)]))
        for name, value in values.items():
            self.add(subject, URIRef(getattr(jak, name)), value)
        return subject

    def add(self, subject: URIRef, predicate: URIRef, value: Any) -> None:
        """Add a value, or each of several; a decimal keeps its digits."""
        if value is None:
            return
        if isinstance(value, tuple | list):
            for item in value:
                self.add(subject, predicate, item)
        elif isinstance(value, URIRef | Literal):
            self.graph.add((subject, predicate, value))
        elif isinstance(value, Decimal):
            self.graph.add((subject, predicate, Literal(value, datatype=XSD.decimal)))
        else:
            self.graph.add((subject, predicate, Literal(value)))

    def named(self, subject: URIRef, label: str, aliases: Iterable[str] = (), xrefs: Iterable[str] = ()) -> None:
        """Add the label, the other names and the cross references of a thing."""
        self.graph.add((subject, RDFS.label, Literal(label, lang="en")))
        for alias in aliases:
            self.graph.add((subject, SKOS.altLabel, Literal(alias)))
        for xref in xrefs:
            self.graph.add((subject, URIRef(jak.xref), Literal(xref)))

    def called(self, *names: str) -> str:
        """Return the labels of things, named as in the facts, with commas between; a name without a thing stays."""
        return ", ".join(str(self.graph.value(URIRef(thing(name)), RDFS.label) or name) for name in names)

    def quantity(self, owner: str, name: str, value: Quantity | str) -> URIRef | None:
        """Add a quantity of a thing and return it; None where the report gives none."""
        if isinstance(value, str):
            return None
        iri = self.node(
            f"{owner}-{name}", "Quantity", low=value.low, high=value.high, asReported=value.text,
            unit=URIRef(UNITS[value.unit]),
        )  # fmt: skip
        self.named(iri, f"{value.text}, {name} of {local(owner)}")
        return iri

    def unsaid(self, subject: URIRef, item: str, value: object) -> None:
        """Say that a report denies an item, leaves it out, or declares it not applicable; nothing for a value."""
        if isinstance(value, str) and value in UNSAID:
            name = {"none": "reportedNone", "not reported": "notReported", "not applicable": "notApplicable"}[value]
            self.add(subject, URIRef(getattr(jak, name)), URIRef(getattr(jak, f"Item{item}")))

    def said(self, iri: URIRef, quote: str | None, locator: str, report: r.Report) -> None:
        """Add the words of a report behind a node, where they stand, and where they were read."""
        self.node(
            str(iri), quote=Literal(quote, lang="en") if quote else None, locator=locator,
            obtainedFrom=ref(report.obtained_from),
        )  # fmt: skip
        self.graph.add((iri, DCTERMS.source, ref(report.reference)))


def ref(name: str) -> URIRef:
    """Return the IRI of a reference.

    >>> str(ref("khurana-2025"))
    'https://w3id.org/jak-kg/ref-khurana-2025'
    """
    return URIRef(thing("ref", name))


def things(names: Iterable[str]) -> list[URIRef]:
    """Return the IRIs of things.

    >>> [str(iri) for iri in things(["jak1", "jak3"])]
    ['https://w3id.org/jak-kg/jak1', 'https://w3id.org/jak-kg/jak3']
    """
    return [URIRef(thing(name)) for name in names]


def eco(method: str) -> URIRef:
    """Return the IRI of an ECO term from its CURIE.

    >>> str(eco("ECO:0000180"))
    'http://purl.obolibrary.org/obo/ECO_0000180'
    """
    return URIRef(PREFIXES["obo"] + method.replace(":", "_"))


def verified(word: str) -> URIRef:
    """Return the verification individual that a status cell names.

    >>> str(verified("verified")), str(verified("unverified"))
    ('https://w3id.org/jak-kg/vocab#Verified', 'https://w3id.org/jak-kg/vocab#Unverified')
    """
    return URIRef(jak.Verified if word == "verified" else jak.Unverified)


def camel(word: str) -> str:
    """Return a notation as the local name of its individual.

    >>> camel("no-response")
    'NoResponse'
    """
    return "".join(part.title() for part in word.split("-"))


def reference_curie(row: t.Reference) -> str:
    """Return the CURIE that a reference is cited by: PubMed, else DOI, else our own.

    >>> row = t.Reference(id="smith-2026", kind="article", citation="Smith 2026")
    >>> reference_curie(row), reference_curie(row.model_copy(update={"pmid": "31318208"}))
    ('kg:ref-smith-2026', 'PMID:31318208')
    """
    return f"PMID:{row.pmid}" if row.pmid else f"DOI:{row.doi}" if row.doi else f"kg:ref-{row.id}"


def reference_pages(row: t.Reference) -> list[URIRef]:
    """Return the pages of a reference: by its DOI, at PubMed and at PubMed Central, as far as it has them.

    >>> row = t.Reference(id="smith-2026", kind="article", citation="Smith 2026", doi="10.1000/a<1>", pmid="31318208")
    >>> [str(page) for page in reference_pages(row)]
    ['https://doi.org/10.1000/a%3C1%3E', 'https://pubmed.ncbi.nlm.nih.gov/31318208']
    """
    pages = {
        "https://doi.org/": row.doi, "https://pubmed.ncbi.nlm.nih.gov/": row.pmid,
        "https://www.ncbi.nlm.nih.gov/pmc/articles/": row.pmcid,
    }  # fmt: skip
    return [URIRef(page + quote(name, safe="/:;()")) for page, name in pages.items() if name]


def camel_case(words: str) -> str:
    """Return words as the local name of a property.

    >>> camel_case("shares cohort with")
    'sharesCohortWith'
    """
    first, *others = words.split()
    return first + "".join(word.title() for word in others)
