"""A matrix: samples in rows and cytokines in columns, as plate readers write it; or each sample in a column."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.model.errors import Place, Problem
from kg.profiles.choices import Reading
from kg.profiles.columns import VALUES, Column, role
from kg.profiles.contents import NUMBER
from kg.profiles.found import Found
from kg.profiles.grounding import Names
from kg.profiles.layout import Layout, column, listed
from kg.profiles.reading import is_cytokine, not_read, select, start
from kg.profiles.sheet import Sheet
from kg.profiles.tabular import InputRow, shown


def analytes(names: Names, plan: Layout) -> list[Column]:
    r"""Return the columns whose headers are names of cytokines.

    >>> import kg
    >>> from pathlib import Path
    >>> from kg.profiles.layout import layout
    >>> from kg.profiles.sheet import of_text
    >>> sheet = of_text(Path("a.csv"), "patient,IL-21,IFN-g\nP01,2,3\n", [])
    >>> [one.header for one in analytes(kg.open().once(Names), layout(sheet, Reading(), []))]
    ['IL-21', 'IFN-g']
    """
    return [one for one in plan.columns if one.role not in ("annotation",) and is_cytokine(names, one.header)]


def is_wide(names: Names, sheet: Sheet, plan: Layout) -> bool:
    r"""Return whether cytokines stand in the header and samples in the rows.

    >>> import kg
    >>> from pathlib import Path
    >>> from kg.profiles.layout import layout
    >>> from kg.profiles.sheet import of_text
    >>> sheet = of_text(Path("a.csv"), "cytokine,ratio\nIL-21,2\n", [])
    >>> is_wide(kg.open().once(Names), sheet, layout(sheet, Reading(), []))
    False
    """
    known = len(analytes(names, plan))
    if any(NUMBER.fullmatch(header) for header in sheet.header):  # the first line is a row: there is no header
        return False
    if known == 0 or (known == 1 and plan.name is not None):
        return False
    if plan.name is None:
        return known > 1 or len(sheet.header) > 1
    return not any(is_cytokine(names, cell) for cell in sheet.column(plan.name.number))


def described(found: Found, sheet: Sheet, by: Column | None, read: Sequence[Column], where: Mapping[str, str]) -> Found:
    """Return what a sheet holds with the columns of a matrix as what they are.

    >>> from kg.profiles.understood import Understood
    >>> from pathlib import Path
    >>> found = Found(name=Path("a.csv"), understood=Understood(form="CSV"))
    >>> sheet = Sheet(name=Path("a.csv"), form="CSV", header=("x", "IL-21"), rows=[])
    >>> described(found, sheet, None, [Column(1, "IL-21", "")], {}).understood.ignored
    ('x',)
    """
    used = {one.header: "cytokine" for one in read} | ({by.header: "sample"} if by else {})
    ignored = tuple(header for header in sheet.header if header and header not in used)
    before = not_read(sheet, found.understood.ignored)
    found.notes = [*(note for note in found.notes if note not in before), *not_read(sheet, ignored)]
    found.understood = replace(
        found.understood, used=used, ignored=ignored, where={**found.understood.where, **where}, known=len(read)
    )
    return found


def found_in(names: Names, sheet: Sheet, plan: Layout, reading: Reading, problems: list[Problem]) -> Found:
    r"""Return the ratios of one sample of a matrix; where none is chosen, how to is a problem.

    >>> import kg
    >>> from pathlib import Path
    >>> from kg.profiles.layout import layout
    >>> from kg.profiles.sheet import of_text
    >>> sheet = of_text(Path("a.csv"), "patient,IL-21,IFN-g\nP01,2,3\nP02,1,1\n", [])
    >>> reading = Reading(sample="P01")
    >>> found = found_in(kg.open().once(Names), sheet, layout(sheet, reading, []), reading, [])
    >>> [entry.cells for entry in found.entries]
    [{'cytokine': 'IL-21', 'ratio': '2'}, {'cytokine': 'IFN-g', 'ratio': '3'}]
    """
    if not is_wide(names, sheet, plan):
        return _of_column(names, sheet, plan, reading, problems)
    read = analytes(names, plan)
    labels = [one for one in plan.columns if one not in read and any(sheet.column(one.number))]
    found = described(start(sheet, plan, reading, problems), sheet, None, read, {})
    labels.sort(key=lambda one: one.role != "sample")
    if reading.sample is None:
        by = labels[0] if labels else None
        values = list(dict.fromkeys(filter(None, sheet.column(by.number)))) if by else []
        what = "samples stand in rows and cytokines in columns" + (
            f", with the samples {listed(values)}" if values else ""
        )
        if turned := [value for value in values if role(value)[0] in (*VALUES, "adjusted p")]:
            what = f"{listed(turned)} stand in rows, and cytokines in columns"
            problems.append(Problem(sheet.place(sheet.line), what, "turn the table: a row for each cytokine"))
            return found
        first = shown(values[0]) if values else "NAME"
        two = shown("/".join(values[-2:])) if len(values) > 1 else "A/B"
        remedy = f"--sample {first} reads its row as ratios; --ratio {two} divides two rows of levels"
        problems.append(Problem(sheet.place(sheet.line), what, remedy))
        return found
    for by in labels:
        rows = [row for row in sheet.rows if row[1][by.number].casefold() == reading.sample.casefold()]
        if rows:
            break
    else:
        by_names = listed(cell for one in labels[:1] for cell in sheet.column(one.number))
        remedy = f"the samples are {by_names}"
        problems.append(Problem(Place("--sample"), f"there is no sample {shown(reading.sample)}", remedy))
        return found
    if len(rows) > 1:
        lines = ", ".join(str(sheet.place(line)) for line, _ in rows[:4])
        what = f"{shown(reading.sample)} stands in {len(rows)} rows ({lines})"
        problems.append(Problem(Place("--sample"), what, "take one by --where COLUMN=VALUE, or give their mean"))
    found = described(found, sheet, by, read, {by.header: rows[0][1][by.number]})
    found.notes.append(f"The row of {shown(reading.sample)[1:-1]} was read as ratios to the comparator.")
    line, cells = rows[0]
    for one in read:
        headers = {"ratio": f"{one.header}:"}
        found.entries.append(
            InputRow(sheet.place(line), {"cytokine": one.header, "ratio": cells[one.number]}, sheet.nested, headers)
        )
    return found


def _of_column(names: Names, sheet: Sheet, plan: Layout, reading: Reading, problems: list[Problem]) -> Found:
    """Return the ratios of one sample that stands in a column."""
    assert reading.sample is not None  # noqa: S101 - asked only where it is given
    at = column(sheet, reading.sample)
    found = start(sheet, plan, reading, problems)
    if at is None or plan.name is None:
        what = f"there is no sample {shown(reading.sample)}"
        headers = listed(one.header for one in plan.columns if one is not plan.name)
        problems.append(Problem(Place("--sample"), what, f"the columns are {headers}"))
        return found
    found.notes.append(f"The column {sheet.header[at]} was read as ratios to the comparator.")
    found.understood = replace(
        found.understood,
        used={plan.name.header: plan.name.role, sheet.header[at]: "ratio"},
        ignored=tuple(h for n, h in enumerate(sheet.header) if h and n not in (at, plan.name.number)),
    )
    for line, cells, name in select(names, sheet, plan, found, problems):
        entry = {"cytokine": name, "ratio": cells[at]}
        found.entries.append(InputRow(sheet.place(line), entry, sheet.nested, {"ratio": sheet.header[at]}))
    return found
