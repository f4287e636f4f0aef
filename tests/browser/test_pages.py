"""Every page of the built site in headless Chromium: wide and narrow, light and dark.

Oracle: the browser itself, which reports requests, errors, sizes and what MathJax made of the formulas.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from focalbook.book.screenshot import SCHEMES, WIDTHS, browser, chromium, open_page, show, site_pages

SITE = Path(__file__).resolve().parent.parent.parent / "_build" / "html"
PAGES = site_pages(SITE) if SITE.is_dir() else []

# Said by the theme on every page of a reader who has chosen nothing; it then does what is wanted.
HARMLESS = "Got invalid theme mode"

LOOK = """() => ({
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    theme: document.documentElement.dataset.theme,
    formulas: document.querySelectorAll("mjx-container").length,
    unset: document.querySelectorAll("span.math, div.math").length,
    errors: document.querySelectorAll("mjx-merror, [data-mjx-error]").length,
    red: [...document.querySelectorAll("mjx-mtext, mjx-mi")]
        .filter(e => ["rgb(255, 0, 0)", "red"].includes(getComputedStyle(e).color))
        .map(e => e.closest("mjx-container").textContent.slice(0, 80)),
    silent: [...document.images].filter(e => !e.alt).map(e => e.outerHTML.slice(0, 80)),
    broken: [...document.images].filter(e => getComputedStyle(e).display !== "none")
        .filter(e => e.complete && !e.naturalWidth).map(e => e.alt),
})"""


@pytest.fixture(scope="module")
def running() -> Iterator[Any]:
    """One Chromium for all pages."""
    if chromium() is None:
        message = "Chromium is not installed (apt-get install chromium), so no page was looked at"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with browser() as instance:
        yield instance


def test_site_is_built() -> None:
    assert PAGES, "no pages in _build/html: run `make book` first"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page(running: Any, path: Path, width: int, scheme: str) -> None:
    outside: list[str] = []
    errors: list[str] = []
    with open_page(running, width, scheme) as page:
        page.on(
            "request",
            lambda r: None if r.url.startswith(("file:", "data:", "blob:")) else outside.append(r.url),
        )
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("requestfailed", lambda request: errors.append(f"failed: {request.url[:200]}"))
        show(page, path)
        seen = page.evaluate(LOOK)
    assert outside == [], "a page asks another site for something"
    assert [text for text in errors if HARMLESS not in text] == []
    assert seen["theme"] == scheme
    assert seen["overflow"] <= 0, "the page is wider than the window"
    assert seen["errors"] == 0, "MathJax could not read a formula"
    assert seen["red"] == [], "MathJax does not know a macro"
    assert (seen["formulas"] > 0) is (seen["unset"] > 0), "formulas were not set"
    assert seen["silent"] == []
    assert seen["broken"] == []
