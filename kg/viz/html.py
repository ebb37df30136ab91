"""Pictures of a graph: one HTML page that works without a network, an SVG and a PNG, all with one fixed layout.

``kg.viz.layout`` says which graphs can be drawn. Every text of theirs is data: shown as it is, never run or loaded.
"""

from __future__ import annotations

import base64
import hashlib
import io
import math
import textwrap
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.model.errors import Place, Problem, Problems
from kg.viz.layout import GRAPH, HEIGHT, STATUSES, STEP_X, WIDTH, Drawing, Key, Line, Pen, clip, draw, look, words
from kg.viz.layout import positions as positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.viz.layout import Graph

Points = list[tuple[float, float]]

SLOT = 172
"""Width of a place in the legend of SVG and PNG."""
FOLDER = Path(__file__).parent / "page"


def _need(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as missing:
        name = module.partition(".")[0]
        raise Problems([Problem(Place(name), "is not installed", "pip install 'jak-kg[draw]'")]) from missing


def page(graph: Graph) -> str:
    """Return one HTML file: the picture with its controls, and the same content as tables; it loads nothing.

    Of more than 2,000 nodes the first by column and order are kept, and the page says what it left out.

    >>> from networkx import MultiDiGraph
    >>> graph = MultiDiGraph(title="1 < 2", about=[], note="", version="", digest="", layers=["drug"], left_out=[])
    >>> "<h1><bdi>1 &lt; 2</bdi></h1>" in page(graph)
    True
    """
    pyvis = _need("pyvis.network")
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
                         title=line.about["label"], words=line.label, labelled=line.labelled,
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
    environment.globals |= {key: graph.graph[key] for key in GRAPH} | inline | drawing._asdict()
    environment.globals |= {
        "hashes": {name: f"'sha256-{base64.b64encode(digest).decode()}'" for name, digest in digests.items()},
        "looks": {kind: look(kind) for kind in kinds},
        "kinds": kinds,
        "statuses": [status for status in STATUSES if any(line.about["status"] == status for line in drawing.lines)],
        "sources": sorted({source for line in drawing.lines for source in line.sources}),
        "box": [WIDTH, HEIGHT, STEP_X],
    }
    return str(network.generate_html())


def svg(graph: Graph) -> str:
    """Return the picture as an SVG file: no script, no font to load, the same bytes at each run.

    >>> from networkx import MultiDiGraph
    >>> graph = MultiDiGraph(title="Nothing", about=[], note="", version="", digest="", layers=["drug"], left_out=[])
    >>> "<title>Nothing</title>" in svg(graph)
    True
    """
    return _saved(graph, "svg", {"Creator": "JAK-KG", "Date": None}).decode()


def png(graph: Graph) -> bytes:
    """Return the picture as a PNG file, at twice the pixels of a screen where it is not too large.

    >>> from networkx import MultiDiGraph
    >>> graph = MultiDiGraph(title="Nothing", about=[], note="", version="", digest="", layers=["drug"], left_out=[])
    >>> png(graph)[1:4]
    b'PNG'
    """
    return _saved(graph, "png", {"Software": None})


def _saved(graph: Graph, form: str, metadata: dict[str, str | None]) -> bytes:
    matplotlib, drawing, file = _need("matplotlib"), draw(graph), io.BytesIO()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # the user's own settings would change the bytes
        matplotlib.rcParams.update({"svg.hashsalt": "jak-kg", "svg.fonttype": "path", "lines.scale_dashes": False})
        sheet = _Sheet(drawing)
        metadata |= {"Title": sheet.legible(drawing.graph.graph["title"])} if form == "svg" else {}
        dpi = min(192, 8_000 / max(sheet.figure.get_size_inches()))
        sheet.figure.savefig(file, format=form, dpi=dpi, metadata=metadata)
    return file.getvalue()


def _wrapped(texts: Iterable[str], room: float, size: float) -> list[tuple[str, float]]:
    """Return the lines of texts that fit the room, each with its size in pixels."""
    return [(line, size) for text in texts for line in textwrap.wrap(text, int(room / size / 0.58))]


class _Sheet:
    """A figure of matplotlib in the pixels and from the outlines of the page, without pyplot."""

    def __init__(self, drawing: Drawing) -> None:
        graph = drawing.graph.graph
        xs, ys = zip(*drawing.place.values(), strict=True) if drawing.place else ((0,), (0,))
        left, right = min(xs) - WIDTH / 2, max(max(xs) + WIDTH / 2, min(xs) + 700)
        head = _wrapped([graph["title"]], right - left, 20) + _wrapped(graph["about"], right - left, 14)
        foot = _wrapped(
            [*drawing.left_out, graph["note"], f"JAK-KG {graph['version']}, {graph['digest']}"], right - left, 12
        )
        slots = max(1, int((right - left) // SLOT))
        top = min(ys) - 80 - sum(1.5 * size for _, size in head)
        bottom = max(ys) + 84 + 32 * math.ceil(len(drawing.legend) / slots) + sum(1.5 * size for _, size in foot)
        self._open(left - 24, right + 24, top, bottom)
        self.texts(head, left, top + 24, right - left)
        for x, text in drawing.headings:
            self.text(x, min(ys) - 44, text, 14, room=WIDTH, bold=True)
        for line in drawing.lines:
            self.line(line, drawing.place[line.source], drawing.place[line.target])
        for node, (x, y) in drawing.place.items():
            about = drawing.graph.nodes[node]
            self.node(x, y, words(about), look(about["kind"]))
        for number, key in enumerate(drawing.legend):
            self.key(key, left + SLOT * (number % slots), max(ys) + 62 + 32 * (number // slots))
        self.texts(foot, left, bottom - 24 - sum(1.5 * size for _, size in foot), right - left)

    def _open(self, left: float, right: float, top: float, bottom: float) -> None:
        fonts, path = _need("matplotlib.font_manager"), Path(_need("matplotlib").get_data_path()) / "fonts" / "ttf"
        files = [path / "DejaVuSans.ttf", path / "DejaVuSans-Bold.ttf"]
        self.fonts = [fonts.FontProperties(fname=file) for file in files]
        self.glyphs = set(fonts.get_font(files[0]).get_charmap()) & set(fonts.get_font(files[1]).get_charmap())
        self.patches, self.path = _need("matplotlib.patches"), _need("matplotlib.path").Path
        self.figure = _need("matplotlib.figure").Figure(figsize=((right - left) / 96, (bottom - top) / 96), dpi=96)
        self.renderer = _need("matplotlib.backends.backend_agg").FigureCanvasAgg(self.figure).get_renderer()
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(left, right), ylim=(bottom, top))
        self.axes.set_axis_off()

    def legible(self, text: str) -> str:
        """Return the text with a mark for each character that the font does not have."""
        return "".join(letter if ord(letter) in self.glyphs else "\ufffd" for letter in " ".join(text.split()))

    def text(self, x: float, y: float, text: str, size: float, room: float = 0, bold: bool = False, **how: Any) -> None:
        """Write one line at (x, y), smaller where it does not fit the room."""
        how = {"ha": "center", "va": "center_baseline", "color": "#1a1a1a", "parse_math": False} | how
        shown = self.axes.text(x, y, self.legible(text), font=self.fonts[bold], size=0.75 * size, **how)
        wide = shown.get_window_extent(self.renderer).width if room else 0
        if wide > room:
            shown.set_size(0.75 * size * room / wide)

    def texts(self, lines: Iterable[tuple[str, float]], x: float, y: float, room: float) -> None:
        for text, size in lines:
            self.text(x, y, text, size, room=room, bold=size == 20, ha="left")
            y += 1.5 * size

    def node(self, x: float, y: float, lines: Sequence[str], look: dict[str, Any]) -> None:
        outline = [(x + WIDTH / 2 * across, y + HEIGHT / 2 * down) for across, down in look["outline"]]
        self.shape(outline, look["fill"], look["colour"])
        size = 13.5 if len(lines) < 3 else 11
        for number, text in enumerate(lines):
            self.text(x, y + (number - (len(lines) - 1) / 2) * 1.15 * size, text, size, room=WIDTH - 22, zorder=3)

    def line(self, line: Line, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a line from side to side of two nodes, bent where it is not the only one, and its end."""
        x0, x1 = start[0] + line.sides[0] * WIDTH / 2, end[0] + line.sides[1] * WIDTH / 2
        y0, y1 = start[1] - 8 * (start == end), end[1] + 8 * (start == end)
        across = line.sides[0] != line.sides[1]
        reach, rise = (abs(x1 - x0) * 0.65, -30 * line.bend * line.sides[0]) if across else (40 * line.bend, 0)
        first, second = (x0 + line.sides[0] * reach, y0 + rise), (x1 + line.sides[1] * reach, y1 + rise)
        points = [(x0, y0), first, second, (x1, y1)]
        self.stroke(points, line.pen)
        if line.labelled:
            x, y = ((a + 3 * b + 3 * c + d) / 8 for a, b, c, d in zip(*points, strict=True))
            back = {"facecolor": "white", "edgecolor": "none", "pad": 1}
            self.text(x, y, line.label, 11, zorder=4, bbox=back, room=STEP_X - WIDTH)

    def stroke(self, points: Points, pen: Pen) -> None:
        """Draw a curve by four points, and its end."""
        curve, dashes = self.path(points, [1, 4, 4, 4]), (0, pen.dashes) if pen.dashes else "solid"
        how = {"fc": "none", "ec": pen.colour, "lw": 0.75 * pen.width, "ls": dashes, "capstyle": "round"}
        self.axes.add_patch(self.patches.PathPatch(curve, **how))
        if pen.end:
            (x0, y0), (x, y) = points[2:]
            turn = complex(x - x0, y - y0) / (math.hypot(x - x0, y - y0) or 1)
            corners = [complex(x, y) + turn * complex(*corner) for corner in pen.end]
            self.shape([(corner.real, corner.imag) for corner in corners], pen.colour, pen.colour)

    def shape(self, corners: Points, fill: str, border: str) -> None:
        self.axes.add_patch(self.patches.Polygon(corners, fc=fill, ec=border, lw=1.4, zorder=2))

    def key(self, key: Key, x: float, y: float) -> None:
        """Draw one sign of the legend and its word."""
        if key.look:
            corners = [(x + 22 + 22 * across, y + 9 * down) for across, down in key.look["outline"]]
            self.shape(corners, key.look["fill"], key.look["colour"])
        if key.pen:
            self.stroke([(x, y), (x + 10, y), (x + 34, y), (x + 44, y)], key.pen)
        self.text(x + 52, y, clip(key.word, 24), 12, room=SLOT - 60, ha="left")
