"""Some patients of a cohort with all that is known of them, spread evenly over it: what its plots show."""

from collections.abc import Sequence
from math import ceil, log2
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kg.calculus.array_tables import Tables
    from kg.calculus.arrays import Measured
    from kg.cohort.patients import Block

SHOWN: Final = 100
"""Patients in a sample, or a few more."""


def places(number: int, parts: int, patients: int) -> list[int]:
    """Return which patients of a part are in the sample, by the number of the part and how many parts there are.

    >>> places(0, 25, 10), places(0, 1000, 10), places(1, 1000, 10), places(0, 1, 3)
    ([0, 2, 5, 7], [0], [], [0, 1, 2])
    """
    if number % ceil(parts / SHOWN):
        return []
    wanted = min(patients, max(1, SHOWN // parts))
    return [at * patients // wanted for at in range(wanted)]


def sampled(
    tables: "Tables", block: "Block", found: "Measured", where: Sequence[int], *, log: bool
) -> list[dict[str, Any]]:  # fmt: skip
    """Return patients of a block: the scores of every systemic drug, and log2 ratio or direction of what was measured.

    ``log`` says that the values of the block are log2 ratios.

    >>> import kg, pyarrow
    >>> from kg.calculus import arrays
    >>> from kg.calculus.array_tables import Tables
    >>> from kg.cohort.patients import Block, empty
    >>> tables = Tables.of(kg.open().mechanism)
    >>> block = Block(patients=pyarrow.array(["P1"]), values=empty(1, len(tables.cytokines)), rows=1, end=1)
    >>> block.values[:, tables.cytokines.index("il21")] = 4
    >>> (one,) = sampled(tables, block, arrays.measured(tables, block.values), [0], log=False)
    >>> one["patient"], one["scores"]["baricitinib"], one["measured"]
    ('P1', [0.5, 0.5], {'il21': 2.0})
    """
    from kg.calculus import array_ranking, arrays

    if not where:
        return []
    mine = arrays.Measured(found.state[:, where].copy(), found.weight[:, where].copy())
    ranked = array_ranking.rank(tables, mine, top=max(1, len(tables.systemic)))
    rows = []
    for at, place in enumerate(where):
        scores = {
            tables.drugs[drug]: [float(low), float(high)]
            for drug, low, high in zip(ranked.drug[at], ranked.low[at], ranked.high[at], strict=True)
            if drug >= 0
        }
        measured: dict[str, float | str] = {}
        for column, name in enumerate(tables.cytokines):
            value = float(block.values[place, column])
            if value == value:
                measured[name] = round(value if log else log2(value), 6)
            elif state := int(mine.state[column, at]):
                measured[name] = arrays.STATES[state]
        rows.append({"patient": block.patients[place].as_py(), "scores": scores, "measured": measured})
    return rows
