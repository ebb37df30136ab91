"""A graph as it is drawn: the place of every node, how each node and line looks, and the legend.

``kg.viz.contract`` says which graphs can be drawn, and fills in what they do not say.
"""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import chain
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.model.errors import Place, Problem, Problems
from kg.viz.contract import KINDS, PLAIN, SIGNS, STATUSES, filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import networkx as nx

    from kg.viz.contract import Graph

LIMIT = 2000
"""Nodes in one picture; more are neither legible nor quick."""
WIDTH, HEIGHT, STEP_X, STEP_Y, ROWS = 144, 40, 250, 46, 36
"""Of a node, from one to the next, and nodes in a column before it is folded; in pixels of a screen at scale 1."""
ALIKE = 4
"""Lines from one node with the same label; of more, too, only those that are chosen are labelled."""
LABELS = 12
"""Lines between two columns whose labels fit into the picture; of more, only those that are chosen are labelled."""
MARKS = {"raised": "↑ ", "lowered": "↓ ", "unchanged": "= "}


def _columns(graph: Graph) -> list[list[Any]]:
    """Return the nodes of each layer from the top: by order, else by the height of their neighbours, then by label."""
    columns: list[list[Any]] = [[] for _ in graph.graph["layers"]]
    for node, about in graph.nodes(data=True):
        columns[about["layer"]].append(node)
    height: dict[Any, float] = {}

    def key(node: Any) -> tuple[Any, ...]:
        about = graph.nodes[node]
        near = [height[other] for other in chain(graph.pred[node], graph.succ[node]) if other in height]
        order = about.get("order")
        first = (1, fmean(near) if near else 1.0) if order is None else (0, order)
        return *first, about["label"], about["iri"], repr(node)

    for column in columns * 2:  # the second time every neighbour has a height
        column.sort(key=key)
        height |= {node: (number + 0.5) / len(column) for number, node in enumerate(column)}
    return columns


def positions(graph: nx.Graph[Any]) -> dict[Any, tuple[float, float]]:
    """Return node -> (x, y) in pixels at scale 1: columns from left to right, y growing downwards from 0.

    Short columns are spread over the upper part, so that what the picture begins with is seen first.

    >>> from networkx import MultiDiGraph
    >>> positions(MultiDiGraph([("JAK1", "baricitinib"), ("JAK1", "tofacitinib")]))
    {'JAK1': (0, 23.0), 'baricitinib': (250, 0.0), 'tofacitinib': (250, 46.0)}
    """
    return _placed(filled(graph))


def _placed(graph: Graph) -> dict[Any, tuple[float, float]]:
    columns, left = _columns(graph), 0
    rows = max(ROWS, math.isqrt(4 * len(graph)))
    tall = STEP_Y * (min(rows, 12, max(map(len, columns), default=1)) - 1)
    place: dict[Any, tuple[float, float]] = {}
    for column in columns:
        high = min(len(column), rows)
        step = max(STEP_Y, min(2.4 * STEP_Y, tall / max(1, high)))
        top = max(0.0, (tall - step * (high - 1)) / 2)
        for number, node in enumerate(column):
            place[node] = (left + number // rows * STEP_X, top + number % rows * step)
        left += STEP_X * max(1, math.ceil(len(column) / rows))
    return place


def clip(text: str, length: int) -> str:
    r"""Return a text on one line of at most so many letters.

    >>> clip("hits at 15 nM in\nan enzyme assay", 20)
    'hits at 15 nM in an…'
    """
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def words(about: Mapping[str, Any]) -> list[str]:
    """Return the at most three lines of text in a node: its label, and its state; the whole label is in the tables.

    >>> words({"label": "IL-21", "kind": "cytokine", "state": "raised"})
    ['IL-21', '↑ raised']
    >>> words({"label": "rheumatoid nodules: improvement ungraded at 6 weeks", "kind": "outcome", "state": ""})
    ['rheumatoid nodules:', 'improvement ungraded', 'at 6 weeks']
    """
    lines = textwrap.wrap(" ".join(about["label"].split()), 20)
    kind = "" if about["kind"] in (*KINDS, PLAIN) else about["kind"]
    state = " · ".join(filter(None, (kind, MARKS.get(about["state"], "") + about["state"])))
    last = 1 if state else 2
    return [*lines[:last], *filter(None, (clip(" ".join(lines[last:]), 20), clip(state, 24)))]


class Line(NamedTuple):
    """An edge as it is drawn, from side to side of two nodes; the first of its pair has no bend, others ever more."""

    name: str
    source: Any
    target: Any
    about: Mapping[str, Any]
    sides: tuple[int, int]
    bend: int
    labelled: bool
    label: str
    room: float
    pen: Pen
    sources: list[str]


class Pen(NamedTuple):
    """How a line is drawn: its colour, width, dashes and, where it has one, the outline and name of its end."""

    colour: str
    width: float
    dashes: list[int]
    end: Sequence[tuple[float, float]]
    arrow: str


class Key(NamedTuple):
    """A sign of the legend, the look of a shape or a line, and what it means."""

    word: str
    look: dict[str, Any] | None
    pen: Pen | None


class Drawing(NamedTuple):
    """What is drawn of a graph: the nodes that fit, in their places, the lines between them, and the legend."""

    graph: Graph
    place: dict[Any, tuple[float, float]]
    names: dict[Any, str]
    lines: list[Line]
    headings: list[tuple[float, str]]
    legend: list[Key]
    left_out: list[str]


def installed(module: str) -> Any:
    """Return a module of what draws; Problems with the remedy where it is not installed.

    >>> installed("matplotlib.path").__name__
    'matplotlib.path'
    """
    try:
        return import_module(module)
    except ImportError as missing:
        name = module.partition(".")[0]
        raise Problems([Problem(Place(name), "is not installed", "pip install pyvis matplotlib")]) from missing


@contextmanager
def same_bytes(**settings: object) -> Iterator[Any]:
    """Give matplotlib with settings in which the same picture has the same bytes at each run, on every machine.

    >>> with same_bytes() as matplotlib:
    ...     matplotlib.rcParams["svg.hashsalt"]
    'jak-kg'
    """
    matplotlib = installed("matplotlib")
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # the user's own settings would change the bytes
        matplotlib.rcParams.update({"svg.hashsalt": "jak-kg", "svg.fonttype": "path", **settings})
        yield matplotlib


def look(kind: str) -> dict[str, Any]:
    """Return the colours and the outline of the nodes of a kind; kinds without a look of their own share one.

    >>> look("case")["outline"] == look("drug")["outline"], look("mouse") == look("virus")
    (False, True)
    """
    return dict(KINDS.get(kind, KINDS[""]))


def _pen(status: str, sign: str | None = None, width: float = 0.3) -> Pen:
    style, end = STATUSES[status], SIGNS[sign or ""]
    return Pen(
        colour=style.get("colour", end["colour"]),
        width=style.get("width", round(1 + 3 * float(width), 2)),
        dashes=style["dashes"],
        end=[] if sign is None else end["outline"],
        arrow=end["arrow"],
    )


def _lines(graph: Graph, place: Mapping[Any, tuple[float, float]]) -> Iterable[Line]:
    rank = {node: number for number, node in enumerate(place)}
    edges = sorted(graph.edges(keys=True, data=True), key=lambda edge: (rank[edge[0]], rank[edge[1]], repr(edge[2])))
    gaps = [frozenset(graph.nodes[node]["layer"] for node in edge[:2]) for edge in edges]
    full, pairs = Counter(gaps), Counter[frozenset[Any]]()
    alike = Counter((source, about["label"]) for source, _, _, about in edges)
    for number, ((source, target, _, about), gap) in enumerate(zip(edges, gaps, strict=True)):
        pair, way = frozenset((source, target)), place[target][0] - place[source][0]
        near = abs(way) <= STEP_X
        bend = pairs[pair] + 1 if way == 0 else (pairs[pair] + 1) // 2 * (-1) ** pairs[pair]
        yield Line(
            name=f"e{number}",
            source=source,
            target=target,
            about=about,
            sides=(1 if way >= 0 else -1, -1 if way > 0 else 1),
            bend=bend,
            labelled=full[gap] <= LABELS and alike[source, about["label"]] <= ALIKE,
            label=clip(about["label"], 24 if near else 40),
            room=STEP_X - WIDTH if near else 2 * (STEP_X - WIDTH),
            pen=_pen(about["status"], about["sign"], about["width"]),
            sources=sorted({statement["source"] for statement in about["statements"]}),
        )
        pairs[pair] += 1


def _legend(graph: Graph, lines: Sequence[Line]) -> list[Key]:
    """Return a sign for all that occurs, and for nothing else."""
    kinds = {about["kind"] for _, about in graph.nodes(data=True)}
    signs, statuses = ({line.about[name] for line in lines} for name in ("sign", "status"))
    legend = [
        Key(kind, look(kind), None) for kind in (*filter(kinds.__contains__, KINDS), *sorted(kinds - KINDS.keys()))
    ]
    legend += [Key(sign or "other relation", None, _pen("accepted", sign)) for sign in SIGNS if sign in signs]
    legend += [Key(f"evidence {status}", None, _pen(status)) for status in STATUSES if status in statuses]
    if len({line.pen.width for line in lines if line.about["status"] != "unknown"}) > 1:
        legend.append(Key("thicker: potency or ratio", None, _pen("accepted", width=1)))
    return legend


def draw(given: nx.Graph[Any]) -> Drawing:
    """Return what is drawn of a graph: of too many nodes the first by column and order.

    Raises Problems where the graph has what does not fit ``kg.viz.contract``, all at once.

    >>> from networkx import MultiDiGraph
    >>> draw(MultiDiGraph(left_out=["TYK2"])).left_out
    ['TYK2']
    """
    whole = filled(given)
    left_out = list(whole.graph["left_out"])
    graph = whole.subgraph(list(chain.from_iterable(_columns(whole)))[:LIMIT])
    place = _placed(graph)
    lines = list(_lines(graph, place))
    if len(graph) < len(whole):
        left_out.append(
            f"The picture has the first {LIMIT:,} of {len(whole):,} nodes, by column and order, and {len(lines):,} of"
            f" {len(whole.edges):,} edges. To see the others, ask for one case, one cytokine or fewer drugs."
        )
    across: dict[int, list[float]] = {}
    for node, (x, _) in place.items():
        across.setdefault(graph.nodes[node]["layer"], []).append(x)
    headings = [
        ((min(xs) + max(xs)) / 2, clip(graph.graph["layers"][layer], 28)) for layer, xs in sorted(across.items())
    ]
    names = {node: f"n{number}" for number, node in enumerate(place)}
    return Drawing(graph, place, names, lines, headings, _legend(graph, lines), left_out)
