"""A graph that we did not write, in Turtle or N-Triples: read in a process of its own, for a file can end its parser.

What comes back is N-Triples that our own process can read: valid, and not nested.
"""

import codecs
import io
import json
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse, serialize

from kg.model.errors import Place, Problem, Problems
from kg.model.files import read_bytes
from kg.rdf.store import reading, syntax
from kg.sandbox import foreign
from kg.sandbox.worker import Bounded

DEEPEST: Final = 8
"""Triple terms in each other: no graph has more."""


def ntriples(file: Path, *, remedy: str = "fix the path") -> bytes:
    r"""Return a graph file, by its suffix, as N-Triples.

    Raises Problems where it cannot be read, is not valid RDF, is too big or nested too deeply; ``remedy`` is that of a
    path. KeyError where the suffix is neither .ttl nor .nt.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "a.ttl"
    ...     _ = file.write_text("@prefix a: <http://a.org/> . a:x a:y a:z .")
    ...     ntriples(file)
    b'<http://a.org/x> <http://a.org/y> <http://a.org/z> .\n'
    """
    data = read_bytes(file, remedy=remedy)
    return foreign.read(partial(converted, file), data, Place(file))


def statements(file: Path) -> Iterator[tuple[int, Triple]]:
    r"""Yield each triple of a graph file with its line; Problems and KeyError as of :func:`ntriples`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "a.ttl"
    ...     _ = file.write_text("@prefix a: <http://a.org/> .\na:x a:y a:z .")
    ...     [line for line, triple in statements(file)]
    [2]
    """
    data = read_bytes(file)
    numbers, _, triples = foreign.read(partial(_numbered, str(file)), data, Place(file)).partition(b"\n")
    found = parse(triples, format=RdfFormat.N_TRIPLES, lenient=True)
    return ((number, quad.triple) for number, quad in zip(json.loads(numbers), found, strict=True))


def converted(file: Path, data: bytes) -> bytes:
    r"""Return the bytes of a graph file as N-Triples, for a process that may end of them; errors as of ntriples.

    >>> converted(Path("a.ttl"), b"<x:a> a <x:b> .")
    b'<x:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:b> .\n'
    """
    with reading(file):
        return _written(_flat(str(file), data.removeprefix(codecs.BOM_UTF8)), foreign.largest(data))


def _numbered(file: str, data: bytes) -> bytes:
    lines = _Lines(data.removeprefix(codecs.BOM_UTF8))
    numbers: list[int] = []

    def noted() -> Iterator[Triple]:
        for triple in _flat(file, lines):
            numbers.append(lines.number)
            yield triple

    with reading(Path(file)):
        triples = _written(noted(), foreign.largest(data))
    return json.dumps(numbers).encode() + b"\n" + triples


def depth(term: object) -> int:
    """Return how many triple terms stand in each other in a term; 0 where it is none.

    >>> from pyoxigraph import Literal, NamedNode
    >>> node = NamedNode("http://a.org/a")
    >>> depth(Triple(node, node, Triple(node, node, Literal("x"))))
    2
    """
    found = 0
    while isinstance(term, Triple):  # a subject is none
        term, found = term.object, found + 1
    return found


def _flat(file: str, data: bytes | io.BytesIO) -> Iterator[Triple]:
    for quad in parse(data, format=syntax(Path(file).suffix.lower())):
        if depth(quad.object) > DEEPEST:
            what = f"triple terms are nested more than {DEEPEST} deep"
            raise Problems([Problem(Place(file), what, "say it in triples of their own")])
        yield quad.triple


def _written(triples: Iterable[Triple], largest: int) -> bytes:
    out = Bounded(largest)
    serialize(triples, output=out, format=RdfFormat.N_TRIPLES)
    return out.getvalue()


class _Lines(io.BytesIO):
    """The bytes of a file, handed out line by line, so that it is known which line was read last."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.data = data
        self.number = self.end = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next line, or as much of it as is wanted: the parser panics where it gets more."""
        if self.tell() == self.end < len(self.data):
            self.end = self.data.find(b"\n", self.end) + 1 or len(self.data)
            self.number += 1
        left = self.end - self.tell()
        return super().read(left if size is None or size < 0 else min(size, left))
