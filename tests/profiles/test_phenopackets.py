"""Phenopackets out and in: valid by another's library, only what the reports give, and the same when read back."""

import contextlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from test_profile import refused

from kg.cli import main
from kg.exports import phenopackets
from kg.facts import dataset
from kg.facts import reports as r
from kg.facts.cells import UNSAID, Extent, Morphology
from kg.facts.quantities import DOSES, TIMES, Quantity
from kg.model import vocabulary
from kg.model.errors import Problems
from kg.model.vocabulary import jak, thing
from kg.profiles import assembly, case_template, phenopacket, phenopacket_schema, phenopacket_terms, profile
from kg.profiles.choices import AS_WRITTEN, Reading
from kg.rdf.store import folder
from kg.sparql.built_graph import BuiltGraph
from kg.sparql.graph import OpenGraph

HERE = Path(__file__).parent.parent
BAD = HERE / "bad" / "phenopackets"
ONTOLOGY = folder("ontology")
TEMPLATE = (ONTOLOGY / "case-template.toml").read_text(encoding="utf-8")
FACTS = dataset.read(ONTOLOGY / "facts")
CASES = {case.id: case for report in FACTS.cases for case in report.case}
PATIENTS = sorted(name for name, case in CASES.items() if case.kind == "individual")
GROUPS = sorted(name for name, case in CASES.items() if case.kind == "group")
OPEN = re.compile(r"<.*>")


@pytest.fixture(scope="module")
def made(built_graph: BuiltGraph) -> dict[str, bytes]:
    return phenopackets.files(built_graph)


def profile_of(graph: OpenGraph, name: Path, text: str, reading: Reading = AS_WRITTEN) -> profile.Profile:
    found = phenopacket.found_in(graph, name, text, reading=reading)
    assert found is not None
    return assembly.assemble(graph, found)


def text_of(made: dict[str, bytes], case: str) -> str:
    return made[f"phenopackets/{case}.json"].decode()


def classes(node: Any) -> Iterator[dict[str, str]]:
    """The ontology classes anywhere in a phenopacket."""
    if isinstance(node, dict):
        if node.keys() == {"id", "label"}:
            yield node
        for value in node.values():
            yield from classes(value)
    elif isinstance(node, list):
        for value in node:
            yield from classes(value)


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, f"{path}.{key}" if path else key)
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from leaves(value, f"{path}[{number}]")
    else:
        yield path, str(node)


# --- out --------------------------------------------------------------------------------------------------------------


def test_each_patient_has_a_phenopacket_and_no_group_has(made: dict[str, bytes]) -> None:
    assert sorted(made) == sorted(["phenopackets/README.md", *(f"phenopackets/{name}.json" for name in PATIENTS)])
    page = made["phenopackets/README.md"].decode()
    assert GROUPS
    assert re.findall(r"^- `kg:(.*?)`", page, re.MULTILINE) == GROUPS
    assert f"{len(PATIENTS)} patients" in page


@pytest.mark.parametrize("case", PATIENTS)
def test_valid_by_the_library_which_finds_no_other_content(made: dict[str, bytes], case: str) -> None:
    from google.protobuf import json_format  # type: ignore[import-untyped]
    from phenopackets.schema.v2.phenopackets_pb2 import Phenopacket  # type: ignore[import-untyped]

    text = text_of(made, case)
    found = json_format.Parse(text, Phenopacket(), ignore_unknown_fields=False)
    assert json_format.MessageToDict(found) == json.loads(text)


@pytest.mark.parametrize("case", PATIENTS)
def test_every_class_has_its_resource_and_every_required_field_is_there(made: dict[str, bytes], case: str) -> None:
    found = json.loads(text_of(made, case))
    meta = found["metaData"]
    declared = {resource["namespacePrefix"] for resource in meta["resources"]}
    assert {term["id"].partition(":")[0] for term in classes(found)} <= declared
    assert declared - {term["id"].partition(":")[0] for term in classes(found)} <= {"kg"}
    for term in classes(found):
        assert re.fullmatch(r"[\w.]+:\S+", term["id"])
        assert term["label"].strip()
    for resource in meta["resources"]:
        assert resource.keys() == {"id", "name", "url", "version", "namespacePrefix", "iriPrefix"}
        assert all(resource.values())
    assert meta["created"] == f"{vocabulary.RELEASED}T00:00:00Z"
    assert meta["phenopacketSchemaVersion"] == "2.0"
    assert meta["externalReferences"]
    assert found["id"] == found["subject"]["id"] == case
    assert found["diseases"][0]["term"] == {"id": "MONDO:0006554", "label": "granuloma annulare"}
    for measurement in found.get("measurements", ()):
        assert measurement["assay"]
        assert ("value" in measurement) != ("complexValue" in measurement)
    for action in found["medicalActions"]:
        assert ("treatment" in action) != ("procedure" in action)
        assert "doseIntervals" not in action.get("treatment", {})  # an interval needs dates, which no report gives
    for feature in found.get("phenotypicFeatures", ()):
        assert feature["evidence"][0]["evidenceCode"]
        assert feature["evidence"][0]["reference"]["id"].partition(":")[0] in ("PMID", "DOI", "kg")


@pytest.mark.parametrize("case", PATIENTS)
def test_what_is_not_reported_is_absent(made: dict[str, bytes], case: str) -> None:
    found, record = json.loads(text_of(made, case)), CASES[case]
    age = found["subject"].get("timeAtLastEncounter")
    if isinstance(record.age, str):
        assert age is None
    else:
        letter = {"year": "Y", "month": "M", "week": "W", "day": "D"}[record.age.unit]
        assert age == {"age": {"iso8601duration": f"P{record.age.low}{letter}"}}
    assert found["subject"].get("sex", "not reported").lower() == record.sex
    measured = [m["assay"]["id"] for m in found.get("measurements", ()) if not m["assay"]["id"].startswith("jak:")]
    assert len(measured) == (0 if isinstance(record.measurement, str) else len(record.measurement))
    assays = {m["assay"]["id"] for m in found.get("measurements", ())}
    assert ("jak:duration" in assays) == (not isinstance(record.disease_duration, str))
    assert ("jak:Relapse" in assays) == any(isinstance(therapy.relapse, r.Relapse) for therapy in record.therapy)
    values = [value for path, value in leaves(found.get("measurements", [])) if path.endswith(".value")]
    assert "0" not in values


def test_the_patient_whose_cytokines_were_measured(made: dict[str, bytes]) -> None:
    found = json.loads(text_of(made, "khurana-2025-1"))
    cytokines = {m["assay"]["id"]: m for m in found["measurements"]}
    il21 = cytokines["hgnc:6005"]
    assert il21["value"]["quantity"] == {"unit": {"id": "UO:0010006", "label": "ratio"}, "value": 2.33}
    assert il21["description"].startswith("comparator: own uninvolved skin; authors' call: raised; analyte: mRNA")
    baricitinib = found["medicalActions"][-1]
    assert baricitinib["treatment"]["agent"] == {"id": "CHEBI:95341", "label": "baricitinib"}
    assert {"id": "HP:0001945", "label": "Fever"} in baricitinib["adverseEvents"]
    assert "responseToTreatment" not in baricitinib  # complete on the hands, nearly complete on the feet
    course = cytokines["jak:Therapy"]["complexValue"]["typedQuantities"]
    assert [(q["type"]["label"], q["quantity"]["value"], q["quantity"]["unit"]["label"]) for q in course] == [
        ("Once Daily", 4, "milligram"),
        ("duration", 14, "week"),
    ]
    other = json.loads(text_of(made, "khurana-2025-2"))
    assert other["medicalActions"][-1]["responseToTreatment"] == {"id": "jak:Partial", "label": "partial"}


def test_a_direction_is_no_ratio_and_a_range_no_age(built: Graph, graph: OpenGraph) -> None:
    patient, measured = thing("khurana-2025-1"), thing("khurana-2025-1-il15-own-uninvolved-skin")
    changed = Graph()
    for triple in built:
        changed.add(triple)
    changed.remove((URIRef(measured), URIRef(jak.ratio), None))
    changed.set((URIRef(f"{patient}-age"), URIRef(jak.low), Literal(Decimal(40))))
    text = phenopackets.files(BuiltGraph(changed))["phenopackets/khurana-2025-1.json"].decode()
    found = json.loads(text)
    (il15,) = (m for m in found["measurements"] if m["assay"]["id"] == "hgnc:5977")
    assert il15["value"] == {"ontologyClass": {"id": "jak:Lowered", "label": "lowered"}}
    ends = {"start": {"iso8601duration": "P40Y"}, "end": {"iso8601duration": "P48Y"}}
    assert found["subject"]["timeAtLastEncounter"] == {"ageRange": ends}
    back = profile_of(graph, Path("x.json"), text)
    assert back is not None
    assert [(s.ratio, s.reported) for s in back.signals if s.cytokine == "il15"] == [(None, "lowered")]
    assert drafted(graph, text)[1]["case"][0]["age"] == "40-48 years"


def test_tables_of_terms_agree_with_the_facts() -> None:
    for word, term in phenopacket_terms.UNITS.items():
        assert vocabulary.UNITS[word].endswith(term.id.replace(":", "_"))
    assert {"mg/g"} == set(TIMES + DOSES) - phenopacket_terms.UNITS.keys()
    assert set(phenopacket_terms.MORPHOLOGIES) == set(get_args(Morphology))
    assert set(phenopacket_terms.EXTENTS) == set(get_args(Extent)) - {"not reported"}
    drugs = {row.id for row in FACTS.treatments if any(x.startswith(("CHEBI:", "drugbank:")) for x in row.xrefs)}
    others = {row.id for row in FACTS.treatments} - drugs - phenopacket_terms.PROCEDURES
    assert {row.id for row in FACTS.treatments} - drugs >= phenopacket_terms.PROCEDURES
    # a new treatment without an identifier: is it done to a patient (kg.clinical.PROCEDURES), or taken (here)?
    assert others == {
        "fumaric-acid-esters", "topical-corticosteroids", "oral-corticosteroids", "corticosteroids",
        "immunosuppressants", "oral-antibiotics",
    }  # fmt: skip


# --- in ---------------------------------------------------------------------------------------------------------------


def test_the_schema_is_that_of_the_library() -> None:
    from google.protobuf.descriptor import Descriptor, FieldDescriptor  # type: ignore[import-untyped]
    from phenopackets.schema.v2.phenopackets_pb2 import Phenopacket

    def kind(field: FieldDescriptor, name: str) -> str:
        several = "*" if field.is_repeated else ""
        if field.message_type is None:
            number = field.type in (field.TYPE_DOUBLE, field.TYPE_INT32, field.TYPE_UINT32)
            return ("number" if number else "flag" if field.type == field.TYPE_BOOL else "text") + several
        if name in ("interpretations", "files"):
            return "any"
        return "text" if field.message_type.name == "Timestamp" else field.message_type.name + several

    found: dict[str, dict[str, str]] = {}
    choices: dict[str, set[str]] = {}

    def walk(message: Descriptor) -> None:
        if message.name in found:
            return
        found[message.name] = {field.json_name: kind(field, field.json_name) for field in message.fields}
        if message.oneofs:
            choices[message.name] = {field.json_name for choice in message.oneofs for field in choice.fields}
        for field in message.fields:
            if field.message_type is not None and found[message.name][field.json_name] not in ("any", "text"):
                walk(field.message_type)

    walk(Phenopacket.DESCRIPTOR)
    assert phenopacket_schema.fields() == found
    assert {name: set(fields) for name, fields in phenopacket_schema.ALTERNATIVES.items()} == choices


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("name", sorted(file.name for file in BAD.glob("*.json")))
def test_bad_file(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    refused(BAD, name, monkeypatch, capsys)


def test_every_bad_file_has_its_message() -> None:
    names = {file.stem for file in BAD.glob("*.json")}
    assert len(names) > 30
    assert {file.stem for file in BAD.glob("*.expected")} == names


@pytest.mark.parametrize("case", PATIENTS)
def test_read_back_the_measurements_are_those_of_the_case(graph: OpenGraph, made: dict[str, bytes], case: str) -> None:
    text, name = text_of(made, case), Path(f"{case}.json")
    then = profile.of_case(graph, case)
    if not then.signals:
        with pytest.raises(Problems, match="no cytokine was measured"):
            profile_of(graph, name, text)
        return
    now = profile_of(graph, name, text)
    assert now is not None
    assert now.comparator == then.comparator
    assert [(s.cytokine, s.ratio, s.reported) for s in now.signals] == [
        (s.cytokine, s.ratio, s.reported) for s in then.signals
    ]


def drafted(graph: OpenGraph, text: str, name: str = "x.json") -> tuple[str, dict[str, Any]]:
    found = phenopacket_schema.parse(Path(name), text)
    assert found is not None
    made = case_template.case(graph, Path(name), found, reference="smith-2026", template=TEMPLATE)
    return made, tomllib.loads(made.replace("date = TODAY", "date = 2026-11-23"), parse_float=Decimal)


def given_of(value: object) -> object:
    """A value of a draft, None where the curator has to fill it in."""
    return None if isinstance(value, str) and OPEN.fullmatch(value) else value


def reported(value: object) -> object:
    return None if isinstance(value, str) and value in UNSAID else value.text if isinstance(value, Quantity) else value


@pytest.mark.parametrize("case", PATIENTS)
def test_drafted_back_the_case_is_that_of_the_facts(graph: OpenGraph, made: dict[str, bytes], case: str) -> None:
    record = CASES[case]
    (found,) = drafted(graph, text_of(made, case))[1]["case"]
    for key in ("age", "sex", "disease", "extent", "refractory", "disease_duration"):
        assert given_of(found[key]) == reported(getattr(record, key)), key
    for key in ("morphology", "comorbidity"):
        then = reported(getattr(record, key))
        assert sorted(given_of(found[key]) or []) == sorted(then if isinstance(then, tuple) else []), key  # type: ignore[call-overload]
    priors = reported(record.prior_treatment)
    now = found["prior_treatment"] if isinstance(found["prior_treatment"], list) else []
    assert sorted(row["treatment"] for row in now) == sorted(
        row.treatment for row in (priors if isinstance(priors, tuple) else ())
    )
    measured = reported(record.measurement)
    rows = found["measurement"] if isinstance(found["measurement"], list) else []
    keys = (
        "cytokine",
        "ratio",
        "direction",
        "authors_call",
        "comparator",
        "tissue",
        "analyte",
        "timing",
        "samples",
        "quote",
    )
    assert sorted(tuple(str(row.get(key)) for key in keys) for row in rows) == sorted(
        tuple(str(getattr(row, key)) for key in keys) for row in (measured if isinstance(measured, tuple) else ())
    )
    assert len(found["therapy"]) == len(record.therapy)
    for after, before in zip(found["therapy"], record.therapy, strict=True):
        for key in ("inhibitor", "dose", "frequency", "route", "duration"):
            assert given_of(after[key]) == reported(getattr(before, key)), key
        events = after["adverse_event"] if isinstance(after["adverse_event"], list) else []
        reported_events = before.adverse_event if isinstance(before.adverse_event, tuple) else ()
        assert sorted(event["condition"] for event in events) == sorted(e.condition for e in reported_events)
        outcomes = after["outcome"] if isinstance(after["outcome"], list) else []
        then_outcomes = before.outcome if isinstance(before.outcome, tuple) else ()
        assert sorted(
            (o["condition"], o["event"], o["grade"], str(o.get("percent")), o["quote"]) for o in outcomes
        ) == (sorted((o.condition, o.event, o.grade, str(o.percent), o.quote) for o in then_outcomes))
        if isinstance(before.relapse, r.Relapse):
            assert after["relapse"]["relapsed"] is before.relapse.relapsed
        else:
            assert given_of(after["relapse"]) is None


USERS: dict[str, Any] = {
    "id": "patient 7",
    "subject": {"id": "p7", "sex": "MALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P48Y6M"}}},
    "phenotypicFeatures": [
        {"type": {"id": "HP:0200034", "label": "Papule"}, "onset": {"age": {"iso8601duration": "P46Y"}}},
        {"type": {"id": "HP:0025528", "label": "Annular cutaneous lesion"}, "excluded": True},
        {"type": {"id": "HP:0000989", "label": "Pruritus"}},
    ],
    "diseases": [
        {"term": {"id": "DOID:3777", "label": "granuloma annulare"}},
        {"term": {"id": "MONDO:0005148", "label": "type 2 diabetes mellitus"}},
        {"term": {"id": "MONDO:0004979", "label": "asthma"}},
        {"term": {"id": "MONDO:0005044", "label": "hypertensive disorder"}, "excluded": True},
    ],
    "measurements": [
        {
            "assay": {"id": "LOINC:26881-3", "label": "Interleukin 6 [Ratio] in Skin"},
            "value": {"quantity": {"unit": {"id": "UO:0000190", "label": "ratio unit"}, "value": 3.5}},
            "timeObserved": {"timestamp": "2026-01-02T00:00:00Z"},
        },
        {
            "assay": {"id": "LOINC:1988-5", "label": "C reactive protein"},
            "value": {"quantity": {"unit": {"id": "UO:0000273", "label": "milligram per liter"}, "value": 4}},
        },
        {
            "assay": {"id": "UniProtKB:P01579", "label": "Interferon gamma protein level"},
            "value": {"ontologyClass": {"id": "PATO:0000470", "label": "increased amount"}},
            "description": "ELISA of a punch; comparator: own uninvolved skin",
        },
    ],
    "biosamples": [
        {
            "id": "s1",
            "measurements": [
                {
                    "assay": {"id": "X:1", "label": "OSM mRNA"},
                    "value": {"quantity": {"unit": {"id": "X:2", "label": "log2 fold change"}, "value": -1}},
                }
            ],
        }
    ],
    "medicalActions": [
        {
            "treatment": {
                "agent": {"id": "DrugCentral:4713", "label": "tofacitinib"},
                "routeOfAdministration": {"id": "NCIT:C38288", "label": "Oral Route of Administration"},
                "doseIntervals": [
                    {
                        "quantity": {"unit": {"id": "UO:0000022", "label": "milligram"}, "value": 5.0},
                        "scheduleFrequency": {"id": "NCIT:C64496", "label": "Twice Daily"},
                        "interval": {"start": "2026-01-03T00:00:00Z", "end": "2026-03-03T00:00:00Z"},
                    }
                ],
            },
            "adverseEvents": [{"id": "HP:0002315", "label": "Headache"}, {"id": "HP:0001945", "label": "Fever"}],
        },
        {"procedure": {"code": {"id": "MESH:D011701", "label": "PUVA Therapy"}}},
        {"treatment": {"agent": {"id": "CHEBI:15365", "label": "aspirin\nand \u2028 more"}}},
    ],
    "metaData": {"created": "2026-11-23T00:00:00Z", "createdBy": "a user", "phenopacketSchemaVersion": "2.0.2"},
}


ONE_SAMPLE: dict[str, Any] = {
    **USERS,
    "measurements": [],
    "biosamples": [
        {
            "id": "s1",
            "measurements": [
                {**one, "timeObserved": {"timestamp": "2026-01-02T00:00:00Z"}}
                for one in (*USERS["measurements"], *USERS["biosamples"][0]["measurements"])
            ],
        }
    ],
}
"""The same of one biosample at one time."""


def test_what_one_measurement_alone_says_of_its_sample_sets_it_apart(graph: OpenGraph) -> None:
    found = phenopacket.found_in(graph, Path("x.json"), json.dumps(USERS))
    assert found is not None
    said = "\n".join(map(str, found.problems))
    assert "timeObserved is said of 1 of 3 measurements, and samples are never pooled" in said
    assert "biosample is said of 1 of 3 measurements" in said


@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        ("visit: week 0; ", "visit: week 12; ", "visit"), ("left arm; ", "back; ", "description"),
        ("IL-21 at week 0; ", "IFN-g at week 12; ", "description"), ("patient P01; ", "patient P02; ", "description"),
    ],
)  # fmt: skip
def test_descriptions_that_tell_samples_apart(one: str, other: str, key: str) -> None:
    found = [phenopacket.sample_of({}, "", {"description": f"{text}comparator: healthy skin"}) for text in (one, other)]
    assert found[0].keys() == found[1].keys() == {key}
    assert found[0] != found[1]
    alike = [phenopacket.sample_of({}, "", {"description": f"{n} in lesional skin"}) for n in ("IL-21", "IFN-g")]
    assert alike[0] == alike[1]
    performed = {"procedure": {"code": {"id": "X:1"}, "performed": {"timestamp": "2024-01-01T00:00:00Z"}}}
    assert phenopacket.sample_of({}, "", performed) == {"performed": "2024-01-01T00:00:00Z"}


def test_the_phenopacket_of_a_user_is_answered(
    graph: OpenGraph, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "patient.phenopacket.json"
    file.write_text(json.dumps(ONE_SAMPLE), encoding="utf-8")
    assert main.main(["ask", str(file), "--comparator", "own uninvolved skin", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    signals = {signal["cytokine"]: (signal["ratio"], signal["direction"]) for signal in said["signals"]}
    assert signals == {"il6": (3.5, "raised"), "ifng": (None, "raised"), "osm": (0.5, "lowered")}
    assert {signal["comparator"] for signal in said["signals"]} == {"own-uninvolved-skin"}
    assert "Measurements that are of no cytokine: C reactive protein." in said["notes"]
    parts = "subject, phenotypicFeatures, diseases, biosamples, medicalActions"
    assert f"Parts that were not read: {parts}." in said["notes"]
    assert phenopacket.found_in(graph, file, '{"signals": []}') is None


def test_snake_case_and_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import io

    text = re.sub('"metaData"', '"meta_data"', json.dumps(ONE_SAMPLE)).replace(
        "phenopacketSchema", "phenopacket_schema_"
    )
    text = text.replace("phenopacket_schema_Version", "phenopacket_schema_version").replace(
        "ontologyClass", "ontology_class"
    )
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode("utf-16"))))
    assert main.main(["ask", "-", "--comparator", "healthy skin", "--format", "json"]) == 2
    assert "two comparators in one profile" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode("utf-16"))))
    assert main.main(["ask", "-", "--comparator", "own uninvolved skin", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["signals"]) == 3


def test_the_phenopacket_of_a_user_is_drafted_and_nothing_is_lost(graph: OpenGraph) -> None:
    text, found = drafted(graph, json.dumps(USERS))
    (case,) = found["case"]
    assert (case["age"], case["sex"], case["disease"]) == ("48 years", "male", "granuloma-annulare")
    assert (case["morphology"], case["comorbidity"]) == (["papular"], ["type-2-diabetes"])
    assert [row["treatment"] for row in case["prior_treatment"]] == ["puva"]
    assert [(row["cytokine"], row.get("ratio"), row.get("direction")) for row in case["measurement"]] == [
        ("il6", Decimal("3.5"), None),
        ("ifng", None, "raised"),
    ]
    (therapy,) = case["therapy"]
    assert [therapy[key] for key in ("inhibitor", "dose", "frequency", "route")] == [
        "tofacitinib", "5 mg", "twice daily", "oral",
    ]  # fmt: skip
    assert [event["condition"] for event in therapy["adverse_event"]] == ["fever"]
    comments = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    said = [
        "phenotypicFeatures[0].onset", "phenotypicFeatures[1]", "phenotypicFeatures[2]", "diseases[2]", "diseases[3]",
        "measurements[0].timeObserved", "measurements[1]", "measurements[2].description", "biosamples[0]",
        "medicalActions[0].treatment.doseIntervals[0].interval", "medicalActions[0].adverseEvents[0]",
        "medicalActions[2]", "subject.timeAtLastEncounter", "subject.id", "id", "metaData.created",
        "metaData.createdBy", "metaData.phenopacketSchemaVersion",
    ]  # fmt: skip
    for path in said:
        assert f"\n# {path}" in comments, path
    mapped = (
        "subject.sex", "phenotypicFeatures[0].type", "diseases[0].term", "diseases[1].term", "measurements[0].assay",
        "measurements[0].value", "measurements[2].assay", "measurements[2].value", "medicalActions[0].treatment.agent",
        "medicalActions[0].treatment.route", "medicalActions[0].treatment.doseIntervals[0].quantity",
        "medicalActions[0].treatment.doseIntervals[0].schedule", "medicalActions[0].adverseEvents[1]",
        "medicalActions[1].procedure.code",
    )  # fmt: skip
    for path, value in leaves(USERS):
        if not path.startswith(mapped):
            escaped = json.dumps(value, ensure_ascii=False)[1:-1].replace("\u2028", "\\u2028")
            assert escaped.lower() in comments.lower(), path


def test_a_draft_that_was_filled_in_is_a_report(graph: OpenGraph, made: dict[str, bytes]) -> None:
    text, found = drafted(graph, text_of(made, "khurana-2025-1"))
    with pytest.raises(ValueError, match="still the template's"):
        r.Report.model_validate(found)
    filled = text.replace("date = TODAY", "date = 2026-11-23").replace("<a term of ECO>", "ECO:0000009")
    filled = filled.replace("<your name>", "a curator").replace("REFERENCE", "smith-2026")
    report = r.Report.model_validate(tomllib.loads(re.sub(r'"<[^"]*>"', '"words"', filled), parse_float=Decimal))
    (case,) = report.case
    assert isinstance(case.measurement, tuple)
    assert {row.cytokine: row.ratio for row in case.measurement} == {
        "il21": Decimal("2.33"), "ifng": Decimal("0.08"), "il15": Decimal("0.96"),
    }  # fmt: skip


def test_new_case_from_a_phenopacket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.json").write_text(json.dumps(USERS), encoding="utf-8")
    Path("signals.json").write_text('{"signals": []}', encoding="utf-8")
    assert main.main(["new", "case", "miller-2026", "--from", "p.json"]) == 0
    written = tomllib.loads(Path("miller-2026.toml").read_text(encoding="utf-8"))
    assert (written["reference"], written["case"][0]["id"]) == ("miller-2026", "miller-2026-1")
    capsys.readouterr()
    for given_file, said in (
        ("signals.json", "signals.json: this is not a phenopacket: give one of version 2, in JSON\n"),
        ("none.json", "none.json: cannot be read (No such file or directory): give a phenopacket in JSON\n"),
    ):
        assert main.main(["new", "case", "doe-2026", "--from", given_file]) == 2
        assert capsys.readouterr().err == said
    assert not Path("doe-2026.toml").exists()


KEYS = st.sampled_from(["id", "label", "value", "unit", "assay", "x"])
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.conformance
@settings(max_examples=150, deadline=None)
@given(where=st.integers(0, 10_000), value=JSON_VALUES)
def test_a_changed_phenopacket_is_read_or_its_problems_are_named(graph: OpenGraph, where: int, value: Any) -> None:
    copy = json.loads(json.dumps(USERS))
    nodes: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for key, item in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
            nodes.append((node, key))
            walk(item)

    walk(copy)
    node, key = nodes[where % len(nodes)]
    node[key] = value
    name, text = Path("x.json"), json.dumps(copy)
    with contextlib.suppress(Problems):  # anything else that is raised fails
        found = phenopacket_schema.parse(name, text)
        if found is not None:
            tomllib.loads(case_template.case(graph, name, found, reference="a-1", template="[[case]]"))
            profile_of(graph, name, text, Reading(comparator="own uninvolved skin"))
