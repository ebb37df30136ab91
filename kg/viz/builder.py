"""The making of a scene: nodes and edges of the graph, each with its evidence, kept for all scenes of a graph.

>>> import kg
>>> scene = SceneBuilder(kg.open(), "What does the IL-21 receptor need?", ["receptor", "kinase"])
>>> scene.add_node("il21-receptor", "receptor", "receptor")
>>> scene.add_needs("il21-receptor")
>>> [(kinase, status) for _, kinase, status in scene.done().edges(data="status")]
[('jak1', 'accepted'), ('jak3', 'accepted'), ('tyk2', 'refuted')]
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log10
from typing import Final, TypedDict

import networkx as nx

from kg import calculus as m
from kg.answers import hits
from kg.answers.context import CAVEATS
from kg.model.claims import worth
from kg.model.vocabulary import thing
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Row

PAGES: Final = {"PMID": "https://pubmed.ncbi.nlm.nih.gov/{}/", "DOI": "https://doi.org/{}"}
"""Prefix of an identifier -> the page that it leads to."""
STATUS: Final = {"Accepted": "accepted", "Disputed": "disputed", "Refuted": "refuted", "Open": "unknown"}
"""Status of a claim -> status of an edge."""
SAYS: Final = {
    "binds-receptor": {"accepted": "signals by", "refuted": "does not signal by", "": "may signal by"},
    "needs": {"accepted": "needs", "refuted": "does not need", "": "may need"},
    "uses": {"accepted": "uses", "refuted": "does not use", "": "may use"},
}
"""Relation of a claim -> status of the edge, or "" for any other, -> its label."""


class ShownStatement(TypedDict):
    """What one source says, as the page shows it; ``stance`` is supports, refutes, inconclusive or measured."""

    text: str
    quote: str
    source: str
    locator: str
    link: str
    stance: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What the edges of every scene of a graph can cite."""

    identifiers: Mapping[str, str]
    """Citation -> the identifier of its reference."""
    claims: Mapping[tuple[str, str, str], tuple[str, str]]
    """Subject, relation and object -> the claim and the status of its edge."""
    objects: Mapping[tuple[str, str], Sequence[str]]
    """Subject and relation -> the objects of its claims."""
    evidence: Mapping[str, Sequence[Row]]
    """Claim -> its evidence."""


def sources(graph: OpenGraph) -> Sources:
    """Return what can be cited of a graph; ``graph.once(sources)`` is made once for all its scenes.

    >>> import kg
    >>> kg.open().once(sources).objects["il21-receptor", "needs"]
    ['jak1', 'jak3', 'tyk2']
    """
    evidence: dict[str, list[Row]] = {}
    for row in graph.rows("evidence_behind_claims"):
        evidence.setdefault(row["claim"], []).append(row)
    claims, objects = dict[tuple[str, str, str], tuple[str, str]](), dict[tuple[str, str], list[str]]()
    for row in graph.rows("claims_as_edges"):
        claims[row["about"], row["relation"], row["object"]] = row["claim"], STATUS[row["status"]]
        objects.setdefault((row["about"], row["relation"]), []).append(row["object"])
    return Sources(
        identifiers={row["citation"]: row["identifier"] for row in graph.rows("references")},
        claims=claims,
        objects=objects,
        evidence=evidence,
    )


@dataclass
class SceneBuilder:
    """A scene in the making; ``layers`` are the headings of its columns.

    >>> import kg
    >>> SceneBuilder(kg.open(), "Nothing", []).done().graph["title"]
    'Nothing'
    """

    of: OpenGraph
    title: str
    layers: list[str]
    about: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        self.sources = self.of.once(sources)

    def label(self, name: str) -> str:
        """Return the label of a node of the graph, else its name.

        >>> import kg
        >>> SceneBuilder(kg.open(), "", []).label("il21-receptor")
        'IL-21 receptor'
        """
        return self.of.labels.get(name, name)

    def statement(
        self, text: str, source: str, *, quote: str | None = "", locator: str = "", stance: str = "measured"
    ) -> ShownStatement:
        """Return what a source says, by its citation, with a link to its page where it has one.

        >>> import kg
        >>> SceneBuilder(kg.open(), "", []).statement("IL-21 was raised", "Khurana 2025", stance="supports")["link"]
        ''
        """
        page = link(self.sources.identifiers.get(source, ""))
        return ShownStatement(text=text, quote=quote or "", source=source, locator=locator, link=page, stance=stance)

    def add_node(
        self,
        name: str,
        kind: str,
        layer: str,
        *,
        label: str | None = None,
        state: str = "",
        text: Iterable[str] = (),
        order: float | None = None,
        iri: str | None = None,
    ) -> None:
        """Add a node to a column, with its own label and IRI where none are given.

        >>> import kg
        >>> scene = SceneBuilder(kg.open(), "", ["kinase"])
        >>> scene.add_node("jak3", "kinase", "kinase", state="needed")
        >>> scene.graph.nodes["jak3"]["label"], scene.graph.nodes["jak3"]["state"]
        ('JAK3', 'needed')
        """
        self.graph.add_node(
            name,
            label=label or self.label(name),
            kind=kind,
            layer=self.layers.index(layer),
            state=state,
            text=list(text),
            iri=thing(name) if iri is None else iri,
        )
        if order is not None:
            self.graph.nodes[name]["order"] = order

    def add_edge(
        self,
        start: str,
        end: str,
        key: str,
        label: str,
        *,
        status: str = "accepted",
        sign: str = "",
        width: float = 0.3,
        statements: Sequence[ShownStatement] = (),
    ) -> None:
        """Add an edge.

        >>> import kg
        >>> scene = SceneBuilder(kg.open(), "", [])
        >>> scene.add_edge("il21", "jak3", "leads-to", "leads to")
        >>> scene.graph.number_of_edges()
        1
        """
        about = {"label": label, "status": status, "sign": sign, "width": width, "statements": list(statements)}
        self.graph.add_edge(start, end, key=key, **about)

    def add_claim(self, about: str, relation: str, target: str) -> None:
        """Add the edge of a claim of receptors or of needs, with all its evidence: on its side first, then by strength.

        >>> import kg
        >>> scene = SceneBuilder(kg.open(), "", [])
        >>> scene.add_claim("il21-receptor", "needs", "jak3")
        >>> scene.graph.edges["il21-receptor", "jak3", "needs"]["label"]
        'needs'
        """
        claim, status = self.sources.claims[about, relation, target]
        label = SAYS[relation].get(status, SAYS[relation][""])
        text = f"{self.label(about)} {SAYS[relation]['accepted']} {self.label(target)}"
        agrees = "Refutes" if status == "refuted" else "Supports"
        rows = sorted(self.sources.evidence[claim], key=lambda row: (row["stance"] == agrees, worth(row)), reverse=True)
        statements = [self.evidence(row, text) for row in rows]
        self.add_edge(about, target, relation, label, status=status, statements=statements)

    def add_receptors(self, cytokine: str) -> None:
        """Add the receptors of a cytokine and what they need, or are disputed to.

        >>> import kg
        >>> scene = SceneBuilder(kg.open(), "", ["cytokine", "receptor", "kinase"])
        >>> scene.add_receptors("il21")
        >>> sorted(scene.graph)
        ['il21', 'il21-receptor', 'jak1', 'jak3', 'tyk2']
        """
        for receptor in self.sources.objects.get((cytokine, "binds-receptor"), ()):
            self.add_node(receptor, "receptor", "receptor")
            self.add_claim(cytokine, "binds-receptor", receptor)
            self.add_needs(receptor)

    def add_needs(self, receptor: str) -> None:
        """Add the kinases that a receptor needs, or is disputed to, and those that it uses without surely needing them.

        >>> import kg
        >>> scene = SceneBuilder(kg.open(), "", ["kinase"])
        >>> scene.add_needs("il21-receptor")
        >>> sorted(label for *_, label in scene.graph.edges(data="label"))
        ['does not need', 'needs', 'needs']
        """
        for kinase in self.sources.objects.get((receptor, "needs"), ()):
            self.add_node(kinase, "kinase", "kinase")
            self.add_claim(receptor, "needs", kinase)
        for kinase in self.sources.objects.get((receptor, "uses"), ()):
            needed = self.sources.claims.get((receptor, "needs", kinase), ("", ""))[1] == "accepted"
            if not needed and self.sources.claims[receptor, "uses", kinase][1] != "refuted":
                self.add_node(kinase, "kinase", "kinase")
                self.add_claim(receptor, "uses", kinase)

    def add_inhibition(self, drug: m.Drug, kinase: str, settings: m.Settings) -> None:
        """Add what a drug does to a kinase, with every measurement of the pair.

        >>> import kg
        >>> scene = SceneBuilder(kg.open(), "", [])
        >>> scene.add_inhibition(kg.open().mechanism.drugs["baricitinib"], "jak3", m.DEFAULT)
        >>> scene.graph.edges["baricitinib", "jak3", "inhibits"]["label"]
        'spares: 787, >400 nM'
        """
        found = hits.of_kinase(drug, kinase, settings)
        hit = found.hit.value == "yes"
        verb = {"yes": "hits", "no": "spares", "unknown": found.reason()}[found.hit.value]
        values = [hits.printed(row) for row, _ in found.compared]
        highs = [row.high for row, _ in found.compared if row.high]
        strength = (4 - log10(max(float(min(highs)), 1.0))) / 4 if highs and hit else 0.0
        self.add_edge(
            drug.id,
            kinase,
            "inhibits",
            f"{verb}: {', '.join(values)} nM" if values else verb,
            status={"disagree": "disputed", "agree": "accepted"}.get(found.hit.why, "unknown"),
            sign="blocks" if hit else "",
            width=max(0.0, min(1.0, strength)),
            statements=[
                *(self.measured(row, drug, kinase, compared=True) for row, _ in found.compared),
                *(self.measured(row, drug, kinase, compared=False) for row in found.not_compared),
            ],
        )

    def measured(self, row: m.Measurement, drug: m.Drug, kinase: str, *, compared: bool) -> ShownStatement:
        """Return a potency measurement as a statement.

        >>> import kg
        >>> drug = kg.open().mechanism.drugs["baricitinib"]
        >>> scene = SceneBuilder(kg.open(), "", [])
        >>> scene.measured(drug.measurements["jak1"][0], drug, "jak1", compared=True)["stance"]
        'measured'
        """
        conditions = filter(None, (row.domain, f"ATP {row.atp}" if row.atp else "", row.species, row.note))
        value = hits.printed(row) if row.spared else f"{row.measure} {hits.printed(row)} {row.unit}"
        apart = "" if compared else "; not compared" if row.verified else "; not verified, so not compared"
        first = next(iter(row.references), "")
        return ShownStatement(
            text=f"{drug.label} on {kinase.upper()}: {value} ({', '.join(conditions)}{apart})",
            quote="",
            source="; ".join(row.references) or "no publication named",
            locator=f"read in {', '.join(row.obtained_from)}",
            link=link(self.sources.identifiers.get(first, first)),
            stance="measured",
        )

    def evidence(self, row: Row, text: str) -> ShownStatement:
        """Return a row of ``evidence_behind_claims`` as a statement; ``text`` says the claim.

        >>> import kg
        >>> row = kg.open().rows("evidence_behind_claims")[0]
        >>> SceneBuilder(kg.open(), "", []).evidence(row, "EPO signals by the EPO receptor")["text"]
        'EPO signals by the EPO receptor'
        """
        species = f", {row['species']}" if row["species"] else ""
        read = "" if row["readIn"] == row["citation"] else f", read in {row['readIn']}"
        locator, stance = f"{row['locator']}{species}{read}", row["stance"].lower()
        return self.statement(text, row["citation"], quote=row["quote"], locator=locator, stance=stance)

    def done(self) -> "nx.MultiDiGraph[str]":
        """Return the graph with its title and the version that it was drawn from.

        >>> import kg
        >>> SceneBuilder(kg.open(), "", []).done().graph["digest"][:7]
        'sha256:'
        """
        (version,) = self.of.rows("graph_version")
        self.graph.graph.update(
            title=self.title,
            about=self.about,
            note=CAVEATS[-1],
            version=version["version"],
            digest=version["digest"],
            layers=self.layers,
            left_out=self.left_out,
        )
        return self.graph


def link(identifier: str) -> str:
    """Return the page of an identifier, "" where it has none.

    >>> link("PMID:24417533"), link("kg:ref-reactome")
    ('https://pubmed.ncbi.nlm.nih.gov/24417533/', '')
    """
    prefix, _, local = identifier.partition(":")
    return PAGES[prefix].format(local) if prefix in PAGES else ""
