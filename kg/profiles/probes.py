"""What a table that tests every gene says of one: several probes of it, one that was not tested, one hardly there."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Final

from kg.model.errors import Place
from kg.profiles.columns import plain
from kg.profiles.significance import BLANK, UNKNOWN
from kg.profiles.tabular import MANY, InputRow

if TYPE_CHECKING:
    from kg.profiles.profile import MeasuredCytokine

LOW: Final = {"basemean": 10.0, "base mean": 10.0, "logcpm": 0.0, "log cpm": 0.0, "aveexpr": 0.0, "ave expr": 0.0}
"""Column of a level over all samples -> below it a gene is hardly there: 10 counts, or one in a million."""


EXTREME: Final = 20
"""log2 ratio: a million-fold."""


def untested(entry: InputRow, *, gene: bool = False) -> bool:
    """Return whether a tool that tests every gene left this one out, as DESeq2 does where counts are low.

    ``gene`` is whether the table is one of genes; one of cytokines is such a table where it has p values or statistics.

    >>> untested(InputRow(Place("a.csv", 2), {"log2": "2", "p": "0.2", "adjusted p": "NA"}))
    True
    >>> untested(InputRow(Place("a.csv", 2), {"log2": "2", "adjusted p": "NA"}))
    False
    """
    if "adjusted p" not in entry.cells:  # R's padj < 0.05 is NA where padj is
        return entry.cells.get("significance", "").casefold() in UNKNOWN - BLANK
    tests = gene or "p" in entry.cells or "statistic" in entry.cells
    return tests and entry.cells.get("adjusted p", "0").casefold() in UNKNOWN


def low(entry: InputRow) -> str:
    """Return the level over all samples of a gene that is hardly there, with its column; "" for any other.

    So is one with a log2 ratio beyond 20, which programs write where one side has none of it.

    >>> low(InputRow(Place("a.csv", 2), {"mean level": "0.7"}, headers={"mean level": "baseMean"}))
    'baseMean 0.7'
    """
    for role in ("mean level", "log2"):
        header = entry.header(role)
        try:
            found = float(entry.cells.get(role, ""))
        except ValueError:
            continue
        if found < LOW.get(plain(header), -inf) if role == "mean level" else abs(found) > EXTREME:
            return f"{header} {found:g}"
    return ""


def stated(signal: "MeasuredCytokine") -> str:
    """Return what was stated of a cytokine in words.

    >>> from decimal import Decimal
    >>> from kg.profiles.profile import MeasuredCytokine
    >>> stated(MeasuredCytokine(cytokine="il21", label="IL-21", input="IL21", ratio=Decimal(4), jak="yes"))
    '4'
    """
    value = " ".join(filter(None, (None if signal.ratio is None else f"{signal.ratio:.6g}", signal.reported)))
    return value if signal.adjusted_p is None else f"{value}, adjusted p {signal.adjusted_p}"


def of_probes(rows: "Sequence[tuple[Place, MeasuredCytokine]]", notes: list[str]) -> "MeasuredCytokine | None":
    """Return what several rows of one gene say, such as probes: where their directions agree, the least change.

    None where they do not agree; what was done is added to ``notes``.

    >>> from decimal import Decimal
    >>> from kg.profiles.profile import MeasuredCytokine
    >>> def row(line: int, ratio: int) -> tuple[Place, MeasuredCytokine]:
    ...     one = MeasuredCytokine(cytokine="il21", label="IL-21", input="IL21", ratio=Decimal(ratio), jak="yes")
    ...     return Place("a.csv", line), one
    >>> notes = []
    >>> of_probes([row(2, 4), row(3, 2)], notes).ratio, of_probes([row(2, 4), row(3, 1)], notes)
    (Decimal('2'), None)
    >>> notes[0]
    '2 rows are of IL-21, all raised: the least change counts; lines 2 4, 3 2.'
    """
    first = rows[0][1]
    if all(signal.measured == first.measured for _, signal in rows):
        return first
    where = ", ".join(f"{place.line or place.file} {stated(signal)}" for place, signal in rows[:MANY])
    directions = {signal.direction() for _, signal in rows}
    if len(directions) > 1:
        what = f"say different things ({', '.join(sorted(directions))}): not counted as measured"
        notes.append(f"{len(rows)} rows of {first.label} {what}; lines {where}.")
        return None
    least = min(rows, key=lambda row: abs(row[1].log2 or 0.0))[1]
    tested = [signal.adjusted_p for _, signal in rows if signal.adjusted_p is not None]
    said = f"all {directions.pop()}: the least change counts"
    notes.append(f"{len(rows)} rows are of {first.label}, {said}; lines {where}.")
    return replace(least, adjusted_p=max(tested) if len(tested) == len(rows) else None)
