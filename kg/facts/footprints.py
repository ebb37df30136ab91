"""Pathways and their target genes, as typed records, and what must hold between the rows.

>>> row = TargetGene(pathway="jak-stat-pathway", gene="DDX58", weight="12.9654", p_value="2.65041e-35", symbol="RIGI")
>>> row.weight, row.names
(Decimal('12.9654'), ('DDX58', 'RIGI'))
"""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from kg.facts.cells import Id, Identifiers, Record, Ref, Text, split
from kg.model.errors import Place, Problem


def _number(cell: object) -> object:
    if isinstance(cell, str) and not re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell, re.ASCII):
        raise ValueError(f"{cell!r} is not a number: write digits and a point, as in -1.23 or 4.5e-20")
    return cell


def _weighs(weight: Decimal) -> Decimal:
    if not weight:
        raise ValueError("a target gene with weight 0 is none: delete the row")
    return weight


Weight = Annotated[Decimal, BeforeValidator(_number), Field(allow_inf_nan=False), AfterValidator(_weighs)]
PValue = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=1, allow_inf_nan=False)]
Symbol = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")]
NcbiGene = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*$")]
Ensembl = Annotated[tuple[Annotated[str, StringConstraints(pattern=r"^ENSG[0-9]{11}$")], ...], BeforeValidator(split)]


class Pathway(Record):
    """A pathway whose activity is read from its target genes; the reference is of all of its weights."""

    id: Id
    label: Text
    xrefs: Identifiers = ()
    reference: Annotated[Id, Ref("references")]
    obtained_from: Annotated[Id, Ref("references")]
    locator: Text
    note: Text | None = None


class TargetGene(Record):
    """A gene that responds to a pathway: its weight, signed, and the p value of the response, as the source has them.

    ``gene`` is the symbol in the source, ``symbol`` the one that the gene has got since.
    """

    pathway: Annotated[Id, Ref("pathways")]
    gene: Symbol
    weight: Weight
    p_value: PValue
    symbol: Symbol | None = None
    ncbi_gene: NcbiGene | None = None
    ensembl: Ensembl = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of the gene: its symbols, its number at NCBI, its Ensembl ids.

        >>> TargetGene(pathway="x-pathway", gene="STAT1", weight="9.1", p_value="0.01", ncbi_gene="6772").names
        ('STAT1', '6772')
        """
        return tuple(filter(None, (self.gene, self.symbol, self.ncbi_gene, *self.ensembl)))


def problems(genes: Iterable[TargetGene], place: Callable[[TargetGene], Place]) -> Iterator[Problem]:
    """Yield a problem for each gene that one pathway has twice, and for each name that two genes have.

    >>> row = TargetGene(pathway="x-pathway", gene="STAT1", weight="9.1", p_value="0.01")
    >>> again = row.model_copy(update={"weight": Decimal(8)})
    >>> places = {id(row): Place("t.tsv", 2), id(again): Place("t.tsv", 3)}
    >>> [str(problem) for problem in problems([row, again], lambda one: places[id(one)])]
    ['t.tsv:3: STAT1 is a target gene of x-pathway at t.tsv:2 too: keep one of the two rows']
    """
    seen: dict[tuple[str, str], TargetGene] = {}
    owners: dict[str, TargetGene] = {}
    for row in genes:
        first = seen.setdefault((row.pathway, row.gene), row)
        if first is not row:
            what = f"{row.gene} is a target gene of {row.pathway} at {place(first)} too"
            yield Problem(place(row), what, "keep one of the two rows")
        for name in row.names:
            owner = owners.setdefault(name, row)
            if owner.gene != row.gene:
                what = f"{name!r} is a name of {owner.gene}, at {place(owner)}, and here of {row.gene}"
                yield Problem(place(row), what, "give it to one of the two genes")
            elif owner.names != row.names:
                what = f"{row.gene} has other names at {place(owner)}"
                yield Problem(place(row), what, "give a gene the same symbol and ids in each row")
                break
