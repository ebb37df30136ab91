r"""What is wrong with a table in which no column says what became of a cytokine, and what its columns could be.

>>> from pathlib import Path
>>> from kg.profiles.choices import Reading
>>> from kg.profiles.layout import layout
>>> from kg.profiles.sheet import of_text
>>> sheet = of_text(Path("a.csv"), "gene,inverse ratio\nIL21,2\n", [])
>>> no_values(sheet, layout(sheet, Reading(), []))[1][:33]
"'inverse ratio' was not read: nam"
"""

from collections.abc import Iterator
from typing import Final

from kg.model.errors import Problem
from kg.profiles import columns as c
from kg.profiles.columns import plain
from kg.profiles.contents import numbers
from kg.profiles.layout import Layout
from kg.profiles.sheet import Sheet
from kg.profiles.tabular import shown

OF_P: Final = frozenset("p pval pvalue padj fdr q qval qvalue significance signif".split())
"""Words of a header of significance."""
WHAT: Final = "there is no column ratio, log2 or direction"


def no_values(sheet: Sheet, plan: Layout) -> tuple[str, str]:
    r"""Return what is wrong where there is no column of values, and the remedy by what is there.

    >>> from pathlib import Path
    >>> from kg.profiles.choices import Reading
    >>> from kg.profiles.layout import layout
    >>> from kg.profiles.sheet import of_text
    >>> sheet = of_text(Path("a.csv"), "gene\nIL21\n", [])
    >>> no_values(sheet, layout(sheet, Reading(), []))[0]
    'there is no column ratio, log2 or direction'
    """
    remedy = "add a column ratio: lesion divided by comparator, 2.33 for 233 %"
    percent = [one.header for one in plan.columns if "%" in one.header or "percent" in one.header.casefold()]
    if percent:
        return f"the column {shown(percent[0])} is in percent", remedy
    if len(sheet.header) == 1 or (plan.name and all(one is plan.name for one in plan.columns if one.header)):
        return WHAT, "add a column direction with raised or lowered, or a column ratio or log2"
    if {"p", "adjusted p", "statistic"} & plan.beside.keys():
        return WHAT, _candidate(sheet, plan, "name the column of the log2 ratio log2FC")
    at = [one for one in plan.columns if one is not plan.name and numbers(sheet.column(one.number))]
    levels = plan.levels or [one for one in at if one.role in ("", "sample")]
    by = [one for one in plan.columns if one.role == "sample" and len(set(sheet.column(one.number))) > 1]
    if plan.levels and by:
        values = list(dict.fromkeys(filter(None, sheet.column(by[0].number))))
        what = f"{levels[0].header} holds a level of each sample, and no ratio"
        return what, f"divide two samples of {by[0].header}, as in --ratio {shown('/'.join(values[:2]))}"
    if len(levels) > 1 and all(plain(one.header) in c.ALIASES["level"] for one in levels):
        what = f"{' and '.join(shown(one.header) for one in levels[:2])} are levels of one sample, and no ratio"
        return what, "give the level of the comparator too, or a column ratio"
    if len(levels) > 1:
        what = f"there is no ratio, log2 or direction, but levels: {', '.join(shown(one.header) for one in levels[:6])}"
        two = shown("/".join(one.header for one in levels[:2]))
        return what, f"--ratio {two} divides two; --sample {shown(levels[0].header)} reads one as ratios"
    return WHAT, _candidate(sheet, plan, remedy)


def unread_significance(sheet: Sheet, plan: Layout) -> Iterator[Problem]:
    r"""Yield a problem for a column of numbers that seems to be of significance where none of it is read.

    >>> from pathlib import Path
    >>> from kg.profiles.layout import Reading, layout
    >>> from kg.profiles.sheet import of_text
    >>> sheet = of_text(Path("a.csv"), "gene,log2FC,-ln(p)\nIL21,2,0.3\n", [])
    >>> [one.what for one in unread_significance(sheet, layout(sheet, Reading(), []))]
    ["'-ln(p)' seems to say how significant a change is, and is not read"]
    """
    if {"p", "adjusted p", "significance"} & {one.role for one in plan.columns}:
        return
    for one in plan.columns:
        words = plain(one.header).split()
        if one.role == "" and len(words) > 1 and set(words) & OF_P and numbers(sheet.column(one.number)):
            what = f"{shown(one.header)} seems to say how significant a change is, and is not read"
            remedy = "name it padj, pvalue or -log10(padj), or delete the column"
            yield Problem(sheet.place(sheet.line), what, remedy)


def _candidate(sheet: Sheet, plan: Layout, remedy: str) -> str:
    """Return a remedy that names the one column of numbers of which it is not clear what they are."""
    at = [one for one in plan.columns if one.role in ("", "p") and numbers(sheet.column(one.number))]
    if len(at) != 1:
        return remedy
    what = "lesion divided by comparator, or the log2 of that"
    return f"{shown(at[0].header)} was not read: name it ratio or log2FC where it is {what}; else {remedy}"
