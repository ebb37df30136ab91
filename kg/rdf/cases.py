"""Cases as RDF: the patients of a report, what was measured, what was given, and what happened, each with its quote."""

from rdflib import URIRef
from rdflib.namespace import RDFS

from kg.facts import reports as r
from kg.facts.cells import UNSAID
from kg.model.vocabulary import jak, local, thing
from kg.rdf.nodes import Nodes, camel, eco, ref, things


class Casebook(Nodes):
    """A graph under construction that takes reports.

    A condition takes the label of its kind from the graph, so the facts' terms are added before the reports.

    >>> from kg.facts import dataset
    >>> from kg.rdf.store import folder
    >>> read = dataset.read(folder("ontology") / "facts")
    >>> book = Casebook(read)
    >>> book.report(next(report for report in read.cases if report.reference == "khurana-2025"))
    >>> therapies = book.graph.objects(URIRef(thing("khurana-2025-1")), URIRef(jak.hasTherapy))
    >>> [local(therapy) for therapy in therapies]
    ['khurana-2025-1-baricitinib']
    """

    def report(self, report: r.Report) -> None:
        """Add the cases and hypotheses of a report."""
        self.node(ref(report.reference), studyDesign=report.design)
        for hypothesis in report.hypothesis:
            iri = self.node(
                thing(hypothesis.id), "Hypothesis", hypothesis, says=hypothesis.text, about=things(hypothesis.about)
            )
            self.node(
                iri, caseFor=things(hypothesis.case_for), caseAgainst=things(hypothesis.case_against),
                reason=hypothesis.reason,
            )  # fmt: skip
            self.named(iri, f"hypothesis: {hypothesis.text}")
            self.said(iri, hypothesis.quote, hypothesis.locator, report)
        for case in report.case:
            self.case(case, report)

    def case(self, case: r.Case, report: r.Report) -> None:
        """Add a case: who, which disease, and everything that the report says of it."""
        name = thing(case.id)
        iri = self.node(
            name, "IndividualCase" if case.kind == "individual" else "GroupCase", case, printedAs=case.printed_as,
            n=None if isinstance(case.n, str) else case.n, sex=case.sex, reportedIn=ref(report.reference),
            age=self.quantity(name, "age", case.age), note=case.note,
        )  # fmt: skip
        self.node(iri, "Case")
        self.named(iri, f"{case.printed_as}, {self.citation(report)}")
        self.said(iri, case.quote, case.locator, report)
        for item, value in (
            ("Size", case.n), ("Age", case.age), ("Sex", case.sex), ("Extent", case.extent),
            ("Morphology", case.morphology), ("Duration", case.disease_duration), ("Comorbidities", case.comorbidity),
            ("PriorTreatments", case.prior_treatment), ("Measurements", case.measurement),
        ):  # fmt: skip
            self.unsaid(iri, item, value)
        disease = self.condition(iri, case.disease)
        self.node(
            disease, "GranulomaAnnulare" if case.disease == "granuloma-annulare" else None, diseaseOf=iri,
            refractory=case.refractory, duration=self.quantity(disease, "duration", case.disease_duration),
        )  # fmt: skip
        for axis in (case.extent, *(case.morphology if isinstance(case.morphology, tuple) else ())):
            if axis not in UNSAID:
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
        """Return how a report is cited; StopIteration where its reference is not in the facts."""
        return next(row.citation for row in self.facts.references if row.id == report.reference)

    def condition(self, case: URIRef, kind: str) -> URIRef:
        """Add the disease of a case (once) and return it: two diseases of a patient are two nodes."""
        label = self.graph.value(URIRef(thing(kind)), RDFS.label)
        iri = self.node(f"{case}-{kind}", "Condition", ofKind=URIRef(thing(kind)))
        self.named(iri, f"{label} of {local(case)}")
        self.node(case, hasCondition=iri)
        return iri

    def prior(self, case: URIRef, prior: r.PriorTreatment, record: r.Case, report: r.Report) -> None:
        """Add a treatment tried before."""
        said = {"doseText": prior.dose, "durationText": prior.duration, "effect": prior.effect}
        iri = self.node(
            f"{case}-prior-{prior.treatment}", "PriorTreatment", prior, ofTreatment=URIRef(thing(prior.treatment)),
            **{name: value for name, value in said.items() if value not in UNSAID},
        )  # fmt: skip
        for item, value in (("Dose", prior.dose), ("TherapyDuration", prior.duration), ("Effect", prior.effect)):
            self.unsaid(iri, item, value)
        self.named(iri, f"earlier treatment of {local(case)}: {self.called(prior.treatment)}")
        self.said(iri, prior.quote, record.locator, report)
        self.node(case, hasPriorTreatment=iri)

    def measurement(self, case: URIRef, row: r.Measurement, record: r.Case, report: r.Report) -> None:
        """Add a measured cytokine."""
        call = row.authors_call or row.direction
        iri = self.node(
            f"{case}-{row.cytokine}-{row.comparator}", "Measurement", row, ofLigand=URIRef(thing(row.cytokine)),
            ratio=row.ratio, asReported=str(row.ratio) if row.ratio is not None else None, adjustedP=row.adjusted_p,
            reportedDirection=URIRef(getattr(jak, call.title())) if call else None,
            comparator=URIRef(thing(row.comparator)), tissue=row.tissue, analyte=row.analyte, method=eco(row.method),
            timing=row.timing, sampleCount=str(row.samples), note=row.note,
        )  # fmt: skip
        self.named(iri, f"{self.called(row.cytokine)} in {local(case)} against {self.called(row.comparator)}")
        self.said(iri, row.quote, row.locator or record.locator, report)
        self.node(case, hasMeasurement=iri)

    def therapy(self, case: URIRef, therapy: r.Therapy, record: r.Case, report: r.Report) -> None:
        """Add a therapy with its outcomes, relapse and adverse events."""
        name = f"{case}-{therapy.inhibitor}"
        iri = self.node(
            name, "Therapy", therapy, ofInhibitor=URIRef(thing(therapy.inhibitor)), frequency=therapy.frequency,
            route=therapy.route, stopped=therapy.stopped, stopReason=therapy.stop_reason,
            dose=self.quantity(name, "dose", therapy.dose), duration=self.quantity(name, "duration", therapy.duration),
        )  # fmt: skip
        given = f"{self.called(therapy.inhibitor)} for {local(case)}"
        self.named(iri, given)
        self.said(iri, therapy.quote, record.locator, report)
        self.node(case, hasTherapy=iri)
        for item, value in (
            ("Dose", therapy.dose), ("TherapyDuration", therapy.duration), ("Relapse", therapy.relapse),
            ("Outcome", therapy.outcome),
            ("AdverseEvents", therapy.adverse_event),
        ):  # fmt: skip
            self.unsaid(iri, item, value)
        for outcome in therapy.outcome if isinstance(therapy.outcome, tuple) else ():
            self.outcome(iri, case, outcome, record, report)
        if isinstance(therapy.relapse, r.Relapse):
            self.relapse(iri, case, therapy.relapse, record, report)
        for event in therapy.adverse_event if isinstance(therapy.adverse_event, tuple) else ():
            happened = self.node(
                f"{name}-event-{event.condition}", "AdverseEvent", event, ofKind=URIRef(thing(event.condition)),
                timeText=None if event.time in UNSAID else event.time,
                count=None if isinstance(event.n, str) else event.n,
            )  # fmt: skip
            self.named(happened, f"adverse event: {given}, {self.called(event.condition)}")
            self.said(happened, event.quote, record.locator, report)
            self.node(iri, hasAdverseEvent=happened)

    def outcome(self, therapy: URIRef, case: URIRef, outcome: r.Outcome, record: r.Case, report: r.Report) -> None:
        """Add an outcome of one condition."""
        words = (outcome.condition, outcome.site or "", outcome.event, outcome.grade)
        name = f"{therapy}-{'-'.join(filter(None, words))}"
        iri = self.node(
            name, "Outcome", outcome, ofCondition=self.condition(case, outcome.condition),
            atSite=URIRef(thing(outcome.site)) if outcome.site else None,
            event=URIRef(getattr(jak, camel(outcome.event))), grade=URIRef(getattr(jak, camel(outcome.grade))),
            percent=outcome.percent,
            time=self.quantity(name, "time", outcome.time), count=outcome.n, note=outcome.note,
        )  # fmt: skip
        at = [outcome.condition, *filter(None, [outcome.site])]
        kind = f"{outcome.event}, {outcome.grade}".replace("-", " ")
        self.named(iri, f"outcome: {self.called(local(therapy))}, {self.called(*at)}, {kind}")
        self.said(iri, outcome.quote, outcome.locator or record.locator, report)
        self.node(therapy, hasOutcome=iri)

    def relapse(self, therapy: URIRef, case: URIRef, relapse: r.Relapse, record: r.Case, report: r.Report) -> None:
        """Add what is said of relapse."""
        iri = self.node(
            f"{therapy}-relapse", "Relapse", relapse, relapsed=relapse.relapsed,
            timeText=None if relapse.after in UNSAID else relapse.after,
            followUp=None if relapse.follow_up in UNSAID else relapse.follow_up,
            ofCondition=[self.condition(case, at.condition) for at in relapse.at],
            atSite=[URIRef(thing(at.site)) for at in relapse.at if at.site],
        )  # fmt: skip
        self.named(iri, f"relapse finding: {self.called(local(therapy))}")
        self.said(iri, relapse.quote, record.locator, report)
        self.node(therapy, hasRelapse=iri)
