"""A user's own cases and triples beside the facts: one graph, with the file and line that each triple comes from.

A case file is read as if it lay in the folder of cases; its report need not be in ``references.tsv``. Triples are in
Turtle or N-Triples, with the words of the vocabulary.
"""

import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal as OxLiteral
from pyoxigraph import NamedNode
from pyoxigraph import Triple as OxTriple
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS
from rdflib.term import Node

from kg.facts import dataset as f
from kg.facts import toml_limits
from kg.facts.parsing import hint
from kg.model import temporary
from kg.model.errors import Place, Problem, Problems
from kg.model.files import read_bytes
from kg.model.vocabulary import curie, jak, local
from kg.owl.premises import Triple
from kg.rdf import builder as g
from kg.rdf import foreign
from kg.rdf.store import FORMATS


@dataclass(frozen=True, slots=True)
class Joined:
    """A graph, and where its things and the triples of a user come from."""

    graph: Graph
    things: dict[str, Place] = field(default_factory=dict)
    triples: dict[Triple, Place] = field(default_factory=dict)

    def place(self, triple: Triple) -> Place | None:
        """Return the place of a triple: its own line, that of the claim that draws it, or that of its subject.

        The place of a thing is that of the longest thing whose name its name begins with.

        >>> joined = Joined(Graph(), {"https://w3id.org/jak-kg/smith-2026-1": Place("smith-2026.toml", 9)})
        >>> str(joined.place((URIRef("https://w3id.org/jak-kg/smith-2026-1-il21"), RDF.type, OWL.Thing)))
        'smith-2026.toml:9'
        """
        if triple in self.triples:
            return self.triples[triple]
        name = self._claim(triple) or str(triple[0])
        while name not in self.things and "-" in local(name):
            name = name.rpartition("-")[0]
        return self.things.get(name)

    def _claim(self, triple: Triple) -> str | None:
        """Return the claim that draws an edge."""
        subject, edge, value = triple
        roles = self.graph.subjects(URIRef(jak.directEdge), edge)
        claims = {claim for role in roles for claim in self.graph.subjects(role, value)}
        return next((str(c) for c in sorted(claims, key=str) if (c, URIRef(jak.about), subject) in self.graph), None)


def joined(folder: Path, vocabulary: Path, *, cases: Sequence[Path] = (), triples: Sequence[Path] = ()) -> Joined:
    """Return the graph of a folder of facts with a user's own case files and files of triples.

    Raises Problems where one of them cannot be read or does not fit.

    >>> from kg.rdf.store import folder
    >>> found = joined(folder("ontology") / "facts", folder("ontology") / "jak-kg.ttl")
    >>> found.place((URIRef("https://w3id.org/jak-kg/jak1"), RDF.type, OWL.Thing)).line
    2
    """
    read = _with_cases(folder, cases) if cases else f.read(folder)
    graph, places, _ = g.build_with_places(read, vocabulary)
    found = Joined(graph, places)
    problems = [problem for file in triples for problem in _add(found, file)]
    if problems:
        raise Problems(problems)
    return found


def _with_cases(folder: Path, cases: Sequence[Path]) -> f.Facts:
    """Return the facts of a folder with case files from elsewhere, each at its own place."""
    with temporary.folder(Path(tempfile.gettempdir(), "facts")) as made:
        copy = made / "facts"
        shutil.copytree(folder, copy)
        own = {copy / "cases" / file.name: file for file in cases}
        for target, file in own.items():
            if target.exists():
                what = f"a case file of the name {file.name} is there already"
                raise Problems([Problem(Place(file), what, "give the file another name")])
            target.write_bytes(read_bytes(file, largest=toml_limits.LARGEST))
            _cite(copy / "references.tsv", target)

        def back(place: Place) -> Place:
            file = Path(place.file)
            here = own.get(file) or (folder / file.relative_to(copy) if file.is_relative_to(copy) else file)
            return Place(here, place.line)

        try:
            read = f.read(copy)
        except Problems as error:
            mended = (p.what.replace(str(copy), str(folder)) for p in error.problems)
            raise Problems(
                Problem(back(p.place), what, p.remedy) for p, what in zip(error.problems, mended, strict=True)
            ) from None
        read.places.update({key: back(place) for key, place in read.places.items()})
        return read


def _cite(table: Path, case: Path) -> None:
    """Add the report of a case file to a table of references where it is not in it; what is no case adds nothing."""
    try:
        text = case.read_text(encoding="utf-8-sig")
        reference = None if toml_limits.problem(case, text) else tomllib.loads(text).get("reference")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return
    rows = table.read_text(encoding="utf-8").splitlines()
    if isinstance(reference, str) and reference not in {row.partition("\t")[0] for row in rows}:
        cells = {"id": reference, "kind": "article", "citation": reference}
        rows.append("\t".join(cells.get(column, "") for column in rows[0].split("\t")))
        table.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _add(found: Joined, file: Path) -> Iterator[Problem]:
    """Add the triples of a file; yield a problem for each that does not fit."""
    if file.suffix.lower() not in FORMATS:
        yield Problem(Place(file), "the suffix is neither .ttl nor .nt", "give Turtle or N-Triples")
        return
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    properties = {RDF.type, RDFS.label, *(name for kind in kinds for name in found.graph.subjects(RDF.type, kind))}
    classes = set(found.graph.subjects(RDF.type, OWL.Class))
    try:
        for line, triple in foreign.statements(file):
            yield from _put(found, triple, Place(file, line), classes, properties)
    except Problems as error:
        yield from error.problems


def _put(found: Joined, triple: OxTriple, place: Place, classes: set[Node], properties: set[Node]) -> Iterator[Problem]:
    subject, name, value = triple.subject, URIRef(triple.predicate.value), triple.object
    if isinstance(value, OxTriple):
        yield Problem(place, "this has a triple term", "say what you mean in triples of IRIs and literals")
        return
    if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | OxLiteral):
        yield Problem(place, "this has a blank node", "give each thing an IRI")
        return
    end: URIRef | Literal = URIRef(value.value)
    if isinstance(value, OxLiteral):
        kind = None if value.language else URIRef(value.datatype.value)
        end = Literal(value.value, lang=value.language, datatype=kind)
    if name == RDF.type and end not in classes:
        word, what, known = str(end), "class", classes
    elif name not in properties:
        word, what, known = str(name), "property", properties
    else:
        statement = (URIRef(subject.value), name, end)
        found.graph.add(statement)
        found.triples.setdefault(statement, place)
        return
    close = hint(local(word), [local(str(other)) for other in known])
    yield Problem(
        place, f"{curie(word)} is not a {what} of the vocabulary{close}", "write one that jak-kg.ttl declares"
    )
