"""Our own graph as a world of owlready2: its classes and individuals as Python objects.

owlready2 reads no Turtle, and a file of somebody else could name a Python module that it would import: it is given the
triples of our own graph, as N-Triples, and nothing else.
"""

from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from pyoxigraph import DefaultGraph, RdfFormat
from rdflib import Graph
from rdflib.namespace import OWL, RDF

from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import VOCAB
from kg.owl import hermit
from kg.rdf import builder
from kg.rdf.store import folder
from kg.sparql.graph import OpenGraph


def world(graph: OpenGraph, *, inferred: bool = False) -> Any:
    """Return an owlready2 World of a graph with the definitions of its classes; ``inferred`` adds what HermiT infers.

    Its ontology is that of the vocabulary, with a class by its name; the members of a defined class are inferred ones.
    Raises Problems where owlready2, or for ``inferred`` Java, is not installed.

    >>> import kg
    >>> vocabulary = world(kg.open()).get_ontology(VOCAB)
    >>> sorted(one.name for one in vocabulary.Kinase.instances())
    ['jak1', 'jak2', 'jak3', 'tyk2']
    """
    if not find_spec("owlready2"):
        raise Problems([Problem(Place("to_owlready"), "owlready2 is not installed", hermit.REMEDY)])
    triples = graph.store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    asserted = builder.asserted(Graph().parse(data=triples or b"", format="nt"), folder("ontology"))
    new = hermit.inferred(asserted) if inferred else Graph()
    for edge in list(asserted.subjects(RDF.type, OWL.ObjectProperty)):  # owlready2 takes it for one kind of thing only
        for kind in list(asserted.objects(edge, RDF.type)):
            if str(kind).startswith(VOCAB):
                asserted.remove((edge, RDF.type, kind))
    made = import_module("owlready2").World()
    made.get_ontology(VOCAB).load(fileobj=BytesIO(builder.ntriples(asserted + new)))
    return made
