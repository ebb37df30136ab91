"""Cells of a column as numbers: fast where they are what they should be, with the words of ``kg ask`` where not.

>>> import pyarrow
>>> found = numbers(pyarrow.array(["2.5", "up", "NA", "2,5"]), "IL-21", "ratio")
>>> found.values.tolist(), found.directions.tolist(), found.faults
([2.5, nan, nan, nan], [0, 1, 0, 0], [(3, "IL-21 '2,5' has a comma: write the decimal point, as in 2.5")])
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from kg.calculus.signals import Reported
from kg.cohort.layout import Scale
from kg.model.errors import Place, Problem
from kg.profiles.significance import significance
from kg.profiles.tabular import InputRow, shown
from kg.profiles.values import DIRECTIONS, FARTHEST, LEAST, MOST, NO_VALUE, value

CODES: Final[dict[Reported, int]] = {"raised": 1, "lowered": 2, "unchanged": 3, "not significant": 4}
"""Direction -> its code, which is that of :data:`kg.calculus.arrays.STATES`."""
SIMPLE: Final = r"^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?$"
HERE: Final = Place("a row")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The values of a column, NaN where there is none; reported directions, None where no cell is a word; faults.

    A fault has the place of its cell and what is wrong, with the remedy.
    """

    values: Any
    directions: Any = None
    faults: list[tuple[int, str]] = field(default_factory=list)


def numbers(column: Any, header: str, scale: Scale) -> Numbers:
    """Return the numbers of a column of Arrow, and its words of direction.

    >>> import pyarrow
    >>> numbers(pyarrow.array([2.0, None, -1.0]), "IL-21", "log2").values.tolist()
    [2.0, nan, -1.0]
    """
    from pyarrow import types as t

    kind = column.type.value_type if t.is_dictionary(column.type) else column.type
    if t.is_integer(kind) or t.is_floating(kind) or t.is_decimal(kind) or t.is_null(kind):
        return _of_numbers(column, header, scale)
    return _of_texts(texts(column), header, scale)


def texts(column: Any) -> Any:
    """Return a column of Arrow as plain texts.

    >>> import pyarrow
    >>> texts(pyarrow.array([1, None])).to_pylist()
    ['1', None]
    """
    import pyarrow

    return column.cast(pyarrow.string())


def trimmed(column: Any) -> Any:
    """Return a column as texts without space around them, null where nothing is left.

    >>> import pyarrow
    >>> trimmed(pyarrow.array([" P1 ", " "])).to_pylist()
    ['P1', None]
    """
    import pyarrow
    from pyarrow import compute

    found = compute.utf8_trim_whitespace(texts(column))
    return compute.if_else(compute.equal(found, ""), pyarrow.scalar(None, pyarrow.string()), found)


def _of_numbers(column: Any, header: str, scale: Scale) -> Numbers:
    import numpy as np
    import pyarrow
    from pyarrow import compute

    found = compute.cast(column, pyarrow.float64(), safe=False).to_numpy(zero_copy_only=False)
    bad = np.flatnonzero(beyond(found, scale))
    return Numbers(
        _without(found, bad), None, [(at, wrong(repr(found[at].item()), header, scale)) for at in bad.tolist()]
    )


def beyond(found: Any, scale: Scale) -> Any:
    """Return where numbers are none that an assay gives.

    >>> import numpy
    >>> beyond(numpy.array([2.0, 0.0, numpy.nan]), "ratio").tolist()
    [False, True, False]
    """
    import numpy as np

    if scale == "ratio":
        return (found < float(LEAST)) | (found > float(MOST))
    return np.abs(found) > FARTHEST if scale == "log2" else ~np.isnan(found)


def _without(found: Any, bad: Any) -> Any:
    import numpy as np

    if bad.size:
        found = found.copy()
        found[bad] = np.nan
    return found


def _of_texts(column: Any, header: str, scale: Scale) -> Numbers:
    import numpy as np
    import pyarrow
    from pyarrow import compute

    column = trimmed(column)
    simple = compute.fill_null(compute.match_substring_regex(column, SIMPLE), False)
    plain = compute.if_else(simple, column, pyarrow.scalar(None, pyarrow.string()))
    found = compute.cast(plain, pyarrow.float64()).to_numpy(zero_copy_only=False).copy()
    directions = np.zeros(len(column), np.int8)
    faults = []
    for at in np.flatnonzero(beyond(found, scale)).tolist():
        faults.append((at, wrong(column[at].as_py(), header, scale)))
        found[at] = np.nan
    rest = compute.if_else(simple, pyarrow.scalar(None, pyarrow.string()), column).dictionary_encode()
    codes = compute.fill_null(rest.indices, -1).to_numpy(zero_copy_only=False)
    for code, text in enumerate(rest.dictionary.to_pylist()):
        said = _word(text, header, scale)
        where = np.flatnonzero(codes == code)
        if isinstance(said, str):
            faults += [(at, said) for at in where.tolist()]
        elif isinstance(said, int):
            directions[where] = said
        elif said is not None:
            found[where] = said
    return Numbers(found, directions if directions.any() else None, sorted(faults))


@lru_cache(maxsize=100_000)
def _word(text: str, header: str, scale: Scale) -> float | int | str | None:
    """Return the number of a cell that is not written simply, the code of its direction, or what is wrong with it."""
    word = text.casefold()
    if word in NO_VALUE or word in ("nan", "null"):
        return None
    if word in DIRECTIONS:
        return CODES[DIRECTIONS[word]]
    if scale != "direction" and value(_row(text, header, scale))[2] is None:
        return float(text.replace("\N{MINUS SIGN}", "-"))
    return wrong(text, header, scale)


def _row(text: str, header: str, scale: Scale) -> InputRow:
    return InputRow(HERE, {scale: text}, headers={scale: header})


@lru_cache(maxsize=100_000)
def wrong(text: str, header: str, scale: Scale) -> str:
    """Return what is wrong with a cell, and the remedy.

    >>> wrong("0.0", "IL-21", "ratio")
    'IL-21 0 has no logarithm: where it was below detection write the direction lowered'
    """
    found = value(_row(text, header, scale))[2]
    if found is None:
        return f"{header} {shown(text)} is beyond any assay: check the number"
    return said(found)


def said(problem: Problem) -> str:
    """Return a problem without its place.

    >>> said(Problem(HERE, "it is bad", "mend it"))
    'it is bad: mend it'
    """
    return f"{problem.what}: {problem.remedy}"


Significant = tuple[Any, Any, list[tuple[int, str]]]
"""Adjusted p of each row, whether it is said to be not significant, and faults."""


def significant(columns: dict[str, Any], headers: dict[str, str]) -> Significant:
    """Return what columns by role say of significance, as ``kg ask`` reads it.

    >>> import pyarrow
    >>> significant({"adjusted p": pyarrow.array(["0.03", "ns", "x"])}, {"adjusted p": "padj"})[1].tolist()
    [False, True, False]
    """
    import numpy as np

    used = ("adjusted p",) if "adjusted p" in columns else ("significance", "p")
    here = [role for role in used if role in columns]
    length = len(next(iter(columns.values())))
    q, word, faults = np.full(length, np.nan), np.zeros(length, bool), []
    for role in here:
        encoded = trimmed(columns[role]).dictionary_encode()
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        for code, text in [(-1, ""), *enumerate(encoded.dictionary.to_pylist())]:
            number, direction, problem = significance(InputRow(HERE, {role: text}, headers={role: headers[role]}))
            where = codes == code
            if problem:
                faults += [(at, said(problem)) for at in np.flatnonzero(where).tolist()]
            elif number is not None:
                q[where] = float(number)
            elif direction:
                word |= where
    return q, word, faults


Find = Callable[[str], Any]
