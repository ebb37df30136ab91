"""The shipped graph against its facts, read anew by plain loops: tables, every case, every cytokine raised alone."""

from collections.abc import Iterable
from copy import copy
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import oracle
import pytest
import shipped_tables
import worlds
from shipped_tables import Tables
from test_calculus import near, same_rows

from kg import calculus as m
from kg.answers import ranking as answers
from kg.calculus import next_measurement, ranking, robustness
from kg.knowledge_graph import KnowledgeGraph
from kg.profiles import profile

CHOSEN = [
    m.Settings(),
    *(m.Settings(Decimal(threshold), require) for threshold in ("10", "50", "500") for require in worlds.REQUIRE),
    m.Settings(derived=False),
    m.Settings(Decimal("5.9"), raised=Decimal(2)),
]


@pytest.fixture(scope="module")
def tables(ontology: Path) -> Tables:
    return shipped_tables.read(ontology / "facts", oracle.Settings())


def fields(rows: Iterable[oracle.Measurement]) -> list[str]:
    return sorted(repr({**row, "id": None}) for row in rows)


def test_drugs_and_measurements(graph: KnowledgeGraph, tables: Tables) -> None:
    ours = graph.mechanism.drugs
    assert ours.keys() == {drug["name"] for drug in tables.world.drugs}
    for drug in tables.world.drugs:
        found = worlds.to_drug(ours[drug["name"]])
        assert (found["functional_target"], found["group"], found["species"], found["allosteric"]) == (
            drug["functional_target"], drug["group"], drug["species"], drug["allosteric"]
        )  # fmt: skip
        assert found["measurements"].keys() == drug["measurements"].keys()
        for kinase, rows in drug["measurements"].items():
            assert fields(found["measurements"][kinase]) == fields(rows)
            comparable = oracle.compared(drug, kinase, oracle.Settings())
            mine = [row for row in ours[drug["name"]].measurements[kinase] if row.comparable]
            assert fields(map(worlds.to_measurement, mine)) == fields(comparable)


def test_routes(graph: KnowledgeGraph, tables: Tables) -> None:
    found = {name: set(worlds.to_routes(routes)) for name, routes in graph.mechanism.routes.items()}
    assert found == {name: set(routes) for name, routes in tables.world.routes.items()}
    routes = {route for of in graph.mechanism.routes.values() for route in of}
    alone = {(route.receptor, kinase) for route in routes for kinase in route.by_database_only}
    known = {route.receptor for route in routes}
    assert alone == {pair for pair in tables.by_database_only if pair[0] in known}


def test_parts_and_sets(graph: KnowledgeGraph, tables: Tables) -> None:
    table = graph.mechanism
    assert {name: sorted(of) for name, of in table.parts.items()} == {
        n: sorted(o) for n, o in tables.world.parts.items()
    }
    assert {name: sorted(of) for name, of in table.sets.items()} == {n: sorted(o) for n, o in tables.world.sets.items()}
    assert not table.routes.keys() & {part for of in table.parts.values() for part in of}


def test_whether_a_ligand_signals_through_a_jak(graph: KnowledgeGraph, tables: Tables) -> None:
    found = {row["thing"]: row["jak"] for row in graph.rows("names_of_cytokines") if row["kind"] == "Ligand"}
    assert found == tables.jak


def test_every_case_has_the_measurements_of_its_report(graph: KnowledgeGraph, tables: Tables) -> None:
    for case, entries in tables.cases.items():
        measured = [one for one in profile.of_case(graph, case).signals if not one.parts]
        found = {one["cytokine"]: one for one in worlds.to_entries(measured, m.DEFAULT)}
        expected = {one["cytokine"]: one for one in map(copy, entries)}
        assert found.keys() == expected.keys()
        for name, one in found.items():
            if one["ratio"] is not None:  # a report may add a word to its number: the number is followed
                expected[name]["direction"] = one["direction"] = None
            assert one == expected[name]


@pytest.mark.parametrize("settings", CHOSEN, ids=str)
def test_every_case(graph: KnowledgeGraph, tables: Tables, settings: m.Settings) -> None:
    """What an answer says of each drug, whatever drugs it shows."""
    chosen = worlds.to_settings(settings)
    blocks = oracle.tables(tables.world, chosen)
    ranked = 0
    for case, entries in tables.cases.items():
        weights = oracle.weights(oracle.with_complexes(entries, tables.world.parts), chosen)
        placed = oracle.rank(tables.world, weights, blocks)
        answer = answers.compose(graph, profile.of_case(graph, case), settings)
        assert [row.drug.id for row in answer.rows] == [one.row.drug["name"] for one in placed]
        ours = ranking.rank(
            graph.mechanism, weights, settings,
            drugs=[drug for drug in graph.mechanism.drugs.values() if drug.intended_species == "human"],
        )  # fmt: skip
        same_rows(ours, placed)
        for row, one in zip(answer.rows, placed, strict=True):
            assert near(row.score, one.row.score)
            assert near(row.collateral.score, one.row.collateral)
            assert (row.rank, row.frontier) == (one.rank, one.frontier)
            assert (row.collateral.blocked, row.collateral.of) == (one.row.blocked, one.row.of)
        ranked += bool(placed)
    assert ranked


def test_every_complex_from_its_parts(graph: KnowledgeGraph, tables: Tables) -> None:
    """Both parts raised, one of them less; then one of them not significant."""
    for name, parts in tables.world.parts.items():
        for q in (None, Decimal("0.5")):
            measured = [
                profile.MeasuredCytokine(
                    cytokine=part, label=part, input=part, jak=tables.jak[part], ratio=Decimal(4 - place),
                    adjusted_p=None if q is None else q / 10**place,
                )
                for place, part in enumerate(parts)
            ]  # fmt: skip
            signals, notes = profile.complexes(graph, measured)
            ours = {one.cytokine: one.weight() for one in signals if one.weight() is not None}
            entries = oracle.with_complexes(worlds.to_entries(measured, m.DEFAULT), tables.world.parts)
            expected = oracle.weights(entries, oracle.Settings())
            assert ours == pytest.approx({one: expected[one] for one in expected if tables.jak[one] != "no"}, abs=1e-9)
            assert (name in ours) == (q is None and tables.jak[name] != "no")
            assert any(one.cytokine == name and one.parts for one in signals)
            assert notes


def to_end(end: robustness.End | None) -> oracle.End | None:
    return None if end is None else oracle.End(Fraction(end.value), end.included)


def test_every_window_of_every_case(graph: KnowledgeGraph, tables: Tables) -> None:
    settings, chosen = m.DEFAULT, oracle.Settings()
    blocks = oracle.tables(tables.world, chosen)
    for case, entries in tables.cases.items():
        weights = oracle.weights(oracle.with_complexes(entries, tables.world.parts), chosen)
        placed = {one.row.drug["name"]: one.row for one in oracle.rank(tables.world, weights, blocks)}
        for row in answers.compose(graph, profile.of_case(graph, case), settings).rows:
            found = row.robustness.window
            ours = None if found is None else (to_end(found.lower), to_end(found.upper))
            assert ours == oracle.window_of_row(tables.world, placed[row.drug.id], chosen)
            edges = sorted((one.kinase, Fraction(one.value), one.edge) for one in row.robustness.hangs_on)
            expected = oracle.hangs_on(tables.world, placed[row.drug.id], chosen)
            assert edges == sorted((kinase, value, edge) for _, kinase, value, edge in expected)


def test_every_cytokine_raised_alone(graph: KnowledgeGraph, tables: Tables) -> None:
    """Each drug, with and without derived bounds, at thresholds on both sides of many values and exactly at some."""
    people = [drug for drug in graph.mechanism.drugs.values() if drug.intended_species == "human"]
    for settings in (m.DEFAULT, m.Settings(Decimal(55), "any"), m.Settings(Decimal(787), "all", derived=False)):
        blocks = oracle.tables(tables.world, worlds.to_settings(settings))
        for name in tables.jak:
            placed = oracle.rank(tables.world, {name: 2.0}, blocks)
            same_rows(ranking.rank(graph.mechanism, {name: 2.0}, settings, drugs=people), placed)


@pytest.mark.conformance
def test_what_one_more_result_could_change(graph: KnowledgeGraph, tables: Tables) -> None:
    """Of each case, by full enumeration."""
    for entries in tables.cases.values():
        complete = oracle.with_complexes(entries, tables.world.parts)
        measured = {entry["cytokine"] for entry in complete}
        weights = oracle.weights(complete, oracle.Settings())
        if not weights:
            continue
        found = next_measurement.measurements(graph.mechanism, weights, measured)
        expected = oracle.measurements(tables.world, weights, measured, oracle.Settings())
        assert {frozenset(one.cytokines): (Fraction(one.ratio), frozenset(one.first)) for one in found} == expected
        results = next_measurement.assays(graph.mechanism, weights)
        assert {(one.drug, one.kinase, one.result): frozenset(one.first) for one in results} == oracle.assays(
            tables.world, weights, oracle.Settings()
        )


def test_ranks_do_not_depend_on_what_is_shown(graph: KnowledgeGraph, tables: Tables) -> None:
    for case in tables.cases:
        patient = profile.of_case(graph, case)
        whole = {row.drug.id: (row.rank, row.frontier) for row in answers.compose(graph, patient).rows}
        drugs = sorted(whole)[::5]
        chosen = [
            answers.compose(graph, patient, drugs=drugs), answers.compose(graph, patient, top=2),
            answers.compose(graph, patient, approved=True),
        ]  # fmt: skip
        for answer in chosen:
            assert all((row.rank, row.frontier) == whole[row.drug.id] for row in answer.rows)
        if whole:
            assert {row.drug.id for row in chosen[0].rows} == set(drugs)
