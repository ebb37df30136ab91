"""What a reader sees first of an answer: the result, what it stands on, what happened, the first drugs, caveats.

>>> import kg
>>> document(kg.open().ask("khurana-2025-1")).blocks[0].lines[0]
'Of 15 approved systemic drugs tofacitinib alone blocks IL-21: it inhibits JAK1 and JAK3, both needed.'
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kg.answers import caveats as care
from kg.answers import tracks
from kg.answers.caveats import named, plain, short
from kg.answers.context import Observed, ObservedRelapse
from kg.answers.ranking import Answer, DrugAnswer
from kg.answers.regulators import RegulatorWarning
from kg.calculus import ranking as order
from kg.calculus.robustness import Window
from kg.document import terminal
from kg.document.blocks import Block, Document, Notes, Paragraph, Section, Table, listed
from kg.document.terminal import interval
from kg.profiles.choices import NAME, PYTHON

LINES: Final = 40
WIDTH: Final = 80
"""The first screen has at most so many lines where a terminal is so wide."""
CAVEATS: Final = 3
FEWEST: Final = 3
"""Rows that are shown however little room there is."""
DOSES: Final = 2
"""Drugs given, and outcomes of each, that are told."""
RISKS: Final = 5
"""Risks that are named of those that regulators warn of."""
NUMBERS: Final = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
TITLE: Final = "Which drugs block the signals raised in {}?"


def document(answer: Answer) -> Document:
    """Return the first screen: in a terminal of 80 columns at most 40 lines.

    >>> import kg
    >>> document(kg.open().ask("khurana-2025-2")).blocks[0].lines[0]
    'Nothing was measured: no signal is known to be raised, and nothing is ranked.'
    """
    rows, caveats = care.SHOWN, CAVEATS
    while True:
        made = Document(title(answer), list(_blocks(answer, rows, caveats)))
        if terminal.text(made, WIDTH).count("\n") <= LINES or (rows, caveats) == (FEWEST, 1):
            return made
        rows, caveats = (rows - 1, caveats) if rows > FEWEST else (rows, caveats - 1)


def title(answer: Answer) -> str:
    """Return the question that an answer answers, a long name of a file by its end.

    >>> import kg
    >>> title(kg.open().ask({"IL-21": 3}, comparator="healthy skin"))
    'Which drugs block the signals raised in this patient?'
    """
    name = "this patient" if answer.profile.title == str(NAME) else answer.profile.title
    return TITLE.format(name if len(name) <= WIDTH else f"...{name[-WIDTH // 2 :]}")


def _blocks(answer: Answer, rows: int, caveats: int) -> Iterator[Block]:
    lines = [*result(answer), *_about(answer), *_stands_on(answer), *given(answer)]
    yield Paragraph([*tracks.ranked(answer.tracks), *lines])
    if answer.tracks:
        yield Paragraph([tracks.summary(answer.tracks)])
    if answer.ranked:
        shown = shown_rows(answer, rows)
        if shown:
            yield table(answer, shown)
        yield Paragraph([*_others(answer, shown), *legend(answer, shown)])
    if answer.caveats:
        yield Section("Take care", [Notes(answer.caveats[:caveats])])
    understood = answer.profile.understood
    read = [understood.short] if understood and understood.used and understood.form != PYTHON else []
    yield Paragraph([*read, _more(answer, caveats), _source(answer)])


# --- in words ---------------------------------------------------------------------------------------------------------


def result(answer: Answer) -> Iterator[str]:
    """Yield the result in one sentence.

    >>> import kg
    >>> list(result(kg.open().ask({"IL-21": 1}, comparator="healthy skin")))
    ['No measured cytokine is raised: nothing is ranked.']
    """
    profile = answer.profile
    if not answer.comparator_known:
        yield f"The comparator “{profile.comparator_label}” is none that the graph knows: it was taken as written."
    if answer.tracks and answer.tracks.ranked_by == "signature" and not profile.signals:
        yield "No cytokine of the graph is active by its signature: nothing is ranked."
    elif not profile.signals:
        yield profile.nothing
    elif not answer.ranked:
        raised = any(signal.direction(answer.settings) == "raised" for signal in profile.signals)
        what = "raised cytokine signals through a JAK" if raised else "measured cytokine is raised"
        yield f"No {what}: nothing is ranked."
    else:
        yield _first(answer, [row for row in answer.ranked if row.drug.group == "systemic"])


def _first(answer: Answer, systemic: Sequence[order.RankedDrug]) -> str:
    best = [row for row in systemic if row.rank[0] == 1]
    if not best:
        return "No approved systemic drug is known here."
    row = best[0]
    raised = [part.raised for part in row.parts]
    labels = _labels(answer)
    signals = named([labels[one.heaviest] for one in raised])
    drugs = named([row.drug.label for row in best])
    everything = [row for row in systemic if row.score[0] == 1]
    of = f"Of {len(systemic)} approved systemic drug{'s' * (len(systemic) != 1)}"
    first = f"{drugs} {'comes' if len(best) == 1 else 'come'} first"
    if len(everything) == 1:
        return f"{of} {drugs} alone blocks {signals}{_how(answer, raised)}."
    if everything:
        many = "all" if len(everything) == len(systemic) else str(len(everything))
        least = f"{first}, with the least else" if len(best) < len(everything) else f"{first} together"
        return f"{of} {many} block {signals}; {least}."
    none = f"No approved systemic drug is known to block {signals}{' wholly' if row.score[0] else ''}"
    if not row.score[1]:
        return f"No approved systemic drug blocks {signals} at this threshold."
    return f"{none}; {first}, with a score of {interval(row.score)}."


def _how(answer: Answer, raised: Sequence[order.Raised]) -> str:
    """Return which kinases a drug that blocks the one raised signal inhibits."""
    needs = {kinase.upper() for one in raised for route in one.signal.routes for kinase in route.needs}
    if len(raised) != 1 or answer.settings.require == "any":
        return ""
    counted = {1: "the one that it needs", 2: "both needed"}.get(len(needs), "all needed")
    return f": it inhibits {listed(sorted(needs))}, {counted}"


def _labels(answer: Answer) -> dict[str, str]:
    return {signal.cytokine: signal.label for signal in answer.profile.signals}


def _about(answer: Answer) -> Iterator[str]:
    if answer.about != answer.profile.title:
        yield answer.about


def _stands_on(answer: Answer) -> Iterator[str]:
    """Yield what was measured: what is raised against what in how many samples, and what is not."""
    settings, profile = answer.settings, answer.profile
    if not profile.signals:
        return
    raised = [signal for signal in profile.signals if signal.is_raised(settings)]
    raised.sort(key=lambda signal: -(signal.weight(settings) or 0.0))
    against = profile.comparator_label or ""
    against = against if len(against) <= WIDTH else f"{against[:WIDTH]}..."
    sample = f" ({answer.samples})" if answer.samples else ""
    if raised:
        many = f"{NUMBERS.get(len(raised), len(raised))} raised cytokine{'s' * (len(raised) != 1)}"
        names = named([f"{s.label} {short(s.ratio)}-fold" if s.ratio else s.label for s in raised])
        yield f"Stands on {many}: {names}, against {against}{sample}."
    else:
        yield f"Measured against {against}{sample}."
    others = []
    for signal in profile.signals:
        direction = signal.direction(settings)
        if signal in raised:
            continue
        word = {"raised": "raised, but excluded from the score"}.get(direction, direction)
        reported = f", reported as {signal.reported}" if signal.reported not in (None, direction) else ""
        others.append(f"{signal.label} {f'{short(signal.ratio)} ' if signal.ratio else ''}({word}{reported})")
    if others:
        yield f"Not counted: {named(others)}."


def given(answer: Answer) -> Iterator[str]:
    """Yield for each drug given, up to two, its rank and what became of the patient on it.

    >>> import kg
    >>> list(given(kg.open().ask("khurana-2025-3")))
    ['Given: baricitinib 4 mg. Complete at 6 weeks; no relapse seen (5 months).']
    """
    for seen in answer.observed[:DOSES]:
        dose = f" {seen.dose}" if seen.dose and seen.dose != "not reported" else ""
        yield f"Given: {seen.drug}{dose}{_rank_of(answer, seen.drug)}.{_outcome(seen)}"
    if (more := len(answer.observed) - DOSES) > 0:
        yield f"Given, too: {more} more drugs or doses: --full"


def _rank_of(answer: Answer, drug: str) -> str:
    for row in answer.ranked:
        if row.drug.id == drug:
            of = sum(other.drug.group == row.drug.group for other in answer.ranked)
            return f", rank {ranks(row.rank)} of {of}"
    return ""


def _outcome(seen: Observed) -> str:
    """Return the last outcome of each site and whether the disease came back, as a sentence."""
    said = [one for one in seen.outcomes if one.condition == "granuloma annulare"] or seen.outcomes
    last = [one for one in said if one.time == said[-1].time]
    words = []
    for one in last[: DOSES + 1]:
        count = f"{one.n} patients" if one.n not in (None, 1) else ""
        percent = f"{one.percent:g} %" if one.percent is not None else ""
        words.append(" ".join(filter(None, (one.site, one.grade, percent, count and f"({count})"))))
    found = []
    if words:
        what = "; ".join(words)
        found.append(f"{what[0].upper()}{what[1:]}" + (f" at {last[0].time}" if last[0].time else ""))
    relapse = seen.relapse
    if isinstance(relapse, ObservedRelapse):
        after = f" after {relapse.after}" if relapse.after else ""
        until = f" ({relapse.follow_up})" if relapse.follow_up else ""
        found.append(f"relapsed{after}" if relapse.relapsed else f"no relapse seen{until}")
    elif relapse:
        found.append(f"relapse {relapse}" if relapse != "none" else "no relapse")
    text = "; ".join(found)
    return f" {text[0].upper()}{text[1:]}." if text else " Outcome not reported."


# --- the table --------------------------------------------------------------------------------------------------------


def shown_rows(answer: Answer, most: int) -> list[DrugAnswer]:
    """Return the rows of approved systemic drugs that are shown: the first ones, and those of drugs given.

    >>> import kg
    >>> [row.drug.id for row in shown_rows(kg.open().ask("khurana-2025-1"), 3)]
    ['tofacitinib', 'ritlecitinib', 'baricitinib']
    """
    names = {seen.drug for seen in answer.observed}
    kept = {row.drug.id for row in care.top(answer.ranked, names, most)}
    return [row for row in answer.rows if row.drug.id in kept]


def table(answer: Answer, rows: Sequence[DrugAnswer], name: str = "approved, systemic") -> Table:
    """Return rows as a table: rank, drug with its marks, score, raised signals, what else it blocks, its window.

    >>> import kg
    >>> answer = kg.open().ask("khurana-2025-1")
    >>> table(answer, shown_rows(answer, 1)).rows[0][-2:]
    ['0.94', '5.9 to <787']
    """
    cells = [_cells(answer, row, by_name=True) for row in rows]
    columns = ["rank", name, "score", "raised signals", "also blocks", "holds for, nM"]
    if sum(max(map(len, column)) + 2 for column in zip(columns, *cells, strict=True)) > WIDTH + 2:
        cells = [_cells(answer, row, by_name=False) for row in rows]
    return Table(columns, cells)


def every_row(answer: Answer) -> Iterator[Section]:
    """Yield the rows of each group as a table.

    >>> import kg
    >>> [section.title for section in every_row(kg.open().ask("khurana-2025-1"))]
    ['Approved, systemic', 'Approved, topical', 'Not approved']
    """
    names = {"systemic": "Approved, systemic", "topical": "Approved, topical", "not approved": "Not approved"}
    for group, name in names.items():
        rows = [row for row in answer.rows if row.drug.group == group]
        if rows:
            yield Section(name, [table(answer, rows, "drug")])


def _cells(answer: Answer, row: DrugAnswer, *, by_name: bool) -> list[str]:
    collateral = row.collateral.score
    return [
        ranks(row.rank),
        f"{row.drug.label} {''.join(_marks(answer, row))}".strip(),
        interval(row.score),
        verdicts(row, by_name=by_name),
        "-" if collateral is None else interval(collateral),
        window_words(row.robustness.window) + " ~" * bool(row.robustness.near(answer.settings.threshold)),
    ]


def ranks(rank: tuple[int, int]) -> str:
    """Return a rank, with the last where several rows share it.

    >>> ranks((1, 1)), ranks((2, 5))
    ('1', '2–5')
    """
    return str(rank[0]) if rank[0] == rank[1] else f"{rank[0]}–{rank[1]}"


def _marks(answer: Answer, row: DrugAnswer) -> Iterator[str]:
    if answer.warnings.get(row.drug.id):
        yield "!"
    if any(kinase.hit.why == "disagree" for kinase in row.kinases().values()):
        yield "*"
    if any(seen.drug == row.drug.id for seen in answer.observed):
        yield ">"


def verdicts(row: DrugAnswer, *, by_name: bool) -> str:
    """Return what a drug does to the raised signals, by their names or, where these are long, by their number.

    >>> import kg
    >>> (row,) = kg.open().ask("khurana-2025-1", drug="tofacitinib").rows
    >>> verdicts(row, by_name=True), verdicts(row, by_name=False)
    ('IL-21 blocked', '1 blocked')
    """
    if by_name:
        return "; ".join(f"{', '.join(labels)} {word}" for word, labels in row.verdicts.items())
    words = {"blocked": "blocked", "partly": "partly", "not blocked": "not", "unknown": "open"}
    return ", ".join(f"{len(labels)} {words[word]}" for word, labels in row.verdicts.items())


def window_words(window: Window | None) -> str:
    """Return the thresholds for which a row stays as it is.

    >>> window_words(None), window_words(Window(None, None))
    ('-', 'any')
    """
    if window is None:
        return "-"
    lower = window.lower and f"{'' if window.lower.included else '>'}{plain(window.lower.value)}"
    upper = window.upper and f"{'' if window.upper.included else '<'}{plain(window.upper.value)}"
    if lower and upper:
        return f"{lower} to {upper}"
    return f"from {lower}" if lower else f"up to {upper}" if upper else "any"


# --- below the table --------------------------------------------------------------------------------------------------


def _others(answer: Answer, shown: Sequence[DrugAnswer]) -> Iterator[str]:
    """Yield how many rows are not shown, and one line each for topical drugs and for those that are not approved."""
    systemic = [row for row in answer.ranked if row.drug.group == "systemic"]
    if len(systemic) > len(shown):
        yield f"... {len(systemic) - len(shown)} more: --full"
    groups = {row.drug.group for row in answer.rows}
    topical = [row for row in answer.ranked if row.drug.group == "topical" and "topical" in groups]
    creams = [row.drug.label for row in systemic if row.drug.topical]
    if topical or creams:
        names = named([f"{row.drug.label} {interval(row.score)}" for row in topical])
        also = f"a cream, too: {named(creams)}" if creams else ""
        yield f"Topical: {'; '.join(filter(None, (names, also)))}"
    rest = [row for row in answer.ranked if row.drug.group == "not approved" and "not approved" in groups]
    if rest:
        first = [row.drug.label for row in rest if row.rank[0] == 1]
        many = f"{len(rest)} drug{'s' * (len(rest) != 1)}"
        yield f"Not approved: {many}, first {named(first, 2)} {interval(rest[0].score)}: --all"


def legend(answer: Answer, shown: Sequence[DrugAnswer]) -> Iterator[str]:
    """Yield what the columns and marks of the table mean, and who warns of what.

    >>> import kg
    >>> answer = kg.open().ask("khurana-2025-1")
    >>> list(legend(answer, shown_rows(answer, 1)))[-1][:37]
    '> given; ! regulators warn (EU since '
    """
    if not shown:
        return
    settings = answer.settings
    of = shown[0].collateral.of
    near = "; ~ an end is within 2-fold" if any(row.robustness.near(settings.threshold) for row in shown) else ""
    yield (
        f"also blocks: share of {of} JAK signals that are not raised; holds for: cut-offs at which the row stays (now "
        f"{plain(settings.threshold)} nM{near})"
    )
    if answer.any_kinase:
        yield answer.any_kinase
    marks = {mark for row in shown for mark in _marks(answer, row)}
    said = [word for mark, word in ((">", "> given"), ("*", "* sources disagree")) if mark in marks]
    yield "; ".join([*said, *_warnings([row for row in shown if answer.warnings.get(row.drug.id)], answer.warnings)])


def _warnings(rows: Sequence[DrugAnswer], warnings: Mapping[str, Sequence[RegulatorWarning]]) -> Iterator[str]:
    """Yield who warns since when, the risks that several drugs share, and those that only one has."""
    if not rows:
        yield "no warning of a regulator was read, which is not none"
        return
    risks = {row.drug.label: {risk for one in warnings[row.drug.id] for risk in one.says} for row in rows}
    often = sorted({risk for mine in risks.values() for risk in mine}, key=lambda r: (-_times(r, risks), r))
    often = [risk for risk in often if not any(risk in other and risk != other for other in often)]
    shared = [risk for risk in often if _times(risk, risks) > 1][:RISKS] or often[:RISKS]
    since: dict[str, list[str]] = {}
    for row in rows:
        for one in warnings[row.drug.id]:
            since.setdefault(one.authority, []).extend(re.findall(r"\d{4}", one.since or ""))
    who = listed([f"{name} since {min(years)}" if years else name for name, years in sorted(since.items())])
    alone = [f"{name}: {sorted(mine)[0]}" for name, mine in risks.items() if not mine & set(shared)]
    yield f"! regulators warn ({who}): {', '.join([*shared, *alone[:1]])}; no !: none read, which is not none"


def _times(risk: str, risks: Mapping[str, set[str]]) -> int:
    return sum(risk in mine for mine in risks.values())


def _more(answer: Answer, caveats: int) -> str:
    case, rest = answer.profile.case, len(answer.caveats) - caveats
    ways = ["--full" + (f" ({rest} more to take care of)" if rest > 0 else "")]
    if answer.ranked:
        first = answer.ranked[0].drug.id
        ways += [f"--drug {first}", *([f"kg why {case} {first}"] if case else [])]
    return f"More: {', '.join(ways)}"


def _source(answer: Answer) -> str:
    return f"Graph {answer.version}, {answer.digest[:19]}. For research; not medical advice."
