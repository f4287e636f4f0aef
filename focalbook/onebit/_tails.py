r"""Both probabilities of a threshold event with two derivatives, right to full precision in either tail.

For a coordinate y of the family, write p1 = P(X >= tau), p0 = 1 - p1, f = dp1/dy. Of the two, let "rare" be
the one beyond the centre, at distance a >= 0 from it, and h = f / p_rare its hazard. Normal distribution
(y = z, a = |z|) and Poisson distribution (y = log mu, a = |k - mu|) share f'/f = +-a, hence

    d log p_rare = +-h,   d2 log p_rare = -h (h - a),   d2 log p_common = -h' (h' + a),   h' = f / p_common.

Only the excess h - a cancels. It has a continued fraction with positive terms for both families, used from
three standard deviations outwards; nearer to the centre SciPy's erfcx and incomplete gamma functions serve.
Claims OB-1, OB-4, OB-5.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx, gammainc, gammaincc, gammaln

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

#: Terms of the continued fractions: from three standard deviations outwards they are exact to rounding.
TERMS = 60
#: Up to this threshold the fractions of the Poisson distribution converge at every mean.
SMALL_THRESHOLD = 30
HALF_LOG_2PI = 0.5 * np.log(2.0 * np.pi)


class Tails(NamedTuple):
    """Logarithms of P(X >= tau) and P(X < tau), and their first and second derivatives in the coordinate."""

    log_one: Float
    log_zero: Float
    slope_one: Float  # >= 0
    slope_zero: Float  # <= 0
    curve_one: Float  # <= 0
    curve_zero: Float  # <= 0

    @property
    def weight(self) -> Float:
        """Fisher information of one bit about the coordinate: f^2 / (p1 p0) = -slope_one * slope_zero."""
        return -self.slope_one * self.slope_zero


def _assemble(one_is_rare: Bool, log_rare: Float, log_f: Float, a: Float, h: Float, excess: Float) -> Tails:
    log_common = np.log1p(-np.exp(log_rare))
    common = np.exp(log_f - log_common)
    curve, curve_common = -h * excess, -common * (common + a)
    return Tails(
        np.where(one_is_rare, log_rare, log_common),
        np.where(one_is_rare, log_common, log_rare),
        np.where(one_is_rare, h, common),
        -np.where(one_is_rare, common, h),
        np.where(one_is_rare, curve, curve_common),
        np.where(one_is_rare, curve_common, curve),
    )


def mills_fraction(a: Float, order: int = 1) -> list[Float]:
    """Ratios r_1, ..., r_order with r_j = j / (a + r_(j+1)), for a >= 3.

    r_j = E[R^j] / E[R^(j-1)] for R = Y - a, Y a standard normal variable given Y >= a; r_1 = E[R] is the
    excess of the hazard over a.
    """
    r = np.zeros_like(a)
    ratios = []
    for j in range(TERMS, 0, -1):
        r = j / (a + r)
        if j <= order:
            ratios.append(r)
    return ratios[::-1]


def normal_hazard(a: Float) -> tuple[Float, Float]:
    """Hazard h = n(a)/N(-a) of the standard normal distribution at a >= 0, and its excess h - a."""
    h = np.sqrt(2.0 / np.pi) / erfcx(a / np.sqrt(2.0))
    excess = h - a
    far = a > 3.0
    if far.any():
        excess[far] = mills_fraction(a[far])[0]
        h = np.where(far, a + excess, h)
    return h, excess


def normal_tails(z: Float) -> Tails:
    """Tails of N(z) = P(X >= tau) for X normal with z = (mean - tau)/s, any z whose square is finite."""
    a = np.abs(z)
    h, excess = normal_hazard(np.atleast_1d(a))
    h, excess = h.reshape(a.shape), excess.reshape(a.shape)
    log_f = -0.5 * a * a - HALF_LOG_2PI
    return _assemble(z < 0, log_f - np.log(h), log_f, a, h, excess)


def _stirling_error(k: Float) -> Float:
    """Log(k!) minus Stirling's formula, k >= 1."""
    big = np.maximum(k, 16.0)
    i = 1.0 / (big * big)
    coefficients = 1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360
    series = np.polynomial.polynomial.polyval(i, coefficients) / big
    small = np.minimum(k, 16.0)
    direct = gammaln(small + 1.0) - (small + 0.5) * np.log(small) + small - HALF_LOG_2PI
    return np.where(k < 16, direct, series)


def _excess_over_log(e: Float) -> Float:
    """E - log(1 + e) for e > -1 without cancellation."""
    v = e / (2.0 + e)
    inner = np.minimum(v * v, 0.02)
    series = e * v - 2.0 * v**3 * np.polynomial.polynomial.polyval(inner, [1 / j for j in range(3, 23, 2)])
    return np.where(np.abs(e) < 0.2, series, e - np.log1p(np.maximum(e, -0.5)))


def log_density(mu: Float, k: Float) -> Float:
    """Log of k mu^k e^-mu / k!, the derivative of P(X >= k) in log mu, in Loader's saddle-point form."""
    e = (mu - k) / k
    with np.errstate(divide="ignore"):
        deviance = np.where(e < -0.5, e - np.log(mu / k), _excess_over_log(np.maximum(e, -0.5)))
    return 0.5 * np.log(k) - k * deviance - HALF_LOG_2PI - _stirling_error(k)


def below_fraction(mu: Float, k: Float, order: int = 1) -> list[Float]:
    """For mu < k: K_j = j mu / (k + j - mu + K_(j+1)); K_1 = h - (k - mu) with h the hazard of X >= k."""
    r = np.zeros_like(mu)
    levels = []
    for j in range(TERMS, 0, -1):
        r = j * mu / (k + j - mu + r)
        if j <= order:
            levels.append(r)
    return levels[::-1]


def above_fraction(mu: Float, k: Float, order: int = 1) -> list[Float]:
    """For mu >= k: G_j = j (k-j) / (mu + 2j + 1 - k + G_(j+1)); 1 + G_1 = h - (mu - k), h that of X < k."""
    r = np.zeros_like(mu)
    levels = []
    for j in range(TERMS, 0, -1):
        r = j * np.maximum(k - j, 0.0) / (mu + 2 * j + 1 - k + r)
        if j <= order:
            levels.append(r)
    return levels[::-1]


def uses_fraction(mu: Float, k: Float) -> Bool:
    """Where the continued fractions of the Poisson distribution are exact to rounding."""
    return (k <= SMALL_THRESHOLD) | (np.abs(mu - k) > 3.0 * np.sqrt(k))


def poisson_tails(mu: Float, k: Float) -> Tails:
    """Tails of P(X >= k) for X Poisson with mean mu > 0, integer k >= 1; derivatives in log mu."""
    mu, k = np.broadcast_arrays(mu, k)
    log_f, a, below = log_density(mu, k), np.abs(k - mu), mu < k
    log_rare, h, excess = np.empty_like(a), np.empty_like(a), np.empty_like(a)
    fraction = uses_fraction(mu, k)
    for part, levels, shift in ((below, below_fraction, 0.0), (~below, above_fraction, 1.0)):
        chosen = part & fraction
        if chosen.any():
            excess[chosen] = shift + levels(mu[chosen], k[chosen])[0]
    h[fraction] = a[fraction] + excess[fraction]
    log_rare[fraction] = log_f[fraction] - np.log(h[fraction])
    near = ~fraction
    if near.any():
        m, t = mu[near], k[near]
        rare = np.where(below[near], gammainc(t, m), gammaincc(t, m))
        log_rare[near] = np.log(rare)
        h[near] = np.exp(log_f[near]) / rare
        excess[near] = h[near] - a[near]
    return _assemble(below, np.minimum(log_rare, 0.0), log_f, a, h, excess)


def logistic_tails(z: Float) -> Tails:
    """Tails of the logistic function 1 / (1 + e^-z)."""
    small = np.exp(-np.abs(z))
    rare, common, log_common = small / (1.0 + small), 1.0 / (1.0 + small), -np.log1p(small)
    one_is_rare = z < 0
    log_rare = log_common - np.abs(z)
    p_one, p_zero = np.where(one_is_rare, rare, common), np.where(one_is_rare, common, rare)
    curve = -rare * common
    return Tails(
        np.where(one_is_rare, log_rare, log_common),
        np.where(one_is_rare, log_common, log_rare),
        p_zero,
        -p_one,
        curve,
        curve,
    )
