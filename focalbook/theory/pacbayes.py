r"""PAC-Bayes bounds for losses in [0, 1], and the Gibbs distributions that minimise them.

A prior pi on hypotheses is fixed before the n independent examples are seen. With probability at least
1 - delta, for all distributions rho on hypotheses at once, with C = KL(rho||pi) + log(2 sqrt n/delta):

- kl form (Seeger, Maurer): kl(E_rho[Lhat] || E_rho[L]) <= C/n, inverted by :func:`kl_bound`;
- lambda form (Thiemann and others, 2017): E_rho[L] <= E_rho[Lhat]/(1 - lambda/2) + C/(n lambda (1 -
lambda/2))
  for all lambda in (0, 2) at once, :func:`lambda_bound`, smallest at :func:`optimal_lambda`.

Both hold for every n >= 1 (claim GC-4). Everything is float64 and vectorised.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from focalbook.theory._binary_kl import binary_kl, kl_inverse
from focalbook.theory._pac_search import Landscape, Minimum, alternate, bound_at, minimize_bound
from focalbook.theory._pac_validate import check_delta, check_kl, check_lambda, check_prior, check_sample
from focalbook.theory._validate import Float, check_unit

__all__ = [
    "Landscape",
    "Minimum",
    "alternate",
    "best_lambda_bound",
    "binary_kl",
    "bound_at",
    "complexity",
    "gibbs",
    "kl_bound",
    "kl_inverse",
    "kl_moment",
    "lambda_bound",
    "minimize_bound",
    "optimal_lambda",
]


def complexity(kl: ArrayLike, n: ArrayLike, delta: ArrayLike) -> Float:
    """C/n = (KL + log(2 sqrt n/delta))/n, what the bounds pay for choosing rho and lambda after the data.

    Parameters
    ----------
    kl : array_like, >= 0
        KL(rho||pi) in nats; +inf where rho leaves the support of the prior.
    n : array_like of whole numbers, >= 1
        Number of examples.
    delta : array_like, in (0, 1)
        Probability with which the bound may fail.

    Returns
    -------
    ndarray
        Nats for each example, positive; arguments are broadcast.

    Raises
    ------
    ValueError
        An argument outside its range.
    """
    size, risk = check_sample(n), check_delta(delta)
    return (check_kl(kl) + np.log(2.0) + 0.5 * np.log(size) - np.log(risk)) / size


def lambda_bound(
    empirical: ArrayLike, kl: ArrayLike, n: ArrayLike, delta: ArrayLike, lam: ArrayLike
) -> Float:
    """PAC-Bayes-lambda bound on E_rho[L]; above one it says nothing.

    Parameters
    ----------
    empirical : array_like, in [0, 1]
        E_rho[Lhat], the mean training loss of rho. Losses must lie in [0, 1]: the log loss and the focal loss
        do not, for any gamma.
    kl, n, delta
        As for :func:`complexity`.
    lam : array_like, in (0, 2)
        The trade-off lambda; it may be chosen after the data.

    Returns
    -------
    ndarray
        Arguments are broadcast.

    Raises
    ------
    ValueError
        An argument outside its range.

    Notes
    -----
    Source: ``thiemann2017strongly``, Theorem 3; ``kimura2024geometric``, Corollary 1. Claim GC-4.

    Examples
    --------
    >>> round(float(lambda_bound(0.1, 2.0, 1000, 0.05, 0.3)), 4)
    0.1535
    """
    loss, rate = check_unit(empirical, "empirical"), check_lambda(lam)
    return (loss + complexity(kl, n, delta) / rate) / (1.0 - rate / 2.0)


def optimal_lambda(empirical: ArrayLike, kl: ArrayLike, n: ArrayLike, delta: ArrayLike) -> Float:
    """The lambda in (0, 1] at which :func:`lambda_bound` is smallest: 2/(1 + sqrt(1 + 2 n E[Lhat]/C)).

    Arguments and errors as for :func:`lambda_bound`. Claim GC-4.
    """
    loss, price = check_unit(empirical, "empirical"), complexity(kl, n, delta)
    return np.asarray(2.0 / (1.0 + np.sqrt(1.0 + 2.0 * loss / price)))[()]


def best_lambda_bound(empirical: ArrayLike, kl: ArrayLike, n: ArrayLike, delta: ArrayLike) -> Float:
    """Smallest value of :func:`lambda_bound` over lambda: A + D + sqrt(D^2 + 2 A D), A = E[Lhat], D = C/n.

    Arguments and errors as for :func:`lambda_bound`. Claim GC-4.
    """
    loss, price = check_unit(empirical, "empirical"), complexity(kl, n, delta)
    return np.asarray(loss + price + np.sqrt(price) * np.sqrt(price + 2.0 * loss))[()]


def kl_bound(empirical: ArrayLike, kl: ArrayLike, n: ArrayLike, delta: ArrayLike) -> Float:
    """PAC-Bayes-kl bound on E_rho[L]: the largest risk with kl(E_rho[Lhat] || risk) <= C/n.

    Never above :func:`best_lambda_bound`, which is what the refined Pinsker inequality makes of it. Arguments
    and errors as for :func:`lambda_bound`; source Seeger (2002), ``maurer2004note``. Claim GC-4.
    """
    return kl_inverse(empirical, complexity(kl, n, delta))


def kl_moment(n: int) -> float:
    """xi(n) = E exp(n kl(Lhat||L)) for a loss of 0 or 1 and 0 < L < 1: the same number for every L.

    Parameters
    ----------
    n : int, >= 1
        Number of examples.

    Returns
    -------
    float
        sum_k C(n,k) (k/n)^k (1-k/n)^(n-k), by Abel's identity sum_m n!/((n-m)! n^m); at most 2 sqrt n, and
        near sqrt(pi n/2) + 2/3.

    Raises
    ------
    ValueError
        `n` below one or not whole.

    Examples
    --------
    >>> kl_moment(2), 2 * 2**0.5
    (2.5, 2.8284271247461903)
    """
    size = int(check_sample(n))
    terms = min(size, int(9.0 * np.sqrt(size)) + 40)  # beyond, terms are below 1e-17
    falling = np.cumprod(1.0 - np.arange(terms) / size)
    return float(1.0 + falling.sum())


def gibbs(prior: ArrayLike, losses: ArrayLike, rate: ArrayLike) -> Float:
    """Gibbs distribution: prior times exp(-rate loss), normalised, computed in logarithms.

    With `rate` = lambda n and mean training losses it minimises :func:`lambda_bound` over rho; with equal
    prior masses and energies as losses it is the Maxwell-Boltzmann distribution of inverse temperature
    `rate`.

    Parameters
    ----------
    prior : array_like, shape (m,)
        Masses that sum to one; hypotheses of mass zero keep it.
    losses : array_like, shape (..., m)
        Losses or energies, any finite numbers.
    rate : array_like
        Finite, of any sign; broadcast against the leading axes of `losses`.

    Returns
    -------
    ndarray, shape (..., m)
        Masses that sum to one; no overflow at any rate.

    Raises
    ------
    ValueError
        A prior that is not a distribution, shapes that do not fit, numbers that are not finite.

    Notes
    -----
    Claims GC-4 and GC-5.
    """
    mass = check_prior(prior)
    energy, speed = np.asarray(losses, dtype=float), np.asarray(rate, dtype=float)
    if energy.shape[-1:] != mass.shape:
        raise ValueError(
            f"losses have shape {energy.shape}: expected one for each of {mass.size} hypotheses, last axis."
        )
    if not (np.isfinite(energy).all() and np.isfinite(speed).all()):
        raise ValueError(
            "losses and rate must be finite: is a focal or log loss of a zero probability among them?"
        )
    with np.errstate(divide="ignore"):
        log_prior = np.log(mass)
    anchor = energy[..., mass > 0].min(axis=-1, keepdims=True)  # keeps the exponents small
    exponent = log_prior - speed[..., None] * (energy - anchor)
    exponent -= exponent.max(axis=-1, keepdims=True)
    weight = np.exp(exponent)
    return weight / weight.sum(axis=-1, keepdims=True)
