"""Two levels as a ratio: two columns, or two samples in rows; and one below detection as a direction, never as missing.

What a pair says, where ``limit`` is the number behind < or >, or that of a column of detection limits:

- both measured: their ratio, or 2 to their difference where levels are NPX, or cycles against a reference gene;
- lesion below, comparator measured: lowered, unless the limit is above the comparator: then not known;
- lesion measured, comparator below: raised, unless lesion is less than 1.5-fold the limit: then not known;
- lesion above, comparator measured: raised, unless the limit is less than 1.5-fold the comparator; and the other way;
- one above and the other below: raised, or lowered; both below or both above: not known.

*Not known* is not measured, with a note: unchanged is a statement that nobody made.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Context, Decimal, InvalidOperation
from typing import Final, NamedTuple

from kg.calculus.signals import RAISED
from kg.profiles.columns import plain
from kg.profiles.tabular import shown
from kg.profiles.values import NO_VALUE, NUMBER, Detection, detection

DIGITS: Final = Context(prec=12)
LOG2: Final = frozenset("npx log2 vst rlog rma logcpm lcpm log2cpm log2tpm logexpr".split())
"""Words of a header of levels on a log2 scale."""
MISSING: Final = frozenset((*NO_VALUE, "nan", "---", "--", "***", "none", "null"))


class Level(NamedTuple):
    """A level: a number; or ``beyond`` detection, with the limit where it is known."""

    number: Decimal | None = None
    beyond: Detection | None = None
    limit: Decimal | None = None


class Compared(NamedTuple):
    """What two levels say together: a ratio, a direction, or neither; and why, where there is no ratio."""

    ratio: Decimal | None = None
    direction: str = ""
    why: str = ""


def level(text: str, *, limit: Decimal | None = None) -> Level | None:
    """Return what a cell says of a level, None where nothing was measured; ValueError where it is neither.

    >>> level("41.2").number, level("<2.4").limit, level("OOR <").beyond, level("NA")
    (Decimal('41.2'), Decimal('2.4'), 'below', None)
    """
    if text.casefold() in MISSING:
        return None
    if beyond := detection(text):
        said = re.search(r"\d+(\.\d+)?", text)
        return Level(beyond=beyond, limit=Decimal(said[0]) if said else limit if beyond == "below" else None)
    text = text.lstrip("*").strip()
    if not NUMBER.fullmatch(text.replace("\N{MINUS SIGN}", "-")):
        raise ValueError(f"{shown(text)} is no level: write a number, <LLOQ or >ULOQ; where nothing was measured, NA")
    try:
        number = Decimal(text.replace("\N{MINUS SIGN}", "-"))
    except InvalidOperation:  # pragma: no cover - NUMBER admits only what Decimal reads
        raise ValueError(f"{shown(text)} is no level: write a number") from None
    return Level(number)


def compared(above: Level | None, below: Level | None, *, scale: str = "linear") -> Compared:
    """Return what a level says against another; ``scale`` is linear, log2 or cycles.

    >>> compared(level("41.2"), level("11.0")).ratio, compared(level("38.5"), level("OOR <")).direction
    (Decimal('3.74545454545'), 'raised')
    >>> compared(level("7.42"), level("5.42"), scale="log2").ratio, compared(level("ND"), level("ND")).why
    (Decimal('4'), 'below detection in both')
    """
    if above is None or below is None:
        return Compared(why="not measured in both")
    if scale == "log2" and (above.beyond or below.beyond):
        return _beyond(*(_power(one) for one in (above, below)))
    if scale != "linear":
        if above.number is None or below.number is None:
            return Compared(why="beyond detection, without a number")
        sign = 1 if scale == "log2" else -1
        power = sign * (above.number - below.number)
        return Compared(DIGITS.power(Decimal(2), power) if abs(power) <= 30 else None, why="beyond any assay")
    above, below = _positive(above), _positive(below)
    if above.number is not None and below.number is not None:
        return Compared(DIGITS.divide(above.number, below.number))
    return _beyond(above, below)


def _power(found: Level) -> Level:
    """Return a level on a log2 scale as one on a linear scale."""
    number, limit = (None if one is None else DIGITS.power(Decimal(2), one) for one in (found.number, found.limit))
    return Level(number, found.beyond, limit)


def _positive(found: Level) -> Level:
    if found.number is not None and found.number <= 0:
        return Level(beyond="below")
    return found


def _beyond(above: Level, below: Level) -> Compared:
    if above.beyond == below.beyond:
        return Compared(why=f"{above.beyond} detection in both")
    if above.beyond and below.beyond:
        high = above.beyond == "above"
        return Compared(direction="raised" if high else "lowered", why=f"{above.beyond} and {below.beyond} detection")
    if above.beyond:
        other, limit, raised = below.number, above.limit, above.beyond == "above"
    else:
        other, limit, raised = above.number, below.limit, below.beyond == "below"
    assert other is not None  # noqa: S101 - one of the two is a number
    where = f"{'the first' if above.beyond else 'the second'} is {above.beyond or below.beyond} detection"
    if limit is not None and limit > 0:
        # the least that the difference can be: the number against the limit
        fold = limit / other if above.beyond == "above" or below.beyond == "above" else other / limit
        certain = fold >= 1 if above.beyond == "below" or below.beyond == "above" else fold >= RAISED
        if not certain:
            return Compared(why=f"{where}, and the limit {limit.normalize():f} is too near to {other.normalize():f}")
    return Compared(direction="raised" if raised else "lowered", why=where)


def scale_of(headers: Sequence[str]) -> str:
    """Return the scale of columns of levels by their headers: linear, log2, cycles, or raw cycles.

    >>> scale_of(["NPX"]), scale_of(["dCt"]), scale_of(["Ct"]), scale_of(["Conc (pg/mL)"])
    ('log2', 'cycles', 'raw cycles', 'linear')
    """
    words = {word for header in headers for word in plain(header).split()}
    if words & LOG2:
        return "log2"
    if words & {"dct", "dcq"} or {"d", "ct"} <= words or {"delta", "ct"} <= words:
        return "cycles"
    return "raw cycles" if words & {"ct", "cq", "cp"} else "linear"


def splits(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to read A/B as two names.

    >>> list(splits("lesion/non-lesion")), list(splits("a/b/c"))
    ([('lesion', 'non-lesion')], [('a', 'b/c'), ('a/b', 'c')])
    """
    for found in re.finditer("/", text):
        first, second = text[: found.start()].strip(), text[found.end() :].strip()
        if first and second:
            yield first, second
