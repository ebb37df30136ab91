"""``kg ledger``, ``kg gaps`` and ``kg new case``."""

import json
import re
import shutil
import tomllib
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from kg import calculus as m
from kg.answers import cell_assays, context, gaps
from kg.answers import outcomes as ledger
from kg.cli import main
from kg.document import terminal
from kg.facts.dataset import TABLES
from kg.profiles import profile
from kg.rdf.store import folder
from kg.sparql.graph import OpenGraph


def test_every_case_has_an_entry_for_each_drug_it_was_given(graph: OpenGraph) -> None:
    found = {(entry.case, entry.drug) for entry in ledger.entries(graph)}
    assert {
        ("khurana-2025-1", "baricitinib"),
        ("wang-2021-group", "tofacitinib"),
        ("kim-2023-2", "baricitinib"),
    } <= found


def test_cases_without_cytokines_are_not_evaluable(graph: OpenGraph) -> None:
    for entry in ledger.entries(graph):
        if not entry.measured:
            assert entry.verdict == "not evaluable"
            assert entry.score is None
            assert entry.reason


def test_the_cases_that_were_measured(graph: OpenGraph) -> None:
    found = {entry.case: entry for entry in ledger.entries(graph)}
    first = found["khurana-2025-1"]
    assert (first.score, first.verdict) == ((0.5, 0.5), "not evaluable")
    assert "expects neither a response nor its absence" in first.reason
    assert first.relapse == "after one month of remission"
    group = found["wang-2021-group"]
    assert (group.n, group.verdict) == (5, "concordant")
    assert group.happened == (("complete", 3), ("marked", 2))


def test_what_would_count_against_each_entry(graph: OpenGraph) -> None:
    found = {entry.case: entry for entry in ledger.entries(graph)}
    assert found["wang-2021-group"].against == "no response at all"
    assert found["khurana-2025-1"].against == "none: nothing was predicted that could fail"
    assert all(entry.to_dict()["against"] == entry.against for entry in found.values())
    said = terminal.text(ledger.document(graph, list(found.values())), 999)
    assert "No non-response is published among the cases of the graph" in said
    assert "Against the calculus as a whole would count" in said
    failed = [replace(found["wang-2021-group"], happened=(("no response", 5),))]
    assert "Entries without a response: 1 of 1." in terminal.text(ledger.document(graph, failed), 999)


def test_one_data_set_counts_once_beside_a_trivial_rule(graph: OpenGraph) -> None:
    found = [finding for finding in cell_assays.findings(graph, graph.mechanism) if finding.other]
    told = Counter((finding.drug, finding.cytokine, finding.other) for finding in found)
    assert {finding.source for finding in found if finding.repeated} == {"jsci 2017"}
    counted = Counter((f.drug, f.cytokine, f.other) for f in found if not f.repeated)
    assert set(counted) == set(told)
    assert set(counted.values()) == {1}
    calculus, rule, *_ = cell_assays.ranks(found)
    for sentence in (calculus, rule):
        assert sum(map(int, re.findall(r"([0-9]+) (?:agree|contradict|are indis)", sentence))) == len(counted)
    tofacitinib = next(f for f in found if (f.drug, f.cytokine) == ("tofacitinib", "il21"))
    assert tofacitinib.baseline == "contradicts", "baricitinib has the lower IC50 on JAK1"


OUTCOME = context.ObservedOutcome(
    condition=ledger.DISEASE, site=None, event="response at assessment", grade="complete",
    percent=None, time=None, n=1, quote="all lesions cleared",
)  # fmt: skip


@pytest.mark.parametrize(
    ("score", "grades", "route", "verdict"),
    [
        ((1.0, 1.0), ["complete"], "oral", "concordant"),
        ((1.0, 1.0), ["complete", "marked"], "oral", "concordant"),
        ((1.0, 1.0), ["no response"], "oral", "discordant"),
        ((0.0, 0.0), ["no response"], "oral", "concordant"),
        ((0.0, 0.0), ["nearly complete"], "oral", "discordant"),
        ((1.0, 1.0), ["partial"], "oral", "not evaluable"),
        ((1.0, 1.0), ["complete", "no response"], "oral", "not evaluable"),
        ((1.0, 1.0), ["improvement ungraded"], "oral", "not evaluable"),
        ((1.0, 1.0), [], "oral", "not evaluable"),
        ((1.0, 1.0), ["complete"], "topical", "not evaluable"),
        ((0.5, 1.0), ["complete"], "oral", "not evaluable"),
        ((0.0, 1.0), ["complete"], "oral", "not evaluable"),
        (None, ["complete"], "oral", "not evaluable"),
    ],
)
def test_the_rule(score: tuple[float, float] | None, grades: list[str], route: str, verdict: str) -> None:
    signal = profile.MeasuredCytokine(cytokine="il21", label="IL-21", input="IL-21", reported="raised", jak="yes")
    outcomes = [replace(OUTCOME, grade=grade) for grade in grades]
    found, reason = ledger._verdict([signal], score, outcomes, route, None)
    assert found == verdict
    assert reason


def test_totals_count_patients(graph: OpenGraph) -> None:
    found = ledger.entries(graph)
    counted = ledger.totals(found)
    assert sum(count for count, _ in counted.values()) == len(found)
    assert sum(patients for _, patients in counted.values()) == sum(entry.n or 0 for entry in found)


def test_no_percentage_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("table", "markdown"):
        assert main.main(["ledger", "--format", form]) == 0
        out = capsys.readouterr().out
        assert "No percentage is given" in out
        verdicts = [
            line for line in out.splitlines() if line.startswith(("- concordant", "- discordant", "- not eval"))
        ]
        assert len(verdicts) == 3
        assert not any("%" in line for line in verdicts)
        assert "no comparison group" in out


def test_json(capsys: pytest.CaptureFixture[str], graph: OpenGraph) -> None:
    assert main.main(["ledger", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found) == len(ledger.entries(graph))
    assert {"case", "n", "drug", "score", "happened", "relapse", "verdict", "reason"} <= found[0].keys()


def test_settings_change_the_ledger(graph: OpenGraph) -> None:
    loose = ledger.entries(graph, m.Settings(require="any"))
    assert {entry.case: entry.verdict for entry in loose}["khurana-2025-1"] == "concordant"


def test_settings_change_what_cells_are_held_against(graph: OpenGraph) -> None:
    said = {
        next(line for line in terminal.text(shown, 999).splitlines() if "Ranks" in line)
        for t in (1, 100)
        for shown in [ledger.document(graph, [], m.Settings(threshold=Decimal(t)))]
    }
    assert len(said) == 2


def test_gaps(graph: OpenGraph, capsys: pytest.CaptureFixture[str]) -> None:
    titles = gaps.found(graph)
    assert (
        "oncostatin M"
        in titles["Implicated in granuloma annulare and never measured in a treated patient reported singly"]
    )
    profiles = titles["Inhibitors without a comparable potency on all four kinases"]
    assert "golidocitinib: JAK3" in profiles
    assert not any(line.startswith(("tofacitinib", "abrocitinib")) for line in profiles), "its label bounds JAK3"
    assert main.main(["gaps"]) == 0
    assert "Claims of routes that stand on one source" in capsys.readouterr().out


@pytest.mark.conformance
def test_new_case_writes_a_template_that_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main.main(["new", "case", "miller-2026"]) == 0
    text = (tmp_path / "miller-2026.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    assert data["reference"] == "miller-2026"
    assert data["case"][0]["id"] == "miller-2026-1"
    assert "run kg check" in capsys.readouterr().out
    facts = tmp_path / "facts"
    shutil.copytree(folder("ontology") / "facts", facts)
    (facts / "cases" / "miller-2026.toml").write_text(text, encoding="utf-8")
    with (facts / "references.tsv").open("a", encoding="utf-8") as table:
        table.write("miller-2026\tarticle\tMiller 2026" + "\t" * (len(TABLES["references"].model_fields) - 3) + "\n")
    assert main.main(["check", "--facts", str(facts)]) == 2
    said = capsys.readouterr().err
    assert said.count("is still the template's") == 6
    assert f"miller-2026.toml:{text[: text.index('<words on what happened>')].count(chr(10)) + 1}: quote" in said
    assert main.main(["new", "case", "miller-2026"]) == 2
    assert "this file exists" in capsys.readouterr().err
    assert main.main(["new", "case", "Smith 2026"]) == 2
    assert "write author and year" in capsys.readouterr().err
