"""Gaussian designs with thresholds anywhere: a grid, neighbours merged, then the optimality conditions."""

from __future__ import annotations

import numpy as np

from focalbook.onebit import _criteria, _shares
from focalbook.onebit._polish import Support, contrast, merge, smooth, vectors
from focalbook.onebit._tails import Float
from focalbook.onebit.models.gaussian import Gaussian

#: Thresholds of the grid, at least and at most; odd, so that the centre is one of them.
GRID, LARGEST = 241, 4001
#: Weights below this share are left out.
NEGLIGIBLE = 1e-9


def on_the_line(
    choices: Float, guesses: Float, q: Float, target: Float | None, reach: float
) -> tuple[Gaussian, Float, Float, list[Float]]:
    """Model of the support, weights, values, and dual matrices that may certify them.

    Solved in units in which the first guess is (0, 1): there all criteria are smaller by s^2.
    """
    a, s = guesses[0]
    units = (guesses - [a, 0.0]) / s
    support, values, duals = _solved(choices, units, q, target, reach)
    model = Gaussian(support.w, support.w * a + s * support.tau)
    return model, support.weights, values * s**2, [dual * s**2 for dual in duals]


def _solved(
    choices: Float, guesses: Float, q: Float, target: Float | None, reach: float
) -> tuple[Support, Float, list[Float]]:
    """Solve on a grid, merge neighbours, and solve the optimality conditions from there."""
    a, s = guesses[:, 0], guesses[:, 1]
    low = (choices[:, None] * a - reach * s).min(axis=1)
    high = (choices[:, None] * a + reach * s).max(axis=1)
    needed = 2 * int(10.0 * float((high - low).max()) / float(s.min())) + 1
    steps = min(max(GRID, needed), LARGEST)
    grid = Gaussian(np.repeat(choices, steps), np.linspace(low, high, steps, axis=1).ravel())
    weights, values, duals = _criteria.solve(_criteria.factors(grid, guesses), q, target)
    used = np.flatnonzero(weights > NEGLIGIBLE)
    w, tau = _criteria.by_row(grid, grid.w)[used], _criteria.by_row(grid, grid.tau)[used]
    start = Support(w, tau, weights[used])
    merged = merge(start, 3.0 * float((high - low).max()) / (steps - 1))
    if target is not None and target.ndim == 1:
        exact = contrast(merged, guesses, target)
        if exact is not None:
            best, variance, dual = exact
            return best, np.array([variance]), [np.outer(dual, dual)[None], duals]
    else:
        found = smooth(merged, guesses, q, target)
        if found is not None:
            information = _shares.informations(_task(found, guesses, q, target), found.weights)
            values = np.exp(-_shares.log_psi(information, target))
            return found, values, [_shares.gradients(information, target)]
    return Support(w, tau, weights[used] / weights[used].sum()), values, [duals]


def _task(support: Support, guesses: Float, q: Float, target: Float | None) -> _shares.Task:
    return _shares.Task(vectors(support.w, support.tau, guesses)[0], q, target)
