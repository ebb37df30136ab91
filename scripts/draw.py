"""Draw the pictures of the README into pictures/; or pages of every case, every drug and the rest into a folder.

`python scripts/draw.py` or `python scripts/draw.py pages`; each picture is the same bytes at each run.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from kg import built, drawn, graph, library, profile, scenes

ROOT = Path(__file__).parent.parent


def of_readme() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each picture of the README."""
    store = built.store()
    patient = scenes.patient(store, profile.of_case(store, "khurana-2025-1"), top=6)
    for name, scene in (("patient", patient), ("evidence", scenes.evidence(store, "il21-receptor"))):
        yield f"{name}.svg", drawn.of(scene, ".svg")


def pages() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of a page of every case and every drug, of the mechanism and of the literature."""
    store = built.store()
    for case in library.instances(store, "jak:Case"):
        yield f"{case}.html", drawn.of(scenes.patient(store, profile.of_case(store, case)), ".html")
    for drug in library.instances(store, "jak:Inhibitor"):
        yield f"{drug}.html", drawn.of(scenes.drug(store, drug), ".html")
    yield "mechanism.html", drawn.of(scenes.mechanism(store), ".html")
    yield "literature.html", drawn.of(scenes.literature(store), ".html")


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "pictures"
    for name, data in pages() if len(sys.argv) > 1 else of_readme():
        graph.save(data, folder / name)
        print(folder / name)
