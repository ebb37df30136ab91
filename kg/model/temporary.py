"""Temporary files and folders: gone when the work on them ends, or where that was killed, when the next one begins.

Each has a name of ours, and who writes it holds a lock on it for as long as it lives: so another run can tell what was
left behind from what is being written. Without such locks (Windows, some network disks) what a killed run left stays.
"""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

try:
    import fcntl
except ImportError:  # Windows
    LOCKS = False
else:
    LOCKS = True

MARK: Final = ".jak-kg-"
"""How the name of everything temporary begins."""
NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
LEFT: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@contextmanager
def file(target: Path, *, mode: int = 0o600) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a new file beside a target: its path, and the stream to write it, which the caller may close.

    At its end the file is gone, unless it was renamed. ``mode`` is narrowed by the umask. What killed runs on the same
    target left is removed first. Raises OSError where no file can be made there.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     with file(Path(name, "jak-kg.nt")) as (path, stream):
    ...         path.name.startswith(".jak-kg-"), path.parent == Path(name), stream.write(b"# a graph")
    ...     os.listdir(name)
    (True, True, 9)
    []
    """
    path, handle = _made(target, lambda path: os.open(path, NEW, mode))
    try:
        with os.fdopen(handle, "wb") as stream:
            yield path, stream
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def folder(target: Path, *, mode: int = 0o700) -> Iterator[Path]:
    """Give a new folder beside a target, likewise; as it stands, only its owner can look into it.

    >>> with folder(Path("example")) as found:
    ...     found.is_dir(), list(found.iterdir())
    (True, [])
    >>> found.exists()
    False
    """
    path, handle = _made(target, _folder_maker(mode))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(handle)


def kept_folder(target: Path) -> Path:
    """Make such a folder that stays when this process ends, until another is made for the same target.

    >>> shutil.rmtree(kept_folder(Path("example")))
    """
    return _made(target, _folder_maker(0o700))[0]


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other run is here for the same folder: for what must not happen twice at once.

    >>> with alone(Path()):
    ...     pass
    """
    handle = -1
    with suppress(OSError):
        if LOCKS:
            handle = os.open(folder, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if handle >= 0:
            os.close(handle)


def _folder_maker(mode: int) -> Callable[[Path], int]:
    def make(path: Path) -> int:
        path.mkdir(mode)
        try:
            return os.open(path if LOCKS else os.devnull, os.O_RDONLY)  # Windows opens no folder
        except FileNotFoundError:  # swept in this moment: whoever made it sees that, and makes another
            return os.open(os.devnull, os.O_RDONLY)
        except BaseException:
            _remove(path)
            raise

    return make


def _made(target: Path, make: Callable[[Path], int]) -> tuple[Path, int]:
    """Make what is temporary and hold it; return where it is, and its descriptor."""
    import hashlib

    start = f"{MARK}{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}-"
    _sweep(target.parent, start)
    while True:
        path = target.parent / f"{start}{os.urandom(8).hex()}"
        handle = make(path)
        try:
            if LOCKS:
                with suppress(OSError):  # a disk without locks: then nobody sweeps there either
                    fcntl.flock(handle, fcntl.LOCK_EX)
            if not LOCKS or _is(path, handle):
                return path, handle
        except BaseException:
            _remove(path)
            raise
        os.close(handle)  # another run took it for left behind, in the moment before it was held


def _sweep(folder: Path, start: str) -> None:
    """Remove what runs that are gone have left behind in a folder; what is not ours, or is written now, stays."""
    if not LOCKS:
        return
    length = len(start) + 16
    with suppress(OSError):
        found = [entry.name for entry in os.scandir(folder) if entry.name.startswith(start)]
        for name in (name for name in found if len(name) == length):
            with suppress(OSError):
                _take(folder / name)


def _take(path: Path) -> None:
    handle = os.open(path, LEFT)
    try:
        status = os.fstat(handle)
        if status.st_uid == os.geteuid() and (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(path)
    finally:
        os.close(handle)


def _is(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(follow_symlinks=False), os.fstat(handle))
    except FileNotFoundError:
        return False


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
