r"""What the cells of a column say where its header promises something else: a P of patients is no p value.

>>> from pathlib import Path
>>> from kg.profiles.sheet import of_text
>>> sheet = of_text(Path("a.csv"), "P,cytokine,ratio\nP01,IL-21,2\n", [])
>>> [one.role for one in columns_of(sheet, [])]
['', 'cytokine', 'ratio']
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from kg.model.errors import Problem
from kg.profiles import columns as c
from kg.profiles.columns import Column, plain
from kg.profiles.sheet import Sheet
from kg.profiles.significance import in_words, stated
from kg.profiles.tabular import shown
from kg.profiles.values import DIRECTIONS, NO_VALUE, detection

NUMBER: Final = re.compile(r"[<>]?\s*[-+\N{MINUS SIGN}]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?", re.ASCII)
THOUSANDS: Final = re.compile(r"[<>]?\s*[-+\N{MINUS SIGN}]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
"""A number that is 1,234 where decimals have commas."""
DECIMAL: Final = re.compile(r"[<>]?\s*[-+\N{MINUS SIGN}]?\d*,(\d{1,2}|\d{4,})([eE][+-]?\d+)?", re.ASCII)
"""A number whose comma cannot be one of thousands."""
SEEN: Final = 2_000
"""Cells of a column by which it is judged."""
LEVELS: Final = frozenset("lesion lesional tissue".split())
"""Words of a header of samples under which a level can stand, too."""
NUMBERED: Final = frozenset("no nr number num id code".split())
"""Words beside them of what is numbered, and no level."""
STATISTICS: Final = ("statistic", "standard error", "mean level", "detection limit", "level")
OF_TEST: Final = frozenset(("p", "adjusted p"))
LOOSE: Final = frozenset(
    ("threshold", "summary", "stars", "significance level", "hit", "reject", "rejected", "regulated", "deg")
)
"""Headers of significance under which something else can stand, such as a cut-off."""


def numbers(cells: Iterable[str]) -> bool:
    """Return whether cells hold numbers alone, and some.

    >>> numbers(["1.5", "", "<2"]), numbers(["P01", "1"]), numbers([])
    (True, False, False)
    """
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(NUMBER.fullmatch(cell) for cell in filled)


def with_points(sheet: Sheet, problems: list[Problem], columns: Collection[int] | None = None) -> Sheet:
    r"""Return a sheet with decimal points, where all numbers of some columns have decimal commas.

    Some have them and none a point, and none can be thousands; outside a table that ``;`` separates one comma is not
    enough. Without ``columns`` it is those of the whole sheet. A number such as 1.234 where other columns have decimal
    commas is a problem: it can be 1,234.

    >>> from pathlib import Path
    >>> from kg.profiles.sheet import of_text
    >>> with_points(of_text(Path("a.csv"), "a;b\n2,5;<0,5\n", []), []).rows
    [(2, ['2.5', '<0.5'])]
    """
    chosen = range(len(sheet.header)) if columns is None else columns
    cells = [cell for _, row in sheet.rows for number in chosen if NUMBER.fullmatch(cell := row[number])]
    commas = [cell for cell in cells if "," in cell]
    points = [(line, cell) for line, row in sheet.rows for number in chosen if THOUSANDS.fullmatch(cell := row[number])]
    text = not sheet.nested and not sheet.form.startswith("spreadsheet")  # there a number is one, and has no commas
    if text and points and len(points) == sum("." in cell for cell in cells):
        others = (cell for _, row in sheet.rows for cell in row if DECIMAL.fullmatch(cell))
        if other := next(others, None):
            line, cell = points[0]
            what = f"{shown(cell)} can be {cell.replace('.', '')} where {shown(other)} has a decimal comma"
            problems.append(Problem(sheet.place(line), what, "write all numbers with decimal points"))
    certain = any(DECIMAL.fullmatch(cell) for cell in commas) and not any("." in cell for cell in cells)
    if not certain or len(cells) < 2 or (len(commas) < 2 and not sheet.form.endswith(";")):
        return sheet
    rows = []
    for line, row in sheet.rows:
        changed = list(row)
        for number in chosen:
            if NUMBER.fullmatch(row[number]):
                changed[number] = row[number].replace(",", ".")
        rows.append((line, changed))
    return replace(sheet, rows=rows, notes=(*sheet.notes, "Decimal commas were read as points."))


def columns_of(sheet: Sheet, notes: list[str]) -> Iterator[Column]:
    r"""Yield the columns of a sheet by their headers, one whose cells belie its header as what it is.

    >>> from pathlib import Path
    >>> from kg.profiles.sheet import of_text
    >>> notes = []
    >>> sheet = of_text(Path("a.csv"), "cytokine,control,fold\nIL-21,16.5,2\n", [])
    >>> [one.role for one in columns_of(sheet, notes)], notes[0][:32]
    (['cytokine', 'level', 'ratio'], 'The column control holds numbers')
    """
    olink = any(plain(header) == "olinkid" for header in sheet.header)
    headers = c.of(sheet.header)
    roles = {one.role for one in headers}
    unnamed = not roles & {*c.NAMES}
    for one in headers:
        cells = [cell for cell in islice(sheet.column(one.number), SEEN) if cell.casefold() not in NO_VALUE]
        if olink and plain(one.header) == "estimate":  # what OlinkAnalyze calls the difference of NPX
            yield replace(one, role="log2")
        elif one.role == "comparator" and numbers(cells):
            notes.append(f"The column {one.header} holds numbers, which are no comparator: it was not read as one.")
            yield replace(one, role="level")
        elif unnamed and plain(one.header) == "id" and cells and not numbers(cells):  # limma's, of a table of genes
            yield replace(one, role="gene")
        elif (
            one.role == "statistic"
            and numbers(cells)
            and roles & ({"mean level"} if plain(one.header) == "t" else OF_TEST)
        ):
            yield one
        elif one.role == "significance" or (one.role == "direction" and "yes" in {cell.casefold() for cell in cells}):
            yield replace(one, role=_of_words(one, cells, directed="direction" in roles))
        else:
            yield replace(one, role=_role(one, cells)) if cells else one


def _of_words(one: Column, cells: list[str], *, directed: bool) -> str:
    """Return the role of a column whose header says significance: words of it, p values, or something else."""
    if in_words(cells):
        said = {DIRECTIONS.get(cell.casefold()) for cell in cells}
        return "direction" if not directed and said & {"raised", "lowered"} and None not in said else "significance"
    if plain(one.header) in LOOSE or not any(_is_stated(cell, one.header) for cell in cells):
        return "annotation"
    return "p" if numbers(cells) else "significance"


def _is_stated(cell: str, header: str) -> bool:
    try:
        return stated(cell.replace(",", "."), header) is not None
    except ValueError:
        return False


def _role(one: Column, cells: list[str]) -> str:
    """Return the role of a column by its header, "" where its cells belie it."""
    if one.role in ("unnamed", "name", "direction", "contrast") and numbers(cells):
        return "sample" if one.role == "contrast" and _few(cells) else ""
    words = set(plain(one.header).split())
    if one.role == "sample" and words & LEVELS and not words & NUMBERED and numbers(cells):
        return "level" if "lesion" in plain(one.header) or any("." in cell for cell in cells) else one.role
    if one.contrast and one.role in c.VALUES and not any(map(NUMBER.fullmatch, cells)):
        return ""  # words about a contrast, as Partek writes them
    if one.role in STATISTICS and not any(NUMBER.fullmatch(cell) or detection(cell) for cell in cells):
        return ""
    if one.role in ("p", "adjusted p") and not any(_is_stated(cell, one.header) for cell in cells):
        return "" if len(plain(one.header)) < 3 else one.role
    if one.role == "p" and not c.is_logarithm(one.header) and 10 * sum(map(_above_one, cells)) > len(cells):
        return ""  # patients 1, 2 ...; a single one is a mistake, and said
    if one.role == "statistic" and all(re.fullmatch(r"\d+", cell) for cell in cells) and _few(cells):
        return "sample" if plain(one.header) == "t" else ""  # t can be a time
    return one.role


def _few(cells: list[str]) -> bool:
    return len(set(cells)) <= len(cells) / 2 or all(re.fullmatch(r"\d{1,3}", cell) for cell in cells)


def _above_one(cell: str) -> bool:
    try:
        return float(cell.replace(",", ".")) > 1
    except ValueError:
        return False
