"""Every question and every rule gives the same bag of rows, or set of triples, in Oxigraph, rdflib and Comunica.

Comunica needs Node 20 and ``npm ci --prefix tests/comunica``. JAK_KG_COMUNICA may name another folder that has
node_modules: where it is set, Comunica must be there; where it is not, and Comunica neither, its half is skipped.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from examples import bound, rdf
from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, RdfFormat, Store, Triple, parse, parse_query_results
from rdflib import Graph

from kg import built, cli, library
from kg.rows import XSD

COMUNICA = ROOT / "tests" / "comunica"
NAMES = [*library.names(), *library.names(checks=True)]


# --- what an answer is ------------------------------------------------------------------------------------------------


def comparable(answer: QuerySolutions | Iterable[Triple]) -> object:
    """The columns and the bag of rows, or the set of triples, of an answer."""
    if isinstance(answer, QuerySolutions):
        columns = [variable.value for variable in answer.variables]
        return columns, Counter(tuple(value(row[column]) for column in columns) for row in answer)
    return {tuple(map(value, triple)) for triple in answer}


def value(term: object) -> object:
    """A term as it compares: numbers and booleans by value (doubles to ten digits), language tags in lower case."""
    if not isinstance(term, Literal):
        return term
    match term.datatype.value.removeprefix(XSD):
        case "integer" | "decimal":
            return Decimal(term.value)
        case "double" | "float":
            return Decimal(f"{float(term.value):.9e}")
        case "boolean":
            return ("boolean", term.value in ("true", "1"))
        case datatype:
            return (term.value, datatype, (term.language or "").lower())


def of_rdflib(graph: Graph, text: str) -> object:
    found = graph.query(text)
    if found.type == "SELECT":
        return comparable(of_json(found.serialize(format="json") or b""))
    return comparable(of_ntriples(found.serialize(format="nt") or b""))


def of_json(data: bytes) -> QuerySolutions:
    found = parse_query_results(data, format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    return found


def of_ntriples(data: bytes) -> list[Triple]:
    return [quad.triple for quad in parse(data, format=RdfFormat.N_TRIPLES)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1.50", "'1.5'^^xsd:double", True),
        ("1.0", "1", True),
        ("1e-12", "1.0000000001e-12", True),
        ("1e0", "1.00000001e0", False),
        ("'il21'", "<il21>", False),
        ("'IL-21'@en", "'IL-21'", False),
        ("'IL-21'@en", "'IL-21'@EN", True),
        ("'1'", "1", False),
        ("true", "1", False),
        ("true", "'1'^^xsd:boolean", True),
        ("'2020'", "'2020'^^xsd:gYear", False),
        ("''", "UNDEF", False),
    ],
)
def test_what_compares_as_the_same(one: str, other: str, same: bool) -> None:
    head = f"BASE <http://a.org/> PREFIX xsd: <{XSD}> SELECT ?x WHERE"
    first, second = (comparable(Store().query(f"{head} {{ VALUES ?x {{ {x} }} }}")) for x in (one, other))  # type: ignore[arg-type]
    assert (first == second) is same


# --- rdflib -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_rdflib_gives_the_same(store: Store, name: str) -> None:
    text = bound(store, name)
    assert of_rdflib(rdf(small=False), text) == comparable(store.query(text))  # type: ignore[arg-type]


# --- Comunica ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def modules() -> Path:
    """The folder node_modules that has Comunica."""
    named = os.environ.get("JAK_KG_COMUNICA")
    folder = Path(named or COMUNICA) / "node_modules"
    if not shutil.which("node") or not (folder / "@comunica" / "query-sparql-file").is_dir():
        if named:
            pytest.fail(f"JAK_KG_COMUNICA is set, and Node or {folder}/@comunica/query-sparql-file is not there")
        pytest.skip("Comunica is not installed: npm ci --prefix tests/comunica")
    return folder


@pytest.fixture(scope="session")
def answers(store: Store, modules: Path) -> dict[str, dict[str, Any]]:
    """Question -> what Comunica answers: one process for all of them, since starting it takes longest."""
    lines = "".join(json.dumps({"name": name, "query": bound(store, name)}) + "\n" for name in NAMES)
    command = ["node", str(COMUNICA / "answers.mjs"), str(built.FILE)]
    environment = os.environ | {"JAK_KG_COMUNICA": str(modules.parent)}
    done = subprocess.run(command, input=lines.encode(), capture_output=True, timeout=300, env=environment, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return {answer.pop("name"): answer for answer in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", NAMES)
def test_comunica_gives_the_same(store: Store, answers: dict[str, dict[str, Any]], name: str) -> None:
    match answers[name]:
        case {"results": results}:
            found = comparable(of_json(json.dumps(results).encode()))
        case {"triples": triples}:
            found = comparable(of_ntriples(triples.encode()))
        case failed:
            pytest.fail(failed["error"])
    assert found == comparable(store.query(bound(store, name)))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def endpoint(store: Store, modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of Comunica's own SPARQL server, which has the shipped graph."""
    assert store
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    server = modules / "@comunica" / "query-sparql-file" / "bin" / "http.js"
    log = tmp_path_factory.mktemp("comunica") / "log.txt"
    with log.open("wb") as stream:
        command = ["node", str(server), "--port", str(port), str(built.FILE)]
        process = subprocess.Popen(command, stdout=stream, stderr=stream, start_new_session=True)
    try:
        until = time.monotonic() + 60
        while not listens(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield f"http://localhost:{port}/sparql"
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # the server and its worker
        process.wait(10)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("localhost", port), 1).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("form", ["table", "json"])
@pytest.mark.parametrize(
    "question",
    [
        ["cases"],
        ["evidence_on_routes"],
        ["graph_version"],
        ["measurements_of_case", "--case", "khurana-2025-1"],
        ["therapies_of_case", "--case", "kg:yunoki-2025-1"],
    ],
    ids=" ".join,
)
def test_kg_query_of_a_server_prints_the_same(
    capsys: pytest.CaptureFixture[str], endpoint: str, question: list[str], form: str
) -> None:
    # Questions ordered by one key: Comunica 4 sorts by each key in turn, and not stably.
    printed = []
    for where in ([], ["--endpoint", endpoint]):
        code = cli.main(["query", *question, "--format", form, *where])
        printed.append((code, *capsys.readouterr()))
    assert printed[0] == printed[1]
    assert printed[0][0] == 0
