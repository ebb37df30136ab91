"""Virtuoso gives the rows that Oxigraph gives, but for the questions of one list.

JAK_KG_VIRTUOSO=required: virtuoso-t and isql-vt, of Debian's virtuoso-opensource-7-bin, must be there; else it is
skipped where they are not. The server listens on loopback alone and keeps everything in a temporary folder.
"""

import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from answers_compared import comparable, of_json, of_ntriples
from examples import bound, ntriples, oxigraph
from pyoxigraph import QuerySolutions, Store
from servers import free_port, listens

from kg.sparql import library

pytestmark = [pytest.mark.conformance, pytest.mark.xdist_group("virtuoso")]
GRAPH = "urn:jak-kg"
PATIENCE = 20
"""Seconds that Virtuoso has for one question."""
CALCULUS = ("drugs_for_case", "blockade_of_signals_of_case", "collateral_for_case", "signals_left_by_inhibitor")
SETTINGS: list[dict[str, str]] = [
    {},
    {"derived": "no"},
    {"threshold": "50", "require": "all"},
    {"threshold": "1000", "require": "any", "raised": "2"},
]
WRONG = frozenset(
    (
        "direction_calls_that_differ_from_the_ratio", "hits_of_inhibitors_as_rdf", "inhibitors_that_hit_kinase",
        "inhibitors_that_hit_one_kinase_and_spare_another", "inhibitors_that_spare_kinase",
        "sources_disagreeing_on_potency",
    )
)  # fmt: skip
"""The questions that Virtuoso 7.2.5 answers wrongly, refuses, or never ends: the test fails when one becomes right."""


class Virtuoso:
    """A server with the shipped graph, started anew where a question hangs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.starts = 0
        (folder / "graph.nt").write_bytes(ntriples("shipped"))
        self.start()

    def start(self) -> None:
        self.starts += 1
        here = self.folder / str(self.starts)
        here.mkdir()
        sql, self.port = free_port(), free_port()
        (here / "virtuoso.ini").write_text(
            f"""[Database]
DatabaseFile={here}/db
ErrorLogFile={here}/log
LockFile={here}/lock
TransactionFile={here}/transactions
xa_persistent_file={here}/xa
[TempDatabase]
DatabaseFile={here}/temporary
TransactionFile={here}/temporary-transactions
[Parameters]
ServerPort=127.0.0.1:{sql}
DisableUnixSocket=1
NumberOfBuffers=60000
MaxDirtyBuffers=40000
DirsAllowed={self.folder}
[HTTPServer]
ServerPort=127.0.0.1:{self.port}
[SPARQL]
ResultSetMaxRows=1000000
"""
        )
        with (here / "printed").open("wb") as printed:
            command = ["virtuoso-t", "-f", "-c", str(here / "virtuoso.ini")]
            self.process = subprocess.Popen(command, cwd=here, stdout=printed, stderr=printed, start_new_session=True)
        until = time.monotonic() + 60
        while not listens(self.port):
            assert self.process.poll() is None, (here / "printed").read_text()
            assert time.monotonic() < until, (here / "printed").read_text()
            time.sleep(0.1)
        load = f"DB.DBA.TTLP(file_to_string_output('{self.folder}/graph.nt'), '', '{GRAPH}', 512);\n"
        client = ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", "VERBOSE=OFF", "BANNER=OFF", "ERRORS=STDOUT"]
        said = subprocess.run(client, input=load, capture_output=True, text=True, timeout=60, check=True)
        assert "Error" not in said.stdout, said.stdout

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def ask(self, text: str, accept: str) -> bytes:
        """Return the answer; OSError where it is refused or does not come in time: then the server is new."""
        data = urllib.parse.urlencode({"query": text, "default-graph-uri": GRAPH}).encode()
        url = f"http://127.0.0.1:{self.port}/sparql"
        request = urllib.request.Request(url, data, {"Accept": accept})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                raise OSError(refused.read().decode(errors="replace").partition("\n")[0]) from None
        except OSError:
            self.stop()
            self.start()
            raise

    def agrees(self, text: str) -> bool:
        """Return whether the answer is the bag of rows, or the set of triples, that Oxigraph gives."""
        ours = oxigraph("shipped").query(text)
        try:
            if isinstance(ours, QuerySolutions):
                theirs = comparable(of_json(self.ask(text, "application/sparql-results+json")))
                return rounded(theirs) == rounded(comparable(ours))
            triples = of_ntriples(self.ask(text, "text/plain"))
            return comparable(triples) == comparable(ours)  # type: ignore[arg-type]
        except (OSError, SyntaxError, ValueError):
            return False


def rounded(answer: object) -> object:
    """The answer with numbers to the six digits that Virtuoso prints of a double."""
    assert isinstance(answer, tuple)
    columns, rows = answer
    found: Counter[tuple[object, ...]] = Counter()
    for row, times in rows.items():
        found[tuple(f"{float(cell):.5e}" if isinstance(cell, Decimal) else cell for cell in row)] += times
    return columns, found


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Virtuoso]:
    if not (shutil.which("virtuoso-t") and shutil.which("isql-vt")):
        if os.environ.get("JAK_KG_VIRTUOSO") == "required":
            pytest.fail("JAK_KG_VIRTUOSO is required, and virtuoso-t or isql-vt is not there")
        pytest.skip("Virtuoso is not installed: apt-get install virtuoso-opensource-7-bin")
    server = Virtuoso(tmp_path_factory.mktemp("virtuoso"))
    yield server
    server.stop()


@pytest.mark.parametrize("name", CALCULUS)
def test_the_calculus_gives_the_same_for_every_case(virtuoso: Virtuoso, store: Store, name: str) -> None:
    question = library.load(name)
    more = {"inhibitor": "baricitinib"} if name == "signals_left_by_inhibitor" else {}
    for case in library.instances(store, "jak:Case"):
        assert virtuoso.agrees(question.bound(store, case=case, **more)), case
    for chosen in SETTINGS:
        assert virtuoso.agrees(question.bound(store, case="khurana-2025-1", **chosen, **more)), chosen


@pytest.mark.parametrize("name", library.names())
def test_a_question_gives_the_same(virtuoso: Virtuoso, name: str) -> None:
    text = bound(oxigraph("shipped"), name)
    assert virtuoso.agrees(text) is (name not in WRONG)
