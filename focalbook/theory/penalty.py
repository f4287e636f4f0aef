"""The entropy bound of focal loss taken at its word: minimise cross-entropy minus gamma times entropy."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import entr, wrightomega, xlogy

from focalbook.theory._validate import Float, check_batch, check_positive_gamma, check_same_shape
from focalbook.theory.entropy import by_blocks, complement
from focalbook.theory.loss import surprisal

__all__ = ["entropy_bounds", "penalised_entropy", "penalised_minimizer"]

_ROUNDS = 100


def penalised_entropy(p: ArrayLike, q: ArrayLike, gamma: ArrayLike, axis: int = -1) -> Float:
    """H(P,Q) - gamma H(Q): cross-entropy with a reward for entropy, at most the focal-entropy.

    Arguments and errors as for :func:`focalbook.theory.entropy.focal_entropy`.

    Returns
    -------
    ndarray
        Nats, shape of `p` without `axis`; negative where the bound says nothing, +inf where some p_i > 0 has
        q_i = 0. Source: ``kimura2024geometric``, Lemma 1. Claims GC-1, GC-2.
    """
    return entropy_bounds(p, q, gamma, axis)[1]


def entropy_bounds(p: ArrayLike, q: ArrayLike, gamma: ArrayLike, axis: int = -1) -> tuple[Float, Float]:
    """Two lower bounds on F(P,Q): H(P,Q) - gamma sum p h(q), and H(P,Q) - gamma H(Q), which is lower.

    Here h(q) = -q log q - (1-q) log(1-q). Arguments and errors as for
    :func:`focalbook.theory.entropy.focal_entropy`.

    Returns
    -------
    tuple of ndarray
        Nats, shapes of `p` without `axis`. Claim GC-1.
    """
    left, right = check_batch(p, gamma, axis), check_batch(q, gamma, axis, "q")
    check_same_shape(left, right)
    pr, qr, c = left.rows, right.rows, complement(right.rows)
    cross = np.multiply(pr, surprisal(qr, c), out=np.zeros_like(pr), where=pr > 0).sum(axis=1)
    terms = qr * np.where(qr > 0, surprisal(qr, c), 0.0)
    coins = (pr * (terms - xlogy(c, c))).sum(axis=1)
    return left.scalars(cross - left.gamma * coins), left.scalars(cross - left.gamma * terms.sum(axis=1))


def penalised_minimizer(p: ArrayLike, gamma: ArrayLike, axis: int = -1) -> Float:
    """The Q that minimises H(P,Q) - gamma H(Q), for gamma > 0.

    It solves ``p_i = q_i (1 + gamma (log q_i + H(Q)))``, so all its masses are positive, also where p_i = 0:
    unlike the minimiser of the focal-entropy it depends on how many classes are listed that never occur.

    Parameters
    ----------
    p : array_like of float, in [0, 1], summing to one along `axis`
        True distributions.
    gamma : array_like, > 0
        Weight of the entropy: a number, or one for each distribution. (At 0 the minimiser is P.)
    axis : int
        Class axis.

    Returns
    -------
    ndarray
        Shape of `p`.

    Raises
    ------
    ValueError
        Not distributions, gamma not finite or not above 0.

    Notes
    -----
    With ``mu = 1 + gamma H(Q)`` every mass is a Wright omega function of mu; mu itself is found by Newton's
    method inside [1, 1 + gamma log n]. Claim GC-2.
    """
    check_positive_gamma(gamma)
    batch = check_batch(p, gamma, axis)

    def compute(part: slice, g: Float) -> Float:
        rows = batch.rows[part]
        return _solve(rows, np.broadcast_to(np.asarray(g, dtype=float), (len(rows), 1)))

    return batch.restore(by_blocks(batch, compute, np.empty_like(batch.rows)))


def _masses(level: Float, p: Float, g: Float) -> tuple[Float, Float]:
    """The q with p/q - g log q = g level, and minus its derivative in the level."""
    with np.errstate(divide="ignore"):
        omega = wrightomega(level + np.log(p / g))  # p/(g q)
    large = omega > 1.0
    with np.errstate(under="ignore"):
        q = np.where(
            large, p / (g * np.where(large, omega, 1.0)), np.exp(np.where(large, 0.0, omega) - level)
        )
    return q, q / (1.0 + omega)


def _solve(p: Float, g: Float) -> Float:
    """Rows of masses; the level is mu/g, so that it stays of the size of a logarithm."""
    low = 1.0 / g
    high = low + np.log(p.shape[1])
    level = low + entr(p).sum(axis=1, keepdims=True)
    for _ in range(_ROUNDS):
        q, fall = _masses(level, p, g)
        excess = q.sum(axis=1, keepdims=True) - 1.0
        low, high = np.where(excess >= 0, level, low), np.where(excess <= 0, level, high)
        step = level + excess / fall.sum(axis=1, keepdims=True)
        step = np.where((step >= low) & (step <= high), step, 0.5 * (low + high))
        if not (np.abs(step - level) > 4e-16 * (1.0 + np.abs(level))).any():
            break
        level = step
    q = _masses(level, p, g)[0]
    return q / q.sum(axis=1, keepdims=True)
