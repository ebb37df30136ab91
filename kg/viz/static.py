"""Pictures of a graph as SVG and PNG, in the places and outlines of the page; drawn by matplotlib, without pyplot."""

from __future__ import annotations

import io
import math
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.viz.layout import HEIGHT, WIDTH, Drawing, Key, Line, Pen, clip, draw, installed, look, same_bytes, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import networkx as nx

Points = list[tuple[float, float]]

SLOT = 220
"""Width of a place in the legend of SVG and PNG."""


def svg(graph: nx.Graph[Any]) -> str:
    """Return the picture as an SVG file: no script, no font to load, the same bytes at each run.

    >>> from networkx import MultiDiGraph
    >>> "<title>Nothing</title>" in svg(MultiDiGraph(title="Nothing"))
    True
    """
    return _saved(graph, "svg", {"Creator": "JAK-KG", "Date": None}).decode()


def png(graph: nx.Graph[Any]) -> bytes:
    """Return the picture as a PNG file, at twice the pixels of a screen where it is not too large.

    >>> from networkx import MultiDiGraph
    >>> png(MultiDiGraph(title="Nothing"))[1:4]
    b'PNG'
    """
    return _saved(graph, "png", {"Software": None})


def _saved(graph: nx.Graph[Any], form: str, metadata: dict[str, str | None]) -> bytes:
    drawing, file = draw(graph), io.BytesIO()
    with same_bytes(**{"lines.scale_dashes": False}):
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
        drawn_from = [f"JAK-KG {graph['version']}, {graph['digest']}"] if graph["version"] else []
        foot = _wrapped([*drawing.left_out, graph["note"], *drawn_from], right - left, 12)
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
        fonts, path = (
            installed("matplotlib.font_manager"),
            Path(installed("matplotlib").get_data_path()) / "fonts" / "ttf",
        )
        files = [path / "DejaVuSans.ttf", path / "DejaVuSans-Bold.ttf"]
        self.fonts = [fonts.FontProperties(fname=file) for file in files]
        self.glyphs = set(fonts.get_font(files[0]).get_charmap()) & set(fonts.get_font(files[1]).get_charmap())
        self.patches, self.path = installed("matplotlib.patches"), installed("matplotlib.path").Path
        self.figure = installed("matplotlib.figure").Figure(figsize=((right - left) / 96, (bottom - top) / 96), dpi=96)
        self.renderer = installed("matplotlib.backends.backend_agg").FigureCanvasAgg(self.figure).get_renderer()
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(left, right), ylim=(bottom, top))
        self.axes.set_axis_off()

    def legible(self, text: str) -> str:
        """Return the text with a mark for each character that the font does not have."""
        return "".join(letter if ord(letter) in self.glyphs else "\ufffd" for letter in " ".join(text.split()))

    def text(self, x: float, y: float, text: str, size: float, room: float = 0, bold: bool = False, **how: Any) -> Any:
        """Write one line at (x, y), smaller where it does not fit the room, and return it."""
        how = {"ha": "center", "va": "center_baseline", "color": "#1a1a1a", "parse_math": False} | how
        shown = self.axes.text(x, y, self.legible(text), font=self.fonts[bold], size=0.75 * size, **how)
        wide = shown.get_window_extent(self.renderer).width if room else 0
        if wide > room:
            shown.set_size(0.75 * size * room / wide)
        return shown

    def texts(self, lines: Iterable[tuple[str, float]], x: float, y: float, room: float) -> None:
        for text, size in lines:
            self.text(x, y, text, size, room=room, bold=size == 20, ha="left")
            y += 1.5 * size

    def node(self, x: float, y: float, lines: Sequence[str], look: dict[str, Any]) -> None:
        outline = [(x + WIDTH / 2 * across, y + HEIGHT / 2 * down) for across, down in look["outline"]]
        self.shape(outline, look["fill"], look["colour"])
        size = 13.5 if len(lines) < 3 else 11
        places = [y + (number - (len(lines) - 1) / 2) * 1.15 * size for number in range(len(lines))]
        shown = [
            self.text(x, at, text, size, room=WIDTH - 22, zorder=3) for at, text in zip(places, lines, strict=True)
        ]
        for line in shown:
            line.set_size(min(other.get_size() for other in shown))

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
            self.text(x, y, line.label, 11, zorder=4, bbox=back, room=line.room)

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
        self.text(x + 52, y, clip(key.word, 28), 12, room=SLOT - 60, ha="left")
