"""Entities as RDF: references, cytokines, receptors and kinases, and the inhibitors with what was measured of them."""

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDFS

from kg.facts import tables as t
from kg.facts.comparable import why_not_comparable
from kg.model.vocabulary import UNITS, jak, thing
from kg.rdf.nodes import Nodes, camel, camel_case, ref, reference_curie, reference_pages, things, verified


class Entities(Nodes):
    """A graph under construction that takes the things that claims and cases are about.

    >>> from kg.facts import dataset
    >>> from kg.rdf.store import folder
    >>> taken = Entities(dataset.read(folder("ontology") / "facts"))
    >>> taken.things()
    >>> taken.called("il21", "jak1")
    'IL-21, JAK1'
    """

    def references(self) -> None:
        """Add the references: what each is, where it is found, and how it is cited."""
        for reference in self.facts.references:
            iri = self.node(
                ref(reference.id), "Reference", reference, citation=reference.citation, pmid=reference.pmid,
                doi=reference.doi, pmcid=reference.pmcid, referenceKind=reference.kind, licence=reference.licence,
                verifiedIn=reference.verified_in, note=reference.note,
                funder=reference.funder, year=reference.year,
            )  # fmt: skip
            self.named(iri, reference.citation)
            self.graph.add((iri, DCTERMS.identifier, Literal(reference_curie(reference))))
            for page in reference_pages(reference):
                self.graph.add((iri, RDFS.seeAlso, page))
            if reference.title:
                self.graph.add((iri, DCTERMS.title, Literal(reference.title, lang="en")))

    def reference_links(self) -> None:
        """Add how references depend on each other."""
        for link in self.facts.reference_links:
            self.node(ref(link.reference), None, None, **{camel_case(link.relation): ref(link.other)})

    def things(self) -> None:
        """Add kinases, STATs, chains, cytokines, receptors, and the terms that cases use."""
        f = self.facts
        for kind, rows in (("Kinase", f.kinases), ("Stat", f.stats), ("ReceptorChain", f.chains)):
            for row in rows:
                iri = self.node(thing(row.id), kind, row, symbol=row.symbol)
                self.named(iri, row.label, row.aliases, row.xrefs)
                self.node(iri, hasMember=things(row.members) if isinstance(row, t.Stat) else ())
        kinds = {"single": "Ligand", "complex": "LigandComplex", "family": "LigandFamily", "part": "LigandPart"}
        for ligand in f.ligands:
            iri = self.node(
                thing(ligand.id), "Ligand", ligand, symbol=ligand.symbol, family=ligand.family, note=ligand.note,
                hasPart=things(ligand.parts), hasMember=things(ligand.members),
            )  # fmt: skip
            self.node(iri, kinds[ligand.kind])
            self.named(iri, ligand.label, ligand.aliases, ligand.xrefs)
        for name in f.ambiguous_names:
            for candidate in name.candidates:
                self.node(thing(candidate), ambiguousName=name.name)
        for receptor in f.receptors:
            iri = self.node(
                thing(receptor.id), "ReceptorComplex", receptor, hasChain=things(receptor.chains), note=receptor.note,
                composition="+".join(chain.upper() for chain in receptor.chains),
            )  # fmt: skip
            self.named(iri, receptor.label)
        for family in f.receptor_families:
            iri = self.node(
                thing(family.id), "ReceptorFamily", family, carriesJak=family.carries_jak, note=family.mechanism
            )
            self.named(iri, family.label)
        for kind, terms in (
            ("ConditionKind", f.conditions), ("Treatment", f.treatments), ("Comparator", f.comparators),
            ("BodySite", f.sites),
        ):  # fmt: skip
            for term in terms:
                self.named(self.node(thing(term.id), kind, term, note=term.note), term.label, term.aliases, term.xrefs)

    def pharmacology(self) -> None:
        """Add the inhibitors with their approvals, regimens and measured potencies."""
        f = self.facts
        for inhibitor in f.inhibitors:
            iri = self.node(
                thing(inhibitor.id), "Inhibitor", inhibitor, bindingMode=URIRef(getattr(jak, camel(inhibitor.mode))),
                note=inhibitor.note,
                functionalTarget=URIRef(thing(inhibitor.functional_target)) if inhibitor.functional_target else None,
                targetClass=inhibitor.target_class, intendedSpecies=inhibitor.intended_species,
            )  # fmt: skip
            self.named(iri, inhibitor.label, inhibitor.aliases, inhibitor.xrefs)
        for approval in f.approvals:
            iri = self.node(
                thing("approval", approval.inhibitor, approval.authority, approval.for_species), "Approval", approval,
                ofInhibitor=URIRef(thing(approval.inhibitor)), authority=approval.authority, since=approval.since,
                intendedSpecies=approval.for_species,
                verification=verified(approval.status), note=approval.note,
            )  # fmt: skip
            species = "" if approval.for_species == "human" else f", for {approval.for_species}"
            self.named(iri, f"approval: {self.called(approval.inhibitor)}, {approval.authority}{species}")
            self.graph.add((iri, DCTERMS.source, ref(approval.reference)))
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
        inhibitors = {inhibitor.id: inhibitor for inhibitor in f.inhibitors}
        for measured in f.potency:
            self.potency(measured, why_not_comparable(measured, inhibitors[measured.inhibitor]))

    def potency(self, row: t.Potency, not_comparable: str | None) -> None:
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
            comparable=not_comparable is None, notComparable=not_comparable,
        )  # fmt: skip
        value = " ".join(filter(None, (row.measure, f"{row.relation or ''}{row.value or ''}", row.unit, row.says)))
        where = ", ".join(filter(None, (row.domain, self.called(*(f"ref-{source}" for source in sources)))))
        self.named(iri, f"{self.called(row.inhibitor)} on {self.called(row.kinase)}: {value} ({where})")
        for reference in row.reference:
            self.graph.add((iri, DCTERMS.source, ref(reference)))

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
