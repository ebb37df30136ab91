"""A few inputs of each reader, the same at each run: ``scripts/fuzz.py`` tries as many as time allows."""

import random
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import readers

SCRIPT = Path(__file__).parent.parent.parent / "scripts" / "fuzz.py"
TRIED = {"results": 400, "turtle": 60, "triples": 60, "profile": 60, "gene table": 30, "phenopacket": 60, "case": 60,
         "query": 3, "command": 4}  # fmt: skip
"""Reader -> how many inputs; of the others a handful, since each takes long."""


@pytest.mark.parametrize("reader", readers.READERS)
def test_an_honest_input_is_accepted(reader: str) -> None:
    call, _ = readers.READERS[reader]
    assert any(call(seed) for seed in readers.seeds(reader)[:4])


@pytest.mark.parametrize("reader", readers.READERS)
def test_a_reader_ends_well_on_what_chance_makes(reader: str) -> None:
    call, _ = readers.READERS[reader]
    for number in range(TRIED.get(reader, 8)):
        call(readers.made(reader, number, seed=3))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 3 << 20  # KiB; the tests before have their share


def test_a_number_and_a_seed_make_an_input() -> None:
    first = [readers.made("case", number, seed=1) for number in range(20)]
    random.random()
    assert [readers.made("case", number, seed=1) for number in range(20)] == first
    assert [readers.made("case", number, seed=2) for number in range(20)] != first


@pytest.mark.conformance
def test_a_find_is_counted_and_kept(tmp_path: Path) -> None:
    def run(code: str) -> "subprocess.CompletedProcess[str]":
        start = f"import sys; sys.path.insert(0, {str(SCRIPT.parent)!r}); import fuzz, readers"
        program = f"{start}\n{code}\nsys.exit(fuzz.main())"
        words = ["--seconds", "1", "--reader", "triples", "-o", str(tmp_path)]
        return subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=False)

    planted = "readers.READERS['triples'] = (lambda data: {}, readers.READERS['triples'][1])"
    fine = run(planted.format("len(data)"))
    assert (fine.returncode, fine.stdout[-9:]) == (0, " 0 wrong\n"), fine.stdout + fine.stderr
    for fault, kind in (("1 / 0", "ZeroDivisionError"), ("__import__('os').abort()", "died--6")):
        found = run(planted.format(fault))
        assert found.returncode == 1, found.stdout + found.stderr
        assert kind in found.stdout
        assert [file for file in tmp_path.iterdir() if kind in file.name]


def test_an_iri_that_turtle_has_and_n_triples_has_not() -> None:
    """Found by fuzzing: the parser of Turtle takes a character in a prefixed name that that of N-Triples refuses."""
    assert readers.results("text/turtle\n@prefix a: <http://a.org/> . a:x a:y\U000e0b50 1 .".encode())
