"""The blockade calculus against a second, brute-force implementation, on generated and on the real facts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import brute_force as naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.answers import ranking
from kg.calculus import blockade as m
from kg.facts import dataset
from kg.profiles import profile
from kg.sparql.graph import OpenGraph

KINASES = ("jak1", "jak2", "jak3", "tyk2")
REQUIRE: tuple[m.Require, ...] = ("share", "any", "all")
DIRECTIONS: tuple[m.Direction, ...] = ("raised", "lowered", "unchanged")


def to_naive(row: m.Measurement) -> naive.Measurement:
    return {
        "measure": row.measure,
        "relation": row.relation,
        "low": None if row.low is None else f"{row.low.normalize():f}",
        "high": None if row.high is None else f"{row.high.normalize():f}",
        "unit": row.unit,
        "domain": row.domain,
        "species": row.species,
        "verified": row.verified,
        "statement": "spared" if row.spared else None,
    }


def naive_drug(drug: m.Drug) -> naive.Drug:
    return {
        "name": drug.id,
        "allosteric": drug.functional_target is not None,
        "functional_target": drug.functional_target,
        "measurements": {kinase: [to_naive(row) for row in rows] for kinase, rows in drug.measurements.items()},
    }


def naive_entry(signal: profile.Signal) -> naive.Entry:
    return {
        "cytokine": signal.cytokine,
        "ratio": None if signal.ratio is None else str(signal.ratio),
        "direction": signal.reported,
        "jak": "yes" if signal.counts else "no",
    }


# --- generated patients and mechanisms --------------------------------------------------------------------------------

ends = st.sampled_from([Decimal(text) for text in ("0.2", "5", "30", "99.9", "100", "100.1", "400", "10000")])


@st.composite
def measurements(draw: st.DrawFn) -> m.Measurement:
    if draw(st.integers(0, 9)) == 0:
        return m.Measurement(
            id="x", measure="functional statement", relation=None, low=None, high=None, unit=None, domain=None,
            species="human", comparable=False, verified=draw(st.integers(0, 9)) > 0, spared=True,
        )  # fmt: skip
    low, high = sorted((draw(ends), draw(ends)))
    relation = draw(st.sampled_from(("=", "=", "=", "<", "<=", ">", ">=", "range", "no number")))
    if relation == "=":
        high = low
    closed = {"<": (None, high), "<=": (None, high), ">": (low, None), ">=": (low, None), "no number": (None, None)}
    bottom, top = closed.get(relation, (low, high))
    sign = {"range": "=", "no number": "<"}.get(relation, relation)
    return m.Measurement(
        id="x",
        measure=draw(st.sampled_from(("IC50", "IC50", "IC50", "IC50", "Ki", "Kd"))),
        relation=sign,
        low=bottom,
        high=top,
        unit=draw(st.sampled_from(("nM", "nM", "nM", "fold"))),
        domain=draw(st.sampled_from(("JH1", "JH1/full-length", "JH2"))),
        species=draw(st.sampled_from(("human", "human", "human", "not stated"))),
        comparable=False,
        verified=draw(st.integers(0, 9)) > 0,
    )


def judged(drug: m.Drug) -> m.Drug:
    """The drug with each measurement comparable or not, by the rule of the oracle on its fields."""
    about = naive_drug(drug)
    return replace(
        drug,
        measurements={
            kinase: [replace(row, comparable=naive.comparable(to_naive(row), about, kinase)) for row in rows]
            for kinase, rows in drug.measurements.items()
        },
    )


@st.composite
def drugs(draw: st.DrawFn) -> list[m.Drug]:
    tables = draw(
        st.lists(
            st.dictionaries(st.sampled_from(KINASES), st.lists(measurements(), max_size=3)), min_size=1, max_size=4
        )
    )
    targets = [draw(st.sampled_from((None, None, None, "tyk2", "jak1"))) for _ in tables]
    return [
        judged(m.Drug(f"drug-{i}", table, target))
        for i, (table, target) in enumerate(zip(tables, targets, strict=True))
    ]


routes = st.lists(st.lists(st.sampled_from(KINASES), unique=True, max_size=4), max_size=3)


@st.composite
def patients(draw: st.DrawFn) -> tuple[list[profile.Signal], dict[str, tuple[m.Route, ...]]]:
    names = draw(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1, max_size=5))
    signals, table = [], {}
    for name in names:
        ratio = draw(st.none() | st.decimals(min_value="0.01", max_value="200", places=2))
        reported = draw(st.sampled_from(DIRECTIONS))
        jak = draw(st.sampled_from(("yes", "yes", "yes", "no", "unknown", "part")))
        signals.append(profile.Signal(name, name, name, ratio, reported, jak))
        table[name] = tuple(m.Route(f"{name}-{i}", tuple(needs)) for i, needs in enumerate(draw(routes)))
    return signals, table


@settings(max_examples=1500, deadline=None)
@given(
    drugs(), patients(), ends, st.sampled_from(REQUIRE), st.sampled_from([Decimal(t) for t in ("1.1", "1.5", "2", "4")])
)
def test_generated(
    table: list[m.Drug],
    patient: tuple[list[profile.Signal], dict[str, tuple[m.Route, ...]]],
    threshold: Decimal,
    require: m.Require,
    raised: Decimal,
) -> None:
    signals, routes_of = patient
    compare(table, signals, routes_of, ranking.Settings(threshold, require, raised))


def compare(
    table: Sequence[m.Drug],
    signals: Sequence[profile.Signal],
    routes_of: Mapping[str, tuple[m.Route, ...]],
    chosen: ranking.Settings,
) -> None:
    oracle = [naive_drug(drug) for drug in table]
    threshold = str(chosen.threshold)
    for drug, other in zip(table, oracle, strict=True):
        for kinase in KINASES:
            found = m.hit(drug, kinase, threshold=chosen.threshold)
            assert (found.value, found.why) == naive.hit(other, kinase, threshold)
    entries = [naive_entry(signal) for signal in signals]
    for signal, entry in zip(signals, entries, strict=True):
        assert signal.direction(chosen.raised) == naive.direction(entry, str(chosen.raised))
    counted = [s for s in signals if s.counts and s.direction(chosen.raised) == "raised"]
    rows = ranking.rank(table, counted, m.Mechanism({}, routes_of), chosen)
    needs = {name: [list(route.needs) for route in found] for name, found in routes_of.items()}
    expected = {
        other["name"]: naive.score(other, entries, needs, threshold, chosen.require, str(chosen.raised))
        for other in oracle
    }
    assert {row.drug.id for row in rows} == {name for name, score in expected.items() if score is not None}
    for row in rows:
        assert row.score == pytest.approx(expected[row.drug.id], abs=1e-9)
        other = next(o for o in oracle if o["name"] == row.drug.id)
        for part in row.parts:
            interval = naive.blockade(other, needs[part.signal.cytokine], threshold, chosen.require)
            assert part.blockade == pytest.approx([float(end) for end in interval], abs=1e-9)
            assert part.verdict == naive.verdict(interval)
        total = sum(part.weight for part in row.parts)
        for end in (0, 1):
            summed = sum(part.weight * part.blockade[end] for part in row.parts) / total
            assert summed == pytest.approx(row.score[end], abs=1e-9)
    ranked = naive.rank(oracle, entries, needs, threshold, chosen.require, str(chosen.raised))
    keys = {name: (round(low, 9), round(high, 9)) for name, low, high in ranked}
    assert [keys[row.drug.id] for row in rows] == [keys[name] for name, _, _ in ranked]


# --- the real facts, read by the tests from the tables themselves -----------------------------------------------------


def tables_of_facts(ontology: Path) -> tuple[list[m.Drug], dict[str, tuple[m.Route, ...]]]:
    """The same tables as the graph gives, from the rows of the facts by plain loops."""
    found = dataset.read(ontology / "facts")
    rows: dict[str, dict[str, list[m.Measurement]]] = {}
    for p in found.potency:
        low, high = p.interval()
        row = m.Measurement(
            id="x", measure=p.measure, relation=p.relation, low=low, high=high, unit=p.unit, domain=p.domain,
            species=p.species, comparable=False, verified=p.status == "verified", spared=p.says == "spared",
        )  # fmt: skip
        rows.setdefault(p.inhibitor, {}).setdefault(p.kinase, []).append(row)
    drugs_of = [judged(m.Drug(d.id, rows.get(d.id, {}), d.functional_target)) for d in found.inhibitors]
    evidence: dict[tuple[str, str, str], set[str]] = {}
    for c in (*found.claims, *(s for report in found.cases for s in report.statement)):
        evidence.setdefault((c.relation, c.about, c.object), set()).add(c.stance)
    decided = {(d.relation, d.about, d.object): d.accept for d in found.decisions}
    accepted = {
        claim
        for claim, stances in evidence.items()
        if decided.get(claim, "yes" if "supports" in stances and "refutes" not in stances else "no") == "yes"
    }
    routes_of = {}
    for ligand in found.ligands:
        receptors = sorted(o for relation, about, o in accepted if (relation, about) == ("binds-receptor", ligand.id))
        routes_of[ligand.id] = tuple(
            m.Route(receptor, tuple(sorted(o for r, about, o in accepted if (r, about) == ("needs", receptor))))
            for receptor in receptors
        )
    return drugs_of, routes_of


def fields(rows: Sequence[m.Measurement]) -> list[str]:
    return sorted(repr((to_naive(row), row.comparable)) for row in rows)


def test_graph_gives_the_tables_of_the_facts(graph: OpenGraph, ontology: Path) -> None:
    drugs_of, routes_of = tables_of_facts(ontology)
    table = graph.mechanism
    assert table.routes == {name: found for name, found in routes_of.items() if found}
    for drug in drugs_of:
        ours = table.drugs[drug.id]
        assert ours.functional_target == drug.functional_target
        assert ours.measurements.keys() == drug.measurements.keys()
        for kinase, rows in drug.measurements.items():
            assert fields(ours.measurements[kinase]) == fields(rows)


@pytest.mark.parametrize("require", REQUIRE)
@pytest.mark.parametrize("threshold", ["10", "100", "500"])
def test_shipped_cases(graph: OpenGraph, ontology: Path, require: m.Require, threshold: str) -> None:
    drugs_of, routes_of = tables_of_facts(ontology)
    for case in ("khurana-2025-1", "min-2020-group", "wang-2021-group"):
        signals = profile.of_case(graph, case).signals
        compare(drugs_of, signals, routes_of, ranking.Settings(Decimal(threshold), require))


def test_every_cytokine_raised_alone(ontology: Path) -> None:
    drugs_of, routes_of = tables_of_facts(ontology)
    for name in routes_of:
        signal = profile.Signal(name, name, name, Decimal(3), None, "unknown")
        compare(drugs_of, [signal], routes_of, ranking.Settings())
