"""The files of the package, and a graph from a file in an in-memory Oxigraph store."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.model.errors import Place, Problem, Problems
from kg.model.files import unreadable
from kg.model.folders import PACKAGE as PACKAGE
from kg.model.folders import folder as folder
from kg.model.vocabulary import PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import RdfFormat, Store
    from rdflib import Graph

FORMATS = (".nt", ".ttl")
"""Suffixes of the files of a graph."""


def syntax(suffix: str) -> "RdfFormat":
    """Return the syntax of a suffix; KeyError where it is neither .ttl nor .nt.

    >>> syntax(".nt").name
    'N-Triples'
    """
    from pyoxigraph import RdfFormat  # here: an answer that is kept needs no store

    return {".nt": RdfFormat.N_TRIPLES, ".ttl": RdfFormat.TURTLE}[suffix]


def load(file: Path) -> "Store":
    """Return an in-memory store of a graph that we wrote, in Turtle or N-Triples: :mod:`kg.rdf.foreign` reads others.

    Its IRIs need no check, which takes a third of the time. Raises OSError if the file cannot be read, SyntaxError if
    it is not valid RDF, KeyError if its suffix is neither .ttl nor .nt.

    >>> len(load(folder("ontology") / "jak-kg.ttl")) > 100
    True
    """
    from pyoxigraph import Store

    store = Store()
    store.load(path=str(file), format=syntax(file.suffix), lenient=True)
    return store


def parse(data: bytes, *, checked: bool = False) -> "Store":
    """Return an in-memory store of a graph in N-Triples; SyntaxError if it is none.

    ``checked`` says that its IRIs are valid, which saves a third of the time.

    >>> len(parse(b"<http://a.org/x> <http://a.org/y> <http://a.org/z> ."))
    1
    """
    from pyoxigraph import RdfFormat, Store

    store = Store()
    store.bulk_load(data, format=RdfFormat.N_TRIPLES, lenient=checked)
    return store


def rdflib_graph(store: "Store") -> "Graph":
    """Return an rdflib Graph on a store, with the prefixes of the vocabulary.

    >>> from pyoxigraph import Store
    >>> len(rdflib_graph(Store()))
    0
    """
    from oxrdflib import OxigraphStore
    from rdflib import Graph
    from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

    graph = Graph(OxigraphStore(store=store), DATASET_DEFAULT_GRAPH_ID)
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, replace=True)
    return graph


@contextmanager
def reading(file: Path, remedy: str = "fix the path") -> Iterator[None]:
    """Raise Problems, at their place, where a file cannot be read or a parser of RDF refuses a line of it.

    >>> with reading(Path("no-such-file.ttl")):
    ...     _ = Path("no-such-file.ttl").read_bytes()
    Traceback (most recent call last):
        ...
    kg.Problems: no-such-file.ttl: cannot be read (No such file or directory): fix the path
    """
    try:
        yield
    except OSError as error:
        raise Problems([unreadable(file, error, remedy=remedy)]) from None
    except SyntaxError as error:
        raise Problems(
            [Problem(Place(file, error.lineno), f"this is not valid RDF: {error.msg}", "fix the line")]
        ) from None


def turtle(file: Path) -> "Graph":
    """Return the graph of a Turtle file of ours, parsed once as long as the file stays as it is: do not change it.

    Raises OSError if the file cannot be read, and what rdflib raises if it is no Turtle.

    >>> graph = turtle(folder("ontology") / "jak-kg.ttl")
    >>> graph is turtle(folder("ontology") / "jak-kg.ttl")
    True
    """
    about = file.stat()
    return _turtle(file, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=8)
def _turtle(file: Path, _changed: int, _size: int) -> "Graph":
    from rdflib import Graph

    return Graph().parse(file, format="turtle")
