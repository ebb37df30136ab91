"""The JSON of an answer as types: what :func:`kg.answers.schema.json_schema` is made from."""

from typing import Literal

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from kg import calculus as m
from kg.answers.cell_assays import Agreement

Number = int | float
CLOSED = ConfigDict(extra="forbid")


@with_config(CLOSED)
class GraphJson(TypedDict):
    """Which graph answered."""

    version: str
    digest: str


@with_config(CLOSED)
class SettingsJson(TypedDict):
    """What the user chose."""

    threshold_nM: Number
    require: m.Require
    raised: Number
    fdr: Number
    derived: bool


@with_config(CLOSED)
class SignalJson(TypedDict):
    """A measured cytokine."""

    cytokine: str
    input: str
    ratio: Number | None
    log2: float | None
    direction: m.Direction
    reported_direction: m.Reported | None
    comparator: str | None
    weight: float | None
    through_jak: Literal["yes", "no", "part", "unknown"]
    significant: bool | None
    adjusted_p: Number | None
    from_parts: bool
    signal: str


@with_config(CLOSED)
class MeasurementJson(TypedDict):
    """A potency measurement that is not compared with the threshold."""

    value: Number | str | None
    relation: str | None
    unit: str | None
    measure: str
    reference: str | None
    low: Number | None
    high: Number | None
    domain: str | None
    atp: str | None
    species: str
    verified: bool
    derived: bool
    obtained_from: list[str]
    id: str
    note: str | None


@with_config(CLOSED)
class ComparedJson(MeasurementJson):
    """A potency measurement, and what it says at the threshold."""

    says: m.Says


@with_config(CLOSED)
class KinaseJson(TypedDict):
    """A kinase that is needed or used, whether the drug hits it, and by which claim."""

    kinase: str
    role: Literal["needs", "uses"]
    by_database_only: bool
    hit: Literal["yes", "no", "unknown"]
    why: m.Why
    measurements: list[ComparedJson]
    not_compared: list[MeasurementJson]
    claim: str
    evidence: list[str]


@with_config(CLOSED)
class RouteJson(TypedDict):
    """A receptor by which a cytokine signals, and by which claim."""

    receptor: str
    claim: str
    evidence: list[str]
    kinases: list[KinaseJson]


@with_config(CLOSED)
class PartJson(TypedDict):
    """What a drug does to one raised signal, by its heaviest cytokine; ``blockade`` is [lowest, highest]."""

    cytokine: str
    cytokines: list[str]
    blockade: tuple[float, float]
    verdict: m.Verdict
    weight: float
    ratio: Number | None
    routes: list[RouteJson]


@with_config(CLOSED)
class CollateralJson(TypedDict):
    """What else a drug switches off: of how many signals that are not raised; None where nothing is left."""

    score: tuple[float, float] | None
    blocked: int
    of: int
    sets: dict[str, tuple[float, float] | None]


@with_config(CLOSED)
class EndJson(TypedDict):
    """One end of a window, in nM."""

    value: Number
    included: bool


WindowJson = TypedDict("WindowJson", {"from": EndJson | None, "to": EndJson | None, "unit": Literal["nM"]})
"""The widest run of thresholds in which nothing of a row changes; None at an end where there is no edge."""


@with_config(CLOSED)
class EdgeJson(TypedDict):
    """A measurement on whose end the window of a row ends."""

    measurement: str
    kinase: str
    value: Number
    edge: Literal["from", "to"]


@with_config(CLOSED)
class WarningJson(TypedDict):
    """What a regulator warns of, in the words that were read."""

    authority: str
    kind: str
    product: str | None
    since: str | None
    says: str
    quote: str
    reference: str


@with_config(CLOSED)
class DrugJson(TypedDict):
    """A ranked drug; ``score`` is [lowest, highest], ``rank`` the first and the last of those that are equal to it."""

    drug: str
    group: m.Group
    rank: tuple[int, int]
    status: str
    score: tuple[float, float]
    collateral: CollateralJson
    frontier: bool
    window: WindowJson | None
    hangs_on: list[EdgeJson]
    warnings: list[WarningJson]
    binding_mode: str
    approved: list[str]
    given_by: list[str]
    signals: list[PartJson]
    note: str | None


@with_config(CLOSED)
class OutcomeJson(TypedDict):
    """What became of a condition on a drug."""

    condition: str
    site: str | None
    event: str
    grade: str
    percent: Number | None
    time: str | None
    n: int | None
    quote: str


@with_config(CLOSED)
class RelapseJson(TypedDict):
    """Whether a case relapsed, as reported."""

    relapsed: bool
    after: str | None
    followUp: str | None
    quote: str


@with_config(CLOSED)
class ObservedJson(TypedDict):
    """What happened to a case on a JAK inhibitor."""

    drug: str
    dose: str | None
    frequency: str | None
    route: str | None
    duration: str | None
    stopped: str | bool | None
    outcomes: list[OutcomeJson]
    relapse: RelapseJson | str | None
    adverse_events: list[str] | str | None
    reference: str
    citation: str


@with_config(CLOSED)
class ConflictJson(TypedDict):
    """What sources dispute on a receptor of a raised cytokine."""

    receptors: list[str]
    kinase: str
    status: str
    supported_by: list[str]
    refuted_by: list[str]
    qualified_by: list[str]


@with_config(CLOSED)
class CellJson(TypedDict):
    """What one source says that a drug did in cells."""

    drug: str
    cytokine: str
    label: str
    says: str
    source: str
    quote: str | None
    rank: bool
    other: str | None
    agreement: Agreement


@with_config(CLOSED)
class RowsJson(TypedDict):
    """How many rows of a table were taken, and of what they are."""

    read: int
    known: int
    other: int
    unknown: int


@with_config(CLOSED)
class UnderstoodJson(TypedDict):
    """How a file was understood; ``columns`` is header -> what it was read as."""

    format: str
    header_line: int | None
    columns: dict[str, str]
    columns_ignored: list[str]
    rows: RowsJson
    unknown_names: list[str]
    beyond_detection: list[str]
    contrasts: list[str]
    contrast: str | None
    groups: dict[str, str]
    where: dict[str, str]
    statistic: str | None
    species: str | None


Call = Literal["active", "not active", "not testable"]


@with_config(CLOSED)
class RivalJson(TypedDict):
    """A pathway in the order of their scores."""

    name: str
    rank: int
    score: float


@with_config(CLOSED)
class CarrierJson(TypedDict):
    """A target gene that carries a score."""

    gene: str
    statistic: float
    weight: float


@with_config(CLOSED)
class SignatureJson(TypedDict):
    """A column of the user's signatures, the cytokine that it names, and whether it is active."""

    name: str
    cytokine: str | None
    call: Call
    p: float | None
    rank: int | None
    score: float | None
    why: str | None


@with_config(CLOSED)
class ActivityJson(TypedDict):
    """Whether a pathway is active by its target genes, what that stands on, and what the two tracks say together."""

    pathway: str
    call: Call
    p: float | None
    rank: int | None
    score: float | None
    why: str | None
    rivals: list[RivalJson]
    carried_by: list[CarrierJson]
    genes: int
    targets: int
    targets_of: int
    statistic: str | None
    correlation: float
    weights: str
    own_raised: list[str]
    own_measured: bool
    together: str
    signatures: list[SignatureJson]
    ranked_by: Literal["own", "signature"]
    notes: list[str]


@with_config(CLOSED)
class AnswerJson(TypedDict):
    """What ``kg ask --format json`` prints."""

    graph: GraphJson
    calculus: int
    patient: str | None
    settings: SettingsJson
    signals: list[SignalJson]
    drugs: list[DrugJson]
    drugs_left_out: int
    observed: list[ObservedJson]
    not_raised: list[str]
    without_jak: list[str]
    not_measured: list[str]
    conflicts: list[ConflictJson]
    disagreements: list[str]
    in_cells: list[CellJson]
    hypotheses: list[str]
    notes: list[str]
    caveats: list[str]
    comparator_known: bool
    activity: ActivityJson | None
    understood: UnderstoodJson | None
