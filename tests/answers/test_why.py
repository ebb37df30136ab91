"""``kg why``: the statements behind a row are minimal by deletion, and told with their sources."""

from collections import defaultdict

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg import calculus as m
from kg.answers import explanation, ranking
from kg.cli import main
from kg.model.claims import worth
from kg.model.vocabulary import PREFIXES, THING, jak
from kg.profiles import profile
from kg.sparql.graph import OpenGraph
from kg.viz.builder import SceneBuilder

XSD_DECIMAL = NamedNode(PREFIXES["xsd"] + "decimal")
MEASURED = ("khurana-2025-1", "min-2020-group", "wang-2021-group")


def rows(graph: OpenGraph) -> list[tuple[str, str]]:
    drugs = [row["inhibitor"] for row in graph.rows("inhibitors")]
    return [(case, drug) for case in ranked(graph) for drug in drugs]


def ranked(graph: OpenGraph) -> list[str]:
    cases = [row["case"] for row in graph.rows("cases")]
    return [case for case in cases if ranking.compose(graph, profile.of_case(graph, case)).rows]


def test_the_cases_that_have_rows(graph: OpenGraph) -> None:
    assert set(MEASURED) <= set(ranked(graph))


EACH = pytest.mark.conformance


@pytest.mark.parametrize(
    ("require", "every"),
    [("share", 3), pytest.param("share", 1, marks=EACH), pytest.param("any", 1, marks=EACH)],
)
def test_minimal_by_deletion_for_every_row_of_every_case(graph: OpenGraph, require: m.Require, every: int) -> None:
    settings = m.Settings(require=require)
    for case, drug in rows(graph)[::every]:
        found = explanation.explain(graph, case, drug, settings, all_species=True)
        assert found.row is not None
        inhibitor, raised = found.row.drug, [part.signal for part in found.row.parts]
        kept = list(found.statements)
        whole = explanation.row_of(kept, inhibitor, raised, settings)
        assert whole == (explanation._comparable(found.row),), f"{case} {drug}: these statements alone give another row"
        for statement in kept:
            rest = [other for other in kept if other is not statement]
            fewer = explanation.row_of(rest, inhibitor, raised, settings)
            assert fewer != whole, f"{case} {drug}: nothing changes without {statement.id}"


@pytest.mark.conformance
def test_every_statement_is_a_node_of_the_graph_with_its_source(graph: OpenGraph) -> None:
    subjects = {quad.subject for quad in graph.store}
    names = {str(subject).rpartition("/")[2].rstrip(">") for subject in subjects}
    for case, drug in rows(graph):
        for statement in explanation.explain(graph, case, drug, all_species=True).statements:
            node = statement.subject if statement.kind == "measured" else statement.id
            assert node in names
            assert statement.source


def test_disagreement_keeps_both_sides(graph: OpenGraph) -> None:
    found = explanation.explain(graph, "khurana-2025-1", "filgotinib")
    said = {s.says for s in found.statements if s.kind == "potency" and "JAK1" in s.says}
    assert said == {
        "filgotinib on JAK1: IC50 10 nM, at or below 100 nM",
        "filgotinib on JAK1: IC50 363 nM, above 100 nM",
    }


@pytest.mark.parametrize(
    ("drug", "kinase", "reason"),
    [
        ("filgotinib", "JAK1", "sources disagree"),
        ("lestaurtinib", "JAK3", "no comparable value"),
        ("ivarmacitinib", "JAK3", "not measured"),
    ],
)
def test_why_and_ask_give_the_same_reason(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, drug: str, kinase: str, reason: str
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main.main(["why", "khurana-2025-1", drug]) == 0
    assert f"{kinase} ({reason})" in capsys.readouterr().out
    assert main.main(["ask", "khurana-2025-1", "--drug", drug]) == 0
    assert f"needs {kinase}: hit unknown ({reason})" in capsys.readouterr().out


def test_text(graph: OpenGraph, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main.main(["why", "khurana-2025-1", "baricitinib"]) == 0
    out = capsys.readouterr().out
    for words in (
        "Why does baricitinib score 0.50 for khurana-2025-1?",
        "IL-21 was raised 2.33-fold in lesional skin, against own uninvolved skin",
        "The IL-21 receptor needs JAK1 (Haan 2011, Chem Biol 18:314, abstract, result)",
        "Baricitinib on JAK3: IC50 787 nM, above 100 nM (PMID:24417533, read in Guide to PHARMACOLOGY 2020.5)",
        "So of the kinases that the IL-21 receptor needs, baricitinib hits JAK1 and spares JAK3.",
        "The blockade of IL-21 is 0.50: partly.",
        "khurana-2025-1 --raised--> IL-21 --signals by--> il21-receptor --needs--> JAK3 --spared by--> baricitinib",
        "100% resolution of the plaques on hand",
        "qualified by Haan 2011",
        "not medical advice",
    ):
        assert words in out
    assert len(explanation.explain(graph, "khurana-2025-1", "baricitinib").statements) == 6


@pytest.mark.conformance
def test_the_source_shown_is_never_weaker_than_another_of_its_claim(graph: OpenGraph) -> None:
    rivals = defaultdict(list)
    for row in graph.rows("evidence_on_routes"):
        rivals[row["about"], row["relation"], row["object"], row["stance"].lower()].append(row)
    for case, drug in rows(graph):
        for statement in explanation.explain(graph, case, drug, all_species=True).statements:
            if statement.kind == "evidence":
                same = rivals[statement.subject, statement.relation, statement.object, statement.stance]
                (shown,) = (row for row in same if row["evidence"] == statement.id)
                assert worth(shown) == max(map(worth, same)), f"{case} {drug}: {statement.says}"


@pytest.mark.conformance
def test_a_planted_case_report_displaces_nothing(graph: OpenGraph) -> None:
    """Two sentences of a report of cases, first and last by name, with a quote and of people, on every claim."""
    planted = Store()
    planted.bulk_extend(graph.store)
    report = NamedNode(THING + "ref-yan-2022")
    assert str(next(graph.store.quads_for_pattern(report, NamedNode(jak.studyDesign), None)).object) == '"case report"'
    for row in graph.rows("evidence_on_routes"):
        (claim,) = graph.store.quads_for_pattern(None, NamedNode(jak.evidence), NamedNode(THING + row["evidence"]))
        for name in ("ev-0", "ev-zz"):
            node = NamedNode(f"{THING}{name}-{str(claim.subject)[len(THING) + 1 : -1]}")
            said: dict[str, NamedNode | Literal] = {
                jak.stance: NamedNode(jak.Supports),
                jak.locator: Literal("introduction"),
                jak.quote: Literal("a cytokine that signals through these kinases", language="en"),
                jak.method: NamedNode("http://purl.obolibrary.org/obo/ECO_0007645"),
                jak.species: Literal("human"),
                jak.obtainedFrom: report,
                "http://purl.org/dc/terms/source": report,
            }
            planted.extend(Quad(node, NamedNode(key), value) for key, value in said.items())
            planted.add(Quad(claim.subject, NamedNode(jak.evidence), node))
    beside = OpenGraph(planted)
    for case, drug in rows(graph):
        before, after = (explanation.explain(of, case, drug, all_species=True).statements for of in (graph, beside))
        assert [statement.id for statement in before] == [statement.id for statement in after]
    for of in (graph, beside):
        scene = SceneBuilder(of, "", ["cytokine", "receptor", "kinase"])
        scene.add_receptors("il21")
        first = [edge["statements"][0]["source"] for *_, edge in scene.graph.edges(data=True)]
        assert not any("Yan" in source for source in first)


def test_turtle_is_prov_and_stands_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["why", "khurana-2025-1", "tofacitinib", "--format", "turtle"]) == 0
    text = capsys.readouterr().out
    triples = list(parse(text.encode(), format=RdfFormat.TURTLE))
    derived = {t.object for t in triples if str(t.predicate).endswith("wasDerivedFrom>")}
    assert len(derived) == 6
    assert all(any(t.triple.subject == node for t in triples) for node in derived)
    assert main.main(["why", "khurana-2025-1", "tofacitinib", "--format", "turtle"]) == 0
    assert capsys.readouterr().out == text


def test_nothing_measured_nothing_to_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["why", "khurana-2025-2", "baricitinib"]) == 0
    out = capsys.readouterr().out
    assert "Why is there no row of baricitinib for khurana-2025-2?" in out
    assert "Nothing was measured" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["khurana-2025-9", "baricitinib"], "there is no such case: the nearest are khurana-2025"),
        (["khurana-2025-1", "baricitinob"], "did you mean baricitinib"),
        (["khurana-2025-2", "baricitinob"], "did you mean baricitinib"),
        (["khurana-2025-1", "oclacitinib"], "add --all-species"),
    ],
)
def test_mistakes(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    assert main.main(["why", *arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.fixture(scope="module")
def interleukin_23(graph: OpenGraph) -> OpenGraph:
    """The graph with other measurements of a patient: both parts of IL-23, whose receptor needs JAK2 and uses TYK2."""
    told = Store()
    told.bulk_extend(graph.store)
    for row in graph.rows("measurements_of_case", case="khurana-2025-1"):
        measurement = NamedNode(THING + row["measurement"])
        for name in ("ofLigand", "ratio", "reportedDirection"):
            for quad in list(told.quads_for_pattern(measurement, NamedNode(getattr(jak, name)), None, None)):
                told.remove(quad)
        ligand, ratio = {"il21": ("il12b", 4), "il15": ("il23a", 2)}.get(row["cytokine"], ("tnf", 1))
        told.add(Quad(measurement, NamedNode(jak.ofLigand), NamedNode(THING + ligand)))
        told.add(Quad(measurement, NamedNode(jak.ratio), Literal(str(ratio), datatype=XSD_DECIMAL)))
    return OpenGraph(told)


def test_a_complex_is_explained_by_its_parts(interleukin_23: OpenGraph) -> None:
    found = explanation.explain(interleukin_23, "khurana-2025-1", "baricitinib")
    assert found.row
    assert [part.signal.cytokine for part in found.row.parts] == ["il23"]
    measured = [statement for statement in found.statements if statement.kind == "measured"]
    assert [statement.id for statement in measured] == ["measured-il12b", "measured-il23a"]
    assert [statement.says.partition(" in ")[0] for statement in measured] == [
        "IL-12 subunit beta (p40) was raised 4-fold",
        "IL-23 subunit alpha (p19) was raised 2-fold",
    ]


def test_a_kinase_that_is_used_is_not_called_needed(interleukin_23: OpenGraph) -> None:
    found = explanation.explain(interleukin_23, "khurana-2025-1", "baricitinib")
    steps = [line.partition("-receptor ")[2].partition(" --")[0] for line in explanation.path(found)]
    assert sorted(steps) == ["--needs--> JAK2", "--uses--> TYK2"]
    text = " ".join(explanation.sentences(found))
    assert (
        "of the kinases that the IL-23 receptor needs, baricitinib hits JAK2; of those that it uses, it hits TYK2."
        in text
    )
