"""How programs and people write the names of what they measured: units, bead regions, dates, several names of one.

>>> plain("Hu IL-2 (38)"), plain("IL-6 [pg/mL]")
(('IL-2', '38'), ('IL-6', None))
"""

import re
from datetime import date, timedelta
from typing import Final

UNIT: Final = re.compile(r"\s*[(\[]?\s*([fpnuµμm]?g|[mkµμu]?i?u)\s*/\s*[mdµμu]?l\s*[)\]]?$", re.IGNORECASE)
"""A unit of concentration behind a name."""
HUMAN: Final = re.compile(r"(hu|human)[\s_]+", re.IGNORECASE)
OTHER_SPECIES: Final = re.compile(r"(mo|ms|mouse|murine|rat|rt)[\s_]+(?=\w)", re.IGNORECASE)
"""What a kit for mouse or rat writes before a name, as in Mo IL-6 (20)."""
REGION: Final = re.compile(r"\s*\((\d\d)\)$")
"""The region of a bead, which Bio-Plex writes behind a name, as in Hu IL-2 (38)."""
PROBE: Final = re.compile(r"\d+(_[a-z]{1,2})?_at|ILMN_\d+|A_\d+_P\d+|\w*probe\w*\d+", re.IGNORECASE | re.ASCII)
ACCESSION: Final = re.compile(
    r"ENS[A-Z]*[EGPT]\d{11}(\.\d+)?|[NX][MPR]_\d+(\.\d+)?|\d+|[A-Za-z][\w.]*:[\w.-]+|MGI:\d+|"
    r"([OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d([A-Z][A-Z0-9]{2}\d){1,2})(-\d+)?",
    re.ASCII,
)
"""What is an identifier by its form: no name is near to one."""
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
SERIAL: Final = re.compile(r"4\d{4}(?:\.0)?")
"""The number of a day from 2009 to 2036 as a spreadsheet counts them; no human gene here has such a number at NCBI."""
SEVERAL: Final = re.compile(r"\s*(?://+|[/|;])\s*|(?<=\w)_(?=ENS(?:MUS)?G\d)|(?<=\d)_(?=[A-Za-z])")


def plain(name: str) -> tuple[str, str | None]:
    """Return a name without what stands around it, and the region of its bead where one does.

    >>> plain("Human IFN-g (21)"), plain("IL-12 (p70)"), plain("IL-2 (1)")
    (('IFN-g', '21'), ('IL-12 (p70)', None), ('IL-2 (1)', None))
    """
    text = UNIT.sub("", name.strip())
    region = REGION.search(text)
    text = text[: region.start()] if region else text
    return HUMAN.sub("", text, count=1), region[1] if region else None


def several(name: str) -> list[str]:
    """Return the names that stand in one, beside each other or the second in brackets; [] where there is one.

    >>> several("IL-8 (CXCL8)"), several("CCL2/JE/MCP-1"), several("IL2|3558"), several("IL-2")
    (['IL-8', 'CXCL8'], ['CCL2', 'JE', 'MCP-1'], ['IL2', '3558'], [])
    """
    if match := re.fullmatch(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]", name):
        return [match[1], match[2].strip()]
    parts = [part for part in SEVERAL.split(name) if part]
    return parts if len(parts) > 1 else []


def is_identifier(name: str) -> bool:
    """Return whether a name is an identifier or a probe by its form, so that no other name is near to it.

    >>> is_identifier("P01579"), is_identifier("ENSG00000111537.5"), is_identifier("1552310_at"), is_identifier("IL-2")
    (True, True, True, False)
    """
    return bool(ACCESSION.fullmatch(name.strip()) or PROBE.fullmatch(name.strip()))


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
