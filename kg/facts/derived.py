"""Derived bounds: a selectivity ratio, with the value that it is over, is an interval on the other kinase.

The base is a comparable value of the same source, or of one that this source cites in ``reference_links.tsv``.
And values of one source that are far apart: most are a slip of a unit.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kg.facts.tables import Disagreement, Potency, ReferenceLink
from kg.model.errors import Place, Problem


@dataclass(frozen=True, slots=True)
class Bound:
    """An interval in nM on the kinase of a ratio: closed ends, None where it is open; its relation is the ratio's."""

    ratio: Potency
    base: Potency
    low: Decimal | None
    high: Decimal | None

    @property
    def reported(self) -> str:
        """The interval as a table of potencies would print it.

        >>> row = Potency(inhibitor="x", kinase="jak3", measure="fold selectivity", relation=">", value="340",
        ...               unit="fold", domain="JH1", species="human", obtained_from="y", status="verified")
        >>> Bound(row, row, Decimal(9860), None).reported
        '9860'
        """
        ends = [f"{end:f}" for end in (self.low, self.high) if end is not None]
        return "..".join(dict.fromkeys(ends))


def bounds(potency: Iterable[Potency], links: Iterable[ReferenceLink]) -> Iterator[Bound]:
    """Yield the bound of each ratio that names its base, where the base is found.

    >>> common = {"inhibitor": "x", "domain": "JH1", "species": "human", "obtained_from": "y", "status": "verified"}
    >>> base = Potency(kinase="jak1", measure="IC50", relation="=", value="29", unit="nM", **common)
    >>> ratio = Potency(kinase="jak3", measure="fold selectivity", relation=">", value="340", unit="fold",
    ...                 over_kinase="jak1", base="29", **common)
    >>> [(bound.low, bound.high) for bound in bounds([base, ratio], [])]
    [(Decimal('9860'), None)]
    """
    rows, cited = list(potency), _cited(links)
    for ratio in rows:
        if ratio.base and (base := _base(ratio, rows, cited)):
            (low, high), (least, most) = ratio.interval(), base.interval()
            yield Bound(
                ratio,
                base,
                low * least if low is not None and least is not None else None,
                high * most if high is not None and most is not None else None,
            )


def problems(
    potency: Iterable[Potency], links: Iterable[ReferenceLink], place: Callable[[Potency], Place]
) -> Iterator[Problem]:
    """Yield a problem for each ratio whose base is neither of its source nor of one that this source cites.

    >>> ratio = Potency(inhibitor="x", kinase="jak3", measure="fold selectivity", relation=">", value="340",
    ...                 unit="fold", over_kinase="jak1", base="29", domain="JH1", species="human",
    ...                 obtained_from="y", status="verified")
    >>> [str(problem) for problem in problems([ratio], [], lambda _: Place("potency.tsv", 5))]  # doctest: +ELLIPSIS
    ['potency.tsv:5: base 29 is no IC50 of x on jak1 in y, nor in a reference that it cites: ...']
    """
    rows, cited = list(potency), _cited(links)
    for ratio in rows:
        if ratio.base and not _base(ratio, rows, cited):
            sources = ", ".join(sorted(_sources(ratio)))
            what = (
                f"base {ratio.base} is no IC50 of {ratio.inhibitor} on {ratio.over_kinase} in {sources}, "
                "nor in a reference that it cites"
            )
            yield Problem(place(ratio), what, "add that row, or the link to its reference in reference_links.tsv")


FAR: Final = 10
"""Two values of one source for the same drug, kinase, domain and measure may differ by this factor at most."""


def apart(
    potency: Iterable[Potency], disagreements: Iterable[Disagreement], place: Callable[[Potency], Place]
) -> Iterator[Problem]:
    """Yield a problem for each two values of one source that are more than 10-fold apart and not explained.

    They are explained by a row of ``disagreements.tsv`` about the drug and the kinase of which the sides say the two
    values. A reference is one source, and so is what was read in one place without a reference.

    >>> row = Potency(inhibitor="x", kinase="jak1", measure="IC50", relation="=", value="15", unit="nM", domain="JH1",
    ...               species="human", reference="y", obtained_from="z", status="verified")
    >>> other = row.model_copy(update={"value": "3500"})
    >>> [problem.what for problem in apart([row, other], [], lambda _: Place("potency.tsv", 5))]
    ['3500 here and 15 at potency.tsv:5 are of one source, y, and 233-fold apart']
    """
    explained = [
        (set(row.about), set(re.findall(r"\d+(?:\.\d+)?", f"{row.first_says} {row.second_says}")))
        for row in disagreements
    ]
    groups: dict[tuple[object, ...], list[Potency]] = {}
    for row in potency:
        key = (row.inhibitor, row.kinase, row.measure, row.domain, row.over_kinase)
        for other in groups.setdefault(key, []):
            source, fold = _sources(row) & _sources(other), _fold(row, other)
            ends = {end for one in (row, other) for end in (one.value or "").split("..")}
            known = any({row.inhibitor, row.kinase} <= about and ends <= said for about, said in explained)
            if source and fold > FAR and not known and "dog" not in (row.species, other.species):
                names = ", ".join(sorted(source))
                what = f"{row.value} here and {other.value} at {place(other)} are of one source, {names}"
                remedy = "fix the value or its unit, or explain both in a row of disagreements.tsv"
                yield Problem(place(row), f"{what}, and {fold:.0f}-fold apart", remedy)
        groups[key].append(row)


def _fold(row: Potency, other: Potency) -> Decimal:
    """Return by what factor two values differ at least; 1 where they can be the same."""
    (low, high), (least, most) = row.interval(), other.interval()
    gaps = [above / below for above, below in ((low, most), (least, high)) if above is not None and below is not None]
    return max(gaps, default=Decimal(1))


def _sources(row: Potency) -> set[str]:
    return set(row.reference or row.obtained_from)


def _cited(links: Iterable[ReferenceLink]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for link in links:
        if link.relation == "repeats":
            found.setdefault(link.reference, set()).add(link.other)
    return found


def _base(ratio: Potency, rows: Iterable[Potency], cited: dict[str, set[str]]) -> Potency | None:
    mine = _sources(ratio)
    near = mine | {other for source in mine for other in cited.get(source, ())}
    for row in rows:
        same = (row.inhibitor, row.kinase, row.value) == (ratio.inhibitor, ratio.over_kinase, ratio.base)
        fits = row.measure == "IC50" and row.relation == "=" and row.status == "verified" and row.species == "human"
        if same and fits and _sources(row) & near:
            return row
    return None
