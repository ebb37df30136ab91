"""Questions depend on the triples that their answers stand on: without one of them, the answer is another.

The witnesses of an answer are the triples that the patterns of each SELECT match in its solutions, with those along
property paths, without those in FILTER EXISTS and MINUS. A mutant is the graph without one witness; it is killed where
the answer differs, row for row in their order.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from examples import bound, ntriples, rdflib, written
from pyoxigraph import RdfFormat
from pyoxigraph import parse as read
from rdflib import Graph
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.evaluate import evalPart
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import QueryContext

from kg.rdf.store import parse
from kg.sparql import library

pytestmark = pytest.mark.conformance
MUTANTS: Final = 40
"""Witnesses dropped for a question, at most."""
SCORE: Final = 0.90
"""Share of the mutants that must be killed."""
MODIFIERS: Final = frozenset({"Project", "Distinct", "Reduced", "Slice", "OrderBy"})
"""Nodes of the algebra above the pattern of a SELECT."""

Triple = tuple[Any, Any, Any]
"""Of a graph, or a pattern with variables and property paths."""
Solution = dict[Any, Any]
"""Variable -> term."""


# --- witnesses --------------------------------------------------------------------------------------------------------


def witnesses(graph: Graph, text: str) -> dict[str, str]:
    """Return the triples that the answer to a query stands on, as N-Triples, each with a pattern that matches it."""
    query = prepareQuery(text)
    context = QueryContext(graph, initBindings={})
    context.prologue = query.prologue
    found: dict[Triple, str] = {}
    select = query.algebra["p"]
    for pattern, solutions in selects(context, select, solved(context, select)):
        words = " ".join(term.n3(graph.namespace_manager) for term in pattern)
        for subject, predicate, value in {tuple(row.get(term, term) for term in pattern) for row in solutions}:
            found.update(dict.fromkeys(along(graph, subject, predicate, value), words))
    return {Graph().add(triple).serialize(format="nt"): words for triple, words in found.items()}


def solved(context: QueryContext, part: CompValue) -> list[Solution]:
    """Return the solutions of a part of the algebra."""
    return [dict(solution) for solution in evalPart(context, part)]


def selects(context: QueryContext, select: CompValue, rows: list[Solution]) -> Iterator[tuple[Triple, list[Solution]]]:
    """Yield each triple pattern of a SELECT and of those in it, with the solutions that stand behind some of the rows.

    A group that HAVING drops and a row that joins nothing outside stand behind no row.
    """
    part, names = select, set()
    while part.name in MODIFIERS:
        names |= set(part.get("PV") or ())
        part = part["p"]
    above = part
    while above.name in ("Extend", "Filter", "AggregateJoin"):
        above = above["p"]
        if above.name == "Group":
            part = above["p"]
            break
    solutions = solved(context, part)
    names &= {name for solution in solutions for name in solution}
    seen = {tuple(row.get(name) for name in names) for row in rows}
    solutions = [solution for solution in solutions if tuple(solution.get(name) for name in names) in seen]
    for below in parts(part):
        if below.name in MODIFIERS:
            yield from selects(context, below, solutions)
        elif below.name == "BGP":
            yield from ((pattern, solutions) for pattern in below["triples"])


def parts(part: CompValue) -> Iterator[CompValue]:
    """Yield the parts of a pattern that match: not what MINUS takes away, nor what is inside a FILTER or a SELECT."""
    yield part
    for key in ("p", "p1", "p2"):
        if key in part and part.name not in MODIFIERS and (part.name, key) != ("Minus", "p2"):
            yield from parts(part[key])


def along(graph: Graph, subject: Any, predicate: Any, value: Any) -> set[Triple]:
    """Return the triples of a graph that lead from a subject to a value by a predicate or a property path."""
    found: set[Triple] = set()
    match predicate:
        case InvPath():
            found = along(graph, value, predicate.arg, subject)
        case AlternativePath():
            found = {triple for path in predicate.args for triple in along(graph, subject, path, value)}
        case SequencePath():
            first, *rest = predicate.args
            then = SequencePath(*rest) if rest[1:] else rest[0]
            for middle in graph.objects(subject, first):
                if (middle, then, value) in graph:
                    found |= along(graph, subject, first, middle) | along(graph, middle, then, value)
        case MulPath(more=False):
            found = along(graph, subject, predicate.path, value)
        case MulPath():
            found = repeated(graph, subject, predicate.path, value)
        case Path():
            raise NotImplementedError(f"the triples along {predicate!r}")
        case _ if (subject, predicate, value) in graph:  # never where an OPTIONAL left a variable unbound
            found = {(subject, predicate, value)}
    return found


def repeated(graph: Graph, subject: Any, path: Any, value: Any) -> set[Triple]:
    """Return the triples that lead from a subject to a value by a path taken once or several times."""
    found: set[Triple] = set()
    any_times = MulPath(path, "*")
    for start in set(graph.objects(subject, any_times)):
        for end in graph.objects(start, path):
            if (end, any_times, value) in graph:
                found |= along(graph, start, path, end)
    return found


def test_witnesses_of_a_query() -> None:
    prefixes = "PREFIX : <http://a.org/>"
    graph = Graph().parse(
        data=f"{prefixes} :x :p :a . :a :p :b . :b :p :c ; :q 1 . :c :p :d ; :q 2 ; :r 3 . :d :q 4 ; :r 4 ; :s :a .",
        format="turtle",
    )

    def found(where: str) -> set[str]:
        lines = witnesses(graph, f"{prefixes} {where}")
        return {line.replace("<http://a.org/", "").replace(">", "").partition("^^")[0].strip(" .\n") for line in lines}

    assert found("SELECT ?v { :a :p/:q ?v }") == {"a p b", 'b q "1"'}
    assert found("SELECT ?v { :a :p+ ?v FILTER ( ?v = :c ) }") == {"a p b", "b p c"}
    assert found("SELECT ?v { :a :p*/:r ?v FILTER ( ?v < 4 ) }") == {"a p b", "b p c", 'c r "3"'}
    assert found("SELECT ?v { :b (^:p|:q)? ?v }") == {"a p b", 'b q "1"'}
    assert found("SELECT ?x { ?x :q ?v FILTER NOT EXISTS { ?x :r ?v } MINUS { ?x :q 2 } }") == {'b q "1"'}
    assert found("SELECT ?x ?r { ?x :q ?v OPTIONAL { ?x :r ?r FILTER ( ?r > ?v ) } FILTER ( ?v < 4 ) }") == {
        'b q "1"', 'c q "2"', 'c r "3"',
    }  # fmt: skip
    assert found("SELECT ?x ?n { :a :p ?x { SELECT ?x (SUM(?v) AS ?n) { ?x :q ?v } GROUP BY ?x } }") == {
        "a p b", 'b q "1"',
    }  # fmt: skip
    assert found("SELECT ?x { ?x :p|:q ?v } GROUP BY ?x HAVING ( COUNT(?v) = 1 )") == {'d q "4"', "x p a", "a p b"}
    assert found("CONSTRUCT { ?x :p ?y } WHERE { ?x :s ?y }") == {"d s a"}


# --- mutants ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mutants:
    """The mutants of one question, and how many survive by the pattern that the dropped witness matches."""

    count: int
    survivors: Counter[str]


def mutants(name: str) -> Mutants:
    """Return what becomes of the mutants of a question, with its examples, on the small graph."""
    store = parse(ntriples("mini"))
    text = bound(store, name)
    answer = written(store, text)
    found = witnesses(rdflib("mini"), text)
    drawn = random.Random(name).sample(sorted(found), min(MUTANTS, len(found)))  # the same at each run
    survivors: Counter[str] = Counter()
    for line in drawn:
        (witness,) = read(line, format=RdfFormat.N_TRIPLES)
        assert witness in store
        store.remove(witness)
        if written(store, text) == answer:
            survivors[found[line]] += 1
        store.add(witness)
    assert written(store, text) == answer
    return Mutants(len(drawn), survivors)


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Mutants]:
    """Question -> its mutants."""
    return {name: mutants(name) for name in library.names()}


def test_every_question_has_a_witness(outcomes: dict[str, Mutants]) -> None:
    assert [name for name, found in outcomes.items() if not found.count] == []


def test_mutants_are_killed(outcomes: dict[str, Mutants]) -> None:
    count = sum(found.count for found in outcomes.values())
    survivors = sum(found.survivors.total() for found in outcomes.values())
    lines = [
        f"{name}: {survived} of {found.count} survive: {pattern}"
        for name, found in outcomes.items()
        for pattern, survived in found.survivors.items()
    ]
    score = 1 - survivors / count
    print(f"mutation score {score:.3f}: {count - survivors} of {count} killed", *lines, sep="\n")
    assert score >= SCORE, "\n".join(lines)
