"""The evidence model: what the stances of the evidence on a claim, and a curator's decision, amount to.

>>> status(["supports", "refutes"]), status(["supports", "inconclusive"]), status(["refutes"], decision=True)
('Disputed', 'Accepted', 'Accepted')
"""

from collections.abc import Iterable
from typing import Literal

Status = Literal["Accepted", "Disputed", "Refuted", "Open"]


def status(stances: Iterable[str], decision: bool | None = None) -> Status:
    """Return the status of a claim from the stances of its evidence and the decision to accept it, if one was taken.

    Without a decision a claim is accepted where some evidence supports it and none refutes it.

    >>> status([]), status(["refutes"]), status(["supports"], decision=False)
    ('Open', 'Refuted', 'Refuted')
    """
    if decision is not None:
        return "Accepted" if decision else "Refuted"
    found = set(stances)
    if {"supports", "refutes"} <= found:
        return "Disputed"
    return "Accepted" if "supports" in found else "Refuted" if "refutes" in found else "Open"
