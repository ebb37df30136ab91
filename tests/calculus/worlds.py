"""Invented drugs, receptors and patients, the same at every run, and how they look to the oracle.

Ends, ratios and adjusted p values come from few numbers, so that thresholds meet ends and rows tie.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import oracle

from kg import calculus as m
from kg.calculus.signals import from_parts
from kg.profiles.profile import MeasuredCytokine

KINASES = ("jak1", "jak2", "jak3", "tyk2")
REQUIRE: tuple[m.Require, ...] = ("share", "any", "all")
ENDS = tuple(Decimal(text) for text in ("0.2", "5", "30", "99.9", "100", "100.1", "400", "10000"))
RATIOS = tuple(
    Decimal(text)
    for text in ("0.5", "0.66", "0.96", "1.2", "1.45", "1.5", "1.875", "2", "2.33", "4", "8", "63.99", "64", "900")
)
Q = tuple(Decimal(text) for text in ("0", "0.01", "0.05", "0.0501", "0.2", "1"))
CYTOKINES = tuple("abcdefgh")
PARTS: Mapping[str, tuple[str, ...]] = {"g": ("p", "q"), "h": ("q", "r"), "alone": ()}
SETS: Mapping[str, tuple[str, ...]] = {"blood-forming": ("a", "b", "g"), "common gamma chain": ("b", "c"), "none": ()}


@dataclass(frozen=True, slots=True)
class World:
    """What the package computes with, and the same for the oracle."""

    mechanism: m.Mechanism
    patient: tuple[MeasuredCytokine, ...]
    settings: m.Settings

    @property
    def other(self) -> oracle.World:
        return to_world(self.mechanism)

    @property
    def chosen(self) -> oracle.Settings:
        return to_settings(self.settings)

    @property
    def people(self) -> list[m.Drug]:
        return [drug for drug in self.mechanism.drugs.values() if drug.intended_species == "human"]

    def weights(self) -> dict[str, float]:
        """The weights of the raised cytokines, as the package has them."""
        found = {one.cytokine: one.weight(self.settings) for one in with_complexes(self.patient, self.mechanism.parts)}
        return {name: weight for name, weight in found.items() if weight is not None}

    def measured(self) -> set[str]:
        return {one.cytokine for one in with_complexes(self.patient, self.mechanism.parts)}


def with_complexes(patient: Sequence[MeasuredCytokine], parts: Mapping[str, tuple[str, ...]]) -> list[MeasuredCytokine]:
    made = from_parts(parts, {one.cytokine: one.measured for one in patient})
    wholes = (
        MeasuredCytokine(
            cytokine=name, label=name, input=name, jak="yes", ratio=one.ratio, adjusted_p=one.q, parts=one.parts
        )
        for name, one in made
    )
    return [*patient, *wholes]


# --- as the oracle has them -------------------------------------------------------------------------------------------


def exact(number: Decimal | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def to_measurement(row: m.Measurement) -> oracle.Measurement:
    return {
        "id": row.id, "measure": row.measure, "relation": row.relation, "low": exact(row.low), "high": exact(row.high),
        "unit": row.unit, "domain": row.domain, "species": row.species, "verified": row.verified, "spared": row.spared,
        "derived": row.derived,
    }  # fmt: skip


def to_drug(drug: m.Drug) -> oracle.Drug:
    return {
        "name": drug.id, "allosteric": drug.functional_target is not None,
        "functional_target": drug.functional_target, "group": drug.group, "species": drug.intended_species,
        "measurements": {kinase: [to_measurement(row) for row in rows] for kinase, rows in drug.measurements.items()},
    }  # fmt: skip


def to_routes(routes: Iterable[m.Route]) -> list[oracle.Route]:
    return [oracle.Route(route.receptor, frozenset(route.needs), frozenset(route.uses)) for route in routes]


def to_world(mechanism: m.Mechanism) -> oracle.World:
    routes = {name: to_routes(found) for name, found in mechanism.routes.items()}
    return oracle.World([to_drug(drug) for drug in mechanism.drugs.values()], routes, mechanism.parts, mechanism.sets)


def to_settings(settings: m.Settings) -> oracle.Settings:
    return oracle.Settings(
        Fraction(settings.threshold), settings.require, Fraction(settings.raised), Fraction(settings.fdr),
        settings.derived,
    )  # fmt: skip


def to_entries(patient: Iterable[MeasuredCytokine], settings: m.Settings) -> list[oracle.Entry]:
    chosen = to_settings(settings)
    return [
        {
            "cytokine": one.cytokine, "ratio": exact(one.ratio), "direction": one.reported,
            "significant": oracle.significant(exact(one.adjusted_p), chosen), "jak": one.jak,
        }
        for one in patient
    ]  # fmt: skip


def judged(drug: m.Drug) -> m.Drug:
    """The drug with each measurement comparable or not, by the rule of the oracle on its fields."""
    about = to_drug(drug)
    return replace(
        drug,
        measurements={
            kinase: tuple(
                replace(row, comparable=oracle.comparable(to_measurement(row), about, kinase)) for row in rows
            )
            for kinase, rows in drug.measurements.items()
        },
    )


# --- invented ---------------------------------------------------------------------------------------------------------


def measurement(rng: random.Random, name: str) -> m.Measurement:
    """A measurement of any kind that potency.tsv may have, or a derived bound."""
    verified = rng.random() < 0.9
    if rng.random() < 0.1:
        return m.Measurement(name, "functional statement", None, None, None, None, None, "human", verified, spared=True)
    low, high = sorted((rng.choice(ENDS), rng.choice(ENDS)))
    relation = rng.choice(("=", "=", "=", "<", "<=", ">", ">=", "range", "no number"))
    bottom, top = {
        "=": (low, low), "<": (None, high), "<=": (None, high), ">": (low, None), ">=": (low, None),
        "no number": (None, None),
    }.get(relation, (low, high))  # fmt: skip
    derived = rng.random() < 0.25
    return m.Measurement(
        name, "IC50" if derived else rng.choice(("IC50", "IC50", "IC50", "IC50", "Ki", "Kd")),
        {"range": "=", "no number": "<"}.get(relation, relation), bottom, top, "nM",
        rng.choice(("JH1", "JH1/full-length", "JH1", "JH2")), rng.choice(("human", "human", "human", "not stated")),
        verified, derived=derived,
    )  # fmt: skip


def drug(rng: random.Random, name: str) -> m.Drug:
    rows: dict[str, list[m.Measurement]] = {}
    for number in range(rng.randrange(10)):
        kinase = rng.choice(KINASES)
        rows.setdefault(kinase, []).append(measurement(rng, f"{name}-{kinase}-{number}"))
    human = rng.random() < 0.9
    group: m.Group = rng.choice(("systemic", "systemic", "topical", "not approved")) if human else "not approved"
    return judged(
        m.Drug(
            name, rows, functional_target=rng.choice((None, None, None, "tyk2", "jak1")),
            intended_species="human" if human else "dog",
            group=group,
        )
    )  # fmt: skip


def receptor(rng: random.Random, name: str) -> m.Route:
    """A receptor that needs some kinases, or whose needs are not settled, and uses some of the others."""
    kinases = rng.sample(KINASES, 4)
    needs = rng.choice((0, 1, 1, 1, 2, 2, 3))
    uses = rng.choice((0, 0, 0, 1, 2)) if needs < 3 else rng.choice((0, 1))
    return m.Route(name, tuple(kinases[:needs]), tuple(kinases[needs : needs + uses]))


def routes(rng: random.Random) -> dict[str, tuple[m.Route, ...]]:
    """Cytokines with few receptors, so that some share all of theirs."""
    receptors = [receptor(rng, f"receptor-{number}") for number in range(rng.randint(2, 5))]
    found: dict[str, tuple[m.Route, ...]] = {}
    for name in CYTOKINES[: rng.randint(2, len(CYTOKINES))]:
        if found and rng.random() < 0.3:
            shared = list(found[rng.choice(sorted(found))])
            found[name] = tuple(rng.sample(shared, len(shared)))
        else:
            found[name] = tuple(rng.sample(receptors, min(len(receptors), rng.choice((0, 1, 1, 1, 1, 2, 3)))))
    return found


def patient(rng: random.Random, names: Iterable[str], share: float) -> list[MeasuredCytokine]:
    """Some measured cytokines, parts of complexes among them."""
    found = []
    for name in (*names, "p", "q", "r", "unheard"):
        if rng.random() < share:
            ratio = None if rng.random() < 0.2 else rng.choice(RATIOS)
            reported: m.Reported | None = rng.choice(("raised", "raised", "lowered", "unchanged"))
            if ratio is not None and rng.random() < 0.7:
                reported = None
            jak = "part" if name in "pqr" else rng.choice(("yes", "yes", "yes", "yes", "unknown", "no"))
            q = None if rng.random() < 0.6 else rng.choice(Q)
            found.append(
                MeasuredCytokine(
                    cytokine=name, label=name, input=name, jak=jak, ratio=ratio, reported=reported, adjusted_p=q
                )
            )
    return found


def settings(rng: random.Random, ends: AbstractSet[Decimal] = frozenset(ENDS)) -> m.Settings:
    """Settings whose threshold is often an end."""
    threshold = rng.choice((Decimal(10), Decimal(100), Decimal(1000), rng.choice(sorted(ends))))
    raised = rng.choice((Decimal("1.1"), Decimal("1.5"), Decimal("1.5"), Decimal(2), Decimal(4)))
    fdr = rng.choice((Decimal("0.05"), Decimal("0.05"), Decimal("0.2")))
    return m.Settings(threshold, rng.choice(REQUIRE), raised, fdr, rng.random() < 0.7)


def world(number: int, share: float = 0.6) -> World:
    """The world of a number; of its cytokines that share is measured."""
    rng = random.Random(number)
    drugs = [drug(rng, f"drug-{place}") for place in range(rng.randint(1, 6))]
    if rng.random() < 0.3:  # a drug that ties with another
        drugs.append(replace(drugs[0], id="twin", measurements=drugs[0].measurements))
    table = m.Mechanism({one.id: one for one in drugs}, routes(rng), PARTS, SETS)
    return World(table, tuple(patient(rng, table.routes, share)), settings(rng))


def settled(number: int) -> World:
    """A world in which nearly all is known, and one or two cytokines are raised, so that weights decide."""
    rng = random.Random(number)
    drugs = {}
    for place in range(rng.randint(3, 6)):
        name = f"drug-{place}"
        values = {kinase: rng.choice((Decimal(5), Decimal(400))) for kinase in KINASES if rng.random() < 0.95}
        rows = {
            kinase: (m.Measurement(f"{name}-{kinase}", "IC50", "=", end, end, "nM", "JH1", "human"),)
            for kinase, end in values.items()
        }
        drugs[name] = judged(m.Drug(name, rows, group="systemic" if place else "topical"))
    table = m.Mechanism(drugs, {name: (receptor(rng, f"receptor-{name}"),) for name in CYTOKINES}, {}, SETS)
    raised = rng.sample(CYTOKINES, rng.randint(1, 3))
    ratios = [rng.choice((Decimal("1.5"), Decimal(2), Decimal(8), Decimal(40))) for _ in raised]
    measured = [
        MeasuredCytokine(cytokine=name, label=name, input=name, jak="yes", ratio=ratio)
        for name, ratio in zip(raised, ratios, strict=True)
    ]
    return World(table, tuple(measured), m.Settings(require=rng.choice(REQUIRE)))
