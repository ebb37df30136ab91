"""The page of the vocabulary: every term with what is said of it, anchors that hold, nothing to load, inert texts."""

import base64
import hashlib
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from markupsafe import escape
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from kg.exports import glossary
from kg.exports.manchester import axioms, expression
from kg.model.vocabulary import DEFINED, LICENCE, RELEASED, THING, VERSION, VOCAB, Vocabulary, jak, local, thing
from kg.rdf import description as g
from kg.rdf.store import PACKAGE
from kg.sparql.built_graph import BuiltGraph

VOID = {"meta", "br", "hr", "link", "img", "input", "circle", "path"}
PREFIXES = f"""@prefix : <{VOCAB}> . @prefix kg: <{THING}> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> .
@prefix skos: <{SKOS}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix dcterms: <{DCTERMS}> .
"""
DEFINITIONS = f"""{PREFIXES}
:PanJakInhibitor a owl:Class ; rdfs:label "pan-JAK inhibitor"@en ; skos:definition "Hits all."@en ;
  dcterms:source kg:ref-jak-kg ; skos:scopeNote "At 100 nM."@en ;
  owl:equivalentClass [ owl:intersectionOf ( :Inhibitor [ owl:onProperty :hits ; owl:hasValue kg:jak1 ] ) ] .
:hits a owl:ObjectProperty ; rdfs:label "hits"@en ; skos:definition "Hits it."@en ; dcterms:source kg:ref-jak-kg ;
  rdfs:domain :Inhibitor ; rdfs:range :Kinase .
:ratio a owl:FunctionalProperty ;
  rdfs:range [ owl:onDatatype xsd:decimal ; owl:withRestrictions ( [ xsd:maxExclusive 9 ] ) ] .
:reaches a owl:ObjectProperty ; rdfs:label "reaches"@en ; skos:definition "Reaches it."@en ;
  dcterms:source kg:ref-jak-kg ; owl:propertyChainAxiom ( :bindsReceptor :needsKinase ) .
:needsKinase owl:propertyDisjointWith :usesKinase .
[ owl:onProperty :hits ; owl:hasValue kg:jak2 ] rdfs:subClassOf :PanJakInhibitor .
[ a owl:AllDisjointClasses ; owl:members ( :Kinase :Ligand ) ] .
"""


class Reader(HTMLParser):
    """A page as its tags: each opened is closed in order, each with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    def all(self, name: str) -> list[str]:
        """The values of an attribute, wherever it stands."""
        return [str(attrs[name]) for _, attrs in self.tags if name in attrs]


@pytest.fixture(scope="module")
def page(built: Graph, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("ontology")
    (folder / "definitions.ttl").write_text(DEFINITIONS, encoding="utf-8")
    return glossary.files(BuiltGraph(built, folder))["index.html"].decode()


@pytest.fixture(scope="module")
def reader(page: str) -> Reader:
    return Reader(page)


def section(page: str, term: str) -> str:
    """The text of the section of a term, its tags taken away."""
    (found,) = re.findall(rf'<section class="term" id="{term}">(.*?)</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found).split())


def row(page: str, term: str, name: str) -> str:
    """The values of a row of a term, as text."""
    (found,) = re.findall(rf'<section class="term" id="{term}">(.*?)</section>', page, re.DOTALL)
    values = re.findall(rf"<dt>{name}</dt>((?:<dd>.*?</dd>)+)", found, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", " ".join(values)).split())


def test_every_term_has_a_section_at_its_name(reader: Reader) -> None:
    named = {str(attrs["id"]) for _, attrs in reader.tags if attrs.get("class") == "term"}
    assert named == (Vocabulary.names - DEFINED) | {"PanJakInhibitor", "hits", "reaches"}


def test_every_term_of_the_file_with_label_definition_and_source(ontology: Path, page: str) -> None:
    for term, words in Graph().parse(ontology / "jak-kg.ttl").subject_objects(SKOS.definition):
        if str(term).startswith(VOCAB):
            assert f"</code></h3>\n<p>{escape(str(words))}</p>" in page
            assert row(page, local(str(term)), "Source")


def test_what_is_said_of_terms(page: str) -> None:
    assert section(page, "Kinase").startswith("Janus kinase jak:Kinase One of the four human Janus kinases")
    assert row(page, "IndividualCase", "A kind of") == "case"
    assert "individual case" in row(page, "Case", "Kinds of it")
    assert row(page, "needsKinase", "Domain") == "receptor complex"
    assert row(page, "needsKinase", "Range") == "Janus kinase"
    assert row(page, "needsKinase", "Never also") == "uses kinase"
    assert row(page, "needsKinase", "Drawn by") == "says: needs kinase"
    assert row(page, "saysNeedsKinase", "Draws") == "needs kinase"
    assert row(page, "Raised", "One of") == "direction"
    assert "needs kinase" in row(page, "Kinase", "Range of")
    assert row(page, "Kinase", "Source") == "obo:GO_0004715"
    assert row(page, "GeneralisedGranulomaAnnulare", "Source").startswith("Khurana 2025")


def test_definitions_stand_in_words_of_manchester(page: str) -> None:
    assert row(page, "PanJakInhibitor", "Defined as") == "Inhibitor and ( hits value jak1)"
    assert row(page, "PanJakInhibitor", "A kind of") == "JAK inhibitor"
    assert row(page, "PanJakInhibitor", "Includes") == "hits value jak2"
    assert row(page, "PanJakInhibitor", "Note") == "At 100 nM."
    assert row(page, "reaches", "Follows from") == "bindsReceptor o needsKinase"
    assert row(page, "ratio", "Character") == "at most one value"
    assert row(page, "ratio", "Range") == "xsd:decimal xsd:decimal[&lt; 9]"
    assert row(page, "hits", "In the graph") == "not said; kg reason derives it"
    assert re.search(r"DisjointClasses: <a[^>]*>Kinase</a>, <a[^>]*>Ligand</a>", page)


def test_uses_are_counted_and_examples_are_real(built: Graph, page: str) -> None:
    for name in ("Kinase", "Inhibitor", "Evidence", "PotencyMeasurement"):
        things = list(built.subjects(RDF.type, URIRef(getattr(jak, name))))
        assert row(page, name, "In the graph") == f"{len(things)} things"
        shown = re.findall(r"kg:[\w-]+", row(page, name, "Examples"))
        assert len(shown) == 3
        assert {URIRef(THING + code.removeprefix("kg:")) for code in shown} <= set(things)
    for name in ("needsKinase", "ratio", "quote"):
        said = list(built.triples((None, URIRef(getattr(jak, name)), None)))
        assert row(page, name, "In the graph") == f"{len(said):,} statements"
    labels = {
        str(built.value(s, RDFS.label)): str(built.value(o, RDFS.label)) for s, o in built[: URIRef(jak.needsKinase)]
    }
    for example in re.findall(r"([\w/ -]+ receptor[\w ]*) → (\w+)", row(page, "needsKinase", "Examples")):
        assert example[0].strip() in labels
    assert row(page, "Raised", "Examples").count("reported direction") == 3
    assert row(page, "PalmoplantarGranulomaAnnulare", "In the graph") == "not used so far"


@pytest.mark.conformance
def test_mappings_are_shown_where_the_graph_has_them(built: Graph) -> None:
    term, other = URIRef(jak.Kinase), URIRef("http://purl.obolibrary.org/obo/OBI_0000000")
    text = glossary.files(BuiltGraph(built + Graph().add((term, SKOS.closeMatch, other))))["index.html"].decode()
    assert "close to obo:OBI_0000000" in row(text, "Kinase", "Mappings")


def test_licence_version_citation_and_purpose_are_on_the_page(built: Graph, page: str) -> None:
    text = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    for words in (VERSION, RELEASED, "CC BY-SA 4.0", "For research; not medical advice.", g.CITATION):
        assert words in text
    assert LICENCE in page
    assert str(built.value(g.DATASET, URIRef(jak.contentDigest))) in text
    assert f"{len(built):,} triples" in text


@pytest.mark.conformance
def test_the_lines_that_load_it_run(built: Graph, tmp_path: Path) -> None:
    (tmp_path / "jak-kg.ttl").write_bytes(built.serialize(format="turtle", encoding="utf-8"))
    done = subprocess.run(
        [sys.executable, "-c", glossary.LOAD], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert f"{THING}il21 {THING}il21-receptor" in done.stdout.splitlines()


# --- HTML -------------------------------------------------------------------------------------------------------------


def test_every_link_within_the_page_has_its_end(reader: Reader) -> None:
    ids = reader.all("id")
    assert [name for name, number in Counter(ids).items() if number > 1] == []
    assert {link[1:] for link in reader.all("href") if link.startswith("#")} <= set(ids)


def test_headings_tables_and_language(reader: Reader) -> None:
    tags = [tag for tag, _ in reader.tags]
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert ("html", {"lang": "en"}) in reader.tags
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in reader.tags if tag == "th")
    assert tags.count("caption") == tags.count("table")
    assert tags.count("main") == tags.count("title") == 1
    (skip,) = [attrs for _, attrs in reader.tags if attrs.get("class") == "skip"]
    assert skip["href"] == "#main"


def test_members_of_a_defined_class_are_examples(page: str) -> None:
    assert row(page, "PanJakInhibitor", "In the graph") == "not said; kg reason finds 4 things"
    assert "oclacitinib" in row(page, "PanJakInhibitor", "Examples")


def test_nothing_is_loaded_or_run(page: str, reader: Reader) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (policy,) = [attrs["content"] for _, attrs in reader.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & {tag for tag, _ in reader.tags}
    names = {name for _, attrs in reader.tags for name in attrs}
    assert not {name for name in names if name.startswith("on")} | (names & {"src", "style", "srcset"})
    assert not re.search(r"url\(|@import", style)
    outside = {link for link in reader.all("href") if not link.startswith("#")}
    assert all(re.match("https?://", link) for link in outside)


HOSTILE = "</h3><script>alert(1)</script><img src=x onerror=alert(1)>&amp;\"'"


def test_hostile_texts_are_shown_as_they_are(ontology: Path, tmp_path: Path) -> None:
    graph = Graph().parse(ontology / "jak-kg.ttl")
    nasty = URIRef(jak.Kinase)
    for word in (RDFS.label, SKOS.definition):
        graph.remove((nasty, word, None))
        graph.add((nasty, word, Literal(HOSTILE)))
    for word in (SKOS.scopeNote, SKOS.notation):
        graph.add((nasty, word, Literal(HOSTILE)))
    graph.add((nasty, DCTERMS.source, URIRef("https://a.org/'onclick='alert(1)")))
    graph.add((URIRef(thing("x")), RDF.type, nasty))
    graph.add((URIRef(thing("x")), RDFS.label, Literal(HOSTILE)))
    file = tmp_path / "definitions.ttl"
    file.write_text(f'{PREFIXES} :sex rdfs:range [ owl:oneOf ( "</code><script>" ) ] .', encoding="utf-8")
    text = glossary.files(BuiltGraph(graph, tmp_path))["index.html"].decode()
    read = Reader(text)
    assert not {"script", "img"} & {tag for tag, _ in read.tags}
    assert not [name for _, attrs in read.tags for name in attrs if name.startswith("on")]
    assert "".join(read.words).count("<script>alert(1)</script>") >= 4


def brightness(colour: str) -> float:
    """The relative luminance of a colour, as WCAG 2.2 defines it."""
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_texts_stand_out_from_their_ground() -> None:
    style = (PACKAGE / "document" / "page.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(\w+): (#\w+)", style))
    grounds = ["#fff", colours["back"], *re.findall(r"\.term:target \{ background: (#\w+)", style)]
    assert len(grounds) == 3
    for ground in grounds:
        for text in ("ink", "soft", "accent"):
            light, dark = sorted((brightness(ground), brightness(colours[text])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ground, text)


def test_an_empty_graph_has_a_page() -> None:
    page = glossary.files(BuiltGraph(Graph(), Path("no-such-folder")))["index.html"].decode()
    assert Reader(page).all("class").count("term") == 0


def test_the_sign_is_a_picture_without_a_script(built_graph: BuiltGraph) -> None:
    logo = glossary.files(built_graph)["logo.svg"]
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(logo).iter()}
    assert tags == {"svg", "g", "circle", "path"}


# --- Manchester syntax ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turtle", "text"),
    [
        ("[ owl:onProperty :p ; owl:someValuesFrom :A ]", "p some A"),
        ("[ owl:onProperty :p ; owl:allValuesFrom [ owl:complementOf :A ] ]", "p only (not A)"),
        ("[ owl:onProperty [ owl:inverseOf :p ] ; owl:hasValue :a ]", "inverse p value a"),
        ("[ owl:onProperty :p ; owl:minCardinality 2 ]", "p min 2"),
        ("[ owl:onProperty :p ; owl:qualifiedCardinality 1 ; owl:onClass :A ]", "p exactly 1 A"),
        ("[ owl:onProperty :p ; owl:maxQualifiedCardinality 0 ; owl:onDataRange xsd:string ]", "p max 0 string"),
        ("[ owl:onProperty :p ; owl:hasValue false ]", "p value false"),
        ("[ owl:onProperty :p ; owl:hasValue 0 ]", "p value 0"),
        ("[ owl:onProperty :p ; owl:hasSelf true ]", "p Self"),
        ("[ owl:unionOf ( :A [ owl:intersectionOf ( :B :C ) ] ) ]", "A or (B and C)"),
        ("[ owl:oneOf ( :a :b ) ]", "{a, b}"),
        ("[ owl:intersectionOf ( [ owl:oneOf ( :a ) ] :B ) ]", "{a} and B"),
        ("[ owl:onDatatype xsd:integer ; owl:withRestrictions ( [ xsd:minInclusive 0 ] [ xsd:maxInclusive 9 ] ) ]",
         "integer[>= 0, <= 9]"),
        (":A", "A"),
    ],
)  # fmt: skip
def test_expressions(turtle: str, text: str) -> None:
    graph = Graph().parse(data=f"{PREFIXES} :X owl:equivalentClass {turtle} .")
    (node,) = graph.objects(None, OWL.equivalentClass)
    assert expression(graph, node, lambda named: re.split("[#/]", str(named))[-1]) == text


@pytest.mark.parametrize("turtle", ["[ :p :q ]", "[ owl:onProperty :p ]"])
def test_what_is_no_expression_is_refused(turtle: str) -> None:
    graph = Graph().parse(data=f"{PREFIXES} :X owl:equivalentClass {turtle} .")
    (node,) = graph.objects(None, OWL.equivalentClass)
    with pytest.raises(ValueError, match="known here"):
        expression(graph, node, str)


def test_axioms_between_expressions() -> None:
    some = "[ owl:onProperty :p ; owl:someValuesFrom :A ]"
    graph = Graph().parse(
        data=f"{PREFIXES} {some} rdfs:subClassOf {some} . {some} owl:disjointWith {some} . :A rdfs:subClassOf {some} ."
    )
    assert axioms(graph, lambda node: local(str(node))) == [
        "(p some A) DisjointWith (p some A)", "(p some A) SubClassOf (p some A)",
    ]  # fmt: skip
