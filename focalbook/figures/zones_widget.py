"""Interactive figure: an editable distribution, a slider for gamma, and the zones that follow.

The page's own script solves the minimiser again, in the browser. Its numbers are held to those of
`focalbook.theory` by reference cases that travel with the page; the test in the browser compares them.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import brentq

from focalbook.figures import zones_of_gain
from focalbook.figures.style import DualFigure, figure
from focalbook.theory.loss import focal_gain, gain_peak
from focalbook.theory.minimizer import minimizer
from focalbook.theory.zones import classify, zones

__all__ = ["PRESETS", "Data", "Group", "Preset", "Reference", "Widget", "data", "draw", "solve", "two_levels"]


@dataclass(frozen=True)
class Group:
    """`count` classes of mass `mass` each."""

    mass: float
    count: int = 1


@dataclass(frozen=True)
class Preset:
    """A distribution to begin with; `log` says whether heights are shown in logarithms."""

    name: str
    gamma: float
    groups: tuple[Group, ...]
    log: bool = False


@dataclass(frozen=True)
class Reference:
    """What Python finds for a distribution: one q and zone per group, the multiplier and the thresholds."""

    gamma: float
    groups: tuple[Group, ...]
    q: tuple[float, ...]
    zone: tuple[int, ...]
    multiplier: float
    low: float
    high: float
    regime: str


@dataclass(frozen=True)
class Data:
    """What the page is given."""

    presets: tuple[Preset, ...]
    references: tuple[Reference, ...] = field(default=())


def two_levels(heads: int, rare: int, gamma: float) -> tuple[Group, Group]:
    """A distribution that its minimiser leaves alone, although not uniform: h is equal at both masses.

    Parameters
    ----------
    heads, rare
        Numbers of classes with the larger and with the smaller mass.
    gamma
        Focusing parameter, above 0.

    Raises
    ------
    ValueError
        If the numbers and gamma admit no such distribution.
    """
    peak = float(gain_peak(gamma))
    trial = np.linspace(peak, 1.0 / heads, 2001)[1:-1]

    def excess(mass: Any) -> Any:
        return focal_gain(mass, gamma) - focal_gain((1.0 - heads * mass) / rare, gamma)

    value = excess(trial)
    differ = (value[:-1] * value[1:] <= 0.0) & (heads * trial[:-1] + rare * peak > 1.0)
    if not differ.any():
        raise ValueError(f"no two levels for {heads} heads and {rare} rare classes at gamma = {gamma}")
    last = int(np.flatnonzero(differ)[-1])
    mass = float(brentq(excess, trial[last], trial[last + 1], xtol=1e-16))
    return Group(mass, heads), Group((1.0 - heads * mass) / rare, rare)


def _each(*masses: float) -> tuple[Group, ...]:
    return tuple(Group(mass) for mass in masses)


PRESETS = (
    Preset("ten heads, 1000 rare classes", 5.0, (Group(0.08, 10), Group(0.0002, 1000)), log=True),
    Preset("seven heads, 300 rare classes", 1.0, (Group(0.1, 7), Group(0.001, 300)), log=True),
    Preset("two classes", 2.0, _each(0.9, 0.1)),
    Preset(
        "ten classes with a head", 2.0, _each(0.55, 0.15, 0.1, 0.06, 0.04, 0.03, 0.025, 0.02, 0.015, 0.01)
    ),
    Preset("three heads, one rare class", 0.5, (Group(0.333, 3), Group(0.001)), log=True),
    Preset("left alone, though not uniform", 1.0, two_levels(3, 5, 1.0), log=True),
    Preset("uniform", 2.0, (Group(0.2, 5),)),
)

# Beside the presets: certainty and nearly so, masses that float64 can hardly hold, zero mass, no focusing.
_EXTREME = (
    (0.0, _each(0.7, 0.2, 0.1)),
    (0.01, _each(0.98, 0.02)),
    (0.5, (Group(1.0 - 3e-9), Group(1e-9, 3))),
    (1.0, _each(1.0, 1e-300)),
    (2.0, _each(1.0, 0.0)),
    (2.0, _each(0.5, 0.5, 0.0)),
    (5.0, (Group(0.999, 1), Group(1e-6, 1000))),
    (10.0, (Group(0.5), Group(0.25), Group(1e-12), Group(0.25 - 1e-12))),
    (10.0, (Group(0.02, 50),)),
    (20.0, _each(1.0 - 1e-13, 1e-13)),
)


def solve(groups: Sequence[Group], gamma: float) -> Reference:
    """Solve one distribution of groups; masses times counts must sum to one."""
    counts = [group.count for group in groups]
    p = np.repeat([group.mass for group in groups], counts)
    first = np.cumsum([0, *counts[:-1]])
    found = zones(p, gamma)
    return Reference(
        gamma,
        tuple(groups),
        tuple(minimizer(p, gamma)[first].tolist()),
        tuple(classify(p, gamma)[first].tolist()),
        float(found.multiplier),
        float(found.p_low),
        float(found.p_high),
        str(found.regime),
    )


def data() -> Data:
    """Presets, and reference cases: each preset for several gamma, and extreme distributions."""
    ordinary = [(gamma, preset.groups) for preset in PRESETS for gamma in (0.1, 1.0, 3.0, 10.0)]
    return Data(PRESETS, tuple(solve(groups, gamma) for gamma, groups in (*ordinary, *_EXTREME)))


@dataclass(frozen=True)
class Widget:
    """The interactive figure as notebook output, with a still one for pages and printouts without scripts."""

    data: Data
    still: DualFigure
    alt: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        plain = self.still._repr_mimebundle_()
        text = json.dumps(asdict(self.data), ensure_ascii=True, allow_nan=False).replace("<", "\\u003c")
        body = (
            f'<div class="zones-widget" role="group" aria-label="{html.escape(self.alt, quote=True)}">'
            f'<div class="zones-fallback">{plain["text/html"]}'
            f"<p>With scripts switched on, γ and the masses in this figure can be changed.</p></div>"
            f'<script type="application/json" class="zones-data">{text}</script></div>'
        )
        return {"text/html": body, "image/png": plain["image/png"], "text/plain": self.alt}


def draw(data: Data, *, alt: str, size: tuple[float, float] = (7.2, 3.4)) -> Widget:
    """Make the notebook output; the still figure shows the first preset.

    Parameters
    ----------
    data
        From `data`.
    alt
        One sentence that says what there is to see and what can be changed.
    size
        Width and height of the still figure in inches.
    """
    first = data.presets[0]
    numbers = zones_of_gain.data(
        [group.mass for group in first.groups], [group.count for group in first.groups], first.gamma
    )
    still: Any = figure(zones_of_gain.draw, numbers, alt=alt, size=size, ncols=2)
    return Widget(data, still, still.alt)
