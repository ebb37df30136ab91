"""Print how long a query of one's own takes in its process, first and again, against Oxigraph alone, as a page."""

from collections.abc import Callable
from time import perf_counter

import kg
from kg.document import markdown
from kg.document.blocks import Document, Paragraph, Table

QUERIES = {
    "a number": "SELECT (COUNT(?k) AS ?n) { ?k a <https://w3id.org/jak-kg/vocab#Kinase> }",
    "100 rows": "SELECT * { ?s a ?kind } LIMIT 100",
    "10,000 rows": "SELECT * { ?s ?p ?o } LIMIT 10000",
    "the whole graph": "SELECT * { ?s ?p ?o }",
}
ABOUT = """\
`kg.query` puts a query of one's own to a process that is kept and can be killed. Its first query starts it; each later
one costs what Oxigraph takes, the way to the process and back, and the rows as Python values. The best of 15 runs, all
in one; only ratios mean something on another machine. The limit that we set is three times Oxigraph alone and 3 ms."""


def milliseconds(ask: Callable[[], object], times: int = 15) -> float:
    """Return the shortest wall time of asking and of having all rows, in milliseconds."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        ask()
        taken.append(1000 * (perf_counter() - start))
    return min(taken)


def page() -> str:
    """Return the page as Markdown."""
    graph, rows = kg.open(), []
    for name, text in QUERIES.items():
        graph.own.stop()
        first = milliseconds(lambda text=text: graph.query(text), 1)  # type: ignore[misc]
        alone = milliseconds(lambda text=text: list(graph.store.query(text)))  # type: ignore[misc, arg-type]
        again = milliseconds(lambda text=text: graph.query(text))  # type: ignore[misc]
        rows.append([name, *(f"{taken:.2f}" for taken in (alone, first, again, 3 * alone + 3))])
    table = Table(["query", "Oxigraph alone, ms", "first, ms", "again, ms", "limit, ms"], rows)
    return markdown.text(Document("A query of one's own", [Paragraph([ABOUT]), table]))


if __name__ == "__main__":
    print(page(), end="")
