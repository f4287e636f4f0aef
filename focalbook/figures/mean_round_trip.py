"""Figure: relative error of beta found from the mean, by the textbook formula and by the package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from focalbook.theory.maxent import Interval

__all__ = ["Data", "data", "draw"]

_TINY = 1e-17  # zero errors are drawn here


@dataclass(frozen=True)
class Data:
    """Round trips beta -> mean -> beta on [0, 1].

    Attributes
    ----------
    beta : ndarray, shape (n,)
    textbook, zero, best : ndarray, shape (n,)
        Relative error of beta: root of 1/b - 1/(exp(b) - 1) as written; mean measured from zero; mean
        measured from the centre where beta < 1 and from the lower end above.
    """

    beta: NDArray[np.float64]
    textbook: NDArray[np.float64]
    zero: NDArray[np.float64]
    best: NDArray[np.float64]


def _textbook(mean: float, beta: float) -> float:
    """Beta from the mean by bisection on the formula as written, within a factor ten of the answer."""

    def off(b: float) -> float:
        return 1.0 / b - 1.0 / (np.exp(b) - 1.0) - mean

    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        ends = off(0.1 * beta), off(10.0 * beta)
        if not ends[0] * ends[1] < 0:  # rounding has taken the sign change away
            return np.nan
        return float(brentq(off, 0.1 * beta, 10.0 * beta, xtol=1e-300, rtol=1e-15))


def data(powers: tuple[float, float] = (-14.0, 14.0), points: int = 113) -> Data:
    """Compute the errors for beta from 10 to the first power to 10 to the second."""
    interval, beta = Interval(0.0, 1.0), 10.0 ** np.linspace(*powers, points)
    mean = interval.mean(beta)
    textbook = np.array([_textbook(m, b) for m, b in zip(mean, beta, strict=True)])
    near, far = (interval.beta(interval.mean(beta, o), o) for o in ("centre", "low"))
    found = textbook, interval.beta(mean), np.where(beta < 1.0, near, far)
    return Data(beta, *(np.abs(b / beta - 1.0) for b in found))


def draw(data: Data, ax: Any) -> None:
    """Draw the three errors; a failure of the textbook formula is drawn at one."""
    failed = np.isnan(data.textbook)
    shown = np.where(failed, 1.0, np.clip(data.textbook, _TINY, 1.0))
    ax.plot(data.beta, shown, "x", color="C1", ms=5, label="formula as written")
    ax.plot(data.beta, np.clip(data.zero, _TINY, 1.0), "s", color="C3", ms=3.5, label="mean from zero")
    ax.plot(
        data.beta, np.clip(data.best, _TINY, 1.0), "o", color="C0", ms=3.5, label="mean from centre or end"
    )
    ax.axhline(1e-12, color="C5", lw=1, ls=":")
    ax.set(xscale="log", yscale="log", xlabel="β", ylabel="relative error of β", ylim=(3e-18, 5))
    ax.legend(loc="upper right", fontsize=9)
