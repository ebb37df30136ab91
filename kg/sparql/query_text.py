"""The text of a query that we did not write: what is wrong in it, and what it must not ask for.

Oxigraph alone reads the text, also to see whether SERVICE, FROM or GRAPH is a keyword in it: the word is misspelt
wherever it stands, and a text that is no query any more had it as a keyword. So no two readers can differ.

>>> for problem in problems_in("SELECT * { SERVICE <https://a.org/> { ?a ?b ?c } }", "a.rq"):
...     print(problem)
a.rq:1: SERVICE <https://a.org/> would reach the network: ask the service itself, with --endpoint URL
>>> problems_in("SELECT ?service { ?service a 'LOAD' } # FROM", "a.rq")
[]
"""

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Store

from kg.model.errors import Place, Problem
from kg.model.vocabulary import PREFIXES
from kg.sandbox import limits

LEAVING: Final = re.compile("service|from|graph", re.IGNORECASE | re.ASCII)
"""Keywords of what leaves the graph, as they stand anywhere in a text."""
UPDATES: Final = frozenset("ADD CLEAR COPY CREATE DELETE DROP INSERT LOAD MOVE WITH".split())
PROLOGUE: Final = re.compile(
    r"(?:\s++|\#[^\r\n]*+|PREFIX\s++[^\s<:]*+:\s*+<[^>]*+>|BASE\s*+<[^>]*+>)*+(?P<first>[A-Z]*+)", re.IGNORECASE
)
"""What stands before the first word of a query, and this word."""


def problems_in(query: str, name: str) -> list[Problem]:
    r"""Return the problems of a text that is no query, or one that would leave the graph; it is not answered.

    To be called in a process without network, where there is such: only there a text with SERVICE is read as it is.

    >>> print(*problems_in("SELECT * { ?a foo:b ?c }", "a.rq"))
    a.rq:1:15: the prefix of 'foo:b' is not declared: add PREFIX foo: <...>
    >>> print(*problems_in("# a comment\nLOAD <file:///etc/hostname>", "a.rq"))
    a.rq:2: LOAD would change the graph: kg query only asks; a file is given with --graph
    """
    error = _error(_misspelt(query))
    if error is None:
        return []
    if found := refused(query, name):
        return found
    if LEAVING.search(query):
        if not limits.OFFLINE:  # not even to be told apart is it read with such a word
            what = "this is not valid SPARQL, or it says SERVICE, FROM or GRAPH"
            return [Problem(Place(name), what, "fix it; a query here calls no service, and there is one graph")]
        error = _error(query) or error
    return [malformed(query, name, error)]


def refused(query: str, name: str) -> list[Problem]:
    """Return the problems of a text that would leave the graph or change it; none of one that Oxigraph cannot read.

    To be called where :func:`problems_in` is.

    >>> refused("SELECT * { SERVICE ?x {} }", "a.rq")[0].what, refused("DEFINE x SELECT * {}", "a.rq")
    ('SERVICE would reach the network', [])
    """
    first = PROLOGUE.match(query)
    if first and first["first"].upper() in UPDATES:
        place = Place(name, query.count("\n", 0, first.start("first")) + 1)
        what = f"{first['first'].upper()} would change the graph"
        return [Problem(place, what, "kg query only asks; a file is given with --graph")]
    reads = limits.OFFLINE and LEAVING.search(query) and _error(query) is None
    return list(_leaving(query, name)) if reads else []


def _error(query: str) -> str | None:
    """Return what Oxigraph says of a text that is no query; None of one that is."""
    query = query.replace("https:", "httpz:")  # it ends the process where it finds no certificates
    for text in (query, query + " " * 40):  # else a keyword that the parser tries at the end says nothing of where
        try:
            Store().query(text)
        except SyntaxError as error:
            said = str(error)
        except Exception:  # it was read: what it does then, such as look for a network, fails or not
            return None
        else:
            return None
    return said


def _misspelt(query: str, word: str = "", after: int = 0) -> str:
    """Return a text of the same length in which each word of LEAVING, or this one behind a place, is none any more."""

    def other(match: re.Match[str]) -> str:
        if match.start() < after or (word and match[0].lower() != word):
            return match[0]
        return ("z" if match[0][0].islower() else "Z") + match[0][1:]

    return LEAVING.sub(other, query)


def _leaving(query: str, name: str) -> Iterator[Problem]:
    """Yield the problem with each keyword of a valid query that would leave the graph; of the same ones the last."""
    for word in sorted({match.lower() for match in LEAVING.findall(query)}, reverse=True):
        places = [match.end() for match in LEAVING.finditer(query) if match[0].lower() == word]
        low, high = (
            -1,
            len(places) - 1,
        )  # with the places up to high as they are it is a query, with those up to low none
        if _error(_misspelt(query, word)) is None:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            if _error(_misspelt(query, word, after=places[middle])) is None:
                high = middle
            else:
                low = middle
        behind = re.compile(r"\s*(?:SILENT|NAMED)?\s*(<[^<>\s]*>)", re.IGNORECASE).match(query, places[high])
        target = behind[1] if behind else ""
        shown = f"{word.upper()} {target if len(target) <= 200 else f'{target[:200]} ...'}".strip()
        place = Place(name, query.count("\n", 0, places[high]) + 1)
        if word == "service":
            yield Problem(place, f"{shown} would reach the network", "ask the service itself, with --endpoint URL")
        else:
            what = f"{shown}: there is one graph, without a name, and nothing else is opened"
            yield Problem(place, what, f"drop the {word.upper()}; another graph is given with --graph FILE")


def malformed(query: str, name: str, error: str) -> Problem:
    """Return the problem of a query that cannot be parsed, with line and column, from Oxigraph's message on it.

    The message names where the parser got furthest, which is beyond each keyword that it tried there.

    >>> print(malformed("SELECT * WHERE { ?a ?b ?c FILTR(?a) }", "a.rq", "error at 1:35: expected OPTIONAL"))
    a.rq:1:27: this is not valid SPARQL from 'FILTR(?a) }' on: fix the line 'SELECT * WHERE { ?a ?b ?c FILTR(?a) }'
    >>> print(malformed("SELECT * { ?a foo:b ?c }", "a.rq", "error at 1:20: expected one of Prefix not found, ['%']"))
    a.rq:1:15: the prefix of 'foo:b' is not declared: add PREFIX foo: <...>
    """
    query = query.rstrip()
    match = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", error, re.DOTALL)
    lines = query.split("\n")
    at = sum(len(line) + 1 for line in lines[: int(match[1]) - 1]) + int(match[2]) - 1 if match else 0
    tried = re.split(r", (?![^\[]*\])", match[3]) if match else []
    if "Prefix not found" in tried:
        found = re.search(r"([\w.-]*):[\w.:%-]*$", query[max(0, at - 200) : at])
        at -= len(found[0]) if found else 0
        prefix = found[1] if found else ""
        what = f"the prefix of {found[0] if found else ''!r} is not declared"
        return Problem(_at(query, name, at), what, f"add PREFIX {prefix}: <{PREFIXES.get(prefix, '...')}>")
    keywords = [word for word in tried if word.isidentifier()]
    said = [words for words in tried if words.count(" ") > 2 and words[0].isalpha()]
    if keywords and len(keywords) + ("[_]" in tried) == len(tried):
        at -= min(map(len, keywords))
    at = min(at, len(query))
    place = _at(query, name, at)
    line = query[:at].count("\n")
    rest = " ".join(query[at:].split())[:40]
    where = f": {said[0]}" if said else f" from {rest!r} on" if rest else " at its end"
    shown = lines[min(line, len(lines) - 1)]
    shown = shown if len(shown) <= 80 else f"{shown[:80]} ..."
    return Problem(place, f"this is not valid SPARQL{where}", f"fix the line {shown!r}")


def _at(query: str, name: str, offset: int) -> Place:
    before = query[:offset]
    return Place(f"{name}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}")
