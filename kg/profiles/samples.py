"""Samples are never pooled: which columns tell patients, visits, clusters or tissues apart.

A column does so by its header, or by how it behaves: a few values, each in several rows.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kg.model.errors import Problem
from kg.profiles.columns import Column, plain
from kg.profiles.contents import numbers
from kg.profiles.layout import listed
from kg.profiles.sheet import Row, Sheet
from kg.profiles.tabular import shown
from kg.profiles.values import DIRECTIONS, NO_VALUE

MARKS: Final = frozenset(
    """significant|non-significant|nonsignificant|true|false|yes|no|pass|fail|ok|warn|warning|*|**|***|****|+|-|0|1|high|
    low|medium|in detection range|below detection range|above detection range|qualified""".replace("\n    ", "").split(
        "|"
    )
)
"""Words of a column that marks rows, and tells no samples apart."""
CODE: Final = re.compile(r"[a-z]{0,4}[-_ .]?\d{1,4}", re.IGNORECASE | re.ASCII)
"""A short code, as patients, visits and days have."""
NAMED: Final = re.compile(
    r"\b(patient|pat|pt|subject|sample|visit|day|week|month|donor|biopsy|cluster|timepoint)s?\b[\s.:#=_-]*\w*\d+\w*",
    re.IGNORECASE,
)
"""Words that name a sample, as patient 2 and week 4 do."""
REMARKS: Final = frozenset(("comment", "comments", "note", "notes", "remark", "remarks", "flag", "flags", "label"))
WHOLE: Final = 2_000
"""Rows: where so many names stand once each, an unknown column describes the genes."""
REMEDY: Final = "take one by --where {0}, or answer each by --by {1}; delete the column if it tells no samples apart"


def several(sheet: Sheet, columns: Sequence[Column], names: Sequence[str], rows: Sequence[Row]) -> Iterator[Problem]:
    r"""Yield a problem for each column that tells samples apart and has several values in rows.

    ``columns`` are those that are not read as anything else, ``names`` has what each row is of.

    >>> from pathlib import Path
    >>> from kg.profiles import columns
    >>> from kg.profiles.sheet import of_text
    >>> sheet = of_text(Path("a.csv"), "patient,cytokine,ratio\nP01,IL-21,2\nP02,OSM,3\n", [])
    >>> (found,) = several(sheet, columns.of(sheet.header)[:1], ["IL-21", "OSM"], sheet.rows)
    >>> found.what
    "the column patient has several values, and samples are never pooled: 'P01', 'P02'"
    """
    for one in columns:
        cells = [cells[one.number] for _, cells in rows]
        values = list(dict.fromkeys(filter(None, cells)))
        words = values if one.role == "" or plain(one.header) in REMARKS else []
        said = {match[0].casefold() for value in words for match in NAMED.finditer(value)}
        if len(values) > 1 and (one.role in ("sample", "contrast") or len(said) > 1 or _behaves(one, cells, names)):
            what = f"the column {one.header or one.number + 1} has several values, and samples are never pooled"
            pair = f"{one.header}={values[0]}"
            remedy = REMEDY.format(
                repr(pair) if " " in pair else pair, repr(one.header) if " " in one.header else one.header
            )
            if one.role == "contrast":
                remedy = f"choose one, as in --contrast {shown(values[0])}, or answer each by --by {one.header}"
            yield Problem(sheet.place(sheet.line), f"{what}: {listed(values)}", remedy)


def constant(columns: Sequence[Column], rows: Sequence[Row]) -> dict[str, str]:
    """Return the columns that tell samples apart by their header, with their one value.

    >>> constant([Column(0, "visit", "sample")], [(2, ["week 4", "2"])])
    {'visit': 'week 4'}
    """
    found = {}
    for one in columns:
        if one.role in ("sample", "contrast"):
            values = set(filter(None, (cells[one.number] for _, cells in rows)))
            if len(values) == 1:
                found[one.header] = values.pop()
    return found


def _behaves(one: Column, cells: Sequence[str], names: Sequence[str]) -> bool:
    """Return whether a column of an unknown header behaves as one that tells samples apart."""
    if one.role not in ("", "name", "unnamed"):
        return False
    filled = [cell for cell in cells if cell.casefold() not in NO_VALUE]
    counts = Counter(filled)
    words = {word.casefold() for word in counts}
    if len(counts) < 2 or words <= MARKS or words <= {*DIRECTIONS, *MARKS}:
        return False
    if numbers(filled) and _running(filled):
        return False
    if any("." in cell or "e" in cell.casefold() for cell in filled) and numbers(filled) and min(counts.values()) < 2:
        return False
    again = Counter(names)
    recurring = sum(count for count in again.values() if count > 1)
    if len(counts) == len(filled):  # each value once: an identifier of the row, unless it is a short code
        short = all(CODE.fullmatch(cell) for cell in filled)
        return short and not numbers(filled) and len(filled) <= 24 and len(filled) == len(cells)
    if len(names) > WHOLE and recurring < len(names) / 100:
        return False
    if recurring >= len(names) / 2:
        return _explains(cells, names)
    return 2 * len(counts) <= len(filled) + 1 or (recurring > 0 and _explains(cells, names))


def _running(cells: Sequence[str]) -> bool:
    """Return whether cells are measurements or running numbers: mostly different."""
    return len(set(cells)) > len(cells) / 2


def _explains(cells: Sequence[str], names: Sequence[str]) -> bool:
    """Return whether the rows of a name that recurs differ in a column."""
    found: dict[str, set[str]] = {}
    for name, cell in zip(names, cells, strict=True):
        found.setdefault(name, set()).add(cell)
    again = Counter(names)
    return any(len(values) > 1 for name, values in found.items() if again[name] > 1)


def apart(rows: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield each label whose values differ, with these as a phrase.

    >>> list(apart({"time observed": ["2024-01-01", "2024-09-01"], "site": ["arm", "arm"]}))
    [('time observed', "'2024-01-01', '2024-09-01'")]
    """
    for label, values in rows.items():
        if len(set(filter(None, values))) > 1:
            yield label, listed(values)
