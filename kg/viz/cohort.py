"""Plots of a cohort as SVG and PNG, the same bytes at each run: patients and drugs, patients and cytokines, strata.

They show the patients of its sample, in the order of the drugs that come first in them.
"""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from kg.model import files
from kg.model.errors import Place, Problem, Problems
from kg.viz.layout import installed, same_bytes

FORMS: Final = ("svg", "png")
MOST: Final = 15
"""Strata that are drawn."""
BLUE, GREY, LIGHT = "#1f5fa8", "#777777", "#b4b4b4"
LIMIT: Final = 3.0
"""log2 ratio at which a colour is full."""
Sample = Sequence[Mapping[str, Any]]


def save(folder: Path) -> list[Path]:
    """Draw the cohort in a folder that ``kg cohort`` wrote, into ``plots`` in it, and return the files.

    Problems where the folder is of no cohort, or matplotlib is not installed.

    >>> save(Path("none"))
    Traceback (most recent call last):
        ...
    kg.Problems: none: this is no folder of a cohort: give one that kg cohort wrote
    """
    try:
        summary, sample = (
            json.loads(files.read_text(folder / f"{name}.json")) for name in ("summary", "sample")
        )  # fmt: skip
    except (Problems, ValueError):
        what = "this is no folder of a cohort"
        raise Problems([Problem(Place(folder), what, "give one that kg cohort wrote")]) from None
    ordered = sorted(sample, key=lambda one: (_first(one), one["patient"]))
    labels = {name: one["label"] for name, one in summary["measured"].items()}
    drawn: dict[str, Callable[[Any], None]] = {
        "patients-drugs": lambda axes: _drugs(axes, ordered),
        "patients-cytokines": lambda axes: _cytokines(axes, ordered, labels),
        "strata": lambda axes: _strata(axes, summary),
    }
    written = []
    for name, draw in drawn.items():
        for form in FORMS:
            file = folder / "plots" / f"{name}.{form}"
            try:
                files.save(_saved(draw, form), file)
            except OSError as error:
                raise Problems([files.unwritable(file, error)]) from None
            written.append(file)
    return written


def _saved(draw: Callable[[Any], None], form: str) -> bytes:
    out = io.BytesIO()
    with same_bytes(**{"hatch.linewidth": 0.6}):
        figure = installed("matplotlib.figure").Figure(figsize=(10, 7), layout="constrained")
        installed("matplotlib.backends.backend_agg").FigureCanvasAgg(figure)
        draw(figure.add_subplot())
        metadata = {"Creator": "JAK-KG", "Date": None} if form == "svg" else {"Software": None}
        figure.savefig(out, format=form, dpi=144, metadata=metadata)
    return out.getvalue()


def _first(one: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what sorts a patient: the drug with the highest score, those without any last."""
    best = sorted(one["scores"].items(), key=lambda pair: (-pair[1][0], pair[1][1], pair[0]))
    return (not best, best[0][0] if best else "", -best[0][1][0] if best else 0)


def _drugs(axes: Any, sample: Sample) -> None:
    sample = [one for one in sample if one["scores"]]
    drugs = sorted({drug for one in sample for drug in one["scores"]})
    means = {drug: sum(one["scores"][drug][0] for one in sample) for drug in drugs}
    drugs.sort(key=lambda drug: (-means[drug], drug))
    image = _matrix(
        axes, [[one["scores"][drug][0] for drug in drugs] for one in sample], drugs, (0, 1), "Blues",
        "Lowest score of each drug; hatched where what is unknown could make it higher",
    )  # fmt: skip
    patches = installed("matplotlib.patches")
    for row, one in enumerate(sample):
        for column, drug in enumerate(drugs):
            low, high = one["scores"][drug]
            if high > low:
                box = (column - 0.5, row - 0.5)
                axes.add_patch(patches.Rectangle(box, 1, 1, fill=False, hatch="////", edgecolor=GREY, linewidth=0))
    axes.set_ylabel(f"{len(sample)} patients, by the drug that comes first")
    axes.figure.colorbar(image, ax=axes, label="score")


def _cytokines(axes: Any, sample: Sample, labels: Mapping[str, str]) -> None:
    cytokines = sorted({name for one in sample for name in one["measured"]}, key=lambda name: labels.get(name, name))
    words = {"raised": 1.0, "lowered": -1.0, "unchanged": 0.0, "not significant": 0.0}
    nothing = float("nan")
    values = [
        [words.get(value, value) for value in (one["measured"].get(name, nothing) for name in cytokines)]
        for one in sample
    ]
    axes.set_facecolor(LIGHT)
    image = _matrix(
        axes, values, [labels.get(name, name) for name in cytokines], (-LIMIT, LIMIT), "RdBu_r",
        "What was measured; grey where nothing was",
    )  # fmt: skip
    axes.set_ylabel(f"{len(sample)} patients, by the drug that comes first")
    axes.figure.colorbar(image, ax=axes, label="log2 ratio; a word alone is drawn as 1 or -1")


def _matrix(
    axes: Any, values: Sequence[Sequence[float]], columns: Sequence[str], ends: tuple[float, float], colours: str,
    title: str,
) -> Any:  # fmt: skip
    numpy = installed("numpy")
    found = numpy.array(values, float).reshape(len(values), len(columns))
    shown = found if found.size else numpy.full((1, 1), numpy.nan)
    image = axes.imshow(shown, cmap=colours, vmin=ends[0], vmax=ends[1], aspect="auto", interpolation="nearest")
    short = [name if len(name) <= 24 else f"{name[:21]}..." for name in columns]
    axes.set_xticks(range(len(columns)), short, rotation=90, fontsize=8 if len(columns) < 40 else 6)
    axes.set_yticks([])
    axes.set_title(title, loc="left")
    return image


def _strata(axes: Any, summary: Mapping[str, Any]) -> None:
    found = summary["first_drugs"][:MOST][::-1]
    names = [", ".join(one["drugs"]) or "none" for one in found]
    names = [name if len(name) <= 60 else f"{name[:57]}..." for name in names]
    places = range(len(found))
    axes.barh(places, [one["patients"] for one in found], color=BLUE, height=0.6)
    axes.barh(
        places, [one["open"] for one in found], color="none", hatch="////", edgecolor="white", linewidth=0, height=0.6
    )
    axes.set_yticks(places, names, fontsize=8)
    axes.set_xlabel("patients; hatched where the answer is open")
    more = len(summary["first_drugs"]) - len(found)
    title = f"Patients by the drugs that come first{f'; {more} more sets' if more else ''}"
    axes.set_title(title, loc="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
