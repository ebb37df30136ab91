"""What if: baseline and scenario, without a kinase, receptor, source or claim, or with another setting or measurement.

>>> import kg
>>> from kg.profiles import profile
>>> graph = kg.open()
>>> found = compare(graph, profile.of_case(graph, "khurana-2025-1"), without=["jak3"])
>>> [(row.drug, row.before.score, row.after.score) for row in found.rows if row.drug == "baricitinib"]
[('baricitinib', (0.5, 0.5), (1.0, 1.0))]
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from math import isclose
from typing import Any, Final

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, Quad, Store

from kg import calculus as m
from kg.answers import ranking
from kg.document.blocks import Block, Document, Paragraph, Table
from kg.document.terminal import interval
from kg.model.claims import BY_WORD, DISPLACED, Piece, by_loss, status
from kg.model.errors import Place, Problem, Problems
from kg.model.names import meant, near
from kg.model.vocabulary import PREFIXES, THING, fold, jak, local
from kg.profiles.grounding import Names
from kg.profiles.profile import MeasuredCytokine, Profile, complexes, of_case
from kg.sparql import library
from kg.sparql.graph import OpenGraph

KINDS: Final = {
    "Kinase": "no receptor needs it",
    "ReceptorComplex": "no cytokine signals by it",
    "Reference": "it says nothing and measured nothing",
    "Claim": "nobody claims it",
    "Evidence": "it was never found",
    "PotencyMeasurement": "it was never measured",
    "Measurement": "it was never measured",
}
"""Class of what can be taken away -> what is supposed."""
DCTERMS_SOURCE: Final = NamedNode(PREFIXES["dcterms"] + "source")
EVIDENCE: Final = NamedNode(jak.evidence)


@dataclass(frozen=True, slots=True)
class Change:
    """What a drug does before and after, each with its rank in its group; None where it is not ranked."""

    drug: str
    before: ranking.DrugAnswer | None
    after: ranking.DrugAnswer | None
    said: tuple[str, ...]
    """What is other, in words: verdicts and hits."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is supposed, the drugs whose score, verdict or hit is then another, and those for which all stays."""

    about: str
    supposed: tuple[str, ...]
    signals: tuple[str, ...]
    """Cytokines that then count otherwise, in words."""
    rows: tuple[Change, ...]
    same: tuple[str, ...]


def compare(
    graph: OpenGraph,
    profile: Profile,
    settings: m.Settings = m.DEFAULT,
    *,
    without: Sequence[str] = (),
    measured: Sequence[tuple[str, Decimal]] = (),
    then: m.Settings | None = None,
) -> Difference:
    """Return how the answer for a profile changes.

    ``without`` names things that are taken away (see :data:`KINDS`), ``measured`` gives cytokines another ratio to the
    comparator, ``then`` other settings. Raises Problems for what is not known or cannot be taken away.

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> found = compare(graph, profile.of_case(graph, "khurana-2025-1"), measured=[("IL-21", Decimal(1))])
    >>> found.signals
    ('IL-21: raised before, unchanged after',)
    """
    changed, supposed = withdrawn(graph, without)
    after = _measured(changed, profile, measured)
    old = {row.drug.id: row for row in _rows(graph, profile, settings)}
    new = {row.drug.id: row for row in _rows(changed, after, then or settings)}
    changes, same = [], []
    for drug in dict.fromkeys((*new, *old)):
        before, row = old.get(drug), new.get(drug)
        said = tuple(_said(before, row))
        if (
            said
            or not before
            or not row
            or not all(isclose(x, y, abs_tol=1e-9) for x, y in zip(before.score, row.score, strict=True))
        ):
            changes.append(Change(drug, before, row, said))
        else:
            same.append(drug)
    supposed += [f"{name} measured {ratio}-fold" for name, ratio in measured]
    supposed += _settings(settings, then or settings)
    return Difference(
        profile.title, tuple(supposed), tuple(_signals(profile, after, settings, then or settings)), tuple(changes),
        tuple(same),
    )  # fmt: skip


def _rows(graph: OpenGraph, profile: Profile, settings: m.Settings) -> list[ranking.DrugAnswer]:
    table = graph.mechanism
    counted = [signal for signal in profile.signals if signal.is_raised(settings)]
    return [ranking.detailed(row, counted, settings) for row in ranking.ranks(table, counted, settings)]


def withdrawn(graph: OpenGraph, names: Iterable[str]) -> tuple[OpenGraph, list[str]]:
    """Return a copy of the graph without things, claims decided anew, and what is supposed so, in words.

    A source that is gone takes its evidence and its measurements with it. Raises Problems where a name is no thing of
    :data:`KINDS`; near matches are named.

    >>> import kg
    >>> copy, supposed = withdrawn(kg.open(), ["il21-receptor"])
    >>> supposed
    ['without il21-receptor: no cytokine signals by it']
    >>> [row for row in copy.rows("routes_of_cytokines") if row["cytokine"] == "il21"]
    []
    """
    copy = Store()
    copy.bulk_extend(graph.store)
    problems, supposed, decide = [], [], set[NamedNode]()
    for name in names:
        found = _found(graph, name)
        if found is None:
            known = [thing for kind in KINDS for thing in graph.instances(f"jak:{kind}")]
            close = near(fold(name), known) or near(f"ref-{fold(name)}", known)
            hint = meant(close, "name a kinase, receptor, reference or claim")
            problems.append(Problem(Place("--without"), f"{name!r} is nothing that can be taken away", hint))
            continue
        kind, node = found
        decide |= _take(copy, kind, node)
        supposed.append(f"without {local(node.value)}: {KINDS[kind]}")
    if problems:
        raise Problems(problems)
    roles = graph.store.quads_for_pattern(None, NamedNode(jak.directEdge), None, None)
    edges = {q.subject: q.object for q in roles if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode)}
    for claim in decide:
        _decide(copy, claim, edges)
    _count_uses(copy)
    _drop_derived(copy)
    _through_jak(copy)
    return OpenGraph(copy), supposed


def _found(graph: OpenGraph, name: str) -> tuple[str, NamedNode] | None:
    for text in (name, f"ref-{name}"):
        for kind, thing in library.fitting(graph.store, KINDS, text):
            return kind, NamedNode(THING + thing)
    return None


def _take(store: Store, kind: str, node: NamedNode) -> set[NamedNode]:
    """Take a thing away and return the claims that lost evidence."""
    if kind == "Reference":
        pieces = {
            quad.subject
            for predicate in (DCTERMS_SOURCE, NamedNode(jak.obtainedFrom))
            for quad in store.quads_for_pattern(None, predicate, node, None)
            if isinstance(quad.subject, NamedNode) and _kinds(store, quad.subject) & KINDS.keys()
        }
        return set().union(*(_take(store, "Evidence", piece) for piece in pieces))
    into = {"Kinase": (jak.needsKinase, jak.usesKinase), "ReceptorComplex": (jak.bindsReceptor,)}.get(kind)
    if into:
        gone = [quad for edge in into for quad in store.quads_for_pattern(None, NamedNode(edge), node, None)]
    elif kind == "Claim":
        gone = list(store.quads_for_pattern(node, EVIDENCE, None, None))
    else:
        gone = [*store.quads_for_pattern(node, None, None, None), *store.quads_for_pattern(None, None, node, None)]
    for quad in gone:
        store.remove(quad)
    return {quad.subject for quad in gone if quad.predicate == EVIDENCE and isinstance(quad.subject, NamedNode)}


def _kinds(store: Store, node: NamedNode) -> set[str]:
    return {local(kind.value) for kind in _objects(store, node, NamedNode(PREFIXES["rdf"] + "type"))}


def _decide(store: Store, claim: NamedNode, edges: Mapping[NamedNode, NamedNode]) -> None:
    """Decide anew on a claim that lost evidence: draw its direct edge or take it away."""
    pieces = list(_objects(store, claim, EVIDENCE))
    said = list(map(partial(_piece, store), pieces))
    decisions = [
        RdfLiteral(True) == quad.object
        for decision in _objects(store, claim, NamedNode(jak.decision))
        for quad in store.quads_for_pattern(decision, NamedNode(jak.accepts), None, None)
    ]
    state = status(said, decisions[0] if decisions and pieces else None)
    (about,) = _objects(store, claim, NamedNode(jak.about))
    for role, edge in edges.items():
        for target in _objects(store, claim, role):
            (store.add if state == "Accepted" else store.remove)(Quad(about, edge, target))
    for quad in list(store.quads_for_pattern(claim, NamedNode(jak.byDatabaseOnly), None, None)):
        store.remove(quad)
    store.remove(next(store.quads_for_pattern(claim, NamedNode(jak.status), None, None)))
    store.add(Quad(claim, NamedNode(jak.status), NamedNode(getattr(jak, state))))
    if state == "Accepted" and any(_objects(store, claim, NamedNode(jak.saysNeedsKinase))):
        store.add(Quad(claim, NamedNode(jak.byDatabaseOnly), RdfLiteral(not by_loss(said))))


def _piece(store: Store, node: NamedNode) -> Piece:
    (stance,) = _objects(store, node, NamedNode(jak.stance))
    lost_in = [quad.object for quad in store.quads_for_pattern(node, NamedNode(jak.lostIn), None, None)]
    words = [found.value for found in lost_in if isinstance(found, RdfLiteral)]
    return Piece(local(stance.value).lower(), BY_WORD["".join(words)])


def _count_uses(store: Store) -> None:
    """Draw the uses that count anew, by the rule of :mod:`kg.rdf.builder`."""
    counted, uses, needs = (NamedNode(name) for name in (jak.countedUse, jak.saysUsesKinase, jak.saysNeedsKinase))
    for quad in list(store.quads_for_pattern(None, counted, None, None)):
        store.remove(quad)
    open_to_use = (NamedNode(jak.Refuted), NamedNode(jak.Open))
    for claim, kinase in list(_pairs(store, uses)):
        (about,) = _objects(store, claim, NamedNode(jak.about))
        shown = by_loss(map(partial(_piece, store), _objects(store, claim, EVIDENCE)))
        accepted = Quad(about, NamedNode(jak.usesKinase), kinase) in store  # the edge that an accepted claim draws
        rivals = [
            state
            for other, needed in _pairs(store, needs)
            if needed == kinase and Quad(other, NamedNode(jak.about), about) in store
            for state in _objects(store, other, NamedNode(jak.status))
        ]
        if accepted and shown and all(state in open_to_use for state in rivals):
            store.add(Quad(about, counted, kinase))


def _drop_derived(store: Store) -> None:
    """Take away each derived bound whose ratio or base is gone; one that nothing displaces any more is comparable."""
    origin, comparable = NamedNode(PREFIXES["prov"] + "wasDerivedFrom"), NamedNode(jak.comparable)
    of, on = NamedNode(jak.ofInhibitor), NamedNode(jak.onKinase)
    displaced = NamedNode(jak.notComparable), RdfLiteral(DISPLACED)
    direct = {
        (*_objects(store, quad.subject, of), *_objects(store, quad.subject, on))
        for quad in store.quads_for_pattern(None, comparable, RdfLiteral(True), None)
        if isinstance(quad.subject, NamedNode)
        and Quad(quad.subject, NamedNode(jak.derived), RdfLiteral(False)) in store
        and any(
            True for end in (jak.low, jak.high) for _ in store.quads_for_pattern(quad.subject, NamedNode(end), None)
        )
    }
    for quad in list(store.quads_for_pattern(None, NamedNode(jak.derived), RdfLiteral(True), None)):
        bound = quad.subject
        if not isinstance(bound, NamedNode):
            continue
        if len(list(store.quads_for_pattern(bound, origin, None, None))) < 2:
            for gone in list(store.quads_for_pattern(bound, None, None, None)):
                store.remove(gone)
        elif (
            Quad(bound, *displaced) in store
            and (*_objects(store, bound, of), *_objects(store, bound, on)) not in direct
        ):
            store.remove(Quad(bound, *displaced))
            store.remove(Quad(bound, comparable, RdfLiteral(False)))
            store.add(Quad(bound, comparable, RdfLiteral(True)))
            store.add(Quad(bound, NamedNode(jak.countsWithDerived), RdfLiteral("yes")))


def _objects(store: Store, subject: NamedNode, predicate: NamedNode) -> Iterator[NamedNode]:
    quads = store.quads_for_pattern(subject, predicate, None, None)
    return (quad.object for quad in quads if isinstance(quad.object, NamedNode))


def _pairs(store: Store, predicate: NamedNode) -> Iterator[tuple[NamedNode, NamedNode]]:
    for quad in store.quads_for_pattern(None, predicate, None, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            yield quad.subject, quad.object


def _through_jak(store: Store) -> None:
    """Say of each ligand anew whether it signals through a JAK, by the rule of :mod:`kg.rdf.builder`."""
    through = NamedNode(jak.throughJak)
    for quad in list(store.quads_for_pattern(None, through, None, None)):
        ligand = quad.subject
        if not isinstance(ligand, NamedNode) or quad.object == RdfLiteral("part"):
            continue
        receptors = _objects(store, ligand, NamedNode(jak.bindsReceptor))
        families = _objects(store, ligand, NamedNode(jak.signalsThrough))
        if any(True for receptor in receptors for _ in _objects(store, receptor, NamedNode(jak.needsKinase))):
            word = "yes"
        elif any(Quad(family, NamedNode(jak.carriesJak), RdfLiteral("no")) in store for family in families):
            word = "no"
        else:
            word = "unknown"
        store.remove(quad)
        store.add(Quad(ligand, through, RdfLiteral(word)))


def _measured(graph: OpenGraph, profile: Profile, measured: Sequence[tuple[str, Decimal]]) -> Profile:
    """Return the profile as the changed graph has it, with other ratios."""
    names = graph.once(Names)
    if profile.case:
        profile = of_case(graph, profile.case)
    stated = (signal for signal in profile.signals if not signal.parts)  # complexes are made from their parts anew
    signals = {s.cytokine: replace(s, jak=names.known[fold(s.cytokine)].jak) for s in stated}
    problems = []
    for name, ratio in measured:
        known = names.ground(name, Place("--measure"))
        if isinstance(known, Problem):
            problems.append(known)
        else:
            signals[known.thing] = MeasuredCytokine(
                cytokine=known.thing, label=known.label, input=name, ratio=ratio, jak=known.jak
            )
    if problems:
        raise Problems(problems)
    return replace(profile, signals=complexes(graph, [signals[name] for name in sorted(signals)])[0])


def _said(before: ranking.DrugAnswer | None, after: ranking.DrugAnswer | None) -> Iterator[str]:
    """Yield what a drug then does otherwise to a cytokine or a kinase."""
    old, new = ({part.signal.label: part for part in row.parts} if row else {} for row in (before, after))
    for label in dict.fromkeys((*old, *new)):
        verdicts = [part.verdict if part else "does not count" for part in (old.get(label), new.get(label))]
        if verdicts[0] != verdicts[1]:
            yield f"{label}: {verdicts[1]}, was {verdicts[0]}"
        hits = [_hits(part) for part in (old.get(label), new.get(label)) if part]
        for kinase in sorted(set.intersection(*map(set, hits))) if len(hits) == 2 else []:
            if hits[0][kinase] != hits[1][kinase]:
                yield f"{kinase.upper()}: {hits[1][kinase]}, was {hits[0][kinase]}"


def _hits(part: ranking.PartAnswer) -> dict[str, str]:
    return {
        kinase.kinase: f"{kinase.hit.value} ({kinase.reason()})" if kinase.reason() else kinase.hit.value
        for route in part.routes
        for kinase in route.kinases
    }


def _signals(before: Profile, after: Profile, old: m.Settings, new: m.Settings) -> Iterator[str]:
    first, then = ({s.cytokine: s for s in profile.signals} for profile in (before, after))
    for name in sorted({**first, **then}):
        words = [_counts(first.get(name), old), _counts(then.get(name), new)]
        if words[0] != words[1]:
            yield f"{(first.get(name) or then[name]).label}: {words[0]} before, {words[1]} after"


def _counts(signal: MeasuredCytokine | None, settings: m.Settings) -> str:
    if signal is None:
        return "not measured"
    direction = signal.direction(settings)
    return direction if signal.counts else f"{direction}, excluded from the score"


def _settings(before: m.Settings, after: m.Settings) -> Iterator[str]:
    for name in ("threshold", "require", "raised", "fdr", "derived"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{name} {new} in place of {old}"


def document(found: Difference) -> Document:
    """Return the difference as text: what is supposed, which cytokines then count otherwise, and the drugs that change.

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> shown = document(compare(graph, profile.of_case(graph, "khurana-2025-1"), without=["jak3"]))
    >>> [(row[:3], row[4]) for row in shown.blocks[0].rows if row[0] == "baricitinib"]
    [(['baricitinib', '0.50', '1.00'], 'IL-21: blocked, was partly')]
    """
    said = [*found.signals, *([] if found.rows else ["Nothing changes."])]
    same = f"The same score, verdicts and hits: {', '.join(found.same)}." if found.same else ""
    blocks: list[Block] = [Paragraph(said)] if said else []
    if found.rows:
        columns = ["drug", "baseline", "scenario", "rank", "change"]
        blocks.append(Table(columns, list(map(_cells, found.rows))))
    if same:
        blocks.append(Paragraph([same]))
    return Document(f"What if, for {found.about}: {'; '.join(found.supposed) or 'no change'}?", blocks)


def _cells(row: Change) -> list[str]:
    scores = [interval(side.score) if side else "-" for side in (row.before, row.after)]
    now, then = map(_rank, (row.before, row.after))
    rank = then if then == now else f"{then} (was {now})"
    return [row.drug, *scores, rank, "; ".join(row.said) or "the score"]


def _rank(row: ranking.DrugAnswer | None) -> str:
    """Return a rank in words: the first and the last of those that are equal."""
    return "–".join(map(str, dict.fromkeys(row.rank))) if row else "none"


def to_dict(found: Difference) -> dict[str, Any]:
    """Return the difference as JSON values: scores as [low, high], null where a drug is not ranked.

    ``ranks`` has the first rank of those that are equal, in the group of the drug.

    >>> to_dict(Difference("a case", (), (), (Change("x", None, None, ()),), ()))["changes"][0]["before"]
    """
    return {
        "about": found.about,
        "supposed": list(found.supposed),
        "signals": list(found.signals),
        "changes": [
            {
                "drug": row.drug,
                "before": list(row.before.score) if row.before else None,
                "after": list(row.after.score) if row.after else None,
                "ranks": [side and side.rank[0] for side in (row.before, row.after)],
                "what": list(row.said),
            }
            for row in found.rows
        ],
        "same": list(found.same),
    }
