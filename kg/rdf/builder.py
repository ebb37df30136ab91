"""The graph: facts and vocabulary as RDF, built the same byte for byte whatever the order of rows."""

import hashlib
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, SKOS

from kg.facts import mappings
from kg.facts.dataset import Facts
from kg.model.errors import Place
from kg.model.vocabulary import PREFIXES, jak
from kg.rdf.cases import Casebook
from kg.rdf.claims import Claims
from kg.rdf.description import DATASET, Description
from kg.rdf.entities import Entities
from kg.rdf.inhibitors import Inhibitors
from kg.rdf.store import turtle

OBO_DEFINITION = URIRef(PREFIXES["obo"] + "IAO_0000115")
WORDS = (OWL.Ontology, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
"""What a vocabulary consists of; all else is an individual to OWL."""


def build(facts: Facts, vocabulary: Path) -> Graph:
    """Return the graph of the facts with the vocabulary in it, its alignment, and the digest of its content.

    The alignment is the file ``mappings.sssom.tsv`` beside the vocabulary. Raises Problems where a row of it cannot be
    read, or a claim's relation has no role in the vocabulary.

    >>> from kg.facts import dataset
    >>> from kg.model.vocabulary import thing
    >>> from kg.rdf.store import folder
    >>> ontology = folder("ontology")
    >>> graph = build(dataset.read(ontology / "facts"), ontology / "jak-kg.ttl")
    >>> (URIRef(thing("il21-receptor")), URIRef(jak.needsKinase), URIRef(thing("jak1"))) in graph
    True
    """
    return build_with_places(facts, vocabulary)[0]


def build_with_places(facts: Facts, vocabulary: Path) -> tuple[Graph, dict[str, Place], dict[str, tuple[Place, Place]]]:
    """Return the graph, the place of each thing in it, and the two places of each thing that two records make.

    Places and clashes are by IRI. Raises Problems as :func:`build` does.

    >>> from kg.facts import dataset
    >>> from kg.model.vocabulary import thing
    >>> from kg.rdf.store import folder
    >>> ontology = folder("ontology")
    >>> graph, places, clashes = build_with_places(dataset.read(ontology / "facts"), ontology / "jak-kg.ttl")
    >>> places[thing("jak1")].file.name, places[thing("jak1")].line, clashes
    ('kinases.tsv', 2, {})
    """
    builder = _Builder(facts)
    builder.graph += turtle(vocabulary)
    builder.references()
    builder.things()
    builder.identities()
    builder.pharmacology()
    builder.claims()
    builder.cell_assays()
    builder.disagreements()
    builder.reference_links()
    for report in facts.cases:
        builder.report(report)
    builder.routes()
    builder.signals()
    builder.replaced()
    builder.alignment(mappings.read(vocabulary.with_name(mappings.FILE)))
    builder.identifiers()
    builder.dataset()
    _declare(builder.graph)
    content = hashlib.sha256(ntriples(builder.graph)).hexdigest()
    builder.node(str(DATASET), contentDigest=f"sha256:{content}")
    return builder.graph, builder.places, builder.clashes


def ntriples(graph: Graph) -> bytes:
    """Return the graph as sorted N-Triples, a line a triple.

    >>> from rdflib import RDFS, Literal
    >>> from kg.model.vocabulary import thing
    >>> print(ntriples(Graph().add((URIRef(thing("il21")), RDFS.label, Literal("IL-21")))).decode().strip())
    <https://w3id.org/jak-kg/il21> <http://www.w3.org/2000/01/rdf-schema#label> "IL-21" .
    """
    lines = sorted(filter(None, graph.serialize(format="nt", encoding="utf-8").split(b"\n")))
    return b"".join(line + b"\n" for line in lines)


def asserted(graph: Graph, ontology: Path) -> Graph:
    """Return a graph with the definitions of classes, which have blank nodes and which no question needs.

    They are ``definitions.ttl`` of the folder ``ontology``. Its own header is left out: what is released is one
    ontology.

    >>> from rdflib import RDFS, Literal
    >>> from kg.model.vocabulary import thing
    >>> from kg.rdf.store import folder
    >>> graph = Graph().add((URIRef(thing("il21")), RDFS.label, Literal("IL-21")))
    >>> whole = asserted(graph, folder("ontology"))
    >>> (URIRef(thing("il21")), RDF.type, OWL.NamedIndividual) in whole, list(whole.subjects(RDF.type, OWL.Ontology))
    (True, [])
    """
    whole, file = Graph(), ontology / "definitions.ttl"
    if file.is_file():
        whole += turtle(file)
    for header in list(whole.subjects(RDF.type, OWL.Ontology)):
        whole.remove((header, None, None))
    whole += graph
    _declare(whole)
    return whole


def digest(graph: Graph) -> str:
    """Return the digest of the content of a graph that was built here: ``sha256:`` and 64 hexadecimal digits.

    >>> from kg.facts import dataset
    >>> from kg.rdf.store import folder
    >>> ontology = folder("ontology")
    >>> digest(build(dataset.read(ontology / "facts"), ontology / "jak-kg.ttl"))  # doctest: +ELLIPSIS
    'sha256:...'
    """
    return str(graph.value(DATASET, URIRef(jak.contentDigest)))


def _declare(graph: Graph) -> None:
    """Give each definition in the property of the OBO ontologies too, and declare the individuals, as tools expect."""
    for term, text in list(graph.subject_objects(SKOS.definition)):
        graph.add((term, OBO_DEFINITION, text))
    words = {word for kind in WORDS for word in graph.subjects(RDF.type, kind)}
    for subject in set(graph.subjects()) - words:
        if isinstance(subject, URIRef):
            graph.add((subject, RDF.type, OWL.NamedIndividual))


class _Builder(Entities, Inhibitors, Claims, Casebook, Description):
    """The whole graph."""
