"""Paths, cuts and neighbours: against the graph itself, the calculus, and enumeration."""

import json
import random
from decimal import Decimal
from itertools import combinations, pairwise

import networkx as nx
import pytest
from pyoxigraph import NamedNode

from kg import calculus as m
from kg.answers import ranking
from kg.cli import main
from kg.model.errors import Problems
from kg.network import cut_sets, paths, similarity
from kg.profiles import profile
from kg.profiles.profile import MeasuredCytokine
from kg.sparql.graph import OpenGraph

KINASES = ("jak1", "jak2", "jak3", "tyk2")


@pytest.fixture(scope="module")
def links(graph: OpenGraph) -> "nx.MultiDiGraph[str]":
    return paths.relations(graph)


@pytest.fixture(scope="module")
def table(graph: OpenGraph) -> m.Mechanism:
    return graph.mechanism


# --- paths ------------------------------------------------------------------------------------------------------------


def test_every_edge_is_said_by_a_node_of_the_graph(graph: OpenGraph, links: "nx.MultiDiGraph[str]") -> None:
    known = {quad.subject.value.rpartition("/")[2] for quad in graph.store if isinstance(quad.subject, NamedNode)}
    said = {name for _, _, data in links.edges(data=True) for name in data["link"].said_by}
    assert said
    assert said <= known


def test_every_accepted_need_is_an_edge_and_no_other(graph: OpenGraph, links: "nx.MultiDiGraph[str]") -> None:
    needs = {(row["receptor"], row["kinase"]) for row in graph.rows("routes_of_cytokines") if row["kinase"]}
    edges = {
        (start, end)
        for start, end, data in links.edges(data=True)
        if data["link"].words == "needs" and data["link"].status == "accepted"
    }
    assert needs <= edges
    assert {receptor for receptor, _ in edges} >= {receptor for receptor, _ in needs}


ENDS = [
    ("khurana-2025-1", "tofacitinib"), ("khurana-2025-1", "baricitinib"), ("il21", "stat3"), ("il4", "il13"),
    ("tofacitinib", "GeneralisedGranulomaAnnulare"), ("ifng", "granuloma-annulare"), ("gm-csf", "deucravacitinib"),
    ("il2rg", "jak3"), ("tnf", "baricitinib"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "end"), ENDS)
def test_paths_are_paths(graph: OpenGraph, links: "nx.MultiDiGraph[str]", start: str, end: str) -> None:
    start, end = (paths.named(graph, links, name) for name in (start, end))
    found = paths.paths(links, start, end, most=25)
    for path in found:
        names = [path.steps[0].start, *(step.end for step in path.steps)]
        assert (names[0], names[-1]) == (start, end)
        assert len(set(names)) == len(names)
        assert [step.start for step in path.steps] == names[:-1]
        for step in path.steps:
            ends = (step.start, step.end) if step.forward else (step.end, step.start)
            assert step.link in paths.links(links, *ends)
        layers = [links.nodes[name]["layer"] for name in names]
        turns = [b > a for a, b in pairwise(layers) if a != b]
        assert sum(a != b for a, b in pairwise(turns)) <= 1
        assert not {links.nodes[name]["kind"] for name in names[1:-1]} & {"drug", "disease", "subtype", "STAT"}
    assert [len(path.steps) for path in found] == sorted(len(path.steps) for path in found)
    assert len(set(map(str, found))) == len(found)
    assert [str(p) for p in paths.paths(links, end, start, most=25)] or not found


def test_the_short_paths_of_a_signal_are_its_needs(graph: OpenGraph, links: "nx.MultiDiGraph[str]") -> None:
    """Three accepted steps from a cytokine to a drug are the needs that the drug is known to hit or spare."""
    table = graph.mechanism
    drug = table.drugs["tofacitinib"]
    for cytokine, routes in table.routes.items():
        found = paths.paths(links, cytokine, "tofacitinib", most=10_000, longest=3)
        walked = {
            (path.steps[1].start, path.steps[1].end)
            for path in found
            if [step.link.words for step in path.steps[:2]] == ["signals by", "needs"] and path.sure
            if path.steps[2].link.words in ("hits", "spares")
        }
        assert walked == {
            (route.receptor, kinase)
            for route in routes
            for kinase in route.needs
            if m.hit(drug, kinase).value in ("yes", "no")
        }


def test_signs(links: "nx.MultiDiGraph[str]") -> None:
    first = next(p for p in paths.paths(links, "khurana-2025-1", "tofacitinib") if len(p.steps) > 1)
    assert first.signs == ("raises", "blocks")
    lowered = paths.paths(links, "khurana-2025-1", "ifng")
    assert lowered[0].signs == ("lowers",)


def test_bounds(links: "nx.MultiDiGraph[str]") -> None:
    assert len(paths.paths(links, "il6", "tofacitinib", most=2)) == 2
    assert paths.paths(links, "il6", "tofacitinib", longest=2) == []
    assert paths.paths(links, "il6", "il6") == []


@pytest.mark.parametrize("text", ["Xeljanz", "tofacitinib", "kg:tofacitinib", "https://w3id.org/jak-kg/tofacitinib"])
def test_a_thing_by_any_name(graph: OpenGraph, links: "nx.MultiDiGraph[str]", text: str) -> None:
    assert paths.named(graph, links, text) == "tofacitinib"


# --- cuts -------------------------------------------------------------------------------------------------------------


def profiles(table: m.Mechanism, number: int) -> list[list[str]]:
    chosen = random.Random(7)
    names = sorted(table.routes)
    return [chosen.sample(names, chosen.randint(1, 5)) for _ in range(number)]


def test_minimal_kinases_by_enumeration(table: m.Mechanism) -> None:
    for cytokines in [*([name] for name in sorted(table.routes)), *profiles(table, 200)]:
        routes = [set(route.needs) for name in cytokines for route in table.routes[name]]
        hitting = [
            set(some) for size in range(1, 5) for some in combinations(KINASES, size)
            if all(set(some) & needs for needs in routes)
        ]  # fmt: skip
        smallest = [some for some in hitting if not any(other < some for other in hitting)]
        assert {frozenset(some) for some in smallest} == set(cut_sets.cut(table, cytokines).kinases)


@pytest.mark.parametrize("threshold", [Decimal(10), Decimal(100), Decimal(1000)])
def test_one_drug_cuts_where_the_calculus_says_so(table: m.Mechanism, threshold: Decimal) -> None:
    for cytokines in profiles(table, 150):
        settings = m.Settings(threshold=threshold, require="any")
        signals = [
            MeasuredCytokine(cytokine=name, label=name, input=name, ratio=Decimal(4), jak="yes") for name in cytokines
        ]
        rows = ranking.ranks(table, signals, settings)
        alone = {
            name
            for names in cut_sets.cut(table, cytokines, threshold=threshold).drugs
            if len(names) == 1
            for name in names
        }
        assert alone == {row.drug.id for row in rows if row.score[0] == 1}


def test_sets_of_drugs_cut_and_none_has_one_to_spare(table: m.Mechanism) -> None:
    weak = Decimal(5)  # nM: so that few drugs cut alone
    several = 0
    for cytokines in profiles(table, 60):
        found = cut_sets.cut(table, cytokines, threshold=weak)
        hits = {
            drug.id: {k for k in KINASES if m.hit(drug, k, threshold=weak).value == "yes"}
            for drug in table.drugs.values()
            if drug.intended_species == "human"
        }
        routes = [set(route.needs) for name in cytokines for route in table.routes[name]]

        def cut(names: frozenset[str], hits: dict[str, set[str]] = hits, routes: list[set[str]] = routes) -> bool:
            together = set().union(*(hits[name] for name in names))
            return all(together & needs for needs in routes)

        sets = [frozenset(some) for size in (1, 2) for some in combinations(hits, size) if cut(frozenset(some))]
        smallest = {some for some in sets if not any(other < some for other in sets)}
        assert {names for names in found.drugs if len(names) <= 2} == smallest
        for names in found.drugs:
            assert cut(names)
            assert not any(cut(names - {name}) for name in names)
        several += any(len(names) > 1 for names in found.drugs)
    assert several


def test_what_is_not_settled_has_no_sure_cut(table: m.Mechanism) -> None:
    open_route = m.Mechanism(table.drugs, {"x": (m.Route("r", ()),), "il21": table.routes["il21"]})
    assert cut_sets.cut(open_route, ["x", "il21"]) == cut_sets.Cut((), (), ("x",))
    assert cut_sets.cut(open_route, ["nothing"]).unsettled == ("nothing",)
    assert cut_sets.cut(open_route, []) == cut_sets.Cut((), (), ())


# --- neighbours -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["Ligand", "Inhibitor", "Case"])
def test_nearness_is_the_same_both_ways(graph: OpenGraph, kind: str) -> None:
    names = graph.instances(f"jak:{kind}")
    near = {name: {row.name: row.nearness for row in similarity.neighbours(graph, name).rows} for name in names[::4]}
    for name, rows in near.items():
        assert name not in rows
        assert all(0 < nearness <= 1 for nearness in rows.values())
        for other in rows.keys() & near.keys():
            assert near[other][name] == rows[other]


def test_nearness_as_it_is_defined(graph: OpenGraph) -> None:
    il4 = {row.name: row.nearness for row in similarity.neighbours(graph, "il4").rows}
    routes = graph.mechanism.routes
    one, two = ({route.receptor for route in routes[name]} for name in ("il4", "il13"))
    needs = [{k for route in routes[name] for k in route.needs} for name in ("il4", "il13")]
    shares = [len(one & two) / len(one | two), len(needs[0] & needs[1]) / len(needs[0] | needs[1])]
    assert float(il4["il13"]) == pytest.approx(sum(shares) / 2)


# --- the commands -----------------------------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main.main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_path(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    code, out, err = run(capsys, "path", "IL-21", "tofacitinib", "--most", "1")
    assert (code, err) == (0, "")
    assert "- IL-21 --signals by--> IL-21 receptor --needs--> JAK1 <--hits-- tofacitinib" in out
    assert "  - IL-21 receptor needs JAK1: claim-il21-receptor-needs-jak1" in out
    _, out, _ = run(capsys, "path", "IL-21", "tofacitinib", "--most", "1", "--format", "json")
    assert json.loads(out)[0]["signs"] == ["blocks"]
    code, out, err = run(capsys, "path", "TNF", "tofacitinib")
    assert (code, out) == (0, "[]\n" if out else "")
    assert "no path of at most 6 steps leads from tnf to tofacitinib" in err


def test_cut(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    _, out, _ = run(capsys, "cut", "khurana-2025-1")
    assert "- Kinases: JAK1; or JAK3." in out
    _, out, _ = run(capsys, "cut", "IFN-gamma", "IL-13", "--threshold", "2")
    assert "- Only together, of at most 3: cerdulatinib and ilginatinib" in out
    assert cut_sets.WARNING in out
    _, out, _ = run(capsys, "cut", "IL-21", "IL-12", "--format", "json")
    assert json.loads(out)["kinases"] == [["jak1", "jak2"], ["jak2", "jak3"]], "IL-12 uses TYK2 and does not need it"
    _, out, _ = run(capsys, "cut", "khurana-2025-2")
    assert "there is no signal to cut" in out


def test_similar(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "similar", "IL-4", "--top", "1")
    assert "IL-13" in out
    _, out, _ = run(capsys, "similar", "khurana-2025-1", "--format", "json")
    assert json.loads(out)["neighbours"][0]["name"] == "wang-2021-group"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["path", "il21", "zebra"], "kg path: 'zebra' is nothing that paths lead to"),
        (["path", "il21", "tofacitinip"], "did you mean tofacitinib"),
        (["cut", "IL-1", "zebra"], "2 problems"),
        (["cut", "khurana-2025-9"], "khurana-2025-9"),
        (["similar", "zebra"], "this is not a cytokine, drug or case of the graph"),
    ],
)
def test_mistakes(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_a_name_of_nothing(graph: OpenGraph, links: "nx.MultiDiGraph[str]") -> None:
    with pytest.raises(Problems):
        paths.named(graph, links, "")


def test_the_profile_of_a_case_is_what_is_cut(graph: OpenGraph, table: m.Mechanism) -> None:
    raised = [s.cytokine for s in profile.of_case(graph, "khurana-2025-1").signals if s.weight() is not None]
    assert [sorted(names) for names in cut_sets.cut(table, raised).kinases] == [["jak1"], ["jak3"]]
