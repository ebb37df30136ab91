"""A query that we did not write, in a child process: it can be stopped, and it reaches neither network nor disk.

Oxigraph has no time limit, a deeply nested query ends its process, and SERVICE cannot be switched off. So the child
loads the graph, then gives up every file descriptor but the three standard ones (no socket opens after that), limits
its memory, the size of its answer and, by an alarm, its time. Where a system has no such limits (Windows), the parent
still ends it in time.

>>> from pyoxigraph import Store
>>> bool(Guarded(Store()).query("ASK { FILTER ( 1 < 2 ) }"))
True
"""

import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pyoxigraph import (
    DefaultGraph,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from kg.problems import Place, Problem, Problems
from kg.terms import PREFIXES

TIMEOUT: Final = 30.0
"""Seconds that a query may take."""
MEMORY: Final = 4 << 30
"""Bytes of memory that the child may take."""
LARGEST: Final = 1 << 30
"""Bytes that an answer may have."""
MALFORMED: Final = 3
"""Exit code of the child for a query that cannot be parsed."""
GRACE: Final = 60
"""Seconds that the child has to load the graph and to die."""
TOKEN: Final = re.compile(
    r"""(?P<skipped>\#[^\n]*|\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[?$]\w+)
    |(?P<iri><[^<>"{}|^`\\\s]*>)|(?P<name>[\w.-]*:[\w.:%-]*)|(?P<word>\w+)""",
    re.DOTALL | re.VERBOSE,
)
"""A piece of SPARQL: one that holds no keyword, an IRI, a prefixed name, or a word."""
UPDATES: Final = frozenset("ADD CLEAR COPY CREATE DELETE DROP INSERT LOAD MOVE".split())

Result = QuerySolutions | QueryBoolean | list[Triple]


class Guarded:
    """A graph that answers a user's queries, each in a child process of its own.

    ``name`` is where the query stands, for messages; ``timeout`` is in seconds. ``services`` are the SPARQL services
    that a query may call: with any of them the child keeps its network.
    """

    def __init__(
        self, store: Store, *, name: str = "query", timeout: float = TIMEOUT, services: Sequence[str] = ()
    ) -> None:
        self.store = store
        self.name = name
        self.timeout = timeout
        self.services = services

    def query(self, query: str, /) -> Result:
        r"""Return the solutions, the boolean or the triples of a query.

        Raises Problems where it is malformed (with line and column), asks for what is refused, ends too late, or
        needs too much memory.

        >>> Guarded(Store(), name="mine.rq").query("SELECT * WHERE {\n ?a ?b }")
        Traceback (most recent call last):
            ...
        kg.problems.Problems: mine.rq:2:8: this is no SPARQL from '}' on: mend the line ' ?a ?b }'
        """
        if problems := list(refused(query, self.name, self.services)):
            raise Problems(problems)
        text = query.encode(errors="replace")
        head = f"{len(text)} {self.timeout} {int(bool(self.services))}\n".encode()
        graph = self.store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b""
        command = [sys.executable, "-m", "kg.guarded"]
        with tempfile.TemporaryFile() as answer:
            try:
                done = subprocess.run(  # noqa: S603 - our own interpreter and module
                    command, input=head + text + graph, stdout=answer, stderr=subprocess.PIPE, check=False,
                    timeout=self.timeout + GRACE,
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                raise Problems([self._too_long()]) from None
            if done.returncode:
                raise Problems([self._failed(query, done.returncode, done.stderr.decode(errors="replace").strip())])
            answer.seek(0)
            kind = answer.read(1)
            if kind == b"t":
                return [Triple(*quad.triple) for quad in parse(answer.read(), format=RdfFormat.N_TRIPLES)]
            return parse_query_results(answer.read(), format=QueryResultsFormat.JSON)

    def _too_long(self) -> Problem:
        what = f"the query did not end within {self.timeout:g} seconds"
        return Problem(Place(self.name), what, "bind more of it, add a LIMIT, or give it longer with --timeout SECONDS")

    def _failed(self, query: str, code: int, error: str) -> Problem:
        place = Place(self.name)
        if code == MALFORMED:
            return malformed(query, self.name, error)
        if code == -getattr(signal, "SIGALRM", 0):
            return self._too_long()
        if "File too large" in error:
            return Problem(place, f"the answer is larger than {LARGEST >> 30} GiB", "add a LIMIT, or ask for less")
        if code in (-signal.SIGABRT, -getattr(signal, "SIGKILL", 9)) or "MemoryError" in error:
            return Problem(
                place, f"the query needs more than {MEMORY >> 30} GiB of memory", "bind more, or ask for less"
            )
        if code == -signal.SIGSEGV:
            return Problem(place, "the query is nested too deeply", "write it flatter")
        return Problem(place, f"the query cannot be answered ({error.splitlines()[-1] if error else code})", "mend it")


def malformed(query: str, name: str, error: str) -> Problem:
    """Return the problem of a query that cannot be parsed, from Oxigraph's message, with line and column.

    >>> print(malformed("SELECT * WHERE { ?a foo:b ?c }", "a.rq", "error at 1:24: expected one of Prefix not found"))
    a.rq:1:24: a prefix before 'b ?c }' is not declared: add PREFIX foo: <...>
    """
    match = re.search(r"error at (\d+):(\d+)", error)
    line, column = (int(match[1]), int(match[2])) if match else (1, 1)
    lines = query.splitlines() or [""]
    text = lines[line - 1] if line <= len(lines) else ""
    rest = text[column - 1 :].strip()[:40]
    place = Place(f"{name}:{line}:{column}")
    if "Prefix not found" in error:
        prefix = re.findall(r"([\w.-]*):", text[: column - 1])[-1:]
        known = "".join(prefix)
        return Problem(
            place, f"a prefix before {rest!r} is not declared", f"add PREFIX {known}: <{PREFIXES.get(known, '...')}>"
        )
    for phrase in ("SELECT * is not authorized with GROUP BY", "overrides an existing variable"):
        if phrase in error:
            return Problem(place, f"this is no SPARQL: {phrase}", f"mend the line {text!r}")
    where = f"from {rest!r} on" if rest else "at the end of the line" if text else "at its end"
    return Problem(place, f"this is no SPARQL {where}", f"mend the line {text!r}" if text else "complete it")


def refused(query: str, name: str, services: Sequence[str] = ()) -> Iterator[Problem]:
    """Yield the problem with each part of a query that would leave the graph: SERVICE, FROM, GRAPH, or an update.

    >>> for problem in refused("SELECT * { SERVICE <https://a.org/> { ?a ?b ?c } }", "a.rq"):
    ...     print(problem)
    a.rq:1: SERVICE <https://a.org/> would reach the network: add --allow-service https://a.org/ if you mean it
    >>> list(refused("SELECT ?service { ?service a 'LOAD' } # FROM", "a.rq"))
    []
    """
    tokens = [match for match in TOKEN.finditer(query) if not match["skipped"]]
    for number, token in enumerate(tokens):
        word = (token["word"] or "").upper()
        place = Place(name, query.count("\n", 0, token.start()) + 1)
        if word in UPDATES and (number == 0 or not tokens[number - 1]["word"] or word in ("LOAD", "INSERT", "DELETE")):
            yield Problem(place, f"{word} would change the graph", "kg query only asks; a file is given with --graph")
            return
        if word not in ("SERVICE", "FROM", "GRAPH"):
            continue
        rest = [t[0] for t in tokens[number + 1 : number + 3] if t[0].upper() not in ("SILENT", "NAMED")]
        target = rest[0] if rest and rest[0].startswith("<") else ""
        if word != "SERVICE":
            what = f"{f'{word} {target}'.strip()}: there is one graph, without a name, and nothing else is opened"
            yield Problem(place, what, f"drop the {word}; another graph is given with --graph FILE")
        elif target[1:-1] not in services:
            what = f"{f'SERVICE {target}'.strip()} would reach the network"
            remedy = f"add --allow-service {target[1:-1]} if you mean it" if target else "write the IRI of the service"
            yield Problem(place, what, remedy)


def _answer() -> int:
    """Answer the query that stands on standard input; the life of the child."""
    stream = sys.stdin.buffer
    size, timeout, network = stream.readline().split()
    query = stream.read(int(size)).decode()
    store = Store()
    store.bulk_load(stream.read(), format=RdfFormat.N_TRIPLES)
    _limit(float(timeout), network=network == b"1")
    try:
        found: Any = store.query(query)
    except SyntaxError as error:
        print(error, file=sys.stderr)
        return MALFORMED
    out = sys.stdout.buffer
    if isinstance(found, QuerySolutions | QueryBoolean):
        out.write(b"s")
        found.serialize(out, format=QueryResultsFormat.JSON)
    else:
        out.write(b"t")
        found.serialize(out, format=RdfFormat.N_TRIPLES)
    out.flush()
    return 0


def _limit(timeout: float, *, network: bool) -> None:
    """Set the limits that the system has: none of them can be raised again."""
    try:
        import os
        import resource
    except ImportError:
        return
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, timeout)
    for which, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, LARGEST), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(which, (limit, limit))
        except (OSError, ValueError):  # such as memory on macOS, or a lower limit that is there already
            continue
    if not network:
        os.closerange(3, 1024)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


if __name__ == "__main__":
    sys.exit(_answer())
