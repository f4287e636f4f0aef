r"""The normal distribution with both parameters unknown: eta = (m/s^2, -1/(2 s^2)), T = (x, x^2)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_ndtr

from focalbook.onebit._tails import HALF_LOG_2PI, Float, mills_fraction, normal_hazard
from focalbook.onebit.families.base import Family, check_bit, natural

__all__ = ["GaussianFamily"]


class GaussianFamily(Family):
    """Normal distribution, T(x) = (x, x^2), natural parameters (m/s^2, -1/(2 s^2)).

    Examples
    --------
    >>> family = GaussianFamily()
    >>> eta = family.natural_parameter(1.0, 2.0)
    >>> family.mean(eta)  # E x and E x^2
    array([1., 5.])
    """

    dimension = 2

    @staticmethod
    def natural_parameter(mean: ArrayLike, deviation: ArrayLike) -> Float:
        """(m/s^2, -1/(2 s^2)) from the mean m and the standard deviation s > 0."""
        m, s = np.broadcast_arrays(np.asarray(mean, np.float64), np.asarray(deviation, np.float64))
        if not (s > 0).all():
            raise ValueError(f"the standard deviation must be above 0, got {s[~(s > 0)].flat[0]}.")
        return np.stack([m / s**2, -0.5 / s**2], axis=-1)

    @staticmethod
    def moments(eta: ArrayLike) -> tuple[Float, Float]:
        """Mean m and standard deviation s from natural parameters; the second must be below 0."""
        array = natural(eta, 2)
        if not (array[..., 1] < 0).all():
            raise ValueError("the second natural parameter -1/(2 s^2) must be below 0.")
        variance = -0.5 / array[..., 1]
        return array[..., 0] * variance, np.sqrt(variance)

    def sufficient(self, x: ArrayLike) -> Float:
        """T(x), shape (..., k)."""
        x = np.asarray(x, np.float64)
        return np.stack([x, x * x], axis=-1)

    def log_partition(self, eta: ArrayLike) -> Float:
        """A(eta), shape (...)."""
        m, s = self.moments(eta)
        return 0.5 * (m / s) ** 2 + np.log(s) + HALF_LOG_2PI

    def mean(self, eta: ArrayLike) -> Float:
        """E T, shape (..., k)."""
        m, s = self.moments(eta)
        return np.stack([m, m * m + s * s], axis=-1)

    def covariance(self, eta: ArrayLike) -> Float:
        """Cov T, shape (..., k, k)."""
        m, s = self.moments(eta)
        return _pack(s**2, 2 * m * s**2, 4 * m**2 * s**2 + 2 * s**4)

    def log_probability(self, eta: ArrayLike, tau: ArrayLike, bit: int) -> Float:
        """Log-probability of one value of the bit, shape (...)."""
        m, s = self.moments(eta)
        z = (m - np.asarray(tau, np.float64)) / s
        return log_ndtr(z if check_bit(bit) else -z)

    def conditional_mean(self, eta: ArrayLike, tau: ArrayLike, bit: int) -> Float:
        """E[T | B = bit], shape (..., k), without cancellation in the tails."""
        base, step, moments = self._given(eta, tau, bit)
        first, second = moments[0], moments[1]
        return np.stack([base + step * first, base**2 + 2 * base * step * first + step**2 * second], axis=-1)

    def conditional_covariance(self, eta: ArrayLike, tau: ArrayLike, bit: int) -> Float:
        """Cov(T | B = bit), shape (..., k, k), without cancellation in the tails."""
        base, step, moments = self._given(eta, tau, bit)
        v, c, q = moments[2:]
        return _pack(
            step**2 * v,
            2 * base * step**2 * v + step**3 * c,
            4 * base**2 * step**2 * v + 4 * base * step**3 * c + step**4 * q,
        )

    def _given(self, eta: ArrayLike, tau: ArrayLike, bit: int) -> tuple[Float, Float, tuple[Float, ...]]:
        """X = base + step R given the bit, with E R, E R^2, Var R, Cov(R, R^2), Var R^2."""
        m, s = self.moments(eta)
        m, s, tau = np.broadcast_arrays(m, s, np.asarray(tau, np.float64))
        sign = 1.0 if check_bit(bit) else -1.0
        alpha = np.atleast_1d(sign * (tau - m) / s)
        rare = alpha >= 0
        beyond, full = residual_moments(np.maximum(alpha, 0.0)), truncated_moments(np.minimum(alpha, 0.0))
        shape = m.shape
        moments = tuple(np.where(rare, x, y).reshape(shape) for x, y in zip(beyond, full, strict=True))
        return np.where(rare.reshape(shape), tau, m), sign * s, moments


def residual_moments(alpha: Float) -> tuple[Float, ...]:
    """E R, E R^2, Var R, Cov(R, R^2), Var R^2 of R = Y - alpha, Y standard normal given Y >= alpha >= 0."""
    r1 = normal_hazard(alpha)[1]
    r2 = 1.0 / r1 - alpha
    r3 = 2.0 / r2 - alpha
    r4 = 3.0 / r3 - alpha
    far = alpha > 3.0
    if far.any():
        exact = mills_fraction(alpha[far], 4)
        for ratio, value in zip((r1, r2, r3, r4), exact, strict=True):
            ratio[far] = value
    second = r1 * r2
    return r1, second, r1 * (r2 - r1), second * (r3 - r1), second * (r3 * r4 - second)


def truncated_moments(alpha: Float) -> tuple[Float, ...]:
    """E Y, E Y^2, Var Y, Cov(Y, Y^2), Var Y^2 of Y standard normal given Y >= alpha, alpha <= 0."""
    h = np.exp(-0.5 * alpha**2 - HALF_LOG_2PI - log_ndtr(-alpha))
    second = 1.0 + alpha * h
    variance = second - h * h
    return (
        h,
        second,
        variance,
        h * (alpha**2 + 1.0 - alpha * h),
        3.0 + h * (alpha**3 + 3.0 * alpha) - second**2,
    )


def _pack(a: Float, b: Float, c: Float) -> Float:
    return np.stack([np.stack([a, b], axis=-1), np.stack([b, c], axis=-1)], axis=-2)
