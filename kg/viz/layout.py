"""A graph as it is drawn: the contract it must keep, the place of every node, and how each thing and line looks.

Any ``networkx.MultiDiGraph`` can be drawn that keeps this contract:

- graph: ``title``, ``note``, ``version``, ``digest`` (texts), ``about`` and ``left_out`` (lists of sentences), and
  ``layers`` (the headings of the columns, from left to right);
- node: ``label``, ``kind``, ``iri``, ``state`` (texts, the state may be empty), ``layer`` (the index of its column),
  ``text`` (a list of sentences), and perhaps ``order`` (a number; the lowest is on top);
- edge, with the relation as key: ``label``, ``status`` (accepted, disputed, refuted or unknown), ``sign`` (blocks,
  raises, lowers or empty), ``width`` (0 to 1), and ``statements``, each with the texts ``text``, ``quote``, ``source``,
  ``locator``, ``link`` and ``stance`` (supports, refutes, inconclusive or measured).

``page/looks.json`` says how each kind, sign and status looks: outlines in half widths and half heights of a node, ends
of lines in pixels, lengths of dashes and gaps.
"""

from __future__ import annotations

import json
import math
import textwrap
from collections import Counter
from itertools import chain
from numbers import Real
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from networkx import MultiDiGraph

    Graph = MultiDiGraph[Any]

LIMIT = 2000
"""Nodes in one picture; more are neither legible nor quick."""
WIDTH, HEIGHT, STEP_X, STEP_Y, ROWS = 144, 40, 250, 46, 36
"""Of a node, from one to the next, and nodes in a column before it is folded; in pixels of a screen at scale 1."""
LABELS = 12
"""Lines between two columns whose labels fit into the picture; of more, only those that are chosen are labelled."""
LOOKS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "page" / "looks.json").read_text(encoding="utf-8")
)
KINDS, SIGNS, STATUSES = LOOKS["kinds"], LOOKS["signs"], LOOKS["statuses"]
MARKS = {"raised": "↑ ", "lowered": "↓ ", "unchanged": "= "}

TEXT, TEXTS, INDEX, NUMBER = "a text", "a list of texts", "a whole number", "a finite number"
GRAPH = dict.fromkeys(("title", "note", "version", "digest"), TEXT) | dict.fromkeys(
    ("about", "layers", "left_out"), TEXTS
)
NODE = dict.fromkeys(("label", "kind", "iri", "state"), TEXT) | {"text": TEXTS, "layer": INDEX}
EDGE = dict.fromkeys(("label", "status", "sign"), TEXT) | {"width": NUMBER}
STATEMENT = dict.fromkeys(("text", "quote", "source", "locator", "link", "stance"), TEXT)
STANCES = ("supports", "refutes", "inconclusive", "measured")


def _is(value: Any, what: str) -> bool:
    if what == TEXTS:
        return isinstance(value, list | tuple) and all(_is(each, TEXT) for each in value)
    if what == TEXT:
        return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)
    whole = isinstance(value, int) or what == NUMBER
    return isinstance(value, Real) and not isinstance(value, bool) and whole and math.isfinite(value)


def _need(holds: bool, where: str, attribute: str, value: Any, what: str) -> None:
    if not holds:
        raise ValueError(f"{where}: {attribute}: {value!r} is not {what}")


def _typed(where: str, attributes: Mapping[str, Any], contract: Mapping[str, str]) -> None:
    for attribute, what in contract.items():
        if attribute not in attributes:
            raise ValueError(f"{where}: {attribute} is missing: give {what}")
        _need(_is(attributes[attribute], what), where, attribute, attributes[attribute], what)


def check(graph: Graph) -> None:
    """Raise ValueError where the graph breaks the contract, naming the node or edge and the attribute.

    >>> from networkx import MultiDiGraph
    >>> check(MultiDiGraph(title="Signals"))
    Traceback (most recent call last):
        ...
    ValueError: the graph: note is missing: give a text
    """
    _typed("the graph", graph.graph, GRAPH)
    layers = len(graph.graph["layers"])
    for node, about in graph.nodes(data=True):
        where = f"node {node!r}"
        _typed(where, about, NODE)
        for attribute in ("label", "kind"):
            _need(bool(about[attribute].strip()), where, attribute, about[attribute], "a word")
        _need(0 <= about["layer"] < layers, where, "layer", about["layer"], f"the index of one of {layers} layers")
        order = about.get("order")
        _need(order is None or _is(order, NUMBER), where, "order", order, NUMBER)
    for source, target, key, about in graph.edges(keys=True, data=True):
        where = f"edge {source!r} -> {target!r} ({key!r})"
        _typed(where, about, EDGE)
        _need(about["status"] in STATUSES, where, "status", about["status"], f"one of {', '.join(STATUSES)}")
        _need(about["sign"] in SIGNS, where, "sign", about["sign"], f"empty or one of {', '.join(filter(None, SIGNS))}")
        _need(0 <= about["width"] <= 1, where, "width", about["width"], "from 0 to 1")
        statements = about.get("statements")
        _need(isinstance(statements, list | tuple), where, "statements", statements, "a list")
        for number, statement in enumerate(about["statements"], 1):
            inner = f"{where}: statement {number}"
            _need(isinstance(statement, dict), where, f"statement {number}", statement, "a dict")
            _typed(inner, statement, STATEMENT)
            _need(statement["stance"] in STANCES, inner, "stance", statement["stance"], f"one of {', '.join(STANCES)}")


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


def positions(graph: Graph) -> dict[Any, tuple[float, float]]:
    """Return node -> (x, y) in pixels at scale 1: columns from left to right, y growing downwards from 0.

    Short columns are spread over the upper part, so that what the picture begins with is seen first.

    >>> from networkx import MultiDiGraph
    >>> graph = MultiDiGraph(title="", about=[], note="", version="", digest="", layers=["kinase", "drug"], left_out=[])
    >>> for node, layer in (("JAK1", 0), ("baricitinib", 1), ("tofacitinib", 1)):
    ...     graph.add_node(node, label=node, kind="any", iri="", layer=layer, state="", text=[])
    >>> positions(graph)
    {'JAK1': (0, 23.0), 'baricitinib': (250, 0.0), 'tofacitinib': (250, 46.0)}
    """
    check(graph)
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
    """Return the lines of text in a node: at most two of its label, and its state; the whole label is in the tables.

    >>> words({"label": "IL-21", "kind": "cytokine", "state": "raised"})
    ['IL-21', '↑ raised']
    """
    lines = textwrap.wrap(" ".join(about["label"].split()), 20)
    kind = "" if about["kind"] in KINDS else about["kind"]
    state = " · ".join(filter(None, (kind, MARKS.get(about["state"], "") + about["state"])))
    return [*lines[:1], *(clip(" ".join(lines[1:]), 20),) * (len(lines) > 1), *(clip(state, 24),) * bool(state)]


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
    for number, ((source, target, _, about), gap) in enumerate(zip(edges, gaps, strict=True)):
        pair, way = frozenset((source, target)), place[target][0] - place[source][0]
        bend = pairs[pair] + 1 if way == 0 else (pairs[pair] + 1) // 2 * (-1) ** pairs[pair]
        yield Line(
            name=f"e{number}",
            source=source,
            target=target,
            about=about,
            sides=(1 if way >= 0 else -1, -1 if way > 0 else 1),
            bend=bend,
            labelled=full[gap] <= LABELS,
            label=clip(about["label"], 24),
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


def draw(graph: Graph) -> Drawing:
    """Return what is drawn of a graph that keeps the contract: of too many nodes the first by column and order.

    >>> from networkx import MultiDiGraph
    >>> draw(MultiDiGraph(title="", about=[], note="", version="", digest="", layers=[], left_out=["TYK2"])).left_out
    ['TYK2']
    """
    check(graph)
    whole, left_out = graph, list(graph.graph["left_out"])
    graph = whole.subgraph(list(chain.from_iterable(_columns(whole)))[:LIMIT])
    place = positions(graph)
    lines = list(_lines(graph, place))
    if len(graph) < len(whole):
        left_out.append(
            f"The picture has the first {LIMIT:,} of {len(whole):,} things, by column and order, and {len(lines):,} of"
            f" {len(whole.edges):,} relations. To see the others, ask for one case, one cytokine or fewer drugs."
        )
    across: dict[int, list[float]] = {}
    for node, (x, _) in place.items():
        across.setdefault(graph.nodes[node]["layer"], []).append(x)
    headings = [
        ((min(xs) + max(xs)) / 2, clip(graph.graph["layers"][layer], 28)) for layer, xs in sorted(across.items())
    ]
    names = {node: f"n{number}" for number, node in enumerate(place)}
    return Drawing(graph, place, names, lines, headings, _legend(graph, lines), left_out)
