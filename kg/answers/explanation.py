"""Why a drug has its row in an answer: the smallest set of statements behind it, as sentences, as a path, as Turtle.

The set is minimal by deletion: take one statement away and the row changes; keep only these and it stays. A row is the
score and, for each raised cytokine, its verdict and the hit on each needed kinase of each route.

>>> import kg
>>> found = explain(kg.open(), "khurana-2025-1", "baricitinib")
>>> [statement.says for statement in found.statements if statement.kind == "potency"]
['baricitinib on JAK1: IC50 4 nM, at or below 100 nM', 'baricitinib on JAK3: IC50 787 nM, above 100 nM']
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from kg import calculus as m
from kg.answers import hits, ranking
from kg.model.claims import BY_WORD, Level, Piece, by_loss, status, worth
from kg.model.vocabulary import PREFIXES, THING, jak, thing
from kg.profiles import profile
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Row

Kind = Literal["measured", "evidence", "decision", "potency"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that some source says, with the node of the graph that holds it."""

    id: str
    kind: Kind
    says: str
    source: str
    quote: str | None
    subject: str
    relation: str = ""
    object: str = ""
    stance: str = ""
    worth: tuple[int, ...] = ()
    """What makes it worth keeping where another would do as well: the first difference decides."""
    lost_in: Level = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The row of a drug in a case and the smallest set of statements behind it; no row where nothing is ranked."""

    case: str
    about: str
    drug: str
    settings: m.Settings
    row: ranking.DrugAnswer | None
    statements: tuple[Reason, ...]
    labels: Mapping[str, str]
    """Receptor -> its label."""
    beside: ranking.Answer


def explain(
    graph: OpenGraph, case: str, drug: str, settings: m.Settings = m.DEFAULT, *, all_species: bool = False
) -> Explanation:
    """Return why a drug has its row for a case; Problems where the drug or the case is not known.

    >>> import kg
    >>> graph = kg.open()
    >>> found = explain(graph, "khurana-2025-1", "Xeljanz")
    >>> found.drug, found.row.score, len(found.statements) > 0
    ('tofacitinib', (1.0, 1.0), True)
    """
    whole = ranking.compose(graph, profile.of_case(graph, case), settings, drugs=[drug], all_species=all_species)
    if not whole.rows:
        name = hits.inhibitor(graph, drug, all_species=all_species).id
        return Explanation(case, whole.about, name, settings, None, (), {}, whole)
    (row,) = whole.rows
    raised = [signal for part in row.parts for signal in part.signals]
    statements = _minimal(_candidates(graph, case, row.drug, raised, settings), row.drug, raised, settings)
    labels = {found["object"]: found["objectLabel"] for found in graph.rows("evidence_on_routes")}
    return Explanation(case, whole.about, row.drug.id, settings, row, tuple(statements), labels, whole)


def row_of(
    statements: Sequence[Reason], drug: m.Drug, raised: Sequence[profile.MeasuredCytokine], settings: m.Settings
) -> tuple[object, ...]:
    """Return the row that a set of statements alone gives, in a form that can be compared; () where nothing is ranked.

    >>> import kg
    >>> graph = kg.open()
    >>> found = explain(graph, "khurana-2025-1", "tofacitinib")
    >>> raised = [part.signal for part in found.row.parts]
    >>> ((score, parts),) = row_of(found.statements, found.row.drug, raised, found.settings)
    >>> score, [(cytokine, verdict) for cytokine, verdict, _ in parts]
    ((1.0, 1.0), [('il21', 'blocked')])
    >>> row_of([], found.row.drug, raised, found.settings)
    ()
    """
    pieces: dict[tuple[str, str, str], list[Piece]] = defaultdict(list)
    decisions: dict[tuple[str, str, str], bool] = {}
    for statement in statements:
        claim = (statement.relation, statement.subject, statement.object)
        if statement.kind == "evidence":
            pieces[claim].append(Piece(statement.stance, statement.lost_in))
        elif statement.kind == "decision":
            decisions[claim] = statement.stance == "accepts"
    states = {claim: status(found, decisions.get(claim)) for claim, found in pieces.items()}
    accepted = sorted(claim for claim, state in states.items() if state == "Accepted")
    counted = [
        (receptor, kinase)
        for relation, receptor, kinase in accepted
        if relation == "uses" and by_loss(pieces[relation, receptor, kinase])
        if states.get(("needs", receptor, kinase), "Open") in ("Refuted", "Open")
    ]

    def route(receptor: str) -> m.Route:
        needs = tuple(kinase for relation, about, kinase in accepted if (relation, about) == ("needs", receptor))
        return m.Route(receptor, needs, tuple(kinase for about, kinase in counted if about == receptor))

    routes = {
        signal.cytokine: tuple(
            route(receptor)
            for relation, about, receptor in accepted
            if (relation, about) == ("binds-receptor", signal.cytokine)
        )
        for signal in raised
    }
    said = {statement.id for statement in statements}
    measured = {kinase: [x for x in rows if x.id in said] for kinase, rows in drug.measurements.items()}
    known = m.Drug(drug.id, measured, functional_target=drug.functional_target)
    signals = [signal for signal in raised if all(f"measured-{name}" in said for name in _behind(signal))]
    table = m.Mechanism({drug.id: known}, routes)
    rows = ranking.ranks(table, signals, settings, all_species=True)
    return tuple(_comparable(ranking.detailed(row, signals, settings)) for row in rows)


def _comparable(row: ranking.DrugAnswer) -> tuple[object, ...]:
    parts = tuple(
        (
            part.signal.cytokine,
            part.verdict,
            tuple((r.receptor, tuple((k.kinase, k.role, k.hit.value) for k in r.kinases)) for r in part.routes),
        )
        for part in row.parts
    )
    return tuple(round(end, 9) for end in row.score), parts


def _minimal(
    statements: Sequence[Reason], drug: m.Drug, raised: Sequence[profile.MeasuredCytokine], settings: m.Settings
) -> list[Reason]:
    """Return the statements that are left when none more can go; the least worth go first."""
    whole = row_of(statements, drug, raised, settings)
    kept = list(statements)
    shorter = True
    while shorter:
        shorter = False
        for statement in sorted(kept, key=lambda s: (s.worth, s.id)):
            rest = [other for other in kept if other is not statement]
            if row_of(rest, drug, raised, settings) == whole:
                kept, shorter = rest, True
    return kept


def _candidates(
    graph: OpenGraph, case: str, drug: m.Drug, raised: Sequence[profile.MeasuredCytokine], settings: m.Settings
) -> list[Reason]:
    found = [*_measured(graph, case, raised)]
    cytokines = {signal.cytokine for signal in raised}
    rows = graph.rows("evidence_on_routes")
    receptors = {row["object"] for row in rows if row["about"] in cytokines}
    mine = [row for row in rows if row["about"] in cytokines | receptors]
    found += [statement for row in mine for statement in _claimed(row)]
    kinases = {row["object"] for row in mine if row["relation"] != "binds-receptor"}
    found += [statement for kinase in sorted(kinases) for statement in _potent(drug, kinase, settings)]
    return list(dict.fromkeys(found))


def _measured(graph: OpenGraph, case: str, raised: Sequence[profile.MeasuredCytokine]) -> Iterator[Reason]:
    rows = {row["cytokine"]: row for row in graph.rows("measurements_of_case", case=case)}
    for name in dict.fromkeys(name for signal in raised for name in _behind(signal)):
        row = rows[name]
        fold = f"{row['ratio']}-fold " if row["ratio"] is not None else ""
        says = f"{row['label']} was raised {fold}in {row['tissue']}, against {row['comparatorLabel']}"
        source = f"{row['citation']}, {row['locator']}; {row['analyte']}, samples: {row['samples']}"
        yield Reason(f"measured-{name}", "measured", says, source, row["quote"], row["measurement"])


def _behind(signal: profile.MeasuredCytokine) -> tuple[str, ...]:
    """Return what was measured of a signal: the parts of a complex that has no value of its own, else itself."""
    return signal.parts or (signal.cytokine,)


def _claimed(row: Row) -> Iterator[Reason]:
    verb = {"binds-receptor": "signals by", "needs": "needs", "uses": "uses"}[row["relation"]]
    thing_said = f"{_the(row['aboutLabel'])} {verb} {_the(row['objectLabel'])}"
    stance = row["stance"].lower()
    species = f", {row['species']}" if row["species"] else ""
    source = f"{row['citation']}, {row['locator']}{species}"
    claim = (row["about"], row["relation"], row["object"])
    lost_in = BY_WORD[row["lostIn"] or ""]
    keep = (stance == "supports", *worth(row))
    yield Reason(row["evidence"], "evidence", thing_said, source, row["quote"], *claim, stance, keep, lost_in)
    if row["decision"]:
        word = "accepts" if row["accepts"] else "rejects"
        says = f"a curator {word} that {thing_said}"
        yield Reason(row["decision"], "decision", says, row["reason"], None, *claim, word, (True,))


def _the(label: str) -> str:
    return f"the {label}" if "receptor" in label else label


def _potent(drug: m.Drug, kinase: str, settings: m.Settings) -> Iterator[Reason]:
    for row in drug.compared(kinase):
        says = row.says(settings.threshold)
        where = {"yes": "at or below", "no": "above", "neither": "on either side of"}[says]
        value = f"{row.measure} {hits.printed(row)} nM, {where} {settings.threshold} nM"
        source = f"{'; '.join(row.references) or 'no publication named'}, read in {', '.join(row.obtained_from)}"
        worth = (hits.PANEL in row.references, bool(row.references), says != "neither")
        said = f"{drug.label} on {kinase.upper()}: {'said to be spared' if row.spared else value}"
        yield Reason(row.id, "potency", said, source, None, row.id, worth=worth)


# --- how it is shown --------------------------------------------------------------------------------------------------


def sentences(why: Explanation) -> Iterator[str]:
    """Yield the explanation as sentences with their sources: the premises, then what follows.

    >>> import kg
    >>> graph = kg.open()
    >>> list(sentences(explain(graph, "khurana-2025-1", "tofacitinib")))[-1]
    'The blockade of IL-21 is 1.00: blocked.'
    """
    for number, statement in enumerate(why.statements, 1):
        quote = f": “{statement.quote}”" if statement.quote else ""
        yield f"{number}. {statement.says[0].upper()}{statement.says[1:]} ({statement.source}){quote}."
    if why.row is None:
        return
    for part in why.row.parts:
        for route in part.routes:
            label, drug = _the(why.labels[route.receptor]), why.row.drug.label
            needs, uses = (_counted(route, role) for role in ("needs", "uses"))
            if needs:
                used = f"; of those that it uses, it {uses}" if uses else ""
                yield f"So of the kinases that {label} needs, {drug} {needs}{used}."
            else:
                used = f" Of the kinases that it uses, {drug} {uses}." if uses else ""
                yield f"What {label} needs is not settled.{used}"
        low, high = part.blockade
        share = f"{low:.2f}" if low == high else f"between {low:.2f} and {high:.2f}"
        yield f"The blockade of {part.signal.label} is {share}: {part.verdict}."


def _counted(route: ranking.RouteAnswer, role: str) -> str:
    """Return which kinases that a route needs or uses are hit, spared and unknown, in words; "" where there is none."""
    words = []
    for hit, verb in (("yes", "hits"), ("no", "spares"), ("unknown", "may or may not hit")):
        found = [(k.kinase.upper(), k.reason()) for k in route.kinases if (k.hit.value, k.role) == (hit, role)]
        names = [f"{kinase} ({reason})" if reason else kinase for kinase, reason in found]
        words += [f"{verb} {' and '.join(names)}"] if names else []
    return " and ".join(words)


def path(why: Explanation) -> Iterator[str]:
    """Yield the explanation as one line from the case to the drug for each kinase that is needed or used.

    >>> import kg
    >>> graph = kg.open()
    >>> [line.partition(" --needs--> ")[2] for line in path(explain(graph, "khurana-2025-1", "tofacitinib"))]
    ['JAK1 --hit by--> tofacitinib', 'JAK3 --hit by--> tofacitinib']
    """
    if why.row is None:
        return
    for part in why.row.parts:
        for route in part.routes:
            for kinase in route.kinases:
                arrow = {"yes": "hit by", "no": "spared by", "unknown": "perhaps hit by"}[kinase.hit.value]
                yield (
                    f"{why.case} --raised--> {part.signal.label} --signals by--> {route.receptor} "
                    f"--{kinase.role}--> {kinase.kinase.upper()} --{arrow}--> {why.row.drug.label}"
                )


def to_turtle(graph: OpenGraph, why: Explanation) -> str:
    """Return the explanation as Turtle: a PROV-O entity derived from its statements, each with its own triples.

    >>> import kg
    >>> graph = kg.open()
    >>> text = to_turtle(graph, explain(graph, "khurana-2025-1", "tofacitinib"))
    >>> "kg:why-khurana-2025-1-tofacitinib a prov:Entity" in text
    True
    """
    prov, rdf = PREFIXES["prov"], PREFIXES["rdf"]
    subject = NamedNode(thing("why", why.case, why.drug))
    case, drug = NamedNode(THING + why.case), NamedNode(THING + why.drug)
    triples = [
        Triple(subject, NamedNode(rdf + "type"), NamedNode(prov + "Entity")),
        *(Triple(subject, NamedNode(jak.about), node) for node in (case, drug)),
        Triple(subject, NamedNode(jak.says), RdfLiteral(" ".join(sentences(why)), language="en")),
    ]
    for statement in why.statements:
        name = statement.subject if statement.kind == "measured" else statement.id
        node = NamedNode(THING + name)
        triples.append(Triple(subject, NamedNode(prov + "wasDerivedFrom"), node))
        triples += [
            Triple(q.subject, q.predicate, q.object) for q in graph.store.quads_for_pattern(node, None, None, None)
        ]
    ordered = sorted(dict.fromkeys(triples), key=str)
    text = serialize(ordered, format=RdfFormat.TURTLE, prefixes=PREFIXES)
    assert text is not None  # noqa: S101 - without an output, the text is returned
    return text.decode()
