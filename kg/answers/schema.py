"""The JSON form of an answer: a contract. Keys are added, never renamed."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from kg.answers.ranking import Answer, KinaseAnswer, Row
from kg.calculus import blockade as m
from kg.profiles.profile import Signal


def contract(answer: Answer) -> dict[str, Any]:
    """Return the answer as the JSON contract of the README: keys are added, never renamed.

    Thresholds are in nM, ratios to the comparator; ``score`` and ``blockade`` are [lo, hi], each from 0 to 1.

    >>> from kg.answers import ranking
    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> contract(ranking.compose(graph, profile.of_case(graph, "khurana-2025-1")))["settings"]
    {'threshold_nM': 100, 'require': 'share', 'raised': 1.5}
    """
    settings = answer.settings
    return {
        "graph": {"version": answer.version, "digest": answer.digest},
        "patient": answer.profile.case,
        "settings": {
            "threshold_nM": _number(settings.threshold),
            "require": settings.require,
            "raised": _number(settings.raised),
        },
        "signals": [_signal(answer, signal) for signal in answer.profile.signals],
        "drugs": [_row(answer, row) for row in answer.rows],
        "drugs_left_out": answer.left_out,
        "observed": list(answer.observed),
        "not_raised": [signal.cytokine for signal in answer.not_raised],
        "without_jak": [signal.cytokine for signal in answer.without_jak],
        "not_measured": list(answer.not_measured),
        "conflicts": [asdict(conflict) for conflict in answer.conflicts],
        "disagreements": list(answer.disagreements),
        "in_cells": [asdict(finding) for finding in answer.in_cells],
        "hypotheses": list(answer.hypotheses),
        "notes": list(answer.notes),
    }


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema, draft 2020-12, of the answer that ``kg ask --format json`` prints.

    >>> json_schema()["properties"]["drugs_left_out"]["type"]
    'integer'
    """
    from pydantic import TypeAdapter

    from kg.answers.contract import AnswerJson

    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **TypeAdapter(AnswerJson).json_schema()}


def _signal(answer: Answer, signal: Signal) -> dict[str, Any]:
    raised = answer.settings.raised
    return {
        "cytokine": signal.cytokine,
        "input": signal.input,
        "ratio": None if signal.ratio is None else _number(signal.ratio),
        "log2": signal.log2,
        "direction": signal.direction(raised),
        "reported_direction": signal.reported,
        "comparator": answer.profile.comparator,
        "weight": signal.weight(raised),
        "through_jak": signal.jak or "unknown",
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _row(answer: Answer, row: Row) -> dict[str, Any]:
    return {
        "drug": row.drug.id,
        "score": list(row.score),
        "binding_mode": row.drug.mode,
        "approved": list(row.drug.approvals),
        "given_by": list(row.drug.routes),
        "signals": [
            {
                "cytokine": part.signal.cytokine,
                "blockade": list(part.blockade),
                "verdict": part.verdict,
                "weight": part.weight,
                "ratio": None if part.signal.ratio is None else _number(part.signal.ratio),
                "routes": [
                    {
                        "receptor": route.receptor,
                        **_claimed(answer, part.signal.cytokine, "binds-receptor", route.receptor),
                        "kinases": [
                            {**_kinase_json(kinase), **_claimed(answer, route.receptor, "needs", kinase.kinase)}
                            for kinase in route.kinases
                        ],
                    }
                    for route in part.routes
                ],
            }
            for part in row.parts
        ],
        "note": row.drug.note,
    }


def _claimed(answer: Answer, about: str, relation: str, target: str) -> dict[str, Any]:
    """Return the claim of a part and the evidence that supports it, as CURIEs of the graph."""
    claim = f"claim-{about}-{relation}-{target}"
    return {"claim": f"kg:{claim}", "evidence": [f"kg:{name}" for name in answer.evidence.get(claim, ())]}


def _kinase_json(kinase: KinaseAnswer) -> dict[str, Any]:
    return {
        "kinase": kinase.kinase,
        "hit": kinase.hit.value,
        "why": kinase.hit.why,
        "measurements": [{**_measurement(row), "says": says} for row, says in kinase.compared],
        "not_compared": [_measurement(row) for row in kinase.not_compared],
    }


def _measurement(row: m.Measurement) -> dict[str, Any]:
    exact = row.low if row.low is not None and row.low == row.high else None
    ends = {
        "low": None if row.low is None else _number(row.low),
        "high": None if row.high is None else _number(row.high),
    }
    one = exact if exact is not None else (row.low if row.high is None else row.high if row.low is None else None)
    return {
        "value": row.reported if one is None else _number(one),
        "relation": row.relation,
        "unit": row.unit,
        "measure": row.measure,
        "reference": "; ".join(row.references) or None,
        **ends,
        "domain": row.domain,
        "atp": row.atp,
        "species": row.species,
        "verified": row.verified,
        "obtained_from": list(row.obtained_from),
        "id": f"kg:{row.id}",
        "note": row.note,
    }
