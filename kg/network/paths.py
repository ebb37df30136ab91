"""Paths between any two things of the graph, on networkx: typed, signed, shortest first, each step with what says it.

>>> import kg
>>> found = paths(relations(kg.open()), "khurana-2025-1", "tofacitinib")
>>> str(found[0]).partition(" --raises ")[2]
'2.33-fold--> IL-21 --signals by--> IL-21 receptor --needs--> JAK1 <--hits-- tofacitinib'
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, pairwise
from typing import Any, Final, Literal

import networkx as nx

from kg import calculus as m
from kg.document.blocks import Document, Notes
from kg.model.errors import Place, Problem, Problems
from kg.model.names import meant, near
from kg.model.vocabulary import fold
from kg.sparql import library
from kg.sparql.graph import OpenGraph

KINDS: Final = {
    "GranulomaAnnulare": ("subtype", 0),
    "ConditionKind": ("disease", 0),
    "Case": ("case", 1),
    "Ligand": ("cytokine", 2),
    "Stat": ("STAT", 3),
    "ReceptorComplex": ("receptor", 3),
    "ReceptorFamily": ("receptor family", 3),
    "ReceptorChain": ("chain", 4),
    "Kinase": ("kinase", 5),
    "Inhibitor": ("drug", 6),
}
"""Class -> kind of a node, and its layer from the disease to the drug."""
BETWEEN: Final = frozenset(("cytokine", "receptor", "kinase"))
"""Kinds that a path may lead through; another only where it ends there, and a case where it ends in a disease."""
WORDS: Final = {
    "binds-receptor": "signals by", "needs": "needs", "uses": "uses", "binds": "binds", "activates": "activates",
    "signals-through": "signals through", "inhibits": "is said to inhibit", "applied-to-treat": "is given for",
    "raised-in": "is raised in", "implicated-in": "is implicated in",
}  # fmt: skip
"""Relation of claims -> words on an edge."""
Sign = Literal["blocks", "raises", "lowers", ""]
MOST: Final = 10
LONGEST_PATH: Final = 6
SOUGHT: Final = 2000
"""Paths that are looked at before the best are chosen."""


@dataclass(frozen=True, slots=True)
class Link:
    """One edge: what it says, its sign, the status of what says it, and the nodes of the graph that say it."""

    words: str
    sign: Sign
    status: str
    said_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a path, along an edge or against it."""

    start: str
    end: str
    link: Link
    forward: bool


@dataclass(frozen=True, slots=True)
class Path:
    """A path: its steps and the labels of its nodes."""

    steps: tuple[Step, ...]
    labels: Mapping[str, str]

    @property
    def signs(self) -> tuple[Sign, ...]:
        """Return the signs along the path, without the edges that have none.

        >>> link = Link("hits", "blocks", "accepted", ())
        >>> Path((Step("a", "b", link, True),), {}).signs
        ('blocks',)
        """
        return tuple(step.link.sign for step in self.steps if step.link.sign)

    @property
    def sure(self) -> bool:
        """Return whether every step is accepted.

        >>> Path((Step("a", "b", Link("needs", "", "disputed", ()), True),), {}).sure
        False
        """
        return all(step.link.status == "accepted" for step in self.steps)

    def to_dict(self) -> dict[str, Any]:
        """Return the path as JSON values.

        >>> link = Link("hits", "blocks", "accepted", ("potency-x",))
        >>> Path((Step("a", "b", link, False),), {"a": "A", "b": "B"}).to_dict()["steps"][0]["forward"]
        False
        """
        steps = [
            {"from": s.start, "to": s.end, "words": s.link.words, "sign": s.link.sign, "status": s.link.status,
             "forward": s.forward, "said_by": list(s.link.said_by)}
            for s in self.steps
        ]  # fmt: skip
        return {"text": str(self), "signs": list(self.signs), "accepted": self.sure, "steps": steps}

    def __str__(self) -> str:
        start = self.labels[self.steps[0].start]
        return start + "".join(f" {_arrow(step)} {self.labels[step.end]}" for step in self.steps)


def document(found: Sequence[Path]) -> Document:
    """Return paths as text: each path, and below it the evidence for each step.

    >>> link = Link("needs", "", "accepted", ("claim-x",))
    >>> document([Path((Step("a", "b", link, True),), {"a": "A", "b": "B"})]).blocks[0].items
    ['A --needs--> B', Notes(items=['A needs B: claim-x'])]
    """
    return Document("", [Notes([item for path in found for item in _items(path)])])


def _items(path: Path) -> Iterator[str | Notes]:
    yield f"{path}{'' if path.sure else ' (not every step is accepted)'}"
    steps = []
    for step in path.steps:
        start, end = (step.start, step.end) if step.forward else (step.end, step.start)
        more = f" and {len(step.link.said_by) - 3} more" if step.link.said_by[3:] else ""
        shown = ", ".join(step.link.said_by[:3]) + more
        steps.append(f"{path.labels[start]} {step.link.words} {path.labels[end]}: {shown}")
    yield Notes(steps)


def _arrow(step: Step) -> str:
    status = "" if step.link.status == "accepted" else f" ({step.link.status})"
    return f"--{step.link.words}{status}-->" if step.forward else f"<--{step.link.words}{status}--"


def relations(asked: OpenGraph, *, threshold: Decimal = m.THRESHOLD) -> "nx.MultiDiGraph[str]":
    """Return everything that stands between things as a typed multigraph: claims, measurements, drugs given, diseases.

    Nodes are local names with ``kind``, ``layer``, ``label`` and ``iri``; an edge has its ``link``. A drug hits, spares
    or may hit a kinase at ``threshold`` (nM), by all its comparable measurements.

    >>> import kg
    >>> graph = relations(kg.open())
    >>> graph.nodes["il21"]["kind"], [data["link"].words for data in graph["baricitinib"]["jak3"].values()]
    ('cytokine', ['spares'])
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in asked.rows("things_and_names"):
        kind, layer = KINDS[row["kind"]]
        graph.add_node(row["thing"], kind=kind, layer=layer, label=row["label"], iri=row["iri"])
    for source, target, link in (*_claims(asked), *_cases(asked), *_hits(asked, threshold)):
        if source in graph and target in graph:
            graph.add_edge(source, target, key=f"{link.words} {' '.join(link.said_by)}", link=link)
    return graph


def _claims(graph: OpenGraph) -> Iterator[tuple[str, str, Link]]:
    for row in graph.rows("claims_as_edges"):
        if row["relation"] in WORDS:
            yield row["about"], row["object"], Link(WORDS[row["relation"]], "", row["status"].lower(), (row["claim"],))


def _cases(graph: OpenGraph) -> Iterator[tuple[str, str, Link]]:
    for row in graph.rows("links_of_cases"):
        if row["link"] != "measured":
            words, sign = {"given": "was given", "has": "has"}[row["link"]], ""
        else:
            found = m.direction(row["ratio"], row["reported"])
            verb = {"raised": "raises", "lowered": "lowers"}.get(found, "leaves unchanged")
            words = f"{verb} {row['ratio']}-fold" if row["ratio"] is not None else verb
            sign = verb if found != "unchanged" else ""
        yield row["case"], row["object"], Link(words, sign, "accepted", (row["node"],))  # type: ignore[arg-type]


def _hits(graph: OpenGraph, threshold: Decimal) -> Iterator[tuple[str, str, Link]]:
    words: dict[str, tuple[str, Sign, str]] = {
        "yes": ("hits", "blocks", "accepted"), "no": ("spares", "", "accepted"), "unknown": ("may hit", "", "unknown"),
    }  # fmt: skip
    for drug in graph.mechanism.drugs.values():
        for kinase in drug.measurements:
            if rows := drug.compared(kinase):
                verb, sign, status = words[m.hit(drug, kinase, threshold=threshold).value]
                yield drug.id, kinase, Link(verb, sign, status, tuple(row.id for row in rows))


def named(asked: OpenGraph, graph: "nx.MultiDiGraph[str]", text: str) -> str:
    """Return the node of a name: of a case, cytokine, receptor, chain, kinase, STAT, drug, disease or subtype.

    Raises Problems where it is none, or several; near matches are named.

    >>> import kg
    >>> store = kg.open()
    >>> [named(store, relations(store), text) for text in ("Xeljanz", "IL-21", "plaque granuloma annulare")]
    ['tofacitinib', 'il21', 'PlaqueGranulomaAnnulare']
    """
    if graph.has_node(local := text.removeprefix("kg:").removeprefix("jak:")):
        return local
    found = {name for name, about in graph.nodes.items() if fold(about["label"]) == fold(text)}
    found |= {name for _, name in library.fitting(asked.store, KINDS, text)}
    if len(found) == 1:
        return found.pop()
    what, close = f"{text!r} is nothing that paths lead to", near(text.lower(), graph.nodes)
    if found:
        what, close = f"{text!r} is several things", sorted(found)
    remedy = meant(close, "name a case, cytokine, receptor, kinase, drug or disease")
    raise Problems([Problem(Place("kg path"), what, remedy)])


def paths(
    graph: "nx.MultiDiGraph[str]", source: str, target: str, *, most: int = MOST, longest: int = LONGEST_PATH
) -> list[Path]:
    """Return the paths between two things: fewest steps first, then those whose every step is accepted, then by name.

    An edge may be walked either way, and a path turns once at most between the disease and the drug: from one cytokine
    down to a kinase and up to another, never down again. At most ``most`` paths of at most ``longest`` steps.
    Raises networkx.NodeNotFound where a thing is not in the graph.

    >>> import kg
    >>> graph = relations(kg.open())
    >>> [path.signs for path in paths(graph, "il21", "baricitinib", most=2)]
    [('blocks',), ()]
    >>> paths(graph, "il21", "baricitinib", longest=1)
    []
    """
    ends = {graph.nodes[name]["kind"] for name in (source, target)}
    through = BETWEEN | ({"case"} if ends & {"disease", "subtype"} else set())
    kept = {source, target} | {name for name, about in graph.nodes.items() if about["kind"] in through}
    flat = nx.Graph(graph.subgraph(sorted(kept)))
    found: list[Path] = []
    if source == target or not nx.has_path(flat, source, target):
        return found
    for nodes in islice(nx.shortest_simple_paths(flat, source, target), SOUGHT):
        if len(nodes) > longest + 1:
            break
        found += _of_nodes(graph, nodes) if _turns([graph.nodes[name]["layer"] for name in nodes]) <= 1 else []
    return sorted(found, key=_order)[:most]


def _order(path: Path) -> tuple[int, bool, bool, bool, str]:
    """Sort by length, then what is accepted, raised and blocked first."""
    return len(path.steps), not path.sure, "raises" not in path.signs, "blocks" not in path.signs, str(path)


def _turns(layers: Sequence[int]) -> int:
    rises = [end > start for start, end in pairwise(layers) if end != start]
    return sum(before != after for before, after in pairwise(rises))


def _of_nodes(graph: "nx.MultiDiGraph[str]", nodes: Sequence[str]) -> Iterator[Path]:
    """Yield the paths along nodes: one for each choice among edges that stand side by side."""
    chains: list[tuple[Step, ...]] = [()]
    labels: dict[str, str] = {}
    for start, end in pairwise(nodes):
        labels |= {name: graph.nodes[name]["label"] for name in (start, end)}
        steps = [Step(start, end, link, True) for link in links(graph, start, end)]
        steps += [Step(start, end, link, False) for link in links(graph, end, start)]
        chains = [(*chain, step) for chain in chains for step in steps]
    yield from (Path(chain, labels) for chain in chains)


def links(graph: "nx.MultiDiGraph[str]", source: str, target: str) -> list[Link]:
    """Return the edges from one node to another, sorted.

    >>> import kg
    >>> [link.words for link in links(relations(kg.open()), "il21-receptor", "jak3")]
    ['needs']
    """
    if not graph.has_edge(source, target):
        return []
    return [data["link"] for _, data in sorted(graph[source][target].items())]
