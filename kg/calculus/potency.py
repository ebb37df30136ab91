"""Whether a drug hits a kinase: what its comparable measurements say at a threshold, never averaged.

>>> jak1 = Measurement("x", "IC50", "=", Decimal(363), Decimal(363), "nM", "JH1", "human", comparable=True)
>>> other = Measurement("y", "IC50", "=", Decimal(10), Decimal(10), "nM", "JH1", "human", comparable=True)
>>> hit(Drug("filgotinib", {"jak1": (jak1, other)}), "jak1", threshold=Decimal(100))
Hit(value='unknown', why='disagree')
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

THRESHOLD: Final = Decimal(100)
"""nM: at or below it a measurement says that the kinase is hit."""

Says = Literal["yes", "no", "neither"]
Why = Literal["agree", "disagree", "undecided", "not measured"]
Group = Literal["systemic", "topical", "not approved"]
GROUPS: Final[tuple[Group, ...]] = ("systemic", "topical", "not approved")
"""In the order in which an answer shows them."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One potency measurement: closed ends in ``unit``, None where the reported value is open or not printed."""

    id: str
    measure: str
    relation: str | None
    low: Decimal | None
    high: Decimal | None
    unit: str | None
    domain: str | None
    species: str
    verified: bool = True
    spared: bool = False
    comparable: bool = False
    not_comparable: str | None = None
    derived: bool = False
    reported: str | None = None
    atp: str | None = None
    note: str | None = None
    references: tuple[str, ...] = ()
    obtained_from: tuple[str, ...] = ()

    def says(self, threshold: Decimal) -> Says:
        """Return yes if the true value is surely <= threshold (nM), no if it is surely above, else neither.

        >>> Measurement("x", "IC50", ">", Decimal(400), None, "nM", "JH1", "human").says(Decimal(400))
        'no'
        >>> Measurement("x", "IC50", "=", Decimal(1), Decimal(210), "nM", "JH1", "human").says(Decimal(100))
        'neither'
        """
        if self.spared:
            return "no"
        if self.high is not None and self.high <= threshold:
            return "yes"
        if self.low is not None and (self.low > threshold or (self.relation == ">" and self.low == threshold)):
            return "no"
        return "neither"

    @property
    def ends(self) -> frozenset[Decimal]:
        """The finite ends, in ``unit``.

        >>> sorted(Measurement("x", "IC50", "=", Decimal(1), Decimal(210), "nM", "JH1", "human").ends)
        [Decimal('1'), Decimal('210')]
        """
        return frozenset(end for end in (self.low, self.high) if end is not None)


@dataclass(frozen=True, slots=True)
class Drug:
    """An inhibitor with its measurements, by kinase. ``functional_target`` is given for an allosteric one only."""

    id: str
    measurements: Mapping[str, Sequence[Measurement]]
    _: KW_ONLY
    functional_target: str | None = None
    label: str = ""
    mode: str = "AtpCompetitive"
    intended_species: str = "human"
    note: str | None = None
    approvals: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    group: Group = "not approved"
    status: str = ""
    topical: tuple[str, ...] = ()
    kept: dict[Hashable, Any] = field(init=False, default_factory=dict, compare=False, repr=False)
    """What is worked out from its measurements alone, for every patient the same."""

    def compared(self, kinase: str, *, derived: bool = True) -> tuple[Measurement, ...]:
        """Return the comparable measurements of a kinase.

        A bound that was derived counts, unless it is switched off or a direct comparable value has a finite end.

        >>> ic50 = Measurement("x", "IC50", "=", Decimal(15), Decimal(15), "nM", "JH1", "human", comparable=True)
        >>> kd = Measurement("y", "Kd", "=", Decimal(2), Decimal(2), "nM", "JH1", "human")
        >>> [row.id for row in Drug("tofacitinib", {"jak1": (ic50, kd)}).compared("jak1")]
        ['x']
        """
        key = kinase, derived
        if key not in self.kept:
            rows = [row for row in self.measurements.get(kinase, ()) if row.comparable]
            displaced = not derived or any(row.ends and not row.derived for row in rows)
            self.kept[key] = tuple(row for row in rows if not (displaced and row.derived))
        found: tuple[Measurement, ...] = self.kept[key]
        return found


@dataclass(frozen=True, slots=True)
class Hit:
    """Whether a drug hits a kinase, and why that is the answer."""

    value: Literal["yes", "no", "unknown"]
    why: Why


YES: Final = Hit("yes", "agree")
NO: Final = Hit("no", "agree")
DISAGREE: Final = Hit("unknown", "disagree")
UNDECIDED: Final = Hit("unknown", "undecided")
NOT_MEASURED: Final = Hit("unknown", "not measured")


def hit(drug: Drug, kinase: str, *, threshold: Decimal = THRESHOLD, derived: bool = True) -> Hit:
    """Return yes if some comparable measurement says yes and none no, no if some says no and none yes, else unknown.

    ``threshold`` is in nM.

    >>> ic50 = Measurement("x", "IC50", "=", Decimal(15), Decimal(15), "nM", "JH1", "human", comparable=True)
    >>> drug = Drug("tofacitinib", {"jak1": (ic50,)})
    >>> hit(drug, "jak1"), hit(drug, "tyk2")
    (Hit(value='yes', why='agree'), Hit(value='unknown', why='not measured'))
    """
    said = {row.says(threshold) for row in drug.compared(kinase, derived=derived)}
    if "yes" in said:
        return DISAGREE if "no" in said else YES
    if "no" in said:
        return NO
    return UNDECIDED if said else NOT_MEASURED
