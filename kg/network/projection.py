"""The mechanism as a graph to walk, on networkx: ligand -> receptor -> kinase <- drug, and the ranked answer from it.

A node is a local name with its ``kind`` (ligand, receptor, kinase or drug), ``iri`` and ``label``; a drug also has the
``species`` that it is made for and, where it is allosteric, its functional ``target``. An edge has its ``relation``:
bindsReceptor, needsKinase, or measuredOn, which is one potency measurement, keyed by its local name, with its ``sign``
(=, <, >), whether it is ``comparable`` with a threshold, and the rest that decides what it says.

The walk is the blockade calculus once more, on its own: every step is a mean (or the best, or the worst) of what the
step below it gives at least and at most. The question ``drugs_for_case`` and ``kg.mechanism`` compute the same.

>>> import kg
>>> graph = mechanism(kg.open())
>>> [(receptor, sorted(graph.successors(receptor))) for receptor in graph.successors("il21")]
[('il21-receptor', ['jak1', 'jak3'])]
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import count, islice
from numbers import Integral, Real
from statistics import fmean
from typing import Any, Final, cast

import networkx as nx

from kg.calculus.blockade import THRESHOLD, Interval, Require
from kg.rdf.serialize import UNWRITABLE
from kg.sparql.graph import OpenGraph
from kg.sparql.mechanism import OF_POTENCY

KINDS: Final = {"Ligand": "ligand", "ReceptorComplex": "receptor", "Kinase": "kinase", "Inhibitor": "drug"}
"""Class -> kind of a node."""
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


def mechanism(asked: OpenGraph) -> "nx.MultiDiGraph[str]":
    """Return the mechanism that a graph holds: accepted claims, and every potency measurement, comparable or not.

    >>> import kg
    >>> graph = mechanism(kg.open())
    >>> graph.nodes["jak3"]["kind"], graph.nodes["jak3"]["label"], graph.nodes["deucravacitinib"]["target"]
    ('kinase', 'JAK3', 'tyk2')
    >>> sorted(edge["low"] for edge in graph["filgotinib"]["jak1"].values())
    [Decimal('10'), Decimal('363')]
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in asked.rows("things_and_names"):
        if row["kind"] in KINDS:
            graph.add_node(row["thing"], kind=KINDS[row["kind"]], iri=row["iri"], label=row["label"])
    for row in asked.rows("inhibitors"):
        graph.add_node(row["inhibitor"], species=row["species"], target=row["target"])
    for row in asked.rows("routes_of_cytokines"):
        graph.add_edge(row["cytokine"], row["receptor"], key="bindsReceptor", relation="bindsReceptor")
        if row["kinase"]:
            graph.add_edge(row["receptor"], row["kinase"], key="needsKinase", relation="needsKinase")
    for row in asked.rows("potency_of_inhibitors"):
        graph.add_edge(
            row["inhibitor"], row["kinase"], key=row["measurement"], relation="measuredOn", sign=row["relation"],
            unit=OF_POTENCY.get(row["unit"]), verified=row["verification"] == "Verified",
            spared=row["statement"] == "spared",
            **{name: row[name] for name in ("measure", "low", "high", "domain", "species", "comparable")},
        )  # fmt: skip
    return graph


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

    >>> import kg
    >>> found = scores(mechanism(kg.open()), [("il21", 1.0)])
    >>> [score for score in found if score.drug in ("tofacitinib", "baricitinib")]
    [Score(drug='tofacitinib', low=1.0, high=1.0, blocked=1), Score(drug='baricitinib', low=0.5, high=0.5, blocked=0)]
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
    low, high = edge["low"], edge["high"]
    if edge["spared"] or (low is not None and (low > threshold or (low == threshold and edge["sign"] == ">"))):
        return 0.0
    return 1.0 if high is not None and high <= threshold else None


FORMS: Final = (".graphml", ".json", ".cyjs")
"""Suffix of a file: GraphML, node-link JSON, Cytoscape JSON."""


def exported(graph: "nx.Graph[Any]", form: str) -> str:
    """Return a graph as text for other tools, the same bytes at each run; ``form`` is one of :data:`FORMS`.

    Every edge has an id that no other edge or node has: its key where all keys are such, else a number; then its key is
    an attribute. Nothing stands for None, and a Decimal is a number. GraphML has no lists: there a list or an object is
    a text in JSON. Raises KeyError for another form.

    >>> import kg
    >>> text = exported(mechanism(kg.open()), ".graphml")
    >>> nx.parse_graphml(text).nodes["jak3"]["label"]
    'JAK3'
    """
    given, flat = multigraph(graph), form == ".graphml"
    nodes = sorted(given.nodes(data=True), key=lambda node: str(node[0]))
    edges = sorted(given.edges(keys=True, data=True), key=lambda edge: [*map(str, edge[:3])])
    ids = _ids([str(key) for *_, key, _ in edges], {str(node) for node, _ in nodes})
    plain = given.__class__()
    (about,) = _plain([given.graph], flat=flat)
    plain.graph.update(about)
    for (node, _), about in zip(nodes, _plain([about for _, about in nodes], flat=flat), strict=True):
        plain.add_node(node, **about)
    abouts = _plain([about for *_, about in edges], flat=flat)
    for (start, end, key, _), name, about in zip(edges, ids, abouts, strict=True):
        kept = {"id": name} if not flat else {"key": str(key)} if name != str(key) else {}
        plain.add_edge(start, end, name if flat else key)
        plain.edges[start, end, name if flat else key].update(about | kept)
    if flat:
        return "\n".join(nx.generate_graphml(plain)) + "\n"
    writers: dict[str, Callable[..., Any]] = {".json": nx.node_link_data, ".cyjs": nx.cytoscape_data}
    data = writers[form](plain)
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


def multigraph(graph: "nx.Graph[Any]") -> "nx.MultiDiGraph[Any]":
    """Return a graph as one whose edges have keys: itself where they have, and undirected where it is.

    >>> list(multigraph(nx.Graph([("il21", "jak3")])).edges(keys=True))
    [('il21', 'jak3', 0)]
    """
    if graph.is_multigraph():
        return cast("nx.MultiDiGraph[Any]", graph)
    return cast("nx.MultiDiGraph[Any]", (nx.MultiDiGraph if graph.is_directed() else nx.MultiGraph)(graph))


def _ids(keys: Sequence[str], nodes: AbstractSet[str]) -> Iterable[str]:
    if len(set(keys)) == len(keys) and nodes.isdisjoint(keys):
        return keys
    free = (name for number in count() if (name := f"e{number}") not in nodes)
    return list(islice(free, len(keys)))


def _plain(abouts: Sequence[Mapping[str, Any]], *, flat: bool) -> list[dict[str, Any]]:
    """Return attributes as files have them: without None, and each attribute a double where it is one somewhere."""
    known = [{key: number(value) for key, value in about.items() if value is not None} for about in abouts]
    double = {key for about in known for key, value in about.items() if isinstance(value, float)}

    def value(key: str, given: Any) -> Any:
        if key in double and type(given) is int:
            return float(given)
        return _flat(given) if flat else given

    return [{"caption" if key == "name" else key: value(key, given) for key, given in about.items()} for about in known]


def number(value: Any) -> Any:
    """Return a number as JSON and GraphML have it, also one of numpy; anything else as it is.

    >>> number(Decimal("5.9")), number("5.9")
    (5.9, '5.9')
    """
    if isinstance(value, bool | int | float) or not isinstance(value, Real | Decimal):
        return value
    return int(value) if isinstance(value, Integral) else float(value)


def _flat(value: object) -> str | int | float | bool:
    found = value if isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False, default=str)
    return UNWRITABLE.sub("\ufffd", found) if isinstance(found, str) else found
