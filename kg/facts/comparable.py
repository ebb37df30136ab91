"""Which potency measurements are comparable with a threshold: the one place of the rule, section 5 of the design.

The graph says the outcome of each measurement as ``jak:comparable``, with the reason where it is not; the calculus and
every question read that.
"""

from kg.facts.tables import Inhibitor, Potency


def why_not_comparable(row: Potency, inhibitor: Inhibitor) -> str | None:
    """Return the first reason why a measurement of an inhibitor is not comparable with a threshold, None where it is.

    Comparable are the verified enzymatic IC50 (which is always in nM) of the human kinase at the ATP site, JH1 or full
    length, at any ATP; drugs of covalent and of unknown mode count as ATP-site drugs. Of an allosteric drug they are
    the JH2 IC50 at its functional target, and statements of what it spares.

    >>> drug = Inhibitor(id="x", label="x", mode="atp-competitive", intended_species="human", xrefs=())
    >>> row = Potency(inhibitor="x", kinase="jak1", measure="IC50", relation="=", value="15", unit="nM", domain="JH1",
    ...               species="human", obtained_from="y", status="verified")
    >>> why_not_comparable(row, drug) is None
    True
    >>> why_not_comparable(row.model_copy(update={"measure": "Ki"}), drug)
    'measure is Ki, not IC50'
    """
    allosteric = inhibitor.functional_target is not None
    if row.status != "verified":
        return "not verified"
    if row.says == "spared":
        return None if allosteric else "statement on a drug that is not allosteric"
    if row.measure != "IC50":
        return f"measure is {row.measure}, not IC50"
    if row.species != "human":
        return "species is not stated" if row.species == "not stated" else f"species is {row.species}, not human"
    if row.domain == "JH2" and not allosteric:
        return "domain is JH2 and the drug is not allosteric"
    if row.domain != "JH2" and allosteric:
        return "domain is not JH2 and the drug is allosteric"
    if allosteric and row.kinase != inhibitor.functional_target:
        return "domain is JH2 of a kinase that is not the functional target"
    return None
