"""Names as people write them: what a name names, however it is spelt, and the names that are near to one.

>>> index = Index([("IL-21", "il21"), ("interleukin 21", "il21"), ("IL-2", "il2")])
>>> index["il 21"], index["IL-22"], index.near("IL-22")
(('il21',), (), ['IL-2', 'IL-21'])
"""

from collections.abc import Iterable, Sequence
from typing import Final, Generic, TypeVar

from kg.model.vocabulary import fold

T = TypeVar("T")
LONGEST_NAME: Final = 60
"""Characters: no name is longer, and near matches are sought for none that is."""


def near(word: str, words: Iterable[str], *, most: int = 3, cutoff: float = 0.6) -> list[str]:
    """Return the words that are near to a word, the nearest first; [] where none is or it is too long for one.

    ``cutoff`` is the least share of letters, from 0 to 1, that both have in the same order.

    >>> near("jak4", ["jak1", "stat3"]), near("x" * 1_000_000, ["jak1"])
    (['jak1'], [])
    """
    if len(word) > LONGEST_NAME:
        return []
    from difflib import get_close_matches

    return get_close_matches(word, sorted(words), n=most, cutoff=cutoff)


def meant(words: Sequence[str], otherwise: str) -> str:
    """Return the remedy that names near words, or another one where there is none.

    >>> meant(["jak1", "jak2", "jak3"], "see kg gaps"), meant([], "see kg gaps")
    ('did you mean jak1, jak2 or jak3?', 'see kg gaps')
    """
    return f"did you mean {' or '.join(filter(None, (', '.join(words[:-1]), words[-1])))}?" if words else otherwise


class Index(Generic[T]):
    """What each name names, compared by :func:`kg.model.vocabulary.fold`; a name can name several things.

    >>> index = Index([("IFN-α", "ifna"), ("JAK1", "jak1"), ("Jak-1", "jak1-gene")])
    >>> index["IFN alpha"], index["jak1"], "JAK2" in index
    (('ifna',), ('jak1', 'jak1-gene'), False)
    """

    def __init__(self, names: Iterable[tuple[str, T]]) -> None:
        self._named: dict[str, dict[T, None]] = {}
        self._spelling: dict[str, str] = {}
        for name, thing in names:
            self._named.setdefault(fold(name), {})[thing] = None
            self._spelling.setdefault(fold(name), name)

    def __getitem__(self, name: str) -> tuple[T, ...]:
        return tuple(self._named.get(fold(name), ()))

    def __contains__(self, name: str) -> bool:
        return fold(name) in self._named

    def near(self, name: str, *, cutoff: float = 0.6) -> list[str]:
        """Return at most three names that are near to a name, each as it was spelt first, the nearest first."""
        return [self._spelling[key] for key in near(fold(name), self._named, cutoff=cutoff)]
