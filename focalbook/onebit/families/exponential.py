r"""The exponential distribution: eta = -rate, T = x; the event X >= tau has probability exp(-rate tau)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from focalbook.onebit._tails import Float
from focalbook.onebit.families.base import Family, check_bit, natural, scalar_covariance, scalar_mean

__all__ = ["ExponentialFamily"]


class ExponentialFamily(Family):
    """Exponential distribution with a rate above 0, T(x) = x, natural parameter -rate.

    Examples
    --------
    >>> ExponentialFamily().conditional_mean(-0.5, 3.0, 1)  # no memory: tau + 1/rate
    array([5.])
    """

    def sufficient(self, x: ArrayLike) -> Float:
        """T(x), shape (..., k)."""
        return scalar_mean(np.asarray(x, np.float64))

    def log_partition(self, eta: ArrayLike) -> Float:
        """A(eta), shape (...)."""
        return -np.log(_rate(eta))

    def mean(self, eta: ArrayLike) -> Float:
        """E T, shape (..., k)."""
        return scalar_mean(1.0 / _rate(eta))

    def covariance(self, eta: ArrayLike) -> Float:
        """Cov T, shape (..., k, k)."""
        return scalar_covariance(1.0 / _rate(eta) ** 2)

    def log_probability(self, eta: ArrayLike, tau: ArrayLike, bit: int) -> Float:
        """Log-probability of one value of the bit, shape (...)."""
        m = _rate(eta) * np.asarray(tau, np.float64)
        if check_bit(bit):
            return -m
        with np.errstate(divide="ignore"):
            near, far = np.log(-np.expm1(-np.minimum(m, 1.0))), np.log1p(-np.exp(-np.maximum(m, 1.0)))
        return np.where(m < 1.0, near, far)

    def conditional_mean(self, eta: ArrayLike, tau: ArrayLike, bit: int) -> Float:
        """E[T | B = bit], shape (..., k), without cancellation in the tails."""
        rate, tau = np.broadcast_arrays(_rate(eta), np.asarray(tau, np.float64))
        if check_bit(bit):
            return scalar_mean(tau + 1.0 / rate)
        return scalar_mean(tau * _uniform_to_end(rate * tau)[0])

    def conditional_covariance(self, eta: ArrayLike, tau: ArrayLike, bit: int) -> Float:
        """Cov(T | B = bit), shape (..., k, k), without cancellation in the tails."""
        rate, tau = np.broadcast_arrays(_rate(eta), np.asarray(tau, np.float64))
        if check_bit(bit):
            return scalar_covariance(1.0 / rate**2)
        return scalar_covariance(tau**2 * _uniform_to_end(rate * tau)[1])


def _rate(eta: ArrayLike) -> Float:
    rate = -natural(eta, 1)[..., 0]
    if not (rate > 0).all():
        raise ValueError(f"the natural parameter -rate must be below 0, got {-rate[~(rate > 0)].flat[0]}.")
    return rate


def _uniform_to_end(m: Float) -> tuple[Float, Float]:
    """Mean and variance of X/tau given X < tau, with m = rate tau: nearly uniform on [0, 1] for small m."""
    small = m < 0.5
    with np.errstate(over="ignore"):
        e = np.expm1(np.where(small, 1.0, m))
        mean, variance = 1.0 / m - 1.0 / e, 1.0 / m**2 - (1.0 / e) * (1.0 + 1.0 / e)
    t = np.minimum(m, 0.5)
    # Bernoulli numbers: 1/m - 1/(e^m - 1) = 1/2 - sum B_2j m^(2j-1)/(2j)!, the variance is minus its slope
    b = 1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000, 1 / 74724249600
    near_mean = 0.5 - sum(c * t ** (2 * j + 1) for j, c in enumerate(b))
    near_variance = sum((2 * j + 1) * c * t ** (2 * j) for j, c in enumerate(b))
    return np.where(small, near_mean, mean), np.where(small, near_variance, variance)
