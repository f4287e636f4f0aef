"""Logistic regression with focal loss on a rare event of known probability, kept as a table of counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_expit

__all__ = ["Fit", "RareEvents", "draw_counts", "fit", "run"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class RareEvents:
    """Design of the experiment: one feature x, P(event | x) = 1 / (1 + exp(-(intercept + slope x))).

    Attributes
    ----------
    intercept, slope : float
        Log-odds of the event at x = 0, and their growth with x.
    reach : float, > 0
        The feature is spread evenly over [-reach, reach].
    places : int, >= 2
        Distinct values of the feature.
    rows : int
        Samples in a data set, the same number at each place.
    gammas : tuple of float
        Focusing parameters, each at least 0.
    seeds : tuple of int
        One data set each.
    """

    intercept: float = -7.0
    slope: float = 1.5
    reach: float = 3.0
    places: int = 61
    rows: int = 6_100_000
    gammas: tuple[float, ...] = (0.0, 1.0, 2.0, 5.0)
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)

    @property
    def x(self) -> Float:
        """Values of the feature, shape (places,)."""
        return np.linspace(-self.reach, self.reach, self.places)

    @property
    def posterior(self) -> Float:
        """Probability of the event at each value, shape (places,)."""
        return expit(self.intercept + self.slope * self.x)


@dataclass(frozen=True)
class Fit:
    """One fitted model, 1 / (1 + exp(-(intercept + slope x))).

    Attributes
    ----------
    gamma : float
    seed : int
    intercept, slope : float
    gradient : float
        Largest component of the gradient of the mean loss at the end, in nats.
    """

    gamma: float
    seed: int
    intercept: float
    slope: float
    gradient: float

    def probability(self, x: Float) -> Float:
        """What the model reports for the event, shape of x."""
        return expit(self.intercept + self.slope * x)


def draw_counts(design: RareEvents, seed: int) -> NDArray[np.int64]:
    """Number of events at each value of the feature, among ``rows // places`` samples there."""
    rng = np.random.default_rng(seed)
    return rng.binomial(design.rows // design.places, design.posterior)


def _loss(t: Float, gamma: float) -> tuple[Float, Float]:
    """Focal loss of an event whose log-odds in the model are t, and its derivative in t."""
    log_q, log_rest = log_expit(t), log_expit(-t)
    weight = np.exp(gamma * log_rest)
    q = np.exp(log_q)
    return -weight * log_q, weight * (gamma * q * log_q - np.exp(log_rest))


def fit(x: Float, events: Float, others: Float, gamma: float, start: Sequence[float] = (0.0, 0.0)) -> Fit:
    """Fit a logistic regression with focal loss to counts.

    Parameters
    ----------
    x : ndarray, shape (k,)
        Values of the feature.
    events, others : ndarray, shape (k,)
        Samples with and without the event, at each value.
    gamma : float, >= 0
        Focusing parameter.
    start
        Intercept and slope to begin with.

    Returns
    -------
    Fit
        With ``seed`` -1.

    Raises
    ------
    ValueError
        If there are no events, or nothing but events: the fit would run away to infinity.
    """
    total = float(np.sum(events) + np.sum(others))
    if not 0 < np.sum(events) < total:
        raise ValueError(
            f"a fit needs samples with and without the event, got {np.sum(events):g} of {total:g}."
        )

    def objective(theta: Float) -> tuple[float, Float]:
        t = theta[0] + theta[1] * x
        yes, slope_yes = _loss(t, gamma)
        no, slope_no = _loss(-t, gamma)
        pull = (events * slope_yes - others * slope_no) / total
        return float(events @ yes + others @ no) / total * SCALE, SCALE * np.array([pull.sum(), pull @ x])

    found = minimize(objective, np.asarray(start, float), jac=True, method="BFGS", options={"gtol": 1e-7})
    return Fit(gamma, -1, float(found.x[0]), float(found.x[1]), float(np.abs(found.jac).max() / SCALE))


#: Losses of rare events are tiny; the optimiser sees them times this factor.
SCALE = 1e4


def run(design: RareEvents | None = None) -> list[Fit]:
    """Draw a data set for each seed and fit one model for each gamma and seed. Nothing is written."""
    design = RareEvents() if design is None else design
    fits = []
    for seed in design.seeds:
        events = draw_counts(design, seed).astype(float)
        others = design.rows // design.places - events
        for gamma in design.gammas:
            one = fit(design.x, events, others, gamma)
            fits.append(Fit(gamma, seed, one.intercept, one.slope, one.gradient))
    return fits
