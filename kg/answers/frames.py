"""The facts as rows for a data frame, numbers as floats and units as words."""

from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Rows

COLUMNS = (
    "drug", "kinase", "measure", "relation", "low", "high", "unit", "reported", "domain", "atp", "species", "verified",
    "comparable", "not_comparable", "derived", "spared", "references", "obtained_from", "note", "measurement",
)  # fmt: skip


def potency(graph: OpenGraph) -> Rows:
    """Return a row for each potency measurement, by drug and kinase; ``derived`` marks a bound from a ratio.

    >>> import kg
    >>> {row["unit"] for row in potency(kg.open())} <= {"nM", "fold", None}
    True
    """
    rows = [
        {
            "drug": drug.id,
            "kinase": kinase,
            "measure": one.measure,
            "relation": one.relation,
            "low": None if one.low is None else float(one.low),
            "high": None if one.high is None else float(one.high),
            "unit": one.unit,
            "reported": one.reported,
            "domain": one.domain,
            "atp": one.atp,
            "species": one.species,
            "verified": one.verified,
            "comparable": one.comparable,
            "not_comparable": one.not_comparable,
            "derived": one.derived,
            "spared": one.spared,
            "references": "; ".join(one.references) or None,
            "obtained_from": "; ".join(one.obtained_from) or None,
            "note": one.note,
            "measurement": one.id,
        }
        for drug in graph.mechanism.drugs.values()
        for kinase, measurements in sorted(drug.measurements.items())
        for one in measurements
    ]
    return Rows(rows, COLUMNS)
