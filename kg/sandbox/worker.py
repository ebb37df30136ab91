"""A process that answers requests on what we did not write: warm, limited, and killed where it does not end.

On Linux it is forked from this process and has at once what this one has loaded, such as a graph; elsewhere it is
started anew and gets its handler by pickle. It gives up every descriptor but the one on which it is asked, so that no
query and no file reaches the network or the disk, and serves request after request until one has to be killed. What it
sends is bytes: nothing that it says is ever run.

>>> with Worker(bytes.upper) as worker:
...     worker.call(b"il-21", timeout=10)
b'IL-21'
"""

import importlib
import io
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol, Self

from kg.model.errors import Place, Problem, Problems
from kg.sandbox import limits

TIMEOUT: Final = 30.0
"""Seconds that a request may take, where nobody says otherwise."""
LARGEST: Final = 256 << 20
"""Bytes that a reply may have."""
FORKS: Final = sys.platform == "linux"
"""Whether a process is forked: on macOS what is loaded may not survive it, and Windows has no such thing."""

NEEDED: Final = (
    *"csv difflib unicodedata".split(),
    *(f"encodings.{name}" for name in "utf_8_sig utf_16 utf_16_le utf_16_be utf_32 idna".split()),
)
"""Modules that Python or ours import where they are first needed: a process without descriptors cannot load any."""

Handler = Callable[[bytes], bytes]
"""What a process does with a request; it may raise Problems. Where nothing forks, pickle must be able to take it."""
REQUEST: Final = struct.Struct("<Qd")
REPLY: Final = struct.Struct("<cQ")
ANSWER, PROBLEMS, FAILED = b"a", b"p", b"f"
STOPPED: Final = {b"s": "size", b"m": "memory", b"d": "depth", FAILED: "failed"}
"""Kind of a reply without an answer -> why there is none."""


class Stopped(Exception):
    """A request was not answered; ``why`` is *time*, *memory*, *size*, *depth* (of nesting), or *failed*."""

    def __init__(self, why: str, detail: str = "") -> None:
        self.why = why
        self.detail = detail
        super().__init__(f"{why}: {detail}" if detail else why)


class _Process(Protocol):
    """A child, whichever way it was started."""

    pid: int
    reader: BinaryIO
    writer: BinaryIO

    def is_running(self) -> bool: ...
    def kill(self) -> None: ...
    def wait(self) -> int: ...


class Worker:
    """A process for one handler, started at its first request and anew after each that had to be killed.

    ``memory`` is in bytes beyond what this process has, ``largest`` in bytes of a reply. It may be shared by threads:
    one request is answered at a time.
    """

    def __init__(self, handler: Handler, *, memory: int = limits.MEMORY, largest: int = LARGEST) -> None:
        self.handler = handler
        self.memory = memory
        self.largest = largest
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._owner = 0
        self._at_end: weakref.finalize[..., Worker] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def call(self, request: bytes, *, timeout: float = TIMEOUT) -> bytes:
        """Return what the handler makes of a request, within so many seconds, a start and the wait for others included.

        Raises Problems as the handler raised them, and Stopped where there is no answer.

        >>> with Worker(time.sleep) as worker:
        ...     worker.call(b"", timeout=10)
        Traceback (most recent call last):
            ...
        kg.sandbox.worker.Stopped: failed: TypeError: 'bytes' object cannot be interpreted as an integer
        """
        until = time.monotonic() + timeout
        if not self._lock.acquire(timeout=timeout):
            raise Stopped("time")
        try:
            for _ in range(2):  # one that has grown ends after its answer, perhaps while we ask again
                reply = self._asked(request, until)
                if reply is not None:
                    return reply
            raise Stopped("failed", "the process ended")
        finally:
            self._lock.release()

    def stop(self) -> None:
        """End the process; the next request starts another."""
        self._process = None
        if self._at_end is not None:
            self._at_end()

    def _asked(self, request: bytes, until: float) -> bytes | None:
        """Return the answer to a request, None where the process had ended of itself before."""
        late = threading.Event()
        watch: threading.Timer | None = None
        try:
            process = self._running()

            def kill() -> None:
                late.set()
                process.kill()

            left = max(until - time.monotonic(), 0.001)
            watch = threading.Timer(left, kill)
            watch.daemon = True
            watch.start()
            kind, reply = _exchange(process, request, left, self.largest)
        except (OSError, EOFError):
            code = self._code()
            if late.is_set():
                raise Stopped("time") from None
            if code == 0:
                return None
            raise _reason(code) from None
        except BaseException:  # such as Ctrl-C: what the process would still send must not answer the next request
            self.stop()
            raise
        finally:
            if watch is not None:
                watch.cancel()
        if kind == ANSWER:
            return reply
        if kind == PROBLEMS:
            raise Problems(Problem(Place(file, line), what, remedy) for file, line, what, remedy in json.loads(reply))
        raise Stopped(STOPPED[kind], reply.decode(errors="replace"))

    def _running(self) -> _Process:
        process = self._process
        if process is not None and self._owner == os.getpid() and not process.is_running():  # somebody else ended it
            self.stop()
            process = None
        if process is None or self._owner != os.getpid():  # a copy of this process, forked by others, has its own
            process = _Forked(self.handler, self.memory) if FORKS else _Spawned(self.handler, self.memory)
            self._process, self._owner = process, os.getpid()
            self._at_end = weakref.finalize(self, _ended, process, self._owner)
        return process

    def _code(self) -> int:
        """Return how the process ended; a negative number is that of a signal."""
        process, self._process = self._process, None
        if process is None or self._at_end is None:
            return 1
        self._at_end.detach()
        _close(process)
        return process.wait()


def isolated(
    handler: Handler, data: bytes, *, timeout: float = TIMEOUT, memory: int = limits.MEMORY, largest: int = LARGEST
) -> bytes:
    """Return what a handler makes of some bytes, in a process for them alone; the errors are those of Worker.call.

    >>> isolated(bytes.upper, b"il-21")
    b'IL-21'
    """
    with Worker(handler, memory=memory, largest=largest) as worker:
        return worker.call(data, timeout=timeout)


def _exchange(process: _Process, request: bytes, seconds: float, largest: int) -> tuple[bytes, bytes]:
    process.writer.write(REQUEST.pack(len(request), seconds))
    process.writer.write(request)
    process.writer.flush()
    kind, size = REPLY.unpack(_read(process.reader, REPLY.size))
    if size > largest:
        raise Stopped("size")
    return kind, _read(process.reader, size)


def _read(stream: BinaryIO, size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise EOFError
    return found


def _reason(code: int) -> Stopped:
    if code in (-getattr(signal, "SIGALRM", 0), -getattr(signal, "SIGXCPU", 0)):
        return Stopped("time")
    if code == -signal.SIGSEGV:
        return Stopped("depth")
    if code in (-signal.SIGABRT, -getattr(signal, "SIGKILL", 9)):  # Rust aborts where it gets no memory
        return Stopped("memory")
    return Stopped("failed", f"the process ended with code {code}")


def _ended(process: _Process, owner: int) -> None:
    """End a process and wait for it, where it is a child of this one."""
    if owner == os.getpid():
        _close(process)
        process.kill()
        process.wait()


def _close(process: _Process) -> None:
    for stream in (process.writer, process.reader):
        try:
            stream.close()
        except OSError:  # what was not sent to one that is gone
            continue


class _Forked:
    """A copy of this process, with all that is loaded here."""

    def __init__(self, handler: Handler, memory: int) -> None:
        import socket

        ours, theirs = socket.socketpair()
        with theirs:
            self.pid = os.fork()
            if not self.pid:
                _forked(theirs.fileno(), handler, memory)
        with ours:
            self.reader: BinaryIO = ours.makefile("rb")
            self.writer: BinaryIO = ours.makefile("wb")
        self._lock = threading.Lock()
        self._code: int | None = None

    def kill(self) -> None:
        with self._lock:  # never after it was waited for: the number may be another's by then
            if self._code is None:
                os.kill(self.pid, signal.SIGKILL)

    def is_running(self) -> bool:
        with self._lock:
            if self._code is None:
                try:
                    found, status = os.waitpid(self.pid, os.WNOHANG)
                    if found:
                        self._code = os.waitstatus_to_exitcode(status)
                except ChildProcessError:  # somebody else waits for every child
                    self._code = 0
            return self._code is None

    def wait(self) -> int:
        while self.is_running():
            time.sleep(0.001)
        assert self._code is not None  # noqa: S101 - it has ended
        return self._code


class _Spawned:
    """A new interpreter, which gets the handler."""

    def __init__(self, handler: Handler, memory: int) -> None:
        import pickle

        command = [sys.executable, "-P", "-c", "from kg.sandbox import worker; worker._spawned()"]  # -P: no other kg
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.pid: int = self._child.pid
        self.writer: BinaryIO = self._child.stdin  # type: ignore[assignment]
        self.reader: BinaryIO = self._child.stdout  # type: ignore[assignment]
        pickled = pickle.dumps((handler, memory))
        self.writer.write(REQUEST.pack(len(pickled), 0) + pickled)

    def is_running(self) -> bool:
        return self._child.poll() is None

    def kill(self) -> None:
        self._child.kill()

    def wait(self) -> int:
        return self._child.wait()


def _forked(channel: int, handler: Handler, memory: int) -> None:
    """Be the child that was forked: never returns, and runs nothing of its parent."""
    code = 1
    try:
        import gc

        gc.disable()  # what the parent would clean up is not ours
        os.dup2(channel, 3)
        os.dup2(channel, 4)
        code = _alone(open(3, "rb"), handler, memory)  # noqa: SIM115 - as long as this process
    finally:
        os._exit(code)


def _spawned() -> None:
    """Be the child that was started anew: its handler is the first that it is sent."""
    import pickle

    os.dup2(0, 3)
    os.dup2(1, 4)
    reader = open(3, "rb")  # noqa: SIM115
    size, _ = REQUEST.unpack(_read(reader, REQUEST.size))
    handler, memory = pickle.loads(_read(reader, size))  # noqa: S301 - our parent wrote it
    os._exit(_alone(reader, handler, memory))


def _alone(reader: BinaryIO, handler: Handler, memory: int) -> int:
    """Serve on descriptors 3 and 4, with no other, and with standard streams that lead nowhere."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    sys.stdout = sys.stderr = open(1, "w", closefd=False)  # noqa: SIM115
    for name in NEEDED:
        importlib.import_module(name)
    limits.give_up(4, memory)
    return _serve(reader, open(4, "wb"), handler)


def _serve(reader: BinaryIO, writer: BinaryIO, handler: Handler) -> int:
    """Answer one request after another until there is none; the life of the child."""
    start = limits.peak()
    while head := reader.read(REQUEST.size):
        size, seconds = REQUEST.unpack(head)
        limits.end_after(seconds)
        kind, reply = _answered(handler, _read(reader, size))
        limits.end_after(0)
        writer.write(REPLY.pack(kind, len(reply)))
        writer.write(reply)
        writer.flush()
        del reply
        if limits.has_grown(start):
            break
    return 0


def _answered(handler: Handler, request: bytes) -> tuple[bytes, bytes]:
    try:
        return ANSWER, handler(request)
    except Problems as error:
        told = [(str(one.place.file), one.place.line, one.what, one.remedy) for one in error.problems]
        return PROBLEMS, json.dumps(told).encode()
    except TooLarge:
        return b"s", b""
    except MemoryError:
        return b"m", b""
    except RecursionError:
        return b"d", b""
    except Exception as error:
        return FAILED, f"{type(error).__name__}: {error}".encode(errors="replace")


class TooLarge(Exception):
    """A handler's reply would have more bytes than it may: raised by the handler."""


class Bounded(io.BytesIO):
    """Bytes that a handler writes, as long as they are not too many: then TooLarge.

    >>> Bounded(5).write(b"il-21")
    5
    """

    def __init__(self, largest: int) -> None:
        super().__init__()
        self.largest = largest

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Write bytes and return their number."""
        if self.tell() + len(data) > self.largest:
            raise TooLarge
        return super().write(data)
