"""What is wrong with a table of patients is one clear line, exit 2; a row that cannot be answered is written apart."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas
import pyarrow
import pytest
from pyarrow import parquet
from test_cohort import SKIN, patients

import kg
from kg.cli import main
from kg.knowledge_graph import KnowledgeGraph


def whole(file: Path) -> bytes:
    parquet.write_table(pyarrow.table(patients()), file, compression="none", use_dictionary=False)
    return file.read_bytes()


def damaged(file: Path) -> bytes:
    data = bytearray(whole(file))
    data[200:1200] = b"\xff" * 1000
    return bytes(data)


FILES: dict[str, tuple[str, Callable[[Path], bytes], str]] = {
    "not Parquet": ("a.parquet", lambda _: b"patient,IL-21\nP1,2\n", "this is not Parquet"),
    "cut short": ("a.parquet", lambda file: whole(file)[:-100], "this Parquet file is cut short"),
    "only a head": ("a.parquet", lambda _: b"PAR1PAR1", "this Parquet file is cut short"),
    "damaged": ("a.parquet", damaged, "this is damaged ("),
    "empty": ("a.csv", lambda _: b"", "the file is empty"),
    "a header alone": ("a.csv", lambda _: b"patient,IL-21\n", "there is a header and no row"),
    "a picture": ("a.csv", lambda _: b"\x89PNG\r\n\x1a\n\0\0\0", "this is no table that can be read"),
    "gzip": ("a.csv", lambda _: b"\x1f\x8b\x08\0\0\0\0\0", "this is gzip: unpack it"),
    "UTF-16": ("a.csv", lambda _: "patient,IL-21\nP1,2\n".encode("utf-16"), "this is no table that can be read"),
    "Latin-1": ("a.csv", lambda _: "patient,IL-21\nMüller,2\n".encode("latin-1"), "invalid UTF"),
    "an open quote": ("a.csv", lambda _: b'patient,IL-21\n"P1,2\n' * 40, "a.csv: "),
    "Arrow cut short": ("a.arrow", lambda _: b"ARROW1\0\0\xff\xff\xff\xff", "this is damaged ("),
    "a column twice": ("a.csv", lambda _: b"patient,IL-21,IL-21\nP1,2,3\n", "the column 'IL-21' is there twice"),
    "a cytokine twice": ("a.csv", lambda _: b"patient,IL-21,IL21\nP1,2,3\n", "are both IL-21"),
    "no patient": ("a.csv", lambda _: b"IL-15,IL-21\n1,2\n", "no column says who a row is of"),
    "two patients": ("a.csv", lambda _: b"patient,subject,IL-21\nP1,S1,2\n", "2 columns could say who a row is of"),
    "no cytokine": ("a.csv", lambda _: b"patient,age\nP1,2\n", "no column is a cytokine"),
    "unknown": ("a.csv", lambda _: b"patient,IL-221\nP1,2\n", "cytokine 'IL-221' is not known: did you mean"),
    "a kinase": ("a.csv", lambda _: b"patient,JAK1,IL-21\nP1,2,3\n", "'JAK1' is a kinase, no cytokine"),
    "all empty": ("a.csv", lambda _: b"patient,IL-21\nP1,\nP2,NA\n", "nothing is measured: all values of 2 patients"),
    "all bad": ("a.csv", lambda _: b"patient,IL-21\nP1,-1\nP2,x\n", "no row can be answered, all 2 have faults"),
    "wide": ("a.csv", lambda _: (",".join(["patient", *(f"c{at}" for at in range(100_000))]) + "\n").encode(),
             "this has 100,001 columns, and at most 1,000 are read"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_one_clear_line(
    name: str, tmp_path: Path, graph: KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    assert graph
    file, content, said = FILES[name]
    (tmp_path / file).write_bytes(content(tmp_path / file))
    words = ["cohort", str(tmp_path / file), "-o", str(tmp_path / "out"), "--comparator", SKIN, "--scale", "ratio"]
    assert main.main(words) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert said in error
    assert not (tmp_path / "out").exists()


def refused(graph: KnowledgeGraph, table: Any, tmp_path: Path, **options: Any) -> str:
    with pytest.raises(kg.Problems) as caught:
        graph.cohort(table, output=tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()
    return str(caught.value)


def test_wrong_types_are_refused(graph: KnowledgeGraph, tmp_path: Path) -> None:
    types: dict[str, Any] = {"a list": [[1.0]], "yes or no": [True], "a time": pandas.to_datetime(["2026-01-01"])}
    for name, column in types.items():
        table = pyarrow.table({"patient": ["P1"], "IL-21": column})
        assert "the column 'IL-21' is of the type" in refused(graph, table, tmp_path, comparator=SKIN, scale="ratio"), (
            name
        )
    table = pyarrow.table({"patient": [1.5], "IL-21": [2.0]})
    said = refused(graph, table, tmp_path, comparator=SKIN, scale="ratio")
    assert "the column 'patient' is of the type double: give text or whole numbers" in said
    assert "this list is no table of patients" in refused(graph, [1], tmp_path, comparator=SKIN, scale="ratio")
    assert "no such file" in refused(graph, tmp_path / "none.csv", tmp_path).lower()


def test_many_columns_of_parquet_are_refused_at_once(graph: KnowledgeGraph, tmp_path: Path) -> None:
    table = pyarrow.table({f"c{number}": [1.0] for number in range(5_000)})
    assert "this has 5,000 columns" in refused(graph, table, tmp_path, comparator=SKIN, scale="ratio")


def test_what_is_not_said_is_asked_for(graph: KnowledgeGraph, tmp_path: Path) -> None:
    table = pyarrow.table({"patient": ["P1"], "IL-21": [2.0]})
    assert "say it by --scale ratio or --scale log2" in refused(graph, table, tmp_path, comparator=SKIN)
    said = refused(graph, table, tmp_path, scale="ratio")
    assert "the comparator is missing, so nobody knows what was compared: say it once, by --comparator NAME" in said
    said = refused(graph, table, tmp_path, scale="ratio", comparator="own unvolved skin")
    assert "did you mean 'own-uninvolved-skin'?" in said
    said = refused(graph, table, tmp_path, scale="ratio", comparator=SKIN, patient="subjekt", ignore="BMI")
    assert "there is no column 'subjekt'" in said
    assert "there is no column 'BMI'" in said
    long = pyarrow.table({"patient": ["P1"], "cytokine": ["IL-21"], "logFC": [2.0], "ratio": [4.0]})
    assert "several columns hold values: 'logFC', 'ratio'" in refused(graph, long, tmp_path, comparator=SKIN)
    long = pyarrow.table({"patient": ["P1"], "cytokine": ["IL-21"], "ddCt": [2.0]})
    assert "'ddCt' is ddct, and a cohort is read from ratio, log2 or direction" in refused(graph, long, tmp_path)
    long = pyarrow.table({"patient": ["P1"], "cytokine": ["IL-21"], "dose": [2.0]})
    assert "beside 'cytokine' no column holds a value" in refused(graph, long, tmp_path)
    long = pyarrow.table({"patient": ["P1"], "cytokine": ["IL-21"], "ratio": [2.0]})
    assert "the header of the value says what it is" in refused(graph, long, tmp_path, scale="log2", comparator=SKIN)


def test_mixed_comparators_are_refused_with_their_rows(graph: KnowledgeGraph, tmp_path: Path) -> None:
    against = ["healthy control skin", "own baseline", None, "Own Baseline"]
    table = pyarrow.table({"patient": ["P1", "P2", "P3", "P4"], "IL-21": [2.0] * 4, "comparator": against})
    said = refused(graph, table, tmp_path, scale="ratio")
    assert "two comparators in one cohort: healthy-control-skin (rows 1), own-baseline (rows 2, 4)" in said
    assert "the comparator is missing in rows 3" in said
    one = table.set_column(2, "comparator", [["healthy control skin"] * 4])
    found = graph.cohort(one, output=tmp_path / "one", scale="ratio")
    assert found.summary["comparator"] == SKIN
    assert "(--comparator)" in refused(graph, one, tmp_path, scale="ratio", comparator="own-baseline")


def rejected(graph: KnowledgeGraph, table: Any, folder: Path, **options: Any) -> dict[int, str]:
    found = graph.cohort(table, output=folder, comparator=SKIN, **options)
    rows = parquet.read_table(folder / "rejected.parquet").to_pylist()
    assert len(rows) == found.summary["rows_rejected"]
    return {row["row"]: row["reason"] for row in rows}


def test_a_bad_row_is_written_apart_with_the_words_of_kg_ask(graph: KnowledgeGraph, tmp_path: Path) -> None:
    cells = ["2.5", "-2.5", "0", "2,5", "1,000", "30%", "inf", "<0.1", "1e12", "high dose", "nan", "1e-300", "+2"]
    table = pyarrow.table(
        {"patient": [f"P{at}" for at in range(len(cells))], "IL-21": cells, "IL-15": ["1"] * len(cells)}
    )
    found = rejected(graph, table, tmp_path / "a", scale="ratio")
    assert sorted(found) == [2, 3, 4, 5, 6, 7, 8, 9, 10, 12]
    for at, reason in found.items():
        with pytest.raises(kg.Problems) as caught:
            graph.ask([{"cytokine": "IL-21", "ratio": cells[at - 1]}], comparator=SKIN)
        (problem,) = caught.value.problems
        assert f"{problem.what}: {problem.remedy}" == reason.replace("IL-21", "ratio", 1), cells[at - 1]
    numbers = pyarrow.table({"patient": ["P1", "P2", "P3", "P4"], "IL-21": [2.0, -1.0, float("inf"), float("nan")]})
    assert sorted(rejected(graph, numbers, tmp_path / "b", scale="ratio")) == [2, 3]
    assert sorted(rejected(graph, numbers, tmp_path / "c", scale="log2")) == [3]


def test_a_patient_with_a_bad_row_is_not_answered(graph: KnowledgeGraph, tmp_path: Path) -> None:
    rows = [
        ("P1", "IL-21", 2.0, None), ("P1", "IL-15", -2.0, None), ("P2", "IL-21", 3.0, None), ("P2", "IL-21", 4.0, None),
        ("P3", "IL-21", 3.0, None), ("P3", "IL-21", 3.0, None), ("P4", "IL-21", 3.0, "down"), ("P5", None, 3.0, None),
        (None, "IL-21", 3.0, None), ("P6", "IL-21", 3.0, "sideways"), ("P7", "IL-21", 2.0, "up"),
        ("P1", "IL-13", 2.0, None),
    ]  # fmt: skip
    table = pandas.DataFrame(rows, columns=["patient", "cytokine", "ratio", "direction"])
    found = rejected(graph, table, tmp_path, size=3)
    assert found == {
        2: "ratio '-2.0' is negative, and a ratio cannot be: if it means 2.0-fold lower write 0.5; "
        "if it is a log2 name the column log2",
        4: "IL-21 is also in row 3, with another value: keep one row, or give each sample a table of its own",
        7: "ratio '3.0' says raised, and direction says 'lowered': write the ratio below 1 where it is lowered, "
        "or keep the right one",
        8: "the name of the cytokine is missing: write it, or delete the row",
        9: "it is not said whose row this is: write the patient",
        10: "direction 'sideways' is not known: write raised, lowered or unchanged",
    }
    answers = parquet.read_table(tmp_path / "answers")["patient"].to_pylist()
    assert sorted(set(answers)) == ["P3", "P7"]


def test_a_family_beside_its_member_is_a_bad_row(graph: KnowledgeGraph, tmp_path: Path) -> None:
    row = graph.rows("members_of_families")[0]
    family, member = graph.labels[row["family"]], graph.labels[row["member"]]
    table = pyarrow.table({"patient": ["P1", "P2", "P3"], family: [2.0, None, 3.0], member: [None, 2.0, 3.0]})
    found = rejected(graph, table, tmp_path, scale="ratio")
    assert found == {3: f"{family} covers {member}, which stands there too: keep the one that was measured"}


def test_strict_stops_at_the_first_bad_rows(
    graph: KnowledgeGraph, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert graph
    (tmp_path / "a.csv").write_text("patient,IL-21\nP1,2\nP2,-1\nP3\n", encoding="utf-8")
    words = ["cohort", str(tmp_path / "a.csv"), "-o", str(tmp_path / "out"), "--comparator", SKIN, "--scale", "ratio"]
    assert main.main([*words, "--strict"]) == 2
    error = capsys.readouterr().err.splitlines()
    assert error[0].startswith(f"{tmp_path / 'a.csv'}: row 2: IL-21 '-1' is negative, and a ratio cannot be: if it")
    assert error[1] == (
        f"{tmp_path / 'a.csv'}: row 3: the row has 1 cells, and the header 2: write each cell, also one without a value"
    )
    assert not (tmp_path / "out").exists()
    assert main.main(words) == 0


def test_a_graph_of_another_edition_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<https://example.org/a> a <https://example.org/B> .\n", encoding="utf-8")
    said = refused(kg.open(tmp_path / "a.ttl"), pyarrow.table({"patient": ["P1"]}), tmp_path)
    assert "it does not name the edition of the blockade calculus" in said


def test_without_pyarrow_the_remedy_is_said(
    graph: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    assert refused(graph, tmp_path / "a.csv", tmp_path) == "pyarrow: is not installed: pip install pyarrow"
