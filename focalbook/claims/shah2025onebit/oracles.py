"""One-bit probabilities in high precision, from their definitions: what the claims are held against."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import mpmath as mp
import numpy as np
from numpy.typing import NDArray

__all__ = ["DIGITS", "Function", "first", "log_probability", "second"]

Float = NDArray[np.float64]
Function = Callable[..., mp.mpf]

#: Digits of the oracles.
DIGITS = 60


def _gaussian(tau: float, bit: int, *eta: mp.mpf) -> mp.mpf:
    s = mp.sqrt(-1 / (2 * eta[1]))
    z = (eta[0] * s * s - tau) / s
    return mp.log(mp.erfc((-z if bit else z) / mp.sqrt(2)) / 2)


def _poisson(tau: float, bit: int, *eta: mp.mpf) -> mp.mpf:
    mu = mp.exp(eta[0])
    ends = (0, mu) if bit else (mu, mp.inf)
    return mp.log(mp.gammainc(int(tau), *ends, regularized=True))


def _exponential(tau: float, bit: int, *eta: mp.mpf) -> mp.mpf:
    return eta[0] * tau if bit else mp.log(-mp.expm1(eta[0] * tau))


def _bernoulli(tau: float, bit: int, *eta: mp.mpf) -> mp.mpf:
    return -mp.log1p(mp.exp(-eta[0] if bit else eta[0]))


_PROBABILITIES = {
    "GaussianFamily": _gaussian,
    "PoissonFamily": _poisson,
    "ExponentialFamily": _exponential,
    "BernoulliFamily": _bernoulli,
}


def log_probability(family: object, tau: float, bit: int) -> Function:
    """Log P(B = bit) as a function of the natural parameters, for a family of the package."""
    form = _PROBABILITIES[type(family).__name__]
    return lambda *eta: form(tau, bit, *eta)


def _orders(size: int, *indices: int) -> tuple[int, ...]:
    return tuple(indices.count(k) for k in range(size))


def first(function: Function, at: Sequence[float] | Float) -> Float:
    """Gradient of a function of a few variables, by differences in high precision, shape (p,)."""
    size = len(at)
    with mp.workdps(DIGITS):
        point = tuple(mp.mpf(float(x)) for x in at)
        return np.array([float(mp.diff(function, point, _orders(size, k))) for k in range(size)])


def second(function: Function, at: Sequence[float] | Float) -> Float:
    """Second derivatives, shape (p, p)."""
    size = len(at)
    out = np.empty((size, size))
    with mp.workdps(DIGITS):
        point = tuple(mp.mpf(float(x)) for x in at)
        for k in range(size):
            for j in range(k, size):
                out[k, j] = out[j, k] = float(mp.diff(function, point, _orders(size, k, j)))
    return out
