"""The mechanism as a networkx graph: ligand -> receptor -> kinase <- drug; and any graph as a file for other tools.

A node is a local name with its ``kind`` (ligand, receptor, kinase or drug), ``iri`` and ``label``; a drug also has the
``species`` that it is made for and, where it is allosteric, its functional ``target``. An edge has its ``relation``:
bindsReceptor, needsKinase, usesKinase (a use that counts), or measuredOn, which is one potency measurement, keyed by
its local name, with its ``sign`` (=, <, >), whether it is ``comparable`` with a threshold, and the rest that decides
what it says, and whether it is a bound ``derived`` from a selectivity ratio; its ``low`` and ``high`` are floats, as
JSON and pyvis take them.

>>> import kg
>>> graph = mechanism(kg.open())
>>> [(receptor, sorted(graph.successors(receptor))) for receptor in graph.successors("il21")]
[('il21-receptor', ['jak1', 'jak3'])]
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from itertools import count, islice
from numbers import Integral, Real
from typing import Any, Final, cast

import networkx as nx

from kg.rdf.serialize import UNWRITABLE
from kg.sparql.graph import OpenGraph
from kg.sparql.mechanism import OF_POTENCY

KINDS: Final = {"Ligand": "ligand", "ReceptorComplex": "receptor", "Kinase": "kinase", "Inhibitor": "drug"}
"""Class -> kind of a node."""


def mechanism(asked: OpenGraph) -> "nx.MultiDiGraph[str]":
    """Return the mechanism that a graph holds: accepted claims, and every potency measurement, comparable or not.

    >>> import kg
    >>> graph = mechanism(kg.open())
    >>> graph.nodes["jak3"]["kind"], graph.nodes["jak3"]["label"], graph.nodes["deucravacitinib"]["target"]
    ('kinase', 'JAK3', 'tyk2')
    >>> sorted(edge["low"] for edge in graph["filgotinib"]["jak1"].values())
    [10.0, 363.0]
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
    for row in asked.rows("uses_that_count"):
        graph.add_edge(row["receptor"], row["kinase"], key="usesKinase", relation="usesKinase")
    for row in asked.rows("potency_of_inhibitors"):
        graph.add_edge(
            row["inhibitor"], row["kinase"], key=row["measurement"], relation="measuredOn", sign=row["relation"],
            unit=OF_POTENCY.get(row["unit"]), verified=row["verification"] == "Verified",
            spared=row["statement"] == "spared", derived=row["derived"],
            **{name: number(row[name]) for name in ("measure", "low", "high", "domain", "species", "comparable")},
        )  # fmt: skip
    return graph


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
