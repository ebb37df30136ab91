"""The typed records of a case file: a report, its cases, and what was measured, given and seen; every record frozen.

>>> Relapse(relapsed=False, follow_up="6 months", quote="no recurrence").after
'not reported'
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from kg.facts.cells import (
    Count,
    Counted,
    Day,
    Extent,
    Grade,
    Id,
    Morphology,
    Number,
    Probability,
    Quote,
    Record,
    Ref,
    Reported,
    Some,
    Text,
)
from kg.facts.quantities import Dose, Duration, Lifetime
from kg.facts.tables import Statement
from kg.facts.terms import Method

PERCENTAGES: Final[Mapping[str, tuple[int, int]]] = {
    "complete": (100, 100), "nearly-complete": (90, 99), "marked": (75, 89), "partial": (1, 74), "no-response": (0, 0),
}  # fmt: skip
"""Grade -> the percentages that it covers, where one is printed; the words are in the definitions of jak:Grade."""


class PriorTreatment(Record):
    """What was tried before the JAK inhibitor, and what it did."""

    treatment: Annotated[Id, Ref("treatments")]
    dose: Text = "not reported"
    duration: Text = "not reported"
    effect: Text = "not reported"
    quote: Quote


class Measurement(Record):
    """One cytokine measured in tissue of a case: a ratio to the comparator, or only a direction."""

    cytokine: Annotated[Id, Ref("ligands")]
    ratio: Number | None = None
    direction: Literal["raised", "lowered", "unchanged"] | None = None
    authors_call: Literal["raised", "lowered", "unchanged"] | None = None
    comparator: Annotated[Id, Ref("comparators")]
    tissue: Text
    analyte: Literal["mRNA", "protein"]
    method: Method
    timing: Text
    samples: Counted
    adjusted_p: Probability | None = None
    quote: Quote
    locator: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _has_value(self) -> Self:
        if (self.ratio is None) == (self.direction is None):
            raise ValueError("a measurement has a ratio, or only a direction: give exactly one of the two")
        if self.direction and self.authors_call not in (None, self.direction):
            raise ValueError("direction is what the authors say where there is no ratio: leave authors_call out")
        return self


class Outcome(Record):
    """What happened to one condition at one site by one time, as printed and graded."""

    condition: Annotated[Id, Ref("conditions")]
    site: Annotated[Id | None, Ref("sites")] = None
    event: Literal["first-response", "response-at-assessment"]
    grade: Grade
    percent: Annotated[int, Field(ge=0, le=100, strict=True)] | None = None
    time: Reported[Duration]
    n: Count = 1
    quote: Quote
    locator: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _percent_fits_grade(self) -> Self:
        low, high = PERCENTAGES.get(self.grade, (0, 100))
        if self.percent is not None and not low <= self.percent <= high:
            raise ValueError(
                f"{self.grade} means {low} to {high} %, not {self.percent}: fix the grade or the percentage"
            )
        return self


class RelapseSite(Record):
    """Where a relapse was seen."""

    condition: Annotated[Id, Ref("conditions")]
    site: Annotated[Id | None, Ref("sites")] = None


class Relapse(Record):
    """Whether the disease came back, where and after how long, or for how long it did not."""

    relapsed: Annotated[bool, Field(strict=True)]
    after: Text = "not reported"
    follow_up: Text = "not reported"
    at: tuple[RelapseSite, ...] = ()
    quote: Quote


class AdverseEvent(Record):
    """An adverse event during a therapy; ``n`` is how many had it, in a group."""

    condition: Annotated[Id, Ref("conditions")]
    time: Text = "not reported"
    n: Counted = 1
    quote: Quote


class Therapy(Record):
    """A JAK inhibitor given to a case, and what came of it."""

    inhibitor: Annotated[Id, Ref("inhibitors")]
    dose: Reported[Dose]
    frequency: Literal["once daily", "twice daily", "not reported"]
    route: Literal["oral", "topical", "not reported"]
    duration: Reported[Duration]
    stopped: Literal["yes", "no", "not reported"]
    stop_reason: Text = "not reported"
    quote: Quote
    outcome: Reported[Some[Outcome]]
    relapse: Reported[Relapse]
    adverse_event: Reported[Some[AdverseEvent]]


class Case(Record):
    """A patient, or a group that was reported only as a group (then ``n`` is its size)."""

    id: Id
    printed_as: Text
    kind: Literal["individual", "group"]
    n: Counted = 1
    age: Reported[Lifetime]
    sex: Literal["female", "male", "mixed", "not reported"]
    disease: Annotated[Id, Ref("conditions")]
    extent: Extent
    morphology: Reported[Some[Morphology]]
    refractory: Literal["yes", "not reported"]
    disease_duration: Reported[Duration]
    comorbidity: Annotated[Reported[Some[Id]], Ref("conditions")]
    locator: Text
    quote: Quote
    note: Text | None = None
    prior_treatment: Reported[Some[PriorTreatment]]
    measurement: Reported[Some[Measurement]]
    therapy: tuple[Therapy, ...]

    @model_validator(mode="after")
    def _group_has_size(self) -> Self:
        if (self.kind == "group") != (isinstance(self.n, str) or self.n > 1):
            raise ValueError("n is the size of a group, above 1, and an individual has none")
        return self

    @model_validator(mode="after")
    def _no_more_than_the_group(self) -> Self:
        for therapy in self.therapy:
            for part in (therapy.outcome, therapy.adverse_event):
                for counted in part if isinstance(part, tuple) else ():
                    if isinstance(counted.n, int) and isinstance(self.n, int) and counted.n > self.n:
                        what = f"n = {counted.n} with {therapy.inhibitor} is more than the {self.n} of the case"
                        raise ValueError(f"{what}: fix one of them")
        return self


class Hypothesis(Record):
    """Hypotheses, not demonstrated."""

    id: Id
    text: Text
    about: Annotated[tuple[Id, ...], Field(min_length=1)]
    locator: Text
    quote: Quote
    case_for: Annotated[tuple[Id, ...], Ref("cases")] = ()
    case_against: Annotated[tuple[Id, ...], Ref("cases")] = ()
    reason: Text | None = None

    @model_validator(mode="after")
    def _verdict_has_reason(self) -> Self:
        if bool(self.case_for or self.case_against) != (self.reason is not None):
            raise ValueError("a case for or against needs a reason, and a reason needs a case: fill both or neither")
        return self


class Report(Record):
    """One published report: its cases and what its text states. ``reference`` names a row of references.tsv."""

    reference: Annotated[Id, Ref("references")]
    design: Literal[
        "case report", "case series", "letter with case series", "retrospective case series",
        "prospective case series", "open-label trial", "trial registration", "expression study",
    ]  # fmt: skip
    obtained_from: Annotated[Id, Ref("references")]
    method: Method
    curator: Text
    date: Day
    case: tuple[Case, ...] = ()
    statement: tuple[Statement, ...] = ()
    hypothesis: tuple[Hypothesis, ...] = ()
