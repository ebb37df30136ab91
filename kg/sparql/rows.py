"""The rows of an answer: a list of dicts with their columns, which pandas and polars take over where they are there.

>>> rows = Rows([{"kinase": "jak1", "n": 2}], ["kinase", "n"])
>>> rows[0]["kinase"], rows.columns
('jak1', ['kinase', 'n'])
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, QuerySolutions

from kg.model.vocabulary import PREFIXES

if TYPE_CHECKING:
    import pandas
    import polars

XSD = PREFIXES["xsd"]
Value = str | int | float | bool | Decimal | None
Row = dict[str, Any]
"""Variable name -> value: the local name of an IRI of ours, a foreign IRI whole, a literal as Python value, or None."""


class Rows(list[Row]):
    """Rows of one question, in its order; ``columns`` are its variables, also where there is no row."""

    def __init__(self, rows: Iterable[Row], columns: Iterable[str]) -> None:
        super().__init__(rows)
        self.columns = list(columns)

    @classmethod
    def of(cls, solutions: QuerySolutions, name: Callable[[str], str]) -> "Rows":
        """Return the rows of solutions; ``name`` shortens an IRI.

        >>> from pyoxigraph import Store
        >>> Rows.of(Store().query("SELECT ?x ?y WHERE { VALUES ?x { 1.50 true } }"), str)
        [{'x': Decimal('1.5'), 'y': None}, {'x': True, 'y': None}]
        """
        columns = [variable.value for variable in solutions.variables]
        return cls(({column: value_of(row[column], name) for column in columns} for row in solutions), columns)

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
