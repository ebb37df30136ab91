"""How an answer is shown: as a table for a terminal, as Markdown, or as JSON; and the full why for one drug."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from kg.answers.context import Conflict
from kg.answers.ranking import Answer, KinaseAnswer, Row, printed
from kg.answers.schema import contract
from kg.calculus.blockade import Measurement, Verdict
from kg.document.terminal import bulleted, escaped, folded, grid, interval, markdown
from kg.profiles.profile import Signal

if TYPE_CHECKING:
    from kg.answers.explanation import Why

VERDICTS: Final[tuple[Verdict, ...]] = ("blocked", "partly", "not blocked", "unknown")
HEADER: Final = ["drug", "score", "verdict", "needed kinases, nM", "approved"]
REQUIRE: Final = {
    "share": "by the share of its needed kinases that are hit",
    "any": "fully where any needed kinase is hit",
    "all": "only where all needed kinases are hit",
}


def to_json(answer: Answer) -> str:
    """Return the answer as JSON text, the contract of the README.

    >>> from kg.answers import ranking
    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> composed = ranking.compose(graph, profile.of_case(graph, "khurana-2025-1"), drug="tofacitinib")
    >>> [drug["score"] for drug in json.loads(to_json(composed))["drugs"]]
    [[1.0, 1.0]]
    """
    return json.dumps(contract(answer), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def to_markdown(answer: Answer, *, explain: bool = False) -> str:
    """Return the answer as Markdown with a pipe table; ``explain`` adds every measurement behind each row.

    >>> from kg.answers import ranking
    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> composed = ranking.compose(graph, profile.of_case(graph, "khurana-2025-1"), drug="tofacitinib")
    >>> to_markdown(composed).splitlines()[0]
    '# Which drugs block the signals raised in khurana-2025-1?'
    """
    lines = [f"# Which drugs block the signals raised in {escaped(answer.profile.title)}?", ""]
    lines += [f"{escaped(line)}  " for line in _head(answer)]
    if answer.rows:
        lines += ["", *markdown([HEADER, *_cells(answer)])]
    if explain:
        lines += ["", "## Why", "", "```text", *why(answer), "```"]
    for title, items in _sections(answer):
        lines += ["", f"## {title}", "", *map(escaped, bulleted(items))]
    return "\n".join(lines) + "\n"


def to_table(answer: Answer, width: int, *, explain: bool = False) -> str:
    """Return the answer as text of a width, with a table; ``explain`` adds every measurement behind each row.

    ``width`` is in characters; the table is never narrower than 64.

    >>> from kg.answers import ranking
    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> composed = ranking.compose(graph, profile.of_case(graph, "khurana-2025-1"), drug="tofacitinib")
    >>> next(line.split()[:2] for line in to_table(composed, 80).splitlines() if line.startswith("tofacitinib"))
    ['tofacitinib', '1.00']
    """
    title = f"Which drugs block the signals raised in {answer.profile.title}?"
    lines = [folded(line, width) for line in (title, *_head(answer))]
    if answer.rows:
        lines += ["", *grid([HEADER, *_cells(answer)], width)]
    if explain:
        lines += ["", *why(answer)]
    for title, items in _sections(answer):
        lines += ["", title, *(folded(item, width) for item in bulleted(items))]
    return "\n".join(lines) + "\n"


def _cells(answer: Answer) -> Iterator[list[str]]:
    """Yield the cells of each row: drug, score, verdicts, kinases, approval."""
    given = {seen["drug"] for seen in answer.observed}
    for row in answer.rows:
        yield [_name(row, given), interval(row.score), _verdicts(row), _kinases(row), _approved(row)]


def why(answer: Answer) -> Iterator[str]:
    """Yield the lines that explain the row of each drug of an answer: cytokine, route, kinase, measurement.

    Potencies are in the unit printed, nM or fold.

    >>> from kg.answers import ranking
    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> composed = ranking.compose(graph, profile.of_case(graph, "khurana-2025-1"), drug="tofacitinib")
    >>> [line.strip() for line in why(composed) if "needs" in line]
    ['needs JAK1: hit yes', 'needs JAK3: hit yes']
    """
    for row in answer.rows:
        yield f"{row.drug.label}: score {interval(row.score)}"
        if row.drug.note:
            yield f"  note: {row.drug.note}"
        for part in row.parts:
            yield f"  {part.signal.label}: {part.verdict}, blockade {interval(part.blockade)}, weight {part.weight:.2f}"
            if not part.routes:
                yield "    no route with settled kinases is known"
            for route in part.routes:
                yield f"    route {route.receptor}"
                for kinase in route.kinases:
                    reason = f" ({kinase.reason()})" if kinase.reason() else ""
                    yield f"      needs {kinase.kinase.upper()}: hit {kinase.hit.value}{reason}"
                    for measured, says in kinase.compared:
                        yield f"        {says:8}{_measured(measured)}"
                    for measured in kinase.not_compared:
                        yield f"        not compared ({measured.not_comparable}): {_measured(measured)}"


def explained(found: "Why") -> Iterator[str]:
    """Yield the lines of the minimal explanation of a row, and what stands beside it.

    >>> import kg
    >>> from kg.answers.explanation import explain
    >>> [line for line in explained(explain(kg.open(), "khurana-2025-1", "tofacitinib")) if "blockade" in line]
    ['The blockade of IL-21 is 1.00: blocked.']
    """
    from kg.answers.explanation import path, sentences

    if found.row is None:
        yield f"Why is there no row of {found.drug} for {found.case}?"
        yield found.about
        yield from ("", *found.beside.notes[:1])
    else:
        yield f"Why does {found.drug} score {interval(found.row.score)} for {found.case}?"
        yield found.about
        yield "These statements suffice, and of these none can be left out. Other sources may say the same."
        yield from ("", *sentences(found), "", "As a path:", *path(found))
    for title, items in _sections(found.beside):
        if title != "Left out":
            yield from ("", title, *bulleted(items))


def _head(answer: Answer) -> Iterator[str]:
    if answer.about != answer.profile.title:
        yield answer.about
    settings = answer.settings
    if answer.profile.signals:
        measured = "; ".join(_signal(signal, answer) for signal in answer.profile.signals)
        yield f"Ratio to {answer.profile.comparator_label}: {measured}."
        yield (
            f"A kinase is hit at IC50 <= {settings.threshold} nM; a cytokine is raised from {settings.raised}-fold; "
            f"a route counts {REQUIRE[settings.require]}."
        )
    yield f"Graph {answer.version}, {answer.digest[:19]}. For research; not medical advice."


def _signal(signal: Signal, answer: Answer) -> str:
    direction = signal.direction(answer.settings.raised)
    value = "" if signal.ratio is None else f" {_plain(signal.ratio)}"
    call = f" (reported as {signal.reported})" if signal.reported and signal.reported != direction else ""
    return f"{signal.label}{value} {direction}{call}"


def _plain(ratio: Decimal) -> str:
    return f"{ratio:,.0f}" if ratio >= 1000 else f"{ratio:.3g}"


def _name(row: Row, given: set[str]) -> str:
    return f"{row.drug.label} *" if row.drug.id in given else row.drug.label


def _verdicts(row: Row) -> str:
    """Return a line for each verdict of a row, with the cytokines that have it."""
    by_verdict: dict[Verdict, list[str]] = {}
    for part in row.parts:
        by_verdict.setdefault(part.verdict, []).append(part.signal.label)
    return "\n".join(f"{', '.join(by_verdict[word])}: {word}" for word in VERDICTS if word in by_verdict)


def _kinases(row: Row) -> str:
    return "\n".join(map(kinase_words, row.kinases().values()))


def kinase_words(kinase: KinaseAnswer) -> str:
    """Return whether a drug hits a kinase, with the compared values in nM and the reason why it is unknown.

    >>> from kg.calculus import blockade as m
    >>> kinase_words(KinaseAnswer("jak3", m.Hit("unknown", "not measured"), (), ()))
    'JAK3 ?: not measured'
    """
    values = ", ".join(
        f"{printed(row)}{'?' if says == 'neither' and row.reported else ''}" for row, says in kinase.compared
    )
    word = {"yes": "yes", "no": "no", "unknown": "?"}[kinase.hit.value]
    return f"{kinase.kinase.upper()} {word}: " + "; ".join(filter(None, (values, kinase.reason())))


def _measured(row: Measurement) -> str:
    value = printed(row) if row.spared else f"{printed(row)} {row.unit}"
    conditions = (row.measure, row.domain, f"ATP {row.atp}" if row.atp else None, row.species)
    sources = "; ".join(row.references) or "no publication named"
    note = f" [{row.note}]" if row.note else ""
    return f"{value}, {', '.join(filter(None, conditions))}; {sources}, read in {', '.join(row.obtained_from)}{note}"


def _approved(row: Row) -> str:
    places = ", ".join(row.drug.approvals) or "none known"
    if row.drug.routes == ("topical",):
        places += "; topical"
    return places if row.drug.intended_species == "human" else f"for the {row.drug.intended_species}: {places}"


def _sections(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    if answer.left_out:
        yield "Left out", [f"{answer.left_out} more drugs; raise --top to see them"]
    if answer.observed:
        yield (
            "* What happened on the drug that was given",
            [line for seen in answer.observed for line in _happened(seen)],
        )
    raised = answer.settings.raised
    unraised = [f"{s.label}: {s.direction(raised)}" for s in answer.not_raised]
    if unraised:
        yield "Measured and not raised", ["; ".join(unraised)]
    if answer.profile.signals and answer.not_measured:
        missing = ", ".join(answer.not_measured)
        yield "Not measured", [f"{missing} (implicated in granuloma annulare): unknown, not absent"]
    if answer.conflicts:
        title = "Where sources dispute, leave open or qualify what is used here"
        yield title, [line for conflict in answer.conflicts for line in _conflict(conflict)]
    if answer.disagreements:
        yield "Where sources say different things", list(answer.disagreements)
    if answer.in_cells:
        yield "In cells: beside the calculus, never in it", [str(finding) for finding in answer.in_cells]
    if answer.hypotheses:
        yield "What authors suppose and did not show", list(answer.hypotheses)
    yield "Notes", list(answer.notes)


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _conflict(conflict: Conflict) -> Iterator[str]:
    counts = "" if conflict.status == "accepted" else ", and so counts for nothing"
    verb = "needs" if len(conflict.receptors) == 1 else "need"
    yield f"{'; '.join(conflict.receptors)} {verb} {conflict.kinase.upper()}: {conflict.status}{counts}"
    for word in ("supported_by", "refuted_by", "qualified_by"):
        for source in getattr(conflict, word):
            yield f"  {word.replace('_', ' ')} {source}"


def _happened(seen: dict[str, object]) -> Iterator[str]:
    parts = {"dose": seen["dose"], "frequency": seen["frequency"], "route": seen["route"], "duration": seen["duration"]}
    said = {name: str(value) for name, value in parts.items() if value and value != "not reported"}
    if "duration" in said:
        said["duration"] = f"for {said['duration']}"
    unsaid = [name for name in parts if name not in said]
    known = ", ".join([str(seen["drug"]), *said.values()])
    yield f"{known}{f'; {_listed(unsaid)} not reported' if unsaid else ''} ({seen['citation']})"
    outcomes = seen["outcomes"]
    assert isinstance(outcomes, list)  # noqa: S101 - made so by answer.observed
    for outcome in outcomes:
        site = f", {outcome['site']}" if outcome["site"] else ""
        count = f" ({outcome['n']} patients)" if outcome["n"] != 1 else ""
        percent = f", {outcome['percent']} %" if outcome["percent"] is not None else ""
        when = outcome["time"] or "time not reported"
        what = f"{outcome['event']}, {outcome['grade']}{percent}{count}"
        yield f"  {when}: {outcome['condition']}{site}: {what}: “{outcome['quote']}”"
    relapse = seen["relapse"]
    if isinstance(relapse, dict):
        yield f"  relapse: {'yes' if relapse['relapsed'] else 'none seen'}: “{relapse['quote']}”"
    else:
        yield f"  relapse: {relapse}"
    events = seen["adverse_events"]
    yield f"  adverse events: {', '.join(events) if isinstance(events, list) else events}"
