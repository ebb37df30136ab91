"""The cases as GA4GH phenopackets, version 2: one JSON file a patient, and a page that says what they leave out.

What a report does not give is absent, never zero. The schema has no place for a group without its members, and a dose
interval there needs dates, which no report gives: both are said on the page.
"""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS
from rdflib.term import Node

from kg.model.vocabulary import DAYS, RELEASED, THING, UNITS, VERSION, VOCAB, jak, local
from kg.profiles import phenopacket_terms as c
from kg.sparql.built_graph import BuiltGraph

JSON = dict[str, Any]
ISO: Final = {"year": "Y", "month": "M", "week": "W", "day": "D"}

PAGE: Final = """\
# Phenopackets of the cases of JAK-KG {version}

{count} patients, each a phenopacket of the GA4GH schema, version 2. For research; not medical advice. CC BY-SA 4.0.

## Left out

A phenopacket is one individual, and a cohort is made of the phenopackets of its members. These cases were reported
only as a group, so there are no members to write, and none were invented:

{groups}

## What the schema has no field for

- A dose interval needs the dates of its begin and end, which no report gives. Dose, frequency and duration stand in a
  measurement whose assay is `jak:Therapy`: the type of the quantity is the frequency, if one is given, or `jak:dose`.
- Outcomes by condition, site and time are measurements with the assay `jak:Outcome`, relapses with `jak:Relapse`, and
  how long the disease lasted with `jak:duration`. `responseToTreatment` is there where all sites of granuloma annulare
  had one grade at the last assessment.
- A cytokine is a ratio to a comparator. The comparator stands in the description: `comparator: own uninvolved skin`.
- The subtypes of granuloma annulare are in no ontology. Lesions are terms of HP, with the extent as their modifier;
  where HP has none, they are classes of the vocabulary of JAK-KG.
- That a report says *none* (no comorbidity, no adverse event), doses and effects of former treatments in words, and
  curators' notes are not here. `subject.alternateIds` leads to the case in JAK-KG, which has them.

The age is that of the report. Versions of resources are those in which a term was read; the others are not recorded.
"""


def files(built: BuiltGraph) -> dict[str, bytes]:
    """Return a JSON file for each patient and the page beside them, by path; the same bytes for the same graph.

    >>> from kg.sparql.built_graph import shipped
    >>> made = files(shipped())
    >>> packet = json.loads(made["phenopackets/khurana-2025-1.json"])
    >>> packet["subject"]["sex"], packet["subject"]["timeAtLastEncounter"]
    ('FEMALE', {'age': {'iso8601duration': 'P48Y'}})
    >>> "phenopackets/wang-2021-group.json" in made
    False
    """
    graph = built.graph
    cases = sorted(str(case) for case in graph.subjects(RDF.type, URIRef(jak.IndividualCase)))
    made = {f"phenopackets/{local(case)}.json": _bytes(_Patient(graph, URIRef(case)).packet()) for case in cases}
    groups = sorted(str(case) for case in graph.subjects(RDF.type, URIRef(jak.GroupCase)))
    lines = (
        f"- `kg:{local(group)}`: {graph.value(URIRef(group), RDFS.label)}, "
        f"{graph.value(URIRef(group), URIRef(jak.n)) or 'an unreported number of'} patients"
        for group in groups
    )
    page = PAGE.format(version=VERSION, count=len(cases), groups="\n".join(lines) or "none")
    return {**made, "phenopackets/README.md": page.encode()}


def _bytes(packet: JSON) -> bytes:
    return (json.dumps(packet, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


class _Patient:
    """One case on its way into a phenopacket; remembers the prefixes that it used."""

    def __init__(self, graph: Graph, case: URIRef) -> None:
        self.graph, self.case = graph, case
        self.prefixes: set[str] = set()
        self.disease = next(iter(sorted(self.all(case, jak.diseaseOf, inverse=True))))

    # --- reading the graph ---

    def all(self, node: Node, property_: str, *, inverse: bool = False) -> list[URIRef]:
        """Return the things that a property leads to, sorted by IRI."""
        found = self.graph.subjects(URIRef(property_), node) if inverse else self.graph.objects(node, URIRef(property_))
        return sorted((thing for thing in found if isinstance(thing, URIRef)), key=str)

    def one(self, node: Node | None, property_: str) -> Any:
        """Return the value of a property, None where there is none; the words for not said count as none."""
        value = None if node is None else self.graph.value(node, URIRef(property_))
        return None if isinstance(value, Literal) and str(value) in ("not reported", "not applicable") else value

    def label(self, node: Node | None) -> str | None:
        return None if node is None else str(self.graph.value(node, RDFS.label))

    # --- terms ---

    def term(self, term: c.Term) -> JSON:
        self.prefixes.add(term.id.partition(":")[0])
        return {"id": term.id, "label": term.label}

    def own(self, iri: str) -> JSON:
        """Return a thing or a word of ours."""
        prefix = "jak" if iri.startswith(VOCAB) else "kg"
        return self.term(c.Term(f"{prefix}:{local(iri)}", self.label(URIRef(iri)) or local(iri)))

    def known(self, thing: URIRef, lists: Iterable[str], label: str | None = None) -> JSON:
        """Return a thing by its identifier in the first of some lists that has it, else by ours."""
        xrefs = sorted(str(xref) for xref in self.graph.objects(thing, URIRef(jak.xref)))
        for prefix in lists:
            for xref in xrefs:
                if xref.startswith(f"{prefix}:"):
                    return self.term(c.Term(xref, c.LABELS.get(xref) or label or self.label(thing) or xref))
        return self.own(str(thing))

    def quantity(self, node: Node | None) -> JSON | None:
        """Return an amount with its unit; None for a range, which a quantity cannot be, or a unit without a term."""
        low, high, unit = (self.one(node, name) for name in (jak.low, jak.high, jak.unit))
        terms = {UNITS[word]: term for word, term in c.UNITS.items()}
        if low is None or low != high or str(unit) not in terms:
            return None
        return {"unit": self.term(terms[str(unit)]), "value": _number(low)}

    def text(self, node: Node | None) -> str | None:
        """Return a quantity as it was reported."""
        reported = self.one(node, jak.asReported)
        return None if reported is None else str(reported)

    # --- parts ---

    def packet(self) -> JSON:
        body = {
            "id": local(str(self.case)),
            "subject": self.subject(),
            "phenotypicFeatures": list(self.features()),
            "measurements": list(self.measurements()),
            "diseases": list(self.diseases()),
            "medicalActions": [*self.before(), *self.therapies()],
        }
        return {key: value for key, value in body.items() if value} | {"metaData": self.meta()}

    def subject(self) -> JSON:
        sex = {"female": "FEMALE", "male": "MALE"}.get(str(self.one(self.case, jak.sex)))
        age = self.age(self.one(self.case, jak.age))
        body = {"id": local(str(self.case)), "alternateIds": [f"kg:{local(str(self.case))}"], "sex": sex}
        self.prefixes.add("kg")
        found = body | {"timeAtLastEncounter": age, "taxonomy": self.term(c.HUMAN)}
        return {key: value for key, value in found.items() if value}

    def age(self, node: Node | None) -> JSON | None:
        low, high, unit = (self.one(node, name) for name in (jak.low, jak.high, jak.unit))
        letters = {UNITS[word]: letter for word, letter in ISO.items()}
        if low is None or str(unit) not in letters:
            return None
        ends = [{"iso8601duration": f"P{_number(end)}{letters[str(unit)]}"} for end in (low, high)]
        return {"age": ends[0]} if low == high else {"ageRange": {"start": ends[0], "end": ends[1]}}

    def features(self) -> Iterator[JSON]:
        kinds = {
            local(str(kind)).removesuffix("GranulomaAnnulare").lower() for kind in self.all(self.disease, RDF.type)
        }
        extent = next((self.term(term) for word, term in c.EXTENTS.items() if word in kinds), None)
        shapes = sorted(kinds & set(c.MORPHOLOGIES))
        for shape in shapes:
            lesion = c.LESIONS.get(shape)
            yield {
                "type": self.term(lesion) if lesion else self.own(f"{VOCAB}{shape.title()}GranulomaAnnulare"),
                **({"modifiers": [extent]} if extent else {}),
                "evidence": [self.evidence(self.case)],
            }
        if extent and not shapes:
            word = next(word for word in c.EXTENTS if word in kinds)
            kind = self.own(f"{VOCAB}{word.title()}GranulomaAnnulare")
            yield {"type": kind, "modifiers": [extent], "evidence": [self.evidence(self.case)]}
        for condition in self.comorbidities():
            term = self.known(condition, c.DISEASES)
            if term["id"].startswith("HP:"):
                yield {"type": term, "evidence": [self.evidence(self.case)]}

    def evidence(self, node: Node) -> JSON:
        source = self.reference(self.graph.value(node, DCTERMS.source))
        place = f"{self.one(node, jak.locator)}: {self.one(node, jak.quote)}"
        return {"evidenceCode": self.term(c.AUTHOR_STATEMENT), "reference": {**source, "description": place}}

    def comorbidities(self) -> list[URIRef]:
        conditions = [node for node in self.all(self.case, jak.hasCondition) if node != self.disease]
        return [kind for node in conditions for kind in self.all(node, jak.ofKind)]

    def diseases(self) -> Iterator[JSON]:
        for kind in (*self.all(self.disease, jak.ofKind), *self.comorbidities()):
            term = self.known(kind, c.DISEASES)
            if not term["id"].startswith("HP:"):
                yield {"term": term}

    def measurements(self) -> Iterator[JSON]:
        for node in self.all(self.case, jak.hasMeasurement):
            yield self.cytokine(node)
        kind = self.one(self.disease, jak.ofKind)
        if lasted := self.quantity(duration := self.one(self.disease, jak.duration)):
            yield {
                "assay": self.own(jak.duration), "value": {"quantity": lasted},
                "description": c.said(condition=self.label(kind), duration=self.text(duration)),
            }  # fmt: skip
        if str(self.one(self.disease, jak.refractory)) == "yes":
            value = {"ontologyClass": self.term(c.PRESENT)}
            words = c.said(condition=self.label(kind))
            yield {"assay": self.own(jak.refractory), "value": value, "description": words}
        for therapy in self.all(self.case, jak.hasTherapy):
            yield from self.course(therapy)

    def cytokine(self, node: URIRef) -> JSON:
        ligand, comparator = self.one(node, jak.ofLigand), self.one(node, jak.comparator)
        ratio, call = self.one(node, jak.ratio), self.one(node, jak.reportedDirection)
        value: JSON = {"quantity": {"unit": self.term(c.RATIO), "value": _number(ratio)}} if ratio is not None else {}
        words = c.said(
            comparator=self.label(comparator), authors_call=self.label(call) if ratio is not None else None,
            analyte=self.one(node, jak.analyte), tissue=self.one(node, jak.tissue), timing=self.one(node, jak.timing),
            samples=self.one(node, jak.sampleCount), quote=self.one(node, jak.quote),
        )  # fmt: skip
        symbol = self.one(ligand, jak.symbol)
        return {
            "assay": self.known(ligand, c.GENES, str(symbol) if symbol else None),
            "value": value or {"ontologyClass": self.own(str(call))},
            "description": words,
        }

    def course(self, therapy: URIRef) -> Iterator[JSON]:
        """Yield dose and duration of a therapy, its outcomes and its relapse, for which the schema has no field."""
        drug = self.label(self.one(therapy, jak.ofInhibitor))
        frequency = self.one(therapy, jak.frequency)
        dose, duration = self.one(therapy, jak.dose), self.one(therapy, jak.duration)
        amounts = []
        if given := self.quantity(dose):
            kind = self.term(c.FREQUENCIES[str(frequency)]) if frequency else self.own(jak.dose)
            amounts.append({"type": kind, "quantity": given})
        if lasted := self.quantity(duration):
            amounts.append({"type": self.own(jak.duration), "quantity": lasted})
        if amounts:
            words = c.said(
                drug=drug, dose=self.text(dose), frequency=frequency, route=self.one(therapy, jak.route),
                duration=self.text(duration), stopped=self.one(therapy, jak.stopped),
                stop_reason=self.one(therapy, jak.stopReason), quote=self.one(therapy, jak.quote),
            )  # fmt: skip
            value = {"typedQuantities": amounts}
            yield {"assay": self.own(jak.Therapy), "complexValue": value, "description": words}
        for outcome in self.all(therapy, jak.hasOutcome):
            kind = self.one(self.one(outcome, jak.ofCondition), jak.ofKind)
            words = c.said(
                drug=drug, condition=self.label(kind), site=self.label(self.one(outcome, jak.atSite)),
                event=self.label(self.one(outcome, jak.event)), percent=self.one(outcome, jak.percent),
                time=self.text(self.one(outcome, jak.time)), quote=self.one(outcome, jak.quote),
            )  # fmt: skip
            grade = {"ontologyClass": self.own(str(self.one(outcome, jak.grade)))}
            yield {"assay": self.own(jak.Outcome), "value": grade, "description": words}
        for relapse in self.all(therapy, jak.hasRelapse):
            words = c.said(
                drug=drug, after=self.one(relapse, jak.timeText), follow_up=self.one(relapse, jak.followUp),
                quote=self.one(relapse, jak.quote),
            )  # fmt: skip
            came = self.one(relapse, jak.relapsed).toPython()
            whether = {"ontologyClass": self.term(c.PRESENT if came else c.ABSENT)}
            yield {"assay": self.own(jak.Relapse), "value": whether, "description": words}

    def before(self) -> Iterator[JSON]:
        """Yield what was tried before: drugs, and what was done to the patient."""
        for prior in self.all(self.case, jak.hasPriorTreatment):
            treatment = self.one(prior, jak.ofTreatment)
            agent = self.known(treatment, c.DRUGS)
            action = {"procedure": {"code": agent}} if _is_procedure(treatment) else {"treatment": {"agent": agent}}
            found = action | {"treatmentTarget": self.target()}
            if str(self.one(prior, jak.effect)) == "no improvement":
                found["responseToTreatment"] = self.own(jak.NoResponse)
            yield found

    def therapies(self) -> Iterator[JSON]:
        for therapy in self.all(self.case, jak.hasTherapy):
            route = self.one(therapy, jak.route)
            treatment = {"agent": self.known(self.one(therapy, jak.ofInhibitor), c.DRUGS)}
            if route:
                treatment["routeOfAdministration"] = self.term(c.ROUTES[str(route)])
            events = [self.one(event, jak.ofKind) for event in self.all(therapy, jak.hasAdverseEvent)]
            found: JSON = {"treatment": treatment, "treatmentTarget": self.target()}
            if grade := self.response(therapy):
                found["responseToTreatment"] = self.own(grade)
            if events:
                found["adverseEvents"] = [self.known(event, c.DISEASES) for event in events]
            yield found

    def target(self) -> JSON:
        return self.known(self.one(self.disease, jak.ofKind), c.DISEASES)

    def response(self, therapy: URIRef) -> str | None:
        """Return the grade at the last assessment of the disease; None where sites differ or the last is unknown."""
        last: list[tuple[float, str]] = []
        for outcome in self.all(therapy, jak.hasOutcome):
            here = (outcome, URIRef(jak.ofCondition), self.disease) in self.graph
            if not here or str(self.one(outcome, jak.event)) != jak.ResponseAtAssessment:
                continue
            last.append((self.days(self.one(outcome, jak.time)), str(self.one(outcome, jak.grade))))
        if len(last) > 1 and any(days < 0 for days, _ in last):
            return None
        grades = {grade for days, grade in last if days == max(days for days, _ in last)}
        return grades.pop() if len(grades) == 1 else None

    def days(self, time: Node | None) -> float:
        """Return a time in days, roughly, to order times by; below zero where none is given."""
        high, unit = self.one(time, jak.high), self.one(time, jak.unit)
        return -1.0 if high is None else float(high) * DAYS[str(unit)]

    def reference(self, source: Node | None) -> JSON:
        """Return the publication as an external reference."""
        curie = str(self.graph.value(source, DCTERMS.identifier)) if source else ""
        prefix, _, number = curie.partition(":")
        pages = {"PMID": "https://pubmed.ncbi.nlm.nih.gov/", "DOI": "https://doi.org/", "kg": THING}
        return {"id": curie, "reference": pages[prefix] + number}

    def meta(self) -> JSON:
        sources = dict.fromkeys((*self.all(self.case, jak.reportedIn), *self.all(self.case, jak.obtainedFrom)))
        return {
            "created": f"{RELEASED}T00:00:00Z",
            "createdBy": f"JAK-KG {VERSION}",
            "phenopacketSchemaVersion": c.SCHEMA_VERSION,
            "externalReferences": [
                {**self.reference(source), "description": str(self.one(source, jak.citation))} for source in sources
            ],
            "resources": [
                {
                    "id": prefix.lower(), "name": kept.name, "url": kept.url, "version": kept.version,
                    "namespacePrefix": prefix, "iriPrefix": kept.iri_prefix,
                }
                for prefix, kept in sorted(c.RESOURCES.items()) if prefix in self.prefixes
            ],
        }  # fmt: skip


def _is_procedure(treatment: Node) -> bool:
    return local(str(treatment)) in c.PROCEDURES


def _number(value: Any) -> int | float:
    number = Decimal(str(value))
    return int(number) if number == number.to_integral_value() else float(number)
