"""Wald and likelihood-ratio intervals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri

from focalbook.onebit import _newton
from focalbook.onebit._tails import Float

if TYPE_CHECKING:
    from focalbook.onebit.models.base import Model
    from focalbook.onebit.result import Fit

__all__ = ["deviance", "held_value", "profile", "wald"]

#: Doublings of a standard error while looking for the end of an interval.
MAX_DOUBLINGS = 200


def half_width(level: float) -> float:
    """Half-width, in standard errors, of a two-sided interval of a given level."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level} (0.95 for 95 %).")
    return float(-ndtri(0.5 * (1.0 - level)))


def wald(model: Model, estimate: Float, errors: Float, level: float, log: bool) -> Float:
    """Estimate -+ half-width times standard error, shape (..., p, 2); with `log` by the delta method."""
    h = half_width(level)
    out = np.stack([estimate - h * errors, estimate + h * errors], axis=-1)
    if log:
        for name in model.positive:
            j = model.names.index(name)
            factor = np.exp(h * errors[..., j] / estimate[..., j])
            out[..., j, 0] = estimate[..., j] / factor
            out[..., j, 1] = estimate[..., j] * factor
    return out


def held_value(model: Model, name: str, value: float, ones: Float, zeros: Float) -> Float:
    """Largest log-likelihoods, shape (r,), with one parameter held at `value`."""
    _place(model, name)
    if not np.isfinite(value) or (name in model.positive and value <= 0):
        raise ValueError(f"{name} cannot be held at {value}.")
    problem = model.restrict(name, value)
    if problem is None:
        return _newton.log_likelihood(model.tails(np.full(1, value)), ones, zeros)
    return model.maximise_restricted(problem, ones, zeros)


def deviance(fit: Fit, name: str, value: float) -> float:
    """Twice the fall of the profile log-likelihood from its maximum; not below 0."""
    held = held_value(fit.model, name, value, fit.ones[None, :], (fit.trials - fit.ones)[None, :])
    return max(2.0 * (fit.log_likelihood - float(held[0])), 0.0)


def profile(fit: Fit, name: str, level: float) -> tuple[float, float]:
    """Values of one parameter whose deviance is at most the chi-square quantile.

    The likelihood is concave in coordinates of which every parameter is a monotone or linear-fractional
    function, so these values form one interval. Positive parameters are searched on the log scale. An end is
    infinite (or 0) when even the limit of the profile likelihood lies within the quantile.
    """
    j = _place(fit.model, name)
    width, centre, error = half_width(level), float(fit.estimate[j]), float(fit.standard_errors[j])
    logarithmic = name in fit.model.positive
    step = error / centre if logarithmic else error

    def at(t: float) -> float:
        return float(centre * np.exp(t * step)) if logarithmic else centre + t * step

    ends = []
    for side, problem in zip((-1.0, 1.0), fit.model.limits(name), strict=True):
        if problem is not None:
            counts = fit.ones[None, :], (fit.trials - fit.ones)[None, :]
            limit = 2.0 * (fit.log_likelihood - float(fit.model.maximise_restricted(problem, *counts)[0]))
            if limit <= width**2:
                ends.append(side * np.inf if side > 0 or not logarithmic else 0.0)
                continue
        ends.append(at(side * _crossing(lambda t, s=side: deviance(fit, name, at(s * t)), width)))  # type: ignore[misc]
    return ends[0], ends[1]


def _crossing(statistic: Callable[[float], float], width: float) -> float:
    """Where the square root of a statistic that grows from 0 reaches `width`."""

    def excess(t: float) -> float:
        return float(np.sqrt(statistic(t)) - width)

    low, high = 0.0, width
    for _ in range(MAX_DOUBLINGS):
        if excess(high) > 0:
            return float(brentq(excess, low, high, xtol=1e-12 * high, rtol=1e-14))
        low, high = high, 2.0 * high
    return float("inf")


def _place(model: Model, name: str) -> int:
    if name not in model.names:
        raise ValueError(f"{name!r} is not a parameter of this model: expected {', '.join(model.names)}.")
    return model.names.index(name)
