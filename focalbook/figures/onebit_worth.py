"""Figure: the share of the Fisher information that one bit keeps, against the probability of a one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.onebit import Bernoulli, Exponential, Gaussian, Poisson

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Curves of shares J/I.

    Attributes
    ----------
    names : tuple of str
        Family and parameter of each curve.
    probability, share : ndarray, shape (curves, n)
        P(B = 1), and J/I with every other parameter known.
    """

    names: tuple[str, ...]
    probability: Float
    share: Float

    @property
    def best(self) -> Float:
        """Largest share on each curve, shape (curves,)."""
        return np.asarray(self.share.max(axis=1))


def data(reach: float = 4.0, points: int = 401) -> Data:
    """Compute the curves.

    Parameters
    ----------
    reach
        Largest distance of a threshold from the mean of the Gaussian, in standard deviations, above 0.
    points
        Number of thresholds, odd to include the mean itself.

    Raises
    ------
    ValueError
        `reach` not positive.
    """
    if not reach > 0:
        raise ValueError(f"reach must be above 0, got {reach}.")
    z = np.linspace(-reach, reach, points)
    normal = Gaussian(1.0, -z)
    one = np.exp(normal.tails((0.0, 1.0)).log_one)
    weight, gradient = normal.tails((0.0, 1.0)).weight, normal.predictor_gradient(np.array([[0.0, 1.0]]))[0]
    waits = np.logspace(-3, np.log10(9.0), points)
    times = Exponential(waits).tails(1.0)
    counts = Poisson(waits, 1).tails(1.0)
    coins = Bernoulli(z[:, None] * 2).tails(1.0)
    p = np.exp(coins.log_one)
    rows = (
        ("Bernoulli", p, coins.weight / (p * (1 - p))),
        ("Gaussian mean", one, weight * gradient[:, 0] ** 2),
        ("Gaussian deviation", one, weight * gradient[:, 1] ** 2 / 2),
        ("exponential rate", np.exp(times.log_one), times.weight),
        ("Poisson mean, τ = 1", np.exp(counts.log_one), counts.weight / waits),
    )
    return Data(tuple(r[0] for r in rows), np.array([r[1] for r in rows]), np.array([r[2] for r in rows]))


def draw(data: Data, ax: Any) -> None:
    """Draw the share of information against the probability of a one."""
    styles = (":", "-", "--", "-.", (0, (5, 1, 1, 1, 1, 1)))
    colours = ("C5", "C0", "C1", "C2", "C3")
    for name, p, share, style, colour in zip(
        data.names, data.probability, data.share, styles, colours, strict=True
    ):
        ax.plot(p, share, ls=style, color=colour, label=name)
    ax.set(xlabel="probability of a one", ylabel="share of the information kept", xlim=(0, 1), ylim=(0, 1.04))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
