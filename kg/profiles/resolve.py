"""The patient that a user names: a case of the graph, a file (a phenopacket too), or standard input.

>>> import kg
>>> case(kg.open(), "kg:khurana-2025-1")
'khurana-2025-1'
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from kg.model.errors import Place, Problem, Problems
from kg.model.files import read_bytes
from kg.model.names import near
from kg.profiles import profile, tabular
from kg.sparql.graph import OpenGraph


def case(graph: OpenGraph, text: str) -> str:
    """Return the local name of a case; Problems names the nearest where there is none of that name.

    >>> import kg
    >>> case(kg.open(), "khurana-2025-11")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    kg.Problems: khurana-2025-11: there is no such case: the nearest are khurana-2025-1, ...
    """
    cases = graph.instances("jak:Case")
    name = text.removeprefix("kg:")
    if name not in cases:
        raise Problems([Problem(Place(text), "there is no such case", f"the nearest are {_nearest(name, cases)}")])
    return name


def patient(graph: OpenGraph, given: object, *, comparator: str | None = None) -> profile.Profile:
    """Return the profile of a patient: a profile, a case, a file, or values as :mod:`kg.profiles.given` takes them.

    >>> import kg
    >>> patient(kg.open(), "khurana-2025-1").case, patient(kg.open(), {"IL-21": 2, "comparator": "healthy skin"}).case
    ('khurana-2025-1', None)
    """
    if isinstance(given, profile.Profile):
        return given
    if isinstance(given, str | Path):
        return read(graph, str(given), comparator=comparator)
    from kg.profiles.given import of_values

    return of_values(graph, given, comparator=comparator)


def named(graph: OpenGraph, words: Sequence[str], *, comparator: str | None = None) -> profile.Profile:
    """Return the profile that words of a command line name: one case, one file, or values such as ``IL-21=3.1``.

    Raises Problems for words that are neither.

    >>> import kg
    >>> found = named(kg.open(), ["IL-21=3.1", "TNF=raised"], comparator="healthy-control-skin")
    >>> [(signal.cytokine, str(signal.ratio), signal.reported) for signal in found.signals]
    [('il21', '3.1', None), ('tnf', 'None', 'raised')]
    """
    if len(words) == 1 and ("=" not in words[0] or words[0].removeprefix("kg:") in graph.instances("jak:Case")):
        return read(graph, words[0], comparator=comparator)
    if len(words) == 1 and os.path.exists(words[0]):
        return read(graph, words[0], comparator=comparator)
    problems, rows = [], []
    for word in words:
        name, _, value = word.rpartition("=")
        if not name.strip() or not value.strip():
            what = "this is no value, and several cases or files are not one patient"
            problems.append(Problem(Place(tabular.shown(word)), what, "write CYTOKINE=RATIO, as in IL-21=3.1"))
        column = "direction" if value.strip()[:1].isalpha() else "ratio"
        rows.append({"cytokine": name.strip(), column: value.strip()})
    if problems:
        raise Problems(problems)
    from kg.profiles.given import of_values

    return of_values(graph, rows, comparator=comparator, where="--comparator NAME")


def read(graph: OpenGraph, text: str, *, comparator: str | None = None) -> profile.Profile:
    """Return the profile of a case of the graph, of a file, or of standard input (``-``).

    ``comparator`` is what every ratio of a file is against. Raises Problems where there is neither a case nor a file of
    that name, and for all that is wrong in a file.

    >>> import kg
    >>> [signal.label for signal in read(kg.open(), "khurana-2025-1").signals]
    ['IFN-gamma', 'IL-15', 'IL-21']
    """
    if text == "-":
        if sys.stdin is None:
            raise Problems([Problem(Place("standard input"), "it is closed", "give a file, or pipe one in")])
        return _read(graph, None, sys.stdin.buffer.read(tabular.BIGGEST + 1), comparator)
    cases = graph.instances("jak:Case")
    name = text.removeprefix("kg:")
    if name in cases:
        if comparator:
            what = "a case of the graph has its own comparator"
            raise Problems([Problem(Place("--comparator"), what, "leave it out, or give a file")])
        return profile.of_case(graph, name)
    file = Path(text)
    try:
        folder = file.is_dir()
        readable = file.exists() and not folder
    except OSError:  # such as a name that is too long
        folder = readable = False
    if not readable:
        what = "this is a folder" if folder and text else "there is neither a case nor a file of this name"
        place = Place(text if 0 < len(text) <= 200 else tabular.shown(text))
        raise Problems([Problem(place, what, f"the nearest cases are {_nearest(name, cases)}")])
    data = read_bytes(file, remedy="fix its permissions", largest=tabular.BIGGEST)
    return _read(graph, file, data, comparator)


def _read(graph: OpenGraph, file: Path | None, data: bytes, comparator: str | None) -> profile.Profile:
    """Return the profile of a phenopacket, or of any other file."""
    name = file or Path("standard input")
    text = tabular.text_of(name, data)
    if text.lstrip().startswith("{"):
        from kg.profiles import phenopacket

        if found := phenopacket.profile_of(graph, name, text, comparator=comparator):
            return found
    return profile.read(graph, file, data, comparator=comparator)


def _nearest(name: str, cases: Sequence[str]) -> str:
    return ", ".join(near(name, cases, cutoff=0.4) or cases)
