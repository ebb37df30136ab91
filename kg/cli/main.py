"""The command ``kg``: questions for a patient, for the graph and for a reasoner; facts in, releases out.

Exit code 0 when done, 1 where ``kg diff`` finds a name lost, 2 when the user's input has problems (each printed
with its place and remedy), 130 when stopped.
"""

import argparse
import io
import shutil
import sys
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import kg
from kg import __version__
from kg.model.errors import Place, Problem, Problems

MOST: Final = 200
"""Problems that are printed; of more the number is said."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; SystemExit, as argparse has it, for --help and for wrong options.

    >>> main(["ask", "khurana-2025-1", "--drug", "tofacitinib", "--format", "markdown"])  # doctest: +ELLIPSIS
    # Which drugs block the signals raised in khurana-2025-1?
    ...
    0
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    questions = words[:1] == ["query"]  # its parameters are those of the question: argparse cannot know them
    options = _parser().parse_args(words[:1] if questions else words)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code: int = _query(words[1:]) if questions else options.run(options)
        sys.stdout.flush()
    except Problems as error:
        for problem in error.problems[:MOST]:
            print(problem, file=sys.stderr)
        if len(error.problems) > MOST:
            print(f"... and {len(error.problems) - MOST:,} more", file=sys.stderr)
        if len(error.problems) > 1:
            print(f"{len(error.problems)} problems", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 141
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kg",
        description="Cytokines, receptors, JAK kinases, JAK inhibitors and granuloma annulare. "
        "For research; not medical advice.",
    )
    parser.add_argument("--version", action="version", version=f"kg {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    ask = commands.add_parser("ask", help="which drugs block the signals raised in a patient, and why")
    ask.add_argument(
        "patient", metavar="CASE-OR-FILE", help="a case of the graph, a file (CSV, TSV, JSON, YAML, phenopacket), or -"
    )
    _settings(ask)
    ask.add_argument("--comparator", metavar="NAME", help="what every ratio of the file is against, said once")
    ask.add_argument("--drug", metavar="NAME", help="one drug, with the full why")
    ask.add_argument("--format", choices=("table", "json", "markdown"), default="table")
    ask.add_argument("--all-species", action="store_true", help="drugs for dogs too")
    ask.add_argument("--approved", action="store_true", help="only drugs that are approved somewhere for any use")
    ask.add_argument("--top", type=_count, metavar="N", help="only the first N drugs")
    ask.add_argument("--graph", type=Path, metavar="FILE", help="another graph (.ttl or .nt)")
    ask.set_defaults(run=_ask)

    why = commands.add_parser("why", help="the smallest set of statements behind the row of a drug in a case")
    why.add_argument("case", metavar="CASE", help="a case of the graph")
    why.add_argument("drug", metavar="DRUG", help="a JAK inhibitor, by any of its names")
    why.add_argument("--format", choices=("text", "turtle"), default="text", help="text, or Turtle with PROV-O")
    why.add_argument("--all-species", action="store_true", help="drugs for dogs too")
    why.set_defaults(run=_why)

    whatif = commands.add_parser("whatif", help="how the answer changes where one thing is other than it is")
    whatif.add_argument("patient", metavar="CASE-OR-FILE", help="a case of the graph, a file, or -")
    whatif.add_argument(
        "--without", action="append", default=[], metavar="THING",
        help="take away a kinase, a receptor, a source, a claim or a measurement; may be given several times",
    )  # fmt: skip
    whatif.add_argument(
        "--measure", action="append", default=[], type=_measure, metavar="CYTOKINE=RATIO",
        help="another ratio to the comparator; may be given several times",
    )  # fmt: skip
    whatif.add_argument("--comparator", metavar="NAME", help="what every ratio of the file is against, said once")
    whatif.add_argument("--format", choices=("table", "json", "markdown"), default="table")
    whatif.set_defaults(run=_whatif)

    path = commands.add_parser("path", help="the paths between two things, each step with what says it")
    path.add_argument("start", metavar="THING", help="a case, cytokine, receptor, kinase, drug, disease, by any name")
    path.add_argument("end", metavar="THING")
    path.add_argument("--most", type=_count, default=10, metavar="N", help="only the first N paths (10)")
    path.add_argument("--longest", type=_count, default=6, metavar="STEPS", help="of at most so many steps (6)")
    path.set_defaults(run=_path)

    cut = commands.add_parser("cut", help="which kinases, and which drugs, cut all signals of a patient or cytokines")
    cut.add_argument("what", nargs="+", metavar="CASE-OR-CYTOKINE", help="a case (its raised cytokines), or cytokines")
    cut.add_argument("--raised", type=_above_one, default="1.5", metavar="RATIO", help="raised from it on (1.5)")
    cut.set_defaults(run=_cut)

    similar = commands.add_parser("similar", help="the nearest cytokines, drugs or cases, and why")
    similar.add_argument("thing", metavar="THING", help="a cytokine, a drug or a case")
    similar.add_argument("--top", type=_count, default=10, metavar="N", help="only the first N (10)")
    similar.set_defaults(run=_similar)
    for command in (path, cut, similar):
        command.add_argument("--threshold", type=_positive, default="100", metavar="nM", help="a hit up to it (100)")
        command.add_argument("--graph", type=Path, metavar="FILE", help="another graph (.ttl or .nt)")
        command.add_argument("--format", choices=("table", "json"), default="table")

    ledger = commands.add_parser("ledger", help="what the calculus says of each drug given, and what happened")
    ledger.add_argument("--format", choices=("table", "json", "markdown"), default="table")
    ledger.set_defaults(run=_ledger)
    draw = commands.add_parser(
        "draw", help="a picture: one page that works without a network, SVG, PNG, or a graph file"
    )
    draw.add_argument("scene", choices=("patient", "mechanism", "drug", "evidence", "literature"))
    draw.add_argument("what", nargs="?", metavar="WHAT", help="a case or file; a drug; a cytokine, receptor or kinase")
    draw.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help=".html, .svg, .png, .graphml, .json or .cyjs"
    )
    draw.add_argument("--comparator", metavar="NAME", help="what every ratio of the file is against, said once")
    draw.add_argument("--top", type=_count, metavar="N", help="of a patient only the first N drugs, and those given")
    draw.add_argument("--approved", action="store_true", help="of a patient only drugs that are approved somewhere")
    draw.set_defaults(run=_draw)
    for command in (why, whatif, ledger, draw):
        _settings(command)
        command.add_argument("--graph", type=Path, metavar="FILE", help="another graph (.ttl or .nt)")

    commands.add_parser("query", help="the library of questions, or a query of your own", add_help=False)

    gaps = commands.add_parser("gaps", help="what would be worth measuring or curating next")
    gaps.add_argument("--graph", type=Path, metavar="FILE", help="another graph (.ttl or .nt)")
    gaps.set_defaults(run=_gaps)

    new = commands.add_parser("new", help="start a file of facts")
    new.add_argument("what", choices=("case",), help="case: a commented template of a report")
    new.add_argument("reference", metavar="REFERENCE", help="its id in references.tsv, as in smith-2026")
    new.add_argument("--from", dest="packet", type=Path, metavar="FILE", help="begin with a phenopacket, JSON")
    new.add_argument("-o", "--output", type=Path, metavar="FILE", help="the file (REFERENCE.toml)")
    new.set_defaults(run=_new)

    check = commands.add_parser("check", help="check facts, shapes and references; say all problems at once")
    check.add_argument("--facts", type=Path, metavar="DIR", help="another folder of facts")
    check.add_argument("--sources", type=Path, metavar="DIR", help="hold the quotes against the texts of this folder")
    check.set_defaults(run=_check)

    reason = commands.add_parser(
        "reason", help="whether the graph is consistent, and what follows from the definitions"
    )
    reason.add_argument("--facts", type=Path, metavar="DIR", help="another folder of facts")
    reason.add_argument(
        "--case", type=Path, action="append", default=[], metavar="FILE", help="a case file of your own"
    )
    reason.add_argument(
        "--triples", type=Path, action="append", default=[], metavar="FILE", help="your own .ttl or .nt"
    )
    reason.add_argument("--format", choices=("table", "json", "turtle"), default="table", help="turtle: what is new")
    reason.set_defaults(run=_reason)

    build = commands.add_parser("build", help="write the graph")
    build.add_argument("--facts", type=Path, metavar="DIR", help="another folder of facts")
    build.add_argument("-o", "--output", type=Path, default=Path("jak-kg.ttl"), metavar="FILE", help=".ttl or .nt")
    build.set_defaults(run=_build)

    release = commands.add_parser("release", help="write every export of the graph to a folder, with checksums")
    release.add_argument("folder", type=Path, metavar="DIR", help="a new folder, or that of a former release")
    release.add_argument("--facts", type=Path, metavar="DIR", help="another folder of facts")
    release.add_argument(
        "--against", type=Path, metavar="OLD", help="fail where a name of this older release has vanished"
    )
    release.add_argument("--without-reasoner", action="store_true", help="no file with what a reasoner infers")
    release.set_defaults(run=_release)

    diff = commands.add_parser("diff", help="what changed between two releases; exit code 1 where a name vanished")
    diff.add_argument("old", type=Path, metavar="OLD", help="the folder of a release, or a graph (.ttl or .nt)")
    diff.add_argument("new", type=Path, metavar="NEW", help="likewise")
    diff.add_argument("--format", choices=("table", "json"), default="table")
    diff.set_defaults(run=_diff)
    return parser


def _settings(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--threshold", type=_positive, default="100", metavar="nM", help="a kinase is hit up to it (100)"
    )
    command.add_argument(
        "--require", choices=("share", "any", "all"), default="share", help="how a route counts (share)"
    )
    command.add_argument("--raised", type=_above_one, default="1.5", metavar="RATIO", help="raised from it on (1.5)")


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text) if text.isascii() and "_" not in text else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number.adjusted()) > 12:
        raise argparse.ArgumentTypeError(f"{text!r} is no number: write digits, as in 100 or 1.5")
    return Decimal(f"{number:f}")


def _positive(text: str) -> Decimal:
    if (number := _number(text)) <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0: write a number such as 100")
    return number


def _above_one(text: str) -> Decimal:
    if (number := _number(text)) <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 1: write a ratio such as 1.5")
    return number


def _measure(text: str) -> tuple[str, Decimal]:
    name, equals, ratio = text.rpartition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} has no ratio: write CYTOKINE=RATIO, as in IL-31=3.2")
    return name.strip(), _positive(ratio.strip())


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no count: write 1 or more")
    return int(text)


# --- commands ---------------------------------------------------------------------------------------------------------


def _ask(options: argparse.Namespace) -> int:
    from kg.answers import ranking, render
    from kg.profiles import resolve

    graph = kg.open(options.graph)
    profile = resolve.read(graph, options.patient, comparator=options.comparator)
    settings = ranking.Settings(options.threshold, options.require, options.raised)
    composed = ranking.compose(
        graph, profile, settings, drug=options.drug, all_species=options.all_species, approved=options.approved,
        top=options.top,
    )  # fmt: skip
    if options.format == "json":
        sys.stdout.write(render.to_json(composed))
    elif options.format == "markdown":
        sys.stdout.write(render.to_markdown(composed, explain=bool(options.drug)))
    else:
        width = shutil.get_terminal_size().columns
        sys.stdout.write(render.to_table(composed, width, explain=bool(options.drug)))
    return 0


def _why(options: argparse.Namespace) -> int:
    from kg.answers import explanation, ranking, render
    from kg.document import terminal
    from kg.profiles import resolve

    graph = kg.open(options.graph)
    settings = ranking.Settings(options.threshold, options.require, options.raised)
    case = resolve.case(graph, options.case)
    found = explanation.explain(graph, case, options.drug, settings, all_species=options.all_species)
    if options.format == "turtle":
        sys.stdout.write(explanation.to_turtle(graph, found))
        return 0
    width = shutil.get_terminal_size().columns
    for line in render.explained(found):
        print(terminal.folded(line, width))
    return 0


def _whatif(options: argparse.Namespace) -> int:
    from kg.answers import counterfactual, ranking
    from kg.document import terminal
    from kg.profiles import resolve

    graph = kg.open(options.graph)
    profile = resolve.read(graph, options.patient, comparator=options.comparator)
    then = ranking.Settings(options.threshold, options.require, options.raised)
    found = counterfactual.compare(graph, profile, without=options.without, measured=options.measure, then=then)
    if not found.supposed:
        remedy = "give --without THING, --measure CYTOKINE=RATIO, or another --threshold, --require or --raised"
        raise Problems([Problem(Place("kg whatif"), "nothing is supposed", remedy)])
    if options.format == "json":
        return _json(counterfactual.to_json(found))
    width = shutil.get_terminal_size().columns
    rows, same = counterfactual.table(found), counterfactual.unchanged(found)
    if options.format == "markdown":
        print(*counterfactual.lines(found), "", *(terminal.markdown(rows) if found.rows else []), "", same, sep="\n")
        return 0
    _print(*counterfactual.lines(found))
    if found.rows:
        print("", *terminal.grid(rows, width), sep="\n")
    _print("", same)
    return 0


def _path(options: argparse.Namespace) -> int:
    from kg.network import paths

    graph = kg.open(options.graph)
    links = paths.relations(graph, threshold=options.threshold)
    start, end = (paths.named(graph, links, text) for text in (options.start, options.end))
    found = paths.paths(links, start, end, most=options.most, longest=options.longest)
    if options.format == "json":
        return _json([path.to_json() for path in found])
    _print(*(line for path in found for line in paths.lines(path)))
    if not found:
        print(f"no path of at most {options.longest} steps leads from {start} to {end}", file=sys.stderr)
    return 0


def _cut(options: argparse.Namespace) -> int:
    from kg.network import cut_sets
    from kg.profiles import profile, resolve

    graph = kg.open(options.graph)
    if options.what[0].removeprefix("kg:") in graph.instances("jak:Case") and len(options.what) == 1:
        signals = profile.of_case(graph, resolve.case(graph, options.what[0])).signals
        cytokines = [s.cytokine for s in signals if s.counts and s.direction(options.raised) == "raised"]
    else:
        cytokines = profile.grounded(graph, options.what)
    found = cut_sets.cut(graph.mechanism, cytokines, threshold=options.threshold)
    if options.format == "json":
        return _json(cut_sets.to_json(cytokines, found))
    _print(*cut_sets.lines(cytokines, found))
    return 0


def _similar(options: argparse.Namespace) -> int:
    from kg.document import terminal
    from kg.network import similarity

    found = similarity.neighbours(kg.open(options.graph), options.thing, threshold=options.threshold)
    if options.format == "json":
        return _json(similarity.to_json(found))
    _print(f"Near to {found.about}, by {found.measure}:", "")
    rows = similarity.table(found)[: options.top + 1]
    print(*terminal.grid(rows, shutil.get_terminal_size().columns), sep="\n")
    return 0


def _draw(options: argparse.Namespace) -> int:
    from kg.answers import ranking
    from kg.profiles import resolve
    from kg.viz import files as drawn
    from kg.viz import scenes

    scene, what = options.scene, options.what
    if (what is None) != (scene in ("mechanism", "literature")):
        fault = "it takes nothing more" if what else "of what is not said"
        raise Problems([Problem(Place(f"kg draw {scene}"), fault, "see kg draw --help")])
    drawn.check(options.output)
    graph = kg.open(options.graph)
    settings = ranking.Settings(options.threshold, options.require, options.raised)
    if scene == "patient":
        profile = resolve.read(graph, what, comparator=options.comparator)
        picture = scenes.patient(graph, profile, settings, top=options.top, approved=options.approved)
    elif scene == "drug":
        picture = scenes.drug(graph, what, settings)
    elif scene == "mechanism":
        picture = scenes.mechanism(graph, settings)
    else:
        picture = scenes.literature(graph) if what is None else scenes.evidence(graph, what)
    _save(drawn.of(picture, options.output.suffix), options.output)
    print(f"{options.output}: {len(picture)} things, {picture.number_of_edges()} relations")
    return 0


def _json(found: object) -> int:
    import json

    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


def _print(*lines: str) -> None:
    from kg.document import terminal

    width = shutil.get_terminal_size().columns
    for line in lines:
        print(terminal.folded(line, width))


def _ledger(options: argparse.Namespace) -> int:
    from kg.answers import outcomes, ranking
    from kg.document import terminal

    graph = kg.open(options.graph)
    settings = ranking.Settings(options.threshold, options.require, options.raised)
    found = outcomes.entries(graph, settings)
    if options.format == "json":
        return _json([entry.to_json() for entry in found])
    width = shutil.get_terminal_size().columns
    rows = outcomes.table(found)
    drawn = terminal.markdown(rows) if options.format == "markdown" else terminal.readable(rows, width)
    print(*drawn, "", sep="\n")
    for line in terminal.bulleted(outcomes.summary(graph, found, settings)):
        print(line if options.format == "markdown" else terminal.folded(line, width))
    return 0


def _query(words: Sequence[str]) -> int:
    from kg.cli import query

    query.command(words)
    return 0


def _gaps(options: argparse.Namespace) -> int:
    from kg.answers import gaps
    from kg.document import terminal

    width = shutil.get_terminal_size().columns
    for number, (title, items) in enumerate(gaps.found(kg.open(options.graph))):
        print(*([""] if number else []), f"{title} ({len(items)})", sep="\n")
        for line in terminal.bulleted(items):
            print(terminal.folded(line, width))
    return 0


def _new(options: argparse.Namespace) -> int:
    import re
    from datetime import date

    from kg.rdf import store

    name, file = options.reference, options.output or Path(f"{options.reference}.toml")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        what = f"{name!r} is no id"
        raise Problems([Problem(Place("REFERENCE"), what, "write author and year, as in smith-2026")])
    if file.exists():
        raise Problems([Problem(Place(file), "this file is there already", "name another with -o")])
    if (known := _facts(None) / "cases" / f"{name}.toml").exists():
        raise Problems([Problem(Place(known), "this report is there already", "add your case to that file")])
    template = (store.folder("ontology") / "case-template.toml").read_text(encoding="utf-8")
    text = template.replace("REFERENCE", name).replace("TODAY", date.today().isoformat())
    if options.packet:
        text = _drafted(options.packet, name, text)
    _save(text.encode(), file)
    print(f"{file}: fill it, move it to ontology/facts/cases, add {name} to references.tsv, and run kg check")
    return 0


def _drafted(file: Path, reference: str, template: str) -> str:
    from kg.profiles import case_template, phenopacket, tabular

    try:
        with file.open("rb") as stream:
            data = stream.read(tabular.BIGGEST + 1)
    except OSError as error:
        what = f"cannot be read ({error.strerror or error})"
        raise Problems([Problem(Place(file), what, "give a phenopacket in JSON")]) from None
    if (found := phenopacket.parse(file, tabular.text_of(file, data))) is None:
        raise Problems([Problem(Place(file), "this is no phenopacket", "give one of version 2, in JSON")])
    return case_template.case(kg.open(), file, found, reference=reference, template=template)


def _check(options: argparse.Namespace) -> int:
    from kg.rdf import store
    from kg.validation import check

    print(check.everything(_facts(options.facts), store.folder("ontology"), sources=options.sources).said)
    return 0


def _reason(options: argparse.Namespace) -> int:
    from kg.owl import hermit, inferences, justifications, user_data
    from kg.rdf import serialize, store

    vocabulary = store.folder("ontology") / "jak-kg.ttl"
    given = user_data.joined(_facts(options.facts), vocabulary, cases=options.case, triples=options.triples)
    found = hermit.reason(given.graph)
    if not found.consistent:
        raise Problems([why.problem() for why in justifications.explain(given.graph, given.place)])
    if found.unsatisfiable:
        raise Problems([justifications.empty(kind) for kind in found.unsatisfiable])
    if options.format == "turtle":
        sys.stdout.write(serialize.turtle(found.new).decode())
    elif options.format == "json":
        return _json(inferences.to_json(found, given.graph))
    else:
        _print(*inferences.lines(found, given.graph))
    return 0


def _build(options: argparse.Namespace) -> int:
    from kg.facts import dataset
    from kg.rdf import builder, serialize, store

    writers = {".ttl": serialize.turtle, ".nt": builder.ntriples}
    if options.output.suffix not in writers:
        raise Problems([Problem(Place(options.output), "the suffix is neither .ttl nor .nt", "name it FILE.ttl")])
    if not options.output.absolute().parent.is_dir():
        raise Problems([Problem(Place(options.output.parent), "there is no such folder", "make it, or name another")])
    ontology = store.folder("ontology")
    built = builder.build(dataset.read(_facts(options.facts)), ontology / "jak-kg.ttl")
    _save(writers[options.output.suffix](built), options.output)
    print(f"{options.output}: {len(built):,} triples, digest {builder.digest(built)}")
    return 0


def _release(options: argparse.Namespace) -> int:
    import hashlib

    from kg.exports import release
    from kg.owl import hermit
    from kg.rdf import diff, store
    from kg.validation import check

    release.prepare(options.folder)
    if not options.without_reasoner:
        try:
            hermit.ready()
        except Problems as error:
            instead = "or give --without-reasoner"
            raise Problems([Problem(p.place, p.what, f"{p.remedy}, {instead}") for p in error.problems]) from None
    old = diff.Snapshot.read(options.against) if options.against else None
    checked = check.everything(_facts(options.facts), store.folder("ontology"))
    print(checked.said, flush=True)
    if old:
        release.nothing_lost(checked.built, old, options.against)
    files = release.files(checked.built, reasoner=not options.without_reasoner)
    release.write(files, options.folder)
    for name, data in files.items():
        print(f"{len(data):>12,}  {options.folder / name}")
    asserted = files["jak-kg.nt"]  # the canonical form, a line a triple
    triples = asserted.count(b"\n")
    print(f"{len(files)} files, {sum(map(len, files.values())):,} bytes; {triples:,} triples asserted")
    print(f"RDFC-1.0 SHA-256 of the asserted graph: {hashlib.sha256(asserted).hexdigest()}")
    if cited := release.citation(checked.built.graph):
        print(f"Cite as: {cited}")
    return 0


def _diff(options: argparse.Namespace) -> int:
    from kg.rdf import diff

    found = diff.compare(*(diff.Snapshot.read(path) for path in (options.old, options.new)))
    if options.format == "json":
        _json(diff.to_json(found))
    else:
        _print(*diff.lines(found))
    return 1 if found.vanished else 0


def _save(data: bytes, file: Path) -> None:
    from kg.model.files import save

    try:
        save(data, file)
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        raise Problems([Problem(Place(file), what, "name a file in a folder of yours")]) from None


def _facts(given: Path | None) -> Path:
    """Return the folder of facts: the given one, else that of the checkout one stands in, else the installed one."""
    from kg.rdf import store

    here = Path("ontology") / "facts"
    folder = given or (here if here.is_dir() else store.folder("ontology") / "facts")
    if not folder.is_dir():
        raise Problems([Problem(Place(folder), "there is no such folder", "give a folder with the files of facts")])
    return folder
