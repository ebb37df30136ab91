"""The graph: facts and vocabulary as RDF, built the same byte for byte whatever the order of rows; saved and loaded.

The direct edge of a claim is drawn only where the claim is accepted: some evidence supports it and none refutes it, or
a curator's decision says so with a reason.

>>> from kg.problems import Place
>>> status(["supports", "refutes"], None), status(["supports", "inconclusive"], None), status(["refutes"], "yes")
('Disputed', 'Accepted', 'Accepted')
"""

import hashlib
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, VOID, XSD

from kg import __version__
from kg import records as r
from kg.facts import Facts
from kg.problems import Place
from kg.terms import PREFIXES, THING, jak, local, thing

DATASET = URIRef(THING + "jak-kg")


def status(stances: Sequence[str], decision: str | None) -> str:
    """Return the status of a claim: Accepted, Disputed, Refuted or Open, from its stances and a decision yes | no."""
    if decision:
        return "Accepted" if decision == "yes" else "Refuted"
    supported, refuted = "supports" in stances, "refutes" in stances
    if supported and refuted:
        return "Disputed"
    return "Accepted" if supported else "Refuted" if refuted else "Open"


def build(facts: Facts, vocabulary: Path) -> Graph:
    """Return the graph of the facts with the vocabulary in it, and the digest of its content."""
    return build_with_places(facts, vocabulary)[0]


def build_with_places(facts: Facts, vocabulary: Path) -> tuple[Graph, dict[str, Place]]:
    """Return the graph, and for each thing in it the file and line that it comes from."""
    builder = _Builder(facts)
    builder.graph.parse(vocabulary, format="turtle")
    builder.roles()
    builder.things()
    builder.pharmacology()
    builder.claims()
    for report in facts.cases:
        builder.report(report)
    builder.routes()
    builder.dataset()
    return builder.graph, builder.places


def ntriples(graph: Graph) -> bytes:
    """Return the graph as sorted N-Triples, a line a triple."""
    lines = sorted(f"{s.n3()} {p.n3()} {o.n3()} .\n" for s, p, o in graph)
    return "".join(lines).encode()


def turtle(graph: Graph) -> bytes:
    """Return the graph as Turtle with the project's prefixes."""
    return graph.serialize(format="turtle", encoding="utf-8")


def digest(graph: Graph) -> str:
    """Return the digest of the content of a graph that was built here."""
    return str(graph.value(DATASET, URIRef(jak.contentDigest)))


def save(data: bytes, file: Path) -> None:
    """Write a file whole or not at all: to a temporary name in the same folder, then renamed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@dataclass
class _Builder:
    facts: Facts
    graph: Graph = field(default_factory=Graph)
    places: dict[str, Place] = field(default_factory=dict)
    edges: dict[str, tuple[URIRef, URIRef]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for prefix, namespace in PREFIXES.items():
            self.graph.bind(prefix, namespace, replace=True)

    # -- helpers of the builder: one way to add a node and its properties --

    def node(self, iri: str, kind: str | None = None, record: r.Record | None = None, **values: Any) -> URIRef:
        """Add a thing of a class with its properties, named as in the vocabulary; None and () add nothing."""
        subject = URIRef(iri)
        if kind:
            self.graph.add((subject, RDF.type, URIRef(getattr(jak, kind))))
        if record is not None:
            self.places.setdefault(iri, self.facts.place(record))
        for name, value in values.items():
            self.add(subject, URIRef(getattr(jak, name)), value)
        return subject

    def add(self, subject: URIRef, predicate: URIRef, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, tuple | list):
            for item in value:
                self.add(subject, predicate, item)
        elif isinstance(value, URIRef | Literal):
            self.graph.add((subject, predicate, value))
        elif isinstance(value, Decimal):
            self.graph.add((subject, predicate, Literal(value, datatype=XSD.decimal)))
        else:
            self.graph.add((subject, predicate, Literal(value)))

    def named(self, subject: URIRef, label: str, aliases: Iterable[str] = (), xrefs: Iterable[str] = ()) -> None:
        self.graph.add((subject, RDFS.label, Literal(label, lang="en")))
        for alias in aliases:
            self.graph.add((subject, SKOS.altLabel, Literal(alias)))
        for xref in xrefs:
            self.graph.add((subject, URIRef(jak.xref), Literal(xref)))

    def quantity(self, owner: str, name: str, value: r.Quantity | str) -> URIRef | None:
        if isinstance(value, str):
            return None
        return self.node(
            f"{owner}-{name}", "Quantity", low=value.low, high=value.high, asReported=value.text,
            unit=URIRef(PREFIXES["obo"] + r.UNITS[value.unit]),
        )  # fmt: skip

    def unsaid(self, subject: URIRef, item: str, value: object) -> None:
        if isinstance(value, str) and value in r.UNSAID:
            name = {"none": "reportedNone", "not reported": "notReported", "not applicable": "notApplicable"}[value]
            self.node(str(subject), None, **{name: URIRef(getattr(jak, f"Item{item}"))})

    def said(self, iri: URIRef, quote: str | None, locator: str, report: r.Report) -> None:
        """Add the words of a report behind a node, where they stand, and where they were read."""
        self.node(
            str(iri), quote=Literal(quote, lang="en") if quote else None, locator=locator,
            obtainedFrom=ref(report.obtained_from),
        )  # fmt: skip
        self.graph.add((iri, DCTERMS.source, ref(report.reference)))

    # -- the parts of the graph --

    def roles(self) -> None:
        for role in self.graph.subjects(RDF.type, URIRef(jak.Relation)):
            notation, edge = self.graph.value(role, SKOS.notation), self.graph.value(role, URIRef(jak.directEdge))
            if isinstance(role, URIRef) and isinstance(edge, URIRef):
                self.edges[str(notation)] = (role, edge)

    def things(self) -> None:
        f = self.facts
        for row in f.references:
            iri = self.node(
                ref(row.id), "Reference", row, citation=row.citation, pmid=row.pmid, doi=row.doi, pmcid=row.pmcid,
                referenceKind=row.kind, licence=row.licence, verifiedIn=row.verified_in, note=row.note,
                year=Literal(str(row.year), datatype=XSD.gYear) if row.year else None,
            )  # fmt: skip
            self.named(iri, row.citation)
            self.graph.add((iri, DCTERMS.identifier, Literal(reference_curie(row))))
            if row.title:
                self.graph.add((iri, DCTERMS.title, Literal(row.title, lang="en")))
        for kind, rows in (("Kinase", f.kinases), ("Stat", f.stats), ("ReceptorChain", f.chains)):
            for row in rows:
                iri = self.node(thing(row.id), kind, row, symbol=row.symbol)
                self.named(iri, row.label, row.aliases, row.xrefs)
                self.node(iri, hasMember=things(row.members) if isinstance(row, r.Stat) else ())
        kinds = {"single": "Ligand", "complex": "LigandComplex", "family": "LigandFamily", "part": "LigandPart"}
        for row in f.ligands:
            iri = self.node(
                thing(row.id), "Ligand", row, symbol=row.symbol, family=row.family, note=row.note,
                hasPart=things(row.parts), hasMember=things(row.members),
            )  # fmt: skip
            self.node(iri, kinds[row.kind])
            self.named(iri, row.label, row.aliases, row.xrefs)
        for name in f.ambiguous_names:
            for candidate in name.candidates:
                self.node(thing(candidate), ambiguousName=name.name)
        for row in f.receptors:
            iri = self.node(
                thing(row.id), "ReceptorComplex", row, hasChain=things(row.chains), note=row.note,
                composition="+".join(chain.upper() for chain in row.chains),
            )  # fmt: skip
            self.named(iri, row.label)
        for row in f.receptor_families:
            iri = self.node(thing(row.id), "ReceptorFamily", row, carriesJak=row.carries_jak, note=row.mechanism)
            self.named(iri, row.label)
        for kind, terms in (
            ("ConditionKind", f.conditions), ("Treatment", f.treatments), ("Comparator", f.comparators),
            ("BodySite", f.sites),
        ):  # fmt: skip
            for row in terms:
                self.named(self.node(thing(row.id), kind, row, note=row.note), row.label, row.aliases, row.xrefs)

    def pharmacology(self) -> None:
        f = self.facts
        modes = {"atp-competitive": jak.AtpCompetitive, "allosteric-jh2": jak.AllostericJh2, "covalent": jak.Covalent}
        for row in f.inhibitors:
            iri = self.node(
                thing(row.id), "Inhibitor", row, bindingMode=URIRef(modes[row.mode]), note=row.note,
                functionalTarget=URIRef(thing(row.functional_target)) if row.functional_target else None,
                targetClass=row.target_class, intendedSpecies=row.intended_species,
            )  # fmt: skip
            self.named(iri, row.label, row.aliases, row.xrefs)
        for row in f.approvals:
            iri = self.node(
                thing("approval", row.inhibitor, row.authority, row.for_species), "Approval", row, since=row.since,
                ofInhibitor=URIRef(thing(row.inhibitor)), authority=row.authority, intendedSpecies=row.for_species,
                verification=verified(row.status), note=row.note,
            )  # fmt: skip
            self.graph.add((iri, DCTERMS.source, ref(row.reference)))
        for row in f.regimens:
            name = thing("regimen", row.inhibitor, row.dose.text, row.frequency, row.route, row.context)
            iri = self.node(
                name, "Regimen", row, ofInhibitor=URIRef(thing(row.inhibitor)), frequency=row.frequency,
                route=row.route, context=row.context, verification=verified(row.status),
                dose=self.quantity(name, "dose", row.dose),
            )  # fmt: skip
            self.graph.add((iri, DCTERMS.source, ref(row.reference)))
        for row in f.potency:
            self.potency(row)

    def potency(self, row: r.Potency) -> None:
        low, high = row.interval()
        words = (row.measure, row.relation if row.relation != "=" else "", row.value, row.says, row.domain)
        iri = self.node(
            thing("potency", row.inhibitor, row.kinase, *(w or "" for w in words), *(row.reference or row.obtained_from)),
            "PotencyMeasurement", row, ofInhibitor=URIRef(thing(row.inhibitor)), onKinase=URIRef(thing(row.kinase)),
            measure=row.measure, relation=row.relation, low=low, high=high, asReported=row.value, domain=row.domain,
            atp=row.atp, species=row.species, assay=row.assay, statement=row.says, note=row.note,
            unit=URIRef(PREFIXES["obo"] + ("UO_0000065" if row.unit == "nM" else "UO_0000190")) if row.unit else None,
            verification=verified(row.status), obtainedFrom=[ref(x) for x in row.obtained_from],
            quote=Literal(row.quote, lang="en") if row.quote else None,
        )  # fmt: skip
        for reference in row.reference:
            self.graph.add((iri, DCTERMS.source, ref(reference)))

    def claims(self) -> None:
        evidence: dict[tuple[str, str, str], list[tuple[r.Statement, r.Report | None]]] = defaultdict(list)
        for row in self.facts.claims:
            evidence[row.about, row.relation, row.object].append((row, None))
        for report in self.facts.cases:
            for statement in report.statement:
                evidence[statement.about, statement.relation, statement.object].append((statement, report))
        decisions = {(d.about, d.relation, d.object): d for d in self.facts.decisions}
        for (about, relation, target), rows in evidence.items():
            role, edge = self.edges[relation]
            decision = decisions.get((about, relation, target))
            state = status([row.stance for row, _ in rows], decision.accept if decision else None)
            claim = self.node(
                thing("claim", about, relation, target), "Claim", rows[0][0], about=URIRef(thing(about)),
                status=URIRef(getattr(jak, state)), evidence=[self.evidence(row, report) for row, report in rows],
            )  # fmt: skip
            self.graph.add((claim, role, URIRef(thing(target))))
            if state == "Accepted":
                self.graph.add((URIRef(thing(about)), edge, URIRef(thing(target))))
            if decision:
                decided = self.node(
                    thing("decision", about, relation, target), "Decision", decision, accepts=decision.accept == "yes",
                    reason=decision.reason, curator=decision.curator,
                )  # fmt: skip
                self.graph.add((decided, DCTERMS.created, Literal(decision.date)))
                self.node(claim, decision=decided)

    def evidence(self, row: r.Statement, report: r.Report | None) -> URIRef:
        entry: Any = row if report is None else report
        iri = self.node(
            thing("ev", row.about, row.relation, row.object, entry.reference, row.locator), "Evidence", row,
            stance=URIRef(getattr(jak, row.stance.title())), locator=row.locator, species=row.species, note=row.note,
            quote=Literal(row.quote, lang="en") if row.quote else None, method=eco(row.method),
            obtainedFrom=ref(entry.obtained_from), curator=entry.curator,
        )  # fmt: skip
        self.graph.add((iri, DCTERMS.source, ref(entry.reference)))
        self.graph.add((iri, DCTERMS.created, Literal(entry.date)))
        return iri

    def report(self, report: r.Report) -> None:
        self.node(ref(report.reference), studyDesign=report.design)
        for hypothesis in report.hypothesis:
            iri = self.node(
                thing(hypothesis.id), "Hypothesis", hypothesis, says=hypothesis.text, about=things(hypothesis.about)
            )
            self.said(iri, hypothesis.quote, hypothesis.locator, report)
        for case in report.case:
            self.case(case, report)

    def case(self, case: r.Case, report: r.Report) -> None:
        name = thing(case.id)
        iri = self.node(
            name, "IndividualCase" if case.kind == "individual" else "GroupCase", case, printedAs=case.printed_as,
            n=case.n, sex=case.sex, reportedIn=ref(report.reference), age=self.quantity(name, "age", case.age),
            note=case.note,
        )  # fmt: skip
        self.node(iri, "Case")
        self.named(iri, f"{case.printed_as}, {self.citation(report)}")
        self.said(iri, case.quote, case.locator, report)
        for item, value in (
            ("Age", case.age), ("Sex", case.sex), ("Extent", case.extent), ("Morphology", case.morphology),
            ("Duration", case.disease_duration), ("Comorbidities", case.comorbidity),
            ("PriorTreatments", case.prior_treatment), ("Measurements", case.measurement),
        ):  # fmt: skip
            self.unsaid(iri, item, value)
        disease = self.condition(iri, case.disease)
        self.node(
            disease, "GranulomaAnnulare" if case.disease == "granuloma-annulare" else None, diseaseOf=iri,
            refractory=case.refractory, duration=self.quantity(disease, "duration", case.disease_duration),
        )  # fmt: skip
        for axis in (case.extent, *(case.morphology if isinstance(case.morphology, tuple) else ())):
            if axis not in r.UNSAID:
                self.node(disease, f"{axis.title()}GranulomaAnnulare")
        for comorbidity in case.comorbidity if isinstance(case.comorbidity, tuple) else ():
            self.condition(iri, comorbidity)
        for prior in case.prior_treatment if isinstance(case.prior_treatment, tuple) else ():
            self.prior(iri, prior, case, report)
        for measurement in case.measurement if isinstance(case.measurement, tuple) else ():
            self.measurement(iri, measurement, case, report)
        for therapy in case.therapy:
            self.therapy(iri, therapy, case, report)

    def citation(self, report: r.Report) -> str:
        return next(row.citation for row in self.facts.references if row.id == report.reference)

    def condition(self, case: URIRef, kind: str) -> URIRef:
        """Add the disease of a case (once) and return it: two diseases of a patient are two nodes."""
        label = self.graph.value(URIRef(thing(kind)), RDFS.label)
        iri = self.node(f"{case}-{kind}", "Condition", ofKind=URIRef(thing(kind)))
        self.named(iri, f"{label} of {local(case)}")
        self.node(case, hasCondition=iri)
        return iri

    def prior(self, case: URIRef, prior: r.PriorTreatment, record: r.Case, report: r.Report) -> None:
        said = {"doseText": prior.dose, "durationText": prior.duration, "effect": prior.effect}
        iri = self.node(
            f"{case}-prior-{prior.treatment}", "PriorTreatment", prior, ofTreatment=URIRef(thing(prior.treatment)),
            **{name: value for name, value in said.items() if value not in r.UNSAID},
        )  # fmt: skip
        for item, value in (("Dose", prior.dose), ("TherapyDuration", prior.duration), ("Effect", prior.effect)):
            self.unsaid(iri, item, value)
        self.said(iri, prior.quote, record.locator, report)
        self.node(case, hasPriorTreatment=iri)

    def measurement(self, case: URIRef, row: r.Measurement, record: r.Case, report: r.Report) -> None:
        call = row.authors_call or row.direction
        iri = self.node(
            f"{case}-{row.cytokine}-{row.comparator}", "Measurement", row, ofLigand=URIRef(thing(row.cytokine)),
            ratio=row.ratio, asReported=str(row.ratio) if row.ratio is not None else None,
            reportedDirection=URIRef(getattr(jak, call.title())) if call else None,
            comparator=URIRef(thing(row.comparator)), tissue=row.tissue, analyte=row.analyte, method=eco(row.method),
            timing=row.timing, sampleCount=str(row.samples), note=row.note,
        )  # fmt: skip
        self.said(iri, row.quote, row.locator or record.locator, report)
        self.node(case, hasMeasurement=iri)

    def therapy(self, case: URIRef, therapy: r.Therapy, record: r.Case, report: r.Report) -> None:
        name = f"{case}-{therapy.inhibitor}"
        iri = self.node(
            name, "Therapy", therapy, ofInhibitor=URIRef(thing(therapy.inhibitor)), frequency=therapy.frequency,
            route=therapy.route, stopped=therapy.stopped, stopReason=therapy.stop_reason,
            dose=self.quantity(name, "dose", therapy.dose), duration=self.quantity(name, "duration", therapy.duration),
        )  # fmt: skip
        self.said(iri, therapy.quote, record.locator, report)
        self.node(case, hasTherapy=iri)
        for item, value in (
            ("Dose", therapy.dose), ("TherapyDuration", therapy.duration), ("Relapse", therapy.relapse),
            ("AdverseEvents", therapy.adverse_event),
        ):  # fmt: skip
            self.unsaid(iri, item, value)
        for outcome in therapy.outcome:
            self.outcome(iri, case, outcome, record, report)
        if isinstance(therapy.relapse, r.Relapse):
            self.relapse(iri, case, therapy.relapse, record, report)
        for event in therapy.adverse_event if isinstance(therapy.adverse_event, tuple) else ():
            happened = self.node(
                f"{name}-event-{event.condition}", "AdverseEvent", event, ofKind=URIRef(thing(event.condition)),
                timeText=None if event.time in r.UNSAID else event.time,
                count=None if isinstance(event.n, str) else event.n,
            )  # fmt: skip
            self.said(happened, event.quote, record.locator, report)
            self.node(iri, hasAdverseEvent=happened)

    def outcome(
        self, therapy: URIRef, case: URIRef, outcome: r.Outcome, record: r.Case, report: r.Report
    ) -> None:
        words = (outcome.condition, outcome.site or "", outcome.event, outcome.grade)
        name = f"{therapy}-{'-'.join(filter(None, words))}"
        grades = {"improvement-ungraded": jak.ImprovementUngraded, "nearly-complete": jak.NearlyComplete}
        iri = self.node(
            name, "Outcome", outcome, ofCondition=self.condition(case, outcome.condition),
            atSite=URIRef(thing(outcome.site)) if outcome.site else None,
            event=URIRef(jak.FirstResponse if outcome.event == "first-response" else jak.ResponseAtAssessment),
            grade=URIRef(grades.get(outcome.grade) or getattr(jak, camel(outcome.grade))), percent=outcome.percent,
            time=self.quantity(name, "time", outcome.time), count=outcome.n, note=outcome.note,
        )  # fmt: skip
        self.said(iri, outcome.quote, outcome.locator or record.locator, report)
        self.node(therapy, hasOutcome=iri)

    def relapse(self, therapy: URIRef, case: URIRef, relapse: r.Relapse, record: r.Case, report: r.Report) -> None:
        iri = self.node(
            f"{therapy}-relapse", "Relapse", relapse, relapsed=relapse.relapsed,
            timeText=None if relapse.after in r.UNSAID else relapse.after,
            followUp=None if relapse.follow_up in r.UNSAID else relapse.follow_up,
            ofCondition=[self.condition(case, at.condition) for at in relapse.at],
            atSite=[URIRef(thing(at.site)) for at in relapse.at if at.site],
        )  # fmt: skip
        self.said(iri, relapse.quote, record.locator, report)
        self.node(therapy, hasRelapse=iri)

    def routes(self) -> None:
        """Say of each ligand whether it signals through a JAK: yes by an accepted route, no by a family without."""
        for row in self.facts.ligands:
            iri = URIRef(thing(row.id))
            receptors = self.graph.objects(iri, URIRef(jak.bindsReceptor))
            families = self.graph.objects(iri, URIRef(jak.signalsThrough))
            if any((receptor, URIRef(jak.needsKinase), None) in self.graph for receptor in receptors):
                word = "yes"
            elif any(str(self.graph.value(family, URIRef(jak.carriesJak))) == "no" for family in families):
                word = "no"
            else:
                word = "unknown"
            self.node(iri, throughJak=word)

    def dataset(self) -> None:
        self.graph.add((DATASET, RDF.type, VOID.Dataset))
        self.graph.add((DATASET, RDFS.label, Literal("JAK-KG", lang="en")))
        self.graph.add((DATASET, OWL.versionInfo, Literal(__version__)))
        for term in ("https://creativecommons.org/licenses/by-sa/4.0/",):
            self.graph.add((DATASET, DCTERMS.license, URIRef(term)))
        content = hashlib.sha256(ntriples(self.graph)).hexdigest()
        self.node(str(DATASET), contentDigest=f"sha256:{content}")


def ref(name: str) -> URIRef:
    """Return the IRI of a reference."""
    return URIRef(thing("ref", name))


def things(names: Iterable[str]) -> list[URIRef]:
    """Return the IRIs of things."""
    return [URIRef(thing(name)) for name in names]


def eco(method: str) -> URIRef:
    """Return the IRI of an ECO term from its CURIE."""
    return URIRef(PREFIXES["obo"] + method.replace(":", "_"))


def verified(word: str) -> URIRef:
    """Return the verification individual that a status cell names."""
    return URIRef(jak.Verified if word == "verified" else jak.Unverified)


def camel(word: str) -> str:
    """Return a notation as the local name of its individual.

    >>> camel("no-response")
    'NoResponse'
    """
    return "".join(part.title() for part in word.split("-"))


def reference_curie(row: r.Reference) -> str:
    """Return the CURIE that a reference is cited by: PubMed, else DOI, else our own."""
    return f"PMID:{row.pmid}" if row.pmid else f"DOI:{row.doi}" if row.doi else f"kg:ref-{row.id}"
