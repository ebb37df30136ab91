"""A hostile server on loopback, and what becomes of a question to it: a table that a page of figures can print.

The address has a user, a password and a token, none of which may show in any outcome.
"""

import io
import re
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final

from server_cases import CASES, Behaviour, stop

from kg.cli import main

USER: Final = "ann:s3cr3t%21@"
SECRETS: Final = ("s3cr3t", "t0k3n", "YW5uOnMzY3IzdCE=")


@contextmanager
def serving() -> Iterator[int]:
    """The port of the server; the number of a case is the path of its address."""
    stop.clear()
    behaviours = [behaviour for _, behaviour, _ in CASES.values()]
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        port = int(listening.getsockname()[1])

        def serve() -> None:
            while not stop.is_set():
                try:
                    one, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(one, behaviours), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield port
        finally:
            stop.set()
            socket.create_connection(("127.0.0.1", port)).close()  # else accept waits on


def answer(sock: socket.socket, behaviours: list[Behaviour]) -> None:
    with sock:
        try:
            asked = b""
            while not re.search(rb"\r\n\r\nquery=.*%7D$", asked, re.DOTALL):
                if not (more := sock.recv(65536)):
                    return
                asked += more
            number = re.match(rb"POST /(\d+)", asked)
            if number:
                behaviours[int(number[1])](sock)
                sock.shutdown(socket.SHUT_WR)
                while sock.recv(65536):  # else what was sent last could be lost
                    continue
        except OSError:
            return


def outcomes(*, timeout: float = 2.0, names: "list[str] | None" = None) -> Iterator[tuple[str, str, float]]:
    """Yield each way to behave with what came of it, and by how many seconds it was too late (0: in time).

    What comes is the exit code of the command and what it printed; FAULT stands before what is no sound outcome.
    """
    with serving() as port, tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "mine.rq")
        for number, (name, (query, _, _)) in enumerate(CASES.items()):
            if names is not None and name not in names:
                continue
            file.write_text(query)
            url = f"http://{USER}127.0.0.1:{port}/{number}?token=t0k3n"
            out, err = io.StringIO(), io.StringIO()
            start = time.monotonic()
            try:
                with redirect_stdout(out), redirect_stderr(err):
                    code: object = main.main(["query", str(file), "--endpoint", url, "--timeout", str(timeout)])
            except BaseException as error:
                code = f"FAULT {type(error).__name__}: {error}"
            late = max(0.0, time.monotonic() - start - timeout)
            said = out.getvalue() + err.getvalue()
            yield name, f"{fault(code, out.getvalue(), err.getvalue())}{code} {' '.join(said.split())}", late


def fault(code: object, out: str, err: str) -> str:
    """What is wrong with an outcome, if anything: no exit code, several lines, or a secret."""
    if code == 2 and not out and err.count("\n") == 1 and not any(secret in err for secret in SECRETS):
        return ""
    if code == 0 and err.count("\n") <= 1 and not any(secret in out + err for secret in SECRETS):
        return ""
    return "FAULT: "
