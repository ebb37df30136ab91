"""``kg cohort``: each patient gets what ``kg ask`` says, whatever the form of the table, and nothing is lost."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import polars
import pyarrow
import pytest
from pyarrow import csv, feather, parquet

import kg
from kg.cli import main
from kg.cohort import gathered
from kg.cohort import source as sources
from kg.cohort import survey as surveys
from kg.cohort.run import Cohort
from kg.knowledge_graph import KnowledgeGraph
from kg.model.errors import Problems

SKIN = "healthy-control-skin"
NAMES = ("IL-21", "IL-15", "IFN-gamma", "IL-12B", "IL-23A", "TNF", "EPO", "IL-13", "growth hormone 1", "IL-31", "TSLP")
Rows = list[dict[str, Any]]


def patients(count: int = 40) -> dict[str, list[Any]]:
    """Made-up ratios, of which a third is not measured; the last patient has none, and the one before none raised."""
    made = np.random.default_rng(7)
    table: dict[str, list[Any]] = {"patient": [f"P{number:02}" for number in range(count)]}
    for name in NAMES:
        ratios = np.exp2(made.normal(0.3, 1.5, count)).round(2).clip(0.01).tolist()
        table[name] = [None if made.random() < 0.33 else ratio for ratio in ratios]
        table[name][-2:] = [1.0, None]
    table["TSLP"][:-2] = [max(ratio or 0, 1.5) for ratio in table["TSLP"][:-2]]
    return table


def asked(graph: KnowledgeGraph, measured: dict[str, Any], **options: Any) -> Rows:
    """What ``kg ask`` says of a patient, in the words of a cohort."""
    answer = graph.ask([{"cytokine": name, **value} for name, value in measured.items()], comparator=SKIN, **options)
    found = []
    for row in answer.rows:
        if row.drug.group != "systemic":
            continue
        window = row.robustness.window
        lower, upper = (window.lower, window.upper) if window else (None, None)
        least, most = row.collateral.score or (None, None)
        weight = max(part.weight for part in row.parts)
        first = min((part for part in row.parts if part.weight == weight), key=lambda part: part.signal.cytokine)
        found.append({
            "group": "systemic", "drug": row.drug.id, "rank": row.rank[0], "rank_last": row.rank[1],
            "score_low": row.score[0], "score_high": row.score[1], "blocked": row.blocked, "raised": len(row.parts),
            "collateral_low": least, "collateral_high": most, "collateral_blocked": row.collateral.blocked,
            "collateral_of": row.collateral.of, "window_from": lower and float(lower.value),
            "window_to": upper and float(upper.value),
            "window": window and ("(["[bool(lower and lower.included)] + ")]"[bool(upper and upper.included)]),
            "leading": first.signal.cytokine, "reason": first.verdict,
        })  # fmt: skip
    return found


def answered(found: Cohort) -> dict[str, Rows]:
    """The rows of each patient."""
    rows: dict[str, Rows] = {}
    for row in parquet.read_table(found.answers).to_pylist():
        rows.setdefault(row.pop("patient"), []).append(row)
    return rows


def test_every_patient_gets_what_kg_ask_says(graph: KnowledgeGraph, tmp_path: Path) -> None:
    table = patients()
    frame = pandas.DataFrame(table)
    found = graph.cohort(frame, output=tmp_path, comparator=SKIN, scale="ratio", top=20, size=7)
    rows = answered(found)
    for at, patient in enumerate(table["patient"][:-2]):
        measured = {name: {"ratio": table[name][at]} for name in NAMES if table[name][at] is not None}
        assert rows[patient] == asked(graph, measured), patient
    assert [rows["P38"][0]["drug"], rows["P38"][0]["reason"]] == [None, "nothing raised"]
    assert [rows["P39"][0]["drug"], rows["P39"][0]["reason"]] == [None, "nothing measured"]
    assert found.summary["status"] == {"ranked": 38, "nothing measured": 1, "nothing raised": 1}
    firsts = {drug for one in found.summary["first_drugs"] for drug in one["drugs"]}
    assert firsts == {row["drug"] for one in rows.values() for row in one if row["rank"] == 1}
    assert sum(one["patients"] for one in found.summary["first_drugs"]) == 38
    assert found.summary["measured"]["tnf"]["measured"] == sum(ratio is not None for ratio in table["TNF"])
    parts = zip(table["IL-12B"], table["IL-23A"], strict=True)
    assert found.summary["measured"]["il23"]["raised"] == sum(min(a, b) >= 1.5 for a, b in parts if a and b)


def test_settings_count(graph: KnowledgeGraph, tmp_path: Path) -> None:
    table = patients()
    chosen: dict[str, Any] = {"threshold": 50, "require": "any", "raised": 2, "derived": False}
    found = graph.cohort(pyarrow.table(table), output=tmp_path, comparator=SKIN, scale="ratio", top=20, **chosen)
    rows = answered(found)
    for at in range(12):
        measured = {name: {"ratio": table[name][at]} for name in NAMES if table[name][at] is not None}
        expected = asked(graph, measured, **chosen)
        assert rows[table["patient"][at]] == expected or not expected


def test_a_measurement_a_row_with_log2_and_significance(graph: KnowledgeGraph, tmp_path: Path) -> None:
    made = np.random.default_rng(3)
    rows: Rows = []
    for patient in ("P1", "P2", "P3"):
        for name in NAMES:
            log2, padj = round(float(made.normal(1, 1.5)), 3), round(float(made.random() * 0.08), 3)
            rows.append({"patient": patient, "cytokine": name, "log2FC": log2, "padj": padj})
    found = answered(graph.cohort(polars.DataFrame(rows), output=tmp_path, comparator=SKIN, top=20))
    for patient in found:
        mine = {r["cytokine"]: {"log2": r["log2FC"], "padj": r["padj"]} for r in rows if r["patient"] == patient}
        assert found[patient] == asked(graph, mine)


def test_words_of_direction(graph: KnowledgeGraph, tmp_path: Path) -> None:
    wide = pyarrow.table({"patient": ["P1"], "IL-21": ["Raised"], "IL-15": ["2.5"], "IL-13": ["n.s."]})
    found = answered(graph.cohort(wide, output=tmp_path / "wide", comparator=SKIN, scale="ratio", top=20))
    columns = {
        "patient": ["P1"] * 3, "cytokine": ["IL-21", "IL-15", "IL-13"], "ratio": [None, 2.5, None],
        "call": ["up", "up", "ns"],
    }  # fmt: skip
    long = pyarrow.table(columns)
    assert answered(graph.cohort(long, output=tmp_path / "long", comparator=SKIN, top=20)) == found
    words = {"IL-21": {"direction": "raised"}, "IL-15": {"ratio": 2.5}, "IL-13": {"direction": "ns"}}
    assert found["P1"] == asked(graph, words)


def test_one_answer_whatever_the_form(graph: KnowledgeGraph, tmp_path: Path) -> None:
    table = pyarrow.table(patients())
    long = [
        {"patient": row["patient"], "cytokine": name, "ratio": value}
        for row in table.to_pylist()
        for name, value in row.items()
        if name != "patient"
    ]
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=9)
    csv.write_csv(table, tmp_path / "a.csv")
    csv.write_csv(table, tmp_path / "b.csv", csv.WriteOptions(delimiter=";"))
    feather.write_feather(table, tmp_path / "a.arrow")
    with pyarrow.ipc.new_stream(tmp_path / "a.arrows", table.schema) as stream:
        stream.write_table(table, max_chunksize=11)
    forms: dict[str, Any] = {
        "parquet": tmp_path / "a.parquet", "csv": str(tmp_path / "a.csv"), "semicolons": tmp_path / "b.csv",
        "arrow": tmp_path / "a.arrow", "stream": tmp_path / "a.arrows", "table": table, "pandas": table.to_pandas(),
        "polars": polars.from_arrow(table), "long": pyarrow.Table.from_pylist(long),
        "texts": table.cast(pyarrow.schema([(name, pyarrow.string()) for name in table.schema.names])),
        "categories": table.to_pandas().astype({"patient": "category"}),
    }  # fmt: skip
    found = {}
    for name, form in forms.items():
        scale = None if name == "long" else "ratio"
        one = graph.cohort(form, output=tmp_path / name, comparator=SKIN, scale=scale, size=25)
        found[name] = answered(one)
        assert one.summary["status"] == {"ranked": 38, "nothing measured": 1, "nothing raised": 1}, name
    assert [name for name in found if found[name] != found["parquet"]] == []


def test_rows_of_a_patient_need_not_stand_together(
    graph: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = patients()
    whole = graph.cohort(pyarrow.table(table), output=tmp_path / "wide", comparator=SKIN, scale="ratio")
    lines = [
        f"{who},{name},{ratio or ''}"
        for name in NAMES
        for who, ratio in zip(table["patient"], table[name], strict=True)
    ]
    lines.insert(100, "P03,IL-21")
    lines.insert(200, "P04,IL-21,-3")
    (tmp_path / "a.csv").write_text("\n".join(["patient,cytokine,ratio", *lines]) + "\n", encoding="utf-8")
    expected = answered(whole)
    del expected["P04"]
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))  # what patients have is in the folder alone
    for heap in (100, 1_000_000):
        monkeypatch.setattr(gathered, "HEAP", heap)
        found = graph.cohort(tmp_path / "a.csv", output=tmp_path / str(heap), comparator=SKIN, size=60)
        assert answered(found) == expected
        rows = parquet.read_table(found.folder / "rejected.parquet").to_pylist()
        assert sorted(row["row"] for row in rows) == [101, 201]
        assert not [one.name for one in found.folder.iterdir() if one.name.startswith(".")]
    with pytest.raises(Problems, match="row 101"):
        graph.cohort(tmp_path / "a.csv", output=tmp_path / "strict", comparator=SKIN, strict=True)
    assert not (tmp_path / "strict").exists()


def test_what_is_not_read_is_said(graph: KnowledgeGraph, tmp_path: Path) -> None:
    table = pyarrow.table({"patient": ["P1"], "age": [50], "BMI": [22.5], "Eotaxin": [3.0], "IL-21": [2.0]})
    found = graph.cohort(table, output=tmp_path, comparator=SKIN, scale="ratio", ignore="BMI")
    assert found.summary["notes"] == [
        "Columns that were not read: BMI, age.",
        "Known, and excluded from the score, as no ligand of a receptor with a JAK: Eotaxin (a chemokine).",
    ]


def test_marks_indices_and_line_ends_of_other_programs(graph: KnowledgeGraph, tmp_path: Path) -> None:
    text = '\ufeff"","Patient ID","IL-21 ",IL.15\r\n"1","a;b"," 2.5 ",NA\r\n"2","c",n/a,3e0\r\n'
    (tmp_path / "a.csv").write_bytes(text.encode())
    found = graph.cohort(tmp_path / "a.csv", output=tmp_path / "out", comparator=SKIN, scale="ratio", top=1)
    rows = parquet.read_table(found.answers).to_pylist()
    assert [(row["patient"], row["leading"]) for row in rows] == [("a;b", "il21"), ("c", "il15")]
    frame = pandas.DataFrame({"IL-21": [2.0]}, index=pandas.Index(["P1"], name="patient"))
    found = graph.cohort(frame, output=tmp_path / "frame", comparator=SKIN, scale="ratio")
    assert set(found.to_frame()["patient"]) == {"P1"}


def test_the_folder_explains_itself(graph: KnowledgeGraph, tmp_path: Path) -> None:
    found = graph.cohort(
        pyarrow.table(patients()), output=tmp_path, comparator=SKIN, scale="ratio", every=True, size=20
    )
    parts = sorted(found.answers.iterdir())
    assert [part.name for part in parts] == ["part-00000.parquet", "part-00001.parquet"]
    about = json.loads(parquet.read_schema(parts[0]).metadata[b"jak-kg"])
    assert about["graph"]["digest"] == graph.rows("graph_version")[0]["digest"]
    assert about["settings"]["threshold"] == "100"
    book = json.loads((tmp_path / "codebook.json").read_text(encoding="utf-8"))
    rows = parquet.read_table(found.answers)
    assert set(rows.schema.names) == set(book["columns"])
    for name in ("group", "drug", "leading", "reason", "window"):
        assert set(filter(None, rows[name].to_pylist())) <= set(book[name]), name
    assert set(filter(None, rows["group"].to_pylist())) == {"systemic", "topical", "not approved"}
    assert "Which drugs come first in 40 patients?" in (tmp_path / "summary.html").read_text(encoding="utf-8")
    assert {one.name for one in tmp_path.iterdir()} == {
        "answers", "codebook.json", "manifest.json", "rejected.parquet", "sample.json", "summary.html",
        "summary.json",
    }  # fmt: skip


@pytest.mark.conformance
def test_plots_have_the_same_bytes_at_each_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parquet.write_table(pyarrow.table(patients()), tmp_path / "a.parquet")
    for name in ("a", "b"):
        words = ["cohort", str(tmp_path / "a.parquet"), "-o", str(tmp_path / name), "--comparator", SKIN, "--plots"]
        assert main.main([*words, "--scale", "ratio", "--rows", "15"]) == 0
    capsys.readouterr()
    drawn = {file.name: file.read_bytes() for file in (tmp_path / "a" / "plots").iterdir()}
    assert sorted(drawn) == [
        f"{name}.{form}" for name in ("patients-cytokines", "patients-drugs", "strata") for form in ("png", "svg")
    ]
    assert {file.name: file.read_bytes() for file in (tmp_path / "b" / "plots").iterdir()} == drawn
    assert all(b"<script" not in data for data in drawn.values())


def test_it_is_a_frame_and_a_page_of_a_notebook(graph: KnowledgeGraph, tmp_path: Path) -> None:
    found = graph.cohort(pyarrow.table(patients()), output=tmp_path, comparator=SKIN, scale="ratio")
    assert len(found.to_frame()) == 38 * 3 + 2
    assert "<h1>Which drugs" in found._repr_html_()
    assert repr(found) == f"<Cohort: {tmp_path}, 40 patients>"


def test_patients_that_stand_twice_are_found_in_memory_and_on_disk(
    graph: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"P{number}" for number in range(5000)]
    table = pyarrow.table({"patient": [*names, "P7", "P4999", "P7"], "IL-21": [2.0] * 5003})
    found = graph.cohort(table, output=tmp_path / "a", comparator=SKIN, scale="ratio")
    monkeypatch.setattr(surveys, "KEPT", 1000)
    monkeypatch.setattr("kg.cohort.source.BATCH", 512)
    again = graph.cohort(table, output=tmp_path / "b", comparator=SKIN, scale="ratio")
    for one in (found, again):
        rows = parquet.read_table(one.folder / "rejected.parquet").to_pylist()
        assert [(row["row"], row["patient"]) for row in rows] == [
            (8, "P7"), (5000, "P4999"), (5001, "P7"), (5002, "P4999"), (5003, "P7"),
        ]  # fmt: skip
        assert rows[0]["reason"].startswith("3 rows are of this patient, and samples are never pooled")


@pytest.mark.parametrize("groups", [1, 40])
def test_what_was_read_of_a_file_is_not_kept(tmp_path: Path, groups: int) -> None:
    made, count = np.random.default_rng(1), 200_000
    table = pyarrow.table({"patient": range(count), **{f"c{at}": made.random(count) for at in range(20)}})
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=count // groups, use_dictionary=False)
    del table
    before, most = pyarrow.total_allocated_bytes(), 0
    for _ in sources.of(tmp_path / "a.parquet").batches([f"c{at}" for at in range(20)]):
        most = max(most, pyarrow.total_allocated_bytes() - before)
    assert most < (tmp_path / "a.parquet").stat().st_size / 2


def test_hashes_do_not_depend_on_where_a_text_stands() -> None:
    texts = pyarrow.array(["", "a", "ab", "ba", "\0", "aa", "P1", "ü", "a" * 300])
    found = surveys.hashed(texts).tolist()
    assert len(set(found)) == len(texts)
    assert surveys.hashed(texts[3:]).tolist() == found[3:]
    assert surveys.hashed(texts[:0]).tolist() == []


def test_in_python_the_scale_is_checked(graph: KnowledgeGraph) -> None:
    with pytest.raises(kg.Problems, match="'ln' is not known"):
        graph.cohort(pandas.DataFrame({"patient": ["P1"], "IL-21": [2]}), output="none", scale="ln")
