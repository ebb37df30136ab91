"""``kg ask``: the answer for patient 1, the JSON contract, the options, and what the answer says beside the ranking."""

import io
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kg.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main.main(["ask", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, err = run(capsys, *arguments, "--format", "json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not valid JSON"))
    return found


def by_drug(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["drug"]: row for row in found["drugs"]}


def stdin(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


# --- patient 1 --------------------------------------------------------------------------------------------------------


def test_patient_1_as_the_design_expects(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "khurana-2025-1")
    directions = {s["cytokine"]: (s["ratio"], s["direction"], s["reported_direction"]) for s in found["signals"]}
    assert directions == {
        "il21": (2.33, "raised", "raised"),
        "ifng": (0.08, "lowered", "lowered"),
        "il15": (0.96, "unchanged", "lowered"),
    }
    rows = by_drug(found)
    tofacitinib, baricitinib = rows["tofacitinib"], rows["baricitinib"]
    assert tofacitinib["score"] == [1, 1]
    assert tofacitinib["signals"][0]["verdict"] == "blocked"
    assert baricitinib["score"] == [0.5, 0.5]
    assert baricitinib["signals"][0]["verdict"] == "partly"
    (route,) = baricitinib["signals"][0]["routes"]
    assert route["receptor"] == "il21-receptor"
    kinases = {k["kinase"]: (k["hit"], [m["value"] for m in k["measurements"]]) for k in route["kinases"]}
    assert kinases == {"jak1": ("yes", [4, 5.9]), "jak3": ("no", [787, 400])}
    order = [row["drug"] for row in found["drugs"]]
    assert order.index("tofacitinib") < order.index("baricitinib")


def test_what_happened_is_shown_beside(capsys: pytest.CaptureFixture[str]) -> None:
    (seen,) = answer(capsys, "khurana-2025-1")["observed"]
    assert (seen["drug"], seen["dose"], seen["duration"]) == ("baricitinib", "4 mg", "14 weeks")
    skin = {o["site"]: (o["percent"], o["time"]) for o in seen["outcomes"] if o["condition"] == "granuloma annulare"}
    assert skin == {None: (None, "6 weeks"), "hands": (100, "14 weeks"), "feet": (90, "14 weeks")}
    assert seen["relapse"]["relapsed"] is True
    assert seen["relapse"]["after"] == "one month of remission"


# --- the contract -----------------------------------------------------------------------------------------------------

NUMBER = (int, float)
MEASUREMENT = {"value": (int, float, str, type(None)), "relation": (str, type(None)), "unit": (str, type(None))}
CONTRACT: dict[str, Any] = {
    "graph": {"version": str, "digest": str},
    "patient": (str, type(None)),
    "settings": {"threshold_nM": NUMBER, "require": str, "raised": NUMBER},
    "signals": [
        {
            "cytokine": str,
            "input": str,
            "ratio": (int, float, type(None)),
            "log2": (float, type(None)),
            "direction": str,
            "reported_direction": (str, type(None)),
            "comparator": str,
            "weight": (float, type(None)),
        }
    ],
    "drugs": [
        {
            "drug": str,
            "score": list,
            "signals": [
                {
                    "cytokine": str,
                    "blockade": list,
                    "verdict": str,
                    "weight": float,
                    "routes": [
                        {
                            "receptor": str,
                            "kinases": [
                                {
                                    "kinase": str,
                                    "hit": str,
                                    "why": str,
                                    "measurements": [{**MEASUREMENT, "measure": str, "says": str}],
                                }
                            ],
                        }
                    ],
                }
            ],
        }
    ],
    "observed": [{"drug": str}],
    "notes": [str],
}


def conforms(value: object, shape: object, path: str = "answer") -> None:
    if isinstance(shape, dict):
        assert isinstance(value, dict), path
        for key, inner in shape.items():
            assert key in value, f"{path}.{key} is missing"
            conforms(value[key], inner, f"{path}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), path
        for item in value:
            conforms(item, shape[0], f"{path}[]")
    else:
        assert isinstance(value, shape), f"{path}: {value!r}"  # type: ignore[arg-type]


@pytest.mark.parametrize("case", ["khurana-2025-1", "khurana-2025-2", "wang-2021-group"])
@pytest.mark.parametrize("require", ["share", "any", "all"])
def test_contract(capsys: pytest.CaptureFixture[str], case: str, require: str) -> None:
    found = answer(capsys, case, "--require", require, "--all-species")
    conforms(found, CONTRACT)
    raised = [s["cytokine"] for s in found["signals"] if s["weight"] is not None]
    parts = [part for row in found["drugs"] for s in row["signals"] for r in s["routes"] for part in (r, *r["kinases"])]
    assert all(part["claim"].startswith("kg:claim-") and part["evidence"] for part in parts)
    for row in found["drugs"]:
        assert [s["cytokine"] for s in row["signals"]] == raised
        total = sum(s["weight"] for s in row["signals"])
        for end in (0, 1):
            parts = sum(s["weight"] * s["blockade"][end] for s in row["signals"])
            assert parts / total == pytest.approx(row["score"][end], abs=1e-9)


# --- options ----------------------------------------------------------------------------------------------------------


def test_threshold_decides(capsys: pytest.CaptureFixture[str]) -> None:
    strict = by_drug(answer(capsys, "khurana-2025-1", "--threshold", "10"))
    loose = by_drug(answer(capsys, "khurana-2025-1", "--threshold", "1000"))
    assert strict["tofacitinib"]["signals"][0]["routes"][0]["kinases"][1]["why"] == "disagree"
    assert loose["baricitinib"]["score"][1] == 1


def test_require(capsys: pytest.CaptureFixture[str]) -> None:
    assert by_drug(answer(capsys, "khurana-2025-1", "--require", "any"))["baricitinib"]["score"] == [1, 1]
    assert by_drug(answer(capsys, "khurana-2025-1", "--require", "all"))["baricitinib"]["score"] == [0, 0]


def test_raised_threshold_can_leave_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "khurana-2025-1", "--raised", "3")
    assert found["drugs"] == []
    assert any("No measured cytokine is raised" in note for note in found["notes"])


def test_dog_drugs_only_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    dogs = {"oclacitinib", "ilunocitinib"}
    assert not dogs & by_drug(answer(capsys, "khurana-2025-1")).keys()
    assert dogs <= by_drug(answer(capsys, "khurana-2025-1", "--all-species")).keys()
    code, _, err = run(capsys, "khurana-2025-1", "--drug", "Apoquel")
    assert code == 2
    assert "add --all-species" in err


def test_approved_and_top(capsys: pytest.CaptureFixture[str]) -> None:
    approved = by_drug(answer(capsys, "khurana-2025-1", "--approved"))
    assert "tofacitinib" in approved
    assert not {"cerdulatinib", "itacitinib", "oclacitinib"} & approved.keys()
    found = answer(capsys, "khurana-2025-1", "--top", "2")
    assert max(Counter(row["group"] for row in found["drugs"]).values()) == 2
    assert found["drugs_left_out"] > 15


def test_one_drug_by_an_old_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert [row["drug"] for row in answer(capsys, "khurana-2025-1", "--drug", "tasocitinib")["drugs"]] == [
        "tofacitinib"
    ]


@pytest.mark.parametrize("case", ["khurana-2025-2", "khurana-2025-3", "yan-2022-1", "kim-2023-2"])
def test_nothing_measured_nothing_ranked(capsys: pytest.CaptureFixture[str], case: str) -> None:
    found = answer(capsys, case)
    assert found["signals"] == found["drugs"] == []
    assert any("Nothing was measured" in note for note in found["notes"])
    assert len(found["observed"]) == 1


# --- files and standard input -----------------------------------------------------------------------------------------

PATIENT_1 = "# comparator: own uninvolved skin\ncytokine,ratio\nIL-21,2.33\nIFN-γ,0.08\nIL-15,0.96\n"


def test_standard_input_gives_the_answer_of_the_case(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin(monkeypatch, PATIENT_1)
    found = answer(capsys, "-")
    assert found["patient"] is None
    assert found["drugs"] == answer(capsys, "khurana-2025-1")["drugs"]


def test_a_case_is_named_with_or_without_prefix(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "kg:khurana-2025-1") == answer(capsys, "khurana-2025-1")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["khurana-2025-9"], "khurana-2025-9: there is neither a case nor a file of this name: the nearest cases are"),
        (["khurana-2025-1", "--drug", "tofacitinob"], "did you mean tofacitinib, itacitinib or oclacitinib?"),
        (["khurana-2025-1", "--comparator", "healthy skin"], "a case of the graph has its own comparator"),
        (["khurana-2025-1", "--graph", "nowhere.ttl"], "nowhere.ttl: cannot be read"),
        (["khurana-2025-1", "--graph", "graph.json"], "the suffix is neither .ttl nor .nt"),
        (["."], "this is a folder"),
    ],
)
def test_mistakes_on_the_command_line(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("option", "value"),
    [("--threshold", "0"), ("--threshold", "nan"), ("--threshold", "1_0"), ("--raised", "1"), ("--raised", "-2"),
     ("--top", "0"), ("--top", "x"), ("--require", "most"), ("--format", "xml")],
)  # fmt: skip
def test_mistakes_in_options(capsys: pytest.CaptureFixture[str], option: str, value: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main.main(["ask", "khurana-2025-1", f"{option}={value}"])
    assert stopped.value.code == 2
    assert option in capsys.readouterr().err


@pytest.mark.conformance
def test_another_graph(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "graph.ttl"
    assert main.main(["build", "-o", str(file)]) == 0
    capsys.readouterr()
    assert answer(capsys, "khurana-2025-1", "--graph", str(file)) == answer(capsys, "khurana-2025-1")
    file.write_text("this is no turtle")
    code, _, err = run(capsys, "khurana-2025-1", "--graph", str(file))
    assert code == 2
    assert "this is not valid RDF" in err


# --- what an expert would try (T01 ... are the ids of the list of traps of the team) ----------------------


def raised_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, *more: str
) -> dict[str, Any]:
    stdin(monkeypatch, f"cytokine,ratio\n{name},3\n")
    return answer(capsys, "-", "--comparator", "healthy skin", *more)


def needs(found: dict[str, Any]) -> dict[str, set[str]]:
    return {r["receptor"]: {k["kinase"] for k in r["kinases"]} for r in found["drugs"][0]["signals"][0]["routes"]}


def test_t01_ifng_needs_jak1_and_jak2_and_tyk2_is_disputed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = raised_alone(capsys, monkeypatch, "IFN-gamma")
    assert needs(found) == {"ifng-receptor": {"jak1", "jak2"}}
    assert sum("IFN-gamma needs TYK2" in line for line in found["disagreements"]) >= 2


def test_t10_upadacitinib_hits_il21_in_part_and_the_dominance_of_jak1_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = raised_alone(capsys, monkeypatch, "IL-21")
    assert by_drug(found)["upadacitinib"]["signals"][0]["verdict"] == "partly"
    assert any("Haan 2011" in source for c in found["conflicts"] for source in c["qualified_by"])


def test_t11_baricitinib_blocks_il21_less_than_tofacitinib(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = by_drug(raised_alone(capsys, monkeypatch, "IL-21"))
    assert 0 < rows["baricitinib"]["score"][1] < rows["tofacitinib"]["score"][0]


def test_t13_t54_disagreeing_and_spanning_values_are_never_averaged(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = by_drug(raised_alone(capsys, monkeypatch, "IL-21"))
    jak1, _ = rows["filgotinib"]["signals"][0]["routes"][0]["kinases"]
    assert (jak1["hit"], jak1["why"]) == ("unknown", "disagree")
    assert [(m["value"], m["says"]) for m in jak1["measurements"]] == [(363, "no"), (10, "yes")]
    _, jak3 = rows["tofacitinib"]["signals"][0]["routes"][0]["kinases"]
    span = next(m for m in jak3["measurements"] if m["value"] == "1..210")
    assert (span["low"], span["high"], span["says"]) == (1, 210, "neither")
    assert span["reference"] == "PMID:14593182; PMID:21105711"


def test_t15_t16_other_measures_are_not_compared_and_censored_values_stay_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = by_drug(raised_alone(capsys, monkeypatch, "IL-21"))
    jak1, _ = rows["tofacitinib"]["signals"][0]["routes"][0]["kinases"]
    assert {m["measure"] for m in jak1["measurements"]} == {"IC50"}
    assert {"Kd"} <= {m["measure"] for m in jak1["not_compared"]}
    _, jak3 = rows["baricitinib"]["signals"][0]["routes"][0]["kinases"]
    assert [(m["relation"], m["value"]) for m in jak3["measurements"]] == [("=", 787), (">", 400)]
    _, jak3 = rows["peficitinib"]["signals"][0]["routes"][0]["kinases"]
    assert (jak3["hit"], jak3["why"]) == ("unknown", "undecided")


def test_t17_deucravacitinib_spares_jak1_whatever_binds_its_jh2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = by_drug(raised_alone(capsys, monkeypatch, "IFN-alpha"))["deucravacitinib"]
    kinases = {k["kinase"]: k for k in row["signals"][0]["routes"][0]["kinases"]}
    assert kinases["tyk2"]["hit"] == "yes"
    assert {m["domain"] for m in kinases["tyk2"]["measurements"]} == {"JH2"}
    assert kinases["jak1"]["hit"] == "no"
    assert [m["measure"] for m in kinases["jak1"]["measurements"]] == ["functional statement"]
    assert "JH2" in {m["domain"] for m in kinases["jak1"]["not_compared"]}


def test_t28_missing_is_not_absent(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "khurana-2025-1")
    assert "oncostatin M" in found["not_measured"]
    assert not {"IL-21", "IFN-gamma", "IL-15"} & set(found["not_measured"])
    assert answer(capsys, "khurana-2025-2")["observed"][0]["relapse"] == "not reported"
    assert answer(capsys, "kim-2023-2")["observed"][0]["relapse"] == "not applicable"
    assert answer(capsys, "khurana-2025-3")["observed"][0]["relapse"]["relapsed"] is False


def test_t31_a_group_stays_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    (seen,) = answer(capsys, "wang-2021-group")["observed"]
    assert [(o["grade"], o["n"]) for o in seen["outcomes"]] == [("complete", 3), ("marked", 2)]


def test_t42_a_part_is_no_complex(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = raised_alone(capsys, monkeypatch, "IL12B")
    assert found["drugs"] == []
    assert any("a part of IL-12 and IL-23" in note for note in found["notes"])


def test_t46_tnf_is_known_and_counts_for_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = raised_alone(capsys, monkeypatch, "TNF")
    assert found["drugs"] == []
    assert found["without_jak"] == ["tnf"]
    assert any("TNF does not signal through a JAK-coupled receptor" in note for note in found["notes"])


def test_t47_complexes_not_pathways(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = raised_alone(capsys, monkeypatch, "IL-4")
    assert needs(found) == {"il4-receptor-type-1": {"jak1", "jak3"}, "il4-receptor-type-2": {"jak1", "tyk2"}}


def test_a_receptor_of_a_family_without_jak_counts_for_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = raised_alone(capsys, monkeypatch, "IL-32")
    assert (found["drugs"], found["without_jak"]) == ([], ["il32"])


def test_second_kinase_unresolved_is_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = raised_alone(capsys, monkeypatch, "IL-19")
    assert any("the kinase of the chain IL20RB is unresolved" in note for note in found["notes"])


def test_t06_extreme_ratio_is_capped_and_flagged(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin(monkeypatch, "cytokine,ratio\nIL-4,15600\n")
    found = answer(capsys, "-", "--comparator", "healthy skin")
    assert found["signals"][0]["weight"] == 6
    assert any("a level near zero" in note for note in found["notes"])


def test_t35_t37_every_answer_says_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    for case in ("khurana-2025-1", "khurana-2025-2", "wang-2021-group"):
        notes = " ".join(answer(capsys, case)["notes"])
        for words in (
            "not medical advice",
            "no comparison group",
            "No JAK inhibitor is approved for granuloma annulare",
        ):
            assert words in notes
