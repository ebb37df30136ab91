"""The phenopacket of a user's patient: read strictly by the schema of GA4GH, version 2, and its cytokines as a profile.

A measurement is of a cytokine where its assay is one, by identifier or by label. Its value is a ratio or a direction,
and its description names the comparator, as in ``comparator: own uninvolved skin``.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pyoxigraph import QuerySolutions

from kg.model.errors import Place, Problem
from kg.model.identifiers import OTHER_NAMES
from kg.model.vocabulary import PREFIXES, fold, local
from kg.profiles import phenopacket_terms as c
from kg.profiles.choices import AS_WRITTEN, Reading
from kg.profiles.columns import role
from kg.profiles.found import Found
from kg.profiles.grounding import Known, Names
from kg.profiles.layout import listed
from kg.profiles.phenopacket_schema import JSON, parse
from kg.profiles.sample_words import said
from kg.profiles.tabular import InputRow, shown
from kg.profiles.understood import Understood
from kg.sparql.graph import OpenGraph

CALLS: Final = {
    "jak:Raised": "raised", "jak:Lowered": "lowered", "jak:Unchanged": "unchanged",
    "PATO:0000470": "raised", "PATO:0001997": "lowered",
}  # fmt: skip
"""Term of a value -> direction; any other is known by its label."""
RATIOS: Final = ("UO:0010006", "UO:0000190")
NOISE: Final = re.compile(
    r"(?:(?<!\s)\s++)?[\[(,].*|(?<!\s)\s++(mRNA|protein|gene|transcript|expression|levels?|measurement|ratio)\b.*", re.I
)
"""What follows the name of a cytokine in the label of an assay, as in ``Interleukin 6 [Mass/volume] in Serum``."""


# --- its terms --------------------------------------------------------------------------------------------------------

ALL_OR_NONE: Final = ("timeObserved", "biosample", "timeOfCollection", "performed")
"""What one measurement alone says of its sample sets it apart from the others."""


class Things:
    """The things of the graph by identifier and by name, kind by kind.

    >>> import kg
    >>> things = Things(kg.open())
    >>> things.of("Inhibitor", {"id": "CHEBI:95341", "label": "baricitinib"})
    'baricitinib'
    >>> things.of("Ligand", {"id": "HGNC:5438", "label": "IL21"}) is None
    True
    """

    KINDS: Final = ("Ligand", "Inhibitor", "Treatment", "ConditionKind", "BodySite", "Comparator")

    def __init__(self, graph: OpenGraph) -> None:
        self.known: dict[str, dict[str, str]] = {kind: {} for kind in self.KINDS}
        kinds = " ".join(f"jak:{kind}" for kind in self.KINDS)
        prefixes = "\n".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in ("jak", "rdfs", "skos"))
        rows = graph.select(
            f"{prefixes} SELECT ?kind ?thing ?name ?how {{ VALUES ?kind {{ {kinds} }} ?thing a ?kind ; ?how ?name ."
            "FILTER (?how IN (rdfs:label, skos:altLabel, jak:symbol, jak:xref)) } ORDER BY ?kind ?thing ?how ?name"
        )
        assert isinstance(rows, QuerySolutions)  # noqa: S101 - a SELECT gives rows
        for row in rows:
            kind, thing, name, how = (row[key].value for key in ("kind", "thing", "name", "how"))
            names = self.known[local(kind)]
            names[f"kg:{local(thing)}"] = local(thing)
            names.setdefault(name.casefold() if local(how) == "xref" else f" {fold(name)}", local(thing))

    def of(self, kind: str, term: Mapping[str, str] | None) -> str | None:
        """Return the thing that an ontology class names; None where there is none, or identifier and label differ."""
        found = {self.by_id(kind, term), self.by_label(kind, term)} - {None}
        return found.pop() if len(found) == 1 else None

    def by_id(self, kind: str, term: Mapping[str, str] | None) -> str | None:
        """Return the thing with the identifier of an ontology class."""
        prefix, _, name = (term or {}).get("id", "").partition(":")
        if prefix != "kg":
            prefix, name = OTHER_NAMES.get(prefix.casefold(), prefix).casefold(), name.casefold()
        return self.known[kind].get(f"{prefix}:{name}")

    def by_label(self, kind: str, term: Mapping[str, str] | None) -> str | None:
        """Return the thing with the label of an ontology class."""
        return self.known[kind].get(f" {fold((term or {}).get('label', ''))}")


# --- its cytokines ----------------------------------------------------------------------------------------------------


def found_in(graph: OpenGraph, name: Path, text: str, *, reading: Reading = AS_WRITTEN) -> Found | None:
    """Return the cytokines that a phenopacket measured; None where the text is not a phenopacket.

    ``reading`` says once what every ratio is against, and of which sample. Raises Problems as :func:`parse` does; among
    its problems are a cytokine that is ambiguous, a value that is neither a ratio nor a direction, and several samples.

    >>> import kg
    >>> text = '''{"id": "a", "metaData": {"phenopacketSchemaVersion": "2.0"}, "measurements": [
    ...   {"assay": {"id": "HGNC:6005", "label": "IL21"},
    ...    "value": {"quantity": {"unit": {"id": "UO:0010006", "label": "ratio"}, "value": 2.33}}}]}'''
    >>> found = found_in(kg.open(), Path("a.json"), text, reading=Reading(comparator="own uninvolved skin"))
    >>> [entry.cells for entry in found.entries]
    [{'cytokine': 'IL21', 'ratio': '2.33'}]
    """
    packet = parse(name, text)
    if packet is None:
        return None
    problems: list[Problem] = []
    entries, unread, samples = [], [], []
    names, things = graph.once(Names), graph.once(Things)
    for path, measurement in measurements(packet):
        cytokine = assayed(names, things, measurement, Place(f"{name}: {path}"))
        if isinstance(cytokine, Problem):
            problems.append(cytokine)
        elif cytokine is None:
            unread.append(measurement.get("assay", {}).get("label") or measurement.get("assay", {}).get("id", path))
        else:
            place = Place(f"{name}: {path}")
            entries.append(InputRow(place, {"cytokine": cytokine} | cells(measurement, place, problems), nested=True))
            samples.append(sample_of(packet, path, measurement))
    if not entries and not problems:
        remedy = "add a measurement whose assay is a cytokine, as in HGNC:6005, its ratio and its comparator"
        problems.append(Problem(Place(name), "no cytokine was measured in this phenopacket", remedy))
    entries, where = _of_one_sample(name, entries, samples, reading, problems)
    said = [] if reading.comparator is None else [(Place("--comparator"), reading.comparator)]
    notes = [f"Parts that were not read: {', '.join(parts)}."] if (parts := _parts(packet)) else []
    if unread:
        labels = ", ".join(shown(label)[1:-1] for label in dict.fromkeys(unread))
        notes.append(f"Measurements that are of no cytokine: {labels}.")
    remedy = "say it in the description, as in 'comparator: own uninvolved skin', or once, by {}"
    understood = Understood(form="phenopacket", rows=len(entries) + len(unread), unknown=len(unread), where=where)
    return Found(
        name=name, understood=understood, entries=entries, said=said, notes=notes, problems=problems, remedy=remedy
    )


def sample_of(packet: JSON, path: str, measurement: JSON) -> dict[str, str]:
    """Return what a phenopacket says of the sample of a measurement: when and where it was taken.

    >>> sample_of({}, "measurements[0]", {"timeObserved": {"age": {"iso8601duration": "P40Y"}}})
    {'timeObserved': 'P40Y'}
    """
    stated = c.stated(measurement.get("description", ""))
    found: dict[str, str] = {key: stated[key] for key in ("tissue", "site", "timing") if key in stated}
    if time := _time(measurement.get("timeObserved")):
        found["timeObserved"] = time
    for part in measurement.get("description", "").split(";"):
        key, colon, value = part.partition(":")
        if colon and value.strip() and role(key.strip())[0] == "sample":
            found.setdefault(key.strip(), value.strip())
        elif not colon and (words := said(part)):
            found["description"] = words
    if time := _time(measurement.get("procedure", {}).get("performed")):
        found["performed"] = time
    if site := measurement.get("procedure", {}).get("bodySite"):
        found["bodySite"] = site.get("label") or site.get("id", "")
    if match := re.match(r"biosamples\[(\d+)\]", path):
        sample = packet["biosamples"][int(match[1])]
        found["biosample"] = sample.get("id") or match[1]
        if time := _time(sample.get("timeOfCollection")):
            found["timeOfCollection"] = time
    return found


def _time(element: JSON | None) -> str:
    """Return the time of an element as one text."""
    texts: list[str] = []

    def walk(part: object) -> None:
        if isinstance(part, dict):
            for key in sorted(part):
                walk(part[key])
        elif part is not None:
            texts.append(str(part))

    walk(element)
    return " ".join(texts)


def _of_one_sample(
    name: Path, entries: list[InputRow], samples: list[dict[str, str]], reading: Reading, problems: list[Problem]
) -> tuple[list[InputRow], dict[str, str]]:
    """Return the rows of the sample that was chosen; several samples are a problem with their values."""
    pairs = list(zip(entries, samples, strict=True))
    for key, wanted in reading.where:
        kept = [(entry, sample) for entry, sample in pairs if sample.get(key, "").casefold() == wanted.casefold()]
        if not kept:
            values = listed(sample.get(key, "") for sample in samples)
            remedy = f"it has {values}" if values else f"fields are {listed(key for one in samples for key in one)}"
            problems.append(Problem(Place(name), f"no measurement has {key} = {shown(wanted)}", remedy))
        pairs = kept or pairs
    for key in dict.fromkeys(key for _, sample in pairs for key in sample):
        stated = [sample.get(key, "") for _, sample in pairs]
        if len(set(filter(None, stated))) > 1:
            what = f"{key} has several values, and samples are never pooled: {listed(stated)}"
            way = shown(f"{key}={next(filter(None, stated))}")
            problems.append(Problem(Place(name), what, f"take one by --where {way}, or answer each by --by {key}"))
        elif key in ALL_OR_NONE and any(stated) and not all(stated):
            some = f"{key} is said of {sum(map(bool, stated))} of {len(stated)} measurements"
            what = f"{some}, and samples are never pooled: {listed(stated)}"
            way = shown(f"{key}={next(filter(None, stated))}")
            problems.append(Problem(Place(name), what, f"say it of all; --where {way} takes those that have it"))
    return [entry for entry, _ in pairs], dict(reading.where)


def measurements(packet: JSON) -> Iterator[tuple[str, JSON]]:
    """Yield the path and the content of each measurement, those of biosamples too.

    >>> list(measurements({"biosamples": [{"measurements": [{"description": "x"}]}]}))
    [('biosamples[0].measurements[0]', {'description': 'x'})]
    """
    for number, measurement in enumerate(packet.get("measurements", ())):
        yield f"measurements[{number}]", measurement
    for sample, biosample in enumerate(packet.get("biosamples", ())):
        for number, measurement in enumerate(biosample.get("measurements", ())):
            yield f"biosamples[{sample}].measurements[{number}]", measurement


def assayed(names: Names, things: Things, measurement: JSON, place: Place) -> str | Problem | None:
    """Return the name of the cytokine that was assayed; the problem with it; None where it is something else.

    >>> import kg
    >>> names, things = Names(kg.open()), Things(kg.open())
    >>> assayed(names, things, {"assay": {"label": "Interleukin 6 [Mass/volume] in Serum"}}, Place("a.json"))
    'Interleukin 6'
    >>> assayed(names, things, {"assay": {"label": "C reactive protein"}}, Place("a.json")) is None
    True
    """
    term = measurement.get("assay")
    if not term:
        return Problem(
            place, "the assay is missing, so nobody knows what was measured", "name it, as in HGNC:6005, IL21"
        )
    label = term.get("label", "")
    if term.get("id", "").startswith("jak:"):
        return None
    by_id = things.by_id("Ligand", term)
    candidates = [text for text in (label, NOISE.sub("", label)) if text.strip()]
    named = next((text for text in candidates if _is_known(names, text)), None)
    if named is not None and fold(named) not in names.ambiguous and by_id:
        known = names.known[fold(named)]
        if known.thing != by_id and known.kind == "Ligand":
            what = f"the assay is {term['id']}, which is {by_id}, and {shown(label)}"
            return Problem(place, what, "keep the one that was measured")
    if by_id:
        return by_id if named is None or fold(named) in names.ambiguous else named
    if named is not None:
        return named if fold(named) in names.ambiguous or names.known[fold(named)].kind == "Ligand" else None
    if _column(measurement.get("value", {}).get("quantity", {}).get("unit", {})):
        found = names.ground(label or term.get("id", ""), place)
        return found.thing if isinstance(found, Known) else found
    return None


def _is_known(names: Names, text: str) -> bool:
    return fold(text) in names.ambiguous or fold(text) in names.known


def _column(unit: Mapping[str, str]) -> str | None:
    """Return the column of a profile that a unit stands for: ratio or log2."""
    if unit.get("id") in RATIOS:
        return "ratio"
    column, contrast = role(unit.get("label", ""))
    return column if column in ("ratio", "log2") and not contrast else None


def cells(measurement: JSON, place: Place, problems: list[Problem]) -> dict[str, str]:
    """Return what a measurement says in the columns of a profile: ratio, log2 or direction, and comparator.

    A value that is neither is added to ``problems``.

    >>> value = {"quantity": {"unit": {"label": "fold change"}, "value": "2.33"}}
    >>> cells({"value": value, "description": "comparator: healthy skin"}, Place("a.json"), [])
    {'comparator': 'healthy skin', 'ratio': '2.33'}
    """
    stated = c.stated(measurement.get("description", ""))
    found = {"comparator": stated["comparator"]} if "comparator" in stated else {}
    if "authors' call" in stated:
        found["direction"] = stated["authors' call"]
    value = measurement.get("value", {})
    quantity, call = value.get("quantity"), value.get("ontologyClass")
    if "complexValue" in measurement:
        remedy = "write one ratio to the comparator, as value.quantity"
        problems.append(Problem(place, "the value is a complex one", remedy))
    elif quantity:
        column = _column(quantity.get("unit", {}))
        if column and "value" in quantity:
            found[column] = quantity["value"]
        else:
            unit = quantity.get("unit", {})
            what = f"the unit {shown(unit.get('label') or unit.get('id') or 'none')} is not a ratio to a comparator"
            what = "the quantity has no value" if column else what
            problems.append(Problem(place, what, "write the ratio, with the unit UO:0010006, or a direction: Raised"))
    elif call:
        found["direction"] = CALLS.get(call.get("id", ""), call.get("label", ""))
    return found


def _parts(packet: JSON) -> list[str]:
    return [key for key in packet if key not in ("id", "metaData", "measurements") and packet[key]]
