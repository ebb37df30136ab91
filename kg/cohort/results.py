"""The drugs of each patient as a table, with words for codes, and the codebook that explains them."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kg.calculus.array_ranking import Ranked
    from kg.calculus.array_tables import Tables
    from kg.sparql.graph import OpenGraph

REASONS: Final[Mapping[str, str]] = {
    "blocked": "the drug blocks the leading cytokine: it inhibits every kinase that its receptors need",
    "partly": "the drug inhibits some of the kinases that the receptors of the leading cytokine need or use",
    "not blocked": "the drug inhibits no kinase that the receptors of the leading cytokine need",
    "unknown": "what the drug does to the leading cytokine is not known: too little was measured, or sources disagree",
    "nothing measured": "nothing is measured that can count, and nothing is ranked",
    "nothing raised": "nothing that can count is raised, and nothing is ranked",
}
"""Code of a reason -> what it says; the first four in the order of :data:`kg.calculus.array_tables.VERDICTS`."""
WINDOWS: Final[Mapping[str, str]] = {
    "()": "neither end is included", "[)": "the lower end is included", "(]": "the upper end is included",
    "[]": "both ends are included",
}  # fmt: skip
"""Code of a window of thresholds -> which of its ends it has."""
COLUMNS: Final[Mapping[str, str]] = {
    "patient": "who",
    "group": "group in which the drug is ranked",
    "drug": "drug; empty where nothing is ranked, as the reason says",
    "rank": "rank in its group, from 1",
    "rank_last": "last of the ranks that the drug shares with its equals",
    "score_low": "share of the raised signals, by weight, that the drug surely blocks, 0 to 1",
    "score_high": "the same where all that is unknown turned out in its favour",
    "blocked": "how many of the raised signals it blocks",
    "raised": "how many signals are raised and count",
    "collateral_low": "the same score over the JAK-dependent signals that are not raised; empty where none is left",
    "collateral_high": "the same where all that is unknown turned out so",
    "collateral_blocked": "how many of these it blocks",
    "collateral_of": "how many of these there are",
    "window_from": "lowest threshold in nM at which nothing of the row changes; empty where there is no edge",
    "window_to": "highest such threshold; empty where there is no edge",
    "window": "which ends the window has; empty where all that the row rests on is unknown",
    "leading": "the raised cytokine that weighs most, the first by name of equals",
    "reason": "what the drug does to the leading cytokine, or why nothing is ranked",
}
"""Column of the answers -> what is in it."""


def table(tables: "Tables", ranked: "Ranked", patients: Any) -> Any:
    """Return the answers of some patients as a table of Arrow: a row a drug, in order, and one where there is none.

    >>> import numpy as np, pyarrow
    >>> from kg.calculus import array_ranking, arrays
    >>> from kg.calculus.mechanism import Mechanism
    >>> tables = arrays.Tables.of(Mechanism({}, {}), cytokines=["il99"])
    >>> ranked = array_ranking.rank(tables, arrays.measured(tables, np.array([[1.0]])))
    >>> table(tables, ranked, pyarrow.array(["P1"])).select(["patient", "drug", "reason"]).to_pylist()
    [{'patient': 'P1', 'drug': None, 'reason': 'nothing raised'}]
    """
    import numpy as np
    import pyarrow

    there = ranked.drug >= 0
    there[~there.any(axis=1), 0] = True  # a row that says why there is none
    whose = np.repeat(np.arange(len(patients)), there.sum(axis=1))
    drug, status = ranked.drug[there], ranked.status[whose]
    none = drug < 0
    groups = tuple(dict.fromkeys(tables.groups))
    group_of = np.array([groups.index(one) for one in tables.groups] or [0])

    def coded(codes: Any, words: Any, missing: Any) -> Any:
        codes = pyarrow.array(np.where(missing, 0, codes).astype(np.int8), mask=missing)
        return pyarrow.DictionaryArray.from_arrays(codes, pyarrow.array(list(words), pyarrow.string()))

    def of_drug(name: str) -> Any:
        return pyarrow.array(getattr(ranked, name)[there], mask=none)

    def of_patient(name: str) -> Any:
        return pyarrow.array(getattr(ranked, name)[whose], mask=none)

    def number(name: str) -> Any:
        found = getattr(ranked, name)[there]
        return pyarrow.array(found, mask=np.isnan(found) | none)

    window = ranked.window[there]
    columns = {
        "patient": patients.take(pyarrow.array(whose)),
        "group": coded(group_of[drug], groups, none),
        "drug": coded(drug, tables.drugs, none),
        "rank": of_drug("rank"),
        "rank_last": of_drug("rank_last"),
        "score_low": number("low"),
        "score_high": number("high"),
        "blocked": of_drug("blocked"),
        "raised": of_patient("raised"),
        "collateral_low": number("collateral_low"),
        "collateral_high": number("collateral_high"),
        "collateral_blocked": of_drug("collateral_blocked"),
        "collateral_of": of_patient("of"),
        "window_from": number("window_from"),
        "window_to": number("window_to"),
        "window": coded(window - 1, WINDOWS, none | (window < 1)),
        "leading": coded(ranked.leading[whose], tables.cytokines, none | (ranked.leading[whose] < 0)),
        "reason": coded(np.where(none, status + 3, ranked.verdict[there]), REASONS, np.zeros(len(drug), bool)),
    }
    return pyarrow.table(columns)


def codebook(graph: "OpenGraph", tables: "Tables") -> dict[str, dict[str, str]]:
    """Return what every column and every code of the answers means.

    >>> import kg
    >>> from kg.calculus.arrays import Tables
    >>> graph = kg.open()
    >>> codebook(graph, Tables.of(graph.mechanism))["leading"]["il21"]
    'IL-21'
    """
    drugs = graph.mechanism.drugs
    return {
        "columns": dict(COLUMNS),
        "group": {
            "systemic": "a systemic product is approved for people somewhere",
            "topical": "only topical products are approved",
            "not approved": "nowhere approved for people",
        },
        "drug": {name: f"{drugs[name].label or name} ({drugs[name].status or 'not known'})" for name in tables.drugs},
        "leading": {name: graph.labels.get(name, name) for name in tables.cytokines},
        "reason": dict(REASONS),
        "window": dict(WINDOWS),
    }


def written(answers: Any, about: Mapping[str, object]) -> bytes:
    """Return a table as the bytes of a Parquet file; ``about`` is in its metadata, under ``jak-kg``.

    >>> import pyarrow
    >>> written(pyarrow.table({"patient": ["P1"]}), {})[:4]
    b'PAR1'
    """
    import pyarrow
    from pyarrow import parquet

    said = json.dumps(about, ensure_ascii=False, sort_keys=True)
    out = pyarrow.BufferOutputStream()
    coded = [field.name for field in answers.schema if pyarrow.types.is_dictionary(field.type)]
    parquet.write_table(
        answers.replace_schema_metadata({"jak-kg": said}), out, compression="snappy", use_dictionary=coded,
        write_statistics=["patient"] if "patient" in answers.schema.names else False,
    )  # fmt: skip
    return out.getvalue().to_pybytes()  # type: ignore[no-any-return]
