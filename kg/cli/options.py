"""What several commands share: their options, how a result is printed, and where a file is written."""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg import calculus as m
from kg.cli.printing import exactly
from kg.model.errors import Place, Problem, Problems

if TYPE_CHECKING:
    from kg.document.blocks import Document
    from kg.profiles.choices import Reading

FORMS: Final = ("table", "json", "markdown", "html")
"""How a result can be printed."""
COMPARATOR: Final = "what every ratio of the file is relative to"
TOP: Final = "only the first N"


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what it takes, what it does and returns as exit code, and two or more examples of it."""

    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    examples: tuple[str, ...]
    known: Callable[[], str] | None = None
    """What its help says of the graph: read only where help is asked for."""


def comparators() -> str:
    """Return the comparators that the graph knows, for the help of a command.

    >>> comparators()[:38]
    'comparators that the graph knows (anot'
    """
    import kg

    known = ", ".join(kg.open().instances("jak:Comparator"))
    return f"comparators that the graph knows (another is kept as written):\n  {known}\n\n{limits()}"


def add_graph(parser: argparse.ArgumentParser, *, forms: tuple[str, ...] = FORMS) -> None:
    """Add the options of a command that reads a graph and prints a result.

    >>> parser = argparse.ArgumentParser()
    >>> add_graph(parser)
    >>> parser.parse_args([]).format
    'table'
    """
    parser.add_argument("--graph", type=Path, metavar="FILE", help="another graph (.ttl or .nt)")
    if forms:
        parser.add_argument("--format", choices=forms, default=forms[0], help=f"default: {forms[0]}")


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add the options of how a file is read.

    >>> parser = argparse.ArgumentParser()
    >>> add_reading(parser)
    >>> reading(parser.parse_args(["--where", "visit=2", "--contrast", "A"])).where
    (('visit', '2'),)
    """
    group = parser.add_argument_group("how a file is read")
    group.add_argument("--comparator", metavar="NAME", help=COMPARATOR)
    group.add_argument("--sheet", metavar="NAME", help="the sheet of a spreadsheet (the first)")
    group.add_argument(
        "--contrast", metavar="NAME", help="of a table with several: its name, or the header of its value"
    )
    what = "divide two columns of levels, or two samples of a table of levels, by their names"
    group.add_argument("--ratio", metavar="A/B", help=what)
    group.add_argument("--sample", metavar="NAME", help="of a matrix of ratios, the sample that is read")
    group.add_argument(
        "--where", action="append", default=[], type=_pair, metavar="COLUMN=VALUE",
        help="only the rows of one sample, visit, cluster ...; may be given several times",
    )  # fmt: skip
    whose = "whose genes the symbols are: those of the mouse are read by their human orthologues"
    group.add_argument("--species", choices=("human", "mouse"), help=whose)


def add_tracks(parser: argparse.ArgumentParser) -> None:
    """Add the options of what target genes say.

    >>> parser = argparse.ArgumentParser()
    >>> add_tracks(parser)
    >>> parser.parse_args([]).signals
    'own'
    """
    group = parser.add_argument_group("what the target genes of a whole table say")
    matrix = "a matrix of genes and cytokines of your own: which cytokine acts, by its target genes"
    group.add_argument("--signatures", type=Path, metavar="FILE", help=matrix)
    track = "which cytokines rank the drugs: raised by their own transcripts (own), or active by signatures"
    group.add_argument("--signals", choices=("own", "signature"), default="own", help=track)
    group.add_argument(
        "--correlation", type=correlation, metavar="R", help="correlation between target genes of a signal (0.05)"
    )


def reading(options: argparse.Namespace) -> "Reading":
    """Return how a file is to be read.

    >>> parser = argparse.ArgumentParser()
    >>> add_reading(parser)
    >>> reading(parser.parse_args([])).contrast is None
    True
    """
    from kg.profiles.choices import Reading

    return Reading(
        comparator=options.comparator, sheet=options.sheet, contrast=options.contrast, ratio=options.ratio,
        sample=options.sample, where=tuple(options.where), species=options.species,
    )  # fmt: skip


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is no pair: write COLUMN=VALUE, as in visit=2")
    return name.strip(), value.strip()


def limits() -> str:
    """Return how large a file can be, for the help of a command.

    >>> limits().splitlines()[0]
    'limits: a table of 200,000,000 bytes unpacked and 1,000 columns; JSON and YAML of 5,000,000'
    """
    from kg.profiles.sheet import WIDEST
    from kg.profiles.tabular import BIGGEST, LARGEST

    return f"limits: a table of {LARGEST:,} bytes unpacked and {WIDEST:,} columns; JSON and YAML of {BIGGEST:,}"


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the options of the calculus.

    >>> parser = argparse.ArgumentParser()
    >>> add_settings(parser)
    >>> parser.parse_args(["--require", "any"]).threshold
    Decimal('100')
    """
    group = parser.add_argument_group("how it is computed")
    add_threshold(group)
    how = "how to score a receptor when only some of its kinases are inhibited (share)"
    group.add_argument("--require", choices=("share", "any", "all"), default="share", help=how)
    add_raised(group)
    significant = "adjusted p value up to which a stated difference is significant (0.05)"
    group.add_argument("--fdr", type=probability, default="0.05", metavar="P", help=significant)
    without = "leave out bounds that are derived from a selectivity ratio"
    group.add_argument("--no-derived", dest="derived", action="store_false", help=without)


def add_threshold(parser: argparse._ActionsContainer) -> None:
    """Add the threshold in nM.

    >>> parser = argparse.ArgumentParser()
    >>> add_threshold(parser)
    >>> parser.parse_args(["--threshold", "50"]).threshold
    Decimal('50')
    """
    inhibited = "IC50 at or below this counts as inhibited (100)"
    parser.add_argument("--threshold", type=positive, default="100", metavar="nM", help=inhibited)


def add_raised(parser: argparse._ActionsContainer) -> None:
    """Add the ratio from which a cytokine is raised.

    >>> parser = argparse.ArgumentParser()
    >>> add_raised(parser)
    >>> parser.parse_args([]).raised
    Decimal('1.5')
    """
    raised = "fold change at or above which a cytokine counts as raised (1.5)"
    parser.add_argument("--raised", type=above_one, default="1.5", metavar="RATIO", help=raised)


def settings(options: argparse.Namespace) -> m.Settings:
    """Return the settings of the calculus that were given.

    >>> parser = argparse.ArgumentParser()
    >>> add_settings(parser)
    >>> settings(parser.parse_args(["--no-derived"])).derived
    False
    """
    return m.Settings(
        threshold=options.threshold,
        require=options.require,
        raised=options.raised,
        fdr=options.fdr,
        derived=options.derived,
    )


def show(form: str, document: "Callable[[], Document]", values: Callable[[], object] | None = None) -> int:
    """Print a result in a form and return exit code 0; ``values`` are its JSON where that is a contract of its own.

    >>> from kg.document.blocks import Document
    >>> show("json", lambda: Document("Drugs", []), lambda: ["tofacitinib"])
    [
      "tofacitinib"
    ]
    0
    """
    text: str
    if form == "json":
        import json

        if values is None:
            from kg.document import data

            found: object = data.to_dict(document())
        else:
            found = values()
        text = json.dumps(found, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    elif form == "markdown":
        from kg.document import markdown

        text = markdown.text(document())
    elif form == "html":
        from kg.document import html

        text = html.page(document()) + "\n"
    else:
        import shutil

        from kg.document import terminal

        text = terminal.text(document(), shutil.get_terminal_size().columns)
    (exactly if form == "html" else sys.stdout.write)(text)
    return 0


def save(data: bytes, file: Path) -> None:
    """Write a file, the whole or nothing; Problems where it cannot be written.

    >>> save(b"", Path(__file__) / "file")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    kg.Problems: ...file: cannot be written (...): name a file in a folder of yours
    """
    from kg.model import files

    try:
        files.save(data, file)
    except OSError as error:
        raise Problems([files.unwritable(file, error)]) from None


def facts(given: Path | None) -> Path:
    """Return the folder of facts: the given one, else that of the checkout one stands in, else the installed one.

    >>> facts(None).name
    'facts'
    """
    from kg.rdf import store

    here = Path("ontology") / "facts"
    folder = given or (here if here.is_dir() else store.folder("ontology") / "facts")
    if not folder.is_dir():
        raise Problems([Problem(Place(folder), "there is no such folder", "give a folder with the files of facts")])
    return folder


# --- types of values --------------------------------------------------------------------------------------------------


def output(text: str) -> Path:
    """Return the path of a file that is to be written.

    >>> output("jak-kg.ttl").suffix
    '.ttl'
    """
    if text.endswith(("/", os.sep)):
        raise argparse.ArgumentTypeError(f"{text!r} ends as a folder does: name a file")
    return Path(text)


def number(text: str) -> Decimal:
    """Return a number of ordinary size.

    >>> number("1e2")
    Decimal('100')
    """
    try:
        found = Decimal(text) if text.isascii() and "_" not in text else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite() or abs(found.adjusted()) > 12:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number: write digits, as in 100 or 1.5")
    return Decimal(f"{found:f}")


def positive(text: str) -> Decimal:
    """Return a number above 0.

    >>> positive("0.5")
    Decimal('0.5')
    """
    if (found := number(text)) <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0: write a number such as 100")
    return found


def probability(text: str) -> Decimal:
    """Return a number from 0 to 1.

    >>> probability("0.05")
    Decimal('0.05')
    """
    if not 0 <= (found := number(text)) <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1: write a value such as 0.05")
    return found


def correlation(text: str) -> float:
    """Return a number from 0 to below 1.

    >>> correlation("0.05")
    0.05
    """
    if not 0 <= (found := number(text)) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no correlation between genes: write 0 to below 1, such as 0.05")
    return float(found)


def above_one(text: str) -> Decimal:
    """Return a number above 1.

    >>> above_one("1.5")
    Decimal('1.5')
    """
    if (found := number(text)) <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 1: write a ratio such as 1.5")
    return found


def count(text: str) -> int:
    """Return a whole number from 1 on.

    >>> count("3")
    3
    """
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a count: write 1 or more")
    return int(text)
