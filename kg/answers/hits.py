"""A drug by its name, and whether it inhibits a kinase, with its measurements in words.

>>> import kg
>>> graph = kg.open()
>>> of_kinase(inhibitor(graph, "Olumiant"), "jak1").hit.value == "yes"
True
"""

from dataclasses import dataclass
from typing import Final

from kg.calculus.mechanism import DEFAULT, Settings
from kg.calculus.potency import Drug, Hit, Measurement, Says, hit
from kg.model.errors import Place, Problem, Problems
from kg.model.identifiers import identifier_of
from kg.model.names import Index, meant, near
from kg.sparql.graph import OpenGraph

PANEL: Final = "PMID:24417533"
"""The side-by-side panel that is shown first."""


@dataclass(frozen=True, slots=True)
class KinaseAnswer:
    """A kinase of a route: whether it is needed or used, whether the drug hits it, and every measurement of the pair.

    ``by_database_only`` says that no evidence from loss of the kinase supports the need.
    """

    kinase: str
    hit: Hit
    compared: tuple[tuple[Measurement, Says], ...]
    not_compared: tuple[Measurement, ...]
    role: str = "needs"
    by_database_only: bool = False

    def reason(self) -> str:
        """Return why a hit is unknown, in words, "" where it is known; a value that cannot be compared is not nothing.

        >>> KinaseAnswer("tyk2", Hit("unknown", "disagree"), (), ()).reason()
        'sources disagree'
        """
        if self.hit.value != "unknown":
            return ""
        if self.hit.why == "not measured" and any(row.verified for row in self.not_compared):
            return "no comparable value"
        return "sources disagree" if self.hit.why == "disagree" else self.hit.why


def inhibitor(graph: OpenGraph, name: str, *, all_species: bool = False) -> Drug:
    """Return the inhibitor of a name; Problems where there is none, or where it is for dogs and those are left out.

    >>> import kg
    >>> inhibitor(kg.open(), "Olumiant").id, inhibitor(kg.open(), "CHEMBL2105759").id
    ('baricitinib', 'baricitinib')
    """
    table = graph.mechanism
    found = next(iter(graph.once(_inhibitors)[name]), None) or graph.once(_identified).get(identifier_of(name) or "")
    place = Place("--drug")
    if found is None:
        hint = meant(near(name.lower(), table.drugs), f"the inhibitors are {', '.join(sorted(table.drugs))}")
        raise Problems([Problem(place, f"{name!r} is not a known inhibitor", hint)])
    drug = table.drugs[found]
    if drug.intended_species != "human" and not all_species:
        what = f"{found} is made for the {drug.intended_species}, and so left out of answers for people"
        raise Problems([Problem(place, what, "add --all-species to see it")])
    return drug


def _identified(graph: OpenGraph) -> dict[str, str]:
    drugs = graph.mechanism.drugs
    return {row["identifier"]: row["thing"] for row in graph.rows("identifiers") if row["thing"] in drugs}


def _inhibitors(graph: OpenGraph) -> Index[str]:
    return Index((row["name"], row["inhibitor"]) for row in graph.rows("names_of_inhibitors"))


def of_kinase(
    drug: Drug, kinase: str, settings: Settings = DEFAULT, *, role: str = "needs", by_database_only: bool = False
) -> KinaseAnswer:
    """Return whether a drug hits a kinase, with its measurements: the panel first, then the most potent.

    >>> of_kinase(Drug("unmeasured", {}), "jak1").reason()
    'not measured'
    """
    compared = drug.compared(kinase, derived=settings.derived)
    shown = sorted(compared, key=lambda row: (PANEL not in row.references, row.high or row.low or 0, row.id))
    return KinaseAnswer(
        kinase,
        hit(drug, kinase, threshold=settings.threshold, derived=settings.derived),
        tuple((row, row.says(settings.threshold)) for row in shown),
        tuple(row for row in drug.measurements.get(kinase, ()) if row not in compared),
        role,
        by_database_only,
    )


def printed(row: Measurement) -> str:
    """Return a measured value with its relation, as it was printed.

    >>> from decimal import Decimal
    >>> printed(Measurement(id="x", measure="IC50", relation=">", low=Decimal(400), high=None, unit="nM",
    ...                       domain="JH1", species="human", comparable=True, reported="400"))
    '>400'
    """
    if row.spared:
        return "spared"
    if row.reported is None:
        return f'printed "{row.relation}" without a value'
    value = row.reported.replace("..", "-")
    return value if row.relation == "=" else f"{row.relation}{value}"
