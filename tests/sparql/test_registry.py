"""A registry in the graph: no answer about one patient reads the others, and no question grows faster than it."""

from pathlib import Path
from time import process_time

import pytest
from pyoxigraph import Store
from registry import registry

from kg.knowledge_graph import KnowledgeGraph
from kg.rdf import shipped
from kg.rdf.store import parse
from kg.sparql import library
from kg.sparql.rows import Rows

pytestmark = pytest.mark.conformance
CASE = "khurana-2025-1"
FEW, SOME, MANY = 16, 160, 1_600
"""Cases in the graph: those of the facts, and ten and a hundred times as many."""
NOISE = 0.002
"""Seconds below which a time says nothing."""


@pytest.fixture(scope="module")
def registries(store: Store) -> dict[int, Store]:
    """Number of cases -> a graph that has so many."""
    assert len(library.instances(store, "jak:Case")) == FEW
    return {
        size: parse(b"".join(registry(shipped.FILE.read_bytes(), size)), checked=True) for size in (FEW, SOME, MANY)
    }


def seconds(store: Store, text: str) -> float:
    """The shortest time of a few that a query takes: of this process alone, whatever else the machine does."""
    taken = []
    for _ in range(3):
        start = process_time()
        for _row in store.query(text):  # type: ignore[union-attr]
            pass
        taken.append(process_time() - start)
    return max(min(taken), NOISE)


def _given(name: str) -> dict[str, str]:
    return {param.name: param.example for param in library.load(name).params}


def test_a_copy_is_a_case_like_the_first(registries: dict[int, Store]) -> None:
    one, other = (library.ask(registries[SOME], "measurements_of_case", case=case) for case in (CASE, f"{CASE}-copy1"))
    assert [row["ratio"] for row in one] == [row["ratio"] for row in other]
    assert len(library.instances(registries[MANY], "jak:Case")) == MANY


def test_an_answer_about_a_patient_reads_no_other(
    registries: dict[int, Store], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "patient.csv"
    file.write_text("cytokine,ratio,comparator\nIL-21,2.33,own-baseline\nIL-15,0.96,own-baseline\n")
    read: list[object] = []  # how many rows of which question, and which classes were listed whole
    asked, listed = library.Query.rows, library.instances

    def rows(question: library.Query, graph: library.Graph, **values: str) -> Rows:
        found = asked(question, graph, **values)
        read.append((question.name, len(found)))
        return found

    def instances(graph: library.Graph, kind: str) -> list[str]:
        read.append(kind)
        return listed(graph, kind)

    monkeypatch.setattr(library.Query, "rows", rows)
    monkeypatch.setattr(library, "instances", instances)
    answers, work = [], []
    for size in (FEW, MANY):
        graph = KnowledgeGraph(registries[size])
        answers.append([graph.ask(CASE).to_dict(), graph.ask(file).to_dict(), graph.why(CASE, "tofacitinib")])
        work.append(read[:])
        read.clear()
    assert work[0] == work[1]
    assert "jak:Case" not in work[1]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "name", [name for name in library.names() if "case" in {p.name for p in library.load(name).params}]
)
def test_a_question_about_a_case_takes_no_longer_among_many(registries: dict[int, Store], name: str) -> None:
    few, many = (
        seconds(of, library.load(name).bound(of, **_given(name) | {"case": CASE}))
        for of in (registries[FEW], registries[MANY])
    )
    assert many < 5 * few, f"100 times as many cases take {many / few:.0f} times as long"


@pytest.mark.parametrize("name", library.names())
def test_a_question_grows_no_faster_than_the_registry(registries: dict[int, Store], name: str) -> None:
    some, many = (
        seconds(of, library.load(name).bound(of, **_given(name))) for of in (registries[SOME], registries[MANY])
    )
    assert many < 40 * some, f"10 times as many cases take {many / some:.0f} times as long"
