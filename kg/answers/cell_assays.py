"""Direct evidence from cells, beside the calculus and never in it, and whether the two agree.

A rank *agrees* where the calculus puts the blockades of the two drugs in the same order, *contradicts* it where in the
opposite one, and is *indistinguishable* where their intervals overlap; "similar" agrees where they are the same and
contradicts where they are apart. "Inhibits" agrees with a blockade surely above 0 and contradicts one that is 0, and
"does not inhibit" the other way round. Numbers are not compared: an EC50 in blood is no IC50 of an enzyme.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
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
    rank: bool
    agreement: Agreement

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


def findings(graph: OpenGraph, table: m.Mechanism, settings: m.Settings = m.DEFAULT) -> list[Finding]:
    """Return every finding in cells with its agreement with the calculus.

    >>> import kg
    >>> store = kg.open()
    >>> all(found.source for found in findings(store, store.mechanism))
    True
    """

    def blockade(drug: str, cytokine: str) -> m.Interval:
        return m.blocked(table.drugs[drug], table.signal(cytokine), settings).blockade

    found = []
    for row in graph.rows("drugs_in_cells"):
        drug, other, cytokine = row["inhibitor"], row["other"], row["cytokine"]
        second = blockade(other, cytokine) if other else (0.0, 0.0)
        number = f"{row['measure']} {'' if row['relation'] == '=' else row['relation']}{row['value']} nM"
        says = f"{row['says']} {other}" if other else row["says"] or number
        stands = agreement(row["says"], blockade(drug, cytokine), second)
        source = row["citation"].partition(",")[0]
        label, quote = row["cytokineLabel"], row["quote"]
        found.append(Finding(drug, cytokine, label, says, source, quote, bool(other), stands))
    return found


def ranks(found: Iterable[Finding]) -> str:
    """Return in one sentence how the ranks in cells stand to the calculus, which was not tuned on them.

    >>> ranks([])
    'Ranks of drugs in cells against the calculus: 0 agree, 0 contradict, 0 are indistinguishable.'
    """
    counted = Counter(finding.agreement for finding in found if finding.rank)
    return (
        f"Ranks of drugs in cells against the calculus: {counted['agrees']} agree, "
        f"{counted['contradicts']} contradict, {counted['indistinguishable']} are indistinguishable."
    )
