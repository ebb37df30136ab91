"""The bytes of a file as text, JSON or YAML: what can be wrong with them is found here.

No text, too big, compressed to burst, twin keys, alias bombs. What a table means is in :mod:`kg.profiles.reading`.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kg.model.errors import Place, Problem, Problems
from kg.model.names import LONGEST_NAME

BIGGEST: Final = 5_000_000
"""Bytes: no profile in JSON or YAML is larger."""
LARGEST: Final = 200_000_000
"""Bytes: no table is larger, unpacked."""
MANY: Final = 20
"""Unknown names for which near matches are sought."""
DEEPEST: Final = 200_000
"""YAML nodes, aliases unfolded: no profile has more."""

HALF: Final = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, which no file can hold."""


@dataclass(frozen=True, slots=True)
class InputRow:
    """One row of a file: where it stands, and its cells by role of their column, as text."""

    place: Place
    cells: Mapping[str, str]
    nested: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    """Column -> its header as it was written, where that differs."""
    signed: bool = False
    """Whether a ratio of -2.5 is 1/2.5."""

    def header(self, column: str) -> str:
        """Return how the file calls a column.

        >>> InputRow(Place("a.csv", 2), {"log2": "1"}, headers={"log2": "logFC"}).header("log2")
        'logFC'
        """
        return self.headers.get(column, column)


Said = list[tuple[Place, str]]
"""The comparators that were said once, for all rows: where, and which."""


def json_of(name: Path, text: str) -> Any:
    """Return what a text in JSON says, its numbers as texts; Problems where it is none or says one thing twice.

    >>> json_of(Path("a.json"), '{"ratio": 2.50, "note": null}')
    {'ratio': '2.50', 'note': None}
    """
    import json

    def no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if twins := sorted(key for key, count in Counter(key for key, _ in pairs).items() if count > 1):
            raise Problems([Problem(Place(name), f"duplicate key {shown(twins[0])} in one object", "keep one")])
        return dict(pairs)

    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=no_twins)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and text[error.pos] in "{[":  # JSON lines
            remedy = "write one list, [{...}, {...}], with a key such as patient where it has several samples"
            raise Problems([Problem(Place(name, error.lineno), "a second JSON value begins here", remedy)]) from None
        what = f"this is not valid JSON: {error.msg.lower()} (column {error.colno})"
        raise Problems([Problem(Place(name, error.lineno), what, "fix the line")]) from None
    except RecursionError:
        raise Problems([Problem(Place(name), "this JSON is nested too deep", "give a list of objects")]) from None


def yaml_of(name: Path, text: str) -> Any:
    r"""Return what a text in YAML says, its scalars as texts, with the line of each mapping under "\0line".

    >>> yaml_of(Path("a.yaml"), "ratio: 2.50")
    {'ratio': '2.50', '\x00line': 1}
    """
    import yaml

    seen = 0

    def plain(node: yaml.Node, depth: int = 0) -> Any:
        nonlocal seen
        seen += 1
        place = Place(name, node.start_mark.line + 1)
        if depth > 5 or seen > DEEPEST:
            what = "this YAML is nested too deep" if depth > 5 else "this YAML repeats its aliases too often"
            raise Problems([Problem(place, what, "give a list of cytokines")])
        if isinstance(node, yaml.MappingNode):
            keys = [str(key.value) for key, _ in node.value]
            if twins := sorted(key for key, count in Counter(keys).items() if count > 1):
                raise Problems([Problem(place, f"duplicate key {shown(twins[0])}", "keep one")])
            pairs = {key: plain(value, depth + 1) for key, (_, value) in zip(keys, node.value, strict=True)}
            return {**pairs, "\0line": place.line}
        if isinstance(node, yaml.SequenceNode):
            return [plain(item, depth + 1) for item in node.value]
        return None if node.tag == "tag:yaml.org,2002:null" else node.value

    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        place = Place(name, text.count("\n", 0, error.position) + 1)
        what = f"a control character (U+{int(error.character):04X}) stands in the text"
        raise Problems([Problem(place, what, "delete it")]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"this is neither a table nor YAML: {getattr(error, 'problem', None) or 'it cannot be read'}"
        place = Place(name, mark.line + 1 if mark else None)
        raise Problems([Problem(place, what, "give CSV, TSV, JSON or YAML with a row for each cytokine")]) from None
    except RecursionError:
        raise Problems([Problem(Place(name), "this YAML is nested too deep", "give a list of cytokines")]) from None
    return plain(node) if node else None


def shown(text: str) -> str:
    """Return a text as it is quoted in a message: escaped, and cut where it is long.

    >>> shown("IL-21"), len(shown("I" * 1_000_000))
    ("'IL-21'", 62)
    """
    return repr(text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…")[: LONGEST_NAME + 20]


def unpacked(name: Path, data: bytes) -> bytes:
    r"""Return the content of a file, unpacked where it is gzip; Problems where that is damaged or too big.

    >>> import gzip
    >>> unpacked(Path("a.csv.gz"), gzip.compress(b"cytokine,ratio"))
    b'cytokine,ratio'
    """
    if data[:2] == b"\x1f\x8b":
        import zlib

        whole, left = bytearray(), data
        try:
            while left[:2] == b"\x1f\x8b" and len(whole) <= LARGEST:
                member = zlib.decompressobj(wbits=31)
                whole += member.decompress(left, LARGEST + 1 - len(whole))
                if not member.eof and len(whole) <= LARGEST:
                    raise Problems([Problem(Place(name), "this gzip file is cut short", "copy it again")])
                left = member.unused_data
        except zlib.error:
            raise Problems([Problem(Place(name), "this gzip file is damaged", "copy it again")]) from None
        data = bytes(whole)
    if len(data) > LARGEST:
        remedy = f"give at most {LARGEST:,} bytes"
        raise Problems([Problem(Place(name), f"this has more than {LARGEST:,} bytes", remedy)])
    return data


def small(name: Path, text: str) -> str:
    """Return a text in JSON or YAML; Problems where it is larger than a profile can be.

    >>> small(Path("a.json"), "[]")
    '[]'
    """
    if len(text) > BIGGEST:
        what, remedy = f"{len(text):,} characters are no profile", f"give at most {BIGGEST:,}, or a table"
        raise Problems([Problem(Place(name), what, remedy)])
    return text


def json_object(name: Path, data: bytes) -> str | None:
    """Return the text of a file that begins as an object of JSON does, None for any other; Problems as of ``small``.

    >>> json_object(Path("a.json"), b' {"id": 1}'), json_object(Path("a.csv"), b"cytokine,ratio")
    (' {"id": 1}', None)
    """
    if data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = text_of(name, data)
        if text.lstrip().startswith("{"):
            return small(name, text)
    return None


def text_of(name: Path, data: bytes) -> str:
    r"""Return the text of a file, UTF-8 or UTF-16 with its mark; Problems where it is empty or no text.

    >>> text_of(Path("a.csv"), b"cytokine,ratio")
    'cytokine,ratio'
    >>> text_of(Path("a.csv"), b"IFN-\xb5")
    Traceback (most recent call last):
        ...
    kg.Problems: a.csv:1: this is not valid UTF-8, byte 0xb5 is 'µ' in Windows CP1252: save it as "CSV UTF-8" in Excel
    """
    remedy = "give a table (CSV, TSV, .xlsx, .ods), JSON or YAML"
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if data[:4] == b"\xd0\xcf\x11\xe0":
        what = "this is an old or a locked spreadsheet"
        raise Problems([Problem(Place(name), what, "save it as .xlsx without a password, or as CSV UTF-8")])
    if data[:4] == b"PK\3\4" or (b"\0" in data and not utf16):
        raise Problems([Problem(Place(name), "this is not a text", remedy)])
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        what, remedy = "this is not valid UTF-8", "save the file as UTF-8 text"
        letter = data[error.start : error.start + 1].decode("cp1252", "replace")
        if not utf16 and letter.isprintable() and letter != "\ufffd":
            what += f", byte {data[error.start]:#04x} is {letter!r} in Windows CP1252"
            remedy = 'save it as "CSV UTF-8" in Excel'
        raise Problems([Problem(Place(name, line), what, remedy)]) from None
    if "\0" in text:
        raise Problems([Problem(Place(name), "this is not a text", remedy)])
    if not text.strip():
        remedy = "give a header line such as cytokine,ratio,comparator and a row for each cytokine"
        raise Problems([Problem(Place(name), "the file is empty", remedy)])
    return text
