"""Files: read whole with one error for whatever stops that, and written whole or not at all; tables of text."""

import errno
import io
import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from kg.model.errors import Place, Problem, Problems

LARGEST: Final = 100_000_000
"""Bytes: no file that people write by hand is larger."""
WRITER: Final = 1.0
"""Seconds for which a pipe is waited for until something writes to it."""
FULL: Final = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
OPEN: Final = os.O_WRONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
"""How it is asked whether a file can be written: nothing of it changes."""


def read_bytes(file: Path, *, remedy: str = "fix the path", largest: int = LARGEST) -> bytes:
    """Return the bytes of a file; Problems where it cannot be read or has more than ``largest`` bytes.

    >>> read_bytes(Path("none.tsv"))
    Traceback (most recent call last):
        ...
    kg.Problems: none.tsv: cannot be read (No such file or directory): fix the path
    """
    try:
        if file.is_fifo():
            found = _of_pipe(file, largest + 1)
        else:
            with file.open("rb") as stream:
                found = stream.read(largest + 1)
    except OSError as error:
        raise Problems([unreadable(file, error, remedy=remedy)]) from None
    if len(found) > largest:
        raise Problems([Problem(Place(file), f"this has more than {largest:,} bytes", "give a smaller file")])
    return found


def _of_pipe(pipe: Path, size: int) -> bytes:
    """Return what is written to a pipe; OSError for one to which nothing writes: to open it would wait for ever."""
    import time

    with os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb") as stream:
        until = time.monotonic() + WRITER
        while (begun := stream.raw.read(size)) == b"":  # None: something writes, and has not begun
            if time.monotonic() > until:
                raise OSError("nothing writes to this pipe")
            time.sleep(0.01)
        os.set_blocking(stream.fileno(), True)
        return (begun or b"") + stream.read(size - len(begun or b""))


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


def unwritable(file: Path | str, error: OSError, *, remedy: str = "") -> Problem:
    """Return the problem of a file, or of a folder or stream, that cannot be written.

    >>> str(unwritable(Path("a.ttl"), OSError(28, "No space left on device")))
    'a.ttl: cannot be written (No space left on device): make room, or name another disk'
    """
    if error.errno in FULL:
        remedy = "make room, or name another disk"
    elif not remedy:
        named = error.errno in (errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP)
        remedy = "name another file" if named else "name a file in a folder of yours"
    return Problem(Place(file), f"cannot be written ({error.strerror or error})", remedy)


def save(content: bytes, file: Path) -> None:
    """Write a file whole or not at all: to a temporary name in its folder, then renamed.

    A new file has the rights that the umask leaves; one that is replaced keeps its own, and its owner where the system
    lets us. A link is followed, and stays. What is no file, such as a pipe, a device or the standard output, is
    written to as it is. A folder that is missing is made. Raises OSError where the file cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "new" / "jak-kg.nt"
    ...     save(b"# a graph", file)
    ...     file.read_bytes(), len(list(file.parent.iterdir()))
    (b'# a graph', 1)
    """
    new = [folder for folder in (file.parent, *file.parent.parents) if not folder.exists()]
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write(content, file)
    except BaseException:
        for folder in new:
            with suppress(OSError):  # somebody else has put something there
                folder.rmdir()
        raise


def _write(content: bytes, file: Path) -> None:
    try:
        there = os.open(file, OPEN)  # whether it may be written says the system: a rename would not ask
    except FileNotFoundError:
        _replace(content, file, None)
        return
    with os.fdopen(there, "wb") as stream:
        status = os.fstat(there)
        if not stat.S_ISREG(status.st_mode):
            stream.write(content)
            return
        for number in (1, 2):  # such as /dev/stdout: it must lead to the same file as before, behind what is there
            if _leads_to(number, status):
                os.dup2(number, there)
                stream.write(content)
                return
    _replace(content, file, status)


def _leads_to(number: int, status: os.stat_result) -> bool:
    try:
        return os.path.samestat(status, os.fstat(number))
    except OSError:  # it is closed
        return False


def _replace(content: bytes, file: Path, old: os.stat_result | None) -> None:
    from kg.model import temporary  # what only reads files does not pay for it

    target = Path(os.path.realpath(file))
    with temporary.file(target, mode=0o600 if old else 0o666) as (path, stream):
        stream.write(content)
        stream.flush()
        if old and hasattr(os, "fchown"):
            for owner in (old.st_uid, -1):
                with suppress(OSError):
                    os.fchown(stream.fileno(), owner, old.st_gid)
                    break
            os.fchmod(stream.fileno(), stat.S_IMODE(old.st_mode))
        os.fsync(stream.fileno())
        if not temporary.LOCKS:  # Windows renames no open file
            stream.close()
        path.replace(target)


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
