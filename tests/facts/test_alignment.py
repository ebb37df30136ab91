"""The alignment: its rows are true to our vocabulary, to the curation and to Bioregistry, and they are in the graph.

A sample of ``bad/mappings`` edits the small ``good.sssom.tsv`` there (``find`` stands in it once, ``replace``), and
``expected`` holds what is said of it. What Biolink has is asked of its own library, bmt, in the environment whose
Python ``JAK_KG_KGX`` names.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import bioregistry
import curies
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS
from test_curation import ours

from kg.facts import dataset, mappings
from kg.facts.dataset import Facts
from kg.model import identifiers
from kg.model.errors import Problems
from kg.model.vocabulary import PREFIXES, THING, UNITS, VOCAB, jak, thing
from kg.rdf import builder
from kg.validation import check

HERE = Path(__file__).parent.parent
GOOD = HERE / "bad" / "mappings" / "good.sssom.tsv"
BAD = sorted(GOOD.parent.glob("*.toml"))
MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)


@pytest.fixture(scope="module")
def found(ontology: Path) -> Facts:
    return dataset.read(ontology / "facts")


@pytest.fixture(scope="module")
def alignment(ontology: Path) -> mappings.Alignment:
    return mappings.read(ontology / mappings.FILE)


@pytest.fixture(scope="module")
def curated(shared: Path) -> list[dict[str, str]]:
    with (shared / "curation" / "ontology_terms.tsv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


# --- prefixes ---------------------------------------------------------------------------------------------------------

OTHERWISE = {
    "SIO": "its own files declare http, and what is stated about it elsewhere says http",
    "meddra": "what Bioregistry has is the namespace of the French edition",
}
"""Prefixes whose namespace is not the one that Bioregistry prefers for RDF, and why."""


@pytest.fixture(scope="module")
def standard() -> curies.Converter:
    """The prefixes that Bioregistry prefers, with the namespaces that it prefers for RDF."""
    return bioregistry.get_preferred_converter()


@pytest.mark.conformance
def test_every_prefix_is_the_standard_one(standard: curies.Converter) -> None:
    table = {prefix: registry.namespace for prefix, registry in identifiers.REGISTRIES.items()} | PREFIXES
    minted = {"jak", "kg"}
    assert {prefix for prefix in table if standard.standardize_prefix(prefix) != prefix} == minted
    assert {prefix for prefix in table if standard.bimap.get(prefix) != table[prefix]} == minted | OTHERWISE.keys()
    for prefix, namespace in table.items():
        if prefix not in minted:
            assert standard.compress(f"{namespace}1") == f"{prefix}:1"
    assert standard.bimap["semapv"] == mappings.PREFIX_MAP["semapv"]


def test_every_identifier_is_valid_and_comes_back(
    found: Facts, built: Graph, alignment: mappings.Alignment, standard: curies.Converter
) -> None:
    tables = ("kinases", "stats", "chains", "ligands", "inhibitors", "conditions", "treatments", "comparators", "sites")
    names = {xref for table in tables for row in getattr(found, table) for xref in row.xrefs}
    assert len(names) > 500
    names |= {row.object_id for row in alignment.rows}
    names |= {str(name) for name in built.objects(None, URIRef(jak.xref))}
    table = {prefix: registry.namespace for prefix, registry in identifiers.REGISTRIES.items()}
    converter = curies.Converter.from_prefix_map(table)
    for name in sorted(names):
        assert ours(name) == name
        prefix, _, local = name.partition(":")
        assert bioregistry.is_valid_identifier(str(bioregistry.normalize_prefix(prefix)), local), name
        iri = identifiers.iri(name)
        assert (converter.expand(name), converter.compress(iri), identifiers.curie(iri)) == (iri, name, name)
        assert standard.compress(iri) == name
    assert table.keys() == {name.partition(":")[0] for name in names}, "a prefix that nothing uses"


def test_a_form_takes_what_bioregistry_shows_and_nothing_beside_it() -> None:
    for prefix, registry in identifiers.REGISTRIES.items():
        example = str(bioregistry.get_example(str(bioregistry.normalize_prefix(prefix))))
        assert re.fullmatch(registry.form, example, re.ASCII), prefix
        for wrong in (
            f" {example}",
            f"{example} ",
            f"{example}\n",
            f"{example}/..",
            f"{prefix}:{example}",
            "１２３",
            "-",
        ):
            with pytest.raises(ValueError, match=r"has the wrong form: after \S+: it must match"):
                identifiers.checked(f"{prefix}:{wrong}")
    for nothing in ("", "hgnc", "hgnc:", ":6190"):
        with pytest.raises(ValueError, match=r"has no prefix|is not known"):
            identifiers.checked(nothing)


def test_other_spellings_lead_to_ours() -> None:
    for other, prefix in identifiers.OTHER_NAMES.items():
        assert prefix in identifiers.REGISTRIES
        with pytest.raises(ValueError, match=f"write {re.escape(prefix)}:1"):
            identifiers.checked(f"{other.upper()}:1")


def test_references_have_prefixes_that_bioregistry_knows(built: Graph) -> None:
    names = {str(name).partition(":")[0] for name in built.objects(None, DCTERMS.identifier)} - {"kg"}
    assert {bioregistry.normalize_prefix(name) for name in names} == {"pubmed", "doi"}


# --- the graph --------------------------------------------------------------------------------------------------------


def test_every_row_is_in_the_graph(alignment: mappings.Alignment, built: Graph) -> None:
    for row in alignment.rows:
        assert (URIRef(row.subject), URIRef(row.predicate), URIRef(row.object)) in built
    assert all((match, RDF.type, OWL.AnnotationProperty) in built for match in MATCHES)


def test_every_identifier_has_its_iri_beside_it(built: Graph) -> None:
    """And a thing stands in one way to a thing elsewhere, never to one of ours."""
    pairs = {(owner, URIRef(identifiers.iri(str(name)))) for owner, name in built.subject_objects(URIRef(jak.xref))}
    matches = {(owner, target) for match in MATCHES for owner, target in built.subject_objects(match)}
    assert len(pairs) > 500
    assert pairs <= matches
    for owner, target in matches:
        assert str(owner).startswith(THING)
        assert not str(target).startswith(THING)
    assert len(matches) == sum(1 for match in MATCHES for _ in built.subject_objects(match)), "a pair has two matches"


def stands(built: Graph, name: str, identifier: str) -> set[str]:
    target = URIRef(identifiers.iri(identifier))
    return {str(predicate).rpartition("#")[2] for predicate in built.predicates(URIRef(thing(name)), target)}


def test_an_identifier_says_what_it_names(built: Graph) -> None:
    """The gene is not its product; two genes make one protein; a drug is not its use, its label or its class."""
    assert stands(built, "jak1", "hgnc:6190") == {"relatedMatch"}
    assert stands(built, "jak1", "uniprot:P23458") == {"exactMatch"}
    assert stands(built, "ifna1", "uniprot:P01562") == stands(built, "ifna13", "uniprot:P01562") == {"closeMatch"}
    assert stands(built, "ruxolitinib", "atc:L01EJ01") == stands(built, "ruxolitinib", "atc:D11AH09") == {"closeMatch"}
    assert stands(built, "ruxolitinib", "CHEBI:66919") == {"exactMatch"}
    assert stands(built, "topical-tacrolimus", "mesh:D016559") == {"closeMatch"}
    assert stands(built, "ilunocitinib", "dailymed:adf9a1c8-31bd-4301-ac25-814d13f34cae") == {"relatedMatch"}
    exact = [target for _, target in built.subject_objects(SKOS.exactMatch)]
    assert len(exact) == len(set(exact)), "two things are each exactly the same third"


def test_things_that_are_not_here_are_left_out_elsewhere(mini: Graph) -> None:
    assert (URIRef(thing("tslp")), None, None) not in mini
    assert stands(mini, "granuloma-annulare", "snomedct:65508009") == {"exactMatch"}
    assert "snomedct:65508009" in {str(x) for x in mini.objects(URIRef(thing("granuloma-annulare")), URIRef(jak.xref))}


def test_methods_and_units_have_their_labels(built: Graph, alignment: mappings.Alignment) -> None:
    for name in ("method", "unit"):
        values = set(built.objects(None, URIRef(VOCAB + name)))
        assert len(values) >= 8
        assert {value for value in values if built.value(value, RDFS.label) is None} == set()
    words = {
        "year": "year", "month": "month", "week": "week", "day": "day", "hour": "hour", "mg": "milligram",
        "mg/kg": "milligram per kilogram", "mg/g": "milligram per gram", "%": "percent", "nM": "nanomolar",
        "fold": "ratio unit",
    }  # fmt: skip
    minted = {jak.MilligramPerGram: str(built.value(URIRef(jak.MilligramPerGram), RDFS.label))}
    labels = {row.object: row.object_label for row in alignment.rows}
    assert {word: (minted | labels)[iri] for word, iri in UNITS.items()} == words


def test_only_what_an_axiom_stands_on_is_declared(built: Graph, alignment: mappings.Alignment) -> None:
    """MIREOT: a term elsewhere that a reasoner reads has its kind, label, definition and source; no other has."""
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    declared = {term for kind in kinds for term in built.subjects(RDF.type, kind) if not str(term).startswith(THING)}
    used = set(built.objects(None, RDF.type))
    axioms = {URIRef(row.object): row.object_label for row in alignment.rows if row.predicate_id in mappings.AXIOMS}
    assert declared - used == axioms.keys()
    for term, label in axioms.items():
        assert built.value(term, RDFS.label) == Literal(label)
        assert built.value(term, SKOS.definition) is not None
        assert built.value(term, DCTERMS.source) is not None


def test_a_reference_links_to_its_pages(built: Graph, ontology: Path, tmp_path: Path) -> None:
    """Also one whose DOI has characters that no IRI can have."""
    letter = URIRef(thing("ref", "khurana-2025"))
    assert str(built.value(letter, RDFS.seeAlso)) == f"https://doi.org/{built.value(letter, URIRef(jak.doi))}"
    folder = Path(shutil.copytree(HERE / "mini", tmp_path / "facts"))
    table = folder / "references.tsv"
    head, first, *rest = table.read_text(encoding="utf-8").split("\n")
    cells = dict(zip(head.split("\t"), first.split("\t"), strict=True)) | {
        "doi": "10.1002/(SICI)1-2<1::AID-X>3.0.CO;2-5"
    }
    table.write_text("\n".join([head, "\t".join(cells.values()), *rest]), encoding="utf-8")
    small = builder.build(dataset.read(folder), ontology / "jak-kg.ttl")
    assert URIRef("https://doi.org/10.1002/(SICI)1-2%3C1::AID-X%3E3.0.CO;2-5") in set(small.objects(None, RDFS.seeAlso))


# --- the disease ------------------------------------------------------------------------------------------------------


def test_every_subtype_is_under_the_disease_of_mondo(built: Graph) -> None:
    disease = URIRef(identifiers.iri("MONDO:0006554"))
    subtypes = set(built.subjects(RDFS.subClassOf, URIRef(jak.GranulomaAnnulare)))
    assert len(subtypes) == 9
    assert (URIRef(jak.GranulomaAnnulare), RDFS.subClassOf, disease) in built
    assert {subtype for subtype in subtypes if (subtype, SKOS.broadMatch, disease) not in built} == set()


def test_every_cross_reference_of_the_curation_is_there(
    curated: list[dict[str, str]], alignment: mappings.Alignment
) -> None:
    rows = {row.object_id: row for row in alignment.rows if row.subject_id == "kg:granuloma-annulare"}
    expected = {}
    for row in curated:
        if row["topic"] != "GA" or row["term_id"] == "Orphanet":
            continue
        prefix, _, names = row["term_id"].partition(":")
        for name in names.split(" / "):
            expected[ours(f"{prefix.removesuffix('.foundation')}:{name}")] = row
    assert len(expected) == 15
    assert rows.keys() - expected.keys() == {"snomedct:200953005"}, "what DOID has, against MONDO"
    assert expected.keys() <= rows.keys()
    for name, row in expected.items():
        assert (rows[name].object_label or "") == row["label"]
    unsettled = {name for name, row in expected.items() if row["status"] == "conflict"} | {"snomedct:200953005"}
    assert {name for name in rows if rows[name].predicate_id == "skos:relatedMatch"} == unsettled
    assert all("disagree" in (rows[name].comment or "") for name in unsettled)


def test_labels_are_those_of_the_curation(curated: list[dict[str, str]], alignment: mappings.Alignment) -> None:
    printed = {row["term_id"]: row["label"] for row in curated if row["status"] == "verified" and row["label"]}
    known = {row.object_id: row.object_label for row in alignment.rows if row.object_id in printed}
    assert len(known) > 50
    assert known == {name: printed[name] for name in known}


def test_what_must_not_be_used_is_not(alignment: mappings.Alignment) -> None:
    """Obsolete, between processes only, or more than a case report can show."""
    banned = {"RO:0002408", "RO:0002606", "RO:0002629", "RO:0002630", "biolink:treats"}
    used = {row.object_id for row in alignment.rows}
    assert not used & banned
    assert {"RO", "GO", "ECO", "OBI", "SIO", "UO", "HP", "MONDO", "biolink"} <= {x.partition(":")[0] for x in used}


# --- mistakes ---------------------------------------------------------------------------------------------------------


def said(file: Path, built: Graph) -> Iterator[str]:
    try:
        yield from (str(problem) for problem in mappings.read(file).unfit(built))
    except Problems as error:
        yield from map(str, error.problems)


def plant(sample: Path, folder: Path) -> tuple[Path, list[str]]:
    """Write the small file with the mistake of a sample; return it, and what is expected to be said of it."""
    case = tomllib.loads(sample.read_text(encoding="utf-8"))
    text = GOOD.read_text(encoding="utf-8")
    assert text.count(case["find"]) == 1
    bad = folder / mappings.FILE
    bad.write_text(text.replace(case["find"], case["replace"]), encoding="utf-8")
    return bad, case["expected"]


@pytest.mark.parametrize("sample", BAD, ids=lambda file: file.stem)
def test_mistake_is_reported(sample: Path, tmp_path: Path, built: Graph) -> None:
    bad, expected = plant(sample, tmp_path)
    assert [line.replace(f"{tmp_path}{os.sep}", "") for line in said(bad, built)] == expected


def test_good_files_have_no_mistake(ontology: Path, built: Graph) -> None:
    assert list(said(GOOD, built)) == list(said(ontology / mappings.FILE, built)) == []


@pytest.mark.conformance
def test_lost_character_never_crashes(tmp_path: Path, built: Graph) -> None:
    text = GOOD.read_text(encoding="utf-8")
    bad = tmp_path / mappings.FILE
    faults = 0
    for cut in range(0, len(text), 5):
        bad.write_text(text[:cut] + text[cut + 1 :], encoding="utf-8")
        faults += any(said(bad, built))
    assert faults > len(text) / 10


@pytest.mark.parametrize(
    "top", ["#- a list", "#a text", "#", "", "#curie_map: none", "#curie_map:", "#\x07: x", "#? [a]: b"]
)
def test_any_other_top_is_a_problem(top: str, tmp_path: Path, built: Graph) -> None:
    table = "".join(line for line in GOOD.read_text(encoding="utf-8").splitlines(keepends=True) if line[0] != "#")
    bad = tmp_path / mappings.FILE
    bad.write_text(f"{top}\n{table}", encoding="utf-8")
    assert list(said(bad, built)), top


@pytest.mark.parametrize("stem", ["predicate-unknown", "subject-label", "thing-unknown"])
def test_check_reports_a_mistake(stem: str, tmp_path: Path, ontology: Path) -> None:
    """Also with the facts of somebody else; of a thing that those do not have it says nothing."""
    for name in ("jak-kg.ttl", "definitions.ttl", "shapes.ttl"):
        shutil.copy(ontology / name, tmp_path / name)
    _, expected = plant(GOOD.with_name(f"{stem}.toml"), tmp_path)
    if stem == "thing-unknown":
        check.everything(HERE / "mini", tmp_path)
        return
    with pytest.raises(Problems) as error:
        check.everything(HERE / "mini", tmp_path)
    assert [str(problem).replace(f"{tmp_path}{os.sep}", "") for problem in error.value.problems] == expected


# --- Biolink ----------------------------------------------------------------------------------------------------------

ASK_BMT = """
import importlib.resources, json, sys
from bmt import Toolkit
schema = importlib.resources.files("biolink_model") / "schema" / "biolink_model.yaml"
biolink = Toolkit(schema=str(schema), predicate_map={"predicate mappings": []})
def said(name):
    element = biolink.get_element(name)
    return element and {
        "name": element.name, "deprecated": bool(element.deprecated), "predicate": biolink.is_predicate(name),
        "class": type(element).__name__ == "ClassDefinition",
    }
names = json.load(sys.stdin)
json.dump({"version": biolink.get_model_version(), "said": {name: said(name) for name in names}}, sys.stdout)
"""


@pytest.mark.conformance
def test_biolink_has_what_we_map_to(alignment: mappings.Alignment, built: Graph) -> None:
    python = os.environ.get("JAK_KG_KGX")
    if not python:
        pytest.skip("JAK_KG_KGX does not name the Python of an environment with bmt")
    rows = [row for row in alignment.rows if row.object_id.startswith("biolink:")]
    names = sorted({row.object_id for row in rows} | {"biolink:no_such_term"})
    done = subprocess.run([python, "-c", ASK_BMT], input=json.dumps(names), capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    said = answer["said"]
    assert said["biolink:no_such_term"] is None
    assert f"Biolink ({answer['version']})" in alignment.header["mapping_set_description"]
    edges = set(built.objects(None, URIRef(jak.directEdge))) | {URIRef(jak.hasPart), URIRef(jak.hasChain)}
    assert edges <= {URIRef(row.subject) for row in rows}, "an edge has no word of Biolink"
    for row in rows:
        found = said[row.object_id]
        assert found is not None, row.object_id
        assert not found["deprecated"], row.object_id
        assert found["name"] == row.object_label
        assert found["class"] == ((URIRef(row.subject), RDF.type, OWL.Class) in built), row.object_id
        if URIRef(row.subject) in edges:
            assert found["predicate"], row.object_id
