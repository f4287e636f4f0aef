"""Figure: both orders of the divergence against the parabola of the Fisher information, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.information import kl_softmax

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Two classes, moved along their log-odds.

    Attributes
    ----------
    q : float
        Probability of the first class at the centre.
    step : ndarray, shape (n,)
        Steps in the log-odds.
    to, back, parabola : ndarray, shape (n,)
        Divergence from the centre, to the centre, and d'Fd/2, in nats.
    size : ndarray, shape (m,)
        Positive steps for the right panel.
    rest, gap : ndarray, shape (2, m)
        Divergence minus parabola (from, to), and what a third-order term leaves of it, absolute values.
    """

    q: float
    step: NDArray[np.float64]
    to: NDArray[np.float64]
    back: NDArray[np.float64]
    parabola: NDArray[np.float64]
    size: NDArray[np.float64]
    rest: NDArray[np.float64]
    gap: NDArray[np.float64]


def _both(q: float, step: NDArray[np.float64]) -> NDArray[np.float64]:
    logits = np.array([np.log(q / (1 - q)), 0.0])
    return np.stack(kl_softmax(logits, np.stack([step, 0 * step], axis=-1)))


def data(q: float = 0.9, reach: float = 2.5, points: int = 201) -> Data:
    """Compute curves and remainders.

    Parameters
    ----------
    q
        Probability of the first class at the centre, in (0, 1).
    reach
        Largest step in the log-odds on the left, above 0.
    points
        Number of steps.

    Raises
    ------
    ValueError
        `q` not inside (0, 1), or `reach` not positive.
    """
    if not 0 < q < 1 or not reach > 0:
        raise ValueError(f"q must be inside (0, 1) and reach positive, got {q} and {reach}.")
    step = np.linspace(-reach, reach, points)
    fisher, skew = q * (1 - q), q * (1 - q) * (1 - 2 * q)
    to, back = _both(q, step)
    size = np.logspace(-3, 0.3, 40)
    rest = _both(q, size) - fisher * size**2 / 2
    gap = rest - np.array([[1 / 6], [1 / 3]]) * skew * size**3
    return Data(q, step, to, back, fisher * step**2 / 2, size, np.abs(rest), np.abs(gap))


def draw(data: Data, axes: Any) -> None:
    """Draw the divergences on the first axes, the remainders on the second."""
    left, right = axes
    left.plot(data.step, data.to, color="C0", label="KL(θ‖θ+d)")
    left.plot(data.step, data.back, color="C1", ls="--", label="KL(θ+d‖θ)")
    left.plot(data.step, data.parabola, color="C5", ls=":", label="d′Fd/2")
    left.set(
        xlabel="step in the log-odds, d", ylabel="nats", xlim=(data.step[0], data.step[-1]), ylim=(0, None)
    )
    left.legend()
    for k, colour in enumerate(("C0", "C1")):
        right.loglog(data.size, data.rest[k], color=colour, ls=("-", "--")[k])
        right.loglog(data.size, data.gap[k], color=colour, ls=("-", "--")[k], alpha=0.6, lw=1.2)
    for values, name, place, offset in (
        (data.rest[1], "d³", 10, (-34, 8)),
        (data.gap[0], "d⁴", 14, (8, -10)),
    ):
        right.annotate(
            f"like {name}", (data.size[place], values[place]), offset, textcoords="offset points", fontsize=9
        )
    right.set(xlabel="step in the log-odds, d", ylabel="what is left, nats", ylim=(1e-14, 1))
