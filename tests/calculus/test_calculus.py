"""The calculus against the oracle, on generated patients: hits, blockade, score, collateral, order and frontier."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import oracle
import pytest
import worlds

from kg import calculus as m
from kg.calculus import ranking
from kg.calculus.ranking import RankedDrug
from kg.profiles.profile import MeasuredCytokine

PATIENTS = 2000


def near(found: m.Interval | None, expected: oracle.Interval | None) -> bool:
    """Whether two intervals are equal to 1e-9, or both none."""
    if found is None or expected is None:
        return found is None and expected is None
    return all(abs(Fraction(ours) - theirs) < Fraction(1, 10**9) for ours, theirs in zip(found, expected, strict=True))


def compare(
    mechanism: m.Mechanism, other: oracle.World, patient: Iterable[MeasuredCytokine], settings: m.Settings
) -> Mapping[str, float]:
    """Hold package and oracle together on one patient; return the weights."""
    signals, chosen = list(patient), worlds.to_settings(settings)
    entries = worlds.to_entries(signals, settings)
    for signal, entry in zip(signals, entries, strict=True):
        assert signal.direction(settings) == oracle.direction(entry, chosen)
    measured = worlds.with_complexes(signals, mechanism.parts)
    expected = oracle.weights(oracle.with_complexes(entries, other.parts), chosen)
    weights = {one.cytokine: one.weight(settings) or 0.0 for one in measured if one.is_raised(settings)}
    assert weights == pytest.approx(expected, abs=1e-9)
    people = [drug for drug in mechanism.drugs.values() if drug.intended_species == "human"]
    rows = ranking.rank(mechanism, weights, settings, drugs=people)
    same_rows(rows, oracle.rank(other, expected, oracle.tables(other, chosen)))
    return weights


def same_rows(rows: Sequence[RankedDrug], placed: Sequence[oracle.Placed]) -> None:
    assert [row.drug.id for row in rows] == [one.row.drug["name"] for one in placed]
    for row, one in zip(rows, placed, strict=True):
        assert near(row.score, one.row.score)
        assert {frozenset(part.raised.signal.cytokines) for part in row.parts} == one.row.parts.keys()
        for part in row.parts:
            does = one.row.parts[frozenset(part.raised.signal.cytokines)]
            assert near(part.blockade, (does.lo, does.hi))
            assert part.verdict == does.verdict
        total = sum(part.raised.weight for part in row.parts)
        for end in (0, 1):
            summed = sum(part.raised.weight * part.blockade[end] for part in row.parts) / total
            assert summed == pytest.approx(row.score[end], abs=1e-9)
        assert row.blocked == sum(does.verdict == "blocked" for does in one.row.parts.values())
        assert near(row.collateral.score, one.row.collateral)
        assert (row.collateral.blocked, row.collateral.of) == (one.row.blocked, one.row.of)
        assert row.collateral.sets.keys() == one.row.sets.keys()
        assert all(near(row.collateral.sets[name], found) for name, found in one.row.sets.items())
        assert (row.rank, row.frontier) == (one.rank, one.frontier)


def test_generated_patients() -> None:
    """Every number of a row, its rank and its place on the frontier."""
    ranked = tied = front = 0
    for number in range(PATIENTS):
        world = worlds.world(number)
        weights = compare(world.mechanism, world.other, world.patient, world.settings)
        rows = ranking.rank(world.mechanism, weights, world.settings)
        ranked += bool(rows)
        tied += any(row.rank[0] != row.rank[1] for row in rows)
        front += any(row.frontier for row in rows)
    assert ranked > 1500
    assert min(tied, front) > 300


def test_hits_and_what_a_drug_does_to_each_signal() -> None:
    for number in range(400):
        world = worlds.world(number)
        chosen, table = world.chosen, world.mechanism.table(world.settings)
        for drug, other in zip(world.mechanism.drugs.values(), world.other.drugs, strict=True):
            for kinase in worlds.KINASES:
                found = m.hit(drug, kinase, threshold=world.settings.threshold, derived=world.settings.derived)
                assert (found.value, found.why) == oracle.hit(other, kinase, chosen)
                compared = drug.compared(kinase, derived=world.settings.derived)
                assert {row.id for row in compared} == {row["id"] for row in oracle.compared(other, kinase, chosen)}
            for cytokine, signal in world.mechanism.signals.items():
                does = oracle.does(other, worlds.to_routes(world.mechanism.routes[cytokine]), chosen)
                for blocked in (m.blocked(drug, signal, world.settings), table[drug.id][signal.name]):
                    assert near(blocked.blockade, (does.lo, does.hi))
                    assert blocked.verdict == does.verdict


def test_signals() -> None:
    for number in range(400):
        world = worlds.world(number)
        expected = oracle.signals(world.other)
        for cytokine in (*world.mechanism.routes, "unheard"):
            signal = world.mechanism.signal(cytokine)
            same = next((same for same in expected if cytokine in same), frozenset({cytokine}))
            assert set(signal.cytokines) == same
            assert sorted(signal.cytokines) == list(signal.cytokines)
            assert signal.name == min(same)
            assert signal.jak_dependent == (same in oracle.jak_dependent(world.other))
            assert set(worlds.to_routes(signal.routes)) == expected.get(same, set())
        assert [set(signal.cytokines) for signal in world.mechanism.jak_dependent] == sorted(
            map(set, oracle.jak_dependent(world.other)), key=min
        )


def test_the_heaviest_cytokine_gives_the_weight_and_all_are_named() -> None:
    route = (m.Route("gh-receptor", ("jak2",)),)
    mechanism = m.Mechanism({"x": m.Drug("x", {})}, {"gh1": route, "gh2": route, "prl": (m.Route("y", ("jak2",)),)})
    (row,) = ranking.rank(mechanism, {"gh2": 2.0, "gh1": 3.0, "new": 1.0})
    assert [(part.raised.cytokines, part.raised.heaviest, part.raised.weight) for part in row.parts] == [
        (("gh1", "gh2"), "gh1", 3.0),
        (("new",), "new", 1.0),
    ]
    assert row.collateral.of == 1


def test_a_subset_of_drugs_has_the_scores_of_all() -> None:
    for number in range(100):
        world = worlds.world(number)
        weights = world.weights()
        rows = {row.drug.id: row for row in ranking.rank(world.mechanism, weights, world.settings)}
        for drug in world.people:
            for row in ranking.rank(world.mechanism, weights, world.settings, drugs=[drug]):
                assert (row.score, row.collateral, row.parts) == (
                    rows[drug.id].score, rows[drug.id].collateral, rows[drug.id].parts
                )  # fmt: skip
                assert row.rank == (1, 1)


def test_a_veterinary_drug_is_not_on_the_frontier_and_takes_nobody_off_it() -> None:
    spent = ranking.Collateral((0.5, 0.5), 0, 1, {})
    ours = RankedDrug(m.Drug("ours", {}, group="systemic"), (0.5, 0.5), (), spent)
    dogs = RankedDrug(m.Drug("dogs", {}, intended_species="dog"), (1.0, 1.0), (), spent)
    assert {one.drug.id: one.frontier for one in ranking.ordered([dogs, ours])} == {"ours": True, "dogs": False}


def test_numbers_are_compared_to_nine_decimals() -> None:
    def row(name: str, low: float, cost: float) -> RankedDrug:
        spent = ranking.Collateral((cost, cost), 0, 1, {})
        return RankedDrug(m.Drug(name, {}, group="systemic"), (low, 1.0), (), spent)

    alike = [row("a", 0.5, 0.25), row("b", 0.5 + 4e-10, 0.25), row("c", 0.5, 0.25 - 4e-10)]
    assert {(one.rank, one.frontier) for one in alike} == {((0, 0), False)}, "no rank before they are ordered"
    assert [(one.drug.id, one.rank, one.frontier) for one in ranking.ordered(alike)] == [
        ("a", (1, 3), True), ("b", (1, 3), True), ("c", (1, 3), True)
    ]  # fmt: skip
    apart = [row("a", 0.5, 0.25), row("b", 0.5 + 2e-9, 0.25), row("c", 0.5, 0.25 - 2e-9)]
    assert [(one.drug.id, one.rank, one.frontier) for one in ranking.ordered(apart)] == [
        ("b", (1, 1), True), ("c", (2, 2), True), ("a", (3, 3), False)
    ]  # fmt: skip


def test_the_groups_and_the_settings_without_a_choice_are_those_of_the_text() -> None:
    assert oracle.GROUPS == m.GROUPS == ("systemic", "topical", "not approved")
    assert worlds.to_settings(m.DEFAULT) == worlds.to_settings(m.Settings()) == oracle.Settings()
    measured = m.Measurement("x", "IC50", "=", Decimal(100), Decimal("100.5"), "nM", "JH1", "human", comparable=True)
    assert m.hit(m.Drug("x", {"jak1": (measured,)}), "jak1").value == "unknown"
    assert m.THRESHOLD == 100
