"""Facts: all tables and case files of ``ontology/facts``, read into typed records and checked against each other.

All problems are collected, each with its place, what is wrong and the remedy. Nothing is skipped silently and no RDF is
made here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import get_args

from kg.facts import derived, footprints
from kg.facts import reports as r
from kg.facts import tables as t
from kg.facts.cells import UNSAID, Record, Ref
from kg.facts.identities import AmbiguousName, Analyte, Gene
from kg.facts.parsing import ENTRIES, hint, parts, read_report, read_table
from kg.facts.regulation import Development, SafetyWarning
from kg.facts.toml_text import Places
from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import fold


@dataclass(frozen=True, slots=True)
class Facts:
    """All records, table by table, and the place that each was read from (by identity, see :meth:`place`)."""

    references: tuple[t.Reference, ...]
    kinases: tuple[t.Kinase, ...]
    stats: tuple[t.Stat, ...]
    chains: tuple[t.Chain, ...]
    ligands: tuple[t.Ligand, ...]
    ambiguous_names: tuple[AmbiguousName, ...]
    genes: tuple[Gene, ...]
    analytes: tuple[Analyte, ...]
    cytokine_sets: tuple[t.CytokineSet, ...]
    receptors: tuple[t.Receptor, ...]
    receptor_families: tuple[t.ReceptorFamily, ...]
    pathways: tuple[footprints.Pathway, ...]
    target_genes: tuple[footprints.TargetGene, ...]
    relations: tuple[t.Relation, ...]
    claims: tuple[t.Evidence, ...]
    decisions: tuple[t.Decision, ...]
    inhibitors: tuple[t.Inhibitor, ...]
    approvals: tuple[t.Approval, ...]
    development: tuple[Development, ...]
    warnings: tuple[SafetyWarning, ...]
    regimens: tuple[t.Regimen, ...]
    potency: tuple[t.Potency, ...]
    cell_assays: tuple[t.CellAssay, ...]
    disagreements: tuple[t.Disagreement, ...]
    reference_links: tuple[t.ReferenceLink, ...]
    not_included: tuple[t.NotIncluded, ...]
    conditions: tuple[t.Term, ...]
    treatments: tuple[t.Term, ...]
    comparators: tuple[t.Term, ...]
    sites: tuple[t.Term, ...]
    replaced: tuple[t.Replaced, ...]
    cases: tuple[r.Report, ...]
    places: dict[int, Place]

    def place(self, record: Record) -> Place:
        """Return the file and line that a record was read from; KeyError for a record of other facts.

        >>> from kg.rdf.store import folder
        >>> facts = read(folder("ontology") / "facts")
        >>> place = facts.place(facts.kinases[0])
        >>> place.file.name, place.line
        ('kinases.tsv', 2)
        """
        return self.places[id(record)]


TABLES: dict[str, type[Record]] = {
    field.name: get_args(field.type)[0] for field in fields(Facts) if field.name not in ("cases", "places")
}
"""Table name -> class of its rows. A table is ``NAME.tsv``; ``claims`` is every file of the folder ``claims``."""


def read(folder: Path) -> Facts:
    """Return the facts of a folder; raises :class:`~kg.model.errors.Problems` with every problem that was found.

    >>> from kg.rdf.store import folder
    >>> [kinase.symbol for kinase in read(folder("ontology") / "facts").kinases]
    ['JAK1', 'JAK2', 'JAK3', 'TYK2']
    """
    facts, problems = readable(folder)
    if problems:
        raise Problems(problems)
    return facts


def readable(folder: Path) -> tuple[Facts, list[Problem]]:
    """Return the facts of a folder that stand without a problem, and every problem of the others.

    What names a row with a problem has one too, and is left out as well: what is left is consistent by itself.

    >>> from kg.rdf.store import folder
    >>> facts, problems = readable(folder("ontology") / "facts" / "claims")
    >>> facts.kinases, problems[0].what
    ((), 'the file is missing')
    """
    problems: list[Problem] = []
    places: dict[int, Place] = {}
    tables: dict[str, tuple[Record, ...]] = {}
    lost = Lost({name: set() for name in (*TABLES, "cases")})
    done: set[Path] = set()
    for name, kind in TABLES.items():
        files = _seen(folder / name, "*.tsv") if name == "claims" else [folder / f"{name}.tsv"]
        tables[name] = tuple(row for file in files for row in read_table(file, kind, places, problems, lost[name]))
        done.update(files)
    reports: list[tuple[r.Report, Places]] = []
    for file in _seen(folder / "cases", "*.toml"):
        reports += read_report(file, places, problems, lost["cases"])
        done.add(file)
    for name in ("claims", "cases"):
        if not (folder / name).is_dir():
            problems.append(Problem(Place(folder / name), "the folder is missing", "add it, if need be empty"))
            lost[name].add("*")
    problems += [
        Problem(Place(file), "no table or case file has this name", "fix the name or delete it")
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file not in done and not file.name.startswith(".")
    ]
    facts = Facts(cases=tuple(report for report, _ in reports), places=places, **tables)  # type: ignore[arg-type]
    problems.extend(_cross_check(facts, reports, lost))
    at_fault = {problem.place for problem in problems}
    while at_fault:
        facts, reports = _without(facts, reports, at_fault)
        nothing_lost = Lost({name: set() for name in lost})
        at_fault = {problem.place for problem in _cross_check(facts, reports, nothing_lost)}
    return facts, problems


def _without(
    facts: Facts, reports: list[tuple[r.Report, Places]], at_fault: set[Place]
) -> tuple[Facts, list[tuple[r.Report, Places]]]:
    """Return facts without the rows, and without the entries of case files, that are at some places."""
    tables = {name: tuple(row for row in getattr(facts, name) if facts.place(row) not in at_fault) for name in TABLES}
    left = [found for one in reports if (found := _unfaulted(*one, at_fault, facts.places))]
    cases = tuple(report for report, _ in left)
    return Facts(cases=cases, places=facts.places, **tables), left


def _unfaulted(
    report: r.Report, positions: Places, at_fault: set[Place], places: dict[int, Place]
) -> tuple[r.Report, Places] | None:
    """Return a report without the entries at some places; None where its head is at one."""
    starts = sorted(
        (positions.lines[name, index], name, index) for name in ENTRIES for index in range(len(getattr(report, name)))
    )
    broken = set()
    for line in (place.line or 0 for place in at_fault if place.file == positions.file):
        owner = max((start for start in starts if start[0] <= line), default=None)
        if owner is None:
            return None
        broken.add(owner[1:])
    kept = {name: [i for i in range(len(getattr(report, name))) if (name, i) not in broken] for name in ENTRIES}
    entries = {name: tuple(getattr(report, name)[i] for i in kept[name]) for name in ENTRIES}
    left = report.model_copy(update=entries)
    places[id(left)] = positions[()]
    return left, positions.only(kept)


def _seen(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a folder without the hidden ones, such as an editor's lock on an open file."""
    return sorted(file for file in folder.glob(pattern) if not file.name.startswith("."))


def walk(record: Record) -> Iterator[Record]:
    """Yield a record and every record inside it.

    >>> back = r.Relapse(relapsed=True, at=({"condition": "granuloma-annulare"},), quote="It came back")
    >>> [type(record).__name__ for record in walk(back)]
    ['Relapse', 'RelapseSite']
    """
    return (inner for _, inner in parts(record))


class Lost(dict[str, set[str]]):
    """Table -> ids of rows that could not be read, or '*' where the whole table could not: nothing is said of them."""

    def covers(self, table: str, name: str) -> bool:
        """Return whether a name may stand in a row that could not be read; KeyError for what is not a table.

        >>> lost = Lost({"kinases": {"jak1"}, "ligands": {"*"}})
        >>> lost.covers("kinases", "jak1"), lost.covers("kinases", "jak2"), lost.covers("ligands", "il21")
        (True, False, True)
        """
        return bool(self[table] & {name, "*"})


def _cross_check(facts: Facts, reports: list[tuple[r.Report, Places]], lost: Lost) -> Iterator[Problem]:
    ids = {name: {row.id for row in getattr(facts, name)} for name, kind in TABLES.items() if "id" in kind.model_fields}
    ids["cases"] = {case.id for report in facts.cases for case in report.case}
    yield from _twice(facts, lost)
    for name in TABLES:
        for record in getattr(facts, name):
            yield from _dangling(record, facts.place(record), ids, lost)
    for report, positions in reports:
        for path, record in parts(report):
            for field, problem in _dangling_fields(record, ids, lost):
                yield Problem(positions[(*path, field)], *problem)
        for index, hypothesis in enumerate(report.hypothesis):
            yield from _about(hypothesis.about, positions["hypothesis", index, "about"], ids, lost)
    for row in facts.disagreements:
        yield from _about(row.about, facts.place(row), ids, lost)
    yield from _species(facts)
    yield from footprints.problems(facts.target_genes, facts.place)
    yield from derived.problems(facts.potency, facts.reference_links, facts.place)
    yield from () if lost["disagreements"] else derived.apart(facts.potency, facts.disagreements, facts.place)
    yield from _names(facts)
    yield from _tables(facts, ids)
    relations = {relation.id: relation for relation in facts.relations}
    statements = [s for report in facts.cases for s in report.statement]
    claims: list[t.Statement | t.Decision] = [*facts.claims, *facts.decisions, *statements]
    for claim in claims:
        if relation := relations.get(claim.relation):
            yield from _misfit(claim, relation, facts.place(claim), ids, lost)
    yield from _decided(facts, None if lost["claims"] or lost["cases"] else [*facts.claims, *statements])
    used = {chain for receptor in facts.receptors for chain in receptor.chains}
    for chain in facts.chains:
        if chain.id not in used and not lost["receptors"]:
            yield Problem(facts.place(chain), f"chain {chain.id!r} is in no receptor", "use it in receptors.tsv")


def _decided(facts: Facts, stated: list[t.Statement] | None) -> Iterator[Problem]:
    """Yield a problem for each second decision on a claim, and for each on what nobody states (None: not known)."""
    claims = {(claim.about, claim.relation, claim.object) for claim in stated or ()}
    first: dict[tuple[str, str, str], t.Decision] = {}
    for decision in facts.decisions:
        key = (decision.about, decision.relation, decision.object)
        if first.setdefault(key, decision) != decision:
            what = f"{' '.join(key)} is decided at {facts.place(first[key])} too"
            yield Problem(facts.place(decision), what, "keep one of the two decisions")
        if stated is not None and key not in claims:
            what = f"nobody states {' '.join(key)}"
            yield Problem(facts.place(decision), what, "a decision needs a claim with evidence: add it, or drop this")


def _twice(facts: Facts, lost: Lost) -> Iterator[Problem]:
    """Yield a problem for each id, or whole row, that stands twice; ids of things share one name space."""
    seen: dict[str, Place] = {}
    things = (name for name, kind in TABLES.items() if "id" in kind.model_fields and name not in ("relations",))
    named = [(f"ref-{x.id}" if n == "references" else x.id, facts.place(x)) for n in things for x in getattr(facts, n)]
    named += [(case.id, facts.place(case)) for report in facts.cases for case in report.case]
    named += [(item.id, facts.place(item)) for report in facts.cases for item in report.hypothesis]
    for name, place in named:
        if name in seen:
            yield Problem(place, f"id {name!r} is also defined at {seen[name]}", "give one of them another id")
        seen.setdefault(name, place)
    for gone in facts.replaced:
        if gone.old in seen:
            what = f"{gone.old!r} is deprecated here and is still defined at {seen[gone.old]}"
            yield Problem(facts.place(gone), what, "drop one of the two")
        seen.setdefault(gone.old, facts.place(gone))
    rows: dict[Record, Place] = {}
    for table in (
        "claims",
        "decisions",
        "approvals",
        "development",
        "warnings",
        "regimens",
        "potency",
        "ambiguous_names",
    ):
        for row in () if "*" in lost[table] else getattr(facts, table):  # without a column, rows can look the same
            if row in rows:
                yield Problem(facts.place(row), f"the same row stands at {rows[row]}", "delete one of the two")
            rows.setdefault(row, facts.place(row))


def _about(names: tuple[str, ...], place: Place, ids: dict[str, set[str]], lost: Lost) -> Iterator[Problem]:
    """Yield a problem for each thing that a hypothesis or a disagreement is about and that no table has."""
    words = set().union(*(ids[name] for name in ids if name not in ("relations", "references")))
    for name in names:
        if name not in words and not any(lost.covers(table, name) for table in ids):
            yield Problem(place, f"about {name!r} is in no table{hint(name, words)}", "fix it, or add it to its table")


def _species(facts: Facts) -> Iterator[Problem]:
    """Yield a problem for each drug that is approved for another species, or that a patient was given."""
    made = {inhibitor.id: inhibitor.intended_species for inhibitor in facts.inhibitors}
    for approval in facts.approvals:
        if (species := made.get(approval.inhibitor, approval.for_species)) != approval.for_species:
            what = f"{approval.inhibitor} is made for the {species} and approved here for the {approval.for_species}"
            yield Problem(facts.place(approval), what, "fix for_species, or intended_species in inhibitors.tsv")
    for therapy in (therapy for report in facts.cases for case in report.case for therapy in case.therapy):
        if made.get(therapy.inhibitor) == "dog":
            what = f"inhibitor {therapy.inhibitor!r} is made for dogs"
            yield Problem(facts.place(therapy), what, "name the drug that the patient was given")


def _tables(facts: Facts, ids: dict[str, set[str]]) -> Iterator[Problem]:
    """Yield a problem for each relation whose subject or object is not a table."""
    for relation in facts.relations:
        for role, cell in (("subject", relation.subject), ("object", relation.object)):
            for table in cell.split("|"):
                if table not in ids:
                    what = f"{role} {table!r} is not a table{hint(table, ids)}"
                    yield Problem(facts.place(relation), what, "write the name of a table, or several joined by |")


def _dangling_fields(record: Record, ids: dict[str, set[str]], lost: Lost) -> Iterator[tuple[str, tuple[str, str]]]:
    for name, field in type(record).model_fields.items():
        for ref in (mark for mark in field.metadata if isinstance(mark, Ref)):
            value = getattr(record, name)
            cells = value if isinstance(value, tuple) else (value,) if value and value not in UNSAID else ()
            for cell in cells:
                if cell not in ids[ref.table] and not lost.covers(ref.table, cell):
                    file = f"{ref.table}.tsv" if ref.table in TABLES else "any case file"
                    what = f"{name} {cell!r} is not in {file}{hint(cell, ids[ref.table])}"
                    yield name, (what, f"fix it, or add it to {file}")


def _dangling(record: Record, place: Place, ids: dict[str, set[str]], lost: Lost) -> Iterator[Problem]:
    for _, problem in _dangling_fields(record, ids, lost):
        yield Problem(place, *problem)


def _misfit(
    claim: t.Statement | t.Decision, relation: t.Relation, place: Place, ids: dict[str, set[str]], lost: Lost
) -> Iterator[Problem]:
    for role, tables, value in (("about", relation.subject, claim.about), ("object", relation.object, claim.object)):
        names = [table for table in tables.split("|") if table in ids]
        words = set().union(*(ids[table] for table in names))
        if names and value not in words and not any(lost.covers(table, value) for table in names):
            what = f"{role} {value!r} of {relation.id} is not in {tables}{hint(value, words)}"
            yield Problem(place, what, f"fix it, or add it to {tables}")


def _names(facts: Facts) -> Iterator[Problem]:
    """Yield a problem for each name that two things have, in the form in which names are compared."""
    refused = {fold(row.name) for row in facts.ambiguous_names}
    for tables in (("ligands", "chains", "kinases", "stats", "analytes"), ("inhibitors",), ("comparators",)):
        seen: dict[str, Record] = {}
        for row in (row for table in tables for row in getattr(facts, table)):
            for name in (row.id, row.label, getattr(row, "symbol", None) or "", *row.aliases):
                other = seen.setdefault(fold(name), row)
                if name and other is not row and fold(name) not in refused:
                    what = f"the name {name!r} is also defined at {facts.place(other)}"
                    yield Problem(facts.place(row), what, "keep it at one of them, or refuse it in ambiguous_names.tsv")
