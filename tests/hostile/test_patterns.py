"""No regular expression of the package takes time with the square of a text: each is tried on long runs of all kinds.

A pattern is found where it is written, with the ways in which it is used: at a call such as ``re.sub(r"...", ...)``, or
as a constant and then by its name.
"""

import ast
import re
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import kg

PACKAGE = Path(kg.__file__).parent
WAYS = frozenset({"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"})
UNITS = (
    "\n",
    " ", "\t", "\r", "1", "0", "a", "A", "é", "α", ".", ",", "-", "_", "/", ":", ";", "'", '"', "\\", "(", "[", "{",
    "<", ">", "=", "#", "*", "+", "^", "~", "?", "|", "%", "a ", " a", "1 ", "1.", "1,", "a.", "a-", "a1", "1a", ", ",
    "- ", "-1", "A a", "a:", ":a", "<a", "[a", "(a", '"a', '\\"', "?a ", "vs ", "a/", "a_", "&a", "\N{MINUS SIGN}",
)  # fmt: skip
HEADS = ("", "a", "1", '"', "<", "IL-", "a ")
SHORT, LONG = 400, 4_000
SECONDS = 0.01
"""A pattern whose time is linear takes a hundredth of it."""
SHORT_TEXTS = {"query_text.py"}
"""Modules whose patterns are tried on the words of the engine, and on 200 characters."""


def written() -> Iterator[tuple[str, "re.Pattern[Any]", frozenset[str]]]:
    """Where a pattern stands, the pattern, and the ways in which it is used."""
    files = sorted(PACKAGE.rglob("*.py"))
    trees = {import_module(".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)): file for file in files}
    used: dict[int, set[str]] = {}
    for module, file in trees.items():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in WAYS:
                scope, name = module, getattr(node.value, "id", "")
                if isinstance(node.value, ast.Attribute):  # of another module, or of a class
                    name = node.value.attr
                    scope = vars(module).get(getattr(node.value.value, "id", ""), module)
                used.setdefault(id(getattr(scope, name, None)), set()).add(node.attr)
    for module, file in trees.items():
        scopes = [module, *(found for found in vars(module).values() if isinstance(found, type))]
        for name, value in ((name, value) for scope in scopes for name, value in vars(scope).items()):
            inside = (
                value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else [value]
            )
            for found in (one for one in inside if isinstance(one, re.Pattern)):
                yield f"{file.name}: {name}", found, frozenset(used.get(id(found), WAYS))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                way, first = node.func.attr, node.args[0]
                if way in WAYS and getattr(node.func.value, "id", "") == "re":
                    text = first.value if isinstance(first, ast.Constant) else vars(module).get(ast.unparse(first))
                    flags = re.IGNORECASE if "IGNORECASE" in ast.unparse(node) else 0
                    if isinstance(text, str):
                        yield f"{file.name}:{node.lineno}", re.compile(text, flags), frozenset({way})


def seconds(pattern: "re.Pattern[Any]", way: str, text: str) -> float:
    call, given = getattr(pattern, way), text.encode() if isinstance(pattern.pattern, bytes) else text
    start = time.thread_time()
    if way in ("sub", "subn"):
        call(given[:0], given)
    elif way == "finditer":
        for _ in call(given):
            pass
    else:
        call(given)
    return time.thread_time() - start


def slow(pattern: "re.Pattern[Any]", way: str) -> str:
    """A text, as head, unit and tail, that takes a pattern more time than a text that long may; "" where none does."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    words = dict.fromkeys(word for word in re.findall(r"(?<!\\)[A-Za-z]{2,}", source)[:20])
    for head in HEADS:
        for unit in (*UNITS, *words, *(f" {word}" for word in words)):
            for tail in ("", "!\0"):

                def took(size: int) -> float:
                    text = head + unit * (size // len(unit)) + tail  # noqa: B023
                    return min(seconds(pattern, way, text) for _ in range(3))

                for size in (SHORT // 8, SHORT, LONG):  # one that is cubic would not end with the longest
                    quick = seconds(pattern, way, head + unit * (size // len(unit)) + tail) < SECONDS
                    if not quick and took(size) > SECONDS and (size < LONG or took(LONG) > 30 * took(SHORT)):
                        return f"{way} {head!r} + {unit!r} * n + {tail!r}"
    return ""


@pytest.mark.conformance
def test_no_pattern_is_quadratic() -> None:
    tried = {(pattern, way): place for place, pattern, ways in written() for way in ways}
    assert len(tried) > 100
    found = {f"{place} {one.pattern!r}"[:150]: text for (one, way), place in tried.items() if (text := slow(one, way))}
    found = {place: text for place, text in found.items() if place.partition(":")[0] not in SHORT_TEXTS}
    assert not found, "\n".join(f"{place}: {text}" for place, text in found.items())


def test_a_pattern_that_is_quadratic_is_found() -> None:
    assert slow(re.compile(r"\s+\d"), "search")
    assert not slow(re.compile(r"(?<!\s)\s++\d"), "search")
