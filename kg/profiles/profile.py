"""A patient's profile: measured cytokines with their comparator, from a stored case or from a file that a user wrote.

A file is a table, JSON or YAML: cytokine, then ratio, log2 or direction, and the comparator, which can be said once.
Names are grounded on the graph: in a short list an unknown or ambiguous name is a problem with near matches, never
dropped; of a whole table what the graph knows is read, and the rest is counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING

from kg.calculus.mechanism import DEFAULT, Settings
from kg.calculus.signals import Direction, Measured, Reported, from_parts, weight
from kg.model.errors import Place, Problem, Problems
from kg.profiles.choices import AS_WRITTEN, Reading
from kg.profiles.grounding import Known, Names
from kg.profiles.probes import low, of_probes, stated, untested
from kg.profiles.significance import significance
from kg.profiles.tabular import MANY, InputRow, Said, shown
from kg.profiles.values import DIRECTIONS, value
from kg.sparql.graph import OpenGraph

if TYPE_CHECKING:
    from kg.profiles.found import Found
    from kg.profiles.understood import Understood


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredCytokine:
    """One measured cytokine. ``ratio`` is None where only a direction was reported.

    ``adjusted_p`` is None where no significance was stated. ``parts`` names
    the parts whose lower ratio a complex has.

    >>> il21 = MeasuredCytokine(cytokine="il21", label="IL-21", input="IL21", ratio=Decimal(4), jak="yes")
    >>> il21.direction(), il21.direction(Settings(raised=Decimal(5))), il21.log2, il21.weight()
    ('raised', 'unchanged', 2.0, 2.0)
    >>> tnf = MeasuredCytokine(cytokine="tnf", label="TNF", input="TNF", reported="raised", jak="no")
    >>> tnf.direction(), tnf.counts, tnf.log2, tnf.weight()
    ('raised', False, None, None)
    """

    cytokine: str
    label: str
    input: str
    jak: str
    ratio: Decimal | None = None
    reported: Reported | None = None
    note: str | None = None
    adjusted_p: Decimal | None = None
    parts: tuple[str, ...] = ()

    @property
    def measured(self) -> Measured:
        """Its value, as the calculus takes it."""
        return Measured(self.ratio, self.reported, self.adjusted_p, self.parts)

    def direction(self, settings: Settings = DEFAULT) -> Direction:
        """Return the direction of the ratio, or the reported one; not significant where that is stated."""
        return self.measured.direction(raised=settings.raised, fdr=settings.fdr)

    def is_raised(self, settings: Settings = DEFAULT) -> bool:
        """Return whether it is raised and counts in a score."""
        return self.counts and self.direction(settings) == "raised"

    @property
    def counts(self) -> bool:
        """Return whether it can count in a score: not if it signals without a JAK or is a part of a complex."""
        return self.jak not in ("no", "part")

    @property
    def log2(self) -> float | None:
        """Return log2 of the ratio."""
        return None if self.ratio is None else log2(self.ratio)

    def weight(self, settings: Settings = DEFAULT) -> float | None:
        """Return the weight in the score, None where it is excluded from it."""
        return weight(self.ratio) if self.is_raised(settings) else None


def weights(raised: Iterable[MeasuredCytokine], settings: Settings = DEFAULT) -> dict[str, float]:
    """Return the weight of each of some cytokines that count as raised; AssertionError for one that does not.

    >>> il21 = MeasuredCytokine(cytokine="il21", label="IL-21", input="IL21", ratio=Decimal(4), jak="yes")
    >>> weights([il21])
    {'il21': 2.0}
    """
    found = {}
    for signal in raised:
        weight = signal.weight(settings)
        assert weight is not None  # noqa: S101 - only raised signals are ranked
        found[signal.cytokine] = weight
    return found


@dataclass(frozen=True, slots=True)
class Profile:
    """The measured cytokines of one patient or group, all against one comparator (None where nothing was measured).

    >>> tnf = MeasuredCytokine(cytokine="tnf", label="TNF", input="TNF", reported="raised", jak="no")
    >>> Profile("a.csv", None, "own-baseline", "own baseline", (tnf,)).not_measured
    ()
    """

    title: str
    case: str | None
    comparator: str | None
    comparator_label: str | None
    signals: tuple[MeasuredCytokine, ...]
    not_measured: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    understood: "Understood | None" = field(default=None, compare=False)
    """How the file was understood, None for a stored case."""
    table: "Found | None" = field(default=None, compare=False, repr=False)
    """The whole table behind it, for what its other genes say."""

    @property
    def nothing(self) -> str:
        """Why nothing is ranked where it has no signal."""
        what = "Nothing was measured"
        if any("say different things" in note for note in self.notes):
            what = f"No value counts: rows of {self.not_measured[0]} say different things"
        return f"{what}: no signal is known to be raised, and nothing is ranked."


def of_case(graph: OpenGraph, case: str) -> Profile:
    """Return the profile of a stored case; Problems where it is not known or has different comparators.

    >>> import kg
    >>> [(s.label, str(s.ratio), s.direction()) for s in of_case(kg.open(), "khurana-2025-1").signals]
    [('IFN-gamma', '0.08', 'lowered'), ('IL-15', '0.96', 'unchanged'), ('IL-21', '2.33', 'raised')]
    """
    rows = graph.rows("measurements_of_case", case=case)
    comparators = {(row["comparator"], row["comparatorLabel"]) for row in rows}
    if len(comparators) > 1:
        labels = ", ".join(sorted(label for _, label in comparators))
        what = f"the case was measured against different comparators ({labels})"
        raise Problems([Problem(Place(case), what, "write a file with the measurements against one of them")])
    comparator, label = next(iter(comparators), (None, None))
    notes = {row["comparator"]: row["note"] for row in graph.rows("comparators")}
    signals = tuple(
        MeasuredCytokine(
            cytokine=row["cytokine"],
            label=row["label"],
            input=row["label"],
            ratio=row["ratio"],
            reported=DIRECTIONS[row["reportedDirection"].lower()] if row["reportedDirection"] else None,
            jak=row["jak"],
            note=row["note"],
            adjusted_p=row["adjustedP"],
        )
        for row in rows
    )
    said = notes.get(comparator)
    about = (f"Compared with {label}: {said}.",) if said else ()
    signals, from_their_parts = complexes(graph, signals)
    return Profile(case, case, comparator, label, signals, (), (*about, *from_their_parts))


def complexes(
    graph: OpenGraph, signals: Sequence[MeasuredCytokine]
) -> tuple[tuple[MeasuredCytokine, ...], tuple[str, ...]]:
    """Return signals with the complexes that their parts give, by name, and notes on these.

    >>> import kg
    >>> parts = [
    ...     MeasuredCytokine(cytokine=name, label=name, input=name, ratio=Decimal(ratio), jak="part")
    ...     for name, ratio in (("il12b", 4), ("il23a", 2))
    ... ]
    >>> [(one.cytokine, str(one.ratio), one.parts) for one in complexes(kg.open(), parts)[0] if one.parts]
    [('il23', '2', ('il12b', 'il23a'))]
    """
    measured = {signal.cytokine: signal.measured for signal in signals}
    made = dict(from_parts(graph.mechanism.parts, measured))
    if not made:
        return tuple(signals), ()
    known = {row["thing"]: row for row in graph.rows("names_of_cytokines")}
    labels = {signal.cytokine: signal.label for signal in signals}
    found, notes = list(signals), []
    for name, one in made.items():
        label, jak = known[name]["label"], known[name]["jak"]
        found.append(
            MeasuredCytokine(
                cytokine=name,
                label=label,
                input=label,
                ratio=one.ratio,
                jak=jak,
                adjusted_p=one.q,
                parts=one.parts,
            )
        )
        parts = " and ".join(labels[part] for part in one.parts)
        notes.append(f"{label} from its parts: the lower ratio of {parts}.")
    shared = sorted({labels[part] for part in labels if sum(part in one.parts for one in made.values()) > 1})
    notes += [f"{part} is a part of several of these complexes: one value stands for each." for part in shared]
    return tuple(sorted(found, key=lambda signal: signal.cytokine)), tuple(notes)


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
