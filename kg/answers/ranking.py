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
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args

from kg.answers import caveats as care
from kg.answers import cell_assays, context
from kg.answers.hits import KinaseAnswer, inhibitor, of_kinase
from kg.answers.regulators import RegulatorWarning, safety_warnings
from kg.calculus import ranking as order
from kg.calculus import robustness as robust
from kg.calculus.blockade import Interval, Route, Verdict
from kg.calculus.mechanism import DEFAULT, Mechanism, Settings
from kg.calculus.potency import Drug
from kg.calculus.ranking import Collateral
from kg.calculus.robustness import Robustness
from kg.model.claims import worth
from kg.model.errors import Place, Problem, Problems
from kg.model.visible import visible
from kg.model.vocabulary import EDITION
from kg.profiles.profile import MeasuredCytokine, Profile, weights
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Rows

if TYPE_CHECKING:
    import pandas
    import polars

    from kg.answers.tracks import Tracks

R = TypeVar("R", "DrugAnswer", order.RankedDrug)
JAKS: Final = ("jak1", "jak2", "jak3", "tyk2")
COLUMNS: Final = (
    "group", "rank", "rank_last", "drug", "score_low", "score_high", "blocked", "partly", "not_blocked", "unknown",
    "collateral_low", "collateral_high", "frontier", "status", "approved", "given_by",
)  # fmt: skip
"""Columns of an answer as a table; those of the kinases follow."""


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """A route of a cytokine, and the kinases that it needs and uses."""

    receptor: str
    kinases: tuple[KinaseAnswer, ...]


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """What a drug does to one raised signal: its share in the score.

    ``signals`` are the raised cytokines of its set of routes, the heaviest first; ``weight`` is that of the heaviest.
    """

    signals: tuple[MeasuredCytokine, ...]
    weight: float
    blockade: Interval
    verdict: Verdict
    routes: tuple[RouteAnswer, ...]

    @property
    def signal(self) -> MeasuredCytokine:
        """The heaviest of its raised cytokines.

        >>> il21 = MeasuredCytokine(cytokine="il21", label="IL-21", input="IL21", reported="raised", jak="yes")
        >>> PartAnswer((il21,), 1.0, (0.0, 1.0), "unknown", ()).signal.label
        'IL-21'
        """
        return self.signals[0]


@dataclass(frozen=True, slots=True)
class DrugAnswer:
    """One drug: its score, its parts, what else it switches off, its rank in its group, and how far that holds."""

    drug: Drug
    score: Interval
    parts: tuple[PartAnswer, ...]
    collateral: Collateral
    rank: tuple[int, int]
    frontier: bool
    robustness: Robustness

    @property
    def blocked(self) -> int:
        """How many raised signals it blocks."""
        return sum(part.verdict == "blocked" for part in self.parts)

    @property
    def verdicts(self) -> dict[Verdict, list[str]]:
        """Each verdict that it has on some raised signal, with their labels."""
        words: tuple[Verdict, ...] = get_args(Verdict)
        found = {word: [part.signal.label for part in self.parts if part.verdict == word] for word in words}
        return {word: labels for word, labels in found.items() if labels}

    def kinases(self) -> dict[str, KinaseAnswer]:
        """Return the kinases that its routes need or use, each once, by name; needed where some route needs it.

        >>> from kg.calculus.robustness import Robustness
        >>> nothing = Collateral(None, 0, 0, {})
        >>> DrugAnswer(Drug("x", {}), (0.0, 1.0), (), nothing, (1, 1), False, Robustness(None)).kinases()
        {}
        """
        found: dict[str, KinaseAnswer] = {}
        for part in self.parts:
            for route in part.routes:
                for kinase in route.kinases:
                    if kinase.kinase not in found or kinase.role == "needs":
                        found[kinase.kinase] = kinase
        return dict(sorted(found.items()))


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
    rows: tuple[DrugAnswer, ...]
    left_out: int
    observed: tuple[context.Observed, ...]
    not_raised: tuple[MeasuredCytokine, ...]
    without_jak: tuple[MeasuredCytokine, ...]
    not_measured: tuple[str, ...]
    conflicts: tuple[context.Conflict, ...]
    disagreements: tuple[str, ...]
    in_cells: tuple[cell_assays.Finding, ...]
    hypotheses: tuple[str, ...]
    notes: tuple[str, ...]
    graph: OpenGraph = field(compare=False)
    signal_of: Mapping[str, str]
    """Measured cytokine -> the signal that it gives, by the first of its cytokines."""
    lighter: frozenset[str]
    """Raised cytokines whose signal another, heavier one raises: they have no weight of their own."""
    warnings: Mapping[str, tuple[RegulatorWarning, ...]]
    """Drug -> safety warnings of regulators that were read."""
    ranked: tuple[order.RankedDrug, ...]
    """All drugs in scope, whichever rows are kept."""
    asked_for: tuple[str, ...]
    """The drugs that were asked for by name, in that order; none where all were."""
    caveats: tuple[str, ...]
    """What to take care of, the first first."""
    samples: str
    """In how many samples of what a case was measured, "" where that is not known."""
    any_kinase: str
    """What becomes of the approved systemic drugs where any needed kinase suffices, "" where that is asked for."""
    comparator_known: bool
    """Whether the graph knows what the ratios are against."""
    tracks: "Tracks | None" = None
    """What the target genes of a whole table of genes say, None for any other patient."""

    @property
    def evidence(self) -> Mapping[str, tuple[str, ...]]:
        """Claim of a route -> the evidence that supports it, the strongest first."""
        return self.graph.once(_evidence)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values, as ``kg ask --format json`` prints them."""
        from kg.answers.schema import contract

        return contract(self)

    def to_json(self) -> str:
        """Return the answer as the JSON text that ``kg ask --format json`` prints."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    def table(self) -> Rows:
        """Return a row for each drug, in order: its score, its cytokines by verdict, whether it hits each kinase."""
        return Rows(map(_flat, self.rows), (*COLUMNS, *JAKS))

    def to_frame(self) -> "pandas.DataFrame | polars.DataFrame":
        """Return :meth:`table` as a data frame of pandas, else of polars; Problems where neither is installed."""
        return self.table().to_frame()

    def _repr_html_(self) -> str:
        from kg.answers.render import document
        from kg.document import html

        return html.fragment(document(self))

    def __repr__(self) -> str:
        raised = sum(signal.direction(self.settings) == "raised" for signal in self.profile.signals)
        counts = ((raised, "raised cytokine"), (len(self.rows), "drug"))
        said = ", ".join(f"{count} {word}{'s' * (count != 1)}" for count, word in counts)
        return f"<Answer: {visible(self.profile.title)}, {said}>"


def _flat(row: DrugAnswer) -> dict[str, Any]:
    low, high = row.score
    least, most = row.collateral.score or (None, None)
    of_verdict = {word.replace(" ", "_"): ", ".join(row.verdicts.get(word, ())) for word in get_args(Verdict)}
    hits = {name: kinase.hit.value for name, kinase in row.kinases().items()}
    return {
        "group": row.drug.group, "rank": row.rank[0], "rank_last": row.rank[1], "drug": row.drug.id,
        "score_low": low, "score_high": high, **of_verdict, "collateral_low": least, "collateral_high": most,
        "frontier": row.frontier, "status": row.drug.status, "approved": ", ".join(row.drug.approvals),
        "given_by": ", ".join(row.drug.routes), **{jak: hits.get(jak) for jak in JAKS},
    }  # fmt: skip


def compose(
    graph: OpenGraph,
    profile: Profile,
    settings: Settings = DEFAULT,
    *,
    drugs: Sequence[str] = (),
    all_species: bool = False,
    approved: bool = False,
    top: int | None = None,
    tracks: "Tracks | None" = None,
) -> Answer:
    """Return the answer for a profile.

    ``drugs`` keeps some drugs, ``approved`` those approved somewhere for their species, ``all_species`` admits drugs
    for dogs, ``top`` keeps the first rows of each group; none of them changes a rank. ``tracks`` is what the target
    genes of a table say. Raises Problems for a drug that is not known or is out of scope.

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> answer = compose(graph, profile.of_case(graph, "khurana-2025-1"), drugs=["Xeljanz"])
    >>> [(row.drug.id, row.rank, part.signal.label, part.verdict) for row in answer.rows for part in row.parts]
    [('tofacitinib', (1, 1), 'IL-21', 'blocked')]
    """
    of_this_edition(graph)
    table = graph.mechanism
    wanted = tuple(dict.fromkeys(inhibitor(graph, name, all_species=all_species).id for name in drugs))
    counted = [signal for signal in profile.signals if signal.is_raised(settings)]
    raised = [signal for signal in profile.signals if signal.direction(settings) == "raised"]
    ranked = ranks(table, counted, settings, all_species=all_species)
    chosen = [row for row in ranked if (not wanted or row.drug.id in wanted) and (row.drug.approvals or not approved)]
    kept = chosen if top is None else first_of_groups(chosen, top)
    observed = tuple(context.observed(graph, profile.case)) if profile.case else ()
    given = {seen.drug for seen in observed}
    by_signature = tracks is not None and tracks.ranked_by == "signature"
    not_measured = () if by_signature else tuple(context.not_measured(graph, profile))
    versions = graph.rows("graph_version")
    if not versions:
        raise Problems([Problem(Place("the graph"), "it does not say its version", "give one that kg build wrote")])
    shown = {row.drug.id for row in kept}
    scope = {row.drug.id for row in chosen}
    return Answer(
        version=versions[0]["version"],
        digest=versions[0]["digest"],
        about=context.about_case(graph, profile.case) if profile.case else profile.title,
        profile=profile,
        settings=settings,
        rows=tuple(detailed(row, counted, settings) for row in kept),
        left_out=len(chosen) - len(kept),
        observed=observed,
        not_raised=tuple(s for s in profile.signals if s not in raised),
        without_jak=tuple(s for s in profile.signals if s.jak == "no"),
        not_measured=not_measured,
        conflicts=tuple(context.conflicts(graph, counted, table)),
        disagreements=tuple(context.disagreements(graph, profile, counted, table, shown)),
        in_cells=tuple(context.in_cells(graph, counted, table, scope, settings)),
        hypotheses=tuple(context.hypotheses(graph, profile, scope)),
        notes=(
            *context.notes(graph, profile, raised, counted), *context.unsettled(graph, counted, table),
            *context.on_ranking([row.score for row in chosen], settings.require), *context.CAVEATS,
        ),
        graph=graph,
        signal_of={signal.cytokine: table.signal(signal.cytokine).name for signal in profile.signals},
        lighter=frozenset(_lighter(table, counted, settings)),
        warnings=graph.once(safety_warnings),
        ranked=tuple(ranked),
        asked_for=wanted,
        caveats=tuple(care.caveats(graph, profile, counted, ranked, settings, given, not_measured)),
        any_kinase=care.any_kinase(table, counted, ranked, settings, given),
        samples=care.samples(graph, profile),
        comparator_known=profile.comparator is None or graph.is_instance(profile.comparator, "jak:Comparator"),
        tracks=tracks,
    )  # fmt: skip


def of_this_edition(graph: OpenGraph) -> None:
    """Raise Problems for a graph of another edition of the calculus, which lacks what this one reads.

    >>> import kg
    >>> of_this_edition(kg.open())
    """
    found = [row["edition"] for row in graph.rows("graph_version") if row["edition"] is not None]
    if EDITION not in found:
        which = f"it is of edition {found[0]}" if found else "it does not name the edition"
        what = f"{which} of the blockade calculus, and this program computes edition {EDITION}"
        raise Problems([Problem(Place("the graph"), what, "build it again with kg build, or use the release it is of")])


def first_of_groups(rows: Sequence[R], top: int) -> list[R]:
    """Return the first rows of each group.

    >>> import kg
    >>> [row.drug.group for row in first_of_groups(kg.open().ask("khurana-2025-1").rows, 1)]
    ['systemic', 'topical', 'not approved']
    """
    found: list[R] = []
    for row in rows:
        if sum(other.drug.group == row.drug.group for other in found) < top:
            found.append(row)
    return found


def ranks(
    table: Mechanism, raised: Iterable[MeasuredCytokine], settings: Settings = DEFAULT, *, all_species: bool = False
) -> list[order.RankedDrug]:
    """Return the rows of the drugs in scope for raised cytokines that count, by group and rank.

    AssertionError where a cytokine is not raised by the settings or does not count.

    >>> from decimal import Decimal
    >>> il21 = MeasuredCytokine(cytokine="il21", label="IL-21", input="IL21", ratio=Decimal(4), jak="yes")
    >>> drugs = {"x": Drug("x", {})}
    >>> [(row.drug.id, row.score) for row in ranks(Mechanism(drugs, {"il21": (Route("y", ("jak1",)),)}), [il21])]
    [('x', (0.0, 1.0))]
    """
    drugs = [drug for drug in table.drugs.values() if all_species or drug.intended_species == "human"]
    return order.rank(table, weights(raised, settings), settings, drugs=drugs)


def detailed(row: order.RankedDrug, raised: Iterable[MeasuredCytokine], settings: Settings = DEFAULT) -> DrugAnswer:
    """Return a row with every kinase of its routes, the measurements behind each, and how far the row holds.

    >>> from decimal import Decimal
    >>> il21 = MeasuredCytokine(cytokine="il21", label="IL-21", input="IL21", ratio=Decimal(4), jak="yes")
    >>> table = Mechanism({"x": Drug("x", {})}, {"il21": (Route("il21-receptor", ("jak1",)),)})
    >>> [list(detailed(row, [il21]).kinases()) for row in ranks(table, [il21])]
    [['jak1']]
    """
    named_so = {signal.cytokine: signal for signal in raised}
    parts = []
    for part in row.parts:
        names = sorted(part.raised.cytokines, key=lambda name: (name != part.raised.heaviest, name))
        routes = tuple(
            RouteAnswer(route.receptor, tuple(_kinases(row.drug, route, settings)))
            for route in part.raised.signal.routes
        )
        signals = tuple(named_so[name] for name in names)
        parts.append(PartAnswer(signals, part.raised.weight, part.blockade, part.verdict, routes))
    return DrugAnswer(
        drug=row.drug,
        score=row.score,
        parts=tuple(parts),
        collateral=row.collateral,
        rank=row.rank,
        frontier=row.frontier,
        robustness=robust.robustness(row, settings),
    )


def _kinases(drug: Drug, route: Route, settings: Settings) -> Iterable[KinaseAnswer]:
    for kinase in route.kinases:
        needed = kinase in route.needs
        yield of_kinase(
            drug, kinase, settings, role="needs" if needed else "uses",
            by_database_only=needed and kinase in route.by_database_only,
        )  # fmt: skip


def _lighter(table: Mechanism, raised: Iterable[MeasuredCytokine], settings: Settings) -> Iterable[str]:
    for one in order.raised_signals(table, weights(raised, settings)):
        yield from (cytokine for cytokine in one.cytokines if cytokine != one.heaviest)


def _evidence(graph: OpenGraph) -> dict[str, tuple[str, ...]]:
    """Return claim -> the evidence that supports it, the strongest first."""
    found: dict[str, list[str]] = {}
    for row in sorted(graph.rows("evidence_of_route_claims"), key=worth, reverse=True):
        found.setdefault(row["claim"], []).append(row["evidence"])
    return {claim: tuple(names) for claim, names in found.items()}
