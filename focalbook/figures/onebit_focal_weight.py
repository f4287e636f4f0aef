"""Figure: how focal losses weigh the likelihood score of a bit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from focalbook.figures.style import gamma_colors
from focalbook.onebit._weights import log_odds_of_report, proper_weight
from focalbook.theory.loss import focal_gain

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Weights against the probability of a one.

    Attributes
    ----------
    gammas : tuple of float
    p : ndarray, shape (n,)
    one, zero : ndarray, shape (G, n)
        h(p) and h(1-p), the weights of a one and of a zero under the plain loss.
    omega : ndarray, shape (G, n)
        The weight under the proper score over its value at one half.
    boosting : ndarray, shape (n,)
        The same for the exponential loss.
    """

    gammas: tuple[float, ...]
    p: Float
    one: Float
    zero: Float
    omega: Float
    boosting: Float


def data(gammas: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0, 20.0), points: int = 301) -> Data:
    """Compute the weights.

    Parameters
    ----------
    gammas
        Focusing parameters, above 0.
    points
        Number of probabilities, evenly spaced in log-odds from -6 to 6.

    Raises
    ------
    ValueError
        An exponent that is not above 0.
    """
    if not min(gammas) > 0:
        raise ValueError(f"gammas must be above 0, got {gammas}.")
    u = np.linspace(-6.0, 6.0, points)
    p = expit(u)
    one, zero = (np.array([focal_gain(x, g) for g in gammas]) for x in (p, expit(-u)))
    weights = [proper_weight(log_odds_of_report(np.append(u, 0.0), g), g).omega for g in gammas]
    omega = np.array([w[:-1] / w[-1] for w in weights])
    return Data(tuple(gammas), p, one, zero, omega, 0.5 / np.sqrt(p * expit(-u)))


def draw(data: Data, axes: Any) -> None:
    """Draw the plain weights on the first axes, the proper one on the second."""
    left, right = axes
    colours = gamma_colors(data.gammas)
    u = logit(data.p)
    for k, g in enumerate(data.gammas):
        if k < 4:
            left.plot(u, data.one[k], color=colours[k], label=f"γ = {g:g}")
            left.plot(u, data.zero[k], color=colours[k], ls="--")
        right.plot(u, data.omega[k], color=colours[k], label=f"γ = {g:g}")
    right.plot(u, data.boosting, color="C5", ls=":", label="exponential loss")
    left.set(xlabel="log-odds of a one", ylabel="weight under the plain loss", xlim=(-6, 6), ylim=(0, None))
    right.set(
        xlabel="log-odds of a one", ylabel="weight under the proper score", xlim=(-6, 6), ylim=(0.6, 10)
    )
    right.set_yscale("log")
    right.set_yticks([1, 2, 5, 10], ["1", "2", "5", "10"])
    right.set_yticks([], minor=True)
    left.legend(loc="center left", fontsize=9)
    right.legend(loc="upper center", fontsize=9)
