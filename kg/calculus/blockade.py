"""How far a drug blocks a signal: the share of the kinases that its receptors need and that the drug hits.

A *route* is one receptor complex of a cytokine. It *needs* the kinases without which the receptor gives no signal, and
*uses* those that help. An unknown hit may be no or yes, so a blockade is an interval [lo, hi].

>>> hits = {"jak1": Hit("yes", "agree"), "jak3": Hit("unknown", "not measured")}
>>> of_route(hits, Route("il21-receptor", ("jak1", "jak3")))
(0.5, 1.0)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.calculus.potency import Hit

Verdict = Literal["blocked", "partly", "not blocked", "unknown"]
Require = Literal["share", "any", "all"]
Interval = tuple[float, float]
"""Lowest and highest possible value, each from 0 to 1."""
ANYTHING: Interval = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Route:
    """One receptor complex, and by accepted claims the kinases that it needs and those that it uses.

    ``uses`` are the uses that count: those that evidence from loss supports. ``by_database_only`` are the needs that no
    evidence from loss decides.
    """

    receptor: str
    needs: tuple[str, ...]
    uses: tuple[str, ...] = ()
    by_database_only: tuple[str, ...] = ()

    @property
    def kinases(self) -> tuple[str, ...]:
        """The kinases that can change its blockade: the needed, then the used.

        >>> Route("ifna-receptor", ("jak1",), ("tyk2",)).kinases
        ('jak1', 'tyk2')
        """
        return self.needs + self.uses


@dataclass(frozen=True, slots=True)
class Signal:
    """Cytokines with the same set of routes: one signal, since a receptor does not tell them from each other."""

    cytokines: tuple[str, ...]
    routes: tuple[Route, ...]

    @property
    def name(self) -> str:
        """The first of its cytokines.

        >>> Signal(("gh1", "gh2"), ()).name
        'gh1'
        """
        return self.cytokines[0]

    @property
    def jak_dependent(self) -> bool:
        """Whether some route has an accepted need.

        >>> Signal(("il21",), (Route("il21-receptor", ("jak1", "jak3")),)).jak_dependent
        True
        """
        return any(route.needs for route in self.routes)

    @property
    def kinases(self) -> tuple[str, ...]:
        """The kinases that its routes need or use, each once, by name.

        >>> Signal(("il21",), (Route("il21-receptor", ("jak3", "jak1")),)).kinases
        ('jak1', 'jak3')
        """
        return tuple(sorted({kinase for route in self.routes for kinase in route.kinases}))


def of_route(hits: Mapping[str, Hit], route: Route, *, require: Require = "share") -> Interval:
    """Return the share of the needed kinases of a route that are hit: unknown taken as no, and as yes.

    ``require`` makes it 0 or 1: ``any`` needed kinase hit, or ``all`` of them. Where a counted use is hit, or may be,
    the highest is 1; a use never counts for the lowest. A route whose needs are not settled gives (0, 1). KeyError
    where ``hits`` lacks a kinase of the route.

    >>> hits = {"jak1": Hit("yes", "agree"), "jak3": Hit("unknown", "not measured"), "tyk2": Hit("no", "agree")}
    >>> route = Route("il21-receptor", ("jak1", "jak3"))
    >>> [of_route(hits, route, require=require) for require in ("share", "any", "all")]
    [(0.5, 1.0), (1.0, 1.0), (0.0, 1.0)]
    >>> of_route(hits, Route("a", ("tyk2",), ("jak1",))), of_route(hits, Route("b", ("tyk2",)))
    ((0.0, 1.0), (0.0, 0.0))
    """
    if not route.needs:
        return ANYTHING
    sure = possible = 0
    for kinase in route.needs:
        value = hits[kinase].value
        sure += value == "yes"
        possible += value != "no"
    high = 1.0 if any(hits[use].value != "no" for use in route.uses) else _share(possible, len(route.needs), require)
    return _share(sure, len(route.needs), require), high


def _share(count: int, needed: int, require: Require) -> float:
    if require == "any":
        return float(count > 0)
    if require == "all":
        return float(count == needed)
    return count / needed


def of_signal(hits: Mapping[str, Hit], routes: Sequence[Route], *, require: Require = "share") -> Interval:
    """Return the blockade of a signal: the mean over its routes, (0, 1) without a route.

    >>> hits = {"jak1": Hit("yes", "agree"), "tyk2": Hit("unknown", "not measured")}
    >>> of_signal(hits, [Route("a", ("jak1",)), Route("b", ("jak1", "tyk2"))]), of_signal(hits, [])
    ((0.75, 1.0), (0.0, 1.0))
    """
    if not routes:
        return ANYTHING
    low = high = 0.0
    for route in routes:
        least, most = of_route(hits, route, require=require)
        low += least
        high += most
    return low / len(routes), high / len(routes)


def verdict(interval: Interval, *, use_hit: bool = False) -> Verdict:
    """Return the word for a blockade; ``use_hit`` says that a counted use of one of the routes is surely hit.

    >>> verdict((1.0, 1.0)), verdict((0.5, 1.0)), verdict((0.0, 0.0)), verdict((0.0, 0.5))
    ('blocked', 'partly', 'not blocked', 'unknown')
    >>> verdict((0.0, 1.0), use_hit=True)
    'partly'
    """
    low, high = interval
    if low == 1:
        return "blocked"
    if low > 0 or use_hit:
        return "partly"
    return "not blocked" if high == 0 else "unknown"


def use_is_hit(hits: Mapping[str, Hit], routes: Iterable[Route]) -> bool:
    """Return whether a counted use of any of some routes is surely hit.

    >>> use_is_hit({"tyk2": Hit("yes", "agree")}, [Route("ifna-receptor", ("jak1",), ("tyk2",))])
    True
    """
    return any(hits[use].value == "yes" for route in routes for use in route.uses)


def score(parts: Sequence[tuple[float, Interval]]) -> Interval:
    """Return the weighted mean of blockades, given as (weight, blockade). ZeroDivisionError where there are none.

    >>> score([(1.0, (1.0, 1.0)), (3.0, (0.0, 0.5))])
    (0.25, 0.625)
    """
    total = low = high = 0.0
    for part, (least, most) in parts:
        total += part
        low += part * least
        high += part * most
    return low / total, high / total
