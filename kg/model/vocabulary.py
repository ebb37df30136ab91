"""The words of JAK-KG: namespaces, the closed vocabulary, and how IRIs are minted.

Every IRI of our own that Python uses is declared here and in ``ontology/jak-kg.ttl``; a misspelt term raises.

>>> jak.needsKinase
'https://w3id.org/jak-kg/vocab#needsKinase'
>>> thing("IL21")
'https://w3id.org/jak-kg/il21'
>>> curie("https://w3id.org/jak-kg/il21")
'kg:il21'
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

VERSION: Final = "0.1.0"
"""Of the code, the vocabulary and the graph alike."""
RELEASED: Final = "2026-11-23"
"""The day of this version's release: what a release writes instead of the time of now."""
EDITION: Final = 2
"""Of the blockade calculus that the graph and every answer name."""
LICENCE: Final = "https://creativecommons.org/licenses/by-sa/4.0/"
"""Of the facts and the vocabulary."""
VOCAB = "https://w3id.org/jak-kg/vocab#"
THING = "https://w3id.org/jak-kg/"

PREFIXES = {
    "jak": VOCAB,
    "kg": THING,
    "bibo": "http://purl.org/ontology/bibo/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "obo": "http://purl.obolibrary.org/obo/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefix -> namespace, as written in every Turtle file and query of the project."""

UNITS: Final = {
    "mg/g": f"{VOCAB}MilligramPerGram",
    **{
        word: f"{PREFIXES['obo']}UO_{number}"
        for word, number in {
            "year": "0000036", "month": "0000035", "week": "0000034", "day": "0000033", "hour": "0000032",
            "mg": "0000022", "mg/kg": "0000308", "%": "0000187", "nM": "0000065", "fold": "0000190",
        }.items()
    },
}  # fmt: skip
"""Unit as written in the facts -> its term in the Units of Measurement Ontology, or ours where that has none."""
DAYS: Final = {
    UNITS[unit]: days
    for unit, days in (("hour", 1 / 24), ("day", 1.0), ("week", 7.0), ("month", 30.4), ("year", 365.25))
}
"""Unit of time -> days, about: to put times in order, never to print them."""

CLASSES = frozenset(
    """
    Ligand LigandComplex LigandFamily LigandPart ReceptorComplex ReceptorChain ReceptorFamily Kinase Stat Pathway
    Inhibitor Regimen Approval PotencyMeasurement BindingMode Reference
    Case IndividualCase GroupCase Condition ConditionKind GranulomaAnnulare Comparator BodySite
    Measurement Therapy Outcome Relapse AdverseEvent PriorTreatment Treatment CaseItem Quantity
    CellAssay Disagreement Side Signal CytokineSet Gene OtherAnalyte Development SafetyWarning
    Claim Evidence Decision Hypothesis Relation Stance ClaimStatus Direction Grade OutcomeEvent
    GeneralisedGranulomaAnnulare LocalisedGranulomaAnnulare PapularGranulomaAnnulare PlaqueGranulomaAnnulare
    PatchGranulomaAnnulare AnnularGranulomaAnnulare SubcutaneousGranulomaAnnulare PerforatingGranulomaAnnulare
    PalmoplantarGranulomaAnnulare
    """.split()
)

PROPERTIES = frozenset(
    """
    about directEdge evidence stance status decision accepts reason quote locator method obtainedFrom curator note
    species verification verifiedIn
    saysBindsReceptor saysNeedsKinase saysUsesKinase saysBindsKinase saysActivatesStat saysSignalsThrough
    saysInhibits saysAppliedToTreat saysRaisedIn saysImplicatedIn
    bindsReceptor needsKinase usesKinase countedUse bindsKinase activatesStat signalsThrough
    inhibits appliedToTreat raisedIn implicatedIn
    hasPart hasMember hasChain composition symbol family carriesJak throughJak ambiguousName targetGeneCount
    geneProduct orthologousTo coOrthologousTo homonymOf analyteKind
    givesSignal jakDependent loss lostIn effectOfLoss decides byDatabaseOnly group developmentStatus product warningKind
    adjustedP derived countsWithDerived overKinase base calculusEdition
    bindingMode functionalTarget targetClass route intendedSpecies
    ofInhibitor authority since dose frequency duration context
    onKinase measure relation low high unit asReported domain atp assay statement comparable notComparable
    reportedIn printedAs n sex age diseaseOf hasCondition ofKind refractory
    reportedNone notReported notApplicable
    hasMeasurement ofLigand ratio reportedDirection comparator tissue analyte timing sampleCount
    hasPriorTreatment ofTreatment effect
    hasTherapy hasOutcome ofCondition atSite event grade percent time count hasRelapse relapsed followUp
    hasAdverseEvent stopped stopReason doseText durationText timeText xref
    ofCytokine comparedWith readout system hasSide kept topic funder
    repeats sharesCohortWith sharesLaboratoryWith supersedes caseFor caseAgainst
    says citation pmid doi pmcid year referenceKind licence contentDigest studyDesign
    """.split()
)

DEFINED = frozenset(
    """
    hits mayMiss spares hasRaisedSignal reachesKinase signalNeedsKinase meetsSignalOf wasGiven
    Jak1SelectiveInhibitor Jak2SelectiveInhibitor Jak3SelectiveInhibitor Tyk2SelectiveInhibitor
    Jak1InhibitorSparingJak2 PanJakInhibitor InhibitorCoveringIl21 InhibitorCoveringIfng
    LigandNeedingJak1 LigandNeedingJak2 LigandNeedingJak3 LigandNeedingTyk2
    GammaChainReceptor GammaChainCytokine LigandWithSettledRoutes CytokineWithoutJak
    RefractoryGeneralisedPlaqueGranulomaAnnulare CaseWithBlockedSignal CaseWithMetSignal RelapsedCase
    CaseWithCompleteResponse ContestedClaim DisputedClaim
    """.split()
)
"""Classes and properties of ``ontology/definitions.ttl``: inferred, and never in the graph that is asked."""

INDIVIDUALS = frozenset(
    """
    Supports Refutes Inconclusive Accepted Disputed Refuted Open
    Raised Lowered Unchanged
    AtpCompetitive AllostericJh2 Covalent UnknownBinding
    Verified Unverified MilligramPerGram
    Complete NearlyComplete Marked Partial ImprovementUngraded NoResponse
    FirstResponse ResponseAtAssessment
    ItemAge ItemSex ItemComorbidities ItemDuration ItemPriorTreatments ItemAdverseEvents ItemRelapse ItemDose
    ItemTherapyDuration ItemMorphology ItemMeasurements ItemEffect ItemExtent ItemSize ItemOutcome
    """.split()
)


class Vocabulary:
    """The closed namespace ``jak:``: an attribute that is not a declared term raises AttributeError.

    >>> jak.needsKinaze
    Traceback (most recent call last):
        ...
    AttributeError: 'needsKinaze' is not a term of jak-kg.ttl
    """

    __slots__ = ()
    names = CLASSES | PROPERTIES | DEFINED | INDIVIDUALS

    def __getattr__(self, name: str) -> str:
        if name not in self.names:
            raise AttributeError(f"{name!r} is not a term of jak-kg.ttl")
        return VOCAB + name


jak = Vocabulary()


@lru_cache(maxsize=1 << 16)
def slug(text: str) -> str:
    """Return a local name: lower case, hyphenated, a decimal point as ``_``, safe in Turtle without escapes.

    >>> slug("IL12RB1 + IL23R"), slug("0.09..3.3 nM"), slug("> 400")
    ('il12rb1-il23r', '0_09-to-3_3-nm', 'over-400')
    """
    words = text.lower().replace("..", " to ").replace(">", " over ").replace("<", " under ")
    words = re.sub(r"(?<=\d)\.(?=\d)", "_", words)
    return re.sub(r"[^a-z0-9_]+", "-", words).strip("-")


def thing(*parts: str) -> str:
    """Return the IRI of a thing from the parts of its name, joined by hyphens.

    >>> thing("ref", "khurana-2025")
    'https://w3id.org/jak-kg/ref-khurana-2025'
    """
    return THING + "-".join(filter(None, map(slug, parts)))


GREEK: Final = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "κ": "kappa", "λ": "lambda",
    "ω": "omega", "ß": "beta", "ɑ": "alpha", "ɣ": "gamma",
}  # fmt: skip
INVISIBLE: Final = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
"""Characters without width: soft hyphen, zero-width space and joiners."""
FOOTNOTES: Final = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
"""IL-2¹ is IL-2 with a footnote, never IL-21."""
BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)[\W_]+(?=\d)|(?<!/)/++(?=\d)")
"""IL-1/2 is two cytokines, never IL-12."""

LONGEST_FOLDED: Final = 500
"""Characters: no name is longer, and to put 100,000 accents in order takes minutes."""


def fold(name: str) -> str:
    r"""Return a name in the form in which names are compared: no case, Greek, hyphens, spaces or soft hyphens.

    >>> fold("IFN-γ") == fold("ifn gamma") == fold("IFN- \nγ")
    True
    >>> fold("TNF‐α"), fold("IL‑12 / 23 p40")
    ('tnfalpha', 'il12/23p40')
    >>> fold("IL-1/2") == fold("IL-12"), fold("IL-2¹") == fold("IL-21")
    (False, False)
    """
    if name.isascii() and name.isalnum():  # most names of genes: a table has 25,000
        return name.lower()
    if len(name) > LONGEST_FOLDED:
        return name
    marked = "".join(f"/{letter}" if letter in FOOTNOTES else letter for letter in name if letter not in INVISIBLE)
    text = "".join(GREEK.get(letter, letter) for letter in unicodedata.normalize("NFKC", marked).lower())
    text = "".join(GREEK.get(letter, letter) for letter in text.casefold())
    text = BETWEEN_DIGITS.sub("/", text)
    return "".join(letter for letter in text if letter.isalnum() or letter == "/").strip("/")


def local(iri: str) -> str:
    """Return the local name of an IRI of ours.

    >>> local("https://w3id.org/jak-kg/il21"), local("https://w3id.org/jak-kg/vocab#Raised")
    ('il21', 'Raised')
    """
    return iri.removeprefix(VOCAB).removeprefix(THING)


def expanded(curie: str) -> str:
    """Return the IRI of a compact form, or the text itself where its prefix is none of ours.

    >>> expanded("kg:il21"), expanded("https://example.org/x")
    ('https://w3id.org/jak-kg/il21', 'https://example.org/x')
    """
    prefix, colon, name = curie.partition(":")
    return PREFIXES[prefix] + name if colon and prefix in PREFIXES else curie


LONGEST_FIRST: Final = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))
"""Prefixes with their namespaces, an IRI that begins with another before it."""


@lru_cache(maxsize=1 << 16)
def curie(iri: str) -> str:
    """Return the compact form of an IRI, or the IRI itself where no prefix fits.

    >>> curie("http://purl.obolibrary.org/obo/UO_0000034"), curie("https://example.org/x")
    ('obo:UO_0000034', 'https://example.org/x')
    """
    for prefix, namespace in LONGEST_FIRST:
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
