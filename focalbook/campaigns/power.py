"""Power of tests over independent runs: visible effects, labels needed, and equivalence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import gammaincinv, ndtr
from scipy.stats import t as student

__all__ = [
    "Equivalence",
    "count_noise",
    "detectable_effect",
    "equality_power",
    "equivalence",
    "labels_needed",
    "power_of_test",
]

Float = NDArray[np.float64]


def _check(sd: float, runs: int, level: float) -> None:
    if not (math.isfinite(sd) and sd > 0):
        raise ValueError(f"the spread between runs must be finite and above 0, got {sd!r}.")
    if runs < 2:
        raise ValueError(f"a spread between runs needs at least 2 of them, got {runs}.")
    if not 0 < level < 1:
        raise ValueError(f"level must lie in (0, 1), got {level!r}.")


def power_of_test(effect: float, sd: float, runs: int, level: float = 0.05) -> float:
    """Power of the two-sided one-sample t-test of "no effect".

    Parameters
    ----------
    effect : float
        True mean of a run.
    sd : float, > 0
        Standard deviation between runs, normally distributed.
    runs : int, >= 2
    level : float, in (0, 1)
        Probability of seeing an effect where there is none.

    Returns
    -------
    float
        Probability that the interval of coverage ``1 - level`` excludes 0: given the measured spread the mean
        is normal, which leaves one integral over the spread.

    Raises
    ------
    ValueError
        An argument outside its range.

    Examples
    --------
    >>> round(power_of_test(1.0, 1.0, 10), 3)
    0.803
    """
    _check(sd, runs, level)
    critical, freedom = student.ppf(1 - level / 2, runs - 1), runs - 1
    shift = abs(effect) / sd * math.sqrt(runs)

    def beyond(quantile: float) -> float:
        width = critical * math.sqrt(2 * gammaincinv(freedom / 2, quantile) / freedom)
        return float(ndtr(shift - width) + ndtr(-shift - width))

    return float(quad(beyond, 0.0, 1.0, epsabs=1e-10)[0])


def equality_power(margin: float, sd: float, runs: int, level: float = 0.05) -> float:
    """Power of :func:`equivalence` where the mean is on target: the probability that this can be shown.

    Parameters
    ----------
    margin : float, > 0
        In the unit of `sd`.
    sd, runs, level
        As for :func:`power_of_test`, the level being that of each of the two one-sided tests.

    Raises
    ------
    ValueError
        An argument outside its range.

    Examples
    --------
    >>> round(equality_power(0.05, 0.04, 10), 2)
    0.95
    """
    _check(sd, runs, level)
    if not margin > 0:
        raise ValueError(f"margin must be above 0, got {margin!r}.")
    critical, freedom = student.ppf(1 - level, runs - 1), runs - 1
    reach = margin / sd * math.sqrt(runs)

    def inside(quantile: float) -> float:
        left = reach - critical * math.sqrt(2 * gammaincinv(freedom / 2, quantile) / freedom)
        return max(0.0, 2 * float(ndtr(left)) - 1)

    return float(quad(inside, 0.0, 1.0, epsabs=1e-10, limit=200)[0])


def count_noise(prevalence: float, labels: float) -> float:
    """Standard deviation of the log of the count of a class among so many labels, for large counts."""
    return math.sqrt((1 - prevalence) / (prevalence * labels))


def detectable_effect(sd: float, runs: int, power: float = 0.9, level: float = 0.05) -> float:
    """The least effect that the t-test finds with the given power.

    Parameters
    ----------
    sd, runs, level
        As for :func:`power_of_test`.
    power : float, in (level, 1)

    Returns
    -------
    float
        In the unit of `sd`; proportional to it.

    Raises
    ------
    ValueError
        An argument outside its range.

    Examples
    --------
    >>> round(detectable_effect(1.0, 10, 0.8), 3)
    0.996
    """
    _check(sd, runs, level)
    if not level < power < 1:
        raise ValueError(f"power must lie between the level {level} and 1, got {power!r}.")
    return sd * _detectable(runs, power, level)


@lru_cache(maxsize=64)
def _detectable(runs: int, power: float, level: float) -> float:
    high = 1.0
    while power_of_test(high, 1.0, runs, level) < power:
        high *= 2.0
    return float(brentq(lambda x: power_of_test(x, 1.0, runs, level) - power, 0.0, high))


def labels_needed(
    effect: float,
    prevalence: float,
    runs: int,
    *,
    share: float = 1.0,
    power: float = 0.9,
    level: float = 0.05,
) -> int:
    """Labels each run needs so that the count noise of a rare class leaves an effect visible.

    Parameters
    ----------
    effect : float, not 0
        Log of the factor by which the probability of the class is changed.
    prevalence : float, in (0, 1)
        Share of the class among the labels.
    runs : int, >= 2
        Independent runs.
    share : float, in (0, 1]
        Share of the labels that bears on the estimate: those of one context, and of a training whose last
        steps forget the first.
    power, level
        As for :func:`detectable_effect`.

    Returns
    -------
    int
        n such that the effect is the one detected with this power: the log of a count has the variance
        (1 - p)/(p n).

    Raises
    ------
    ValueError
        An argument outside its range.
    """
    for name, value, high in (("prevalence", prevalence, 1 - 1e-12), ("share", share, 1.0)):
        if not 0 < value <= high:
            raise ValueError(f"{name} must lie between 0 and 1, got {value!r}.")
    if not (math.isfinite(effect) and effect != 0):
        raise ValueError(f"an effect of {effect!r} cannot be seen with any number of labels.")
    sd = abs(effect) / detectable_effect(1.0, runs, power, level)
    return math.ceil((1 - prevalence) / (prevalence * share * sd**2))


@dataclass(frozen=True)
class Equivalence:
    """Two one-sided t-tests of "the mean differs from the target by more than the margin".

    Attributes
    ----------
    value : float
        Mean minus target.
    low, high : float
        Ends of the interval of coverage 0.90.
    bound : float
        The least margin with which the two count as equal at the level 0.05: the farther end of the interval.
    margin : float
        What was asked for.
    """

    value: float
    low: float
    high: float
    bound: float
    margin: float

    @property
    def holds(self) -> bool:
        """Whether the difference is shown to be smaller than the margin."""
        return self.bound < self.margin


def equivalence(values: Float, target: float, margin: float) -> Equivalence:
    """Test whether runs agree with a target to within a margin.

    Parameters
    ----------
    values : array, shape (runs,)
    target : float
    margin : float, > 0
        In the unit of `values`. To be chosen before the values are seen.

    Returns
    -------
    Equivalence
        That nothing is seen to differ proves nothing; this shows that nothing large does.

    Raises
    ------
    ValueError
        Fewer than two runs, or a margin of 0 or less.
    """
    x = np.asarray(values, dtype=np.float64) - target
    if x.ndim != 1 or len(x) < 2:
        raise ValueError(f"equivalence needs at least 2 runs, got values of shape {x.shape}.")
    if not margin > 0:
        raise ValueError(f"margin must be above 0, got {margin!r}.")
    half = float(student.ppf(0.95, len(x) - 1) * x.std(ddof=1) / np.sqrt(len(x)))
    mean = float(x.mean())
    return Equivalence(mean, mean - half, mean + half, abs(mean) + half, margin)
