"""Disagreements, cell assays and dependent references: each comes back by one query, with its sources.

What a side must say is typed from the letter and from the background material, not from the facts.
"""

import csv
import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import ROOT
from pyoxigraph import Store

from kg.facts import dataset as kg_facts
from kg.model.errors import Problems
from kg.rdf.store import folder
from kg.sparql import library
from kg.sparql.rows import Row
from kg.validation import check

LETTER = "Khurana 2025"


class Side(NamedTuple):
    """Whose words a side has, a part of what it says or quotes, and whether it is followed."""

    who: str
    words: str
    kept: bool


def followed(first: tuple[str, str], second: tuple[str, str]) -> tuple[Side, Side]:
    return Side(*first, kept=False), Side(*second, kept=True)


def unresolved(first: tuple[str, str], second: tuple[str, str]) -> tuple[Side, Side]:
    return Side(*first, kept=False), Side(*second, kept=False)


CLARK, GTOPDB = "Clark 2014", "Guide to PHARMACOLOGY"


def both(first: tuple[str, str], second: tuple[str, str]) -> tuple[Side, Side]:
    return Side(*first, kept=True), Side(*second, kept=True)


WITH_ITSELF = {
    "letter-figure-1-patient": followed((LETTER, "limbs of Patient 1"), (LETTER, "Patient 3 59 years/F")),
    "letter-figure-1-weeks": followed((LETTER, "at 8-weeks"), (LETTER, "within 6 weeks")),
    "letter-complete-clearance": followed((LETTER, "in one patient"), (LETTER, "90% on the feet, Patient 2 had 50%")),
    "letter-plaques-took-longer": followed((LETTER, "12-14 weeks vs six weeks"), (LETTER, "starting at 6 weeks")),
    "letter-favourable-response": followed((LETTER, "favourable response"), (LETTER, "Only 50% flattening")),
    "letter-il15-downregulation": followed((LETTER, "downregulation"), (LETTER, "4% below the comparator")),
    "letter-il21-two-fold": followed((LETTER, "two-fold increase"), (LETTER, "2.33-fold")),
    "letter-il21-twice": followed((LETTER, "twice above the normal"), (LETTER, "2.33-fold")),
    "letter-ifng-activity": followed((LETTER, "IFN-γ activity"), (LETTER, "mRNA levels")),
    "letter-hypothesis-ifng-baricitinib": followed((LETTER, "lower likelihood"), (LETTER, "IFN-gamma at 0.08")),
    "letter-hypothesis-il21-tofacitinib": unresolved((LETTER, "a better option"), (LETTER, "100% resolution")),
    "letter-drugs-without-a-case": (
        Side(LETTER, "abrocitinib, tofacitinib, baricitinib, and upadacitinib", kept=True),
        Side(LETTER, "baricitinib and tofacitinib only", kept=True),
    ),
    "letter-jadoul-papules": (
        Side(LETTER, "Generalised plaque GA", kept=True),
        Side(LETTER, "improvement in papules", kept=False),
    ),
    "letter-nicotinamide-niacinamide": followed(
        (LETTER, "nicotinamide, niacinamide"), ("Wikipedia, Nicotinamide", "form of vitamin B3")
    ),
    "decernotinib-jak2-in-one-source": both((CLARK, "619 nM"), (CLARK, "24 nM")),
    "decernotinib-jak3-in-one-source": both((CLARK, "1.2 nM"), (CLARK, "74.4 nM")),
    "upadacitinib-jak1-in-one-source": both((GTOPDB, "43 nM"), (GTOPDB, "3 nM, at 1 uM ATP")),
}

SIGNALS = (LETTER, "JAK 1, JAK2, and TYK-2")
KREINS = ("Kreins 2015, J Exp Med", "IFN-γ, IL-28/29 (IFN-λ), and leukemia inhibitory factor (LIF) were normal")
CST = "Cell Signaling Technology, JAK/STAT utilization table"
LIANA = "LIANA, resource consensus"
OTHERS = {
    "ifng-tyk2-reactome": followed(SIGNALS, ("Reactome", "JAK1 and JAK2; no TYK2")),
    "ifng-tyk2-cst": followed(SIGNALS, (CST, "Jak1, Jak2")),
    "ifng-tyk2-human-genetics": followed(SIGNALS, KREINS),
    "ifng-tyk2-patients-preprint": followed(SIGNALS, ("authorea 523963", "comparable with that of healthy control")),
    "ifng-tyk2-mouse": followed(("Karaghiosoff 2000, Immunity", "also impaired in Tyk2-/- mice"), KREINS),
    "ifng-tyk2-review": followed(("O'Shea 2015, Annu Rev Med", "IFNγ, IL-12, IL-23"), KREINS),
    "pmc9184970-reversed": followed(
        ("PMC9184970, Table 1", "IFNGR1 with JAK2 and IFNGR2 with JAK1"),
        ("authorea 523963", "IFNGR1 with JAK1 and IFNGR2 with JAK2"),
    ),
    "uniprot-of-tyk2": followed(
        ("DrugMechDB", "UniProt:Q14289 | Tyrosine Kinase 2"),
        ("HGNC complete set, November 2024", "P29597; Q14289 is PTK2B"),
    ),
    "gtopdb-csf3": followed(("Guide to PHARMACOLOGY 2020.5", "CSF2RA and CSF2RB"), ("Reactome", "CSF3R")),
    "gtopdb-il1rn": followed(("Guide to PHARMACOLOGY 2020.5", "the IL-2 receptor"), ("WikiPathways", "(IL1R1)")),
    "liana-il21-il4r": followed((LIANA, '"IL21","IL4R"'), ("CellChatDB", "IL21R_IL2RG")),
    "liana-ifng-mpl": followed((LIANA, '"IFNG","MPL"'), ("CellChatDB", "IFNGR1_IFNGR2")),
    "liana-il15-il2ra": followed((LIANA, '"IL15","IL2RA"'), ("CellChatDB", "IL15RA_IL2RB_IL2RG")),
    "liana-il26-il20rb": followed((LIANA, '"IL26","IL20RB"'), (CST, "IL-20Rα+IL-10Rβ")),
    "hucira-osm": followed(
        ("Human Cytokine Dictionary, package hucira", "OSMR with IL6ST only"), ("CellPhoneDB v5", "OSM-IL6ST+LIFR")
    ),
    "hucira-il26": followed(
        ("Human Cytokine Dictionary, package hucira", "IL20RA with IL20RB"), ("CellPhoneDB v5", "IL26-IL10RB+IL20RA")
    ),
    "hucira-il35": (
        Side("Human Cytokine Dictionary, package hucira", "IL12RB2, IL27RA", kept=True),
        Side("CellPhoneDB v5", "EBI3+IL12A-IL12RB2+IL6ST", kept=True),
    ),
    "cellphonedb-il15": followed(("CellPhoneDB v5", "IL15-IL15RA+IL2RB"), ("CellPhoneDB v5", "heterotrimer")),
    "cst-il2-jak2": followed((CST, "Jak1,2,3"), ("WikiPathways", "JAK1 and JAK3")),
    "gcsf-cst-reactome": followed((CST, "G-CSFR Jak2, Tyk2"), ("Reactome", "JAK1 is required")),
    "gcsf-mcinnes-reactome": followed(
        ("McInnes 2019, Arthritis Res Ther", "JAK2/TYK2-dependent"), ("Reactome", "JAK1 is required")
    ),
    "gcsf-traves-reactome": followed(
        ("Traves 2021, Ann Rheum Dis", "JAK2/tyrosine kinase 2"), ("Reactome", "JAK1 is required")
    ),
    "gcsf-jak2-genetics": unresolved(("Reactome", "recruits and activates JAK2"), ("Parganas 1998", "unaffected")),
    "wp2374-jak3": followed(("WikiPathways", "JAK1, JAK2, JAK3 and TYK2"), (CST, "OSMR+gp130 Jak1,2, Tyk2")),
    "wp5422-il20rb": unresolved(("WikiPathways", "drawn in one group with IL20RB"), (CST, "Jak1, ?")),
    "snomed-doid-visualdx": followed(
        ("Human Disease Ontology", "200953005"), ("VisualDx, Granuloma annulare in Adult", "65508009")
    ),
    "snomed-doid-mondo": followed(("Human Disease Ontology", "200953005"), ("Mondo Disease Ontology", "65508009")),
    "icd9": unresolved(("Mondo Disease Ontology", "709.8"), ("Wikipedia, Granuloma annulare", "695.89")),
    "icd10": followed(
        ("coding.health, ICD-10 codes L946, L928 and L987", "L94.6"), ("VisualDx, Granuloma annulare in Adult", "L92.0")
    ),
    "approval-of-deuruxolitinib": followed(
        ("Javed 2024, Clin Res 5(1):23", "in July 2023"), ("openFDA drugsfda, NDA217900", "25 July 2024")
    ),
    "only-th1-min": followed(
        (LETTER, "only Th1 cytokines"), ("Min 2020, J Am Acad Dermatol 83:63", "IL-4 and IL-31 are raised too")
    ),
    "only-th1-wang": followed(
        (LETTER, "only Th1 cytokines"), ("Wang 2021, J Allergy Clin Immunol 147:1795", "macrophages upregulate")
    ),
    "only-th1-daccache": followed((LETTER, "only Th1 cytokines"), ("Daccache 2024", "mixed type 1 and type 2")),
    "only-th1-mohanty": followed((LETTER, "only Th1 cytokines"), ("Mohanty 2024", "a mixed immune profile")),
    "age-of-patients": followed(
        (LETTER, "elderly females"), ("VisualDx, Granuloma annulare in Adult", "aged younger than 30")
    ),
    "tyk2-of-baricitinib": followed(
        ("Chimalakonda 2021, Dermatol Ther (Heidelb)", "do not inhibit TYK2"),
        ("European product information of baricitinib", "5.9, 5.7, 53 and > 400 nM"),
    ),
    "tyk2-of-baricitinib-panel": followed(
        ("Chimalakonda 2021, Dermatol Ther (Heidelb)", "do not inhibit TYK2"), ("Clark 2014, J Med Chem", "61 nM")
    ),
    "tyk2-of-tofacitinib": followed(
        ("Chimalakonda 2021, Dermatol Ther (Heidelb)", "do not inhibit TYK2"),
        ("Davis 2011, Nat Biotechnol", "4.8 nM"),
    ),
}

DISCREPANCIES: dict[tuple[str, str], set[str]] = {
    ("seed text", "IFN-gamma signals via JAK1, JAK2 and TYK2"): {
        "ifng-tyk2-reactome", "ifng-tyk2-cst", "ifng-tyk2-human-genetics", "ifng-tyk2-patients-preprint",
        "ifng-tyk2-mouse", "ifng-tyk2-review",
    },
    ("PMC9184970 Table 1", "IFNGR1-JAK2 and IFNGR2-JAK1"): {"pmc9184970-reversed"},
    ("DrugMechDB baricitinib", "Tyrosine kinase 2 = UniProt Q14289"): {"uniprot-of-tyk2"},
    ("GtoPdb 2020.5", "CSF3 (G-CSF) is a ligand of CSF2RA/CSF2RB"): {"gtopdb-csf3"},
    ("GtoPdb 2020.5", "IL1RN is a ligand of the IL-2 receptor"): {"gtopdb-il1rn"},
    ("LIANA consensus", "IL21-IL4R; IFNG-MPL; IL15-IL2RA"): {"liana-il21-il4r", "liana-ifng-mpl", "liana-il15-il2ra"},
    ("hucira", "OSM: OSMR+IL6ST only; IL26: IL20RA+IL20RB"): {"hucira-osm", "hucira-il26"},
    ("CellPhoneDB v5", "IL15_receptor = IL15RA+IL2RB"): {"cellphonedb-il15"},
    ("CST table", "IL-2 uses JAK2 too"): {"cst-il2-jak2"},
    ("CST, McInnes, Traves", "G-CSF = JAK2/TYK2"): {
        "gcsf-cst-reactome", "gcsf-mcinnes-reactome", "gcsf-traves-reactome",
    },
    ("WP2374", "oncostatin M pathway contains JAK3"): {"wp2374-jak3"},
    ("WP5422", "IL20RB-JAK1"): {"wp5422-il20rb"},
    ("DOID:3777 vs MONDO:0006554", "SNOMED 200953005 vs 65508009"): {"snomed-doid-visualdx", "snomed-doid-mondo"},
    ("Mondo vs Wikipedia mirror", "ICD-9 709.8 vs 695.89"): {"icd9"},
    ("coding.health", "GA = ICD-10 L94.6"): {"icd10"},
    ("jclinical.org abstract", "deuruxolitinib approved July 2023"): {"approval-of-deuruxolitinib"},
    ("Pharmacolibrary", "deucravacitinib CL 4.1 L/h"): set(),  # no clearance is among the facts
    ("seed text vs Min 2020", "RNA-seq suggests upregulation of only Th1 cytokines"): {"only-th1-min"},
    ("seed text vs VisualDx", "GA presents in elderly females"): {"age-of-patients"},
    ("seed Figure 1 vs Table 1", "Patient 1 papular GA, cleared at 8 weeks"): {
        "letter-figure-1-patient", "letter-figure-1-weeks",
    },
    ("seed text vs Table 1", "no complete clearance in ONE plaque patient"): {"letter-complete-clearance"},
    ("seed Table 2 Jadoul", "type plaque"): {"letter-jadoul-papules"},
}  # fmt: skip
"""Row of source_discrepancies.tsv -> the disagreements that hold it."""

RANKS = {
    ("tofacitinib", "IL-2", "baricitinib"), ("tofacitinib", "IL-4", "baricitinib"),
    ("tofacitinib", "IL-15", "baricitinib"), ("tofacitinib", "IL-21", "baricitinib"),
    ("upadacitinib", "IL-2", "baricitinib"), ("upadacitinib", "IL-4", "baricitinib"),
    ("upadacitinib", "IL-15", "baricitinib"), ("upadacitinib", "IL-21", "baricitinib"),
    ("baricitinib", "GM-CSF", "tofacitinib"), ("baricitinib", "G-CSF", "tofacitinib"),
}  # fmt: skip
NUMBERS = {
    ("upadacitinib", "IL-6", "EC50", "=", "60.7"), ("tofacitinib", "IL-6", "EC50", "=", "119"),
    ("upadacitinib", "IL-7", "EC50", "=", "125"), ("tofacitinib", "IL-7", "EC50", "=", "79.1"),
    ("baricitinib", "IL-6", "IC50", "<", "50"), ("baricitinib", "IL-23", "IC50", "<", "50"),
}  # fmt: skip


@pytest.fixture(scope="module")
def sides(store: Store) -> dict[str, list[Row]]:
    """Disagreement -> a row of each of its sides, the first first."""
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in library.ask(store, "disagreements"):
        found[row["disagreement"].removeprefix("disagreement-")][row["side"]] = row
    return {name: list(rows.values()) for name, rows in found.items()}


@pytest.fixture(scope="module")
def assays(store: Store) -> list[Row]:
    """The rows of all cell assays."""
    return library.ask(store, "cell_assays")


# --- disagreements ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*WITH_ITSELF, *OTHERS])
def test_disagreement_has_both_sides(sides: dict[str, list[Row]], name: str) -> None:
    expected = (WITH_ITSELF | OTHERS)[name]
    assert len(sides[name]) == 2
    for row, side in zip(sides[name], expected, strict=True):
        assert row["citation"].startswith(side.who)
        assert side.words in f"{row['says']} | {row['quote']}"
        assert row["kept"] is side.kept
        assert row["locator"]
        assert row["reason"]
    assert [str(row["side"]).rpartition("-")[2] for row in sides[name]] == ["first", "second"]


def test_no_disagreement_is_left_out_here(sides: dict[str, list[Row]]) -> None:
    assert set(sides) == set(WITH_ITSELF) | set(OTHERS)


def test_every_known_discrepancy_is_there(shared: Path, sides: dict[str, list[Row]]) -> None:
    with (shared / "curation" / "source_discrepancies.tsv").open(encoding="utf-8") as table:
        known = {(row["where"], row["statement_found"]) for row in csv.DictReader(table, delimiter="\t")}
    assert known == set(DISCREPANCIES)
    assert set().union(*DISCREPANCIES.values()) <= set(sides)


def test_the_letter_is_always_quoted(shared: Path, sides: dict[str, list[Row]]) -> None:
    text = check.folded((shared / "sources" / "khurana-2025.txt").read_text(encoding="utf-8"))
    quotes = [row["quote"] for rows in sides.values() for row in rows if row["citation"].startswith(LETTER)]
    assert len(quotes) > 30
    for quote in quotes:
        assert quote
        assert check.folded(quote) in text


def test_about_names_a_case_and_a_cytokine(store: Store) -> None:
    about = defaultdict(set)
    for row in library.ask(store, "disagreements"):
        about[row["disagreement"].removeprefix("disagreement-")].add(row["about"])
    assert about["letter-figure-1-patient"] == {"khurana-2025-1", "khurana-2025-3"}
    assert about["letter-il15-downregulation"] == {"khurana-2025-1", "il15"}
    assert "ifng-receptor" in about["ifng-tyk2-human-genetics"]
    assert "granuloma-annulare" in about["age-of-patients"]


@pytest.mark.conformance
@pytest.mark.parametrize("side", ["first", "second"])
def test_a_paraphrase_of_a_side_is_found_out(tmp_path: Path, side: str) -> None:
    copy = Path(shutil.copytree(ROOT / "tests" / "mini", tmp_path / "facts"))
    sources = tmp_path / "sources"
    sources.mkdir()
    text = "responses to IL-21, IL-27, IFN-\nγ, IL-28/29 (IFN-λ), and leukemia\ninhibitory factor (LIF) were normal."
    impaired = "All eight TYK2-deficient patients displayed impaired but not abolished cellular responses to (a) IL-12"
    (sources / "kreins-2015.txt").write_text(f"{impaired} and IFN-α/β. Cellular\n{text}", encoding="utf-8")
    (sources / "cst-table.txt").write_text("IL-2 Jak1,2,3", encoding="utf-8")
    quotes = {"first": "IFN-γ, IL-28/29", "second": "Jak1,2,3"}
    row = [
        "one",
        "a topic",
        "il21",
        "this",
        "kreins-2015",
        "abstract",
        "{first}",
        "that",
        "cst-table",
        "row",
        "{second}",
    ]
    line = "\t".join([*row, "neither", "a reason", "JAK-KG team", "2026-11-23"])
    table = copy / "disagreements.tsv"
    header = table.read_text(encoding="utf-8")
    table.write_text(header + line.format(**quotes) + "\n", encoding="utf-8")
    assert "5 quotes found" in check.everything(copy, folder("ontology"), sources=sources).said
    table.write_text(header + line.format(**{**quotes, side: "it was so"}) + "\n", encoding="utf-8")
    with pytest.raises(Problems) as raised:
        check.everything(copy, folder("ontology"), sources=sources)
    (problem,) = raised.value.problems
    source = {"first": "kreins-2015", "second": "cst-table"}[side]
    assert problem.what == f"the quote 'it was so' is not in the text of {source}"
    assert (problem.place.file, problem.place.line) == (table, header.count("\n") + 1)


# --- cell assays ------------------------------------------------------------------------------------------------------


def test_every_cell_assay_has_a_source(assays: list[Row]) -> None:
    assert len(assays) == len({(row["assay"], row["compared"]) for row in assays})
    assert len({row["assay"] for row in assays}) == len(kg_facts.read(folder("ontology") / "facts").cell_assays)
    for row in assays:
        assert row["citation"]
        assert row["readIn"]
        assert row["locator"]
        assert row["quote"] or row["verification"] == "Unverified"


def test_ranks_are_no_numbers(assays: list[Row]) -> None:
    for row in assays:
        number = row["measure"] in ("EC50", "IC50")
        assert all((row[column] is not None) == number for column in ("value", "relation", "unit"))
        assert (row["measure"] in ("rank", "statement")) == (row["says"] is not None)
        assert (row["measure"] == "rank") == bool(row["compared"])
        assert not row["value"] or Decimal(str(row["value"]))


def test_ranks(assays: list[Row]) -> None:
    ranks = [row for row in assays if row["measure"] == "rank"]
    above = {(r["inhibitor"], r["cytokine"], r["compared"]) for r in ranks if r["says"] == "more potent than"}
    assert above == RANKS
    level = {(r["inhibitor"], r["cytokine"], r["compared"]) for r in ranks if r["says"] == "similar to"}
    assert level == {("baricitinib", name, "tofacitinib") for name in ("IL-6", "IL-10", "IFN-alpha")}


def test_numbers(assays: list[Row]) -> None:
    found = {tuple(r[c] for c in ("inhibitor", "cytokine", "measure", "relation", "value")) for r in assays}
    assert {row for row in found if row[4] is not None} == NUMBERS


def test_ifn_without_its_type_is_no_ifn_gamma(assays: list[Row]) -> None:
    of_ifng = {(row["citation"], row["measure"]) for row in assays if row["cytokine"] == "IFN-gamma"}
    assert of_ifng == {("McInnes 2019, Arthritis Res Ther", "statement")}


def test_ritlecitinib_is_on_the_gamma_chain(assays: list[Row]) -> None:
    assert {(r["cytokine"], r["says"]) for r in assays if r["inhibitor"] == "ritlecitinib"} == {
        (name, "inhibits") for name in ("IL-2", "IL-4", "IL-7", "IL-15", "IL-21")
    }


# --- dependent references ---------------------------------------------------------------------------------------------


def test_reports_that_the_letter_retells(store: Store) -> None:
    rows = library.ask(store, "dependent_references")
    links = {(row["reference"], row["how"], row["other"]) for row in rows}
    for other in ("yan-2022", "jadoul-2023", "kim-2023", "wang-2021"):
        assert ("ref-khurana-2025", "repeats", f"ref-{other}") in links
    assert ("ref-baricitinib-label", "repeats", "ref-fridman-2010") in links
    assert not {(other, how, one) for one, how, other in links} & links
