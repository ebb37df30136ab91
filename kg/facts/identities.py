"""The records of what names lead to: names that are refused, genes whose symbols mislead, and what counts for nothing.

>>> Gene(id="mouse-il21", species="mouse", symbol="Il21", label="Il21 (mouse)", xrefs="MGI:1890474",
...      orthologous_to="il21", reference="mgi-2025").orthologous_to
'il21'
"""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from kg.facts.cells import Id, Identifiers, Record, Ref, Text, Words


class AmbiguousName(Record):
    """A name that fits several cytokines and is therefore refused."""

    name: Text
    candidates: Annotated[Words, Ref("ligands")]
    why: Text


class Gene(Record):
    """A gene whose symbol leads to a ligand here by its human orthologue, or must not be taken for one.

    A gene of the mouse without a single human orthologue is co-orthologous: to the genes of a family, or to several.
    The product of a human gene is here where the symbol also names the complex of which it is a part, as IL27 does.
    """

    id: Id
    species: Literal["human", "mouse"]
    symbol: Text
    label: Text
    xrefs: Identifiers = ()
    product: Annotated[Id | None, Ref("ligands")] = None
    orthologous_to: Annotated[Id | None, Ref("ligands")] = None
    co_orthologous_to: Annotated[Id | None, Ref("ligands")] = None
    homonym_of: Annotated[Id | None, Ref("ligands")] = None
    reference: Annotated[Id, Ref("references")]
    note: Text | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        filled = [bool(self.orthologous_to), bool(self.co_orthologous_to), bool(self.homonym_of)]
        if sum(filled) != 1 or filled[2] != (self.species == "human") or (self.product and not filled[2]):
            what = "a gene of the mouse has orthologous_to or co_orthologous_to, a human gene homonym_of"
            raise ValueError(f"{what}: fill that one alone")
        return self


class Analyte(Record):
    """A molecule that panels and tables measure, and that counts for nothing: no ligand of a JAK-coupled receptor."""

    id: Id
    kind: Literal[
        "chemokine", "growth factor", "other cytokine", "soluble receptor", "other protein", "reference gene"
    ]  # fmt: skip
    symbol: Text | None = None
    label: Text
    xrefs: Identifiers = ()
    aliases: Words = ()
    why: Text
    reference: Annotated[Id, Ref("references")]
