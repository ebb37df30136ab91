"""What HermiT infers is what SPARQL says: members of classes, chains, and the edges that the calculus gives."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from conftest import ROOT
from defined import CLASSES, EMPTY, QUESTIONS
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF

from kg import calculus as m
from kg.cli import main
from kg.model.errors import Problems
from kg.model.vocabulary import PREFIXES, VOCAB, jak, local, thing
from kg.owl import hermit, inferences, premises
from kg.rdf import builder
from kg.rdf.store import parse
from kg.sparql import library
from kg.sparql.graph import OpenGraph

pytestmark = pytest.mark.java
MINI = ROOT / "tests" / "mini"


@pytest.fixture(scope="module")
def found(built: Graph) -> hermit.Reasoned:
    return hermit.reason(built)


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


@pytest.mark.parametrize("kind", CLASSES)
def test_inferred_members_are_the_rows_of_the_question(found: hermit.Reasoned, graph: OpenGraph, kind: str) -> None:
    members = {local(one) for one in found.members(VOCAB + kind)}
    assert members == rows(graph, kind)
    assert bool(members) != (kind in EMPTY)


@pytest.mark.parametrize("kind", CLASSES)
def test_the_same_on_the_small_facts(of_mini: hermit.Reasoned, mini: Graph, kind: str) -> None:
    assert {local(one) for one in of_mini.members(VOCAB + kind)} == rows(OpenGraph(parse(builder.ntriples(mini))), kind)


def test_the_examples_of_the_issue(found: hermit.Reasoned) -> None:
    assert [local(x) for x in found.members(jak.CaseWithBlockedSignal)] == ["wang-2021-group"]
    assert "khurana-2025-1" in {local(x) for x in found.members(jak.CaseWithMetSignal)}  # baricitinib hits JAK1 only
    covering = {local(x) for x in found.members(jak.InhibitorCoveringIl21)}
    assert "tofacitinib" in covering
    assert "baricitinib" not in covering
    assert {local(x) for x in found.members(jak.GammaChainCytokine)} == {"il2", "il4", "il7", "il9", "il15", "il21"}


def test_cytokines_without_a_jak_are_those_that_the_graph_says(found: hermit.Reasoned, built: Graph) -> None:
    said = {str(one) for one in built.subjects(URIRef(jak.throughJak), Literal("no"))}
    assert set(found.members(jak.CytokineWithoutJak)) == said


# --- edges ------------------------------------------------------------------------------------------------------------

PATHS = {
    "reachesKinase": "jak:bindsReceptor/jak:hasChain/jak:bindsKinase",
    "signalNeedsKinase": "jak:bindsReceptor/jak:needsKinase",
    "meetsSignalOf": "jak:hits/^jak:needsKinase/^jak:bindsReceptor",
    "wasGiven": "jak:hasTherapy/jak:ofInhibitor",
    "mayMiss": "jak:mayMiss|jak:spares",
}


def test_every_property_that_is_inferred_is_held_against_a_path(built: Graph, found: hermit.Reasoned) -> None:
    derived = {"hits", "spares", "hasRaisedSignal"}
    symmetric = {local(str(x)) for x in premises.definitions().subjects(RDF.type, OWL.SymmetricProperty)}
    assert {*inferences.new_edges(found)} <= {*PATHS, *derived, *symmetric}
    for name in symmetric:
        both = pairs(built, f"(jak:{name}|^jak:{name})")
        assert {(local(str(a)), local(str(b))) for a, b in (built + found.new)[: URIRef(VOCAB + name)]} == both


@pytest.mark.parametrize("name", sorted(PATHS))
def test_a_chain_joins_what_its_path_joins(built: Graph, found: hermit.Reasoned, name: str) -> None:
    given = premises.premises(built, premises.definitions())
    edges = {(local(str(a)), local(str(b))) for a, b in found.new.subject_objects(URIRef(VOCAB + name))}
    assert edges == pairs(given, f"({PATHS[name]})")
    assert edges


def test_blocked_and_met_are_those_of_the_calculus(graph: OpenGraph, found: hermit.Reasoned) -> None:
    calculus = graph.mechanism
    blocked, met = set(), set()
    for case in graph.instances("jak:Case"):
        raised = [
            row["cytokine"]
            for row in graph.rows("measurements_of_case", case=case)
            if (row["ratio"] >= m.RAISED if row["ratio"] is not None else row["reportedDirection"] == "Raised")
        ]
        for therapy in graph.rows("therapies_of_case", case=case):
            drug = calculus.drugs[therapy["inhibitor"]]
            lows = [m.blocked(drug, calculus.signal(cytokine)).blockade[0] for cytokine in raised]
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


def test_new_triples_have_iris_and_are_new(built: Graph, found: hermit.Reasoned) -> None:
    nodes = {node for triple in found.new for node in triple}
    assert not [node for node in nodes if isinstance(node, BNode | Literal)]
    assert not nodes & {OWL.Thing, OWL.Nothing}
    assert not set(found.new) & (set(built) | set(premises.definitions()))


# --- a class that nothing can be in, and a wrong definition -----------------------------------------------------------


def test_a_class_that_nothing_can_be_in_is_found(mini: Graph) -> None:
    wrong = """
        @prefix jak: <https://w3id.org/jak-kg/vocab#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        jak:Both a owl:Class ; owl:equivalentClass [ owl:intersectionOf ( jak:Kinase jak:Inhibitor ) ; a owl:Class ] .
    """
    found = hermit.reason(mini, definitions=Graph().parse(data=wrong, format="turtle") + premises.definitions())
    assert found.consistent
    assert [local(kind) for kind in found.unsatisfiable] == ["Both"]


# --- Java -------------------------------------------------------------------------------------------------------------


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
    assert found["classes"]["GammaChainCytokine"]["members"] == {"il15": "IL-15", "il21": "IL-21"}
    assert main.main(["reason", "--facts", str(MINI), "--format", "turtle"]) == 0
    said = Graph().parse(data=capsys.readouterr().out, format="turtle")
    assert (URIRef(thing("il21")), RDF.type, URIRef(jak.GammaChainCytokine)) in said


CASE = (ROOT / "tests" / "owl" / "smith-2026.toml").read_text(encoding="utf-8")


def test_a_case_of_ones_own_is_classified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "smith-2026.toml"
    file.write_text(CASE, encoding="utf-8")
    assert main.main(["reason", "--facts", str(MINI), "--case", str(file)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    of = "granuloma annulare of"
    assert f"{of} khurana-2025-1; {of} khurana-2025-2; {of} smith-2026-1" in out
    assert re.search(r"\(jak:CaseWithMetSignal, 3\): Patient 1, Khurana [^;]*; the patient, smith-2026; Wang ", out)


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
