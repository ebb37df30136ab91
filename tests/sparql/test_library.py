"""``kg query``: the library of questions from the command line, and what it says of mistakes."""

import csv
import io
import json
import re
from contextlib import suppress
from decimal import Decimal
from hashlib import sha256

import hypothesis
import pytest
from conftest import SETTLED
from hypothesis import strategies as st
from pyoxigraph import Store
from rdflib import Graph

from kg.cli import main
from kg.model.errors import Problems
from kg.sparql import formats, library

pytestmark = pytest.mark.usefixtures("loaded_once")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main.main(["query", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    _, everything, _ = run(capsys)
    for name in library.names():
        assert f"\n{name}" in f"\n{everything}"
        assert library.load(name).summary[:40] in everything
    _, some, _ = run(capsys, "--list", "relapse")
    assert "relapses_of_case --case kg:khurana-2025-1" in some
    assert "routes_of_cytokines" not in some


def given(name: str) -> list[str]:
    return [word for param in library.load(name).params for word in (f"--{param.name}", param.example)]


RDF = [name for name in library.names() if name.endswith("_as_rdf")]


@pytest.mark.parametrize("name", sorted({*library.names()} - {*RDF}))
def test_every_question_in_every_format(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out, err = run(capsys, name, *given(name), "--format", "json")
    rows = json.loads(out)
    assert rows or name in SETTLED
    assert (code, err) == (0, "" if rows else f"{name}: nothing answers this in the graph\n")
    _, out, _ = run(capsys, name, *given(name), "--format=csv")
    table = list(csv.DictReader(io.StringIO(out)))
    assert [list(row) for row in table] == [list(row) for row in rows]
    for form in ("table", "tsv", "markdown", "sparql-json", "sparql-xml"):
        code, out, _ = run(capsys, name, *given(name), "--format", form)
        assert code == 0
        assert out


@pytest.mark.parametrize("name", RDF)
def test_questions_that_give_rdf(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out, err = run(capsys, name, *given(name), "--format", "ntriples")
    assert (code, err) == (0, "")
    assert len(Graph().parse(data=run(capsys, name, *given(name))[1])) == len(out.splitlines()) > 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["outcomes_of_cases"], "outcomes_of_cases: there is no question of this name: did you mean outcomes_of_case"),
        (["outcomes_of_case"], "parameter 'case' is missing: as in --case kg:khurana-2025-1"),
        (["outcomes_of_case", "--case", "khurana-2025-33"], "is not a known Case (did you mean khurana-2025-3"),
        (["outcomes_of_case", "--case", "baricitinib"], "'baricitinib' is not a known Case"),
        (["outcomes_of_case", "--drug", "x", "--case", "khurana-2025-1"], "there is no parameter 'drug'"),
        (["outcomes_of_case", "khurana-2025-1"], "khurana-2025-1: this is not an option of a question"),
        (["outcomes_of_case", "--case"], "--case: it has no value"),
        (["cases", "--format", "xml"], "'xml' is not a format: write one of table"),
    ],
)
def test_mistakes(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err


HEAD = "#+ summary: x\n#+ param: case | jak:Case | kg:a-1\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT * WHERE {}", "the header has no summary"),
        ("#+ summary: x\n#+ sumary: y\nASK {}", "x.rq:2: the header line '#+ sumary: y' is not understood"),
        ("#+ summary: x\n#+ param: case | jak:Case\nSELECT * WHERE {}", "is not understood"),
        ("#+ summary: x\n#+ summary: y\nSELECT * WHERE {}", "is not understood"),
        (
            HEAD + "SELECT ?case { ?case a ?x }",
            "x.rq:2: parameter 'case' is not bound: the query needs VALUES ?case {",
        ),
        (HEAD + "SELECT ?case { VALUES ?case { kg:b-1 } ?case a ?x }", "the query needs VALUES ?case { kg:a-1 }"),
        (HEAD + "SELECT ?x { VALUES ?case { kg:a-1 } ?x a ?y }", "parameter 'case' is bound and never used"),
        (HEAD + "# VALUES ?case { kg:a-1 }\nSELECT ?case { ?case a ?x }", "is not bound"),
        (HEAD.replace("kg:a-1", "a-1") + "ASK {}", "'jak:Case' with the example 'a-1' is not a type"),
        (HEAD.replace("jak:Case", "text") + "ASK {}", "'text' with the example 'kg:a-1' is not a type of a parameter"),
        (HEAD.replace("jak:Case", "number nM") + "ASK {}", "'kg:a-1' is not a number"),
        (HEAD.replace("jak:Case", "one of x, y") + "ASK {}", "'kg:a-1' is none of x, y"),
        (HEAD.replace("case |", "format |") + "ASK {}", "'format' cannot be the name of a parameter here"),
        (
            HEAD + HEAD.partition("\n")[2] + "SELECT * { VALUES ?case { kg:a-1 } ?case a ?x }",
            "'case' cannot be the name",
        ),
        ("#+ summary: x\n#+ theme: evidence\n#+ theme: potency\nSELECT * WHERE {}", "is not understood"),
        (
            "#+ summary: x\n#+ class: jak:PanJakInhibitorr\nSELECT * WHERE {}",
            "x.rq:2: the header line '#+ class: jak:Pan",
        ),
        ("#+ summary: x\n#+ class: jak:PanJakInhibitor | a\nSELECT * WHERE {}", "x.rq:2: the header line '#+ class"),
        ("#+ summary: x\nSELECT * WHERE {}", "x.rq:1: the header has no theme: write '#+ theme:' and one of mechanism"),
        (
            "#+ summary: x\n#+ theme: fun\nSELECT * WHERE {}",
            "x.rq:2: 'fun' is not a theme: write '#+ theme:' and one of",
        ),
    ],
)
def test_a_header_that_is_wrong(text: str, words: str) -> None:
    with pytest.raises(Problems) as caught:
        library.parse("x.rq", text)
    assert words in str(caught.value)


NUMBERS = """\
#+ param: threshold | number nM | 100 | optional
#+ param: require | one of share, any, all | share
PREFIX jak: <https://w3id.org/jak-kg/vocab#>
SELECT ?threshold ?require ?low {
  VALUES ?threshold { 100 } VALUES ?require { "share" }
  { SELECT ?threshold ?low { VALUES ?threshold { 100 } ?x jak:low ?low FILTER ( ?low = ?threshold ) } LIMIT 1 }
}
"""


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"require": "any"}, (100, "any")),
        ({"require": "all", "threshold": "10"}, (10, "all")),
        ({"require": "all", "threshold": "10 nM"}, (10, "all")),
        ({"require": "all", "threshold": "2.8nM"}, (Decimal("2.8"), "all")),
    ],
)
def test_numbers_and_words_are_bound_everywhere(
    store: Store, values: dict[str, str], found: tuple[object, str]
) -> None:
    (row,) = library.parse("x", NUMBERS, own=True).rows(store, **values)
    assert (row["threshold"], row["require"], row["low"]) == (*found, found[0])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "parameter 'require' is missing: as in --require share"),
        ({"require": "some"}, "require: 'some' is none of share, any, all: as in --require share"),
        ({"require": "any", "threshold": "ten"}, "threshold: 'ten' is not a number: as in --threshold 100"),
        ({"require": "any", "threshold": "-5"}, "'-5' is not a number"),
        ({"require": "any", "threshold": "1e3"}, "'1e3' is not in nM"),
        ({"require": "any", "threshold": "5 uM"}, "'5 uM' is not in nM"),
        ({"require": "any", "threshold": "nan"}, "'nan' is not a number"),
        ({"require": "any", "threshold": "１０"}, "is not a number"),
        ({"require": "any", "threshold": "1 } ?a ?b ?c . {"}, "'1 } ?a ?b ?c . {' is no"),
    ],
)
def test_numbers_and_words_that_do_not_fit(store: Store, values: dict[str, str], words: str) -> None:
    with pytest.raises(Problems) as caught:
        library.parse("x", NUMBERS, own=True).rows(store, **values)
    assert words in str(caught.value)


def test_all_mistakes_at_once(store: Store) -> None:
    with pytest.raises(Problems) as caught:
        library.parse("x", NUMBERS, own=True).rows(store, threshold="ten", drug="x")
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("name", ["jak1", "kg:jak1", "https://w3id.org/jak-kg/jak1", "JAK1", "Janus kinase 1"])
def test_a_thing_by_any_of_its_names(store: Store, name: str) -> None:
    assert library.thing_of(store, "jak:Kinase", name) == "https://w3id.org/jak-kg/jak1"


@pytest.mark.parametrize("name", ["jak12", "", "kg:", "il21", "jak1> . ?a ?b ?c"])
def test_a_name_that_is_no_thing_of_the_class(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="is not a known Kinase"):
        library.thing_of(store, "jak:Kinase", name)


@hypothesis.given(text=st.text())
def test_no_text_of_a_user_gets_into_a_query(store: Store, text: str) -> None:
    found = library.load("measurements_of_case")
    with suppress(Problems):
        bound = found.bound(store, case=text)
        assert re.sub(r"<https://w3id.org/jak-kg/[\w-]+>", "kg:khurana-2025-1", bound) == found.text


def test_help_of_a_question(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "outcomes_of_case", "--help")
    assert "What happened to the case" in out
    assert "--case  a Case, as in kg:khurana-2025-1" in out
    _, out, _ = run(capsys, "--help")
    assert "--endpoint URL" in out


def test_a_rule_and_a_query_of_ones_own_need_no_theme() -> None:
    assert library.parse("checks/x", "#+ summary: x\nSELECT * WHERE {}").theme == ""
    assert library.parse("x.rq", "SELECT * WHERE {}", own=True).theme == ""
    assert library.parse("x", "#+ summary: x\n#+ theme: potency\nSELECT * WHERE {}").theme == "potency"


@pytest.fixture(scope="module")
def shuffled(store: Store) -> Store:
    """The shipped graph with its triples put in in another order."""
    other = Store()
    other.bulk_extend(sorted(store, key=lambda quad: hash_of(str(quad))))
    return other


def hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("name", [*library.names(), *library.names(checks=True)])
def test_the_order_of_rows_does_not_hang_on_the_order_of_triples(store: Store, shuffled: Store, name: str) -> None:
    text = library.load(name).text
    assert formats.written(shuffled.query(text)) == formats.written(store.query(text))
