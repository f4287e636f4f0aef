"""Limits of the minimiser: rare classes, gamma to zero, gamma to infinity."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from focalbook.theory._validate import Float, check_batch, check_positive_gamma, check_unit
from focalbook.theory.entropy import complement
from focalbook.theory.loss import ratio_x, surprisal

__all__ = ["large_gamma_limit", "rare_class_limit", "small_gamma_slope"]


def rare_class_limit(e: ArrayLike, gamma: ArrayLike) -> Float:
    """Leading term, for e -> 0, of Q* at the rarer of two classes: (e / (1 + gamma))^(1 / (1 + gamma)).

    Parameters
    ----------
    e : array_like, in [0, 1]
        Mass of the rarer class in P = (1 - e, e).
    gamma : array_like, > 0
        Focusing parameter, broadcast against `e`.

    Returns
    -------
    ndarray
        The leading term. Its ratio to the exact value tends to 1, with an error of the order of the value
        itself times log of it; the ratio to `e` grows without bound, so two classes amplify without bound.

    Raises
    ------
    ValueError
        `e` outside [0, 1]; `gamma` not finite or not above 0.

    Notes
    -----
    Source: ``shah2026focal``. Claim FE-12.
    """
    e, g = check_unit(e, "e"), check_positive_gamma(gamma)
    return ((e / (1.0 + g)) ** (1.0 / (1.0 + g)))[()]


def large_gamma_limit(p: ArrayLike, gamma: ArrayLike, axis: int = -1) -> Float:
    """Q* for gamma -> infinity: 1/n + (1/gamma)(1 - 1/n)(log p_i - mean log p) on the support.

    Parameters
    ----------
    p : array_like of float
        Distributions along `axis`; n is the number of positive masses, and zero masses stay zero.
    gamma : array_like, > 0
        A number, or one for each distribution.
    axis : int
        Class axis.

    Returns
    -------
    ndarray
        The expansion, same shape as `p`; its error is of the order of gamma^-2. It sums to one but may leave
        [0, 1] where gamma is not large against the spread of log p.

    Raises
    ------
    ValueError
        As for :func:`focalbook.minimizer`; also gamma = 0.

    Notes
    -----
    The limit is in ``shah2026focal``; the rate is new here. Claim FE-13.
    """
    batch = check_batch(p, check_positive_gamma(gamma), axis)
    rows = batch.rows
    on = rows > 0
    n = on.sum(axis=1, keepdims=True)
    log_p = np.log(np.where(on, rows, 1.0))
    g = batch.gamma if batch.gamma.ndim == 0 else batch.gamma[:, None]
    value = 1.0 / n + (1.0 - 1.0 / n) * (log_p - log_p.sum(axis=1, keepdims=True) / n) / g
    return batch.restore(np.where(on, value, 0.0))


def small_gamma_slope(p: ArrayLike, axis: int = -1) -> Float:
    """Derivative of Q* in gamma at gamma = 0: p_i (a_i - sum_j p_j a_j), a = log(1 - p) - p log(p) / (1 - p).

    Parameters
    ----------
    p : array_like of float
        Distributions along `axis`.
    axis : int
        Class axis.

    Returns
    -------
    ndarray
        dQ*/dgamma at 0, same shape as `p`; sums to zero, and is zero for one-hot rows.

    Raises
    ------
    ValueError
        As for :func:`focalbook.minimizer`.

    Notes
    -----
    a is the derivative of log h at gamma = 0. Source: ``shah2026focal``. Claim FE-13.
    """
    batch = check_batch(p, 0.0, axis)
    rows = batch.rows
    c = complement(rows)
    # for the one of a one-hot row log c is -inf and its weight p (1 - p) zero
    log_c = np.where(c < 0.5, np.log(np.where(c > 0, c, 1.0)), np.log1p(-np.minimum(rows, 0.5)))
    with np.errstate(invalid="ignore"):
        a = log_c + ratio_x(rows, c, surprisal(rows, c))
    top = rows.argmax(axis=1)[:, None]
    others = rows.copy()
    np.put_along_axis(others, top, 0.0, axis=1)
    a_top = np.take_along_axis(a, top, axis=1)
    # p_m (a_m - mean a) = p_m sum_{i != m} p_i (a_m - a_i), which keeps its digits when p_m rounds to one
    lead = (others * (a_top - a)).sum(axis=1, keepdims=True)
    slope = others * ((a - a_top) + lead)
    np.put_along_axis(slope, top, np.take_along_axis(rows, top, axis=1) * lead, axis=1)
    return batch.restore(slope)
