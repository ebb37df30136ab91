"""How programs and people write the names of what they measured: units, bead regions, several names of one thing.

>>> plain("Hu IL-2 (38)"), plain("IL-6 [pg/mL]")
(('IL-2', '38'), ('IL-6', None))
"""

import re
from typing import Final, Literal

Species = Literal["human", "mouse"]
"""Whose genes a symbol is of."""
UNIT: Final = re.compile(
    r"(?:(?<!\s)\s++)?(?:[(\[]\s*+)?([fpnuµμm]?g|[mkµμu]?i?u)\s*+/\s*+[mdµμu]?l\s*+[)\]]?$", re.IGNORECASE
)
"""A unit of concentration behind a name.

A run of spaces is taken once and whole, here and elsewhere: else a name of 16,000 spaces takes a minute.
"""
HUMAN: Final = re.compile(r"(hu|human)[\s_]+", re.IGNORECASE)
OTHER_SPECIES: Final = re.compile(r"(mo|ms|mouse|murine|rat|rt)[\s_]+(?=\w)", re.IGNORECASE)
"""What a kit for mouse or rat writes before a name, as in Mo IL-6 (20)."""
ONLY_MOUSE: Final = re.compile(r"H2-(K|D|L|Q|T|M|A|E|O)\w*|Ly6(a|c1|c2|g)|Gm\d{4,5}|\d{7}[A-Z]\d\dRik", re.IGNORECASE)
"""Symbols that genes of the mouse alone have, in whichever case."""
OF_THE_MOUSE: Final = re.compile(rf"ENSMUSG\d|MGI:\d|{OTHER_SPECIES.pattern}", re.IGNORECASE)
MURINE: Final = re.compile(rf"[A-Z][a-z]+[\d.a-z-]*$|(?i:{OF_THE_MOUSE.pattern})")
"""How a symbol of the mouse is spelt, and what else can be of the mouse; a human name can be spelt so too."""
REGION: Final = re.compile(r"(?:(?<!\s)\s++)?\((\d\d)\)$")
"""The region of a bead, which Bio-Plex writes behind a name, as in Hu IL-2 (38)."""
PROBE: Final = re.compile(r"\d+(_[a-z]{1,2})?_at|ILMN_\d+|A_\d+_P\d+|(?=\w*probe)\w*\d", re.IGNORECASE | re.ASCII)
ACCESSION: Final = re.compile(
    r"ENS[A-Z]*[EGPT]\d{11}(\.\d+)?|[NX][MPR]_\d+(\.\d+)?|\d+|[A-Za-z][\w.]*:[\w.-]+|MGI:\d+|"
    r"([OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d([A-Z][A-Z0-9]{2}\d){1,2})(-\d+)?",
    re.ASCII,
)
"""What is an identifier by its form: no name is near to one."""
SERIAL: Final = re.compile(r"4\d{4}(?:\.0)?")
"""The number of a day from 2009 to 2036 as a spreadsheet counts them; no human gene here has such a number at NCBI."""
SEVERAL: Final = re.compile(r"(?:(?<!\s)\s++)?(?://+|[/|;])\s*|(?<=\w)_(?=ENS(?:MUS)?G\d)|(?<=\d)_(?=[A-Za-z])")


SIMPLE: Final = re.compile(r"[A-Za-z0-9.-]+")
"""A name with nothing around it and no second one in it, as nearly all symbols of genes are."""


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
    if match := re.fullmatch(r"(.*\S)\s*[(\[]([^()\[\]]+)[)\]]", name):
        return [match[1], match[2].strip()]
    parts = [part for part in SEVERAL.split(name) if part]
    return parts if len(parts) > 1 else []


def is_identifier(name: str) -> bool:
    """Return whether a name is an identifier or a probe by its form, so that no other name is near to it.

    >>> is_identifier("P01579"), is_identifier("ENSG00000111537.5"), is_identifier("1552310_at"), is_identifier("IL-2")
    (True, True, True, False)
    """
    return bool(ACCESSION.fullmatch(name.strip()) or PROBE.fullmatch(name.strip()))
