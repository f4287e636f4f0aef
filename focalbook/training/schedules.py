"""Learning rates over a run, as shares of the peak. A step counts from 0."""

from __future__ import annotations

import math
from collections.abc import Callable

__all__ = ["SCHEDULES", "constant", "cosine", "learning_rates", "linear"]


def linear(step: int, steps: int, warmup: float) -> float:
    """One cycle: linear rise over ``warmup * steps``, then linear fall to 0 after `steps`."""
    rise = warmup * steps
    if step < rise:
        return (step + 1) / (rise + 1)
    return (steps - step) / (steps - rise)


def cosine(step: int, steps: int, warmup: float) -> float:
    """Linear rise over ``warmup * steps``, then half a cosine down to 0 after `steps`."""
    rise = warmup * steps
    if step < rise:
        return (step + 1) / (rise + 1)
    return 0.5 * (1.0 + math.cos(math.pi * (step - rise) / (steps - rise)))


def constant(step: int, steps: int, warmup: float) -> float:
    """The peak throughout."""
    return 1.0


#: Schedules by the name that a configuration has for them.
SCHEDULES: dict[str, Callable[[int, int, float], float]] = {
    "one-cycle": linear,
    "cosine": cosine,
    "constant": constant,
}


def learning_rates(name: str, steps: int, peak: float, warmup: float) -> list[float]:
    """Learning rate of every step.

    Parameters
    ----------
    name : str
        One of :data:`SCHEDULES`.
    steps : int, >= 1
    peak : float, > 0
    warmup : float, in [0, 1)
        Share of the steps in which the rate rises.

    Returns
    -------
    list of float, length `steps`
        Above 0 throughout.

    Notes
    -----
    Sources: ``smith2018superconvergence`` for one cycle (its last phase, below the initial rate, included in
    the fall), ``loshchilov2017sgdr`` for the cosine.
    """
    return [peak * SCHEDULES[name](step, steps, warmup) for step in range(steps)]
