"""The catalogue: the questions of the library for other machines, as RDF and for grlc, and for readers, as a page.

The RDF has the form of the SPARQL examples of the Swiss Institute of Bioinformatics: a question is a
``sh:SPARQLExecutable`` with its question as ``rdfs:comment``, its text, keywords and target; every node has an IRI. A
parameter is a ``sh:Parameter``: SHACL is there already, and has a word for each part of a header line. The variable is
the local name of its ``sh:path``, the type ``sh:class``, ``sh:datatype`` or ``sh:in``, and the example
``sh:defaultValue`` where it holds unless another is given.
"""

from collections.abc import Iterable
from typing import Any, Final

import yaml
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SDO, SH, SKOS, XSD

from kg.document import markdown
from kg.document.blocks import Block, Code, Document, Link, Listing, Notes, Paragraph, Section, Table, Text, marked
from kg.model.vocabulary import PREFIXES, THING, curie, thing
from kg.sparql import library
from kg.sparql.formats import written
from kg.sparql.library import CHECKS, THEMES, Param, Query
from kg.sparql.rows import Rows, shown

DATASET: Final = THING + "jak-kg"
"""The target of a question where no server is named: the graph itself."""
PARAMETER: Final = THING + "parameter#"
"""Namespace of variables: the local name of the path of a SHACL parameter is a variable of SPARQL, so has no hyphen."""
FORMS: Final = {QuerySolutions: "select", QueryBoolean: "ask", QueryTriples: "construct"}
"""What a question gives, also on an empty graph -> its form."""
FIRST: Final = 5
"""Rows of an answer that the page shows."""
LONGEST: Final = 80
"""Characters of a cell that the page shows."""
HEAD: Final = marked(
    "Every question of the library with its answer on the shipped graph. Each "
    "file is plain SPARQL 1.1 and runs anywhere as it stands, with the examples shown here. `kg query NAME` prints all "
    "rows, and `kg query --export DIR` writes the questions as RDF and for grlc."
)
CHECKS_HELD: Final = marked("Rules that must return no row; `kg check` runs them, `kg query checks/NAME` asks one.")
REPORT_HELD: Final = (
    *marked(
        "What ROBOT, the tool of the OBO Foundry, reports on, stated anew; `kg check` runs each ERROR and WARN. An "
        "INFO that stays is explained in "
    ),
    Link("explained.tsv", "report/explained.tsv"), ".",
)  # fmt: skip


def questions() -> list[Query]:
    """Return the questions of the library, then its checks, each by name.

    >>> "routes_of_cytokines" in [question.name for question in questions()]
    True
    """
    return [library.load(name) for name in (*library.names(), *library.names(checks=True))]


def files(endpoint: str | None = None) -> dict[str, str]:
    """Return the library as files: path -> text, of ``grlc/NAME.rq`` for each question and of ``queries.ttl``.

    ``queries.ttl`` names them all and is the last: where it is new, so are the others. ``endpoint`` is the URL of the
    SPARQL server that is to answer them.

    >>> [name for name in files() if name in ("queries.ttl", "grlc/cases.rq")]
    ['grlc/cases.rq', 'queries.ttl']
    """
    found = questions()
    texts = {f"grlc/{question.name}.rq": as_grlc(question, endpoint=endpoint) for question in found}
    return {**texts, "queries.ttl": as_rdf(found, target=endpoint or DATASET)}


def as_rdf(asked: Iterable[Query], *, target: str = DATASET) -> str:
    r"""Return questions as Turtle, the same bytes at each run; ``target`` is the IRI of what answers them.

    >>> "kg:question-cases a sh:SPARQLExecutable,\n        sh:SPARQLSelectExecutable ;" in as_rdf(questions())
    True
    """
    graph = Graph()
    for prefix, namespace in {**PREFIXES, "parameter": PARAMETER}.items():
        graph.bind(prefix, namespace, replace=True)
    prefixes = URIRef(thing("prefixes"))
    for prefix, namespace in PREFIXES.items():
        node = URIRef(thing("prefix", prefix))
        graph.add((prefixes, SH.declare, node))
        _say(graph, node, (RDF.type, SH.PrefixDeclaration), (SH.prefix, Literal(prefix)))
        _say(graph, node, (SH.namespace, Literal(namespace, datatype=XSD.anyURI)))
    for question in asked:
        node = URIRef(thing("question", question.name))
        form = FORMS[type(Store().query(question.text))]
        _say(graph, node, (RDF.type, SH.SPARQLExecutable), (RDF.type, SH[f"SPARQL{form.capitalize()}Executable"]))
        _say(graph, node, (RDFS.comment, Literal(question.summary, lang="en")), (SH[form], Literal(_body(question))))
        _say(graph, node, (SH.prefixes, prefixes), (SDO.target, URIRef(target)))
        _say(graph, node, (SDO.keywords, Literal(_tag(question))), (DCTERMS.identifier, Literal(question.name)))
        if question.description:
            _say(graph, node, (DCTERMS.description, Literal(question.description, lang="en")))
        for order, param in enumerate(question.params, 1):
            graph.add((node, SH.parameter, _parameter(graph, URIRef(f"{node}-{param.name}"), order, param)))
    return graph.serialize(format="turtle")


def _parameter(graph: Graph, node: URIRef, order: int, param: Param) -> URIRef:
    example = SH.defaultValue if param.optional else SKOS.example
    _say(graph, node, (RDF.type, SH.Parameter), (SH.path, URIRef(PARAMETER + param.name)), (SH.order, Literal(order)))
    _say(graph, node, (SH.optional, Literal(param.optional)))
    if param.words:
        words = [URIRef(f"{node}-{number}") for number in range(1, len(param.words) + 1)]
        for word, text, rest in zip(words, param.words, [*words[1:], RDF.nil], strict=True):
            _say(graph, word, (RDF.first, Literal(text)), (RDF.rest, rest))
        _say(graph, node, (SH.datatype, XSD.string), (SH["in"], words[0]), (example, Literal(param.example)))
    elif param.unit:
        _say(graph, node, (SH.datatype, XSD.decimal), (SDO.unitText, Literal(param.unit)))
        _say(graph, node, (example, Literal(param.example, datatype=XSD.decimal)))
    else:
        prefix, _, name = param.kind.partition(":")
        _say(graph, node, (SH["class"], URIRef(PREFIXES[prefix] + name)))
        _say(graph, node, *([] if param.free else [(example, URIRef(str(_value(param))))]))
    return node


def _say(graph: Graph, node: URIRef, *said: tuple[URIRef, URIRef | Literal]) -> None:
    for predicate, value in said:
        graph.add((node, predicate, value))


def _body(question: Query) -> str:
    """Return the text of a question without its header."""
    return "\n".join(line for line in question.text.splitlines() if not line.startswith("#+")).strip()


def _tag(question: Query) -> str:
    return CHECKS.rstrip("/") if question.name.startswith(CHECKS) else question.theme


def _value(param: Param) -> str | int | float:
    """Return the example of a parameter: a word, a number, or the IRI of a thing."""
    if param.unit:
        return float(param.example) if "." in param.example else int(param.example)
    return param.example if param.words else THING + param.example.removeprefix("kg:")


def as_grlc(question: Query, *, endpoint: str | None = None) -> str:
    """Return a question for grlc, which makes a web form of it: it is valid SPARQL as it stands.

    A parameter ``case`` is a variable ``?_case_iri``, ``_number`` or ``_literal``, whose text grlc replaces by what is
    given; of an optional one, ``?__case_iri``, the example holds where nothing is. A group with nothing but its BIND
    joins like the VALUES that it replaces, wherever that stands.

    >>> text = as_grlc(library.load("relapses_of_case"))
    >>> "{ BIND(?_case_iri AS ?case) }" in text, "#+ - patients" in text
    (True, True)
    """
    says = [question.description, *(f"{param.name}: {param.kind}." for param in question.params)]
    header: dict[str, Any] = {
        "summary": question.summary,
        "description": " ".join(filter(None, says)),
        "tags": [_tag(question)],
        "endpoint": endpoint,
        "method": "GET",
        "defaults": [{param.name: _value(param)} for param in question.params if not param.free],
        "enumerate": [{param.name: param.words} for param in question.params if param.words],
    }
    text = _body(question)
    for param in question.params:
        kind = "literal" if param.words else "number" if param.unit else "iri"
        asked = f"?_{'_' * param.optional}{param.name}_{kind}"
        example = param.term(param.example) if param.words or param.unit else f"<{_value(param)}>"
        term = f"COALESCE({asked}, {example})" if param.optional and not param.free else asked
        text = param.values().sub(f"{{ BIND({term} AS ?{param.name}) }}", text)
    given = {key: value for key, value in header.items() if value}
    lines = yaml.safe_dump(given, sort_keys=False, allow_unicode=True, width=float("inf")).splitlines()
    return "".join(f"{line}\n" for line in [*(f"#+ {line}" for line in lines), text])


def page(store: Store) -> str:
    """Return a page in Markdown: each question by its theme, how it is asked, and the first rows of its answer.

    >>> import kg
    >>> "### Which STATs does each cytokine activate?" in page(kg.open().store)
    True
    """
    asked = [library.load(name) for name in library.names()]
    themes = {theme: [question for question in asked if question.theme == theme] for theme in THEMES}
    sections = [
        Section(theme.capitalize(), [Section(question.summary, _entry(store, question)) for question in found])
        for theme, found in themes.items()
    ]
    checks = Section("Checks", [Paragraph([CHECKS_HELD]), _rules(library.names(checks=True))])
    report = Section("Quality report", [Paragraph([REPORT_HELD]), _rules(library.names(report=True))])
    return markdown.text(Document("Questions", [Paragraph([HEAD]), *sections, checks, report]))


def _rules(names: Iterable[str]) -> Notes:
    rules = list(map(library.load, names))
    return Notes(
        [
            (
                Link(rule.name.partition("/")[2], f"{rule.name}.rq"),
                f": {f'{rule.level}: ' * bool(rule.level)}{rule.summary}",
            )
            for rule in rules
        ]
    )


def _entry(store: Store, question: Query) -> list[Block]:
    """Return what is shown of a question below its heading."""
    given = "".join(f" --{param.name} {param.example}" for param in question.params if not param.optional)
    blocks: list[Block] = [Paragraph([question.description])] if question.description else []
    text = Link("text", f"{question.name}.rq")
    blocks.append(Paragraph([(Code(f"kg query {question.name}{given}"), " (its ", text, ")")]))
    params: list[Text] = [
        (Code(f"--{p.name}"), ": ", Code(p.kind), f", {'else' if p.optional else 'as in'} ", Code(p.example))
        for p in question.params
    ]
    blocks += [Notes(params)] if params else []
    answer = store.query(question.text)
    if not isinstance(answer, QuerySolutions):
        lines = written(answer)[0].splitlines()
        shown = [*lines[: 3 * FIRST], *(["# ..."] if len(lines) > 3 * FIRST else [])]
        return [*blocks, Listing(shown, "turtle")]
    rows = Rows.of(answer, curie)
    count = f"{len(rows):,} row{'s' if len(rows) != 1 else ''}" if rows else "No row"
    first = Paragraph([f"{count}{f', the first {FIRST}' if len(rows) > FIRST else ''}:"])
    cells = [[_cell(row[name]) for name in rows.columns] for row in rows[:FIRST]]
    return [*blocks, first, Table(rows.columns, cells)]


def _cell(value: Any) -> str:
    text = " ".join(shown(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
