"""Nanopublications: one for each accepted claim, valid and trusty by another's library, the same bytes each time."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import DefaultGraph, NamedNode, QuerySolutions, RdfFormat, Store
from rdflib import Dataset, Graph, URIRef
from rdflib.namespace import DCTERMS

from kg.exports import nanopubs
from kg.model.vocabulary import VOCAB, jak, thing
from kg.rdf.store import folder
from kg.sparql.built_graph import BuiltGraph

if TYPE_CHECKING:
    from nanopub.nanopub import Nanopub

ONTOLOGY = folder("ontology")


@pytest.fixture(scope="module")
def trig(built_graph: BuiltGraph) -> bytes:
    made = nanopubs.files(built_graph)
    assert list(made) == ["nanopublications.trig"]
    return made["nanopublications.trig"]


@pytest.fixture(scope="module")
def published(trig: bytes) -> Store:
    store = Store()
    store.load(trig, format=RdfFormat.TRIG)
    return store


def single(trig: bytes) -> list[str]:
    """The nanopublications of a file, each as a file of its own."""
    parts = trig.decode().split("\n\n")
    assert all(part.startswith("@prefix") for part in parts)
    return parts


def read(text: str) -> "Nanopub":
    """A nanopublication as the library of others reads it; the library warns of its own use of rdflib."""
    from nanopub.nanopub import Nanopub
    from rdflib import ConjunctiveGraph

    quads = ConjunctiveGraph()
    quads.parse(data=text, format="trig")
    return Nanopub(rdf=quads)


def rows(store: Store, query: str) -> list[dict[str, str]]:
    """The rows of a SELECT, as texts."""
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: row[name].value for name in names} for row in found]


def edges(built: Graph) -> Iterator[tuple[str, str, str]]:
    """The direct edges of the graph: the triples whose predicate some role of claims draws."""
    for edge in set(built.objects(None, URIRef(jak.directEdge))):
        for subject, target in built.subject_objects(URIRef(str(edge))):
            yield str(subject), str(edge), str(target)


def test_one_for_each_accepted_claim(built: Graph, published: Store) -> None:
    accepted = {str(claim) for claim in built.subjects(URIRef(jak.status), URIRef(jak.Accepted))}
    said = {
        row["claim"]
        for row in rows(
            published,
            """PREFIX np: <http://www.nanopub.org/nschema#> PREFIX dcterms: <http://purl.org/dc/terms/>
            SELECT ?np ?claim { GRAPH ?head { ?np a np:Nanopublication ; np:hasPublicationInfo ?info }
                                GRAPH ?info { ?np dcterms:subject ?claim } }""",
        )
    }
    assert len(accepted) > 400
    assert said == accepted


def test_assertions_are_the_direct_edges(built: Graph, published: Store) -> None:
    asserted = {
        (row["s"], row["p"], row["o"])
        for row in rows(
            published,
            """PREFIX np: <http://www.nanopub.org/nschema#>
            SELECT ?s ?p ?o { GRAPH ?head { ?np np:hasAssertion ?said } GRAPH ?said { ?s ?p ?o } }""",
        )
    }
    assert asserted == set(edges(built))
    graphs = {name.value for name in published.named_graphs() if isinstance(name, NamedNode)}
    assert len(graphs) == 4 * len(asserted)
    assert not list(published.quads_for_pattern(None, None, None, DefaultGraph()))


def test_a_disputed_or_refuted_claim_is_absent(built: Graph, trig: bytes) -> None:
    disputed = thing("claim", "il2rb", "binds", "jak3")
    assert (URIRef(disputed), URIRef(jak.status), URIRef(jak.Disputed)) in built
    for status in (jak.Disputed, jak.Refuted, jak.Open):
        for claim in built.subjects(URIRef(jak.status), URIRef(status)):
            assert f"kg:{str(claim).rpartition('/')[2]} ".encode() not in trig


@pytest.fixture
def as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Literals keep their digits: the library needs it, and sets it for the whole process when it is imported."""
    import rdflib

    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    import nanopub  # noqa: F401


@pytest.mark.usefixtures("as_written")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.conformance
def test_each_is_valid_and_trusty_by_the_library(trig: bytes) -> None:
    found = [read(text) for text in single(trig)]
    for nanopub in found:
        assert nanopub.is_valid
        assert str(nanopub.metadata.np_uri).startswith(nanopubs.BASE + "RA")
        assert nanopub.source_uri == str(nanopub.metadata.np_uri)
        assert nanopub.has_valid_trusty
    assert len({nanopub.source_uri for nanopub in found}) == len(found)


@pytest.mark.usefixtures("as_written")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_library_finds_a_changed_word(trig: bytes) -> None:
    from nanopub.utils import MalformedNanopubError

    text = single(trig)[0]
    changed = text.replace('jak:locator "', 'jak:locator "not ', 1)
    assert changed != text
    with pytest.raises(MalformedNanopubError, match="not valid"):
        _ = read(changed).has_valid_trusty


def test_provenance_has_quote_locator_stance_method_and_source(built: Graph, published: Store) -> None:
    said = {(q.subject.value, q.predicate.value, q.object.value) for q in published}
    words = {"quote", "locator", "stance", "method", "curator", "species"}
    checked = 0
    for claim in built.subjects(URIRef(jak.status), URIRef(jak.Accepted)):
        for evidence in built.objects(claim, URIRef(jak.evidence)):
            for predicate, value in built.predicate_objects(evidence):
                if str(predicate).removeprefix(VOCAB) in words or predicate == DCTERMS.source:
                    assert (str(evidence), str(predicate), str(value)) in said
                    checked += 1
    assert checked > 2000


def test_evidence_that_a_decision_overruled_is_shown_and_not_derived_from(published: Store) -> None:
    found = rows(
        published,
        f"""PREFIX jak: <{VOCAB}> PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX np: <http://www.nanopub.org/nschema#>
        SELECT ?evidence ?derived ?decision ?reason {{
          GRAPH ?head {{ ?np np:hasAssertion ?said ; np:hasProvenance ?why }}
          GRAPH ?why {{ <{thing("claim", "il6-receptor", "needs", "jak1")}> jak:evidence ?evidence ; jak:decision ?decision .
            ?evidence jak:stance jak:Refutes . ?decision jak:reason ?reason . ?said prov:wasInfluencedBy ?decision
            BIND (EXISTS {{ GRAPH ?why {{ ?said prov:wasDerivedFrom ?evidence }} }} AS ?derived) }} }}""",  # noqa: E501
    )
    assert found
    assert {row["derived"] for row in found} == {"false"}


def test_says_who_when_and_under_which_licence(published: Store) -> None:
    found = rows(
        published,
        """PREFIX np: <http://www.nanopub.org/nschema#> PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX npx: <http://purl.org/nanopub/x/>
        PREFIX foaf: <http://xmlns.com/foaf/0.1/>
        SELECT ?np ?created ?licence ?who ?label ?type {
          GRAPH ?info { ?np dcterms:created ?created ; dcterms:license ?licence ; dcterms:creator/foaf:name ?who ;
            rdfs:label ?label ; npx:hasNanopubType ?type } }""",
    )
    assert len(found) > 400
    assert {row["created"] for row in found} == {"2026-11-23T00:00:00Z"}
    assert {row["licence"] for row in found} == {"https://creativecommons.org/licenses/by-sa/4.0/"}
    assert {row["who"] for row in found} == {"The JAK-KG authors"}
    assert "IL-21 receptor needs kinase JAK3" in {row["label"] for row in found}


@pytest.mark.conformance
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_rdflib_reads_what_oxigraph_reads(trig: bytes, published: Store) -> None:
    read_by_rdflib = Dataset()
    read_by_rdflib.parse(data=trig, format="trig")
    assert sum(1 for _ in read_by_rdflib.quads()) == len(published)
