"""The two tracks of a table of genes in answers: what each says, what both say together, and which ranks the drugs."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import numpy as np
import pytest

from kg.answers import render, schema, tracks
from kg.cli import main
from kg.document import terminal
from kg.knowledge_graph import KnowledgeGraph
from kg.model.errors import Problems
from kg.profiles import target_genes
from kg.profiles.activity import Activity, Call, activity

KNOWN = target_genes.shipped()
OWN = KNOWN.weights[KNOWN.names.index("JAK-STAT")]
GENES = sorted({gene for weights in KNOWN.weights for gene in weights} - {"TNF"})
GENES += ["IFNG", "IL21", "KRT16", *(f"GENE{number}" for number in range(1500))]
Make = Callable[..., Path]


@pytest.fixture
def table(tmp_path: Path) -> Make:
    """Write a table of genes as limma does, with a signal of JAK-STAT, and cytokines that are raised."""

    def make(
        *, signal: float = 2.0, raised: tuple[str, ...] = (), seed: int = 1, columns: str = "logFC,t,P.Value"
    ) -> Path:
        rng = np.random.default_rng(seed)
        t = rng.normal(size=len(GENES)) + np.array([OWN.get(gene, 0.0) for gene in GENES]) * signal / 8
        lines = [f"gene,{columns}"]
        for gene, value in zip(GENES, t.tolist(), strict=True):
            value = 9.0 if gene in raised else 0.1 if gene in ("IFNG", "IL21") else value
            change = 0.3 * value
            cells = {"logFC": f"{change:.4f}", "t": f"{value:.4f}", "P.Value": f"{min(1.0, 2 / (1 + value**2)):.6g}"}
            lines.append(",".join([gene, *(cells[column] for column in columns.split(","))]))
        file = tmp_path / "table.csv"
        file.write_text("\n".join(lines) + "\n")
        return file

    return make


def ask(graph: KnowledgeGraph, file: Path, **options: object) -> tracks.Tracks:
    found = graph.ask(str(file), comparator="own uninvolved skin", **options).tracks  # type: ignore[arg-type]
    assert found is not None
    return found


# --- one track ranks, the other is said -------------------------------------------------------------------------------


def test_a_signal_without_a_raised_cytokine(graph: KnowledgeGraph, table: Make) -> None:
    answer = graph.ask(str(table()), comparator="own uninvolved skin")
    assert answer.tracks is not None
    assert answer.tracks.activity.call == "active"
    assert answer.rows == ()
    lines = terminal.text(render.document(answer), 80)
    assert "some JAK signal acts, this table cannot say which" in " ".join(lines.split())
    assert lines.count("\n") <= 40


def test_the_target_genes_never_change_the_ranking(graph: KnowledgeGraph, table: Make) -> None:
    found = [
        graph.ask(str(table(signal=signal, raised=("IL21",))), comparator="own uninvolved skin").to_dict()
        for signal in (0.0, 2.0)
    ]
    assert [one["activity"]["call"] for one in found] == ["not active", "active"]
    assert found[0]["drugs"] == found[1]["drugs"]
    assert [one["activity"]["own_raised"] for one in found] == [["IL-21"], ["IL-21"]]


def test_the_json_is_what_its_schema_says(graph: KnowledgeGraph, table: Make) -> None:
    found = graph.ask(str(table(raised=("IL21",))), comparator="own uninvolved skin").to_dict()
    jsonschema.validate(json.loads(json.dumps(found)), schema.json_schema())
    assert found["activity"]["rivals"][0]["name"] == "JAK-STAT"
    assert (found["activity"]["targets"], found["activity"]["targets_of"]) == (100, 100)
    assert len(found["activity"]["carried_by"]) == 10
    assert graph.ask("khurana-2025-1").to_dict()["activity"] is None


def test_a_list_of_cytokines_has_no_second_track(graph: KnowledgeGraph) -> None:
    assert graph.ask({"IL-21": 3}, comparator="healthy skin").tracks is None


def test_fold_changes_alone_are_ranked_and_not_tested(graph: KnowledgeGraph, table: Make) -> None:
    found = ask(graph, table(columns="logFC"))
    assert (found.activity.call, found.activity.p, found.activity.rank) == ("not testable", None, 1)
    assert "cannot be tested" in tracks.together(found)


def test_a_p_value_gives_a_statistic(graph: KnowledgeGraph, table: Make) -> None:
    found = ask(graph, table(columns="logFC,P.Value"))
    assert (found.activity.call, found.statistic) == ("active", "p value")


def test_correlation_is_an_option(graph: KnowledgeGraph, table: Make) -> None:
    some, none = (ask(graph, table(), correlation=rho).activity for rho in (0.3, 0.0))
    assert some.p is not None
    assert none.p is not None
    assert some.p > none.p
    with pytest.raises(Problems, match="correlation"):
        ask(graph, table(), correlation=2)


def test_names_of_proteins_are_not_those_of_transcripts(graph: KnowledgeGraph, table: Make) -> None:
    file = table()
    file.write_text(file.read_text().replace("gene,logFC", "Assay,logFC", 1))
    found = ask(graph, file)
    assert found.activity.why == "the table names proteins, and the weights are of transcripts"


def test_the_weights_are_of_human_genes(graph: KnowledgeGraph, table: Make) -> None:
    file = table()
    header, *rows = file.read_text().splitlines()
    file.write_text("\n".join([header, *(f"{row[0]}{row[1:].lower()}" for row in rows)]))
    found = ask(graph, file, species="mouse")
    assert found.activity.why == "the table has genes of the mouse, and the weights are of human genes"


@pytest.mark.parametrize(
    ("columns", "wrong", "what"),
    [
        ("logFC,t", "x", "t 'x' is not a number"),
        ("logFC,t", "inf", "t 'inf' is not a number: an infinite value is none"),
        ("logFC,P.Value", "x", "P.Value 'x' is not a number"),
        ("logFC,P.Value", "-0.1", "P.Value '-0.1' is not between 0 and 1"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(
    graph: KnowledgeGraph, table: Make, columns: str, wrong: str, what: str
) -> None:
    file = table(columns=columns)
    lines = file.read_text().splitlines()
    lines[20] = f"{lines[20].rpartition(',')[0]},{wrong}"
    file.write_text("\n".join(lines))
    with pytest.raises(Problems, match=rf"table\.csv:21: {what}"):
        ask(graph, file)


def test_kg_inspect_says_whether_it_can_be_tested(graph: KnowledgeGraph, table: Make) -> None:
    found = graph.inspect(str(table()), comparator="own uninvolved skin")
    assert found.tracks()["activity from target genes"]
    found = graph.inspect(str(table(columns="logFC")), comparator="own uninvolved skin")
    assert not found.tracks()["activity from target genes"]
    assert "fold changes alone" in found.to_dict()["not_testable"]


# --- what the two say together ----------------------------------------------------------------------------------------

SAID = {
    ("active", True, True): "IL-21 is raised by its own transcript, and the target genes of JAK-STAT are raised: a JAK",
    (
        "active",
        False,
        True,
    ): "No JAK-dependent cytokine is raised by its own transcript, but its target genes are: some",
    ("active", False, False): "No JAK-dependent cytokine is in this table, but the target genes of JAK-STAT are raised",
    (
        "not active",
        True,
        True,
    ): "IL-21 is raised by its own transcript, but the target genes of JAK-STAT show no signal",
    ("not active", False, True): "No JAK-dependent cytokine is raised by its own transcript, and the target genes of",
    ("not active", False, False): "No JAK-dependent cytokine is in this table, and the target genes of JAK-STAT show",
    (
        "not testable",
        True,
        True,
    ): "IL-21 is raised by its own transcript; whether the target genes of JAK-STAT are raised",
    (
        "not testable",
        False,
        True,
    ): "No JAK-dependent cytokine is raised by its own transcript; whether the target genes of",
    (
        "not testable",
        False,
        False,
    ): "No JAK-dependent cytokine is in this table; whether the target genes of JAK-STAT are",
}


def tracks_of(one: Activity, *, raised: bool = False, measured: bool = True) -> tracks.Tracks:
    return tracks.Tracks(
        activity=one, statistic="statistic", own=("IL-21",) if raised else (), own_measured=measured, signatures=(),
        notes=(), ranked_by="own",
    )  # fmt: skip


@pytest.mark.parametrize(("call", "raised", "measured"), SAID)
def test_the_two_tracks_together(call: Call, raised: bool, measured: bool) -> None:
    one = replace(activity({}, KNOWN), call=call)
    said = tracks.together(tracks_of(one, raised=raised, measured=measured))
    assert said.startswith(SAID[call, raised, measured])
    assert said.endswith(".")
    several = tracks.together(replace(tracks_of(one, raised=True), own=("IL-21", "IFN-gamma")))
    assert several.startswith("IL-21 and IFN-gamma are raised by their own transcripts")


@pytest.mark.parametrize(("raised", "link"), [(True, "but"), (False, "and")])
def test_lowered_target_genes_are_not_called_no_signal(*, raised: bool, link: str) -> None:
    one = replace(activity({}, KNOWN), call="not active", p=1 - 1e-9)
    said = tracks.together(tracks_of(one, raised=raised))
    assert f", {link} the target genes of JAK-STAT are lowered: " in said
    assert "are lowered" not in tracks.together(tracks_of(replace(one, p=0.9)))


# --- signatures -------------------------------------------------------------------------------------------------------


@pytest.fixture
def matrix(tmp_path: Path) -> Path:
    """Signatures of four columns: one has the genes of the JAK-STAT pathway."""
    rng = np.random.default_rng(5)
    columns = {"IL-21": OWN, **{name: dict(zip(rng.choice(GENES, 60), rng.normal(size=60), strict=True))
                               for name in ("IFNG", "TNF", "BMP2")}}  # fmt: skip
    genes = sorted({str(gene) for column in columns.values() for gene in column})
    lines = ["\t".join(["", *columns])]
    lines += ["\t".join([gene, *(f"{column.get(gene, 0.0):.4f}" for column in columns.values())]) for gene in genes]
    file = tmp_path / "mine.tsv"
    file.write_text("\n".join(lines) + "\n")
    return file


def test_signatures_say_which_cytokine_acts_and_rank_only_if_asked(
    graph: KnowledgeGraph, table: Make, matrix: Path
) -> None:
    found = ask(graph, table(), signatures=matrix)
    assert [one.label for one in found.active] == ["IL-21"]
    assert found.ranked_by == "own"
    assert "name no cytokine of the graph, and count as rivals alone: BMP2." in " ".join(found.notes)
    file = str(table(raised=("IFNG",)))
    own = graph.ask(file, comparator="own uninvolved skin", signatures=matrix)
    other = graph.ask(file, comparator="own uninvolved skin", signatures=matrix, signals="signature")
    assert [signal.cytokine for signal in own.profile.signals if signal.is_raised()] == ["ifng"]
    assert [(signal.cytokine, signal.ratio, signal.weight()) for signal in other.profile.signals] == [
        ("il21", None, 1.0)
    ]
    assert other.ranked[0].parts[0].raised.heaviest == "il21"
    text = terminal.text(render.document(other), 80)
    assert "Ranked by the signatures that were given, not by measured cytokines" in " ".join(text.split())
    jsonschema.validate(json.loads(json.dumps(other.to_dict())), schema.json_schema())
    assert other.to_dict()["activity"]["ranked_by"] == "signature"


def test_no_active_signature_ranks_nothing(graph: KnowledgeGraph, table: Make, matrix: Path) -> None:
    file = str(table(signal=0.0, raised=("IFNG",)))
    answer = graph.ask(file, comparator="own uninvolved skin", signatures=matrix, signals="signature")
    assert answer.rows == ()
    assert "No cytokine of the graph is active by its signature" in terminal.text(render.document(answer), 200)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("gene,IFNG\nSTAT1,x\n", "IFNG 'x' is not a number"),
        ("gene,IFNG\nSTAT1,1\nSTAT1,2\n", "the gene 'STAT1' stands in line 2, too"),
        ("gene,IFNG,IFN-gamma\nSTAT1,1,2\nOAS1,1,2\n", "the columns 'IFNG' and 'IFN-gamma' are both IFN-gamma"),
        ("gene,IFNG,IFNG\nSTAT1,1,2\nOAS1,1,2\n", "two columns are 'IFNG'"),
        ("gene,IFNG,IL4\nSTAT1,1,0\nOAS1,1,\n", "IL4 has no weight"),
        ("gene,IFNG,IL4\nSTAT1,1,inf\nOAS1,1,1\n", "IL4 'inf' is not a number"),
        ("gene,IFNG,,IL4\nSTAT1,1,2,1\nOAS1,1,1,1\nMX1,1,1,1\n", "a column has no header"),
        ("STAT1\nOAS1\n", "this is no matrix of genes and cytokines"),
        ('[{"gene": "STAT1", "IFNG": 1}]', "this is no matrix of genes and cytokines"),
        ("gene,IFNG,IL4,IL6\nSTAT1,1,1,1\n", "1 genes for 3 columns"),
    ],
)
def test_bad_signatures(graph: KnowledgeGraph, table: Make, tmp_path: Path, text: str, what: str) -> None:
    file = tmp_path / ("mine.json" if text.startswith("[") else "mine.csv")
    file.write_text(text)
    with pytest.raises(Problems, match=what):
        ask(graph, table(), signatures=file)


def test_signatures_where_they_do_not_fit(graph: KnowledgeGraph, table: Make, matrix: Path) -> None:
    with pytest.raises(Problems, match="signatures need a table of genes"):
        graph.ask({"IL-21": 3}, comparator="healthy skin", signatures=matrix)
    with pytest.raises(Problems, match="there is no signature"):
        ask(graph, table(), signals="signature")
    with pytest.raises(Problems, match="'both' is not known"):
        ask(graph, table(), signatures=matrix, signals="both")
    with pytest.raises(Problems, match="cannot be read"):
        ask(graph, table(), signatures=matrix.with_name("none.csv"))


def test_the_command(table: Make, matrix: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["ask", str(table()), "--comparator", "own uninvolved skin", "--signatures", str(matrix)]
    assert main.main([*words, "--signals", "signature", "--correlation", "0.02", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["activity"]["correlation"] == 0.02
    assert [one["cytokine"] for one in found["signals"]] == ["il21"]
    with pytest.raises(SystemExit):
        main.main([*words, "--correlation", "1"])
    assert "no correlation between genes" in capsys.readouterr().err
    assert main.main([*words[:-1], "none.csv"]) == 2


def test_each_cluster_has_its_own_activity(table: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Clusters in one file are answered one by one, by --by, in both tracks."""
    lines = []
    for cluster, signal in (("keratinocytes", 2.0), ("fibroblasts", 0.0)):
        header, *rows = table(signal=signal, seed=3).read_text().splitlines()
        lines += [f"{row},{cluster}" for row in rows]
    file = table()
    file.write_text("\n".join([f"{header},cluster", *lines]) + "\n")
    assert main.main(["ask", str(file), "--comparator", "own uninvolved skin", "--by", "cluster"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in out if line.endswith((" active", "not active"))] == [
        "keratinocytes",
        "fibroblasts",
    ]
    assert [line.endswith("not active") for line in out if line.startswith(("kera", "fibro"))] == [False, True]
