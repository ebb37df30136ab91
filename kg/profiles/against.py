"""Whether what a file says of itself agrees with its comparator: the direction of a contrast, and the tissue.

>>> import kg
>>> from kg.profiles.grounding import Names
>>> names = kg.open().once(Names)
>>> turned(names, "NL_vs_LS", "own-uninvolved-skin"), turned(names, "LS_vs_NL", "own-uninvolved-skin")
('NL', '')
"""

import re
from collections.abc import Iterator
from typing import Final

from kg.model.errors import Place, Problem
from kg.model.vocabulary import fold
from kg.profiles.columns import BETWEEN, plain, role
from kg.profiles.found import Found
from kg.profiles.grounding import HEALTHY, Names
from kg.profiles.tabular import shown

CONTROLS: Final = frozenset(
    "control controls ctrl ctl healthy normal hc hd nl nls uninvolved nonlesional baseline".split()
)
"""Words of a side of a contrast that is a comparator, whichever."""
FLUIDS: Final = frozenset("serum plasma blood pbmc pbmcs blut whole urine urin csf liquor saliva sputum".split())
SKIN: Final = frozenset("skin haut epidermis dermis biopsy lesion".split())
"""Words of a tissue."""


def turned(names: Names, contrast: str, comparator: str) -> str:
    """Return the comparator that stands in front in a contrast such as NL_vs_LS, "" where none does.

    >>> import kg
    >>> turned(kg.open().once(Names), "healthy / GA", "healthy-control-skin")
    'healthy'
    """
    sides = _sides(contrast)
    if not sides:
        return ""
    front = next((side for side in _ends(sides[0]) if _is(names, side, comparator) or _is_any(names, side)), "")
    second = _is(names, sides[1], comparator)
    if second or (_is_any(names, sides[1]) and not (front and _is(names, front, comparator))):
        return ""
    return front


def _ends(side: str) -> list[str]:
    """Return the ends of a side from its whole to its last word, as NL of condition NL."""
    words = re.split(r"[\s_.]+", side)
    return [" ".join(words[at:]) for at in range(len(words))]


def _sides(contrast: str) -> list[str]:
    sides = [side.strip(" ()[]._-") for side in BETWEEN.split(contrast)]
    return sides if len(sides) == 2 and all(sides) else []


def _is(names: Names, side: str, comparator: str) -> bool:
    """Return whether a side of a contrast is the comparator."""
    row = names.comparators.get(fold(side))
    if row is not None and row["comparator"] == comparator:
        return True
    return fold(side) == fold(comparator) or (fold(side) in HEALTHY and "healthy" in comparator)


def _is_any(names: Names, side: str) -> bool:
    """Return whether a side of a contrast is what a comparator is, whichever."""
    row = names.comparators.get(fold(side))
    own = row is not None and row["comparator"].startswith(("own", "healthy"))
    return own or fold(side) in HEALTHY or bool(set(plain(side).split()) & CONTROLS)


def _another(names: Names, contrast: str, comparator: str) -> str:
    """Return the comparator behind a contrast that is surely another one, "" where there is none."""
    sides = _sides(contrast)
    known = sides and (fold(sides[1]) in HEALTHY or names.comparators.get(fold(sides[1])))
    unclear = {"nl", "normal", "baseline", "control"}
    if not known or fold(sides[1]) in unclear or _is(names, sides[1], comparator):
        return ""
    return sides[1] if comparator in {row["comparator"] for row in names.comparators.values()} else ""


def contradictions(names: Names, found: Found, comparator: str, label: str) -> Iterator[Problem]:
    """Yield what contradicts a comparator: a contrast the other way round, and samples of another tissue.

    >>> import kg
    >>> from pathlib import Path
    >>> from kg.profiles.understood import Understood
    >>> found = Found(name=Path("a.csv"), understood=Understood(form="CSV", groups={"tissue": "serum"}))
    >>> [one.what for one in contradictions(kg.open().once(Names), found, "healthy-control-skin", "healthy skin")]
    ["tissue is 'serum', and the comparator is healthy skin"]
    """
    sheet, about = found.sheet, found.understood
    place = sheet.place(sheet.line) if sheet else Place(found.name)
    said = [(header, value) for header, value in about.groups.items() if role(header)[0] == "contrast"]
    for header, contrast in [("", about.contrast or ""), *said]:
        if first := turned(names, contrast, comparator):
            what = f"{header or 'the contrast'} {shown(contrast)} has the comparator {shown(first)} in front"
            remedy = "the ratio is turned around: give it as lesion against comparator, or name the right comparator"
            yield Problem(place, what, remedy)
        elif second := _another(names, contrast, comparator):
            what = f"{header or 'the contrast'} {shown(contrast)} is against {shown(second)}"
            what += f", and the comparator is {label}"
            yield Problem(place, what, "name the comparator that the ratio is against")
    for header, value in about.groups.items():
        words = set(plain(value).split())
        other = FLUIDS if "skin" in comparator else SKIN if "blood" in comparator else frozenset()
        if words & other and not words & (SKIN if other is FLUIDS else FLUIDS) and role(header)[0] == "sample":
            what = f"{header} is {shown(value)}, and the comparator is {label}"
            yield Problem(place, what, "name the comparator of that tissue, as in --comparator healthy-control-blood")
