"""The command ``kg`` as the system starts it, also by ``python -m kg``."""

try:
    import signal
    import sys
except KeyboardInterrupt:  # Python itself is still starting
    raise SystemExit(130) from None


def run() -> int:
    """Run the command line of this process and return its exit code.

    What stops it while the rest is loaded ends it at once and in silence: nothing is there yet that must be put away.

    >>> run()  # doctest: +SKIP
    0
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            signal.signal(number, signal.SIG_DFL)
    from kg.cli import ends
    from kg.cli.main import main

    ends.standard_streams()
    return ends.guarded(main)


if __name__ == "__main__":
    sys.exit(run())
