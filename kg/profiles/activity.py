r"""Is the signal of a pathway on? Activity from what a table of genes says of the pathway's target genes.

A *footprint* is the target genes of a pathway (or of a cytokine), each with a signed weight. All footprints of one
source are fitted at once: ``z = a + W b + e``, where ``z`` is the statistic of each gene of the table and ``W`` has a
column for each footprint, with 0 for a gene that is no target. This is the multivariate linear model of decoupler
(Badia-i-Mompel 2022, doi 10.1093/bioadv/vbac016). The t of each coefficient, by least squares, orders the footprints:
what several share is given to the one that it fits.

That t is no test: it takes genes as independent, and the genes of one pathway rise and fall together in samples that
differ by chance. So the p value is that of a competitive test whose variance carries the correlation between genes, as
that of limma's cameraPR (Wu and Smyth 2012, doi 10.1093/nar/gks461), here with weights. A coefficient is
``b = sum(c z)`` with the contrast ``c`` of least squares. Where the activity of a pathway differs by chance its genes
follow in proportion to their weights, which is what a footprint says: gene g has the loading ``l = k w`` on it, with k
such that two targets have on average the correlation ``rho``::

    k^2 = rho / mean(|w_g w_h|, g != h)
    var(b) = s^2 (sum(c^2 (1 - l^2)) + sum(c l)^2)

``s^2`` is the residual variance of the fit, and a loading is at most 1. One footprint with all weights 1 gives cameraPR
to the letter, ``s^2 ((1 + (m - 1) rho) / m + 1 / (n - m))`` for m targets of n genes. The chance activity of a rival
adds nothing, since c is orthogonal to its weights. Where weights differ, the variance is larger than if all pairs had
the correlation rho: the test keeps its level in both cases. It is one-sided, by the normal distribution, since there
are thousands of genes.

>>> from kg.profiles.target_genes import shipped
>>> weights = shipped()
>>> table = {f"G{n}": (-1) ** n * (n % 17) / 8 for n in range(5000)}
>>> table |= {gene: 0.5 for one in weights.weights for gene in one}
>>> table |= {gene: 4 + 0.01 * n for n, gene in enumerate(weights.weights[weights.names.index("JAK-STAT")])}
>>> found = activity(table, weights)
>>> found.call, found.rank, found.rivals[0].name, found.targets
('active', 1, 'JAK-STAT', 100)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, isfinite, sqrt
from typing import TYPE_CHECKING, Final, Literal

from kg.model.errors import Place, Problem, Problems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

JAK_STAT: Final = "JAK-STAT"
"""The footprint that an answer asks for."""
CORRELATION: Final = 0.05
"""Average correlation of two targets of a footprint."""
LEVEL: Final = 0.05
"""The p value up to which a footprint is active."""
FIRST: Final = 2
"""The rank up to which a footprint is active."""
FEWEST_GENES: Final = 2_000
"""Genes of a table: with fewer it is a panel, chosen for a purpose, and nothing to compare the targets with."""
FEWEST_TARGETS: Final = 20
"""Target genes of a footprint in the table: with fewer it is not fitted."""
HOLE: Final = 0.25
"""A table of significant genes alone has a hole around 0: the smallest 5 % of its statistics reach so far, as a share
of the median, without their sign."""
ONE_SIDED: Final = 0.05
"""A whole table has genes of both directions: at least this share of each, of those that have one."""
CARRIERS: Final = 10
"""Genes that are named of those that carry a score."""
Call = Literal["active", "not active", "not testable"]


@dataclass(frozen=True, slots=True)
class Footprints:
    """Target genes with their weights: ``weights[i]`` is gene -> weight of ``names[i]``; no weight is 0.

    ``known`` is other name of a gene -> the name that it has here: earlier symbols, ids of Ensembl and of NCBI.
    """

    source: str
    names: tuple[str, ...]
    weights: tuple[Mapping[str, float], ...]
    known: Mapping[str, str]

    def gene(self, name: str) -> str:
        """Return the name that a gene has here; a name that is no target's stays as it is.

        >>> Footprints("mine", ("IL-21",), ({"RIGI": 1.0},), {"DDX58": "RIGI"}).gene("DDX58")
        'RIGI'
        """
        return self.known.get(name.partition(".")[0] if name.startswith("ENSG") else name, name)


@dataclass(frozen=True, slots=True)
class Rival:
    """A footprint in the order of all: its score is the t of its coefficient; equal scores share the first rank."""

    name: str
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Carrier:
    """A target gene that carries the score of a footprint: its statistic and its weight."""

    gene: str
    statistic: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Whether a footprint is active in a table of genes, and what that stands on.

    ``p`` is None where nothing is tested, ``rank`` where nothing is ranked; ``why`` says why, "" where both are there.
    The table has ``genes``; ``targets`` of them, out of ``of``, are target genes.
    """

    name: str
    call: Call
    p: float | None
    rank: int | None
    rivals: tuple[Rival, ...]
    carriers: tuple[Carrier, ...]
    genes: int
    targets: int
    of: int
    correlation: float
    source: str
    why: str

    @property
    def score(self) -> float | None:
        """Its score among its rivals, None where nothing is ranked.

        >>> activity({}, Footprints("mine", ("JAK-STAT",), ({"STAT1": 1.0},), {})).score
        """
        return next((one.score for one in self.rivals if one.name == self.name), None)


def activity(
    statistics: Mapping[str, float],
    footprints: Footprints,
    *,
    of: str = JAK_STAT,
    correlation: float = CORRELATION,
    untested: str = "",
    unfit: str = "",
) -> Activity:
    """Return the activity of one footprint as :func:`activities` has it; KeyError where there is none of that name.

    >>> activity({"STAT1": 3.0}, Footprints("mine", ("JAK-STAT",), ({"STAT1": 1.0},), {})).why
    'a table of 1 gene is a panel: the test needs 2,000 genes, to compare the targets with'
    """
    return activities(statistics, footprints, correlation=correlation, untested=untested, unfit=unfit)[of]


def activities(
    statistics: Mapping[str, float],
    footprints: Footprints,
    *,
    correlation: float = CORRELATION,
    untested: str = "",
    unfit: str = "",
) -> dict[str, Activity]:
    """Return the activity of each footprint, by name: its rank among all, its p value, and the genes that carry it.

    ``statistics`` is gene -> signed statistic, such as a t or z; genes are named as in ``footprints`` (see
    :meth:`Footprints.gene`). *active* is first or second of all, with a score above 0, at p <= 0.05. ``untested`` says
    why the statistic has no known error: then there are ranks alone; ``unfit`` why the table is no use at all.
    AssertionError where a statistic is not finite;
    Problems where a footprint is a combination of others, or the correlation is not from 0 to below 1.

    >>> list(activities({}, Footprints("mine", ("IL-21", "IL-4"), ({"A": 1.0}, {"B": 1.0}), {})))
    ['IL-21', 'IL-4']
    """
    if not 0 <= correlation < 1:
        what = f"{correlation} is no correlation between genes"
        raise Problems([Problem(Place("correlation"), what, "give a number from 0 to below 1, such as 0.05")])
    assert all(map(isfinite, statistics.values())), "a statistic is not finite"  # noqa: S101 - its reader refuses it
    present = [sum(gene in statistics for gene in weights) for weights in footprints.weights]
    fitted = [number for number, count in enumerate(present) if count >= FEWEST_TARGETS]
    why = unfit or unusable(statistics)
    model = _Model(statistics, footprints, fitted, correlation) if fitted and not why else None
    rivals = model.rivals() if model else ()
    found = {}
    for number, (name, weights) in enumerate(zip(footprints.names, footprints.weights, strict=True)):
        mine = next((one for one in rivals if one.name == name), None)
        few = f"{present[number]} of its {len(weights)} human target genes are in the table, of {FEWEST_TARGETS} needed"
        p = model.p(name) if model and mine and not untested else None
        found[name] = Activity(
            name=name, call=_call(mine, p), p=p, rank=mine.rank if mine else None, rivals=rivals,
            carriers=_carriers(statistics, weights, mine.score) if mine else (), genes=len(statistics),
            targets=present[number], of=len(weights), correlation=correlation, source=footprints.source,
            why=why or ("" if mine else few) or untested,
        )  # fmt: skip
    return found


def unusable(statistics: Mapping[str, float]) -> str:
    """Return why a table of statistics cannot be asked for an activity, "" where it can.

    >>> unusable({f"G{n}": 2 + n / 5000 for n in range(5000)})
    'the table has genes of one direction only'
    >>> unusable({f"G{n}": (-1) ** n * (2 + n / 5000) for n in range(5000)})
    'the table seems to hold significant genes only: the test needs all genes, not filtered'
    """
    import numpy as np

    if len(statistics) < FEWEST_GENES:
        many = f"{len(statistics):,} gene{'s' * (len(statistics) != 1)}"
        return f"a table of {many} is a panel: the test needs {FEWEST_GENES:,} genes, to compare the targets with"
    values = np.fromiter(statistics.values(), float, len(statistics))
    if values.min() == values.max():
        return "all genes have the same statistic"
    up, down = int((values > 0).sum()), int((values < 0).sum())
    if min(up, down) < ONE_SIDED * (up + down):
        return "the table has genes of one direction only"
    least, middle = np.quantile(np.abs(values), [0.05, 0.5])
    if least > HOLE * middle:
        return "the table seems to hold significant genes only: the test needs all genes, not filtered"
    return ""


def _call(rival: Rival | None, p: float | None) -> Call:
    if p is None or rival is None:
        return "not testable"
    return "active" if p <= LEVEL and rival.rank <= FIRST and rival.score > 0 else "not active"


def _carriers(statistics: Mapping[str, float], weights: Mapping[str, float], score: float) -> tuple[Carrier, ...]:
    """Return the target genes with the largest product of weight and statistic in the direction of a score."""
    sign = 1 if score >= 0 else -1
    found = [Carrier(gene, statistics[gene], weight) for gene, weight in weights.items() if gene in statistics]
    found.sort(key=lambda one: (-sign * one.weight * one.statistic, one.gene))
    return tuple(one for one in found[:CARRIERS] if sign * one.weight * one.statistic > 0)


class _Model:
    """The fit of footprints, by their numbers, to the statistics of a table, by least squares.

    Genes that no footprint weighs have equal rows in it: one row stands for all of them.
    """

    def __init__(
        self, statistics: Mapping[str, float], footprints: Footprints, fitted: Sequence[int], correlation: float
    ) -> None:
        import numpy as np

        self.names = [footprints.names[number] for number in fitted]
        targets = sorted({gene for number in fitted for gene in footprints.weights[number] if gene in statistics})
        row = {gene: number for number, gene in enumerate(targets)}
        weights = np.zeros((len(row), len(fitted)))
        for column, number in enumerate(fitted):
            for gene, weight in footprints.weights[number].items():
                if gene in row:
                    weights[row[gene], column] = weight
        weights /= np.abs(weights).max(axis=0)
        others = np.sort(np.array([value for gene, value in statistics.items() if gene not in row]))
        values = np.array([statistics[gene] for gene in targets])
        mean = (values.sum() + others.sum()) / len(statistics)
        values, others = values - mean, others - mean
        middle = weights.sum(axis=0) / len(statistics)
        _, triangle = np.linalg.qr(np.vstack([weights - middle, middle * sqrt(len(others))]))
        _independent(footprints.source, self.names, triangle)
        inverse = np.linalg.inv(triangle)
        square = inverse @ inverse.T
        self.coefficients: Array = square @ (weights.T @ values)
        left = values - (weights - middle) @ self.coefficients
        rest = others + middle @ self.coefficients
        error = sqrt(float(left @ left + rest @ rest) / (len(statistics) - len(fitted) - 1))
        self.scores: Array = self.coefficients / (error * np.sqrt(np.diag(square)))
        self.errors: Array = error * np.sqrt(
            _variance(np.diag(square), (weights - middle) @ square, weights, correlation)
        )

    def p(self, name: str) -> float:
        """Return the p value of a footprint, one-sided."""
        column = self.names.index(name)
        return erfc(float(self.coefficients[column] / self.errors[column]) / sqrt(2)) / 2

    def rivals(self) -> tuple[Rival, ...]:
        """Return the footprints in the order of their scores."""
        scores = self.scores.tolist()
        ranked = sorted(zip(self.names, scores, strict=True), key=lambda one: (-one[1], one[0]))
        return tuple(Rival(name, 1 + sum(other > score for other in scores), score) for name, score in ranked)


def _independent(source: str, names: Sequence[str], triangle: "Array") -> None:
    """Raise Problems where a footprint is a combination of those before it."""
    import numpy as np

    own = np.abs(np.diag(triangle)) / np.linalg.norm(triangle, axis=0)
    what = "is the same as another footprint, or a sum of others, so that no rank between them exists"
    dependent = [name for name, share in zip(names, own.tolist(), strict=True) if share < 1e-7]
    if dependent:
        raise Problems([Problem(Place(source), f"{name} {what}", "leave one of them out") for name in dependent])


def _variance(alone: "Array", contrast: "Array", weights: "Array", correlation: float) -> "Array":
    """Return the variance of coefficients, for statistics of variance 1 whose targets correlate.

    ``alone`` is that without a correlation, ``contrast`` and ``weights`` have a row for each target gene.
    """
    import numpy as np

    size = np.abs(weights)
    many = (size > 0).sum(axis=0)
    pairs = size.sum(axis=0) ** 2 - (size**2).sum(axis=0)
    loading = np.sign(weights) * np.minimum(np.sqrt(correlation * many * (many - 1) / pairs) * size, 1)
    shared = contrast * loading
    found: Array = alone - (shared**2).sum(axis=0) + shared.sum(axis=0) ** 2
    return found
