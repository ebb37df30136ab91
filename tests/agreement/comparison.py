"""How far a graph agrees with outside sources: pair by pair, and every difference by its name.

Things are matched by HGNC symbol, UniProt accession, NCBI gene or the number of a compound, never by a label. A claim
of ours counts as read here only where its direct edge is drawn, that is, where it is accepted.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal, NamedTuple

import oracle
import outside
from outside import Affinity, Pair, Pathways

from kg.calculus import Drug, Measurement, hit
from kg.model.vocabulary import PREFIXES, local
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Rows

Kind = Literal["differ", "only here", "only there", "absent here", "absent there", "cited, not there"]
Sets = Mapping[str, AbstractSet[str]]
PATHWAYS: Final = Path(__file__).parent / "pathways.tsv"
SYMBOL_OF: Final = {"hgnc:19157": "IL27", "hgnc:17412": "CLCF1"}
"""Parts that carry no symbol here, because it is the name of their complex."""
NOTHING: Final = "no JAK"
"""What is said of a cytokine whose receptors carry no JAK, and of a pathway in which none is drawn."""
ROUTES: Final = "SELECT ?ligand ?receptor { ?ligand jak:bindsReceptor ?receptor }"


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


class Claim(NamedTuple):
    """One source's word for a claim: about what, its object, where it says so, and whether the claim is accepted."""

    about: str
    object: str
    source: str
    locator: str
    accepted: bool


def rows(graph: OpenGraph, question: str) -> Rows:
    prefixes = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    return Rows.of(graph.select(prefixes + question), local)


def several(graph: OpenGraph, question: str) -> dict[str, set[str]]:
    """The second column of each row, by the first."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows(graph, question):
        first, second = row.values()
        found[first].add(second)
    return dict(found)


def supported(graph: OpenGraph, *roles: str) -> list[Claim]:
    """What evidence that supports says of claims with one of these roles, a source and a place a time."""
    return [
        Claim(*row.values())
        for role in roles
        for row in rows(
            graph,
            f"""SELECT ?about ?object ?source ?locator (?status = jak:Accepted AS ?accepted) {{
              ?claim jak:about ?about ; {role} ?object ; jak:status ?status ; jak:evidence ?evidence .
              ?evidence jak:stance jak:Supports ; dcterms:source ?source ; jak:locator ?locator }}""",
        )
    ]


def without_jak(graph: OpenGraph, *, other_than: str = "") -> set[str]:
    """The cytokines whose receptors carry no JAK, by the word of some source other than the one that is named."""
    found = rows(graph, f"""SELECT DISTINCT ?ligand {{
      ?ligand jak:signalsThrough ?family . ?family jak:carriesJak "no" .
      ?claim jak:about ?ligand ; jak:saysSignalsThrough ?family ; jak:evidence ?evidence .
      ?evidence jak:stance jak:Supports ; dcterms:source ?source
      FILTER(STRAFTER(STR(?source), "jak-kg/") != "{other_than}") }}""")  # fmt: skip
    return {row["ligand"] for row in found}


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


def symbols(graph: OpenGraph) -> dict[str, str]:
    """The HGNC symbol of each ligand and chain; of a complex, those of its parts."""
    found = {row["thing"]: row["symbol"] for row in rows(graph, "SELECT ?thing ?symbol { ?thing jak:symbol ?symbol }")}
    for row in rows(graph, "SELECT ?thing ?xref { ?thing a jak:LigandPart ; jak:xref ?xref }"):
        if row["xref"] in SYMBOL_OF:
            found[row["thing"]] = SYMBOL_OF[row["xref"]]
    for whole, parts in several(graph, "SELECT ?whole ?part { ?whole jak:hasPart ?part }").items():
        found[whole] = outside.joined({found[part] for part in parts})
    return found


def receptors(graph: OpenGraph, said: Iterable[Pair], known_as: str, *, same_version: bool = True) -> Comparison:
    """By which chains each cytokine signals, against pairs of partners; a complex is the set of its genes.

    ``known_as`` is the source among our references; our citations are looked up where they are of this version.
    """
    name = symbols(graph)
    chains = several(graph, "SELECT ?receptor ?chain { ?receptor jak:hasChain ?chain }")
    made_of = {receptor: outside.joined({name[chain] for chain in found}) for receptor, found in chains.items()}
    ours: dict[str, set[str]] = {}
    for ligand, found in several(graph, ROUTES).items():
        if ligand in name:  # a family has none: its members stand for it
            ours[name[ligand]] = {made_of[receptor] for receptor in found}
    without = {name[ligand] for ligand in without_jak(graph) if ligand in name}
    ours |= {ligand: {NOTHING} for ligand in without}
    theirs, left_out = facing(said, ours, without, {name[chain] for found in chains.values() for chain in found})
    agreed, differences = agreed_and_not(ours, theirs)

    claims = [claim for claim in supported(graph, "jak:saysBindsReceptor") if claim.about in name]
    cited = {
        (name[claim.about], made_of[claim.object]) for claim in claims if claim.source == known_as and same_version
    }
    differences += [
        Difference("cited, not there", ligand, receptor, " | ".join(sorted(theirs.get(ligand, ()))))
        for ligand, receptor in cited
        if receptor not in theirs.get(ligand, ())
    ]
    other = {
        (name[claim.about], made_of[claim.object]) for claim in claims if claim.accepted and claim.source != known_as
    }
    other |= {(name[ligand], NOTHING) for ligand in without_jak(graph, other_than=known_as) if ligand in name}
    return Comparison(
        len(agreed), tuple(sorted(differences)), len(agreed & other),
        f"{left_out} pairs of other partners, none of them a cytokine or a receptor chain that is here",
        sum(said == NOTHING for _, said in agreed), len(cited),
    )  # fmt: skip


def facing(
    said: Iterable[Pair], ours: Sets, without: AbstractSet[str], chains: AbstractSet[str]
) -> tuple[dict[str, set[str]], int]:
    """Each cytokine with its partners, whichever stands first, and how many pairs concern nothing that is here."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    left_out = 0
    for pair in {(min(pair), max(pair)) for pair in said}:
        ligands = [one for one in pair if one in ours]
        if not ligands:  # a partner that is not here, of a chain that is
            others = [one for one in pair if chains.isdisjoint(one.split("+"))]
            ligands = others if len(others) == 1 else []
        left_out += not ligands
        for ligand in ligands:
            receptor = pair[1] if ligand == pair[0] else pair[0]
            carries_none = ligand in without and chains.isdisjoint(receptor.split("+"))
            found[ligand].add(NOTHING if carries_none else receptor)
    return dict(found), left_out


# --- cytokine and kinase ----------------------------------------------------------------------------------------------


def kinases(graph: OpenGraph, said: Pathways, known_as: str) -> Comparison:
    """Which kinases a cytokine needs or uses by any of its receptors, against those drawn in its pathway."""
    name, routes = symbols(graph), several(graph, ROUTES)
    edges = several(graph, "SELECT ?receptor ?kinase { ?receptor jak:needsKinase|jak:usesKinase ?kinase }")
    claims = supported(graph, "jak:saysNeedsKinase", "jak:saysUsesKinase", "jak:saysBindsKinase")
    elsewhere = {(claim.about, claim.object) for claim in claims if claim.accepted and claim.source != known_as}
    without = without_jak(graph, other_than=known_as)
    with PATHWAYS.open(encoding="utf-8", newline="") as stream:
        of_pathway = {row["pathway"]: row["ligands"].split(";") for row in csv.DictReader(stream, delimiter="\t")}
    present = {pathway: ligands for pathway, ligands in of_pathway.items() if pathway in said}
    ours, theirs, other = {}, {}, set()
    for pathway, ligands in present.items():
        subject = f"{pathway} ({', '.join(name[ligand] for ligand in ligands)})"
        receptors_of = {receptor for ligand in ligands for receptor in routes.get(ligand, ())}
        pairs = {(receptor, kinase) for receptor in receptors_of for kinase in edges.get(receptor, ())}
        ours[subject] = {kinase.upper() for _, kinase in pairs} or {NOTHING}
        theirs[subject] = set(said[pathway][1]) or {NOTHING}
        other |= {(subject, kinase.upper()) for _, kinase in pairs & elsewhere}
        other |= {(subject, NOTHING)} if without.issuperset(ligands) else set()
    agreed, differences = agreed_and_not(ours, theirs)
    covered = {ligand for ligands in present.values() for ligand in ligands}
    missing = {name[ligand] for ligand in (routes.keys() | without_jak(graph)) - covered if ligand in name}
    differences += [Difference("absent there", ligand) for ligand in missing]

    cited = [claim for claim in claims if claim.source == known_as and claim.locator in said]
    differences += [
        Difference("cited, not there", f"{claim.locator} ({claim.about})", kinase, ", ".join(sorted(drawn)))
        for claim in cited
        if (kinase := claim.object.upper()) not in (drawn := said[claim.locator][1])
    ]
    others = sum(bool(found) for pathway, (_, found) in said.items() if pathway not in of_pathway)
    return Comparison(
        len(agreed), tuple(sorted(set(differences))), len(agreed & other),
        f"{others} pathways in which a JAK is drawn and which are not those of one cytokine or one type of interferon",
        sum(kinase == NOTHING for _, kinase in agreed), len(cited),
    )  # fmt: skip


# --- drug and kinase --------------------------------------------------------------------------------------------------


def values(graph: OpenGraph, said: Sequence[Affinity]) -> Comparison:
    """Each value that was read in Guide to PHARMACOLOGY, against the source: measure, relation, nM, PubMed number."""
    drug_of = compounds(graph)
    pmids = several(graph, "SELECT ?m ?pmid { ?m a jak:PotencyMeasurement ; dcterms:source/jak:pmid ?pmid }")
    ours: defaultdict[Pair, list[Value]] = defaultdict(list)
    for drug, kinase, one in measurements(graph):
        if OF_GTOPDB in one.obtained_from:
            numbers = tuple(sorted(map(str, pmids.get(one.id, ()))))
            ours[drug, kinase].append(Value(one.measure, one.relation or "", one.low, one.high, numbers))
    theirs: defaultdict[Pair, list[Value]] = defaultdict(list)
    for row in (row for row in said if row.ligand in drug_of):
        theirs[drug_of[row.ligand], row.kinase].append(Value(row.measure, row.relation, *ends(row), row.pmids))
    agreed, differences = 0, []
    there = {drug for drug, _ in theirs}
    for drug, kinase in ours.keys() | theirs.keys():
        if drug in there:
            same, unlike = matched(f"{drug}, {kinase}", ours[drug, kinase], theirs[drug, kinase])
            agreed += same
            differences += unlike
    differences += [Difference("absent there", drug) for drug in {drug for drug, _ in ours} - there]
    others = {row.ligand for row in said} - drug_of.keys()
    out = f"{len(others)} compounds with a value on a JAK that are not among the inhibitors here"
    return Comparison(agreed, tuple(sorted(differences)), 0, out)


class Value(NamedTuple):
    """A value in nM as it is compared, and printed in the page."""

    measure: str
    relation: str
    low: Decimal | None
    high: Decimal | None
    pmids: tuple[str, ...]

    def __str__(self) -> str:
        printed = [format(end.normalize(), "f") for end in (self.low, self.high) if end is not None]
        number = f"{'..'.join(dict.fromkeys(printed))} nM" if printed else "no number"
        paper = f"PMID {', '.join(self.pmids)}" if self.pmids else "no PMID"
        return f"{self.measure} {self.relation} {number}, {paper}"


def matched(subject: str, ours: list[Value], theirs: list[Value]) -> tuple[int, list[Difference]]:
    """How many values are the same, and the others: two of the same number are one difference."""
    same = Counter(ours) & Counter(theirs)
    here, there = list((Counter(ours) - same).elements()), list((Counter(theirs) - same).elements())
    found = []
    for one in list(here):
        for other in there:
            if one[1:4] == other[1:4]:
                found.append(Difference("differ", subject, str(one), str(other)))
                here.remove(one)
                there.remove(other)
                break
    found += [Difference("only here", subject, here=str(one)) for one in here]
    found += [Difference("only there", subject, there=str(one)) for one in there]
    return same.total(), found


def measured(row: Affinity, drug: Drug) -> Measurement:
    """Their value as a measurement of ours, comparable by the rule of the oracle on its fields."""
    low, high = ends(row)
    domain = "JH2" if "JH2" in row.assay else "JH1/full-length"
    target = drug.functional_target
    said: oracle.Measurement = {
        "id": "", "measure": row.measure, "relation": row.relation, "low": None, "high": None, "unit": "nM",
        "domain": domain, "species": row.species, "verified": True, "spared": False, "derived": False,
    }  # fmt: skip
    about: oracle.Drug = {
        "name": "", "allosteric": bool(target), "functional_target": target, "measurements": {},
        "group": drug.group, "species": drug.intended_species,
    }  # fmt: skip
    return Measurement(
        id="", measure=row.measure, relation=row.relation, low=low, high=high, unit="nM", domain=domain,
        species=row.species, comparable=oracle.comparable(said, about, row.kinase.lower()),
    )  # fmt: skip


def verdicts(graph: OpenGraph, said: Iterable[Affinity]) -> Comparison:
    """Whether a drug hits a kinase at 100 nM by the rule of the project: by all values here, and by theirs alone."""
    drug_of = compounds(graph)
    theirs: defaultdict[Pair, list[Measurement]] = defaultdict(list)
    for row in said:
        if row.ligand in drug_of:
            drug = graph.mechanism.drugs[drug_of[row.ligand]]
            theirs[drug.id, row.kinase].append(measured(row, drug))
    agreed = independent = here_only = there_only = 0
    differences = []
    for drug in graph.mechanism.drugs.values():
        for kinase in ("JAK1", "JAK2", "JAK3", "TYK2"):
            other = replace(drug, measurements={kinase.lower(): theirs.get((drug.id, kinase), ())})
            here, there = (bool(one.compared(kinase.lower())) for one in (drug, other))
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


def compounds(graph: OpenGraph) -> dict[str, str]:
    """Number of a compound in Guide to PHARMACOLOGY -> inhibitor."""
    found = rows(graph, 'SELECT ?drug ?x { ?drug jak:xref ?x FILTER(STRSTARTS(?x, "iuphar.ligand:")) }')
    return {row["x"].partition(":")[2]: row["drug"] for row in found}


def measurements(graph: OpenGraph) -> list[tuple[str, str, Measurement]]:
    drugs = graph.mechanism.drugs.values()
    return [
        (drug.id, kinase.upper(), one) for drug in drugs for kinase, all_ in drug.measurements.items() for one in all_
    ]
