"""Write a table of made-up patients: the same for the same seed.

    python scripts/cohort_table.py 1000000 cohort.parquet --cytokines 60 --seed 1

A patient a row, a cytokine a column; ratios around 1, a tenth of the values not measured. Needs the extra ``cohort``.
"""

import argparse

import numpy as np
import pyarrow
from pyarrow import csv, parquet

import kg

CHUNK = 50_000
"""Patients that are made at once."""


def names(count: int) -> list[str]:
    """Return labels of cytokines, no family beside one of its members: those that signal by a JAK first."""
    graph = kg.open()
    families = {row["family"] for row in graph.rows("members_of_families")}
    known = {row["thing"]: row for row in graph.rows("names_of_cytokines") if row["kind"] == "Ligand"}
    ordered = sorted(known.keys() - families, key=lambda name: (known[name]["jak"] != "yes", name))
    return [known[name]["label"] for name in ordered[:count]]


def chunk(first: int, count: int, columns: list[str], seed: int) -> pyarrow.Table:
    """Return some patients, whose numbers begin at ``first``."""
    made = np.random.default_rng([seed, first])
    ratios = np.exp2(made.normal(0.0, 1.2, (len(columns), count))).round(3).clip(0.001)
    gone = made.random(ratios.shape) < 0.1
    values = {name: pyarrow.array(ratio, mask=no) for name, ratio, no in zip(columns, ratios, gone, strict=True)}
    return pyarrow.table({"patient": [f"P{number:08}" for number in range(first, first + count)], **values})


def main() -> None:
    """Write the table that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("patients", type=int)
    parser.add_argument("file", help=".parquet or .csv")
    parser.add_argument("--cytokines", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    columns = names(options.cytokines)
    schema = pyarrow.schema([("patient", pyarrow.string()), *((name, pyarrow.float64()) for name in columns)])
    writer = csv.CSVWriter if options.file.endswith(".csv") else parquet.ParquetWriter
    with writer(options.file, schema) as out:
        for first in range(0, options.patients, CHUNK):
            out.write_table(chunk(first, min(CHUNK, options.patients - first), columns, options.seed))


if __name__ == "__main__":
    main()
