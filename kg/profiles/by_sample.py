"""The profiles of the samples of one table, one by one: by the values of a column, or of a field of a phenopacket.

>>> import kg
>>> rows = [{"visit": 1, "cytokine": "IL-21", "ratio": 2}, {"visit": 2, "cytokine": "IL-21", "ratio": 3}]
>>> found = dict(profiles(kg.open(), rows, "visit", reading=Reading(comparator="healthy skin")))
>>> {value: str(one.signals[0].ratio) for value, one in found.items()}
{'1': '2', '2': '3'}
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from kg.model.errors import Place, Problem, Problems
from kg.profiles import assembly, profile, resolve
from kg.profiles import given as values_of
from kg.profiles import reading as tables
from kg.profiles.choices import AS_WRITTEN, Reading
from kg.profiles.found import Found
from kg.profiles.grounding import Names
from kg.profiles.layout import column, filtered, listed
from kg.profiles.sheet import Sheet
from kg.profiles.tabular import json_object, shown
from kg.sparql.graph import OpenGraph


def profiles(
    graph: OpenGraph, given: object, by: str, *, reading: Reading = AS_WRITTEN
) -> Iterator[tuple[str, profile.Profile]]:
    """Yield each value of a column of a file or of values of Python, with the profile of its rows.

    Raises Problems, those of all values at once, and where there is no such column.

    >>> import kg
    >>> list(profiles(kg.open(), [{"cytokine": "IL-21", "ratio": 2}], "visit"))
    Traceback (most recent call last):
        ...
    kg.Problems: --by: there is no column 'visit', or it is empty: there are 'cytokine', 'ratio'
    """
    problems: list[Problem] = []
    sheet: Sheet | None = None
    if isinstance(given, str | Path):
        file, data = resolve.content(graph, str(given))
        name = file or Path("standard input")
        found = _of_phenopacket(graph, name, data)
        if found is None:
            sheet = tables.sheet_of(name, data, problems, sheet=reading.sheet)
    else:
        found, sheet = None, values_of.sheet_of(given, problems)
    if problems:
        raise Problems(problems)
    if sheet is not None:
        cells, read = _of_sheet(graph, sheet, by, reading)
    else:
        assert found is not None  # noqa: S101 - one of the two is there
        cells, read = [one.get(by, "") for one in found[0]], found[1]
    values = list(dict.fromkeys(filter(None, cells)))
    if not values:
        fields = sheet.header if sheet else [key for one in (found[0] if found else ()) for key in one]
        what = f"there is no column {shown(by)}, or it is empty"
        raise Problems([Problem(Place("--by"), what, f"there are {listed(fields, 20)}")])
    yield from _assembled(graph, values, lambda value: read(replace(reading, where=(*reading.where, (by, value)))))


def _assembled(
    graph: OpenGraph, values: Iterable[str], read: Callable[[str], Found]
) -> Iterator[tuple[str, profile.Profile]]:
    problems: list[Problem] = []
    for value in values:
        try:
            made = assembly.assemble(graph, read(value))
        except Problems as error:
            problems += error.problems
        else:
            yield value, made
    if problems:
        raise Problems(dict.fromkeys(problems))


def _of_sheet(
    graph: OpenGraph, sheet: Sheet, by: str, reading: Reading
) -> tuple[list[str], Callable[[Reading], Found]]:
    """Return the cells of a column, and how the rows of one value are read."""
    at = column(sheet, by)
    cells = [] if at is None else list(filtered(sheet, reading, []).column(at))
    return cells, lambda one: tables.found_in(graph.once(Names), sheet, one, [])


def _of_phenopacket(
    graph: OpenGraph, name: Path, data: bytes
) -> tuple[list[dict[str, str]], Callable[[Reading], Found]] | None:
    """Return what a phenopacket says of the sample of each measurement, and how one is read; None for another file."""
    if (text := json_object(name, data)) is None:
        return None
    from kg.profiles import phenopacket
    from kg.profiles.phenopacket_schema import parse

    packet = parse(name, text)
    if packet is None:
        return None
    samples = [phenopacket.sample_of(packet, path, one) for path, one in phenopacket.measurements(packet)]

    def read(reading: Reading) -> Found:
        found = phenopacket.found_in(graph, name, text, reading=reading)
        assert found is not None  # noqa: S101 - it was one above
        return found

    return samples, read
