"""A graph that is open: its store in memory, and what is computed from it once and kept.

>>> import kg
>>> graph = kg.open()
>>> [row["label"] for row in graph.rows("measurements_of_case", case="khurana-2025-1")]
['IFN-gamma', 'IL-15', 'IL-21']
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Store

    from kg.calculus.mechanism import Mechanism
    from kg.sparql.kept_answers import KeptAnswers
    from kg.sparql.own_query import OwnQueries
    from kg.sparql.rows import Rows

T = TypeVar("T")


class OpenGraph:
    """A graph in memory. Nobody changes it: what does not depend on a patient is computed once and kept.

    >>> from kg.rdf.store import parse
    >>> graph = OpenGraph(parse(b"<http://a.org/x> <http://a.org/y> <http://a.org/z> ."))
    >>> len(graph)
    1
    """

    def __init__(self, store: "Store | Callable[[], Store]", *, kept: "KeptAnswers | None" = None) -> None:
        self._store = store
        self._answers = kept
        self._kept: dict[object, object] = {}

    @property
    def store(self) -> "Store":
        """The store; the shipped graph is loaded when it is first asked for more than what is kept beside it."""
        if callable(self._store):
            self._store = self._store()
        return self._store

    def __len__(self) -> int:
        return len(self.store)

    def once(self, make: "Callable[[OpenGraph], T]") -> T:
        """Return what a function makes of the graph, made at the first call and kept.

        >>> from pyoxigraph import Store
        >>> graph = OpenGraph(Store())
        >>> graph.once(len), graph.once(len)
        (0, 0)
        """
        if make not in self._kept:
            self._kept[make] = make(self)
        return cast("T", self._kept[make])

    def select(self, query: str, /) -> Any:
        """Return the solutions, the boolean or the triples of a SPARQL query of ours, as pyoxigraph has them.

        >>> from pyoxigraph import Store
        >>> bool(OpenGraph(Store()).select("ASK {}"))
        True
        """
        return self.store.query(query)

    def rows(self, name: str, **values: str) -> "Rows":
        """Return the rows of a question of the library; those of a question without values are kept: change none.

        Raises Problems where there is no such question, or a parameter does not fit it.

        >>> import kg
        >>> kg.open().rows("stats_of_cytokines")[0]
        {'cytokine': 'cntf', 'stat': 'stat1'}
        """
        if name in self._kept and not values:
            return cast("Rows", self._kept[name])
        rows = self._answers.rows(name, values) if self._answers else None
        if rows is None:
            from kg.sparql import library

            rows = library.load(name).rows(self.store, **values)
        return rows if values else cast("Rows", self._kept.setdefault(name, rows))

    def instances(self, kind: str) -> list[str]:
        """Return the local names of the things of a class given as a CURIE, sorted; KeyError for an unknown prefix.

        >>> import kg
        >>> kg.open().instances("jak:Kinase")
        ['jak1', 'jak2', 'jak3', 'tyk2']
        """
        kept = self._answers.instances(kind) if self._answers else None
        if kept is None:
            from kg.sparql import library

            return library.instances(self.store, kind)
        return kept

    def is_instance(self, name: str, kind: str) -> bool:
        """Return whether a thing of a local name is of a class given as a CURIE.

        >>> import kg
        >>> kg.open().is_instance("khurana-2025-1", "jak:Case")
        True
        """
        kept = self._answers.instances(kind) if self._answers else None
        if kept is None:
            from kg.sparql import library

            return library.is_instance(self.store, name, kind)
        return name in kept

    @property
    def labels(self) -> Mapping[str, str]:
        """Node -> its label: cytokines, receptors, chains, kinases, drugs, cases and diseases.

        >>> import kg
        >>> kg.open().labels["il21-receptor"]
        'IL-21 receptor'
        """
        return self.once(_labels)

    @property
    def mechanism(self) -> "Mechanism":
        """What the calculus reads from the graph: the drugs with their measurements, and the routes of each cytokine.

        >>> import kg
        >>> [(route.receptor, route.needs) for route in kg.open().mechanism.routes["il21"]]
        [('il21-receptor', ('jak1', 'jak3'))]
        """
        from kg.sparql import mechanism

        return self.once(mechanism.read)

    @property
    def own(self) -> "OwnQueries":
        """The process for queries that we did not write, kept from the first of them on.

        >>> import kg
        >>> kg.open().own.rows("SELECT (COUNT(?k) AS ?n) { ?k a <https://w3id.org/jak-kg/vocab#Kinase> }")
        [{'n': 4}]
        """
        return self.once(_own_queries)


def _own_queries(graph: OpenGraph) -> "OwnQueries":
    from kg.sparql.own_query import OwnQueries

    return OwnQueries(graph.store)


def _labels(graph: OpenGraph) -> dict[str, str]:
    return {row["thing"]: row["label"] for row in graph.rows("things_and_names")}


def opened(graph: "OpenGraph | rdflib.Graph") -> OpenGraph:
    """Return an open graph as it is, an rdflib Graph, such as that of ``kg.load()``, as a copy of what it holds now.

    >>> import kg
    >>> len(opened(kg.load())) == len(kg.open())
    True
    """
    if isinstance(graph, OpenGraph):
        return graph
    from kg.rdf.store import parse

    return OpenGraph(parse(graph.serialize(format="nt", encoding="utf-8")))
