"""The names of cytokines and comparators that a graph knows, and what is wrong with one that it does not.

>>> import kg
>>> kg.open().once(Names).ground("IL21", Place("a.csv", 2)).thing
'il21'
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from kg.model.errors import Place, Problem
from kg.model.names import LONGEST_NAME, near
from kg.model.vocabulary import fold
from kg.profiles.tabular import shown
from kg.sparql.graph import OpenGraph

TYPO: Final = 0.92
"""Share of letters: a comparator that is so near to a known one is taken for a mistake in writing it."""
NUMBER: Final = re.compile(r"[-+]?[\d.,]+([eE][-+]?\d+)?\s*%?")
HEALTHY_CONTROLS: Final = "healthy controls"
HEALTHY: Final = frozenset(
    "hc|hcs|hd|hds|hv|healthy|healthycontrol|healthycontrols|healthydonor|healthydonors|healthyvolunteers|"
    "healthyindividuals|healthysubjects|healthypeople|normalcontrol|normalcontrols|controls|control|healthydonorcontrols".split(
        "|"
    )
)
"""What does not say whether it is skin or blood: healthy controls, kept as such."""
Species = Literal["human", "mouse"]
KINDS: Final = {"ReceptorChain": "a receptor chain", "Kinase": "a kinase", "Stat": "a STAT"}
UNIT: Final = re.compile(r"\s*[(\[]?\s*[pnuµμ]g\s*/\s*ml\s*[)\]]?$", re.IGNORECASE)
"""A unit of concentration behind a name."""
PREFIX: Final = re.compile(r"(hu|human)[\s_]+", re.IGNORECASE)
REGION: Final = re.compile(r"\s*\((\d\d)\)$")
"""The region of a bead, which Bio-Plex writes behind a name, as in Hu IL-2 (38)."""


@dataclass(frozen=True, slots=True)
class Known:
    """A name that the graph knows: the thing, its label, its kind, and whether it signals through a JAK.

    Only a ``Ligand`` is a cytokine; any other kind counts for nothing.
    """

    thing: str
    label: str
    kind: str
    jak: str

    @property
    def what(self) -> str:
        """What it is, with its article, as in 'a kinase'."""
        return KINDS.get(self.kind, "a cytokine")


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

    def murine(self, names: Iterable[str]) -> bool:
        """Return whether names are spelt as gene symbols of the mouse: most of those that are symbols here.

        >>> import kg
        >>> names = kg.open().once(Names)
        >>> names.murine(["Ifng", "Il21", "Krt16"]), names.murine(["IL-6", "Il6", "TNF"]), names.murine(["IL-6"])
        (True, False, False)
        """
        known = [name for name in names if fold(name) in self.known]
        like = [name for name in known if re.fullmatch(r"[A-Z][a-z]+\d*[a-z]?\d*", name, re.ASCII)]
        return 2 * len(like) > len(known)

    def find(
        self,
        name: str,
        place: Place,
        *,
        gene: bool = False,  # noqa: ARG002 - the facts follow
        species: Species = "human",  # noqa: ARG002 - the facts follow
    ) -> Known | Problem | None:
        """Return what a name names, the problem with it where it must not be taken, None where it is not known.

        ``gene`` says that the name stands in a column of gene symbols and identifiers, where a symbol is the gene;
        ``species`` is whose symbols they are. What is found need not be a cytokine: see :class:`Known`.

        >>> import kg
        >>> names = kg.open().once(Names)
        >>> names.find("JAK1", Place("a.csv", 3)).what, names.find("KRT16", Place("a.csv", 4))
        ('a kinase', None)
        """
        text = UNIT.sub("", name)
        if region := REGION.search(text):
            alone = text[: region.start()]
            glued = self.known.get(fold(text)) or self.known.get(fold(f"{alone}p{region[1]}"))
            if glued and not PREFIX.match(alone):
                what = f"{shown(name)} ends in a bead region, as Bio-Plex writes it, or is {glued.label}"
                return Problem(place, what, f"write {alone!r} alone, or {glued.label}")
            text = alone
        text = PREFIX.sub("", text, count=1)
        key = fold(text)
        if key in self.ambiguous:
            which = ", ".join(self.ambiguous[key])
            return Problem(place, f"{shown(name)} fits several cytokines", f"write the one that was measured: {which}")
        return self.known.get(key)

    def unknown(self, name: str, place: Place, *, seek: bool = True) -> Problem:
        """Return the problem with a name that is not known; ``seek`` names near matches, which takes time.

        >>> import kg
        >>> print(kg.open().once(Names).unknown("IL-221", Place("a.csv", 2), seek=False).what)
        cytokine 'IL-221' is not known
        """
        key = fold(name)
        if "/" in key:
            return Problem(place, f"cytokine {shown(name)} is not known", "write one cytokine a row, by its name alone")
        close = near(key, [k for k, v in self.known.items() if v.kind == "Ligand"]) if seek else []
        hint = " or ".join(repr(self.spelling.get(k, k)) for k in close)
        other = "delete the row if it is another molecule, which the graph does not know"
        remedy = f"did you mean {hint}? {other}" if hint else f"write a usual name, as in IL21 or IL-21; {other}"
        return Problem(place, f"cytokine {shown(name)} is not known", remedy)

    def ground(
        self, name: str, place: Place, *, gene: bool = False, species: Species = "human", seek: bool = True
    ) -> Known | Problem:
        """Return the cytokine of a name, or the problem with it; ``gene`` and ``species`` are those of :meth:`find`."""
        found = self.find(name, place, gene=gene, species=species)
        if found is None:
            return self.unknown(name, place, seek=seek)
        if isinstance(found, Known) and found.kind != "Ligand":
            remedy = "delete the row, or name the cytokine"
            return Problem(place, f"{shown(name)} is {found.what}, no cytokine", remedy)
        return found

    def comparator(self, name: str, place: Place) -> tuple[str, str] | Problem:
        """Return the comparator (id, label) of a name, or the problem with it.

        A comparator that the graph does not know is kept as it was written: what matters is that it is said and one.
        """
        row = self.comparators.get(fold(name))
        if row:
            return row["comparator"], row["label"]
        if NUMBER.fullmatch(name):
            remedy = "name what was compared with, as in own uninvolved skin"
            return Problem(place, f"comparator {shown(name)} is a number, and no comparator", remedy)
        if fold(name) in HEALTHY:
            return HEALTHY_CONTROLS, HEALTHY_CONTROLS
        if len(name) > LONGEST_NAME or not name.isprintable():
            return Problem(place, f"comparator {shown(name)} is not a name", f"say it in {LONGEST_NAME} characters")
        ids = sorted({r["comparator"] for r in self.comparators.values()})
        if close := near(fold(name), self.comparators, cutoff=TYPO):
            hint = f"did you mean {self.comparators[close[0]]['comparator']!r}? "
            return Problem(place, f"comparator {shown(name)} is not known", f"{hint}write one of {', '.join(ids)}")
        return name, name
