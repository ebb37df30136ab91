"""Blocks of a table with a patient a row and a cytokine a column."""

from collections.abc import Sequence

from kg.cohort.patients import (
    Block,
    Faults,
    Reading,
    broken,
    check_families,
    check_patients,
    column_of,
    empty,
    kept,
)
from kg.cohort.source import Batch
from kg.cohort.values import numbers, trimmed


def wide(rows: Sequence[Batch], reading: Reading, start: int) -> Block:
    """Return the patients of some rows, of which the first is the row ``start`` of the table.

    >>> import numpy as np, pyarrow
    >>> from kg.cohort.layout import Column, Layout
    >>> layout = Layout(patient="patient", scale="ratio", columns=(Column("IL-21", "il21"),))
    >>> batch = Batch(np.array([1, 2]), pyarrow.RecordBatch.from_pydict({"patient": ["a", "b"], "IL-21": [2.0, -1.0]}))
    >>> block = wide([batch], Reading(layout, ["il21"]), 0)
    >>> block.values.tolist(), block.patients_rejected, block.rows, block.end
    ([[2.0]], 1, 2, 2)
    """
    import numpy as np
    import pyarrow

    layout, faults = reading.layout, Faults()
    at_rows = np.concatenate([batch.numbers for batch in rows])
    patients = trimmed(column_of(rows, layout.patient))
    measured = {reading.place(column.cytokine) for column in layout.columns}
    values = empty(len(patients), len(reading.cytokines), but=measured)
    directions = None
    for column in layout.columns:
        found = numbers(column_of(rows, column.header), column.header, layout.scale)
        place = reading.place(column.cytokine)
        values[:, place] = found.values
        if found.directions is not None:
            directions = np.zeros(values.shape, np.int8, order="F") if directions is None else directions
            directions[:, place] = found.directions
        for at, what in found.faults:
            faults.add(at, what)
    check_patients(patients, reading, faults)
    check_families(values, directions, reading, faults)
    keep = np.ones(len(patients), bool)
    keep[list(faults.found)] = False
    rejected = [*broken(rows), *faults.rejected(at_rows, patients)]
    values, directions = kept(keep, values, directions)
    return Block(
        patients=patients.filter(pyarrow.array(keep)), values=values, directions=directions, q=None,
        rejected=sorted(rejected, key=lambda row: row.number), patients_rejected=len(rejected),
        rows=int(keep.sum()) + len(rejected), end=start + len(keep),
    )  # fmt: skip
