"""Figure: one-bit families as links of a generalised linear model, brought to the same middle and slope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from focalbook.onebit._tails import Tails, logistic_tails, normal_tails, poisson_tails

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Links and weights.

    Attributes
    ----------
    names : tuple of str
    predictor : ndarray, shape (n,)
        Distance from the predictor with probability one half, in units that give all curves one slope there.
    probability, pull : ndarray, shape (links, n)
        P(B = 1), and the pull of a zero on the predictor: minus the slope of log P(B = 0).
    """

    names: tuple[str, ...]
    predictor: Float
    probability: Float
    pull: Float


def data(reach: float = 6.0, points: int = 241) -> Data:
    """Compute the curves.

    Parameters
    ----------
    reach
        Largest distance from the middle, above 0; the unit is a standard deviation of the probit.
    points
        Number of predictors.

    Raises
    ------
    ValueError
        `reach` not positive.
    """
    if not reach > 0:
        raise ValueError(f"reach must be above 0, got {reach}.")
    x = np.linspace(-reach, reach, points)
    slope = 1 / np.sqrt(2 * np.pi)
    rows: list[tuple[str, Tails, float]] = [
        ("probit (Gaussian)", normal_tails(x), 1.0),
        ("logit (Bernoulli)", logistic_tails(4 * slope * x), 4 * slope),
    ]
    for k in (1, 10):
        middle, unit = _middle(k)
        rows.append((f"Poisson, τ = {k}", poisson_tails(np.exp(middle + unit * x), np.array(float(k))), unit))
    return Data(
        tuple(name for name, _, _ in rows),
        x,
        np.array([np.exp(t.log_one) for _, t, _ in rows]),
        np.array([-t.slope_zero * unit for _, t, unit in rows]),
    )


def _middle(k: int) -> tuple[float, float]:
    """Log-mean with P(X >= k) = 1/2, and the unit that gives it the slope of the probit there."""
    middle = float(np.log(gammaincinv(k, 0.5)))
    tails = poisson_tails(np.array(np.exp(middle)), np.array(float(k)))
    return middle, float(1 / np.sqrt(2 * np.pi) / (0.5 * tails.slope_one))


def draw(data: Data, axes: Any) -> None:
    """Draw probabilities on the first axes, pulls on the second."""
    left, right = axes
    styles, colours = ("-", "--", "-.", ":"), ("C0", "C5", "C1", "C3")
    for name, p, pull, style, colour in zip(
        data.names, data.probability, data.pull, styles, colours, strict=True
    ):
        left.plot(data.predictor, p, ls=style, color=colour, label=name)
        right.plot(data.predictor, pull, ls=style, color=colour)
    left.set(xlabel="predictor", ylabel="probability of a one", xlim=(-3.5, 3.5))
    left.legend(loc="upper left", fontsize=8.5)
    right.set(xlabel="predictor", ylabel="pull of a zero", yscale="log", ylim=(1e-3, 60))
    right.set_xlim(data.predictor[0], data.predictor[-1])
