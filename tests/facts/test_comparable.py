"""Comparable: the one rule of the package is the one of the oracle, and stands nowhere else."""

import ast
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kg.facts.comparable import why_not_comparable
from kg.facts.tables import Inhibitor, Potency
from kg.model.claims import DISPLACED
from kg.rdf.store import folder
from kg.sparql.graph import OpenGraph

REASONS = {
    "not verified",
    "statement on a drug that is not allosteric",
    "measure is Ki, not IC50",
    "measure is Kd, not IC50",
    "measure is fold selectivity, not IC50",
    "species is not stated",
    "species is mouse, not human",
    "species is dog, not human",
    "domain is JH2 and the drug is not allosteric",
    "domain is not JH2 and the drug is allosteric",
    "domain is JH2 of a kinase that is not the functional target",
}
KINASES = ("jak1", "jak2", "jak3", "tyk2")


def drug(mode: str) -> Inhibitor:
    target = "tyk2" if mode == "allosteric-jh2" else None
    about = {"id": "x", "label": "x", "mode": mode, "functional_target": target, "intended_species": "human"}
    return Inhibitor.model_validate({**about, "xrefs": "chembl.compound:CHEMBL1"})


@st.composite
def rows(draw: st.DrawFn) -> Potency:
    """Each way to fill a row of potency.tsv that a curator may write."""
    measure = draw(st.sampled_from(["IC50", "IC50", "Ki", "Kd", "fold selectivity", "functional statement"]))
    said = {"says": "spared"}
    fold = measure == "fold selectivity"
    value = {"relation": "=", "value": "15", "unit": "fold" if fold else "nM"}
    domains = ["JH1", "JH1/full-length", "JH2"]
    domain = draw(st.sampled_from([None, *domains] if measure == "functional statement" else domains))
    return Potency.model_validate(
        {
            "inhibitor": "x", "kinase": draw(st.sampled_from(KINASES)), "measure": measure, "domain": domain,
            "species": draw(st.sampled_from(["human", "human", "human", "mouse", "dog", "not stated"])),
            "status": draw(st.sampled_from(["verified", "verified", "unverified"])), "obtained_from": "y",
        } | (said if measure == "functional statement" else value)
    )  # fmt: skip


def by_the_oracle(row: Potency, inhibitor: Inhibitor) -> bool:
    low, high = row.interval()
    measured: oracle.Measurement = {
        "id": "x", "measure": row.measure, "relation": row.relation, "low": None if low is None else Fraction(low),
        "high": None if high is None else Fraction(high), "unit": row.unit, "domain": row.domain,
        "species": row.species, "verified": row.status == "verified", "spared": row.says == "spared", "derived": False,
    }  # fmt: skip
    target = inhibitor.functional_target
    about: oracle.Drug = {
        "name": "x", "allosteric": target is not None, "functional_target": target, "measurements": {},
        "group": "not approved", "species": "human",
    }  # fmt: skip
    return oracle.comparable(measured, about, row.kinase)


@given(rows(), st.sampled_from(["atp-competitive", "covalent", "unknown-binding", "allosteric-jh2"]))
def test_the_rule_is_that_of_the_oracle(row: Potency, mode: str) -> None:
    reason = why_not_comparable(row, drug(mode))
    assert (reason is None) == by_the_oracle(row, drug(mode))
    assert reason is None or reason in REASONS


def test_an_ic50_is_in_nanomolar() -> None:
    about = {"inhibitor": "x", "kinase": "jak1", "measure": "IC50", "relation": "=", "value": "1", "domain": "JH1"}
    with pytest.raises(ValidationError, match="any other measure in nM"):
        Potency.model_validate(about | {"unit": "fold", "species": "human", "status": "verified", "obtained_from": "y"})


def test_the_graph_says_of_each_measurement_whether_it_is_comparable(graph: OpenGraph) -> None:
    found = graph.rows("potency_of_inhibitors")
    assert all((row["notComparable"] is None) == row["comparable"] for row in found)
    assert {row["notComparable"] for row in found} - {None} <= REASONS | {DISPLACED}


def test_a_measured_value_with_a_finite_end_displaces_a_derived_bound(graph: OpenGraph) -> None:
    """At every threshold, so the graph says it once: the calculus and every question then read the same rows."""
    rows = graph.rows("potency_of_inhibitors")
    direct = {
        (row["inhibitor"], row["kinase"])
        for row in rows
        if row["comparable"] and not row["derived"] and not (row["low"] is None and row["high"] is None)
    }
    bounds = [row for row in rows if row["derived"]]
    assert {row["comparable"] for row in bounds} == {True, False}
    for row in bounds:
        displaced = (row["inhibitor"], row["kinase"]) in direct
        assert (row["notComparable"] == DISPLACED) == displaced, row["measurement"]


def constants(file: Path) -> Iterator[str]:
    yield from (
        node.value
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def test_the_rule_stands_in_one_place() -> None:
    """No code outside kg/facts and no question names the domain that makes a value comparable."""
    package = Path(__file__).parent.parent.parent / "kg"
    code = (file for file in package.rglob("*.py") if file.parent.name != "facts")
    assert not [file for file in code if {"JH1", "JH1/full-length"} & set(constants(file))]
    assert not [file.name for file in folder("queries").rglob("*.rq") if "JH1" in file.read_text()]
