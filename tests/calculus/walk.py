"""The blockade calculus once more, as a walk on the networkx graph of the mechanism, to hold the other two against.

Every step is a mean (or the best, or the worst) of what the step below it gives at least and at most.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from statistics import fmean
from typing import Any, Final

import networkx as nx

from kg.calculus import THRESHOLD, Interval, Require

UNKNOWN: Final[Interval] = (0.0, 1.0)

Mean = Callable[[Sequence[float]], float]
OF_ROUTE: Final[Mapping[Require, Mean]] = {"share": fmean, "any": max, "all": min}
"""What a route makes of its needed kinases, each 1 where it is hit and 0 where not."""


@dataclass(frozen=True, slots=True)
class Score:
    """How far a drug blocks the raised signals, at least and at most, and how many of them it surely blocks."""

    drug: str
    low: float
    high: float
    blocked: int


def scores(
    graph: "nx.MultiDiGraph[str]",
    signals: Sequence[tuple[str, float]],
    *,
    threshold: Decimal = THRESHOLD,
    require: Require = "share",
) -> list[Score]:
    """Return the scores of the drugs made for people, best first; none where there is no signal.

    ``signals`` are the raised cytokines that count, each with its weight; ``threshold`` is in nM. Raises
    networkx.NetworkXError for a cytokine that the graph does not have.
    """
    if not signals:
        return []
    weigh = partial(fmean, weights=[weight for _, weight in signals])
    routes = {name: [list(graph.successors(receptor)) for receptor in graph.successors(name)] for name, _ in signals}
    found = []
    for drug, about in graph.nodes(data=True):
        if about["kind"] != "drug" or about["species"] != "human":
            continue
        hits = {kinase: _hit(graph, drug, kinase, threshold) for kinase in graph.successors(drug)}
        blockades = [_blockade(hits, routes[name], OF_ROUTE[require]) for name, _ in signals]
        low, high = _ends(blockades, weigh)
        found.append(Score(drug, low, high, sum(least == 1 for least, _ in blockades)))
    return sorted(found, key=lambda score: (-round(score.low, 9), -round(score.high, 9), -score.blocked, score.drug))


def _ends(parts: Iterable[Interval], mean: Mean) -> Interval:
    lows, highs = zip(*parts, strict=True)
    return mean(lows), mean(highs)


def _blockade(hits: Mapping[str, Interval], routes: Iterable[Iterable[str]], of_route: Mean) -> Interval:
    """Return the blockade of a cytokine; a route, or need of a route, that is not settled is unknown."""
    parts = [_ends([hits.get(kinase, UNKNOWN) for kinase in needs] or [UNKNOWN], of_route) for needs in routes]
    return _ends(parts or [UNKNOWN], fmean)


def _hit(graph: "nx.MultiDiGraph[str]", drug: str, kinase: str, threshold: Decimal) -> Interval:
    """Return (1, 1) where all edges that can be compared and are decided say yes, (0, 0) where no, else (0, 1)."""
    edges = (edge for edge in graph[drug][kinase].values() if edge["comparable"])
    said = [answer for edge in edges if (answer := _says(edge, threshold)) is not None]
    return (min(said), max(said)) if said else UNKNOWN


def _says(edge: Mapping[str, Any], threshold: Decimal) -> float | None:
    low, high = (None if edge[end] is None else Decimal(str(edge[end])) for end in ("low", "high"))
    if edge["spared"] or (low is not None and (low > threshold or (low == threshold and edge["sign"] == ">"))):
        return 0.0
    return 1.0 if high is not None and high <= threshold else None
