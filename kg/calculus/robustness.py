"""How far an answer hangs on the threshold: the widest run of thresholds in which nothing of a row changes.

>>> one = Measurement("x", "IC50", "=", Decimal(55), Decimal(55), "nM", "JH1", "human", comparable=True)
>>> il21 = Signal(("il21",), (Route("il21-receptor", ("jak3",)),))
>>> window(Drug("tofacitinib", {"jak3": (one,)}), il21)
Window(lower=End(value=Decimal('55'), included=True), upper=None)
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from kg.calculus.blockade import Route as Route
from kg.calculus.blockade import Signal
from kg.calculus.mechanism import DEFAULT, Settings, blocked
from kg.calculus.potency import Drug, Measurement
from kg.calculus.ranking import RankedDrug


@dataclass(frozen=True, slots=True)
class End:
    """One end of a window: a measured value in nM, and whether the window has it."""

    value: Decimal
    included: bool


@dataclass(frozen=True, slots=True)
class Window:
    """A run of thresholds; None at an end says that there is no edge there."""

    lower: End | None
    upper: End | None


@dataclass(frozen=True, slots=True)
class Edge:
    """A measurement on whose end a window ends."""

    measurement: Measurement
    kinase: str
    value: Decimal
    edge: Literal["from", "to"]


@dataclass(frozen=True, slots=True)
class Robustness:
    """The window of a row, None where all its parts are unknown, and every measurement that it hangs on."""

    window: Window | None
    hangs_on: tuple[Edge, ...] = ()

    def near(self, threshold: Decimal) -> tuple[Edge, ...]:
        """Return the edges within 2-fold of a threshold in nM.

        >>> Robustness(None).near(Decimal(100))
        ()
        """
        return tuple(edge for edge in self.hangs_on if threshold <= 2 * edge.value and edge.value <= 2 * threshold)


def window(drug: Drug, signal: Signal, settings: Settings = DEFAULT) -> Window:
    """Return the widest run of thresholds around the set one in which blockade and verdict of a signal stay.

    They are tested at every finite end of a comparable value, and between neighbours.

    >>> from kg.calculus.blockade import Route
    >>> window(Drug("x", {}), Signal(("il21",), (Route("il21-receptor", ("jak1",)),))).lower is None
    True
    """
    key = signal, settings.threshold, settings.require, settings.derived
    if key not in drug.kept:
        drug.kept[key] = _window(drug, signal, settings)
    found: Window = drug.kept[key]
    return found


def _window(drug: Drug, signal: Signal, settings: Settings) -> Window:
    ends = sorted({end for row, _ in _compared(drug, signal, settings) for end in row.ends})
    here = bisect_left(ends, settings.threshold)
    at = 2 * here + (here < len(ends) and ends[here] == settings.threshold)
    said = blocked(drug, signal, settings)

    def stays(piece: int) -> bool:
        return blocked(drug, signal, replace(settings, threshold=_inside(ends, piece))) == said

    first = last = at
    while first > 0 and stays(first - 1):
        first -= 1
    while last < 2 * len(ends) and stays(last + 1):
        last += 1
    lower = None if first == 0 else End(ends[(first - 1) // 2], bool(first % 2))
    upper = None if last == 2 * len(ends) else End(ends[last // 2], bool(last % 2))
    return Window(lower, upper)


def _inside(ends: Sequence[Decimal], piece: int) -> Decimal:
    """Return a threshold of a piece: each end is a piece of its own, and so is each gap beside one."""
    place, is_end = divmod(piece, 2)
    if is_end:
        return ends[place]
    if place == 0:
        return ends[0] / 2
    return ends[-1] * 2 if place == len(ends) else (ends[place - 1] + ends[place]) / 2


def _compared(drug: Drug, signal: Signal, settings: Settings) -> list[tuple[Measurement, str]]:
    return [(row, kinase) for kinase in signal.kinases for row in drug.compared(kinase, derived=settings.derived)]


def robustness(row: RankedDrug, settings: Settings = DEFAULT) -> Robustness:
    """Return the window of a row, the intersection of those of its parts, and every measurement with one of its ends.

    >>> il21 = Signal(("il21",), (Route("il21-receptor", ("jak3",)),))
    >>> from kg.calculus.ranking import Collateral, Part, Raised
    >>> part = Part(Raised(il21, ("il21",), "il21", 1.0), (0.0, 1.0), "unknown")
    >>> robustness(RankedDrug(Drug("x", {}), (0.0, 1.0), (part,), Collateral(None, 0, 0, {})))
    Robustness(window=None, hangs_on=())
    """
    if all(part.verdict == "unknown" for part in row.parts):
        return Robustness(None)
    windows = [(part.raised.signal, window(row.drug, part.raised.signal, settings)) for part in row.parts]
    lower = max((w.lower for _, w in windows if w.lower), key=lambda end: (end.value, not end.included), default=None)
    upper = min((w.upper for _, w in windows if w.upper), key=lambda end: (end.value, end.included), default=None)
    edges: dict[tuple[str, str], Edge] = {}
    for side, end in (("from", lower), ("to", upper)):
        for signal, mine in windows:
            if end is None or end != (mine.lower if side == "from" else mine.upper):
                continue
            for measurement, kinase in _compared(row.drug, signal, settings):
                if end.value in measurement.ends:
                    edge: Literal["from", "to"] = "from" if side == "from" else "to"
                    edges[side, measurement.id] = Edge(measurement, kinase, end.value, edge)
    return Robustness(Window(lower, upper), tuple(edges[key] for key in sorted(edges)))
