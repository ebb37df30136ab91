"""The page, the SVG and the PNG without a browser: layout, the same bytes, nothing to load, inert texts."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pictures
import pytest

from kg.model.errors import Problems
from kg.viz import contract, layout, static
from kg.viz import html as picture

HOSTILE = "</script><img src=x onerror=alert(1)>{{7*7}} ]]>&amp; \u2028 $x^2$ IFN-γ"


class Reader(HTMLParser):
    """The tags of a page with their attributes, and the texts of its scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inner: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inner.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self.inner.append((f"after {tag}", {}, ""))

    def handle_data(self, data: str) -> None:
        if self.inner:
            tag, attributes, text = self.inner[-1]
            self.inner[-1] = (tag, attributes, text + data)

    def texts(self, tag: str) -> list[str]:
        return [text for name, _, text in self.inner if name == tag]


def policy(reader: Reader) -> dict[str, str]:
    (content,) = [at["content"] for tag, at in reader.tags if at.get("http-equiv") == "Content-Security-Policy"]
    return dict(part.strip().partition(" ")[::2] for part in str(content).split(";"))


def data(reader: Reader) -> dict[str, Any]:
    (text,) = [text for tag, at, text in reader.inner if at.get("type") == "application/json"]
    found: dict[str, Any] = json.loads(text)
    return found


# the layout


def test_columns_run_from_left_to_right_and_order_from_top_to_bottom() -> None:
    graph = pictures.khurana()
    place = layout.positions(graph)
    for one, other in graph.edges():
        left, right = sorted((one, other), key=lambda node: graph.nodes[node]["layer"])
        assert place[left][0] < place[right][0]
    drugs = [place[drug] for drug in pictures.POTENCY]
    assert len({x for x, _ in drugs}) == 1
    assert [y for _, y in drugs] == sorted(y for _, y in drugs)


def test_without_order_a_node_stands_near_its_neighbours_then_by_label() -> None:
    graph = pictures.empty("", ["left", "right"])
    for order, node in enumerate("abc"):
        pictures.add(graph, node, "any", 0, order=order)
    for node in ("lone", "zeta", "eta", "theta"):
        pictures.add(graph, node, "any", 1)
    for one, other in (("a", "zeta"), ("c", "eta"), ("c", "theta")):
        pictures.link(graph, one, other, "joins")
    place = layout.positions(graph)
    assert sorted(("lone", "zeta", "eta", "theta"), key=lambda node: place[node][1]) == ["zeta", "eta", "theta", "lone"]
    graph.nodes["lone"]["order"] = 5
    place = layout.positions(graph)
    assert min(("lone", "zeta", "eta", "theta"), key=lambda node: place[node][1]) == "lone"


@pytest.mark.parametrize(
    "graph", [pictures.khurana(), pictures.odd(), pictures.large(700, 0)], ids=["case", "odd", "700"]
)
def test_no_two_nodes_overlap(graph: Any) -> None:
    place = sorted(layout.positions(graph).values())
    assert len(place) == len(graph)
    for (x, y), (other_x, other_y) in pairwise(place):
        assert other_x - x >= layout.WIDTH or other_y - y >= layout.HEIGHT


def test_the_page_and_the_svg_have_the_places_of_positions() -> None:
    graph = pictures.khurana()
    place = layout.positions(graph)
    nodes = data(Reader(picture.page(graph)))["nodes"]
    drawn = {node["title"]: (node["x"], node["y"]) for node in nodes if "port" not in node}
    assert drawn == {graph.nodes[node]["label"]: where for node, where in place.items()}
    assert all(node["fixed"] for node in nodes)
    figure = ElementTree.fromstring(static.svg(graph))
    shapes = [
        each for each in figure.iter("{http://www.w3.org/2000/svg}path") if "fill: #e0eef7" in each.get("style", "")
    ]
    tops = [[float(pair.split()[1]) for pair in re.findall(r"[\d.]+ [\d.]+", each.get("d", ""))] for each in shapes]
    middles = [(min(ys) + max(ys)) / 2 / 0.75 for ys in tops[: len(pictures.POTENCY)]]
    wanted = [place[drug][1] for drug in pictures.POTENCY]
    assert [y - middles[0] for y in middles] == pytest.approx([y - wanted[0] for y in wanted], abs=0.01)


def test_more_than_2000_nodes_are_cut_by_column_and_order_and_said() -> None:
    graph = pictures.large(2300, 4000)
    drawn = layout.draw(graph)
    kept = {node for node in graph if graph.nodes[node]["layer"] < 5}
    last = sorted(set(graph) - kept, key=lambda node: float(graph.nodes[node]["order"]))
    assert set(drawn.place) == kept | set(last[: 2000 - len(kept)])
    assert len(drawn.lines) == sum(one in drawn.place and other in drawn.place for one, other in graph.edges())
    said = f"The picture has the first 2,000 of 2,300 nodes, by column and order, and {len(drawn.lines):,} of 4,000"
    assert said in picture.page(graph)
    assert layout.draw(pictures.large(2000, 0)).left_out == []


# one file, the same at each run


@pytest.mark.parametrize(
    "graph", [pictures.khurana(), pictures.odd(), pictures.hostile(HOSTILE)], ids=["case", "odd", "hostile"]
)
def test_the_page_loads_nothing_and_its_policy_names_its_scripts(graph: Any) -> None:
    reader = Reader(picture.page(graph))
    allowed = policy(reader)
    fixed = {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}
    fixed |= {"require-trusted-types-for": "'script'", "trusted-types": "'none'"}
    assert {name: allowed[name] for name in fixed} == fixed
    assert allowed.keys() == {*fixed, "script-src", "style-src"}
    scripts = [text for tag, at, text in reader.inner if tag == "script" and "type" not in at]
    for source, texts in (("script-src", scripts), ("style-src", reader.texts("style"))):
        digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
        assert allowed[source].split() == [f"'sha256-{digest}'" for digest in digests]
    assert "@version 9.1.2" in scripts[1]
    loading = {"src", "srcset", "style", "background", "data", "action", "formaction", "ping", "poster", "manifest"}
    for tag, attributes in reader.tags:
        assert tag not in {"link", "iframe", "img", "object", "embed", "base", "video", "audio"}
        assert not attributes.keys() & loading
        assert not [name for name in attributes if name.startswith("on")]
    assert "url(" not in reader.texts("style")[0]
    assert "@import" not in reader.texts("style")[0]


def test_only_https_links_are_links_and_they_tell_nothing() -> None:
    graph = pictures.empty("Links", ["one", "two"])
    for layer, node in enumerate("ab"):
        pictures.add(graph, node, "any", layer)
    links = ["https://example.org/?a=1&b=2", "http://example.org", "javascript:alert(1)", " https://example.org", ""]
    said = [pictures.statement(f"source {number}", link=link) for number, link in enumerate(links)]
    pictures.link(graph, "a", "b", "joins", statements=said)
    html = picture.page(graph)
    found = [at for tag, at in Reader(html).tags if tag == "a" and not str(at["href"]).startswith("#")]
    assert found == [{"href": links[0], "rel": "noopener noreferrer", "target": "_blank"}]
    assert "source 2 (javascript:alert(1))" in html


def test_hostile_texts_stay_texts() -> None:
    html = picture.page(pictures.hostile(HOSTILE))
    assert "<img" not in html
    assert html.count("</script>") == 4
    (raw,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert not set(raw) & set("<>&\u2028\u2029")
    assert HOSTILE in [node["title"] for node in data(Reader(html))["nodes"] if "title" in node]
    assert "{{7*7}}" in html
    plain = picture.page(pictures.hostile("plain"))
    assert [tag for tag, _ in Reader(html).tags] == [tag for tag, _ in Reader(plain).tags]


@pytest.mark.parametrize(
    "text", [HOSTILE, "x" * 300, "שלום عليكم", "😀 �", "a\nb\r\n\tc", "\x00\x07", "$\\frac$ %s {} \\n"]
)
def test_svg_and_png_show_any_text(text: str) -> None:
    graph = pictures.hostile(text)
    ElementTree.fromstring(static.svg(graph))
    assert static.png(graph).startswith(b"\x89PNG")


def test_svg_has_no_script_no_link_no_date_and_no_font() -> None:
    text = static.svg(pictures.khurana())
    tree = ElementTree.fromstring(text)
    assert not {each.tag.rpartition("}")[2] for each in tree.iter()} & {"script", "image", "a", "text", "foreignObject"}
    assert "<dc:date>" not in text
    assert "font-family" not in text
    assert (
        tree.findtext("{http://www.w3.org/2000/svg}title") == "Which drugs block the signals raised in khurana-2025-1?"
    )
    assert b"tIME" not in static.png(pictures.khurana())


PROGRAM = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
import networkx as nx, pictures
from kg.viz import html as picture, static
graph = pictures.khurana()
if sys.argv[2] == "backwards":
    turned = nx.MultiDiGraph()
    turned.graph.update(graph.graph)
    turned.add_nodes_from(reversed(list(graph.nodes(data=True))))
    turned.add_edges_from(reversed(list(graph.edges(keys=True, data=True))))
    graph = turned
for made in (picture.page(graph).encode(), static.svg(graph).encode(), static.png(graph)):
    print(hashlib.sha256(made).hexdigest())
"""


def digests(seed: str, way: str) -> list[str]:
    command = [sys.executable, "-W", "error", "-c", PROGRAM, str(Path(__file__).parent), way]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.conformance
def test_the_same_bytes_at_each_seed_and_in_any_order_of_adding() -> None:
    first = digests("1", "forwards")
    assert len(set(first)) == 3
    assert digests("2", "forwards") == first
    assert digests("3", "backwards") == first


def test_the_users_settings_of_matplotlib_change_nothing_and_stay() -> None:
    import matplotlib as mpl

    before = static.svg(pictures.khurana())
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "savefig.facecolor": "red", "svg.hashsalt": None}):
        assert static.svg(pictures.khurana()) == before
        assert mpl.rcParams["font.size"] == 30
        assert mpl.rcParams["svg.hashsalt"] is None


@pytest.mark.conformance
def test_pyplot_is_not_used() -> None:
    code = "import sys, pictures\nfrom kg.viz import static\nstatic.png(pictures.odd())\nprint(*sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
    assert "matplotlib.figure" in done.stdout.split()
    assert "matplotlib.pyplot" not in done.stdout.split()


@pytest.mark.parametrize(
    ("draw", "module"), [(picture.page, "pyvis"), (static.svg, "matplotlib"), (static.png, "matplotlib")]
)
def test_a_missing_library_is_said_with_its_remedy(
    draw: Callable[[Any], object], module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(Problems, match=re.escape(f"{module}: is not installed: pip install pyvis matplotlib")):
        draw(pictures.khurana())


# what is seen


def test_every_kind_has_an_outline_of_its_own_and_every_sign_an_end() -> None:
    for look in (contract.KINDS, contract.SIGNS):
        outlines = [json.dumps(each["outline"]) for each in look.values()]
        assert len(set(outlines)) == len(outlines)
    dashes = [json.dumps(each["dashes"]) for each in contract.STATUSES.values()]
    assert len(set(dashes)) == len(dashes)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_have_the_contrast_that_wcag_asks_for() -> None:
    def contrast(one: str, other: str) -> float:
        dark, light = sorted((luminance(one), luminance(other)))
        return (light + 0.05) / (dark + 0.05)

    for look in contract.KINDS.values():
        assert contrast("#1a1a1a", look["fill"]) >= 4.5
        assert contrast(look["colour"], look["fill"]) >= 3
    lines = [each["colour"] for each in (*contract.SIGNS.values(), *contract.STATUSES.values()) if "colour" in each]
    assert min(contrast(colour, "#ffffff") for colour in lines) >= 3


def test_the_legend_shows_what_occurs_and_nothing_else() -> None:
    def legend(graph: Any) -> list[str]:
        return [key.word for key in layout.draw(graph).legend]

    assert legend(pictures.khurana()) == [
        *pictures.COLUMNS, "other relation", "raises", "lowers", "blocks", "evidence accepted", "evidence disputed",
        "evidence refuted", "evidence unknown", "thicker: potency or ratio",
    ]  # fmt: skip
    graph = pictures.empty("Two", ["one", "two"])
    pictures.add(graph, "a", "drug", 0)
    pictures.add(graph, "b", "zebrafish", 1)
    pictures.link(graph, "a", "b", "raises", sign="raises", status="disputed")
    assert legend(graph) == ["drug", "zebrafish", "raises", "evidence disputed"]
    (shown,) = re.findall(r'aria-label="Legend".*?</section>', picture.page(graph), re.DOTALL)
    assert re.findall(r"<bdi>(.*?)</bdi>", shown) == legend(graph)


def test_pyvis_draws_lines_as_the_evidence_says() -> None:
    found = data(Reader(picture.page(pictures.khurana())))
    edges = {each["title"] + "/" + each["between"][1]: each for each in found["edges"]}
    names = {each["title"]: each["id"] for each in found["nodes"] if "title" in each}
    hit, no = edges[f"hits at 4 nM/{names['JAK1']}"], edges[f"does not hit: 787 nM/{names['JAK3']}"]
    assert (hit["arrows"]["to"]["type"], hit["dashes"], hit["width"]) == ("bar", False, 4.0)
    assert (no["dashes"], no["color"], no["status"]) == (contract.STATUSES["refuted"]["dashes"], "#767676", "refuted")
    assert edges[f"uses/{names['JAK3']}"]["dashes"] == contract.STATUSES["disputed"]["dashes"]
    assert {each["width"] for each in found["edges"] if each["status"] == "unknown"} == {1}
    assert edges[f"2.33-fold/{names['IL-21']}"]["arrows"]["to"]["type"] == "arrow"
    assert found["options"]["physics"] == {"enabled": False}


def test_the_page_says_what_is_seen_and_from_which_version_and_has_everything_in_tables() -> None:
    graph = pictures.khurana()
    graph.graph["left_out"] = ["TYK2 is left out; ask for it."]
    html = picture.page(graph)
    reader = Reader(html)
    assert reader.texts("title")[0].strip() == f"{graph.graph['title']} - JAK-KG 0.1.0, {graph.graph['digest']}"
    for sentence in (*graph.graph["about"], graph.graph["note"], *graph.graph["left_out"]):
        assert sentence in html
    rows = [str(at["id"]) for tag, at in reader.tags if tag == "tr" and "id" in at]
    assert rows == [f"n{n}" for n in range(len(graph))] + [f"e{n}" for n in range(len(graph.edges))]
    (tables,) = re.findall(r'<div id="tables".*</table>', html, re.DOTALL)
    for _, about in graph.nodes(data=True):
        assert all(text in tables for text in (about["label"], about["iri"], *about["text"]))
    for _, _, about in graph.edges(data=True):
        for each in about["statements"]:
            assert all(each[name] in tables for name in ("text", "quote", "source", "locator", "link", "stance"))
    assert tables.count("<caption>") == 2
    assert tables.count('scope="row"') == len(rows)
    assert tables.count('scope="col"') == 9
