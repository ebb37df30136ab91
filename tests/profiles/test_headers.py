"""Headers that say how a value is written: logarithms, percents, negatives, and which group is divided by which."""

from pathlib import Path

import pytest

from kg.knowledge_graph import KnowledgeGraph
from kg.model.errors import Problems
from kg.profiles import assembly, columns, profile
from kg.profiles.choices import Reading


def read(graph: KnowledgeGraph, text: str, comparator: str = "non-lesional") -> profile.Profile:
    return assembly.read(graph, Path("x.csv"), text.encode(), reading=Reading(comparator=comparator))


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Fold Change (log2)", "log2"), ("FC (log2)", "log2"), ("log2 mean ratio", "log2"), ("Ratio (log2)", "log2"),
        ("log2 relative expression", "log2"), ("log2 fold difference", "log2"), ("log2 of fold change", "log2"),
        ("Fold change (ln)", "ln"), ("ratio (log10)", "log10"), ("Log Ratio", ""), ("log1p fold change", ""),
        ("Fold change (%)", ""), ("ratio [%]", ""), ("inverse ratio", ""), ("1/ratio", ""), ("expected ratio", ""),
        ("p fold change", "p"), ("Hedges g log2 ratio", ""), ("-ddCt", "log2"), ("-ΔΔCt", "log2"), ("-log2FC", ""),
        ("|log2FC|", ""), ("downregulated fold change", ""), ("ΔΔCt", "ddct"), ("2^-ΔΔCt", "ratio"), ("FC", "ratio"),
        ("\N{MINUS SIGN}ΔΔCt", "log2"), ("log2FC LS", "log2"), ("log ratio LS", ""), ("- log10(padj)", "adjusted p"),
    ],
)  # fmt: skip
def test_how_a_value_is_written(header: str, role: str) -> None:
    assert columns.role(header)[0] == role


@pytest.mark.parametrize(
    "header", ["FC_NL_vs_LS", "Ratio non-lesional/lesional", "logFC (NL vs LS)", "log2FC.NL.vs.LS"]
)
def test_a_header_that_divides_the_comparator_by_the_lesion(graph: KnowledgeGraph, header: str) -> None:
    with pytest.raises(Problems, match="in front"):
        read(graph, f"gene,{header}\nIL21,2\nOSM,1\n")
    assert len(read(graph, "gene,FC_LS_vs_NL\nIL21,2\nOSM,1\n").signals) == 2
    assert len(read(graph, "gene,FC_LS_vs_HC\nIL21,2\nOSM,1\n", "healthy skin").signals) == 2


def test_significance_of_another_contrast_is_not_that_of_one(graph: KnowledgeGraph) -> None:
    with pytest.raises(Problems, match="is of another contrast"):
        read(graph, "gene,log2FC.LSvsNL,padj.HCvsNL\nIL21,2,0.9\n")
    found = read(graph, "gene,log2FC.LSvsNL,padj.LSvsNL\nIL21,2,0.9\n")
    assert found.signals[0].direction() == "not significant"
