"""How Sphinx builds the site: `sphinx-build -W -n docs SITE`, with warnings as errors and without a network.

Before it reads the pages, `pages.py` writes those that are derived from the graph into `docs/generated`.
"""

import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import pages  # noqa: E402

from kg.model.vocabulary import VERSION  # noqa: E402

project = "JAK-KG"
author = "The JAK-KG authors"
project_copyright = "The JAK-KG authors; code MIT, facts CC BY-SA 4.0"
version = release = VERSION

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["generated/site", "generated/edition.md", "generated/headers.md"]  # included in pages
nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r"(?!kg\.).*"),  # other packages: their pages are not here, and nothing is fetched
    (r"py:class", r"kg\..*"),  # a type in a signature may be of a module that has no page here
]
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"JAK-KG {VERSION}"
html_extra_path = ["generated/site"]
(HERE / "generated" / "site").mkdir(parents=True, exist_ok=True)
html_copy_source = False
html_show_sphinx = False


def setup(app: Any) -> None:
    """Have the derived pages written before Sphinx looks for pages."""
    app.connect("builder-inited", lambda _: pages.write(HERE / "generated"))
