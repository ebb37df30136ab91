"""Reading one file of facts: a TSV table or a TOML case file into typed records, with every fault at its line.

A table is plain text: cells are separated by tabs, there is no quoting, a line is a record, ``;`` separates the members
of a list.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kg.facts import reports as r
from kg.facts import tables as t
from kg.facts import toml_limits
from kg.facts.cells import FORMS, ID, Record
from kg.facts.quantities import in_nanomolar
from kg.facts.toml_text import Places, loaded
from kg.model.errors import Place, Problem, Problems
from kg.model.files import LARGEST, read_text
from kg.model.names import near

FAULTS: Final = 1_000
"""Faults of one file that are explained: to seek a near name for each of 300,000 takes minutes."""


def hint(word: str, words: Iterable[str]) -> str:
    """Return ' (did you mean ...?)' with the nearest words, or '' where none is near.

    >>> hint("jak4", ["jak1", "stat3"])
    " (did you mean 'jak1'?)"
    """
    close = near(word, words)
    return f" (did you mean {' or '.join(map(repr, close))}?)" if close else ""


def _text(file: Path, problems: list[Problem], *, largest: int = LARGEST) -> str | None:
    if not file.exists():
        problems.append(Problem(Place(file), "the file is missing", "add it, with at least its header line"))
        return None
    try:
        return read_text(file, remedy="fix the file", largest=largest)
    except Problems as error:
        problems += error.problems
        return None


def read_table(
    file: Path, kind: type[Record], places: dict[int, Place], problems: list[Problem], lost: set[str]
) -> Iterator[Record]:
    """Yield the records of a table; ``lost`` takes the ids of rows that cannot be read, ``*`` if none can.

    Lines above the header that begin with ``#`` are left to the caller. ``places`` takes the place of each record by
    its ``id()``; faults are added to ``problems``, none is raised.

    >>> from kg.rdf.store import folder
    >>> table = folder("ontology") / "facts" / "kinases.tsv"
    >>> [row.symbol for row in read_table(table, t.Kinase, {}, [], set())]
    ['JAK1', 'JAK2', 'JAK3', 'TYK2']
    >>> problems, lost = [], set()
    >>> list(read_table(Path("none.tsv"), t.Kinase, {}, problems, lost)), lost, str(problems[0])
    ([], {'*'}, 'none.tsv: the file is missing: add it, with at least its header line')
    """
    text = _text(file, problems)
    if text is None:
        lost.add("*")
        return
    lines = text.split("\n")
    top = next((number for number, line in enumerate(lines) if not line.startswith("#")), 0)
    columns = [cell.strip() for cell in lines[top].rstrip("\r").split("\t")]
    wanted = kind.model_fields
    header = Place(file, top + 1)
    problems += [
        Problem(header, f"column {name!r} is not known{hint(name, wanted)}", f"the columns are {', '.join(wanted)}")
        for name in columns
        if name not in wanted
    ]
    needed = [name for name in wanted if name not in kind.MAY_LACK]
    problems += [Problem(header, f"column {name!r} is missing", "add it") for name in needed if name not in columns]
    problems += [
        Problem(header, f"duplicate column {name!r}", "keep one")
        for name in dict.fromkeys(columns)
        if columns.count(name) > 1
    ]
    absent = set(needed) - set(columns)
    whole = not absent and set(columns) <= set(wanted)
    if not whole:
        lost.add("*")
    if len(columns) != len(set(columns)):
        lost.add("*")
        return
    already = len(problems)
    for number, line in enumerate(lines[top + 1 :], top + 2):
        if not line.strip():
            continue
        if len(problems) - already >= FAULTS:
            problems += _more(file, len(lines) - number + 1, "lines were not read, after so many problems")
            lost.add("*")
            return
        place = Place(file, number)
        cells = line.rstrip("\r").split("\t")
        name = dict(zip(columns, map(str.strip, cells), strict=False)).get("id", "?")
        if len(cells) != len(columns):
            what = f"{len(cells)} cells in a table of {len(columns)} columns"
            problems += [Problem(place, what, "separate cells by one tab")] if whole else []
            lost.add(name)
            continue
        row = {name: cell.strip() for name, cell in zip(columns, cells, strict=True) if cell.strip() and name in wanted}
        try:
            record = kind.model_validate(row)
        except ValidationError as error:
            told = [
                detail for detail in error.errors() if not absent or (_path(detail) and _path(detail)[0] not in absent)
            ]
            problems += [_explain(place, detail, kind, row) for detail in told]
            wrong = {str(path[0]) for detail in told if (path := _path(detail))} | absent
            problems += [Problem(place, f"row: {what}", remedy) for what, remedy in _also(kind, row, wrong)]
            lost.add(name)
            continue
        places[id(record)] = place
        yield record


ENTRIES: Final[dict[str, type[Record]]] = {"case": r.Case, "statement": t.Statement, "hypothesis": r.Hypothesis}
"""Lists of a case file, of which each entry can be read by itself."""


class _Cells:
    """The cells of a row that are right, as a record has them; LookupError for one that is wrong."""

    def __init__(self, cells: Mapping[str, object]) -> None:
        self.__dict__.update(cells)

    def __getattr__(self, name: str) -> Any:
        raise LookupError(name)


def _also(kind: type[Record], row: Mapping[str, str], wrong: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what the rules of a whole row find in the cells that are right, where others of it are wrong."""
    cells = {name: field.default for name, field in kind.model_fields.items() if not field.is_required()} | dict(row)
    right = _Cells({name: cell for name, cell in cells.items() if name not in wrong})
    for name in kind.__pydantic_decorators__.model_validators if wrong else ():
        with suppress(LookupError, TypeError):
            try:
                getattr(kind, name)(right)
            except ValueError as error:
                what, _, remedy = str(error).rpartition(": ")
                yield what, remedy


def read_report(
    file: Path, places: dict[int, Place], problems: list[Problem], lost: set[str]
) -> Iterator[tuple[r.Report, Places]]:
    """Yield the report of a case file with the lines of its keys, or nothing where none of it can be read.

    ``places`` takes the place of each record by its ``id()``, ``lost`` the ids of cases that cannot be read, ``*`` if
    none can; faults are added to ``problems``, none is raised. Of a report with a fault there are the entries without.

    >>> from kg.rdf.store import folder
    >>> file = folder("ontology") / "facts" / "cases" / "khurana-2025.toml"
    >>> found = read_report(file, {}, [], set())
    >>> [(report.reference, positions[("reference",)].file.name) for report, positions in found]
    [('khurana-2025', 'khurana-2025.toml')]
    """
    text = _text(file, problems, largest=toml_limits.LARGEST)
    if text is not None and (beyond := toml_limits.problem(file, text)):
        problems.append(beyond)
        text = None
    positions, before = Places(file, text or ""), len(problems)
    data = loaded(positions, text, problems) if text is not None else None
    if data is None:
        lost.add("*")
        return
    left_out = {problem.place.line or 1 for problem in problems[before:]}
    left_out |= {positions.table(line) for line in left_out}
    try:
        report = r.Report.model_validate(data)
    except ValidationError as error:
        details = [(_path(detail), detail) for detail in error.errors()]
        told = [
            (path, detail)
            for path, detail in details
            if detail["type"] not in ("missing", "value_error") or positions[path].line not in left_out
        ]
        problems += [_explain(positions[path], detail, r.Report) for path, detail in told[:FAULTS]]
        problems += _more(file, len(told) - FAULTS)
        report, positions = _what_is_left(data, {path for path, _ in details}, positions, lost)
    for path, record in parts(report):
        places[id(record)] = positions[path]
    yield report, positions


def _more(file: Path, count: int, what: str = "problems more") -> list[Problem]:
    return [Problem(Place(file), f"{count:,} {what}", "fix those above first")] if count > 0 else []


def _what_is_left(
    data: dict[str, Any], faults: set[tuple[str | int, ...]], positions: Places, lost: set[str]
) -> tuple[r.Report, Places]:
    """Return a report without the entries, and without the keys, that have a fault."""
    broken = {path[:2] for path in faults if path[0] in ENTRIES}
    kept = {
        name: [index for index in range(len(data.get(name, ()))) if not {(name,), (name, index)} & broken]
        for name in ENTRIES
    }
    entries = {
        name: tuple(kind.model_validate(data[name][index]) for index in kept[name]) for name, kind in ENTRIES.items()
    }
    head = {name: data.get(name) for name in r.Report.model_fields if (name,) not in faults}
    for name, index in ((path[0], path[1]) if len(path) > 1 else (path[0], None) for path in broken):
        entry = data[str(name)][index] if isinstance(index, int) else {}
        named = entry.get("id") if isinstance(entry, dict) else None
        lost.add(named if isinstance(named, str) and name == "case" else "*")
    empty = dict.fromkeys(r.Report.model_fields)
    return r.Report.model_construct(None, **(empty | head | entries)), positions.only(kept)


def _path(detail: ErrorDetails) -> tuple[str | int, ...]:
    return tuple(part for part in detail["loc"] if part not in ("said", "unsaid"))


def _as_id(text: str) -> str:
    """Return ' (did you mean ...?)' with the id that a name as people write it would be, '' where it would be none."""
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return f" (did you mean {name!r}?)" if name and text.isascii() else ""


def _not_allowed(name: str, given: str, expected: str, row: Mapping[str, str]) -> tuple[str, str]:
    """Return what is wrong with a word that is not one of those expected, and the remedy."""
    words = re.findall(r"'([^']*)'", expected)
    what = f"{name}: {given!r} is not allowed"
    if "nM" in words and (amount := in_nanomolar(row.get("value", "?"), given)):
        return what, f"write nM, and {amount} in the column value"
    return what + hint(given, words), f"write {expected}"


def _explain(
    place: Place, detail: ErrorDetails, kind: type[BaseModel], row: Mapping[str, str] = MappingProxyType({})
) -> Problem:
    """Return what pydantic found, in the words of somebody who edits the file; ``row`` has the other cells."""
    path = _path(detail)
    name = str(next((part for part in reversed(path) if isinstance(part, str)), "row"))
    given = detail["input"]
    match detail["type"]:
        case "missing":
            said = any("not reported" in repr(model.model_fields.get(name)) for model in _models(kind))
            remedy = 'fill it; where nothing is known write "not reported"' if said else "fill it"
            return Problem(place, f"{name!r} is missing", remedy)
        case "extra_forbidden":
            names = {field for model in _models(kind) for field in model.model_fields}
            return Problem(place, f"{name!r} is not known here{hint(name, names)}", "fix the name or delete it")
        case "literal_error":
            return Problem(place, *_not_allowed(name, str(given), detail["ctx"]["expected"], row))
        case "string_pattern_mismatch":
            pattern = detail["ctx"]["pattern"]
            what = f"{name}: {given!r} has the wrong form{_as_id(str(given)) if pattern == ID else ''}"
            return Problem(place, what, FORMS.get(pattern, f"it must match {pattern}"))
        case "greater_than":
            return Problem(place, f"{name}: {_shown(given)} is not above 0", "a ratio is; 3.4-fold lower is 0.29")
        case "value_error":
            what = detail["msg"].removeprefix("Value error, ")
            head, _, remedy = what.rpartition(": ")
            return Problem(place, f"{name}: {head or what}", remedy if head else "fix the row")
        case "tuple_type" if isinstance(given, dict):
            header = ".".join(part for part in path if isinstance(part, str))
            return Problem(place, f"[{header}] can stand several times", f"write [[{header}]]")
        case "tuple_type":
            return Problem(place, f"{name}: {given!r} is not a list", "put it in square brackets, as in [...]")
        case "model_type" | "model_attributes_type":
            header = ".".join(part for part in path if isinstance(part, str))
            return Problem(place, f"{name}: {given!r} is not a table", f"write [{header}] and its keys below it")
        case "bool_type":
            return Problem(
                place, f"{name}: {_shown(given)} is neither true nor false", "write one of them without quotes"
            )
        case "int_type" | "int_parsing" | "int_from_float":
            return Problem(
                place, f"{name}: {_shown(given)} is not a whole number", "write digits without quotes, as in 3"
            )
        case _:
            return Problem(place, f"{name}: {_shown(given)}: {detail['msg'].lower()}", "fix the value")


def _shown(given: object) -> str:
    return str(given).lower() if isinstance(given, bool) else str(given) if isinstance(given, Decimal) else repr(given)


def _models(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield kind
    if kind is r.Report:
        yield from (r.Case, r.Therapy, r.Measurement, r.PriorTreatment, r.Outcome, r.Relapse, r.RelapseSite)
        yield from (r.AdverseEvent, t.Statement, r.Hypothesis)


def parts(record: Record, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Record]]:
    """Yield a record and every record inside it, with the path that leads there.

    >>> back = r.Relapse(relapsed=True, at=({"condition": "granuloma-annulare"},), quote="It came back")
    >>> [path for path, _ in parts(back)]
    [(), ('at', 0)]
    """
    yield path, record
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, Record):
            yield from parts(value, (*path, name))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Record):
                    yield from parts(item, (*path, name, index))
