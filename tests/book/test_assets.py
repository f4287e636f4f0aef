"""Oracle: the installed packages that the scripts come from."""

from __future__ import annotations

from pathlib import Path

from focalbook.book.assets import (
    MATHJAX_SCRIPT,
    PLOTLY_SCRIPT,
    PLOTLY_THEME,
    copy_mathjax,
    copy_plotly,
    copy_widgets,
    widgets,
)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_mathjax_is_version_3_with_fonts_and_extensions(tmp_path: Path) -> None:
    copy_mathjax(tmp_path)
    script = (tmp_path / MATHJAX_SCRIPT).read_text(encoding="utf-8")
    assert '"3.2.2"' in script
    fonts = list((tmp_path / "mathjax/output/chtml/fonts/woff-v2").glob("*.woff"))
    assert len(fonts) > 20
    for name in ("ams", "boldsymbol", "cancel", "mathtools"):
        assert (tmp_path / f"mathjax/input/tex/extensions/{name}.js").is_file()
    assert _size(tmp_path) < 4_000_000


def test_plotly_comes_with_its_theme_script(tmp_path: Path) -> None:
    copy_plotly(tmp_path)
    head = (tmp_path / PLOTLY_SCRIPT).read_text(encoding="utf-8")[:200]
    assert "plotly.js v" in head
    assert "data-theme" in (tmp_path / PLOTLY_THEME).read_text(encoding="utf-8")


def test_widgets_are_copied_whole(tmp_path: Path) -> None:
    assert "zones-widget" in widgets()
    copy_widgets(tmp_path)
    for name, files in widgets().items():
        assert f"widgets/{name}.js" in files
        assert all((tmp_path / file).is_file() for file in files)
    copied = {f"widgets/{path.name}" for path in (tmp_path / "widgets").iterdir()}
    assert copied == {file for files in widgets().values() for file in files}
