"""The target genes of pathways that the package carries: PROGENy's weights, from the tables of facts.

The 1,400 weights are not in the graph, which opens faster without them: they are read where a table of genes is asked.
``kg check`` holds the tables to their form, so that nothing is checked here.

>>> shipped().names[:3], len(shipped().weights)
(('Androgen', 'EGFR', 'Estrogen'), 14)
"""

from functools import cache
from pathlib import Path

from kg.profiles.activity import Footprints
from kg.rdf.store import folder


@cache
def shipped() -> Footprints:
    """Return the footprints of the shipped facts.

    >>> weights = shipped()
    >>> weights.gene("DDX58"), weights.gene("ENSG00000107201.14"), weights.gene("KRT16")
    ('RIGI', 'RIGI', 'KRT16')
    """
    return read(folder("ontology") / "facts")


def read(facts: Path) -> Footprints:
    """Return the footprints of a folder of facts; a gene has the last symbol that is known of it.

    >>> weights = read(folder("ontology") / "facts")
    >>> weights.weights[weights.names.index("JAK-STAT")]["RIGI"]
    12.9654
    """
    pathways = _rows(facts / "pathways.tsv")
    labels = {row["id"]: row["label"].removesuffix(" pathway") for row in pathways}
    found: dict[str, dict[str, float]] = {name: {} for name in labels}
    known: dict[str, str] = {}
    for row in _rows(facts / "target_genes.tsv"):
        gene = row["symbol"] or row["gene"]
        found[row["pathway"]][gene] = float(row["weight"])
        others = (row["gene"], row["gene"].upper(), row["ncbi_gene"], *row["ensembl"].split(";"))
        known |= dict.fromkeys(filter(None, others), gene)
    source = "; ".join(dict.fromkeys(row["obtained_from"] for row in pathways))
    return Footprints(source, tuple(labels.values()), tuple(found.values()), known)


def _rows(file: Path) -> list[dict[str, str]]:
    header, *lines = file.read_text(encoding="utf-8").splitlines()
    columns = header.split("\t")
    return [dict(zip(columns, line.split("\t"), strict=True)) for line in lines if line]
