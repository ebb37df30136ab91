"""A user's own query: from a file or standard input, stopped in time, kept from network and disk; SPARQL servers."""

import io
import json
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Store, parse
from rdflib import URIRef, Variable

import kg
from kg.cli import main
from kg.model.errors import Problems
from kg.sandbox import limits, worker
from kg.sparql import formats, library, own_query, query_text
from kg.sparql.own_query import OwnQueries

KINASES = "SELECT ?kinase WHERE { ?kinase a <https://w3id.org/jak-kg/vocab#Kinase> } ORDER BY ?kinase"

pytestmark = pytest.mark.usefixtures("loaded_once")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main.main(["query", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.rq"
    file.write_text(KINASES)
    assert run(capsys, str(file), "--format", "csv") == (0, "kinase\nkg:jak1\nkg:jak2\nkg:jak3\nkg:tyk2\n", "")


def test_from_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(KINASES.encode())))
    assert run(capsys, "-", "--format", "tsv")[1].split() == ["kinase", "kg:jak1", "kg:jak2", "kg:jak3", "kg:tyk2"]


def test_lines_for_grlc_are_passed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "cases.rq"
    file.write_text(
        "#+ summary: every case\n#+ tags:\n#+ - patients\n#+ method: GET\n"
        "ASK { ?c a <https://w3id.org/jak-kg/vocab#Case> }"
    )
    assert run(capsys, str(file)) == (0, "true\n", "")
    assert main.main(["query", "--export", str(tmp_path / "all")]) == 0
    capsys.readouterr()
    assert run(capsys, str(tmp_path / "all" / "grlc" / "cases.rq"))[0] == 0


def test_parameters_of_an_own_query(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.rq"
    file.write_text(
        "#+ param: kinase | jak:Kinase | kg:jak1\nPREFIX jak: <https://w3id.org/jak-kg/vocab#>\n"
        "PREFIX kg: <https://w3id.org/jak-kg/>\n"
        "SELECT ?receptor WHERE { VALUES ?kinase { kg:jak1 } ?receptor jak:needsKinase ?kinase } ORDER BY ?receptor"
    )
    code, out, _ = run(capsys, str(file), "--kinase", "JAK3", "--format", "csv")
    assert code == 0
    assert "kg:il21-receptor" in out.split()
    code, out, err = run(capsys, str(file), "--kinase", "jak5")
    assert (code, out) == (2, "")
    assert "'jak5' is not a known Kinase (did you mean" in err


@pytest.mark.parametrize(
    ("query", "form", "said"),
    [
        ("ASK { ?a ?b ?c }", "table", "true\n"),
        ("ASK { ?a <http://a.org/none> ?c }", "json", "false\n"),
        ("ASK { ?a ?b ?c }", "sparql-json", '{"head":{},"boolean":true}\n'),
        ("CONSTRUCT { <http://a.org/a> <http://a.org/b> 1 } WHERE {}", "ntriples",
         '<http://a.org/a> <http://a.org/b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'),
    ],
)  # fmt: skip
def test_other_forms(tmp_path: Path, capsys: pytest.CaptureFixture[str], query: str, form: str, said: str) -> None:
    file = tmp_path / "mine.rq"
    file.write_text(query)
    assert run(capsys, str(file), "--format", form) == (0, said, "")


@pytest.mark.parametrize("form", ["turtle", "rdfxml", "jsonld", "ntriples"])
def test_construct_and_describe_give_rdf(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    file = tmp_path / "mine.rq"
    file.write_text("DESCRIBE <https://w3id.org/jak-kg/jak1>")
    code, out, _ = run(capsys, str(file), "--format", form)
    assert code == 0
    here = kg.load().predicate_objects(URIRef("https://w3id.org/jak-kg/jak1"))
    assert len(list(parse(out, format=formats.RDF[form]))) == len(list(here))


@pytest.mark.parametrize("form", ["sparql-json", "sparql-xml"])
def test_standard_results_are_read_by_others(capsys: pytest.CaptureFixture[str], form: str) -> None:
    from rdflib.query import Result

    _, out, _ = run(capsys, "measurements_of_case", "--case", "khurana-2025-1", "--format", form)
    theirs = Result.parse(io.BytesIO(out.encode()), format=form.removeprefix("sparql-"))
    assert sorted(str(binding[Variable("label")]) for binding in theirs.bindings) == ["IFN-gamma", "IL-15", "IL-21"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?a WHERE {\n  ?a ?b ?c\n  FILTR(?a)\n}", ":3:3: this is not valid SPARQL from 'FILTR(?a) }' on"),
        ("SELECT ?a WHERE { ?a jak:x ?c }", ":1:22: the prefix of 'jak:x' is not declared: add PREFIX jak: <https://w3"),
        ("SELEC * WHERE { ?a ?b ?c }", ":1:1: this is not valid SPARQL from 'SELEC"),
        ("SELECT * WHERE { ?a ?b ?c", "this is not valid SPARQL at its end"),
        ("SELECT * WHERE {\n\n", ":1:17: this is not valid SPARQL at its end: fix the line 'SELECT * WHERE {'"),
        ("", "this is not valid SPARQL at its end"),
        ("SELECT * WHERE " + "{" * 20_000 + "}" * 20_000, "the query is nested too deeply: write it flatter"),
        ("SELECT * { SERVICE <https://a.org/> { ?a ?b ?c } }", ":1: SERVICE <https://a.org/> would reach the network"),
        ("SELECT * { SERVICE ?x { ?a ?b ?c } }", ":1: SERVICE would reach the network: ask the service itself"),
        ("LOAD <file:///etc/hostname>", ":1: LOAD would change the graph: kg query only asks"),
        ("\nDELETE WHERE { ?a ?b ?c }", ":2: DELETE would change the graph"),
        ("PREFIX a: <a:> INSERT DATA { a:a a:a a:a }", "INSERT would change the graph"),
        ("SELECT * FROM <file:///etc/hostname> { ?a ?b ?c }", "FROM <file:///etc/hostname>: there is one graph"),
        ("SELECT * { GRAPH ?g { ?a ?b ?c } }", "GRAPH: there is one graph, without a name"),
        ("#+ sumary: x\nASK {}", ":1: the header line '#+ sumary: x' is not understood"),
    ],
)  # fmt: skip
def test_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str], query: str, words: str) -> None:
    file = tmp_path / "mine.rq"
    file.write_text(query)
    code, out, err = run(capsys, str(file))
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "query",
    ["SELECT ?load ?service { ?load ?service 'SERVICE <x:y>' } LIMIT 1", "# LOAD <x:y>\nASK { ?a ?b ?c }",
     "PREFIX from: <http://a.org/> PREFIX service: <x:> ASK { FILTER NOT EXISTS { ?a from:load service:graph } }",
     'SELECT ("""he said \\""" SERVICE <x>""" AS ?x) {}', 'SELECT ("a"@add AS ?x) ("b"@service AS ?y) {}',
     "ASK { <http://a.org/graph/service?from=1> ?service ?SERVICE }", "ASK {} # SERVICE <x:y> {}\r# FROM <x:y>",
     "PREFIX add: <x:> ASK { ?delete add:insert 'CLEAR' }", r"SELECT ('\u0053ERVICE' AS ?x) {}"],
)  # fmt: skip
def test_words_that_are_no_keywords_are_not_refused(query: str) -> None:
    assert query_text.problems_in(query, "x") == []
    assert OwnQueries(Store()).written(query)[0]


HIDDEN = [
    "SELECT * { #\rSERVICE <http://127.0.0.1:18932/canary> {?x ?y ?z}\n }",
    "SELECT * { #\rSERVICE SILENT <http://127.0.0.1:18932/> {?s ?p ?o}\n }",
    'SELECT * { ?a ?b """\\"""" . SERVICE SILENT <x:y> { ?a ?b "" } }',
    "SELECT * { ?a ?b ?c.service<x:y>{} }", "SELECT * { ?a ?b 1SERVICE <x:y> {} }",
    "PREFIX : <x:> SELECT * { SERVICE:x {} }", "PREFIX a: <x:> SELECT * { SERVICESILENTa:x {} }",
    "SELECT * { { SELECT * { OPTIONAL { sErViCe SILENT ?x { ?a ?b ?c } } } } }",
    "SELECT ('service' AS ?services) { SERVICE SILENT # service\n <https://x.y/service> { ?service ?a ?b } } # service",
]  # fmt: skip


@pytest.mark.parametrize("query", HIDDEN)
def test_service_is_refused_as_the_engine_reads_it(query: str) -> None:
    with pytest.raises(Problems, match=r"SERVICE.* would reach the network"):
        OwnQueries(Store()).written(query)


@pytest.mark.parametrize("query", [*HIDDEN, "SELECT * { GRAPH <x:y> {} }"])
def test_no_process_without_limits_reads_a_service(monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    monkeypatch.setattr(limits, "OFFLINE", False)
    with pytest.raises(Problems, match="this is not valid SPARQL, or it says SERVICE, FROM or GRAPH"):
        OwnQueries(Store()).written(query)


def test_pasting_ten_thousand_values_is_honest_use() -> None:
    query = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {' '.join(f'<http://a.org/{n}>' for n in range(40_000))} }} }}"
    assert OwnQueries(Store()).rows(query, timeout=20) == [{"n": 40_000}]


XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("term", "value"),
    [
        *((f'"{text}"^^<{XSD}{kind}>', text) for kind, text in (
            ("integer", "abc"), ("integer", "1_0"), ("integer", "1" * 5_000), ("integer", ""), ("integer", " 1"),
            ("integer", "\N{ARABIC-INDIC DIGIT THREE}"), ("decimal", "1,5"), ("decimal", "1e3"),
            ("decimal", "Infinity"),
            ("decimal", "9" * 400), ("double", "1_0"), ("boolean", "yes"), ("date", "soon"),
        )),
        ("01", 1), ('"INF"^^<' + XSD + "double>", float("inf")), ("<<( <x:a> <x:b> 'c' )>>", '<<( x:a x:b "c" )>>'),
        ("<<( <x:a> <x:b> <<( <x:a> <x:b> 1 )>> )>>", f'<<( x:a x:b <<( x:a x:b "1"^^<{XSD}integer> )>> )>>'),
    ],
)  # fmt: skip
def test_what_an_answer_can_hold_is_shown_as_it_is(term: str, value: object) -> None:
    queries = OwnQueries(Store())
    query = f"SELECT ({term} AS ?x) {{}}"
    rows = queries.rows(query)
    assert rows == [{"x": value}]
    shown = "INF" if value == float("inf") else value
    assert json.loads(rows.to_json()) == [{"x": shown}] == json.loads(queries.written(query, form="json")[0])
    for form in ("table", "csv", "tsv", "markdown", "sparql-json", "sparql-xml"):
        assert queries.written(query, form=form)[1] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.rq"], "none.rq: cannot be read (No such file or directory): fix the path"),
        (["cases.rq"], "leave out .rq for the question cases"),
        (["."], "there is no question of this name"),
        (["SELECT * { ?a ?b ?c }"], "this is a query, no name: pipe it in"),
        (["cases", "--timeout", "soon"], "'soon' is not a number of seconds"),
        (["cases", "--timeout", "0"], "'0' is not a number of seconds"),
        (["cases", "--endpoint", "file:///etc/hostname"], "this is not an address of a SPARQL server"),
        (["cases", "--endpoint", "http://localhost:9/", "--graph", "x.ttl"], "give one of the two"),
        (["cases", "--graph", "x.ttl", "--graph", "y.ttl"], "it is given 2 times"),
        (["--format", "csv"], "the name of the question comes first"),
        (["--list", "zebra"], "no question has 'zebra' in it"),
        (["cases", "--format", "turtle"], "turtle does not fit rows"),
    ],
)
def test_mistakes_of_the_command_line(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_an_endless_query_is_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "endless.rq"
    file.write_text("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    code, out, err = run(capsys, str(file), "--timeout", "0.5")
    assert (code, out) == (2, "")
    assert "the query did not end within 0.5 seconds" in err
    assert "--timeout SECONDS" in err


def test_too_large_an_answer(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    monkeypatch.setattr(own_query, "LARGEST", 1 << 20)
    with pytest.raises(Problems, match="the answer is larger than 1 MiB: add a LIMIT"):
        OwnQueries(store).rows("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }")


class Server(BaseHTTPRequestHandler):
    """A SPARQL server over a store; a path says how it misbehaves."""

    store: Store
    asked: list[str]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        query = parse_qs(body)["query"][0] if "form" in self.headers["Content-Type"] else body
        self.asked.append(query)
        if self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            stop.wait(5)
            return None
        try:
            found = self.store.query(query)
        except SyntaxError as error:
            return self.say(400, "text/plain", str(error)[:40].encode())
        if self.path == "/html":
            return self.say(200, "text/html", b"<html>welcome</html>")
        if self.path == "/broken":
            return self.say(
                200, "application/sparql-results+json", b'{"head":{"vars":["a"]},"results":{"bindings":[{"a"'
            )
        if isinstance(found, QuerySolutions | QueryBoolean):
            xml = self.path == "/xml"
            form = QueryResultsFormat.XML if xml else QueryResultsFormat.JSON
            return self.say(200, f"application/sparql-results+{'xml' if xml else 'json'}", found.serialize(format=form))
        return self.say(200, "text/turtle; charset=utf-8", found.serialize(format=RdfFormat.TURTLE))

    def say(self, code: int, kind: str, body: bytes | None) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        """Be silent."""


stop = threading.Event()


@pytest.fixture(scope="module")
def server(store: Store) -> Iterator[str]:
    """The address of a SPARQL server on this machine that holds the shipped graph."""
    Server.store, Server.asked = store, []
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    stop.set()
    httpd.shutdown()
    httpd.server_close()


@pytest.mark.parametrize("path", ["/sparql", "/xml"])
@pytest.mark.parametrize("name", ["routes_of_cytokines", "outcomes_of_case", "evidence_that_receptor_needs_kinase"])
def test_a_server_answers_the_library(server: str, capsys: pytest.CaptureFixture[str], name: str, path: str) -> None:
    given = [word for param in library.load(name).params for word in (f"--{param.name}", param.example)]
    here = run(capsys, name, *given, "--format", "csv")
    assert here[0] == 0
    assert run(capsys, name, *given, "--format", "csv", "--endpoint", server + path) == here


def test_a_server_gives_rdf(server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.rq"
    file.write_text("DESCRIBE <https://w3id.org/jak-kg/jak1>")
    here = run(capsys, str(file), "--format", "ntriples")
    assert here[0] == 0
    assert run(capsys, str(file), "--format", "ntriples", "--endpoint", server) == here


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        ("/", "SELECT * WHERE {", "it says 400 Bad Request: error at 1:"),
        ("/html", "ASK {}", "it answers in text/html, neither SPARQL results nor RDF"),
        ("/broken", "SELECT * WHERE {}", "its answer is not a valid application/sparql-results+json"),
        ("/slow", "ASK {}", "no whole answer within 0.5 seconds"),
        ("/", "SELECT * { SERVICE <https://a.org/> { ?a ?b ?c } }", "would reach the network"),
    ],
)
def test_a_server_that_fails(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, query: str, words: str
) -> None:
    file = tmp_path / "mine.rq"
    file.write_text(query)
    code, out, err = run(capsys, str(file), "--endpoint", server + path, "--timeout", "0.5")
    assert (code, out) == (2, "")
    assert words in err


def test_a_server_without_the_graph_is_no_empty_answer(capsys: pytest.CaptureFixture[str], server: str) -> None:
    full, Server.store = Server.store, Store()
    try:
        code, out, err = run(capsys, "outcomes_of_case", "--case", "khurana-2025-1", "--endpoint", server)
        assert (code, out) == (2, "")
        assert "the graph has no jak:Case: is it JAK-KG?" in err
    finally:
        Server.store = full


def test_the_process_opens_no_socket_even_where_the_words_are_not_seen(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_query, "problems_in", lambda *_: [])
    query = f"SELECT * WHERE {{ SERVICE <{server}/sparql> {{ ?a ?b ?c }} }}"
    before = len(Server.asked)
    with pytest.raises(Problems, match="cannot be answered"):
        OwnQueries(Store()).rows(query)
    assert len(Server.asked) == before


def test_a_new_process_takes_no_module_from_the_folder_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "FORKS", False)
    (tmp_path / "kg").mkdir()
    (tmp_path / "kg" / "__init__.py").write_text("raise SystemExit('another kg')")
    (tmp_path / "json.py").write_text("raise SystemExit('another json')")
    monkeypatch.chdir(tmp_path)
    assert OwnQueries(Store()).written("ASK {}") == ("true\n", 1)


@pytest.mark.parametrize("start", ["forked", "spawned"])
def test_the_process_needs_no_file_for_anything(start: str) -> None:
    """In an interpreter that has loaded nothing else: one that is forked here has all that the tests have loaded."""
    program = f"""
import kg
from kg.sandbox import worker
worker.FORKS = worker.FORKS and {start == "forked"}
queries = kg.open().own
text = "SELECT ?kind ('\u00e9 \u202e \U0001f469\u200d\U0001f52c \U000e0001' AS ?b) {{ ?a a ?kind }} LIMIT 3"
for form in {formats.FOR_PEOPLE + tuple(formats.STANDARD)}:
    assert queries.written(text, form=form, timeout=60)[1] == 3
for form in {tuple(formats.RDF)}:
    assert queries.written("DESCRIBE <https://w3id.org/jak-kg/jak1>", form=form, timeout=60)[1] > 3
asked = "#+ param: kinase | jak:Kinase | kg:jak1\\nSELECT ?x {{ VALUES ?kinase {{ kg:jak1 }} ?x ?y ?kinase }}"
for text, values in (
    ("SELECT * {{ ?a b:c ?d }}", {{}}), ("SELEC", {{}}), (asked, {{"kinase": "jak5"}}), ("LOAD <x:y>", {{}}),
):
    try:
        queries.rows(text, values=values, timeout=60)
    except kg.Problems as error:
        assert "cannot be answered" not in str(error), error
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_python_gives_the_same_rows_everywhere(server: str, tmp_path: Path) -> None:
    here = kg.query("measurements_of_case", case="khurana-2025-1")
    assert [row["label"] for row in here] == ["IFN-gamma", "IL-15", "IL-21"]
    file = tmp_path / "graph.nt"
    kg.load().serialize(file, format="nt", encoding="utf-8")
    for graph in (kg.load(), file, server + "/sparql"):
        assert kg.query("measurements_of_case", case="khurana-2025-1", graph=graph) == here
        assert kg.query(KINASES, graph=graph) == [{"kinase": name} for name in ("jak1", "jak2", "jak3", "tyk2")]


def test_rows_can_be_pickled() -> None:
    for rows in (kg.query(KINASES), kg.query("measurements_of_case", case="khurana-2025-1")):
        again = pickle.loads(pickle.dumps(rows))
        assert (again, again.columns, again.to_json()) == (rows, rows.columns, rows.to_json())
        assert pickle.loads(pickle.dumps(again)).to_json() == rows.to_json()


def test_rows_go_over_to_pandas_and_polars() -> None:
    rows = kg.query("potency_of_inhibitors")
    assert list(rows.to_pandas().columns) == rows.columns
    assert rows.to_pandas()["inhibitor"].tolist() == rows.to_polars()["inhibitor"].to_list()
    assert rows.to_polars().shape == (len(rows), len(rows.columns))


@pytest.mark.parametrize(
    ("question", "values", "words"),
    [
        ("measurement_of_case", {}, "did you mean measurements_of_case"),
        ("measurements_of_case", {}, "parameter 'case' is missing"),
        ("ASK {}", {}, "it gives no rows"),
        ("SELECT * {", {}, "this is not valid SPARQL"),
    ],
)
def test_mistakes_in_python(question: str, values: dict[str, str], words: str) -> None:
    with pytest.raises(Problems, match=words):
        kg.query(question, graph=None, timeout=30, **values)


def test_graph_of_load_is_writable_and_alone() -> None:
    graph = kg.load()
    before = len(graph)
    graph.update("INSERT DATA { <http://a.org/a> <http://a.org/b> 1 }")
    assert (len(graph), len(kg.load())) == (before + 1, before)
    assert json.loads(graph.query(KINASES).serialize(format="json") or b"")["results"]["bindings"]
