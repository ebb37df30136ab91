"""The whole graph in every syntax of RDF: Turtle, N-Triples, RDF/XML, JSON-LD with its context, and TriG by source."""

from pyoxigraph import Triple

from kg.rdf import serialize
from kg.sparql.built_graph import BuiltGraph


def files(built: BuiltGraph) -> dict[str, bytes]:
    """Return the graph with the definitions in every syntax, as :func:`written` does.

    >>> from kg.sparql.built_graph import shipped
    >>> b"@prefix jak: <https://w3id.org/jak-kg/vocab#> ." in files(shipped())["jak-kg.ttl"].splitlines()
    True
    """
    return written(built.triples)


def written(triples: list[Triple]) -> dict[str, bytes]:
    """Return triples, in the order of canonical N-Triples, in every syntax: name of the file -> its bytes.

    Raises Problems where a text has a character that RDF/XML cannot hold.

    >>> sorted(written([]))
    ['context.jsonld', 'jak-kg.jsonld', 'jak-kg.nt', 'jak-kg.rdf', 'jak-kg.trig', 'jak-kg.ttl']
    """
    ordered = serialize.readable(triples)
    document, context = serialize.jsonld(ordered)
    return {
        "jak-kg.ttl": serialize.turtle_of(ordered),
        "jak-kg.nt": serialize.ntriples(triples),
        "jak-kg.rdf": serialize.rdfxml(ordered),
        "jak-kg.jsonld": document,
        "context.jsonld": context,
        "jak-kg.trig": serialize.trig(ordered),
    }
