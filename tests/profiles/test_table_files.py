"""Tables as programs and people write them: read with at most a comparator and one choice, or refused with how."""
# ruff: noqa: E501 - tables are as wide as their programs write them

import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas
import polars
import pytest

from kg.cli import main
from kg.knowledge_graph import KnowledgeGraph
from kg.model.errors import Problems
from kg.profiles import assembly, profile
from kg.profiles.choices import Reading

OWN = "non-lesional"
AGAINST = Reading(comparator=OWN)


def read(graph: KnowledgeGraph, text: str | bytes, name: str = "x.csv", **options: Any) -> profile.Profile:
    data = text.encode() if isinstance(text, str) else text
    options.setdefault("comparator", OWN)
    return assembly.read(graph, Path(name), data, reading=Reading(**options))


def refused(graph: KnowledgeGraph, text: str | bytes, name: str = "x.csv", **options: Any) -> str:
    with pytest.raises(Problems) as caught:
        read(graph, text, name, **options)
    return "\n".join(map(str, caught.value.problems))


def ratios(found: profile.Profile) -> dict[str, float | str]:
    return {one.cytokine: round(float(one.ratio), 2) if one.ratio else str(one.reported) for one in found.signals}


def directions(found: profile.Profile) -> dict[str, str]:
    return {one.cytokine: one.direction() for one in found.signals}


# --- as the tools write them ------------------------------------------------------------------------------------------

DESEQ2 = """"","baseMean","log2FoldChange","lfcSE","stat","pvalue","padj"
"IL21",12.4,2.31,0.61,3.79,0.00015,0.0021
"IFNG",33.9,1.87,0.52,3.6,0.00032,0.0038
"IL15",0.7,2.2,1.9,1.2,0.22,NA
"OSM",80.2,1.9,1.2,1.6,0.11,0.31
"KRT16",2210.5,4.02,0.33,12.2,3.1e-34,1.2e-30
"""
LIMMA = """"","logFC","AveExpr","t","P.Value","adj.P.Val","B"
"IL26",4.39,3.05,23.4,1.2e-56,1.0e-54,117.5
"OSM",3.36,2.32,11.6,1.7e-23,1.2e-22,42.7
"""
LIMMA_TABS = "logFC\tAveExpr\tt\tP.Value\tadj.P.Val\tB\nIL26\t4.39\t3.05\t23.4\t1e-56\t1e-54\t117\nKRT16\t3\t2\t11\t1e-23\t1e-22\t4\n"
EDGER = (
    "genes\tlogFC\tlogCPM\tF\tPValue\tFDR\nIL21\t2.11\t0.3\t18.2\t2e-05\t0.001\nIFNG\t1.42\t2.1\t12.9\t3e-04\t0.01\n"
)
EDGER_TWO = "genes\tlogFC.LS\tlogFC.HC\tlogCPM\tF\tPValue\tFDR\nIL21\t2.11\t-2\t3.3\t18.2\t2e-05\t0.001\n"
SEURAT = """"","p_val","avg_log2FC","pct.1","pct.2","p_val_adj","cluster","gene"
"IFNG",1e-50,3.1,0.41,0.05,2e-46,"CD8 T","IFNG"
"IL15",2e-12,2.2,0.12,0.01,4e-08,"keratinocyte","IL15"
"""
SCANPY = """,group,names,scores,logfoldchanges,pvals,pvals_adj
0,lesional,IFNG,12.1,2.9,1e-20,1e-17
1,lesional,IL21,4.4,1.9,1e-06,1e-04
2,healthy,OSM,4.1,1.5,1e-06,1e-04
"""
GEO2R = """"ID"\t"adj.P.Val"\t"P.Value"\t"t"\t"B"\t"logFC"\t"Gene.symbol"\t"Gene.title"
"210354_at"\t"0.001"\t"1e-5"\t"9.1"\t"4.2"\t"2.5"\t"IFNG"\t"interferon gamma"
"221271_at"\t"0.002"\t"2e-5"\t"8.1"\t"3.2"\t"2.2"\t"IL21"\t"interleukin 21"
"221272_at"\t"0.01"\t"2e-3"\t"5.1"\t"1.2"\t"1.2"\t"IL21"\t"interleukin 21"
"1552609_s_at"\t"0.5"\t"0.4"\t"1"\t"-4"\t"0.3"\t"KRT16"\t"keratin 16"
"208173_at"\t"0.03"\t"0.01"\t"3"\t"-1"\t"3.3"\t"IL15///IL15-AS"\t"interleukin 15///x"
"""
OLINK_TEST = """"Assay","OlinkID","UniProt","Panel","estimate1","estimate2","estimate","statistic","p.value","Adjusted_pval","Threshold"
"IFN-gamma","OID00534","P01579","Olink INFLAMMATION",7.4,5.1,2.3,6.2,0.0001,0.002,"Significant"
"IL6","OID00482","P05231","Olink INFLAMMATION",4.9,4.7,0.2,0.6,0.5,0.7,"Non-significant"
"""
OLINK_LONG = """SampleID;Index;OlinkID;UniProt;Assay;MissingFreq;Panel;Panel_Version;PlateID;QC_Warning;LOD;NPX
P01_LES;1;OID00534;P01579;IFN-gamma;0;Olink INFLAMMATION;v.3012;P1;Pass;0.8;7.42
P01_NL;2;OID00534;P01579;IFN-gamma;0;Olink INFLAMMATION;v.3012;P1;Pass;0.8;5.11
P01_LES;1;OID00482;P05231;IL6;0;Olink INFLAMMATION;v.3012;P1;Pass;1.1;4.9
P01_NL;2;OID00482;P05231;IL6;0;Olink INFLAMMATION;v.3012;P1;Pass;1.1;4.7
"""
LUMINEX = """Location,Sample,IFNg,IL-21,IL-6,TNFa,Total Events
"1(1,A1)",Background0,2.1,OOR <,1.9,0.6,712
"2(1,B1)",P01 lesion,41.2,38.5,12.1,9.9,655
"3(1,C1)",P01 non-lesion,11.0,OOR <,10.9,OOR <,688
"""
MSD = """Plate Name,Sample,Assay,Well,Detection Limits: Calc. Low,Signal,Calc. Concentration,Calc. Conc. Mean,Detection Range
P1,LES,IFN-γ,A01,0.2,9000,41,41.2,In Detection Range
P1,LES,IFN-γ,A02,0.2,9050,41.4,41.2,In Detection Range
P1,NL,IFN-γ,B01,0.2,3000,11,11,In Detection Range
P1,LES,IL-15,A01,0.3,900,4.1,4.1,In Detection Range
P1,NL,IL-15,B01,0.3,10,NaN,NaN,Below Fit Curve Range
"""
QPCR = """Block Type,96well
Experiment Name,IL panel

Well,Sample Name,Target Name,Task,RQ,RQ Min,RQ Max,Ct Mean,ΔΔCt
A1,lesion,IL21,UNKNOWN,2.639,2.1,3.3,31.2,-1.4
A2,lesion,IL21,UNKNOWN,2.639,2.1,3.3,31.2,-1.4
A3,lesion,IFNG,UNKNOWN,0.08,0.06,0.1,30.1,3.64
B1,non-lesion,IL21,UNKNOWN,1,0.9,1.1,32.5,0
B2,non-lesion,IFNG,UNKNOWN,1,0.9,1.1,26.4,0
"""
NANOSTRING = """,Log2 fold change,std error (log2),Lower confidence limit (log2),Upper confidence limit (log2),Linear fold change,P-value,BY.p.value,method,Gene.sets,probe.ID
IFNG-mRNA,2.31,0.4,1.5,3.1,4.96,0.0001,0.004,lm.nb,Cytokines,NM_000619.2:970
IL21-mRNA,1.2,0.9,-0.5,2.9,2.3,0.2,0.6,lm.nb,Cytokines,NM_021803.2:360
CD3E-mRNA,0.4,0.2,0,0.8,1.32,0.1,0.4,simplified,T-cells,NM_000733.2:75
"""

TOOLS: list[tuple[str, str, dict[str, Any], dict[str, float | str], dict[str, str]]] = [
    (
        "DESeq2", DESEQ2, {}, {"il21": 4.96, "ifng": 3.66, "osm": 3.73},
        {"il21": "raised", "ifng": "raised", "osm": "not significant"},
    ),
    ("limma", LIMMA, {}, {"il26": 20.97, "osm": 10.27}, {"il26": "raised", "osm": "raised"}),
    ("limma, write.table", LIMMA_TABS, {}, {"il26": 20.97}, {"il26": "raised"}),
    ("edgeR", EDGER, {}, {"il21": 4.32, "ifng": 2.68}, {"il21": "raised", "ifng": "raised"}),
    ("edgeR, two coefficients", EDGER_TWO, {"contrast": "LS"}, {"il21": 4.32}, {"il21": "raised"}),
    ("Seurat", SEURAT, {"where": (("cluster", "CD8 T"),)}, {"ifng": 8.57}, {"ifng": "raised"}),
    ("scanpy", SCANPY, {"where": (("group", "lesional"),)}, {"ifng": 7.46, "il21": 3.73}, {"ifng": "raised", "il21": "raised"}),
    ("GEO2R", GEO2R, {}, {"ifng": 5.66, "il21": 2.3}, {"ifng": "raised", "il21": "raised"}),
    ("Olink, test", OLINK_TEST, {}, {"ifng": 4.92, "il6": 1.15}, {"ifng": "raised", "il6": "not significant"}),
    ("Olink, long", OLINK_LONG, {"ratio": "P01_LES/P01_NL"}, {"ifng": 4.96, "il6": 1.15}, {"ifng": "raised", "il6": "unchanged"}),
    (
        "Luminex", LUMINEX, {"ratio": "P01 lesion/P01 non-lesion"},
        {"ifng": 3.75, "il21": "raised", "il6": 1.11, "tnf": "raised"},
        {"ifng": "raised", "il21": "raised", "il6": "unchanged", "tnf": "raised"},
    ),
    ("MSD", MSD, {"ratio": "LES/NL"}, {"ifng": 3.75, "il15": "raised"}, {"ifng": "raised", "il15": "raised"}),
    ("qPCR", QPCR, {"where": (("Sample Name", "lesion"),)}, {"il21": 2.64, "ifng": 0.08}, {"il21": "raised", "ifng": "lowered"}),
    ("NanoString", NANOSTRING, {}, {"ifng": 4.96, "il21": 2.3}, {"ifng": "raised", "il21": "not significant"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "options", "expected", "said"), [one[1:] for one in TOOLS], ids=[one[0] for one in TOOLS]
)
def test_a_table_as_its_tool_writes_it(
    graph: KnowledgeGraph, text: str, options: dict[str, Any], expected: dict[str, float | str], said: dict[str, str]
) -> None:
    found = read(graph, text, **options)
    about = {name: one if isinstance(one, str) else pytest.approx(one, rel=0.01) for name, one in expected.items()}
    assert ratios(found) == about
    assert directions(found) == said
    assert found.comparator == "own-uninvolved-skin"


@pytest.mark.parametrize("text", [SEURAT, SCANPY, EDGER_TWO, OLINK_LONG, LUMINEX, MSD, QPCR])
def test_without_the_choice_it_is_refused_with_how_to_choose(graph: KnowledgeGraph, text: str) -> None:
    said = refused(graph, text)
    assert any(option in said for option in ("--where", "--contrast", "--ratio"))


@pytest.mark.parametrize(
    ("header", "cell", "said"),
    [
        *((header, "ns", "not significant") for header in ("p.adj.signif", "Signif", "Significance", "padj", "pvalue", "LS_signif")),
        *((header, "no", "not significant") for header in ("significant", "sig", "threshold", "padj < 0.05", "DE")),
        *((header, "**", "raised") for header in ("p.adj.signif", "Significance", "padj", "pvalue")),
        *((header, "yes", "raised") for header in ("significant", "sig", "threshold", "padj < 0.05", "DE")),
        *((header, "0", "not significant") for header in ("significant", "sig")),
        *((header, "0.81", "not significant") for header in (
            "Bonferroni", "p_bonf", "lfsr", "FWER", "p.corrected", "Benjamini", "Holm", "max_pval", "pFDR", "Sig.", "p-Wert",
            "adj_pval_fdr", "p fold change", "p-value adjusted (Holm)", "minimum_p_val",
        )),
        *((header, "0.09", "not significant") for header in ("-log10(padj)", "neg_log10_FDR", "-log10 p-value", "padj (-log10)")),
        *((header, "2.5", "raised") for header in ("-log10(padj)", "neg_log10_FDR", "-log10 p-value")),
        ("padj", ">0.05", "not significant"), ("padj", "<0.001", "raised"), ("padj", "81%", "not significant"),
        ("q-value(%)", "81", "not significant"), ("Significance", "p<0.01", "raised"), ("pvalue", "> 0.05", "not significant"),
    ],
)  # fmt: skip
def test_significance_is_never_lost(graph: KnowledgeGraph, header: str, cell: str, said: str) -> None:
    other = {"no": "yes", "yes": "no", "0": "1"}.get(cell, cell)
    assert directions(read(graph, f"gene,log2FC,{header}\nIL21,2,{cell}\nOSM,2,{other}\n"))["il21"] == said


def test_what_says_no_significance_is_an_error(graph: KnowledgeGraph) -> None:
    for header, cell in (("padj", "yellow"), ("padj", "1.2"), ("padj", ">0.01"), ("significant", "perhaps")):
        said = refused(graph, f"gene,log2FC,{header}\nIL21,2,{cell}\nOSM,2,0.01\n")
        assert f"{header} '{cell}' says neither how significant it is nor that it is not" in said
    up = read(graph, "gene,log2FC,Significance\nIL21,2,Up\nOSM,2,Not Sig\n")
    assert directions(up) == {"il21": "raised", "osm": "not significant"}
    assert "says raised" in refused(graph, "gene,log2FC,Significance\nIL21,2,Down\nOSM,2,Not Sig\n")


@pytest.mark.parametrize("nothing", ["NA", "", "#N/A", "#DIV/0!", "NaN"])
def test_a_gene_that_was_not_tested_in_a_short_table(graph: KnowledgeGraph, nothing: str) -> None:
    found = read(graph, f"gene,log2FC,padj\nIL21,2.2,{nothing}\nIFNG,1.9,0.003\n")
    assert (ratios(found), found.not_measured) == ({"ifng": 3.73}, ("IL-21",))
    cytokines = f"cytokine,ratio,adjusted p\nIL-21,2.2,{nothing}\nIFN-g,1.9,0.003\n"
    assert set(ratios(read(graph, cytokines))) == {"il21", "ifng"}


@pytest.mark.parametrize(
    ("header", "ratio"),
    [
        *((header, 4) for header in (
            "Fold Change (log2)", "FC (log2)", "Ratio (log2)", "log2 mean ratio", "log2 relative expression",
            "log2 fold difference", "log2 of fold change", "log2(lesional/non-lesional)", "-ddCt", "Log2-Fache Änderung",
            "log2 (fold change LS)",
        )),
        *((header, 2) for header in (
            "Verhältnis", "x-fach", "Quotient", "FC_LS_vs_NL", "Ratio lesional/non-lesional", "Fold change (LS)",
        )),
        ("Fold change (ln)", 7.389), ("log10 ratio", 100),
        *((header, None) for header in (
            "Log Ratio", "log_ratio", "log1p fold change", "Fold change (%)", "ratio [%]", "inverse ratio", "1/ratio",
            "p fold change", "expected ratio", "Hedges g log2 ratio", "-log2FC", "log2FC (%)", "estimate", "beta", "M",
            "Veränderung", "CI ratio", "abs(log2FC)", "downregulated fold change", "SD of fold change",
        )),
    ],
)  # fmt: skip
def test_a_word_beside_the_header_of_a_value(graph: KnowledgeGraph, header: str, ratio: float | None) -> None:
    text = f"gene,{header}\nIL21,2\nIFNG,0.1\n"
    if ratio is None:
        said = refused(graph, text)
        assert f"{header!r} was not read" in said or f"{header!r} is in percent" in said
    else:
        assert ratios(read(graph, text))["il21"] == pytest.approx(ratio, rel=1e-2)


@pytest.mark.parametrize(
    ("header", "comparator"),
    [
        ("FC_NL_vs_LS", OWN), ("logFC_NL_vs_LS", OWN), ("Ratio non-lesional/lesional", OWN),
        ("log2FC (healthy_vs_GA)", "healthy-control-skin"), ("FC HC/GA", "healthy-control-blood"),
        ("log2(NL/LS)", OWN), ("log2FC (NL/LS)", OWN), ("logFC (healthy vs lesional)", OWN),
        ("log2 fold change (MLE): condition NL vs LS", OWN), ("FC NL over LS", OWN), ("logFC.NLvsLS", OWN),
    ],
)  # fmt: skip
def test_a_ratio_that_is_turned_around(graph: KnowledgeGraph, header: str, comparator: str) -> None:
    text = f"gene,{header}\nIL21,2\n"
    assert "the ratio is turned around" in refused(graph, text, comparator=comparator)
    if "healthy vs" in header or "NL vs" in header or "over" in header or "NLvs" in header:
        return
    right = header.replace("NL_vs_LS", "LS_vs_NL").replace("non-lesional/lesional", "lesional/non-lesional")
    right = right.replace("healthy_vs_GA", "GA_vs_healthy").replace("HC/GA", "GA/HC").replace("NL/LS", "LS/NL")
    assert read(graph, f"gene,{right}\nIL21,2\n", comparator=comparator).signals
    rows = "contrast,gene,log2FC\nNL vs LS,IL21,2\n"
    assert "the ratio is turned around" in refused(graph, rows)


def test_what_was_not_tested_is_not_measured(graph: KnowledgeGraph) -> None:
    found = read(graph, DESEQ2)
    assert found.not_measured == ("IL-15",)
    assert any(note.startswith("IL-15 has no padj") for note in found.notes)


def test_probes_of_one_gene_must_agree(graph: KnowledgeGraph) -> None:
    assert any("2 rows are of IL-21, all raised" in note for note in read(graph, GEO2R).notes)
    apart = GEO2R.replace('"1.2"\t"IL21"', '"-2.2"\t"IL21"').replace('"t"\t"B"\t"logFC"', '"t"\t"B"\t"logFC"')
    found = read(graph, apart.replace('"5.1"\t"1.2"\t"1.2"', '"-5.1"\t"1.2"\t"-1.2"'))
    assert found.not_measured == ("IL-21",)
    assert any("say different things" in note for note in found.notes)
    assert any("IL15///IL15-AS" in note for note in found.notes)


# --- columns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "gene", "Genes", "SYMBOL", "Gene.symbol", "gene_name", "names", "Gene Symbol", "external_gene_name", "feature",
        "Assay", "Analyte", "Target", "Target Name", "Protein", "cytokine", "marker", "hgnc_symbol", "GeneName", '""',
    ],
)  # fmt: skip
def test_a_header_of_names(graph: KnowledgeGraph, header: str) -> None:
    assert ratios(read(graph, f"{header},logFC\nIL21,2\n")) == {"il21": 4}


@pytest.mark.parametrize(
    ("header", "cell", "ratio"),
    [
        *((header, "2", 4.0) for header in (
            "log2FoldChange", "logFC", "avg_log2FC", "logfoldchanges", "log2FC", "log2 ratio", "LFC", "Log2 Fold Change",
            "log2(fold change)", "NPX difference", "log2_fc", "dNPX",
        )),
        *((header, "4", 4.0) for header in (
            "FC", "Fold Change", "FoldChange", "RQ", "ratio", "2^-ddCt", "2^-ΔΔCt", "fold_change", "Rel. Expression",
            "Linear fold change",
        )),
        *((header, "-2", 4.0) for header in ("ddCt", "ΔΔCt", "ddCq", "Delta Delta Ct")),
        ("avg_logFC", "1", 2.718), ("log10FC", "1", 10.0),
    ],
)  # fmt: skip
def test_a_header_of_values(graph: KnowledgeGraph, header: str, cell: str, ratio: float) -> None:
    assert ratios(read(graph, f"gene,{header}\nIL21,{cell}\n"))["il21"] == pytest.approx(ratio, rel=1e-3)


@pytest.mark.parametrize(
    "header",
    ["padj", "adj.P.Val", "FDR", "pvals_adj", "p_val_adj", "q", "qvalue", "q-value", "Adjusted_pval", "BH", "p.adjust"],
)
def test_a_header_of_significance(graph: KnowledgeGraph, header: str) -> None:
    assert directions(read(graph, f"gene,logFC,{header}\nIL21,2,0.4\n")) == {"il21": "not significant"}


@pytest.mark.parametrize(
    "header",
    ["log2 normalized counts", "lower CI log2FC", "log2FC SE", "-log10(padj)", "log2 LS", "NPX", "AveExpr", "Ct"],
)
def test_what_looks_like_a_ratio_and_is_none(graph: KnowledgeGraph, header: str) -> None:
    said = refused(graph, f"gene,{header}\nIL21,2.5\nIFNG,1.5\n")
    assert "no column ratio, log2 or direction" in said or "level" in said


def test_a_signed_fold_change_is_one_where_the_column_shows_it(graph: KnowledgeGraph) -> None:
    found = read(graph, "gene,FC\nIL21,-2.5\nIFNG,4\n")
    assert ratios(found) == {"il21": 0.4, "ifng": 4}
    assert any("signed" in note for note in found.notes)
    assert "is negative" in refused(graph, "gene,FC\nIL21,-2.5\nIFNG,0.4\n")
    assert "is negative" in refused(graph, "gene,FC\nIL21,-2.5\nIFNG,-3\n")


@pytest.mark.parametrize(
    ("fold", "log2", "agree"),
    [
        ("2.5", "1.3219281", True), ("2.5", "1.3", True), ("0.00", "-9.1", True), ("-2.5", "-1.32", False),
        ("2.5", "-1.32", False), ("2.5", "1.5", False), ("2", "-1", False), ("2", "1", True),
    ],
)  # fmt: skip
def test_ratio_and_log2_must_agree_to_rounding(graph: KnowledgeGraph, fold: str, log2: str, *, agree: bool) -> None:
    text = f"gene,FoldChange,log2FoldChange\nIL21,{fold},{log2}\n"
    if agree:
        assert read(graph, text).signals
    else:
        assert "FoldChange" in refused(graph, text)


def test_several_contrasts_are_named_and_one_is_chosen(graph: KnowledgeGraph) -> None:
    text = "gene,logFC_LS,padj_LS,logFC_HC,padj_HC\nIL21,2,0.01,-1,0.9\n"
    assert "several contrasts are in this table: 'LS', 'HC': choose one, as in --contrast LS" in refused(graph, text)
    assert directions(read(graph, text, contrast="LS")) == {"il21": "raised"}
    assert directions(read(graph, text, contrast="logFC_HC")) == {"il21": "not significant"}
    assert "there is no contrast 'LX'" in refused(graph, text, contrast="LX")
    merged = "gene,log2FoldChange.x,padj.x,log2FoldChange.y,padj.y\nIL21,2,0.01,-1,0.01\n"
    assert ratios(read(graph, merged, contrast="y")) == {"il21": 0.5}
    rows = "contrast,gene,logFC\nLS vs NL,IL21,2\nLS vs HC,IL21,3\n"
    assert "choose one, as in --contrast 'LS vs NL'" in refused(graph, rows)
    assert ratios(read(graph, rows, contrast="LS vs HC", comparator="healthy-control-skin")) == {"il21": 8}


def test_significance_of_all_contrasts_together_is_not_that_of_one(graph: KnowledgeGraph) -> None:
    found = read(graph, EDGER_TWO, contrast="HC")
    assert found.signals[0].adjusted_p is None
    assert "FDR is of all contrasts together: it was not read." in found.notes


# --- samples ----------------------------------------------------------------------------------------------------------

DISJOINT = "{},cytokine,ratio\nP01,IL-21,2.33\nP02,IFN-gamma,6.1\n"


@pytest.mark.parametrize(
    "header",
    [
        "patient", "Pat.", "pt_no", "Patient ID", "subject", "SampleID", "sample", "visit", "Zeitpunkt", "biopsy",
        "leiden", "barcode", "cluster", "seurat_clusters", "cell_type", "tissue", "donor", "arm", "group", "region",
        "timepoint", "week", "x", "unnamed thing",
    ],
)  # fmt: skip
def test_samples_are_never_pooled(graph: KnowledgeGraph, header: str) -> None:
    said = refused(graph, DISJOINT.format(header))
    assert "samples are never pooled: 'P01', 'P02'" in said
    assert "--where" in said
    assert "--by" in said
    found = read(graph, DISJOINT.format(header), where=((header, "P02"),))
    assert ratios(found) == {"ifng": 6.1}


def test_a_column_that_behaves_as_one_of_samples(graph: KnowledgeGraph) -> None:
    text = "what,cytokine,ratio\n" + "".join(
        f"{what},{name},{ratio}\n" for what in ("first look", "later") for name, ratio in (("IL-21", 2), ("OSM", 1))
    )
    assert "the column what has several values" in refused(graph, text)
    apart = "what,cytokine,ratio\nknee,IL-21,2\nknee,OSM,3\nhand,IL-4,2\nhand,IL-13,2\n"
    assert "the column what has several values: 'knee', 'hand'" in refused(graph, apart).replace(
        ", and samples are never pooled", ""
    )


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("chromosome", ["chr4", "chr12", "chr4", "chr12"]), ("chromosome_name", ["4", "12", "4", "12"]),
        ("GO_slim", ["a", "b", "a", "b"]), ("description", ["a", "b", "a", "b"]),
        ("Panel", ["x", "x", "y", "y"]), ("plate", ["1", "2", "1", "2"]),
        ("mw", ["12.5", "30.1", "14.4", "12.5"]), ("UniProt", ["P01579", "Q9HBE4", "P13725", "P05112"]),
        ("unit", ["pg/mL", "ng/mL", "pg/mL", "pg/mL"]), ("who", ["AB", "AB", "AB", "AB"]), ("nr", ["1", "2", "3", "4"]),
    ],
)  # fmt: skip
def test_a_column_that_tells_no_samples_apart(graph: KnowledgeGraph, header: str, values: Sequence[str]) -> None:
    names = ("IFN-gamma", "IL-21", "OSM", "IL-4")
    text = f"cytokine,ratio,{header}\n" + "".join(f"{n},2,{v}\n" for n, v in zip(names, values, strict=True))
    found = read(graph, text)
    assert len(found.signals) == 4
    assert any(header in note for note in found.notes)


def test_a_whole_table_with_a_column_of_clusters_of_an_unknown_header(graph: KnowledgeGraph) -> None:
    rows = [f"{name}{n},1.5,{ident}\n" for ident in ("T", "B") for name in ("GENE",) for n in range(150)]
    text = "gene,logFC,louvain_res\n" + "IL21,2,T\nIFNG,2,B\n" + "".join(rows)
    assert "'T', 'B'" in refused(graph, text)
    assert "'T', 'B'" in refused(graph, text.replace("louvain_res", "xyz"))


def test_a_sample_in_json_and_a_frame_is_one_too(graph: KnowledgeGraph) -> None:
    rows = [{"patient": "P01", "cytokine": "IL-21", "ratio": 2}, {"patient": "P02", "cytokine": "OSM", "ratio": 3}]
    for given in (rows, {"signals": rows}, pandas.DataFrame(rows), polars.DataFrame(rows)):
        with pytest.raises(Problems, match="samples are never pooled"):
            graph.ask(given, comparator=OWN)
        assert graph.ask(given, comparator=OWN, where={"patient": "P01"}).profile.signals[0].cytokine == "il21"
    assert "samples are never pooled" in refused(graph, json.dumps(rows), "x.json")


def test_a_frame_with_an_index_of_genes(graph: KnowledgeGraph) -> None:
    frame = pandas.DataFrame({"log2FoldChange": [2.0, 1.0], "padj": [0.01, float("nan")]}, index=["IL21", "KRT16"])
    answer = graph.ask(frame, comparator=OWN)
    assert [one.cytokine for one in answer.profile.signals] == ["il21"]
    assert graph.inspect(frame).understood.unknown_names == ("KRT16",)


VISITS: dict[str, Any] = {
    "id": "ex-2", "subject": {"id": "P1"},
    "measurements": [
        {
            "description": "comparator: non-lesional skin", "assay": {"id": assay, "label": label},
            "value": {"quantity": {"unit": {"id": "UO:0010006", "label": "ratio"}, "value": value}},
            "timeObserved": {"timestamp": f"2024-0{month}-01T00:00:00Z"},
        }
        for assay, label, value, month in (("HGNC:6005", "IL21", 2.33, 1), ("HGNC:5438", "IFNG", 6.1, 9))
    ],
    "metaData": {"created": "2024-01-01T00:00:00Z", "createdBy": "x", "resources": [], "phenopacketSchemaVersion": "2.0"},
}  # fmt: skip


@pytest.mark.usefixtures("store")
def test_two_visits_of_a_phenopacket(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "visits.json"
    file.write_text(json.dumps(VISITS))
    assert main.main(["ask", str(file)]) == 2
    assert "timeObserved has several values, and samples are never pooled" in capsys.readouterr().err
    assert main.main(["ask", str(file), "--where", "timeObserved=2024-01-01T00:00:00Z", "--format", "json"]) == 0
    assert [one["cytokine"] for one in json.loads(capsys.readouterr().out)["signals"]] == ["il21"]
    assert main.main(["ask", str(file), "--by", "timeObserved", "--format", "json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["signals"][0]["cytokine"] for line in lines] == ["il21", "ifng"]
    file.write_bytes(json.dumps(VISITS).encode("utf-16"))
    assert main.main(["ask", str(file), "--by", "timeObserved", "--format", "json"]) == 0
    assert capsys.readouterr().out.splitlines() == lines
    biosamples: dict[str, Any] = {**VISITS, "measurements": [], "biosamples": [
        {"id": f"b{number}", "measurements": [{k: v for k, v in one.items() if k != "timeObserved"}]}
        for number, one in enumerate(VISITS["measurements"])
    ]}  # fmt: skip
    file.write_text(json.dumps(biosamples))
    assert main.main(["ask", str(file)]) == 2
    assert "biosample has several values" in capsys.readouterr().err


@pytest.mark.usefixtures("store")
def test_by_answers_each_in_one_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "clusters.csv"
    file.write_text("cluster,gene,log2FC\nCD8 T,IFNG,3.1\nkeratinocyte,IL15,1.2\nB,KRT16,2\n")
    assert main.main(["ask", str(file), "--by", "cluster", "--comparator", "healthy skin"]) == 0
    out = capsys.readouterr().out
    assert "CD8 T" in out
    assert "IFN-gamma 8.57-fold" in out
    assert "Nothing was measured" in out
    assert main.main(["ask", str(file), "--by", "clusters", "--comparator", "healthy skin"]) == 2
    assert "there is no column 'clusters'" in capsys.readouterr().err


# --- levels -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lesion", "other", "said"),
    [
        ("8", "2", 4.0), ("<2.4", "11", "lowered"), ("<2.4", "2", None), ("OOR <", "11", "lowered"), ("0", "11", "lowered"),
        ("38.5", "<2.4", "raised"), ("2.5", "<2.4", None), ("38.5", "OOR <", "raised"), ("ND", "ND", None), ("0", "<1", None),
        (">1000", "20", "raised"), (">16", "15", None), ("20", ">1000", "lowered"), (">1000", "<1", "raised"),
        (">1000", ">1000", None), ("NA", "20", None), ("20", "", None), ("<LLOQ", "20", "lowered"),
    ],
)  # fmt: skip
def test_two_columns_of_levels(graph: KnowledgeGraph, lesion: str, other: str, said: float | str | None) -> None:
    text = f"cytokine,lesion,non-lesion\nIL-21,{lesion},{other}\nIL-4,1,1\n"
    found = read(graph, text, ratio="lesion/non-lesion", comparator=None)
    got = ratios(found)
    assert got.pop("il4") == 1
    assert got == ({} if said is None else {"il21": said})
    assert found.comparator == "own-uninvolved-skin"
    if said is None:
        assert found.not_measured == ("IL-21",)
    if not isinstance(said, float) and lesion != "NA" and other:
        assert any(note.startswith("IL-21: ") for note in found.notes)


def test_a_level_that_is_none(graph: KnowledgeGraph) -> None:
    said = refused(graph, "cytokine,LS,NL\nIL-21,high,2\nOSM,1,-\n", ratio="LS/NL")
    assert "LS 'high' is no level" in said
    assert "names no two columns or samples" in refused(graph, "cytokine,LS,NL\nIL-21,3,2\n", ratio="LS/HC")
    assert "in cycles" in refused(graph, "gene,Ct LS,Ct NL\nIL21,30,32\n", ratio="Ct LS/Ct NL")
    assert ratios(read(graph, "gene,dCt LS,dCt NL\nIL21,6,8\n", ratio="dCt LS/dCt NL")) == {"il21": 4}


def test_replicates_are_not_averaged(graph: KnowledgeGraph) -> None:
    text = "Sample,Analyte,Conc\nLS,IL-21,8\nLS,IL-21,9\nNL,IL-21,2\n"
    assert "replicates are not averaged here" in refused(graph, text, ratio="LS/NL")
    wells = "Sample,IL-21,OSM\nLS,8,2\nLS,9,2\nNL,2,2\n"
    assert "stands in 2 rows" in refused(graph, wells, ratio="LS/NL")


def test_a_limit_of_detection_in_a_column(graph: KnowledgeGraph) -> None:
    text = "cytokine,LLOQ,LS,NL\nIL-21,2,0.5,9\nOSM,2,9,0.5\n"
    assert ratios(read(graph, text, ratio="LS/NL")) == {"il21": "lowered", "osm": "raised"}


def test_a_matrix_of_ratios(graph: KnowledgeGraph) -> None:
    text = "patient,IL-21,IFN-g,IL-15\nP01,2.33,0.08,0.96\n"
    assert "--sample 'P01' reads its row as ratios" in refused(graph, text)
    assert ratios(read(graph, text, sample="P01")) == {"il21": 2.33, "ifng": 0.08, "il15": 0.96}
    assert "there is no sample 'P02'" in refused(graph, text, sample="P02")
    turned = "cytokine,P01,P02\nIL-21,2.33,1\nIFN-g,0.08,1\n"
    assert ratios(read(graph, turned, sample="P01")) == {"il21": 2.33, "ifng": 0.08}
    assert "levels: 'P01', 'P02'" in refused(graph, turned)


# --- files ------------------------------------------------------------------------------------------------------------


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    """A small .xlsx, as a spreadsheet writes it."""

    def cell(value: object) -> str:
        if isinstance(value, str) and value.startswith("="):
            return f"<c><f>{value[1:]}</f><v></v></c>"
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    out = io.BytesIO()
    main_ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        kinds = (
            '<Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        ) + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        packed.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types">{kinds}</Types>')
        listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
        packed.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{main_ns}" xmlns:r="{relations}"><sheets>{listed}</sheets></workbook>'
        )
        ids = "".join(
            f'<Relationship Id="rId{n}" Type="{relations}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships">{ids}</Relationships>'
        )
        root = f'<Relationship Id="r" Type="{relations}/officeDocument" Target="xl/workbook.xml"/>'
        packed.writestr("_rels/.rels", f'<Relationships xmlns="{package}/relationships">{root}</Relationships>')
        for number, rows in enumerate(sheets.values(), 1):
            data = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
            text = f'<worksheet xmlns="{main_ns}"><sheetData>{data}</sheetData></worksheet>'
            packed.writestr(f"xl/worksheets/sheet{number}.xml", text)
    return out.getvalue()


def test_which_sheet_is_read(graph: KnowledgeGraph) -> None:
    rows: list[list[object]] = [["gene", "log2FC"], ["IL21", 2]]
    other: list[list[object]] = [["gene", "log2FC"], ["OSM", 5]]
    about = read(graph, workbook({"Readme": [["Table 4"], ["Differential expression"]], "DE": rows}), "x.xlsx")
    assert ratios(about) == {"il21": 4}
    assert about.understood is not None
    assert "sheet 'DE' of 2" in about.understood.short
    hidden = 'old" state="hidden'
    assert ratios(read(graph, workbook({hidden: other, "new": rows}), "x.xlsx")) == {"il21": 4}


def test_formulas_without_values(graph: KnowledgeGraph) -> None:
    rows: list[list[object]] = [["gene", "ratio"], ["IL21", "=B2/C2"], ["OSM", 2]]
    assert "cells hold formulas whose values were never calculated" in refused(graph, workbook({"a": rows}), "x.xlsx")
    beside: list[list[object]] = [["gene", "ddCt", "2^-ddCt"], ["IL21", -1, "=2^-B2"]]
    assert ratios(read(graph, workbook({"a": beside}), "x.xlsx")) == {"il21": 2}


def test_a_spreadsheet(graph: KnowledgeGraph) -> None:
    rows: list[list[object]] = [
        ["Gene", "Ct L", "Ct NL", "ddCt", "2^-ddCt"],
        ["IL21", 31.2, 32.5, -1.22, ""],
        ["IFNG", 30.1, 26.4, 3.64, ""],
    ]
    data = workbook({"ddCt": rows, "notes": [["by whom"]]})
    found = read(graph, data, "qpcr.xlsx")
    assert ratios(found) == pytest.approx({"il21": 2.33, "ifng": 0.08}, rel=0.01)
    assert any("Sheets that were not read: 'notes'" in note for note in found.notes)
    assert ratios(read(graph, workbook({"a": [["x"]], "b": rows}), "q.xlsx", sheet="b"))
    assert "'c' is no sheet" in refused(graph, data, "q.xlsx", sheet="c")
    assert "is no spreadsheet" in refused(graph, "gene,FC\nIL21,2\n", sheet="c")
    titled: list[list[object]] = [["Run of May"], [], ["cytokine", "fold change"], ["IL-21", 2.5], [], ["n = 3"]]
    assert ratios(read(graph, workbook({"a": titled}), "q.xlsx")) == {"il21": 2.5}


def test_a_spreadsheet_that_bursts(graph: KnowledgeGraph) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "x")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(201):
                part.write(b"0" * 1_000_000)
    assert len(out.getvalue()) < 1_000_000
    assert "unpacks to more than 200,000,000 bytes" in refused(graph, out.getvalue(), "bomb.xlsx")


def test_a_zip_file_whose_directory_lies(graph: KnowledgeGraph) -> None:
    data = bytearray(workbook({"a": [["cytokine", "ratio"], ["IL-21", 2]]}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (3).to_bytes(4, "little")
    assert "no spreadsheet, or a damaged one" in refused(graph, bytes(data), "lies.xlsx")


def test_gzip(graph: KnowledgeGraph) -> None:
    data = gzip.compress(b"gene,log2FC\nIL21,2\n")
    assert ratios(read(graph, data, "x.csv.gz")) == {"il21": 4}
    assert "cut short" in refused(graph, data[:-9], "x.csv.gz")
    assert "damaged" in refused(graph, b"\x1f\x8b" + b"x" * 40, "x.csv.gz")
    assert "more than 200,000,000 bytes" in refused(graph, gzip.compress(b"0" * 200_000_001), "x.csv.gz")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("sep=;\ncytokine;ratio\nIL-21;2.33\n", "x.csv"), ("\ufeffcytokine\tratio\nIL-21\t2.33\n", "x.tsv"),
        ("Table 2. Cytokines\n\ncytokine,ratio\nIL-21,2.33\n\nn = 3; mean of duplicates\n* p < 0.05\n", "x.csv"),
        ("# made in May\ncytokine,ratio\nIL-21,2.33\n# checked\n", "x.csv"), ("#cytokine\tratio\nIL-21\t2.33\n", "x.tsv"),
        ("cytokine|ratio\nIL-21|2.33\n", "x.txt"), ('"cytokine" "ratio"\n"IL-21" 2.33\n', "x.txt"),
    ],
)  # fmt: skip
def test_what_programs_put_around_a_table(graph: KnowledgeGraph, text: str, name: str) -> None:
    for data in (text.encode(), text.replace("\n", "\r\n").encode("utf-16")):
        found = read(graph, data, name)
        assert ratios(found) == {"il21": 2.33}
        if any(word in text for word in ("made in May", "Table 2")):
            assert any(note.startswith("Lines that were passed over") for note in found.notes)


def test_a_row_that_starts_with_a_hash_is_data(graph: KnowledgeGraph) -> None:
    text = "sample,cytokine,ratio\n1,IL-21,2.33\n#2,IFN-gamma,6.1\n"
    assert "'1', '#2'" in refused(graph, text)
    assert ratios(read(graph, text, where=(("sample", "#2"),))) == {"ifng": 6.1}


def test_decimal_commas_of_a_whole_file(graph: KnowledgeGraph) -> None:
    found = read(graph, "gene;log2FC;padj\nIL21;2,5;0,01\nIFNG;-1,25;0,9\n")
    assert ratios(found) == pytest.approx({"il21": 5.657, "ifng": 0.42}, rel=0.01)
    assert "Decimal commas were read as points." in found.notes
    assert "has a comma" in refused(graph, "gene;log2FC\nIL21;2,5\nIFNG;1.5\n")
    assert "has a comma" in refused(graph, "cytokine;ratio\nIL-21;2,33\n")
    assert "has a comma" in refused(graph, "gene;ratio\nIL21;1,234\nIFNG;2,345\n")


def test_a_lone_decimal_comma_has_one_reading_beside_another_number(graph: KnowledgeGraph) -> None:
    assert ratios(read(graph, "cytokine;ratio\nIL-21;2,3\nIFN-gamma;4\n")) == pytest.approx({"il21": 2.3, "ifng": 4})
    assert "has a comma" in refused(graph, 'cytokine,ratio\nIL-21,"2,3"\nIFN-gamma,4\n')
    assert "has a comma" in refused(graph, "cytokine;ratio\nIL-21;2,345\nIFN-gamma;4\n")


@pytest.mark.parametrize("reading", [{}, {"ratio": "LS/NL"}])
def test_a_point_that_can_be_one_of_thousands_is_refused(graph: KnowledgeGraph, reading: dict[str, Any]) -> None:
    text = "gene;ratio;length\nIL21;1.234;2,5\nIFNG;2.345;10\n"
    if reading:
        text = "gene;LS;NL;length\nIL21;1.234;2.345;2,5\nIFNG;2.345;1.100;10\n"
    assert "'1.234' can be 1234 where '2,5' has a decimal comma" in refused(graph, text, **reading)
    assert len(read(graph, text.replace("2,5", "2.5"), **reading).signals) == 2


def test_windows_text_is_said_by_name(graph: KnowledgeGraph) -> None:
    said = refused(graph, "cytokine;ratio\nIL-21;2.33 (5 µm)\n".encode("cp1252"))
    assert "Windows CP1252" in said
    assert "CSV UTF-8" in said


def test_dates_that_a_spreadsheet_made(graph: KnowledgeGraph) -> None:
    found = read(graph, "gene,log2FC\n1-Mar,0.4\nIL21,1.22\n2-Sep,0.1\n")
    made = "dates of gene symbols: 1-Mar of MARCHF1 (MARCH1) or MTARC1 (MARC1), 2-Sep of SEPTIN2 (SEPT2);"
    assert any(made in note for note in found.notes)


# --- names, directions, comparators ------------------------------------------------------------------------------------


def test_a_whole_table_is_read_for_what_it_knows(graph: KnowledgeGraph) -> None:
    text = "cytokine,ratio\nIL-21,2\n" + "".join(f"thing {n},1\n" for n in range(300))
    found = read(graph, text)
    assert [one.cytokine for one in found.signals] == ["il21"]
    assert "Of 301 rows 300 are of no cytokine of the graph, and were passed over." in found.notes
    assert "none of the 300 names" in refused(graph, text.replace("IL-21,2\n", ""))
    short = "".join(text.splitlines(keepends=True)[:50])
    assert "is not known" in refused(graph, short)


def test_a_bare_list(graph: KnowledgeGraph) -> None:
    for text in ("IL21\nIFNG\nOSM\n", "gene\nIL21\nIFNG\n"):
        assert "add a column direction with raised or lowered" in refused(graph, text, "genes.txt")


def test_words_of_direction(graph: KnowledgeGraph) -> None:
    words = {
        "elevated": "raised",
        "reduced": "lowered",
        "decreased": "lowered",
        "ns": "not significant",
        "UP": "raised",
    }
    for word, direction in words.items():
        assert directions(read(graph, f"cytokine,direction\nIL-21,{word}\n")) == {"il21": direction}
    both = read(graph, "gene,log2FC,diffexpressed\nIL21,2,NO\nIFNG,2,UP\n")
    assert directions(both) == {"il21": "not significant", "ifng": "raised"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("NL", "own-uninvolved-skin"), ("non-lesion", "own-uninvolved-skin"), ("unaffected", "unaffected"),
        ("adjacent skin", "adjacent skin"), ("HC", "healthy controls"), ("healthy controls", "healthy controls"),
        ("healthy donors", "healthy controls"), ("LS vs NL", "LS vs NL"), ("healthy skin", "healthy-control-skin"),
    ],
)  # fmt: skip
def test_a_comparator(graph: KnowledgeGraph, said: str, kept: str) -> None:
    assert read(graph, "cytokine,ratio\nIL-6,9.1\n", comparator=said).comparator == kept


def test_two_names_of_one_comparator(graph: KnowledgeGraph) -> None:
    text = "cytokine,ratio,comparator\nIL-21,2.33,NL\nIFN-g,3.0,non-lesional\n"
    assert read(graph, text, comparator=None).comparator == "own-uninvolved-skin"


def test_a_number_is_no_comparator(graph: KnowledgeGraph) -> None:
    text = "cytokine,lesion,control,fold\nIL-21,38.5,16.5,2.33\nIFN-gamma,41.2,11.0,3.75\n"
    assert "the column control holds numbers, which are no comparator" in refused(graph, text, comparator=None)
    found = read(graph, text)
    assert found.comparator == "own-uninvolved-skin"
    assert any("The column control holds numbers" in note for note in found.notes)
    assert "is a number, and no comparator" in refused(graph, "cytokine,ratio\nIL-6,9.1\n", comparator="16.5")


# --- kg inspect, and what kg ask says of it ---------------------------------------------------------------------------


@pytest.mark.usefixtures("store")
def test_inspect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "deseq2.csv"
    file.write_text(DESEQ2)
    assert main.main(["inspect", str(file), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["columns"]["log2FoldChange"] == "log2"
    assert found["rows"] == {"read": 5, "known": 4, "other": 0, "unknown": 1}
    assert found["directions"] == {"raised": ["IFN-gamma", "IL-21"], "not significant": ["oncostatin M"]}
    assert [one["what"] for one in found["problems"]] == [
        "the comparator is missing, so nobody knows what was compared"
    ]
    assert main.main(["inspect", str(file)]) == 0
    out = capsys.readouterr().out
    assert "kg ask refuses it" in out
    assert main.main(["inspect", str(file), "--comparator", OWN]) == 0
    assert "kg ask answers it" in capsys.readouterr().out
    file.write_text(SEURAT)
    assert main.main(["inspect", str(file), "--comparator", OWN]) == 0
    assert "samples are never pooled" in capsys.readouterr().out


@pytest.mark.usefixtures("store")
def test_ask_says_how_the_file_was_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "edger.tsv"
    file.write_text(EDGER)
    assert main.main(["ask", str(file), "--comparator", OWN]) == 0
    assert "Read as TSV: genes (gene), logFC (log2)" in " ".join(capsys.readouterr().out.split())


@pytest.mark.usefixtures("store")
def test_many_problems_of_one_kind_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.csv"
    file.write_text("cytokine,ratio\n" + "".join(f"thing{n},2\n" for n in range(100)) + "IL-21,x\n")
    assert main.main(["ask", str(file), "--comparator", OWN]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert sum("is not known" in line for line in lines) == 20
    assert any("80 more of this kind" in line for line in lines)
    assert any("'x' is not a number" in line for line in lines)


@pytest.mark.usefixtures("store")
def test_each_handed_case(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Needs the background material: no file of several samples is answered, and none ends in a traceback."""
    for file in sorted((shared / "cases" / "files").iterdir()):
        if file.suffix in (".csv", ".tsv", ".json", ".xlsx"):
            code = main.main(["ask", str(file), "--comparator", OWN])
            capsys.readouterr()
            assert code in (0, 2), file
            assert code == 2 or "disjoint" not in file.name


# --- what belies its header, and what hides several samples -----------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "P,cytokine,ratio\nP01,IL-21,2\nP02,OSM,3\n",
        "p,cytokine,ratio\n1,IL-21,2\n1,OSM,3\n2,IL-4,3\n2,IL-13,3\n",
        "t,cytokine,ratio\n0,IL-21,2\n0,OSM,3\n28,IL-21,3\n28,OSM,3\n",
        "t,cytokine,ratio\n0,IL-21,2\n28,OSM,3\n",
        "id,cytokine,ratio\nP01,IL-21,2\nP01,OSM,3\nP02,IL-4,3\n",
        "no,cytokine,ratio\n1,IL-21,2\n1,OSM,3\n2,IL-4,3\n2,IL-13,3\n",
        ",cytokine,ratio\n1,IL-21,2\n1,OSM,3\n2,IL-4,3\n2,IL-13,3\n",
        "name,cytokine,ratio\nAB,IL-21,2\nAB,OSM,3\nCD,IL-4,3\nCD,IL-13,3\n",
        "sample,cytokine,ratio\n1.1,IL-21,2\n1.2,OSM,3\n",
        "x,cytokine,ratio\n1.5,IL-21,2\n1.5,OSM,3\n2.5,IL-4,3\n2.5,IL-13,3\n",
        "comparison,cytokine,ratio\n1,IL-21,2\n2,OSM,3\n",
        "species,gene,log2FC\nhuman,IL21,2\nmouse,OSM,3\n",
    ],
)
def test_samples_under_a_header_that_promises_something_else(graph: KnowledgeGraph, text: str) -> None:
    assert "several values" in refused(graph, text)


def test_blocks_of_several_samples_in_one_file(graph: KnowledgeGraph) -> None:
    assert "a second header" in refused(graph, "gene,log2FC\nIL21,2\n\ngene,log2FC\nOSM,3\n")
    assert "heading of another sample" in refused(graph, "gene,log2FC\nIL21,2\nPatient 2,\nOSM,3\n")
    assert "heading of another sample" in refused(graph, "gene,log2FC,padj\nIL21,2,0.01\nweek 4\nOSM,3,0.01\n")


def test_significance_with_something_behind_its_header(graph: KnowledgeGraph) -> None:
    for header in ("padj_BH", "FDR step up", "p-value adjusted (BH)", "FDR(LS vs. NL)", "adj.P.Val.1"):
        found = read(graph, f"gene,logFC,{header}\nIL21,2,0.4\n")
        assert directions(found) == {"il21": "not significant"}, header


def test_a_p_value_that_is_not_adjusted(graph: KnowledgeGraph) -> None:
    found = read(graph, "gene,logFC,pvalue\nIL21,2,0.4\nIFNG,2,0.001\n")
    assert directions(found) == {"il21": "not significant", "ifng": "raised"}


def test_a_fold_change_without_its_sign(graph: KnowledgeGraph) -> None:
    said = refused(graph, "gene,Fold Change,regulation\nIL21,3.2,down\n")
    assert "Fold Change '3.2' says raised, and regulation says 'down'" in said


def test_partek(graph: KnowledgeGraph) -> None:
    header = "Gene Symbol,p-value(LS vs. NL),Fold-Change(LS vs. NL),Fold-Change(LS vs. NL) (Description)"
    text = f"{header}\nIL21,0.001,2.5,LS up vs NL\nIFNG,0.001,-3,LS down vs NL\n"
    assert ratios(read(graph, text)) == pytest.approx({"il21": 2.5, "ifng": 0.33}, rel=0.02)


def test_levels_on_a_log2_scale(graph: KnowledgeGraph) -> None:
    wide = "SampleID,IL-6,IFN-g\nA,3.1,-0.4\nB,2.1,0.6\n"
    assert "below 0, as on a log2 scale" in refused(graph, wide, ratio="A/B")
    assert ratios(read(graph, wide, "olink_npx.csv", ratio="A/B")) == pytest.approx({"il6": 2, "ifng": 0.5})
    columns = "cytokine,NPX A,NPX B\nIL-6,3.1,2.1\n"
    assert ratios(read(graph, columns, ratio="NPX A/NPX B")) == pytest.approx({"il6": 2})
    units = "cytokine,lesional (pg/ml),non-lesional (pg/ml)\nIL-6,4,2\n"
    for said in ("lesional/non-lesional", "lesional (pg/ml)/non-lesional (pg/ml)"):
        assert ratios(read(graph, units, ratio=said)) == {"il6": 2}


XPONENT = """"Program","xPONENT","","MAGPIX"
"Build","4.2.1324.0"
"Date","5/4/2024","10:22 AM"

"SN","MAGPX12345678"
"Batch","GA skin"

"Results"

"DataType:","Median"
"Location","Sample","IL-6","IFNg","Total Events"
"1(1,A1)","Background0","9","8","512"
"2(1,B1)","P01 LES","900","500","498"
"3(1,C1)","P01 NL","300","250","505"

"DataType:","Result"
"Location","Sample","IL-6","IFNg","Total Events"
"2(1,B1)","P01 LES","12.1","8.4","498"
"3(1,C1)","P01 NL","3.0","OOR <","505"

"DataType:","Units"
"Analyte:","IL-6","IFNg"
"BeadID:","25","35"
"Units:","pg/mL","pg/mL"
"""


def test_blocks_of_xponent(graph: KnowledgeGraph) -> None:
    found = read(graph, XPONENT, ratio="P01 LES/P01 NL")
    assert ratios(found) == {"il6": pytest.approx(4.03, rel=0.01), "ifng": "raised"}
    assert ratios(read(graph, XPONENT, ratio="P01 LES/P01 NL", sheet="Median")) == {"il6": 3, "ifng": 2}
    assert "is no block" in refused(graph, XPONENT, ratio="P01 LES/P01 NL", sheet="Results")
    without = XPONENT.replace('"Result"', '"Count"')
    assert "--sheet 'Median'" in refused(graph, without, ratio="P01 LES/P01 NL")


def test_an_open_document_spreadsheet(graph: KnowledgeGraph) -> None:
    def cell(value: object) -> str:
        kind = (
            f'office:value-type="float" office:value="{value}"'
            if isinstance(value, float)
            else 'office:value-type="string"'
        )
        return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"

    rows: list[list[object]] = [["cytokine", "ratio"], ["IL-21", 2.5]]
    table = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        listed = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
        packed.writestr("META-INF/manifest.xml", f"<manifest:manifest {listed}></manifest:manifest>")
        packed.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
            f'<table:table table:name="one">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    assert ratios(read(graph, out.getvalue(), "x.ods")) == {"il21": 2.5}


def test_samples_that_words_tell_apart(graph: KnowledgeGraph) -> None:
    note = "cytokine,ratio,note\nIL-21,2,patient 1\nOSM,3,patient 2\n"
    assert "'patient 1', 'patient 2'" in refused(graph, note)
    assert read(graph, note.replace("patient ", "measured twice in well ")).signals
    lines = "# patient: P01\ncytokine,ratio\nIL-21,2\n# patient: P02\nOSM,3\n"
    assert "name several of patient: 'P01', 'P02'" in refused(graph, lines)
    inner = [
        {"cytokine": name, "ratio": 2, "meta": {"patient": who}} for name, who in (("IL-21", "P01"), ("OSM", "P02"))
    ]
    assert "the column meta.patient" in refused(graph, json.dumps(inner), "x.json")


def test_columns_that_spaces_separate(graph: KnowledgeGraph) -> None:
    assert ratios(read(graph, "gene      log2FC   padj\nIL21      2        0.01\n", "x.txt")) == {"il21": 4}
    assert ratios(
        read(graph, "logFC AveExpr P.Value adj.P.Val\nIL21 2 5 0.001 0.01\nKRT16 2 5 0.001 0.01\n", "x.txt")
    ) == {"il21": 4}


def test_what_a_program_of_python_writes_for_nothing(graph: KnowledgeGraph) -> None:
    found = read(graph, "gene,logFC,adj.P.Val\nIL21,NaN,NaN\nIFNG,2,0.01\n")
    assert (ratios(found), found.not_measured) == ({"ifng": 4}, ("IL-21",))
    said = refused(graph, "gene,log2FoldChange,padj\nIL21,Inf,0.001\n")
    assert "where the comparator was not detected write the direction raised" in said


def test_the_comparator_of_a_ratio_is_its_second_name(graph: KnowledgeGraph) -> None:
    units = "cytokine,lesional (pg/ml),non-lesional (pg/ml)\nIL-6,4,2\n"
    assert read(graph, units, ratio="lesional/non-lesional", comparator=None).comparator == "own-uninvolved-skin"
    control = "Cytokine,Patient,Control\nIL-6,12.5,<2\n"
    assert read(graph, control, ratio="Patient/Control", comparator=None).comparator == "Control"


def test_two_samples_of_several_patients(graph: KnowledgeGraph) -> None:
    text = "Patient,Tissue,Analyte,Conc\nP1,LES,IL-6,10\nP1,NL,IL-6,5\nP2,LES,IFN-g,3\nP2,NL,IFN-g,1\n"
    assert refused(graph, text, ratio="LES/NL").count("samples are never pooled") == 1
    assert ratios(read(graph, text, ratio="LES/NL", where=(("Patient", "P2"),))) == {"ifng": 3}
    across = "Patient,Tissue,Analyte,Conc\nP1,LES,IL-6,10\nP2,NL,IL-6,5\n"
    assert "Patient is P1 for LES and P2 for NL." in read(graph, across, ratio="LES/NL").notes


def test_a_row_behind_a_blank_line_is_no_footer(graph: KnowledgeGraph) -> None:
    text = "cytokine,ratio\nIL-21,2\n\nIL-12 subunit beta (p40),3\n"
    assert set(ratios(read(graph, text))) == {"il21", "il12b"}


@pytest.mark.usefixtures("store")
def test_a_low_count_is_on_the_first_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "deseq2.csv"
    file.write_text("gene,baseMean,log2FoldChange,pvalue,padj\nIL21,0.7,2.3,0.0001,0.001\nIFNG,90,2,0.0001,0.001\n")
    assert main.main(["ask", str(file), "--comparator", OWN]) == 0
    assert "IL-21 (baseMean 0.7) is hardly there: its ratio is uncertain." in " ".join(capsys.readouterr().out.split())


def test_significance_of_another_contrast(graph: KnowledgeGraph) -> None:
    text = "gene,log2FC.LSvsNL,padj.{}\nIL21,2,0.3\n"
    assert "padj.HCvsNL is of another contrast than log2FC.LSvsNL" in refused(graph, text.format("HCvsNL"))
    for behind in ("LSvsNL", "BH"):
        assert directions(read(graph, text.format(behind))) == {"il21": "not significant"}


@pytest.mark.parametrize("header", ["Target Name", "Probe Name", "Target", "Detector"])
def test_the_targets_of_a_pcr_are_genes(graph: KnowledgeGraph, header: str) -> None:
    assert "thyroid peroxidase" in refused(graph, f"{header},RQ\nTPO,2\nIL21,2\n")


def test_a_flag_of_detection_goes_before_the_number(graph: KnowledgeGraph) -> None:
    text = "Sample,Assay,Calc. Conc. Mean,Detection Range\nLES,IL-15,0.1,{}\nNL,IL-15,0.01,Below Detection Range\n"
    assert not read(graph, text.format("Below Detection Range"), ratio="LES/NL").signals
    found = read(graph, text.format("In Detection Range"), ratio="LES/NL")
    assert ratios(found) == {"il15": "raised"}


def test_the_limit_of_detection_of_npx(graph: KnowledgeGraph) -> None:
    text = "SampleID;Assay;NPX;LOD\nLES;IL6;{};1\nNL;IL6;-1;1\n"
    assert not read(graph, text.format("0.4"), ratio="LES/NL").signals
    assert ratios(read(graph, text.format("2"), ratio="LES/NL")) == {"il6": "raised"}
    assert not read(graph, text.format("1.2"), ratio="LES/NL").signals


def test_the_id_of_limma_and_its_statistic(graph: KnowledgeGraph) -> None:
    rows = '"1","IFNG",2,3,9,1e-5,1e-3,4\n"2","IL21",2,3,9,1e-5,0.4,4\n'
    found = read(graph, f'"","ID","logFC","AveExpr","t","P.Value","adj.P.Val","B"\n{rows}')
    assert directions(found) == {"ifng": "raised", "il21": "not significant"}
    scores = "names,scores,logfoldchanges,pvals,pvals_adj\nIFNG,12,2,1e-9,1e-8\nIL21,4,2,1e-9,1e-8\n"
    assert set(ratios(read(graph, scores))) == {"ifng", "il21"}


def test_another_tissue_than_that_of_the_comparator(graph: KnowledgeGraph) -> None:
    text = "cytokine,ratio,tissue\nIL-21,2,{}\n"
    assert "tissue is 'serum'" in refused(graph, text.format("serum"), comparator="healthy-control-skin")
    assert read(graph, text.format("serum"), comparator="healthy-control-blood").signals
    assert read(graph, text.format("skin"), comparator="healthy-control-skin").signals


def test_rows_that_contradict_each_other_are_not_called_unmeasured(graph: KnowledgeGraph) -> None:
    text = "gene,log2FC\nIL21,2\nIL-21,-1\n"
    assert read(graph, text).nothing.startswith("No value counts: rows of IL-21 say different things")


ENSEMBL = """"","symbol","log2FoldChange","padj"
"ENSG00000111537.5","{}",2,1e-6
"ENSG00000138684.9",NA,3,1e-6
"ENSG00000186847.6","KRT14",4,1e-18
"""


def test_the_identifier_of_a_row_helps_where_its_symbol_is_missing(graph: KnowledgeGraph) -> None:
    assert ratios(read(graph, ENSEMBL.format("IFNG"))) == {"ifng": 4, "il21": 8}


def test_a_row_of_two_genes(graph: KnowledgeGraph) -> None:
    assert "'OSM' and 'ENSG00000111537.5' (IFN-gamma) in one row are two genes" in refused(graph, ENSEMBL.format("OSM"))


def test_levels_with_decimal_commas(graph: KnowledgeGraph) -> None:
    text = "Zytokin;läsional;nicht läsional\nIL-21;22,1;10,2\nIFN-γ;1,9;<0,5\n"
    assert ratios(read(graph, text, ratio="läsional/nicht läsional")) == {"il21": 2.17, "ifng": "raised"}
    rows = "Sample;IL-21;IFN-g\nLES;22,1;1,9\nNL;10,2;<0,5\n"
    assert ratios(read(graph, rows, ratio="LES/NL")) == {"il21": 2.17, "ifng": "raised"}


def test_columns_that_are_no_levels_are_not_offered(graph: KnowledgeGraph) -> None:
    anova = "Assay,OlinkID,term,df,sumsq,meansq,statistic,p.value\nIL6,OID1,x,2,3.1,4.2,22,1e-4\n"
    limma = '"","LSvsNL","LSvsHC","AveExpr","F","P.Value","adj.P.Val"\n"IL21",2,1,5,9,1e-3,1e-2\n'
    for text in (anova, limma, "Assay,NPX,Conc\nIL6,3.1,20\n", ",IL-21,IFN-g\nlog2FC,2,0.5\npadj,0.001,0.5\n"):
        said = refused(graph, text)
        assert "--ratio" not in said
        assert "--sample" not in said


def test_genes_of_the_mouse_in_capitals(graph: KnowledgeGraph) -> None:
    text = "gene,log2FC\nIFNG,2\nH2-K1,3\nLY6A,3\n"
    assert "genes of the mouse ('H2-K1', 'LY6A')" in refused(graph, text)
    assert ratios(read(graph, text, species="mouse")) == {"ifng": 4}


NPX_WIDE = """NPX data;;;
Assay;IL6;IFN-gamma;IL10
Uniprot ID;P05231;P01579;P22301
OlinkID;OID1;OID2;OID3

P01_LES;4.9;7.42;0.1
P01_NL;3.9;5.11;-2

LOD;1;0.5;0.2
"""


def test_npx_with_samples_in_rows(graph: KnowledgeGraph) -> None:
    found = read(graph, NPX_WIDE, ratio="P01_LES/P01_NL")
    assert ratios(found) == {"il6": 2, "ifng": pytest.approx(4.96, rel=0.01)}


def test_a_contrast_against_another_comparator(graph: KnowledgeGraph) -> None:
    text = "gene,log2FC ({})\nIL21,2\n"
    assert "is against 'HC', and the comparator is own uninvolved skin" in refused(graph, text.format("LS vs HC"))
    for contrast in ("LS vs NL", "LS vs control", "LS vs x", "T vs B"):
        assert read(graph, text.format(contrast)).signals
    assert read(graph, text.format("LS vs NL"), comparator="healthy-control-skin").signals


def test_a_million_fold_is_said(graph: KnowledgeGraph) -> None:
    found = read(graph, "names,scores,logfoldchanges,pvals,pvals_adj\nIFNG,12,29.3,1e-9,1e-8\n")
    assert any(note.startswith("IFN-gamma is hardly there (logfoldchanges 29.3)") for note in found.notes)


def test_directions_in_german(graph: KnowledgeGraph) -> None:
    text = "Zytokin,direction\nIL-21,erhöht\nOSM,vermindert\nIL-4,=\n"
    assert directions(read(graph, text)) == {"il21": "raised", "osm": "lowered", "il4": "unchanged"}


@pytest.mark.parametrize("text", ["NPX\nAssay,LES,NL\nIL6,3,2\n", "gene,LES_vst,NL_vst\nIL6,3,2\n"])
def test_levels_that_say_that_they_are_log2(graph: KnowledgeGraph, text: str) -> None:
    said = "LES_vst/NL_vst" if "vst" in text else "LES/NL"
    assert ratios(read(graph, text, ratio=said)) == {"il6": 2}


def test_levels_of_which_the_scale_is_not_clear(graph: KnowledgeGraph) -> None:
    for text in ("log2 expression\ngene,LES,NL\nIL6,3,2\n", "Assay,OlinkID,LES,NL\nIL6,OID1,3,2\n"):
        assert "LES does not say which scale it has" in refused(graph, text, ratio="LES/NL")
    whole = "gene,LES,NL\n" + "".join(f"G{n},{n % 12}.5,{n % 11}.5\n" for n in range(300)) + "IL6,3,2\n"
    assert "no level is above 25, as on a log2 scale" in refused(graph, whole, ratio="LES/NL")
    assert ratios(read(graph, whole.replace("G7,7.5", "G7,80"), ratio="LES/NL")) == {"il6": 1.5}


def test_two_levels_in_different_units(graph: KnowledgeGraph) -> None:
    text = "Analyte,Sample,Conc,Unit\nIL6,LES,2,{}\nIL6,NL,1000,pg/mL\n"
    assert "'IL6' is in ng/mL and in pg/mL" in refused(graph, text.format("ng/mL"), ratio="LES/NL")
    assert read(graph, text.format("pg/mL"), ratio="LES/NL").signals


@pytest.mark.parametrize(
    ("mark", "cell", "said"), [("+", "", "not significant"), ("*", "-", "not significant"), ("TRUE", "NA", "")]
)
def test_what_a_column_of_marks_leaves_blank(graph: KnowledgeGraph, mark: str, cell: str, said: str) -> None:
    found = read(graph, f"gene,log2FC,significant\nIL21,2,{cell}\nIFNG,2,{mark}\n")
    assert directions(found) == {"ifng": "raised"} | ({"il21": said} if said else {})


@pytest.mark.parametrize("word", ["stable", "NOT", "no change", "ns"])
def test_what_a_program_calls_unchanged_is_not_raised(graph: KnowledgeGraph, word: str) -> None:
    found = read(graph, f"gene,log2FC,change\nIL21,2,UP\nIFNG,2,{word}\n")
    assert directions(found) == {"il21": "raised", "ifng": "not significant"}


@pytest.mark.parametrize("header", ["DEG", "is_de", "reject", "p<0.05", "regulated"])
def test_other_columns_of_yes_and_no(graph: KnowledgeGraph, header: str) -> None:
    found = read(graph, f"gene,log2FC,{header}\nIL21,2,FALSE\nIFNG,2,TRUE\n")
    assert directions(found) == {"il21": "not significant", "ifng": "raised"}


def test_significance_that_is_not_read_is_asked_for(graph: KnowledgeGraph) -> None:
    for header in ("-ln(p)", "log p", "p (arcsinh)"):
        assert "seems to say how significant" in refused(graph, f"gene,log2FC,{header}\nIL21,2,0.3\n")
    assert read(graph, "gene,log2FC,-ln(p),padj\nIL21,2,0.3,0.01\n").signals
