r"""Which threshold tells most about a Poisson mean: efficiency, best thresholds, and where they change.

With f = tau pmf(tau), the derivative of P(X >= tau) in log mu, one bit has the efficiency (claim OB-5)

    E(tau, mu) = J/I = f^2 / (mu P(X >= tau) P(X < tau)),

the squared correlation between the count and its bit. It is log-concave in the threshold, and its logarithm
has a mixed derivative between 0 and 2 in threshold and log mu: so the best threshold never falls as the mean
grows, and it changes from k to k + 1 at exactly one mean, ``crossing(k)``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import kve

from focalbook.onebit._tails import Float, poisson_tails
from focalbook.onebit.families.poisson import check_threshold

__all__ = [
    "CROSSING_CURVE",
    "CROSSING_SHIFT",
    "LIMIT",
    "best_efficiency",
    "best_threshold",
    "crossing",
    "crossing_expansion",
    "efficiency",
    "efficiency_bound",
    "efficiency_expansion",
    "log_ratio",
]

#: The efficiency of the best threshold as the mean grows.
LIMIT = 2.0 / np.pi
#: Crossings lie at k - CROSSING_SHIFT + O(1/k), by the expansion of the efficiency at mu = k + O(1).
CROSSING_SHIFT = 1.0 / (3.0 * (np.pi - 2.0))
#: The next term is CROSSING_CURVE/k, by the same expansion two orders further.
CROSSING_CURVE = (93 * np.pi**3 - 573 * np.pi**2 + 1176 * np.pi - 824) / (810 * (np.pi - 2) ** 4)
#: Newton steps of `crossing`; from the expansion four settle every k.
STEPS = 8


def _mean(mu: ArrayLike) -> Float:
    m = np.asarray(mu, np.float64)
    bad = ~(np.isfinite(m) & (m > 0))
    if bad.any():
        raise ValueError(
            f"mu holds {m[bad].flat[0]}: expected finite means above 0; at 0 every count is 0 and its bit "
            f"says nothing."
        )
    return m


def efficiency(tau: ArrayLike, mu: ArrayLike) -> Float:
    """Information of the bit {X >= tau} about the mean, relative to that of the count X.

    Parameters
    ----------
    tau : array_like of whole numbers, >= 1
        Thresholds.
    mu : array_like, > 0
        Means; broadcast against `tau`.

    Returns
    -------
    ndarray
        In [0, 1]; 0 where it underflows, far from the threshold.

    Raises
    ------
    ValueError
        Thresholds that are no whole numbers from 1 on, means that are not above 0.

    Notes
    -----
    Claim OB-5. For tau = 1 this is mu/(e^mu - 1).

    Examples
    --------
    >>> float(efficiency(1, 1e-9).round(6)), float(efficiency(1, 2.0).round(6))
    (1.0, 0.313035)
    """
    k, m = np.broadcast_arrays(check_threshold(tau), _mean(mu))
    return np.asarray(poisson_tails(m, k).weight / m)


def efficiency_bound(mu: ArrayLike) -> Float:
    """Upper bound of the efficiency of every threshold: e^(-2 mu) / (mu K_0(mu)^2), and 1. Claim OB-5.

    K_0 is the modified Bessel function of the second kind. The bound falls to 2/pi like (2/pi)(1 + 1/(4 mu)).
    """
    m = _mean(mu)
    with np.errstate(over="ignore", divide="ignore"):
        return np.minimum(1.0, 1.0 / (m * kve(0, m) ** 2))


def log_ratio(k: ArrayLike, mu: ArrayLike) -> Float:
    """Log of E(k + 1, mu) / E(k, mu), without cancellation: positive where threshold k + 1 tells more.

    As P(X >= k) = P(X >= k+1) + pmf(k), it needs the two hazards only; means and thresholds as in
    :func:`efficiency`. It grows with the mean (claim OB-5).
    """
    threshold, m = np.broadcast_arrays(check_threshold(k), _mean(mu))
    above = poisson_tails(m, threshold + 1.0).slope_one
    below = -poisson_tails(m, threshold).slope_zero
    gap = (m - threshold) / threshold
    moved = np.where(np.abs(gap) < 0.5, np.log1p(np.maximum(gap, -0.5)), np.log(m / threshold))
    return np.asarray(2.0 * moved + np.log1p(above / m) - np.log1p(below / threshold))


def best_threshold(mu: ArrayLike) -> Float:
    """The whole threshold whose bit tells most about a mean.

    Parameters
    ----------
    mu : array_like, > 0
        Means.

    Returns
    -------
    ndarray of float64, same shape
        Whole numbers from 1 on; at a crossing either neighbour.

    Notes
    -----
    The efficiency has one peak in the threshold (claim OB-5), so a local search is exact. It starts from the
    expansion of the crossings, which is never wrong by more than one.
    """
    m = np.atleast_1d(_mean(mu))
    k = np.maximum(np.floor(m + CROSSING_SHIFT) + 1.0, 1.0)
    for _ in range(STEPS):
        up = log_ratio(k, m) > 0
        down = ~up & (k > 1)
        down[down] = log_ratio(k[down] - 1.0, m[down]) < 0
        if not (up | down).any():
            break
        k = k + up - down
    return k.reshape(np.shape(mu))


def best_efficiency(mu: ArrayLike) -> Float:
    """Efficiency of the best threshold; above 2/pi, and tending to it. Claim OB-5."""
    return efficiency(best_threshold(mu), mu)


def crossing(k: ArrayLike) -> Float:
    """The mean at which thresholds k and k + 1 are equally efficient: below it k is better, above it k + 1.

    Parameters
    ----------
    k : array_like of whole numbers, >= 1

    Returns
    -------
    ndarray
        Right to about 1e-12, relative; near ``k - CROSSING_SHIFT``.

    Notes
    -----
    Newton's method in log mu for :func:`log_ratio`, whose derivative is a difference of hazards. Claim OB-5.

    Examples
    --------
    >>> crossing([1, 2, 3]).round(6)
    array([0.773581, 1.742901, 2.731612])
    """
    threshold = check_threshold(k)
    m = crossing_expansion(threshold)
    for _ in range(STEPS):
        one, two = poisson_tails(m, threshold), poisson_tails(m, threshold + 1.0)
        slope = 2.0 - (two.slope_one - one.slope_one) - (two.slope_zero - one.slope_zero)
        m = m * np.exp(-log_ratio(threshold, m) / slope)
    return m


def crossing_expansion(k: ArrayLike) -> Float:
    """First three terms of the crossings, k - CROSSING_SHIFT + CROSSING_CURVE/k. Claim OB-5."""
    threshold = check_threshold(k)
    return threshold - CROSSING_SHIFT + CROSSING_CURVE / threshold


def efficiency_expansion(mu: ArrayLike, shift: ArrayLike) -> Float:
    """Efficiency of the threshold mu + shift, to first order in 1/mu. Claim OB-5.

    (2/pi) (1 - (x^2 - x + 1/6 - (2/pi)(x - 1/3)^2)/mu) for the shift x: largest at x = 1/2 + CROSSING_SHIFT.
    """
    x = np.asarray(shift, np.float64)
    return LIMIT * (1.0 - (x * x - x + 1.0 / 6.0 - LIMIT * (x - 1.0 / 3.0) ** 2) / _mean(mu))
