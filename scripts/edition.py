"""Write what the second edition of the calculus changed in each case: old place, new rank, and the cause.

`python scripts/edition.py` prints the table; the site takes it at each build. The places of the first edition are data
of that edition (commit f9827b9), kept in docs/edition-1.tsv.
"""

import csv
import sys
from pathlib import Path
from typing import Any

import kg
from kg.document import markdown
from kg.document.blocks import Document, Section, Table
from kg.document.terminal import interval

OLD = Path(__file__).parent.parent / "docs" / "edition-1.tsv"


def page() -> str:
    """Return a table for each case that has a ranking, in Markdown; a case without one was and is not ranked."""
    graph = kg.open()
    old: dict[str, dict[str, dict[str, str]]] = {}
    with OLD.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            old.setdefault(row["case"], {})[row["drug"]] = row
    sections = []
    for case, before in old.items():
        direct = {row["drug"]: row["score"] for row in graph.ask(case, derived=False).to_dict()["drugs"]}
        rows = [_row(before.get(row["drug"]), row, direct) for row in graph.ask(case).to_dict()["drugs"]]
        columns = ("drug", "group", "rank now", "place then", "score now", "score then", "cause")
        sections.append(Section(case, [Table(columns, rows)]))
    return markdown.text(Document("", sections))


def _row(old: dict[str, str] | None, new: Any, direct: dict[str, list[float]]) -> tuple[str, ...]:
    first, last = new["rank"]
    now = [new["drug"], new["group"], f"{first}" if first == last else f"{first}-{last}"]
    if old is None:
        return (*now, "-", interval(new["score"]), "-", "not among the drugs of the first edition")
    then = (float(old["low"]), float(old["high"]))
    cause = "order"
    if any(abs(a - b) > 1e-6 for a, b in zip(then, new["score"], strict=True)):
        same = all(abs(a - b) < 1e-6 for a, b in zip(then, direct[new["drug"]], strict=True))
        cause = (
            "a bound derived from a selectivity ratio settles a kinase" if same else "needs, uses or a potency changed"
        )
    return (*now, old["place"], interval(new["score"]), interval(then), cause)


if __name__ == "__main__":
    sys.stdout.write(page())
