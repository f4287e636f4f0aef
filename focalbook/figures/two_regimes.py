"""Figure: curvature of trained networks at the population optimum and at interpolation, beside the theory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from focalbook.calibration import Estimate
from focalbook.campaigns.two_regimes import posteriors, predicted, ratios
from focalbook.store import Record

__all__ = ["Data", "Series", "data", "draw"]


@dataclass(frozen=True)
class Series:
    """Measured points with their prediction.

    Attributes
    ----------
    name : str
    x : tuple of float
        Focusing parameters, or probabilities of another label.
    measured : tuple of Estimate
        Ratios of mean traces, over seeds.
    predicted : tuple of float
        The same from theory; empty where there is none.
    """

    name: str
    x: tuple[float, ...]
    measured: tuple[Estimate, ...]
    predicted: tuple[float, ...] = ()


@dataclass(frozen=True)
class Data:
    """Ratios against gamma, and against the uncertainty of the label.

    Attributes
    ----------
    by_gamma : tuple of Series
        Own optimum and same weights at the population optimum, both at interpolation.
    by_noise : tuple of Series
        Own optimum against e, for each number of classes.
    gamma : float
        Focusing parameter of the second.
    """

    by_gamma: tuple[Series, ...]
    by_noise: tuple[Series, ...]
    gamma: float


def data(optimum: Sequence[Sequence[Record]], interpolation: Sequence[Record], gamma: float = 2.0) -> Data:
    """Collect the ratios of records.

    Parameters
    ----------
    optimum
        Records at the population optimum, one sequence for each number of classes.
    interpolation
        Records at interpolation; compared with those of as many classes.
    gamma
        Focusing parameter of the series against the noise.
    """
    pairs = [(_settings(records), records) for records in optimum]
    classes = _settings(interpolation)[0]
    (own_classes, noise), base = next(pair for pair in pairs if pair[0][0] == classes)
    found = ratios(base)
    x = tuple(r.gamma for r in found)
    theory = [predicted(g, own_classes, noise) for g in x]
    kept = ratios(interpolation)
    by_gamma = (
        Series(
            "optimum, each loss at its own",
            x,
            tuple(r.own_optimum for r in found),
            tuple(t[1] for t in theory),
        ),
        Series("optimum, same weights", x, tuple(r.same_weights for r in found), tuple(t[0] for t in theory)),
        Series("interpolation, each its own", x, tuple(r.own_optimum for r in kept)),
        Series("interpolation, same weights", x, tuple(r.same_weights for r in kept)),
    )
    by_noise = []
    for (count, span), records in pairs:
        e = np.geomspace(*span, 10)
        assert np.allclose(1.0 - posteriors(count, span).max(axis=1), e)
        points = [next(r for r in ratios(records, d) if r.gamma == gamma).own_optimum for d in range(10)]
        lines = tuple(predicted(gamma, count, span, d)[1] for d in range(10))
        by_noise.append(Series(f"{count} classes", tuple(map(float, e)), tuple(points), lines))
    return Data(by_gamma, tuple(by_noise), gamma)


def _settings(records: Sequence[Record]) -> tuple[int, tuple[float, float]]:
    """Number of classes and noise of records of one configuration."""
    found = records[0].configuration
    low, high = found["noise"]
    return int(found["classes"]), (float(low), float(high))


def draw(data: Data, axes: Any) -> None:
    """Draw both panels: points with intervals are measured, lines are predicted."""
    left, right = axes
    styles = (("o", "C1", "-"), ("s", "C0", "--"), ("^", "C3", ""), ("v", "C2", ""))
    for k, (series, (marker, colour, line)) in enumerate(zip(data.by_gamma, styles, strict=True)):
        _points(left, series, [x * 1.03 ** (k - 1.5) for x in series.x], marker, colour)
        if series.predicted:
            left.plot(series.x, series.predicted, color=colour, ls=line, lw=1.2)
    for series, (marker, colour, line) in zip(data.by_noise, styles[:2], strict=False):
        _points(right, series, list(series.x), marker, colour)
        right.plot(series.x, series.predicted, color=colour, ls=line, lw=1.2)
    for ax in axes:
        ax.axhline(1.0, color="0.5", lw=0.8)
    left.set(xscale="log", yscale="log", xlabel="γ", ylabel="focal over cross-entropy")
    left.set_xticks([1, 2, 5], ["1", "2", "5"])
    left.set_yticks([0.05, 0.1, 0.2, 0.5, 1, 2], ["0.05", "0.1", "0.2", "0.5", "1", "2"])
    left.set_ylim(0.02, 10.0)
    left.minorticks_off()
    left.legend(loc="upper left", fontsize=8)
    right.set(xscale="log", xlabel="probability of another label, e", ylabel="each loss at its own optimum")
    right.set_xlim(0.4, 0.8 * min(data.by_noise[0].x))
    right.set_title(f"γ = {data.gamma:g}", fontsize=10)
    right.legend(loc="upper left", fontsize=9)


def _points(ax: Any, series: Series, x: Sequence[float], marker: str, colour: str) -> None:
    middle = np.array([m.value for m in series.measured])
    ends = np.array([[m.value - m.low, m.high - m.value] for m in series.measured]).T
    ax.errorbar(x, middle, yerr=ends, fmt=marker, color=colour, ms=5, capsize=2.5, label=series.name)
