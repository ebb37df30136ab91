"""The names that a graph knows of what is measured, of comparators, and what is wrong with one that it does not know.

>>> import kg
>>> kg.open().once(Names).ground("IL21", Place("a.csv", 2)).thing
'il21'
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from kg.model.errors import Place, Problem
from kg.model.identifiers import identifier_of
from kg.model.names import LONGEST_NAME, near
from kg.model.vocabulary import LONGEST_FOLDED, fold
from kg.profiles import spellings
from kg.profiles.spellings import Species
from kg.profiles.tabular import shown
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Row

TYPO: Final = 0.92
"""Share of letters: a comparator that is so near to a known one is taken for a mistake in writing it."""
NUMBER: Final = re.compile(r"[-+]?[\d.,]+([eE][-+]?\d+)?\s*%?")
HEALTHY_CONTROLS: Final = "healthy controls"
HEALTHY: Final = frozenset(
    "hc|hcs|hd|hds|hv|healthy|healthycontrol|healthycontrols|healthydonor|healthydonors|healthyvolunteers|"
    "healthyindividuals|healthysubjects|healthypeople|normalcontrol|normalcontrols|healthydonorcontrols".split("|")
)
"""What does not say whether it is skin or blood: healthy controls, kept as such."""
KINDS: Final = {
    "Ligand": "a cytokine", "ReceptorChain": "a receptor chain", "Kinase": "a kinase", "Stat": "a STAT",
    "other cytokine": "a cytokine that signals without a JAK", "other protein": "another protein",
}  # fmt: skip
CHEMOKINE: Final = re.compile("(cx3|cx|x|c)cl?|mip|mcp|gro|eotaxin|rantes|mdc|tarc")
"""How a chemokine and a receptor of a chemokine begin."""
RECEPTOR: Final = re.compile("s?(il|ifn|tnf|tnfrsf|csf|vegf|egf|pdgf|fgf).*r[a-z]?[0-9]?[a-z]{0,20}|.*receptor.*")
"""How the name of a receptor is written."""


@dataclass(frozen=True, slots=True)
class Known:
    """A name that the graph knows: the thing, its label, its kind, and whether it signals through a JAK.

    Only a ``Ligand`` is a cytokine that can count; for any other kind ``why`` may say why it counts for nothing.

    >>> Known("gapdh", "GAPDH", "reference gene", "").what
    'a reference gene'
    """

    thing: str
    label: str
    kind: str
    jak: str
    why: str = field(default="", repr=False)

    @property
    def what(self) -> str:
        """What it is, with its article, as in 'a kinase' or 'a reference gene'."""
        return KINDS.get(self.kind, f"a {self.kind}")


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

    def __init__(self, graph: OpenGraph, species: Species = "human") -> None:
        self.graph, self.species = graph, species
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

    # --- what is read at the first name that needs it -----------------------------------------------------------------

    @cached_property
    def _analytes(self) -> dict[str, Known]:
        """Name -> another analyte, which counts for nothing."""
        rows = self.graph.rows("analytes_that_count_for_nothing")
        return {fold(row["name"]): Known(row["analyte"], row["label"], row["kind"], "", row["why"]) for row in rows}

    @cached_property
    def _things(self) -> dict[str, Known]:
        """Local name -> what is known of it."""
        return {known.thing: known for known in (*self._analytes.values(), *self.known.values())}

    @cached_property
    def _symbols(self) -> dict[str, Known]:
        """Approved symbol of a human gene, folded -> its product."""
        return {fold(row["symbol"]): self._things[row["thing"]] for row in self.graph.rows("gene_symbols_of_cytokines")}

    @cached_property
    def _genes(self) -> dict[tuple[str, str], Row]:
        """Species and symbol, folded -> a gene whose symbol leads to a cytokine or must not be taken for one."""
        rows = self.graph.rows("genes_with_misleading_symbols")
        return {(row["species"], fold(row["symbol"])): row for row in rows}

    @cached_property
    def _identifiers(self) -> dict[str, list[str]]:
        """Identifier elsewhere -> the things that it names."""
        found: dict[str, list[str]] = {}
        for row in self.graph.rows("identifiers"):
            found.setdefault(row["identifier"], []).append(row["thing"])
        return found

    @cached_property
    def _one_word(self) -> set[str]:
        """Every name and identifier, folded, the latter without its list."""
        identifiers = {name.rpartition(":")[2].lower() for name in self._identifiers}
        genes = {name for _, name in self._genes}
        return {*self.known, *self.ambiguous, *self._analytes, *self._symbols, *genes, *identifiers}

    def of(self, species: Species | None) -> "Names":
        """Return the names of what was measured in a species, with the symbols of its genes.

        >>> import kg
        >>> kg.open().once(Names).of("mouse").find("Il27", Place("a.csv", 2), gene=True).label
        'IL-27 subunit alpha (p28)'
        """
        return self.graph.once(_of_the_mouse) if species == "mouse" else self.graph.once(Names)

    # --- names --------------------------------------------------------------------------------------------------------

    def murine(self, names: Iterable[str]) -> bool:
        """Return whether names are spelt as gene symbols of the mouse: more than half of those that are known here.

        A lone ``Il6`` among human names is IL-6; a list of nothing but such spellings is of the mouse, or the rat.

        >>> import kg
        >>> names = kg.open().once(Names)
        >>> names.murine(["Ifng", "Il21", "Krt16"]), names.murine(["IL-6", "Il6", "TNF"]), names.murine(["IL-6"])
        (True, False, False)
        """
        names = list(names)
        if any(map(spellings.ONLY_MOUSE.fullmatch, names)):
            return True
        if not any(map(spellings.MURINE.match, names)):
            return False
        like = total = 0
        for name in names:
            if spellings.OF_THE_MOUSE.match(name):
                like, total = like + 1, total + 1
            elif (key := fold(name)) in self.known or key in self._analytes or ("mouse", key) in self._genes:
                total += 1
                gene = self._genes.get(("mouse", key))
                symbol = gene["symbol"] if gene else name.capitalize() if key in self._symbols else None
                like += name == symbol and name != name.upper()
        return 2 * like > total

    def find(self, name: str, place: Place, *, gene: bool = False) -> Known | Problem | None:
        """Return what a name names, the problem with it where it must not be taken, None where it is not known.

        ``gene`` says that the name stands in a column of gene symbols and identifiers, where a symbol is the gene.
        What is found need not be a cytokine: see :class:`Known`.

        >>> import kg
        >>> names = kg.open().once(Names)
        >>> names.find("JAK1", Place("a.csv", 3)).what, names.find("KRT16", Place("a.csv", 4))
        ('a kinase', None)
        >>> names.find("P01579", Place("a.csv", 5)).label, names.find("TPO", Place("a.csv", 6)).label
        ('IFN-gamma', 'thrombopoietin')
        >>> print(names.find("TPO", Place("a.csv", 6), gene=True).what)
        'TPO' is the approved symbol of thyroid peroxidase, not of thrombopoietin
        """
        one = name.isascii() and name.isalnum()
        if one and (word := name.lower()) not in self.known and word not in self._one_word:
            return None  # as most of the 25,000 names of a table of genes: nothing stands around it
        if found := self._identified(name, place, gene=gene):
            return found
        if spellings.SIMPLE.fullmatch(name):
            return self._named(name, name, place, gene=gene)
        text, region = spellings.plain(name)
        if self.species == "mouse":
            text = re.sub(r"^(mo|ms|mouse|murine)[\s_]+", "", text, flags=re.IGNORECASE)
        found = self._named(text, name, place, gene=gene)
        if region and isinstance(found, Known) and not spellings.HUMAN.match(name):
            glued = self.known.get(fold(f"{text}{region}")) or self.known.get(fold(f"{text}p{region}"))
            if glued:
                what = f"{shown(name)} ends in a bead region, as Bio-Plex writes it, or is {glued.label}"
                return Problem(place, what, f"write {shown(text)} alone, or {glued.label}")
        if found:
            return found
        if self.species == "human" and (kit := spellings.OTHER_SPECIES.match(name)):
            what = f"{shown(name)} was measured by a kit for {'rat' if kit[1][0] in 'rR' else 'mouse'}"
            return Problem(place, what, "routes and potencies here are human: see --species mouse")
        return self._several(text, name, place, gene=gene)

    def _identified(self, name: str, place: Place, *, gene: bool) -> Known | Problem | None:
        """Return what an identifier names, as those of HGNC, UniProt, Ensembl and NCBI do."""
        if not name[:1].isalnum() or not any(letter.isdigit() for letter in name):
            return None
        identifier = identifier_of(name)
        if gene and name.isascii() and name.isdigit() and not spellings.SERIAL.fullmatch(name):
            identifier = f"NCBIGene:{name}"
        things = self._identifiers.get(identifier, []) if identifier else []
        if not things:
            return None
        if len(things) > 1:
            labels = ", ".join(self._things[thing].label for thing in things)
            return Problem(place, f"{shown(name)} is the product of several genes", f"write one of {labels}")
        if known := self._things.get(things[0]):
            return known
        row = next((row for row in self._genes.values() if row["gene"] == things[0]), None)
        return self._of_gene(row, name, place) if row else None

    def _of_gene(self, row: Row, name: str, place: Place) -> Known | Problem:
        """Return the cytokine that a gene of :attr:`_genes` leads to, or why it leads to none."""
        if row["product"]:
            return self._things[row["product"]]
        if row["homonym"]:
            what = f"{shown(name)} is the approved symbol of {row['label']}, not of {row['homonym_label']}"
            if fold(name) != fold(row["symbol"]):
                what = f"{shown(name)} is {row['label']} ({row['symbol']}), not {row['homonym_label']}"
            symbol = next((key for key, known in self._symbols.items() if known.thing == row["homonym"]), "").upper()
            other = f", or write {symbol} if {row['homonym_label']} was measured" if symbol else ""
            return Problem(place, what, f"delete the row{other}")
        if self.species == "human":
            what = f"{shown(name)} is a gene of the mouse, {row['symbol']}"
            return Problem(place, what, "routes and potencies here are human: see --species mouse")
        if row["co_orthologue"]:
            what = f"{row['symbol']} of the mouse has no single human orthologue ({row['note']})"
            return Problem(place, what, f"delete the row, or write {row['co_label']} if that was measured")
        return self._things[row["orthologue"]]

    def _named(self, text: str, name: str, place: Place, *, gene: bool) -> Known | Problem | None:
        """Return what a name names without what stands around it; ``name`` is the whole, for messages."""
        key = fold(text)
        if self.species == "mouse" and (row := self._genes.get(("mouse", key))):
            return self._of_gene(row, name, place)
        if gene:
            if row := self._genes.get(("human", key)):
                return self._of_gene(row, name, place)
            if self.species == "human" and (known := self._symbols.get(key)):
                return known
        if key in self.ambiguous:
            which = ", ".join(self.ambiguous[key])
            return Problem(place, f"{shown(name)} fits several cytokines", f"write the one that was measured: {which}")
        found = self.known.get(key) or self._analytes.get(key)
        if self.species == "mouse" and found and found.thing in self._absent_in_mouse:
            what = f"{shown(name)}: the mouse has no orthologue of {found.label} alone"
            return Problem(place, what, "delete the row, or name what was measured")
        return found

    @cached_property
    def _absent_in_mouse(self) -> set[str]:
        """The cytokines with a human gene that no gene of the mouse is an orthologue of."""
        there = {row[key] for row in self._genes.values() for key in ("orthologue", "co_orthologue")}
        ours = {known.thing for known in self._symbols.values() if known.kind == "Ligand"}
        return ours - there

    def _several(self, text: str, name: str, place: Place, *, gene: bool) -> Known | Problem | None:
        """Return what several names in one name together; None where one of them is not known."""
        parts = spellings.several(text)
        found = [
            self._identified(part, place, gene=gene) or self._named(part, name, place, gene=gene) for part in parts
        ]
        known = [one for one in found if isinstance(one, Known)]
        if known and len({one.thing for one in known}) == 1 and len(known) == len(parts):
            return known[0]
        if gene and any(one.kind == "Ligand" for one in known):
            what = f"{shown(name)} names several genes, and a value of several is that of none"
            return Problem(place, what, "write the gene that was measured, or delete the row")
        return None

    def unknown(self, name: str, place: Place, *, seek: bool = True) -> Problem:
        """Return the problem with a name that is not known; ``seek`` names near matches, which takes time.

        No name is near to an identifier, none but a chemokine to a chemokine, none but a receptor to a receptor.

        >>> import kg
        >>> print(kg.open().once(Names).unknown("IL-221", Place("a.csv", 2), seek=False).what)
        cytokine 'IL-221' is not known
        """
        other = "delete the row if it is another molecule, which the graph does not know"
        from kg.profiles.spreadsheet_dates import genes_of_date

        if dated := genes_of_date(name, gene=False):
            remedy = "read the column as text, or delete the row: none of these genes is a cytokine"
            return Problem(place, f"{shown(name)} is a date that a spreadsheet made of {dated}", remedy)
        if spellings.is_identifier(name):
            what = f"{shown(name)} is an identifier that names no cytokine here"
            return Problem(place, what, f"give the gene symbol, as in IL21; {other}")
        if found := self._of_sample(name, place):
            return found
        key = fold(name)
        if "/" in key:
            return Problem(place, f"cytokine {shown(name)} is not known", "write one cytokine a row, by its name alone")
        hint = " or ".join(repr(word) for word in self._near(key)) if seek else ""
        remedy = f"did you mean {hint}? {other}" if hint else f"write a usual name, as in IL21 or IL-21; {other}"
        return Problem(place, f"cytokine {shown(name)} is not known", remedy)

    def _of_sample(self, name: str, place: Place) -> Problem | None:
        """Return the problem with a name that carries a sample, as in ``IL-21 (P01)`` and ``P01_IL-21``."""
        from kg.profiles.sample_words import says

        if len(name) > LONGEST_FOLDED:
            return None
        parts = re.findall(r"[\s_|:;,.@/()\[\]-]+|[^\s_|:;,.@/()\[\]-]+", name)
        for cut in range(1, len(parts)):
            ends = "".join(parts[:cut]).strip(" _|:;,.@/()[]-"), "".join(parts[cut:]).strip(" _|:;,.@/()[]-")
            for known, rest in (ends, ends[::-1]):
                if isinstance(self.find(known, place), Known) and (says(rest)):
                    what = f"{shown(name)} is {shown(known)} with {shown(rest)} beside it, as the name of a sample is"
                    return Problem(
                        place, what, "samples are never pooled: write it in a column of its own, such as patient"
                    )
        return None

    def _near(self, key: str) -> Iterator[str]:
        """Yield at most three names of things of the same kind that are near to a name."""
        if RECEPTOR.fullmatch(key):
            return
        if CHEMOKINE.match(key):
            words = {k: known.label for k, known in (*self.known.items(), *self._analytes.items())}
            words = {k: label for k, label in words.items() if CHEMOKINE.match(k)}
        else:
            words = {k: self.spelling.get(k, k) for k, known in self.known.items() if known.kind == "Ligand"}
            words = {k: word for k, word in words.items() if not CHEMOKINE.match(k)}
        yield from (words[k] for k in near(key, words))

    def ground(self, name: str, place: Place, *, gene: bool = False, seek: bool = True) -> Known | Problem:
        """Return the cytokine of a name, or the problem with it; ``gene`` is that of :meth:`find`."""
        found = self.measured(name, place, gene=gene, seek=seek)
        return found if isinstance(found, Problem) or found.kind == "Ligand" else _no_cytokine(name, found, place)

    def measured(self, name: str, place: Place, *, gene: bool = False, seek: bool = True) -> Known | Problem:
        """Return what was measured under a name, or the problem with it; all but a ``Ligand`` counts for nothing.

        A kinase or a STAT is a problem in a column of cytokines, where nobody measures one.

        >>> import kg
        >>> names = kg.open().once(Names)
        >>> names.measured("Eotaxin", Place("a.csv", 2)).what, names.measured("JAK1", Place("a.csv", 3), gene=True).what
        ('a chemokine', 'a kinase')
        """
        found = self.find(name, place, gene=gene)
        if found is None:
            return self.unknown(name, place, seek=seek)
        if isinstance(found, Known) and found.kind in ("Kinase", "Stat") and not gene:
            return _no_cytokine(name, found, place)
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


def _no_cytokine(name: str, known: Known, place: Place) -> Problem:
    no = "" if known.kind == "other cytokine" else ", no cytokine"
    return Problem(place, f"{shown(name)} is {known.what}{no}", "delete the row, or name the cytokine")


def _of_the_mouse(graph: OpenGraph) -> Names:
    return Names(graph, "mouse")
