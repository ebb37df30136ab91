"""A release: every export of the graph in one folder, with a checksum of each file; written whole or not at all.

An export is a module with ``files(built)``, which gives path -> bytes and takes nothing from the day, the machine or
the order of rows: the same facts give the same release, byte for byte. To add one, name it in :data:`EXPORTS`.
"""

import errno
import hashlib
import os
import shutil
import stat
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from rdflib import Graph
from rdflib.namespace import DCAT, DCTERMS

from kg.exports import description, glossary, graphml, kgx, nanopubs, phenopackets, sssom, syntaxes, tables
from kg.model.errors import Place, Problem, Problems
from kg.model.files import save, unwritable
from kg.model.temporary import alone
from kg.model.temporary import folder as temporary_folder
from kg.owl import hermit
from kg.rdf import serialize
from kg.rdf.description import DATASET
from kg.rdf.diff import Snapshot, compare, lost
from kg.sparql.built_graph import BuiltGraph
from kg.validation import quality

EXPORTS: Final = (glossary, graphml, kgx, nanopubs, phenopackets, quality, sssom, syntaxes, tables)
"""The exports, each a module with ``files``."""
AUTHORED: Final = {"vocabulary.ttl": "jak-kg.ttl", "definitions.ttl": "definitions.ttl", "shapes.ttl": "shapes.ttl"}
"""File of a release -> the file of the folder ``ontology`` that it is, with its comments."""
WEIGHTS: Final = "target_genes.tsv"
"""The weights of target genes, which are in the facts and not in the graph."""
SUMS: Final = "SHA256SUMS"
LONGEST: Final = 200
"""Bytes of a folder's name that leave room for more in that of a folder beside it."""


def files(built: BuiltGraph, *, reasoner: bool = True) -> dict[str, bytes]:
    """Return every file of the release of a graph: path -> bytes, sorted; ``SHA256SUMS`` is over all others.

    Without ``reasoner`` there is no ``jak-kg.reasoned.ttl``. Raises Problems where there is no Java, or where a text
    cannot be written in every syntax.

    >>> from kg.sparql.built_graph import shipped
    >>> made = files(shipped(), reasoner=False)
    >>> "jak-kg.ttl" in made, "SHA256SUMS" in made, "jak-kg.reasoned.ttl" in made
    (True, True, False)
    """
    made = [export.files(built) for export in EXPORTS]
    made += [{name: (built.ontology / file).read_bytes() for name, file in AUTHORED.items()}]
    made += [{WEIGHTS: _sorted(built.facts / WEIGHTS)}]
    if reasoner:
        made += [{"jak-kg.reasoned.ttl": serialize.turtle(built.whole + hermit.inferred(built.graph))}]
    paths = Counter(path for files in made for path in files)
    if twice := sorted(path for path, count in paths.items() if count > 1):
        raise ValueError(f"two exports write {', '.join(twice)}")
    found = dict(sorted((path, data) for files in made for path, data in files.items()))
    about = description.describe(built.graph, found)
    found |= {"description.ttl": serialize.turtle(about), "README.md": readme(about)}
    return dict(sorted((found | {SUMS: sums(found)}).items()))


def _sorted(table: Path) -> bytes:
    header, *rows = table.read_bytes().splitlines()
    return b"".join(row + b"\n" for row in [header, *sorted(filter(None, rows))])


def sums(files: Mapping[str, bytes]) -> bytes:
    """Return the SHA-256 of each file, as ``sha256sum --check`` reads them.

    >>> sums({"b": b"", "a": b"1"}).decode().split()[1::2]
    ['a', 'b']
    """
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    return "".join(lines).encode()


def readme(about: Graph) -> bytes:
    """Return what a person reads first in the folder of a release, from its description: what, how to cite, each file.

    >>> from rdflib import Literal
    >>> readme(Graph().add((DATASET, DCTERMS.title, Literal("JAK-KG")))).decode().splitlines()[0]
    '# JAK-KG'
    """
    said = {name: about.value(DATASET, DCTERMS[name]) for name in ("title", "description", "license", "issued")}
    files = sorted(
        (str(about.value(file, DCTERMS.title)).partition(": ")[2], str(about.value(file, DCTERMS.description)))
        for file in about.objects(DATASET, DCAT.distribution)
    )
    lines = [
        f"# {said['title']}", "", f"{said['description']}", "",
        f"- Released {said['issued']} under <{said['license']}>.", f"- Cite as: {citation(about)}",
        "- `index.html` explains every word; `sha256sum --check SHA256SUMS` finds a file that was changed.", "",
        "| file | what is in it |", "|---|---|", *(f"| `{path}` | {words} |" for path, words in files),
        "| `description.ttl` | This and more for machines, as VoID and DCAT-AP. |",
    ]  # fmt: skip
    return ("\n".join(lines) + "\n").encode()


def nothing_lost(built: BuiltGraph, old: Snapshot, place: Path) -> None:
    """Raise Problems with each IRI of an older release that a graph has not.

    >>> nothing_lost(BuiltGraph(Graph(), Path("no-such-folder")), Snapshot({}), Path("0.1.0"))
    """
    found = compare(old, Snapshot.of(built.triples))
    problems = lost(found.vanished, found.added, dict.fromkeys(found.vanished, Place(place)))
    if problems:
        raise Problems(problems)


def citation(graph: Graph) -> str:
    """Return the words by which a graph asks to be cited; an empty text where it has none.

    >>> citation(Graph())
    ''
    """
    return str(graph.value(DATASET, DCTERMS.bibliographicCitation) or "")


def prepare(folder: Path) -> None:
    """See that a release can be written to a folder, which is new, empty, or holds a release and nothing else.

    A release that was interrupted while it took the place of an older one is put right first. Raises Problems.

    >>> prepare(Path("no-such-folder") / "release")
    Traceback (most recent call last):
        ...
    kg.Problems: no-such-folder: there is no such folder: make it, or name another
    """
    old = _aside(folder)
    try:
        with alone(old.parent):
            if old.is_dir() and not folder.exists():
                old.rename(folder)
        for fault, remedy in _faults(folder):
            raise Problems([Problem(Place(folder), fault, remedy)])
        if not old.parent.is_dir():
            raise Problems([Problem(Place(folder.parent), "there is no such folder", "make it, or name another")])
        if not os.access(old.parent, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise Problems([unwritable(folder, error, remedy="name a folder of yours")]) from None


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write a release: to a folder beside its own, which then takes its place; what it replaces is gone as a whole.

    Raises Problems where the folder cannot take a release or cannot be written; what was there is then as it was.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     folder = Path(name) / "release"
    ...     for made in ({"jak-kg.ttl": b"", "old": b""}, {"jak-kg.ttl": b"", "a/new": b""}):
    ...         write(made | {SUMS: sums(made)}, folder)
    ...     sorted(file.name for file in folder.rglob("*")), len(list(Path(name).iterdir()))
    (['SHA256SUMS', 'a', 'jak-kg.ttl', 'new'], 1)
    """
    prepare(folder)
    old = _aside(folder)
    try:
        with temporary_folder(old, mode=0o777) as made:
            for name, data in files.items():
                save(data, made / name)
            with alone(old.parent):
                _exchange(made, folder, old)
    except OSError as error:
        raise Problems([unwritable(folder, error, remedy="name a folder of yours")]) from None


def _exchange(made: Path, folder: Path, old: Path) -> None:
    """Put a folder in the place of an older one, which is aside for a moment and then gone."""
    if old.is_dir():
        shutil.rmtree(old)
    if folder.is_dir():
        made.chmod(stat.S_IMODE(folder.stat().st_mode))
        folder.rename(old)
    try:
        made.rename(folder)
    except BaseException:
        if old.is_dir():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _aside(folder: Path) -> Path:
    """Where an older release is for the moment in which the newer takes its place."""
    whole = Path(os.path.abspath(folder))
    name = whole.name
    if len(os.fsencode(name)) > LONGEST:
        name = hashlib.sha256(os.fsencode(name)).hexdigest()
    return whole.parent / f".{name}.release-before"


def _faults(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield why a folder cannot take a release, and the remedy."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        yield "this is not a folder", "name a folder that is new, or that holds a former release"
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    listed = set()
    if (folder / SUMS).is_file():
        listed = {line[66:] for line in (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()}
    if "jak-kg.ttl" not in listed:
        yield "this folder holds something else than a release", "name a folder that is new, or empty this one"
        return
    here = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if not file.is_dir()}
    for name in sorted(here - listed - {SUMS}):
        yield f"{name} is not of the release that is here", "move it away: a newer release would delete it"
