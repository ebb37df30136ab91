"""How the Biolink Model 4.4.6 says what we say: categories, predicates, qualifiers, prefixes and names of sources.

Data only; ``ontology/mappings.sssom.tsv`` has the same mapping of words, and a test holds the two together.

>>> CATEGORIES["Kinase"], RELATIONS["appliedToTreat"].predicate, MECHANISMS["covalent"]
('Protein', 'applied_to_treat', 'irreversible_inhibition')
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

CATEGORIES: Final = {
    "Ligand": "Protein", "LigandPart": "Protein", "LigandComplex": "MacromolecularComplex",
    "LigandFamily": "ProteinFamily", "ReceptorComplex": "MacromolecularComplex", "ReceptorChain": "Protein",
    "ReceptorFamily": "ProteinFamily", "Kinase": "Protein", "Stat": "Protein", "Inhibitor": "SmallMolecule",
    "Treatment": "Treatment", "ConditionKind": "DiseaseOrPhenotypicFeature", "IndividualCase": "Case",
    "GroupCase": "Cohort", "Reference": "Publication",
}  # fmt: skip
"""Class of ours -> category of its nodes."""
NARROWER: Final = {
    ("Stat", "kg"): "ProteinFamily", ("ConditionKind", "MONDO"): "Disease",
    ("ConditionKind", "HP"): "PhenotypicFeature",
    ("Treatment", "CHEBI"): "ChemicalEntity", ("Treatment", "DRUGBANK"): "ChemicalEntity",
    ("Reference", "preprint"): "PreprintPublication",
    ("Reference", "label"): "DrugLabel", ("Reference", "web page"): "WebPage", ("Reference", "database"): "Dataset",
    ("Reference", "project"): "Dataset",
}  # fmt: skip
"""Class, and the prefix of its identifier or the kind of reference -> a category that says more."""


@dataclass(frozen=True, slots=True)
class BiolinkRelation:
    """How Biolink says a relation of ours: its association, predicate and qualifiers, and whether the ends turn."""

    association: str
    predicate: str
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    turned: bool = False


INCREASED: Final = {"object_aspect_qualifier": "activity", "object_direction_qualifier": "increased"}
CAUSES: Final = {"qualified_predicate": "biolink:causes"}
INHIBITS: Final = {**CAUSES, "object_aspect_qualifier": "activity", "object_direction_qualifier": "decreased"}
TREATMENT: Final = "ChemicalOrDrugOrTreatmentToDiseaseOrPhenotypicFeatureAssociation"
RELATIONS: Final = {
    "bindsReceptor": BiolinkRelation("Association", "directly_physically_interacts_with"),
    "needsKinase": BiolinkRelation("Association", "affects", {**CAUSES, **INCREASED}, turned=True),
    "usesKinase": BiolinkRelation(
        "Association", "affects", {"qualified_predicate": "biolink:contributes_to", **INCREASED}, turned=True
    ),
    "bindsKinase": BiolinkRelation("PairwiseGeneToGeneInteraction", "directly_physically_interacts_with"),
    "activatesStat": BiolinkRelation("Association", "affects", {**CAUSES, **INCREASED}),
    "signalsThrough": BiolinkRelation("Association", "physically_interacts_with"),
    "inhibits": BiolinkRelation("ChemicalAffectsGeneAssociation", "affects", INHIBITS),
    "appliedToTreat": BiolinkRelation(TREATMENT, "applied_to_treat"),
    "raisedIn": BiolinkRelation(
        "GeneToDiseaseAssociation", "associated_with",
        {"subject_aspect_qualifier": "abundance", "subject_direction_qualifier": "increased"},
    ),
    "implicatedIn": BiolinkRelation("GeneToDiseaseAssociation", "associated_with"),
    "hasPart": BiolinkRelation("Association", "has_part"),
    "hasChain": BiolinkRelation("Association", "has_part"),
    "hasMember": BiolinkRelation("Association", "has_member"),
    "reportedIn": BiolinkRelation("InformationContentEntityToNamedThingAssociation", "mentions", turned=True),
    "hasCondition": BiolinkRelation("CaseToDiseaseAssociation", "related_to"),
    "hasTherapy": BiolinkRelation("Association", "related_to"),
    "hasAdverseEvent": BiolinkRelation("ChemicalOrDrugOrTreatmentAdverseEventAssociation", "has_adverse_event"),
    "raised": BiolinkRelation("CaseToGeneAssociation", "has_increased_amount"),
    "lowered": BiolinkRelation("CaseToGeneAssociation", "has_decreased_amount"),
    "unchanged": BiolinkRelation("CaseToGeneAssociation", "related_to"),
    "reached": BiolinkRelation("ChemicalAffectsGeneAssociation", "affects", INHIBITS),
    "bound": BiolinkRelation("ChemicalGeneInteractionAssociation", "directly_physically_interacts_with",
                  {"causal_mechanism_qualifier": "binding"}),
    "measured": BiolinkRelation("Association", "related_to"),
}  # fmt: skip
"""Relation of ours (the last six: what a measurement says) -> how Biolink says it."""
MECHANISMS: Final = {
    "atp-competitive": "inhibition", "unknown-binding": "inhibition", "covalent": "irreversible_inhibition",
    "allosteric-jh2": "negative_allosteric_modulation",
}  # fmt: skip
"""Binding mode of an inhibitor -> value of causal_mechanism_qualifier."""

PREFIXES: Final = {
    "DOI": "doi", "atc": "ATC", "chembl.compound": "CHEMBL.COMPOUND", "drugbank": "DRUGBANK", "drugcentral":
    "DrugCentral", "hgnc": "HGNC", "inchikey": "INCHIKEY", "iuphar.ligand": "GTOPDB", "mesh": "MESH",
    "pubchem.compound": "PUBCHEM.COMPOUND", "unii": "UNII", "uniprot": "UniProtKB",
}  # fmt: skip
"""Prefix in the facts -> prefix in Biolink, where they differ."""
CHEMICAL: Final = ("CHEBI", "UNII", "PUBCHEM.COMPOUND", "CHEMBL.COMPOUND", "DRUGBANK", "MESH")
PREFERRED: Final = {
    **dict.fromkeys(("Ligand", "LigandPart", "ReceptorChain", "Kinase", "Stat"), ("UniProtKB",)),
    "Inhibitor": CHEMICAL, "Treatment": ("CHEBI", "DRUGBANK"), "ConditionKind": ("MONDO", "HP"), "Reference": ("PMID",),
}  # fmt: skip
"""Class -> prefixes that can name its nodes, best first, as Biolink orders them."""
OURS: Final = "infores:jak-kg"
INFORES: Final = {
    "ref-chembl-web": "infores:chembl", "ref-goa": "infores:goa", "ref-gtopdb-2020": "infores:gtopdb",
    "ref-reactome": "infores:reactome", "ref-uniprot": "infores:uniprot", "ref-wikipathways": "infores:wikipathways",
}  # fmt: skip
"""Reference -> its name in the registry of information resources; the other databases here have none."""
TAXA: Final = {"human": "NCBITaxon:9606", "mouse": "NCBITaxon:10090", "dog": "NCBITaxon:9615"}
