"""Measure the cold `kg ask` against a bare Python that imports json and csv, and `kg build`; print where the time goes.

All figures come from one run on one machine; only their ratios mean something elsewhere.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

RUNS = 15
STAGES = """
from time import perf_counter as now
a = now()
from kg import cli, answer, built, profile, report
b = now()
graph = built.store()
c = now()
patient = profile.of_case(graph, "khurana-2025-1")
found = answer.compose(graph, patient)
d = now()
report.to_table(found, 80)
e = now()
import sys
print(*(f"{1000 * x:.1f}" for x in (b - a, c - b, d - c, e - d)), file=sys.stderr)
"""


def seconds(*command: str) -> float:
    """Return the median wall time of a command in seconds."""
    times = []
    for _ in range(RUNS):
        start = perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(perf_counter() - start)
    return median(times)


if __name__ == "__main__":
    kg = (sys.executable, "-m", "kg.cli")
    base = seconds(sys.executable, "-c", "import json, csv")
    limit = 3 * base + 0.150
    print(
        f"python -c 'import json, csv'          {1000 * base:6.0f} ms; the limit for a cold ask is {1000 * limit:.0f}"
    )
    for form in ("json", "markdown", "table"):
        ask = seconds(*kg, "ask", "khurana-2025-1", "--format", form)
        print(f"kg ask khurana-2025-1 --format {form:9} {1000 * ask:4.0f} ms, {ask / limit:.2f} of the limit")
    done = subprocess.run([sys.executable, "-c", STAGES], check=True, capture_output=True, text=True)
    names = ("imports", "load the graph", "query and compute", "draw the table")
    print("of which " + ", ".join(f"{name} {time} ms" for name, time in zip(names, done.stderr.split(), strict=True)))
    with tempfile.TemporaryDirectory() as folder:
        build = seconds(*kg, "build", "-o", str(Path(folder) / "jak-kg.ttl"))
    print(f"kg build                              {1000 * build:6.0f} ms of 5000")
