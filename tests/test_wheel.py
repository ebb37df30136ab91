"""The wheel works where nothing else is: in an environment of its own, asked outside of the tree."""

import os
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest
from conftest import ROOT

from kg.sparql import library

pytestmark = pytest.mark.docs


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the build backend of pyproject.toml itself: no other is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_has_facts_questions_and_the_built_graph(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    assert {
        "kg/ontology/jak-kg.ttl",
        "kg/ontology/facts/kinases.tsv",
        "kg/built/jak-kg.nt",
        "kg/built/answers.jsonl",
    } <= names
    assert {f"kg/queries/{name}.rq" for name in library.names()} <= names
    assert not [name for name in names if name.startswith(("tests/", "scripts/"))]


def test_it_answers_outside_the_tree(wheel: Path, tmp_path: Path) -> None:
    """Its libraries are those of this environment, put behind the package: nothing is downloaded."""
    venv.create(tmp_path / "env", with_pip=False)
    (packages,) = (tmp_path / "env").glob("lib/python*/site-packages")
    ZipFile(wheel).extractall(packages)
    (packages / "libraries.pth").write_text(
        "\n".join(path for path in sys.path if path.endswith("site-packages")), encoding="utf-8"
    )
    python = tmp_path / "env" / "bin" / "python"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run(*words: str) -> str:
        command = [str(python), "-m", *words]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        ).stdout  # fmt: skip

    assert "tofacitinib" in run("kg", "ask", "khurana-2025-1")
    where = subprocess.run(
        [str(python), "-c", "import kg; print(kg.__file__)"], cwd=tmp_path, env=environment, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert where.stdout.strip().startswith(str(packages))
