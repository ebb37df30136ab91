"""A graph without things: kinases, receptors, sources, claims or measurements; what follows from the rest decided anew.

>>> import kg
>>> copy, supposed = withdrawn(kg.open(), ["haan-2011"])
>>> supposed
['without ref-haan-2011: it says nothing and measured nothing']
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, Quad, Store

from kg.model.claims import BY_WORD, DISPLACED, Piece, by_loss, status
from kg.model.errors import Place, Problem, Problems
from kg.model.names import meant, near
from kg.model.vocabulary import PREFIXES, THING, fold, jak, local
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
    for name in dict.fromkeys(names):
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
