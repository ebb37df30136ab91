"""The patient that a user names: a case of the graph, a file (a phenopacket too), or standard input.

>>> import kg
>>> case(kg.open(), "kg:khurana-2025-1")
'khurana-2025-1'
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from kg.model.errors import Place, Problem, Problems
from kg.model.files import read_bytes
from kg.model.names import near
from kg.profiles import profile
from kg.profiles.choices import AS_WRITTEN, Reading
from kg.sparql.graph import OpenGraph

if TYPE_CHECKING:
    from kg.profiles.found import Found


def case(graph: OpenGraph, text: str) -> str:
    """Return the local name of a case; Problems names the nearest where there is none of that name.

    >>> import kg
    >>> case(kg.open(), "khurana-2025-11")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    kg.Problems: khurana-2025-11: there is no such case: the nearest are khurana-2025-1, ...
    """
    name = text.removeprefix("kg:")
    if not graph.is_instance(name, "jak:Case"):
        nearest = _nearest(name, graph.instances("jak:Case"))
        raise Problems([Problem(Place(text), "there is no such case", f"the nearest are {nearest}")])
    return name


def patient(graph: OpenGraph, given: object, *, reading: Reading = AS_WRITTEN) -> profile.Profile:
    """Return the profile of a patient: a profile, a case, a file, or values as :mod:`kg.profiles.given` takes them.

    >>> import kg
    >>> patient(kg.open(), "khurana-2025-1").case, patient(kg.open(), {"IL-21": 2, "comparator": "healthy skin"}).case
    ('khurana-2025-1', None)
    """
    if isinstance(given, profile.Profile):
        return given
    if isinstance(given, str | Path):
        return read(graph, str(given), reading=reading)
    from kg.profiles import assembly

    return assembly.assemble(graph, found_in(graph, given, reading), say="comparator=NAME")


def found_in(graph: OpenGraph, given: object, reading: Reading) -> "Found":
    """Return what a file, or values of Python, hold, before names and values are checked; Problems for no table.

    >>> import kg
    >>> found_in(kg.open(), {"IL-21": 2.33}, AS_WRITTEN).understood.rows
    1
    """
    if isinstance(given, str | Path):
        file, data = content(graph, str(given))
        return _found(graph, file or Path("standard input"), data, reading)
    from kg.profiles import given as values

    return values.found_in(graph, given, reading)


def named(graph: OpenGraph, words: Sequence[str], *, reading: Reading = AS_WRITTEN) -> profile.Profile:
    """Return the profile that words of a command line name: one case, one file, or values such as ``IL-21=3.1``.

    Raises Problems for words that are neither.

    >>> import kg
    >>> found = named(kg.open(), ["IL-21=3.1", "TNF=raised"], reading=Reading(comparator="healthy-control-skin"))
    >>> [(signal.cytokine, str(signal.ratio), signal.reported) for signal in found.signals]
    [('il21', '3.1', None), ('tnf', 'None', 'raised')]
    """
    if len(words) == 1 and ("=" not in words[0] or graph.is_instance(words[0].removeprefix("kg:"), "jak:Case")):
        return read(graph, words[0], reading=reading)
    if len(words) == 1 and os.path.exists(words[0]):
        return read(graph, words[0], reading=reading)
    problems, rows = [], []
    for word in words:
        name, _, value = word.rpartition("=")
        if not name.strip() or not value.strip():
            from kg.profiles import tabular

            what = "this is no value, and several cases or files are not one patient"
            problems.append(Problem(Place(tabular.shown(word)), what, "write CYTOKINE=RATIO, as in IL-21=3.1"))
        column = "direction" if value.strip()[:1].isalpha() else "ratio"
        rows.append({"cytokine": name.strip(), column: value.strip()})
    if problems:
        raise Problems(problems)
    from kg.profiles.given import of_values

    return of_values(graph, rows, reading=reading, say="--comparator NAME")


def read(graph: OpenGraph, text: str, *, reading: Reading = AS_WRITTEN) -> profile.Profile:
    """Return the profile of a case of the graph, of a file, or of standard input (``-``).

    ``reading`` says how a file is to be read, and what every ratio of it is against. Raises Problems where there is
    neither a case nor a file of that name, and for all that is wrong in a file.

    >>> import kg
    >>> [signal.label for signal in read(kg.open(), "khurana-2025-1").signals]
    ['IFN-gamma', 'IL-15', 'IL-21']
    """
    if graph.is_instance(name := text.removeprefix("kg:"), "jak:Case"):
        if reading != AS_WRITTEN:
            option = next(f"--{one.name}" for one in fields(reading) if getattr(reading, one.name))
            what = "a case of the graph " + ("has its own comparator" if reading.comparator else "is no file")
            raise Problems([Problem(Place(option), what, "leave it out, or give a file")])
        return profile.of_case(graph, name)
    from kg.profiles import assembly

    return assembly.assemble(graph, found_in(graph, text, reading))


def content(graph: OpenGraph, text: str) -> tuple[Path | None, bytes]:
    """Return a file and its content, None for standard input; Problems names near cases where there is no such file.

    >>> import kg
    >>> content(kg.open(), "none.csv")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    kg.Problems: none.csv: there is neither a case nor a file of this name: the nearest cases are ...
    """
    from kg.profiles import tabular

    if text == "-":
        if sys.stdin is None:
            raise Problems([Problem(Place("standard input"), "it is closed", "give a file, or pipe one in")])
        return None, sys.stdin.buffer.read(tabular.LARGEST + 1)
    file = Path(text)
    try:
        folder = file.is_dir()
        readable = file.exists() and not folder
    except OSError:  # such as a name that is too long
        folder = readable = False
    if not readable:
        what = "this is a folder" if folder and text else "there is neither a case nor a file of this name"
        place = Place(text if 0 < len(text) <= 200 else tabular.shown(text))
        near_cases = _nearest(text.removeprefix("kg:"), graph.instances("jak:Case"))
        raise Problems([Problem(place, what, f"the nearest cases are {near_cases}")])
    return file, read_bytes(file, remedy="fix its permissions", largest=tabular.LARGEST)


def _found(graph: OpenGraph, name: Path, data: bytes, reading: Reading) -> "Found":
    """Return what a phenopacket holds, or any other file."""
    from kg.profiles import tabular

    if (text := tabular.json_object(name, data)) is not None:
        from kg.profiles import phenopacket

        if found := phenopacket.found_in(graph, name, text, reading=reading):
            return found
    from kg.profiles import reading as tables
    from kg.profiles.grounding import Names

    problems: list[Problem] = []
    sheet = tables.sheet_of(name, data, problems, sheet=reading.sheet)
    return tables.found_in(graph.once(Names), sheet, reading, problems)


def _nearest(name: str, cases: Sequence[str]) -> str:
    return ", ".join(near(name, cases, cutoff=0.4) or cases)
