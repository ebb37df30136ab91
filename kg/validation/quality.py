"""The quality report of a graph: the rules of ``queries/report``, each ERROR, WARN or INFO.

The rules are those that ROBOT, the tool of the OBO Foundry, reports on, stated in our own words and SPARQL. An ERROR or
WARN must not be; an INFO that stays is explained by a row of ``queries/report/explained.tsv``.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.model.errors import Place, Problem, Problems
from kg.model.files import separated
from kg.model.vocabulary import curie
from kg.rdf.store import folder
from kg.sparql import library
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Rows

if TYPE_CHECKING:
    from kg.sparql.built_graph import BuiltGraph

EXPLAINED: Final = "report/explained.tsv"
"""The file, in the folder of queries, that has a rule, a thing and the reason why it stays so in each row."""


def files(built: "BuiltGraph") -> dict[str, bytes]:
    """Return the report on what is released; Problems as :func:`report`.

    >>> from kg.sparql.built_graph import shipped
    >>> files(shipped())["report.tsv"].splitlines()[1].split()[:3]
    [b'INFO', b'missing_superclass', b'dcat:Dataset']
    """
    return {"report.tsv": report(built.opened_whole, explained()).encode()}


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A thing that breaks a rule of the report.

    >>> Violation("INFO", "missing_superclass", "jak:Case")
    Violation(level='INFO', rule='missing_superclass', thing='jak:Case')
    """

    level: str
    rule: str
    thing: str


def findings(graph: OpenGraph) -> list[Violation]:
    """Return what the rules find in a graph, each thing once a rule, sorted.

    >>> import kg
    >>> {finding.level for finding in findings(kg.open())}
    {'INFO'}
    """
    found: set[Violation] = set()
    for name in library.names(report=True):
        rule = library.load(name)
        for row in Rows.of(graph.select(rule.text), curie):
            found.add(Violation(rule.level, name.removeprefix(library.REPORT), row["thing"]))
    return sorted(found)


def explained(file: Path | None = None) -> dict[tuple[str, str], str]:
    """Return why each finding stays that stays, by rule and thing.

    Raises Problems for a row that has not a rule, a thing and a reason, or that is there twice.

    >>> explained()["missing_superclass", "jak:Case"]
    'a report on patients, beside measurement and evidence; nothing here is wider'
    """
    file = file or folder("queries") / EXPLAINED
    reasons: dict[tuple[str, str], str] = {}
    problems = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()[1:], 2):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != 3 or not all(cells):
            problems.append(Problem(Place(file, number), "this is not a rule, thing and reason", "fill three cells"))
        elif (cells[0], cells[1]) in reasons:
            problems.append(Problem(Place(file, number), f"{cells[1]} is explained twice", "keep one row"))
        else:
            reasons[cells[0], cells[1]] = cells[2]
    if problems:
        raise Problems(problems)
    return reasons


def report(graph: OpenGraph, reasons: dict[tuple[str, str], str]) -> str:
    r"""Return the report as a table with tabs: level, rule, thing, and the reason why it stays.

    Raises Problems with each ERROR and WARN, each INFO that has no reason, and each reason for what is not found.

    >>> import kg
    >>> report(kg.open(), explained()).partition("\n")[0]
    'level\trule\tthing\treason'
    """
    found = findings(graph)
    problems, rows = [], [("level", "rule", "thing", "reason")]
    for finding in found:
        reason = reasons.get((finding.rule, finding.thing), "")
        rule = library.load(library.REPORT + finding.rule)
        if finding.level != "INFO" or not reason:
            what = f"{finding.level}: {rule.summary} ({finding.rule})"
            problems.append(Problem(Place(finding.thing), what, rule.description))
        rows.append((finding.level, finding.rule, finding.thing, reason))
    for rule_name, thing in reasons.keys() - {(finding.rule, finding.thing) for finding in found}:
        what = f"{thing} is explained under {rule_name}, which does not find it"
        problems.append(Problem(Place(EXPLAINED), what, "drop the row"))
    if problems:
        raise Problems(sorted(problems, key=str))
    return separated(rows, tabs=True, quoted=False)
