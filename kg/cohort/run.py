"""A table of patients in, their drugs in order out: the whole of ``kg cohort`` and of ``KnowledgeGraph.cohort``."""

import hashlib
import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from kg.answers.ranking import of_this_edition
from kg.calculus.mechanism import DEFAULT, Settings
from kg.cohort import counts, results, sample
from kg.cohort import summary as summaries
from kg.cohort.blocks import blocks
from kg.cohort.folder import Folder, printed
from kg.cohort.gathered import gathered
from kg.cohort.layout import Choice, Layout, layout
from kg.cohort.patients import Block, Reading, Rejected
from kg.cohort.progress import Progress
from kg.cohort.source import Source, of
from kg.cohort.survey import Survey, kinds, survey
from kg.model import temporary
from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import EDITION
from kg.profiles.grounding import Known, Names
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import frames

if TYPE_CHECKING:
    import pandas
    import polars

    from kg.calculus.array_tables import Tables

SIZE: Final = 1 << 14
"""Rows of a part where a patient is a row, and"""
SIZE_OF_LONG: Final = 1 << 18
"""where a measurement is one."""
TOGETHER: Final = 2
"""Parts that are computed at the same time: what they need fits into 600 MB together."""
TOP: Final = 3
"""Drugs of each group that are kept."""
SYSTEMIC: Final = ("systemic",)
TOLD: Final = 5
"""Kinds of rejected rows that are told where no row can be answered."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The answers for a cohort: the folder that they are in, and their summary.

    ``answers`` is a folder of Parquet parts, as pandas, polars, DuckDB and Spark read it.
    """

    folder: Path
    summary: Mapping[str, Any]

    @property
    def answers(self) -> Path:
        """The folder of the parts.

        >>> Cohort(Path("out"), {}).answers.name
        'answers'
        """
        return self.folder / "answers"

    def to_frame(self) -> "pandas.DataFrame | polars.DataFrame":
        """Return all answers as a data frame of pandas, else of polars; Problems where neither is installed."""
        from pyarrow import dataset

        makes = frames()
        table = dataset.dataset(self.answers).to_table()
        if makes == "pandas":
            return table.to_pandas()  # type: ignore[no-any-return]
        import polars

        return polars.from_arrow(table)  # type: ignore[return-value]

    def _repr_html_(self) -> str:
        from kg.document import html

        return html.fragment(summaries.document(self.summary))

    def __repr__(self) -> str:
        return f"<Cohort: {self.folder}, {self.summary['patients']:,} patients>"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What a run needs at each part."""

    source: Source
    layout: Layout
    survey: Survey
    tables: "Tables"
    others: tuple[str, ...]
    reading: Reading
    settings: Settings
    top: int
    groups: tuple[str, ...]
    about: Mapping[str, Any]


def run(
    graph: OpenGraph,
    given: object,
    output: Path,
    *,
    choice: Choice,
    settings: Settings = DEFAULT,
    top: int = TOP,
    every: bool = False,
    strict: bool = False,
    size: int | None = None,
    out: TextIO | None = None,
) -> Cohort:
    """Answer for every patient of a table, and write that to a folder.

    ``top`` drugs of each group are kept, of those approved for systemic use alone unless ``every`` is given; ``size``
    rows are one part. A row that cannot be answered is written apart, or with ``strict`` ends it all. What was killed
    goes on where it was. ``out`` is told how far it is. Raises Problems.

    >>> import kg, tempfile, pyarrow
    >>> table = pyarrow.table({"patient": ["P1", "P2"], "IL-21": [4.0, 1.0]})
    >>> with tempfile.TemporaryDirectory() as name:
    ...     choice = Choice(comparator="healthy skin", scale="ratio")
    ...     found = run(kg.open(), table, Path(name), choice=choice, top=1)
    ...     found.to_frame()[["patient", "drug", "reason"]].to_csv(index=False).split()
    ['patient,drug,reason', 'P1,tofacitinib,blocked', 'P2,,nothing', 'raised']
    """
    plan = _planned(graph, of(given), output, choice, settings, top=top, every=every)
    size = size or (SIZE if plan.layout.wide else SIZE_OF_LONG)
    identity = {**plan.about, "rows_of_a_part": size}
    folder = Folder(output, identity)
    if output.is_file():
        raise Problems([Problem(Place(output), "this is a file", "name a new folder")])
    new = not output.exists()
    folder.begin()
    with temporary.alone(output):
        if not folder.begin():
            _go_on(plan, folder, strict=strict, size=size, out=out, new=new)
            _finish(graph, plan, folder)
    from kg.model.files import read_text

    return Cohort(output, json.loads(read_text(output / "summary.json")))


def _planned(
    graph: OpenGraph, source: Source, output: Path, choice: Choice, settings: Settings, *, top: int, every: bool
) -> _Plan:  # fmt: skip
    from kg.calculus.array_tables import Tables
    from kg.calculus.potency import GROUPS

    of_this_edition(graph)
    names = graph.once(Names)
    found = layout(names, source.name, source.schema, choice)
    looked = survey(names, source, found, choice.comparator, choice.ignore)
    digest = source.digest()
    if looked.scattered:
        source = gathered(source, found.patient, looked.rows, output)
    known = {one.cytokine for one in found.columns}
    known |= {one.thing for one in looked.names.values() if isinstance(one, Known) and one.kind == "Ligand"}
    if not known:
        raise Problems(
            [Problem(Place(source.name), "no name is that of a cytokine", "name each cytokine by a usual name")]
        )
    ligands = {row["thing"]: row for row in graph.rows("names_of_cytokines") if row["kind"] == "Ligand"}
    counting = (name for name, row in ligands.items() if row["jak"] not in ("no", "part"))
    tables = Tables.of(graph.mechanism, settings, cytokines=counting)
    others = tuple(sorted(known - set(tables.cytokines)))
    pairs = [(row["family"], row["member"]) for row in graph.rows("members_of_families")]
    reading = Reading(
        found, (*tables.cytokines, *others), looked.names, looked.twice,
        tuple(pair for pair in pairs if set(pair) <= known), {name: row["label"] for name, row in ligands.items()},
    )  # fmt: skip
    version = graph.rows("graph_version")[0]
    about = {
        "made_by": "kg cohort",
        "edition": EDITION,
        "graph": {"version": version["version"], "digest": version["digest"]},
        "settings": {
            name: value if isinstance(value, bool) else str(value) for name, value in asdict(settings).items()
        },
        "input": {"digest": digest, "form": source.form, "rows": looked.rows},
        "comparator": looked.comparator[0],
        "columns": {
            key: value
            for key, value in asdict(found).items()
            if key in ("patient", "scale", "name", "value", "direction", "ignored") and value
        },
        "top": top,
        "groups": list(GROUPS if every else SYSTEMIC),
    }
    return _Plan(
        source=source, layout=found, survey=looked, tables=tables, others=others, reading=reading, settings=settings,
        top=top, groups=tuple(GROUPS) if every else SYSTEMIC, about=about,
    )  # fmt: skip


def _go_on(plan: _Plan, folder: Folder, *, strict: bool, size: int, out: TextIO | None, new: bool) -> None:
    """Write the parts that are not written yet."""
    done = list(folder.parts())
    row, start = sum(part["rows"] for part in done), done[-1]["end"] if done else 0
    progress = Progress(plan.survey.rows, out)
    progress.from_(row)
    if row == plan.survey.rows:  # also of a text that ends in broken rows, which no row follows
        return
    begun: deque[tuple[Block, Future[tuple[bytes, bytes, dict[str, Any]]]]] = deque()
    number = len(done)

    def commit() -> None:
        nonlocal number, row
        block, part = begun.popleft()
        folder.commit(number, *part.result())
        number, row = number + 1, row + block.rows
        progress.at(row)

    made = blocks(plan.source, plan.reading, size=size, start=start)
    with ThreadPoolExecutor(TOGETHER) as workers, closing(made):
        for block in made:
            if strict and block.rejected:
                made.close()  # what it gathered in the folder is gone
                if new and not number:
                    folder.clear()
                raise Problems(_problems(plan.source.name, block.rejected))
            begun.append(
                (block, workers.submit(_part, plan, block, number + len(begun), ceil(plan.survey.rows / size)))
            )
            if len(begun) >= TOGETHER:
                commit()
        while begun:
            commit()


def _part(plan: _Plan, block: Block, number: int, parts: int) -> tuple[bytes, bytes, dict[str, Any]]:
    """Return a part: the answers, the rejected rows, and the counts."""
    from kg.calculus import array_ranking, arrays

    count = len(plan.tables.cytokines)
    directions, q = (None if one is None else one[:, :count] for one in (block.directions, block.q))
    scale: arrays.Scale = "log2" if plan.layout.scale == "log2" else "ratio"
    found = arrays.measured(plan.tables, block.values[:, :count], scale=scale, directions=directions, q=q)
    ranked = array_ranking.rank(plan.tables, found, top=plan.top, groups=plan.groups)
    answers = results.written(results.table(plan.tables, ranked, block.patients), plan.about)
    counted = counts.counted(plan.tables, block, found, ranked, plan.others)
    counted["sample"] = sample.sampled(
        plan.tables, block, found, sample.places(number, parts, len(block.patients)), log=scale == "log2"
    )
    counted |= {"end": block.end, "sha256": hashlib.sha256(answers).hexdigest()}
    return answers, results.written(_rejected(block.rejected), plan.about), counted


def _rejected(rows: Sequence[Rejected]) -> Any:
    import pyarrow

    return pyarrow.table(
        {
            "row": pyarrow.array([row.number for row in rows], pyarrow.int64()),
            "patient": pyarrow.array([row.patient for row in rows], pyarrow.string()),
            "reason": pyarrow.array([row.reason for row in rows], pyarrow.string()),
        }
    )


def _problems(name: str, rows: Sequence[Rejected]) -> Iterator[Problem]:
    for row in rows:
        what, _, remedy = row.reason.partition(": ")
        yield Problem(Place(f"{name}: row {row.number}"), what, remedy or "mend the row")


def _finish(graph: OpenGraph, plan: _Plan, folder: Folder) -> None:
    """Write what all parts say together, and that all is done; Problems where nothing could be answered."""
    parts = list(folder.parts())
    total = counts.together(
        {key: value for key, value in part.items() if key not in ("end", "sha256", "sample")} for part in parts
    )
    if not total["patients"]:
        every = sorted(total["reasons"].items(), key=lambda one: (-one[1], one[0]))[:TOLD]
        folder.clear()
        why = "; ".join(f"{reason} ({count:,} rows)" for reason, count in every)
        what = f"no row can be answered, all {total['rows_rejected']:,} have faults ({why})"
        raise Problems([Problem(Place(plan.source.name), what, "see the faults of each row by --strict")])
    if not total["states"]:
        folder.clear()
        what = f"nothing is measured: all values of {total['patients']:,} patients are empty"
        raise Problems([Problem(Place(plan.source.name), what, "give ratios to the comparator")])
    codebook = results.codebook(graph, plan.tables)
    found = summaries.summary(total, plan.about, {"leading": dict(plan.reading.labels)}, _notes(plan))
    from kg.document import html

    folder.rejected()
    folder.save("codebook.json", printed(codebook))
    folder.save("summary.json", printed(found))
    folder.save("sample.json", json.dumps([one for part in parts for one in part["sample"]]).encode())
    folder.save("summary.html", (html.page(summaries.document(found)) + "\n").encode())
    folder.finish(len(parts))


def _notes(plan: _Plan) -> list[str]:
    notes = []
    if ignored := plan.layout.ignored:
        notes.append(f"Columns that were not read: {', '.join(ignored)}.")
    if excluded := [*plan.layout.excluded, *kinds(plan.survey.names)]:
        notes.append(
            f"Known, and excluded from the score, as no ligand of a receptor with a JAK: {', '.join(excluded)}."
        )
    return notes
