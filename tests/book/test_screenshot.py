"""Oracle: folders written here. What the browser does is tested with the built site, in tests/browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from focalbook.book.screenshot import browser, chromium, main, site_pages


def _site(folder: Path) -> Path:
    for name in (
        "index.html",
        "search.html",
        "book/index.html",
        "book/minimizer.html",
        "_static/template.html",
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<html></html>")
    return folder


def test_chapters_are_pages_and_lists_are_not(tmp_path: Path) -> None:
    names = [path.relative_to(tmp_path).as_posix() for path in site_pages(_site(tmp_path))]
    assert names == ["book/index.html", "book/minimizer.html"]


def test_chromium_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/somewhere/chromium")
    assert chromium() == "/somewhere/chromium"


def test_missing_chromium_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium() is None
    with pytest.raises(FileNotFoundError, match="apt-get install chromium"), browser():
        pass


@pytest.mark.parametrize("names", [[], ["book/gone"]])
def test_pages_must_be_built(tmp_path: Path, capsys: pytest.CaptureFixture[str], names: list[str]) -> None:
    site = tmp_path / "site"
    site.mkdir()
    assert main([str(tmp_path / "out"), *names, "--site", str(site)]) == 2
    assert capsys.readouterr().err.startswith("error: not built: ")
