"""The two tracks of a table of genes: cytokines by their own transcripts, and signals by their target genes.

They are never merged: the drugs are ranked by one of them, and what the two say together is a sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from kg.answers.caveats import named
from kg.calculus.mechanism import Settings
from kg.document.blocks import Notes, Paragraph, Section, Table
from kg.model.errors import Place, Problem, Problems
from kg.profiles.profile import MeasuredCytokine, Profile
from kg.sparql.graph import OpenGraph

if TYPE_CHECKING:
    from kg.profiles.activity import Activity
    from kg.profiles.statistics import Statistics

Track = Literal["own", "signature"]
TRACKS: Final[tuple[Track, ...]] = ("own", "signature")
READ_FROM: Final = {
    "statistic": "the table's own statistic",
    "p value": "a z from the p value, with the sign of the fold change",
    "log2 / standard error": "log2 of the fold change divided by its standard error",
    "log2": "log2 of the fold change alone",
}
"""What the statistic was taken from, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CytokineActivity:
    """A column of a user's signatures, the cytokine that it names (None for none), and whether it is active."""

    name: str
    cytokine: str | None
    label: str
    activity: "Activity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracks:
    """What the target genes of a table say of JAK-STAT and, where a user has signatures, of cytokines.

    ``statistic`` is what it was read from, "" where there is none; ``own`` says what the measured cytokines say.
    ``ranked_by`` is the track that ranks the drugs.

    >>> from kg.profiles.activity import activity
    >>> from kg.profiles.target_genes import shipped
    >>> Tracks(activity=activity({}, shipped())).active
    ()
    """

    activity: "Activity"
    statistic: str = ""
    own: tuple[str, ...] = ()
    own_measured: bool = False
    signatures: tuple[CytokineActivity, ...] = ()
    notes: tuple[str, ...] = ()
    ranked_by: Track = "own"

    @property
    def active(self) -> tuple[CytokineActivity, ...]:
        """The active columns of the signatures, the first first."""
        found = [one for one in self.signatures if one.activity.call == "active"]
        return tuple(sorted(found, key=lambda one: one.activity.rank or 0))


def of(
    graph: OpenGraph,
    profile: Profile,
    settings: Settings,
    *,
    signatures: str | Path | None = None,
    signals: str = "own",
    correlation: float | None = None,
) -> tuple[Profile, Tracks | None]:
    """Return the profile by which drugs are ranked, and the tracks; None for what is no table of genes.

    ``signatures`` is a file as :func:`kg.profiles.signatures.read` takes it; with ``signals`` "signature" its active
    cytokines count as raised, and measured ones do not count. ``correlation`` is that between target genes. Raises
    Problems for what does not fit, and for a cell of the table that cannot be read.

    >>> import kg
    >>> from kg.calculus.mechanism import DEFAULT
    >>> from kg.profiles import profile
    >>> of(kg.open(), profile.of_case(kg.open(), "khurana-2025-1"), DEFAULT)[1]
    """
    if signals not in TRACKS:
        remedy = f"give one of {', '.join(TRACKS)}"
        raise Problems([Problem(Place("signals"), f"{signals!r} is not known", remedy)])
    if signals == "signature" and signatures is None:
        remedy = "give --signatures FILE, a matrix of genes and cytokines"
        raise Problems([Problem(Place("signals"), "there is no signature", remedy)])
    if profile.table is None and signatures is None:
        return profile, None
    from kg.profiles import activity as activities
    from kg.profiles import gene_table, target_genes

    table = gene_table.read(profile.table)
    if table is None:
        if signatures is not None:
            what = "signatures need a table of genes, and this is a list of cytokines"
            raise Problems([Problem(Place("signatures"), what, "give the whole table of genes, or leave them out")])
        return profile, None
    found, why = table
    weights = target_genes.shipped()
    rho = activities.CORRELATION if correlation is None else correlation
    values, untested = (found.values, found.untested) if found else ({}, "")
    measured = [one for one in profile.signals if one.jak == "yes"]
    columns, notes = _signatures(graph, signatures, found, why, rho)
    tracks = Tracks(
        activity=activities.activity(values, weights, correlation=rho, untested=untested, unfit=why),
        statistic=found.source if found else "", own=tuple(one.label for one in measured if one.is_raised(settings)),
        own_measured=bool(measured), signatures=columns, notes=(*(found.notes if found else ()), *notes),
        ranked_by="signature" if signals == "signature" else "own",
    )  # fmt: skip
    return (_by_signature(graph, profile, tracks) if signals == "signature" else profile), tracks


def _signatures(
    graph: OpenGraph, file: str | Path | None, found: "Statistics | None", why: str, correlation: float
) -> tuple[tuple[CytokineActivity, ...], tuple[str, ...]]:
    if file is None:
        return (), ()
    from kg.profiles import activity, signatures

    known = signatures.read(graph, Path(file))
    values, untested = (found.values, found.untested) if found else ({}, "")
    by_name = activity.activities(values, known.footprints, correlation=correlation, untested=untested, unfit=why)
    columns = tuple(
        CytokineActivity(
            name=name, cytokine=cytokine.thing if cytokine else None, label=cytokine.label if cytokine else name,
            activity=one,
        )
        for name, one in by_name.items()
        for cytokine in [known.cytokines.get(name)]
    )  # fmt: skip
    return columns, known.notes


def _by_signature(graph: OpenGraph, profile: Profile, tracks: Tracks) -> Profile:
    """Return a profile whose raised cytokines are the active ones of signatures, each with weight 1."""
    jak = {row["thing"]: row["jak"] or "" for row in graph.rows("names_of_cytokines")}
    signals = [
        MeasuredCytokine(
            cytokine=one.cytokine, label=one.label, input=one.name, reported="raised", jak=jak[one.cytokine],
            note="active by its signature",
        )
        for one in tracks.active
        if one.cytokine
    ]  # fmt: skip
    return replace(profile, signals=tuple(sorted(signals, key=lambda one: one.cytokine)), not_measured=())


# --- in words ---------------------------------------------------------------------------------------------------------


LOWERED: Final = 0.05
"""The p value of the other side up to which target genes are called lowered."""


def together(tracks: Tracks) -> str:
    """Return what the two tracks say together, as a sentence.

    >>> from kg.profiles.activity import activity
    >>> from kg.profiles.target_genes import shipped
    >>> together(Tracks(activity=activity({}, shipped()), own=("IL-21",)))[:71]
    'IL-21 is raised by its own transcript; whether the target genes of JAK-'
    """
    name, call = tracks.activity.name, tracks.activity.call
    it, verb = ("its own transcript", "is") if len(tracks.own) < 2 else ("their own transcripts", "are")
    if tracks.own:
        own = f"{named(tracks.own)} {verb} raised by {it}"
        also = f"and the target genes of {name} are raised: a JAK signal acts; these genes cannot say whose it is"
        neither = f"but the target genes of {name} show no signal: it may not act here, or act by other genes"
        neither += " (these respond to interferons above all)"
    else:
        neither = f"and the target genes of {name} show no signal: nothing here speaks for a JAK signal, "
        neither += "nothing excludes it"
        which = "some JAK signal acts, this table cannot say which"
        if tracks.own_measured:
            own = "No JAK-dependent cytokine is raised by its own transcript"
            also = f"but its target genes are: {which}"
        else:
            own = "No JAK-dependent cytokine is in this table"
            also = f"but the target genes of {name} are raised: {which}"
    if call == "not testable":
        return f"{own}; whether the target genes of {name} are raised cannot be tested."
    if tracks.activity.p is not None and tracks.activity.p >= 1 - LOWERED:
        link = "but" if tracks.own else "and"
        turned = "less of a JAK signal than in the comparator, or a table that is turned round"
        return f"{own}, {link} the target genes of {name} are lowered: {turned}."
    return f"{own}, {also if call == 'active' else neither}."


def ranked(tracks: Tracks | None) -> list[str]:
    """Return the line that says by which track drugs are ranked, none where it is the measured cytokines.

    >>> ranked(None)
    []
    """
    if tracks is None or tracks.ranked_by == "own":
        return []
    active = named([one.label for one in tracks.active if one.cytokine]) or "none"
    said = "Ranked by the signatures that were given, not by measured cytokines: active and counted as raised, "
    return [f"{said}each with weight 1 and without a number: {active}."]


def summary(tracks: Tracks) -> str:
    """Return the line of the first screen: what the target genes say, and the two tracks together.

    >>> from kg.profiles.activity import activity
    >>> from kg.profiles.target_genes import shipped
    >>> summary(Tracks(activity=activity({}, shipped())))[:36]
    'Target genes: JAK-STAT not testable '
    """
    return f"Target genes: {call_words(tracks.activity)}. {together(tracks)}"


def call_words(one: "Activity") -> str:
    """Return the call of a footprint with its p value, its rank and the first genes that carry it.

    >>> from kg.profiles.activity import activity
    >>> from kg.profiles.target_genes import shipped
    >>> call_words(activity({"STAT1": 3.0}, shipped()))[:52]
    'JAK-STAT not testable (a table of 1 gene is a panel:'
    """
    parts = []
    if one.p is not None:
        parts.append(f"p {p_words(one.p)}")
    if one.rank is not None:
        parts.append(f"rank {one.rank} of {len(one.rivals)}")
    if one.call == "active":
        parts.append(", ".join(carrier.gene for carrier in one.carriers[:3]))
    if one.why:
        parts.append(one.why)
    return f"{one.name} {one.call} ({'; '.join(parts)})"


def p_words(p: float) -> str:
    """Return a p value as it is printed.

    >>> p_words(0.0412), p_words(3.2e-7), p_words(0.99999), p_words(1e-200)
    ('0.041', '3e-07', '1', '<1e-100')
    """
    return "<1e-100" if p < 1e-100 else f"{p:.1g}" if p < 0.001 else f"{p:.2g}"


def section(tracks: Tracks) -> Section:
    """Return all that the target genes say, for a reader.

    >>> from kg.profiles.activity import activity
    >>> from kg.profiles.target_genes import shipped
    >>> section(Tracks(activity=activity({}, shipped()))).title
    'Activity from target genes'
    """
    one = tracks.activity
    lines = [f"{call_words(one)}.", together(tracks)]
    if one.rank is not None:
        lines.append(
            f"By {READ_FROM[tracks.statistic]}, of {one.genes:,} genes with {one.targets} of {one.of} targets; "
            f"correlation between target genes {one.correlation:g}; weights: {one.source}."
        )
    if one.carriers:
        genes = ", ".join(f"{carrier.gene} {carrier.statistic:+.1f}" for carrier in one.carriers)
        lines.append(f"The genes that carry this score: {genes}.")
    blocks: list[Any] = [Paragraph(lines)]
    if one.rivals:
        rows = [[str(rival.rank), rival.name, f"{rival.score:+.1f}"] for rival in one.rivals]
        blocks.append(Table(["rank", "pathway", "score"], rows))
    if tracks.signatures:
        blocks += _columns(tracks.signatures)
    if tracks.notes:
        blocks.append(Notes(list(tracks.notes)))
    return Section("Activity from target genes", blocks)


def _columns(columns: Sequence[CytokineActivity]) -> list[Table | Paragraph]:
    ordered = sorted(columns, key=lambda one: (one.activity.rank or len(columns), one.name))
    rows = [
        [
            "-" if one.activity.rank is None else str(one.activity.rank),
            one.label, one.activity.call, "-" if one.activity.p is None else p_words(one.activity.p),
            one.activity.why,
        ]
        for one in ordered
    ]  # fmt: skip
    return [Table(["rank", "by signature", "activity", "p", "why not"], rows)]


# --- in JSON ----------------------------------------------------------------------------------------------------------


def to_dict(tracks: Tracks) -> dict[str, Any]:
    """Return the tracks as JSON values, as ``kg ask --format json`` has them under "activity".

    >>> from kg.profiles.activity import activity
    >>> from kg.profiles.target_genes import shipped
    >>> to_dict(Tracks(activity=activity({}, shipped())))["call"]
    'not testable'
    """
    one = tracks.activity
    return {
        "pathway": one.name, **_call(one), "score": one.score, "why": one.why or None,
        "rivals": [{"name": rival.name, "rank": rival.rank, "score": rival.score} for rival in one.rivals],
        "carried_by": [
            {"gene": carrier.gene, "statistic": carrier.statistic, "weight": carrier.weight} for carrier in one.carriers
        ],
        "genes": one.genes, "targets": one.targets, "targets_of": one.of, "statistic": tracks.statistic or None,
        "correlation": one.correlation, "weights": one.source,
        "own_raised": list(tracks.own), "own_measured": tracks.own_measured, "together": together(tracks),
        "signatures": [
            {"name": column.name, "cytokine": column.cytokine, **_call(column.activity),
             "score": column.activity.score, "why": column.activity.why or None}
            for column in tracks.signatures
        ],
        "ranked_by": tracks.ranked_by, "notes": list(tracks.notes),
    }  # fmt: skip


def _call(one: "Activity") -> dict[str, Any]:
    return {"call": one.call, "p": one.p, "rank": one.rank}
