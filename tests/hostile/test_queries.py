"""Queries that would run for ever, fill the memory or end the process: each is answered or refused, in its time."""

import hostile_queries as queries
import pytest
from pyoxigraph import Store

QUICK = ("braces", "triples in triples, made", "... as triples", "many prefixes", "quotes that do not end", "no text")


@pytest.mark.conformance
def test_every_hostile_query_is_survived_in_its_time(store: Store) -> None:
    found = list(queries.outcomes(store))
    assert len(found) >= 30
    assert [name for name, said, _ in found if said.startswith("FAULT")] == []
    assert [name for name, _, late in found if late > 10] == []  # 0.3 s alone on a machine


def test_some_hostile_queries(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "QUERIES", {name: queries.QUERIES[name] for name in QUICK})
    said = {name: said for name, said, _ in queries.outcomes(store, timeout=0.5)}
    assert said == {
        "braces": "the query is nested too deeply",
        "triples in triples, made": "the query is nested too deeply",
        "... as triples": "the query did not end within 0.5 seconds",
        "many prefixes": "1 rows",
        "quotes that do not end": "this is not valid SPARQL at its end",
        "no text": "this is not valid SPARQL at its end",
    }
