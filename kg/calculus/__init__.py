"""The blockade calculus, second edition (section 5 of the design): pure, with no file and no RDF.

``potency`` says whether a drug hits a kinase, ``blockade`` how far it blocks a signal, ``signals`` what is raised and
how much it weighs, ``ranking`` the order of drugs and what else they switch off, ``robustness`` how far that hangs on
the threshold, ``next_measurement`` what one more result could change.
"""

from kg.calculus.blockade import Interval, Require, Route, Signal, Verdict, of_signal, score, use_is_hit, verdict
from kg.calculus.mechanism import DEFAULT, Blocked, Mechanism, Settings, blocked, hits_of
from kg.calculus.potency import GROUPS, THRESHOLD, Drug, Group, Hit, Measurement, Says, Why, hit
from kg.calculus.ranking import Collateral
from kg.calculus.signals import FDR, RAISED, Direction, Reported, direction, near, weight

__all__ = [
    "DEFAULT",
    "FDR",
    "GROUPS",
    "RAISED",
    "THRESHOLD",
    "Blocked",
    "Collateral",
    "Direction",
    "Drug",
    "Group",
    "Hit",
    "Interval",
    "Measurement",
    "Mechanism",
    "Reported",
    "Require",
    "Route",
    "Says",
    "Settings",
    "Signal",
    "Verdict",
    "Why",
    "blocked",
    "direction",
    "hit",
    "hits_of",
    "near",
    "of_signal",
    "score",
    "use_is_hit",
    "verdict",
    "weight",
]
