"""Oracles: the engine's own reader and cache, and the built tiny book."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from focalbook.book.notebooks import BookSettings, chapter_names, read_chapter
from tests.book.tiny import TinyBook

pytestmark = pytest.mark.xdist_group("built_book")


def test_toc_gives_the_pages_in_order(built_book: TinyBook) -> None:
    names = ["book/index", "book/theory", "book/plot", "book/ledger", "book/references"]
    assert chapter_names(built_book.root) == names


def test_pages_without_code_are_no_notebooks(built_book: TinyBook) -> None:
    settings = BookSettings(built_book.root)
    assert read_chapter(built_book.root / "book/ledger.md", built_book.root, settings) is None
    notebook = read_chapter(built_book.root / "book/plot.md", built_book.root, settings)
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "code", "code"]


def test_settings_are_those_of_the_configuration(root: Path) -> None:
    settings = BookSettings(root)
    assert settings.timeout == 600
    assert {"amsmath", "dollarmath", "colon_fence"} <= set(settings.extensions)


@pytest.mark.parametrize("name", ["theory", "plot"])
def test_download_is_the_executed_notebook(built_book: TinyBook, name: str) -> None:
    page = BeautifulSoup(built_book.page(name), "html.parser")
    links = [link["href"] for link in page.select("a[href$='.ipynb']")]
    assert links == [f"../_sources/book/{name}.ipynb"]
    path = built_book.root / "_build/html/_sources/book" / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(cell.outputs for cell in code), "the outputs came from the cache and must be in the download"


def test_pages_without_code_offer_no_notebook(built_book: TinyBook) -> None:
    assert ".ipynb" not in built_book.page("ledger")
