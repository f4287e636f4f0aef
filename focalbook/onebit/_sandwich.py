r"""Sandwich covariances A^-1 B A^-1 of focal estimators, and whether a minimum is certainly the global one.

Claim OB-8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from focalbook.onebit import _weights
from focalbook.onebit._tails import Float, Tails

if TYPE_CHECKING:
    from focalbook.onebit.models.base import Model

#: Places in each predictor at which the curvature of a cell is looked at, and how far they reach.
PLACES, REACH = 2001, 12.0


class Sandwich(NamedTuple):
    """Covariances of the parameters, each (r, p, p)."""

    naive: Float  # A^-1, right only for a log-likelihood
    robust: Float  # A^-1 B A^-1


def weighted(tails: Tails, gamma: float, proper: bool) -> Tails:
    """Minus the loss of either bit, with its derivatives in the predictor."""
    return _weights.proper(tails, gamma) if proper else _weights.plain(tails, gamma)


def cell_variance(ones: Float, trials: Float, population: bool) -> Float:
    """n times the variance of one bit in each cell.

    From counts without bias, ones (n - ones)/(n - 1); a cell with one bit cannot show its variance, and its
    mean square serves instead (1, marked by a negative number). From probabilities, ones (n - ones)/n.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        out = ones * (trials - ones) / (trials if population else trials - 1.0)
    return np.where(trials > 0, np.where((trials == 1) & (not population), -1.0, out), 0.0)


def sandwich(
    model: Model, parameters: Float, ones: Float, trials: Float, gamma: float, proper: bool, population: bool
) -> Sandwich:
    """Covariances at stationary points, parameters (r, p) and counts (r, c).

    The proper score of a sample trusts the model, as the likelihood does: expected curvature and model
    variances. Everything else uses the curvature and the variance of the counts themselves.
    """
    tails = model.predict(model.coordinates(parameters) @ model.design.T)
    loss = weighted(tails, gamma, proper)
    if proper and not population:
        omega = _weights.proper_weight(
            _weights.log_odds_of_report(tails.log_one - tails.log_zero, gamma), gamma
        ).omega
        bend, spread = trials * omega * tails.weight, trials * omega**2 * tails.weight
    else:
        zeros = trials - ones
        bend = -(ones * loss.curve_one + zeros * loss.curve_zero)
        variance = cell_variance(ones, trials, population)
        alone = ones * loss.slope_one**2 + zeros * loss.slope_zero**2
        spread = np.where(variance < 0, alone, variance * (loss.slope_one - loss.slope_zero) ** 2)
    z = model.predictor_gradient(parameters)
    turned = np.swapaxes(z, -1, -2)
    outer = _inverse(turned @ (z * bend[..., None]))
    return Sandwich(outer, outer @ (turned @ (z * spread[..., None])) @ outer)


def _inverse(matrices: Float) -> Float:
    """Inverses of symmetric matrices; NaN where one is singular."""
    scale = 1.0 / np.sqrt(np.abs(np.einsum("...ii->...i", matrices)))
    both = scale[..., :, None] * scale[..., None, :]
    good = np.isfinite(both).all(axis=(-1, -2))
    out = np.full_like(matrices, np.nan)
    out[good] = np.linalg.inv(matrices[good] * both[good]) * both[good]
    return out


def surely_global(model: Model, beta: Float, ones: Float, trials: Float, gamma: float, proper: bool) -> bool:
    """Whether the loss is convex wherever it is at most its value at beta, shape (d,).

    No cell can lose more than the whole does above the least losses of the others, which confines each
    predictor to an interval; where every cell is convex on its interval, a stationary point is the minimum.
    """
    seen = trials > 0
    z = (model.design @ beta)[None, :] + REACH * np.linspace(-1.0, 1.0, PLACES)[:, None] ** 3
    tails = model.predict(z)
    k, n = np.where(seen, ones, 0.0), np.where(seen, trials, 0.0)
    loss = weighted(tails, gamma, proper)
    with np.errstate(invalid="ignore"):
        cost = -np.where(k > 0, k * loss.log_one, 0.0) - np.where(n > k, (n - k) * loss.log_zero, 0.0)
        bend = -(k * loss.curve_one + (n - k) * loss.curve_zero)
    least = cost.min(axis=0)
    here = cost[PLACES // 2]
    slack = here.sum() - least.sum()
    inside = cost <= least + slack + 1e-9 * np.abs(here).sum()
    if inside[[0, -1]][:, seen].any():  # the interval of a cell may be unbounded
        return False
    near = inside | np.roll(inside, 1, axis=0) | np.roll(inside, -1, axis=0)
    return bool((bend[near & seen[None, :]] >= 0).all())
