"""What is near to what: cytokines by the routes they share, drugs by what they hit, cases by what was measured.

>>> import kg
>>> found = neighbours(kg.open(), "il4")
>>> found.measure.partition(":")[0], found.rows[0].name
('shared routes', 'il13')
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from kg import calculus as m
from kg.document.blocks import Document, Table
from kg.model.errors import Place, Problem, Problems
from kg.sparql import library
from kg.sparql.graph import OpenGraph

KINASES: Final = ("jak1", "jak2", "jak3", "tyk2")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A thing of the same kind: how near it is, from 0 to 1, on how many grounds, and which, in words."""

    name: str
    label: str
    nearness: Fraction
    grounds: int
    why: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The neighbours of a thing, nearest first, and how nearness is measured."""

    about: str
    measure: str
    rows: tuple[Neighbour, ...]


def neighbours(graph: OpenGraph, name: str, *, threshold: Decimal = m.THRESHOLD) -> Neighbours:
    """Return the neighbours of a cytokine, a drug or a case; those that share nothing are left out.

    ``threshold`` is in nM, for drugs. Raises Problems where the name is none of the three.

    >>> import kg
    >>> [row.name for row in neighbours(kg.open(), "baricitinib").rows][:2]
    ['brepocitinib', 'cerdulatinib']
    """
    finders = {"Ligand": _cytokines, "Inhibitor": _drugs, "Case": _cases}
    for kind, thing in library.fitting(graph.store, finders, name):
        measure, rows = finders[kind](graph, thing, threshold)
        near = sorted(rows, key=lambda row: (-row.nearness, -row.grounds, row.name))
        return Neighbours(thing, measure, tuple(row for row in near if row.nearness))
    what = "this is not a cytokine, drug or case of the graph"
    raise Problems([Problem(Place(name), what, "see kg query names_of_cytokines, names_of_inhibitors or cases")])


def _cytokines(graph: OpenGraph, name: str, _: Decimal) -> tuple[str, Iterator[Neighbour]]:
    routes = graph.mechanism.routes
    receptors = {cytokine: {route.receptor for route in found} for cytokine, found in routes.items()}
    needs = {cytokine: {kinase for route in found for kinase in route.needs} for cytokine, found in routes.items()}

    def rows() -> Iterator[Neighbour]:
        for other in sorted(routes.keys() - {name}) if name in routes else ():
            pairs = [(receptors[name], receptors[other]), (needs[name], needs[other])]
            nearness = sum((Fraction(len(one & two), len(one | two) or 1) for one, two in pairs), Fraction(0)) / 2
            by, kinases = (", ".join(sorted(one & two)) for one, two in pairs)
            why = f"{f'receptor {by}' if by else 'no receptor'}; needed kinases {kinases.upper() or 'none'}"
            yield Neighbour(other, graph.labels[other], nearness, len(receptors[name] & receptors[other]), why)

    measure = (
        "shared routes: the mean of two shares, of receptor complexes and of needed kinases, that both have of those "
        "that either has (Jaccard)"
    )
    return measure, rows()


def _drugs(graph: OpenGraph, name: str, threshold: Decimal) -> tuple[str, Iterator[Neighbour]]:
    drugs = graph.mechanism.drugs
    hits = {
        drug: {kinase: m.hit(known, kinase, threshold=threshold).value for kinase in KINASES}
        for drug, known in drugs.items()
    }

    def rows() -> Iterator[Neighbour]:
        for other in sorted(drugs.keys() - {name}):
            known = [k for k in KINASES if "unknown" not in (hits[name][k], hits[other][k])]
            same = [k for k in known if hits[name][k] == hits[other][k]]
            words = {
                "both hit": [k for k in same if hits[name][k] == "yes"],
                "both spare": [k for k in same if hits[name][k] == "no"],
                "differ on": [k for k in known if k not in same],
                "unknown on": [k for k in KINASES if k not in known],
            }
            why = "; ".join(f"{verb} {', '.join(kinases).upper()}" for verb, kinases in words.items() if kinases)
            yield Neighbour(other, drugs[other].label, Fraction(len(same), len(KINASES)), len(known), why)

    measure = (
        f"what is hit at {threshold} nM: of the four kinases, the share on which both drugs are known and agree; a "
        "kinase that is unknown for one of them counts as no agreement"
    )
    return measure, rows()


def _cases(graph: OpenGraph, name: str, _: Decimal) -> tuple[str, Iterator[Neighbour]]:
    calls: dict[str, dict[str, str]] = {}
    for row in graph.rows("links_of_cases"):
        found = calls.setdefault(row["case"], {})
        if row["link"] == "measured":
            found[row["object"]] = m.direction(row["ratio"], row["reported"])

    def rows() -> Iterator[Neighbour]:
        for other in sorted(calls.keys() - {name}):
            both = sorted(calls[name].keys() & calls[other].keys())
            same = sum(calls[name][cytokine] == calls[other][cytokine] for cytokine in both)
            why = "; ".join(f"{graph.labels[c]} {calls[name][c]}, there {calls[other][c]}" for c in both)
            either = len(calls[name].keys() | calls[other].keys())
            yield Neighbour(other, graph.labels[other], Fraction(same, either or 1), len(both), why)

    measure = (
        "measured signals: of the cytokines measured in either case, the share measured in both with the same "
        "direction; comparators may differ, so directions are compared and ratios never"
    )
    return measure, rows()


def document(found: Neighbours, *, top: int | None = None) -> Document:
    """Return neighbours as a table, the first ``top`` of them.

    >>> import kg
    >>> document(neighbours(kg.open(), "il4")).blocks[0].rows[0][:2]
    ['IL-13', '0.58']
    """
    rows = [[row.label, f"{float(row.nearness):.2f}", row.why] for row in found.rows[:top]]
    return Document(f"Near to {found.about}, by {found.measure}:", [Table(["neighbour", "nearness", "why"], rows)])


def to_dict(found: Neighbours) -> dict[str, Any]:
    """Return neighbours as JSON values.

    >>> import kg
    >>> to_dict(neighbours(kg.open(), "il4"))["neighbours"][0]["name"]
    'il13'
    """
    return {
        "about": found.about,
        "measure": found.measure,
        "neighbours": [
            {"name": row.name, "nearness": float(row.nearness), "grounds": row.grounds, "why": row.why}
            for row in found.rows
        ],
    }
