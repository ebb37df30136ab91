"""What is counted of one part, and the counts of all parts together: small, so that a killed run keeps them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kg.calculus.array_ranking import Ranked
    from kg.calculus.array_tables import Tables
    from kg.calculus.arrays import Measured
    from kg.cohort.patients import Block

STATUSES: Final = ("ranked", "nothing measured", "nothing raised")
"""What becomes of a patient, in the order of the codes of :class:`kg.calculus.array_ranking.Ranked`."""
STATES: Final = ("raised", "lowered", "unchanged", "not significant")
JOIN: Final = " + "


def counted(
    tables: "Tables", block: "Block", found: "Measured", ranked: "Ranked", others: Sequence[str]
) -> dict[str, Any]:
    """Return the counts of a part; ``others`` are the cytokines of the block behind those of the tables.

    >>> import kg, pyarrow
    >>> from kg.calculus import array_ranking, arrays
    >>> from kg.calculus.array_tables import Tables
    >>> from kg.cohort.patients import Block, empty
    >>> tables = Tables.of(kg.open().mechanism)
    >>> block = Block(patients=pyarrow.array(["P1"]), values=empty(1, len(tables.cytokines)), rows=1, end=1)
    >>> block.values[:, tables.cytokines.index("il21")] = 2.33
    >>> found = arrays.measured(tables, block.values)
    >>> counted(tables, block, found, array_ranking.rank(tables, found), ())["first"]
    {'tofacitinib': {'patients': 1, 'open': 0, 'raised': {'il21': 1}}}
    """
    import numpy as np

    numbers = np.array([np.count_nonzero(found.state == code, axis=1) for code in range(1, 5)])
    states = {
        name: dict(zip(STATES, mine, strict=True))
        for name, mine in zip(tables.cytokines, numbers.T.tolist(), strict=True)
        if any(mine)
    }
    for place, name in enumerate(others, len(tables.cytokines)):
        there = ~np.isnan(block.values[:, place])
        if block.directions is not None:
            there |= block.directions[:, place] > 0
        if count := int(there.sum()):
            states[name] = {"measured": count}
    status = np.bincount(ranked.status, minlength=3).tolist()
    return {
        "rows": block.rows,
        "patients": len(block.patients),
        "rows_rejected": len(block.rejected),
        "patients_rejected": block.patients_rejected,
        "reasons": dict(sorted(Counter(kind(row.reason) for row in block.rejected).items())),
        "status": dict(zip(STATUSES, status, strict=True)),
        "open": int((_open(ranked) & (ranked.status == 0)).sum()),
        "states": states,
        "first": _strata(tables, found, ranked),
    }


def kind(reason: str) -> str:
    """Return the kind of a reason: what it says without what is quoted and without numbers that stand alone.

    >>> kind("IL-21 '2,5' has a comma: write the decimal point, as in 2.5")
    'IL-21 … has a comma'
    """
    return re.sub(r"'[^']*'|(?<![\w-])\d[\d.,]*", "…", reason.partition(": ")[0])


def _open(ranked: "Ranked") -> Any:
    """Return whether the score of the first systemic drugs is no single number."""
    return ranked.high[:, 0] > ranked.low[:, 0]


def _strata(tables: "Tables", found: "Measured", ranked: "Ranked") -> dict[str, Any]:
    """Return for each set of first systemic drugs how many patients have it, and what is raised in them."""
    import numpy as np

    here = ranked.status == 0
    sets, which, counts = np.unique(ranked.first[here], return_inverse=True, return_counts=True)
    opened = np.bincount(which[_open(ranked)[here]], minlength=len(sets))
    raised = [np.bincount(which[state], minlength=len(sets)) for state in found.state[:, here] == 1]
    return {
        JOIN.join(drug for bit, drug in enumerate(tables.systemic) if int(one) >> bit & 1): {
            "patients": int(counts[at]),
            "open": int(opened[at]),
            "raised": {
                name: int(numbers[at]) for name, numbers in zip(tables.cytokines, raised, strict=True) if numbers[at]
            },
        }
        for at, one in enumerate(sets)
    }


def together(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sums of counts; what is no count is that of the first.

    >>> together([{"rows": 2, "first": {"a": {"patients": 1}}}, {"rows": 3, "first": {"a": {"patients": 2}}}])
    {'rows': 5, 'first': {'a': {'patients': 3}}}
    """
    found: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            if isinstance(value, Mapping):
                found[key] = together((found.get(key, {}), value))
            elif isinstance(value, int):
                found[key] = found.get(key, 0) + value
            else:
                found.setdefault(key, value)
    return found
