"""Inhibitors as RDF: what each is, where it is approved, what regulators say, and what was measured of it."""

from collections.abc import Iterable
from decimal import Decimal

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, PROV

from kg.facts import derived
from kg.facts import tables as t
from kg.facts.comparable import why_not_comparable
from kg.facts.regulation import Development, SafetyWarning
from kg.model.claims import DISPLACED
from kg.model.vocabulary import UNITS, jak, thing
from kg.rdf.nodes import Nodes, camel, ref, things, verified


def group_of(inhibitor: t.Inhibitor, approvals: Iterable[t.Approval]) -> str:
    """Return the group in which an inhibitor is ranked: by the routes of its approvals for people, anywhere.

    >>> drug = t.Inhibitor(id="x", label="x", mode="atp-competitive", intended_species="human", xrefs=())
    >>> group_of(drug, [])
    'not approved'
    """
    routes = {row.route for row in approvals if row.inhibitor == inhibitor.id and row.for_species == "human"}
    return "systemic" if "oral" in routes else "topical" if routes else "not approved"


class Inhibitors(Nodes):
    """A graph under construction that takes the inhibitors.

    >>> from kg.facts import dataset
    >>> from kg.rdf.store import folder
    >>> taken = Inhibitors(dataset.read(folder("ontology") / "facts"))
    >>> taken.pharmacology()
    >>> str(taken.graph.value(URIRef(thing("tofacitinib")), URIRef(jak.group)))
    'systemic'
    """

    def pharmacology(self) -> None:
        """Add the inhibitors: approvals, development, safety warnings, regimens and measured potencies."""
        f = self.facts
        for inhibitor in f.inhibitors:
            iri = self.node(
                thing(inhibitor.id), "Inhibitor", inhibitor, bindingMode=URIRef(getattr(jak, camel(inhibitor.mode))),
                note=inhibitor.note,
                functionalTarget=URIRef(thing(inhibitor.functional_target)) if inhibitor.functional_target else None,
                targetClass=inhibitor.target_class, intendedSpecies=inhibitor.intended_species,
                group=group_of(inhibitor, f.approvals),
            )  # fmt: skip
            self.named(iri, inhibitor.label, inhibitor.aliases, inhibitor.xrefs)
        for regimen in f.regimens:
            words = (regimen.dose.text, regimen.frequency, regimen.route, regimen.context)
            name = thing("regimen", regimen.inhibitor, *words)
            iri = self.node(
                name, "Regimen", regimen, ofInhibitor=URIRef(thing(regimen.inhibitor)), frequency=regimen.frequency,
                route=regimen.route, context=regimen.context, verification=verified(regimen.status),
                dose=self.quantity(name, "dose", regimen.dose),
            )  # fmt: skip
            self.named(iri, f"regimen: {', '.join((self.called(regimen.inhibitor), *filter(None, words)))}")
            self.graph.add((iri, DCTERMS.source, ref(regimen.reference)))
        self.regulation()
        inhibitors = {inhibitor.id: inhibitor for inhibitor in f.inhibitors}
        nodes: dict[int, URIRef] = {}
        measured = set()  # pairs of a drug and a kinase with a direct comparable value that has a finite end
        for row in f.potency:
            why_not = why_not_comparable(row, inhibitors[row.inhibitor])
            nodes[id(row)] = self.potency(row, why_not)
            if why_not is None and any(row.interval()):
                measured.add((row.inhibitor, row.kinase))
        for bound in derived.bounds(f.potency, f.reference_links):
            ratio, base = bound.ratio, bound.base
            as_value = ratio.model_copy(update={"measure": "IC50", "unit": "nM"})
            why_not = why_not_comparable(as_value, inhibitors[ratio.inhibitor])
            if (ratio.inhibitor, ratio.kinase) in measured:
                why_not = why_not or DISPLACED
            self.bound(bound, nodes[id(ratio)], nodes[id(base)], why_not)

    def regulation(self) -> None:
        """Add approvals, how far the development of the others came, and safety warnings."""
        f = self.facts
        for row in f.approvals:
            routes = {
                other.route
                for other in f.approvals
                if (other.inhibitor, other.authority) == (row.inhibitor, row.authority)
            }
            also = row.route if row.route == "topical" and len(routes) > 1 else ""
            iri = self.node(
                thing("approval", row.inhibitor, row.authority, row.for_species, also), "Approval", row,
                ofInhibitor=URIRef(thing(row.inhibitor)), authority=row.authority, since=row.since, route=row.route,
                product=row.product, intendedSpecies=row.for_species, verification=verified(row.status), note=row.note,
            )  # fmt: skip
            words = ", ".join(filter(None, (self.called(row.inhibitor), row.authority, also)))
            self.named(iri, f"approval: {words}{'' if row.for_species == 'human' else f', for {row.for_species}'}")
            self.graph.add((iri, DCTERMS.source, ref(row.reference)))
        for development in f.development:
            name = thing("development", development.inhibitor, development.reference)
            iri = self.node(name, "Development", development, developmentStatus=development.status)
            self.stated(iri, development)
            self.named(iri, f"development: {self.called(development.inhibitor)}, {development.status}")
        for warning in f.warnings:
            which = (warning.kind, warning.product or "", warning.reference)
            iri = self.node(
                thing("warning", warning.inhibitor, warning.authority, *which), "SafetyWarning", warning,
                authority=warning.authority, warningKind=warning.kind, product=warning.product, since=warning.since,
                says=list(warning.says),
            )  # fmt: skip
            self.stated(iri, warning)
            of = ", ".join(filter(None, (self.called(warning.inhibitor), warning.product, warning.authority)))
            self.named(iri, f"{warning.kind}: {of} ({self.called(f'ref-{warning.reference}')})")

    def stated(self, iri: URIRef, row: Development | SafetyWarning) -> None:
        """Add of which inhibitor a row speaks, where that was read, whether it was verified, and its words."""
        self.node(
            iri, ofInhibitor=URIRef(thing(row.inhibitor)), locator=row.locator, obtainedFrom=ref(row.obtained_from),
            quote=Literal(row.quote, lang="en") if row.quote else None, verification=verified(row.checked),
            note=row.note,
        )  # fmt: skip
        self.graph.add((iri, DCTERMS.source, ref(row.reference)))

    def bound(self, bound: derived.Bound, ratio: URIRef, base: URIRef, not_comparable: str | None) -> None:
        """Add the interval on a kinase that a selectivity ratio and its base make: a measurement of its own."""
        row = bound.ratio
        relation = "" if row.relation == "=" else row.relation
        iri = self.node(
            f"{ratio}-derived", "PotencyMeasurement", None, ofInhibitor=URIRef(thing(row.inhibitor)),
            onKinase=URIRef(thing(row.kinase)), measure="IC50", relation=row.relation, low=bound.low, high=bound.high,
            asReported=bound.reported, domain=row.domain, species=row.species, unit=URIRef(UNITS["nM"]),
            verification=verified(row.status), obtainedFrom=[ref(x) for x in row.obtained_from],
            comparable=not_comparable is None, notComparable=not_comparable, derived=True,
            countsWithDerived="yes" if not_comparable is None else None,
            note=f"{relation} {row.value} times {bound.base.value} nM on {self.called(bound.base.kinase)}".lstrip(),
        )  # fmt: skip
        what = f"{self.called(row.inhibitor)} on {self.called(row.kinase)}"
        self.named(iri, f"{what}: IC50 {relation}{bound.reported} nM, derived from a selectivity ratio")
        for source in row.reference:
            self.graph.add((iri, DCTERMS.source, ref(source)))
        for other in (ratio, base):
            self.graph.add((iri, PROV.wasDerivedFrom, other))

    def potency(self, row: t.Potency, not_comparable: str | None) -> URIRef:
        """Add a potency measurement: comparable with a threshold, or with the reason why it is not."""
        low, high = row.interval()
        sources = row.reference or row.obtained_from
        words = (row.measure, row.relation if row.relation != "=" else "", row.value, row.says, row.domain, *sources)
        iri = self.node(
            thing("potency", row.inhibitor, row.kinase, *(word or "" for word in words)), "PotencyMeasurement", row,
            ofInhibitor=URIRef(thing(row.inhibitor)), onKinase=URIRef(thing(row.kinase)),
            measure=row.measure, relation=row.relation, low=low, high=high, asReported=row.value, domain=row.domain,
            atp=row.atp, species=row.species, assay=row.assay, statement=row.says, note=row.note,
            unit=URIRef(UNITS[row.unit]) if row.unit else None,
            verification=verified(row.status), obtainedFrom=[ref(x) for x in row.obtained_from],
            quote=Literal(row.quote, lang="en") if row.quote else None,
            comparable=not_comparable is None, notComparable=not_comparable, derived=False,
            countsWithDerived=["yes", "no"] if not_comparable is None else None,
            overKinase=URIRef(thing(row.over_kinase)) if row.over_kinase else None,
            base=Decimal(row.base) if row.base else None,
        )  # fmt: skip
        value = " ".join(filter(None, (row.measure, f"{row.relation or ''}{row.value or ''}", row.unit, row.says)))
        where = ", ".join(filter(None, (row.domain, self.called(*(f"ref-{source}" for source in sources)))))
        self.named(iri, f"{self.called(row.inhibitor)} on {self.called(row.kinase)}: {value} ({where})")
        for reference in row.reference:
            self.graph.add((iri, DCTERMS.source, ref(reference)))
        return iri

    def cell_assays(self) -> None:
        """Add what drugs did to signals in cells: beside the calculus, never in it."""
        for assay in self.facts.cell_assays:
            against = "-".join(assay.compared_with)
            words = (assay.measure, assay.value or assay.says or "", against, assay.system, assay.reference)
            iri = self.node(
                thing("cell", assay.inhibitor, assay.cytokine, *words), "CellAssay", assay, measure=assay.measure,
                ofInhibitor=URIRef(thing(assay.inhibitor)), ofCytokine=URIRef(thing(assay.cytokine)),
                relation=assay.relation, asReported=assay.value, says=assay.says, readout=assay.readout,
                unit=URIRef(UNITS[assay.unit]) if assay.unit else None, system=assay.system,
                comparedWith=things(assay.compared_with), locator=assay.locator, note=assay.note,
                obtainedFrom=ref(assay.obtained_from), verification=verified(assay.status),
                quote=Literal(assay.quote, lang="en") if assay.quote else None,
            )  # fmt: skip
            said = " ".join(filter(None, (assay.measure, assay.value, assay.unit, assay.says)))
            said += f" {self.called(*assay.compared_with)}" if assay.compared_with else ""
            read = f"{assay.system}, {self.called(f'ref-{assay.reference}')}"
            self.named(iri, f"{self.called(assay.inhibitor)} on {self.called(assay.cytokine)}: {said} ({read})")
            self.graph.add((iri, DCTERMS.source, ref(assay.reference)))
