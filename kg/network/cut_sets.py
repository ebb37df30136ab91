"""What cuts a signal: a cytokine signals while one of its routes stands, and a route falls with any kinase it needs.

The signals of a patient are an AND/OR graph: of raised cytokines any, of their routes any, of the needed kinases all.
A cut is a set of kinases that takes one need from every route; a minimal one has no kinase to spare. Whether a drug
alone makes a cut is the calculus with ``--require any``.

>>> import kg
>>> found = cut(kg.open().mechanism, ["il21"])
>>> [sorted(kinases) for kinases in found.kinases], found.unsettled
([['jak1'], ['jak3']], ())
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any, Final

import networkx as nx

from kg import calculus as m
from kg.document.blocks import Document, Notes

MOST: Final = 3
"""Drugs in a set: larger sets are not sought."""
WARNING: Final = (
    "A set of several drugs shows what the mechanism would need; that JAK inhibitors may be combined is nowhere shown "
    "here, and their harms add up."
)


@dataclass(frozen=True, slots=True)
class Cut:
    """The minimal sets of kinases, and of drugs, that cut every route of some signals."""

    kinases: tuple[frozenset[str], ...]
    drugs: tuple[frozenset[str], ...]
    """Sets of at most :data:`MOST` drugs whose sure hits make a cut, fewest first."""
    unsettled: tuple[str, ...]
    """Cytokines with a route whose needs are not settled, or with no route: nothing cuts them surely."""


def signal_graph(table: m.Mechanism, cytokines: Iterable[str]) -> "nx.DiGraph[str]":
    """Return the signals as an AND/OR graph: the node ``signal`` and cytokines are OR, routes AND, kinases leaves.

    A node has its ``gate``: or, and, leaf. A route is named ``cytokine by receptor``.

    >>> import kg
    >>> graph = signal_graph(kg.open().mechanism, ["il21"])
    >>> [(name, graph.nodes[name]["gate"]) for name in nx.topological_sort(graph)][:3]
    [('signal', 'or'), ('il21', 'or'), ('il21 by il21-receptor', 'and')]
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node("signal", gate="or")
    for cytokine in cytokines:
        graph.add_node(cytokine, gate="or")
        graph.add_edge("signal", cytokine)
        for route in table.routes.get(cytokine, ()):
            name = f"{cytokine} by {route.receptor}"
            graph.add_node(name, gate="and")
            graph.add_edge(cytokine, name)
            for kinase in route.needs:
                graph.add_node(kinase, gate="leaf")
                graph.add_edge(name, kinase)
    return graph


def stands(graph: "nx.DiGraph[str]", without: Iterable[str], node: str = "signal") -> bool:
    """Return whether a signal still gets through where some kinases do not work.

    A cytokine without a route, and a route without a settled need, stand.

    >>> import kg
    >>> graph = signal_graph(kg.open().mechanism, ["il21"])
    >>> stands(graph, []), stands(graph, ["jak2"]), stands(graph, ["jak3"])
    (True, True, False)
    """
    gone = set(without)
    if graph.nodes[node]["gate"] == "leaf":
        return node not in gone
    below = [stands(graph, gone, child) for child in graph.successors(node)]
    if graph.nodes[node]["gate"] == "and":
        return all(below)
    return any(below) if below or node == "signal" else True


def cut(table: m.Mechanism, cytokines: Sequence[str], *, threshold: Decimal = m.THRESHOLD) -> Cut:
    """Return the minimal cuts of the signals of some cytokines, by kinases and by drugs made for people.

    A drug counts with the kinases that it surely hits at ``threshold`` (nM). No cytokine has no cut.

    >>> import kg
    >>> found = cut(kg.open().mechanism, ["il21", "ifng"])
    >>> [sorted(kinases) for kinases in found.kinases], frozenset({"baricitinib"}) in found.drugs
    ([['jak1'], ['jak2', 'jak3']], True)
    """
    graph = signal_graph(table, cytokines)
    kinases = sorted({kinase for name in cytokines for route in table.routes.get(name, ()) for kinase in route.needs})
    unsettled = tuple(name for name in cytokines if stands(graph, kinases, name))
    if unsettled or not cytokines:
        return Cut((), (), unsettled)
    by_kinases = minimal({kinase: frozenset({kinase}) for kinase in kinases}, graph, most=len(kinases))
    hits = {
        drug.id: frozenset(kinase for kinase in kinases if m.hit(drug, kinase, threshold=threshold).value == "yes")
        for drug in sorted(table.drugs.values(), key=lambda drug: drug.id)
        if drug.intended_species == "human"
    }
    return Cut(by_kinases, minimal(hits, graph, most=MOST), ())


def minimal(parts: Mapping[str, frozenset[str]], graph: "nx.DiGraph[str]", *, most: int) -> tuple[frozenset[str], ...]:
    """Return the smallest sets of names whose kinases together cut the signal: none has another in it.

    ``parts`` gives the kinases of each name; sets have at most ``most`` names. Fewest first, then by name.

    >>> import kg
    >>> graph = signal_graph(kg.open().mechanism, ["ifng"])
    >>> [sorted(names) for names in minimal({"a": frozenset({"jak1"}), "b": frozenset()}, graph, most=2)]
    [['a']]
    """
    cuts: dict[frozenset[str], bool] = {}
    found: list[frozenset[str]] = []
    for size in range(1, most + 1):
        for names in map(frozenset, combinations(parts, size)):
            if any(smaller <= names for smaller in found):
                continue
            kinases = frozenset().union(*(parts[name] for name in names))
            if kinases not in cuts:
                cuts[kinases] = not stands(graph, kinases)
            if cuts[kinases]:
                found.append(names)
    return tuple(sorted(found, key=lambda names: (len(names), sorted(names))))


def document(cytokines: Sequence[str], found: Cut) -> Document:
    """Return the cuts in words.

    >>> document(["il21"], Cut((frozenset({"jak1"}),), (), ())).title
    'What cuts every route of il21?'
    """
    if not cytokines:
        return Document("Nothing that counts is raised: there is no signal to cut.", [])
    return Document(f"What cuts every route of {', '.join(cytokines)}?", [Notes(list(_notes(found)))])


def _notes(found: Cut) -> Iterator[str]:
    for name in found.unsettled:
        yield f"Nothing surely cuts {name}: it has no route by a JAK here, or one whose needs are not settled."
    if found.unsettled:
        return
    yield f"Kinases: {'; or '.join(' and '.join(map(str.upper, sorted(names))) for names in found.kinases)}."
    alone = [name for names in found.drugs if len(names) == 1 for name in names]
    yield f"One drug that surely hits such a set: {', '.join(alone) or 'none'}."
    together = [" and ".join(sorted(names)) for names in found.drugs if len(names) > 1]
    if not alone:
        yield f"Only together, of at most {MOST}: {'; '.join(together) or 'none'}."
        yield WARNING
    yield "A route falls here with any kinase that it needs, as in --require any; kg ask counts the share."


def to_dict(cytokines: Sequence[str], found: Cut) -> dict[str, Any]:
    """Return the cuts as JSON values.

    >>> to_dict(["il21"], Cut((frozenset({"jak1"}),), (), ()))["kinases"]
    [['jak1']]
    """
    return {
        "cytokines": list(cytokines),
        "kinases": [sorted(names) for names in found.kinases],
        "drugs": [sorted(names) for names in found.drugs],
        "unsettled": list(found.unsettled),
        "warning": WARNING,
    }
