"""The outcome ledger: for every case what was measured, what the calculus says of the drug given, and what happened.

A case or group is *evaluable* only where the calculus expects something and the outcome answers it:

- expected is a response where the score is 1 (every raised signal blocked for sure), no response where it can only
  be 0; anything between expects neither;
- responded is where every grade is complete, nearly complete or marked, not responded where every grade is no response;
  a partial, ungraded or mixed outcome answers neither;
- the verdict is concordant where both agree, discordant where they do not, else not evaluable, with its reason.

Only outcomes of granuloma annulare count. These are counts with their n, never rates.

>>> import kg
>>> {entry.case: entry.verdict for entry in entries(kg.open())}["khurana-2025-2"]
'not evaluable'
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from kg import calculus as m
from kg.answers import cell_assays, context, ranking
from kg.document.blocks import Document, Notes, Table
from kg.document.terminal import interval
from kg.model.errors import Problems
from kg.profiles import profile
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Row

LedgerVerdict = Literal["concordant", "discordant", "not evaluable"]
DISEASE: Final = "granuloma annulare"
RESPONDED: Final = frozenset({"complete", "nearly complete", "marked"})
"""The rule from printed words to a grade is in the definitions of jak:Grade in jak-kg.ttl."""
SMALLEST: Final = 20
"""Evaluable patients below which the ledger says that they are too few; it prints no percentage at any number."""

AGAINST: Final = (
    "Against the calculus as a whole would count: measured patients who do not respond to a drug of score 1, or who "
    "respond to one of score 0; patients on drugs of low score who do as well as those on drugs of high score; or a "
    "trivial rule that predicts the ranks in cells as well."
)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One drug given to one case or group: what was expected and what happened."""

    case: str
    n: int | None
    drug: str
    measured: tuple[str, ...]
    score: m.Interval | None
    happened: tuple[tuple[str, int | None], ...]
    words: tuple[str, ...]
    weeks: str | None
    relapse: str
    verdict: LedgerVerdict
    reason: str
    against: str
    """What result would have counted against the calculus here."""

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as JSON values; ``score`` is [lo, hi], each from 0 to 1, or None.

        >>> import kg
        >>> entries(kg.open())[0].to_dict().keys() >= {"case", "drug", "score", "verdict", "reason"}
        True
        """
        return {
            "case": self.case,
            "n": self.n,
            "drug": self.drug,
            "measured": list(self.measured),
            "score": None if self.score is None else list(self.score),
            "happened": [
                {"grade": grade, "n": count, "as_printed": quote}
                for (grade, count), quote in zip(self.happened, self.words, strict=True)
            ],
            "time": self.weeks,
            "relapse": self.relapse,
            "verdict": self.verdict,
            "reason": self.reason,
            "against": self.against,
        }


def entries(graph: OpenGraph, settings: m.Settings = m.DEFAULT) -> list[LedgerEntry]:
    """Return the ledger, a case and drug an entry, in the order of the cases.

    >>> import kg
    >>> [(entry.drug, entry.score) for entry in entries(kg.open()) if entry.case == "khurana-2025-1"]
    [('baricitinib', (0.5, 0.5))]
    """
    table = graph.mechanism
    return [entry for row in graph.rows("cases") for entry in _of_case(graph, row["case"], row["n"], table, settings)]


def _of_case(
    graph: OpenGraph, case: str, n: int | None, table: m.Mechanism, settings: m.Settings
) -> Iterator[LedgerEntry]:
    try:
        signals: Sequence[profile.MeasuredCytokine] = profile.of_case(graph, case).signals
        refused = None
    except Problems as error:
        signals, refused = (), error.problems[0].what
    raised = [signal for signal in signals if signal.is_raised(settings)]
    words = tuple(f"{s.label} {s.direction(settings)}" for s in signals)
    scores = {row.drug.id: row.score for row in ranking.ranks(table, raised, settings, all_species=True)}
    for seen in context.observed(graph, case):
        score = scores.get(seen.drug)
        skin = [o for o in seen.outcomes if o.condition == DISEASE and o.event == "response at assessment"]
        verdict, reason = _verdict(signals, score, skin, seen.route, refused)
        times = [o.time for o in skin if o.time]
        happened, quotes = tuple((o.grade, o.n) for o in skin), tuple(o.quote for o in skin)
        when = times[-1] if times else None
        yield LedgerEntry(
            case=case,
            n=n,
            drug=seen.drug,
            measured=words,
            score=score,
            happened=happened,
            words=quotes,
            weeks=when,
            relapse=_relapse(seen.relapse),
            verdict=verdict,
            reason=reason,
            against=_against(score if seen.route != "topical" else None),
        )


def _verdict(
    signals: Sequence[profile.MeasuredCytokine],
    score: m.Interval | None,
    skin: Sequence[context.ObservedOutcome],
    route: str | None,
    refused: str | None,
) -> tuple[LedgerVerdict, str]:
    """Return the verdict of one drug in one case and its reason, by the rule of the module."""
    if refused:
        return "not evaluable", refused
    if not signals:
        return "not evaluable", "no cytokine was measured"
    if score is None:
        return "not evaluable", "no raised cytokine counts"
    if not skin:
        return "not evaluable", "no outcome of granuloma annulare is reported"
    if route == "topical":
        return "not evaluable", "topical route: potency on an enzyme says nothing about the dose in the skin"
    low, high = score
    if low < 1 and high > 0:
        share = f"{low:.2f}" if low == high else f"{low:.2f} to {high:.2f}"
        return "not evaluable", f"the score of {share} expects neither a response nor its absence"
    expected = low == 1
    grades = {o.grade for o in skin}
    if grades <= RESPONDED:
        responded = True
    elif grades == {"no response"}:
        responded = False
    else:
        return "not evaluable", f"the outcome ({', '.join(sorted(grades))}) is neither a clear response nor none"
    said = f"computed afterwards, the score expects {'a' if expected else 'no'} response"
    seen = "one was seen" if responded else "none was seen"
    return ("concordant", f"{said}, and {seen}") if expected == responded else ("discordant", f"{said}; {seen}")


def _against(score: m.Interval | None) -> str:
    """Return what result of an entry would count against the calculus; only a score of 1 or 0 puts it at risk."""
    if score is not None and score[0] == 1:
        return "no response at all"
    if score is not None and score[1] == 0:
        return "a marked, nearly complete or complete response"
    return "none: nothing was predicted that could fail"


def _relapse(relapse: context.ObservedRelapse | str | None) -> str:
    if isinstance(relapse, context.ObservedRelapse):
        if relapse.relapsed:
            return f"after {relapse.after}" if relapse.after else "yes"
        return f"none in {relapse.follow_up}" if relapse.follow_up else "none"
    return str(relapse)


@dataclass(frozen=True, slots=True)
class HypothesisCases:
    """What authors suppose, with the cases that speak for and against it."""

    name: str
    says: str
    citation: str
    cases_for: tuple[str, ...]
    cases_against: tuple[str, ...]
    reason: str | None


def hypotheses(graph: OpenGraph) -> list[HypothesisCases]:
    """Return every hypothesis with the cases for and against it.

    >>> import kg
    >>> any("Tofacitinib may be a better option" in hypothesis.says for hypothesis in hypotheses(kg.open()))
    True
    """
    found: dict[str, Row] = {}
    cases: dict[tuple[str, str], list[str]] = {}
    for row in graph.rows("cases_on_hypotheses"):
        found[row["hypothesis"]] = row
        if row["case"]:
            cases.setdefault((row["hypothesis"], row["side"]), []).append(row["case"])
    return [
        HypothesisCases(
            name, row["says"], row["citation"], tuple(cases.get((name, "caseFor"), ())),
            tuple(cases.get((name, "caseAgainst"), ())), row["reason"],
        )
        for name, row in found.items()
    ]  # fmt: skip


def totals(ledger: Sequence[LedgerEntry]) -> dict[str, tuple[int, int]]:
    """Return for each verdict the number of entries and of their patients; a group of unknown size adds no patient.

    >>> totals([])
    {'concordant': (0, 0), 'discordant': (0, 0), 'not evaluable': (0, 0)}
    """
    counted = Counter(entry.verdict for entry in ledger)
    patients = Counter(dict.fromkeys(counted, 0))
    for entry in ledger:
        patients[entry.verdict] += entry.n or 0
    words: tuple[LedgerVerdict, ...] = ("concordant", "discordant", "not evaluable")
    return {word: (counted[word], patients[word]) for word in words}


COLUMNS: Final = (
    "case",
    "n",
    "drug",
    "measured",
    "score",
    "what happened",
    "relapse",
    "verdict",
    "why",
    "would count against it",
)


def document(graph: OpenGraph, ledger: Sequence[LedgerEntry], settings: m.Settings = m.DEFAULT) -> Document:
    """Return the ledger as a table, then its counts with their n, the hypotheses, and what none of it shows.

    >>> import kg
    >>> table, notes = document(kg.open(), []).blocks
    >>> table.columns[:3], notes.items[0]
    (('case', 'n', 'drug'), 'concordant: 0 of 0 entries, 0 patients')
    """
    table = Table(COLUMNS, list(map(_cells, ledger)), tall=True)
    return Document("", [table, Notes(list(_summary(graph, ledger, settings)))])


def _cells(entry: LedgerEntry) -> tuple[str, ...]:
    happened = "; ".join(f"{grade}{f' ({count})' if entry.n != 1 else ''}" for grade, count in entry.happened)
    when = f" by {entry.weeks}" if entry.weeks and happened else ""
    score = "-" if entry.score is None else interval(entry.score)
    size, measured = "?" if entry.n is None else str(entry.n), ", ".join(entry.measured) or "nothing"
    seen = (happened or "not reported") + when
    return (
        entry.case,
        size,
        entry.drug,
        measured,
        score,
        seen,
        entry.relapse,
        entry.verdict,
        entry.reason,
        entry.against,
    )


def _summary(graph: OpenGraph, ledger: Sequence[LedgerEntry], settings: m.Settings) -> Iterator[str | Notes]:
    counted = totals(ledger)
    for verdict, (count, patients) in counted.items():
        yield f"{verdict}: {count} of {len(ledger)} entries, {patients} patients"
    evaluable = counted["concordant"][1] + counted["discordant"][1]
    few = f"{evaluable} evaluable patients are fewer than {SMALLEST}, and " if evaluable < SMALLEST else ""
    yield f"No percentage is given: {few}there is no comparison group."
    without = [entry for entry in ledger if {grade for grade, _ in entry.happened} == {"no response"}]
    yield (
        f"Entries without a response: {len(without)} of {len(ledger)}."
        if without
        else "No non-response is published among the cases of the graph: nothing here could have counted against a "
        "score of 1, so a concordant entry is weak evidence."
    )
    yield AGAINST
    for hypothesis in hypotheses(graph):
        yield f"Hypothesis from {hypothesis.citation}: {hypothesis.says}"
        cases = {"for": hypothesis.cases_for, "against": hypothesis.cases_against}
        reason = [hypothesis.reason] if hypothesis.reason else []
        yield Notes([*(f"cases {word} it: {', '.join(names) or 'none'}" for word, names in cases.items()), *reason])
    table = graph.mechanism
    found = cell_assays.findings(graph, table, settings)
    yield from cell_assays.ranks(found)
    yield "What was seen in cells and the calculus contradicts:"
    yield Notes([str(finding) for finding in found if finding.agreement == "contradicts"])
    yield from context.CAVEATS[1:]
