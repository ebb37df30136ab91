"""The calculus of many patients against that of one: the same bits, ranks, ties, verdicts and windows for each."""

import pickle
import random
from dataclasses import replace
from decimal import Decimal
from itertools import product

import many
import numpy as np
import pytest
import worlds

from kg import calculus as m
from kg.calculus import array_powers, array_ranking, arrays, robustness
from kg.calculus.array_ranking import rank
from kg.calculus.array_tables import Tables
from kg.calculus.mechanism import Mechanism
from kg.knowledge_graph import KnowledgeGraph
from kg.profiles import profile

SETTINGS = [
    *(
        m.Settings(Decimal(threshold), require, derived=derived)
        for threshold, require, derived in product(("10", "55", "100", "787"), worlds.REQUIRE, (True, False))
    ),
    *(
        m.Settings(raised=Decimal(raised), fdr=Decimal(fdr))
        for raised, fdr in product(("1.1", "2", "4"), ("0.01", "0.2"))
    ),
]
SCALES: tuple[arrays.Scale, ...] = ("ratio", "log2")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The window of a drug and a signal is computed once for some settings, as that of one patient is that of all."""
    kept: dict[tuple[str, str, m.Settings], robustness.Window] = {}
    computed = robustness.window

    def window(drug: m.Drug, signal: m.Signal, settings: m.Settings) -> robustness.Window:
        key = drug.id, signal.name, settings
        if key not in kept:
            kept[key] = computed(drug, signal, settings)
        return kept[key]

    monkeypatch.setattr(robustness, "window", window)


def check_shipped(graph: KnowledgeGraph, settings: m.Settings, patients: int, seed: int) -> int:
    """Compare invented patients on the shipped graph; how many rows were."""
    tables = Tables.of(graph.mechanism, settings, all_species=True)
    given = [many.cells(tables, patients, seed + number, scale=scale) for number, scale in enumerate(SCALES)]
    return sum(many.check(graph.mechanism, tables, one) for one in given)


@pytest.mark.usefixtures("windows")
def test_invented_patients(graph: KnowledgeGraph) -> None:
    chosen = (m.DEFAULT, *random.Random(1).sample(SETTINGS, 2))
    assert sum(check_shipped(graph, settings, 12, place) for place, settings in enumerate(chosen)) > 1000


@pytest.mark.conformance
@pytest.mark.usefixtures("windows")
def test_ten_thousand_patients(graph: KnowledgeGraph) -> None:
    assert check_shipped(graph, m.DEFAULT, 5000, 100) > 150_000


@pytest.mark.conformance
@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_all_settings(graph: KnowledgeGraph, settings: m.Settings) -> None:
    assert check_shipped(graph, settings, 60, 200) > 1500


def check_world(number: int) -> int:
    """Compare patients of an invented world, of whose cytokines some have no route, and some do not count."""
    world, rng = worlds.world(number), random.Random(number)
    names = {*world.mechanism.routes, "unheard", "g", "h"}
    counts = {name for name in names if rng.random() < 0.9}
    tables = Tables.of(world.mechanism, world.settings, cytokines=counts, all_species=rng.random() < 0.5)
    given = many.cells(tables, 6, number, scale=rng.choice(SCALES))
    return many.check(world.mechanism, tables, given, counts)


def test_invented_worlds() -> None:
    assert sum(map(check_world, range(60))) > 400


@pytest.mark.conformance
def test_many_invented_worlds() -> None:
    assert sum(map(check_world, range(60, 3000))) > 20_000


# --- what graph.ask says ----------------------------------------------------------------------------------------------


def cells_of(tables: Tables, patient: profile.Profile) -> many.Cells:
    """What a stored case measured, without the complexes that its parts give."""
    shape = 1, len(tables.cytokines)
    found = many.Cells("ratio", np.full(shape, np.nan), np.zeros(shape, np.int8), np.full(shape, np.nan))
    for one in patient.signals:
        if one.cytokine in tables.cytokines and not one.parts:
            place = tables.cytokines.index(one.cytokine)
            found.values[0, place] = np.nan if one.ratio is None else float(one.ratio)
            found.directions[0, place] = many.WORDS.index(one.reported)
            found.q[0, place] = np.nan if one.adjusted_p is None else float(one.adjusted_p)
    return found


def check_answer(graph: KnowledgeGraph, patient: object, tables: Tables, given: many.Cells) -> int:
    """Compare one patient with what ``graph.ask`` answers; how many rows were."""
    settings = tables.settings
    answer = graph.ask(
        patient, threshold=settings.threshold, require=settings.require, raised=settings.raised, fdr=settings.fdr,
        derived=settings.derived,
    )  # fmt: skip
    _, found = many.as_arrays(tables, given)
    for row, (column, _) in zip(answer.rows, many.by_group(answer.ranked), strict=True):
        least, most = row.collateral.score or (None, None)
        said = (
            row.drug.id, *row.rank, many.bits(row.score[0]), many.bits(row.score[1]), row.blocked,
            many.bits(least), many.bits(most), row.collateral.blocked,
        )  # fmt: skip
        assert many.as_row(tables, found, 0, column)[:-1] == said
        assert many.window_of(found, 0, column) == many.as_codes(row.robustness.window)
    assert (found.drug[0] >= 0).sum() == len(answer.rows)
    return len(answer.rows)


def check_cases(graph: KnowledgeGraph, settings: m.Settings) -> int:
    tables = Tables.of(graph.mechanism, settings)
    return sum(
        check_answer(graph, case, tables, cells_of(tables, profile.of_case(graph, case)))
        for case in sorted(graph.instances("jak:Case"))
    )


def as_rows(graph: KnowledgeGraph, tables: Tables, given: many.Cells) -> list[dict[str, str]]:
    """A patient as a user writes it, in which no family stands beside a member; ``given`` loses those members."""
    labels = {row["thing"]: row["label"] for row in graph.rows("names_of_cytokines")}
    families = {row["member"]: row["family"] for row in graph.rows("members_of_families")}
    patient, rows = given.patient(tables, 0), []
    for place, name in enumerate(tables.cytokines):
        if families.get(name) in patient:
            given.values[0, place], given.directions[0, place] = np.nan, 0
        elif name in patient:
            value, q = float(given.values[0, place]), float(given.q[0, place])
            rows.append({
                "cytokine": labels[name], "comparator": "healthy skin",
                given.scale: repr(value) if value == value else "",
                "direction": many.WORDS[given.directions[0, place]] or "",
                "padj": repr(q) if q == q else "",
            })  # fmt: skip
    return rows


@pytest.mark.parametrize("scale", SCALES)
def test_invented_patients_by_ask(graph: KnowledgeGraph, scale: arrays.Scale) -> None:
    compared = 0
    for number, settings in enumerate((m.DEFAULT, SETTINGS[1], SETTINGS[8], SETTINGS[-1])):
        tables = Tables.of(graph.mechanism, settings)
        given = many.cells(tables, 1, 40 + number, scale=scale)
        if rows := as_rows(graph, tables, given):
            compared += check_answer(graph, rows, tables, given)
    assert compared > 50


def test_the_cases_of_the_graph(graph: KnowledgeGraph) -> None:
    assert check_cases(graph, m.DEFAULT) > 50


@pytest.mark.conformance
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_cases_at_all_settings(graph: KnowledgeGraph, settings: m.Settings) -> None:
    assert check_cases(graph, settings) > 50


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_numbers_are_rounded_as_one_is() -> None:
    rng = random.Random(1)
    some = [0.0, 1.0, 0.5, 1 / 3, 2 / 3, 5e-10, 4.9999e-10, 1.5e-9, *(number / 1024 for number in range(1024))]
    some += [(2 * rng.randrange(10**9) + 1) / (2 * 10**9) for _ in range(2000)]
    some += [float(np.nextafter(number, side)) for number in some[-2000:] for side in (0, 1)]
    rounded = array_ranking._rounded(np.array(some)).tolist()
    assert [number / 10**9 for number in rounded] == [round(number, 9) for number in some]


def test_the_lowest_score_that_is_above_nothing() -> None:
    yes = m.Measurement("x", "IC50", "=", Decimal(3), Decimal(3), "nM", "JH1", "human", comparable=True)
    no = replace(yes, low=Decimal(5000), high=Decimal(5000))
    narrow = m.Drug("narrow", {"jak1": (yes,), "jak2": (no,)}, group="systemic")
    wide = m.Drug("wide", {"jak1": (yes,)}, group="systemic")
    routes = {"epo": (m.Route("epor", ("jak2",)),), "il21": (m.Route("il21-receptor", ("jak1",)),)}
    mechanism = Mechanism({"narrow": narrow, "wide": wide}, routes)
    tables = Tables.of(mechanism, m.Settings(raised=Decimal("1.0000000001")))
    values = np.array([[np.nan, 2**weight] for weight in (3e-10, 4.9e-10, 5.1e-10, 1e-9, 1.4e-9, 1.6e-9, 3e-9)])
    given = many.Cells("ratio", values, np.array([[1, 0]] * len(values), np.int8), np.full_like(values, np.nan))
    assert many.check(mechanism, tables, given) == 2 * len(values)
    _, found = many.as_arrays(tables, given)
    assert [tables.drugs[one] for one in found.drug[:, 0]] == ["wide"] * 2 + ["narrow"] * 5


def test_the_logarithm_is_that_of_the_c_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where numpy has one of its own, another path is taken: both give the same."""
    tables = Tables.of(Mechanism({}, {"il21": (m.Route("a", ("jak1",)),)}))
    values = np.random.default_rng(1).uniform(1.4, 70, (5000, 1))
    fast = arrays.measured(tables, values).weight
    assert fast[0].tolist() == [m.weight(Decimal(x)) if x >= 1.5 else 0 for x in values[:, 0].tolist()]
    with monkeypatch.context() as slowly:
        slowly.setattr(arrays, "_log2", lambda: arrays._slow_log2)
        assert np.array_equal(arrays.measured(tables, values).weight, fast)
    of_numpy = np.log2
    for other, taken in ((of_numpy, of_numpy), (np.log1p, np.log1p)):
        monkeypatch.setattr(arrays, "_slow_log2", other)
        assert arrays._log2.__wrapped__() is taken


def test_a_power_of_two_is_that_of_a_profile() -> None:
    numbers = [round(number, 3) for number in np.random.default_rng(1).uniform(-8, 8, 100).tolist()]
    for number in (*numbers, *range(8), *many.LOGS):
        assert array_powers.power(number) == float(Decimal(2) ** Decimal(repr(number)))


def check_powers(count: int) -> int:
    """Compare powers by sums of two floats with those by decimals; how many were of the first kind."""
    rng, fast = np.random.default_rng(count), 0
    ends = [np.nextafter(end, side) for end in (0.001, 0.01, 0.1, 0.5, 1, 2, 3, 6, 6.5) for side in (0, 9)]
    ties = rng.integers(1, 6 * 2**17, count // 10) / 2**17  # of 18 digits and more, often in the middle of two of 17
    numbers = [rng.uniform(0.0005, 6.5, count), np.array([*ends, *many.LOGS]), ties]
    numbers += [np.round(rng.uniform(0, 6.5, count // 10), digits) for digits in range(1, 17)]
    for some in numbers:
        below = some[(some > 0) & (some <= 6.5)]
        assert array_powers.powers(below).tolist() == [array_powers.power(number) for number in below.tolist()]
        fast += array_powers._fast(below)[1].sum()
    return fast


def test_powers_are_those_of_decimals() -> None:
    assert check_powers(2000) > 4000


@pytest.mark.conformance
def test_many_powers_are_those_of_decimals() -> None:
    assert check_powers(100_000) > 200_000


def test_cut_offs_are_met_to_the_last_bit() -> None:
    for text in ("1.5", "1.1", "2", "3", "1.4999999999999999", "1.00001", "123.456"):
        tables = Tables.of(Mechanism({}, {"il21": ()}), m.Settings(raised=Decimal(text), fdr=Decimal("0.07")))
        near = [*around(float(text)), *around(1 / float(text))]
        found = arrays.measured(tables, np.array(near)[:, None], q=np.full((len(near), 1), np.nan)).state[0]
        said = [m.direction(Decimal(repr(number)), None, raised=Decimal(text)) for number in near]
        assert [arrays.STATES[one] for one in found] == said
        near = around(0.07)
        found = arrays.measured(tables, np.full((len(near), 1), 200.0), q=np.array(near)[:, None]).state[0]
        assert [arrays.STATES[one] != "not significant" for one in found] == [
            Decimal(repr(number)) <= Decimal("0.07") for number in near
        ]


def around(number: float) -> list[float]:
    found = [number]
    for side in (0, np.inf):
        for _ in range(4):
            number = float(np.nextafter(number, side))
            found.append(number)
        number = found[0]
    return sorted(found)


# --- what is left out -------------------------------------------------------------------------------------------------


def test_the_first_rows_of_some_groups(graph: KnowledgeGraph) -> None:
    tables = Tables.of(graph.mechanism)
    given = many.cells(tables, 50, 7)
    measured, whole = many.as_arrays(tables, given)
    few = rank(tables, measured, top=2, groups=("not approved", "systemic"))
    columns = [2 * many.TOP, 2 * many.TOP + 1, 0, 1]
    for name in ("drug", "rank", "rank_last", "low", "high", "blocked", "collateral_high", "window", "verdict"):
        one, other = getattr(few, name), getattr(whole, name)[:, columns]
        assert np.array_equal(one, other, equal_nan=one.dtype == np.float64)
    assert not rank(tables, measured, groups=("topical",)).first.any()


def test_what_is_not_given_is_none(graph: KnowledgeGraph) -> None:
    tables = Tables.of(graph.mechanism)
    given = many.cells(tables, 60, 9)
    words, q = np.zeros_like(given.directions), np.full_like(given.q, np.nan)
    for one, other in (
        (arrays.measured(tables, given.values), replace(given, directions=words, q=q)),
        (arrays.measured(tables, given.values, q=given.q), replace(given, directions=words)),
        (arrays.measured(tables, given.values, directions=given.directions), replace(given, q=q)),
    ):
        whole, _ = many.as_arrays(tables, other)
        assert np.array_equal(one.state, whole.state)
        assert np.array_equal(one.weight, whole.weight)
        assert not one.weight[one.state != arrays.RAISED].any()


def test_numbers_of_half_the_size_are_read_as_they_are(graph: KnowledgeGraph) -> None:
    tables = Tables.of(graph.mechanism)
    given = many.cells(tables, 40, 10)
    half, q = given.values.astype(np.float32), given.q.astype(np.float32)
    found = arrays.measured(tables, half, q=q)
    whole = arrays.measured(tables, half.astype(np.float64), q=q.astype(np.float64))
    assert np.array_equal(found.state, whole.state)
    assert np.array_equal(found.weight, whole.weight)


@pytest.mark.parametrize("count", [255, 256, 257])
def test_more_drugs_than_a_byte_counts(count: int) -> None:
    drugs = {f"{number:03}": m.Drug(f"{number:03}", {}, group="topical") for number in range(count)}
    tables = Tables.of(Mechanism(drugs, {"il21": (m.Route("a", ("jak1",)),)}))
    found = rank(tables, arrays.measured(tables, np.array([[4.0]])), top=count, groups=["topical"])
    assert found.drug[0].tolist() == [*range(count)]
    assert set(found.rank[0].tolist()) == {1}
    assert set(found.rank_last[0].tolist()) == {count}


def test_tables_are_small_and_can_be_sent(graph: KnowledgeGraph) -> None:
    tables = Tables.of(graph.mechanism)
    sent = pickle.dumps(tables)
    assert len(sent) < 100_000
    other = pickle.loads(sent)
    given = many.cells(tables, 20, 11)
    (_, one), (_, two) = many.as_arrays(tables, given), many.as_arrays(other, given)
    assert np.array_equal(one.low, two.low, equal_nan=True)
    assert np.array_equal(one.drug, two.drug)


def test_blocks_change_nothing(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = Tables.of(graph.mechanism)
    given = many.cells(tables, 30, 8)
    _, whole = many.as_arrays(tables, given)
    monkeypatch.setattr(array_ranking, "BLOCK", 7)
    _, blocks = many.as_arrays(tables, replace(given, values=np.asfortranarray(given.values)))
    for name in array_ranking.Ranked.__dataclass_fields__:
        one, other = getattr(whole, name), getattr(blocks, name)
        assert np.array_equal(one, other, equal_nan=one.dtype == np.float64)


def test_a_mechanism_without_drugs_or_signals() -> None:
    drugs = {"x": m.Drug("x", {})}
    route = {"il21": (m.Route("a", ("jak1",)),)}
    for mechanism in (Mechanism({}, {}), Mechanism(drugs, {}), Mechanism({}, route)):
        tables = Tables.of(mechanism)
        values = np.full((3, len(tables.cytokines)), 4.0)
        found = rank(tables, arrays.measured(tables, values), top=2, groups=m.GROUPS)
        assert found.drug.shape == (3, 6)
        assert (found.drug == -1).all()
        assert found.status.tolist() == [0 if tables.cytokines else 1] * 3
    assert rank(tables, arrays.measured(tables, values[:0])).drug.shape == (0, 3)
