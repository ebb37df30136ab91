"""Files: read whole with one error for whatever stops that, and written whole or not at all; tables of text."""

import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from kg.model.errors import Place, Problem, Problems

LARGEST: Final = 100_000_000
"""Bytes: no file that people write by hand is larger."""


def read_bytes(file: Path, *, remedy: str = "fix the path", largest: int = LARGEST) -> bytes:
    """Return the bytes of a file; Problems where it cannot be read or has more than ``largest`` bytes.

    >>> read_bytes(Path("none.tsv"))
    Traceback (most recent call last):
        ...
    kg.Problems: none.tsv: cannot be read (No such file or directory): fix the path
    """
    try:
        with file.open("rb") as stream:
            found = stream.read(largest + 1)
    except OSError as error:
        raise Problems([unreadable(file, error, remedy=remedy)]) from None
    if len(found) > largest:
        raise Problems([Problem(Place(file), f"this has more than {largest:,} bytes", "give a smaller file")])
    return found


def read_text(file: Path, *, remedy: str = "fix the path", largest: int = LARGEST) -> str:
    r"""Return the text of a file in UTF-8, with or without a byte order mark; Problems where it is none.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(b"caf\xe9", Path(folder) / "a.txt")
    ...     try:
    ...         read_text(Path(folder) / "a.txt")
    ...     except Problems as error:
    ...         str(error).rpartition("a.txt")[2]
    ':1: this is not valid UTF-8: save the file as UTF-8'
    """
    found = read_bytes(file, remedy=remedy, largest=largest)
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = found[: error.start].count(b"\n") + 1
        raise Problems([Problem(Place(file, line), "this is not valid UTF-8", "save the file as UTF-8")]) from None


def unreadable(file: Path, error: OSError, *, remedy: str = "fix the path") -> Problem:
    """Return the problem of a file that cannot be read.

    >>> str(unreadable(Path("a.ttl"), PermissionError(13, "Permission denied")))
    'a.ttl: cannot be read (Permission denied): fix the path'
    """
    return Problem(Place(file), f"cannot be read ({error.strerror or error})", remedy)


def save(content: bytes, file: Path) -> None:
    """Write a file whole or not at all: to a temporary name in the same folder, then renamed.

    A folder that is missing is made. Raises OSError where the file cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "new" / "jak-kg.nt"
    ...     save(b"# a graph", file)
    ...     file.read_bytes(), len(list(file.parent.iterdir()))
    (b'# a graph', 1)
    """
    import tempfile

    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def separated(rows: Iterable[Sequence[object]], *, tabs: bool = False, end: str = "\n", quoted: bool = True) -> str:
    r"""Return rows as CSV, or separated by tabs; a cell is quoted where it must be, and None is empty.

    Without ``quoted`` a cell stands as it is; csv.Error where it has a separator or a line break.

    >>> separated([["a", "b"], [1, None], ["x\ty", "z"]], tabs=True)
    'a\tb\n1\t\n"x\ty"\tz\n'
    >>> separated([["a", 'a "b"']], tabs=True, quoted=False)
    'a\ta "b"\n'
    """
    import csv

    out, dialect = io.StringIO(), "excel-tab" if tabs else "excel"
    if quoted:
        csv.writer(out, dialect, lineterminator=end).writerows(rows)
    else:
        csv.writer(out, dialect, lineterminator=end, quoting=csv.QUOTE_NONE, quotechar=None).writerows(rows)
    return out.getvalue()
