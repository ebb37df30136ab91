"""What is near to what: cytokines by the routes they share, drugs by what they hit, cases by what was measured.

>>> from kg import built
>>> found = neighbours(built.store(), "il4")
>>> found.measure.partition(":")[0], found.rows[0].name
('shared routes', 'il13')
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from pyoxigraph import Store

from kg import library
from kg import mechanism as m
from kg.problems import Place, Problem, Problems

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


def neighbours(store: Store, name: str, *, threshold: Decimal = m.THRESHOLD) -> Neighbours:
    """Return the neighbours of a cytokine, a drug or a case; those that share nothing are left out.

    ``threshold`` is in nM, for drugs. Raises Problems where the name is none of the three.

    >>> from kg import built
    >>> [row.name for row in neighbours(built.store(), "baricitinib").rows][:2]
    ['momelotinib', 'fedratinib']
    """
    for kind, find in (("Ligand", _cytokines), ("Inhibitor", _drugs), ("Case", _cases)):
        try:
            thing = library.thing_of(store, f"jak:{kind}", name).rpartition("/")[2]
        except ValueError:
            continue
        measure, rows = find(store, thing, threshold)
        near = sorted(rows, key=lambda row: (-row.nearness, -row.grounds, row.name))
        return Neighbours(thing, measure, tuple(row for row in near if row.nearness))
    what = "this is no cytokine, drug or case of the graph"
    raise Problems([Problem(Place(name), what, "kg query --list names shows where their names stand")])


def _cytokines(store: Store, name: str, _: Decimal) -> tuple[str, Iterator[Neighbour]]:
    """Share of receptor complexes, then of needed kinases, that two cytokines have in common."""
    routes = m.Mechanism.of(store).routes
    labels = {row["thing"]: row["label"] for row in library.ask(store, "things_and_names")}
    receptors = {cytokine: {route.receptor for route in found} for cytokine, found in routes.items()}
    needs = {cytokine: {kinase for route in found for kinase in route.needs} for cytokine, found in routes.items()}
    measure = (
        "shared routes: half the share of receptor complexes and half the share of needed kinases that both have, of "
        "those that either has (Jaccard)"
    )
    return measure, (
        Neighbour(
            other, labels[other],
            (_jaccard(receptors.get(name, set()), receptors[other]) + _jaccard(needs.get(name, set()), needs[other])) / 2,
            len(receptors.get(name, set()) & receptors[other]),
            _both("receptor", receptors.get(name, set()) & receptors[other], needs.get(name, set()) & needs[other]),
        )
        for other in routes
        if other != name
    )  # fmt: skip


def _both(what: str, routes: set[str], kinases: set[str]) -> str:
    shared = f"{what} {', '.join(sorted(routes))}" if routes else f"no {what}"
    return f"{shared}; needed kinases {', '.join(sorted(kinases)).upper() or 'none'}"


def _jaccard(one: set[str], other: set[str]) -> Fraction:
    return Fraction(len(one & other), len(one | other)) if one | other else Fraction(0)


def _drugs(store: Store, name: str, threshold: Decimal) -> tuple[str, Iterator[Neighbour]]:
    drugs = m.Mechanism.of(store).drugs
    hits = {drug.id: _profile(drug, threshold) for drug in drugs.values()}
    measure = (
        f"what is hit at {threshold} nM: of the four kinases, the share on which both are known and agree; a kinase that "
        "is unknown for one of them counts as no agreement"
    )
    return measure, (
        Neighbour(
            other, drugs[other].label, Fraction(sum(hits[name][k] == known for k, known in hits[other].items() if k in hits[name]), 4),
            len(hits[name].keys() & hits[other].keys()), _told(hits[name], hits[other]),
        )
        for other in drugs
        if other != name
    )  # fmt: skip


def _profile(drug: m.Drug, threshold: Decimal) -> dict[str, str]:
    found = {kinase: m.hit(drug, kinase, threshold=threshold).value for kinase in KINASES}
    return {kinase: value for kinase, value in found.items() if value != "unknown"}


def _told(mine: Mapping[str, str], other: Mapping[str, str]) -> str:
    both = [kinase for kinase in KINASES if kinase in mine and kinase in other]
    same = ", ".join(f"{k.upper()} {'hit' if mine[k] == 'yes' else 'spared'}" for k in both if mine[k] == other[k])
    differ = ", ".join(k.upper() for k in both if mine[k] != other[k])
    unknown = ", ".join(k.upper() for k in KINASES if k not in both)
    parts = [
        f"both: {same}" if same else "",
        f"differ: {differ}" if differ else "",
        f"not compared: {unknown}" if unknown else "",
    ]
    return "; ".join(filter(None, parts))


def _cases(store: Store, name: str, _: Decimal) -> tuple[str, Iterator[Neighbour]]:
    measured: dict[str, dict[str, str]] = {}
    for row in library.ask(store, "links_of_cases"):
        calls = measured.setdefault(row["case"], {})
        if row["link"] == "measured":
            found = m.direction(row["ratio"]) if row["ratio"] is not None else row["reported"].lower()
            calls[row["object"]] = found
    labels = {row["thing"]: row["label"] for row in library.ask(store, "things_and_names")}
    mine = measured.get(name, {})
    measure = (
        "measured signals: of the cytokines measured in either case, the share measured in both with the same direction; "
        "comparators may differ, so directions are compared, never ratios"
    )
    return measure, (
        Neighbour(
            other, labels[other],
            Fraction(sum(mine.get(cytokine) == call for cytokine, call in calls.items()), len({**mine, **calls}) or 1),
            len(mine.keys() & calls.keys()),
            "; ".join(f"{labels[c]} {mine[c]}, there {calls[c]}" for c in sorted(mine.keys() & calls.keys())),
        )
        for other, calls in sorted(measured.items())
        if other != name
    )  # fmt: skip


def table(found: Neighbours) -> list[list[str]]:
    """Return neighbours as rows of text under a header.

    >>> from kg import built
    >>> table(neighbours(built.store(), "il4"))[1][:2]
    ['IL-13', '0.62']
    """
    rows = [["neighbour", "nearness", "why"]]
    return rows + [[row.label, f"{float(row.nearness):.2f}", row.why] for row in found.rows]
