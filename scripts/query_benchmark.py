"""Print how long each question takes in Oxigraph on the shipped graph, and by how much longer in rdflib, as a page.

`python scripts/query_benchmark.py` measures all in one run, rdflib takes minutes; only ratios mean something on another
machine. The documentation has the page without rdflib, measured where it was built.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from rdflib import Graph

import kg
from kg.document import markdown
from kg.document.blocks import Document, Paragraph, Table
from kg.rdf import shipped
from kg.sparql import library

LIMIT = 50
ABOUT = f"""\
With the shipped graph in memory, on the machine where this page was written: the median of seven runs in Oxigraph, in
milliseconds. The limit that we set is {LIMIT} ms. Only ratios mean something on another machine."""


def milliseconds(ask: Callable[[], Any], times: int) -> float:
    """Return the median wall time of asking and of reading all rows, in milliseconds."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        len(list(ask()))
        taken.append(1000 * (perf_counter() - start))
    return median(taken)


def page(slow: Graph | None = None) -> str:
    """Return the page as Markdown; with an rdflib graph, one run in it is a column, as a multiple."""
    store = kg.open().store
    columns = ["question", "Oxigraph, ms", *(["rdflib, times as long"] if slow is not None else [])]
    rows = []
    for name in [*library.names(), *library.names(checks=True)]:
        found = library.load(name)
        text = found.bound(store, **{param.name: param.example for param in found.params})
        fast = milliseconds(lambda text=text: store.query(text), 7)  # type: ignore[misc]
        rows.append([name, f"{fast:.1f}"])
        if slow is not None:
            rows[-1].append(f"{milliseconds(lambda text=text: slow.query(text), 1) / fast:.0f}")  # type: ignore[misc]
    return markdown.text(Document("How long each question takes", [Paragraph([ABOUT]), Table(columns, rows)]))


if __name__ == "__main__":
    print(page(Graph().parse(shipped.FILE, format="nt")))
