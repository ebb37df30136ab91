"""One document, four forms: what a text holds is data in each of them."""

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from kg.document import data, html, markdown, terminal
from kg.document.blocks import Code, Document, Figure, Link, Listing, Notes, Paragraph, Section, Table

EVIL = "<script>alert(1)</script> & | ` \\ \"'"
WHOLE = Document(
    f"Title {EVIL}",
    [
        Paragraph([f"first {EVIL}", ("run ", Code("kg check"), " or ", Link("read", "https://example.org/?a=1&b=2"))]),
        Table(["drug", EVIL], [["a\nb", EVIL]], f"caption {EVIL}"),
        Notes(["one", Notes(["of it", Notes([f"deeper {EVIL}"])]), "two"]),
        Section((f"Part {EVIL}",), [Listing([f"  {EVIL}", "```"]), Figure("picture.svg", EVIL)], "part"),
        Section("Outer", [Section("Inner", [Notes(["deep"])])]),
    ],
)


class _Reader(HTMLParser):
    """Reads a page: every element is closed, and the words are those of the document."""

    VOID = frozenset({"meta", "img", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def test_html_is_well_formed_and_escapes_every_text() -> None:
    page = html.page(WHOLE)
    assert "<script" not in page
    found = read(page)
    assert found.words.count("<script>alert(1)</script>") == 9  # the title twice; that of the picture is an attribute
    assert {"h1", "h2", "h3", "table", "caption", "figure", "img", "pre", "section"} <= set(found.seen)
    assert "<br>" in page
    assert '<section id="part">' in page


def test_notes_stand_within_the_item_before_them() -> None:
    shown = re.sub(r"\s+", "", html.fragment(Document("", [Notes(["one", Notes(["of it"]), "two"])])))
    assert shown == "<ul><li>one<ul><li>ofit</li></ul></li><li>two</li></ul>"


@pytest.mark.parametrize("target", ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", " javascript:a"])
def test_a_link_that_runs_something_is_plain_words(target: str) -> None:
    assert html.inline((Link("words", target),)) == "words"


@pytest.mark.parametrize("target", ["#jak1", "https://w3id.org/jak-kg/jak1", "cases.rq", "report/explained.tsv"])
def test_a_link_to_the_web_or_a_file_is_one(target: str) -> None:
    assert html.inline((Link("words", target),)).startswith(f'<a href="{target}"')


def test_the_page_allows_only_its_own_style() -> None:
    page = html.page(WHOLE)
    assert "default-src 'none'" in page
    assert page.count("<style>") == 1


def test_markdown_shows_each_text_as_it_is() -> None:
    text = markdown.text(WHOLE)
    assert "<script>" not in text.partition("````text")[0]
    assert "````text\n" in text  # the listing has a fence of three itself
    assert "\n  - of it\n    - deeper" in text
    assert "## Outer\n\n### Inner\n\n- deep" in text
    assert "[read](https://example.org/?a=1&b=2)" in text


def test_a_terminal_folds_all_but_listings() -> None:
    text = terminal.text(Document("word " * 40, [Paragraph(["word " * 40]), Listing(["x" * 99])]), 40)
    assert [line for line in text.splitlines() if len(line) > 40] == ["x" * 99]


def test_an_empty_document_is_empty() -> None:
    assert terminal.text(Document("", []), 80) == ""
    assert markdown.text(Document("", [])) == "\n"


def test_data_holds_every_block() -> None:
    assert [block["type"] for block in data.to_dict(WHOLE)["blocks"]] == [
        "paragraph", "table", "notes", "section", "section",
    ]  # fmt: skip
    assert data.to_dict(WHOLE)["blocks"][0]["lines"][1] == "run kg check or read"


def test_only_html_loads_the_template_engine() -> None:
    code = "import sys; from kg.document import data, markdown, terminal; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
