"""How Sphinx builds the documentation (`make docs`): https://www.sphinx-doc.org/en/master/usage/configuration.html."""

import re

from sphinx.application import Sphinx

project = "Emotion Garden"
extensions = ["myst_parser"]
exclude_patterns = ["screenshots"]
myst_heading_anchors = 4
# Anchors in tables (settings.md) are HTML, which MyST does not read; `tools.lint` checks all links.
suppress_warnings = ["myst.xref_missing", "misc.highlighting_failure"]
html_theme = "furo"
html_title = "Emotion Garden"
html_static_path = ["docs.css"]
html_css_files = ["docs.css"]
html_copy_source = False
html_show_sphinx = False
_SECTION = re.compile(r"^## (.+?)$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_PAGE = re.compile(r"\]\(((?!\.\.)[^)#]+)\.md\)")


def add_navigation(app: Sphinx, name: str, source: list[str]) -> None:
    """The first page's sections and their links are the navigation, so that they are written once."""
    if name != "index":
        return
    for title, text in _SECTION.findall(source[0]):
        if pages := list(dict.fromkeys(_PAGE.findall(text))):
            source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n" + "\n".join(pages) + "\n```\n"


def setup(app: Sphinx) -> None:
    app.connect("source-read", add_navigation)
