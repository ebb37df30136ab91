"""A patient given in Python: measured cytokines as a dict, a list of dicts, or a data frame of pandas or polars.

>>> import kg
>>> found = of_values(kg.open(), {"IL-21": 2.33, "TNF": "raised"}, reading=Reading(comparator="own uninvolved skin"))
>>> [(signal.cytokine, signal.ratio, signal.reported) for signal in found.signals]
[('il21', Decimal('2.33'), None), ('tnf', None, 'raised')]
"""

from collections.abc import Mapping
from decimal import Decimal
from numbers import Real
from typing import Any

from kg.model.errors import Place, Problem, Problems
from kg.profiles import assembly, profile, records
from kg.profiles import reading as reading_of
from kg.profiles.choices import AS_WRITTEN, NAME, PYTHON, Reading
from kg.profiles.found import Found
from kg.profiles.grounding import Names
from kg.profiles.sheet import Sheet
from kg.sparql.graph import OpenGraph


def of_values(
    graph: OpenGraph, given: object, *, reading: Reading = AS_WRITTEN, say: str = "comparator=NAME"
) -> profile.Profile:
    """Return the profile that values state: ``{cytokine: ratio or direction}``, or rows with the columns of a file.

    Rows are those of a data frame, a list of dicts, or the list under "signals" of a dict; None and NaN are not
    measured; an index of names is the first column. ``say`` is how a comparator can be said. Raises Problems with all
    that is wrong, its place by the number of the row.

    >>> import kg
    >>> rows = [{"cytokine": "IL-21", "log2": 2, "comparator": "healthy skin"}]
    >>> of_values(kg.open(), rows).signals[0].ratio
    Decimal('4')
    >>> of_values(kg.open(), 7)
    Traceback (most recent call last):
        ...
    kg.Problems: patient: this int is no patient: give a case, a file, a dict, a list of dicts or a data frame
    """
    return assembly.assemble(graph, found_in(graph, given, reading), say=say)


def found_in(graph: OpenGraph, given: object, reading: Reading) -> Found:
    """Return what values hold, before their names are checked.

    >>> import kg
    >>> found_in(kg.open(), {"IL-21": 2.33}, AS_WRITTEN).entries[0].cells["ratio"]
    '2.33'
    """
    problems: list[Problem] = []
    found = reading_of.found_in(graph.once(Names), sheet_of(given, problems), reading, problems)
    found.remedy = "say it once, by {}"
    return found


def sheet_of(given: object, problems: list[Problem]) -> Sheet:
    """Return the sheet that values state; Problems for what is no patient.

    >>> sheet_of({"IL-21": 2.33}, []).rows
    [(-1, ['IL-21', '2.33'])]
    """
    if hasattr(given, "columns") and (hasattr(given, "to_dicts") or hasattr(given, "to_dict")):
        return _of_frame(given)
    return records.nested(NAME, _rows(given), problems, form=PYTHON)


def _of_frame(frame: Any) -> Sheet:
    """Return the sheet of a data frame of pandas or polars."""
    header = [str(name) for name in frame.columns]
    if hasattr(frame, "to_dicts"):  # polars
        table = frame.rows()
    else:
        table = frame.itertuples(index=False, name=None)
        if type(frame.index).__name__ == "MultiIndex":
            return _of_frame(frame.reset_index())
        if type(frame.index).__name__ != "RangeIndex":
            header.insert(0, str(frame.index.name or ""))
            table = frame.itertuples(index=True, name=None)
    rows = [(-number, [_cell(value) for value in row]) for number, row in enumerate(table, 1)]
    if not rows:
        raise Problems([Problem(Place(NAME), "the list is empty", "add an entry for each cytokine")])
    return Sheet(name=NAME, form="data frame", header=tuple(header), rows=rows, nested=True)


def _cell(value: Any) -> str:
    found = _plain(value)
    return "" if found is None else str(found).strip()


def _rows(given: object) -> Any:
    """Return what a file in JSON would hold, its numbers as texts."""
    if isinstance(given, Mapping) and not {"signals", "cytokine"} & given.keys():
        said = {key: value for key, value in given.items() if key == "comparator"}
        named = ((name, _plain(value)) for name, value in given.items() if name not in said)
        rows = [{"cytokine": str(name), _column(value): value} for name, value in named]
        return {**said, "signals": rows}
    if isinstance(given, Mapping | list | tuple):
        return _plain(given)
    what = f"this {type(given).__name__} is no patient"
    raise Problems([Problem(Place(NAME), what, "give a case, a file, a dict, a list of dicts or a data frame")])


def _column(value: object) -> str:
    return "ratio" if isinstance(value, str) and value.lstrip("+-.")[:1].isdigit() else "direction"


def _plain(value: Any) -> Any:
    """Return a value as JSON of a file would have it: a number as text, None where there is none."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str | bool):
        return value
    if type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, Real | Decimal) and value != value):
        return None
    return str(value.item() if hasattr(value, "item") else value)
