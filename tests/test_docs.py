"""The documents tell the truth: each command and each snippet in them runs and prints what they say."""

import doctest
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, SETTLED
from pyoxigraph import Store

import kg
from kg.cli import main
from kg.facts import dataset
from kg.model.vocabulary import VERSION
from kg.rdf.store import folder
from kg.sparql import formats, library
from kg.validation import check

pytestmark = pytest.mark.docs
DOCUMENTS = ["README.md", "CONTRIBUTING.md", *sorted(f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md"))]
GUIDES = [
    "README.md",
    "CONTRIBUTING.md",
    *(
        f"docs/{name}.md"
        for name in "clinician tables cohort curator sparql network python linked-data outcomes answer".split()
    ),
]
"""Documents that show commands."""
SET_UP = {
    "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/kg ask khurana-2025-1",
    "python3 -m venv .uv && .uv/bin/pip install -q uv && .uv/bin/uv run -q --locked pytest",
    "python3 -m venv .venv",
    ".venv/bin/pip install -e '.[draw]'",
}
"""Lines of a shell: .ci/run runs the first two, and the others are of the same kind."""
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
    assert ran or document not in GUIDES


@pytest.mark.parametrize("document", DOCUMENTS)
def test_python_snippets(document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    known: dict[str, object] = {}
    for kind, file, text in blocks(document):
        if file:
            Path(file).write_text(text, encoding="utf-8")
        if kind == "pycon":
            test = doctest.DocTestParser().get_doctest(text, known, document, document, 0)
            out, options = io.StringIO(), doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
            runner = doctest.DocTestRunner(optionflags=options)
            assert runner.run(test, out=out.write, clear_globs=False).failed == 0, out.getvalue()
            known = test.globs


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_other_kind_of_snippet(document: str) -> None:
    for kind, file, text in blocks(document):
        if kind == "bash":
            assert {line for line in text.splitlines() if line} <= SET_UP, f"{document}: no test runs this"
        elif not file:
            assert kind in ("console", "pycon", "include"), f"{document}: no test runs a block of {kind}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    text = BLOCK.sub("", (ROOT / document).read_text(encoding="utf-8"))
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        found = (ROOT / document).parent / target
        assert found.exists() or "docs/generated/" in str(found), f"{document}: {target} is not there"


def test_readme_is_short() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 180
    assert sum(line.startswith("python3 -m venv") for line in lines) == 2
    assert sum(line.startswith("![") for line in lines) == 1


def with_the_case_of_contributing(facts: Path) -> None:
    """Do to a folder of facts what CONTRIBUTING says: one file, and one row of references.tsv."""
    (case,) = [text for _, file, text in blocks("CONTRIBUTING.md") if file == "smith-2026.toml"]
    (facts / "cases" / "smith-2026.toml").write_text(case, encoding="utf-8")
    with (facts / "references.tsv").open("a", encoding="utf-8") as table:
        row = ["smith-2026", "article", "Smith 2026"]
        table.write("\t".join(row + [""] * (len(dataset.TABLES["references"].model_fields) - 3)) + "\n")


def test_the_case_of_contributing_can_be_added(tmp_path: Path) -> None:
    facts = folder("ontology") / "facts"
    copy = tmp_path / "facts"
    shutil.copytree(facts, copy)
    with_the_case_of_contributing(copy)
    before, after = (
        [
            int(count)
            for count in re.findall(r"(\d+) cases of (\d+) patients", check.everything(one, folder("ontology")).said)[0]
        ]
        for one in (facts, copy)
    )
    assert after == [before[0] + 1, before[1] + 1]


def test_all_tests_stay_green_with_one_more_case(tmp_path: Path) -> None:
    copy = tmp_path / "jak-kg"
    left = shutil.ignore_patterns(".*cache", ".git", ".venv", ".uv", ".hypothesis", "__pycache__", "built", "generated")
    shutil.copytree(ROOT, copy, ignore=left)
    with_the_case_of_contributing(copy / "ontology" / "facts")
    environment = {**os.environ, "PYTHONPATH": str(copy), "JAK_KG_SHARED": str(tmp_path / "none")}
    asked = [sys.executable, "-c", "import kg; print(kg.__file__, kg.open().instances('jak:Case'))"]
    said = subprocess.run(asked, cwd=copy, env=environment, capture_output=True, text=True, check=True).stdout
    assert str(copy) in said
    assert "smith-2026-1" in said
    command = [sys.executable, "-m", "pytest", "--no-header", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-1000:]


def test_readme_names_every_folder_and_dependency() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[(.*?)\]", project, re.DOTALL | re.MULTILINE)
    assert listed
    for name in re.findall(r'"([\w-]+)', listed[1]):
        assert f"| {name} |" in text
    for name in ("ontology", "queries", "kg", "docs", "scripts", "tests"):
        assert f"`{name}/" in text


def test_options_of_ask_are_in_the_guide(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main.main(["ask", "--help"])
    text = (ROOT / "docs" / "clinician.md").read_text(encoding="utf-8")
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
    assert formats.written(answer)[1] or name in SETTLED, f"{name}.rq gives no row with its own example"
    assert "ORDER BY" in found.text
    assert found.summary.endswith("?")


# --- the site ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built in a process that reaches no network; the notebook runs in it."""
    pytest.importorskip("sphinx", reason="uv sync --group docs brings Sphinx")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-n", "--keep-going", "-b", "html", "docs", str(folder)]
    done = subprocess.run([*command, "-d", str(folder / ".doctrees")], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_loads_nothing_from_outside(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert {page.name for page in pages} >= {"index.html", "clinician.html", "questions.html", "vocabulary.html"}
    loads = re.compile(
        r"""<(?:script|img|iframe|embed|source|video|audio|object)\b[^>]*?\b(?:src|data|srcset)\s*=\s*["']?(?://|\w+:)(?!image)"""
        r"""|<link\b(?![^>]*rel=["']?(?:canonical|license|author))[^>]*href\s*=\s*["']?(?://|https?:)""",
        re.IGNORECASE,
    )
    for page in pages:
        if found := loads.search(page.read_text(encoding="utf-8")):
            pytest.fail(f"{page.relative_to(site)} loads {found[0][-200:]}")
    for style in site.rglob("*.css"):
        assert not re.search(r"""@import|url\(\s*["']?(?://|https?:)""", style.read_text(encoding="utf-8")), style


def test_the_site_has_the_answers_the_terms_and_the_notebook(site: Path) -> None:
    questions = (site / "generated" / "questions.html").read_text(encoding="utf-8")
    for name in library.names():
        assert f"/{name}.rq" in questions
    assert "IFN-gamma" in (site / "generated" / "notebook.html").read_text(encoding="utf-8")
    assert 'id="Kinase"' in (site / "vocab" / "index.html").read_text(encoding="utf-8")
    assert "Khurana" in (site / "generated" / "coverage.html").read_text(encoding="utf-8")


def test_the_notebook_in_git_has_no_outputs() -> None:
    for cell in json.loads((ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8"))["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.usefixtures("graph")
def test_the_picture_of_the_readme_says_what_the_graph_says() -> None:
    picture = (ROOT / "docs" / "picture.svg").read_text(encoding="utf-8")
    said = dict(re.findall(r">(tofacitinib|baricitinib)</text><text[^>]*>([\d.]+)<", picture))
    rows = kg.query("drugs_for_case", case="khurana-2025-1")
    found = {row["label"]: f"{row['low']:.2f}" for row in rows if row["label"] in said}
    assert found == said
