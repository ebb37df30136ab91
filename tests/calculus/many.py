"""Many patients by the calculus of one, and how they look as arrays: what the tests of the array calculus compare."""

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from kg import calculus as m
from kg.calculus import arrays, ranking, robustness
from kg.calculus.array_ranking import Ranked, rank
from kg.calculus.array_tables import VERDICTS, Floats, Tables
from kg.calculus.mechanism import Mechanism
from kg.calculus.ranking import RankedDrug
from kg.calculus.robustness import Window
from kg.calculus.signals import Measured, Reported, from_parts, weight

TOP = 30
"""More than any group has: every row is compared."""
Patient = Mapping[str, Measured]
"""Cytokine -> what was measured of it; parts too."""
RATIOS = tuple(
    float(text)
    for text in "1e-9 0.08 0.4 0.5 0.6666666666666666 0.66 0.96 1 1.1 1.4999999999999998 1.5 1.5000000000000002 1.875 "
    "2 2.33 2.5 3 4 8 8 31.7 63.99 63.99999999999999 64 900 1e9".split()
)
"""Cut-offs and their neighbours among them."""
LOGS = tuple(
    float(text)
    for text in "-29.9 -3 -1 -0.5849625007211562 -0.585 0 0.13750352374993502 0.5849625007211561 0.5849625007211562 "
    "0.5849625007211563 0.585 1 1.0000000000000002 1.22 2 2.321928094887362 3 5.999999999999999 6 9 29.9".split()
)
Q = (0.0, 0.01, 0.05, 0.05000000000000001, 0.0501, 0.2, 1.0)
WORDS: tuple[Reported | None, ...] = (None, "raised", "lowered", "unchanged", "not significant")
"""In the order of the codes."""


@dataclass(frozen=True, slots=True)
class Cells:
    """What patients measured, as numbers: patients x cytokines; a word counts as the array calculus has it."""

    scale: arrays.Scale
    values: Floats
    directions: arrays.States
    q: Floats

    def patient(self, tables: Tables, number: int) -> Patient:
        """One patient for the scalar calculus: what a profile makes of the cells."""
        found = {}
        for place, name in enumerate(tables.cytokines):
            value, q = float(self.values[number, place]), float(self.q[number, place])
            word = WORDS[self.directions[number, place]]
            if value == value or word:
                found[name] = Measured(self.ratio(value) if value == value else None, word, exact(q))
        return found

    def ratio(self, value: float) -> Decimal:
        return Decimal(repr(value)) if self.scale == "ratio" else Decimal(2) ** Decimal(repr(value))


def exact(number: float) -> Decimal | None:
    return Decimal(repr(number)) if number == number else None


def cells(tables: Tables, patients: int, seed: int, *, scale: arrays.Scale = "ratio") -> Cells:
    """Invented patients: some measured little and some all, some as words, few values and any value."""
    rng = random.Random(seed)
    shape = patients, len(tables.cytokines)
    values, q = np.full(shape, np.nan), np.full(shape, np.nan)
    words = np.zeros(shape, np.int8)
    for number in range(patients):
        share, spoken, tested, any_value = (rng.choice(some) for some in (
            (0.02, 0.1, 0.3, 0.6, 1.0), (0.0, 0.1, 1.0), (0.0, 0.5), (0.0, 0.0, 0.5, 1.0),
        ))  # fmt: skip
        for place in range(shape[1]):
            if rng.random() > share:
                continue
            if rng.random() < spoken:
                words[number, place] = rng.choice((1, 1, 1, 2, 3, 4))
            else:
                log2 = rng.uniform(-3, 6.5) if rng.random() < any_value else None
                if scale == "ratio":
                    values[number, place] = rng.choice(RATIOS) if log2 is None else 2**log2
                else:
                    values[number, place] = rng.choice(LOGS) if log2 is None else round(log2, 2)
                words[number, place] = rng.choice((0, 0, 0, 0, 4))
            if rng.random() < tested:
                q[number, place] = rng.choice(Q)
    return Cells(scale, values, words, q)


def as_arrays(tables: Tables, given: Cells, groups: Sequence[str] = m.GROUPS) -> tuple[arrays.Measured, Ranked]:
    """The same by arrays."""
    found = arrays.measured(tables, given.values, scale=given.scale, directions=given.directions, q=given.q)
    return found, rank(tables, found, top=TOP, groups=groups)


# --- one patient by the scalar calculus -------------------------------------------------------------------------------


def with_complexes(mechanism: Mechanism, patient: Patient) -> Patient:
    return {**patient, **dict(from_parts(mechanism.parts, patient))}


def weights(tables: Tables, both: Patient, counts: Collection[str]) -> dict[str, float]:
    """The weights of the raised cytokines that count, as :func:`kg.profiles.profile.weights` gives them."""
    settings = tables.settings
    return {
        name: weight(one.ratio)
        for name, one in both.items()
        if name in counts and one.direction(raised=settings.raised, fdr=settings.fdr) == "raised"
    }


def by_group(rows: Sequence[RankedDrug]) -> Iterator[tuple[int, RankedDrug]]:
    """Each row with its column: ``TOP`` for each group."""
    for number, group in enumerate(m.GROUPS):
        yield from enumerate((row for row in rows if row.drug.group == group), number * TOP)


def check(mechanism: Mechanism, tables: Tables, given: Cells, counts: Collection[str] | None = None) -> int:
    """Assert that arrays and the scalar calculus say the same of each patient; how many rows were compared."""
    counts = mechanism.routes if counts is None else counts
    drugs = [drug for drug in mechanism.drugs.values() if drug.id in tables.drugs]
    measured, found = as_arrays(tables, given)
    compared = 0
    for number in range(len(given.values)):
        both = with_complexes(mechanism, given.patient(tables, number))
        own = weights(tables, both, counts)
        assert states(tables, measured, number) == {
            name: one.direction(raised=tables.settings.raised, fdr=tables.settings.fdr) for name, one in both.items()
        }
        rows = ranking.rank(mechanism, own, tables.settings, drugs=drugs)
        raised = ranking.raised_signals(mechanism, own)
        assert found.raised[number] == len(raised)
        assert found.status[number] == (0 if own else 2 if any(name in counts for name in both) else 1)
        leading = min(own, key=lambda name: (-own[name], name)) if own else None
        assert found.leading[number] == (tables.cytokines.index(leading) if leading else -1)
        first = [row.drug.id for row in rows if row.drug.group == "systemic" and row.rank[0] == 1]
        assert [drug for at, drug in enumerate(tables.systemic) if int(found.first[number]) >> at & 1] == sorted(first)
        columns = dict(by_group(rows))
        for column in range(found.drug.shape[1]):
            if column in columns:
                assert as_row(tables, found, number, column) == of_row(columns[column], leading, mechanism)
                window = robustness.robustness(columns[column], tables.settings).window
                assert window_of(found, number, column) == as_codes(window)
                compared += 1
            else:
                assert found.drug[number, column] == found.verdict[number, column] == -1
                assert np.isnan(found.low[number, column])
                assert found.window[number, column] == found.rank[number, column] == 0
        if rows:
            assert found.of[number] == rows[0].collateral.of
    return compared


def states(tables: Tables, measured: arrays.Measured, number: int) -> dict[str, str]:
    named = ((name, int(code)) for name, code in zip(tables.cytokines, measured.state[:, number], strict=True))
    return {name: arrays.STATES[code] for name, code in named if code}


def bits(number: float | None) -> str:
    return float("nan" if number is None else number).hex()


def as_row(tables: Tables, found: Ranked, number: int, column: int) -> tuple[object, ...]:
    at = number, column
    return (
        tables.drugs[found.drug[at]], int(found.rank[at]), int(found.rank_last[at]), bits(found.low[at]),
        bits(found.high[at]), int(found.blocked[at]), bits(found.collateral_low[at]), bits(found.collateral_high[at]),
        int(found.collateral_blocked[at]), VERDICTS[found.verdict[at]],
    )  # fmt: skip


def of_row(row: RankedDrug, leading: str | None, mechanism: Mechanism) -> tuple[object, ...]:
    least, most = row.collateral.score or (None, None)
    assert leading
    name = mechanism.signal(leading).name
    verdict = next(part.verdict for part in row.parts if part.raised.signal.name == name)
    return (
        row.drug.id, *row.rank, bits(row.score[0]), bits(row.score[1]), row.blocked, bits(least), bits(most),
        row.collateral.blocked, verdict,
    )  # fmt: skip


def window_of(found: Ranked, number: int, column: int) -> tuple[object, ...] | None:
    code = int(found.window[number, column])
    if not code:
        return None
    return bits(found.window_from[number, column]), bits(found.window_to[number, column]), code - 1


def as_codes(window: Window | None) -> tuple[object, ...] | None:
    if window is None:
        return None
    included = sum(2**side * end.included for side, end in enumerate((window.lower, window.upper)) if end)
    return (*(bits(float(end.value) if end else None) for end in (window.lower, window.upper)), included)
