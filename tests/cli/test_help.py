"""Every command is in the grouped help, and every help has examples that run as they are printed."""

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow
import pytest
from conftest import ROOT
from pyarrow import parquet

from kg.cli import main
from kg.cli.main import GROUPS

COMMANDS = [command for commands in GROUPS.values() for command in commands]
SLOW = {"check": pytest.mark.docs, "release": pytest.mark.docs, "reason": pytest.mark.java}
"""Command -> the tier of its examples, where that is not the default one."""
PROFILE = "cytokine,ratio\nIL-21,2.4\nIFN-gamma,0.5\n"
PACKET = {
    "id": "jones",
    "subject": {"id": "p1", "sex": "FEMALE"},
    "metaData": {"created": "2026-01-01T00:00:00Z", "createdBy": "someone", "phenopacketSchemaVersion": "2.0"},
}


def help_of(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    if command == "query":
        assert main.main(["query", "--help"]) == 0
    else:
        with pytest.raises(SystemExit):
            main.main([command, "--help"])
    return capsys.readouterr().out


def examples(text: str) -> list[str]:
    return [line.strip() for line in text.partition("examples:\n")[2].splitlines() if line.startswith("  kg ")]


def test_the_help_names_each_command_by_group(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("  ")] == COMMANDS
    assert [line[:-1] for line in lines if line.endswith(":") and not line.startswith("usage")] == list(GROUPS)
    assert max(map(len, lines)) <= 110


def test_a_command_that_is_none_is_named_with_near_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["aks"]) == 2
    assert capsys.readouterr().err == "kg: 'aks' is not a command: did you mean ask?\n"
    assert main.main([]) == 2
    assert capsys.readouterr().err == "kg: no command is given: see kg --help\n"


@pytest.mark.parametrize("command", [pytest.param(name, marks=SLOW.get(name, ())) for name in COMMANDS])
def test_examples_run(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = examples(help_of(command, capsys))
    assert len(found) >= 2
    monkeypatch.chdir(tmp_path)
    (tmp_path / "profile.csv").write_text(PROFILE, encoding="utf-8")
    (tmp_path / "measurements.csv").write_text("subject,cytokine,ratio\nP1,IL-21,3\n", encoding="utf-8")
    parquet.write_table(pyarrow.table({"patient": ["P1", "P2"], "IL-21": [3.0, 1.0]}), tmp_path / "registry.parquet")
    (tmp_path / "packet.json").write_text(json.dumps(PACKET), encoding="utf-8")
    ligand = "<https://example.org/a> a <https://w3id.org/jak-kg/vocab#Ligand> .\n"
    (tmp_path / "mine.ttl").write_text(ligand, encoding="utf-8")
    (tmp_path / "mine.rq").write_text("SELECT ?kinase WHERE { VALUES ?kinase { 'JAK1' } }\n", encoding="utf-8")
    shutil.copytree(ROOT / "tests" / "mini", tmp_path / "my-facts")
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "chembl-web.txt").write_text("Nothing.\n", encoding="utf-8")
    if command in ("diff", "release"):
        for name in ("old.ttl", "new.ttl"):
            facts = ["--facts", str(ROOT / "tests" / "mini")] if command == "diff" else []
            assert main.main(["build", *facts, "-o", name]) == 0
    for example in found:
        program, *words = shlex.split(example)
        assert program == "kg"
        assert main.main(words) == 0, example
        assert capsys.readouterr().err == "", example


@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize(
    "words",
    ["ask khurana-2025-1", "why khurana-2025-1 tofacitinib", "whatif khurana-2025-1 --without jak3", "ledger", "gaps",
     "path IL-21 JAK1", "cut khurana-2025-1", "similar IL-4"],
)  # fmt: skip
def test_each_answer_has_each_form(words: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main([*words.split(), "--format", form]) == 0
    out = capsys.readouterr().out
    assert out.startswith("<!DOCTYPE html>" if form == "html" else ("#", "|", "-"))
    assert out.endswith("\n")


def test_help_loads_next_to_nothing() -> None:
    code = "from kg.cli.main import main; main(['--help']); import sys; sys.stderr.write(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stderr.split()) & {"argparse", "pyoxigraph", "jinja2", "kg.document", "kg.answers"}
