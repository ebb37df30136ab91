"""The rows of an answer: a list of dicts with their columns, which pandas and polars take over where they are there.

>>> rows = Rows([{"kinase": "jak1", "n": 2}], ["kinase", "n"])
>>> rows[0]["kinase"], rows.columns
('jak1', ['kinase', 'n'])
"""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode, QuerySolutions

from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import PREFIXES, curie, local

if TYPE_CHECKING:
    import pandas
    import polars

XSD = PREFIXES["xsd"]
MOST: Final = 200
"""Rows that a notebook shows."""
Value = str | int | float | bool | Decimal | None
Row = dict[str, Any]
"""Variable name -> value: the local name of an IRI of ours, a foreign IRI whole, a literal as Python value, or None."""


class Rows(list[Row]):
    """Rows of one question, in its order; ``columns`` are its variables, also where there is no row."""

    def __init__(self, rows: Iterable[Row], columns: Iterable[str]) -> None:
        super().__init__(rows)
        self.columns = list(columns)
        self._printed: list[Row] | None = None

    @classmethod
    def of(cls, solutions: QuerySolutions, name: Callable[[str], str]) -> "Rows":
        """Return the rows of solutions; ``name`` shortens an IRI.

        >>> from pyoxigraph import Store
        >>> Rows.of(Store().query("SELECT ?x ?y WHERE { VALUES ?x { 1.50 true } }"), str)
        [{'x': Decimal('1.5'), 'y': None}, {'x': True, 'y': None}]
        """
        columns = [variable.value for variable in solutions.variables]
        return cls(({column: value_of(row[column], name) for column in columns} for row in solutions), columns)

    @classmethod
    def public(cls, solutions: QuerySolutions) -> "Rows":
        """Return the rows of solutions as users get them: local names, and each decimal number as a float.

        >>> from pyoxigraph import Store
        >>> Rows.public(Store().query("SELECT ?x ?y { BIND(1.50 AS ?x) BIND(<https://w3id.org/jak-kg/il21> AS ?y) }"))
        [{'x': 1.5, 'y': 'il21'}]
        """
        columns = [variable.value for variable in solutions.variables]
        found = list(solutions)
        values = ({column: value_of(row[column], local) for column in columns} for row in found)
        rows = cls(({name: _public(value) for name, value in row.items()} for row in values), columns)
        rows._printed = [{column: value_of(row[column], curie) for column in columns} for row in found]
        return rows

    def to_json(self) -> str:
        """Return the rows as JSON text: those that a query gave as ``kg query --format json`` prints them.

        >>> print(Rows([{"kinase": "jak1"}], ["kinase"]).to_json(), end="")
        [
          {
            "kinase": "jak1"
          }
        ]
        """
        rows = self if self._printed is None else self._printed
        return json.dumps(list(rows), ensure_ascii=False, indent=2, default=str) + "\n"

    def to_frame(self) -> "pandas.DataFrame | polars.DataFrame":
        """Return the rows as a data frame, of pandas where it is installed, else of polars; Problems where neither is.

        >>> Rows([{"kinase": "jak1"}], ["kinase"]).to_frame().shape
        (1, 1)
        """
        if find_spec("pandas"):
            return self.to_pandas()
        if find_spec("polars"):
            return self.to_polars()
        what = "a data frame needs pandas or polars, and neither is installed"
        raise Problems([Problem(Place("to_frame"), what, "pip install pandas")])

    def _repr_html_(self) -> str:
        from kg.document import html
        from kg.document.blocks import Document, Notes, Table

        cells = [[shown(row[column]) for column in self.columns] for row in self[:MOST]]
        more = [Notes([f"{len(self) - MOST:,} more rows"])] if len(self) > MOST else []
        return html.fragment(Document("", [Table(self.columns, cells), *more]))

    def to_pandas(self) -> "pandas.DataFrame":
        """Return the rows as a pandas DataFrame; ModuleNotFoundError where pandas is not installed.

        >>> Rows([{"kinase": "jak1"}], ["kinase"]).to_pandas().shape
        (1, 1)
        """
        import pandas

        return pandas.DataFrame(list(self), columns=self.columns)

    def to_polars(self) -> "polars.DataFrame":
        """Return the rows as a polars DataFrame; ModuleNotFoundError where polars is not installed.

        >>> Rows([{"kinase": "jak1"}], ["kinase"]).to_polars().shape
        (1, 1)
        """
        import polars

        return polars.DataFrame({column: [row[column] for row in self] for column in self.columns}, strict=False)


def _public(value: Value) -> Value:
    return float(value) if isinstance(value, Decimal) else value


def shown(cell: Value) -> str:
    """Return a value as it is printed: nothing for None, true and false as in SPARQL.

    >>> shown(None), shown(True), shown("IL-21")
    ('', 'true', 'IL-21')
    """
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


def value_of(term: object, name: Callable[[str], str]) -> Value:
    """Return a term of RDF as a value of Python: an IRI shortened, a literal by its datatype, None for no term.

    >>> value_of(Literal("0.50", datatype=NamedNode(XSD + "decimal")), str), value_of(Literal("IL-21"), str)
    (Decimal('0.50'), 'IL-21')
    """
    if isinstance(term, NamedNode):
        return name(term.value)
    if not isinstance(term, Literal):
        return None if term is None else str(term)
    match term.datatype.value.removeprefix(XSD):
        case "decimal":
            return Decimal(term.value)
        case "integer":
            return int(term.value)
        case "double" | "float":
            return float(term.value)
        case "boolean":
            return term.value in ("true", "1")
        case _:
            return term.value
