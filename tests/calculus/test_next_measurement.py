"""What one more result could change, against full enumeration."""

from decimal import Decimal
from fractions import Fraction

import oracle
import worlds

from kg import calculus as m
from kg.calculus import ranking
from kg.calculus.next_measurement import FOLDS, Assay, Measure, assays, first, measurements

PROFILES = 500


def compare(world: worlds.World) -> tuple[list[Measure], list[Assay]]:
    """Hold package and oracle together on one profile; return what the package found."""
    weights, settings = world.weights(), world.settings
    found = list(measurements(world.mechanism, weights, world.measured(), settings))
    expected = oracle.measurements(world.other, weights, world.measured(), world.chosen)
    assert {frozenset(one.cytokines): (Fraction(one.ratio), frozenset(one.first)) for one in found} == expected
    results = list(assays(world.mechanism, weights, settings))
    wanted = oracle.assays(world.other, weights, world.chosen)
    assert {(one.drug, one.kinase, one.result): frozenset(one.first) for one in results} == wanted
    assert (len(found), len(results)) == (len(expected), len(wanted))
    assert all(
        list(first) == sorted(first) for first in [*(one.first for one in found), *(one.first for one in results)]
    )
    return found, results


def test_what_is_suggested_is_what_full_enumeration_finds() -> None:
    """On each profile; where nothing is raised any cytokine says which drugs come first."""
    measured = assayed = 0
    for number in range(PROFILES):
        found, results = compare(worlds.world(number, share=0.2))
        measured += len(found)
        assayed += len(results)
    assert min(measured, assayed) > 300


def test_the_lowest_fold_is_given() -> None:
    folds = {one.ratio for number in range(80) for one in compare(worlds.settled(number))[0]}
    assert folds == {Decimal("1.5"), *FOLDS}


def test_nothing_is_suggested_that_does_not_change_the_first_rank() -> None:
    for number in range(200):
        world = worlds.world(number, share=0.2)
        weights, settings = world.weights(), world.settings
        now = first(ranking.rank(world.mechanism, weights, settings, drugs=world.people))
        for one in measurements(world.mechanism, weights, world.measured(), settings):
            assert not set(one.cytokines) & world.measured()
            for cytokine in one.cytokines:
                more = {**weights, cytokine: m.weight(one.ratio)}
                then = first(ranking.rank(world.mechanism, more, settings, drugs=world.people))
                assert then == one.first != now
        for found in assays(world.mechanism, weights, settings):
            assert found.first != now
            why = m.hit(
                world.mechanism.drugs[found.drug], found.kinase, threshold=settings.threshold, derived=settings.derived
            ).why
            assert why in ("not measured", "undecided")


def test_the_ratios_that_are_tried() -> None:
    assert tuple(map(Fraction, FOLDS)) == oracle.FOLDS


def test_a_cut_off_above_a_fold_is_the_lowest_that_is_tried() -> None:
    strong = m.Measurement("x", "IC50", "=", Decimal(1), Decimal(1), "nM", "JH1", "human", comparable=True)
    drugs = {
        "one": m.Drug("one", {"jak1": (strong,)}, group="systemic"), "two": m.Drug("two", {}, group="systemic")
    }  # fmt: skip
    table = m.Mechanism(drugs, {"a": (m.Route("r", ("jak1",)),)})
    (found,) = measurements(table, {}, set(), m.Settings(raised=Decimal(3)))
    assert (found.ratio, found.first) == (Decimal(3), ("one",))
