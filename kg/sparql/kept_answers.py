"""Answers of the library on the shipped graph, kept beside it: a cold ``kg ask`` opens no store for what never changes.

The file has a line of JSON an answer; its first line says of which built graph they are, and where each stands.

>>> kept = shipped()
>>> kept is None or kept.rows("measurements_of_case", {"case": "khurana-2025-1"})[0]["ratio"]
Decimal('0.08')
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.model.files import save
from kg.model.vocabulary import PREFIXES, local
from kg.rdf import shipped as shipped_graph
from kg.rdf.store import PACKAGE, folder
from kg.sparql.rows import Rows, Value

if TYPE_CHECKING:
    from kg.sparql.library import Graph

FILE: Final = shipped_graph.FILE.with_name("answers.jsonl")


class KeptAnswers:
    """A file of answers; each is read when it is first asked for.

    >>> kept = shipped()
    >>> kept is None or kept.instances("jak:Kinase")
    ['jak1', 'jak2', 'jak3', 'tyk2']
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        with file.open("rb") as stream:
            head = json.loads(stream.readline() or b"{}")
            self._start = stream.tell()
        self.made_from: str = head.get("made from", "")
        self._places: dict[str, tuple[int, int]] = head.get("answers", {})

    def names(self) -> list[str]:
        """Return the names of what is kept: a question with its values, or ``a`` and a class."""
        return list(self._places)

    def rows(self, name: str, values: Mapping[str, str]) -> Rows | None:
        """Return the rows of a question, None where they are not kept."""
        found = self._read(_key(name, values))
        if found is None:
            return None
        columns = found["columns"]
        return Rows((dict(zip(columns, map(_value, row), strict=True)) for row in found["rows"]), columns)

    def instances(self, kind: str) -> list[str] | None:
        """Return the local names of the things of a class, as library.instances does, None where they are not kept."""
        found = self._read(f"a {kind}")
        return None if found is None else list(found)

    def _read(self, key: str) -> Any:
        if key not in self._places:
            return None
        start, size = self._places[key]
        with self._file.open("rb") as stream:
            stream.seek(self._start + start)
            return json.loads(stream.read(size))


def shipped() -> KeptAnswers | None:
    """Return the answers on the shipped graph, written anew where they are of another; None where they cannot be.

    >>> kept = shipped()
    >>> kept is None or kept.rows("graph_version", {})[0]["edition"]
    2
    """
    if not shipped_graph.is_current():
        shipped_graph.store()
    made_from = _stamp()
    try:
        kept = KeptAnswers(FILE)
    except (OSError, ValueError, AttributeError):  # none yet, or what is no file of answers
        kept = None
    if kept is not None and kept.made_from == made_from:
        return kept
    try:
        save(content(shipped_graph.store(), made_from), FILE)
    except OSError:  # such as a folder of somebody else
        return None
    return KeptAnswers(FILE)


def _stamp() -> str:
    """Return what answers are made from: the built graph and, in a checkout, where they can change, the questions."""
    with shipped_graph.FILE.open("rb") as stream:
        graph = name_of(stream.readline())
    if not shipped_graph.is_checkout():
        return graph
    files = [*folder("queries").glob("*.rq"), *(PACKAGE / "sparql").glob("*.py")]
    return f"{graph} and {shipped_graph.digest((file.name, file) for file in sorted(files))}"


def name_of(line: bytes) -> str:
    r"""Return what names a built graph: its first line, which in a checkout holds the digest of the facts.

    >>> name_of(b"# built from 3f\n")
    'built from 3f'
    """
    return line.decode().strip("# \n")


def content(graph: "Graph", made_from: str) -> bytes:
    """Return the file of answers on a graph: of every question that needs no value, and of those on each case.

    >>> from pyoxigraph import Store
    >>> content(Store(), "nothing").splitlines()[0][:23]
    b'{"made from": "nothing"'
    """
    places, lines, at = {}, [], 0
    for key, found in _all(graph):
        line = json.dumps(found, ensure_ascii=False, default=_text).encode()
        places[key] = (at, len(line))
        lines.append(line)
        at += len(line) + 1
    head = json.dumps({"made from": made_from, "answers": places}).encode()
    return b"\n".join([head, *lines, b""])


def _all(graph: "Graph") -> Iterator[tuple[str, Any]]:
    from pyoxigraph import QuerySolutions

    from kg.sparql import library

    kinds = graph.query("SELECT DISTINCT ?kind WHERE { ?thing a ?kind } ORDER BY ?kind")
    for kind in (row["kind"].value for row in kinds if row["kind"].value.startswith(PREFIXES["jak"])):
        name = f"jak:{kind.removeprefix(PREFIXES['jak'])}"
        yield f"a {name}", library.instances(graph, name)
    cases = library.instances(graph, "jak:Case")
    for question in map(library.load, library.names()):
        given: list[dict[str, str]] = [{}] if all(param.optional for param in question.params) else []
        if [param.kind for param in question.params] == ["jak:Case"]:
            given += [{question.params[0].name: case} for case in cases]
        for values in given:
            found = graph.query(question.bound(graph, **values))
            if isinstance(found, QuerySolutions):
                rows = Rows.of(found, local)
                told = {"columns": rows.columns, "rows": [list(row.values()) for row in rows]}
                yield _key(question.name, values), told


def _key(name: str, values: Mapping[str, str]) -> str:
    return " ".join([name, *(f"{key}={value}" for key, value in sorted(values.items()))])


def _text(value: object) -> list[str]:
    assert isinstance(value, Decimal), value  # noqa: S101 - JSON has the rest
    return [str(value)]


def _value(cell: Any) -> Value:
    """Return a value as the question gives it: a decimal number stands in a list of its own."""
    return Decimal(cell[0]) if isinstance(cell, list) else cell
