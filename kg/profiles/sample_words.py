"""Words and codes that tell samples apart wherever they stand: of patients, visits, tissues and body sites."""

import re
from typing import Final

SURE: Final = frozenset(
    """patient patients patientin pat pt subject subjects donor donors proband participant visit visits besuch week
    weeks wk woche biopsy biopsie lesional nonlesional perilesional uninvolved baseline placebo responder responders
    nonresponder""".split()
)
"""Words that tell samples apart wherever they stand."""
SITES: Final = frozenset(
    """day days tag month months monat lesion healthy control controls skin haut blood blut serum plasma pbmc urine
    urin saliva speichel csf liquor sputum bal left right links rechts linker rechter linke rechte arm forearm unterarm
    oberarm elbow hand hands wrist finger back rücken shoulder face gesicht cheek forehead scalp neck hals chest trunk
    abdomen bauch leg bein thigh shin calf knee knie foot fuß ankle ear epidermis dermis blister before after pre post
    vor nach early late treated untreated vehicle vitreous tears synovial fluid lavage bronchoalveolar whole""".split()
)
"""Words of tissues, body sites, fluids and times: a cell of nothing else tells samples apart."""
FILLERS: Final = frozenset("of the from at on and in non number no nr".split())
ACCESSION: Final = re.compile(r"\b(gsm|srr|srx|srs|err|ers|samn|samea)\d+", re.IGNORECASE)
CODE: Final = re.compile(r"(p|s|pat|pt|patient|subj|d|v|w|wk|ga|hc)[-_. ]?\d{1,4}", re.IGNORECASE)
"""A short code, as patients, samples, visits and weeks have."""


def says(text: str, *, free: bool = False) -> bool:
    """Return whether a text says that something is of a patient, a visit, a tissue or a body site.

    Of ``free`` text one word of a tissue or a site is enough.

    >>> [text for text in ("patient 1", "left arm", "GSM101", "P01", "serum amyloid A", "IL-21") if says(text)]
    ['patient 1', 'left arm', 'GSM101', 'P01']
    """
    words = [word for word in re.findall(r"[^\W\d_]+", text.casefold()) if word not in FILLERS]
    if any(word in SURE for word in words) or CODE.fullmatch(text) or ACCESSION.search(text):
        return True
    sites = sum(word in SITES for word in words)
    return bool(sites and (free or sites == len(words)))


def said(text: str) -> str:
    """Return the words of a text that tell samples apart, with the numbers behind them; "" where there are none.

    >>> said("IL-21 in lesional skin at week 12"), said("ELISA, kit 3")
    ('lesional skin week 12', '')
    """
    words = re.findall(r"\w+", text)
    kept = [word.casefold() in SURE | SITES or bool(CODE.fullmatch(word)) for word in words]
    behind = [word.isdigit() and before for word, before in zip(words, [False, *kept], strict=False)]
    return " ".join(word for word, one, two in zip(words, kept, behind, strict=True) if one or two)


def heads(text: str) -> bool:
    """Return whether a line between rows heads those of a sample: it says so, or is a name alone.

    >>> heads("# P01"), heads("# AM"), heads("# below detection")
    (True, True, False)
    """
    words = re.findall(r"\w+", text)
    return says(text.strip("# "), free=True) or all(not word[0].islower() for word in words)
