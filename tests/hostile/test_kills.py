"""Whole commands, killed at random points: the old output is whole or the new one is, and the next run cleans up.

Half of the kills come anywhere in the usual time of a command, half from the moment on in which it begins to write. The
points are the same at each run, as far as a clock allows. ``JAK_KG_KILLS=200`` tries so many of each command.
"""

import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT

from kg.cli import main
from kg.exports.release import SUMS, sums
from kg.model.temporary import MARK

KILLS = int(os.environ.get("JAK_KG_KILLS", "10"))
MINI = ROOT / "tests" / "mini"
LEFT = 0.002
"""Seconds that a command has at least from the moment in which it begins to write."""
OLD = {"jak-kg.ttl": b"old"}
Content = dict[str, bytes]


def contents(folder: Path) -> Content:
    """Every file below a folder that is not temporary: path -> bytes."""
    found = (file for file in sorted(folder.rglob("*")) if file.is_file() and MARK not in str(file))
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found}


def either(now: Content, old: Content, new: Content) -> bool:
    return now in (old, new)


def or_aside(now: Content, old: Content, new: Content) -> bool:
    """A release: the older whole, the newer whole, or for a moment only the older, aside under a name that says so."""
    aside = ".made.release-before/"
    apart = {name.removeprefix(aside): data for name, data in now.items() if name.startswith(aside)}
    here = {name: data for name, data in now.items() if not name.startswith(aside)}
    before = {name.removeprefix("made/"): data for name, data in old.items()}
    return here in (old, new) or (not here and apart == before)


def each(now: Content, old: Content, new: Content) -> bool:
    """Many files in a folder of the user: each is whole, and where the list of them is new, all are."""
    last = "made/queries.ttl"
    whole = all(data in (old.get(name), new.get(name)) for name, data in now.items())
    return whole and (now.get(last) != new[last] or now == new)


@dataclass(frozen=True, slots=True)
class Command:
    """A command that writes ``made`` to the folder that it runs in, and what may be there when it was killed."""

    words: tuple[str, ...]
    old: Content
    holds: Callable[[Content, Content, Content], bool] = either


DRAW = ("draw", "drug", "Olumiant", "--graph", "mini.nt", "-o")
COMMANDS = {
    "build": Command(("build", "--facts", str(MINI), "-o", "made.nt"), {"made.nt": b"old"}),
    "draw html": Command((*DRAW, "made.html"), {"made.html": b"old"}),
    "draw svg": Command((*DRAW, "made.svg"), {"made.svg": b"old"}),
    "draw png": Command((*DRAW, "made.png"), {"made.png": b"old"}),
    "export": Command(("query", "--export", "made"), {"made/queries.ttl": b"old", "made/mine.txt": b"mine"}, each),
    "new": Command(("new", "case", "nobody-2026", "-o", "made.toml"), {}),
    "release": Command(
        ("release", "made", "--facts", str(MINI), "--without-reasoner"),
        {f"made/{name}": data for name, data in {**OLD, SUMS: sums(OLD)}.items()},
        or_aside,
    ),
}


WARM = """
import json, os, sys, warnings
warnings.simplefilter("ignore")
import matplotlib.backends.backend_agg, matplotlib.backends.backend_svg, numpy, pyshacl, pyvis.network, rdflib
import kg.cli.draw, kg.cli.facts, kg.cli.query, kg.cli.release, kg.exports.release, kg.sparql.catalogue
import kg.validation.check, kg.viz.files, kg.viz.scenes
from kg.__main__ import run
print("ready", flush=True)
for line in sys.stdin:
    folder, words = json.loads(line)
    child = os.fork()
    if not child:
        os.chdir(folder)
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        sys.argv[1:] = words
        os._exit(run())
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""A process that has loaded everything, and is forked for each command: nothing waits for the imports again."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folder that commands run in, and the process that they are forked from."""

    work: Path
    warm: "subprocess.Popen[str]"

    def start(self, command: Command) -> int:
        """Start a command; return the id of its process."""
        self.warm.stdin.write(json.dumps([str(self.work), command.words]) + "\n")  # type: ignore[union-attr]
        self.warm.stdin.flush()  # type: ignore[union-attr]
        return self.said()

    def said(self) -> int:
        return int(self.warm.stdout.readline())  # type: ignore[union-attr]

    def waits(self) -> bool:
        """Whether the command still runs."""
        assert self.warm.stdout is not None
        return not select.select([self.warm.stdout], [], [], 0)[0]

    def seen(self) -> list[tuple[str, int]]:
        try:
            return sorted((one.name, one.stat().st_mtime_ns) for one in os.scandir(self.work))
        except FileNotFoundError:  # between the look for names and the look at one
            return []

    def put(self, content: Content) -> None:
        """Let a content be all that is here, but for what is temporary."""
        for one in self.work.iterdir():
            if not one.name.startswith(MARK):
                (shutil.rmtree if one.is_dir() else os.unlink)(one)
        for name, data in content.items():
            (self.work / name).parent.mkdir(exist_ok=True)
            (self.work / name).write_bytes(data)


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator["subprocess.Popen[str]"]:
    """The process that commands are forked from, with its own folder for temporary files: none is left there."""
    temporary, pipe = tmp_path_factory.mktemp("temporary"), subprocess.PIPE
    environment = os.environ | {"TMPDIR": str(temporary)}
    with subprocess.Popen([sys.executable, "-c", WARM], stdin=pipe, stdout=pipe, env=environment, text=True) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "ready\n"
        yield started
        started.kill()
    assert list(temporary.iterdir()) == []


@pytest.fixture
def place(warm: "subprocess.Popen[str]", tmp_path: Path) -> Place:
    """A place of a test's own."""
    return Place(tmp_path, warm)


def done(place: Place, command: Command) -> tuple[float, float]:
    """Run a command to its end; return its seconds, and those until it begins to write."""
    before, begun, writes = place.seen(), time.monotonic(), 0.0
    place.start(command)
    while place.waits():
        if not writes and place.seen() != before:
            writes = time.monotonic() - begun
        time.sleep(0.001)
    assert place.said() == 0
    took = time.monotonic() - begun
    return took, writes or took


def kill(place: Place, command: Command, after: float, *, writing: bool) -> None:
    """Kill a command so many seconds after its start, or after it begins to write; it may have ended before."""
    before = place.seen()
    process = place.start(command)
    while writing and place.waits() and place.seen() == before:
        time.sleep(0.001)
    time.sleep(after)
    if place.waits():
        os.kill(process, signal.SIGKILL)
    assert place.said() in (0, -signal.SIGKILL)


@pytest.fixture(scope="module")
def mini_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small facts as a graph."""
    file = tmp_path_factory.mktemp("mini") / "mini.nt"
    assert main.main(["build", "--facts", str(MINI), "-o", str(file)]) == 0
    return file


@pytest.mark.conformance
@pytest.mark.parametrize("name", COMMANDS)
def test_a_killed_command_loses_nothing_and_the_next_leaves_nothing_over(
    name: str, mini_file: Path, place: Place
) -> None:
    command, dice = COMMANDS[name], random.Random(name)
    given = {"mini.nt": mini_file.read_bytes()} if "mini.nt" in command.words else {}
    old = given | command.old
    place.put(old)
    took, writes = done(place, command)
    new = contents(place.work)
    left, lost = 0, []
    for number in range(KILLS):
        place.put(old)
        if number % 2:
            kill(place, command, dice.uniform(0, max(took - writes, LEFT)), writing=True)
        else:
            kill(place, command, dice.uniform(0, took), writing=False)
        now = contents(place.work)
        left += any(MARK in one.name for one in place.work.rglob("*"))
        if not command.holds(now, old, new):
            lost.append((number, sorted(now)))
    if name == "new":  # it replaces nothing
        place.put(given)
    done(place, command)
    over = [one for one in place.work.rglob("*") if one.name.startswith(".")]
    killed = f"{name}: {KILLS} kills of {took:.1f} s, {left} in the middle of a file"
    print(f"{killed}, {len(lost)} lost, {len(over)} left over")
    assert lost == []
    assert over == []
    assert contents(place.work) == new
