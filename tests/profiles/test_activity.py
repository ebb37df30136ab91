"""Activity from target genes: against a second implementation, by its properties, and on planted signals.

The second implementation fits one footprint at a time, to what the others leave of it (Frisch, Waugh and Lovell), and
sums the variance pair by pair of genes.
"""

from collections.abc import Mapping
from itertools import combinations
from math import isclose, sqrt
from statistics import NormalDist, fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.facts import dataset
from kg.model.errors import Problems
from kg.profiles import statistics, target_genes
from kg.profiles.activity import FEWEST_GENES, Activity, Footprints, activities, activity, unusable
from kg.rdf.store import folder

GENES = [f"G{number}" for number in range(FEWEST_GENES)]


def footprints(seed: int = 1, *, signed: bool = True) -> Footprints:
    """Three footprints of 25 genes, the second and third with 5 genes in common."""
    rng = np.random.default_rng(seed)
    found = []
    for start in (0, 25, 45):
        sizes = np.exp(rng.normal(size=25))
        signs = rng.choice([1, -1], 25) if signed else np.ones(25)
        found.append({GENES[start + number]: float(sizes[number] * signs[number]) for number in range(25)})
    return Footprints("made up", ("JAK-STAT", "NFkB", "TNFa"), tuple(found), {})


def table(seed: int = 2, **shifts: float) -> dict[str, float]:
    """A null table, and a shift of the targets of footprints in proportion to their weights."""
    rng = np.random.default_rng(seed)
    found = dict(zip(GENES, rng.standard_t(6, len(GENES)).tolist(), strict=True))
    known = footprints()
    for name, shift in shifts.items():
        for gene, weight in known.weights[known.names.index(name.replace("_", "-"))].items():
            found[gene] += shift * weight
    return found


# --- the second implementation ----------------------------------------------------------------------------------------


def left_by(column: np.ndarray, others: list[np.ndarray]) -> np.ndarray:
    """What a regression on other columns leaves of one."""
    design = np.column_stack(others)
    return column - design @ np.linalg.lstsq(design, column, rcond=None)[0]  # type: ignore[no-any-return]


def again(found: Mapping[str, float], known: Footprints, name: str, rho: float) -> tuple[float, float]:
    """The score and the p value of a footprint."""
    genes = list(found)
    values = np.array([found[gene] for gene in genes])
    columns = [np.array([weights.get(gene, 0.0) for gene in genes]) for weights in known.weights]
    others = [np.ones(len(genes)), *(column for column, one in zip(columns, known.names, strict=True) if one != name)]
    own = columns[known.names.index(name)]
    alone = left_by(own, others)
    coefficient = float(alone @ values / (alone @ alone))
    rest = left_by(values, [*others, own])
    variance = float(rest @ rest) / (len(genes) - len(known.names) - 1)
    score = coefficient / sqrt(variance / float(alone @ alone))
    contrast = dict(zip(genes, (alone / (alone @ alone)).tolist(), strict=True))
    weights = known.weights[known.names.index(name)]
    size = fmean(abs(weights[one] * weights[other]) for one, other in combinations(weights, 2))
    total = sum(part**2 for part in contrast.values())
    for one, other in combinations(weights, 2):
        loadings = [min(sqrt(rho / size) * abs(weights[gene]), 1) * np.sign(weights[gene]) for gene in (one, other)]
        total += 2 * contrast[one] * contrast[other] * loadings[0] * loadings[1]
    return score, NormalDist().cdf(-coefficient / sqrt(variance * total))


@pytest.mark.parametrize("rho", [0.0, 0.01, 0.05, 0.2])
@pytest.mark.parametrize("shift", [0.0, 0.4, -0.4])
def test_score_and_p_are_those_of_a_second_implementation(rho: float, shift: float) -> None:
    known, found = footprints(), table(JAK_STAT=shift, TNFa=0.2)
    for name, one in activities(found, known, correlation=rho).items():
        score, p = again(found, known, name, rho)
        assert one.score is not None
        assert isclose(one.score, score, rel_tol=1e-9, abs_tol=1e-9)
        assert one.p is not None
        assert isclose(one.p, p, rel_tol=1e-9)


def test_one_footprint_of_equal_weights_is_camera() -> None:
    """The formula of cameraPR in limma, with the normal for its t of 1,998 degrees of freedom."""
    found, size, rho = table(), 25, 0.05
    known = Footprints("set", ("JAK-STAT",), (dict.fromkeys(GENES[:size], 1.0),), {})
    values = np.array(list(found.values()))
    many, mean, variance = len(values), values.mean(), values.var(ddof=1)
    inflation = 1 + (size - 1) * rho
    delta = many / (many - size) * (values[:size].mean() - mean)
    pooled = ((many - 1) * variance - delta**2 * size * (many - size) / many) / (many - 2)
    t = delta / sqrt(pooled * (inflation / size + 1 / (many - size)))
    p = activity(found, known, correlation=rho).p
    assert p is not None
    assert isclose(p, NormalDist().cdf(-t), rel_tol=1e-9)


# --- properties -------------------------------------------------------------------------------------------------------

same = settings(max_examples=15, deadline=None, derandomize=True, database=None)


def said(one: Activity) -> tuple[object, ...]:
    return one.call, one.rank, [rival.name for rival in one.rivals], [carrier.gene for carrier in one.carriers]


@same
@given(seed=st.integers(0, 1000), factor=st.floats(1e-3, 1e3), shift=st.sampled_from([0.0, 0.1, 0.5]))
def test_order_of_genes_and_scale_change_nothing(seed: int, factor: float, shift: float) -> None:
    known, found = footprints(), table(seed, JAK_STAT=shift)
    genes = np.random.default_rng(seed).permutation(GENES).tolist()
    assert activity({gene: found[gene] for gene in genes}, known) == activity(found, known)
    scaled = activity({gene: value * factor for gene, value in found.items()}, known)
    assert said(scaled) == said(activity(found, known))


@same
@given(seed=st.integers(0, 1000), shift=st.floats(-1, 1))
def test_a_change_of_sign_mirrors(seed: int, shift: float) -> None:
    known, found = footprints(), table(seed, JAK_STAT=shift)
    there, back = activity(found, known), activity({gene: -value for gene, value in found.items()}, known)
    assert there.p is not None
    assert back.p is not None
    assert isclose(there.p + back.p, 1)
    assert [rival.name for rival in there.rivals] == [rival.name for rival in reversed(back.rivals)]
    assert [one.gene for one in there.carriers] == [one.gene for one in back.carriers]
    assert {there.call, back.call} != {"active"}


@same
@given(seed=st.integers(0, 1000))
def test_more_correlation_is_less_certain_and_leaves_the_order(seed: int) -> None:
    known, found = footprints(), table(seed, JAK_STAT=0.3)
    one, other = activity(found, known, correlation=0.0), activity(found, known, correlation=0.1)
    assert one.p is not None
    assert other.p is not None
    assert one.p < other.p
    assert one.rivals == other.rivals


# --- planted signals --------------------------------------------------------------------------------------------------


def test_a_planted_signal_is_found_and_its_genes_named() -> None:
    known, found = footprints(), table(JAK_STAT=1.0)
    one = activity(found, known)
    assert (one.call, one.rank, one.rivals[0].name) == ("active", 1, "JAK-STAT")
    assert one.p is not None
    assert one.p < 0.01
    assert len(one.carriers) == 10
    assert {carrier.gene for carrier in one.carriers} <= known.weights[0].keys()
    assert all(carrier.statistic * carrier.weight > 0 for carrier in one.carriers)


def test_a_signal_that_is_switched_off_is_not_active() -> None:
    one = activity(table(JAK_STAT=-1.0), footprints())
    assert (one.call, one.rank) == ("not active", 3)
    assert one.p is not None
    assert one.p > 0.95


def test_two_louder_rivals_keep_it_from_being_active() -> None:
    one = activity(table(JAK_STAT=0.6, NFkB=3.0, TNFa=3.0), footprints())
    assert (one.call, one.rank) == ("not active", 3)


def test_the_signal_of_a_rival_with_the_same_genes_is_its_own() -> None:
    found = activities(table(NFkB=1.0), footprints())
    assert (found["NFkB"].call, found["TNFa"].call) == ("active", "not active")


def test_equal_scores_share_a_rank() -> None:
    weights = dict.fromkeys(GENES[:30], 1.0), dict.fromkeys(GENES[30:60], 1.0)
    found = {gene: (-1) ** number * (1 + number % 7) / 4 for number, gene in enumerate(GENES)}
    found |= dict.fromkeys(GENES[:60], 3.0)
    rivals = activity(found, Footprints("x", ("JAK-STAT", "b"), weights, {})).rivals
    assert rivals[0].score == pytest.approx(rivals[1].score)


@pytest.mark.parametrize("alike", [False, True])
def test_null_tables_whose_genes_correlate_are_seldom_active(alike: bool) -> None:
    """scripts/activity_benchmark.py does this with 2,000 tables of samples and the weights that are shipped."""
    rng, known, rho = np.random.default_rng(7), footprints(), 0.05
    loading = np.zeros((len(GENES), 3))
    for column, weights in enumerate(known.weights):
        signed = np.array([np.sign(w) if alike else w for w in weights.values()])
        scale = sqrt(rho / fmean(abs(one * other) for one, other in combinations(signed.tolist(), 2)))
        loading[[GENES.index(gene) for gene in weights], column] = np.clip(signed * scale, -0.7, 0.7)
    own = np.sqrt(1 - (loading**2).sum(axis=1))
    found = [
        activity(
            dict(zip(GENES, (loading @ rng.normal(size=3) + own * rng.normal(size=len(GENES))).tolist(), strict=True)),
            known,
        )
        for _ in range(300)
    ]
    assert sum(one.p is not None and one.p <= 0.05 for one in found) <= 0.07 * len(found)
    assert sum(one.score is not None and one.score > 1.645 for one in found) > 0.08 * len(found)


# --- what cannot be tested --------------------------------------------------------------------------------------------


def test_fold_changes_are_ranked_and_not_tested() -> None:
    one = activity(table(JAK_STAT=1.0), footprints(), untested=statistics.UNTESTED)
    assert (one.call, one.p, one.rank, one.why) == ("not testable", None, 1, statistics.UNTESTED)
    assert one.carriers


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ({"STAT1": 2.0}, "a table of 1 gene is a panel: the test needs 2,000 genes, to compare the targets with"),
        (dict.fromkeys(GENES, 1.0), "all genes have the same statistic"),
        ({gene: abs(value) for gene, value in table().items()}, "the table has genes of one direction only"),
        (
            {gene: value + (2 if value > 0 else -2) for gene, value in table().items()},
            "the table seems to hold significant genes only: the test needs all genes, not filtered",
        ),
        (
            {f"x{gene}": value for gene, value in table().items()},
            "0 of its 25 human target genes are in the table, of 20 needed",
        ),
    ],
)
def test_a_table_that_cannot_be_asked_says_why(found: dict[str, float], why: str) -> None:
    one = activity(found, footprints())
    assert (one.call, one.p, one.rank, one.why) == ("not testable", None, None, why)


def test_a_loud_table_is_not_taken_for_a_filtered_one() -> None:
    rng = np.random.default_rng(4)
    for scale in (rng.uniform(0.5, 12, len(GENES)), rng.choice([0.7, 9.0], len(GENES))):
        assert not unusable(dict(zip(GENES, (rng.normal(size=len(GENES)) * scale).tolist(), strict=True)))


def test_many_genes_that_are_not_changed_are_a_whole_table() -> None:
    """DESeq2 with a threshold on the fold change has a statistic of 0 for most genes."""
    assert not unusable({gene: value if abs(value) > 2 else 0.0 for gene, value in table().items()})


def test_a_footprint_with_few_targets_is_no_rival() -> None:
    found = {gene: value for gene, value in table().items() if gene not in GENES[45:60]}
    found |= {f"more{number}": 0.1 for number in range(20)}
    everything = activities(found, footprints())
    assert [rival.name for rival in everything["JAK-STAT"].rivals] != []
    assert "TNFa" not in {rival.name for rival in everything["JAK-STAT"].rivals}
    assert everything["TNFa"].why == "10 of its 25 human target genes are in the table, of 20 needed"


def test_the_same_footprint_twice_is_refused() -> None:
    known = footprints()
    twice = Footprints("mine.csv", ("a", "b"), (known.weights[0], {g: 2 * w for g, w in known.weights[0].items()}), {})
    with pytest.raises(Problems, match=r"mine\.csv: b is the same as another footprint"):
        activities(table(), twice)


@pytest.mark.parametrize("rho", [-0.1, 1.0, float("nan")])
def test_what_is_no_correlation_is_refused(rho: float) -> None:
    with pytest.raises(Problems, match="is no correlation between genes"):
        activity(table(), footprints(), correlation=rho)


# --- the statistic of a table -----------------------------------------------------------------------------------------


def test_the_first_column_that_has_an_error_is_taken() -> None:
    genes, log2, error, p = ["A", "B"], [1.0, -1.0], [0.5, 0.25], [0.05, 0.5]
    found = statistics.of_columns(genes, statistic=[3.0, -2.0], log2=log2, error=error, p=p)
    assert found is not None
    assert (found.values, found.source, found.untested) == ({"A": 3.0, "B": -2.0}, "statistic", "")
    found = statistics.of_columns(genes, log2=log2, error=error)
    assert found is not None
    assert (found.values, found.source) == ({"A": 2.0, "B": -4.0}, "log2 / standard error")
    found = statistics.of_columns(genes, log2=log2, error=error, p=p)
    assert found is not None
    assert found.source == "p value"
    assert found.values == pytest.approx({"A": 1.959964, "B": -0.67449}, abs=1e-5)
    found = statistics.of_columns(genes, log2=log2)
    assert found is not None
    assert (found.source, found.untested) == ("log2", statistics.UNTESTED)
    assert statistics.of_columns(genes, p=p) is None


def test_a_statistic_without_a_sign_is_passed_over() -> None:
    found = statistics.of_columns(["A", "B"], statistic=[9.0, 4.0], log2=[1.0, -1.0], p=[0.003, 0.05])
    assert found is not None
    assert found.values["B"] < 0
    assert found.source == "p value"
    assert "no direction" in found.notes[0]


def test_p_of_zero_is_taken_as_the_smallest() -> None:
    found = statistics.of_columns(["A", "B"], log2=[1.0, -2.0], p=[0.0, 1e-320])
    assert found is not None
    assert found.values["A"] == -found.values["B"] == pytest.approx(37.07, abs=0.01)
    assert found.notes == ("1 p value is 0, taken as 1e-300, the smallest one above 0.",)


def test_p_values_of_two_decimals_are_no_certainties() -> None:
    found = statistics.of_columns(["A", "B", "C"], log2=[1.0, -2.0, 0.1], p=[0.0, 0.01, 0.62])
    assert found is not None
    assert found.values["A"] == -found.values["B"] == pytest.approx(2.576, abs=0.001)


def test_names_of_a_gene_meet_and_missing_values_are_counted() -> None:
    known = target_genes.shipped()
    genes = ["DDX58", "RIGI", "ENSG00000107201.12", "C19ORF66", "23586", "NOVEL"]
    found = statistics.of_columns(genes, statistic=[1.0, 2.0, 3.0, -1.0, None, float("nan")], named=known.gene)
    assert found is not None
    assert found.values == {"RIGI": 2.0, "SHFL": -1.0}
    assert found.notes == (
        "2 rows have no value.",
        "1 gene stands in several rows: the mean of its statistics is taken.",
    )


# --- the weights ------------------------------------------------------------------------------------------------------


def test_the_weights_are_those_of_the_facts() -> None:
    facts = dataset.read(folder("ontology") / "facts")
    known = target_genes.shipped()
    names = {pathway.id: pathway.label.removesuffix(" pathway") for pathway in facts.pathways}
    assert known.names == tuple(names.values())
    for row in facts.target_genes:
        gene = row.symbol or row.gene
        assert known.weights[known.names.index(names[row.pathway])][gene] == float(row.weight)
        assert {known.gene(name) for name in row.names} == {gene}
    assert sum(map(len, known.weights)) == len(facts.target_genes)


def test_no_name_of_a_target_gene_is_that_of_another() -> None:
    known = target_genes.shipped()
    genes = {gene for weights in known.weights for gene in weights}
    assert all(known.gene(gene) == gene for gene in genes)


def test_a_statistic_that_contradicts_the_fold_changes_is_not_used() -> None:
    genes, log2 = ["A", "B", "C"], [1.0, -2.0, 3.0]
    found = statistics.of_columns(genes, statistic=[-5.0, 4.0, 1.0], log2=log2, p=[0.01, 0.02, 0.5])
    assert found is not None
    assert (found.source, found.values["A"] > 0) == ("p value", True)
    assert any("opposite signs" in note for note in found.notes)
    same = statistics.of_columns(genes, statistic=[5.0, -4.0, -1.0], log2=log2, p=[0.01, 0.02, 0.5])
    assert same is not None
    assert same.source == "statistic"
