"""Chapters as notebooks: how the engine reads them, and executed copies to download."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import yaml
from jupyter_cache import get_cache

from focalbook.book.inputs import stamp

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = [
    "CACHE_FOLDER",
    "BookSettings",
    "chapter_names",
    "executed_notebook",
    "read_chapter",
]

#: Where the engine keeps executed notebooks, from the root of the book.
CACHE_FOLDER = "_build/.jupyter_cache"


class BookSettings:
    """What ``_config.yml`` says about reading and executing chapters.

    Attributes
    ----------
    extensions : list of str
        Markdown syntax in use.
    timeout : int
        Seconds that one cell may take.
    """

    def __init__(self, root: Path) -> None:
        config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
        self.extensions: list[str] = config.get("parse", {}).get("myst_enable_extensions", [])
        self.timeout = int(config.get("execute", {}).get("timeout", 30))


def chapter_names(root: Path) -> list[str]:
    """Names of the pages in the table of contents, in reading order, for example ``book/minimizer``."""
    from sphinx_external_toc.parsing import parse_toc_yaml

    return list(parse_toc_yaml(root / "_toc.yml"))


def read_chapter(path: Path, root: Path, settings: BookSettings) -> Any | None:
    """Read a chapter exactly as the engine does, with the hash of its inputs.

    Returns
    -------
    notebook or None
        None for a page without code cells.

    Raises
    ------
    ChapterError
        If an input named in the front matter is missing.
    """
    from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
    from myst_parser.config.main import MdParserConfig

    text, _ = stamp(path.read_text(encoding="utf-8"), root)
    if not is_myst_markdown_notebook(text):
        return None
    config = MdParserConfig(enable_extensions=set(settings.extensions))
    notebook = read_myst_markdown_notebook(text, config=config, add_source_map=True, path=path)
    return notebook if any(cell.cell_type == "code" for cell in notebook.cells) else None


def executed_notebook(app: Sphinx, pagename: str) -> str | None:
    """Text of a page's notebook with its outputs; None for a page that runs no code.

    The engine writes a notebook for every page, but without outputs when these came from its cache. The cache
    is asked again here.
    """
    path = Path(app.outdir).parent / "jupyter_execute" / f"{pagename}.ipynb"
    if not path.is_file() or "kernelspec" not in app.env.metadata.get(pagename, {}):
        return None
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if not code:
        return None
    if not any(cell.outputs for cell in code):
        try:
            cache = get_cache(str(Path(app.srcdir) / CACHE_FOLDER))
            _, notebook = cache.merge_match_into_notebook(notebook)
        except KeyError:
            return None
    notebook.metadata.pop("source_map", None)
    return nbformat.writes(notebook)
