"""What regulators warn of with each inhibitor, as far as it was read."""

from dataclasses import dataclass

from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Row


@dataclass(frozen=True, slots=True)
class RegulatorWarning:
    """What a regulator warns of with an inhibitor, or with one product of it; ``says`` are the risks."""

    authority: str
    kind: str
    product: str | None
    since: str | None
    says: tuple[str, ...]
    quote: str
    reference: str
    citation: str


def safety_warnings(graph: OpenGraph) -> dict[str, tuple[RegulatorWarning, ...]]:
    """Return the safety warnings of each inhibitor, as far as they were read: none does not mean that there is none.

    >>> import kg
    >>> sorted({warning.authority for warning in safety_warnings(kg.open())["tofacitinib"]})
    ['EU', 'USA']
    """
    rows: dict[str, list[Row]] = {}
    for row in graph.rows("safety_warnings_of_inhibitors"):
        rows.setdefault(row["warning"], []).append(row)
    found: dict[str, list[RegulatorWarning]] = {}
    for same in rows.values():
        row = same[0]
        warning = RegulatorWarning(
            authority=row["authority"], kind=row["kind"], product=row["product"], since=row["since"],
            says=tuple(str(other["says"]) for other in same), quote=row["quote"], reference=row["reference"],
            citation=row["citation"],
        )  # fmt: skip
        found.setdefault(row["inhibitor"], []).append(warning)
    return {name: tuple(warnings) for name, warnings in found.items()}
