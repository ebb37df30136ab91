"""Every question gives the same bag of rows in rdflib as in Oxigraph."""

from collections import Counter
from decimal import Decimal

import pytest
from pyoxigraph import Store
from rdflib import Graph, Literal, URIRef

from kg import built, library
from kg.rows import Rows
from kg.terms import curie


@pytest.fixture(scope="module")
def graph(store: Store) -> Graph:
    assert store
    return Graph().parse(built.FILE, format="nt")


def value(term: object) -> object:
    """A term of rdflib as kg.query gives it: a CURIE, a Python value, or None."""
    if isinstance(term, URIRef):
        return curie(str(term))
    if isinstance(term, Literal):
        found = term.toPython()
        return found if isinstance(found, bool | int) else plain(found if isinstance(found, Decimal) else str(term))
    return None


def plain(cell: object) -> object:
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return cell if isinstance(cell, bool | int) or cell is None else str(cell)


@pytest.mark.parametrize("name", library.names())
def test_rdflib_gives_the_same_rows(store: Store, graph: Graph, name: str) -> None:
    found = library.load(name)
    examples = {param.name: param.example for param in found.params}
    answer = Rows.of(store.query(found.bound(store, **examples)), curie)  # type: ignore[arg-type]
    columns, rows = answer.columns, [tuple(row.values()) for row in answer]
    result = graph.query(found.text)
    assert [str(variable) for variable in result.vars or ()] == columns
    theirs = Counter(tuple(value(term) for term in row) for row in result)  # type: ignore[union-attr]
    unordered = {i for i, column in enumerate(columns) if column in ("about", "compared")}
    ours = Counter(tuple(plain(cell) for cell in row) for row in rows)
    for column in unordered:  # the order inside a GROUP_CONCAT is not defined
        ours, theirs = (sort_inside(bag, column) for bag in (ours, theirs))
    assert theirs == ours


def sort_inside(bag: Counter[tuple[object, ...]], column: int) -> Counter[tuple[object, ...]]:
    found: Counter[tuple[object, ...]] = Counter()
    for row, count in bag.items():
        cells = list(row)
        cells[column] = ", ".join(sorted(str(cells[column] or "").split(", ")))
        found[tuple(cells)] += count
    return found
