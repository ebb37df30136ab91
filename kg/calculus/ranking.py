"""The order of drugs for a patient: score, groups, ranks with ties, collateral, and the frontier of the two.

>>> strong = Measurement("x", "IC50", "=", Decimal(3), Decimal(3), "nM", "JH1", "human", comparable=True)
>>> drugs = {"a": Drug("a", {}), "b": Drug("b", {"jak1": (strong,)})}
>>> mechanism = Mechanism(drugs, {"il21": (Route("il21-receptor", ("jak1", "jak3")),)})
>>> [(row.drug.id, row.score, row.rank) for row in rank(mechanism, {"il21": 2.0})]
[('b', (0.5, 1.0), (1, 1)), ('a', (0.0, 1.0), (2, 2))]
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal as Decimal
from itertools import groupby
from types import MappingProxyType
from typing import Final

from kg.calculus import blockade
from kg.calculus.blockade import Interval, Signal, Verdict
from kg.calculus.blockade import Route as Route
from kg.calculus.mechanism import DEFAULT, Blocked, Mechanism, Settings, blocked
from kg.calculus.potency import GROUPS, Drug
from kg.calculus.potency import Measurement as Measurement

DIGITS: Final = 9
"""Decimals to which all numbers are rounded before they are compared."""
NOTHING: Final[Mapping[str, Interval | None]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Raised:
    """A raised signal: those of its cytokines that are raised, the heaviest of them, and the weight of that."""

    signal: Signal
    cytokines: tuple[str, ...]
    heaviest: str
    weight: float


@dataclass(frozen=True, slots=True)
class Part:
    """What a drug does to one raised signal: its share in the score."""

    raised: Raised
    blockade: Interval
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Collateral:
    """What else a drug switches off: its score over the JAK-dependent signals that are not raised, weight 1 each.

    ``blocked`` counts verdicts, ``of`` signals. ``score``, and that of a named set, is None where nothing is left.
    """

    score: Interval | None
    blocked: int
    of: int
    sets: Mapping[str, Interval | None]


@dataclass(frozen=True, slots=True)
class RankedDrug:
    """One drug: its score, the parts that it is made of, what else it switches off, and its rank in its group.

    ``rank`` has the first and the last rank of the rows that are equal to it. ``frontier`` says that no other drug for
    people does at least as well on both counts and better on one.
    """

    drug: Drug
    score: Interval
    parts: tuple[Part, ...]
    collateral: Collateral
    rank: tuple[int, int] = (0, 0)
    frontier: bool = False

    @property
    def blocked(self) -> int:
        """How many raised signals it blocks.

        >>> RankedDrug(Drug("x", {}), (0.0, 1.0), (), Collateral(None, 0, 0, {})).blocked
        0
        """
        return sum(part.verdict == "blocked" for part in self.parts)

    @property
    def order(self) -> tuple[float, ...]:
        """The key that sorts rows of a group, best first; rows of one key share a rank.

        The lowest score, highest first. Where it is above 0: the narrower interval. Where it is 0: rows with some part
        *partly*, then other open rows, each by the highest score, then rows that are surely 0. Then the highest
        collateral, lowest first, then the lowest.
        """
        low, high = _rounded(self.score)
        least, most = _cost(self.collateral)
        if low > 0:
            return -low, high, most, least  # of equal lows the narrower has the lower high
        without = all(part.verdict != "partly" for part in self.parts)
        return low, without, -high, most, least  # surely 0 is the lowest high


def raised_signals(mechanism: Mechanism, weights: Mapping[str, float]) -> tuple[Raised, ...]:
    """Return the raised signals, by name: cytokines of one set of routes are one, of the largest weight.

    ``weights`` has the weight of each raised cytokine that counts.

    >>> route = (Route("gh-receptor", ("jak2",)),)
    >>> raised_signals(Mechanism({}, {"gh1": route, "gh2": route}), {"gh1": 1.0, "gh2": 2.0})[0].heaviest
    'gh2'
    """
    together: dict[str, list[str]] = {}
    for cytokine in sorted(weights):
        together.setdefault(mechanism.signal(cytokine).name, []).append(cytokine)
    found = []
    for name in sorted(together):
        heaviest = max(together[name], key=lambda cytokine: weights[cytokine])
        found.append(Raised(mechanism.signal(name), tuple(together[name]), heaviest, weights[heaviest]))
    return tuple(found)


def rank(
    mechanism: Mechanism,
    weights: Mapping[str, float],
    settings: Settings = DEFAULT,
    *,
    drugs: Iterable[Drug] | None = None,
) -> list[RankedDrug]:
    """Return the rows of drugs (all, or some) by group and rank; none where no raised cytokine counts.

    ``weights`` has the weight of each raised cytokine that counts. Within a rank rows are by name.

    >>> mechanism = Mechanism({"a": Drug("a", {}), "b": Drug("b", {})}, {"il21": (Route("r", ("jak1",)),)})
    >>> [(row.drug.id, row.rank) for row in rank(mechanism, {"il21": 1.0})], rank(mechanism, {})
    ([('a', (1, 2)), ('b', (1, 2))], [])
    """
    raised = raised_signals(mechanism, weights)
    if not raised:
        return []
    table = mechanism.table(settings)
    rest = not_raised(mechanism, raised)
    sets = _sets(mechanism, rest)
    return ordered([
        row_of(drug, raised, table[drug.id], collateral(table[drug.id], rest, sets), settings)
        for drug in (mechanism.drugs.values() if drugs is None else drugs)
    ])  # fmt: skip


def row_of(
    drug: Drug, raised: Sequence[Raised], does: Mapping[str, Blocked], rest: Collateral, settings: Settings = DEFAULT
) -> RankedDrug:
    """Return the row of a drug, without its rank.

    ``does`` has what the drug does to each signal; ``rest`` is what it does to those that are not raised.

    >>> il21 = Signal(("il21",), (Route("il21-receptor", ("jak1",)),))
    >>> raised, unknown = Raised(il21, ("il21",), "il21", 1.0), Blocked((0.0, 1.0), "unknown")
    >>> row_of(Drug("a", {}), [raised], {"il21": unknown}, collateral({}, [])).score
    (0.0, 1.0)
    """
    parts = []
    for one in raised:
        found = does.get(one.signal.name) or blocked(drug, one.signal, settings)
        parts.append(Part(one, found.blockade, found.verdict))
    score = blockade.score([(part.raised.weight, part.blockade) for part in parts])
    return RankedDrug(drug, score, tuple(parts), rest)


def not_raised(mechanism: Mechanism, raised: Iterable[Raised]) -> list[Signal]:
    """Return the JAK-dependent signals that are not raised, by name: measured and not raised, or not measured.

    >>> mechanism = Mechanism({}, {"il21": (Route("il21-receptor", ("jak1",)),)})
    >>> [signal.name for signal in not_raised(mechanism, ())]
    ['il21']
    """
    gone = {one.signal.name for one in raised}
    return [signal for signal in mechanism.jak_dependent if signal.name not in gone]


def _sets(mechanism: Mechanism, rest: Sequence[Signal]) -> dict[str, list[Signal]]:
    return {
        name: [signal for signal in rest if set(signal.cytokines) & set(cytokines)]
        for name, cytokines in mechanism.sets.items()
    }


def collateral(
    does: Mapping[str, Blocked], rest: Sequence[Signal], sets: Mapping[str, Sequence[Signal]] = MappingProxyType({})
) -> Collateral:
    """Return the collateral of a drug over signals that are not raised.

    >>> il21 = Signal(("il21",), (Route("il21-receptor", ("jak1",)),))
    >>> collateral({"il21": Blocked((1.0, 1.0), "blocked")}, [il21], {"blood-forming": []})
    Collateral(score=(1.0, 1.0), blocked=1, of=1, sets={'blood-forming': None})
    """
    found = [does[signal.name] for signal in rest]
    return Collateral(
        score=_mean(found), blocked=sum(one.verdict == "blocked" for one in found), of=len(found),
        sets={name: _mean([does[signal.name] for signal in signals]) for name, signals in sets.items()},
    )  # fmt: skip


def _mean(found: Sequence[Blocked]) -> Interval | None:
    if not found:
        return None
    low = high = 0.0
    for one in found:
        low += one.blockade[0]
        high += one.blockade[1]
    return low / len(found), high / len(found)


def ordered(rows: Iterable[RankedDrug]) -> list[RankedDrug]:
    """Return rows by group, then by rank, then by name; with their ranks, which begin at 1 in each group.

    >>> nothing = Collateral(None, 0, 0, {})
    >>> rows = ordered(RankedDrug(Drug(name, {}), (0.5, 0.5), (), nothing) for name in ("b", "a"))
    >>> [(row.drug.id, row.rank) for row in rows]
    [('a', (1, 2)), ('b', (1, 2))]
    """
    rows = list(rows)
    best = _frontier(rows)
    found = []
    for group in GROUPS:
        mine = sorted((row for row in rows if row.drug.group == group), key=lambda row: (row.order, row.drug.id))
        first = 1
        for _, equal in groupby(mine, key=lambda row: row.order):
            same = list(equal)
            ranks = (first, first + len(same) - 1)
            found += [replace(row, rank=ranks, frontier=row.drug.id in best) for row in same]
            first += len(same)
    return found


def _frontier(rows: Sequence[RankedDrug]) -> set[str]:
    """Return the drugs for people that no other drug for people beats, across groups; none whose lowest score is 0."""
    points = {
        row.drug.id: (_rounded(row.score)[0], _cost(row.collateral)[1])
        for row in rows
        if row.drug.intended_species == "human"
    }
    return {
        name
        for name, (low, most) in points.items()
        if low > 0 and not any(a >= low and b <= most and (a > low or b < most) for a, b in points.values())
    }


def _cost(collateral: Collateral) -> Interval:
    """Return the collateral; 0 where no signal is left, as then none is for any drug."""
    return _rounded(collateral.score or (0.0, 0.0))


def _rounded(interval: Interval) -> Interval:
    return round(interval[0], DIGITS), round(interval[1], DIGITS)
