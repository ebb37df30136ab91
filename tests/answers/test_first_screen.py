"""The first screen of ``kg ask``: 40 lines of 80 columns for whatever is asked, drugs side by side, ``kg next``."""

import json
import re
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.answers import first_screen, render
from kg.answers.ranking import Answer
from kg.cli import main
from kg.document import terminal
from kg.knowledge_graph import KnowledgeGraph

GRAPH = kg.open()
JAK = sorted(name for name, routes in GRAPH.mechanism.routes.items() if routes)
RATIOS = st.one_of(st.sampled_from(["1.3", "1.6", "4"]), st.decimals("0.01", "200", places=2).map(str))


def lines(answer: Answer) -> list[str]:
    return terminal.text(render.document(answer), 80).splitlines()


def said(answer: Answer) -> str:
    return " ".join(" ".join(lines(answer)).split())


def fits(answer: Answer) -> None:
    found = lines(answer)
    assert len(found) <= first_screen.LINES, "\n".join(found)
    assert max(map(len, found)) <= 80, "\n".join(found)


@pytest.mark.parametrize("case", GRAPH.instances("jak:Case"))
def test_every_case_fits(case: str) -> None:
    fits(GRAPH.ask(case))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(JAK), RATIOS, min_size=1, max_size=12), st.sampled_from(["20", "100", "787"]))
def test_whatever_is_measured_fits(profile: dict[str, str], threshold: str) -> None:
    for row in GRAPH.rows("members_of_families"):  # a family never stands beside a member of it
        if row["family"] in profile:
            profile.pop(row["member"], None)
    fits(GRAPH.ask(profile, comparator="healthy skin of someone", threshold=threshold))


@pytest.mark.parametrize("width", [20, 40, 64, 120])
def test_a_narrow_terminal_shows_all_of_it(width: int) -> None:
    shown = terminal.text(render.document(GRAPH.ask("khurana-2025-1")), width)
    assert "tofacitinib" in shown
    assert max(map(len, shown.splitlines())) <= max(width, terminal.NARROWEST) + 20


def test_patient_1_in_the_order_of_an_expert() -> None:
    text = said(GRAPH.ask("khurana-2025-1"))
    marks = (
        "tofacitinib alone blocks IL-21", "Stands on one raised cytokine: IL-21 2.33-fold", "one sample",
        "Given: baricitinib 4 mg, rank", "rank approved, systemic", "Topical: delgocitinib", "Not approved:",
        "baricitinib too", "Take care", "Below a threshold of 55 nM sources on JAK3 of tofacitinib disagree",
        "One sample without replicate", "not measured: kg next khurana-2025-1", "More: --full",
    )  # fmt: skip
    places = [text.find(mark) for mark in marks]
    assert -1 not in places, dict(zip(marks, places, strict=True))
    assert places == sorted(places)


def test_patient_1_shows_its_own_fragility() -> None:
    rows = {row.drug.id: row for row in GRAPH.ask("khurana-2025-1").rows}
    windows = {name: first_screen.window_words(rows[name].robustness.window) for name in ("tofacitinib", "baricitinib")}
    assert windows == {"tofacitinib": "from 55", "baricitinib": "5.9 to <787"}
    assert rows["tofacitinib"].rank == (1, 1)
    loose = {row.drug.id: row.score for row in GRAPH.ask("khurana-2025-1", require="any").rows}
    assert loose["tofacitinib"] == loose["baricitinib"] == (1, 1)
    (kinase,) = [
        kinase
        for row in GRAPH.ask("khurana-2025-1", threshold=50, drug="tofacitinib").rows
        for kinase in row.kinases().values()
        if kinase.kinase == "jak3"
    ]
    assert kinase.reason() == "sources disagree"


def test_the_drug_given_is_among_the_rows_shown() -> None:
    shown = first_screen.shown_rows(GRAPH.ask("khurana-2025-1"), 3)
    assert [row.drug.id for row in shown][-1] == "baricitinib"


@pytest.mark.parametrize(
    ("profile", "first"),
    [
        ({"IL-21": 1}, "No measured cytokine is raised: nothing is ranked."),
        ({"TNF": 9}, "No raised cytokine signals through a JAK: nothing is ranked."),
    ],
)
def test_where_nothing_is_ranked_that_is_said_first(profile: dict[str, object], first: str) -> None:
    assert lines(GRAPH.ask(profile, comparator="healthy skin"))[1] == first


def test_where_nothing_was_measured_that_is_said_first_then_what_was_given() -> None:
    shown = lines(GRAPH.ask("khurana-2025-3"))
    assert shown[1].startswith("Nothing was measured")
    assert any(line.startswith("Given: baricitinib 4 mg. Complete at 6 weeks") for line in shown)


def test_a_comparator_that_is_not_known_is_said_first() -> None:
    assert "“pooled mouse ears” is none that the graph knows" in lines(
        GRAPH.ask({"IL-21": 3}, comparator="pooled mouse ears")
    )[1]  # fmt: skip


def test_a_ratio_near_the_cut_off_says_what_the_ranking_becomes() -> None:
    caveats = GRAPH.ask({"IL-21": 1.6}, comparator="healthy skin").caveats
    assert "IL-21 at 1.6 is near the cut-off of 1.5. Not raised: nothing is ranked." in caveats
    assert not any("cut-off" in line for line in GRAPH.ask({"IL-21": 4}, comparator="healthy skin").caveats)


def test_a_threshold_at_the_edge_of_a_value_is_said() -> None:
    (first, *_) = GRAPH.ask("khurana-2025-1", threshold=55).caveats
    assert "Below a threshold of 55 nM" in first
    assert "That is the threshold itself." in first


def test_a_need_by_database_only_is_said() -> None:
    caveats = GRAPH.ask({"IL-13": 9}, comparator="healthy skin").caveats
    assert any("IL-13 needs TYK2" in line for line in caveats)


def test_disputes_of_another_patient_are_not_shown() -> None:
    own = GRAPH.ask("khurana-2025-1").disagreements
    other = GRAPH.ask({"IL-21": 2.33}, comparator="own uninvolved skin").disagreements
    assert any("how much IL-21 was raised" in line for line in own)
    assert not any("how much IL-21 was raised" in line for line in other)


def test_every_word_is_in_the_full_answer(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    printed = {}
    for option in ("", "--all", "--full"):
        assert main.main(["ask", "khurana-2025-1", *filter(None, [option])]) == 0
        printed[option] = capsys.readouterr().out
    assert printed["--all"].startswith(printed[""])
    assert printed["--full"].startswith(printed[""])
    assert "cerdulatinib" in printed["--all"]
    assert "Hypotheses, not demonstrated" in printed["--full"]
    assert "Hypotheses, not demonstrated" not in printed[""]


def test_drugs_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main.main(["ask", "khurana-2025-1", "--drug", "baricitinib", "--drug", "tofacitinib", "--format", "json"]) == 0
    )
    assert {row["drug"] for row in json.loads(capsys.readouterr().out)["drugs"]} == {"baricitinib", "tofacitinib"}
    answer = GRAPH.ask("khurana-2025-1", drug=["baricitinib", "tofacitinib"])
    text = terminal.text(render.document(answer), 200)
    assert re.search(r"^ +baricitinib +tofacitinib$", text, re.MULTILINE)
    assert re.search(r"^holds for +5\.9 to <787 nM +from 55 nM$", text, re.MULTILINE)
    for word in ("also blocks", "- blood-forming", "warnings", "hangs on", "JAK3, nM"):
        assert f"\n{word}" in text
    assert "baricitinib leaves IL-21 (partly blocked); blocked by tofacitinib." in text


# --- values without a file --------------------------------------------------------------------------------------------


def test_values_stand_for_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("cytokine,ratio\nIL-21,3.1\nIFN-g,1.2\n")
    found = []
    for words in (["IL-21=3.1", "IFN-g=1.2"], [str(file)]):
        assert main.main(["ask", *words, "--comparator", "healthy-control-skin", "--format", "json"]) == 0
        found.append(json.loads(capsys.readouterr().out)["drugs"])
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["IL-21=3.1"], "by --comparator NAME, such as one of healthy-control-blood, healthy-control-skin"),
        (["IL-21=3.1", "IFN-g"], "'IFN-g': this is no value"),
        (["IL-21=3.1", "IL-2I=2", "--comparator", "healthy skin"], "cytokine 'IL-2I' is not known"),
        (["IL-21=x1", "--comparator", "healthy skin"], "write raised, lowered or unchanged"),
        (["IL-21=3", "--comparator", "helthy skin"], "did you mean 'healthy-control-skin'?"),
    ],
)
def test_mistakes_in_values(capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    assert main.main(["ask", *words]) == 2
    assert message in capsys.readouterr().err


def test_help_names_the_comparators(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main.main(["ask", "--help"])
    out = capsys.readouterr().out
    assert all(name in out for name in GRAPH.instances("jak:Comparator"))


# --- kg next ----------------------------------------------------------------------------------------------------------


def test_next_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["next", "khurana-2025-1", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert all({"cytokine", "could_change_to"} <= row.keys() for row in found["measure"])
    assert all({"drug", "kinase", "could_change_to"} <= row.keys() for row in found["assays"])
    assert found["first"] == ["tofacitinib"]
    assert all(row["could_change_to"] != found["first"] for row in [*found["measure"], *found["assays"]])


def test_next_names_what_is_implicated_and_counts_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["next", "yan-2022-1"]) == 0
    out = capsys.readouterr().out
    found = GRAPH.next("yan-2022-1")
    assert all((one.label in out) for one in found.measure if one.implicated)
    assert f"{sum(not one.implicated for one in found.measure)} other signals" in out
    assert "This is no test order" in out


# --- the small facts --------------------------------------------------------------------------------------------------


def test_the_small_facts(tmp_path: Path) -> None:
    file = tmp_path / "mini.nt"
    assert main.main(["build", "--facts", str(ROOT / "tests" / "mini"), "-o", str(file)]) == 0
    graph = KnowledgeGraph(kg.open(file).store)
    for case in graph.instances("jak:Case"):
        fits(graph.ask(case))
    shown = re.sub(r"sha256:\w+", "sha256:...", terminal.text(render.document(graph.ask("khurana-2025-1")), 80))
    golden = ROOT / "tests" / "golden" / "first_screen.txt"
    assert shown == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["ask", "next"])
def test_a_graph_of_an_older_edition_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    file = tmp_path / "old.nt"
    assert main.main(["build", "-o", str(file)]) == 0
    old = (line for line in file.read_text(encoding="utf-8").splitlines(keepends=True) if "calculusEdition" not in line)
    file.write_text("".join(old), encoding="utf-8")
    assert main.main([command, "khurana-2025-1", "--graph", str(file)]) == 2
    assert "does not name the edition of the blockade calculus" in capsys.readouterr().err
