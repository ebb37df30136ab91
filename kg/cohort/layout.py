"""What the columns of a table of patients are: who, which cytokines, which values, and what is not read.

>>> import kg, pyarrow
>>> schema = pyarrow.schema([("patient", "string"), ("age", "int8"), ("IL-21", "float64"), ("IFN-g", "float64")])
>>> found = layout(kg.open().once(Names), "a.parquet", schema, Choice(scale="ratio"))
>>> found.patient, [column.cytokine for column in found.columns], found.ignored
('patient', ['ifng', 'il21'], ('age',))
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from kg.model.errors import Place, Problem, Problems
from kg.model.names import meant, near
from kg.profiles import columns as c
from kg.profiles.grounding import Known, Names
from kg.profiles.layout import SYMBOLS, listed
from kg.profiles.sheet import WIDEST
from kg.profiles.tabular import MANY, shown

Scale = Literal["ratio", "log2", "direction"]
SCALES: Final[tuple[Scale, ...]] = ("ratio", "log2", "direction")
PATIENT: Final = frozenset(
    """patient|patients|patient id|patientid|patient no|patient number|pat|pat id|patid|pt|pt id|ptid|pid|subject|
    subject id|subjectid|participant|participant id|person|person id|donor|donor id|mrn|case id|id patient""".replace(
        "\n    ", ""
    ).split("|")
)
"""Headers, as headers are compared, of the column that says who a row is of."""
INDEX: Final = frozenset(("", "index", "unnamed 0", "index level 0"))
"""Headers, likewise, of the numbers of rows that pandas and R write."""
SIGNIFICANCE: Final = ("adjusted p", "significance", "p", "statistic")
"""Roles beside a value that say whether it differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How a user says that a table is to be read; each is found where it is not said, but for the scale.

    ``scale`` is what the numbers of a table are that has a cytokine a column, ``ignore`` are columns and names that are
    passed over.
    """

    comparator: str | None = None
    patient: str | None = None
    scale: Scale | None = None
    ignore: tuple[str, ...] = ()


def chosen(
    *, comparator: str | None, patient: str | None, scale: str | None, ignore: str | Iterable[str]
) -> Choice:  # fmt: skip
    """Return how to read a table by options of Python; Problems for a scale that there is not.

    >>> chosen(comparator=None, patient=None, scale="ln", ignore=())
    Traceback (most recent call last):
        ...
    kg.Problems: scale: 'ln' is not known: give one of ratio, log2, direction
    """
    scales: dict[str | None, Scale | None] = {None: None, **{one: one for one in SCALES}}
    if scale not in scales:
        raise Problems([Problem(Place("scale"), f"{scale!r} is not known", f"give one of {', '.join(SCALES)}")])
    names = (ignore,) if isinstance(ignore, str) else tuple(ignore)
    return Choice(comparator=comparator, patient=patient, scale=scales[scale], ignore=names)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is a cytokine."""

    header: str
    cytokine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a table of patients by what they are.

    A wide one has ``columns``, a patient a row; a long one has a ``name`` and a ``value``, a ``direction`` or both in
    each row, and what says whether they are significant, by role.
    """

    patient: str
    scale: Scale
    comparator: str | None = None
    columns: tuple[Column, ...] = ()
    name: str | None = None
    gene: bool = False
    value: str | None = None
    direction: str | None = None
    significance: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def wide(self) -> bool:
        """Whether a patient is a row.

        >>> Layout(patient="patient", scale="ratio").wide
        True
        """
        return self.name is None

    @property
    def read(self) -> list[str]:
        """The columns that hold what is answered, that of the patient first."""
        others = (self.name, self.value, self.direction, *self.significance.values())
        return [self.patient, *(one.header for one in self.columns), *filter(None, others)]


def layout(names: Names, name: str, schema: Any, choice: Choice) -> Layout:
    """Return what the columns of a table are; Problems with all that is wrong with them.

    >>> import kg, pyarrow
    >>> schema = pyarrow.schema([("patient", "string"), ("cytokine", "string"), ("log2FC", "float64")])
    >>> found = layout(kg.open().once(Names), "a.parquet", schema, Choice())
    >>> found.name, found.value, found.scale
    ('cytokine', 'log2FC', 'log2')
    """
    place, headers = Place(name), list(schema.names)
    if len(headers) > WIDEST:
        what = f"this has {len(headers):,} columns, and at most {WIDEST:,} are read"
        raise Problems([Problem(place, what, "keep the columns of cytokines")])
    if again := dict.fromkeys(header for header in headers if headers.count(header) > 1):
        what = f"the column {listed(again)} is there twice"
        raise Problems([Problem(place, what, "keep one of them")])
    problems: list[Problem] = []
    patient = _patient(place, headers, choice, problems)
    missing = [one for one in choice.ignore if one not in headers]
    rest = [header for header in headers if header not in (patient, *choice.ignore)]
    roles = {header: c.role(header)[0] for header in rest}
    comparator = next((h for h in rest if roles[h] == "comparator" and _is_text(schema.field(h).type)), None)
    rest = [header for header in rest if header != comparator]
    named = [header for header in rest if roles[header] in c.NAMES and _is_text(schema.field(header).type)]
    if named:
        found = _long(place, rest, roles, named, choice, problems)
    else:
        found = _wide(names, place, rest, roles, choice, problems)
        problems += [_not_there(place, one, headers) for one in missing]
    for header in filter(None, (*found.get("headers", ()), patient)):
        kind = schema.field(header).type
        if not (_is_text(kind) or (header == patient and _is_whole(kind)) or (header != patient and _is_number(kind))):
            what = f"the column {shown(header)} is of the type {kind}"
            problems.append(Problem(place, what, "give text or whole numbers" if header == patient else "give numbers"))
    if problems:
        raise Problems(dict.fromkeys(problems))
    found.pop("headers", None)
    return Layout(patient=patient or "", comparator=comparator, **found)


def _not_there(place: Place, name: str, headers: Sequence[str]) -> Problem:
    return Problem(place, f"there is no column {shown(name)}", meant(near(name, headers), _headers(headers)))


def _headers(headers: Sequence[str]) -> str:
    more = f" and {len(headers) - 12:,} more" if len(headers) > 12 else ""
    return f"the columns are {', '.join(map(shown, headers[:12]))}{more}"


def _patient(place: Place, headers: Sequence[str], choice: Choice, problems: list[Problem]) -> str | None:
    if choice.patient is not None:
        if choice.patient in headers:
            return choice.patient
        problems.append(_not_there(place, choice.patient, headers))
        return None
    found = [header for header in headers if c.plain(header) in PATIENT]
    if len(found) == 1:
        return found[0]
    what = f"{len(found)} columns could say who a row is of" if found else "no column says who a row is of"
    remedy = f"name it by --patient COLUMN; {_headers(found or headers)}"
    problems.append(Problem(place, what, remedy))
    return None


def _long(
    place: Place, rest: Sequence[str], roles: Mapping[str, str], named: Sequence[str], choice: Choice,
    problems: list[Problem],
) -> dict[str, Any]:  # fmt: skip
    name = min(named, key=lambda header: c.NAMES.index(roles[header]))
    values = [header for header in rest if roles[header] in c.VALUES and roles[header] != "direction"]
    directions = [header for header in rest if roles[header] == "direction"]
    scale: Scale = "direction"
    if choice.scale is not None:
        what = "the header of the value says what it is"
        problems.append(Problem(Place("--scale"), what, "leave it out, or give a table with a cytokine a column"))
    if len(values) > 1 or len(directions) > 1:
        several = ", ".join(map(shown, values if len(values) > 1 else directions))
        problems.append(Problem(place, f"several columns hold values: {several}", "pass over the others by --ignore"))
    elif not values and not directions:
        what = f"beside {shown(name)} no column holds a value"
        problems.append(Problem(place, what, f"name one of them ratio, log2 or direction; {_headers(rest)}"))
    elif values and roles[values[0]] not in ("ratio", "log2"):
        what = f"{shown(values[0])} is {roles[values[0]]}, and a cohort is read from ratio, log2 or direction"
        problems.append(Problem(place, what, "convert it"))
    elif values:
        scale = "ratio" if roles[values[0]] == "ratio" else "log2"
    beside = {roles[header]: header for header in reversed(rest) if roles[header] in SIGNIFICANCE}
    value, direction = next(iter(values), None), next(iter(directions), None)
    read = (name, value, direction, *beside.values())
    return {
        "scale": scale, "name": name, "value": value, "direction": direction, "significance": beside,
        "gene": roles[name] in SYMBOLS or c.plain(name) == "gene",
        "ignored": tuple(header for header in (*rest, *choice.ignore) if header not in read), "headers": read,
    }  # fmt: skip


def _wide(
    names: Names, place: Place, rest: Sequence[str], roles: Mapping[str, str], choice: Choice, problems: list[Problem]
) -> dict[str, Any]:
    columns: dict[str, str] = {}
    excluded, ignored, faults = [], list(choice.ignore), 0
    for header in rest:
        if c.plain(header) in INDEX:
            ignored.append(header)
            continue
        known = names.measured(header, place, seek=faults < MANY)
        if isinstance(known, Problem):
            if roles[header]:
                ignored.append(header)
                continue
            faults += 1
            problems.append(
                Problem(place, f"column: {known.what}", f"{_column(known.remedy)}, or pass it over by --ignore")
            )
        elif known.kind != "Ligand":
            excluded.append(f"{header} ({known.what})")
        elif known.thing in columns:
            what = f"the columns {shown(columns[known.thing])} and {shown(header)} are both {known.label}"
            problems.append(Problem(place, what, "pass one over by --ignore"))
        else:
            columns[known.thing] = header
    if not columns and not problems:
        problems.append(Problem(place, "no column is a cytokine", f"name each by its cytokine; {_headers(rest)}"))
    if choice.scale is None and not problems:
        what = "nobody says whether the numbers are ratios to the comparator or their log2"
        problems.append(Problem(place, what, "say it by --scale ratio or --scale log2, or --scale direction for words"))
    found = tuple(Column(columns[thing], thing) for thing in sorted(columns))
    return {
        "scale": choice.scale or "ratio", "columns": found, "ignored": tuple(ignored), "excluded": tuple(excluded),
        "headers": tuple(columns.values()),
    }  # fmt: skip


def _column(remedy: str) -> str:
    return remedy.replace("delete the row", "delete the column")


# --- types ------------------------------------------------------------------------------------------------------------


def _is_text(kind: Any) -> bool:
    from pyarrow import types as t

    kind = kind.value_type if t.is_dictionary(kind) else kind
    return bool(t.is_string(kind) or t.is_large_string(kind) or t.is_string_view(kind) or t.is_null(kind))


def _is_whole(kind: Any) -> bool:
    from pyarrow import types as t

    return bool(t.is_integer(kind.value_type if t.is_dictionary(kind) else kind))


def _is_number(kind: Any) -> bool:
    from pyarrow import types as t

    kind = kind.value_type if t.is_dictionary(kind) else kind
    return bool(t.is_integer(kind) or t.is_floating(kind) or t.is_decimal(kind))


Grounded = dict[str, Known | Problem]
"""Text of a name -> what it names, or the problem with it."""
