"""What a graph holds that can be drawn: what each node, edge and statement has, and what stands in where it is missing.

Any networkx graph can be drawn. What it does not say has the default below; what it says must fit:

- graph: ``title``, ``note``, ``version``, ``digest`` (texts), ``about`` and ``left_out`` (lists of sentences), and
  ``layers`` (the headings of the columns, from left to right);
- node: ``label`` (else the node itself), ``kind`` (else "node"), ``iri``, ``state``, ``text`` (a list of sentences),
  ``order`` (a number; the lowest is on top), and ``layer``, the index of its column; where no node has one, and the
  graph no layers, the columns follow the edges;
- edge: ``label`` (else its ``relation``, else its key where that is a text), ``status`` (accepted, disputed, refuted or
  unknown; else accepted), ``sign`` (blocks, raises, lowers or empty), ``width`` (0 to 1), and ``statements``;
- statement: ``source`` and ``stance`` (supports, refutes, inconclusive or measured), which it must have, and the texts
  ``text``, ``quote``, ``locator`` and ``link``.

``page/looks.json`` says how each kind, sign and status looks: outlines in half widths and half heights of a node, ends
of lines in pixels, lengths of dashes and gaps.
"""

from __future__ import annotations

import json
import math
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import networkx as nx

from kg.model.errors import Place, Problem, Problems
from kg.network.projection import multigraph, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Graph = nx.MultiDiGraph[Any]
    Rules = Mapping[str, "tuple[Any, tuple[Rule, ...]]"]
    Rule = tuple[str, Callable[[Any], bool]]

LOOKS: Final[dict[str, dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "page" / "looks.json").read_text(encoding="utf-8")
)
KINDS, SIGNS, STATUSES = LOOKS["kinds"], LOOKS["signs"], LOOKS["statuses"]
STANCES: Final = ("supports", "refutes", "inconclusive", "measured")
PLAIN: Final = "node"
"""Kind of a node that says none."""
COLUMNS: Final = 1000
"""Columns that a graph without ``layers`` may have."""
NEEDED: Final = object()
"""Stands where a default would, for what has none."""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real | Decimal) and not isinstance(value, bool) and math.isfinite(value)


TEXT: Final[Rule] = ("a text", _is_text)
WORD: Final[Rule] = ("a word", lambda value: bool(value.strip()))
TEXTS: Final[Rule] = ("a list of texts", lambda value: isinstance(value, list | tuple) and all(map(_is_text, value)))
NUMBER: Final[Rule] = ("a finite number", _is_number)
SHARE: Final[Rule] = ("from 0 to 1", lambda value: 0 <= value <= 1)
INDEX: Final[Rule] = ("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool))
LIST: Final[Rule] = ("a list", lambda value: isinstance(value, list | tuple))


def _one_of(words: Any, *, empty: str = "") -> Rule:
    return f"{empty}one of {', '.join(filter(None, words))}", lambda value: value in words


OF_GRAPH: Final[Rules] = dict.fromkeys(("note", "version", "digest"), ("", (TEXT,))) | {
    "title": ("Graph", (TEXT,)),
    "about": ([], (TEXTS,)),
    "left_out": ([], (TEXTS,)),
    "layers": (NEEDED, (TEXTS,)),
}
OF_NODE: Final[Rules] = {
    "label": (NEEDED, (TEXT, WORD)),
    "kind": (PLAIN, (TEXT, WORD)),
    "iri": ("", (TEXT,)),
    "state": ("", (TEXT,)),
    "text": ([], (TEXTS,)),
    "layer": (NEEDED, (INDEX,)),
}
OF_EDGE: Final[Rules] = {
    "label": ("", (TEXT,)),
    "status": ("accepted", (TEXT, _one_of(STATUSES))),
    "sign": ("", (TEXT, _one_of(SIGNS, empty="empty or "))),
    "width": (0.3, (NUMBER, SHARE)),
    "statements": ([], (LIST,)),
}
OF_STATEMENT: Final[Rules] = dict.fromkeys(("text", "quote", "locator", "link"), ("", (TEXT,))) | {
    "source": (NEEDED, (TEXT,)),
    "stance": (NEEDED, (TEXT, _one_of(STANCES))),
}


def filled(graph: nx.Graph[Any]) -> Graph:
    """Return a copy of a graph that has all that a picture needs; Problems where something does not fit, all at once.

    Numbers of a label or state become texts, a Decimal a float. The edges of an undirected graph run as they were
    added.

    >>> from networkx import DiGraph
    >>> found = filled(DiGraph([("JAK1", "baricitinib")]))
    >>> found.nodes["baricitinib"]["layer"], found.graph["layers"]
    (1, ['', ''])
    >>> filled(DiGraph([("JAK1", "baricitinib", {"status": 1, "width": 4})]))
    Traceback (most recent call last):
        ...
    kg.Problems: edge 'JAK1' -> 'baricitinib': status: 1 is not a text: give a text
    edge 'JAK1' -> 'baricitinib': width: 4 is not from 0 to 1: give a number from 0 to 1
    """
    return _Filling(graph).done()


class _Filling:
    """One filling of a graph: the gaps that were found on the way, to be told at once."""

    def __init__(self, graph: nx.Graph[Any]) -> None:
        self.given, self.gaps = graph, list[Problem]()
        self.made: Graph = nx.MultiDiGraph()

    def done(self) -> Graph:
        given, made = self.given, self.made
        known = [about["layer"] for about in given.nodes.values() if about.get("layer") is not None]
        column = {} if known or given.graph.get("layers") is not None else self._layers()
        last = max((*column.values(), *(layer for layer in known if INDEX[1](layer))), default=-1)
        own = {"layers": [""] * min(COLUMNS, last + 1), "title": given.graph.get("name")}
        made.graph.update(self._typed("the graph", given.graph, OF_GRAPH, own))
        layers = len(made.graph["layers"])
        for node, about in given.nodes(data=True):
            where, own = f"node {node!r}", {"label": str(node)} | ({"layer": column[node]} if column else {})
            found = self._typed(where, about, OF_NODE, own)
            rule = f"the index of one of {layers} layers"
            if INDEX[1](found["layer"]) and not 0 <= found["layer"] < layers:
                self._gap(where, "layer", found["layer"], rule)
            if found.get("order") is not None and not _is_number(found["order"]):
                self._gap(where, "order", found["order"], NUMBER[0])
            made.add_node(node)
            made.nodes[node].update(found)
        for source, target, key, about in multigraph(given).edges(keys=True, data=True):
            where = f"edge {source!r} -> {target!r}" + (f" ({key!r})" if given.is_multigraph() else "")
            words = [about.get("relation"), key if isinstance(key, str) else None, ""]
            kept = self._typed(where, about, OF_EDGE, {"label": next(word for word in words if _is_text(word))})
            if LIST[1](kept["statements"]):
                kept["statements"] = list(self._statements(where, kept["statements"]))
            made.add_edge(source, target, key)
            made.edges[source, target, key].update(kept)
        if self.gaps:
            raise Problems(self.gaps)
        return made

    def _statements(self, where: str, statements: list[Any]) -> Iterator[Any]:
        for place, statement in enumerate(statements, 1):
            if isinstance(statement, dict):
                yield self._typed(f"{where}: statement {place}", statement, OF_STATEMENT, {})
            else:
                self._gap(where, f"statement {place}", statement, "a dict")

    def _typed(self, where: str, about: Mapping[str, Any], rules: Rules, own: Mapping[str, Any]) -> dict[str, Any]:
        """Return attributes with the defaults of the rules, or of the thing itself, and note what does not fit."""
        found = {name: number(value) for name, value in about.items()}
        for attribute, (default, tests) in rules.items():
            value = found.get(attribute)
            if value is None:
                value = own[attribute] if own.get(attribute) is not None else default
                if value is NEEDED:
                    remedy = f"give {tests[-1][0]}" if rules is not OF_NODE else "give every node one, or none"
                    self.gaps.append(Problem(Place(where), f"{attribute} is missing", remedy))
                    found[attribute] = None
                    continue
                value = list(value) if isinstance(value, list) else value
            if attribute in ("label", "state") and _is_number(value):
                value = str(value)
            broken = next((what for what, holds in tests if not holds(value)), None)
            if broken:
                self._gap(where, attribute, value, broken)
            found[attribute] = value
        return found

    def _gap(self, where: str, attribute: str, value: Any, what: str) -> None:
        shown = repr(value)
        shown = shown if len(shown) < 80 else f"{shown[:77]}..."
        remedy = (
            "give a number from 0 to 1"
            if what == SHARE[0]
            else "choose one of them"
            if "one of" in what
            else f"give {what}"
        )
        self.gaps.append(Problem(Place(where), f"{attribute}: {shown} is not {what}", remedy))

    def _layers(self) -> dict[Any, int]:
        """Return the column of each node by the edges: behind what leads to it, or by its distance from the first."""
        if not self.given.is_directed():
            firsts = [min(part, key=repr) for part in nx.connected_components(self.given)]
            far = (nx.single_source_shortest_path_length(self.given, first) for first in firsts)
            return {node: steps for found in far for node, steps in found.items()}
        circles = nx.condensation(nx.DiGraph(self.given))
        steps = enumerate(nx.topological_generations(circles))
        return {node: step for step, found in steps for one in found for node in circles.nodes[one]["members"]}
