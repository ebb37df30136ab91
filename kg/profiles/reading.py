"""A sheet as the rows of a profile: what is of a cytokine, what it says, and what was passed over.

Three kinds of sheet are read: one row a name with its ratio; two levels of each name, as columns or as samples in rows
(``--ratio``); and a matrix of samples and cytokines (``--sample``, ``--ratio``).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from kg.model.errors import Place, Problem, Problems
from kg.profiles import columns as c
from kg.profiles import samples
from kg.profiles.choices import Reading
from kg.profiles.contents import with_points
from kg.profiles.found import Found
from kg.profiles.grounding import Known, Names
from kg.profiles.layout import LONG, SEVERAL, Layout, column, filtered, layout, listed
from kg.profiles.no_values import no_values, unread_significance
from kg.profiles.records import nested
from kg.profiles.sheet import Row, Sheet, of_text
from kg.profiles.spellings import Species
from kg.profiles.tabular import MANY, InputRow, json_of, shown, small, text_of, unpacked, yaml_of
from kg.profiles.understood import NAMED, Understood
from kg.profiles.values import NO_VALUE

NONE: Final[Mapping[str, str]] = MappingProxyType({})
SUFFIX: Final = re.compile(r"-(mRNA|protein)$", re.IGNORECASE)
"""What nSolver writes behind the name of a gene."""
MOST_NAMES: Final = 200_000
"""Different names in a table: no list of genes, probes or proteins of one experiment has more."""


def sheet_of(name: Path, data: bytes, problems: list[Problem], *, sheet: str | None = None) -> Sheet:
    r"""Return the sheet of a file in any format; the suffix tells it, or the content where there is none.

    Raises Problems for what is no sheet.

    >>> sheet_of(Path("a.csv"), b"cytokine,ratio\nIL-21,2\n", []).form
    'CSV'
    """
    data = unpacked(name, data)
    bare = name.with_suffix("") if name.suffix.lower() == ".gz" else name
    if data[:4] == b"PK\3\4":
        from kg.profiles import workbook

        return workbook.sheet_of(name, data, problems, sheet=sheet)
    text = text_of(name, data)
    kind = bare.suffix.lower().lstrip(".")
    start = text[:1000].lstrip()[:1]
    table = kind in ("csv", "tsv", "txt", "tab")
    if kind == "json" or (not table and kind not in ("yaml", "yml") and start in "{["):
        return nested(name, json_of(name, small(name, text)), problems, form="JSON")
    header = next((line for line in text[:100_000].splitlines() if line.strip() and not line.startswith("#")), "")
    if kind in ("yaml", "yml") or (not table and re.match(r"---|-\s|\w+:(\s|$)", header)):
        return nested(name, yaml_of(name, small(name, text)), problems, form="YAML")
    return of_text(name, text, problems, block=sheet)


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MANY:,} more" if len(names) > MANY else ""
    return ", ".join(shown(name)[1:-1] for name in names[:MANY]) + more


# --- from a sheet to rows ---------------------------------------------------------------------------------------------


def found_in(names: Names, sheet: Sheet, reading: Reading, problems: list[Problem]) -> Found:
    r"""Return what a sheet holds, as far as a user says how to read it; what is wrong is added to ``problems``.

    >>> import kg
    >>> sheet = of_text(Path("a.csv"), "gene,log2FC\nIL21,2\nKRT16,4\n", [])
    >>> found = found_in(kg.open().once(Names), sheet, Reading(), [])
    >>> [entry.cells["log2"] for entry in found.entries], found.understood.unknown_names
    (['2'], ('KRT16',))
    """
    sheet = filtered(sheet, reading, problems)
    plan = layout(sheet, reading, problems)
    species = reading.species or _species(names, sheet, plan, problems)
    found = _found_in(names.of(species), sheet, plan, reading, problems)
    found.understood = replace(found.understood, species=species)
    return found


def _species(names: Names, sheet: Sheet, plan: Layout, problems: list[Problem]) -> Species | None:
    """Return the mouse where names are spelt as its genes are, which is a problem as long as nobody says so."""
    given = list(sheet.header if plan.name is None else sheet.column(plan.name.number))
    if not names.murine(given):
        return None
    like = [name for name in dict.fromkeys(given) if names.murine([name])]
    what = f"names are spelt as genes of the mouse ({listed(like, 3)}), and routes and potencies here are human"
    remedy = "say --species mouse, which reads them by their human orthologues, or --species human"
    problems.append(Problem(sheet.place(sheet.line), what, remedy))
    return "mouse"


def _found_in(names: Names, sheet: Sheet, plan: Layout, reading: Reading, problems: list[Problem]) -> Found:
    """Return what a sheet holds once its columns and its species are known."""
    sheet = _of_contrast(sheet, plan, reading, problems)
    if reading.ratio is not None or reading.sample is not None:
        sheet = with_points(sheet, problems)
    if reading.ratio is not None:
        from kg.profiles.pairs import pairs

        return pairs(names, sheet, plan, reading, problems)
    from kg.profiles import matrix

    if reading.sample is not None or (not plan.values and matrix.is_wide(names, sheet, plan)):
        return matrix.found_in(names, sheet, plan, reading, problems)
    return _listed(names, sheet, plan, reading, problems)


def _of_contrast(sheet: Sheet, plan: Layout, reading: Reading, problems: list[Problem]) -> Sheet:
    """Return the rows of one contrast where a column names it."""
    if reading.contrast is None or plan.contrast or any(reading.contrast == one.header for one in plan.values):
        return sheet
    for one in plan.columns:
        if one.role == "contrast":
            return filtered(sheet, replace(reading, where=((one.header, reading.contrast),)), problems)
    return sheet


def _listed(names: Names, sheet: Sheet, plan: Layout, reading: Reading, problems: list[Problem]) -> Found:
    """Return what a list of names with a value each holds."""
    faults = len(problems)
    sheet = with_points(sheet, problems, [one.number for one in plan.read if one.role in c.NUMBERS])
    _check(names, sheet, plan, problems)
    problems += unread_significance(sheet, plan) if plan.values else ()
    found = start(sheet, plan, reading, problems)
    if plan.name is None or (len(problems) > faults and not plan.values):
        return found
    signed = _is_signed(sheet, plan)
    if signed:
        ratio = next(one.header for one in plan.values if one.role == "ratio")
        found.notes.append(f"{ratio} is signed: -2.5 was read as 1/2.5.")
    if any(one.role == "ln" for one in plan.values):
        ln = next(one.header for one in plan.values if one.role == "ln")
        found.notes.append(f"{ln} was read as a natural logarithm, as Seurat before version 4 writes it.")
    headers = {one.role: one.header for one in plan.read}
    rows = select(names, sheet, plan, found, problems)
    for line, cells, name in rows:
        entry = {one.role: cells[one.number] for one in plan.read if one is not plan.name}
        if found.whole:  # as Python's programs write a missing value
            entry = {role: "" if text.casefold() == "nan" else text for role, text in entry.items()}
        entry["cytokine"] = name
        found.entries.append(InputRow(sheet.place(line), entry, sheet.nested, headers, signed))
    beside = [one for one in plan.columns if one not in plan.read]
    others = [one for one in beside if not (one.role == "contrast" and reading.contrast)]
    taken = [(line, cells) for line, cells, _ in rows]
    everything = (found.whole and sheet.rows) or taken
    for one in others:  # of a short table of genes the rows that are read alone, but where the header says samples
        mine = everything if one.role in ("sample", "contrast") or len(everything) > LONG else taken
        found.problems += samples.several(sheet, [one], [cells[plan.name.number] for _, cells in mine], mine)
    found.understood = replace(found.understood, groups=samples.constant(plan.columns, taken))
    return found


def not_read(sheet: Sheet, ignored: Sequence[str]) -> list[str]:
    r"""Return the note on columns that were not read, none where there are none.

    >>> not_read(of_text(Path("a.csv"), "gene,log2FC,plate\n", []), ["plate"])
    ['Columns that were not read: plate.']
    """
    return [f"{'Keys' if sheet.nested else 'Columns'} that were not read: {_named(ignored)}."] if ignored else []


def start(
    sheet: Sheet, plan: Layout, reading: Reading, problems: list[Problem], *, also: Mapping[str, str] = NONE
) -> Found:  # fmt: skip
    r"""Return what a sheet holds before its rows are read: how its columns were understood.

    ``also`` are headers that are read beside those of the plan, with what they are read as.

    >>> sheet = of_text(Path("a.csv"), "gene,log2FC,plate\n", [])
    >>> start(sheet, layout(sheet, Reading(), []), Reading(), []).understood.ignored
    ('plate',)
    """
    used = {one.header: "gene" if one.role == "unnamed" else one.role for one in plan.read} | {**also}
    chosen = {column(sheet, name) for name, _ in reading.where}
    others = (one for one in plan.columns if one not in plan.read and one.number not in chosen)
    ignored = tuple(one.header for one in others if one.header and one.header not in also)
    statistic = next((plan.beside[role].header for role in ("statistic", "p") if role in plan.beside), None)
    said = list(sheet.said)
    if reading.comparator is not None:
        said.append((Place("--comparator"), reading.comparator))
    notes = [*sheet.notes, *plan.notes, *not_read(sheet, ignored)]
    understood = Understood(
        form=sheet.form, line=sheet.line, used=used, ignored=ignored, rows=len(sheet.rows), statistic=statistic,
        contrasts=plan.contrasts if len(plan.contrasts) > 1 else (), contrast=plan.contrast or None,
        where=dict(reading.where),
    )  # fmt: skip
    way = 'by a key "comparator" beside "signals"' if sheet.nested else "in a line '# comparator: own-uninvolved-skin'"
    numeric = [one.header for one in plan.columns if one.role == "level" and c.role(one.header)[0] == "comparator"]
    if numeric:
        way += f" (the column {numeric[0]} holds numbers, which are no comparator)"
    return Found(
        name=sheet.name, entries=[], said=said, notes=notes, problems=problems, understood=understood, sheet=sheet,
        layout=plan, remedy=f"say it once, by {{}} or {way}",
    )  # fmt: skip


def select(
    names: Names, sheet: Sheet, plan: Layout, found: Found, problems: list[Problem]
) -> list[tuple[int, list[str], str]]:
    r"""Return the rows that are of a cytokine, with its name; of a short list all, for there nothing is passed over.

    >>> import kg
    >>> sheet = of_text(Path("a.csv"), "gene,log2FC\nIL21,2\nKRT16,4\n", [])
    >>> plan = layout(sheet, Reading(), [])
    >>> select(kg.open().once(Names), sheet, plan, start(sheet, plan, Reading(), []), [])
    [(2, ['IL21', '2'], 'IL21')]
    """
    assert plan.name is not None  # noqa: S101 - asked only where rows have names
    at, symbols = plan.name.number, plan.genes
    found.whole = plan.symbols or len(sheet.rows) > LONG

    _check_names(sheet, plan.name, problems)
    find = cache(partial(names.find, place=HERE, gene=symbols))  # a name may stand in each of a million rows

    def is_name(name: str) -> bool:
        return find(SUFFIX.sub("", name)) is not None or (found.whole and " " not in name)

    mine = list(samples.of_one_table(sheet, plan.name, is_name, problems))
    if not found.whole:
        return [(line, cells, SUFFIX.sub("", cells[at])) for line, cells in mine]
    from kg.profiles.spreadsheet_dates import genes_of_date

    genes = cache(partial(genes_of_date, gene=symbols))
    kept: list[tuple[int, list[str], str]] = []
    unknown: list[str] = []
    dates: list[str] = []
    joint: list[str] = []
    faults: list[Problem] = []
    count = other = 0
    ids = _ensembl(plan, sheet)
    for line, cells, text in _named_rows(mine, plan.name, ids):
        if SEVERAL in text:
            known = [one for one in text.split(SEVERAL) if is_cytokine(names, one.strip(), gene=symbols)]
            joint += [text] if known else []
            count += 1
            continue
        one = find(text)
        if isinstance(one, Known) and one.kind == "Ligand":
            kept.append((line, cells, text))
            problems += _two_genes(names, sheet.place(line), text, cells[ids], one) if ids is not None else ()
        elif isinstance(one, Known):
            other += 1
        elif isinstance(one, Problem):
            faults.append(Problem(sheet.place(line), one.what, one.remedy))
        else:
            count += 1
            if dated := genes(text):
                dates.append(f"{text} of {dated}")
            elif len(unknown) <= NAMED:
                unknown.append(text)
    if len(sheet.rows) > LONG:
        found.notes += [f"Not read, because it is not clear what it names: {fault}." for fault in faults[:5]]
        count += len(faults)
    else:
        problems += faults
    _say(found, kept, other, count, unknown, dates, joint)
    if not kept and not other and not faults and not found.understood.where:
        problems.append(_none_known(sheet, plan, unknown))
    return kept


def _check_names(sheet: Sheet, name: c.Column, problems: Sequence[Problem]) -> None:
    if len({cells[name.number] for _, cells in sheet.rows}) > MOST_NAMES:
        what = f"the column {name.header} has more than {MOST_NAMES:,} different names"
        remedy = "leave out the rows of no gene and no protein"
        raise Problems([*problems, Problem(sheet.place(sheet.line), what, remedy)])


def _ensembl(plan: Layout, sheet: Sheet) -> int | None:
    """Return the number of a column of Ensembl identifiers beside the names, None where there is none."""
    for one in plan.columns:
        if one is not plan.name and one.role in ("unnamed", "identifier", "gene", "annotation", ""):
            cells = [cell for _, cell in zip(range(20), sheet.column(one.number), strict=False)]
            if cells and all(re.fullmatch(r"ENS[A-Z]*G\d{6,}(\.\d+)?", cell) for cell in cells):
                return one.number
    return None


def _two_genes(names: Names, place: Place, text: str, identifier: str, known: Known) -> list[Problem]:
    """Return the problem with a row whose name and identifier name two genes."""
    same = names.find(identifier, HERE, gene=True)
    if not isinstance(same, Known) or same.thing == known.thing:
        return []
    what = f"{shown(text)} and {shown(identifier)} ({same.label}) in one row are two genes"
    return [Problem(place, what, "give each row one gene: were the columns sorted apart?")]


def _named_rows(rows: Sequence[Row], name: c.Column, ids: int | None) -> Iterator[tuple[int, list[str], str]]:
    """Yield each row that has a name, with it; its identifier is one where no other stands there."""
    for line, cells in rows:
        text = cells[name.number]
        if ids is not None and text.casefold() in NO_VALUE:
            text = cells[ids]
        if text:
            yield line, cells, SUFFIX.sub("", text) if "-" in text else text


HERE: Final = Place("a row")


def is_cytokine(names: Names, text: str, *, gene: bool = False) -> bool:
    """Return whether a text names one cytokine; ``gene`` says that it stands among names of genes.

    >>> import kg
    >>> names = kg.open().once(Names)
    >>> is_cytokine(names, "IL-21"), is_cytokine(names, "GAPDH"), is_cytokine(names, "TPO", gene=True)
    (True, False, False)
    """
    found = names.find(text, HERE, gene=gene) if text else None
    return isinstance(found, Known) and found.kind == "Ligand"


def _say(
    found: Found, kept: Sequence[Any], other: int, count: int, unknown: Sequence[str], dates: Sequence[str],
    joint: Sequence[str],
) -> None:  # fmt: skip
    found.understood = replace(
        found.understood, known=len(kept), other=other, unknown=count, unknown_names=tuple(unknown[:NAMED])
    )
    if passed := count + other:
        rows = f"Of {passed + len(kept):,} rows {passed:,} {'is' if passed == 1 else 'are'} of no cytokine of the graph"
        some = f": {_named(unknown[:NAMED])}" if unknown and count <= NAMED else ""
        found.notes.append(f"{rows}, and {'was' if passed == 1 else 'were'} passed over{some}.")
    if dates:
        found.notes.append(f"A spreadsheet made dates of gene symbols: {_named(dates)}; no cytokine is lost by it.")
    if joint:
        found.notes.append(f"Rows of several genes at once were not read: {_named(joint)}.")


def _none_known(sheet: Sheet, plan: Layout, unknown: Sequence[str]) -> Problem:
    assert plan.name is not None  # noqa: S101 - asked only where rows have names
    header = plan.name.header or "the first column"
    what = f"none of the {len(sheet.rows):,} names in {header} is one that the graph knows ({listed(unknown, 3)})"
    if not sheet.rows:
        return Problem(Place(sheet.name), "there is a header and no row", "add a row for each cytokine")
    return Problem(sheet.place(sheet.line), what, "name the column of gene symbols or cytokines gene or cytokine")


def _check(names: Names, sheet: Sheet, plan: Layout, problems: list[Problem]) -> None:
    """Add what is wrong with the columns: no names, or no values, and what they could be."""
    headers = [header for header in sheet.header if header]
    place = sheet.place(sheet.line)
    if plan.name is None:
        if len(sheet.header) == 1 and _is_list(names, sheet):
            what = "this is a list of names without a value"
            remedy = "add a column direction with raised or lowered, as in gene,direction and IL21,raised"
            problems.append(Problem(place, what, remedy))
            return
        what = f"there is no column cytokine (the first line has {', '.join(map(shown, headers[:6]))})"
        problems.append(Problem(place, what, "name the columns in the first line, as in cytokine,ratio,comparator"))
    elif not plan.values:
        problems.append(Problem(place, *no_values(sheet, plan)))


def _is_list(names: Names, sheet: Sheet) -> bool:
    return any(is_cytokine(names, name) for name in (sheet.header[0], *sheet.column(0)))


# --- how numbers are written ------------------------------------------------------------------------------------------


def _is_signed(sheet: Sheet, plan: Layout) -> bool:
    """Return whether the ratios of a sheet are signed: some is <= -1, some >= 1, and none between -1 and 1."""
    for one in plan.values:
        if one.role != "ratio":
            continue
        least, most = 0.0, 0.0
        for cell in sheet.column(one.number):
            try:
                value = float(cell.replace("\N{MINUS SIGN}", "-"))
            except ValueError:
                continue
            if -1 < value < 1:
                return False
            least, most = min(least, value), max(most, value)
        return least <= -1 and most >= 1
    return False
