"""The patients of one part: a matrix of values, and the rows that cannot be answered, with why.

>>> import pyarrow
>>> batch = Batch(None, pyarrow.RecordBatch.from_pydict({"IL-21": [2.0]}))
>>> column_of([batch, batch], "IL-21").to_pylist()
[2.0, 2.0]
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kg.cohort.layout import Grounded, Layout
from kg.cohort.source import Batch

NO_PATIENT: Final = "it is not said whose row this is: write the patient"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not answered: its number from 1, the patient where it has one, and why."""

    number: int
    patient: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The patients of one part.

    ``values`` are patients x cytokines, NaN where nothing was measured, a cytokine after the other in memory;
    ``directions`` and ``q`` are likewise, None where the table has none. ``rows`` were read, broken ones too; the next
    block begins at the row ``end`` of those that are not broken.
    """

    patients: Any
    values: Any
    directions: Any = None
    q: Any = None
    rejected: Sequence[Rejected] = ()
    patients_rejected: int = 0
    rows: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows become patients: the layout, the order of cytokines, what names name, and what cannot stand together.

    ``twice`` has patients that stand more than once, ``families`` pairs of a family of cytokines and one of it.
    """

    layout: Layout
    cytokines: Sequence[str]
    names: Grounded = field(default_factory=dict)
    twice: Mapping[str, int] = field(default_factory=dict)
    families: Sequence[tuple[str, str]] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    def place(self, cytokine: str) -> int:
        """Return the number of the column of a cytokine.

        >>> Reading(Layout(patient="patient", scale="ratio"), ["ifng", "il21"]).place("il21")
        1
        """
        return self.cytokines.index(cytokine)


class Faults:
    """What is wrong with rows, by their place in a block.

    >>> import pyarrow
    >>> faults = Faults()
    >>> faults.add(0, "it is bad: mend it")
    >>> faults.rejected([7], pyarrow.array(["P1"]))
    [Rejected(number=7, patient='P1', reason='it is bad: mend it')]
    """

    def __init__(self) -> None:
        self.found: dict[int, list[str]] = {}

    def add(self, at: int, what: str) -> None:
        """Note what is wrong with a row."""
        self.found.setdefault(at, []).append(what)

    def rejected(self, numbers_of: Any, patients: Any) -> list[Rejected]:
        """Return the rows that have a fault, by the number and the patient of each."""
        return [
            Rejected(int(numbers_of[at]), patients[at].as_py(), "; ".join(dict.fromkeys(self.found[at])))
            for at in sorted(self.found)
        ]


def column_of(rows: Sequence[Batch], header: str) -> Any:
    """Return a column of several batches.

    >>> column_of([], "IL-21").to_pylist()
    []
    """
    import pyarrow

    found = [batch.rows[header] for batch in rows if batch.rows.num_rows]
    if not found:
        return pyarrow.array([], pyarrow.string())
    if len(found) == 1:
        return found[0]
    if pyarrow.types.is_dictionary(found[0].type):
        return pyarrow.chunked_array(found).unify_dictionaries().combine_chunks()
    return pyarrow.concat_arrays(found)


def broken(rows: Sequence[Batch]) -> list[Rejected]:
    """Return the rows that are so broken that they are not among those of their batches.

    >>> broken([Batch(None, None, [(2, "it is bad", "mend it")])])
    [Rejected(number=2, patient=None, reason='it is bad: mend it')]
    """
    return [Rejected(number, None, f"{what}: {remedy}") for batch in rows for number, what, remedy in batch.faults]


def empty(patients: int, cytokines: int, *, but: Collection[int] = ()) -> Any:
    """Return a matrix in which nothing is measured, a cytokine after the other in memory.

    The columns of ``but`` are left for the caller to fill.

    >>> empty(1, 2).tolist()
    [[nan, nan]]
    """
    import numpy as np

    found = np.empty((patients, cytokines), np.float64, order="F")
    for place in range(cytokines):
        if place not in but:
            found[:, place] = np.nan
    return found


def kept(keep: Any, *arrays: Any) -> list[Any]:
    """Return matrices with the rows that are kept; None stays None.

    >>> import numpy as np
    >>> kept(np.array([True, False]), np.array([[1.0], [2.0]]), None)
    [array([[1.]]), None]
    """
    import numpy as np

    return [one if one is None or keep.all() else np.asfortranarray(one[keep]) for one in arrays]


def check_named(patients: Any, faults: Faults) -> Any:
    """Find rows without a patient; return where one is named.

    >>> import pyarrow
    >>> faults = Faults()
    >>> check_named(pyarrow.array(["P1", None]), faults).tolist(), faults.found
    ([True, False], {1: ['it is not said whose row this is: write the patient']})
    """
    import numpy as np
    from pyarrow import compute

    named = compute.is_valid(patients).to_numpy(zero_copy_only=False)
    for at in np.flatnonzero(~named).tolist():
        faults.add(at, NO_PATIENT)
    return named


def check_patients(patients: Any, reading: Reading, faults: Faults) -> None:
    """Find rows without a patient, and those of a patient that stands more than once.

    >>> import pyarrow
    >>> faults = Faults()
    >>> check_patients(pyarrow.array(["P1", None]), Reading(Layout(patient="patient", scale="ratio"), []), faults)
    >>> faults.found
    {1: ['it is not said whose row this is: write the patient']}
    """
    import numpy as np
    import pyarrow
    from pyarrow import compute

    check_named(patients, faults)
    if reading.twice:
        among = compute.is_in(patients, value_set=pyarrow.array(list(reading.twice), pyarrow.string()))
        for at in np.flatnonzero(among.to_numpy(zero_copy_only=False)).tolist():
            what = f"{reading.twice[patients[at].as_py()]} rows are of this patient, and samples are never pooled"
            faults.add(at, f"{what}: keep one, or name a column that tells them apart by --patient")


def check_families(values: Any, directions: Any, reading: Reading, faults: Faults) -> None:
    """Find patients with a value of a family of cytokines and one of a member of it: one signal would count twice.

    >>> import numpy as np
    >>> layout = Layout(patient="patient", scale="ratio")
    >>> faults = Faults()
    >>> reading = Reading(layout, ["ifna", "ifna2"], families=[("ifna", "ifna2")])
    >>> check_families(np.array([[2.0, 3.0], [2.0, np.nan]]), None, reading, faults)
    >>> faults.found
    {0: ['ifna covers ifna2, which stands there too: keep the one that was measured']}
    """
    import numpy as np

    for family, member in reading.families:
        both = np.ones(len(values), bool)
        for place in (reading.place(family), reading.place(member)):
            both &= ~np.isnan(values[:, place]) | (False if directions is None else directions[:, place] > 0)
        for at in np.flatnonzero(both).tolist():
            one, other = (reading.labels.get(name, name) for name in (family, member))
            faults.add(at, f"{one} covers {other}, which stands there too: keep the one that was measured")
