"""What if: baseline and scenario, without a kinase, receptor, source or claim, or with another setting or measurement.

>>> import kg
>>> from kg.profiles import profile
>>> graph = kg.open()
>>> found = compare(graph, profile.of_case(graph, "khurana-2025-1"), without=["jak3"])
>>> [(row.drug, row.before.score, row.after.score) for row in found.rows if row.drug == "baricitinib"]
[('baricitinib', (0.5, 0.5), (1.0, 1.0))]
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import isclose
from typing import Any

from kg import calculus as m
from kg.answers import ranking
from kg.answers.withdrawal import withdrawn
from kg.document.blocks import Block, Document, Paragraph, Table
from kg.document.terminal import interval
from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import fold
from kg.profiles.grounding import Names
from kg.profiles.profile import MeasuredCytokine, Profile, complexes, of_case
from kg.sparql.graph import OpenGraph


@dataclass(frozen=True, slots=True)
class Change:
    """What a drug does before and after, each with its rank in its group; None where it is not ranked."""

    drug: str
    before: ranking.DrugAnswer | None
    after: ranking.DrugAnswer | None
    said: tuple[str, ...]
    """What is other, in words: verdicts and hits."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is supposed, the drugs whose score, verdict or hit is then another, and those for which all stays."""

    about: str
    supposed: tuple[str, ...]
    signals: tuple[str, ...]
    """Cytokines that then count otherwise, in words."""
    rows: tuple[Change, ...]
    same: tuple[str, ...]


def compare(
    graph: OpenGraph,
    profile: Profile,
    settings: m.Settings = m.DEFAULT,
    *,
    without: Sequence[str] = (),
    measured: Sequence[tuple[str, Decimal]] = (),
    then: m.Settings | None = None,
) -> Difference:
    """Return how the answer for a profile changes.

    ``without`` names things that are taken away (:data:`kg.answers.withdrawal.KINDS`), ``measured`` gives cytokines
    another ratio to the comparator, ``then`` other settings. Raises Problems for what is not known or cannot be taken
    away.

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> found = compare(graph, profile.of_case(graph, "khurana-2025-1"), measured=[("IL-21", Decimal(1))])
    >>> found.signals
    ('IL-21: raised before, unchanged after',)
    """
    changed, supposed = withdrawn(graph, without)
    after = _measured(changed, profile, measured)
    old = {row.drug.id: row for row in _rows(graph, profile, settings)}
    new = {row.drug.id: row for row in _rows(changed, after, then or settings)}
    changes, same = [], []
    for drug in dict.fromkeys((*new, *old)):
        before, row = old.get(drug), new.get(drug)
        said = tuple(_said(before, row))
        if (
            said
            or not before
            or not row
            or not all(isclose(x, y, abs_tol=1e-9) for x, y in zip(before.score, row.score, strict=True))
        ):
            changes.append(Change(drug, before, row, said))
        else:
            same.append(drug)
    supposed += [f"{name} measured {ratio}-fold" for name, ratio in measured]
    supposed += _settings(settings, then or settings)
    return Difference(
        profile.title, tuple(supposed), tuple(_signals(profile, after, settings, then or settings)), tuple(changes),
        tuple(same),
    )  # fmt: skip


def _rows(graph: OpenGraph, profile: Profile, settings: m.Settings) -> list[ranking.DrugAnswer]:
    table = graph.mechanism
    counted = [signal for signal in profile.signals if signal.is_raised(settings)]
    return [ranking.detailed(row, counted, settings) for row in ranking.ranks(table, counted, settings)]


def _measured(graph: OpenGraph, profile: Profile, measured: Sequence[tuple[str, Decimal]]) -> Profile:
    """Return the profile as the changed graph has it, with other ratios."""
    names = graph.once(Names)
    if profile.case:
        profile = of_case(graph, profile.case)
    stated = (signal for signal in profile.signals if not signal.parts)  # complexes are made from their parts anew
    signals = {s.cytokine: replace(s, jak=names.known[fold(s.cytokine)].jak) for s in stated}
    problems = []
    for name, ratio in measured:
        known = names.ground(name, Place("--measure"))
        if isinstance(known, Problem):
            problems.append(known)
        else:
            signals[known.thing] = MeasuredCytokine(
                cytokine=known.thing, label=known.label, input=name, ratio=ratio, jak=known.jak
            )
    if problems:
        raise Problems(problems)
    return replace(profile, signals=complexes(graph, [signals[name] for name in sorted(signals)])[0])


def _said(before: ranking.DrugAnswer | None, after: ranking.DrugAnswer | None) -> Iterator[str]:
    """Yield what a drug then does otherwise to a cytokine or a kinase."""
    old, new = ({part.signal.label: part for part in row.parts} if row else {} for row in (before, after))
    for label in dict.fromkeys((*old, *new)):
        verdicts = [part.verdict if part else "does not count" for part in (old.get(label), new.get(label))]
        if verdicts[0] != verdicts[1]:
            yield f"{label}: {verdicts[1]}, was {verdicts[0]}"
        hits = [_hits(part) for part in (old.get(label), new.get(label)) if part]
        for kinase in sorted(set.intersection(*map(set, hits))) if len(hits) == 2 else []:
            if hits[0][kinase] != hits[1][kinase]:
                yield f"{kinase.upper()}: {hits[1][kinase]}, was {hits[0][kinase]}"


def _hits(part: ranking.PartAnswer) -> dict[str, str]:
    return {
        kinase.kinase: f"{kinase.hit.value} ({kinase.reason()})" if kinase.reason() else kinase.hit.value
        for route in part.routes
        for kinase in route.kinases
    }


def _signals(before: Profile, after: Profile, old: m.Settings, new: m.Settings) -> Iterator[str]:
    first, then = ({s.cytokine: s for s in profile.signals} for profile in (before, after))
    for name in sorted({**first, **then}):
        words = [_counts(first.get(name), old), _counts(then.get(name), new)]
        if words[0] != words[1]:
            yield f"{(first.get(name) or then[name]).label}: {words[0]} before, {words[1]} after"


def _counts(signal: MeasuredCytokine | None, settings: m.Settings) -> str:
    if signal is None:
        return "not measured"
    direction = signal.direction(settings)
    return direction if signal.counts else f"{direction}, excluded from the score"


def _settings(before: m.Settings, after: m.Settings) -> Iterator[str]:
    for name in ("threshold", "require", "raised", "fdr", "derived"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{name} {new} in place of {old}"


def document(found: Difference) -> Document:
    """Return the difference as text: what is supposed, which cytokines then count otherwise, and the drugs that change.

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> shown = document(compare(graph, profile.of_case(graph, "khurana-2025-1"), without=["jak3"]))
    >>> [(row[:3], row[4]) for row in shown.blocks[0].rows if row[0] == "baricitinib"]
    [(['baricitinib', '0.50', '1.00'], 'IL-21: blocked, was partly')]
    """
    said = [*found.signals, *([] if found.rows else ["Nothing changes."])]
    same = f"The same score, verdicts and hits: {', '.join(found.same)}." if found.same else ""
    blocks: list[Block] = [Paragraph(said)] if said else []
    if found.rows:
        columns = ["drug", "baseline", "scenario", "rank", "change"]
        blocks.append(Table(columns, list(map(_cells, found.rows))))
    if same:
        blocks.append(Paragraph([same]))
    return Document(f"What if, for {found.about}: {'; '.join(found.supposed) or 'no change'}?", blocks)


def _cells(row: Change) -> list[str]:
    scores = [interval(side.score) if side else "-" for side in (row.before, row.after)]
    now, then = map(_rank, (row.before, row.after))
    rank = then if then == now else f"{then} (was {now})"
    return [row.drug, *scores, rank, "; ".join(row.said) or "the score"]


def _rank(row: ranking.DrugAnswer | None) -> str:
    """Return a rank in words: the first and the last of those that are equal."""
    return "–".join(map(str, dict.fromkeys(row.rank))) if row else "none"


def to_dict(found: Difference) -> dict[str, Any]:
    """Return the difference as JSON values: scores as [low, high], null where a drug is not ranked.

    ``ranks`` has the first rank of those that are equal, in the group of the drug.

    >>> to_dict(Difference("a case", (), (), (Change("x", None, None, ()),), ()))["changes"][0]["before"]
    """
    return {
        "about": found.about,
        "supposed": list(found.supposed),
        "signals": list(found.signals),
        "changes": [
            {
                "drug": row.drug,
                "before": list(row.before.score) if row.before else None,
                "after": list(row.after.score) if row.after else None,
                "ranks": [side and side.rank[0] for side in (row.before, row.after)],
                "what": list(row.said),
            }
            for row in found.rows
        ],
        "same": list(found.same),
    }
