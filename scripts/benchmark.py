"""Measure the cold `kg ask` against a bare Python that imports json and csv, and `kg build`; print where the time goes.

All figures come from one run on one machine; only their ratios mean something elsewhere.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

STAGES = """
import sys
from time import perf_counter as now
times = [now()]
from kg import answer, built, cli, profile, report
times.append(now())
graph = built.store()
times.append(now())
found = answer.compose(graph, profile.of_case(graph, "khurana-2025-1"))
times.append(now())
report.to_table(found, 80)
times.append(now())
print(*(f"{1000 * (b - a):.1f}" for a, b in zip(times, times[1:])), file=sys.stderr)
"""


def seconds(*command: str) -> float:
    """Return the median wall time of a command in seconds."""
    times = []
    for _ in range(15):
        start = perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(perf_counter() - start)
    return median(times)


if __name__ == "__main__":
    kg, limit = (sys.executable, "-m", "kg"), 3 * seconds(sys.executable, "-c", "import json, csv") + 0.150
    print(f"the limit of a cold ask: 3 x python -c 'import json, csv' + 150 ms = {1000 * limit:.0f} ms")
    for form in ("json", "markdown", "table"):
        ask = seconds(*kg, "ask", "khurana-2025-1", "--format", form)
        print(f"kg ask khurana-2025-1 --format {form}: {1000 * ask:.0f} ms, {ask / limit:.2f} of the limit")
    stages = subprocess.run([sys.executable, "-c", STAGES], check=True, capture_output=True, text=True).stderr.split()
    print("of which imports {}, loading {}, queries and calculus {}, drawing {} ms".format(*stages))
    with tempfile.TemporaryDirectory() as folder:
        print(f"kg build: {1000 * seconds(*kg, 'build', '-o', str(Path(folder) / 'jak-kg.ttl')):.0f} ms of 5000")
