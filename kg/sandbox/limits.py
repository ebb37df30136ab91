"""What a process gives up before it works on what we did not write; none of it can be taken back.

Where a system has no such limits (Windows), the parent still ends the process in time, and nothing else is promised.
"""

import math
import os
import signal
import sys
import time
from typing import Final

MEMORY: Final = 2 << 30
"""Bytes that a process may take beyond what it has when it starts."""
GROWN: Final = 256 << 20
"""Bytes by which a process may have grown after a request: one that has grown more is not used again."""
PAGE: Final = 4096
OFFLINE: Final = sys.platform != "win32"
"""Whether the system takes network and disk away from a process that gives up its descriptors."""


def give_up(channel: int, memory: int = MEMORY) -> None:
    """Keep one descriptor (``channel`` is the highest that stays open), limit memory and files: no socket opens again.

    The standard streams stay as they are. Only in a process of its own, such as that of a worker: it cannot be undone.

    >>> from kg.sandbox.worker import Stopped, isolated
    >>> try:
    ...     _ = isolated(os.listdir, b".")
    ... except Stopped as stopped:
    ...     print(stopped.detail)
    OSError: [Errno 24] Too many open files: b'.'
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent ends us
    limits = (
        (resource.RLIMIT_AS, _size() + memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, channel + 1),
    )
    os.closerange(channel + 1, max(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[0]))
    for which, limit in limits:
        try:
            resource.setrlimit(which, (limit, limit))
        except (OSError, ValueError):  # such as memory on macOS, or a lower limit that is there already
            continue


def _size() -> int:
    """Return the bytes of address space that this process has; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as stream:
            return int(stream.read().split()[0]) * PAGE
    except (OSError, ValueError):
        return 0


def end_after(seconds: float) -> None:
    """Let this process end in so many seconds, also of the processor, even where its parent is gone; 0: never.

    >>> end_after(0)
    """
    try:
        import resource
    except ImportError:
        return
    signal.setitimer(signal.ITIMER_REAL, seconds and seconds + 1)
    if not seconds:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + seconds) + 1, hard))


def has_grown(since: int) -> bool:
    """Return whether this process took much more memory than ``since``, what :func:`peak` gave before.

    >>> has_grown(peak())
    False
    """
    return peak() - since > GROWN


def peak() -> int:
    """Return the most bytes of memory that this process has had; 0 where the system does not say.

    >>> peak() >= 0
    True
    """
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
