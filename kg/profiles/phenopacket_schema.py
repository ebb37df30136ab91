"""The file of a phenopacket: read strictly by the schema of GA4GH, version 2."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from kg.model.errors import Place, Problem, Problems
from kg.model.names import LONGEST_NAME, near
from kg.profiles import phenopacket_terms as c
from kg.profiles.tabular import HALF, MANY, is_deeper, json_of, shown

JSON = dict[str, Any]

SCHEMA: Final = """
Phenopacket: id subject:Individual phenotypicFeatures:PhenotypicFeature* measurements:Measurement* biosamples:Biosample*
    interpretations:any diseases:Disease* medicalActions:MedicalAction* files:any metaData:MetaData
Individual: id alternateIds:text* dateOfBirth timeAtLastEncounter:TimeElement vitalStatus:VitalStatus sex
    karyotypicSex gender:OntologyClass taxonomy:OntologyClass
VitalStatus: status timeOfDeath:TimeElement causeOfDeath:OntologyClass survivalTimeInDays:number
OntologyClass: id label
TimeElement: gestationalAge:GestationalAge age:Age ageRange:AgeRange ontologyClass:OntologyClass timestamp
    interval:TimeInterval
GestationalAge: weeks:number days:number
Age: iso8601duration
AgeRange: start:Age end:Age
TimeInterval: start end
PhenotypicFeature: description type:OntologyClass excluded:flag severity:OntologyClass modifiers:OntologyClass*
    onset:TimeElement resolution:TimeElement evidence:Evidence*
Evidence: evidenceCode:OntologyClass reference:ExternalReference
ExternalReference: id reference description
Measurement: description assay:OntologyClass value:Value complexValue:ComplexValue timeObserved:TimeElement
    procedure:Procedure
Value: quantity:Quantity ontologyClass:OntologyClass
Quantity: unit:OntologyClass value:number referenceRange:ReferenceRange
ReferenceRange: unit:OntologyClass low:number high:number
ComplexValue: typedQuantities:TypedQuantity*
TypedQuantity: type:OntologyClass quantity:Quantity
Procedure: code:OntologyClass bodySite:OntologyClass performed:TimeElement
Biosample: id individualId derivedFromId description sampledTissue:OntologyClass sampleType:OntologyClass
    phenotypicFeatures:PhenotypicFeature* measurements:Measurement* taxonomy:OntologyClass
    timeOfCollection:TimeElement histologicalDiagnosis:OntologyClass tumorProgression:OntologyClass
    tumorGrade:OntologyClass pathologicalStage:OntologyClass pathologicalTnmFinding:OntologyClass*
    diagnosticMarkers:OntologyClass* procedure:Procedure files:any materialSample:OntologyClass
    sampleProcessing:OntologyClass sampleStorage:OntologyClass
Disease: term:OntologyClass excluded:flag onset:TimeElement resolution:TimeElement diseaseStage:OntologyClass*
    clinicalTnmFinding:OntologyClass* primarySite:OntologyClass laterality:OntologyClass
MedicalAction: procedure:Procedure treatment:Treatment radiationTherapy:RadiationTherapy
    therapeuticRegimen:TherapeuticRegimen treatmentTarget:OntologyClass treatmentIntent:OntologyClass
    responseToTreatment:OntologyClass adverseEvents:OntologyClass* treatmentTerminationReason:OntologyClass
Treatment: agent:OntologyClass routeOfAdministration:OntologyClass doseIntervals:DoseInterval* drugType
    cumulativeDose:Quantity
DoseInterval: quantity:Quantity scheduleFrequency:OntologyClass interval:TimeInterval
RadiationTherapy: modality:OntologyClass bodySite:OntologyClass dosage:number fractions:number
TherapeuticRegimen: externalReference:ExternalReference ontologyClass:OntologyClass startTime:TimeElement
    endTime:TimeElement regimenStatus
MetaData: created createdBy submittedBy resources:Resource* updates:Update* phenopacketSchemaVersion
    externalReferences:ExternalReference*
Resource: id name url version namespacePrefix iriPrefix
Update: timestamp updatedBy comment
"""
"""Message of the schema: its fields, each a text where nothing is said; ``*`` for several; ``any`` is not opened."""

ALTERNATIVES: Final = {
    "TimeElement": ("gestationalAge", "age", "ageRange", "ontologyClass", "timestamp", "interval"),
    "Measurement": ("value", "complexValue"),
    "Value": ("quantity", "ontologyClass"),
    "MedicalAction": ("procedure", "treatment", "radiationTherapy", "therapeuticRegimen"),
    "TherapeuticRegimen": ("externalReference", "ontologyClass"),
}
"""Message -> the fields of which it has one."""
SEXES: Final = ("UNKNOWN_SEX", "FEMALE", "MALE", "OTHER_SEX")
MARKS: Final = frozenset(
    """metaData meta_data subject phenotypicFeatures phenotypic_features medicalActions medical_actions measurements
    biosamples diseases interpretations proband members""".split()
)
"""Keys by which a file in JSON is known as a phenopacket."""
NUMBER: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)


@cache
def fields() -> Mapping[str, Mapping[str, str]]:
    """Return the fields of each message of the schema, version 2: name -> type, ``*`` at its end for several.

    >>> fields()["Treatment"]["doseIntervals"], fields()["Age"]
    ('DoseInterval*', {'iso8601duration': 'text'})
    """
    found: dict[str, dict[str, str]] = {}
    for line in SCHEMA.strip().replace("\n    ", " ").splitlines():
        message, _, rest = line.partition(":")
        pairs = (field.partition(":") for field in rest.split())
        found[message] = {name: kind or "text" for name, _, kind in pairs}
    return found


def parse(name: Path, text: str) -> JSON | None:
    """Return the phenopacket of a text, its keys as the schema spells them and its numbers as texts.

    None where the text is JSON and no phenopacket. Raises Problems with all that is wrong: version 1, a family or
    cohort, a key that the schema does not have, a value of another kind.

    >>> parse(Path("a.json"), '{"id": "a", "meta_data": {"phenopacket_schema_version": "2.0"}}')
    {'id': 'a', 'metaData': {'phenopacketSchemaVersion': '2.0'}}
    >>> parse(Path("a.json"), '{"signals": []}') is None
    True
    >>> parse(Path("a.json"), '{"id": "a", "subjct": {}, "metaData": {"phenopacketSchemaVersion": "2.0"}}')
    Traceback (most recent call last):
        ...
    kg.Problems: a.json: subjct: the schema has no such key here: did you mean subject?
    """
    data = json_of(name, text)
    if not isinstance(data, dict) or "signals" in data or not data.keys() & MARKS:
        return None
    _one_patient(name, data)
    problems: list[Problem] = []
    found = _message(name, "Phenopacket", data, "", problems)
    if not problems and not str(found.get("metaData", {}).get("phenopacketSchemaVersion", "")).startswith("2"):
        place = Place(f"{name}: metaData.phenopacketSchemaVersion")
        problems.append(Problem(place, "the version of the schema is missing", f'write "{c.SCHEMA_VERSION}"'))
    if problems:
        raise Problems(problems)
    return found


def _one_patient(name: Path, data: JSON) -> None:
    for keys, what in ((("proband", "relatives", "pedigree"), "a family"), (("members",), "a cohort")):
        if any(key in data for key in keys):
            remedy = "give the phenopacket of one patient, a file of its own"
            raise Problems([Problem(Place(name), f"this is {what}, several patients", remedy)])
    meta = data.get("metaData", data.get("meta_data"))
    meta = meta if isinstance(meta, dict) else {}
    version = meta.get("phenopacketSchemaVersion", meta.get("phenopacket_schema_version"))
    old = isinstance(version, str) and version and not re.fullmatch(r"2(\.\d+)*", version)
    if old or (not version and {"genes", "variants", "htsFiles"} & data.keys()):
        what = f"the version of the schema is {shown(version) if version else '1'}"
        place = Place(f"{name}: metaData.phenopacketSchemaVersion")
        older = not version or version.startswith("1")
        remedy = f"give a phenopacket of version 2{'; phenopacket-tools converts it' if older else ''}"
        raise Problems([Problem(place, what, remedy)])


def _message(name: Path, message: str, data: Any, path: str, problems: list[Problem]) -> JSON:
    place = Place(f"{name}: {path}" if path else name)
    if not isinstance(data, dict):
        problems.append(Problem(place, f"this is not a known {message}", "write an object: {...}"))
        return {}
    known = fields()[message]
    spelling = {re.sub("([A-Z])", lambda letter: f"_{letter[1].lower()}", key): key for key in known}
    found: JSON = {}
    for written, value in data.items():
        key: str = spelling.get(written) or written
        inner = f"{path}.{key}" if path else key
        if key not in known:
            close = near(written[:LONGEST_NAME], known, most=1) if len(problems) < MANY else []
            remedy = f"did you mean {close[0]}?" if close else f"delete it, or write one of {', '.join(known)}"
            at = Place(f"{name}: {path}.{shown(written)[1:-1]}" if path else f"{name}: {shown(written)[1:-1]}")
            problems.append(Problem(at, "the schema has no such key here", remedy))
        elif key in found:
            problems.append(Problem(Place(f"{name}: {inner}"), f"{key} is a duplicate, in two spellings", "keep one"))
        elif value is not None:
            found[key] = _field(name, known[key], value, inner, problems)
    if len(given := [key for key in ALTERNATIVES.get(message, ()) if key in found]) > 1:
        problems.append(Problem(place, f"{' and '.join(given)} stand together", "keep one"))
    return found


def _field(name: Path, kind: str, value: Any, path: str, problems: list[Problem]) -> Any:
    place = Place(f"{name}: {path}")
    if kind == "any":
        if is_deeper(value, 100):
            problems.append(Problem(place, "this is nested too deep", "leave it out"))
            return None
        return value
    if kind.endswith("*"):
        if not isinstance(value, list):
            problems.append(Problem(place, "this is not a list", "write a list: [...]"))
            return []
        inner = (f"{path}[{number}]" for number in range(len(value)))
        return [_field(name, kind[:-1], item, where, problems) for item, where in zip(value, inner, strict=True)]
    if kind == "flag":
        if not isinstance(value, bool):
            problems.append(Problem(place, "this is neither true nor false", "write true or false"))
        return value
    if kind not in ("text", "number"):
        return _message(name, kind, value, path, problems)
    if not isinstance(value, str):
        problems.append(Problem(place, f"this is not a {kind}", f"write one {kind}"))
    elif HALF.search(value):
        problems.append(Problem(place, "half a character, an escape such as \\ud800", "write the character itself"))
    elif kind == "number" and not NUMBER.fullmatch(value):
        remedy = "write digits with a point, and leave the whole measurement out where nothing was measured"
        problems.append(Problem(place, f"{shown(value)} is not a number", remedy))
    elif path == "subject.sex" and value not in SEXES:
        problems.append(Problem(place, f"sex {shown(value)} is not known", f"write one of {', '.join(SEXES)}"))
    return value
