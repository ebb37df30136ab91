"""The command of visualisation: ``kg draw``."""

import argparse
from pathlib import Path
from typing import Final

import kg
from kg.cli.options import COMPARATOR, TOP, Command, add_graph, add_settings, count, save, settings
from kg.model.errors import Place, Problem, Problems


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scene", choices=("patient", "mechanism", "drug", "evidence", "literature"))
    what = "a case or file; a drug; a cytokine, receptor or kinase"
    parser.add_argument("what", nargs="?", metavar="WHAT", help=what)
    suffixes = ".html, .svg, .png, .graphml, .json or .cyjs"
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=suffixes)
    parser.add_argument("--comparator", metavar="NAME", help=COMPARATOR)
    parser.add_argument("--top", type=count, metavar="N", help=f"of a patient {TOP} drugs, and those given")
    parser.add_argument("--approved", action="store_true", help="of a patient only drugs that are approved somewhere")
    add_settings(parser)
    add_graph(parser, forms=())


def _draw(options: argparse.Namespace) -> int:
    from kg.profiles import resolve
    from kg.viz import files as drawn
    from kg.viz import scenes

    scene, what = options.scene, options.what
    if (what is None) != (scene in ("mechanism", "literature")):
        fault = f"unexpected argument {what!r}" if what else "missing argument WHAT"
        raise Problems([Problem(Place(f"kg draw {scene}"), fault, "see kg draw --help")])
    drawn.check(options.output)
    graph, chosen = kg.open(options.graph), settings(options)
    if scene == "patient":
        profile = resolve.read(graph, what, comparator=options.comparator)
        picture = scenes.patient(graph, profile, chosen, top=options.top, approved=options.approved)
    elif scene == "drug":
        picture = scenes.drug(graph, what, chosen)
    elif scene == "mechanism":
        picture = scenes.mechanism(graph, chosen)
    else:
        picture = scenes.literature(graph) if what is None else scenes.evidence(graph, what)
    save(drawn.of(picture, options.output.suffix), options.output)
    print(f"{options.output}: {len(picture)} nodes, {picture.number_of_edges()} edges")
    return 0


COMMANDS: Final = {
    "draw": Command(
        _arguments, _draw,
        ("kg draw patient khurana-2025-1 --top 5 -o patient.html", "kg draw mechanism -o mechanism.graphml"),
    )
}  # fmt: skip
