"""Every reader of what people and servers give, with honest seeds, and inputs made of them by chance: one a number.

``scripts/fuzz.py`` tries as many as time allows, ``test_fuzz.py`` a few hundred of each. A reader ends well where it
returns or raises ``kg.Problems``; a command may end with the exit codes that its help states.
"""

import io
import os
import random
import re
import shlex
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import cache, partial
from pathlib import Path
from typing import Final

import kg
from kg.cli import main
from kg.facts import dataset
from kg.facts.parsing import read_report
from kg.profiles import resolve
from kg.profiles.choices import Reading
from kg.rdf import foreign
from kg.rdf.store import parse
from kg.sandbox.worker import Stopped, Worker
from kg.sparql.server_answer import ROWS, TRIPLES, Reader, terms

HERE: Final = Path(__file__).parent.parent
MINI: Final = HERE / "mini"
CODES: Final = {None, 0, 1, 2}
LONGEST: Final = 200_000
"""Bytes of an input: what is larger is the matter of the tests of limits."""
WORDS: Final = [
    *rb"""\\ \u0000 \ud800 \U0010FFFF < > << >> { } [ ] " ' _:a @ @en & &a; *a !!python/object # ; , . : = - -- % $ ~
    ^^<a:b> nan inf -0 1e400 1e-400 1_0 0x10 null true NO IL-21 JAK1 TNF raised SERVICE FROM UNION OPTIONAL FILTER
    PREFIX 0001-01-01 9999-12-31
    [[case]] [case.therapy] a.b.c=1 <?xml ]]> <!ENTITY ^^<http://www.w3.org/2001/XMLSchema#integer>""".split(),
    *(
        text.encode()
        for text in ("１２", "µ", "μ", "−", "–", "“”", "\u0301" * 20, "\u202e", "\ufeff", '"""', " " * 300)
    ),
    *(b"\x00", b"\xff", b"\xfe\xff", b"\r", b"\r\n", b"\n\n", b"\t", b"\xed\xa0\x80", b"\x1b[2J"),
    *(b"[" * 500, b"{" * 500, b"<<" * 300, b"(" * 500, b"9" * 400, b"1" + b"0" * 60),
]
"""What breaks readers: signs of the syntaxes, numbers that are none, characters that are no text."""


def changed(dice: random.Random, seed: bytes, other: bytes) -> bytes:
    """Return a seed with one to eight changes: bytes lost, put in, doubled, moved, or taken from another seed."""
    data = bytearray(seed)
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        at = dice.randrange(len(data) + 1)
        end = min(len(data), at + dice.choice((1, 1, 2, 5, 20, 200)))
        match dice.randrange(9):
            case 0:
                del data[at:end]
            case 1:
                data[at:at] = dice.choice(WORDS)
            case 2:
                data[at:end] = dice.choice(WORDS)
            case 3:
                data[at:at] = data[at:end] * dice.choice((1, 2, 50))
            case 4:
                data[at:at] = bytes([dice.randrange(256)])
            case 5:
                begin = dice.randrange(len(other) + 1)
                data[at:end] = other[begin : begin + dice.choice((1, 5, 20, 200))]
            case 6:
                data[at:at] = chr(dice.randrange(0x110000)).encode("utf-8", "surrogatepass")
            case 7:
                lines = data.split(b"\n")
                dice.shuffle(lines)
                data = bytearray(b"\n".join(lines))
            case _ if dice.random() < 0.1:
                data = bytearray(data.decode("utf-8", "replace").encode(dice.choice(("utf-16", "latin-1")), "replace"))
    return bytes(data[:LONGEST])


def zipped(dice: random.Random, seed: bytes, other: bytes) -> bytes:
    """Return a workbook of which a part, or at times the archive itself, was changed."""
    if dice.random() < 0.3:
        return changed(dice, seed, other)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(seed)) as source, zipfile.ZipFile(out, "w") as target:
        names = source.namelist()
        chosen = dice.choice(names)
        for name in names:
            part = source.read(name)
            target.writestr(name, changed(dice, part, part) if name == chosen else part)
    return out.getvalue()


# --- the readers ------------------------------------------------------------------------------------------------------


HIDDEN: Final = re.compile(r"\((?!RuntimeError: The SPARQL)(\w*Error|\w*Exception): |Traceback")
"""In a problem: words of a fault of ours, which a process of its own has turned into one."""


def tried(call: Callable[[], object]) -> bool:
    """Return whether a call returned; its own Problems are as good, and anything else is a find."""
    try:
        call()
    except kg.Problems as error:
        if not error.problems or any(HIDDEN.search(problem.what) for problem in error.problems):
            raise RuntimeError(f"no problem of the input: {error}") from error
        return False
    return True


@cache
def room() -> Path:
    """A folder for the inputs of this process; gone at its end."""
    kept = tempfile.TemporaryDirectory(prefix="jak-kg-fuzz-")
    room.kept = kept  # type: ignore[attr-defined]
    return Path(kept.name)


def on_disk(name: str, data: bytes) -> Path:
    file = room() / f"{os.getpid()}-{name}"
    file.write_bytes(data)
    return file


def a_profile(data: bytes) -> bool:
    file = on_disk("patient", data)
    return tried(lambda: resolve.read(kg.open(), str(file)))


def compared(data: bytes) -> bool:
    """A profile that does not say itself what it was compared with."""
    file, reading = on_disk("patient", data), Reading(comparator="healthy-control-skin")
    return tried(lambda: resolve.read(kg.open(), str(file), reading=reading))


def a_case(data: bytes) -> bool:
    problems: list[object] = []
    list(read_report(on_disk("case.toml", data), {}, problems, set()))  # type: ignore[arg-type]
    return not problems


def facts(data: bytes) -> bool:
    """A folder of facts of which one file, named by the first byte, is this."""
    folder, files = _folder()
    file = files[data[0] % len(files)] if data else files[0]
    kept = file.read_bytes()
    try:
        file.write_bytes(data[1:])
        return tried(lambda: dataset.read(folder))
    finally:
        file.write_bytes(kept)


@cache
def _folder() -> tuple[Path, list[Path]]:
    import shutil

    folder = Path(shutil.copytree(MINI, room() / f"{os.getpid()}-facts"))
    return folder, sorted(folder.rglob("*.t*"))


def a_query(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    return tried(lambda: kg.query(text if re.search(r"\W", text) else f"{text} ?", timeout=5))


def turtle(data: bytes) -> bool:
    return tried(lambda: _graph("graph.ttl", data))


def triples(data: bytes) -> bool:
    return tried(lambda: _graph("graph.nt", data))


def _graph(name: str, data: bytes) -> None:
    """Read a graph as ``kg.open`` does, but one after another in one process, which is quicker."""
    try:
        found = _parser(name).call(data, timeout=30)
    except Stopped as stopped:
        if stopped.why == "failed":
            raise
    else:
        parse(found, checked=True)


@cache
def _parser(name: str) -> Worker:
    return Worker(partial(foreign.converted, Path(name)))


def results(data: bytes) -> bool:
    """What a server says: its first line is the media type."""
    kind, _, body = data.partition(b"\n")
    if kind not in KINDS:
        return False

    def read() -> None:
        try:
            terms(_server(kind.decode()).call(body, timeout=30))
        except Stopped as stopped:
            if stopped.why == "failed":
                raise

    return tried(read)


KINDS: Final = {kind.encode() for kind in (*ROWS, *TRIPLES)}


@cache
def _server(kind: str) -> Worker:
    """The process that reads the answers of one media type; the product starts one for each answer."""
    return Worker(Reader(place="server", base="http://a.org/", kind=kind))


def a_command(data: bytes) -> bool:
    """A line of words, in a folder with a patient of its own; nothing of it writes outside."""
    words = [word for word in data.decode("utf-8", "replace").replace("\0", " ").split() if "/" not in word]
    here = Path.cwd()
    os.chdir(room())
    try:
        Path("patient.csv").write_bytes(seeds("profile")[0])
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            code = main.main(words)
    except SystemExit as end:
        code = end.code  # type: ignore[assignment]
    finally:
        os.chdir(here)
    assert code in CODES, f"exit code {code}"
    return not code


READERS: Final[dict[str, tuple[Callable[[bytes], bool], Callable[[random.Random, bytes, bytes], bytes]]]] = {
    "profile": (a_profile, changed),
    "gene table": (compared, changed),
    "phenopacket": (compared, changed),
    "workbook": (compared, zipped),
    "case": (a_case, changed),
    "facts": (facts, changed),
    "query": (a_query, changed),
    "turtle": (turtle, changed),
    "triples": (triples, changed),
    "results": (results, changed),
    "command": (a_command, changed),
}
"""Reader -> what tries an input, true where it was accepted; and what makes one of two seeds."""
COMMANDS: Final = """
ask khurana-2025-1
ask patient.csv --threshold 50 --require any --top 3
ask patient.csv --format json --raised 2
ask IFN-γ=3.4 IL-15=2 --comparator own-uninvolved-skin
inspect patient.csv
inspect patient.csv --format json
next khurana-2025-1 --fdr 0.1
why khurana-2025-1 tofacitinib
whatif khurana-2025-1 --without jak1
whatif khurana-2025-1 --measure IL-21=1
path il21 jak1
cut il21 ifng --threshold 30
similar il21
query cases
query drugs_for_case --case khurana-2025-1 --threshold 50 --format csv
query --list
gaps
ledger
--help
"""
ANSWERS: Final = (
    b'application/sparql-results+json\n{"head":{"vars":["a","b"]},"results":{"bindings":[{"a":{"type":"uri","value":'
    b'"http://a.org/x"},"b":{"type":"literal","value":"1","datatype":"http://www.w3.org/2001/XMLSchema#integer"}}]}}',
    b'application/sparql-results+json\n{"head":{},"boolean":true}',
    b'application/sparql-results+xml\n<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'
    b'<variable name="a"/></head><results><result><binding name="a"><literal xml:lang="en">x</literal></binding>'
    b"</result></results></sparql>",
    b"application/n-triples\n<http://a.org/x> <http://a.org/y> <http://a.org/z> .\n",
    b"text/turtle\n@prefix a: <http://a.org/> . a:x a:y 1 , \"b\"@en , [ a a:z ] .\n",
    b'application/rdf+xml\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about='
    b'"http://a.org/x"><rdf:value>1</rdf:value></rdf:Description></rdf:RDF>',
)  # fmt: skip


@cache
def seeds(reader: str) -> tuple[bytes, ...]:
    """Return honest inputs of a reader, small ones."""
    found = tuple(_seeds(reader))
    assert found, reader
    return found


def _seeds(reader: str) -> Iterator[bytes]:
    match reader:
        case "profile":
            yield from (file.read_bytes() for file in sorted((HERE / "golden" / "profiles").glob("good.*")))
        case "gene table":
            yield b"gene,log2FoldChange,lfcSE,stat,pvalue,padj\n" + b"".join(
                f"{name},{place / 7 - 1:.3f},0.2,{place / 2 - 3:.2f},0.0{place},0.{place + 10}\n".encode()
                for place, name in enumerate("IFNG IL21 IL15 STAT1 CXCL9 CXCL10 IRF1 GBP5 SOCS3 JAK1 TNF".split())
            )
            yield b"gene_id\tS1\tS2\nENSG00000111537.5\t3.5\t0\nENSG00000138684\t1e2\tNA\nHGNC:6001\t2\t1\n"
        case "phenopacket":
            yield (
                (HERE / "bad" / "phenopackets" / "ratio-zero.json")
                .read_bytes()
                .replace(b'"value": 0', b'"value": 2.5')
                .replace(b"comparator: own uninvolved skin", b"")
            )
            yield (HERE / "bad" / "phenopackets" / "several-faults.json").read_bytes()
        case "workbook":
            yield workbook([["cytokine", "ratio"], ["IFN-γ", "0.08"], ["IL-21", "2.33"]])
            yield workbook([["gene", "direction"], ["IL-15", "up"]])
        case "case":
            yield from (file.read_bytes() for file in sorted((MINI / "cases").glob("*.toml")))
        case "facts":
            yield from (bytes([i]) + file.read_bytes() for i, file in enumerate(sorted(MINI.rglob("*.t*"))))
        case "query":
            yield from (file.read_bytes() for file in sorted((HERE.parent / "queries").glob("*.rq"))[::12])
            yield b'SELECT ?k (COUNT(*) AS ?n) { ?k ?p ?o FILTER(?o = "a"@en || ?o > 1.5) } GROUP BY ?k LIMIT 5'
            yield b"ASK { VALUES (?a ?b) { (1 UNDEF) (<http://a.org/x> 'b') } << ?a ?b 1 >> ?c ?d }"
        case "turtle":
            yield from (file.read_bytes() for file in sorted((HERE / "bad" / "checks").glob("*.ttl"))[::9])
        case "triples":
            yield b'<http://a.org/x> <http://a.org/y> "a\\u00e9"@en .\n_:b <http://a.org/y> "1"^^<http://a.org/i> .\n'
        case "results":
            yield from ANSWERS
        case "command":
            yield from (" ".join(shlex.split(line)).encode() for line in COMMANDS.split("\n")[1:-1])


def workbook(rows: list[list[str]]) -> bytes:
    """Return an .xlsx of one sheet, as small as can be."""
    cells = "".join(
        f'<row r="{r}">' + "".join(f'<c r="{chr(65 + c)}{r}" t="inlineStr"><is><t>{text}</t></is></c>' for c, text in
        enumerate(row)) + "</row>" for r, row in enumerate(rows, 1)
    )  # fmt: skip
    schemas = "http://schemas.openxmlformats.org"
    sheet, office, package = (
        f"{schemas}/{name}" for name in ("spreadsheetml/2006/main", "officeDocument/2006", "package/2006")
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

    def related(name: str, target: str) -> str:
        to = f'<Relationship Id="r" Type="{office}/relationships/{name}" Target="{target}"/>'
        return f'<Relationships xmlns="{package}/relationships">{to}</Relationships>'

    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}"/></Types>',
        "_rels/.rels": related("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{sheet}" xmlns:r="{office}/relationships"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": related("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{sheet}"><sheetData>{cells}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return out.getvalue()


def made(reader: str, number: int, seed: int) -> bytes:
    """Return the input of a reader that has a number; the same for the same seed, everywhere."""
    dice = random.Random(f"{seed} {reader} {number}")
    honest = seeds(reader)
    return READERS[reader][1](dice, dice.choice(honest), dice.choice(honest))
