"""Direct evidence from cells, beside the calculus and never in it, and whether the two agree.

A rank *agrees* where the calculus puts the blockades of the two drugs in the same order, *contradicts* it where in the
opposite one, and is *indistinguishable* where their intervals overlap; "similar" agrees where they are the same and
contradicts where they are apart. "Inhibits" agrees with a blockade surely above 0 and contradicts one that is 0, and
"does not inhibit" the other way round. Numbers are not compared: an EC50 in blood is no IC50 of an enzyme.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from math import log2
from typing import Literal

from kg import calculus as m
from kg.sparql.graph import OpenGraph

Agreement = Literal["agrees", "contradicts", "indistinguishable", "not compared"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one source says that a drug did to the signal of a cytokine in cells."""

    drug: str
    cytokine: str
    label: str
    says: str
    source: str
    quote: str | None
    other: str | None
    """The drug that it is compared with, None where it is not."""
    agreement: Agreement
    baseline: Agreement = "not compared"
    """How the finding stands to the trivial rule: the drug with the lower IC50 on JAK1 blocks every cytokine more."""
    repeated: bool = False
    """Whether the same comparison is told of the same data by the reference that this one repeats."""

    def __str__(self) -> str:
        stands = {
            "agrees": "the calculus agrees",
            "contradicts": "the calculus contradicts it",
            "indistinguishable": "the calculus does not tell them apart",
            "not compared": "a number in cells, not compared",
        }[self.agreement]
        return f"{self.drug}: {self.says}, on {self.label} ({self.source}); {stands}"


def agreement(says: str | None, first: m.Interval, second: m.Interval = (0.0, 0.0)) -> Agreement:
    """Return how a rank or statement stands to the blockades of the drug and of the one that it is compared with.

    >>> agreement("more potent than", (1.0, 1.0), (0.5, 0.5)), agreement("similar to", (1.0, 1.0), (0.5, 0.5))
    ('agrees', 'contradicts')
    """
    if says == "more potent than":
        return "agrees" if first[0] > second[1] else "contradicts" if first[1] < second[0] else "indistinguishable"
    if says == "similar to":
        apart = first[0] > second[1] or first[1] < second[0]
        return "contradicts" if apart else "agrees" if first == second else "indistinguishable"
    if says == "inhibits":
        return "agrees" if first[0] > 0 else "contradicts" if first[1] == 0 else "indistinguishable"
    if says == "does not inhibit":
        return "agrees" if first[1] == 0 else "contradicts" if first[0] > 0 else "indistinguishable"
    return "not compared"


def findings(
    graph: OpenGraph, table: m.Mechanism, settings: m.Settings = m.DEFAULT, *, on: Container[str] | None = None
) -> list[Finding]:
    """Return every finding in cells, or those on some cytokines, with its agreement with the calculus.

    >>> import kg
    >>> store = kg.open()
    >>> all(found.source for found in findings(store, store.mechanism))
    True
    """

    def blockade(drug: str, cytokine: str) -> m.Interval:
        return m.blocked(table.drugs[drug], table.signal(cytokine), settings).blockade

    found = []
    rows = graph.rows("drugs_in_cells")
    told = {(row["source"], row["inhibitor"], row["other"], row["cytokine"]) for row in rows}
    repeats = [
        (row["reference"], row["other"]) for row in graph.rows("dependent_references") if row["how"] == "repeats"
    ]
    for row in rows:
        drug, other, cytokine = row["inhibitor"], row["other"], row["cytokine"]
        if on is not None and cytokine not in on:
            continue
        second = blockade(other, cytokine) if other else (0.0, 0.0)
        number = f"{row['measure']} {'' if row['relation'] == '=' else row['relation']}{row['value']} nM"
        says = f"{row['says']} {other}" if other else row["says"] or number
        stands = agreement(row["says"], blockade(drug, cytokine), second)
        source = row["citation"].partition(",")[0]
        label, quote = row["cytokineLabel"], row["quote"]
        repeated = any((first, drug, other, cytokine) in told for copy, first in repeats if copy == row["source"])
        found.append(
            Finding(
                drug=drug, cytokine=cytokine, label=label, says=says, source=source, quote=quote, other=other,
                agreement=stands, baseline=_by_jak1(row["says"], table.drugs[drug], table.drugs.get(other)),
                repeated=repeated,
            )
        )  # fmt: skip
    return found


def _by_jak1(says: str | None, drug: m.Drug, other: m.Drug | None) -> Agreement:
    """Return how a rank stands to the lowest comparable IC50 of each drug on JAK1; within 2-fold they are the same."""
    if other is None:
        return "not compared"
    ends = [[float(row.high) for row in one.compared("jak1") if row.high] for one in (drug, other)]
    if not all(ends):
        return "indistinguishable"
    first, second = (-log2(min(values)) for values in ends)
    if abs(first - second) <= 1:
        second = first
    return agreement(says, (first, first), (second, second))


def ranks(found: Iterable[Finding]) -> Iterator[str]:
    """Yield how the ranks in cells stand to the calculus, which was not tuned on them, beside a trivial rule.

    A comparison that two references tell of one data set counts once.

    >>> next(ranks([]))
    'Ranks of drugs in cells against the calculus: 0 agree, 0 contradict, 0 are indistinguishable.'
    """
    ranked = [finding for finding in found if finding.other and not finding.repeated]
    yield f"Ranks of drugs in cells against the calculus: {_counted(finding.agreement for finding in ranked)}."
    yield (
        "Against a trivial rule, that the drug with the lower IC50 on JAK1 blocks every cytokine more and drugs within "
        f"2-fold are the same: {_counted(finding.baseline for finding in ranked)}."
    )
    last = Counter(finding.other for finding in ranked if finding.says.startswith("more potent")).most_common(1)
    for drug, count in last:
        yield (
            f"The ranks are of few drugs and not independent: to call {drug} the less potent without any calculus "
            f"agrees with {count} of the {len(ranked)}. They cannot show that the calculus is right."
        )


def _counted(found: Iterable[Agreement]) -> str:
    counted = Counter(found)
    return (
        f"{counted['agrees']} agree, {counted['contradicts']} contradict, "
        f"{counted['indistinguishable']} are indistinguishable"
    )
