"""Write `docs/robustness.md`, what was tried against the product: `python scripts/robustness.py` after a change of it.

What each run of the tests tries is counted in the tables of `tests/hostile`; long runs by hand are rows of
`docs/robustness.tsv`. `tests/hostile/test_page.py` holds the page.
"""

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests"))
sys.path.append(str(ROOT / "tests" / "hostile"))

import hostile_queries  # noqa: E402
import readers  # noqa: E402
import server_cases  # noqa: E402
import test_kills  # noqa: E402
import test_sockets  # noqa: E402

from kg.model.files import save  # noqa: E402

PAGE, RUNS = ROOT / "docs" / "robustness.md", ROOT / "docs" / "robustness.tsv"
FORM = """\
# Robustness

What was tried to break JAK-KG, and what came of it. Written by `scripts/robustness.py`; a test holds it. What is
promised, and on which system, is in [](security.md); what a query of your own costs, in
[](generated/own_queries.md).

## At each run of the tests

{each}

## Inputs made by chance

`scripts/fuzz.py` changes small honest inputs of each reader by chance: bytes lost, put in, doubled, moved, taken from
another input, and words that break readers. A find is an exception that is not the product's own, one that a process of
its own has turned into a problem of the input, more than 2 s of computing, a peak above 1 GB, or a process that died.
The number of an input and the seed make it again.

The readers: {readers}.

By hand, {made} inputs were tried in all. Each reader has the same time, so most of them are answers of servers and
graph files, which are quick to read, and few are spreadsheets and commands:

{inputs}

## Commands killed by hand

Each command is forked from a process that has loaded everything, so none is killed in its imports; half of the kills
come from the moment on in which it begins to write. A find is a file that is neither the old nor the new one, or one
that the next run leaves over.

{kills}
"""


def table(columns: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (columns, ["---"] * len(columns), *rows))


def by_hand(runs: list[dict[str, str]], what: str) -> str:
    """Return the table of the runs by hand of one kind: ``inputs`` or ``kills``."""
    rows = [
        [run["date"], run["how"], f"{int(run['tried']):,}", f"{int(run['failed']):,}", run["then"]]
        for run in runs
        if run["what"] == what
    ]
    return table(["date", "how", "tried", "failed", "what then"], rows)


def text() -> str:
    """Return the page as Markdown."""
    kills = f"{len(test_kills.COMMANDS)} commands, 10 kills each"
    each = [
        ["hostile queries", "survived, each within a second of its `--timeout`", str(len(hostile_queries.QUERIES))],
        [
            "ways of a server to behave",
            "the answer, or one line and exit code 2, in time",
            str(len(server_cases.CASES)),
        ],
        ["commands that write, killed at random points", "nothing lost, and nothing left over by the next run", kills],
        ["commands watched by strace", "no socket is opened", str(len(test_sockets.COMMANDS))],
        ["readers given what chance makes", "no find in the two minutes of CI", str(len(readers.READERS))],
    ]
    with RUNS.open(encoding="utf-8", newline="") as stream:
        runs = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return FORM.format(
        each=table(["what", "what must come of it", "how many"], each),
        readers=", ".join(readers.READERS),
        made=f"{sum(int(run['tried']) for run in runs if run['what'] == 'inputs'):,}",
        inputs=by_hand(runs, "inputs"),
        kills=by_hand(runs, "kills"),
    )


if __name__ == "__main__":
    save(text().encode(), PAGE)
