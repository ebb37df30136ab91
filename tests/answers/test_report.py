"""The quality report: no rule of ``queries/report`` finds an ERROR or WARN in what is released, and none is dead.

A sample ``bad/report/NAME.ttl`` is a few triples that, added to the graph of the small folder ``mini``, break the rule
of its name, and some that only nearly do; its first line says which things are then at fault.
"""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from answers_compared import comparable, of_rdflib
from planted import SAMPLES, at_fault, rows, sample, with_sample
from pyoxigraph import Store
from rdflib import Graph

from kg.cli import main
from kg.facts import dataset
from kg.model.errors import Problems
from kg.rdf import builder
from kg.rdf import store as kg_store
from kg.rdf.store import folder
from kg.sparql import library
from kg.sparql.graph import OpenGraph
from kg.validation import quality
from kg.validation.quality import Violation

HERE = Path(__file__).parent.parent
MINI = HERE / "mini"
RULES = library.names(report=True)
EACH = pytest.mark.parametrize("name", RULES, ids=lambda name: name.removeprefix(library.REPORT))


def released(source: Path) -> bytes:
    """What is released of a folder of facts, as N-Triples."""
    ontology = folder("ontology")
    return builder.ntriples(builder.asserted(builder.build(dataset.read(source), ontology / "jak-kg.ttl"), ontology))


@pytest.fixture(scope="module")
def whole() -> Store:
    return kg_store.parse(released(folder("ontology") / "facts"))


@pytest.fixture(scope="module")
def mini() -> bytes:
    return released(MINI)


def things(store: library.Graph, name: str) -> set[str]:
    return {row["thing"] for row in rows(store, name)}


# --- what is released -------------------------------------------------------------------------------------------------


@pytest.mark.conformance
def test_nothing_released_is_at_fault_but_what_is_explained(whole: Store) -> None:
    found = quality.findings(OpenGraph(whole))
    assert [finding for finding in found if finding.level != "INFO"] == []
    assert {(finding.rule, finding.thing) for finding in found} == quality.explained().keys()
    assert len(quality.report(OpenGraph(whole), quality.explained()).splitlines()) == len(found) + 1


def test_a_finding_without_a_reason_and_a_reason_without_a_finding_are_problems(mini: bytes) -> None:
    reasons = {("missing_superclass", "jak:Kinase"): "why not", ("missing_superclass", "jak:Gone"): "it was here"}
    with pytest.raises(Problems) as caught:
        quality.report(OpenGraph(with_sample(mini, "report/multiple_labels")), reasons)
    problems = [str(problem) for problem in caught.value.problems]
    assert (
        "jak:Kinase: ERROR: a thing has two labels (multiple_labels): keep one, and make the other a synonym"
        in problems
    )
    assert (
        "jak:Case: INFO: a class has no wider class (missing_superclass): "
        "state its wider class, or explain why it stands at the top"
    ) in problems
    assert (
        "report/explained.tsv: jak:Gone is explained under missing_superclass, which does not find it: drop the row"
    ) in problems
    assert not [problem for problem in problems if problem.startswith("jak:Kinase: INFO")]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("missing_superclass\tjak:Case", "this is not a rule, thing and reason"),
        ("missing_superclass\tjak:Case\t ", "this is not a rule, thing and reason"),
        ("missing_superclass\tjak:Kinase\tagain", "jak:Kinase is explained twice"),
    ],
)
def test_an_explanation_that_is_none_is_a_problem(tmp_path: Path, row: str, what: str) -> None:
    file = tmp_path / "explained.tsv"
    file.write_text(f"rule\tthing\treason\nmissing_superclass\tjak:Kinase\tat the top\n{row}\n", encoding="utf-8")
    with pytest.raises(Problems, match=rf"explained.tsv:3: {what}"):
        quality.explained(file)


@pytest.mark.conformance
def test_every_thing_has_one_label_and_every_definition_is_there_for_obo_tools(whole: Store) -> None:
    counts = whole.query(
        """PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT (COUNT(DISTINCT ?thing) AS ?things) (COUNT(?label) AS ?labels) (COUNT(DISTINCT ?label) AS ?different) {
          ?thing a owl:NamedIndividual OPTIONAL { ?thing rdfs:label ?label } }"""
    )
    ((things, labels, different),) = ([int(term.value) for term in row] for row in counts)  # type: ignore[union-attr]
    assert things == labels == different > 2_000
    assert not whole.query(
        """PREFIX obo: <http://purl.obolibrary.org/obo/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        ASK { { ?term skos:definition ?text . FILTER NOT EXISTS { ?term obo:IAO_0000115 ?text } }
              UNION { ?term obo:IAO_0000115 ?text . FILTER NOT EXISTS { ?term skos:definition ?text } } }"""
    )


# --- the rules --------------------------------------------------------------------------------------------------------


def test_there_are_the_33_rules_of_robot() -> None:
    assert len(RULES) == 33
    assert Counter(library.load(name).level for name in RULES) == {"ERROR": 17, "WARN": 13, "INFO": 3}


def test_every_sample_has_its_rule() -> None:
    assert sorted(f"{library.REPORT}{file.stem}" for file in (SAMPLES / library.REPORT).glob("*")) == RULES


@EACH
def test_a_rule_finds_what_is_planted_and_nothing_else(name: str, mini: bytes) -> None:
    before = things(kg_store.parse(mini), name)
    assert before <= {thing for _, thing in quality.explained()}
    assert sorted(things(with_sample(mini, name), name) - before) == at_fault(name)


@EACH
def test_a_rule_says_the_fault_and_the_remedy(name: str) -> None:
    rule = library.load(name)
    assert re.fullmatch(r"[a-z].*[^?.:]", rule.summary)
    assert re.fullmatch(r"[a-z].*[^?.:]", rule.description)
    assert rule.params == ()
    assert rule.level in library.LEVELS
    assert re.search(r"^SELECT DISTINCT \?thing\b", rule.text, re.MULTILINE)
    assert re.search(r"^ORDER BY \?thing\b", rule.text, re.MULTILINE)


@pytest.fixture(scope="module")
def mini_of_rdflib(mini: bytes) -> Graph:
    return Graph().parse(mini, format="nt")


@EACH
@pytest.mark.conformance
def test_rdflib_finds_the_same(name: str, mini: bytes, mini_of_rdflib: Graph) -> None:
    text = library.load(name).text
    theirs = of_rdflib(mini_of_rdflib + Graph().parse(sample(name)), text)
    ours = with_sample(mini, name).query(text)
    assert theirs == comparable(ours)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("", "the header has no level: write '#\\+ level:' and one of ERROR, WARN, INFO"),
        ("#+ level: FATAL\n", "'FATAL' is not a level"),
        ("#+ level: WARN\n#+ theme: coverage\n", "the header line '#\\+ theme: coverage' is not understood"),
    ],
)
def test_a_rule_of_the_report_has_a_level_and_no_theme(header: str, what: str) -> None:
    with pytest.raises(Problems, match=what):
        library.parse("report/x", f"#+ summary: a fault\n{header}SELECT ?thing {{}}")


# --- kg check and kg query --------------------------------------------------------------------------------------------


def test_kg_check_finds_a_label_of_two_things_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = Path(shutil.copytree(MINI, tmp_path / "facts"))
    file = copy / "comparators.tsv"
    label = (copy / "sites.tsv").read_text(encoding="utf-8").splitlines()[1].split("\t")[1]
    first, row, *others = file.read_text(encoding="utf-8").splitlines()
    cells = row.split("\t")
    file.write_text("\n".join((first, "\t".join((cells[0], label, *cells[2:])), *others, "")), encoding="utf-8")
    assert main.main(["check", "--facts", str(copy)]) == 2
    found = [line for line in capsys.readouterr().err.splitlines() if "two things have the same label" in line]
    assert [line.rpartition("facts/")[2].partition(": ")[0] for line in found] == ["comparators.tsv:2", "sites.tsv:2"]


def test_the_rules_are_listed_and_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["query", "--list", "report"]) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")] == RULES
    assert main.main(["query", "report/missing_superclass", "--format", "csv"]) == 0
    assert "jak:Case" in capsys.readouterr().out.splitlines()
    assert main.main(["query", "report/duplicate_label"]) == 0
    assert "no fault in the graph" in capsys.readouterr().err


def test_findings_are_sorted_and_each_thing_is_there_once_a_rule(mini: bytes) -> None:
    found = quality.findings(OpenGraph(with_sample(mini, "report/label_formatting")))
    assert found == sorted(set(found))
    assert Violation("ERROR", "label_formatting", "jak:One") in found
