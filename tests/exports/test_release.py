"""A release: the same bytes everywhere, every format the same graph, written whole or not at all."""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from answers_compared import comparable, of_rdflib
from conftest import ROOT
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF

from kg.cli import main
from kg.exports import release, syntaxes
from kg.facts import dataset
from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import PREFIXES, THING, VERSION, VOCAB, jak, local, thing
from kg.owl import hermit
from kg.rdf import named_graphs, serialize
from kg.sparql import library
from kg.sparql.built_graph import BuiltGraph

MINI = ROOT / "tests" / "mini"
SOURCE = PREFIXES["dcterms"] + "source"
NAME = thing("jak-kg")


def run(*words: object) -> int:
    return main.main(["release", *map(str, words), "--without-reasoner"])


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder: path -> bytes."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


# --- the same bytes ---------------------------------------------------------------------------------------------------


@pytest.mark.conformance
def test_two_machines_write_the_same_bytes(shipped: Path, ontology: Path, tmp_path: Path) -> None:
    """Every export: another hash seed, time zone, language and folder, the rows of every table in another order."""
    dice, copy = random.Random(6), tmp_path / "somewhere else" / "facts"
    shutil.copytree(ontology / "facts", copy)
    for file in sorted(copy.rglob("*.tsv")):
        header, *rows = file.read_bytes().splitlines(keepends=True)
        dice.shuffle(rows)
        file.write_bytes(b"".join([header, *rows]))
    other = {"PYTHONHASHSEED": "6", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0",
             "PYTHONCOERCECLOCALE": "0", "SOURCE_DATE_EPOCH": "0", "HOME": str(tmp_path)}  # fmt: skip
    command = [sys.executable, "-m", "kg", "release", "made", "--without-reasoner", "--facts", str(copy)]
    environment = os.environ | other | {"PYTHONPATH": str(Path(release.__file__).parent.parent.parent)}
    subprocess.run(command, env=environment, cwd=tmp_path, check=True, capture_output=True)
    made, ours = contents(tmp_path / "made"), contents(shipped)
    assert made.keys() == ours.keys()
    assert [name for name in ours if made[name] != ours[name]] == []


def test_every_file_has_its_checksum(shipped: Path) -> None:
    lines = (shipped / release.SUMS).read_text(encoding="utf-8").splitlines()
    said = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    here = {name: hashlib.sha256(data).hexdigest() for name, data in contents(shipped).items() if name != release.SUMS}
    assert said == here
    assert list(said) == sorted(said)


def test_what_the_command_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("made", "--facts", MINI) == 0
    checked, *lines = capsys.readouterr().out.splitlines()
    files = contents(tmp_path / "made")
    assert checked.endswith(": no problem")
    assert [line.split() for line in lines[: len(files)]] == [
        [f"{len(data):,}", f"made/{name}"] for name, data in files.items()
    ]
    fingerprint = hashlib.sha256(files["jak-kg.nt"]).hexdigest()
    assert f"RDFC-1.0 SHA-256 of the asserted graph: {fingerprint}" in lines


# --- the same graph ---------------------------------------------------------------------------------------------------


def quads(file: Path, form: RdfFormat) -> list[Quad]:
    return list(parse(file.read_bytes(), format=form))


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("jak-kg.ttl", RdfFormat.TURTLE),
        ("jak-kg.nt", RdfFormat.N_TRIPLES),
        ("jak-kg.rdf", RdfFormat.RDF_XML),
        ("jak-kg.jsonld", RdfFormat.JSON_LD),
    ],
)
def test_a_file_read_back_is_the_graph(name: str, form: RdfFormat, shipped: Path, asserted: Graph) -> None:
    assert {quad.triple for quad in quads(shipped / name, form)} == set(serialize.canonical(asserted))


def test_named_graphs_together_are_the_graph(shipped: Path, asserted: Graph) -> None:
    read = quads(shipped / "jak-kg.trig", RdfFormat.TRIG)
    named = [quad for quad in read if not isinstance(quad.graph_name, DefaultGraph)]
    assert {quad.triple for quad in named} == set(serialize.canonical(asserted))


def test_each_named_graph_is_described(shipped: Path, asserted: Graph) -> None:
    read = quads(shipped / "jak-kg.trig", RdfFormat.TRIG)
    sizes: dict[str, int] = defaultdict(int)
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in read:
        if isinstance(quad.graph_name, NamedNode):
            sizes[quad.graph_name.value] += 1
        elif isinstance(quad.subject, NamedNode):
            said[quad.subject.value][quad.predicate.value] = getattr(quad.object, "value", "")
    assert said.keys() == sizes.keys() | {NAME}
    for name, size in sizes.items():
        assert said[name][PREFIXES["void"] + "triples"] == str(size)
        source = URIRef(said[name][SOURCE])
        assert (source, RDF.type, URIRef(jak.Reference)) in asserted
        assert said[name][PREFIXES["rdfs"] + "label"]
        if name not in named_graphs.OURS:
            assert local(name) == f"graph-{local(source)}"


@pytest.fixture(scope="module")
def homes(asserted: Graph) -> dict[str, set[tuple[str, str]]]:
    """Thing -> the (predicate, graph) pairs of its triples."""
    found = defaultdict(set)
    for name, triples in named_graphs.named(serialize.canonical(asserted)).items():
        for triple in triples:
            if isinstance(triple.subject, NamedNode):
                found[triple.subject.value].add((triple.predicate.value, local(name)))
    return found


@pytest.mark.parametrize("kind", ["Evidence", "PotencyMeasurement", "Case", "Therapy", "Outcome", "CellAssay", "Side"])
def test_what_a_source_says_is_in_its_graph(kind: str, asserted: Graph, homes: dict[str, set[tuple[str, str]]]) -> None:
    things, named = list(asserted.subjects(RDF.type, URIRef(VOCAB + kind))), 0
    for each in things:
        said = set(asserted.objects(each, DCTERMS.source)) or set(asserted.objects(each, URIRef(jak.obtainedFrom)))
        wanted = {f"graph-{local(source)}" for source in map(str, said) if source != named_graphs.PROJECT} or {
            "graph-things"
        }
        named += "graph-things" not in wanted
        for predicate, home in homes[str(each)]:
            judged = predicate in named_graphs.JUDGED or predicate in named_graphs.FOLLOWS
            assert home in (("graph-things", "graph-derived") if judged else wanted), (each, predicate)
    assert named > len(things) / 2


def test_a_quantity_is_where_its_owner_is(homes: dict[str, set[tuple[str, str]]]) -> None:
    for name in ("khurana-2025-1-age", "khurana-2025-1-granuloma-annulare", "khurana-2025-1-baricitinib-dose"):
        assert {home for _, home in homes[thing(name)]} == {"graph-ref-khurana-2025"}


def test_a_claim_is_in_the_graph_of_each_that_speaks_on_it(
    asserted: Graph, homes: dict[str, set[tuple[str, str]]]
) -> None:
    several = 0
    for claim in asserted.subjects(RDF.type, URIRef(jak.Claim)):
        evidence = asserted.objects(claim, URIRef(jak.evidence))
        wanted = {local(str(s)) for each in evidence for s in asserted.objects(each, DCTERMS.source)} - {"ref-jak-kg"}
        homes_of = {
            predicate: {h for p, h in homes[str(claim)] if p == predicate} for predicate, _ in homes[str(claim)]
        }
        assert homes_of[jak.status] == {"graph-derived"}
        assert homes_of[jak.about] == ({f"graph-{name}" for name in wanted} or {"graph-things"})
        several += len(wanted) > 1
    assert several > 10


def test_only_what_is_derived_or_ours_is_in_our_graphs(homes: dict[str, set[tuple[str, str]]]) -> None:
    derived = {predicate for found in homes.values() for predicate, home in found if home == "graph-derived"}
    assert {jak.status, jak.throughJak, jak.contentDigest, jak.needsKinase, jak.bindsReceptor} <= derived
    assert SOURCE not in derived
    vocabulary = {subject for subject, found in homes.items() if any(home == "graph-vocabulary" for _, home in found)}
    assert all(not subject.startswith(THING) or subject.startswith(VOCAB[:-1]) for subject in vocabulary)


# --- JSON-LD ----------------------------------------------------------------------------------------------------------


def numbers(value: Any) -> list[object]:
    """Every number, boolean or null in JSON."""
    if isinstance(value, dict):
        return [found for inner in value.values() for found in numbers(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in numbers(inner)]
    return [] if isinstance(value, str) else [value]


@pytest.mark.conformance
def test_jsonld_holds_its_context_and_no_number(shipped: Path) -> None:
    document = json.loads((shipped / "jak-kg.jsonld").read_bytes())
    assert json.loads((shipped / "context.jsonld").read_bytes()) == {"@context": document["@context"]}
    assert numbers(document) == []
    terms = document["@context"]
    assert not any("@import" in term or "@context" in term for term in terms.values() if isinstance(term, dict))
    assert terms["needsKinase"] == {"@id": "jak:needsKinase", "@type": "@id"}
    assert terms["ratio"] == {"@id": "jak:ratio", "@type": "xsd:decimal"}
    assert terms["quote"] == {"@id": "jak:quote", "@language": "en"}


def test_jsonld_reads_like_the_facts(shipped: Path) -> None:
    nodes = {node["@id"]: node for node in json.loads((shipped / "jak-kg.jsonld").read_bytes())["@graph"]}
    receptor, age = nodes["kg:il21-receptor"], nodes["kg:khurana-2025-1-age"]
    assert receptor["needsKinase"] == ["kg:jak1", "kg:jak3"]
    assert receptor["rdfs:label"] == "IL-21 receptor"
    assert (age["low"], age["asReported"]) == ("48", "48 years")


def test_a_key_of_ours_is_no_prefix() -> None:
    assert {name for name in PREFIXES if name in jak.names} == set()


# --- a stranger -------------------------------------------------------------------------------------------------------


@pytest.mark.conformance
@pytest.mark.parametrize("name", library.names())
def test_oxigraph_of_a_stranger_answers_every_question(name: str, shipped: Path, store: Store) -> None:
    theirs = _stranger(shipped)
    question = library.load(name).text
    assert comparable(theirs.query(question)) == comparable(store.query(question))  # type: ignore[arg-type]


STORES: dict[Path, Store] = {}


def _stranger(folder: Path) -> Store:
    if folder not in STORES:
        STORES[folder] = Store()
        STORES[folder].load(path=str(folder / "jak-kg.ttl"), format=RdfFormat.TURTLE)
    return STORES[folder]


@pytest.mark.conformance
def test_rdflib_of_a_stranger_answers_three(shipped: Path, store: Store) -> None:
    theirs = Graph().parse(data=(shipped / "jak-kg.ttl").read_bytes(), format="turtle")
    for name in ("measurements_of_case", "evidence_on_routes", "inhibitors_that_hit_kinase"):
        question = library.load(name).text
        assert of_rdflib(theirs, question) == comparable(store.query(question))  # type: ignore[arg-type]
    licence = theirs.value(URIRef(NAME), DCTERMS.license)
    assert str(licence) == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert str(theirs.value(URIRef(NAME), OWL.versionInfo)) == VERSION
    assert str(theirs.value(URIRef(NAME), DCTERMS.bibliographicCitation)).startswith("The JAK-KG authors (2026).")


# --- whole or not at all ----------------------------------------------------------------------------------------------


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A small release that is there already."""
    files = {"jak-kg.ttl": b"# old\n", "stale/old.csv": b"old\n"}
    release.write(files | {release.SUMS: release.sums(files)}, tmp_path / "made")
    return tmp_path / "made"


NEW = {"jak-kg.ttl": b"# new\n", release.SUMS: release.sums({"jak-kg.ttl": b"# new\n"})}


def test_a_newer_release_leaves_nothing_of_the_older(made: Path) -> None:
    release.write(NEW, made)
    assert contents(made) == NEW
    assert [file.name for file in made.parent.iterdir()] == ["made"]
    assert made.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(("at", "call"), [("os.fsync", 1), ("pathlib.Path.rename", 1), ("pathlib.Path.rename", 2)])
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_leaves_the_older(
    at: str, call: int, fault: BaseException, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, calls = contents(made), 0
    real = Path.rename

    def failing(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            raise fault
        return real(*given)

    monkeypatch.setattr(at, failing)
    with pytest.raises((Problems, KeyboardInterrupt)):
        release.write(NEW, made)
    monkeypatch.undo()
    assert contents(made) == before
    assert [file.name for file in made.parent.iterdir()] == ["made"]


def test_a_release_killed_while_it_took_the_place_of_another_is_put_right(made: Path) -> None:
    before = contents(made)
    program = (
        "import os, pathlib, sys\nfrom kg.exports import release\nreal = pathlib.Path.rename\n"
        "def killed(self, target):\n    real(self, target)\n    os.kill(os.getpid(), 9)\n"
        "pathlib.Path.rename = killed\nrelease.write({'jak-kg.ttl': b''}, pathlib.Path(sys.argv[1]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(made)], check=False)
    assert done.returncode == -9
    assert not made.exists()
    release.prepare(made)
    assert contents(made) == before


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"notes.txt": b""}, "this folder holds something else than a release: name a folder that is new, or empty "),
        ({"SHA256SUMS": b"0  a.iso\n", "a.iso": b""}, "this folder holds something else than a release: "),
        (NEW | {"mine.txt": b""}, "mine.txt is not of the release that is here: move it away: a newer release would "),
    ],
)
def test_a_folder_of_something_else_is_left_alone(
    files: dict[str, bytes], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    assert run(folder, "--facts", MINI) == 2
    assert capsys.readouterr().err.startswith(f"{folder}: {said}")
    assert contents(folder) == dict(sorted(files.items()))


def test_a_file_a_link_and_a_missing_folder_are_refused(tmp_path: Path, made: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("mine")
    link.symlink_to(made)
    for folder, said in (
        (file, "file: this is not a folder"),
        (link, "link: this is not a folder"),
        (tmp_path / "none" / "made", "none: there is no such folder"),
    ):
        with pytest.raises(Problems, match=said):
            release.prepare(folder)
    release.prepare(tmp_path / "new")


def test_facts_with_a_problem_make_no_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = Path(shutil.copytree(MINI, tmp_path / "facts"))
    (copy / "kinases.tsv").unlink()
    assert run(tmp_path / "made", "--facts", copy) == 2
    assert "kinases.tsv: the file is missing" in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_a_text_that_xml_cannot_hold_makes_no_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = Path(shutil.copytree(MINI, tmp_path / "facts"))
    with (copy / "sites.tsv").open("a", encoding="utf-8") as table:
        table.write("elbow\tel\x01bow" + "\t" * (len(dataset.TABLES["sites"].model_fields) - 2) + "\n")
    assert run(tmp_path / "made", "--facts", copy) == 2
    assert "sites.tsv:4: elbow: U+0001 stands in a text, and XML cannot hold it: " in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_two_exports_of_one_name_are_a_fault(ontology: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "EXPORTS", (syntaxes, syntaxes))
    with pytest.raises(ValueError, match=r"two exports write context\.jsonld, jak-kg\.jsonld"):
        release.files(BuiltGraph(Graph(), ontology), reasoner=False)


# --- what a reasoner adds ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["java", "_owlready"])
def test_without_a_reasoner_it_is_said_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    def none() -> str:
        raise Problems([Problem(Place("kg reason"), "Java not found", "install it")])

    monkeypatch.setattr(hermit, missing, none)
    assert main.main(["release", str(tmp_path / "made"), "--facts", str(MINI)]) == 2
    said = "kg reason: Java not found: install it, or give --without-reasoner\n"
    assert capsys.readouterr().err == said
    assert not (tmp_path / "made").exists()


@pytest.mark.java
def test_the_reasoned_file_is_what_is_asserted_and_what_follows(ontology: Path) -> None:
    built = BuiltGraph.of(MINI, ontology)
    whole, files = set(built.triples), release.files(built)
    (name,) = files.keys() - release.files(built, reasoner=False).keys()
    assert name == "jak-kg.reasoned.ttl"
    reasoned = {quad.triple for quad in parse(files[name], format=RdfFormat.TURTLE)}
    assert {t for t in whole if "_:" not in str(t)} < reasoned
    assert len(reasoned) == len(whole) + len(hermit.inferred(built.graph))
