"""Everything of the calculus that does not depend on a patient, as arrays: made once, small, and the same everywhere.

>>> from kg.calculus.blockade import Route
>>> route = (Route("gh-receptor", ("jak2",)),)
>>> tables = Tables.of(Mechanism({"x": Drug("x", {})}, {"gh1": route, "gh2": route, "il21": route[:0]}))
>>> tables.cytokines, tables.signals, tables.low.tolist(), tables.high.tolist()
(('gh1', 'gh2', 'il21'), ('gh1', 'il21'), [[0.0, 0.0]], [[1.0, 1.0]])
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, get_args

import numpy as np
from numpy.typing import NDArray

from kg.calculus.blockade import Signal, Verdict
from kg.calculus.mechanism import DEFAULT, Blocked, Mechanism, Settings, blocked
from kg.calculus.potency import GROUPS, Drug
from kg.calculus.robustness import End, window

Floats = NDArray[np.float64]
Whole = NDArray[np.int16]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
"""In the order of their codes: blocked, partly, not blocked, unknown."""
NO_EDGE: Final = -1
"""Code of a window that ends nowhere on that side."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """Drugs, cytokines and signals by name, and what each drug does to each signal at some settings.

    Arrays of drugs x signals: ``low`` and ``high`` of the blockade, ``verdict`` (its place in :data:`VERDICTS`),
    and the windows of the threshold, ``lower`` and ``upper``: twice the place of the end in ``ends`` (nM, in order),
    and 1 more where the window begins behind it, or has it as its last; -1 where there is no edge.
    """

    settings: Settings
    drugs: tuple[str, ...]
    """Those in scope, by group, then by name."""
    groups: tuple[str, ...]
    """The group of each drug."""
    cytokines: tuple[str, ...]
    """Those that count and the parts of complexes, by name."""
    signals: tuple[str, ...]
    """By name, which is that of their first cytokine."""
    members: tuple[tuple[int, ...], ...]
    """For each signal the places of its cytokines."""
    complexes: tuple[tuple[int, tuple[int, ...]], ...]
    """The place of each complex, and those of its parts."""
    jak_dependent: NDArray[np.bool_]
    """Whether each signal has an accepted need, and so counts in collateral where it is not raised."""
    low: Floats
    high: Floats
    verdict: NDArray[np.int8]
    lower: Whole
    upper: Whole
    ends: Floats

    @classmethod
    def of(
        cls,
        mechanism: Mechanism,
        settings: Settings = DEFAULT,
        *,
        cytokines: Iterable[str] | None = None,
        all_species: bool = False,
    ) -> "Tables":
        """Return the tables of a mechanism at some settings; ``all_species`` admits drugs for dogs.

        ``cytokines`` are those that count where they are raised; all that have an entry among the routes where they are
        not given. One without a route is a signal of its own, of which nothing is known. Parts of complexes are added:
        they count for nothing by themselves.

        >>> Tables.of(Mechanism({}, {}), cytokines=["il99"]).signals
        ('il99',)
        """
        counting = set(mechanism.routes if cytokines is None else cytokines)
        parts = {part for whole in mechanism.parts.values() for part in whole} - counting
        names = sorted({*counting, *parts, *(name for name, whole in mechanism.parts.items() if whole)})
        at = {name: place for place, name in enumerate(names)}
        signals = {mechanism.signal(name).name: mechanism.signal(name) for name in {*mechanism.signals, *counting}}
        ordered = [signals[name] for name in sorted(signals)]
        drugs = sorted(
            (drug for drug in mechanism.drugs.values() if all_species or drug.intended_species == "human"),
            key=lambda drug: (GROUPS.index(drug.group), drug.id),
        )
        does = [_does(mechanism, drug, ordered, settings) for drug in drugs]
        shape = len(drugs), len(ordered)
        interval = np.array([[one.blockade for one in mine] for mine in does], np.float64).reshape(*shape, 2)
        lower, upper, ends = _windows(drugs, ordered, settings)
        needed = {signal.name for signal in mechanism.jak_dependent}
        return cls(
            settings=settings,
            drugs=tuple(drug.id for drug in drugs),
            groups=tuple(drug.group for drug in drugs),
            cytokines=tuple(names),
            signals=tuple(signal.name for signal in ordered),
            members=tuple(tuple(at[name] for name in signal.cytokines if name in counting) for signal in ordered),
            complexes=tuple(
                (at[name], tuple(at[part] for part in whole)) for name, whole in mechanism.parts.items() if whole
            ),
            jak_dependent=np.array([signal.name in needed for signal in ordered], bool),
            low=interval[..., 0],
            high=interval[..., 1],
            verdict=np.array([[VERDICTS.index(one.verdict) for one in mine] for mine in does], np.int8).reshape(shape),
            lower=lower.reshape(shape),
            upper=upper.reshape(shape),
            ends=ends,
        )

    @property
    def systemic(self) -> tuple[str, ...]:
        """The drugs that are approved for systemic use, by name.

        >>> Tables.of(Mechanism({"x": Drug("x", {}, group="systemic"), "y": Drug("y", {})}, {})).systemic
        ('x',)
        """
        return tuple(drug for drug, group in zip(self.drugs, self.groups, strict=True) if group == "systemic")


def _does(mechanism: Mechanism, drug: Drug, signals: Iterable[Signal], settings: Settings) -> list[Blocked]:
    known: Mapping[str, Blocked] = mechanism.table(settings)[drug.id]
    return [known.get(signal.name) or blocked(drug, signal, settings) for signal in signals]


def _windows(drugs: Iterable[Drug], signals: Iterable[Signal], settings: Settings) -> tuple[Whole, Whole, Floats]:
    """Return the codes of both sides of every window, and the ends that they count."""
    found = [window(drug, signal, settings) for drug in drugs for signal in signals]
    values = sorted({end.value for one in found for end in (one.lower, one.upper) if end})
    place = {value: number for number, value in enumerate(values)}

    def code(end: End | None, *, more: bool) -> int:
        return NO_EDGE if end is None else 2 * place[end.value] + (end.included == more)

    lower = [code(one.lower, more=False) for one in found]
    upper = [code(one.upper, more=True) for one in found]
    return np.array(lower, np.int16), np.array(upper, np.int16), np.array([float(value) for value in values])
