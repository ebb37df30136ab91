r"""What a case file in TOML may hold before it is parsed: the parser of Python follows any depth and number of digits.

>>> print(problem(Path("a.toml"), "[case]\na.b.c.d.e.f.g.h.i.j = 1\n"))
a.toml:2: more than 8 keys are joined by points: write [table.inner] and its keys below it
"""

import re
from pathlib import Path
from typing import Final

from kg.model.errors import Place, Problem

LARGEST: Final = 1_000_000
"""Bytes: no case file is larger."""
DEEPEST: Final = 8
"""Lists and tables in each other, and keys that are joined by points: no case file has more."""
KEYS: Final = 10_000
"""Keys: no case file has more."""
MOST: Final = 50_000
"""Lines, texts, comments, numbers and marks: ten times those of the longest case file of ours have room."""
DIGITS: Final = 40
"""Digits of a number: no case file has more."""
DEEPER: Final = {"[": 1, "{": 1, "]": -1, "}": -1}
TOKEN: Final = re.compile(
    r'"""(?:\\.|[^"\\]|"(?!""(?!")))*+(?:""")?'
    r"|'''(?:[^']|'(?!''(?!')))*+(?:''')?"
    r'|"(?:\\.|[^"\\\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+"
    r"|(?P<number>\b[0-9]\w*+)"
    r"|(?P<mark>[][{}.,=\n])",
    re.DOTALL,
)
"""A text or comment, which is passed over, a number or a mark; a text that is not closed ends with its line or file."""


def problem(file: Path, text: str) -> Problem | None:
    """Return the first problem of a text in TOML with these limits, None where it keeps them.

    >>> problem(Path("a.toml"), 'quote = "[[[[[[[[[[ 1.2.3.4.5.6.7.8.9.10"') is None
    True
    """
    line, depth, points, keys = 1, 0, 0, 0
    for count, found in enumerate(TOKEN.finditer(text), 1):
        what = remedy = ""
        mark = found["mark"]
        depth = max(depth + DEEPER.get(mark, 0), 0)
        keys += mark == "="
        if mark:
            points = points + 1 if mark == "." else 0
        if depth > DEEPEST:
            what, remedy = f"lists and tables are nested more than {DEEPEST} deep", "write them as [[table]]"
        elif points > DEEPEST:
            what = f"more than {DEEPEST} keys are joined by points"
            remedy = "write [table.inner] and its keys below it"
        elif keys > KEYS:
            what, remedy = f"there are more than {KEYS:,} keys", "give each report a file of its own"
        elif count > MOST:
            what = f"there are more than {MOST:,} lines, values and marks"
            remedy = "give each report a file of its own"
        elif found["number"] and len(found["number"]) > DIGITS:
            what, remedy = f"a number has more than {DIGITS} digits", "quote it where it is none"
        if what:
            return Problem(Place(file, line), what, remedy)
        line += found[0].count("\n")
    return None
