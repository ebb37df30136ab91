"""The library as data: as RDF by the shape of SPARQL examples, for grlc, as a page, and written by ``kg query``."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pyoxigraph import Store
from pyshacl import validate
from rdflib import BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, RDF, SDO, SH, SKOS
from rdflib.plugins.sparql import prepareQuery

from kg.cli import main
from kg.model.vocabulary import PREFIXES, THING
from kg.sparql import catalogue, library
from kg.sparql.library import Query

SHAPE = Path(__file__).parent.parent / "shapes" / "sparql-examples.ttl"
EVERY_TYPE = """\
#+ summary: Which potencies are below: a threshold?
#+ description: It is "quoted", has a colon: and a # sign.
#+ theme: potency
#+ param: drug | jak:Inhibitor | kg:tofacitinib
#+ param: threshold | number nM | 100 | optional
#+ param: fold | number fold | 1.5
#+ param: require | one of share, any, all | share | optional
PREFIX jak: <https://w3id.org/jak-kg/vocab#>
PREFIX kg: <https://w3id.org/jak-kg/>
SELECT ?potency ?note ?require ?n WHERE {
  ?potency jak:ofInhibitor ?drug ; jak:low ?low .
  OPTIONAL { VALUES ?threshold { 100 } ?potency jak:note ?note . FILTER ( ?low <= ?threshold ) }
  VALUES ?drug { kg:tofacitinib }
  VALUES ?require { "share" }
  VALUES ?fold { 1.5 }
  VALUES ?threshold { 100 }
  { SELECT (COUNT(?other) AS ?n) WHERE { ?other jak:ofInhibitor ?drug . VALUES ?drug { kg:tofacitinib } } }
  FILTER ( ?low <= ?threshold * ?fold )
}
ORDER BY ?potency
"""
TYPED = library.parse("every_type", EVERY_TYPE)
ASK = library.parse("is_it", "#+ summary: Is it?\n#+ theme: mechanism\nASK { ?s ?p ?o }")
CONSTRUCT = library.parse("all", "#+ summary: What?\n#+ theme: mechanism\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def question(name: str) -> URIRef:
    return URIRef(f"{THING}question-{name}")


@pytest.fixture(scope="module")
def rdf() -> Graph:
    return Graph().parse(data=catalogue.as_rdf([*catalogue.questions(), TYPED, ASK, CONSTRUCT]), format="turtle")


# --- RDF --------------------------------------------------------------------------------------------------------------


def faults(data: Graph) -> str:
    conforms, _, text = validate(data, shacl_graph=Graph().parse(SHAPE))
    assert conforms == ("Results (" not in text)
    return "" if conforms else str(text)


def test_the_library_fits_the_shape_of_sparql_examples(rdf: Graph) -> None:
    assert set(rdf.subjects(RDF.type, SH.SPARQLExecutable)) == {
        question(name) for name in (*library.names(), "every_type", "is_it", "all")
    } | {question(name.replace("/", "-")) for name in library.names(checks=True)}
    assert faults(rdf) == ""


EXAMPLE = """\
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix : <https://example.org/> .
:a a sh:SPARQLExecutable ; rdfs:comment "Which?"@en ; sh:select "SELECT * {}" ;
  schema:target :t ; schema:keywords "ab" .
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('sh:select "SELECT * {}" ;', "", "one text"),
        ('sh:select "SELECT * {}" ;', 'sh:select "SELECT * {}" ; sh:ask "ASK {}" ;', "one text"),
        ('rdfs:comment "Which?"@en ;', "", "says what it asks"),
        ('"Which?"@en', '"Which?"', "text in a language"),
        ("schema:target :t ;", "", "names what answers it"),
        ('"ab"', '"ab "', "white space"),
        ('"ab"', '" ab"', "white space"),
        ("schema:keywords", "schema:keyword", "schema:keywords"),
        ("schema:keywords", "schema:keyowrds", "schema:keywords"),
    ],
)
def test_the_shape_refuses_what_is_none(old: str, new: str, message: str) -> None:
    assert faults(Graph().parse(data=EXAMPLE, format="turtle")) == ""
    assert old in EXAMPLE
    assert message in faults(Graph().parse(data=EXAMPLE.replace(old, new), format="turtle"))


def test_each_question_is_in_the_rdf_as_it_stands_in_its_file(rdf: Graph) -> None:
    for found in catalogue.questions():
        node = question(found.name.replace("/", "-"))
        rdf_out = found.name.endswith("_as_rdf")
        assert (node, RDF.type, SH.SPARQLConstructExecutable if rdf_out else SH.SPARQLSelectExecutable) in rdf
        assert (
            str(rdf.value(node, SH.construct if rdf_out else SH.select))
            == re.sub(r"^#\+.*\n", "", found.text, flags=re.MULTILINE).strip()
        )
        assert str(rdf.value(node, DCTERMS.identifier)) == found.name
        assert str(rdf.value(node, DCTERMS.description) or "") == found.description
        assert str(rdf.value(node, SDO.keywords)) == (found.theme or "checks")
        assert len(list(rdf.objects(node, SH.parameter))) == len(found.params)


def test_forms(rdf: Graph) -> None:
    for found, kind, text in (
        (ASK, SH.SPARQLAskExecutable, SH.ask),
        (CONSTRUCT, SH.SPARQLConstructExecutable, SH.construct),
    ):
        node = question(found.name)
        assert set(rdf.objects(node, RDF.type)) == {SH.SPARQLExecutable, kind}
        assert str(rdf.value(node, text)) == found.text.splitlines()[-1]


def test_a_parameter_of_each_type(rdf: Graph) -> None:
    params = {}
    for node in rdf.objects(question("every_type"), SH.parameter):
        assert str(node).startswith(f"{question('every_type')}-")
        assert (node, RDF.type, SH.Parameter) in rdf
        params[str(rdf.value(node, SH.path)).rpartition("#")[2]] = {
            str(predicate).rpartition("#")[2].rpartition("/")[2]: value.toPython()  # type: ignore[attr-defined]
            for predicate, value in rdf.predicate_objects(node)
            if predicate not in (RDF.type, SH.path, SH["in"], SH.datatype)
        }
    assert params == {
        "drug": {
            "class": PREFIXES["jak"] + "Inhibitor", "example": THING + "tofacitinib", "optional": False, "order": 1,
        },
        "threshold": {"defaultValue": 100, "unitText": "nM", "optional": True, "order": 2},
        "fold": {"example": 1.5, "unitText": "fold", "optional": False, "order": 3},
        "require": {"defaultValue": "share", "optional": True, "order": 4},
    }  # fmt: skip
    words = rdf.value(question("every_type-require"), SH["in"])
    assert words is not None
    assert [str(word) for word in Collection(rdf, words)] == ["share", "any", "all"]


def test_the_parameters_are_those_of_the_files(rdf: Graph, store: Store) -> None:
    for found in catalogue.questions():
        for param in found.params:
            node = question(f"{found.name.replace('/', '-')}-{param.name}")
            assert (question(found.name.replace("/", "-")), SH.parameter, node) in rdf
            kind = rdf.value(node, SH["class"])
            if kind is not None and not param.free:
                example = rdf.value(node, SH.defaultValue if param.optional else SKOS.example)
                assert store.query(f"ASK {{ <{example}> a <{kind}> }}")


def test_prefixes(rdf: Graph) -> None:
    assert set(rdf.objects(None, SH.prefixes)) == {URIRef(THING + "prefixes")}
    declared = rdf.objects(URIRef(THING + "prefixes"), SH.declare)
    assert {str(rdf.value(node, SH.prefix)): str(rdf.value(node, SH.namespace)) for node in declared} == PREFIXES


def test_every_node_has_an_iri_and_every_run_gives_the_same_bytes(rdf: Graph) -> None:
    assert not [term for triple in rdf for term in triple if isinstance(term, BNode)]
    assert catalogue.as_rdf(reversed(catalogue.questions())) == catalogue.as_rdf(catalogue.questions())
    code = "import sys; from kg.sparql import catalogue; sys.stdout.buffer.write(repr(catalogue.files()).encode())"
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
    assert again.stdout.decode() == repr(catalogue.files())


# --- grlc -------------------------------------------------------------------------------------------------------------


def decorators(text: str) -> dict[str, object]:
    """The decorators as grlc reads them: the lines that begin with ``#+``, as YAML."""
    found = yaml.safe_load("\n".join(line.lstrip("#+") for line in text.splitlines() if line.startswith("#+")))
    assert isinstance(found, dict)
    return found


VARIABLE = re.compile(r"\?(?P<mark>__?)(?P<name>[A-Za-z0-9]+)_(?P<type>iri|number|literal)")
WRITTEN = {"iri": "<{}>", "number": "{}", "literal": '"{}"'}


def rewritten(text: str, values: dict[str, str]) -> str:
    """The query that grlc sends: each variable ``?_name_type`` replaced by the value, where one is given.

    grlc itself is no dependency: it pins rdflib and nine other packages to one version each. This is what its README
    and ``rewrite_query`` of grlc 1.3.11 say of these three types; it was held against that release once.
    """
    needed = {match["name"] for match in VARIABLE.finditer(text) if match["mark"] == "_"}
    assert needed <= values.keys()
    return VARIABLE.sub(
        lambda match: WRITTEN[match["type"]].format(values[match["name"]]) if match["name"] in values else match[0],
        text,
    )


def rows(store: Store, text: str) -> list[tuple[str, ...]]:
    return [tuple(map(str, row)) for row in store.query(text)]  # type: ignore[union-attr]


def valued(found: Query, store: Store) -> list[dict[str, str]]:
    """Values for a question: its examples, and for each class four of its things, for numbers and words two."""
    sets = [{param.name: param.example.removeprefix("kg:") for param in found.params if not param.free}]
    for number in range(4):
        values = {}
        for param in found.params:
            other = param.words or (["55", "0.5"] if param.unit else library.instances(store, param.kind)[::7])
            values[param.name] = other[number % len(other)]
        sets.append(values)
    return sets


@pytest.mark.conformance
@pytest.mark.parametrize(
    "found", [*(q for q in catalogue.questions() if q.params), TYPED], ids=lambda found: str(found.name)
)
def test_grlc_asks_what_kg_asks(store: Store, found: Query) -> None:
    text = catalogue.as_grlc(found)
    assert {match["name"] for match in VARIABLE.finditer(text)} == {param.name for param in found.params}
    for values in valued(found, store):
        given = {
            param.name: values[param.name] if param.words or param.unit else THING + values[param.name]
            for param in found.params
            if param.name in values
        }
        assert rows(store, rewritten(text, given)) == rows(store, found.bound(store, **values))
    needed = {param.name: given[param.name] for param in found.params if not param.optional}
    left_out = {name: value for name, value in values.items() if name in needed}
    assert rows(store, rewritten(text, needed)) == rows(store, found.bound(store, **left_out))


def test_grlc_without_an_optional_value_takes_its_default(store: Store) -> None:
    text = catalogue.as_grlc(TYPED)
    needed = {"drug": THING + "tofacitinib", "fold": "1.5"}
    assert rows(store, rewritten(text, needed)) == rows(store, TYPED.text)
    assert rows(store, rewritten(text, {**needed, "threshold": "2"})) != rows(store, TYPED.text)


@pytest.mark.conformance
@pytest.mark.parametrize("found", [*catalogue.questions(), TYPED], ids=lambda found: str(found.name))
def test_a_text_for_grlc_is_sparql_as_it_stands(found: Query) -> None:
    text = catalogue.as_grlc(found)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(3 * before)  # rdflib's parser is deep in a worker of xdist, which is deep in its own calls
    try:
        prepareQuery(text)  # grlc reads it by rdflib
    finally:
        sys.setrecursionlimit(before)
    Store().query(text)
    said = decorators(text)
    assert (said["summary"], said["tags"], said["method"]) == (found.summary, [found.theme or "checks"], "GET")
    assert str(said.get("description", "")).startswith(found.description)
    assert "endpoint" not in said


def test_decorators_of_parameters() -> None:
    said = decorators(catalogue.as_grlc(TYPED, endpoint="http://localhost:7878/query"))
    assert said["endpoint"] == "http://localhost:7878/query"
    assert said["defaults"] == [
        {"drug": THING + "tofacitinib"}, {"threshold": 100}, {"fold": 1.5}, {"require": "share"},
    ]  # fmt: skip
    assert said["enumerate"] == [{"require": ["share", "any", "all"]}]
    assert "threshold: number nM." in str(said["description"])


# --- page -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of two questions and a rule."""
    folder = tmp_path / "queries"
    (folder / "checks").mkdir(parents=True)
    (folder / "every_type.rq").write_text(EVERY_TYPE, encoding="utf-8")
    values = " ".join([*(f'"{letter}"' for letter in "abcdef"), '"b|c<d"', f'"{"long " * 30}"'])
    text = f"SELECT ?x ?y WHERE {{ VALUES ?x {{ {values} }} }} ORDER BY DESC(STRLEN(?x)) ?x"
    (folder / "words.rq").write_text(f"#+ summary: Which words?\n#+ theme: mechanism\n{text}", encoding="utf-8")
    (folder / "checks" / "rule.rq").write_text("#+ summary: Is it broken?\nSELECT ?z { ?z <a:b> <a:c> } ORDER BY ?z")
    (folder / "report").mkdir()
    (folder / "report" / "fault.rq").write_text("#+ summary: a fault\n#+ level: WARN\nSELECT ?thing {} ORDER BY ?thing")
    monkeypatch.setattr(library, "folder", lambda _: folder)
    return folder


@pytest.mark.usefixtures("small")
def test_page(store: Store) -> None:
    text = catalogue.page(store)
    assert re.findall("^## .*|^### .*", text, re.MULTILINE) == [
        "## Mechanism", "### Which words?",
        "## Potency", "### Which potencies are below: a threshold?",
        "## Patients", "## Evidence", "## Coverage", "## Checks", "## Quality report",
    ]  # fmt: skip
    assert "\n8 rows, the first 5:\n\n| x | y |\n|---|---|\n" in text
    cell = ("long " * 30)[:79]
    assert f"\n| {cell}… |  |\n| b\\|c&lt;d |  |\n| a |  |\n| b |  |\n| c |  |\n\n" in text
    assert "\n`kg query every_type --drug kg:tofacitinib --fold 1.5` (its [text](every_type.rq))\n" in text
    assert "\n- `--threshold`: `number nM`, else `100`\n" in text
    assert "\n- `--drug`: `jak:Inhibitor`, as in `kg:tofacitinib`\n" in text
    assert "\n- [rule](checks/rule.rq): Is it broken?\n\n## " in text
    assert text.endswith("\n- [fault](report/fault.rq): WARN: a fault\n")


# --- kg query --export ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small")
def test_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "data"
    for arguments, endpoint in (([], None), (["--endpoint", "http://localhost:7878/q"], "http://localhost:7878/q")):
        assert main.main(["query", "--export", str(folder), *arguments]) == 0
        assert "4 files" in capsys.readouterr().out
        written = {
            file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in folder.rglob("*") if file.is_file()
        }
        assert written == catalogue.files(endpoint)
        assert written.keys() == {
            "queries.ttl", "grlc/every_type.rq", "grlc/words.rq", "grlc/checks/rule.rq",
        }  # fmt: skip
        target = URIRef(endpoint or THING + "jak-kg")
        assert set(Graph().parse(folder / "queries.ttl").objects(None, SDO.target)) == {target}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--export: it takes a folder"),
        ([""], "--export: it takes a folder"),
        (["--endpoint", "http://a.org"], "http://a.org: this is not an option"),
        (["new", "--format", "csv"], "--export: it takes a folder, and no more than a server"),
        (["new", "--endpoint", "a.org"], "a.org: this is not an address of a SPARQL server"),
        (["file"], "file: a file stands where a folder should"),
        (["file/inner"], "file/inner: a file stands where a folder should"),
        (["half"], "half/grlc: a file stands where a folder should"),
        (["taken"], "taken/queries.ttl: cannot be written (Is a directory): name a folder of yours"),
        (["x" * 300], "cannot be written (File name too long)"),
    ],
)
@pytest.mark.usefixtures("small")
def test_export_that_cannot_be(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("mine")
    Path("half").mkdir()
    Path("half/grlc").write_text("mine")
    Path("taken/queries.ttl").mkdir(parents=True)
    assert main.main(["query", "--export", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert Path("file").read_text() == Path("half/grlc").read_text() == "mine"
    assert not [file for file in tmp_path.rglob("*") if file.name.startswith(".")]
