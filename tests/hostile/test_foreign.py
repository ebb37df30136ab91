"""Files of others that are made to do harm: each ends in a line that says so, in a moment, and takes little memory."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import Graph

import kg
from kg.cli.main import main
from kg.facts import parsing, toml_limits
from kg.facts.tables import Kinase
from kg.facts.toml_text import Places, loaded
from kg.knowledge_graph import KnowledgeGraph
from kg.model.errors import Place, Problem, Problems
from kg.owl import user_data
from kg.profiles import reading, workbook
from kg.profiles.grounding import Known, Names
from kg.profiles.sheet import of_cells
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
        "a.ttl: this comes to more than ",
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


@pytest.mark.parametrize("name", ["a.ttl", "a.nt", "a.TTL", "A.Nt"])
def test_a_graph_as_windows_saves_it_is_read(name: str, written: Write, capsys: pytest.CaptureFixture[str]) -> None:
    il21 = "<https://w3id.org/jak-kg/il21>"
    label = f'{il21} <http://www.w3.org/2000/01/rdf-schema#label> "x" .'
    written(name, f"\ufeff{label}\r\n{label}\r\n".encode())
    assert [line for line, _ in foreign.statements(Path(name))] == [1, 2]
    assert kg.query("SELECT ?x { ?x ?y ?z }", graph=name) == [{"x": "il21"}]
    assert len(kg.open(name)) == 1
    assert main(["diff", name, name]) == 0
    assert list(user_data._add(user_data.Joined(Graph()), Path(name))) == []
    written(name, f"\ufeff{label}\r\n{il21} x .\r\n".encode())
    capsys.readouterr()
    assert f"{name}:2: this is not valid RDF" in said(capsys, "diff", name, name)


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
    "lines": ("\n" * 900_000, "a.toml:50001: there are more than 50,000 lines, values and marks"),
    "list": (f"a = [{'1,' * 400_000}]", "a.toml:1: there are more than 50,000 lines, values and marks"),
    "tables": ("[[a]]\n" * 100_000, "a.toml:10001: there are more than 50,000 lines, values and marks"),
    "lists": (f"a = [{'[],' * 200_000}]", "a.toml:1: there are more than 50,000 lines, values and marks"),
    "size": ("#" * 1_000_001, "a.toml: this has more than 1,000,000 bytes"),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_case_cannot_end_the_process(kind: str, written: Write) -> None:
    content, what = CASES[kind]
    problems: list[Problem] = []
    list(parsing.read_report(Path(written("a.toml", content)), {}, problems, set()))
    assert str(problems[-1]).startswith(what)


def test_a_large_case_is_not_read_again_for_each_fault() -> None:
    faults = {}
    for size in (0, 900_000):
        text = f"a = '{'x' * size}'\n" + "b = x\n" * 30
        problems: list[Problem] = []
        loaded(Places(Path("a.toml"), text), text, problems)
        faults[size] = len(problems)
    assert faults == {0: 20, 900_000: 2}


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


@pytest.mark.parametrize("end", ["<<( <a:b> <a:b> <a:b> )>>", '"abc"^^<http://www.w3.org/2001/XMLSchema#decimal>'])
def test_a_graph_of_another_form_is_refused(
    end: str, written: Write, capsys: pytest.CaptureFixture[str], graph: KnowledgeGraph
) -> None:
    triples = [f"{one.subject} {one.predicate} {{}} ." for one in graph.store]
    ends = (end if number % 40 == 0 else str(one.object) for number, one in enumerate(graph.store))
    written("a.nt", "\n".join(line.format(value) for line, value in zip(triples, ends, strict=True)))
    case = min(kg.open("a.nt").instances("jak:Case"))
    for words in (["ask", case], ["why", case, "tofacitinib"], ["gaps"], ["similar", "tofacitinib"]):
        assert main([*words, "--graph", "a.nt"]) in (0, 2)
        assert len(capsys.readouterr().err.splitlines()) <= 3
    if end.startswith("<<"):
        assert "a.nt: this graph does not hold what kg ask needs (KeyError" in said(
            capsys, "ask", case, "--graph", "a.nt"
        )


def spreadsheet(rows: str) -> bytes:
    """The bytes of a spreadsheet with these rows and two shared texts, IL-21 and OSM."""
    packed = io.BytesIO()
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheets = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>',
        "xl/workbook.xml": f'<workbook xmlns="{sheets}" xmlns:r="{office}">'
        '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{sheets}"><si><t>IL-21</t></si><si><t>OSM</t></si></sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{sheets}"><sheetData>{rows}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return packed.getvalue()


BOOKS = {
    "far": (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "a.xlsx: reading this takes more than",
    ),
    "cell": (f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 200_000}</t></is></c></row>', "a cell is too long"),
    "burst": (" " * 30_000_000, "bursts"),
}


@pytest.mark.parametrize("kind", BOOKS)
def test_a_spreadsheet_cannot_end_the_process(
    kind: str, written: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "MEMORY", 200 << 20)
    rows, what = BOOKS[kind]
    assert what in said(capsys, "inspect", written("a.xlsx", spreadsheet(rows)))


HEADER = "cytokine,ratio,comparator\n"
TEXTS: dict[str, tuple[str, str | bytes, str]] = {
    "anchor": ("a.yaml", "a: &a [lol]\n", "a.yaml:1: '&a' is an anchor"),
    "alias": ("a.yaml", "a: *a\n", "a.yaml:1: '*a' is an alias"),
    "tag": ("a.yaml", "a: !!float 3\n", "a.yaml:1: 'tag:yaml.org,2002:float' is a tag"),
    "key": ("a.yaml", "? [a]\n: 1\n", "a.yaml:1: a key is no text"),
    "long yaml": ("a.yaml", "- a: 1\n" * 9_000 + "- &a b", "a.yaml:9001: "),
    "json": ("a.json", '{"a": ' + "[" * 600 + "]" * 600 + "}", "a.json: this JSON is nested too deep"),
    "digits": (
        "a.json",
        f'{{"comparator": "own-uninvolved-skin", "signals": [{{"cytokine": "IL-21", "ratio": 1{"0" * 10_000}}}]}}',
        "is beyond any assay",
    ),
    "quote": ("a.csv", f'{HEADER}"IL-21,2\n' + "IL-21,2,own\n" * 60_000, "a.csv:2: a cell is too long"),
    "cell": ("a.csv", f"{HEADER}{'x' * 5_000_000},2,own\n", "a.csv:2: this line has more than 2,000,000 characters"),
    "columns": ("a.csv", f"{HEADER}IL-21,2,own{',x' * 900_000}\n", "a.csv:2: 900,003 columns"),
    "lines": ("a.csv", HEADER + "\n" * 4_000_001, "a.csv: this has more than 2,000,000 lines"),
    "gzip": ("a.csv.gz", gzip.compress(b"\n" * 30_000_000), "or more than 100 times those that it is packed to"),
    "members": ("a.csv.gz", gzip.compress(b"") * 20_000, "a.csv.gz: the file is empty"),
    "name": ("a.csv", f"{HEADER}{'IL-21 ' * 20_000},2,own-uninvolved-skin\n", "is not known"),
    "accents": ("a.csv", HEADER + "a" + "\u0301\u0323" * 50_000 + ",2,own-uninvolved-skin\n", "is not known"),
    "spaces": ("a.csv", f"{HEADER}IL-21{' ' * 100_000}x,2,own-uninvolved-skin\n", "is not known"),
}  # fmt: skip


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_cannot_hold_up_the_process(kind: str, written: Write, capsys: pytest.CaptureFixture[str]) -> None:
    name, content, what = TEXTS[kind]
    assert what in said(capsys, "ask", written(name, content))


def test_a_label_of_spaces_is_read_at_once(written: Write, capsys: pytest.CaptureFixture[str]) -> None:
    label = f"a{' ' * 16_000}b"
    packet = {"id": "a", "metaData": {"phenopacketSchemaVersion": "2.0"}, "measurements": [{"assay": {"label": label}}]}
    said(capsys, "ask", written("a.json", json.dumps(packet)))


@pytest.mark.parametrize(
    "words", [["ask"], ["gaps", "--graph"], ["diff", "a.nt"], ["query"], ["new", "case", "a-2020", "--from"]]
)
def test_what_has_no_end_is_not_read_for_ever(
    words: list[str], written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    written("a.nt", "")
    link = Path("zero.ttl" if words[0] in ("gaps", "diff") else "zero.rq")
    link.symlink_to("/dev/zero")
    assert "zero" in said(capsys, *words, str(link))


SHEET = HEADER + "IL-21,2,own-uninvolved-skin\n"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.json", json.dumps([{f"k{n}": 1 for n in range(50_000)}]), "a.json: row 1: 50,000 keys"),
        ("a.json", json.dumps({f"k{n}": 1 for n in range(50_000)}), "a.json: 50,000 keys"),
        ("a.json", json.dumps([{f"k{n}.{m}": 1 for n in range(9)} for m in range(3_000)]), "1,008 keys"),
        ("a.json", json.dumps([{"a": {f"k{n}": {} for n in range(50_000)}}]), "50,000 keys"),
        (
            "a.csv", SHEET + "".join(f"x{n},1,own-uninvolved-skin\n" for n in range(9_000)),
            "a.csv:1: the column cytokine has more than 8,000 different names",
        ),
    ],
    ids=["row", "object", "rows", "nested", "names"],
)  # fmt: skip
def test_what_is_too_wide_or_long_is_said_first(
    name: str, content: str, what: str, written: Write, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(reading, "MOST_NAMES", 8_000)
    assert what in said(capsys, "ask", written(name, content))


def test_a_name_that_stands_in_every_row_is_sought_once(written: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    find = Names.find

    def counted(self: Names, name: str, place: Place, *, gene: bool = False) -> Known | Problem | None:
        asked.append(name)
        return find(self, name, place, gene=gene)

    monkeypatch.setattr(Names, "find", counted)
    assert main(["ask", written("a.csv", SHEET + "1,,\n" * 3_000)]) == 0
    assert asked.count("1") <= 2


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ('<c r="A2" t="s"><v>1</v></c>', ""),
        ('<c r="A2" t="s"><v xml:space="preserve">0</v></c>', ""),
        ('<c r="A2" t="s"><v>2</v></c>', "a.xlsx: the spreadsheet cannot be read ("),
        *((f'<c r="A2" t="s"><v>{text}</v></c>', "is damaged") for text in ("9" * 20, "-1", "x", "1.0", " 1 ")),
        ('<c r="A2" t="s"><v><![CDATA[1]]></v></c>', "is damaged"),
        ('<c t = "s" r="A2" ><f>A1</f> <v>x</v></c>', "is damaged"),
    ],
)
def test_a_cell_names_a_text_that_there_is(
    cell: str, what: str, written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    header = '<row r="1"><c r="A1" t="inlineStr"><is><t>cytokine</t></is></c></row>'
    file = written("a.xlsx", spreadsheet(f'{header}<row r="2">{cell}</row>'))
    if what:
        assert what in said(capsys, "ask", file)
    else:
        found = workbook.sheet_of(Path(file), Path(file).read_bytes(), [])
        assert not any(workbook.DAMAGED.search(cell[:end].encode()) for end in range(len(cell)))  # at the end of a part
        assert [cells[0] for _, cells in found.rows] == ["IL-21" if "space" in cell else "OSM"]


def test_comments_among_rows_are_left_out_at_once() -> None:
    table = [["cytokine", "ratio"], *(["# a", ""], ["IL-21", "2"]) * 20_000]
    assert len(of_cells(Path("a.xlsx"), "spreadsheet", table, []).rows) == 20_000


def test_a_diff_compares_what_differs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    one = diff._one

    def counted(snapshot: diff.Snapshot, iri: str) -> str:
        told.append(iri)
        return one(snapshot, iri)

    monkeypatch.setattr(diff, "_one", counted)
    graphs = [diff.Snapshot({f"x:{n}": {"x:p": {str(n if n else both)}} for n in range(1_000)}) for both in ("a", "b")]
    assert list(diff.compare(*graphs).changed) == ["x:0"]
    assert told == ["x:0", "x:0"]
