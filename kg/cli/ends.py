"""How the command ends where it is stopped, or nobody takes what it says: with the right code, and one line at most.

>>> guarded(lambda: 0)
0
"""

import _thread
import io
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

STOPPING: Final = ("SIGINT", "SIGTERM", "SIGHUP")
"""The signals that stop a command: from the keyboard, from a system that shuts down, from a terminal that is closed."""
AGAIN: Final = 0.01
"""Seconds until a stop is said again that came where Python ignores errors."""


def guarded(command: Callable[[], int]) -> int:
    """Run a command and return its exit code, or 128 and the number of the signal that stopped it.

    A signal raises KeyboardInterrupt where the command is, so that it puts away what is temporary; one that comes
    later changes nothing. One that the process was started to ignore stays ignored.

    >>> guarded(lambda: 2)
    2
    """
    first: list[int] = []

    def stop(number: int, _frame: object) -> None:
        if not first:
            first.append(number)
            raise KeyboardInterrupt

    def unheard(ignored: Any) -> None:
        if not first:
            sys.__unraisablehook__(ignored)
        elif issubclass(ignored.exc_type, KeyboardInterrupt):
            again = threading.Timer(AGAIN, _interrupt, [first.pop()])
            again.daemon = True
            again.start()

    before = {}
    hook, sys.unraisablehook = sys.unraisablehook, unheard
    try:
        for number in (getattr(signal, name) for name in STOPPING if hasattr(signal, name)):
            if (old := signal.getsignal(number)) not in (signal.SIG_IGN, None):
                before[number] = old
                signal.signal(number, stop)
        code = command()
    except BaseException:  # such as the error that a library made of it
        if not first:
            raise
        code = 0
    finally:
        for number, old in before.items():
            signal.signal(number, signal.SIG_IGN if first else old)
        sys.unraisablehook = hook
    return 128 + first[0] if first else code


def _interrupt(number: int) -> None:
    """Send a signal to the main thread, whatever it waits for."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, number)
    else:
        _thread.interrupt_main(signal.Signals(number))


def standard_streams() -> None:
    """See that there are three: no file takes the place of one that is closed, and a note to nobody is no error.

    >>> standard_streams()
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # takes the lowest that is free, which is this one
    if sys.stdout is None:
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 - fails when it is written to, and that is said
    if sys.stderr is None:
        sys.stderr = _Notes(open(2, "wb", closefd=False))  # noqa: SIM115
    elif type(sys.stderr) is io.TextIOWrapper:  # and no other, such as that of a test
        sys.stderr = _Notes(sys.stderr.buffer, sys.stderr.encoding, "backslashreplace", line_buffering=True)


class _Notes(io.TextIOWrapper):
    """Standard error: where it cannot be written to, there is nobody to tell, and the answer still counts."""

    def write(self, text: str, /) -> int:
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()
