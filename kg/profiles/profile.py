"""A patient's profile: measured cytokines with their comparator, here from a stored case.

:mod:`kg.profiles.assembly` makes one of a file that a user wrote, and is loaded where there is one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import log2
from typing import TYPE_CHECKING

from kg.calculus.mechanism import DEFAULT, Settings
from kg.calculus.signals import REPORTED, Direction, Measured, Reported, from_parts, weight
from kg.model.errors import Place, Problem, Problems
from kg.sparql.graph import OpenGraph

if TYPE_CHECKING:
    from kg.profiles.found import Found
    from kg.profiles.understood import Understood

_WORDS = {word.replace(" ", ""): reported for word, reported in REPORTED.items()}
"""Local name of a direction, in lower case -> its word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredCytokine:
    """One measured cytokine. ``ratio`` is None where only a direction was reported.

    ``adjusted_p`` is None where no significance was stated. ``parts`` names
    the parts whose lower ratio a complex has.

    >>> il21 = MeasuredCytokine(cytokine="il21", label="IL-21", input="IL21", ratio=Decimal(4), jak="yes")
    >>> il21.direction(), il21.direction(Settings(raised=Decimal(5))), il21.log2, il21.weight()
    ('raised', 'unchanged', 2.0, 2.0)
    >>> tnf = MeasuredCytokine(cytokine="tnf", label="TNF", input="TNF", reported="raised", jak="no")
    >>> tnf.direction(), tnf.counts, tnf.log2, tnf.weight()
    ('raised', False, None, None)
    """

    cytokine: str
    label: str
    input: str
    jak: str
    ratio: Decimal | None = None
    reported: Reported | None = None
    note: str | None = None
    adjusted_p: Decimal | None = None
    parts: tuple[str, ...] = ()

    @property
    def measured(self) -> Measured:
        """Its value, as the calculus takes it."""
        return Measured(self.ratio, self.reported, self.adjusted_p, self.parts)

    def direction(self, settings: Settings = DEFAULT) -> Direction:
        """Return the direction of the ratio, or the reported one; not significant where that is stated."""
        return self.measured.direction(raised=settings.raised, fdr=settings.fdr)

    def is_raised(self, settings: Settings = DEFAULT) -> bool:
        """Return whether it is raised and counts in a score."""
        return self.counts and self.direction(settings) == "raised"

    @property
    def counts(self) -> bool:
        """Return whether it can count in a score: not if it signals without a JAK or is a part of a complex."""
        return self.jak not in ("no", "part")

    @property
    def log2(self) -> float | None:
        """Return log2 of the ratio."""
        return None if self.ratio is None else log2(self.ratio)

    def weight(self, settings: Settings = DEFAULT) -> float | None:
        """Return the weight in the score, None where it is excluded from it."""
        return weight(self.ratio) if self.is_raised(settings) else None


def weights(raised: Iterable[MeasuredCytokine], settings: Settings = DEFAULT) -> dict[str, float]:
    """Return the weight of each of some cytokines that count as raised; AssertionError for one that does not.

    >>> il21 = MeasuredCytokine(cytokine="il21", label="IL-21", input="IL21", ratio=Decimal(4), jak="yes")
    >>> weights([il21])
    {'il21': 2.0}
    """
    found = {}
    for signal in raised:
        weight = signal.weight(settings)
        assert weight is not None  # noqa: S101 - only raised signals are ranked
        found[signal.cytokine] = weight
    return found


@dataclass(frozen=True, slots=True)
class Profile:
    """The measured cytokines of one patient or group, all against one comparator (None where nothing was measured).

    >>> tnf = MeasuredCytokine(cytokine="tnf", label="TNF", input="TNF", reported="raised", jak="no")
    >>> Profile("a.csv", None, "own-baseline", "own baseline", (tnf,)).not_measured
    ()
    """

    title: str
    case: str | None
    comparator: str | None
    comparator_label: str | None
    signals: tuple[MeasuredCytokine, ...]
    not_measured: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    understood: "Understood | None" = field(default=None, compare=False)
    """How the file was understood, None for a stored case."""
    table: "Found | None" = field(default=None, compare=False, repr=False)
    """The whole table behind it, for what its other genes say."""

    @property
    def nothing(self) -> str:
        """Why nothing is ranked where it has no signal."""
        what = "Nothing was measured"
        if any("say different things" in note for note in self.notes):
            what = f"No value counts: rows of {self.not_measured[0]} say different things"
        return f"{what}: no signal is known to be raised, and nothing is ranked."


def of_case(graph: OpenGraph, case: str) -> Profile:
    """Return the profile of a stored case; Problems where it is not known or has different comparators.

    >>> import kg
    >>> [(s.label, str(s.ratio), s.direction()) for s in of_case(kg.open(), "khurana-2025-1").signals]
    [('IFN-gamma', '0.08', 'lowered'), ('IL-15', '0.96', 'unchanged'), ('IL-21', '2.33', 'raised')]
    """
    rows = graph.rows("measurements_of_case", case=case)
    comparators = {(row["comparator"], row["comparatorLabel"]) for row in rows}
    if len(comparators) > 1:
        labels = ", ".join(sorted(label for _, label in comparators))
        what = f"the case was measured against different comparators ({labels})"
        raise Problems([Problem(Place(case), what, "write a file with the measurements against one of them")])
    comparator, label = next(iter(comparators), (None, None))
    notes = {row["comparator"]: row["note"] for row in graph.rows("comparators")}
    signals = tuple(
        MeasuredCytokine(
            cytokine=row["cytokine"],
            label=row["label"],
            input=row["label"],
            ratio=row["ratio"],
            reported=_WORDS[row["reportedDirection"].lower()] if row["reportedDirection"] else None,
            jak=row["jak"],
            note=row["note"],
            adjusted_p=row["adjustedP"],
        )
        for row in rows
    )
    said = notes.get(comparator)
    about = (f"Compared with {label}: {said}.",) if said else ()
    signals, from_their_parts = complexes(graph, signals)
    return Profile(case, case, comparator, label, signals, (), (*about, *from_their_parts))


def complexes(
    graph: OpenGraph, signals: Sequence[MeasuredCytokine]
) -> tuple[tuple[MeasuredCytokine, ...], tuple[str, ...]]:
    """Return signals with the complexes that their parts give, by name, and notes on these.

    >>> import kg
    >>> parts = [
    ...     MeasuredCytokine(cytokine=name, label=name, input=name, ratio=Decimal(ratio), jak="part")
    ...     for name, ratio in (("il12b", 4), ("il23a", 2))
    ... ]
    >>> [(one.cytokine, str(one.ratio), one.parts) for one in complexes(kg.open(), parts)[0] if one.parts]
    [('il23', '2', ('il12b', 'il23a'))]
    """
    measured = {signal.cytokine: signal.measured for signal in signals}
    made = dict(from_parts(graph.mechanism.parts, measured))
    if not made:
        return tuple(signals), ()
    known = {row["thing"]: row for row in graph.rows("names_of_cytokines")}
    labels = {signal.cytokine: signal.label for signal in signals}
    found, notes = list(signals), []
    for name, one in made.items():
        label, jak = known[name]["label"], known[name]["jak"]
        found.append(
            MeasuredCytokine(
                cytokine=name,
                label=label,
                input=label,
                ratio=one.ratio,
                jak=jak,
                adjusted_p=one.q,
                parts=one.parts,
            )
        )
        parts = " and ".join(labels[part] for part in one.parts)
        notes.append(f"{label} from its parts: the lower ratio of {parts}.")
    shared = sorted({labels[part] for part in labels if sum(part in one.parts for one in made.values()) > 1})
    notes += [f"{part} is a part of several of these complexes: one value stands for each." for part in shared]
    return tuple(sorted(found, key=lambda signal: signal.cytokine)), tuple(notes)
