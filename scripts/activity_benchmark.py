"""How often a null table is called active, and a true signal found: `python scripts/activity_benchmark.py [TABLES]`.

A table is the t of 5,000 genes, 4 samples against 4. The target genes of each pathway correlate in all samples, on
average by the stated value, in proportion to their weights or all pairs alike; a signal raises the targets of JAK-STAT
in proportion to their weights, on average by so many standard deviations of a gene.
"""

import sys

import numpy as np
from numpy.typing import NDArray

from kg.profiles import target_genes
from kg.profiles.activity import CORRELATION, JAK_STAT, Activity, activity

KNOWN, SAMPLES = target_genes.shipped(), 4
TARGETS = sorted({gene for weights in KNOWN.weights for gene in weights})
GENES = TARGETS + [f"other {number}" for number in range(5000 - len(TARGETS))]


def loadings(rho: float, *, alike: bool) -> NDArray[np.float64]:
    """Return genes x pathways: how far a gene follows the chance activity of a pathway."""
    rows = {gene: number for number, gene in enumerate(GENES)}
    found = np.zeros((len(GENES), len(KNOWN.names)))
    for column, weights in enumerate(KNOWN.weights):
        size = np.sign(list(weights.values())) if alike else np.array(list(weights.values()))
        pairs = np.abs(size).sum() ** 2 - (size**2).sum()
        found[[rows[gene] for gene in weights], column] = size * np.sqrt(rho * len(size) * (len(size) - 1) / pairs)
    found /= np.sqrt(np.maximum(1, (found**2).sum(axis=1) / 0.95))[:, None]
    return found


def table(rng: np.random.Generator, loading: NDArray[np.float64], shift: float = 0) -> Activity:
    """Return the activity of JAK-STAT in a table of made up samples."""
    chance = loading @ rng.standard_normal((loading.shape[1], 2 * SAMPLES))
    noise = rng.standard_normal((len(GENES), 2 * SAMPLES)) * np.sqrt(1 - (loading**2).sum(axis=1))[:, None]
    own = KNOWN.weights[KNOWN.names.index(JAK_STAT)]
    raised = np.array([own.get(gene, 0.0) for gene in GENES]) * shift / np.mean(list(own.values()))
    ill, well = np.split(chance + noise, 2, axis=1)
    error = np.sqrt((ill.var(axis=1, ddof=1) + well.var(axis=1, ddof=1)) / SAMPLES)
    values = (ill.mean(axis=1) + raised - well.mean(axis=1)) / error
    return activity(dict(zip(GENES, values.tolist(), strict=True)), KNOWN)


many = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
for times, alike, shift in [(n, a, 0.0) for a in (False, True) for n in (0, 1, 2)] + [
    (1, False, n / 4) for n in range(1, 5)
]:
    rng, loading = np.random.default_rng(1), loadings(times * CORRELATION, alike=alike)
    found = [table(rng, loading, shift) for _ in range(many // 4 if shift else many)]
    rates = [np.mean(one) for one in ([o.call == "active" for o in found], [(o.score or 0) > 1.645 for o in found])]
    how = f"{times * CORRELATION:.2f} {'alike' if alike else 'by weight'}, shift {shift:.2f}, {len(found)} tables"
    print(f"{how}: active {rates[0]:.1%}; by the t of the model alone {rates[1]:.1%}", flush=True)
