"""Every public function, and every class with public methods, says in its docstring what it gives, and shows it.

Plain records and dataclasses, which are classes without a public method, need no doctest.
"""

import ast
import doctest
from collections.abc import Iterator
from pathlib import Path

import kg

Function = ast.FunctionDef | ast.AsyncFunctionDef


def public(body: list[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    """The functions and classes of a module or class whose name has no leading underscore."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def methods(node: ast.AST) -> list[Function]:
    return [n for n in public(node.body) if isinstance(n, Function)] if isinstance(node, ast.ClassDef) else []


def shows(node: Function | ast.ClassDef) -> bool:
    """Whether the docstring of a function or class has a doctest."""
    return bool(doctest.DocTestParser().get_examples(ast.get_docstring(node) or ""))


def missing(source: str) -> list[str]:
    """What the docstrings of a module lack."""
    found = []
    for node in public(ast.parse(source).body):
        inner = methods(node)
        if (isinstance(node, Function) or inner) and not any(map(shows, [node, *inner])):
            found.append(f"{node.name} has no doctest")
        for function in [node, *inner] if isinstance(node, Function) else inner:
            first = (ast.get_docstring(function) or "").partition("\n")[0]
            if not first.endswith("."):
                where = function.name if function is node else f"{node.name}.{function.name}"
                found.append(f"the docstring of {where} does not begin with a line that ends with a full stop")
    return found


def test_docstrings() -> None:
    files = sorted(Path(kg.__file__).parent.rglob("*.py"))
    assert [f"{file}: {what}" for file in files for what in missing(file.read_text(encoding="utf-8"))] == []


def test_what_is_missing_is_found() -> None:
    stop = "does not begin with a line that ends with a full stop"
    assert missing("def f(): pass") == ["f has no doctest", f"the docstring of f {stop}"]
    assert missing("def f():\n    '''Give 1\n\n    >>> f()\n    1\n    '''") == [f"the docstring of f {stop}"]
    assert missing("class A:\n    def f(self):\n        '''Give 1.'''") == ["A has no doctest"]
    assert missing("class A:\n    '''>>> 1\n    1\n    '''\n    def f(self): pass") == [f"the docstring of A.f {stop}"]
    assert missing("class A:\n    x: int\n    def __str__(self): return ''\ndef _f(): pass\nclass _B: pass") == []
