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


def _value(cell: str) -> str:
    if not (match := VALUE.fullmatch(cell)):
        raise ValueError(
            f"{cell!r} is not a number: write digits and a point, as in 15 or 0.72, or a range as in 1..210"
        )
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
