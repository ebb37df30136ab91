"""The letter of Khurana et al. 2025: every row of its two tables, and its measurements, come back by query.

The expected cells are typed from the letter, not from the facts.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.facts import dataset as kg_facts
from kg.model.errors import Problems
from kg.rdf.store import folder
from kg.sparql import library
from kg.sparql.rows import Row
from kg.validation import check


@dataclass(frozen=True)
class TableRow:
    """One row of Table 1 or 2: what each column must give. None stands for "not given in that column"."""

    case: str
    n: int
    age: str
    sex: str
    subtypes: set[str]
    duration: str | None
    comorbidities: set[str]
    prior: dict[str, str | None]
    drug: tuple[str, str, str, str | None]
    outcomes: set[tuple[str, str | None, str, int | None, str | None, int]]
    relapse: tuple[bool, str | None, str | None] | None
    events: set[str]
    unsaid: set[tuple[str, str]]


GA = "granuloma annulare"
ROWS = [
    TableRow(
        "khurana-2025-1", 1, "48 years", "female", {"generalised", "plaque"}, "6 years",
        {"type 2 diabetes mellitus", "dyslipidaemia", "rheumatoid nodules"},
        {"hydroxychloroquine": "no improvement", "topical corticosteroids": "no improvement"},
        ("baricitinib", "4 mg", "once daily", "14 weeks"),
        {
            (GA, None, "ImprovementUngraded", None, "6 weeks", 1),
            (GA, "hands", "Complete", 100, "14 weeks", 1),
            (GA, "feet", "NearlyComplete", 90, "14 weeks", 1),
            ("rheumatoid nodules", None, "ImprovementUngraded", None, "4 weeks", 1),
            ("rheumatoid nodules", None, "Complete", None, "6 weeks", 1),
        },
        (True, "one month of remission", None),
        {"fever", "sore throat", "gastrointestinal disturbance", "insomnia"}, set(),
    ),
    TableRow(
        "khurana-2025-2", 1, "60 years", "female", {"generalised", "plaque"}, "1 year", {"type 2 diabetes mellitus"},
        {"topical corticosteroids": "no improvement", "dapsone": "no improvement"},
        ("baricitinib", "4 mg", "once daily", "12 weeks"),
        {(GA, None, "ImprovementUngraded", None, "8 weeks", 1), (GA, None, "Partial", 50, "12 weeks", 1)},
        None, set(),
        {("notReported", "ItemRelapse"), ("reportedNone", "ItemAdverseEvents"), ("notReported", "ItemMeasurements")},
    ),
    TableRow(
        "khurana-2025-3", 1, "59 years", "female", {"generalised", "papular"}, "1 year", set(),
        {"oral corticosteroids": "some improvement, quick relapse on stopping, on two occasions"},
        ("baricitinib", "4 mg", "once daily", None),
        {(GA, None, "ImprovementUngraded", None, "4 weeks", 1), (GA, None, "Complete", None, "6 weeks", 1)},
        (False, None, "5 months"), set(),
        {("reportedNone", "ItemComorbidities"), ("reportedNone", "ItemAdverseEvents")},
    ),
    TableRow(
        "yan-2022-1", 1, "67 years", "male", {"generalised", "plaque"}, "6 months", set(),
        {"hydroxychloroquine": None, "topical corticosteroids": None, "narrowband ultraviolet B": None},
        ("baricitinib", "4 mg", "once daily", "5 months"),
        {(GA, None, "ImprovementUngraded", None, "2 months", 1), (GA, None, "NearlyComplete", None, "5 months", 1)},
        (False, None, "4 months after stopping"), set(),
        {("reportedNone", "ItemComorbidities"), ("reportedNone", "ItemAdverseEvents")},
    ),
    TableRow(
        "jadoul-2023-1", 1, "66 years", "female", {"generalised", "plaque"}, None,
        {"obesity", "hypertension", "multinodular goitre", "haemochromatosis"},
        dict.fromkeys(
            ("topical corticosteroids", "ultraviolet B", "cryotherapy", "methotrexate", "cyclosporin A", "adalimumab")
        ),
        ("baricitinib", "4 mg", "once daily", None),
        {(GA, None, "ImprovementUngraded", None, "6 weeks", 1)},
        (False, None, "8 months post-treatment"), {"herpes zoster"},
        {("notReported", "ItemDuration"), ("notReported", "ItemTherapyDuration")},
    ),
    TableRow(
        "kim-2023-1", 1, "67 years", "female", {"generalised", "papular", "plaque"}, "6 years",
        {"type 2 diabetes mellitus", "hypertension"},
        dict.fromkeys(("methotrexate", "cyclosporin A", "narrowband ultraviolet B", "tacrolimus, topical")),
        ("baricitinib", "4 mg", "once daily", None),
        {(GA, None, "Marked", None, "6 weeks", 1)},
        (True, "3 days after stopping", None), set(), {("reportedNone", "ItemAdverseEvents")},
    ),
    TableRow(
        "kim-2023-2", 1, "40 years", "male", {"generalised", "papular"}, "10 years", set(),
        dict.fromkeys(("immunosuppressants, not named", "tacrolimus, topical")),
        ("baricitinib", "4 mg", "once daily", None),
        {(GA, None, "NearlyComplete", None, "1 month", 1)},
        None, set(),
        {("notApplicable", "ItemRelapse"), ("reportedNone", "ItemComorbidities")},
    ),
    TableRow(
        "wang-2021-group", 5, "53-68 years", "not reported", {"plaque", "papular"}, "6-15 years", set(),
        dict.fromkeys(
            (
                "topical corticosteroids", "oral corticosteroids", "hydroxychloroquine", "cyclosporin A",
                "pentoxifylline", "oral antibiotics, not named", "phototherapy, kind not stated",
            )
        ),
        ("tofacitinib", "5 mg", "twice daily", "6 months"),
        {(GA, None, "Complete", None, "6 months", 3), (GA, None, "Marked", None, "6 months", 2)},
        None, {"urinary tract infection"},
        {("notReported", "ItemRelapse"), ("notReported", "ItemComorbidities"), ("notReported", "ItemExtent")},
    ),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.case)
def test_row_of_table(store: Store, row: TableRow) -> None:
    def ask(name: str) -> list[Row]:
        return library.ask(store, name, case=row.case)

    (who,) = [found for found in library.ask(store, "cases") if found["case"] == row.case]
    assert (who["n"], who["age"], who["sex"]) == (row.n, row.age, row.sex)
    disease = ask("disease_of_case")
    assert {found["subtypeLabel"].removesuffix(" granuloma annulare") for found in disease} == row.subtypes
    assert {found["duration"] for found in disease} == {row.duration}
    assert {found["label"] for found in ask("comorbidities_of_case")} == row.comorbidities
    assert {found["label"]: found["effect"] for found in ask("prior_treatments_of_case")} == row.prior
    (therapy,) = ask("therapies_of_case")
    assert (therapy["inhibitor"], therapy["dose"], therapy["frequency"], therapy["duration"]) == row.drug
    keys = ("conditionLabel", "site", "grade", "percent", "time", "count")
    assert {tuple(found[key] for key in keys) for found in ask("outcomes_of_case")} == row.outcomes
    relapses = [(found["relapsed"], found["after"], found["followUp"]) for found in ask("relapses_of_case")]
    assert relapses == ([row.relapse] if row.relapse else [])
    assert {found["label"] for found in ask("adverse_events_of_case")} == row.events
    unsaid = {(found["how"], found["item"]) for found in ask("items_not_given_of_case")}
    assert row.unsaid <= unsaid


def test_the_tables_have_seven_patients_and_one_group_of_five(store: Store) -> None:
    letter = {"khurana-2025", "yan-2022", "jadoul-2023", "kim-2023", "wang-2021"}
    cases = [row for row in library.ask(store, "cases") if row["report"].removeprefix("ref-") in letter]
    assert {row["case"] for row in cases} == {row.case for row in ROWS}
    assert sorted(row["n"] for row in cases) == [1] * 7 + [5]


def test_measurements_of_patient_1(store: Store) -> None:
    rows = library.ask(store, "measurements_of_case", case="khurana-2025-1")
    found = {row["label"]: (row["reported"], row["reportedDirection"], row["comparatorLabel"]) for row in rows}
    own = "own uninvolved skin"
    assert found == {
        "IL-21": ("2.33", "Raised", own),
        "IFN-gamma": ("0.08", "Lowered", own),
        "IL-15": ("0.96", "Lowered", own),
    }
    assert {row["analyte"] for row in rows} == {"mRNA"}
    assert {row["samples"] for row in rows} == {"1"}


@pytest.mark.parametrize("case", [row.case for row in ROWS if row.case not in ("khurana-2025-1", "wang-2021-group")])
def test_no_other_patient_was_measured(store: Store, case: str) -> None:
    assert library.ask(store, "measurements_of_case", case=case) == []


@pytest.mark.conformance
def test_quotes_stand_in_the_letter(shared: Path) -> None:
    checked = check.everything(folder("ontology") / "facts", folder("ontology"), sources=shared / "sources")
    count = re.search(r"(\d+) quotes found in their texts", checked.said)
    assert count
    assert int(count[1]) > 100


@pytest.mark.conformance
def test_a_paraphrase_is_found_out(shared: Path, tmp_path: Path) -> None:
    copy = tmp_path / "facts"
    shutil.copytree(folder("ontology") / "facts", copy)
    file = copy / "cases" / "khurana-2025.toml"
    text = file.read_text(encoding="utf-8")
    line = text[: text.index("GA plaques showed improvement starting at 6 weeks")].count("\n") + 1
    file.write_text(
        text.replace("GA plaques showed improvement starting", "GA plaques improved, starting"), encoding="utf-8"
    )
    with pytest.raises(Problems) as raised:
        check.everything(copy, folder("ontology"), sources=shared / "sources")
    (problem,) = raised.value.problems
    assert (problem.place.file, problem.place.line) == (file, line - 5)
    assert "is not in the text of khurana-2025" in problem.what


def test_every_case_item_has_a_quote_of_the_letter() -> None:
    of_letter = [r for r in kg_facts.read(folder("ontology") / "facts").cases if r.obtained_from == "khurana-2025"]
    assert len(of_letter) == 5
    for report in of_letter:
        for record in kg_facts.walk(report):
            if "quote" in type(record).model_fields:
                assert getattr(record, "quote"), record  # noqa: B009
