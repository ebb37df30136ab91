"""What a cohort says as a whole: how many measured what, which drugs come first, and how often the answer is open."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kg.document.blocks import Block, Document, Notes, Paragraph, Section, Table

SHOWN: Final = 20
"""Rows of a table on the page; the JSON has all."""
LEADING: Final = 5
"""Cytokines that are named of a stratum."""


def summary(
    counts: Mapping[str, Any], about: Mapping[str, Any], codebook: Mapping[str, Any], notes: Sequence[str]
) -> dict[str, Any]:
    """Return the summary of a cohort as JSON has it, from the sums of :mod:`kg.cohort.counts`.

    >>> empty = {key: 0 for key in ("rows", "patients", "rows_rejected", "patients_rejected", "open")}
    >>> empty |= {"reasons": {}, "status": {"ranked": 0}, "states": {}, "first": {}}
    >>> summary(empty, {"comparator": "own-baseline"}, {}, [])["comparator"]
    'own-baseline'
    """
    labels = codebook.get("leading", {})
    first = sorted(counts["first"].items(), key=lambda one: (-one[1]["patients"], one[0]))
    return {
        **about,
        **{key: counts[key] for key in ("rows", "patients", "rows_rejected", "patients_rejected")},
        "reasons_of_rejection": dict(sorted(counts["reasons"].items(), key=lambda one: (-one[1], one[0]))),
        "status": counts["status"],
        "open": counts["open"],
        "measured": {
            name: {"label": labels.get(name, name), "measured": sum(numbers.values()), **_counting(numbers)}
            for name, numbers in sorted(counts["states"].items())
        },
        "first_drugs": [
            {"drugs": drugs.split(" + ") if drugs else [], "patients": one["patients"], "open": one["open"],
             "raised": dict(sorted(one["raised"].items(), key=lambda pair: (-pair[1], pair[0])))}
            for drugs, one in first
        ],
        "notes": list(notes),
    }  # fmt: skip


def _counting(numbers: Mapping[str, int]) -> dict[str, int]:
    return {} if "measured" in numbers else dict(numbers)


def document(found: Mapping[str, Any]) -> Document:
    """Return a summary as what a person reads.

    >>> empty = {key: 0 for key in ("rows", "patients", "rows_rejected", "patients_rejected", "open")}
    >>> empty |= {"reasons": {}, "status": {"ranked": 0}, "states": {}, "first": {}}
    >>> about = {"comparator": "own baseline", "settings": {}, "graph": {"version": "1", "digest": "sha256:0"}}
    >>> document(summary(empty, about, {}, [])).title
    'Which drugs come first in 0 patients?'
    """
    ranked = found["status"].get("ranked", 0)
    lines = [
        f"Rows read: {found['rows']:,}; rejected: {found['rows_rejected']:,}. Patients answered: "
        f"{found['patients']:,}; not answered: {found['patients_rejected']:,}.",
        f"Drugs are ranked for {ranked:,} of them ({_share(ranked, found['patients'])}); "
        + "; ".join(f"{word} in {count:,}" for word, count in found["status"].items() if word != "ranked")
        + ".",
        f"The answer is open in {found['open']:,} ({_share(found['open'], ranked)}): the score of the first drugs is a "
        "range, as something that it rests on is not known.",
    ]
    blocks: list[Block] = [Paragraph(lines), _first(found, ranked), _measured(found)]
    if found["reasons_of_rejection"]:
        rows = [(reason, f"{count:,}") for reason, count in _top(list(found["reasons_of_rejection"].items()))]
        blocks.append(
            Section("Rejected rows", [Table(("reason", "rows"), rows), *_more(found["reasons_of_rejection"])])
        )
    settings = ", ".join(f"{name} {value}" for name, value in found["settings"].items())
    care = [
        "Expected from receptors and measured potencies; no rate of response. For research; not medical advice.",
        f"Ratios are against {found['comparator']}; settings: {settings}.",
        f"Graph {found['graph']['version']}, {found['graph']['digest']}.",
        *found["notes"],
    ]
    blocks.append(Section("How it was computed", [Notes(care)]))
    return Document(f"Which drugs come first in {found['patients']:,} patients?", blocks)


def _first(found: Mapping[str, Any], ranked: int) -> Section:
    labels = {name: one["label"] for name, one in found["measured"].items()}
    rows = [
        (
            ", ".join(one["drugs"]) or "none", f"{one['patients']:,}", _share(one["patients"], ranked),
            _share(one["open"], one["patients"]),
            ", ".join(f"{labels.get(name, name)} {_share(count, one['patients'])}"
                      for name, count in list(one["raised"].items())[:LEADING]),
        )
        for one in _top(found["first_drugs"])
    ]  # fmt: skip
    columns = ("first of the approved systemic drugs", "patients", "share", "open", "raised most often")
    return Section("Patients by the drugs that come first", [Table(columns, rows), *_more(found["first_drugs"])])


def _measured(found: Mapping[str, Any]) -> Section:
    ordered = sorted(found["measured"].values(), key=lambda one: (-one["measured"], one["label"]))
    words = ("raised", "lowered", "unchanged", "not significant")
    rows = [
        (
            one["label"] if "raised" in one else f"{one['label']} (does not count)", f"{one['measured']:,}",
            *(f"{one[word]:,}" if word in one else "-" for word in words),
        )
        for one in ordered
    ]  # fmt: skip
    return Section("What was measured", [Table(("cytokine", "measured", *words), rows)])


def _top(rows: Sequence[Any]) -> Sequence[Any]:
    return rows[:SHOWN]


def _more(rows: Any) -> list[Block]:
    return [Notes([f"{len(rows) - SHOWN:,} more are in summary.json."])] if len(rows) > SHOWN else []


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"
