"""The pages of the site that are derived from the graph: written at each build, never kept in git.

`sphinx-build` calls `write`; `python docs/pages.py` writes them alone, into `docs/generated`.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kg
from kg.document import markdown
from kg.document.blocks import Code, Document, Link, Paragraph, Section, Table
from kg.exports import glossary
from kg.facts import dataset
from kg.model.files import save
from kg.model.vocabulary import local
from kg.profiles import columns as column_roles
from kg.profiles import profile
from kg.rdf.store import folder
from kg.sparql import built_graph, catalogue
from kg.viz import files, scenes

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "scripts"))

import benchmark  # noqa: E402
import edition  # noqa: E402
import own_query_benchmark  # noqa: E402
import query_benchmark  # noqa: E402

TERMS = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?kind ?term ?definition WHERE {
  VALUES (?type ?kind) {
    (owl:Class "Classes") (owl:ObjectProperty "Properties of which the value is a node")
    (owl:DatatypeProperty "Properties of which the value is a literal")
  }
  ?term a ?type ; skos:definition ?definition .
  FILTER(STRSTARTS(STR(?term), "https://w3id.org/jak-kg/vocab#"))
} ORDER BY ?kind ?term"""


def write(to: Path) -> None:
    """Write all derived pages into a folder: pages in Markdown, and below ``site`` what goes out as it is."""
    for name, data in derived():
        save(data, to / name)


def derived() -> Iterator[tuple[str, bytes]]:
    """Yield the path and the content of each derived page."""
    yield "coverage.md", coverage().encode()
    yield "vocabulary.md", vocabulary().encode()
    yield "questions.md", questions().encode()
    yield "benchmark.md", query_benchmark.page().encode()
    yield "own_queries.md", own_query_benchmark.page().encode()
    yield "speed.md", benchmark.page().encode()
    yield "edition.md", edition.page().encode()
    yield "headers.md", headers().encode()
    yield "notebook.md", notebook(HERE / "notebook.ipynb").encode()
    opened = kg.open()
    patient = profile.of_case(opened, "khurana-2025-1")
    yield "patient.svg", files.of(scenes.patient(opened, patient, top=6), ".svg")
    yield "site/pictures/khurana-2025-1.html", files.of(scenes.patient(opened, patient), ".html")
    for name, data in glossary.files(built_graph.shipped()).items():
        yield f"site/vocab/{name}", data


def questions() -> str:
    """Return the page of all questions with the first rows of their answers; a text is a file to download."""
    return re.sub(r"\]\(([\w/]+\.(?:rq|tsv))\)", r"](../../queries/\1)", catalogue.page(kg.open().store))


def headers() -> str:
    """Return the table of the headers by which columns are known, with what each role is read as."""
    rows = [[role, column_roles.MEANINGS[role], ", ".join(found)] for role, found in column_roles.ALIASES.items()]
    words, described = (", ".join(sorted(found)) for found in (column_roles.SAMPLES, column_roles.ANNOTATIONS))
    rows.append(["sample", "tells samples apart, which are never pooled: a word of the header", words])
    rows.append(["annotation", "describes a row: not read", described])
    page = markdown.text(Document("Headers", [Table(["role", "what it is read as", "headers"], rows)]))
    return page.partition("\n\n")[2]


def coverage() -> str:
    """Return the page of what was read and what was not."""
    found = dataset.read(folder("ontology") / "facts")
    cited = {row.id: row.citation for row in found.references}
    checked = {row.id: row.verified_in or "no" for row in found.references}
    reports = []
    for report in sorted(found.cases, key=lambda report: report.reference):
        size = sum(case.n for case in report.case if isinstance(case.n, int))
        unknown = " and a group of unknown size" if any(isinstance(case.n, str) for case in report.case) else ""
        drugs = sorted({therapy.inhibitor for case in report.case for therapy in case.therapy})
        cytokines = sorted({m.cytokine for c in report.case if isinstance(c.measurement, tuple) for m in c.measurement})
        read_in = "itself" if report.obtained_from == report.reference else cited[report.obtained_from]
        reports.append(
            [
                cited[report.reference], str(len(report.case)), f"{size}{unknown}", ", ".join(drugs) or "none",
                ", ".join(cytokines) or "none", read_in, checked[report.reference],
            ]
        )  # fmt: skip
    columns = ["report", "cases", "patients", "drugs", "cytokines measured", "read in", "checked"]
    links = [[cited[link.reference], link.relation, cited[link.other], link.note] for link in found.reference_links]
    missing = [[row.citation, row.about, row.why, row.looked_in] for row in found.not_included]
    return markdown.text(
        Document(
            "Coverage",
            [
                Paragraph(
                    [
                        "Which reports are in the graph, what was read of each, and which are known and not in, and "
                        "why. Groups stay groups: a group of unknown size adds no patient. Reviews, talks and other "
                        "secondary reports are references that retell primary ones; they add no patient."
                    ]
                ),
                Section("In the graph", [Table(columns, reports)]),
                Section(
                    "References that are not independent",
                    [Table(["reference", "how it depends", "on", "note"], links)],
                ),
                Section("Not in", [Table(["report", "about", "why it is not in", "where it was looked for"], missing)]),
            ],
        )
    )


def vocabulary() -> str:
    """Return the page of classes and properties, which leads to the page of terms."""
    terms: dict[str, list[list[str]]] = {}
    for row in kg.query(TERMS):
        terms.setdefault(row["kind"], []).append([f"jak:{local(row['term'])}", row["definition"]])
    says = Paragraph(
        [
            (
                "What each class and property means. ", Link("The page of terms", "PAGE"), " adds where each comes "
                "from, how it stands to terms of others, and examples from the graph; a term has its local name as "
                "its anchor there. The same is data in ", Code("jak-kg.ttl"), ", with the defined classes in ",
                Code("definitions.ttl"), ".",
            )
        ]
    )  # fmt: skip
    sections = [Section(kind, [Table(["term", "definition"], rows)]) for kind, rows in terms.items()]
    page = markdown.text(Document("Vocabulary", [says, *sections]))
    return page.replace("[The page of terms](PAGE)", '<a href="../vocab/index.html">The page of terms</a>')


def notebook(file: Path) -> str:
    """Return a notebook as Markdown with its outputs, run from its first cell to its last; an error of a cell fails.

    What a cell leaves as a file is left in a folder that is deleted.
    """
    import nbformat
    from nbclient import NotebookClient

    cells = nbformat.read(file, as_version=4)
    with tempfile.TemporaryDirectory() as work:
        where = {"metadata": {"path": work}}
        NotebookClient(cells, timeout=600, startup_timeout=600, kernel_name="python3", resources=where).execute()
    return "\n".join(line for cell in cells.cells for line in _cell(cell)) + "\n"


def _cell(cell: Any) -> Iterator[str]:
    if cell.cell_type == "markdown":
        yield from (cell.source, "")
        return
    yield from ("```python", cell.source, "```", "")
    for output in cell.outputs:
        data = output.get("data", {"text/plain": output.get("text", "")})
        if "text/html" in data:
            wide = f'<div class="table-wrapper">{data["text/html"]}</div>'  # scrolls
            yield from ("```{raw} html", wide, "```", "")
        elif "image/svg+xml" in data:
            yield from ("```{raw} html", data["image/svg+xml"], "```", "")
        else:
            yield from ("```text", data["text/plain"].rstrip(), "```", "")


if __name__ == "__main__":
    write(HERE / "generated")
