"""The commands about patients: ``kg ask``, ``kg next``, ``kg why``, ``kg whatif``, ``kg ledger`` and ``kg gaps``."""

import argparse
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import kg
from kg.cli.options import (
    FORMS,
    TOP,
    Command,
    add_graph,
    add_reading,
    add_settings,
    add_tracks,
    comparators,
    count,
    limits,
    positive,
    reading,
    settings,
    show,
)
from kg.cli.printing import exactly
from kg.model.errors import Place, Problem, Problems

if TYPE_CHECKING:
    from kg.answers.ranking import Answer
    from kg.document.blocks import Document
    from kg.knowledge_graph import KnowledgeGraph
    from kg.profiles.profile import Profile


def _ask_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "patient", metavar="CASE-OR-FILE", nargs="+",
        help="a case of the graph, a file (CSV, TSV, .xlsx, .ods, gzip, JSON, YAML, phenopacket), -, or IL-21=3.1 ...",
    )  # fmt: skip
    add_settings(parser)
    add_reading(parser)
    add_tracks(parser)
    parser.add_argument("--by", metavar="COLUMN", help="an answer for each value of a column, in one table")
    parser.add_argument(
        "--drug", action="append", default=[], metavar="NAME",
        help="one drug, with every measurement behind its row; several stand side by side",
    )  # fmt: skip
    parser.add_argument("--full", action="store_true", help="all that is known beside the first screen")
    parser.add_argument("--all", action="store_true", help="the rows of every group, also of drugs not approved")
    parser.add_argument("--all-species", action="store_true", help="include veterinary drugs")
    parser.add_argument("--approved", action="store_true", help="only drugs that are approved somewhere for any use")
    parser.add_argument("--top", type=count, metavar="N", help=f"{TOP} drugs")
    add_graph(parser)


def _composed(graph: "KnowledgeGraph", profile: "Profile", options: argparse.Namespace) -> "Answer":
    """Return the answer for a profile by the track that is chosen."""
    from kg.answers import ranking, tracks

    chosen = settings(options)
    profile, found = tracks.of(
        graph, profile, chosen, signatures=options.signatures, signals=options.signals, correlation=options.correlation
    )
    return ranking.compose(
        graph, profile, chosen, drugs=options.drug, all_species=options.all_species, approved=options.approved,
        top=options.top, tracks=found,
    )  # fmt: skip


def _ask(options: argparse.Namespace) -> int:
    from kg.profiles import resolve

    graph = kg.open(options.graph)
    if options.by is not None:
        return _ask_each(graph, options)
    composed = _composed(graph, resolve.named(graph, options.patient, reading=reading(options)), options)

    def document() -> "Document":
        from kg.answers import render

        return render.document(composed, full=options.full, every=options.all)

    return show(options.format, document, composed.to_dict)


def _ask_each(graph: "KnowledgeGraph", options: argparse.Namespace) -> int:
    """Print an answer for each value of a column: one table, or a line of JSON each."""
    from kg.answers import each
    from kg.profiles import by_sample

    if len(options.patient) != 1:
        raise Problems([Problem(Place("--by"), "it needs one file", "give a file with that column")])
    answers = {
        value: _composed(graph, profile, options)
        for value, profile in by_sample.profiles(graph, options.patient[0], options.by, reading=reading(options))
    }
    if options.format == "json":
        sys.stdout.write("".join(map(each.line, answers.values())))
        return 0
    return show(options.format, lambda: each.document(options.by, answers))


def _inspect_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a file as for kg ask, or -")
    add_reading(parser)
    add_graph(parser)


def _inspect(options: argparse.Namespace) -> int:
    from kg.profiles import inspection

    found = inspection.inspect(kg.open(options.graph), options.file, reading=reading(options))
    return show(options.format, lambda: inspection.document(found), found.to_dict)


def _next_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("patient", metavar="CASE-OR-FILE", nargs="+", help="as for kg ask")
    add_reading(parser)
    add_settings(parser)
    add_graph(parser)


def _next(options: argparse.Namespace) -> int:
    from kg.answers import next_result
    from kg.profiles import resolve

    graph = kg.open(options.graph)
    profile = resolve.named(graph, options.patient, reading=reading(options))
    found = next_result.of(graph, profile, settings(options))
    return show(options.format, lambda: next_result.document(found), found.to_dict)


def _why_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help="a case of the graph")
    parser.add_argument("drug", metavar="DRUG", help="a JAK inhibitor, by any of its names")
    parser.add_argument("--all-species", action="store_true", help="include veterinary drugs")
    add_settings(parser)
    add_graph(parser, forms=("text", "turtle", "markdown", "html"))


def _why(options: argparse.Namespace) -> int:
    from kg.answers import explanation, render
    from kg.profiles import resolve

    graph = kg.open(options.graph)
    case = resolve.case(graph, options.case)
    found = explanation.explain(graph, case, options.drug, settings(options), all_species=options.all_species)
    if options.format == "turtle":
        exactly(explanation.to_turtle(graph, found))
        return 0
    return show(options.format, lambda: render.explained(found))


def _whatif_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("patient", metavar="CASE-OR-FILE", help="a case of the graph, a file, or -")
    parser.add_argument(
        "--without", action="append", default=[], metavar="NAME",
        help="remove a kinase, receptor, source, claim or measurement; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--measure", action="append", default=[], type=_measure, metavar="CYTOKINE=RATIO",
        help="another ratio to the comparator; may be given several times",
    )  # fmt: skip
    add_reading(parser)
    add_settings(parser)
    add_graph(parser)


def _whatif(options: argparse.Namespace) -> int:
    from kg.answers import counterfactual
    from kg.profiles import resolve

    graph, then = kg.open(options.graph), settings(options)
    profile = resolve.read(graph, options.patient, reading=reading(options))
    found = counterfactual.compare(graph, profile, without=options.without, measured=options.measure, then=then)
    if not found.supposed:
        remedy = "give --without NAME, --measure CYTOKINE=RATIO, or another --threshold, --require or --raised"
        raise Problems([Problem(Place("kg whatif"), "no change is given", remedy)])
    return show(options.format, lambda: counterfactual.document(found), lambda: counterfactual.to_dict(found))


def _measure(text: str) -> tuple[str, Decimal]:
    name, equals, ratio = text.rpartition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} has no ratio: write CYTOKINE=RATIO, as in IL-31=3.2")
    return name.strip(), positive(ratio.strip())


def _ledger_arguments(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    add_graph(parser)


def _ledger(options: argparse.Namespace) -> int:
    from kg.answers import outcomes

    graph, chosen = kg.open(options.graph), settings(options)
    found = outcomes.entries(graph, chosen)
    return show(
        options.format,
        lambda: outcomes.document(graph, found, chosen),
        lambda: [entry.to_dict() for entry in found],
    )


def _gaps(options: argparse.Namespace) -> int:
    from kg.answers import gaps

    graph = kg.open(options.graph)
    return show(options.format, lambda: gaps.document(graph), lambda: gaps.found(graph))


COMMANDS: Final = {
    "ask": Command(
        _ask_arguments, _ask,
        (
            "kg ask khurana-2025-1", "kg ask khurana-2025-1 --drug tofacitinib --drug baricitinib",
            "kg ask profile.csv --comparator own-uninvolved-skin",
            "kg ask IL-21=3.1 IFN-g=1.2 --comparator healthy-control-skin",
        ),
        comparators,
    ),
    "inspect": Command(
        _inspect_arguments, _inspect,
        ("kg inspect profile.csv", "kg inspect profile.csv --comparator healthy-control-skin --format json"), limits,
    ),
    "next": Command(
        _next_arguments, _next,
        ("kg next khurana-2025-1", "kg next IL-21=3.1 --comparator healthy-control-skin --format json"),
        comparators,
    ),
    "why": Command(
        _why_arguments, _why, ("kg why khurana-2025-1 tofacitinib", "kg why khurana-2025-1 Xeljanz --format turtle")
    ),
    "whatif": Command(
        _whatif_arguments, _whatif,
        ("kg whatif khurana-2025-1 --without jak3", "kg whatif khurana-2025-1 --measure IL-31=4 --threshold 50"),
    ),
    "ledger": Command(_ledger_arguments, _ledger, ("kg ledger", "kg ledger --format markdown")),
    "gaps": Command(add_graph, _gaps, ("kg gaps", f"kg gaps --format {FORMS[1]}")),
}  # fmt: skip
