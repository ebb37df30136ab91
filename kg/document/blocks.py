"""What a person reads, before it has a form: a document of paragraphs, tables, notes, listings, figures and sections.

Whatever answers makes a :class:`Document`; ``terminal``, ``markdown``, ``html`` and ``data`` are the four forms of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """Words of a program or an identifier within a text.

    >>> str(Code("kg check"))
    'kg check'
    """

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Link:
    """Words within a text that lead to a page or, as ``#name``, to a place in the same one.

    >>> str(Link("JAK1", "#jak1"))
    'JAK1'
    """

    text: str
    target: str

    def __str__(self) -> str:
        return self.text


Text = str | tuple[str | Code | Link, ...]
"""A text: plain words, or pieces of which some are code or links."""


def pieces(text: Text) -> tuple[str | Code | Link, ...]:
    """Return the pieces of a text.

    >>> pieces("plain")
    ('plain',)
    """
    return (text,) if isinstance(text, str) else text


def plain(text: Text) -> str:
    """Return the words of a text alone.

    >>> plain(("run ", Code("kg check")))
    'run kg check'
    """
    return text if isinstance(text, str) else "".join(map(str, text))


def marked(text: str) -> tuple[str | Code | Link, ...]:
    """Return a text of ours as pieces: words between backticks are code.

    >>> marked("run `kg check`")
    ('run ', Code(text='kg check'), '')
    """
    return tuple(Code(piece) if number % 2 else piece for number, piece in enumerate(text.split("`")))


def listed(words: Sequence[str]) -> str:
    """Return words as a phrase.

    >>> listed(["JAK1", "JAK2", "JAK3"]), listed(["JAK1"]), listed([])
    ('JAK1, JAK2 and JAK3', 'JAK1', '')
    """
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together; each begins anew."""

    lines: Sequence[Text]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under named columns; a line break in a cell begins a line in it."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    tall: bool = False
    """Whether a terminal shows one block a row where the cells would be folded much."""


@dataclass(frozen=True, slots=True)
class Notes:
    """A list with bullets; notes within notes stand under the item before them."""

    items: "Sequence[Text | Notes]"


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines that are shown as they are, such as a program or an indented tree, and their language."""

    lines: Sequence[str]
    language: str = "text"


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture by the address of its file, with words for those who do not see it."""

    source: str
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part with a heading."""

    title: Text
    blocks: "Sequence[Block]"
    anchor: str = ""
    """Its name as a place of an HTML page."""


Block = Paragraph | Table | Notes | Listing | Figure | Section


@dataclass(frozen=True, slots=True)
class Document:
    """A title, which may be empty, and what stands below it."""

    title: str
    blocks: Sequence[Block]


def nested(items: Sequence[Text | Notes]) -> Iterator[tuple[int, Text]]:
    """Yield the items of notes, each with how deep it stands.

    >>> list(nested(["one", Notes(["of it"])]))
    [(0, 'one'), (1, 'of it')]
    """
    for item in items:
        if isinstance(item, Notes):
            yield from ((depth + 1, text) for depth, text in nested(item.items))
        else:
            yield 0, item
