"""A second, deliberately naive implementation of the blockade calculus: the oracle the real one is compared with.

Written from section 5 of the design alone, without a look at the package. It takes plain dicts and lists and works by
enumeration: a measurement is the set of true values it allows, tried point by point; the interval of a blockade is
found by trying every assignment of the unknown kinases to yes and to no. Only the logarithm of a weight is inexact.

Where the rules are silent this oracle chose (each choice is marked with CHOICE below).
"""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypedDict

Number = int | float | str | Decimal | Fraction
Interval = tuple[Fraction, Fraction]
Routes = Sequence[Sequence[str]]
Mechanism = Mapping[str, Routes]

ZERO = Fraction(0)
ONE = Fraction(1)


class Measurement(TypedDict):
    """One printed number (or statement) about one drug and one kinase."""

    measure: str
    relation: str | None
    low: str | None
    high: str | None
    unit: str | None
    domain: str | None
    species: str
    verified: bool
    statement: str | None


class Drug(TypedDict):
    """A drug with its measurements by kinase."""

    name: str
    allosteric: bool
    functional_target: str | None
    measurements: Mapping[str, Sequence[Measurement]]


class Entry(TypedDict):
    """One cytokine of one patient."""

    cytokine: str
    ratio: str | None
    direction: str | None
    jak: str


Patient = Sequence[Entry]


def exact(number: Number) -> Fraction:
    """The number as it is written, exactly (the float 0.1 is one tenth)."""
    return Fraction(str(number))


def end(text: str | None) -> Fraction:
    """A closed end that the relation demands."""
    if text is None:
        raise ValueError("the relation needs an end that is missing")
    return exact(text)


def allows(measurement: Measurement, value: Fraction) -> bool:
    """Whether the true value may be this one, given what was printed."""
    relation, low, high = measurement["relation"], measurement["low"], measurement["high"]
    if value < 0:
        return False
    if low is None and high is None:
        return True
    if relation == "=":
        return end(low) <= value <= end(high)
    if relation == "<":
        return value < end(high)
    if relation == "<=":
        return value <= end(high)
    if relation == ">":
        return value > end(low)
    if relation == ">=":
        return value >= end(low)
    raise ValueError(f"a number with the relation {relation!r}")


def possible_values(measurement: Measurement, threshold: Fraction) -> list[Fraction]:
    """Enough possible true values: every end, the threshold, a point inside each gap, a point beyond them all."""
    points = {ZERO, threshold}
    for text in (measurement["low"], measurement["high"]):
        if text is not None:
            points.add(exact(text))
    ordered = sorted(points)
    between = [(left + right) / 2 for left, right in itertools.pairwise(ordered)]
    values = [value for value in [*ordered, *between, ordered[-1] + 1] if allows(measurement, value)]
    if not values:
        raise ValueError(f"no true value is possible: {measurement}")
    return values


def is_spared(measurement: Measurement) -> bool:
    """Whether it is a functional statement that the kinase is spared (CHOICE: whatever its species is)."""
    return measurement["measure"] == "functional statement" and measurement["statement"] == "spared"


def comparable(measurement: Measurement, drug: Drug, kinase: str) -> bool:
    """Whether the measurement counts at all for this drug and this kinase."""
    if drug["allosteric"] and is_spared(measurement):
        return measurement["verified"]
    if measurement["measure"] != "IC50" or measurement["unit"] != "nM":
        return False
    if measurement["species"] != "human" or not measurement["verified"]:
        return False
    if drug["allosteric"]:
        return measurement["domain"] == "JH2" and kinase == drug["functional_target"]
    return measurement["domain"] in ("JH1", "JH1/full-length")


def says(measurement: Measurement, drug: Drug, kinase: str, threshold: Number) -> str | None:
    """What one measurement says: yes, no, neither; None if it is not comparable."""
    if not comparable(measurement, drug, kinase):
        return None
    if is_spared(measurement):
        return "no"
    limit = exact(threshold)
    values = possible_values(measurement, limit)
    if all(value <= limit for value in values):
        return "yes"
    if all(value > limit for value in values):
        return "no"
    return "neither"


def hit(drug: Drug, kinase: str, threshold: Number) -> tuple[str, str]:
    """Whether the drug hits the kinase (yes, no, unknown), and why."""
    answers: list[str] = []
    for measurement in drug["measurements"].get(kinase, []):
        answer = says(measurement, drug, kinase, threshold)
        if answer is not None:
            answers.append(answer)
    if not answers:
        return "unknown", "not measured"
    if answers.count("yes") > 0 and answers.count("no") > 0:
        return "unknown", "disagree"
    if answers.count("yes") > 0:
        return "yes", "agree"
    if answers.count("no") > 0:
        return "no", "agree"
    return "unknown", "undecided"


def route_value(needed: Iterable[str], hits: Mapping[str, bool], require: str) -> Fraction:
    """The blockade of one route when every hit is known (CHOICE: a kinase listed twice is one kinase)."""
    kinases = set(needed)
    count = 0
    for kinase in kinases:
        if hits[kinase]:
            count += 1
    if require == "share":
        return Fraction(count, len(kinases))
    if require == "any":
        return ONE if count > 0 else ZERO
    if require == "all":
        return ONE if count == len(kinases) else ZERO
    raise ValueError(f"require is share, any or all, not {require!r}")


def blockade(drug: Drug, routes: Routes, threshold: Number, require: str) -> Interval:
    """The least and the greatest blockade of a cytokine over all assignments of what is unknown.

    CHOICE: a route with no needed kinase is itself anything from 0 to 1, and enters the mean over the routes so.
    """
    if require not in ("share", "any", "all"):
        raise ValueError(f"require is share, any or all, not {require!r}")
    if not routes:
        return ZERO, ONE
    known: dict[str, bool] = {}
    unknown: list[str] = []
    for kinase in sorted({kinase for needed in routes for kinase in needed}):
        answer, _ = hit(drug, kinase, threshold)
        if answer == "unknown":
            unknown.append(kinase)
        else:
            known[kinase] = answer == "yes"
    empty = [number for number, needed in enumerate(routes) if not needed]
    results: list[Fraction] = []
    for guess in itertools.product((False, True), repeat=len(unknown)):
        hits = {**known, **dict(zip(unknown, guess, strict=True))}
        for empty_guess in itertools.product((ZERO, ONE), repeat=len(empty)):
            values = dict(zip(empty, empty_guess, strict=True))
            for number, needed in enumerate(routes):
                if needed:
                    values[number] = route_value(needed, hits, require)
            results.append(sum(values.values(), ZERO) / len(routes))
    return min(results), max(results)


def verdict(interval: tuple[Number, Number]) -> str:
    """The word for the blockade of a cytokine."""
    lo, hi = exact(interval[0]), exact(interval[1])
    if lo == 1:
        return "blocked"
    if hi == 0:
        return "not blocked"
    if 0 < lo < 1:
        return "partly"
    return "unknown"


def direction(entry: Entry, raised: Number) -> str:
    """Raised, lowered or unchanged (CHOICE: unknown if neither a ratio nor a direction was reported)."""
    if entry["ratio"] is None:
        return "unknown" if entry["direction"] is None else entry["direction"]
    ratio, limit = exact(entry["ratio"]), exact(raised)
    if ratio >= limit:
        return "raised"
    if ratio * limit <= 1:
        return "lowered"
    return "unchanged"


def weight(entry: Entry) -> Fraction:
    """The weight of a raised cytokine: its log2 ratio, at most 6; 1 without a ratio."""
    if entry["ratio"] is None:
        return ONE
    return Fraction(min(math.log2(exact(entry["ratio"])), 6.0))


def counted(patient: Patient, raised: Number) -> list[Entry]:
    """The entries that count in a score: raised, and not known to signal without a JAK."""
    return [entry for entry in patient if entry["jak"] != "no" and direction(entry, raised) == "raised"]


def score(
    drug: Drug, patient: Patient, mechanism: Mechanism, threshold: Number, require: str, raised: Number
) -> tuple[float, float] | None:
    """The weighted mean blockade of the raised cytokines as an interval; None if there is nothing to weigh.

    CHOICE: None also if the weights sum to zero (only possible with raised <= 1).
    """
    total, low, high = ZERO, ZERO, ZERO
    for entry in counted(patient, raised):
        lo, hi = blockade(drug, mechanism.get(entry["cytokine"], []), threshold, require)
        total += weight(entry)
        low += weight(entry) * lo
        high += weight(entry) * hi
    if total == 0:
        return None
    return float(low / total), float(high / total)


def number_blocked(
    drug: Drug, patient: Patient, mechanism: Mechanism, threshold: Number, require: str, raised: Number
) -> int:
    """How many of the cytokines that count in the score are blocked (CHOICE: of these, not of all in the mechanism)."""
    count = 0
    for entry in counted(patient, raised):
        if verdict(blockade(drug, mechanism.get(entry["cytokine"], []), threshold, require)) == "blocked":
            count += 1
    return count


def rank(
    drugs: Sequence[Drug], patient: Patient, mechanism: Mechanism, threshold: Number, require: str, raised: Number
) -> list[tuple[str, float, float]]:
    """The drugs in order: lo, hi and number of blocked descending, then name (CHOICE: empty without a score)."""
    rows: list[tuple[float, float, int, str]] = []
    for drug in drugs:
        interval = score(drug, patient, mechanism, threshold, require, raised)
        if interval is not None:
            blocked = number_blocked(drug, patient, mechanism, threshold, require, raised)
            rows.append((-interval[0], -interval[1], -blocked, drug["name"]))
    return [(name, abs(lo), abs(hi)) for lo, hi, _, name in sorted(rows)]
