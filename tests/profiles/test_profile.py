"""The input side of ``kg ask FILE``: every mistake is named with its place, every usual spelling is understood."""

import contextlib
import difflib
import io
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from math import log2
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kg.cli import main
from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import fold
from kg.profiles import assembly, profile, tabular
from kg.profiles.choices import Reading
from kg.profiles.given import of_values
from kg.profiles.grounding import Known, Names
from kg.sparql.graph import OpenGraph

HERE = Path(__file__).parent.parent
BAD = HERE / "bad" / "profiles"
GOOD = HERE / "golden" / "profiles"
OWN = "own-uninvolved-skin"
HEADER = "cytokine,ratio,comparator\n"
BAD_FILES = sorted(file.name for file in BAD.iterdir() if file.suffix != ".expected")


def read(graph: OpenGraph, text: str | bytes, name: str = "x.csv", comparator: str | None = None) -> profile.Profile:
    data = text.encode() if isinstance(text, str) else text
    return assembly.read(graph, Path(name) if name else None, data, reading=Reading(comparator=comparator))


def problems_of(graph: OpenGraph, text: str | bytes, name: str = "x.csv", comparator: str | None = None) -> list[str]:
    with pytest.raises(Problems) as caught:
        read(graph, text, name, comparator)
    return [str(problem) for problem in caught.value.problems]


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main.main(["ask", *arguments, "--format", "json"]) == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


def values(found: profile.Profile) -> list[tuple[str, Decimal | None, str | None]]:
    return [(signal.cytokine, signal.ratio, signal.reported) for signal in found.signals]


# --- bad files --------------------------------------------------------------------------------------------------------


def refused(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """That ``kg ask`` refuses a file of a folder of bad ones with the message beside it, and says nothing else."""
    monkeypatch.chdir(folder)
    code = main.main(["ask", name])
    said = capsys.readouterr()
    assert said.err == Path(name).with_suffix(".expected").read_text(encoding="utf-8")
    assert (code, said.out) == (2, "")


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    refused(BAD, name, monkeypatch, capsys)


def test_every_bad_file_has_its_message_and_every_message_its_file() -> None:
    assert len(BAD_FILES) > 35
    assert sorted(f"{Path(name).stem}.expected" for name in BAD_FILES) == sorted(f.name for f in BAD.glob("*.expected"))


@pytest.mark.usefixtures("store")
def test_standard_input_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{HEADER}IL-17,2,{OWN}\n".encode())))
    assert main.main(["ask", "-"]) == 2
    assert capsys.readouterr().err.startswith("standard input:2: 'IL-17' fits several cytokines: ")


@pytest.mark.parametrize(
    ("name", "text", "line", "what"),
    [
        ("x.csv", ",".join(f"c{n}" for n in range(600_000)) + "\n1\n", 1, "600,000 columns"),
        ("x.csv", "a," * 1_000_000, 1, "1,000,001 columns"),
        ("x.csv", "# made in May\n\n" + "a," * 1_000_000, 3, "1,000,001 columns"),
        ("x.json", "[" * 100_000, None, "this JSON is nested too deep"),
        ("x.json", "[" * 100_000 + "]" * 100_000, None, "this JSON is nested too deep"),
        ("x.json", '{"a":' * 100_000 + "1" + "}" * 100_000, None, "this JSON is nested too deep"),
        ("x.yaml", "[" * 100_000, 1, "this YAML is nested too deep"),
        ("x.yaml", "- " * 100_000, 1, "this YAML is nested too deep"),
        ("x.json", "a" * 5_000_001, None, "5,000,001 characters are no profile"),
    ],
    ids=["wide", "wide-empty", "wide-third-line", "json", "json-closed", "json-objects", "yaml", "yaml-block", "big"],
)
def test_monstrous_file(graph: OpenGraph, name: str, text: str, line: int | None, what: str) -> None:
    with pytest.raises(Problems) as caught:
        read(graph, text, name)
    assert [(problem.place, problem.what) for problem in caught.value.problems] == [(Place(Path(name), line), what)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("genes.csv", "gene,log2FC\n" + "".join(f"GENE{n}X,1.0\n" for n in range(8_000))),
        ("keys.json", "{" + ",".join(f'"k{n}":1' for n in range(20_000)) + "}"),
        ("bomb.yaml", f"a: &a [{'1,' * 1000}]\nb: &b [{'*a,' * 200}]\nsignals: [{'*b,' * 10}]\n"),
        ("words.log", "hello world\n" * 20_000),
    ],
    ids=["genes", "keys", "bomb", "words"],
)
def test_large_file_is_refused_with_little_work(
    graph: OpenGraph, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    sought: list[str] = []
    near = difflib.get_close_matches

    def seek(word: str, *rest: Any, **more: Any) -> list[str]:
        sought.append(word)
        return near(word, *rest, **more)

    monkeypatch.setattr(difflib, "get_close_matches", seek)
    said = problems_of(graph, text, name, OWN)
    assert said
    assert any("is an anchor" in what for what in said) == (name == "bomb.yaml")
    assert len(sought) <= 2 * tabular.MANY, "near matches are sought for the first unknown names only"


@pytest.mark.parametrize("cell", ["IL" + "2" * 100_000, "x" * 1_000_000])
def test_long_cell_is_cut_in_the_message(graph: OpenGraph, cell: str) -> None:
    (said,) = problems_of(graph, json.dumps([{"cytokine": cell, "ratio": 2, "comparator": OWN}]), "x.json")
    assert len(said) < 300


def test_lines_are_counted_as_an_editor_does(graph: OpenGraph) -> None:
    for ending in ("\n", "\r\n", "\r"):
        rows = ("cytokine,ratio,comparator", f"IL-21,2,{OWN}", "", f"IL-15\x0c,1,{OWN}", f"NF-kB,1,{OWN}")
        assert problems_of(graph, ending.join(rows))[0].startswith("x.csv:5: cytokine 'NF-kB' is not known")


def test_header_mistake_is_said_once(graph: OpenGraph) -> None:
    assert len(problems_of(graph, "IL-21,2\nIL-15,1\nIL-4,3\n")) == 1


def test_problem_of_the_option_is_placed_at_the_option(graph: OpenGraph) -> None:
    (said,) = problems_of(graph, "cytokine,ratio\nIL-21,2\n", comparator="uninvolved sking")
    assert said.startswith("--comparator: comparator 'uninvolved sking' is not known")


def test_a_comparator_of_ones_own_is_kept_and_said(graph: OpenGraph) -> None:
    found = read(graph, "cytokine,ratio\nIL-21,2\n", comparator="matched skin after 3 months")
    assert found.comparator == "matched skin after 3 months"
    assert any("is none that the graph knows" in note for note in found.notes)


# --- what the command line is given -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    "name", ["", "a" * 300, "a" * 5000, ".", "x.csv"], ids=["empty", "name", "long", "folder", "missing"]
)
def test_no_such_file(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["ask", name]) == 2
    said = capsys.readouterr()
    assert "khurana-2025-1" in said.err
    assert not said.out
    assert not said.err.startswith(":")
    assert len(said.err) < 600


@pytest.mark.usefixtures("store")
def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.csv"
    file.write_text(HEADER)
    opened = Path.open

    def refused(self: Path, *arguments: Any, **options: Any) -> Any:
        if self == file:
            raise PermissionError(13, "Permission denied")
        return opened(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", refused)
    assert main.main(["ask", str(file)]) == 2
    assert "Permission denied" in capsys.readouterr().err


@pytest.mark.usefixtures("store")
def test_closed_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert main.main(["ask", "-"]) == 2
    assert capsys.readouterr().err.startswith("standard input: ")


@pytest.mark.usefixtures("store")
@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="this system has no /dev/fd")
def test_pipe_as_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    out, into = os.pipe()
    os.write(into, f"{HEADER}IL-21,2.33,{OWN}\n".encode())
    os.close(into)
    with os.fdopen(out):
        assert answer(capsys, f"/dev/fd/{out}")["signals"][0]["cytokine"] == "il21"


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("form", ["json", "table", "markdown"])
def test_output_where_the_terminal_knows_no_greek(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.csv"
    file.write_text(f"{HEADER}IFN-γ,2.33,{OWN}\n", encoding="utf-8")
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="ascii", write_through=True))
    assert main.main(["ask", str(file), "--format", form, "--top", "1"]) == 0
    assert b"IFN" in out.getvalue()


@pytest.mark.parametrize("option", ["--threshold", "--raised", "--top"])
@pytest.mark.parametrize("number", ["1e5000", "9" * 5000, "NaN", "-1", "1_0", "٣"])
def test_impossible_settings(option: str, number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped, contextlib.redirect_stdout(io.StringIO()) as out:
        main.main(["ask", "khurana-2025-1", f"{option}={number}", "--format", "json"])
    assert (stopped.value.code, out.getvalue()) == (2, "")
    assert f"argument {option}: " in capsys.readouterr().err


# --- good files -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("store")
def test_good_files_give_one_answer(capsys: pytest.CaptureFixture[str]) -> None:
    answers = []
    for suffix in ("csv", "tsv", "json", "yaml"):
        said = answer(capsys, str(GOOD / f"good.{suffix}"))
        spellings = [signal.pop("input") for signal in said["signals"]]
        assert len(set(spellings)) == 6
        assert said.pop("understood")["rows"]["read"] == 7
        answers.append(said)
    assert answers[1:] == answers[:1] * 3
    rows = [(s["cytokine"], s["ratio"], s["direction"], s["reported_direction"]) for s in answers[0]["signals"]]
    assert rows == [
        ("ifng", 0.08, "lowered", None), ("il12b", 3, "raised", None), ("il15", 0.96, "unchanged", "lowered"),
        ("il21", 2.33, "raised", None), ("il4", None, "raised", "raised"), ("tnf", 4, "raised", "raised"),
    ]  # fmt: skip
    assert {signal["comparator"] for signal in answers[0]["signals"]} == {OWN}
    assert "Listed without a value, so not measured: oncostatin M." in answers[0]["notes"]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("suffix", ["csv", "tsv", "json", "yaml"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_good_file_on_standard_input(
    suffix: str, coding: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (GOOD / f"good.{suffix}").read_text(encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode(coding))))
    assert answer(capsys, "-") == answer(capsys, str(GOOD / f"good.{suffix}"))


def test_flow_yaml_without_a_suffix(graph: OpenGraph) -> None:
    found = read(graph, f"- {{cytokine: IL-21, ratio: 2.33, comparator: {OWN}}}\n", "")
    assert values(found) == [("il21", Decimal("2.33"), None)]


def test_comparator_said_once_by_any_way(graph: OpenGraph) -> None:
    column = read(graph, f"{HEADER}IL-21,2.33,{OWN}\n")
    assert column.comparator == OWN
    ways = [
        read(graph, "cytokine,ratio\nIL-21,2.33\n", comparator=OWN),
        read(graph, f"# comparator: {OWN}\ncytokine,ratio\nIL-21,2.33\n"),
        read(graph, f"#Comparator = own skin,,\ncytokine,ratio\nIL-21,2.33\n# {OWN}\n"),
        read(graph, f"# comparator: {OWN}\n{HEADER}IL-21,2.33,own skin\n", comparator="uninvolved skin"),
    ]
    assert [replace(way, notes=()) for way in ways] == [replace(column, notes=())] * 4


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.csv", "# comparator: healthy-control-skin\ncytokine,ratio\nIL-21,2.33\n"),
        ("x.csv", f"{HEADER}IL-21,2.33,healthy-control-skin\n"),
        ("x.json", '{"comparator": "healthy skin", "signals": [{"cytokine": "IL-21", "ratio": 2.33}]}'),
        ("x.yaml", "comparator: healthy skin\nsignals: [{cytokine: IL-21, ratio: 2.33}]\n"),
    ],
    ids=["line", "column", "json", "yaml"],
)
def test_option_never_overrules_the_file(graph: OpenGraph, name: str, text: str) -> None:
    (said,) = problems_of(graph, text, name, OWN)
    assert "two comparators in one profile" in said
    assert "--comparator" in said


@pytest.mark.parametrize("word", ["NA", "n/a", "-", "", "not measured", "Not Reported"])
def test_missing_is_not_zero(graph: OpenGraph, word: str) -> None:
    found = read(graph, f"{HEADER}IL-21,2.33,{OWN}\nOSM,{word},{OWN}\nIFNG,{word},{OWN}\n")
    assert values(found) == [("il21", Decimal("2.33"), None)]
    assert sorted(found.not_measured) == ["IFN-gamma", "oncostatin M"]


@pytest.mark.parametrize("null", ["null", "~", "", "Null"])
def test_null_of_yaml_is_missing(graph: OpenGraph, null: str) -> None:
    text = f"comparator: {OWN}\nsignals:\n- {{cytokine: IL-21, ratio: 2}}\n- cytokine: OSM\n  ratio: {null}\n"
    assert read(graph, text, "x.yaml").not_measured == ("oncostatin M",)


def test_measured_once_is_measured(graph: OpenGraph) -> None:
    found = read(graph, f"{HEADER}IL-21,NA,{OWN}\nIL-21,2.33,{OWN}\nOSM,,{OWN}\nOSM,NA,{OWN}\n")
    assert (values(found), found.not_measured) == ([("il21", Decimal("2.33"), None)], ("oncostatin M",))
    assert any("which was passed over: IL-21" in note for note in found.notes)


@pytest.mark.parametrize("text", ["−3.64", "-3.64"])
def test_minus_of_a_word_processor(graph: OpenGraph, text: str) -> None:
    assert [s.direction() for s in read(graph, f"cytokine,log2,comparator\nIFNG,{text},{OWN}\n").signals] == ["lowered"]


def test_cells_of_a_spreadsheet(graph: OpenGraph) -> None:
    plain = read(graph, f"{HEADER}IL-21,2.33,{OWN}\nIL-15,0.96,{OWN}\n")
    exported = f"cytokine,ratio,comparator,,\r\nIL-21,2.33,{OWN},,\r\n,,,,\r\nIL-15,0.96,{OWN},,\r\n,,,,\r\n"
    assert read(graph, exported) == plain
    assert read(graph, exported.replace(",,\r\n", ",,,,\r\n", 2)) == plain


def test_column_names_of_usual_programs(graph: OpenGraph) -> None:
    for header in ("gene,log2FoldChange", "gene,logFC", "Symbol,log2FC", "Cytokine,log2_ratio"):
        assert [s.direction() for s in read(graph, f"{header}\nIL21,2.2\n", comparator=OWN).signals] == ["raised"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.csv", "cytokine,ratio,colour\nIL-21,2,0.01\n"),
        ("x.json", '[{"cytokine": "IL-21", "ratio": 2, "colour": 0.01}]'),
        ("x.json", '{"signals": [{"cytokine": "IL-21", "ratio": 2}], "colour": 0.01}'),
        ("x.yaml", "colour: 0.01\nsignals: [{cytokine: IL-21, ratio: 2}]\n"),
    ],
    ids=["column", "key", "outer key", "outer key of YAML"],
)
def test_what_was_not_read_is_said(graph: OpenGraph, name: str, text: str) -> None:
    assert any("colour" in note for note in read(graph, text, name, OWN).notes)


def test_notes_hold_no_control_characters(graph: OpenGraph) -> None:
    for name, text in (
        ("x.csv", "cytokine,ratio,\x1b[31mred\nIL-21,2,3\n"),
        ("x.json", '[{"cytokine": "IL-21", "ratio": 2, "a\\nb\\u001b": 1}]'),
    ):
        assert all(note.isprintable() for note in read(graph, text, name, OWN).notes)


# --- names ------------------------------------------------------------------------------------------------------------

SPELLINGS = {
    "ifng": (
        "IFN-γ", "IFN- \nγ", "IFN-\u00ad\nγ", "IFN\u00adγ", "IFN gamma", "interferon-gamma", "IFNG", "ifn-g", "IFN‑γ",
        "Interferon γ", "IFN–γ", "IFN_gamma", "ＩＦＮ－γ", "IFN-𝛾", "IFN-Γ", "IFN-ɣ",
        "type II interferon", "IFN\u200b-γ",
    ),
    "tnf": ("TNF-α", "TNFα", "TNF", "tnf alpha", "tumour necrosis factor", "TNFA"),
    "il21": ("IL‑21", "IL-21", "IL 21", "il21", "interleukin-21", "Interleukin 21", "IL\u00a021", "IL−21"),
    "csf2": ("GM-CSF", "GMCSF", "CSF2"),
    "csf1": ("M-CSF", "CSF1"),
    "csf3": ("G-CSF",),
    "ifnl1": ("IL-29", "IFN-λ1", "IFNL1"),
    "ifnl2": ("IL-28A",),
    "ifnl3": ("IL-28B",),
    "ifnl": ("IL-28/29", "IL 28 / 29"),
    "osm": ("oncostatin-M", "Oncostatin M", "OSM"),
    "lif": ("LIF",),
    "il12": ("IL-12", "IL-12p70"),
    "il12b": ("IL-12/23 p40", "IL-12 / 23p40", "IL12B", "IL-12p40"),
    "il1b": ("IL-1β", "IL-1 beta", "IL-1ß"),
    "ifnb1": ("IFN-β", "IFN-ß"),
    "cxcl8": ("IL-8", "CXCL8"),
}  # fmt: skip
UNKNOWN = (  # two cytokines or a footnote in the first line
    "IL-1/2", "IL-1/6", "IL-3/4", "IL-1.2", "IL-2 (1)", "IL-2¹", "IL-1²", "IL-2, 1", "IL-2_1",
    "NF-kB", "PTK2B", "tofacitinib", "---", "γ", "IL",
)  # fmt: skip
AMBIGUOUS = ("IL-1", "IL-17", "IL-28", "IL-36", "p40", "IFN", "Interferon", "TGF-β", "TGFb", "IL-12/23", "CSF")
NO_CYTOKINE = (
    "OSMR",
    "LIFR",
    "IFNGR1",
    "IL-6R",
    "IL-2RG",
    "gamma-c",
    "gp130",
    "JAK1",
    "Tyk2",
    "STAT3",
    "STAT-5A",
    "sIL-2R",
    "IL-2R",
    "GAPDH",
    "eotaxin",
)


@pytest.fixture(scope="module")
def names(graph: OpenGraph) -> Names:
    return graph.once(Names)


@pytest.mark.parametrize(
    ("name", "cytokine"), [(name, thing) for thing, spellings in SPELLINGS.items() for name in spellings]
)
def test_usual_spelling(names: Names, name: str, cytokine: str) -> None:
    found = names.ground(name, Place("x"))
    assert isinstance(found, Known), str(found)
    assert found.thing == cytokine


@pytest.mark.parametrize(
    ("name", "what"),
    [
        *((name, "is not known") for name in UNKNOWN),
        *((name, "fits several cytokines") for name in AMBIGUOUS),
        *((name, ", no cytokine") for name in NO_CYTOKINE),
    ],
)
def test_name_that_must_not_ground(names: Names, name: str, what: str) -> None:
    found = names.ground(name, Place("x"))
    assert isinstance(found, Problem)
    assert what in found.what
    listed = found.remedy.rpartition(": ")[2].split(", ")
    assert len(listed) == len(set(listed))


def test_every_spelling_is_read_from_each_format(graph: OpenGraph) -> None:
    for spellings in SPELLINGS.values():
        for name in spellings:
            quoted = name.replace('"', '""')
            texts = {
                "x.csv": f'{HEADER}"{quoted}",2,{OWN}\n',
                "x.json": json.dumps([{"cytokine": name, "ratio": 2, "comparator": OWN}]),
                "x.yaml": json.dumps([{"cytokine": name, "ratio": 2, "comparator": OWN}], ensure_ascii=False),
            }
            found = {read(graph, text, file).signals[0].cytokine for file, text in texts.items()}
            assert len(found) == 1, name


# --- what counts ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("TNF-α", "TNF does not signal through a JAK-coupled receptor: it is excluded from the score."),
        (
            "IL12B",
            "IL-12 subunit beta (p40) alone is not a cytokine: a part of IL-12 and IL-23, excluded from the score.",
        ),
    ],
)
def test_known_and_counted_for_nothing(
    name: str, note: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone, beside, without = (tmp_path / f"{n}.csv" for n in ("alone", "beside", "without"))
    alone.write_text(f"{HEADER}{name},9,{OWN}\n", encoding="utf-8")
    beside.write_text(f"{HEADER}{name},9,{OWN}\nIL-21,2.33,{OWN}\n", encoding="utf-8")
    without.write_text(f"{HEADER}IL-21,2.33,{OWN}\n", encoding="utf-8")
    said = answer(capsys, str(alone))
    assert note in said["notes"]
    assert said["signals"][0]["direction"] == "raised"
    assert said["drugs"] == []
    both = answer(capsys, str(beside))
    assert note in both["notes"]
    assert both["drugs"]
    scores = [(row["drug"], row["score"]) for row in both["drugs"]]
    assert scores == [(row["drug"], row["score"]) for row in answer(capsys, str(without))["drugs"]]
    assert {signal["cytokine"] for row in both["drugs"] for signal in row["signals"]} == {"il21"}


# --- properties -------------------------------------------------------------------------------------------------------

LIGANDS = ("IFN-gamma", "IL-15", "IL-21", "TNF", "IL12B", "OSM", "IL-4", "GM-CSF")
RATIOS = st.decimals(Decimal("0.001"), Decimal(1000), places=3).map(str)
ROWS = st.dictionaries(st.sampled_from(LIGANDS), RATIOS | st.just("NA"), min_size=1).map(
    lambda rows: list(rows.items())
)
BLANK = st.lists(st.sampled_from(["", " ", "\t", "# a comment"]), max_size=2)
PIECES = st.sampled_from(
    ["cytokine", "ratio", "log2", "comparator", "signals", OWN, "IL-21", "IFN-γ", "2.33", "NA", "null", "-1", "1e9",
     "{", "}", "[", "]", ",", ";", "\t", ":", ": ", "- ", "\n", "\r", '"', "'", "#", "&a ", "*a ", "? ", "<<", "!!",
     "|", "\\", "\\ud800", "\u2028", "\x85", "\x00", "\x07", "\ufeff", "---\n", "%", "# comparator: "]
)  # fmt: skip
FILES = st.sampled_from(["x.csv", "x.tsv", "x.json", "x.yaml", "x.txt", "x.dat", ""])


def table(rows: Sequence[tuple[str, str]]) -> str:
    return f"# comparator: {OWN}\ncytokine,ratio\n" + "".join(f"{name},{ratio}\n" for name, ratio in rows)


@given(data=st.data(), rows=ROWS)
@settings(max_examples=30, deadline=None)
def test_order_of_rows_does_not_matter(graph: OpenGraph, data: st.DataObject, rows: list[tuple[str, str]]) -> None:
    permuted = data.draw(st.permutations(rows))
    assert read(graph, table(permuted)) == read(graph, table(rows))


@given(data=st.data(), rows=ROWS)
@settings(max_examples=30, deadline=None)
def test_blank_lines_and_comments_do_not_matter(
    graph: OpenGraph, data: st.DataObject, rows: list[tuple[str, str]]
) -> None:
    text = table(rows)
    spread = "".join("\n".join([*data.draw(BLANK), line]) + "\n" for line in text.splitlines())
    assert replace(read(graph, spread), notes=()) == replace(read(graph, text), notes=())


@given(ratio=RATIOS)
@example("1.499")
@example("1.501")
@example("0.666")
@example("0.667")
@settings(max_examples=50, deadline=None)
def test_ratio_and_its_log2_give_the_same_direction(graph: OpenGraph, ratio: str) -> None:
    assume(Decimal(ratio) != Decimal("1.5"))  # its log2 has no end, so the last place decides
    by_ratio = read(graph, f"{HEADER}IL-21,{ratio},{OWN}\n").signals[0]
    by_log2 = read(graph, f"cytokine,log2,comparator\nIL-21,{log2(Decimal(ratio)):.12f},{OWN}\n").signals[0]
    assert by_log2.direction() == by_ratio.direction()
    assert by_log2.log2 == pytest.approx(by_ratio.log2, abs=1e-9)


def never_another_exception(graph: OpenGraph, data: bytes, name: str, comparator: str | None) -> None:
    try:
        found = read(graph, data, name, comparator)
    except Problems as error:
        said = error.problems
    else:
        assert found.comparator
        assert found.signals or found.not_measured
        json.dumps([[s.input, s.label] for s in found.signals] + [list(found.notes)], ensure_ascii=False).encode()
        return
    assert said
    assert all(problem.what and problem.remedy for problem in said)


@given(
    text=st.text(st.characters(codec="utf-8")) | st.lists(PIECES).map("".join),
    name=FILES,
    said=st.sampled_from([None, OWN, "", "x"]),
)
@example(f'[{{"cytokine": "IL-21\\ud800", "ratio": 2, "comparator": "{OWN}"}}]', "x.json", None)
@example("? &a [*a]\n: 1\n", "x.yaml", None)
@example(f'{{"signals": [{{"cytokine": "OSM", "\\ud800": 1}}], "comparator": "{OWN}"}}', "x.json", None)
@settings(max_examples=200, deadline=None)
def test_any_text_gives_a_profile_or_problems(graph: OpenGraph, text: str, name: str, said: str | None) -> None:
    never_another_exception(graph, text.encode(), name, said)


@given(
    tail=st.lists(PIECES).map("".join),
    name=FILES,
    kind=st.sampled_from([HEADER, "cytokine\tlog2\n", '[{"cytokine": "IL-21", ', "signals:\n- cytokine: IL-21\n  "]),
)
@settings(max_examples=120, deadline=None)
def test_any_tail_gives_a_profile_or_problems(graph: OpenGraph, tail: str, name: str, kind: str) -> None:
    never_another_exception(graph, (kind + tail).encode(), name, OWN)


@given(data=st.binary() | st.binary().map(lambda data: HEADER.encode() + data), name=FILES)
@settings(max_examples=120, deadline=None)
def test_any_bytes_give_a_profile_or_problems(graph: OpenGraph, data: bytes, name: str) -> None:
    never_another_exception(graph, data, name, None)


@given(name=st.text(st.characters(codec="utf-8"), max_size=40))
@settings(max_examples=200, deadline=None)
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)


def test_a_part_of_several_complexes_is_said_once_and_no_other(graph: OpenGraph) -> None:
    found = of_values(graph, {"IL12A": 4, "IL12B": 3, "IL23A": 2}, reading=Reading(comparator="healthy skin"))
    assert {signal.cytokine: signal.parts for signal in found.signals if signal.parts} == {
        "il12": ("il12a", "il12b"),
        "il23": ("il12b", "il23a"),
    }
    shared = [note for note in found.notes if "several of these complexes" in note]
    assert shared == ["IL-12 subunit beta (p40) is a part of several of these complexes: one value stands for each."]
