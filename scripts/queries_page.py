"""Write queries/README.md: every question of the library, how to ask it, and the first rows of its answer.

`python scripts/queries_page.py` writes the page; a test holds the page against the questions and the facts.
"""

from pathlib import Path

from kg import built, catalogue, graph


def page() -> str:
    """Return the page as Markdown."""
    return catalogue.page(built.store())


if __name__ == "__main__":
    graph.save(page().encode(), Path(__file__).parent.parent / "queries" / "README.md")
