"""What is said of a file of a release by its path: its form, the standards that it follows, and what is in it.

>>> FORMS[".ttl"].media, ABOUT["jak-kg.*"]
('text/turtle', 'The whole graph: vocabulary, facts, claims, evidence and cases.')
"""

from dataclasses import dataclass
from typing import Final

from kg.model.vocabulary import VOCAB


@dataclass(frozen=True, slots=True)
class Form:
    """What a suffix says of a file: its media type, its name in the European table, and its standard."""

    media: str
    table: str
    standard: str | None = None


FORMS: Final = {
    ".ttl": Form("text/turtle", "RDF_TURTLE", "RDF 1.1 Turtle"),
    ".nt": Form("application/n-triples", "RDF_N_TRIPLES", "RDF 1.1 N-Triples"),
    ".nq": Form("application/n-quads", "RDF_N_QUADS", "RDF 1.1 N-Quads"),
    ".trig": Form("application/trig", "RDF_TRIG", "RDF 1.1 TriG"),
    ".rdf": Form("application/rdf+xml", "RDF_XML", "RDF 1.1 XML Syntax"),
    ".owl": Form("application/rdf+xml", "RDF_XML", "RDF 1.1 XML Syntax"),
    ".jsonld": Form("application/ld+json", "JSON_LD", "JSON-LD 1.1"),
    ".json": Form("application/json", "JSON"),
    ".jsonl": Form("text/plain", "TXT"),
    ".csv": Form("text/csv", "CSV", "RFC 4180, CSV"),
    ".tsv": Form("text/tab-separated-values", "TSV"),
    ".graphml": Form("application/xml", "XML", "GraphML"),
    ".xml": Form("application/xml", "XML"),
    ".html": Form("text/html", "HTML", "HTML"),
    ".svg": Form("image/svg+xml", "SVG", "SVG 1.1"),
    ".md": Form("text/markdown", "TXT"),
    ".rq": Form("application/sparql-query", "SPARQLQ", "SPARQL 1.1 Query Language"),
    ".txt": Form("text/plain", "TXT"),
    ".yaml": Form("application/yaml", "TXT"),
    ".yml": Form("application/yaml", "TXT"),
}
"""Suffix -> form. A release with another suffix is an error: name its form here."""

FOLLOWS: Final = {
    "kgx/*": "KGX format",
    "*.sssom.tsv": "SSSOM",
    "phenopackets/*.json": "GA4GH Phenopacket Schema, version 2",
    "tables/*-metadata.json": "CSV on the Web",
    "nanopub*": "Nanopublication Guidelines",
}
"""Path of a file, with wild cards -> the standard that it follows beside that of its suffix."""

STANDARDS: Final = {
    "RDF 1.1 Turtle": "https://www.w3.org/TR/turtle/",
    "RDF 1.1 N-Triples": "https://www.w3.org/TR/n-triples/",
    "RDF 1.1 N-Quads": "https://www.w3.org/TR/n-quads/",
    "RDF 1.1 TriG": "https://www.w3.org/TR/trig/",
    "RDF 1.1 XML Syntax": "https://www.w3.org/TR/rdf-syntax-grammar/",
    "JSON-LD 1.1": "https://www.w3.org/TR/json-ld11/",
    "RFC 4180, CSV": "https://www.rfc-editor.org/rfc/rfc4180",
    "GraphML": "http://graphml.graphdrawing.org/",
    "HTML": "https://html.spec.whatwg.org/",
    "SVG 1.1": "https://www.w3.org/TR/SVG11/",
    "SPARQL 1.1 Query Language": "https://www.w3.org/TR/sparql11-query/",
    "KGX format": "https://github.com/biolink/kgx/blob/master/specification/kgx-format.md",
    "CSV on the Web": "https://www.w3.org/TR/tabular-metadata/",
    "SSSOM": "https://w3id.org/sssom/",
    "GA4GH Phenopacket Schema, version 2": "https://phenopacket-schema.readthedocs.io/",
    "Nanopublication Guidelines": "https://nanopub.net/guidelines/working_draft/",
    "JAK-KG vocabulary": VOCAB.rstrip("#"),
}
"""Name of a standard -> its address."""

ABOUT: Final = {
    "*reasoned*": "The whole graph, with what a reasoner adds by the axioms of the vocabulary.",
    "*inferred*": "What a reasoner adds to the graph by the axioms of the vocabulary.",
    "*definitions*": "The defined classes, property chains and disjoint classes of the vocabulary, for a reasoner.",
    "vocabulary.ttl": "The words: classes, properties and values, as they are written, with comments.",
    "target_genes.tsv": "The weights of target genes of pathways, by PROGENy, under Apache-2.0; no part of the graph.",
    "report.tsv": "The quality report on what is released, by the rules of ROBOT: each finding with its reason.",
    "*shapes*": "What a well-formed graph looks like, as shapes in SHACL.",
    "*.sssom.tsv": "How words and things of JAK-KG stand to those of others: a row a mapping, with its reason.",
    "kgx/*node*": "The things of the graph in the Biolink model, for tools that read KGX.",
    "kgx/*edge*": "The relations of the graph in the Biolink model, each with its source, for tools that read KGX.",
    "kgx/*": "The graph in the Biolink model, for tools that read KGX.",
    "*README.md": "What the files of this folder are, and what their form cannot say.",
    "tables/*-metadata.json": "What each table and each of its columns is, for tools that read tables on the web.",
    "phenopackets/*": "Published cases as GA4GH phenopackets: who, which disease, what was measured, given and seen.",
    "nanopub*": "Accepted claims as nanopublications: each with its provenance, to be cited by itself.",
    "*.graphml": "Things and relations for programs that draw or analyse networks.",
    "*context*.jsonld": "The short names of the vocabulary, for JSON-LD.",
    "*.trig": "The whole graph by source: what each source says stands in a graph named after it.",
    "jak-kg.*": "The whole graph: vocabulary, facts, claims, evidence and cases.",
    "*.html": "The vocabulary for readers: every term with its definition, its source and examples.",
    "*.svg": "The sign of JAK-KG.",
    "*.csv": "A table of the graph, for spreadsheets and data frames.",
    "*.tsv": "A table, its cells separated by tabs.",
}
"""Path of a file, with wild cards -> what is in it; the first that fits counts."""
