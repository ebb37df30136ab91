"""The answers for the samples of one table, side by side: one line each, never pooled."""

import json
from collections.abc import Mapping

from kg.answers import first_screen
from kg.answers.caveats import named, short
from kg.answers.ranking import Answer
from kg.document.blocks import Document, Notes, Paragraph, Section, Table
from kg.document.terminal import interval

DRUGS = 4
"""Drugs that share the first rank, of which no more are named."""


def line(answer: Answer) -> str:
    """Return an answer as one line of JSON.

    >>> import kg
    >>> line(kg.open().ask("khurana-2025-1"))[:22]
    '{"graph": {"version": '
    """
    return json.dumps(answer.to_dict(), ensure_ascii=False, allow_nan=False) + "\n"


def document(by: str, answers: Mapping[str, Answer]) -> Document:
    """Return answers as one table, a row for each value of a column.

    >>> import kg
    >>> document("case", {"1": kg.open().ask("khurana-2025-1")}).blocks[0].rows[0][:3]
    ['1', 'IL-21 2.33-fold', 'tofacitinib']
    """
    rows = [[value, *_cells(answer)] for value, answer in answers.items()]
    columns = [by, "raised cytokines", "first, approved systemic", "score"]
    if any(answer.tracks for answer in answers.values()):
        columns.append("JAK-STAT by target genes")
        for row, answer in zip(rows, answers.values(), strict=True):
            row.append(answer.tracks.activity.call if answer.tracks else "-")
    table = Table(columns, rows)
    first = next(iter(answers.values()))
    notes = list(dict.fromkeys(note for answer in answers.values() for note in answer.profile.notes))
    against = first.profile.comparator_label
    last = Paragraph(
        [
            f"Against {against}. Each row is an answer of its own: kg ask FILE --where {by}=VALUE shows it.",
            "For research; not medical advice.",
        ]
    )
    title = f"Which drugs block the signals raised, by {by}?"
    return Document(title, [table, last, *([Section("Notes", [Notes(notes)])] if notes else [])])


def _cells(answer: Answer) -> list[str]:
    raised = [signal for signal in answer.profile.signals if signal.is_raised(answer.settings)]
    raised.sort(key=lambda signal: -(signal.weight(answer.settings) or 0.0))
    if not raised:
        return [next(first_screen.result(answer)).partition(":")[0], "-", "-"]
    best = [row for row in answer.ranked if row.drug.group == "systemic" and row.rank[0] == 1]
    drugs = named([row.drug.label for row in best], DRUGS)
    signals = named([f"{one.label} {short(one.ratio)}-fold" if one.ratio else one.label for one in raised])
    return [signals, drugs or "-", interval(best[0].score) if best else "-"]
