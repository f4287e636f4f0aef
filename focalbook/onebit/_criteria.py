"""What designs of every model share: rows as vectors, names of criteria, one problem solved."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from focalbook.onebit import _shares
from focalbook.onebit._tails import Float
from focalbook.onebit.models.base import Model


def by_row(model: Model, cells: Float) -> Float:
    """Values for each row, shape (..., n), from values for each cell."""
    return cells if model._index is None else cells[..., model._index]


def factors(model: Model, parameters: ArrayLike) -> Float:
    """Vectors f whose f f' is the information of one bit at each row, shape (k, n, p), under k guesses.

    Source: ``shah2025onebit``, the asymptotic covariance. Claims OB-2, OB-4, OB-5.
    """
    guesses = np.atleast_2d(model.check_parameters(parameters))
    root = np.sqrt(model.predict(model.coordinates(guesses) @ model.design.T).weight)
    f = root[..., None] * model.predictor_gradient(guesses)
    return f if model._index is None else f[:, model._index]


def criterion(model: Model, criterion: str | ArrayLike) -> tuple[str, Float | None]:
    """Name, and L for the trace criterion or c for a contrast; None stands for the determinant."""
    p = len(model.names)
    if isinstance(criterion, str):
        if criterion == "D":
            return "D", None
        if criterion == "A":
            return "A", np.eye(p)
        if criterion in model.names:
            return criterion, np.eye(p)[model.names.index(criterion)]
        raise ValueError(
            f"criterion {criterion!r} is unknown: expected 'D' (determinant), 'A' (sum of variances), the "
            f"name of a parameter ({', '.join(model.names)}) or the coefficients of a contrast."
        )
    contrast = np.asarray(criterion, np.float64)
    if contrast.shape != (p,) or not np.isfinite(contrast).all() or not contrast.any():
        raise ValueError(f"a contrast has {p} finite coefficients, not all 0: got {criterion!r}.")
    return "c", contrast


def prior(prior: ArrayLike | None, guesses: int) -> Float:
    """Weights of the guesses, sum one."""
    q = np.full(guesses, 1.0 / guesses) if prior is None else np.asarray(prior, np.float64)
    if q.shape != (guesses,) or not (np.isfinite(q) & (q > 0)).all():
        raise ValueError(f"prior must hold one positive weight for each of {guesses} guesses, got {prior!r}.")
    return q / q.sum()


def shares(model: Model, weights: ArrayLike) -> Float:
    """Shares of the rows of a model, sum one."""
    w = np.asarray(weights, np.float64)
    if w.shape != (model.rows,) or not (np.isfinite(w) & (w >= 0)).all() or not w.any():
        raise ValueError(f"weights must be {model.rows} shares, not negative, not all 0: got {weights!r}.")
    return w / w.sum()


def solve(f: Float, prior: Float, target: Float | None) -> tuple[Float, Float, Float]:
    """Weights, values and dual matrices of one problem."""
    if target is not None and target.ndim == 1:
        if len(f) > 1:
            raise ValueError("a single parameter or contrast needs one guess; average over 'D' or 'A'.")
        weights, variance, dual = _shares.elfving(f[0], target)
        return weights, np.array([variance]), np.outer(dual, dual)[None]
    task = _shares.Task(f, prior, target)
    weights = _shares.best_weights(task)
    information = _shares.informations(task, weights)
    values = np.exp(-_shares.log_psi(information, target))
    return weights, values, _shares.gradients(information, target)


def contrast_efficiency(information: Float, contrast: Float, best: float) -> float:
    """Best variance over that of a design; 0 where its information, perhaps singular, does not reach c."""
    scale = np.sqrt(np.diagonal(information).max())
    y, *_ = np.linalg.lstsq(information / scale**2, contrast, rcond=1e-12)
    known = np.allclose(information @ y / scale**2, contrast, atol=1e-9 * np.abs(contrast).max())
    return best * scale**2 / float(contrast @ y) if known else 0.0
