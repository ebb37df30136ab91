"""Servers that stall, lie, lead astray or send bombs: a question ends in its time, in one line, and tells no secret."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import hostile_server
import pytest
from server_cases import CASES, EMPTY, JSON, LATE

import kg
from kg.cli import main
from kg.model.errors import Problems
from kg.sandbox import worker
from kg.sparql.address import Address, bare
from kg.sparql.endpoint import Endpoint

QUICK = [
    "says nothing", "drips the headers", "100 Continue without end", "hangs up", "triples cut between chunks",
    "triples without a length", "rows in XML cut behind one, without a length", "a length in words", "packed", "a page",
    "one key twice", "a boolean for rows", "triples in triples, JSON, 40 deep", "leads to itself",
    "leads to another port", "leads to http as GET", "an error that repeats the secrets", "a text that acts",
]  # fmt: skip


def wrong(found: list[tuple[str, str, float]]) -> list[tuple[str, str]]:
    """What came of a case and should not have."""
    return [(name, said) for name, said, _ in found if said.startswith("FAULT") or not re.search(CASES[name][2], said)]


@pytest.mark.conformance
def test_every_hostile_server_is_survived_in_its_time() -> None:
    found = list(hostile_server.outcomes(timeout=3))
    assert len(found) == len(CASES) >= 54
    assert wrong(found) == []
    assert [(name, late) for name, _, late in found if late > 10] == []  # 0.2 s alone on a machine


def test_some_hostile_servers() -> None:
    found = [  # the first three never end; the others do at once, on an idle machine
        *hostile_server.outcomes(timeout=0.3, names=QUICK[:3]),
        *hostile_server.outcomes(timeout=20, names=QUICK[3:]),
    ]
    assert len(found) == len(QUICK)
    assert wrong(found) == []


# --- what is not a matter of an answer --------------------------------------------------------------------------------


def in_time(url: str, query: str = "ASK {}") -> str:
    """What is said of a server, for whose silence a test does not wait."""
    start = time.monotonic()
    with pytest.raises(Problems) as error:
        Endpoint(url, timeout=0.3).query(query)
    assert time.monotonic() - start < 10
    return str(error.value)


def test_a_server_that_never_accepts() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        assert LATE in in_time(f"http://127.0.0.1:{port}/")
        for one in waiting:
            one.close()


def test_a_server_that_does_not_read() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"127.0.0.1:{deaf.getsockname()[1]}/"
        assert LATE in in_time(f"http://{url}", "ASK {} #" + "ä" * 1_000_000)
        assert LATE in in_time(f"https://{url}")  # in the handshake


def test_a_name_that_is_looked_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: done.wait(20) and [])
    assert LATE in in_time("http://a.invalid/")
    done.set()


def test_each_address_of_a_name_has_its_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, hostile_server.serving() as port:
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", p)) for p in (full.getsockname()[1], port)]
        number = list(CASES).index("honest")
        with monkeypatch.context() as patched:
            patched.setattr(socket, "getaddrinfo", lambda *_, **__: places)
            assert Endpoint(f"http://a.invalid:{port}/{number}", timeout=2).rows("SELECT ?x { ?x ?y ?z }") == []
        for one in waiting:
            one.close()


def test_there_is_one_deadline_for_all_that_a_question_asks(capsys: pytest.CaptureFixture[str]) -> None:
    with hostile_server.serving() as port:
        url = f"http://127.0.0.1:{port}/{list(CASES).index('drips the body')}"
        server = Endpoint(url, timeout=0.3)
        for _ in range(3):
            with pytest.raises(Problems, match=LATE):
                server.query("ASK {}")
        assert server.left == 0.001
        words = ["query", "outcomes_of_case", "--case", "khurana-2025-1", "--endpoint", url, "--timeout", "0.3"]
        assert main.main(words) == 2
        assert LATE in capsys.readouterr().err


def test_the_python_interface_is_as_safe() -> None:
    with hostile_server.serving() as port:
        for name in ("one key twice", "a boolean for rows", "triples in triples, JSON, 40 deep", "leads to a file"):
            url = f"http://ann:s3cr3t@127.0.0.1:{port}/{list(CASES).index(name)}?token=t0k3n"
            with pytest.raises(Problems) as error:
                kg.query("SELECT ?x { ?x ?y ?z }", graph=url)
            assert "s3cr3t" not in str(error.value)
            assert "t0k3n" not in str(error.value)
            assert "\n" not in str(error.value)


@pytest.mark.skipif(not worker.FORKS, reason="no fork")
def test_the_answer_is_not_read_in_our_process(monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.sparql import server_answer

    def dies(_: object) -> bytes:
        import os

        os.abort()

    monkeypatch.setattr(server_answer.Reader, "__call__", lambda _, body: dies(body))
    with hostile_server.serving() as port, pytest.raises(Problems, match="its answer"):
        Endpoint(f"http://127.0.0.1:{port}/{list(CASES).index('honest')}", timeout=5).query("SELECT * {}")


# --- an honest server that asks who one is, and leads on --------------------------------------------------------------


class Asking(BaseHTTPRequestHandler):
    seen: ClassVar[list[tuple[str, str, str]]] = []

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.seen.append((self.path, self.headers.get("Authorization", ""), query))
        if self.path.startswith("/from"):
            self.send_response(308)
            self.send_header("Location", "/to?a=b")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.send_header("Content-Length", str(len(EMPTY)))
        self.end_headers()
        self.wfile.write(EMPTY)

    def log_message(self, *_: object) -> None:
        """Be silent."""


@pytest.fixture
def asking() -> Iterator[int]:
    Asking.seen = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Asking) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_user_and_query_go_where_the_same_server_leads(
    asking: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.rq"
    file.write_text("SELECT ?x { ?x ?y ?z }")
    url = f"http://ann:s3%20cr3t@127.0.0.1:{asking}/from?apikey=k3y"
    assert main.main(["query", str(file), "--endpoint", url, "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == []
    assert err == f"{file}: nothing answers this in http://127.0.0.1:{asking}/from?apikey=***\n"
    (first, second) = Asking.seen
    assert first == ("/from?apikey=k3y", "Basic YW5uOnMzIGNyM3Q=", "query=SELECT+%3Fx+%7B+%3Fx+%3Fy+%3Fz+%7D")
    assert second == ("/to?a=b", *first[1:])


def test_no_proxy_is_asked(asking: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    assert Endpoint(f"http://127.0.0.1:{asking}/").rows("SELECT ?x { ?x ?y ?z }") == []


# --- addresses --------------------------------------------------------------------------------------------------------

NONE = "this is not an address of a SPARQL server"


@pytest.mark.parametrize(
    ("url", "shown", "words"),
    [
        ("", "", NONE), ("a.org", "a.org", NONE), ("ftp://a.org/", "ftp://a.org/", NONE), ("http://", "http://", NONE),
        ("http:///x", "http:///x", NONE), ("http://a.org:99999/", "http://a.org:99999/", NONE),
        ("http://a.org:0/", "http://a.org:0/", NONE), ("http://a.org:-1/", "http://a.org:-1/", NONE),
        ("http://a.org:x/", "http://a.org:x/", NONE), ("http://[::1/", "http://[::1/", NONE),
        ("http://[x]/", "http://[x]/", NONE), ("http://a.org/a b", "http://a.org/a b", "has no space in it"),
        ("http://a.org/a\nb", "http://a.org/a\\nb", r"has no '\n' in it"),
        ("http://a.org/\r\nX: y", "http://a.org/\\r\\nX: y", r"has no '\r' in it"),
        ("http://a.org/\x1b[2J", "http://a.org/\\u001b[2J", r"has no '\x1b' in it"),
        ("http://a\tb.org/", "http://a\tb.org/", r"has no '\t' in it"),
        ("http://ü.org/ä", "http://ü.org/ä", "has no 'ü' in it"),
        ("http://a.org/" + "x" * 9000, "http://a.org/xxx", NONE),
        ("http://ann:s3cr3t@a.org:99999/?k=v3ry", "http://a.org:99999/?k=***", NONE),
        ("http://ann:s3cr3t/x@a.org/?k=v3ry", "http://a.org/?k=***", NONE),
        ("http://ann:s3#cr3t?@a.org/", "http://a.org/", NONE),
        ("ann:s3cr3t@a.org", "a.org", NONE), ("ftp://ann:s3cr3t@a.org", "ftp://a.org", NONE),
    ],
)  # fmt: skip
def test_an_address_that_is_none(url: str, shown: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Problems) as error:
        Endpoint(url)
    (problem,) = error.value.problems
    assert words in problem.what
    assert str(problem).startswith(shown.replace("\t", "\\t"))
    assert main.main(["query", "cases", "--endpoint", url]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    for secret in ("s3cr3t", "s3#", "cr3t", "v3ry", "ann"):
        assert secret not in err


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://a.org", "http://a.org"), ("HTTP://A.org/x", "HTTP://A.org/x"), ("http://[::1]:80/", "http://[::1]:80/"),
        ("http://@a.org/", "http://a.org/"), ("http://:pw@a.org/", "http://a.org/"),
        ("http://a@b:c@a.org/", "http://a.org/"), ("http://a.org/?a=1&b=2;c=3", "http://a.org/?a=***&b=***&c=***"),
        ("http://a.org/?key", "http://a.org/?***"), ("http://a.org/?a=http://b@c/", "http://a.org/?a=***"),
        ("http://a.org/x@y#t=1", "http://a.org/x@y"),
    ],
)  # fmt: skip
def test_how_an_address_is_shown(url: str, shown: str) -> None:
    assert bare(url) == Endpoint(url).url == shown
    assert repr(Endpoint(url)) == f"<Endpoint: {shown}>"
    assert repr(Address.of(url)) == f"Address({shown})"


def test_what_is_secret_gets_into_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for url in ("http://ann:s3cr3t@a.org/", "http://a.org/?apikey=s3cr3t", "http://ann:s3cr3t@a.org:x/"):
        assert main.main(["query", "--export", str(tmp_path / "new"), "--endpoint", url]) == 2
        err = capsys.readouterr().err
        assert err.count("\n") == 1
        assert "s3cr3t" not in err
    assert not (tmp_path / "new").exists()
    url = "http://ann:s3cr3t@a.org/?k=s3cr3t"
    for words in (["cases", url], [url], ["cases", "--graph", url], ["cases", "--endpoint", url, "--graph", "x.ttl"]):
        assert main.main(["query", *words]) == 2
        err = capsys.readouterr().err
        assert err.count("\n") == 1
        assert "s3cr3t" not in err


@pytest.mark.parametrize(
    ("here", "there", "same"),
    [
        ("http://a.org/x", "http://a.org:80/y", True), ("http://a.org/x", "https://a.org/x", True),
        ("http://a.org:81/x", "https://a.org:81/x", True), ("http://A.org/", "http://a.ORG/", True),
        ("https://a.org/x", "http://a.org/x", False), ("http://a.org/", "http://b.org/", False),
        ("http://a.org/", "http://a.org:81/", False), ("http://a.org/", "https://a.org:8443/", False),
        ("http://a.org/", "http://a.org.b.org/", False),
    ],
)  # fmt: skip
def test_where_a_server_may_lead(here: str, there: str, same: bool) -> None:
    assert Address.of(here).leads_to(Address.of(there)) is same
