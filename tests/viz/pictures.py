"""Graphs to draw: the patient of the letter, one with hostile texts, one with every kind of line, and a large one."""

from typing import Any

import networkx as nx

COLUMNS = ["case", "cytokine", "receptor", "kinase", "drug", "outcome"]
POTENCY: dict[str, tuple[float | str | None, float | str | None]] = {
    "cerdulatinib": (12, 8), "delgocitinib": (2.8, 13), "ilginatinib": (33, 39), "tofacitinib": (15, 55),
    "abrocitinib": (29, None), "decernotinib": ("?", 1.2), "gandotinib": (None, 48), "golidocitinib": (70, None),
    "itacitinib": (5, None), "peficitinib": (4, None), "ruxolitinib": (6, "?"), "baricitinib": (4, 787),
    "brepocitinib": (17, 6494), "fedratinib": (100, 1000), "momelotinib": (11, 155), "ritlecitinib": (1640, 0.3),
    "solcitinib": (6.6, 408), "upadacitinib": (3, 2300), "deuruxolitinib": (None, None), "ivarmacitinib": (None, None),
    "lestaurtinib": (None, None), "ropsacitinib": (None, None), "zasocitinib": (None, None), "filgotinib": ("?", 810),
    "deucravacitinib": (None, None), "pacritinib": (1280, 520), "povorcitinib": (None, None),
}  # fmt: skip
"""Drug, in the order of its score -> IC50 on JAK1 and on JAK3 in nM; "?" where sources disagree. For tests only."""


def empty(title: str, layers: list[str], *about: str) -> "nx.MultiDiGraph[Any]":
    """A graph without nodes that keeps the contract."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    graph.graph |= {"title": title, "about": list(about), "layers": layers, "left_out": [], "version": "0.1.0"}
    graph.graph |= {"note": "Research use, not medical advice.", "digest": "sha256:cac21a976fb3"}
    return graph


def add(graph: "nx.MultiDiGraph[Any]", node: str, kind: str, layer: int, state: str = "", **more: Any) -> None:
    """Add a node; its label is its name, and other attributes can be given."""
    plain = {"label": node, "kind": kind, "layer": layer, "state": state, "text": []}
    graph.add_node(node, **plain | {"iri": f"https://w3id.org/jak-kg/thing-{len(graph)}"} | more)


def statement(source: str, quote: str = "", stance: str = "supports", **more: str) -> dict[str, str]:
    """What one source says."""
    return {"text": "", "quote": quote, "source": source, "locator": "", "link": "", "stance": stance} | more


def link(graph: "nx.MultiDiGraph[Any]", source: str, target: str, label: str, **more: Any) -> None:
    """Add an accepted edge without a sign; other attributes can be given."""
    plain = {"label": label, "status": "accepted", "sign": "", "width": 0.3, "statements": []}
    graph.add_edge(source, target, key=label, **plain | more)


def khurana() -> "nx.MultiDiGraph[Any]":
    """Patient 1 of Khurana 2025, by hand: what was raised, what it needs, which drugs hit that, and what happened."""
    graph = empty(
        "Which drugs block the signals raised in khurana-2025-1?",
        ["patient", "cytokine", "receptor", "kinase", "drug", "outcome"],
        "IL-21 is raised (2.33-fold); its receptor needs JAK1 and JAK3.",
        "Tofacitinib hits both. Baricitinib, which was given, hits JAK1 only; she cleared on it, and relapsed.",
    )
    letter = {"source": "Khurana 2025", "link": "https://example.org/khurana-2025", "locator": "Text"}
    quote = "upregulation of IL-21 (2.33-fold) and downregulation of IFN-γ (0.08-fold) and IL-15 (0.96-fold)"
    add(graph, "khurana-2025-1", "case", 0, text=["Female, 48 years; generalised plaque granuloma annulare, 6 years."])
    raised = ("IL-21", 2.33, "raised", "raises"), ("IFN-γ", 0.08, "lowered", "lowers"), ("IL-15", 0.96, "unchanged", "")
    for order, (cytokine, ratio, state, sign) in enumerate(raised):
        add(graph, cytokine, "cytokine", 1, state, order=order, text=[f"{ratio} of own uninvolved skin (mRNA, n = 1)."])
        said = [statement(quote=quote, stance="measured", **letter)]
        link(graph, "khurana-2025-1", cytokine, f"{ratio}-fold", sign=sign, statements=said)
    add(graph, "IL-21 receptor", "receptor", 2)
    link(graph, "IL-21", "IL-21 receptor", "binds", statements=[statement("Reactome", locator="R-HSA-9020958")])
    for kinase in ("JAK1", "JAK3"):
        add(graph, kinase, "kinase", 3)
        said = [statement("Reactome", locator="R-HSA-9020958", text=f"The IL-21 receptor needs {kinase}.")]
        link(graph, "IL-21 receptor", kinase, "needs", width=0.6, statements=said)
    haan = statement("Haan 2011", "The presence of kinase-inactive Jak1 but not kinase-inactive Jak3", "inconclusive")
    link(graph, "IL-21 receptor", "JAK3", "uses", status="disputed", statements=[haan])
    for order, (drug, values) in enumerate(POTENCY.items()):
        hits = sum(not isinstance(value, str) and value is not None and value <= 100 for value in values)
        add(graph, drug, "drug", 4, f"hits {hits} of 2", order=order)
        for kinase, value in zip(("JAK1", "JAK3"), values, strict=True):
            said = [statement("Clark 2014", stance="measured", text=f"IC50 {value} nM on {kinase}.")]
            if value is None:
                link(graph, drug, kinase, "not measured", status="unknown")
            elif isinstance(value, str):
                link(graph, drug, kinase, "sources disagree", status="disputed", statements=said)
            elif value <= 100:
                wide = min(1, 10 / value) ** 0.5
                link(graph, drug, kinase, f"hits at {value} nM", sign="blocks", width=wide, statements=said)
            else:
                no = f"does not hit: {value} nM"
                link(graph, drug, kinase, no, status="refuted", sign="blocks", width=0, statements=said)
    add(
        graph,
        "granuloma annulare, 14 weeks",
        "outcome",
        5,
        "complete",
        text=["Plaques on hand resolved."],
    )
    add(graph, "relapse", "outcome", 5, "after a month", text=["Plaques on feet relapsed."])
    for outcome in ("granuloma annulare, 14 weeks", "relapse"):
        link(graph, "baricitinib", outcome, "was given", statements=[statement(stance="measured", **letter)])
    return graph


def hostile(text: str) -> "nx.MultiDiGraph[Any]":
    """Two nodes and an edge, whose every text is the given one."""
    graph = empty(text, [text, text], text)
    graph.graph |= {"note": text, "version": text, "digest": text, "left_out": [text]}
    add(graph, "a", "drug", 0, text, label=text, iri=text, text=[text])
    add(graph, "b", text, 1, text, label=text, iri=text, text=[text])
    said = dict.fromkeys(("text", "quote", "source", "locator", "link"), text) | {"stance": "refutes"}
    link(graph, "a", "b", text, statements=[said])
    return graph


def odd() -> "nx.MultiDiGraph[Any]":
    """Every kind, sign and status, and lines that run beside, back, around and within a column."""
    graph = empty("Odd lines", ["one", "two"])
    kinds = [*COLUMNS, "stat", "disease", "reference", "claim", "virus", "mouse"]
    for order, kind in enumerate(kinds):
        add(graph, kind, kind, order % 2, order=order)
    for number, status in enumerate(("accepted", "disputed", "refuted", "unknown")):
        for sign in ("", "raises", "lowers", "blocks"):
            link(graph, "drug", "kinase", f"{status} {sign}", sign=sign, status=status, width=number / 3)
    for source, target in (("kinase", "drug"), ("case", "case"), ("case", "receptor"), ("drug", "receptor")):
        link(graph, source, target, "joins")
    return graph


def large(nodes: int, edges: int) -> "nx.MultiDiGraph[Any]":
    """Six columns of equal height, every node joined to some of the next column."""
    graph = empty(f"{nodes} things", COLUMNS)
    for number in range(nodes):
        add(graph, f"thing {number}", COLUMNS[number % 6], number % 6, order=number)
    for number in range(edges):
        start = number % nodes
        end = (start + 1 + 6 * (number // nodes + 7 * start % 11)) % nodes
        said = [statement(f"source {number % 9}", "as was measured in an enzyme assay", text=f"statement {number}")]
        link(graph, f"thing {start}", f"thing {end}", f"relation {number}", width=number % 5 / 4, statements=said)
    return graph
