"""The evidence model: what the pieces of evidence on a claim, and a curator's decision, amount to.

Evidence from loss of a kinase goes before all other, and among it cells of patients before human cell lines, these
before other species: the best level that speaks decides alone.

>>> status([Piece("supports"), Piece("refutes")]), status([Piece("supports"), Piece("inconclusive")])
('Disputed', 'Accepted')
>>> status([Piece("supports"), Piece("refutes", "cells of patients"), Piece("supports", "other species")])
'Refuted'
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from kg.model.vocabulary import curie

Status = Literal["Accepted", "Disputed", "Refuted", "Open"]
Level = Literal["", "other species", "human cell line", "cells of patients"]
LEVELS: Final[tuple[Level, ...]] = ("", "other species", "human cell line", "cells of patients")
"""In what a kinase was lost, "" where evidence is not from loss; the later decides before the earlier."""
BY_WORD: Final = {str(level): level for level in LEVELS}
"""Word, as the facts and the graph have it -> level."""
Loss = Literal["complete", "partial", "activity"]
"""How a kinase was lost: null or knock-out; hypomorph or knock-down; of kinase activity only."""
Effect = Literal["abolished", "impaired", "unchanged"]
"""What became of the signal."""


STRENGTHS: Final = (
    "a sentence in a report on something else",
    "a review",
    "a curated database",
    "binding, phosphorylation or another experiment",
    "loss in other species",
    "loss in a human cell line",
    "loss in cells of patients",
)
"""What evidence rests on, the weaker first: section 4 of the design, where evidence from loss follows its levels."""
AUTHORS_SAY: Final = frozenset({"obo:ECO_0000033", "obo:ECO_0000034", "obo:ECO_0000204", "obo:ECO_0006016"})
"""The methods by which the authors state a thing and do not show it."""
DISPLACED: Final = "a measured value displaces it"
"""Why a bound that is derived from a selectivity ratio is not comparable where a comparable value was measured."""
READ: Final = frozenset({"obo:ECO_0007645", "obo:ECO_0007759"})
"""The methods by which a curator infers it from a publication or a database: what that is says how it was shown."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The stance of a piece of evidence, and in what the kinase was lost where it is from loss."""

    stance: str
    lost_in: Level = ""

    @property
    def speaks(self) -> bool:
        """Whether it says yes or no.

        >>> Piece("inconclusive").speaks
        False
        """
        return self.stance in ("supports", "refutes")


def deciding(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the pieces that decide: those of the best level at which some piece speaks; none where none does.

    >>> deciding([Piece("supports"), Piece("inconclusive", "cells of patients")])
    [Piece(stance='supports', lost_in='')]
    """
    speaking = [piece for piece in pieces if piece.speaks]
    best = max((LEVELS.index(piece.lost_in) for piece in speaking), default=0)
    return [piece for piece in speaking if LEVELS.index(piece.lost_in) == best]


def status(pieces: Iterable[Piece], decision: bool | None = None) -> Status:
    """Return the status of a claim from its evidence and from the decision to accept it, if one was taken.

    Without a decision a claim is accepted where some of the evidence that decides supports it and none refutes it.

    >>> status([]), status([Piece("refutes")]), status([Piece("supports")], decision=False)
    ('Open', 'Refuted', 'Refuted')
    """
    if decision is not None:
        return "Accepted" if decision else "Refuted"
    found = {piece.stance for piece in deciding(pieces)}
    if len(found) == 2:
        return "Disputed"
    return "Accepted" if "supports" in found else "Refuted" if found else "Open"


def by_loss(pieces: Iterable[Piece]) -> bool:
    """Return whether evidence from loss supports a claim: a need without it stands on databases only.

    >>> by_loss([Piece("supports"), Piece("supports", "other species")]), by_loss([Piece("supports")])
    (True, False)
    """
    return any(piece.stance == "supports" and piece.lost_in for piece in deciding(pieces))


def stance_of_loss(relation: str, loss: str, effect: str) -> str:
    """Return the stance that evidence from loss has on whether a receptor needs or uses a kinase.

    Only complete loss decides what is left: abolished supports the need, impaired refutes it and supports the use,
    unchanged refutes both. Loss in part, or of activity, only ever supports a need. KeyError for another relation.

    >>> stance_of_loss("needs", "complete", "impaired"), stance_of_loss("uses", "complete", "impaired")
    ('refutes', 'supports')
    >>> stance_of_loss("needs", "activity", "unchanged")
    'inconclusive'
    """
    if effect == "abolished":
        return {"needs": "supports", "uses": "inconclusive"}[relation]
    if loss != "complete":
        return "inconclusive"
    return {"needs": "refutes", "uses": "supports" if effect == "impaired" else "refutes"}[relation]


def strength(kind: str, *, method: str, lost_in: Level = "", design: str | None = None) -> int:
    """Return the place of evidence in ``STRENGTHS``: where one source is shown for a claim, the highest is.

    ``kind`` is that of the reference, ``method`` a term of ECO as ``curie`` gives it, and ``design`` that of a report
    of cases, whose statement on a receptor is beside its matter unless its own method is an experiment.

    >>> STRENGTHS[strength("database", method="obo:ECO_0007759")]
    'a curated database'
    >>> STRENGTHS[strength("article", method="obo:ECO_0007645", lost_in="other species")]
    'loss in other species'
    >>> STRENGTHS[strength("article", method="obo:ECO_0007645", design="case report")]
    'a sentence in a report on something else'
    """
    if lost_in:
        return STRENGTHS.index("loss in other species") - 1 + LEVELS.index(lost_in)
    if kind in ("review", "database"):
        return 1 if kind == "review" else 2
    shown = kind in ("article", "preprint") and design is None and method not in AUTHORS_SAY
    return 3 if shown or method not in AUTHORS_SAY | READ else 0


def worth(row: Mapping[str, Any]) -> tuple[int, bool, bool]:
    """Return what orders the evidence on one claim, the highest to be shown: strength, of people, with a quote.

    ``row`` is a row of a question that has ``kind``, ``design``, ``method``, ``lostIn``, ``species`` and ``quote``.

    >>> import kg
    >>> behind = [row for row in kg.open().rows("evidence_on_routes") if row["about"] == "il21-receptor"]
    >>> max(behind, key=worth)["lostIn"]
    'cells of patients'
    """
    lost_in = BY_WORD[row["lostIn"] or ""]
    place = strength(row["kind"], method=curie(row["method"]), lost_in=lost_in, design=row["design"])
    return place, row["species"] == "human", bool(row["quote"])
