"""Terms of the ontologies of evidence (ECO) and of units (UO) that a fact may name: those listed, and no others.

They are rows of ``ontology/terms.tsv``, each with its label and the release in which it was looked up. Neither
ontology is asked at run time: who needs another term adds its row.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

from kg.model.folders import folder
from kg.model.names import near
from kg.model.vocabulary import fold

FILE: Final = "terms.tsv"
LISTED: Final = ("ECO", "UO")
"""Prefixes of which a term must be listed."""
FORM: Final = "write ECO: and seven digits, as in ECO:0007759"


@cache
def known() -> Mapping[str, str]:
    """Return the label of each term that is listed, by its identifier.

    >>> known()["ECO:0000180"], known()["UO:0000065"]
    ('clinical study evidence', 'nanomolar')
    """
    rows = (folder("ontology") / FILE).read_text(encoding="utf-8").splitlines()[1:]
    return {term: label for term, label, _ in (row.split("\t") for row in rows)}


def checked(term: str) -> str:
    """Return a term; ValueError, with near ones, where it is of ECO or UO and not listed.

    >>> checked("ECO:0000180"), checked("hgnc:6005")
    ('ECO:0000180', 'hgnc:6005')
    >>> checked("ECO:0000810")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ValueError: 'ECO:0000810' is not a term that we know (did you mean ECO:0000180, clinical study evidence?): fix ...
    """
    prefix = term.partition(":")[0]
    if prefix not in LISTED or term in known():
        return term
    remedy = f"fix it, or add it to ontology/{FILE} with the label that {prefix} gives it"
    raise ValueError(f"{term!r} is not a term that we know{_meant(term)}: {remedy}")


def _method(text: str) -> str:
    if not re.fullmatch(r"ECO:[0-9]{7}", text, re.ASCII):
        raise ValueError(f"{text!r} has the wrong form{_meant(text)}: {FORM}")
    return checked(text)


def _meant(text: str) -> str:
    """Return ' (did you mean ...?)' with the terms whose identifier, or whose label, is near to a text."""
    named = {fold(label): term for term, label in known().items()}
    digits = re.sub(r"\D", "", text)
    swapped = [term for term in known() if digits and sorted(term[-7:]) == sorted(digits.zfill(7))]
    close = swapped or [named[label] for label in near(fold(text), named, most=2, cutoff=0.75)]
    close = close or near(text, known(), most=2, cutoff=0.8)
    prefix = text.partition(":")[0]
    close = [term for term in close if prefix not in LISTED or term.startswith(f"{prefix}:")][:2]
    return f" (did you mean {' or '.join(f'{term}, {known()[term]}' for term in close)}?)" if close else ""


Method = Annotated[str, StringConstraints(pattern=r"\S"), AfterValidator(_method)]
"""A term of the Evidence and Conclusion Ontology."""
