"""Every mutant of the calculus is killed by a test, but for those that compute the same: each has its reason.

All take hours of processor time: a sample is put to the tests here, ``JAK_KG_MUTANTS=1`` puts all.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import mutants
import pytest

pytestmark = pytest.mark.conformance

SAME_BITS_LATER = {"array_powers"}
"""Most mutants of it make more numbers doubtful, which are then computed in decimals: nothing but the time changes."""
FILES = sorted({file.stem for file in (mutants.ROOT / "kg" / "calculus").glob("[!_]*.py")} - SAME_BITS_LATER)
NOT_SHOWN = "what is supposed of an assay is never shown: only that it says yes or no counts"
NOT_ANY_OR_ALL = "what is neither any nor all is taken for the share"
ONLY_TIME = "it only changes how long it takes"
EQUIVALENT: dict[str, dict[str, str]] = {
    "array_ranking": {
        "module: 16384 -> 16385": ONLY_TIME,
        "module: 1e-06 -> 1.000001": "everything is looked at a second time",
        "module: 1.0 -> 2.0": "a product with 1 is the same",
        "module: 2 -> 3": "the key of a row without a signal that is partly blocked only has to be behind the others",
        "module: 32 -> 33": "there only have to be as many bits as the lower half has",
        "module: 20 -> 21": "there only have to be as many bits as the counts before it have",
        "_Plan.of: column > 0 -> column >= 0": ONLY_TIME,
        "_Plan.of: False -> True": "signals that there are not are never raised",
        "_Plan.of: 'little' -> 'littlex'": "numpy reads its first letter",
        "_bytes: 1 -> 2": ONLY_TIME,
        "_looked_up: True -> False": "there are as many bytes in both",
        "_rounded: 0 -> 1": "everything is looked at a second time",
        "_rounded: many -= found -> many += found": "everything is looked at a second time",
        "_rounded: many > NEARLY -> many >= NEARLY": "what is that near to the half is looked at a second time",
        "_rounded: many.max(initial=0) > NEARLY -> many.max(initial=0) >= NEARLY": "as the line behind it",
    },
    "arrays": {
        "module: 120 -> 121": ONLY_TIME,
        "module: 4096 -> 4097": ONLY_TIME,
        "module: 50.0 -> 51.0": "no cut-off is there",
        "_significant: 2.0 -> 3.0": "no adjusted p is there",
        "_log2: 1 -> 2": "other numbers tell the two logarithms apart as well",
        "_log2: 64 -> 65": "other numbers tell the two logarithms apart as well",
    },
    "blockade": {"of_route: 'share' -> 'sharex'": NOT_ANY_OR_ALL, "of_signal: 'share' -> 'sharex'": NOT_ANY_OR_ALL},
    "next_measurement": {
        "measurements: 1.0 -> 2.0": "what is not raised does not depend on how much the others are",
        "module: 'supposed' -> 'supposedx'": NOT_SHOWN,
        "module: 'IC50' -> 'IC50x'": NOT_SHOWN,
        "module: 'human' -> 'humanx'": NOT_SHOWN,
        "_systemic: for drug in mechanism.drugs.values() if drug.group == 'systemic' -> for drug in "
        "mechanism.drugs.values()": "the first drugs are those of the group in any case: it only saves time",
    },
    "potency": {
        "Drug: 'AtpCompetitive' -> 'AtpCompetitivex'": "each mode but the allosteric one counts as that of the ATP site"
    },
    "ranking": {"_cost: 0.0 -> 1.0": "where no signal is left for one drug, none is for any: all have the same"},
}
"""Module -> mutant that no test can kill, and why."""
ONE_IN = os.environ.get("JAK_KG_MUTANTS", "30")


@pytest.mark.parametrize("name", FILES)
def test_every_mutant_is_killed(name: str) -> None:
    command = [sys.executable, str(Path(mutants.__file__)), name, ONE_IN]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    print(f"{name}: {len(found['mutants'])} mutants, {len(found['left'])} left")
    assert sorted(found["left"]) == sorted(set(EQUIVALENT.get(name, {})) & set(found["mutants"]))


def test_a_module_has_mutants_of_each_kind() -> None:
    source = (
        "def f(a: 'x', b=1):\n    'text'\n    if a < b and not b: return min(a, 0.5)\n    return [c for c in a if c]"
    )
    assert [said for said, _ in mutants.mutants(source)] == [
        "f: 1 -> 2",
        "f: a < b and (not b) -> a < b or not b",
        "f: a < b -> a <= b",
        "f: not b -> b",
        "f: return min(a, 0.5) -> return None",
        "f: min(a, 0.5) -> max(a, 0.5)",
        "f: 0.5 -> 1.5",
        "f: return [c for c in a if c] -> return None",
        "f: for c in a if c -> for c in a",
    ]
