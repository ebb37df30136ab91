"""The standard streams of a command, on which a person reads: nothing that is printed acts on a terminal or hides."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kg.model.visible import visible


class Readable:
    r"""A stream of text that escapes what acts or hides.

    >>> import io
    >>> Readable(io.StringIO()).write("\x1b[2J")
    4
    """

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write a text, and return its number of characters."""
        self.stream.write(visible(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def readable() -> Iterator[None]:
    r"""Let what is printed meanwhile, on both standard streams, be readable.

    >>> with readable():
    ...     print("\x1b[2J")
    \u001b[2J
    """
    before = sys.stdout, sys.stderr
    try:
        sys.stdout, sys.stderr = (stream and Readable(stream) for stream in before)
        yield
    finally:
        sys.stdout, sys.stderr = before


def exactly(text: str) -> None:
    r"""Print what a program reads, such as CSV or RDF: as it is, but where it goes to a terminal.

    >>> exactly("a,b\n")
    a,b
    """
    out: Any = sys.stdout
    (out.stream if isinstance(out, Readable) and not out.isatty() else out).write(text)
