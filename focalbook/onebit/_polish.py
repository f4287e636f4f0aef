"""From a grid to the line: support points and weights of a Gaussian design solve its optimality conditions.

At an optimum every threshold of the support is a maximum of the sensitivity, where it is one. With as many
unknowns as equations this is a root-finding problem, and the solution on a grid is a good first guess.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import root

from focalbook.onebit import _shares
from focalbook.onebit._tails import Float, normal_tails


class Support(NamedTuple):
    """Coefficients w, thresholds tau and weights of a design, each of shape (m,)."""

    w: Float
    tau: Float
    weights: Float


def vectors(w: Float, tau: Float, guesses: Float) -> tuple[Float, Float]:
    """Vectors f and their derivatives in the threshold, shapes (k, m, 2)."""
    a, s = guesses[:, :1], guesses[:, 1:]
    z = (w * a - tau) / s
    tails = normal_tails(z)
    size = np.sqrt(tails.weight) / s
    half = 0.5 * (-2.0 * z - tails.slope_one - tails.slope_zero)  # half the slope of the log of the weight
    f = np.stack([np.broadcast_to(w, z.shape), -z], axis=-1) * size[..., None]
    slope = f * half[..., None]
    slope[..., 1] -= size
    return f, -slope / s[..., None]


def merge(start: Support, spacing: float) -> Support:
    """Neighbours on a grid of thresholds are one threshold, at their weighted mean."""
    order = np.lexsort((start.tau, start.w))
    w, tau, weights = (part[order] for part in start)
    new = np.ones(w.size, bool)
    new[1:] = (w[1:] != w[:-1]) | (tau[1:] - tau[:-1] > spacing)
    group = np.cumsum(new, dtype=np.intp) - 1
    total = np.bincount(group, weights)
    return Support(w[new], np.asarray(np.bincount(group, weights * tau) / total), np.asarray(total))


def smooth(start: Support, guesses: Float, prior: Float, target: Float | None) -> Support | None:
    """Solve the conditions of a regular design: sensitivity one, its slope zero. None where that fails."""
    m = start.tau.size

    def conditions(x: Float) -> Float:
        f, slope = vectors(start.w, x[:m], guesses)
        information = np.swapaxes(f * x[m:, None], -1, -2) @ f
        duals = _shares.gradients(information, target)
        pulled = np.einsum("k,kmp,kpq->kmq", prior, f, duals)
        return np.concatenate([(pulled * f).sum(axis=(0, 2)) - 1.0, (pulled * slope).sum(axis=(0, 2))])

    try:
        found = root(conditions, np.concatenate([start.tau, start.weights]), tol=1e-14)
    except np.linalg.LinAlgError:
        return None
    if np.abs(conditions(found.x)).max() > 1e-9 or (found.x[m:] <= 0).any():
        return None
    return Support(start.w, found.x[:m], found.x[m:] / found.x[m:].sum())


def contrast(start: Support, guess: Float, c: Float) -> tuple[Support, float, Float] | None:
    """Solve the conditions of Elfving's theorem: c = sum x f, |f' y| one with slope zero on the support.

    Returns the design, its variance and y; None where that fails.
    """
    m, p = start.tau.size, c.size
    f, slope = (part[0] for part in vectors(start.w, start.tau, guess))
    x, *_ = np.linalg.lstsq(f.T, c, rcond=None)
    sign = np.sign(x)
    y, *_ = np.linalg.lstsq(np.concatenate([f, slope]), np.concatenate([sign, np.zeros(m)]), rcond=None)

    def conditions(u: Float) -> Float:
        tau, x, y = u[:m], u[m : 2 * m], u[2 * m :]
        f, slope = (part[0] for part in vectors(start.w, tau, guess))
        return np.concatenate([x @ f - c, f @ y - sign, slope @ y])

    found = root(conditions, np.concatenate([start.tau, x, y]), tol=1e-14)
    tau, x, y = found.x[:m], found.x[m : 2 * m], found.x[2 * m :]
    if np.abs(conditions(found.x)).max() > 1e-9 * (1.0 + np.abs(c).max()) or (np.sign(x) != sign).any():
        return None
    size = np.abs(x)
    return Support(start.w, tau, size / size.sum()), float(size.sum() ** 2), y[:p]
