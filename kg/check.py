"""Checks of the whole: the vocabulary against the code, the graph against its shapes, quotes against their texts.

All problems are collected and raised at once, each with the file and line that it comes from.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS, SH, SKOS

from kg import facts as f
from kg import graph as g
from kg import records as r
from kg.problems import Place, Problem, Problems
from kg.reading import near
from kg.terms import VOCAB, Vocabulary, jak, local


def everything(folder: Path, ontology: Path, *, sources: Path | None = None) -> str:
    """Check a folder of facts with the vocabulary and shapes of ``ontology``; return what was checked, in one line.

    ``sources`` is a folder with the texts that quotes were taken from, named as the references are. Raises Problems.

    >>> from kg.store import folder
    >>> everything(folder("ontology") / "facts", folder("ontology"))  # doctest: +ELLIPSIS
    '...facts: ... pieces of evidence, ... potency measurements, ... triples: no problem'
    """
    facts = f.read(folder)
    problems = list(_vocabulary(ontology / "jak-kg.ttl", facts))
    if problems:
        raise Problems(problems)
    graph, places, clashes = g.build_with_places(facts, ontology / "jak-kg.ttl")
    problems += _shapes(graph, ontology / "shapes.ttl", places, clashes)
    checked = 0
    if sources is not None:
        quotes = list(_quotes(facts, sources))
        checked = len(quotes)
        problems += [problem for problem in quotes if problem is not None]
    if problems:
        raise Problems(problems)
    patients = sum(case.n for report in facts.cases for case in report.case if isinstance(case.n, int))
    cases = sum(len(report.case) for report in facts.cases)
    words = f"{len(facts.claims):,} pieces of evidence, {len(facts.potency)} potency measurements, {cases} cases"
    quoted = f", {checked} quotes found in their texts" if sources is not None else ""
    return f"{folder}: {words} of {patients} patients, {len(graph):,} triples: no problem{quoted}"


def _vocabulary(file: Path, facts: f.Facts) -> Iterator[Problem]:
    graph = Graph().parse(file, format="turtle")
    declared = {local(str(term)) for term in graph.subjects(RDF.type) if str(term).startswith(VOCAB)}
    for name in sorted(Vocabulary.names - declared):
        yield Problem(Place(file), f"jak:{name} is used by the code and not declared", "declare it, or drop the use")
    for name in sorted(declared - Vocabulary.names):
        yield Problem(Place(file), f"jak:{name} is declared and not named in kg/terms.py", "name it there, or drop it")
    roles = {str(graph.value(role, SKOS.notation)) for role in graph.subjects(RDF.type, URIRef(jak.Relation))}
    for relation in facts.relations:
        if relation.id not in roles:
            what = f"relation {relation.id!r} has no role in the vocabulary{near(relation.id, roles)}"
            yield Problem(facts.place(relation), what, "add a jak:Relation with this skos:notation to jak-kg.ttl")


def _shapes(
    graph: Graph, file: Path, places: dict[str, Place], clashes: dict[str, tuple[Place, Place]]
) -> list[Problem]:
    """Return what the shapes find, by file and line, and each clash of which they say nothing."""
    found = dict(_results(graph, file, places))
    problems = dict.fromkeys(problem for problems in found.values() for problem in problems)
    for node, (place, other) in clashes.items():
        if not any(node == thing or node.startswith(f"{thing}-") for thing in (*found, *(clashes.keys() - {node}))):
            what = f"this and {other} are one thing to the graph, {local(node)}"
            problems[Problem(place, what, "make them differ, or make one of the two")] = None
    return sorted(problems, key=lambda problem: (str(problem.place.file), problem.place.line or 0, problem.what))


def _results(graph: Graph, file: Path, places: dict[str, Place]) -> Iterator[tuple[str, list[Problem]]]:
    """Yield each thing that breaks a shape, and its problems."""
    from pyshacl import validate

    conforms, results, _ = validate(graph, shacl_graph=Graph().parse(file, format="turtle"), advanced=False)
    if conforms:
        return
    assert isinstance(results, Graph)  # noqa: S101 - pyshacl gives its report as a graph
    found: dict[str, list[Problem]] = defaultdict(list)
    for result in results.subjects(RDF.type, SH.ValidationResult):
        node = str(results.value(result, SH.focusNode))
        path = results.value(result, SH.resultPath)
        message = results.value(result, SH.resultMessage)
        label = graph.value(URIRef(node), RDFS.label)
        what = f"{local(node)}{f' ({label})' if label else ''}: {message}"
        where = f" at {local(str(path))}" if isinstance(path, URIRef) else ""
        found[node].append(Problem(_place(node, places), what + where, "mend the row that states it"))
    yield from found.items()


def _place(node: str, places: dict[str, Place]) -> Place:
    """Return the place of a node, or of the longest node whose name its name begins with."""
    while node not in places and "-" in node:
        node = node.rpartition("-")[0]
    return places.get(node, Place(local(node)))


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
        try:
            texts[file.stem] = folded(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise Problems([Problem(Place(file), f"cannot be read ({error})", "save the text as UTF-8")]) from None
    if not texts:
        raise Problems([Problem(Place(sources), "there is no text of a source", "give a folder with REFERENCE.txt")])
    quoted: list[tuple[r.Record, str | None, str]] = [(row, row.quote, row.obtained_from) for row in facts.claims]
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
