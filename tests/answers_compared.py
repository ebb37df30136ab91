"""Answers of different engines in a form in which they compare."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, parse, parse_query_results
from rdflib import Graph

from kg.sparql.rows import XSD


def comparable(answer: QuerySolutions | Iterable[Triple]) -> object:
    """The columns and the bag of rows, or the set of triples, of an answer."""
    if isinstance(answer, QuerySolutions):
        columns = [variable.value for variable in answer.variables]
        return columns, Counter(tuple(value(row[column]) for column in columns) for row in answer)
    return {tuple(map(value, triple)) for triple in answer}


def value(term: object) -> object:
    """A term as it compares: numbers and booleans by value (doubles to ten digits), language tags in lower case."""
    if not isinstance(term, Literal):
        return term
    match term.datatype.value.removeprefix(XSD):
        case "integer" | "decimal":
            return Decimal(term.value)
        case "double" | "float":
            return Decimal(f"{float(term.value):.9e}")
        case "boolean":
            return ("boolean", term.value in ("true", "1"))
        case datatype:
            return (term.value, datatype, (term.language or "").lower())


def of_rdflib(graph: Graph, text: str) -> object:
    found = graph.query(text)
    if found.type == "SELECT":
        return comparable(of_json(found.serialize(format="json") or b""))
    return comparable(of_ntriples(found.serialize(format="nt") or b""))


def of_json(data: bytes) -> QuerySolutions:
    found = parse_query_results(data, format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    return found


def of_ntriples(data: bytes) -> list[Triple]:
    return [quad.triple for quad in parse(data, format=RdfFormat.N_TRIPLES)]
