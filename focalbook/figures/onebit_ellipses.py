"""Figure: the information of bits about mean and deviation as segments and ellipses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from focalbook.onebit import Gaussian

__all__ = ["Data", "data", "draw", "ellipse"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """A Gaussian with mean 0 and deviation 1, seen through thresholds.

    Attributes
    ----------
    thresholds : ndarray, shape (c,)
    per_bit : ndarray, shape (c, 2, 2)
        Information of one bit at each threshold about (a, s).
    mean_bit, draw : ndarray, shape (2, 2)
        Mean information of a bit over the thresholds, and of a draw that is seen.
    two : ndarray, shape (2, 2)
        Mean information of a bit at two thresholds near each other.
    single : float
        The threshold of the design that leaves a direction open.
    bits : int
        Bits behind the right panel.
    """

    thresholds: Float
    per_bit: Float
    mean_bit: Float
    draw: Float
    two: Float
    single: float
    bits: int


def _mean(thresholds: Float) -> Float:
    return Gaussian(1.0, thresholds).fisher_information((0.0, 1.0)) / len(thresholds)


def data(
    thresholds: tuple[float, ...] = (-1.5, -0.75, 0.0, 0.75, 1.5),
    close: tuple[float, float] = (0.5, 1.0),
    bits: int = 400,
) -> Data:
    """Compute the matrices.

    Parameters
    ----------
    thresholds
        Two different ones or more, in standard deviations from the mean.
    close
        Two thresholds near each other, the second of them also a design of its own.
    bits
        Number of bits behind the right panel.

    Raises
    ------
    ValueError
        Fewer than two different thresholds.
    """
    tau = np.array(thresholds, float)
    if len(set(thresholds)) < 2:
        raise ValueError(f"thresholds must hold two different ones, got {thresholds!r}.")
    per_bit = np.stack([_mean(tau[k : k + 1]) for k in range(len(tau))])
    whole = Gaussian(1.0, tau).uncensored_information((0.0, 1.0)) / len(tau)
    return Data(tau, per_bit, _mean(tau), whole, _mean(np.array(close)), close[1], bits)


def ellipse(matrix: Float, points: int = 181) -> Float:
    """Image of the unit circle under the square root of a matrix, shape (2, points)."""
    values, vectors = np.linalg.eigh(matrix)
    angle = np.linspace(0, 2 * np.pi, points)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ np.array([np.cos(angle), np.sin(angle)]))


def draw(data: Data, axes: Any) -> None:
    """Draw information on the first axes, 95 % regions on the second."""
    left, right = axes
    left.plot(*ellipse(data.draw), color="C5", ls="--", label="a draw")
    left.plot(*ellipse(data.mean_bit), color="C0", label="mean of the bits")
    for k, (tau, matrix) in enumerate(zip(data.thresholds, data.per_bit, strict=True)):
        ends = ellipse(matrix)
        left.plot(*ends, color="C1", lw=2.4, label="one bit" if k == 0 else None)
        tip = ends[:, int(np.argmax(ends[0]))]
        side = tip / np.hypot(*tip)
        box = {"facecolor": mpl.rcParams["legend.facecolor"], "edgecolor": "none", "pad": 0.6}
        name = f"{tau:g}".replace("-", "−")
        left.annotate(
            name, tip + 0.05 * side, fontsize=8, ha="left", va="center", color="C1", bbox=box, zorder=3
        )
    left.set(xlabel="mean a", ylabel="deviation s", aspect="equal", xlim=(-1.6, 1.6), ylim=(-2.35, 1.6))
    left.legend(loc="lower center", ncols=2)
    scale = np.sqrt(5.991 / data.bits)  # 95 % point of chi-square with two degrees of freedom
    for matrix, colour, style, name in (
        (data.draw, "C5", "--", "draws"),
        (data.mean_bit, "C0", "-", "bits, five thresholds"),
        (data.two, "C2", "-.", "bits, two close ones"),
    ):
        x, y = scale * ellipse(np.asarray(np.linalg.inv(matrix), np.float64))
        right.plot(x, 1 + y, color=colour, ls=style, label=name)
    t = np.array([0.4, 1.6])
    right.plot(data.single * (1 - t), t, color="C1", ls=":", label="bits, one threshold")
    right.set(xlabel="mean a", ylabel="deviation s", xlim=(-0.6, 0.6), ylim=(0.4, 1.95))
    right.legend(loc="upper right")
