"""The text of a case file: what it says in TOML, the line of each key, and every fault of its syntax."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from kg.model.errors import Place, Problem

Key = tuple[str | int, ...]
"""Where a value stands, as in ``("case", 0, "therapy", 1, "dose")``."""
MOST: Final = 20
"""Lines of a file that are left out to read on behind them."""
READ: Final = 1_000_000
"""Characters that are read for that in all: a large file is not read so often."""


class Places:
    r"""The line of every key of one TOML file, by its path.

    >>> places = Places(Path("a.toml"), 'a = 1\n[[case]]\nid = "x"\n[case.age]\n')
    >>> str(places[("case", 0, "id")]), str(places[("case", 0, "age", "low")])
    ('a.toml:3', 'a.toml:4')
    """

    _HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?")
    _KEY = re.compile(r"^\s*([\w\-]+)\s*=")
    _TRIPLE = re.compile(r"\"\"\"|'''")

    def __init__(self, file: Path, text: str) -> None:
        self.file = file
        self.lines: dict[Key, int] = {(): 1}
        self.twice: dict[int, tuple[str, int]] = {}
        """Line of a key, or of a table, that is there already -> its name, and its first line."""
        self.headers: set[int] = set()
        """Lines that begin a table."""
        table: Key = ()
        counts: dict[Key, int] = defaultdict(int)
        inside = False
        for number, line in enumerate(text.split("\n"), 1):
            if not inside and (header := self._HEADER.match(line)):
                table = ()
                *parents, last = header[2].split(".")
                for name in parents:
                    table += (name,)
                    table += (counts[table] - 1,) if counts[table] else ()
                table += (last,)
                if header[1] == "[[":
                    self.lines.setdefault(table, number)
                    counts[table] += 1
                    table += (counts[table] - 1,)
                self.headers.add(number)
                if (first := self.lines.setdefault(table, number)) != number and first in self.headers:
                    self.twice[number] = (f"[{header[2]}]", first)
            elif not inside and (key := self._KEY.match(line)):
                first = self.lines.setdefault((*table, key[1]), number)
                if first != number and first not in self.headers:
                    self.twice[number] = (key[1], first)
            inside ^= len(self._TRIPLE.findall(line)) % 2 == 1

    def __getitem__(self, path: Key) -> Place:
        while path not in self.lines:
            path = path[:-1]
        return Place(self.file, self.lines[path])

    def table(self, line: int) -> int:
        r"""Return the line that begins the table of a line, 1 above the first.

        >>> Places(Path("a.toml"), 'a = 1\n[b]\nc = 2\n').table(3)
        2
        """
        return max((first for first in self.headers if first <= line), default=1)

    def only(self, kept: Mapping[str, list[int]]) -> "Places":
        r"""Return the lines of what is left where of each list of tables only some are kept, by their numbers.

        >>> places = Places(Path("a.toml"), '[[case]]\nid = "x"\n[[case]]\nid = "y"\n')
        >>> str(places.only({"case": [1]})[("case", 0, "id")])
        'a.toml:4'
        """
        left = Places(self.file, "")
        for path, line in self.lines.items():
            if len(path) > 1 and path[0] in kept:
                if path[1] in kept[str(path[0])]:
                    left.lines[(path[0], kept[str(path[0])].index(int(path[1])), *path[2:])] = line
            else:
                left.lines[path] = line
        return left


def loaded(places: Places, text: str, problems: list[Problem]) -> dict[str, Any] | None:
    r"""Return what a text says, None where it cannot be read; faults are added to ``problems``, none is raised.

    A line of which the value is wrong is left out, so that the faults behind it are found too.

    >>> text, problems = 'a = x\nb = 1\nb = 2\n', []
    >>> loaded(Places(Path("a.toml"), text), text, problems)
    {'b': 1}
    >>> print(*problems, sep="\n")
    a.toml:1: this is not valid TOML: Invalid value (at line 1, column 5): fix the line, or quote the text
    a.toml:3: 'b' is given twice, at line 2 too: keep one of the two
    """
    lines = text.split("\n")
    for _ in range(min(MOST, READ // (len(text) + 1) + 1)):
        try:
            return tomllib.loads("\n".join(lines), parse_float=Decimal)
        except RecursionError:
            problems.append(Problem(Place(places.file), "this is nested too deep", "write one value in a line"))
            return None
        except ValueError as error:
            line = re.search(r"at line (\d+)", str(error))
            at = int(line[1]) if line else len(lines)
            problems.append(_fault(places, at, lines[at - 1], str(error)))
            if not line or "nclosed" in str(error) or not re.match(r"\s*[\w-]", lines[at - 1]):
                return None
            lines[at - 1] = ""
    return None


REMEDIES: Final = (
    (r"[\w-]+\s*=\s*(#|$)", 'write what the report says behind the =, or "not reported" where the key allows it'),
    (r"[^\"']*[“”„‘’«»]", 'write straight quotes, as in "female"'),
    (r"[\w-]+\s*=\s*\d+,\d+\s*(#|$)", "write a point, as in 3.4"),
    (r"[\w-]+\s*=\s*\d{1,4}[./]\d{1,2}[./]\d{1,4}\s*(#|$)", "write year, month and day, as in 2026-11-23"),
    (r"[\w-]+\s*[^\s=\w-]", "write key = value"),
)
"""Form of a line that is not valid -> what to write."""


def _fault(places: Places, at: int, line: str, said: str) -> Problem:
    place = Place(places.file, at)
    if re.search("Cannot (overwrite|declare|mutate)", said):
        if at in places.twice:
            key, first = places.twice[at]
            return Problem(place, f"{key!r} is given twice, at line {first} too", "keep one of the two")
        remedy = 'keep one: delete the line that ends in = "not reported" or "none", or the table'
        return Problem(place, "this is said twice here, as a value and as a table", remedy)
    remedy = next((to for form, to in REMEDIES if re.match(form, line.strip())), "fix the line, or quote the text")
    return Problem(place, f"this is not valid TOML: {said}", remedy)
