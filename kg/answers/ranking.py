"""The answer: which drugs block the signals raised in a patient, in order, each row with all its parts.

>>> import kg
>>> from kg.profiles import profile
>>> graph = kg.open()
>>> answer = compose(graph, profile.of_case(graph, "khurana-2025-1"))
>>> [(row.drug.id, row.score) for row in answer.rows if row.drug.id in ("tofacitinib", "baricitinib")]
[('tofacitinib', (1.0, 1.0)), ('baricitinib', (0.5, 0.5))]
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, get_args

from kg.answers import cell_assays, context
from kg.calculus import blockade as m
from kg.model.errors import Place, Problem, Problems
from kg.model.names import Index, meant, near
from kg.profiles.profile import Profile, Signal
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Rows

if TYPE_CHECKING:
    import pandas
    import polars

PANEL: Final = "PMID:24417533"
"""The side-by-side panel that is shown first."""
JAKS: Final = ("jak1", "jak2", "jak3", "tyk2")
COLUMNS: Final = (
    "rank", "drug", "score_low", "score_high", "blocked", "partly", "not_blocked", "unknown", "approved", "given_by",
)  # fmt: skip
"""Columns of an answer as a table; those of the kinases follow."""


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

    def reason(self) -> str:
        """Return why a hit is unknown, in words, "" where it is known; a value that cannot be compared is not nothing.

        >>> KinaseAnswer("tyk2", m.Hit("unknown", "disagree"), (), ()).reason()
        'sources disagree'
        """
        if self.hit.value != "unknown":
            return ""
        if self.hit.why == "not measured" and any(row.verified for row in self.not_compared):
            return "no comparable value"
        return "sources disagree" if self.hit.why == "disagree" else self.hit.why


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

    def kinases(self) -> dict[str, KinaseAnswer]:
        """Return the needed kinases of all its routes, each once, by name.

        >>> Row(m.Drug("tofacitinib", {}), (0.5, 1.0), ()).kinases()
        {}
        """
        found = {kinase.kinase: kinase for part in self.parts for route in part.routes for kinase in route.kinases}
        return dict(sorted(found.items()))

    def order(self) -> tuple[float, float, int, str]:
        """Return the key that sorts rows, best first: -lo, -hi, minus the number blocked, name.

        >>> Row(m.Drug("tofacitinib", {}), (0.5, 1.0), ()).order()
        (-0.5, -1.0, 0, 'tofacitinib')
        """
        low, high = self.score
        blocked = sum(part.verdict == "blocked" for part in self.parts)
        return -round(low, 9), -round(high, 9), -blocked, self.drug.id


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer:
    """A ranked, itemised answer, with what it does not say.

    >>> import kg
    >>> kg.open().ask("khurana-2025-1", drug="tofacitinib")
    <Answer: khurana-2025-1, 1 raised cytokine, 1 drug>
    """

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
    conflicts: tuple[context.Conflict, ...]
    disagreements: tuple[str, ...]
    in_cells: tuple[cell_assays.Finding, ...]
    hypotheses: tuple[str, ...]
    notes: tuple[str, ...]
    evidence: Mapping[str, tuple[str, ...]]
    """Claim of a route -> the evidence that supports it."""

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values, as ``kg ask --format json`` prints them."""
        from kg.answers.schema import contract

        return contract(self)

    def to_json(self) -> str:
        """Return the answer as the JSON text that ``kg ask --format json`` prints."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    def table(self) -> Rows:
        """Return a row for each drug, in order: its score, its cytokines by verdict, whether it hits each kinase."""
        return Rows((_flat(number, row) for number, row in enumerate(self.rows, 1)), (*COLUMNS, *JAKS))

    def to_frame(self) -> "pandas.DataFrame | polars.DataFrame":
        """Return :meth:`table` as a data frame of pandas, else of polars; Problems where neither is installed."""
        return self.table().to_frame()

    def _repr_html_(self) -> str:
        from kg.answers.render import document
        from kg.document import html

        return html.fragment(document(self))

    def __repr__(self) -> str:
        raised = sum(signal.direction(self.settings.raised) == "raised" for signal in self.profile.signals)
        counts = ((raised, "raised cytokine"), (len(self.rows), "drug"))
        said = ", ".join(f"{count} {word}{'s' * (count != 1)}" for count, word in counts)
        return f"<Answer: {self.profile.title}, {said}>"


def _flat(number: int, row: Row) -> dict[str, Any]:
    low, high = row.score
    of_verdict = {
        word.replace(" ", "_"): ", ".join(part.signal.label for part in row.parts if part.verdict == word)
        for word in get_args(m.Verdict)
    }
    hits = {name: kinase.hit.value for name, kinase in row.kinases().items()}
    approved, given = ", ".join(row.drug.approvals), ", ".join(row.drug.routes)
    start = {"rank": number, "drug": row.drug.id, "score_low": low, "score_high": high}
    return {**start, **of_verdict, "approved": approved, "given_by": given, **{jak: hits.get(jak) for jak in JAKS}}


def compose(
    graph: OpenGraph,
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

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> answer = compose(graph, profile.of_case(graph, "khurana-2025-1"), drug="Xeljanz")
    >>> [(row.drug.id, part.signal.label, part.verdict) for row in answer.rows for part in row.parts]
    [('tofacitinib', 'IL-21', 'blocked')]
    """
    table = graph.mechanism
    scope = [d for d in table.drugs.values() if all_species or d.intended_species == "human"]
    if drug is not None:
        scope = [named(graph, table, drug, all_species=all_species)]
    if approved:
        scope = [d for d in scope if d.approvals]
    raised = [s for s in profile.signals if s.direction(settings.raised) == "raised"]
    counted = [s for s in raised if s.counts]
    rows = rank(scope, counted, table, settings)
    kept = rows if top is None else rows[:top]
    versions = graph.rows("graph_version")
    if not versions:
        raise Problems([Problem(Place("the graph"), "it does not say its version", "give one that kg build wrote")])
    drugs = {row.drug.id for row in rows}
    notes = (
        *context.notes(graph, profile, raised, counted), *context.unsettled(graph, counted, table),
        *context.on_ranking([row.score for row in rows], settings.require), *context.CAVEATS,
    )  # fmt: skip
    return Answer(
        version=versions[0]["version"],
        digest=versions[0]["digest"],
        about=context.about_case(graph, profile.case) if profile.case else profile.title,
        profile=profile,
        settings=settings,
        rows=tuple(kept),
        left_out=len(rows) - len(kept),
        observed=tuple(context.observed(graph, profile.case)) if profile.case else (),
        not_raised=tuple(s for s in profile.signals if s not in raised),
        without_jak=tuple(s for s in profile.signals if s.jak == "no"),
        not_measured=tuple(context.not_measured(graph, profile)),
        conflicts=tuple(context.conflicts(graph, counted, table)),
        disagreements=tuple(context.disagreements(graph, profile, counted, table, {row.drug.id for row in kept})),
        in_cells=tuple(context.in_cells(graph, counted, table, drugs, settings.threshold, settings.require)),
        hypotheses=tuple(context.hypotheses(graph, profile, drugs)),
        notes=notes,
        evidence=graph.once(_evidence) if rows else {},
    )


def _evidence(graph: OpenGraph) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in graph.rows("evidence_of_route_claims"):
        found.setdefault(row["claim"], []).append(row["evidence"])
    return {claim: tuple(names) for claim, names in found.items()}


def named(graph: OpenGraph, table: m.Mechanism, name: str, *, all_species: bool = False) -> m.Drug:
    """Return the inhibitor of a name; Problems where there is none, or where it is for dogs and those are left out.

    >>> import kg
    >>> graph = kg.open()
    >>> named(graph, graph.mechanism, "Olumiant").id
    'baricitinib'
    """
    found = next(iter(graph.once(_inhibitors)[name]), None)
    place = Place("--drug")
    if found is None:
        hint = meant(near(name.lower(), table.drugs), f"the inhibitors are {', '.join(sorted(table.drugs))}")
        raise Problems([Problem(place, f"{name!r} is not a known inhibitor", hint)])
    drug = table.drugs[found]
    if drug.intended_species != "human" and not all_species:
        what = f"{found} is made for the {drug.intended_species}, and so left out of answers for people"
        raise Problems([Problem(place, what, "add --all-species to see it")])
    return drug


def _inhibitors(graph: OpenGraph) -> Index[str]:
    return Index((row["name"], row["inhibitor"]) for row in graph.rows("names_of_inhibitors"))


def rank(
    drugs: Iterable[m.Drug], raised: Sequence[Signal], table: m.Mechanism, settings: Settings = DEFAULT
) -> list[Row]:
    """Return the rows of drugs for raised cytokines that count, best first; no row where no cytokine counts.

    AssertionError where a cytokine is not raised by the settings or does not count.

    >>> il21 = Signal("il21", "IL-21", "IL-21", Decimal(4), None, "yes")
    >>> table = m.Mechanism({}, {"il21": (m.Route("il21-receptor", ("jak1", "jak3")),)})
    >>> strong = m.Measurement(id="x", measure="IC50", relation="=", low=Decimal(3), high=Decimal(3), unit="nM",
    ...                        domain="JH1", species="human", comparable=True)
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
            RouteAnswer(route.receptor, tuple(of_kinase(drug, kinase, settings) for kinase in route.needs))
            for route in routes
        ),
    )  # fmt: skip


def of_kinase(drug: m.Drug, kinase: str, settings: Settings = DEFAULT) -> KinaseAnswer:
    """Return whether a drug hits a kinase, with its measurements: the panel first, then the most potent.

    >>> of_kinase(m.Drug("unmeasured", {}), "jak1").reason()
    'not measured'
    """
    compared = m.comparable(drug, kinase)
    shown = sorted(compared, key=lambda row: (PANEL not in row.references, row.high or row.low or 0, row.id))
    return KinaseAnswer(
        kinase,
        m.hit(drug, kinase, threshold=settings.threshold),
        tuple((row, row.says(settings.threshold)) for row in shown),
        tuple(row for row in drug.measurements.get(kinase, ()) if row not in compared),
    )


def printed(row: m.Measurement) -> str:
    """Return a measured value with its relation, as it was printed.

    >>> printed(m.Measurement(id="x", measure="IC50", relation=">", low=Decimal(400), high=None, unit="nM",
    ...                       domain="JH1", species="human", comparable=True, reported="400"))
    '>400'
    """
    if row.spared:
        return "spared"
    if row.reported is None:
        return f'printed "{row.relation}" without a value'
    value = row.reported.replace("..", "-")
    return value if row.relation == "=" else f"{row.relation}{value}"
