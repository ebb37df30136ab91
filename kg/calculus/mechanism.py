"""Drugs, cytokines and what each drug does to each signal at one setting: the tables that a ranking reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final

from kg.calculus import blockade, potency, signals
from kg.calculus.blockade import Interval, Require, Route, Signal, Verdict
from kg.calculus.potency import Drug, Hit, hit


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose.

    ``threshold`` in nM; how a receptor counts when only some of its needed kinases are hit; the ratio from which a
    cytokine is raised; the adjusted p value up to which a difference is significant; whether derived bounds count.
    """

    threshold: Decimal = potency.THRESHOLD
    require: Require = "share"
    raised: Decimal = signals.RAISED
    fdr: Decimal = signals.FDR
    derived: bool = True


DEFAULT: Final = Settings()


@dataclass(frozen=True, slots=True)
class Blocked:
    """What one drug does to one signal."""

    blockade: Interval
    verdict: Verdict


def blocked(drug: Drug, signal: Signal, settings: Settings = DEFAULT) -> Blocked:
    """Return what a drug does to a signal.

    >>> strong = potency.Measurement("x", "IC50", "=", Decimal(3), Decimal(3), "nM", "JH1", "human", comparable=True)
    >>> il21 = Signal(("il21",), (Route("il21-receptor", ("jak1", "jak3")),))
    >>> blocked(Drug("tofacitinib", {"jak1": (strong,)}), il21)
    Blocked(blockade=(0.5, 1.0), verdict='partly')
    """
    return _blocked(hits_of(drug, signal.kinases, settings), signal, settings.require)


def hits_of(drug: Drug, kinases: tuple[str, ...], settings: Settings = DEFAULT) -> dict[str, Hit]:
    """Return whether a drug hits each of some kinases.

    >>> hits_of(Drug("x", {}), ("jak1",))
    {'jak1': Hit(value='unknown', why='not measured')}
    """
    return {kinase: hit(drug, kinase, threshold=settings.threshold, derived=settings.derived) for kinase in kinases}


def _blocked(hits: Mapping[str, Hit], signal: Signal, require: Require) -> Blocked:
    interval = blockade.of_signal(hits, signal.routes, require=require)
    return Blocked(interval, blockade.verdict(interval, use_hit=blockade.use_is_hit(hits, signal.routes)))


Table = Mapping[str, Mapping[str, Blocked]]
"""Drug -> name of a signal -> what the drug does to it."""


@dataclass(frozen=True)
class Mechanism:
    """What the calculus reads from the graph: drugs, the routes of each cytokine, complexes, and sets of cytokines.

    ``parts`` has the parts of each complex, ``sets`` the cytokines of each named set. Parts alone are no cytokines and
    have no routes here.
    """

    drugs: Mapping[str, Drug]
    routes: Mapping[str, tuple[Route, ...]]
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _tables: dict[tuple[Decimal, Require, bool], dict[str, dict[str, Blocked]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @cached_property
    def signals(self) -> Mapping[str, Signal]:
        """The signal of each cytokine that has a route, by the name of the cytokine.

        >>> route = (Route("gh-receptor", ("jak2",)),)
        >>> Mechanism({}, {"gh1": route, "gh2": route}).signals["gh2"].name
        'gh1'
        """
        together: dict[frozenset[str], list[str]] = {}
        for cytokine in sorted(self.routes):
            if self.routes[cytokine]:
                together.setdefault(frozenset(route.receptor for route in self.routes[cytokine]), []).append(cytokine)
        found = [Signal(tuple(names), self.routes[names[0]]) for names in together.values()]
        return {cytokine: signal for signal in found for cytokine in signal.cytokines}

    @cached_property
    def jak_dependent(self) -> tuple[Signal, ...]:
        """Every signal with an accepted need, by name.

        >>> Mechanism({}, {"il21": (Route("il21-receptor", ("jak1",)),), "x": (Route("y", ()),)}).jak_dependent[0].name
        'il21'
        """
        found = {signal.name: signal for signal in self.signals.values() if signal.jak_dependent}
        return tuple(found[name] for name in sorted(found))

    @cached_property
    def systemic(self) -> tuple[Drug, ...]:
        """The drugs that are approved for systemic use, of which the first one is asked for.

        >>> Mechanism({"x": Drug("x", {}, group="systemic"), "y": Drug("y", {})}, {}).systemic[0].id
        'x'
        """
        return tuple(drug for drug in self.drugs.values() if drug.group == "systemic")

    def signal(self, cytokine: str) -> Signal:
        """Return the signal of a cytokine; one without a route where the cytokine has none.

        >>> Mechanism({}, {}).signal("il21")
        Signal(cytokines=('il21',), routes=())
        """
        return self.signals.get(cytokine) or Signal((cytokine,), ())

    def table(self, settings: Settings = DEFAULT) -> Table:
        """Return what every drug does to every signal at a threshold: computed once for each, and kept.

        >>> Mechanism({"x": Drug("x", {})}, {"il21": (Route("il21-receptor", ("jak1",)),)}).table()["x"]["il21"]
        Blocked(blockade=(0.0, 1.0), verdict='unknown')
        """
        key = (settings.threshold, settings.require, settings.derived)
        if key not in self._tables:
            together = {signal.name: signal for signal in self.signals.values()}
            kinases = tuple(sorted({kinase for signal in together.values() for kinase in signal.kinases}))
            made: dict[str, dict[str, Blocked]] = {}
            for drug in self.drugs.values():
                hits = hits_of(drug, kinases, settings)
                made[drug.id] = {name: _blocked(hits, together[name], settings.require) for name in sorted(together)}
            self._tables[key] = made
        return self._tables[key]
