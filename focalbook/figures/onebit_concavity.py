"""Figure: variance given the bit relative to the variance; above one the likelihood is not concave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.onebit.families import ExponentialFamily, Family, GaussianFamily, PoissonFamily

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Curves against the surprisal of the bit.

    Attributes
    ----------
    names : tuple of str
    surprise : ndarray, shape (curves, n)
        -log P(B = 1), in nats.
    ratio : ndarray, shape (curves, n)
        Largest eigenvalue of Cov(T | B = 1) relative to Cov T.
    """

    names: tuple[str, ...]
    surprise: Float
    ratio: Float


def _relative(family: Family, eta: Float, tau: Float) -> tuple[Float, Float]:
    """Surprisal of a one, and the largest relative eigenvalue."""
    given, whole = family.conditional_covariance(eta, tau, 1), family.covariance(eta)
    root = np.linalg.inv(np.linalg.cholesky(whole))
    inner = root @ given @ np.swapaxes(root, -1, -2)
    return -family.log_probability(eta, tau, 1), np.asarray(np.linalg.eigvalsh(inner)[..., -1], np.float64)


def data(reach: float = 12.0, points: int = 200) -> Data:
    """Compute the curves.

    Parameters
    ----------
    reach
        Largest distance of the threshold above the mean, in standard deviations of the Gaussian, above 0.
    points
        Points on each curve.

    Raises
    ------
    ValueError
        `reach` not positive.
    """
    if not reach > 0:
        raise ValueError(f"reach must be above 0, got {reach}.")
    t = np.linspace(-3.0, reach, points)
    normal = GaussianFamily.natural_parameter(np.zeros(points), np.ones(points))
    far = t * t / 2 + 1e-3
    log_mean = np.linspace(np.log(12.0), np.log(12.0) - reach * 1.4, points)[:, None]
    curves = [
        _relative(GaussianFamily(), normal, t),
        _relative(ExponentialFamily(), np.full((points, 1), -1.0), far),
        _relative(PoissonFamily(), log_mean, np.full(points, 5.0)),
    ]
    x2 = GaussianFamily().conditional_covariance(normal, t, 1)[:, 0, 0]
    curves.append((curves[0][0], x2))
    names = ("Gaussian, mean and deviation", "exponential", "Poisson, τ = 5", "Gaussian, mean alone")
    return Data(names, np.array([c[0] for c in curves]), np.array([c[1] for c in curves]))


def draw(data: Data, ax: Any) -> None:
    """Draw the ratio against the surprisal of the bit."""
    ax.axhline(1.0, color="C5", lw=1.0, ls=":")
    colours, styles = ("C1", "C2", "C3", "C0"), ("-", "-.", (0, (5, 1, 1, 1)), "--")
    for name, x, y, colour, style in zip(data.names, data.surprise, data.ratio, colours, styles, strict=True):
        ax.plot(x, y, color=colour, ls=style, label=name)
    ax.set(xscale="log", xlim=(1e-2, 60), ylim=(0, None))
    ax.set(xlabel="−log P(B = 1), nats", ylabel="variance given a one / variance")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
