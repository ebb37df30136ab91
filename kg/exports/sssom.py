"""The mappings of a release as one SSSOM file: those of the vocabulary, and each identifier of a thing.

The graph says which pairs there are and how they stand; ``mappings.sssom.tsv`` adds the labels that are printed
elsewhere, and why.

An identifier is an exact match where it names the same thing. An HGNC number names the gene, and what is here is its
product: a related match, where UniProt is the exact one. A code of the ATC is a close match, and so is the substance of
which a treatment is the use, and the protein that two genes encode alike.
"""

from collections.abc import Iterator
from typing import Final

import yaml
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS

from kg.facts import mappings
from kg.model import identifiers
from kg.model.files import separated
from kg.model.vocabulary import LICENCE, RELEASED, THING, VERSION, curie, jak
from kg.sparql.built_graph import BuiltGraph

FILE: Final = "jak-kg.sssom.tsv"
COLUMNS: Final = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification", "comment",
)  # fmt: skip
WHY: Final = {
    "atc": "a place in the classification; a drug can have several",
    "dailymed": "the label of the drug",
    "GO": "the process; the pathway here is what its target genes show",
    **dict.fromkeys(("ensembl", "hgnc", "NCBIGene"), "the gene; the thing is its product"),
}
"""Prefix of an identifier that names something else -> what."""


def files(built: BuiltGraph) -> dict[str, bytes]:
    r"""Return the SSSOM file of a graph that was built here: its name, and its content.

    >>> from kg.sparql.built_graph import shipped
    >>> (content,) = files(shipped()).values()
    >>> rows = [line.split("\t") for line in content.decode().splitlines()]
    >>> [row[2:4] for row in rows if row[0] == "kg:jak1" and row[3].startswith("hgnc")]
    [['skos:relatedMatch', 'hgnc:6190']]
    """
    rows = sorted(_rows(built))
    used = {cell.partition(":")[0] for row in rows for cell in (row[0], row[2], row[3], row[5])}
    header = {
        "mapping_set_id": f"{THING}{FILE}",
        "mapping_set_version": VERSION,
        "mapping_set_title": "JAK-KG: its terms and things, and those of other vocabularies and registries",
        "license": LICENCE,
        "creator_label": ["The JAK-KG authors"],
        "publication_date": RELEASED,
        "curie_map": {prefix: mappings.PREFIX_MAP[prefix] for prefix in sorted(used)},
    }
    lines = yaml.safe_dump(header, sort_keys=False, allow_unicode=True, width=1000).splitlines()
    head = "".join(f"#{line}\n" for line in lines)
    return {FILE: (head + separated([COLUMNS, *rows], tabs=True)).encode()}


def _rows(built: BuiltGraph) -> Iterator[tuple[str, ...]]:
    """Yield a row for each triple of the graph by which a term or thing of ours is mapped."""
    graph, alignment = built.graph, mappings.read(built.ontology / mappings.FILE)
    curated = {(row.subject, row.predicate, row.object): row for row in alignment.rows}
    for predicate in mappings.PREDICATES:
        for subject, target in graph.subject_objects(URIRef(mappings.expanded(predicate))):
            if not str(subject).startswith(THING) or str(target).startswith(THING):
                continue
            row = curated.get((str(subject), mappings.expanded(predicate), str(target)))
            identifier = identifiers.curie(str(target))
            why = (row.comment or "") if row else _why(graph, URIRef(str(subject)), identifier, predicate)
            yield (
                curie(str(subject)), str(graph.value(subject, RDFS.label)), predicate, identifier,
                (row.object_label or "") if row else "", mappings.CURATED, why,
            )  # fmt: skip


def _why(graph: Graph, subject: URIRef, identifier: str, predicate: str) -> str:
    """Return why an identifier is no exact match; '' where it is one."""
    if predicate == "skos:exactMatch":
        return ""
    if (why := WHY.get(identifier.partition(":")[0])) is not None:
        return why
    if (subject, RDF.type, URIRef(jak.Treatment)) in graph:
        return "the substance or procedure; the thing is its use as a treatment"
    return "two things have this identifier"
