"""Any SPARQL 1.1 server as a graph: the same questions, sent by the SPARQL protocol. Only where a user names its URL.

>>> Endpoint("file:///etc/passwd")
Traceback (most recent call last):
    ...
kg.Problems: file:///etc/passwd: this is not an address of a SPARQL server: write http://... or https://...
"""

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urljoin

from kg.model.errors import Place, Problem, Problems
from kg.sandbox import limits
from kg.sandbox.worker import LARGEST, TIMEOUT, Stopped, isolated
from kg.sparql.address import Address, bare
from kg.sparql.query_text import PROLOGUE
from kg.sparql.rows import Rows

if TYPE_CHECKING:
    from kg.sparql.exchange import Reply
    from kg.sparql.server_answer import Result

ACCEPT: Final = (
    "application/sparql-results+json, application/n-triples, application/sparql-results+xml;q=0.5, text/turtle;q=0.5"
)
REDIRECTS: Final = 5
"""How often a server may lead on to another place of its own."""
SMALL: Final = 16 << 20
"""Bytes of an answer whose terms are read here."""
RUNNER: Final = "ask who runs the server"


class Endpoint:
    """A SPARQL server, by its URL; Problems where that is none of http or https.

    ``timeout`` is in seconds, from now on and for all that is asked of it, whatever the server does. A user and a
    password in the URL go to that host alone, and they and the values of parameters are never shown: ``url`` is without
    them. Redirects are followed within the same server, or to its https. No proxy is used.
    """

    def __init__(self, url: str, *, timeout: float = TIMEOUT) -> None:
        self._address = Address.of(url)
        self.url = self._address.shown
        self.timeout = timeout
        self._until = time.monotonic() + timeout

    def __repr__(self) -> str:
        return f"<Endpoint: {self.url}>"

    @property
    def left(self) -> float:
        """The seconds that are left; a thousandth where none are."""
        return max(self._until - time.monotonic(), 0.001)

    def query(self, query: str, /) -> "Result":
        """Return the solutions, the boolean or the triples that the server gives: an answer of up to 16 MiB.

        Raises Problems where it is not reached, does not answer in time, refuses the query (with its own words), or
        answers in something else than SPARQL results or RDF.

        >>> Endpoint("http://localhost:9/sparql").query("ASK {}")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        kg.Problems: http://localhost:9/sparql: the server is not reached (...): fix the address, or start it
        """
        from kg.sparql.server_answer import terms

        return terms(self._answer(query, "terms", largest=SMALL))

    def rows(self, query: str) -> Rows:
        """Return the rows that the server gives, as :func:`kg.query` has them; Problems as for query.

        >>> Endpoint("http://localhost:9/sparql").rows("SELECT * {}")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        kg.Problems: http://localhost:9/sparql: the server is not reached (...): fix the address, or start it
        """
        try:
            return Rows.of_tsv(self._answer(query, "rows").decode(), until=self._until)
        except TimeoutError:
            raise self._late() from None

    def written(self, query: str, *, form: str | None = None, width: int = 80) -> tuple[str, int]:
        """Return what the server gives as text, and how many rows or triples; Problems as for query.

        >>> Endpoint("http://localhost:9/sparql").written("ASK {}")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        kg.Problems: http://localhost:9/sparql: the server is not reached (...): fix the address, or start it
        """
        count, _, text = self._answer(query, "text", form=form, width=width).partition(b"\n")
        return text.decode(), int(count)

    def _answer(
        self, query: str, wanted: str, *, form: str | None = None, width: int = 80, largest: int = LARGEST
    ) -> bytes:
        """Return what Reader makes of the answer to a query."""
        from kg.sparql.server_answer import ASKED, ENDED, ROWS, TRIPLES, Reader

        reply = self._reply(urlencode({"query": query}, errors="replace").encode(), largest)
        if reply.kind not in ROWS and reply.kind not in TRIPLES:
            said = f"it answers in {reply.kind[:100]}" if reply.kind else "it does not say in what it answers"
            raise self._problem(f"{said}, neither SPARQL results nor RDF", "give the address of its query service")
        if not (reply.is_measured or reply.kind in ENDED):
            what = f"its answer in {reply.kind} has no length, so it may be cut"
            raise self._problem(what, f"ask for rows (SELECT), or {RUNNER}")
        first = PROLOGUE.match(query)
        reader = Reader(
            place=self.url, base=self._address.base, kind=reply.kind, charset=reply.charset, wanted=wanted, form=form,
            width=width, asked=ASKED.get(first["first"].upper(), "") if first else "",
        )  # fmt: skip
        memory = min((256 << 20) + 16 * len(reply.body), limits.MEMORY)  # a small answer that grows is a bomb
        try:
            return isolated(reader, reply.body, timeout=self.left, memory=memory, largest=largest)
        except Stopped as stopped:
            raise self._stopped(stopped) from None

    def _reply(self, data: bytes, largest: int) -> "Reply":
        """Return what the server sends, wherever within it that leads; Problems where it is no answer."""
        from http.client import HTTPException

        from kg.sparql.exchange import Cut, post

        address = self._address
        for _ in range(REDIRECTS + 1):
            try:
                reply = post(address, data, accept=ACCEPT, until=self._until, largest=largest)
            except TimeoutError:
                raise self._late() from None
            except Cut as error:
                raise self._problem(str(error), f"{RUNNER}, or ask for less") from None
            except (OSError, HTTPException) as error:
                reached = "is not reached" if isinstance(error, OSError) else "does not speak HTTP"
                why = getattr(error, "strerror", None) or str(error)[:100]
                raise self._problem(f"the server {reached} ({why})", "fix the address, or start it") from None
            if reply.code not in (301, 302, 303, 307, 308) or "location" not in reply.headers:
                return self._whole(reply)
            address = self._next(address, reply)
        raise self._problem(f"it leads on more than {REDIRECTS} times", RUNNER)

    def _next(self, address: Address, reply: "Reply") -> Address:
        """Return where a redirect leads; Problems where it leaves the server, or would lose the query."""
        location = reply.headers["location"]
        try:
            following = Address.of(urljoin(f"{address.base}", location))
        except (Problems, ValueError):
            what = f"it leads to what is no address ({bare(location)[:100]!r})"
            raise self._problem(what, RUNNER) from None
        to = f"it leads to {following.shown[:200]} ({reply.code})"
        if not address.leads_to(following):
            raise self._problem(f"{to}, which is another server", "give that address, if you mean it")
        if reply.code not in (307, 308):
            raise self._problem(f"{to}, and the query would be lost on the way", "give that address")
        return replace(following, authorization=address.authorization)

    def _whole(self, reply: "Reply") -> "Reply":
        packed = reply.headers.get("content-encoding", "identity").lower()
        if reply.code != 200:
            said = "" if packed != "identity" else " ".join(reply.body.decode(errors="replace").split())
            words = f": {self._address.hidden(said)[:200]}" if said else ""
            raise self._problem(f"it says {reply.code} {reply.reason}".rstrip() + words, "fix the query or the URL")
        if packed != "identity":
            raise self._problem(f"its answer is packed ({packed[:40]}), which was not asked for", RUNNER)
        return reply

    def _stopped(self, stopped: Stopped) -> Problems:
        if stopped.why == "time":
            return self._late()
        what = {
            "size": "larger than we read",
            "memory": "one that takes more memory than we give it",
            "depth": "nested too deeply",
        }.get(stopped.why, f"one that cannot be read ({stopped.detail[:100]})")
        return self._problem(f"its answer is {what}", f"ask for less, or {RUNNER}")

    def _late(self) -> Problems:
        what = f"no whole answer within {self.timeout:g} seconds"
        return self._problem(what, "give it longer with --timeout SECONDS")

    def _problem(self, what: str, remedy: str) -> Problems:
        """Return the problem of this server; whatever it repeats of the address's secrets is hidden."""
        return Problems([Problem(Place(self.url), self._address.hidden(what), remedy)])
