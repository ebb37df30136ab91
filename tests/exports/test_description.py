"""The description of a release: right counts, every file with its checksum, the sources' licences, and DCAT-AP 3.0.

The rules of DCAT-AP are restated in ``shapes/dcat-ap.ttl``, since no package carries the originals: what they find is
held against planted faults here. Where the environment variable JAK_KG_DCAT_AP names a folder with the original files
(``*.ttl``), the description is held against those, too.
"""

import hashlib
import os
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from pyoxigraph import QuerySolutions, Store
from pyshacl import validate
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SH, SKOS, VOID, XSD

from kg.exports import description, file_forms
from kg.exports.description import CATALOGUE, DCATAP, SPDX, VCARD, describe
from kg.model.vocabulary import LICENCE, RELEASED, THING, VERSION, VOCAB, jak, thing
from kg.rdf.description import AUTHORS, DATASET

SHAPES = Path(__file__).parent.parent / "shapes" / "dcat-ap.ttl"
FILES = {
    path: f"the text of {path}".encode()
    for path in """jak-kg.ttl jak-kg.nt jak-kg.rdf jak-kg.jsonld jak-kg.trig context.jsonld jak-kg.reasoned.ttl
    kgx/jak-kg_nodes.tsv kgx/jak-kg_edges.jsonl mappings.sssom.tsv phenopackets/khurana-2025-1.json
    phenopackets/README.md nanopublications.trig jak-kg.graphml tables/kinases.csv tables/csv-metadata.json index.html
    logo.svg""".split()
}
KNOWN = {
    (CATALOGUE, "it should say where it holds"),
    (DATASET, "it should say where it holds"),
    (AUTHORS, "an agent should have a type"),
}
"""What DCAT-AP recommends and we do not say: a mechanism is of no place, and of what kind the authors are is open."""


@pytest.fixture(scope="module")
def about(built: Graph) -> Graph:
    return describe(built, FILES)


def found(data: Graph, shapes: Graph, severity: URIRef) -> set[tuple[URIRef, str]]:
    """What the shapes find of a severity: each thing with the message."""
    _, report, _ = validate(data, shacl_graph=shapes, do_owl_imports=False)
    assert isinstance(report, Graph)
    return {
        (URIRef(str(report.value(result, SH.focusNode))), str(report.value(result, SH.resultMessage)))
        for result in report.subjects(SH.resultSeverity, severity)
        if (None, SH.result, result) in report
    }


# --- the graph itself -------------------------------------------------------------------------------------------------


def test_a_stranger_finds_licence_version_and_citation_in_the_graph_itself(store: Store) -> None:
    query = """PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX owl: <http://www.w3.org/2002/07/owl#>
               PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX void: <http://rdfs.org/ns/void#>
               SELECT * { ?graph a void:Dataset ; dcterms:license ?licence ; owl:versionInfo ?version ;
                          dcterms:bibliographicCitation ?cite ; dcterms:creator/foaf:name ?who ;
                          dcterms:issued ?day }"""
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)
    (row,) = answer
    said = {name: getattr(row[name], "value", "") for name in ("graph", "licence", "version", "cite", "who", "day")}
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert said["graph"] == str(DATASET)
    assert said["licence"] == LICENCE
    assert said["version"] == VERSION == cff["version"]
    assert said["day"] == RELEASED == str(cff["date-released"])
    assert said["who"] == cff["authors"][0]["name"]
    assert said["cite"] == f"{said['who']} ({cff['date-released'].year}). {cff['title']}, version {VERSION}. {THING}"
    assert "CC-BY-SA-4.0" in cff["license"]
    assert LICENCE in (ROOT / "LICENSE-FACTS").read_text(encoding="utf-8")


def test_the_header_of_the_vocabulary_says_the_same(ontology: Path) -> None:
    header = Graph().parse(ontology / "jak-kg.ttl")
    vocabulary = URIRef(VOCAB.rstrip("#"))
    assert {str(value) for value in header.objects(vocabulary, OWL.versionInfo)} == {VERSION}
    assert header.value(vocabulary, OWL.versionIRI) == URIRef(f"{vocabulary}/{VERSION}")
    for word in (DCTERMS.issued, DCTERMS.modified):
        assert header.value(vocabulary, word) == Literal(RELEASED, datatype=XSD.date)
    assert header.value(vocabulary, DCTERMS.license) == URIRef(LICENCE)
    assert header.value(vocabulary, DCTERMS.creator) == AUTHORS
    cite = str(header.value(vocabulary, DCTERMS.bibliographicCitation))
    assert cite == f"The JAK-KG authors ({RELEASED[:4]}). JAK-KG vocabulary, version {VERSION}. {vocabulary}"


# --- counts -----------------------------------------------------------------------------------------------------------


@pytest.mark.conformance
def test_counts_are_those_that_sparql_gives(built: Graph, about: Graph) -> None:
    pattern = str(about.value(DATASET, VOID.uriRegexPattern)).replace("\\", "\\\\")
    for word, query in {
        VOID.triples: "*) AS ?n) { ?s ?p ?o }",
        VOID.distinctSubjects: "DISTINCT ?s) AS ?n) { ?s ?p ?o }",
        VOID.distinctObjects: "DISTINCT ?o) AS ?n) { ?s ?p ?o }",
        VOID.properties: "DISTINCT ?p) AS ?n) { ?s ?p ?o }",
        VOID.classes: "DISTINCT ?o) AS ?n) { ?s a ?o }",
        VOID.entities: f"DISTINCT ?s) AS ?n) {{ ?s ?p ?o FILTER(REGEX(STR(?s), '{pattern}')) }}",
    }.items():
        (row,) = built.query(f"SELECT (COUNT({query}")  # by rdflib: Oxigraph takes 1.50 and 1.5 for one value
        assert str(about.value(DATASET, word)) == str(row[0]), word  # type: ignore[index]


def test_partitions_cover_the_graph(built: Graph, about: Graph) -> None:
    classes, properties = Counter(built.objects(None, RDF.type)), Counter(built.predicates())
    said = {about.value(part, VOID["class"]): part for part in about.objects(DATASET, VOID.classPartition)}
    assert {kind: about.value(part, VOID.entities) for kind, part in said.items()} == {
        kind: Literal(number) for kind, number in classes.items()
    }
    said = {about.value(part, VOID.property): part for part in about.objects(DATASET, VOID.propertyPartition)}
    assert {word: about.value(part, VOID.triples) for word, part in said.items()} == {
        word: Literal(number) for word, number in properties.items()
    }
    assert len(set(said.values())) == len(properties)
    part = said[URIRef(jak.needsKinase)]
    assert about.value(part, VOID.distinctObjects) == Literal(len(set(built.objects(None, URIRef(jak.needsKinase)))))


def test_examples_are_things_of_the_graph(built: Graph, about: Graph) -> None:
    examples = set(about.objects(DATASET, VOID.exampleResource))
    assert len(examples) == 6
    assert all((example, None, None) in built for example in examples)


def test_vocabularies_in_use(about: Graph) -> None:
    used = {str(vocabulary) for vocabulary in about.objects(DATASET, VOID.vocabulary)}
    assert {"https://w3id.org/jak-kg/vocab", "http://purl.org/dc/terms/", str(SKOS)} <= used
    assert str(SH) not in used


def test_links_to_identifiers_of_others(built: Graph, about: Graph) -> None:
    xrefs = Counter(str(value).partition(":")[0] for value in built.objects(None, URIRef(jak.xref)))
    for prefix, number in xrefs.items():
        assert about.value(URIRef(thing("links", "jak:xref", prefix)), VOID.triples) == Literal(number)
    method = URIRef(thing("links", "jak:method", "eco"))
    assert about.value(method, VOID.triples) == Literal(len(list(built.triples((None, URIRef(jak.method), None)))))
    target = about.value(method, VOID.objectsTarget)
    assert str(about.value(target, VOID.uriSpace)) == "http://purl.obolibrary.org/obo/ECO_"
    subsets = set(about.objects(DATASET, VOID.subset))
    assert subsets == set(about.subjects(RDF.type, VOID.Linkset))
    assert not [node for node in subsets if "license" in str(node) or "rdf-type" in str(node)]


# --- sources and rights -----------------------------------------------------------------------------------------------


def test_each_source_and_the_licence_that_is_known_of_it(built: Graph, about: Graph) -> None:
    used = {str(source) for source in about.objects(DATASET, PROV.wasDerivedFrom)}
    named = {str(value) for word in (DCTERMS.source, URIRef(jak.obtainedFrom)) for value in built.objects(None, word)}
    assert used
    assert used <= {str(reference) for reference in built.subjects(RDF.type, URIRef(jak.Reference))}
    assert used >= {name for name in named if name.startswith(THING + "ref-")}
    known = {str(source): str(words) for source, words in built.subject_objects(URIRef(jak.licence))}
    for source in used:
        words = [str(value) for value in about.objects(URIRef(source), DCTERMS.rights)]
        addresses = {str(value) for value in about.objects(URIRef(source), DCTERMS.license)}
        assert words == [known[source]] if source in known else not words
        assert addresses == set(description.licences(known.get(source, "")))
        assert addresses or source not in known, f"{known[source]} names no licence that has an address"
    database = URIRef(thing("ref", "gtopdb-2020"))
    assert {str(iri) for iri in about.objects(database, DCTERMS.license)} == {
        LICENCE, "https://opendatacommons.org/licenses/odbl/1-0/",
    }  # fmt: skip
    rights = str(about.value(about.value(DATASET, DCTERMS.rights), RDFS.label))
    assert "Guide to PHARMACOLOGY" in rights
    assert "not medical advice" in rights
    assert f"{len(used & known.keys())} of the {len(used)} sources" in rights


# --- files ------------------------------------------------------------------------------------------------------------


def test_every_file_with_size_checksum_form_and_licence(about: Graph) -> None:
    told = {}
    for node in about.objects(DATASET, DCAT.distribution):
        address = str(about.value(node, DCAT.downloadURL))
        assert address.startswith(f"{THING}{VERSION}/")
        told[address.removeprefix(f"{THING}{VERSION}/")] = node
    assert told.keys() == FILES.keys()
    for path, node in told.items():
        assert about.value(node, DCAT.byteSize) == Literal(len(FILES[path]), datatype=XSD.nonNegativeInteger)
        checksum = about.value(node, SPDX.checksum)
        assert str(about.value(checksum, SPDX.checksumValue)) == hashlib.sha256(FILES[path]).hexdigest()
        assert path in str(about.value(node, DCTERMS.title))
        assert str(about.value(node, DCTERMS.description)) != "A file of the release."
        assert about.value(node, DCTERMS.license) == URIRef(LICENCE)
    media = {path: str(about.value(node, DCAT.mediaType)).partition("media-types/")[2] for path, node in told.items()}
    assert media["jak-kg.ttl"] == "text/turtle"
    assert media["mappings.sssom.tsv"] == "text/tab-separated-values"
    follows = {path: {str(iri) for iri in about.objects(node, DCTERMS.conformsTo)} for path, node in told.items()}
    assert follows["mappings.sssom.tsv"] == {"https://w3id.org/sssom/"}
    assert follows["nanopublications.trig"] == {
        "https://www.w3.org/TR/trig/",
        file_forms.STANDARDS["Nanopublication Guidelines"],
    }
    assert follows["kgx/jak-kg_nodes.tsv"] == {file_forms.STANDARDS["KGX format"]}
    assert "phenopacket" in follows["phenopackets/khurana-2025-1.json"].pop()
    dumps = {str(dump).rpartition("/")[2] for dump in about.objects(DATASET, VOID.dataDump)}
    assert dumps == {"jak-kg.ttl", "jak-kg.nt", "jak-kg.rdf", "jak-kg.jsonld", "jak-kg.trig"}


@pytest.mark.parametrize(
    ("paths", "words"), [(["a.xyz"], "no media type"), (["a-b.ttl", "a/b.ttl"], "another file has this name")]
)
def test_a_file_that_cannot_be_described(built: Graph, paths: list[str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        describe(built, dict.fromkeys(paths, b""))


def test_an_empty_graph_can_be_described() -> None:
    told = describe(Graph(), {"jak-kg.ttl": b""})
    assert told.value(DATASET, VOID.triples) == Literal(0)
    assert len(list(told.objects(DATASET, DCAT.distribution))) == 1


def test_every_standard_that_is_named_has_an_address() -> None:
    assert {form.standard for form in file_forms.FORMS.values()} - {None} <= file_forms.STANDARDS.keys()
    assert set(file_forms.FOLLOWS.values()) <= file_forms.STANDARDS.keys()


def test_every_node_has_an_iri_whatever_the_order_of_the_files(built: Graph, about: Graph) -> None:
    assert not [term for triple in about for term in triple if isinstance(term, BNode)]
    again = describe(built, dict(reversed(FILES.items())))
    assert again.serialize(format="turtle") == about.serialize(format="turtle")


# --- DCAT-AP ----------------------------------------------------------------------------------------------------------


def test_no_rule_of_dcat_ap_is_broken(about: Graph) -> None:
    shapes = Graph().parse(SHAPES)
    assert found(about, shapes, SH.Violation) == set()
    assert found(about, shapes, SH.Warning) == KNOWN


FILE = URIRef(thing("file", "jak-kg.ttl"))
CHECKSUM = URIRef(f"{FILE}-sha256")
FAULTS: list[tuple[URIRef, URIRef, object]] = [
    (CATALOGUE, DCTERMS.title, None), (CATALOGUE, DCTERMS.description, None), (CATALOGUE, DCTERMS.publisher, None),
    (CATALOGUE, DCTERMS.publisher, FILE), (CATALOGUE, DCAT.dataset, FILE), (CATALOGUE, FOAF.homepage, FILE),
    (CATALOGUE, DCTERMS.issued, Literal("today")), (CATALOGUE, DCTERMS.license, FILE),
    (DATASET, DCTERMS.title, None), (DATASET, DCTERMS.title, AUTHORS), (DATASET, DCTERMS.description, None),
    (DATASET, DCTERMS.publisher, FILE), (DATASET, DCTERMS.creator, FILE), (DATASET, DCAT.contactPoint, AUTHORS),
    (DATASET, DCAT.theme, FILE), (DATASET, DCTERMS.issued, Literal("2026")), (DATASET, DCTERMS.temporal, FILE),
    (DATASET, DCTERMS.accessRights, FILE), (DATASET, DCAT.distribution, AUTHORS), (DATASET, DCAT.landingPage, FILE),
    (DATASET, DCTERMS.provenance, FILE), (DATASET, DCTERMS.conformsTo, FILE), (DATASET, DCTERMS.language, FILE),
    (FILE, DCAT.accessURL, None), (FILE, DCAT.accessURL, Literal("here")), (FILE, DCAT.byteSize, Literal("12")),
    (FILE, DCAT.mediaType, Literal("text/turtle")), (FILE, DCTERMS.license, Literal("CC BY-SA 4.0")),
    (FILE, DCTERMS.rights, FILE), (FILE, SPDX.checksum, FILE), (FILE, DCTERMS["format"], FILE),
    (FILE, DCATAP.availability, FILE), (FILE, DCTERMS.conformsTo, Literal("Turtle")),
    (CHECKSUM, SPDX.algorithm, None), (CHECKSUM, SPDX.checksumValue, None),
    (CHECKSUM, SPDX.checksumValue, Literal("00")),
    (AUTHORS, FOAF.name, None), (URIRef(description.EU + "language/ENG"), SKOS.prefLabel, None),
    (URIRef(description.EU + "language"), DCTERMS.title, None),
]  # fmt: skip
"""A thing, a property, and the value that replaces what is said: None where nothing does."""


def planted(about: Graph, node: URIRef, word: URIRef, value: object) -> Graph:
    data = Graph()
    for triple in about:
        data.add(triple)
    assert (node, word, None) in data, "what is to be broken is not there"
    data.remove((node, word, None))
    if isinstance(value, Literal | URIRef):
        data.add((node, word, value))
    return data


@pytest.fixture(scope="module")
def small(about: Graph) -> Graph:
    """The description without partitions, links and sources, which no rule of DCAT-AP is about."""
    data = Graph()
    many = {VOID.classPartition, VOID.propertyPartition, VOID.subset, PROV.wasDerivedFrom}
    kinds = {VOID.Linkset, PROV.Entity}
    for subject, predicate, value in about:
        void = (subject, RDF.type, VOID.Dataset) in about and subject != DATASET
        if not void and predicate not in many and not set(about.objects(subject, RDF.type)) & kinds:
            data.add((subject, predicate, value))
    return data


@pytest.mark.parametrize(("node", "word", "value"), FAULTS, ids=lambda part: re.sub(r".*[/#]", "", str(part)))
def test_a_planted_fault_is_found(small: Graph, node: URIRef, word: URIRef, value: object) -> None:
    broken = found(planted(small, node, word, value), Graph().parse(SHAPES), SH.Violation)
    assert node in {thing for thing, _ in broken}


@pytest.mark.parametrize(
    ("node", "word"),
    [
        *((CATALOGUE, word) for word in (DCAT.dataset, DCTERMS.issued, DCTERMS.modified, DCTERMS.license)),
        *((CATALOGUE, word) for word in (DCAT.themeTaxonomy, DCTERMS.language, FOAF.homepage)),
        *((DATASET, word) for word in (DCAT.contactPoint, DCAT.keyword, DCAT.theme, DCTERMS.temporal)),
        *((DATASET, word) for word in (DCAT.distribution, DCTERMS.publisher)),
        *((FILE, word) for word in (DCTERMS.description, DCTERMS["format"], DCTERMS.license, DCATAP.availability)),
        (URIRef(LICENCE), DCTERMS.type), (URIRef(thing("jak-kg", "years")), DCAT.startDate),
    ],
    ids=lambda part: re.sub(r".*[/#]", "", str(part)),
)  # fmt: skip
def test_what_is_recommended_and_gone_is_a_warning(small: Graph, node: URIRef, word: URIRef) -> None:
    assert node in {
        thing for thing, _ in found(planted(small, node, word, None), Graph().parse(SHAPES), SH.Warning) - KNOWN
    }


def test_the_original_shapes_find_no_violation_and_the_planted_faults(about: Graph, small: Graph) -> None:
    folder = os.environ.get("JAK_KG_DCAT_AP")
    if not folder:
        pytest.skip(
            "JAK_KG_DCAT_AP does not name a folder with releases/3.0.0/shacl of DCAT-AP (no package carries it)"
        )
    shapes = Graph()
    for file in sorted(Path(folder).glob("*.ttl")):
        shapes.parse(file)
    assert found(about, shapes, SH.Violation) == set()
    for node, word, value in FAULTS:
        if word != DCTERMS.issued:  # what a date is of is said there in words only
            assert node in {thing for thing, _ in found(planted(small, node, word, value), shapes, SH.Violation)}, word


def test_whom_to_ask_is_an_address_of_our_own(about: Graph) -> None:
    contact = about.value(DATASET, DCAT.contactPoint)
    assert str(about.value(contact, VCARD.hasURL)) == THING
    assert not [value for value in about.objects() if str(value).startswith("mailto:")]
