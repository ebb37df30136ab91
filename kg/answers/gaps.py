"""What would be worth measuring or curating next: the gaps of the graph, by query.

>>> from kg.rdf import shipped
>>> [title for title, _ in found(shipped.store())][0]
'Implicated in granuloma annulare and never measured in a treated patient reported singly'
"""

from pyoxigraph import Store

from kg.model.vocabulary import local
from kg.sparql import library


def found(store: Store) -> list[tuple[str, list[str]]]:
    """Return each kind of gap with its items: cytokines, inhibitors without a profile, claims, cases, open claims.

    >>> from kg.rdf import shipped
    >>> [title.partition(" and ")[0] for title, _ in found(shipped.store())][:2]
    ['Implicated in granuloma annulare', 'Inhibitors without a comparable potency on all four kinases']
    """
    kinases: dict[str, list[str]] = {}
    for row in library.ask(store, "kinases_without_comparable_potency"):
        kinases.setdefault(row["inhibitor"], []).append(row["kinase"].upper())
    sources = {
        row["claim"]: local(row["onlySource"]).removeprefix("ref-")
        for row in library.ask(store, "claims_with_one_source")
    }
    unmeasured = [row["case"] for row in library.ask(store, "cases_without_measurement")]
    open_claims = [f"{row['receptor']} needs {row['kinase'].upper()}" for row in library.ask(store, "open_needs")]
    return [
        (
            "Implicated in granuloma annulare and never measured in a treated patient reported singly",
            [row["label"] for row in library.ask(store, "cytokines_never_measured_in_a_case")],
        ),
        (
            "Inhibitors without a comparable potency on all four kinases",
            [f"{inhibitor}: {', '.join(missing)}" for inhibitor, missing in kinases.items()],
        ),
        ("Treated and without a measured cytokine", unmeasured),
        ("Whether a receptor needs a kinase is disputed or open", sorted(set(open_claims))),
        (
            "Claims of routes that stand on one source",
            [f"{claim.removeprefix('claim-')} ({source})" for claim, source in sources.items()],
        ),
    ]
