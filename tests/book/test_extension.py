"""Oracle: the built pages of the tiny book."""

from __future__ import annotations

import re

import pytest

from focalbook.book.site_check import check_site
from tests.book.tiny import TinyBook

pytestmark = pytest.mark.xdist_group("built_book")


def test_site_check_finds_nothing(built_book: TinyBook) -> None:
    assert check_site(built_book.root / "_build/html") == []


def test_plotly_is_on_the_pages_that_need_it_only(built_book: TinyBook) -> None:
    assert "plotly.min.js" in built_book.page("plot")
    assert "plotly-theme.js" in built_book.page("plot")
    assert "plotly.min.js" not in built_book.page("theory")


def test_mathjax_is_local(built_book: TinyBook) -> None:
    assert re.search(r'src="\.\./_static/mathjax/tex-chtml\.js(\?v=\w+)?"', built_book.page("theory"))
    assert (built_book.root / "_build/html/_static/mathjax/tex-chtml.js").is_file()


def test_thebe_is_gone(built_book: TinyBook) -> None:
    assert "thebe" not in built_book.page("theory").lower()


def test_figures_carry_both_themes_and_alternative_text(built_book: TinyBook) -> None:
    page = built_book.page("plot")
    for theme in ("light", "dark"):
        assert f'<img class="only-{theme}" alt="A curve that rises ever faster"' in page
    assert 'aria-label="A line between two points"' in page


def test_repository_is_linked_only_where_it_is_known(built_book: TinyBook) -> None:
    assert "repository" not in built_book.page("theory").replace("data-bs", "").lower()
    built = built_book.build(FOCALBOOK_REPOSITORY="https://github.com/somebody/something")
    assert built.returncode == 0, built.stdout + built.stderr
    page = built_book.page("theory")
    assert 'href="https://github.com/somebody/something"' in page
    assert "https://mybinder.org/v2/gh/somebody/something/main?urlpath=lab/tree/book/theory.md" in page
    assert built_book.build().returncode == 0
    assert "somebody" not in built_book.page("theory")


def test_unusable_repository_is_refused(built_book: TinyBook) -> None:
    built = built_book.build(FOCALBOOK_REPOSITORY="git@host:somebody/something")
    assert built.returncode != 0
    assert "must look like https://host/owner/name" in built.stdout + built.stderr
