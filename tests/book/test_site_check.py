"""Oracle: pages written here with one fault each, and a page without any."""

from __future__ import annotations

from pathlib import Path

import pytest

from focalbook.book.site_check import check_site, main

CLEAN = """<!DOCTYPE html><html><head><link rel="canonical" href="https://example.org/a.html">
<link rel="stylesheet" href="_static/a.css"></head><body><article id="top">
<a href="https://example.org/elsewhere">a link that a reader may follow</a> <a href="#top">up</a>
<a href="b.html#there">there</a> <img src="data:image/png;base64,AAAA" alt="Three curves that fall">
<code>{prf:ref}`in code`</code></article></body></html>"""
OTHER = '<html><body><article><p id="there">x</p></article></body></html>'

FAULTS = {
    '<script src="https://cdn.example.org/x.js"></script>': "<script> loads https://cdn.example.org/x.js",
    '<link rel="stylesheet" href="//cdn.example.org/x.css">': "<link> loads //cdn.example.org/x.css",
    '<img alt="A picture of something" src="http://example.org/x.png">': "<img> loads",
    '<iframe src="https://example.org/"></iframe>': "<iframe> loads",
    '<script>load("https://example.org/late.js")</script>': "a script on the page names https://example.org/late.js",
    '<p style="background: url(https://example.org/x.png)">x</p>': "a style on the page loads",
    '<img src="x.png">': "no alternative text",
    '<img src="x.png" alt="">': "no alternative text",
    '<img src="x.png" alt="../_images/0f3a9c3b0f3a9c3b0f3a.png">': "no alternative text",
    '<div class="plotly-graph-div"></div>': "no description",
    '<a href="gone.html">x</a>': "leads nowhere: gone.html",
    '<a href="b.html#gone">x</a>': "not on its page: b.html#gone",
    "<p>By {prf:ref}`fe-1` it holds.</p>": "markup that nothing has read",
}


def _site(folder: Path, body: str = "") -> Path:
    (folder / "_static").mkdir()
    (folder / "_static" / "a.css").write_text("p { color: red }")
    (folder / "a.html").write_text(CLEAN.replace("</article>", f"{body}</article>"))
    (folder / "b.html").write_text(OTHER)
    return folder


def test_clean_site_has_no_finding(tmp_path: Path) -> None:
    assert check_site(_site(tmp_path)) == []
    assert main([str(tmp_path)]) == 0


@pytest.mark.parametrize("body", FAULTS)
def test_each_fault_is_found(tmp_path: Path, body: str) -> None:
    findings = check_site(_site(tmp_path, body))
    assert len(findings) == 1
    assert findings[0].startswith("a.html: ")
    assert FAULTS[body] in findings[0]
    assert main([str(tmp_path)]) == 1


def test_style_sheets_are_read_too(tmp_path: Path) -> None:
    site = _site(tmp_path)
    (site / "_static" / "a.css").write_text("@import 'https://example.org/font.css';")
    assert check_site(site) == ["_static/a.css: loads https://example.org/font.css"]


def test_site_that_is_not_built(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "build the book first" in capsys.readouterr().err
