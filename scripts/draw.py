"""Draw a page of every case and every drug, of the mechanism and of the literature, into a folder.

`python scripts/draw.py FOLDER`; each page is the same bytes at each run.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import kg
from kg.model.files import save
from kg.profiles import profile
from kg.viz import files, scenes


def pages() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each page."""
    graph = kg.open()
    for case in graph.instances("jak:Case"):
        yield f"{case}.html", files.of(scenes.patient(graph, profile.of_case(graph, case)), ".html")
    for drug in graph.instances("jak:Inhibitor"):
        yield f"{drug}.html", files.of(scenes.drug(graph, drug), ".html")
    yield "mechanism.html", files.of(scenes.mechanism(graph), ".html")
    yield "literature.html", files.of(scenes.literature(graph), ".html")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python scripts/draw.py FOLDER")
    for name, data in pages():
        save(data, Path(sys.argv[1]) / name)
        print(Path(sys.argv[1]) / name)
