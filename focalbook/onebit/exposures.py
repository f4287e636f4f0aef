r"""Bits of a photon counter at several exposures: what one bit tells about log mu, how to bracket a range.

A bit {X >= tau} of a count with mean x = t mu holds the information x E(tau, x) about log mu, E being the
efficiency of :mod:`focalbook.onebit.thresholds`; for tau = 1 this is x^2/(e^x - 1). Exposures in geometric
progression of ratio r add up to (pi^2/6)/log r in all, whatever mu, but for a ripple that fades fast as r
falls: it is the Fourier series of the integrand. Claim OB-5.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog, minimize_scalar

from focalbook.onebit.families.poisson import check_threshold
from focalbook.onebit.thresholds import Float, efficiency

__all__ = [
    "bracket",
    "bracket_information",
    "log_information",
    "maximin_shares",
    "peak",
    "relative_error",
]


def _exposures(exposure: ArrayLike) -> Float:
    t = np.atleast_1d(np.asarray(exposure, np.float64))
    if t.ndim != 1 or t.size == 0 or not (np.isfinite(t) & (t > 0)).all():
        raise ValueError(f"exposure must be a list of numbers above 0, got {exposure!r}.")
    return t


def log_information(mean: ArrayLike, tau: ArrayLike = 1) -> Float:
    """Fisher information of one bit about log mu, for a count with that mean: mean times efficiency.

    Parameters
    ----------
    mean : array_like, > 0
        Means t mu of the counts.
    tau : array_like of whole numbers, >= 1
        Thresholds.

    Raises
    ------
    ValueError
        As :func:`focalbook.onebit.thresholds.efficiency`.
    """
    return np.asarray(mean, np.float64) * efficiency(tau, mean)


def peak(tau: int = 1) -> tuple[float, float]:
    """Mean at which one bit tells most about log mu, and that information.

    Examples
    --------
    >>> mean, most = peak()
    >>> round(mean, 4), round(most, 4)
    (1.5936, 0.6476)
    """
    k = float(check_threshold(tau))
    found = minimize_scalar(
        lambda y: -float(log_information(np.exp(y), k)),
        bounds=(np.log(k / 4), np.log(8 * k)),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return float(np.exp(found.x)), float(-found.fun)


def bracket(low: float, high: float, ratio: float) -> Float:
    """Exposures in geometric progression that serve means from `low` to `high` with thresholds of 1.

    The longest exposure gives the mean `low` the count of :func:`peak`, the shortest reaches that of `high`.

    Raises
    ------
    ValueError
        Unless 0 < low < high and ratio > 1.
    """
    if not (0 < low < high and np.isfinite(high)) or not ratio > 1:
        raise ValueError(f"expected 0 < low < high and ratio > 1, got {low}, {high} and {ratio}.")
    best = peak()[0]
    number = int(np.ceil(np.log(high / low) / np.log(ratio) - 1e-9)) + 1
    return np.asarray(best / low * float(ratio) ** -np.arange(number))


def bracket_information(ratio: ArrayLike) -> Float:
    """Information about log mu of an endless bracket, averaged over log mu: (pi^2/6)/log(ratio)."""
    r = np.asarray(ratio, np.float64)
    if not (r > 1).all():
        raise ValueError(f"ratio must be above 1, got {ratio!r}.")
    return np.pi**2 / 6.0 / np.log(r)


def _table(exposure: Float, mu: ArrayLike, tau: ArrayLike) -> Float:
    return log_information(
        np.asarray(mu, np.float64)[..., None] * exposure, np.broadcast_to(tau, exposure.shape)
    )


def relative_error(
    mu: ArrayLike, exposure: ArrayLike, tau: ArrayLike = 1, bits: ArrayLike | None = None
) -> Float:
    """Cramer-Rao bound of the relative error of mu, J^(-1/2)/mu, with `bits` bits at each exposure.

    Parameters
    ----------
    mu : array_like, > 0
    exposure : array_like, > 0, shape (c,)
    tau : array_like of whole numbers, shape (c,) or ()
    bits : array_like, >= 0, shape (c,), optional
        One each by default.

    Returns
    -------
    ndarray, shape of `mu`
        Infinite where every bit is certain.
    """
    t = _exposures(exposure)
    n = np.ones_like(t) if bits is None else np.broadcast_to(np.asarray(bits, np.float64), t.shape)
    with np.errstate(divide="ignore"):
        return 1.0 / np.sqrt(_table(t, mu, tau) @ n)


def maximin_shares(exposure: ArrayLike, mu: ArrayLike, tau: ArrayLike = 1) -> tuple[Float, float]:
    """Shares of the bits that maximise the least information about log mu over a range of means.

    A linear programme: maximise c subject to sum_i share_i w(t_i mu) >= c at every mean of the list.

    Parameters
    ----------
    exposure : array_like, > 0, shape (c,)
        Candidate exposures.
    mu : array_like, > 0, shape (m,)
        Means to be served.
    tau : array_like of whole numbers, shape (c,) or ()
        Their thresholds.

    Returns
    -------
    shares : ndarray, shape (c,)
        Not negative, sum one.
    least : float
        The information per bit that they reach everywhere on the list.
    """
    t = _exposures(exposure)
    table = _table(t, np.atleast_1d(mu), tau)
    rows = np.column_stack([-table, np.ones(len(table))])
    cost = np.append(np.zeros(t.size), -1.0)
    total = np.append(np.ones(t.size), 0.0)[None, :]
    found = linprog(cost, A_ub=rows, b_ub=np.zeros(len(table)), A_eq=total, b_eq=[1.0], method="highs")
    if not found.success:
        raise ArithmeticError(f"the linear programme failed: {found.message}")
    shares = np.clip(found.x[:-1], 0.0, None)
    shares = shares / shares.sum()
    return shares, float((table @ shares).min())
