"""Figure: the moment of the kl divergence against the constant in the bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.pacbayes import kl_moment

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Moment and bounds, divided by the root of n.

    Attributes
    ----------
    n : int64 array, shape (m,)
        Examples.
    moment : ndarray, shape (m,)
        xi(n)/sqrt(n).
    factorials : ndarray, shape (m,)
        The bound 2/sqrt(n) + sqrt(pi/2) e^(1/(12 n)) that approximating the factorials gives.
    """

    n: NDArray[np.int64]
    moment: NDArray[np.float64]
    factorials: NDArray[np.float64]


def data(largest: int = 10_000, points: int = 60) -> Data:
    """Compute both for whole numbers from 1 to `largest`, evenly spaced in the logarithm."""
    n = np.unique(np.round(np.geomspace(1, largest, points)).astype(np.int64))
    moment = np.array([kl_moment(int(one)) for one in n]) / np.sqrt(n)
    return Data(n, moment, 2 / np.sqrt(n) + np.sqrt(np.pi / 2) * np.exp(1 / (12 * n)))


def draw(data: Data, ax: Any) -> None:
    """Draw them on one axes."""
    ax.axhline(2.0, color="C1", ls="--", label="constant in the bound: 2, from betting")
    ax.plot(data.n, data.factorials, color="C2", ls="-.", label="from approximated factorials")
    ax.plot(data.n, data.moment, "o-", color="C0", ms=4, lw=1.2, label="exact moment ξ(n)/√n")
    ax.axhline(np.sqrt(np.pi / 2), color="C5", lw=1.0, ls=":", label="its limit √(π/2)")
    ax.axvline(8, color="C5", lw=1.0)
    ax.annotate("n = 8", (8, 3.1), (4, 0), textcoords="offset points", color="C5")
    ax.set(xscale="log", xlabel="examples n", ylabel="moment / √n", ylim=(1, 3.4))
    ax.legend(loc="upper right", fontsize=9)
