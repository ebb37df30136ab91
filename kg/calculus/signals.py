"""What counts as raised, and how much it weighs: from a ratio to a direction and a weight; complexes from their parts.

>>> direction(Decimal("2.33"), None), weight(Decimal(4))
('raised', 2.0)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import log2
from typing import Final, Literal

RAISED: Final = Decimal("1.5")
"""Ratio: at or above it a cytokine is raised, at or below its inverse lowered."""
FDR: Final = Decimal("0.05")
"""Adjusted p value: a stated one above it makes a difference not significant."""
HEAVIEST: Final = 6.0
"""log2 ratio: no cytokine weighs more, because extreme ratios come from denominators near zero."""
NEAR: Final = Decimal("1.25")
"""Fold: a ratio that is no farther from the cut-off than this is said to be near it."""

Direction = Literal["raised", "lowered", "unchanged", "not significant"]
Reported = Literal["raised", "lowered", "unchanged", "not significant"]
REPORTED: Final[Mapping[str, Reported]] = {
    "raised": "raised", "lowered": "lowered", "unchanged": "unchanged", "not significant": "not significant",
}  # fmt: skip
"""Word, as data has it -> direction that a report gives."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a cytokine: its ratio to the comparator, or the reported direction, and the adjusted p.

    ``q`` is None where no significance was stated. ``parts`` names the parts whose values a complex has.
    """

    ratio: Decimal | None
    reported: Reported | None = None
    q: Decimal | None = None
    parts: tuple[str, ...] = ()

    def direction(self, *, raised: Decimal = RAISED, fdr: Decimal = FDR) -> Direction:
        """Return the direction of the ratio, or the reported one.

        It is not significant where that is reported or ``q`` is above ``fdr``. ``raised`` is a ratio. AssertionError
        where there is neither ratio nor report.

        >>> Measured(Decimal(3)).direction(), Measured(Decimal(3), q=Decimal("0.2")).direction()
        ('raised', 'not significant')
        >>> Measured(Decimal(3), "not significant").direction()
        'not significant'
        """
        if self.significant(fdr=fdr) is False or self.reported == "not significant":
            return "not significant"
        return direction(self.ratio, self.reported, raised=raised)

    def significant(self, *, fdr: Decimal = FDR) -> bool | None:
        """Return whether the difference is significant; None where nothing is stated.

        >>> Measured(Decimal(3)).significant(), Measured(Decimal(3), q=Decimal("0.05")).significant()
        (None, True)
        """
        return None if self.q is None else self.q <= fdr


def direction(ratio: Decimal | None, reported: str | None, *, raised: Decimal = RAISED) -> Reported:
    """Return whether a cytokine is raised, lowered or unchanged: by its ratio, or as reported where it has none.

    KeyError where it has neither.

    >>> [direction(Decimal(ratio), None) for ratio in ("2.33", "0.08", "0.96")]
    ['raised', 'lowered', 'unchanged']
    >>> direction(Decimal("0.96"), "lowered"), direction(None, "Raised")
    ('unchanged', 'raised')
    """
    if ratio is None:
        return REPORTED[str(reported).lower()]
    if ratio >= raised:
        return "raised"
    return "lowered" if ratio * raised <= 1 else "unchanged"


def weight(ratio: Decimal | None) -> float:
    """Return the weight of a raised cytokine: its log2 ratio, at most 6; 1 without a number.

    >>> weight(Decimal(4)), weight(Decimal(1000)), weight(None)
    (2.0, 6.0, 1.0)
    """
    return 1.0 if ratio is None else min(log2(ratio), HEAVIEST)


def near(ratio: Decimal | None, *, raised: Decimal = RAISED) -> bool:
    """Return whether a ratio is within 1.25-fold of the cut-off, on either side.

    >>> near(Decimal("1.3")), near(Decimal("1.875")), near(Decimal("2.33")), near(None)
    (True, True, False, False)
    """
    return ratio is not None and raised <= ratio * NEAR and ratio <= raised * NEAR


def from_parts(
    complexes: Mapping[str, tuple[str, ...]], measured: Mapping[str, Measured]
) -> Iterator[tuple[str, Measured]]:
    """Yield each complex that has no value of its own and whose parts all have ratios, with the lower of these.

    It is significant only if all its parts are: ``q`` is their largest, and None where one of them states none.

    >>> parts = {"il12b": Measured(Decimal(4)), "il23a": Measured(Decimal(2))}
    >>> list(from_parts({"il23": ("il12b", "il23a"), "il12": ("il12a", "il12b")}, parts))
    [('il23', Measured(ratio=Decimal('2'), reported=None, q=None, parts=('il12b', 'il23a')))]
    """
    for name, parts in sorted(complexes.items()):
        found = [measured[part] for part in parts if part in measured]
        ratios = [part.ratio for part in found if part.ratio is not None]
        if name in measured or not parts or len(ratios) < len(parts):
            continue
        stated = [part.q for part in found if part.q is not None]
        yield name, Measured(min(ratios), q=max(stated) if len(stated) == len(parts) else None, parts=parts)
