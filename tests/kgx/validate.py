"""Hold KGX files against kgx, bmt and the Biolink Model, without a network; print what is wrong, and exit 1 if any is.

    python validate.py NODES.tsv EDGES.tsv NODES.jsonl EDGES.jsonl OWN_COLUMN,...

It runs in an environment of its own (requirements.txt): kgx brings half a gigabyte. kgx and bmt fetch the model, its
predicate mappings and three maps of prefixes when they are imported or first used. Here they get the model and the
prefixes of the package biolink-model; the predicate mappings, which only bmt's look-up of old predicates reads, are
empty; and every connection is refused, so that nothing can be fetched unseen.

Our prefix is declared to kgx, whose list is that of Biolink; without it kgx must find fault with it and nothing else.
"""

# mypy: ignore-errors
# What it imports is not in the environment of the project.

import csv
import io
import json
import logging
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib.resources import files
from pathlib import Path
from typing import Any

MODEL = "4.4.6"
OWN_PREFIXES = {"kg": "https://w3id.org/jak-kg/"}
OWN_COLUMNS = set(sys.argv[5].split(",")) if len(sys.argv) > 5 else set()
"""Columns of edges that Biolink does not know."""


def refused(*_: Any, **__: Any) -> Any:
    raise OSError("the network is closed here")


socket.socket.connect = refused
socket.getaddrinfo = refused

import bmt.toolkit  # noqa: E402

PACKAGE = files("biolink_model")
SCHEMA = str(PACKAGE / "schema" / "biolink_model.yaml")
CONTEXT = json.loads((PACKAGE / "prefixmaps" / "biolink_model_prefix_map.json").read_text(encoding="utf-8"))
bmt.toolkit.Toolkit.__init__.__defaults__ = (SCHEMA, {"predicate mappings": []})

import kgx.config  # noqa: E402
import networkx as nx  # noqa: E402

for name in ("biolink", "monarch_context", "obo_context"):
    kgx.config.jsonld_context_map[name] = dict(CONTEXT)

from biolink_model.datamodel import pydanticmodel_v2 as biolink  # noqa: E402
from kgx.transformer import Transformer  # noqa: E402
from kgx.utils.kgx_utils import GraphEntityType, get_toolkit  # noqa: E402
from kgx.validator import Validator  # noqa: E402
from pydantic import ValidationError  # noqa: E402

KIT = get_toolkit()
ASPECTS = "GeneOrGeneProductOrChemicalEntityAspectEnum"
IN_NO_CLASS = {"supporting_data_source"}
"""A property that the model has, and no class of the code that is generated from it."""
WARNINGS: list[str] = []
"""What kgx logs, which otherwise goes to the standard output."""


class Kept(logging.Handler):
    """A handler that keeps the warnings."""

    def emit(self, record: logging.LogRecord) -> None:
        WARNINGS.append(record.getMessage())


logging.getLogger("KGX").handlers = [Kept(logging.WARNING)]


class Inspector(Validator):
    """The validator of kgx, which also keeps the records that stream by."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        super().__init__()
        self.prefixes = self.prefixes | set(prefixes)
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[dict[str, Any]] = []

    def __call__(self, entity_type: GraphEntityType, rec: list[Any]) -> None:
        super().__call__(entity_type, rec)
        (self.nodes if entity_type == GraphEntityType.NODE else self.edges).append(rec[-1])


def streamed(names: list[str], form: str, prefixes: dict[str, str]) -> Inspector:
    """What kgx finds in files as they stream through it; its progress goes nowhere."""
    inspector = Inspector(prefixes)
    with redirect_stdout(io.StringIO()):
        Transformer(stream=True).transform({"filename": names, "format": form}, {"format": "null"}, inspector=inspector)
    return inspector


def found(inspector: Inspector) -> Iterator[str]:
    """Every error and warning of kgx, as a line."""
    for level, kinds in inspector.get_errors().items():
        for kind, messages in kinds.items():
            for message, entities in messages.items():
                yield f"kgx {level}: {kind}: {message}: {', '.join(map(str, sorted(entities)[:3]))}"


def rows(file: str) -> list[dict[str, str]]:
    """The rows of a TSV, read as kgx reads it."""
    text = Path(file).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


def of_nodes(nodes: list[dict[str, Any]]) -> Iterator[str]:
    """What bmt says against categories and identifiers."""
    for node in nodes:
        (category,) = node["category"]
        if not KIT.is_category(category) or KIT.get_element(category).deprecated:
            yield f"{node['id']}: {category} is not a category"
            continue
        prefixes = list(KIT.get_element(category).id_prefixes)
        held = [name.partition(":")[0] for name in [node["id"], *node.get("xref", [])]]
        best = min((prefixes.index(prefix) for prefix in held if prefix in prefixes), default=None)
        chosen = node["id"].partition(":")[0]
        if chosen not in OWN_PREFIXES and (chosen not in prefixes or prefixes.index(chosen) != best):
            yield f"{node['id']}: not the identifier that {category} prefers of {held}"
        try:
            getattr(biolink, category.removeprefix("biolink:"))(**node)
        except ValidationError as error:
            yield from (f"{node['id']}: {category}: {said['loc']}: {said['msg']}" for said in error.errors())


def of_edges(edges: list[dict[str, Any]], categories: dict[str, str]) -> Iterator[str]:
    """What bmt and the model say against ends, predicates, qualifiers and values of edges."""
    for edge in edges:
        said = [*of_predicate(edge, categories), *of_properties(edge), *of_association(edge)]
        yield from (f"{edge['id']}: {edge['subject']} {edge['predicate']} {edge['object']}: {line}" for line in said)


def of_predicate(edge: dict[str, Any], categories: dict[str, str]) -> Iterator[str]:
    """What bmt says against a predicate and its ends."""
    predicate, start, end = edge["predicate"], categories.get(edge["subject"]), categories.get(edge["object"])
    if start is None or end is None:
        yield "an end is not a node"
    elif not KIT.is_predicate(predicate) or KIT.get_element(predicate).deprecated:
        yield "no predicate"
    elif KIT.has_inverse(predicate) and not KIT.is_translator_canonical_predicate(predicate):
        yield "not the canonical direction"
    elif not KIT.validate_edge(start, predicate, end):
        yield f"the ends do not fit: {start}, {end}"


def of_properties(edge: dict[str, Any]) -> Iterator[str]:
    """What bmt says against the properties of an edge, and the values of its qualifiers."""
    for name, value in edge.items():
        element = KIT.get_element(name.replace("_", " "))
        if name in OWN_COLUMNS:
            if element is not None:
                yield f"{name} is a word of Biolink, and stands for something else here"
        elif element is None or element.deprecated:
            yield f"Biolink has no property {name}"
        elif name == "qualified_predicate":
            if not KIT.is_predicate(value):
                yield f"{value} is no predicate"
        elif name.endswith("_aspect_qualifier") or KIT.is_enum(str(element.range)):
            values = ASPECTS if name.endswith("_aspect_qualifier") else str(element.range)
            if not KIT.is_permissible_value_of_enum(values, value):
                yield f"{value} is no {name}"


def of_association(edge: dict[str, Any]) -> Iterator[str]:
    """What the class of the association says; the general one has no qualifiers, and bmt has looked at them."""
    (association,) = edge["category"]
    model = getattr(biolink, association.removeprefix("biolink:"), None)
    if model is None:
        yield f"{association} is no association"
        return
    left_out = OWN_COLUMNS | IN_NO_CLASS
    if association == "biolink:Association":
        left_out |= edge.keys() - model.model_fields.keys()
    try:
        model(**{key: value for key, value in edge.items() if key not in left_out})
    except ValidationError as error:
        yield from (f"{association}: {said['loc']}: {said['msg']}" for said in error.errors())


def in_memory(names: list[str]) -> Any:
    """The graph that kgx makes of TSV files in memory: one edge for each subject, predicate and object."""
    transformer = Transformer(stream=False)
    with redirect_stdout(io.StringIO()):
        transformer.transform({"filename": names, "format": "tsv"})
    return transformer.store.graph


def main(nodes_tsv: str, edges_tsv: str, nodes_jsonl: str, edges_jsonl: str) -> int:
    """Print a report as JSON; return 1 where anything is wrong."""
    assert KIT.get_model_version() == MODEL, KIT.get_model_version()
    tsv = streamed([nodes_tsv, edges_tsv], "tsv", OWN_PREFIXES)
    jsonl = streamed([nodes_jsonl, edges_jsonl], "jsonl", OWN_PREFIXES)
    wrong = [*found(tsv), *found(jsonl), *(f"kgx warns: {line}" for line in sorted(set(WARNINGS)))]
    written = {"nodes": len(rows(nodes_tsv)), "edges": len(rows(edges_tsv))}
    for form, seen in (("tsv", tsv), ("jsonl", jsonl)):
        if (len(seen.nodes), len(seen.edges)) != (written["nodes"], written["edges"]):
            wrong.append(f"{form}: kgx read {len(seen.nodes)} nodes and {len(seen.edges)} edges of {written}")
    categories = {node["id"]: node["category"][0] for node in jsonl.nodes}
    wrong += [*of_nodes(jsonl.nodes), *of_edges(jsonl.edges, categories)]
    negated = [sum(edge.get("negated") is True for edge in seen.edges) for seen in (tsv, jsonl)]
    if negated[0] != negated[1]:
        wrong.append(f"negated edges: {negated[0]} in TSV, {negated[1]} in JSON Lines")
    foreign = [line for line in found(streamed([nodes_tsv, edges_tsv], "tsv", {})) if "prefix 'kg'" not in line]
    wrong += foreign
    own = sum(node["id"].partition(":")[0] in OWN_PREFIXES for node in jsonl.nodes)
    pairs = len({(edge["subject"], edge["predicate"], edge["object"]) for edge in jsonl.edges})
    graph = in_memory([nodes_tsv, edges_tsv])
    if (graph.number_of_nodes(), graph.number_of_edges()) != (written["nodes"], pairs):
        wrong.append(f"in memory: {graph.number_of_nodes()} nodes and {graph.number_of_edges()} edges")
    whole: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    whole.add_nodes_from(row["id"] for row in rows(nodes_tsv))
    whole.add_edges_from((row["subject"], row["object"], row["id"]) for row in rows(edges_tsv))
    if (whole.number_of_nodes(), whole.number_of_edges()) != (written["nodes"], written["edges"]):
        wrong.append(f"networkx: {whole.number_of_nodes()} nodes and {whole.number_of_edges()} edges")
    predicates = Counter(edge["predicate"] for edge in jsonl.edges)
    report = {**written, "pairs": pairs, "negated": negated[0], "own": own, "predicates": predicates, "wrong": wrong}
    print(json.dumps(report, indent=1))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
