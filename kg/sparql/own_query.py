"""Queries that we did not write, put to a graph in a process that is kept and can be killed (``kg.sandbox``).

Oxigraph has no time limit, a deeply nested query ends its process, and SERVICE cannot be switched off. So the text is
read, answered and written out there, all within the time that it has; what comes back is text.

>>> from pyoxigraph import Store
>>> OwnQueries(Store()).rows("SELECT ?x { VALUES ?x { 1 'IL-21' } }")
[{'x': 1}, {'x': 'IL-21'}]
"""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import (
    DefaultGraph,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse_query_results,
)

from kg.model.errors import Place, Problem, Problems
from kg.model.files import read_bytes
from kg.rdf import shipped
from kg.rdf.foreign import converted, depth
from kg.rdf.store import parse
from kg.sandbox import foreign, limits
from kg.sandbox.worker import LARGEST, TIMEOUT, Bounded, Stopped, Worker, isolated
from kg.sparql import formats, library, terms  # noqa: F401 - terms: the process can open no file to import it later
from kg.sparql.query_text import LEAVING, problems_in, refused
from kg.sparql.rows import Rows

DEEPEST: Final = 16
"""Triple terms that may stand in each other: a parser that reads more ends its process."""


class OwnQueries:
    """One graph, as queries are put to it that we did not write; the process for them starts with the first."""

    def __init__(self, store: "Store | _OfFile") -> None:
        self._worker = Worker(_Answering(store) if isinstance(store, Store) else store)

    @classmethod
    def of_file(cls, file: Path, *, timeout: float = TIMEOUT, since: float | None = None) -> "OwnQueries":
        """Return the graph of a file, which is read in that process; Problems where it is no Turtle or N-Triples.

        ``timeout`` and ``since`` are as for rows; what was not read in that time is a problem too.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "a.ttl"
        ...     _ = file.write_text("<x:a> <x:b> 1 .")
        ...     OwnQueries.of_file(file).rows("SELECT * { ?a ?b ?c }")
        [{'a': 'x:a', 'b': 'x:b', 'c': 1}]
        """
        shipped.is_graph_file(file)
        queries = cls(_OfFile(file, read_bytes(file)))
        try:
            left = timeout if since is None else since + timeout - time.monotonic()
            queries._worker.call(b"", timeout=max(left, 0.001))
        except Stopped as stopped:
            late = "give it longer with --timeout SECONDS, or give a smaller file"
            raise Problems([foreign.problem(stopped, Place(file), timeout, limits.MEMORY, late=late)]) from None
        return queries

    def rows(
        self,
        text: str,
        *,
        name: str = "query",
        values: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
        since: float | None = None,
    ) -> Rows:
        r"""Return the rows of a SELECT query, as :func:`kg.query` gives them.

        ``timeout`` is in seconds, from ``since`` on (of ``time.monotonic``), else from now.

        Raises Problems where it is malformed (with line and column), gives no rows, asks for what is refused, ends too
        late, or needs too much memory.

        >>> OwnQueries(Store()).rows("SELECT * WHERE {\n ?a ?b }", name="mine.rq")
        Traceback (most recent call last):
            ...
        kg.Problems: mine.rq:2:2: this is not valid SPARQL from '?a ?b }' on: fix the line ' ?a ?b }'
        """
        until = (time.monotonic() if since is None else since) + timeout
        reply = self._asked(until, timeout, text=text, name=name, values=dict(values or {}))
        try:
            return Rows.of_tsv(reply.decode(), until=until)
        except TimeoutError:
            raise Problems([_problem(Stopped("time"), name, timeout)]) from None

    def written(
        self,
        text: str,
        *,
        name: str = "query",
        values: Mapping[str, str] | None = None,
        form: str | None = None,
        width: int = 80,
        timeout: float = TIMEOUT,
        since: float | None = None,
    ) -> tuple[str, int]:
        r"""Return what a query gives as text, and how many rows or triples it has, as formats.written does.

        Raises Problems as for rows, and where the format does not fit.

        >>> OwnQueries(Store()).written("ASK { FILTER ( 1 < 2 ) }")
        ('true\n', 1)
        """
        until = (time.monotonic() if since is None else since) + timeout
        reply = self._asked(until, timeout, text=text, name=name, values=dict(values or {}), form=form, width=width)
        count, _, said = reply.partition(b"\n")
        return said.decode(), int(count)

    def stop(self) -> None:
        """End the process; the next query starts another."""
        self._worker.stop()

    def _asked(self, until: float, timeout: float, **request: object) -> bytes:
        if re.search("[\ud800-\udfff]", str(request["text"])):
            raise Problems([Problem(Place(str(request["name"])), "it has half a character in it", "save it as UTF-8")])
        try:
            return self._worker.call(json.dumps(request).encode(), timeout=max(until - time.monotonic(), 0.001))
        except Stopped as stopped:
            raise Problems([_problem(stopped, str(request["name"]), timeout)]) from None


def leaving(text: str, name: str, *, timeout: float = TIMEOUT) -> list[Problem]:
    """Return the problems of a query for a server: that it calls another one, or changes something.

    A text that Oxigraph cannot read is left to the server, which may speak more than SPARQL.

    >>> leaving("SELECT * { SERVICE ?x {} }", "a.rq")[0].what, leaving("DEFINE x SELECT * {}", "a.rq")
    ('SERVICE would reach the network', [])
    """
    try:
        isolated(_Leaving(name), text.encode(errors="replace"), timeout=timeout)
    except Problems as error:
        return list(error.problems)
    except Stopped as stopped:
        return [] if stopped.why == "time" else [_problem(stopped, name, timeout)]  # then the server is late, too
    return []


@dataclass(frozen=True)
class _Leaving:
    """The handler of a query that a server is to answer."""

    name: str

    def __call__(self, request: bytes) -> bytes:
        if problems := refused(request.decode(), self.name):
            raise Problems(problems)
        return b""


def _problem(stopped: Stopped, name: str, timeout: float) -> Problem:
    what, remedy = {
        "time": (
            f"the query did not end within {timeout:g} seconds",
            "bind more of it, add a LIMIT, or give it longer with --timeout SECONDS",
        ),
        "size": (f"the answer is larger than {LARGEST >> 20} MiB", "add a LIMIT, or ask for less"),
        "memory": (f"the query needs more than {limits.MEMORY >> 30} GiB of memory", "bind more, or ask for less"),
        "depth": ("the query is nested too deeply", "write it flatter"),
    }.get(stopped.why, (f"the query cannot be answered ({stopped.detail})", "fix it"))
    return Problem(Place(name), what, remedy)


class _Answering:
    """The handler: a graph, and what is made of a request. Pickle takes the graph as N-Triples."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __reduce__(self) -> "tuple[Any, ...]":
        return _of_ntriples, (self.store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b"",)

    def __call__(self, request: bytes) -> bytes:
        asked = json.loads(request)
        name = asked["name"]
        question = library.parse(name, asked["text"], own=True)
        text = question.bound(self.store, **asked["values"])
        try:
            if LEAVING.search(text) and (problems := problems_in(text, name)):
                raise Problems(problems)
            found: Any = self.store.query(text)
        except SyntaxError:
            raise Problems(problems_in(text, name)) from None
        if "form" not in asked:
            if not isinstance(found, QuerySolutions):
                raise Problems([Problem(Place(name), "it gives no rows", "ask the graph of kg.load() for RDF")])
            return _serialized(found)
        said, count = formats.written(found, asked["form"], asked["width"])
        return b"%d\n" % count + said.encode()


class _OfFile:
    """The handler of a graph file: reads it at the first request, which asks nothing."""

    def __init__(self, file: Path, data: bytes) -> None:
        self.file = file
        self.data = data
        self.answering: _Answering | None = None

    def __call__(self, request: bytes) -> bytes:
        if self.answering is None:
            self.answering = _Answering(parse(converted(self.file, self.data), checked=True))
        return self.answering(request) if request else b""


def _of_ntriples(data: bytes) -> _Answering:
    return _Answering(parse(data))


def _serialized(found: QuerySolutions) -> bytes:
    """Return rows as SPARQL TSV, in which no term is nested deeper than a parser can read."""
    out = Bounded(LARGEST)
    found.serialize(out, format=QueryResultsFormat.TSV)
    data = out.getvalue()
    if b"<<(" in data:
        again = parse_query_results(data, format=QueryResultsFormat.TSV)
        assert isinstance(again, QuerySolutions)  # noqa: S101 - these are rows
        if max((depth(term) for row in again for term in row), default=0) > DEEPEST:
            raise RecursionError
    return data
