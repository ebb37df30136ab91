"""A release is one graph whichever parser reads it, and whichever of its files: one fingerprint (RDFC-1.0) for all.

Read by rdflib and Oxigraph, and by four parsers of others: rapper and serdi (Debian's raptor2-utils and serdi), N3.js
and jsonld.js (``npm ci --prefix tests/parsers``). JAK_KG_PARSERS may name another folder that has node_modules: where
it is set, all four must be there; where it is not, those that are not there are skipped.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
import rdflib
from conftest import ROOT
from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, Quad, RdfFormat, parse, serialize
from rdflib import Graph
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from kg.exports import syntaxes
from kg.model.files import save
from kg.rdf import builder
from kg.rdf import serialize as syntax

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.filterwarnings("ignore:[A-Z].* is deprecated:DeprecationWarning"),
]

HERE = ROOT / "tests" / "parsers"
FORMATS = {
    ".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".rdf": RdfFormat.RDF_XML, ".jsonld": RdfFormat.JSON_LD,
    ".trig": RdfFormat.TRIG, ".nq": RdfFormat.N_QUADS,
}  # fmt: skip
ALL = {".ttl", ".nt", ".rdf", ".jsonld", ".trig"}
READS: dict[str, dict[str, str]] = {
    "rdflib": {".ttl": "turtle", ".nt": "nt", ".rdf": "xml", ".jsonld": "json-ld", ".trig": "trig"},
    "oxigraph": {suffix: suffix for suffix in ALL},
    "rapper": {".ttl": "turtle", ".nt": "ntriples", ".rdf": "rdfxml", ".trig": "trig"},
    "serdi": {".ttl": "turtle", ".nt": "ntriples", ".trig": "trig"},
    "javascript": {".ttl": "N3.js", ".nt": "N3.js", ".trig": "N3.js", ".jsonld": "jsonld.js"},
}
"""Parser -> what it calls each syntax that it reads."""
STRICT = ["oxigraph", "rapper", "serdi", "javascript"]
"""rdflib takes many a file that is not valid Turtle."""


# --- what a file says -------------------------------------------------------------------------------------------------


def canonical(data: bytes, suffix: str) -> str:
    """The fingerprint of RDF; of named graphs that of their union, without the default graph."""
    quads = list(parse(data, format=FORMATS[suffix]))
    named = [quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph)]
    dataset = Dataset({Quad(*quad.triple) for quad in named or quads})
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    written = serialize((quad.triple for quad in dataset), format=RdfFormat.N_TRIPLES) or b""
    return hashlib.sha256(b"".join(sorted(written.splitlines(keepends=True)))).hexdigest()


def of_oxigraph(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        yield canonical(file.read_bytes(), file.suffix)


def of_rdflib(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        read, union = rdflib.Dataset(), Graph()
        if file.suffix == ".trig":
            read.parse(data=file.read_bytes(), format="trig")
            for part in read.graphs():
                if part.identifier != DATASET_DEFAULT_GRAPH_ID:
                    union += part
        else:
            union.parse(data=file.read_bytes(), format=READS["rdflib"][file.suffix])
        yield canonical(builder.ntriples(union), ".nt")


def of_command(name: str) -> Callable[[Iterable[Path]], Iterator[str]]:
    def fingerprints(files: Iterable[Path]) -> Iterator[str]:
        for file in files:
            form = "nquads" if file.suffix == ".trig" else "ntriples"
            command = [
                name,
                *(["-q"] if name == "rapper" else []),
                "-i",
                READS[name][file.suffix],
                "-o",
                form,
                str(file),
            ]
            done = subprocess.run(command, capture_output=True, check=False)
            complaint = done.stderr.decode()
            yield complaint or canonical(done.stdout, ".nq")

    return fingerprints


def of_javascript(files: Iterable[Path]) -> Iterator[str]:
    environment = os.environ | {"JAK_KG_PARSERS": os.environ.get("JAK_KG_PARSERS", str(HERE))}
    command = ["node", str(HERE / "fingerprints.mjs"), *map(str, files)]
    done = subprocess.run(command, capture_output=True, check=True, env=environment)
    for line in done.stdout.splitlines():
        found = json.loads(line)
        yield found.get("fingerprint") or found["error"]


PARSERS: dict[str, Callable[[Iterable[Path]], Iterator[str]]] = {
    "rdflib": of_rdflib,
    "oxigraph": of_oxigraph,
    "rapper": of_command("rapper"),
    "serdi": of_command("serdi"),
    "javascript": of_javascript,
}


def fingerprints(parser: str, folder: Path) -> dict[str, str]:
    """File -> fingerprint, of each file that a parser reads; the test is skipped where the parser is not there."""
    modules = Path(os.environ.get("JAK_KG_PARSERS", HERE)) / "node_modules"
    there = {
        "rapper": shutil.which("rapper"),
        "serdi": shutil.which("serdi"),
        "javascript": shutil.which("node") and (modules / "jsonld").is_dir() and (modules / "n3").is_dir(),
    }
    if not there.get(parser, True):
        if "JAK_KG_PARSERS" in os.environ:
            pytest.fail(f"JAK_KG_PARSERS is set, and {parser} is not there")
        pytest.skip(f"{parser} is not installed: Debian's raptor2-utils and serdi; npm ci --prefix tests/parsers")
    files = sorted(file for file in folder.rglob("*") if file.suffix in READS[parser] and file.stem != "context")
    assert files
    names = [file.relative_to(folder).as_posix() for file in files]
    return dict(zip(names, PARSERS[parser](files), strict=True))


# --- the shipped release ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parser", PARSERS)
def test_the_asserted_graph_has_one_fingerprint(parser: str, shipped: Path, asserted: Graph) -> None:
    found = {name: value for name, value in fingerprints(parser, shipped).items() if name.startswith("jak-kg.")}
    assert found == dict.fromkeys((f"jak-kg{suffix}" for suffix in sorted(READS[parser])), syntax.fingerprint(asserted))


@pytest.mark.parametrize("parser", STRICT)
def test_every_file_is_read_the_same(parser: str, shipped: Path) -> None:
    found = fingerprints(parser, shipped)
    assert found == {name: canonical((shipped / name).read_bytes(), Path(name).suffix) for name in found}


def test_the_fingerprint_is_the_checksum_of_the_ntriples(shipped: Path, asserted: Graph) -> None:
    line = f"{syntax.fingerprint(asserted)}  jak-kg.nt\n"
    assert line in (shipped / "SHA256SUMS").read_text(encoding="utf-8")


# --- what is hard -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Blank nodes, numbers and texts that parsers get wrong, in every syntax; rdflib leaves numbers as they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        source = Graph().parse(data=(HERE / "hard.ttl").read_bytes(), format="turtle")
        folder = tmp_path_factory.mktemp("hard")
        for name, data in syntaxes.written(syntax.canonical(source)).items():
            save(data, folder / name)
        yield folder


@pytest.mark.parametrize("parser", PARSERS)
def test_what_is_hard_has_one_fingerprint(parser: str, hard: Path) -> None:
    source = canonical((HERE / "hard.ttl").read_bytes(), ".ttl")
    assert fingerprints(parser, hard) == dict.fromkeys((f"jak-kg{suffix}" for suffix in READS[parser]), source)


@pytest.mark.parametrize("parser", PARSERS)
def test_another_value_has_another_fingerprint(parser: str, hard: Path, tmp_path: Path) -> None:
    text = (hard / "jak-kg.ttl").read_text(encoding="utf-8")
    changes = [("", ""), ("1.50", "1.500"), (" true", " false"), ("two  ", "two "), ("@fr", "@de"), ("il21", "il22")]
    for number, (was, now) in enumerate(changes):
        assert was in text
        (tmp_path / f"{number}.ttl").write_text(text.replace(was, now, 1), encoding="utf-8")
    found = fingerprints(parser, tmp_path).values()
    assert {len(value) for value in found} == {64}
    assert len(set(found)) == len(changes)


@pytest.mark.parametrize("parser", STRICT)
@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".ttl", "@prefix kg: <https://w3id.org/jak-kg/> .\nkg:a kg:b [ .\n"),
        (".ttl", "@prefix kg: <https://w3id.org/jak-kg/> .\nkg:a kg:b 'c' ; ; kg:d .\n"),
        (".nt", "<https://a.org/a> <https://a.org/b> 'c' .\n"),
        (".trig", "<https://a.org/g> { <https://a.org/a> <https://a.org/b> \n"),
    ],
)
def test_what_is_no_rdf_is_refused(parser: str, suffix: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / f"broken{suffix}"
    file.write_text(text, encoding="utf-8")
    try:
        (found,) = fingerprints(parser, tmp_path).values()
    except SyntaxError:
        return
    assert len(found) != 64
