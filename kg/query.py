"""The query library: every question is a file ``queries/NAME.rq``, with a header that says what it asks and takes.

Header lines start with ``#+``: ``summary`` (required), ``description``, and ``param: name | class | example``, one for
each parameter. Parameters are bound to variables, never pasted into the text.

>>> query = load("measurements_of_case")
>>> query.summary
'Which cytokines were measured in the case, against what?'
>>> query.params
(Param(name='case', kind='jak:Case', example='kg:khurana-2025-1'),)
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Variable

from kg.problems import Place, Problem, Problems
from kg.store import folder
from kg.terms import PREFIXES, THING, curie, local

Value = str | int | bool | Decimal
Row = dict[str, Any]
"""Variable name -> value: the local name of an IRI of ours, a foreign IRI whole, a literal as Python value, or None."""

XSD = PREFIXES["xsd"]


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a query: its variable, the class that its value must have, and an example."""

    name: str
    kind: str
    example: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question of the library."""

    name: str
    summary: str
    description: str
    params: tuple[Param, ...]
    text: str

    def rows(self, store: Store, **values: str) -> list[Row]:
        """Return the rows of a SELECT query, with one value (a local name) for each parameter.

        Raises Problems where a parameter is missing, unknown, or names no thing of its class; near matches are named.

        >>> from kg import built
        >>> load("measurements_of_case").rows(built.store(), case="khurana-2025-1")[0]["ratio"]
        Decimal('0.08')
        """
        names, rows = self._solve(store, values)
        return [{name: _value(term, local) for name, term in zip(names, row, strict=True)} for row in rows]

    def table(self, store: Store, **values: str) -> tuple[list[str], list[list[Value | None]]]:
        """Return the names of the columns and the rows, with IRIs as CURIEs; the same errors as :meth:`rows`.

        >>> from kg import built
        >>> load("stats_of_cytokines").table(built.store())[1][0]
        ['kg:cntf', 'kg:stat1']
        """
        names, rows = self._solve(store, values)
        return names, [[_value(term, curie) for term in row] for row in rows]

    def _solve(self, store: Store, values: dict[str, str]) -> tuple[list[str], list[list[object]]]:
        substitutions = dict(self._bind(store, values))
        solutions = store.query(self.text, substitutions=substitutions)  # type: ignore[arg-type]
        assert isinstance(solutions, QuerySolutions)  # noqa: S101 - the library holds SELECT queries only
        names = [variable.value for variable in solutions.variables]
        return names, [[row[name] for name in names] for row in solutions]

    def _bind(self, store: Store, values: dict[str, str]) -> Iterator[tuple[Variable, NamedNode]]:
        place = Place(f"{self.name}.rq")
        known = {param.name: param for param in self.params}
        problems = [
            Problem(place, f"there is no parameter {name!r}", f"the parameters are {', '.join(known) or 'none'}")
            for name in values
            if name not in known
        ]
        problems += [
            Problem(place, f"parameter {name!r} is missing", f"give it, as in --{name} {param.example}")
            for name, param in known.items()
            if name not in values
        ]
        for name in sorted(known.keys() & values.keys()):
            things = instances(store, known[name].kind)
            value = values[name].removeprefix("kg:").removeprefix(THING)
            if value not in things:
                from difflib import get_close_matches

                what = f"{values[name]!r} is no {known[name].kind.removeprefix('jak:')}"
                close = get_close_matches(value, things, n=3)
                problems.append(Problem(place, what, f"did you mean {', '.join(close) or known[name].example}?"))
            else:
                yield Variable(name), NamedNode(THING + value)
        if problems:
            raise Problems(problems)


def instances(store: Store, kind: str) -> list[str]:
    """Return the local names of the things of a class given as a CURIE, sorted; KeyError for an unknown prefix.

    >>> from kg import built
    >>> instances(built.store(), "jak:Kinase")
    ['jak1', 'jak2', 'jak3', 'tyk2']
    """
    prefix, _, name = kind.partition(":")
    rdf_type = NamedNode(PREFIXES["rdf"] + "type")
    quads = store.quads_for_pattern(None, rdf_type, NamedNode(PREFIXES[prefix] + name), None)
    return sorted(local(quad.subject.value) for quad in quads if isinstance(quad.subject, NamedNode))


def names() -> list[str]:
    """Return the names of all queries, sorted.

    >>> "routes_of_cytokines" in names()
    True
    """
    return sorted(file.stem for file in folder("queries").glob("*.rq"))


def load(name: str) -> Query:
    """Return a query of the library; Problems names near matches where there is none of that name.

    >>> load("cases").summary
    'Which cases are there, of whom, and who reported them?'
    >>> load("case")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    kg.problems.Problems: case: there is no query of this name: did you mean cases...?
    """
    file = folder("queries") / f"{name}.rq"
    if not file.is_file():
        from difflib import get_close_matches

        close = get_close_matches(name, names(), n=3)
        hint = f"did you mean {', '.join(close)}?" if close else "see the folder queries"
        raise Problems([Problem(Place(name), "there is no query of this name", hint)])
    return parse(file)


def parse(file: Path) -> Query:
    """Return the query of a file; Problems where its header is wrong, OSError where it cannot be read.

    >>> [(param.name, param.kind) for param in parse(folder("queries") / "measurements_of_case.rq").params]
    [('case', 'jak:Case')]
    """
    text = file.read_text(encoding="utf-8")
    header: dict[str, str] = {}
    params: list[Param] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            continue
        key, _, value = (part.strip() for part in line[2:].partition(":"))
        cells = [cell.strip() for cell in value.split("|")]
        if key == "param" and len(cells) == 3 and all(cells):
            params.append(Param(*cells))
        elif key in ("summary", "description") and value and key not in header:
            header[key] = value
        else:
            what = f"the header line {line!r} is not understood"
            remedy = "write summary:, description: once each, or param: name | class | example"
            problems.append(Problem(Place(file, number), what, remedy))
    if "summary" not in header:
        problems.append(Problem(Place(file, 1), "the header has no summary", "write '#+ summary: the question'"))
    if problems:
        raise Problems(problems)
    return Query(file.stem, header["summary"], header.get("description", ""), tuple(params), text)


def ask(store: Store, name: str, **values: str) -> list[Row]:
    """Return the rows that a query of the library gives on a store.

    Raises Problems where there is no such query, or a parameter does not fit it.

    >>> from kg import built
    >>> [row["label"] for row in ask(built.store(), "measurements_of_case", case="khurana-2025-1")]
    ['IFN-gamma', 'IL-15', 'IL-21']
    """
    return load(name).rows(store, **values)


def _value(term: object, name: Callable[[str], str]) -> Value | None:
    if isinstance(term, NamedNode):
        return name(term.value)
    if not isinstance(term, Literal):
        return None
    match term.datatype.value.removeprefix(XSD):
        case "decimal":
            return Decimal(term.value)
        case "integer":
            return int(term.value)
        case "boolean":
            return term.value == "true"
        case _:
            return term.value
