"""A long table in which the rows of a patient do not stand together: they are gathered on disk, a heap at a time."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from kg.cohort.source import BATCH, Batch, Fault, Source
from kg.cohort.survey import hashed
from kg.cohort.values import trimmed
from kg.model import temporary
from kg.model.errors import Problems
from kg.model.files import FULL, unwritable

HEAP: Final = 400_000
"""Rows of a heap, about: it fits into memory."""
MOST: Final = 250
"""Heaps: each is an open file."""
NUMBER: Final = "\0row"
"""Column of a heap that has the number of a row."""


def gathered(source: Source, patient: str, rows: int, inside: Path) -> Source:
    """Return a table with the rows of each patient together, of which ``patient`` is the column that says whose.

    Rows keep their numbers; those that are broken come last. They are gathered in a folder inside one that is there
    when they are read, and gone afterwards: what patients have is written nowhere else.

    >>> import pyarrow, tempfile
    >>> from kg.cohort.source import of
    >>> table = of(pyarrow.table({"patient": ["a", "b", "a"], "ratio": [1.0, 2.0, 3.0]}))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     together = gathered(table, "patient", 3, Path(folder)).batches(["patient", "ratio"])
    ...     [(batch.numbers.tolist(), batch.rows["ratio"].to_pylist()) for batch in together]
    [([1, 3, 2], [1.0, 3.0, 2.0])]
    """
    heaps = min(MOST, -(-rows // HEAP))

    def read(columns: Sequence[str], start: int) -> Iterator[Batch]:
        with temporary.folder(inside / "gathered") as folder:
            try:
                broken = _spread(source, columns, patient, folder, heaps)
            except OSError as error:
                if error.errno in FULL:
                    raise Problems([unwritable(inside, error)]) from None
                raise
            yield from _together(folder, patient, start, broken)

    return replace(source, read=read)


def _spread(source: Source, columns: Sequence[str], patient: str, folder: Path, heaps: int) -> list[Fault]:
    """Write each row to the heap of its patient; return the rows that are so broken that they are in none."""
    import numpy as np
    import pyarrow

    broken: list[Fault] = []
    with ExitStack() as stack:
        writers: dict[int, Any] = {}
        for batch in source.batches(columns):
            broken += batch.faults
            if not batch.rows.num_rows:
                continue
            heap = hashed(trimmed(batch.rows[patient]).fill_null("")) % np.uint64(heaps)
            numbered = batch.rows.append_column(NUMBER, pyarrow.array(batch.numbers))
            plain = _plain(numbered)
            for number in np.unique(heap).tolist():
                if number not in writers:
                    out = stack.enter_context(pyarrow.OSFile(str(folder / str(number)), "wb"))
                    writers[number] = stack.enter_context(pyarrow.ipc.new_stream(out, plain.schema))
                writers[number].write_batch(plain.filter(pyarrow.array(heap == number)))
    return broken


def _plain(rows: Any) -> Any:
    """Return rows without dictionaries, of which each batch has another one."""
    import pyarrow

    columns = [
        column.cast(column.type.value_type) if pyarrow.types.is_dictionary(column.type) else column
        for column in rows.columns
    ]
    return pyarrow.RecordBatch.from_arrays(columns, names=rows.schema.names)


def _together(folder: Path, patient: str, start: int, broken: list[Fault]) -> Iterator[Batch]:
    import numpy as np
    import pyarrow

    taken = 0
    for file in sorted(folder.iterdir(), key=lambda file: int(file.name)):
        with pyarrow.OSFile(str(file)) as opened:
            table = pyarrow.ipc.open_stream(opened).read_all().combine_chunks()
        codes = trimmed(table[patient].combine_chunks()).dictionary_encode().indices.fill_null(-1)
        order = np.argsort(codes.to_numpy(zero_copy_only=False), kind="stable")
        first, taken = taken, taken + table.num_rows
        table = table.take(pyarrow.array(order[max(0, start - first) :]))
        for rows in table.combine_chunks().to_batches(BATCH):
            yield Batch(rows[NUMBER].to_numpy(), rows.drop_columns([NUMBER]))
    if broken:
        yield Batch(np.empty(0, np.int64), pyarrow.RecordBatch.from_pylist([], schema=pyarrow.schema([])), broken)
