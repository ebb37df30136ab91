"""What a module may import: one direction of dependency, and a cold start that pays only for what it uses."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import kg
from kg import built

PACKAGE = Path(kg.__file__).parent
PACKAGES = {"kg": "__init__", "exports": "exports"}
"""Package -> what its own file is called here."""
MODULES = {PACKAGES.get(file.parent.name, "") if file.stem == "__init__" else file.stem: file
           for file in PACKAGE.rglob("*.py")}  # fmt: skip
MAY_USE: dict[str, set[str]] = {
    "__init__": {"asking", "built", "rows", "terms"},
    "problems": set(),
    "terms": set(),
    "evidence": set(),
    "exports": set(),
    "layout": set(),
    "clinical": {"identifiers", "terms"},
    "store": set(),
    # writing
    "identifiers": {"terms"},
    "records": {"identifiers"},
    "reading": {"records", "problems"},
    "facts": {"records", "problems", "reading", "terms"},
    "nodes": {"records", "facts", "problems", "terms"},
    "casebook": {"records", "nodes", "terms"},
    "nanopubs": {"terms"},
    "phenopackets": {"clinical", "terms"},
    "sources": {"terms"},
    "syntax": {"graph", "problems", "sources", "terms"},
    "diff": {"problems", "reading", "store", "terms"},
    "release": {
        "description",
        "diff",
        "glossary",
        "graph",
        "graphml",
        "kgx",
        "nanopubs",
        "phenopackets",
        "problems",
        "quality",
        "reason",
        "sssom",
        "syntax",
        "tables",
    },
    "mappings": {"identifiers", "problems", "reading", "records", "terms"},
    "graph": {"records", "evidence", "facts", "casebook", "identifiers", "mappings", "nodes", "problems", "terms"},
    "sssom": {"identifiers", "mappings", "store", "terms"},
    # reading
    "rows": {"terms"},
    "library": {"problems", "rows", "store", "terms"},
    "guarded": {"problems", "terms"},
    "endpoint": {"guarded", "problems"},
    "results": {"layout", "problems", "rows", "terms"},
    "description": {"graph", "terms"},
    "manchester": set(),
    "glossary": {"graph", "library", "manchester", "store", "terms"},
    "catalogue": {"layout", "library", "results", "rows", "terms"},
    "mechanism": {"library", "terms"},
    "network": {"library", "mechanism"},
    "entries": {"problems"},
    "profile": {"entries", "library", "mechanism", "problems", "terms"},
    "cells": {"mechanism", "library"},
    "beside": {"cells", "mechanism", "profile", "library", "rows", "terms"},
    "contract": {"answer", "mechanism", "profile"},
    "answer": {"beside", "cells", "library", "mechanism", "profile", "problems", "terms"},
    "why": {"answer", "evidence", "mechanism", "profile", "library", "rows", "terms"},
    "ledger": {"answer", "beside", "cells", "layout", "mechanism", "profile", "problems", "library", "rows"},
    "gaps": {"library", "terms"},
    "packet": {"clinical", "entries", "identifiers", "problems", "profile", "terms"},
    "draft": {"clinical", "packet", "profile", "problems"},
    "patient": {"entries", "library", "packet", "problems", "profile"},
    "scenes": {"answer", "beside", "layout", "library", "mechanism", "problems", "profile", "report", "rows", "terms"},
    "paths": {"library", "mechanism", "problems", "terms"},
    "cuts": {"mechanism"},
    "similar": {"library", "mechanism", "problems"},
    "whatif": {"answer", "evidence", "layout", "library", "mechanism", "problems", "profile", "terms"},
    "report": {"answer", "beside", "contract", "layout", "mechanism", "profile", "why"},
    # release
    "tables": {"graph", "library", "rows", "store", "terms"},
    "biolink": set(),
    "kgx": {"biolink", "graph", "mechanism", "rows", "store", "tables", "terms"},
    "graphml": {"graph", "network", "rows", "store", "syntax", "tables"},
    # drawing
    "drawing": set(),
    "picture": {"drawing", "problems"},
    "drawn": {"network", "picture", "problems"},
    # both
    "premises": {"graph", "library", "store", "terms"},
    "reason": {"graph", "premises", "problems", "terms"},
    "contradictions": {"premises", "problems", "reason", "terms"},
    "inferences": {"premises", "reason", "terms"},
    "additions": {"facts", "graph", "problems", "reading", "store", "terms"},
    "built": {"facts", "graph", "problems", "store"},
    "check": {
        "diff",
        "facts",
        "graph",
        "guarded",
        "library",
        "mappings",
        "problems",
        "reading",
        "records",
        "rows",
        "store",
        "syntax",
        "terms",
    },
    "quality": {"library", "problems", "rows", "store", "terms"},
    "asking": {
        "built",
        "catalogue",
        "endpoint",
        "graph",
        "guarded",
        "layout",
        "library",
        "problems",
        "results",
        "rows",
        "store",
        "terms",
    },
}
"""Module -> the modules that it may import; ``cli``, which nothing imports, may use them all."""


def imports(file: Path) -> set[str]:
    """The modules of kg that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kg":
            module = node.module.split(".")[-1]
            names = [alias.name for alias in node.names] if module in PACKAGES else [module]
            found |= {name if name in MODULES else PACKAGES[module] for name in names}
    return found


def test_direction_of_dependency() -> None:
    modules = {name: imports(file) for name, file in MODULES.items()}
    assert "cli" not in set().union(*modules.values())
    del modules["cli"]
    assert modules.keys() == MAY_USE.keys()
    for name, used in modules.items():
        assert used <= MAY_USE[name], f"kg/{name}.py must not import {used - MAY_USE[name]}"


def loaded(code: str) -> set[str]:
    program = f"{code}\nimport sys, json\nsys.stderr.write(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in json.loads(done.stderr)}


HEAVY = {"rdflib", "owlready2", "networkx", "pyvis", "matplotlib", "numpy", "pandas", "pydantic", "pyshacl", "yaml"}


def test_import_kg_is_cheap() -> None:
    assert not loaded("import kg") & (HEAVY | {"pyoxigraph", "rich"})


def test_cold_ask_loads_only_what_it_uses() -> None:
    code = "from kg import cli\nassert cli.main(['ask', 'khurana-2025-1', '--format', 'json']) == 0"
    loaded(code)  # builds the graph where it is not current
    assert not loaded(code) & (HEAVY | {"rich"})


def test_the_stamp_of_the_built_graph_knows_every_module_that_can_change_it() -> None:
    writers, new = set(), {"graph"}
    while new:
        writers |= new
        new = set().union(*(MAY_USE[name] for name in new)) - writers
    assert writers == set(built.WRITERS)
