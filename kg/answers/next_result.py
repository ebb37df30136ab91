"""What one more result could change: which cytokine to measure, which drug to assay, so that the first drug changes.

It is no test order: it says on which results, not yet there, the first rank hangs.

>>> import kg
>>> found = kg.open().next("khurana-2025-1")
>>> found.first, [(one.label, one.ratio, one.first) for one in found.measure if one.implicated]
(('tofacitinib',), [])
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from kg.answers.caveats import named, plain
from kg.answers.ranking import of_this_edition
from kg.calculus import ranking as order
from kg.calculus.mechanism import DEFAULT, Settings
from kg.calculus.next_measurement import Assay, assays, first, measurements
from kg.document.blocks import Block, Document, Paragraph, Section, Table
from kg.profiles.profile import Profile, weights
from kg.sparql.graph import OpenGraph

ORDER: Final = (
    "This is no test order: it says on which results the ranking hangs, not what should be measured in a patient."
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A cytokine that was not measured: raised from ``ratio`` on, it makes the drugs ``first`` the first ones.

    ``signal`` names the cytokines with the same set of routes; each of them would do.
    """

    cytokine: str
    label: str
    signal: tuple[str, ...]
    ratio: Decimal
    first: tuple[str, ...]
    implicated: bool


@dataclass(frozen=True, slots=True)
class Next:
    """What one more result could change; ``first`` are the approved systemic drugs of rank 1 now.

    >>> import kg
    >>> kg.open().next("khurana-2025-1").first
    ('tofacitinib',)
    """

    title: str
    first: tuple[str, ...]
    measure: tuple[Measure, ...]
    assays: tuple[Assay, ...]
    settings: Settings
    labels: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return it as the JSON of ``kg next``: keys are added, never renamed.

        >>> import kg
        >>> kg.open().next({"IL-21": 1}, comparator="healthy skin").to_dict()["measure"][0]["ratio"]
        1.5
        """
        return {
            "measure": [
                {
                    "cytokine": one.cytokine,
                    "could_change_to": list(one.first),
                    "ratio": float(one.ratio),
                    "signal": list(one.signal),
                    "implicated": one.implicated,
                }
                for one in self.measure
            ],
            "assays": [
                {"drug": one.drug, "kinase": one.kinase, "could_change_to": list(one.first), "result": one.result}
                for one in self.assays
            ],
            "first": list(self.first),
        }

    def _repr_html_(self) -> str:
        from kg.document import html

        return html.fragment(document(self))


def of(graph: OpenGraph, profile: Profile, settings: Settings = DEFAULT) -> Next:
    """Return what one more result could change for a patient: cytokines that are implicated in the disease first.

    >>> import kg
    >>> from kg.profiles import profile
    >>> graph = kg.open()
    >>> of(graph, profile.of_case(graph, "khurana-2025-1")).assays[0].drug
    'golidocitinib'
    """
    of_this_edition(graph)
    table = graph.mechanism
    raised = weights((signal for signal in profile.signals if signal.is_raised(settings)), settings)
    measured = {signal.cytokine for signal in profile.signals}
    implicated = {row["cytokine"] for row in graph.rows("cytokines_implicated_in_granuloma_annulare")}
    found = []
    for change in measurements(table, raised, measured, settings):
        mine = [name for name in change.cytokines if name in implicated]
        cytokine = (mine or change.cytokines)[0]
        label = graph.labels.get(cytokine, cytokine)
        found.append(Measure(cytokine, label, change.cytokines, change.ratio, change.first, bool(mine)))
    found.sort(key=lambda one: (not one.implicated, one.cytokine))
    return Next(
        title=profile.title,
        first=first(order.rank(table, raised, settings, drugs=table.systemic)),
        measure=tuple(found),
        assays=tuple(assays(table, raised, settings)),
        settings=settings,
        labels={drug.id: drug.label for drug in table.drugs.values()},
    )


def document(found: Next) -> Document:
    """Return what one more result could change, for a reader.

    >>> import kg
    >>> document(kg.open().next("khurana-2025-1")).title
    'What could one more result change for khurana-2025-1?'
    """
    now = _names(found, found.first) if found.first else "none, as nothing is raised"
    blocks: list[Block] = [Paragraph([f"First of the approved systemic drugs now: {now}.", ORDER])]
    mine = [one for one in found.measure if one.implicated]
    rest = [one for one in found.measure if not one.implicated]
    parts: list[Block] = []
    if mine:
        rows = [[one.label, f"from {plain(one.ratio)}-fold", _names(found, one.first)] for one in mine]
        parts.append(Table(["cytokine", "if raised", "would come first"], rows))
    parts.append(Paragraph(list(_rest(mine, rest))))
    blocks.append(Section("Cytokines not measured", parts))
    if found.assays:
        words = {"yes": "inhibited", "no": "not inhibited"}
        cells = [
            [found.labels[one.drug], one.kinase.upper(), words[one.result], _names(found, one.first)]
            for one in found.assays
        ]
        note = f"Inhibited: IC50 at or below {plain(found.settings.threshold)} nM."
        table = Table(["drug", "kinase", "if", "would come first"], cells)
        blocks.append(Section("Potencies not known", [table, Paragraph([note])]))
    else:
        blocks.append(Section("Potencies not known", [Paragraph(["None could change which drug comes first."])]))
    return Document(f"What could one more result change for {found.title}?", blocks)


def _rest(mine: Sequence[Measure], rest: Sequence[Measure]) -> Iterator[str]:
    if not mine:
        yield "None that is implicated in granuloma annulare could change which drug comes first."
    if rest:
        many = f"{len(rest)} other signal{'s' * (len(rest) != 1)}"
        yield f"{many}, not implicated in the disease, could change it: --format json names them."


def _names(found: Next, drugs: Sequence[str]) -> str:
    return named([found.labels[name] for name in drugs], 4)
