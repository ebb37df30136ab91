"""Measure how long a page of 2,000 things takes to make, and in Chromium to be seen and used, on this machine."""

import tempfile
from pathlib import Path
from shutil import which
from time import perf_counter
from typing import Any

import networkx as nx
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.support.ui import WebDriverWait

from kg.viz import html as picture

NODES, EDGES, COLUMNS = 2000, 4000, ["case", "cytokine", "receptor", "kinase", "drug", "outcome"]
ARGUMENTS = "headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking".split()
MARKS = "const m = performance.getEntriesByType('mark'); return m.length > 1 && m.map((each) => each.startTime / 1000)"


def graph() -> "nx.MultiDiGraph[Any]":
    """Return a graph of six columns, in which every node is joined to two of the next."""
    made: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    made.graph |= {"title": "2,000 things", "note": "Made up.", "version": "0", "digest": "none"}
    made.graph |= {"about": [], "left_out": [], "layers": COLUMNS}
    for node in range(NODES):
        about = {"kind": COLUMNS[node % 6], "layer": node % 6, "text": ["One sentence."]}
        made.add_node(node, label=f"thing {node}", iri="", state="", **about)
    statement = {"text": "One.", "quote": "Two.", "source": "Three", "locator": "", "link": "", "stance": "supports"}
    for edge in range(EDGES):
        start, about = edge % NODES, {"label": "needs", "status": "accepted", "sign": "", "width": edge % 5 / 4}
        made.add_edge(start, (start + 1 + 6 * (edge // NODES)) % NODES, key=edge, statements=[statement], **about)
    return made


if __name__ == "__main__":
    start = perf_counter()
    html = picture.page(graph())
    print(f"made in {perf_counter() - start:.1f} s: {len(html.encode()) / 1e6:.1f} MB")
    options = ChromeOptions()
    options.binary_location = str(which("chromium"))
    with tempfile.TemporaryDirectory() as folder:
        for argument in [*ARGUMENTS, f"user-data-dir={folder}/profile"]:
            options.add_argument(f"--{argument}")
        (Path(folder) / "page.html").write_text(html, encoding="utf-8")
        with Chrome(options=options, service=ChromeService(which("chromedriver"))) as browser:
            browser.get(f"file://{folder}/page.html")
            marks = WebDriverWait(browser, 120).until(lambda page: page.execute_script(MARKS))
            print("first view after {:.1f} s, tables ready after {:.1f} s".format(*marks))
