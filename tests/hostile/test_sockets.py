"""No command reaches for the network unless it is given an address: the system itself is watched, by strace.

The process that answers a query that we did not write is asked over a pair of sockets of the family AF_UNIX, which
leads nowhere but to it; what counts are the families of the internet, and that any socket is connected.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

MINI = str(ROOT / "tests" / "mini")
INTERNET = re.compile(r"socket\(AF_INET6?,.*|connect\(.*|sendto\(.*sa_family.*")
OWN = "SELECT ?kinase { ?kinase a <https://w3id.org/jak-kg/vocab#Kinase> }"
COMMANDS = {
    "ask": ["ask", "khurana-2025-1"],
    "ask what is given": ["ask", "IL-21=3", "--comparator", "healthy-control-skin"],
    "query": ["query", "routes_of_cytokines"],
    "query of one's own": ["query", "own.rq"],
    "export": ["query", "--export", "queries"],
    "draw html": ["draw", "patient", "khurana-2025-1", "-o", "a.html"],
    "draw png": ["draw", "drug", "Olumiant", "-o", "a.png"],
    "why": ["why", "khurana-2025-1", "baricitinib"],
    "next": ["next", "khurana-2025-1"],
    "build": ["build", "--facts", MINI, "-o", "a.ttl"],
    "release": ["release", "made", "--facts", MINI, "--without-reasoner"],
}


@pytest.fixture(scope="module")
def strace(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The program strace, where it is here and may watch."""
    found = shutil.which("strace")
    words = [found or "", "-f", "-o", str(tmp_path_factory.mktemp("strace") / "log"), sys.executable, "-c", ""]
    if found and subprocess.run(words, check=False, capture_output=True).returncode == 0:
        return found
    why = "strace is not here" if not found else "strace may not watch a process here"
    if os.environ.get("JAK_KG_STRACE") == "required":
        pytest.fail(why)
    pytest.skip(f"{why}: nothing says whether a command opens a socket; JAK_KG_STRACE=required makes that a failure")


def reached(strace: str, words: list[str], folder: Path) -> list[str]:
    """The calls by which a program and its children reach for the network."""
    log = folder / "log"
    watched = [strace, "-f", "-q", "-e", "trace=socket,socketpair,connect,sendto,execve", "-o", str(log)]
    done = subprocess.run([*watched, *words], cwd=folder, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    text = log.read_text(errors="replace")
    assert "execve(" in text, "nothing was watched"
    return [found[0] for line in text.splitlines() if (found := INTERNET.search(line))]


@pytest.mark.conformance
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_reaches_for_no_network(name: str, strace: str, tmp_path: Path) -> None:
    (tmp_path / "own.rq").write_text(OWN)
    assert reached(strace, [sys.executable, "-m", "kg", *COMMANDS[name]], tmp_path) == []


PLANTED = {
    "a connection": "import socket; socket.socket().connect_ex(('127.0.0.1', 9))",
    "one of IPv6": "import socket; socket.socket(socket.AF_INET6)",
    "one that sends without connecting": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('', 9))",
    "a name that is looked up": "import socket; socket.getaddrinfo('localhost', 80)\n"
    "try: socket.getaddrinfo('jak-kg.invalid', 80)\nexcept OSError: pass",
    "one of a child": "import subprocess, sys; subprocess.run([sys.executable, '-c', "
    "\"import socket; socket.socket().connect_ex(('127.0.0.1', 9))\"])",
    "one of a fork": "import os, socket\nif not os.fork(): socket.socket()\nelse: os.wait()",
    "one of a thread": "import socket, threading; t = threading.Thread(target=socket.socket); t.start(); t.join()",
    "the local one of a daemon": "import socket; socket.socket(socket.AF_UNIX).connect_ex('/no-such-daemon')",
}


@pytest.mark.conformance
@pytest.mark.parametrize("name", PLANTED)
def test_what_reaches_for_the_network_is_seen(name: str, strace: str, tmp_path: Path) -> None:
    assert reached(strace, [sys.executable, "-W", "ignore", "-c", PLANTED[name]], tmp_path) != []


@pytest.mark.conformance
def test_a_pair_of_local_sockets_is_no_network(strace: str, tmp_path: Path) -> None:
    code = "import socket; a, b = socket.socketpair(); a.send(b'1'); b.recv(1)"
    assert reached(strace, [sys.executable, "-c", code], tmp_path) == []
