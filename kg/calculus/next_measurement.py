"""What one more result could change: which cytokine to measure, which drug to assay, so that the first rank changes.

>>> strong = Measurement("x", "IC50", "=", Decimal(3), Decimal(3), "nM", "JH1", "human", comparable=True)
>>> drugs = {"a": Drug("a", {"jak1": (strong,)}, group="systemic"), "b": Drug("b", {}, group="systemic")}
>>> mechanism = Mechanism(drugs, {"il21": (Route("il21-receptor", ("jak1",)),)})
>>> [(change.drug, change.kinase, change.result, change.first) for change in assays(mechanism, {"il21": 1.0})]
[('b', 'jak1', 'yes', ('a', 'b'))]
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal

from kg.calculus import ranking
from kg.calculus.blockade import Route as Route
from kg.calculus.mechanism import DEFAULT, Blocked, Mechanism, Settings, blocked
from kg.calculus.potency import Drug, Measurement, hit
from kg.calculus.ranking import RankedDrug
from kg.calculus.signals import weight

FOLDS: Final = (Decimal(2), Decimal(4), Decimal(64))
"""Besides the cut-off: the ratios at which an unmeasured cytokine is tried."""
YES: Final = Measurement("supposed", "IC50", None, None, Decimal(0), None, None, "human", comparable=True)
SUPPOSED: Final[tuple[tuple[Literal["yes", "no"], Measurement], ...]] = (
    ("yes", YES), ("no", replace(YES, spared=True)),
)  # fmt: skip
"""Result of an assay -> the measurement that it would be."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A signal that was not measured: from which ratio on, raised, it changes which drugs come first, and to which."""

    cytokines: tuple[str, ...]
    ratio: Decimal
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assay:
    """A drug and a kinase without a deciding value: the result that changes which drugs come first, and to which."""

    drug: str
    kinase: str
    result: Literal["yes", "no"]
    first: tuple[str, ...]


def first(rows: Sequence[RankedDrug]) -> tuple[str, ...]:
    """Return the approved systemic drugs of rank 1, by name.

    >>> first([])
    ()
    """
    return tuple(sorted(row.drug.id for row in rows if row.drug.group == "systemic" and row.rank[0] == 1))


def measurements(
    mechanism: Mechanism, weights: Mapping[str, float], measured: Set[str], settings: Settings = DEFAULT
) -> Iterator[Measure]:
    """Yield each JAK-dependent signal of which no cytokine was measured and that could change the first rank.

    ``weights`` has the raised cytokines that count, ``measured`` all that were measured. Each is tried alone: raised at
    the cut-off, 2-, 4- and 64-fold; the lowest that changes it is given.

    >>> mechanism = Mechanism({"a": Drug("a", {}, group="systemic")}, {"il21": (Route("il21-receptor", ("jak1",)),)})
    >>> [(found.cytokines, str(found.ratio), found.first) for found in measurements(mechanism, {}, set())]
    [(('il21',), '1.5', ('a',))]
    """
    drugs = mechanism.systemic
    now = first(ranking.rank(mechanism, weights, settings, drugs=drugs))
    folds = sorted(fold for fold in {settings.raised, *FOLDS} if fold >= settings.raised)
    for signal in mechanism.jak_dependent:
        if measured & set(signal.cytokines):
            continue
        rest = ranking.not_raised(mechanism, ranking.raised_signals(mechanism, {**weights, signal.name: 1.0}))
        table = mechanism.table(settings)
        collateral = {drug.id: ranking.collateral(table[drug.id], rest) for drug in drugs}  # the same at every fold
        for fold in folds:
            raised = ranking.raised_signals(mechanism, {**weights, signal.name: weight(fold)})
            rows = [ranking.row_of(drug, raised, table[drug.id], collateral[drug.id], settings) for drug in drugs]
            then = _best(rows)
            if then != now:
                yield Measure(signal.cytokines, fold, then)
                break


def _best(rows: list[RankedDrug]) -> tuple[str, ...]:
    """Return what :func:`first` gives of rows of systemic drugs that have no ranks yet."""
    best = min((row.order for row in rows), default=())
    return tuple(sorted(row.drug.id for row in rows if row.order == best))


def assays(mechanism: Mechanism, weights: Mapping[str, float], settings: Settings = DEFAULT) -> Iterator[Assay]:
    """Yield each result on an approved systemic drug and a kinase without a deciding value that changes the first rank.

    A pair on which sources disagree is none: another value would not decide it.

    >>> mechanism = Mechanism({"a": Drug("a", {}, group="systemic")}, {"il21": (Route("il21-receptor", ("jak1",)),)})
    >>> list(assays(mechanism, {"il21": 1.0}))
    []
    """
    raised = ranking.raised_signals(mechanism, weights)
    if not raised:
        return
    rows = {row.drug.id: row for row in ranking.rank(mechanism, weights, settings, drugs=mechanism.systemic)}
    now = first([*rows.values()])
    rest = ranking.not_raised(mechanism, raised)
    kinases = sorted({kinase for signal in mechanism.signals.values() for kinase in signal.kinases})
    for drug in sorted(mechanism.systemic, key=lambda drug: drug.id):
        for kinase in kinases:
            why = hit(drug, kinase, threshold=settings.threshold, derived=settings.derived).why
            if why not in ("not measured", "undecided"):
                continue
            for result, measurement in SUPPOSED:
                supposed = replace(drug, measurements={**drug.measurements, kinase: (measurement,)})
                does = _does(mechanism, supposed, kinase, settings)
                row = ranking.row_of(supposed, raised, does, ranking.collateral(does, rest), settings)
                then = _best([*({**rows, drug.id: row}).values()])
                if then != now:
                    yield Assay(drug.id, kinase, result, then)


def _does(mechanism: Mechanism, drug: Drug, kinase: str, settings: Settings) -> dict[str, Blocked]:
    """Return what a drug does to every signal where only one of its kinases is other than in the table."""
    found = dict(mechanism.table(settings)[drug.id])
    for name in found:
        signal = mechanism.signals[name]
        if kinase in signal.kinases:
            found[name] = blocked(drug, signal, settings)
    return found
