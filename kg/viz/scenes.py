"""What a picture shows, as a graph to draw: a patient, the mechanism, a drug, the evidence on a thing, the literature.

Each scene is a networkx MultiDiGraph that keeps the contract of ``kg.viz.layout``: columns from left to right, a state
sentences on each node, and on each edge its status, its sign and the statements behind it, each with its source.

>>> import kg
>>> from kg.profiles import profile
>>> store = kg.open()
>>> scene = patient(store, profile.of_case(store, "khurana-2025-1"))
>>> scene.nodes["il21"]["state"], scene.edges["baricitinib", "jak3", "inhibits"]["label"]
('raised 2.33-fold', 'spares: 787, >400 nM')
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import log10
from typing import Any, Final

import networkx as nx

from kg.answers import ranking as a
from kg.answers.context import CAVEATS
from kg.answers.render import kinase_words
from kg.calculus import blockade as m
from kg.document.terminal import interval
from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import thing
from kg.profiles.profile import Profile, Signal
from kg.sparql import library
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Row

PAGES: Final = {"PMID": "https://pubmed.ncbi.nlm.nih.gov/{}/", "DOI": "https://doi.org/{}"}
"""Prefix of an identifier -> the page that it leads to."""
STATUS: Final = {"Accepted": "accepted", "Disputed": "disputed", "Refuted": "refuted", "Open": "unknown"}
OF_STANCE: Final = {"supports": "accepted", "refutes": "refuted", "inconclusive": "unknown"}
NOTE: Final = CAVEATS[-1]
FIRST: Final = 5
"""Drugs of the same first score that are told in words."""


@dataclass
class Scene:
    """A graph under construction, with the evidence that its edges can cite.

    >>> import kg
    >>> scene = Scene(kg.open(), "What does the IL-21 receptor need?", ["receptor", "kinase"])
    >>> for name, kind in (("il21-receptor", "receptor"), ("jak3", "kinase")):
    ...     scene.node(name, kind, kind)
    >>> scene.claim("il21-receptor", "needs", "jak3", "needs")
    >>> [status for _, _, status in scene.done().edges(data="status")]
    ['accepted']
    """

    asked: OpenGraph
    title: str
    layers: list[str]
    about: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        self.labels = {row["thing"]: row["label"] for row in self.asked.ask("things_and_names")}
        self.identifiers = {row["citation"]: row["identifier"] for row in self.asked.ask("references")}
        self.evidence: dict[str, list[Row]] = {}
        for row in self.asked.ask("evidence_behind_claims"):
            self.evidence.setdefault(row["claim"], []).append(row)
        self.claims = {
            (row["about"], row["relation"], row["object"]): (row["claim"], STATUS[row["status"]])
            for row in self.asked.ask("claims_as_edges")
        }

    def node(self, name: str, kind: str, layer: str, **about: Any) -> None:
        """Add a node to a column; ``about`` has its label, state, text and order where they are known."""
        label = about.pop("label", None) or self.labels.get(name, name)
        said = {"state": "", "text": [], "iri": thing(name), **about}
        self.graph.add_node(name, label=label, kind=kind, layer=self.layers.index(layer), **said)

    def edge(self, start: str, end: str, key: str, label: str, **about: Any) -> None:
        """Add an edge; ``about`` has its status, sign, width and statements where they are not the plain ones."""
        said = {"status": "accepted", "sign": "", "width": 0.3, "statements": [], **about}
        self.graph.add_edge(start, end, key=key, label=label, **said)

    def claim(self, about: str, relation: str, target: str, label: str) -> None:
        """Add the edge of a claim with all its evidence; nothing where nobody claims it."""
        if (about, relation, target) in self.claims:
            name, status = self.claims[about, relation, target]
            statements = [_of_evidence(row, self.labels, about, label, target) for row in self.evidence[name]]
            self.edge(about, target, relation, label, status=status, statements=statements)

    def receptors(self, cytokine: str) -> None:
        """Add the receptors of a cytokine and the kinases that they need, or are disputed to."""
        found = [end for about, relation, end in self.claims if (about, relation) == (cytokine, "binds-receptor")]
        for receptor in found:
            self.node(receptor, "receptor", "receptor")
            self.claim(cytokine, "binds-receptor", receptor, "signals by")
            for about, relation, kinase in self.claims:
                if (about, relation) == (receptor, "needs"):
                    self.node(kinase, "kinase", "kinase")
                    self.claim(receptor, "needs", kinase, "needs")

    def inhibits(self, drug: m.Drug, kinase: str, settings: a.Settings) -> None:
        """Add what a drug does to a kinase, with every measurement of the pair."""
        found = a.of_kinase(drug, kinase, settings)
        verb = {"yes": "hits", "no": "spares", "unknown": found.reason()}[found.hit.value]
        values = [a.printed(row) for row, _ in found.compared]
        status = {"disagree": "disputed", "agree": "accepted"}.get(found.hit.why, "unknown")
        highs = [row.high for row, _ in found.compared if row.high]
        strength = (4 - log10(max(float(min(highs)), 1.0))) / 4 if highs and found.hit.value == "yes" else 0.0
        rows = [*(row for row, _ in found.compared), *found.not_compared]
        self.edge(
            drug.id, kinase, "inhibits", f"{verb}: {', '.join(values)} nM" if values else verb, status=status,
            sign="blocks" if found.hit.value == "yes" else "", width=max(0.0, min(1.0, strength)),
            statements=[self.measured(row, drug, kinase, compared=row not in found.not_compared) for row in rows],
        )  # fmt: skip

    def measured(self, row: m.Measurement, drug: m.Drug, kinase: str, *, compared: bool) -> dict[str, str]:
        """Return a potency measurement as a statement."""
        conditions = filter(None, (row.domain, f"ATP {row.atp}" if row.atp else "", row.species, row.note))
        value = a.printed(row) if row.spared else f"{row.measure} {a.printed(row)} {row.unit}"
        apart = "" if compared else "; not compared" if row.verified else "; not verified, so not compared"
        first = next(iter(row.references), "")
        return {
            "text": f"{drug.label} on {kinase.upper()}: {value} ({', '.join(conditions)}{apart})",
            "quote": "", "source": "; ".join(row.references) or "no publication named",
            "locator": f"read in {', '.join(row.obtained_from)}",
            "link": link(self.identifiers.get(first, first)), "stance": "measured",
        }  # fmt: skip

    def done(self) -> "nx.MultiDiGraph[str]":
        """Return the graph with its title and the version that it was drawn from."""
        (version,) = self.asked.ask("graph_version")
        self.graph.graph.update(
            title=self.title, about=self.about, note=NOTE, version=version["version"], digest=version["digest"],
            layers=self.layers, left_out=self.left_out,
        )  # fmt: skip
        return self.graph


def link(identifier: str) -> str:
    """Return the page of an identifier, "" where it has none.

    >>> link("PMID:24417533"), link("kg:ref-reactome")
    ('https://pubmed.ncbi.nlm.nih.gov/24417533/', '')
    """
    prefix, _, local = identifier.partition(":")
    return PAGES[prefix].format(local) if prefix in PAGES else ""


def _of_evidence(row: Row, labels: Mapping[str, str], about: str, verb: str, target: str) -> dict[str, str]:
    species = f", {row['species']}" if row["species"] else ""
    read = "" if row["readIn"] == row["citation"] else f", read in {row['readIn']}"
    return {
        "text": f"{labels.get(about, about)} {verb} {labels.get(target, target)}", "quote": row["quote"] or "",
        "source": row["citation"], "locator": f"{row['locator']}{species}{read}", "link": link(row["identifier"]),
        "stance": row["stance"].lower(),
    }  # fmt: skip


def patient(
    graph: OpenGraph,
    profile: Profile,
    settings: a.Settings = a.DEFAULT,
    *,
    top: int | None = None,
    approved: bool = False,
) -> "nx.MultiDiGraph[str]":
    """Return the scene of a patient: what was measured, how it signals, which drugs block it, what happened.

    ``top`` and ``approved`` choose among the drugs, as in an answer; the drug that was given always stays.

    >>> import kg
    >>> from kg.profiles import profile
    >>> store = kg.open()
    >>> scene = patient(store, profile.of_case(store, "khurana-2025-1"), top=4)
    >>> sorted(name for name, kind in scene.nodes(data="kind") if kind == "drug")
    ['baricitinib', 'cerdulatinib', 'delgocitinib', 'ilginatinib', 'tofacitinib']
    """
    found = a.compose(graph, profile, settings, approved=approved)
    given = {seen["drug"] for seen in found.observed}
    rows = [row for rank, row in enumerate(found.rows) if top is None or rank < top or row.drug.id in given]
    scene = Scene(
        graph, f"Which drugs block the signals raised in {profile.title}?",
        ["patient", "cytokine", "receptor", "kinase", "drug", "outcome"],
    )  # fmt: skip
    case = profile.case or "patient"
    scene.node(
        case, "case", "patient", label=profile.title, text=[found.about], **({} if profile.case else {"iri": ""})
    )
    measured = graph.ask("measurements_of_case", case=case) if profile.case else []
    for signal in profile.signals:
        _signal(scene, case, signal, found, [row for row in measured if row["cytokine"] == signal.cytokine])
    for rank, row in enumerate(rows):
        _drug(scene, row, rank, settings)
    _outcomes(scene, found)
    scene.about = [found.about, *_ranking(found, scene.labels)]
    if len(rows) < len(found.rows):
        scene.left_out.append(f"{len(found.rows) - len(rows)} drugs of lower rank: raise --top to see them.")
    return scene.done()


def _signal(scene: Scene, case: str, signal: Signal, found: a.Answer, measured: Iterable[Row]) -> None:
    call = signal.direction(found.settings.raised)
    state = f"{call} {signal.ratio}-fold" if signal.ratio is not None else call
    counted = call == "raised" and signal.counts
    why = (
        ""
        if counted
        else " It counts for nothing: "
        + (
            "only raised cytokines count."
            if call != "raised"
            else "it does not signal through a JAK, or is a part only."
        )
    )
    against = f" against {found.profile.comparator_label}" if found.profile.comparator_label else ""
    scene.node(signal.cytokine, "cytokine", "cytokine", label=signal.label, state=state,
               order={"raised": 0, "unchanged": 1, "lowered": 2}[call],
               text=[f"{signal.label} was {state}{against}.{why}"])  # fmt: skip
    statements = [
        {"text": f"{signal.label} in {row['tissue']}, {row['analyte']}, samples: {row['samples']}",
         "quote": row["quote"], "source": row["citation"], "locator": row["locator"],
         "link": link(scene.identifiers.get(row["citation"], "")), "stance": "measured"}
        for row in measured
    ]  # fmt: skip
    sign = {"raised": "raises", "lowered": "lowers"}.get(call, "")
    width = min(1.0, abs(signal.log2 or 1.0) / 6)
    scene.edge(case, signal.cytokine, "measured", state, sign=sign, width=width, statements=statements)
    if counted:
        scene.receptors(signal.cytokine)


def _drug(scene: Scene, row: a.Row, rank: int, settings: a.Settings) -> None:
    kinases = row.kinases()
    verdicts = [f"{part.signal.label}: {part.verdict}, blockade {interval(part.blockade)}, weight {part.weight:.2f}."
                for part in row.parts]  # fmt: skip
    needs = f"IC50 in nM: {'; '.join(map(kinase_words, kinases.values()))}."
    approvals = ", ".join(row.drug.approvals) or "none known"
    scene.node(
        row.drug.id, "drug", "drug", label=row.drug.label, state=interval(row.score), order=rank,
        text=[f"Score {interval(row.score)}, rank {rank + 1}.", *verdicts, needs,
              f"Approved for other diseases: {approvals}.", *([row.drug.note] if row.drug.note else [])],
    )  # fmt: skip
    for kinase in kinases:
        scene.inhibits(row.drug, kinase, settings)


def _outcomes(scene: Scene, found: a.Answer) -> None:
    for number, seen in enumerate(found.observed):
        if seen["drug"] not in scene.graph:  # where nothing was ranked
            scene.node(seen["drug"], "drug", "drug", state="given")
        case = found.profile.case or ""
        statement = {"text": "", "quote": "", "source": seen["citation"], "locator": "",
                     "link": link(seen["reference"]), "stance": "measured"}  # fmt: skip
        how = ", ".join(filter(None, (seen["dose"], seen["frequency"], seen["route"], seen["duration"])))
        scene.edge(case, seen["drug"], f"given-{number}", f"was given: {how}", statements=[{**statement, "text": how}])
        told = [
            (" ".join(filter(None, (_condition(o), o["site"], o["grade"], o["time"] and f"at {o['time']}"))),
             o["quote"], f"{o['condition']}: {o['event']}, {o['grade']}")
            for o in seen["outcomes"]
        ]  # fmt: skip
        relapse = seen["relapse"]
        if isinstance(relapse, dict):
            word = f"relapse after {relapse['after']}" if relapse["relapsed"] and relapse["after"] else None
            told.append((word or ("relapse" if relapse["relapsed"] else "no relapse"), relapse["quote"], "relapse"))
        for order, (label, quote, text) in enumerate(told):
            name = f"{case}-{seen['drug']}-outcome-{order}"
            scene.node(name, "outcome", "outcome", label=label, order=order, iri="", text=[f"{text}."])
            said = {**statement, "text": text, "quote": quote}
            scene.edge(seen["drug"], name, "observed", "on this drug", statements=[said])


def _condition(outcome: Mapping[str, Any]) -> str:
    """Return the disease of an outcome where it is another than the one that all is about."""
    return "" if outcome["condition"] == "granuloma annulare" else f"{outcome['condition']}:"


def _ranking(found: a.Answer, labels: Mapping[str, str]) -> Iterator[str]:
    """Yield in words why the first drugs stand where they do, and where the drug stands that was given."""
    if not found.rows:
        yield "Nothing that counts is raised, so no drug is ranked."
        return
    settings = found.settings
    yield (
        f"A drug hits a kinase at an IC50 of {settings.threshold} nM or less; values are in nM. Its score is the share "
        "of the needed kinases that it hits, over the routes of the raised cytokines; a range where some are unknown."
    )
    for part in found.rows[0].parts:
        for route in part.routes:
            needs = " and ".join(kinase.kinase.upper() for kinase in route.kinases) or "what is not settled"
            yield f"{part.signal.label} signals by {labels[route.receptor]}, which needs {needs}."
    best = [row for row in found.rows if row.score == found.rows[0].score]
    more = f" and {len(best) - FIRST} more" if best[FIRST:] else ""
    yield f"First, with {interval(best[0].score)}: {', '.join(map(_hits, best[:FIRST]))}{more}."
    for seen in found.observed:
        for rank, row in enumerate(found.rows, 1):
            if row.drug.id == seen["drug"]:
                yield f"Given was, rank {rank} of {len(found.rows)} with {interval(row.score)}: {_hits(row)}."
    yield "What happened on the drug that was given stands in the last column; it shows no effect of a drug."


def _hits(row: a.Row) -> str:
    return f"{row.drug.label} ({'; '.join(map(kinase_words, row.kinases().values()))})"


def mechanism(graph: OpenGraph, settings: a.Settings = a.DEFAULT) -> "nx.MultiDiGraph[str]":
    """Return the scene of the whole mechanism: cytokines, receptors, kinases and the drugs for people.

    >>> import kg
    >>> sorted(set(dict(mechanism(kg.open()).nodes(data="kind")).values()))
    ['cytokine', 'drug', 'kinase', 'receptor']
    """
    scene = Scene(graph, "How do cytokines signal through JAKs, and which drugs block them?",
                  ["cytokine", "receptor", "kinase", "drug"])  # fmt: skip
    table = graph.mechanism
    for cytokine in table.routes:
        scene.node(cytokine, "cytokine", "cytokine")
        scene.receptors(cytokine)
    for drug in table.drugs.values():
        if drug.intended_species == "human":
            scene.node(drug.id, "drug", "drug", label=drug.label, text=[drug.note] if drug.note else [])
            for kinase in drug.measurements:
                scene.node(kinase, "kinase", "kinase")
                scene.inhibits(drug, kinase, settings)
    scene.about = [f"A drug hits a kinase at an IC50 of {settings.threshold} nM or less."]
    return scene.done()


def drug(graph: OpenGraph, name: str, settings: a.Settings = a.DEFAULT) -> "nx.MultiDiGraph[str]":
    """Return the scene of one drug: the cytokines that it blocks, how, and the cases that were given it.

    Raises Problems for a drug that is not known.

    >>> import kg
    >>> drug(kg.open(), "Olumiant").nodes["il21"]["state"]
    'partly 0.50'
    """
    table = graph.mechanism
    chosen = a.named(graph, table, name, all_species=True)
    scene = Scene(graph, f"Which cytokine signals does {chosen.label} block?",
                  ["case", "cytokine", "receptor", "kinase", "drug"])  # fmt: skip
    verdicts: dict[str, int] = {}
    for cytokine, routes in table.routes.items():
        blockade = m.blockade(chosen, routes, threshold=settings.threshold, require=settings.require)
        word = m.verdict(blockade)
        verdicts[word] = verdicts.get(word, 0) + 1
        scene.node(cytokine, "cytokine", "cytokine", state=f"{word} {interval(blockade)}", order=-blockade[0],
                   text=[f"Blockade by {chosen.label}: {interval(blockade)}, {word}."])  # fmt: skip
        scene.receptors(cytokine)
    scene.node(chosen.id, "drug", "drug", label=chosen.label, text=[chosen.note] if chosen.note else [])
    for kinase in ("jak1", "jak2", "jak3", "tyk2"):
        scene.node(kinase, "kinase", "kinase")
        scene.inhibits(chosen, kinase, settings)
    for row in graph.ask("links_of_cases"):
        if row["link"] == "given" and row["object"] == chosen.id:
            scene.node(row["case"], "case", "case", text=[row["citation"]])
            statement = {"text": "was given", "quote": row["quote"], "source": row["citation"], "locator": "",
                         "link": link(scene.identifiers.get(row["citation"], "")), "stance": "measured"}  # fmt: skip
            scene.edge(row["case"], chosen.id, "given", "was given", statements=[statement])
    counts = ", ".join(f"{word}: {number}" for word, number in sorted(verdicts.items()))
    scene.about = [f"Of {len(table.routes)} cytokines with a JAK route at {settings.threshold} nM: {counts}."]
    return scene.done()


def evidence(graph: OpenGraph, name: str) -> "nx.MultiDiGraph[str]":
    """Return the scene of the evidence on a cytokine, receptor, kinase, drug or chain: claims, evidence, sources.

    Raises Problems where nothing is claimed of a thing of that name.

    >>> import kg
    >>> sorted(set(dict(evidence(kg.open(), "IL-21 receptor").nodes(data="kind")).values()))
    ['claim', 'evidence', 'reference', 'thing']
    """
    scene = Scene(graph, "", ["thing", "claim", "evidence", "source"])
    about = _thing(scene, graph, name)
    scene.title = f"On whose word stands what is claimed of {scene.labels[about]}?"
    scene.node(about, "thing", "thing")
    for (subject, relation, target), (claim, status) in scene.claims.items():
        if about not in (subject, target):
            continue
        says = f"{scene.labels.get(subject, subject)} {relation.replace('-', ' ')} {scene.labels.get(target, target)}"
        scene.node(claim, "claim", "claim", label=says, state=status, text=[f"{says}: {status}."])
        scene.edge(about, claim, "claimed", status, status=status)
        for row in scene.evidence[claim]:
            statement = {**_of_evidence(row, {}, says, "", ""), "text": says}
            stance, source = statement["stance"], row["source"]
            scene.node(row["evidence"], "evidence", "evidence", label=row["locator"], state=stance,
                       text=[statement["quote"] or "no quote", row["species"] or "species not given"])  # fmt: skip
            scene.node(source, "reference", "source", label=row["citation"], text=[row["identifier"]])
            scene.edge(claim, row["evidence"], stance, stance, status=OF_STANCE[stance], statements=[statement])
            scene.edge(row["evidence"], source, "source", "in", statements=[statement])
    claims = [about["state"] for about in scene.graph.nodes.values() if about["kind"] == "claim"]
    counts = ", ".join(f"{claims.count(state)} {state}" for state in sorted(set(claims)))
    rule = "A claim is accepted where some evidence supports it and none refutes it, or by a decision with its reason."
    scene.about = [f"Claims: {counts}.", rule]
    if scene.graph.number_of_nodes() == 1:
        raise Problems([Problem(Place(name), "nothing is claimed of it", "try a receptor, cytokine or kinase")])
    return scene.done()


def _thing(scene: Scene, graph: OpenGraph, name: str) -> str:
    kinds = ("Ligand", "ReceptorComplex", "ReceptorChain", "Kinase", "Inhibitor", "Stat", "ConditionKind")
    for _, known in library.fitting(graph.store, kinds, name):
        return known
    from difflib import get_close_matches

    close = get_close_matches(name.lower(), list(scene.labels), n=3)
    remedy = f"did you mean {', '.join(close)}?" if close else "name a cytokine, receptor, chain, kinase or drug"
    raise Problems([Problem(Place(name), "this is no thing of the graph", remedy)])


def literature(graph: OpenGraph) -> "nx.MultiDiGraph[str]":
    """Return the scene of the literature: which references depend on each other, and where they disagree.

    References without a tie are left out, and counted.

    >>> import kg
    >>> scene = literature(kg.open())
    >>> sorted({status for _, _, status in scene.edges(data="status")})
    ['accepted', 'disputed']
    """
    rows = {row["reference"]: row for row in graph.ask("references")}
    kinds = sorted({row["kind"] for row in rows.values()})
    scene = Scene(graph, "Which references depend on each other, and where do they disagree?", kinds)
    for row in graph.ask("dependent_references"):
        _reference(scene, rows[row["reference"]])
        _reference(scene, rows[row["other"]])
        scene.edge(row["reference"], row["other"], row["how"], row["how"])
    sides: dict[str, dict[str, Row]] = {}
    for row in graph.ask("disagreements"):
        sides.setdefault(row["disagreement"], {})[row["side"]] = row
    by_citation = {row["citation"]: row for row in rows.values()}
    for name, (first, second) in ((name, tuple(found.values())) for name, found in sides.items()):
        ends = [by_citation[side["citation"]] for side in (first, second)]
        for end in ends:
            _reference(scene, end)
        statements = [
            {"text": side["says"], "quote": side["quote"] or "", "source": side["citation"], "locator": side["locator"],
             "link": link(side["identifier"]), "stance": "supports" if side["kept"] else "inconclusive"}
            for side in (first, second)
        ]  # fmt: skip
        scene.edge(ends[0]["reference"], ends[1]["reference"], name, f"disagree on {first['topic']}", status="disputed",
                   statements=statements)  # fmt: skip
    scene.about = [f"{scene.graph.number_of_nodes()} of {len(rows)} references are tied to another."]
    used = [kind for kind in kinds if any(rows[name]["kind"] == kind for name in scene.graph)]
    for name in scene.graph:
        scene.graph.nodes[name]["layer"] = used.index(rows[name]["kind"])
    scene.layers = used
    return scene.done()


def _reference(scene: Scene, row: Row) -> None:
    text: Iterable[str] = filter(None, (row["title"], row["identifier"]))
    scene.node(
        row["reference"], "reference", row["kind"], label=row["citation"], text=list(text), state=str(row["year"] or "")
    )
