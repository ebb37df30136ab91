"""What receptors need and use by the evidence: the package against the oracle, on any rows of evidence."""

import oracle
from hypothesis import example, given
from hypothesis import strategies as st

from kg.model import claims

LEVELS: tuple[claims.Level, ...] = ("cells of patients", "human cell line", "other species")
LOSSES = ("complete", "partial", "activity")
EFFECTS = ("abolished", "impaired", "unchanged")
RELATIONS = ("needs", "uses")
losses = st.lists(st.tuples(st.sampled_from(LOSSES), st.sampled_from(LEVELS), st.sampled_from(EFFECTS)), max_size=4)
databases = st.lists(
    st.tuples(st.sampled_from(RELATIONS), st.sampled_from(("supports", "refutes", "inconclusive"))), max_size=3
)
decisions = st.dictionaries(st.sampled_from(RELATIONS), st.booleans())
Loss = tuple[str, claims.Level, str]


def test_the_levels_are_those_of_the_text() -> None:
    assert ("", *reversed(oracle.LEVELS)) == claims.LEVELS


def test_the_stance_of_each_loss() -> None:
    for relation in RELATIONS:
        for loss in LOSSES:
            for effect in EFFECTS:
                expected = oracle.stance_of_loss(relation, loss, effect) or "inconclusive"
                assert claims.stance_of_loss(relation, loss, effect) == expected


@given(losses, databases, decisions)
@example([("complete", "cells of patients", "abolished"), ("complete", "other species", "impaired")], [], {})
@example([("complete", "cells of patients", "abolished"), ("complete", "cells of patients", "impaired")], [], {})
def test_a_need_and_whether_it_is_by_database_only(
    lost: list[Loss], read: list[tuple[str, str]], decided: dict[str, bool]
) -> None:
    rows = [oracle.Said(relation, stance) for relation, stance in read]
    pieces = [claims.Piece(stance) for relation, stance in read if relation == "needs"]
    for loss, level, effect in lost:
        stance = claims.stance_of_loss("needs", loss, effect)
        pieces.append(claims.Piece(stance, level))
        rows.append(oracle.Said("needs", stance, loss, level, effect))
    expected = oracle.stands(rows, {relation: "yes" if accept else "no" for relation, accept in decided.items()})
    assert (claims.status(pieces, decided.get("needs")) == "Accepted") == expected.needs
    if expected.needs and "needs" not in decided:
        assert claims.by_loss(pieces) != expected.by_database_only
