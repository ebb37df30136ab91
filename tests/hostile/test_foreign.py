"""Files of others that are made to do harm: each ends in a line that says so, in a moment, and takes little memory."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

import kg
from kg.cli.main import main
from kg.facts import parsing, toml_limits
from kg.facts.tables import Kinase
from kg.model.errors import Problem, Problems
from kg.owl import user_data
from kg.rdf import diff, foreign
from kg.sandbox import foreign as sandbox

A = "<http://a.org/x> "
DEEP = 50_000
GRAPHS = {
    "n-triples": ("a.nt", f"{A}{A}{f'<<( {A}{A}' * DEEP}{A}{')>> ' * DEEP}.", "a.nt: this is nested too deeply"),
    "nine": ("a.nt", f"{A}{A}{f'<<( {A}{A}' * 9}{A}{')>> ' * 9}.", "a.nt: triple terms are nested more than 8 deep"),
    "turtle": ("a.ttl", f"{A}{A}{f'<<( {A}{A}' * DEEP}{A}{')>> ' * DEEP}.", "a.ttl: this is nested too deeply"),
    "prefix": (
        "a.ttl", f"@prefix a: <http://{'x' * 20_000}> .\n" + "a:b a:c a:d .\n" * 50,
        "a.ttl: this comes to more than 1 MB when it is read",
    ),
    "wrong": ("a.ttl", f"{A}{A}{A}.\n\n{A}{A}.\n", "a.ttl:3: this is not valid RDF: "),
}  # fmt: skip


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str | bytes], str]:
    """A file in the working folder, with what it holds."""
    monkeypatch.chdir(tmp_path)

    def write(name: str, content: str | bytes) -> str:
        Path(name).write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
        return name

    return write


Write = Callable[[str, str | bytes], str]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command that refuses its input says."""
    assert main(words) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("kind", GRAPHS)
def test_a_graph_cannot_end_the_process(
    kind: str, written: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "REPLY", 1 << 20)
    name, content, what = GRAPHS[kind]
    written(name, content)
    for words in (["gaps", "--graph", name], ["diff", name, name], ["query", "cases", "--graph", name]):
        assert said(capsys, *words).startswith(what)
    with pytest.raises(Problems, match=what.partition(": ")[0]):
        kg.open(name)
    with pytest.raises(Problems, match=what.partition(": ")[0]):
        list(foreign.statements(Path(name)))


def test_a_graph_is_the_same_from_a_process_of_its_own(written: Write) -> None:
    text = f'{A}{A}_:b . _:b {A}"\\u00b5 \\"\\n"@en-US , 1.50 , <<( {A}{A}{A})>> . <<{A}{A}{A}>> {A}[ ] .'
    assert len(kg.open(written("a.ttl", text))) == len(list(parse(text.encode(), format=RdfFormat.TURTLE))) == 6


@pytest.mark.parametrize("size", [4096, 4097, 70_000])
def test_a_long_line_of_triples_has_its_line(size: int, written: Write) -> None:
    text = f'@prefix a: <http://a.org/> .\na:x a:y "{"x" * size}" ,\n"z" . a:x a:y a:z\n.'
    found = [
        (line, len(str(triple.object)) > 4096) for line, triple in foreign.statements(Path(written("a.ttl", text)))
    ]
    assert found == [(2, True), (3, False), (3, False)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"{A}{A}({' 1' * 250}) , [ {A}[ ] ] .", ""),
        (f"{A}{A}({'( ' * 5_000}{') ' * 5_000}) .", "300 deep"),
        ("".join(f"_:b{n} {A}_:b{n + 1} ; <http://a.org/y> _:b{n + 1} . " for n in range(40)) + f"{A}{A}_:b0 .", "300"),
    ],
)
def test_blank_nodes_unfold_within_limits(
    text: str, what: str, written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["diff", written("a.ttl", text), "a.ttl"]
    if what:
        assert what in said(capsys, *words)
    else:
        assert main(words) == 0


def test_a_claim_about_itself_has_words() -> None:
    claim, role = "https://w3id.org/jak-kg/c", "https://w3id.org/jak-kg/r"
    vocab = "https://w3id.org/jak-kg/vocab#"
    values = {
        claim: {diff.TYPE: {f"{vocab}Claim"}, f"{vocab}about": {claim}, role: {claim}},
        role: {f"{vocab}directEdge": {role}},
    }
    assert diff.Snapshot(values).words(claim) == "kg:c kg:r kg:c"


CASES = {
    "nested": (f"a = {'[' * 2_000}", "a.toml:1: lists and tables are nested more than 8 deep"),
    "dotted": ("\n" + ".".join(["a"] * DEEP) + " = 1", "a.toml:2: more than 8 keys are joined by points"),
    "header": (f"[{'.'.join(['a'] * DEEP)}]", "a.toml:1: more than 8 keys are joined by points"),
    "keys": ("".join(f"a.k{n} = 1\n" for n in range(DEEP)), "a.toml:10001: there are more than 10,000 keys"),
    "digits": (f"a = {'1' * 10_000}", "a.toml:1: a number has more than 40 digits"),
    "hexadecimal": (f"a = 0x{'f' * 10_000}", "a.toml:1: a number has more than 40 digits"),
    "faults": ('reference = "a"\n' + "[[case]]\nid = 1\n" * 500, "a.toml: 7,"),
    "size": ("#" * 1_000_001, "a.toml: this has more than 1,000,000 bytes"),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_case_cannot_end_the_process(kind: str, written: Write) -> None:
    content, what = CASES[kind]
    problems: list[Problem] = []
    list(parsing.read_report(Path(written("a.toml", content)), {}, problems, set()))
    assert str(problems[-1]).startswith(what)


def test_texts_of_a_case_may_hold_anything() -> None:
    for quotes in ('"""', "'''"):
        text = (
            f"a = {quotes}{'[' * 99}\n{'a.' * 99}\n{'1' * 99}{quotes}\nb = [{quotes}c{quotes}{quotes[0]}, 'x']\n" * 30
        )
        assert toml_limits.problem(Path("a.toml"), text) is None
    assert toml_limits.problem(Path("a.toml"), '"""' + '\\"""' * 100_000 + "\\") is None


def test_a_case_of_ones_own_is_not_read_for_ever(ontology: Path, written: Write) -> None:
    for file in ("/dev/zero", written("a.toml", CASES["nested"][0])):
        with pytest.raises(Problems, match=r"more than (1,000,000 bytes|8 deep)"):
            user_data.joined(ontology / "facts", ontology / "jak-kg.ttl", cases=[Path(file)])


def test_a_table_with_no_good_row_is_said_once(written: Write) -> None:
    problems: list[Problem] = []
    table = written("kinases.tsv", "id\tsymbol\tlabel\txrefs\taliases\n" + "a\n" * 3_000)
    list(parsing.read_table(Path(table), Kinase, {}, problems, set()))
    assert len(problems) <= parsing.FAULTS + 1
