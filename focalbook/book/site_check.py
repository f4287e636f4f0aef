"""Inspect the built pages without a browser: outside addresses, alternative texts, links, unread markup.

Run ``python -m focalbook.book.site_check _build/html``; it prints what it finds and ends with status 1 if
there is anything.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

__all__ = ["check_site", "main"]

# Attributes through which a page loads something; `a[href]` is followed only by a reader.
_LOADING = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "video": ("src", "poster"),
}
_PASSIVE_LINKS = {"author", "canonical", "license", "next", "prev", "search", "index"}
_OUTSIDE = re.compile(r"(?:https?:)?//[\w.-]+\.\w+", re.IGNORECASE)
_CSS_LOAD = re.compile(r"(?:url\(|@import)\s*['\"]?\s*((?:https?:)?//[^'\")\s]+)", re.IGNORECASE)
_SCRIPT_ADDRESS = re.compile(r"['\"`](https?://[^'\"`\s]+)", re.IGNORECASE)
_HASH_OR_FILE = re.compile(r"^[0-9a-f_.-]{16,}$|\.(png|svg|jpe?g|gif)$|^_images/", re.IGNORECASE)
_UNREAD = re.compile(r"\{[a-z]+(?::[a-z]+)*\}`[^`]*`|\{\{ *\w+ *\}\}|^:::|\[@\w+\]", re.MULTILINE)


def _soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def _outside_loads(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.find_all(list(_LOADING)):
        if tag.name == "link" and set(tag.get("rel") or []) <= _PASSIVE_LINKS:
            continue
        for attribute in _LOADING[tag.name]:
            value = str(tag.get(attribute) or "")
            if _OUTSIDE.match(value.strip()):
                yield f"<{tag.name}> loads {value[:100]}"
    for tag in soup.find_all("script"):
        for address in _SCRIPT_ADDRESS.findall(tag.get_text()):
            yield f"a script on the page names {address[:100]}"
    styles = [tag.get_text() for tag in soup.find_all("style")] + [
        str(t["style"]) for t in soup.find_all(style=True)
    ]
    for style in styles:
        for address in _CSS_LOAD.findall(style):
            yield f"a style on the page loads {address[:100]}"


def _missing_alternatives(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.find_all("img"):
        alt = tag.get("alt")
        if alt is None or not str(alt).strip() or _HASH_OR_FILE.search(str(alt).strip()):
            yield f"an image has no alternative text (alt={alt!r}, src={str(tag.get('src'))[:60]})"
    for tag in soup.select("div.plotly-graph-div"):
        if tag.find_parent(attrs={"aria-label": True}) is None:
            yield "an interactive figure has no description; show it with focalbook.figures.style.interactive"


def _unread_markup(soup: BeautifulSoup) -> Iterator[str]:
    article = soup.find("article")
    if not isinstance(article, Tag):
        return
    for tag in article.find_all(["pre", "code", "script", "style", "textarea"]):
        tag.decompose()
    for found in _UNREAD.findall(article.get_text()):
        yield f"markup that nothing has read: {found[:80]}"


@lru_cache(maxsize=512)
def _anchors(path: Path) -> frozenset[str]:
    soup = _soup(path)
    names = {str(tag["id"]) for tag in soup.find_all(id=True)}
    return frozenset(names | {str(tag["name"]) for tag in soup.find_all("a", attrs={"name": True})})


def _broken_links(page: Path, soup: BeautifulSoup, site: Path) -> Iterator[str]:
    for tag in soup.find_all("a", href=True):
        parts = urlsplit(str(tag["href"]))
        if parts.scheme or parts.netloc:
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page.resolve()
        if not target.is_file():
            yield f"a link leads nowhere: {tag['href']}"
        elif parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in _anchors(target):
            yield f"a link's place is not on its page: {tag['href']}"


def check_site(site: Path) -> list[str]:
    """List what is wrong with the built pages.

    Parameters
    ----------
    site
        Folder of the built pages.

    Returns
    -------
    list of str
        One line for each finding, beginning with the page; empty when all is well.

    Raises
    ------
    FileNotFoundError
        If there is no page.
    """
    pages = sorted(path for path in site.rglob("*.html") if "_static" not in path.parts)
    if not pages:
        raise FileNotFoundError(f"no pages in {site}; build the book first")
    _anchors.cache_clear()
    findings: list[str] = []
    for page in pages:
        soup = _soup(page)
        found = [*_outside_loads(soup), *_missing_alternatives(soup), *_broken_links(page, soup, site)]
        found += _unread_markup(soup)
        findings += [f"{page.relative_to(site)}: {text}" for text in dict.fromkeys(found)]
    for sheet in sorted(site.rglob("*.css")):
        for address in _CSS_LOAD.findall(sheet.read_text(encoding="utf-8", errors="replace")):
            findings.append(f"{sheet.relative_to(site)}: loads {address[:100]}")
    return findings


def main(arguments: list[str] | None = None) -> int:
    """Command line: see ``--help``."""
    parser = argparse.ArgumentParser(prog="python -m focalbook.book.site_check", description=__doc__)
    parser.add_argument("site", type=Path, help="folder of the built pages, for example _build/html")
    options = parser.parse_args(arguments)
    try:
        findings = check_site(options.site)
    except FileNotFoundError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings" if findings else f"{options.site}: no finding")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
