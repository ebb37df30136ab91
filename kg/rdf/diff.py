"""What changed between two releases, in words of curators: names, claims, values; and whether a name was lost.

A name that was published is never taken away: a thing that is given up stays as a deprecated node that leads on to what
replaces it. An IRI of ours that the older graph has and the newer has not is *vanished*.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.document.blocks import Document, Notes, Paragraph, Section
from kg.facts.parsing import hint
from kg.model.errors import Place, Problem, Problems
from kg.model.vocabulary import PREFIXES, THING, VOCAB, curie, jak, thing
from kg.rdf import foreign
from kg.rdf.store import FORMATS

TYPE: Final = PREFIXES["rdf"] + "type"
LABEL: Final = PREFIXES["rdfs"] + "label"
DEPRECATED: Final = PREFIXES["owl"] + "deprecated"
INSTEAD: Final = PREFIXES["dcterms"] + "isReplacedBy"
VERSION: Final = PREFIXES["owl"] + "versionInfo"
UNTOLD: Final = frozenset({jak.contentDigest, jak.status, DEPRECATED, INSTEAD})
"""Properties whose change is not told as that of a value: it is told otherwise, or says nothing by itself."""
GRAPH: Final = Place("graph")
DEEPEST: Final = 300
"""Blank nodes that lead to each other, such as the members of a list; 500 would exceed the stack."""
MOST: Final = 50_000
"""Blank nodes that are written out in their place: shared ones count wherever they are."""

Values = dict[str, dict[str, set[str]]]
"""Thing -> property -> values, as text."""


@dataclass(frozen=True)
class Snapshot:
    """One graph as a diff sees it: thing -> property -> values; what has no name is written out in its place.

    >>> il21 = NamedNode(thing("il21"))
    >>> one = Snapshot.of([Triple(il21, NamedNode(LABEL), Literal("IL-21", language="en"))])
    >>> one.words(il21.value), sorted(one.names), one.version
    ('IL-21', ['https://w3id.org/jak-kg/il21'], '')
    """

    values: Values

    @classmethod
    def of(cls, triples: Iterable[Triple], *, place: Place = GRAPH) -> "Snapshot":
        """Return the snapshot of some triples; Problems, at their ``place``, where blank nodes unfold too far."""
        values: Values = {}

        def add(triple: Triple, value: str) -> None:
            values.setdefault(_text(triple.subject), {}).setdefault(triple.predicate.value, set()).add(value)

        leading: list[Triple] = []
        below: dict[str, list[Triple]] = defaultdict(list)
        for triple in triples:
            if not isinstance(triple.subject, NamedNode):
                below[_text(triple.subject)].append(triple)
            elif isinstance(triple.object, BlankNode):
                leading.append(triple)
            else:
                add(triple, _text(triple.object))

        unfolded = 0

        def written(term: object, above: tuple[str, ...] = ()) -> str:
            nonlocal unfolded
            name = _text(term)
            if not isinstance(term, BlankNode) or name in above:
                return curie(name) if above else name
            unfolded += 1
            if unfolded > MOST or len(above) > DEEPEST:
                what = f"blank nodes lead to blank nodes more than {DEEPEST:,} deep, or unfold to more than {MOST:,}"
                raise Problems([Problem(place, what, "give them IRIs")])
            parts = (f"{curie(t.predicate.value)} {written(t.object, (*above, name))}" for t in below[name])
            return f"[ {' ; '.join(sorted(parts))} ]"

        for triple in leading:
            add(triple, written(triple.object))
        return cls(values)

    @classmethod
    def read(cls, path: Path) -> "Snapshot":
        """Return the snapshot of a release, which is a folder, or of a graph in Turtle or N-Triples.

        Raises Problems where it cannot be read.

        >>> Snapshot.read(Path("jak-kg.csv"))
        Traceback (most recent call last):
            ...
        kg.Problems: jak-kg.csv: this is not a release: give its folder, or a graph (.ttl or .nt)
        """
        file = path / "jak-kg.ttl" if path.is_dir() else path
        if file.suffix.lower() not in FORMATS or (path.is_dir() and not file.is_file()):
            raise Problems([Problem(Place(path), "this is not a release", "give its folder, or a graph (.ttl or .nt)")])
        data = foreign.ntriples(file, remedy="give the folder of a release, or a graph")
        triples = (quad.triple for quad in parse(data, format=RdfFormat.N_TRIPLES, lenient=True))
        return cls.of(triples, place=Place(file))

    @cached_property
    def names(self) -> frozenset[str]:
        """The IRIs of ours of which something is said."""
        return frozenset(iri for iri in self.values if iri.startswith(THING))

    @property
    def version(self) -> str:
        """The version that the graph says it is; an empty text where it says none."""
        return min(self.get(thing("jak-kg"), VERSION), default="")

    def get(self, iri: str, predicate: str) -> set[str]:
        """Return the values of a property of a thing."""
        return self.values.get(iri, {}).get(predicate, set())

    def words(self, value: str) -> str:
        """Return a value as a curator calls it: a claim as a sentence, a thing by its label, a text as it is."""
        if jak.Claim in self.get(value, TYPE):
            about = ", ".join(map(self._label, sorted(self.get(value, jak.about))))
            said = [(role, found) for role, found in self.values[value].items() if self.get(role, jak.directEdge)]
            for role, found in said:
                edge = min(self.get(role, jak.directEdge))
                return f"{about} {self._label(edge)} {', '.join(map(self._label, sorted(found)))}"
        return self._label(value)

    def _label(self, value: str) -> str:
        return min(self.get(value, LABEL), default=curie(value))


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs: IRIs that are new, vanished or newly deprecated, status of claims, and values.

    ``changed`` is thing -> property -> (values that are gone, values that are new), of things that both graphs have.
    """

    old: Snapshot
    new: Snapshot
    added: list[str]
    vanished: list[str]
    deprecated: list[str]
    statuses: dict[str, tuple[str, str]]
    changed: dict[str, dict[str, tuple[list[str], list[str]]]]


def compare(old: Snapshot, new: Snapshot) -> Diff:
    """Return what differs between two graphs, everything sorted.

    >>> one, two = NamedNode(thing("il21")), NamedNode(thing("il22"))
    >>> old, new = (Snapshot.of([Triple(name, NamedNode(LABEL), Literal("IL-21"))]) for name in (one, two))
    >>> found = compare(old, new)
    >>> found.vanished, found.added
    (['https://w3id.org/jak-kg/il21'], ['https://w3id.org/jak-kg/il22'])
    """
    given_up = {iri for iri in new.names if new.get(iri, DEPRECATED)}
    both = (iri for iri in old.values.keys() & new.values.keys() if old.values[iri] != new.values[iri])
    differ = sorted(iri for iri in both if iri not in given_up)
    statuses = {iri: (_one(old, iri), _one(new, iri)) for iri in differ}
    changed = {iri: _changes(old.values[iri], new.values[iri]) for iri in differ}
    return Diff(
        old, new, added=sorted(new.names - old.names - given_up), vanished=sorted(old.names - new.names),
        deprecated=sorted(iri for iri in given_up if not old.get(iri, DEPRECATED)),
        statuses={iri: (was, now) for iri, (was, now) in statuses.items() if was != now},
        changed={iri: found for iri, found in changed.items() if found},
    )  # fmt: skip


def lost(vanished: Iterable[str], new: Iterable[str], place: Mapping[str, Place]) -> list[Problem]:
    """Return a problem for each IRI that vanished, with new ones of a like name; ``place`` is where it was published.

    >>> print(*lost([thing("il21")], [thing("il-21")], {thing("il21"): Place("published.txt", 3)}))
    published.txt:3: kg:il21 was published and is gone (did you mean 'kg:il-21'?): bring it back, or give it a row in \
facts/replaced.tsv that says what replaces it and why
    """
    names = [curie(iri) for iri in new]
    remedy = "bring it back, or give it a row in facts/replaced.tsv that says what replaces it and why"
    term = "bring it back, or keep it in jak-kg.ttl with owl:deprecated true, dcterms:isReplacedBy and jak:reason"
    return [
        Problem(
            place[iri],
            f"{curie(iri)} was published and is gone{hint(curie(iri), names)}",
            term if iri.startswith(VOCAB) else remedy,
        )
        for iri in vanished
    ]


def document(diff: Diff) -> Document:
    """Return what differs as text: counts, then a section for each kind of difference that there is.

    >>> found = document(compare(Snapshot({}), Snapshot({thing("il21"): {LABEL: {"IL-21"}}})))
    >>> found.blocks[0].lines
    ['1 name new, 0 vanished, 0 deprecated, 0 claims of another status, 0 things with other values.']
    >>> found.blocks[1]
    Section(title='New (1)', blocks=[Notes(items=['kg:il21, IL-21'])], anchor='')
    """
    counts = [len(part) for part in (diff.added, diff.vanished, diff.deprecated, diff.statuses, diff.changed)]
    names = ("name new", "vanished", "deprecated", "claim of another status", "thing with other values")
    many = ("names new", "vanished", "deprecated", "claims of another status", "things with other values")
    told = zip(counts, names, many, strict=True)
    words = diff.new.words
    parts: dict[str, Iterable[str]] = {
        "Vanished: these names were published and must not be lost": _named(diff.old, diff.vanished),
        "Deprecated": (_deprecated(diff.new, iri) for iri in diff.deprecated),
        "New": _named(diff.new, diff.added),
        "Claims of another status": (
            f"{words(iri)}: {words(now)}, was {diff.old.words(was)}" for iri, (was, now) in diff.statuses.items()
        ),
        "Other values": _changed(diff),
    }
    found = {title: list(items) for title, items in parts.items()}
    sections = [Section(f"{title} ({len(items):,})", [Notes(items)]) for title, items in found.items() if items]
    summary = ", ".join(f"{count:,} {one if count == 1 else more}" for count, one, more in told)
    return Document("", [Paragraph([f"{summary}."]), *sections])


def to_dict(diff: Diff) -> dict[str, Any]:
    """Return what differs as JSON values: IRIs in compact form, values as text or compact IRIs.

    >>> to_dict(compare(Snapshot({}), Snapshot({thing("il21"): {}})))["added"]
    ['kg:il21']
    """
    return {
        "versions": [diff.old.version, diff.new.version],
        "vanished": list(map(curie, diff.vanished)),
        "deprecated": {curie(iri): sorted(map(curie, diff.new.get(iri, INSTEAD))) for iri in diff.deprecated},
        "added": list(map(curie, diff.added)),
        "statuses": {curie(iri): list(map(curie, pair)) for iri, pair in diff.statuses.items()},
        "changed": {
            curie(iri): {
                curie(key): {"gone": list(map(curie, gone)), "new": list(map(curie, new))}
                for key, (gone, new) in found.items()
            }
            for iri, found in diff.changed.items()
        },
    }


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _one(snapshot: Snapshot, iri: str) -> str:
    return min(snapshot.get(iri, jak.status), default="")


def _changes(old: Mapping[str, set[str]], new: Mapping[str, set[str]]) -> dict[str, tuple[list[str], list[str]]]:
    found = {
        key: (sorted(old.get(key, set()) - new.get(key, set())), sorted(new.get(key, set()) - old.get(key, set())))
        for key in sorted(old.keys() | new.keys())
        if key not in UNTOLD
    }
    return {key: pair for key, pair in found.items() if any(pair)}


def _named(snapshot: Snapshot, iris: Iterable[str]) -> Iterator[str]:
    for iri in iris:
        words = snapshot.words(iri)
        yield curie(iri) + (f", {words}" if words != curie(iri) else "")


def _deprecated(new: Snapshot, iri: str) -> str:
    instead = ", ".join(f"{curie(other)} ({new.words(other)})" for other in sorted(new.get(iri, INSTEAD)))
    return f"{curie(iri)}: {f'replaced by {instead}' if instead else 'replaced by nothing'}" + "".join(
        f": {reason}" for reason in sorted(new.get(iri, jak.reason))
    )


def _changed(diff: Diff) -> Iterator[str]:
    for iri, found in diff.changed.items():
        for key, (gone, new) in found.items():
            name = min(diff.new.get(key, LABEL) | diff.old.get(key, LABEL), default=key.rpartition("#")[2])
            name = name.rpartition("/")[2]
            parts = [f"now {', '.join(map(diff.new.words, new))}"] if new else []
            parts += [f"no longer {', '.join(map(diff.old.words, gone))}"] if gone else []
            words = diff.new.words(iri)
            subject = curie(iri) if words == curie(iri) else f"{words} ({curie(iri)})"
            yield f"{subject}, {name}: {'; '.join(parts)}"
