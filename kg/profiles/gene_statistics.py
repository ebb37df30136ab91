r"""What the statistic of a whole table says of each gene: what the activity from target genes is computed from.

>>> from pathlib import Path
>>> from kg.profiles.layout import Reading, layout
>>> from kg.profiles.sheet import of_text
>>> sheet = of_text(Path("a.csv"), "gene,logFC,t\nCXCL9,2,7.5\nKRT16,-1,-3\n", [])
>>> of(sheet, layout(sheet, Reading(), [])).values
{'CXCL9': 7.5, 'KRT16': -3.0}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from statistics import NormalDist

from kg.profiles.layout import Layout
from kg.profiles.sheet import Sheet

SMALLEST = 1e-300
"""p value: a smaller one, or 0, counts as this."""


@dataclass(frozen=True, slots=True)
class GeneStatistics:
    """Symbol of a gene, as the table writes it -> its signed statistic; and from which column that is.

    Of several rows of a gene, such as probes, it is the mean.
    """

    values: Mapping[str, float]
    column: str


def of(sheet: Sheet, plan: Layout) -> GeneStatistics | None:
    r"""Return the statistic of each gene; else the z value of its p value, with the sign of its log2 ratio.

    None where the table has neither, or names no gene symbols.

    >>> from pathlib import Path
    >>> from kg.profiles.layout import Reading, layout
    >>> from kg.profiles.sheet import of_text
    >>> sheet = of_text(Path("a.csv"), "gene,logFC,pvalue\nCXCL9,-2,0.0455\n", [])
    >>> found = of(sheet, layout(sheet, Reading(), []))
    >>> round(found.values["CXCL9"], 2), found.column
    (-2.0, 'pvalue, with the sign of logFC')
    """
    if plan.name is None or not plan.symbols:
        return None
    at = plan.name.number
    statistic, p = plan.beside.get("statistic"), plan.beside.get("p")
    change = next((one for one in plan.values if one.role in ("log2", "ln", "log10", "ddct", "ratio")), None)
    found: dict[str, list[float]] = {}
    if statistic is not None:
        for _, cells in sheet.rows:
            _put(found, cells[at], _number(cells[statistic.number]))
        return GeneStatistics(_means(found), statistic.header)
    if p is None or change is None:
        return None
    inverse = NormalDist().inv_cdf
    middle = 1.0 if change.role == "ratio" else 0.0
    for _, cells in sheet.rows:
        size, chance = _number(cells[change.number]), _number(cells[p.number])
        if size is None or chance is None or not 0 <= chance <= 1:
            continue
        z = -inverse(max(chance, SMALLEST) / 2)
        up = (size > middle) != (change.role == "ddct")
        _put(found, cells[at], 0.0 if size == middle else z if up else -z)
    return GeneStatistics(_means(found), f"{p.header}, with the sign of {change.header}")


def _put(found: dict[str, list[float]], name: str, value: float | None) -> None:
    if name and value is not None:
        found.setdefault(name, []).append(value)


def _means(found: Mapping[str, list[float]]) -> dict[str, float]:
    return {name: sum(values) / len(values) for name, values in found.items()}


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        try:
            found = float(text.replace(",", ".").replace("\N{MINUS SIGN}", "-"))
        except ValueError:
            return None
    return found if isfinite(found) else None
