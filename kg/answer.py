"""The answer: which drugs block the signals raised in a patient, in order, each row with all its parts.

>>> from kg import built, profile
>>> graph = built.store()
>>> answer = compose(graph, profile.of_case(graph, "khurana-2025-1"))
>>> [(row.drug.id, row.score) for row in answer.rows if row.drug.id in ("tofacitinib", "baricitinib")]
[('tofacitinib', (1.0, 1.0)), ('baricitinib', (0.5, 0.5))]
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Final

from pyoxigraph import Store

from kg import cells, query
from kg import mechanism as m
from kg.problems import Place, Problem, Problems
from kg.profile import Profile, Signal
from kg.terms import PREFIXES, fold

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
PANEL: Final = "PMID:24417533"
"""The side-by-side panel that is shown first."""


DAYS: Final = {
    f"{PREFIXES['obo']}UO_{number}": days
    for number, days in (
        ("0000032", 1 / 24), ("0000033", 1.0), ("0000034", 7.0), ("0000035", 30.4), ("0000036", 365.25),
    )
}  # fmt: skip
"""Unit of time -> days, about: to put times in order, never to print them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose: threshold in nM, how a route counts, and the ratio from which a cytokine is raised."""

    threshold: Decimal = m.THRESHOLD
    require: m.Require = "share"
    raised: Decimal = m.RAISED


DEFAULT: Final = Settings()


@dataclass(frozen=True, slots=True)
class KinaseAnswer:
    """A needed kinase of a route: whether the drug hits it, and every measurement of the pair."""

    kinase: str
    hit: m.Hit
    compared: tuple[tuple[m.Measurement, m.Says], ...]
    not_compared: tuple[m.Measurement, ...]


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """A route of a cytokine, and its needed kinases."""

    receptor: str
    kinases: tuple[KinaseAnswer, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What a drug does to one raised cytokine: its share in the score."""

    signal: Signal
    weight: float
    blockade: m.Interval
    verdict: m.Verdict
    routes: tuple[RouteAnswer, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One drug: its score and the parts that it is made of."""

    drug: m.Drug
    score: m.Interval
    parts: tuple[Part, ...]

    def order(self) -> tuple[float, float, int, str]:
        """Return the key that sorts rows, best first: -lo, -hi, minus the number blocked, name.

        >>> Row(m.Drug("tofacitinib", {}), (0.5, 1.0), ()).order()
        (-0.5, -1.0, 0, 'tofacitinib')
        """
        low, high = self.score
        blocked = sum(part.verdict == "blocked" for part in self.parts)
        return -round(low, 9), -round(high, 9), -blocked, self.drug.id


@dataclass(frozen=True, slots=True)
class Conflict:
    """A claim on a route of a raised cytokine that sources dispute, leave open, or qualify, with their words."""

    receptors: tuple[str, ...]
    kinase: str
    status: str
    supported_by: tuple[str, ...]
    refuted_by: tuple[str, ...]
    qualified_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A ranked, itemised answer, with what it does not say."""

    version: str
    digest: str
    about: str
    profile: Profile
    settings: Settings
    rows: tuple[Row, ...]
    left_out: int
    observed: tuple[dict[str, Any], ...]
    not_raised: tuple[Signal, ...]
    without_jak: tuple[Signal, ...]
    not_measured: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    disagreements: tuple[str, ...]
    in_cells: tuple[cells.Finding, ...]
    hypotheses: tuple[str, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the answer as the JSON contract of the README: keys are added, never renamed.

        Thresholds are in nM, ratios to the comparator; ``score`` and ``blockade`` are [lo, hi], each from 0 to 1.

        >>> from kg import built, profile
        >>> graph = built.store()
        >>> compose(graph, profile.of_case(graph, "khurana-2025-1")).to_json()["settings"]
        {'threshold_nM': 100, 'require': 'share', 'raised': 1.5}
        """
        settings = self.settings
        return {
            "graph": {"version": self.version, "digest": self.digest},
            "patient": self.profile.case,
            "settings": {
                "threshold_nM": _number(settings.threshold),
                "require": settings.require,
                "raised": _number(settings.raised),
            },
            "signals": [self._signal(signal) for signal in self.profile.signals],
            "drugs": [_row(row) for row in self.rows],
            "drugs_left_out": self.left_out,
            "observed": list(self.observed),
            "not_raised": [signal.cytokine for signal in self.not_raised],
            "without_jak": [signal.cytokine for signal in self.without_jak],
            "not_measured": list(self.not_measured),
            "conflicts": [asdict(conflict) for conflict in self.conflicts],
            "disagreements": list(self.disagreements),
            "in_cells": [asdict(finding) for finding in self.in_cells],
            "hypotheses": list(self.hypotheses),
            "notes": list(self.notes),
        }

    def _signal(self, signal: Signal) -> dict[str, Any]:
        raised = self.settings.raised
        return {
            "cytokine": signal.cytokine,
            "input": signal.input,
            "ratio": None if signal.ratio is None else _number(signal.ratio),
            "log2": signal.log2,
            "direction": signal.direction(raised),
            "reported_direction": signal.reported,
            "comparator": self.profile.comparator,
            "weight": signal.weight(raised),
            "through_jak": signal.jak or "unknown",
        }


def compose(
    store: Store,
    profile: Profile,
    settings: Settings = DEFAULT,
    *,
    drug: str | None = None,
    all_species: bool = False,
    approved: bool = False,
    top: int | None = None,
) -> Answer:
    """Return the answer for a profile.

    ``drug`` keeps one drug, ``approved`` those approved somewhere for their species, ``all_species`` admits drugs for
    dogs, ``top`` keeps the first rows. Raises Problems for a drug that is not known or is out of scope.

    >>> from kg import built, profile
    >>> graph = built.store()
    >>> answer = compose(graph, profile.of_case(graph, "khurana-2025-1"), drug="Xeljanz")
    >>> [(row.drug.id, part.signal.label, part.verdict) for row in answer.rows for part in row.parts]
    [('tofacitinib', 'IL-21', 'blocked')]
    """
    table = m.Mechanism.of(store)
    scope = [d for d in table.drugs.values() if all_species or d.intended_species == "human"]
    if drug is not None:
        scope = [table.drugs[named(store, drug, all_species=all_species).id]]
    if approved:
        scope = [d for d in scope if d.approvals]
    raised = [s for s in profile.signals if s.direction(settings.raised) == "raised"]
    counted = [s for s in raised if s.counts]
    rows = rank(scope, counted, table, settings)
    kept = rows if top is None else rows[:top]
    versions = query.ask(store, "graph_version")
    if not versions:
        raise Problems([Problem(Place("the graph"), "it does not say its version", "give one that kg build wrote")])
    return Answer(
        versions[0]["version"], versions[0]["digest"],
        about_case(store, profile.case) if profile.case else profile.title,
        profile, settings, tuple(kept), len(rows) - len(kept),
        tuple(observed(store, profile.case)) if profile.case else (),
        tuple(s for s in profile.signals if s not in raised),
        tuple(s for s in profile.signals if s.jak == "no"),
        tuple(_not_measured(store, profile)),
        tuple(_conflicts(store, counted, table)),
        tuple(_disagreements(store, profile, counted, table, {row.drug.id for row in kept})),
        tuple(_in_cells(store, counted, table, settings, {row.drug.id for row in rows})),
        tuple(_hypotheses(store, profile, {row.drug.id for row in rows})),
        (
            *_notes(store, profile, raised, counted), *_unsettled(store, counted, table), *_on_ranking(rows, settings),
            *CAVEATS,
        ),
    )  # fmt: skip


def named(store: Store, name: str, *, all_species: bool = False) -> m.Drug:
    """Return the inhibitor of a name; Problems where there is none, or where it is for dogs and those are left out.

    >>> from kg import built
    >>> named(built.store(), "Olumiant").id
    'baricitinib'
    """
    table = m.Mechanism.of(store)
    names = {fold(row["name"]).replace("/", ""): row["inhibitor"] for row in query.ask(store, "names_of_inhibitors")}
    found = names.get(fold(name).replace("/", ""))
    place = Place("--drug")
    if found is None:
        from difflib import get_close_matches

        close = get_close_matches(name.lower(), sorted(table.drugs), n=3)
        hint = (
            f"did you mean {' or '.join(close)}?" if close else f"the inhibitors are {', '.join(sorted(table.drugs))}"
        )
        raise Problems([Problem(place, f"{name!r} is no inhibitor of the graph", hint)])
    drug = table.drugs[found]
    if drug.intended_species != "human" and not all_species:
        what = f"{found} is made for the {drug.intended_species}, and so left out of answers for people"
        raise Problems([Problem(place, what, "add --all-species to see it")])
    return drug


def rank(
    drugs: Iterable[m.Drug], raised: Sequence[Signal], table: m.Mechanism, settings: Settings = DEFAULT
) -> list[Row]:
    """Return the rows of drugs for raised cytokines that count, best first; no row where no cytokine counts.

    AssertionError where a cytokine is not raised by the settings or does not count.

    >>> il21 = Signal("il21", "IL-21", "IL-21", Decimal(4), None, "yes")
    >>> table = m.Mechanism({}, {"il21": (m.Route("il21-receptor", ("jak1", "jak3")),)})
    >>> strong = m.Measurement("x", "IC50", "=", Decimal(3), Decimal(3), "nM", "JH1", "human")
    >>> drugs = [m.Drug("unmeasured", {}), m.Drug("measured", {"jak1": (strong,)})]
    >>> [(row.drug.id, row.score) for row in rank(drugs, [il21], table)]
    [('measured', (0.5, 1.0)), ('unmeasured', (0.0, 1.0))]
    """
    if not raised:
        return []
    rows = []
    for drug in drugs:
        parts = tuple(_part(drug, signal, table.routes.get(signal.cytokine, ()), settings) for signal in raised)
        rows.append(Row(drug, m.score([(part.weight, part.blockade) for part in parts]), parts))
    return sorted(rows, key=Row.order)


def _part(drug: m.Drug, signal: Signal, routes: Sequence[m.Route], settings: Settings) -> Part:
    blockade = m.blockade(drug, routes, threshold=settings.threshold, require=settings.require)
    weight = signal.weight(settings.raised)
    assert weight is not None  # noqa: S101 - only raised signals are ranked
    return Part(
        signal, weight, blockade, m.verdict(blockade),
        tuple(
            RouteAnswer(route.receptor, tuple(_kinase(drug, kinase, settings) for kinase in route.needs))
            for route in routes
        ),
    )  # fmt: skip


def _kinase(drug: m.Drug, kinase: str, settings: Settings) -> KinaseAnswer:
    compared = m.comparable(drug, kinase)
    shown = sorted(compared, key=lambda row: (PANEL not in row.references, row.high or row.low or 0, row.id))
    return KinaseAnswer(
        kinase,
        m.hit(drug, kinase, threshold=settings.threshold),
        tuple((row, row.says(settings.threshold)) for row in shown),
        tuple(row for row in drug.measurements.get(kinase, ()) if row not in compared),
    )


# --- what stands beside the ranking -----------------------------------------------------------------------------------


def observed(store: Store, case: str) -> Iterable[dict[str, Any]]:
    """Yield what happened to a case on each JAK inhibitor that it was given, in the words of the report.

    Raises Problems for a case that the graph does not know.

    >>> from kg import built
    >>> [(seen["drug"], seen["dose"], seen["duration"]) for seen in observed(built.store(), "khurana-2025-1")]
    [('baricitinib', '4 mg', '14 weeks')]
    """
    outcomes = query.ask(store, "outcomes_of_case", case=case)
    relapses = {row["therapy"]: row for row in query.ask(store, "relapses_of_case", case=case)}
    events = query.ask(store, "adverse_events_of_case", case=case)
    unsaid = {(row["thing"], row["item"]): row["how"] for row in query.ask(store, "items_not_given_of_case", case=case)}
    words = {"reportedNone": "none", "notReported": "not reported", "notApplicable": "not applicable"}
    for row in query.ask(store, "therapies_of_case", case=case):
        therapy = row["therapy"]
        relapse: Any = words.get(unsaid.get((therapy, "ItemRelapse"), ""))
        if therapy in relapses:
            found = relapses[therapy]
            relapse = {key: found[key] for key in ("relapsed", "after", "followUp", "quote")}
        mine = [event["label"] for event in events if event["therapy"] == therapy]
        yield {
            "drug": row["inhibitor"],
            "dose": row["dose"],
            "frequency": row["frequency"],
            "route": row["route"],
            "duration": row["duration"],
            "stopped": row["stopped"],
            "outcomes": [
                {
                    "condition": outcome["conditionLabel"],
                    "site": outcome["site"],
                    "event": words_of(outcome["event"]),
                    "grade": words_of(outcome["grade"]),
                    "percent": outcome["percent"],
                    "time": outcome["time"],
                    "n": outcome["count"],
                    "quote": outcome["quote"],
                }
                for outcome in sorted(outcomes, key=lambda o: (o["event"] != "FirstResponse", _days(o)))
                if outcome["therapy"] == therapy
            ],
            "relapse": relapse,
            "adverse_events": mine or words.get(unsaid.get((therapy, "ItemAdverseEvents"), "")),
            "reference": row["source"],
            "citation": row["citation"],
        }


def _days(outcome: query.Row) -> float:
    return float(outcome["low"]) * DAYS[outcome["unit"]] if outcome["time"] else 0


def words_of(name: str) -> str:
    """Return the local name of an individual as words.

    >>> words_of("NearlyComplete")
    'nearly complete'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def about_case(store: Store, case: str) -> str:
    """Return who a case is, in one line; StopIteration for a case that the graph does not know.

    >>> from kg import built
    >>> about_case(built.store(), "khurana-2025-3")
    'Patient 3, female, 59 years; generalised papular granuloma annulare, 1 year; Khurana 2025'
    """
    row = next(row for row in query.ask(store, "cases") if row["case"] == case)
    kinds = query.ask(store, "disease_of_case", case=case)
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


def _not_measured(store: Store, profile: Profile) -> Iterable[str]:
    measured = {signal.cytokine for signal in profile.signals}
    for row in query.ask(store, "cytokines_implicated_in_granuloma_annulare"):
        if row["cytokine"] not in measured and row["jak"] == "yes":
            yield row["label"]


def _conflicts(store: Store, raised: Sequence[Signal], table: m.Mechanism) -> Iterable[Conflict]:
    """Yield what sources dispute, leave open or qualify on the receptors of raised cytokines, alike ones together."""
    receptors = {route.receptor for signal in raised for route in table.routes.get(signal.cytokine, ())}
    words: dict[tuple[str, str, str, str], dict[str, list[str]]] = {}
    for row in query.ask(store, "unsettled_needs_of_receptors"):
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


def _disagreements(
    store: Store, profile: Profile, raised: Sequence[Signal], table: m.Mechanism, drugs: set[str]
) -> Iterable[str]:
    """Yield the disagreements that touch the answer: on a raised cytokine, or on a drug and a kinase that is needed."""
    routes = [route for signal in raised for route in table.routes.get(signal.cytokine, ())]
    needed = {kinase for route in routes for kinase in route.needs}
    signals = {signal.cytokine for signal in raised} | {route.receptor for route in routes}
    sides: dict[str, list[query.Row]] = {}
    for row in query.ask(store, "disagreements"):
        sides.setdefault(row["disagreement"], []).append(row)
    on_case = 0
    for first, second in sides.values():
        about = set(first["about"].split(", "))
        on_case += profile.case in about
        on_drug = bool(about & drugs and about & needed)
        of_drug = bool(about & table.drugs.keys())
        if not (on_drug if of_drug else about & signals):
            continue
        said = " / ".join(f"{side['says']} ({side['citation'].partition(',')[0]})" for side in (first, second))
        kept = [word for word, side in (("first", first), ("second", second)) if side["kept"]]
        followed = (
            "both are kept" if len(kept) == 2 else f"the {kept[0]} is followed" if kept else "neither is followed"
        )
        yield f"{first['topic']}: {said}; {followed}: {first['reason']}"
    if on_case:
        yield f"On the case itself its sources disagree, or one with itself, {on_case} times: kg query disagreements"


def _in_cells(
    store: Store, raised: Sequence[Signal], table: m.Mechanism, settings: Settings, drugs: set[str]
) -> Iterable[cells.Finding]:
    """Yield what cells say of the ranked drugs on the raised cytokines."""
    cytokines = {signal.cytokine for signal in raised}
    found = cells.findings(store, table, threshold=settings.threshold, require=settings.require) if cytokines else []
    return (finding for finding in found if finding.cytokine in cytokines and finding.drug in drugs)


def _hypotheses(store: Store, profile: Profile, drugs: set[str]) -> Iterable[str]:
    """Yield the hypotheses about a measured cytokine and a ranked drug, with what this case adds."""
    about: dict[str, set[str]] = {}
    rows: dict[str, query.Row] = {}
    against: dict[str, list[tuple[str, query.Row]]] = {}
    for row in query.ask(store, "cases_on_hypotheses"):
        if row["case"]:
            stance = "for" if row["side"] == "caseFor" else "against"
            against.setdefault(row["hypothesis"], []).append((stance, row))
    for row in query.ask(store, "hypotheses"):
        about.setdefault(row["hypothesis"], set()).add(row["about"])
        rows[row["hypothesis"]] = row
    measured = {signal.cytokine for signal in profile.signals}
    for name, things in about.items():
        if things & measured and things & drugs:
            yield f"{rows[name]['says']} Supposed by {rows[name]['citation']}: “{rows[name]['quote']}”"
            for stance, row in against.get(name, ()):
                yield f"  {stance} it: {row['case']}. {row['reason']}"


def _notes(store: Store, profile: Profile, raised: Sequence[Signal], counted: Sequence[Signal]) -> Iterable[str]:
    if not profile.signals:
        yield "Nothing was measured: no signal is known to be raised, and nothing is ranked."
    elif not raised:
        yield "No measured cytokine is raised: nothing is ranked."
    elif not counted:
        yield "No raised cytokine signals through a JAK: nothing is ranked."
    parts = query.ask(store, "parts_of_ligands") if profile.signals else []
    for signal in profile.signals:
        wholes = [row["complexLabel"] for row in parts if row["part"] == signal.cytokine]
        if wholes:
            yield f"{signal.label} alone is no cytokine: it is a part of {' and '.join(wholes)} and counts for nothing."
        elif signal.jak == "no":
            yield f"{signal.label} does not signal through a JAK-coupled receptor: it counts for nothing."
        elif signal.jak == "unknown" and signal in raised:
            yield f"{signal.label}: no receptor with settled kinases is known, so its blockade is unknown."
        if signal.log2 is not None and abs(signal.log2) > m.HEAVIEST:
            yield f"{signal.label}: a ratio of {signal.ratio} points to a level near zero; it weighs {m.HEAVIEST:g}."
        if signal.note and profile.case:
            yield f"{signal.label}: {signal.note}"
    if profile.not_measured:
        yield f"Listed without a value, so not measured: {', '.join(profile.not_measured)}."
    yield from profile.notes


def _on_ranking(rows: Sequence[Row], settings: Settings) -> Iterable[str]:
    """Yield what a reader of the ranking should know of it as a whole."""
    if rows and all(row.score == (0.0, 1.0) for row in rows):
        yield "Nothing can be ranked: no blockade is known of any drug, and the order is that of names."
    if rows and settings.require == "share":
        yield SHARE
    if rows:
        yield APPROVED


def _unsettled(store: Store, raised: Sequence[Signal], table: m.Mechanism) -> Iterable[str]:
    receptors = {route.receptor for signal in raised for route in table.routes.get(signal.cytokine, ())}
    for row in query.ask(store, "notes_on_receptors"):
        if row["receptor"] in receptors:
            yield f"{row['label']}: {row['note']}."


# --- JSON -------------------------------------------------------------------------------------------------------------


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def printed(row: m.Measurement) -> str:
    """Return a measured value with its relation, as it was printed.

    >>> printed(m.Measurement("x", "IC50", ">", Decimal(400), None, "nM", "JH1", "human", reported="400"))
    '>400'
    """
    if row.spared:
        return "spared"
    if row.reported is None:
        return f"{row.relation} no number"
    return row.reported if row.relation == "=" else f"{row.relation}{row.reported}"


def _row(row: Row) -> dict[str, Any]:
    return {
        "drug": row.drug.id,
        "score": list(row.score),
        "binding_mode": row.drug.mode,
        "approved": list(row.drug.approvals),
        "given_by": list(row.drug.routes),
        "signals": [
            {
                "cytokine": part.signal.cytokine,
                "blockade": list(part.blockade),
                "verdict": part.verdict,
                "weight": part.weight,
                "routes": [
                    {"receptor": route.receptor, "kinases": [_kinase_json(kinase) for kinase in route.kinases]}
                    for route in part.routes
                ],
            }
            for part in row.parts
        ],
        "note": row.drug.note,
    }


def _kinase_json(kinase: KinaseAnswer) -> dict[str, Any]:
    return {
        "kinase": kinase.kinase,
        "hit": kinase.hit.value,
        "why": kinase.hit.why,
        "measurements": [{**_measurement(row), "says": says} for row, says in kinase.compared],
        "not_compared": [_measurement(row) for row in kinase.not_compared],
    }


def _measurement(row: m.Measurement) -> dict[str, Any]:
    exact = row.low if row.low is not None and row.low == row.high else None
    ends = {
        "low": None if row.low is None else _number(row.low),
        "high": None if row.high is None else _number(row.high),
    }
    one = exact if exact is not None else (row.low if row.high is None else row.high if row.low is None else None)
    return {
        "value": row.reported if one is None else _number(one),
        "relation": row.relation,
        "unit": row.unit,
        "measure": row.measure,
        "reference": "; ".join(row.references) or None,
        **ends,
        "domain": row.domain,
        "atp": row.atp,
        "species": row.species,
        "verified": row.verified,
        "obtained_from": list(row.obtained_from),
        "id": f"kg:{row.id}",
        "note": row.note,
    }
