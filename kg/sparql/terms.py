"""The terms of RDF as values of Python.

>>> value_of(Literal("IL-21"), str)
'IL-21'
"""

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.model.vocabulary import local
from kg.sparql.rows import XSD, Value

LONGEST: Final = 4_000
"""Characters of a number that Python reads: a longer one is text."""
FLOAT: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN", re.ASCII)
NUMBERS: Final[dict[str, tuple[re.Pattern[str], Callable[[str], Value]]]] = {
    "integer": (re.compile(r"[+-]?\d+", re.ASCII), int),
    "decimal": (re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII), Decimal),
    "double": (FLOAT, float),
    "float": (FLOAT, float),
    "boolean": (re.compile("true|false|1|0"), lambda text: text in ("true", "1")),
}
"""Datatype -> what its literals look like, by XML Schema (Part 2: Datatypes, 3.2 and 3.3), and the value of one."""


def public(term: object) -> Value:
    """Return a term as users get it: an IRI by its local name, a decimal number as a float.

    >>> public(Literal("0.50", datatype=NamedNode(XSD + "decimal")))
    0.5
    """
    value = value_of(term, local)
    if not isinstance(value, Decimal):
        return value
    number = float(value)
    return number if math.isfinite(number) else str(value)


def value_of(term: object, name: Callable[[str], str]) -> Value:
    """Return a term of RDF as a value of Python: an IRI shortened, a literal by its datatype, None for no term.

    A literal that its datatype does not have, or that Python cannot hold, is its text; a triple is in ``<<( )>>``.

    >>> value_of(Literal("0.50", datatype=NamedNode(XSD + "decimal")), str), value_of(Literal("IL-21"), str)
    (Decimal('0.50'), 'IL-21')
    >>> value_of(Literal("1_0", datatype=NamedNode(XSD + "integer")), str)
    '1_0'
    """
    if isinstance(term, NamedNode):
        return name(term.value)
    if isinstance(term, Triple):
        parts = (term.subject, term.predicate, term.object)
        return f"<<( {' '.join(str(p) if isinstance(p, Literal) else str(value_of(p, name)) for p in parts)} )>>"
    if not isinstance(term, Literal):
        return None if term is None else str(term)
    kind, text = term.datatype.value.removeprefix(XSD), term.value
    if kind not in NUMBERS or len(text) > LONGEST or not NUMBERS[kind][0].fullmatch(text):
        return text
    return NUMBERS[kind][1](text)
