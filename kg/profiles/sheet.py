"""A file as a sheet: a header as the user wrote it, and rows of text cells with their lines, whatever they mean.

CSV, TSV and tables separated by ``;`` come with all that programs add: a line ``sep=;``, titles above the header and
footers below it, comments, and R's header that is one cell short.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from kg.model.errors import Place, Problem, Problems
from kg.profiles import plates
from kg.profiles.columns import is_header, role
from kg.profiles.sample_words import heads
from kg.profiles.tabular import Said, shown

WIDEST: Final = 1_000
"""Columns: no table has more."""
NUMBER: Final = re.compile(r"[-+]?\d+([.,]\d+)?")
LONGEST: Final = 2_000_000
"""Lines of a table, and characters of a line: none has more."""
ABOVE: Final = 100
"""Lines: the header of a table is sought in so many."""
COMPARATOR: Final = re.compile(r"#\s*comparator\s*[:=]\s*(.+)", re.IGNORECASE)
Row = tuple[int, list[str]]
"""The line of a row, or its number where it has none, and its cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    r"""A header as it was written, and rows whose cells stand under it; ``line`` is that of the header.

    ``said`` are comparators that were said once for all rows; ``nested`` tells rows of JSON, YAML or Python.

    >>> sheet = of_text(Path("a.csv"), "cytokine,ratio\nIL-21,2\n", [])
    >>> sheet.header, sheet.rows, str(sheet.place(2))
    (('cytokine', 'ratio'), [(2, ['IL-21', '2'])], 'a.csv:2')
    """

    name: Path
    form: str
    header: tuple[str, ...]
    rows: Sequence[Row]
    line: int | None = None
    said: tuple[tuple[Place, str], ...] = ()
    notes: tuple[str, ...] = ()
    nested: bool = False

    def place(self, number: int | None) -> Place:
        """Return the place of a row by its line, or of the header."""
        if number is None:
            return Place(self.name)
        return Place(f"{self.name}: row {-number}") if number < 0 else Place(self.name, number)

    def column(self, number: int) -> Iterator[str]:
        """Yield the cells of a column."""
        return (cells[number] for _, cells in self.rows)


def of_text(name: Path, text: str, problems: list[Problem], *, block: str | None = None) -> Sheet:
    r"""Return the sheet of a table in text; a row of which a cell stands under no column is added to ``problems``.

    ``block`` chooses one of those of xPONENT. Raises Problems where there is no header or the quotes are wrong.

    >>> sheet = of_text(Path("a.csv"), "sep=;\nTable 1\n# comparator: own skin\ngene;log2FC\nIL21;2\n\nn = 3\n", [])
    >>> sheet.header, sheet.rows, sheet.said[0][1]
    (('gene', 'log2FC'), [(5, ['IL21', '2'])], 'own skin')
    >>> sheet.notes
    ("Lines that were passed over: 2 'Table 1', 7 'n = 3'.",)
    """
    lines = _lines(name, text)
    delimiter = None
    _spaces_to_tabs(lines)
    if match := re.fullmatch(r'"?sep=([,;|\t])"?[,;\t ]*', lines[0]):
        delimiter, lines[0] = match[1], ""
    said: Said = []
    passed: list[tuple[int, str]] = []
    notes: tuple[str, ...] = ()
    if found := plates.blocks(lines):
        taken = plates.chosen(name, found, block)
        start, end = found[taken]
        lines = [line if start <= number < end else "" for number, line in enumerate(lines)]
        notes = (f"Of the blocks {', '.join(map(shown, found))} {shown(taken)} was read; --sheet NAME takes another.",)
    elif block is not None:
        remedy = "leave it out, or give .xlsx or .ods"
        problems.append(Problem(Place("--sheet"), f"{name} is no spreadsheet, so it has no sheets", remedy))
    first = _header(name, lines, delimiter, said, passed)
    if first is None:
        raise Problems([Problem(Place(name), "the file has comments only", "add a header line and rows")])
    delimiter = delimiter or _delimiter(lines[first])
    if lines[first].startswith("#"):
        lines[first] = lines[first].lstrip("# ")
    _comments(name, lines, first, delimiter, said, passed)
    rows = list(_rows(name, lines, first, delimiter))
    (line, header), rows = rows[0], rows[1:]
    while header and not header[-1] and len(header) > 1:
        header.pop()
    if delimiter == "\t" and rows and all(len(cells) == len(header) + 1 for _, cells in rows[:ABOVE]):
        header = ["", *header]  # R's write.table names no column of row names
    _one_block(name, [(line, text) for line, text in passed if line > first + 1], rows, problems)
    rows = _without_footers(rows, len(header), lines, passed)
    _one_sample(name, passed, problems)
    kept = list(_fitted(name, rows, len(header), problems))
    form = {"\t": "TSV", ",": "CSV", " ": "table separated by spaces"}.get(delimiter, f"table separated by {delimiter}")
    return Sheet(
        name=name,
        form=form,
        header=tuple(header),
        rows=kept,
        line=line,
        said=tuple(said),
        notes=(*notes, *_said_of(passed)),
    )


def of_cells(name: Path, form: str, table: Sequence[Sequence[str]], problems: list[Problem]) -> Sheet:
    """Return the sheet of rows of cells, as a spreadsheet has them.

    >>> of_cells(Path("a.xlsx"), "spreadsheet", [["Run 7", ""], ["Gene", "FC"], ["IL21", "2"]], []).rows
    [(3, ['IL21', '2'])]
    """
    filled = [number for number, cells in enumerate(table) if any(cells)]
    if not filled:
        raise Problems([Problem(Place(name), "the sheet is empty", "add a header line and rows, or give --sheet NAME")])
    said: Said = []
    comments = [number for number in filled if table[number][0].startswith("#") and not any(table[number][1:])]
    for number in comments:
        if match := COMPARATOR.match(table[number][0]):
            said.append((Place(name, number + 1), match[1].strip()))
    apart = set(comments)
    filled = [number for number in filled if number not in apart]
    first = _first(filled[:ABOVE], lambda number: table[number]) if filled else None
    if first is None:
        raise Problems([Problem(Place(name), "the sheet has comments only", "add a header line and rows")])
    passed = [(number + 1, " ".join(filter(None, table[number]))) for number in filled if number < first]
    header = list(table[first])
    while header and not header[-1]:
        header.pop()
    rows = [(number + 1, list(table[number])) for number in filled if number > first]
    gaps = ["x" if any(cells) else "" for cells in table]
    _one_block(name, [(n + 1, table[n][0]) for n in comments if not COMPARATOR.match(table[n][0])], rows, problems)
    rows = _without_footers(rows, len(header), gaps, passed)
    check_width(Place(name, first + 1), len(header))
    return Sheet(
        name=name, form=form, header=tuple(header), rows=list(_fitted(name, rows, len(header), problems)),
        line=first + 1, said=tuple(said), notes=_said_of(passed),
    )  # fmt: skip


def _one_block(name: Path, comments: Sequence[tuple[int, str]], rows: Sequence[Row], problems: list[Problem]) -> None:
    """Add the problem with comments between the rows: they head blocks, which may be of several samples."""
    between = [(n, text) for n, text in comments if rows and rows[0][0] < n < rows[-1][0] and heads(text)]
    if between:
        line, text = between[0]
        more = f" (and in {len(between) - 1:,} more lines)" if len(between) > 1 else ""
        what = f"the comment {shown(text)} stands between rows{more}, as the heading of another sample does"
        remedy = "keep one block in the file; delete the comment if the rows below it are of the same sample"
        problems.append(Problem(Place(name, line), what, remedy))


def _lines(name: Path, text: str) -> list[str]:
    if text.count("\n") + text.count("\r") > 2 * LONGEST:
        raise Problems([Problem(Place(name), f"this has more than {LONGEST:,} lines", "give the rows of cytokines")])
    return re.split(r"\r\n|\n|\r", text) if "\r" in text else text.split("\n")


def _spaces_to_tabs(lines: list[str]) -> None:
    """Make a table of which the columns are separated by spaces, as R and printers write it, one separated by tabs."""
    first = next((line for line in lines[:ABOVE] if line.strip() and not line.startswith("#")), "")
    words = first.split()
    if not any(mark in first for mark in '\t;,|"') and len(words) > 1 and is_header(words):
        for number, line in enumerate(lines):
            if not line.startswith("#"):
                lines[number] = "\t".join(line.split())


def _delimiter(line: str) -> str:
    found = max("\t;,|", key=line.count)
    if line.count(found):
        return found
    return " " if re.fullmatch(r'("[^"]*")( "[^"]*")+', line.strip()) else ","


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:  # a cell that is too long: said where the rows are read
        return line.split(delimiter)


def check_width(place: Place, width: int, of: str = "columns") -> None:
    """Raise Problems at a place that is too wide, of columns or of keys.

    >>> check_width(Place("a.csv", 2), 2_000)
    Traceback (most recent call last):
        ...
    kg.Problems: a.csv:2: 2,000 columns: give cytokine, ratio (or log2, direction) and comparator
    """
    if width > WIDEST:
        remedy = "give cytokine, ratio (or log2, direction) and comparator"
        raise Problems([Problem(place, f"{width:,} {of}", remedy)])


def _header(
    name: Path, lines: list[str], delimiter: str | None, said: Said, passed: list[tuple[int, str]]
) -> int | None:
    """Return the line of the header from 0, None where there are comments only; what stands above it is passed over."""
    candidates: list[int] = []
    comments: list[int] = []
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        if line.startswith("#"):
            comments.append(number)
            continue
        check_width(Place(name, number + 1), line.count(delimiter or _delimiter(line)) + 1)
        candidates.append(number)
        if len(candidates) >= ABOVE:
            break
    cells = {number: _split(lines[number], delimiter or _delimiter(lines[number])) for number in candidates}
    first = _first(candidates, cells.__getitem__)
    if first is not None and comments and first == candidates[0] and not is_header(cells[first]):
        last = max((number for number in comments if number < first), default=comments[0])
        marked = _split(lines[last].lstrip("# "), delimiter or _delimiter(lines[last]))
        if is_header(marked) and len(marked) == len(cells[first]) and not COMPARATOR.match(lines[last]):
            first = last
            comments.remove(last)
    for number in (n for n in comments if first is None or n < first):
        _comment(name, lines, number, said, passed)
    if first is not None:
        for number in (n for n in candidates if n < first):
            passed.append((number + 1, lines[number].strip()))
            lines[number] = ""
    return first


def _first(candidates: Sequence[int], cells: Callable[[int], Sequence[str]]) -> int | None:
    """Return the first line that names columns, else the first that is as wide as the line below it."""
    for number in candidates:
        if is_header(cells(number)):
            return number
    for number in candidates:  # a matrix: a column of samples, and words beside it
        line = [cell for cell in cells(number) if cell]
        samples = len(line) > 2 and any(role(cell)[0] == "sample" for cell in line)
        if samples and not any(NUMBER.fullmatch(cell) for cell in line):
            return number
    widths = {number: sum(map(bool, cells(number))) for number in candidates}
    for number, below in pairwise(candidates):
        if widths[number] > 1 and abs(widths[number] - widths[below]) <= 1:
            return number
    return candidates[0] if candidates else None


def _comment(name: Path, lines: list[str], number: int, said: Said, passed: list[tuple[int, str]]) -> None:
    if match := COMPARATOR.match(lines[number]):
        said.append((Place(name, number + 1), match[1].strip().strip(",;\t ")))
    else:
        passed.append((number + 1, lines[number].strip()))
    lines[number] = ""


def _comments(
    name: Path, lines: list[str], first: int, delimiter: str, said: Said, passed: list[tuple[int, str]]
) -> None:
    """Blank the comments below the header: a line with ``#`` that has cells is a row."""
    wide = delimiter in lines[first]
    for number in range(first + 1, len(lines)):
        line = lines[number]
        if line.startswith("#") and (COMPARATOR.match(line) or (wide and delimiter not in line)):
            _comment(name, lines, number, said, passed)


def _rows(name: Path, lines: Sequence[str], first: int, delimiter: str) -> Iterator[Row]:
    """Yield the line and the cells of each row that is not blank; a quoted cell may run over lines."""
    long = next((number for number, line in enumerate(lines) if len(line) > LONGEST), None)
    if long is not None:
        raise Problems(
            [Problem(Place(name, long + 1), f"this line has more than {LONGEST:,} characters", "shorten it")]
        )
    table = csv.reader((f"{line}\n" for line in lines[first:]), delimiter=delimiter, strict=True)
    start = first + 1
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
        if start == first + 1 or any(cells):
            yield start, cells
        start = first + table.line_num + 1


def _without_footers(rows: list[Row], width: int, lines: Sequence[str], passed: list[tuple[int, str]]) -> list[Row]:
    """Return rows without the lines of words below the table: behind a blank line, or a sentence in the first cell."""
    kept = len(rows)
    while kept and width > 1:
        line, cells = rows[kept - 1]
        alone = not any(cells[1:])
        behind_a_gap = line >= 2 and not lines[line - 2].strip()
        words = bool(re.search(r"^[*†‡§]|[=:;]|\w \w++ \w++ \w", cells[0]))
        valued = any(NUMBER.fullmatch(cell) for cell in cells[1:])
        if not ((alone and (behind_a_gap or words)) or (behind_a_gap and words and not valued)):
            break
        kept -= 1
    # a footer of several lines has its gap above the first of them
    for at in range(kept - 1, max(0, kept - ABOVE), -1):
        line, cells = rows[at]
        if any(cells[1:]):
            break
        if line >= 2 and not lines[line - 2].strip():
            kept = at
            break
    passed += [(line, " ".join(filter(None, cells))) for line, cells in rows[kept:]]
    return rows[:kept]


def _fitted(name: Path, rows: Iterable[Row], width: int, problems: list[Problem]) -> Iterator[Row]:
    """Yield rows with as many cells as the header; a cell beyond it is a problem."""
    for line, cells in rows:
        if len(cells) > width:
            if extra := next(filter(None, cells[width:]), None):
                what = f"the cell {shown(extra)} stands under no column"
                remedy = "name its column; write decimals with a point, as in 2.33"
                problems.append(Problem(Place(name, line), what, remedy))
                continue
            del cells[width:]
        elif len(cells) < width:
            cells += [""] * (width - len(cells))
        yield line, cells


def _one_sample(name: Path, passed: Sequence[tuple[int, str]], problems: list[Problem]) -> None:
    """Add a problem where the lines around a table name several samples, as # patient: P01 and # patient: P02 do."""
    found: dict[str, dict[str, int]] = {}
    for line, text in passed:
        word, separator, value = text.lstrip("# ").partition(":" if ":" in text else "=")
        if separator and value.strip() and role(word)[0] == "sample" and len(word.split()) < 3:
            found.setdefault(word.strip().casefold(), {}).setdefault(value.strip(), line)
    for word, values in found.items():
        if len(values) > 1:
            what = f"the lines around the rows name several of {word}: {', '.join(map(shown, values))}"
            problems.append(Problem(Place(name, min(values.values())), what, "give each sample a file of its own"))


def _said_of(passed: list[tuple[int, str]]) -> tuple[str, ...]:
    if not passed:
        return ()
    words = [f"{line} {shown(text)}" for line, text in sorted(passed)]
    more = f" and {len(words) - 5:,} more" if len(words) > 5 else ""
    return (f"Lines that were passed over: {', '.join(words[:5])}{more}.",)
