"""The tables that the calculus reads, from the rows of the facts by plain loops: no graph, query or record of kg."""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import oracle

Row = Mapping[str, str]
Claim = tuple[str, str, str]
"""Relation, about, object."""


class Tables(NamedTuple):
    """What the oracle computes with, the needs by databases only, whether a ligand signals by a JAK, and the cases."""

    world: oracle.World
    by_database_only: frozenset[tuple[str, str]]
    jak: Mapping[str, str]
    cases: Mapping[str, list[oracle.Entry]]


def rows(facts: Path, name: str) -> Iterator[Row]:
    for file in sorted(facts.glob(name)):
        with file.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def many(cell: str) -> list[str]:
    return [word.strip() for word in cell.split(";") if word.strip()]


def read(facts: Path, settings: oracle.Settings) -> Tables:
    """The tables of a folder of facts."""
    said = evidence(facts)
    decided = {(row["relation"], row["about"], row["object"]): row["accept"] for row in rows(facts, "decisions.tsv")}

    def stands(claim: Claim) -> bool:
        return oracle.accepted({row.stance for row in said.get(claim, [])}, decided.get(claim))

    ligands = list(rows(facts, "ligands.tsv"))
    pairs: dict[tuple[str, str], list[oracle.Said]] = {}
    for (relation, about, what), found in said.items():
        if relation in ("needs", "uses"):
            pairs.setdefault((about, what), []).extend(found)
    settled = {}
    for (receptor, kinase), found in pairs.items():
        of_pair = {
            word: decided[word, receptor, kinase] for word in ("needs", "uses") if (word, receptor, kinase) in decided
        }
        settled[receptor, kinase] = oracle.stands(found, of_pair)
    routes: dict[str, list[oracle.Route]] = {}
    for relation, ligand, receptor in said:
        if relation == "binds-receptor" and stands((relation, ligand, receptor)):
            needs = frozenset(kinase for (about, kinase), one in settled.items() if about == receptor and one.needs)
            uses = frozenset(kinase for (about, kinase), one in settled.items() if about == receptor and one.uses)
            routes.setdefault(ligand, []).append(oracle.Route(receptor, needs, uses))
    no_jak = {row["id"] for row in rows(facts, "receptor_families.tsv") if row["carries_jak"] == "no"}
    jak = {}
    for ligand in (row["id"] for row in ligands):
        other = {what for relation, about, what in said if (relation, about) == ("signals-through", ligand)}
        if any(route.needs for route in routes.get(ligand, [])):
            jak[ligand] = "yes"
        elif other & no_jak:
            jak[ligand] = "no"
        else:
            jak[ligand] = "unknown"
    parts = {row["id"]: many(row["parts"]) for row in ligands if row["parts"]}
    jak.update({row["id"]: "part" for row in ligands if row["kind"] == "part"})
    sets = {row["label"]: many(row["members"]) for row in rows(facts, "cytokine_sets.tsv")}
    world = oracle.World(drugs(facts), routes, parts, sets)
    alone = frozenset(pair for pair, one in settled.items() if one.by_database_only)
    return Tables(world, alone, jak, cases(facts, jak, settings))


def evidence(facts: Path) -> dict[Claim, list[oracle.Said]]:
    """Every row of evidence, of the tables and of the reports."""
    found: dict[Claim, list[oracle.Said]] = {}
    for row in rows(facts, "claims/*.tsv"):
        said = oracle.Said(
            row["relation"],
            row["stance"],
            row.get("loss") or None,
            row.get("lost_in") or None,
            row.get("effect") or None,
        )
        found.setdefault((row["relation"], row["about"], row["object"]), []).append(said)
    for report in reports(facts):
        for row in report.get("statement", []):
            found.setdefault((row["relation"], row["about"], row["object"]), []).append(
                oracle.Said(row["relation"], row["stance"])
            )
    return found


def reports(facts: Path) -> Iterator[Mapping[str, Any]]:
    for file in sorted(facts.glob("cases/*.toml")):
        yield tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)


def drugs(facts: Path) -> list[oracle.Drug]:
    """The drugs with what was measured, the bounds that ratios give, and the group of their approved products."""
    potency = list(rows(facts, "potency.tsv"))
    cited: dict[str, set[str]] = {}
    for link in rows(facts, "reference_links.tsv"):
        cited.setdefault(link["reference"], set()).add(link["other"])
    approved = [row for row in rows(facts, "approvals.tsv") if row["for_species"] == "human"]
    found: list[oracle.Drug] = []
    for row in rows(facts, "inhibitors.tsv"):
        measured: dict[str, list[oracle.Measurement]] = {}
        for line, one in enumerate(potency):
            if one["inhibitor"] != row["id"]:
                continue
            measured.setdefault(one["kinase"], []).append(measurement(str(line), one))
            if one["base"] and has_base(one, potency, cited):
                measured[one["kinase"]].append(bound(f"{line}-derived", one))
        given = {approval["route"] for approval in approved if approval["inhibitor"] == row["id"]}
        group = "systemic" if given - {"topical"} else "topical" if given else "not approved"
        found.append(
            {
                "name": row["id"], "allosteric": row["mode"].startswith("allosteric"), "measurements": measured,
                "functional_target": row["functional_target"] or None, "group": group,
                "species": row["intended_species"],
            }
        )  # fmt: skip
    return found


def measurement(name: str, row: Row) -> oracle.Measurement:
    low, high = oracle.ends_of(row["relation"], row["value"])
    return {
        "id": name, "measure": row["measure"], "relation": row["relation"] or None, "low": low, "high": high,
        "unit": row["unit"] or None, "domain": row["domain"] or None, "species": row["species"],
        "verified": row["status"] == "verified", "spared": row["says"] == "spared", "derived": False,
    }  # fmt: skip


def bound(name: str, row: Row) -> oracle.Measurement:
    low, high = oracle.derived_ends(row["relation"], row["value"], row["base"])
    return {
        **measurement(name, row), "low": low, "high": high, "unit": "nM", "measure": "IC50", "derived": True,
    }  # fmt: skip


def has_base(ratio: Row, potency: list[Row], cited: Mapping[str, set[str]]) -> bool:
    """Whether the base of a ratio is a value of its source, or of one that this source cites (CHOICE: by any link)."""
    mine = sources(ratio)
    near = mine | {other for source in mine for other in cited.get(source, ())}
    return any(
        (row["inhibitor"], row["kinase"], row["value"]) == (ratio["inhibitor"], ratio["over_kinase"], ratio["base"])
        and (row["measure"], row["status"], row["species"]) == ("IC50", "verified", "human")
        and sources(row) & near
        for row in potency
    )


def sources(row: Row) -> set[str]:
    return set(many(row["reference"]) or many(row["obtained_from"]))


def cases(facts: Path, jak: Mapping[str, str], settings: oracle.Settings) -> dict[str, list[oracle.Entry]]:
    """Case -> its measured cytokines."""
    found: dict[str, list[oracle.Entry]] = {}
    for report in reports(facts):
        for case in report.get("case", []):
            measured = case.get("measurement", ())  # a word where nothing was measured
            found[case["id"]] = [entry(one, jak, settings) for one in measured if isinstance(one, dict)]
    return found


def entry(row: Mapping[str, object], jak: Mapping[str, str], settings: oracle.Settings) -> oracle.Entry:
    ratio, q, cytokine = row.get("ratio"), row.get("adjusted_p"), str(row["cytokine"])
    said = row.get("direction") or row.get("authors_call")
    return {
        "cytokine": cytokine, "ratio": None if ratio is None else Fraction(str(ratio)),
        "direction": None if said is None else str(said), "jak": jak[cytokine],
        "significant": oracle.significant(None if q is None else Fraction(str(q)), settings),
    }  # fmt: skip
