"""What the calculus reads from a graph: the drugs with their measurements, and the routes of each cytokine."""

from typing import TYPE_CHECKING, Final

from kg.calculus.blockade import Drug, Measurement, Mechanism, Route
from kg.model.vocabulary import UNITS

if TYPE_CHECKING:
    from kg.sparql.graph import OpenGraph

OF_POTENCY: Final = {UNITS[unit]: unit for unit in ("nM", "fold")}
"""IRI of a unit -> unit."""


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
            comparable=row["comparable"], not_comparable=row["notComparable"],
            verified=row["verification"] == "Verified", spared=row["statement"] == "spared", reported=row["reported"],
            atp=row["atp"], note=row["note"], references=tuple(sources.get((name, "reported by"), ())),
            obtained_from=tuple(sources.get((name, "obtained from"), ())),
        )  # fmt: skip
        measured.setdefault(row["inhibitor"], {}).setdefault(row["kinase"], []).append(measurement)
    approvals: dict[str, list[tuple[str, str]]] = {}
    for row in graph.rows("approvals_of_inhibitors"):
        approvals.setdefault(row["inhibitor"], []).append((row["authority"], row["species"]))
    regimens: dict[str, set[str]] = {}
    for row in graph.rows("regimens_of_inhibitors"):
        regimens.setdefault(row["inhibitor"], set()).add(row["route"])
    drugs = {
        row["inhibitor"]: Drug(
            row["inhibitor"], measured.get(row["inhibitor"], {}), row["target"], row["label"], row["mode"],
            row["species"], row["note"],
            tuple(place for place, species in approvals.get(row["inhibitor"], ()) if species == row["species"]),
            tuple(sorted(regimens.get(row["inhibitor"], ()))),
        )
        for row in graph.rows("inhibitors")
    }  # fmt: skip
    needs: dict[str, dict[str, list[str]]] = {}
    for row in graph.rows("routes_of_cytokines"):
        kinases = needs.setdefault(row["cytokine"], {}).setdefault(row["receptor"], [])
        kinases += [row["kinase"]] if row["kinase"] else []
    routes = {
        cytokine: tuple(Route(receptor, tuple(kinases)) for receptor, kinases in by_receptor.items())
        for cytokine, by_receptor in needs.items()
    }
    return Mechanism(drugs, routes)
