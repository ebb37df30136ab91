"""A document as HTML, and the one page maker: a page is one file that loads nothing, and each text in it is data."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from kg.document import blocks
from kg.document.blocks import Document, Text
from kg.model.visible import visible

FOLDER: Final = Path(__file__).parent
SAFE: Final = re.compile(r"(https?://|mailto:|#|(?![a-z0-9+.-]*:)[\w./-])", re.IGNORECASE)
"""What a link may begin with: an address of the web, a place in the page, or a file beside it; never a script."""


def page(document: Document) -> str:
    """Return a document as a whole HTML page.

    >>> "<h1>1 &lt; 2</h1>" in page(Document("1 < 2", []))
    True
    """
    return render("document.html", document=document, title=document.title or "JAK-KG")


def fragment(document: Document) -> str:
    """Return a document as HTML to stand within a page, such as an answer in a notebook.

    >>> fragment(Document("", [blocks.Paragraph(["1 < 2"])]))
    '<p>1 &lt; 2</p>'
    """
    return render("fragment.html", document=document).strip()


def render(template: str, *, style: str | None = None, **values: Any) -> str:
    """Return a template of this folder, filled; ``style`` is the CSS of the page where it is not the common one.

    A page template extends ``page.html`` and fills its blocks ``header``, ``main`` and ``footer``.

    >>> render("fragment.html", document=Document("Drugs", [])).strip()
    '<h1>Drugs</h1>'
    """
    css = _style() if style is None else style
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return environment().get_template(template).render(style=Markup(css), digest=digest, **values)  # noqa: S704 - ours


def inline(text: Text) -> Markup:
    """Return a text as HTML; a link that is not safe to follow stays plain words.

    >>> str(inline(("<", blocks.Link("JAK1", "#jak1"), blocks.Link("bad", "javascript:alert(1)"))))
    '&lt;<a href="#jak1">JAK1</a>bad'
    """
    return Markup("").join(map(_piece, blocks.pieces(text)))


def _piece(piece: str | blocks.Code | blocks.Link) -> Markup:
    if isinstance(piece, blocks.Code):
        return Markup("<code>{}</code>").format(piece.text)
    if isinstance(piece, blocks.Link) and SAFE.match(piece.target):
        out = ' rel="noopener noreferrer"' if ":" in piece.target else ""
        return Markup('<a href="{}"{}>{}</a>').format(piece.target, Markup(out), piece.text)  # noqa: S704 - ours
    return escape(str(piece))


def _visible(value: object) -> object:
    """Return a value of a template without what would reorder a line, or what no page may hold."""
    return type(value)(visible(value)) if isinstance(value, str) else value


@cache
def environment() -> Environment:
    """Return the one environment of our templates: every value is escaped, and one that is missing is an error.

    >>> environment().autoescape
    True
    """
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"inline": inline, "kind": lambda block: type(block).__name__}
    return made


@cache
def _style() -> str:
    return (FOLDER / "page.css").read_text(encoding="utf-8")
