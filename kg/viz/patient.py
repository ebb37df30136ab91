"""The scene of a patient: what was measured, how it signals, which drugs block it, what happened.

>>> import kg
>>> from kg.profiles import profile
>>> graph = kg.open()
>>> scene = patient(graph, profile.of_case(graph, "khurana-2025-1"))
>>> scene.nodes["il21"]["state"], scene.edges["baricitinib", "jak3", "inhibits"]["label"]
('raised 2.33-fold', 'spares: 787, >400 nM')
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from kg import calculus as m
from kg.answers import ranking as a
from kg.answers.context import Observed, ObservedOutcome, ObservedRelapse
from kg.answers.render import kinase_words
from kg.document.terminal import interval
from kg.profiles.profile import MeasuredCytokine, Profile
from kg.sparql.graph import OpenGraph, opened
from kg.sparql.rows import Row
from kg.viz.builder import SceneBuilder, ShownStatement

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

FIRST: Final = 5
"""Drugs of the same first score that are told in words."""


def patient(
    graph: "OpenGraph | rdflib.Graph",
    profile: Profile,
    settings: m.Settings = m.DEFAULT,
    *,
    top: int | None = None,
    approved: bool = False,
) -> "nx.MultiDiGraph[str]":
    """Return the scene of a patient: what was measured, how it signals, which drugs block it, what happened.

    ``top`` (of each group) and ``approved`` choose among the drugs, as in an answer; a drug that was given stays.

    >>> import kg
    >>> from kg.profiles import profile
    >>> store = kg.open()
    >>> scene = patient(store, profile.of_case(store, "khurana-2025-1"), top=1)
    >>> {"tofacitinib", "baricitinib"} < {name for name, kind in scene.nodes(data="kind") if kind == "drug"}
    True
    """
    graph = opened(graph)
    found = a.compose(graph, profile, settings, approved=approved)
    given = {seen.drug for seen in found.observed}
    shown = {row.drug.id for row in (found.rows if top is None else a.first_of_groups(found.rows, top))} | given
    rows = [row for row in found.rows if row.drug.id in shown]
    scene = SceneBuilder(
        graph, f"Which drugs block the signals raised in {profile.title}?",
        ["patient", "cytokine", "receptor", "kinase", "drug", *(["outcome"] if found.observed else [])],
    )  # fmt: skip
    case = profile.case or "patient"
    iri = None if profile.case else ""
    scene.add_node(case, "case", "patient", label=profile.title, text=[found.about], iri=iri)
    measured = graph.rows("measurements_of_case", case=case) if profile.case else []
    for signal in profile.signals:
        _signal(scene, case, signal, found, [row for row in measured if row["cytokine"] == signal.cytokine])
    for rank, row in enumerate(rows):
        _drug(scene, row, rank, settings)
    _outcomes(scene, found)
    scene.about = [found.about, *_ranking(found, scene)]
    if len(rows) < len(found.rows):
        scene.left_out.append(f"{len(found.rows) - len(rows)} drugs of lower rank: raise --top to see them.")
    return scene.done()


def _signal(scene: SceneBuilder, case: str, signal: MeasuredCytokine, found: a.Answer, measured: Iterable[Row]) -> None:
    call = signal.direction(found.settings)
    state = f"{call} {signal.ratio}-fold" if signal.ratio is not None else call
    counted = call == "raised" and signal.counts
    why = "only raised cytokines count" if call != "raised" else "it does not signal through a JAK, or is a part only"
    against = f" against {found.profile.comparator_label}" if found.profile.comparator_label else ""
    scene.add_node(
        signal.cytokine,
        "cytokine",
        "cytokine",
        label=signal.label,
        state=state,
        order={"raised": 0, "not significant": 1, "unchanged": 1, "lowered": 2}[call],
        text=[f"{signal.label} was {state}{against}.{'' if counted else f' It is excluded from the score: {why}.'}"],
    )
    scene.add_edge(
        case,
        signal.cytokine,
        "measured",
        call if signal.ratio is None else f"{signal.ratio}-fold",
        sign={"raised": "raises", "lowered": "lowers"}.get(call, ""),
        width=min(1.0, abs(signal.log2 or 1.0) / 6),
        statements=[
            scene.statement(
                f"{signal.label} in {row['tissue']}, {row['analyte']}, samples: {row['samples']}",
                row["citation"],
                quote=row["quote"],
                locator=row["locator"],
            )
            for row in measured
        ],
    )
    if counted:
        scene.add_receptors(signal.cytokine)


def _drug(scene: SceneBuilder, row: a.DrugAnswer, rank: int, settings: m.Settings) -> None:
    kinases = row.kinases()
    verdicts = (
        f"{part.signal.label}: {part.verdict}, blockade {interval(part.blockade)}, weight {part.weight:.2f}."
        for part in row.parts
    )
    scene.add_node(
        row.drug.id,
        "drug",
        "drug",
        label=row.drug.label,
        state=interval(row.score),
        order=rank,
        text=[
            f"Score {interval(row.score)}, {_rank(row)}.",
            *verdicts,
            f"IC50 in nM: {'; '.join(map(kinase_words, kinases.values()))}.",
            f"Approved for other diseases: {', '.join(row.drug.approvals) or 'none known'}.",
            *filter(None, (row.drug.note,)),
        ],
    )
    for kinase in kinases:
        scene.add_inhibition(row.drug, kinase, settings)


def _outcomes(scene: SceneBuilder, found: a.Answer) -> None:
    case = found.profile.case or ""
    for number, seen in enumerate(found.observed):
        if seen.drug not in scene.graph:  # where nothing was ranked
            scene.add_node(seen.drug, "drug", "drug", state="given")
        how = ", ".join(filter(None, (seen.dose, seen.frequency, seen.route, seen.duration)))
        given = scene.statement(how, seen.citation)
        scene.add_edge(case, seen.drug, f"given-{number}", f"was given: {how}", statements=[given])
        for order, (label, said) in enumerate(_observed(scene, seen)):
            name = f"{case}-{seen.drug}-outcome-{order}"
            scene.add_node(name, "outcome", "outcome", label=label, order=order, iri="", text=[f"{said['text']}."])
            scene.add_edge(seen.drug, name, "observed", "on this drug", statements=[said])


def _observed(scene: SceneBuilder, seen: Observed) -> Iterator[tuple[str, ShownStatement]]:
    """Yield the outcomes on a drug, and whether the disease came back, each with its label."""
    for outcome in seen.outcomes:
        time = outcome.time and f"at {outcome.time}"
        label = " ".join(filter(None, (_condition(outcome), outcome.site, outcome.grade, time)))
        text = f"{outcome.condition}: {outcome.event}, {outcome.grade}"
        yield label, scene.statement(text, seen.citation, quote=outcome.quote)
    relapse = seen.relapse
    if isinstance(relapse, ObservedRelapse):
        word = "relapse" if relapse.relapsed else "no relapse"
        after = f" after {relapse.after}" if relapse.relapsed and relapse.after else ""
        yield f"{word}{after}", scene.statement("relapse", seen.citation, quote=relapse.quote)


def _condition(outcome: ObservedOutcome) -> str:
    """Return the disease of an outcome where it is another than the one that all is about."""
    return "" if outcome.condition == "granuloma annulare" else f"{outcome.condition}:"


def _ranking(found: a.Answer, scene: SceneBuilder) -> Iterator[str]:
    """Yield in words why the first drugs stand where they do, and where a drug stands that was given."""
    if not found.rows:
        yield "No raised cytokine counts, so no drug is ranked."
        return
    yield (
        f"A drug inhibits a kinase where its IC50 is at most {found.settings.threshold} nM; values are in nM. Its "
        "score is the share of the needed kinases that it inhibits, over the receptors of the raised cytokines; a "
        "range where some are unknown."
    )
    for part in found.rows[0].parts:
        for route in part.routes:
            needs, uses = (_kinases(route, role) for role in ("needs", "uses"))
            helped = f" and uses {uses}" if uses else ""
            needed = needs or "kinases that are not settled"
            yield f"{part.signal.label} signals by {scene.label(route.receptor)}, which needs {needed}{helped}."
    best = [row for row in found.rows if row.score == found.rows[0].score]
    more = f" and {len(best) - FIRST} more" if best[FIRST:] else ""
    yield f"Top score ({interval(best[0].score)}): {', '.join(map(_inhibits, best[:FIRST]))}{more}."
    for seen in found.observed:
        for row in found.rows:
            if row.drug.id == seen.drug:
                yield f"Drug given: {_inhibits(row)}, {_rank(row)}, score {interval(row.score)}."
    if found.observed:
        yield "The last column shows what happened on the drug that was given, not what the drug caused."


def _kinases(route: a.RouteAnswer, role: str) -> str:
    return " and ".join(kinase.kinase.upper() for kinase in route.kinases if kinase.role == role)


def _rank(row: a.DrugAnswer) -> str:
    """Return the rank of a drug in its group, in words."""
    group = {"systemic": "approved systemic drugs", "topical": "topical drugs", "not approved": "drugs not approved"}
    return f"rank {'–'.join(map(str, dict.fromkeys(row.rank)))} of the {group[row.drug.group]}"


def _inhibits(row: a.DrugAnswer) -> str:
    return f"{row.drug.label} ({'; '.join(map(kinase_words, row.kinases().values()))})"
