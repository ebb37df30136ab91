"""The fifteen criteria of FOOPS! for an ontology in a file (its benchmark PRE), held on the released Turtle.

FOOPS! (https://w3id.org/foops/) asks what a FAIR ontology says of itself; each criterion stands at
``https://w3id.org/foops/test/ID``. The rules are theirs, in our own words; the code is ours. FOOPS! itself at its
commit of April 2026, built on OWLAPI 5.1, said the same of the vocabulary and of the released graph once: all met but
OM4.2, for which it must reach the licence, and the DOI in OM3.

One part of one criterion is open: OM3 also asks for a DOI, and none is registered. We invent none; see ``OPEN``.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from pyoxigraph import RdfFormat, Store
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DC, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SDO, SKOS, VANN, Namespace

from kg.model.vocabulary import VERSION, VOCAB

BIBO, CC, PAV = (
    Namespace(iri)
    for iri in ("http://purl.org/ontology/bibo/", "http://creativecommons.org/ns#", "http://purl.org/pav/")
)
MOD = Namespace("https://w3id.org/mod#")

METADATA = {
    "title": {DC.title, DCTERMS.title, SDO.name},
    "description": {DC.description, DCTERMS.description, DCTERMS.abstract, RDFS.comment, SDO.description, SKOS.note},
    "licence": {DCTERMS.license, SDO.license, CC.license},
    "version IRI": {OWL.versionIRI},
    "author": {
        DC.creator,
        DCTERMS.creator,
        SDO.creator,
        PAV.createdBy,
        PAV.authoredBy,
        FOAF.maker,
        PROV.wasAttributedTo,
    },
    "namespace": {VANN.preferredNamespaceUri},
    "prefix": {VANN.preferredNamespacePrefix},
    "version": {OWL.versionInfo, SDO.schemaVersion},
    "creation date": {DCTERMS.created, SDO.dateCreated, PAV.createdOn, PROV.generatedAtTime},
    "citation": {DCTERMS.bibliographicCitation},
    "DOI": {BIBO.doi},
    "publisher": {DC.publisher, DCTERMS.publisher, SDO.publisher},
    "logo": {FOAF.logo, SDO.logo},
    "status": {BIBO.status, MOD.status},
    "source": {DC.source, DCTERMS.source},
    "issue date": {DCTERMS.issued, SDO.datePublished},
}
"""What an ontology may say of itself -> the properties by which FOOPS! takes it as said."""

SAID = {
    "OM1": ["title", "description", "licence", "version IRI", "author", "namespace"],
    "OM2": ["prefix", "version", "creation date", "citation"],
    "OM3": ["DOI", "publisher", "logo", "status", "source", "issue date"],
    "OM4.1": ["licence"],
    "OM5.1": ["creation date", "author"],
    "OM5.2": ["issue date", "publisher"],
    "FIND1": ["prefix"],
}
"""Criterion -> what the ontology must say of itself: minimum, recommended, detailed metadata, licence, provenance."""

PERSISTENT = ("w3id.org", "doi.org", "purl.org", "www.w3.org", "data.europa.eu", "perma.cc", "dbpedia.org")
LICENCES = ("https://creativecommons.org/licenses/", "https://creativecommons.org/publicdomain/")
"""Where an address of a licence is known to answer; no test reaches the network."""
REUSED = (DC, DCTERMS, SDO, VANN, PROV, BIBO, PAV, FOAF, RDFS, OWL, MOD)
OPEN = {"OM3: DOI"}
"""What is not met: a DOI comes with a deposit of a release. Then it goes into the vocabulary and CITATION.cff."""


def lacks(turtle: bytes) -> set[str]:
    """What an ontology in Turtle lacks, each as ``CRITERION: what``."""
    try:
        Store().load(turtle, RdfFormat.TURTLE)
        graph = Graph().parse(data=turtle, format="turtle")
    except (SyntaxError, ValueError):
        return {"RDF1: it is not valid RDF"}
    (ontology,) = graph.subjects(RDF.type, OWL.Ontology)
    assert isinstance(ontology, URIRef)
    return {
        f"{criterion}: {name}"
        for criterion, names in SAID.items()
        for name in names
        if not any((ontology, word, None) in graph for word in METADATA[name])
    } | set(beyond(graph, ontology))


def beyond(graph: Graph, ontology: URIRef) -> Iterator[str]:
    """What is lacking beside metadata that must be there: addresses, words of others, and the words on each term."""
    if not any(host in ontology for host in PERSISTENT):
        yield "PURL1: the ontology has no persistent address"
    if not any(str(iri).startswith(LICENCES) for iri in graph.objects(ontology, DCTERMS.license)):
        yield "OM4.2: the licence is at no address that is known to answer"
    if ontology in (versions := set(graph.objects(ontology, OWL.versionIRI))) or not versions:
        yield "VER1: the version has no IRI of its own"
    if not any(str(word).startswith(tuple(map(str, REUSED))) for word in graph.predicates(ontology)):
        yield "VOC1: no words of others say what the ontology is"
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    declared = {str(term) for kind in kinds for term in graph.subjects(RDF.type, kind) if isinstance(term, URIRef)}
    ours = {term for term in declared if term.startswith(str(ontology))}
    if not declared - ours and (ontology, OWL.imports, None) not in graph:
        yield "VOC2: no class or property of others is used"
    for term in map(URIRef, sorted(ours)):
        if not any(
            isinstance(word, Literal) for label in (RDFS.label, SKOS.prefLabel) for word in graph.objects(term, label)
        ):
            yield f"VOC3: {term} has no label"
        if not any(
            isinstance(word, Literal) for told in (RDFS.comment, SKOS.definition) for word in graph.objects(term, told)
        ):
            yield f"VOC4: {term} has no definition"
    if not ours:
        yield "VOC3: there is no term"


@pytest.fixture(scope="module")
def released(built: Graph) -> bytes:
    """The graph as it is released in Turtle."""
    return built.serialize(format="turtle", encoding="utf-8")


@pytest.mark.conformance
def test_the_released_graph_meets_what_can_be_met(released: bytes) -> None:
    assert lacks(released) == OPEN


def test_the_vocabulary_alone_does_so_too(ontology: Path) -> None:
    assert lacks((ontology / "jak-kg.ttl").read_bytes()) == OPEN


def test_no_doi_is_known_that_the_vocabulary_could_name() -> None:
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert not {"doi", "identifiers"} & cff.keys(), "there is a DOI: say it by bibo:doi in jak-kg.ttl, and empty OPEN"


ONTOLOGY = URIRef(VOCAB.rstrip("#"))
Change = Callable[[Graph], object]


def without(*words: URIRef) -> Change:
    def change(graph: Graph) -> None:
        for word in words:
            assert (ONTOLOGY, word, None) in graph, f"{word} was not there"
            graph.remove((ONTOLOGY, word, None))

    return change


def alone(graph: Graph) -> None:
    """Take away every class and property that is not ours."""
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in [*graph.subjects(RDF.type, kind)]:
            if not str(term).startswith(VOCAB):
                graph.remove((term, RDF.type, kind))


def moved(graph: Graph) -> None:
    """Give the ontology another address."""
    for _, word, value in [*graph.triples((ONTOLOGY, None, None))]:
        graph.remove((ONTOLOGY, word, value))
        graph.add((URIRef("https://example.org/vocab"), word, value))


def silent(graph: Graph) -> None:
    """Say of the ontology nothing but that it is one."""
    graph.remove((ONTOLOGY, None, None))
    graph.add((ONTOLOGY, RDF.type, OWL.Ontology))


KINASE = URIRef(VOCAB + "Kinase")
FAULTS: dict[str, tuple[Change, str]] = {
    "PURL1": (moved, "the ontology has no persistent address"),
    "OM1": (without(DCTERMS.title), "title"),
    "OM2": (without(DCTERMS.bibliographicCitation), "citation"),
    "OM3": (without(FOAF.logo), "logo"),
    "OM4.1": (without(DCTERMS.license), "licence"),
    "OM4.2": (
        lambda graph: graph.set((ONTOLOGY, DCTERMS.license, URIRef("https://example.org/mine"))),
        "the licence is at no address that is known to answer",
    ),
    "OM5.1": (without(DCTERMS.created), "creation date"),
    "OM5.2": (without(DCTERMS.publisher), "publisher"),
    "FIND1": (without(VANN.preferredNamespacePrefix), "prefix"),
    "VOC1": (silent, "no words of others say what the ontology is"),
    "VOC2": (alone, "no class or property of others is used"),
    "VOC3": (lambda graph: graph.remove((KINASE, RDFS.label, None)), f"{KINASE} has no label"),
    "VOC4": (lambda graph: graph.remove((KINASE, SKOS.definition, None)), f"{KINASE} has no definition"),
    "VER1": (lambda graph: graph.set((ONTOLOGY, OWL.versionIRI, ONTOLOGY)), "the version has no IRI of its own"),
}
"""Criterion -> a change of the vocabulary that breaks it, and what is then lacking; RDF1 has its own test."""


@pytest.mark.conformance
@pytest.mark.parametrize("criterion", FAULTS)
def test_a_planted_fault_is_found(ontology: Path, criterion: str) -> None:
    graph = Graph().parse(ontology / "jak-kg.ttl")
    change, what = FAULTS[criterion]
    change(graph)
    assert f"{criterion}: {what}" in lacks(graph.serialize(format="turtle", encoding="utf-8")) - OPEN


def test_a_file_that_is_no_rdf_is_found(released: bytes) -> None:
    assert lacks(released + b"\n<a> <b> .") == {"RDF1: it is not valid RDF"}


def test_each_of_the_fifteen_can_fail() -> None:
    assert len({*FAULTS, "RDF1"}) == 15


def test_the_version_iri_names_the_version(ontology: Path) -> None:
    graph = Graph().parse(ontology / "jak-kg.ttl")
    assert str(graph.value(ONTOLOGY, OWL.versionIRI)).endswith(f"/{VERSION}")
