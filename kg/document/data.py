"""A document as values for JSON, for a program that shows it in a form of its own."""

from typing import Any

from kg.document.blocks import Block, Document, Figure, Listing, Notes, Paragraph, Section, Table, plain


def to_dict(document: Document) -> dict[str, Any]:
    """Return a document as JSON values: its title, and blocks that each have a ``type``.

    >>> to_dict(Document("Drugs", [Notes(["tofacitinib", Notes(["once"])])]))
    {'title': 'Drugs', 'blocks': [{'type': 'notes', 'items': ['tofacitinib', ['once']]}]}
    """
    return {"title": document.title, "blocks": list(map(_block, document.blocks))}


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Section():
            return {"type": "section", "title": plain(block.title), "blocks": list(map(_block, block.blocks))}
        case Paragraph():
            return {"type": "paragraph", "lines": list(map(plain, block.lines))}
        case Table():
            rows = [list(row) for row in block.rows]
            return {"type": "table", "caption": block.caption, "columns": list(block.columns), "rows": rows}
        case Notes():
            return {"type": "notes", "items": _items(block)}
        case Listing():
            return {"type": "listing", "language": block.language, "lines": list(block.lines)}
        case Figure():
            return {"type": "figure", "source": block.source, "words": block.words}


def _items(notes: Notes) -> list[Any]:
    return [_items(item) if isinstance(item, Notes) else plain(item) for item in notes.items]
