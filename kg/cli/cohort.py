"""The command on a table of patients: ``kg cohort``."""

import argparse
import sys
from pathlib import Path
from typing import Final

import kg
from kg.cli.options import COMPARATOR, Command, add_graph, add_settings, count, settings, show
from kg.cli.printing import Readable


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "table", metavar="IN",
        help="Parquet, CSV or Arrow: a patient a row and a cytokine a column, or a measurement a row",
    )  # fmt: skip
    parser.add_argument("-o", "--output", metavar="OUT", type=Path, required=True, help="the folder that is written")
    group = parser.add_argument_group("how the table is read")
    group.add_argument("--comparator", metavar="NAME", help=COMPARATOR)
    group.add_argument("--patient", metavar="COLUMN", help="the column that says who a row is of")
    scale = "what the numbers are where a cytokine is a column"
    group.add_argument("--scale", choices=("ratio", "log2", "direction"), help=scale)
    group.add_argument(
        "--ignore", action="append", default=[], metavar="NAME",
        help="a column, or the name of what was measured, that is passed over; may be given several times",
    )  # fmt: skip
    group.add_argument("--strict", action="store_true", help="stop at the first row that cannot be answered")
    group = parser.add_argument_group("what is written")
    group.add_argument("--top", type=count, default=3, metavar="N", help="drugs of each group that are kept (3)")
    group.add_argument("--all", action="store_true", help="the drugs of every group, also of those not approved")
    group.add_argument("--plots", action="store_true", help="plots as SVG and PNG too; needs the extra draw")
    group.add_argument(
        "--rows", type=count, metavar="N", help="rows of a part (16384; 262144 where a measurement is one)"
    )
    add_settings(parser)
    add_graph(parser)


def _run(options: argparse.Namespace) -> int:
    from kg.cohort import layout, run, summary

    if options.plots:
        from kg.viz.layout import installed

        installed("matplotlib")
    chosen = layout.Choice(
        comparator=options.comparator, patient=options.patient, scale=options.scale, ignore=tuple(options.ignore)
    )
    out = sys.stderr.stream if isinstance(sys.stderr, Readable) else sys.stderr  # a bar moves on a terminal
    found = run.run(
        kg.open(options.graph), options.table, options.output, choice=chosen, settings=settings(options),
        top=options.top, every=options.all, strict=options.strict, size=options.rows, out=out,
    )  # fmt: skip
    if options.plots:
        from kg.viz import cohort

        cohort.save(options.output)
    return show(options.format, lambda: summary.document(found.summary), lambda: found.summary)


def _known() -> str:
    from kg.cli.options import comparators

    return comparators().partition("\n\n")[0]


COMMANDS: Final = {
    "cohort": Command(
        _arguments, _run,
        (
            "kg cohort registry.parquet -o answers --comparator healthy-control-skin --scale ratio",
            "kg cohort measurements.csv -o out --comparator own-uninvolved-skin --patient subject --threshold 50",
        ),
        _known,
    ),
}  # fmt: skip
