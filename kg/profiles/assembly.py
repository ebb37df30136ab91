"""A patient's profile from a file that a user wrote: a table, JSON or YAML.

It says the cytokine, then ratio, log2 or direction, and the comparator, which can be said once. Names are grounded on
the graph: in a short list an unknown or ambiguous name is a problem with near matches, never dropped; of a whole table
what the graph knows is read, and the rest is counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.model.errors import Place, Problem, Problems
from kg.profiles.choices import AS_WRITTEN, Reading
from kg.profiles.grounding import Known, Names
from kg.profiles.probes import low, of_probes, stated, untested
from kg.profiles.profile import MeasuredCytokine, Profile, complexes
from kg.profiles.significance import significance
from kg.profiles.tabular import MANY, InputRow, Said, shown
from kg.profiles.values import value
from kg.sparql.graph import OpenGraph

if TYPE_CHECKING:
    from kg.profiles.found import Found


def read(graph: OpenGraph, file: Path | None, data: bytes, *, reading: Reading = AS_WRITTEN) -> Profile:
    r"""Return the profile that a file states; ``file`` is None for standard input.

    ``reading`` says how it is to be read, and once what every row was compared with. Raises Problems with every problem
    that was found.

    >>> import kg
    >>> data = b"cytokine,log2\nIL-21,2\nIL-15,NA\n"
    >>> profile = read(kg.open(), Path("a.csv"), data, reading=Reading(comparator="own-uninvolved-skin"))
    >>> [(signal.cytokine, str(signal.ratio)) for signal in profile.signals], profile.not_measured
    ([('il21', '4')], ('IL-15',))
    """
    from kg.profiles.reading import found_in, sheet_of

    problems: list[Problem] = []
    sheet = sheet_of(file or Path("standard input"), data, problems, sheet=reading.sheet)
    return assemble(graph, found_in(graph.once(Names), sheet, reading, problems))


def grounded(graph: OpenGraph, names: Iterable[str]) -> list[str]:
    """Return the cytokines of some names, each once; Problems for those that are unknown or ambiguous.

    >>> import kg
    >>> grounded(kg.open(), ["IL-21", "interferon gamma", "IL21"])
    ['il21', 'ifng']
    """
    known = graph.once(Names)
    found = [known.ground(name, Place("cytokine")) for name in names]
    if problems := [item for item in found if isinstance(item, Problem)]:
        raise Problems(problems)
    return list(dict.fromkeys(item.thing for item in found if isinstance(item, Known)))


# --- from entries to signals ------------------------------------------------------------------------------------------


def assemble(graph: OpenGraph, found: "Found", *, say: str = "--comparator NAME") -> Profile:
    """Return the profile of what a file holds; raise its problems with those of its rows, where there is any.

    ``say`` is how a comparator can be said.

    >>> import kg
    >>> row = InputRow(Place("a.csv", 2), {"cytokine": "IL-21", "direction": "up", "comparator": "healthy skin"})
    >>> from kg.profiles.found import Found
    >>> from kg.profiles.understood import Understood
    >>> found = Found(name=Path("a.csv"), understood=Understood(form="CSV"), entries=[row])
    >>> assemble(kg.open(), found).signals[0].reported
    'raised'
    """
    from kg.profiles.against import contradictions

    name, entries, said, problems, remedy = (
        found.name, found.entries, found.said, list(found.problems), found.remedy.format(say),
    )  # fmt: skip
    names = graph.once(Names).of(found.understood.species)
    notes = list(found.notes)
    comparators = _comparators(names, entries, said, problems, remedy)
    signals, missing, twice = _signals(names, entries, problems, notes, found)
    problems += _families(graph, name, signals)
    problems.sort(key=lambda problem: problem.place.line or 0)
    if len(comparators) > 1:
        what = "two comparators in one profile: " + ", ".join(f"{c} ({p})" for c, (p, _) in comparators.items())
        apart = "ratios to different comparators are never combined: give each comparator a file of its own"
        problems.append(Problem(Place(name), what, apart))
    if not entries and not problems and not found.whole:
        problems.append(Problem(Place(name), "there is a header and no row", "add a row for each cytokine"))
    if not comparators and not problems:
        problems.append(_no_comparator(names, Place(name), remedy))
    if len(comparators) == 1:
        ((only, (_, about)),) = comparators.items()
        problems += contradictions(names, found, only, about)
    if problems:
        raise Problems(dict.fromkeys(problems))
    comparator, (_, label) = next(iter(comparators.items()))
    if twice:
        notes = [*notes, f"Listed twice, once without a value, which was passed over: {', '.join(twice)}."]
    known = {row["comparator"]: row["note"] for row in names.comparators.values()}
    if comparator not in known:
        notes = [*notes, f"The comparator {shown(comparator)} is none that the graph knows: kept as it was written."]
    elif known[comparator]:
        notes = [*notes, f"Compared with {label}: {known[comparator]}."]
    signals, from_their_parts = complexes(graph, signals)
    without = tuple(name for name in missing if name not in {signal.label for signal in signals})
    understood = replace(found.understood, known=len(signals) + len(missing))
    return Profile(
        str(name), None, comparator, label, signals, without, (*notes, *from_their_parts), understood,
        found if found.whole else None,
    )  # fmt: skip


def _families(graph: OpenGraph, name: Path, signals: Sequence[MeasuredCytokine]) -> Iterable[Problem]:
    """Yield a problem for each family that stands beside a member of it: one signal would count twice."""
    labels = {signal.cytokine: signal.label for signal in signals}
    for row in graph.rows("members_of_families"):
        if row["family"] in labels and row["member"] in labels:
            what = f"{labels[row['family']]} covers {labels[row['member']]}, which stands there too"
            yield Problem(Place(name), what, "keep the one that was measured")


def _comparators(
    names: Names, entries: Sequence[InputRow], said: Said, problems: list[Problem], remedy: str
) -> dict[str, tuple[Place, str]]:
    """Return each comparator that is named, with the first place and its label; a problem where none is."""
    named = [*said, *((entry.place, entry.cells["comparator"]) for entry in entries if entry.cells.get("comparator"))]
    comparators: dict[str, tuple[Place, str]] = {}
    for place, text in named:
        found = names.comparator(text, place)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            comparators.setdefault(found[0], (place, found[1]))
    silent = [entry for entry in entries if not entry.cells.get("comparator")]
    if silent and not said:
        problems.append(_no_comparator(names, silent[0].place, remedy))
    return comparators


def _no_comparator(names: Names, place: Place, remedy: str) -> Problem:
    what = "the comparator is missing, so nobody knows what was compared"
    known = ", ".join(sorted({row["comparator"] for row in names.comparators.values()}))
    return Problem(place, what, f"{remedy}, such as one of {known}")


def _signals(
    names: Names, entries: Sequence[InputRow], problems: list[Problem], notes: list[str], found: "Found"
) -> tuple[tuple[MeasuredCytokine, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the signals with a value, the labels of those listed without one, and of those listed both ways."""
    signals: dict[str, tuple[Place, MeasuredCytokine]] = {}
    missing: dict[str, str] = {}
    gene = found.layout is not None and found.layout.genes
    rows: dict[str, list[tuple[Place, MeasuredCytokine]]] = {}
    others: dict[str, str] = {}
    for entry in entries:
        signal = _signal(names, entry, problems, gene=gene)
        if isinstance(signal, Known):
            others[entry.cells["cytokine"]] = signal.what
        if not isinstance(signal, MeasuredCytokine):
            continue
        if signal.ratio is None and signal.reported is None:
            missing[signal.cytokine] = signal.label
            continue
        if untested(entry, gene=gene and found.whole):
            missing[signal.cytokine] = signal.label
            p = entry.header("adjusted p" if "adjusted p" in entry.cells else "significance")
            notes.append(f"{signal.label} has no {p}, as where counts are too low: not tested, so not measured.")
            continue
        if level := low(entry):
            notes.append(f"{signal.label} is hardly there ({level}): its ratio is uncertain.")
            signal = replace(signal, note=level)
        rows.setdefault(signal.cytokine, []).append((entry.place, signal))
        place, first = signals.setdefault(signal.cytokine, (entry.place, signal))
        if found.whole:
            continue
        if first.measured != signal.measured:
            what = f"{signal.label} is also at {place}, with another value ({stated(first)} and {stated(signal)})"
            problems.append(Problem(entry.place, what, "keep one row, or give each sample a file of its own"))
    if others:
        named = ", ".join(f"{shown(name)[1:-1]} ({what})" for name, what in others.items())
        notes.append(f"Known, and excluded from the score, as no ligand of a receptor with a JAK: {named}.")
        problems += _only_others(found.name, named) if not (rows or missing or problems) else ()
    for thing, several in rows.items() if found.whole else ():
        one = of_probes(several, notes)
        if one is None:
            missing[thing] = signals.pop(thing)[1].label
        else:
            signals[thing] = several[0][0], one
    kept = tuple(signals[thing][1] for thing in sorted(signals))
    without = tuple(sorted({label for thing, label in missing.items() if thing not in signals}))
    return kept, without, tuple(sorted({label for thing, label in missing.items() if thing in signals}))


def _only_others(name: Path, named: str) -> list[Problem]:
    return [Problem(Place(name), f"no cytokine is named, but {named}", "add a row for each cytokine")]


def _signal(names: Names, entry: InputRow, problems: list[Problem], *, gene: bool) -> MeasuredCytokine | Known | None:
    """Return what a row measured, what it names where that counts for nothing, None where it has a problem."""
    given = entry.cells.get("cytokine", "")
    if not given:
        problems.append(Problem(entry.place, "the name of the cytokine is missing", "write it, or delete the row"))
        return None
    known = names.measured(given, entry.place, gene=gene, seek=len(problems) < MANY)
    if isinstance(known, Known) and known.kind != "Ligand":
        return known
    ratio, reported, fault = value(entry)
    adjusted_p, word, wrong = significance(entry)
    problems += [found for found in (known, fault, wrong) if isinstance(found, Problem)]
    if isinstance(known, Problem) or fault or wrong:
        return None
    return MeasuredCytokine(
        cytokine=known.thing,
        label=known.label,
        input=given,
        ratio=ratio,
        reported=word if word and (ratio is not None or reported) else reported,
        jak=known.jak,
        adjusted_p=adjusted_p,
    )
