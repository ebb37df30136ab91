"""The CSV tables and the GraphML of a release: nothing of the graph lost, every column known, safe in a spreadsheet."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from conftest import ROOT
from pyoxigraph import Literal, NamedNode, QuerySolutions
from rdflib import Graph, URIRef
from rdflib import Literal as Text

from kg.exports import graphml, tables
from kg.model.vocabulary import PREFIXES, THING, VOCAB, jak, local, thing
from kg.network import projection
from kg.sparql.built_graph import BuiltGraph
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Rows

CHECKED = {
    "integer": r"-?\d+", "decimal": r"-?\d+(\.\d+)?", "boolean": "true|false", "gYear": r"\d{4}",
    "date": r"\d{4}-\d\d-\d\d", "string": "(?s).+",
}  # fmt: skip
"""Datatype -> what a cell of it looks like."""


@pytest.fixture(scope="module")
def files(built_graph: BuiltGraph) -> dict[str, bytes]:
    return tables.files(built_graph)


@pytest.fixture(scope="module")
def metadata(files: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    """Table -> its part of the metadata."""
    found = json.loads(files[tables.METADATA])["tables"]
    return {table["url"].removesuffix(".csv"): table for table in found}


def of(files: dict[str, bytes], table: str) -> list[dict[str, str]]:
    """The rows of a table as a strict reader has them."""
    text = io.StringIO(files[f"tables/{table}.csv"].decode("utf-8"), newline="")
    return list(csv.DictReader(text, strict=True))


def keys(rows: Iterable[dict[str, str]], columns: list[str]) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in columns) for row in rows]


def replaced(graph: Graph, name: str, note: str) -> Graph:
    """A copy of a graph where a thing has another note."""
    copy = Graph()
    for triple in graph:
        copy.add(triple)
    copy.set((URIRef(thing(name)), URIRef(jak.note), Text(note)))
    return copy


# --- the form of the files --------------------------------------------------------------------------------------------


def test_rfc_4180(files: dict[str, bytes]) -> None:
    for name, data in files.items():
        if name == tables.METADATA:
            continue
        text = data.decode("utf-8")
        assert not text.startswith("\ufeff")
        assert text.endswith("\r\n")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert len({len(line) for line in lines}) == 1, name
        assert len(lines) > 1, name
        again = io.StringIO()
        csv.writer(again, lineterminator="\r\n").writerows(lines)
        assert again.getvalue() == text


def test_metadata_holds_for_every_file(files: dict[str, bytes], metadata: dict[str, dict[str, Any]]) -> None:
    import re

    assert {f"tables/{table}.csv" for table in metadata} == files.keys() - {tables.METADATA}
    for name, table in metadata.items():
        rows, schema = of(files, name), table["tableSchema"]
        assert [column["name"] for column in schema["columns"]] == list(rows[0])
        for column in schema["columns"]:
            cells = [row[column["name"]] for row in rows]
            pattern = CHECKED[column["datatype"]]
            wrong = [cell for cell in cells if cell and not re.fullmatch(pattern, cell)]
            assert wrong == [], (name, column)
            assert all(cells) or not column.get("required"), (name, column)
            assert column["dc:description"]
        found = keys(rows, schema["primaryKey"])
        assert schema["primaryKey"], f"{name} has no key"
        assert [key for key, n in Counter(found).items() if n > 1] == [], name
        assert table["dc:title"].endswith("?")


def test_foreign_keys(files: dict[str, bytes], metadata: dict[str, dict[str, Any]]) -> None:
    for name, table in metadata.items():
        for key in table["tableSchema"].get("foreignKeys", []):
            other, column = key["reference"]["resource"].removesuffix(".csv"), key["reference"]["columnReference"]
            there = {row[column] for row in of(files, other)}
            here = {row[key["columnReference"]] for row in of(files, name)}
            assert here <= there, (name, key)
    said = (ROOT / "queries/tables/columns.tsv").read_text(encoding="utf-8").splitlines()[1:]
    named = {line.split("\t")[4] for line in said} - {""}
    assert named <= metadata.keys()


def test_a_name_is_an_iri_of_the_graph(
    built: Graph, metadata: dict[str, dict[str, Any]], files: dict[str, bytes]
) -> None:
    known = {str(term) for triple in built for term in triple}
    for name, table in metadata.items():
        for column in table["tableSchema"]["columns"]:
            if "valueUrl" in column:
                before = column["valueUrl"].partition("{")[0]
                found = {before + row[column["name"]] for row in of(files, name) if row[column["name"]]}
                assert found - known == set(), (name, column)


def test_the_dictionary_has_no_column_too_many(metadata: dict[str, dict[str, Any]]) -> None:
    used = {(name, column["name"]) for name, table in metadata.items() for column in table["tableSchema"]["columns"]}
    for line in (ROOT / "queries/tables/columns.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        table, column = line.split("\t")[:2]
        assert len(line.split("\t")) == 6, line
        if table == "*":
            own = {name for name in metadata if column in tables.columns(name)}
            assert any((name, column) in used for name in own), line
        else:
            assert (table, column) in used, line


def test_a_column_that_nobody_described_is_refused() -> None:
    with pytest.raises(KeyError, match="colour"):
        tables.metadata({"kinases": Rows([{"colour": "red"}], ["colour"])})


# --- what is in them --------------------------------------------------------------------------------------------------


def spellings(term: NamedNode | Literal, notations: dict[str, str]) -> set[str]:
    """How a value of the graph may stand in a cell."""
    if isinstance(term, NamedNode):
        name = local(term.value)
        obo = term.value.removeprefix(PREFIXES["obo"]).replace("_", ":", 1)
        return {name, obo, notations.get(term.value, name), tables.UNIT_WORDS.get(term.value, name)}
    number = term.datatype.value.rpartition("#")[2] in ("decimal", "integer")
    return {f"{Decimal(term.value):f}" if number else term.value, tables.VALUES.get(term.value, term.value)}


def test_every_statement_is_in_a_row_of_its_subject(graph: OpenGraph, files: dict[str, bytes]) -> None:
    """No cells are types, nodes between a thing and its quantities, and links that identifiers make."""
    beside: set[tuple[str, str]] = set()
    for name in files.keys() - {tables.METADATA}:
        for row in of(files, name.removeprefix("tables/").removesuffix(".csv")):
            cells = set(row.values()) - {""}
            beside |= {(cell, other) for cell in cells for other in cells}
    notation = "SELECT ?x ?n { ?x <http://www.w3.org/2004/02/skos/core#notation> ?n }"
    notations = {row["x"].value: row["n"].value for row in graph.select(notation)}
    owner = {str(q.object)[1:-1]: str(q.subject)[1:-1] for name in ("dose", "duration", "age", "time")
             for q in graph.store.quads_for_pattern(None, NamedNode(f"{VOCAB}{name}"), None)}  # fmt: skip
    left_out = {f"{PREFIXES['rdf']}type", *(f"{VOCAB}{name}" for name in ("dose", "duration", "age", "time"))}
    left_out |= {f"{PREFIXES['rdfs']}seeAlso"}
    left_out |= {f"{PREFIXES['skos']}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")}
    lost = []
    for quad in graph.store:
        subject, value = str(quad.subject)[1:-1], quad.object
        if quad.predicate.value != f"{PREFIXES['rdfs']}label":
            subject = owner.get(subject, subject)
        assert isinstance(value, NamedNode | Literal)
        if not subject.startswith(THING) or subject.startswith(VOCAB[:-1]) or quad.predicate.value in left_out:
            continue
        if not any((local(subject), word) in beside for word in spellings(value, notations)):
            lost.append(quad)
    assert lost == []
    assert len(owner) > 60


def test_every_thing_has_a_row_by_its_class(graph: OpenGraph, files: dict[str, bytes]) -> None:
    """A table of a kind of thing has that kind, all of it and nothing else."""
    kinds = {
        "adverse_events": "AdverseEvent", "approvals": "Approval", "body_sites": "BodySite", "cases": "Case",
        "cell_assays": "CellAssay", "chains": "ReceptorChain", "claims": "Claim", "comparators": "Comparator",
        "analytes": "OtherAnalyte", "conditions": "ConditionKind", "cytokine_sets": "CytokineSet",
        "cytokines": "Ligand", "genes": "Gene",
        "decisions": "Decision", "development": "Development",
        "disagreement_sides": "Side", "disagreements": "Disagreement", "diseases": "Condition",
        "evidence": "Evidence", "hypotheses": "Hypothesis", "inhibitors": "Inhibitor", "kinases": "Kinase",
        "measurements": "Measurement", "outcomes": "Outcome", "potency": "PotencyMeasurement",
        "prior_treatments": "PriorTreatment", "receptor_families": "ReceptorFamily", "receptors": "ReceptorComplex",
        "references": "Reference", "regimens": "Regimen", "relapses": "Relapse", "relations": "Relation",
        "safety_warnings": "SafetyWarning", "signals": "Signal",
        "pathways": "Pathway", "stats": "Stat", "therapies": "Therapy", "treatments": "Treatment",
    }  # fmt: skip
    for table, kind in kinds.items():
        rows = of(files, table)
        found = graph.select(f"SELECT ?x {{ ?x a <{VOCAB}{kind}> }}")
        assert {next(iter(row.values())) for row in rows} == {local(row["x"].value) for row in found}, table
    typed = graph.select("SELECT DISTINCT ?c { ?x a ?c }")
    classes = {local(row["c"].value) for row in typed if row["c"].value.startswith(VOCAB)}
    special = {name for name in classes if name.endswith("GranulomaAnnulare") or name.startswith("Ligand")}
    values = {"BindingMode", "CaseItem", "ClaimStatus", "Direction", "Grade", "OutcomeEvent", "Stance"}
    assert classes - set(kinds.values()) - special - values == {"Quantity", "IndividualCase", "GroupCase"}


def test_missing_is_empty_and_not_reported_is_a_word(files: dict[str, bytes]) -> None:
    measured = {row["measurement"]: row for row in of(files, "measurements")}
    assert measured["khurana-2025-1-ifng-own-uninvolved-skin"]["ratio"] == "0.08"
    assert {row["ratio"] for row in measured.values()} >= {"0.08", "0.96", "2.33", ""}
    assert "0" not in {row["ratio"] for row in measured.values()}
    ages = {row["case"]: (row["age"], row["age_low"]) for row in of(files, "cases")}
    assert ages["khurana-2025-1"] == ("48 years", "48")
    assert ("not reported", "") in ages.values()
    therapies = of(files, "therapies")
    assert {row["adverse_events"] for row in therapies} >= {"reported", "none", "not reported"}
    assert {row["relapses"] for row in therapies} >= {"reported", "not reported", "not applicable"}
    assert all(row["relapses"] for row in therapies)
    events = of(files, "adverse_events")
    assert "" in {row["count"] for row in events}
    assert "0" not in {row["count"] for row in events}
    assert {row["low"] for row in of(files, "potency") if row["statement"] == "spared"} == {""}


def test_a_censored_value_stays_one(files: dict[str, bytes]) -> None:
    rows = [row for row in of(files, "potency") if (row["inhibitor"], row["kinase"]) == ("baricitinib", "jak3")]
    found = {(row["relation"], row["reported"], row["low"], row["high"]) for row in rows}
    assert found == {("equal to", "787", "787", "787"), ("above", "400", "400", "")}


def test_counts_of_evidence(files: dict[str, bytes]) -> None:
    counted = Counter((row["claim"], row["stance"]) for row in of(files, "evidence"))
    for row in of(files, "claims"):
        for stance in ("supports", "refutes", "inconclusive"):
            assert int(row[stance]) == counted[row["claim"], stance]


@pytest.mark.conformance
@pytest.mark.parametrize(
    "name", ["claims", "cases", "cytokines", "diseases", "therapies", "unsaid", "potency", "names"]
)
def test_rdflib_answers_alike(built: Graph, graph: OpenGraph, name: str) -> None:
    text = (ROOT / "queries" / "tables" / f"{name}.rq").read_text(encoding="utf-8")
    there = graph.select(text)
    assert isinstance(there, QuerySolutions)
    columns = [variable.value for variable in there.variables]
    number = frozenset({"low", "high", "age_low", "age_high", "duration_low", "duration_high", "dose_low", "dose_high"})

    def cell(column: str, value: Any) -> str:
        if value is None:
            return ""
        return f"{Decimal(value).normalize():f}" if column in number else str(value)

    ours = Counter(tuple(cell(c, row[c].value if row[c] else None) for c in columns) for row in there)
    theirs = Counter(tuple(map(cell, columns, tuple(row))) for row in built.query(text))  # type: ignore[arg-type]
    assert ours == theirs


# --- safe, and the same at every run ----------------------------------------------------------------------------------


def test_no_text_begins_a_formula(built: Graph, files: dict[str, bytes]) -> None:
    for name in files.keys() - {tables.METADATA}:
        for row in of(files, name.removeprefix("tables/").removesuffix(".csv")):
            assert not any(cell.removeprefix("'").startswith(tables.FORMULA) for cell in row.values()), row
    evil = '=HYPERLINK("http://x","a")\r\nb,c|d\t"'
    rows = of(tables.files(BuiltGraph(replaced(built, "il21", evil))), "cytokines")
    assert [row["note"] for row in rows if row["cytokine"] == "il21"] == [f"'{evil}"]
    assert [tables.cell(Decimal(text)) for text in ("-3.6", "1E+3", "0.50")] == ["-3.6", "1000", "0.50"]


# --- GraphML ----------------------------------------------------------------------------------------------------------


def test_graphml_is_the_mechanism(built_graph: BuiltGraph, graph: OpenGraph) -> None:
    found = graphml.files(built_graph)
    assert list(found) == ["jak-kg.graphml"]
    text = found["jak-kg.graphml"].decode()
    read = nx.parse_graphml(text, force_multigraph=True)
    bare = projection.mechanism(graph)
    assert {name: about["kind"] for name, about in read.nodes(data=True)} == {
        name: about["kind"] for name, about in bare.nodes(data=True)
    }
    ends = Counter((start, end, about["relation"]) for start, end, about in read.edges(data=True))
    assert ends == Counter((start, end, about["relation"]) for start, end, about in bare.edges(data=True))
    ids = [edge.get("id") for edge in ElementTree.fromstring(text.encode()).iter() if edge.tag.endswith("}edge")]
    assert len(ids) == len(set(ids)) == bare.number_of_edges()
    claim = read["il21"]["il21-receptor"]["claim-il21-binds-receptor-il21-receptor"]
    assert claim["status"] == "accepted"
    assert claim["supports"] > 1
    assert "supports: CellPhoneDB v5, ligand IL21" in claim["sources"]
    values = read["baricitinib"]["jak3"].values()
    assert {(edge["sign"], edge["low"], edge.get("high")) for edge in values} == {
        ("=", 787.0, 787.0),
        (">", 400.0, None),
    }
    assert "uniprot:Q9HBE4" in read.nodes["il21"]["identifiers"]


def test_graphml_takes_any_text(built: Graph) -> None:
    evil = "<b>&\"' \x00\x0b\x1f\ufffe ]]> ä 😀"
    copy = replaced(built, "il21", "x")
    copy.add((URIRef(thing("il21")), URIRef(f"{PREFIXES['skos']}altLabel"), Text(evil)))
    text = graphml.files(BuiltGraph(copy))["jak-kg.graphml"].decode()
    assert "<b>&\"'  ]]> ä 😀" in nx.parse_graphml(text).nodes["il21"]["names"]
