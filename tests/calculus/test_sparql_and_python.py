"""The blockade calculus in SPARQL and in Python: the same rows on every shipped case and on generated patients.

The generated patients stand in a copy of the shipped graph with invented drugs and cytokines, so that what no shipped
fact has yet is compared too: needs that are not settled, several counted uses, derived bounds, stated significance.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store
from rdflib import Graph
from rdflib import Literal as RdflibLiteral
from rdflib.query import ResultRow

from kg.calculus import ranking
from kg.calculus.blockade import Require
from kg.calculus.mechanism import Mechanism, Settings
from kg.model.errors import Problems
from kg.model.vocabulary import PREFIXES, jak, local, thing
from kg.profiles import profile
from kg.sparql import library
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import XSD, Rows

MANY = 150
EVERY = 1_000
"""More cytokines than there are."""
QUESTIONS = ("drugs_for_case", "blockade_of_signals_of_case", "collateral_for_case", "signals_left_by_inhibitor")
DISPLACE = f"""
PREFIX jak: <{PREFIXES["jak"]}>
DELETE {{ ?bound jak:comparable true ; jak:countsWithDerived "yes" }} INSERT {{ ?bound jak:comparable false }} WHERE {{
  ?bound jak:derived true ; jak:comparable true ; jak:ofInhibitor ?drug ; jak:onKinase ?kinase .
  ?value jak:derived false ; jak:comparable true ; jak:ofInhibitor ?drug ; jak:onKinase ?kinase ; jak:low|jak:high [] .
}}
"""
"""What the builder does with a derived bound that a direct value displaces."""
Cells = tuple[object, ...]
Answer = dict[Cells, tuple[float | str | int | None, ...]]
"""What a row is about -> its other cells."""


@dataclass(frozen=True)
class World:
    """A store, and the calculus in Python on what it has."""

    store: Store

    @cached_property
    def graph(self) -> OpenGraph:
        return OpenGraph(self.store)

    @cached_property
    def mechanism(self) -> Mechanism:
        return self.graph.mechanism

    @cached_property
    def signals(self) -> Mapping[str, str]:
        """Cytokine -> node of its signal."""
        found = self.store.query(f"SELECT ?cytokine ?signal {{ ?cytokine <{jak.givesSignal}> ?signal }}")
        return {local(row["cytokine"].value): local(row["signal"].value) for row in found}  # type: ignore[union-attr]

    def asked(self, question: str, case: str, chosen: Settings, **more: str) -> Rows:
        return library.load(question).rows(self.store, case=case, **words(chosen), **more)

    def compare(self, case: str, chosen: Settings, inhibitor: str) -> int:
        """Hold the answers to the four questions against Python; return how many drugs were ranked."""
        measured = profile.of_case(self.graph, case).signals
        weights = {one.cytokine: one.weight(chosen) or 0.0 for one in measured if one.is_raised(chosen)}
        people = [drug for drug in self.mechanism.drugs.values() if drug.intended_species == "human"]
        rows = ranking.rank(self.mechanism, weights, chosen, drugs=people)

        same(
            {(row["drug"],): (row["group"], row["low"], row["high"], row["blocked"])
             for row in self.asked("drugs_for_case", case, chosen)},
            {(row.drug.id,): (row.drug.group, *row.score, row.blocked) for row in rows},
        )  # fmt: skip

        parts: Answer = {
            (row.drug.id, self.signals[part.raised.heaviest]): (part.raised.weight, *part.blockade, part.verdict)
            for row in rows
            for part in row.parts
        }
        same(
            {(row["drug"], row["signal"]): (row["weight"], row["low"], row["high"], row["verdict"])
             for row in self.asked("blockade_of_signals_of_case", case, chosen)},
            parts,
        )  # fmt: skip

        table = self.mechanism.table(chosen)
        rest = ranking.not_raised(self.mechanism, ranking.raised_signals(self.mechanism, weights))
        expected: Answer = {}
        for drug in people if rest else ():
            found = ranking.collateral(table[drug.id], rest)
            expected[drug.id,] = (*(found.score or ()), found.blocked, found.of)
        same(
            {(row["drug"],): (row["low"], row["high"], row["blocked"], row["of"])
             for row in self.asked("collateral_for_case", case, chosen)},
            expected,
        )  # fmt: skip

        systemic = [drug.id for drug in people if drug.group == "systemic"]
        left: Answer = {}
        for (drug_id, signal), (_, low, high, verdict) in parts.items():
            if drug_id == inhibitor and verdict != "blocked":
                covering = [other for other in systemic if parts[other, signal][3] == "blocked"]
                left |= dict.fromkeys(((signal, other) for other in covering or (None,)), (low, high, verdict))
        same(
            {(row["signal"], row["drug"]): (row["low"], row["high"], row["verdict"])
             for row in self.asked("signals_left_by_inhibitor", case, chosen, inhibitor=inhibitor)},
            left,
        )  # fmt: skip
        return len(rows)


def words(chosen: Settings) -> dict[str, str]:
    return {
        "threshold": f"{chosen.threshold:f}", "require": chosen.require, "raised": f"{chosen.raised:f}",
        "fdr": f"{chosen.fdr:f}", "derived": "yes" if chosen.derived else "no",
    }  # fmt: skip


def same(found: Answer, expected: Answer) -> None:
    assert found.keys() == expected.keys()
    for about, cells in expected.items():
        for ours, theirs in zip(found[about], cells, strict=True):
            assert ours == (pytest.approx(theirs, abs=1e-9) if isinstance(theirs, float) else theirs), about


# --- what is invented -------------------------------------------------------------------------------------------------


def add(store: Store, name: str, *kinds: str, **values: object) -> None:
    """Add a node with its properties, each a Decimal, a boolean, an IRI, a text, a list of them, or None."""
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
    """Add cytokines whose routes or needs are not settled, one with uses, and drugs with measurements of every kind."""
    for name, needs, uses in (
        ("open-receptor", [], []), ("settled-receptor", ["jak1", "jak3", "tyk2"], []),
        ("used-receptor", ["jak1"], ["jak2", "tyk2"]), ("only-used-receptor", [], ["jak2"]),
    ):  # fmt: skip
        add(store, name, "ReceptorComplex", needsKinase=[thing(k) for k in needs], countedUse=[thing(k) for k in uses])
    routes = {
        "open-cytokine": ["open-receptor"], "half-open-cytokine": ["open-receptor", "settled-receptor"],
        "routeless-cytokine": [], "only-used-cytokine": ["only-used-receptor"],
        "used-cytokine": ["settled-receptor", "used-receptor"], "twin-cytokine": ["settled-receptor", "used-receptor"],
        "made-of-parts": ["used-receptor"],
    }  # fmt: skip
    needed = {"settled-receptor", "used-receptor"}
    for name, receptors in routes.items():
        dependent, signal = bool(needed & {*receptors}), "used-cytokine" if name == "twin-cytokine" else name
        add(store, f"signal-{signal}", "Signal", jakDependent=dependent)
        add(store, name, "Ligand", throughJak="yes" if dependent else "unknown", givesSignal=thing("signal", signal),
            bindsReceptor=[thing(receptor) for receptor in receptors])  # fmt: skip
    add(store, "a-part", "Ligand", throughJak="part")
    add(store, "made-of-parts", hasPart=[thing("a-part"), thing("il12b")])
    for number in range(14):
        drug = f"invented-{number}"
        add(store, drug, "Inhibitor", bindingMode=jak.AtpCompetitive, intendedSpecies="dog" if number == 0 else "human",
            group=rng.choice(("systemic", "topical", "not approved")))  # fmt: skip
        for row in range(rng.randrange(14)):
            measured(store, f"{drug}-{row}", drug, rng)
    store.update(DISPLACE)


def measured(store: Store, name: str, drug: str, rng: random.Random) -> None:
    comparable = rng.randrange(6) > 0
    about = {
        "ofInhibitor": thing(drug), "onKinase": thing(rng.choice(("jak1", "jak2", "jak3", "tyk2"))),
        "verification": jak.Verified, "species": "human", "comparable": comparable,
    }  # fmt: skip
    both = ["yes", "no"] if comparable else None
    if rng.randrange(8) == 0:
        add(store, name, "PotencyMeasurement", measure="functional statement", statement="spared", derived=False,
            countsWithDerived=both, **about)  # fmt: skip
        return
    low, high = sorted(Decimal(rng.choice(("0.2", "5", "10", "99.9", "100", "100.1", "400", "1000"))) for _ in "ab")
    relation = rng.choice(("=", "=", "=", "range", "<", "<=", ">", ">=", "no number"))
    bounds = {"=": (low, low), "range": (low, high), "<": (None, high), "<=": (None, high), "no number": (None, None)}
    bottom, top = bounds.get(relation, (low, None))
    derived = rng.randrange(3) == 0
    add(store, name, "PotencyMeasurement", measure="IC50", low=bottom, high=top, domain="JH1",
        relation={"range": "=", "no number": "<"}.get(relation, relation), unit=f"{PREFIXES['obo']}UO_0000065",
        derived=derived, countsWithDerived=both and (["yes"] if derived else both), **about)  # fmt: skip


def invent_patient(store: Store, case: str, cytokines: Iterable[str], rng: random.Random, *comparators: str) -> None:
    """Add a case that has everything that kg.profiles reads."""
    only_directions, stated = rng.randrange(4) == 0, rng.randrange(3) > 0
    add(store, case, "Case")
    for number, cytokine in enumerate(cytokines):
        ratio = None if only_directions or rng.randrange(8) == 0 else invented_ratio(rng)
        called = ratio is None or rng.randrange(3) == 0
        name = f"{case}-{cytokine}"
        add(store, case, hasMeasurement=thing(name))
        add(
            store, name, "Measurement", ofLigand=thing(cytokine), ratio=ratio, tissue="skin", analyte="mRNA",
            reportedDirection=rng.choice((jak.Raised, jak.Raised, jak.Lowered, jak.Unchanged)) if called else None,
            adjustedP=Decimal(rng.choice(("0.001", "0.05", "0.0501", "0.2"))) if stated and rng.randrange(3) else None,
            comparator=thing(comparators[number % len(comparators)]), sampleCount="1", quote="x", locator="x",
        )  # fmt: skip
        source = NamedNode(PREFIXES["dcterms"] + "source")
        store.add(Quad(NamedNode(thing(name)), source, NamedNode(thing("ref-khurana-2025"))))


def invented_ratio(rng: random.Random) -> Decimal:
    if rng.randrange(6) == 0:
        return Decimal(rng.choice(("0.5", "0.96", "1", "1.4", "1.5", "2", "2.8", "63.99", "64", "44.8", "15600")))
    return Decimal(f"{10 ** rng.uniform(-2, 3):.{rng.randint(1, 6)}f}").max(Decimal("0.01"))


def invent(store: Store, sizes: Sequence[int]) -> World:
    """Return a copy of a graph with invented drugs, cytokines, and patients with so many measured cytokines."""
    rng = random.Random(20251123)
    copy = Store()
    copy.bulk_extend(store)
    invent_mechanism(copy, rng)
    names = sorted({row["thing"] for row in library.ask(copy, "names_of_cytokines") if row["kind"] == "Ligand"})
    parts = sorted({"il12", "il23", "made-of-parts"} | {"a-part", "il12a", "il12b", "il23a"})
    for number, size in enumerate(sizes):
        chosen = rng.sample(names, min(size, len(names)))
        if number % 3 == 0:  # complexes from their parts, and some measured themselves
            chosen = list(dict.fromkeys([*chosen, *rng.sample(parts, rng.randint(2, len(parts)))]))
        invent_patient(copy, f"patient-{number}", chosen, rng, "own-uninvolved-skin")
    invent_patient(copy, "two-comparators", ["il4", "il21"], rng, "own-uninvolved-skin", "healthy-control-skin")
    return World(copy)


def settings_of(world: World, rng: random.Random) -> Settings:
    """Settings whose threshold is often one of the measured values, so that the edges are met."""
    drugs = world.mechanism.drugs.values()
    ends = sorted({end for drug in drugs for rows in drug.measurements.values() for row in rows for end in row.ends})
    return Settings(
        threshold=rng.choice((Decimal(10), Decimal(100), Decimal(1000), rng.choice(ends))),
        require=rng.choice(("share", "any", "all")), raised=Decimal(rng.choice(("1.1", "1.5", "1.5", "2", "4"))),
        fdr=Decimal(rng.choice(("0.01", "0.05", "0.1"))), derived=rng.randrange(3) > 0,
    )  # fmt: skip


# --- the comparison ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "require", ["share", *(pytest.param(word, marks=pytest.mark.conformance) for word in ("any", "all"))]
)
def test_every_shipped_case(store: Store, require: Require) -> None:
    world = World(store)
    ranked = 0
    for case in library.instances(store, "jak:Case"):
        for threshold in (Decimal(50), Decimal(1000)):
            ranked += world.compare(case, Settings(threshold=threshold, require=require), "baricitinib")
    assert ranked > 100


def compared(world: World, patients: int) -> None:
    rng = random.Random(1)
    people = sorted(drug.id for drug in world.mechanism.drugs.values() if drug.intended_species == "human")
    ranked = 0
    for number in range(patients):
        ranked += world.compare(f"patient-{number}", settings_of(world, rng), rng.choice(people)) > 0
    assert ranked > patients / 2


def test_generated_patients(store: Store) -> None:
    compared(invent(store, [EVERY, *(3 + number % 7 for number in range(19))]), 20)


@pytest.mark.conformance
def test_many_generated_patients(store: Store) -> None:
    compared(invent(store, [EVERY if number % 100 == 0 else 1 + number % 12 for number in range(MANY)]), MANY)


def test_the_raised_cytokines_of_generated_patients(store: Store) -> None:
    world = invent(store, [EVERY, *(number % 7 for number in range(99))])
    for fdr in ("0.01", "0.1"):
        chosen = Settings(fdr=Decimal(fdr), raised=Decimal("1.1"))
        text = library.load("raised_signals_as_rdf").bound(world.store, fdr=fdr, raised="1.1")
        found = [(local(one.subject.value), local(one.object.value)) for one in world.store.query(text)]  # type: ignore[union-attr]
        for number in range(100):
            case = f"patient-{number}"
            of_python = {
                one.cytokine for one in profile.of_case(world.graph, case).signals if one.direction(chosen) == "raised"
            }
            assert {cytokine for one, cytokine in found if one == case} == of_python


def test_the_logarithm_of_sparql(store: Store) -> None:
    world = invent(store, [])
    ratios = [Decimal(f"{1.001 * 1.0083**step:.9f}") for step in range(500)]
    names = [name for name in sorted(world.signals) if world.mechanism.signal(name).cytokines == (name,)]
    worst = 0.0
    for start in range(0, len(ratios), len(names)):
        case, here = f"log-{start}", dict(zip(names, ratios[start:], strict=False))
        add(world.store, case, "Case", hasMeasurement=[thing(f"{case}-{name}") for name in here])
        for name, ratio in here.items():
            about = {"ofLigand": thing(name), "ratio": ratio, "comparator": thing("own-uninvolved-skin")}
            add(world.store, f"{case}-{name}", **about)
        asked = library.load("blockade_of_signals_of_case").rows(world.store, case=case, raised="1.0001")
        found = {row["signal"]: row["weight"] for row in asked}
        expected = {world.signals[name]: ranking.raised_signals(world.mechanism, {name: 1.0}) for name in here}
        assert found.keys() == expected.keys()
        for name, ratio in here.items():
            worst = max(worst, abs(found[world.signals[name]] - min(float(ratio.ln() / Decimal(2).ln()), 6.0)))
    assert worst < 1e-9


def test_measurements_against_different_comparators_are_not_combined(store: Store) -> None:
    world = invent(store, [])
    with pytest.raises(Problems, match="different comparators"):
        profile.of_case(world.graph, "two-comparators")
    for question in QUESTIONS:
        more = {"inhibitor": "baricitinib"} if question == "signals_left_by_inhibitor" else {}
        assert world.asked(question, "two-comparators", Settings(), **more) == []


@pytest.mark.conformance
def test_rdflib_agrees(store: Store) -> None:
    world = invent(store, (6, 10))
    data = world.store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    graph = Graph().parse(data=data, format="nt")
    for case in ("patient-0", "patient-1", "two-comparators"):
        for question in QUESTIONS:
            more = {"inhibitor": "baricitinib"} if question == "signals_left_by_inhibitor" else {}
            expected = [list(row.values()) for row in world.asked(question, case, Settings(), **more)]
            text = library.load(question).bound(world.store, case=case, **more)
            assert [values(row) for row in graph.query(text)] == expected, question


def values(row: object) -> list[object]:
    """The cells of a row of rdflib, as kg.sparql.rows has them."""
    assert isinstance(row, ResultRow)
    return [cell.toPython() if isinstance(cell, RdflibLiteral) else cell and local(str(cell)) for cell in row]
