"""The graph in the syntaxes of RDF, the same bytes on every machine, and one fingerprint whichever of them is read.

Blank nodes, which only definitions of classes have, get their names by RDFC-1.0 (https://www.w3.org/TR/rdf-canon/), so
that N-Triples, sorted, are the canonical form; the fingerprint is its SHA-256. Literals keep their digits: nothing here
goes through a store, which would make 1.50 a 1.5.
"""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)
from rdflib import Graph

from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import PREFIXES, VOCAB, curie, local
from kg.rdf import builder, named_graphs

TYPE = PREFIXES["rdf"] + "type"
FIRST = (TYPE, PREFIXES["rdfs"] + "label")
"""Properties that stand first where a person reads."""
ORDER = ("kg:jak-kg", "kg:vocab", "jak:", "kg:", "")
"""How the compact names of subjects begin, in the order in which a person reads: header, vocabulary, things, others."""
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped."""


def canonical(graph: Graph) -> list[Triple]:
    """Return the triples of a graph in the order of canonical N-Triples, with the canonical names of blank nodes.

    >>> from rdflib import BNode, URIRef
    >>> graph = Graph().add((BNode("whatever"), URIRef("http://a.org/x"), URIRef("http://a.org/y")))
    >>> str(canonical(graph)[0])
    '_:c14n0 <http://a.org/x> <http://a.org/y>'
    """
    dataset = Dataset(parse(builder.ntriples(graph), format=RdfFormat.N_TRIPLES))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    triples = [quad.triple for quad in dataset]
    lines = ntriples(triples).splitlines()
    return [triples[number] for number in sorted(range(len(triples)), key=lines.__getitem__)]


def ntriples(triples: Iterable[Triple]) -> bytes:
    r"""Return triples as N-Triples, a line each, in their order.

    >>> ntriples([Triple(NamedNode("http://a.org/x"), NamedNode("http://a.org/y"), Literal("z"))])
    b'<http://a.org/x> <http://a.org/y> "z" .\n'
    """
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def readable(triples: Iterable[Triple]) -> list[Triple]:
    """Return triples in the order in which a person reads them: the header, the vocabulary, then the things.

    >>> from kg.model.vocabulary import thing
    >>> label, note = (Triple(NamedNode(thing("il21")), NamedNode(p), Literal("x")) for p in (FIRST[1], VOCAB + "note"))
    >>> readable([note, label]) == [label, note]
    True
    """

    def rank(triple: Triple) -> tuple[int, str, int, str, str]:
        iri, predicate = _id(triple.subject), triple.predicate.value
        group = next(number for number, head in enumerate(ORDER) if iri.startswith(head))
        first = FIRST.index(predicate) if predicate in FIRST else len(FIRST)
        return group, iri, first, curie(predicate), str(triple.object)

    return sorted(triples, key=rank)


def fingerprint(graph: Graph) -> str:
    """Return the SHA-256, in hexadecimal digits, of the canonical form of a graph (RDFC-1.0).

    >>> fingerprint(Graph()) == hashlib.sha256(b"").hexdigest()
    True
    """
    return hashlib.sha256(ntriples(canonical(graph))).hexdigest()


def turtle(graph: Graph) -> bytes:
    """Return a graph as Turtle with the project's prefixes: the header first, then the vocabulary, then the things.

    >>> from rdflib import RDFS, Literal, URIRef
    >>> from kg.model.vocabulary import thing
    >>> graph = Graph().add((URIRef(thing("il21")), RDFS.label, Literal("IL-21")))
    >>> print(turtle(graph).decode().splitlines()[-1])
    kg:il21 rdfs:label "IL-21" .
    """
    return turtle_of(readable(canonical(graph)))


def turtle_of(triples: Iterable[Triple]) -> bytes:
    """Return triples as Turtle with the project's prefixes, in their order.

    >>> triple = Triple(NamedNode("http://a.org/x"), NamedNode("http://a.org/y"), Literal("z"))
    >>> turtle_of([triple]).splitlines()[-1]
    b'<http://a.org/x> <http://a.org/y> "z" .'
    """
    written = serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b""
    return re.sub(rb"\n(?=[^\t@\n])", b"\n\n", written)  # a blank line before each subject; no text has a line break


def rdfxml(triples: Iterable[Triple]) -> bytes:
    r"""Return triples as RDF/XML, in their order; Problems where a text has a character that XML cannot hold.

    >>> from kg.model.vocabulary import thing
    >>> rdfxml([Triple(NamedNode(thing("il21")), NamedNode("http://a.org/x"), Literal("\f"))])
    Traceback (most recent call last):
        ...
    kg.Problems: il21: U+000C stands in a text, and XML cannot hold it: take the character out of the facts
    """
    problems = [
        Problem(
            Place(local(getattr(triple.subject, "value", ""))),
            f"U+{ord(found[0]):04X} stands in a text, and XML cannot hold it",
            "take the character out of the facts",
        )
        for triple in triples
        if isinstance(triple.object, Literal) and (found := UNWRITABLE.search(triple.object.value))
    ]
    if problems:
        raise Problems(problems)
    written = serialize(triples, format=RdfFormat.RDF_XML, prefixes=PREFIXES)
    return (written or b"").replace(b"\r", b"&#xD;")  # a reader of XML takes a bare one for a line break


def trig(triples: Iterable[Triple]) -> bytes:
    """Return triples as TriG: the named graphs of :mod:`kg.rdf.named_graphs`, described in the default graph.

    >>> from kg.model.vocabulary import thing
    >>> print(trig([Triple(NamedNode(thing("il21")), NamedNode(FIRST[1]), Literal("IL-21"))]).decode().split()[-7:-1])
    ['kg:graph-things', '{', 'kg:il21', 'rdfs:label', '"IL-21"', '.']
    """
    graphs = named_graphs.named(triples)
    quads = named_graphs.described(graphs)
    for name, held in graphs.items():
        quads += [Quad(t.subject, t.predicate, t.object, NamedNode(name)) for t in held]
    return serialize(quads, format=RdfFormat.TRIG, prefixes=PREFIXES) or b""


def jsonld(triples: Sequence[Triple]) -> tuple[bytes, bytes]:
    """Return triples as JSON-LD, and its context alone; the context also stands in the document: nothing is loaded.

    A key of ours is bare, another carries its prefix. All values are strings, because a JSON number loses digits. The
    type or language that most values of a key have is in the context; that of any other value is beside it.

    >>> from kg.model.vocabulary import thing
    >>> il21, year = NamedNode(thing("il21")), NamedNode(VOCAB + "year")
    >>> number = Literal("2025", datatype=NamedNode(PREFIXES["xsd"] + "gYear"))
    >>> document, context = (json.loads(text) for text in jsonld([Triple(il21, year, number)]))
    >>> document["@graph"], context["@context"]["year"]
    ([{'@id': 'kg:il21', 'year': '2025'}], {'@id': 'jak:year', '@type': 'xsd:gYear'})
    """
    kinds: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for triple in triples:
        if triple.predicate.value != TYPE:
            kinds[triple.predicate.value][_kind(triple.object)] += 1
    usual = {predicate: max(sorted(found), key=found.__getitem__) for predicate, found in kinds.items()}
    context: dict[str, Any] = dict(PREFIXES)
    for predicate in sorted(kinds, key=curie):
        coerced = dict(filter(all, [usual[predicate]]))
        context[_key(predicate)] = {"@id": curie(predicate)} | coerced
    nodes: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        predicate = triple.predicate.value
        if predicate == TYPE:
            nodes[_id(triple.subject)]["@type"].append(_id(triple.object))
        else:
            nodes[_id(triple.subject)][_key(predicate)].append(_value(triple.object, usual[predicate]))
    found = [
        {"@id": name} | {key: values[0] if len(values) == 1 else values for key, values in node.items()}
        for name, node in nodes.items()
    ]
    return _json({"@context": context, "@graph": found}), _json({"@context": context})


def _key(predicate: str) -> str:
    return local(predicate) if predicate.startswith(VOCAB) else curie(predicate)


def _id(term: object) -> str:
    return curie(term.value) if isinstance(term, NamedNode) else str(term)


def _kind(term: object) -> tuple[str, str]:
    """Return the keyword of JSON-LD that types a term, and the type; two empty words for a plain text."""
    if not isinstance(term, Literal):
        return "@type", "@id"
    if term.language:
        return "@language", term.language
    datatype = curie(term.datatype.value)
    return ("", "") if datatype == "xsd:string" else ("@type", datatype)


def _value(term: object, usual: tuple[str, str]) -> str | dict[str, str]:
    value = term.value if isinstance(term, Literal) else _id(term)
    keyword, kind = _kind(term)
    if (keyword, kind) == usual:
        return value
    return {"@id": value} if kind == "@id" else {"@value": value, **({keyword: kind} if keyword else {})}


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
