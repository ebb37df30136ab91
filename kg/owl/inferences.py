"""What a reasoner found, for people and programs: the defined classes with their members, and new edges."""

from collections import Counter
from typing import Any

from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from kg.document.blocks import Document, Notes, Paragraph
from kg.model.vocabulary import DEFINED, VOCAB, local
from kg.owl.hermit import Reasoned
from kg.owl.premises import definitions


def classes() -> dict[str, str]:
    """Return the label of each defined class, by local name, in the order of names.

    >>> classes()["PanJakInhibitor"]
    'pan-JAK inhibitor'
    """
    known = definitions()
    names = sorted(name for name in DEFINED if (URIRef(VOCAB + name), RDF.type, OWL.Class) in known)
    return {name: str(known.value(URIRef(VOCAB + name), RDFS.label)) for name in names}


def new_edges(found: Reasoned) -> dict[str, int]:
    """Return how many new edges each property has, by local name.

    >>> new_edges(Reasoned(True, (), Graph()))
    {}
    """
    counts = Counter(local(str(predicate)) for predicate in found.new.predicates() if str(predicate).startswith(VOCAB))
    return dict(sorted(counts.items()))


def to_dict(found: Reasoned, graph: Graph) -> dict[str, Any]:
    """Return what was found as JSON values; members by local name with their labels in the graph.

    >>> sorted(to_dict(Reasoned(True, (), Graph()), Graph()))
    ['classes', 'consistent', 'edges']
    """
    members = {
        name: {"label": label, "members": {local(one): _label(graph, one) for one in found.members(VOCAB + name)}}
        for name, label in classes().items()
    }
    return {"consistent": found.consistent, "classes": members, "edges": new_edges(found)}


def document(found: Reasoned, graph: Graph) -> Document:
    """Return what was found for a reader.

    >>> document(Reasoned(True, (), Graph()), Graph()).title
    'The graph is consistent: no statements contradict.'
    """
    notes, items = definitions(), []
    for name, label in classes().items():
        members = found.members(VOCAB + name)
        said = "; ".join(_label(graph, one) or local(one) for one in members) or "none"
        if not members and (note := notes.value(URIRef(VOCAB + name), SKOS.scopeNote)):
            said = f"none. {note}"
        items.append(f"{label} (jak:{name}, {len(members)}): {said}")
    counts = new_edges(found)
    each = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    edges = Paragraph([f"New edges: {sum(counts.values()):,} ({each})."])
    return Document("The graph is consistent: no statements contradict.", [Notes(items), edges])


def _label(graph: Graph, one: str) -> str | None:
    label = graph.value(URIRef(one), RDFS.label)
    return str(label) if label is not None else None
