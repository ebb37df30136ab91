r"""How far a run is, how fast, and how long it still takes: a bar on a terminal, lines in a log.

>>> import io
>>> out = io.StringIO()
>>> said = Progress(1_000, out, clock=iter([0.0, 20.0, 20.0]).__next__)
>>> said.at(400)
>>> out.getvalue()
'400 of 1,000 rows (40 %), 20 rows a second, 30 s left\n'
"""

import time
from collections.abc import Callable
from typing import Final, TextIO

EVERY: Final = 10.0
"""Seconds between lines in a log."""
WIDTH: Final = 24
"""Characters of the bar."""


class Progress:
    """What is said of a run on ``rows`` rows while it goes on; nothing where ``out`` is None."""

    def __init__(self, rows: int, out: TextIO | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.rows, self.out, self.clock = rows, out, clock
        self.bar = bool(out and out.isatty())
        self.begun = self.said = clock()
        self.first = 0

    def from_(self, row: int) -> None:
        r"""Say that a run goes on from a row.

        >>> import io
        >>> out = io.StringIO()
        >>> Progress(1_000, out).from_(600)
        >>> out.getvalue()
        'going on from row 601 of 1,000\n'
        """
        self.first = row
        if self.out and row:
            print(f"going on from row {row + 1:,} of {self.rows:,}", file=self.out)

    def at(self, row: int) -> None:
        """Say how far it is."""
        now = self.clock()
        last = row >= self.rows
        if self.out is None or not (self.bar or now - self.said >= EVERY or (last and self.said > self.begun)):
            return  # a run that takes no time says nothing in a log
        self.said = now
        speed = (row - self.first) / max(now - self.begun, 1e-9)
        left = "" if last else f", {_time((self.rows - row) / max(speed, 1e-9))} left"
        text = f"{row:,} of {self.rows:,} rows ({100 * row // max(self.rows, 1)} %), {speed:,.0f} rows a second{left}"
        if not self.bar:
            print(text, file=self.out)
            return
        done = WIDTH * row // max(self.rows, 1)
        print(
            f"\r[{'#' * done}{' ' * (WIDTH - done)}] {text}\N{ESCAPE}[K",
            end="\n" if last else "",
            file=self.out,
            flush=True,
        )


def _time(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
