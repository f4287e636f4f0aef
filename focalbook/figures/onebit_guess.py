"""Figure: what a threshold chosen for a wrong mean costs, and what mixing thresholds saves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from focalbook.figures.style import gamma_colors
from focalbook.onebit.thresholds import LIMIT, best_threshold, efficiency

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Efficiency away from the mean for which the threshold was chosen.

    Attributes
    ----------
    guesses : tuple of float
        Means for which thresholds are chosen.
    z : ndarray, shape (n,)
        True mean less guess, in units of the root of the guess.
    right : ndarray, shape (guesses, n)
        Efficiency there, NaN where the mean would not be positive.
    normal : ndarray, shape (n,)
        Its limit, n(z)^2/(N(z)N(-z)).
    single, mixed : ndarray, shape (n,)
        Efficiencies at the last guess: one threshold, and equal shares of `spread`.
    spread : tuple of float
        Thresholds of the mixture, in units of the root of the guess from it.
    """

    guesses: tuple[float, ...]
    z: Float
    right: Float
    normal: Float
    single: Float
    mixed: Float
    spread: tuple[float, ...]


def data(
    guesses: tuple[float, ...] = (4.0, 25.0, 400.0),
    spread: tuple[float, ...] = (-2.5, 0.0, 2.5),
    points: int = 401,
) -> Data:
    """Compute the curves.

    Raises
    ------
    ValueError
        Guesses that are not above 0.
    """
    z = np.linspace(-5, 5, points)
    rows = []
    for guess in guesses:
        mu = guess + z * np.sqrt(guess)
        values = np.full_like(mu, np.nan)
        values[mu > 0] = efficiency(best_threshold(guess), mu[mu > 0])
        rows.append(values)
    guess = guesses[-1]
    mu = guess + z * np.sqrt(guess)
    taus = best_threshold(np.array([guess + x * np.sqrt(guess) for x in spread]))
    mixed = efficiency(taus[:, None], mu).mean(axis=0)
    normal = np.exp(-z * z - np.log(2 * np.pi) - log_ndtr(z) - log_ndtr(-z))
    return Data(guesses, z, np.array(rows), normal, rows[-1], mixed, spread)


def draw(data: Data, axes: Any) -> None:
    """Draw windows of several thresholds on the first axes, one against a mixture on the second."""
    left, right = axes
    for guess, values, colour in zip(data.guesses, data.right, gamma_colors(data.guesses), strict=True):
        left.plot(data.z, values, color=colour, label=f"guess {guess:g}")
    left.plot(data.z, data.normal, color="C5", ls=":", label="limit")
    right.plot(data.z, data.single, color="C0", label="one threshold")
    right.plot(data.z, data.mixed, color="C1", ls="--", label=f"{len(data.spread)} thresholds mixed")
    for ax in (left, right):
        ax.axhline(LIMIT / 2, color="C5", lw=0.8, ls="-.")
        ax.set(xlabel="(μ − guess) / √guess", xlim=(-5, 5), ylim=(0, 0.85))
        ax.legend(loc="upper right", fontsize=9)
    left.set_ylabel("efficiency")
