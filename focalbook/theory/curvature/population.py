r"""Curvature of the mean focal loss in the logits: anywhere, and at its own optimum.

The mean over labels y ~ P of the Hessians of :mod:`focalbook.theory.curvature.sample` is, with v_y = q - e_y,

    B(P,Q) = (sum_y p_y h(q_y)) (diag q - q q') - sum_y p_y q_y h'(q_y) v_y v_y'.

At the minimiser Q* of P the second part of the chain rule vanishes, and B is a sum of squares (claim GC-10):

    B(P,Q*) = sum_y k_y v_y v_y',    k_y = p_y q_y^2 l''(q_y).

The cross-entropy has diag p - p p' at ITS optimum, Q = P. The class axis is the last one throughout.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from focalbook.theory._validate import Batch, Float, check_batch, check_gamma, check_same_shape, check_unit
from focalbook.theory.curvature.sample import rank_one, softmax_covariance
from focalbook.theory.entropy import complement
from focalbook.theory.loss import log_gain, ratio_x, surprisal
from focalbook.theory.minimizer import _solve

__all__ = [
    "certain_curvature_ratio",
    "optimum_curvature_ratio",
    "optimum_hessian",
    "optimum_trace",
    "population_hessian",
    "population_trace",
    "two_class_optimum_ratio",
]


def _errors(q: Float, c: Float) -> Float:
    """All vectors q - e_y, shape (n, y, class), without cancellation on the diagonal."""
    place = np.arange(q.shape[1])
    v = np.repeat(q[:, None, :], q.shape[1], axis=1)
    v[:, place, place] = -c
    return v


def _spreads(q: Float, c: Float) -> Float:
    """|q - e_y|^2 / (1 - q_y) for every y, shape (n, y), 0 at q_y = 1: nothing large is subtracted."""
    top = q.argmax(axis=1)[:, None]
    others = q.copy()
    np.put_along_axis(others, top, 0.0, axis=1)
    everything = (others**2).sum(axis=1, keepdims=True) + np.take_along_axis(q, top, axis=1) ** 2
    safe = np.where(c > 0, c, 1.0)
    out = c + (everything - q**2) / safe
    head = np.take_along_axis(safe, top, axis=1)
    rest = (others * (others / head)).sum(axis=1, keepdims=True)  # squares could underflow
    np.put_along_axis(out, top, np.take_along_axis(c, top, axis=1) + rest, axis=1)
    return np.where(c > 0, out, 0.0)


class _Mean:
    """Validated P and Q with the mean gain and the rank-one coefficients p_y q_y h'(q_y)."""

    def __init__(self, p: ArrayLike, q: ArrayLike, gamma: ArrayLike) -> None:
        self.batch: Batch = check_batch(p, gamma, -1)
        model = check_batch(q, gamma, -1, "q")
        check_same_shape(self.batch, model)
        self.q, self.complement = model.rows, complement(model.rows)
        g = np.broadcast_to(self.batch.gamma, len(self.q))[:, None]
        self.gain = (self.batch.rows * np.exp(log_gain(self.q, self.complement, g))).sum(axis=1)
        self.bend = self.batch.rows * rank_one(self.q, self.complement, g)


def population_hessian(p: ArrayLike, q: ArrayLike, gamma: ArrayLike) -> Float:
    """Hessian of the mean focal loss in the logits, at softmax probabilities Q, labels drawn from P.

    Parameters
    ----------
    p, q : array_like of float, shape (..., K), rows summing to one
        Distribution of the label, and softmax probabilities; equal shapes.
    gamma : array_like, >= 0
        Focusing parameter: a number, or one for each distribution.

    Returns
    -------
    ndarray, shape (..., K, K)
        Symmetric, rows sum to zero; nats per squared logit. gamma = 0 gives diag q - q q', whatever P is.

    Raises
    ------
    ValueError
        Rows that are not distributions, shapes that differ, gamma negative or not finite.

    Notes
    -----
    Claims GC-9, GC-10. It need not be positive semidefinite; at Q* it is (:func:`optimum_hessian`).
    """
    mean = _Mean(p, q, gamma)
    v = _errors(mean.q, mean.complement)
    matrix = mean.gain[:, None, None] * softmax_covariance(mean.q, mean.complement)
    matrix -= (v * mean.bend[:, :, None]).transpose(0, 2, 1) @ v
    return matrix.reshape((*mean.batch.shape, *matrix.shape[1:]))


def population_trace(p: ArrayLike, q: ArrayLike, gamma: ArrayLike) -> Float:
    """Trace of :func:`population_hessian`, shape (...), without the matrix; same arguments and errors."""
    mean = _Mean(p, q, gamma)
    trace = mean.gain * (mean.q * mean.complement).sum(axis=1)
    trace -= (mean.bend * mean.complement * _spreads(mean.q, mean.complement)).sum(axis=1)
    return mean.batch.scalars(trace)


class _Optimum:
    """Q* of every row, its complement, and the weights (1 - q_y) k_y = p_y (1 - q_y) q_y^2 l''(q_y)."""

    def __init__(self, p: ArrayLike, gamma: ArrayLike) -> None:
        self.batch = check_batch(p, gamma, -1)
        solution = _solve(self.batch)
        self.q = solution.q
        self.complement = 1.0 - self.q
        top = self.q.argmax(axis=1)[:, None]
        np.put_along_axis(self.complement, top, solution.complement[:, None], axis=1)
        g = np.broadcast_to(self.batch.gamma, len(self.q))[:, None]
        self.weight = self.batch.rows * _scaled_curvature(self.q, self.complement, g)


def _scaled_curvature(q: Float, c: Float, g: Float) -> Float:
    """(1-q) q^2 l''(q) = (1-q)^gamma [1 - q + gamma q (2 + (gamma-1) x)] with x = q (-log q)/(1-q)."""
    x = ratio_x(q, c, surprisal(q, c))
    return np.where((c > 0) | (g > 0), c**g * (c + g * q * (2.0 + (g - 1.0) * x)), 0.0)


def optimum_hessian(p: ArrayLike, gamma: ArrayLike) -> Float:
    """Hessian of the mean focal loss at its own optimum Q*, labels drawn from P: a sum of squares.

    Parameters
    ----------
    p : array_like of float, shape (..., K), rows summing to one
        Distribution of the label.
    gamma : array_like, >= 0
        Focusing parameter: a number, or one for each distribution. gamma = 0 gives diag p - p p'.

    Returns
    -------
    ndarray, shape (..., K, K)
        Positive semidefinite, and positive definite but for a common shift of the logits where all masses are
        positive; nats per squared logit. Zero for one-hot rows. Formed as a Gram matrix: rounding cannot make
        it indefinite by more than the last place.

    Raises
    ------
    ValueError
        As for :func:`focalbook.minimizer`.

    Notes
    -----
    Claim GC-10.

    Examples
    --------
    >>> optimum_hessian([0.5, 0.5], 1.0).round(3)
    array([[ 0.375, -0.375],
           [-0.375,  0.375]])
    """
    best = _Optimum(p, gamma)
    safe = np.where(best.complement > 0, best.complement, 1.0)
    root = _errors(best.q, best.complement) * np.sqrt(best.weight / safe)[:, :, None]
    matrix = root.transpose(0, 2, 1) @ root
    return matrix.reshape((*best.batch.shape, *matrix.shape[1:]))


def optimum_trace(p: ArrayLike, gamma: ArrayLike) -> Float:
    """Trace of :func:`optimum_hessian`, shape (...), a sum of positive terms; same arguments and errors."""
    best = _Optimum(p, gamma)
    return best.batch.scalars(_trace(best))


def _trace(best: _Optimum) -> Float:
    return (best.weight * _spreads(best.q, best.complement)).sum(axis=1)


def optimum_curvature_ratio(p: ArrayLike, gamma: ArrayLike) -> Float:
    """Trace at the optimum of the focal loss, over the trace at the optimum of the cross-entropy, 1 - |p|^2.

    Arguments and errors as for :func:`optimum_hessian`. Shape (...); 1 for gamma = 0, NaN for one-hot rows
    with gamma > 0, where the limit depends on the direction (:func:`certain_curvature_ratio`).

    Notes
    -----
    Relative error about 1e-11. Claim GC-10.

    Examples
    --------
    >>> float(optimum_curvature_ratio([0.5, 0.5], 1.0).round(12))
    1.5
    """
    best = _Optimum(p, gamma)
    base = (best.batch.rows * complement(best.batch.rows)).sum(axis=1)
    with np.errstate(invalid="ignore"):
        ratio = _trace(best) / base
    plain = np.broadcast_to(best.batch.gamma == 0, ratio.shape)
    return best.batch.scalars(np.where(plain, 1.0, ratio))


def two_class_optimum_ratio(q: ArrayLike, gamma: ArrayLike) -> tuple[Float, Float]:
    """Optimum curvature ratio of two classes as an explicit function of the optimum Q* = (q, 1-q).

    Parameters
    ----------
    q : array_like, in (0, 1)
        Probability of one class in Q*. Any shape.
    gamma : array_like, >= 0
        Focusing parameter, broadcast against `q`.

    Returns
    -------
    p, ratio : ndarray
        The probability of that class in P, phi(1-q) / (phi(q) + phi(1-q)), and
        q^2 (1-q)^2 (phi(q) + phi(1-q)) (l''/phi(q) + l''/phi(1-q)), which is
        :func:`optimum_curvature_ratio` of (p, 1-p). No equation is solved.

    Raises
    ------
    ValueError
        `q` outside (0, 1) or NaN; `gamma` negative or not finite.

    Notes
    -----
    Claim GC-10.
    """
    q, g = np.broadcast_arrays(check_unit(q), check_gamma(gamma))
    if not ((q > 0) & (q < 1)).all():
        raise ValueError("q must lie strictly between 0 and 1: at 0 and 1 the ratio is only a limit.")
    c = 1.0 - q
    gain, other = log_gain(q, c, g), log_gain(c, q, g)  # q phi(q) and (1-q) phi(1-q)
    with np.errstate(over="ignore", under="ignore"):
        odds = np.exp(other - gain) * q / c  # phi(1-q) / phi(q)
        bends = _scaled_curvature(q, c, g) * c + _scaled_curvature(c, q, g) * q / odds
        return (odds / (1.0 + odds))[()], ((1.0 + odds) * bends)[()]


def certain_curvature_ratio(rest: ArrayLike, gamma: ArrayLike) -> Float:
    """Limit of :func:`optimum_curvature_ratio` as one class becomes certain: 1 + gamma (1 + |w|^2) / 2.

    Parameters
    ----------
    rest : array_like of float, shape (..., K - 1), rows summing to one
        How the other classes share the vanishing mass: P = (1 - e, e w), e -> 0. [1.0] for two classes.
    gamma : array_like, >= 0
        Focusing parameter: a number, or one for each distribution.

    Returns
    -------
    ndarray, shape (...)
        1 + gamma for two classes, 1 + gamma K / (2 (K-1)) for equal rare classes.

    Raises
    ------
    ValueError
        Rows that are not distributions, gamma negative or not finite.

    Notes
    -----
    Claim GC-10.

    Examples
    --------
    >>> float(certain_curvature_ratio([1.0], 2.0)), float(certain_curvature_ratio([0.5, 0.5], 2.0))
    (3.0, 2.5)
    """
    batch = check_batch(rest, gamma, -1, "rest")
    g = np.broadcast_to(batch.gamma, len(batch.rows))
    return batch.scalars(1.0 + 0.5 * g * (1.0 + (batch.rows**2).sum(axis=1)))
