"""Entities as RDF: references, cytokines, receptors and kinases, and the terms that cases use."""

from collections import Counter

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDFS

from kg.facts import tables as t
from kg.model.vocabulary import thing
from kg.rdf.nodes import Nodes, camel_case, ref, reference_curie, reference_pages, things


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
        for together in f.cytokine_sets:
            iri = self.node(
                thing(together.id), "CytokineSet", together, hasMember=things(together.members), note=together.why
            )
            self.named(iri, together.label)
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
        self.pathways()
        for kind, terms in (
            ("ConditionKind", f.conditions), ("Treatment", f.treatments), ("Comparator", f.comparators),
            ("BodySite", f.sites),
        ):  # fmt: skip
            for term in terms:
                self.named(self.node(thing(term.id), kind, term, note=term.note), term.label, term.aliases, term.xrefs)

    def pathways(self) -> None:
        """Add the pathways whose target genes have weights; the weights stay in their table (see docs/activity.md)."""
        counts = Counter(row.pathway for row in self.facts.target_genes)
        for pathway in self.facts.pathways:
            iri = self.node(
                thing(pathway.id), "Pathway", pathway, targetGeneCount=counts[pathway.id], locator=pathway.locator,
                obtainedFrom=ref(pathway.obtained_from), note=pathway.note,
            )  # fmt: skip
            self.named(iri, pathway.label, xrefs=pathway.xrefs)
            self.graph.add((iri, DCTERMS.source, ref(pathway.reference)))

    def identities(self) -> None:
        """Add names that are refused, genes whose symbols mislead, and the analytes that count for nothing."""
        f = self.facts
        for name in f.ambiguous_names:
            for candidate in name.candidates:
                self.node(thing(candidate), ambiguousName=name.name)
        for gene in f.genes:
            product, one, several, other = (
                URIRef(thing(name)) if name else None
                for name in (gene.product, gene.orthologous_to, gene.co_orthologous_to, gene.homonym_of)
            )
            iri = self.node(
                thing(gene.id), "Gene", gene, symbol=gene.symbol, species=gene.species, note=gene.note,
                geneProduct=product, orthologousTo=one, coOrthologousTo=several, homonymOf=other,
            )  # fmt: skip
            self.named(iri, gene.label, xrefs=gene.xrefs)
            self.graph.add((iri, DCTERMS.source, ref(gene.reference)))
        for analyte in f.analytes:
            iri = self.node(
                thing(analyte.id), "OtherAnalyte", analyte, symbol=analyte.symbol, analyteKind=analyte.kind,
                note=analyte.why,
            )  # fmt: skip
            self.named(iri, analyte.label, analyte.aliases, analyte.xrefs)
            self.graph.add((iri, DCTERMS.source, ref(analyte.reference)))
