"""The command ``kg query``: the library of questions, or a user's own query, put to a graph or to a SPARQL server.

>>> command(["--list", "prior_treatments_of"])
prior_treatments_of_case --case kg:khurana-2025-1
    What was tried before in the case, and what did it do?
"""

import os
import re
import select
import shutil
import stat
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kg.cli.printing import exactly
from kg.document.terminal import folded
from kg.model.errors import Place, Problem, Problems
from kg.model.files import read_bytes
from kg.model.names import near
from kg.rdf import shipped
from kg.sandbox.worker import TIMEOUT
from kg.sparql import formats, library
from kg.sparql.address import Address, bare
from kg.sparql.endpoint import Endpoint
from kg.sparql.own_query import OwnQueries
from kg.sparql.query import for_server

USAGE: Final = """\
usage: kg query --list [WORD]                       the questions, or those with a word; 'checks' or 'report': rules
       kg query NAME [--PARAMETER VALUE ...]        a question; kg query NAME --help says what it takes
       kg query FILE.rq | -                         a query of your own, from a file or from standard input
       kg query --export DIR [--endpoint URL]       the questions as data: DIR/queries.ttl (RDF), DIR/grlc/NAME.rq

  --format FORMAT      table, csv, tsv, json, markdown; sparql-json, sparql-xml; turtle, ntriples, rdfxml, jsonld
  --graph FILE         another graph (.ttl or .nt)
  --endpoint URL       a SPARQL 1.1 server instead; no proxy is used; https://user:password@host/... is never shown
  --timeout SECONDS    from reading the query to its answer in text; for a query of your own and for a server (30)

examples:
  kg query routes_of_cytokines --format csv
  kg query mine.rq --timeout 5
"""
FOR_PROGRAMS: Final = {"csv", "tsv", "sparql-xml", "turtle", "ntriples", "rdfxml"}
"""Formats that may not have the escapes of JSON: printed as they are, but to a terminal."""
LONGEST_QUERY: Final = 1_000_000
"""Bytes that a query may have."""


def command(words: Sequence[str]) -> None:
    """Do what the words after ``kg query`` say, and print it; Problems where they are wrong.

    >>> command(["stats_of_cytokines", "--format", "xml"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    kg.Problems: --format: 'xml' is not a format: write one of table, csv, tsv, json, markdown, sparql-json, ...
    """
    width = shutil.get_terminal_size().columns
    if not words or words[0] == "--list":
        _list(" ".join(words[1:]), width)
    elif words[0] in ("-h", "--help"):
        print(USAGE, end="")
    elif words[0] == "--export":
        _export(words[1:])
    elif words[0].startswith("--"):
        raise Problems([Problem(Place(words[0]), "the name of the question comes first", "see kg query --help")])
    elif {"-h", "--help"} & set(words[1:]):
        _explain(_question(words[0]), width)
    else:
        _ask(words[0], _options(words[1:]), width)


def _list(word: str, width: int) -> None:
    rules = {"checks": library.names(checks=True), "report": library.names(report=True)}
    names = rules.get(word) or library.names(word)
    if not names:
        raise Problems([Problem(Place("--list"), f"no question has {word!r} in it", "kg query --list shows them all")])
    for name in names:
        found = library.load(name)
        print(name, *(_usage(param) for param in found.params))
        print(folded(f"    {found.summary}", width))


def _export(words: Sequence[str]) -> None:
    from kg.model.files import save, unwritable
    from kg.sparql import catalogue

    folder, options = "".join(words[:1]), _options(words[1:])
    (url,) = options.pop("endpoint", [None])
    if not folder or folder.startswith("--") or options:
        what = "it takes a folder, and no more than a server"
        raise Problems([Problem(Place("--export"), what, "see kg query --help")])
    if url and not Address.of(url).is_bare:
        what = "a user, a password or parameters would be written to the files"
        raise Problems([Problem(Place(bare(url)), what, "give the address without them")])
    files = catalogue.files(url)
    for name, text in files.items():
        file = Path(folder, name)
        try:
            save(text.encode(), file)
        except (FileExistsError, NotADirectoryError):
            what = "a file stands where a folder should"
            there = file.parent if Path(folder).is_dir() else Path(folder)
            raise Problems([Problem(Place(there), what, "name another folder")]) from None
        except OSError as error:
            raise Problems([unwritable(file, error, remedy="name a folder of yours")]) from None
    print(f"{folder}: {len(files)} files: queries.ttl, and a file for grlc for each question")


def _usage(param: library.Param) -> str:
    return f"[--{param.name} {param.example}]" if param.optional else f"--{param.name} {param.example}"


def _explain(found: library.Query, width: int) -> None:
    print(*(folded(line, width) for line in (found.summary, found.description) if line), sep="\n")
    for param in found.params:
        kind = f"a {param.kind.partition(':')[2]}" if ":" in param.kind else param.kind
        print(folded(f"  --{param.name}  {kind}, {'else' if param.optional else 'as in'} {param.example}", width))


def _options(words: Sequence[str]) -> dict[str, list[str]]:
    """Return the options ``--name value`` or ``--name=value``, each with its values."""
    options: dict[str, list[str]] = {}
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if not name.startswith("--"):
            raise Problems(
                [Problem(Place(bare(word)), "this is not an option of a question", "write --parameter value")]
            )
        found = value if equals else next(rest, None)
        if found is None:
            raise Problems([Problem(Place(word), "it has no value", "write --parameter value")])
        options.setdefault(name[2:], []).append(found)
    for name, values in options.items():
        if len(values) > 1:
            raise Problems([Problem(Place(f"--{name}"), f"it is given {len(values)} times", "give it once")])
    return options


def _ask(name: str, options: dict[str, list[str]], width: int) -> None:
    start = time.monotonic()
    if "allow-service" in options:
        what = "a query of yours reaches no network, so it calls no service"
        raise Problems([Problem(Place("--allow-service"), what, "ask the service itself, with --endpoint URL")])
    form, file, url, seconds = (options.pop(key, [None])[0] for key in ("format", "graph", "endpoint", "timeout"))
    values = {key: value for key, (value,) in options.items()}
    timeout = _seconds(seconds)
    if form is not None and form not in formats.FORMATS:
        what = f"{form!r} is not a format"
        raise Problems([Problem(Place("--format"), what, f"write one of {', '.join(formats.FORMATS)}")])
    if file is not None and "://" in file:
        raise Problems([Problem(Place(bare(file)), "this is an address, not a file", "give it with --endpoint")])
    if url is not None and file is not None:
        raise Problems([Problem(Place("--endpoint"), "a graph file is given too", "give one of the two")])
    called, text = _own_text(name, until=start + timeout) if own(name) else (name, library.load(_no_query(name)).text)
    if url is not None:
        server = Endpoint(url, timeout=timeout)
        text = for_server(library.parse(called, text, own=True), server, values, own=own(name))
        printed, count = server.written(text, form=form, width=width)
        url = server.url
    elif own(name) or file is not None or seconds is not None:
        if file is None:
            graph = OwnQueries(shipped.store())
        else:
            graph = OwnQueries.of_file(Path(file), timeout=timeout, since=start)
        printed, count = graph.written(
            text, name=called, values=values, form=form, width=width, timeout=timeout, since=start
        )
    else:
        store = shipped.store()
        printed, count = formats.written(store.query(library.load(name).bound(store, **values)), form, width)
    (exactly if form in FOR_PROGRAMS else sys.stdout.write)(printed)
    if not count:
        sys.stdout.flush()
        said = "no fault in" if called.startswith((library.CHECKS, library.REPORT)) else "nothing answers this in"
        print(f"{called}: {said} {url or file or 'the graph'}", file=sys.stderr)


def _seconds(text: str | None) -> float:
    if text is None:
        return TIMEOUT
    if not re.fullmatch(r"\d{1,6}(\.\d{1,3})?", text, re.ASCII) or not float(text):
        raise Problems([Problem(Place("--timeout"), f"{text!r} is not a number of seconds", "write digits, as in 30")])
    return float(text)


def own(name: str) -> bool:
    """Return whether a name is that of a file or of standard input, not of a question of the library.

    >>> own("cases"), own("cases.rq"), own("-"), own("checks/quote_too_long")
    (False, True, True, False)
    """
    return name == "-" or name.endswith((".rq", ".sparql"))


def _question(name: str) -> library.Query:
    return library.parse(*_own_text(name), own=True) if own(name) else library.load(_no_query(name))


def _no_query(name: str) -> str:
    """Return the name of a question; Problems where it is the text of a query, or an address."""
    if "{" in name:
        raise Problems([Problem(Place("kg query"), "this is a query, no name", "pipe it in: echo '...' | kg query -")])
    if "://" in name:
        raise Problems([Problem(Place(bare(name)), "this is an address, not a question", "give it with --endpoint")])
    return name


def _standard_input(until: float | None) -> bytes:
    """Return what is piped in, as much as a query may have; Problems where it does not end in time."""
    stream = sys.stdin.buffer
    try:
        waits = stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode) and os.name == "posix"
    except OSError:  # no file of the system
        waits = False
    data = b""
    while waits and len(data) <= LONGEST_QUERY:
        if not select.select([stream], [], [], until and max(until - time.monotonic(), 0))[0]:
            what = "the query was not all there in time"
            raise Problems([Problem(Place("standard input"), what, "give it longer with --timeout SECONDS")])
        if not (more := os.read(stream.fileno(), LONGEST_QUERY)):
            return data
        data += more
    return data or stream.read(LONGEST_QUERY + 1)


def _own_text(name: str, *, until: float | None = None) -> tuple[str, str]:
    """Return where a query of the user's own stands, for messages, and its text; ``until`` is of time.monotonic."""
    place = Place("standard input" if name == "-" else name)
    if name == "-":
        data = _standard_input(until) if sys.stdin else b""
    else:
        close = near(name.removesuffix(".rq"), library.names())
        remedy = f"fix the path, or leave out .rq for the question {close[0]}" if close else "fix the path"
        data = read_bytes(Path(name), remedy=remedy, largest=LONGEST_QUERY)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problems(
            [Problem(place, f"this is not valid UTF-8 (byte {error.start + 1})", "save it as UTF-8")]
        ) from None
    if len(data) > LONGEST_QUERY:
        raise Problems([Problem(place, f"it is longer than {LONGEST_QUERY:,} bytes", "ask in several queries")])
    return str(place), text
