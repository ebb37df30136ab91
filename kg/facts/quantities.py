"""Quantities of the facts: an amount or a range of amounts with its unit, and the text that it was read from.

>>> Quantity.parse("53-68 years")
Quantity(low=Decimal('53'), high=Decimal('68'), unit='year', text='53-68 years')
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator

TIMES: Final = ("year", "month", "week", "day", "hour")
DOSES: Final = ("mg", "mg/kg", "mg/g", "%")
SPELLINGS: Final[Mapping[str, str]] = {
    **{unit: unit for unit in (*TIMES, *DOSES, "nM")},
    **{f"{unit}s": unit for unit in TIMES},
}
"""Unit as written, also in the plural -> unit."""
AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?)(?:\s*-\s*(\d+(?:\.\d+)?))?\s*(\S+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount or a range of amounts with its unit, and the text it was read from. A month is never four weeks."""

    low: Decimal
    high: Decimal
    unit: str
    text: str

    @classmethod
    def parse(cls, text: object) -> "Quantity":
        """Return the quantity that a text such as ``6 years`` or ``1-2 months`` states; ValueError otherwise.

        >>> Quantity.parse("14 weeks").high
        Decimal('14')
        >>> Quantity.parse("soon")
        Traceback (most recent call last):
            ...
        ValueError: 'soon' is not a quantity: write a number and a unit, as in '6 weeks' or '1-2 months'
        """
        if isinstance(text, Quantity):
            return text
        match = AMOUNT.fullmatch(str(text).strip())
        if not match or match[3] not in SPELLINGS:
            raise ValueError(f"{text!r} is not a quantity: write a number and a unit, as in '6 weeks' or '1-2 months'")
        low, high = Decimal(match[1]), Decimal(match[2] or match[1])
        if low > high:
            raise ValueError(f"{text!r} is a range that runs backwards: write the smaller number first")
        return cls(low, high, SPELLINGS[match[3]], str(text).strip())


def _time(amount: Quantity) -> Quantity:
    if amount.unit not in TIMES:
        raise ValueError(f"{amount.text!r} is not a time: write {', '.join(TIMES)} or their plurals, as in '6 weeks'")
    return amount


def _lifetime(amount: Quantity) -> Quantity:
    if amount.unit == "year" and amount.high > 120:
        raise ValueError(f"{amount.text!r} is not an age: check the number")
    return amount


def _dose(amount: Quantity) -> Quantity:
    if amount.unit not in DOSES:
        raise ValueError(f"{amount.text!r} is not a dose: write it in {', '.join(DOSES)}, as in '4 mg'")
    return amount


VALUE: Final = re.compile(r"(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?", re.ASCII)


MOLAR: Final[Mapping[str, tuple[str, Decimal]]] = {
    "pM": ("x0.001", Decimal("0.001")), "nM": ("", Decimal(1)), "uM": ("x1000", Decimal(1000)),
    "mM": ("x1000000", Decimal(1_000_000)), "M": ("x1000000000", Decimal(1_000_000_000)),
}  # fmt: skip
"""Unit of a concentration -> by what a number is multiplied to be in nM, in words and as a number."""
MARKED: Final = re.compile(r"(<=|>=|[<>=≤≥])?\s*(\d+(?:\.\d+|,\d{1,2}(?=\s*\S))?)\s*([pnumµμ]?M)?", re.ASCII)
DASHED: Final = re.compile(r"(\d+(?:\.\d+)?)\s*[-–—‑−]\s*(\d+(?:\.\d+)?)", re.ASCII)
RELATIONS: Final[Mapping[str, str]] = {"≤": "<=", "≥": ">="}


def in_nanomolar(number: str, unit: str) -> str | None:
    """Return what to write where a number is in another unit of concentration; None for what is no such unit.

    >>> in_nanomolar("3.5", "µM")
    '3500 (x1000: 3500 nM)'
    >>> in_nanomolar("20", "pM"), in_nanomolar("1", "fold")
    ('0.02 (x0.001: 0.02 nM)', None)
    """
    factor = MOLAR.get(unit.replace("µ", "u").replace("μ", "u"))
    if factor is None or not re.fullmatch(r"\d+(\.\d+)?", number, re.ASCII):
        return None
    amount = f"{Decimal(number) * factor[1]:f}"
    amount = amount.rstrip("0").rstrip(".") if "." in amount else amount
    return f"{amount} ({factor[0]}: {amount} nM)" if factor[0] else f"{amount}, and nM in the column unit"


def _value(cell: str) -> str:
    if not (match := VALUE.fullmatch(cell)):
        remedy = "write digits and a point, as in 15 or 0.72, or a range as in 1..210"
        if marked := MARKED.fullmatch(cell):
            sign, number, unit = marked[1], marked[2].replace(",", "."), marked[3]
            relation = f", and {RELATIONS.get(sign, sign)} in the column relation" if sign else ""
            remedy = f"write {in_nanomolar(number, unit) if unit else number}{relation}"
        elif dashed := DASHED.fullmatch(cell):
            remedy = f"write the range as {dashed[1]}..{dashed[2]}"
        raise ValueError(f"{cell!r} is not a number: {remedy}")
    if not Decimal(match[1]):
        raise ValueError(f"{cell!r} begins at 0: write the number above 0 that the source prints")
    if match[2] and Decimal(match[1]) >= Decimal(match[2]):
        raise ValueError(f"{cell!r} is a range that runs backwards: write the smaller number first")
    return cell


Duration = Annotated[Quantity, BeforeValidator(Quantity.parse), AfterValidator(_time)]
Dose = Annotated[Quantity, BeforeValidator(Quantity.parse), AfterValidator(_dose)]
Lifetime = Annotated[Duration, AfterValidator(_lifetime)]
Value = Annotated[str, AfterValidator(_value)]
"""A potency as it is written: a number, or a range ``low..high``."""
