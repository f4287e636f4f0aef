"""Newton's method for many concave likelihoods at once, one for each row of counts over the same cells.

Every model of the package is concave in coordinates beta whose linear predictors z = design beta + offset
decide the two probabilities of each cell. Steps are cut until the likelihood rises, or until its slope along
the step has halved, which still works where the rise drowns in rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from focalbook.onebit._tails import Float, Tails

Predict = Callable[[Float], Tails]

#: A step that moves no predictor by more than this is the last: the next error is of the order of its square.
LAST_STEP = 1e-9
MAX_ITERATIONS = 200
MAX_HALVINGS = 50


class Solution(NamedTuple):
    """Maximisers, one for each row of counts."""

    beta: Float  # (r, d)
    log_likelihood: Float  # (r,)
    converged: NDArray[np.bool_]  # (r,)
    iterations: int


class _State(NamedTuple):
    value: Float  # (r,)
    gradient: Float  # (r, d)
    negative_hessian: Float  # (r, d, d)
    reach: Float  # (r,) largest |z|


def log_likelihood(tails: Tails, ones: Float, zeros: Float) -> Float:
    """Sum over cells of ones log p1 + zeros log p0; cells without a count of a kind add nothing."""
    with np.errstate(invalid="ignore"):
        one, zero = ones * tails.log_one, zeros * tails.log_zero
    total = (one + zero).sum(axis=-1)
    if np.isfinite(total).all():
        return total
    return np.where(ones > 0, one, 0.0).sum(axis=-1) + np.where(zeros > 0, zero, 0.0).sum(axis=-1)


def _evaluate(
    design: Float,
    squares: Float,
    offset: Float | float,
    predict: Predict,
    beta: Float,
    ones: Float,
    zeros: Float,
) -> _State:
    z = beta @ design.T + offset
    tails = predict(z)
    gradient = (ones * tails.slope_one + zeros * tails.slope_zero) @ design
    d = design.shape[1]
    curve = -(ones * tails.curve_one + zeros * tails.curve_zero)
    hessian = (curve @ squares).reshape(-1, d, d)
    return _State(log_likelihood(tails, ones, zeros), gradient, hessian, np.abs(z).max(axis=-1))


def _solve(matrix: Float, right: Float) -> Float:
    """Solutions of positive definite systems, scaled to unit diagonals; NaN where one is singular."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if right.shape[1] == 1:
            return right / matrix[:, 0]
        scale = 1.0 / np.sqrt(np.einsum("rii->ri", matrix))
        scaled, vector = matrix * scale[:, :, None] * scale[:, None, :], right * scale
        if right.shape[1] == 2:
            c = scaled[:, 0, 1]
            u, v = vector[:, 0], vector[:, 1]
            return np.stack([u - c * v, v - c * u], axis=1) / ((1.0 - c) * (1.0 + c))[:, None] * scale
        try:
            return np.linalg.solve(scaled, vector[..., None])[..., 0] * scale
        except np.linalg.LinAlgError:
            return np.full_like(right, np.nan)


def least_squares(design: Float, z: Float, weights: Float) -> Float:
    """Weighted least squares of predictors z, shape (r, c), on the design; 0 where there is no solution."""
    squares = (design[:, :, None] * design[:, None, :]).reshape(design.shape[0], -1)
    d = design.shape[1]
    beta = _solve((weights @ squares).reshape(-1, d, d), (weights * z) @ design)
    return np.where(np.isfinite(beta).all(axis=1, keepdims=True), beta, 0.0)


def maximise(
    design: Float,
    predict: Predict,
    ones: Float,
    zeros: Float,
    start: Float,
    offset: Float | float = 0.0,
    longest: float = np.inf,
) -> Solution:
    """Maximise the likelihoods of rows of counts.

    Parameters
    ----------
    design : ndarray, shape (c, d)
        Rows x of the predictors z = x beta + offset.
    predict : callable
        Predictors of shape (r, c) to :class:`Tails`.
    ones, zeros : ndarray, shape (r, c)
        Counts of the two values of the bit.
    start : ndarray, shape (r, d)
        First guess.
    offset : ndarray, shape (c,)
        Added to the predictors.
    longest : float
        Longest step of a predictor, where the curvature far away says nothing about the maximum.
    """
    squares = (design[:, :, None] * design[:, None, :]).reshape(design.shape[0], -1)
    beta = np.array(start, np.float64)
    value, converged = np.full(len(beta), np.nan), np.zeros(len(beta), bool)
    active = np.arange(len(beta))
    state = _evaluate(design, squares, offset, predict, beta, ones, zeros)
    iteration = 0
    while active.size and iteration < MAX_ITERATIONS:
        iteration += 1
        step = _solve(state.negative_hessian, state.gradient)
        moved = np.abs(step @ design.T).max(axis=-1)
        usable = np.isfinite(moved)
        last = usable & (moved <= LAST_STEP * (1.0 + state.reach))
        step *= np.minimum(1.0, longest / np.maximum(moved, 1e-300))[:, None]
        beta[active[last]] += step[last]
        value[active[last]] = state.value[last]
        converged[active[last]] = True
        keep = usable & ~last
        if not keep.any():
            break
        if not keep.all():
            active, step = active[keep], step[keep]
            state = _State(*(part[keep] for part in state))
        n1, n0 = (ones, zeros) if len(active) == len(ones) else (ones[active], zeros[active])
        beta[active], state = _search(design, squares, offset, predict, beta[active], step, state, n1, n0)
    return Solution(beta, value, converged, iteration)


def _search(
    design: Float,
    squares: Float,
    offset: Float | float,
    predict: Predict,
    beta: Float,
    step: Float,
    state: _State,
    ones: Float,
    zeros: Float,
) -> tuple[Float, _State]:
    """Full steps where they help, halved ones elsewhere."""
    slope = (state.gradient * step).sum(axis=1)
    new = beta + step
    found = _evaluate(design, squares, offset, predict, new, ones, zeros)
    length = np.ones(len(beta))
    for _ in range(MAX_HALVINGS):
        along = (found.gradient * step).sum(axis=1)
        rises = found.value >= state.value + 1e-4 * length * slope
        flattens = (np.abs(along) <= 0.5 * slope) & (
            found.value >= state.value - 1e-9 * (1.0 + np.abs(state.value))
        )
        bad = np.flatnonzero(~(rises | flattens))
        if bad.size == 0:
            break
        length[bad] *= 0.5
        new[bad] = beta[bad] + length[bad, None] * step[bad]
        redone = _evaluate(design, squares, offset, predict, new[bad], ones[bad], zeros[bad])
        for whole, part in zip(found, redone, strict=True):
            whole[bad] = part
    return new, found
