"""A graph of one's own is drawn with what it has: defaults where it says nothing, and all that is wrong at once."""

import json
import math
import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pictures
import pytest

from kg.model.errors import Problems
from kg.viz import contract, files, html, layout, static
from kg.viz.scene import Scene

DRAWN = [html.page, static.svg, static.png, layout.positions]


def edge(graph: Any) -> Any:
    return graph.edges["IL-21 receptor", "JAK1", "needs"]


BREAKS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "about is a text": (lambda g: g.graph.update(about="IL-21"), "the graph: about: 'IL-21' is not a list of texts"),
    "a number among layers": (lambda g: g.graph.update(layers=["a", 1]), "the graph: layers: "),
    "label is blank": (lambda g: g.nodes["JAK1"].update(label=" \n"), "node 'JAK1': label: ' \\n' is not a word"),
    "kind is a number": (lambda g: g.nodes["JAK1"].update(kind=3), "node 'JAK1': kind: 3 is not a text"),
    "kind is empty": (lambda g: g.nodes["JAK1"].update(kind=""), "node 'JAK1': kind: '' is not a word"),
    "half a letter": (lambda g: g.nodes["JAK1"].update(iri="\ud800"), "node 'JAK1': iri: "),
    "layer is missing": (lambda g: g.nodes["JAK1"].pop("layer"), "node 'JAK1': layer is missing: give every node one"),
    "layer beyond": (lambda g: g.nodes["JAK1"].update(layer=6), "node 'JAK1': layer: 6 is not the index of one of 6"),
    "layer below": (lambda g: g.nodes["JAK1"].update(layer=-1), "node 'JAK1': layer: -1 is not"),
    "layer is no index": (lambda g: g.nodes["JAK1"].update(layer=1.0), "node 'JAK1': layer: 1.0 is not a whole number"),
    "layer is a truth": (lambda g: g.nodes["JAK1"].update(layer=True), "node 'JAK1': layer: True is not a whole num"),
    "order is not a number": (
        lambda g: g.nodes["JAK1"].update(order="1"),
        "node 'JAK1': order: '1' is not a finite num",
    ),
    "order is infinite": (lambda g: g.nodes["JAK1"].update(order=math.inf), "node 'JAK1': order: inf is not a finite"),
    "text is not a list": (
        lambda g: g.nodes["JAK1"].update(text="one"),
        "node 'JAK1': text: 'one' is not a list of tex",
    ),
    "status": (lambda g: edge(g).update(status="open"), "EDGE: status: 'open' is not one of accepted, disputed"),
    "sign": (lambda g: edge(g).update(sign="hits"), "EDGE: sign: 'hits' is not empty or one of raises, lowers, blocks"),
    "width above": (lambda g: edge(g).update(width=1.1), "EDGE: width: 1.1 is not from 0 to 1"),
    "width below": (lambda g: edge(g).update(width=-0.1), "EDGE: width: -0.1 is not from 0 to 1"),
    "width is not a number": (lambda g: edge(g).update(width=math.nan), "EDGE: width: nan is not a finite number"),
    "statements is a text": (lambda g: edge(g).update(statements="x"), "EDGE: statements: 'x' is not a list"),
    "a statement is a text": (lambda g: edge(g).update(statements=["x"]), "EDGE: statement 1: 'x' is not a dict"),
    "no source": (lambda g: edge(g)["statements"][0].pop("source"), "EDGE: statement 1: source is missing: give a te"),
    "no stance": (lambda g: edge(g)["statements"][0].pop("stance"), "EDGE: statement 1: stance is missing: give one o"),
    "stance": (lambda g: edge(g)["statements"][0].update(stance="x"), "EDGE: statement 1: stance: 'x' is not one of"),
}


@pytest.mark.parametrize("name", BREAKS)
@pytest.mark.parametrize("draw", DRAWN)
def test_what_does_not_fit_is_named_with_its_place_and_attribute(draw: Callable[[Any], object], name: str) -> None:
    graph = pictures.khurana()
    break_it, said = BREAKS[name]
    break_it(graph)
    with pytest.raises(Problems, match=re.escape(said.replace("EDGE", "edge 'IL-21 receptor' -> 'JAK1' ('needs')"))):
        draw(graph)


def test_all_gaps_come_in_one_error() -> None:
    graph = pictures.khurana()
    graph.nodes["JAK1"].update(label="", kind=3, layer=9, order="1", text="one", iri="\ud800")
    graph.nodes["JAK3"].update(label=" ", layer=None)
    edge(graph).update(status="open", sign="hits", width=2, statements=["x", {"source": "y"}])
    graph.graph.update(about="IL-21", note=3)
    with pytest.raises(Problems) as raised:
        html.page(graph)
    assert len(raised.value.problems) == 15
    assert len(set(map(str, raised.value.problems))) == 15


KINDS = [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("draw", DRAWN)
def test_a_graph_that_says_nothing_is_drawn(draw: Callable[[Any], object], kind: Any) -> None:
    graph = kind([("IL-21", "JAK1"), ("JAK1", "tofacitinib"), ("tofacitinib", "tofacitinib")])
    graph.add_node(("a", 3))
    before = nx.node_link_data(graph)
    assert draw(graph)
    assert nx.node_link_data(graph) == before, "the graph of the user stays as it is"
    assert draw(kind()) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_the_defaults(kind: Any) -> None:
    graph = kind()
    graph.add_edge("IL-21", 7, relation="needs", potency=Decimal("5.9"))
    graph.add_node("c", label=None, state=Decimal("2.33"), order=Decimal(3))
    found = contract.filled(graph)
    assert found.graph == {
        "title": "Graph", "about": [], "note": "", "version": "", "digest": "", "left_out": [], "layers": ["", ""],
    }  # fmt: skip
    assert found.nodes[7].pop("layer") in (0, 1)
    assert found.nodes[7] == {"label": "7", "kind": "node", "iri": "", "state": "", "text": []}
    assert (found.nodes["c"]["label"], found.nodes["c"]["state"], found.nodes["c"]["order"]) == ("c", "2.33", 3.0)
    ((source, target, about),) = found.edges(data=True)
    assert {source, target} == {"IL-21", 7}
    assert about == {
        "relation": "needs", "potency": 5.9, "label": "needs", "status": "accepted", "sign": "", "width": 0.3,
        "statements": [],
    }  # fmt: skip


def test_columns_follow_the_edges() -> None:
    chain = contract.filled(nx.DiGraph(pairwise("abcd")))
    assert [chain.nodes[node]["layer"] for node in "abcd"] == [0, 1, 2, 3]
    circle = contract.filled(nx.DiGraph([*pairwise("abca"), ("c", "d")]))
    assert [circle.nodes[node]["layer"] for node in "abcd"] == [0, 0, 0, 1]
    both = contract.filled(nx.Graph([("b", "a"), ("b", "c"), ("y", "x")]))
    assert [both.nodes[node]["layer"] for node in "abcxy"] == [0, 1, 2, 0, 1]
    own: nx.DiGraph[str] = nx.DiGraph()
    own.add_node("a", layer=2)
    assert contract.filled(own).graph["layers"] == ["", "", ""]


def test_a_key_that_is_a_text_is_a_label_and_attributes_of_any_name_do_no_harm() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edge("a", "b", "needs")
    graph.add_edge("a", "b")
    graph.nodes["a"].update({"node_for_adding": 1, "self": 2})
    graph.edges["a", "b", "needs"].update({"key": "other", "u_for_edge": 3, "id": "x", "source": "y"})
    found = contract.filled(graph)
    assert [about["label"] for *_, about in found.edges(data=True)] == ["needs", ""]
    assert "needs" in html.page(graph)


def test_a_page_of_ones_own_does_not_say_that_it_was_drawn_from_our_graph() -> None:
    graph = nx.DiGraph([("a", "b")], title="Mine")
    assert "JAK-KG" not in html.page(graph)
    assert "JAK-KG 0.1.0" in html.page(pictures.khurana())


# --- the scene --------------------------------------------------------------------------------------------------------


@pytest.mark.conformance
def test_a_scene_writes_its_files(tmp_path: Path) -> None:
    scene = Scene(pictures.khurana())
    assert repr(scene) == f"<Scene: {len(scene.graph)} nodes, {scene.graph.number_of_edges()} edges>"
    for name in ("html", "svg", "png"):
        file = getattr(scene, f"to_{name}")(str(tmp_path / "new" / f"picture.{name}"))
        assert file.read_bytes() == files.of(scene.graph, f".{name}")


def test_a_notebook_shows_the_page_in_a_frame_of_its_own() -> None:
    import html as escaping

    scene = Scene(pictures.hostile('"></iframe><script>alert(1)</script>'))
    shown = scene._repr_html_()
    assert (shown.count("<iframe"), shown.count("</iframe>"), shown.count("<script")) == (1, 1, 0)
    (inner,) = re.findall(r'srcdoc="([^"]*)"', shown)
    assert escaping.unescape(inner) == html.page(scene.graph)
    assert 'sandbox="allow-scripts allow-popups"' in shown


def test_outside_of_a_notebook_the_browser_shows_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    Scene(nx.DiGraph([("a", "b")])).show()
    (url,) = opened
    assert Path(url.removeprefix("file://")).read_text(encoding="utf-8").startswith("<!doctype html>")


# --- files for other tools --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", [".graphml", ".json", ".cyjs"])
def test_a_graph_of_ones_own_becomes_a_file(kind: Any, form: str) -> None:
    graph = kind([("e0", "b"), ("b", 3)], title="Mine", none=None)
    graph.nodes["b"].update(potency=Decimal("5.9"), none=None, many=["x", 1], control="\x00", name="B")
    graph.nodes[3].update(potency=1)
    text = files.of(graph, form).decode()
    assert files.of(graph, form).decode() == text
    if form == ".graphml":
        found = nx.parse_graphml(text, force_multigraph=True)
        assert found.nodes["b"]["potency"] == 5.9
        assert (found.nodes["3"]["potency"], type(found.nodes["3"]["potency"])) == (1.0, float)
        assert json.loads(found.nodes["b"]["many"]) == ["x", 1]
    else:
        assert "null" not in text
        assert json.loads(text)["directed"] == graph.is_directed()
