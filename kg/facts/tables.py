"""The typed records of the tables: one class a table, its fields the columns, every record frozen.

>>> Kinase(id="jak1", symbol="JAK1", label="Janus kinase 1", aliases="JAK-1; JAK 1").aliases
('JAK-1', 'JAK 1')
"""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from kg.facts.cells import (
    DOI,
    PMCID,
    PMID,
    Day,
    Id,
    Identifiers,
    Ids,
    Quote,
    Record,
    Ref,
    Species,
    Text,
    Verification,
    Words,
    Year,
)
from kg.facts.quantities import VALUE, Dose, Value
from kg.facts.terms import Method
from kg.model.claims import Effect, Loss, stance_of_loss


class Reference(Record):
    """A publication, database release, label or page: who says a thing, or where it was read."""

    id: Id
    kind: Literal[
        "article", "letter", "review", "database", "label", "preprint", "web page", "project", "conference report",
        "trial registration",
    ]  # fmt: skip
    citation: Text
    title: Text | None = None
    year: Year | None = None
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
    """A cytokine or hormone, a complex, a family, or a part that is not a cytokine by itself."""

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


class CytokineSet(Record):
    """Cytokines whose signals are counted together, by name, in what else a drug switches off."""

    id: Id
    label: Text
    members: Annotated[Words, Ref("ligands")]
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
    method: Method
    species: Species | None = None
    loss: Loss | None = None
    lost_in: Literal["other species", "human cell line", "cells of patients"] | None = None
    effect: Effect | None = None
    note: Text | None = None
    MAY_LACK: ClassVar[frozenset[str]] = frozenset(("loss", "lost_in", "effect"))

    @model_validator(mode="after")
    def _loss_fits(self) -> Self:
        said = (self.loss, self.lost_in, self.effect)
        if any(said) and not all(said):
            raise ValueError("evidence from loss says how the kinase was lost, in what, and the effect: fill all three")
        if self.loss and self.effect:
            if self.relation not in ("needs", "uses"):
                raise ValueError("loss is evidence on what a receptor needs or uses: leave loss, lost_in, effect empty")
            stance = stance_of_loss(self.relation, self.loss, self.effect)
            if self.stance != stance:
                what = f"{self.loss} loss with the signal {self.effect}, on {self.relation}, is {stance!r}"
                raise ValueError(f"{what}: write that stance")
        return self


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
    route: Literal["oral", "topical"]
    product: Text | None = None
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


class Potency(Record):
    """One measured potency of an inhibitor on a kinase, or one statement that a kinase is spared.

    ``value`` is a number, a range ``low..high``, or empty where the source printed none; ``relation`` is how the true
    value stands to it. A row counts in an answer only when ``status`` is verified.
    """

    inhibitor: Annotated[Id, Ref("inhibitors")]
    kinase: Annotated[Id, Ref("kinases")]
    measure: Literal["IC50", "Ki", "Kd", "fold selectivity", "functional statement"]
    relation: Literal["=", "<", "<=", ">", ">="] | None = None
    value: Value | None = None
    unit: Literal["nM", "fold"] | None = None
    over_kinase: Annotated[Id | None, Ref("kinases")] = None
    base: Value | None = None
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
    MAY_LACK: ClassVar[frozenset[str]] = frozenset(("over_kinase", "base"))

    @model_validator(mode="after")
    def _base_fits(self) -> Self:
        if bool(self.over_kinase) != bool(self.base):
            raise ValueError(
                "a ratio over a kinase has the value on that kinase as its base: fill over_kinase and base"
            )
        if self.base and (self.measure != "fold selectivity" or self.value is None):
            raise ValueError("over_kinase and base belong to a fold selectivity with a value: leave them empty")
        return self

    @model_validator(mode="after")
    def _measure_fits(self) -> Self:
        if (self.measure == "functional statement") != (self.says is not None):
            raise ValueError("says belongs to a functional statement, and each such row has it")
        if self.measure == "functional statement" and (self.value or self.relation or self.unit):
            raise ValueError("a functional statement has no value, relation or unit: leave them empty")
        if self.measure != "functional statement" and not (self.relation and self.unit and self.domain):
            raise ValueError("a measured potency needs relation, unit and domain: fill the three columns")
        if self.unit and (self.unit == "fold") != (self.measure == "fold selectivity"):
            raise ValueError("fold selectivity is in fold, any other measure in nM: fix unit or measure")
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
    value: Value | None = None
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
            raise ValueError(f"says {self.says!r} does not fit {self.measure}: fix one of them")
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
    replaced_by: Ids = ()
    reason: Text
    curator: Text
    date: Day


class Term(Record):
    """A condition, a treatment that is not a JAK inhibitor, a comparator or a body site."""

    id: Id
    label: Text
    xrefs: Identifiers = ()
    aliases: Words = ()
    note: Text | None = None
