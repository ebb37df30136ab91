"""The blockade calculus three ways, in SPARQL, in Python and by a walk on networkx: on shipped and generated patients.

The generated patients are written into a copy of the shipped graph, with some invented drugs and cytokines, so that
what no shipped fact has yet (routes whose needs are not settled, every kind of potency measurement) is compared too.
"""

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import brute_force as naive
import networkx as nx
import pytest
import walk
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store
from rdflib import Graph
from rdflib import Literal as RdflibLiteral
from rdflib.query import ResultRow

from kg.answers import ranking
from kg.calculus import blockade as m
from kg.model.errors import Problems
from kg.model.vocabulary import PREFIXES, jak, local, thing
from kg.network import projection
from kg.profiles import profile
from kg.sparql import library
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import XSD, Rows

PATIENTS = 1000
EVERY = 1_000
"""More cytokines than there are."""
REQUIRE: tuple[m.Require, ...] = ("share", "any", "all")
Line = tuple[str, float, float, int]
"""Drug, low, high, number blocked."""


@dataclass(frozen=True, slots=True)
class World:
    """A store, and what Python and networkx read from it."""

    store: Store
    table: m.Mechanism
    graph: "nx.MultiDiGraph[str]"

    @classmethod
    def of(cls, store: Store) -> "World":
        return cls(store, OpenGraph(store).mechanism, projection.mechanism(OpenGraph(store)))

    def raised(self, case: str, chosen: ranking.Settings) -> list[profile.Signal]:
        signals = profile.of_case(OpenGraph(self.store), case).signals
        return [s for s in signals if s.counts and s.direction(chosen.raised) == "raised"]

    def rank(self, raised: Sequence[profile.Signal], chosen: ranking.Settings) -> list[ranking.Row]:
        scope = [drug for drug in self.table.drugs.values() if drug.intended_species == "human"]
        return ranking.rank(scope, raised, self.table, chosen)

    def walk(self, raised: Sequence[profile.Signal], chosen: ranking.Settings) -> list[Line]:
        signals = [(signal.cytokine, signal.weight(chosen.raised) or 0.0) for signal in raised]
        found = walk.scores(self.graph, signals, threshold=chosen.threshold, require=chosen.require)
        return [(score.drug, score.low, score.high, score.blocked) for score in found]

    def asked(self, question: str, case: str, chosen: ranking.Settings) -> Rows:
        return library.load(question).rows(self.store, case=case, **words(chosen))

    def compare(self, case: str, chosen: ranking.Settings) -> int:
        """Hold the three answers together; return how many drugs were compared."""
        raised = self.raised(case, chosen)
        expected = [(row.drug.id, *row.score, -row.order()[2]) for row in self.rank(raised, chosen)]
        same(self.walk(raised, chosen), expected)
        same([cells(row) for row in self.asked("drugs_for_case", case, chosen)], expected)
        return len(expected)


def words(chosen: ranking.Settings) -> dict[str, str]:
    return {"threshold": f"{chosen.threshold:f}", "require": chosen.require, "raised": f"{chosen.raised:f}"}


def cells(row: dict[str, object]) -> Line:
    drug, low, high, blocked = (row[column] for column in ("drug", "low", "high", "blocked"))
    assert isinstance(drug, str)
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert isinstance(blocked, int)
    return drug, low, high, blocked


def same(found: Sequence[Line], expected: Sequence[Line]) -> None:
    assert [(drug, blocked) for drug, _, _, blocked in found] == [(drug, blocked) for drug, _, _, blocked in expected]
    for ours, theirs in zip(found, expected, strict=True):
        assert ours[1:3] == pytest.approx(theirs[1:3], abs=1e-9)


# --- what is invented -------------------------------------------------------------------------------------------------


def add(store: Store, name: str, *kinds: str, **values: object) -> None:
    """Add a thing with its properties, each a Decimal, an IRI, a text, a list of them, or None."""
    iri = NamedNode(thing(name))
    for kind in kinds:
        store.add(Quad(iri, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(getattr(jak, kind))))
    if kinds:
        store.add(Quad(iri, NamedNode(PREFIXES["rdfs"] + "label"), Literal(name)))
    for key, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                store.add(Quad(iri, NamedNode(getattr(jak, key)), term(one)))


def term(value: object) -> NamedNode | Literal:
    if isinstance(value, bool):
        return Literal(value)
    if isinstance(value, Decimal):
        return Literal(f"{value:f}", datatype=NamedNode(XSD + "decimal"))
    text = str(value)
    return NamedNode(text) if text.startswith("http") else Literal(text)


def invent_mechanism(store: Store, rng: random.Random) -> None:
    """Add cytokines whose routes or needs are not settled, and drugs with measurements of every kind."""
    for name, needs in (("open-receptor", []), ("settled-receptor", ["jak1", "jak3", "tyk2"])):
        add(store, name, "ReceptorComplex", needsKinase=[thing(kinase) for kinase in needs])
    routes = {"open-cytokine": ["open-receptor"], "half-open-cytokine": ["open-receptor", "settled-receptor"],
              "routeless-cytokine": []}  # fmt: skip
    for name, receptors in routes.items():
        add(store, name, "Ligand", throughJak="unknown", bindsReceptor=[thing(receptor) for receptor in receptors])
    for number in range(14):
        drug = f"invented-{number}"
        target = rng.choice((None, None, "tyk2", "jak1"))
        add(
            store, drug, "Inhibitor", bindingMode=jak.AllostericJh2 if target else jak.AtpCompetitive,
            intendedSpecies="dog" if number == 0 else "human", functionalTarget=thing(target) if target else None,
        )  # fmt: skip
        for row in range(rng.randrange(14)):
            measured(store, f"{drug}-{row}", drug, target, rng)


def measured(store: Store, name: str, drug: str, target: str | None, rng: random.Random) -> None:
    kinase = rng.choice(("jak1", "jak2", "jak3", "tyk2"))
    verified = rng.randrange(4) > 0
    about = {
        "ofInhibitor": thing(drug), "onKinase": thing(kinase),
        "verification": jak.Verified if verified else jak.Unverified,
    }  # fmt: skip
    judge: naive.Drug = {"name": drug, "allosteric": bool(target), "functional_target": target, "measurements": {}}
    if rng.randrange(8) == 0:
        said: naive.Measurement = {
            "measure": "functional statement", "relation": None, "low": None, "high": None, "unit": None,
            "domain": None, "species": "human", "verified": verified, "statement": "spared",
        }  # fmt: skip
        add(store, name, "PotencyMeasurement", measure="functional statement", species="human", statement="spared",
            comparable=naive.comparable(said, judge, kinase), **about)  # fmt: skip
        return
    low, high = sorted(Decimal(rng.choice(("0.2", "5", "10", "99.9", "100", "100.1", "400", "1000"))) for _ in "ab")
    relation = rng.choice(("=", "=", "=", "range", "<", "<=", ">", ">=", "no number"))
    bounds = {"=": (low, low), "range": (low, high), "<": (None, high), "<=": (None, high), "no number": (None, None)}
    bottom, top = bounds.get(relation, (low, None))
    fold = rng.randrange(9) == 0
    value: naive.Measurement = {
        "measure": rng.choice(("IC50", "IC50", "IC50", "IC50", "Ki", "Kd")), "relation": None, "low": None,
        "high": None, "unit": "fold" if fold else "nM", "domain": rng.choice(("JH1", "JH1/full-length", "JH1", "JH2")),
        "species": rng.choice(("human", "human", "human", "human", "not stated")), "verified": verified,
        "statement": None,
    }  # fmt: skip
    add(
        store, name, "PotencyMeasurement", measure=value["measure"], domain=value["domain"], species=value["species"],
        relation={"range": "=", "no number": "<"}.get(relation, relation), low=bottom, high=top,
        unit=f"{PREFIXES['obo']}{'UO_0000190' if fold else 'UO_0000065'}",
        comparable=naive.comparable(value, judge, kinase), **about,
    )  # fmt: skip


def invent_patient(store: Store, case: str, cytokines: Iterable[str], rng: random.Random, *comparators: str) -> None:
    """Add a case that has everything that kg.profile reads."""
    only_directions = rng.randrange(4) == 0
    add(store, case, "Case")
    for number, cytokine in enumerate(cytokines):
        ratio = None if only_directions or rng.randrange(8) == 0 else invented_ratio(rng)
        called = ratio is None or rng.randrange(3) == 0
        name = f"{case}-{cytokine}"
        add(store, case, hasMeasurement=thing(name))
        add(
            store, name, "Measurement", ofLigand=thing(cytokine), ratio=ratio, tissue="skin", analyte="mRNA",
            reportedDirection=rng.choice((jak.Raised, jak.Raised, jak.Lowered, jak.Unchanged)) if called else None,
            comparator=thing(comparators[number % len(comparators)]), sampleCount="1", quote="x", locator="x",
        )  # fmt: skip
        source = NamedNode(PREFIXES["dcterms"] + "source")
        store.add(Quad(NamedNode(thing(name)), source, NamedNode(thing("ref-khurana-2025"))))


def invented_ratio(rng: random.Random) -> Decimal:
    if rng.randrange(6) == 0:
        return Decimal(rng.choice(("0.5", "0.96", "1", "1.4", "1.5", "2", "2.8", "63.99", "64", "44.8", "15600")))
    return Decimal(f"{10 ** rng.uniform(-2, 3):.{rng.randint(1, 6)}f}").max(Decimal("0.01"))


def cytokines_of(store: Store) -> list[str]:
    return sorted({row["thing"] for row in library.ask(store, "names_of_cytokines") if row["kind"] == "Ligand"})


@pytest.fixture(scope="module")
def shipped(store: Store) -> World:
    return World.of(store)


@pytest.fixture(scope="module")
def invented(store: Store) -> World:
    """A thousand patients, some with every cytokine there is."""
    rng = random.Random(20251123)
    return invent(store, (EVERY if number % 100 == 0 else rng.randint(1, 12) for number in range(PATIENTS)))


def invent(store: Store, sizes: Iterable[int]) -> World:
    """Return a copy of a graph with invented drugs, cytokines, and patients with so many measured cytokines."""
    rng = random.Random(1)
    copy = Store()
    copy.bulk_extend(store)
    invent_mechanism(copy, rng)
    names = cytokines_of(copy)
    for number, size in enumerate(sizes):
        invent_patient(copy, f"patient-{number}", rng.sample(names, min(size, len(names))), rng, "own-uninvolved-skin")
    invent_patient(copy, "two-comparators", ["il4", "il21"], rng, "own-uninvolved-skin", "healthy-control-skin")
    return World.of(copy)


# --- the comparison ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("require", REQUIRE)
def test_every_shipped_case(shipped: World, require: m.Require) -> None:
    compared = 0
    for case in library.instances(shipped.store, "jak:Case"):
        for threshold in ("10", "100", "1000"):
            for raised in ("1.5", "2"):
                compared += shipped.compare(case, ranking.Settings(Decimal(threshold), require, Decimal(raised)))
    assert compared > 100


def settings_of(world: World, rng: random.Random) -> ranking.Settings:
    """Settings whose threshold is often one of the measured values, so that the edges are met."""
    rows = [row for drug in world.table.drugs.values() for of in drug.measurements.values() for row in of]
    ends = sorted({end for row in rows for end in (row.low, row.high) if end is not None and row.unit == "nM"})
    threshold = rng.choice((Decimal(10), Decimal(100), Decimal(1000), rng.choice(ends)))
    return ranking.Settings(threshold, rng.choice(REQUIRE), Decimal(rng.choice(("1.1", "1.5", "1.5", "2", "4"))))


@pytest.mark.conformance
def test_generated_patients(invented: World) -> None:
    rng = random.Random(1)
    compared = sum(invented.compare(f"patient-{n}", settings_of(invented, rng)) > 0 for n in range(PATIENTS))
    assert compared > PATIENTS / 2


@pytest.mark.conformance
def test_the_parts_are_those_of_python(invented: World) -> None:
    rng = random.Random(2)
    compared = 0
    for number in range(0, PATIENTS, 20):
        case, chosen = f"patient-{number}", settings_of(invented, rng)
        asked = invented.asked("blockade_of_signals_of_case", case, chosen)
        rows = {(row["drug"], row["cytokine"]): row for row in asked}
        assert len(rows) == len(asked)
        for ranked in invented.rank(invented.raised(case, chosen), chosen):
            for part in ranked.parts:
                row = rows.pop((ranked.drug.id, part.signal.cytokine))
                assert row["verdict"] == part.verdict
                found = (row["weight"], row["low"], row["high"])
                assert found == pytest.approx((part.weight, *part.blockade), abs=1e-9)
        assert rows == {}
        compared += len(asked)
    assert compared > 1000


def test_the_logarithm_of_sparql(store: Store) -> None:
    copy = Store()
    copy.bulk_extend(store)
    names = [name for name in cytokines_of(copy) if name in OpenGraph(store).mechanism.routes]
    ratios = [Decimal(f"{1.001 * 1.0083**step:.9f}") for step in range(500)]
    rounded, exact = "(ROUND(1e9 * ?log2) / 1e9 AS ?weight)", "(?log2 AS ?weight)"
    question = library.load("blockade_of_signals_of_case")
    text = question.text.replace(rounded, exact)
    assert text != question.text
    worst = 0.0
    for start in range(0, len(ratios), len(names)):
        case, measured_here = f"log-{start}", dict(zip(names, ratios[start:], strict=False))
        add(copy, case, "Case", hasMeasurement=[thing(f"{case}-{name}") for name in measured_here])
        for name, ratio in measured_here.items():
            add(copy, f"{case}-{name}", ofLigand=thing(name), ratio=ratio, comparator=thing("own-uninvolved-skin"))
        asked = library.parse(case, text).rows(copy, case=case, raised="1.0001")
        assert {row["cytokine"] for row in asked} == measured_here.keys()
        worst = max(worst, *(abs(row["weight"] - m.weight(measured_here[row["cytokine"]])) for row in asked))
    assert worst < 1e-13


def test_both_questions_have_the_same_logarithm() -> None:
    texts = [library.load(name).text for name in ("drugs_for_case", "blockade_of_signals_of_case")]
    first, second = (" ".join(re.findall(r"\(\?exponent .*?(?= AS )", text, re.DOTALL)[0].split()) for text in texts)
    assert first == second


def test_measurements_against_different_comparators_are_not_combined(invented: World) -> None:
    with pytest.raises(Problems, match="different comparators"):
        profile.of_case(OpenGraph(invented.store), "two-comparators")
    for question in ("drugs_for_case", "blockade_of_signals_of_case"):
        assert invented.asked(question, "two-comparators", ranking.DEFAULT) == []


@pytest.mark.conformance
def test_rdflib_agrees(store: Store) -> None:
    world = invent(store, (6, 10))
    data = world.store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    graph = Graph().parse(data=data, format="nt")
    answered = set()
    for number, case in enumerate(("patient-0", "patient-1", "min-2020-group", "two-comparators")):
        chosen = ranking.Settings(Decimal(100), REQUIRE[number % 3], Decimal(2))
        for question in ("drugs_for_case", "blockade_of_signals_of_case"):
            expected = world.asked(question, case, chosen)
            text = library.load(question).bound(world.store, case=case, **words(chosen))
            assert [values(row) for row in graph.query(text)] == [list(row.values()) for row in expected]
            answered |= {case} if expected else set()
    assert answered == {"patient-0", "patient-1", "min-2020-group"}


def values(row: object) -> list[object]:
    """The cells of a row of rdflib, as kg.rows has them."""
    assert isinstance(row, ResultRow)
    return [cell.toPython() if isinstance(cell, RdflibLiteral) else local(str(cell)) for cell in row]
