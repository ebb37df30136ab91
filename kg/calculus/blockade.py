"""The blockade calculus: how far a drug blocks the signal of a cytokine, by its potency on the kinases it needs.

This module is section 5 of the design, in its words and order. A drug *hits* a kinase at a threshold T where its
comparable measurements agree that it does; a *route* is one receptor complex of a cytokine and *needs* kinases; the
*blockade* of a route is the share of its needed kinases that are hit, as an interval [lo, hi], because an unknown hit
may be no or yes. Nothing is averaged over measurements, and nothing unknown is taken for no.

>>> one = Measurement(id="x", measure="IC50", relation="=", low=Decimal(363), high=Decimal(363), unit="nM",
...                   domain="JH1", species="human", comparable=True)
>>> from dataclasses import replace
>>> other = replace(one, id="y", low=Decimal(10), high=Decimal(10))
>>> hit(Drug("filgotinib", {"jak1": (one, other)}), "jak1", threshold=Decimal(100))
Hit(value='unknown', why='disagree')
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log2
from typing import Final, Literal

THRESHOLD: Final = Decimal(100)
"""nM: at or below it a measurement says that the kinase is hit."""
RAISED: Final = Decimal("1.5")
"""Ratio: at or above it a cytokine is raised, at or below its inverse lowered."""
HEAVIEST: Final = 6.0
"""log2 ratio: no cytokine weighs more, because extreme ratios come from denominators near zero."""

Answer = Literal["yes", "no", "unknown"]
Says = Literal["yes", "no", "neither"]
Why = Literal["agree", "disagree", "undecided", "not measured"]
Verdict = Literal["blocked", "partly", "not blocked", "unknown"]
Direction = Literal["raised", "lowered", "unchanged"]
DIRECTIONS: Final[dict[str, Direction]] = {"raised": "raised", "lowered": "lowered", "unchanged": "unchanged"}
"""Word, as data has it -> direction."""
Require = Literal["share", "any", "all"]
Interval = tuple[float, float]
"""Lowest and highest possible value, each from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One potency measurement: closed ends in ``unit``, None where the reported value is open or not printed.

    The graph decides whether it is ``comparable`` with a threshold, and says why where it is ``not_comparable``.
    """

    id: str
    measure: str
    relation: str | None
    low: Decimal | None
    high: Decimal | None
    unit: str | None
    domain: str | None
    species: str
    comparable: bool
    not_comparable: str | None = None
    verified: bool = True
    spared: bool = False
    reported: str | None = None
    atp: str | None = None
    note: str | None = None
    references: tuple[str, ...] = ()
    obtained_from: tuple[str, ...] = ()

    def says(self, threshold: Decimal) -> Says:
        """Return yes if the true value is surely <= threshold, no if it is surely above, else neither.

        >>> above = Measurement(id="x", measure="IC50", relation=">", low=Decimal(400), high=None, unit="nM",
        ...                     domain="JH1", species="human", comparable=True)
        >>> above.says(Decimal(100)), above.says(Decimal(500))
        ('no', 'neither')
        """
        if self.spared:
            return "no"
        if self.high is not None and self.high <= threshold:
            return "yes"
        if self.low is not None and (self.low > threshold or (self.relation == ">" and self.low == threshold)):
            return "no"
        return "neither"


@dataclass(frozen=True, slots=True)
class Drug:
    """An inhibitor with its measurements, by kinase. ``functional_target`` is given for an allosteric one only."""

    id: str
    measurements: Mapping[str, Sequence[Measurement]]
    functional_target: str | None = None
    label: str = ""
    mode: str = "AtpCompetitive"
    intended_species: str = "human"
    note: str | None = None
    approvals: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """One receptor complex of a cytokine, and the kinases that it needs by accepted claims."""

    receptor: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Whether a drug hits a kinase, and why that is the answer."""

    value: Answer
    why: Why


def comparable(drug: Drug, kinase: str) -> tuple[Measurement, ...]:
    """Return the measurements of the pair that may be compared with a threshold.

    Which these are was decided when the graph was built: ``jak:comparable``.

    >>> ic50 = Measurement(id="x", measure="IC50", relation="=", low=Decimal(15), high=Decimal(15), unit="nM",
    ...                    domain="JH1", species="human", comparable=True)
    >>> from dataclasses import replace
    >>> kd = replace(ic50, id="y", measure="Kd", comparable=False)
    >>> [row.id for row in comparable(Drug("tofacitinib", {"jak1": (ic50, kd)}), "jak1")]
    ['x']
    """
    return tuple(row for row in drug.measurements.get(kinase, ()) if row.comparable)


def hit(drug: Drug, kinase: str, *, threshold: Decimal = THRESHOLD) -> Hit:
    """Return yes if some comparable measurement says yes and none no, no if some says no and none yes, else unknown.

    ``threshold`` is in nM.

    >>> ic50 = Measurement(id="x", measure="IC50", relation="=", low=Decimal(15), high=Decimal(15), unit="nM",
    ...                    domain="JH1", species="human", comparable=True)
    >>> drug = Drug("tofacitinib", {"jak1": (ic50,)})
    >>> hit(drug, "jak1"), hit(drug, "tyk2")
    (Hit(value='yes', why='agree'), Hit(value='unknown', why='not measured'))
    """
    said = {row.says(threshold) for row in comparable(drug, kinase)}
    if {"yes", "no"} <= said:
        return Hit("unknown", "disagree")
    if "yes" in said:
        return Hit("yes", "agree")
    if "no" in said:
        return Hit("no", "agree")
    return Hit("unknown", "undecided" if said else "not measured")


def blockade_of_route(hits: Mapping[str, Hit], route: Route, *, require: Require = "share") -> Interval:
    """Return the share of the needed kinases of a route that are hit: unknown taken as no, and as yes.

    ``require`` makes a route 0 or 1: ``any`` needed kinase hit, or ``all`` of them. A route whose needs are not settled
    gives (0, 1). KeyError where ``hits`` lacks a needed kinase.

    >>> hits = {"jak1": Hit("yes", "agree"), "jak3": Hit("unknown", "not measured")}
    >>> route = Route("il21-receptor", ("jak1", "jak3"))
    >>> [blockade_of_route(hits, route, require=require) for require in ("share", "any", "all")]
    [(0.5, 1.0), (1.0, 1.0), (0.0, 1.0)]
    """
    if not route.needs:
        return 0.0, 1.0
    sure = sum(hits[kinase].value == "yes" for kinase in route.needs)
    possible = sum(hits[kinase].value != "no" for kinase in route.needs)
    return _share(sure, len(route.needs), require), _share(possible, len(route.needs), require)


def _share(count: int, needed: int, require: Require) -> float:
    if require == "any":
        return float(count > 0)
    if require == "all":
        return float(count == needed)
    return count / needed


def blockade(
    drug: Drug, routes: Iterable[Route], *, threshold: Decimal = THRESHOLD, require: Require = "share"
) -> Interval:
    """Return the blockade of a cytokine by a drug: the mean over the routes of the cytokine, (0, 1) without a route.

    ``threshold`` is in nM.

    >>> ic50 = Measurement(id="x", measure="IC50", relation="=", low=Decimal(15), high=Decimal(15), unit="nM",
    ...                    domain="JH1", species="human", comparable=True)
    >>> drug = Drug("tofacitinib", {"jak1": (ic50,)})
    >>> blockade(drug, [Route("a", ("jak1",)), Route("b", ("jak1", "tyk2"))]), blockade(drug, [])
    ((0.75, 1.0), (0.0, 1.0))
    """
    intervals = []
    for route in routes:
        hits = {kinase: hit(drug, kinase, threshold=threshold) for kinase in route.needs}
        intervals.append(blockade_of_route(hits, route, require=require))
    if not intervals:
        return 0.0, 1.0
    return sum(low for low, _ in intervals) / len(intervals), sum(high for _, high in intervals) / len(intervals)


def verdict(interval: Interval) -> Verdict:
    """Return the word for a blockade.

    >>> verdict((1.0, 1.0)), verdict((0.5, 1.0)), verdict((0.0, 0.0)), verdict((0.0, 0.5))
    ('blocked', 'partly', 'not blocked', 'unknown')
    """
    low, high = interval
    if low == 1:
        return "blocked"
    if high == 0:
        return "not blocked"
    return "partly" if low > 0 else "unknown"


def direction(ratio: Decimal, *, raised: Decimal = RAISED) -> Direction:
    """Return whether a ratio to the comparator is raised, lowered or unchanged.

    >>> [direction(Decimal(ratio)) for ratio in ("2.33", "0.08", "0.96")]
    ['raised', 'lowered', 'unchanged']
    """
    if ratio >= raised:
        return "raised"
    return "lowered" if ratio * raised <= 1 else "unchanged"


def called(ratio: Decimal | None, reported: str | None, *, raised: Decimal = RAISED) -> Direction:
    """Return the direction of a measured cytokine: that of its ratio, or the reported one where it has no ratio.

    KeyError where it has neither.

    >>> called(Decimal("2.33"), None), called(Decimal("0.96"), "lowered"), called(None, "Raised")
    ('raised', 'unchanged', 'raised')
    """
    return DIRECTIONS[(reported or "").lower()] if ratio is None else direction(ratio, raised=raised)


def weight(ratio: Decimal | None) -> float:
    """Return the weight of a raised cytokine: its log2 ratio, at most 6; 1 without a number.

    >>> weight(Decimal(4)), weight(Decimal(1000)), weight(None)
    (2.0, 6.0, 1.0)
    """
    return 1.0 if ratio is None else min(log2(ratio), HEAVIEST)


def score(parts: Sequence[tuple[float, Interval]]) -> Interval:
    """Return the weighted mean of the blockades of the raised cytokines, given as (weight, blockade).

    ZeroDivisionError where there are none.

    >>> score([(1.0, (1.0, 1.0)), (3.0, (0.0, 0.5))])
    (0.25, 0.625)
    """
    total = sum(part for part, _ in parts)
    return sum(part * low for part, (low, _) in parts) / total, sum(part * high for part, (_, high) in parts) / total


@dataclass(frozen=True, slots=True)
class Mechanism:
    """What the calculus reads from the graph: the drugs with their measurements, and the routes of each cytokine."""

    drugs: Mapping[str, Drug]
    routes: Mapping[str, tuple[Route, ...]]
