"""The public Python API: kg.open(), what it gives, and that a script of a user works at the first try."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pandas
import polars
import pytest

import kg
from kg.answers.schema import json_schema
from kg.cli.main import main
from kg.knowledge_graph import KnowledgeGraph

FRAME = {"cytokine": ["IL-21", "IFN-gamma", "IL-15"], "ratio": [2.33, 0.08, None]}
COMPARATOR = "own uninvolved skin"


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 0
    return capsys.readouterr().out


def test_every_answer_is_what_the_command_prints_and_what_the_schema_says(
    graph: KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    for case in graph.instances("jak:Case"):
        answer = graph.ask(case)
        assert answer.to_json() == printed(capsys, "ask", case, "--format", "json")
        assert list(validator.iter_errors(json.loads(answer.to_json()))) == []
        assert len(repr(answer)) < 100


def test_the_schema_refuses_a_key_that_is_renamed(graph: KnowledgeGraph) -> None:
    values = json.loads(graph.ask("khurana-2025-1").to_json())
    values["drugs"][0]["points"] = values["drugs"][0].pop("score")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, json_schema())


@pytest.mark.parametrize("patient", [
    {"IL-21": 2.33, "IFN-gamma": Decimal("0.08"), "IL-15": None},
    {"signals": [{"cytokine": "IL-21", "ratio": 2.33}, {"gene": "IFNG", "ratio": "0.08"}]},
    [{"cytokine": "IL-21", "ratio": 2.33}, {"cytokine": "IFN-gamma", "ratio": 0.08}],
    pandas.DataFrame(FRAME), polars.DataFrame(FRAME),
], ids=["dict", "signals", "list", "pandas", "polars"])  # fmt: skip
def test_a_patient_in_python_is_the_patient_of_a_file(graph: KnowledgeGraph, tmp_path: Path, patient: object) -> None:
    file = tmp_path / "patient.csv"
    file.write_text("cytokine,ratio\nIL-21,2.33\nIFN-gamma,0.08\n", encoding="utf-8")
    given, read = graph.ask(patient, comparator=COMPARATOR), graph.ask(file, comparator=COMPARATOR)
    assert given.to_dict()["drugs"] == read.to_dict()["drugs"]
    assert [s.direction() for s in given.profile.signals] == ["lowered", "raised"]


def test_numbers_are_taken_as_they_come(graph: KnowledgeGraph) -> None:
    answers = [graph.ask("khurana-2025-1", threshold=value).to_json() for value in (55, 55.0, Decimal(55), "55")]
    assert len({json.dumps(json.loads(answer)["drugs"]) for answer in answers}) == 1


@pytest.mark.parametrize(("given", "words"), [
    ({"threshold": "many"}, ["threshold: 'many' is not a number"]),
    ({"threshold": True}, ["threshold: True is not a number"]),
    ({"threshold": float("nan"), "raised": 1, "require": "most"}, ["threshold: nan", "raised: 1 ", "require: 'most'"]),
    ({"top": 0}, ["top: 0 is no count"]),
    ({"drug": "tofacitinob"}, ["did you mean tofacitinib"]),
])  # fmt: skip
def test_settings_that_do_not_fit_are_said_at_once(
    graph: KnowledgeGraph, given: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(kg.Problems) as caught:
        graph.ask("khurana-2025-1", **given)
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize(("patient", "words"), [
    ({"IL-21": -2}, "patient: row 1: ratio '-2' is negative"),
    ({"IL-21": "maybe"}, "direction 'maybe' is not known"),
    ({"IL-99x": 2}, "cytokine 'IL-99x' is not known"),
    ({}, "the list is empty"),
    (7, "this int is no patient"),
])  # fmt: skip
def test_a_patient_that_does_not_fit(graph: KnowledgeGraph, patient: object, words: str) -> None:
    with pytest.raises(kg.Problems) as caught:
        graph.ask(patient, comparator=COMPARATOR)
    assert words in str(caught.value)


def test_a_patient_without_a_comparator_is_told_how_to_say_it(graph: KnowledgeGraph) -> None:
    with pytest.raises(kg.Problems, match="comparator=NAME"):
        graph.ask({"IL-21": 2})


def test_frames_have_numbers(graph: KnowledgeGraph) -> None:
    potency = graph.potency().to_pandas()
    assert potency["low"].dtype == potency["high"].dtype == float
    assert set(potency["unit"].dropna()) <= {"nM", "fold"}
    assert potency["comparable"].dtype == bool
    polar = graph.potency().to_polars()
    assert (str(polar["low"].dtype), len(polar)) == ("Float64", len(potency))
    answer = graph.ask("khurana-2025-1").to_frame()
    groups: dict[str, list[tuple[int, int]]] = {}
    for group, first, last in zip(answer["group"], answer["rank"], answer["rank_last"], strict=True):
        groups.setdefault(group, []).append((first, last))
    assert len(groups) == 3
    for ties in groups.values():
        places = [place for first, last in dict.fromkeys(ties) for place in range(first, last + 1)]
        assert places == list(range(1, len(ties) + 1)), "ranks of a group start at 1, and equal rows share theirs"
        assert all(ties.count((first, last)) == last - first + 1 for first, last in ties)
    assert answer["score_low"].dtype == float


def test_rows_are_those_of_the_command_and_json_takes_them(
    graph: KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("potency_of_inhibitors", "cases", "routes_of_cytokines"):
        rows = graph.query(name)
        assert rows == kg.query(name)
        assert rows.to_json() == printed(capsys, "query", name, "--format", "json")
        json.dumps(rows, allow_nan=False)
        assert "<table" in rows._repr_html_()


def test_the_cases_are_listed_or_one_is_asked_for(graph: KnowledgeGraph) -> None:
    assert len(graph.cases()) == len(graph.instances("jak:Case"))
    (row,) = graph.query("cases", case="khurana-2025-1")
    assert row in graph.cases()
    assert graph.query("cases", case="any") == graph.cases()


def test_an_answer_in_a_notebook_escapes_what_a_user_wrote(graph: KnowledgeGraph) -> None:
    page = graph.ask({"IL-21": 2}, comparator="<script>alert(1)</script>")._repr_html_()
    assert "<table" in page
    assert "<script" not in page


def test_a_graph_that_was_given_out_is_a_copy(graph: KnowledgeGraph) -> None:
    copy = graph.to_rdflib()
    copy.remove((None, None, None))
    assert len(copy) == 0 < len(graph)


def test_a_derived_bound_is_marked_wherever_a_potency_stands(graph: KnowledgeGraph) -> None:
    derived = {row["measurement"] for row in graph.potency() if row["derived"]}
    assert derived
    edges = graph.to_networkx("mechanism").edges(keys=True, data=True)
    assert derived == {key for *_, key, about in edges if about.get("derived")}


def test_projections_by_name(graph: KnowledgeGraph) -> None:
    assert graph.to_networkx("mechanism").has_edge("il21-receptor", "jak3")
    assert graph.to_networkx("relations").has_edge("tofacitinib", "jak3")
    with pytest.raises(kg.Problems, match="mechanism, relations"):
        graph.to_networkx("all")


def test_a_pyvis_script_works_at_the_first_try(
    graph: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyvis.network import Network  # type: ignore[import-untyped]

    monkeypatch.chdir(tmp_path)  # where pyvis puts its scripts
    network = Network()
    for row in graph.potency():
        network.add_node(row["drug"])
        network.add_node(row["kinase"])
        network.add_edge(row["drug"], row["kinase"], value=row["high"], title=row["reported"])
    for row in kg.query("measurements_of_case", case="khurana-2025-1"):
        network.add_node(row["cytokine"], value=row["ratio"])
    network.write_html("mine.html", notebook=False)
    assert "tofacitinib" in (tmp_path / "mine.html").read_text(encoding="utf-8")


def test_graphs_of_load_and_of_open_are_both_taken(graph: KnowledgeGraph) -> None:
    loaded = kg.load()
    assert kg.query("cases", graph=loaded) == kg.query("cases", graph=graph)
    own = "SELECT ?kinase { ?kinase a <https://w3id.org/jak-kg/vocab#Kinase> } ORDER BY ?kinase"
    assert kg.query(own, graph=loaded) == kg.query(own, graph=graph) == graph.query(own)
    from kg.viz import scenes

    counts = [len(scenes.of(one, "drug", "tofacitinib").graph) for one in (loaded, graph)]
    assert counts == [len(graph.scene("drug", "Xeljanz").graph)] * 2


def test_a_missing_reasoner_has_a_remedy_that_can_be_installed(
    graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.owl.world.find_spec", lambda _: None)
    with pytest.raises(kg.Problems, match=r"owlready2 is not installed: pip install owlready2"):
        graph.to_owlready()


@pytest.mark.java
def test_the_members_of_a_defined_class_are_inferred(graph: KnowledgeGraph) -> None:
    vocabulary = graph.to_owlready(inferred=True).get_ontology("https://w3id.org/jak-kg/vocab#")
    assert "delgocitinib" in {one.name for one in vocabulary.PanJakInhibitor.instances()}
