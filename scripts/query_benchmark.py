"""Write queries/BENCHMARK.md: how long each question takes in Oxigraph on the shipped graph, and by how much in rdflib.

`python scripts/query_benchmark.py` measures all in one run; only ratios mean something on another machine.
"""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from rdflib import Graph

from kg.document import markdown
from kg.model.files import save
from kg.rdf import shipped
from kg.sparql import library

LIMIT = 50
HEAD = f"""# How long each question takes

Measured in one run by `scripts/query_benchmark.py`, on two cores, with the shipped graph in memory: the median of seven
runs in Oxigraph, in milliseconds (the limit is {LIMIT}), and one run in rdflib as a multiple of it.

"""


def milliseconds(ask: Callable[[], Any], times: int) -> float:
    """Return the median wall time of asking and of reading all rows, in milliseconds."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        len(list(ask()))
        taken.append(1000 * (perf_counter() - start))
    return median(taken)


if __name__ == "__main__":
    store = shipped.store()
    slow = Graph().parse(shipped.FILE, format="nt")
    rows = [["question", "Oxigraph ms", "rdflib, times as long"]]
    worst = 0.0
    for name in [*library.names(), *library.names(checks=True)]:
        found = library.load(name)
        text = found.bound(store, **{param.name: param.example for param in found.params})
        fast = milliseconds(lambda text=text: store.query(text), 7)  # type: ignore[misc]
        rows.append([name, f"{fast:.1f}", f"{milliseconds(lambda text=text: slow.query(text), 1) / fast:.0f}"])  # type: ignore[misc]
        worst = max(worst, fast)
    said = f"The slowest took {worst:.1f} ms in Oxigraph.\n\n"
    page = HEAD + said + "\n".join(markdown.table(rows)) + "\n"
    save(page.encode(), Path(__file__).parent.parent / "queries" / "BENCHMARK.md")
    print(said.strip(), "over the limit" if worst > LIMIT else f"of {LIMIT}")
