"""Mutants of a module of kg/calculus: each has one small change, and is put to the tests in a process of its own.

``python tests/calculus/mutants.py blockade`` puts all to the tests, and prints in JSON which were put to them and which
no test killed; with a number after the name, one in so many of them: another sample when the module changes.
A mutant reads ``function: old -> new``. The libraries are loaded once, and a process is forked for each mutant; kg is
loaded there only, so that every module of it sees the change.
"""

import ast
import importlib.machinery
import importlib.util
import json
import os
import sys
import zlib
from collections.abc import Iterator, Sequence
from copy import deepcopy
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

ROOT = Path(__file__).parent.parent.parent
SECONDS = 300
"""Processor time that the tests of a mutant have: one that runs on is killed by that."""
ARRAYS = "tests/calculus/test_arrays.py"
TESTS = ["kg/calculus", "tests/calculus", f"--ignore={ARRAYS}"]
"""Those of the scalar calculus; the array calculus, which reads it, has its own."""
EARLY = "ignore::pytest.PytestAssertRewriteWarning"
"""hypothesis is loaded before pytest, once for all mutants."""
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}  # fmt: skip
CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}


def changed(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901  a row for each kind of node
    """Yield what a node can be replaced by."""
    match node:
        case ast.Compare(left, ops, comparators):
            for at, op in enumerate(ops):
                if new := SWAPPED.get(type(op)):
                    yield ast.Compare(left, [*ops[:at], new(), *ops[at + 1 :]], comparators)  # type: ignore[list-item]
        case ast.BoolOp(op, values):
            yield ast.BoolOp(SWAPPED[type(op)](), values)  # type: ignore[arg-type]
        case ast.BinOp(left, op, right) if type(op) in SWAPPED:
            yield ast.BinOp(left, SWAPPED[type(op)](), right)  # type: ignore[arg-type]
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.Call(ast.Name(name), args, keywords) if name in CALLED:
            yield ast.Call(ast.Name(CALLED[name], ast.Load()), args, keywords)
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.Constant(str() as value):
            yield ast.Constant(other_text(value))
        case ast.Return(value) if value is not None and not (isinstance(value, ast.Constant) and value.value is None):
            yield ast.Return(ast.Constant(None))
        case ast.AugAssign(target, op, value) if type(op) in SWAPPED:
            yield ast.AugAssign(target, SWAPPED[type(op)](), value)  # type: ignore[arg-type]
        case ast.If(ast.Name() | ast.Attribute() | ast.Call() as test, body, orelse):  # others change by themselves
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.IfExp(ast.Name() | ast.Attribute() | ast.Call() as test, body, orelse):
            yield ast.IfExp(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.comprehension(target, within, ifs, is_async) if ifs:
            yield ast.comprehension(target, within, [], is_async)


def other_text(text: str) -> str:
    try:
        return str(Decimal(text) + 1)
    except InvalidOperation:
        return text + "x"


def places(node: ast.AST, within: str = "") -> Iterator[tuple[str, ast.AST, str, int | None]]:
    """Yield what can be replaced in a module: the function, the parent, its field, and the index there.

    Annotations and docstrings change nothing, a message of an error nothing that is computed, and a type alias neither.
    """
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "bases", "type_params"):
            continue
        for at, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or said(child):
                continue
            here = within
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                here = f"{within}.{child.name}".lstrip(".")
            yield here, node, field, at
            yield from places(child, here)


def said(node: ast.AST) -> bool:
    """Whether a node is a text for readers or types: a docstring, an error that is raised, a type alias."""
    match node:
        case ast.Expr(ast.Constant(str())) | ast.Raise():
            return True
        case ast.Assign(value=ast.Subscript(ast.Name("Literal" | "tuple" | "dict" | "Mapping" | "Sequence"))):
            return True
        case _:
            return False


def mutants(source: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the mutants of a module: what was changed, and the module with that change."""
    tree = ast.parse(source)
    for number, (within, parent, field, at) in enumerate(places(tree)):
        node = getattr(parent, field) if at is None else getattr(parent, field)[at]
        for new in changed(node):
            whole = deepcopy(tree)
            _, other, _, _ = next(place for count, place in enumerate(places(whole)) if count == number)
            new = ast.copy_location(deepcopy(new), node)
            if at is None:
                setattr(other, field, new)
            else:
                getattr(other, field)[at] = new
            yield f"{within or 'module'}: {shown(node)} -> {shown(new)}", ast.fix_missing_locations(whole)


def shown(node: ast.AST) -> str:
    """The first line of a node."""
    return ast.unparse(ast.fix_missing_locations(deepcopy(node))).partition("\n")[0].strip()


# --- in a process of its own ------------------------------------------------------------------------------------------


class Loader(importlib.machinery.SourceFileLoader):
    """Loads one module from a tree in place of its file."""

    def __init__(self, name: str, file: Path, tree: ast.Module) -> None:
        super().__init__(name, str(file))
        self.tree = tree

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return compile(self.tree, self.path, "exec")

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)


def killed(name: str, file: Path, tree: ast.Module) -> bool:
    """Whether a test fails with the module of that name as in the tree, or runs on."""
    child = os.fork()
    if not child:
        outcome(name, file, tree)
    _, status = os.waitpid(child, 0)
    return status != 0


def outcome(name: str, file: Path, tree: ast.Module) -> None:
    """End this process with 0 where every test passes: first the doctests of the module, which cost least."""
    import doctest
    import resource

    import pytest

    code: int = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        finder: Any = Loader(name, file, tree)
        sys.meta_path.insert(0, finder)
        tests = [ARRAYS] if ".array" in name else TESTS
        code = doctest.testmod(importlib.import_module(name)).failed or int(
            pytest.main(["-x", "-n0", "-p", "no:cacheprovider", "-W", EARLY, *tests])
        )
    finally:
        os._exit(min(code, 1))


def sample(source: str, one_in: int) -> list[tuple[str, ast.Module]]:
    """Return one in so many of the mutants of a module."""
    first = zlib.crc32(source.encode()) % one_in
    return list(mutants(source))[first::one_in]


def main(name: str, one_in: int = 1) -> None:
    import hypothesis
    import pydantic
    import pyoxigraph
    import rdflib
    import rdflib.plugins.sparql

    assert all((hypothesis, pydantic, pyoxigraph, rdflib))
    assert not [module for module in sys.modules if module.split(".")[0] == "kg"]
    os.chdir(ROOT)
    os.environ["JAK_KG_HYPOTHESIS"] = "mutants"
    file = ROOT / "kg" / "calculus" / f"{name}.py"
    source = file.read_text(encoding="utf-8")
    module = f"kg.calculus.{name}"
    assert not killed(module, file, ast.parse(source)), "a test fails without any mutant"
    found = sample(source, one_in)
    left = [said for said, tree in found if not killed(module, file, tree)]
    print(json.dumps({"mutants": [said for said, _ in found], "left": left}))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
