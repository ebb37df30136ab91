"""Samples are never pooled: which columns tell patients, visits, clusters or tissues apart.

A column does so by its header, or by what its cells say; in a short list each that differs does, unless it is known to
describe the assay or the gene, or holds measurements.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import islice
from typing import Final

from kg.model.errors import Problem
from kg.profiles import columns as c
from kg.profiles.columns import Column, plain
from kg.profiles.contents import numbers
from kg.profiles.layout import LONG, listed
from kg.profiles.sample_words import says
from kg.profiles.sheet import Row, Sheet
from kg.profiles.tabular import shown
from kg.profiles.values import DIRECTIONS, NO_VALUE

FEW: Final = 20
"""Values of a whole table that can be those of samples."""
SIGNIFICANCE: Final = frozenset(
    "significant|non-significant|nonsignificant|not significant|ns|n.s.|*|**|***|****".split("|")
)
MARKS: Final = SIGNIFICANCE | frozenset(
    """true|false|yes|no|pass|fail|ok|warn|warning|+|-|0|1|high|low|medium|qualified""".split("|")
)
"""Words of a column that marks the genes of a whole table."""
MARKED: Final = SIGNIFICANCE | frozenset(
    """up down up-regulated down-regulated upregulated downregulated increased decreased raised lowered elevated reduced
    induced repressed ↑ ↓""".split()
)
"""Words of a column that marks rows, and tells no samples apart, whatever its header."""
FREE: Final = frozenset("comment comments note notes remark remarks bemerkung source method kit panel unit".split())
FREE_HEADERS: Final = frozenset(("sample type", "reference"))
"""Headers of free text: a single word of a tissue counts there."""
WELLS: Final = frozenset("well wells position location spot".split())
WELL: Final = re.compile(r"(\d+\()?(\d+,)?[A-P]\d{1,2}\)?")
RUNNING: Final = frozenset("n nr no number rank index count counts reads row order rang lfd pos".split())
"""Words of a header under which whole numbers count rows or reads."""
LEVELED: Final = frozenset(
    """nl ls les hc nonlesional lesional lesion healthy normal control ctrl mean median avg average sd sem min max pg
    mfi level levels baseline""".split()
)
"""Words of a header under which whole numbers are levels."""
DESCRIBING: Final = frozenset(
    """unit units einheit panel method kit lot qc flag warning chromosome chr description title significance
    signif significant threshold platform alternative detection range limit uniprot olinkid accession biotype strand
    ensembl entrez refseq hgnc evidence""".split()
)
"""Words of a header that describes the assay or the gene."""
IDENTIFIER: Final = re.compile(
    r"""(?!P\d{5}$)([OPQ]\d[A-Z\d]{3}\d|[A-NR-Z]\d([A-Z][A-Z\d]{2}\d){1,2})|ENS[A-Z]*[GTP]\d{6,}(\.\d+)?|OID\d{4,}|
    (HGNC|MGI|NCBIGene|UniProtKB|CHEMBL|PR|GO|CHEBI):?\d+|[XN][MRP]_\d+(\.\d+)?(:\d+)?|[\w.]+_at|ILMN_\d+|A_\d+_P\d+|
    TC\w{8,}|MSTRG\.\d+|(Hs|Mm|Rn)\d{6,}_\w+""",
    re.VERBOSE,
)
"""What identifies a gene, a protein, a transcript or a probe."""
MEASURE: Final = re.compile(
    r"(?=[\d.,\s±%()\[\]<>;/\N{EN DASH}-]*?(?:\d\.\d|±|%))[\d.,\s±%()\[\]<>;/\N{EN DASH}-]*+(to [\d.\s)\]]+)?"
)
"""A measurement with its interval or error, or a percentage."""
OTHER: Final = ("", "name", "unnamed", "annotation")
"""Roles of a column that is not known to be read, nor to tell samples apart."""
REMEDY: Final = "take one by --where {0}, answer each by --by {1}, or delete the column if it tells no samples apart"


def several(sheet: Sheet, columns: Sequence[Column], names: Sequence[str], rows: Sequence[Row]) -> Iterator[Problem]:
    r"""Yield a problem for each column that tells samples apart and has several values in rows.

    ``columns`` are those that are not read as anything else, ``names`` has what each row is of.

    >>> from pathlib import Path
    >>> from kg.profiles import columns
    >>> from kg.profiles.sheet import of_text
    >>> sheet = of_text(Path("a.csv"), "initials,cytokine,ratio\nAM,IL-21,2\nJK,OSM,3\n", [])
    >>> (found,) = several(sheet, columns.of(sheet.header)[:1], ["IL-21", "OSM"], sheet.rows)
    >>> found.what
    "the column initials has several values, and samples are never pooled: 'AM', 'JK'"
    """
    for one in columns:
        cells = [cells[one.number] for _, cells in rows]
        folded = {cell.casefold(): cell for cell in reversed(cells)}
        values = [cell for cell in dict.fromkeys(cells) if folded[cell.casefold()] == cell]
        values = [cell for cell in values if cell.casefold() not in NO_VALUE]
        said = one.role in ("sample", "contrast")
        if len(values) > 1 and (said or _tells(one, cells, values, names, len(rows))):
            yield _refused(sheet, one, values)
        blank = sum(cell.casefold() in NO_VALUE for cell in cells)
        if blank and len(values) == 1 and len(rows) <= LONG and (said or says(values[0])):
            what = f"the column {one.header or one.number + 1} is empty in {blank} of {len(rows)} rows, and samples "
            remedy = "fill it in every row; delete the column if it tells no samples apart"
            yield Problem(sheet.place(sheet.line), f"{what}are never pooled: {listed(values)}", remedy)


def _refused(sheet: Sheet, one: Column, values: Sequence[str]) -> Problem:
    title = one.header or f"number {one.number + 1}, which has no header,"
    what = f"the column {title} has several values, and samples are never pooled: {listed(values)}"
    if one.role == "contrast":
        remedy = f"choose one, as in --contrast {shown(values[0])}, or answer each by --by {one.header}"
    elif not one.header:
        remedy = "give it a header, such as patient, then take one by --where; delete it if it tells no samples apart"
    else:
        pair = f"{one.header}={values[0]}"
        remedy = REMEDY.format(
            repr(pair) if " " in pair else pair, repr(one.header) if " " in one.header else one.header
        )
    return Problem(sheet.place(sheet.line), what, remedy)


def of_one_table(
    sheet: Sheet, name: Column, known: Callable[[str], bool], problems: list[Problem]
) -> Iterator[Row]:  # fmt: skip
    r"""Yield the rows of a sheet; a second header, or a line that stands alone as a heading, is added to ``problems``.

    ``known`` says whether a text names a cytokine or a gene, which may stand alone.

    >>> from pathlib import Path
    >>> from kg.profiles import columns
    >>> from kg.profiles.sheet import of_text
    >>> sheet = of_text(Path("a.csv"), "cytokine,ratio\nIL-21,2\nPatient: P02,\nOSM,3\n", [])
    >>> problems = []
    >>> rows = list(of_one_table(sheet, columns.of(sheet.header)[0], {"IL-21", "OSM"}.__contains__, problems))
    >>> len(rows), problems[0].what
    (2, "'Patient: P02' stands alone, as the heading of another sample does: several tables are in one file")
    """
    several = "several tables are in one file"
    remedy = "keep one of them in the file, or write the sample of each row in a column of its own, such as patient"
    header = [title.casefold() for title in sheet.header]
    title = header[name.number]
    heads = cache(partial(_heads, known=known))
    for line, cells in sheet.rows:
        if cells[name.number].casefold() == title and sum(map(_same, cells, header)) > 1:
            problems.append(Problem(sheet.place(line), f"a second header stands among the rows: {several}", remedy))
        elif len(cells) > 1 and cells[0] and not any(cells[1:]) and heads(cells[0]):
            what = f"{shown(cells[0])} stands alone, as the heading of another sample does: {several}"
            problems.append(Problem(sheet.place(line), what, remedy))
        else:
            yield line, cells


def _same(cell: str, title: str) -> bool:
    return bool(title) and cell.casefold() == title


def _heads(text: str, known: Callable[[str], bool]) -> bool:
    return says(text) or bool(set(plain(text).split()) & c.SAMPLES) or not known(text)


def constant(columns: Sequence[Column], rows: Sequence[Row]) -> dict[str, str]:
    """Return the columns that tell samples apart by their header, with their one value.

    >>> constant([Column(0, "visit", "sample")], [(2, ["week 4", "2"])])
    {'visit': 'week 4'}
    """
    found = {}
    for one in columns:
        if one.role in ("sample", "contrast"):
            values = set(filter(None, (cells[one.number] for _, cells in rows)))
            if len(values) == 1:
                found[one.header] = values.pop()
    return found


def _tells(one: Column, cells: Sequence[str], values: Sequence[str], names: Sequence[str], rows: int) -> bool:
    """Return whether a column whose header says nothing of samples tells them apart."""
    words = frozenset(plain(one.header).split())
    if _say_samples(values, words, plain(one.header)):
        return True
    described = (one.role == "annotation" and "reference" not in words) or bool(words & DESCRIBING)
    if one.role in OTHER and _parts(cells, values, names):
        return True
    if one.role == "level":  # of a lesion: lesions 1 and 2 are no levels
        return c.role(one.header)[0] == "sample" and all(re.fullmatch(r"\d", value) for value in values)
    if one.role not in OTHER or described:
        return False
    if rows > LONG:
        return _partitions(cells, values, names)
    if numbers(values):
        return not _measured(cells, values, words or {"index"})
    if (
        {value.casefold() for value in values} <= MARKED
        or all(map(MEASURE.fullmatch, values))
        or all(IDENTIFIER.fullmatch(value) for value in values)
    ):
        return False
    return not all(_spells(cell, name) for cell, name in zip(cells, names, strict=True))


def _say_samples(values: Sequence[str], words: frozenset[str], header: str) -> bool:
    """Return whether at least two values say that they are of a patient, a visit, a tissue or a body site."""
    if words & WELLS and all(WELL.fullmatch(value) for value in values):
        return False
    free = bool(words & FREE) or header in FREE_HEADERS
    said = sum(says(value, free=free) for value in islice(values, LONG))
    return said > 1 and 2 * said >= min(len(values), LONG)


def _measured(cells: Sequence[str], values: Sequence[str], words: Iterable[str]) -> bool:
    """Return whether numbers of a short list are measured or counted, not codes of patients."""
    filled = [cell for cell in cells if cell.casefold() not in NO_VALUE]
    if any("." in cell or "," in cell or "e" in cell.casefold() or cell[:1] in "<>-" for cell in filled):
        return min(Counter(filled).values()) < 2
    if set(words) & LEVELED and any(len(value) > 1 for value in values):
        return True
    if set(words) & RUNNING:
        return len(values) == len(filled)
    lengths = {len(value) for value in values}
    return len(values) == len(filled) and len(lengths) > 1 and max(lengths) > 2 and not any(v[0] == "0" for v in values)


def _spells(cell: str, name: str) -> bool:
    """Return whether a cell is the name of its row again, as row names that were made unique are."""
    said, known = plain(cell).replace(" ", ""), plain(name).replace(" ", "")
    return not said or (said.startswith(known) and said.removeprefix(known).isdigit()) or said == known


def _parts(cells: Sequence[str], values: Sequence[str], names: Sequence[str]) -> bool:
    """Return whether most names stand again under another of a few values, as those of two plates do."""
    words = {value.casefold() for value in values}
    if len(values) > min(FEW, len(cells) / 2) or words <= {*DIRECTIONS, *SIGNIFICANCE}:
        return False
    if numbers(values) and (len(words) > 4 or any("." in value for value in values)):
        return False
    stands: dict[str, list[str]] = {}
    for name, cell in zip(names, cells, strict=True):
        stands.setdefault(name, []).append(cell)
    again = [found for found in stands.values() if len(found) > 1]
    apart = sum(len(set(found)) == len(found) for found in again)
    if words <= MARKS and 10 * apart < 9 * len(again):  # probes of a gene, some of them marked
        return False
    return len(again) > 1 and sum(map(len, again)) > len(names) / 2 and apart > 0


def _partitions(cells: Sequence[str], values: Sequence[str], names: Sequence[str]) -> bool:
    """Return whether a column of a whole table tells clusters or contrasts apart: genes recur, or a few words do."""
    words = {value.casefold() for value in values}
    filled = [cell for cell in cells if cell.casefold() not in NO_VALUE]
    if len(values) > len(filled) / 2:  # identifiers, measurements
        return False
    again = Counter(names)
    recurring = sum(count for count in again.values() if count > 1)
    if recurring >= len(names) / 2:
        return not (words <= MARKS or words <= {*DIRECTIONS, *MARKS}) and _explains(cells, names)
    if words <= MARKS or words <= {*DIRECTIONS, *MARKS}:
        return False
    if any("." in cell or "e" in cell.casefold() for cell in filled) and numbers(filled):
        return False
    return len(values) <= FEW and (not numbers(values) or _explains(cells, names))


def _explains(cells: Sequence[str], names: Sequence[str]) -> bool:
    """Return whether the rows of a name that recurs differ in a column."""
    found: dict[str, set[str]] = {}
    for name, cell in zip(names, cells, strict=True):
        found.setdefault(name, set()).add(cell)
    again = Counter(names)
    return any(len(values) > 1 for name, values in found.items() if again[name] > 1)


def apart(rows: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield each label whose values differ, with these as a phrase.

    >>> list(apart({"time observed": ["2024-01-01", "2024-09-01"], "site": ["arm", "arm"]}))
    [('time observed', "'2024-01-01', '2024-09-01'")]
    """
    for label, values in rows.items():
        if len(set(filter(None, values))) > 1:
            yield label, listed(values)
