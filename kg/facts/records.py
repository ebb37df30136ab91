"""The typed records that the facts files hold: one class a table, one class a part of a case file.

A record says nothing about files or RDF. Its fields are the columns of the table (or the keys of the TOML table), a
:class:`Ref` marks a cell that must name a row of another table, and every record is frozen.

>>> Quantity.parse("53-68 years")
Quantity(low=Decimal('53'), high=Decimal('68'), unit='year', text='53-68 years')
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from kg.model import identifiers

T = TypeVar("T")

UNSAID: Final = ("none", "not reported", "not applicable")
"""What a report can say instead of a value. They differ from each other, and each differs from zero."""

TIMES: Final = ("year", "month", "week", "day", "hour")
DOSES: Final = ("mg", "mg/kg", "mg/g", "%")
SPELLINGS: Final[Mapping[str, str]] = {
    **{unit: unit for unit in (*TIMES, *DOSES, "nM")},
    **{f"{unit}s": unit for unit in TIMES},
}
"""Unit as written, also in the plural -> unit."""
AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?)(?:\s*-\s*(\d+(?:\.\d+)?))?\s*(\S+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount or a range of amounts with its unit, and the text it was read from. A month is never four weeks."""

    low: Decimal
    high: Decimal
    unit: str
    text: str

    @classmethod
    def parse(cls, text: object) -> "Quantity":
        """Return the quantity that a text such as ``6 years`` or ``1-2 months`` states; ValueError otherwise.

        >>> Quantity.parse("14 weeks").high
        Decimal('14')
        >>> Quantity.parse("soon")
        Traceback (most recent call last):
            ...
        ValueError: 'soon' is no quantity: write a number and a unit, as in '6 weeks' or '1-2 months'
        """
        if isinstance(text, Quantity):
            return text
        match = AMOUNT.fullmatch(str(text).strip())
        if not match or match[3] not in SPELLINGS:
            raise ValueError(f"{text!r} is no quantity: write a number and a unit, as in '6 weeks' or '1-2 months'")
        low, high = Decimal(match[1]), Decimal(match[2] or match[1])
        if low > high:
            raise ValueError(f"{text!r} is a range that runs backwards: write the smaller number first")
        return cls(low, high, SPELLINGS[match[3]], str(text).strip())


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a field whose value names a row of a table."""

    table: str


def _split(cell: object) -> object:
    return tuple(part.strip() for part in cell.split(";") if part.strip()) if isinstance(cell, str) else cell


def _some(members: tuple[T, ...]) -> tuple[T, ...]:
    if not members:
        raise ValueError("the list is empty: name what is reported, or write 'none' or 'not reported'")
    return members


def _short(quote: str) -> str:
    if (words := len(quote.split())) > 25:
        raise ValueError(f"the quote has {words} words: quote at most 25")
    return quote


def _filled(text: str) -> str:
    if re.fullmatch(r"<[^<>]*>", text):
        raise ValueError(f"{text!r} is still the template's: write what the report says, or delete the line")
    return text


def _ascii_number(cell: object) -> object:
    if isinstance(cell, str | Decimal) and not re.fullmatch(r"-?\d+(\.\d+)?", str(cell), re.ASCII):
        raise ValueError(f"{str(cell)!r} is no plain number: write digits and a point, as in 15 or 0.72")
    return cell


def _year(cell: object) -> object:
    if isinstance(cell, str) and not re.fullmatch(r"[12][0-9]{3}", cell):
        raise ValueError(f"{cell!r} is no year: write four digits, as in 2025")
    return cell


def _day(cell: object) -> object:
    if isinstance(cell, str):
        try:
            return date.fromisoformat(cell if len(cell) == 10 else "")
        except ValueError:
            raise ValueError(f"{cell!r} is no date: write year, month and day, as in 2026-11-23") from None
    return cell


def _time(amount: Quantity) -> Quantity:
    if amount.unit not in TIMES:
        raise ValueError(f"{amount.text!r} is no time: write {', '.join(TIMES)} or their plurals, as in '6 weeks'")
    return amount


def _lifetime(amount: Quantity) -> Quantity:
    if amount.unit == "year" and amount.high > 120:
        raise ValueError(f"{amount.text!r} is no age: check the number")
    return amount


def _dose(amount: Quantity) -> Quantity:
    if amount.unit not in DOSES:
        raise ValueError(f"{amount.text!r} is no dose: write it in {', '.join(DOSES)}, as in '4 mg'")
    return amount


FORMS: Final[Mapping[str, str]] = {
    r"^[a-z0-9]+([-_][a-z0-9]+)*$": "write small letters and digits, joined by hyphens, as in il21-receptor",
    r"^10\.\S+/\S+$": "write the DOI from its 10. on, as in 10.25259/IJDVL_1511_2024",
    r"^[1-9][0-9]*$": "write the number alone, as in 31318208",
    r"^PMC[0-9]+$": "write PMC and the number, as in PMC9184970",
    r"^ECO:[0-9]{7}$": "write ECO: and seven digits, as in ECO:0007759",
    r"\S": "write some text",
}
"""Pattern of a cell -> what to write, in words."""

ID, DOI, PMID, PMCID, ECO, TEXT = FORMS

Id = Annotated[str, StringConstraints(pattern=ID)]
Text = Annotated[str, StringConstraints(pattern=TEXT), AfterValidator(_filled)]
Quote = Annotated[Text, AfterValidator(_short)]
Number = Annotated[Decimal, BeforeValidator(_ascii_number), Field(gt=0, allow_inf_nan=False)]
Words = Annotated[tuple[Text, ...], BeforeValidator(_split)]
Identifiers = Annotated[tuple[Annotated[Text, AfterValidator(identifiers.checked)], ...], BeforeValidator(_split)]
Duration = Annotated[Quantity, BeforeValidator(Quantity.parse), AfterValidator(_time)]
Dose = Annotated[Quantity, BeforeValidator(Quantity.parse), AfterValidator(_dose)]
Day = Annotated[date, BeforeValidator(_day)]
Count = Annotated[int, Field(ge=1, strict=True)]
Verification = Literal["verified", "unverified"]
Species = Literal["human", "mouse", "dog"]
Extent = Literal["generalised", "localised", "not reported"]
Morphology = Literal["papular", "plaque", "patch", "annular", "subcutaneous", "perforating", "palmoplantar"]
Grade = Literal["complete", "nearly-complete", "marked", "partial", "improvement-ungraded", "no-response"]


def _said(value: object) -> str:
    return "unsaid" if isinstance(value, str) and value in UNSAID else "said"


Some = Annotated[tuple[T, ...], AfterValidator(_some)]
"""One member or more: an empty list would say neither that there is none nor that it is not reported."""
Unsaid = Literal["none", "not reported", "not applicable"]
Reported = Annotated[Annotated[T, Tag("said")] | Annotated[Unsaid, Tag("unsaid")], Discriminator(_said)]
"""A value, or the word for why there is none."""
Counted = Annotated[
    Annotated[Count, Tag("said")] | Annotated[Literal["not reported"], Tag("unsaid")], Discriminator(_said)
]


class Record(BaseModel):
    """The base of all records: frozen, and a column or key that is not declared is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- tables -----------------------------------------------------------------------------------------------------------


class Reference(Record):
    """A publication, database release, label or page: who says a thing, or where it was read."""

    id: Id
    kind: Literal[
        "article", "letter", "review", "database", "label", "preprint", "web page", "project", "conference report",
        "trial registration",
    ]  # fmt: skip
    citation: Text
    title: Text | None = None
    year: Annotated[int, BeforeValidator(_year), Field(ge=1900, le=2100)] | None = None
    doi: Annotated[str, StringConstraints(pattern=DOI)] | None = None
    pmid: Annotated[str, StringConstraints(pattern=PMID)] | None = None
    pmcid: Annotated[str, StringConstraints(pattern=PMCID)] | None = None
    licence: Text | None = None
    funder: Text | None = None
    verified_in: Text | None = None
    note: Text | None = None


class Kinase(Record):
    """A Janus kinase, human."""

    id: Id
    symbol: Text
    label: Text
    xrefs: Identifiers = ()
    aliases: Words = ()


class Stat(Kinase):
    """A STAT, human; STAT5 without a letter is a family node."""

    members: Annotated[Words, Ref("stats")] = ()


class Chain(Kinase):
    """One polypeptide of a receptor complex, human."""


class Ligand(Record):
    """A cytokine or hormone, a complex, a family, or a part that is no cytokine by itself."""

    id: Id
    kind: Literal["single", "complex", "family", "part"]
    symbol: Text | None = None
    label: Text
    parts: Annotated[Words, Ref("ligands")] = ()
    members: Annotated[Words, Ref("ligands")] = ()
    family: Text | None = None
    xrefs: Identifiers = ()
    aliases: Words = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _parts_fit_kind(self) -> Self:
        if bool(self.parts) != (self.kind == "complex"):
            raise ValueError("parts belong to a complex, and every complex has them: fill the column parts")
        if bool(self.members) != (self.kind == "family"):
            raise ValueError("members belong to a family, and every family has them: fill the column members")
        return self


class AmbiguousName(Record):
    """A name that fits several cytokines and is therefore refused."""

    name: Text
    candidates: Annotated[Words, Ref("ligands")]
    why: Text


class Receptor(Record):
    """A receptor complex: one route of the signals that its ligands raise. A chain named twice is there twice."""

    id: Id
    label: Text
    chains: Annotated[Words, Ref("chains")]
    note: Text | None = None


class ReceptorFamily(Record):
    """A family of receptors that carries no JAK, or whose receptors are not settled."""

    id: Id
    label: Text
    carries_jak: Literal["no", "unknown"]
    mechanism: Text


class Relation(Record):
    """A relation that claims can state: its role and its direct edge are in the vocabulary."""

    id: Id
    subject: Text
    object: Text
    reads: Text


class Statement(Record):
    """Who says what: one piece of evidence on the claim (about, relation, object)."""

    about: Id
    relation: Annotated[Id, Ref("relations")]
    object: Id
    stance: Literal["supports", "refutes", "inconclusive"]
    locator: Text
    quote: Quote | None = None
    method: Annotated[str, StringConstraints(pattern=ECO)]
    species: Species | None = None
    note: Text | None = None


class Evidence(Statement):
    """A statement in a table of claims, with its reference and where it was read."""

    reference: Annotated[Id, Ref("references")]
    obtained_from: Annotated[Id, Ref("references")]
    curator: Text
    date: Day


class Decision(Record):
    """A curator's decision on a claim whose evidence alone does not settle it."""

    about: Id
    relation: Annotated[Id, Ref("relations")]
    object: Id
    accept: Literal["yes", "no"]
    reason: Text
    curator: Text
    date: Day


class Inhibitor(Record):
    """A JAK inhibitor, the parent moiety."""

    id: Id
    label: Text
    mode: Literal["atp-competitive", "covalent", "allosteric-jh2", "unknown-binding"]
    functional_target: Annotated[Id | None, Ref("kinases")] = None
    intended_species: Literal["human", "dog"]
    target_class: Text | None = None
    xrefs: Identifiers
    aliases: Words = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _target_fits_mode(self) -> Self:
        if (self.mode == "allosteric-jh2") != (self.functional_target is not None):
            raise ValueError("functional_target is given for an allosteric inhibitor, and only for one")
        return self


class Approval(Record):
    """That a regulator approved an inhibitor for some use. No JAK inhibitor is approved for granuloma annulare."""

    inhibitor: Annotated[Id, Ref("inhibitors")]
    authority: Literal["USA", "EU", "UK", "Japan", "India", "China", "Russia"]
    since: Text | None = None
    for_species: Literal["human", "dog"]
    reference: Annotated[Id, Ref("references")]
    status: Verification
    note: Text | None = None


class Regimen(Record):
    """A labelled or studied dose of an inhibitor."""

    inhibitor: Annotated[Id, Ref("inhibitors")]
    dose: Dose
    frequency: Literal["once daily", "twice daily"]
    route: Literal["oral", "topical"]
    context: Text
    reference: Annotated[Id, Ref("references")]
    status: Verification


VALUE: Final = re.compile(r"(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?", re.ASCII)


def _value(cell: str) -> str:
    if not (match := VALUE.fullmatch(cell)):
        raise ValueError(f"{cell!r} is no number: write digits and a point, as in 15 or 0.72, or a range as in 1..210")
    if not Decimal(match[1]):
        raise ValueError(f"{cell!r} begins at 0: write the number above 0 that the source prints")
    if match[2] and Decimal(match[1]) >= Decimal(match[2]):
        raise ValueError(f"{cell!r} is a range that runs backwards: write the smaller number first")
    return cell


class Potency(Record):
    """One measured potency of an inhibitor on a kinase, or one statement that a kinase is spared.

    ``value`` is a number, a range ``low..high``, or empty where the source printed none; ``relation`` is how the true
    value stands to it. A row counts in an answer only when ``status`` is verified.
    """

    inhibitor: Annotated[Id, Ref("inhibitors")]
    kinase: Annotated[Id, Ref("kinases")]
    measure: Literal["IC50", "Ki", "Kd", "fold selectivity", "functional statement"]
    relation: Literal["=", "<", "<=", ">", ">="] | None = None
    value: Annotated[str, AfterValidator(_value)] | None = None
    unit: Literal["nM", "fold"] | None = None
    domain: Literal["JH1", "JH1/full-length", "JH2"] | None = None
    atp: Text | None = None
    species: Literal["human", "mouse", "dog", "not stated"]
    reference: Annotated[Words, Ref("references")] = ()
    obtained_from: Annotated[Words, Ref("references")]
    quote: Quote | None = None
    assay: Text | None = None
    status: Verification
    says: Literal["spared"] | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _measure_fits(self) -> Self:
        if (self.measure == "functional statement") != (self.says is not None):
            raise ValueError("says belongs to a functional statement, and each such row has it")
        if self.measure == "functional statement" and (self.value or self.relation or self.unit):
            raise ValueError("a functional statement has no value, relation or unit: leave them empty")
        if self.measure != "functional statement" and not (self.relation and self.unit and self.domain):
            raise ValueError("a measured potency needs relation, unit and domain: fill the three columns")
        if self.unit and (self.unit == "fold") != (self.measure == "fold selectivity"):
            raise ValueError("fold selectivity is in fold, any other measure in nM: mend unit or measure")
        if self.value and ".." in self.value and self.relation != "=":
            raise ValueError("a range is already an interval: its relation is =")
        return self

    def interval(self) -> tuple[Decimal | None, Decimal | None]:
        """Return the closed ends (low, high) of the reported value; None where the end is open or not printed.

        >>> Potency(inhibitor="x", kinase="jak1", measure="IC50", relation="=", value="1..210", unit="nM",
        ...         domain="JH1", species="human", obtained_from="y", status="verified").interval()
        (Decimal('1'), Decimal('210'))
        """
        match = VALUE.fullmatch(self.value or "")
        if not match:
            return None, None
        low, high = Decimal(match[1]), Decimal(match[2] or match[1])
        return (None if self.relation in ("<", "<=") else low), (None if self.relation in (">", ">=") else high)


class CellAssay(Record):
    """What a drug did to the signal of one cytokine in cells: a number, a rank against other drugs, or a statement.

    It stands beside the calculus and never enters it.
    """

    inhibitor: Annotated[Id, Ref("inhibitors")]
    cytokine: Annotated[Id, Ref("ligands")]
    measure: Literal["EC50", "IC50", "rank", "statement"]
    relation: Literal["=", "<", ">"] | None = None
    value: Annotated[str, AfterValidator(_value)] | None = None
    unit: Literal["nM"] | None = None
    says: Literal["more potent than", "similar to", "inhibits", "does not inhibit"] | None = None
    compared_with: Annotated[Words, Ref("inhibitors")] = ()
    readout: Text
    system: Text
    reference: Annotated[Id, Ref("references")]
    obtained_from: Annotated[Id, Ref("references")]
    locator: Text
    quote: Quote | None = None
    status: Verification
    note: Text | None = None

    @model_validator(mode="after")
    def _measure_fits(self) -> Self:
        if (self.measure in ("EC50", "IC50")) != bool(self.value and self.relation and self.unit):
            raise ValueError("a number needs relation, value and unit, and a rank or statement has none of them")
        if (self.measure == "rank") != bool(self.compared_with):
            raise ValueError("a rank is against other drugs: fill compared_with, and leave it empty elsewhere")
        words = {"rank": ("more potent than", "similar to"), "statement": ("inhibits", "does not inhibit")}
        if self.says not in words.get(self.measure, (None,)):
            raise ValueError(f"says {self.says!r} does not fit {self.measure}: mend one of them")
        return self


class Disagreement(Record):
    """Two sources, or two places of one source, that say different things; both sides stay."""

    id: Id
    topic: Text
    about: Annotated[Words, Field(min_length=1)]
    first_says: Text
    first_source: Annotated[Id, Ref("references")]
    first_locator: Text
    first_quote: Quote | None = None
    second_says: Text
    second_source: Annotated[Id, Ref("references")]
    second_locator: Text
    second_quote: Quote | None = None
    kept: Literal["first", "second", "both", "neither"]
    reason: Text
    curator: Text
    date: Day


class ReferenceLink(Record):
    """How one reference depends on another: evidence from both is not independent, or adds no patient."""

    reference: Annotated[Id, Ref("references")]
    relation: Literal["repeats", "shares cohort with", "shares laboratory with", "supersedes"]
    other: Annotated[Id, Ref("references")]
    note: Text


class NotIncluded(Record):
    """A report that is known and not in the graph, or was searched for and not found, and why."""

    id: Id
    citation: Text
    about: Text
    why: Text
    looked_in: Text


class Replaced(Record):
    """A thing that was published and is given up: its IRI stays in the graph and leads on to what replaces it.

    ``replaced_by`` is empty where nothing does, as for a report that was withdrawn. Both are local names of IRIs.
    """

    old: Id
    replaced_by: Annotated[tuple[Id, ...], BeforeValidator(_split)] = ()
    reason: Text
    curator: Text
    date: Day


class Term(Record):
    """A condition, a treatment that is no JAK inhibitor, a comparator or a body site."""

    id: Id
    label: Text
    xrefs: Identifiers = ()
    aliases: Words = ()
    note: Text | None = None


# --- case files -------------------------------------------------------------------------------------------------------


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
    method: Annotated[str, StringConstraints(pattern=ECO)]
    timing: Text
    samples: Counted
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
                f"{self.grade} means {low} to {high} %, not {self.percent}: mend the grade or the percentage"
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
    age: Reported[Annotated[Duration, AfterValidator(_lifetime)]]
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
                        raise ValueError(f"{what}: mend one of them")
        return self


class Hypothesis(Record):
    """What authors suppose and did not show."""

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
    method: Annotated[str, StringConstraints(pattern=ECO)]
    curator: Text
    date: Day
    case: tuple[Case, ...] = ()
    statement: tuple[Statement, ...] = ()
    hypothesis: tuple[Hypothesis, ...] = ()
