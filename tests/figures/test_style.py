"""Oracles: matplotlib's own settings and colour arithmetic, and the text of the images."""

from __future__ import annotations

import base64
import re

import matplotlib as mpl
import numpy as np
import plotly.graph_objects as go
import pytest
from matplotlib.colors import to_rgb

from focalbook.figures.style import COLORS, CYCLES, THEMES, figure, gamma_colors, interactive, theme

ALT = "A straight line that rises"
PAGE = {"light": "#ffffff", "dark": "#121212"}


def _draw(data, ax, color="C0"):
    ax.plot(data, color=color, label="line")
    ax.legend()


def _luminance(color) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def _contrast(one, two) -> float:
    low, high = sorted([_luminance(one), _luminance(two)])
    return (high + 0.05) / (low + 0.05)


def test_output_has_both_themes_and_escaped_alternative_text() -> None:
    bundle = figure(_draw, [1, 2], alt='The gain "h" & its peak <1')._repr_mimebundle_()
    images = re.findall(
        r'<img class="only-(\w+)" alt="([^"]*)" src="data:image/svg\+xml;base64,([^"]+)"', bundle["text/html"]
    )
    assert [name for name, _, _ in images] == ["light", "dark"]
    assert {alt for _, alt, _ in images} == {"The gain &quot;h&quot; &amp; its peak &lt;1"}
    light, dark = (base64.b64decode(data).decode() for _, _, data in images)
    assert CYCLES["light"][0] in light
    assert CYCLES["dark"][0] in dark
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert bundle["text/plain"] == 'The gain "h" & its peak <1'


def test_same_input_gives_the_same_bytes() -> None:
    assert figure(_draw, [1, 2], alt=ALT) == figure(_draw, [1, 2], alt=ALT)


def test_arguments_reach_the_drawing_and_the_axes_have_the_asked_shape() -> None:
    seen = []

    def draw(data, axes, mark):
        seen.append((np.shape(axes), mark))

    figure(draw, None, alt=ALT, nrows=2, ncols=3, mark="x")
    assert seen == [((2, 3), "x"), ((2, 3), "x")]


def test_settings_of_matplotlib_are_left_as_they_were() -> None:
    before = dict(mpl.rcParams)
    figure(_draw, [1, 2], alt=ALT)
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("alt", ["", "   ", "plot"])
def test_alternative_text_must_say_something(alt: str) -> None:
    with pytest.raises(ValueError, match="alt must describe"):
        figure(_draw, [1, 2], alt=alt)
    with pytest.raises(ValueError, match="alt must describe"):
        interactive(go.Figure(), alt=alt)


@pytest.mark.parametrize("name", THEMES)
def test_colours_stand_out_from_the_page(name: str) -> None:
    with theme(name):
        colors = [*CYCLES[name], *gamma_colors([0, 0.5, 1, 2, 3, 5])]
        assert min(_contrast(color, PAGE[name]) for color in CYCLES[name]) > 4.5
        assert min(_contrast(color, PAGE[name]) for color in colors) > 2.9


@pytest.mark.parametrize("name", THEMES)
def test_gamma_colours_are_ordered_by_lightness(name: str) -> None:
    with theme(name):
        colors = gamma_colors([5, 0, 1, 0])
        assert colors[1] == colors[3]
        assert _luminance(colors[1]) < _luminance(colors[2]) < _luminance(colors[0])
        assert len(gamma_colors([2.0])) == 1


def test_gamma_colours_need_values() -> None:
    with pytest.raises(ValueError, match="non-empty"):
        gamma_colors([])


def test_unknown_theme_is_named() -> None:
    with pytest.raises(ValueError, match="sepia"), theme("sepia"):
        pass


def test_roles_are_colours() -> None:
    assert all(re.fullmatch(r"C[0-5]", color) for color in COLORS.values())


def test_interactive_figure_asks_no_other_site_and_has_a_stable_name() -> None:
    plot = go.Figure(go.Scatter(x=[1, 2], y=[3, 4]))
    one, two = (interactive(plot, alt=ALT)._repr_mimebundle_() for _ in range(2))
    assert one == two
    assert "http" not in one["text/html"]
    assert f'aria-label="{ALT}"' in one["text/html"]
    assert plot.layout.height is None, "the figure handed in is not changed"
