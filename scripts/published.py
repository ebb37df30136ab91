"""Write ontology/published.txt: the IRIs of a version that is published, which no later one may lose.

`python scripts/published.py` writes the file, once a version is out; `kg check` holds the graph against it.
"""

from pathlib import Path

from kg.facts import dataset
from kg.model.files import save
from kg.model.vocabulary import VERSION, curie
from kg.rdf import builder, diff, serialize
from kg.rdf.store import folder


def published() -> str:
    """Return the file: a comment, then the IRIs in compact form, sorted."""
    ontology = folder("ontology")
    whole = builder.asserted(builder.build(dataset.read(ontology / "facts"), ontology / "jak-kg.ttl"), ontology)
    names = sorted(map(curie, diff.Snapshot.of(serialize.canonical(whole)).names))
    return "\n".join(
        [f"# The IRIs of JAK-KG {VERSION}; a thing that is given up is a row of facts/replaced.tsv.", *names, ""]
    )


if __name__ == "__main__":
    save(published().encode(), Path(__file__).parent.parent / "ontology" / "published.txt")
