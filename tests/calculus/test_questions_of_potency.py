"""Questions that restate a part of the blockade calculus in SPARQL give what the calculus gives."""

from decimal import Decimal

import pytest

from kg import calculus as m
from kg.sparql.graph import OpenGraph

KINASES = ("jak1", "jak2", "jak3", "tyk2")
THRESHOLDS = ("1", "5", "10", "20", "55", "100", "400", "787", "1000", "10000")


@pytest.fixture(scope="module")
def table(graph: OpenGraph) -> m.Mechanism:
    return graph.mechanism


@pytest.mark.parametrize("kinase", KINASES)
def test_comparable_values(graph: OpenGraph, table: m.Mechanism, kinase: str) -> None:
    drugs = table.drugs.values()
    expected = {row.id for drug in drugs for row in drug.measurements.get(kinase, ()) if row.comparable}
    assert {row["measurement"] for row in graph.rows("potency_on_kinase", kinase=kinase)} == expected
    compared = {row.id for drug in drugs for row in drug.compared(kinase)}
    displaced = {row.id for drug in drugs for row in drug.measurements.get(kinase, ()) if row.derived} - compared
    assert expected == compared, (
        "the graph leaves out each bound that a direct value displaces, and so does the calculus"
    )
    assert not displaced & expected
    assert bool(displaced) == (kinase in ("jak2", "tyk2"))


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize("kinase", KINASES)
def test_hits_and_what_is_spared(graph: OpenGraph, table: m.Mechanism, kinase: str, threshold: str) -> None:
    hits = {drug.id: m.hit(drug, kinase, threshold=Decimal(threshold)) for drug in table.drugs.values()}
    for name, value in (("inhibitors_that_hit_kinase", "yes"), ("inhibitors_that_spare_kinase", "no")):
        rows = graph.rows(name, kinase=kinase, threshold=threshold)
        agreed = {row["inhibitor"] for row in rows if not (row["saysYes"] and row["saysNo"])}
        disputed = {row["inhibitor"] for row in rows if row["saysYes"] and row["saysNo"]}
        assert agreed == {drug for drug, hit in hits.items() if hit.value == value}
        assert disputed == {drug for drug, hit in hits.items() if hit.why == "disagree"}


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_disagreeing_sources(graph: OpenGraph, table: m.Mechanism, threshold: str) -> None:
    rows = graph.rows("sources_disagreeing_on_potency", threshold=threshold)
    assert {(row["inhibitor"], row["kinase"]) for row in rows} == {
        (drug.id, kinase)
        for drug in table.drugs.values()
        for kinase in KINASES
        if m.hit(drug, kinase, threshold=Decimal(threshold)).why == "disagree"
    }


@pytest.mark.parametrize("threshold", ["10", "100", "1000"])
def test_all_needs_of_a_cytokine(graph: OpenGraph, table: m.Mechanism, threshold: str) -> None:
    for cytokine in table.routes:
        rows = graph.rows("inhibitors_that_hit_all_needs_of_cytokine", cytokine=cytokine, threshold=threshold)
        assert {row["inhibitor"] for row in rows} == {
            drug.id
            for drug in table.drugs.values()
            if m.blocked(drug, table.signal(cytokine), m.Settings(Decimal(threshold))).blockade[0] == 1
        }
