"""Golden answers: what every question gives with its examples on the small graph, or on the shipped one where few rows.

``JAK_KG_GOLDEN=write pytest tests/test_golden_queries.py`` writes ``golden/queries`` anew; read the difference in git.
"""

import os
import re

import pytest
from conftest import ROOT
from examples import bound, is_small, ntriples, written

from kg import library
from kg.store import parse

GOLDEN = ROOT / "tests" / "golden" / "queries"
WRITE = os.environ.get("JAK_KG_GOLDEN") == "write"
FEW = 30


@pytest.mark.parametrize("name", library.names())
def test_golden_answer(name: str) -> None:
    small = is_small(name)
    store = parse(ntriples(small=small))
    found, count = written(store, bound(store, name))
    assert small or 0 < count <= FEW, (
        f"{name}: {count} rows on the shipped graph: add facts to tests/mini that answer it"
    )
    stable = re.sub(r"sha256:[0-9a-f]{64}", "sha256:...", found)  # the digest of the graph, which every fact changes
    file = GOLDEN / f"{name}.{'ttl' if '@prefix' in stable else 'tsv'}"
    if WRITE:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        file.write_text(stable, encoding="utf-8")
    assert file.is_file(), f"JAK_KG_GOLDEN=write pytest {__file__} writes it"
    assert stable == file.read_text(encoding="utf-8")


def test_every_golden_answer_has_its_question() -> None:
    for file in GOLDEN.iterdir() if WRITE else ():
        if file.stem not in library.names():
            file.unlink()
    assert sorted(file.stem for file in GOLDEN.iterdir()) == library.names()
