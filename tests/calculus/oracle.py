"""A second, deliberately naive implementation of the blockade calculus: the oracle the real one is compared with.

Written from section 5 of the design alone, second edition, without a look at the package. It takes plain dicts,
tuples and sets and works by enumeration: a measurement is the set of true values it allows, tried point by point; a
blockade is found by trying every assignment of the unknown kinases to yes and to no; an order by comparing every two
rows; a window by trying every end and a point between every two. Only the logarithm of a weight is inexact.

Where the text leaves two readings this oracle chose one: each choice is marked with CHOICE.
"""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from functools import cache, cmp_to_key
from typing import Literal, NamedTuple, TypedDict

Interval = tuple[Fraction, Fraction]
Cytokines = frozenset[str]
"""The cytokines of one signal."""

ZERO = Fraction(0)
ONE = Fraction(1)
GROUPS = ("systemic", "topical", "not approved")
FOLDS = (Fraction(2), Fraction(4), Fraction(64))
LEVELS = ("cells of patients", "human cell line", "other species")


class Settings(NamedTuple):
    """What a reader chooses."""

    threshold: Fraction = Fraction(100)
    require: str = "share"
    raised: Fraction = Fraction(3, 2)
    fdr: Fraction = Fraction(1, 20)
    derived: bool = True


class Measurement(TypedDict):
    """One printed number (or statement) about one drug and one kinase; a derived bound is already multiplied out."""

    id: str
    measure: str
    relation: str | None
    low: Fraction | None
    high: Fraction | None
    unit: str | None
    domain: str | None
    species: str
    verified: bool
    spared: bool
    derived: bool


class Drug(TypedDict):
    """A drug with its measurements by kinase."""

    name: str
    allosteric: bool
    functional_target: str | None
    measurements: Mapping[str, Sequence[Measurement]]
    group: str
    species: str


class Route(NamedTuple):
    """A receptor complex, the kinases without which it gives no signal, and those that help by evidence from loss."""

    receptor: str
    needs: frozenset[str]
    uses: frozenset[str] = frozenset()


class Entry(TypedDict):
    """One cytokine of one patient."""

    cytokine: str
    ratio: Fraction | None
    direction: str | None
    significant: bool | None
    jak: str


class World(NamedTuple):
    """The drugs, the routes of each cytokine, the parts of each complex and the named sets of cytokines."""

    drugs: Sequence[Drug]
    routes: Mapping[str, Sequence[Route]]
    parts: Mapping[str, Sequence[str]]
    sets: Mapping[str, Sequence[str]]


class Does(NamedTuple):
    """What a drug does to a signal."""

    lo: Fraction
    hi: Fraction
    verdict: str


# --- hits -------------------------------------------------------------------------------------------------------------


@cache
def allows(relation: str | None, low: Fraction | None, high: Fraction | None, value: Fraction) -> bool:
    """Whether the true value may be this one, given what was printed."""
    if value < 0:
        return False
    if low is None and high is None:
        return True
    if relation == "=":
        return low is not None and high is not None and low <= value <= high
    if relation == "<":
        return high is not None and value < high
    if relation == "<=":
        return high is not None and value <= high
    if relation == ">":
        return low is not None and value > low
    if relation == ">=":
        return low is not None and value >= low
    raise ValueError(f"a number with the relation {relation!r}")


@cache
def answer_of(relation: str | None, low: Fraction | None, high: Fraction | None, threshold: Fraction) -> str:
    """Yes, no or neither, by trying the ends, the threshold, a point in each gap and one beyond them all."""
    points = sorted({ZERO, threshold} | {end for end in (low, high) if end is not None})
    between = [(left + right) / 2 for left, right in itertools.pairwise(points)]
    values = [value for value in [*points, *between, points[-1] + 1] if allows(relation, low, high, value)]
    if not values:
        raise ValueError(f"no true value is possible: {relation} {low} {high}")
    if all(value <= threshold for value in values):
        return "yes"
    if all(value > threshold for value in values):
        return "no"
    return "neither"


def comparable(measurement: Measurement, drug: Drug, kinase: str) -> bool:
    """Whether the measurement counts at all for this drug and this kinase.

    CHOICE: a derived bound must meet what a direct value must (verified, human, ATP site), so a drug of allosteric mode
    has one only in JH2 at its functional target. CHOICE: the species of a functional statement does not matter.
    """
    if not measurement["verified"]:
        return False
    if measurement["spared"]:
        return drug["allosteric"]
    if measurement["measure"] != "IC50" and not measurement["derived"]:
        return False
    if measurement["unit"] != "nM" or measurement["species"] != "human":
        return False
    if drug["allosteric"]:
        return measurement["domain"] == "JH2" and kinase == drug["functional_target"]
    return measurement["domain"] in ("JH1", "JH1/full-length")


def has_end(measurement: Measurement) -> bool:
    """Whether a number was printed (CHOICE: ">400" has a finite end, a statement or "<" without a value has none)."""
    return measurement["low"] is not None or measurement["high"] is not None


def compared(drug: Drug, kinase: str, settings: Settings) -> list[Measurement]:
    """The comparable measurements of a pair, without derived bounds that a direct value displaces."""
    rows = [row for row in drug["measurements"].get(kinase, []) if comparable(row, drug, kinase)]
    direct = [row for row in rows if not row["derived"]]
    if not settings.derived or any(has_end(row) for row in direct):
        return direct
    return rows


def hit(drug: Drug, kinase: str, settings: Settings) -> tuple[str, str]:
    """Whether the drug hits the kinase (yes, no, unknown), and why."""
    answers = [
        "no" if row["spared"] else answer_of(row["relation"], row["low"], row["high"], settings.threshold)
        for row in compared(drug, kinase, settings)
    ]
    if not answers:
        return "unknown", "not measured"
    if "yes" in answers and "no" in answers:
        return "unknown", "disagree"
    if "yes" in answers:
        return "yes", "agree"
    if "no" in answers:
        return "no", "agree"
    return "unknown", "undecided"


# --- blockade ---------------------------------------------------------------------------------------------------------


def share(needs: AbstractSet[str], hits: Mapping[str, bool], require: str) -> Fraction:
    """What the needed kinases alone make of a route when every hit is known."""
    count = sum(1 for kinase in needs if hits[kinase])
    if require == "share":
        return Fraction(count, len(needs))
    if require == "any":
        return ONE if count > 0 else ZERO
    if require == "all":
        return ONE if count == len(needs) else ZERO
    raise ValueError(f"require is share, any or all, not {require!r}")


@cache
def blockade(hits: frozenset[tuple[str, str]], routes: frozenset[Route], require: str) -> Interval:
    """The least and the greatest blockade of a cytokine over all assignments of what is unknown.

    In the least value no use is counted; in the greatest a route is 1 where a use is hit.
    CHOICE: a route whose needs are not settled is (0, 1) whatever its uses; a cytokine without a route, too.
    """
    if not routes:
        return ZERO, ONE
    known = {kinase: answer == "yes" for kinase, answer in hits if answer != "unknown"}
    unknown = [kinase for kinase, answer in hits if answer == "unknown"]
    least: list[Fraction] = []
    greatest: list[Fraction] = []
    for guess in itertools.product((False, True), repeat=len(unknown)):
        guessed = {**known, **dict(zip(unknown, guess, strict=True))}
        lows: list[Fraction] = []
        highs: list[Fraction] = []
        for route in routes:
            if not route.needs:
                lows.append(ZERO)
                highs.append(ONE)
                continue
            value = share(route.needs, guessed, require)
            lows.append(value)
            highs.append(ONE if any(guessed[kinase] for kinase in route.uses) else value)
        least.append(sum(lows, ZERO) / len(lows))
        greatest.append(sum(highs, ZERO) / len(highs))
    return min(least), max(greatest)


def verdict(interval: Interval, use_hit: bool) -> str:
    """The word for the blockade of a cytokine."""
    lo, hi = interval
    if lo == 1:
        return "blocked"
    if 0 < lo < 1 or (lo == 0 and use_hit):
        return "partly"
    if hi == 0:
        return "not blocked"
    return "unknown"


def does(
    drug: Drug, routes: Iterable[Route], settings: Settings, result: Mapping[tuple[str, str], str] | None = None
) -> Does:
    """What a drug does to a signal with these routes; ``result`` is what an assay would say of (drug, kinase)."""
    found = frozenset(routes)
    kinases = {kinase for route in found for kinase in route.needs | route.uses}
    hits = {kinase: hit(drug, kinase, settings)[0] for kinase in kinases}
    for kinase in kinases:
        hits[kinase] = (result or {}).get((drug["name"], kinase), hits[kinase])
    interval = blockade(frozenset(hits.items()), found, settings.require)
    use_hit = any(hits[kinase] == "yes" for route in found for kinase in route.uses)
    return Does(*interval, verdict(interval, use_hit))


# --- signals of a patient ---------------------------------------------------------------------------------------------


def signals(world: World) -> dict[Cytokines, frozenset[Route]]:
    """The cytokines with the same set of routes, and that set (CHOICE: those without any route stay apart)."""
    found: dict[Cytokines, frozenset[Route]] = {}
    receptors = {cytokine: {route.receptor for route in routes} for cytokine, routes in world.routes.items()}
    for cytokine, routes in world.routes.items():
        same = {other for other in receptors if routes and receptors[other] == receptors[cytokine]}
        found[frozenset(same | {cytokine})] = frozenset(routes)
    return found


def significant(q: Fraction | None, settings: Settings) -> bool | None:
    """Whether a change is significant; None where it was not stated."""
    return None if q is None else q <= settings.fdr


def direction(entry: Entry, settings: Settings) -> str:
    """Raised, lowered, unchanged or not significant.

    CHOICE: not significant comes before all other words; unknown if neither a ratio nor a direction was reported.
    """
    if entry["significant"] is False:
        return "not significant"
    ratio = entry["ratio"]
    if ratio is None:
        return entry["direction"] or "unknown"
    if ratio >= settings.raised:
        return "raised"
    if ratio * settings.raised <= 1:
        return "lowered"
    return "unchanged"


def weight(ratio: Fraction | None) -> float:
    """The weight of a raised cytokine: its log2 ratio, at most 6; 1 without a ratio."""
    return 1.0 if ratio is None else min(math.log2(ratio), 6.0)


def near(ratio: Fraction | None, settings: Settings) -> bool:
    """Whether a ratio is within 1.25-fold of the cut-off (CHOICE: 1.25-fold itself is within; of 1.5, not of 1/1.5)."""
    return ratio is not None and settings.raised * 4 / 5 <= ratio <= settings.raised * 5 / 4


def with_complexes(patient: Sequence[Entry], parts: Mapping[str, Sequence[str]]) -> list[Entry]:
    """The entries, and one for each complex that was not measured itself and whose parts all have a ratio.

    CHOICE: a complex of which only a direction was reported was measured itself.
    """
    measured = {entry["cytokine"]: entry for entry in patient}
    found = list(patient)
    for name, of in parts.items():
        if name in measured or not of:
            continue
        entries = [measured[part] for part in of if part in measured]
        ratios = [entry["ratio"] for entry in entries if entry["ratio"] is not None]
        if len(ratios) < len(of):
            continue
        stated = [entry["significant"] for entry in entries]
        both = None if None in stated else all(stated)
        found.append({"cytokine": name, "ratio": min(ratios), "direction": None, "significant": both, "jak": "yes"})
    return found


def weights(patient: Sequence[Entry], settings: Settings) -> dict[str, float]:
    """The weight of each raised cytokine (CHOICE: not of a part, nor of one known to signal without a JAK)."""
    return {
        entry["cytokine"]: weight(entry["ratio"])
        for entry in patient
        if entry["jak"] not in ("no", "part") and direction(entry, settings) == "raised"
    }


def raised(world: World, weighed: Mapping[str, float]) -> dict[Cytokines, float]:
    """The raised signals, each with the largest weight of its raised cytokines."""
    found: dict[Cytokines, float] = {}
    for same in signals(world):
        of = [weighed[cytokine] for cytokine in same if cytokine in weighed]
        if of:
            found[same] = max(of)
    for cytokine, number in weighed.items():
        if cytokine not in world.routes:
            found[frozenset({cytokine})] = number
    return found


# --- score, collateral, order, frontier -------------------------------------------------------------------------------


class Row(NamedTuple):
    """A drug held against a patient."""

    drug: Drug
    score: Interval
    parts: Mapping[Cytokines, Does]
    collateral: Interval | None
    blocked: int
    of: int
    sets: Mapping[str, Interval | None]


class Placed(NamedTuple):
    """A row with the ranks it shares in its group, first and last, and whether no other row beats it."""

    row: Row
    rank: tuple[int, int]
    frontier: bool


def jak_dependent(world: World) -> list[Cytokines]:
    """The signals with a route with a need (CHOICE: of which some cytokine is no part of a complex)."""
    parts = {part for of in world.parts.values() for part in of}
    return [
        same for same, routes in signals(world).items() if any(route.needs for route in routes) and not same <= parts
    ]


def mean(found: Sequence[Does]) -> Interval | None:
    """The mean over signals of weight 1; None without a signal."""
    if not found:
        return None
    return (sum((one.lo for one in found), ZERO) / len(found), sum((one.hi for one in found), ZERO) / len(found))


Table = Mapping[Cytokines, Does]


def tables(
    world: World, settings: Settings, result: Mapping[tuple[str, str], str] | None = None
) -> dict[str, dict[Cytokines, Does]]:
    """What every drug does to every signal."""
    known = signals(world)
    return {
        drug["name"]: {same: does(drug, routes, settings, result) for same, routes in known.items()}
        for drug in world.drugs
    }


def row(
    drug: Drug,
    blocks: Table,
    up: Mapping[Cytokines, float],
    rest: Sequence[Cytokines],
    sets: Mapping[str, Sequence[str]],
) -> Row:
    """The score of a drug over the raised signals, and what else it switches off: of the rest, and of named sets.

    CHOICE: a signal belongs to a named set where one of its cytokines does.
    """
    total, lo, hi = ZERO, ZERO, ZERO
    parts: dict[Cytokines, Does] = {}
    for same, number in up.items():
        parts[same] = blocks.get(same, Does(ZERO, ONE, "unknown"))
        total += Fraction(number)
        lo += Fraction(number) * parts[same].lo
        hi += Fraction(number) * parts[same].hi
    found = [blocks[same] for same in rest]
    of_sets = {name: mean([blocks[same] for same in rest if same & set(of)]) for name, of in sets.items()}
    blocked = sum(1 for one in found if one.verdict == "blocked")
    return Row(drug, (lo / total, hi / total), parts, mean(found), blocked, len(found), of_sets)


class Numbers(NamedTuple):
    """What the order of a row and the frontier are about, each number rounded to 9 decimals."""

    lo: Fraction
    hi: Fraction
    cost_lo: Fraction
    cost_hi: Fraction
    partly: bool


def numbers(row: Row) -> Numbers:
    """The numbers of a row (CHOICE: where no signal is left for a collateral, it is 0)."""
    (lo, hi), (cost_lo, cost_hi) = (
        (round(least, 9), round(most, 9)) for least, most in (row.score, row.collateral or (ZERO, ZERO))
    )
    return Numbers(lo, hi, cost_lo, cost_hi, any(part.verdict == "partly" for part in row.parts.values()))


def before(one: Numbers, two: Numbers) -> int:
    """-1 where the first of two rows of a group comes first, 1 where the second does, 0 where they share a rank."""
    if one.lo != two.lo:
        return -1 if one.lo > two.lo else 1
    if one.lo > 0:
        if one.hi != two.hi:  # the lows are equal: the narrower is that of the lower high
            return -1 if one.hi < two.hi else 1
    else:
        place, other = (0 if row.partly else 1 if row.hi > 0 else 2 for row in (one, two))
        if place != other:
            return -1 if place < other else 1
        if one.hi != two.hi:
            return -1 if one.hi > two.hi else 1
    if one.cost_hi != two.cost_hi:
        return -1 if one.cost_hi < two.cost_hi else 1
    if one.cost_lo != two.cost_lo:
        return -1 if one.cost_lo < two.cost_lo else 1
    return 0


def beats(one: Numbers, two: Numbers) -> bool:
    """Whether one row is at least as good as another in score and collateral, and better in one."""
    return one.lo >= two.lo and one.cost_hi <= two.cost_hi and (one.lo > two.lo or one.cost_hi < two.cost_hi)


def place(rows: Sequence[Row]) -> list[Placed]:
    """The rows in order: by group, in it by rank, those of one rank by name.

    CHOICE: a drug that is not made for people is placed with those that are not approved and is not on the frontier.
    """
    of = {row.drug["name"]: numbers(row) for row in rows}
    people = [row.drug["name"] for row in rows if row.drug["species"] == "human"]

    def in_order(row: Row, other: Row) -> int:
        return before(of[row.drug["name"]], of[other.drug["name"]])

    found: list[Placed] = []
    for group in GROUPS:
        inside = sorted((row for row in rows if row.drug["group"] == group), key=lambda row: row.drug["name"])
        inside.sort(key=cmp_to_key(in_order))
        for one in inside:
            name = one.drug["name"]
            others = [before(of[other.drug["name"]], of[name]) for other in inside]
            first = 1 + others.count(-1)
            front = name in people and of[name].lo > 0 and not any(beats(of[other], of[name]) for other in people)
            found.append(Placed(one, (first, first + others.count(0) - 1), front))
    return found


def rank(world: World, weighed: Mapping[str, float], blocks: Mapping[str, Table]) -> list[Placed]:
    """The drugs for people in order; none where no signal is raised."""
    up = raised(world, weighed)
    if not up:
        return []
    rest = [same for same in jak_dependent(world) if same not in up]
    people = [drug for drug in world.drugs if drug["species"] == "human"]
    return place([row(drug, blocks[drug["name"]], up, rest, world.sets) for drug in people])


# --- robustness -------------------------------------------------------------------------------------------------------


class End(NamedTuple):
    """An end of a window."""

    value: Fraction
    included: bool


Window = tuple[End | None, End | None]


def trial_points(drug: Drug, settings: Settings) -> list[tuple[Fraction, End | None, End | None]]:
    """A threshold of every piece of the line, and where the piece ends: each printed end, and each gap around it.

    All the ends that were printed about the drug are tried, comparable or not: those that change nothing do no harm.
    CHOICE: a threshold is above 0, so an end at 0 is none.
    """
    ends = sorted(
        {
            end
            for rows in drug["measurements"].values()
            for one in rows
            for end in (one["low"], one["high"])
            if end is not None and end > 0
        }
    )
    if not ends:
        return [(settings.threshold, None, None)]
    pieces: list[tuple[Fraction, End | None, End | None]] = [(ends[0] / 2, None, End(ends[0], False))]
    for end, following in itertools.zip_longest(ends, ends[1:]):
        pieces.append((end, End(end, True), End(end, True)))
        if following is None:
            pieces.append((end + 1, End(end, False), None))
        else:
            pieces.append(((end + following) / 2, End(end, False), End(following, False)))
    return pieces


def window(drug: Drug, routes: Iterable[Route], settings: Settings) -> Window:
    """The widest run of thresholds around the set one in which blockade and verdict both stay."""
    found = list(routes)
    now = does(drug, found, settings)
    pieces = trial_points(drug, settings)
    same = [does(drug, found, settings._replace(threshold=point)) == now for point, _, _ in pieces]
    at = next(number for number, piece in enumerate(pieces) if within(settings.threshold, piece))
    first = last = at
    while first > 0 and same[first - 1]:
        first -= 1
    while last < len(pieces) - 1 and same[last + 1]:
        last += 1
    return pieces[first][1], pieces[last][2]


def within(threshold: Fraction, piece: tuple[Fraction, End | None, End | None]) -> bool:
    """Whether a threshold is in a piece."""
    _, bottom, top = piece
    if bottom is not None and (threshold < bottom.value or (threshold == bottom.value and not bottom.included)):
        return False
    return top is None or threshold < top.value or (threshold == top.value and top.included)


def intersection(windows: Iterable[Window]) -> Window:
    """What is in every window: the later start and the earlier end, one that is not included where two are equal."""
    found = list(windows)
    starts = [start for start, _ in found if start is not None]
    stops = [stop for _, stop in found if stop is not None]
    start = max(starts, key=lambda end: (end.value, not end.included), default=None)
    stop = min(stops, key=lambda end: (end.value, end.included), default=None)
    return start, stop


def window_of_row(world: World, row: Row, settings: Settings) -> Window | None:
    """The window of a row; None where all its parts are unknown (CHOICE: an unknown part among others counts)."""
    if all(part.verdict == "unknown" for part in row.parts.values()):
        return None
    known = signals(world)
    return intersection(window(row.drug, known.get(same, ()), settings) for same in row.parts)


def hangs_on(world: World, row: Row, settings: Settings) -> set[tuple[str, str, Fraction, Literal["from", "to"]]]:
    """The measurement, kinase, value and edge of whatever has an end of the window of the row.

    CHOICE: what a row hangs on are the comparable values with that end, none that a direct one displaces, on the
    kinases of those signals whose own window ends there; a like value on other kinases moves nothing.
    """
    found: set[tuple[str, str, Fraction, Literal["from", "to"]]] = set()
    span = window_of_row(world, row, settings)
    if span is None:
        return found
    known = signals(world)
    edges: tuple[Literal["from", "to"], ...] = ("from", "to")
    for same in row.parts:
        routes = known.get(same, frozenset())
        mine = window(row.drug, routes, settings)
        for edge, end, own in zip(edges, span, mine, strict=True):
            if end is None or end != own:
                continue
            for kinase in {kinase for route in routes for kinase in route.needs | route.uses}:
                for one in compared(row.drug, kinase, settings):
                    if end.value in (one["low"], one["high"]):
                        found.add((one["id"], kinase, end.value, edge))
    return found


def near_edge(edge: Fraction, settings: Settings) -> bool:
    """Whether an edge is near enough to the threshold to be said in the row."""
    return settings.threshold / 2 <= edge <= 2 * settings.threshold


# --- next measurement -------------------------------------------------------------------------------------------------


def first(placed: Iterable[Placed]) -> frozenset[str]:
    """The approved systemic drugs of rank 1."""
    return frozenset(one.row.drug["name"] for one in placed if one.row.drug["group"] == "systemic" and one.rank[0] == 1)


def measurements(
    world: World, weighed: Mapping[str, float], measured: AbstractSet[str], settings: Settings
) -> dict[Cytokines, tuple[Fraction, frozenset[str]]]:
    """Every signal whose measurement could change the first drugs: the lowest fold that does so, and to what.

    CHOICE: a signal is unmeasured where none of its cytokines was measured, and only JAK-dependent ones are tried;
    a fold below the cut-off is not raised and is not tried; without any raised signal no drug is first.
    """
    blocks = tables(world, settings)
    now = first(rank(world, weighed, blocks))
    found: dict[Cytokines, tuple[Fraction, frozenset[str]]] = {}
    for same in jak_dependent(world):
        if same & measured or same & weighed.keys():
            continue
        for fold in sorted({settings.raised, *FOLDS}):
            if fold < settings.raised or same in found:
                continue
            new = first(rank(world, {**weighed, min(same): weight(fold)}, blocks))
            if new != now:
                found[same] = fold, new
    return found


def assays(
    world: World, weighed: Mapping[str, float], settings: Settings
) -> dict[tuple[str, str, str], frozenset[str]]:
    """Every drug, kinase and result of an assay that could change the first drugs, and to what.

    CHOICE: the kinases are those that some route needs or uses; a value that spans the threshold decides nothing.
    """
    blocks = tables(world, settings)
    now = first(rank(world, weighed, blocks))
    kinases = {kinase for routes in world.routes.values() for route in routes for kinase in route.needs | route.uses}
    found: dict[tuple[str, str, str], frozenset[str]] = {}
    for drug in world.drugs:
        if drug["group"] != "systemic" or drug["species"] != "human":
            continue
        for kinase in kinases:
            if hit(drug, kinase, settings) not in (("unknown", "not measured"), ("unknown", "undecided")):
                continue
            for result in ("yes", "no"):
                assumed = tables(world._replace(drugs=[drug]), settings, {(drug["name"], kinase): result})
                new = first(rank(world, weighed, {**blocks, **assumed}))
                if new != now:
                    found[drug["name"], kinase, result] = new
    return found


# --- claims -----------------------------------------------------------------------------------------------------------


class Said(NamedTuple):
    """One row of evidence for or against that a receptor needs, or uses, a kinase."""

    relation: str
    stance: str
    loss: str | None = None
    lost_in: str | None = None
    effect: str | None = None


class Stands(NamedTuple):
    """What stands of a receptor and a kinase."""

    needs: bool
    uses: bool
    by_database_only: bool


def stance_of_loss(relation: str, loss: str, effect: str) -> str | None:
    """What loss says of needs or of uses; None where it is inconclusive."""
    if loss == "complete" and relation == "needs":
        return "supports" if effect == "abolished" else "refutes"
    if loss == "complete" and relation == "uses":
        return {"impaired": "supports", "unchanged": "refutes"}.get(effect)
    return "supports" if relation == "needs" and effect == "abolished" else None


def accepted(stances: AbstractSet[str], decision: str | None) -> bool:
    """Whether a claim stands: a decision row says so, else some evidence supports it and none refutes it."""
    if decision is not None:
        return decision == "yes"
    return "supports" in stances and "refutes" not in stances


def stands(rows: Iterable[Said], decided: Mapping[str, str]) -> Stands:
    """Whether a receptor needs a kinase, uses it (by evidence from loss), and the first by databases only.

    ``decided`` is relation -> yes or no. CHOICE: the best level at which loss says anything of the pair decides on both
    relations; a conflict on needs keeps the use from counting until a decision row settles either; loss that is only
    partial speaks where it supports; a decision does not make a need stand on loss; a decision can say that a use
    counts only where loss at that level supports it.
    """
    found = list(rows)
    needs: set[str] = set()
    uses: set[str] = set()
    for level in LEVELS:
        for row in found:
            if row.lost_in != level or row.loss is None or row.effect is None:
                continue
            needs |= {stance_of_loss("needs", row.loss, row.effect) or "inconclusive"}
            uses |= {stance_of_loss("uses", row.loss, row.effect) or "inconclusive"}
        needs.discard("inconclusive")
        uses.discard("inconclusive")
        if needs or uses:
            break
    spoken = bool(needs or uses)
    if not spoken:
        needs = {row.stance for row in found if row.relation == "needs" and row.loss is None}
    needed = accepted(needs, decided.get("needs"))
    conflict = {"supports", "refutes"} <= needs and not decided
    used = spoken and "supports" in uses and not conflict and accepted(uses, decided.get("uses"))
    return Stands(needed, used, needed and not spoken)


Ends = tuple[Fraction | None, Fraction | None]


def ends_of(relation: str, printed: str) -> Ends:
    """The ends of a printed value or range, none where the relation leaves it open."""
    low, _, high = printed.partition("..")
    if not printed:
        return None, None
    bottom = None if relation in ("<", "<=") else Fraction(low)
    return bottom, None if relation in (">", ">=") else Fraction(high or low)


def derived_ends(relation: str, fold: str, base: str) -> Ends:
    """The ends, in nM, of a selectivity ratio over a kinase with that value."""
    low, high = ends_of(relation, fold)
    least, most = ends_of("=", base)
    return (
        None if low is None or least is None else low * least, None if high is None or most is None else high * most,
    )  # fmt: skip
