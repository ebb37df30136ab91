"""Write COVERAGE.md: which reports are in the graph, what was read of each, and which are known and not in, and why.

`python scripts/coverage.py` writes the page; a test holds the page against the facts.
"""

from pathlib import Path

from kg.document import markdown
from kg.facts import dataset
from kg.model.files import save
from kg.rdf.store import folder

HEAD = """# Coverage

Written by `scripts/coverage.py` from the facts. Groups stay groups: a group of unknown size adds no patient.
Reviews, talks and other secondary reports are references that retell primary ones; they add no patient.
"""


def page() -> str:
    """Return the page as Markdown."""
    found = dataset.read(folder("ontology") / "facts")
    citations = {row.id: row for row in found.references}
    cases = [["report", "cases", "patients", "drugs", "cytokines measured", "read in", "checked"]]
    for report in sorted(found.cases, key=lambda report: report.reference):
        size = sum(case.n for case in report.case if isinstance(case.n, int))
        unknown = any(isinstance(case.n, str) for case in report.case)
        drugs = sorted({therapy.inhibitor for case in report.case for therapy in case.therapy})
        cytokines = sorted({m.cytokine for c in report.case if isinstance(c.measurement, tuple) for m in c.measurement})
        source = citations[report.reference]
        read_in = "itself" if report.obtained_from == report.reference else citations[report.obtained_from].citation
        cases.append(
            [
                source.citation, str(len(report.case)), f"{size}{' and a group of unknown size' if unknown else ''}",
                ", ".join(drugs) or "none", ", ".join(cytokines) or "none", read_in, source.verified_in or "no",
            ]
        )  # fmt: skip
    links = [["reference", "how it depends", "on", "note"]]
    links += [
        [citations[link.reference].citation, link.relation, citations[link.other].citation, link.note]
        for link in found.reference_links
    ]
    missing = [["report", "about", "why it is not in", "where it was looked for"]]
    missing += [[row.citation, row.about, row.why, row.looked_in] for row in found.not_included]
    parts = [HEAD]
    for title, rows in (("In the graph", cases), ("References that are not independent", links), ("Not in", missing)):
        parts += [f"## {title}", "", *markdown.table(rows), ""]
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    save(page().encode(), Path(__file__).parent.parent / "COVERAGE.md")
