"""``kg whatif``: the difference is the one between the answers of two graphs that were built apart."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from kg import calculus as m
from kg.answers import counterfactual, ranking, withdrawal
from kg.cli import main
from kg.facts import dataset
from kg.facts.dataset import Facts
from kg.model.errors import Problems
from kg.profiles import given, profile
from kg.profiles.choices import Reading
from kg.rdf import builder
from kg.rdf import store as stores
from kg.sparql.graph import OpenGraph

CASE = "khurana-2025-1"


@pytest.fixture(scope="module")
def read(ontology: Path) -> Facts:
    """The shipped facts."""
    return dataset.read(ontology / "facts")


def rows(graph: OpenGraph, case: str = CASE) -> list[tuple[str, tuple[float, float], tuple[int, int], m.Collateral]]:
    found = ranking.compose(graph, profile.of_case(graph, case))
    return [(row.drug.id, row.score, row.rank, row.collateral) for row in found.rows]


DECIDING = ["chembl-web", "haan-2011", "abrocitinib-us-label"]
OTHERS = ["reactome", "gtopdb-2020", "clark-2014", "kreins-2015", "fuchs-2016", "cst-table", "minegishi-2006"]
SOURCES = [*DECIDING, *(pytest.param(source, marks=pytest.mark.conformance) for source in OTHERS)]
COMPARED = (
    "routes_of_cytokines", "uses_that_count", "needs_by_database_only", "names_of_cytokines", "potency_of_inhibitors"
)  # fmt: skip


@pytest.mark.conformance
def test_the_sources_decide_uses_and_bounds(graph: OpenGraph) -> None:
    """Each kind of thing that is derived when the graph is built changes with some source of the test below."""
    for name in COMPARED:
        before = graph.rows(name)
        assert any(withdrawal.withdrawn(graph, [source])[0].rows(name) != before for source in (*DECIDING, *OTHERS)), (
            name
        )
    less, _ = withdrawal.withdrawn(graph, ["abrocitinib-us-label"])
    assert any(row["derived"] for row in graph.rows("potency_of_inhibitors"))
    assert not any(row["derived"] for row in less.rows("potency_of_inhibitors"))


@pytest.mark.conformance
@pytest.mark.parametrize("source", SOURCES)
def test_without_a_source_is_the_graph_built_without_its_rows(
    graph: OpenGraph, read: Facts, ontology: Path, source: str
) -> None:
    assert source in {row.id for row in read.references}
    claims = tuple(row for row in read.claims if source not in (row.reference, row.obtained_from))
    potency = tuple(row for row in read.potency if source not in (*row.reference, *row.obtained_from))
    assert (len(claims), len(potency)) != (len(read.claims), len(read.potency))
    kept = {(row.about, row.relation, row.object) for row in claims}
    decisions = tuple(row for row in read.decisions if (row.about, row.relation, row.object) in kept)
    less = replace(read, claims=claims, potency=potency, decisions=decisions)
    rebuilt = OpenGraph(stores.parse(builder.ntriples(builder.build(less, ontology / "jak-kg.ttl"))))
    copy, _ = withdrawal.withdrawn(graph, [source])
    for name in COMPARED:
        assert copy.rows(name) == rebuilt.rows(name)
    assert rows(copy) == rows(rebuilt)


@pytest.mark.parametrize("kinase", ["jak1", "jak2", "jak3", "tyk2"])
def test_without_a_kinase_no_route_needs_it(graph: OpenGraph, kinase: str) -> None:
    copy, supposed = withdrawal.withdrawn(graph, [kinase])
    assert supposed == [f"without {kinase}: no receptor needs it"]
    before, after = graph.rows("routes_of_cytokines"), copy.rows("routes_of_cytokines")
    kept = [row for row in before if row["kinase"] != kinase]
    routes = {(row["cytokine"], row["receptor"]) for row in kept}
    assert [row for row in after if row["kinase"] or (row["cytokine"], row["receptor"]) in routes] == kept
    assert any(row["kinase"] == kinase for row in before)


def test_a_claim_alone(graph: OpenGraph) -> None:
    found = counterfactual.compare(graph, profile.of_case(graph, CASE), without=["claim-il21-receptor-needs-jak3"])
    (baricitinib,) = [row for row in found.rows if row.drug == "baricitinib"]
    assert baricitinib.said == ("IL-21: blocked, was partly",)
    assert "tofacitinib" in found.same


def decided(graph: OpenGraph, receptor: str, kinase: str) -> bool:
    evidence = graph.rows("evidence_that_receptor_needs_kinase", receptor=receptor)
    return any(row["reason"] for row in evidence if row["kinase"] == kinase)


def test_a_refutation_that_is_gone_makes_a_need_accepted_and_its_use_count_no_more(graph: OpenGraph) -> None:
    refuted = [
        (row["about"], row["object"])
        for row in graph.rows("claims_as_edges")
        if (row["relation"], row["status"]) == ("needs", "Refuted")
    ]
    counted = {(row["receptor"], row["kinase"]) for row in graph.rows("uses_that_count")}
    receptor, kinase = next(pair for pair in refuted if pair in counted and not decided(graph, *pair))
    evidence = graph.rows("evidence_that_receptor_needs_kinase", receptor=receptor)
    sources = {
        stance: {row["identifier"] for row in evidence if (row["kinase"], row["stance"]) == (kinase, stance)}
        for stance in ("Refutes", "Supports")
    }
    assert sources["Supports"] - sources["Refutes"]
    names = [
        quad.subject.value.rpartition("/")[2]
        for identifier in sources["Refutes"]
        for quad in graph.store
        if quad.predicate.value.endswith("terms/identifier") and quad.object.value == identifier
        if isinstance(quad.subject, NamedNode)
    ]
    copy, _ = withdrawal.withdrawn(graph, names)
    assert (receptor, kinase) in {(row["receptor"], row["kinase"]) for row in copy.rows("routes_of_cytokines")}
    assert (receptor, kinase) not in {(row["receptor"], row["kinase"]) for row in copy.rows("uses_that_count")}


def test_the_graph_itself_stays(graph: OpenGraph) -> None:
    before = len(graph)
    withdrawal.withdrawn(graph, ["jak1", "khurana-2025", "il21-receptor"])
    assert len(graph) == before


def test_without_the_report_of_the_case_nothing_is_ranked(graph: OpenGraph) -> None:
    found = counterfactual.compare(graph, profile.of_case(graph, CASE), without=["khurana-2025"])
    assert found.signals[-1] == "IL-21: raised before, not measured after"
    assert {row.after for row in found.rows} == {None}
    assert counterfactual.to_dict(found)["changes"][0]["after"] is None


@pytest.mark.parametrize("threshold", [Decimal(10), Decimal(100), Decimal(1000)])
def test_other_settings_are_those_of_ask(graph: OpenGraph, threshold: Decimal) -> None:
    then = m.Settings(threshold=threshold, require="all")
    found = counterfactual.compare(graph, profile.of_case(graph, CASE), then=then)
    composed = ranking.compose(graph, profile.of_case(graph, CASE), then)
    ranked = {row.drug.id: row.score for row in composed.rows}
    assert {row.drug: row.after.score for row in found.rows if row.after} == {
        row.drug: ranked[row.drug] for row in found.rows
    }
    assert ranked.keys() == {*found.same, *(row.drug for row in found.rows)}


def test_a_measurement_more(graph: OpenGraph) -> None:
    found = counterfactual.compare(graph, profile.of_case(graph, CASE), measured=[("IL-31", Decimal(4))])
    assert found.signals == ("IL-31: not measured before, raised after",)
    assert found.supposed == ("IL-31 measured 4-fold",)
    (baricitinib,) = [row for row in found.rows if row.drug == "baricitinib"]
    assert baricitinib.after
    assert baricitinib.after.score[0] > 0.5


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main.main(["whatif", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_forms(graph: OpenGraph, capsys: pytest.CaptureFixture[str]) -> None:
    _, table, _ = run(capsys, CASE, "--without", "JAK3")
    assert "without jak3: no receptor needs it" in table
    _, markdown, _ = run(capsys, CASE, "--without", "JAK3", "--format", "markdown")
    before, after = (
        next(row.rank for row in ranking.compose(of, profile.of_case(of, CASE)).rows if row.drug.id == "baricitinib")
        for of in (graph, withdrawal.withdrawn(graph, ["jak3"])[0])
    )
    now, then = ("–".join(map(str, dict.fromkeys(rank))) for rank in (before, after))
    rank = now if now == then else f"{then} (was {now})"
    assert f"| baricitinib | 0.50 | 1.00 | {rank} | IL-21: blocked, was partly |" in markdown
    _, text, _ = run(capsys, CASE, "--without", "JAK3", "--format", "json")
    found = json.loads(text)
    (baricitinib,) = [row for row in found["changes"] if row["drug"] == "baricitinib"]
    assert (baricitinib["before"], baricitinib["after"]) == ([0.5, 0.5], [1.0, 1.0])
    assert baricitinib["ranks"] == [before[0], after[0]]


def test_a_profile_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("# comparator: healthy control skin\ncytokine,ratio\nIL-4,3\n")
    code, out, _ = run(capsys, str(file), "--without", "il4-receptor-type-2", "--measure", "IL-4=1.2")
    assert code == 0
    assert "IL-4: raised before, unchanged after" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "no change is given: give --without NAME, --measure CYTOKINE=RATIO, or another --threshold"),
        (["--without", "jak7"], "'jak7' is nothing that can be taken away: did you mean jak"),
        (["--without", "zebra", "--without", "jak9"], "2 problems"),
        (["--measure", "IL-1=2"], "fits several cytokines"),
        (["--measure", "zebra=2"], "zebra"),
    ],
)
def test_mistakes(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    code, out, err = run(capsys, CASE, *arguments)
    assert (code, out) == (2, "")
    assert words in err


@pytest.mark.parametrize("measure", ["IL-31", "IL-31=0", "IL-31=-2", "IL-31=many"])
def test_measures_that_are_none(capsys: pytest.CaptureFixture[str], measure: str) -> None:
    with pytest.raises(SystemExit):
        main.main(["whatif", CASE, "--measure", measure])
    assert "--measure" in capsys.readouterr().err


def test_problems_of_names_come_at_once(graph: OpenGraph) -> None:
    with pytest.raises(Problems) as caught:
        withdrawal.withdrawn(graph, ["jak7", "zebra"])
    assert len(caught.value.problems) == 2


def test_without_a_kinase_no_receptor_uses_it(graph: OpenGraph) -> None:
    def users(of: OpenGraph) -> set[str]:
        return {row["receptor"] for row in of.rows("uses_that_count") if row["kinase"] == "tyk2"}

    copy, _ = withdrawal.withdrawn(graph, ["tyk2"])
    assert users(graph)
    assert not users(copy)


def test_a_complex_follows_its_parts(graph: OpenGraph) -> None:
    patient = given.of_values(graph, {"IL12B": 4, "IL23A": 2}, reading=Reading(comparator="healthy skin"))
    assert [signal.cytokine for signal in patient.signals if signal.parts] == ["il23"]
    found = counterfactual.compare(graph, patient, measured=[("IL23A", Decimal(1))])
    assert "IL-23: raised before, unchanged after" in found.signals
    assert {change.after for change in found.rows} == {None}
