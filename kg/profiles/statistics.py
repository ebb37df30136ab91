"""The statistic of each gene of a table, from the columns that it has: what the activity of a footprint is read from.

The first of these that a table has is taken, for all of its rows:

1. a signed statistic (t, z, Wald, score);
2. the p value as a z with the sign of log2: ``sign(log2) * isf(p / 2)`` of the normal distribution;
3. log2 of the fold change divided by its standard error, which is a Wald statistic, unless log2 was shrunken;
4. log2 of the fold change alone, which ranks and cannot be tested.

An adjusted p value is none of them: it is in the order of p and no longer has its distribution, and most genes share
the value 1. A statistic that is never negative (an F, a likelihood ratio) has no direction and is passed over.

>>> found = of_columns(["STAT1", "KRT16", "ACTB"], log2=[1.0, -2.0, 0.0], p=[0.05, 0.001, 1.0])
>>> {gene: round(value, 2) for gene, value in found.values.items()}
{'STAT1': 1.96, 'KRT16': -3.29, 'ACTB': 0.0}
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import copysign, isfinite
from statistics import NormalDist
from typing import Final, Literal

SMALLEST: Final = 1e-300
"""No p value is taken as less, a z of 37; one of 0, which a program could not print, as the smallest one above 0."""
UNTESTED: Final = "the table has no statistic and no unadjusted p value, and fold changes alone have no error"
Source = Literal["statistic", "log2 / standard error", "p value", "log2"]
Column = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Gene -> statistic, signed and finite; which columns it is from; what was done on the way."""

    values: Mapping[str, float]
    source: Source
    notes: tuple[str, ...] = ()

    @property
    def untested(self) -> str:
        """Why it has no known error, "" where it has one.

        >>> Statistics({}, "p value").untested
        ''
        """
        return UNTESTED if self.source == "log2" else ""


def of_columns(
    genes: Sequence[str],
    *,
    statistic: Column | None = None,
    log2: Column | None = None,
    error: Column | None = None,
    p: Column | None = None,
    named: Callable[[str], str] = str,
) -> Statistics | None:
    """Return the statistic of each gene from the columns of a table, None where they give none.

    Columns are as long as ``genes``; None and NaN are no value. ``named`` gives a gene the name that footprints have
    for it. A gene in several rows gets their mean, which favours none. AssertionError for an infinite value or a p
    beyond 0 to 1.

    >>> of_columns(["A", "B"], log2=[1.5, None])
    Statistics(values={'A': 1.5}, source='log2', notes=('1 row has no value.',))
    >>> of_columns(["A", "A"], statistic=[1.0, -4.0]).notes
    ('1 gene stands in several rows: the mean of its statistics is taken.',)
    """
    notes: list[str] = []
    statistic = _usable(statistic, log2, notes)
    source: Source
    values: Column
    if statistic is not None:
        source, values = "statistic", statistic
    elif log2 is None:
        return None
    elif p is not None and any(value is not None for value in p):
        least = max(min((value for value in p if value), default=SMALLEST), SMALLEST)
        source, values = "p value", [_signed(one, other, least) for one, other in zip(log2, p, strict=True)]
        if zeros := sum(value == 0 for value in p):
            many = f"{zeros:,} p value{'s are' if zeros > 1 else ' is'} 0"
            notes.append(f"{many}, taken as {least:g}, the smallest one above 0.")
    elif error is not None and any(error):
        source, values = "log2 / standard error", [_ratio(*pair) for pair in zip(log2, error, strict=True)]
    else:
        source, values = "log2", log2
    sums: dict[str, list[float]] = {}
    for gene, value in zip(genes, values, strict=True):
        if value is not None and value == value:
            sums.setdefault(named(gene), []).append(value)
    kept = sum(map(len, sums.values()))
    assert all(map(isfinite, (value for one in sums.values() for value in one))), "infinite"  # noqa: S101 - refused before
    if lost := len(genes) - kept:
        notes.append(f"{lost:,} row{'s have' if lost > 1 else ' has'} no value.")
    if twice := sum(len(one) > 1 for one in sums.values()):
        many, their = (f"{twice:,} genes stand", "their") if twice > 1 else ("1 gene stands", "its")
        notes.append(f"{many} in several rows: the mean of {their} statistics is taken.")
    return Statistics({gene: sum(one) / len(one) for gene, one in sums.items()}, source, tuple(notes)) if sums else None


def _usable(statistic: Column | None, log2: Column | None, notes: list[str]) -> Column | None:
    """Return the statistic where it has a direction, and that of the fold changes; a note says why not."""
    if statistic is None or (log2 is not None and _opposed(statistic, log2)):
        if statistic is not None:
            notes.append("The statistic and the fold change have opposite signs in most rows: it is not used.")
        return None
    if any(value is not None and value < 0 for value in statistic):
        return statistic
    if any(value is not None and value > 0 for value in statistic):
        notes.append("The statistic is never negative, so it has no direction (an F or a likelihood ratio?): not used.")
    return None


def _opposed(statistic: Column, log2: Column) -> bool:
    """Whether most genes go up by one column and down by the other."""
    signs = [one > 0 if other > 0 else one < 0 for one, other in zip(statistic, log2, strict=True) if one and other]
    return 2 * sum(signs) < len(signs)


def _ratio(log2: float | None, error: float | None) -> float | None:
    return log2 / error if log2 is not None and error else None


def _signed(log2: float | None, p: float | None, least: float) -> float | None:
    if log2 is None or p is None or log2 != log2 or p != p:
        return None
    assert 0 <= p <= 1, p  # noqa: S101 - its reader refuses it
    size = -_NORMAL.inv_cdf(max(p, least) / 2)
    return copysign(size, log2) if log2 else 0.0


_NORMAL: Final = NormalDist()
