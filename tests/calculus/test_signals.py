"""What counts as raised, and how much it weighs, against the oracle; complexes from their parts."""

from decimal import Decimal
from fractions import Fraction

import oracle
import pytest
import worlds
from hypothesis import given
from hypothesis import strategies as st

from kg.calculus import FDR, RAISED, Reported, near, signals, weight
from kg.calculus.signals import Measured, from_parts

ratios = st.sampled_from(worlds.RATIOS) | st.decimals("0.001", "1000", places=3)
cut_offs = st.sampled_from([Decimal(text) for text in ("1.1", "1.5", "2", "4")])
reports: st.SearchStrategy[Reported] = st.sampled_from(("raised", "lowered", "unchanged"))
qs = st.none() | st.sampled_from(worlds.Q)


@given(st.none() | ratios, reports, qs, cut_offs, st.sampled_from(worlds.Q))
def test_direction(ratio: Decimal | None, reported: Reported, q: Decimal | None, raised: Decimal, fdr: Decimal) -> None:
    chosen = oracle.Settings(raised=Fraction(raised), fdr=Fraction(fdr))
    stated = oracle.significant(worlds.exact(q), chosen)
    entry: oracle.Entry = {
        "cytokine": "a", "ratio": worlds.exact(ratio), "direction": reported, "significant": stated, "jak": "yes"
    }  # fmt: skip
    found = Measured(ratio, reported, q)
    assert found.direction(raised=raised, fdr=fdr) == oracle.direction(entry, chosen)
    assert found.significant(fdr=fdr) is stated


@given(ratios, cut_offs)
def test_near_and_weight(ratio: Decimal, raised: Decimal) -> None:
    assert near(ratio, raised=raised) == oracle.near(Fraction(ratio), oracle.Settings(raised=Fraction(raised)))
    assert weight(ratio) == pytest.approx(oracle.weight(Fraction(ratio)), abs=1e-12)


@pytest.mark.parametrize(("ratio", "expected"), [("1.2", True), ("1.875", True), ("1.199", False), ("1.876", False)])
def test_near_is_within_a_quarter_on_either_side(ratio: str, expected: bool) -> None:
    assert near(Decimal(ratio)) is expected
    assert oracle.near(Fraction(ratio), oracle.Settings()) is expected


def test_without_a_number() -> None:
    assert weight(None) == oracle.weight(None) == 1
    assert not near(None)
    assert not oracle.near(None, oracle.Settings())


def test_the_defaults_are_those_of_the_text() -> None:
    assert (Fraction(RAISED), Fraction(FDR)) == (oracle.Settings().raised, oracle.Settings().fdr)


@given(st.dictionaries(st.sampled_from("ghpqr"), st.tuples(st.none() | ratios, reports, qs)), st.sampled_from(worlds.Q))
def test_complexes_from_parts(values: dict[str, tuple[Decimal | None, Reported, Decimal | None]], fdr: Decimal) -> None:
    chosen = oracle.Settings(fdr=Fraction(fdr))
    patient = {name: Measured(*value) for name, value in values.items()}
    entries: list[oracle.Entry] = [
        {
            "cytokine": name, "ratio": worlds.exact(one.ratio), "direction": one.reported, "jak": "yes",
            "significant": oracle.significant(worlds.exact(one.q), chosen),
        }
        for name, one in patient.items()
    ]  # fmt: skip
    expected = {one["cytokine"]: one for one in oracle.with_complexes(entries, worlds.PARTS)[len(entries) :]}
    found = dict(from_parts(worlds.PARTS, patient))
    assert list(found) == sorted(expected)
    for name, one in found.items():
        assert (worlds.exact(one.ratio), one.significant(fdr=fdr), one.parts) == (
            expected[name]["ratio"], expected[name]["significant"], worlds.PARTS[name]
        )  # fmt: skip
        assert one.reported is None


def test_one_part_serves_two_complexes() -> None:
    parts = {"q": Measured(Decimal(3)), "p": Measured(Decimal(2)), "r": Measured(Decimal(5))}
    assert {name: one.ratio for name, one in from_parts(worlds.PARTS, parts)} == {"g": Decimal(2), "h": Decimal(3)}


def test_a_direction_that_nobody_reported() -> None:
    with pytest.raises(KeyError):
        signals.direction(None, None)
