"""Two levels of each name as a ratio (``--ratio A/B``): two columns by their headers, or two samples in rows.

Levels that were not detected give a direction: :mod:`kg.profiles.concentrations` says which.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Final

from kg.model.errors import Place, Problem
from kg.profiles import columns as c
from kg.profiles import matrix, samples
from kg.profiles.choices import Reading
from kg.profiles.columns import Column, plain
from kg.profiles.concentrations import LOG2, Compared, Level, compared, level, scale_of, splits
from kg.profiles.found import Found
from kg.profiles.grounding import Names
from kg.profiles.layout import Layout, column, listed
from kg.profiles.reading import select, start
from kg.profiles.sheet import Row, Sheet
from kg.profiles.tabular import InputRow, shown
from kg.profiles.values import NUMBER

WHOLE: Final = 200
"""Rows: of so many genes some have a level above 25, unless that is a logarithm."""
OPTION: Final = Place("--ratio")
UNIT: Final = re.compile(r"(?:(?<!\s)\s++)?(?:[(\[]\s*+)?[pnumµμf]?g\s*+/\s*+ml\s*+[)\]]?$", re.IGNORECASE)
"""A unit behind the header of a level."""


def pairs(names: Names, sheet: Sheet, plan: Layout, reading: Reading, problems: list[Problem]) -> Found:
    r"""Return the ratios of two columns or samples; a name that is neither, and a cell that is no level, are problems.

    >>> import kg
    >>> from pathlib import Path
    >>> from kg.profiles.layout import layout
    >>> from kg.profiles.sheet import of_text
    >>> sheet = of_text(Path("a.csv"), "cytokine,lesion,uninvolved\nIL-21,8,2\nOSM,5,<2\n", [])
    >>> reading = Reading(ratio="lesion/uninvolved")
    >>> found = pairs(kg.open().once(Names), sheet, layout(sheet, reading, []), reading, [])
    >>> [entry.cells for entry in found.entries]
    [{'cytokine': 'IL-21', 'ratio': '4'}, {'cytokine': 'OSM', 'direction': 'raised'}]
    """
    assert reading.ratio is not None  # noqa: S101 - asked only where it is given
    for first, second in splits(reading.ratio):
        two = column(sheet, first), column(sheet, second)
        if two[0] is not None and two[1] is not None and two[0] != two[1]:
            return _columns(names, sheet, plan, reading, problems, (two[0], two[1]))
        for one in plan.columns:
            cells = {cell.casefold() for cell in sheet.column(one.number)}
            if (
                (one is not plan.name or matrix.is_wide(names, sheet, plan))
                and {first.casefold(), second.casefold()} <= cells
                and first != second
            ):
                return _samples(names, sheet, plan, reading, problems, one, (first, second))
    found = start(sheet, plan, reading, problems)
    what = f"{shown(reading.ratio)} names no two columns or samples"
    by = [one for one in plan.columns if one.role == "sample"]
    headers = listed(header for header in sheet.header if header)
    has = f"; {by[0].header} has {listed(sheet.column(by[0].number))}" if by else ""
    problems.append(Problem(OPTION, what, f"write A/B with two of the columns {headers}{has}"))
    return found


# --- two columns ------------------------------------------------------------------------------------------------------


def _columns(
    names: Names, sheet: Sheet, plan: Layout, reading: Reading, problems: list[Problem], at: tuple[int, int]
) -> Found:  # fmt: skip
    first, second = (plan.columns[number] for number in at)
    plan = replace(plan, values=(), beside={k: v for k, v in plan.beside.items() if k == "detection limit"})
    found = _begun(sheet, plan, reading, problems, (first, second), second.header)
    if plan.name is None:
        what = "there is no column cytokine"
        problems.append(Problem(sheet.place(sheet.line), what, "name it, as in cytokine,lesion,non-lesion"))
        return found
    scale = _scale((first, second), sheet, problems)
    limits = plan.beside.get("detection limit")
    rows = select(names, sheet, plan, found, problems)
    if scale == "linear":
        mine = sheet.rows if len(sheet.rows) > WHOLE else [(line, cells) for line, cells, _ in rows]
        _linear([cells[one.number] for _, cells in mine for one in (first, second)], problems)
    for line, cells, name in rows:
        limit = _limit(cells[limits.number], scale) if limits else None
        place = sheet.place(line)
        two = [_level(cells[one.number], one.header, place, limit, problems) for one in (first, second)]
        _add(found, sheet, place, name, compared(*two, scale=scale), (cells[first.number], cells[second.number]))
    others = [one for one in plan.columns if one not in (first, second, plan.name)]
    at_name = plan.name.number
    kept = [(line, cells) for line, cells, _ in rows]
    problems += samples.several(sheet, others, [cells[at_name] for _, cells in kept], kept)
    return found


def _begun(
    sheet: Sheet, plan: Layout, reading: Reading, problems: list[Problem], read: Sequence[Column], against: str,
    words: tuple[str, ...] = ("level", "level of the comparator"),
) -> Found:  # fmt: skip
    """Return what a sheet holds, with what is divided among the columns that are read, and the comparator."""
    divided = {one.header: word for one, word in zip(read, words, strict=False)}
    found = start(sheet, plan, reading, problems, also=divided)
    if reading.comparator is None and not found.said:
        found.said.append((OPTION, UNIT.sub("", against)))
    return found


def _linear(cells: Sequence[str], problems: list[Problem]) -> None:
    """Add a problem where levels of an unknown scale look like log2: none above 25, and some negative or many."""
    values = [float(cell) for cell in cells if NUMBER.fullmatch(cell)]
    if values and (min(values) < 0 or len(cells) > 2 * WHOLE) and max(values) <= 25:
        which = "some levels are below 0" if min(values) < 0 else "no level is above 25"
        what = f"{which}, as on a log2 scale, and no header says so"
        problems.append(Problem(OPTION, what, "name the columns NPX or log2 of each, or the column of levels NPX"))


def _scale(read: Sequence[Column], sheet: Sheet, problems: list[Problem]) -> str:
    """Return the scale of levels by their headers, and by NPX above them; where others speak of another it is asked."""
    for one in read:
        if one.role in c.VALUES:
            what = f"the column {one.header} is a {one.role}, no level"
            problems.append(Problem(OPTION, what, "leave --ratio out, or name two columns of levels"))
    scale = scale_of([one.header for one in read])
    above = {word for note in sheet.notes if note.startswith("Lines that were passed") for word in plain(note).split()}
    if scale == "linear" and "npx" in above:
        return "log2"
    olink = any(plain(header) == "olinkid" for header in sheet.header)
    if scale == "linear" and (above & LOG2 or (olink and not any(UNIT.search(one.header) for one in read))):
        what = f"{'OlinkID stands beside the levels' if olink else 'a line above speaks of a log2 scale'}"
        what += f", and {read[0].header} does not say which scale it has"
        problems.append(Problem(OPTION, what, "name the columns with it, as in 'LES NPX', 'LES log2' or 'LES pg/mL'"))
    if scale == "raw cycles":
        what = f"{read[0].header} is in cycles, which say nothing without a reference gene"
        problems.append(Problem(OPTION, what, "give a column dCt, ddCt or RQ"))
    return scale


def _limit(text: str, scale: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and (scale == "log2" or (scale == "linear" and found > 0)) else None


def _level(text: str, header: str, place: Place, limit: Decimal | None, problems: list[Problem]) -> Level | None:
    try:
        found = level(text, limit=limit)
    except ValueError as error:
        what, _, remedy = str(error).partition(": ")
        problems.append(Problem(place, f"{header} {what}", remedy))
        return None
    if found and found.number is not None and limit is not None and found.number < limit:
        return Level(beyond="below", limit=limit)
    return found


def _add(found: Found, sheet: Sheet, place: Place, name: str, said: Compared, cells: tuple[str, str]) -> None:
    """Add the row of a name, and a note where it has no ratio."""
    entry = {"cytokine": name}
    stated = f"{shown(cells[0])} against {shown(cells[1])}"
    if said.ratio is not None:
        entry["ratio"] = f"{said.ratio:f}"
    elif said.direction:
        entry["direction"] = said.direction
        found.notes.append(f"{shown(name)[1:-1]}: {said.why} ({stated}): {said.direction}, without a number.")
    elif any(cells):
        found.notes.append(f"{shown(name)[1:-1]}: {said.why} ({stated}): not known, and not counted as measured.")
    if "detection" in said.why:
        found.understood = replace(found.understood, below=(*found.understood.below, name))
    found.entries.append(InputRow(place, entry, sheet.nested))


# --- two samples ------------------------------------------------------------------------------------------------------


def _samples(
    names: Names, sheet: Sheet, plan: Layout, reading: Reading, problems: list[Problem], by: Column,
    two: tuple[str, str],
) -> Found:  # fmt: skip
    sides = [[row for row in sheet.rows if row[1][by.number].casefold() == one.casefold()] for one in two]
    if matrix.is_wide(names, sheet, plan):
        return _of_matrix(names, sheet, plan, reading, problems, by, two, sides)
    level_column = _preferred(sheet, plan, problems)
    against = sides[1][0][1][by.number]
    plan = replace(plan, values=(), beside={k: v for k, v in plan.beside.items() if k == "detection limit"})
    found = _begun(
        sheet,
        plan,
        reading,
        problems,
        [one for one in (level_column, by) if one],
        against,
        ("level", "sample"),
    )
    found.understood = replace(found.understood, where={**found.understood.where, by.header: "/".join(two)})
    if plan.name is None or level_column is None:
        return found
    scale = _scale((level_column,), sheet, problems)
    limits = plan.beside.get("detection limit")
    marks = next((one for one in plan.columns if plain(one.header) == "detection range"), None)
    kept = select(names, replace(sheet, rows=[*sides[0], *sides[1]]), plan, found, problems)
    named = {line: name for line, _, name in kept}

    def of_side(rows: Sequence[Row]) -> dict[str, tuple[int, str, Level | None]]:
        levels: dict[str, tuple[int, str, Level | None]] = {}
        for line, cells in rows:
            if line not in named:
                continue
            text = cells[level_column.number]
            if marks and cells[marks.number].casefold().startswith(("below", "above")):
                text = cells[marks.number]
            place = sheet.place(line)
            limit = _limit(cells[limits.number], scale) if limits else None
            one = line, text, _level(text, level_column.header, place, limit, problems)
            before = levels.setdefault(named[line], one)
            if before[2] != one[2]:
                what = f"{shown(named[line])} of {shown(cells[by.number])} is also at {sheet.place(before[0])}, "
                what += f"with another level ({before[1]} and {text})"
                problems.append(Problem(place, what, "replicates are not averaged here: give their mean"))
        return levels

    first, second = of_side(sides[0]), of_side(sides[1])
    for name in dict.fromkeys([*first, *second]):
        one, other = first.get(name, (0, "", None)), second.get(name, (0, "", None))
        _add(
            found,
            sheet,
            sheet.place(one[0] or other[0]),
            name,
            compared(one[2], other[2], scale=scale),
            (one[1], other[1]),
        )
    others = [one for one in plan.columns if one not in (by, plan.name, level_column, marks) and one not in plan.levels]
    sides = [[row for row in rows if row[0] in named] for rows in sides]
    problems += _units(sheet, plan, sides, named)
    constants = [samples.constant(others, rows) for rows in sides]
    for header in constants[0].keys() & constants[1].keys():
        if constants[0][header] != constants[1][header]:
            each = " and ".join(f"{side[header]} for {name}" for side, name in zip(constants, two, strict=True))
            found.notes.append(f"{header} is {each}.")
    for rows in sides:
        mine = [row for row in rows if row[0] in named]
        problems += samples.several(sheet, others, [named[line] for line, _ in mine], mine)
    return found


def _units(sheet: Sheet, plan: Layout, sides: Sequence[Sequence[Row]], named: Mapping[int, str]) -> Iterator[Problem]:
    """Yield a problem for each name whose two levels have different units."""
    unit = next((one for one in plan.columns if plain(one.header) in ("unit", "units", "einheit")), None)
    if unit is None:
        return
    first = {named[line]: cells[unit.number] for line, cells in sides[0]}
    for line, cells in sides[1]:
        name = named[line]
        one, other = first.get(name, ""), cells[unit.number]
        if one and other and one.casefold() != other.casefold():
            what = f"{shown(name)} is in {one} and in {other}"
            yield Problem(sheet.place(line), what, "give both levels in one unit")


def _preferred(sheet: Sheet, plan: Layout, problems: list[Problem]) -> Column | None:
    """Return the column of levels: the first by its header, a mean before single wells."""
    known = list(c.ALIASES["level"])
    found = sorted(plan.levels, key=lambda one: known.index(plain(one.header)) if plain(one.header) in known else 99)
    if not found:
        place = sheet.place(sheet.line)
        remedy = "name it concentration, NPX, MFI, RQ or dCt, or give a column ratio"
        problems.append(Problem(place, "there is no column of levels to divide", remedy))
        return None
    return found[0]


def _of_matrix(
    names: Names, sheet: Sheet, plan: Layout, reading: Reading, problems: list[Problem], by: Column,
    two: tuple[str, str], sides: Sequence[Sequence[Row]],
) -> Found:  # fmt: skip
    analytes = matrix.analytes(names, plan)
    against = sides[1][0][1][by.number]
    found = _begun(sheet, replace(plan, values=(), beside={}, name=None), reading, problems, (), against)
    found = matrix.described(found, sheet, by, analytes, {by.header: "/".join(two)})
    for rows, name in zip(sides, two, strict=True):
        if len(rows) > 1:
            what = (
                f"{shown(name)} stands in {len(rows)} rows ({', '.join(str(sheet.place(row[0])) for row in rows[:4])})"
            )
            problems.append(
                Problem(OPTION, what, "replicates are not averaged here: give their mean, or take one by --where")
            )
    about = [by.header, str(sheet.name), *(note for note in sheet.notes if note.startswith("Lines that were passed"))]
    scale = scale_of(about) if "npx" in " ".join(about).casefold() else "linear"
    (line, above), (_, below) = sides[0][0], sides[1][0]
    if scale == "linear":
        _linear([cells[one.number] for cells in (above, below) for one in analytes], problems)
        found.notes.append("Levels were read on a linear scale, as pg/mL and MFI are.")
    place = sheet.place(line)
    limits = next((row for _, row in sheet.rows if plain(row[by.number]) in c.ALIASES["detection limit"]), None)
    for one in analytes:
        limit = _limit(limits[one.number], scale) if limits else None
        levels = [_level(cells[one.number], one.header, place, limit, problems) for cells in (above, below)]
        said = compared(levels[0], levels[1], scale=scale)
        _add(found, sheet, place, one.header, said, (above[one.number], below[one.number]))
    return found
