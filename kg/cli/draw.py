"""The command of visualisation: ``kg draw``."""

import argparse
from typing import Final

import kg
from kg.cli.options import TOP, Command, add_graph, add_reading, add_settings, count, output, reading, save, settings


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scene", choices=("patient", "mechanism", "drug", "evidence", "literature"))
    what = "a case or file; a drug; a cytokine, receptor or kinase"
    parser.add_argument("what", nargs="?", metavar="WHAT", help=what)
    suffixes = ".html, .svg, .png, .graphml, .json or .cyjs"
    parser.add_argument("-o", "--output", type=output, required=True, metavar="FILE", help=suffixes)
    add_reading(parser)
    parser.add_argument("--top", type=count, metavar="N", help=f"of a patient {TOP} drugs, and those given")
    parser.add_argument("--approved", action="store_true", help="of a patient only drugs that are approved somewhere")
    add_settings(parser)
    add_graph(parser, forms=())


def _draw(options: argparse.Namespace) -> int:
    from kg.viz import files, scenes

    files.check(options.output)
    scene = scenes.of(
        kg.open(options.graph),
        options.scene,
        options.what,
        settings=settings(options),
        reading=reading(options),
        top=options.top,
        approved=options.approved,
    ).graph
    save(files.of(scene, options.output.suffix), options.output)
    print(f"{options.output}: {len(scene)} nodes, {scene.number_of_edges()} edges")
    return 0


COMMANDS: Final = {
    "draw": Command(
        _arguments, _draw,
        ("kg draw patient khurana-2025-1 --top 5 -o patient.html", "kg draw mechanism -o mechanism.graphml"),
    )
}  # fmt: skip
