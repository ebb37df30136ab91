"""The documents tell the truth: each command and each snippet in them runs and prints what they say."""

import doctest
import importlib.util
import io
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT
from pyoxigraph import Store

from kg.cli import main
from kg.facts import dataset
from kg.model.vocabulary import VERSION
from kg.rdf.store import folder
from kg.sparql import formats, library
from kg.validation import check

pytestmark = pytest.mark.docs
DOCUMENTS = ["README.md", "CONTRIBUTING.md"]
BLOCK = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)


def blocks(document: str) -> Iterator[tuple[str, str | None, str]]:
    for match in BLOCK.finditer((ROOT / document).read_text(encoding="utf-8")):
        yield match["kind"], match["file"], match["text"]


def matches(said: str, printed: str) -> bool:
    """Whether what was printed is what the document says; ``...`` stands for anything."""
    pattern = re.escape(said).replace(re.escape("..."), ".*?")
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


def commands(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, said = part.partition("\n")
        yield command, said


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands(
    document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    ran = 0
    for kind, file, text in blocks(document):
        if file:
            Path(file).write_text(text, encoding="utf-8")
        if kind != "console":
            continue
        for command, said in commands(text):
            name, *arguments = shlex.split(command)
            assert name == "kg"
            assert main.main(arguments) == 0
            printed = "".join(f"{line.rstrip()}\n" for line in capsys.readouterr().out.splitlines())
            assert matches(said, printed), f"{document}: $ {command} prints\n{printed}"
            ran += 1
    assert ran


@pytest.mark.usefixtures("store")
def test_python_snippets_of_readme() -> None:
    snippets = [text for kind, _, text in blocks("README.md") if kind == "pycon"]
    assert snippets
    for text in snippets:
        test = doctest.DocTestParser().get_doctest(text, {}, "README.md", "README.md", 0)
        out = io.StringIO()
        assert doctest.DocTestRunner().run(test, out=out.write).failed == 0, out.getvalue()


def test_the_case_of_contributing_can_be_added(tmp_path: Path) -> None:
    copy = tmp_path / "facts"
    shutil.copytree(folder("ontology") / "facts", copy)
    (case,) = [text for _, file, text in blocks("CONTRIBUTING.md") if file == "smith-2026.toml"]
    (copy / "cases" / "smith-2026.toml").write_text(case, encoding="utf-8")
    with (copy / "references.tsv").open("a") as table:
        table.write(
            "smith-2026\tarticle\tSmith 2026" + "\t" * (len(dataset.TABLES["references"].model_fields) - 3) + "\n"
        )
    assert "17 cases of 34 patients" in check.everything(copy, folder("ontology")).said


def test_readme_names_every_folder_and_dependency() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[(.*?)\]", project, re.DOTALL | re.MULTILINE)
    assert listed
    for name in re.findall(r'"([\w-]+)', listed[1]):
        assert f"| {name} |" in text
    for name in ("ontology", "queries", "kg", "scripts", "tests"):
        assert f"`{name}/" in text


def test_options_of_ask_are_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main.main(["ask", "--help"])
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    options = set(re.findall(r"(--[a-z-]+)", capsys.readouterr().out)) - {"--help", "--graph"}
    assert {option for option in options if option not in text} == set()


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("CITATION.cff", "version: {}"),
        ("CHANGELOG.md", "## {}"),
        ("ontology/jak-kg.ttl", '    owl:versionInfo "{}" ;'),
        ("ontology/definitions.ttl", '    owl:versionInfo "{}" .'),
    ],
)
def test_files_that_name_the_version_name_that_of_the_vocabulary(file: str, line: str) -> None:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    assert any(found.partition(",")[0] == line.format(VERSION) for found in lines), f"{file} is not of {VERSION}"


def test_the_package_takes_its_version_from_the_vocabulary() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    place = project["tool"]["hatch"]["version"]
    found = re.search(place["pattern"], (ROOT / place["path"]).read_text(encoding="utf-8"))
    assert found
    assert found["version"] == VERSION


@pytest.mark.parametrize("name", library.names())
def test_every_query_answers(store: Store, name: str) -> None:
    found = library.load(name)
    answer = store.query(found.bound(store, **{param.name: param.example for param in found.params}))
    assert formats.written(answer)[1], f"{name}.rq gives no row with its own example"
    assert "ORDER BY" in found.text
    assert found.summary.endswith("?")


def script(name: str) -> ModuleType:
    """The module of a script of the folder scripts."""
    spec = importlib.util.spec_from_file_location(f"script_{name}", ROOT / "scripts" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_coverage_page_is_current() -> None:
    page = (ROOT / "COVERAGE.md").read_text(encoding="utf-8")
    assert script("coverage").page() == page, "run python scripts/coverage.py"


def test_queries_page_is_current() -> None:
    page = (ROOT / "queries" / "README.md").read_text(encoding="utf-8")
    assert script("queries_page").page() == page, "run python scripts/queries_page.py"


def test_pictures_of_the_readme_are_current() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, data in script("draw").of_readme():
        assert f"](pictures/{name})" in text
        assert (ROOT / "pictures" / name).read_bytes() == data, "run python scripts/draw.py"
