"""Contradictions: each file of bad/contradictions plants one in the small facts; the reasoner explains it.

A file has ``triples`` (Turtle of a user, without prefixes: the first is on line 4 of own.ttl), or a ``file`` of the
facts with a row to ``append``; ``expected`` are words of the explanation: the statements with their file and line, and
the axiom.
"""

import shutil
import tomllib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from rdflib import Graph

from kg.model.errors import Place
from kg.owl import hermit, justifications, premises, user_data
from kg.rdf.store import folder as data

pytestmark = pytest.mark.java
HERE = Path(__file__).parent.parent
BAD = sorted((HERE / "bad" / "contradictions").glob("*.toml"))
VOCABULARY = data("ontology") / "jak-kg.ttl"
PREFIXES = "@prefix jak: <https://w3id.org/jak-kg/vocab#> .\n@prefix kg: <https://w3id.org/jak-kg/> .\n\n"


def planted(file: Path, folder: Path) -> user_data.Joined:
    """The small facts with the contradiction of a file in them."""
    wanted = tomllib.loads(file.read_text(encoding="utf-8"))
    facts, own = folder / "facts", folder / "own.ttl"
    shutil.copytree(HERE / "mini", facts)
    if "append" in wanted:
        with (facts / wanted["file"]).open("a", encoding="utf-8") as table:
            table.write(wanted["append"] + "\n")
    own.write_text(PREFIXES + wanted.get("triples", ""), encoding="utf-8")
    return user_data.joined(facts, VOCABULARY, triples=[own])


def said(file: Path, folder: Path) -> list[str]:
    joined = planted(file, folder)

    def place(triple: premises.Triple) -> Place | None:
        found = joined.place(triple)
        return found and Place(Path(found.file).name, found.line)

    return [str(why.problem()) for why in justifications.explain(joined.graph, place, most=1)]


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Path, "Future[list[str]]"]]:
    """Each file, and what is said of its contradiction: two at a time, because Java takes its time."""
    with ThreadPoolExecutor(2) as pool:
        yield {file: pool.submit(said, file, tmp_path_factory.mktemp(file.stem)) for file in BAD}


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_a_contradiction_is_found_and_explained(file: Path, explained: dict[Path, "Future[list[str]]"]) -> None:
    (text,) = explained[file].result()
    for words in tomllib.loads(file.read_text(encoding="utf-8"))["expected"]:
        assert words in text, text


def test_there_are_twenty_and_more() -> None:
    assert len(BAD) >= 20


@pytest.mark.parametrize("graph", [Graph(), user_data.joined(HERE / "mini", VOCABULARY).graph], ids=["nothing", "mini"])
def test_nothing_contradicts_in_facts_that_are_sound(graph: Graph) -> None:
    assert justifications.explain(graph, lambda _: None) == []


TINY = """
    @prefix jak: <https://w3id.org/jak-kg/vocab#> . @prefix kg: <https://w3id.org/jak-kg/> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    kg:il21-receptor jak:needsKinase kg:jak1 , kg:jak3 ; jak:usesKinase kg:jak3 , kg:jak2 .
    kg:ifng-receptor jak:needsKinase kg:jak1 , kg:jak2 ; jak:usesKinase kg:tyk2 .
    jak:needsKinase a owl:ObjectProperty ; rdfs:range jak:Kinase ; owl:propertyDisjointWith jak:usesKinase .
    jak:usesKinase a owl:ObjectProperty ; rdfs:range jak:Kinase .
    jak:Kinase a owl:Class .
"""


@pytest.fixture
def tiny() -> Graph:
    """A graph with one contradiction."""
    return Graph().parse(data=TINY, format="turtle")


def test_no_statement_of_a_contradiction_can_be_dropped(tiny: Graph) -> None:
    every = justifications.statements(tiny)
    background = [statement for statement in every if justifications.declares(statement)]
    found = justifications.minimal([statement for statement in every if statement not in background], background)
    assert found
    assert len(found) == 3
    for one in found:
        assert justifications.minimal([other for other in found if other != one], background) is None


def test_what_pellet_does_not_tell_is_found_by_hermit_alone(tiny: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hermit, "suspects", lambda _: set())
    monkeypatch.setattr(premises, "definitions", Graph)
    (found,) = justifications.explain(tiny, lambda _: None)
    assert [words for words, _ in found.facts] == [
        "kg:il21-receptor jak:needsKinase kg:jak3", "kg:il21-receptor jak:usesKinase kg:jak3"
    ]  # fmt: skip
    assert found.axioms == ("needsKinase and usesKinase never join the same two things",)
