"""Any SPARQL 1.1 server as a graph: the same questions, sent by the SPARQL protocol. Only where a user names its URL.

>>> Endpoint("file:///etc/passwd")
Traceback (most recent call last):
    ...
kg.Problems: file:///etc/passwd: this is not an address of a SPARQL server: write http://... or https://...
"""

import json
from collections import deque
from time import monotonic
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, parse, parse_query_results

from kg.model.errors import Place, Problem, Problems
from kg.sandbox.worker import LARGEST, TIMEOUT

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
ACCEPT: Final = (
    "application/sparql-results+json, application/n-triples, application/sparql-results+xml;q=0.5, text/turtle;q=0.5"
)


Result = QuerySolutions | QueryBoolean | list[Triple]


class Endpoint:
    """A SPARQL server, by its URL; ``timeout`` is in seconds. Problems where the URL is none of http or https."""

    def __init__(self, url: str, *, timeout: float = TIMEOUT) -> None:
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            what = "this is not an address of a SPARQL server"
            raise Problems([Problem(Place(url), what, "write http://... or https://...")])
        self.url = url
        self.timeout = timeout

    def query(self, query: str, /) -> Result:
        """Return the solutions, the boolean or the triples that the server gives.

        Raises Problems where it is not reached, does not answer in time, refuses the query (with its own words), or
        answers in something else than SPARQL results or RDF.

        >>> Endpoint("http://localhost:9/sparql").query("ASK {}")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        kg.Problems: http://localhost:9/sparql: the server is not reached (...): fix the address, or start it
        """
        from http.client import HTTPException
        from urllib.request import Request, urlopen

        headers = {"Accept": ACCEPT, "Content-Type": "application/x-www-form-urlencoded"}
        data = urlencode({"query": query}, errors="replace").encode()
        until = monotonic() + self.timeout
        try:
            with urlopen(Request(self.url, data, headers), timeout=self.timeout) as response:  # noqa: S310 - http(s) only
                kind, body = response.headers.get_content_type(), b""
                while chunk := response.read1(1 << 20):
                    body += chunk
                    if monotonic() > until:
                        raise TimeoutError
                    if len(body) > LARGEST:
                        raise self._problem(f"the answer is larger than {LARGEST >> 30} GiB", "add a LIMIT")
        except HTTPError as error:
            words = " ".join(error.read(2000).decode(errors="replace").split())[:200]
            raise self._problem(f"it says {error.code} {error.reason}: {words}", "fix the query or the URL") from None
        except (OSError, HTTPException, ValueError) as error:
            why = getattr(error, "reason", error)
            if isinstance(why, TimeoutError):
                what = f"no whole answer within {self.timeout:g} seconds"
                raise self._problem(what, "give it longer with --timeout SECONDS") from None
            raise self._problem(f"the server is not reached ({why})", "fix the address, or start it") from None
        return self._read(kind, body)

    def _read(self, kind: str, body: bytes) -> Result:
        try:
            if kind in ROWS:
                return _rows(body, ROWS[kind])
            if kind in TRIPLES:
                return [Triple(*quad.triple) for quad in parse(body, format=TRIPLES[kind], base_iri=self.url)]
        except (SyntaxError, ValueError, RecursionError) as error:
            raise self._problem(f"its answer is not a valid {kind} ({error})", "ask who runs the server") from None
        what = f"it answers in {kind}, neither SPARQL results nor RDF"
        raise self._problem(what, "give the address of its query service")

    def _problem(self, what: str, remedy: str) -> Problems:
        return Problems([Problem(Place(self.url), what, remedy)])


def _rows(body: bytes, form: QueryResultsFormat) -> QuerySolutions | QueryBoolean:
    """Return what SPARQL results say; SyntaxError or ValueError, and at once, where they are none.

    >>> found = _rows(b'{"head": {}, "boolean": true, "metadata": {"httpRequests": 0}}', QueryResultsFormat.JSON)
    >>> bool(found)
    True
    """
    if form == QueryResultsFormat.JSON:  # servers add members of their own, which pyoxigraph refuses
        said = json.loads(body)
        members = said.items() if isinstance(said, dict) else ()
        body = json.dumps({key: what for key, what in members if key in ("head", "results", "boolean")}).encode()
    found = parse_query_results(body, format=form)
    if isinstance(found, QueryBoolean):
        return found
    deque(found, maxlen=0)  # what is wrong in a row shows only when it is read
    again = parse_query_results(body, format=form)
    assert isinstance(again, QuerySolutions)  # noqa: S101
    return again
