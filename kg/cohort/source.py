"""What a cohort is read from: a Parquet, Arrow or CSV file, or a data frame; always a batch at a time."""

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kg.model.errors import Place, Problem, Problems
from kg.model.files import unreadable

BATCH: Final = 16_384
"""Rows that are read at once."""
BLOCK: Final = 1 << 22
"""Bytes of text that are read at once."""
FORMS: Final = "give Parquet, CSV in UTF-8 or Arrow"
Fault = tuple[int, str, str]
"""Number of a row from 1, what is wrong with it, and the remedy."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a table with their numbers from 1, and faults of rows so broken that they are not among them."""

    numbers: Any
    rows: Any
    faults: Sequence[Fault] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A table: its name, its form, its schema, and how its batches are read.

    ``read`` takes the columns that are wanted and how many rows are passed over at the start.
    """

    name: str
    form: str
    schema: Any
    read: Callable[[Sequence[str], int], Iterator[Batch]] = field(repr=False)
    hashed: Callable[[], str] = field(repr=False)

    def batches(self, columns: Sequence[str], *, start: int = 0) -> Iterator[Batch]:
        """Yield the batches of some columns from a row on; Problems where what is read is damaged.

        >>> import pyarrow
        >>> table = of(pyarrow.table({"patient": ["P1", "P2"], "IL-21": [2.0, 3.0]}))
        >>> [(batch.numbers.tolist(), batch.rows.to_pydict()) for batch in table.batches(["IL-21"], start=1)]
        [([2], {'IL-21': [3.0]})]
        """
        with _readable(self.name):
            yield from self.read(columns, start)

    def digest(self) -> str:
        """Return a digest of what is in it.

        >>> import pyarrow
        >>> of(pyarrow.table({"patient": ["P1"]})).digest() == of(pyarrow.table({"patient": ["P2"]})).digest()
        False
        """
        with _readable(self.name):
            return f"sha256:{self.hashed()}"


@contextmanager
def _readable(name: str) -> Iterator[None]:
    import pyarrow

    try:
        yield
    except pyarrow.lib.ArrowMemoryError:
        raise Problems([Problem(Place(name), "one value of it is larger than the memory", "look into it")]) from None
    except (pyarrow.lib.ArrowException, OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno and error.filename:
            raise Problems([unreadable(Path(name), error)]) from None
        why = " ".join(str(error).split())[:200]
        raise Problems([Problem(Place(name), f"this is damaged ({why})", "write or copy it again")]) from None


def of(given: object) -> Source:
    """Return the table of a file, by its name, or of a frame; Problems where it is none.

    >>> import pandas
    >>> of(pandas.DataFrame({"patient": ["P1"], "IL-21": [2.0]})).schema.names
    ['patient', 'IL-21']
    """
    _installed()
    if isinstance(given, str | Path):
        return _of_file(Path(given))
    return _of_frame(given)


def _installed() -> None:
    try:
        import pyarrow  # noqa: F401
    except ModuleNotFoundError:
        raise Problems([Problem(Place("pyarrow"), "is not installed", "pip install pyarrow")]) from None


# --- files ------------------------------------------------------------------------------------------------------------


def _of_file(file: Path) -> Source:
    try:
        with file.open("rb") as stream:
            head = stream.read(8)
            size = stream.seek(0, io.SEEK_END)
            stream.seek(max(0, size - 4))
            tail = stream.read(4)
    except OSError as error:
        raise Problems([unreadable(file, error)]) from None
    if not size:
        raise Problems([Problem(Place(file), "the file is empty", FORMS)])
    if head[:4] == b"PAR1":
        if tail != b"PAR1" or size < 12:
            raise Problems([Problem(Place(file), "this Parquet file is cut short", "write or copy it again")])
        return _parquet(file)
    if file.suffix.lower() in (".parquet", ".pq"):
        raise Problems([Problem(Place(file), "this is not Parquet", FORMS)])
    if head[:6] == b"ARROW1" or head[:4] == b"\xff\xff\xff\xff":
        return _arrow(file, stream=head[:6] != b"ARROW1")
    return _text(file)


def _hash_of(file: Path) -> Callable[[], str]:
    def hashed() -> str:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    return hashed


def _parquet(file: Path) -> Source:
    from pyarrow import parquet

    with _readable(str(file)), parquet.ParquetFile(file) as opened:
        schema = opened.schema_arrow

    def read(columns: Sequence[str], start: int) -> Iterator[Batch]:
        with parquet.ParquetFile(file, buffer_size=1 << 16, pre_buffer=False) as opened:  # which keeps all that it read
            groups = list(range(opened.num_row_groups))
            first = 0
            while groups and first + opened.metadata.row_group(groups[0]).num_rows <= start:
                first += opened.metadata.row_group(groups.pop(0)).num_rows
            if groups:
                rows = opened.iter_batches(BATCH, row_groups=groups, columns=list(columns))
                yield from _numbered(rows, first, start)

    return Source(name=str(file), form="Parquet", schema=schema, read=read, hashed=_hash_of(file))


def _arrow(file: Path, *, stream: bool) -> Source:
    import pyarrow

    open_it = pyarrow.ipc.open_stream if stream else pyarrow.ipc.open_file
    with _readable(str(file)), pyarrow.OSFile(str(file)) as opened:
        schema = open_it(opened).schema

    def read(columns: Sequence[str], start: int) -> Iterator[Batch]:
        with pyarrow.OSFile(str(file)) as opened:
            reader = open_it(opened)
            every = reader if stream else map(reader.get_batch, range(reader.num_record_batches))
            yield from _numbered((small for batch in every for small in _cut(batch.select(list(columns)))), 0, start)

    return Source(name=str(file), form="Arrow", schema=schema, read=read, hashed=_hash_of(file))


def _cut(batch: Any) -> Iterator[Any]:
    for at in range(0, batch.num_rows, BATCH):
        yield batch.slice(at, BATCH)


def _numbered(batches: Iterator[Any], first: int, start: int) -> Iterator[Batch]:
    """Yield batches with the numbers of their rows, from row ``start`` on; the first begins at row ``first``."""
    import numpy as np

    for batch in batches:
        skipped = min(max(start - first, 0), batch.num_rows)
        rows = batch.slice(skipped)
        if rows.num_rows:
            yield Batch(np.arange(first + skipped + 1, first + batch.num_rows + 1, dtype=np.int64), rows)
        first += batch.num_rows


# --- text -------------------------------------------------------------------------------------------------------------


def _text(file: Path) -> Source:
    import pyarrow

    with file.open("rb") as stream:
        line = stream.readline(BLOCK)
    try:
        header = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        header = "\0"
    if "\0" in header:
        what = "this is gzip" if line[:2] == b"\x1f\x8b" else "this is no table that can be read"
        raise Problems([Problem(Place(file), what, "unpack it" if "gzip" in what else FORMS)])
    separator = max("\t;,", key=header.count)
    import csv

    names = next(csv.reader([header.strip("\r\n")], delimiter=separator), [])
    schema = pyarrow.schema([(name.strip(), pyarrow.string()) for name in names])

    def read(columns: Sequence[str], start: int) -> Iterator[Batch]:
        yield from _lines(file, separator, names, columns, start)

    return Source(name=str(file), form="CSV", schema=schema, read=read, hashed=_hash_of(file))


def _lines(file: Path, separator: str, names: Sequence[str], columns: Sequence[str], start: int) -> Iterator[Batch]:
    """Yield the rows of a text; one with another number of cells than the header is a fault."""
    import numpy as np
    import pyarrow
    from pyarrow import csv

    broken: list[Fault] = []
    taken = 0

    def another(row: Any) -> str:
        what = f"the row has {row.actual_columns} cells, and the header {row.expected_columns}"
        broken.append((row.number - 1, what, "write each cell, also one without a value"))
        return "skip"

    reader = csv.open_csv(
        file,
        csv.ReadOptions(use_threads=False, block_size=BLOCK),
        csv.ParseOptions(delimiter=separator, invalid_row_handler=another),
        csv.ConvertOptions(
            column_types=dict.fromkeys(names, pyarrow.string()), strings_can_be_null=True,
            null_values=[""], include_columns=[name for name in names if name.strip() in set(columns)],
        ),
    )  # fmt: skip
    given = 0
    for block in reader:
        ahead = np.array([number - 1 - at for at, (number, _, _) in enumerate(broken)], dtype=np.int64)
        whole = block.rename_columns([name.strip() for name in block.schema.names]).select(list(columns))
        for rows in _cut(whole):
            first, taken = taken, taken + rows.num_rows
            skipped = min(max(start - first, 0), rows.num_rows)
            upto = int(np.searchsorted(ahead, taken, side="left"))  # each stands ahead of a row, and comes with it
            faults = tuple(one for one, row in zip(broken[given:upto], ahead[given:upto], strict=True) if row >= start)
            given = max(given, upto)
            if skipped < rows.num_rows:
                at = np.arange(first + skipped, taken, dtype=np.int64)
                yield Batch(at + 1 + np.searchsorted(ahead, at, side="right"), rows.slice(skipped), faults)
    if given < len(broken):
        yield Batch(
            np.empty(0, np.int64), pyarrow.RecordBatch.from_pylist([], schema=pyarrow.schema([])), tuple(broken[given:])
        )


# --- frames -----------------------------------------------------------------------------------------------------------


def _of_frame(given: Any) -> Source:
    import pyarrow

    if isinstance(given, pyarrow.RecordBatch):
        table = pyarrow.table(given)
    elif isinstance(given, pyarrow.Table):
        table = given
    elif hasattr(given, "to_arrow"):  # polars
        table = given.to_arrow()
    elif hasattr(given, "columns") and hasattr(given, "reset_index"):  # pandas
        table = _of_pandas(given)
    else:
        what = f"this {type(given).__name__} is no table of patients"
        raise Problems([Problem(Place("cohort"), what, "give a file or a data frame of pandas, polars or Arrow")])

    def read(columns: Sequence[str], start: int) -> Iterator[Batch]:
        yield from _numbered(iter(table.select(list(columns)).to_batches(BATCH)), 0, start)

    def hashed() -> str:
        found = hashlib.sha256(repr(list(zip(table.schema.names, map(str, table.schema.types), strict=True))).encode())
        for batch in table.combine_chunks().to_batches(BATCH):
            found.update(batch.serialize())
        return found.hexdigest()

    return Source(name="cohort", form="data frame", schema=table.schema, read=read, hashed=hashed)


def _of_pandas(frame: Any) -> Any:
    """Return the table of a frame of pandas; a column of values of several kinds becomes one of texts."""
    import pyarrow

    if type(frame.index).__name__ != "RangeIndex":
        frame = frame.reset_index()
    columns = []
    for at in range(frame.shape[1]):
        column = frame.iloc[:, at]
        try:
            columns.append(pyarrow.array(column, from_pandas=True))
        except (pyarrow.lib.ArrowInvalid, pyarrow.lib.ArrowTypeError):
            missing = column.isna()
            texts = [None if no else str(value) for value, no in zip(column, missing, strict=True)]
            columns.append(pyarrow.array(texts, pyarrow.string()))
    return pyarrow.table(columns, names=[str(name) for name in frame.columns])
