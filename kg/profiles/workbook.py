"""A spreadsheet (.xlsx or .ods) as a sheet: its first sheet, or the one that is named.

Its parts are unpacked and counted before anything parses them, so that a small file that bursts is refused.
"""

import io
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from kg.model.errors import Place, Problem, Problems
from kg.model.names import meant, near
from kg.profiles.sheet import Sheet, of_cells
from kg.profiles.tabular import LARGEST, shown

PARTS: Final = 5_000
"""Files in a spreadsheet: none has more."""
KINDS: Final = {"xl/workbook.xml": ".xlsx", "xl/workbook.bin": ".xlsb", "content.xml": ".ods"}


def is_workbook(data: bytes) -> bool:
    r"""Return whether bytes are of a zip file, as a spreadsheet is.

    >>> is_workbook(b"PK\3\4..."), is_workbook(b"cytokine,ratio")
    (True, False)
    """
    return data[:4] == b"PK\3\4"


def sheet_of(name: Path, data: bytes, problems: list[Problem], *, sheet: str | None = None) -> Sheet:
    r"""Return a sheet of a spreadsheet, the first with rows where none is named.

    Raises Problems for what is no spreadsheet, is damaged or too big, or has no sheet of that name.

    >>> sheet_of(Path("a.xlsx"), b"PK\3\4", [])
    Traceback (most recent call last):
        ...
    kg.Problems: a.xlsx: this is no spreadsheet, or a damaged one: give .xlsx, .ods, CSV, TSV, JSON or YAML
    """
    kind = _checked(name, data)
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            close = meant(near(sheet, names), f"the sheets are {', '.join(map(shown, names))}")
            raise Problems([Problem(Place("--sheet"), f"{shown(sheet)} is no sheet of {name}", close)])
        for title in [sheet] if sheet is not None else names:
            table = [
                [_text(cell) for cell in row] for row in book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            ]
            if any(map(any, table)) or title == names[-1]:
                break
    except Problems:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":  # what Rust raises
            raise
        what = f"the spreadsheet cannot be read ({error})"
        raise Problems([Problem(Place(name), what, "save it again, or as CSV UTF-8")]) from None
    found = of_cells(name, f"spreadsheet ({kind}), sheet {shown(title)}", table, problems)
    others = [shown(other) for other in names if other != title]
    if others and sheet is None:
        note = f"Sheets that were not read: {', '.join(others[:10])}; --sheet NAME takes one."
        return Sheet(
            name=found.name, form=found.form, header=found.header, rows=found.rows, line=found.line, said=found.said,
            notes=(*found.notes, note),
        )  # fmt: skip
    return found


def _checked(name: Path, data: bytes) -> str:
    """Return the suffix of a spreadsheet by its parts, all of them unpacked once and counted."""
    import zipfile

    remedy = "give .xlsx, .ods, CSV, TSV, JSON or YAML"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            kind = next((KINDS[part.filename] for part in parts if part.filename in KINDS), "")
            if not kind:
                raise Problems([Problem(Place(name), "this is no spreadsheet", remedy)])
            if len(parts) > PARTS or sum(part.file_size for part in parts) > LARGEST:
                what = f"this spreadsheet unpacks to more than {LARGEST:,} bytes or {PARTS:,} parts"
                raise Problems([Problem(Place(name), what, "save the sheet as CSV UTF-8")])
            for part in parts:  # the directory can lie: zipfile reads no further, and then the check sum is wrong
                with packed.open(part) as stream:
                    while stream.read(1 << 20):
                        pass
    except Problems:
        raise
    except Exception:  # zipfile raises six kinds for damaged files, ValueError and struct.error among them
        raise Problems([Problem(Place(name), "this is no spreadsheet, or a damaged one", remedy)]) from None
    return kind


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
