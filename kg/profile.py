r"""A patient's profile: measured cytokines with their comparator, from a stored case or from a file that a user wrote.

A file is CSV, TSV, JSON or YAML: cytokine, then ratio, log2 or direction, and the comparator, which can be said once.
Names are grounded on the graph: an unknown or ambiguous name is a problem with near matches, never dropped.

>>> fold("IFN-γ") == fold("ifn gamma") == fold("IFN- \nγ")
True
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from math import log2
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Store

from kg import query
from kg.mechanism import RAISED, Direction, direction, weight
from kg.problems import Place, Problem, Problems

BIGGEST: Final = 5_000_000
"""Bytes: no profile is larger."""
WIDEST: Final = 60
"""Columns: no profile has more."""

GREEK: Final = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "κ": "kappa", "λ": "lambda",
    "ω": "omega",
}  # fmt: skip
COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("cytokine", "gene", "symbol", "signal", "name"), "cytokine"),
    **dict.fromkeys(("ratio", "fold", "fold change", "foldchange", "fc"), "ratio"),
    **dict.fromkeys(("log2", "log2 ratio", "log2fc", "log2 fold change", "logfc"), "log2"),
    **dict.fromkeys(("direction", "call"), "direction"),
    **dict.fromkeys(("comparator", "control", "compared with", "versus", "vs"), "comparator"),
}
DIRECTIONS: Final[Mapping[str, Direction]] = {
    **dict.fromkeys(("raised", "up", "increased", "upregulated", "up-regulated", "high", "higher", "↑"), "raised"),
    **dict.fromkeys(
        ("lowered", "down", "decreased", "downregulated", "down-regulated", "low", "lower", "↓"), "lowered"
    ),
    **dict.fromkeys(("unchanged", "same", "no change", "normal", "not changed"), "unchanged"),
}
NO_VALUE: Final = frozenset(("", "na", "n/a", "not measured", "not reported", "-"))
NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Signal:
    """One measured cytokine. ``ratio`` is None where only a direction was reported."""

    cytokine: str
    label: str
    input: str
    ratio: Decimal | None
    reported: Direction | None
    jak: str
    note: str | None = None

    def direction(self, raised: Decimal = RAISED) -> Direction:
        """Return the direction at a threshold on the ratio, or the reported one where there is no ratio."""
        if self.ratio is not None:
            return direction(self.ratio, raised=raised)
        assert self.reported is not None  # noqa: S101 - a signal has a ratio or a direction
        return self.reported

    @property
    def counts(self) -> bool:
        """Return whether it can count in a score: not if it signals without a JAK or is a part of a complex."""
        return self.jak not in ("no", "part")

    @property
    def log2(self) -> float | None:
        """Return log2 of the ratio."""
        return None if self.ratio is None else log2(self.ratio)

    def weight(self, raised: Decimal = RAISED) -> float | None:
        """Return the weight in the score, None where it counts for nothing."""
        return weight(self.ratio) if self.direction(raised) == "raised" and self.counts else None


@dataclass(frozen=True, slots=True)
class Profile:
    """The measured cytokines of one patient or group, all against one comparator (None where nothing was measured)."""

    title: str
    case: str | None
    comparator: str | None
    comparator_label: str | None
    signals: tuple[Signal, ...]
    not_measured: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A name that the graph knows: the thing, its label, its kind, and whether it signals through a JAK."""

    thing: str
    label: str
    kind: str
    jak: str


def fold(name: str) -> str:
    """Return a name in the form in which names are compared: no case, Greek, hyphens, spaces or soft hyphens.

    >>> fold("TNF‐α"), fold("IL‑12 / 23 p40")
    ('tnfalpha', 'il1223p40')
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    text = "".join(GREEK.get(letter, letter) for letter in text)
    return "".join(letter for letter in text if letter.isalnum())


class Names:
    """Every name of a cytokine in the graph, the names that are ambiguous, and those of things that are no cytokine."""

    def __init__(self, store: Store) -> None:
        self.known: dict[str, Known] = {}
        self.spelling: dict[str, str] = {}
        rows = query.ask(store, "names_of_cytokines")
        for row in sorted(rows, key=lambda row: (row["kind"] != "Ligand", row["thing"])):
            self.spelling.setdefault(fold(row["name"]), row["name"])
            known = Known(row["thing"], row["label"], row["kind"], row["jak"] or "")
            self.known.setdefault(fold(row["name"]), known)
            self.known.setdefault(fold(row["thing"]), known)
        self.ambiguous: dict[str, list[str]] = {}
        for row in query.ask(store, "ambiguous_names"):
            self.ambiguous.setdefault(fold(row["name"]), []).append(row["label"])
        self.comparators = {fold(row["name"]): row for row in query.ask(store, "comparators")}
        for row in query.ask(store, "comparators"):
            self.comparators[fold(row["comparator"])] = row

    def ground(self, name: str, place: Place) -> Known | Problem:
        """Return the cytokine of a name, or the problem with it."""
        key = fold(name)
        if key in self.ambiguous:
            which = ", ".join(self.ambiguous[key])
            return Problem(place, f"{name!r} fits several cytokines", f"write the one that was measured: {which}")
        known = self.known.get(key)
        if known is None:
            close = _near(key, [k for k, v in self.known.items() if v.kind == "Ligand"])
            hint = " or ".join(repr(self.spelling.get(k, k)) for k in close)
            remedy = f"did you mean {hint}?" if hint else "write a gene symbol or a usual name, as in IL21 or IL-21"
            return Problem(place, f"cytokine {name!r} is not known", remedy)
        if known.kind != "Ligand":
            kind = {"ReceptorChain": "a receptor chain", "Kinase": "a kinase", "Stat": "a STAT"}[known.kind]
            return Problem(place, f"{name!r} is {kind}, no cytokine", "delete the row, or name the cytokine")
        return known

    def comparator(self, name: str, place: Place) -> tuple[str, str] | Problem:
        """Return the comparator (id, label) of a name, or the problem with it."""
        row = self.comparators.get(fold(name))
        if row:
            return row["comparator"], row["label"]
        ids = sorted({r["comparator"] for r in self.comparators.values()})
        close = _near(fold(name), self.comparators)
        near = f"did you mean {self.comparators[close[0]]['comparator']!r}? " if close else ""
        return Problem(place, f"comparator {name!r} is not known", f"{near}write one of {', '.join(ids)}")


def _near(word: str, words: Iterable[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(word, sorted(words), n=3, cutoff=0.6)


def of_case(store: Store, case: str) -> Profile:
    """Return the profile of a stored case; Problems where its measurements have different comparators.

    >>> from kg import built
    >>> [(s.label, str(s.ratio), s.direction()) for s in of_case(built.store(), "khurana-2025-1").signals]
    [('IFN-gamma', '0.08', 'lowered'), ('IL-15', '0.96', 'unchanged'), ('IL-21', '2.33', 'raised')]
    """
    rows = query.ask(store, "measurements_of_case", case=case)
    comparators = {(row["comparator"], row["comparatorLabel"]) for row in rows}
    if len(comparators) > 1:
        labels = ", ".join(sorted(label for _, label in comparators))
        what = f"the case was measured against different comparators ({labels})"
        raise Problems([Problem(Place(case), what, "write a file with the measurements against one of them")])
    comparator, label = next(iter(comparators), (None, None))
    jak = {row["thing"]: row["jak"] for row in query.ask(store, "names_of_cytokines")}
    signals = tuple(
        Signal(
            row["cytokine"], row["label"], row["label"], row["ratio"],
            DIRECTIONS[row["reportedDirection"].lower()] if row["reportedDirection"] else None,
            jak[row["cytokine"]] or "", row["note"],
        )
        for row in rows
    )  # fmt: skip
    return Profile(case, case, comparator, label, signals)


def read(store: Store, file: Path | None, data: bytes, *, comparator: str | None = None) -> Profile:
    """Return the profile that a file states; ``file`` is None for standard input.

    ``comparator`` says once what every row was compared with. Raises Problems with every problem that was found.
    """
    name = file or Path("standard input")
    if len(data) > BIGGEST:
        raise Problems([Problem(Place(name), f"{len(data):,} bytes are no profile", f"give at most {BIGGEST:,} bytes")])
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Problems([Problem(Place(name, line), "this is no UTF-8 text", "save the file as UTF-8 text")]) from None
    if "\0" in text:
        remedy = "give a text file: CSV, TSV, JSON or YAML; save a spreadsheet as CSV"
        raise Problems([Problem(Place(name), "this is no text", remedy)])
    if not text.strip():
        remedy = "give a header line such as cytokine,ratio,comparator and a row for each cytokine"
        raise Problems([Problem(Place(name), "the file is empty", remedy)])
    problems: list[Problem] = []
    entries, said, notes = _entries(name, text, problems)
    return _assemble(store, name, entries, comparator or said, notes, problems)


# --- from text to entries ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row of a file: where it stands, and its cells by column, as text."""

    place: Place
    cells: Mapping[str, str]


def _entries(name: Path, text: str, problems: list[Problem]) -> tuple[list[_Entry], str | None, list[str]]:
    kind = name.suffix.lower().lstrip(".")
    start = text.lstrip()[:1]
    if kind == "json" or (kind not in ("csv", "tsv", "txt", "yaml", "yml") and start in "{["):
        return _nested(name, _json(name, text), problems)
    header = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    if kind in ("yaml", "yml") or (kind not in ("csv", "tsv", "txt") and not re.search(r"[\t,;]", header)):
        return _nested(name, _yaml(name, text), problems)
    return _rows(name, text, header, problems)


def _rows(name: Path, text: str, header: str, problems: list[Problem]) -> tuple[list[_Entry], str | None, list[str]]:
    delimiter = max("\t,;", key=header.count)
    said = None
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("#"):
            if match := re.match(r"#\s*comparator\s*[:=]\s*(.+)", line, re.IGNORECASE):
                said = match[1].strip().strip(",;\t ")
            lines[number] = ""
    if header.count(delimiter) >= WIDEST:
        what = f"{header.count(delimiter) + 1:,} columns"
        raise Problems([Problem(Place(name, 1), what, "give cytokine, ratio (or log2, direction) and comparator")])
    import csv

    columns: list[str] | None = None
    entries: list[_Entry] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = Place(name, number)
        try:
            (cells,) = csv.reader([line], delimiter=delimiter, strict=True)
        except csv.Error:
            problems.append(Problem(place, "a quote is left open", "close it, or delete it"))
            continue
        cells = [cell.strip() for cell in cells]
        if columns is None:
            columns = [COLUMNS.get(cell.casefold().replace("_", " "), cell.casefold()) for cell in cells]
            notes = _check_columns(place, columns, problems)
        elif len(cells) > len(columns):
            problems.append(
                Problem(place, f"{len(cells)} cells under {len(columns)} columns", "write decimals with a point")
            )
        else:
            entries.append(_Entry(place, dict(zip(columns, cells, strict=False))))
    return entries, said, notes if columns else []


def _check_columns(place: Place, columns: list[str], problems: list[Problem]) -> list[str]:
    if twice := sorted({name for name in columns if name in COLUMNS.values() and columns.count(name) > 1}):
        problems.append(Problem(place, f"two columns say {', '.join(twice)}", "keep one of them"))
    if "cytokine" not in columns:
        what = f"there is no column cytokine (the first line has {', '.join(map(repr, columns[:6]))})"
        problems.append(Problem(place, what, "name the columns in the first line, as in cytokine,ratio,comparator"))
    elif not {"ratio", "log2", "direction"} & set(columns):
        percent = [name for name in columns if "%" in name or "percent" in name]
        what = f"the column {percent[0]!r} is in percent" if percent else "there is no column ratio, log2 or direction"
        problems.append(Problem(place, what, "add a column ratio: lesion divided by comparator, 2.33 for 233 %"))
    unread = [name for name in columns if name and name not in COLUMNS.values()]
    return [f"Columns that were not read: {', '.join(unread)}."] if unread else []


def _json(name: Path, text: str) -> Any:
    import json

    def no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        if twins := sorted({key for key in keys if keys.count(key) > 1}):
            raise Problems([Problem(Place(name), f"the key {twins[0]!r} stands twice in one object", "keep one")])
        return dict(pairs)

    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=no_twins)
    except json.JSONDecodeError as error:
        what = f"this is no JSON: {error.msg.lower()} (column {error.colno})"
        raise Problems([Problem(Place(name, error.lineno), what, "mend the line")]) from None
    except RecursionError:
        raise Problems([Problem(Place(name), "this JSON is nested too deep", "give a list of objects")]) from None


def _yaml(name: Path, text: str) -> Any:
    import yaml

    def plain(node: yaml.Node, depth: int = 0) -> Any:
        place = Place(name, node.start_mark.line + 1)
        if depth > 5:
            raise Problems([Problem(place, "this YAML is nested too deep", "give a list of cytokines")])
        if isinstance(node, yaml.MappingNode):
            keys = [str(key.value) for key, _ in node.value]
            if twins := sorted({key for key in keys if keys.count(key) > 1}):
                raise Problems([Problem(place, f"the key {twins[0]!r} stands twice", "keep one")])
            pairs = {key: plain(value, depth + 1) for key, (_, value) in zip(keys, node.value, strict=True)}
            return {**pairs, "\0line": place.line}
        if isinstance(node, yaml.SequenceNode):
            return [plain(item, depth + 1) for item in node.value]
        return node.value

    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"this is neither a table nor YAML: {getattr(error, 'problem', None) or 'it cannot be read'}"
        place = Place(name, mark.line + 1 if mark else None)
        raise Problems([Problem(place, what, "give CSV, TSV, JSON or YAML with a row for each cytokine")]) from None
    except RecursionError:
        raise Problems([Problem(Place(name), "this YAML is nested too deep", "give a list of cytokines")]) from None
    return plain(node) if node else None


def _nested(name: Path, data: Any, problems: list[Problem]) -> tuple[list[_Entry], str | None, list[str]]:
    """Return the entries of JSON or YAML: a list of rows, or an object with ``signals`` and perhaps ``comparator``."""
    said = None
    if isinstance(data, dict):
        said = data.get("comparator")
        data = data.get("signals")
    if said is not None and not isinstance(said, str):
        problems.append(Problem(Place(name), "comparator is no text", 'write it as in "healthy-control-skin"'))
        said = None
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        remedy = 'write {"comparator": "own-uninvolved-skin", "signals": [{"cytokine": "IL-21", "ratio": 2.33}]}'
        raise Problems([*problems, Problem(Place(name), "there is no list of cytokines", remedy)])
    entries = []
    unread: set[str] = set()
    for number, row in enumerate(data, 1):
        line = row.pop("\0line", None)
        place = Place(name, line) if line else Place(f"{name}: row {number}")
        cells = {}
        for key, value in row.items():
            column = COLUMNS.get(str(key).casefold().replace("_", " "), str(key).casefold())
            if column not in COLUMNS.values():
                unread.add(column)
            elif value is not None and not isinstance(value, str):
                problems.append(Problem(place, f"{column} is neither text nor number", "write one value"))
            else:
                cells[column] = (value or "").strip()
        entries.append(_Entry(place, cells))
    return entries, said, [f"Keys that were not read: {', '.join(sorted(unread))}."] if unread else []


# --- from entries to signals ------------------------------------------------------------------------------------------


def _assemble(
    store: Store, name: Path, entries: Sequence[_Entry], said: str | None, notes: Sequence[str], problems: list[Problem]
) -> Profile:
    names = Names(store)
    signals: dict[str, tuple[Place, Signal]] = {}
    missing: list[str] = []
    unsaid: Problem | None = None
    comparators: dict[str, tuple[Place, str]] = {}
    if said and isinstance(found := _comparator(names, said, Place(name), problems), tuple):
        comparators[found[0]] = (Place(name), found[1])
    for entry in entries:
        own = entry.cells.get("comparator", "")
        if own and (found := _comparator(names, own, entry.place, problems)):
            comparators.setdefault(found[0], (entry.place, found[1]))
        elif not own and not said and not unsaid:
            remedy = "say it once, by --comparator NAME or in a line '# comparator: own-uninvolved-skin'"
            unsaid = Problem(entry.place, "the comparator is missing, so nobody knows what was compared", remedy)
            problems.append(unsaid)
        signal = _signal(names, entry, problems)
        if signal is None:
            continue
        if signal.ratio is None and signal.reported is None:
            missing.append(signal.label)
            continue
        first = signals.setdefault(signal.cytokine, (entry.place, signal))
        if (first[1].ratio, first[1].reported) != (signal.ratio, signal.reported):
            both = " and ".join(str(s.ratio if s.ratio is not None else s.reported) for s in (first[1], signal))
            what = f"{signal.label} stands at {first[0]} too, with another value ({both})"
            problems.append(Problem(entry.place, what, "keep one row, or give each sample a file of its own"))
    if len(comparators) > 1:
        what = "two comparators in one profile: " + ", ".join(f"{c} ({p})" for c, (p, _) in comparators.items())
        remedy = "ratios to different comparators are never combined: give each comparator a file of its own"
        problems.append(Problem(Place(name), what, remedy))
    if not entries and not problems:
        problems.append(Problem(Place(name), "there is a header and no row", "add a row for each cytokine"))
    if problems:
        raise Problems(problems)
    comparator, (_, label) = next(iter(comparators.items()))
    kept = tuple(signal for _, signal in sorted(signals.values(), key=lambda pair: pair[1].cytokine))
    return Profile(str(name), None, comparator, label, kept, tuple(missing), tuple(notes))


def _comparator(names: Names, text: str, place: Place, problems: list[Problem]) -> tuple[str, str] | None:
    found = names.comparator(text, place)
    if isinstance(found, Problem):
        problems.append(found)
        return None
    return found


def _signal(names: Names, entry: _Entry, problems: list[Problem]) -> Signal | None:
    given = entry.cells.get("cytokine", "")
    if not given:
        problems.append(Problem(entry.place, "the name of the cytokine is missing", "write it, or delete the row"))
        return None
    known = names.ground(given, entry.place)
    ratio, reported, fault = _value(entry)
    problems += [found for found in (known, fault) if isinstance(found, Problem)]
    if isinstance(known, Problem) or fault:
        return None
    return Signal(known.thing, known.label, given, ratio, reported, known.jak)


def _value(entry: _Entry) -> tuple[Decimal | None, Direction | None, Problem | None]:
    """Return the ratio, the reported direction, and the problem with either."""
    cells = {name: entry.cells.get(name, "") for name in ("ratio", "log2", "direction")}
    filled = {name: text for name, text in cells.items() if text.casefold() not in NO_VALUE}
    reported: Direction | None = None
    if "direction" in filled:
        reported = DIRECTIONS.get(filled["direction"].casefold())
        if reported is None:
            what = f"direction {filled['direction']!r} is not known"
            return None, None, Problem(entry.place, what, "write raised, lowered or unchanged")
    if "ratio" in filled and "log2" in filled:
        return None, None, Problem(entry.place, "both ratio and log2 are given", "keep one of them")
    try:
        if "ratio" in filled:
            return _ratio(filled["ratio"]), reported, None
        if "log2" in filled:
            return _power(filled["log2"]), reported, None
    except ValueError as error:
        what, _, remedy = str(error).partition(": ")
        return None, None, Problem(entry.place, what, remedy)
    return None, reported, None


def _number(text: str, column: str) -> Decimal:
    if "%" in text:
        raise ValueError(f"{column} {text!r} is a percentage: write the ratio to the comparator, 2.33 for 233 %")
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        raise ValueError(f"{column} {text!r} has a comma: write the decimal point, as in {text.replace(',', '.')}")
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{column} {text!r} is no number: write digits with a point; where nothing was measured, NA")
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - NUMBER admits only what Decimal reads
        raise ValueError(f"{column} {text!r} is no number: write digits with a point") from None


def _ratio(text: str) -> Decimal:
    number = _number(text, "ratio")
    if number < 0:
        inverse = (1 / -number).quantize(Decimal("0.001")) if number < -1 else abs(number)
        raise ValueError(
            f"ratio {text!r} is negative, and a ratio cannot be: "
            f"if it means {abs(number)}-fold lower write {inverse}; if it is a log2 name the column log2"
        )
    if number == 0:
        raise ValueError("ratio 0 has no logarithm: where it was below detection write the direction lowered")
    if not Decimal("1e-9") <= number <= Decimal("1e9"):
        raise ValueError(f"ratio {text!r} is beyond any assay: check the number")
    return number


def _power(text: str) -> Decimal:
    number = _number(text, "log2")
    if abs(number) > 30:
        raise ValueError(f"log2 {text!r} is beyond any assay: if it is a ratio name the column ratio")
    return Decimal(2) ** number
