"""Signatures that a user has: a matrix of genes and cytokines, whose columns say how each gene responds to a cytokine.

A signature of our own is not shipped. Each column becomes a footprint as that of a pathway is one, and the columns are
each other's rivals.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.model.errors import Place, Problem, Problems
from kg.model.files import read_bytes
from kg.profiles import target_genes
from kg.profiles.activity import Footprints
from kg.profiles.gene_table import FAULTS, number
from kg.profiles.grounding import Known, Names
from kg.profiles.reading import sheet_of
from kg.profiles.tabular import LARGEST, shown
from kg.sparql.graph import OpenGraph

WIDEST: Final = 300
"""Columns: no matrix of signatures has more."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """The footprints of a matrix, and the cytokine of each column that names one; other columns are rivals alone."""

    footprints: Footprints
    cytokines: Mapping[str, Known]
    notes: tuple[str, ...]


def read(graph: OpenGraph, file: Path) -> Signatures:
    r"""Return the signatures of a file: the first column has the genes, each other one a cytokine and its weights.

    An empty cell and NA are no weight, as 0 is. Raises Problems where it is no such matrix, a weight is no number, a
    gene stands twice, or two columns are of one cytokine.

    >>> import kg, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "mine.csv").write_text("gene,IFNG,IL-4,BMP2\nSTAT1,3.1,0,\nCCL26,0,2.5,0\nID1,,,4\n")
    ...     found = read(kg.open(), Path(folder, "mine.csv"))
    >>> found.footprints.weights[0], {name: one.thing for name, one in found.cytokines.items()}
    ({'STAT1': 3.1}, {'IFNG': 'ifng', 'IL-4': 'il4'})
    >>> found.notes
    ('Columns of the signatures that name no cytokine of the graph, and count as rivals alone: BMP2.',)
    """
    problems: list[Problem] = []
    sheet = sheet_of(file, read_bytes(file, largest=LARGEST), problems)
    if sheet.nested or len(sheet.header) < 2:
        what = "this is no matrix of genes and cytokines"
        raise Problems(
            [Problem(Place(file), what, "give a table: genes in the first column, a cytokine in each other")]
        )
    names = sheet.header[1:]
    head = sheet.place(sheet.line)
    if len(names) > WIDEST:
        what = f"{len(names):,} columns: samples, not signatures?"
        raise Problems([Problem(head, what, f"give at most {WIDEST} cytokines")])
    problems += [Problem(head, f"two columns are {shown(name)}", "keep one") for name in _twice(names)]
    problems += [Problem(head, "a column has no header", "name its cytokine, or delete it")] * ("" in names)
    weights: dict[str, dict[str, float]] = {name: {} for name in names}
    lines: dict[str, int] = {}
    for line, (text, *cells) in sheet.rows:
        gene = target_genes.shipped().gene(text)
        if lines.setdefault(gene, line) != line:
            what = f"the gene {shown(text)} stands in line {lines[gene]}, too"
            problems.append(Problem(sheet.place(line), what, "keep one row a gene"))
            continue
        for name, cell in zip(names, cells, strict=True):
            value = number(cell)
            if isinstance(value, str):
                problems.append(Problem(sheet.place(line), f"{name} {shown(cell)} is not a number", value))
            elif value:
                weights[name][gene] = value
    if len(names) > len(lines):
        what = f"{len(lines):,} genes for {len(names):,} columns: too few to tell them apart"
        problems.append(Problem(Place(file), what, "give genes as rows and cytokines as columns"))
    problems += [Problem(head, f"{name} has no weight", "delete the column") for name in names if not weights[name]]
    cytokines, notes = _cytokines(graph, sheet.name, names, problems)
    if problems:
        raise Problems(problems[:FAULTS])
    footprints = Footprints(str(file), names, tuple(weights[name] for name in names), target_genes.shipped().known)
    return Signatures(footprints, cytokines, (*sheet.notes, *notes))


def _twice(names: tuple[str, ...]) -> list[str]:
    return sorted({name for name in names if name and names.count(name) > 1})


def _cytokines(
    graph: OpenGraph, file: Path, names: tuple[str, ...], problems: list[Problem]
) -> tuple[dict[str, Known], list[str]]:
    """Return the cytokine of each column that names one, and a note on the others."""
    known = graph.once(Names)
    found: dict[str, Known] = {}
    columns: dict[str, str] = {}
    others: list[str] = []
    unclear: list[str] = []
    for name in filter(None, names):
        one = known.find(name, Place(file))
        if isinstance(one, Problem):
            unclear.append(f"{name} ({one.what})")
        elif one is None or one.kind != "Ligand":
            others.append(name)
        elif columns.setdefault(one.thing, name) != name:
            what = f"the columns {shown(columns[one.thing])} and {shown(name)} are both {one.label}"
            problems.append(Problem(Place(file), what, "keep one"))
        else:
            found[name] = one
    notes = []
    if others:
        listed = ", ".join(others[:FAULTS]) + (f" and {len(others) - FAULTS} more" if len(others) > FAULTS else "")
        notes.append(
            f"Columns of the signatures that name no cytokine of the graph, and count as rivals alone: {listed}."
        )
    if unclear:
        notes.append(
            f"Columns of the signatures whose name is not clear, and count as rivals alone: {'; '.join(unclear)}."
        )
    return found, notes
