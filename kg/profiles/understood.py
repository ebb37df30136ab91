"""How a file was understood: what ``kg inspect`` prints, and ``kg ask`` in one line.

>>> Understood(form="CSV", rows=3, known=2).to_dict()["rows"]["known"]
2
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kg.profiles.spellings import Species

SHORT: Final = frozenset(
    ("gene symbol", "cytokine", "gene", "analyte", "identifier", "name", "ratio", "log2", "ln", "log10", "ddct",
     "direction", "adjusted p", "level", "level of the comparator", "sample")
)  # fmt: skip
"""Roles that one line names."""
NAMED: Final = 20
"""Names that are not known, of which no more are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """How a file was understood.

    ``species`` is whose genes the symbols are, where that was said. ``used`` is header -> what it was read as,
    ``groups`` what its samples have in common, ``where`` what was chosen;
    ``rows`` counts those that were taken, ``known`` the cytokines among them, ``other`` the rows of another known name,
    such as a kinase; ``unknown_names`` has the first of the rest.
    """

    form: str
    line: int | None = None
    used: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    rows: int = 0
    known: int = 0
    other: int = 0
    unknown: int = 0
    unknown_names: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    contrasts: tuple[str, ...] = ()
    contrast: str | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    statistic: str | None = None
    species: Species | None = None
    notes: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """One line: what was read.

        >>> Understood(form="CSV", used={"gene": "gene", "logFC": "log2"}, rows=9, known=1, unknown=8).short
        'Read as CSV: gene (gene), logFC (log2); 9 rows, 1 cytokine (kg inspect says more).'
        """
        used = ", ".join(f"{header or 'first column'} ({role})" for header, role in self.used.items() if role in SHORT)
        chosen = "".join(f", {column} = {value}" for column, value in self.where.items())
        chosen += f", contrast {self.contrast}" if self.contrast else ""
        chosen += f", genes of the {self.species}" if self.species else ""
        many = f"{self.rows:,} row{'s' * (self.rows != 1)}, {self.known:,} cytokine{'s' * (self.known != 1)}"
        return f"Read as {self.form}: {used}{chosen}; {many} (kg inspect says more)."

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values.

        >>> sorted(Understood(form="CSV").to_dict()["rows"])
        ['known', 'other', 'read', 'unknown']
        """
        return {
            "format": self.form,
            "header_line": self.line,
            "columns": dict(self.used),
            "columns_ignored": list(self.ignored),
            "rows": {"read": self.rows, "known": self.known, "other": self.other, "unknown": self.unknown},
            "unknown_names": list(self.unknown_names),
            "beyond_detection": list(self.below),
            "contrasts": list(self.contrasts),
            "contrast": self.contrast,
            "groups": dict(self.groups),
            "where": dict(self.where),
            "statistic": self.statistic,
            "species": self.species,
        }
