"""The look of every figure: two themes, colour-blind safe colours, alternative text.

A figure module computes numbers (``data``) and draws them on axes it is given (``draw``). Chapters hand both
to `figure`, which draws once for the light and once for the dark page, and returns one notebook output.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

__all__ = [
    "COLORS",
    "THEMES",
    "DualFigure",
    "InteractiveFigure",
    "figure",
    "gamma_colors",
    "interactive",
    "theme",
]

#: Colours in the order of matplotlib's ``C0``, ``C1``, ...: after Okabe and Ito's palette, which people with
#: any of the common colour-vision deficiencies can tell apart, darkened or lightened to suit the page.
CYCLES = {
    "light": ("#0067a5", "#c2500a", "#00795a", "#a8467f", "#8a6500", "#4a4a4a"),
    "dark": ("#6cb8ee", "#f2914d", "#3ccf9f", "#e79ac4", "#e8c14a", "#bdbdbd"),
}

#: Named roles, so that the same thing has the same colour in every figure. Values are matplotlib colour names
#: that follow the theme.
COLORS = {
    "focal": "C0",
    "posterior": "C1",
    "recovered": "C2",
    "amplified": "C0",
    "suppressed": "C1",
    "over-suppressed": "C3",
    "highlight": "C4",
    "reference": "C5",
}

_INK = {"light": "#1f2328", "dark": "#e3e6ea"}
_GRID = {"light": "#d9dde3", "dark": "#3b4148"}
_PAGE = {"light": "#ffffff", "dark": "#121212"}
_PHONE_INCHES = 6.5
_MAP_RANGE = {"light": (0.0, 0.6), "dark": (0.33, 1.0)}

_COMMON = {
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "figure.constrained_layout.use": True,
    "font.family": "DejaVu Sans",
    "font.size": 11.0,
    "axes.titlesize": 11.0,
    "axes.labelsize": 11.0,
    "legend.fontsize": 10.0,
    "legend.frameon": True,
    "legend.framealpha": 0.8,
    "legend.edgecolor": "none",
    "xtick.labelsize": 10.0,
    "ytick.labelsize": 10.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.8,
    "svg.fonttype": "path",
    "svg.hashsalt": "focalbook",
}


def _rc(name: str) -> Any:
    ink, grid = _INK[name], _GRID[name]
    colours = {
        "text.color": ink,
        "axes.labelcolor": ink,
        "axes.titlecolor": ink,
        "axes.edgecolor": ink,
        "xtick.color": ink,
        "ytick.color": ink,
        "grid.color": grid,
        "legend.facecolor": _PAGE[name],
        "patch.edgecolor": ink,
        "hatch.color": ink,
        "axes.prop_cycle": cycler(color=CYCLES[name]),
    }
    return _COMMON | colours


THEMES = ("light", "dark")


@contextmanager
def theme(name: str) -> Iterator[None]:
    """Use the matplotlib settings of one theme inside a ``with`` block.

    Parameters
    ----------
    name
        ``"light"`` or ``"dark"``.

    Raises
    ------
    ValueError
        If there is no such theme.
    """
    if name not in THEMES:
        raise ValueError(f"theme must be one of {THEMES}, got {name!r}")
    with mpl.rc_context(_rc(name)):
        yield


def gamma_colors(gammas: Sequence[float]) -> list[tuple[float, float, float]]:
    """One colour for each focusing parameter, ordered by its size, readable on the page of the current theme.

    Parameters
    ----------
    gammas
        Values of gamma in any order, at least one. Equal values get equal colours.

    Returns
    -------
    list of tuple
        RGB colours in [0, 1], in the order of ``gammas``, along matplotlib's viridis map, whose lightness
        changes evenly for every kind of colour vision.
    """
    values = np.asarray(gammas, dtype=float)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(f"gammas must be a non-empty list of numbers, got shape {values.shape}")
    distinct, rank = np.unique(values, return_inverse=True)
    dark_page = sum(to_rgb(mpl.rcParams["text.color"])) > 1.5
    low, high = _MAP_RANGE["dark" if dark_page else "light"]
    position = (
        np.linspace(low, high, distinct.size)[rank] if distinct.size > 1 else np.full(1, (low + high) / 2)
    )
    position = np.broadcast_to(position, values.shape)
    return [to_rgb(mpl.colormaps["viridis"](float(x))) for x in position]


def _checked_alt(alt: str) -> str:
    text = " ".join(alt.split())
    if len(text) < 10:
        raise ValueError(
            f"alt must describe the figure in a sentence for readers who cannot see it, got {alt!r}"
        )
    return text


@dataclass(frozen=True)
class DualFigure:
    """A drawn figure in two themes; notebooks show the version that fits the page.

    Attributes
    ----------
    alt : str
        What the figure shows, in a sentence.
    light, dark : bytes
        SVG images without background.
    png : bytes
        The light version on white, for programs that show no SVG.
    wide : bool
        Whether a phone shows it in a box that scrolls, rather than too small to read.
    """

    alt: str
    light: bytes
    dark: bytes
    png: bytes
    wide: bool = False

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        def image(name: str, svg: bytes, extra: str) -> str:
            data = base64.b64encode(svg).decode()
            alt = html.escape(self.alt, quote=True)
            wide = " wide" if self.wide else ""
            return (
                f'<img class="only-{name}{wide}" alt="{alt}" src="data:image/svg+xml;base64,{data}"{extra}>'
            )

        # Outside the book (JupyterLab) nothing hides the dark version but its `hidden` attribute.
        return {
            "text/html": image("light", self.light, "") + image("dark", self.dark, " hidden"),
            "image/png": base64.b64encode(self.png).decode(),
            "text/plain": self.alt,
        }


def _render(
    name: str,
    draw: Callable[..., None],
    data: Any,
    size: tuple[float, float],
    nrows: int,
    ncols: int,
    kwargs: dict[str, Any],
) -> tuple[bytes, bytes]:
    with theme(name):
        fig = Figure(figsize=size)
        axes = fig.subplots(nrows, ncols)
        draw(data, axes, **kwargs)
        svg, png = io.BytesIO(), io.BytesIO()
        fig.savefig(svg, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
        if name == "light":
            fig.savefig(png, format="png", dpi=150, facecolor="white", metadata={"Software": None})
    return svg.getvalue(), png.getvalue()


def figure(
    draw: Callable[..., None],
    data: Any,
    *,
    alt: str,
    size: tuple[float, float] = (6.4, 3.6),
    nrows: int = 1,
    ncols: int = 1,
    **kwargs: Any,
) -> DualFigure:
    """Draw the same numbers for a light and for a dark page.

    Parameters
    ----------
    draw
        Called as ``draw(data, axes, **kwargs)`` once per theme. ``axes`` is one matplotlib axes, or the array
        that ``Figure.subplots(nrows, ncols)`` gives. It must not change ``data``.
    data
        Numbers to draw.
    alt
        One sentence that says what there is to see; shown to readers who cannot see the picture.
    size
        Width and height in inches.
    nrows, ncols
        Grid of axes.

    Returns
    -------
    DualFigure
        Leave it as the last line of a notebook cell.

    Raises
    ------
    ValueError
        If ``alt`` says nothing.
    """
    alt = _checked_alt(alt)
    light, png = _render("light", draw, data, size, nrows, ncols, kwargs)
    dark, _ = _render("dark", draw, data, size, nrows, ncols, kwargs)
    return DualFigure(alt=alt, light=light, dark=dark, png=png, wide=size[0] > _PHONE_INCHES)


@dataclass(frozen=True)
class InteractiveFigure:
    """A Plotly figure as notebook output; the page it is shown on provides the Plotly library."""

    alt: str
    body: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        alt = html.escape(self.alt, quote=True)
        frame = f'<div class="interactive-figure" role="group" aria-label="{alt}">{self.body}</div>'
        note = f"<noscript><p>This figure needs scripts. {alt}</p></noscript>"
        return {"text/html": frame + note, "text/plain": self.alt}


def interactive(plotly_figure: Any, *, alt: str, height: int = 420) -> InteractiveFigure:
    """Make a notebook output of a Plotly figure that needs no network and follows the theme of the page.

    Parameters
    ----------
    plotly_figure
        A ``plotly.graph_objects.Figure``. Its template is set here; text may use HTML tags but no TeX.
    alt
        One sentence that says what there is to see and what can be changed.
    height
        Height in pixels; the width is that of the page.

    Raises
    ------
    ValueError
        If ``alt`` says nothing.
    """
    import plotly.graph_objects as go

    alt = _checked_alt(alt)
    ink, grid = _INK["light"], _GRID["light"]
    axis = {"gridcolor": grid, "linecolor": ink, "zeroline": False, "showline": True, "ticks": "outside"}
    layout = {
        "colorway": ["#2b8ac6", "#d9682a", "#1d9e7a", "#c46a9b", "#b08a1e", "#808080"],
        "font": {"family": "inherit", "size": 13, "color": ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 56, "r": 16, "t": 32, "b": 48},
        "xaxis": axis,
        "yaxis": axis,
    }
    themed = go.Figure(plotly_figure)
    themed.update_layout(template=go.layout.Template(layout=layout), height=height, autosize=True)
    identity = hashlib.sha256(themed.to_json().encode()).hexdigest()[:16]
    body = themed.to_html(
        include_plotlyjs=False,
        include_mathjax=False,
        full_html=False,
        div_id=f"plotly-{identity}",
        default_height=f"{height}px",
        config={"responsive": True, "displaylogo": False},
    )
    return InteractiveFigure(alt=alt, body=body)
