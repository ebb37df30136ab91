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

from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import PREFIXES

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
        kg.Problems: mine.rq:2:2: this is not valid SPARQL from '?a ?b }' on: fix the line ' ?a ?b }'
        """
        if problems := list(refused(query, self.name, self.services)):
            raise Problems(problems)
        text = query.encode(errors="replace")
        head = f"{len(text)} {self.timeout} {int(bool(self.services))}\n".encode()
        graph = self.store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b""
        command = [sys.executable, "-P", "-m", "kg.sparql.sandbox"]  # -P: not what lies in the folder one stands in
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
        return Problem(place, f"the query cannot be answered ({error.splitlines()[-1] if error else code})", "fix it")


def malformed(query: str, name: str, error: str) -> Problem:
    """Return the problem of a query that cannot be parsed, with line and column, from Oxigraph's message on it.

    The message names where the parser got furthest, which is beyond each keyword that it tried there.

    >>> print(malformed("SELECT * WHERE { ?a ?b ?c FILTR(?a) }", "a.rq", "error at 1:35: expected OPTIONAL"))
    a.rq:1:27: this is not valid SPARQL from 'FILTR(?a) }' on: fix the line 'SELECT * WHERE { ?a ?b ?c FILTR(?a) }'
    >>> print(malformed("SELECT * { ?a foo:b ?c }", "a.rq", "error at 1:20: expected one of Prefix not found, ['%']"))
    a.rq:1:15: the prefix of 'foo:b' is not declared: add PREFIX foo: <...>
    """
    query = query.rstrip()
    match = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", error, re.DOTALL)
    lines = query.split("\n")
    at = sum(len(line) + 1 for line in lines[: int(match[1]) - 1]) + int(match[2]) - 1 if match else 0
    tried = re.split(r", (?![^\[]*\])", match[3]) if match else []
    if "Prefix not found" in tried:
        found = re.search(r"([\w.-]*):[\w.:%-]*$", query[:at])
        at -= len(found[0]) if found else 0
        prefix = found[1] if found else ""
        what = f"the prefix of {found[0] if found else ''!r} is not declared"
        return Problem(_at(query, name, at), what, f"add PREFIX {prefix}: <{PREFIXES.get(prefix, '...')}>")
    keywords = [word for word in tried if word.isidentifier()]
    said = [words for words in tried if words.count(" ") > 2 and words[0].isalpha()]
    if keywords and len(keywords) + ("[_]" in tried) == len(tried):
        at -= min(map(len, keywords))
    at = min(at, len(query))
    place = _at(query, name, at)
    line = query[:at].count("\n")
    rest = " ".join(query[at:].split())[:40]
    where = f": {said[0]}" if said else f" from {rest!r} on" if rest else " at its end"
    return Problem(place, f"this is not valid SPARQL{where}", f"fix the line {lines[min(line, len(lines) - 1)]!r}")


def _at(query: str, name: str, offset: int) -> Place:
    before = query[:offset]
    return Place(f"{name}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}")


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
    except SyntaxError:
        try:
            store.query(query + " " * 40)  # else a keyword that the parser tries at the end says nothing of where
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
