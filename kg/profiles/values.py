"""The values of a row of a profile: its ratio and its reported direction, or the problem with them.

>>> from kg.model.errors import Place
>>> str(value(InputRow(Place("a.csv", 2), {"ratio": "2,5"}))[2])
"a.csv:2: ratio '2,5' has a comma: write the decimal point, as in 2.5"
"""

import itertools
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from math import inf, log2
from typing import Final, Literal

from kg.calculus.signals import Reported, direction
from kg.model.errors import Problem
from kg.profiles.tabular import InputRow, shown

DIRECTIONS: Final[Mapping[str, Reported]] = {
    **dict.fromkeys(
        (
            "raised", "up", "increased", "increase", "upregulated", "up-regulated", "high", "higher", "↑", "elevated",
            "induced", "overexpressed", "enhanced", "upreg", "up regulated", "erhöht", "hochreguliert", "gesteigert",
        ),
        "raised",
    ),
    **dict.fromkeys(
        (
            "lowered", "down", "decreased", "decrease", "downregulated", "down-regulated", "low", "lower", "↓",
            "reduced", "suppressed", "diminished", "repressed", "underexpressed", "downreg", "down regulated",
            "vermindert", "erniedrigt", "gesenkt", "herunterreguliert",
        ),
        "lowered",
    ),
    **dict.fromkeys(
        ("unchanged", "same", "no change", "normal", "not changed", "unaltered", "stable", "no difference", "equal",
         "=", "unverändert"),
        "unchanged",
    ),
    **dict.fromkeys(
        ("not significant", "ns", "n.s.", "not sig", "notsig", "nonsignificant", "non-significant", "no", "none",
         "not"),
        "not significant",
    ),
}  # fmt: skip
"""Word of a direction -> what it says."""
NO_VALUE: Final = frozenset(("", "na", "n/a", "not measured", "not reported", "-", "#n/a"))
NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
BELOW: Final = re.compile(
    r"[<≤].*|.*\boor\s*<.*|n\.?d\.?|bdl|blq|bloq|bql|b\.d\.|lod|lloq|undetect\w*|undetermined|not detect\w*|"
    r"below\b.*|b/?lod",
    re.IGNORECASE,
)
ABOVE: Final = re.compile(r"[>≥].*|.*\boor\s*>.*|uloq|aloq|above\b.*|saturated|overflow", re.IGNORECASE)
"""Words for a level beyond what the assay detects."""
Detection = Literal["below", "above"]
LEAST: Final = Decimal("1e-9")
"""Ratio below which no assay goes, and"""
MOST: Final = Decimal("1e9")
"""above which none does."""
FARTHEST: Final = 30.0
"""log2 of a ratio beyond which none does."""
LOGARITHMS: Final[Mapping[str, float]] = {"log2": 1.0, "ln": 1 / 0.6931471805599453, "log10": log2(10), "ddct": -1.0}
"""Column -> by what its value is multiplied to be a log2."""


def value(entry: InputRow) -> tuple[Decimal | None, Reported | None, Problem | None]:
    """Return the ratio, the reported direction, and the problem with either.

    Several columns of values must say the same, to their rounding; that with the most digits is taken.

    >>> from kg.model.errors import Place
    >>> value(InputRow(Place("a.csv", 2), {"log2": "2", "direction": "up"}))
    (Decimal('4'), 'raised', None)
    >>> str(value(InputRow(Place("a.csv", 2), {"ratio": "2.5", "log2": "1.3219281"}))[0])[:4]
    '2.50'
    """
    cells = {name: entry.cells.get(name, "") for name in ("ratio", *LOGARITHMS, "direction")}
    filled = {name: text for name, text in cells.items() if text.casefold() not in NO_VALUE}
    reported: Reported | None = None
    if word := filled.pop("direction", ""):
        reported = DIRECTIONS.get(word.casefold())
        if reported is None:
            what = f"{entry.header('direction')} {shown(word)} is not known"
            return None, None, Problem(entry.place, what, "write raised, lowered or unchanged")
    try:
        found = _agreed(entry, filled)
    except ValueError as error:
        what, _, remedy = str(error).partition(": ")
        return None, None, Problem(entry.place, what, remedy)
    if found is not None and reported == "unchanged" and direction(found, None) != "unchanged":
        reported = "not significant"  # so programs call what is beyond one cut-off and not beyond another
    if found is not None and reported in ("raised", "lowered"):
        opposite = "lowered" if reported == "raised" else "raised"
        if direction(found, None) == opposite:
            columns = " and ".join(f"{entry.header(name)} {shown(text)}" for name, text in filled.items())
            what = f"{columns} says {opposite}, and {entry.header('direction')} says {shown(word)}"
            remedy = "write the ratio below 1 where it is lowered, or keep the right one"
            return None, None, Problem(entry.place, what, remedy)
    return found, reported, None


def detection(text: str) -> Detection | None:
    """Return whether a cell says that a level is below or above what was detected.

    >>> detection("<2.4"), detection("OOR >"), detection("ND"), detection("2.4")
    ('below', 'above', 'below', None)
    """
    if BELOW.fullmatch(text):
        return "below"
    return "above" if ABOVE.fullmatch(text) else None


def _agreed(entry: InputRow, filled: Mapping[str, str]) -> Decimal | None:
    """Return the ratio that the columns state; ValueError where two differ by more than their rounding."""
    found = []
    for column, text in filled.items():
        name = entry.header(column)
        if column == "ratio":
            zero = len(filled) > 1 and NUMBER.fullmatch(text) and not float(text)
            number = Decimal(0) if zero else _ratio(text, name, signed=entry.signed)
        else:
            number = _power(text, name, column)
        found.append((name, text, number, _log2_range(column, text)))
    found.sort(key=lambda one: one[3][1] - one[3][0])
    for (name, text, _, (low, high)), (other, said, _, (least, most)) in itertools.pairwise(found):
        if low > most or high < least:
            raise ValueError(f"{name} {shown(text)} and {other} {shown(said)} say different things: keep the right one")
    return found[0][2] if found else None


def _log2_range(column: str, text: str) -> tuple[float, float]:
    """Return the log2 ratios that a value stands for when its last place is rounded."""
    given = Decimal(text.replace("\N{MINUS SIGN}", "-"))
    exponent = given.as_tuple().exponent
    step = 0.51 * 10.0 ** (exponent if isinstance(exponent, int) else 0)
    if column != "ratio":
        ends = [(float(given) + sign * step) * LOGARITHMS[column] for sign in (-1, 1)]
        return min(ends) - 1e-6, max(ends) + 1e-6
    size = abs(float(given))
    low, high = (log2(end) if end > 0 else -inf for end in (size - step, size + step))
    if given < 0:
        low, high = -high, -low
    return low - 1e-6, high + 1e-6


def _number(text: str, name: str) -> Decimal:
    text = text.replace("\N{MINUS SIGN}", "-")
    given = f"{name} {shown(text)}"
    if "%" in text:
        raise ValueError(f"{given} is a percentage: write the ratio to the comparator, 2.33 for 233 %")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", text):
        whole, point = text.replace(",", ""), text.replace(",", ".", 1)
        meant = f"{whole}, or {point} where the comma is a decimal one" if text.count(",") == 1 else whole
        raise ValueError(f"{given} has a comma: write {meant}")
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        raise ValueError(f"{given} has a comma: write the decimal point, as in {shown(text.replace(',', '.'))[1:-1]}")
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{given} is not a number: write digits with a point; where nothing was measured, NA")
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - NUMBER admits only what Decimal reads
        raise ValueError(f"{given} is not a number: write digits with a point") from None


def _ratio(text: str, name: str, *, signed: bool = False) -> Decimal:
    beyond = detection(text)
    if beyond or text.casefold() in ("inf", "+inf", "infinity", "#div/0!"):
        word = "lowered" if beyond == "below" else "raised"
        ends = "below detection" if beyond == "below" else "above what is detected, or the comparator below it,"
        raise ValueError(
            f"{name} {shown(text)} has no number: where it was {ends} write the direction {word}; NA is not measured"
        )
    number = _number(text, name)
    if signed and number <= -1:
        number = 1 / -number
    if number < 0:
        lower = f"{1 / -number:.3g}" if number < -1 else str(-number)
        raise ValueError(
            f"{name} {shown(text)} is negative, and a ratio cannot be: "
            f"if it means {-number:.6g}-fold lower write {lower}; if it is a log2 name the column log2"
        )
    if number == 0:
        raise ValueError(f"{name} 0 has no logarithm: where it was below detection write the direction lowered")
    if not LEAST <= number <= MOST:
        raise ValueError(f"{name} {shown(text)} is beyond any assay: check the number")
    return number


def _power(text: str, name: str, column: str) -> Decimal:
    if endless := re.fullmatch(r"([-+]?)inf(inity)?", text, re.IGNORECASE):
        which, word = ("it", "lowered") if (endless[1] == "-") != (column == "ddct") else ("the comparator", "raised")
        raise ValueError(
            f"{name} {shown(text)} has no number: where {which} was not detected write the direction {word}"
        )
    number = _number(text, name)
    if abs(float(number) * LOGARITHMS[column]) > FARTHEST:
        raise ValueError(f"{name} {shown(text)} is beyond any assay: if it is a ratio name the column ratio")
    if column in ("log2", "ddct"):
        return Decimal(2) ** (number if column == "log2" else -number)
    return Decimal(10) ** number if column == "log10" else number.exp()
