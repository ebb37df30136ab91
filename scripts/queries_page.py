"""Write queries/README.md: every question of the library, how to ask it, and the first rows of its answer.

`python scripts/queries_page.py` writes the page; a test holds the page against the questions and the facts.
"""

from pathlib import Path

from kg.model.files import save
from kg.rdf import shipped
from kg.sparql import catalogue


def page() -> str:
    """Return the page as Markdown."""
    return catalogue.page(shipped.store())


if __name__ == "__main__":
    save(page().encode(), Path(__file__).parent.parent / "queries" / "README.md")
