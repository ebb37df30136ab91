"""Samples are never pooled: columns, lines, comments and names that tell patients, visits and tissues apart."""
# ruff: noqa: E501 - tables are as wide as their programs write them

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kg.knowledge_graph import KnowledgeGraph
from kg.model.errors import Problems
from kg.profiles import assembly, profile
from kg.profiles.choices import Reading
from kg.profiles.sheet import of_cells


def read(graph: KnowledgeGraph, text: str, **options: Any) -> profile.Profile:
    return assembly.read(graph, Path("x.csv"), text.encode(), reading=Reading(comparator="non-lesional", **options))


def refused(graph: KnowledgeGraph, text: str, **options: Any) -> str:
    with pytest.raises(Problems) as caught:
        read(graph, text, **options)
    return "\n".join(map(str, caught.value.problems))


def ratios(found: profile.Profile) -> dict[str, float | str]:
    return {one.cytokine: round(float(one.ratio), 2) if one.ratio else str(one.reported) for one in found.signals}


@pytest.mark.parametrize(
    ("header", "one", "other"),
    [
        ("Kürzel", "AM", "JK"), ("Nachname", "Huber", "Maier"), ("label", "GA_biopsy_01_LES", "GA_biopsy_02_LES"),
        ("", "Anna", "Bert"), ("", "Patient 1", "Patient 2"), ("lesional", "yes", "no"), ("responder", "yes", "no"),
        ("Sample Type", "skin lesion", "serum"), ("plate", "P01", "P02"), ("accession", "GSM101", "GSM102"),
        ("comment", "patient 1", "seen in patient 2"), ("description", "left arm", "back"), ("Name", "Anna B.", "Bert C."),
        ("Location", "left forearm", "right hand"), ("P", "1", "2"), ("source", "plasma", "skin"), ("file", "P01.csv", "x"),
        ("stage", "early", "late"), ("hospital", "Berlin", "Marburg"), ("lesion_no", "1", "2"), ("panel", "serum", "skin"),
        ("Kennung", "100234", "100871"), ("code", "007", "12"), ("ID", "17", "18"), ("reference", "Min 2020", "Ito 2021"), ("assay_run", "1", "2"),
        ("method", "qPCR skin", "ELISA serum"), ("lesion", "1", "2"), ("healthy", "0", "1"), ("title", "week 4", "baseline"), ("kit", "Pat 1", "Pat 2"),
    ],
)  # fmt: skip
def test_a_column_that_is_not_known_to_describe_the_assay_may_tell_samples_apart(
    graph: KnowledgeGraph, header: str, one: str, other: str
) -> None:
    said = refused(graph, f"{header},cytokine,ratio\n{one},IL-21,2.33\n{other},IFN-g,6.1\n")
    assert "samples are never pooled" in said
    assert f"'{one}', '{other}'" in said
    assert len(read(graph, f"{header},cytokine,ratio\n{one},IL-21,2.33\n{one},IFN-g,6.1\n").signals) == 2


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Gene.title", ["interferon gamma", "interleukin 21"]), ("OlinkID", ["OID00534", "OID00482"]), ("mw", ["17.1", "16.9"]),
        ("probe", ["210354_at", "221271_at"]), ("ensg", ["ENSG00000111537", "ENSG00000138684"]), ("n", ["12", "11"]),
        ("", ["0", "1"]), ("reads", ["1203", "88"]), ("95% CI", ["1.2-3.4", "2.0-6.1"]), ("mean ± SD", ["4.1 ± 0.2", "3 ± 1"]), ("detected", ["81%", "3%"]),
        ("TaqMan", ["Hs00989291_m1", "Hs00222327_m1"]), ("Bead region", ["18", "25"]), ("NL", ["10", "11"]), ("lesion", ["41", "38"]), ("mean_HC", ["10", "12"]), ("Symbol", ["IFNG", "IL21"]), ("up_or_dn", ["up", "ns"]), ("lot", ["B1", "B2"]),
        ("comment", ["below LOD", "hook effect"]), ("Well", ["A1", "P2"]), ("protein description", ["serum factor", "left factor"]),
        ("", ["IFN-gamma", "IL-211"]), ("UniProt", ["P01579", "Q9HBE4"]), ("chr", ["12", "4"]), ("Unit", ["pg/ml", "ng/ml"]),
    ],
)  # fmt: skip
def test_a_column_of_a_short_list_that_describes_the_assay_or_the_gene(
    graph: KnowledgeGraph, header: str, values: Sequence[str]
) -> None:
    rows = "".join(f"{value},{name},2\n" for value, name in zip(values, ("IFN-gamma", "IL-21"), strict=True))
    assert len(read(graph, f"{header},cytokine,ratio\n{rows}").signals) == 2


def test_columns_of_a_whole_table_that_describe_genes(graph: KnowledgeGraph) -> None:
    kinds = ("transcription factor", "kinase", "receptor")
    rows = "".join(f"GENE{n},1.5,serum protein {n},{'yes' if n % 2 else 'no'},{n % 7}\n" for n in range(300))
    text = "gene,logFC,description,secreted,exons\nIL21,2,interleukin 21,yes,5\n" + rows
    assert ratios(read(graph, text)) == {"il21": 4}
    sites = "".join(f"GENE{n},1.5,{'skin' if n % 2 else 'blood'}\n" for n in range(300))
    assert "'skin', 'blood'" in refused(graph, "gene,logFC,description\nIL21,2,skin\n" + sites)
    few = "".join(f"GENE{n},1.5,{kinds[n % 3]}\n" for n in range(300))
    assert "'kinase'" in refused(graph, "gene,logFC,xyz\nIL21,2,kinase\n" + few)
    assert ratios(read(graph, "gene,logFC,gene_biotype\nIL21,2,kinase\n" + few)) == {"il21": 4}


@pytest.mark.parametrize(
    "text",
    [
        "cytokine,ratio\n# P01\nIL-21,2\n# P02\nOSM,3\n", "cytokine,ratio\nIL-21,2\n# AM\nOSM,3\n",
        "Patient: P01\ncytokine,ratio\nIL-21,2\n\nPatient: P02\ncytokine,ratio\nOSM,3\n",
        "cytokine,ratio\nIL-21,2\n\ncytokine,ratio\nOSM,3\n", "cytokine,ratio\nPatient P01,\nIL-21,2\nPatient P02,\nOSM,3\n",
        "cytokine,ratio\nIL-21,2\nP02\nOSM,3\n", "cytokine,ratio\nIL-21,2\nAnna\nOSM,3\n", "gene,logFC\nIL21,2\nweek 4,\nOSM,3\n",
        "cytokine,ratio\nIL-21,2\nCytokine,Ratio\nOSM,3\n", "n,cytokine,ratio\n1,IL-21,2\nSerum,,\n2,OSM,3\n",
    ],
)  # fmt: skip
def test_several_tables_in_one_file(graph: KnowledgeGraph, text: str) -> None:
    said = refused(graph, text)
    assert "stands" in said
    assert "keep one" in said
    assert "delete the row" not in said


def test_several_tables_in_one_sheet() -> None:
    rows = [["cytokine", "ratio"], ["# P01", ""], ["IL-21", "2"], ["# P02", ""], ["OSM", "3"]]
    problems: list[Any] = []
    of_cells(Path("x.xlsx"), "spreadsheet", rows, problems)
    assert "'# P02' stands between rows" in str(problems[0])


@pytest.mark.parametrize(
    "name", ["IL-21 (P01)", "P01_IL-21", "IL-21 serum", "IL-21 (left arm)", "IL-21_week4", "Patient 2: IL-21"]
)
def test_a_name_that_carries_a_sample(graph: KnowledgeGraph, name: str) -> None:
    said = refused(graph, f'cytokine,ratio\n"{name}",2.33\nOSM,2\n')
    assert "samples are never pooled" in said
    assert "did you mean" not in said


def test_a_title_that_names_one_patient_and_a_line_without_a_value(graph: KnowledgeGraph) -> None:
    assert ratios(read(graph, "Patient: P01\ncytokine,ratio\nIL-21,2\nOSM,\n")) == {"il21": 2}
    assert ratios(read(graph, "# P01\ncytokine,ratio\n# as sent\nIL-21,2\n# comparator: non-lesional\nOSM,3\n# end\n")) == {
        "il21": 2, "osm": 3,
    }  # fmt: skip


def test_a_sample_that_is_written_once_for_its_rows(graph: KnowledgeGraph) -> None:
    merged = "patient,cytokine,ratio\nP01,IL-21,2\n,IL-15,2\nP02,IFN-g,3\n,OSM,3\n"
    assert "'P01', 'P02'" in refused(graph, merged)
    assert "2 rows have no patient" in refused(graph, merged, where=(("patient", "P01"),))
    once = "patient,cytokine,ratio\nP01,IL-21,2\n,IFN-g,3\n"
    assert "the column patient is empty in 1 of 2 rows" in refused(graph, once)
    case = "visit,cytokine,ratio\nW0,IL-21,2\nw0,IFN-g,3\nW12,OSM,3\n"
    assert ratios(read(graph, case, where=(("visit", "W0"),))) == {"il21": 2, "ifng": 3}


@pytest.mark.parametrize(
    "text",
    [
        '{"P01": [{"cytokine": "IL-21", "ratio": 2}], "P02": [{"cytokine": "OSM", "ratio": 3}]}',
        '{"patients": [{"id": "P01", "signals": [{"cytokine": "IL-21", "ratio": 2}]}, {"id": "P02", "signals": []}]}',
        '[{"id": "a", "measurements": [{"assay": {"id": "HGNC:6005"}}]}, {"id": "b", "measurements": []}]',
        '{"P01": {"signals": [{"cytokine": "IL-21", "ratio": 2}]}, "P02": {"signals": [{"cytokine": "OSM", "ratio": 2}]}}',
    ],
)
def test_several_samples_in_json(graph: KnowledgeGraph, text: str) -> None:
    with pytest.raises(Problems, match="several samples are in one file"):
        assembly.read(graph, Path("x.json"), text.encode(), reading=Reading(comparator="non-lesional"))


def test_json_lines(graph: KnowledgeGraph) -> None:
    text = '{"patient":"P01","cytokine":"IL-21","ratio":2}\n{"patient":"P02","cytokine":"OSM","ratio":3}\n'
    with pytest.raises(Problems, match="a second JSON value begins here: write one list"):
        assembly.read(graph, Path("x.json"), text.encode(), reading=Reading(comparator="non-lesional"))


def test_names_that_stand_again_under_another_value_of_what_describes_the_assay(graph: KnowledgeGraph) -> None:
    rows = [f"{plate},{name},{value}" for plate, value in (("A", 2), ("B", 3)) for name in ("IL-21", "OSM", "IFN-g")]
    said = refused(graph, "plate,cytokine,ratio\n" + "\n".join(rows) + "\n")
    assert "the column plate has several values, and samples are never pooled: 'A', 'B'" in said
    rows = [f"{plate},GENE{n},1.{n}" for plate in ("run one", "run two") for n in range(150)]
    assert "'run one', 'run two'" in refused(graph, "note,gene,logFC\nrun one,IL21,2\n" + "\n".join(rows) + "\n")
    text = "responder,gene,logFC\nyes,IL21,2\n" + "\n".join(rows).replace("run one", "yes").replace("run two", "no")
    assert "'yes', 'no'" in refused(graph, text)


def test_a_footnote_directly_below_the_rows(graph: KnowledgeGraph) -> None:
    assert ratios(read(graph, "cytokine,ratio\nIL-21,2\nOSM,3\n* p<0.05\n† vs NL\n")) == {"il21": 2, "osm": 3}
