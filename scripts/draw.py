"""Draw the pictures of the README into pictures/; or pages of every case, every drug and the rest into a folder.

`python scripts/draw.py` or `python scripts/draw.py pages`; each picture is the same bytes at each run.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import kg
from kg.model.files import save
from kg.profiles import profile
from kg.viz import files, scenes

ROOT = Path(__file__).parent.parent


def of_readme() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each picture of the README."""
    store = kg.open()
    patient = scenes.patient(store, profile.of_case(store, "khurana-2025-1"), top=6)
    for name, scene in (("patient", patient), ("evidence", scenes.evidence(store, "il21-receptor"))):
        yield f"{name}.svg", files.of(scene, ".svg")


def pages() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of a page of every case and every drug, of the mechanism and of the literature."""
    store = kg.open()
    for case in store.instances("jak:Case"):
        yield f"{case}.html", files.of(scenes.patient(store, profile.of_case(store, case)), ".html")
    for drug in store.instances("jak:Inhibitor"):
        yield f"{drug}.html", files.of(scenes.drug(store, drug), ".html")
    yield "mechanism.html", files.of(scenes.mechanism(store), ".html")
    yield "literature.html", files.of(scenes.literature(store), ".html")


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "pictures"
    for name, data in pages() if len(sys.argv) > 1 else of_readme():
        save(data, folder / name)
        print(folder / name)
