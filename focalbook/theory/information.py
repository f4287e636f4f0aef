r"""Fisher information and the divergence of Kullback and Leibler near the diagonal.

Both orders of the divergence between neighbours are means of one function, omega(x) = e^x - 1 - x, of the log
ratio Delta = log(p'/p): KL(P || P') = E_P[omega(Delta)] and KL(P' || P) = E_P[e^Delta omega(-Delta)]. All
functions here use these forms, which keep their digits where a difference of entropies has none left.
Claims GC-6, GC-7; source: ``kimura2024geometric``, Theorem 2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.theory._validate import check_batch

__all__ = [
    "Divergences",
    "fisher_categorical",
    "fisher_gaussian",
    "fisher_poisson",
    "kl_gaussian",
    "kl_laplace",
    "kl_poisson",
    "kl_softmax",
    "omega",
    "skewness_categorical",
    "skewness_gaussian",
]

Float = NDArray[np.float64]
Divergences = tuple[Float, Float]

_TERMS = 14


def omega(x: ArrayLike) -> Float:
    """e^x - 1 - x, to full relative accuracy: at least 0, x^2/2 near 0.

    Parameters
    ----------
    x : array_like
        Real numbers; +-inf give inf.

    Raises
    ------
    ValueError
        NaN in `x`.
    """
    x = np.asarray(x, dtype=np.float64)
    if np.isnan(x).any():
        raise ValueError("x holds NaN: expected log ratios of densities; was one of them zero in both?")
    small = np.where(np.abs(x) < 0.5, x, 0.0)
    series = np.zeros_like(small)
    for k in range(_TERMS, 1, -1):  # x^2/2 (1 + x/3 (1 + x/4 (...)))
        series = small / k * (1.0 + series) if k > 2 else 0.5 * small**2 * (1.0 + series)
    with np.errstate(over="ignore", invalid="ignore"):
        plain = np.where(x == np.inf, np.inf, np.expm1(x) - x)
    return np.where(np.abs(x) < 0.5, series, plain)[()]


def _positive(value: ArrayLike, name: str) -> Float:
    array = np.asarray(value, dtype=np.float64)
    if not ((array > 0) & np.isfinite(array)).all():
        raise ValueError(
            f"{name} must be positive and finite, got {array[~(array > 0)].flat[:1]} among others."
        )
    return array


def fisher_categorical(q: ArrayLike) -> Float:
    """Fisher information of a categorical distribution in its logits, diag q - q q'.

    Parameters
    ----------
    q : array_like, shape (..., K)
        Probabilities, classes on the last axis.

    Returns
    -------
    ndarray, shape (..., K, K)
        Positive semidefinite; the vector of ones is in its kernel.

    Raises
    ------
    ValueError
        Rows that are no distributions.
    """
    batch = check_batch(q, 0.0, -1, "q")
    rows = batch.rows.reshape(*batch.shape, -1)
    return np.eye(rows.shape[-1]) * rows[..., None, :] - rows[..., :, None] * rows[..., None, :]


def skewness_categorical(q: ArrayLike, d: ArrayLike) -> Float:
    """Third central moment of d under q: the third-order term of the divergence along d, in logits.

    Parameters
    ----------
    q : array_like, shape (..., K)
        Probabilities.
    d : array_like, shape (..., K)
        Direction in logits.
    """
    batch = check_batch(q, 0.0, -1, "q")
    rows = batch.rows.reshape(*batch.shape, -1)
    d = np.asarray(d, dtype=np.float64)
    centred = d - (rows * d).sum(axis=-1, keepdims=True)
    return (rows * centred**3).sum(axis=-1)


def kl_softmax(logits: ArrayLike, d: ArrayLike) -> Divergences:
    """KL(q || q') and KL(q' || q) for q = softmax(logits) and q' = softmax(logits + d).

    Parameters
    ----------
    logits, d : array_like, shape (..., K)
        Finite logits and a step, of any size.

    Returns
    -------
    tuple of ndarray, shape (...)
        In nats, to full relative accuracy for small steps.

    Raises
    ------
    ValueError
        Values that are not finite.
    """
    z, d = np.broadcast_arrays(np.asarray(logits, np.float64), np.asarray(d, np.float64))
    if z.ndim == 0 or not (np.isfinite(z).all() and np.isfinite(d).all()):
        raise ValueError("logits and d must be finite arrays with the classes on the last axis.")
    q = np.exp(z - z.max(axis=-1, keepdims=True))
    q /= q.sum(axis=-1, keepdims=True)
    top = d.max(axis=-1, keepdims=True)
    step = d - top  # moving all logits alike changes nothing
    step = step - (q * step).sum(axis=-1, keepdims=True)
    high = np.maximum(step.max(axis=-1, keepdims=True), 0.0)
    near = high < 0.5
    change = np.where(
        near,
        np.log1p((q * np.expm1(np.where(near, step, 0.0))).sum(axis=-1, keepdims=True)),
        high + np.log((q * np.exp(step - high)).sum(axis=-1, keepdims=True)),
    )
    ratio = step - change
    return (q * omega(ratio)).sum(axis=-1), (q * np.exp(ratio) * omega(-ratio)).sum(axis=-1)


def fisher_gaussian(variance: ArrayLike) -> Float:
    """Fisher information of the Gaussian in (mean, variance): diag(1/v, 1/(2 v^2)), shape (..., 2, 2)."""
    v = _positive(variance, "variance")
    return np.stack([1 / v, 0 * v, 0 * v, 0.5 / v**2], axis=-1).reshape(*v.shape, 2, 2)


def skewness_gaussian(variance: ArrayLike, d: ArrayLike) -> tuple[Float, Float]:
    """Third-order numbers of the Gaussian along a step d in (mean, variance).

    Returns
    -------
    tuple of ndarray
        E[a b] and E[a^3], a and b the first and second derivatives of the log-density along d: the terms
        Gamma and T of claim GC-6.
    """
    v, d = _positive(variance, "variance"), np.asarray(d, dtype=np.float64)
    mean, spread = d[..., 0], d[..., 1]
    return -2 * mean**2 * spread / v**2 - spread**3 / v**3, 3 * mean**2 * spread / v**2 + spread**3 / v**3


def kl_gaussian(variance: ArrayLike, d: ArrayLike) -> Divergences:
    """Both divergences between the Gaussians (m, v) and (m + d_0, v + d_1); they do not depend on m.

    Parameters
    ----------
    variance : array_like
        v, above 0.
    d : array_like, shape (..., 2)
        Step in mean and variance; v + d_1 above 0.

    Raises
    ------
    ValueError
        A variance that is not positive.
    """
    v, d = _positive(variance, "variance"), np.asarray(d, dtype=np.float64)
    other = _positive(v + d[..., 1], "variance after the step")
    ratio = np.log1p(d[..., 1] / v)  # log of the ratio of variances
    shift = d[..., 0] ** 2
    return 0.5 * (omega(-ratio) + shift / other), 0.5 * (omega(ratio) + shift / v)


def fisher_poisson(mean: ArrayLike) -> Float:
    """Fisher information of the Poisson family in its mean, 1/mean; its skewness is 1/mean^2."""
    return 1.0 / _positive(mean, "mean")


def kl_poisson(mean: ArrayLike, d: ArrayLike) -> Divergences:
    """Both divergences between Poisson distributions with means m and m + d.

    Raises
    ------
    ValueError
        A mean that is not positive.
    """
    m, d = _positive(mean, "mean"), np.asarray(d, dtype=np.float64)
    other = _positive(m + d, "mean after the step")
    ratio = np.log1p(d / m)
    return m * omega(ratio), other * omega(-ratio)


def kl_laplace(shift: ArrayLike) -> Float:
    """Divergence between Laplace distributions of scale one, `shift` apart: omega(-|shift|), either order."""
    return omega(-np.abs(np.asarray(shift, dtype=np.float64)))
