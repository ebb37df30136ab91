"""Answers that are kept beside the shipped graph: those that the store gives, of this graph and these questions."""

import json
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.knowledge_graph import KnowledgeGraph
from kg.rdf import shipped as shipped_graph
from kg.sparql import kept_answers, library
from kg.sparql.kept_answers import KeptAnswers


def kept() -> KeptAnswers:
    """The answers on the shipped graph."""
    found = kept_answers.shipped()
    assert found is not None
    return found


def test_every_kept_answer_is_that_of_the_store(store: Store) -> None:
    answers = kept()
    assert len(answers.names()) > 200
    for name in answers.names():
        question, *given = name.split(" ")
        if question == "a":
            assert answers.instances(given[0]) == library.instances(store, given[0])
            continue
        values = dict(each.split("=", 1) for each in given)
        rows, asked = answers.rows(question, values), library.ask(store, question, **values)
        assert rows is not None
        assert (rows, rows.columns) == (asked, asked.columns), name
        assert [list(map(type, row.values())) for row in rows] == [list(map(type, row.values())) for row in asked], name


def test_what_is_not_kept_is_asked_of_the_store() -> None:
    answers = kept()
    assert answers.rows("cases", {"case": "nobody"}) is None
    assert answers.rows("inhibitors_that_hit_kinase", {"kinase": "jak1"}) is None
    assert answers.instances("jak:Nothing") is None


@pytest.mark.parametrize("patient", ["khurana-2025-1", {"IL-21": 2.33}])
def test_an_answer_opens_no_store(patient: object, store: Store) -> None:
    def none() -> Store:
        raise AssertionError("the store was opened")

    lazy, whole = KnowledgeGraph(none, kept=kept()), KnowledgeGraph(store)
    given = None if isinstance(patient, str) else "healthy-control-skin"
    assert lazy.ask(patient, comparator=given).to_json() == whole.ask(patient, comparator=given).to_json()


@pytest.mark.parametrize(
    "there", [None, b"", b"{}\n", b'{"made from": "another graph", "answers": {}}\n', b"[1\n", b"\xff"]
)
def test_a_file_of_another_graph_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bytes | None
) -> None:
    monkeypatch.setattr(kept_answers, "FILE", tmp_path / "answers.jsonl")
    monkeypatch.setattr(library, "names", lambda: ["cases", "graph_version"])
    if there is not None:
        kept_answers.FILE.write_bytes(there)
    assert kept().rows("graph_version", {})
    assert json.loads(kept_answers.FILE.read_bytes().splitlines()[0])["made from"].startswith("built from ")


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(kept_answers, "FILE", tmp_path / "file" / "answers.jsonl")
    monkeypatch.setattr(library, "names", lambda: ["cases"])
    assert kept_answers.shipped() is None


def test_other_questions_make_other_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if not shipped_graph.is_checkout():
        pytest.skip("the questions of an installed package do not change")
    before = kept().made_from
    (tmp_path / "new.rq").write_text("SELECT * {}")
    monkeypatch.setattr(kept_answers, "folder", lambda _: tmp_path)
    assert kept_answers._stamp() != before
