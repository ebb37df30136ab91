"""What a person reads of an answer, and of why a drug has its row in it."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from kg.answers import first_screen, tracks
from kg.answers import side_by_side as beside
from kg.answers.caveats import short
from kg.answers.context import Conflict, Observed, ObservedRelapse
from kg.answers.hits import KinaseAnswer, printed
from kg.answers.ranking import Answer, DrugAnswer
from kg.calculus import Measurement
from kg.document.blocks import Block, Document, Listing, Notes, Paragraph, Section, Table, Text, listed
from kg.document.terminal import interval
from kg.profiles.profile import MeasuredCytokine

if TYPE_CHECKING:
    from kg.answers.explanation import Explanation

COLUMNS: Final = ["drug", "score", "verdict", "needed kinases, nM", "approved"]
REQUIRE: Final = {
    "share": "by the share of its needed kinases that are inhibited",
    "any": "as blocked where any needed kinase is inhibited",
    "all": "as blocked only where all needed kinases are inhibited",
}


def document(answer: Answer, *, full: bool = False, every: bool = False) -> Document:
    """Return the answer for a reader: the first screen, or what explains the drugs that were asked for by name.

    ``every`` adds the rows of all groups, ``full`` everything: all kinases with their values, and what stands beside.

    >>> import kg
    >>> document(kg.open().ask("khurana-2025-1", drug="tofacitinib")).title
    'Which drugs block the signals raised in khurana-2025-1?'
    """
    if answer.asked_for:
        return _of_drugs(answer)
    made = first_screen.document(answer)
    blocks = [*made.blocks, *(first_screen.every_row(answer) if every or full else ())]
    if full:
        blocks += _target_genes(answer)
        more = answer.caveats[first_screen.CAVEATS :]
        blocks += [Section("More to take care of", [Notes(more)])] if more else []
        blocks += _kinases_and_head(answer)
        blocks += _sections(answer)
    return Document(made.title, blocks)


def _target_genes(answer: Answer) -> Iterator[Block]:
    if answer.tracks:
        yield tracks.section(answer.tracks)


def _kinases_and_head(answer: Answer) -> Iterator[Block]:
    if answer.rows:
        yield Section("Kinases", [Paragraph(list(_head(answer))), Table(COLUMNS, list(_cells(answer)))])
    elif answer.profile.signals:
        yield Paragraph(list(_head(answer)))


def _of_drugs(answer: Answer) -> Document:
    """Return drugs side by side, every measurement behind their rows, and what they leave unblocked."""
    blocks: list[Block] = [Paragraph([*tracks.ranked(answer.tracks), *_head(answer)])]
    if answer.rows:
        blocks += [
            beside.table(answer),
            Section("Why", [Listing(list(why(answer)))]),
            Section("Left unblocked", [Notes(list(beside.left(answer)))]),
        ]
    blocks += _sections(answer)
    return Document(first_screen.title(answer), blocks)


def _cells(answer: Answer) -> Iterator[list[str]]:
    """Yield the cells of each row: drug, score, verdicts, kinases, approval."""
    given = {seen.drug for seen in answer.observed}
    for row in answer.rows:
        yield [_name(row, given), interval(row.score), _verdicts(row), _kinases(row), _approved(row)]


def why(answer: Answer) -> Iterator[str]:
    """Yield the lines that explain the row of each drug of an answer: cytokine, route, kinase, measurement.

    Potencies are in the unit printed, nM or fold.

    >>> from kg.answers import ranking
    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> composed = ranking.compose(graph, profile.of_case(graph, "khurana-2025-1"), drugs=["tofacitinib"])
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
            if len(part.signals) > 1:
                yield f"    with {listed([signal.label for signal in part.signals[1:]])}, by the same routes"
            for route in part.routes:
                yield f"    route {route.receptor}"
                for kinase in route.kinases:
                    reason = f" ({kinase.reason()})" if kinase.reason() else ""
                    only = ", stated by databases or reviews only" if kinase.by_database_only else ""
                    yield f"      {kinase.role} {kinase.kinase.upper()}{only}: hit {kinase.hit.value}{reason}"
                    for measured, says in kinase.compared:
                        derived = "derived from a ratio: " if measured.derived else ""
                        yield f"        {says:8}{derived}{_measured(measured)}"
                    for measured in kinase.not_compared:
                        yield f"        not compared ({measured.not_comparable}): {_measured(measured)}"


def explained(found: "Explanation") -> Document:
    """Return the minimal explanation of a row for a reader, and what stands beside it.

    >>> import kg
    >>> from kg.answers.explanation import explain
    >>> explained(explain(kg.open(), "khurana-2025-1", "tofacitinib")).blocks[1].lines[-1]
    'The blockade of IL-21 is 1.00: blocked.'
    """
    from kg.answers.explanation import path, sentences

    blocks: list[Block]
    if found.row is None:
        title = f"Why is there no row of {found.drug} for {found.case}?"
        blocks = [Paragraph([found.about]), Paragraph(found.beside.notes[:1])]
    else:
        title = f"Why does {found.drug} score {interval(found.row.score)} for {found.case}?"
        minimal = "These statements suffice, and of these none can be left out. Other sources may say the same."
        blocks = [Paragraph([found.about, minimal]), Paragraph(list(sentences(found)))]
        blocks.append(Section("As a path:", [Paragraph(list(path(found)))]))
    return Document(title, [*blocks, *(part for part in _sections(found.beside) if part.title != "Left out")])


def _head(answer: Answer) -> Iterator[str]:
    if answer.about != answer.profile.title:
        yield answer.about
    settings = answer.settings
    if answer.profile.signals:
        measured = "; ".join(_signal(signal, answer) for signal in answer.profile.signals)
        yield f"Ratio to {answer.profile.comparator_label}: {measured}."
        yield (
            f"A kinase counts as inhibited at IC50 <= {settings.threshold} nM, a cytokine as raised from "
            f"{settings.raised}-fold; a receptor is scored {REQUIRE[settings.require]}."
        )
    yield f"Graph {answer.version}, {answer.digest[:19]}. For research; not medical advice."


def _signal(signal: MeasuredCytokine, answer: Answer) -> str:
    direction = signal.direction(answer.settings)
    value = "" if signal.ratio is None else f" {short(signal.ratio)}"
    call = f" (reported as {signal.reported})" if signal.reported and signal.reported != direction else ""
    return f"{signal.label}{value} {direction}{call}"


def _name(row: DrugAnswer, given: set[str]) -> str:
    return f"{row.drug.label} *" if row.drug.id in given else row.drug.label


def _verdicts(row: DrugAnswer) -> str:
    """Return a line for each verdict of a row, with the cytokines that have it."""
    return "\n".join(f"{', '.join(labels)}: {word}" for word, labels in row.verdicts.items())


def _kinases(row: DrugAnswer) -> str:
    return "\n".join(map(kinase_words, row.kinases().values()))


def kinase_words(kinase: KinaseAnswer) -> str:
    """Return whether a drug hits a kinase, with the compared values in nM and the reason why it is unknown.

    >>> from kg import calculus as m
    >>> kinase_words(KinaseAnswer("jak3", m.Hit("unknown", "not measured"), (), ()))
    'JAK3 ?: not measured'
    """
    values = ", ".join(
        printed(row) + " (spans the cut-off)" * (says == "neither" and bool(row.reported))
        for row, says in kinase.compared
    )
    word = {"yes": "yes", "no": "no", "unknown": "?"}[kinase.hit.value]
    return f"{kinase.kinase.upper()} {word}: " + "; ".join(filter(None, (values, kinase.reason())))


def _measured(row: Measurement) -> str:
    value = printed(row) if row.spared else f"{printed(row)} {row.unit}"
    conditions = (row.measure, row.domain, f"ATP {row.atp}" if row.atp else None, row.species)
    sources = "; ".join(row.references) or "no publication named"
    note = f" [{row.note}]" if row.note else ""
    return f"{value}, {', '.join(filter(None, conditions))}; {sources}, read in {', '.join(row.obtained_from)}{note}"


def _approved(row: DrugAnswer) -> str:
    places = ", ".join(row.drug.approvals) or "none known"
    if row.drug.routes == ("topical",):
        places += "; topical"
    return places if row.drug.intended_species == "human" else f"for the {row.drug.intended_species}: {places}"


def _sections(answer: Answer) -> Iterator[Section]:
    unraised = [f"{s.label}: {s.direction(answer.settings)}" for s in answer.not_raised]
    missing = ", ".join(answer.not_measured) if answer.profile.signals else ""
    parts: dict[str, Sequence[Text | Notes]] = {
        "Left out": [f"{answer.left_out} more drugs; raise --top to see them"] if answer.left_out else [],
        "* What happened on the drug given": [item for seen in answer.observed for item in _happened(seen)],
        "Measured and not raised": ["; ".join(unraised)] if unraised else [],
        "Not measured": [f"{missing} (implicated in granuloma annulare): unknown, not absent"] if missing else [],
        "Where sources dispute, leave open or qualify what is used here": [
            item for conflict in answer.conflicts for item in _conflict(conflict)
        ],
        "Where sources say different things": answer.disagreements,
        "Cell assays (not used in the score)": list(map(str, answer.in_cells)),
        "Hypotheses, not demonstrated": list(_stepped(answer.hypotheses)),
        "Notes": answer.notes,
    }
    yield from (Section(title, [Notes(items)]) for title, items in parts.items() if items)


def _stepped(lines: Sequence[str]) -> Iterator[str | Notes]:
    """Yield lines, those that are indented as notes below the line before them."""
    for indented, group in groupby(lines, key=lambda line: line.startswith("  ")):
        found = [line.strip() for line in group]
        yield from [Notes(found)] if indented else found


def _conflict(conflict: Conflict) -> Iterator[str | Notes]:
    counts = "" if conflict.status == "accepted" else ", and so excluded from the score"
    verb = "needs" if len(conflict.receptors) == 1 else "need"
    yield f"{'; '.join(conflict.receptors)} {verb} {conflict.kinase.upper()}: {conflict.status}{counts}"
    words = ("supported_by", "refuted_by", "qualified_by")
    yield Notes([f"{word.replace('_', ' ')} {source}" for word in words for source in getattr(conflict, word)])


def _happened(seen: Observed) -> Iterator[str | Notes]:
    parts = {"dose": seen.dose, "frequency": seen.frequency, "route": seen.route, "duration": seen.duration}
    said = {name: value for name, value in parts.items() if value and value != "not reported"}
    if "duration" in said:
        said["duration"] = f"for {said['duration']}"
    unsaid = [name for name in parts if name not in said]
    known = ", ".join([seen.drug, *said.values()])
    yield f"{known}{f'; {listed(unsaid)} not reported' if unsaid else ''} ({seen.citation})"
    below = []
    for outcome in seen.outcomes:
        site = f", {outcome.site}" if outcome.site else ""
        count = f" ({outcome.n} patients)" if outcome.n != 1 else ""
        percent = f", {outcome.percent} %" if outcome.percent is not None else ""
        when = outcome.time or "time not reported"
        what = f"{outcome.event}, {outcome.grade}{percent}{count}"
        below.append(f"{when}: {outcome.condition}{site}: {what}: “{outcome.quote}”")
    relapse, events = seen.relapse, seen.adverse_events
    if isinstance(relapse, ObservedRelapse):
        below.append(f"relapse: {'yes' if relapse.relapsed else 'none seen'}: “{relapse.quote}”")
    else:
        below.append(f"relapse: {relapse}")
    yield Notes([*below, f"adverse events: {', '.join(events) if isinstance(events, tuple) else events}"])
