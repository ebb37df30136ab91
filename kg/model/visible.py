r"""Text of others as a person may safely read it: what would act on a terminal, reorder a line, or hide is escaped.

Letters, marks and emoji of every script stay as they are. The escapes are those of JSON, so that JSON stays JSON.

>>> print(visible("IL-21\x1b[2J \u202eAKT β-Katenin 白介素"))
IL-21\u001b[2J \u202eAKT β-Katenin 白介素
"""

import json
import re
import unicodedata
from typing import Final

JOINERS: Final = "\u200c\u200d"
"""They shape the letters of Persian and of the scripts of India, and join emoji; elsewhere nobody sees them."""
SELECTORS: Final = r"\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Variation selectors: which form of a symbol or of a Chinese character is meant."""
HIDDEN: Final = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # controls of direction
    r"\u2028\u2029"  # separators of lines and paragraphs
    r"\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    rf"{JOINERS}{SELECTORS}"
)
"""Class of a regular expression: what is no text, or is drawn as nothing (Unicode: Cc but tab and line break, Zl, Zp,
Bidi_Control, Default_Ignorable_Code_Point, and the marks of annotations).

A soft hyphen is among them: a name with one looks like the name that it does not match. So are the tags of regional
flags, which can carry whole sentences.
"""
IN_TEXT: Final = re.compile(f"[{HIDDEN}]")
IN_A_LINE: Final = re.compile(rf"[\t\n{HIDDEN}]")
SHORT: Final = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def visible(text: str, *, line: bool = False) -> str:
    r"""Return a text with an escape for each character that acts or hides; in a ``line`` also for tab and line break.

    A character that hides is kept where an honest text needs it: a joiner within a word of a script that joins its
    letters, or within an emoji, and a variation selector behind what has variants.

    >>> print(visible("a\tb\n\x9b", line=True), visible("JAK\u200d1"))
    a\tb\n\u009b JAK\u200d1
    >>> visible("\U0001f469\u200d\U0001f52c") == "\U0001f469\u200d\U0001f52c"
    True
    """
    return (IN_A_LINE if line else IN_TEXT).sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    if _honest(char, match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]):
        return char
    return SHORT.get(char) or (f"\\u{ord(char):04x}" if ord(char) < 0x10000 else json.dumps(char)[1:-1])


def _honest(char: str, before: str, after: str) -> bool:
    """Return whether a character that nobody sees changes how its neighbours are drawn, as a writer means it."""
    if not before or not re.match(f"[{JOINERS}{SELECTORS}\u180b-\u180d\u180f]", char):
        return False
    symbol = unicodedata.category(before) in ("So", "Sk", "Sm") or before == "\ufe0f"
    if char in JOINERS:
        virama = unicodedata.combining(before) == 9
        arabic = unicodedata.bidirectional(before) in ("AL", "NSM") and unicodedata.bidirectional(after or " ") == "AL"
        emoji = char == "\u200d" and symbol and unicodedata.category(after or " ") == "So"
        return virama or arabic or emoji
    name = unicodedata.name(before, "")
    if "\u180b" <= char <= "\u180f":
        return name.startswith("MONGOLIAN")
    emoji = char in "\ufe0e\ufe0f" and ((symbol and before != "\ufe0f") or after == "\u20e3")
    return emoji or name.startswith("CJK UNIFIED")
