"""A phenopacket as the beginning of a case file: what it says in our words, and all the rest of it as comments.

A curator completes it: what a phenopacket cannot say, such as a quote, stands there as ``<...>``, and ``kg check`` asks
for it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from kg.model.errors import Place, Problem
from kg.profiles import phenopacket
from kg.profiles import phenopacket_terms as c
from kg.profiles.grounding import Names
from kg.profiles.phenopacket import Things
from kg.profiles.phenopacket_schema import JSON
from kg.profiles.values import DIRECTIONS
from kg.sparql.graph import OpenGraph

ISO: Final = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(T.*)?", re.ASCII)
TIMES: Final = ("years", "months", "weeks", "days")
OWN: Final = re.compile(r"jak:(\w+)GranulomaAnnulare")


class Raw(str):
    """A value that TOML writes without quotes."""

    __slots__ = ()


def case(graph: OpenGraph, file: Path, found: JSON, *, reference: str, template: str) -> str:
    r"""Return the text of a case file that begins with a phenopacket, as ``phenopacket_schema.parse`` gave it.

    ``template`` is the template of a case file, of which the head is kept.

    >>> import kg
    >>> from kg.profiles.phenopacket_schema import parse
    >>> text = '{"id": "p1", "subject": {"sex": "MALE"}, "metaData": {"phenopacketSchemaVersion": "2.0"}}'
    >>> name = Path("p1.json")
    >>> made = case(kg.open(), name, parse(name, text), reference="smith-2026", template="# head\n[[case]]")
    >>> [line for line in made.splitlines() if line.startswith(("sex", "age", "# id"))]
    ['age = "<as in 48 years>"', 'sex = "male"', '# id = "p1"']
    """
    head = template.partition("# One [[case]]")[0].partition("[[case]]")[0]
    draft = _Draft(graph, file, found)
    blocks = [draft.patient(reference), *draft.before(), *draft.cytokines(), *draft.therapies()]
    rest = [f"# {path} = {_toml_safe(json.dumps(value, ensure_ascii=False))}" for path, value in draft.left()]
    told = f"# From {_toml_safe(json.dumps(file.name))}, a phenopacket. What it could not fill in stands as <...>."
    what = "# What of the phenopacket is not in the lines above:"
    text = "\n\n".join([head.strip(), told, *blocks, "\n".join([what, *rest] if rest else [])]).strip() + "\n"
    return text.encode("utf-8", "backslashreplace").decode()


def _toml_safe(text: str) -> str:
    """Return a text in JSON's escapes as TOML takes it, and on one line for every editor."""
    return re.sub("[\x7f\x85\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _written(value: object) -> str:
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return _toml_safe(json.dumps(str(value), ensure_ascii=False))


def _block(title: str, pairs: Mapping[str, object]) -> str:
    return "\n".join([title, *(f"{key} = {_written(value)}" for key, value in pairs.items() if value is not None)])


class _Draft:
    """A phenopacket on its way into a case file; remembers which of its parts were taken."""

    def __init__(self, graph: OpenGraph, file: Path, found: JSON) -> None:
        self.file, self.found = file, found
        self.names, self.things = graph.once(Names), graph.once(Things)
        self.taken: set[str] = set()
        self.own = {
            path: measurement
            for path, measurement in phenopacket.measurements(found)
            if measurement.get("assay", {}).get("id", "").startswith("jak:")
        }

    def left(self) -> Iterator[tuple[str, Any]]:
        """Yield the path and the content of each part that was not taken."""
        yield from self._left("", self.found)

    def _left(self, path: str, value: Any) -> Iterator[tuple[str, Any]]:
        inside = any(taken.startswith((f"{path}.", f"{path}[")) for taken in self.taken) or not path
        if path in self.taken:
            return
        if isinstance(value, dict) and (inside or path in ("subject", "metaData")):
            for key, item in value.items():
                yield from self._left(f"{path}.{key}" if path else key, item)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for number, item in enumerate(value):
                yield from self._left(f"{path}[{number}]", item)
        elif value not in ({}, []):
            yield path, value

    def take(self, path: str, *parts: str) -> None:
        self.taken |= {f"{path}.{part}" for part in parts} if parts else {path}

    # --- the patient ---

    def patient(self, reference: str) -> str:
        diseases = dict(self.conditions())
        main = "granuloma-annulare" if "granuloma-annulare" in diseases else None
        shapes, extents = self.lesions()
        pairs: dict[str, object] = {
            "id": f"{reference}-1",
            "printed_as": "<what the report calls the patient>",
            "kind": "individual",
            "age": self.age() or "<as in 48 years>",
            "sex": self.sex() or "<female or male>",
            "disease": main or "<an id of conditions.tsv>",
            "extent": extents[0] if len(extents) == 1 else "<generalised or localised>",
            "morphology": shapes or "<a list, as in papular, plaque>",
            "refractory": self.refractory() or "<yes>",
            "disease_duration": self.lasted() or "<as in 2 years>",
            "comorbidity": [name for name in diseases if name != main] or "<a list of ids of conditions.tsv>",
            "locator": "<where in the report: Table 1, row 2>",
            "quote": "<words on who the patient is and what disease it is>",
        }
        for key, tables in (("prior_treatment", self.before()), ("measurement", self.cytokines())):
            if not list(tables):
                pairs[key] = f"<[[case.{key}]] tables, or not reported>"
        if not list(self.therapies()):
            pairs["therapy"] = Raw("[]")
        return _block("[[case]]", pairs)

    def age(self) -> str | None:
        time = self.found.get("subject", {}).get("timeAtLastEncounter", {})
        span = time.get("ageRange")
        ends = [span.get("start", {}), span.get("end", {})] if span else [time.get("age", {})]
        low, *high = (ISO.fullmatch(end.get("iso8601duration", "")) for end in ends)
        if low is None or any(end is None for end in high):
            return None
        unit = next((n for n in range(4) if low[n + 1]), None)
        if unit is None or any(end is None or end[unit + 1] is None for end in high):
            return None
        numbers = [end[unit + 1] for end in (low, *high) if end]
        if not any(end[n] for end in (low, *high) if end for n in range(unit + 2, 6)):
            self.take("subject.timeAtLastEncounter")
        word = TIMES[unit].removesuffix("s") if numbers == ["1"] else TIMES[unit]
        return f"{'-'.join(numbers)} {word}"

    def sex(self) -> str | None:
        word = {"FEMALE": "female", "MALE": "male"}.get(self.found.get("subject", {}).get("sex", ""))
        if word:
            self.take("subject.sex")
        return word

    def conditions(self) -> Iterator[tuple[str, str]]:
        """Yield the conditions of the patient that the facts know, each with its path."""
        for field, key in (("diseases", "term"), ("phenotypicFeatures", "type")):
            for number, item in enumerate(self.found.get(field, ())):
                if not item.get("excluded") and (name := self.things.of("ConditionKind", item.get(key))):
                    self.take(f"{field}[{number}].{key}")
                    yield name, f"{field}[{number}]"

    def lesions(self) -> tuple[list[str], list[str]]:
        """Return the morphology and the extent of the lesions."""
        shapes: dict[str, None] = {}
        extents: dict[str, None] = {}
        for number, feature in enumerate(self.found.get("phenotypicFeatures", ())):
            path, kind = f"phenotypicFeatures[{number}]", feature.get("type", {})
            own = OWN.fullmatch(kind.get("id", ""))
            word = _word(c.LESIONS, kind) or (own[1].lower() if own else None)
            if feature.get("excluded") or word not in (*c.MORPHOLOGIES, *c.EXTENTS):
                continue
            self.take(path, "type")
            (extents if word in c.EXTENTS else shapes)[str(word)] = None
            for place, modifier in enumerate(feature.get("modifiers", ())):
                if extent := _word(c.EXTENTS, modifier):
                    extents[extent] = None
                    self.take(f"{path}.modifiers[{place}]")
        return list(shapes), list(extents)

    def refractory(self) -> str | None:
        for path, measurement in self.own.items():
            value = measurement.get("value", {}).get("ontologyClass", {})
            if measurement["assay"]["id"] == "jak:refractory" and value.get("id") == c.PRESENT.id:
                self.take(path)
                return "yes"
        return None

    def lasted(self) -> str | None:
        for path, measurement in self.own.items():
            if measurement["assay"]["id"] == "jak:duration":
                self.take(path)
                words = c.stated(measurement.get("description", "")).get("duration")
                return words or _amount(measurement.get("value", {}).get("quantity"))
        return None

    # --- what was done ---

    def actions(self, kind: str) -> Iterator[tuple[str, JSON, str]]:
        """Yield path, action and thing of each action whose agent or procedure is a thing of a kind."""
        for number, action in enumerate(self.found.get("medicalActions", ())):
            for key, inner in (("treatment", "agent"), ("procedure", "code")):
                if name := self.things.of(kind, action.get(key, {}).get(inner)):
                    self.take(f"medicalActions[{number}]", f"{key}.{inner}")
                    yield f"medicalActions[{number}]", action, name

    def before(self) -> Iterator[str]:
        for path, action, treatment in self.actions("Treatment"):
            effect = "no improvement" if action.get("responseToTreatment", {}).get("id") == "jak:NoResponse" else None
            if effect:
                self.take(path, "responseToTreatment")
            self.target(path, action)
            pairs = {"treatment": treatment, "effect": effect or "<what it did, or not reported>"}
            yield _block("[[case.prior_treatment]]", pairs | {"quote": "<words on it>"})

    def target(self, path: str, action: JSON) -> None:
        if self.things.of("ConditionKind", action.get("treatmentTarget")) == "granuloma-annulare":
            self.take(path, "treatmentTarget")

    def cytokines(self) -> Iterator[str]:
        for path, measurement in phenopacket.measurements(self.found):
            name = phenopacket.assayed(self.names, self.things, measurement, Place(f"{self.file}: {path}"))
            known = None if name is None or isinstance(name, Problem) else self.names.ground(name, Place(self.file))
            if known is None or isinstance(known, Problem):
                continue
            problems: list[Problem] = []
            cells = phenopacket.cells(measurement, Place(f"{self.file}: {path}"), problems)
            ratio, call = cells.get("ratio"), DIRECTIONS.get(cells.get("direction", "").casefold())
            if problems or not (ratio or call):
                continue
            words = c.stated(measurement.get("description", ""))
            comparator = self.names.comparator(words.get("comparator", "-"), Place(self.file))
            self.take(path, "assay", "value")
            if "" not in words:
                self.take(path, "description")
            samples = words.get("samples", "")
            pairs: dict[str, object] = {
                "cytokine": known.thing,
                "ratio": Raw(ratio) if ratio else None,
                "direction": None if ratio else call,
                "authors_call": call if ratio else None,
                "comparator": comparator[0] if "comparator" in words and isinstance(comparator, tuple) else None,
                "tissue": words.get("tissue", "<as in lesional skin>"),
                "analyte": words.get("analyte", "<mRNA or protein>"),
                "method": "<a term of ECO>",
                "timing": words.get("timing", "<as in before treatment>"),
                "samples": Raw(samples) if samples.isdecimal() else "<how many>",
                "quote": words.get("quote", "<words on it>"),
            }
            pairs["comparator"] = pairs["comparator"] or "<an id of comparators.tsv>"
            yield _block("[[case.measurement]]", pairs)

    def therapies(self) -> Iterator[str]:
        for path, action, inhibitor in self.actions("Inhibitor"):
            self.target(path, action)
            own, course = self.course(inhibitor)
            dose, frequency = self.interval(path, action)
            route = _word(c.ROUTES, action["treatment"].get("routeOfAdministration", {}))
            if route:
                self.take(path, "treatment.routeOfAdministration")
            events = list(self.events(path, action))
            pairs: dict[str, object] = {
                "inhibitor": inhibitor,
                "dose": dose or course.get("dose", "<as in 4 mg>"),
                "frequency": frequency or course.get("frequency", "<once daily or twice daily>"),
                "route": route or "<oral or topical>",
                "duration": course.get("duration", "<as in 3 months>"),
                "stopped": course.get("stopped", "<yes or no>"),
                "stop_reason": course.get("stop reason"),
                "quote": course.get("quote", "<words on the drug and its dose>"),
                "outcome": None if (outcomes := list(self.outcomes(own))) else "<[[case.therapy.outcome]] tables>",
                "relapse": None
                if (relapse := list(self.relapses(own)))
                else "<a [case.therapy.relapse] table, or none>",
                "adverse_event": None if events else "<none, or [[case.therapy.adverse_event]] tables>",
            }
            blocks = [_block("[[case.therapy]]", pairs), *outcomes, *relapse]
            yield "\n\n".join([*blocks, *(_block("[[case.therapy.adverse_event]]", event) for event in events)])

    def course(self, inhibitor: str) -> tuple[dict[str, tuple[JSON, dict[str, str]]], dict[str, str]]:
        """Return our measurements of a therapy with what they state, by path, and what the one on its dose states."""
        own = {path: (m, c.stated(m.get("description", ""))) for path, m in self.own.items()}
        of_drug = {
            path: (m, words)
            for path, (m, words) in own.items()
            if self.things.by_label("Inhibitor", {"label": words.get("drug", "")}) == inhibitor
        }
        for path, (measurement, words) in of_drug.items():
            if measurement["assay"]["id"] == "jak:Therapy":
                self.take(path)
                return of_drug, words
        return of_drug, {}

    def interval(self, path: str, action: JSON) -> tuple[str | None, str | None]:
        """Return dose and frequency, where there is one dose interval; several are left to the curator."""
        intervals = action["treatment"].get("doseIntervals", [])
        if len(intervals) != 1:
            return None, None
        dose, frequency = _amount(intervals[0].get("quantity")), intervals[0].get("scheduleFrequency", {})
        word = _word(c.FREQUENCIES, frequency)
        inner = f"{path}.treatment.doseIntervals[0]"
        self.taken |= {
            f"{inner}.{key}" for key, is_known in (("quantity", dose), ("scheduleFrequency", word)) if is_known
        }
        return dose, word

    def events(self, path: str, action: JSON) -> Iterator[dict[str, str]]:
        for number, event in enumerate(action.get("adverseEvents", ())):
            if name := self.things.of("ConditionKind", event):
                self.take(f"{path}.adverseEvents[{number}]")
                yield {"condition": name, "quote": "<words on it>"}

    def outcomes(self, own: Mapping[str, tuple[JSON, dict[str, str]]]) -> Iterator[str]:
        for path, (measurement, words) in own.items():
            grade = measurement.get("value", {}).get("ontologyClass", {})
            if measurement["assay"]["id"] != "jak:Outcome" or not grade.get("id", "").startswith("jak:"):
                continue
            self.take(path)
            pairs: dict[str, object] = {
                "condition": self.things.by_label("ConditionKind", {"label": words.get("condition", "")}),
                "site": self.things.by_label("BodySite", {"label": words.get("site", "")}),
                "event": words.get("event", "<first-response or response-at-assessment>").replace(" ", "-"),
                "grade": re.sub(r"(?<!^)([A-Z])", r"-\1", grade["id"].removeprefix("jak:")).lower(),
                "percent": Raw(words["percent"]) if words.get("percent", "").isdecimal() else None,
                "time": words.get("time", "<as in 6 weeks>"),
                "quote": words.get("quote", "<words on what happened>"),
            }
            pairs["condition"] = pairs["condition"] or "<an id of conditions.tsv>"
            yield _block("[[case.therapy.outcome]]", pairs)

    def relapses(self, own: Mapping[str, tuple[JSON, dict[str, str]]]) -> Iterator[str]:
        for path, (measurement, words) in own.items():
            came = measurement.get("value", {}).get("ontologyClass", {}).get("id")
            if measurement["assay"]["id"] == "jak:Relapse" and came in (c.PRESENT.id, c.ABSENT.id):
                self.take(path)
                pairs = {
                    "relapsed": came == c.PRESENT.id, "after": words.get("after"), "follow_up": words.get("follow-up"),
                    "quote": words.get("quote", "<words on it>"),
                }  # fmt: skip
                yield _block("[case.therapy.relapse]", pairs)
                return


def _word(terms: Mapping[str, c.Term], found: Mapping[str, str]) -> str | None:
    """Return our word for a term, by its identifier."""
    return next((word for word, term in terms.items() if term.id == found.get("id")), None)


def _amount(quantity: JSON | None) -> str | None:
    """Return a quantity as the facts write one: ``4 mg``."""
    unit = _word(c.UNITS, (quantity or {}).get("unit", {}))
    value = (quantity or {}).get("value")
    if unit is None or value is None or not re.fullmatch(r"\d+(\.\d+)?", value):
        return None
    plain = value.removesuffix(".0")
    return f"{plain} {unit if unit in ('mg', 'mg/kg', '%') or plain == '1' else f'{unit}s'}"
