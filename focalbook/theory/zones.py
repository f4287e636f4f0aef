r"""Which probabilities the minimiser raises and which it lowers: q_i > p_i exactly where h(p_i) > lambda.

The gain h climbs from 1 at 0 to its peak at p* and falls to 0 at 1. If lambda <= 1 one threshold separates
the raised probabilities below it from the lowered ones above it. If lambda > 1 there is a second one:
probabilities below p_low are lowered too, although they are the smallest ("over-suppression").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize.elementwise import find_root

from focalbook.theory._validate import Batch, Float, check_batch
from focalbook.theory.loss import gain_peak, log_gain, log_gain_of_logit
from focalbook.theory.minimizer import _solve

__all__ = ["Zones", "classify", "zones"]

ONE, TWO = "one threshold", "two thresholds"
TIE = 1e-12  # |log h(p) - log lambda| within rounding counts as "unchanged"


@dataclass(frozen=True)
class Zones:
    """Thresholds of the zones of one distribution or of a batch (arrays of the batch shape).

    Attributes
    ----------
    multiplier : float or ndarray
        lambda.
    p_low : float or ndarray
        Masses below it are over-suppressed; 0 where there is only one threshold.
    p_high : float or ndarray
        Masses above it are lowered; those between p_low and p_high are raised.
    regime : str or ndarray of str
        "one threshold" (lambda <= 1) or "two thresholds" (lambda > 1).
    """

    multiplier: Float
    p_low: Float
    p_high: Float
    regime: NDArray[np.str_]


def zones(p: ArrayLike, gamma: ArrayLike, axis: int = -1) -> Zones:
    """Zones of the minimiser of P: the multiplier and the solutions of h(p) = lambda.

    Parameters
    ----------
    p, gamma, axis
        As for :func:`focalbook.minimizer`. At gamma = 0 nothing moves: p_low = 0, p_high = 1.

    Returns
    -------
    Zones
        Attributes have the shape of `p` without `axis`; numbers for a single distribution. Near
        lambda = h(p*) the two thresholds meet and are known only to the square root of the precision.

    Raises
    ------
    ValueError
        As for :func:`focalbook.minimizer`.

    Notes
    -----
    Source: ``shah2026focal``, theorem on amplification and suppression. Claims FE-8, FE-9, FE-10.
    """
    batch = check_batch(p, gamma, axis)
    level = _solve(batch).log_multiplier
    low, high = thresholds(level, np.broadcast_to(batch.gamma, level.shape))
    regime = np.where((level > 0) & (low > 0), TWO, ONE)
    values = [a.reshape(batch.shape) for a in (np.exp(level), low, high, regime)]
    return Zones(*(values if batch.shape else [a.item() for a in values]))


def thresholds(level: Float, gamma: Float) -> tuple[Float, Float]:
    """Both solutions of log h(p) = level for each gamma; p_low = 0 where level <= 0."""
    low, high = np.zeros_like(level), np.ones_like(level)
    moving = (gamma > 0) & np.isfinite(level)
    if not moving.any():
        return low, high
    g, target = gamma[moving], level[moving]
    peak = np.asarray(gain_peak(g))
    t_peak = np.log(peak) - np.log1p(-peak)
    target = np.minimum(target, log_gain_of_logit(t_peak, g))

    def excess(t: Float, g: Float, target: Float) -> Float:
        return log_gain_of_logit(t, g) - target

    far = np.maximum(-target, 0.0) / g + np.log1p(g) / g + 2.0  # there log h <= -g t + log(1+g) < target
    high[moving] = _logistic(_root(excess, t_peak, np.maximum(far, t_peak + 1.0), g, target))
    two = target > 0
    start = np.full_like(t_peak, -745.0)
    left = _logistic(_root(excess, np.where(two, start, t_peak), t_peak, g, np.where(two, target, 1.0)))
    low[moving] = np.where(two, left, 0.0)
    return low, high


def classify(p: ArrayLike, gamma: ArrayLike, axis: int = -1) -> NDArray[np.int8]:
    """Zone of every mass: +1 raised, -1 lowered from the top, -2 over-suppressed, 0 unchanged or zero mass.

    Arguments and errors as for :func:`zones`; the result has the shape of `p`. Claims FE-9, FE-10.
    """
    batch = check_batch(p, gamma, axis)
    level = _solve(batch).log_multiplier[:, None]
    g = np.broadcast_to(batch.gamma, level.shape[:1])[:, None]
    log_h = log_gain(batch.rows, 1.0 - batch.rows, g)
    peak = np.asarray(gain_peak(np.where(g > 0, g, 1.0)))
    code = np.where(log_h > level, 1, np.where(batch.rows < peak, -2, -1))
    with np.errstate(invalid="ignore"):
        still = (np.abs(log_h - level) <= TIE * np.maximum(1.0, np.abs(level))) | ~np.isfinite(level)
    code = np.where(still | (batch.rows == 0) | (g == 0), 0, code).astype(np.int8)
    return _restore(batch, code)


def _restore(batch: Batch, code: NDArray[np.int8]) -> NDArray[np.int8]:
    return np.moveaxis(code.reshape((*batch.shape, code.shape[1])), -1, batch.axis)


def _root(f: Callable[..., Float], lower: Float, upper: Float, g: Float, target: Float) -> Float:
    """Root between lower and upper; where rounding leaves no sign change, the end nearer to a root."""
    found = find_root(f, (lower, upper), args=(g, target), tolerances={"xatol": 0.0, "xrtol": 4e-16})
    at_lower = np.abs(f(lower, g, target)) <= np.abs(f(upper, g, target))
    return np.where(found.status == -1, np.where(at_lower, lower, upper), found.x)


def _logistic(t: Float) -> Float:
    y = np.exp(-np.abs(t))
    return np.where(t > 0, 1.0, y) / (1.0 + y)
