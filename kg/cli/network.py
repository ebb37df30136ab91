"""The commands of graph analysis: ``kg path``, ``kg cut`` and ``kg similar``."""

import argparse
import sys
from typing import Final

import kg
from kg import calculus as m
from kg.cli.options import TOP, Command, add_graph, add_raised, add_threshold, count, show


def _path_arguments(parser: argparse.ArgumentParser) -> None:
    node = "a case, cytokine, receptor, kinase, drug or disease, by any of its names"
    parser.add_argument("start", metavar="START", help=node)
    parser.add_argument("end", metavar="END", help="likewise")
    parser.add_argument("--most", type=count, default=10, metavar="N", help=f"{TOP} paths (10)")
    parser.add_argument("--longest", type=count, default=6, metavar="STEPS", help="paths of at most so many steps (6)")
    add_threshold(parser)
    add_graph(parser)


def _path(options: argparse.Namespace) -> int:
    from kg.network import paths

    graph = kg.open(options.graph)
    links = paths.relations(graph, threshold=options.threshold)
    start, end = (paths.named(graph, links, text) for text in (options.start, options.end))
    found = paths.paths(links, start, end, most=options.most, longest=options.longest)
    show(options.format, lambda: paths.document(found), lambda: [path.to_dict() for path in found])
    if not found and options.format != "json":
        print(f"no path of at most {options.longest} steps leads from {start} to {end}", file=sys.stderr)
    return 0


def _cut_arguments(parser: argparse.ArgumentParser) -> None:
    what = "a case (its raised cytokines), or cytokines"
    parser.add_argument("what", nargs="+", metavar="CASE-OR-CYTOKINE", help=what)
    add_raised(parser)
    add_threshold(parser)
    add_graph(parser)


def _cut(options: argparse.Namespace) -> int:
    from kg.network import cut_sets
    from kg.profiles import assembly, profile, resolve

    graph = kg.open(options.graph)
    if graph.is_instance(options.what[0].removeprefix("kg:"), "jak:Case") and len(options.what) == 1:
        signals = profile.of_case(graph, resolve.case(graph, options.what[0])).signals
        cytokines = [signal.cytokine for signal in signals if signal.is_raised(m.Settings(raised=options.raised))]
    else:
        cytokines = assembly.grounded(graph, options.what)
    found = cut_sets.cut(graph.mechanism, cytokines, threshold=options.threshold)
    return show(options.format, lambda: cut_sets.document(cytokines, found), lambda: cut_sets.to_dict(cytokines, found))


def _similar_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a cytokine, a drug or a case")
    parser.add_argument("--top", type=count, default=10, metavar="N", help=f"{TOP} (10)")
    add_threshold(parser)
    add_graph(parser)


def _similar(options: argparse.Namespace) -> int:
    from kg.network import similarity

    found = similarity.neighbours(kg.open(options.graph), options.name, threshold=options.threshold)
    return show(options.format, lambda: similarity.document(found, top=options.top), lambda: similarity.to_dict(found))


COMMANDS: Final = {
    "path": Command(
        _path_arguments, _path, ("kg path khurana-2025-1 tofacitinib", "kg path IL-21 Olumiant --most 3 --format json")
    ),
    "cut": Command(_cut_arguments, _cut, ("kg cut khurana-2025-1", "kg cut IL-21 IFN-gamma --threshold 50")),
    "similar": Command(_similar_arguments, _similar, ("kg similar IL-4", "kg similar baricitinib --top 3")),
}
