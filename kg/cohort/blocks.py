"""Rows of a table as the patients of one part: a matrix of values, and the rows that cannot be answered, with why.

>>> import kg, pyarrow
>>> from kg.cohort.layout import Choice, layout
>>> from kg.cohort.source import of
>>> table = of(pyarrow.table({"patient": ["P1", None, "P3"], "IL-21": ["2", "3", "-1"]}))
>>> reading = Reading(layout(kg.open().once(Names), "a", table.schema, Choice(scale="ratio")), ["il21"])
>>> (block,) = blocks(table, reading, size=10)
>>> block.patients.to_pylist(), block.values.tolist(), [(row.number, row.patient) for row in block.rejected]
(['P1'], [[2.0]], [(2, None), (3, 'P3')])
"""

from collections.abc import Generator, Iterator

from kg.cohort.layout import Layout
from kg.cohort.long import long
from kg.cohort.patients import Block
from kg.cohort.patients import Reading as Reading
from kg.cohort.source import Batch, Source
from kg.cohort.values import trimmed
from kg.cohort.wide import wide
from kg.profiles.grounding import Names as Names


def blocks(source: Source, reading: Reading, *, size: int, start: int = 0) -> Generator[Block, None, None]:
    """Yield the patients of a table in blocks of ``size`` rows, of whole patients, from row ``start`` on.

    >>> import pyarrow
    >>> from kg.cohort.source import of
    >>> table = of(pyarrow.table({"patient": ["P1", "P2", "P3"]}))
    >>> [block.end for block in blocks(table, Reading(Layout(patient="patient", scale="ratio"), []), size=2)]
    [2, 3]
    """
    make = wide if reading.layout.wide else long
    for rows in _cut(source.batches(reading.layout.read, start=start), reading.layout, size):
        block = make(rows, reading, start)
        start = block.end
        yield block


def _cut(batches: Iterator[Batch], layout: Layout, size: int) -> Iterator[list[Batch]]:
    """Yield the batches of each block, cut between patients."""
    taken: list[Batch] = []
    count, last = 0, None
    for batch in batches:
        rest = batch
        while count + rest.rows.num_rows >= size:
            at = size - count if layout.wide else _next_patient(rest, layout, max(0, size - count), last)
            if at is None:
                break
            left, rest = _split(rest, at)
            yield [*taken, left]
            taken, count = [], 0
        if rest.rows.num_rows or rest.faults:
            taken.append(rest)
            count += rest.rows.num_rows
        if batch.rows.num_rows and not layout.wide:
            last = trimmed(batch.rows[layout.patient][-1:])[0].as_py()
    if taken:
        yield taken


def _next_patient(batch: Batch, layout: Layout, at: int, last: str | None) -> int | None:
    """Return the first row from one on with which another patient begins, None where none does."""
    column = trimmed(batch.rows[layout.patient][max(at - 1, 0) :]).to_pylist()
    if at == 0:
        column.insert(0, last)
    for number in range(1, len(column)):
        if column[number] != column[number - 1]:
            return at + number - 1
    return None


def _split(batch: Batch, at: int) -> tuple[Batch, Batch]:
    """Return what is ahead of a row and what is behind it; a broken row goes with the one that it stands ahead of."""
    last = batch.numbers[at - 1] if at else 0
    return (
        Batch(batch.numbers[:at], batch.rows[:at], [one for one in batch.faults if one[0] <= last]),
        Batch(batch.numbers[at:], batch.rows[at:], [one for one in batch.faults if one[0] > last]),
    )
