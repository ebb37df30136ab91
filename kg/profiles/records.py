"""Rows of JSON, YAML or Python as a sheet: each row has its own keys.

>>> nested(Path("a.json"), [{"gene": "IL21", "ratio": "2"}], [], form="JSON").header
('gene', 'ratio')
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from kg.model.errors import Place, Problem, Problems
from kg.profiles import columns as c
from kg.profiles.sheet import Row, Sheet, check_width
from kg.profiles.tabular import HALF, MANY, Said, shown

ONE: Final = frozenset(("name", *c.VALUES, "comparator", "adjusted p"))
"""Roles of which each row of JSON has one key, that need not be the same in all."""


def nested(name: Path, data: Any, problems: list[Problem], *, form: str) -> Sheet:
    """Return the sheet of JSON, YAML or Python: a list of rows, or an object with ``signals`` and ``comparator``.

    >>> sheet = nested(Path("a.json"), {"comparator": "own", "signals": [{"gene": "IL21"}]}, [], form="JSON")
    >>> sheet.header, sheet.rows, sheet.said[0][1]
    (('gene',), [(-1, ['IL21'])], 'own')
    """
    said: Said = []
    notes: list[str] = []
    if apart := _samples(data):
        remedy = "give each a file of its own, or one list of rows with a key such as patient in each"
        what = f"{apart}: several samples are in one file, and samples are never pooled"
        raise Problems([*problems, Problem(Place(name), what, remedy)])
    if isinstance(data, dict):
        line = data.pop("\0line", None)
        place = Place(name, line if isinstance(line, int) else None)
        check_width(place, len(data), "keys")
        outer = {key: value for key, value in data.items() if key != "signals"}
        kept = {key: value for key, value in outer.items() if c.role(key)[0] in ("comparator", "sample")}
        cells = _cells(place, kept, problems)
        said += [(place, text) for key, text in cells.items() if text and c.role(key)[0] == "comparator"]
        if unread := sorted(outer.keys() - kept.keys()):
            notes.append(f"Keys that were not read: {', '.join(shown(key)[1:-1] for key in unread[:MANY])}.")
        data = data.get("signals")
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        remedy = 'write {"comparator": "own-uninvolved-skin", "signals": [{"cytokine": "IL-21", "ratio": 2.33}]}'
        raise Problems([*problems, Problem(Place(name), "there is no list of cytokines", remedy)])
    if not data:
        raise Problems([*problems, Problem(Place(name), "the list is empty", "add an entry for each cytokine")])
    header: dict[str, int] = {}
    by_role: dict[str, str] = {}
    rows: list[Row] = []
    for number, row in enumerate(data, 1):
        line = row.pop("\0line", None)
        at = line if isinstance(line, int) else -number
        place = Place(name, at) if at > 0 else Place(f"{name}: row {number}")
        cells = _cells(place, row, problems)
        placed: dict[int, str] = {}
        for key, text in cells.items():
            role = c.role(key)[0]
            family = "name" if role in c.NAMES else role
            title = key
            if key not in header and family in ONE and family in by_role:
                said_already = by_role[family] in cells
                title = by_role[family] if not said_already or role in ("cytokine", "comparator") else key
            if header.setdefault(title, len(header)) in placed:
                problems.append(Problem(place, f"two keys say {role}", "keep one of them"))
            placed[header[title]] = text
            if role:
                by_role.setdefault(family, title)
        check_width(place, len(header), "keys")
        rows.append((at, [placed.get(at, "") for at in range(len(header))]))
    for _, filled in rows:
        filled += [""] * (len(header) - len(filled))
    return Sheet(
        name=name, form=form, header=tuple(header), rows=rows, said=tuple(said), notes=tuple(notes), nested=True
    )


def _samples(data: Any) -> str:
    """Return what holds several samples, such as a list of phenopackets or a list for each patient; "" for nothing."""

    def full(part: Any) -> bool:
        return isinstance(part, list) and bool(part) and all(isinstance(row, dict) for row in part)

    if full(data) and any(full(value) for row in data for value in row.values()):
        return "each entry of the list has a list of its own"
    if isinstance(data, dict) and not full(data.get("signals")):
        lists = [
            key for key, part in data.items() if full(part) or (isinstance(part, dict) and full(part.get("signals")))
        ]
        if len(lists) > 1 or any(full(value) for key in lists for row in data[key] for value in _values(row)):
            return f"{', '.join(map(shown, lists[:MANY]))} {'hold lists' if len(lists) > 1 else 'holds lists'} of rows"
    return ""


def _values(row: Any) -> Any:
    return row.values() if isinstance(row, dict) else ()


def _flat(place: Place, row: dict[str, Any], depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield the keys and values of a row, those of an object in it too where its own name is none that is read."""
    check_width(place, len(row), "keys")
    for key, value in row.items():
        if isinstance(value, dict) and c.role(key)[0] in ("", "annotation") and depth < 3:
            inner = {str(name): one for name, one in value.items() if name != "\0line"}
            yield from ((f"{key}.{name}", one) for name, one in _flat(place, inner, depth + 1))
        else:
            yield key, value


def _cells(place: Place, row: dict[str, Any], problems: list[Problem]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for key, value in _flat(place, row):
        if HALF.search(key) or (isinstance(value, str) and HALF.search(value)):
            what = f"{shown(key)} holds half a character, an escape such as \\ud800"
            problems.append(Problem(place, what, "write the character itself"))
            if not HALF.search(key):
                cells[key] = ""
        elif value is not None and not isinstance(value, str):
            cells[key] = ""
            if c.role(key)[0] not in ("", "annotation"):
                problems.append(Problem(place, f"{key} is neither text nor number", "write one value"))
        else:
            cells[key] = (value or "").strip()
    return cells
