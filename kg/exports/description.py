"""The description of a release for machines: what is in it, its files, its sources, and the licence of each.

VoID counts what is in the graph, DCAT lists the files, in the profile DCAT-AP 3.0. Every node has an IRI. DCAT-AP asks
for words of the authority tables of the European Union; the class and the scheme of each such word are repeated here,
since nobody fetches the tables.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SKOS, VOID, XSD, Namespace
from rdflib.term import Node

from kg.exports.file_forms import ABOUT, FOLLOWS, FORMS, STANDARDS
from kg.model.vocabulary import LICENCE, PREFIXES, RELEASED, THING, VERSION, VOCAB, curie, jak, thing
from kg.rdf.description import AUTHORS, DATASET

ADMS = Namespace("http://www.w3.org/ns/adms#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU: Final = "http://publications.europa.eu/resource/authority/"
IANA: Final = "https://www.iana.org/assignments/media-types/"

HOME = URIRef(THING)
CATALOGUE = URIRef(thing("jak-kg", "catalogue"))
RIGHTS = URIRef(thing("jak-kg", "rights"))
FILES: Final = f"{THING}{VERSION}/"
"""Where the files of this version are: this and the path in the release."""
KEYWORDS: Final = ("knowledge graph", "JAK inhibitor", "cytokine", "granuloma annulare", "RDF", "SPARQL")


LICENCE_TYPES: Final = "http://purl.org/adms/licencetype/"
LICENCE_KINDS: Final = {
    "/by": ("Attribution", "attribution"),
    "apache": ("Attribution", "attribution"),
    "-nc": ("NonCommercialUseOnly", "non-commercial use only"),
    "-nd": ("NoDerivativeWork", "no derivative work"),
    "-sa": ("ViralEffect-ShareAlike", "share-alike"),
    "odbl": ("ViralEffect-ShareAlike", "share-alike"),
    "zero": ("PublicDomain", "public domain"),
}
"""Part of the address of a licence -> what kind it is, and that in plain words."""

DUMP: Final = "jak-kg"
"""Name, without its suffix, of the files that hold the whole graph and nothing else, where their form is one of RDF."""


GRAMMAR: Final = tuple(PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl"))
"""Namespaces of words that say how the graph is built, and link it to nothing."""


def describe(graph: Graph, files: Mapping[str, bytes]) -> Graph:
    """Return the VoID and DCAT-AP description of a graph that ``kg.graph`` built, and of the files of its release.

    ``files`` is path in the release -> content. No blank node, nothing of the day or the machine. Raises ValueError
    where a suffix is not in FORMS, or where the names of two files differ in punctuation only.

    >>> from kg.facts import dataset
    >>> from kg.rdf.builder import build
    >>> from kg.rdf.store import folder
    >>> ontology = folder("ontology")
    >>> about = describe(build(dataset.read(ontology / "facts"), ontology / "jak-kg.ttl"), {"jak-kg.ttl": b"# a graph"})
    >>> [str(size) for size in about.objects(None, DCAT.byteSize)]
    ['9']
    """
    told = _Description(graph)
    told.dataset()
    told.counts()
    told.links()
    told.sources()
    for path in sorted(files):
        told.file(path, files[path])
    return told.about


def licences(words: str) -> dict[str, str]:
    """Return the licences that the words of a reference name, address -> name; none where they name none known.

    >>> list(licences("CC BY-SA 4.0 (database ODbL)").values()), licences("all rights reserved")
    (['CC BY-SA 4.0', 'ODbL 1.0'], {})
    >>> licences("CC0 1.0")
    {'https://creativecommons.org/publicdomain/zero/1.0/': 'CC0 1.0'}
    """
    found = {}
    for name, kind, version in re.findall(r"\b(CC (BY[-A-Z]*) (\d\.\d))", words):
        found[f"https://creativecommons.org/licenses/{kind.lower()}/{version}/"] = name
    if "CC0" in words:
        found["https://creativecommons.org/publicdomain/zero/1.0/"] = "CC0 1.0"
    if "ODbL" in words:
        found["https://opendatacommons.org/licenses/odbl/1-0/"] = "ODbL 1.0"
    if "Apache-2.0" in words:
        found["https://www.apache.org/licenses/LICENSE-2.0"] = "Apache-2.0"
    return found


class _Description:
    """A description under construction."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.about = graph, Graph()
        for prefix, namespace in (
            *PREFIXES.items(), ("adms", ADMS), ("dcatap", DCATAP), ("spdx", SPDX), ("vcard", VCARD),
        ):  # fmt: skip
            self.about.bind(prefix, namespace, replace=True)

    def say(self, node: str, *said: tuple[URIRef, Node]) -> URIRef:
        """Add statements on a node and return it."""
        for predicate, value in said:
            self.about.add((URIRef(node), predicate, value))
        return URIRef(node)

    def word(self, table: str, name: str, label: str, *kinds: URIRef) -> URIRef:
        """Add a word of a table of the European Union, with its classes, and return it."""
        kind = [(RDF.type, SKOS.Concept), *((RDF.type, kind) for kind in kinds)]
        scheme = self.say(EU + table, (RDF.type, SKOS.ConceptScheme), (DCTERMS.title, _text(table)))
        return self.say(f"{EU}{table}/{name}", *kind, (SKOS.prefLabel, _text(label)), (SKOS.inScheme, scheme))

    def dataset(self) -> None:
        """Add the dataset, the catalogue that lists it, and those who answer for it."""
        core = [(p, o) for p, o in self.graph.predicate_objects(DATASET) if isinstance(p, URIRef)]
        self.say(DATASET, *core)
        self.say(AUTHORS, *((p, o) for p, o in self.graph.predicate_objects(AUTHORS) if isinstance(p, URIRef)))
        contact = self.say(thing("jak-kg", "contact"), (RDF.type, VCARD.Kind), (VCARD.hasURL, HOME))
        self.say(contact, *((VCARD.fn, name) for name in self.graph.objects(AUTHORS, FOAF.name)))
        self.say(HOME, (RDF.type, FOAF.Document), (RDF.type, RDFS.Resource))
        self.say(HOME, *((DCTERMS.title, title) for title in self.graph.objects(DATASET, DCTERMS.title)))
        licence = self.licence(LICENCE, "CC BY-SA 4.0")
        english = self.word("language", "ENG", "English", DCTERMS.LinguisticSystem)
        public = self.word("access-right", "PUBLIC", "public", DCTERMS.RightsStatement)
        themes = [self.word("data-theme", *theme) for theme in (("HEAL", "health"), ("TECH", "science and technology"))]
        vocabulary = self.standard("JAK-KG vocabulary")
        self.say(
            DATASET, *((DCAT.keyword, _text(word)) for word in KEYWORDS), *((DCAT.theme, theme) for theme in themes),
            (DCTERMS.identifier, Literal(str(DATASET))), (DCTERMS.modified, _day()), (DCTERMS.language, english),
            (DCAT.contactPoint, contact), (DCAT.landingPage, HOME), (DCTERMS.accessRights, public),
            (DCTERMS.conformsTo, vocabulary), (DCTERMS.temporal, self.years()),
        )  # fmt: skip
        self.say(
            CATALOGUE, (RDF.type, DCAT.Catalog), (DCTERMS.title, _text("JAK-KG, its releases")),
            (DCTERMS.description, _text("The release of JAK-KG, its files and their formats.")),
            (DCTERMS.publisher, AUTHORS), (DCAT.dataset, DATASET), (DCTERMS.issued, _day()), (DCTERMS.modified, _day()),
            (DCTERMS.license, licence), (DCTERMS.language, english), (FOAF.homepage, HOME),
            (DCAT.themeTaxonomy, URIRef(EU + "data-theme")),
        )  # fmt: skip

    def licence(self, iri: str, name: str) -> URIRef:
        """Add a licence with its kinds, in the words of ADMS, and return it."""
        scheme = URIRef(LICENCE_TYPES + "1.0")
        for mark, (kind, label) in LICENCE_KINDS.items():
            if mark in iri:
                word = self.say(LICENCE_TYPES + kind, (RDF.type, SKOS.Concept), (SKOS.prefLabel, _text(label)))
                self.say(iri, (DCTERMS.type, self.say(word, (SKOS.inScheme, scheme))))
        return self.say(iri, (RDF.type, DCTERMS.LicenseDocument), (DCTERMS.title, _text(name)))

    def standard(self, name: str) -> URIRef:
        """Add a standard that something follows, and return it."""
        return self.say(STANDARDS[name], (RDF.type, DCTERMS.Standard), (DCTERMS.title, _text(name)))

    def years(self) -> URIRef:
        """Add the years of the publications behind the graph, from the first to the last."""
        years = sorted(str(year) for year in self.graph.objects(None, URIRef(jak.year)))
        ends = zip((DCAT.startDate, DCAT.endDate), (years[:1], years[-1:]), strict=True)
        said = [(end, Literal(year[0], datatype=XSD.gYear)) for end, year in ends if year]
        return self.say(thing("jak-kg", "years"), (RDF.type, DCTERMS.PeriodOfTime), *said)

    def counts(self) -> None:
        """Add how many triples, things, classes and properties the graph has, the last two one by one."""
        classes, properties = Counter(self.graph.objects(None, RDF.type)), Counter(self.graph.predicates())
        pattern = f"^{re.escape(THING)}[^#]+$"
        subjects, objects = Counter(self.graph.subjects()), set(self.graph.objects())
        ends: dict[Node, tuple[set[Node], set[Node]]] = defaultdict(lambda: (set(), set()))
        for subject, word, value in self.graph:
            ends[word][0].add(subject)
            ends[word][1].add(value)
        entities = [subject for subject in subjects if re.match(pattern, str(subject))]
        counted = (
            (VOID.triples, len(self.graph)), (VOID.entities, len(entities)), (VOID.classes, len(classes)),
            (VOID.properties, len(properties)), (VOID.distinctSubjects, len(subjects)),
            (VOID.distinctObjects, len(objects)),
        )  # fmt: skip
        self.say(DATASET, *((word, Literal(number)) for word, number in counted))
        self.say(DATASET, (VOID.uriSpace, Literal(THING)), (VOID.uriRegexPattern, Literal(pattern)))
        for kind, number in classes.items():
            part = self.say(thing("class", curie(str(kind))), (RDF.type, VOID.Dataset), (VOID["class"], kind))
            self.say(part, (VOID.entities, Literal(number)))
            self.say(DATASET, (VOID.classPartition, part))
        for word, number in properties.items():
            part = self.say(thing("property", curie(str(word))), (RDF.type, VOID.Dataset), (VOID.property, word))
            self.say(part, (VOID.triples, Literal(number)), (VOID.distinctSubjects, Literal(len(ends[word][0]))))
            self.say(part, (VOID.distinctObjects, Literal(len(ends[word][1]))))
            self.say(DATASET, (VOID.propertyPartition, part))
        used = [str(word) for word in (*classes, *properties)]
        for namespace in sorted(PREFIXES.values()):
            if namespace != THING and any(word.startswith(namespace) for word in used):
                self.say(DATASET, (VOID.vocabulary, URIRef(VOCAB.rstrip("#") if namespace == VOCAB else namespace)))
        for name in ("Ligand", "ReceptorComplex", "Inhibitor", "IndividualCase", "Claim", "PotencyMeasurement"):
            things = list(self.graph.subjects(RDF.type, URIRef(getattr(jak, name))))
            if things:  # the one of which most is said
                example = min(things, key=lambda node: (-subjects[node], str(node)))
                self.say(DATASET, (VOID.exampleResource, example))

    def links(self) -> None:
        """Add to which identifiers of others the graph refers, by which property, and how often."""
        whole = {DATASET, *self.graph.subjects(RDF.type, OWL.Ontology)}  # of which is said what any release says
        found: dict[tuple[URIRef, str], int] = defaultdict(int)
        spaces: dict[str, set[str]] = defaultdict(set)
        for subject, predicate, value in self.graph:
            if not isinstance(predicate, URIRef) or str(predicate).startswith(GRAMMAR) or subject in whole:
                continue
            if predicate == URIRef(jak.xref):
                found[predicate, str(value).partition(":")[0]] += 1
            elif str(subject).startswith(THING) and (space := _space(value)):
                name = re.sub("^https?://", "", space.removeprefix(PREFIXES["obo"])).rstrip("_/#") or "OBO"
                found[predicate, name] += 1
                spaces[name].add(space)
        for (predicate, name), number in found.items():
            compact = predicate == URIRef(jak.xref)
            other = self.say(thing("outside", name), (RDF.type, VOID.Dataset), (DCTERMS.title, Literal(name)))
            self.say(other, *((VOID.uriSpace, Literal(space)) for space in spaces[name]))
            form = f"in the compact form, as {name}:1" if compact else "by IRI"
            links = self.say(
                thing("links", curie(predicate), name), (RDF.type, VOID.Linkset), (VOID.linkPredicate, predicate),
                (VOID.subjectsTarget, DATASET), (VOID.objectsTarget, other), (VOID.triples, Literal(number)),
                (DCTERMS.description, _text(f"To identifiers of {name}, {form}.")),
            )  # fmt: skip
            self.say(DATASET, (VOID.subset, links))

    def sources(self) -> None:
        """Add the references that the graph was made from, their licences, and the rights that follow."""
        named = {DCTERMS.source, *(URIRef(word) for word in (jak.obtainedFrom, jak.reportedIn))}
        references = set(self.graph.subjects(RDF.type, URIRef(jak.Reference)))
        used = sorted(map(str, references & {value for word in named for value in self.graph.objects(None, word)}))
        licensed = 0
        for source in map(URIRef, used):
            label, words = self.graph.value(source, RDFS.label), self.graph.value(source, URIRef(jak.licence))
            self.say(DATASET, (PROV.wasDerivedFrom, source))
            self.say(str(source), (RDF.type, PROV.Entity), *([(RDFS.label, label)] if label else []))
            if words:
                licensed += 1
                self.say(str(source), (DCTERMS.rights, _text(str(words))))
                for iri, name in licences(str(words)).items():
                    self.say(str(source), (DCTERMS.license, self.licence(iri, name)))
        rights = (
            "Facts and vocabulary: CC BY-SA 4.0. Share-alike, because a part of the potency values was read in the "
            "IUPHAR/BPS Guide to PHARMACOLOGY, whose contents are under CC BY-SA 4.0, and in a web export of ChEMBL, "
            "which is under CC BY-SA 3.0. Each value names where it was read; each quote of a publication has at most "
            f"25 words and names its source. The licence of {licensed} of the {len(used)} sources is recorded. "
            "For research; not medical advice."
        )
        self.say(RIGHTS, (RDF.type, DCTERMS.RightsStatement), (RDFS.label, _text(rights)))
        history = (
            f"Made from {len(used)} sources, read by curators: each statement names its source, the place in it, and "
            "who read it when."
        )
        made = self.say(
            thing("jak-kg", "provenance"), (RDF.type, DCTERMS.ProvenanceStatement), (RDFS.label, _text(history))
        )
        self.say(DATASET, (DCTERMS.provenance, made), (DCTERMS.rights, RIGHTS))

    def file(self, path: str, data: bytes) -> None:
        """Add a file of the release."""
        suffix = PurePosixPath(path).suffix
        if suffix not in FORMS:
            raise ValueError(f"{path}: the suffix has no media type: name it in kg.exports.file_forms.FORMS")
        form, node = FORMS[suffix], thing("file", path)
        if (URIRef(node), None, None) in self.about:
            raise ValueError(f"{path}: another file has this name but for its punctuation: rename one")
        address = self.say(FILES + quote(path), (RDF.type, RDFS.Resource))
        media = self.say(IANA + form.media, (RDF.type, DCTERMS.MediaType), (RDFS.label, Literal(form.media)))
        checksum = self.say(
            f"{node}-sha256", (RDF.type, SPDX.Checksum), (SPDX.algorithm, SPDX.checksumAlgorithm_sha256),
            (SPDX.checksumValue, Literal(hashlib.sha256(data).hexdigest(), datatype=XSD.hexBinary, normalize=False)),
        )  # fmt: skip
        self.say(SPDX.checksumAlgorithm_sha256, (RDF.type, SPDX.ChecksumAlgorithm))
        what = next((words for pattern, words in ABOUT.items() if fnmatchcase(path, pattern)), "A file of the release.")
        follows = [form.standard] if form.standard else []
        follows += [standard for pattern, standard in FOLLOWS.items() if fnmatchcase(path, pattern)]
        stays = self.word("planned-availability", "EXPERIMENTAL", "experimental")
        self.say(
            node, (RDF.type, DCAT.Distribution), (DCTERMS.title, _text(f"JAK-KG {VERSION}: {path}")),
            (DCTERMS.description, _text(what)), (DCAT.accessURL, HOME), (DCAT.downloadURL, address),
            (DCAT.mediaType, media), (DCAT.byteSize, Literal(len(data), datatype=XSD.nonNegativeInteger)),
            (SPDX.checksum, checksum), (DCTERMS.license, URIRef(LICENCE)), (DCTERMS.rights, RIGHTS),
            (DCTERMS.issued, _day()), (DCATAP.availability, stays),
            *((DCTERMS.conformsTo, self.standard(standard)) for standard in follows),
        )  # fmt: skip
        kind = self.word("file-type", form.table, form.table.replace("_", " "), DCTERMS.MediaTypeOrExtent)
        self.say(node, (DCTERMS["format"], kind))
        self.say(DATASET, (DCAT.distribution, URIRef(node)))
        if path == DUMP + suffix and (form.standard or "").startswith(("RDF", "JSON-LD")):
            self.say(DATASET, (VOID.dataDump, address))


def _text(words: str) -> Literal:
    return Literal(words, lang="en")


def _day() -> Literal:
    return Literal(RELEASED, datatype=XSD.date)


def _space(value: Node) -> str:
    """Return the namespace of an IRI that is not ours, with the name of its ontology where it is of OBO; else ''."""
    iri = str(value)
    if not isinstance(value, URIRef) or iri.startswith(THING):
        return ""
    return re.sub(r"[^_/#]*$" if iri.startswith(PREFIXES["obo"]) else r"[^/#]*$", "", iri)
