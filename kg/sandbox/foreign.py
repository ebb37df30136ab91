"""A file of somebody else, read in a process of its own: what that process dies of is one problem with the file.

The limits follow from the size of the file, so that a small one cannot take much, whatever it holds.

>>> read(bytes.upper, b"il-21", Place("a.ttl"))
b'IL-21'
"""

from typing import Final

from kg.model.errors import Place, Problem, Problems
from kg.sandbox import limits, worker
from kg.sandbox.worker import Handler, Stopped

SECONDS: Final = 2.0
"""Seconds that a file may take, to which each byte adds."""
SECONDS_A_BYTE: Final = 2e-6
MEMORY: Final = 512 << 20
"""Bytes of memory that a file may take, to which each of its own adds."""
MEMORY_A_BYTE: Final = 100
REPLY: Final = 64 << 20
"""Bytes that a file may come to when it is read, to which each of its own adds."""
REPLY_A_BYTE: Final = 30

SMALLER: Final = "give a smaller file"


def read(handler: Handler, data: bytes, place: Place, *, smaller: str = SMALLER) -> bytes:
    """Return what a handler makes of the bytes of a file, in a process of its own.

    Raises Problems as the handler raises them, and one at ``place`` where there is no answer; ``smaller`` is the remedy
    where the file takes too much.

    >>> read(bytes.fromhex, b"il-21", Place("a.ttl"))
    Traceback (most recent call last):
        ...
    kg.Problems: a.ttl: this cannot be read (TypeError: fromhex() argument must be str, not bytes): check what it holds
    """
    seconds = round(SECONDS + SECONDS_A_BYTE * len(data), 1)
    memory = min(MEMORY + MEMORY_A_BYTE * len(data), limits.MEMORY)
    try:
        return worker.isolated(handler, data, timeout=seconds, memory=memory, largest=largest(data))
    except Stopped as stopped:
        raise Problems([problem(stopped, place, seconds, memory, largest(data), smaller=smaller)]) from None


def problem(
    stopped: Stopped, place: Place, seconds: float, memory: int, size: int = worker.LARGEST, *, smaller: str = SMALLER,
    late: str = "",
) -> Problem:  # fmt: skip
    """Return the problem of a file that was not read; the limits are in seconds and in bytes.

    ``smaller`` is the remedy where it takes too much, ``late`` another where it took too long.

    >>> print(problem(Stopped("time"), Place("a.ttl"), 2.0, 1 << 30))
    a.ttl: reading this takes longer than 2 seconds: give a smaller file
    """
    what, remedy = {
        "time": (f"reading this takes longer than {seconds:g} seconds", late or smaller),
        "memory": (f"reading this takes more than {memory >> 20:,} MB of memory", smaller),
        "size": (f"this comes to more than {size >> 20:,} MB when it is read", smaller),
        "depth": ("this is nested too deeply", "write it without nesting"),
    }.get(stopped.why, (f"this cannot be read ({stopped.detail})", "check what it holds"))
    return Problem(place, what, remedy)


def largest(data: bytes) -> int:
    """Return how many bytes may be made of the bytes of a file.

    >>> largest(b"") >> 20
    64
    """
    return min(REPLY + REPLY_A_BYTE * len(data), worker.LARGEST)
