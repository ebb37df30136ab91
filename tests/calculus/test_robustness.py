"""Windows against brute force over every end that was printed, and what they promise: inside nothing changes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import oracle
import worlds

from kg import calculus as m
from kg.calculus import ranking
from kg.calculus.ranking import RankedDrug
from kg.calculus.robustness import End, Robustness, Window, robustness, window

PATIENTS = 1000


def to_end(end: End | None) -> oracle.End | None:
    return None if end is None else oracle.End(Fraction(end.value), end.included)


def to_window(found: Window | None) -> oracle.Window | None:
    return None if found is None else (to_end(found.lower), to_end(found.upper))


def rows_of(world: worlds.World) -> Iterator[tuple[RankedDrug, oracle.Row]]:
    rows = ranking.rank(world.mechanism, world.weights(), world.settings, drugs=world.people)
    tables = oracle.tables(world.other, world.chosen)
    placed = {one.row.drug["name"]: one.row for one in oracle.rank(world.other, world.weights(), tables)}
    return ((row, placed[row.drug.id]) for row in rows)


def test_windows_are_those_of_brute_force() -> None:
    patients = open_ends = none = edges = 0
    for number in range(2 * PATIENTS):
        world = worlds.world(number)
        compared = list(rows_of(world))
        patients += bool(compared)
        for row, other in compared:
            found = robustness(row, world.settings)
            expected = oracle.window_of_row(world.other, other, world.chosen)
            assert to_window(found.window) == expected
            hangs = {(one.measurement.id, one.kinase, Fraction(one.value), one.edge) for one in found.hangs_on}
            assert hangs == oracle.hangs_on(world.other, other, world.chosen)
            assert len(hangs) == len(found.hangs_on)
            none += expected is None
            open_ends += expected is not None and None in expected
            edges += len(hangs)
        if patients == PATIENTS:
            break
    assert patients == PATIENTS
    assert min(open_ends, none, edges) > 300


def test_the_window_of_a_signal_is_that_of_brute_force() -> None:
    for number in range(300):
        world = worlds.world(number)
        for drug, other in zip(world.mechanism.drugs.values(), world.other.drugs, strict=True):
            for signal in {one.name: one for one in world.mechanism.signals.values()}.values():
                found = window(drug, signal, world.settings)
                assert to_window(found) == oracle.window(other, worlds.to_routes(signal.routes), world.chosen)


def thresholds(drug: m.Drug) -> list[Decimal]:
    """Every end that was printed of a drug, a threshold between every two, one below and one above them all."""
    ends = sorted({end for rows in drug.measurements.values() for row in rows for end in row.ends})
    between = [(low + high) / 2 for low, high in pairwise(ends)]
    return sorted([*ends, *between, ends[0] / 2, ends[-1] * 2]) if ends else [Decimal(1), Decimal(1000)]


def inside(found: Window, threshold: Decimal) -> bool:
    low, high = found.lower, found.upper
    above = low is None or threshold > low.value or (low.included and threshold == low.value)
    return above and (high is None or threshold < high.value or (high.included and threshold == high.value))


def said(drug: m.Drug, row: RankedDrug, settings: m.Settings) -> Sequence[m.Blocked]:
    return [m.blocked(drug, part.raised.signal, settings) for part in row.parts]


def test_a_threshold_inside_changes_nothing_and_the_first_outside_does() -> None:
    outside = 0
    for number in range(800):
        world = worlds.world(number)
        for row, _ in rows_of(world):
            found = robustness(row, world.settings).window
            if found is None:
                continue
            tried = thresholds(row.drug)
            now = said(row.drug, row, world.settings)
            assert inside(found, world.settings.threshold)
            at = [said(row.drug, row, replace(world.settings, threshold=one)) == now for one in tried]
            within = [place for place, one in enumerate(tried) if inside(found, one)]
            assert all(at[place] for place in within)
            if not within:  # no end is tried in a gap without any: both its sides are ends
                continue
            if within[0] > 0:
                assert not at[within[0] - 1]
                outside += 1
            if within[-1] < len(tried) - 1:
                assert not at[within[-1] + 1]
                outside += 1
    assert outside > 200


def test_an_edge_is_near_within_twofold_both_ends_included() -> None:
    row = m.Measurement("x", "IC50", "=", Decimal(50), Decimal(200), "nM", "JH1", "human", comparable=True)
    signal = m.Signal(("il21",), (m.Route("il21-receptor", ("jak1",)),))
    drug = m.Drug("x", {"jak1": (row,)})
    part = ranking.Part(ranking.Raised(signal, ("il21",), "il21", 1.0), (1.0, 1.0), "blocked")
    blocked = RankedDrug(drug, (1.0, 1.0), (part,), ranking.Collateral(None, 0, 0, {}))
    found: Robustness = robustness(blocked, m.Settings(threshold=Decimal(300)))
    assert [(one.measurement.id, one.value, one.edge) for one in found.hangs_on] == [("x", Decimal(200), "from")]
    for text in ("99.9", "100", "200", "400", "400.1"):
        expected = oracle.near_edge(Fraction(200), oracle.Settings(threshold=Fraction(text)))
        assert bool(found.near(Decimal(text))) == expected == (text in ("100", "200", "400"))


def test_the_letter() -> None:
    """Tofacitinib from 55 nM on; baricitinib from 5.9 up to, not including, 787."""

    def ic50(*values: str) -> tuple[m.Measurement, ...]:
        return tuple(
            m.Measurement(x, "IC50", "=", Decimal(x), Decimal(x), "nM", "JH1", "human", comparable=True) for x in values
        )

    il21 = m.Signal(("il21",), (m.Route("il21-receptor", ("jak1", "jak3")),))
    tofacitinib = m.Drug("tofacitinib", {"jak1": ic50("15", "3.2"), "jak3": ic50("55", "1.6")})
    baricitinib = m.Drug("baricitinib", {"jak1": ic50("4", "5.9"), "jak3": ic50("787")})
    assert window(tofacitinib, il21) == Window(End(Decimal(55), included=True), None)
    assert window(baricitinib, il21) == Window(End(Decimal("5.9"), included=True), End(Decimal(787), included=False))
