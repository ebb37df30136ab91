"""The built graph: used where it cannot be kept, out of date when anything that it is made from changes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef

from kg.model import folders
from kg.rdf import builder, shipped
from kg.rdf import store as kg_store


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package and its facts that a test may change."""
    for folder in (kg_store.PACKAGE, kg_store.folder("ontology")):
        shutil.copytree(folder, tmp_path / folder.name, ignore=shutil.ignore_patterns("__pycache__", "built"))
    for module in (shipped, kg_store, folders):
        monkeypatch.setattr(module, "PACKAGE", tmp_path / "kg")
    monkeypatch.setattr(shipped, "FILE", tmp_path / "kg" / "built" / "jak-kg.nt")
    kg_store.folder.cache_clear()
    yield tmp_path
    kg_store.folder.cache_clear()


@pytest.mark.conformance
def test_a_graph_that_cannot_be_kept_is_used(checkout: Path) -> None:
    (checkout / "kg" / "built").write_text("a file where the folder should be")
    assert len(shipped.store()) > 10_000
    assert not shipped.is_current()


@pytest.mark.parametrize(
    "file", ["kg/model/claims.py", "kg/facts/parsing.py", "kg/model/vocabulary.py", "ontology/facts/kinases.tsv"]
)
def test_the_stamp_changes_with_what_the_graph_is_made_from(checkout: Path, file: str) -> None:
    before = shipped.stamp()
    with (checkout / file).open("a") as stream:
        stream.write("\n")
    assert shipped.stamp() != before


def test_the_stamp_takes_no_lock_of_an_editor(checkout: Path) -> None:
    before = shipped.stamp()
    (checkout / "ontology" / "facts" / "claims" / ".#disease.tsv").symlink_to("somebody@somewhere.1")
    assert shipped.stamp() == before


def test_a_line_break_in_a_text_is_valid_ntriples() -> None:
    written = builder.ntriples(Graph().add((URIRef("http://a.org/x"), URIRef("http://a.org/y"), Literal("a\nb\r\tc"))))
    (quad,) = kg_store.parse(written)
    assert getattr(quad.object, "value", None) == "a\nb\r\tc"
