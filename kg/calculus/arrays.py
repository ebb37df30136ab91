"""What many patients measured, as arrays: states and weights, the same bits as :mod:`kg.calculus.signals` gives one.

>>> from kg.calculus.blockade import Route
>>> tables = Tables.of(Mechanism({}, {"ifng": (Route("a", ("jak2",)),), "il21": (Route("b", ("jak1",)),)}))
>>> found = measured(tables, np.array([[0.08, 2.33], [np.nan, 4]]))
>>> [[STATES[one] for one in patient] for patient in found.state.T], found.weight.T.round(2).tolist()
([['lowered', 'raised'], ['not measured', 'raised']], [[0.0, 1.22], [0.0, 2.0]])
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import log2
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from kg.calculus import signals
from kg.calculus.array_powers import powers
from kg.calculus.array_tables import Floats, Tables
from kg.calculus.mechanism import Mechanism as Mechanism

States = NDArray[np.int8]
STATES: Final = ("not measured", "raised", "lowered", "unchanged", "not significant")
"""In the order of their codes, which are those of reported directions too; 0 is none."""
NOT_MEASURED, RAISED, LOWERED, UNCHANGED, NOT_SIGNIFICANT = range(5)
KNOWN, MORE = np.int8(UNCHANGED), np.int8(UNCHANGED - RAISED)
Scale = Literal["ratio", "log2"]
HALVINGS: Final = 120
"""After so many no float is left between two numbers, but near 0."""
FAR: Final = 50.0
"""log2 of a ratio that no cut-off reaches."""
TRIED: Final = 4096
"""Values on which the logarithm of numpy is compared with that of the C library."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What was measured: arrays of cytokines x patients, cytokines as in the tables.

    ``state`` has places in :data:`STATES`; ``weight`` is 0 where a cytokine is not raised.
    """

    state: States
    weight: Floats


def measured(
    tables: Tables,
    values: NDArray[np.floating[Any]],
    *,
    scale: Scale = "ratio",
    directions: States | None = None,
    q: NDArray[np.floating[Any]] | None = None,
) -> Measured:
    """Return what patients measured, with the complexes that their parts give.

    All arrays are patients x cytokines of the tables: ``values`` are ratios above 0 or their log2, NaN where there is
    none; ``directions`` the reported ones (codes of :data:`STATES`), which count where there is no value, but for *not
    significant*, which always counts; ``q`` adjusted p values, NaN where none is stated. A number stands for the
    shortest decimal that reads as it, as in :mod:`kg.profiles`. Columns in a row of memory (order F) are fastest.

    >>> from kg.calculus.blockade import Route
    >>> tables = Tables.of(Mechanism({}, {"il23": (Route("a", ("tyk2",)),)}, {"il23": ("il12b", "il23a")}))
    >>> tables.cytokines, measured(tables, np.array([[2.0, np.nan, 3.0]]), scale="log2").weight[:, 0].tolist()
    (('il12b', 'il23', 'il23a'), [2.0, 2.0, 3.0])
    """
    numbers: Floats = np.asarray(values, np.float64)
    from_values = np.empty(numbers.shape[::-1], np.int8)
    weight = np.zeros(from_values.shape)
    rising, falling = _cuts(tables.settings.raised, scale)
    for place, value in enumerate(numbers.T):
        above = value >= rising
        from_values[place] = KNOWN * (value == value) - MORE * above - (value <= falling)
        here = np.flatnonzero(above)
        weight[place, here] = _weights(value.take(here), scale)
    state = from_values.copy()
    if directions is not None:
        said = directions.T
        state = np.where((state == NOT_MEASURED) | (said == NOT_SIGNIFICANT), said, state)
        weight[(state == RAISED) & (from_values == NOT_MEASURED)] = 1.0
    tested = None if q is None else np.asarray(q, np.float64).T
    if tested is not None:
        beyond = tested > _significant(tables.settings.fdr)
        state[(state != NOT_MEASURED) & beyond] = NOT_SIGNIFICANT
    for whole, some in tables.complexes:
        parts = np.array(some)
        here = np.flatnonzero((state[whole] == NOT_MEASURED) & (from_values[parts] != NOT_MEASURED).all(axis=0))
        at = np.ix_(parts, here)
        lowest = parts[numbers.T[at].argmin(axis=0)]
        state[whole, here] = from_values[lowest, here]
        weight[whole, here] = weight[lowest, here]
        if tested is not None:
            not_significant = beyond[at].any(axis=0) & ~np.isnan(tested[at]).any(axis=0)
            state[whole, here[not_significant]] = NOT_SIGNIFICANT
    if directions is not None or tested is not None:
        weight[state != RAISED] = 0
    return Measured(state, weight)


# --- numbers ----------------------------------------------------------------------------------------------------------


def _last(low: float, high: float, holds: Callable[[Decimal], bool]) -> float:
    """Return the last float of which a rule holds, as it does up to there and not beyond: at ``low``, not at ``high``.

    A float stands for the shortest decimal that reads as it, as where a file has it.
    """
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if holds(Decimal(repr(middle))):
            low = middle
        else:
            high = middle
    return low


@cache
def _cuts(raised: Decimal, scale: Scale) -> tuple[float, float]:
    """Return the lowest number that is raised, and the highest that is lowered, as the rule for one patient has it."""

    def direction(number: Decimal) -> signals.Reported:
        return signals.direction(number if scale == "ratio" else Decimal(2) ** number, None, raised=raised)

    lowest, one, highest = (0.0, 1.0, float(np.exp2(FAR))) if scale == "ratio" else (-FAR, 0.0, FAR)
    rising = np.nextafter(_last(one, highest, lambda number: direction(number) != "raised"), np.inf)
    return float(rising), _last(lowest, one, lambda number: direction(number) == "lowered")


@cache
def _significant(fdr: Decimal) -> float:
    """Return the highest adjusted p that is significant."""
    return _last(0.0, 2.0, lambda number: number <= fdr)


def _weights(values: Floats, scale: Scale) -> Floats:
    """Return the weights of raised cytokines: those of :func:`kg.calculus.signals.weight`, to the bit."""
    if scale == "log2":
        values = powers(values)
    return np.minimum(_log2()(values), signals.HEAVIEST)


def _slow_log2(values: Floats) -> Floats:
    return np.fromiter(map(log2, values.tolist()), np.float64, values.size)


@cache
def _log2() -> Callable[[Floats], Floats]:
    """Return the logarithm of numpy where it is that of the C library, which ``math`` has: elsewhere one by one.

    With AVX-512 numpy has a logarithm of its own, which differs in the last bit of some values in a hundred.
    """
    tried = np.geomspace(1, 64, TRIED)
    return np.log2 if np.array_equal(np.log2(tried), _slow_log2(tried)) else _slow_log2
