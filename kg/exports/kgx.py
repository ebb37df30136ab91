r"""The graph for KGX and the Biolink Model 4.4.6: nodes and edges as TSV and as JSON Lines.

**Nodes.** A consumer (Translator, Monarch) joins graphs by the identifiers of its own prefixes, so a node has the first
identifier of the thing itself in the order in which Biolink prefers them for its category: UniProtKB for a gene
product, CHEBI, else UNII, PubChem or ChEMBL for a compound, MONDO or HP for a condition, PubMed for a publication. What
nobody else names (receptor complexes, families, cases), and what shares its identifier with another thing here, keeps
our own ``kg:`` CURIE, https://w3id.org/jak-kg/. All other identifiers are in ``xref``, our IRI is in ``iri``. A DOI is
only a cross reference, since kgx takes nothing with a slash for a CURIE. A set of cytokines is no node: it groups what
our score counts together, which is neither a family nor a complex. Genes of the mouse, human genes with a misleading
symbol, and analytes that count for nothing are none either: no edge would lead to them.

**Edges.** An accepted claim is an edge. A refuted one is an edge with ``negated``; disputed and open ones are left out:
they are in the tables. Its ``id`` is our CURIE of the claim, measurement or therapy that it stands for, else a UUID of
its words. A need turns round, since Biolink has no word for it: the kinase affects the receptor, and
``original_predicate`` says *jak:needsKinase*; so does a use, where the kinase contributes. Biolink tells the two apart
by a qualifier only: a need that is refuted since the kinase is used, or a use since it is needed, would there deny the
other, and is left out. A drug was *applied to treat*; nothing here says that it treats. Values stand as they were
measured, one edge each: an IC50 or Ki that the drug reached is an inhibition, a Kd a binding; a value that is only
above a number, a ratio, or the JH1 or a foreign JH2 of an allosteric drug, says neither and is *related to*.

**Left out.** These have no edge and are in the tables: unverified values; bounds derived from a ratio, which nobody
measured; cell assays, hypotheses and disagreements; pathways that are read from their target genes; the warnings of
regulators and the status of development, for which Biolink has no word that fits (a warning of a risk is no adverse
event that was seen).

**Sources.** ``infores:jak-kg`` (not registered) is primary where our curators concluded the statement from what they
read; a value that was read only in a registered database has that database as primary source and us as aggregator.

kgx takes every text of the column ``negated`` for true: in TSV it is empty where it is not ``True``. It splits cells at
``|``: in TSV a bar within a text is written ``¦``; JSON Lines keeps it. Its graph in memory keeps one edge for each
subject, predicate and object: read the files as a stream, or by ``id``, or measurements of one pair are lost. The
species of a node is in ``taxon``: of ``in_taxon``, which Biolink has too, kgx makes a list and then calls it wrong.

>>> import kg
>>> nodes, edges = records(tables.read(kg.open()))
>>> [node["category"] for node in nodes if node["id"] == "UniProtKB:Q9HBE4"]
[['biolink:Protein']]
>>> [(edge["subject"], edge["predicate"]) for edge in edges if edge["id"] == "kg:claim-il2rg-binds-jak3"]
[('UniProtKB:P31785', 'biolink:directly_physically_interacts_with')]
"""

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from kg.calculus.signals import direction
from kg.exports import tables
from kg.exports.biolink import CATEGORIES, INFORES, MECHANISMS, NARROWER, OURS, PREFERRED, PREFIXES, RELATIONS, TAXA
from kg.model.files import separated
from kg.model.vocabulary import THING
from kg.sparql.rows import Row, Rows

if TYPE_CHECKING:
    from kg.sparql.built_graph import BuiltGraph

KgxRecord = dict[str, Any]
"""Property -> text, number, true, or a list of texts; what is not known is not there."""

NODE_COLUMNS: Final = (
    "id", "category", "name", "description", "synonym", "xref", "taxon", "in_taxon_label", "publication_type",
    "provided_by", "iri",
)  # fmt: skip
EDGE_COLUMNS: Final = (
    "id", "category", "subject", "predicate", "object", "negated", "qualified_predicate", "subject_aspect_qualifier",
    "subject_direction_qualifier", "object_aspect_qualifier", "object_direction_qualifier",
    "causal_mechanism_qualifier", "species_context_qualifier", "population_context_qualifier",
    "clinical_approval_status", "primary_knowledge_source", "aggregator_knowledge_source", "supporting_data_source",
    "publications", "has_evidence", "has_evidence_of_type", "evidence_count", "supporting_text", "knowledge_level",
    "agent_type", "description", "original_subject", "original_predicate", "original_object", "iri",
)  # fmt: skip
OWN_COLUMNS: Final = (
    "claim_status", "evidence_against", "measure", "value_relation", "value", "value_unit", "low", "high", "domain",
    "atp", "of_case", "patients", "measured_ratio", "reported_direction", "comparator", "dose", "outcomes",
)  # fmt: skip
"""Columns of edges that Biolink does not know: what a measurement or a case needs to be understood."""
SAPIENS: Final = {"taxon": TAXA["human"], "in_taxon_label": "Homo sapiens"}
HUMAN: Final = frozenset({"Protein", "MacromolecularComplex", "ProteinFamily", "Case", "Cohort"})
SPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, THING)


def files(built: "BuiltGraph") -> dict[str, bytes]:
    """Return nodes and edges, as TSV and as JSON Lines, each by its path in a release; the same bytes for one builder.

    >>> from kg.sparql.built_graph import shipped
    >>> sorted(files(shipped()))[-2:]
    ['kgx/jak-kg_nodes.jsonl', 'kgx/jak-kg_nodes.tsv']
    """
    nodes, edges = records(built.opened.once(tables.read))
    found: dict[str, bytes] = {}
    for name, kind, columns in (("nodes", nodes, NODE_COLUMNS), ("edges", edges, (*EDGE_COLUMNS, *OWN_COLUMNS))):
        found[f"kgx/jak-kg_{name}.tsv"] = _tsv(kind, columns)
        lines = (json.dumps(record, ensure_ascii=False, default=str) for record in kind)
        found[f"kgx/jak-kg_{name}.jsonl"] = "".join(f"{line}\n" for line in lines).encode()
    return found


def records(read: Mapping[str, Rows]) -> tuple[list[KgxRecord], list[KgxRecord]]:
    """Return the nodes and the edges of tables, each sorted by id; a publication is a node where an edge cites it.

    >>> import kg
    >>> nodes, edges = records(tables.read(kg.open()))
    >>> {edge["subject"] for edge in edges} <= {node["id"] for node in nodes}
    True
    """
    things = {node["iri"].removeprefix(THING): node for node in _nodes(read)}
    edges = sorted(_Edges(read, things).all(), key=lambda edge: str(edge["id"]))
    cited = {name for edge in edges for key in ("publications", "has_evidence", "subject") for name in _list(edge, key)}
    kept = [node for name, node in things.items() if not name.startswith("ref-") or node["id"] in cited]
    return sorted(kept, key=lambda node: str(node["id"])), edges


def _list(record: KgxRecord, key: str) -> list[str]:
    value = record.get(key, [])
    return value if isinstance(value, list) else [value]


# --- nodes ------------------------------------------------------------------------------------------------------------


def _nodes(read: Mapping[str, Rows]) -> Iterator[KgxRecord]:
    names, identifiers, aliases = defaultdict(list), defaultdict(list), ("alias", "symbol")
    for row in read["names"]:
        if row["kind"] in aliases:
            names[row["thing"]].append(row["name"])
    for row in read["identifiers"]:
        prefix, _, rest = row["identifier"].partition(":")
        identifiers[row["thing"]].append(f"{PREFIXES.get(prefix, prefix)}:{rest}")
    shared = {name for name, n in Counter(name for found in identifiers.values() for name in found).items() if n > 1}
    for row in read["references"]:
        if row["doi"]:
            identifiers[row["reference"]].append(f"doi:{row['doi']}")
        if row["pmcid"]:
            identifiers[row["reference"]].append(f"PMCID:{row['pmcid']}")
    for kind, name, row in _things(read):
        ours, known = f"kg:{name}", sorted(set(identifiers[name]) - {f"kg:{name}"})
        own = [found for prefix in PREFERRED.get(kind, ()) for found in known if found.startswith(f"{prefix}:")]
        chosen = next((found for found in own if found not in shared), ours)
        said = row["kind"] if kind == "Reference" else chosen.partition(":")[0]
        category = NARROWER.get((kind, said), CATEGORIES[kind])
        label = row.get("label") or row["citation"]
        yield _record(
            id=chosen, category=[f"biolink:{category}"], name=label, description=_description(kind, row),
            synonym=sorted({*names[name]} - {label}), xref=[other for other in [*known, ours] if other != chosen],
            publication_type=[row["kind"]] if kind == "Reference" and category != "Dataset" else None,
            provided_by=[OURS], iri=THING + name, **(SAPIENS if category in HUMAN else {}),
        )  # fmt: skip


def _things(read: Mapping[str, Rows]) -> Iterator[tuple[str, str, Row]]:
    """Yield the class, local name and row of every thing that becomes a node."""
    ligands = {"single": "Ligand", "part": "LigandPart", "complex": "LigandComplex", "family": "LigandFamily"}
    cases = {"individual": "IndividualCase", "group": "GroupCase"}
    for table, key, kind in (
        ("cytokines", "cytokine", ligands), ("receptors", "receptor", "ReceptorComplex"),
        ("chains", "chain", "ReceptorChain"), ("receptor_families", "receptor_family", "ReceptorFamily"),
        ("kinases", "kinase", "Kinase"), ("stats", "stat", "Stat"), ("inhibitors", "inhibitor", "Inhibitor"),
        ("treatments", "treatment", "Treatment"), ("conditions", "condition", "ConditionKind"),
        ("cases", "case", cases), ("references", "reference", "Reference"),
    ):  # fmt: skip
        for row in read[table]:
            if row.get("carries_jak") != "unknown":  # a receptor that is not settled is no thing
                yield kind if isinstance(kind, str) else kind[row["kind"]], row[key], row


def _description(kind: str, row: Row) -> str | None:
    if kind == "Reference":
        return row["title"] if row["title"] else None
    if kind == "ReceptorComplex":
        return "; ".join(filter(None, (f"chains {row['composition']}", row["note"])))
    return row.get("note") or None


def _record(**values: Any) -> KgxRecord:
    return {name: value for name, value in values.items() if value is not None and value != []}


# --- edges ------------------------------------------------------------------------------------------------------------


class _Edges:
    """The edges of the tables between nodes by their local names."""

    def __init__(self, read: Mapping[str, Rows], things: Mapping[str, KgxRecord]) -> None:
        self.read, self.things = read, things

    def all(self) -> Iterator[KgxRecord]:
        yield from self.claims()
        yield from self.structure()
        yield from self.potency()
        yield from self.cases()

    def edge(self, relation: str, subject: str, target: str, name: str | None = None, **values: Any) -> KgxRecord:
        """Return an edge; ``name`` is the local name of what it stands for, ``values`` may overrule what is usual."""
        said = RELATIONS[relation]
        ends = (subject, target) if not said.turned else (target, subject)
        stated = None if name is None else {"id": f"kg:{name}", "iri": THING + name}
        known: KgxRecord = {
            "id": f"urn:uuid:{uuid.uuid5(SPACE, f'{subject} {relation} {target}')}",
            "category": [f"biolink:{said.association}"], "subject": self.things[ends[0]]["id"],
            "predicate": f"biolink:{said.predicate}", "object": self.things[ends[1]]["id"], **said.qualifiers,
            "primary_knowledge_source": OURS, "knowledge_level": "knowledge_assertion", "agent_type": "manual_agent",
            "original_subject": f"kg:{subject}", "original_predicate": f"jak:{relation}",
            "original_object": f"kg:{target}", **(stated or {}),
        }  # fmt: skip
        return _record(**{**known, **values})

    def sources(self, references: Iterable[str]) -> KgxRecord:
        """Return what was published, and which data sets and registered databases stand behind an edge."""
        found = sorted(set(references))
        data = [name for name in found if "biolink:Dataset" in self.things[name]["category"]]
        return {
            "publications": [self.things[name]["id"] for name in found if name not in data],
            "has_evidence": [self.things[name]["id"] for name in data],
            "supporting_data_source": [INFORES[name] for name in found if name in INFORES],
        }

    def claims(self) -> Iterator[KgxRecord]:
        evidence, decided = defaultdict(list), {row["claim"]: row["reason"] for row in self.read["decisions"]}
        for row in self.read["evidence"]:
            evidence[row["claim"], row["stance"]].append(row)
        edges = {row["notation"]: row["edge"] for row in self.read["relations"]}
        roles = {"needs", "uses"}
        plays = {(row["about"], row["object"]) for row in self.read["claims"]
                 if row["relation"] in roles and row["status"] == "accepted"}  # fmt: skip
        for claim in self.read["claims"]:
            holds = claim["status"] == "accepted"
            if not (holds or claim["status"] == "refuted") or claim["object"] not in self.things:
                continue
            if not holds and claim["relation"] in roles and (claim["about"], claim["object"]) in plays:
                continue
            said, against = ("supports", "refutes") if holds else ("refutes", "supports")
            rows = evidence[claim["claim"], said]
            yield self.edge(
                edges[claim["relation"]], claim["about"], claim["object"], claim["claim"],
                negated=None if holds else True, claim_status=claim["status"],
                **_species(row["species"] for row in rows),
                **self.sources(name for row in rows for name in (row["reference"], row["read_in"])),
                has_evidence_of_type=sorted({row["method"] for row in rows}), evidence_count=len(rows),
                evidence_against=claim[against], supporting_text=sorted({row["quote"] for row in rows if row["quote"]}),
                description=decided.get(claim["claim"]),
            )  # fmt: skip

    def structure(self) -> Iterator[KgxRecord]:
        relations = {"part": "hasPart", "chain": "hasChain", "member": "hasMember"}
        for row in self.read["parts"]:
            yield self.edge(relations[row["relation"]], row["whole"], row["part"])

    def potency(self) -> Iterator[KgxRecord]:
        drugs = {row["inhibitor"]: row for row in self.read["inhibitors"]}
        sources: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in self.read["potency_sources"]:
            sources[row["potency"]][row["role"]].append(row["reference"])
        for row in self.read["potency"]:
            if row["verification"] != "verified" or row["derived"]:
                continue
            drug, where = drugs[row["inhibitor"]], sources[row["potency"]]
            relation = _reading(row, drug)
            said = self.sources([*where["source"], *where["read in"]])
            read_in = {INFORES.get(name, OURS) for name in where["read in"]} - {OURS}
            if len(read_in) == len(where["read in"]) == 1:
                said |= {"primary_knowledge_source": read_in.pop(), "aggregator_knowledge_source": [OURS]}
                del said["supporting_data_source"]
            if relation == "reached":
                said["causal_mechanism_qualifier"] = MECHANISMS[drug["binding_mode"]]
            if row["statement"] == "spared":
                said["negated"] = True
            yield self.edge(
                relation, row["inhibitor"], row["kinase"], row["potency"], original_predicate="jak:onKinase",
                knowledge_level="observation", measure=row["measure"], value_relation=row["relation"],
                value=row["reported"], value_unit=row["unit"], low=_text(row["low"]), high=_text(row["high"]),
                domain=row["domain"], atp=row["atp"], description=row["note"],
                supporting_text=[row["quote"]] if row["quote"] else None, **_species([row["species"]]), **said,
            )  # fmt: skip

    def cases(self) -> Iterator[KgxRecord]:
        cases = {row["case"]: row for row in self.read["cases"]}
        treated = {row["case"]: row["condition"] for row in self.read["diseases"] if row["treated"]}
        human = (row for row in self.read["approvals"] if row["intended_species"] == "human")
        approved = {row["inhibitor"] for row in human if row["verification"] == "verified"}
        outcomes = self.outcomes()
        for row in self.read["cases"]:
            yield self.edge("reportedIn", row["case"], row["reference"], **self.seen(cases[row["case"]]))
        for row in self.read["diseases"]:
            yield self.edge(
                "hasCondition", row["case"], row["condition"], row["disease"], **self.seen(cases[row["case"]])
            )
        for row in self.read["therapies"]:
            seen = {**self.seen(cases[row["case"]], row), "dose": row["dose"], "outcomes": outcomes[row["therapy"]]}
            status = "off_label_use" if row["inhibitor"] in approved else None
            group = f"kg:{row['case']}" if cases[row["case"]]["kind"] == "group" else None
            yield self.edge("hasTherapy", row["case"], row["inhibitor"], **seen)
            yield self.edge(
                "appliedToTreat", row["inhibitor"], treated[row["case"]], row["therapy"],
                clinical_approval_status=status, population_context_qualifier=group, **seen,
            )  # fmt: skip
        drugs = {row["therapy"]: row["inhibitor"] for row in self.read["therapies"]}
        for row in self.read["adverse_events"]:
            seen = {**self.seen(cases[row["case"]], row), "patients": row["count"]}
            yield self.edge("hasAdverseEvent", drugs[row["therapy"]], row["condition"], row["adverse_event"], **seen)
        for row in self.read["prior_treatments"]:
            seen = {**self.seen(cases[row["case"]], row), "dose": row["dose"], "outcomes": [row["effect"]]}
            yield self.edge("appliedToTreat", row["treatment"], treated[row["case"]], row["prior_treatment"], **seen)
        for row in self.read["measurements"]:
            yield self.edge(
                direction(row["ratio"], row["reported_direction"]), row["case"], row["cytokine"], row["measurement"],
                original_predicate="jak:hasMeasurement",
                **self.seen(cases[row["case"]], row), measured_ratio=_text(row["ratio"]),
                has_evidence_of_type=[row["method"]],
                reported_direction=row["reported_direction"], comparator=row["comparator"], description=row["note"],
            )  # fmt: skip

    def seen(self, case: Row, row: Row | None = None) -> KgxRecord:
        """Return what the edges of a case share: who saw it, and with which words it is printed."""
        said = row or case
        return {
            "of_case": f"kg:{case['case']}", "patients": case["n"], "knowledge_level": "observation",
            "species_context_qualifier": TAXA["human"], "supporting_text": [said["quote"]],
            **self.sources({said["reference"], said["read_in"]}),
        }  # fmt: skip

    def outcomes(self) -> dict[str, list[str]]:
        """Return what happened under each therapy, in words: one text for each disease, site and time."""
        kinds = {row["disease"]: row["condition"] for row in self.read["diseases"]}
        found = {row["therapy"]: [row["outcomes"]] for row in self.read["therapies"]}
        said = defaultdict(list)
        for row in self.read["outcomes"]:
            where = ", ".join(filter(None, (self.things[kinds[row["disease"]]]["name"], row["site"])))
            grade = row["grade"] if row["percent"] is None else f"{row['grade']} ({row['percent']} %)"
            when = row["time"] or "time not reported"
            said[row["therapy"]].append(f"{where}: {row['event']}: {grade}, {when}, patients: {row['count']}")
        return {**found, **said}


def _reading(row: Row, drug: Row) -> str:
    """Return what a measurement says of drug and kinase: reached, bound, or only measured."""
    allosteric = drug["functional_target"] is not None
    if row["statement"] == "spared":
        return "inhibits"
    if row["high"] is None or row["unit"] != "nM":
        return "measured"
    if row["measure"] == "Kd":
        return "bound"
    if not allosteric:
        return "reached" if row["domain"] != "JH2" else "bound"
    return "reached" if (row["domain"], row["kinase"]) == ("JH2", drug["functional_target"]) else "measured"


def _species(said: Iterable[str | None]) -> KgxRecord:
    """Return the species of an edge: that of all who name one, human where they name several; none where none does."""
    named = sorted({TAXA[word] for word in said if word in TAXA})
    one = TAXA["human"] if TAXA["human"] in named else named[0] if len(named) == 1 else None
    return {"species_context_qualifier": one}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _tsv(kept: Iterable[KgxRecord], columns: tuple[str, ...]) -> bytes:
    rows = ([_cell(record.get(name)) for name in columns] for record in kept)
    return separated([columns, *rows], tabs=True, quoted=False).encode()


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "|".join(_cell(item) for item in value)
    return "" if value is None else " ".join(str(value).split()).replace("|", "¦")
