"""A registry by code: a graph with copies of its cases under new names; no file of the repository holds one."""

import re
from collections.abc import Iterator
from itertools import cycle, islice

from kg.model.vocabulary import THING
from kg.rdf.store import parse
from kg.sparql import library


def registry(graph: bytes, cases: int) -> Iterator[bytes]:
    """Yield a graph in N-Triples, then copies of its cases, each with all that is said of it, until it has so many.

    A copy has the names of the first with a number in them; what is not of a case, such as a drug, stands there once.
    """
    yield graph
    known = sorted(library.instances(parse(graph), "jak:Case"), key=len, reverse=True)  # of two that fit, the longest
    of_case = re.compile(rf"<{re.escape(THING)}({'|'.join(map(re.escape, known))})(?=[->])".encode())
    lines: dict[bytes, list[bytes]] = {}
    for line in graph.splitlines(keepends=True):
        if found := of_case.match(line):
            lines.setdefault(found[1], []).append(line)
    for number, name in enumerate(islice(cycle(sorted(lines)), cases - len(lines))):
        copy = rb"\g<0>-copy%d" % (number // len(lines) + 1)
        yield of_case.sub(copy, b"".join(lines[name]))
