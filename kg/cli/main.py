"""The command ``kg``: finds the module of a command, runs it, and prints the problems of its input.

Exit code 0 when done, 1 where ``kg diff`` finds a name lost, 2 when the user's input has problems (each printed
with its place and remedy) or the output cannot be written, 130 when stopped, 141 when nobody reads on.
"""

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from kg.cli.printing import readable

if TYPE_CHECKING:
    from kg.model.errors import Problem

MOST: Final = 200
"""Problems that are printed; of more the number is said."""
OF_A_KIND: Final = 20
"""Problems that are printed of one kind; likewise."""
GROUPS: Final = {
    "Patients": {
        "ask": ("answers", "which drugs block the signals raised in a patient, and why"),
        "inspect": ("answers", "how a file is understood, before any answer"),
        "next": ("answers", "which one more measurement could change the first drug"),
        "why": ("answers", "the smallest set of statements behind the row of a drug in a case"),
        "whatif": ("answers", "how the answer changes in another scenario"),
        "cohort": ("cohort", "which drugs come first in each patient of a table, whatever its size"),
        "ledger": ("answers", "predictions versus outcomes, for each drug given"),
        "draw": ("draw", "a picture: one page that works without a network, SVG, PNG, or a graph file"),
    },
    "The graph": {
        "query": ("query", "the library of questions, or a query of your own"),
        "path": ("network", "the paths between two nodes, with the evidence for each step"),
        "cut": ("network", "which kinases, and which drugs, block every route of a patient's signals"),
        "similar": ("network", "the nearest cytokines, drugs or cases, and why"),
        "gaps": ("answers", "what would be worth measuring or curating next"),
    },
    "Facts": {
        "new": ("facts", "start a file of facts"),
        "check": ("facts", "check facts, shapes and references; report all problems at once"),
        "build": ("facts", "write the graph"),
    },
    "Releases and reasoning": {
        "release": ("release", "write every export of the graph to a folder, with checksums"),
        "diff": ("release", "what changed between two releases; exit code 1 where an identifier vanished"),
        "reason": ("release", "whether the graph is consistent, and what follows from the definitions"),
    },
}
"""Heading -> command -> its module in this package, and what it does."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; SystemExit, as argparse has it, for --help and for wrong options.

    >>> main(["ask", "khurana-2025-1", "--drug", "tofacitinib", "--format", "markdown"])  # doctest: +ELLIPSIS
    # Which drugs block the signals raised in khurana-2025-1?
    ...
    0
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return _said(list(sys.argv[1:] if arguments is None else arguments))
    except BrokenPipeError:
        _give_up()
        return 141
    except OSError as error:
        from kg.model.errors import Place, Problem

        if error.filename is not None or isinstance(error, FileNotFoundError):  # the latter of no file: of os.getcwd
            place = Place(str(error.filename or "the folder that you stand in"))
            print(Problem(place, f"cannot be used ({error.strerror})", "fix the path, or its rights"), file=sys.stderr)
            return 2
        _give_up()
        from kg.model.files import unwritable

        print(unwritable("standard output", error, remedy="send it to a file or a program"), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        _give_up()
        print("stopped", file=sys.stderr)
        return 130
    except Exception as error:
        from kg.model.errors import Problems  # here: what prints help loads none of what knows of problems

        if not isinstance(error, Problems):
            raise
        for line in _few(error.problems):
            print(line, file=sys.stderr)
        if len(error.problems) > 1:
            print(f"{len(error.problems)} problems", file=sys.stderr)
        return 2


def _said(words: list[str]) -> int:
    """Run a command line, and see that what it printed has left this process."""
    try:
        with readable():
            code = _run(words)
    except SystemExit:  # after --help
        sys.stdout.flush()
        raise
    sys.stdout.flush()
    return code


def _give_up() -> None:
    """Send what still waits to be printed nowhere, instead of failing or waiting again at the end of the process."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _few(problems: "Sequence[Problem]") -> Iterator[str]:
    """Yield the problems that are printed: of each kind the first, behind the last of which the rest is counted."""
    import re
    from collections import Counter

    kinds = [re.sub(r"'[^']*'|\d+", "", problem.what) for problem in problems[: 100 * MOST]]
    seen: Counter[str] = Counter()
    counts = Counter(kinds)
    for number, (kind, problem) in enumerate(zip(kinds, problems, strict=False)):
        if number - sum(max(0, count - OF_A_KIND) for count in seen.values()) >= MOST:
            yield f"... and {len(problems) - number:,} more"
            return
        seen[kind] += 1
        if seen[kind] <= OF_A_KIND:
            yield str(problem)
        if seen[kind] == OF_A_KIND < counts[kind]:
            yield f"... and {counts[kind] - OF_A_KIND:,} more of this kind"


def _run(words: list[str]) -> int:
    name = words[0] if words else ""
    if name in ("-h", "--help"):
        print(usage(), end="")
    elif name == "--version":
        from kg.model.vocabulary import VERSION

        print(f"kg {VERSION}")
    elif name == "query":  # its parameters are those of the question: argparse cannot know them
        from kg.cli import query

        query.command(words[1:])
    else:
        return _command(name, words[1:])
    return 0


def _command(name: str, words: list[str]) -> int:
    commands = {command: found for group in GROUPS.values() for command, found in group.items()}
    from kg.model.errors import Place, Problem, Problems

    if name not in commands:
        from kg.model.names import meant, near

        what = f"{name!r} is not a command" if name else "no command is given"
        raise Problems([Problem(Place("kg"), what, meant(near(name, commands), "see kg --help"))])
    from argparse import ArgumentParser, RawDescriptionHelpFormatter
    from importlib import import_module
    from typing import NoReturn

    from kg.model.visible import visible

    class Parser(ArgumentParser):
        def error(self, message: str) -> NoReturn:
            super().error(visible(message, line=True))  # one line, whatever an argument holds

        def print_help(self, file: Any = None) -> None:  # that of argparse hides that it cannot be written
            print(self.format_help(), end="", file=file)

    module, about = commands[name]
    command = import_module(f"kg.cli.{module}").COMMANDS[name]
    known = [command.known()] if command.known and {"-h", "--help"} & set(words) else []
    parser = Parser(
        prog=f"kg {name}",
        description=f"{about[0].upper()}{about[1:]}.",
        epilog="\n\n".join(["\n  ".join(["examples:", *command.examples]), *known]),
        formatter_class=RawDescriptionHelpFormatter,
    )
    command.arguments(parser)
    options = parser.parse_args(words)
    try:
        code: int = command.run(options)
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        if getattr(options, "graph", None) is None:
            raise
        # of a graph that we did not write anything can be missing, twice, or of another kind than its properties say
        what = f"this graph does not hold what kg {name} needs ({type(error).__name__}: {str(error)[:80]})"
        remedy = "give a graph that kg build or kg release wrote"
        raise Problems([Problem(Place(options.graph), what, remedy)]) from error
    return code


def usage() -> str:
    """Return the help of ``kg``: its commands, by group.

    >>> print(usage().splitlines()[0])
    usage: kg COMMAND ...
    """
    lines = [
        "usage: kg COMMAND ...", "",
        "Cytokines, receptors, JAK kinases, JAK inhibitors and granuloma annulare. For research; not medical advice.",
    ]  # fmt: skip
    for title, commands in GROUPS.items():
        lines += ["", f"{title}:", *(f"  {name:10}{about}" for name, (_, about) in commands.items())]
    lines += ["", "kg COMMAND --help explains a command, with examples. kg --version prints the version."]
    return "\n".join(lines) + "\n"
