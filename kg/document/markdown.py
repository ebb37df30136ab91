"""A document as Markdown: headings, pipe tables, bullets and fenced listings; every text shows as it is."""

import re
from collections.abc import Iterator, Sequence

from kg.document.blocks import (
    Block,
    Code,
    Document,
    Figure,
    Link,
    Notes,
    Paragraph,
    Section,
    Table,
    Text,
    nested,
    pieces,
)
from kg.model.visible import visible


def text(document: Document) -> str:
    r"""Return a document as Markdown.

    >>> text(Document("Drugs", [Table(["drug"], [["a|b"]]), Notes(["tofacitinib"])]))
    '# Drugs\n\n| drug |\n|---|\n| a\\|b |\n\n- tofacitinib\n'
    """
    title = [f"# {escaped(document.title)}", ""] if document.title else []
    return visible("\n".join([*title, *_blocks(document.blocks, 2)]).rstrip() + "\n")


def escaped(text: Text) -> str:
    r"""Return a text so that Markdown shows it as it is.

    >>> escaped("<5 | 7")
    '&lt;5 \\| 7'
    >>> escaped(("see ", Link("it", "it.rq")))
    'see [it](it.rq)'
    """
    return "".join(map(_piece, pieces(text)))


def _piece(piece: str | Code | Link) -> str:
    if isinstance(piece, Code):
        return f"`{piece.text}`"
    shown = str(piece).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return f"[{shown}]({piece.target})" if isinstance(piece, Link) else shown


def _blocks(blocks: Sequence[Block], level: int) -> Iterator[str]:
    for number, block in enumerate(blocks):
        yield from [""] if number else []
        yield from _block(block, level)


def _block(block: Block, level: int) -> Iterator[str]:
    if isinstance(block, Section):
        yield from (f"{'#' * level} {escaped(block.title)}", "")
        yield from _blocks(block.blocks, level + 1)
    elif isinstance(block, Paragraph):
        yield "  \n".join(map(escaped, block.lines))  # two spaces break a line
    elif isinstance(block, Notes):
        yield from (f"{'  ' * depth}- {escaped(item)}" for depth, item in nested(block.items))
    elif isinstance(block, Table):
        yield from [f"{escaped(block.caption)}", ""] if block.caption else []
        yield from table([block.columns, *block.rows])
    elif isinstance(block, Figure):
        yield f"![{escaped(block.words)}]({block.source})"
    else:
        ticks = max((len(run) for line in block.lines for run in re.findall("`+", line)), default=0)
        fence = "`" * max(3, ticks + 1)
        yield from (f"{fence}{block.language}", *block.lines, fence)


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    r"""Yield the lines of a pipe table whose first row is its header.

    >>> list(table([["drug"], ["a|b"]]))
    ['| drug |', '|---|', '| a\\|b |']
    """
    for number, row in enumerate(rows):
        yield "| " + " | ".join(escaped(cell).replace("\n", "<br>") for cell in row) + " |"
        if number == 0:
            yield "|---" * len(row) + "|"
