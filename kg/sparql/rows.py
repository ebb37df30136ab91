"""The rows of an answer: a list of dicts with their columns, which pandas and polars take over where they are there.

>>> rows = Rows([{"kinase": "jak1", "n": 2}], ["kinase", "n"])
>>> rows[0]["kinase"], rows.columns
('jak1', ['kinase', 'n'])
"""

import json
import math
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from importlib.util import find_spec
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import PREFIXES, curie, local

if TYPE_CHECKING:
    import pandas
    import polars
    from pyoxigraph import QuerySolutions

XSD = PREFIXES["xsd"]
MOST: Final = 200
"""Rows that a notebook shows."""
PART: Final = 1 << 22
"""Characters of rows that are read at once."""
Value = str | int | float | bool | Decimal | None
Row = dict[str, Any]
"""Variable name -> value: the local name of an IRI of ours, a foreign IRI whole, a literal as Python value, or None."""


class Rows(list[Row]):
    """Rows of one question, in its order; ``columns`` are its variables, also where there is no row."""

    def __init__(self, rows: Iterable[Row], columns: Iterable[str]) -> None:
        super().__init__(rows)
        self.columns = list(columns)
        self._printed: Callable[[], list[Row]] | None = None

    def __reduce__(self) -> "tuple[Any, ...]":
        """Let pickle and copy take the rows with what is printed of them."""
        return _again, (list(self), self.columns, None if self._printed is None else self._printed())

    @classmethod
    def of(cls, solutions: "QuerySolutions", name: Callable[[str], str]) -> "Rows":
        """Return the rows of solutions; ``name`` shortens an IRI.

        >>> from pyoxigraph import Store
        >>> Rows.of(Store().query("SELECT ?x ?y WHERE { VALUES ?x { 1.50 true } }"), str)
        [{'x': Decimal('1.5'), 'y': None}, {'x': True, 'y': None}]
        """
        from kg.sparql.terms import value_of

        columns = [variable.value for variable in solutions.variables]
        return cls(({column: value_of(row[column], name) for column in columns} for row in solutions), columns)

    @classmethod
    def public(cls, solutions: "QuerySolutions") -> "Rows":
        """Return the rows of solutions as users get them: local names, and each decimal number as a float.

        >>> from pyoxigraph import Store
        >>> Rows.public(Store().query("SELECT ?x ?y { BIND(1.50 AS ?x) BIND(<https://w3id.org/jak-kg/il21> AS ?y) }"))
        [{'x': 1.5, 'y': 'il21'}]
        """
        from kg.sparql.terms import public, value_of

        columns = [variable.value for variable in solutions.variables]
        found = [[row[column] for column in columns] for row in solutions]
        rows = cls((dict(zip(columns, map(public, row), strict=True)) for row in found), columns)
        rows._printed = lambda: [
            dict(zip(columns, [value_of(term, curie) for term in row], strict=True)) for row in found
        ]
        return rows

    @classmethod
    def of_tsv(cls, text: str, *, until: float = math.inf) -> "Rows":
        r"""Return the rows of SPARQL TSV that Oxigraph wrote, as users get them; TimeoutError after ``until``.

        ``until`` is of ``time.monotonic``. Each different term is read once: an answer repeats most of its terms.

        >>> Rows.of_tsv('?x\t?y\n1.5\t<https://w3id.org/jak-kg/il21>\n\t"a\\tb"\n')
        [{'x': 1.5, 'y': 'il21'}, {'x': None, 'y': 'a\tb'}]
        """
        from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

        from kg.sparql.terms import public, value_of

        header, _, body = text.partition("\n")
        columns = [variable[1:] for variable in header.split("\t")] if header else []
        literals: dict[str, object] = {"": None}  # and what else is no IRI
        values: dict[str, Value] = {"": None}
        rows = cls([] if columns else [{} for _ in body], columns)
        end = 0
        while columns and end < len(body):
            if time.monotonic() > until:
                raise TimeoutError
            start, end = end, body.find("\n", end + PART) + 1 or len(body)
            cells = body[start : end - 1].replace("\n", "\t").split("\t")
            new = set(cells) - values.keys()
            others = [cell for cell in new if not _is_iri(cell)]
            read = parse_query_results("\n".join(["?x", *others, ""]).encode(), format=QueryResultsFormat.TSV)
            assert isinstance(read, QuerySolutions)  # noqa: S101
            literals |= zip(others, (row[0] for row in read), strict=True) if others else ()
            values |= {cell: local(cell[1:-1]) if _is_iri(cell) else public(literals[cell]) for cell in new}
            found = [map(values.__getitem__, cells)] * len(columns)  # one iterator: so many at a time are a row
            rows.extend(map(dict, map(zip, repeat(columns), zip(*found, strict=True))))

        def printed() -> list[Row]:
            shown = {cell: curie(cell[1:-1]) if _is_iri(cell) else value_of(literals[cell], curie) for cell in values}
            lines = body.split("\n")[:-1]
            return [dict(zip(columns, map(shown.__getitem__, line.split("\t")), strict=True)) for line in lines]

        rows._printed = printed if columns else None
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
        rows = self if self._printed is None else self._printed()
        rows = [{name: _of_json(value) for name, value in row.items()} for row in rows]
        return json.dumps(rows, ensure_ascii=False, indent=2, default=str, allow_nan=False) + "\n"

    def to_frame(self) -> "pandas.DataFrame | polars.DataFrame":
        """Return the rows as a data frame, of pandas where it is installed, else of polars; Problems where neither is.

        >>> Rows([{"kinase": "jak1"}], ["kinase"]).to_frame().shape
        (1, 1)
        """
        return self.to_pandas() if frames() == "pandas" else self.to_polars()

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


def frames() -> str:
    """Return which library makes data frames: pandas where it is installed, else polars; Problems where neither is.

    >>> frames()
    'pandas'
    """
    for name in ("pandas", "polars"):
        if find_spec(name):
            return name
    what = "a data frame needs pandas or polars, and neither is installed"
    raise Problems([Problem(Place("to_frame"), what, "pip install pandas")])


def _again(rows: list[Row], columns: list[str], printed: list[Row] | None) -> Rows:
    found = Rows(rows, columns)
    found._printed = None if printed is None else lambda: printed
    return found


def _is_iri(cell: str) -> bool:
    """Return whether a cell of SPARQL TSV is an IRI, and no triple."""
    return cell[:1] == "<" != cell[1:2]


def _of_json(value: Value) -> Value:
    """Return a value as JSON can hold it: infinity and what is not a number as SPARQL writes them."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
    return value


def shown(cell: Value) -> str:
    """Return a value as it is printed: nothing for None, true and false, infinity and no number as in SPARQL.

    >>> shown(None), shown(True), shown("IL-21"), shown(float("-inf"))
    ('', 'true', 'IL-21', '-INF')
    """
    cell = _of_json(cell)
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)
