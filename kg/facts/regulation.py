"""What regulators and sponsors say of inhibitors, as typed records: how far development came, and safety warnings."""

from typing import Annotated, Literal

from kg.facts.cells import Id, Quote, Record, Ref, Text, Verification, Words


class Development(Record):
    """How far the development of an inhibitor came that is not approved for people, as a source says."""

    inhibitor: Annotated[Id, Ref("inhibitors")]
    status: Literal["phase 3", "phase 2", "phase 1", "preclinical", "stopped", "withdrawn"]
    locator: Text
    quote: Quote | None = None
    reference: Annotated[Id, Ref("references")]
    obtained_from: Annotated[Id, Ref("references")]
    checked: Verification
    note: Text | None = None


class SafetyWarning(Record):
    """A safety warning of a regulator on an inhibitor, or on one product of it. No row does not mean no warning."""

    inhibitor: Annotated[Id, Ref("inhibitors")]
    authority: Literal["USA", "EU", "UK", "Japan", "India", "China", "Russia"]
    kind: Literal["boxed warning", "risk measures"]
    product: Text | None = None
    since: Text | None = None
    says: Words
    locator: Text
    quote: Quote
    reference: Annotated[Id, Ref("references")]
    obtained_from: Annotated[Id, Ref("references")]
    checked: Verification
    note: Text | None = None
