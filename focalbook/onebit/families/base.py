r"""What a family must offer so that information and score follow for every one of them.

An exponential family with natural parameter eta in R^k and sufficient statistic T:

    density exp(<eta, T(x)> - A(eta)) h(x),   E T = A'(eta),   Cov T = A''(eta).

A one-bit measurement sees B = 1{X >= tau} alone. Given the bit, X is again in an exponential family, with
log-partition A_b = A + log P(B = b), so that (claim OB-1)

    d/d eta log P(B = b) = E[T | B = b] - E T,     d2/d eta2 log P(B = b) = Cov(T | B = b) - Cov T.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float64]

__all__ = ["Family"]


class Family(ABC):
    """An exponential family whose draws are seen through one threshold each.

    Natural parameters have shape (..., k), thresholds broadcast to (...), bits are 0 (X < tau) or 1
    (X >= tau). Statistics come back with shape (..., k), covariances with (..., k, k). Source:
    ``shah2025onebit``, the model. Claims OB-1, OB-2.
    """

    #: Number k of sufficient statistics.
    dimension: int = 1

    @abstractmethod
    def sufficient(self, x: ArrayLike) -> Float:
        """T(x), shape (..., k)."""

    @abstractmethod
    def log_partition(self, eta: ArrayLike) -> Float:
        """A(eta), shape (...)."""

    @abstractmethod
    def mean(self, eta: ArrayLike) -> Float:
        """E T = A'(eta), shape (..., k)."""

    @abstractmethod
    def covariance(self, eta: ArrayLike) -> Float:
        """Cov T = A''(eta), shape (..., k, k)."""

    @abstractmethod
    def log_probability(self, eta: ArrayLike, tau: ArrayLike, bit: int) -> Float:
        """Log P(X >= tau) for `bit` 1 and log P(X < tau) for `bit` 0, shape (...)."""

    @abstractmethod
    def conditional_mean(self, eta: ArrayLike, tau: ArrayLike, bit: int) -> Float:
        """E[T | B = bit], shape (..., k)."""

    @abstractmethod
    def conditional_covariance(self, eta: ArrayLike, tau: ArrayLike, bit: int) -> Float:
        """Cov(T | B = bit), shape (..., k, k)."""


def natural(eta: ArrayLike, dimension: int) -> Float:
    """Natural parameters with their axis last; for one statistic that axis may be left out."""
    array = np.asarray(eta, dtype=np.float64)
    if dimension == 1 and (array.ndim == 0 or array.shape[-1] != 1):
        array = array[..., None]
    if array.ndim == 0 or array.shape[-1] != dimension:
        raise ValueError(f"eta has shape {array.shape}: expected a last axis of {dimension} parameter(s).")
    return array


def check_bit(bit: int) -> int:
    """0 or 1."""
    if bit not in (0, 1):
        raise ValueError(f"bit must be 0 (X < tau) or 1 (X >= tau), got {bit!r}.")
    return int(bit)


def scalar_mean(x: Float) -> Float:
    """A scalar statistic with its axis."""
    return np.asarray(x)[..., None]


def scalar_covariance(x: Float) -> Float:
    """The variance of a scalar statistic as a 1 x 1 matrix."""
    return np.asarray(x)[..., None, None]
