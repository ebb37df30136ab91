"""The order of drugs for many patients at once: the same bits, ranks and ties as :mod:`kg.calculus.ranking` gives one.

>>> from kg.calculus.arrays import measured
>>> from kg.calculus.blockade import Route
>>> from kg.calculus.mechanism import Mechanism
>>> from kg.calculus.potency import Drug
>>> drugs = {name: Drug(name, {}, group="systemic") for name in "ab"}
>>> tables = Tables.of(Mechanism(drugs, {"il21": (Route("il21-receptor", ("jak1",)),)}))
>>> found = rank(tables, measured(tables, np.array([[4.0], [1.0]])), top=2)
>>> found.drug.tolist(), found.rank.tolist(), found.rank_last.tolist(), found.high[0].tolist()
([[0, 1], [-1, -1]], [[1, 1], [0, 0]], [[2, 2], [0, 0]], [1.0, 1.0])
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.calculus.array_tables import NO_EDGE, VERDICTS, Floats, Tables, Whole
from kg.calculus.arrays import NOT_MEASURED, Measured
from kg.calculus.ranking import DIGITS

Bytes = NDArray[np.uint8]
Keys = NDArray[np.int64]
Counts = NDArray[np.unsignedinteger[Any]]
Places = NDArray[np.intp]
BLOCK: Final = 16384
"""Patients that are computed together: what they need stays in the cache of a processor."""
ONE: Final = 10**DIGITS
"""1 as a whole number of the last decimal that is compared."""
WHOLE: Final = 1.0
"""Of a signal that is blocked: what it adds needs no product."""
NEARLY: Final = 0.5 - 1e-6
"""How far from a whole number a product is, which is not exact, that may be on either side of the half."""
WITHOUT: Final = 2 * ONE
"""What puts rows without a signal that is partly blocked behind those with one."""
HALF: Final = 32
"""Bits of the lower half of a key."""
BYTE: Final = 8
"""Signals in a byte."""
SECOND, THIRD = 10, 20
"""Bits before the second and the third count of three that are one number."""
BLOCKED, PARTLY, _, UNKNOWN = range(len(VERDICTS))
RANKED, NOTHING_MEASURED, NOTHING_RAISED = range(3)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranked:
    """The first drugs of each patient.

    Arrays of patients x rows: the first rows of each group that was asked for, one group beside the other; -1, 0 and
    NaN where there is none. The last five have one number a patient.
    """

    drug: Whole
    """Its place in the tables."""
    rank: Whole
    rank_last: Whole
    low: Floats
    high: Floats
    blocked: Whole
    """How many raised signals it blocks."""
    collateral_low: Floats
    collateral_high: Floats
    collateral_blocked: Whole
    window_from: Floats
    """nM; NaN where there is no edge."""
    window_to: Floats
    window: NDArray[np.int8]
    """0 where all its parts are unknown; else 1, and 1 more if the first end is included, 2 more if the last is."""
    verdict: NDArray[np.int8]
    """On the leading signal: the place in :data:`kg.calculus.array_tables.VERDICTS`."""
    raised: Whole
    """How many signals are raised."""
    of: Whole
    """How many signals collateral is of."""
    status: NDArray[np.int8]
    """0 ranked, 1 nothing that counts is measured, 2 nothing of it is raised."""
    leading: Whole
    """The place of the heaviest raised cytokine in the tables, the first by name of several."""
    first: NDArray[np.uint64]
    """Bit i: whether the drug i of :attr:`Tables.systemic` has rank 1."""


ROWS: Final[Mapping[str, tuple[type[np.generic], float]]] = {
    **dict.fromkeys(("rank", "rank_last", "blocked", "collateral_blocked"), (np.int16, 0)),
    **dict.fromkeys(("low", "high", "collateral_low", "collateral_high"), (np.float64, np.nan)),
    **dict.fromkeys(("window_from", "window_to"), (np.float64, np.nan)),
    "drug": (np.int16, -1), "window": (np.int8, 0), "verdict": (np.int8, -1),
}  # fmt: skip
"""Array of patients x rows -> its type, and what it has where there is no row."""


def rank(tables: Tables, measured: Measured, *, top: int = 3, groups: Sequence[str] = ("systemic",)) -> Ranked:
    """Return the first ``top`` drugs of some groups for each patient.

    >>> from kg.calculus.arrays import measured
    >>> from kg.calculus.mechanism import Mechanism
    >>> tables = Tables.of(Mechanism({}, {}), cytokines=["il99"])
    >>> rank(tables, measured(tables, np.array([[np.nan], [1.0], [2.0]]))).status.tolist()
    [1, 2, 0]
    """
    patients = measured.state.shape[1]
    found = _empty(patients, top * len(groups))
    plans = [_plan(tables, group) for group in groups]
    for begin in range(0, patients, BLOCK):
        here = slice(begin, begin + BLOCK)
        block = _Block.of_patients(tables, measured, here)
        for name in ("raised", "of", "status", "leading"):
            getattr(found, name)[here] = getattr(block, name)
        for number, plan in enumerate(plans):
            _write(found, plan, block, here, range(number * top, (number + 1) * top))
    none = np.flatnonzero(found.status != RANKED)
    for name, (_, nothing) in ROWS.items():
        getattr(found, name)[none] = nothing
    found.first[none] = 0
    return found


def _empty(patients: int, rows: int) -> Ranked:
    """Return the rows of patients of whom nothing is ranked."""
    found: dict[str, NDArray[Any]]
    found = {name: np.full((patients, rows), nothing, dtype) for name, (dtype, nothing) in ROWS.items()}
    return Ranked(
        **found,
        raised=np.zeros(patients, np.int16),
        of=np.zeros(patients, np.int16),
        status=np.zeros(patients, np.int8),
        leading=np.zeros(patients, np.int16),
        first=np.zeros(patients, np.uint64),
    )


# --- what does not depend on the drug ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Block:
    """Some patients: an array of patients for each signal, or one number a patient."""

    weights: list[Floats]
    total: Floats
    free: list[Floats]
    """1 where a JAK-dependent signal is not raised."""
    of: Floats
    packed: Bytes
    """Bytes x patients: bit i of byte j says whether the signal 8 j + i is raised."""
    raised: Whole
    leading: Whole
    status: NDArray[np.int8]

    @classmethod
    def of_patients(cls, tables: Tables, measured: Measured, here: slice) -> "_Block":
        weight = measured.weight[:, here]
        weights = [
            weight[places[0]] if len(places) == 1 else weight[list(places)].max(axis=0, initial=0)
            for places in tables.members
        ]
        packed = np.zeros((_bytes(len(weights)), weight.shape[1]), np.uint8)
        total, of, heaviest = np.zeros((3, weight.shape[1]))
        free, nothing = [], np.zeros(weight.shape[1], bool)
        for place, mine in enumerate(weights):
            raised = mine > 0
            packed[place // BYTE] |= raised.view(np.uint8) << (place % BYTE)
            total += mine
            np.maximum(heaviest, mine, out=heaviest)
            free.append((~raised if tables.jak_dependent[place] else nothing).astype(np.float64))
            of += free[-1]
        counting = sorted(place for places in tables.members for place in places)
        leading = np.zeros(weight.shape[1], np.int16)
        for place in reversed(counting):
            leading[weight[place] == heaviest] = place
        leading[total == 0] = -1
        some = (measured.state[counting, here] != NOT_MEASURED).any(axis=0)
        status = np.where(total > 0, RANKED, np.where(some, NOTHING_RAISED, NOTHING_MEASURED)).astype(np.int8)
        raised_signals = np.bitwise_count(packed).sum(axis=0, dtype=np.int16)
        return cls(
            weights=weights, total=total, free=free, of=of, packed=packed, raised=raised_signals, leading=leading,
            status=status,
        )  # fmt: skip


# --- what a group of drugs does to them -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Plan:
    """The drugs of a group; a sum that is that of several is computed once."""

    drugs: Places
    """Their places in the tables."""
    systemic: bool
    sums: int
    """How many different sums there are."""
    steps: tuple[tuple[int, float, tuple[int, ...]], ...]
    """A signal, how far it is blocked, and the sums to which that adds; by name, as those of one patient are made."""
    low: Places
    high: Places
    """Drug -> the sum that its lowest score is, and its highest; in collateral too."""
    partly: Bytes
    """Drugs x bytes: the signals that each blocks partly."""
    counts: NDArray[np.int32]
    """By byte of raised signals: how many a drug blocks, how many JAK-dependent ones, and how many are not unknown."""
    blocked: Whole
    """Drug -> how many JAK-dependent signals it blocks at all."""
    lower: Whole
    upper: Whole
    """By byte of raised signals: the codes of the windows."""
    begins: Floats
    begins_with: NDArray[np.int8]
    """Code of a window, and 1 more -> where it begins, and 1 if that is included."""
    ends: Floats
    ends_with: NDArray[np.int8]
    """Code of a window -> where it ends, and 2 if that is included; the last code is of a window without an end."""
    verdict: NDArray[np.int8]
    """Drugs x cytokines, and one more for no cytokine."""

    @classmethod
    def of(cls, tables: Tables, group: str) -> "_Plan":
        drugs = np.array([place for place, one in enumerate(tables.groups) if one == group], np.intp)
        rows, at = np.unique(np.concatenate([tables.low[drugs], tables.high[drugs]]), axis=0, return_inverse=True)
        steps = tuple(
            (signal, float(value), tuple(np.flatnonzero(column == value).tolist()))
            for signal, column in enumerate(rows.T)
            for value in np.unique(column[column > 0])
        )
        verdict, upper, without = tables.verdict[drugs], tables.upper[drugs], 2 * len(tables.ends)
        blocked = (verdict == BLOCKED).astype(np.int32)
        dependent = blocked * tables.jak_dependent
        known = (verdict != UNKNOWN).astype(np.int32)
        of_cytokine = np.zeros((len(drugs), len([*tables.cytokines, None])), np.int8)
        for signal, places in enumerate(tables.members):
            of_cytokine[:, list(places)] = verdict[:, [signal]]
        return cls(
            drugs=drugs,
            systemic=group == "systemic",
            sums=len(rows),
            steps=steps,
            low=at[: len(drugs)],
            high=at[len(drugs) :],
            partly=np.packbits(_in_bytes(verdict == PARTLY, False), axis=2, bitorder="little")[..., 0],
            counts=_by_byte(blocked + (dependent << SECOND) + (known << THIRD), np.add, 0),
            blocked=dependent.sum(axis=1, dtype=np.int16),
            lower=_by_byte(tables.lower[drugs], np.maximum, NO_EDGE),
            upper=_by_byte(np.where(upper == NO_EDGE, without, upper), np.minimum, without),
            verdict=of_cytokine,
            begins=np.concatenate([[np.nan], tables.ends.repeat(2)]),
            begins_with=np.array([0, *(1, 0) * len(tables.ends)], np.int8),
            ends=np.concatenate([tables.ends.repeat(2), [np.nan]]),
            ends_with=np.array([*(0, 2) * len(tables.ends), 0], np.int8),
        )

    def means(self, weights: Sequence[Floats], total: Floats) -> Floats:
        """Return sums x patients, each divided by a total; 0 where that is 0."""
        found = np.zeros((self.sums, len(total)))
        for signal, value, sums in self.steps:
            part = weights[signal] if value == WHOLE else weights[signal] * value
            for one in sums:
                found[one] += part
        return np.divide(found, total, out=found, where=total > 0)


_plan: Final = lru_cache(_Plan.of)
"""Made once for some tables and a group: it takes as long as some thousand patients."""


def _bytes(signals: int) -> int:
    return max(1, -(-signals // BYTE))


def _in_bytes(codes: NDArray[Any], nothing: int) -> NDArray[Any]:
    """Return drugs x bytes x signals of a byte; the last byte is filled up."""
    drugs, signals = codes.shape
    found = np.full((drugs, _bytes(signals) * BYTE), nothing, codes.dtype)
    found[:, :signals] = codes
    return found.reshape(drugs, _bytes(signals), BYTE)


def _by_byte(codes: NDArray[Any], combine: np.ufunc, nothing: int) -> NDArray[Any]:
    """Return bytes x (drugs x 256): what the codes of the signals of each byte are together, ``nothing`` for none."""
    bits = (np.arange(256)[:, None] >> np.arange(BYTE) & 1).astype(bool)
    of_bits = np.where(bits, _in_bytes(codes, nothing)[:, :, None], codes.dtype.type(nothing))
    together: NDArray[Any] = combine.reduce(of_bits, axis=-1)
    return together.transpose(1, 0, 2).reshape(_bytes(codes.shape[1]), len(codes) * 256)


def _looked_up(table: NDArray[Any], at: Sequence[Places], combine: np.ufunc) -> NDArray[Any]:
    """Return the codes of all raised signals together, at the places of each byte."""
    found: NDArray[Any] = table[0].take(at[0])
    for one, places in zip(table[1:], at[1:], strict=True):
        combine(found, one.take(places), out=found)
    return found


def _rounded(numbers: Floats) -> Keys:
    """Return numbers from 0 to 1 in units of the last decimal that is compared, rounded as :func:`round` does."""
    many = numbers * ONE
    found = np.rint(many)
    many -= found
    np.abs(many, out=many)
    if many.max(initial=0) > NEARLY:
        for at in np.argwhere(many > NEARLY):
            found[*at] = round(round(float(numbers[*at]), DIGITS) * ONE)
    return found.astype(np.int64)


def _ranks(plan: _Plan, block: _Block, score: Floats, collateral: Floats) -> tuple[Counts, Counts, Counts]:
    """Return drugs x patients: the first and the last rank, and the place in the order, from 0; equal drugs by name.

    The keys are those of :attr:`kg.calculus.ranking.RankedDrug.order`, as two whole numbers each.
    """
    rounded, cost = _rounded(score), _rounded(collateral)
    low, high = rounded[plan.low], rounded[plan.high]
    partly = np.zeros(low.shape, bool)
    for number, byte in enumerate(block.packed):
        partly |= (plan.partly[:, number, None] & byte) != 0
    keys = np.where(low > 0, high - (low << HALF), (~partly).astype(np.int64) * WITHOUT - high)
    costs = (cost[plan.high] << HALF) + cost[plan.low]
    counts = np.min_scalar_type(len(low))
    before, same = np.zeros((2, *low.shape), counts)
    place = np.zeros_like(before)
    for drug in range(len(keys) - 1):
        others = slice(drug + 1, None)
        equal = keys[drug] == keys[others]
        first = (keys[drug] < keys[others]) | (equal & (costs[drug] < costs[others]))
        equal &= costs[drug] == costs[others]
        before[others] += first.view(np.uint8)
        same[others] += equal.view(np.uint8)
        same[drug] += equal.view(np.uint8).sum(axis=0, dtype=counts)
        first |= equal
        place[others] += first.view(np.uint8)
        after = len(first) - first.view(np.uint8).sum(axis=0, dtype=counts)
        before[drug] += after
        place[drug] += after
    before += 1
    same += before
    return before, same, place


def _write(found: Ranked, plan: _Plan, block: _Block, here: slice, columns: range) -> None:
    """Write the first rows of a group for the patients of a block."""
    score, collateral = plan.means(block.weights, block.total), plan.means(block.free, block.of)
    first, last, place = _ranks(plan, block, score, collateral)
    collateral[:, block.of == 0] = np.nan
    patients = np.arange(score.shape[1])
    if plan.systemic:
        for number, mine in enumerate(first):
            found.first[here] |= (mine == 1).astype(np.uint64) << np.uint64(number)
    for number, column in enumerate(columns[: len(plan.drugs)]):
        row = np.zeros(len(patients), place.dtype)
        for one, mine in enumerate(place):
            row += (mine == number) * place.dtype.type(one)
        drug = row.astype(np.intp)
        at = [drug * 256 + byte for byte in block.packed]
        counts = _looked_up(plan.counts, at, np.add)
        lower = _looked_up(plan.lower, at, np.maximum) + 1
        upper = _looked_up(plan.upper, at, np.minimum)
        count = (1 << SECOND) - 1
        known = counts >> THIRD > 0
        here_column = here, column
        of_drug = drug * len(patients) + patients
        least, most = (places.take(drug) * len(patients) + patients for places in (plan.low, plan.high))
        found.drug[here_column] = plan.drugs.take(drug)
        found.rank[here_column] = first.take(of_drug)
        found.rank_last[here_column] = last.take(of_drug)
        found.low[here_column] = score.take(least)
        found.high[here_column] = score.take(most)
        found.blocked[here_column] = counts & count
        found.collateral_low[here_column] = collateral.take(least)
        found.collateral_high[here_column] = collateral.take(most)
        found.collateral_blocked[here_column] = plan.blocked.take(drug) - (counts >> SECOND & count)
        found.verdict[here_column] = plan.verdict.take(drug * plan.verdict.shape[1] + block.leading)
        found.window_from[here_column] = np.where(known, plan.begins.take(lower), np.nan)
        found.window_to[here_column] = np.where(known, plan.ends.take(upper), np.nan)
        found.window[here_column] = (1 + plan.begins_with.take(lower) + plan.ends_with.take(upper)) * known
