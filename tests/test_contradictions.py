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

from kg import additions, contradictions, premises
from kg.problems import Place
from kg.store import folder as data

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad" / "contradictions").glob("*.toml"))
VOCABULARY = data("ontology") / "jak-kg.ttl"
PREFIXES = "@prefix jak: <https://w3id.org/jak-kg/vocab#> .\n@prefix kg: <https://w3id.org/jak-kg/> .\n\n"


def planted(file: Path, folder: Path) -> additions.Joined:
    """The small facts with the contradiction of a file in them."""
    wanted = tomllib.loads(file.read_text(encoding="utf-8"))
    facts, own = folder / "facts", folder / "own.ttl"
    shutil.copytree(HERE / "mini", facts)
    if "append" in wanted:
        with (facts / wanted["file"]).open("a", encoding="utf-8") as table:
            table.write(wanted["append"] + "\n")
    own.write_text(PREFIXES + wanted.get("triples", ""), encoding="utf-8")
    return additions.joined(facts, VOCABULARY, triples=[own])


def said(file: Path, folder: Path) -> list[str]:
    joined = planted(file, folder)

    def place(triple: premises.Triple) -> Place | None:
        found = joined.place(triple)
        return found and Place(Path(found.file).name, found.line)

    return [str(why.problem()) for why in contradictions.explain(joined.graph, place, most=1)]


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
