r"""The focal-entropy F(P,Q) = sum_i p_i (1-q_i)^gamma (-log q_i) and its relatives, in nats."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import entr, rel_entr

from focalbook.theory._validate import Batch, Float, check_batch, check_same_shape
from focalbook.theory.loss import loss_from_complement

__all__ = ["cross_entropy", "entropy", "focal_entropy", "kl_divergence"]

BLOCK = 1 << 16  # numbers processed at once: temporaries stay small whatever the size of the batch


def complement(q: Float) -> Float:
    """1 - q for each row of q; where a mass is above 1/2, its complement is the sum of the others.

    A mass within 1e-16 of one rounds to 1.0 and its complement to 0, but the other masses still hold it.
    """
    c = 1.0 - q
    top = np.argmax(q, axis=1)[:, None]
    others = q.copy()
    np.put_along_axis(others, top, 0.0, axis=1)
    rest = others.sum(axis=1, keepdims=True)
    known = np.take_along_axis(q, top, axis=1) > 0.5
    np.put_along_axis(c, top, np.where(known, rest, np.take_along_axis(c, top, axis=1)), axis=1)
    return c


def by_blocks(batch: Batch, compute: Callable[[slice, Float], Float], out: Float) -> Float:
    """Fill `out` block of rows by block of rows with compute(rows, gamma as a column)."""
    rows = max(1, BLOCK // batch.rows.shape[1])
    for first in range(0, len(batch.rows), rows):
        part = slice(first, first + rows)
        gamma = batch.gamma if batch.gamma.ndim == 0 else batch.gamma[part, None]
        out[part] = compute(part, gamma)
    return out


def focal_entropy(p: ArrayLike, q: ArrayLike, gamma: ArrayLike, axis: int = -1) -> Float:
    """Focal-entropy F(P,Q) = sum_i p_i l(q_i), the mean focal loss of the forecast Q when P is true.

    Parameters
    ----------
    p, q : array_like of float, in [0, 1], summing to one along `axis`
        True and forecast distributions, equal shapes.
    gamma : array_like, >= 0
        Focusing parameter: a number, or one for each distribution (the shape of `p` without `axis`).
    axis : int
        Class axis.

    Returns
    -------
    ndarray
        F in nats, shape of `p` without `axis`: +inf where some p_i > 0 has q_i = 0. At most the
        cross-entropy, and finite exactly where it is (claim FE-1).

    Raises
    ------
    ValueError
        Not distributions (the row and its sum are named), shapes differ, gamma negative or not finite.

    Notes
    -----
    Source: ``shah2026focal``, definition of the focal-entropy. Claims FE-1 to FE-4.
    """
    left, right = check_batch(p, gamma, axis), check_batch(q, gamma, axis, "q")
    check_same_shape(left, right)

    def compute(part: slice, g: Float) -> Float:
        pr, qr = left.rows[part], right.rows[part]
        loss = loss_from_complement(qr, complement(qr), g)
        return np.multiply(pr, loss, out=np.zeros_like(pr), where=pr > 0).sum(axis=1)

    return left.scalars(by_blocks(left, compute, np.empty(len(left.rows))))


def cross_entropy(p: ArrayLike, q: ArrayLike, axis: int = -1) -> Float:
    """Cross-entropy H(P,Q) = -sum_i p_i log q_i in nats: the focal-entropy at gamma = 0.

    Arguments, result and errors as for :func:`focal_entropy`. Claim FE-1.
    """
    return focal_entropy(p, q, 0.0, axis)


def entropy(p: ArrayLike, axis: int = -1) -> Float:
    """Shannon entropy H(P) in nats, shape of `p` without `axis`. Errors as for :func:`focal_entropy`."""
    batch = check_batch(p, 0.0, axis)
    return batch.scalars(entr(batch.rows).sum(axis=1))


def kl_divergence(p: ArrayLike, q: ArrayLike, axis: int = -1) -> Float:
    """Kullback-Leibler divergence KL(P||Q) in nats; +inf where some p_i > 0 has q_i = 0.

    Arguments and errors as for :func:`focal_entropy`.
    """
    left, right = check_batch(p, 0.0, axis), check_batch(q, 0.0, axis, "q")
    check_same_shape(left, right)
    return left.scalars(rel_entr(left.rows, right.rows).sum(axis=1))
