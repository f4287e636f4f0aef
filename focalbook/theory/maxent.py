"""Maxwell-Boltzmann distributions ``C exp(-beta x)``: of all with a given mean, those of largest entropy.

:class:`Interval` is the continuous case, ``low <= x <= high``; :class:`Levels` has finitely many energies,
with multiplicities. Both go from ``beta`` to the mean and back over the whole range, negative ``beta``
included. Energies may carry any unit; ``beta`` has its inverse, entropies are in nats. Claim GC-3.

A float cannot hold a mean that is closer to an end (or to the centre, the mean at ``beta = 0``) than its own
rounding. Where that matters, measure the mean from there: ``origin="low"``, ``"high"`` (the distance below
the upper end) or ``"centre"`` (signed), rather than from ``"zero"``.

>>> float(Interval(0.0, 1.0).beta(1e-15, origin="low") * 1e-15)
1.0
>>> Levels([0.0, 1.0, 2.0]).probabilities(0.0)
array([0.33333333, 0.33333333, 0.33333333])
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from focalbook.theory import _langevin as unit
from focalbook.theory._levels import Levels
from focalbook.theory._origin import Float, place, real, times
from focalbook.theory._origin import check_origin as _check_origin

__all__ = ["Interval", "Levels"]


@dataclass(frozen=True)
class Interval:
    """Energies between `low` and `high`, with the density ``C exp(-beta x)`` there.

    Parameters
    ----------
    low, high : float
        Ends, finite, ``low < high``, with a finite distance.

    Raises
    ------
    ValueError
        NaN or infinite ends, ends in the wrong order or equal, or a distance that overflows.

    Notes
    -----
    Source: ``kimura2024geometric``, Theorem 1. ``beta = +inf`` and ``-inf`` are legal and mean the limit, a
    point mass at `low` and at `high`: variance 0, entropy -inf, density inf at the end and 0 elsewhere.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            value = real(getattr(self, name), name)
            if value.ndim:
                raise ValueError(f"{name} must be one number, got an array of shape {value.shape}.")
            object.__setattr__(self, name, float(value))
        if not self.low < self.high:
            raise ValueError(f"an interval needs low < high, got low = {self.low} and high = {self.high}.")
        if not np.isfinite(self.high - self.low):
            raise ValueError(f"the interval from {self.low} to {self.high} is too long for a float.")

    @property
    def width(self) -> float:
        """``high - low``."""
        return self.high - self.low

    def _scaled(self, beta: ArrayLike) -> tuple[Float, Float]:
        value = real(beta, "beta", infinite=True)
        with np.errstate(over="ignore"):
            return value, np.abs(value) * self.width

    def mean(self, beta: ArrayLike, origin: str = "zero") -> Float:
        """Mean energy: strictly decreasing in beta, from `high` at -inf to `low` at +inf.

        Parameters
        ----------
        beta : array_like
            Any real number, or infinite.
        origin : {"zero", "low", "high", "centre"}
            What the mean is measured from: zero; `low` upwards; `high` downwards; the midpoint (signed).

        Returns
        -------
        ndarray
            Shape of `beta`. Relative error a few 1e-16 of the value; with ``"zero"``, of the larger end.

        Raises
        ------
        ValueError
            NaN, or an unknown origin.
        """
        value, s = self._scaled(beta)
        near, positive = self.width * unit.gap(s), value >= 0
        where = _check_origin(origin)
        if where == "low":
            return np.where(positive, near, self.width - near)[()]
        if where == "high":
            return np.where(positive, self.width - near, near)[()]
        if where == "centre":
            return (-np.sign(value) * self.width * unit.half_langevin(s))[()]
        return np.clip(np.where(positive, self.low + near, self.high - near), self.low, self.high)[()]

    def beta(self, mean: ArrayLike, origin: str = "zero") -> Float:
        """The one beta with a given mean: the inverse of :meth:`mean`.

        Parameters
        ----------
        mean : array_like
            Between the ends, measured from `origin`. Exactly at an end the answer is +inf or -inf.
        origin : {"zero", "low", "high", "centre"}
            See :meth:`mean`.

        Returns
        -------
        ndarray
            Shape of `mean`.

        Raises
        ------
        ValueError
            A mean outside the interval, NaN, or an unknown origin.
        """
        at = place(mean, origin, self.low, self.high, (0.5 * self.width, 0.5 * self.width))
        near = np.minimum(at.above_low, at.below_high) / self.width
        off = np.abs(at.from_centre) / self.width
        with np.errstate(over="ignore"):
            size = unit.inverse(np.minimum(near, 0.5), np.minimum(off, 0.5)) / self.width
        return np.where(at.from_centre == 0, 0.0, np.copysign(size, -at.from_centre))[()]

    def variance(self, beta: ArrayLike) -> Float:
        """Variance, minus the derivative of :meth:`mean`; shape of `beta`."""
        return (unit.variance(self._scaled(beta)[1]) * self.width**2)[()]

    def log_partition(self, beta: ArrayLike, origin: str = "zero") -> Float:
        """``log Z``, where ``Z = int exp(-beta (x - origin)) dx`` and ``C = 1/Z``; shape of `beta`."""
        value, s = self._scaled(beta)
        from_low, from_high = self._ends(origin)
        climb = np.where(value >= 0, times(value, from_low), times(value, from_high))
        point = np.isinf(s)
        shape = np.log(self.width) + unit.log_shape(np.where(point, 0.0, s))
        return np.where(point, np.where(climb == 0, -np.inf, -climb), shape - climb)[()]

    def _ends(self, origin: str) -> tuple[float, float]:
        half = 0.5 * self.width
        ends = {"zero": (self.low, self.high), "low": (0.0, self.width), "high": (-self.width, 0.0)}
        return (ends | {"centre": (-half, half)})[_check_origin(origin)]

    def entropy(self, beta: ArrayLike) -> Float:
        """Differential entropy in nats: ``log(width)`` at beta = 0 and less elsewhere; shape of `beta`."""
        return (np.log(self.width) + unit.entropy(self._scaled(beta)[1]))[()]

    def log_density(self, x: ArrayLike, beta: ArrayLike) -> Float:
        """Logarithm of the density at `x`, broadcast against `beta`; -inf outside the interval.

        Raises
        ------
        ValueError
            NaN in `x` or `beta`.
        """
        place_, (value, s) = real(x, "x", infinite=True), self._scaled(beta)
        inside = (place_ >= self.low) & (place_ <= self.high)
        x_in = np.where(inside, place_, self.low)
        climb = np.where(value >= 0, times(value, x_in - self.low), times(-value, self.high - x_in))
        point = np.isinf(s)
        log = -climb - np.log(self.width) - unit.log_shape(np.where(point, 0.0, s))
        log = np.where(point, np.where(climb > 0, -np.inf, np.inf), log)
        return np.where(inside, log, -np.inf)[()]

    def density(self, x: ArrayLike, beta: ArrayLike) -> Float:
        """Density at `x`; see :meth:`log_density`."""
        return np.exp(self.log_density(x, beta))
