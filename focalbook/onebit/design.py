"""Where to put the thresholds: designs of one-bit measurements with a certificate of optimality.

>>> import focalbook as fb
>>> best = fb.onebit.design.gaussian([0.0, 1.0], "D")
>>> best.model.tau.round(3), best.weights.round(3)
(array([-1.138,  1.138]), array([0.5, 0.5]))
>>> best.efficiency_bound > 1 - 1e-7  # against every design with whatever thresholds
True
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.onebit import _criteria, _shares
from focalbook.onebit._apportion import apportion
from focalbook.onebit._ceiling import ceiling
from focalbook.onebit._criteria import factors
from focalbook.onebit._line import on_the_line
from focalbook.onebit._tails import Float
from focalbook.onebit.models.base import Model
from focalbook.onebit.models.gaussian import Gaussian

__all__ = ["Design", "apportion", "efficiency", "evaluate", "factors", "gaussian", "optimal", "worst_case"]

#: Rounds of cutting planes at most.
CUTS = 400


@dataclass(frozen=True, eq=False)
class Design:
    """Shares of bits for the rows of a model.

    Attributes
    ----------
    model : Model
        Its rows are the measurements that may be made.
    weights : ndarray, shape (n,)
        Share of each row, sum one.
    parameters : ndarray, shape (k, p)
        Guesses of the parameters for which it is made.
    criterion : str
        "D", "A", the name of a parameter, or "c".
    values : ndarray, shape (k,)
        What is kept small, for one bit: det(J)^(-1/p), tr J^-1, or the variance c' J^- c. Divide by the
        number of bits.
    efficiency_bound : float
        The efficiency is at least this: no design over the same candidates (for `gaussian`, no design with
        whatever thresholds) has values smaller by more than this factor.
    """

    model: Model
    weights: Float
    parameters: Float
    criterion: str
    values: Float
    efficiency_bound: float
    _duals: Float = field(repr=False)
    _prior: Float = field(repr=False)

    @property
    def value(self) -> float:
        """The criterion at the first guess."""
        return float(self.values[0])

    @property
    def information(self) -> Float:
        """Fisher information of one bit at the first guess, shape (p, p)."""
        f = factors(self.model, self.parameters[:1])[0]
        return (f * self.weights[:, None]).T @ f

    def predictors(self) -> Float:
        """Predictors of the rows at the first guess, shape (n,): z for a Gaussian."""
        return _criteria.by_row(
            self.model, self.model.coordinates(self.parameters[:1]) @ self.model.design.T
        )[0]

    def sensitivity(self, model: Model) -> Float:
        """What bits at the rows of a model of the same kind add, shape (n,): at most one at an optimum."""
        return _shares.sensitivity(factors(model, self.parameters), self._duals, self._prior)

    def trials(self, bits: int) -> NDArray[np.int64]:
        """Whole numbers of bits for the rows, of sum `bits`."""
        return apportion(self.weights, bits)


def optimal(
    model: Model, parameters: ArrayLike, criterion: str | ArrayLike = "D", prior: ArrayLike | None = None
) -> Design:
    """Best shares of bits for the rows of a model.

    Parameters
    ----------
    model : Model
        Any one-bit model; its rows are the candidates.
    parameters : array_like, shape (p,) or (k, p)
        The parameters, or k guesses: then the average logarithm of the efficiency is made large.
    criterion : str or array_like of shape (p,)
        "D": the volume of a confidence region; "A": the sum of variances; the name of a parameter, or the
        coefficients of a combination of parameters: its variance, the rest unknown.
    prior : array_like, shape (k,), optional
        Weights of the guesses, by default equal.

    Returns
    -------
    Design
        With `efficiency_bound` from the equivalence theorem, over these candidates.

    Raises
    ------
    ValueError
        Unknown criterion, parameters out of range, or candidates that cannot tell the parameters apart.

    Notes
    -----
    A design for a single parameter may leave others unidentified: it then needs them to be known. Claim OB-4.

    Examples
    --------
    >>> import focalbook as fb
    >>> model = fb.onebit.Poisson(exposure=1.0, tau=range(1, 15))
    >>> int(fb.onebit.design.optimal(model, 5.0).weights.argmax()) + 1  # the best threshold
    6
    """
    name, target = _criteria.criterion(model, criterion)
    guesses = np.atleast_2d(model.check_parameters(parameters))
    q = _criteria.prior(prior, len(guesses))
    f = factors(model, guesses)
    weights, values, duals = _criteria.solve(f, q, target)
    top = float(_shares.sensitivity(f, duals, q).max())
    bound, duals = _certificate(duals, top, values, target)
    return Design(model, weights, guesses, name, values, bound, duals, q)


def gaussian(
    parameters: ArrayLike,
    criterion: str | ArrayLike = "D",
    w: ArrayLike = 1.0,
    prior: ArrayLike | None = None,
    reach: float = 6.0,
) -> Design:
    """Best thresholds for a Gaussian, anywhere on the real line.

    Parameters
    ----------
    parameters : array_like, shape (2,) or (k, 2)
        Mean a and standard deviation s, or guesses of both.
    criterion, prior
        As for :func:`optimal`.
    w : array_like
        The coefficients w that can be chosen. A sensitivity is convex in w, so of an interval its two ends
        are enough.
    reach : float
        Thresholds of the first grid lie within this many standard deviations.

    Returns
    -------
    Design
        Its `efficiency_bound` holds against every design with these w and whatever thresholds: the
        sensitivity is bounded over the whole line, by claim OB-4.
    """
    choices = np.unique(np.atleast_1d(np.asarray(w, np.float64)))
    model = Gaussian(choices, 0.0)  # refuses w and, below, parameters
    name, target = _criteria.criterion(model, criterion)
    guesses = np.atleast_2d(model.check_parameters(parameters))
    q = _criteria.prior(prior, len(guesses))
    if not (np.isfinite(reach) and reach > 0):
        raise ValueError(f"reach must be above 0 standard deviations, got {reach}.")
    model, weights, values, candidates = on_the_line(choices, guesses, q, target, reach)
    certified = []
    for duals in candidates:
        top = max(ceiling(float(x), guesses, duals, q) for x in choices)
        certified.append(_certificate(duals, top, values, target))
    bound, duals = max(certified, key=lambda pair: pair[0])
    return Design(model, weights, guesses, name, values, bound, duals, q)


def _certificate(duals: Float, top: float, values: Float, target: Float | None) -> tuple[float, Float]:
    """Bound on the efficiency from the largest sensitivity; for a contrast, y is scaled so that it is one."""
    if target is None or target.ndim == 2:
        return min(1.0, 1.0 / top), duals
    scaled = duals / top
    return min(1.0, float(target @ scaled[0] @ target) / float(values[0])), scaled


def worst_case(
    model: Model, guesses: ArrayLike, criterion: str = "D", tolerance: float = 1e-4
) -> tuple[Design, Float]:
    """Shares of bits whose smallest efficiency over several guesses is largest.

    Parameters
    ----------
    model : Model
        Its rows are the candidates.
    guesses : array_like, shape (k, p)
        Parameters that are held possible.
    criterion : {"D", "A"}
        As for :func:`optimal`.
    tolerance : float
        Stop when the certificate is this close.

    Returns
    -------
    design : Design
        `efficiency_bound` compares its smallest efficiency with the largest that any design can have.
    efficiencies : ndarray, shape (k,)
        Efficiency at each guess, against the best design for that guess.

    Notes
    -----
    Every information criterion used here lies below its tangents, so a linear programme over the tangents
    found so far bounds what any design can reach (Kelley's cutting planes).
    """
    name, target = _criteria.criterion(model, criterion)
    if target is not None and target.ndim == 1:
        raise ValueError(f"criterion must be 'D' or 'A' for several guesses, got {criterion!r}.")
    points = np.atleast_2d(model.check_parameters(guesses))
    f = factors(model, points)
    one = np.ones(1)
    best = np.array([1.0 / _criteria.solve(f[k : k + 1], one, target)[1][0] for k in range(len(points))])
    task = _shares.Task(f, np.full(len(points), 1.0 / len(points)), target)
    weights, reached, limit, prior = _shares.maximin(task, best, CUTS, tolerance)
    information = _shares.informations(task, weights)
    duals = _shares.gradients(information, target)
    values = np.exp(-_shares.log_psi(information, target))
    bound = min(1.0, float(reached.min()) / limit)
    return Design(model, weights, points, name, values, bound, duals, prior), reached


def evaluate(
    model: Model, weights: ArrayLike, parameters: ArrayLike, criterion: Literal["D", "A"] = "D"
) -> Design:
    """A given design, with its certificate: how much better any design over the same rows could be.

    Parameters
    ----------
    model : Model
    weights : array_like, shape (n,)
        Shares of the rows, not negative; only their proportions matter.
    parameters : array_like, shape (p,) or (k, p)
        The parameters, or guesses of equal weight.
    criterion : {"D", "A"}
        As for :func:`optimal`.

    Raises
    ------
    ValueError
        Shares that are negative or do not fit the rows; a design that leaves parameters unidentified.
    """
    name, target = _criteria.criterion(model, criterion)
    if target is not None and target.ndim == 1:
        raise ValueError(f"criterion must be 'D' or 'A', got {criterion!r}; see efficiency for a contrast.")
    shares = _criteria.shares(model, weights)
    guesses = np.atleast_2d(model.check_parameters(parameters))
    q = _criteria.prior(None, len(guesses))
    task = _shares.Task(factors(model, guesses), q, target)
    information = _shares.informations(task, shares)
    logarithm = _shares.log_psi(information, target)
    if not np.isfinite(logarithm).all():
        raise ValueError("this design cannot tell the parameters apart: its information is singular.")
    duals = _shares.gradients(information, target)
    bound = 1.0 / float(_shares.sensitivity(task.factors, duals, q).max())
    return Design(model, shares, guesses, name, np.exp(-logarithm), min(1.0, bound), duals, q)


def efficiency(
    model: Model,
    weights: ArrayLike,
    parameters: ArrayLike,
    criterion: str | ArrayLike = "D",
    best: float | None = None,
) -> float:
    """Share of bits that the best design would need for the same accuracy.

    Parameters
    ----------
    model : Model
    weights : array_like, shape (n,)
        Shares of the rows of the model, not negative; only their proportions matter.
    parameters : array_like, shape (p,)
        The true parameters.
    criterion
        As for :func:`optimal`.
    best : float, optional
        Value of the best design; by default the best over the rows of the model.

    Returns
    -------
    float
        0 where the design cannot tell what is asked.
    """
    _, target = _criteria.criterion(model, criterion)
    shares = _criteria.shares(model, weights)
    at = model.check_parameters(parameters)
    if at.shape != (len(model.names),):
        raise ValueError(f"parameters must be one set, {', '.join(model.names)}: got shape {at.shape}.")
    f = factors(model, at)
    if best is None:
        best = float(_criteria.solve(f, np.ones(1), target)[1][0])
    information = (f[0] * shares[:, None]).T @ f[0]
    if target is not None and target.ndim == 1:
        return _criteria.contrast_efficiency(information, target, best)
    return float(best * np.exp(_shares.log_psi(information, target)))
