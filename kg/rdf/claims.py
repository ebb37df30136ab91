"""Claims as RDF: who says what of what, whether it is accepted, and where sources disagree.

The direct edge of a claim is drawn only where the claim is accepted: some evidence supports it and none refutes it, or
a curator's decision says so with a reason.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from kg.facts import reports as r
from kg.facts import tables as t
from kg.model.claims import Piece, by_loss, deciding, status
from kg.model.errors import Problem, Problems
from kg.model.vocabulary import jak, thing
from kg.rdf.nodes import Nodes, eco, ref, things


@dataclass
class Claims(Nodes):
    """A graph under construction that takes claims; ``edges`` is relation -> its role and its direct edge.

    >>> from kg.facts import dataset
    >>> from kg.rdf.store import folder
    >>> ontology = folder("ontology")
    >>> taken = Claims(dataset.read(ontology / "facts"))
    >>> _ = taken.graph.parse(ontology / "jak-kg.ttl")
    >>> taken.claims()
    >>> (URIRef(thing("il21-receptor")), URIRef(jak.needsKinase), URIRef(thing("jak1"))) in taken.graph
    True
    """

    edges: dict[str, tuple[URIRef, URIRef]] = field(default_factory=dict)

    def roles(self) -> None:
        """Learn from the vocabulary which role and which direct edge each relation of claims has."""
        for role in self.graph.subjects(RDF.type, URIRef(jak.Relation)):
            notation, edge = self.graph.value(role, SKOS.notation), self.graph.value(role, URIRef(jak.directEdge))
            if isinstance(role, URIRef) and isinstance(edge, URIRef):
                self.edges[str(notation)] = (role, edge)

    def claims(self) -> None:
        """Add each claim with its evidence and decision, and its direct edge where it is accepted."""
        self.roles()
        evidence: dict[tuple[str, str, str], list[tuple[t.Statement, r.Report | None]]] = defaultdict(list)
        for row in self.facts.claims:
            evidence[row.about, row.relation, row.object].append((row, None))
        for report in self.facts.cases:
            for statement in report.statement:
                evidence[statement.about, statement.relation, statement.object].append((statement, report))
        decisions = {(d.about, d.relation, d.object): d for d in self.facts.decisions}
        told: dict[tuple[str, str, str], tuple[str, bool]] = {}
        for (about, relation, target), rows in evidence.items():
            if relation not in self.edges:
                what = f"relation {relation!r} has no role in the vocabulary"
                remedy = "add a jak:Relation with this skos:notation to jak-kg.ttl"
                raise Problems([Problem(self.facts.place(rows[0][0]), what, remedy)])
            role, edge = self.edges[relation]
            decision = decisions.get((about, relation, target))
            pieces = [Piece(row.stance, row.lost_in or "") for row, _ in rows]
            state = status(pieces, decision.accept == "yes" if decision else None)
            decide = deciding(pieces)
            told[about, relation, target] = (state, by_loss(pieces))
            claim = self.node(
                thing("claim", about, relation, target), "Claim", rows[0][0], about=URIRef(thing(about)),
                status=URIRef(getattr(jak, state)),
                evidence=[
                    self.evidence(row, report, decides=piece in decide)
                    for (row, report), piece in zip(rows, pieces, strict=True)
                ],
            )  # fmt: skip
            words = self.words(rows[0][0])
            self.named(claim, f"claim: {words}")
            self.graph.add((claim, role, URIRef(thing(target))))
            if state == "Accepted":
                self.graph.add((URIRef(thing(about)), edge, URIRef(thing(target))))
            if decision:
                decided = self.node(
                    thing("decision", about, relation, target), "Decision", decision, accepts=decision.accept == "yes",
                    reason=decision.reason, curator=decision.curator,
                )  # fmt: skip
                self.named(decided, f"decision: {words}")
                self.graph.add((decided, DCTERMS.created, Literal(decision.date)))
                self.node(claim, decision=decided)
        self.loss(told)

    def loss(self, told: Mapping[tuple[str, str, str], tuple[str, bool]]) -> None:
        """Say which needs no loss of the kinase shows, and draw the uses that count: those that loss shows.

        ``told`` has the status of each claim, and whether evidence from loss supports it. A use beside a need, or
        beside a need on which evidence from loss disagrees, does not count.
        """
        for (about, relation, target), (state, lost) in told.items():
            if relation == "needs" and state == "Accepted":
                self.node(thing("claim", about, relation, target), byDatabaseOnly=not lost)
            elif relation == "uses" and state == "Accepted" and lost:
                need, _ = told.get((about, "needs", target), ("Open", False))
                counts = need in ("Refuted", "Open")
                self.node(thing(about), countedUse=URIRef(thing(target)) if counts else None)

    def words(self, row: t.Statement) -> str:
        """Return a statement in words."""
        return f"{self.called(row.about)} {row.relation.replace('-', ' ')} {self.called(row.object)}"

    def evidence(self, row: t.Statement, report: r.Report | None, *, decides: bool) -> URIRef:
        """Add a piece of evidence on a claim, of a table or of a report, and return it.

        ``decides`` says that the status of the claim follows from it and its like.
        """
        entry: Any = row if report is None else report
        iri = self.node(
            thing("ev", row.about, row.relation, row.object, entry.reference, row.locator), "Evidence", row,
            stance=URIRef(getattr(jak, row.stance.title())), locator=row.locator, species=row.species, note=row.note,
            loss=row.loss, lostIn=row.lost_in, effectOfLoss=row.effect, decides=decides,
            quote=Literal(row.quote, lang="en") if row.quote else None, method=eco(row.method),
            obtainedFrom=ref(entry.obtained_from), curator=entry.curator,
        )  # fmt: skip
        self.named(iri, f"evidence: {self.words(row)} ({self.called(f'ref-{entry.reference}')}, {row.locator})")
        self.graph.add((iri, DCTERMS.source, ref(entry.reference)))
        self.graph.add((iri, DCTERMS.created, Literal(entry.date)))
        return iri

    def routes(self) -> None:
        """Say of each ligand whether it signals through a JAK: yes by an accepted route, no by a family without one."""
        for ligand in self.facts.ligands:
            iri = URIRef(thing(ligand.id))
            receptors = self.graph.objects(iri, URIRef(jak.bindsReceptor))
            families = self.graph.objects(iri, URIRef(jak.signalsThrough))
            if ligand.kind == "part":
                word = "part"
            elif any((receptor, URIRef(jak.needsKinase), None) in self.graph for receptor in receptors):
                word = "yes"
            elif any(str(self.graph.value(family, URIRef(jak.carriesJak))) == "no" for family in families):
                word = "no"
            else:
                word = "unknown"
            self.node(iri, throughJak=word)

    def signals(self) -> None:
        """Add the signals: ligands with the same set of receptors give one, as a receptor tells none from another.

        A ligand whose receptor is not known, and that may signal through a JAK, gives one of its own.
        """
        together: dict[frozenset[str], list[str]] = defaultdict(list)
        for ligand in sorted(self.facts.ligands, key=lambda row: row.id):
            receptors = frozenset(map(str, self.graph.objects(URIRef(thing(ligand.id)), URIRef(jak.bindsReceptor))))
            unsettled = (
                not receptors and str(self.graph.value(URIRef(thing(ligand.id)), URIRef(jak.throughJak))) == "unknown"
            )
            if unsettled or (receptors and ligand.kind != "part"):
                together[receptors or frozenset({ligand.id})].append(ligand.id)
        for receptors, ligands in together.items():
            needs = any((URIRef(name), URIRef(jak.needsKinase), None) in self.graph for name in receptors)
            iri = self.node(thing("signal", ligands[0]), "Signal", jakDependent=needs)
            self.named(iri, f"signal of {self.called(*ligands)}")
            for name in ligands:
                self.node(thing(name), givesSignal=iri)

    def disagreements(self) -> None:
        """Add where sources say different things, with both sides."""
        for row in self.facts.disagreements:
            name = thing("disagreement", row.id)
            first = (
                row.first_says,
                row.first_source,
                row.first_locator,
                row.first_quote,
                row.kept in ("first", "both"),
            )
            second = (row.second_says, row.second_source, row.second_locator, row.second_quote)
            sides = {"first": first, "second": (*second, row.kept in ("second", "both"))}
            iri = self.node(
                name, "Disagreement", row, topic=row.topic, about=things(row.about), reason=row.reason,
                curator=row.curator, hasSide=[URIRef(f"{name}-{side}") for side in sides],
            )  # fmt: skip
            self.named(iri, f"disagreement {row.id}: {row.topic}")
            self.graph.add((iri, DCTERMS.created, Literal(row.date)))
            for side, (says, source, locator, quote, kept) in sides.items():
                words_of = Literal(quote, lang="en") if quote else None
                stated = self.node(f"{name}-{side}", "Side", says=says, locator=locator, quote=words_of, kept=kept)
                self.named(stated, f"{side} side of disagreement {row.id}")
                self.graph.add((stated, DCTERMS.source, ref(source)))
