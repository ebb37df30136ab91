"""What to take care of in one answer: what its first rows hang on, in the order in which a reader should know it.

>>> import kg
>>> kg.open().ask("khurana-2025-1").caveats[0][:67]
'Below a threshold of 55 nM sources on JAK3 of tofacitinib disagree.'
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from decimal import Decimal

from kg.calculus import ranking as order
from kg.calculus.mechanism import Mechanism, Settings
from kg.calculus.next_measurement import first
from kg.calculus.potency import Drug, hit
from kg.calculus.ranking import RankedDrug
from kg.calculus.robustness import Edge, End, Window, robustness
from kg.calculus.signals import near, weight
from kg.document.blocks import listed
from kg.profiles.profile import MeasuredCytokine, Profile, weights
from kg.sparql.graph import OpenGraph

SHOWN = 6
"""Rows of approved systemic drugs that the first screen shows."""
NAMED = 3
"""Drugs or cytokines that a sentence names; of more it says how many."""


def top(rows: Sequence[RankedDrug], given: Set[str], most: int = SHOWN) -> list[RankedDrug]:
    """Return the approved systemic drugs that are shown first: the first ``most``, of which those given are kept.

    >>> from kg.calculus.ranking import Collateral
    >>> def row(name: str) -> RankedDrug:
    ...     return RankedDrug(Drug(name, {}, group="systemic"), (0.0, 1.0), (), Collateral(None, 0, 0, {}))
    >>> [found.drug.id for found in top([row("a"), row("b"), row("c")], {"c"}, 2)]
    ['a', 'c']
    """
    systemic = [row for row in rows if row.drug.group == "systemic"]
    kept = [row.drug.id for row in systemic if row.drug.id in given][:most]
    rest = [row.drug.id for row in systemic if row.drug.id not in given][: most - len(kept)]
    return [row for row in systemic if row.drug.id in {*kept, *rest}]


def caveats(
    graph: OpenGraph, profile: Profile, raised: Sequence[MeasuredCytokine], ranked: Sequence[RankedDrug],
    settings: Settings, given: Set[str], missing: Sequence[str],
) -> Iterator[str]:  # fmt: skip
    """Yield what to take care of; ``ranked`` has all drugs in scope, ``missing`` the cytokines that were not measured.

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> patient = profile.of_case(graph, "khurana-2025-2")
    >>> list(caveats(graph, patient, [], [], Settings(), {"baricitinib"}, ["IL-4"]))
    ['IL-4, implicated in granuloma annulare, was not measured: kg next khurana-2025-2.']
    """
    shown = top(ranked, given)
    best = [row for row in shown if row.rank[0] == 1]
    labels = {signal.cytokine: signal.label for signal in raised}
    if profile.understood and profile.understood.species == "mouse":
        yield "Genes of the mouse were read by their human orthologues: routes and potencies are human."
    yield from _faint(profile, raised)
    yield from _edges(shown, settings)
    yield from _open(best, labels)
    yield from _samples(graph, profile, raised)
    yield from _cut_off(graph.mechanism, profile, raised, ranked, settings)
    yield from _databases(shown[:1], labels)
    if missing:
        where = f": kg next {profile.case}" if profile.case else ": kg next"
        were = "was" if len(missing) == 1 else "were"
        names = named(missing)
        yield f"{names}, implicated in granuloma annulare, {were} not measured{where}."


def any_kinase(
    mechanism: Mechanism, raised: Sequence[MeasuredCytokine], ranked: Sequence[RankedDrug], settings: Settings,
    given: Set[str],
) -> str:  # fmt: skip
    """Return how many approved systemic drugs block all that is raised where any needed kinase suffices, as a sentence.

    "" where that changes none, is how receptors are scored anyway, or where nothing is raised.

    >>> import kg
    >>> kg.open().ask("khurana-2025-1").any_kinase
    'Counting any needed kinase (--require any) 10 of 15 block all, baricitinib too.'
    """
    if settings.require == "any" or not raised:
        return ""
    loose = replace(settings, require="any")
    before = {row.drug.id for row in ranked if row.drug.group == "systemic" and row.score[0] == 1}
    rows = order.rank(mechanism, weights(raised, settings), loose, drugs=mechanism.systemic)
    after = [row.drug for row in rows if row.score[0] == 1]
    if len(after) == len(before):
        return ""
    too = named([drug.label for drug in after if drug.id in given and drug.id not in before], 2)
    also = f", {too} too" if too else ""
    return f"Counting any needed kinase (--require any) {len(after)} of {len(rows)} block all{also}."


def named(names: Sequence[str], most: int = NAMED) -> str:
    """Return names as a phrase, of many the first and how many more there are.

    >>> named(["a", "b"]), named(["a", "b", "c", "d", "e"])
    ('a and b', 'a, b, c and 2 more')
    """
    names = list(names)
    return listed(names if len(names) <= most + 1 else [*names[:most], f"{len(names) - most} more"])


# --- what hangs on the threshold --------------------------------------------------------------------------------------


def _edges(rows: Iterable[RankedDrug], settings: Settings) -> Iterator[str]:
    """Yield the edge nearest to the threshold of the first row that has one within 2-fold, and which others have."""
    said: list[str] = []
    others: list[str] = []
    for row in rows:
        found = robustness(row, settings)
        close = sorted(found.near(settings.threshold), key=lambda edge: (_distance(edge, settings), edge.kinase))
        if not close or found.window is None:
            continue
        if not said:
            said.append(edge_words(row.drug, close[0], found.window, settings))
        else:
            at = ", where the threshold is" if close[0].value == settings.threshold else ""
            others.append(f"{row.drug.label} ({close[0].kinase.upper()}, {plain(close[0].value)} nM{at})")
    if said:
        yield said[0] + (f" As near to an edge: {named(others, 2)}." if others else "")


def _distance(edge: Edge, settings: Settings) -> Decimal:
    return max(edge.value / settings.threshold, settings.threshold / edge.value)


def edge_words(drug: Drug, edge: Edge, window: Window, settings: Settings) -> str:
    """Return what becomes of a kinase beyond an edge of the window of a row.

    >>> import kg
    >>> from kg.calculus.robustness import robustness
    >>> (row,) = kg.open().ask("khurana-2025-1", drug="tofacitinib").rows
    >>> edge_words(row.drug, row.robustness.hangs_on[0], row.robustness.window, Settings())
    'Below a threshold of 55 nM sources on JAK3 of tofacitinib disagree.'
    """
    end = window.lower if edge.edge == "from" else window.upper
    assert end is not None  # noqa: S101 - an edge is an end of its window
    where = {
        ("from", True): "Below",
        ("from", False): "At or below",
        ("to", True): "Above",
        ("to", False): "At or above",
    }
    there = hit(drug, edge.kinase, threshold=_beyond(drug, edge, end, settings), derived=settings.derived)
    kinase, name = edge.kinase.upper(), drug.label
    what = {
        "agree": f"{kinase} counts as {'' if there.value == 'yes' else 'not '}inhibited by {name}",
        "disagree": f"sources on {kinase} of {name} disagree",
    }.get(there.why, f"it is open whether {name} inhibits {kinase}")
    here = " That is the threshold itself." if edge.value == settings.threshold else ""
    return f"{where[edge.edge, end.included]} a threshold of {plain(edge.value)} nM {what}.{here}"


def _beyond(drug: Drug, edge: Edge, end: End, settings: Settings) -> Decimal:
    """Return a threshold just outside a window."""
    if not end.included:
        return end.value
    ends = {e for row in drug.compared(edge.kinase, derived=settings.derived) for e in row.ends}
    if edge.edge == "from":
        return (max((e for e in ends if e < end.value), default=Decimal(0)) + end.value) / 2
    return (min((e for e in ends if e > end.value), default=3 * end.value) + end.value) / 2


def plain(value: Decimal) -> str:
    """Return a number without an exponent or zeros at its end.

    >>> plain(Decimal("1E+2")), plain(Decimal("5.90"))
    ('100', '5.9')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- the other ones ---------------------------------------------------------------------------------------------------


def _open(best: Sequence[RankedDrug], labels: Mapping[str, str]) -> Iterator[str]:
    open_parts = [(row, part) for row in best for part in row.parts if part.blockade[0] < part.blockade[1]]
    if open_parts:
        row, part = open_parts[0]
        more = f", and {len(open_parts) - 1} more verdicts at rank 1 are open" if open_parts[1:] else ""
        yield f"How far {row.drug.label} blocks {labels[part.raised.heaviest]} is open{more}."


def _faint(profile: Profile, raised: Sequence[MeasuredCytokine]) -> Iterator[str]:
    """Yield which raised cytokines of a table are hardly there in any sample."""
    if found := [f"{signal.label} ({signal.note})" for signal in raised if signal.note and not profile.case]:
        are, ratios = ("is", "its ratio is") if len(found) == 1 else ("are", "their ratios are")
        yield f"{named(found)} {are} hardly there: {ratios} uncertain."


def _samples(graph: OpenGraph, profile: Profile, raised: Sequence[MeasuredCytokine]) -> Iterator[str]:
    silent = [signal for signal in raised if signal.adjusted_p is None]
    if not silent:
        return
    names = named([signal.label for signal in silent], 2)
    counts = {row["samples"] for row in _measured(graph, profile) if row["cytokine"] in {s.cytokine for s in silent}}
    if counts == {"1"}:
        value = f"{short(silent[0].ratio)}-fold has" if len(silent) == 1 and silent[0].ratio else f"{names} have"
        yield f"One sample without replicate: {value} no error estimate."
    elif counts == {"not reported"} or not counts:
        yield f"No significance and no replicate is stated for {names}."


def _measured(graph: OpenGraph, profile: Profile) -> Sequence[dict[str, object]]:
    return graph.rows("measurements_of_case", case=profile.case) if profile.case else []


def samples(graph: OpenGraph, profile: Profile) -> str:
    """Return in how many samples of what a case was measured, "" where that is not known or differs.

    >>> import kg
    >>> from kg.profiles import profile
    >>> samples(kg.open(), profile.of_case(kg.open(), "khurana-2025-1"))
    'mRNA in lesional skin, one sample'
    """
    found = {(row["analyte"], row["tissue"], row["samples"]) for row in _measured(graph, profile)}
    if len(found) != 1:
        return ""
    ((analyte, tissue, count),) = found
    words = {"1": "one sample", "not reported": "samples not reported"}
    return f"{analyte} in {tissue}, {words.get(str(count), f'{count} samples')}"


def _cut_off(
    mechanism: Mechanism, profile: Profile, raised: Sequence[MeasuredCytokine], ranked: Sequence[RankedDrug],
    settings: Settings,
) -> Iterator[str]:  # fmt: skip
    """Yield each ratio within 1.25-fold of the cut-off, with the first rank on the other side of it."""
    counted, now = weights(raised, settings), first(ranked)
    for signal in profile.signals:
        direction = signal.direction(settings)
        if not signal.counts or direction == "not significant" or not near(signal.ratio, raised=settings.raised):
            continue
        if signal.cytokine in counted:
            other = {name: value for name, value in counted.items() if name != signal.cytokine}
            which = "Not raised"
        else:
            other, which = {**counted, signal.cytokine: weight(settings.raised)}, "Raised"
        then = first(order.rank(mechanism, other, settings, drugs=mechanism.systemic))
        names = named([mechanism.drugs[name].label for name in then])
        comes = f"{names} would come first" if then else "nothing is ranked"
        becomes = "the first rank stays" if then == now else comes
        cut_off = f"near the cut-off of {plain(settings.raised)}"
        yield f"{signal.label} at {short(signal.ratio)} is {cut_off}. {which}: {becomes}."


def short(ratio: Decimal | None) -> str:
    """Return a ratio to three digits.

    >>> short(Decimal("15600")), short(Decimal("2.3333"))
    ('15,600', '2.33')
    """
    return "" if ratio is None else f"{ratio:,.0f}" if ratio >= 1000 else f"{ratio:.3g}"


def _databases(rows: Sequence[RankedDrug], labels: Mapping[str, str]) -> Iterator[str]:
    found: dict[str, set[str]] = {}
    for row in rows:
        for part in row.parts:
            for route in part.raised.signal.routes:
                for kinase in route.by_database_only:
                    found.setdefault(kinase, set()).add(labels[part.raised.heaviest])
    if found:
        needs = [
            f"{named(sorted(names), 2)} need{'s' * (len(names) == 1)} {kinase.upper()}"
            for kinase, names in sorted(found.items())
        ]
        yield f"Stated by databases or reviews only, not shown by loss of the kinase: {'; '.join(needs)}."
