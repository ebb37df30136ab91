"""What a file holds, once its columns are understood and before its names and values are checked.

>>> Found(name=Path("a.csv"), understood=Understood(form="CSV")).whole
False
"""

from dataclasses import dataclass, field
from pathlib import Path

from kg.model.errors import Problem
from kg.profiles.layout import Layout
from kg.profiles.sheet import Sheet
from kg.profiles.tabular import InputRow, Said
from kg.profiles.understood import Understood


@dataclass(slots=True, kw_only=True)
class Found:
    """What a file holds: its rows as far as they are of a cytokine, comparators said once, notes, and all problems.

    ``whole`` is a whole table, of which the rest was passed over; ``sheet`` and ``layout`` are what it was read from.
    ``remedy`` says how a comparator is said, with {} for the option.
    """

    name: Path
    understood: Understood
    entries: list[InputRow] = field(default_factory=list)
    said: Said = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    whole: bool = False
    sheet: Sheet | None = None
    layout: Layout | None = None
    remedy: str = "say it once, by {}"
