"""The bytes of a file as text, JSON or YAML: what can be wrong with them is found here.

No text, too big, compressed to burst, twin keys, alias bombs. What a table means is in :mod:`kg.profiles.reading`.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
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
DEEPEST: Final = 500
"""Lists and objects in each other: no file in JSON has more."""
SHORT: Final = 20_000
"""Characters of YAML that are read by Python."""
NULL: Final = frozenset(("", "~", "null", "Null", "NULL"))
"""What YAML reads as no value where it is not quoted."""

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
        found = dict(pairs)
        if len(found) < len(pairs):
            twins = sorted(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
            raise Problems([Problem(Place(name), f"duplicate key {shown(twins[0])} in one object", "keep one")])
        return found

    too_deep = Problems([Problem(Place(name), "this JSON is nested too deep", "give a list of objects")])
    try:
        found = json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=no_twins)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and text[error.pos] in "{[":  # JSON lines
            remedy = "write one list, [{...}, {...}], with a key such as patient where it has several samples"
            raise Problems([Problem(Place(name, error.lineno), "a second JSON value begins here", remedy)]) from None
        what = f"this is not valid JSON: {error.msg.lower()} (column {error.colno})"
        raise Problems([Problem(Place(name, error.lineno), what, "fix the line")]) from None
    except RecursionError:
        raise too_deep from None
    if is_deeper(found, DEEPEST):
        raise too_deep
    return found


def is_deeper(value: Any, levels: int) -> bool:
    """Return whether lists and objects stand in each other on more levels.

    >>> is_deeper([[{}]], 3), is_deeper([[{"a": 1}]], 3), is_deeper([[{"a": []}]], 3)
    (False, False, True)
    """
    inside = [value]
    for _ in range(levels):
        nodes = (node.values() if isinstance(node, dict) else node for node in inside if isinstance(node, dict | list))
        inside = [item for node in nodes for item in node]
    return any(isinstance(item, dict | list) for item in inside)


def yaml_of(name: Path, text: str) -> Any:
    r"""Return what a text in YAML says, its scalars as texts, with the line of each mapping under "\0line".

    Raises Problems where it is none, says one thing twice, or has anchors, aliases or tags: a few of them can stand for
    more than any memory holds.

    >>> yaml_of(Path("a.yaml"), "ratio: 2.50")
    {'ratio': '2.50', '\x00line': 1}
    >>> yaml_of(Path("a.yaml"), "a: &x 1\nb: *x")
    Traceback (most recent call last):
        ...
    kg.Problems: a.yaml:1: '&x' is an anchor: write the value wherever it is meant
    """
    import yaml

    loader: Any = yaml.SafeLoader  # it says best what is wrong, and takes ten times as long as that of C
    if len(text) > SHORT:
        loader = getattr(yaml, "CSafeLoader", loader)
    data = text.encode()
    try:
        events = yaml.parse(data, Loader=loader)
        while isinstance(event := next(events), yaml.StreamStartEvent | yaml.DocumentStartEvent):
            continue
        if isinstance(event, yaml.StreamEndEvent):
            return None
        found = _yaml(name, events, event, 0)
        next(events)  # the end of the document
        second: Any = next(events)
        if not isinstance(second, yaml.StreamEndEvent):
            place = Place(name, second.start_mark.line + 1)
            what = "this is neither a table nor YAML: but found another document"
            raise Problems([Problem(place, what, "give CSV, TSV, JSON or YAML with a row for each cytokine")])
    except yaml.reader.ReaderError as error:
        place = Place(name, data.count(b"\n", 0, error.position) + 1)
        what = f"a control character (U+{int(error.character):04X}) stands in the text"
        raise Problems([Problem(place, what, "delete it")]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"this is neither a table nor YAML: {getattr(error, 'problem', None) or 'it cannot be read'}"
        place = Place(name, mark.line + 1 if mark else None)
        raise Problems([Problem(place, what, "give CSV, TSV, JSON or YAML with a row for each cytokine")]) from None
    except RecursionError:
        raise Problems([Problem(Place(name), "this YAML is nested too deep", "give a list of cytokines")]) from None
    return found


def _yaml(name: Path, events: Iterator[Any], event: Any, depth: int) -> Any:
    """Return the value that begins with an event, its last event taken from ``events``."""
    import yaml

    place = Place(name, event.start_mark.line + 1)
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        mark, what = ("*", "alias") if isinstance(event, yaml.AliasEvent) else ("&", "anchor")
        word = shown(f"{mark}{event.anchor}")
        raise Problems([Problem(place, f"{word} is an {what}", "write the value wherever it is meant")])
    if event.tag is not None:
        raise Problems([Problem(place, f"{shown(event.tag)} is a tag", "delete it: each value is read as text")])
    if depth > 5:
        raise Problems([Problem(place, "this YAML is nested too deep", "give a list of cytokines")])
    if isinstance(event, yaml.ScalarEvent):
        return None if event.implicit[0] and event.value in NULL else event.value
    if isinstance(event, yaml.SequenceStartEvent):
        ends = iter(lambda: next(events), None)
        return [_yaml(name, events, one, depth + 1) for one in takewhile(_goes_on, ends)]
    found: dict[str, Any] = {}
    while _goes_on(key := next(events)):
        if isinstance(key, yaml.CollectionStartEvent):
            raise Problems([Problem(place, "a key is no text", "write key: value")])
        _yaml(name, events, key, depth)
        if key.value in found:
            raise Problems([Problem(place, f"duplicate key {shown(key.value)}", "keep one")])
        found[key.value] = _yaml(name, events, next(events), depth + 1)
    return {**found, "\0line": place.line}


def _goes_on(event: Any) -> bool:
    import yaml

    return not isinstance(event, yaml.CollectionEndEvent)


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
        import gzip
        import zlib

        most = min(LARGEST, burst(len(data)))
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
                data = stream.read(most + 1)
        except EOFError:
            raise Problems([Problem(Place(name), "this gzip file is cut short", "copy it again")]) from None
        except (OSError, zlib.error):
            raise Problems([Problem(Place(name), "this gzip file is damaged", "copy it again")]) from None
        if most < len(data) <= LARGEST:
            what = f"this has more than {LARGEST:,} bytes, or more than 100 times those that it is packed to"
            raise Problems([Problem(Place(name), what, "give it unpacked")])
    if len(data) > LARGEST:
        remedy = f"give at most {LARGEST:,} bytes"
        raise Problems([Problem(Place(name), f"this has more than {LARGEST:,} bytes", remedy)])
    return data


def burst(packed: int) -> int:
    """Return how many bytes so many packed ones may unpack to: tables are packed to a tenth, seldom to a fiftieth.

    >>> burst(1_000), burst(1_000_000)
    (1100000, 101000000)
    """
    return 1_000_000 + 100 * packed


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
