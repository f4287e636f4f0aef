"""Scripts that pages need, taken from installed packages so that no page asks another site for them.

MathJax comes from the package ``sphinx-mathjax-offline`` (version 3.2.2, Apache License 2.0), Plotly's script
from ``plotly`` itself (MIT licence). They must not lie in a folder of static files: Jupyter Book puts every
script that it finds there on every page.

The scripts and styles ``assets/NAME-*``, one of them ``NAME-widget.js``, are for the pages that contain an
element of the class ``NAME-widget``.
"""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

__all__ = [
    "MATHJAX_SCRIPT",
    "PLOTLY_SCRIPT",
    "PLOTLY_THEME",
    "copy_mathjax",
    "copy_plotly",
    "copy_widgets",
    "mathjax_folder",
    "widgets",
]

#: Paths under the site's ``_static`` folder.
MATHJAX_SCRIPT = "mathjax/tex-chtml.js"
PLOTLY_SCRIPT = "plotly/plotly.min.js"
PLOTLY_THEME = "plotly/plotly-theme.js"

_OWN = Path(__file__).parent / "assets"

# What TeX input with HTML output can load: about 2 MB of the package's 25.
_MATHJAX_PARTS = ("tex-chtml.js", "input/tex/extensions", "output/chtml/fonts")


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"the package {name} is missing; run `make setup`")
    return Path(next(iter(spec.submodule_search_locations)))


def mathjax_folder() -> Path:
    """Folder of the installed MathJax files."""
    return _package_folder("sphinx-mathjax-offline") / "static" / "mathjax"


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def copy_mathjax(static: Path) -> None:
    """Copy the part of MathJax that the book uses below the site's static folder."""
    folder = mathjax_folder()
    for part in _MATHJAX_PARTS:
        _copy(folder / part, static / "mathjax" / part)


def copy_plotly(static: Path) -> None:
    """Copy Plotly's script and the script that adapts its figures to the theme of the page."""
    _copy(_package_folder("plotly") / "package_data" / "plotly.min.js", static / PLOTLY_SCRIPT)
    _copy(_OWN / "plotly-theme.js", static / PLOTLY_THEME)


def widgets() -> dict[str, list[str]]:
    """Files of the book's own widgets, as paths on the site, by the class of the elements they serve."""
    names = [path.stem for path in sorted(_OWN.glob("*-widget.js"))]
    return {name: [f"widgets/{path.name}" for path in _widget_files(name)] for name in names}


def _widget_files(name: str) -> list[Path]:
    return sorted(_OWN.glob(f"{name.removesuffix('-widget')}-*"))


def copy_widgets(static: Path) -> None:
    """Copy scripts and styles of the widgets below the site's static folder."""
    for name in widgets():
        for path in _widget_files(name):
            _copy(path, static / "widgets" / path.name)
