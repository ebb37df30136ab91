"""What the graph says of itself (title, licence, how to cite it), and how its terms stand to those of others."""

from collections import Counter

from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, OWL, RDF, RDFS, SKOS, VOID, XSD

from kg.facts import mappings
from kg.model import identifiers
from kg.model.vocabulary import EDITION, LICENCE, PREFIXES, RELEASED, THING, VERSION, VOCAB, jak, thing
from kg.rdf.nodes import Nodes, things

DATASET = URIRef(THING + "jak-kg")
AUTHORS = URIRef(THING + "jak-kg-authors")
"""Named in the vocabulary."""
TITLE = "JAK-KG, a knowledge graph of cytokines, receptors, JAK kinases, JAK inhibitors and granuloma annulare"
CITATION = f"The JAK-KG authors ({RELEASED[:4]}). {TITLE}, version {VERSION}. {THING}"
"""How to cite the graph, in the words of CITATION.cff."""
ABOUT = (
    "Which JAK inhibitors block the cytokine signals raised in a patient's granuloma annulare, and why: cytokines, "
    "receptors, Janus kinases, inhibitors with measured potency, and published cases, each statement with its source. "
    "For research; not medical advice. Share-alike, because a part of the potency values was read in the IUPHAR/BPS "
    "Guide to PHARMACOLOGY and in ChEMBL. Cite the sources behind the statements that you use, too."
)


class Description(Nodes):
    """A graph under construction that takes what is said of it, and how its terms stand to those of others.

    >>> from kg.facts import dataset
    >>> from kg.rdf.store import folder
    >>> taken = Description(dataset.read(folder("ontology") / "facts"))
    >>> taken.dataset()
    >>> str(taken.graph.value(DATASET, OWL.versionInfo)) == VERSION
    True
    """

    def dataset(self) -> None:
        """Say what the graph is, of which version, under which licence, and how to cite it."""
        for predicate, value in (
            (RDF.type, VOID.Dataset), (RDF.type, DCAT.Dataset), (RDFS.label, Literal("JAK-KG", lang="en")),
            (DCTERMS.title, Literal(TITLE, lang="en")), (DCTERMS.description, Literal(ABOUT, lang="en")),
            (OWL.versionInfo, Literal(VERSION)), (URIRef(PREFIXES["dcat"] + "version"), Literal(VERSION)),
            (DCTERMS.issued, Literal(RELEASED, datatype=XSD.date)), (DCTERMS.license, URIRef(LICENCE)),
            (DCTERMS.creator, AUTHORS), (DCTERMS.publisher, AUTHORS),
            (DCTERMS.bibliographicCitation, Literal(CITATION, lang="en")),
        ):  # fmt: skip
            self.graph.add((DATASET, predicate, value))
        self.node(str(DATASET), calculusEdition=EDITION)

    def replaced(self) -> None:
        """Keep each IRI that was published and is given up: deprecated, with what replaces it."""
        for row in self.facts.replaced:
            iri = self.node(thing(row.old), None, row, reason=row.reason, curator=row.curator)
            self.named(iri, f"obsolete {row.old}")
            self.graph.add((iri, OWL.deprecated, Literal(True)))
            self.graph.add((iri, DCTERMS.modified, Literal(row.date)))
            for other in things(row.replaced_by):
                self.graph.add((iri, DCTERMS.isReplacedBy, other))

    def alignment(self, alignment: mappings.Alignment) -> None:
        """Add how terms and things stand to terms elsewhere; of things that are not here nothing is said.

        A term elsewhere is labelled where it is a value of ours, as the methods and the units are.
        """
        values = {value for _, predicate, value in self.graph if str(predicate).startswith(VOCAB)}
        for row in alignment.rows:
            subject, predicate, target = URIRef(row.subject), URIRef(row.predicate), URIRef(row.object)
            if (subject, None, None) not in self.graph:
                continue
            self.link(subject, predicate, target)
            if row.object_label and target in values:
                self.graph.add((target, RDFS.label, Literal(row.object_label)))
            if predicate == SKOS.exactMatch and row.subject_id.startswith("kg:"):
                self.node(subject, xref=row.object_id)

    def link(self, subject: URIRef, predicate: URIRef, target: URIRef) -> None:
        """Add how a term or thing stands to one elsewhere; a SKOS mapping is an annotation to OWL."""
        self.graph.add((subject, predicate, target))
        if predicate.startswith(PREFIXES["skos"]):
            self.graph.add((predicate, RDF.type, OWL.AnnotationProperty))

    def identifiers(self) -> None:
        """Add the IRI of each identifier of a thing, and how the thing stands to it, unless the alignment says so.

        An identifier that two things have, and that of a substance of which a treatment is the use, is close to them.
        """
        pairs = [(URIRef(str(owner)), str(name)) for owner, name in self.graph.subject_objects(URIRef(jak.xref))]
        owners = Counter(name for _, name in pairs)
        said = {(s, o) for s, p, o in self.graph if str(p).startswith(PREFIXES["skos"])}
        for subject, name in pairs:
            target = URIRef(identifiers.iri(name))
            if (subject, target) in said:
                continue
            relation = identifiers.relation(name)
            if (subject, RDF.type, URIRef(jak.Gene)) in self.graph:
                relation = "exactMatch"  # here the thing is the gene
            use = (subject, RDF.type, URIRef(jak.Treatment)) in self.graph
            if relation == "exactMatch" and (use or owners[name] > 1):
                relation = "closeMatch"
            self.link(subject, SKOS[relation], target)
