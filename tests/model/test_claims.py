"""The order of strength of evidence: that of the design, and the stance that evidence from loss has."""

from itertools import pairwise

import pytest

from kg.model.claims import LEVELS, STRENGTHS, Level, strength

READ = "obo:ECO_0007645"
ORDER: tuple[tuple[str, str, Level, str | None], ...] = (
    ("letter", READ, "", None),
    ("review", READ, "", None),
    ("database", "obo:ECO_0007759", "", None),
    ("article", READ, "", None),
    ("article", READ, "other species", None),
    ("article", READ, "human cell line", None),
    ("article", READ, "cells of patients", None),
)
"""Section 4: loss in people, then in other cells or species, experiment, database, review, sentence beside."""


def of(kind: str, method: str, lost_in: Level, design: str | None) -> int:
    return strength(kind, method=method, lost_in=lost_in, design=design)


def test_the_order_is_that_of_the_design() -> None:
    assert all(of(*weaker) < of(*stronger) for weaker, stronger in pairwise(ORDER))
    assert sorted(of(*row) for row in ORDER) == list(range(len(STRENGTHS)))


@pytest.mark.parametrize("design", ["case report", "letter with case series", "open-label trial"])
@pytest.mark.parametrize("kind", ["article", "letter", "preprint", "web page"])
def test_what_a_report_of_cases_says_beside_its_matter_is_the_weakest(kind: str, design: str) -> None:
    assert of(kind, READ, "", design) == 0
    assert of(kind, "obo:ECO_0001560", "", design) == 3, "what it measured itself is an experiment"


def test_what_authors_only_state_is_no_experiment() -> None:
    assert of("article", "obo:ECO_0000034", "", None) == 0


@pytest.mark.parametrize("level", LEVELS[1:])
@pytest.mark.parametrize("kind", ["letter", "review", "database", "article"])
def test_loss_goes_before_all_that_is_not_loss(kind: str, level: Level) -> None:
    assert of(kind, READ, level, None) > max(of(*row) for row in ORDER if not row[2])
