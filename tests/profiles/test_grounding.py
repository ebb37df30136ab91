"""Names: identifiers, symbols of genes, panels, mice and dates, each as a file or a program writes it."""

from pathlib import Path

import pytest

from kg.answers import hits
from kg.knowledge_graph import KnowledgeGraph
from kg.model.errors import Place, Problem, Problems
from kg.model.identifiers import identifier_of
from kg.profiles.grounding import Known, Names
from kg.profiles.spellings import SERIAL, Species
from kg.profiles.spreadsheet_dates import genes_of_date
from kg.sparql import library

HERE = Place("x")


@pytest.fixture(scope="module")
def names(graph: KnowledgeGraph) -> Names:
    return graph.once(Names)


def found(names: Names, name: str, *, gene: bool = False, species: Species = "human") -> str | None:
    """Return the thing of a name, or what is wrong with it."""
    one = names.of(species).find(name, HERE, gene=gene)
    return one.thing if isinstance(one, Known) else one.what if one else None


# --- identifiers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["HGNC:6001", "hgnc:6001", "P60568", "p60568", "P60568-1", "UniProtKB:P60568", "uniprot:P60568", "ENSG00000109471",
     "ENSG00000109471.4", "ensembl:ENSG00000109471", "NCBIGene:3558", "entrez:3558", "GeneID:3558",
     "IL2|3558", "ENSG00000109471.4_IL2", "IL-2 (IL2)"],
)  # fmt: skip
def test_an_identifier_is_a_name(names: Names, name: str) -> None:
    assert found(names, name, gene=True) == "il2"


def test_a_bare_number_is_a_gene_only_among_genes(names: Names) -> None:
    assert (found(names, "3558", gene=True), found(names, "3558")) == ("il2", None)
    numbers = [
        row["identifier"].partition(":")[2] for row in names.graph.rows("identifiers") if "NCBIG" in row["identifier"]
    ]
    assert len(numbers) > 100
    assert not [number for number in numbers if SERIAL.fullmatch(number)], "a gene that would be a day"


def test_identifiers_of_every_single_cytokine(names: Names) -> None:
    rows = names.graph.rows("identifiers")
    for thing, known in names._things.items():
        if known.kind == "Ligand" and (mine := [row["identifier"] for row in rows if row["thing"] == thing]):
            assert {name.partition(":")[0] for name in mine} == {"hgnc", "uniprot", "NCBIGene", "ensembl"}, thing


def test_an_entry_of_two_genes_is_refused(names: Names) -> None:
    assert found(names, "P01562") == "'P01562' is the product of several genes"


@pytest.mark.parametrize(
    "name",
    ["P99999", "Q00000", "ENSG00000000000", "ENSG00000109472.1", "HGNC:99999", "1552310_at", "ENST00000226730",
     "NM_000586", "NCBIGene:1", "ILMN_1234567"],
)  # fmt: skip
def test_no_name_is_near_to_an_identifier(names: Names, name: str) -> None:
    assert found(names, name, gene=True) is None
    assert "did you mean" not in names.unknown(name, HERE).remedy


@pytest.mark.parametrize(
    ("name", "ligand"),
    [("CCL29", "IL-2"), ("CCL222", "IL-22"), ("CXCL21", "IL-21"), ("IL-2RX", "IL-2"), ("IL-33R", "IL-33"),
     ("MIP-7", "IL-7"), ("IFNGRX", "IFNG")],
)  # fmt: skip
def test_no_cytokine_is_near_to_a_chemokine_or_receptor(names: Names, name: str, ligand: str) -> None:
    problem = names.ground(name, HERE)
    assert isinstance(problem, Problem)
    assert repr(ligand) not in problem.remedy
    assert "IL" not in problem.remedy.partition(";")[0].replace("as in IL21 or IL-21", "")


def test_drugs_and_parameters_have_identifiers(graph: KnowledgeGraph) -> None:
    for name in ("CHEMBL2105759", "chembl:CHEMBL2105759", "CHEBI:95341", "DB11817", "XUZMWHLSFXCVMG-UHFFFAOYSA-N"):
        assert hits.inhibitor(graph, name).id == "baricitinib", name
    with pytest.raises(Problems, match="is not a known inhibitor"):
        hits.inhibitor(graph, "P23458")
    for kind, name, thing in (
        ("Kinase", "P23458", "jak1"),
        ("Ligand", "HGNC:6001", "il2"),
        ("ReceptorChain", "3561", ""),
    ):
        if thing:
            assert library.thing_of(graph.store, f"jak:{kind}", name).endswith(f"/{thing}")
        else:
            with pytest.raises(ValueError, match="is not a known"):
                library.thing_of(graph.store, f"jak:{kind}", name)


def test_what_is_no_identifier() -> None:
    for text in ("IL-2", "IL2", "", ":", "x:y", "P01", "ENSG1", "CHEMBL", "a:b:c", "hgnc:", "HGNC:IL2", "12"):
        assert identifier_of(text) is None, text


# --- symbols of genes -------------------------------------------------------------------------------------------------


def test_among_genes_a_symbol_is_the_gene(names: Names) -> None:
    assert found(names, "TPO", gene=True) == "'TPO' is the approved symbol of thyroid peroxidase, not of thrombopoietin"
    assert (
        found(names, "CLC", gene=True)
        == "'CLC' is the approved symbol of Charcot-Leyden crystal galectin, not of CLCF1/CRLF1"
    )
    assert [found(names, name, gene=True) for name in ("THPO", "IL27", "CLCF1", "IFNG", "CXCL8", "IL8")] == [
        "thpo", "il27-p28", "clcf1-subunit", "ifng", "cxcl8", "cxcl8",
    ]  # fmt: skip
    assert [found(names, name) for name in ("TPO", "IL-27", "CLC")] == ["thpo", "il27", "clcf1"]
    for name in ("hgnc:12015", "ENSG00000115705", "NCBIGene:7173"):
        assert "thyroid peroxidase (TPO), not thrombopoietin" in str(found(names, name)), name


def test_a_probe_of_several_genes_is_none_of_them(names: Names) -> None:
    assert "names several genes" in str(found(names, "IL21 /// IL21-AS1", gene=True))
    assert "names several genes" in str(found(names, "IFNA1;IFNA13", gene=True))
    assert found(names, "KRT6A /// KRT6B", gene=True) is None


# --- panels -----------------------------------------------------------------------------------------------------------

LUMINEX = (
    "Eotaxin|G-CSF|GM-CSF|IFN-γ|IL-1RA|IL-1β|IL-2|IL-2R|IL-4|IL-6|IL-10|IL-12p40/p70|IL-13|IL-15|IL-17A|IP-10|MCP-1|MIG|"
    "MIP-1α|MIP-1β|RANTES|TNF-α"
)
BIOPLEX = (
    "Hu IL-1b (39)|Hu IL-1ra (25)|Hu IL-2 (38)|Hu IL-12 (p70) (75)|Hu IL-17A (76)|Hu Eotaxin (43)|Hu FGF basic (44)|"
    "Hu G-CSF (57)|Hu GM-CSF (34)|Hu IFN-g (21)|Hu IP-10 (48)|Hu MCP-1(MCAF) (53)|Hu MIP-1a (55)|Hu MIP-1b (18)|"
    "Hu PDGF-bb (47)|Hu RANTES (37)|Hu TNF-a (36)|Hu VEGF (45)|Hu IL-2Ra (13)|Hu IL-12 (p40) (28)|Hu CTACK (72)|"
    "Hu GRO-a (61)|Hu HGF (62)|Hu IFN-a2 (20)|Hu LIF (29)|Hu MCP-3 (26)|Hu M-CSF (67)|Hu MIF (35)|Hu MIG (14)|"
    "Hu b-NGF (46)|Hu SCF (65)|Hu SCGF-b (78)|Hu SDF-1a (22)|Hu TNF-b (30)|Hu TRAIL (66)"
)
MILLIPLEX = (
    "EGF|FGF-2|Eotaxin|TGF-α|Flt-3L|Fractalkine|IFN-α2|GRO|MCP-3|MDC|PDGF-AA|PDGF-AB/BB|sCD40L|IL-1ra|IL-1α|IL-9|"
    "IL-17E/IL-25|IL-17F|IL-12 (p40)|TNFβ|VEGF-A|IL-8 (CXCL8)|CCL2/JE/MCP-1"
)
MSD = (
    "IL-12/IL-23p40|IL-8 (HA)|VEGF-A|Eotaxin-3|MCP-4|TARC|IL-17A/F|IL-17B|bFGF|PlGF|Tie-2|VEGFR-1/Flt-1|CRP|ICAM-1|SAA"
)
OLINK = (
    "IL8|VEGFA|CD8A|MCP-3|GDNF|CDCP1|CD244|IL7|OPG|LAP TGF-beta-1|uPA|IL6|IL-17C|MCP-1|IL-17A|CXCL11|AXIN1|TRAIL|"
    "IL-20RA|CXCL9|CST5|IL-2RB|IL-1 alpha|OSM|IL2|CXCL1|TSLP|CCL4|CD6|SCF|IL18|SLAMF1|TGF-alpha|MCP-4|CCL11|TNFSF14|"
    "FGF-23|IL-10RA|FGF-5|MMP-1|LIF-R|FGF-21|CCL19|IL-15RA|IL-10RB|IL-22 RA1|IL-18R1|PD-L1|Beta-NGF|CXCL5|TRANCE|HGF|"
    "IL-12B|IL-24|IL13|ARTN|MMP-10|IL10|TNF|CCL23|CD5|CCL3|Flt3L|CXCL6|CXCL10|4E-BP1|IL-20|SIRT2|CCL28|DNER|EN-RAGE|"
    "CD40|IL33|IFN-gamma|FGF-19|IL4|LIF|NRTN|MCP-2|CASP-8|CCL25|CX3CL1|TNFRSF9|NT-3|TWEAK|CCL20|ST1A1|STAMBP|IL5|ADA|"
    "TNFB|CSF-1"
)
GENES = "GAPDH|ACTB|B2M|HPRT1|18S|RPLP0|TBP|PPIA|UBC|YWHAZ|GUSB|18S rRNA|β-actin"


@pytest.mark.parametrize("panel", [LUMINEX, BIOPLEX, MILLIPLEX, MSD, OLINK, GENES])
def test_a_panel_is_known_by_name(names: Names, panel: str) -> None:
    unknown = [name for name in panel.split("|") if not isinstance(names.measured(name, HERE), Known)]
    assert unknown == []


def test_what_counts_for_nothing_says_what_it_is(names: Names) -> None:
    said = {name: names.measured(name, HERE) for name in ("MCP-1", "EGF", "IL-2R", "GAPDH", "IL-1ra", "uPA")}
    assert {name: one.what for name, one in said.items() if isinstance(one, Known)} == {
        "MCP-1": "a chemokine", "EGF": "a growth factor", "IL-2R": "a receptor chain", "GAPDH": "a reference gene",
        "IL-1ra": "a cytokine that signals without a JAK", "uPA": "another protein",
    }  # fmt: skip
    assert all(isinstance(names.ground(name, HERE), Problem) for name in said)


def test_no_ligand_of_a_receptor_with_a_jak_counts_for_nothing(names: Names) -> None:
    coupled = {row["symbol"] for row in names.graph.rows("gene_symbols_of_cytokines")}
    assert len(coupled) > 200
    ours = {known.thing for known in names._analytes.values()}
    open_or_coupled = "GH1 PRL LEP CSF3 CSF2 TSLP EPO THPO OSM LIF CNTF CTF1 IL11 CRLF2 IL7 IL31 IL27 EBI3".split()
    assert not ours & {symbol.lower() for symbol in open_or_coupled}


@pytest.mark.parametrize(
    ("name", "thing"),
    [("Hu IL-2 (38)", "il2"), ("Human IL-6 (25)", "il6"), ("IL-6 pg/mL", "il6"), ("IL-6 (pg/ml)", "il6"),
     ("IL-6 [ng/mL]", "il6"), ("Hu IFN-a (14)", "ifna"), ("IL-2 (38)", "il2"), ("IFN-g (21)", "ifng"),
     ("IFN-a (14)", "'IFN-a (14)' ends in a bead region, as Bio-Plex writes it, or is IFN-alpha-14"),
     ("IL-12 (40)", "'IL-12 (40)' ends in a bead region, as Bio-Plex writes it, or is IL-12 subunit beta (p40)"),
     ("IL-17 (76)", "'IL-17 (76)' fits several cytokines"), ("IL-2 (1)", None), ("IL-1 (2)", None)],
)  # fmt: skip
def test_what_stands_around_a_name(names: Names, name: str, thing: str | None) -> None:
    assert found(names, name) == thing


# --- mice -------------------------------------------------------------------------------------------------------------


def test_a_column_of_the_mouse_is_seen(names: Names) -> None:
    assert names.murine(["Ifng", "Il21", "Ifna4", "Il12b"])
    assert names.murine(["Krt16", "Il6"])
    assert names.murine(["ENSMUSG00000055170.3"])
    assert names.murine(["Mo IL-6 (20)", "Mo TNF-a (23)"])
    for human in (["IL-6", "il-6", "Il6"], ["Leptin"], ["IL6", "Ifng", "TNF"], ["Fas", "IL-2", "TNF"], [], ["Krt16"]):
        assert not names.murine(human), human


def test_genes_of_the_mouse_lead_to_the_human_orthologue(names: Names) -> None:
    leads = {
        "Ifng": "ifng", "Il12b": "il12b", "Il27": "il27-p28", "MGI:107656": "ifng", "ENSMUSG00000055170.3": "ifng",
        "Il22": "il22", "Prl": "prl", "Cxcl1": "cxcl1",
    }  # fmt: skip
    for gene, thing in leads.items():
        assert found(names, gene, gene=True, species="mouse") == thing
    assert "has no single human orthologue" in str(found(names, "Ifna4", gene=True, species="mouse"))
    assert "has no single human orthologue" in str(found(names, "Gh", gene=True, species="mouse"))
    for gene in ("Il26", "Cxcl8", "Ifnw1", "Il8", "Ifnl1", "Il32", "Il37", "Ccl18"):
        assert "the mouse has no orthologue of" in str(found(names, gene, gene=True, species="mouse")), gene
    assert "thyroid peroxidase" in str(found(names, "Tpo", gene=True, species="mouse"))
    assert found(names, "IFN-alpha", species="mouse") == "ifna"


def test_what_is_of_the_mouse_is_said_among_human_names(names: Names) -> None:
    assert found(names, "ENSMUSG00000055170") == "'ENSMUSG00000055170' is a gene of the mouse, Ifng"
    assert found(names, "Mo IL-6 (20)") == "'Mo IL-6 (20)' was measured by a kit for mouse"


def test_a_file_of_the_mouse_is_refused_until_somebody_says_so(graph: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "mouse.csv"
    file.write_text("gene,log2FC\nIfng,3.2\nIl21,1.1\nIl12b,1.5\nGapdh,0\n", encoding="utf-8")
    with pytest.raises(Problems, match=r"spelt as genes of the mouse .*: say --species mouse"):
        graph.ask(file, comparator="vehicle-treated skin")
    answer = graph.ask(file, comparator="vehicle-treated skin", species="mouse")
    assert [one.cytokine for one in answer.profile.signals] == ["ifng", "il12b", "il21"]
    assert (
        answer.caveats[0] == "Genes of the mouse were read by their human orthologues: routes and potencies are human."
    )
    human = graph.ask(file, comparator="vehicle-treated skin", species="human")
    assert [one.cytokine for one in human.profile.signals] == ["ifng", "il12b", "il21"]
    assert "mouse" not in human.caveats[0]


# --- dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "genes"),
    [("1-Mar", "MARCHF1 (MARCH1) or MTARC1 (MARC1)"), ("2-Sep", "SEPTIN2 (SEPT2)"), ("Sep-02", "SEPTIN2 (SEPT2)"),
     ("2023-03-05", "MARCHF5 (MARCH5)"), ("2023-09-07 00:00:00", "SEPTIN7 (SEPT7)"), ("1-Dec", "DELEC1 (DEC1)"),
     ("5. Mrz", "MARCHF5 (MARCH5)"), ("09/04/2024", "SEPTIN4 (SEPT4)"), ("04.09.2024", "SEPTIN4 (SEPT4)"),
     ("45170", "SEPTIN1 (SEPT1)"), ("3-Apr", "a gene symbol such as MARCHF1 or SEPTIN2"),
     ("MARCHF1", None), ("SEPT2", None), ("IL-2", None), ("3558", None), ("2023-13-45", None), ("IL 12", None)],
)  # fmt: skip
def test_a_date_is_named_as_what_it_was(text: str, genes: str | None) -> None:
    assert genes_of_date(text, gene=True) == genes


def test_a_date_among_cytokines(names: Names) -> None:
    assert names.unknown("1-Mar", HERE).what.startswith("'1-Mar' is a date that a spreadsheet made of MARCHF1")
