"""A graph as one HTML page with controls and tables, which works without a network; drawn by pyvis.

Every text of the graph is data: shown as it is, never run or loaded. The controls are in ``page/``: their HTML in
``template.html``, what they do in ``page.js``.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.viz.contract import OF_GRAPH, STATUSES
from kg.viz.layout import HEIGHT, STEP_X, WIDTH, draw, installed, look, words

if TYPE_CHECKING:
    import networkx as nx

FOLDER = Path(__file__).parent / "page"


def page(graph: nx.Graph[Any]) -> str:
    """Return one HTML file: the picture with its controls, and the same content as tables; it loads nothing.

    Of more than 2,000 nodes the first by column and order are kept, and the page says what it left out.

    >>> from networkx import MultiDiGraph
    >>> "<h1><bdi>1 &lt; 2</bdi></h1>" in page(MultiDiGraph(title="1 < 2"))
    True
    """
    pyvis = installed("pyvis.network")
    network, drawing = pyvis.Network(directed=True), draw(graph)
    for node, (x, y) in drawing.place.items():
        about, name = drawing.graph.nodes[node], drawing.names[node]
        network.add_node(name, "\n".join(words(about)), "custom", None, x=x, y=y, fixed=True,
                         title=about["label"], kind=about["kind"], layer=about["layer"])  # fmt: skip
        for side in -1, 1:  # lines end at the sides of a node, not at its middle
            at = {"x": x + side * WIDTH / 2, "y": y, "fixed": True, "size": 0, "port": name}
            network.add_node(f"{name}{side:+}", " ", "dot", None, **at)
    for line in drawing.lines:
        end = {"to": {"enabled": True, "type": line.pen.arrow, "scaleFactor": 0.6}}
        rises = drawing.place[line.source][1] > drawing.place[line.target][1]
        bulge = line.bend > 0 if line.sides[0] != line.sides[1] else not rises  # in one column to the right
        curve = {"type": "curvedCW" if bulge else "curvedCCW", "roundness": min(0.9, 0.3 * abs(line.bend))}
        smooth = {"smooth": curve} if line.bend else {}
        between = [drawing.names[line.source], drawing.names[line.target]]
        ends = [f"{name}{side:+}" for name, side in zip(between, line.sides, strict=True)]
        network.add_edge(*ends, id=line.name, between=between,
                         title=line.about["label"], words=line.label, room=line.room, labelled=line.labelled,
                         color=line.pen.colour, width=line.pen.width, dashes=line.pen.dashes or False, arrows=end,
                         status=line.about["status"], sources=line.sources, **smooth)  # fmt: skip
    network.options = {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "interaction": {"hover": True, "dragNodes": False, "keyboard": {"enabled": True, "bindToWindow": False}},
        "nodes": {"size": WIDTH / 2, "borderWidth": 0},
        "edges": {"smooth": {"type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.65},
                  "selectionWidth": 2},
    }  # fmt: skip
    kinds = [key.word for key in drawing.legend if key.look]
    vis = Path(pyvis.__file__).parent / "lib" / "vis-9.1.2" / "vis-network.min.js"
    files = {"start": FOLDER / "start.js", "library": vis, "script": FOLDER / "page.js", "style": FOLDER / "page.css"}
    inline = {name: file.read_text(encoding="utf-8") for name, file in files.items()}
    digests = {name: hashlib.sha256(text.encode()).digest() for name, text in inline.items()}
    network.set_template_dir(str(FOLDER))
    environment = network.templateEnv
    environment.autoescape = environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals |= {key: drawing.graph.graph[key] for key in OF_GRAPH} | inline | drawing._asdict()
    environment.globals |= {
        "hashes": {name: f"'sha256-{base64.b64encode(digest).decode()}'" for name, digest in digests.items()},
        "looks": {kind: look(kind) for kind in kinds},
        "kinds": kinds,
        "statuses": [status for status in STATUSES if any(line.about["status"] == status for line in drawing.lines)],
        "sources": sorted({source for line in drawing.lines for source in line.sources}),
        "box": [WIDTH, HEIGHT, STEP_X],
    }
    return str(network.generate_html())
