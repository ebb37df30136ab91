"""Drugs side by side: rank, signals, what else they block, how far that holds, evidence, warnings; what each leaves.

>>> import kg
>>> table(kg.open().ask("khurana-2025-1", drug=["tofacitinib", "baricitinib"])).columns
['', 'tofacitinib', 'baricitinib']
"""

from collections.abc import Iterator, Mapping, Sequence

from kg.answers.caveats import edge_words, named
from kg.answers.first_screen import ranks, window_words
from kg.answers.hits import printed
from kg.answers.ranking import Answer, DrugAnswer
from kg.answers.regulators import RegulatorWarning
from kg.document.blocks import Table, listed
from kg.document.terminal import interval

NONE_READ = "none was read, which is not none"


def table(answer: Answer) -> Table:
    """Return the drugs that were asked for as columns.

    >>> import kg
    >>> found = table(kg.open().ask("khurana-2025-1", drug="baricitinib"))
    >>> dict(found.rows)["IL-21"], dict(found.rows)["holds for"]
    ('partly, 0.50', '5.9 to <787 nM')
    """
    order = {name: place for place, name in enumerate(answer.asked_for)}
    rows = sorted(answer.rows, key=lambda row: order[row.drug.id])
    columns = [dict(_facts(answer, row)) for row in rows]
    names = list(dict.fromkeys(name for column in columns for name in column))
    cells = [[name, *(column.get(name, "-") for column in columns)] for name in names]
    return Table(["", *(row.drug.label for row in rows)], cells)


def _facts(answer: Answer, row: DrugAnswer) -> Iterator[tuple[str, str]]:
    of = sum(other.drug.group == row.drug.group for other in answer.ranked)
    yield "rank", f"{ranks(row.rank)} of {of}, {row.drug.group}"
    yield "approved", ", ".join(row.drug.approvals) or f"nowhere known; {row.drug.status}"
    yield "score", interval(row.score)
    for part in row.parts:
        yield part.signal.label, f"{part.verdict}, {interval(part.blockade)}"
    collateral = row.collateral
    if collateral.score is not None:
        blocked = f"{interval(collateral.score)}; {collateral.blocked} of {collateral.of} signals blocked"
        yield "also blocks", blocked
    for name, score in collateral.sets.items():
        yield f"- {name}", "all of them are raised" if score is None else interval(score)
    yield "holds for", f"{words} nM" if (words := window_words(row.robustness.window)) not in ("-", "any") else words
    if row.robustness.window and row.robustness.hangs_on:
        said = [edge_words(row.drug, edge, row.robustness.window, answer.settings) for edge in row.robustness.hangs_on]
        yield "hangs on", "\n".join(dict.fromkeys(said))
    for kinase in row.kinases().values():
        values = ", ".join(printed(value) + " derived" * value.derived for value, _ in kinase.compared)
        words = "; ".join(filter(None, (values, kinase.reason())))
        sources = len({source for value, _ in kinase.compared for source in value.references})
        many = f" ({sources} source{'s' * (sources != 1)})" if sources else ""
        yield f"{kinase.kinase.upper()}, nM", f"{words}{many}"
    cells = [str(finding) for finding in answer.in_cells if finding.drug == row.drug.id]
    yield "in cells", f"{len(cells)} finding{'s' * (len(cells) != 1)}" if cells else "none known"
    yield "warnings", "\n".join(warnings(answer.warnings, row.drug.id)) or NONE_READ


def warnings(known: Mapping[str, Sequence[RegulatorWarning]], drug: str) -> Iterator[str]:
    """Yield who warns since when of what with a drug.

    >>> import kg
    >>> next(warnings(kg.open().ask("khurana-2025-1").warnings, "fedratinib"))
    "USA, boxed warning, August 2019: encephalopathy, including Wernicke's"
    """
    for one in known.get(drug, ()):
        head = ", ".join(filter(None, (one.authority, one.kind, one.product, one.since)))
        yield f"{head}: {', '.join(one.says)}"


def left(answer: Answer) -> Iterator[str]:
    """Yield which raised signals each drug leaves unblocked, and which approved systemic drugs block them.

    >>> import kg
    >>> list(left(kg.open().ask("khurana-2025-1", drug="baricitinib")))
    ['baricitinib leaves IL-21 (partly blocked); blocked by tofacitinib.']
    """
    words = {"partly": "partly blocked", "unknown": "open", "not blocked": "not blocked"}
    for row in answer.rows:
        leaves = [part for part in row.parts if part.verdict != "blocked"]
        if not leaves:
            yield f"{row.drug.label} leaves no raised signal unblocked."
        for part in leaves:
            covers = [
                other.drug.label
                for other in answer.ranked
                if other.drug.group == "systemic" and other.drug.id != row.drug.id
                for its in other.parts
                if its.raised.heaviest == part.signal.cytokine and its.verdict == "blocked"
            ]
            by = f"blocked by {named(covers, 6)}" if covers else "no approved systemic drug is known to block it"
            names = listed([signal.label for signal in part.signals])
            yield f"{row.drug.label} leaves {names} ({words[part.verdict]}); {by}."
