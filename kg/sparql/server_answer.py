"""What a server answered, read in a process for it alone (``kg.sandbox``): checked, and then written by us.

A parser can be crashed, or filled without end, by what it reads. So nothing of an answer is parsed beside our own data
but what Oxigraph wrote here, with triple terms nested no deeper than it can read.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from xml.parsers import expat

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from kg.model.errors import Place, Problem, Problems
from kg.rdf.foreign import depth
from kg.sandbox.worker import LARGEST, TooLarge
from kg.sparql import formats
from kg.sparql.own_query import DEEPEST

ROWS: Final = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
}
TRIPLES: Final = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
"""Media type -> how Oxigraph reads it."""
ENDED: Final = {*ROWS, "application/rdf+xml"}
"""Media types in which the last characters say that nothing is missing."""
COLUMNS: Final = 1_000
"""Variables that an answer may have."""
CELLS: Final = 10_000_000
"""Rows times variables, likewise."""
UTF8: Final = ("", "utf-8", "utf8")
BEYOND_ASCII: Final = ("ascii", "us-ascii", "iso-8859-1", "iso-8859-15", "latin-1", "latin1", "windows-1252", "cp1252")
"""Encodings in which a text of ASCII alone is the same."""
Result = QuerySolutions | QueryBoolean | list[Triple]
SAID: Final[dict[type, str]] = {QuerySolutions: "rows", QueryBoolean: "true or false", list: "triples"}
ASKED: Final = {"SELECT": "rows", "ASK": "true or false", "CONSTRUCT": "triples", "DESCRIBE": "triples"}
"""First word of a query -> what answers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    r"""The handler of an answer: what was said of it, and what is made of it.

    ``wanted`` is *terms* (checked SPARQL results in JSON or N-Triples, to be read by :func:`terms`), *rows* (SPARQL
    TSV), or *text* (as kg query prints it, behind its count).

    >>> reader = Reader(place="http://a.org", base="http://a.org", kind="application/json", wanted="text")
    >>> reader(b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "1"}}]}}')
    b'1\nx\n1\n'
    """

    place: str
    base: str
    kind: str
    charset: str = ""
    asked: str = ""
    """What the query asks for, of ASKED; empty where it is not known."""
    wanted: str = "terms"
    form: str | None = None
    width: int = 80

    def __call__(self, body: bytes) -> bytes:
        """Return what is wanted of a body; Problems, RecursionError or TooLarge where it is not sound."""
        try:
            found = self._read(body)
        except (SyntaxError, ValueError) as error:
            what = f"its answer is not a valid {self.kind} ({str(error)[:200]})"
            raise self._problem(what, "ask who runs the server") from None
        said = SAID[type(found)]
        if self.asked not in ("", said):
            raise self._problem(f"it answers with {said} where {self.asked} are asked for", "ask who runs the server")
        if self.wanted == "rows":
            if not isinstance(found, QuerySolutions):
                raise self._problem("it gives no rows", "ask it with SELECT")
            return found.serialize(format=QueryResultsFormat.TSV) or b""
        if self.wanted == "text":
            text, count = formats.written(found, self.form, self.width)
            return b"%d\n" % count + text.encode()
        if isinstance(found, list):
            return b"t" + b"".join(f"{triple} .\n".encode() for triple in found)
        return b"s" + (found.serialize(format=QueryResultsFormat.JSON) or b"")

    def _read(self, body: bytes) -> Result:
        """Return what an answer says; SyntaxError, ValueError, RecursionError or TooLarge where it is not sound."""
        if not body.strip() and self.kind not in ("application/n-triples", "text/turtle"):
            raise ValueError("it is empty")
        self._is_utf8(body)
        if self.kind.endswith("xml"):
            _ended(body)
        if self.kind in TRIPLES:
            return list(self._triples(body))
        form = ROWS[self.kind]
        if form == QueryResultsFormat.JSON:
            said = _plain(body)
            self._fits(len(said["head"].get("vars", [])))
            body = json.dumps(said).encode()
        found = parse_query_results(body, format=form)
        if isinstance(found, QueryBoolean):
            return found
        columns = [variable.value for variable in found.variables]
        self._fits(len(columns))
        if len(set(columns)) < len(columns):
            raise ValueError("a variable stands twice in its head")
        nested = b"triple" in body  # else no term is one, and none needs a look
        for number, row in enumerate(found):  # what is wrong in a row shows only when it is read
            if (number + 1) * len(columns) > CELLS:
                raise self._problem(f"its answer has more than {CELLS:,} cells", "add a LIMIT")
            if nested and max(map(depth, row), default=0) > DEEPEST:
                raise RecursionError
        again = parse_query_results(body, format=form)
        assert isinstance(again, QuerySolutions)  # noqa: S101
        return again

    def _fits(self, columns: int) -> None:
        if columns > COLUMNS:
            what = f"its answer has {columns:,} columns, more than {COLUMNS:,}"
            raise self._problem(what, "ask for the variables that you need")

    def _triples(self, body: bytes) -> Iterator[Triple]:
        size = 0
        for quad in parse(body, format=TRIPLES[self.kind], base_iri=self.base):
            triple = Triple(*quad.triple)
            if depth(triple) > DEEPEST:
                raise RecursionError
            size += len(str(triple))
            if size > LARGEST:
                raise TooLarge
            yield triple

    def _is_utf8(self, body: bytes) -> None:
        """Raise ValueError where letters may be others than we read: where the answer says another encoding."""
        declared = re.search(rb"^[^>]{0,80}encoding\s*=\s*[\"']([\w.:-]+)", body) if "xml" in self.kind else None
        for encoding in (self.charset, declared[1].decode().lower() if declared else ""):
            if encoding not in UTF8 and not (encoding in BEYOND_ASCII and body.isascii()):
                raise ValueError(f"it is in {encoding}, not in UTF-8")
        try:
            body.decode()
        except UnicodeDecodeError as error:
            raise ValueError(f"byte {error.start + 1:,} is not UTF-8") from None

    def _problem(self, what: str, remedy: str) -> Problems:
        return Problems([Problem(Place(self.place), what, remedy)])


def terms(data: bytes) -> Result:
    """Return what a Reader that wants terms wrote.

    >>> bool(terms(b's{"head": {}, "boolean": true}'))
    True
    """
    if data[:1] == b"t":
        return [Triple(*quad.triple) for quad in parse(data[1:], format=RdfFormat.N_TRIPLES, lenient=True)]
    return parse_query_results(data[1:], format=QueryResultsFormat.JSON)


def _ended(body: bytes) -> None:
    """Raise ValueError where XML is not whole: Oxigraph takes rows that are cut behind one for all of them.

    Expat has limits of its own on entities, and opens none from outside.
    """
    try:
        expat.ParserCreate("utf-8").Parse(body, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None


def _plain(body: bytes) -> dict[str, Any]:
    """Return SPARQL results in JSON without what servers add, which Oxigraph refuses; ValueError where they are none.

    >>> _plain(b'{"head": {"link": []}, "boolean": true, "metadata": {"httpRequests": 0}}')
    {'head': {}, 'boolean': True}
    """
    found = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    match found:
        case {"head": {"vars": list() as columns}, "results": {"bindings": list() as rows}} if "boolean" not in found:
            return {"head": {"vars": columns}, "results": {"bindings": rows}}
        case {"head": dict(), "boolean": bool() as answer} if "results" not in found:
            return {"head": {}, "boolean": answer}
    raise ValueError("it has not a head, and either results or a boolean")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, _ in pairs if sum(name == other for other, _ in pairs) > 1)
        raise ValueError(f"{twice[:40]!r} stands twice in one object")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
