"""Checks of the whole: the vocabulary against the code, the graph against its shapes and rules, quotes against texts.

All problems are collected and raised at once, each with the file and line that it comes from.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Store
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS

from kg.facts import dataset as f
from kg.facts import mappings
from kg.facts.cells import Record
from kg.facts.parsing import hint
from kg.model.errors import Place, Problem, Problems
from kg.model.files import read_text
from kg.model.vocabulary import DEFINED, VOCAB, Vocabulary, expanded, jak, local
from kg.rdf import builder as g
from kg.rdf import store
from kg.rdf.diff import lost
from kg.rdf.serialize import UNWRITABLE
from kg.sparql import library
from kg.sparql.built_graph import BuiltGraph
from kg.sparql.graph import OpenGraph
from kg.sparql.query_text import malformed
from kg.sparql.rows import Rows

RULES = (library.CHECKS, library.REPORT)
OF_ALL = re.compile(
    r"\b(NOT\s+EXISTS|MINUS|OPTIONAL|BOUND|COUNT|HAVING"
    r"|jak:(status|directEdge|needsKinase|usesKinase|bindsReceptor|throughJak|comparable|Accepted|Refuted))\b"
)
"""In a rule: it asks what is not there, or what follows from several rows, and so can be asked of all facts only."""
MORE: Final = {SH[f"{kind}ConstraintComponent"] for kind in ("MinCount", "MaxCount", "Datatype", "In")} | {
    SH[f"{end}{kind}ConstraintComponent"] for end in ("Min", "Max") for kind in ("Inclusive", "Exclusive", "Length")
}
"""What a shape can find in a part of the facts: more facts would not take it away."""
DERIVED: Final = {
    URIRef(VOCAB + name)
    for name in "throughJak status comparable countsWithDerived evidence targetGeneCount directEdge side about".split()
}
"""Properties that follow from several rows."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A graph without a problem, and what of it was checked, in one line."""

    built: BuiltGraph
    said: str


def everything(folder: Path, ontology: Path, *, sources: Path | None = None) -> Checked:
    """Check a folder of facts with the vocabulary and shapes of ``ontology`` and the rules of the library.

    ``sources`` is a folder with the texts that quotes were taken from, named as the references are. Raises Problems.

    >>> from kg.rdf.store import folder
    >>> everything(folder("ontology") / "facts", folder("ontology")).said  # doctest: +ELLIPSIS
    '...facts: ... pieces of evidence, ... potency measurements, ... triples: no problem'
    """
    facts, problems = f.readable(folder)
    problems += [*_vocabulary(ontology / "jak-kg.ttl", facts), *_definitions(ontology / "definitions.ttl")]
    try:
        alignment = mappings.read(ontology / mappings.FILE)
        graph, places, clashes = g.build_with_places(facts, ontology / "jak-kg.ttl")
    except Problems as error:
        raise Problems(dict.fromkeys([*problems, *error.problems])) from None
    whole = not problems
    found = [*_shapes(graph, ontology / "shapes.ttl", places, clashes, whole=whole), *_unwritable(graph, places)]
    shipped = whole and folder.resolve() == (ontology / "facts").resolve()
    found += alignment.unfit(graph, whole=shipped)
    questions, misread = _library()
    rules = [question for question in questions if question.name.startswith(RULES) and question.level != "INFO"]
    built = BuiltGraph(graph, ontology, folder)
    found += misread
    for rule in rules:
        if rule.name.startswith(library.CHECKS) and (whole or not OF_ALL.search(rule.text)):
            found += _broken(rule, built.opened, places, clashes)
        elif whole:
            found += _broken(rule, built.opened_whole, places, clashes)
    if shipped:
        found += _examples(questions, built.opened)
        found += _published(ontology, built.whole)
    checked = 0
    if sources is not None:
        quotes = list(_quotes(facts, sources))
        checked = len(quotes)
        found += [problem for problem in quotes if problem is not None]
    if problems or found:
        raise Problems(dict.fromkeys([*problems, *sorted(found, key=_order)]))
    patients = sum(case.n for report in facts.cases for case in report.case if isinstance(case.n, int))
    cases = sum(len(report.case) for report in facts.cases)
    words = f"{len(facts.claims):,} pieces of evidence, {len(facts.potency)} potency measurements, {cases} cases"
    held = f"{words} of {patients} patients, {len(rules)} rules, {len(graph):,} triples"
    quoted = f", {checked} quotes found in their texts" if sources is not None else ""
    return Checked(built, f"{folder}: {held}: no problem{quoted}")


def _order(problem: Problem) -> tuple[str, int, str]:
    return str(problem.place.file), problem.place.line or 0, problem.what


def _vocabulary(file: Path, facts: f.Facts) -> Iterator[Problem]:
    graph = store.turtle(file)
    yield from _declared(file, graph, Vocabulary.names - DEFINED)
    roles = {str(graph.value(role, SKOS.notation)) for role in graph.subjects(RDF.type, URIRef(jak.Relation))}
    for relation in facts.relations:
        if relation.id not in roles:
            what = f"relation {relation.id!r} has no role in the vocabulary{hint(relation.id, roles)}"
            yield Problem(facts.place(relation), what, "add a jak:Relation with this skos:notation to jak-kg.ttl")


def _declared(file: Path, graph: Graph, names: frozenset[str]) -> Iterator[Problem]:
    """Yield a problem for each name that the code has of a file and that is not declared there, and the reverse."""
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual)
    terms = {str(term) for kind in kinds for term in graph.subjects(RDF.type, kind)}
    declared = {local(term) for term in terms if term.startswith(VOCAB)}
    for name in sorted(names - declared):
        yield Problem(Place(file), f"jak:{name} is used by the code and not declared", "declare it, or drop the use")
    for name in sorted(declared - names):
        what = f"jak:{name} is declared and not named in kg/model/vocabulary.py"
        yield Problem(Place(file), what, "name it there, or drop it")


def _definitions(file: Path) -> Iterator[Problem]:
    """Yield a problem for each defined term that is not explained, and for each term that a definition misspells."""
    graph = store.turtle(file)
    yield from _declared(file, graph, DEFINED)
    for name in sorted(DEFINED):
        for said, word in (("label", RDFS.label), ("definition", SKOS.definition), ("source", DCTERMS.source)):
            if (URIRef(VOCAB + name), word, None) not in graph:
                yield Problem(Place(file), f"jak:{name} has no {said}", "explain it as the others are")
    used = {local(str(node)) for triple in graph for node in triple if str(node).startswith(VOCAB)}
    for name in sorted(used - Vocabulary.names):
        what = f"jak:{name} is not a term of the vocabulary{hint(name, Vocabulary.names)}"
        yield Problem(Place(file), what, "fix the definition that names it")


def _shapes(
    graph: Graph, file: Path, places: dict[str, Place], clashes: dict[str, tuple[Place, Place]], *, whole: bool
) -> list[Problem]:
    """Return what the shapes find, by file and line, and each clash of which they say nothing.

    Where not all facts are in the graph (``whole`` is False), nothing is said of what they could mend.
    """
    found = dict(_results(graph, file, places, whole))
    problems = dict.fromkeys(problem for problems in found.values() for problem in problems)
    for node, (place, other) in clashes.items():
        if not any(node == thing or node.startswith(f"{thing}-") for thing in (*found, *(clashes.keys() - {node}))):
            what = f"this and {other} are one thing to the graph, {local(node)}"
            problems[Problem(place, what, "make them differ, or make one of the two")] = None
    return list(problems)


def _results(graph: Graph, file: Path, places: dict[str, Place], whole: bool) -> Iterator[tuple[str, list[Problem]]]:
    """Yield each thing that breaks a shape, and its problems."""
    from pyshacl import validate

    conforms, results, _ = validate(graph, shacl_graph=store.turtle(file), advanced=False)
    if conforms:
        return
    assert isinstance(results, Graph)  # noqa: S101 - pyshacl gives its report as a graph
    found: dict[str, list[Problem]] = defaultdict(list)
    for result in results.subjects(RDF.type, SH.ValidationResult):
        node = str(results.value(result, SH.focusNode))
        path = results.value(result, SH.resultPath)
        if not whole and (path in DERIVED or results.value(result, SH.sourceConstraintComponent) not in MORE):
            continue
        message = results.value(result, SH.resultMessage)
        what = f"{local(node)}: {message}"
        where = f" at {local(str(path))}" if isinstance(path, URIRef) else ""
        found[node].append(Problem(_place(node, places), what + where, "fix the row that states it"))
    yield from found.items()


def _unwritable(graph: Graph, places: dict[str, Place]) -> Iterator[Problem]:
    """Yield a problem for each text with a character that not every syntax of a release can hold."""
    for subject, value in graph.subject_objects():
        if isinstance(value, Literal) and (found := UNWRITABLE.search(value)):
            what = f"{local(str(subject))}: U+{ord(found[0]):04X} stands in a text, and XML cannot hold it"
            yield Problem(_place(str(subject), places), what, "take the character out")


def _library() -> tuple[list[library.Query], list[Problem]]:
    """Return the questions and rules of the library that can be asked, and a problem for each that cannot."""
    questions: list[library.Query] = []
    problems: list[Problem] = []
    nothing = Store()
    for name in [*library.names(), *library.names(checks=True), *library.names(report=True)]:
        file = store.folder("queries") / f"{name}.rq"
        try:
            question = library.load(name)
            nothing.query(question.text)
        except Problems as error:
            problems += [Problem(Place(file, found.place.line), found.what, found.remedy) for found in error.problems]
        except SyntaxError as error:
            problems.append(malformed(question.text, str(file), str(error)))
        else:
            questions.append(question)
    return questions, problems


def _broken(
    rule: library.Query, graph: OpenGraph, places: dict[str, Place], clashes: Container[str]
) -> Iterator[Problem]:
    """Yield a problem for each row of a rule: its first column is the thing at fault, the others say how.

    Nothing is said of a thing that two records make: it mixes the two.
    """
    for row in Rows.of(graph.select(rule.text), str):
        (_, thing), *others = row.items()
        if any(owner in clashes for owner in _owners(thing)):
            continue
        cells = [f"{column} {local(str(cell))}" for column, cell in others if cell is not None]
        what = f"{local(thing)}: {rule.summary}" + (f" ({', '.join(cells)})" if cells else "")
        yield Problem(_place(thing, places), what, rule.description or "fix the row that states it")


def _examples(questions: list[library.Query], graph: OpenGraph) -> Iterator[Problem]:
    """Yield a problem for each example of a parameter that the graph of the shipped facts does not have."""
    for question in questions:
        for param in question.params:
            if ":" not in param.kind or param.free:
                continue
            known = graph.instances(param.kind)
            if (name := param.example.removeprefix("kg:")) not in known:
                place = Place(store.folder("queries") / f"{question.name}.rq")
                what = f"the example {param.example} of {param.name} is not a {param.kind}{hint(name, known)}"
                yield Problem(place, what, "name one that the facts have")


def _published(ontology: Path, graph: Graph) -> list[Problem]:
    """Return a problem for each IRI of the last published version that the graph no longer has."""
    file = ontology / "published.txt"
    if not file.is_file():
        return [Problem(Place(file), "the file is missing", "python scripts/published.py writes it")]
    rows = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    places = {expanded(row): Place(file, number) for number, row in rows if row and not row.startswith("#")}
    names = {str(iri) for iri in graph.subjects() if isinstance(iri, URIRef)}
    return lost(sorted(places.keys() - names), sorted(names - places.keys()), places)


def _owners(node: str) -> Iterator[str]:
    """Yield a node and each name that its name begins with, the longest first."""
    yield node
    while "-" in local(node):
        node = node.rpartition("-")[0]
        yield node


def _place(node: str, places: dict[str, Place]) -> Place:
    """Return the place of a node, or of the longest node whose name its name begins with."""
    return next((places[owner] for owner in _owners(node) if owner in places), Place(local(node)))


def folded(text: str) -> str:
    r"""Return a text without the white space, soft hyphens and line breaks that printing puts in.

    >>> folded("IFN- \nγ") == folded("IFN-γ")
    True
    """
    return re.sub(r"\s|\u00ad", "", text)


def _quotes(facts: f.Facts, sources: Path) -> Iterator[Problem | None]:
    """Yield, for each quote whose source text is at hand, the problem with it or None."""
    texts: dict[str, str] = {}
    for file in sorted(sources.glob("*.txt")):
        texts[file.stem] = folded(read_text(file))
    if not texts:
        raise Problems([Problem(Place(sources), "there is no text of a source", "give a folder with REFERENCE.txt")])
    quoted: list[tuple[Record, str | None, str]] = [(row, row.quote, row.obtained_from) for row in facts.claims]
    quoted += [(row, row.quote, row.obtained_from) for row in facts.cell_assays]
    quoted += [(row, row.quote, source) for row in facts.potency for source in row.obtained_from]
    for row in facts.disagreements:
        quoted += [(row, row.first_quote, row.first_source), (row, row.second_quote, row.second_source)]
    for report in facts.cases:
        quoted += [(part, getattr(part, "quote", None), report.obtained_from) for part in f.walk(report)]
    for record, quote, reference in quoted:
        if quote and reference in texts:
            found = folded(quote) in texts[reference]
            what = f"the quote {quote!r} is not in the text of {reference}"
            yield None if found else Problem(facts.place(record), what, "copy the words as they stand there")
