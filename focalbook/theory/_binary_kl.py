"""The divergence of two coins, kl(a||b), and its inverse in b, accurate where the two are close."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import elementwise
from scipy.special import entr, xlogy

from focalbook.theory._pac_validate import check_kl
from focalbook.theory._validate import Float, check_unit

__all__ = ["binary_kl", "kl_inverse"]

_SERIES = 1.0 / np.arange(2.0, 22.0) * np.where(np.arange(2, 22) % 2 == 0, 1.0, -1.0)  # x - log(1 + x)


def _excess(d: Float, a: Float, b: Float) -> Float:
    """D - a log(b/a) with d = b - a, without cancellation where the two are close; a, b in [0, 1]."""
    x = np.divide(d, a, out=np.full_like(d, np.inf), where=a > 1e-300)
    near = np.abs(x) < 0.1
    small = np.where(near, x, 0.0)
    series = small * small * np.polynomial.polynomial.polyval(small, _SERIES)
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = d - np.where(a > 0, xlogy(a, b) - xlogy(a, a), 0.0)
    return np.where(near, a * series, plain)


def _kl_apart(a: Float, d: Float) -> Float:
    """kl(a || a + d), accurate for small d."""
    return _excess(d, a, a + d) + _excess(-d, 1.0 - a, np.maximum(1.0 - a - d, 0.0))


def binary_kl(a: ArrayLike, b: ArrayLike) -> Float:
    """kl(a||b) = a log(a/b) + (1-a) log((1-a)/(1-b)) in nats, to full relative accuracy where a is near b.

    Parameters
    ----------
    a, b : array_like, in [0, 1]
        Probabilities, broadcast.

    Returns
    -------
    ndarray
        At least 0; +inf where b is 0 or 1 and a is not.

    Raises
    ------
    ValueError
        A number outside [0, 1].
    """
    left, right = np.broadcast_arrays(check_unit(a, "a"), check_unit(b, "b"))
    d = right - left
    return np.maximum(_excess(d, left, right) + _excess(-d, 1.0 - left, 1.0 - right), 0.0)[()]


def kl_inverse(a: ArrayLike, level: ArrayLike) -> Float:
    """Largest b in [a, 1] with kl(a||b) <= level.

    Parameters
    ----------
    a : array_like, in [0, 1]
        Observed mean.
    level : array_like, >= 0
        Nats; +inf gives 1.

    Returns
    -------
    ndarray
        Arguments are broadcast; b - a has a relative error of some 1e-12, however small it is.

    Raises
    ------
    ValueError
        `a` outside [0, 1], or a negative level.
    """
    mean, size = np.broadcast_arrays(check_unit(a, "a"), check_kl(level, "level"))
    mean, size = mean.astype(float), np.minimum(size, 1e6)
    room = 1.0 - mean
    # two upper bounds on the root: the refined Pinsker inequality, and kl >= (1-a) log((1-a)/(1-b)) - entropy
    pinsker = size + np.sqrt(size) * np.sqrt(size + 2.0 * mean)
    log_odds = np.divide(size + entr(mean) + entr(room), room, out=np.full_like(room, np.inf), where=room > 0)
    flat = room - np.exp(-log_odds) + 1e-15  # rounding must not put it below the root
    high = np.minimum(np.minimum(pinsker, room), flat)
    inside = (size > 0) & (high > 0) & (high < room)
    d = np.where(size > 0, np.where(high < room, high, room), 0.0)
    if np.any(inside):
        low = np.full(int(inside.sum()), 1e-300)
        args = (mean[inside], size[inside])
        ends = (low, high[inside] * (1.0 + 1e-12))
        tight = {"xatol": 0.0, "xrtol": 1e-14, "fatol": 0.0, "frtol": 0.0}
        with np.errstate(invalid="ignore", divide="ignore"):
            found = elementwise.find_root(
                lambda x, m, c: _kl_apart(m, np.minimum(x, 1.0 - m)) - c, ends, args=args, tolerances=tight
            )
        d = d.copy()
        d[inside] = np.where(np.isfinite(found.x), found.x, high[inside])
    return np.minimum(mean + d, 1.0)[()]
