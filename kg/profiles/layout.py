r"""Which column of a sheet is read as what: one name, one contrast, and what stands beside it.

>>> from pathlib import Path
>>> from kg.profiles.sheet import of_text
>>> found = layout(of_text(Path("a.csv"), "gene,logFC_A,logFC_B\nIL21,2,0\n", []), Reading(contrast="A"), [])
>>> found.name.header, [column.header for column in found.values]
('gene', ['logFC_A'])
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kg.model.errors import Place, Problem
from kg.model.names import meant, near
from kg.profiles import columns as c
from kg.profiles.choices import Reading
from kg.profiles.columns import Column, plain
from kg.profiles.contents import columns_of
from kg.profiles.sheet import Sheet
from kg.profiles.tabular import shown

LONG: Final = 200
"""Rows: a longer list is a whole table: what the graph knows of it is read, and its columns describe genes more often
than samples; a shorter one is a list of cytokines, of which no target genes are expected."""
SEVERAL: Final = "///"
"""Between the genes of one probe, as GEO2R writes them."""
ONCE: Final = ("adjusted p", "p", "significance", "statistic", "standard error", "mean level", "detection limit")
"""Roles of which the first column is read; another is named among those that were not."""

ENSEMBL: Final = re.compile(r"ENS[A-Z]*[GT]\d+|\d+", re.ASCII)
TARGETS: Final = frozenset(("target name", "probe name", "detector", "detector name", "target gene"))
CYCLES: Final = frozenset("rq ct cq dct ddct dcq ddcq crt code".split())
"""Headers of the genes of a PCR or of nCounter, and words of a header beside ``Target`` that tell such a table."""
SYMBOLS: Final = ("gene symbol", "gene", "unnamed", "identifier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a sheet by what they are read as; ``beside`` has at most one column a role.

    ``contrasts`` are all that are there, ``contrast`` is the one that is read.

    >>> Layout(columns=(), name=Column(0, "Gene.symbol", "gene symbol"), values=()).symbols
    True
    """

    columns: tuple[Column, ...]
    name: Column | None
    values: tuple[Column, ...]
    beside: Mapping[str, Column] = field(default_factory=dict)
    levels: tuple[Column, ...] = ()
    contrasts: tuple[str, ...] = ()
    contrast: str = ""
    notes: tuple[str, ...] = ()

    @property
    def symbols(self) -> bool:
        """Whether the names are gene symbols or identifiers, not names of proteins."""
        return self.name is not None and (self.name.role in SYMBOLS or plain(self.name.header) == "gene")

    @property
    def genes(self) -> bool:
        """Whether a symbol among the names is one of a gene: in a table of genes, and of the targets of a PCR."""
        header = plain(self.name.header) if self.name else ""
        found = {word for one in self.columns for word in plain(one.header).split()}
        return self.symbols or header in TARGETS or (header == "target" and bool(found & CYCLES))

    @property
    def read(self) -> tuple[Column, ...]:
        """The columns that are read, in order."""
        found = [*filter(None, (self.name,)), *self.values, *self.beside.values()]
        return tuple(sorted(found, key=lambda column: column.number))


def filtered(sheet: Sheet, reading: Reading, problems: list[Problem]) -> Sheet:
    r"""Return a sheet with the rows that ``where`` takes; a column or value that is not there is a problem.

    >>> from pathlib import Path
    >>> from kg.profiles.sheet import of_text
    >>> sheet = of_text(Path("a.csv"), "visit,cytokine,ratio\n1,IL-21,2\n2,IL-21,3\n", [])
    >>> filtered(sheet, Reading(where=(("visit", "2"),)), []).rows
    [(3, ['2', 'IL-21', '3'])]
    """
    for name, value in reading.where:
        number = column(sheet, name)
        if number is None:
            close = near(name, [header for header in sheet.header if header])
            remedy = meant(close, f"the columns are {', '.join(shown(h) for h in sheet.header[:20] if h)}")
            problems.append(Problem(sheet.place(sheet.line), f"there is no column {shown(name)}", remedy))
            continue
        rows = [row for row in sheet.rows if row[1][number].casefold() == value.casefold()]
        if not rows:
            what = f"no row has {shown(value)} in the column {shown(sheet.header[number])}"
            problems.append(Problem(sheet.place(sheet.line), what, f"it has {listed(sheet.column(number))}"))
            continue
        if blank := _written_once([cells[number] for _, cells in sheet.rows]):
            what = f"{blank} rows have no {sheet.header[number]}, so nobody knows whose they are"
            remedy = "write it in every row: of merged cells a file holds the first alone"
            problems.append(Problem(sheet.place(sheet.line), what, remedy))
        left = len(sheet.rows) - len(rows)
        note = f"Rows with {sheet.header[number]} = {rows[0][1][number]}: {len(rows):,}; left out: {left:,}."
        sheet = replace(sheet, rows=rows, notes=(*sheet.notes, note))
    return sheet


def _written_once(cells: Sequence[str]) -> int:
    """Return how many cells are empty where each value is written once, as above the rows that it is of."""
    filled = [cell for cell in cells if cell]
    return len(cells) - len(filled) if len(set(filled)) == len(filled) else 0


def column(sheet: Sheet, name: str) -> int | None:
    r"""Return the number of the column with a header, exactly or as headers are compared; None where there is none.

    >>> from pathlib import Path
    >>> from kg.profiles.sheet import of_text
    >>> column(of_text(Path("a.csv"), "Visit_No,ratio\n", []), "visit no")
    0
    """
    if name in sheet.header:
        return sheet.header.index(name)
    for form in (plain, _without_unit):
        found = [number for number, header in enumerate(sheet.header) if header and form(header) == form(name)]
        if len(found) == 1 and form(name):
            return found[0]
    return None


def _without_unit(header: str) -> str:
    return re.sub(r" [pnuµμf]?g ml$", "", plain(header))


def listed(values: Iterable[str], most: int = 12) -> str:
    """Return the different values of a column, quoted, of many the first and how many more.

    >>> listed(["P01", "P02", "P01", ""])
    "'P01', 'P02'"
    """
    found = list(dict.fromkeys(value for value in values if value))
    more = f" and {len(found) - most:,} more" if len(found) > most else ""
    return ", ".join(map(shown, found[:most])) + more


def layout(sheet: Sheet, reading: Reading, problems: list[Problem]) -> Layout:
    r"""Return what each column is read as; two that say one thing, or several contrasts, are problems.

    >>> from pathlib import Path
    >>> from kg.profiles.sheet import of_text
    >>> problems = []
    >>> found = layout(of_text(Path("a.csv"), "gene,logFC_A,logFC_B\nIL21,2,0\n", []), Reading(), problems)
    >>> found.contrasts, problems[0].what
    (('A', 'B'), "several contrasts are in this table: 'A', 'B'")
    """
    notes: list[str] = []
    columns = tuple(columns_of(sheet, notes))
    place = sheet.place(sheet.line)
    values, contrasts, contrast, shared = _contrast(place, columns, reading, problems)
    beside: dict[str, Column] = {}
    for one in sorted(columns, key=lambda one: one.contrast not in (contrast, "")):
        if one.role in ONCE and one.role not in beside:
            other = bool(one.contrast and contrast) and plain(one.contrast) != plain(contrast)
            if other and len(contrasts) == 1 and c.VERSUS.search(one.contrast) and one.role in ("adjusted p", "p"):
                what = f"{one.header} is of another contrast than {values[0].header}"
                problems.append(Problem(place, what, f"give that of {contrast}, or delete the column"))
            of_all = len(contrasts) <= 1 or (not one.contrast and one.role in ("mean level", "detection limit"))
            if of_all or one.contrast == contrast or (shared and not one.contrast):
                beside[one.role] = one
            elif not one.contrast:
                notes.append(f"{one.header} is of all contrasts together: it was not read.")
        if one.role == "comparator":
            if one.role in beside:
                problems.append(Problem(place, _twice("comparator", (beside[one.role], one)), "keep one of them"))
            beside.setdefault(one.role, one)
    levels = tuple(one for one in columns if one.role == "level")
    return Layout(
        columns=columns, name=_name(sheet, columns, problems), values=values, beside=beside, levels=levels,
        contrasts=contrasts, contrast=contrast, notes=tuple(notes),
    )  # fmt: skip


def _twice(role: str, found: Sequence[Column]) -> str:
    return f"two columns say {role} ({' and '.join(shown(one.header) for one in found[:2])})"


def _contrast(
    place: Place, columns: Sequence[Column], reading: Reading, problems: list[Problem]
) -> tuple[tuple[Column, ...], tuple[str, ...], str, bool]:
    """Return the columns of values of one contrast, all contrasts, the one, and whether what names none is of it."""
    values = [one for one in columns if one.role in c.VALUES]
    with_fold = [one for one in values if one.role == "ratio" and not one.contrast]
    if len(with_fold) > 1:  # Qiagen gives both: 0.4 and -2.5
        values = [one for one in values if plain(one.header) != "fold regulation"]
    contrasts = tuple(dict.fromkeys(one.contrast for one in values if one.role != "direction"))
    named = tuple(contrast or "(none)" for contrast in contrasts)
    wanted = reading.contrast
    rows = any(one.role == "contrast" for one in columns)
    if wanted is not None and not (rows and wanted not in contrasts):
        by_header = [one for one in values if plain(wanted) == plain(one.header)]
        by_name = [contrast for contrast in contrasts if contrast and plain(contrast) == plain(wanted)]
        if by_header:
            roles = {one.role for one in by_header}
            rest = [one for one in values if one.role not in roles and one.contrast == by_header[0].contrast]
            return (*by_header[:1], *rest), named, by_header[0].contrast, len(contrasts) == 1
        if by_name:
            kept = [one for one in values if one.contrast == by_name[0]]
            return _single(place, kept, problems), named, by_name[0], len(contrasts) == 1
        headers = [one.contrast or one.header for one in values]
        remedy = meant(near(wanted, headers), f"give one of {', '.join(map(shown, headers))}")
        problems.append(Problem(place, f"there is no contrast {shown(wanted)}", remedy))
    elif len(contrasts) > 1:
        choices = [one.contrast or one.header for one in values if one.role != "direction"]
        choices = list(dict.fromkeys(choices))
        what = f"several contrasts are in this table: {', '.join(map(shown, choices[:12]))}"
        first_one = shown(choices[0]) if " " in choices[0] else choices[0]
        problems.append(Problem(place, what, f"choose one, as in --contrast {first_one}"))
    first = contrasts[0] if contrasts else ""
    kept = [one for one in values if one.contrast == first or (one.role == "direction" and not one.contrast)]
    return _single(place, kept, problems), named, first, len(contrasts) <= 1


def _single(place: Place, values: Sequence[Column], problems: list[Problem]) -> tuple[Column, ...]:
    found: dict[str, Column] = {}
    for one in values:
        if one.role in found:
            remedy = f"keep one of them, or take one by --contrast, as in --contrast {shown(one.header)}"
            problems.append(Problem(place, _twice(one.role, (found[one.role], one)), remedy))
        found.setdefault(one.role, one)
    return tuple(found.values())


def _name(sheet: Sheet, columns: Sequence[Column], problems: list[Problem]) -> Column | None:
    """Return the column that says what a row is of: the first by role, then by alias; symbols before numbers."""
    found: list[Column] = []
    for role in c.NAMES:
        mine = [one for one in columns if one.role == role]
        known = c.ALIASES[role]
        mine.sort(key=lambda one: known.index(plain(one.header)) if plain(one.header) in known else len(known))
        if role == "cytokine" and len(mine) > 1:
            problems.append(Problem(sheet.place(sheet.line), _twice(role, mine), "keep one of them"))
        found += mine
    found += [one for one in columns if one.role == "unnamed" and any(sheet.column(0))]
    for one in found:
        cells = [cell for _, cell in zip(range(20), filter(None, sheet.column(one.number)), strict=False)]
        if cells and not all(ENSEMBL.fullmatch(cell) for cell in cells):
            return one
    return found[0] if found else None
