"""The mechanism as GraphML, for Gephi, Cytoscape, igraph or networkx: what kg.network walks, and the evidence for it.

Nodes are ligands, receptors, kinases and drugs, by their local names, with ``kind``, ``label``, ``iri``, other
``names`` and ``identifiers``; a drug has the ``species`` that it is made for. Edges are accepted claims
(``bindsReceptor``, ``needsKinase``), with how many pieces of evidence are for and against them and who says so, and
measurements of potency (``measuredOn``), comparable or not, with what decides that. The id of an edge is the local name
of its claim or measurement, so that no two edges have the same.

>>> import kg
>>> graph = mechanism(kg.open())
>>> graph.nodes["tofacitinib"]["kind"], list(graph["il21"]["il21-receptor"])
('drug', ['claim-il21-binds-receptor-il21-receptor'])
"""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from kg.exports import tables
from kg.rdf.serialize import UNWRITABLE
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Rows

if TYPE_CHECKING:
    import networkx as nx

    from kg.sparql.built_graph import BuiltGraph

FILE: Final = "jak-kg.graphml"
NOTATIONS: Final = {"bindsReceptor": "binds-receptor", "needsKinase": "needs", "usesKinase": "uses"}
"""Relation of an edge -> how a claim says it."""


def files(built: "BuiltGraph") -> dict[str, bytes]:
    """Return the mechanism as GraphML, by its path in a release; the same bytes for the same builder.

    >>> from kg.sparql.built_graph import shipped
    >>> files(shipped())["jak-kg.graphml"][:38]
    b"<?xml version='1.0' encoding='utf-8'?>"
    """
    from kg.network.projection import exported

    text = exported(mechanism(built.opened), ".graphml")
    return {FILE: b"<?xml version='1.0' encoding='utf-8'?>\n" + text.encode()}


def mechanism(graph: OpenGraph) -> "nx.MultiDiGraph[str]":
    """Return the mechanism of kg.network with names, identifiers and evidence, its edges keyed by claim or measurement.

    >>> import kg
    >>> [edge["high"] for edge in mechanism(kg.open())["baricitinib"]["jak3"].values() if "high" in edge]
    [787.0]
    """
    import networkx as nx

    from kg.network import projection

    bare, read = projection.mechanism(graph), graph.once(tables.read)
    names, identifiers = _by_thing(read["names"], "name"), _by_thing(read["identifiers"], "identifier")
    claims = {(row["about"], row["relation"], row["object"]): row for row in read["claims"]}
    measured = {row["potency"]: row for row in read["potency"]}
    citations = {row["reference"]: row["citation"] for row in read["references"]}
    sources: dict[str, list[str]] = defaultdict(list)
    for row in read["evidence"]:
        sources[row["claim"]].append(f"{row['stance']}: {citations[row['reference']]}, {row['locator']}")
    for row in read["potency_sources"]:
        sources[row["potency"]].append(f"{row['role']}: {citations[row['reference']]}")
    drawn: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name, about in bare.nodes(data=True):
        others = "; ".join(other for other in names[name] if other != about["label"])
        drawn.add_node(name, **_safe({**about, "names": others, "identifiers": "; ".join(identifiers[name])}))
    for start, end, key, about in bare.edges(keys=True, data=True):
        said: Mapping[str, Any]
        if key in NOTATIONS:
            claim = claims[start, NOTATIONS[key], end]
            key, said = claim["claim"], {word: claim[word] for word in ("status", "supports", "refutes")}
        else:
            said = {word: measured[key][word] for word in ("reported", "atp", "note")}
        drawn.add_edge(start, end, key=key, **_safe({**about, **said, "sources": "; ".join(sources[key])}))
    return drawn


def _by_thing(rows: Rows, column: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.get("kind") != "ambiguous" and row[column] not in found[row["thing"]]:
            found[row["thing"]].append(row[column])
    return found


def _safe(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known, a number as a double, a text without characters that XML cannot hold."""
    known = {key: value for key, value in about.items() if value is not None and value != ""}
    return {
        key: float(value)
        if isinstance(value, Decimal)
        else UNWRITABLE.sub("", value)
        if isinstance(value, str)
        else value
        for key, value in known.items()
    }
