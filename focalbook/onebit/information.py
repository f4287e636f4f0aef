r"""Score, Hessian and Fisher information of one-bit measurements, for every family (claims OB-1 and OB-2).

With natural parameters eta_i = V_i theta, V_i of shape (k, p), and J_n, I_n the information about theta with
and without the threshold:

    J_n = sum V_i' Cov(E[T | B_i]) V_i,   I_n = sum V_i' Cov(T) V_i,
    I_n - J_n = sum V_i' E[Cov(T | B_i)] V_i.

The last is positive semidefinite. Each bit contributes a matrix of rank one to J_n,
p_0 p_1 (m_1 - m_0)(m_1 - m_0)' between the two conditional means.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from focalbook.onebit._tails import Float
from focalbook.onebit.families.base import Family, natural

__all__ = ["censored", "hessian", "lost", "per_bit", "score", "uncensored"]


def per_bit(family: Family, eta: ArrayLike, tau: ArrayLike) -> Float:
    """Information of one bit about eta: Cov(E[T | B]), of rank one, shape (..., k, k).

    Parameters
    ----------
    family : Family
        The distribution behind the threshold.
    eta : array_like, shape (..., k)
        Natural parameters.
    tau : array_like, shape (...)
        Thresholds.
    """
    p = np.exp(family.log_probability(eta, tau, 0) + family.log_probability(eta, tau, 1))
    gap = family.conditional_mean(eta, tau, 1) - family.conditional_mean(eta, tau, 0)
    return p[..., None, None] * gap[..., :, None] * gap[..., None, :]


def censored(
    family: Family, design: ArrayLike, theta: ArrayLike, tau: ArrayLike, trials: ArrayLike = 1
) -> Float:
    """Censored information J_n about theta, shape (p, p).

    Parameters
    ----------
    family : Family
        The distribution behind the threshold.
    design : array_like, shape (n, k, p)
        The matrices V_i.
    theta : array_like, shape (p,)
        Parameter: eta_i = V_i theta.
    tau : array_like, shape (n,)
        Thresholds.
    trials : array_like, shape (n,), optional
        How often each measurement is repeated.

    Notes
    -----
    Source: ``shah2025onebit``, the asymptotic covariance. Claim OB-2.
    """
    v, eta = _eta(family, design, theta)
    return _sandwich(v, per_bit(family, eta, tau), trials)


def uncensored(family: Family, design: ArrayLike, theta: ArrayLike, trials: ArrayLike = 1) -> Float:
    """Information I_n about theta had the draws themselves been seen, shape (p, p). Claim OB-2."""
    v, eta = _eta(family, design, theta)
    return _sandwich(v, family.covariance(eta), trials)


def lost(family: Family, design: ArrayLike, theta: ArrayLike, tau: ArrayLike, trials: ArrayLike = 1) -> Float:
    """Information lost to the threshold, sum V_i' E[Cov(T | B_i)] V_i, never by subtraction. Claim OB-2."""
    v, eta = _eta(family, design, theta)
    inner = np.zeros((*v.shape[:-1], v.shape[-2]))
    for bit in (0, 1):
        p = np.exp(family.log_probability(eta, tau, bit))
        inner = inner + p[..., None, None] * family.conditional_covariance(eta, tau, bit)
    return _sandwich(v, inner, trials)


def score(
    family: Family,
    design: ArrayLike,
    theta: ArrayLike,
    tau: ArrayLike,
    ones: ArrayLike,
    trials: ArrayLike = 1,
) -> Float:
    """Gradient of the log-likelihood, sum V_i' (E[T | B_i] - E T), shape (p,); `ones` of `trials` bits are 1.

    Claim OB-1.
    """
    v, eta = _eta(family, design, theta)
    ones = np.asarray(ones, np.float64)
    total = np.zeros(v.shape[:-1])
    for bit, count in ((1, ones), (0, np.asarray(trials) - ones)):
        total = total + count[..., None] * (family.conditional_mean(eta, tau, bit) - family.mean(eta))
    return np.einsum("nkp,nk->p", v, total)


def hessian(
    family: Family,
    design: ArrayLike,
    theta: ArrayLike,
    tau: ArrayLike,
    ones: ArrayLike,
    trials: ArrayLike = 1,
) -> Float:
    """Second derivative of the log-likelihood, sum V_i' (Cov(T | B_i) - Cov T) V_i, (p, p). Claim OB-1."""
    v, eta = _eta(family, design, theta)
    ones = np.asarray(ones, np.float64)
    total = np.zeros((*v.shape[:-1], v.shape[-2]))
    for bit, count in ((1, ones), (0, np.asarray(trials) - ones)):
        gap = family.conditional_covariance(eta, tau, bit) - family.covariance(eta)
        total = total + count[..., None, None] * gap
    return _sandwich(v, total, 1)


def _eta(family: Family, design: ArrayLike, theta: ArrayLike) -> tuple[Float, Float]:
    v, theta = np.asarray(design, np.float64), np.asarray(theta, np.float64)
    if v.ndim != 3 or v.shape[1] != family.dimension or theta.shape != v.shape[2:]:
        raise ValueError(
            f"design of shape {v.shape} and theta of shape {theta.shape} do not fit: expected "
            f"(n, {family.dimension}, p) and (p,)."
        )
    return v, natural(v @ theta, family.dimension)


def _sandwich(v: Float, inner: Float, trials: ArrayLike) -> Float:
    weights = np.broadcast_to(np.asarray(trials, np.float64), v.shape[:1])
    return np.einsum("n,nkp,nkl,nlq->pq", weights, v, inner, v)
