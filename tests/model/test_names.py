"""Near matches and the index of names: what every message "did you mean" stands on."""

from kg.model.names import Index, meant, near


def test_the_order_of_the_words_does_not_matter() -> None:
    words = ["jak1", "jak2", "jak3", "tyk2"]
    assert near("jak4", words) == near("jak4", reversed(words)) == ["jak3", "jak2", "jak1"]


def test_a_name_is_found_however_it_is_spelt_and_nothing_crosses_to_another_number() -> None:
    index = Index([("IL-21", "il21"), ("IL-2", "il2")])
    assert {index[text] for text in ("il21", "IL 21", "IL\N{NON-BREAKING HYPHEN}21")} == {("il21",)}
    assert index["IL-2/1"] == ()


def test_one_thing_that_has_a_name_twice_is_one() -> None:
    assert Index([("GM-CSF", "csf2"), ("GMCSF", "csf2")])["gm csf"] == ("csf2",)


def test_a_remedy_names_what_is_near_or_says_what_else_to_do() -> None:
    assert meant(near("jakk1", ["jak1"]), "see") == "did you mean jak1?"
    assert meant(near("zzz", ["jak1"]), "see") == "see"
