"""The Maxwell-Boltzmann mean on an interval of length one, and its inverse, without cancellation.

With s = beta times the length, the mean lies ``gap(s) = 1/s - 1/expm1(s)`` above the lower end: one half
minus
half the Langevin function ``L(t) = coth t - 1/t`` at ``t = s/2``. All functions here take s >= 0; the other
half line follows by reflection.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

SMALL = 3.0  # below, the continued fraction; above, exponentials, where 1/s - 1/expm1(s) no longer cancels
_TERMS = 16  # of the continued fraction: its error at s = 3 is below 1e-30
_ROUNDS = 60
_QUADRATIC = 1e-9  # a Newton step as small as this, relatively, is the last one that rounding lets through


def _ratio(s: Float) -> Float:
    """L(t)/t at t = s/2 <= 3/2, by Lambert's continued fraction 1/(3 + t^2/(5 + t^2/(7 + ...)))."""
    square = np.square(0.5 * np.minimum(s, SMALL))
    tail = np.full_like(square, 2 * _TERMS + 3.0)
    for odd in range(2 * _TERMS + 1, 1, -2):
        tail = odd + square / tail
    return 1.0 / tail


def _decay(s: Float) -> tuple[Float, Float]:
    """1/s and 1/expm1(s) for s >= SMALL (smaller values are raised to it)."""
    s = np.maximum(s, SMALL)
    return 1.0 / s, np.exp(-s) / -np.expm1(-s)


def gap(s: Float) -> Float:
    """Distance of the mean from the nearer end, in units of the length: from 1/2 at s = 0 down to 0."""
    inverse, rest = _decay(s)
    return np.where(s < SMALL, 0.5 - half_langevin(np.minimum(s, SMALL)), inverse - rest)


def half_langevin(s: Float) -> Float:
    """Distance of the mean from the midpoint, in units of the length: 0 at s = 0, 1/2 at infinity."""
    inverse, rest = _decay(s)
    return np.where(s < SMALL, 0.25 * np.minimum(s, SMALL) * _ratio(s), 0.5 - (inverse - rest))


def variance(s: Float) -> Float:
    """Variance in units of the squared length: 1/12 at s = 0, about 1/s^2 for large s."""
    r = _ratio(s)
    near = 0.25 * (1.0 - np.square(0.5 * np.minimum(s, SMALL) * r) - 2.0 * r)  # L' = 1 - L^2 - 2 L/t
    inverse, rest = _decay(s)
    return np.where(s < SMALL, near, inverse**2 - rest * (1.0 + rest))


def log_bulge(s: Float) -> Float:
    """log(sinh(t)/t) at t = s/2 <= 3/2, by the power series: no cancellation near zero."""
    square = np.square(0.5 * np.minimum(s, SMALL))
    total = np.ones_like(square)
    for k in range(_TERMS, 1, -1):
        total = 1.0 + total * square / (2 * k * (2 * k + 1))
    return np.log1p(total * square / 6.0)


def log_shape(s: Float) -> Float:
    """log((1 - exp(-s))/s): the normaliser of exp(-s x) on the unit interval; 0 at s = 0."""
    small, large = np.minimum(s, SMALL), np.maximum(s, SMALL)
    return np.where(s < SMALL, log_bulge(small) - 0.5 * small, np.log(-np.expm1(-large)) - np.log(large))


def entropy(s: Float) -> Float:
    """Differential entropy on the unit interval: 0 at s = 0, about 1 - log s for large s."""
    small, large = np.minimum(s, SMALL), np.maximum(s, SMALL)
    rest = _decay(large)[1]
    with np.errstate(invalid="ignore"):  # infinity times zero, for infinite s
        tail = np.where(np.isinf(large), 0.0, large * rest)
    far = np.log(-np.expm1(-large)) - np.log(large) + 1.0 - tail
    return np.where(s < SMALL, log_bulge(small) - small * half_langevin(small), far)


def _newton(s: Float, near: Float, off: Float) -> tuple[Float, Float]:
    """How much the mean at s is above the wanted one, in any positive unit, and Newton's next value."""
    low, high = np.minimum(s, SMALL), np.maximum(s, SMALL)
    short = half_langevin(low) - off
    rest = high * _decay(high)[1]  # in units of 1/s, where the mean is nearly 1 and its slope nearly -1
    long = near * high - (1.0 - rest)
    far = high * (1.0 - long / (1.0 - rest * (rest + high)))
    return np.where(s < SMALL, short, long), np.where(s < SMALL, low - short / variance(low), far)


def inverse(near: Float, off: Float) -> Float:
    """The s >= 0 whose mean lies `near` from the nearer end and `off` from the midpoint.

    Newton's method inside a bracket, from a rational starting value that is right to five per cent
    everywhere.

    Parameters
    ----------
    near : ndarray, in [0, 1/2]
        Distance from the nearer end; it decides where it is small.
    off : ndarray, in [0, 1/2]
        Distance from the midpoint, ``1/2 - near``; it decides where it is small.

    Returns
    -------
    ndarray
        Infinite where `near` is 0, or so small that 1/near overflows.
    """
    x = 2.0 * off
    with np.errstate(divide="ignore", over="ignore"):
        low, high = 6.0 * x, 1.0 / near  # L(t) <= t/3 and gap(s) <= 1/s
        start = x * (3.0 - x * x) / (2.0 * near * (1.0 - near))
    s = np.clip(start, low, high)
    done = ~np.isfinite(s)
    for _ in range(_ROUNDS):
        at = np.where(np.isinf(s), 1.0, s)
        excess, step = _newton(at, near, off)
        low, high = np.where(excess <= 0, at, low), np.where(excess >= 0, at, high)
        inside = (step >= low) & (step <= high)
        step = np.where(inside, step, 0.5 * (low + high))
        near_enough = np.where(inside, _QUADRATIC, 4e-16) * at
        s, done = np.where(done, s, step), done | (np.abs(step - at) <= near_enough)
        if done.all():
            break
    return s
