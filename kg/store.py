"""The built graph on disk and in memory: where it lies, whether it is up to date, and its Oxigraph store.

In an installed package the graph lies beside the modules. In a checkout it is rebuilt when the facts have changed.
"""

import hashlib
from pathlib import Path

from pyoxigraph import RdfFormat, Store

PACKAGE = Path(__file__).parent
BUILT = PACKAGE / "built" / "jak-kg.nt"
FORMATS = {".nt": RdfFormat.N_TRIPLES, ".ttl": RdfFormat.TURTLE}


def folder(name: str) -> Path:
    """Return the folder ``ontology`` or ``queries``, in an installed package or in a checkout.

    >>> (folder("ontology") / "jak-kg.ttl").is_file()
    True
    """
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def is_checkout() -> bool:
    """Return whether this is a checkout, whose facts can change under the built graph."""
    return not (PACKAGE / "ontology").is_dir()


def stamp() -> bytes:
    """Return the first line of a built graph: a comment with the SHA-256 of the files that it was built from."""
    digest = hashlib.sha256()
    root = folder("ontology")
    files = [*root.rglob("*.t*"), PACKAGE / "graph.py", PACKAGE / "records.py", PACKAGE / "terms.py"]
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return f"# built from {digest.hexdigest()}\n".encode()


def is_current() -> bool:
    """Return whether the built graph exists and, in a checkout, was built from the files as they are now."""
    if not BUILT.is_file():
        return False
    if not is_checkout():
        return True
    with BUILT.open("rb") as stream:
        return stream.readline() == stamp()


def load(file: Path | None = None) -> Store:
    """Return an in-memory store of a graph in Turtle or N-Triples, by default the built one.

    Raises OSError if the file cannot be read, SyntaxError if it is no RDF, KeyError if its suffix is neither .ttl nor
    .nt.
    """
    path = file or BUILT
    store = Store()
    store.bulk_load(path=str(path), format=FORMATS[path.suffix])
    return store
