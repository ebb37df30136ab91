"""The query library: every question is a file ``queries/NAME.rq``, with a header that says what it asks and takes.

Header lines start with ``#+``: ``summary`` and ``theme`` (both required; a rule of ``checks/`` has no theme, and one of
``report/`` a ``level`` instead), ``description``, and ``param: name | type | example``, one for each parameter, with
``| optional`` where the example holds unless another is given. A type is a class (``jak:Case``), a number with its unit
(``number nM``), or a list of words (``one of share, any, all``). The example of an optional class may be ``any``: then
every member answers unless one is given, and the line is ``VALUES ?name { UNDEF }``. ``class: jak:Name``, with
``| name = value`` for a parameter, says that the first column holds the members of a class of
``ontology/definitions.ttl``.

A question runs anywhere as it stands: each parameter is a line ``VALUES ?name { example }`` of its text. A value is
checked, made an RDF term, and put in place of that term; no text of a user gets into a query.

>>> found = load("measurements_of_case")
>>> found.summary, found.theme
('Which cytokines were measured in the case, against what?', 'patients')
>>> found.params
(Param(name='case', kind='jak:Case', example='kg:khurana-2025-1', optional=False),)
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

from pyoxigraph import NamedNode, QuerySolutions

from kg.model.errors import Place, Problem, Problems
from kg.model.identifiers import identifier_of
from kg.model.names import meant, near
from kg.model.vocabulary import DEFINED, PREFIXES, THING, fold, local
from kg.rdf.store import folder
from kg.sparql.rows import Rows

NUMBER: Final = re.compile(r"(?P<number>\d{1,12}(\.\d{1,12})?) ?(?P<unit>\D\S*)?", re.ASCII)
CHECKS: Final = "checks/"
"""Questions of this folder are rules: they must return no row."""
REPORT: Final = "report/"
"""Questions of this folder are the rules of the quality report: each row is a fault of the level of its rule."""
LEVELS: Final = ("ERROR", "WARN", "INFO")
"""How grave a fault of the quality report can be: the first two must not be, the last is explained."""
ANY: Final = "any"
UNDEF: Final = "UNDEF"
THEMES: Final = ("mechanism", "potency", "patients", "evidence", "coverage")
"""What a question can be about, in the order in which the questions are shown."""


class Graph(Protocol):
    """What answers SPARQL: a store in memory, a guarded child process, or a server.

    >>> from pyoxigraph import Store
    >>> graph: Graph = Store()
    >>> bool(graph.query("ASK {}"))
    True
    """

    def query(self, query: str, /) -> Any:
        """Return solutions, a boolean or triples, as pyoxigraph has them."""


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a question: its variable, its type, and an example, which holds where an optional one is left out.

    >>> Param("threshold", "number nM", "100", optional=True).term("55 nM")
    '55'
    >>> Param("require", "one of share, any, all", "share").term("some")
    Traceback (most recent call last):
        ...
    ValueError: 'some' is none of share, any, all
    """

    name: str
    kind: str
    example: str
    optional: bool = False

    @property
    def words(self) -> list[str]:
        """Return the words that can be chosen; none where the type is another."""
        return [word.strip() for word in self.kind[len("one of ") :].split(",")] if self.kind[:7] == "one of " else []

    @property
    def unit(self) -> str | None:
        """Return the unit of a number; None where the type is another."""
        return self.kind[len("number ") :].strip() if self.kind.startswith("number ") else None

    @property
    def free(self) -> bool:
        """Return whether it leaves its variable free unless a thing is given."""
        return self.optional and self.example == ANY

    def term(self, text: str) -> str:
        """Return a word or a number as it stands in SPARQL; ValueError, in words for the user, where it is neither."""
        if self.words:
            if text not in self.words:
                raise ValueError(f"{text!r} is none of {', '.join(self.words)}")
            return f'"{text}"'
        match = NUMBER.fullmatch(text.strip())
        if not match:
            raise ValueError(f"{text!r} is not a number")
        if match["unit"] not in (None, self.unit):
            raise ValueError(f"{text!r} is not in {self.unit}")
        return match["number"]

    def values(self) -> re.Pattern[str]:
        """Return the pattern of the line that holds its value in the text of a question."""
        return re.compile(rf"VALUES\s+\?{self.name}\s*\{{([^{{}}]*)\}}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Query:
    """A question of the library, or of a user's own file."""

    name: str
    summary: str
    description: str
    params: tuple[Param, ...]
    text: str
    theme: str = ""
    level: str = ""
    classes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """Defined class (a CURIE), and the values of the parameters with which the first column has its members."""

    def bound(self, graph: Graph, **values: str) -> str:
        """Return the text of the question with its parameters in place.

        Raises Problems where a parameter is missing, unknown, or does not fit its type; near matches are named.

        >>> import kg
        >>> "VALUES ?case { <https://w3id.org/jak-kg/khurana-2025-3> }" in load("therapies_of_case").bound(
        ...     kg.open().store, case="khurana-2025-3"
        ... )
        True
        """
        text = self.text
        problems = list(self._misnamed(values))
        for param in self.params:
            if param.name not in values:
                continue
            try:
                term = self._term(graph, param, values[param.name])
            except ValueError as error:
                remedy = f"as in --{param.name} {param.example}"
                problems.append(Problem(Place(self.name), f"{param.name}: {error}", remedy))
                continue
            text = param.values().sub(f"VALUES ?{param.name} {{ {term} }}", text)
        if problems:
            raise Problems(problems)
        return text

    @staticmethod
    def _term(graph: Graph, param: Param, value: str) -> str:
        if param.free and value == ANY:
            return UNDEF
        return param.term(value) if param.words or param.unit else f"<{thing_of(graph, param.kind, value)}>"

    def rows(self, graph: Graph, **values: str) -> Rows:
        """Return the rows of a SELECT question, with the local names of our things; the errors are those of bound.

        >>> import kg
        >>> load("measurements_of_case").rows(kg.open().store, case="khurana-2025-1")[0]["ratio"]
        Decimal('0.08')
        """
        found = graph.query(self.bound(graph, **values))
        assert isinstance(found, QuerySolutions), f"{self.name} is not a SELECT"  # noqa: S101
        return Rows.of(found, local)

    def _misnamed(self, values: dict[str, str]) -> Iterator[Problem]:
        known = {param.name: param for param in self.params}
        for name in values.keys() - known.keys():
            names = f"the parameters are {', '.join(known)}" if known else "it takes none"
            yield Problem(Place(self.name), f"there is no parameter {name!r}", names)
        for name, param in known.items():
            if name not in values and not param.optional:
                yield Problem(Place(self.name), f"parameter {name!r} is missing", f"as in --{name} {param.example}")


def thing_of(graph: Graph, kind: str, text: str) -> str:
    """Return the IRI of a thing of a class (a CURIE) from its local name, CURIE, IRI, name or identifier.

    Raises ValueError, in words for the user, where none or several fit.

    >>> import kg
    >>> thing_of(kg.open().store, "jak:Inhibitor", "Olumiant")
    'https://w3id.org/jak-kg/baricitinib'
    >>> thing_of(kg.open().store, "jak:Ligand", "ENSG00000109471.4")
    'https://w3id.org/jak-kg/il2'
    >>> thing_of(kg.open().store, "jak:Kinase", "jak4")
    Traceback (most recent call last):
        ...
    ValueError: 'jak4' is not a known Kinase (did you mean jak3, jak2 or jak1?)
    """
    name = text.removeprefix("kg:").removeprefix(THING)
    if is_instance(graph, name, kind):
        return THING + name
    known = instances(graph, kind)
    if not known:
        raise ValueError(f"the graph has no {kind}: is it JAK-KG?")
    if name in known:
        return THING + name
    prefixes = "\n".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in ("jak", "rdfs", "skos"))
    asked = f"{prefixes} SELECT ?thing ?name WHERE {{ ?thing a {kind} . {{ ?thing rdfs:label ?name }} UNION {{ ?thing skos:altLabel ?name }} UNION {{ ?thing jak:symbol ?name }} UNION {{ ?thing jak:xref ?name }} }}"  # noqa: E501
    named = Rows.of(graph.query(asked), local)
    same = {fold(text), identifier_of(text)}
    fitting = sorted({row["thing"] for row in named if same & {fold(row["name"]), row["name"]}} & set(known))
    if len(fitting) == 1:
        return f"{THING}{fitting[0]}"
    if fitting:
        raise ValueError(f"{text!r} is {' and '.join(fitting)}")
    hint = f" ({meant(close, '')})" if (close := near(name.lower(), known)) else ""
    raise ValueError(f"{text!r} is not a known {kind.partition(':')[2]}{hint}")


def fitting(graph: Graph, kinds: Iterable[str], text: str) -> Iterator[tuple[str, str]]:
    """Yield each class, named as in the vocabulary, that has a thing of this name, with the thing's local name.

    >>> import kg
    >>> list(fitting(kg.open().store, ("Kinase", "Inhibitor"), "Olumiant"))
    [('Inhibitor', 'baricitinib')]
    """
    for kind in kinds:
        try:
            yield kind, local(thing_of(graph, f"jak:{kind}", text))
        except ValueError:
            continue


def instances(graph: Graph, kind: str) -> list[str]:
    """Return the local names of the things of a class given as a CURIE, sorted; KeyError for an unknown prefix.

    >>> import kg
    >>> instances(kg.open().store, "jak:Kinase")
    ['jak1', 'jak2', 'jak3', 'tyk2']
    """
    prefix, _, name = kind.partition(":")
    found = graph.query(f"SELECT ?thing WHERE {{ ?thing a <{PREFIXES[prefix]}{name}> }}")
    return sorted(local(row["thing"].value) for row in found if isinstance(row["thing"], NamedNode))


def is_instance(graph: Graph, name: str, kind: str) -> bool:
    """Return whether a thing of a local name is of a class given as a CURIE: however many are, only this one is read.

    >>> import kg
    >>> is_instance(kg.open().store, "jak1", "jak:Kinase"), is_instance(kg.open().store, "JAK 1", "jak:Kinase")
    (True, False)
    """
    prefix, _, of = kind.partition(":")
    plain = re.fullmatch(r"[\w-]+", name, re.ASCII)
    return bool(plain and graph.query(f"ASK {{ <{THING}{name}> a <{PREFIXES[prefix]}{of}> }}"))


def names(word: str = "", *, checks: bool = False, report: bool = False) -> list[str]:
    """Return the names of the questions, sorted; those with a word in name, summary or description; or of the rules.

    >>> "routes_of_cytokines" in names(), names("relapse"), names(report=True)[0]
    (True, ['cases_that_relapsed', 'relapses_across_cases', 'relapses_of_case'], 'report/annotation_whitespace')
    """
    prefix = CHECKS if checks else REPORT if report else ""
    found = sorted(prefix + file.stem for file in (folder("queries") / prefix).glob("*.rq"))
    if not word:
        return found
    texts = {name: load(name) for name in found}
    return [name for name, q in texts.items() if word.lower() in f"{name} {q.summary} {q.description}".lower()]


def load(name: str) -> Query:
    """Return a question of the library, read once; Problems names near matches where there is none of that name.

    >>> load("cases").summary
    'Which cases are there, of whom, and who reported them?'
    >>> load("case")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    kg.Problems: case: there is no question of this name: did you mean cases...?
    """
    return _load(folder("queries"), name)


@cache
def _load(questions: Path, name: str) -> Query:
    file = questions / f"{name}.rq"
    if not re.fullmatch(rf"({CHECKS}|{REPORT})?\w+", name) or not file.is_file():
        close = near(name, [*names(), *names(checks=True), *names(report=True)])
        hint = meant(close, "kg query --list shows them all")
        raise Problems([Problem(Place(name), "there is no question of this name", hint)])
    return parse(name, file.read_text(encoding="utf-8"))


KEYS: Final = ("summary", "theme", "description", "param", "class", "level")
"""What the lines of a header begin with; in a user's file any other word is passed over, unless it is near to one."""


def parse(name: str, text: str, *, own: bool = False) -> Query:
    """Return the question of a text; Problems where its header is wrong. A user's ``own`` needs no header.

    >>> found = parse("a.rq", '''#+ param: kinase | jak:Kinase | kg:jak1
    ... SELECT ?c WHERE { VALUES ?kinase { kg:jak1 } ?c jak:needsKinase ?kinase }''', own=True)
    >>> [(param.name, param.kind) for param in found.params]
    [('kinase', 'jak:Kinase')]
    """
    header: dict[str, str] = {}
    params: list[Param] = []
    problems: list[Problem] = []
    classes: list[tuple[str, tuple[tuple[str, str], ...]]] = []
    sort, sorts = ("level", LEVELS) if name.startswith(REPORT) else ("theme", THEMES)
    needed = f"write '#+ {sort}:' and one of {', '.join(sorts)}"
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            continue
        key, _, value = (part.strip() for part in line[2:].partition(":"))
        if key == "param":
            try:
                params.append(_param(value, text, {param.name for param in params}))
            except ValueError as error:
                problems.append(Problem(Place(name, number), str(error), "write param: name | type | example"))
        elif key == "class" and (found := _class(value)):
            classes.append(found)
        elif key in ("summary", "description", sort) and value and key not in header:
            header[key] = value
            if key == sort and value not in sorts:
                problems.append(Problem(Place(name, number), f"{value!r} is not a {sort}", needed))
        elif not own or key == "class" or near(key, KEYS, cutoff=0.75):  # a user's file may have lines of grlc
            what = f"the header line {line!r} is not understood"
            remedy = (
                f"write summary:, {sort}:, description: once each, param: name | type | example, or class: jak:Name"
            )
            problems.append(Problem(Place(name, number), what, remedy))
    if "summary" not in header and not own:
        problems.append(Problem(Place(name, 1), "the header has no summary", "write '#+ summary: the question'"))
    if sort not in header and not own and not name.startswith(CHECKS):
        problems.append(Problem(Place(name, 1), f"the header has no {sort}", needed))
    if problems:
        raise Problems(problems)
    summary, description, theme, level = (header.get(key, "") for key in ("summary", "description", "theme", "level"))
    return Query(name, summary, description, tuple(params), text, theme, level, tuple(classes))


def _class(value: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Return the class of a header line with the values that go with it, None where the line is not understood."""
    name, *cells = (cell.strip() for cell in value.split("|"))
    values = [tuple(part.strip() for part in cell.split("=")) for cell in cells]
    understood = name.removeprefix("jak:") in DEFINED and all(len(pair) == 2 and all(pair) for pair in values)
    return (name, tuple((pair[0], pair[1]) for pair in values)) if understood else None


def _param(value: str, text: str, before: set[str]) -> Param:
    """Return a parameter that its question can bind; ValueError, in words for the author, where it cannot."""
    cells = [cell.strip() for cell in value.split("|")]
    if len(cells) not in (3, 4) or not all(cells) or cells[3:] not in ([], ["optional"]):
        raise ValueError(f"the parameter {value!r} is not understood")
    param = Param(cells[0], cells[1], cells[2], optional=len(cells) == 4)
    if not re.fullmatch("[A-Za-z]+", param.name) or param.name in before | {"format", "graph", "endpoint", "timeout"}:
        raise ValueError(f"{param.name!r} cannot be the name of a parameter here")
    if param.words or param.unit:
        expected = param.term(param.example)
    elif param.free and param.kind.partition(":")[0] in ("jak", "kg"):
        expected = UNDEF
    elif param.kind.partition(":")[0] in ("jak", "kg") and re.fullmatch(r"kg:[\w-]+", param.example):
        expected = param.example
    else:
        raise ValueError(f"{param.kind!r} with the example {param.example!r} is not a type of a parameter")
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    if {found.strip() for found in param.values().findall(code)} != {expected}:
        raise ValueError(
            f"parameter {param.name!r} is not bound: the query needs VALUES ?{param.name} {{ {expected} }}"
        )
    if not re.search(rf"\?{param.name}\b", param.values().sub("", code)):
        raise ValueError(f"parameter {param.name!r} is bound and never used")
    return param


def ask(graph: Graph, name: str, **values: str) -> Rows:
    """Return the rows that a question of the library gives on a graph.

    Raises Problems where there is no such question, or a parameter does not fit it.

    >>> import kg
    >>> [row["label"] for row in ask(kg.open().store, "measurements_of_case", case="khurana-2025-1")]
    ['IFN-gamma', 'IL-15', 'IL-21']
    """
    return load(name).rows(graph, **values)


def members(graph: Graph) -> dict[str, list[str]]:
    """Return the members of each defined class, by local names, as the questions that state the class find them.

    A class whose question is about a thing that the graph does not have has none.

    >>> import kg
    >>> members(kg.open().store)["PanJakInhibitor"]
    ['cerdulatinib', 'delgocitinib', 'ilginatinib', 'oclacitinib']
    """
    found: dict[str, list[str]] = {}
    for question in map(load, names()):
        for kind, values in question.classes:
            given = {param.name: param.example for param in question.params if not param.optional} | dict(values)
            try:
                rows = question.rows(graph, **given)
            except Problems:
                rows = Rows([], [])
            found[kind.removeprefix("jak:")] = sorted({str(next(iter(row.values()))) for row in rows})
    return found
