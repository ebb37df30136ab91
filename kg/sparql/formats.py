r"""What a query gives, as text: rows as a table, CSV, TSV, JSON, Markdown or SPARQL results; triples as RDF.

>>> from pyoxigraph import Store
>>> written(Store().query("SELECT ?kinase WHERE { VALUES ?kinase { 'JAK1' 'JAK3' } }"), "csv")
('kinase\nJAK1\nJAK3\n', 2)
"""

from collections.abc import Iterable
from typing import Final

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse_query_results,
    serialize,
)

from kg.document import markdown, terminal
from kg.document.blocks import Document, Table
from kg.model.errors import Place, Problem, Problems
from kg.model.files import separated
from kg.model.vocabulary import PREFIXES, curie
from kg.sparql.rows import Rows, shown

FOR_PEOPLE: Final = ("table", "csv", "tsv", "json", "markdown")
STANDARD: Final = {"sparql-json": QueryResultsFormat.JSON, "sparql-xml": QueryResultsFormat.XML}
RDF: Final = {"turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "rdfxml": RdfFormat.RDF_XML,
              "jsonld": RdfFormat.JSON_LD}  # fmt: skip
"""Format -> what Oxigraph writes. The standard results have whole IRIs; those for people have CURIEs."""
FORMATS: Final = (*FOR_PEOPLE, *STANDARD, *RDF)


def written(found: object, form: str | None = None, width: int = 80) -> tuple[str, int]:
    r"""Return solutions, a boolean or triples of pyoxigraph as text, ending in a line break, and how many there are.

    Without a format it is a table for rows, true or false for a boolean, Turtle for triples. Raises Problems where the
    format does not fit.

    >>> from pyoxigraph import Store
    >>> written(Store().query("ASK { FILTER ( 1 > 2 ) }"), "json")
    ('false\n', 1)
    >>> written(Store().query("ASK {}"), "turtle")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    kg.Problems: --format: turtle does not fit a boolean: write one of table, csv, tsv, json, markdown, ...
    """
    if isinstance(found, QuerySolutions | QueryBoolean):
        _fit(form, (*FOR_PEOPLE, *STANDARD), "rows" if isinstance(found, QuerySolutions) else "a boolean")
        if form in STANDARD:
            data = found.serialize(format=STANDARD[form]) or b""
            again = parse_query_results(data, format=STANDARD[form])
            return data.decode() + "\n", len(list(again)) if isinstance(again, QuerySolutions) else 1
        if isinstance(found, QueryBoolean):
            return f"{bool(found)}\n".lower(), 1
        rows = Rows.of(found, curie)
        return _of_rows(rows, form or "table", width), len(rows)
    _fit(form, tuple(RDF), "triples")
    assert isinstance(found, Iterable)  # noqa: S101
    triples = sorted((triple for triple in found if isinstance(triple, Triple)), key=str)
    used = {prefix: iri for prefix, iri in PREFIXES.items() if any(f"<{iri}" in str(triple) for triple in triples)}
    data = serialize(triples, format=RDF[form or "turtle"], prefixes=used) or b""
    return data.decode(), len(triples)


def _fit(form: str | None, forms: tuple[str, ...], what: str) -> None:
    if form is not None and form not in forms:
        fault = f"{form} does not fit {what}" if form in FORMATS else f"{form!r} is not a format"
        raise Problems([Problem(Place("--format"), fault, f"write one of {', '.join(forms)}")])


def _of_rows(rows: Rows, form: str, width: int) -> str:
    if form == "json":
        return rows.to_json()
    cells = [rows.columns, *([shown(row[column]) for column in rows.columns] for row in rows)]
    if form in ("csv", "tsv"):
        return separated(cells, tabs=form == "tsv")
    document = Document("", [Table(rows.columns, cells[1:], tall=True)])
    return markdown.text(document) if form == "markdown" else terminal.text(document, width)
