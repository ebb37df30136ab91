"""The facts against the background curation that they were made from, in both directions.

The curation is a worklist, not part of the project: these tests are skipped where it is not here. What the facts say
otherwise, on purpose, stands in the tables below, each with its reason; a test fails when a difference is not in its
table, and when a row of a table is no difference any more.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import bioregistry
import pytest
from pyoxigraph import QuerySolutions, Store

from kg.facts.dataset import Facts, read
from kg.sparql.library import ask

Row = dict[str, str]
Curation = dict[str, list[Row]]
Claims = dict[tuple[str, str, str], str]
"""(about, relation, object) -> Accepted, Disputed, Refuted or Open."""


def ours(identifier: str) -> str:
    """An identifier of others with the prefix that Bioregistry prefers."""
    prefix, _, name = identifier.partition(":")
    known = bioregistry.normalize_prefix(prefix)
    assert known is not None, identifier
    return f"{bioregistry.get_preferred_prefix(known) or known}:{name}"


# --- ligands and receptors --------------------------------------------------------------------------------------------

NO_SYMBOL = {
    "hgnc:19157": "its symbol IL27 is the name of the complex IL-27, which is another node",
    "hgnc:17412": "its symbol CLCF1 is the name of the complex CLCF1/CRLF1, which is another node",
}
"""Parts whose gene symbol would catch the name of the complex."""

FAMILIES = {"ifna": "ifna-receptor", "ifnl": "ifnl-receptor"}
"""Family nodes, which the curation has only gene by gene (T43), and their route."""

NOT_IN_SOURCE = {
    ("osm", "lif-receptor", "hucira"): "hucira has OSMR+IL6ST only (source_discrepancies.tsv)",
    ("il35", "il35-receptor-gp130", "hucira"): "hucira 0.1.3 has IL12RB2+IL27RA only",
    ("il35", "il35-receptor-il27ra", "cellphonedb-5"): "CellPhoneDB 5.0.0 has IL12RB2+IL6ST only",
    ("gh1", "prl-receptor", "cellphonedb-5"): "CellPhoneDB 5.0.0 has GHR only",
    ("gh1", "prl-receptor", "gtopdb-2020"): "an earlier release and LIANA's copy have GHR only",
}
"""Routes of a ligand that a source lacks, although it is full for the other route: left out or inconclusive here."""

WITHOUT_JAK = {
    "TNF receptor": "tnf-receptor-superfamily",
    "IL-17": "il17-receptor-family",
    "IL-1": "il1-receptor-family",
    "chemokine GPCR": "chemokine-receptors",
    "chemokine": "no-candidate-jak-receptor",  # CCL18: its receptor is unconfirmed (Hussain 2024)
    "TGF-beta": "tgf-beta-receptors",
    "CSF1R": "receptor-tyrosine-kinases",
    "KIT": "receptor-tyrosine-kinases",
    "FLT3": "receptor-tyrosine-kinases",
    "CD4": "cd4",
    "receptor unsettled": "no-candidate-jak-receptor",
}
"""How the column ``why`` begins -> receptor family; the first that fits."""

# --- kinases ----------------------------------------------------------------------------------------------------------

MORE_BINDINGS: dict[tuple[str, str], str] = {}
"""Accepted bindings that the curation has neither as primary nor as secondary."""

OPEN_BINDINGS = {
    ("lifr", "jak1"): "Stahl 1994 says 'Jak-Tyk kinases' and names none",
    ("il27ra", "jak2"): "no text that was read places JAK2 on this chain; Reactome places JAK1",
    ("il31ra", "jak1"): "Reactome: pre-association with JAK1 is unproven",
    ("il20ra", "jak1"): "Reactome: a black box, no experimental data",
    ("il22ra1", "jak1"): "activation of JAK1 by IL-22 was shown, not binding to this chain",
    ("csf3r", "jak2"): "activated by G-CSF; direct binding is not stated",
}
"""Primary kinases whose binding no text settles: every one is unverified or disputed in the curation too."""

NEEDS_DIFFER = {
    ("il27-receptor", "jak2"): ("Open", "IL27RA-JAK2 is disputed; Reactome puts JAK2 at gp130, where others stand too"),
    ("il35-receptor-il27ra", "jak1"): ("Accepted", "IL27RA carries JAK1 (Reactome), as the JAK set of IL-35 says"),
    ("ifna-receptor", "tyk2"): (
        "Refuted",
        "impaired, not abolished, in patients without TYK2 (Kreins 2015); a decision",
    ),
    ("ifnl-receptor", "tyk2"): ("Refuted", "normal in patients without TYK2 (Kreins 2015)"),
    ("il10-receptor", "tyk2"): (
        "Refuted",
        "impaired, not abolished, in patients without TYK2 (Kreins 2015, Fuchs 2016)",
    ),
    ("il12-receptor", "tyk2"): ("Refuted", "impaired, not abolished, in patients without TYK2 (Kreins 2015)"),
    ("il23-receptor", "tyk2"): ("Refuted", "impaired, not abolished, in patients without TYK2 (Kreins 2015)"),
    ("il22-receptor", "tyk2"): ("Refuted", "impaired in mice without Tyk2 (J Immunol 195:5011)"),
    ("csf3-receptor", "jak2"): (
        "Refuted",
        "unchanged in human cells without JAK2 (Shimoda 1997) and in Jak2-/- mice (Parganas 1998)",
    ),
}
"""Needs that are accepted here and not by the chains of the curation, or the reverse, with their status here.

Complete loss decides: impaired means that the kinase is used and not needed, and the curation does not tell the two.
"""

MORE_ROUTES = {("karaghiosoff-2000", "ifna-receptor"), ("karaghiosoff-2000", "il12-receptor")}
"""The same abstract says it; the curation has only its sentence on IFN-gamma."""

STANCES = {
    "normal response": "refutes",
    "normal": "refutes",
    # whether the loss is complete was not read
    "pSTAT1 comparable with control in P1, normal in P2": "inconclusive",
    # seven of eight; the eighth was not rescued by TYK2, so TYK2 was not the cause
    "normal in 7 of 8 patients; P1 hyporesponsive, not rescued by wild-type TYK2": "refutes",
    # impaired after complete loss: the kinase is used, and not needed
    "impaired (not abolished)": "refutes",
    "impaired (not abolished), no overt clinical consequence": "refutes",
    "lost at low dose, kept at high dose": "refutes",
    'impaired ("unexpectedly")': "refutes",  # the title says partial impairment
    "defective T cell function": "refutes",  # read as impaired
    # loss
    "lymphoid development defect; JAK3 binds only IL2RG": "supports",
}
"""What the loss of a kinase did -> what that says of 'the route needs the kinase'."""

STUDIES = ("kreins-2015", "authorea-523963", "karaghiosoff-2000", "shimoda-2000", "nosaka-1995")
"""The studies of loss in the curation. Its row on Haan 2011 is unverified; the facts have read the abstract since."""

# --- drugs ------------------------------------------------------------------------------------------------------------

MORE_IDS = {
    "golidocitinib": {"chembl.compound:CHEMBL4577523"},
    "brepocitinib": {"chembl.compound:CHEMBL4297477"},
    "ropsacitinib": {"chembl.compound:CHEMBL4459585"},
    "zasocitinib": {"chembl.compound:CHEMBL5314423"},
    "cerdulatinib": {"chembl.compound:CHEMBL4116008"},
    "ilginatinib": {"chembl.compound:CHEMBL4303389"},
    "ilunocitinib": {"dailymed:adf9a1c8-31bd-4301-ac25-814d13f34cae"},
}
"""Identifiers found after the curation; jaktinib and povorcitinib have none and are therefore absent."""

FEWER_IDS = {"peficitinib": {"inchikey:DREIJXJRTLTGJC-JQCLMNFQSA-N"}}
"""It belongs to another stereo record."""

MODES = {"ATP-competitive": "atp-competitive", "irreversible": "covalent", "allosteric": "allosteric-jh2"}
ASSUMED_MODES = {"ilunocitinib": "unknown-binding"}
"""The curation says nothing, and the table must say something; the drug has no potency, so nothing follows from it."""

READ_SINCE = {
    "chembl-web": "values of the ChEMBL web export, for pairs of which Guide to PHARMACOLOGY has none or one",
    "chimalakonda-2021": "that deucravacitinib spares JAK1, JAK2 and JAK3 (cell_assay_statements.tsv)",
}
"""Where rows of potency.tsv were read that are not in the curation of potencies."""

DOMAINS = {"JH1 domain-catalytic": "JH1", "JH2 domain-pseudokinase": "JH2"}
MEASURES = {"selectivity_vs_JAK1": "fold selectivity"}
READ_IN = {
    "GtoPdb 2020.5": {"gtopdb-2020"},
    "hkmztrk/DeepDTA data/davis": {"deepdta-davis"},
    "abstract+label": {"fridman-2010", "baricitinib-label"},
    "from memory, not verified": {"jak-kg"},
}
LABELS = {"baricitinib": "baricitinib-label", "abrocitinib": "abrocitinib-us-label"}
NO_PMID = {"Davis 2011": "davis-2011", "Meyer 2010": "meyer-2010"}
"""How a reference without PMID begins; other texts of labels and of memory name no reference of ours."""

UNASSIGNED_ATP = ("unverified", "not assignable", "if that is the source")
"""ATP concentrations that nobody verified stay out of the column and are told in the note."""

# --- treatments -------------------------------------------------------------------------------------------------------

TREATMENTS = {
    "cyclosporin A": {"cyclosporin-a"},
    "tacrolimus": {"topical-tacrolimus"},
    "PUVA therapy": {"puva"},
    "interferon gamma-1b": {"interferon-gamma-treatment"},
    "dimethyl fumarate (one of them)": {"fumaric-acid-esters"},
    # two bands, which the reports tell apart and MeSH does not
    "ultraviolet therapy": {"narrowband-uvb", "uvb"},
    # a class by three routes, which must not be merged
    "glucocorticoid (class)": {"topical-corticosteroids", "oral-corticosteroids", "corticosteroids"},
}
"""Normalised name -> nodes, where the name is not simply the label of one."""

CLASSES = {
    "fumaric-acid-esters": "a class: the ids of dimethyl fumarate name one of its compounds",
    "uvb": "the heading is a wider one, ultraviolet therapy, and the same for both kinds",
    "narrowband-uvb": "as for uvb",
}
UNNAMED = {"phototherapy", "immunosuppressants", "oral-antibiotics"}
"""What the letter's Table 2 prints without naming a drug."""


def semicolons(cell: str) -> list[str]:
    """Return the parts of a cell."""
    return [part.strip() for part in cell.split(";") if part.strip()]


@pytest.fixture(scope="module")
def curation(shared: Path) -> Curation:
    """Name of each curation table -> its rows."""
    tables = {}
    for file in (shared / "curation").glob("*.tsv"):
        with file.open(encoding="utf-8", newline="") as lines:
            tables[file.stem] = list(csv.DictReader(lines, dialect="excel-tab"))
    return tables


@pytest.fixture(scope="module")
def facts(ontology: Path) -> Facts:
    """The shipped facts."""
    return read(ontology / "facts")


@pytest.fixture(scope="module")
def claims(store: Store) -> Claims:
    """The status of each claim in the shipped graph."""
    found = store.query(
        """
        PREFIX jak: <https://w3id.org/jak-kg/vocab#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?about ?relation ?object ?status WHERE {
          ?role a jak:Relation ; skos:notation ?relation .
          ?claim a jak:Claim ; jak:about ?about ; jak:status ?status ; ?role ?object .
        }
        """
    )
    assert isinstance(found, QuerySolutions)
    rows = [[re.split("[/#]", row[name].value)[-1] for name in found.variables] for row in found]
    return {(about, relation, target): status for about, relation, target, status in rows}


def accepted(claims: Claims, relation: str) -> set[tuple[str, str]]:
    """Return (about, object) of the accepted claims of a relation."""
    return {(a, o) for (a, word, o), status in claims.items() if word == relation and status == "Accepted"}


def complexes(row: Row) -> set[tuple[str, ...]]:
    """Return the receptor complexes of a ligand, each as its chains in order, a chain twice where it is there twice."""
    return {tuple(sorted(text.strip().lower().split("+"))) for text in row["receptor_complexes"].split("|")}


def chain_kinases(row: Row) -> dict[str, tuple[set[str], set[str]]]:
    """Return for each chain of a ligand's receptors its primary and secondary kinases."""
    found = {}
    for text in row["chain_jak"].split(";"):
        chain, _, kinases = text.strip().lower().partition(":")
        first, _, second = kinases.rstrip(")").partition("(")
        found[chain] = (set(first.split("/")) - {"-"}, set(filter(None, second.split("/"))))
    return found


# --- tests ------------------------------------------------------------------------------------------------------------


def of_curation(xrefs: Iterable[str]) -> list[str]:
    """The identifiers that the curation has, too."""
    return [xref for xref in xrefs if xref.startswith(("hgnc:", "uniprot:"))]


def test_each_ligand_has_the_ids_of_its_gene_products(curation: Curation, facts: Facts) -> None:
    ligands = {ligand.id: ligand for ligand in facts.ligands}
    expected = {}
    for row in curation["ligand_receptor_jak"]:
        units = zip(*(semicolons(row[name]) for name in ("ligand_subunits", "hgnc_ids", "uniprot")), strict=True)
        expected[row["ligand_id"].lower()] = (
            row["family"],
            {
                (None if ours(hgnc) in NO_SYMBOL else symbol, ours(hgnc), f"uniprot:{protein}")
                for symbol, hgnc, protein in units
            },
        )
    assert len(expected) == 60
    found = {
        ligand.id: (
            ligand.family,
            {
                (unit.symbol, *of_curation(unit.xrefs))
                for unit in (ligands[part] for part in ligand.parts or [ligand.id])
            },
        )
        for ligand in facts.ligands
        if ligand.kind in ("single", "complex") and ligand.family != "not JAK-coupled"
    }
    assert found == expected
    others = {ligand.symbol for ligand in facts.ligands if ligand.family == "not JAK-coupled"}
    assert others == {row["symbol"] for row in curation["non_jak_cytokines"]}
    assert {ligand.id for ligand in facts.ligands if ligand.kind == "family"} == set(FAMILIES)
    parts = {ligand.id for ligand in facts.ligands if ligand.kind == "part"}
    assert parts == {part for ligand in facts.ligands for part in ligand.parts}


def test_each_ligand_signals_by_its_receptor_complexes(curation: Curation, facts: Facts, store: Store) -> None:
    chains = {receptor.id: tuple(sorted(receptor.chains)) for receptor in facts.receptors}
    expected = {row["ligand_id"].lower(): complexes(row) for row in curation["ligand_receptor_jak"]}
    assert set(chains.values()) == set[tuple[str, ...]]().union(*expected.values())
    assert len(set(chains.values())) == len(chains)
    expected |= {ligand: {chains[receptor]} for ligand, receptor in FAMILIES.items()}
    found = defaultdict(set)
    for answer in ask(store, "routes_of_cytokines"):
        found[answer["cytokine"]].add(chains[answer["receptor"]])
    assert found == expected


def test_each_source_is_cited_for_the_compositions_that_it_has(curation: Curation, facts: Facts) -> None:
    sources = {
        "cellphonedb": "cellphonedb-5",
        "cellchatdb": "cellchatdb",
        "hucira": "hucira",
        "gtopdb2020": "gtopdb-2020",
    }
    receptors = {tuple(sorted(receptor.chains)): receptor.id for receptor in facts.receptors}
    stances = {"full": "supports", "subset": "inconclusive"}
    expected = {
        (row["ligand_id"].lower(), receptors[chains], source): stances[cell]
        for row in curation["ligand_receptor_jak"]
        for column, source in sources.items()
        if (cell := row[f"composition_{column}"])
        for chains in complexes(row)
    }
    found = {
        (row.about, row.object, row.reference): row.stance
        for row in facts.claims
        if row.relation == "binds-receptor" and row.reference in sources.values()
    }
    assert expected.items() - found.items() == {(key, "supports") for key in NOT_IN_SOURCE}
    assert found.items() - expected.items() == {(key, "inconclusive") for key in NOT_IN_SOURCE if key in found}


def test_each_chain_has_its_ids(curation: Curation, facts: Facts) -> None:
    expected = {
        (row["chain"].lower(), row["chain"], ours(row["hgnc_id"]), f"uniprot:{row['uniprot']}")
        for row in curation["receptor_chain_jak"]
    }
    assert len(expected) == 41
    assert {(chain.id, chain.symbol, *of_curation(chain.xrefs)) for chain in facts.chains} == expected


def test_no_chain_binds_a_kinase_against_the_curation(curation: Curation, claims: Claims) -> None:
    binds = accepted(claims, "binds")
    first, second, settled = set(), set(), set()
    for row in curation["receptor_chain_jak"]:
        chain = row["chain"].lower()
        first |= {(chain, kinase.lower()) for kinase in semicolons(row["jaks_primary"])}
        second |= {(chain, kinase.lower()) for kinase in semicolons(row["jaks_secondary"])}
        if row["status"].startswith("verified"):
            settled |= {(chain, kinase.lower()) for kinase in semicolons(row["jaks_primary"])}
    assert binds - first - second == set(MORE_BINDINGS)
    assert first - binds == set(OPEN_BINDINGS)
    assert {claims[chain, "binds", kinase] for chain, kinase in OPEN_BINDINGS} == {"Open"}
    assert settled <= binds


def test_each_route_needs_the_primary_kinases_of_its_chains(curation: Curation, facts: Facts, claims: Claims) -> None:
    primary: dict[str, set[str]] = {}
    secondary: dict[str, set[str]] = {}
    for row in curation["ligand_receptor_jak"]:
        for chain, (first, second) in chain_kinases(row).items():
            assert primary.setdefault(chain, first) == first, f"the curation contradicts itself on {chain}"
            assert secondary.setdefault(chain, second) == second, f"the curation contradicts itself on {chain}"
    expected = {(receptor.id, kinase) for receptor in facts.receptors for c in receptor.chains for kinase in primary[c]}
    assert accepted(claims, "needs") ^ expected == set(NEEDS_DIFFER)
    unsettled = {
        (about, target): status
        for (about, relation, target), status in claims.items()
        if relation == "needs" and status in ("Disputed", "Open")
    }
    differ = {pair: status for pair, (status, _) in NEEDS_DIFFER.items()}
    assert {pair: claims[pair[0], "needs", pair[1]] for pair in differ} == differ
    assert unsettled == {pair: status for pair, status in differ.items() if status in ("Disputed", "Open")}
    helpers = {(receptor.id, k) for receptor in facts.receptors for c in receptor.chains for k in secondary[c]}
    assert accepted(claims, "uses") <= helpers | expected


def test_each_cytokine_says_whether_it_signals_through_a_jak(
    curation: Curation, facts: Facts, store: Store, claims: Claims
) -> None:
    expected = {row["ligand_id"].lower(): "yes" for row in curation["ligand_receptor_jak"]}
    expected |= {row["symbol"].lower(): "no" for row in curation["non_jak_cytokines"]}
    expected |= dict.fromkeys(FAMILIES, "yes")
    expected |= {ligand.id: "part" for ligand in facts.ligands if ligand.kind == "part"}
    found = {row["thing"]: row["jak"] for row in ask(store, "names_of_cytokines") if row["kind"] == "Ligand"}
    assert found == expected
    assert len(curation["non_jak_cytokines"]) == 25
    families = {
        (row["symbol"].lower(), next(family for words, family in WITHOUT_JAK.items() if row["why"].startswith(words)))
        for row in curation["non_jak_cytokines"]
    }
    assert accepted(claims, "signals-through") == families


def evidence(facts: Facts, study: str, kinase: str) -> dict[tuple[str, str | None], set[str]]:
    """Return the stances of a study on the need of a kinase, for each route and species."""
    found: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for row in facts.claims:
        if (row.relation, row.object, row.reference) == ("needs", kinase, study):
            found[row.about, row.species].add(row.stance)
    return dict(found)


def routes(curation: Curation, facts: Facts, cytokine: str) -> set[str]:
    """Return the routes of the cytokine, or cytokines, of a row on genetics."""
    if cytokine == "gamma-c cytokines":
        return {receptor.id for receptor in facts.receptors if "il2rg" in receptor.chains}
    names = {"IFNA": ["IFNA1"], "IFN-alpha/beta": ["IFNA1", "IFNB1"]}.get(cytokine, semicolons(cytokine))
    chains = {c for row in curation["ligand_receptor_jak"] if row["ligand_id"] in names for c in complexes(row)}
    return {receptor.id for receptor in facts.receptors if tuple(sorted(receptor.chains)) in chains}


def genetics(curation: Curation, facts: Facts, study: str) -> dict[tuple[str, str | None], set[str]]:
    """Return what the curation says that :func:`evidence` must find."""
    author, year = study.split("-")
    return {
        (route, row["species"]): {STANCES[row["loss_of_jak_effect"]]}
        for row in curation["jak_dependency_genetics"]
        if row["status"] == "verified" and author in row["source"].lower() and year in row["source"]
        for route in routes(curation, facts, row["cytokine"])
    }


@pytest.mark.parametrize("study", STUDIES[:-1])
def test_each_loss_of_a_kinase_is_evidence_with_its_stance(study: str, curation: Curation, facts: Facts) -> None:
    expected = genetics(curation, facts, study)
    assert expected
    found = evidence(facts, study, "tyk2")
    assert {key: found.get(key) for key in expected} == expected
    assert {(study, route) for route, _ in found.keys() - expected.keys()} == {x for x in MORE_ROUTES if x[0] == study}


def test_the_loss_of_jak3_is_evidence(curation: Curation, facts: Facts) -> None:
    found = evidence(facts, STUDIES[-1], "jak3")
    assert found
    assert found.items() <= genetics(curation, facts, STUDIES[-1]).items()


def test_no_study_of_loss_is_forgotten(curation: Curation) -> None:
    rows = [row["source"].lower() for row in curation["jak_dependency_genetics"] if row["status"] == "verified"]
    assert all(any(study.split("-")[0] in source for study in STUDIES) for source in rows)


def test_each_inhibitor_has_its_verified_identifiers(curation: Curation, facts: Facts) -> None:
    prefixes = {
        "chembl": "chembl.compound:", "chebi": "", "drugbank": "drugbank:", "pubchem_cid": "pubchem.compound:",
        "inchikey": "inchikey:", "gtopdb_ligand": "iuphar.ligand:", "atc": "atc:", "other_ids": "",
    }  # fmt: skip
    expected = {}
    for row in curation["jak_inhibitors"]:
        drug = row["drug"]
        ids = {ours(prefix + value) for column, prefix in prefixes.items() for value in semicolons(row[column])}
        assert not ids or "verified" in row["id_status"]
        assert FEWER_IDS.get(drug, set()) <= ids
        assert not MORE_IDS.get(drug, set()) & ids
        if ids := ids - FEWER_IDS.get(drug, set()) | MORE_IDS.get(drug, set()):
            mode = [ours for word, ours in MODES.items() if row["binding_mode"].lower().startswith(word.lower())]
            species = "dog" if row["approval"].startswith("veterinary") else "human"
            expected[drug] = (ids, mode or [ASSUMED_MODES[drug]], row["target_class"], species)
    found = {
        drug.id: (set(drug.xrefs), [drug.mode], drug.target_class, drug.intended_species) for drug in facts.inhibitors
    }
    assert found == expected
    assert {row["drug"] for row in curation["jak_inhibitors"]} - found.keys() == {"jaktinib", "povorcitinib"}
    assert {drug for drug, (*_, species) in found.items() if species == "dog"} == {"oclacitinib", "ilunocitinib"}


class Measured(NamedTuple):
    """A potency as both sides have it."""

    inhibitor: str
    kinase: str
    measure: str
    relation: str | None
    value: str | None
    unit: str | None
    domain: str | None
    atp: str | None
    reference: frozenset[str]
    obtained_from: frozenset[str]
    status: str


def curated(row: Row, pmids: dict[str | None, str]) -> Measured:
    """Return a row of the curation of potencies in our words."""
    cited = {pmids[number] for number in re.findall(r"PMID:(\d+)", row["reference"])}
    cited |= {ours for words, ours in NO_PMID.items() if row["reference"].startswith(words)}
    read_in = READ_IN.get(row["obtained_from"]) or {LABELS[row["drug"]]}
    atp: str | None = row["atp"].removesuffix(" (as printed)")
    if row["atp"].startswith("none"):
        atp = "none (binding)"
    elif not atp or any(words in atp for words in UNASSIGNED_ATP):
        atp = None
    return Measured(
        row["drug"], row["target"].lower(), MEASURES.get(row["measure"], row["measure"]), row["relation"],
        row["value"] or None, row["unit"], DOMAINS.get(row["domain"], row["domain"]), atp, frozenset(cited),
        frozenset(read_in), row["status"].split()[0],
    )  # fmt: skip


def merged(rows: Iterable[Row], pmids: dict[str | None, str]) -> list[Measured]:
    """Return the curated potencies, with a row that says SAME measurement merged into the row that it repeats."""
    found: list[Measured] = []
    for row in rows:
        one = curated(row, pmids)
        if not row["assay"].startswith("SAME measurement"):
            found.append(one)
            continue
        (index,) = [i for i, other in enumerate(found) if other[:6] == one[:6] and other.reference == one.reference]
        found[index] = found[index]._replace(obtained_from=found[index].obtained_from | one.obtained_from)
    return found


def test_each_potency_is_here_as_it_was_read(curation: Curation, facts: Facts) -> None:
    pmids = {reference.pmid: reference.id for reference in facts.references}
    expected = merged(curation["jak_biochemical_potency"], pmids)
    found = [
        Measured(
            row.inhibitor, row.kinase, row.measure, row.relation, row.value, row.unit, row.domain, row.atp,
            frozenset(row.reference), frozenset(row.obtained_from), row.status,
        )
        for row in facts.potency
        if not READ_SINCE.keys() >= set(row.obtained_from)
    ]  # fmt: skip
    assert Counter(found) == Counter(expected)
    repeated = [one for one in found if len(one.obtained_from) > 1]
    assert [(one.inhibitor, one.kinase, one.value) for one in repeated] == [
        ("baricitinib", "jak1", "5.9"), ("baricitinib", "jak2", "5.7"),
    ]  # fmt: skip


def test_a_potency_counts_where_it_was_verified_and_read_somewhere(facts: Facts, store: Store) -> None:
    rows = Counter(
        (row.inhibitor, row.kinase, row.measure, row.relation, row.value, row.domain, row.status.title(), False)
        for row in facts.potency
    )
    rows += Counter(  # a bound that a ratio and its base make is in no table
        (row.inhibitor, row.kinase, "IC50", row.relation, f"{Decimal(row.value) * Decimal(row.base):f}", row.domain,
         row.status.title(), True)
        for row in facts.potency if row.base and row.value
    )  # fmt: skip
    columns = ("inhibitor", "kinase", "measure", "relation", "reported", "domain", "verification", "derived")
    assert Counter(tuple(row[name] for name in columns) for row in ask(store, "potency_of_inhibitors")) == rows
    read_in = defaultdict(set)
    for answer in ask(store, "sources_of_potency"):
        if answer["role"] == "obtained from":
            read_in[answer["measurement"]].add(answer["reference"])
    for row in ask(store, "potency_of_inhibitors"):
        assert read_in[row["measurement"]], row
        assert (read_in[row["measurement"]] == {"ref-jak-kg"}) == (row["verification"] == "Unverified"), row


def test_each_prior_treatment_is_one_node(curation: Curation, facts: Facts) -> None:
    treatments = {treatment.id: treatment for treatment in facts.treatments}
    ids: dict[str, set[str]] = {}
    for row in curation["prior_treatments"]:
        name = row["normalised"]
        nodes = TREATMENTS.get(name, {name.replace(" ", "-")})
        prefixed = {row["chebi"], f"mesh:{row['mesh']}", f"drugbank:{row['drugbank']}"} - {"", "mesh:", "drugbank:"}
        assert row["status"] == "verified" or not prefixed
        ids |= {node: set() if node in CLASSES else prefixed for node in nodes}
    assert {name: set(treatment.xrefs) for name, treatment in treatments.items()} == ids | {x: set() for x in UNNAMED}
    shared = Counter(xref for treatment in facts.treatments for xref in treatment.xrefs)
    assert {xref for xref, count in shared.items() if count > 1} == set()
    for spelling, node in (
        ("nicotinamide", "nicotinamide"), ("niacinamide", "nicotinamide"), ("HCQ", "hydroxychloroquine"),
        ("cyclosporine", "cyclosporin-a"), ("ciclosporin", "cyclosporin-a"),
    ):  # fmt: skip
        assert [t.id for t in facts.treatments if spelling in (t.label, *t.aliases)] == [node]
    cytokines = {xref for ligand in facts.ligands for xref in ligand.xrefs}
    assert not cytokines & set(treatments["interferon-gamma-treatment"].xrefs)
