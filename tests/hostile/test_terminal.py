"""What acts on a terminal, reorders a line or hides is escaped in whatever a person reads; honest letters stay.

They come in by the name of a file, the words of an argument, the labels and values of a file, and a graph.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from networkx import MultiDiGraph

import kg
from kg.cli import main
from kg.cli.printing import Readable
from kg.document import html, markdown, terminal
from kg.document.blocks import Block, Code, Document, Figure, Link, Listing, Notes, Paragraph, Section, Table
from kg.knowledge_graph import KnowledgeGraph
from kg.model.errors import Place, Problem
from kg.model.visible import visible
from kg.viz import files

TITLE = "\x1b]0;pwned\x07"
HOSTILE = [
    TITLE, "\x1b[2J", "\x9b2J", "\x85", "\x7f", "\x08", "\r", "\x0b", "\x0c", "\x00", "\u202e", "\u202a", "\u2066",
    "\u2069", "\u200e", "\u200f", "\u061c", "\u200b", "\u2060", "\ufeff", "\u2028", "\u2029", "\xad", "\u3164",
    "\u034f", "\U000e0041", "a\u200db", "a\u200cb", "JAK1\ufe0f", "\U0001bca0", "\ufff9", "\U000e0101",
]  # fmt: skip
HONEST = [
    "Größe, naïve, Ångström", "IFN-γ ≥ 1.5 µM", "白介素-21 インターロイキン", "e\u0301 und o\u0308", "Жак-киназа",
    "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0915\u094d\u200d\u0937",
    "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
    "\U0001f469\u200d\U0001f52c", "\U0001f469\U0001f3fd\u200d\U0001f52c", "\u2764\ufe0f", "1\ufe0f\u20e3",
    "\U0001f3f3\ufe0f\u200d\U0001f308", "الإنترلوكين",
    "葛\U000e0100城", "a\tb\nc", "non\u00a0breaking 1\u202f000", r"C:\users\x",
]  # fmt: skip
ACTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\xad\U000e0000-\U000e007f]"
)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def done(*words: str | Path) -> tuple[int, str, str]:
        try:
            code = main.main([str(word) for word in words])
        except SystemExit as error:
            code = int(error.code or 0)
        return code, *capsys.readouterr()

    return done


@pytest.mark.parametrize("text", HOSTILE)
def test_what_acts_or_hides_is_escaped(text: str) -> None:
    shown = visible(f"IL-21{text}x")
    assert "\\u" in shown or "\\r" in shown
    assert not ACTS.search(shown)
    assert json.loads(f'"{shown}"') == f"IL-21{text}x"


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_stays(text: str) -> None:
    assert visible(text) == text


def test_every_control_of_unicode_is_escaped() -> None:
    for number in range(sys.maxunicode + 1):
        char = chr(number)
        if unicodedata.category(char) in ("Cc", "Zl", "Zp") and char not in "\t\n":
            assert visible(f"a{char}b") != f"a{char}b", hex(number)
        if unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}:
            assert visible(f"a{char}b") != f"a{char}b", hex(number)


def test_every_form_of_a_document() -> None:
    bad = "<b>x\x1b[2J\u202ey\rz"
    parts: list[Block] = [
        Paragraph([bad, (Code(bad), Link(bad, bad))]), Notes([bad, Notes([bad])]), Table([bad], [[bad]], bad),
        Table([bad, "b"], [["long " * 90, bad]], tall=True), Listing([bad]), Figure(bad, bad),
    ]  # fmt: skip
    document = Document(bad, [*parts, Section(bad, parts, "a")])
    for text in (terminal.text(document, 80), markdown.text(document), html.page(document), html.fragment(document)):
        assert not ACTS.search(text)
        assert "\\u001b[2J\\u202ey\\rz" in text
    assert "<b>" not in html.page(document)


def test_a_problem_is_one_line() -> None:
    said = str(Problem(Place("a\nb\x1b.csv", 2), "x\r\n\u202e", "fix\tit"))
    assert said == "a\\nb\\u001b.csv:2: x\\r\\n\\u202e: fix\\tit"


NAME = "case\x1b[2J\u202evsc\x9b\x07"
LABEL = "IL-21\x1b]0;pwned\x07\u202e"
"""A cytokine that no graph has, so that each reader names it."""
SAFE = "khurana-2025-1"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    file = tmp_path / f"{NAME}.csv"
    file.write_text(
        f"cytokine,ratio,note\u202e\nIL-21,3.1,x\n{LABEL},2.0,\x1b[31m\nIL-4\u200b,1.7,y\n", encoding="utf-8"
    )
    return file


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    file = tmp_path / f"wrong{NAME}.csv"
    file.write_text(f"cytokine,ratio\nIL-21,3\x1b[2J\u202e\n{LABEL},-1\n", encoding="utf-8")
    return file


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    folder = tmp_path / f"facts{NAME}"
    folder.mkdir()
    (folder / "kinases.tsv").write_text(f"id\tlabel\x1b[2J\njak1\t{LABEL}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("quick", [True, pytest.param(False, marks=pytest.mark.conformance)])
@pytest.mark.usefixtures("loaded_once")
def test_every_command_that_prints_what_others_wrote(
    run: Run, profile: Path, wrong: Path, facts: Path, tmp_path: Path,
    graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, quick: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(kg, "open", lambda _=None: graph)  # the graph of the session: no command names another here
    packet = tmp_path / f"p{NAME}.json"
    packet.write_text('{"id": "\\u001b[2J"}')
    missing = tmp_path / f"{NAME}.ttl"
    ratio, among = ["--comparator", "healthy-control-skin\x1b[2J\u202e"], profile.parent
    commands: list[list[str | Path]] = [
        *(["ask", profile, *ratio, "--format", form] for form in ("table", "json", "markdown", "html")),
        *(["inspect", profile, "--format", form] for form in ("table", "json", "markdown", "html")),
        ["ask", wrong], ["ask", wrong, "--by", "x\x1b"], ["inspect", wrong], ["next", profile, *ratio],
        ["next", wrong], ["ask", f"{LABEL}=2"], ["ask", "IL-21=3", "--drug", LABEL], ["ask", f"a\n{NAME}.csv"],
        ["why", f"kg:{LABEL}", "tofacitinib"], ["why", SAFE, LABEL],
        ["whatif", SAFE, "--measure", f"{LABEL}=x"], ["query", f"{NAME}.rq"], ["query", NAME],
        ["query", "outcomes_of_case", "--case", LABEL], ["query", "cases", f"--{LABEL}", "x"],
        ["query", "cases", LABEL],
        ["query", "cases", "--format", LABEL], ["query", "cases", "--timeout", LABEL], ["query", "--list", LABEL],
        ["query", "cases", "--graph", missing], ["query", "cases", "--endpoint", LABEL],
        ["similar", LABEL], ["cut", LABEL],
        ["draw", "patient", LABEL, "-o", among / "a.svg"], ["draw", "patient", SAFE, "-o", among / f"{NAME}.x"],
        ["draw", "patient", SAFE, "-o", among / f"{NAME}.json"], ["draw", "patient", wrong, "-o", among / "b.svg"],
        ["check", "--facts", missing], ["check", "--facts", facts], ["build", "--facts", facts, "-o", among / "x.nt"],
        ["build", "-o", among / NAME], ["new", "case", LABEL],
        ["new", "case", "x-2026", "--from", packet, "-o", missing],
        ["new", "case", "x-2026", "-o", profile], ["new", f"case{LABEL}", "x"], ["reason", "--facts", missing],
        ["reason", "--case", missing], ["diff", missing, missing],
        ["release", wrong, "--facts", missing, "--without-reasoner"], [LABEL], ["ask", SAFE, f"--{LABEL}"],
        ["ask", SAFE, "--threshold", LABEL], ["ask", SAFE, "--where", LABEL], ["ask", SAFE, "--top", f"1\n{LABEL}"],
    ]  # fmt: skip
    slow: list[list[str | Path]] = [
        ["path", LABEL, "tofacitinib"], ["path", SAFE, LABEL], ["whatif", SAFE, "--without", LABEL],
        ["reason", "--triples", missing],
    ]  # fmt: skip
    first = {words[0]: words for words in reversed(commands)}.values()
    said, commands = 0, list(first) if quick else [*commands, *slow]
    for words in commands:
        code, out, err = run(*words)
        assert code in (0, 2), words
        found = ACTS.search(out + err)
        assert not found, (words, found)
        assert "Traceback" not in err
        said += "\\u001b" in out + err or "\\u202e" in out + err or "\\x1b" in out + err
        if code == 0 and "json" in words:
            json.loads(out)
    assert said >= 0.8 * len(commands)  # nearly all of them show what they were given


@pytest.mark.usefixtures("loaded_once")
def test_the_rows_of_a_query(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = "pw\x1b[2J\x9b\u202e\r\U000e0041"
    file = tmp_path / "q.rq"
    file.write_text('SELECT ("pw\\u001b[2J\\u009b\\u202e\\r\\U000e0041" AS ?v) {}')
    for form in ("table", "markdown", "json", "sparql-json"):
        code, out, err = run("query", file, "--format", form)
        assert code == 0
        assert not ACTS.search(out + err)
        assert "\\u001b[2J\\u009b\\u202e\\r\\udb40\\udc41" in out
    assert json.loads(run("query", file, "--format", "json")[1]) == [{"v": bad}]
    # to a program every byte of it goes, and to a terminal none that acts
    assert bad in run("query", file, "--format", "csv")[1]
    monkeypatch.setattr(Readable, "isatty", lambda _: True, raising=False)
    for form in ("csv", "tsv", "sparql-xml"):
        assert not ACTS.search(run("query", file, "--format", form)[1])


@pytest.mark.parametrize("suffix", [".html", pytest.param(".svg", marks=pytest.mark.conformance)])
def test_pictures(suffix: str) -> None:
    bad = "<b>x\x1b[2J\u202ey\x9b"
    scene: MultiDiGraph[str] = MultiDiGraph(title=bad, about=[bad], note=bad)
    scene.add_node("https://a.org/a", label=bad, kind="drug", layer=1, text=[bad])
    picture = files.of(scene, suffix).decode()
    assert "\\u001b[2J\\u202ey\\u009b" in picture
    assert not re.search("[\x1b\x9b\u202e]", picture)
    assert scene.nodes["https://a.org/a"]["label"] == bad  # data for other tools stays what it is


def test_a_stream_of_a_command_stays_one() -> None:
    inner = StringIO()
    out = Readable(inner)
    print("a\x1b", "b", file=out, flush=True)
    assert inner.getvalue() == "a\\u001b b\n"
    assert not out.isatty()


def test_standard_streams_are_as_before_when_a_command_ends(run: Run) -> None:
    before = sys.stdout, sys.stderr
    run("--version")
    run("no-such-command")
    run("ask", "--nonsense")
    assert (sys.stdout, sys.stderr) == before
