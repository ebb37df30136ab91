"""A profile file as entries: CSV, TSV, JSON or YAML into rows of text cells with their places, whatever they mean.

Everything that can be wrong with the file itself is found here: no text, too big, open quotes, twin keys, alias bombs.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kg.model.errors import Place, Problem, Problems
from kg.model.names import LONGEST_NAME

BIGGEST: Final = 5_000_000
"""Bytes: no profile is larger."""
WIDEST: Final = 60
"""Columns: no profile has more."""
MANY: Final = 20
"""Unknown names for which near matches are sought."""
DEEPEST: Final = 200_000
"""YAML nodes, aliases unfolded: no profile has more."""

COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("cytokine", "gene", "symbol", "signal", "name"), "cytokine"),
    **dict.fromkeys(("ratio", "fold", "fold change", "foldchange", "fc"), "ratio"),
    **dict.fromkeys(("log2", "log2 ratio", "log2fc", "log2 fold change", "log2foldchange", "logfc"), "log2"),
    **dict.fromkeys(("direction", "call"), "direction"),
    **dict.fromkeys(
        (
            "adjusted p",
            "padj",
            "adj p",
            "adj.p.val",
            "adj p val",
            "p adj",
            "p.adj",
            "p adjusted",
            "fdr",
            "q",
            "q value",
            "qvalue",
            "pvals adj",
            "p val adj",
        ),
        "adjusted p",
    ),
    **dict.fromkeys(("comparator", "control", "compared with", "versus", "vs"), "comparator"),
}
HALF: Final = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, which no file can hold."""


@dataclass(frozen=True, slots=True)
class InputRow:
    """One row of a file: where it stands, and its cells by column, as text."""

    place: Place
    cells: Mapping[str, str]
    nested: bool = False


Said = list[tuple[Place, str]]
"""The comparators that were said once, for all rows: where, and which."""


def _lines(text: str) -> list[str]:
    return re.split(r"\r\n|\n|\r", text)


def entries_of(name: Path, text: str, problems: list[Problem]) -> tuple[list[InputRow], Said, list[str]]:
    r"""Return the rows of a text, the comparators said once for all of them, and notes on what was not read.

    The suffix of ``name`` tells the format; without one the text does. A fault of one row is added to ``problems``;
    one of the whole file raises Problems.

    >>> text = "# comparator: own-uninvolved-skin\ncytokine,ratio,plate\nIL-21,2.33,7\n"
    >>> entries, said, notes = entries_of(Path("a.csv"), text, [])
    >>> [(str(entry.place), entry.cells["cytokine"], entry.cells["ratio"]) for entry in entries]
    [('a.csv:3', 'IL-21', '2.33')]
    >>> [comparator for _, comparator in said], notes
    (['own-uninvolved-skin'], ['Columns that were not read: plate.'])
    """
    kind = name.suffix.lower().lstrip(".")
    start = text.lstrip()[:1]
    if kind == "json" or (kind not in ("csv", "tsv", "txt", "yaml", "yml") and start in "{["):
        return nested(name, json_of(name, text), problems)
    header = next((line for line in _lines(text) if line.strip() and not line.startswith("#")), "")
    free = kind not in ("csv", "tsv", "txt")
    if kind in ("yaml", "yml") or (free and re.match(r"---|-\s|\w+:(\s|$)", header)):
        return nested(name, _yaml(name, text), problems)
    return _rows(name, text, header, problems)


def _rows(name: Path, text: str, header: str, problems: list[Problem]) -> tuple[list[InputRow], Said, list[str]]:
    delimiter = max("\t,;", key=header.count)
    said: Said = []
    lines = _lines(text)
    for number, line in enumerate(lines):
        if line.startswith("#"):
            if match := re.match(r"#\s*comparator\s*[:=]\s*(.+)", line, re.IGNORECASE):
                said.append((Place(name, number + 1), match[1].strip().strip(",;\t ")))
            lines[number] = ""
    if header.count(delimiter) >= WIDEST:
        what = f"{header.count(delimiter) + 1:,} columns"
        place = Place(name, lines.index(header) + 1)
        raise Problems([Problem(place, what, "give cytokine, ratio (or log2, direction) and comparator")])
    columns: list[str] | None = None
    notes: list[str] = []
    entries: list[InputRow] = []
    for place, cells in _cells(name, lines, delimiter):
        if columns is None:
            columns = [COLUMNS.get(cell.casefold().replace("_", " "), cell.casefold()) for cell in cells]
            notes = _check_columns(place, columns, problems)
            if problems:
                raise Problems(problems)
            continue
        extra = [cell for column, cell in zip([*columns, *[""] * len(cells)], cells, strict=False) if not column]
        if any(extra):
            what = f"the cell {shown(next(filter(None, extra)))} stands under no column"
            problems.append(Problem(place, what, "name its column; write decimals with a point, as in 2.33"))
        else:
            entries.append(InputRow(place, dict(zip(columns, cells, strict=False))))
    if columns is None:
        raise Problems([Problem(Place(name), "the file has comments only", "add a header line and rows")])
    return entries, said, notes


def _cells(name: Path, lines: Sequence[str], delimiter: str) -> Iterable[tuple[Place, list[str]]]:
    """Yield the place and the cells of each row that is not blank; a quoted cell may run over lines."""
    import csv

    table = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, strict=True)
    start = 1
    while True:
        try:
            row = next(table, None)
        except csv.Error as error:
            if "field larger" in str(error):
                raise Problems([Problem(Place(name, start), "a cell is too long", "shorten it")]) from None
            what = "a quote is not closed, or something stands behind it"
            raise Problems([Problem(Place(name, start), what, "close or delete the quote")]) from None
        if row is None:
            return
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield Place(name, start), cells
        start = table.line_num + 1


def _check_columns(place: Place, columns: list[str], problems: list[Problem]) -> list[str]:
    if twice := sorted({name for name in columns if name in COLUMNS.values() and columns.count(name) > 1}):
        problems.append(Problem(place, f"two columns say {', '.join(twice)}", "keep one of them"))
    if "cytokine" not in columns:
        what = f"there is no column cytokine (the first line has {', '.join(map(shown, columns[:6]))})"
        problems.append(Problem(place, what, "name the columns in the first line, as in cytokine,ratio,comparator"))
    elif not {"ratio", "log2", "direction"} & set(columns):
        percent = [name for name in columns if "%" in name or "percent" in name]
        what = "there is no column ratio, log2 or direction"
        if percent:
            what = f"the column {shown(percent[0])} is in percent"
        problems.append(Problem(place, what, "add a column ratio: lesion divided by comparator, 2.33 for 233 %"))
    unread = [name for name in columns if name and name not in COLUMNS.values()]
    return [f"Columns that were not read: {_listed(unread)}."] if unread else []


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MANY:,} more" if len(names) > MANY else ""
    return ", ".join(shown(name)[1:-1] for name in names[:MANY]) + more


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
        what = f"this is not valid JSON: {error.msg.lower()} (column {error.colno})"
        raise Problems([Problem(Place(name, error.lineno), what, "fix the line")]) from None
    except RecursionError:
        raise Problems([Problem(Place(name), "this JSON is nested too deep", "give a list of objects")]) from None


def _yaml(name: Path, text: str) -> Any:
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


def nested(name: Path, data: Any, problems: list[Problem]) -> tuple[list[InputRow], Said, list[str]]:
    """Return the entries of JSON or YAML: a list of rows, or an object with ``signals`` and perhaps ``comparator``.

    >>> entries, said, _ = nested(Path("a.json"), {"comparator": "own", "signals": [{"gene": "IL21"}]}, [])
    >>> entries[0].cells, said[0][1]
    ({'cytokine': 'IL21'}, 'own')
    """
    said: Said = []
    unread: set[str] = set()
    if isinstance(data, dict):
        line = data.pop("\0line", None)
        place = Place(name, line if isinstance(line, int) else None)
        cells = _cells_of(place, {k: v for k, v in data.items() if k != "signals"}, problems, unread, {"comparator"})
        if comparator := cells.get("comparator"):
            said.append((place, comparator))
        data = data.get("signals")
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        remedy = 'write {"comparator": "own-uninvolved-skin", "signals": [{"cytokine": "IL-21", "ratio": 2.33}]}'
        raise Problems([*problems, Problem(Place(name), "there is no list of cytokines", remedy)])
    if not data:
        raise Problems([*problems, Problem(Place(name), "the list is empty", "add an entry for each cytokine")])
    entries = []
    for number, row in enumerate(data, 1):
        line = row.pop("\0line", None)
        place = Place(name, line) if isinstance(line, int) else Place(f"{name}: row {number}")
        entries.append(InputRow(place, _cells_of(place, row, problems, unread, set(COLUMNS.values())), nested=True))
    return entries, said, [f"Keys that were not read: {_listed(sorted(unread))}."] if unread else []


def _cells_of(
    place: Place, row: Mapping[str, Any], problems: list[Problem], unread: set[str], wanted: set[str]
) -> dict[str, str]:
    cells: dict[str, str] = {}
    for key, value in row.items():
        column = COLUMNS.get(key.casefold().replace("_", " "), key.casefold())
        if HALF.search(key) or (isinstance(value, str) and HALF.search(value)):
            what = f"{shown(key)} holds half a character, an escape such as \\ud800"
            problems.append(Problem(place, what, "write the character itself"))
        elif column not in wanted:
            unread.add(key)
        elif value is not None and not isinstance(value, str):
            problems.append(Problem(place, f"{column} is neither text nor number", "write one value"))
        elif column in cells:
            problems.append(Problem(place, f"two keys say {column}", "keep one of them"))
        else:
            cells[column] = (value or "").strip()
    return cells


def shown(text: str) -> str:
    """Return a text as it is quoted in a message: escaped, and cut where it is long.

    >>> shown("IL-21"), len(shown("I" * 1_000_000))
    ("'IL-21'", 62)
    """
    return repr(text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…")[: LONGEST_NAME + 20]


def text_of(name: Path, data: bytes) -> str:
    r"""Return the text of a file, UTF-8 or UTF-16 with its mark; Problems where it is too big, empty or no text.

    >>> text_of(Path("a.csv"), b"cytokine,ratio")
    'cytokine,ratio'
    >>> text_of(Path("a.xlsx"), b"PK\3\4")
    Traceback (most recent call last):
        ...
    kg.Problems: a.xlsx: this is not a text: give a text file: CSV, TSV, JSON or YAML; save a spreadsheet as CSV
    """
    if len(data) > BIGGEST:
        raise Problems([Problem(Place(name), f"{len(data):,} bytes are no profile", f"give at most {BIGGEST:,} bytes")])
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if data[:4] in (b"PK\3\4", b"\xd0\xcf\x11\xe0") or (b"\0" in data and not utf16):
        remedy = "give a text file: CSV, TSV, JSON or YAML; save a spreadsheet as CSV"
        raise Problems([Problem(Place(name), "this is not a text", remedy)])
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Problems([Problem(Place(name, line), "this is not valid UTF-8", "save the file as UTF-8 text")]) from None
    if "\0" in text:
        remedy = "give a text file: CSV, TSV, JSON or YAML; save a spreadsheet as CSV"
        raise Problems([Problem(Place(name), "this is not a text", remedy)])
    if not text.strip():
        remedy = "give a header line such as cytokine,ratio,comparator and a row for each cytokine"
        raise Problems([Problem(Place(name), "the file is empty", remedy)])
    return text
