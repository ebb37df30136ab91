"""Facts files: each planted mistake of bad/facts is reported in exactly these words, and the graph is the same always.

A file of bad/facts edits the small folder ``mini``: ``file`` with ``find`` and ``replace`` (the text stands there
once), ``append`` (with an ``encoding``), ``crlf``, ``reverse`` (the rows) or ``delete``; several edits are tables
``[[edit]]``. ``expected`` holds the lines that ``kg check`` prints, with paths relative to the folder.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from pyoxigraph import RdfFormat, parse
from rdflib import BNode, Graph, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from kg.cli import main
from kg.facts import dataset, mappings, terms
from kg.model import identifiers
from kg.model.errors import Problem, Problems
from kg.model.identifiers import curie
from kg.model.vocabulary import DEFINED, UNITS, VOCAB, Vocabulary, jak, local
from kg.rdf import builder, serialize
from kg.rdf.store import folder as data
from kg.validation import check

HERE = Path(__file__).parent.parent
MINI = HERE / "mini"
BAD = sorted((HERE / "bad" / "facts").glob("*.toml"))
MINI_FILES = sorted(str(file.relative_to(MINI)) for file in MINI.rglob("*.t*"))
VOCABULARY = data("ontology") / "jak-kg.ttl"
DEFINITIONS = data("ontology") / "definitions.ttl"


def edit(folder: Path, change: dict[str, Any]) -> None:
    """Plant one mistake in a folder of facts."""
    file = folder / change["file"]
    if change.get("delete"):
        if file.is_dir():
            shutil.rmtree(file)
        else:
            file.unlink()
    elif "append" in change:
        before = file.read_bytes() if file.exists() else b""
        file.write_bytes(before + change["append"].encode(change.get("encoding", "utf-8")))
    elif change.get("crlf"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    elif change.get("reverse"):
        header, *rows = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join([header, *reversed(rows)]))
    else:
        text = file.read_bytes().decode()
        assert text.count(change["find"]) == 1, (
            f"{change['find']!r} stands {text.count(change['find'])} times in {file}"
        )
        file.write_bytes(text.replace(change["find"], change["replace"]).encode())


def with_mistakes(file: Path, parent: Path) -> tuple[Path, list[str]]:
    """Return a copy of the small folder with the mistakes of a file, and what is expected of it."""
    case = tomllib.loads(file.read_text(encoding="utf-8"))
    folder = Path(shutil.copytree(MINI, parent / "facts"))
    for change in case.get("edit", [case]):
        edit(folder, change)
    return folder, case["expected"]


def shown(found: Iterable[Problem], folder: Path) -> list[str]:
    """Return problems as lines, with paths relative to a folder."""
    return [str(problem).replace(f"{folder}{os.sep}", "") for problem in found]


def problems(folder: Path) -> list[str]:
    """Return the lines that the check of a folder prints, with paths relative to it."""
    try:
        check.everything(folder, data("ontology"))
    except Problems as error:
        return shown(error.problems, folder)
    return []


def built(folder: Path) -> tuple[bytes, bytes]:
    """Return the graph of a folder as Turtle and as N-Triples."""
    whole = builder.build(dataset.read(folder), VOCABULARY)
    return serialize.turtle(whole), builder.ntriples(whole)


@cache
def mini_bytes() -> tuple[bytes, bytes]:
    """Return the graph of the small folder, built once."""
    return built(MINI)


@cache
def whole_graph(folder: Path) -> Graph:
    """Return the graph of a folder, built once."""
    return builder.build(dataset.read(folder), VOCABULARY)


@contextmanager
def copy_of_mini() -> Iterator[Path]:
    """Yield a copy of the small folder."""
    with tempfile.TemporaryDirectory() as parent:
        yield Path(shutil.copytree(MINI, Path(parent) / "facts"))


# --- mistakes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_mistake_is_reported(file: Path, tmp_path: Path) -> None:
    folder, expected = with_mistakes(file, tmp_path)
    found = shown(dataset.readable(folder)[1], folder)  # the graph of what is left: below, since it takes long
    assert (found if found == expected else problems(folder)) == expected


@pytest.mark.conformance
@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_nothing_follows_from_a_mistake(file: Path, tmp_path: Path) -> None:
    folder, expected = with_mistakes(file, tmp_path)
    assert problems(folder) == expected


def test_the_small_folder_passes() -> None:  # the real one: the doctest of kg.validation.check
    assert problems(MINI) == []


def test_small_folder_has_the_files_and_columns_of_the_real_one() -> None:
    real = data("ontology") / "facts"
    for file in sorted(MINI.rglob("*.tsv")):
        header = (real / file.relative_to(MINI)).read_text(encoding="utf-8").partition("\n")[0]
        assert file.read_text(encoding="utf-8").partition("\n")[0] == header, file
    assert {file.name for file in MINI.rglob("*.tsv")} == {file.name for file in real.rglob("*.tsv")}


def test_unreadable_table_is_a_problem(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(MINI, tmp_path / "facts"))
    (folder / "sites.tsv").unlink()
    (folder / "sites.tsv").mkdir()
    assert problems(folder) == ["sites.tsv: cannot be read (Is a directory): fix the file"]


# --- properties -------------------------------------------------------------------------------------------------------


@pytest.mark.conformance
@settings(max_examples=6, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_order_of_rows_does_not_matter(seed: int) -> None:
    dice = random.Random(seed)
    with copy_of_mini() as folder:
        for file in sorted(folder.rglob("*.tsv")):
            header, *rows = file.read_bytes().splitlines(keepends=True)
            dice.shuffle(rows)
            file.write_bytes(b"".join([header, *rows]))
        assert built(folder) == mini_bytes()


@pytest.mark.conformance
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(name=st.sampled_from(MINI_FILES), at=st.floats(min_value=0, max_value=1, exclude_max=True))
def test_lost_character_never_crashes(name: str, at: float) -> None:
    with copy_of_mini() as folder:
        text = (folder / name).read_text(encoding="utf-8")
        cut = int(at * len(text))
        (folder / name).write_text(text[:cut] + text[cut + 1 :], encoding="utf-8", newline="")
        with suppress(Problems):
            check.everything(folder, data("ontology"))


@pytest.mark.conformance
@pytest.mark.parametrize("suffix", [".ttl", ".nt"])
def test_hash_seed_does_not_matter(suffix: str, tmp_path: Path) -> None:
    written = []
    for seed in ("0", "12345"):
        file = tmp_path / f"{seed}{suffix}"
        command = [sys.executable, "-m", "kg", "build", "--facts", str(MINI), "-o", str(file)]
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True)
        written.append(file.read_bytes())
    assert written[0] == written[1] == mini_bytes()[suffix == ".nt"]


def test_turtle_and_ntriples_are_one_graph() -> None:
    turtle, ntriples = mini_bytes()
    (read, other) = (
        {quad.triple for quad in parse(data, format=form)}
        for data, form in ((turtle, RdfFormat.TURTLE), (ntriples, RdfFormat.N_TRIPLES))
    )
    assert read == other
    assert b'"48"^^xsd:decimal' in turtle


# --- kg build ---------------------------------------------------------------------------------------------------------


def build(output: Path, capsys: pytest.CaptureFixture[str], *, source: Path = MINI) -> tuple[int, str]:
    """Run kg build and return its exit code and what it complains of."""
    code = main.main(["build", "--facts", str(source), "-o", str(output)])
    return code, capsys.readouterr().err


@pytest.mark.parametrize(("name", "at"), [("fsync", "os.fsync"), ("replace", "pathlib.Path.replace")])
def test_build_writes_whole_or_not_at_all(
    name: str, at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "graph.ttl"
    file.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(at, full)
    code, said = build(file, capsys)
    monkeypatch.undo()
    assert (code, said) == (
        2,
        f"{file}: cannot be written (No space left on device): make room, or name another disk\n",
    ), name
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_build_that_is_stopped_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "graph.nt"
    file.write_bytes(b"old")

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", stop)
    assert main.main(["build", "--facts", str(MINI), "-o", str(file)]) == 130
    monkeypatch.undo()
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_build_writes_a_readable_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "graph.nt"
    assert build(file, capsys) == (0, "")
    assert file.read_bytes() == mini_bytes()[1]
    assert file.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [file]


def test_build_to_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "none"
    said = f"{folder}: there is no such folder: make it, or name another\n"
    assert build(folder / "graph.ttl", capsys) == (2, said)
    assert not folder.exists()


def test_build_to_a_folder_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_bytes(b"")
    said = f"{tmp_path / 'file'}: there is no such folder: make it, or name another\n"
    assert build(tmp_path / "file" / "graph.ttl", capsys) == (2, said)


def test_build_over_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "graph.ttl"
    file.mkdir()
    said = f"{file}: cannot be written (Is a directory): name another file\n"
    assert build(file, capsys) == (2, said)
    assert list(tmp_path.iterdir()) == [file]


def test_build_to_a_folder_that_is_not_writable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("kg.model.temporary._made", refuse)  # root may write everywhere, so that chmod would not do
    file = tmp_path / "graph.ttl"
    said = f"{file}: cannot be written (Permission denied): name a file in a folder of yours\n"
    assert build(file, capsys) == (2, said)


@pytest.mark.parametrize("name", ["graph.rdf", "graph", "graph.TTL"])
def test_build_with_a_wrong_suffix(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / name
    assert build(file, capsys) == (2, f"{file}: the suffix is neither .ttl nor .nt: name it FILE.ttl\n")


def test_build_from_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = f"{tmp_path / 'none'}: there is no such folder: give a folder with the files of facts\n"
    assert build(tmp_path / "graph.ttl", capsys, source=tmp_path / "none") == (2, said)


def test_build_of_a_relation_without_role(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with copy_of_mini() as folder:
        with (folder / "relations.tsv").open("a", encoding="utf-8") as relations:
            relations.write("blocks\tinhibitors\tkinases\t{about} blocks {object}\n")
        row = (
            "tofacitinib\tblocks\tjak1\tsupports\ttext\t\tECO:0007645\thuman\t\tcst-table\tcst-table\tme\t2026-11-23\n"
        )
        with (folder / "claims" / "non-jak.tsv").open("a", encoding="utf-8") as claims:
            claims.write(row)
        code, said = build(tmp_path / "graph.ttl", capsys, source=folder)
    assert code == 2
    assert "relation 'blocks' has no role in the vocabulary" in said


# --- vocabulary and graph ---------------------------------------------------------------------------------------------


def test_vocabulary_is_declared_once_in_both_places() -> None:
    for file, names in ((VOCABULARY, Vocabulary.names - DEFINED), (DEFINITIONS, DEFINED)):
        kinds = [OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual]
        terms = {term for kind in kinds for term in Graph().parse(file).subjects(RDF.type, kind)}
        assert {local(str(term)) for term in terms if str(term).startswith(VOCAB)} == names


@pytest.mark.parametrize("predicate", [RDFS.label, SKOS.definition, DCTERMS.source], ids=local)
def test_terms_are_explained(predicate: URIRef) -> None:
    vocabulary = Graph().parse(VOCABULARY).parse(DEFINITIONS)
    bare = [
        name for name in sorted(Vocabulary.names) if not vocabulary.value(URIRef(VOCAB + name), predicate, any=True)
    ]
    assert bare == []


FOLDERS = pytest.mark.parametrize("folder", [MINI, data("ontology") / "facts"], ids=["mini", "real"])


@FOLDERS
def test_no_blank_node(folder: Path) -> None:
    assert not [triple for triple in whole_graph(folder) if any(isinstance(term, BNode) for term in triple)]


@FOLDERS
def test_terms_of_the_graph_are_declared(folder: Path) -> None:
    used = {str(term) for triple in whole_graph(folder) for term in triple if isinstance(term, URIRef)}
    assert {local(term) for term in used if term.startswith(VOCAB)} <= Vocabulary.names - DEFINED


@FOLDERS
def test_claims_have_evidence(folder: Path) -> None:
    whole = whole_graph(folder)
    claims = set(whole.subjects(RDF.type, URIRef(jak.Claim)))
    assert claims
    assert not [claim for claim in claims if (claim, URIRef(jak.evidence), None) not in whole]
    backing = set(whole.subjects(RDF.type, URIRef(jak.Evidence)))
    assert backing == set(whole.objects(None, URIRef(jak.evidence)))


@FOLDERS
def test_direct_edge_exactly_where_accepted(folder: Path) -> None:
    whole = whole_graph(folder)
    roles = dict(whole.subject_objects(URIRef(jak.directEdge)))
    accepted = {
        (whole.value(claim, URIRef(jak.about)), edge, target)
        for claim in whole.subjects(URIRef(jak.status), URIRef(jak.Accepted))
        for role, edge in roles.items()
        for target in whole.objects(claim, role)
    }
    drawn = {(s, edge, o) for edge in roles.values() for s, o in whole.subject_objects(edge)}
    assert accepted
    assert drawn == accepted


def test_statuses_of_the_small_folder() -> None:
    whole = whole_graph(MINI)
    states = {local(str(s)): local(str(o)) for s, o in whole.subject_objects(URIRef(jak.status))}
    assert states["claim-ifngr1-binds-jak2"] == "Refuted"  # by a decision: the evidence says both
    assert states["claim-ifng-receptor-needs-tyk2"] == "Disputed"
    assert states["claim-il21-receptor-needs-jak3"] == "Accepted"


# --- terms ------------------------------------------------------------------------------------------------------------


def test_the_terms_that_we_use_are_listed_with_their_labels() -> None:
    known = terms.known()
    for row in mappings.read(data("ontology") / mappings.FILE).rows:
        if row.object_id.partition(":")[0] in terms.LISTED:
            assert known[row.object_id] == row.object_label
    units = {curie(unit) for unit in UNITS.values() if not unit.startswith(VOCAB)}
    assert units <= known.keys()
    text = (data("ontology") / terms.FILE).read_text(encoding="utf-8").splitlines()
    assert text[0] == "id\tlabel\tsource"
    assert text[1:] == sorted(set(text[1:]))
    for line in text[1:]:
        term, label, source = line.split("\t")
        prefix = term.partition(":")[0]
        assert re.fullmatch(rf"{prefix} release 20\d\d-\d\d-\d\d", source), line
        assert identifiers.checked(term)
        assert label == label.strip() != ""


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("ECO:0000810", "ECO:0000180, clinical study evidence"),
        ("ECO:0007795", "ECO:0007759"),
        ("eco:0000180", "ECO:0000180"),
        ("ECO_0000180", "ECO:0000180"),
        ("Clinical study evidence", "ECO:0000180"),
        ("western blot", ""),
    ],
)
def test_a_method_that_is_none_has_near_ones(written: str, near: str) -> None:
    with pytest.raises(ValueError, match=re.escape(written)) as caught:
        TypeAdapter(terms.Method).validate_python(written)
    assert near in str(caught.value)
    assert ("did you mean" in str(caught.value)) == bool(near)
