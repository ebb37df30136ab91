"""The names of cytokines and comparators that a graph knows, and what is wrong with one that it does not.

>>> import kg
>>> kg.open().once(Names).ground("IL21", Place("a.csv", 2)).thing
'il21'
"""

from dataclasses import dataclass

from kg.model.errors import Place, Problem
from kg.model.names import LONGEST_NAME, near
from kg.model.vocabulary import fold
from kg.profiles.tabular import shown
from kg.sparql.graph import OpenGraph


@dataclass(frozen=True, slots=True)
class Known:
    """A name that the graph knows: the thing, its label, its kind, and whether it signals through a JAK."""

    thing: str
    label: str
    kind: str
    jak: str


class Names:
    """Every name of a cytokine in the graph, the names that are ambiguous, and those of things that are no cytokine.

    >>> import kg
    >>> names = kg.open().once(Names)
    >>> names.ground("il 21", Place("a.csv", 2))
    Known(thing='il21', label='IL-21', kind='Ligand', jak='yes')
    >>> print(names.ground("JAK1", Place("a.csv", 3)))
    a.csv:3: 'JAK1' is a kinase, no cytokine: delete the row, or name the cytokine
    >>> names.comparator("Own uninvolved skin", Place("a.csv", 1))
    ('own-uninvolved-skin', 'own uninvolved skin')
    """

    def __init__(self, graph: OpenGraph) -> None:
        self.known: dict[str, Known] = {}
        self.spelling: dict[str, str] = {}
        rows = graph.rows("names_of_cytokines")
        for row in sorted(rows, key=lambda row: (row["kind"] != "Ligand", row["thing"])):
            self.spelling.setdefault(fold(row["name"]), row["name"])
            known = Known(row["thing"], row["label"], row["kind"], row["jak"] or "")
            self.known.setdefault(fold(row["name"]), known)
            self.known.setdefault(fold(row["thing"]), known)
        self.ambiguous: dict[str, list[str]] = {}
        for row in graph.rows("ambiguous_names"):
            labels = self.ambiguous.setdefault(fold(row["name"]), [])
            if row["label"] not in labels:
                labels.append(row["label"])
        self.comparators = {fold(row["name"]): row for row in graph.rows("comparators")}
        for row in graph.rows("comparators"):
            self.comparators[fold(row["comparator"])] = row

    def ground(self, name: str, place: Place, *, seek: bool = True) -> Known | Problem:
        """Return the cytokine of a name, or the problem with it; ``seek`` names near matches, which takes time."""
        key = fold(name)
        if key in self.ambiguous:
            which = ", ".join(self.ambiguous[key])
            what = f"{shown(name)} fits several cytokines"
            return Problem(place, what, f"write the one that was measured: {which}")
        known = self.known.get(key)
        if known is None:
            if "/" in key:
                return Problem(
                    place, f"cytokine {shown(name)} is not known", "write one cytokine a row, by its name alone"
                )
            close = near(key, [k for k, v in self.known.items() if v.kind == "Ligand"]) if seek else []
            hint = " or ".join(repr(self.spelling.get(k, k)) for k in close)
            other = "delete the row if it is another molecule, which the graph does not know"
            remedy = f"did you mean {hint}? {other}" if hint else f"write a usual name, as in IL21 or IL-21; {other}"
            return Problem(place, f"cytokine {shown(name)} is not known", remedy)
        if known.kind != "Ligand":
            kind = {"ReceptorChain": "a receptor chain", "Kinase": "a kinase", "Stat": "a STAT"}[known.kind]
            return Problem(place, f"{shown(name)} is {kind}, no cytokine", "delete the row, or name the cytokine")
        return known

    def comparator(self, name: str, place: Place) -> tuple[str, str] | Problem:
        """Return the comparator (id, label) of a name, or the problem with it.

        A comparator that the graph does not know is kept as it was written: what matters is that it is said and one.
        """
        row = self.comparators.get(fold(name))
        if row:
            return row["comparator"], row["label"]
        if len(name) > LONGEST_NAME or not name.isprintable():
            return Problem(place, f"comparator {shown(name)} is not a name", f"say it in {LONGEST_NAME} characters")
        ids = sorted({r["comparator"] for r in self.comparators.values()})
        if close := near(fold(name), self.comparators, cutoff=0.8):
            hint = f"did you mean {self.comparators[close[0]]['comparator']!r}? "
            return Problem(place, f"comparator {shown(name)} is not known", f"{hint}write one of {', '.join(ids)}")
        return name, name
