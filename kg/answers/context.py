"""What stands beside a ranking: what happened to the case, what is disputed, what cells say, what is not known."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kg import calculus as m
from kg.answers import cell_assays
from kg.calculus.signals import HEAVIEST
from kg.model.vocabulary import DAYS
from kg.profiles.profile import MeasuredCytokine, Profile
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Row

APPROVED: Final = (
    "Approvals are for other diseases, and the list of authorities is not complete: absence from it says nothing."
)
SHARE: Final = (
    "By share, a drug that hits one of two needed kinases counts half; it may stop more of the signal or less: "
    "compare --require any and all."
)
CAVEATS: Final = (
    "Transcript or protein levels are not activity, and potency on an enzyme is not effect in a patient.",
    "Case reports have no comparison group and lesions can clear by themselves: "
    "what happened to a patient shows no effect of a drug.",
    "For research; not medical advice. No JAK inhibitor is approved for granuloma annulare.",
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A claim on a route of a raised cytokine that sources dispute, leave open, or qualify, with their words."""

    receptors: tuple[str, ...]
    kinase: str
    status: str
    supported_by: tuple[str, ...]
    refuted_by: tuple[str, ...]
    qualified_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedOutcome:
    """What became of a condition on a drug; ``grade`` and ``event`` are in words, ``n`` is of patients."""

    condition: str
    site: str | None
    event: str
    grade: str
    percent: int | float | None
    time: str | None
    n: int | None
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedRelapse:
    """Whether the disease came back, as reported."""

    relapsed: bool
    after: str | None
    follow_up: str | None
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What happened to a case on one JAK inhibitor; a word in place of a relapse or events says why."""

    drug: str
    dose: str | None
    frequency: str | None
    route: str | None
    duration: str | None
    stopped: str | bool | None
    outcomes: tuple[ObservedOutcome, ...]
    relapse: ObservedRelapse | str | None
    adverse_events: tuple[str, ...] | str | None
    reference: str
    citation: str


UNSAID: Final = {"reportedNone": "none", "notReported": "not reported", "notApplicable": "not applicable"}


def observed(graph: OpenGraph, case: str) -> Iterable[Observed]:
    """Yield what happened to a case on each JAK inhibitor that it was given, in the words of the report.

    Raises Problems for a case that the graph does not know.

    >>> import kg
    >>> [(seen.drug, seen.dose, seen.duration) for seen in observed(kg.open(), "khurana-2025-1")]
    [('baricitinib', '4 mg', '14 weeks')]
    """
    outcomes = sorted(
        graph.rows("outcomes_of_case", case=case), key=lambda row: (row["event"] != "FirstResponse", _days(row))
    )
    relapses = {row["therapy"]: row for row in graph.rows("relapses_of_case", case=case)}
    events = graph.rows("adverse_events_of_case", case=case)
    unsaid = {
        (row["thing"], row["item"]): UNSAID[row["how"]] for row in graph.rows("items_not_given_of_case", case=case)
    }
    for row in graph.rows("therapies_of_case", case=case):
        therapy = row["therapy"]
        mine = tuple(event["label"] for event in events if event["therapy"] == therapy)
        yield Observed(
            drug=row["inhibitor"],
            dose=row["dose"],
            frequency=row["frequency"],
            route=row["route"],
            duration=row["duration"],
            stopped=row["stopped"],
            outcomes=tuple(_outcome(outcome) for outcome in outcomes if outcome["therapy"] == therapy),
            relapse=_relapse(relapses[therapy]) if therapy in relapses else unsaid.get((therapy, "ItemRelapse")),
            adverse_events=mine or unsaid.get((therapy, "ItemAdverseEvents")),
            reference=row["source"],
            citation=row["citation"],
        )


def _outcome(row: Row) -> ObservedOutcome:
    return ObservedOutcome(
        condition=row["conditionLabel"],
        site=row["site"],
        event=words_of(row["event"]),
        grade=words_of(row["grade"]),
        percent=row["percent"],
        time=row["time"],
        n=row["count"],
        quote=row["quote"],
    )


def _relapse(row: Row) -> ObservedRelapse:
    return ObservedRelapse(relapsed=row["relapsed"], after=row["after"], follow_up=row["followUp"], quote=row["quote"])


def _days(outcome: Row) -> float:
    return float(outcome["low"]) * DAYS[outcome["unit"]] if outcome["time"] else 0


def words_of(name: str) -> str:
    """Return the local name of an individual as words.

    >>> words_of("NearlyComplete")
    'nearly complete'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def about_case(graph: OpenGraph, case: str) -> str:
    """Return who a case is, in one line; Problems for a case that the graph does not know.

    >>> import kg
    >>> about_case(kg.open(), "khurana-2025-3")
    'Patient 3, female, 59 years; generalised papular granuloma annulare, 1 year; Khurana 2025'
    """
    (row,) = graph.rows("cases", case=case)
    kinds = graph.rows("disease_of_case", case=case)
    labels = [kind["subtypeLabel"].removesuffix(" granuloma annulare") for kind in kinds]
    extents = [label for label in labels if label in ("generalised", "localised")]
    shapes = [label for label in labels if label not in extents]
    disease = " ".join(filter(None, [*extents, " and ".join(shapes), "granuloma annulare"]))
    duration = next((f", {kind['duration']}" for kind in kinds if kind["duration"]), "")
    size = "" if row["n"] == 1 else f"group of {row['n']}, " if row["n"] else "group of unknown size, "
    sex = f"{row['sex']}, " if row["sex"] != "not reported" else ""
    age = row["age"] or "age not reported"
    authors = row["citation"].partition(",")[0]
    return f"{row['printedAs']}, {size}{sex}{age}; {disease}{duration}; {authors}"


def not_measured(graph: OpenGraph, profile: Profile) -> Iterable[str]:
    """Yield the JAK-dependent cytokines that some source implicates in the disease and that were not measured.

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> patient = profile.of_case(graph, "khurana-2025-1")
    >>> "oncostatin M" in set(not_measured(graph, patient))
    True
    """
    measured = {signal.cytokine for signal in profile.signals}
    for row in graph.rows("cytokines_implicated_in_granuloma_annulare"):
        if row["cytokine"] not in measured and row["jak"] == "yes":
            yield row["label"]


def conflicts(graph: OpenGraph, raised: Sequence[MeasuredCytokine], table: m.Mechanism) -> Iterable[Conflict]:
    """Yield what sources dispute, leave open or qualify on the receptors of raised cytokines, alike ones together.

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> patient = profile.of_case(graph, "khurana-2025-1")
    >>> raised = [signal for signal in patient.signals if signal.cytokine == "il21"]
    >>> [found.kinase for found in conflicts(graph, raised, graph.mechanism)]
    ['jak1', 'jak3']
    """
    receptors = {route.receptor for route in _routes(raised, table)}
    words: dict[tuple[str, str, str, str], dict[str, list[str]]] = {}
    for row in graph.rows("unsettled_needs_of_receptors"):
        if row["receptor"] in receptors:
            claim = (row["receptor"], row["receptorLabel"], row["kinase"], row["status"])
            species = f", {row['species']}" if row["species"] else ""
            quote = f": “{row['quote']}”" if row["quote"] else ""
            note = f" ({row['note']})" if row["note"] else ""
            source = f"{row['citation'].partition(',')[0]}{species}{quote}{note}"
            words.setdefault(claim, {}).setdefault(row["stance"], []).append(source)
    alike: dict[tuple[str, str, tuple[tuple[str, ...], ...]], list[str]] = {}
    for (_, label, kinase, status), stances in words.items():
        sources = tuple(tuple(stances.get(stance, ())) for stance in ("Supports", "Refutes", "Inconclusive"))
        alike.setdefault((kinase, status, sources), []).append(label)
    for (kinase, status, (supports, refutes, qualifies)), labels in alike.items():
        yield Conflict(tuple(labels), kinase, status.lower(), supports, refutes, qualifies)


def _routes(raised: Sequence[MeasuredCytokine], table: m.Mechanism) -> list[m.Route]:
    return [route for signal in raised for route in table.routes.get(signal.cytokine, ())]


def disagreements(
    graph: OpenGraph, profile: Profile, raised: Sequence[MeasuredCytokine], table: m.Mechanism, drugs: set[str]
) -> Iterable[str]:
    """Yield the disagreements that touch the answer: on a raised cytokine, or on a drug and a kinase that is needed.

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> patient = profile.of_case(graph, "khurana-2025-1")
    >>> raised = [signal for signal in patient.signals if signal.cytokine == "il21"]
    >>> any("only Th1" in line for line in disagreements(graph, patient, raised, graph.mechanism, set()))
    True
    """
    routes = _routes(raised, table)
    needed = {kinase for route in routes for kinase in route.needs}
    signals = {signal.cytokine for signal in raised} | {route.receptor for route in routes}
    sides: dict[str, dict[str, Row]] = {}
    things: dict[str, set[str]] = {}
    for row in graph.rows("disagreements"):
        sides.setdefault(row["disagreement"], {})[row["side"]] = row
        things.setdefault(row["disagreement"], set()).add(row["about"])
    on_case = 0
    for name, about in things.items():
        if about & graph.once(_disputed_cases) and profile.case not in about:  # on another patient
            continue
        first, second = sides[name].values()
        on_case += profile.case in about
        on_drug = bool(about & drugs and about & needed)
        of_drug = bool(about & table.drugs.keys())
        if not (on_drug if of_drug else about & signals):
            continue
        said = " / ".join(f"{side['says']} ({side['citation'].partition(',')[0]})" for side in (first, second))
        kept = [word for word, side in (("first", first), ("second", second)) if side["kept"]]
        followed = "both are kept" if len(kept) == 2 else f"we use the {kept[0]}" if kept else "we use neither"
        yield f"{first['topic']}: {said}; {followed}: {first['reason']}"
    if on_case:
        yield f"On the case itself its sources disagree, or one with itself, {on_case} times: kg query disagreements"


def _disputed_cases(graph: OpenGraph) -> set[str]:
    things = {row["about"] for row in graph.rows("disagreements")}
    return {thing for thing in things if graph.is_instance(thing, "jak:Case")}


def in_cells(
    graph: OpenGraph,
    raised: Sequence[MeasuredCytokine],
    table: m.Mechanism,
    drugs: set[str],
    settings: m.Settings = m.DEFAULT,
) -> Iterable[cell_assays.Finding]:
    """Yield what cells say of the ranked drugs on the raised cytokines.

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> patient = profile.of_case(graph, "khurana-2025-1")
    >>> raised = [signal for signal in patient.signals if signal.cytokine == "il21"]
    >>> found = in_cells(graph, raised, graph.mechanism, {"tofacitinib"})
    >>> {finding.says for finding in found}
    {'more potent than baricitinib'}
    """
    cytokines = {signal.cytokine for signal in raised}
    found = cell_assays.findings(graph, table, settings, on=cytokines) if cytokines else []
    return (finding for finding in found if finding.drug in drugs)


def hypotheses(graph: OpenGraph, profile: Profile, drugs: set[str]) -> Iterable[str]:
    """Yield the hypotheses about a measured cytokine and a ranked drug, with what this case adds.

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> patient = profile.of_case(graph, "khurana-2025-1")
    >>> next(iter(hypotheses(graph, patient, {"baricitinib"})))[:37]
    'A patient without an IFN-gamma signal'
    """
    about: dict[str, set[str]] = {}
    rows: dict[str, Row] = {}
    on_cases: dict[str, list[tuple[str, Row]]] = {}
    for row in graph.rows("cases_on_hypotheses"):
        if row["case"]:
            stance = "for" if row["side"] == "caseFor" else "against"
            on_cases.setdefault(row["hypothesis"], []).append((stance, row))
    for row in graph.rows("hypotheses"):
        about.setdefault(row["hypothesis"], set()).add(row["about"])
        rows[row["hypothesis"]] = row
    measured = {signal.cytokine for signal in profile.signals}
    for name, things in about.items():
        if things & measured and things & drugs:
            yield f"{rows[name]['says']} Hypothesis from {rows[name]['citation']}: “{rows[name]['quote']}”"
            for stance, row in on_cases.get(name, ()):
                yield f"  {stance} it: {row['case']}. {row['reason']}"


def notes(
    graph: OpenGraph, profile: Profile, raised: Sequence[MeasuredCytokine], counted: Sequence[MeasuredCytokine]
) -> Iterable[str]:
    """Yield what is to be known of each signal, and why nothing is ranked where nothing is.

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> patient = profile.of_case(graph, "khurana-2025-1")
    >>> [note[:11] for note in notes(graph, patient, patient.signals, patient.signals)][:2]
    ['IFN-gamma: ', 'IL-15: The ']
    """
    if not profile.signals:
        yield profile.nothing
    elif not raised:
        yield "No measured cytokine is raised: nothing is ranked."
    elif not counted:
        yield "No raised cytokine signals through a JAK: nothing is ranked."
    parts = graph.rows("parts_of_ligands") if profile.signals else []
    for signal in profile.signals:
        wholes = [row["complexLabel"] for row in parts if row["part"] == signal.cytokine]
        if wholes:
            yield f"{signal.label} alone is not a cytokine: a part of {' and '.join(wholes)}, excluded from the score."
        elif signal.jak == "no":
            yield f"{signal.label} does not signal through a JAK-coupled receptor: it is excluded from the score."
        elif signal.jak == "unknown" and signal in raised:
            yield f"{signal.label}: no receptor with settled kinases is known, so its blockade is unknown."
        if signal.log2 is not None and abs(signal.log2) > HEAVIEST:
            yield f"{signal.label}: a ratio of {signal.ratio} points to a level near zero; it weighs {HEAVIEST:g}."
        if signal.note and profile.case:
            yield f"{signal.label}: {signal.note}"
    if profile.not_measured:
        yield f"Listed without a value, so not measured: {', '.join(profile.not_measured)}."
    yield from profile.notes


def on_ranking(scores: Sequence[m.Interval], require: m.Require) -> Iterable[str]:
    """Yield what a reader of a ranking should know of it as a whole.

    >>> list(on_ranking([], "share"))
    []
    """
    if scores and all(score == (0.0, 1.0) for score in scores):
        yield "Nothing can be ranked: no blockade is known of any drug, and the order is that of names."
    if scores and require == "share":
        yield SHARE
    if scores:
        yield APPROVED


def unsettled(graph: OpenGraph, raised: Sequence[MeasuredCytokine], table: m.Mechanism) -> Iterable[str]:
    """Yield what is not understood of the receptors of raised cytokines.

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> patient = profile.of_case(graph, "khurana-2025-1")
    >>> raised = [signal for signal in patient.signals if signal.cytokine == "il21"]
    >>> list(unsettled(graph, raised, graph.mechanism))
    []
    """
    receptors = {route.receptor for route in _routes(raised, table)}
    for row in graph.rows("notes_on_receptors"):
        if row["receptor"] in receptors:
            yield f"{row['label']}: {row['note']}."
