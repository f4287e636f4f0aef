"""Take pictures of the built pages: 1400 and 390 pixels wide, light and dark.

Run ``python -m focalbook.book.screenshot OUT`` for all pages, or name some: ``... OUT book/minimizer``.
It needs Debian's Chromium (``apt-get install chromium``) or another one, named by the environment variable
``CHROMIUM``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["SCHEMES", "WIDTHS", "browser", "chromium", "main", "open_page", "site_pages"]

WIDTHS = (1400, 390)
SCHEMES = ("light", "dark")

# No name resolves: a page that asks another site for something cannot get it, and the attempt is seen.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
]


_PLOTS_DRAWN = """() => [...document.querySelectorAll("div.plotly-graph-div")]
    .every(figure => figure.querySelector("svg.main-svg"))"""


def chromium() -> str | None:
    """Path of the Chromium to use, None where there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def browser() -> Iterator[Any]:
    """A headless Chromium without network.

    Raises
    ------
    FileNotFoundError
        If Chromium is not installed.
    """
    from playwright.sync_api import sync_playwright

    path = chromium()
    if path is None:
        raise FileNotFoundError("Chromium is needed: apt-get install chromium, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, headless=True, args=_FLAGS)
        try:
            yield running
        finally:
            running.close()


@contextmanager
def open_page(running: Any, width: int, scheme: str) -> Iterator[Any]:
    """An empty page of a given width whose reader prefers a light or a dark look."""
    context = running.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    try:
        yield context.new_page()
    finally:
        context.close()


def show(page: Any, path: Path) -> None:
    """Load a built page and wait until formulas and interactive figures are drawn."""
    page.goto(path.resolve().as_uri(), wait_until="load")
    page.evaluate("() => window.MathJax && MathJax.startup ? MathJax.startup.promise : null")
    page.wait_for_function(_PLOTS_DRAWN)
    page.evaluate("() => document.fonts.ready")


def site_pages(site: Path) -> list[Path]:
    """The built chapters and the front page, without search, index and copied files."""
    skip = {"genindex", "search", "prf-prf", "index"}
    pages = [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts]
    return [path for path in pages if path.parent != site or path.stem not in skip]


def main(arguments: list[str] | None = None) -> int:
    """Command line: see ``--help``."""
    parser = argparse.ArgumentParser(prog="python -m focalbook.book.screenshot", description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("pages", nargs="*", help="for example book/minimizer; all pages where none is named")
    parser.add_argument("--site", type=Path, default=Path("_build/html"), help="folder of the built pages")
    options = parser.parse_args(arguments)
    pages = [options.site / f"{name}.html" for name in options.pages] or site_pages(options.site)
    missing = [str(page) for page in pages if not page.is_file()]
    if missing or not pages:
        print(f"error: not built: {', '.join(missing) or options.site}", file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    with browser() as running:
        for path in pages:
            for width in WIDTHS:
                for scheme in SCHEMES:
                    with open_page(running, width, scheme) as page:
                        show(page, path)
                        picture = options.out / f"{path.stem}-{width}-{scheme}.png"
                        page.screenshot(path=picture, full_page=True)
                        print(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
