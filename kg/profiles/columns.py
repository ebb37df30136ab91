"""What the columns of a table are by their headers: the one table of aliases, and which column has which role.

A header is compared without case, punctuation and underscores: ``adj.P.Val`` and ``adj p val`` are one.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "gene symbol": (
        "gene symbol", "symbol", "genesymbol", "gene symbols", "hgnc symbol", "external gene name", "genes symbol",
        "mgi symbol", "official symbol", "approved symbol", "gensymbol", "gen symbol",
    ),
    "cytokine": ("cytokine", "gene", "cytokines"),
    "gene": (
        "genes", "gene name", "genename", "gene names", "names", "feature", "features", "gene short name",
        "target gene", "gene of interest", "rownames", "row names", "rowname", "gen", "genname",
    ),
    "analyte": (
        "analyte", "analytes", "assay", "assays", "target", "targets", "target name", "protein", "proteins",
        "protein name", "marker", "biomarker", "mediator", "detector", "detector name", "probe name", "zytokin",
        "zytokine", "chemokine", "parameter name",
    ),
    "identifier": (
        "gene id", "geneid", "ensembl", "ensembl id", "ensembl gene id", "ensembl gene", "ensembl ids", "entrez",
        "entrez id", "entrezid", "entrez gene id", "entrez gene", "ncbi gene id", "hgnc id", "uniprot", "uniprot id",
        "uniprotid", "uniprot accession",
    ),
    "name": ("name", "signal", "molecule"),
    "ratio": (
        "ratio", "fold", "fold change", "foldchange", "fc", "fold regulation", "fold difference", "linear fold change",
        "linear fc", "rq", "rel quant", "relative quantity", "relative quantification", "relative expression",
        "rel expression", "2 ddct", "2 ddcq", "2 dd ct", "2ddct", "fold induction", "n fold", "mean ratio",
        "fold changes", "verhältnis", "quotient", "x fach", "fache änderung",
    ),
    "log2": (
        "log2", "log2 ratio", "log2ratio", "log2fc", "log2 fc", "log2 fold change", "log2foldchange", "log2 foldchange",
        "log2 fold", "logfc", "log fc", "lfc", "l2fc", "log2 fold changes", "avg log2fc", "avg log2 fc",
        "mean log2fc", "logfoldchanges", "logfoldchange", "log fold change", "log 2 fold change", "log2 fc change",
        "npx difference", "npx diff", "dnpx", "delta npx", "d npx", "difference in npx", "mean npx difference",
        "log2 fache änderung", "log2 verhältnis",
    ),
    "ln": ("avg logfc", "avg log fc", "ln fc", "lnfc", "ln ratio", "ln fold change"),
    "log10": ("log10fc", "log10 fc", "log10 fold change", "log10 ratio"),
    "ddct": ("ddct", "dd ct", "ddcq", "dd cq", "delta delta ct", "deltadeltact", "delta delta cq", "d d ct"),
    "direction": (
        "direction", "call", "regulation", "change", "trend", "up down", "updown", "diffexpressed", "de",
        "differential expression", "up or down", "effect direction",
    ),
    "adjusted p": (
        "adjusted p", "padj", "adj p", "adj p val", "adj p value", "adj pval", "adj pvalue", "p adj", "p adjusted",
        "p adjust", "adjusted p value", "adjusted pvalue", "adjusted pval", "fdr", "fdr p", "fdr p value",
        "fdr adjusted p", "fdr adjusted p value", "q", "q value", "qvalue", "qval", "q val", "pvals adj",
        "pval adj", "p val adj", "p value adj", "pvalue adj", "by p value", "bh p value", "bh",
        "benjamini hochberg", "p adj bh", "adj pvals", "p value fdr", "svalue", "p fdr",
        "bonferroni", "bonf", "p bonf", "p bonferroni", "holm", "p holm", "benjamini", "hochberg", "lfsr", "fwer",
        "p corrected", "corrected p", "corrected p value", "p value corrected", "pfdr", "q wert", "adj p wert",
        "p wert adj", "p wert adjustiert", "p wert korrigiert", "sidak", "tukey", "p tukey", "padjust",
    ),
    "p": (
        "p", "p value", "pvalue", "p val", "pval", "pvals", "p values", "nominal p", "nom p val", "raw p",
        "raw p value", "unadjusted p", "pr t", "p nominal", "p wert", "max pval", "max p val", "asymp sig",
        "sig 2 tailed", "sig 2 seitig", "p two sided",
    ),
    "significance": (
        "significant", "significance", "signif", "sig", "is significant", "is sig", "threshold", "p adj signif",
        "padj signif", "p signif", "stars", "significance level", "signifikant", "signifikanz", "de significant",
        "fdr significant", "fdr signif", "p value signif", "p value summary", "summary", "deg", "is de", "is deg",
        "reject", "rejected", "hit", "regulated", "differentially expressed", "p 0 05", "p 0 01", "q 0 05", "p 0 1",
    ),
    "statistic": (
        "stat", "statistic", "t", "z", "scores", "score", "t statistic", "t stat", "z score", "zscore", "wald",
        "wald statistic", "moderated t", "t value",
    ),
    "standard error": ("se", "lfcse", "std error", "stderr", "standard error", "std error log2", "logfc se"),
    "mean level": (
        "basemean", "base mean", "aveexpr", "ave expr", "logcpm", "log cpm", "average expression", "mean expression",
        "baseline mean",
    ),
    "comparator": ("comparator", "control", "compared with", "versus", "vs", "reference group"),
    "contrast": ("contrast", "comparison", "comparison name", "contrast name", "coef", "coefficient", "vergleich"),
    "detection limit": ("lod", "lloq", "detection limit", "limit of detection", "detection limits calc low", "llod"),
    "level": (
        "npx", "calc conc mean", "calculated concentration mean", "mean conc", "mean concentration", "conc mean",
        "calc concentration", "calculated concentration", "concentration", "conc", "obs conc", "observed concentration",
        "conc pg ml", "concentration pg ml", "result", "mfi", "median", "value", "level", "tpm", "fpkm", "count",
        "counts", "expression", "dct", "d ct", "delta ct", "ct", "cq", "ct mean", "quantity",
    ),
}  # fmt: skip
"""Role of a column -> the headers by which it is known; of the roles that name a row the first that is there does."""
NAMES: Final = ("gene symbol", "cytokine", "gene", "analyte", "identifier", "name")
"""The roles that say what a row is of, the preferred first."""
VALUES: Final = ("ratio", "log2", "ln", "log10", "ddct", "direction")
"""The roles that say what became of it."""
NUMBERS: Final = (
    *VALUES[:-1],
    "adjusted p",
    "p",
    "statistic",
    "standard error",
    "mean level",
    "detection limit",
    "level",
)
MEANINGS: Final[Mapping[str, str]] = {
    "gene symbol": "names the gene of a row, by symbol",
    "cytokine": "names the cytokine or gene of a row",
    "gene": "names the gene of a row; a first column without a header does too",
    "analyte": "names the protein or target of a row",
    "identifier": "names it by identifier, where no column of names is there",
    "name": "names it, where no other column does",
    "ratio": "ratio to the comparator; where some are <= -1, some >= 1 and none between, -2.5 is 1/2.5",
    "log2": "log2 of the ratio",
    "ln": "natural logarithm of the ratio (Seurat before version 4)",
    "log10": "log10 of the ratio",
    "ddct": "cycles: the ratio is 2^-ddCt",
    "direction": "a word: raised, elevated, up, lowered, reduced, down, unchanged, ns ...",
    "adjusted p": "significance: above --fdr a difference is not significant",
    "p": "p value: above 0.05 a difference is not significant where no adjusted p is there; for the activity",
    "significance": "words: ns, no, FALSE; *, yes, TRUE ..., where no adjusted p is there",
    "statistic": "signed statistic, for the activity from target genes alone",
    "standard error": "standard error of log2, for the activity from target genes where there is no statistic and no p",
    "mean level": "level over all samples: a low one is said",
    "comparator": "what the ratio is against",
    "contrast": "which comparison a row is of: one is taken by --contrast",
    "detection limit": "a level below it is below detection",
    "level": "a level, no ratio: two of them are divided by --ratio A/B",
}
SAMPLES: Final = frozenset(
    """patient patients patientid patientin pat pt pts ptno pid subject subjects subjectid subj proband donor donorid
    participant individual person mrn sample sampleid samplename samples sid specimen biosample biopsy biopsie barcode
    aliquot gsm visit visits besuch day days tag week weeks wk woche month months monat date datum time timepoint
    timepoints tp zeit zeitpunkt cluster clusters clusterid leiden louvain ident celltype celltypes subset
    subpopulation population compartment tissue tissues gewebe organ region site bodysite lesion lokalisation arm
    group groups gruppe cohort kohorte condition conditions treatment treatments therapy dose replicate replicates rep
    stimulus stimulation batch study dataset gse genotype sex gender age severity disease diagnosis phenotype subtype
    timing case zelltyp patientennummer species organism fall probennummer""".split()
)
"""Words of a header by which a column tells samples apart."""
SAMPLE_NAMES: Final = frozenset(
    "cell type|cell types|cell|cells|cell subset|seurat clusters|id patient|observed|collected|type of sample".split(
        "|"
    )
)
ANNOTATIONS: Final = frozenset(
    """chromosome|chr|chrom|seqnames|start|end|strand|width|length|gene length|biotype|gene biotype|gene type|
    gene title|description|gene description|title|full name|panel|panel version|panel lot nr|unit|units|
    class name|code class|family|gene family|pathway|pathways|go|go term|gene sets|probe annotation|method|
    alternative|qc|qc warning|assay warning|flag|flags|comment|comments|note|
    notes|remark|remarks|reference|accession|accession number|olinkid|olink id|lot|kit|plate|plateid|plate id|
    plate name|well|wells|well position|position|spot|task|reporter|
    quencher|dye|platform|probe|probe id|probeid|probeset|probeset id|block type|detection range|color|colour|
    transcript|transcript id|exon|analyte type|normalization|missingfreq|b|lods|df|parameter|entrez|refseq|locus|
    cytoband|spot id|n|n samples|sample size|number of samples|total events|sampling errors|
    block|sample type|dilution|dilution factor|omit|automatic ct threshold|ct threshold|baseline start|baseline end|
    bead region|bead id|assay id|catalog number|catalogue number|cat no|manufacturer|vendor|supplier|antibody|primer|
    amp status|weight|isoform|homolog|ortholog|evidence|go id|keyword|keywords""".replace("\n    ", "").split("|")
)
"""Headers of what describes a gene or an assay, or a place on a plate: they tell no samples apart."""
DESCRIBING: Final = frozenset(
    """chromosome chrom chr strand biotype description descriptions title pathway pathways ontology go kegg reactome
    hallmark unit units panel refseq transcript exon cytoband locus keyword synonyms aliases ortholog""".split()
)
"""Words of a header that describes a gene or an assay."""
NO_AFFIX: Final = frozenset("fold score scores log2 stat wald threshold stars summary bonf holm".split())
"""Headers of values that are none where something stands beside them."""
AFFIXED: Final = tuple(
    sorted(
        (
            (alias, role)
            for role in (*VALUES[:-1], "adjusted p", "p", "significance", "statistic", "standard error")
            for alias in ALIASES[role]
            if (len(alias) > 3 and alias not in NO_AFFIX) or alias in ("fdr", "lfc", "fc", "sig")
        ),
        key=lambda pair: -len(pair[0]),
    )
)
"""Headers of values that can have the name of a contrast before or behind them, the longest first."""
NO_CONTRAST: Final = frozenset(
    """lower upper conf ci limit limits se error sd std min max mean median cpm tpm fpkm rpkm count counts expression
    expr normalized normalised intensity level levels percent pct rank abs absolute sign confidence threshold cutoff
    log10 neg shrunken lfcse variance var weighted squared sum sqrt log log1p logarithm minus inverse inverted inv
    reciprocal p pval pvalue padj q fdr expected predicted theoretical simulated random required minimal minimum
    maximal maximum hedges cohen cohens effect rsd cv sem bias uncertainty zscore percentage prozent ppm delta
    difference diff up down upregulated downregulated not no null prior cumulative posterior
    probability prob power""".split()
)
"""Words beside such a header that make it something else."""
HARMLESS: Final = frozenset("of the in average avg value values v estimated observed by from change".split())
"""Words beside such a header that change nothing, and name no contrast."""
SCALES: Final = {"log2": "log2", "ln": "ln", "log10": "log10"}
"""Words beside the header of a ratio that say on which scale it is."""
OF_P: Final = frozenset("p pval pvalue padj q fdr min max minimum minimal maximum maximal no not up down".split())
"""Such words, beside the header of a p value."""
NEGATED: Final = frozenset("neg minus negative log10 nlog10 mlog10 neglog10".split())
"""Words beside the header of a p value of which a logarithm is given."""
ADJUSTED: Final = frozenset("adj adjusted corrected fdr bonferroni bh by holm benjamini adjustiert korrigiert".split())
"""Words beside the header of a p value that make it an adjusted one."""
LOGARITHM: Final = re.compile(r"log[\s_]*10", re.IGNORECASE)
BETWEEN: Final = re.compile(
    r"(?<![\s_.])[\s_.]++(?:vs|versus|against|over|gegen|compared to|relative to)[\s_.]+"
    r"|(?:(?<!\s)\s++)?/\s*|(?-i:(?<=[A-Z\d])vs(?=[A-Z]))",
    re.IGNORECASE,
)
"""Between the two sides of a contrast."""
VERSUS: Final = re.compile(r"\Bvs\B|\bvs\b|_vs_|/", re.IGNORECASE)
"""What a contrast of two sides has."""


LONGEST: Final = 200
"""Characters: no header is longer."""


@cache
def plain(header: str) -> str:
    """Return a header as headers are compared.

    >>> plain("adj.P.Val"), plain("2^-ΔΔCt"), plain("avg_log2FC"), plain("Conc (pg/mL)")
    ('adj p val', '2 ddct', 'avg log2fc', 'conc pg ml')
    """
    if len(header) > LONGEST:  # no header, and accents without end are put in order for minutes
        return ""
    text = unicodedata.normalize("NFKC", header).casefold().replace("δ", "d").replace("∆", "d")
    return " ".join(re.findall(r"[^\W_]+", text))


_ROLES: Final = {alias: role for role, aliases in ALIASES.items() for alias in aliases}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its number from 0, its header as it was written, its role ("" for none), and its contrast."""

    number: int
    header: str
    role: str
    contrast: str = ""


@cache
def role(header: str) -> tuple[str, str]:
    """Return the role of a header and the contrast that it names; "" for what it does not have.

    >>> role("log2FoldChange"), role("logFC_LS_vs_NL"), role("lower CI log2FC"), role("Pat.")
    (('log2', ''), ('log2', 'LS_vs_NL'), ('', ''), ('sample', ''))
    """
    text = re.sub(r"\blog (2|10)\b", r"log\1", plain(header)) if len(header) <= LONGEST else ""
    found, contrast = _role(header, text)
    if found not in VALUES or found == "direction":
        return found, contrast
    if "%" in header or "percent" in text or "prozent" in text or re.match(r"\s*1\s*/", header):
        return "", ""
    if re.search(r"\|.*\|", header):  # the size of a change, without its direction
        return "", ""
    if re.match(r"\s*[-\N{MINUS SIGN}\N{EN DASH}]\s*[^\W\d]", header):  # -ddCt is log2 of the ratio
        return ("log2", contrast) if found == "ddct" else ("", "")
    return found, contrast


def _role(header: str, text: str) -> tuple[str, str]:
    words = text.split()
    if text in _ROLES:
        return _ROLES[text], ""
    if text in ANNOTATIONS:
        return "annotation", ""
    if found := _logarithm_of_p(words) or (_affixed(header, text) if len(words) > 1 else None) or _divided(header):
        return found
    if text in SAMPLE_NAMES or set(words) & SAMPLES or re.fullmatch(r"(patient|sample|subject|donor|visit)\d*", text):
        return "sample", ""
    if set(words) & DESCRIBING:
        return "annotation", ""
    if (words and words[0] in ("conc", "concentration", "npx", "mfi", "ct", "cq")) or text.endswith("pg ml"):
        return "level", ""
    return "", ""


def _logarithm_of_p(words: Sequence[str]) -> tuple[str, str] | None:
    """Return the role and the contrast of the logarithm of a p value."""
    rest = [word for word in words if word not in NEGATED]
    if not rest or not any("log10" in word for word in words):
        return None
    found = role(" ".join(rest)) if rest != list(words) else ("", "")
    return found if found[0] in ("p", "adjusted p") else None


def _affixed(header: str, text: str) -> tuple[str, str] | None:
    """Return the role of a header of values with something before or behind it, and the contrast that this names."""
    if text.startswith("p ") and _ROLES.get(text[2:]) in VALUES:
        return "p", ""
    for alias, found in AFFIXED:
        if text.startswith(f"{alias} "):
            rest = text.removeprefix(f"{alias} ").split()
        elif text.endswith(f" {alias}"):
            rest = text.removesuffix(f" {alias}").split()
        else:
            continue
        scales = [SCALES[word] for word in rest if word in SCALES] if found == "ratio" else []
        known = OF_P if found in ("p", "adjusted p", "significance") else frozenset(scales)
        if (set(rest) - known) & NO_CONTRAST or len(scales) > 1:
            if found in VALUES:  # a p value of a fold change is none, but still a p value
                continue
            return None
        if scales or set(rest) <= HARMLESS:
            return (scales or [found])[0], " ".join(word for word in rest if word not in {*SCALES, *HARMLESS})
        if found == "p" and set(rest) & ADJUSTED:
            return "adjusted p", ""
        inner = role(" ".join(rest)) if found in ("p", "adjusted p", "significance") else ("", "")
        return (found, inner[1]) if inner[0] in VALUES else (found, _as_written(header, alias, " ".join(rest)))
    return None


def _divided(header: str) -> tuple[str, str] | None:
    """Return the role and the contrast of a logarithm of two samples, as log2(LS/NL)."""
    found = re.fullmatch(r"\s*(log2|log10|ln)[\s_(\[]*(\S.*?)[)\]]?\s*", header, re.IGNORECASE)
    if found and len(BETWEEN.split(found[2])) == 2 and not set(plain(found[2]).split()) & NO_CONTRAST:
        return found[1].casefold(), found[2]
    return None


def is_logarithm(header: str) -> bool:
    """Return whether the header of a p value says that its logarithm is given.

    >>> is_logarithm("-log10(padj)"), is_logarithm("padj")
    (True, False)
    """
    return bool(LOGARITHM.search(header))


def _as_written(header: str, alias: str, rest: str) -> str:
    """Return the part of a header that names the contrast, as it was written."""
    for pattern in (r"^{}[\s._:(-]*(.*?)\)?$", r"^(.*?)[\s._:-]*{}\W*$"):
        letters = r"[\W_]*".join(map(re.escape, alias.replace(" ", "")))
        found = re.match(pattern.format(letters), header.strip(), re.IGNORECASE)
        if found and found[1] and plain(found[1]) == rest:
            return found[1]
    return rest


def of(header: Sequence[str]) -> list[Column]:
    """Return the columns of a header, in order.

    >>> [(column.role, column.contrast) for column in of(["", "logFC", "chr"])]
    [('unnamed', ''), ('log2', ''), ('annotation', '')]
    """
    return [
        Column(number, text, *(role(text) if text else (("unnamed" if number == 0 else ""), "")))
        for number, text in enumerate(header)
    ]


def is_header(cells: Sequence[str]) -> bool:
    """Return whether cells are the headers of a table: one names rows, and one says what became of them.

    >>> is_header(["", "logFC", "P.Value"]), is_header(["IL-21", "2.33"]), is_header(["cytokine", "ratio"])
    (True, False, True)
    """
    if len(cells) < 2:
        return False
    found = {role(cell)[0] for cell in cells if cell}
    names = bool(found & set(NAMES)) or not cells[0]
    if not found & set(NAMES) and found & {"log2", "ln"} and found & {"p", "adjusted p"}:
        return True  # R's write.table, which names no column of row names
    return names and bool(found & {*VALUES, "level"})
