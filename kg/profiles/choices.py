"""How a user says that a file is to be read: what ``kg ask``, ``kg inspect`` and Python take beside the file.

>>> chosen(where="visit=week 4").where
(('visit', 'week 4'),)
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.model.errors import Place, Problem, Problems

if TYPE_CHECKING:
    from kg.profiles.spellings import Species


NAME: Final = Path("patient")
"""How a patient without a file is called."""
PYTHON: Final = "values of Python"
"""The format of what is no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a user says that a file is to be read: the options of ``kg ask`` and ``kg inspect`` that are of the file.

    ``where`` are pairs of a column and the value that its rows have; ``species`` is whose symbols the genes have.

    >>> Reading(comparator="healthy skin", where=(("visit", "week 4"),)).contrast is None
    True
    """

    comparator: str | None = None
    sheet: str | None = None
    contrast: str | None = None
    ratio: str | None = None
    sample: str | None = None
    where: tuple[tuple[str, str], ...] = ()
    species: "Species | None" = None


OPTIONS: Final = frozenset(one.name for one in fields(Reading)) - {"comparator"}
"""The options of Python by which a table is read, beside its comparator."""
AS_WRITTEN: Final = Reading()
"""Nothing said: a file as it is."""


def pair(text: object) -> tuple[str, str]:
    """Return the column and the value of a text; Problems where it is no pair.

    >>> pair("visit=week 4")
    ('visit', 'week 4')
    """
    name, equals, value = str(text).partition("=")
    if not equals or not name.strip():
        raise Problems([Problem(Place("where"), f"{text!r} is no pair", "write COLUMN=VALUE, as in visit=2")])
    return name.strip(), value.strip()


def chosen(where: Any = (), **options: Any) -> Reading:
    """Return how to read a file by options of Python: ``where`` is a dict, or texts such as ``"visit=week 4"``.

    TypeError for an option that there is not; Problems for a ``where`` that is no pair.

    >>> chosen(where={"visit": 4}, contrast="A").where
    (('visit', '4'),)
    """
    if isinstance(where, Mapping):
        pairs = [(str(name), str(value)) for name, value in where.items()]
    else:
        pairs = [pair(text) for text in ([where] if isinstance(where, str) else where)]
    return Reading(where=tuple(pairs), **options)
