"""The graph of the shipped facts: carried by an installed package, rebuilt in a checkout where the facts have changed.

The only module that knows both sides: it builds by the writing one and opens for the reading one.

>>> len(store()) > 10_000
True
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.model.errors import Place, Problem, Problems
from kg.model.files import save
from kg.rdf.store import FORMATS, PACKAGE, folder, load, parse

if TYPE_CHECKING:
    from pyoxigraph import Store

FILE = PACKAGE / "built" / "jak-kg.nt"
WRITERS = ("model", "facts", "rdf")
"""The packages whose modules can change what is built: a test holds them against what ``rdf.builder`` imports."""


def store(file: Path | None = None) -> "Store":
    """Return an in-memory store of a graph file, or of the shipped facts.

    A graph that was built and cannot be written, as in a folder of somebody else, is used without being kept. Raises
    Problems where a checkout's facts cannot be built, or where the file cannot be read, is not valid RDF, or
    has another suffix than .ttl and .nt.

    >>> from kg.sparql import library
    >>> library.instances(store(), "jak:Kinase")
    ['jak1', 'jak2', 'jak3', 'tyk2']
    >>> store(Path("graph.csv"))
    Traceback (most recent call last):
        ...
    kg.Problems: graph.csv: the suffix is neither .ttl nor .nt: give Turtle or N-Triples
    """
    if file is not None:
        return _of_file(file)
    if not is_current():
        from kg.facts import dataset
        from kg.rdf import builder

        ontology = folder("ontology")
        first = stamp()  # before the facts are read: what changes meanwhile makes the graph out of date, never unseen
        data = first + builder.ntriples(builder.build(dataset.read(ontology / "facts"), ontology / "jak-kg.ttl"))
        try:
            save(data, FILE)
        except OSError:
            return parse(data)
    return load(FILE)


def is_graph_file(file: Path) -> None:
    """Raise Problems for a file whose suffix is neither .ttl nor .nt.

    >>> is_graph_file(Path("graph.csv"))
    Traceback (most recent call last):
        ...
    kg.Problems: graph.csv: the suffix is neither .ttl nor .nt: give Turtle or N-Triples
    """
    if file.suffix.lower() not in FORMATS:
        raise Problems([Problem(Place(file), "the suffix is neither .ttl nor .nt", "give Turtle or N-Triples")])


def _of_file(file: Path) -> "Store":
    is_graph_file(file)
    from kg.rdf import foreign

    return parse(foreign.ntriples(file), checked=True)


def is_checkout() -> bool:
    """Return whether this is a checkout, whose facts can change under the built graph.

    >>> is_checkout() == (folder("ontology").parent != PACKAGE)
    True
    """
    return not (PACKAGE / "ontology").is_dir()


def stamp() -> bytes:
    """Return the first line of a built graph: a comment with the SHA-256 of the files that it was built from.

    >>> stamp()[:13], len(stamp())
    (b'# built from ', 78)
    """
    root = folder("ontology")
    facts = (file for file in (root / "facts").rglob("*.t*") if not file.name.startswith("."))
    vocabulary = (root / "jak-kg.ttl", root / "mappings.sssom.tsv")
    code = (file for package in WRITERS for file in (PACKAGE / package).glob("*.py"))
    named = (
        (file.relative_to(root.parent if file.is_relative_to(root) else PACKAGE).as_posix(), file)
        for file in sorted([*vocabulary, *facts, *code])
    )
    return f"# built from {digest(named)}\n".encode()


def digest(files: Iterable[tuple[str, Path]]) -> str:
    """Return the SHA-256 of files and of their names, in the order in which they are given.

    >>> digest([])[:8]
    'e3b0c442'
    """
    import hashlib

    found = hashlib.sha256()
    for name, file in files:
        found.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()


def is_current() -> bool:
    """Return whether the built graph exists and, in a checkout, was built from the files as they are now.

    >>> _ = store()  # builds it where it is not current
    >>> is_current()
    True
    """
    if not FILE.is_file():
        return False
    if not is_checkout():
        return True
    with FILE.open("rb") as stream:
        return stream.readline() == stamp()
