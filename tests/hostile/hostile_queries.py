"""Queries that are hostile, made by code, and what became of each: a table that a page of figures can print."""

import time
from collections.abc import Iterator

from pyoxigraph import Store

from kg.model.errors import Problems
from kg.sparql.own_query import OwnQueries

DEEP = 20_000
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
DOUBLED = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
QUERIES: dict[str, str] = {
    "three triples that have nothing in common, counted": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "... listed": f"SELECT * {{ {CROSS} }}",
    "... sorted": f"SELECT * {{ {CROSS} }} ORDER BY DESC(CONCAT(STR(?a), STR(?d)))",
    "... each once": f"SELECT DISTINCT * {{ {CROSS} }}",
    "... grouped": f"SELECT ?a ?d ?g (COUNT(*) AS ?n) {{ {CROSS} }} GROUP BY ?a ?d ?g",
    "... in one text": f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) {{ {CROSS} }}",
    "... summed": f"SELECT (SUM(STRLEN(STR(?a)) * 1.00000000001) AS ?x) {{ {CROSS} }}",
    "... looked for in vain": f"ASK {{ {CROSS} FILTER(STR(?a) = CONCAT(STR(?d), STR(?g), 'x')) }}",
    "... taken away": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} MINUS {{ ?a ?b ?c FILTER(RAND() > 2) }} }}",
    "... as triples": f"CONSTRUCT {{ ?a ?e ?i }} {{ {CROSS} }}",
    "... described": f"DESCRIBE ?a ?d ?g {{ {CROSS} }}",
    "... with new names": f"SELECT (UUID() AS ?u) (STRUUID() AS ?v) {{ {CROSS} }}",
    "... each asked whether another exists": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS { ?g ?h ?i FILTER(STR(?g) = STR(?f)) } }"
    ),
    "a path of any length between all": "SELECT (COUNT(*) AS ?n) { ?x (<x:a>|!<x:a>)* ?y . ?y (!<x:b>|^!<x:b>)* ?z }",
    "a path in itself": f"SELECT * {{ ?x {'(' * DEEP}<x:a>{')*' * DEEP} ?y }}",
    "a text doubled 40 times": f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('xxxxxxxx' AS ?x0) {DOUBLED} }}",
    "a pattern of patterns": f"SELECT (REGEX('{'a' * 9000}', '((a{{0,500}}){{0,500}}){{0,500}}b') AS ?x) {{}}",
    "every letter replaced by many": (
        f"SELECT (STRLEN(REPLACE(REPLACE(REPLACE('{'a' * 9000}', 'a', '{'a' * 900}'), 'a', '{'a' * 900}'), 'a', 'b')) "
        "AS ?x) {}"
    ),
    "braces": f"SELECT * {'{' * 60_000}{'}' * 60_000}",
    "brackets": f"SELECT ({'(' * 60_000}1{')' * 60_000} AS ?x) {{}}",
    "brackets that are open": f"SELECT * {{ FILTER({'(' * 60_000}",
    "nots": f"SELECT * {{ FILTER({'!' * 200_000}true) }}",
    "lists": f"ASK {{ {'(' * DEEP}{')' * DEEP} <x:a> 1 }}",
    "nameless nodes": f"ASK {{ {'[ <x:a> ' * DEEP}1{' ]' * DEEP} }}",
    "what does not exist in what does not": f"ASK {{ {'FILTER NOT EXISTS { ' * DEEP}{'}' * DEEP} }}",
    "queries in queries": f"SELECT * {{ {'{ SELECT * { ' * DEEP}{'} }' * DEEP} }}",
    "unions": f"SELECT * {{ {{}} {'UNION {} ' * DEEP} }}",
    "what is optional": f"SELECT * {{ {'OPTIONAL { ?a ?b ?c ' * 5_000}{'}' * 5_000} }}",
    "sums": f"SELECT ({'1 + ' * 100_000}1 AS ?x) {{}}",
    "triples in triples": f"SELECT ({'<<( <x:a> <x:b> ' * DEEP}1{' )>>' * DEEP} AS ?x) {{}}",
    "triples in triples, made": f"SELECT ({'TRIPLE(<x:a>, <x:b>, ' * 500}1{')' * 500} AS ?x) {{}}",
    "a million values": f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {'1 ' * 490_000} }} }}",
    "many columns": f"SELECT {' '.join(f'(1 AS ?x{n})' for n in range(50_000))} {{}}",
    "many bindings": f"SELECT (1 AS ?x) {{ {' '.join(f'BIND({n} AS ?x{n})' for n in range(30_000))} }}",
    "many prefixes": "".join(f"PREFIX a{n}: <x:{n}> " for n in range(30_000)) + "ASK {}",
    "a long text": f"SELECT ('{'x' * 900_000}' AS ?x) {{}}",
    "a long name": f"ASK {{ ?{'x' * 900_000} ?b ?c }}",
    "a long address": f"ASK {{ <x:{'x' * 900_000}> ?b ?c }}",
    "a long number": f"SELECT ({'9' * 900_000} AS ?x) {{}}",
    "spaces": f"ASK {{ {' ' * 900_000} }}",
    "comments": "#\n" * 400_000 + "ASK {}",
    "quotes that do not end": 'ASK { ?a ?b "' + '\\"' * 300_000,
    "long quotes that do not end": 'ASK { ?a ?b """' + '\\"""' * 200_000,
    "words that could leave": "SELECT * { " + "?from ?graph ?service . " * 10_000 + " SERVICE <x:y> {} }",
    "an open parameter": "#+ param: case | jak:Case | kg:khurana-2025-1\nSELECT * { " + "VALUES ?case {" * 50_000,
    "no text": "",
    "what is no text": "\x00\ufffe\x1b[2J\u202e",
    "half a character": "ASK { ?a ?b '\ud800' }",
}
"""What it is -> the query. Names that begin with dots go on from the first."""


def outcomes(store: Store, *, timeout: float = 2.0) -> Iterator[tuple[str, str, float]]:
    """Yield each query with what came of it, and by how many seconds it was too late (0: in time).

    What comes is an answer, a refusal in words, or the name of any other exception, which is a fault.
    """
    queries = OwnQueries(store)
    for name, text in QUERIES.items():
        start = time.monotonic()
        try:
            said = f"{queries.written(text, timeout=timeout)[1]} rows"
        except Problems as error:
            said = error.problems[0].what
        except Exception as error:
            said = f"FAULT {type(error).__name__}: {error}"
        yield name, said, max(0.0, time.monotonic() - start - timeout)
