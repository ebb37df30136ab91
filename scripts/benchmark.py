"""Print what a command, an answer and a registry take, as a page: `python scripts/benchmark.py` measures all of it.

Times are of the processor, of child processes too, and the shortest of a few rounds in which all that is compared takes
turns: what else the machine does matters little. Only ratios mean something on another machine.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from time import process_time
from zipfile import ZipFile

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests"))

from pyoxigraph import Store  # noqa: E402
from registry import registry  # noqa: E402

from kg.document import markdown  # noqa: E402
from kg.document.blocks import Document, Paragraph, Section, Table  # noqa: E402
from kg.knowledge_graph import KnowledgeGraph, open_graph  # noqa: E402
from kg.rdf import shipped  # noqa: E402
from kg.rdf.store import parse  # noqa: E402

CASE = "khurana-2025-1"
PATIENT = "cytokine,ratio,comparator\nIL-21,2.33,own-baseline\nIFN-g,0.08,own-baseline\nIL-15,0.96,own-baseline\n"
BARE = "python -I -c 'import json, csv'"
COLD = {
    "kg --help": ("--help",),
    "kg ask CASE": ("ask", CASE),
    "kg ask FILE": ("ask", "patient.csv"),
    "kg why CASE DRUG": ("why", CASE, "tofacitinib"),
    "kg query NAME": ("query", "routes_of_cytokines"),
}
WHOLE = {
    "kg build": ("build", "-o", "graph.ttl"),
    "kg check": ("check",),
    "kg reason": ("reason",),
    "kg release": ("release", "-o", "release"),
}
ABOUT = """\
Measured in one run where this page was written, in processor time: the shortest of several rounds in which all that is
compared takes turns. Only ratios mean something on another machine."""


def shortest(work: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the shortest processor time of each piece of work in milliseconds, taken in turns."""
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, done in work.items():
            before = _used()
            done()
            taken[name].append(1000 * (_used() - before))
    return {name: min(times) for name, times in taken.items()}


def _used() -> float:
    """Return the seconds of the processor that this process and its children took."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def commands(folder: Path, words: Mapping[str, Iterable[str]]) -> dict[str, Callable[[], object]]:
    """Return the commands as a user has them: of the wheel, unpacked into a folder, in which they run."""
    packages = folder / "packages"
    if not packages.is_dir():
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
        subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ZipFile(next(folder.glob("*.whl"))).extractall(packages)
        (folder / "patient.csv").write_text(PATIENT, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["PYTHONPATH"] = str(packages)

    def run(*command: str) -> Callable[[], object]:
        return lambda: subprocess.run(
            [sys.executable, *command], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL
        )

    return {BARE: run("-I", "-c", "import json, csv")} | {name: run("-m", "kg", *said) for name, said in words.items()}


def cold(rounds: int) -> Section:
    """Return what commands take that start anew, beside a bare interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        work = commands(Path(folder), COLD)
        shortest(work, 1)  # writes what Python compiles
        found = shortest(work, rounds)
    rows = [[name, f"{taken:.0f}", f"{taken / found[BARE]:.1f}"] for name, taken in found.items()]
    return Section("Commands, started anew", [Table(["command", "ms", "times a bare Python"], rows)])


def warm(rounds: int) -> Section:
    """Return what the first and the second answer in a process take."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "patient.csv"
        file.write_text(PATIENT, encoding="utf-8")
        graph = open_graph()
        first = shortest({str(what): partial(_asked, graph.store, what) for what in (CASE, file)}, 3)
        second = shortest({str(what): partial(graph.ask, what) for what in (CASE, file)}, rounds)
    rows = [
        [name, f"{first[key]:.0f}", f"{second[key]:.1f}"]
        for name, key in (("graph.ask(CASE)", CASE), ("graph.ask(FILE)", str(file)))
    ]
    return Section("Answers in one process", [Table(["answer", "first on an open store, ms", "second, ms"], rows)])


def _asked(store: Store, what: object) -> None:
    KnowledgeGraph(store).ask(what)


def one_of_many(sizes: Iterable[int], rounds: int) -> Section:
    """Return what an answer about one patient takes in registries of several sizes."""
    stores = {size: parse(b"".join(registry(shipped.FILE.read_bytes(), size)), checked=True) for size in sizes}
    found = shortest({f"{size:,}": partial(_asked, of, CASE) for size, of in stores.items()}, rounds)
    least = next(iter(found.values()))
    rows = [[size, f"{taken:.0f}", f"{taken / least:.2f}"] for size, taken in found.items()]
    return Section("One patient of a registry", [Table(["cases in the graph", "first answer, ms", "ratio"], rows)])


def whole() -> Section:
    """Return what the commands take that read or write the whole graph."""
    with tempfile.TemporaryDirectory() as folder:
        found = shortest(commands(Path(folder), WHOLE), 1)
    rows = [[name, f"{taken / 1000:.1f}"] for name, taken in found.items() if name != BARE]
    return Section("The whole graph", [Table(["command", "s of the processor"], rows)])


def page(*, all_of_it: bool = False) -> str:
    """Return the page as Markdown; ``all_of_it`` takes minutes: with 16,000 cases, and what is of the whole graph."""
    shipped.store()
    sections = [cold(9), warm(15), one_of_many((16, 1_600, 16_000) if all_of_it else (16, 1_600), 3)]
    sections += [whole()] if all_of_it else []
    return markdown.text(Document("How long it takes", [Paragraph([ABOUT]), *sections]))


if __name__ == "__main__":
    print(page(all_of_it=True))
