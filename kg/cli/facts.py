"""The commands of a curator: ``kg new``, ``kg check`` and ``kg build``."""

import argparse
import os
from pathlib import Path
from typing import Final

import kg
from kg.cli.options import Command, facts, output, save
from kg.model.errors import Place, Problem, Problems
from kg.model.files import read_bytes

FACTS: Final = "another folder of facts"


def _new_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("case",), help="case: a commented template of a report")
    parser.add_argument("reference", metavar="REFERENCE", help="its id in references.tsv, as in smith-2026")
    parser.add_argument("--from", dest="packet", type=Path, metavar="FILE", help="begin with a phenopacket, JSON")
    parser.add_argument("-o", "--output", type=output, metavar="FILE", help="the file (REFERENCE.toml)")


def _new(options: argparse.Namespace) -> int:
    import re
    from datetime import date

    from kg.rdf import store

    name, file = options.reference, options.output or Path(f"{options.reference}.toml")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        what = f"{name!r} is not an id"
        raise Problems([Problem(Place("REFERENCE"), what, "write author and year, as in smith-2026")])
    if os.path.isfile(file) or os.path.isdir(file):  # and no pipe or device
        raise Problems([Problem(Place(file), "this file exists", "name another with -o")])
    if (known := facts(None) / "cases" / f"{name}.toml").exists():
        raise Problems([Problem(Place(known), "this report exists", "add your case to that file")])
    template = (store.folder("ontology") / "case-template.toml").read_text(encoding="utf-8")
    text = template.replace("REFERENCE", name).replace("TODAY", date.today().isoformat())
    if options.packet:
        text = _drafted(options.packet, name, text)
    save(text.encode(), file)
    print(f"{file}: fill it in, move it to ontology/facts/cases, add {name} to references.tsv, and run kg check")
    return 0


def _drafted(file: Path, reference: str, template: str) -> str:
    from kg.profiles import case_template, phenopacket_schema, tabular

    data = read_bytes(file, remedy="give a phenopacket in JSON", largest=tabular.BIGGEST)
    if (found := phenopacket_schema.parse(file, tabular.text_of(file, data))) is None:
        raise Problems([Problem(Place(file), "this is not a phenopacket", "give one of version 2, in JSON")])
    return case_template.case(kg.open(), file, found, reference=reference, template=template)


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--facts", type=Path, metavar="DIR", help=FACTS)
    parser.add_argument("--sources", type=Path, metavar="DIR", help="compare the quotes with the texts of this folder")


def _check(options: argparse.Namespace) -> int:
    from kg.rdf import store
    from kg.validation import check

    print(check.everything(facts(options.facts), store.folder("ontology"), sources=options.sources).said)
    return 0


def _build_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--facts", type=Path, metavar="DIR", help=FACTS)
    parser.add_argument("-o", "--output", type=output, default=Path("jak-kg.ttl"), metavar="FILE", help=".ttl or .nt")


def _build(options: argparse.Namespace) -> int:
    from kg.facts import dataset
    from kg.rdf import builder, serialize, store

    writers = {".ttl": serialize.turtle, ".nt": builder.ntriples}
    if options.output.suffix not in writers:
        raise Problems([Problem(Place(options.output), "the suffix is neither .ttl nor .nt", "name it FILE.ttl")])
    if not options.output.absolute().parent.is_dir():
        raise Problems([Problem(Place(options.output.parent), "there is no such folder", "make it, or name another")])
    ontology = store.folder("ontology")
    built = builder.build(dataset.read(facts(options.facts)), ontology / "jak-kg.ttl")
    save(writers[options.output.suffix](built), options.output)
    print(f"{options.output}: {len(built):,} triples, digest {builder.digest(built)}")
    return 0


COMMANDS: Final = {
    "new": Command(
        _new_arguments, _new, ("kg new case miller-2026", "kg new case jones-2026 --from packet.json -o draft.toml")
    ),
    "check": Command(_check_arguments, _check, ("kg check", "kg check --facts my-facts --sources texts")),
    "build": Command(_build_arguments, _build, ("kg build -o jak-kg.nt", "kg build --facts my-facts -o mine.ttl")),
}
