r"""Exact Hessian of the focal loss of one label in the logits: matrix, product, trace, eigenvalues.

For softmax probabilities q = softmax(z), a label y with probability a = q_y, and v = q - e_y,

    gradient  h(a) v,        Hessian  h(a) (diag q - q q') - a h'(a) v v'.

The curvature along a direction x has two parts (claim GC-9): h(a) (1-a) times the variance of x among the
other classes, and a (1-a) r(a) times the squared distance of x_y from their mean, with r of
:mod:`focalbook.theory.curvature.log_odds`. The class axis is the last one throughout.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize.elementwise import find_root

from focalbook.theory._validate import Batch, Float, check_batch
from focalbook.theory.curvature.log_odds import relative_curvature
from focalbook.theory.entropy import complement
from focalbook.theory.loss import log_gain, ratio_x, surprisal

__all__ = [
    "logit_curvature_ratio",
    "logit_hessian",
    "logit_hessian_extremes",
    "logit_hessian_product",
    "logit_hessian_trace",
]


def rank_one(a: Float, c: Float, g: Float) -> Float:
    """a h'(a) = gamma (1-a)^(gamma-1) (x (1 - gamma a) - 2 a), continued by 0 at a = 0.

    At a = 1 it is multiplied by v v' = 0 wherever it is used; 0 stands there.
    """
    x = ratio_x(a, c, surprisal(a, c))
    with np.errstate(divide="ignore", over="ignore"):
        power = np.where(c > 0, c, 1.0) ** (g - 1.0)
    return np.where((c > 0) & (g > 0), g * power * (x * (1.0 - g * a) - 2.0 * a), 0.0)


class _Sample:
    """Validated rows with their labels: probabilities, complements, gain and rank-one coefficient."""

    def __init__(self, q: ArrayLike, label: ArrayLike, gamma: ArrayLike) -> None:
        self.batch: Batch = check_batch(q, gamma, -1, "q")
        self.q = self.batch.rows
        self.label = check_labels(label, self.batch.shape, self.q.shape[1])
        self.complement = complement(self.q)
        self.gamma = np.broadcast_to(self.batch.gamma, len(self.q))
        self.a = self.q[np.arange(len(self.q)), self.label]
        self.c = self.complement[np.arange(len(self.q)), self.label]
        self.gain = np.exp(log_gain(self.a, self.c, self.gamma))
        self.bend = rank_one(self.a, self.c, self.gamma)

    def error(self) -> Float:
        """V = q - e_y, without cancellation at the label."""
        v = self.q.copy()
        v[np.arange(len(v)), self.label] = -self.c
        return v

    def shaped(self, values: Float) -> Float:
        return values.reshape((*self.batch.shape, *values.shape[1:]))[()]


def check_labels(label: ArrayLike, shape: tuple[int, ...], classes: int) -> NDArray[np.int64]:
    """Labels as a flat integer array, one for each distribution of a batch of the given shape."""
    array = np.asarray(label)
    if array.dtype.kind not in "iu":
        raise ValueError(
            f"label has dtype {array.dtype}: expected class numbers (integers). "
            "One-hot rows? Use their argmax."
        )
    if array.shape not in ((), shape):
        raise ValueError(
            f"label of shape {array.shape} does not fit: expected a number or one label for each "
            f"distribution, shape {shape}."
        )
    if array.size and not (array.min() >= 0 and array.max() < classes):
        bad = array[(array < 0) | (array >= classes)].flat[0]
        raise ValueError(f"label {bad} is not a class: expected 0 to {classes - 1} for {classes} classes.")
    return np.broadcast_to(array, shape).reshape(-1).astype(np.int64)


def softmax_covariance(q: Float, c: Float) -> Float:
    """Diag q - q q' for rows q with complements c, shape (n, K, K): the Hessian of the cross-entropy."""
    matrix = -q[:, :, None] * q[:, None, :]
    place = np.arange(q.shape[1])
    matrix[:, place, place] = q * c
    return matrix


def logit_hessian(q: ArrayLike, label: ArrayLike, gamma: ArrayLike) -> Float:
    """Hessian of the focal loss of one label in the logits, at softmax probabilities q.

    Parameters
    ----------
    q : array_like of float, shape (..., K), rows summing to one
        Softmax probabilities. Where the largest rounds to one, the others still hold its complement.
    label : array_like of int, shape (...) or a number, in 0 .. K-1
        The class that occurred.
    gamma : array_like, >= 0
        Focusing parameter: a number, or one for each distribution. gamma = 0 gives diag q - q q'.

    Returns
    -------
    ndarray, shape (..., K, K)
        Symmetric; rows sum to zero, because softmax does not see a common shift of the logits. In nats per
        squared logit. At q_y = 0 and q_y = 1 the limits.

    Raises
    ------
    ValueError
        Rows that are not distributions, labels that are not class numbers, gamma negative or not finite.

    Notes
    -----
    Claim GC-9. Memory K^2 per row; :func:`logit_hessian_product`, :func:`logit_hessian_trace` need only K.

    Examples
    --------
    >>> logit_hessian([0.5, 0.5], 0, 0.0)
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    s = _Sample(q, label, gamma)
    return s.shaped(_matrix(s))


def _matrix(s: _Sample) -> Float:
    v = s.error()
    outer = (s.bend[:, None] * v)[:, :, None] * v[:, None, :]
    return s.gain[:, None, None] * softmax_covariance(s.q, s.complement) - outer


def logit_hessian_product(q: ArrayLike, label: ArrayLike, gamma: ArrayLike, x: ArrayLike) -> Float:
    """Hessian of :func:`logit_hessian` times vectors x of the shape of q, without forming the matrix.

    Arguments and errors as there; also a ValueError where `x` has another shape than `q`. Claim GC-9.
    """
    s = _Sample(q, label, gamma)
    vectors = np.asarray(x, dtype=np.float64)
    if vectors.shape != (*s.batch.shape, s.q.shape[1]):
        raise ValueError(
            f"x has shape {vectors.shape}: expected one vector for each distribution, "
            f"{(*s.batch.shape, s.q.shape[1])}."
        )
    u = vectors.reshape(s.q.shape)
    u = u - np.take_along_axis(u, s.label[:, None], axis=1)  # the Hessian does not see a common shift
    mean = (s.q * u).sum(axis=1, keepdims=True)
    v = s.error()
    product = s.gain[:, None] * s.q * (u - mean) - s.bend[:, None] * v * mean
    return s.shaped(product)


def _trace_parts(s: _Sample) -> tuple[Float, Float]:
    """Trace 1 - |q|^2 of the cross-entropy Hessian, and |v|^2 / (1 - q_y), neither by cancellation."""
    base = (s.q * s.complement).sum(axis=1)
    others = s.error()
    others[np.arange(len(others)), s.label] = 0.0
    rest = (others * np.divide(others, s.c[:, None], out=np.zeros_like(others), where=s.c[:, None] > 0)).sum(
        axis=1
    )
    return base, s.c + rest


def logit_hessian_trace(q: ArrayLike, label: ArrayLike, gamma: ArrayLike) -> Float:
    """Trace of :func:`logit_hessian`, shape (...), without forming the matrix.

    h(a) (1 - |q|^2) - a h'(a) |q - e_y|^2. Arguments and errors as there. Claim GC-9.
    """
    s = _Sample(q, label, gamma)
    return s.shaped(_trace(s))


def _trace(s: _Sample) -> Float:
    base, spread = _trace_parts(s)
    x = ratio_x(s.a, s.c, surprisal(s.a, s.c))
    bend = s.gamma * (2.0 * s.a - x * (1.0 - s.gamma * s.a)) * spread
    return s.c**s.gamma * ((1.0 + s.gamma * x) * base + bend)


def logit_curvature_ratio(q: ArrayLike, label: ArrayLike, gamma: ArrayLike) -> Float:
    """Trace of the focal Hessian over that of the cross-entropy Hessian, at the same probabilities.

    Arguments and errors as for :func:`logit_hessian`. Shape (...): 1 for gamma = 0. For one-hot rows the
    limit along rows of two classes: 0 where the label has all the mass, -inf where another class has it
    (gamma > 0).

    Notes
    -----
    For two classes it is :func:`log_odds_curvature_ratio`; with more classes it depends on how the other
    classes share their mass, and lies between r(a) and h(a) - a (1-a)/(1+a) h'(a). Claim GC-9.
    """
    s = _Sample(q, label, gamma)
    base, _ = _trace_parts(s)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = _trace(s) / base
    edge = np.where(s.a > 0.5, 0.0, -np.inf)
    return s.shaped(np.where(s.gamma == 0, 1.0, np.where(base == 0, edge, ratio)))


def logit_hessian_extremes(q: ArrayLike, label: ArrayLike, gamma: ArrayLike) -> tuple[Float, Float]:
    """Smallest and largest eigenvalue of :func:`logit_hessian`, each of shape (...).

    Arguments and errors as there.

    Returns
    -------
    smallest, largest : ndarray
        The smallest is 0 (a common shift of the logits) where q_y is at least :func:`convexity_threshold`,
        and the only negative eigenvalue elsewhere. The largest is 0 for two classes where that one is
        negative.

    Notes
    -----
    The negative eigenvalue -t solves a secular equation, q_y + sum over the other classes of
    q_i (h q_y + t - q_y h' (1 - q_y + q_i)) / (h q_i + t) = 0, with t in (0, q_y h' |q - e_y|^2]: it keeps
    its relative accuracy where it is far below the rounding error of the largest one. The largest is
    LAPACK's, K^3 operations per row. Claim GC-9.
    """
    s = _Sample(q, label, gamma)
    largest = np.maximum(np.linalg.eigvalsh(_matrix(s))[:, -1], 0.0) if len(s.q) else np.empty(0)
    concave = (relative_curvature(s.a, s.c, s.gamma) < 0) & (s.bend > 0.0)
    smallest = np.zeros(len(s.q))
    if concave.any():
        smallest[concave] = -_negative(s, concave)
    if s.q.shape[1] == 2:
        largest[concave] = 0.0
    return s.shaped(smallest), s.shaped(largest)


def _negative(s: _Sample, rows: NDArray[np.bool_]) -> Float:
    """Size of the negative eigenvalue of each of the given rows, by its secular equation in log t."""
    q, a, c, gain, bend = s.q[rows].copy(), s.a[rows], s.c[rows], s.gain[rows], s.bend[rows]
    q[np.arange(len(q)), s.label[rows]] = 0.0
    bound = bend * (s.error()[rows] ** 2).sum(axis=1)

    def excess(log_t: Float, a: Float, c: Float, gain: Float, bend: Float, row: Float) -> Float:
        t, others = np.exp(log_t)[:, None], q[row.astype(int)]
        top = gain[:, None] * a[:, None] + t - bend[:, None] * (c[:, None] + others)
        bottom = gain[:, None] * others + t
        return a + (others * top / bottom).sum(axis=1)

    upper = np.log(bound) + 1e-9
    found = find_root(
        excess,
        (upper - 60.0, upper),
        args=(a, c, gain, bend, np.arange(len(q), dtype=float)),
        tolerances={"xatol": 0.0, "xrtol": 4e-16},
    )
    return np.where(found.success, np.exp(found.x), 0.0)
