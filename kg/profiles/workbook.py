"""A spreadsheet (.xlsx or .ods) as a sheet: its first sheet, or the one that is named.

It is read in a process of its own, where its parts are unpacked and counted before anything parses them: a small file
that bursts is refused. That process opens no file, so all modules that it needs are imported here.
"""

import codecs
import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import python_calamine

from kg.model.errors import Place, Problem, Problems
from kg.model.names import meant, near
from kg.profiles.columns import VALUES, is_header, role
from kg.profiles.sheet import ABOVE, Sheet, of_cells
from kg.profiles.tabular import LARGEST, burst, shown
from kg.sandbox import foreign

codecs.lookup("cp437")  # the letters of old names in a zip file: a module of its own
UNCALCULATED: Final = re.compile(
    rb"""<c\b(?![^>]{0,200}\bt="str")[^>]{0,200}>\s*<f\b[^>]{0,200}(/>|>[^<]*</f>)\s*(<v\s*/>|<v></v>)?\s*</c>"""
)
"""A cell with a formula and no value."""
DAMAGED: Final = re.compile(
    rb"""t\s*=\s*["']s["'][^>]{0,200}>\s*(?:<f\b[^>]*>[^<]*</f>\s*)?<v\b[^/>]{0,200}>(?!</)\d{0,9}+(?:[^<]|<[^/])"""
)
"""A cell whose text is named by what is no number of a text: python_calamine reads the first text instead."""
LONGEST: Final = 131_072
"""Characters of a cell: none has more, in a CSV as here."""
PARTS: Final = 5_000
"""Files in a spreadsheet: none has more."""
SMALLER: Final = "a cell may stand far from the others: save the sheet as CSV UTF-8"
KINDS: Final = {"xl/workbook.xml": ".xlsx", "xl/workbook.bin": ".xlsb", "content.xml": ".ods"}


def is_workbook(data: bytes) -> bool:
    r"""Return whether bytes are of a zip file, as a spreadsheet is.

    >>> is_workbook(b"PK\3\4..."), is_workbook(b"cytokine,ratio")
    (True, False)
    """
    return data[:4] == b"PK\3\4"


def sheet_of(name: Path, data: bytes, problems: list[Problem], *, sheet: str | None = None) -> Sheet:
    r"""Return a sheet of a spreadsheet; where none is named, the first visible one with a table, else with rows.

    Raises Problems for what is no spreadsheet, is damaged or too big, or has no sheet of that name.

    >>> sheet_of(Path("a.xlsx"), b"PK\3\4", [])
    Traceback (most recent call last):
        ...
    kg.Problems: a.xlsx: this is no spreadsheet, or a damaged one: give .xlsx, .ods, CSV, TSV, JSON or YAML
    """
    read = json.loads(foreign.read(partial(_read, str(name), sheet), data, Place(name), smaller=SMALLER))
    if "table" not in read:
        assert sheet is not None  # noqa: S101 - only one that is named can be missing
        close = meant(near(sheet, read["names"]), f"the sheets are {', '.join(map(shown, read['names']))}")
        raise Problems([Problem(Place("--sheet"), f"{shown(sheet)} is no sheet of {name}", close)])
    kind, formulas, names, title, table = (read[key] for key in ("kind", "formulas", "names", "title", "table"))
    others = [shown(other) for other in names if other != title]
    more = f" of {len(names)}" if others else ""
    found = of_cells(name, f"spreadsheet ({kind}), sheet {shown(title)}{more}", table, problems)
    values = [number for number, header in enumerate(found.header) if role(header)[0] in VALUES]
    if formulas and any(not any(cells[number] for number in values) for _, cells in found.rows):
        what = "cells hold formulas whose values were never calculated"
        problems.append(Problem(Place(name), what, "open it in a spreadsheet program and save it, or give CSV"))
    if others and sheet is None:
        note = f"Sheets that were not read: {', '.join(others[:10])}; --sheet NAME takes one."
        return Sheet(
            name=found.name, form=found.form, header=found.header, rows=found.rows, line=found.line, said=found.said,
            notes=(*found.notes, note),
        )  # fmt: skip
    return found


def _read(file: str, sheet: str | None, data: bytes) -> bytes:
    """Return in JSON what a spreadsheet is and holds; in a process of its own."""
    name = Path(file)
    kind, formulas = _checked(name, data)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            return json.dumps({"names": names}).encode()
        visible = [one.name for one in book.sheets_metadata if one.visible == python_calamine.SheetVisibleEnum.Visible]
        title, table = _chosen(book, [sheet] if sheet is not None else visible or names)
    except (Problems, MemoryError):
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":  # what Rust raises
            raise
        what = f"the spreadsheet cannot be read ({error})"
        raise Problems([Problem(Place(name), what, "save it again, or as CSV UTF-8")]) from None
    if any(len(cell) > LONGEST for row in table for cell in row):
        raise Problems([Problem(Place(name), "a cell is too long", "shorten it")])
    found = {"kind": kind, "formulas": formulas, "names": names, "title": title, "table": table}
    return json.dumps(found).encode()


def _chosen(book: Any, titles: Sequence[str]) -> tuple[str, list[list[str]]]:
    """Return the name and the cells of the first sheet with the header of a table, else of the first with rows."""
    first: tuple[str, list[list[str]]] | None = None
    for title in titles:
        table = [
            [_text(cell) for cell in row] for row in book.get_sheet_by_name(title).to_python(skip_empty_area=False)
        ]
        if any(is_header(row) for row in table[:ABOVE]):
            return title, table
        if first is None and (any(map(any, table)) or title == titles[-1]):
            first = title, table
    assert first is not None  # noqa: S101 - there is a last one
    return first


def _checked(name: Path, data: bytes) -> tuple[str, bool]:
    """Return the suffix of a spreadsheet by its parts, all unpacked once and counted, and whether values are missing.

    They are where a program wrote formulas and calculated none.
    """
    remedy = "give .xlsx, .ods, CSV, TSV, JSON or YAML"
    formulas = False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            kind = next((KINDS[part.filename] for part in parts if part.filename in KINDS), "")
            if not kind:
                raise Problems([Problem(Place(name), "this is no spreadsheet", remedy)])
            most = min(LARGEST, burst(len(data)))
            if len(parts) > PARTS or sum(part.file_size for part in parts) > most:
                what = f"this spreadsheet unpacks to more than {LARGEST:,} bytes or {PARTS:,} parts, or bursts"
                raise Problems([Problem(Place(name), what, "save the sheet as CSV UTF-8")])
            for part in parts:  # the directory can lie: zipfile reads no further, and then the check sum is wrong
                with packed.open(part) as stream:
                    last = b""
                    while chunk := stream.read(1 << 20):
                        if kind == ".xlsx" and DAMAGED.search(last + chunk):
                            what = "the spreadsheet is damaged: a cell names a text that it does not hold"
                            raise Problems([Problem(Place(name), what, "save it again, or as CSV UTF-8")])
                        if part.filename.startswith("xl/worksheets/") and not formulas:
                            formulas = UNCALCULATED.search(last + chunk) is not None
                        last = chunk[-1000:]
    except Problems:
        raise
    except Exception:  # zipfile raises six kinds for damaged files, ValueError and struct.error among them
        raise Problems([Problem(Place(name), "this is no spreadsheet, or a damaged one", remedy)]) from None
    return kind, formulas


def _text(cell: Any) -> str:
    """Return a cell as text, a number as a spreadsheet shows it, a date as it is in English."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return f"{int(cell)}" if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, time | timedelta):
        return str(cell)
    return str(cell).strip()
