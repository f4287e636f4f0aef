r"""One-bit models fitted with focal loss: where the estimates go, how they scatter, what can be restored.

The plain estimator minimises sum_i k_i l(p_i) + (n_i - k_i) l(1 - p_i). Each cell pulls its probability to
the minimiser Q* of the focal-entropy and not to the truth. Two remedies: the inverse map of the fitted
probabilities, exact where every cell has a parameter of its own; and the proper focal score l(Q*(p)), which
is a likelihood with the score of each cell reweighted, right in every design. Claim OB-8.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from focalbook.onebit import _newton, _validate, _weights
from focalbook.onebit._focal_result import FocalBatch, FocalFit
from focalbook.onebit._sandwich import sandwich, weighted
from focalbook.onebit._tails import Float, Tails
from focalbook.onebit.existence import overlap
from focalbook.onebit.models.base import Model
from focalbook.onebit.result import CONVERGED, NOT_CONVERGED, OUTSIDE, SEPARATED
from focalbook.onebit.result import inverse as inverse_information
from focalbook.theory._validate import check_gamma

__all__ = ["FocalBatch", "FocalFit", "focal_efficiency", "focal_fit", "focal_fit_batch", "focal_limit"]


#: Largest gamma whose losses and their squares are ordinary numbers.
MAX_GAMMA = 300.0
#: Most starts from a few cells each, beside the two that every single fit has.
MAX_CORNERS = 20


def _gamma(gamma: float) -> float:
    g = check_gamma(gamma)
    if g.ndim:
        raise ValueError(f"gamma has shape {g.shape}: expected one number, the gamma of the whole fit.")
    if g > MAX_GAMMA:
        raise ValueError(
            f"gamma is {float(g):g}: expected at most {MAX_GAMMA:g}. The loss of a coin flip is "
            f"2^-gamma log 2, and beyond that its square underflows."
        )
    return float(g)


def _minimise(model: Model, ones: Float, zeros: Float, gamma: float, proper: bool) -> _newton.Solution:
    """The lowest of the minima that Newton's method finds: many starts for one experiment, one for a batch.

    For a batch it is the likelihood's fit for the proper score, which has the same limit, and the fit to the
    reports of the frequencies for the plain loss.
    """

    def predict(z: Float) -> Tails:
        tails = model.predict(z)
        return _weights.ascending(tails, weighted(tails, gamma, proper))

    alone = len(ones) == 1
    starts = [model._maximise(ones, zeros).beta] if proper or gamma == 0 or alone else []
    if gamma > 0 and not (proper and not alone):
        starts.append(_reported(model, ones, zeros, gamma).beta)
    if gamma > 0 and alone:
        starts.append(_corners(model, ones, zeros, gamma))
    start = np.concatenate(starts)
    if alone:
        ones, zeros = (np.repeat(x, len(start), axis=0) for x in (ones, zeros))
    with np.errstate(invalid="ignore", over="ignore"):  # a start may run away; it then counts as failed
        found = _newton.maximise(model.design, predict, ones, zeros, start, longest=model._longest)
    if not alone:
        return found
    k = int(np.argmax(np.where(found.converged, found.log_likelihood, -np.inf)))
    best = slice(k, k + 1)
    return _newton.Solution(
        found.beta[best], found.log_likelihood[best], found.converged[best], found.iterations
    )


def _reported(model: Model, ones: Float, zeros: Float, gamma: float) -> _newton.Solution:
    """Likelihood fit to the reports Q* of the cell frequencies: where a saturated design would end."""
    n = ones + zeros
    q = expit(_weights.log_odds_of_report(np.log((ones + 0.5) / (zeros + 0.5)), gamma))
    return model._maximise(n * q, n * (1.0 - q))


def _corners(model: Model, ones: Float, zeros: Float, gamma: float) -> Float:
    """Starts for one experiment, shape (m, d): fits to as many cells as there are coordinates.

    A valley of the total lies near those of its cells, and these are where its cells have theirs.
    """
    live = np.flatnonzero((ones[0] > 0) & (zeros[0] > 0))
    d = model.design.shape[1]
    sets = list(itertools.islice(itertools.combinations(live, d), 10 * MAX_CORNERS))
    chosen = np.array(sets[:: max(1, len(sets) // MAX_CORNERS)][:MAX_CORNERS], int).reshape(-1, d)
    chosen = chosen[np.linalg.matrix_rank(model.design[chosen]) == d]
    if not len(chosen):
        return np.empty((0, d))
    mask = np.zeros((len(chosen), ones.shape[1]))
    np.put_along_axis(mask, chosen, 1.0, axis=1)
    found = _reported(model, mask * ones, mask * zeros, gamma)
    return found.beta[found.converged]


def _batch(
    model: Model, ones: Float, trials: Float, gamma: float, proper: bool, population: bool
) -> FocalBatch:
    """Fit counts of cells, shape (r, c)."""
    model.identify(trials.max(axis=0))
    zeros = trials - ones
    status = np.full(len(ones), SEPARATED)
    estimate, loss = np.full((len(ones), len(model.names)), np.nan), np.full(len(ones), np.nan)
    good = np.flatnonzero(overlap(model.overlap_design(), ones > 0, zeros > 0))
    if good.size:
        found = _minimise(model, ones[good], zeros[good], gamma, proper)
        inside = model.admissible(found.beta)
        status[good] = np.where(found.converged, np.where(inside, CONVERGED, OUTSIDE), NOT_CONVERGED)
        fine = found.converged & inside
        estimate[good[fine]] = model.parameters(found.beta[fine])
        loss[good[fine]] = -found.log_likelihood[fine]
    return FocalBatch(model, gamma, proper, estimate, loss, status, ones, trials, population)


def _single(batch: FocalBatch) -> FocalFit:
    """The only replicate; the reasons why there is none are errors."""
    status, model = int(batch.status[0]), batch.model
    if status == SEPARATED:
        raise _validate.ExistenceError(model.explain(batch.ones[0], (batch.trials - batch.ones)[0]))
    if status == OUTSIDE:
        raise _validate.ExistenceError(
            f"the focal loss has no minimum in the parameter space. For the likelihood it would mean: "
            f"{model.outside()}"
        )
    if status == NOT_CONVERGED:
        raise ArithmeticError("Newton's method did not settle: the loss is too flat for double precision.")
    return FocalFit(batch, batch.estimate[0], float(batch.loss[0]))


def focal_fit(
    model: Model, ones: ArrayLike, trials: ArrayLike, gamma: float, proper: bool = False
) -> FocalFit:
    """Estimate the parameters of a one-bit model by focal loss.

    Parameters
    ----------
    model : Model
        A design, such as :class:`focalbook.onebit.Gaussian`.
    ones : array_like of whole numbers, shape (n,)
        Bits that were 1 at each row of the design.
    trials : array_like of whole numbers, shape (n,)
        Bits at each row, at least `ones`.
    gamma : float, >= 0
        Focusing parameter; 0 is maximum likelihood.
    proper : bool
        Minimise the proper focal score l(Q*(p)) of FE-14 and not the plain focal loss l(p).

    Returns
    -------
    FocalFit
        Estimate, sandwich covariance about its limit, recovered probabilities.

    Raises
    ------
    ExistenceError
        There is no minimum: exactly where the likelihood has no maximum, or the minimum has s <= 0.
    IdentifiabilityError
        The design cannot tell the parameters apart.
    ValueError
        Counts that are not whole, ones above trials, gamma negative or not finite.

    Notes
    -----
    The plain estimator is inconsistent for gamma > 0. The loss need not be convex in the coordinates and can
    have several minima: the lowest of those found from up to 22 starts is returned, and
    :attr:`FocalFit.certified` says whether it is surely the global one. Batches use one start.
    Source: ``shah2025onebit`` for the model; the estimators are this book's. Claim OB-8.

    Examples
    --------
    >>> from focalbook.onebit import Gaussian
    >>> fit = focal_fit(Gaussian(1.0, [-1.0, 1.0]), ones=[84, 16], trials=[100, 100], gamma=2.0)
    >>> fit.probabilities.round(3), fit.recovered_probabilities.round(3)
    (array([0.65, 0.35]), array([0.84, 0.16]))
    """
    g = _gamma(gamma)
    k, n = model.cell_counts(ones, trials)
    if k.ndim != 1:
        raise ValueError(f"ones has shape {k.shape}: expected one experiment; see focal_fit_batch for many.")
    return _single(_batch(model, k[None, :], n[None, :], g, proper, population=False))


def focal_fit_batch(
    model: Model, ones: ArrayLike, trials: ArrayLike, gamma: float, proper: bool = False
) -> FocalBatch:
    """Focal estimates of many experiments over the same design at once.

    Parameters
    ----------
    model : Model
        A design.
    ones : array_like of whole numbers, shape (r, n)
        Counts of ones in each replicate.
    trials : array_like of whole numbers, shape (n,) or (r, n)
        Bits behind each count.
    gamma : float, >= 0
        Focusing parameter.
    proper : bool
        As for :func:`focal_fit`.

    Returns
    -------
    FocalBatch
        Replicates without a minimum have NaN estimates and say why in `status`; nothing is raised for them.

    Raises
    ------
    IdentifiabilityError, ValueError
        As for :func:`focal_fit`.
    """
    g = _gamma(gamma)
    k, n = model.cell_counts(np.atleast_2d(np.asarray(ones, np.float64)), trials)
    return _batch(model, k, n, g, proper, population=False)


def focal_limit(
    model: Model, probabilities: ArrayLike, trials: ArrayLike, gamma: float, proper: bool = False
) -> FocalFit:
    """Limit of a focal estimator when the bits have given probabilities (its pseudo-true value).

    Parameters
    ----------
    model : Model
        The design that is fitted. The probabilities need not belong to it.
    probabilities : array_like in (0, 1), shape (n,)
        True P(B = 1) at each row of the design.
    trials : array_like >= 0, shape (n,), or a number
        Bits at each row: weights of the rows in the limit, and the scale of the covariance.
    gamma : float, >= 0
        Focusing parameter.
    proper : bool
        As for :func:`focal_fit`.

    Returns
    -------
    FocalFit
        With the limit as its estimate and the covariance of the limit law at these trials.

    Raises
    ------
    ExistenceError, IdentifiabilityError
        As for :func:`focal_fit`.
    ValueError
        Probabilities outside (0, 1), trials negative or not finite, wrong shapes.

    Examples
    --------
    >>> from focalbook.onebit import Poisson
    >>> limit = focal_limit(Poisson(1.0, 1), [0.9], 100, gamma=2.0)
    >>> limit.probabilities.round(4), limit.recovered_probabilities.round(4)  # see fb.minimizer
    (array([0.6942]), array([0.9]))
    """
    g = _gamma(gamma)
    try:
        p, n = (np.broadcast_to(np.asarray(x, np.float64), (model.rows,)) for x in (probabilities, trials))
    except ValueError as error:
        raise ValueError(
            f"probabilities and trials must have one entry for each of the {model.rows} rows."
        ) from error
    if not ((p > 0) & (p < 1)).all():
        raise ValueError(f"probabilities must lie inside (0, 1), got {p[~((p > 0) & (p < 1))][0]}.")
    if not (np.isfinite(n) & (n >= 0)).all():
        raise ValueError("trials must be finite and at least 0.")
    cells = [_add_rows(model, x) for x in (n * p, n)]
    return _single(_batch(model, cells[0][None, :], cells[1][None, :], g, proper, population=True))


def _add_rows(model: Model, x: Float) -> Float:
    """Sums over the rows of each cell; unlike counts they need not be whole."""
    if model._index is None:
        return np.array(x)
    return np.bincount(model._index, weights=x, minlength=model.design.shape[0]).astype(np.float64)


def focal_efficiency(
    model: Model, parameters: ArrayLike, gamma: float, trials: ArrayLike | None = None
) -> Float:
    """Asymptotic efficiency of the proper-score estimator: its variances against maximum likelihood.

    Parameters
    ----------
    model : Model
        A design.
    parameters : array_like, shape (p,)
        True parameters.
    gamma : float, >= 0
        Focusing parameter.
    trials : array_like, shape (n,), optional
        Bits at each row of the design; by default one.

    Returns
    -------
    ndarray, shape (p,)
        Variance of the maximum-likelihood estimate of each parameter over that of the proper-score estimate,
        at most 1; 1 where every cell has the same weight omega. Claim OB-8.
    """
    g = _gamma(gamma)
    flat = model.check_parameters(parameters).reshape(1, -1)
    n = model.cell_trials(trials)[None, :]
    best = np.diagonal(inverse_information(model.cell_information(flat, n[0]))[0])
    found = sandwich(model, flat, n, n, g, proper=True, population=False).robust[0]
    return best / np.diagonal(found)
