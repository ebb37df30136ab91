"""Dates that a spreadsheet made of the symbols of genes, and which genes they were.

>>> genes_of_date("2-Sep", gene=False)
'SEPTIN2 (SEPT2)'
"""

import re
from datetime import date, timedelta
from typing import Final

from kg.profiles.spellings import SERIAL

MONTHS: Final = {
    word: number
    for number, words in enumerate(
        ("jan", "feb fév", "mar mär mrz", "apr avr", "may mai", "jun juin", "jul juil", "aug août", "sep sept",
         "oct okt", "nov", "dec dez déc"), 1,
    )
    for word in words.split()
}  # fmt: skip
DAY_MONTH: Final = re.compile(r"(\d{1,2})[-. /]+([^\W\d]{3,4})\.?(?:[-. /]+(?:\d{2}|\d{4}))?")
MONTH_DAY: Final = re.compile(r"([^\W\d]{3,4})\.?[- /]+(\d{1,2})(?:[-, /]+\d{4})?")
ISO: Final = re.compile(r"\d{4}-(\d\d)-(\d\d)(?:[ T]00:00(?::00(?:\.0+)?)?)?")
NUMBERS: Final = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(?:\d{4}|\d{2})")


def genes_of_date(name: str, *, gene: bool) -> str | None:
    """Return what a spreadsheet made a date of, in words; None where a name is no date.

    ``gene`` says that the name stands in a column of genes, where the bare number of a day is one.

    >>> genes_of_date("2-Sep", gene=False), genes_of_date("2023-03-01", gene=True)
    ('SEPTIN2 (SEPT2)', 'MARCHF1 (MARCH1) or MTARC1 (MARC1)')
    >>> genes_of_date("45170", gene=True), genes_of_date("IL-2", gene=True)
    ('SEPTIN1 (SEPT1)', None)
    """
    days = _days(name.strip(), gene=gene)
    genes = [named for month, day in days for named in _genes(month, day)]
    return " or ".join(genes) or ("a gene symbol such as MARCHF1 or SEPTIN2" if days else None)


def _days(text: str, *, gene: bool) -> list[tuple[int, int]]:
    """Return the months and days that a text can be as a date."""
    if match := DAY_MONTH.fullmatch(text):
        return _day(MONTHS.get(match[2].casefold()), int(match[1]))
    if match := MONTH_DAY.fullmatch(text):
        return _day(MONTHS.get(match[1].casefold()), int(match[2]))
    if match := ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]))
    if match := NUMBERS.fullmatch(text):
        one, two = int(match[1]), int(match[3])
        return [*_day(one, two), *(_day(two, one) if one != two else [])]
    if gene and SERIAL.fullmatch(text):
        found = date(1899, 12, 30) + timedelta(days=int(text[:5]))
        return [(found.month, found.day)]
    return []


def _day(month: int | None, day: int) -> list[tuple[int, int]]:
    return [(month, day)] if month and 1 <= month <= 12 and 1 <= day <= 31 else []


def _genes(month: int, day: int) -> list[str]:
    """Return the symbols of HGNC with the previous ones that a spreadsheet took for this day."""
    match month:
        case 3 if day <= 11:
            return [f"MARCHF{day} (MARCH{day})", *([f"MTARC{day} (MARC{day})"] if day <= 2 else [])]
        case 9 if day <= 14 and day != 13:
            return [f"SEPTIN{day} (SEPT{day})"]
        case 12 if day == 1:
            return ["DELEC1 (DEC1)"]
    return []
