"""Nanopublications: each accepted claim alone, with who says it and who publishes it, under an IRI made of its content.

The IRI ends in a trusty code (module RA of trustyuri.net: the SHA-256 of the sorted statements, the code itself left
blank), so whoever holds a nanopublication can tell that nobody changed it. There is no signature: that needs a key.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import quote

from pyoxigraph import Literal as OxLiteral
from pyoxigraph import NamedNode, Quad, RdfFormat, serialize
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, OWL, PROV, RDF, RDFS, XSD
from rdflib.term import Node

from kg.model.vocabulary import LICENCE, PREFIXES, RELEASED, THING, VERSION, jak, thing
from kg.sparql.built_graph import BuiltGraph

NP: Final = "http://www.nanopub.org/nschema#"
NPX: Final = "http://purl.org/nanopub/x/"
BASE: Final = THING + "np/"
AUTHORS: Final = thing("jak-kg-authors")

OTHERS: Final = {"np": NP, "npx": NPX, "foaf": str(FOAF)}
USED: Final = {name: iri for name, iri in PREFIXES.items() if name not in ("sh", "skos", "void")} | OTHERS

Part = tuple[str, str, str, str | Literal]
"""Graph, subject, predicate, object; an IRI is a text, and one of the nanopublication has a blank for the code."""
THIS: Final = BASE + " "
HEAD, ASSERTION, PROVENANCE, PUBINFO = (f"{THIS}#{name}" for name in ("Head", "assertion", "provenance", "pubinfo"))


def files(built: BuiltGraph) -> dict[str, bytes]:
    """Return the file of nanopublications, as TriG, one for each accepted claim, in the order of the claims' IRIs.

    >>> from kg.sparql.built_graph import shipped
    >>> made = files(shipped())
    >>> list(made), made["nanopublications.trig"].count(b"np:Nanopublication ") > 100
    (['nanopublications.trig'], True)
    """
    graph = built.graph
    claims = sorted(str(claim) for claim in graph.subjects(URIRef(jak.status), URIRef(jak.Accepted)))
    made = [_trig(list(dict.fromkeys(_parts(graph, URIRef(claim))))) for claim in claims]
    return {"nanopublications.trig": b"\n".join(made)}


def trusty(parts: Iterable[Part]) -> str:
    """Return the trusty code of statements whose own IRIs have a blank in place of it: RA and 43 letters.

    >>> trusty([("https://w3id.org/jak-kg/np/ #Head", "https://w3id.org/jak-kg/np/ ", "http://a.org/p", Literal("x"))])
    'RAAduM3W0JphYu_i-hFA_0ckUa-6_fUE-G85CYLPb9fcA'
    """
    lines = (line for part in sorted(parts, key=_order) for line in (*part[:3], _line(part[3])))
    content = "".join(f"{line}\n" for line in lines)
    return "RA" + base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).decode().rstrip("=")


def _order(part: Part) -> tuple[str, str, str, bool, str, str, str]:
    target = part[3]
    if isinstance(target, Literal):
        kind = "" if target.language else str(target.datatype or XSD.string)
        return *part[:3], True, str(target), kind, target.language or ""
    return *part[:3], False, target, "", ""


def _line(target: str | Literal) -> str:
    if not isinstance(target, Literal):
        return target
    escaped = str(target).replace("\\", "\\\\").replace("\n", "\\n")
    return f"@{target.language.lower()} {escaped}" if target.language else f"^{target.datatype or XSD.string} {escaped}"


def _trig(parts: list[Part]) -> bytes:
    """Return a nanopublication with the code in its place, under prefixes of its own: it can be cut out of the file."""
    this = BASE + trusty(parts)
    quads = []
    graphs = list(dict.fromkeys(part[0] for part in parts))
    for *iris, target in sorted(parts, key=lambda part: (graphs.index(part[0]), _order(part))):
        name, subject, predicate = (NamedNode(str(iri).replace(THIS, this, 1)) for iri in iris)
        quads.append(Quad(subject, predicate, _object(target, this), name))
    made = serialize(quads, format=RdfFormat.TRIG, prefixes=USED | {"this": this, "sub": f"{this}#"})
    assert made is not None  # noqa: S101 - without an output it returns the bytes
    return made


def _object(target: str | Literal, this: str) -> NamedNode | OxLiteral:
    if not isinstance(target, Literal):
        return NamedNode(target.replace(THIS, this, 1))
    if target.language:
        return OxLiteral(str(target), language=target.language)
    return OxLiteral(str(target), datatype=NamedNode(str(target.datatype or XSD.string)))


# --- what a nanopublication says --------------------------------------------------------------------------------------


def _parts(graph: Graph, claim: URIRef) -> Iterator[Part]:
    about, edge, target = _edge(graph, claim)
    yield HEAD, THIS, str(RDF.type), NP + "Nanopublication"
    yield HEAD, THIS, NP + "hasAssertion", ASSERTION
    yield HEAD, THIS, NP + "hasProvenance", PROVENANCE
    yield HEAD, THIS, NP + "hasPublicationInfo", PUBINFO
    yield ASSERTION, str(about), str(edge), str(target)
    yield from _provenance(graph, claim)
    words = " ".join(str(graph.value(node, RDFS.label) or node) for node in (about, edge, target))
    yield PUBINFO, THIS, str(RDFS.label), Literal(words, lang="en")
    yield PUBINFO, THIS, str(DCTERMS.created), Literal(f"{RELEASED}T00:00:00Z", datatype=XSD.dateTime, normalize=False)
    yield PUBINFO, THIS, str(DCTERMS.creator), AUTHORS
    yield PUBINFO, THIS, str(DCTERMS.license), LICENCE
    yield PUBINFO, THIS, str(DCTERMS.isPartOf), thing("jak-kg")
    yield PUBINFO, THIS, str(DCTERMS.subject), str(claim)
    yield PUBINFO, THIS, str(OWL.versionInfo), Literal(VERSION)
    yield PUBINFO, THIS, NPX + "hasNanopubType", str(edge)
    yield PUBINFO, AUTHORS, str(RDF.type), str(PROV.Agent)
    yield PUBINFO, AUTHORS, str(FOAF.name), Literal("The JAK-KG authors")


def _edge(graph: Graph, claim: URIRef) -> tuple[Node, Node, Node]:
    """Return what an accepted claim is about, the direct edge, and what the edge leads to."""
    about = graph.value(claim, URIRef(jak.about))
    for role, target in graph.predicate_objects(claim):
        edge = graph.value(role, URIRef(jak.directEdge))
        if about is not None and edge is not None:
            return about, edge, target
    raise ValueError(f"{claim} states no relation of the vocabulary")


def _provenance(graph: Graph, claim: URIRef) -> Iterator[Part]:
    """Yield all evidence on the claim, with what a decision overruled; the assertion derives from what supports it."""
    yield PROVENANCE, ASSERTION, str(PROV.wasAttributedTo), AUTHORS
    yield from _described(graph, claim, RDF.type, jak.status, jak.evidence, jak.decision)
    for evidence in graph.objects(claim, URIRef(jak.evidence)):
        yield from _all(graph, evidence)
        supports = (evidence, URIRef(jak.stance), URIRef(jak.Supports)) in graph
        if supports:
            yield PROVENANCE, ASSERTION, str(PROV.wasDerivedFrom), str(evidence)
        for source in graph.objects(evidence, DCTERMS.source):
            if supports:
                yield PROVENANCE, ASSERTION, str(PROV.wasDerivedFrom), str(source)
            for page in _pages(graph, source):
                yield PROVENANCE, str(evidence), str(PROV.hadPrimarySource), page
        for property_ in (DCTERMS.source, URIRef(jak.obtainedFrom)):
            for source in graph.objects(evidence, property_):
                yield from _described(graph, source, RDF.type, DCTERMS.identifier, jak.citation)
    for decision in graph.objects(claim, URIRef(jak.decision)):
        yield PROVENANCE, ASSERTION, str(PROV.wasInfluencedBy), str(decision)
        yield from _all(graph, decision)


def _pages(graph: Graph, source: Node) -> Iterator[str]:
    """Yield the IRI by which the world knows a publication: its DOI, else its number in PubMed, else none."""
    doi, pmid = (graph.value(source, URIRef(iri)) for iri in (jak.doi, jak.pmid))
    if doi:
        yield f"https://doi.org/{quote(str(doi), safe='/')}"
    elif pmid:
        yield f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"


def _described(graph: Graph, node: Node, *properties: str) -> Iterator[Part]:
    for name in properties:
        for value in graph.objects(node, URIRef(name)):
            yield PROVENANCE, str(node), str(name), _plain(value)


def _all(graph: Graph, node: Node) -> Iterator[Part]:
    for predicate, value in graph.predicate_objects(node):
        yield PROVENANCE, str(node), str(predicate), _plain(value)


def _plain(value: Any) -> str | Literal:
    return value if isinstance(value, Literal) else str(value)
