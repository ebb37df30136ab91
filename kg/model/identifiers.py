"""Identifiers elsewhere: the prefixes that a fact may use, the IRI that each stands for, and the form of the name.

Prefixes are spelt as Bioregistry prefers them, and an identifier expands to the IRI under which its registry states
linked data where it does so, else to its page there. The table is closed: a test holds it against Bioregistry, and
nothing asks Bioregistry at run time.

>>> iri("mesh:D016460"), iri("MONDO:0006554")
('http://id.nlm.nih.gov/mesh/D016460', 'http://purl.obolibrary.org/obo/MONDO_0006554')
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from kg.model.names import near
from kg.model.vocabulary import PREFIXES

Relation = Literal["exactMatch", "closeMatch", "relatedMatch"]
OBO: Final = PREFIXES["obo"]


@dataclass(frozen=True, slots=True)
class Registry:
    """Who gives an identifier: the namespace of its IRIs, the form of its names, and what an identifier says.

    ``relation``, of SKOS, is how a thing here stands to what the identifier names: the gene of a protein is related.

    >>> REGISTRIES["hgnc"].relation, bool(re.fullmatch(REGISTRIES["hgnc"].form, "6005"))
    ('relatedMatch', True)
    """

    namespace: str
    form: str
    relation: Relation = "exactMatch"


REGISTRIES: Final[dict[str, Registry]] = {
    # vocabularies
    "BFO": Registry(f"{OBO}BFO_", r"\d{7}"),
    "biolink": Registry("https://w3id.org/biolink/vocab/", r"[A-Za-z_]+"),
    "CHEBI": Registry(f"{OBO}CHEBI_", r"\d+"),
    "DOID": Registry(f"{OBO}DOID_", r"\d+"),
    "ECO": Registry(f"{OBO}ECO_", r"\d{7}"),
    "EFO": Registry("http://www.ebi.ac.uk/efo/EFO_", r"\d{7}"),
    "GO": Registry(f"{OBO}GO_", r"\d{7}", "closeMatch"),
    "HP": Registry(f"{OBO}HP_", r"\d{7}"),
    "IAO": Registry(f"{OBO}IAO_", r"\d{7}"),
    "MONDO": Registry(f"{OBO}MONDO_", r"\d{7}"),
    "NCIT": Registry(f"{OBO}NCIT_", r"C\d+"),
    "OBI": Registry(f"{OBO}OBI_", r"\d{7}"),
    "OGMS": Registry(f"{OBO}OGMS_", r"\d{7}"),
    "RO": Registry(f"{OBO}RO_", r"\d{7}"),
    "SIO": Registry("http://semanticscience.org/resource/SIO_", r"\d{6}"),
    "UBERON": Registry(f"{OBO}UBERON_", r"\d{7}"),
    "UO": Registry(f"{OBO}UO_", r"\d{7}"),
    # diseases
    "gard": Registry("https://rarediseases.info.nih.gov/?gard_id=", r"\d+"),
    "icd10cm": Registry("https://www.icd10data.com/search?s=", r"[A-Z]\d[0-9AB](\.[0-9A-Z]{1,4})?"),
    "icd11": Registry("http://id.who.int/icd/entity/", r"[1-9]\d*"),
    "icd9": Registry("http://www.icd9data.com/getICD9Code.ashx?icd9=", r"\d{3}(\.\d{1,2})?"),
    "meddra": Registry("http://purl.bioontology.org/ontology/MEDDRA/", r"\d+"),
    "medgen": Registry("https://www.ncbi.nlm.nih.gov/medgen/", r"\d{2,7}"),
    "mesh": Registry("http://id.nlm.nih.gov/mesh/", r"[CD]\d+"),
    "snomedct": Registry("http://snomed.info/id/", r"\d+"),
    "umls": Registry("https://uts.nlm.nih.gov/uts/umls/concept/", r"C\d+"),
    # genes and proteins
    "ensembl": Registry("http://rdf.ebi.ac.uk/resource/ensembl/", r"ENS(MUS)?G\d{11}", "relatedMatch"),
    "hgnc": Registry(
        "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/", r"\d{1,5}", "relatedMatch"
    ),
    "MGI": Registry("http://www.informatics.jax.org/accession/MGI:", r"\d{4,7}"),
    "NCBIGene": Registry("http://purl.uniprot.org/geneid/", r"[1-9]\d*", "relatedMatch"),
    "uniprot": Registry(
        "http://purl.uniprot.org/uniprot/", r"([OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d([A-Z][A-Z0-9]{2}\d){1,2})"
    ),
    # drugs
    "atc": Registry("http://www.whocc.no/atc_ddd_index/?code=", r"[A-Z]\d{2}[A-Z]{2}\d{2}", "closeMatch"),
    "chembl.compound": Registry("http://rdf.ebi.ac.uk/resource/chembl/molecule/", r"CHEMBL\d+"),
    "dailymed": Registry(
        "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "relatedMatch",
    ),
    "drugbank": Registry("https://go.drugbank.com/drugs/", r"DB\d{5}"),
    "drugcentral": Registry("http://drugcentral.org/drugcard/", r"\d+"),
    "inchikey": Registry("https://www.chemspider.com/search?params=", r"[A-Z]{14}-[A-Z]{10}-[A-Z]"),
    "iuphar.ligand": Registry(
        "http://www.guidetopharmacology.org/GRAC/LigandDisplayForward?ligandId=", r"\d+"
    ),
    "pubchem.compound": Registry("http://rdf.ncbi.nlm.nih.gov/pubchem/compound/CID", r"\d+"),
    "unii": Registry("https://precision.fda.gov/uniisearch/srs/unii/", r"[A-Z0-9]{10}"),
}  # fmt: skip
"""Prefix -> who gives it. A number of HGNC, NCBI or Ensembl is the gene's and the things here are its products; a
process of GO is close to a pathway that is read from its target genes; a code of the ATC is a place in a
classification, of which a drug can have two; DailyMed has the label of a drug. Some forms are narrower than those of
Bioregistry: a drug has the whole code of the ATC, never that of its group."""

OTHER_NAMES: Final = {
    "chembl": "chembl.compound", "entrez": "NCBIGene", "entrezgene": "NCBIGene", "geneid": "NCBIGene",
    "gtopdb": "iuphar.ligand", "gtopdb.ligand": "iuphar.ligand", "icd9cm": "icd9", "icd-10": "icd10cm",
    "ncbi.gene": "NCBIGene", "ncbi.mesh": "mesh", "nci": "NCIT", "pubchem": "pubchem.compound", "sctid": "snomedct",
    "snomed": "snomedct", "uniprotkb": "uniprot",
}  # fmt: skip
"""Prefix as others write it, in small letters -> as written here."""
SPELT: Final = {known.lower(): known for known in REGISTRIES} | OTHER_NAMES
"""Prefix in small letters -> as written here, for every spelling."""


def checked(identifier: str) -> str:
    r"""Return an identifier that is a known prefix, a colon and a name of the right form; ValueError otherwise.

    >>> checked("uniprot:P23458")
    'uniprot:P23458'
    >>> checked("UniProtKB:P23458")
    Traceback (most recent call last):
        ...
    ValueError: the prefix 'UniProtKB' is not known: write uniprot:P23458
    >>> checked("hgnc:JAK1")
    Traceback (most recent call last):
        ...
    ValueError: 'hgnc:JAK1' has the wrong form: after hgnc: it must match \d{1,5}
    """
    prefix, colon, name = identifier.partition(":")
    if not colon or not name:
        raise ValueError(f"{identifier!r} has no prefix: write prefix, colon and name, as in hgnc:6005")
    if prefix not in REGISTRIES:
        close = near(prefix.lower(), SPELT, most=1, cutoff=0.75)
        remedy = f"write {SPELT[close[0]]}:{name}" if close else f"the prefixes are {', '.join(REGISTRIES)}"
        raise ValueError(f"the prefix {prefix!r} is not known: {remedy}")
    if not re.fullmatch(REGISTRIES[prefix].form, name, re.ASCII):
        form = REGISTRIES[prefix].form
        raise ValueError(f"{identifier!r} has the wrong form: after {prefix}: it must match {form}")
    return identifier


def curie(address: str) -> str:
    """Return the identifier that an IRI of a known namespace is; KeyError for any other.

    >>> curie("http://id.nlm.nih.gov/mesh/D016460"), curie("http://purl.obolibrary.org/obo/UO_0000034")
    ('mesh:D016460', 'UO:0000034')
    >>> curie("https://example.org/x")
    Traceback (most recent call last):
        ...
    KeyError: 'https://example.org/x'
    """
    for prefix, registry in REGISTRIES.items():
        if address.startswith(registry.namespace):
            return f"{prefix}:{address[len(registry.namespace) :]}"
    raise KeyError(address)


def iri(identifier: str) -> str:
    """Return the IRI that an identifier stands for; ValueError where it is none.

    >>> iri("hgnc:6190")
    'https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/6190'
    """
    prefix, _, name = checked(identifier).partition(":")
    return REGISTRIES[prefix].namespace + name


def relation(identifier: str) -> Relation:
    """Return how, in SKOS, a thing that has an identifier stands to what that names, by its prefix.

    >>> relation("uniprot:P23458"), relation("hgnc:6190")
    ('exactMatch', 'relatedMatch')
    """
    return REGISTRIES[identifier.partition(":")[0]].relation


BARE: Final = re.compile(
    r"(?P<ensembl>ENS(?:MUS)?G\d{11})(?:\.\d+)?|"
    r"(?P<uniprot>[OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z0-9]{2}\d){1,2})(?:-\d+)?(?:\.\d+)?|"
    r"(?P<chembl>CHEMBL\d+)|(?P<drugbank>DB\d{5})|(?P<inchikey>[A-Z]{14}-[A-Z]{10}-[A-Z])",
    re.ASCII,
)
"""What people write without a prefix, in capitals; a version or the number of an isoform may stand behind."""


def identifier_of(text: str) -> str | None:
    """Return the identifier that a text is, however its prefix is written, or without one; None where it is none.

    The version of an Ensembl gene and the isoform of a UniProt entry are left out.

    >>> identifier_of("HGNC:6001"), identifier_of("UniProtKB:P60568"), identifier_of("ENSG00000109471.4")
    ('hgnc:6001', 'uniprot:P60568', 'ensembl:ENSG00000109471')
    >>> identifier_of("entrez:3558"), identifier_of("CHEMBL221959"), identifier_of("IL-2")
    ('NCBIGene:3558', 'chembl.compound:CHEMBL221959', None)
    """
    prefix, colon, name = text.partition(":")
    match = BARE.fullmatch((name if colon else prefix).strip().upper())
    bare = match and match.lastgroup and f"{SPELT[match.lastgroup]}:{match[match.lastgroup]}"
    if not colon:
        return bare or None
    known = SPELT.get(prefix.strip().casefold())
    if bare and bare.startswith(f"{known}:"):
        return bare
    found = name.strip()
    return f"{known}:{found}" if known and re.fullmatch(REGISTRIES[known].form, found, re.ASCII) else None
