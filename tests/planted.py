"""The samples of the rules: a few triples of ``bad/RULE.ttl`` that, added to a small graph, break the rule so named.

The first line of a sample says which things are then at fault.
"""

from pathlib import Path

from pyoxigraph import RdfFormat, Store

from kg.model.vocabulary import curie
from kg.rdf import store as kg_store
from kg.sparql import library
from kg.sparql.rows import Rows

SAMPLES = Path(__file__).parent / "bad"


def sample(rule: str) -> Path:
    return SAMPLES / f"{rule}.ttl"


def at_fault(rule: str) -> list[str]:
    first = sample(rule).read_text(encoding="utf-8").partition("\n")[0]
    return first.removeprefix("# at fault: ").split(", ")


def with_sample(graph: bytes, rule: str) -> Store:
    store = kg_store.parse(graph)
    store.load(path=str(sample(rule)), format=RdfFormat.TURTLE)
    return store


def rows(store: library.Graph, rule: str) -> Rows:
    return Rows.of(store.query(library.load(rule).text), curie)
