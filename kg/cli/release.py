"""The commands about whole graphs: ``kg release``, ``kg diff`` and ``kg reason``."""

import argparse
from pathlib import Path
from typing import Final

from kg.cli.options import FORMS, Command, facts, show
from kg.cli.printing import exactly
from kg.model.errors import Problem, Problems


def _release_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="a new folder, or that of an earlier release")
    parser.add_argument("--facts", type=Path, metavar="DIR", help="another folder of facts")
    vanished = "fail where an identifier of this older release has vanished"
    parser.add_argument("--against", type=Path, metavar="OLD", help=vanished)
    parser.add_argument("--without-reasoner", action="store_true", help="no file with what a reasoner infers")


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
    checked = check.everything(facts(options.facts), store.folder("ontology"))
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


def _diff_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", type=Path, metavar="OLD", help="the folder of a release, or a graph (.ttl or .nt)")
    parser.add_argument("new", type=Path, metavar="NEW", help="likewise")
    parser.add_argument("--format", choices=FORMS, default="table", help="default: table")


def _diff(options: argparse.Namespace) -> int:
    from kg.rdf import diff

    found = diff.compare(*(diff.Snapshot.read(path) for path in (options.old, options.new)))
    show(options.format, lambda: diff.document(found), lambda: diff.to_dict(found))
    return 1 if found.vanished else 0


def _reason_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--facts", type=Path, metavar="DIR", help="another folder of facts")
    case, triples = "a case file of your own", "your own .ttl or .nt"
    parser.add_argument("--case", type=Path, action="append", default=[], metavar="FILE", help=case)
    parser.add_argument("--triples", type=Path, action="append", default=[], metavar="FILE", help=triples)
    turtle = "turtle: the inferred triples; default: table"
    parser.add_argument("--format", choices=(*FORMS, "turtle"), default="table", help=turtle)


def _reason(options: argparse.Namespace) -> int:
    from kg.owl import hermit, inferences, justifications, user_data
    from kg.rdf import serialize, store

    vocabulary = store.folder("ontology") / "jak-kg.ttl"
    given = user_data.joined(facts(options.facts), vocabulary, cases=options.case, triples=options.triples)
    found = hermit.reason(given.graph)
    if not found.consistent:
        raise Problems([why.problem() for why in justifications.explain(given.graph, given.place)])
    if found.unsatisfiable:
        raise Problems([justifications.empty(kind) for kind in found.unsatisfiable])
    if options.format == "turtle":
        exactly(serialize.turtle(found.new).decode())
        return 0
    return show(
        options.format,
        lambda: inferences.document(found, given.graph),
        lambda: inferences.to_dict(found, given.graph),
    )


COMMANDS: Final = {
    "release": Command(
        _release_arguments, _release,
        ("kg release dist --without-reasoner", "kg release dist --without-reasoner --against old.ttl"),
    ),
    "diff": Command(_diff_arguments, _diff, ("kg diff old.ttl new.ttl", "kg diff old.ttl new.ttl --format json")),
    "reason": Command(_reason_arguments, _reason, ("kg reason", "kg reason --triples mine.ttl --format turtle")),
}  # fmt: skip
