"""What a focal fit returns: estimates, sandwich covariances, recovered probabilities. Claim OB-8."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from focalbook.onebit import _weights, intervals
from focalbook.onebit._sandwich import Sandwich, sandwich, surely_global
from focalbook.onebit._tails import Float, Tails
from focalbook.onebit.result import CONVERGED

if TYPE_CHECKING:
    from focalbook.onebit.models.base import Model

__all__ = ["FocalBatch", "FocalFit"]


@dataclass(frozen=True, eq=False)
class FocalBatch:
    """Focal estimates of many replicates over the same design.

    Attributes
    ----------
    model : Model
    gamma : float
    proper : bool
        Whether the proper focal score was minimised and not the plain focal loss.
    estimate : ndarray, shape (r, p)
        Parameters in the order of ``model.names``; NaN where there is no minimum.
    loss : ndarray, shape (r,)
        Smallest loss, in nats.
    status : ndarray of int, shape (r,)
        0 fitted; 1 separated; 2 the minimum lies outside the parameter space; 3 not settled.
    ones, trials : ndarray, shape (r, c)
        Counts of each cell.
    population : bool
        The counts are expectations: covariances are those of the limit law.
    """

    model: Model = field(repr=False)
    gamma: float
    proper: bool
    estimate: Float
    loss: Float
    status: NDArray[np.int64]
    ones: Float = field(repr=False)
    trials: Float = field(repr=False)
    population: bool = False

    @property
    def exists(self) -> NDArray[np.bool_]:
        """Where there is an estimate, shape (r,)."""
        return self.status == CONVERGED

    @cached_property
    def _both(self) -> Sandwich:
        out = np.full((2, *self.estimate.shape, self.estimate.shape[1]), np.nan)
        good = self.exists
        counts = self.ones[good], self.trials[good]
        found = sandwich(self.model, self.estimate[good], *counts, self.gamma, self.proper, self.population)
        out[0][good], out[1][good] = found
        return Sandwich(*out)

    @property
    def covariance(self) -> Float:
        """Sandwich covariance A^-1 B A^-1 about the limit, shape (r, p, p). Claim OB-8."""
        return self._both.robust

    @property
    def naive_covariance(self) -> Float:
        """Inverse curvature A^-1, as if the loss were a negative log-likelihood: wrong unless gamma = 0."""
        return self._both.naive

    @property
    def standard_errors(self) -> Float:
        """Square roots of the diagonal of the sandwich covariance, shape (r, p)."""
        return np.sqrt(np.einsum("rii->ri", self.covariance))

    def wald(self, level: float = 0.95, log: bool = False, naive: bool = False) -> Float:
        """Wald intervals for the limit of the estimator, shape (r, p, 2), from the sandwich covariance.

        With `log` on the log scale for positive parameters, with `naive` from the inverse curvature alone.
        """
        found = self.naive_covariance if naive else self.covariance
        errors = np.sqrt(np.einsum("rii->ri", found))
        return intervals.wald(self.model, self.estimate, errors, level, log)

    def _tails(self) -> Tails:
        return self.model.predict(self.model.coordinates(self.estimate) @ self.model.design.T)

    def _rows(self, cells: Float) -> Float:
        index = self.model._index
        return cells if index is None else cells[..., index]

    @property
    def probabilities(self) -> Float:
        """Fitted P(X >= tau) of each row of the design, shape (r, n)."""
        return self._rows(np.exp(self._tails().log_one))

    @property
    def recovered_probabilities(self) -> Float:
        """Fitted probabilities after the inverse map of FE-6, shape (r, n).

        For the plain loss in a saturated design they are the relative frequencies of the cells, whatever
        gamma is. The proper score needs no such step, and its probabilities are returned as they are.
        """
        return self._rows(expit(self._recovered_log_odds()))

    def _recovered_log_odds(self) -> Float:
        tails = self._tails()
        t = tails.log_one - tails.log_zero
        return t if self.proper else _weights.log_odds_of_posterior(t, self.gamma)

    @cached_property
    def recovered_errors(self) -> Float:
        """Standard errors of the recovered probabilities by the delta method, shape (r, n)."""
        tails = self._tails()
        t, p = tails.log_one - tails.log_zero, expit(self._recovered_log_odds())
        rate = (tails.slope_one - tails.slope_zero) * p * (1.0 - p)
        if not self.proper:
            rate = rate * _weights.log_odds_slope(t, self.gamma)
        gradient = self.model.predictor_gradient(self.estimate) * rate[..., None]
        return self._rows(np.sqrt(np.einsum("rcp,rpq,rcq->rc", gradient, self.covariance, gradient)))

    @cached_property
    def recovered_estimate(self) -> Float:
        """Parameters whose likelihood fits the recovered probabilities best, shape (r, p).

        In a saturated design they reproduce them exactly and are the maximum-likelihood estimate; otherwise
        this is the projection of Kullback and Leibler, weighted with the trials of each cell.
        """
        out, good = np.full_like(self.estimate, np.nan), self.exists
        p = expit(self._recovered_log_odds()[good])
        trials = self.trials[good]
        found = self.model._maximise(trials * p, trials * (1.0 - p))
        out[good] = np.where(found.converged[:, None], self.model.parameters(found.beta), np.nan)
        return out


@dataclass(frozen=True, eq=False)
class FocalFit:
    """Focal estimate of one experiment, or the limit of the estimator for given cell probabilities.

    Attributes are those of :class:`FocalBatch` without the axis of replicates, in `batch` with it.
    """

    batch: FocalBatch = field(repr=False)
    estimate: Float
    loss: float

    @property
    def covariance(self) -> Float:
        """Sandwich covariance, shape (p, p). Claim OB-8."""
        return self.batch.covariance[0]

    @property
    def naive_covariance(self) -> Float:
        """Inverse curvature of the loss, shape (p, p): a covariance only at gamma = 0."""
        return self.batch.naive_covariance[0]

    @property
    def standard_errors(self) -> Float:
        """Square roots of the diagonal of the sandwich covariance, shape (p,)."""
        return self.batch.standard_errors[0]

    def wald(self, level: float = 0.95, log: bool = False, naive: bool = False) -> Float:
        """Wald intervals for the limit of the estimator, shape (p, 2); see :meth:`FocalBatch.wald`."""
        return self.batch.wald(level, log, naive)[0]

    @property
    def probabilities(self) -> Float:
        """Fitted P(X >= tau) of each row of the design, shape (n,)."""
        return self.batch.probabilities[0]

    @property
    def recovered_probabilities(self) -> Float:
        """The same after the inverse map of FE-6, shape (n,); see :class:`FocalBatch`."""
        return self.batch.recovered_probabilities[0]

    @property
    def recovered_errors(self) -> Float:
        """Standard errors of the recovered probabilities by the delta method, shape (n,)."""
        return self.batch.recovered_errors[0]

    @property
    def recovered_estimate(self) -> Float:
        """Parameters that fit the recovered probabilities best, shape (p,); see :class:`FocalBatch`."""
        return self.batch.recovered_estimate[0]

    @cached_property
    def certified(self) -> bool:
        """Whether the loss is convex wherever it is at most this small, so that no other minimum is lower.

        False says nothing: the certificate looks at each cell by itself, on a fine grid, and refuses cells
        that show only one value of the bit.
        """
        b = self.batch
        beta = b.model.coordinates(b.estimate)[0]
        return surely_global(b.model, beta, b.ones[0], b.trials[0], b.gamma, b.proper)
