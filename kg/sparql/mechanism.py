"""What the calculus reads from a graph: the drugs with their measurements, and the routes of each cytokine."""

from typing import TYPE_CHECKING, Final

from kg.calculus.blockade import Route
from kg.calculus.mechanism import Mechanism
from kg.calculus.potency import GROUPS, Drug, Measurement
from kg.model.vocabulary import UNITS

if TYPE_CHECKING:
    from kg.sparql.graph import OpenGraph
    from kg.sparql.rows import Row

OF_POTENCY: Final = {UNITS[unit]: unit for unit in ("nM", "fold")}
"""IRI of a unit -> unit."""
GROUP_OF: Final = {str(group): group for group in GROUPS}
"""Word, as the graph has it -> group in which a drug is ranked."""


def read(graph: "OpenGraph") -> Mechanism:
    """Return the mechanism that a graph holds; :attr:`kg.sparql.graph.OpenGraph.mechanism` keeps it.

    >>> import kg
    >>> read(kg.open()).drugs["deucravacitinib"].functional_target
    'tyk2'
    """
    sources: dict[tuple[str, str], list[str]] = {}
    for row in graph.rows("sources_of_potency"):
        name = row["identifier"] if row["role"] == "reported by" else row["citation"]
        sources.setdefault((row["measurement"], row["role"]), []).append(name)
    measured: dict[str, dict[str, list[Measurement]]] = {}
    for row in graph.rows("potency_of_inhibitors"):
        name = row["measurement"]
        measurement = Measurement(
            id=name, measure=row["measure"], relation=row["relation"], low=row["low"], high=row["high"],
            unit=OF_POTENCY.get(row["unit"]), domain=row["domain"], species=row["species"],
            comparable=row["comparable"], not_comparable=row["notComparable"], derived=row["derived"],
            verified=row["verification"] == "Verified", spared=row["statement"] == "spared", reported=row["reported"],
            atp=row["atp"], note=row["note"], references=tuple(sources.get((name, "reported by"), ())),
            obtained_from=tuple(sources.get((name, "obtained from"), ())),
        )  # fmt: skip
        measured.setdefault(row["inhibitor"], {}).setdefault(row["kinase"], []).append(measurement)
    approvals: dict[str, list[Row]] = {}
    for row in graph.rows("approvals_of_inhibitors"):
        approvals.setdefault(row["inhibitor"], []).append(row)
    developed = {row["inhibitor"]: row["status"] for row in graph.rows("development_of_inhibitors")}
    regimens: dict[str, set[str]] = {}
    for row in graph.rows("regimens_of_inhibitors"):
        regimens.setdefault(row["inhibitor"], set()).add(row["route"])
    drugs = {}
    for row in graph.rows("inhibitors"):
        name, mine = row["inhibitor"], approvals.get(row["inhibitor"], ())
        own = [approval for approval in mine if approval["species"] == row["species"]]
        topical = {str(a["product"] or "topical product") for a in own if a["route"] == "topical"}
        approved = "approved" if row["species"] == "human" else "veterinary"
        drugs[name] = Drug(
            id=name, measurements=measured.get(name, {}), functional_target=row["target"], label=row["label"],
            mode=row["mode"], intended_species=row["species"], note=row["note"],
            approvals=tuple(dict.fromkeys(approval["authority"] for approval in own)),
            routes=tuple(sorted(regimens.get(name, ()))), group=GROUP_OF[row["group"]],
            status=approved if own else developed.get(name, "not known"),
            topical=tuple(sorted(topical)),
        )  # fmt: skip
    return Mechanism(drugs, _routes(graph), _parts(graph), _sets(graph))


def _routes(graph: "OpenGraph") -> dict[str, tuple[Route, ...]]:
    uses: dict[str, list[str]] = {}
    for row in graph.rows("uses_that_count"):
        uses.setdefault(row["receptor"], []).append(row["kinase"])
    by_database: dict[str, list[str]] = {}
    for row in graph.rows("needs_by_database_only"):
        by_database.setdefault(row["receptor"], []).append(row["kinase"])
    needs: dict[str, dict[str, list[str]]] = {}
    for row in graph.rows("routes_of_cytokines"):
        kinases = needs.setdefault(row["cytokine"], {}).setdefault(row["receptor"], [])
        kinases += [row["kinase"]] if row["kinase"] else []
    return {
        cytokine: tuple(
            Route(receptor, tuple(kinases), tuple(uses.get(receptor, ())), tuple(by_database.get(receptor, ())))
            for receptor, kinases in by_receptor.items()
        )
        for cytokine, by_receptor in needs.items()
    }


def _parts(graph: "OpenGraph") -> dict[str, tuple[str, ...]]:
    parts: dict[str, list[str]] = {}
    for row in graph.rows("parts_of_ligands"):
        parts.setdefault(row["complex"], []).append(row["part"])
    return {name: tuple(sorted(found)) for name, found in parts.items()}


def _sets(graph: "OpenGraph") -> dict[str, tuple[str, ...]]:
    sets: dict[str, list[str]] = {}
    for row in graph.rows("sets_of_cytokines"):
        sets.setdefault(row["label"], []).append(row["cytokine"])
    return {name: tuple(found) for name, found in sets.items()}
