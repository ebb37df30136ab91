"""How a file is understood, before any answer: what ``kg inspect`` prints.

>>> import kg
>>> found = inspect(kg.open(), {"IL-21": 3, "TNF": 2})
>>> found.understood.form, found.problems[0].what
('values of Python', 'the comparator is missing, so nobody knows what was compared')
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.document.blocks import Document, Notes, Paragraph, Section, Table, listed
from kg.model.errors import Place, Problem, Problems
from kg.profiles import gene_table, resolve, target_genes
from kg.profiles.activity import Activity, activity
from kg.profiles.assembly import assemble
from kg.profiles.choices import AS_WRITTEN, Reading
from kg.profiles.profile import Profile
from kg.profiles.understood import Understood
from kg.sparql.graph import OpenGraph

DIRECTIONS = ("raised", "lowered", "unchanged", "not significant")
ANY = "a comparator"
"""What stands in for a comparator that is not said, so that all else can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """How a file is understood, the profile that it gives, and the problems for which ``kg ask`` refuses it.

    ``profile`` is None where another problem than a missing comparator stands in the way.
    """

    title: str
    understood: Understood
    profile: Profile | None
    comparator: str | None
    problems: tuple[Problem, ...] = ()
    activity: Activity | None = None
    """What its target genes say, None for what is no whole table of genes."""

    def directions(self) -> dict[str, list[str]]:
        """Return each direction that a cytokine has, with their labels.

        >>> import kg
        >>> inspect(kg.open(), {"IL-21": 3, "comparator": "healthy skin"}).directions()
        {'raised': ['IL-21']}
        """
        signals = self.profile.signals if self.profile else ()
        found = {word: [one.label for one in signals if one.direction() == word] for word in DIRECTIONS}
        return {word: labels for word, labels in found.items() if labels}

    def tracks(self) -> dict[str, bool]:
        """Return which of the two can be answered: cytokines by their own level, and signals by target genes.

        >>> import kg
        >>> inspect(kg.open(), {"IL-21": 3}).tracks()
        {'own transcript or protein': True, 'activity from target genes': False}
        """
        return {
            "own transcript or protein": bool(self.profile and self.profile.signals),
            "activity from target genes": self.activity is not None and self.activity.p is not None,
        }

    @property
    def notes(self) -> list[str]:
        """What is said beside, without what is said of a comparator that was not given."""
        said = self.profile.notes if self.profile else self.understood.notes
        return [note for note in said if repr(ANY) not in note]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values.

        >>> import kg
        >>> inspect(kg.open(), {"IL-21": 3}).to_dict()["comparator"] is None
        True
        """
        return {
            "file": self.title,
            **self.understood.to_dict(),
            "comparator": self.comparator,
            "directions": self.directions(),
            "not_measured": list(self.profile.not_measured) if self.profile else [],
            "tracks": self.tracks(),
            "not_testable": self.activity.why if self.activity and self.activity.why else None,
            "notes": self.notes,
            "problems": [{"place": str(one.place), "what": one.what, "remedy": one.remedy} for one in self.problems],
        }


def inspect(graph: OpenGraph, given: object, *, reading: Reading = AS_WRITTEN) -> Inspection:
    """Return how a file, or values of Python, are understood.

    Raises Problems for what is no table, JSON or YAML; any other problem is among ``problems``.

    >>> import kg
    >>> inspect(kg.open(), [{"cytokine": "IL-21", "ratio": "x", "comparator": "own skin"}]).problems[0].what
    "ratio 'x' is not a number"
    """
    if isinstance(given, Profile) or (
        isinstance(given, str)
        and graph.is_instance(given.removeprefix("kg:"), "jak:Case")
        and not os.path.exists(given)
    ):
        raise Problems(
            [Problem(Place("inspect"), "a case of the graph is no file", "give a file; kg ask shows a case")]
        )
    title = str(given) if isinstance(given, str | Path) else "patient"
    say = "--comparator NAME" if isinstance(given, str | Path) else "comparator=NAME"
    found = resolve.found_in(graph, given, reading)
    problems: list[Problem] = []
    made = None
    try:
        made = assemble(graph, found, say=say)
    except Problems as error:
        problems += error.problems
        try:
            made = assemble(graph, replace(found, said=found.said or [(Place("comparator"), ANY)]))
        except Problems:
            made = None
    understood = replace(made.understood if made and made.understood else found.understood, notes=tuple(found.notes))
    signal = None
    try:
        signal = _activity(made)
    except Problems as error:
        problems += error.problems
    comparator = None if made is None or made.comparator == ANY else made.comparator_label
    return Inspection(title=title, understood=understood, profile=made, comparator=comparator, problems=tuple(problems),
        activity=signal,
    )  # fmt: skip


def _activity(made: Profile | None) -> Activity | None:
    table = gene_table.read(made.table) if made else None
    if table is None:
        return None
    found, why = table
    values, untested = (found.values, found.untested) if found else ({}, "")
    return activity(values, target_genes.shipped(), untested=untested, unfit=why)


def document(found: Inspection) -> Document:
    """Return an inspection for a reader.

    >>> import kg
    >>> document(inspect(kg.open(), {"IL-21": 3})).title
    'How is patient understood?'
    """
    seen = found.understood
    rows = [["format", seen.form + (f", header in line {seen.line}" if seen.line else "")]]
    rows += [[f"column {header or '(first)'}", role] for header, role in seen.used.items()]
    rows += [["not read", ", ".join(seen.ignored)]] if seen.ignored else []
    rows.append(["rows", f"{seen.rows:,}: {seen.known:,} cytokines, {seen.other + seen.unknown:,} rows of none"])
    rows += [
        ["not known", ", ".join(seen.unknown_names) + (" ..." if seen.unknown > len(seen.unknown_names) else "")]
    ] * (bool(seen.unknown_names))
    rows += [[word, ", ".join(labels)] for word, labels in found.directions().items()]
    rows += [["beyond detection", ", ".join(seen.below)]] if seen.below else []
    rows += (
        [["no value", ", ".join(found.profile.not_measured)]] if found.profile and found.profile.not_measured else []
    )
    rows.append(["comparator", found.comparator or "not said"])
    rows += [["contrasts", ", ".join(seen.contrasts)]] if seen.contrasts else []
    rows += [["contrast", seen.contrast]] if seen.contrast else []
    rows += [["genes of", seen.species]] if seen.species else []
    rows += [[f"only {column}", value] for column, value in seen.where.items()]
    rows += [[f"all of {column}", value] for column, value in seen.groups.items()]
    can = listed([name for name, possible in found.tracks().items() if possible]) or "nothing"
    rows.append(["can be answered", can])
    if found.activity and found.activity.why:
        rows.append(["target genes", f"not testable: {found.activity.why}"])
    blocks: list[Any] = [Table(["what", "how it is understood"], rows)]
    if found.problems:
        blocks.append(Section("kg ask refuses it", [Notes([str(problem) for problem in found.problems[:20]])]))
    notes = found.notes
    if notes:
        blocks.append(Section("Notes", [Notes(list(notes))]))
    if not found.problems:
        blocks.append(Paragraph(["kg ask answers it as it is understood here."]))
    return Document(f"How is {found.title} understood?", blocks)
