"""Queries that would run for ever, fill the memory or end the process: each is answered or refused, in its time."""

import os
import sys
from pathlib import Path

import hostile_queries as queries
import pytest
from pyoxigraph import Store

import kg
from kg.cli import main
from kg.model.errors import Problems

QUICK = ("braces", "triples in triples, made", "... as triples", "many prefixes", "quotes that do not end", "no text")


@pytest.mark.conformance
def test_every_hostile_query_is_survived_in_its_time(store: Store) -> None:
    found = list(queries.outcomes(store))
    assert len(found) >= 30
    assert [name for name, said, _ in found if said.startswith("FAULT")] == []
    assert [name for name, _, late in found if late > 10] == []  # 0.3 s alone on a machine


def test_some_hostile_queries(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen, said = {name: queries.QUERIES[name] for name in QUICK}, {}
    for name, text in chosen.items():
        monkeypatch.setattr(queries, "QUERIES", {name: text})
        ((_, said[name], _),) = queries.outcomes(store, timeout=0.5 if name == "... as triples" else 20)
    assert said == {
        "braces": "the query is nested too deeply",
        "triples in triples, made": "the query is nested too deeply",
        "... as triples": "the query did not end within 0.5 seconds",
        "many prefixes": "1 rows",
        "quotes that do not end": "this is not valid SPARQL at its end",
        "no text": "this is not valid SPARQL at its end",
    }


def test_the_time_of_a_query_is_that_of_its_graph_file_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, query = tmp_path / "large.nt", tmp_path / "mine.rq"
    file.write_text("".join(f"<x:{n}> <x:b> <x:c> .\n" for n in range(300_000)))
    query.write_text("ASK {}")
    assert main.main(["query", str(query), "--graph", str(file), "--timeout", "0.05"]) == 2
    what = f"{file}: reading this takes longer than 0.05 seconds: give it longer with --timeout SECONDS"
    assert what in capsys.readouterr().err
    with pytest.raises(Problems, match=r"reading this takes longer than 0.05 seconds"):
        kg.query("SELECT * {}", graph=file, timeout=0.05)
    file.write_text("<x:a> <x:b> " + "<<( <x:a> <x:b> " * 60_000 + '"1"' + " )>>" * 60_000 + " .")
    assert main.main(["query", str(query), "--graph", str(file)]) == 2
    assert f"{file}: this is nested too deeply: write it without nesting" in capsys.readouterr().err


def test_an_empty_name_is_no_graph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.rq").write_text("ASK {}")
    for words in (["query", str(tmp_path / "mine.rq")], ["query", "cases"], ["ask", "khurana-2025-1"]):
        assert main.main([*words, "--graph", ""]) == 2
        assert "the suffix is neither .ttl nor .nt" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="pipes cannot be waited for")
def test_the_time_of_a_query_is_that_of_its_text_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reader, writer = os.pipe()
    with open(reader) as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        os.write(writer, b"ASK ")
        assert main.main(["query", "-", "--timeout", "0.2"]) == 2
        assert "standard input: the query was not all there in time: give it longer" in capsys.readouterr().err
        os.write(writer, b"ASK {}")
        os.close(writer)
        assert main.main(["query", "-"]) == 0
        assert capsys.readouterr().out == "true\n"
