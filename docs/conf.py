"""The documentation site: ``sphinx-build -W --keep-going docs build/docs``.

The network is not used, neither for building nor for reading.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import command_pages

project = "tracuu"
copyright = "the authors of tracuu"
try:
    release = installed("tracuu")
except PackageNotFoundError:
    release = ""
version = release
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
suppress_warnings = ["misc.highlighting_failure"]  # console blocks contain terminal output

# Pages are plain Markdown, readable where the code is hosted;
# nothing here may require extensions.
myst_heading_anchors = 4
myst_enable_extensions = ["deflist"]

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_class_signature = "mixed"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = "tracuu"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
smartquotes = False  # otherwise --limit would get a dash

man_pages = command_pages.man_pages()
man_show_urls = True

# pages beside ``docs`` → the pages of the site that contain them
_IN_SITE = {
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "README.md": "index.md",
}

# links to other Markdown beside ``docs``, which is not part of the site
_BESIDE = re.compile(
    r"\[(?P<text>[^\]]+)\]\((?P<path>(?:\.\./)+(?:benchmarks|examples)/[^)]+\.md)\)"
)


def _links(app: Any, docname: str, source: list[str]) -> None:
    """Redirect links to pages beside ``docs`` to the site's copies."""
    up = "../" * (docname.count("/") + 1)
    for outside, inside in _IN_SITE.items():
        source[0] = source[0].replace(f"]({up}{outside}", f"]({'../' * docname.count('/')}{inside}")
    source[0] = _BESIDE.sub(r"{download}`\g<text> <\g<path>>`", source[0])


def setup(app: Any) -> None:
    """Write the pages made from the commands' help, and redirect links."""
    app.connect("builder-inited", lambda app: command_pages.write(Path(app.srcdir) / "commands"))
    app.connect("source-read", _links)
