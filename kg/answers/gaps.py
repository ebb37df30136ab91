"""What would be worth measuring or curating next: the gaps of the graph, by query.

>>> import kg
>>> next(iter(found(kg.open())))
'Implicated in granuloma annulare and never measured in a treated patient reported singly'
"""

from kg.document.blocks import Document, Notes, Section
from kg.model.vocabulary import local
from kg.sparql.graph import OpenGraph


def found(graph: OpenGraph) -> dict[str, list[str]]:
    """Return each kind of gap with its items: cytokines, inhibitors without a profile, claims, cases, open claims.

    >>> import kg
    >>> [title.partition(" and ")[0] for title in found(kg.open())][:2]
    ['Implicated in granuloma annulare', 'Inhibitors without a comparable potency on all four kinases']
    """
    kinases: dict[str, list[str]] = {}
    for row in graph.rows("kinases_without_comparable_potency"):
        kinases.setdefault(row["inhibitor"], []).append(row["kinase"].upper())
    sources = {
        row["claim"]: local(row["onlySource"]).removeprefix("ref-") for row in graph.rows("claims_with_one_source")
    }
    unmeasured = [row["case"] for row in graph.rows("cases_without_measurement")]
    open_claims = [f"{row['receptor']} needs {row['kinase'].upper()}" for row in graph.rows("open_needs")]
    return {
        "Implicated in granuloma annulare and never measured in a treated patient reported singly": [
            row["label"] for row in graph.rows("cytokines_never_measured_in_a_case")
        ],
        "Inhibitors without a comparable potency on all four kinases": [
            f"{inhibitor}: {', '.join(missing)}" for inhibitor, missing in kinases.items()
        ],
        "Treated and without a measured cytokine": unmeasured,
        "Whether a receptor needs a kinase is disputed or open": sorted(set(open_claims)),
        "Claims of routes that stand on one source": [
            f"{claim.removeprefix('claim-')} ({source})" for claim, source in sources.items()
        ],
    }


def document(graph: OpenGraph) -> Document:
    """Return the gaps, a section for each kind with its number.

    >>> import kg
    >>> document(kg.open()).blocks[2].title.startswith("Treated and without a measured cytokine (")
    True
    """
    return Document("", [Section(f"{title} ({len(items)})", [Notes(items)]) for title, items in found(graph).items()])
