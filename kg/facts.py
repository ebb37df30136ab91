"""Facts: the TSV tables and TOML case files of ``ontology/facts``, read into typed records and checked.

All problems are collected, each with its place, what is wrong and the remedy. Nothing is skipped silently and no RDF is
made here. A table is plain text: cells are separated by tabs, there is no quoting, a line is a record, ``;`` separates
the members of a list.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kg import records as r
from kg.problems import Place, Problem, Problems

Parsed = tuple[r.Record, "Places"]


@dataclass(frozen=True, slots=True)
class Facts:
    """All records, table by table, and the place that each was read from (by identity, see :meth:`place`)."""

    references: tuple[r.Reference, ...]
    kinases: tuple[r.Kinase, ...]
    stats: tuple[r.Stat, ...]
    chains: tuple[r.Chain, ...]
    ligands: tuple[r.Ligand, ...]
    ambiguous_names: tuple[r.AmbiguousName, ...]
    receptors: tuple[r.Receptor, ...]
    receptor_families: tuple[r.ReceptorFamily, ...]
    relations: tuple[r.Relation, ...]
    claims: tuple[r.Evidence, ...]
    decisions: tuple[r.Decision, ...]
    inhibitors: tuple[r.Inhibitor, ...]
    approvals: tuple[r.Approval, ...]
    regimens: tuple[r.Regimen, ...]
    potency: tuple[r.Potency, ...]
    conditions: tuple[r.Term, ...]
    treatments: tuple[r.Term, ...]
    comparators: tuple[r.Term, ...]
    sites: tuple[r.Term, ...]
    cases: tuple[r.Report, ...]
    places: dict[int, Place]

    def place(self, record: r.Record) -> Place:
        """Return the file and line that a record was read from."""
        return self.places[id(record)]


TABLES: dict[str, type[r.Record]] = {
    field.name: get_args(field.type)[0] for field in fields(Facts) if field.name not in ("cases", "places")
}
"""Table name -> class of its rows. A table is ``NAME.tsv``; ``claims`` is every file of the folder ``claims``."""


class Places:
    r"""The line of every key of one TOML file, by its path, as in ``("case", 0, "therapy", 1, "dose")``.

    >>> places = Places(Path("a.toml"), 'a = 1\n[[case]]\nid = "x"\n[case.age]\n')
    >>> str(places[("case", 0, "id")]), str(places[("case", 0, "age", "low")])
    ('a.toml:3', 'a.toml:4')
    """

    _HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?")
    _KEY = re.compile(r"^\s*([\w\-]+)\s*=")
    _TRIPLE = re.compile(r"\"\"\"|'''")

    def __init__(self, file: Path, text: str) -> None:
        self.file = file
        self.lines: dict[tuple[str | int, ...], int] = {(): 1}
        table: tuple[str | int, ...] = ()
        counts: dict[tuple[str | int, ...], int] = defaultdict(int)
        inside = False
        for number, line in enumerate(text.splitlines(), 1):
            if not inside and (header := self._HEADER.match(line)):
                table = ()
                *parents, last = header[2].split(".")
                for name in parents:
                    table += (name,)
                    table += (counts[table] - 1,) if counts[table] else ()
                table += (last,)
                if header[1] == "[[":
                    counts[table] += 1
                    table += (counts[table] - 1,)
                self.lines.setdefault(table, number)
            elif not inside and (key := self._KEY.match(line)):
                self.lines.setdefault((*table, key[1]), number)
            inside ^= len(self._TRIPLE.findall(line)) % 2 == 1

    def __getitem__(self, path: tuple[str | int, ...]) -> Place:
        while path not in self.lines:
            path = path[:-1]
        return Place(self.file, self.lines[path])


def read(folder: Path) -> Facts:
    """Return the facts of a folder; raises :class:`~kg.problems.Problems` with every problem that was found."""
    problems: list[Problem] = []
    places: dict[int, Place] = {}
    tables: dict[str, tuple[r.Record, ...]] = {}
    for name, kind in TABLES.items():
        files = sorted((folder / name).glob("*.tsv")) if name == "claims" else [folder / f"{name}.tsv"]
        tables[name] = tuple(record for file in files for record in _read_table(file, kind, places, problems))
    reports: list[tuple[r.Report, Places]] = []
    for file in sorted((folder / "cases").glob("*.toml")):
        reports.extend(_read_report(file, places, problems))
    facts = Facts(cases=tuple(report for report, _ in reports), places=places, **tables)  # type: ignore[arg-type]
    problems.extend(_cross_check(facts, reports))
    if problems:
        raise Problems(problems)
    return facts


def walk(record: r.Record) -> Iterator[r.Record]:
    """Yield a record and every record inside it."""
    return (inner for _, inner in _walk(record))


def near(word: str, words: Iterable[str]) -> str:
    """Return ' (did you mean ...?)' with the nearest words, or '' where none is near.

    >>> near("jak4", ["jak1", "stat3"])
    " (did you mean 'jak1'?)"
    """
    close = get_close_matches(word, sorted(words), n=3, cutoff=0.6)
    return f" (did you mean {' or '.join(map(repr, close))}?)" if close else ""


def _text(file: Path, problems: list[Problem]) -> str | None:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        problems.append(Problem(Place(file), "the file is missing", "add it, with at least its header line"))
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        problems.append(Problem(Place(file, line), "this is no UTF-8 text", "save the file as UTF-8"))
    return None


def _read_table(
    file: Path, kind: type[r.Record], places: dict[int, Place], problems: list[Problem]
) -> Iterator[r.Record]:
    text = _text(file, problems)
    if text is None:
        return
    lines = text.split("\n")
    columns = [cell.strip() for cell in lines[0].rstrip("\r").split("\t")]
    wanted = kind.model_fields
    header = Place(file, 1)
    problems += [
        Problem(header, f"column {name!r} is not known{near(name, wanted)}", f"the columns are {', '.join(wanted)}")
        for name in columns
        if name not in wanted
    ]
    problems += [Problem(header, f"column {name!r} is missing", "add it") for name in wanted if name not in columns]
    problems += [
        Problem(header, f"column {name!r} stands twice", "keep one") for name in columns if columns.count(name) > 1
    ]
    if set(columns) != set(wanted) or len(columns) != len(wanted):
        return
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        place = Place(file, number)
        cells = line.rstrip("\r").split("\t")
        if len(cells) != len(columns):
            problems.append(
                Problem(place, f"{len(cells)} cells in a table of {len(columns)} columns", "separate cells by one tab")
            )
            continue
        row = {name: cell.strip() for name, cell in zip(columns, cells, strict=True) if cell.strip()}
        try:
            record = kind.model_validate(row)
        except ValidationError as error:
            problems += [_explain(place, detail, kind) for detail in error.errors()]
            continue
        places[id(record)] = place
        yield record


def _read_report(file: Path, places: dict[int, Place], problems: list[Problem]) -> Iterator[tuple[r.Report, Places]]:
    text = _text(file, problems)
    if text is None:
        return
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        at = int(line[1]) if line else text.count("\n") + 1
        problems.append(Problem(Place(file, at), f"this is no TOML: {error}", "mend the line, or quote the text"))
        return
    positions = Places(file, text)
    try:
        report = r.Report.model_validate(data)
    except ValidationError as error:
        problems += [_explain(positions[_path(detail)], detail, r.Report) for detail in error.errors()]
        return
    for path, record in _walk(report):
        places[id(record)] = positions[path]
    yield report, positions


def _path(detail: ErrorDetails) -> tuple[str | int, ...]:
    return tuple(part for part in detail["loc"] if part not in ("said", "unsaid"))


def _explain(place: Place, detail: ErrorDetails, kind: type[BaseModel]) -> Problem:
    """Return what pydantic found, in the words of somebody who edits the file."""
    path = _path(detail)
    name = str(next((part for part in reversed(path) if isinstance(part, str)), "row"))
    given = detail["input"]
    match detail["type"]:
        case "missing":
            return Problem(place, f"{name!r} is missing", 'fill it; where nothing is known write "not reported"')
        case "extra_forbidden":
            names = {field for model in _models(kind) for field in model.model_fields}
            return Problem(place, f"{name!r} is not known here{near(name, names)}", "mend the name or delete it")
        case "literal_error":
            expected = detail["ctx"]["expected"]
            words = re.findall(r"'([^']*)'", expected)
            return Problem(place, f"{name}: {given!r} is not allowed{near(str(given), words)}", f"write {expected}")
        case "string_pattern_mismatch":
            pattern = detail["ctx"]["pattern"]
            return Problem(place, f"{name}: {given!r} has the wrong form", f"it must match {pattern}")
        case "value_error":
            what = detail["msg"].removeprefix("Value error, ")
            head, _, remedy = what.rpartition(": ")
            return Problem(place, f"{name}: {head or what}", remedy if head else "mend the row")
        case _:
            return Problem(place, f"{name}: {given!r}: {detail['msg'].lower()}", "mend the value")


def _models(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield kind
    if kind is r.Report:
        yield from (r.Case, r.Therapy, r.Measurement, r.PriorTreatment, r.Outcome, r.Relapse, r.RelapseSite)
        yield from (r.AdverseEvent, r.Statement, r.Hypothesis)


def _walk(record: r.Record, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], r.Record]]:
    """Yield a record and every record inside it, with the path that leads there."""
    yield path, record
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, r.Record):
            yield from _walk(value, (*path, name))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, r.Record):
                    yield from _walk(item, (*path, name, index))


def _cross_check(facts: Facts, reports: list[tuple[r.Report, Places]]) -> Iterator[Problem]:
    ids = {name: {row.id for row in getattr(facts, name)} for name, kind in TABLES.items() if "id" in kind.model_fields}
    yield from _twice(facts)
    for name in TABLES:
        for record in getattr(facts, name):
            yield from _dangling(record, facts.place(record), ids)
    for report, positions in reports:
        for path, record in _walk(report):
            for field, problem in _dangling_fields(record, ids):
                yield Problem(positions[(*path, field)], *problem)
    relations = {relation.id: relation for relation in facts.relations}
    statements = [s for report in facts.cases for s in report.statement]
    claims: list[r.Statement | r.Decision] = [*facts.claims, *facts.decisions, *statements]
    for claim in claims:
        if relation := relations.get(claim.relation):
            yield from _misfit(claim, relation, facts.place(claim), ids)
    stated = {(c.about, c.relation, c.object) for c in (*facts.claims, *statements)}
    for decision in facts.decisions:
        if (decision.about, decision.relation, decision.object) not in stated:
            what = f"nobody states {decision.about} {decision.relation} {decision.object}"
            yield Problem(facts.place(decision), what, "a decision needs a claim with evidence: add it, or drop this")
    used = {chain for receptor in facts.receptors for chain in receptor.chains}
    for chain in facts.chains:
        if chain.id not in used:
            yield Problem(facts.place(chain), f"chain {chain.id!r} is in no receptor", "use it in receptors.tsv")


def _twice(facts: Facts) -> Iterator[Problem]:
    """Yield a problem for each id, or whole row, that stands twice; ids of things share one name space."""
    seen: dict[str, Place] = {}
    things = (name for name, kind in TABLES.items() if "id" in kind.model_fields and name not in ("relations",))
    named = [(f"ref-{x.id}" if n == "references" else x.id, facts.place(x)) for n in things for x in getattr(facts, n)]
    named += [(case.id, facts.place(case)) for report in facts.cases for case in report.case]
    for name, place in named:
        if name in seen:
            yield Problem(place, f"id {name!r} stands at {seen[name]} too", "give one of them another id")
        seen.setdefault(name, place)
    rows: dict[r.Record, Place] = {}
    for table in ("claims", "decisions", "approvals", "regimens", "potency", "ambiguous_names"):
        for row in getattr(facts, table):
            if row in rows:
                yield Problem(facts.place(row), f"the same row stands at {rows[row]}", "delete one of the two")
            rows.setdefault(row, facts.place(row))


def _dangling_fields(record: r.Record, ids: dict[str, set[str]]) -> Iterator[tuple[str, tuple[str, str]]]:
    for name, field in type(record).model_fields.items():
        for ref in (mark for mark in field.metadata if isinstance(mark, r.Ref)):
            value = getattr(record, name)
            cells = value if isinstance(value, tuple) else (value,) if value and value not in r.UNSAID else ()
            for cell in cells:
                if cell not in ids[ref.table]:
                    file = f"{ref.table}.tsv"
                    what = f"{name} {cell!r} is not in {file}{near(cell, ids[ref.table])}"
                    yield name, (what, f"mend it, or add it to {file}")


def _dangling(record: r.Record, place: Place, ids: dict[str, set[str]]) -> Iterator[Problem]:
    for _, problem in _dangling_fields(record, ids):
        yield Problem(place, *problem)


def _misfit(
    claim: r.Statement | r.Decision, relation: r.Relation, place: Place, ids: dict[str, set[str]]
) -> Iterator[Problem]:
    for role, tables, value in (("about", relation.subject, claim.about), ("object", relation.object, claim.object)):
        words = set().union(*(ids.get(table, set()) for table in tables.split("|")))
        if value not in words:
            what = f"{role} {value!r} of {relation.id} is not in {tables}{near(value, words)}"
            yield Problem(place, what, f"mend it, or add it to {tables}")
