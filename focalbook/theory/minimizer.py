r"""The minimiser of the focal-entropy, multiplier, Bayes risk, and the inverse that recovers posteriors.

A model trained with focal loss on data with class posterior P reports, at best, Q* = argmin_Q F(P,Q) and not
P. :func:`minimizer` computes Q* from P, :func:`recover` computes P from Q*.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import softmax

from focalbook.theory._solver import Solution, solve
from focalbook.theory._validate import Batch, Float, as_real, check_batch
from focalbook.theory.entropy import by_blocks, complement
from focalbook.theory.loss import log_gain, loss_from_complement

__all__ = ["bayes_risk", "log_multiplier", "minimizer", "multiplier", "recover", "recover_logits"]


def _solve(batch: Batch) -> Solution:
    """Solve every row; where gamma = 0 the minimiser is P itself and the multiplier is one."""
    plain = batch.gamma == 0
    if batch.gamma.ndim and plain.any() and not plain.all():
        solution = solve(batch.rows, np.where(plain, 1.0, batch.gamma))
    elif not plain.all():
        return solve(batch.rows, batch.gamma)
    else:
        n = len(batch.rows)
        solution = Solution(np.empty_like(batch.rows), np.empty(n), np.empty(n))
        plain = np.ones(n, dtype=bool)
    solution.q[plain] = batch.rows[plain]
    solution.complement[plain] = complement(batch.rows[plain])[
        np.arange(np.count_nonzero(plain)), batch.rows[plain].argmax(axis=1)
    ]
    solution.log_multiplier[plain] = np.log(batch.rows[plain].sum(axis=1))
    return solution


def minimizer(p: ArrayLike, gamma: ArrayLike, axis: int = -1) -> Float:
    """Distribution Q* that minimises the focal-entropy F(P, .).

    Parameters
    ----------
    p : array_like of float, in [0, 1], summing to one along `axis`
        Distributions P, any shape. Zero masses stay exactly zero and one-hot rows stay one-hot.
    gamma : array_like, >= 0
        Focusing parameter: a number, or one for each distribution (the shape of `p` without `axis`).
        gamma = 0 returns P.
    axis : int
        Class axis.

    Returns
    -------
    ndarray of float64
        Q*, same shape as `p`: relative error of every component at most 1e-12 for gamma from 1e-3 to 1e3
        and masses from 1e-300 to one.

    Raises
    ------
    ValueError
        `p` not made of distributions (the row and its sum are named), integer, empty or 0-d; `axis` out of
        range; `gamma` negative, not finite or of a shape that does not fit.

    Notes
    -----
    Solves p_i phi(q_i) = lambda, sum_i q_i = 1 by Newton's method on multiplier and log-odds together; the
    constraint is kept in terms of 1 - q_max, so nothing is lost when a mass rounds to one. Cost is linear in
    the number of probabilities, and temporaries do not grow with the number of rows.
    Source: ``shah2026focal``, theorem on the minimiser. Claims FE-5, FE-7, FE-9.

    Examples
    --------
    >>> minimizer([0.9, 0.1], 2.0).round(4)
    array([0.6942, 0.3058])
    """
    batch = check_batch(p, gamma, axis)
    return batch.restore(_solve(batch).q)


def log_multiplier(p: ArrayLike, gamma: ArrayLike, axis: int = -1) -> Float:
    """Logarithm of the multiplier lambda; usable where lambda itself underflows (large gamma, two classes).

    Arguments and errors as for :func:`minimizer`; -inf for one-hot rows when gamma > 0. Claims FE-5, FE-9.
    """
    batch = check_batch(p, gamma, axis)
    return batch.scalars(_solve(batch).log_multiplier)


def multiplier(p: ArrayLike, gamma: ArrayLike, axis: int = -1) -> Float:
    """Lagrange multiplier lambda = p_i phi(q_i) = sum_i p_i h(q_i) of the minimiser.

    Arguments and errors as for :func:`minimizer`. Shape of `p` without `axis`; 0 for one-hot rows when
    gamma > 0, 1 for gamma = 0. lambda > 1 is the condition for over-suppression. Claims FE-5, FE-9, FE-10.
    """
    return np.exp(log_multiplier(p, gamma, axis))


def bayes_risk(p: ArrayLike, gamma: ArrayLike, axis: int = -1) -> Float:
    """Focal Bayes risk G(P) = min_Q F(P,Q) in nats, shape of `p` without `axis`.

    Arguments and errors as for :func:`minimizer`. G is concave, at most the entropy H(P), and equal to it at
    gamma = 0. Claim FE-14.
    """
    batch = check_batch(p, gamma, axis)
    solution = _solve(batch)

    def compute(part: slice, g: Float) -> Float:
        pr, q = batch.rows[part], solution.q[part]
        c = 1.0 - q
        np.put_along_axis(c, q.argmax(axis=1)[:, None], solution.complement[part][:, None], axis=1)
        loss = loss_from_complement(q, c, g)
        return np.multiply(pr, loss, out=np.zeros_like(pr), where=pr > 0).sum(axis=1)

    return batch.scalars(by_blocks(batch, compute, np.empty(len(batch.rows))))


def recover(q: ArrayLike, gamma: ArrayLike, axis: int = -1, weights: ArrayLike | None = None) -> Float:
    """Class posterior P from the probabilities Q of a focal-loss model: p_i ~ 1 / (w_i phi(q_i)).

    Parameters
    ----------
    q : array_like of float, in [0, 1], summing to one along `axis`
        Probabilities that the model reports, any shape.
    gamma : array_like, >= 0
        The gamma it was trained with: a number, or one for each distribution. At gamma = 0 only `weights`
        are undone.
    axis : int
        Class axis.
    weights : array_like, > 0, shape (classes,), optional
        Class weights of the training loss ("alpha"); only their ratios matter.

    Returns
    -------
    ndarray of float64
        P, same shape as `q`. Zero masses stay zero and one-hot rows stay one-hot; without weights the order
        of the classes is kept. ``recover(minimizer(p, gamma), gamma)`` is p to about 1e-11.

    Raises
    ------
    ValueError
        As for :func:`minimizer`; also weights that are not finite and positive, or of the wrong length.

    Notes
    -----
    Closed form, no iteration. Where q_max rounds to one, 1 - q_max is read off the other components.
    Source: ``shah2026focal`` and, as the map Psi, ``charoenphakdee2021focal``. Claims FE-6, FE-16.

    Examples
    --------
    >>> recover([0.6942, 0.3058], 2.0).round(3)
    array([0.9, 0.1])
    """
    batch = check_batch(q, gamma, axis, "q")
    w = _check_weights(weights, batch.rows.shape[1])
    if w is None and not batch.gamma.any():
        return batch.restore(batch.rows.copy())

    def compute(part: slice, g: Float) -> Float:
        return _recover_rows(batch.rows[part], g, w)

    return batch.restore(by_blocks(batch, compute, np.empty_like(batch.rows)))


def recover_logits(
    logits: ArrayLike, gamma: ArrayLike, axis: int = -1, weights: ArrayLike | None = None
) -> Float:
    """Class posterior P from the logits of a model trained with focal loss: :func:`recover` of their softmax.

    The softmax is taken in float64, so the small classes keep their digits and 1 - q_max with them.

    Parameters
    ----------
    logits : array_like of float, finite
        Logits, any shape, any float precision.
    gamma, axis, weights
        As for :func:`recover`.

    Returns
    -------
    ndarray of float64
        P, same shape as `logits`.

    Raises
    ------
    ValueError
        Logits NaN or infinite; otherwise as for :func:`recover`.
    """
    z, _ = as_real(logits, "logits")
    if z.ndim == 0 or not -z.ndim <= axis < z.ndim or z.shape[axis] == 0:
        raise ValueError(f"logits of shape {z.shape} have no classes along axis {axis}.")
    if not np.isfinite(z).all():
        raise ValueError("logits must be finite, got NaN or infinity.")
    return recover(softmax(z.astype(np.float64), axis=axis), gamma, axis, weights)


def _check_weights(weights: ArrayLike | None, classes: int) -> Float | None:
    if weights is None:
        return None
    w = np.asarray(weights, dtype=np.float64)
    if w.shape != (classes,):
        raise ValueError(
            f"weights must have one entry for each of the {classes} classes, got shape {w.shape}."
        )
    if not (np.isfinite(w) & (w > 0)).all():
        raise ValueError("weights must be finite and above 0: a class of weight 0 cannot be recovered.")
    return w


def _recover_rows(q: Float, gamma: Float, weights: Float | None) -> Float:
    """Ratios to the heaviest class, p_i / p_m = (q_i / q_m) (h_m / h_i) (w_m / w_i), then normalised."""
    top = q.argmax(axis=1)[:, None]
    log_h = log_gain(q, complement(q), gamma)
    with np.errstate(invalid="ignore"):  # -inf minus itself, at the one of a one-hot row
        ratio = np.exp(np.take_along_axis(log_h, top, axis=1) - log_h)
    np.put_along_axis(ratio, top, 1.0, axis=1)
    ratio *= q / np.take_along_axis(q, top, axis=1)
    if weights is not None:
        ratio *= weights[top] / weights
    return ratio / ratio.sum(axis=1, keepdims=True)
