"""A first look through a table for what stops everything or bears on many rows, before anything is answered.

What the ratios are against, names that are not known, patients that stand twice, and how many rows there are. Only the
columns that say so are read, and of a patient 8 bytes are kept: of more than 16 million on disk.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kg.cohort.layout import Grounded, Layout
from kg.cohort.source import Source
from kg.cohort.values import texts, trimmed
from kg.model.errors import Place, Problem, Problems
from kg.model.files import unwritable
from kg.profiles.grounding import Known, Names
from kg.profiles.tabular import MANY, shown

PRIME: Final = 0x9E3779B97F4A7C15
KEPT: Final = 1 << 24
"""Hashes that are kept in memory."""
HEAPS: Final = 256
"""Files among which more hashes are spread: those of one fit into memory."""
MOST: Final = 1_000_000
"""Rows of patients that stand twice: a table with more is of something else than patients."""
NAMED: Final = 5
"""Rows that are named of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a table holds: rows, comparator (its name and label), what its names name, patients that stand twice."""

    rows: int
    comparator: tuple[str, str]
    names: Grounded = field(default_factory=dict)
    twice: dict[str, int] = field(default_factory=dict)
    scattered: bool = False
    """Whether the rows of a patient of a long table do not stand together."""


def survey(names: Names, source: Source, layout: Layout, comparator: str | None, ignore: tuple[str, ...]) -> Survey:
    """Return what a first look through a table finds; Problems for what stops everything.

    >>> import kg, pyarrow
    >>> from kg.cohort.layout import Choice, layout
    >>> from kg.cohort.source import of
    >>> names = kg.open().once(Names)
    >>> table = of(pyarrow.table({"patient": ["P1", "P2", "P1"], "IL-21": [2.0, 1.0, 3.0]}))
    >>> found = survey(names, table, layout(names, "a", table.schema, Choice(scale="ratio")), "healthy skin", ())
    >>> found.rows, found.comparator, found.twice
    (3, ('healthy-control-skin', 'skin of healthy controls'), {'P1': 2})
    """
    against = _Comparators(names, source.name, comparator)
    grounded: Grounded = {}
    rows = 0
    with _Hashes() as hashes:
        for batch in source.batches(list(filter(None, (layout.patient, layout.comparator, layout.name)))):
            rows += batch.rows.num_rows + len(batch.faults)
            if not batch.rows.num_rows:
                continue
            if layout.comparator:
                against.add(trimmed(batch.rows[layout.comparator]), batch.numbers)
            if layout.name:
                _ground(names, layout, batch, grounded, ignore)
            hashes.add(trimmed(batch.rows[layout.patient]), runs=not layout.wide)
        same = hashes.same()
    problems = [*against.problems(rows), *(one for one in grounded.values() if isinstance(one, Problem))]
    if not rows:
        problems.append(Problem(Place(source.name), "there is a header and no row", "add a row for each patient"))
    if problems:
        raise Problems(dict.fromkeys(problems))
    return Survey(
        rows=rows,
        comparator=against.found,
        names=grounded,
        twice=_twice(source, layout, same) if layout.wide else {},
        scattered=not layout.wide and same.size > 0,
    )


def _ground(names: Names, layout: Layout, batch: Any, grounded: Grounded, ignore: tuple[str, ...]) -> None:
    column = trimmed(batch.rows[layout.name]).dictionary_encode()
    for code, text in enumerate(column.dictionary.to_pylist()):
        if text in grounded or text in ignore:
            continue
        at = batch.numbers[column.indices.index(code).as_py()]
        seek = sum(isinstance(one, Problem) for one in grounded.values()) < MANY
        grounded[text] = names.measured(text, Place(f"{batch_name(at)}"), gene=layout.gene, seek=seek)


def batch_name(number: int) -> str:
    """Return how a row is called.

    >>> batch_name(7)
    'row 7'
    """
    return f"row {number}"


class _Comparators:
    """The comparators that are named, each with the first rows that name it."""

    def __init__(self, names: Names, file: str, said: str | None) -> None:
        self.names, self.file, self.said = names, file, said
        self.rows: dict[tuple[str, str], list[int]] = {}
        self.texts: dict[str, tuple[str, str] | None] = {}
        self.faults: list[Problem] = []
        self.silent: list[int] = []
        if said is not None:
            self._named(said, Place("--comparator"))

    def _named(self, text: str, place: Place) -> tuple[str, str] | None:
        if text not in self.texts:
            found = self.names.comparator(text, place)
            if isinstance(found, Problem):
                self.faults.append(found)
            self.texts[text] = None if isinstance(found, Problem) else found
            if not isinstance(found, Problem):
                self.rows.setdefault(found, [])
        return self.texts[text]

    def add(self, column: Any, numbers: Any) -> None:
        import numpy as np

        column = column.dictionary_encode()
        codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        for code, text in [(-1, None), *enumerate(column.dictionary.to_pylist())]:
            at = numbers[np.flatnonzero(codes == code)[:NAMED]].tolist()
            if not at:
                continue
            if text is None:
                self.silent += at
            elif found := self._named(text, Place(f"{self.file}: row {at[0]}")):
                self.rows[found] += at

    @property
    def found(self) -> tuple[str, str]:
        return next(iter(self.rows))

    def problems(self, rows: int) -> Iterator[Problem]:
        known = ", ".join(sorted({row["comparator"] for row in self.names.comparators.values()}))
        yield from self.faults
        if len(self.rows) > 1:
            every = ", ".join(
                f"{name} ({'rows ' + ', '.join(map(str, at[:NAMED])) if at else '--comparator'})"
                for (name, _), at in self.rows.items()
            )
            apart = "ratios to different comparators are never combined: give each comparator a file of its own"
            yield Problem(Place(self.file), f"two comparators in one cohort: {every}", apart)
        silent = self.silent if self.rows else list(range(1, min(rows, NAMED) + 1))
        if silent and self.said is None and not self.faults and rows:
            where = f" in rows {', '.join(map(str, silent[:NAMED]))}" if self.rows else ""
            what = f"the comparator is missing{where}, so nobody knows what was compared"
            yield Problem(Place(self.file), what, f"say it once, by --comparator NAME, such as one of {known}")


# --- patients that stand twice ----------------------------------------------------------------------------------------


def hashed(column: Any) -> Any:
    """Return a number of 64 bits for each text of a column without nulls: two that differ hardly ever share one.

    It is a polynomial of the bytes, which is computed for all texts together.

    >>> import pyarrow
    >>> one, other, again = hashed(pyarrow.array(["P1", "P2", "P1"])).tolist()
    >>> one == again, one == other
    (True, False)
    """
    import numpy as np

    column = texts(column)
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int32, len(column) + 1, column.offset * 4).astype(np.int64)
    letters = np.frombuffer(data, np.uint8, int(ends[-1]))[int(ends[0]) :] if data else np.empty(0, np.uint8)
    ends = ends - ends[0]
    with np.errstate(over="ignore"):
        powers, inverse = _powers(int(ends[-1]) + 1)
        sums = np.zeros(letters.size + 1, np.uint64)
        np.cumsum((letters.astype(np.uint64) + np.uint64(1)) * powers[:-1], out=sums[1:])
        found = (sums[ends[1:]] - sums[ends[:-1]]) * inverse[ends[:-1]]
        found ^= found >> np.uint64(31)
        found *= np.uint64(0xBF58476D1CE4E5B9)
        found ^= found >> np.uint64(29)
    return found


def _powers(length: int) -> tuple[Any, Any]:
    """Return the first powers of a number, and of its inverse, of 64 bits each."""
    import numpy as np

    inverse = np.full(length, pow(PRIME, -1, 1 << 64), np.uint64)
    powers = np.full(length, PRIME, np.uint64)
    powers[0] = inverse[0] = 1
    return np.multiply.accumulate(powers), np.multiply.accumulate(inverse)


class _Hashes:
    """Hashes of patients, to find those that are there twice: in memory, of many on disk."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self.count = 0
        self.last: int | None = None
        self.folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> "_Hashes":
        return self

    def __exit__(self, *_: object) -> None:
        if self.folder:
            self.folder.cleanup()

    def add(self, column: Any, *, runs: bool) -> None:
        """Add patients; ``runs`` counts those that follow each other once."""
        import numpy as np

        found = hashed(column.drop_null())
        if runs and found.size:
            new = np.append(True if self.last is None else found[0] != np.uint64(self.last), found[1:] != found[:-1])
            self.last = int(found[-1])
            found = found[new]
        self.kept.append(found)
        self.count += found.size
        if self.count > KEPT:
            self._spread()

    def _spread(self) -> None:
        import numpy as np

        self.folder = self.folder or tempfile.TemporaryDirectory(prefix=".jak-kg-")
        found = np.concatenate([np.empty(0, np.uint64), *self.kept])
        heap = (found >> np.uint64(56)).astype(np.uint8)
        try:
            for number in range(HEAPS):
                with Path(self.folder.name, str(number)).open("ab") as stream:
                    stream.write(found[heap == number].tobytes())
        except OSError as error:
            raise Problems([unwritable(self.folder.name, error)]) from None
        self.kept, self.count = [], 0

    def same(self) -> Any:
        """Return the hashes that are there twice, in order."""
        import numpy as np

        if self.folder is None:
            return _repeated(np.concatenate([np.empty(0, np.uint64), *self.kept]))
        self._spread()
        heaps = (np.fromfile(Path(self.folder.name, str(number)), np.uint64) for number in range(HEAPS))
        return np.concatenate([_repeated(heap) for heap in heaps])


def _repeated(found: Any) -> Any:
    import numpy as np

    found.sort()
    return np.unique(found[1:][found[1:] == found[:-1]])


def _twice(source: Source, layout: Layout, same: Any) -> dict[str, int]:
    """Return the patients that are there twice, and how often; Problems where they are too many to be patients."""
    import numpy as np
    import pyarrow

    found: Counter[str] = Counter()
    for batch in source.batches([layout.patient]) if same.size else ():
        if not batch.rows.num_rows:
            continue
        column = trimmed(batch.rows[layout.patient]).drop_null()
        found.update(column.filter(pyarrow.array(np.isin(hashed(column), same))).to_pylist())
        if found.total() > MOST:
            what = f"more than {MOST:,} rows are of patients that stand twice"
            remedy = "name the column that tells rows apart by --patient, or give each sample a table of its own"
            raise Problems([Problem(Place(source.name), what, remedy)])
    return {text: count for text, count in found.items() if count > 1}


def kinds(grounded: Grounded) -> list[str]:
    """Return the names that name no cytokine, each with what it is.

    >>> kinds({"Eotaxin": Known("ccl11", "CCL11", "chemokine", "")})
    ['Eotaxin (a chemokine)']
    """
    return [
        f"{shown(text)[1:-1]} ({one.what})"
        for text, one in grounded.items()
        if isinstance(one, Known) and one.kind != "Ligand"
    ]
