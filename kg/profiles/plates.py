r"""The blocks of a file of xPONENT, the program of Luminex readers: a table of each kind of value, one below another.

>>> lines = ["Program,xPONENT", "Results", "DataType:,Median", "Location,Sample,IL-6", "1,P01,900", "",
...          "DataType:,Result", "Location,Sample,IL-6", "1,P01,12.1", ""]
>>> names = blocks(lines)
>>> names, lines[slice(*names["Result"])]
({'Median': (3, 6), 'Result': (7, 10)}, ['Location,Sample,IL-6', '1,P01,12.1', ''])
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kg.model.errors import Place, Problem, Problems
from kg.model.names import meant, near
from kg.profiles.tabular import shown

MARK: Final = re.compile(r'^[",;\t ]*DataType:"?[,;\t]"?([^",;\t]+)', re.IGNORECASE)
LEVELS: Final = ("Avg Result", "Result")
"""The blocks of concentrations, the preferred first: the mean of the wells of a sample, and each well."""


def blocks(lines: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return the name of each block with the lines, from 0, at which it begins and before which it ends.

    >>> blocks(["cytokine,ratio", "IL-21,2"])
    {}
    """
    starts = [(number, match[1].strip()) for number, line in enumerate(lines) if (match := MARK.match(line))]
    ends = [*(number for number, _ in starts[1:]), len(lines)] if starts else []
    return {name: (start + 1, end) for (start, name), end in zip(starts, ends, strict=True)}


def chosen(name: Path, found: dict[str, tuple[int, int]], wanted: str | None) -> str:
    """Return the block that is read: the one that is wanted, else that of concentrations.

    >>> chosen(Path("a.csv"), {"Median": (3, 6), "Result": (7, 10)}, None)
    'Result'
    """
    names = list(found)
    if wanted is not None:
        if wanted not in found:
            remedy = meant(near(wanted, names), f"the blocks are {', '.join(map(shown, names))}")
            raise Problems([Problem(Place("--sheet"), f"{shown(wanted)} is no block of {name}", remedy)])
        return wanted
    best = next((level for level in LEVELS if level in found), None)
    if best is None:
        what = f"this file has the blocks {', '.join(map(shown, names))}, and none of concentrations"
        raise Problems([Problem(Place(name), what, f"take one, as in --sheet {shown(names[0])}")])
    return best
