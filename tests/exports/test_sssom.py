"""The SSSOM file of a release: valid by sssom-pydantic with no row dropped, and the same mappings as in the graph."""

import csv
from io import StringIO
from pathlib import Path

import curies
import pytest
import sssom_pydantic
import yaml
from rdflib import Graph, URIRef
from rdflib.namespace import RDFS, SKOS

from kg.exports import sssom
from kg.facts import mappings
from kg.model import identifiers
from kg.model.vocabulary import RELEASED, THING, VERSION, jak, thing
from kg.sparql.built_graph import BuiltGraph

MAPPED = (
    SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch, RDFS.subClassOf,
    RDFS.subPropertyOf,
)  # fmt: skip


@pytest.fixture(scope="module")
def content(built_graph: BuiltGraph) -> str:
    (name, data), *others = sssom.files(built_graph).items()
    assert (name, others) == ("jak-kg.sssom.tsv", [])
    return data.decode("utf-8")


def table(content: str) -> list[dict[str, str]]:
    lines = [line for line in content.splitlines(keepends=True) if not line.startswith("#")]
    return list(csv.DictReader(StringIO("".join(lines)), delimiter="\t"))


def valid(content: str) -> list[sssom_pydantic.SemanticMapping]:
    """The mappings of a file that its own library reads, with each row read: what it cannot read it drops otherwise."""
    found, _, header, errors = sssom_pydantic.read(StringIO(content), return_errors=True)
    assert errors == []
    assert len(found) == len(table(content)) > 0
    assert header.version == VERSION
    assert str(header.license) == "https://creativecommons.org/licenses/by-sa/4.0/"
    return found


def test_its_own_library_reads_every_row(content: str, ontology: Path) -> None:
    assert len(valid(content)) > 600
    assert len(valid((ontology / mappings.FILE).read_text(encoding="utf-8"))) > 100


@pytest.mark.parametrize(
    ("old", "new"), [("skos:broadMatch\tGO:", "skos:broadMatch\tFOO:"), ("\tsemapv:ManualMappingCuration\t", "\t\t")]
)
def test_a_row_that_is_dropped_would_be_noticed(old: str, new: str, content: str) -> None:
    assert old in content
    bad = content.replace(old, new, 1)
    assert len(sssom_pydantic.read(StringIO(bad)).mappings) == len(table(bad)) - 1
    with pytest.raises(AssertionError):
        valid(bad)


def test_it_says_what_the_graph_says(content: str, built: Graph) -> None:
    header = yaml.safe_load("".join(line[1:] for line in content.splitlines(keepends=True) if line.startswith("#")))
    converter = curies.Converter.from_prefix_map(header["curie_map"])
    rows = table(content)
    pairs = [
        tuple(converter.expand_strict(row[f"{role}_id"]) for role in ("subject", "predicate", "object")) for row in rows
    ]
    assert len(set(pairs)) == len(pairs)
    assert set(pairs) == {
        (str(s), str(predicate), str(o))
        for predicate in MAPPED
        for s, o in built.subject_objects(predicate)
        if str(s).startswith(THING) and not str(o).startswith(THING)
    }
    for row, (subject, _, _) in zip(rows, pairs, strict=True):
        assert row["subject_label"] == str(built.value(URIRef(subject), RDFS.label))
    used = {row[name].partition(":")[0] for row in rows for name in row if name.endswith(("_id", "ion"))}
    assert used == header["curie_map"].keys()
    assert str(header["publication_date"]) == RELEASED


def test_every_identifier_is_a_row_and_says_why_it_is_not_exact(content: str, built: Graph) -> None:
    rows = {(row["subject_id"], row["object_id"]): row for row in table(content)}
    for owner, name in built.subject_objects(URIRef(jak.xref)):
        row = rows[f"kg:{str(owner).removeprefix(THING)}", str(name)]
        assert (row["predicate_id"] == "skos:exactMatch") or row["comment"]
    for gene in ("hgnc:6005", "NCBIGene:59067", "ensembl:ENSG00000138684"):
        assert rows["kg:il21", gene]["comment"] == "the gene; the thing is its product"
    assert rows["kg:mouse-il21", "MGI:1890474"]["predicate_id"] == "skos:exactMatch"
    assert rows["kg:ifna13", "uniprot:P01562"]["comment"] == "two things have this identifier"
    assert "DOID" in rows["kg:granuloma-annulare", "snomedct:200953005"]["comment"]
    assert {name.partition(":")[0] for _, name in rows} <= identifiers.REGISTRIES.keys()


def test_things_of_other_facts_have_no_row(mini: Graph) -> None:
    assert (URIRef(thing("tslp")), None, None) not in mini
    rows = table(sssom.files(BuiltGraph(mini))["jak-kg.sssom.tsv"].decode())
    assert "kg:tslp" not in {row["subject_id"] for row in rows}
    assert "kg:il21" in {row["subject_id"] for row in rows}
