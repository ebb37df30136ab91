"""The rules of ``queries/checks``: each is silent on good facts, and finds what is planted in ``bad/checks/NAME.ttl``.

A sample is a few triples that, added to the graph of the small folder ``mini``, break the rule of its name; its first
line says which things are then at fault.
"""

import re
import shutil
from pathlib import Path

import pytest
from answers_compared import comparable, of_rdflib
from planted import SAMPLES, at_fault, rows, sample, with_sample
from pyoxigraph import Store
from rdflib import Graph

from kg.cli import main
from kg.facts import dataset
from kg.facts.reports import PERCENTAGES
from kg.model.errors import Problems
from kg.rdf import builder
from kg.rdf import store as kg_store
from kg.rdf.nodes import camel
from kg.rdf.store import folder
from kg.sparql import library
from kg.validation import check

HERE = Path(__file__).parent.parent
MINI = HERE / "mini"
RULES = library.names(checks=True)
EACH = pytest.mark.parametrize("name", RULES, ids=lambda name: name.removeprefix(library.CHECKS))


@pytest.fixture(scope="module")
def mini() -> bytes:
    """The graph of the small folder, as N-Triples."""
    return builder.ntriples(builder.build(dataset.read(MINI), folder("ontology") / "jak-kg.ttl"))


@pytest.fixture(scope="module")
def mini_of_rdflib(mini: bytes) -> Graph:
    return Graph().parse(mini, format="nt")


# --- the rules --------------------------------------------------------------------------------------------------------


@EACH
def test_a_rule_is_silent_on_good_facts(name: str, store: Store, mini: bytes) -> None:
    assert rows(store, name) == []
    assert rows(kg_store.parse(mini), name) == []


@EACH
def test_a_rule_finds_what_is_planted(name: str, mini: bytes) -> None:
    assert sorted({row["thing"] for row in rows(with_sample(mini, name), name)}) == at_fault(name)


def test_every_sample_has_its_rule() -> None:
    found = sorted(f"{library.CHECKS}{file.stem}" for file in (SAMPLES / library.CHECKS).glob("*"))
    assert found == RULES
    assert len(RULES) >= 24


@EACH
def test_a_rule_says_the_fault_and_the_remedy(name: str) -> None:
    rule = library.load(name)
    assert re.fullmatch(r"[a-z].*[^?.:]", rule.summary)
    assert re.fullmatch(r"[a-z].*[^?.:]", rule.description)
    assert rule.params == ()
    assert re.search(r"^SELECT (DISTINCT )?\?thing\b", rule.text, re.MULTILINE)
    assert re.search(r"^ORDER BY \?thing\b", rule.text, re.MULTILINE)


@EACH
@pytest.mark.conformance
def test_rdflib_finds_the_same(name: str, mini: bytes, mini_of_rdflib: Graph) -> None:
    text = library.load(name).text
    theirs = of_rdflib(mini_of_rdflib + Graph().parse(sample(name)), text)
    assert theirs == comparable(with_sample(mini, name).query(text))  # type: ignore[arg-type]


def test_the_percentages_of_the_grades_are_those_of_the_reader() -> None:
    text = library.load("checks/percent_against_grade").text
    said = {grade: (int(least), int(most)) for grade, least, most in re.findall(r"\(jak:(\w+) (\d+) (\d+)\)", text)}
    assert said == {camel(grade): ends for grade, ends in PERCENTAGES.items()}


# --- kg check ---------------------------------------------------------------------------------------------------------


def test_what_only_a_rule_finds_comes_with_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = Path(shutil.copytree(MINI, tmp_path / "facts"))
    for name, old, new in (
        ("ligands.tsv", "\tIFN-gamma;", "\tIFN;IFN-gamma;"),
        ("cases/khurana-2025.toml", 'authors_call = "lowered"', 'authors_call = "raised"'),
    ):
        text = (copy / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (copy / name).write_text(text.replace(old, new), encoding="utf-8")
    assert main.main(["check", "--facts", str(copy)]) == 2
    assert capsys.readouterr().err.replace(f"{copy}/", "").splitlines() == [
        "cases/khurana-2025.toml:44: khurana-2025-1-ifng-own-uninvolved-skin: a ratio is above 1 and called lowered, "
        "or below 1 and called raised (ratio 0.08, direction Raised): write the ratio to the comparator, not its "
        "inverse, or fix the direction",
        "ligands.tsv:3: ifng: a name is refused as ambiguous and is still the name of a thing (name IFN): drop the "
        "name there, or the row of ambiguous_names.tsv",
        "2 problems",
    ]


def test_the_rules_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["check", "--facts", str(MINI)]) == 0
    grave = [name for name in library.names(report=True) if library.load(name).level != "INFO"]
    assert f", {len(RULES) + len(grave)} rules, " in capsys.readouterr().out


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.conformance)])
def test_a_library_that_is_broken_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool) -> None:
    queries = Path(shutil.copytree(folder("queries"), tmp_path / "queries"))

    def patched(name: str) -> Path:
        return queries if name == "queries" else folder(name)

    monkeypatch.setattr("kg.rdf.store.folder", patched)
    monkeypatch.setattr("kg.sparql.library.folder", patched)
    for name, old, new in (
        ("cases", "#+ summary: ", "#+ sumary: "),
        ("relapses_of_case", "kg:khurana-2025-1", "kg:khurana-2025-9"),
        ("checks/low_above_high", "?low > ?high)", "?low > ?high"),
    ):
        file = queries / f"{name}.rq"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def problems(where: Path) -> list[str]:
        with pytest.raises(Problems) as caught:
            check.everything(where, folder("ontology"))
        return [str(problem).replace(f"{queries}/", "") for problem in caught.value.problems]

    unread = [
        "cases.rq:1: the header has no summary: write '#+ summary: the question'",
        "cases.rq:1: the header line '#+ sumary: Which cases are there, of whom, and who reported them?' is not "
        "understood: write summary:, theme:, description: once each, param: name | type | example, or class: jak:Name",
        "checks/low_above_high.rq:8:1: this is not valid SPARQL from '} ORDER BY ?thing ?low ?high' on: "
        "fix the line '}'",
    ]
    assert problems(MINI) == unread
    if not whole:
        return
    found = problems(folder("ontology") / "facts")
    assert found[:3] == unread
    (example,) = found[3:]
    assert example.startswith(
        "relapses_of_case.rq: the example kg:khurana-2025-9 of case is not a jak:Case (did you mean "
    )
