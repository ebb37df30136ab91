"""The terms of other ontologies that a phenopacket speaks in, the lists that keep them, and how a description is said.

Identifiers and labels were read in the version that :data:`RESOURCES` gives; where none was recorded, it says so.

>>> ROUTES["oral"]
Term(id='NCIT:C38288', label='Oral Route of Administration')
>>> words = said(comparator="own uninvolved skin", samples=1, timing=None, quote="IL-21 (2.33-fold); one biopsy")
>>> words
'comparator: own uninvolved skin; samples: 1; quote: IL-21 (2.33-fold); one biopsy'
>>> stated(words)["quote"]
'IL-21 (2.33-fold); one biopsy'
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from kg.model import vocabulary
from kg.model.identifiers import OBO, REGISTRIES, curie
from kg.model.vocabulary import THING, VERSION, VOCAB

SCHEMA_VERSION: Final = "2.0"
"""Of the GA4GH phenopackets that are written and read."""


class Term(NamedTuple):
    """A class of an ontology: its CURIE and its label there."""

    id: str
    label: str


class Resource(NamedTuple):
    """An ontology or list of identifiers: who keeps it, the version that was read, and what its CURIEs stand for."""

    name: str
    url: str
    version: str
    iri_prefix: str


UNRECORDED: Final = "not recorded"
RESOURCES: Final[Mapping[str, Resource]] = {
    **{
        prefix: Resource(name, url, version, REGISTRIES[prefix].namespace)
        for prefix, name, url, version in (
            ("CHEBI", "Chemical Entities of Biological Interest", f"{OBO}chebi.owl", UNRECORDED),
            ("ECO", "Evidence and Conclusion Ontology", f"{OBO}eco.obo", "2024-07-19"),
            ("HP", "Human Phenotype Ontology", f"{OBO}hp.obo", "2023-07-21"),
            ("MONDO", "Mondo Disease Ontology", f"{OBO}mondo.obo", UNRECORDED),
            ("NCIT", "NCI Thesaurus", f"{OBO}ncit.owl", UNRECORDED),
            ("UO", "Units of Measurement Ontology", f"{OBO}uo.obo", "2026-01-16"),
            ("chembl.compound", "ChEMBL", "https://www.ebi.ac.uk/chembl/", UNRECORDED),
            ("drugbank", "DrugBank", "https://go.drugbank.com/", UNRECORDED),
            ("hgnc", "HUGO Gene Nomenclature Committee", "https://www.genenames.org/", UNRECORDED),
            ("mesh", "Medical Subject Headings", "https://meshb.nlm.nih.gov/", UNRECORDED),
        )
    },
    "NCBITaxon": Resource("NCBI Taxonomy", f"{OBO}ncbitaxon.owl", UNRECORDED, f"{OBO}NCBITaxon_"),
    "jak": Resource("JAK-KG vocabulary", VOCAB.rstrip("#"), VERSION, VOCAB),
    "kg": Resource("JAK-KG", f"{THING}jak-kg", VERSION, THING),
}
"""Prefix of a CURIE -> who keeps it."""

HUMAN: Final = Term("NCBITaxon:9606", "Homo sapiens")
AUTHOR_STATEMENT: Final = Term("ECO:0000204", "author statement")
PRESENT: Final = Term("NCIT:C25626", "Present")
ABSENT: Final = Term("NCIT:C48190", "Absent")
RATIO: Final = Term("UO:0010006", "ratio")
ROUTES: Final = {
    "oral": Term("NCIT:C38288", "Oral Route of Administration"),
    "topical": Term("NCIT:C38304", "Topical Route of Administration"),
}
FREQUENCIES: Final = {
    "once daily": Term("NCIT:C125004", "Once Daily"),
    "twice daily": Term("NCIT:C64496", "Twice Daily"),
}
UNITS: Final = {
    word: Term(curie(vocabulary.UNITS[word]), label)
    for word, label in {
        "year": "year", "month": "month", "week": "week", "day": "day", "hour": "hour", "mg": "milligram",
        "mg/kg": "milligram per kilogram", "%": "percent",
    }.items()
}  # fmt: skip
"""Unit of the facts -> its term; UO has none for mg/g."""
LESIONS: Final = {
    "papular": Term("HP:0200034", "Papule"),
    "plaque": Term("HP:0200035", "Skin plaque"),
    "annular": Term("HP:0025528", "Annular cutaneous lesion"),
    "subcutaneous": Term("HP:0001482", "Subcutaneous nodule"),
}
"""Morphology of granuloma annulare -> the lesion; the others have no term, and are classes of our vocabulary."""
MORPHOLOGIES: Final = (*LESIONS, "patch", "perforating", "palmoplantar")
EXTENTS: Final = {
    "generalised": Term("HP:0012837", "Generalized"),
    "localised": Term("HP:0012838", "Localized"),
}
PROCEDURES: Final = frozenset(("puva", "cryotherapy", "narrowband-uvb", "uvb", "phototherapy"))
"""Treatments of the facts that are done to a patient, not taken."""
LABELS: Final = {
    "MONDO:0005044": "hypertensive disorder",
    "MONDO:0011122": "obesity disorder",
    "MONDO:0000334": "multinodular goiter",
    "HP:0001945": "Fever",
    "HP:0100785": "Insomnia",
    "CHEBI:61049": "tacrolimus (anhydrous)",
    "mesh:D011701": "PUVA Therapy",
    "mesh:D017679": "Cryotherapy",
}
"""Label of a term where ours is another."""

DRUGS: Final = ("CHEBI", "chembl.compound", "drugbank", "mesh")
DISEASES: Final = ("MONDO", "HP")
GENES: Final = ("hgnc",)
"""The lists in which a thing is sought, the preferred first."""

KEYS: Final = (
    "drug", "condition", "site", "event", "percent", "dose", "frequency", "route", "time", "duration", "stopped",
    "stop reason", "after", "follow-up", "comparator", "authors' call", "analyte", "tissue", "timing", "samples",
    "quote",
)  # fmt: skip
"""What the description of a measurement can state, as ``key: value; key: value``."""
STATEMENT: Final = re.compile(rf"(?:^|; )({'|'.join(map(re.escape, KEYS))}): ")


def said(**values: object) -> str:
    """Return the description of a measurement from what is known; None and texts without letters are left out.

    A key is one of :data:`KEYS`, in Python's spelling: ``follow_up`` is follow-up, ``authors_call`` is authors' call.

    >>> said(drug="baricitinib", stop_reason="not enough", time=None)
    'drug: baricitinib; stop reason: not enough'
    """
    spelling = {re.sub(r"\W", "", key): key for key in KEYS}
    names = {name: spelling[name.replace("_", "")] for name in values}
    return "; ".join(f"{names[name]}: {value}" for name, value in values.items() if value not in (None, ""))


def stated(description: str) -> dict[str, str]:
    """Return what a description states, by key; the text before the first key is under the empty key.

    >>> stated("Skin biopsy; comparator: healthy controls; tissue: lesional skin")
    {'': 'Skin biopsy', 'comparator': 'healthy controls', 'tissue': 'lesional skin'}
    """
    first, *rest = STATEMENT.split(description.strip())
    found = {key: value.strip() for key, value in zip(rest[::2], rest[1::2], strict=True)}
    return ({"": first.strip()} if first.strip() else {}) | found
