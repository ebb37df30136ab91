"""The knowledge graph, opened once: the object in the middle, whose methods hand on to the packages.

>>> import kg
>>> graph = kg.open()
>>> graph.ask("khurana-2025-1", drug="baricitinib")
<Answer: khurana-2025-1, 1 raised cytokine, 1 drug>
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from kg.model.errors import Place, Problem, Problems
from kg.rdf import shipped
from kg.rdf.store import rdflib_graph
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Rows

if TYPE_CHECKING:
    import networkx as nx
    from rdflib import Graph

    from kg.answers.counterfactual import Difference
    from kg.answers.explanation import Explanation
    from kg.answers.next_result import Next
    from kg.answers.outcomes import LedgerEntry
    from kg.answers.ranking import Answer
    from kg.calculus.mechanism import Settings
    from kg.cohort.run import Cohort
    from kg.network.cut_sets import Cut
    from kg.network.paths import Path as GraphPath
    from kg.network.similarity import Neighbours
    from kg.profiles.choices import Reading
    from kg.profiles.inspection import Inspection
    from kg.viz.scene import Scene

PROJECTIONS = ("mechanism", "relations")


class KnowledgeGraph(OpenGraph):
    """The graph with what can be asked of it; made by :func:`kg.open`, and never changed.

    ``patient`` is a case of the graph, the name of a file, a dict such as ``{"IL-21": 2.33}``, a list of dicts or a
    data frame. ``comparator`` says what its ratios are against; ``sheet``, ``contrast``, ``ratio``, ``sample``,
    ``species`` and ``where`` say how a table is read, as the options of ``kg ask`` do (``where={"visit": 2}``).
    Settings are ``threshold`` (IC50 in nM at or below which a kinase is inhibited, 100), ``require`` (how a receptor
    scores of which only some kinases are inhibited: share, any or all), ``raised`` (ratio at or above which a cytokine
    is raised, 1.5), ``fdr`` (adjusted p value up to which a stated difference is significant, 0.05) and ``derived``
    (whether bounds that follow from a selectivity ratio count, True); numbers are int, float, Decimal or text. Problems
    are raised, all at once, for what does not fit.
    """

    def ask(
        self,
        patient: object,
        *,
        comparator: str | None = None,
        drug: str | Iterable[str] = (),
        all_species: bool = False,
        approved: bool = False,
        top: int | None = None,
        signatures: str | Path | None = None,
        signals: str = "own",
        correlation: float | None = None,
        **options: object,
    ) -> "Answer":
        """Return which drugs block the signals raised in a patient, ranked and itemised.

        ``drug`` keeps one drug or several, ``approved`` those approved somewhere, ``top`` the first of each group: none
        of them changes a rank. ``all_species`` includes veterinary drugs. Of a whole table of genes the answer says
        whether JAK-STAT is active by its target genes, which correlate by ``correlation`` (0.05). ``signatures`` is a
        file with a matrix of genes and cytokines, and ``signals="signature"`` ranks the drugs by its active cytokines.
        Other ``options`` are those of the table and of the calculus.

        >>> import kg
        >>> answer = kg.open().ask({"IL-21": 4}, comparator="own uninvolved skin", threshold=50, approved=True)
        >>> [(row.drug.id, row.score) for row in answer.rows if row.drug.id == "baricitinib"]
        [('baricitinib', (0.5, 0.5))]
        """
        from kg.answers import ranking, tracks
        from kg.answers.settings import count
        from kg.profiles import resolve

        chosen, reading = _chosen(comparator, options)
        profile, found = tracks.of(
            self, resolve.patient(self, patient, reading=reading), chosen,
            signatures=signatures, signals=signals, correlation=correlation,
        )  # fmt: skip
        return ranking.compose(
            self, profile, chosen, drugs=[drug] if isinstance(drug, str) else list(drug), all_species=all_species,
            approved=approved, top=count("top", top), tracks=found,
        )  # fmt: skip

    def ask_each(
        self, patient: object, by: str, *, comparator: str | None = None, **options: Any
    ) -> "dict[str, Answer]":
        """Return an answer for each value of a column that tells samples apart, which are never pooled.

        ``options`` are those of :meth:`ask`.

        >>> import kg
        >>> rows = [{"visit": 1, "cytokine": "IL-21", "ratio": 2}, {"visit": 2, "cytokine": "IL-21", "ratio": 1}]
        >>> kg.open().ask_each(rows, "visit", comparator="healthy skin")
        {'1': <Answer: patient, 1 raised cytokine, 26 drugs>, '2': <Answer: patient, 0 raised cytokines, 0 drugs>}
        """
        from kg.profiles import by_sample, choices

        of_table = {name: options.pop(name) for name in choices.OPTIONS & options.keys()}
        reading = choices.chosen(comparator=comparator, **of_table)
        profiles = by_sample.profiles(self, patient, by, reading=reading)
        return {value: self.ask(one, **options) for value, one in profiles}

    def cohort(
        self,
        table: object,
        *,
        output: str | Path,
        comparator: str | None = None,
        patient: str | None = None,
        scale: str | None = None,
        ignore: Iterable[str] = (),
        top: int = 3,
        every: bool = False,
        strict: bool = False,
        size: int | None = None,
        progress: TextIO | None = None,
        **settings: object,
    ) -> "Cohort":
        """Return the first drugs of every patient of a table, written to the folder ``output`` in parts.

        ``table`` is a file (Parquet, CSV, Arrow) or a data frame of pandas, polars or Arrow: a patient a row and a
        cytokine a column, whose numbers are ``scale`` ("ratio" or "log2"), or a measurement a row. ``patient`` names
        the column that says who; columns and names in ``ignore`` are passed over. ``top`` drugs are kept, of all groups
        with ``every``. A row that cannot be answered is written apart, with ``strict`` it is raised. What was killed
        goes on where it was; ``size`` rows are one part; ``progress`` is a stream, such as ``sys.stderr``. Needs the
        extra ``cohort``.

        >>> import kg, pandas, tempfile
        >>> frame = pandas.DataFrame({"patient": ["P1", "P2"], "IL-21": [2.33, 1.0]})
        >>> with tempfile.TemporaryDirectory() as name:
        ...     found = kg.open().cohort(frame, output=name, comparator="own uninvolved skin", scale="ratio", top=1)
        ...     found.summary["status"]
        {'ranked': 1, 'nothing measured': 0, 'nothing raised': 1}
        """
        from kg.answers.settings import checked, count
        from kg.cohort import layout, run

        chosen = layout.chosen(comparator=comparator, patient=patient, scale=scale, ignore=ignore)
        return run.run(
            self, table, Path(output), choice=chosen, settings=checked(**settings), top=count("top", top) or run.TOP,
            every=every, strict=strict, size=count("size", size), out=progress,
        )  # fmt: skip

    def inspect(self, patient: object, *, comparator: str | None = None, **options: object) -> "Inspection":
        """Return how a file, a dict or a data frame is understood, before any answer; it raises for no table alone.

        >>> import kg
        >>> kg.open().inspect([{"gene": "IL21", "logFC": 2}, {"gene": "KRT16", "logFC": 4}]).understood.unknown_names
        ('KRT16',)
        """
        from kg.profiles import inspection

        return inspection.inspect(self, patient, reading=_chosen(comparator, options)[1])

    def next(self, patient: object, *, comparator: str | None = None, **options: object) -> "Next":
        """Return which one more result could change the first drug: a cytokine measured, a drug assayed on a kinase.

        It is no test order. ``to_dict`` gives the JSON of ``kg next``.

        >>> import kg
        >>> kg.open().next("khurana-2025-1").to_dict()["assays"][0]["could_change_to"]
        ['golidocitinib']
        """
        from kg.answers import next_result
        from kg.profiles import resolve

        chosen, reading = _chosen(comparator, options)
        return next_result.of(self, resolve.patient(self, patient, reading=reading), chosen)

    def why(self, case: str, drug: str, *, all_species: bool = False, **settings: object) -> "Explanation":
        """Return the smallest set of statements behind the row of a drug in a case.

        >>> import kg
        >>> len(kg.open().why("khurana-2025-1", "Xeljanz").statements)
        6
        """
        from kg.answers import explanation
        from kg.answers.settings import checked
        from kg.profiles import resolve

        found = resolve.case(self, case)
        return explanation.explain(self, found, drug, checked(**settings), all_species=all_species)

    def whatif(
        self,
        patient: object,
        *,
        without: str | Iterable[str] = (),
        measured: Mapping[str, object] | None = None,
        comparator: str | None = None,
        **options: object,
    ) -> "Difference":
        """Return how the answer for a patient changes without some nodes, with other ratios, or with other settings.

        ``without`` names kinases, receptors, references, claims or measurements; ``measured`` gives cytokines a ratio.

        >>> import kg
        >>> kg.open().whatif("khurana-2025-1", measured={"IL-21": 1}).signals
        ('IL-21: raised before, unchanged after',)
        """
        from kg.answers import counterfactual
        from kg.answers.settings import number
        from kg.profiles import resolve

        then, reading = _chosen(comparator, options)
        ratios = [(name, number(name, ratio, 0, "a ratio, such as 3.2")) for name, ratio in (measured or {}).items()]
        gone = [without] if isinstance(without, str) else list(without)
        profile = resolve.patient(self, patient, reading=reading)
        return counterfactual.compare(self, profile, without=gone, measured=ratios, then=then)

    def paths(
        self, start: str, end: str, *, most: int = 10, longest: int = 6, threshold: object = 100
    ) -> "list[GraphPath]":
        """Return the paths between two nodes, by any of their names, at most ``most`` of at most ``longest`` steps.

        >>> import kg
        >>> str(kg.open().paths("IL-21", "Xeljanz", most=1)[0])
        'IL-21 --signals by--> IL-21 receptor --needs--> JAK1 <--hits-- tofacitinib'
        """
        from kg.answers.settings import checked
        from kg.network import paths

        links = paths.relations(self, threshold=checked(threshold=threshold).threshold)
        first, last = (paths.named(self, links, name) for name in (start, end))
        return paths.paths(links, first, last, most=most, longest=longest)

    def cuts(self, *what: str, threshold: object = 100, raised: object = "1.5") -> "Cut":
        """Return the smallest sets of kinases, and of drugs, that cut all signals of a case or of some cytokines.

        >>> import kg
        >>> [sorted(kinases) for kinases in kg.open().cuts("khurana-2025-1").kinases]
        [['jak1'], ['jak3']]
        """
        from kg.answers.settings import checked
        from kg.network import cut_sets
        from kg.profiles import assembly, profile

        chosen = checked(threshold=threshold, raised=raised)
        if len(what) == 1 and self.is_instance(what[0].removeprefix("kg:"), "jak:Case"):
            signals = profile.of_case(self, what[0].removeprefix("kg:")).signals
            cytokines = [signal.cytokine for signal in signals if signal.is_raised(chosen)]
        else:
            cytokines = assembly.grounded(self, what)
        return cut_sets.cut(self.mechanism, cytokines, threshold=chosen.threshold)

    def similar(self, name: str, *, threshold: object = 100) -> "Neighbours":
        """Return the cytokines, drugs or cases that are nearest to one of them, and why.

        >>> import kg
        >>> kg.open().similar("Olumiant").rows[0].name
        'brepocitinib'
        """
        from kg.answers.settings import checked
        from kg.network import similarity

        return similarity.neighbours(self, name, threshold=checked(threshold=threshold).threshold)

    def ledger(self, **settings: object) -> "list[LedgerEntry]":
        """Return, for each drug given in a case, what the calculus expects and what happened.

        >>> import kg
        >>> [entry.score for entry in kg.open().ledger() if entry.case == "khurana-2025-1"]
        [(0.5, 0.5)]
        """
        from kg.answers import outcomes
        from kg.answers.settings import checked

        return outcomes.entries(self, checked(**settings))

    def query(self, question: str, *, timeout: float = 30, **values: object) -> Rows:
        """Return the rows of a question of the library, or of a SELECT query of your own, as :func:`kg.query` does.

        >>> import kg
        >>> kg.open().query("measurements_of_case", case="khurana-2025-1")[0]["ratio"]
        0.08
        """
        from kg.sparql import query

        return query.rows(question, self, timeout=timeout, values={name: str(value) for name, value in values.items()})

    def potency(self) -> Rows:
        """Return a row for each potency measurement: drug, kinase, ``low`` and ``high`` as floats in ``unit`` (a word).

        An end is None where the value is open on that side; ``comparable`` says whether the calculus compares it with a
        threshold, ``not_comparable`` why not.

        >>> import kg
        >>> [row["high"] for row in kg.open().potency() if (row["drug"], row["kinase"]) == ("tofacitinib", "jak1")][:1]
        [15.0]
        """
        from kg.answers import frames

        return frames.potency(self)

    def routes(self) -> Rows:
        """Return a row for each cytokine, receptor that it signals by, and kinase that the receptor needs.

        >>> import kg
        >>> [row["kinase"] for row in kg.open().routes() if row["cytokine"] == "il21"]
        ['jak1', 'jak3']
        """
        return self.query("routes_of_cytokines")

    def cases(self) -> Rows:
        """Return a row for each case: who it is and who reported it.

        >>> import kg
        >>> next(row["age"] for row in kg.open().cases() if row["case"] == "khurana-2025-3")
        '59 years'
        """
        return self.query("cases")

    def to_rdflib(self) -> "Graph":
        """Return a copy of the graph as an rdflib Graph, on an Oxigraph store in memory.

        >>> import kg
        >>> len(kg.open().to_rdflib()) == len(kg.open())
        True
        """
        from pyoxigraph import Store

        copy = Store()
        copy.bulk_extend(self.store)
        return rdflib_graph(copy)

    def to_networkx(self, projection: str = "mechanism", *, threshold: object = 100) -> "nx.MultiDiGraph[str]":
        """Return a projection by its name: ``mechanism`` (ligand, receptor, kinase, drug) or ``relations`` (all edges).

        >>> import kg
        >>> sorted(kg.open().to_networkx().successors("il21-receptor"))
        ['jak1', 'jak3']
        """
        from kg.answers.settings import checked
        from kg.network import paths
        from kg.network import projection as projections

        if projection == "mechanism":
            return projections.mechanism(self)
        if projection == "relations":
            return paths.relations(self, threshold=checked(threshold=threshold).threshold)
        remedy = f"give one of {', '.join(PROJECTIONS)}"
        raise Problems([Problem(Place("to_networkx"), f"{projection!r} is no projection", remedy)])

    def to_owlready(self, *, inferred: bool = False) -> Any:
        """Return an owlready2 World of the graph and the definitions of its classes, with what HermiT infers if asked.

        ``world.get_ontology("https://w3id.org/jak-kg/vocab#").PanJakInhibitor.instances()`` are the members of a
        defined class, which have to be inferred. Needs the extra ``reason``.

        >>> import kg
        >>> world = kg.open().to_owlready()
        >>> sorted(one.name for one in world["https://w3id.org/jak-kg/vocab#Kinase"].instances())
        ['jak1', 'jak2', 'jak3', 'tyk2']
        """
        from kg.owl import world

        return world.world(self, inferred=inferred)

    def scene(
        self,
        name: str,
        what: object = None,
        *,
        comparator: str | None = None,
        top: int | None = None,
        approved: bool = False,
        **options: object,
    ) -> "Scene":
        """Return a scene: "patient", "mechanism", "drug", "evidence" or "literature", and what it is about.

        It has ``to_html``, ``to_svg`` and ``to_png``, each with a file, and ``show``. Pictures need the extra ``draw``.

        >>> import kg
        >>> kg.open().scene("drug", "Olumiant").graph.nodes["jak1"]["label"]
        'JAK1'
        """
        from kg.answers.settings import count
        from kg.profiles import resolve
        from kg.profiles.profile import Profile
        from kg.viz import scenes

        chosen, reading = _chosen(comparator, options)
        if name == "patient" and what is not None:
            what = resolve.patient(self, what, reading=reading)
        about = what if what is None or isinstance(what, Profile) else str(what)
        return scenes.of(self, name, about, settings=chosen, top=count("top", top), approved=approved)


def _chosen(comparator: str | None, options: dict[str, object]) -> "tuple[Settings, Reading]":
    """Return the settings of the calculus, and how to read a table, of options of Python."""
    from kg.answers.settings import checked
    from kg.profiles import choices

    of_table = {name: options.pop(name) for name in choices.OPTIONS & options.keys()}
    return checked(**options), choices.chosen(comparator=comparator, **of_table)


def open_graph(file: str | Path | None = None) -> KnowledgeGraph:
    """Return the shipped graph, opened once, or that of a file in Turtle or N-Triples.

    Raises Problems where a file cannot be read.

    >>> open_graph() is open_graph()
    True
    """
    return _shipped() if file is None else KnowledgeGraph(shipped.store(Path(file)))


@cache
def _shipped() -> KnowledgeGraph:
    from kg.sparql import kept_answers

    return KnowledgeGraph(shipped.store, kept=kept_answers.shipped())
