"""Derived bounds: a selectivity ratio, with the value that it is over, is an interval on the other kinase.

The base is a comparable value of the same source, or of one that this source cites in ``reference_links.tsv``.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg.facts.tables import Potency, ReferenceLink
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
