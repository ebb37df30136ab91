"""KGX: what is asserted there is what the graph asserts, and kgx, bmt and the Biolink Model find no fault with it.

kgx needs an environment of its own: ``python3.11 -m venv DIR && DIR/bin/pip install -r tests/kgx/requirements.txt``.
JAK_KG_KGX names its python; where it is not set, what kgx says is skipped.
"""

import csv
import io
import json
import os
import subprocess
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from pyoxigraph import Store
from rdflib import Graph, URIRef
from rdflib import Literal as Text

from kg.exports import biolink, kgx, tables
from kg.model.vocabulary import THING, jak, local, thing
from kg.sparql import library
from kg.sparql.built_graph import BuiltGraph
from kg.sparql.graph import OpenGraph

FILES = [f"kgx/jak-kg_{name}" for name in ("nodes.tsv", "edges.tsv", "nodes.jsonl", "edges.jsonl")]
PYTHON = os.environ.get("JAK_KG_KGX", "")
NEEDS_KGX = pytest.mark.skipif(not PYTHON, reason="JAK_KG_KGX does not name a python with tests/kgx/requirements.txt")
TIMEOUT = 300
"""Seconds that kgx has."""


@pytest.fixture(scope="module")
def files(built_graph: BuiltGraph) -> dict[str, bytes]:
    return kgx.files(built_graph)


def lines(files: dict[str, bytes], name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[f"kgx/jak-kg_{name}.jsonl"].decode().splitlines()]


@pytest.fixture(scope="module")
def nodes(files: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    """Id -> node."""
    return {node["id"]: node for node in lines(files, "nodes")}


@pytest.fixture(scope="module")
def edges(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return lines(files, "edges")


def rows(data: bytes) -> list[dict[str, str]]:
    """The rows of a TSV as kgx reads it: without quotation marks."""
    return list(csv.DictReader(io.StringIO(data.decode(), newline="\n"), delimiter="\t", quoting=csv.QUOTE_NONE))


# --- the form of the files --------------------------------------------------------------------------------------------


def test_both_forms_say_the_same(files: dict[str, bytes]) -> None:
    assert sorted(files) == sorted(FILES)
    for name in ("nodes", "edges"):
        table, records = rows(files[f"kgx/jak-kg_{name}.tsv"]), lines(files, name)
        assert len(table) == len(records) > 300
        for row, record in zip(table, records, strict=True):
            assert None not in row
            assert record.keys() <= row.keys()
            said = {key: "|".join(value) if isinstance(value, list) else str(value) for key, value in record.items()}
            assert {key: " ".join(cell.split()) for key, cell in row.items() if cell} == {
                key: " ".join(text.split()).replace("¦", "|") for key, text in said.items()
            }


def test_ids_are_unique_and_ends_are_nodes(nodes: dict[str, dict[str, Any]], files: dict[str, bytes]) -> None:
    edges = lines(files, "edges")
    assert len(nodes) == len(lines(files, "nodes"))
    assert len({edge["id"] for edge in edges}) == len(edges)
    for edge in edges:
        named = [edge["subject"], edge["object"], *edge.get("publications", []), *edge.get("has_evidence", [])]
        assert set(named) <= nodes.keys()
        if "population_context_qualifier" in edge:
            assert nodes[edge["population_context_qualifier"]]["category"] == ["biolink:Cohort"]


def test_every_edge_says_where_it_comes_from(edges: list[dict[str, Any]]) -> None:
    levels = Counter(edge["knowledge_level"] for edge in edges)
    assert levels.keys() == {"knowledge_assertion", "observation"}
    for edge in edges:
        assert edge["agent_type"] == "manual_agent"
        foreign = edge["primary_knowledge_source"] != biolink.OURS
        assert edge.get("aggregator_knowledge_source") == ([biolink.OURS] if foreign else None)
        assert edge["original_predicate"].startswith("jak:")
        getattr(jak, edge["original_predicate"].removeprefix("jak:"))


def test_negated_is_empty_or_true(files: dict[str, bytes], edges: list[dict[str, Any]]) -> None:
    """For kgx the text ``False`` is true."""
    assert {row["negated"] for row in rows(files["kgx/jak-kg_edges.tsv"])} == {"", "True"}
    assert {edge.get("negated") for edge in edges} == {None, True}


def test_a_text_cannot_break_a_row(built: Graph) -> None:
    copy = Graph()
    for triple in built:
        copy.add(triple)
    evil = 'one|two\tthree\r\nfour "five'
    copy.set((URIRef(thing("il21")), URIRef(jak.note), Text(evil)))
    files = kgx.files(BuiltGraph(copy))
    found = [row["description"] for row in rows(files["kgx/jak-kg_nodes.tsv"]) if row["id"] == "UniProtKB:Q9HBE4"]
    assert found == ['one¦two three four "five']
    assert [node["description"] for node in lines(files, "nodes") if node["id"] == "UniProtKB:Q9HBE4"] == [evil]


# --- what the nodes are -----------------------------------------------------------------------------------------------


def test_nodes_have_the_identifier_that_others_use(nodes: dict[str, dict[str, Any]]) -> None:
    ours = {node["iri"].removeprefix(THING): node for node in nodes.values()}
    assert {name: ours[name]["id"] for name in ("il21", "jak3", "tofacitinib", "granuloma-annulare", "fever")} == {
        "il21": "UniProtKB:Q9HBE4", "jak3": "UniProtKB:P52333", "tofacitinib": "CHEBI:71200",
        "granuloma-annulare": "MONDO:0006554", "fever": "HP:0001945",
    }  # fmt: skip
    assert "CHEMBL.COMPOUND:CHEMBL221959" in ours["tofacitinib"]["xref"]
    assert "HGNC:6005" in ours["il21"]["xref"]
    for name in ("il21-receptor", "ifna", "il12", "khurana-2025-1", "stat5", "ilunocitinib", "ref-khurana-2025"):
        assert ours[name]["id"] == f"kg:{name}"
    assert "doi:10.25259/IJDVL_1511_2024" in ours["ref-khurana-2025"]["xref"]
    for node in nodes.values():
        assert node["id"].startswith("kg:") or f"kg:{node['iri'].removeprefix(THING)}" in node["xref"]


def test_two_things_with_one_identifier_are_two_nodes(nodes: dict[str, dict[str, Any]]) -> None:
    """IFNA1 and IFNA13 encode one protein: neither is its entry in UniProt."""
    assert "UniProtKB:P01562" not in nodes
    for name in ("kg:ifna1", "kg:ifna13"):
        assert "UniProtKB:P01562" in nodes[name]["xref"]


def test_every_thing_is_a_node(nodes: dict[str, dict[str, Any]], store: Store) -> None:
    there = {node["iri"].removeprefix(THING) for node in nodes.values()}
    for kind in ("Ligand", "ReceptorComplex", "ReceptorChain", "Kinase", "Stat", "Inhibitor", "Case", "ConditionKind",
                 "Treatment"):  # fmt: skip
        assert set(library.instances(store, f"jak:{kind}")) <= there
    assert set(library.instances(store, "jak:ReceptorFamily")) - there == {"unsettled-receptor"}


# --- what the edges say -----------------------------------------------------------------------------------------------


OTHER_ROLE = {
    *(f"claim-{word}-receptor-needs-tyk2" for word in ("csf3", "ifna", "il10", "il12", "il22", "il23")),
    "claim-il6-receptor-uses-jak1",
}  # fmt: skip
"""Refuted, since the kinase is used and not needed, or needed and so more than used."""


def test_claims_are_said_as_they_stand(edges: list[dict[str, Any]], store: Store) -> None:
    """Accepted: an edge; refuted: a negated edge, unless it would deny the other role; open and disputed: none."""
    claims = {row["claim"]: row for row in library.ask(store, "claims_as_edges")}
    nothing = {name for name, row in claims.items() if row["object"] == "unsettled-receptor"}
    nothing |= OTHER_ROLE
    stated = {edge["id"].removeprefix("kg:"): edge for edge in edges if "claim_status" in edge}
    for status, negated in (("Accepted", None), ("Refuted", True)):
        expected = {name for name, row in claims.items() if row["status"] == status} - nothing
        assert {name for name, edge in stated.items() if edge.get("negated") is negated} == expected
    assert len(stated) < len(claims)
    for name, edge in stated.items():
        ends = edge["original_subject"], edge["original_object"]
        assert ends == (f"kg:{claims[name]['about']}", f"kg:{claims[name]['object']}")
        assert edge["evidence_count"] > 0 or "description" in edge


def test_every_relation_of_claims_has_its_row(graph: OpenGraph) -> None:
    drawn = {row["edge"] for row in tables.read(graph)["relations"]}
    assert drawn <= biolink.RELATIONS.keys()


def test_a_need_turns_round(edges: list[dict[str, Any]]) -> None:
    (need,) = (edge for edge in edges if edge["id"] == "kg:claim-il21-receptor-needs-jak3")
    assert (need["subject"], need["predicate"], need["object"]) == (
        "UniProtKB:P52333", "biolink:affects", "kg:il21-receptor",
    )  # fmt: skip
    assert need["object_direction_qualifier"] == "increased"
    assert need["original_predicate"] == "jak:needsKinase"
    assert "infores:reactome" in need["supporting_data_source"]


def test_a_use_contributes(edges: list[dict[str, Any]]) -> None:
    """A kinase that helps a receptor contributes; no pair has one edge that says so and one that denies it."""
    (use,) = (edge for edge in edges if edge["id"] == "kg:claim-ifna-receptor-uses-tyk2")
    assert (use["subject"], use["predicate"], use["object"]) == (
        "UniProtKB:P29597", "biolink:affects", "kg:ifna-receptor",
    )  # fmt: skip
    assert (use["qualified_predicate"], use["original_predicate"]) == ("biolink:contributes_to", "jak:usesKinase")
    roles = [edge for edge in edges if edge["original_predicate"] in ("jak:needsKinase", "jak:usesKinase")]
    said, denied = (
        {(e["subject"], e["object"]) for e in roles if e.get("negated", False) is no} for no in (False, True)
    )
    assert denied
    assert not said & denied


def test_sets_warnings_and_development_are_left_out(
    nodes: dict[str, dict[str, Any]], edges: list[dict[str, Any]], graph: OpenGraph
) -> None:
    """A set of cytokines is no family, a warning no event that was seen: Biolink has no word for them."""
    read = tables.read(graph)
    left = {
        *(row["set"] for row in read["cytokine_sets"]), *(row["warning"] for row in read["safety_warnings"]),
        *(row["development"] for row in read["development"]),
    }  # fmt: skip
    assert left
    assert not left & {record["iri"].removeprefix(THING) for record in [*nodes.values(), *edges] if "iri" in record}
    assert not left & {row["whole"] for row in read["parts"]}, "they stand in cytokine_set_members"


def test_nothing_treats(edges: list[dict[str, Any]]) -> None:
    assert "biolink:treats" not in {edge["predicate"] for edge in edges}
    given = [edge for edge in edges if edge["predicate"] == "biolink:applied_to_treat"]
    assert {edge["object"] for edge in given} == {"MONDO:0006554"}
    case = next(edge for edge in given if edge["id"] == "kg:khurana-2025-1-baricitinib")
    assert case["clinical_approval_status"] == "off_label_use"
    assert case["of_case"] == "kg:khurana-2025-1"
    assert any("hands: response-at-assessment: complete (100 %)" in text for text in case["outcomes"])


def measured(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [edge for edge in edges if edge["original_predicate"] == "jak:onKinase"]


def test_each_verified_measurement_is_one_edge(edges: list[dict[str, Any]], store: Store) -> None:
    there = {row["measurement"]: row for row in library.ask(store, "potency_of_inhibitors")}
    derived = {name for name, row in there.items() if row["derived"]}
    verified = {name for name, row in there.items() if row["verification"] == "Verified"} - derived
    found = measured(edges)
    assert derived, "a bound that was derived is no measurement"
    assert Counter(edge["id"].removeprefix("kg:") for edge in found) == Counter(verified)
    assert verified < there.keys()
    for edge in found:
        row = there[edge["id"].removeprefix("kg:")]
        assert edge.get("value") == row["reported"]
        assert {Decimal(edge[end]) if end in edge else None for end in ("low", "high")} == {row["low"], row["high"]}
        if edge["predicate"] == "biolink:affects" and not edge.get("negated"):
            assert row["high"] is not None, "an open value is no inhibition"
            assert row["measure"] in ("IC50", "Ki")


def test_how_a_drug_inhibits(edges: list[dict[str, Any]]) -> None:
    said = {
        (edge["original_subject"], edge["original_object"], edge.get("domain"), edge["predicate"]):
        edge.get("causal_mechanism_qualifier") for edge in measured(edges)
    }  # fmt: skip
    affects, related = "biolink:affects", "biolink:related_to"
    assert said["kg:deucravacitinib", "kg:tyk2", "JH2", affects] == "negative_allosteric_modulation"
    assert said["kg:ritlecitinib", "kg:jak3", "JH1/full-length", affects] == "irreversible_inhibition"
    assert said["kg:tofacitinib", "kg:jak3", "JH1/full-length", affects] == "inhibition"
    assert said["kg:deucravacitinib", "kg:jak1", "JH2", related] is None, "binding of JH2 elsewhere says nothing"
    assert said["kg:deucravacitinib", "kg:tyk2", "JH1", related] is None
    assert said["kg:tofacitinib", "kg:jak3", "JH1", "biolink:directly_physically_interacts_with"] == "binding"
    spared = [edge for edge in measured(edges) if edge.get("negated")]
    assert {edge["original_subject"] for edge in spared} == {"kg:deucravacitinib"}
    assert {edge["object_direction_qualifier"] for edge in spared} == {"decreased"}


def test_values_keep_their_source(edges: list[dict[str, Any]]) -> None:
    (edge,) = (edge for edge in edges if edge["id"] == "kg:potency-baricitinib-jak1-ic50-4-jh1-full-length-clark-2014")
    assert (edge["primary_knowledge_source"], edge["publications"]) == ("infores:gtopdb", ["PMID:24417533"])
    elsewhere = next(edge for edge in edges if edge["id"].startswith("kg:potency-baricitinib-jak1-ic50-5_9"))
    assert elsewhere["primary_knowledge_source"] == biolink.OURS, "it was read in the paper too"
    assert elsewhere["supporting_data_source"] == ["infores:gtopdb"]


def test_levels_follow_the_ratio_not_the_word(edges: list[dict[str, Any]]) -> None:
    found = {edge["id"]: edge for edge in edges if edge["original_predicate"] == "jak:hasMeasurement"}
    said = {word: found[f"kg:khurana-2025-1-{word}-own-uninvolved-skin"] for word in ("ifng", "il15", "il21")}
    assert {word: edge["predicate"] for word, edge in said.items()} == {
        "ifng": "biolink:has_decreased_amount", "il15": "biolink:related_to", "il21": "biolink:has_increased_amount",
    }  # fmt: skip
    assert (said["il15"]["measured_ratio"], said["il15"]["reported_direction"]) == ("0.96", "lowered")
    assert all("measured_ratio" not in edge or Decimal(edge["measured_ratio"]) > 0 for edge in found.values())


def test_the_threshold_is_that_of_every_answer() -> None:
    from kg.calculus import signals

    assert vars(kgx)["direction"] is signals.direction


# --- what others say --------------------------------------------------------------------------------------------------

INVERSE = {"affects": "affected_by", "mentions": "mentioned_by"}
BROADER = {
    "physically_interacts_with": {"interacts_with"}, "directly_physically_interacts_with": {"interacts_with"},
    "associated_with": {"related_to"},
}  # fmt: skip
"""Predicate -> the broader ones by which a mapping may name it."""


def test_the_alignment_says_the_same() -> None:
    """A row of the alignment that maps a word to Biolink names what is written here; related ones may differ."""
    file = ROOT / "ontology" / "mappings.sssom.tsv"
    if not file.is_file():
        pytest.skip("ontology/mappings.sssom.tsv is not here")
    text = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    checked = 0
    for row in csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE):
        prefix, _, mapped = row["object_id"].partition(":")
        name = row["subject_id"].removeprefix("jak:")
        if prefix != "biolink" or row["predicate_id"] == "skos:relatedMatch":
            continue
        if name in biolink.CATEGORIES:
            narrower = {category for (kind, _), category in biolink.NARROWER.items() if kind == name}
            assert mapped in {biolink.CATEGORIES[name], *narrower}, row
        elif name in biolink.RELATIONS:
            said = biolink.RELATIONS[name]
            predicate = INVERSE[said.predicate] if said.turned else said.predicate
            assert mapped in {predicate, *BROADER.get(predicate, ())}, row
        else:
            continue
        checked += 1
    assert checked >= 10


def validated(folder: Path, files: dict[str, bytes]) -> tuple[int, dict[str, Any]]:
    """The exit code and the report of tests/kgx/validate.py."""
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    script = str(ROOT / "tests" / "kgx" / "validate.py")
    command = [PYTHON, "-I", script, *(str(folder / name) for name in FILES), ",".join(kgx.OWN_COLUMNS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, cwd=folder)
    assert done.stdout, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, report


@NEEDS_KGX
@pytest.mark.conformance
def test_kgx_and_bmt_find_no_fault(tmp_path: Path, files: dict[str, bytes], edges: list[dict[str, Any]]) -> None:
    code, report = validated(tmp_path, files)
    assert (code, report["wrong"]) == (0, [])
    assert (report["nodes"], report["edges"]) == (len(lines(files, "nodes")), len(edges))
    assert report["negated"] == sum(edge.get("negated", False) for edge in edges)


@NEEDS_KGX
@pytest.mark.conformance
def test_kgx_and_bmt_find_what_is_planted(tmp_path: Path, files: dict[str, bytes]) -> None:
    """Each fault is in one edge or node of its own, in both forms."""
    plants = {
        "no predicate": ("edges", "biolink:has_member", "biolink:has_membre"),
        "not the canonical direction": ("edges", "biolink:mentions", "biolink:mentioned_by"),
        "the ends do not fit": ("edges", "biolink:has_adverse_event", "biolink:in_taxon"),
        "sluggish is no": ("edges", "negative_allosteric_modulation", "sluggish"),
        "is not a category": ("nodes", "biolink:Cohort", "biolink:Kohort"),
        "an end is not a node": ("edges", "kg:lif-receptor", "kg:liv-receptor"),
        "not the identifier that": ("nodes", "CHEBI:71200", "CHEMBL.COMPOUND:CHEMBL221959"),
        "CURIE": ("nodes", "kg:ref-khurana-2025", "https://example.org/khurana"),
    }
    wrong = dict(files)
    for which, old, new in plants.values():
        for form in ("tsv", "jsonl"):
            name = f"kgx/jak-kg_{which}.{form}"
            assert old.encode() in wrong[name]
            wrong[name] = wrong[name].replace(old.encode(), new.encode())
    code, report = validated(tmp_path, wrong)
    assert code == 1
    for words in plants:
        assert any(words in line for line in report["wrong"]), words


def test_local_names_are_iris(nodes: dict[str, dict[str, Any]], built: Graph) -> None:
    known = {local(str(term)) for triple in built for term in triple}
    assert {node["iri"].removeprefix(THING) for node in nodes.values()} <= known
