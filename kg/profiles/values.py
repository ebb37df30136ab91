"""The values of a row of a profile: its ratio, its reported direction and its adjusted p, or the problem with them.

>>> from kg.model.errors import Place
>>> str(value(InputRow(Place("a.csv", 2), {"ratio": "2,5"}))[2])
"a.csv:2: ratio '2,5' has a comma: write the decimal point, as in 2.5"
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from kg.calculus.signals import Reported
from kg.model.errors import Problem
from kg.profiles.tabular import InputRow, shown

DIRECTIONS: Final[Mapping[str, Reported]] = {
    **dict.fromkeys(("raised", "up", "increased", "upregulated", "up-regulated", "high", "higher", "↑"), "raised"),
    **dict.fromkeys(
        ("lowered", "down", "decreased", "downregulated", "down-regulated", "low", "lower", "↓"), "lowered"
    ),
    **dict.fromkeys(("unchanged", "same", "no change", "normal", "not changed"), "unchanged"),
}
NO_VALUE: Final = frozenset(("", "na", "n/a", "not measured", "not reported", "-"))
NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def significance(entry: InputRow) -> tuple[Decimal | None, Problem | None]:
    """Return the adjusted p value of a row, None where it states none, and the problem with it.

    >>> from kg.model.errors import Place
    >>> significance(InputRow(Place("a.csv", 2), {"adjusted p": "0.03"}))
    (Decimal('0.03'), None)
    """
    text = entry.cells.get("adjusted p", "")
    if text.casefold() in NO_VALUE:
        return None, None
    try:
        number = _number(text, "adjusted p")
    except ValueError as error:
        what, _, remedy = str(error).partition(": ")
        return None, Problem(entry.place, what, remedy)
    if not 0 <= number <= 1:
        what = f"adjusted p {shown(text)} is not between 0 and 1"
        return None, Problem(entry.place, what, "write an adjusted p value such as 0.03, or NA where none is known")
    return number, None


def value(entry: InputRow) -> tuple[Decimal | None, Reported | None, Problem | None]:
    """Return the ratio, the reported direction, and the problem with either.

    >>> from kg.model.errors import Place
    >>> value(InputRow(Place("a.csv", 2), {"log2": "2", "direction": "up"}))
    (Decimal('4'), 'raised', None)
    """
    cells = {name: entry.cells.get(name, "") for name in ("ratio", "log2", "direction")}
    filled = {name: text for name, text in cells.items() if text.casefold() not in NO_VALUE}
    reported: Reported | None = None
    if "direction" in filled:
        reported = DIRECTIONS.get(filled["direction"].casefold())
        if reported is None:
            what = f"direction {shown(filled['direction'])} is not known"
            return None, None, Problem(entry.place, what, "write raised, lowered or unchanged")
    if "ratio" in filled and "log2" in filled:
        return None, None, Problem(entry.place, "both ratio and log2 are given", "keep one of them")
    try:
        if "ratio" in filled:
            return _ratio(filled["ratio"]), reported, None
        if "log2" in filled:
            return _power(filled["log2"]), reported, None
    except ValueError as error:
        what, _, remedy = str(error).partition(": ")
        return None, None, Problem(entry.place, what, remedy)
    return None, reported, None


def _number(text: str, column: str) -> Decimal:
    text = text.replace("\N{MINUS SIGN}", "-")
    given = f"{column} {shown(text)}"
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


def _ratio(text: str) -> Decimal:
    number = _number(text, "ratio")
    if number < 0:
        lower = f"{1 / -number:.3g}" if number < -1 else str(-number)
        raise ValueError(
            f"ratio {shown(text)} is negative, and a ratio cannot be: "
            f"if it means {-number:.6g}-fold lower write {lower}; if it is a log2 name the column log2"
        )
    if number == 0:
        raise ValueError("ratio 0 has no logarithm: where it was below detection write the direction lowered")
    if not Decimal("1e-9") <= number <= Decimal("1e9"):
        raise ValueError(f"ratio {shown(text)} is beyond any assay: check the number")
    return number


def _power(text: str) -> Decimal:
    number = _number(text, "log2")
    if abs(number) > 30:
        raise ValueError(f"log2 {shown(text)} is beyond any assay: if it is a ratio name the column ratio")
    return Decimal(2) ** number
