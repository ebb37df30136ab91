"""Significance as a table states it: an adjusted p value, a p value, or words such as ns and yes.

>>> stated("0.03", "padj"), stated("n.s.", "padj"), stated("***", "padj"), stated("NA", "padj")
(Decimal('0.03'), False, True, None)
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from kg.calculus.signals import FDR, Reported
from kg.model.errors import Problem
from kg.profiles.columns import is_logarithm
from kg.profiles.tabular import InputRow, shown

UNKNOWN: Final = frozenset(
    "|na|n/a|not measured|not reported|-|--|#n/a|nan|null|#div/0!|#num!|#value!|not tested|nt|n.t.|n.d.|nd".split("|")
)
"""Cells that state nothing."""
BLANK: Final = frozenset(("", "-", "--"))
"""Such cells, which are not significant in a column that marks what is."""
SIGNIFICANT: Final = frozenset(
    """significant|signif|sig|yes|true|y|t|1|-1|+|*|**|***|****|***|up|down|raised|lowered|increased|decreased|
    upregulated|downregulated|ja|wahr|signifikant|sig.|s""".replace("\n    ", "").split("|")
)
NOT_SIGNIFICANT: Final = frozenset(
    """not significant|non-significant|non significant|nonsignificant|insignificant|not signif|not sig|not_sig|notsig|
    nonsig|not_significant|ns|n.s.|n.s|n. s.|no|false|n|f|0|.|nein|falsch|nicht signifikant|no change|unchanged|none|
    not sig.""".replace("\n    ", "").split("|")
)
"""Words of significance, without case."""
BOUND: Final = re.compile(
    r"(?:(?:p|q|fdr|padj|adj\.?\s*p)\s*(?=[<>≤≥=]))?([<>≤≥=]{0,2})\s*((?:\d++(?:\.\d++)?|\.\d++)(?:e[-+]?\d{1,3})?)\s*(%?)",
    re.IGNORECASE | re.ASCII,
)
"""A p value as it is written: 0.03, p<0.01, > 0.05, 81 %."""


def stated(text: str, header: str) -> Decimal | bool | None:
    """Return the p value of a cell, True or False for significance in words, None for nothing; ValueError for neither.

    A value above 0.05 by ``>`` is not significant; under the header of a logarithm it is 10 to the minus.

    >>> stated("p<0.01", "sig"), stated(">0.05", "padj"), stated("81%", "padj"), stated("2", "-log10(padj)")
    (Decimal('0.01'), False, Decimal('0.81'), Decimal('0.01'))
    """
    word = " ".join(text.casefold().split())
    if word in UNKNOWN:
        return None
    found = BOUND.fullmatch(word.replace("\N{MINUS SIGN}", "-").lstrip("-" if is_logarithm(header) else ""))
    if found is None:
        if word in SIGNIFICANT or word in NOT_SIGNIFICANT:
            return word in SIGNIFICANT
        raise ValueError
    number = Decimal(found[2]) / (100 if found[3] or "%" in header else 1)
    if is_logarithm(header):
        number = Decimal(10) ** -min(number, Decimal(300))
    if not 0 <= number <= 1:
        raise ValueError
    if found[1].startswith((">", "≥")):
        if number < FDR:
            raise ValueError
        return False
    return number


def in_words(cells: Iterable[str]) -> bool:
    """Return whether cells state significance in words alone.

    >>> in_words(["ns", "**", ""]), in_words(["TRUE", "FALSE"]), in_words(["0.2", "ns"]), in_words(["P01"])
    (True, True, False, False)
    """
    words = {" ".join(cell.casefold().split()) for cell in cells} - UNKNOWN
    return bool(words) and words <= SIGNIFICANT | NOT_SIGNIFICANT


def significance(entry: InputRow) -> tuple[Decimal | None, Reported | None, Problem | None]:
    """Return the adjusted p value of a row, or that it is not significant, and the problem with what is stated.

    Without a column of adjusted p, words of significance count, and a p value above 0.05, which is not significant
    however it is adjusted.

    >>> from kg.model.errors import Place
    >>> significance(InputRow(Place("a.csv", 2), {"adjusted p": "0.03"}))
    (Decimal('0.03'), None, None)
    >>> [significance(InputRow(Place("a.csv", 2), {"p": p}))[0] for p in ("0.4", "0.01")]
    [Decimal('0.4'), None]
    >>> significance(InputRow(Place("a.csv", 2), {"significance": "ns"}))[1]
    'not significant'
    """
    adjusted = "adjusted p" in entry.cells
    number: Decimal | None = None
    word: Reported | None = None
    for role in ("adjusted p",) if adjusted else ("significance", "p"):
        text, name = entry.cells.get(role, ""), entry.header(role)
        try:
            marked = role == "significance" and role in entry.cells and text in {"0", "1", *BLANK}
            said = text == "1" if marked else stated(text, name)
        except ValueError:
            what = f"{name} {shown(text)} says neither how significant it is nor that it is not"
            remedy = "write a p value from 0 to 1 such as 0.03, <0.01 or >0.05; or ns, or *; NA is not tested"
            return None, None, Problem(entry.place, what, remedy)
        if said is False:
            word = "not significant"
        elif said is not None and said is not True and (adjusted or said > FDR):
            number = said
    return number, word, None
