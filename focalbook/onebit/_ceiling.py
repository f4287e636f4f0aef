r"""Upper bounds on sensitivities over ALL thresholds of a Gaussian measurement, so that grids miss nothing.

The information n(z)^2/(N(z)N(-z)) of a bit about its predictor falls with |z| and lies below
(2/pi) exp(-(1 - 2/pi) z^2): both are proved in claim OB-4. The other factor of a sensitivity is a convex
quadratic of z, largest at an end of every interval. So each interval of thresholds has an upper bound that
tightens as it shrinks, and far away the Gaussian decides.
"""

from __future__ import annotations

import numpy as np

from focalbook.onebit._tails import Float, normal_tails

#: The bound exceeds the largest value found by at most this, relatively.
SLACK = 1e-8
#: Beyond this predictor the Gaussian bound is used.
FAR = 12.0
PIECES = 8
FIRST = 512


def _quadratic(z: Float, w: float, dual: Float) -> Float:
    """(w, -z) G (w, -z)'."""
    return w * w * dual[0, 0] - 2.0 * w * z * dual[0, 1] + z * z * dual[1, 1]


def _tail(w: float, dual: Float) -> float:
    """Bound for |z| >= FAR: the Gaussian times a polynomial in |z|, which falls there."""
    size = np.abs(dual)
    polynomial = w * w * size[0, 0] + 2.0 * abs(w) * FAR * size[0, 1] + FAR**2 * size[1, 1]
    return float(2.0 / np.pi * np.exp(-(1.0 - 2.0 / np.pi) * FAR**2) * polynomial)


def ceiling(w: float, parameters: Float, duals: Float, prior: Float) -> float:
    """Upper bound on the sensitivity over all real thresholds, for one coefficient w.

    Parameters
    ----------
    w : float
        Coefficient of the mean.
    parameters : ndarray, shape (k, 2)
        Guesses of (a, s).
    duals : ndarray, shape (k, 2, 2)
        Matrices G of the guesses, positive semidefinite.
    prior : ndarray, shape (k,)
        Weights of the guesses.

    Returns
    -------
    float
        At most 1e-8 above the supremum, relatively, apart from rounding.
    """
    a, s = parameters[:, 0], parameters[:, 1]
    scaled = prior / (s * s)

    def each(tau: Float) -> tuple[Float, Float]:
        z = (w * a - tau[:, None]) / s
        quadratic = np.stack([_quadratic(z[:, k], w, duals[k]) for k in range(len(s))], axis=1)
        return z, quadratic

    def value(tau: Float) -> Float:
        z, quadratic = each(tau)
        return (normal_tails(z).weight * quadratic) @ scaled

    def above(low: Float, high: Float) -> Float:
        (z_low, q_low), (z_high, q_high) = each(low), each(high)
        nearest = np.where(z_low * z_high <= 0, 0.0, np.minimum(np.abs(z_low), np.abs(z_high)))
        return (normal_tails(nearest).weight * np.maximum(q_low, q_high)) @ scaled

    ends = np.linspace((w * a - FAR * s).min(), (w * a + FAR * s).max(), FIRST + 1)
    low, high = ends[:-1], ends[1:]
    best = float(value(ends).max())
    while low.size:
        best = max(best, float(value(0.5 * (low + high)).max()))
        open_ones = above(low, high) > best * (1.0 + SLACK)
        low, high = low[open_ones], high[open_ones]
        steps = np.linspace(0.0, 1.0, PIECES + 1)
        cuts = low[:, None] + (high - low)[:, None] * steps
        low, high = cuts[:, :-1].ravel(), cuts[:, 1:].ravel()
    tail = sum(float(scaled[k]) * _tail(w, duals[k]) for k in range(len(s)))
    return max(best * (1.0 + SLACK), tail)
