"""The settings of an answer from values of Python: each checked, all that is wrong at once.

>>> checked(threshold="50", raised=2).threshold
Decimal('50')
"""

from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from kg import calculus as m
from kg.model.errors import Place, Problem, Problems


def checked(
    *,
    threshold: object = m.THRESHOLD,
    require: object = "share",
    raised: object = m.RAISED,
    fdr: object = m.FDR,
    derived: object = True,
) -> m.Settings:
    """Return settings: ``threshold`` in nM above 0, ``raised`` a ratio above 1, each an int, float, Decimal or text.

    ``fdr`` is an adjusted p value from 0 to 1, ``derived`` whether derived bounds count.

    >>> checked(threshold=-1, require="some", raised=1.25)
    Traceback (most recent call last):
        ...
    kg.Problems: threshold: -1 is not above 0: give a number in nM, such as 100
    require: 'some' is not known: give one of share, any, all
    """
    problems: list[Problem] = []
    numbers = [
        _number(problems, "threshold", threshold, 0, "a number in nM, such as 100"),
        _number(problems, "raised", raised, 1, "a ratio, such as 1.5"),
        _number(problems, "fdr", fdr, -1, "an adjusted p value, such as 0.05"),
    ]
    if not 0 <= numbers[2] <= 1 and not any(problem.place == Place("fdr") for problem in problems):
        problems.append(Problem(Place("fdr"), f"{fdr} is not between 0 and 1", "give a value such as 0.05"))
    if not isinstance(derived, bool):
        problems.append(Problem(Place("derived"), f"{derived!r} is neither True nor False", "give one of the two"))
    words: dict[object, m.Require] = {word: word for word in get_args(m.Require)}
    if not isinstance(require, str) or require not in words:
        remedy = f"give one of {', '.join(map(str, words))}"
        problems.append(Problem(Place("require"), f"{require!r} is not known", remedy))
    if problems:
        raise Problems(problems)
    return m.Settings(numbers[0], words[require], numbers[1], numbers[2], derived=derived is True)


def count(name: str, value: Any) -> int | None:
    """Return a count, 1 or more, or None where none is given; Problems for anything else.

    >>> count("top", 5), count("top", None)
    (5, None)
    """
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
        return value
    raise Problems([Problem(Place(name), f"{value!r} is no count", "give 1 or more")])


def number(name: str, value: object, above: int, remedy: str) -> Decimal:
    """Return a number above a limit as Decimal, a float by its shortest form; Problems where it is none.

    >>> number("threshold", 55.5, 0, "a number in nM")
    Decimal('55.5')
    """
    problems: list[Problem] = []
    found = _number(problems, name, value, above, remedy)
    if problems:
        raise Problems(problems)
    return found


def _number(problems: list[Problem], name: str, value: object, above: int, remedy: str) -> Decimal:
    text = str(value).strip()
    try:
        found = Decimal(text if text.isascii() and "_" not in text and not isinstance(value, bool) else "nan")
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite() or abs(found.adjusted()) > 12:
        problems.append(Problem(Place(name), f"{value!r} is not a number", f"give {remedy}"))
    elif found <= above:
        problems.append(Problem(Place(name), f"{value} is not above {above}", f"give {remedy}"))
    return Decimal(f"{found:f}") if found.is_finite() else m.THRESHOLD
