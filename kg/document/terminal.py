"""A document as text for a terminal, folded to a width.

Of our own, because the table libraries cost a cold start 35 to 95 ms, which is half of a whole answer.
"""

import operator
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from textwrap import fill, wrap
from typing import Final

from kg.document.blocks import Block, Document, Figure, Notes, Paragraph, Section, Table, nested, plain
from kg.model.visible import visible

NARROWEST: Final = 64
"""Columns: in a narrower terminal a table keeps this width."""
GAP: Final = "  "


def text(document: Document, width: int) -> str:
    r"""Return a document as text of a width in characters; tables are never narrower than 64.

    >>> text(Document("Drugs", [Paragraph(["known ones"]), Notes(["tofacitinib"])]), 80)
    'Drugs\nknown ones\n\n- tofacitinib\n'
    """
    return "".join(f"{line}\n" for line in _part(document.title, document.blocks, width))


def _part(title: str, blocks: Sequence[Block], width: int) -> Iterator[str]:
    """Yield a heading and its blocks, with an empty line between blocks, and below a heading only before a table."""
    lines = folded(visible(title), width).split("\n") if title else []
    yield from lines
    for number, block in enumerate(blocks):
        if number or (title and isinstance(block, Table | Section)):
            yield ""
        yield from _block(block, width)


def _block(block: Block, width: int) -> Iterator[str]:
    if isinstance(block, Section):
        yield from _part(plain(block.title), block.blocks, width)
    elif isinstance(block, Paragraph):
        yield from (folded(visible(plain(line)), width) for line in block.lines)
    elif isinstance(block, Notes):
        items = ((depth, visible(plain(item))) for depth, item in nested(block.items))
        yield from (folded(f"{'  ' * depth}- {item}", width) for depth, item in items)
    elif isinstance(block, Table):
        rows = [list(map(visible, row)) for row in (block.columns, *block.rows)]
        yield from [visible(block.caption)] if block.caption else []
        yield from readable(rows, width) if block.tall else grid(rows, width)
    elif isinstance(block, Figure):
        yield folded(visible(f"[{block.words}: {block.source}]"), width)
    else:
        yield from map(visible, block.lines)


def grid(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    r"""Yield the lines of a table whose first row is its header; the widest columns are folded until it fits.

    >>> print("\n".join(grid([["drug", "verdict"], ["tofacitinib", "IL-21: blocked"]], 80)))
    drug         verdict
    tofacitinib  IL-21: blocked
    """
    columns = list(zip(*rows, strict=True))
    widths = [max(len(line) for cell in column for line in cell.split("\n")) for column in columns]
    words = [max(len(word) for cell in column for word in (*cell.split(), "")) for column in columns]
    room = max(width, NARROWEST) - len(GAP) * (len(widths) - 1)
    while sum(widths) > room and any(map(operator.gt, widths, words)):
        widest = max(range(len(widths)), key=lambda i: (widths[i] > words[i], widths[i]))
        widths[widest] -= 1
    for row in rows:
        cells = [
            [part for line in cell.split("\n") for part in _wrapped(line, size)]
            for cell, size in zip(row, widths, strict=True)
        ]
        for parts in zip_longest(*cells, fillvalue=""):
            yield GAP.join(part.ljust(size) for part, size in zip(parts, widths, strict=True)).rstrip()


def _wrapped(line: str, size: int) -> list[str]:
    """Return a line folded to a width; what fits stays as it is, without the cost of looking for places to fold."""
    if len(line) <= size and line.isprintable() and line == line.strip():
        return [line]
    return wrap(line, size, break_on_hyphens=False) or [""]


def readable(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    r"""Yield rows under a header as a table where its cells fit without much folding, else one block a row.

    >>> print("\n".join(readable([["case", "quote"], ["a", "long " * 60]], 64)).split(" ")[0])
    case:
    """
    header, *others = rows
    natural = sum(max(len(cell) for cell in column) for column in zip(*rows, strict=True))
    if natural <= 2 * max(width, NARROWEST):
        yield from grid(rows, width)
        return
    for number, row in enumerate(others):
        yield from [""] if number else []
        for name, cell in zip(header, row, strict=True):
            if cell:
                yield fill(f"{name}: {cell}", width, subsequent_indent="    ", break_long_words=False)


def folded(line: str, width: int) -> str:
    """Return a line folded to a width, under its bullet or number where it has one.

    >>> print(folded("- a line that is long", 12))
    - a line
      that is
      long
    """
    bullet = re.match(r" *(- |\d+\. )?", line)
    indent = " " * (bullet.end() if bullet else 0)
    return fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def interval(value: tuple[float, float]) -> str:
    """Return an interval as text: one number where both ends are the same to two places.

    >>> interval((0.5, 0.5)), interval((0.5, 1.0))
    ('0.50', '0.50–1.00')
    """
    low, high = (f"{end:.2f}" for end in value)
    return low if value[0] == value[1] else f"{low}–{high}"
