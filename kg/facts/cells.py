"""What a cell of a table, or a key of a case file, can hold; and the base of the typed records that hold them.

A :class:`Ref` marks a cell that must name a row of another table.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

from kg.facts import terms
from kg.model import identifiers

T = TypeVar("T")

UNSAID: Final = ("none", "not reported", "not applicable")
"""What a report can say instead of a value. They differ from each other, and each differs from zero."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a field whose value names a row of a table."""

    table: str


def split(cell: object) -> object:
    """Return the items of a cell, which stand between semicolons; what is no text stays as it is.

    >>> split("IL-2; interleukin-2")
    ('IL-2', 'interleukin-2')
    """
    return tuple(part.strip() for part in cell.split(";") if part.strip()) if isinstance(cell, str) else cell


def _some(members: tuple[T, ...]) -> tuple[T, ...]:
    if not members:
        raise ValueError("the list is empty: name what is reported, or write 'none' or 'not reported'")
    return members


def _short(quote: str) -> str:
    if (words := len(quote.split())) > 25:
        raise ValueError(f"the quote has {words} words: quote at most 25")
    return quote


def _filled(text: str) -> str:
    if re.fullmatch(r"<[^<>]*>", text):
        raise ValueError(f"{text!r} is still the template's: write what the report says, or delete the line")
    return text


def _ascii_number(cell: object) -> object:
    if isinstance(cell, str | Decimal) and not re.fullmatch(r"-?\d+(\.\d+)?", str(cell), re.ASCII):
        raise ValueError(f"{str(cell)!r} is not a plain number: write digits and a point, as in 15 or 0.72")
    return cell


def _year(cell: object) -> object:
    if isinstance(cell, str) and not re.fullmatch(r"[12][0-9]{3}", cell):
        raise ValueError(f"{cell!r} is not a year: write four digits, as in 2025")
    return cell


def _day(cell: object) -> object:
    if isinstance(cell, str):
        try:
            return date.fromisoformat(cell if len(cell) == 10 else "")
        except ValueError:
            raise ValueError(f"{cell!r} is not a date: write year, month and day, as in 2026-11-23") from None
    return cell


FORMS: Final[Mapping[str, str]] = {
    r"^[a-z0-9]+([-_][a-z0-9]+)*$": "write small letters and digits, joined by hyphens, as in il21-receptor",
    r"^10\.\S+/\S+$": "write the DOI from its 10. on, as in 10.25259/IJDVL_1511_2024",
    r"^[1-9][0-9]*$": "write the number alone, as in 31318208",
    r"^PMC[0-9]+$": "write PMC and the number, as in PMC9184970",
    r"\S": "write some text",
}
"""Pattern of a cell -> what to write, in words."""

ID, DOI, PMID, PMCID, TEXT = FORMS

Id = Annotated[str, StringConstraints(pattern=ID)]
Text = Annotated[str, StringConstraints(pattern=TEXT), AfterValidator(_filled)]
Quote = Annotated[Text, AfterValidator(_short)]
Number = Annotated[Decimal, BeforeValidator(_ascii_number), Field(gt=0, allow_inf_nan=False)]
Probability = Annotated[Decimal, BeforeValidator(_ascii_number), Field(ge=0, le=1, allow_inf_nan=False)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(split)]
Words = Annotated[tuple[Text, ...], BeforeValidator(split)]
Identifier = Annotated[Text, AfterValidator(identifiers.checked), AfterValidator(terms.checked)]
Identifiers = Annotated[tuple[Identifier, ...], BeforeValidator(split)]
Day = Annotated[date, BeforeValidator(_day)]
Count = Annotated[int, Field(ge=1, strict=True)]
Verification = Literal["verified", "unverified"]
Year = Annotated[int, BeforeValidator(_year), Field(ge=1900, le=2100)]
Species = Literal["human", "mouse", "dog"]
Extent = Literal["generalised", "localised", "not reported"]
Morphology = Literal["papular", "plaque", "patch", "annular", "subcutaneous", "perforating", "palmoplantar"]
Grade = Literal["complete", "nearly-complete", "marked", "partial", "improvement-ungraded", "no-response"]


def _said(value: object) -> str:
    return "unsaid" if isinstance(value, str) and value in UNSAID else "said"


Some = Annotated[tuple[T, ...], AfterValidator(_some)]
"""One member or more: an empty list would say neither that there is none nor that it is not reported."""
Unsaid = Literal["none", "not reported", "not applicable"]
Reported = Annotated[Annotated[T, Tag("said")] | Annotated[Unsaid, Tag("unsaid")], Discriminator(_said)]
"""A value, or the word for why there is none."""
Counted = Annotated[
    Annotated[Count, Tag("said")] | Annotated[Literal["not reported"], Tag("unsaid")], Discriminator(_said)
]


class Record(BaseModel):
    """The base of all records: frozen, and a column or key that is not declared is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    MAY_LACK: ClassVar[frozenset[str]] = frozenset()
    """Columns that a table without any such cell may leave out."""
