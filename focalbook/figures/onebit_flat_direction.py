"""Figure: log-likelihood of mean and standard deviation with one threshold, and with two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.onebit import Gaussian

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Expected log-likelihoods below their maxima, the truth being (0, 1).

    Attributes
    ----------
    a, s : ndarray, shapes (n,) and (m,)
    fall : ndarray, shape (2, m, n)
        Twice the fall of the log-likelihood of `bits` bits, first all at one threshold, then half at each of
        two.
    tau : tuple of tuples
        Thresholds of both designs.
    bits : int
    """

    a: NDArray[np.float64]
    s: NDArray[np.float64]
    fall: NDArray[np.float64]
    tau: tuple[tuple[float, ...], ...]
    bits: int


def data(z: float = 1.138, bits: int = 100, points: int = 161) -> Data:
    """Compute both surfaces.

    Parameters
    ----------
    z
        Distance of the thresholds from the mean, above 0.
    bits
        Number of bits, at least 2.
    points
        Values of each parameter.

    Raises
    ------
    ValueError
        A distance that is not positive, or too few bits.
    """
    if not z > 0 or bits < 2:
        raise ValueError(f"z must be above 0 and bits at least 2, got {z} and {bits}.")
    a, s = np.linspace(-1.2, 1.2, points), np.linspace(0.1, 2.4, points)
    grid = np.stack(np.meshgrid(a, s), axis=-1)
    designs = ((z,), (-z, z))
    falls = []
    for tau in designs:
        model = Gaussian(1.0, list(tau))
        share = bits / len(tau)
        true = model.tails(np.array([0.0, 1.0]))
        there = model.tails(grid)
        one, zero = np.exp(true.log_one), np.exp(true.log_zero)
        loss = one * (true.log_one - there.log_one) + zero * (true.log_zero - there.log_zero)
        falls.append(2.0 * share * loss.sum(axis=-1))
    return Data(a, s, np.array(falls), designs, bits)


def draw(data: Data, axes: Any) -> None:
    """Draw contours of both surfaces on two axes."""
    levels = [0.0, 0.5, 2.0, 5.99, 15.0, 40.0]
    for k, (axis, fall) in enumerate(zip(axes, data.fall, strict=True)):
        axis.contour(
            data.a, data.s, fall, levels=levels[1:], colors=["C0"], linewidths=[1.0, 1.0, 2.4, 1.0, 1.0]
        )
        axis.plot([0.0], [1.0], "s", color="C1", ms=6, label="truth")
        if k == 0:
            r = data.tau[0][0]
            t = np.array([0.0, 3.0])
            axis.plot(r - r * t, t, color="C3", ls="--", label="flat direction")
        axis.set(xlabel="mean a", xlim=(data.a[0], data.a[-1]), ylim=(0.0, data.s[-1]))
        axis.set_title("one threshold" if k == 0 else "two thresholds")
        axis.legend(loc="upper right" if k == 0 else "upper left")
    axes[0].set_ylabel("standard deviation s")
