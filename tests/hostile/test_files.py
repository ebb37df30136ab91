"""What is written: whole or not at all, with the user's rights, where the user said, and nothing beside it."""

import fcntl
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ROOT
from networkx import DiGraph

from kg import Problems
from kg.cli import ends, main
from kg.exports import release
from kg.model import files, temporary
from kg.model.files import read_bytes, save
from kg.viz.scene import Scene

MINI = ROOT / "tests" / "mini"
NOBODY = 65534
"""A user with no rights, as whom root can try what root may always do."""


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture
def ordinary(tmp_path: Path) -> Iterator[Path]:
    """A folder of an ordinary user, as whom the test runs."""
    if os.geteuid():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory() as name:
        os.chown(name, NOBODY, NOBODY)
        os.setegid(NOBODY)
        os.seteuid(NOBODY)
        try:
            if not os.access(ROOT / "README.md", os.R_OK, effective_ids=True):
                pytest.skip("an ordinary user cannot read this checkout, and so cannot run the command")
            yield Path(name)
        finally:
            os.seteuid(0)
            os.setegid(0)


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def new(*words: object) -> int:
    """A command that is fast and writes one file."""
    return main.main(["new", "case", "nobody-2026", "-o", *map(str, words)])


# --- rights -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o027, 0o002, 0o000])
def test_a_new_file_and_its_folder_have_what_the_umask_leaves(mask: int, tmp_path: Path) -> None:
    with umask(mask):
        assert new(tmp_path / "new" / "a.toml") == 0
        release.write({"jak-kg.ttl": b""}, tmp_path / "made")
    assert mode(tmp_path / "new" / "a.toml") == mode(tmp_path / "made" / "jak-kg.ttl") == 0o666 & ~mask
    assert mode(tmp_path / "new") == mode(tmp_path / "made") == 0o777 & ~mask


@pytest.mark.parametrize("before", [0o600, 0o644, 0o664, 0o640, 0o755, 0o200])
def test_a_file_that_is_replaced_keeps_its_rights(before: int, tmp_path: Path) -> None:
    file = tmp_path / "a.nt"
    file.write_bytes(b"old")
    file.chmod(before)
    with umask(0o022):
        save(b"new", file)
    assert mode(file) == before
    file.chmod(0o600)
    assert file.read_bytes() == b"new"


def test_a_release_keeps_the_rights_of_its_folder(tmp_path: Path) -> None:
    made = tmp_path / "made"
    release.write({"jak-kg.ttl": b"", release.SUMS: release.sums({"jak-kg.ttl": b""})}, made)
    made.chmod(0o750)
    release.write({"jak-kg.ttl": b"new"}, made)
    assert mode(made) == 0o750


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_of_somebody_else_stays_theirs(tmp_path: Path) -> None:
    file = tmp_path / "a.nt"
    file.write_bytes(b"old")
    os.chown(file, NOBODY, NOBODY)
    save(b"new", file)
    assert (file.stat().st_uid, file.stat().st_gid, file.read_bytes()) == (NOBODY, NOBODY, b"new")


def test_what_is_being_written_over_a_private_file_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also before it has its name: the mode is narrow from the first moment."""
    file, seen = tmp_path / "a.nt", []
    file.touch(mode=0o600)
    monkeypatch.setattr("os.fchown", lambda handle, *_: seen.append(stat.S_IMODE(os.fstat(handle).st_mode)))
    with umask(0):
        save(b"a patient", file)
    assert seen
    assert not any(one & 0o077 for one in seen)


def test_a_file_that_is_read_only_is_refused(ordinary: Path) -> None:
    file = ordinary / "a.nt"
    file.write_bytes(b"old")
    file.chmod(0o444)
    with pytest.raises(PermissionError):
        save(b"new", file)
    assert (file.read_bytes(), os.listdir(ordinary)) == (b"old", ["a.nt"])


def test_a_folder_that_cannot_be_written_is_refused(ordinary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (ordinary / "closed").mkdir()
    file = ordinary / "closed" / "a.toml"
    for closed in (0o555, 0o000):
        (ordinary / "closed").chmod(closed)
        for words in (["new", "case", "nobody-2026", "-o", str(file)], ["query", "--export", str(file.parent)]):
            assert main.main(words) == 2
            assert "cannot be written (Permission denied): name a f" in capsys.readouterr().err
        with pytest.raises(Problems, match=r"cannot be written \(Permission denied\): name a folder of yours"):
            release.prepare(file)
    (ordinary / "closed").chmod(0o755)
    assert os.listdir(file.parent) == []


# --- links, devices, names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_written_through_and_stays(there: bool, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "elsewhere" / "a.nt"
    if there:
        target.write_bytes(b"old")
        target.chmod(0o640)
    (tmp_path / "second.nt").symlink_to(Path("elsewhere", "a.nt"))
    (tmp_path / "first.nt").symlink_to("second.nt")
    save(b"new", tmp_path / "first.nt")
    assert (tmp_path / "first.nt").is_symlink()
    assert (tmp_path / "second.nt").is_symlink()
    assert target.read_bytes() == b"new"
    assert mode(target) == 0o640 or not there
    assert os.listdir(target.parent) == ["a.nt"]


def test_links_that_lead_nowhere_are_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.toml").symlink_to("b.toml")
    (tmp_path / "b.toml").symlink_to("a.toml")
    (tmp_path / "c.toml").symlink_to("no-such-folder/c.toml")
    said = "a.toml: cannot be written (Too many levels of symbolic links): name another file"
    for name, words in (("a.toml", said), ("c.toml", "c.toml: cannot be written (No such file or directory): name a ")):
        assert new(tmp_path / name) == 2
        assert words in capsys.readouterr().err
    assert sorted(os.listdir(tmp_path)) == ["a.toml", "b.toml", "c.toml"]


def test_a_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.nt").mkdir()
    (tmp_path / "b.nt").symlink_to("a.nt")
    for name in ("a.nt", "b.nt"):
        assert main.main(["build", "--facts", str(MINI), "-o", str(tmp_path / name)]) == 2
        assert f"{name}: cannot be written (Is a directory): name another file" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main.main(["build", "-o", f"{tmp_path}/c.nt/"])
    assert "c.nt/' ends as a folder does: name a file" in capsys.readouterr().err
    assert sorted(os.listdir(tmp_path)) == ["a.nt", "b.nt"]


def test_a_pipe_and_a_device_are_written_to(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    pipe = tmp_path / "pipe.nt"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    save(b"new", pipe)
    reader.join(10)
    assert (read, stat.S_ISFIFO(pipe.stat().st_mode)) == ([b"new"], True)
    save(b"new", Path("/dev/null"))
    if Path("/dev/stdout").exists():
        os.write(1, b"before ")
        save(b"new", Path("/dev/stdout"))
        os.write(1, b" behind")
        assert capfdbinary.readouterr().out == b"before new behind"
    (tmp_path / "full.nt").symlink_to("/dev/full")
    if Path("/dev/full").exists():
        with pytest.raises(OSError, match="No space left"):
            save(b"new", tmp_path / "full.nt")


@pytest.mark.parametrize("name", ["a" * 251 + ".nt", "é" * 120 + ".nt", "-.nt", "a\nb.nt", "\udcff.nt"])
def test_any_name_that_the_system_takes_is_written(name: str, tmp_path: Path) -> None:
    for content in (b"old", b"new"):
        save(content, tmp_path / name)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"new"]


def test_a_name_that_the_system_does_not_take_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(tmp_path / ("a" * 260)) == 2
    assert capsys.readouterr().err.endswith(": cannot be written (File name too long): name another file\n")


def test_a_release_of_a_long_name_is_written_and_replaced(tmp_path: Path) -> None:
    made = tmp_path / ("é" * 127)
    for content in (b"old", b"new"):
        data = {"jak-kg.ttl": content}
        release.write(data | {release.SUMS: release.sums(data)}, made)
    assert (made / "jak-kg.ttl").read_bytes() == b"new"
    assert os.listdir(tmp_path) == [made.name]


def test_a_folder_that_is_gone_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert main.main(["build", "--facts", str(MINI), "-o", "a.nt"]) == 2
    said = "the folder that you stand in: cannot be used (No such file or directory): fix the path, or its rights\n"
    assert capsys.readouterr().err == said
    monkeypatch.chdir(tmp_path)
    assert main.main(["build", "--facts", "a" * 300, "-o", "a.nt"]) == 2
    assert "cannot be used (File name too long)" in capsys.readouterr().err


# --- what killed runs left --------------------------------------------------------------------------------------------

KILLED = "import os, pathlib, sys\nfrom kg.model import files, temporary\n"
RELEASE = "from kg.exports import release\n"


def killed(code: str, *words: object) -> None:
    """A process that kills itself in the middle of what it writes."""
    done = subprocess.run([sys.executable, "-c", KILLED + code, *map(str, words)], check=False)
    assert done.returncode == -signal.SIGKILL


KILL = "os.fsync = lambda handle: os.kill(os.getpid(), 9)\n"


def test_the_next_run_removes_what_a_killed_one_left_and_nothing_else(tmp_path: Path) -> None:
    file, other = tmp_path / "a.nt", tmp_path / "b.nt"
    file.write_bytes(b"old")
    killed(KILL + "files.save(b'x', pathlib.Path(sys.argv[1]))", file)
    killed(KILL + "files.save(b'x', pathlib.Path(sys.argv[1]))", other)
    left = sorted(one.name for one in tmp_path.iterdir() if one.name.startswith(temporary.MARK))
    assert (len(left), file.read_bytes()) == (2, b"old")
    mine = [f"{left[0]}.txt", f"{left[0][:-1]}", f"{temporary.MARK}notes", ".a.nt.swp", ".a.nt.x1y2z3a4"]
    for name in mine:
        (tmp_path / name).write_bytes(b"mine")
    linked = f"{left[0][:-16]}{'0' * 16}"
    (tmp_path / linked).symlink_to(tmp_path / "mine.txt")
    (tmp_path / "mine.txt").write_bytes(b"mine")
    save(b"new", file)
    save(b"new", other)
    assert sorted(os.listdir(tmp_path)) == sorted([*mine, linked, "mine.txt", "a.nt", "b.nt"])


def test_what_is_being_written_is_not_removed_and_the_last_wins_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.nt"
    with temporary.file(file) as (first, stream):
        stream.write(b"first")
        for number in range(3):
            save(b"%d" % number, file)
        assert first.exists()
        stream.flush()
        first.replace(file)
    assert (file.read_bytes(), os.listdir(tmp_path)) == (b"first", ["a.nt"])


def test_many_at_once_on_one_file_all_end_well(tmp_path: Path) -> None:
    code = "for n in range(20): files.save(sys.argv[2].encode() * 100_000, pathlib.Path(sys.argv[1]))"
    runs = [subprocess.Popen([sys.executable, "-c", KILLED + code, tmp_path / "a.nt", one]) for one in "abc"]
    seen = set()
    while any(run.poll() is None for run in runs):
        if (tmp_path / "a.nt").exists():
            content = (tmp_path / "a.nt").read_bytes()
            seen.add((len(content), len(set(content))))
    assert {run.returncode for run in runs} == {0}
    assert seen == {(100_000, 1)}
    assert os.listdir(tmp_path) == ["a.nt"]


def test_one_that_takes_a_new_file_for_left_behind_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the making of a temporary file and its lock another run may look."""
    real = fcntl.flock
    times: list[int] = []

    def swept(handle: int, how: int) -> None:
        if not times:
            times.append(handle)
            temporary._sweep(tmp_path, temporary.MARK + next(tmp_path.iterdir()).name[len(temporary.MARK) :][:13])
        real(handle, how)

    monkeypatch.setattr(fcntl, "flock", swept)
    save(b"new", tmp_path / "a.nt")
    assert (os.listdir(tmp_path), (tmp_path / "a.nt").read_bytes()) == (["a.nt"], b"new")


def test_without_locks_nothing_is_removed_and_all_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refused)
    with temporary.file(tmp_path / "a.nt") as (first, _):
        save(b"new", tmp_path / "a.nt")
        assert first.exists()
    monkeypatch.setattr(temporary, "LOCKS", False)
    save(b"newer", tmp_path / "a.nt")
    release.write({"jak-kg.ttl": b""}, tmp_path / "made")
    assert sorted(os.listdir(tmp_path)) == ["a.nt", "made"]


@pytest.mark.parametrize("at", ["fsync", "rename"])
def test_the_next_release_removes_what_a_killed_one_left(at: str, tmp_path: Path) -> None:
    made, data = tmp_path / "made", {"a/b": b"", "jak-kg.ttl": b""}
    data |= {release.SUMS: release.sums(data)}
    release.write(data, made)
    kill = KILL if at == "fsync" else "pathlib.Path.rename = lambda *_: os.kill(os.getpid(), 9)\n"
    killed(RELEASE + kill + "release.write({'a/b': b'1', 'jak-kg.ttl': b''}, pathlib.Path(sys.argv[1]))", made)
    assert len(os.listdir(tmp_path)) == 2
    assert (made / "a" / "b").read_bytes() == b""
    release.write(data, made)
    assert os.listdir(tmp_path) == ["made"]


@pytest.mark.conformance
def test_two_releases_at_once_both_end_well(tmp_path: Path) -> None:
    code = (
        "for n in range(10):\n    data = {f'{sys.argv[2]}{i}': b'x' for i in range(3)} | {'jak-kg.ttl': b''}\n"
        "    release.write(data | {release.SUMS: release.sums(data)}, pathlib.Path(sys.argv[1]))"
    )
    runs = [subprocess.Popen([sys.executable, "-c", KILLED + RELEASE + code, tmp_path / "made", one]) for one in "ab"]
    assert [run.wait(60) for run in runs] == [0, 0]
    assert os.listdir(tmp_path) == ["made"]
    whole = {frozenset([*(f"{one}{i}" for i in range(3)), "jak-kg.ttl", release.SUMS]) for one in "ab"}
    assert frozenset(os.listdir(tmp_path / "made")) in whole


def test_an_export_names_its_files_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So one that was interrupted does not look whole."""
    order: list[str] = []
    monkeypatch.setattr(files, "save", lambda _, file: order.append(file.name))
    assert main.main(["query", "--export", str(tmp_path)]) == 0
    assert order[-1] == "queries.ttl"


# --- a disk that is full ----------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    words = ["mount", "-t", "tmpfs", "-o", "size=256k", "jak-kg-test", str(tmp_path)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no command to mount a small disk")
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield tmp_path
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=False)


def test_a_full_disk_leaves_what_was_there(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = small / "a.nt"
    old.write_bytes(b"old")
    for words, name in (
        (["build", "--facts", str(MINI), "-o", str(old)], "a.nt"),
        (["query", "--export", str(small / "new" / "queries")], "queries"),
    ):
        assert main.main(words) == 2
        said = capsys.readouterr()
        assert said.err.count("\n") == 1
        assert name in said.err
        assert said.err.endswith(": cannot be written (No space left on device): make room, or name another disk\n")
    assert old.read_bytes() == b"old"
    with pytest.raises(Problems, match=r"made: cannot be written \(No space left on device\): make room"):
        release.write({"jak-kg.ttl": b"x" * 300_000}, small / "made")
    assert [one for one in os.listdir(small) if one.startswith(".")] == []
    assert not (small / "made").exists()
    (small / "fill").write_bytes(b"x" * (os.statvfs(small).f_bavail * os.statvfs(small).f_frsize))
    assert new(small / "deep" / "er" / "a.toml") == 2
    assert not (small / "deep").exists()


# --- how a command ends -----------------------------------------------------------------------------------------------


def kg(words: str, *, redirected: str = "", timeout: float = 120) -> tuple[int, str]:
    """The exit code and the standard error of a command as a shell starts it."""
    command = f"{sys.executable} -m kg {words} {redirected}"
    done = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False, timeout=timeout)
    return done.returncode, done.stderr


FULL = "standard output: cannot be written (No space left on device): make room, or name another disk\n"
CLOSED = "standard output: cannot be written (Bad file descriptor): send it to a file or a program\n"


@pytest.mark.parametrize(
    ("words", "redirected", "code", "said"),
    [
        ("--help", ">/dev/full", 2, FULL),
        ("ask --help", ">/dev/full", 2, FULL),
        ("--version", ">&-", 2, CLOSED),
        ("--version", ">&- <&- 2>&-", 2, ""),
        ("--version", ">/dev/full 2>/dev/full", 2, ""),
        ("aks", "2>&-", 2, ""),
        ("aks", "2>/dev/full", 2, ""),
        ("relapses", "2>/dev/full", 2, ""),
        ("--version", ">/dev/null 2>&-", 0, ""),
    ],
)
def test_nobody_takes_what_is_said(words: str, redirected: str, code: int, said: str) -> None:
    assert kg(words, redirected=redirected) == (code, said)


def test_notes_do_not_go_among_the_answer_where_nobody_takes_them(tmp_path: Path) -> None:
    words = "query relapses_of_case --case damsky-2020-ga --format csv"
    for closed in ("2>&-", "2>/dev/full"):
        assert kg(words, redirected=f"{closed} >{tmp_path / 'out'}") == (0, "")
        assert (tmp_path / "out").read_text().splitlines()[0].count(",") > 0
        assert "nothing" not in (tmp_path / "out").read_text()


def test_a_reader_that_leaves(tmp_path: Path) -> None:
    code = f"{sys.executable} -m kg query --list; echo $? >{tmp_path / 'code'}"
    done = subprocess.run(["sh", "-c", f"( {code} ) | :"], stderr=subprocess.PIPE, check=True)
    assert ((tmp_path / "code").read_text(), done.stderr) == ("141\n", b"")


WAITING = """
import os, signal, sys, time
from pathlib import Path
from kg.cli import ends, main
from kg.model import temporary

def wait(_):
    with temporary.file(Path(sys.argv[1], "a.nt")):
        print("ready", flush=True)
        time.sleep(60)

main._run = wait
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever runs the tests may ignore them
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
ends.standard_streams()
sys.exit(ends.guarded(main.main))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_a_command_which_puts_away_what_is_temporary(number: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITING, tmp_path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
        for _ in range(3):  # a second one, as ``timeout`` sends, does not disturb
            run.send_signal(number)
        try:
            _, said = run.communicate(timeout=30)
        finally:
            run.kill()
    assert (run.returncode, said) == (128 + number, "stopped\n")
    assert os.listdir(tmp_path) == []


def raised(number: int) -> Callable[[], int]:
    def command() -> int:
        signal.raise_signal(number)
        return 0

    return command


@pytest.fixture
def signals() -> Iterator[None]:
    """What this process does on a signal, as it was before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever runs the tests may ignore it
    yield
    for number, old in before.items():
        signal.signal(number, old)


@pytest.mark.usefixtures("signals")
def test_a_stop_where_python_ignores_errors_is_said_again() -> None:
    class Thing:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    def command() -> int:
        thing = Thing()
        del thing
        time.sleep(30)
        return 0

    begun = time.monotonic()
    assert ends.guarded(command) == 130
    assert time.monotonic() - begun < 20


@pytest.mark.usefixtures("signals")
def test_what_a_library_makes_of_a_stop_is_a_stop() -> None:
    def command() -> int:
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt:
            raise ImportError("numpy could not be imported") from None
        return 0

    assert ends.guarded(command) == 143


def test_an_error_that_is_no_stop_stays() -> None:
    with pytest.raises(ZeroDivisionError):
        ends.guarded(lambda: 1 // 0)


@pytest.mark.usefixtures("signals")
def test_a_signal_that_is_to_be_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert ends.guarded(raised(signal.SIGHUP)) == 0


# --- nothing of a patient where nobody asked for it -------------------------------------------------------------------


def test_pages_that_were_shown_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    show = "made = temporary.kept_folder(pathlib.Path(sys.argv[1], 'shown'))\n(made / 'scene.html').touch()\n"
    killed(show + "os.kill(os.getpid(), 9)", tmp_path)
    (before,) = tmp_path.iterdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("webbrowser.open", lambda _: None)
    Scene(DiGraph([("a", "b")])).show()
    (left,) = tmp_path.iterdir()
    assert left != before
    assert (mode(left), os.listdir(left)) == (0o700, ["scene.html"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_pipe_to_which_nothing_writes_is_refused_and_another_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "a.csv"
    os.mkfifo(pipe)
    with pytest.raises(Problems, match="nothing writes to this pipe"):
        read_bytes(pipe)

    def write() -> None:
        with pipe.open("wb") as stream:
            stream.write(b"IL-21")
            stream.flush()
            time.sleep(0.2)
            stream.write(b",2")

    writer = threading.Thread(target=write)
    writer.start()
    assert read_bytes(pipe) == b"IL-21,2"
    writer.join()
