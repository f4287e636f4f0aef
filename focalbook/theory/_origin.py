"""Where means of energies are measured from, and how a mean is placed between the two ends."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float64]
Origin = Literal["zero", "low", "high", "centre"]


class Place(NamedTuple):
    """Where a mean lies; each distance as exact as the origin it was given from allows."""

    above_low: Float
    below_high: Float
    from_centre: Float  # signed


def real(values: ArrayLike, name: str, infinite: bool = False) -> Float:
    """Numbers as float64, without NaN, finite unless `infinite`."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be a number or an array of numbers, got {values!r}.") from error
    if np.isnan(array).any():
        raise ValueError(f"{name} is NaN: drop or repair it first.")
    if not infinite and np.isinf(array).any():
        raise ValueError(f"{name} must be finite, got {array[np.isinf(array)].flat[0]}.")
    return array


def check_origin(origin: str) -> Origin:
    """One of the four origins."""
    if origin not in get_args(Origin):
        raise ValueError(f"origin must be one of {', '.join(get_args(Origin))}, got {origin!r}.")
    return origin  # type: ignore[return-value]


def place(mean: ArrayLike, origin: str, low: float, high: float, centre: tuple[float, float]) -> Place:
    """Distances of a mean from both ends and from the centre, whose own distances from them are `centre`.

    Raises
    ------
    ValueError
        NaN, an unknown origin, or a mean outside the energies: no distribution on them has it.
    """
    value, width, where = real(mean, "mean"), high - low, check_origin(origin)
    left, right = centre
    if where == "zero":
        above, below = value - low, high - value
    elif where == "low":
        above, below = value, width - value
    elif where == "high":
        above, below = width - value, value
    else:
        above, below = left + value, right - value
    bad = (above < 0) | (below < 0)
    if bad.any():
        raise ValueError(
            f"mean {value[bad].flat[0]} (measured from {where!r}) is outside the energies {low} to "
            f"{high}: a mean "
            "lies between the smallest and the largest value. Are mean and energies in the same unit?"
        )
    if where == "centre":
        return Place(above, below, value)
    off = np.where(above <= below, above - left, right - below)
    return Place(above, below, off)


def times(beta: Float, energy: float | Float) -> Float:
    """beta times an energy, 0 where the energy is 0 even if beta is infinite."""
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where(np.asarray(energy) == 0.0, 0.0, beta * energy)
