"""The graph: facts and vocabulary as RDF, built the same byte for byte whatever the order of rows; saved and loaded.

The direct edge of a claim is drawn only where the claim is accepted: some evidence supports it and none refutes it, or
a curator's decision says so with a reason.
"""

import hashlib
import os
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, OWL, RDF, RDFS, SKOS, VOID, XSD

from kg.facts import mappings
from kg.facts import records as r
from kg.facts.comparable import why_not_comparable
from kg.facts.dataset import Facts
from kg.model import identifiers
from kg.model.claims import status
from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import LICENCE, PREFIXES, RELEASED, THING, UNITS, VERSION, VOCAB, jak, thing
from kg.rdf.cases import Casebook
from kg.rdf.nodes import camel, camel_case, eco, ref, reference_curie, reference_pages, things, verified

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
OBO_DEFINITION = URIRef(PREFIXES["obo"] + "IAO_0000115")
WORDS = (OWL.Ontology, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
"""What a vocabulary consists of; all else is an individual to OWL."""


def build(facts: Facts, vocabulary: Path) -> Graph:
    """Return the graph of the facts with the vocabulary in it, its alignment, and the digest of its content.

    The alignment is the file ``mappings.sssom.tsv`` beside the vocabulary. Raises Problems where a row of it cannot be
    read, or a claim's relation has no role in the vocabulary.

    >>> from kg.facts import dataset
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
    >>> from kg.rdf.store import folder
    >>> ontology = folder("ontology")
    >>> graph, places, clashes = build_with_places(dataset.read(ontology / "facts"), ontology / "jak-kg.ttl")
    >>> places[thing("jak1")].file.name, places[thing("jak1")].line, clashes
    ('kinases.tsv', 2, {})
    """
    builder = _Builder(facts)
    builder.graph.parse(vocabulary, format="turtle")
    builder.roles()
    builder.references()
    builder.things()
    builder.pharmacology()
    builder.claims()
    builder.beside()
    for report in facts.cases:
        builder.report(report)
    builder.routes()
    builder.replaced()
    builder.alignment(mappings.read(vocabulary.with_name(mappings.FILE)))
    builder.identifiers()
    builder.dataset()
    return builder.graph, builder.places, builder.clashes


def ntriples(graph: Graph) -> bytes:
    """Return the graph as sorted N-Triples, a line a triple.

    >>> print(ntriples(Graph().add((URIRef(thing("il21")), RDFS.label, Literal("IL-21")))).decode().strip())
    <https://w3id.org/jak-kg/il21> <http://www.w3.org/2000/01/rdf-schema#label> "IL-21" .
    """
    lines = sorted(filter(None, graph.serialize(format="nt", encoding="utf-8").split(b"\n")))
    return b"".join(line + b"\n" for line in lines)


def asserted(graph: Graph, ontology: Path) -> Graph:
    """Return a graph with the definitions of classes, which have blank nodes and which no question needs.

    They are ``definitions.ttl`` of the folder ``ontology``. Its own header is left out: what is released is one
    ontology.

    >>> from kg.rdf.store import folder
    >>> graph = Graph().add((URIRef(thing("il21")), RDFS.label, Literal("IL-21")))
    >>> whole = asserted(graph, folder("ontology"))
    >>> (URIRef(thing("il21")), RDF.type, OWL.NamedIndividual) in whole, list(whole.subjects(RDF.type, OWL.Ontology))
    (True, [])
    """
    whole, file = Graph(), ontology / "definitions.ttl"
    if file.is_file():
        whole.parse(file, format="turtle")
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


def save(data: bytes, file: Path) -> None:
    """Write a file whole or not at all: to a temporary name in the same folder, then renamed.

    A folder that is missing is made. Raises OSError where the file cannot be written.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "new" / "jak-kg.nt"
    ...     save(b"# a graph", file)
    ...     file.read_bytes(), len(list(file.parent.iterdir()))
    (b'# a graph', 1)
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _declare(graph: Graph) -> None:
    """Give each definition in the property of the OBO ontologies too, and declare the individuals, as tools expect."""
    for term, text in list(graph.subject_objects(SKOS.definition)):
        graph.add((term, OBO_DEFINITION, text))
    words = {word for kind in WORDS for word in graph.subjects(RDF.type, kind)}
    for subject in set(graph.subjects()) - words:
        if isinstance(subject, URIRef):
            graph.add((subject, RDF.type, OWL.NamedIndividual))


@dataclass
class _Builder(Casebook):
    """The whole graph, part by part."""

    edges: dict[str, tuple[URIRef, URIRef]] = field(default_factory=dict)

    def roles(self) -> None:
        for role in self.graph.subjects(RDF.type, URIRef(jak.Relation)):
            notation, edge = self.graph.value(role, SKOS.notation), self.graph.value(role, URIRef(jak.directEdge))
            if isinstance(role, URIRef) and isinstance(edge, URIRef):
                self.edges[str(notation)] = (role, edge)

    def references(self) -> None:
        for reference in self.facts.references:
            iri = self.node(
                ref(reference.id), "Reference", reference, citation=reference.citation, pmid=reference.pmid,
                doi=reference.doi, pmcid=reference.pmcid, referenceKind=reference.kind, licence=reference.licence,
                verifiedIn=reference.verified_in, note=reference.note,
                funder=reference.funder, year=reference.year,
            )  # fmt: skip
            self.named(iri, reference.citation)
            self.graph.add((iri, DCTERMS.identifier, Literal(reference_curie(reference))))
            for page in reference_pages(reference):
                self.graph.add((iri, RDFS.seeAlso, page))
            if reference.title:
                self.graph.add((iri, DCTERMS.title, Literal(reference.title, lang="en")))

    def things(self) -> None:
        f = self.facts
        for kind, rows in (("Kinase", f.kinases), ("Stat", f.stats), ("ReceptorChain", f.chains)):
            for row in rows:
                iri = self.node(thing(row.id), kind, row, symbol=row.symbol)
                self.named(iri, row.label, row.aliases, row.xrefs)
                self.node(iri, hasMember=things(row.members) if isinstance(row, r.Stat) else ())
        kinds = {"single": "Ligand", "complex": "LigandComplex", "family": "LigandFamily", "part": "LigandPart"}
        for ligand in f.ligands:
            iri = self.node(
                thing(ligand.id), "Ligand", ligand, symbol=ligand.symbol, family=ligand.family, note=ligand.note,
                hasPart=things(ligand.parts), hasMember=things(ligand.members),
            )  # fmt: skip
            self.node(iri, kinds[ligand.kind])
            self.named(iri, ligand.label, ligand.aliases, ligand.xrefs)
        for name in f.ambiguous_names:
            for candidate in name.candidates:
                self.node(thing(candidate), ambiguousName=name.name)
        for receptor in f.receptors:
            iri = self.node(
                thing(receptor.id), "ReceptorComplex", receptor, hasChain=things(receptor.chains), note=receptor.note,
                composition="+".join(chain.upper() for chain in receptor.chains),
            )  # fmt: skip
            self.named(iri, receptor.label)
        for family in f.receptor_families:
            iri = self.node(
                thing(family.id), "ReceptorFamily", family, carriesJak=family.carries_jak, note=family.mechanism
            )
            self.named(iri, family.label)
        for kind, terms in (
            ("ConditionKind", f.conditions), ("Treatment", f.treatments), ("Comparator", f.comparators),
            ("BodySite", f.sites),
        ):  # fmt: skip
            for term in terms:
                self.named(self.node(thing(term.id), kind, term, note=term.note), term.label, term.aliases, term.xrefs)

    def pharmacology(self) -> None:
        f = self.facts
        for inhibitor in f.inhibitors:
            iri = self.node(
                thing(inhibitor.id), "Inhibitor", inhibitor, bindingMode=URIRef(getattr(jak, camel(inhibitor.mode))),
                note=inhibitor.note,
                functionalTarget=URIRef(thing(inhibitor.functional_target)) if inhibitor.functional_target else None,
                targetClass=inhibitor.target_class, intendedSpecies=inhibitor.intended_species,
            )  # fmt: skip
            self.named(iri, inhibitor.label, inhibitor.aliases, inhibitor.xrefs)
        for approval in f.approvals:
            iri = self.node(
                thing("approval", approval.inhibitor, approval.authority, approval.for_species), "Approval", approval,
                ofInhibitor=URIRef(thing(approval.inhibitor)), authority=approval.authority, since=approval.since,
                intendedSpecies=approval.for_species,
                verification=verified(approval.status), note=approval.note,
            )  # fmt: skip
            species = "" if approval.for_species == "human" else f", for {approval.for_species}"
            self.named(iri, f"approval: {self.called(approval.inhibitor)}, {approval.authority}{species}")
            self.graph.add((iri, DCTERMS.source, ref(approval.reference)))
        for regimen in f.regimens:
            words = (regimen.dose.text, regimen.frequency, regimen.route, regimen.context)
            name = thing("regimen", regimen.inhibitor, *words)
            iri = self.node(
                name, "Regimen", regimen, ofInhibitor=URIRef(thing(regimen.inhibitor)), frequency=regimen.frequency,
                route=regimen.route, context=regimen.context, verification=verified(regimen.status),
                dose=self.quantity(name, "dose", regimen.dose),
            )  # fmt: skip
            self.named(iri, f"regimen: {', '.join((self.called(regimen.inhibitor), *filter(None, words)))}")
            self.graph.add((iri, DCTERMS.source, ref(regimen.reference)))
        inhibitors = {inhibitor.id: inhibitor for inhibitor in f.inhibitors}
        for measured in f.potency:
            self.potency(measured, why_not_comparable(measured, inhibitors[measured.inhibitor]))

    def potency(self, row: r.Potency, not_comparable: str | None) -> None:
        low, high = row.interval()
        sources = row.reference or row.obtained_from
        words = (row.measure, row.relation if row.relation != "=" else "", row.value, row.says, row.domain, *sources)
        iri = self.node(
            thing("potency", row.inhibitor, row.kinase, *(word or "" for word in words)), "PotencyMeasurement", row,
            ofInhibitor=URIRef(thing(row.inhibitor)), onKinase=URIRef(thing(row.kinase)),
            measure=row.measure, relation=row.relation, low=low, high=high, asReported=row.value, domain=row.domain,
            atp=row.atp, species=row.species, assay=row.assay, statement=row.says, note=row.note,
            unit=URIRef(UNITS[row.unit]) if row.unit else None,
            verification=verified(row.status), obtainedFrom=[ref(x) for x in row.obtained_from],
            quote=Literal(row.quote, lang="en") if row.quote else None,
            comparable=not_comparable is None, notComparable=not_comparable,
        )  # fmt: skip
        value = " ".join(filter(None, (row.measure, f"{row.relation or ''}{row.value or ''}", row.unit, row.says)))
        where = ", ".join(filter(None, (row.domain, self.called(*(f"ref-{source}" for source in sources)))))
        self.named(iri, f"{self.called(row.inhibitor)} on {self.called(row.kinase)}: {value} ({where})")
        for reference in row.reference:
            self.graph.add((iri, DCTERMS.source, ref(reference)))

    def beside(self) -> None:
        """Add what stands beside the claims: cell assays, disagreements, and how references depend on each other."""
        for assay in self.facts.cell_assays:
            against = "-".join(assay.compared_with)
            words = (assay.measure, assay.value or assay.says or "", against, assay.system, assay.reference)
            iri = self.node(
                thing("cell", assay.inhibitor, assay.cytokine, *words), "CellAssay", assay, measure=assay.measure,
                ofInhibitor=URIRef(thing(assay.inhibitor)), ofCytokine=URIRef(thing(assay.cytokine)),
                relation=assay.relation, asReported=assay.value, says=assay.says, readout=assay.readout,
                unit=URIRef(UNITS[assay.unit]) if assay.unit else None, system=assay.system,
                comparedWith=things(assay.compared_with), locator=assay.locator, note=assay.note,
                obtainedFrom=ref(assay.obtained_from), verification=verified(assay.status),
                quote=Literal(assay.quote, lang="en") if assay.quote else None,
            )  # fmt: skip
            said = " ".join(filter(None, (assay.measure, assay.value, assay.unit, assay.says)))
            said += f" {self.called(*assay.compared_with)}" if assay.compared_with else ""
            read = f"{assay.system}, {self.called(f'ref-{assay.reference}')}"
            self.named(iri, f"{self.called(assay.inhibitor)} on {self.called(assay.cytokine)}: {said} ({read})")
            self.graph.add((iri, DCTERMS.source, ref(assay.reference)))
        for row in self.facts.disagreements:
            name = thing("disagreement", row.id)
            first = (
                row.first_says,
                row.first_source,
                row.first_locator,
                row.first_quote,
                row.kept in ("first", "both"),
            )
            second = (row.second_says, row.second_source, row.second_locator, row.second_quote)
            sides = {"first": first, "second": (*second, row.kept in ("second", "both"))}
            iri = self.node(
                name, "Disagreement", row, topic=row.topic, about=things(row.about), reason=row.reason,
                curator=row.curator, hasSide=[URIRef(f"{name}-{side}") for side in sides],
            )  # fmt: skip
            self.named(iri, f"disagreement {row.id}: {row.topic}")
            self.graph.add((iri, DCTERMS.created, Literal(row.date)))
            for side, (says, source, locator, quote, kept) in sides.items():
                words_of = Literal(quote, lang="en") if quote else None
                stated = self.node(f"{name}-{side}", "Side", says=says, locator=locator, quote=words_of, kept=kept)
                self.named(stated, f"{side} side of disagreement {row.id}")
                self.graph.add((stated, DCTERMS.source, ref(source)))
        for link in self.facts.reference_links:
            self.node(ref(link.reference), None, None, **{camel_case(link.relation): ref(link.other)})

    def claims(self) -> None:
        evidence: dict[tuple[str, str, str], list[tuple[r.Statement, r.Report | None]]] = defaultdict(list)
        for row in self.facts.claims:
            evidence[row.about, row.relation, row.object].append((row, None))
        for report in self.facts.cases:
            for statement in report.statement:
                evidence[statement.about, statement.relation, statement.object].append((statement, report))
        decisions = {(d.about, d.relation, d.object): d for d in self.facts.decisions}
        for (about, relation, target), rows in evidence.items():
            if relation not in self.edges:
                what = f"relation {relation!r} has no role in the vocabulary"
                remedy = "add a jak:Relation with this skos:notation to jak-kg.ttl"
                raise Problems([Problem(self.facts.place(rows[0][0]), what, remedy)])
            role, edge = self.edges[relation]
            decision = decisions.get((about, relation, target))
            state = status((row.stance for row, _ in rows), decision.accept == "yes" if decision else None)
            claim = self.node(
                thing("claim", about, relation, target), "Claim", rows[0][0], about=URIRef(thing(about)),
                status=URIRef(getattr(jak, state)), evidence=[self.evidence(row, report) for row, report in rows],
            )  # fmt: skip
            words = self.words(rows[0][0])
            self.named(claim, f"claim: {words}")
            self.graph.add((claim, role, URIRef(thing(target))))
            if state == "Accepted":
                self.graph.add((URIRef(thing(about)), edge, URIRef(thing(target))))
            if decision:
                decided = self.node(
                    thing("decision", about, relation, target), "Decision", decision, accepts=decision.accept == "yes",
                    reason=decision.reason, curator=decision.curator,
                )  # fmt: skip
                self.named(decided, f"decision: {words}")
                self.graph.add((decided, DCTERMS.created, Literal(decision.date)))
                self.node(claim, decision=decided)

    def words(self, row: r.Statement) -> str:
        return f"{self.called(row.about)} {row.relation.replace('-', ' ')} {self.called(row.object)}"

    def evidence(self, row: r.Statement, report: r.Report | None) -> URIRef:
        entry: Any = row if report is None else report
        iri = self.node(
            thing("ev", row.about, row.relation, row.object, entry.reference, row.locator), "Evidence", row,
            stance=URIRef(getattr(jak, row.stance.title())), locator=row.locator, species=row.species, note=row.note,
            quote=Literal(row.quote, lang="en") if row.quote else None, method=eco(row.method),
            obtainedFrom=ref(entry.obtained_from), curator=entry.curator,
        )  # fmt: skip
        self.named(iri, f"evidence: {self.words(row)} ({self.called(f'ref-{entry.reference}')}, {row.locator})")
        self.graph.add((iri, DCTERMS.source, ref(entry.reference)))
        self.graph.add((iri, DCTERMS.created, Literal(entry.date)))
        return iri

    def routes(self) -> None:
        """Say of each ligand whether it signals through a JAK: yes by an accepted route, no by a family without one."""
        for ligand in self.facts.ligands:
            iri = URIRef(thing(ligand.id))
            receptors = self.graph.objects(iri, URIRef(jak.bindsReceptor))
            families = self.graph.objects(iri, URIRef(jak.signalsThrough))
            if ligand.kind == "part":
                word = "part"
            elif any((receptor, URIRef(jak.needsKinase), None) in self.graph for receptor in receptors):
                word = "yes"
            elif any(str(self.graph.value(family, URIRef(jak.carriesJak))) == "no" for family in families):
                word = "no"
            else:
                word = "unknown"
            self.node(iri, throughJak=word)

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
            use = (subject, RDF.type, URIRef(jak.Treatment)) in self.graph
            if relation == "exactMatch" and (use or owners[name] > 1):
                relation = "closeMatch"
            self.link(subject, SKOS[relation], target)

    def dataset(self) -> None:
        """Say what the graph is, of which version, under which licence, and how to cite it; then its digest."""
        for predicate, value in (
            (RDF.type, VOID.Dataset), (RDF.type, DCAT.Dataset), (RDFS.label, Literal("JAK-KG", lang="en")),
            (DCTERMS.title, Literal(TITLE, lang="en")), (DCTERMS.description, Literal(ABOUT, lang="en")),
            (OWL.versionInfo, Literal(VERSION)), (URIRef(PREFIXES["dcat"] + "version"), Literal(VERSION)),
            (DCTERMS.issued, Literal(RELEASED, datatype=XSD.date)), (DCTERMS.license, URIRef(LICENCE)),
            (DCTERMS.creator, AUTHORS), (DCTERMS.publisher, AUTHORS),
            (DCTERMS.bibliographicCitation, Literal(CITATION, lang="en")),
        ):  # fmt: skip
            self.graph.add((DATASET, predicate, value))
        _declare(self.graph)
        content = hashlib.sha256(ntriples(self.graph)).hexdigest()
        self.node(str(DATASET), contentDigest=f"sha256:{content}")
