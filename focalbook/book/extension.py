"""Sphinx extension of the book: chapter inputs, claims, local scripts, notebooks to download."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from focalbook.book import assets, directives, notebooks
from focalbook.book.inputs import ChapterError, stamp

__all__ = ["REPOSITORY_VARIABLE", "setup"]

#: Environment variable with the https address of the public repository; without it the pages link to none.
REPOSITORY_VARIABLE = "FOCALBOOK_REPOSITORY"


def configure_repository(app: Sphinx, config: Config) -> None:
    """Show repository and launch buttons only where the address of a public repository is given."""
    url = os.environ.get(REPOSITORY_VARIABLE, "").rstrip("/")
    if not url:
        return
    if not url.startswith("https://") or len(url.split("/")) < 5:
        raise ExtensionError(f"{REPOSITORY_VARIABLE} must look like https://host/owner/name, got {url!r}")
    config.html_theme_options |= {
        "repository_url": url,
        "repository_branch": "main",
        "path_to_docs": "",
        "use_repository_button": True,
        "use_issues_button": True,
        "launch_buttons": {"notebook_interface": "jupyterlab", "binderhub_url": "https://mybinder.org"},
    }


def drop_thebe(app: Sphinx, config: Config) -> None:
    """Take out sphinx-thebe, which Jupyter Book always loads: its pages name a script on another site."""
    for name in ("builder-inited", "env-before-read-docs", "doctree-resolved"):
        listeners = app.events.listeners.get(name, [])
        listeners[:] = [entry for entry in listeners if "sphinx_thebe" not in entry.handler.__module__]
    app.registry.css_files[:] = [entry for entry in app.registry.css_files if "thebe" not in entry[0]]


def stamp_inputs(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the hash of a chapter's inputs where the execution cache sees it."""
    try:
        source[0], files = stamp(source[0], Path(app.srcdir))
    except ChapterError as error:
        raise ExtensionError(f"{docname}: {error}") from error
    for file in files:
        app.env.note_dependency(str(file))


def finish_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add scripts to the pages that need them and the executed notebook to the downloads."""
    body = context.get("body", "")
    if "plotly-graph-div" in body:
        app.add_js_file(assets.PLOTLY_SCRIPT)
        app.add_js_file(assets.PLOTLY_THEME, loading_method="defer")
    for name, files in assets.widgets().items():
        if re.search(rf'class="[^"]*\b{name}\b', body):
            for file in files:
                _add_file(app, file)
    notebook = notebooks.executed_notebook(app, pagename)
    if notebook is None:
        return
    target = Path(app.outdir, "_sources", f"{pagename}.ipynb")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(notebook, encoding="utf-8")
    if not context.get("ipynb_source"):
        context["ipynb_source"] = f"{pagename}.ipynb"
        _add_download_button(context, f"{context['pathto']('_sources', 1)}/{pagename}.ipynb")


def _add_file(app: Sphinx, file: str) -> None:
    if file.endswith(".js"):
        app.add_js_file(file, loading_method="defer")
    else:
        app.add_css_file(file)


def _add_download_button(context: dict[str, Any], url: str) -> None:
    button = {
        "type": "link",
        "url": url,
        "text": ".ipynb",
        "icon": "fas fa-code",
        "tooltip": "Download the executed notebook",
        "label": "download-notebook-button",
    }
    for group in context.get("header_buttons", []):
        if group.get("label") == "download-buttons":
            group["buttons"].insert(0, button)


def copy_scripts(app: Sphinx) -> None:
    """Put MathJax, Plotly and the widgets beside the pages, before pages are written with their checksums."""
    if app.builder.format == "html":
        static = Path(app.outdir, "_static")
        assets.copy_mathjax(static)
        assets.copy_plotly(static)
        assets.copy_widgets(static)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    app.add_config_value("focalbook_ledger", "book/ledger", "env")
    app.add_node(directives.claim_link)
    app.add_node(directives.runtime)
    app.add_directive("chapter-box", directives.ChapterBox)
    app.add_role("claim", directives.ClaimRole())
    app.connect("config-inited", configure_repository, priority=10)
    app.connect("config-inited", drop_thebe, priority=10)
    app.connect("source-read", stamp_inputs)
    app.connect("doctree-resolved", directives.resolve)
    app.connect("html-page-context", finish_page, priority=900)
    app.connect("builder-inited", copy_scripts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
