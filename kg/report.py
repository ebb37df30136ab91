"""How an answer is shown: as a table for a terminal, as Markdown, or as JSON; and the full why for one drug."""

import json
from collections.abc import Iterator

from kg.answer import Answer, KinaseAnswer, Part, Row
from kg.mechanism import Interval, Measurement
from kg.profile import Signal

STYLES = {"blocked": "green", "partly": "yellow", "not blocked": "red", "unknown": "dim"}
WHY = {"disagree": "sources disagree", "undecided": "undecided", "not measured": "not measured"}


def to_json(answer: Answer) -> str:
    """Return the answer as JSON text, the contract of the README."""
    return json.dumps(answer.to_json(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def to_markdown(answer: Answer) -> str:
    """Return the answer as Markdown with a pipe table."""
    lines = [f"# Which drugs block the signals raised in {_cell(answer.profile.title)}?", ""]
    lines += [f"{_cell(line)}  " for line in _head(answer)]
    if answer.rows:
        lines += ["", "| drug | score | verdict | needed kinases, nM | approved |", "|---|---|---|---|---|"]
        given = {seen["drug"] for seen in answer.observed}
        for row in answer.rows:
            cells = (_name(row, given), interval(row.score), _verdicts(row), _kinases(row), _approved(row))
            lines.append("| " + " | ".join(_cell(cell).replace("\n", "<br>") for cell in cells) + " |")
    for title, items in _sections(answer):
        lines += ["", f"## {title}", "", *(f"- {_cell(item)}" for item in items)]
    return "\n".join(lines) + "\n"


def to_table(answer: Answer) -> None:
    """Print the answer as a table that fits the terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    console.print(Text(f"Which drugs block the signals raised in {answer.profile.title}?", style="bold"))
    for line in _head(answer):
        console.print(Text(line))
    if answer.rows:
        given = {seen["drug"] for seen in answer.observed}
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold", show_edge=False)
        for name, wrap in (("drug", 0), ("score", 0), ("verdict", 0), ("needed kinases, nM", 1), ("approved", 1)):
            table.add_column(name, no_wrap=not wrap, overflow="fold")
        for row in answer.rows:
            verdicts = Text("\n").join(Text(_verdict(part), style=STYLES[part.verdict]) for part in row.parts)
            table.add_row(
                Text(_name(row, given)), Text(interval(row.score)), verdicts, Text(_kinases(row)), Text(_approved(row))
            )
        console.print()
        console.print(table)
    for title, items in _sections(answer):
        console.print()
        console.print(Text(title, style="bold"))
        for item in items:
            grid = Table.grid(padding=(0, 1))
            grid.add_row("-", Text(item))
            console.print(grid)


def why(answer: Answer) -> Iterator[str]:
    """Yield the lines that explain the row of each drug of an answer: cytokine, route, kinase, measurement."""
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
                    reason = "" if kinase.hit.value != "unknown" else f" ({WHY[kinase.hit.why]})"
                    yield f"      needs {kinase.kinase.upper()}: hit {kinase.hit.value}{reason}"
                    for measured, says in kinase.compared:
                        yield f"        {says:8}{_measured(measured)}"
                    for measured in kinase.not_compared:
                        reason = "not verified" if not measured.verified else "another measure, domain or species"
                        yield f"        not compared ({reason}): {_measured(measured)}"


def interval(value: Interval) -> str:
    """Return an interval as text: one number where both ends are the same to two places.

    >>> interval((0.5, 0.5)), interval((0.5, 1.0))
    ('0.50', '0.50–1.00')
    """
    low, high = (f"{end:.2f}" for end in value)
    return low if value[0] == value[1] else f"{low}–{high}"


def _head(answer: Answer) -> Iterator[str]:
    if answer.about != answer.profile.title:
        yield answer.about
    settings = answer.settings
    if answer.profile.signals:
        measured = "; ".join(_signal(signal, answer) for signal in answer.profile.signals)
        yield f"Ratio to {answer.profile.comparator_label}: {measured}."
        yield (
            f"A kinase is hit at IC50 <= {settings.threshold} nM; a cytokine is raised from {settings.raised}-fold; "
            f"a route counts by {settings.require}."
        )
    yield f"Graph {answer.version}, {answer.digest[:19]}. For research; not medical advice."


def _signal(signal: Signal, answer: Answer) -> str:
    direction = signal.direction(answer.settings.raised)
    value = "" if signal.ratio is None else f" {signal.ratio:.4g}"
    call = f" (reported as {signal.reported})" if signal.reported and signal.reported != direction else ""
    return f"{signal.label}{value} {direction}{call}"


def _name(row: Row, given: set[str]) -> str:
    return f"{row.drug.label} *" if row.drug.id in given else row.drug.label


def _verdict(part: Part) -> str:
    return f"{part.signal.label} {part.verdict}"


def _verdicts(row: Row) -> str:
    return "\n".join(map(_verdict, row.parts))


def _kinases(row: Row) -> str:
    seen = {kinase.kinase: kinase for part in row.parts for route in part.routes for kinase in route.kinases}
    return "\n".join(_kinase(seen[name]) for name in sorted(seen))


def _kinase(kinase: KinaseAnswer) -> str:
    values = ", ".join(_value(row) for row, _ in kinase.compared)
    word = {"yes": "yes", "no": "no", "unknown": "?"}[kinase.hit.value]
    reason = WHY[kinase.hit.why] if kinase.hit.value == "unknown" else ""
    return f"{kinase.kinase.upper()} {word}: " + "; ".join(filter(None, (values, reason)))


def _value(row: Measurement) -> str:
    if row.spared:
        return "spared"
    if row.reported is None:
        return f"{row.relation} no number"
    return row.reported if row.relation == "=" else f"{row.relation}{row.reported}"


def _measured(row: Measurement) -> str:
    value = _value(row) if row.spared else f"{_value(row)} {row.unit}"
    conditions = (row.measure, row.domain, f"ATP {row.atp}" if row.atp else None, row.species)
    sources = "; ".join(row.references) or "no publication named"
    note = f" [{row.note}]" if row.note else ""
    return f"{value}, {', '.join(filter(None, conditions))}; {sources}, read in {', '.join(row.obtained_from)}{note}"


def _approved(row: Row) -> str:
    places = ", ".join(row.drug.approvals) or "none known"
    return places if row.drug.intended_species == "human" else f"for the {row.drug.intended_species}: {places}"


def _sections(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    if answer.left_out:
        yield "Left out", [f"{answer.left_out} more drugs; raise --top to see them"]
    if answer.observed:
        yield "* What happened to this patient", [line for seen in answer.observed for line in _happened(seen)]
    raised = answer.settings.raised
    unraised = [f"{s.label}: {s.direction(raised)}" for s in answer.not_raised]
    if unraised:
        yield "Measured and not raised", ["; ".join(unraised)]
    if answer.profile.signals and answer.not_measured:
        missing = ", ".join(answer.not_measured)
        yield "Not measured", [f"{missing} (implicated in granuloma annulare): unknown, not absent"]
    if answer.conflicts:
        yield "Where sources dispute or qualify what is used here", list(answer.conflicts)
    if answer.hypotheses:
        yield "What authors suppose and did not show", list(answer.hypotheses)
    yield "Notes", list(answer.notes)


def _happened(seen: dict[str, object]) -> Iterator[str]:
    words = [seen["drug"], seen["dose"] or "dose not reported", seen["frequency"]]
    spell = f"for {seen['duration']}" if seen["duration"] else "for a time not reported"
    yield f"{' '.join(map(str, words))}, {seen['route']}, {spell} ({seen['reference']})"
    outcomes = seen["outcomes"]
    assert isinstance(outcomes, list)  # noqa: S101 - made so by answer.observed
    for outcome in outcomes:
        site = f", {outcome['site']}" if outcome["site"] else ""
        count = f" ({outcome['n']} patients)" if outcome["n"] != 1 else ""
        percent = f", {outcome['percent']} %" if outcome["percent"] is not None else ""
        when = outcome["time"] or "time not reported"
        what = f"{outcome['event']}, {outcome['grade']}{percent}{count}"
        yield f"{when}: {outcome['condition']}{site}: {what}: “{outcome['quote']}”"
    relapse = seen["relapse"]
    if isinstance(relapse, dict):
        yield f"relapse: {'yes' if relapse['relapsed'] else 'none seen'}: “{relapse['quote']}”"
    else:
        yield f"relapse: {relapse}"
    events = seen["adverse_events"]
    yield f"adverse events: {', '.join(events) if isinstance(events, list) else events}"


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
