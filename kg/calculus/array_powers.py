"""Ratios of log2 ratios, to the bit as one patient's: 2 to the power of the shortest decimal that reads as a float.

A profile computes ``Decimal(2) ** Decimal(text)`` to 28 digits, some 200 microseconds each. Here a number is a sum of
two floats (T. J. Dekker 1971, doi:10.1007/BF01397083), which is right to 20 digits; the few values that lie so near the
middle between two floats that this does not decide are computed in decimals.

>>> powers(np.array([2.0, 1.22, 0.5849625007211562])).tolist()
[4.0, 2.3294671729369116, 1.5]
"""

from decimal import Context, Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]
"""A number as a float, and what it lacks."""
WIDE: Final = Context(prec=40)
LN2: Final = WIDE.ln(Decimal(2))
SIDES: Final = (1 - Decimal("1e-27"), 1 + Decimal("1e-27"))
"""What 28 digits can make of a number, and a little more."""
LEAST, MOST = 0.001, 6.5
"""log2: below it decimals are few enough, above it every cytokine weighs the same."""
TENS: Final = np.array([float(10**power) for power in range(23)])
"""Exact; what raises an array to powers need not be."""
SPLIT: Final = 2.0**27 + 1
STEPS: Final = 32
"""Powers of 2 between 1 and 2 that are known."""
DOUBT: Final = 2.0**-66
"""How near to the middle between two floats, in shares of the number, a sum of two does not decide."""


def _pair(number: Decimal) -> tuple[float, float]:
    return float(number), float(WIDE.subtract(number, Decimal(float(number))))


LN2_HIGH, LN2_LOW = _pair(LN2)
KNOWN_HIGH, KNOWN_LOW = np.array(
    [_pair(WIDE.exp(WIDE.multiply(LN2, Decimal(step) / STEPS))) for step in range(STEPS)]
).T  # fmt: skip


def powers(numbers: Floats) -> Floats:
    """Return 2 to the power of each number; above 6.5 to a few bits only, as no cytokine weighs more than 6.

    >>> powers(np.array([0.1])).tolist() == [float(Decimal(2) ** Decimal("0.1"))]
    True
    """
    with np.errstate(all="ignore"):
        found, sure = _fast(numbers)
    found = np.where(numbers > MOST, np.exp2(numbers), found)
    for at in np.flatnonzero(~sure & (numbers <= MOST)):
        found[at] = power(float(numbers[at]))
    return found


def power(number: float) -> float:
    """Return 2 to a power as a profile has it: by exp, where none of 28 digits can matter.

    >>> power(1.22)
    2.3294671729369116
    """
    exponent = Decimal(repr(number))
    near = WIDE.exp(WIDE.multiply(exponent, LN2))
    low, high = (float(WIDE.multiply(near, side)) for side in SIDES)
    return low if low == high else float(Decimal(2) ** exponent)


def _product(one: Floats, other: Floats | float) -> Pair:
    """Return a product as its float, and exactly what that lacks."""
    found = one * other
    one_high = one * SPLIT - (one * SPLIT - one)
    other_high = other * SPLIT - (other * SPLIT - other)
    one_low, other_low = one - one_high, other - other_high
    return found, one_low * other_low - (found - one_high * other_high - one_low * other_high - one_high * other_low)


def _sum(one: Floats, other: Floats) -> Pair:
    """Return a sum as its float, and exactly what that lacks."""
    found = one + other
    part = found - one
    return found, (one - (found - part)) + (other - part)


def _shortest(numbers: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return by how much the shortest decimal that reads as a float is above it, and whether that is sure.

    It is the number rounded to 15, 16 or 17 digits: to the fewest that read as it.
    """
    order = np.searchsorted([0.01, 0.1, 1], numbers, side="right") - 3
    above, sure = np.zeros_like(numbers), np.ones(numbers.shape, bool)
    for digits in (17, 16, 15):
        scale = TENS.take(digits - 1 - order)
        product, lacks = _product(numbers, scale)
        rest = product - np.rint(product) + lacks
        rest -= np.rint(rest)
        most = np.full(numbers.shape, np.inf) if digits == 17 else np.spacing(numbers) / 2 * scale
        reads = np.abs(rest) < most
        edge = np.minimum(np.abs(np.abs(rest) / most - 1), 1 - 2 * np.abs(rest)) < 1e-6
        above = np.where(reads, -rest / scale, above)
        sure = ~edge & (reads | sure)
    return above, sure


def _fast(numbers: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return 2 to the power of numbers, and whether each is sure to the last bit."""
    above, sure = _shortest(numbers)
    place = np.rint(numbers * STEPS)
    left = numbers - place / STEPS
    high, low = _product(left, LN2_HIGH)
    low += left * LN2_LOW + above * LN2_HIGH
    square, lacks = _product(high, high)
    rest = high / 8
    for divisor in (7, 6, 5, 4):
        rest = high / divisor * (1 + rest)
    rest = high * square / 6 * (1 + rest)
    total, more = _sum(high, square / 2)
    total, more = _sum(total, more + (low + low * high * (1 + high / 2) + lacks / 2 + rest))
    place = place.astype(np.int64)
    known, known_low = KNOWN_HIGH[place % STEPS], KNOWN_LOW[place % STEPS]
    times, lacks = _product(known, total)
    found, error = _sum(known, times)
    found, error = _sum(found, error + (lacks + known * more + known_low + known_low * total))
    doubtful = np.abs(np.abs(error) - np.spacing(found) / 2) < DOUBT * found
    doubtful |= (found == 1) & (error != 0)  # below 1 floats are twice as dense
    inside = (numbers >= LEAST) & (numbers <= MOST)
    return np.ldexp(found, place // STEPS), sure & ~doubtful & inside
