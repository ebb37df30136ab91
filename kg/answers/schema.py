"""The JSON form of an answer: a contract. Keys are added, never renamed."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from kg import calculus as m
from kg.answers.cell_assays import Finding
from kg.answers.context import Observed, ObservedRelapse
from kg.answers.hits import KinaseAnswer
from kg.answers.ranking import Answer, DrugAnswer
from kg.calculus.robustness import End
from kg.model.vocabulary import EDITION
from kg.profiles.profile import MeasuredCytokine


def contract(answer: Answer) -> dict[str, Any]:
    """Return the answer as the JSON contract of the README: keys are added, never renamed.

    Thresholds are in nM, ratios to the comparator; ``score`` and ``blockade`` are [lo, hi], each from 0 to 1.

    >>> from kg.answers import ranking
    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> contract(ranking.compose(graph, profile.of_case(graph, "khurana-2025-1")))["settings"]
    {'threshold_nM': 100, 'require': 'share', 'raised': 1.5, 'fdr': 0.05, 'derived': True}
    """
    settings = answer.settings
    return {
        "graph": {"version": answer.version, "digest": answer.digest},
        "calculus": EDITION,
        "patient": answer.profile.case,
        "settings": {
            "threshold_nM": _number(settings.threshold),
            "require": settings.require,
            "raised": _number(settings.raised),
            "fdr": _number(settings.fdr),
            "derived": settings.derived,
        },
        "signals": [_signal(answer, signal) for signal in answer.profile.signals],
        "drugs": [_row(answer, row) for row in answer.rows],
        "drugs_left_out": answer.left_out,
        "observed": [_observed(seen) for seen in answer.observed],
        "not_raised": [signal.cytokine for signal in answer.not_raised],
        "without_jak": [signal.cytokine for signal in answer.without_jak],
        "not_measured": list(answer.not_measured),
        "conflicts": [asdict(conflict) for conflict in answer.conflicts],
        "disagreements": list(answer.disagreements),
        "in_cells": [_in_cells(finding) for finding in answer.in_cells],
        "hypotheses": list(answer.hypotheses),
        "notes": list(answer.notes),
        "caveats": list(answer.caveats),
        "comparator_known": answer.comparator_known,
        "activity": tracks_of(answer),
        "understood": answer.profile.understood.to_dict() if answer.profile.understood else None,
    }


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema, draft 2020-12, of the answer that ``kg ask --format json`` prints.

    >>> json_schema()["properties"]["drugs_left_out"]["type"]
    'integer'
    """
    from pydantic import TypeAdapter

    from kg.answers.contract import AnswerJson

    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **TypeAdapter(AnswerJson).json_schema()}


def tracks_of(answer: Answer) -> dict[str, Any] | None:
    """Return what the target genes of a table say, None where there is no such table.

    >>> import kg
    >>> tracks_of(kg.open().ask("khurana-2025-1"))
    """
    if answer.tracks is None:
        return None
    from kg.answers import tracks

    return tracks.to_dict(answer.tracks)


def _signal(answer: Answer, signal: MeasuredCytokine) -> dict[str, Any]:
    return {
        "cytokine": signal.cytokine,
        "input": signal.input,
        "ratio": None if signal.ratio is None else _number(signal.ratio),
        "log2": signal.log2,
        "direction": signal.direction(answer.settings),
        "reported_direction": signal.reported,
        "comparator": answer.profile.comparator,
        "weight": None if signal.cytokine in answer.lighter else signal.weight(answer.settings),
        "through_jak": signal.jak or "unknown",
        "significant": signal.measured.significant(fdr=answer.settings.fdr),
        "adjusted_p": None if signal.adjusted_p is None else _number(signal.adjusted_p),
        "from_parts": bool(signal.parts),
        "signal": answer.signal_of.get(signal.cytokine, signal.cytokine),
    }


def _observed(seen: Observed) -> dict[str, Any]:
    found = asdict(seen) | {"outcomes": [asdict(outcome) for outcome in seen.outcomes]}
    if isinstance(seen.adverse_events, tuple):
        found["adverse_events"] = list(seen.adverse_events)
    if isinstance(seen.relapse, ObservedRelapse):
        found["relapse"]["followUp"] = found["relapse"].pop("follow_up")
        found["relapse"]["quote"] = found["relapse"].pop("quote")
    return found


def _in_cells(finding: Finding) -> dict[str, Any]:
    return {
        "drug": finding.drug, "cytokine": finding.cytokine, "label": finding.label, "says": finding.says,
        "source": finding.source, "quote": finding.quote, "rank": finding.other is not None, "other": finding.other,
        "agreement": finding.agreement,
    }  # fmt: skip


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _row(answer: Answer, row: DrugAnswer) -> dict[str, Any]:
    collateral, window = row.collateral, row.robustness.window
    return {
        "drug": row.drug.id,
        "group": row.drug.group,
        "rank": list(row.rank),
        "status": row.drug.status,
        "score": list(row.score),
        "collateral": {
            "score": _interval(collateral.score),
            "blocked": collateral.blocked,
            "of": collateral.of,
            "sets": {name: _interval(score) for name, score in collateral.sets.items()},
        },
        "frontier": row.frontier,
        "window": None if window is None else {"from": _end(window.lower), "to": _end(window.upper), "unit": "nM"},
        "hangs_on": [
            {
                "measurement": f"kg:{edge.measurement.id}",
                "kinase": edge.kinase,
                "value": _number(edge.value),
                "edge": edge.edge,
            }
            for edge in row.robustness.hangs_on
        ],
        "warnings": [
            {
                "authority": warning.authority,
                "kind": warning.kind,
                "product": warning.product,
                "since": warning.since,
                "says": "; ".join(warning.says),
                "quote": warning.quote,
                "reference": f"kg:{warning.reference}",
            }
            for warning in answer.warnings.get(row.drug.id, ())
        ],
        "binding_mode": row.drug.mode,
        "approved": list(row.drug.approvals),
        "given_by": list(row.drug.routes),
        "signals": [
            {
                "cytokine": part.signal.cytokine,
                "cytokines": [signal.cytokine for signal in part.signals],
                "blockade": list(part.blockade),
                "verdict": part.verdict,
                "weight": part.weight,
                "ratio": None if part.signal.ratio is None else _number(part.signal.ratio),
                "routes": [
                    {
                        "receptor": route.receptor,
                        **_claimed(answer, part.signal.cytokine, "binds-receptor", route.receptor),
                        "kinases": [
                            {**_kinase_json(kinase), **_claimed(answer, route.receptor, kinase.role, kinase.kinase)}
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


def _interval(score: m.Interval | None) -> list[float] | None:
    return None if score is None else list(score)


def _end(end: End | None) -> dict[str, Any] | None:
    return None if end is None else {"value": _number(end.value), "included": end.included}


def _claimed(answer: Answer, about: str, relation: str, target: str) -> dict[str, Any]:
    """Return the claim of a part and the evidence that supports it, as CURIEs of the graph."""
    claim = f"claim-{about}-{relation}-{target}"
    return {"claim": f"kg:{claim}", "evidence": [f"kg:{name}" for name in answer.evidence.get(claim, ())]}


def _kinase_json(kinase: KinaseAnswer) -> dict[str, Any]:
    return {
        "kinase": kinase.kinase,
        "role": kinase.role,
        "by_database_only": kinase.by_database_only,
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
        "derived": row.derived,
        "obtained_from": list(row.obtained_from),
        "id": f"kg:{row.id}",
        "note": row.note,
    }
