"""Try the readers of `tests/hostile/readers.py` on inputs made by chance; exit 1 where one does what it must not.

`python scripts/fuzz.py --seconds 120 --seed 1 -o DIR`: a find is an exception that is not the product's own, more than
2 s of computing, a peak above 1 GB, or a process that died. DIR gets its input, once of a kind. Number and seed make
an input: the same everywhere.
"""

import argparse
import mmap
import os
import resource
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import NoReturn

sys.path.append(str(Path(__file__).parent.parent / "tests" / "hostile"))

import readers

import kg

SLOW, HUNG, LARGE, TURN = 2.0, 30.0, 1 << 30, 3.0
"""Seconds of computing, and of waiting, for one input; bytes; seconds that a reader has before it is another's turn."""


class Slow(BaseException):
    """An input took too long: no reader takes it for an error of its own."""


def late(*_: object) -> NoReturn:
    """End an input that takes too long."""
    raise Slow


def found(kept: Path, reader: str, number: int, kind: str, data: bytes, more: str = "") -> None:
    """Keep an input that does what it must not, and say so, once of a kind."""
    file = kept / f"{reader}-{kind}".replace(" ", "-").replace("/", "-")[:120]
    if not file.exists():
        file.write_bytes(data)
        file.with_name(f"{file.name}.txt").write_text(more, encoding="utf-8", errors="backslashreplace")
        print(f"{reader}: input {number}: {kind}: {file}", flush=True)
        print(f"  {data[:500]!r}", flush=True)


def turn(reader: str, number: int, seed: int, kept: Path, board: mmap.mmap) -> None:
    """Be a process that tries inputs from a number on; it says on the board where it is, and how many went wrong."""
    signal.signal(signal.SIGPROF, late)
    end, wrong = time.monotonic() + TURN, 0
    while time.monotonic() < end:
        data, kind, more = readers.made(reader, number, seed), "", ""
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        signal.setitimer(signal.ITIMER_PROF, SLOW)
        try:
            readers.READERS[reader][0](data)
        except Slow:
            kind, more = "slow", traceback.format_exc()
        except BaseException as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            kind, more = f"{type(error).__name__}-{Path(where.filename).stem}-{where.lineno}", traceback.format_exc()
        signal.setitimer(signal.ITIMER_PROF, 0)
        if before < (LARGE >> 10) < resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:
            kind = kind or "large"
        if kind:
            wrong += 1
            found(kept, reader, number, kind, data, more)
        number += 1
        board[:16] = number.to_bytes(8, "big") + wrong.to_bytes(8, "big")


def watched(reader: str, number: int, seed: int, kept: Path) -> tuple[int, int]:
    """Return the next number, and how many inputs went wrong in one turn of a reader."""
    board = mmap.mmap(-1, 16)
    board[:8] = number.to_bytes(8, "big")
    child = os.fork()
    if not child:
        turn(reader, number, seed, kept, board)
        os._exit(0)
    at, since, status = number, time.monotonic(), (0, 0)
    while status == (0, 0):
        time.sleep(0.01)
        status = os.waitpid(child, os.WNOHANG)
        if (now := int.from_bytes(board[:8], "big")) != at:
            at, since = now, time.monotonic()
        if time.monotonic() > since + HUNG:
            os.kill(child, signal.SIGKILL)
    at, wrong = int.from_bytes(board[:8], "big"), int.from_bytes(board[8:], "big")
    if status[1]:
        found(kept, reader, at, f"died-{os.waitstatus_to_exitcode(status[1])}", readers.made(reader, at, seed))
        at, wrong = at + 1, wrong + 1
    return at, wrong


def main() -> int:
    """Take turns until the time is over, print how many inputs each reader had; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reader", action="append", choices=list(readers.READERS), help="only this one; repeatable")
    parser.add_argument("-o", "--output", type=Path, default=Path("fuzzed"), metavar="DIR", help="where finds go")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    chosen = options.reader or list(readers.READERS)
    counts, wrong, end = dict.fromkeys(chosen, 0), dict.fromkeys(chosen, 0), time.monotonic() + options.seconds
    kg.open()
    while time.monotonic() < end:
        for reader in chosen:
            counts[reader], more = watched(reader, counts[reader], options.seed, options.output)
            wrong[reader] += more
    for reader in chosen:
        print(f"{reader}: {counts[reader]:,} inputs, {wrong[reader]:,} wrong")
    print(f"seed {options.seed}: {sum(counts.values()):,} inputs, {sum(wrong.values()):,} wrong")
    return 1 if sum(wrong.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
