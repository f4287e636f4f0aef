r"""The Bernoulli distribution on the logit scale: eta = logit p, T = x. The bit is the draw itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, log_expit

from focalbook.onebit._tails import Float
from focalbook.onebit.families.base import Family, check_bit, natural, scalar_covariance, scalar_mean

__all__ = ["BernoulliFamily"]


class BernoulliFamily(Family):
    """Bernoulli distribution, T(x) = x, natural parameter logit p; any threshold in (0, 1] shows x itself.

    Nothing is lost to the bit: Cov(T | B) = 0 and the censored information is the uncensored one, which makes
    it the reference case of claim OB-2.

    Examples
    --------
    >>> BernoulliFamily().conditional_covariance(0.3, 1.0, 1)
    array([[0.]])
    """

    def sufficient(self, x: ArrayLike) -> Float:
        """T(x), shape (..., k)."""
        return scalar_mean(np.asarray(x, np.float64))

    def log_partition(self, eta: ArrayLike) -> Float:
        """A(eta), shape (...)."""
        return -log_expit(-natural(eta, 1)[..., 0])

    def mean(self, eta: ArrayLike) -> Float:
        """E T, shape (..., k)."""
        return expit(natural(eta, 1))

    def covariance(self, eta: ArrayLike) -> Float:
        """Cov T, shape (..., k, k)."""
        e = natural(eta, 1)[..., 0]
        return scalar_covariance(expit(e) * expit(-e))

    def log_probability(self, eta: ArrayLike, tau: ArrayLike, bit: int) -> Float:
        """Log-probability of one value of the bit, shape (...)."""
        e, _ = _broadcast(eta, tau)
        return log_expit(e if check_bit(bit) else -e)

    def conditional_mean(self, eta: ArrayLike, tau: ArrayLike, bit: int) -> Float:
        """E[T | B = bit], shape (..., k), without cancellation in the tails."""
        e, _ = _broadcast(eta, tau)
        return scalar_mean(np.full(e.shape, float(check_bit(bit))))

    def conditional_covariance(self, eta: ArrayLike, tau: ArrayLike, bit: int) -> Float:
        """Cov(T | B = bit), shape (..., k, k), without cancellation in the tails."""
        e, _ = _broadcast(eta, tau)
        check_bit(bit)
        return scalar_covariance(np.zeros(e.shape))


def _broadcast(eta: ArrayLike, tau: ArrayLike) -> tuple[Float, Float]:
    t = np.asarray(tau, np.float64)
    if not ((t > 0) & (t <= 1)).all():
        bad = t[~((t > 0) & (t <= 1))].flat[0]
        raise ValueError(f"tau holds {bad}: a Bernoulli draw is 0 or 1, so thresholds lie in (0, 1].")
    e, t = np.broadcast_arrays(natural(eta, 1)[..., 0], t)
    return e, t
