"""A killed ``kg cohort`` goes on where it was: the bytes are those of one run; a folder of another run is refused."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import csv, parquet
from test_cohort import SKIN, patients

import kg
from kg.cli import main
from kg.cohort.progress import Progress
from kg.knowledge_graph import KnowledgeGraph
from kg.model import files

OPTIONS: dict[str, Any] = {"comparator": SKIN, "scale": "ratio", "size": 6}
"""Seven parts, of three files each; one file ahead of them, and four behind."""


def tree(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table in which some rows are broken, in each of the ways that a text has."""
    made = patients()
    made["IL-21"][3], made["IL-13"][11], made["patient"][20] = -2.0, 1e12, "P19"
    csv.write_csv(pyarrow.table(made), tmp_path / "a.csv")
    lines = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    for at in (6, 7, 14, 30, 99):
        lines.insert(at, "P,1,2")
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path / "a.csv"


@pytest.fixture
def whole(graph: KnowledgeGraph, table: Path, tmp_path: Path) -> dict[str, bytes]:
    found = graph.cohort(table, output=tmp_path / "whole", **OPTIONS)
    assert found.summary["rows"] == 45
    assert found.summary["rows_rejected"] == 9
    rows = parquet.read_table(found.folder / "rejected.parquet").to_pylist()
    assert [row["row"] for row in rows] == [4, 6, 7, 14, 15, 23, 24, 30, 45]
    return tree(found.folder)


def test_stopped_at_any_file_it_goes_on_to_the_same_bytes(
    graph: KnowledgeGraph, table: Path, whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, left = files.save, [0]

    def stopped(content: bytes, file: Path) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        save(content, file)

    monkeypatch.setattr(files, "save", stopped)
    stops = 0
    for number in (2, 4, 19, 22, 25):
        folder, left[0] = tmp_path / f"stopped-{number}", number
        try:
            graph.cohort(table, output=folder, **OPTIONS)
        except KeyboardInterrupt:
            stops += 1
            assert not (folder / "answers").exists() or number > 24
            left[0] = 3  # and once more
            with pytest.raises(KeyboardInterrupt):
                graph.cohort(table, output=folder, **OPTIONS)
        left[0] = 1000
        out = io.StringIO()
        graph.cohort(table, output=folder, progress=out, **OPTIONS)
        assert tree(folder) == whole, number
    assert stops == 5


def test_a_whole_run_again_changes_nothing(
    graph: KnowledgeGraph, table: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "whole").rglob("*")}
    again = graph.cohort(table, output=tmp_path / "whole", **OPTIONS)
    assert tree(again.folder) == whole
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "whole").rglob("*")} == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"threshold": 50}, 'settings threshold was "100", and is "50"'),
        ({"top": 5}, "top was 3, and is 5"),
        ({"size": 7}, "rows_of_a_part was 6, and is 7"),
        ({"comparator": "own-baseline"}, 'comparator was "healthy-control-skin", and is "own-baseline"'),
        ({"every": True}, "groups was"),
    ],
)
@pytest.mark.usefixtures("whole")
def test_a_folder_of_other_settings_is_refused(
    graph: KnowledgeGraph, table: Path, tmp_path: Path, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(kg.Problems) as caught:
        graph.cohort(table, output=tmp_path / "whole", **{**OPTIONS, **options})
    (problem,) = caught.value.problems
    assert said in problem.what
    assert problem.remedy == "name a new folder"


def test_a_folder_of_another_input_is_refused(
    graph: KnowledgeGraph, table: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    with table.open("a", encoding="utf-8") as file:
        file.write(table.read_text(encoding="utf-8").splitlines()[1].replace("P00", "P99") + "\n")
    with pytest.raises(kg.Problems, match="input digest was"):
        graph.cohort(table, output=tmp_path / "whole", **OPTIONS)
    assert tree(tmp_path / "whole") == whole


def test_a_folder_of_other_files_is_refused(graph: KnowledgeGraph, table: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(kg.Problems, match=r"there are other files here, as 'thesis.txt': name a new folder"):
        graph.cohort(table, output=tmp_path / "mine", **OPTIONS)
    assert tree(tmp_path / "mine") == {"thesis.txt": b"mine"}
    with pytest.raises(kg.Problems, match="this is a file"):
        graph.cohort(table, output=table, **OPTIONS)
    (tmp_path / "mine" / "manifest.json").write_text("[]", encoding="utf-8")
    with pytest.raises(kg.Problems, match="this is no manifest of a cohort"):
        graph.cohort(table, output=tmp_path / "mine", **OPTIONS)


def test_a_full_disk_is_one_line_and_the_run_goes_on_when_there_is_room(
    graph: KnowledgeGraph, table: Path, whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = files.save

    def full(content: bytes, file: Path) -> None:
        if "00002" in file.name:
            raise OSError(28, "No space left on device")
        save(content, file)

    monkeypatch.setattr(files, "save", full)
    with pytest.raises(kg.Problems, match=r"cannot be written \(No space left on device\): make room"):
        graph.cohort(table, output=tmp_path / "full", **OPTIONS)
    assert not (tmp_path / "full" / "answers").exists()
    monkeypatch.setattr(files, "save", save)
    graph.cohort(table, output=tmp_path / "full", **OPTIONS)
    assert tree(tmp_path / "full") == whole


@pytest.mark.conformance
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_killed_twice_by_the_system(tmp_path: Path) -> None:
    made = patients(1500)
    parquet.write_table(pyarrow.table(made), tmp_path / "a.parquet")
    words = ["cohort", str(tmp_path / "a.parquet"), "--comparator", SKIN, "--scale", "ratio", "--rows", "20"]
    assert main.main([*words, "-o", str(tmp_path / "whole")]) == 0
    killed = 0
    for wait in (2, 1, 600):
        run = [sys.executable, "-m", "kg", *words, "-o", str(tmp_path / "killed")]
        done = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        counts = tmp_path / "killed" / "unfinished" / "counts"
        until = time.monotonic() + 60
        begun = len(list(counts.glob("*"))) if counts.exists() else 0
        while wait < 600 and done.poll() is None and time.monotonic() < until:
            if counts.exists() and len(list(counts.glob("*"))) > begun + 10 * wait:
                os.kill(done.pid, signal.SIGKILL)
                killed += 1
                break
            time.sleep(0.002)
        done.wait(120)
    assert killed == 2
    assert tree(tmp_path / "killed") == tree(tmp_path / "whole")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_a_bar_on_a_terminal_and_lines_in_a_log() -> None:
    out = Terminal()
    said = Progress(100, out, clock=iter([0.0, 1.0, 2.0]).__next__)
    said.at(50)
    said.at(100)
    assert out.getvalue() == (
        "\r[############            ] 50 of 100 rows (50 %), 50 rows a second, 1 s left\x1b[K"
        "\r[########################] 100 of 100 rows (100 %), 50 rows a second\x1b[K\n"
    )
    log = io.StringIO()
    said = Progress(100_000, log, clock=iter([0.0, 1.0, 12.0, 13.0, 7000.0]).__next__)
    said.from_(0)
    for row in (100, 1200, 1300, 100_000):
        said.at(row)
    assert log.getvalue() == (
        "1,200 of 100,000 rows (1 %), 100 rows a second, 16 min 28 s left\n"
        "100,000 of 100,000 rows (100 %), 14 rows a second\n"
    )
    short = io.StringIO()
    Progress(10, short).at(10)
    assert short.getvalue() == ""
