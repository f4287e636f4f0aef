r"""Curvature of the focal loss in the log-odds of the label, and the probabilities at which it changes sign.

With a = q_y, h the gain, s = (-log a) / (1-a) and x = a s, the curvature relative to the cross-entropy is

    r(a) = h(a) - (1-a) h'(a) = (1-a)^gamma [1 + 2 gamma - gamma s + gamma (1+gamma) x],

the form that keeps its digits at both ends. Claim GC-9.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize.elementwise import find_root

from focalbook.theory._validate import Float, check_gamma, check_positive_gamma, check_unit
from focalbook.theory.loss import gain_crossing, gain_peak, ratio_x, surprisal

__all__ = ["convexity_threshold", "log_odds_curvature_ratio", "unit_ratio_crossings"]


def log_odds_curvature_ratio(q: ArrayLike, gamma: ArrayLike) -> Float:
    """Curvature of the focal loss in the log-odds of the label, relative to that of the cross-entropy.

    r(q) = h(q) - (1-q) h'(q). For two classes it is the ratio of the logit Hessians. It is negative below
    :func:`convexity_threshold`, where the loss is concave in the log-odds.

    Parameters
    ----------
    q : array_like, in [0, 1]
        Probability given to the label.
    gamma : array_like, >= 0
        Focusing parameter, broadcast against `q`.

    Returns
    -------
    ndarray
        r(q): -inf at q = 0 for gamma > 0, 0 at q = 1 (1 everywhere for gamma = 0). Relative error a few units
        in the last place, away from the sign change.

    Raises
    ------
    ValueError
        `q` outside [0, 1] or NaN; `gamma` negative or not finite.

    Notes
    -----
    Claim GC-9; ``kimura2024geometric`` studies the curvature that it describes.

    Examples
    --------
    >>> bool(log_odds_curvature_ratio(0.5, 0.0) == 1.0)
    True
    """
    q, g = np.broadcast_arrays(check_unit(q), check_gamma(gamma))
    return relative_curvature(q, 1.0 - q, g)[()]


def relative_curvature(q: Float, c: Float, g: Float) -> Float:
    """r(q) given the complement c = 1 - q."""
    b = surprisal(q, c)
    with np.errstate(divide="ignore", invalid="ignore"):
        s = np.where(c > 0, b / np.where(c > 0, c, 1.0), 1.0)
        bracket = 1.0 + 2.0 * g - g * s + g * (1.0 + g) * ratio_x(q, c, b)
        return np.where(g == 0, 1.0, c**g * bracket)


def convexity_threshold(gamma: ArrayLike) -> Float:
    """Probability of the label below which the focal loss is not convex in the logits: the root of r.

    Parameters
    ----------
    gamma : array_like, > 0
        Focusing parameter.

    Returns
    -------
    ndarray
        q_c in (0, p*): the logit Hessian is positive semidefinite exactly where q_y >= q_c, whatever the
        number of classes. At most 0.0585, near gamma = 2.4. It is exp(-2 - 1/gamma) to leading order for
        small gamma and underflows to 0 below about gamma = 0.0014.

    Raises
    ------
    ValueError
        `gamma` not finite or not above 0.

    Notes
    -----
    Solved in b = -log q: 1 + 2 gamma = gamma b (1 - (1+gamma) q) / (1-q). Claim GC-9.
    """
    g = check_positive_gamma(gamma)

    def excess(b: Float, g: Float) -> Float:
        return (1.0 + 2.0 * g) / g + b * ((1.0 + g) * np.exp(-b) - 1.0) / -np.expm1(-b)

    lower = -np.log(gain_peak(g))
    upper = 3.0 * (2.0 + 1.0 / g) + 2.0 * np.log1p(g)
    found = find_root(excess, (lower, upper), args=(g,), tolerances={"xatol": 0.0, "xrtol": 4e-16})
    return np.exp(-np.asarray(found.x))[()]


def unit_ratio_crossings(gamma: ArrayLike) -> tuple[Float, Float]:
    """Both probabilities of the label at which r = 1: between them focal loss raises the curvature.

    Parameters
    ----------
    gamma : array_like, > 0
        Focusing parameter.

    Returns
    -------
    low, high : ndarray
        convexity_threshold < low < p* < p0 < high: two classes have less curvature than under the
        cross-entropy below `low` and above `high`. Above `high` that holds for every number of classes.

    Raises
    ------
    ValueError
        `gamma` not finite or not above 0.

    Notes
    -----
    Claim GC-9.
    """
    g = check_positive_gamma(gamma)

    def excess(t: Float, g: Float) -> Float:
        y = np.exp(-np.abs(t))
        q = np.where(t > 0, 1.0, y) / (1.0 + y)
        c = np.where(t > 0, y, 1.0) / (1.0 + y)
        b = surprisal(q, c)
        s = b / c
        bracket = 2.0 - s + (1.0 + g) * q * s  # r = c^gamma (1 + gamma bracket)
        return np.log1p(np.maximum(g * bracket, -0.5)) / g + np.log(c)

    peak, p0 = gain_peak(g), gain_crossing(g)
    middle = np.log(peak) - np.log1p(-peak)
    far = 2.0 * np.log1p(g) / g + 4.0
    ends = []
    for low, high in ((middle - 20.0 - 2.0 * np.log1p(g), middle), (np.log(p0) - np.log1p(-p0), far)):
        found = find_root(excess, (low, high), args=(g,), tolerances={"xatol": 0.0, "xrtol": 4e-16})
        y = np.exp(-np.abs(found.x))
        ends.append((np.where(found.x > 0, 1.0, y) / (1.0 + y))[()])
    return ends[0], ends[1]
