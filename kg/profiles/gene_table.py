"""A whole table of genes as a statistic a gene: what the activity of a pathway is read from.

The columns are those that :mod:`kg.profiles.layout` found. A cell that says that there is no value (NA, or nothing) is
none; one that is no number is a problem, with its line.
"""

from collections.abc import Callable, Iterator, Sequence
from math import isinf, log, log2
from typing import Final

from kg.model.errors import Place, Problem, Problems
from kg.profiles import statistics, target_genes
from kg.profiles.columns import Column, is_logarithm
from kg.profiles.found import Found
from kg.profiles.layout import LONG, SEVERAL, Layout
from kg.profiles.sheet import Sheet
from kg.profiles.tabular import shown
from kg.profiles.values import NO_VALUE

LOG2: Final[dict[str, Callable[[float], float | None]]] = {
    "log2": lambda value: value,
    "ln": lambda value: value / log(2),
    "log10": lambda value: value * log2(10),
    "ddct": lambda value: -value,
    "ratio": lambda value: log2(value) if value > 0 else -log2(-value) if value <= -1 else None,
}
"""Role of a column -> log2 of the ratio from its value; None where it has none, as that of 0."""
PROTEINS: Final = "the table names proteins, and the weights are of transcripts"
MOUSE: Final = "the table has genes of the mouse, and the weights are of human genes"
NO_STATISTIC: Final = "the table has neither a statistic, nor a p value with a direction, nor a fold change"
FAULTS: Final = 20
"""Cells that are named of those that cannot be read."""
NOT_A_NUMBER: Final = frozenset(("nan", "null", "none", "#n/a", "#num!", "#div/0!"))


def read(table: Found | None) -> tuple[statistics.Statistics | None, str] | None:
    """Return the statistic of each gene of a whole table, by the names that target genes have, or why it has none.

    None for what is no table of genes, such as a list of cytokines. Raises Problems as :func:`statistics_of` does.

    >>> read(None)
    """
    if table is None or table.sheet is None or table.layout is None or len(table.sheet.rows) <= LONG:
        return None
    if table.understood.species == "mouse":
        return None, MOUSE
    if not table.layout.symbols:
        return None, PROTEINS
    found = statistics_of(table.sheet, table.layout, target_genes.shipped().gene)
    return found, "" if found else NO_STATISTIC


def statistics_of(sheet: Sheet, plan: Layout, named: Callable[[str], str] = str) -> statistics.Statistics | None:
    r"""Return the statistic of each gene of a table, None where the table has none; only the columns it needs are read.

    ``named`` gives a gene the name that footprints have for it. A row that names several genes is left out. Raises
    Problems for a cell that is no number, is infinite, or is no p value.

    >>> from pathlib import Path
    >>> from kg.profiles.choices import Reading
    >>> from kg.profiles.layout import layout
    >>> from kg.profiles.sheet import of_text
    >>> sheet = of_text(Path("a.csv"), "gene,logFC,P.Value\nSTAT1,2,0.05\nKRT16,-1,NA\n", [])
    >>> statistics_of(sheet, layout(sheet, Reading(), [])).notes
    ('1 row has no value.',)
    """
    if plan.name is None:
        return None
    at = plan.name.number
    rows = [row for row in sheet.rows if row[1][at] and SEVERAL not in row[1][at]]
    problems: list[Problem] = []

    def column(one: Column | None) -> list[float | None] | None:
        return list(_numbers(sheet, rows, one.number, one.role, problems)) if one else None

    statistic = column(plan.beside.get("statistic"))
    log2_ratio = p = error = None
    if not statistic or not any(value is not None and value < 0 for value in statistic):
        change = next((one for one in plan.values if one.role in LOG2), None)
        if raw := column(change):
            to_log2 = LOG2[change.role] if change else LOG2["log2"]
            log2_ratio = [None if value is None else to_log2(value) for value in raw]
        p = column(plan.beside.get("p"))
        if change and change.role in ("log2", "ddct"):  # an error on another scale is none of log2
            error = column(plan.beside.get("standard error"))
    if problems:
        more = [Problem(Place(sheet.name), f"{len(problems) - FAULTS:,} more cells like these", "fix them likewise")]
        raise Problems(problems[:FAULTS] + (more if len(problems) > FAULTS else []))
    genes = [cells[at] for _, cells in rows]
    found = statistics.of_columns(genes, statistic=statistic, log2=log2_ratio, error=error, p=p, named=named)
    several = sum(SEVERAL in cells[at] for _, cells in sheet.rows)
    if found is None or not several:
        return found
    note = f"{several:,} row{'s name' if several > 1 else ' names'} several genes: left out."
    return statistics.Statistics(found.values, found.source, (*found.notes, note))


def number(cell: str) -> float | str | None:
    """Return the number of a cell, None where it says that there is none, or what to write instead.

    >>> number("1e-9"), number("NA"), number("0,5"), number("<2e-16"), number("abc")
    (1e-09, None, 0.5, 2e-16, 'write digits with a point, or NA where there is no value')
    """
    remedy = "write digits with a point, or NA where there is no value"
    text = cell
    for _ in range(2):
        try:
            value = float(text if text.isascii() and "_" not in text else "?")
        except ValueError:
            text = cell.strip().casefold().replace("\N{MINUS SIGN}", "-").removeprefix("<").strip()
            if text in NO_VALUE or text in NOT_A_NUMBER:
                return None
            if text.count(",") == 1 and "." not in text:
                text = text.replace(",", ".")
            continue
        if isinf(value):
            return "an infinite value is none: write NA, or the number that the program means"
        return None if value != value else value
    return remedy


def _numbers(
    sheet: Sheet, rows: Sequence[tuple[int, list[str]]], column: int, role: str, problems: list[Problem]
) -> Iterator[float | None]:
    header = sheet.header[column]
    for line, cells in rows:
        value = number(cells[column])
        if role == "p" and isinstance(value, float) and is_logarithm(header):
            value = 10.0 ** -min(abs(value), 300.0)
        if isinstance(value, str):
            problems.append(Problem(sheet.place(line), f"{header} {shown(cells[column])} is not a number", value))
        elif value is not None and role == "p" and not 0 <= value <= 1:
            what = f"{header} {shown(cells[column])} is not between 0 and 1"
            problems.append(Problem(sheet.place(line), what, "write a p value such as 0.03, or NA"))
        else:
            yield value
