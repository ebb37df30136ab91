"""The alignment: how our terms, and some things, stand to terms of other vocabularies, as SSSOM says it in TSV.

The file has YAML in ``#`` lines on top, with the prefixes, the licence and the version, and then a table. This is the
only module that reads and knows its form; :mod:`kg.exports.sssom` writes the same form.

>>> from kg.rdf.store import folder
>>> alignment = read(folder("ontology") / FILE)
>>> [row.object_label for row in alignment.rows if row.subject_id == "jak:Evidence"][:2]
['evidence', 'transcript expression evidence']
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

import yaml
from pydantic import AfterValidator
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS

from kg.facts import terms
from kg.facts.cells import Identifier, Record, Text
from kg.facts.parsing import hint, read_table
from kg.model import identifiers
from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import PREFIXES, THING, VERSION, VOCAB

FILE: Final = "mappings.sssom.tsv"
CURATED: Final = "semapv:ManualMappingCuration"
PREFIX_MAP: Final[dict[str, str]] = (
    {name: PREFIXES[name] for name in ("jak", "kg", "rdfs", "skos")}
    | {"semapv": "https://w3id.org/semapv/vocab/"}
    | {prefix: registry.namespace for prefix, registry in identifiers.REGISTRIES.items()}
)
"""Prefix -> namespace of all that can stand in a mapping."""
Predicate = Literal[
    "skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch",
    "rdfs:subClassOf", "rdfs:subPropertyOf",
]  # fmt: skip
PREDICATES: Final = get_args(Predicate)
AXIOMS: Final = {"rdfs:subClassOf": OWL.Class, "rdfs:subPropertyOf": OWL.ObjectProperty}
"""Predicate that a reasoner reads -> what it stands between."""
HEADER: Final = ("mapping_set_id", "mapping_set_version", "license", "curie_map")
"""What the YAML must say."""


def expanded(name: str) -> str:
    """Return the IRI of a name with a prefix that can stand in a mapping; KeyError for another prefix.

    >>> expanded("jak:Evidence"), expanded("ECO:0000000")
    ('https://w3id.org/jak-kg/vocab#Evidence', 'http://purl.obolibrary.org/obo/ECO_0000000')
    """
    prefix, _, local = name.partition(":")
    return PREFIX_MAP[prefix] + local


def _ours(name: str) -> str:
    if not name.startswith(("jak:", "kg:")):
        raise ValueError(f"{name!r} is not a term of ours: write it as in jak:Evidence or kg:il21")
    return name


def _unquoted(text: str) -> str:
    if '"' in text:
        raise ValueError("a double quote would be read as quoting: write a single one")
    return text


Cell = Annotated[Text, AfterValidator(_unquoted)]


class Mapping(Record):
    """A row: how a term or thing of ours stands to a term elsewhere.

    >>> row = {"subject_id": "kg:il21", "predicate_id": "skos:relatedMatch", "object_id": "GO:0038114"}
    >>> Mapping(**row, subject_label="IL-21", mapping_justification=CURATED).object
    'http://purl.obolibrary.org/obo/GO_0038114'
    """

    subject_id: Annotated[Text, AfterValidator(_ours)]
    subject_label: Cell
    predicate_id: Predicate
    object_id: Identifier
    object_label: Cell | None = None
    mapping_justification: Literal["semapv:ManualMappingCuration"]
    comment: Cell | None = None

    @property
    def subject(self) -> str:
        """The IRI of the subject."""
        return expanded(self.subject_id)

    @property
    def predicate(self) -> str:
        """The IRI of the predicate."""
        return expanded(self.predicate_id)

    @property
    def object(self) -> str:
        """The IRI of the object."""
        return expanded(self.object_id)


@dataclass(frozen=True, slots=True)
class Alignment:
    """The rows of a mapping file, what its YAML says, and where each row stands."""

    file: Path
    header: dict[str, Any]
    rows: tuple[Mapping, ...]
    places: dict[int, Place]

    def unfit(self, graph: Graph, *, whole: bool = True) -> Iterator[Problem]:
        """Yield a problem for each row whose subject is not in the graph, is named otherwise or is of another kind.

        Of things (``kg:``) that are not there nothing is said where the graph is not that of the shipped facts
        (``whole`` is False).

        >>> from kg.rdf.store import folder
        >>> alignment = read(folder("ontology") / FILE)
        >>> found = list(alignment.unfit(Graph(), whole=False))
        >>> len(found) > 100, found[0].what
        (True, "subject 'jak:Ligand' is not declared in jak-kg.ttl")
        """
        known = [str(subject) for subject in set(graph.subjects(RDF.type)) if isinstance(subject, URIRef)]
        names = [f"jak:{iri[len(VOCAB) :]}" for iri in known if iri.startswith(VOCAB)]
        names += [f"kg:{iri[len(THING) :]}" for iri in known if iri.startswith(THING) and not iri.startswith(VOCAB)]
        for row in self.rows:
            place, subject = self.places[id(row)], URIRef(row.subject)
            if row.subject_id not in names:
                if whole or row.subject_id.startswith("jak:"):
                    where = "declared in jak-kg.ttl" if row.subject_id.startswith("jak:") else "a thing of the facts"
                    what = f"subject {row.subject_id!r} is not {where}{hint(row.subject_id, names)}"
                    yield Problem(place, what, "fix it, or delete the row")
                continue
            labels = sorted(str(label) for label in graph.objects(subject, RDFS.label))
            if row.subject_label not in labels:
                what = f"subject_label {row.subject_label!r} is not the label of {row.subject_id}"
                yield Problem(place, what, f"write {' or '.join(map(repr, labels))}")
            if (axiom := AXIOMS.get(row.predicate_id)) is None:
                continue
            if (subject, RDF.type, axiom) not in graph:
                what = f"{row.predicate_id} is said of {row.subject_id}, which is of another kind"
                yield Problem(place, what, "write a SKOS mapping, such as skos:broadMatch")
            elif (URIRef(row.object), RDF.type, axiom) not in graph:
                what = f"{row.predicate_id} stands on {row.object_id}, which is not declared in jak-kg.ttl"
                yield Problem(place, what, "declare it there with its label, a definition and its source")


def read(file: Path) -> Alignment:
    """Return the mappings of a file; raises :class:`~kg.model.errors.Problems` with every problem that was found.

    >>> read(Path("none.tsv"))
    Traceback (most recent call last):
        ...
    kg.Problems: none.tsv: the file is missing: add it, with at least its header line
    """
    problems: list[Problem] = []
    places: dict[int, Place] = {}
    lost: set[str] = set()
    rows = tuple(row for row in read_table(file, Mapping, places, problems, lost) if isinstance(row, Mapping))
    header: dict[str, Any] = {}
    if "*" not in lost:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
        top = list(takewhile(lambda line: line.startswith("#"), lines))
        header = _header(file, top, problems)
        if header and not lost:
            names = (name for row in rows for name in (row.subject_id, row.predicate_id, row.object_id))
            problems += _prefixes(file, top, header, {name.partition(":")[0] for name in names} | {"semapv"})
    problems += _twice(rows, places)
    if problems:
        raise Problems(problems)
    return Alignment(file, header, rows, places)


def _header(file: Path, lines: list[str], problems: list[Problem]) -> dict[str, Any]:
    """Return what the YAML on top says; a fault in it is added to ``problems``."""
    try:
        header = yaml.load("\n".join(line.removeprefix("#") for line in lines), yaml.BaseLoader)  # noqa: S506 - texts only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"this is not valid YAML: {getattr(error, 'problem', None) or 'a character that YAML does not allow'}"
        problems.append(Problem(Place(file, mark.line + 1 if mark else 1), what, "fix it, or the line above"))
        return {}
    if not isinstance(header, dict):
        problems.append(Problem(Place(file, 1), "the lines with # have no keys", "write key: value"))
        return {}
    if not isinstance(header.get("curie_map", {}), dict):
        what = "curie_map has no prefixes"
        problems.append(
            Problem(Place(file, _line(lines, "curie_map")), what, "write a line prefix: namespace for each")
        )
        return {}
    missing = [key for key in HEADER if key not in header]
    problems += [Problem(Place(file, 1), f"{key} is missing", "add it in a line with #") for key in missing]
    if header.get("mapping_set_version", VERSION) != VERSION:
        what = f"mapping_set_version is {header['mapping_set_version']!r} and the vocabulary has {VERSION!r}"
        problems.append(Problem(Place(file, _line(lines, "mapping_set_version")), what, f"write {VERSION}"))
    return header


def _prefixes(file: Path, lines: list[str], header: dict[str, Any], used: set[str]) -> Iterator[Problem]:
    """Yield a problem for each prefix that is used and not declared, declared and not used, or declared otherwise."""
    declared = header.get("curie_map") or {}
    for prefix in sorted(used - declared.keys()):
        place = Place(file, _line(lines, "curie_map"))
        yield Problem(place, f"prefix {prefix!r} is not in curie_map", f"add {prefix}: {PREFIX_MAP[prefix]}")
    for prefix, namespace in declared.items():
        place = Place(file, _line(lines, f"  {prefix}"))
        if prefix not in used:
            yield Problem(place, f"prefix {prefix!r} stands in no row", "delete it, or fix the rows")
        elif namespace != PREFIX_MAP[prefix]:
            yield Problem(place, f"prefix {prefix!r} stands for {namespace}", f"write {PREFIX_MAP[prefix]}")


def _line(lines: list[str], key: str) -> int:
    return next((number for number, line in enumerate(lines, 1) if line.startswith(f"#{key}:")), 1)


def _twice(rows: tuple[Mapping, ...], places: dict[int, Place]) -> Iterator[Problem]:
    """Yield a problem for each pair that stands twice, and for each term that has two labels."""
    pairs: dict[tuple[str, str], Mapping] = {}
    labels: dict[str, Mapping] = {}
    for row in rows:
        first = pairs.setdefault((row.subject_id, row.object_id), row)
        if first is not row:
            what = f"{row.subject_id} and {row.object_id} are also at {places[id(first)]}"
            yield Problem(places[id(row)], what, "keep one of the two")
        if (label := terms.known().get(row.object_id, row.object_label)) != row.object_label:
            what = f"object_label {row.object_label!r} is not the label of {row.object_id}"
            yield Problem(places[id(row)], what, f"write {label!r}, or fix the identifier")
        first = labels.setdefault(row.object_id, row)
        if first.object_label != row.object_label:
            what = f"{row.object_id} is {row.object_label!r} here and {first.object_label!r} at {places[id(first)]}"
            yield Problem(places[id(row)], what, "write the label that is printed there")
