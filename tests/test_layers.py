"""Ten lines of layers: a package imports those before it, never one behind; a cold start pays for what it uses."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import kg

PACKAGE = Path(kg.__file__).parent
LAYERS = """
model
sandbox
facts document calculus
rdf
sparql
profiles
answers
cohort
network viz owl validation exports
knowledge_graph
cli server
__init__ __main__
""".split("\n")[1:-1]
"""Each line may import the lines before it; on one line only a package that stands to the left, and none both ways."""
RANK = {name: (number, place) for number, line in enumerate(LAYERS) for place, name in enumerate(line.split())}
"""Package -> its line, and its place in it."""


def room(file: Path) -> str:
    """The package of a module, or the module itself where it stands in none."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(file: Path) -> set[str]:
    """The packages of kg that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kg":
            path = node.module.split(".")[1:]
            found |= {path[0]} if path else {alias.name for alias in node.names} & RANK.keys()
    return found


def test_a_package_imports_what_is_below_it() -> None:
    for file in sorted(PACKAGE.rglob("*.py")):
        here = room(file)
        for other in imported(file) - {here}:
            assert RANK[other] < RANK[here] or here == "__init__", f"{file}: kg/{here} must not import kg/{other}"


def loaded(code: str) -> set[str]:
    program = f"{code}\nimport sys, json\nsys.stderr.write(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in json.loads(done.stderr)}


HEAVY = {
    "rdflib",
    "owlready2",
    "networkx",
    "pyvis",
    "matplotlib",
    "numpy",
    "pandas",
    "pydantic",
    "pyshacl",
    "yaml",
    "pyarrow",
}


def test_import_kg_is_cheap() -> None:
    assert not loaded("import kg") & (HEAVY | {"pyoxigraph", "rich"})


def test_cold_ask_loads_only_what_it_uses() -> None:
    asked = (["khurana-2025-1"], ["IL-21=3", "--comparator", "healthy-control-skin"])
    code = "from kg.cli import main\n" + "\n".join(f"assert main.main(['ask', *{words}]) == 0" for words in asked)
    loaded(code)  # builds the graph where it is not current
    assert not loaded(code) & (HEAVY | {"rich"})


def test_the_stamp_of_the_built_graph_knows_every_module_that_can_change_it() -> None:
    from kg.rdf import shipped

    writers, new = set(), {"rdf/builder"}
    while new:
        writers |= new
        new = {name for one in new for name in modules(PACKAGE / f"{one}.py")} - writers
    assert {file.partition("/")[0] for file in writers} == set(shipped.WRITERS)


def modules(file: Path) -> set[str]:
    """The modules of kg that a module imports at its top."""
    found = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kg":
            path = "/".join(node.module.split(".")[1:])
            inner = {f"{path}/{alias.name}" for alias in node.names if (PACKAGE / path / f"{alias.name}.py").is_file()}
            found |= inner or {path}
    return found
