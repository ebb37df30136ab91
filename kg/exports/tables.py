r"""The graph as CSV tables for a spreadsheet or R: one for each kind of thing or relation, and what each column means.

A table is the answer to a question ``queries/tables/NAME.rq``; ``queries/tables/columns.tsv`` says of every column its
datatype, whether it is of the key, which table it refers to, and what it means. ``tables/csv-metadata.json`` says the
same to a machine, as CSV on the Web has it.

The files are UTF-8 without a byte order mark, with CRLF, as RFC 4180 has it. A thing stands by its local name, which
after https://w3id.org/jak-kg/ is its IRI. An empty cell is a missing value; *not reported*, *none* and *not applicable*
are words, and none of them is zero. A text that a spreadsheet could take for a formula begins with an apostrophe.

>>> import kg
>>> rows = read(kg.open())["measurements"]
>>> rows[0]["cytokine"], str(rows[0]["ratio"]), rows[0]["comparator"]
('ifng', '0.08', 'own-uninvolved-skin')
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import QuerySolutions

from kg.model.files import separated
from kg.model.vocabulary import LICENCE, PREFIXES, THING, UNITS, VERSION, VOCAB, curie, local
from kg.rdf.store import folder
from kg.sparql import library
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Rows, Value

if TYPE_CHECKING:
    from kg.sparql.built_graph import BuiltGraph

FOLDER: Final = "tables"
METADATA: Final = f"{FOLDER}/csv-metadata.json"
NAMED: Final = {"thing": THING, "term": VOCAB}
"""Datatype of a column that holds local names -> what stands before the name in its IRI."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may take for the beginning of a formula."""
VALUES: Final = {"=": "equal to", "<": "below", "<=": "at most", ">": "above", ">=": "at least"}
"""How a value stands to the printed one -> in words, since a lone ``=`` would begin a formula."""
UNIT_WORDS: Final = {iri: word for word, iri in UNITS.items()}
OBO: Final = PREFIXES["obo"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, datatype, whether it is of the key, the table that it refers to, its meaning."""

    name: str
    datatype: str
    key: bool
    refers_to: str
    description: str


def read(graph: OpenGraph) -> dict[str, Rows]:
    """Return the rows of every table, by name, in the order of their keys; ``graph.once(read)`` keeps them.

    >>> import kg
    >>> tables = read(kg.open())
    >>> len(tables["kinases"]), tables["kinases"].columns
    (4, ['kinase', 'label', 'symbol'])
    """
    return {name: _rows(graph, question) for name, question in _questions().items()}


def files(built: "BuiltGraph") -> dict[str, bytes]:
    """Return the tables and their metadata, each by its path in a release; the same bytes for the same builder.

    >>> from kg.sparql.built_graph import shipped
    >>> files(shipped())["tables/kinases.csv"].decode().splitlines()[:2]
    ['kinase,label,symbol', 'jak1,JAK1,JAK1']
    """
    tables = built.opened.once(read)
    found = {f"{FOLDER}/{name}.csv": _csv(rows) for name, rows in tables.items()}
    text = json.dumps(metadata(tables), ensure_ascii=False, indent=1)
    return {**found, METADATA: f"{text}\n".encode()}


def columns(table: str) -> dict[str, Column]:
    """Return what is known of the columns of a table, by name: its own, and those that mean the same in every table.

    >>> columns("potency")["low"].datatype, columns("potency")["inhibitor"].refers_to
    ('decimal', 'inhibitors')
    """
    said = _dictionary()
    return {**said["*"], **said.get(table, {})}


def metadata(tables: Mapping[str, Rows]) -> dict[str, Any]:
    """Return the metadata of tables as a table group of CSV on the Web, ready for JSON.

    Raises KeyError where a column is not in the dictionary.

    >>> import kg
    >>> found = metadata(read(kg.open()))["tables"]
    >>> next(table for table in found if table["url"] == "kinases.csv")["tableSchema"]["primaryKey"]
    ['kinase']
    """
    questions = _questions()
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": "JAK-KG as tables",
        "dc:license": {"@id": LICENCE},
        "schema:version": VERSION,
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "quoteChar": '"', "doubleQuote": True},
        "tables": [
            {
                "url": f"{name}.csv",
                "dc:title": questions[name].summary,
                **({"dc:description": questions[name].description} if questions[name].description else {}),
                "tableSchema": _schema(name, rows.columns, tables),
            }
            for name, rows in tables.items()
        ],
    }


def _schema(table: str, names: list[str], tables: Mapping[str, Rows]) -> dict[str, Any]:
    said = columns(table)
    known = [said[name] for name in names]
    keys = [{"columnReference": c.name, "reference": {"resource": f"{c.refers_to}.csv", "columnReference": key}}
            for c in known if c.refers_to in tables and (key := _key(c.refers_to)) is not None]  # fmt: skip
    schema: dict[str, Any] = {"columns": [_column(column) for column in known]}
    schema["primaryKey"] = [column.name for column in known if column.key]
    if keys:
        schema["foreignKeys"] = keys
    return schema


def _column(column: Column) -> dict[str, Any]:
    named = NAMED.get(column.datatype)
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.description,
        "datatype": "string" if named else column.datatype,
        **({"valueUrl": f"{named}{{{column.name}}}"} if named else {}),
        **({"required": True} if column.key else {}),
    }


def _key(table: str) -> str | None:
    """Return the one column that is the key of a table; None where there are several."""
    keys = [column.name for column in _dictionary()[table].values() if column.key]
    return keys[0] if len(keys) == 1 else None


def _rows(graph: OpenGraph, question: library.Query) -> Rows:
    found = graph.select(question.text)
    assert isinstance(found, QuerySolutions), f"{question.name} is not a SELECT"  # noqa: S101
    rows = Rows.of(found, _name)
    for row in rows:
        if row.get("relation") in VALUES:
            row["relation"] = VALUES[row["relation"]]
    return rows


def _name(iri: str) -> str:
    """Return a thing or term of ours by its local name, a unit by its word, another term by its CURIE."""
    if iri in UNIT_WORDS:
        return UNIT_WORDS[iri]
    if iri.startswith(OBO) and "_" in iri[len(OBO) :]:
        return iri[len(OBO) :].replace("_", ":", 1)
    return local(iri) if iri.startswith(THING) else curie(iri)


def _csv(rows: Rows) -> bytes:
    cells = ([cell(row[name]) for name in rows.columns] for row in rows)
    return separated([rows.columns, *cells], end="\r\n").encode()


def cell(value: Value) -> str:
    """Return a value as a cell holds it: nothing for None, and a text never as the beginning of a formula.

    >>> cell(None), cell(True), cell(-3.6), cell("=1+1"), cell("IL-21")
    ('', 'true', '-3.6', "'=1+1", 'IL-21')
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value:f}"
        case str() if value.startswith(FORMULA):
            return f"'{value}"
        case _:
            return str(value)


@cache
def _questions() -> dict[str, library.Query]:
    found = sorted((folder("queries") / FOLDER).glob("*.rq"))
    return {file.stem: library.parse(file.stem, file.read_text(encoding="utf-8"), own=True) for file in found}


@cache
def _dictionary() -> dict[str, dict[str, Column]]:
    said: dict[str, dict[str, Column]] = {}
    text = (folder("queries") / FOLDER / "columns.tsv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        column = Column(row["column"], row["datatype"], row["key"] == "yes", row["refers_to"], row["description"])
        said.setdefault(row["table"], {})[column.name] = column
    return said
