"""Scenes are what the answer says, keep the contract of what can be drawn, and go out as files for other tools."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest

from kg import calculus as m
from kg.answers import ranking
from kg.cli import main
from kg.model.errors import Problems
from kg.network import projection
from kg.profiles import given, profile
from kg.profiles.choices import Reading
from kg.sparql.graph import OpenGraph
from kg.viz import contract, files, scenes

Scene = Callable[[OpenGraph], "nx.MultiDiGraph[str]"]
SCENES: dict[str, Scene] = {
    "patient": lambda store: scenes.patient(store, profile.of_case(store, "khurana-2025-1")),
    "nothing measured": lambda store: scenes.patient(store, profile.of_case(store, "khurana-2025-2")),
    "mechanism": scenes.mechanism,
    "drug": lambda store: scenes.drug(store, "baricitinib"),
    "allosteric drug": lambda store: scenes.drug(store, "deucravacitinib"),
    "evidence": lambda store: scenes.evidence(store, "IL-21 receptor"),
    "literature": scenes.literature,
}
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
EACH = pytest.mark.parametrize("name", SCENES)


@pytest.fixture(scope="module")
def drawn_scenes(graph: OpenGraph) -> dict[str, "nx.MultiDiGraph[str]"]:
    return {name: scene(graph) for name, scene in SCENES.items()}


@EACH
def test_a_scene_keeps_the_contract(drawn_scenes: dict[str, "nx.MultiDiGraph[str]"], name: str) -> None:
    graph = drawn_scenes[name]
    assert contract.filled(graph).nodes == graph.nodes
    assert len(graph) > 1
    assert graph.graph["digest"].startswith("sha256:")
    assert "not medical advice" in graph.graph["note"]
    for _, _, about in graph.edges(data=True):
        for said in about["statements"]:
            assert said["source"]
            assert said["link"] == "" or said["link"].startswith("https://")


@EACH
def test_an_accepted_claim_has_a_source_that_supports_it(
    drawn_scenes: dict[str, "nx.MultiDiGraph[str]"], name: str
) -> None:
    for start, end, key, about in drawn_scenes[name].edges(keys=True, data=True):
        if key in ("binds-receptor", "needs"):
            stances = [said["stance"] for said in about["statements"]]
            assert stances, (start, end)
            assert about["status"] != "accepted" or "supports" in stances
            assert about["status"] != "refuted" or "refutes" in stances


def test_every_case_is_drawn_as_it_is_answered(graph: OpenGraph) -> None:
    for case in graph.instances("jak:Case"):
        who = profile.of_case(graph, case)
        composed = ranking.compose(graph, who)
        scene = scenes.patient(graph, who)
        assert contract.filled(scene).nodes == scene.nodes
        ranked = sorted((about["order"], name) for name, about in scene.nodes.items() if about.get("order") is not None
                        and about["kind"] == "drug")  # fmt: skip
        assert [name for _, name in ranked] == [row.drug.id for row in composed.rows]
        for row in composed.rows:
            for part in row.parts:
                for route in part.routes:
                    assert scene.has_edge(part.signal.cytokine, route.receptor)
                    for kinase in route.kinases:
                        about = scene.edges[row.drug.id, kinase.kinase, "inhibits"]
                        assert (about["sign"] == "blocks") == (kinase.hit.value == "yes")
                        assert (about["status"] == "disputed") == (kinase.hit.why == "disagree")
                        assert len(about["statements"]) == len(kinase.compared) + len(kinase.not_compared)
        given = {seen.drug for seen in composed.observed}
        assert {end for start, end, key in scene.edges(keys=True) if key.startswith("given")} == given


def test_why_tofacitinib_is_above_baricitinib_stands_in_words(graph: OpenGraph) -> None:
    patient = profile.of_case(graph, "khurana-2025-1")
    scene = scenes.patient(graph, patient)
    words = " ".join(scene.graph["about"])
    assert "IL-21 signals by IL-21 receptor, which needs JAK1 and JAK3." in words
    assert "tofacitinib (JAK1 yes: 15; JAK3 yes: 55, 6, 1-210 (spans the cut-off))" in words
    (row,) = [row for row in ranking.compose(graph, patient).rows if row.drug.id == "baricitinib"]
    rank = "–".join(map(str, dict.fromkeys(row.rank)))
    given = f"rank {rank} of the approved systemic drugs, score 0.50."
    assert f"Drug given: baricitinib (JAK1 yes: 4, 5.9; JAK3 no: 787, >400), {given}" in words
    (said,) = [s for s in scene.edges["tofacitinib", "jak1", "inhibits"]["statements"] if "IC50 15 nM" in s["text"]]
    assert said["link"] == "https://pubmed.ncbi.nlm.nih.gov/24417533/"
    raised = scene.edges["khurana-2025-1", "il21", "measured"]
    assert "2.33-fold" in raised["statements"][0]["quote"]


def test_a_refuted_need_is_not_called_a_need(drawn_scenes: dict[str, "nx.MultiDiGraph[str]"]) -> None:
    labels: dict[str, set[str]] = {}
    for receptor, kinase, key, about in drawn_scenes["mechanism"].edges(keys=True, data=True):
        if key == "uses":
            assert about["label"] in ("uses", "may use")
            assert drawn_scenes["mechanism"].get_edge_data(receptor, kinase, "needs", {}).get("label") != "needs"
        if key == "needs":
            labels.setdefault(about["status"], set()).add(about["label"])
    assert labels.pop("accepted") == {"needs"}
    assert labels.pop("refuted") == {"does not need"}
    assert set().union(*labels.values()) == {"may need"}
    (about,) = [d for _, _, d in drawn_scenes["patient"].in_edges("tyk2", data=True) if d["status"] == "refuted"]
    assert {said["text"] for said in about["statements"]} == {"IL-21 receptor needs TYK2"}, "what the sources speak of"


def test_a_patient_without_a_drug_is_told_nothing_of_one(graph: OpenGraph, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("# comparator: healthy control skin\ncytokine,ratio\nIL-4,3\n")
    scene = scenes.of(graph, "patient", str(file)).graph
    assert "given" not in " ".join(scene.graph["about"])
    assert "outcome" not in scene.graph["layers"]
    assert "outcome" in scenes.of(graph, "patient", "khurana-2025-1").graph.graph["layers"]


def test_a_scene_takes_what_load_gives(drawn_scenes: dict[str, "nx.MultiDiGraph[str]"]) -> None:
    import kg

    loaded = kg.load()
    assert nx.utils.graphs_equal(scenes.literature(loaded), drawn_scenes["literature"])
    found = scenes.of(loaded, "patient", "khurana-2025-1").graph
    assert nx.utils.graphs_equal(found, drawn_scenes["patient"])


@pytest.mark.parametrize(("name", "what", "words"), [
    ("drugs", None, "'drugs' is not the name of a scene: write one of patient, mechanism, drug, evidence, literature"),
    ("drug", None, "scene drug: missing argument: name a drug"),
    ("mechanism", "il21", "scene mechanism: unexpected argument 'il21': leave it out"),
])  # fmt: skip
def test_a_scene_by_its_name(graph: OpenGraph, name: str, what: str | None, words: str) -> None:
    with pytest.raises(Problems, match=words):
        scenes.of(graph, name, what)


def test_top_keeps_the_drug_that_was_given(graph: OpenGraph) -> None:
    scene = scenes.patient(graph, profile.of_case(graph, "khurana-2025-1"), top=2)
    drugs = {name for name, about in scene.nodes.items() if about["kind"] == "drug"}
    whole, first = (ranking.compose(graph, profile.of_case(graph, "khurana-2025-1"), top=top).rows for top in (None, 2))
    assert len(first) > 2, "the first two of each group"
    assert drugs == {row.drug.id for row in first} | {"baricitinib"}
    assert scene.graph["left_out"] == [f"{len(whole) - len(drugs)} drugs of lower rank: raise --top to see them."]


def test_a_drug_blocks_what_the_calculus_says(graph: OpenGraph) -> None:
    table = graph.mechanism
    scene = scenes.drug(graph, "tofacitinib")
    for cytokine in table.routes:
        verdict = m.blocked(table.drugs["tofacitinib"], table.signal(cytokine)).verdict
        assert scene.nodes[cytokine]["state"].startswith(verdict)


@pytest.mark.parametrize(("call", "words"), [
    (lambda graph: scenes.drug(graph, "zebra"), "not a known inhibitor"),
    (lambda graph: scenes.evidence(graph, "zebra"), "nothing in the graph has this name"),
    (lambda graph: scenes.evidence(graph, "il21-receptr"), "did you mean il21-receptor"),
])  # fmt: skip
def test_names_of_nothing(graph: OpenGraph, call: Scene, words: str) -> None:
    with pytest.raises(Problems, match=words):
        call(graph)


# --- files ------------------------------------------------------------------------------------------------------------


@EACH
def test_other_tools_read_the_same_graph(drawn_scenes: dict[str, "nx.MultiDiGraph[str]"], name: str) -> None:
    graph = drawn_scenes[name]
    edges = sorted((start, end, key) for start, end, key in graph.edges(keys=True))
    theirs = {
        ".graphml": nx.parse_graphml(projection.exported(graph, ".graphml"), force_multigraph=True),
        ".json": nx.node_link_graph(json.loads(projection.exported(graph, ".json"))),
        ".cyjs": nx.cytoscape_graph(json.loads(projection.exported(graph, ".cyjs"))),
    }
    for form, found in theirs.items():
        assert sorted(found) == sorted(graph), form
        assert sorted((start, end) for start, end in found.edges()) == [edge[:2] for edge in edges]
        assert {n: d["label"] for n, d in found.nodes.items()} == {n: d["label"] for n, d in graph.nodes.items()}
    statements: dict[Any, str] = nx.get_edge_attributes(theirs[".graphml"], "statements")
    ours: dict[Any, Any] = nx.get_edge_attributes(graph, "statements")
    keys: dict[Any, str] = nx.get_edge_attributes(theirs[".graphml"], "key")
    assert sorted((*edge[:2], keys.get(edge, edge[-1]), json.loads(text)) for edge, text in statements.items()) == (
        sorted((*edge, said) for edge, said in ours.items())
    )


@EACH
def test_every_edge_has_an_id_of_its_own(drawn_scenes: dict[str, "nx.MultiDiGraph[str]"], name: str) -> None:
    graph = drawn_scenes[name]
    tree = ElementTree.fromstring(projection.exported(graph, ".graphml"))
    ids = [part.get("id") for kind in ("node", "edge") for part in tree.iter(f"{GRAPHML}{kind}")]
    assert len(set(ids)) == len(ids) == len(graph) + graph.number_of_edges()
    types: dict[tuple[str | None, str | None], set[str | None]] = {}
    for key in tree.iter(f"{GRAPHML}key"):
        types.setdefault((key.get("for"), key.get("attr.name")), set()).add(key.get("attr.type"))
    assert {len(found) for found in types.values()} == {1}, "one type for each attribute"
    assert "None" not in {data.text for data in tree.iter(f"{GRAPHML}data")}
    cytoscape = json.loads(projection.exported(graph, ".cyjs"))["elements"]
    ids = [part["data"]["id"] for part in (*cytoscape["nodes"], *cytoscape["edges"])]
    assert len(set(ids)) == len(ids)
    ids = [edge["id"] for edge in json.loads(projection.exported(graph, ".json"))["edges"]]
    assert len(set(ids)) == len(ids) == graph.number_of_edges()


@EACH
def test_pyvis_and_json_take_a_scene_as_it_is(drawn_scenes: dict[str, "nx.MultiDiGraph[str]"], name: str) -> None:
    from pyvis.network import Network  # type: ignore[import-untyped]

    graph = drawn_scenes[name].copy()
    assert json.loads(json.dumps(nx.node_link_data(graph), allow_nan=False))
    network = Network(directed=True)
    network.from_nx(graph)
    assert next(iter(graph)) in network.generate_html()


@pytest.mark.conformance
def test_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import kg, hashlib; from kg.network import projection; from kg.viz import scenes\n"
        "g = scenes.literature(kg.open()); made = ''.join(projection.exported(g, form) for form in projection.FORMS)\n"
        "print(hashlib.sha256(made.encode()).hexdigest())"
    )
    said = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                       env={"PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1


DRAWN = [("patient", "khurana-2025-1"), ("mechanism",), ("drug", "Olumiant"), ("evidence", "IL-21"), ("literature",)]


@pytest.mark.parametrize("arguments", DRAWN, ids=" ".join)
@pytest.mark.parametrize("suffix", [".html", ".svg", ".graphml", ".json", ".cyjs"])
def test_draw(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], suffix: str) -> None:
    file = tmp_path / f"picture{suffix}"
    assert main.main(["draw", *arguments, "-o", str(file)]) == 0
    assert " nodes, " in capsys.readouterr().out
    assert file.stat().st_size > 1000
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_draw_a_patient_of_a_file(tmp_path: Path) -> None:
    source, file = tmp_path / "mine.csv", tmp_path / "mine.json"
    source.write_text("# comparator: healthy control skin\ncytokine,ratio\nIL-4,3\nTNF,2\n")
    assert main.main(["draw", "patient", str(source), "--top", "3", "--threshold", "10", "-o", str(file)]) == 0
    graph = nx.node_link_graph(json.loads(file.read_text()))
    assert {"il4", "tnf", "il4-receptor-type-1", "jak1"} <= set(graph)
    assert "excluded from the score" in graph.nodes["tnf"]["text"][0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["patient", "-o", "x.html"], "scene patient: missing argument: name a case, a file or a profile"),
        (["mechanism", "il21", "-o", "x.html"], "scene mechanism: unexpected argument 'il21': leave it out"),
        (["mechanism", "-o", "x.pdf"], "x.pdf: the suffix is none of .html, .svg, .png"),
        (["drug", "zebra", "-o", "x.html"], "'zebra' is not a known inhibitor"),
        (["patient", "khurana-2025-9", "-o", "x.html"], "there is neither a case nor a file of this name"),
    ],
)
def test_mistakes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main.main(["draw", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, words in err) == ("", True)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_fails_leaves_the_old_one(
    tmp_path: Path, graph: OpenGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mechanism.json"
    file.write_text("the old one")

    def fails(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(projection, "exported", fails)
    assert main.main(["draw", "mechanism", "-o", str(file)]) == 130
    assert file.read_text() == "the old one"
    assert files.SUFFIXES
    assert graph


def test_a_difference_that_is_not_significant_is_drawn(graph: OpenGraph) -> None:
    rows = [{"cytokine": "IL-21", "ratio": 3}, {"cytokine": "IL-15", "ratio": 4, "adjusted p": 0.5}]
    found = scenes.patient(graph, given.of_values(graph, rows, reading=Reading(comparator="healthy skin")))
    assert found.nodes["il15"]["state"] == "not significant 4-fold"
    assert "excluded from the score" in found.nodes["il15"]["text"][0]
