"""Blocks of a table with a measurement a row: those of a patient stand together."""

from collections.abc import Sequence
from functools import lru_cache
from math import log2
from typing import Any, Final

from kg.calculus.signals import RAISED
from kg.cohort.layout import Layout, Scale
from kg.cohort.patients import (
    Block,
    Faults,
    Reading,
    broken,
    check_families,
    check_named,
    column_of,
    empty,
    kept,
)
from kg.cohort.source import Batch
from kg.cohort.values import CODES, HERE, Numbers, numbers, said, significant, trimmed
from kg.model.errors import Problem
from kg.profiles.grounding import Known
from kg.profiles.tabular import InputRow
from kg.profiles.values import value

CLOSE: Final = 1e-9
"""Difference to a cut-off below which a value is looked at with all its digits."""
WORDS: Final = {code: word for word, code in CODES.items()}


def long(rows: Sequence[Batch], reading: Reading, start: int) -> Block:
    """Return the patients of some rows, of which the first is the row ``start`` of the table.

    A patient with a row that cannot be read is not answered: without it the answer would be that of another patient.

    >>> import numpy as np, pyarrow
    >>> cells = {"patient": ["a", "b", "b"], "cytokine": ["IL-21"] * 3, "ratio": ["2", "3", "4"]}
    >>> layout = Layout(patient="patient", scale="ratio", name="cytokine", value="ratio")
    >>> reading = Reading(layout, ["il21"], {"IL-21": Known("il21", "IL-21", "Ligand", "yes")})
    >>> block = long([Batch(np.arange(1, 4), pyarrow.RecordBatch.from_pydict(cells))], reading, 0)
    >>> block.patients.to_pylist(), block.values.tolist(), block.rejected[0].reason
    (['a'], [[2.0]], 'il21 is also in row 2, with another value: keep one row, or give each sample a table of its own')
    """
    import numpy as np
    import pyarrow

    layout, faults = reading.layout, Faults()
    assert layout.name is not None  # noqa: S101 - a long table has one
    at_rows = np.concatenate([batch.numbers for batch in rows])
    whose = trimmed(column_of(rows, layout.patient))
    known = np.flatnonzero(check_named(whose, faults))
    run = np.full(len(whose), -1)
    codes = whose.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False)[known]
    new = np.append(np.ones(min(1, len(codes)), bool), codes[1:] != codes[:-1])
    run[known] = np.cumsum(new) - 1
    patients = whose.take(pyarrow.array(known[new]))
    thing = _things(column_of(rows, layout.name), reading, faults)
    number, direction, q = _measured(rows, layout, thing, faults)
    counts = (run >= 0) & (thing >= 0) & (~np.isnan(number) | (direction > 0))
    for at in faults.found:
        counts[at] = False
    here = np.flatnonzero(counts)
    _check_again(here, run, thing, (number, direction, q), at_rows, reading, faults)
    shape = len(patients), len(reading.cytokines)
    values = empty(*shape)
    values[run[here], thing[here]] = number[here]
    directions = qs = None
    if direction.any():
        directions = np.zeros(shape, np.int8, order="F")
        directions[run[here], thing[here]] = direction[here]
    if not np.isnan(q).all():
        qs = empty(*shape)
        qs[run[here], thing[here]] = q[here]
    together = Faults()
    check_families(values, directions, reading, together)
    for at, what in together.found.items():
        faults.add(int(known[new][at]), what[0])
    keep = np.ones(len(patients), bool)
    keep[[place for at in faults.found if (place := run[at]) >= 0]] = False
    rejected = [*broken(rows), *faults.rejected(at_rows, whose)]
    values, directions, qs = kept(keep, values, directions, qs)
    return Block(
        patients=patients.filter(pyarrow.array(keep)), values=values, directions=directions, q=qs,
        rejected=sorted(rejected, key=lambda row: row.number), patients_rejected=int((~keep).sum()),
        rows=len(whose) + sum(len(batch.faults) for batch in rows), end=start + len(whose),
    )  # fmt: skip


def _things(column: Any, reading: Reading, faults: Faults) -> Any:
    """Return the column of the cytokine that each row is of, -1 where it is of none."""
    import numpy as np

    encoded = trimmed(column).dictionary_encode()
    known = [reading.names.get(text) for text in encoded.dictionary.to_pylist()]
    place = [reading.place(one.thing) if isinstance(one, Known) and one.kind == "Ligand" else -1 for one in known]
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    for at in np.flatnonzero(codes < 0).tolist():
        faults.add(at, "the name of the cytokine is missing: write it, or delete the row")
    return np.array([*place, -1])[codes]


def _measured(rows: Sequence[Batch], layout: Layout, thing: Any, faults: Faults) -> tuple[Any, Any, Any]:
    """Return the number, the code of the direction, and the adjusted p of each row."""
    import numpy as np

    found = Numbers(np.full(len(thing), np.nan))
    if layout.value:
        found = numbers(column_of(rows, layout.value), layout.value, layout.scale)
    direction = np.zeros(len(thing), np.int8) if found.directions is None else found.directions
    wrong = list(found.faults)
    if layout.direction:
        words = numbers(column_of(rows, layout.direction), layout.direction, "direction")
        wrong += words.faults
        wrong += _agreed(found.values, words.directions, layout, direction)
    q = np.full(len(thing), np.nan)
    if layout.significance:
        columns = {role: column_of(rows, header) for role, header in layout.significance.items()}
        read = {role: one for role, one in columns.items() if role != "statistic"}
        if read:
            q, word, unread = significant(read, dict(layout.significance))
            wrong += unread
            if "adjusted p" in read and len(columns) > 1:  # a tool that tests every gene left this one out
                untested = np.isnan(q) & ~word & trimmed(columns["adjusted p"]).is_null().to_numpy(zero_copy_only=False)
                found.values[untested], direction[untested] = np.nan, 0
            direction[word & (~np.isnan(found.values) | (direction > 0))] = CODES["not significant"]
    for at, what in wrong:
        if thing[at] >= 0:
            faults.add(at, what)
    return found.values, direction, q


def _agreed(values: Any, words: Any, layout: Layout, direction: Any) -> list[tuple[int, str]]:
    """Set the direction of rows that state one; return those whose value says the opposite."""
    import numpy as np

    if words is None:
        return []
    direction[words > 0] = words[words > 0]
    edge = float(RAISED) if layout.scale == "ratio" else log2(RAISED)
    other = 1 / edge if layout.scale == "ratio" else -edge
    by_value = np.where(values >= edge, 1, np.where(values <= other, 2, 3))
    near = (np.abs(values - edge) < CLOSE) | (np.abs(values - other) < CLOSE)
    odd = ~np.isnan(values) & (words > 0) & (words != CODES["not significant"]) & ((by_value != words) | near)
    faults = []
    for at in np.flatnonzero(odd).tolist():
        code, what = _both(
            repr(values[at].item()), int(words[at]), layout.value or "", layout.direction or "", layout.scale
        )
        direction[at] = code
        if what:
            faults.append((at, what))
    return faults


@lru_cache(maxsize=100_000)
def _both(text: str, code: int, header: str, of_direction: str, scale: Scale) -> tuple[int, str]:
    row = InputRow(HERE, {scale: text, "direction": WORDS[code]}, headers={scale: header, "direction": of_direction})
    _, reported, problem = value(row)
    return CODES[reported] if reported else code, said(problem) if isinstance(problem, Problem) else ""


def _check_again(
    here: Any, run: Any, thing: Any, cells: Sequence[Any], at_rows: Any, reading: Reading, faults: Faults
) -> None:  # fmt: skip
    """Find rows that measure a cytokine of a patient again, with another value."""
    import numpy as np

    key = run[here].astype(np.int64) * (len(reading.cytokines) + 1) + thing[here]
    order = np.argsort(key, kind="stable")
    same = np.flatnonzero(key[order][1:] == key[order][:-1])
    for first, again in zip(here[order[same]].tolist(), here[order[same + 1]].tolist(), strict=True):
        if all(one[first] == one[again] or (one[first] != one[first] and one[again] != one[again]) for one in cells):
            continue
        name = reading.cytokines[thing[again]]
        what = f"{reading.labels.get(name, name)} is also in row {at_rows[first]}, with another value"
        faults.add(again, f"{what}: keep one row, or give each sample a table of its own")
