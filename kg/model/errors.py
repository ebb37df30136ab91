"""Problems of the user's input: each with its place, what is wrong, and the remedy; raised all at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.model.visible import visible


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A file and, where it is known, a line (from 1).

    >>> str(Place(Path("facts/kinases.tsv"), 4))
    'facts/kinases.tsv:4'
    """

    file: Path | str
    line: int | None = None

    def __str__(self) -> str:
        return str(self.file) if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem; as text it is one line, in which what comes from a file, a server or an argument acts on nothing.

    >>> print(Problem(Place("cases.toml", 3), "sex: 'woman' is not allowed", "write 'female' or 'male'"))
    cases.toml:3: sex: 'woman' is not allowed: write 'female' or 'male'
    """

    place: Place
    what: str
    remedy: str

    def __str__(self) -> str:
        return visible(f"{self.place}: {self.what}: {self.remedy}", line=True)


class Problems(Exception):
    """The user's input has problems; ``problems`` holds them all. Its public name is ``kg.Problems``.

    >>> from kg.model.errors import Place, Problem
    >>> raise Problems([Problem(Place("a.csv", 2), "ratio 0 has no logarithm", "write the direction lowered")])
    Traceback (most recent call last):
        ...
    kg.Problems: a.csv:2: ratio 0 has no logarithm: write the direction lowered
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


Problems.__module__ = "kg"
