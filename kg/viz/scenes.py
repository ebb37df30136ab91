"""What a picture shows, as a graph to draw: a patient, the mechanism, a drug, the evidence on a node, the literature.

Each scene is a networkx MultiDiGraph with all that ``kg.viz.contract`` names: columns from left to right, a state and
sentences on each node, and on each edge its status, its sign and the statements behind it, each with its source.

>>> import kg
>>> of(kg.open(), "drug", "Olumiant").graph.nodes["jak1"]["kind"]
'kinase'
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from kg import calculus as m
from kg.answers import hits
from kg.document.terminal import interval
from kg.model.errors import Place, Problem, Problems
from kg.model.names import meant, near
from kg.profiles import resolve
from kg.profiles.choices import AS_WRITTEN, Reading
from kg.profiles.profile import Profile
from kg.sparql import library
from kg.sparql.graph import OpenGraph, opened
from kg.sparql.rows import Row
from kg.viz.builder import SceneBuilder
from kg.viz.patient import patient as patient
from kg.viz.scene import Scene

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

NAMES: Final = {
    "patient": "a case, a file or a profile",
    "mechanism": None,
    "drug": "a drug",
    "evidence": "a cytokine, receptor, kinase or drug",
    "literature": None,
}
"""Name of a scene -> what it is about, where that is chosen."""
OF_STANCE: Final = {"supports": "accepted", "refutes": "refuted", "inconclusive": "unknown"}
"""Stance of a piece of evidence -> status of its edge."""


def of(
    graph: "OpenGraph | rdflib.Graph",
    name: str,
    what: str | Profile | None = None,
    *,
    settings: m.Settings = m.DEFAULT,
    reading: Reading = AS_WRITTEN,
    top: int | None = None,
    approved: bool = False,
) -> Scene:
    """Return a scene by its name, one of :data:`NAMES`, ready for a file or a notebook.

    ``what`` is a case, file or profile for "patient" (with ``reading``, ``top`` and ``approved`` as in an answer); a
    drug; or, for "evidence", a cytokine, receptor, kinase or drug. ``graph`` may be that of ``kg.load()``. Raises
    Problems for a scene or a name that is not known, and where ``what`` is missing or too much.

    >>> import kg
    >>> of(kg.open(), "drug", "Olumiant").graph.graph["title"]
    'Which cytokine signals does baricitinib block?'
    """
    if name not in NAMES:
        what_is_wrong = f"{name!r} is not the name of a scene"
        raise Problems([Problem(Place("scene"), what_is_wrong, f"write one of {', '.join(NAMES)}")])
    if (what is None) != (NAMES[name] is None):
        fault = "missing argument" if what is None else f"unexpected argument {what!r}"
        raise Problems(
            [Problem(Place(f"scene {name}"), fault, f"name {NAMES[name]}" if what is None else "leave it out")]
        )
    graph = opened(graph)
    if name == "patient":
        profile = what if isinstance(what, Profile) else resolve.read(graph, str(what), reading=reading)
        return Scene(patient(graph, profile, settings, top=top, approved=approved))
    if name == "drug":
        return Scene(drug(graph, str(what), settings))
    if name == "mechanism":
        return Scene(mechanism(graph, settings))
    return Scene(literature(graph) if what is None else evidence(graph, str(what)))


def mechanism(graph: "OpenGraph | rdflib.Graph", settings: m.Settings = m.DEFAULT) -> "nx.MultiDiGraph[str]":
    """Return the scene of the whole mechanism: cytokines, receptors, kinases and the drugs for people.

    >>> import kg
    >>> sorted(set(dict(mechanism(kg.open()).nodes(data="kind")).values()))
    ['cytokine', 'drug', 'kinase', 'receptor']
    """
    graph = opened(graph)
    scene = SceneBuilder(graph, "How do cytokines signal through JAKs, and which drugs block them?",
                  ["cytokine", "receptor", "kinase", "drug"])  # fmt: skip
    table = graph.mechanism
    for cytokine in table.routes:
        scene.add_node(cytokine, "cytokine", "cytokine")
        scene.add_receptors(cytokine)
    for drug in table.drugs.values():
        if drug.intended_species == "human":
            scene.add_node(drug.id, "drug", "drug", label=drug.label, text=[drug.note] if drug.note else [])
            for kinase in drug.measurements:
                scene.add_node(kinase, "kinase", "kinase")
                scene.add_inhibition(drug, kinase, settings)
    scene.about = [f"A drug inhibits a kinase where its IC50 is at most {settings.threshold} nM."]
    return scene.done()


def drug(graph: "OpenGraph | rdflib.Graph", name: str, settings: m.Settings = m.DEFAULT) -> "nx.MultiDiGraph[str]":
    """Return the scene of one drug: the cytokines that it blocks, how, and the cases that were given it.

    Raises Problems for a drug that is not known.

    >>> import kg
    >>> drug(kg.open(), "Olumiant").nodes["il21"]["state"]
    'partly 0.50'
    """
    graph = opened(graph)
    table = graph.mechanism
    chosen = hits.inhibitor(graph, name, all_species=True)
    scene = SceneBuilder(graph, f"Which cytokine signals does {chosen.label} block?",
                  ["case", "cytokine", "receptor", "kinase", "drug"])  # fmt: skip
    verdicts: dict[str, int] = {}
    for cytokine in table.routes:
        done = m.blocked(chosen, table.signal(cytokine), settings)
        blockade, word = done.blockade, done.verdict
        verdicts[word] = verdicts.get(word, 0) + 1
        scene.add_node(cytokine, "cytokine", "cytokine", state=f"{word} {interval(blockade)}", order=-blockade[0],
                   text=[f"Blockade by {chosen.label}: {interval(blockade)}, {word}."])  # fmt: skip
        scene.add_receptors(cytokine)
    scene.add_node(chosen.id, "drug", "drug", label=chosen.label, text=[chosen.note] if chosen.note else [])
    for kinase in ("jak1", "jak2", "jak3", "tyk2"):
        scene.add_node(kinase, "kinase", "kinase")
        scene.add_inhibition(chosen, kinase, settings)
    for row in graph.rows("links_of_cases"):
        if row["link"] == "given" and row["object"] == chosen.id:
            scene.add_node(row["case"], "case", "case", text=[row["citation"]])
            statement = scene.statement("was given", row["citation"], quote=row["quote"])
            scene.add_edge(row["case"], chosen.id, "given", "was given", statements=[statement])
    counts = ", ".join(f"{word}: {number}" for word, number in sorted(verdicts.items()))
    scene.about = [f"Of {len(table.routes)} cytokines with a JAK route at {settings.threshold} nM: {counts}."]
    return scene.done()


def evidence(graph: "OpenGraph | rdflib.Graph", name: str) -> "nx.MultiDiGraph[str]":
    """Return the scene of the evidence on a cytokine, receptor, kinase, drug or chain: claims, evidence, sources.

    Raises Problems where nothing is claimed of a thing of that name.

    >>> import kg
    >>> sorted(set(dict(evidence(kg.open(), "IL-21 receptor").nodes(data="kind")).values()))
    ['claim', 'evidence', 'reference', 'thing']
    """
    graph = opened(graph)
    scene = SceneBuilder(graph, "", ["thing", "claim", "evidence", "source"])
    about = _named(graph, name)
    scene.title = f"Evidence for claims about {scene.label(about)}"
    scene.add_node(about, "thing", "thing")
    for (subject, relation, target), (claim, status) in scene.sources.claims.items():
        if about not in (subject, target):
            continue
        says = f"{scene.label(subject)} {relation.replace('-', ' ')} {scene.label(target)}"
        scene.add_node(claim, "claim", "claim", label=says, state=status, text=[f"{says}: {status}."])
        scene.add_edge(about, claim, "claimed", status, status=status)
        for row in scene.sources.evidence[claim]:
            statement = scene.evidence(row, says)
            stance, source = statement["stance"], row["source"]
            scene.add_node(row["evidence"], "evidence", "evidence", label=row["locator"], state=stance,
                       text=[statement["quote"] or "no quote", row["species"] or "species not given"])  # fmt: skip
            scene.add_node(source, "reference", "source", label=row["citation"], text=[row["identifier"]])
            scene.add_edge(claim, row["evidence"], stance, stance, status=OF_STANCE[stance], statements=[statement])
            scene.add_edge(row["evidence"], source, "source", "in", statements=[statement])
    claims = [about["state"] for about in scene.graph.nodes.values() if about["kind"] == "claim"]
    counts = ", ".join(f"{claims.count(state)} {state}" for state in sorted(set(claims)))
    rule = "A claim is accepted where some evidence supports it and none refutes it, or by a decision with its reason."
    scene.about = [f"Claims: {counts}.", rule]
    if scene.graph.number_of_nodes() == 1:
        raise Problems([Problem(Place(name), "nothing is claimed of it", "try a receptor, cytokine or kinase")])
    return scene.done()


def _named(graph: OpenGraph, name: str) -> str:
    kinds = ("Ligand", "ReceptorComplex", "ReceptorChain", "Kinase", "Inhibitor", "Stat", "ConditionKind")
    for _, known in library.fitting(graph.store, kinds, name):
        return known
    remedy = meant(near(name.lower(), graph.labels), "name a cytokine, receptor, chain, kinase or drug")
    raise Problems([Problem(Place(name), "nothing in the graph has this name", remedy)])


def literature(graph: "OpenGraph | rdflib.Graph") -> "nx.MultiDiGraph[str]":
    """Return the scene of the literature: which references depend on each other, and where they disagree.

    References without a tie are left out, and counted.

    >>> import kg
    >>> scene = literature(kg.open())
    >>> sorted({status for _, _, status in scene.edges(data="status")})
    ['accepted', 'disputed']
    """
    graph = opened(graph)
    rows = {row["reference"]: row for row in graph.rows("references")}
    kinds = sorted({row["kind"] for row in rows.values()})
    scene = SceneBuilder(graph, "Which references depend on each other, and where do they disagree?", kinds)
    for row in graph.rows("dependent_references"):
        _reference(scene, rows[row["reference"]])
        _reference(scene, rows[row["other"]])
        scene.add_edge(row["reference"], row["other"], row["how"], row["how"])
    sides: dict[str, dict[str, Row]] = {}
    for row in graph.rows("disagreements"):
        sides.setdefault(row["disagreement"], {})[row["side"]] = row
    by_citation = {row["citation"]: row for row in rows.values()}
    for name, (first, second) in ((name, tuple(found.values())) for name, found in sides.items()):
        ends = [by_citation[side["citation"]] for side in (first, second)]
        for end in ends:
            _reference(scene, end)
        statements = [
            scene.statement(
                side["says"],
                side["citation"],
                quote=side["quote"],
                locator=side["locator"],
                stance="supports" if side["kept"] else "inconclusive",
            )
            for side in (first, second)
        ]
        one, other = (end["reference"] for end in ends)
        words = f"disagree on {first['topic']}"
        scene.add_edge(one, other, name, words, status="disputed", statements=statements)
    scene.about = [f"{scene.graph.number_of_nodes()} of {len(rows)} references are tied to another."]
    used = [kind for kind in kinds if any(rows[name]["kind"] == kind for name in scene.graph)]
    for name in scene.graph:
        scene.graph.nodes[name]["layer"] = used.index(rows[name]["kind"])
    scene.layers = used
    return scene.done()


def _reference(scene: SceneBuilder, row: Row) -> None:
    text: Iterable[str] = filter(None, (row["title"], row["identifier"]))
    scene.add_node(
        row["reference"], "reference", row["kind"], label=row["citation"], text=list(text), state=str(row["year"] or "")
    )
