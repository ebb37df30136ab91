"""Where the files of the package are: in an installed package, or in a checkout."""

from functools import cache
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parent.parent


@cache
def folder(name: str) -> Path:
    """Return the folder ``ontology`` or ``queries``, in an installed package or in a checkout.

    >>> (folder("ontology") / "jak-kg.ttl").is_file()
    True
    """
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name
