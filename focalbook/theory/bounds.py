"""Bounds on the focal-entropy that need no more than the cross-entropy and one other sum."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from focalbook.theory._validate import Batch, Float, check_batch, check_same_shape
from focalbook.theory.entropy import complement
from focalbook.theory.loss import surprisal

__all__ = ["Bounds", "bernoulli_bounds", "jensen_bound"]


class Bounds(NamedTuple):
    """A lower and an upper bound, arrays of one shape."""

    lower: Float
    upper: Float


def _cross_terms(
    p: ArrayLike, q: ArrayLike, gamma: ArrayLike, axis: int
) -> tuple[Batch, Float, Float, Float]:
    """H(P,Q), B = sum p q (-log q) and H - B = sum p (1-q) (-log q) for each row."""
    left, right = check_batch(p, gamma, axis), check_batch(q, gamma, axis, "q")
    check_same_shape(left, right)
    pr, qr, c = left.rows, right.rows, complement(right.rows)
    cross = np.multiply(pr, surprisal(qr, c), out=np.zeros_like(pr), where=pr > 0)
    weighed = np.multiply(cross, qr, out=np.zeros_like(pr), where=qr > 0)
    return left, cross.sum(axis=1), weighed.sum(axis=1), (cross * c).sum(axis=1)


def bernoulli_bounds(p: ArrayLike, q: ArrayLike, gamma: ArrayLike, axis: int = -1) -> Bounds:
    """Bounds on F(P,Q) from Bernoulli's inequality, with B = sum p q (-log q).

    They are H - gamma B and H - B, the first the lower one for gamma >= 1 and the upper one for gamma <= 1.
    At gamma = 0 and gamma = 1 both the true value is attained by one of them.

    Arguments and errors as for :func:`focalbook.theory.entropy.focal_entropy`.

    Returns
    -------
    Bounds
        ``.lower`` and ``.upper`` in nats, shapes of `p` without `axis`; the lower one may be negative for
        large gamma, where it says nothing. Claim FE-15.
    """
    batch, cross, weighed, flat = _cross_terms(p, q, gamma, axis)
    line = cross - batch.gamma * weighed
    low, high = np.minimum(line, flat), np.maximum(line, flat)
    return Bounds(batch.scalars(low), batch.scalars(high))


def jensen_bound(p: ArrayLike, q: ArrayLike, gamma: ArrayLike, axis: int = -1) -> Float:
    """H (1 - B/H)^gamma with B = sum p q (-log q): below F(P,Q) for gamma >= 1, above it for gamma <= 1.

    It always lies between F(P,Q) and the line H - gamma B of :func:`bernoulli_bounds`, and is never negative.
    Arguments and errors as for :func:`focalbook.theory.entropy.focal_entropy`; nats, shape of
    `p` without `axis`, +inf where H is. Claim FE-15.
    """
    batch, cross, _, rest = _cross_terms(p, q, gamma, axis)
    finite = np.isfinite(cross) & (cross > 0)
    share = np.divide(rest, cross, out=np.ones_like(cross), where=finite)  # 1 - B/H, without a difference
    return batch.scalars(cross * share**batch.gamma)
