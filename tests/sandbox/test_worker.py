"""A process for what we did not write: warm, limited in time, memory and reply, and of no harm to others."""

import gc
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.model.errors import Place, Problem, Problems
from kg.sandbox import limits, worker
from kg.sandbox.worker import Stopped, TooLarge, Worker, isolated


@pytest.fixture(params=[pytest.param(True, marks=pytest.mark.skipif(not worker.FORKS, reason="no fork")), False])
def forks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Forked, and started anew."""
    monkeypatch.setattr(worker, "FORKS", request.param)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))  # where a new interpreter finds the handler
    return bool(request.param)


def forever() -> None:
    while True:
        pass


def large() -> None:
    raise TooLarge


def problem() -> None:
    raise Problems([Problem(Place("a.rq", 3), "it is wrong", "mend it"), Problem(Place("b"), "too", "also")])


def say() -> None:
    print("said", flush=True)
    os.write(2, b"said")


DONE: dict[str, Callable[..., object]] = {
    "pid": os.getpid,
    "sleep": lambda seconds: time.sleep(float(seconds)),
    "spin": forever,
    "die": lambda code: os._exit(int(code)),
    "signal": lambda number: os.kill(os.getpid(), int(number)),
    "take": lambda size: len(bytearray(b"x") * int(size)),
    "large": large,
    "problem": problem,
    "deep": lambda: behave(b"deep"),
    "reply": lambda size: "x" * int(size),
    "connect": lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
    "write": lambda file: Path(file).write_bytes(b"x"),
    "read": lambda file: Path(file).read_bytes(),
    "print": say,
}


def behave(request: bytes) -> bytes:
    """Do what a request says."""
    word, *rest = request.decode().split()
    return str(DONE[word](*rest) or "").encode()


@pytest.mark.usefixtures("forks")
def test_it_is_warm_and_started_anew_after_a_kill() -> None:
    with Worker(behave) as process:
        first = process.call(b"pid")
        assert first == process.call(b"pid") != str(os.getpid()).encode()
        start = time.monotonic()
        with pytest.raises(Stopped, match="time"):
            process.call(b"spin", timeout=0.3)
        assert time.monotonic() - start < 30
        assert process.call(b"pid") not in (first, b"")


@pytest.mark.usefixtures("forks")
def test_one_that_was_ended_by_others_between_two_requests_is_started_anew() -> None:
    with Worker(behave) as process:
        first = int(process.call(b"pid"))
        os.kill(first, signal.SIGKILL)
        while process._process is not None and process._process.is_running():
            time.sleep(0.01)
        assert int(process.call(b"pid")) != first


@pytest.mark.parametrize(
    ("request_", "why"),
    [(b"die 0", "failed"), (b"die 7", "failed"), (b"signal 11", "depth"), (b"signal 6", "memory"),
     (b"signal 9", "memory"), (b"signal 14", "time"), (b"large", "size"), (b"take 3_000_000_000", "memory"),
     (b"deep", "depth"), (b"reply 2000", "size"), (b"connect", "failed"), (b"read /etc/hostname", "failed")],
)  # fmt: skip
@pytest.mark.usefixtures("forks")
def test_why_there_is_no_answer(request_: bytes, why: str) -> None:
    with Worker(behave, largest=1000) as process:
        with pytest.raises(Stopped) as error:
            process.call(request_, timeout=20)
        assert error.value.why == why
        assert process.call(b"pid")


@pytest.mark.usefixtures("forks")
def test_problems_come_over_whole() -> None:
    with pytest.raises(Problems) as error:
        isolated(behave, b"problem")
    assert str(error.value) == "a.rq:3: it is wrong: mend it\nb: too: also"


@pytest.mark.usefixtures("forks")
def test_it_reaches_neither_disk_nor_our_output(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Stopped):
        isolated(behave, f"write {tmp_path / 'a'}".encode())
    assert isolated(behave, b"print") == b""
    assert (list(tmp_path.iterdir()), capfd.readouterr()) == ([], ("", ""))


@pytest.mark.conformance
@pytest.mark.usefixtures("forks")
def test_an_idle_process_outlives_the_time_of_its_last_request() -> None:
    with Worker(behave) as process:
        process.call(b"pid")
        first = process.call(b"pid", timeout=1.5)
        time.sleep(2.8)
        assert process.call(b"pid") == first


def test_one_that_has_grown_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "GROWN", 1 << 20)
    with Worker(behave) as process:
        first = process.call(b"pid")
        process.call(b"take 300_000_000")
        assert process.call(b"pid") != first


def test_threads_wait_for_each_other() -> None:
    with Worker(behave) as process:
        found: list[bytes] = []
        threads = [
            threading.Thread(target=lambda n=n: found.append(process.call(f"reply {n}".encode()))) for n in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(len, found)) == list(range(20))


def test_the_wait_for_another_counts() -> None:
    with Worker(behave) as process:
        process.call(b"pid")
        other = threading.Thread(target=lambda: process.call(b"sleep 2", timeout=10))
        other.start()
        time.sleep(0.2)
        with pytest.raises(Stopped, match="time"):
            process.call(b"pid", timeout=0.2)
        other.join()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_ends_with_its_owner() -> None:
    process = Worker(behave)
    pid = int(process.call(b"pid"))
    assert alive(pid)
    del process
    gc.collect()
    assert not alive(pid)


@pytest.mark.skipif(not worker.FORKS, reason="no fork")
def test_a_copy_of_this_process_has_a_worker_of_its_own() -> None:
    with Worker(behave) as process:
        first = int(process.call(b"pid"))
        copy = os.fork()
        if not copy:
            try:
                os._exit(0 if int(process.call(b"pid")) != first else 1)
            finally:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]) == 0
        assert int(process.call(b"pid")) == first
