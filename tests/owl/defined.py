"""The defined classes, and the questions that state them."""

from kg.owl import inferences
from kg.sparql import library

EMPTY = {"Jak2SelectiveInhibitor", "Jak3SelectiveInhibitor"}
"""Defined classes that have no member on the shipped facts: each says so, and why, in its scope note."""
QUESTIONS = {
    kind.removeprefix("jak:"): (name, dict(values))
    for name in library.names()
    for kind, values in library.load(name).classes
}
"""Defined class -> the question that states it, and the values of its parameters."""
CLASSES = sorted(inferences.classes())
