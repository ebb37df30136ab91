"""Every question and every rule gives the same bag of rows, or set of triples, in Oxigraph, rdflib and Comunica.

Comunica needs Node 18 or later and ``npm ci --prefix tests/comunica``. JAK_KG_COMUNICA may name another folder that has
node_modules: where it is set, Comunica must be there; where it is not, and Comunica neither, its half is skipped.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from answers_compared import comparable, of_json, of_ntriples, of_rdflib
from conftest import ROOT
from examples import Which, bound, ntriples, oxigraph, rdflib
from pyoxigraph import Store
from servers import free_port, listens

from kg.cli import main
from kg.rdf import shipped
from kg.sparql import library
from kg.sparql.rows import XSD

pytestmark = pytest.mark.conformance
COMUNICA = ROOT / "tests" / "comunica"
TIMEOUT = 600
"""Seconds that Comunica has for all questions, or for all rules."""
ASKED: dict[Which, list[str]] = {"shipped": library.names(), "faulty": library.names(checks=True)}
"""Graph -> what is asked there: the rules where they find something."""
EACH = pytest.mark.parametrize(("name", "which"), [(name, which) for which in ASKED for name in ASKED[which]])


def of_oxigraph(which: Which, text: str) -> object:
    return comparable(oxigraph(which).query(text))  # type: ignore[arg-type]


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


@EACH
def test_rdflib_gives_the_same(name: str, which: Which) -> None:
    text = bound(oxigraph(which), name)
    assert of_rdflib(rdflib(which), text) == of_oxigraph(which, text)


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
def answers(modules: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Question or rule -> what Comunica answers: one process a graph, since starting it takes longest."""
    found: dict[str, dict[str, Any]] = {}
    for which, names in ASKED.items():
        file = tmp_path_factory.mktemp("comunica") / f"{which}.nt"
        file.write_bytes(ntriples(which))
        lines = "".join(json.dumps({"name": name, "query": bound(oxigraph(which), name)}) + "\n" for name in names)
        command = ["node", str(COMUNICA / "answers.mjs"), str(file)]
        environment = os.environ | {"JAK_KG_COMUNICA": str(modules.parent)}
        try:
            written = subprocess.run(
                command, input=lines.encode(), stdout=subprocess.PIPE, timeout=TIMEOUT, env=environment, check=True
            ).stdout
        except subprocess.TimeoutExpired as late:
            written = late.stdout or b""
        found |= {answer.pop("name"): answer for answer in map(json.loads, written.split(b"\n")[:-1])}
    return found


@EACH
def test_comunica_gives_the_same(answers: dict[str, dict[str, Any]], name: str, which: Which) -> None:
    match answers.get(name):
        case {"results": results}:
            found = comparable(of_json(json.dumps(results).encode()))
        case {"triples": triples}:
            found = comparable(of_ntriples(triples.encode()))
        case {"error": error}:
            pytest.fail(error)
        case _:
            pytest.fail(f"not answered in {TIMEOUT} s: the first question of which this is said takes too long")
    assert found == of_oxigraph(which, bound(oxigraph(which), name))


@pytest.fixture(scope="session")
def endpoint(store: Store, modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of Comunica's own SPARQL server, which has the shipped graph."""
    assert store
    port = free_port()
    server = modules / "@comunica" / "query-sparql-file" / "bin" / "http.js"
    log = tmp_path_factory.mktemp("comunica") / "log.txt"
    with log.open("wb") as stream:
        command = ["node", str(server), "--port", str(port), str(shipped.FILE)]
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
        code = main.main(["query", *question, "--format", form, *where])
        printed.append((code, *capsys.readouterr()))
    assert printed[0] == printed[1]
    assert printed[0][0] == 0
