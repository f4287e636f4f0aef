"""Figure: information about log mu per bit, over decades of light, for several ways of choosing exposures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.onebit.exposures import bracket, log_information, maximin_shares, peak, relative_error

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Information of one bit about log mu.

    Attributes
    ----------
    low, high : float
        Range of means to be served.
    mu : ndarray, shape (n,)
    single, bracketed, maximin : ndarray, shape (n,)
        One exposure tuned to the middle, equal bits over a bracket, and the shares that maximise the least
        information.
    ratio : float
        Of the bracket.
    exposure, shares : ndarray, shape (c,)
        Candidates of the maximin design, and its shares.
    least : float
        Information per bit that the maximin design reaches everywhere in the range.
    most : float
        Information of one bit at the best exposure for a known mean.
    """

    low: float
    high: float
    mu: Float
    single: Float
    bracketed: Float
    maximin: Float
    ratio: float
    exposure: Float
    shares: Float
    least: float
    most: float


def data(low: float = 1.0, high: float = 1e5, ratio: float = 4.0, points: int = 600) -> Data:
    """Compute the designs.

    Raises
    ------
    ValueError
        Unless 0 < low < high and ratio > 1.
    """
    exposures = bracket(low, high, ratio)
    mu = np.logspace(np.log10(low) - 1, np.log10(high) + 1, points)
    best, most = peak()
    candidates = bracket(low / 10, high * 10, 1.2)
    inside = np.logspace(np.log10(low), np.log10(high), points // 2)
    shares, least = maximin_shares(candidates, inside)
    return Data(
        low,
        high,
        mu,
        log_information(mu * best / np.sqrt(low * high)),
        relative_error(mu, exposures) ** -2 / exposures.size,
        relative_error(mu, candidates, 1, shares) ** -2,
        ratio,
        candidates,
        shares,
        least,
        most,
    )


def draw(data: Data, ax: Any) -> None:
    """Draw the information of the three designs."""
    ax.axvspan(data.low, data.high, color="C5", alpha=0.12, lw=0)
    ax.plot(data.mu, data.single, color="C0", label="one exposure")
    ax.plot(data.mu, data.bracketed, color="C1", ls="--", label=f"bracket, factor {data.ratio:g}")
    ax.plot(data.mu, data.maximin, color="C2", ls="-.", label="maximin shares")
    ax.axhline(data.least, color="C2", lw=0.8, ls=":")
    ax.axhline(data.most, color="C5", lw=0.8, ls=":")
    ax.set(
        xscale="log",
        yscale="log",
        xlabel="mean per unit of exposure, μ",
        ylabel="information about log μ, per bit",
    )
    ax.set(ylim=(3e-3, 1), xlim=(data.mu[0], data.mu[-1]))
    ax.legend(loc="lower center")
