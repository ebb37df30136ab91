"""Golden answers: what every question gives with its examples on the small graph, which no new case changes.

``JAK_KG_GOLDEN=write pytest tests/sparql/test_golden_queries.py`` writes ``golden/queries``
anew; read the difference in git.
"""

import os
import re

import pytest
from conftest import ROOT
from examples import bound, oxigraph, written

from kg.sparql import library

GOLDEN = ROOT / "tests" / "golden" / "queries"
WRITE = os.environ.get("JAK_KG_GOLDEN") == "write"


@pytest.mark.parametrize("name", library.names())
def test_golden_answer(name: str) -> None:
    store = oxigraph("mini")
    found, count = written(store, bound(store, name))
    assert count, "no row: add facts to tests/mini that answer it"
    stable = re.sub(r"sha256:[0-9a-f]{64}", "sha256:...", found)  # the digest of the graph, which every fact changes
    file = GOLDEN / f"{name}.{'ttl' if stable.startswith('@prefix') else 'tsv'}"
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
