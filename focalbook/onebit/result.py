"""What a fit returns: estimates, their covariance, intervals."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from focalbook.onebit import _newton, intervals
from focalbook.onebit._tails import Float

if TYPE_CHECKING:
    from focalbook.onebit.models.base import Model

__all__ = ["BatchFit", "Fit"]

#: Status of one replicate.
CONVERGED, SEPARATED, OUTSIDE, NOT_CONVERGED = 0, 1, 2, 3


def inverse(information: Float) -> Float:
    """Inverses of positive definite matrices (..., p, p), infinite where bits say nothing."""
    diagonal = np.einsum("...ii->...i", information)
    good = (diagonal > 0).all(axis=-1)
    out = np.where(np.eye(diagonal.shape[-1], dtype=bool), np.inf, np.nan) * np.ones_like(information)
    scale = 1.0 / np.sqrt(np.where(good[..., None], diagonal, 1.0))
    both = scale[..., :, None] * scale[..., None, :]
    scaled = information * both
    good &= np.linalg.det(scaled) != 0  # a direction that drowns in rounding has no finite error
    out[good] = np.linalg.inv(scaled[good]) * both[good]
    return out


@dataclass(frozen=True, eq=False)
class Fit:
    """Maximum-likelihood estimate of a one-bit model.

    Attributes
    ----------
    estimate : ndarray, shape (p,)
        In the order of ``model.names``; for a Gaussian the mean a and the standard deviation s.
    log_likelihood : float
        At the estimate, binomial coefficients left out.
    iterations : int
        Newton steps.
    """

    model: Model = field(repr=False)
    estimate: Float
    log_likelihood: float
    iterations: int
    ones: Float = field(repr=False)
    trials: Float = field(repr=False)
    beta: Float = field(repr=False)

    @cached_property
    def fisher_information(self) -> Float:
        """Censored Fisher information J_n at the estimate, shape (p, p). Claim OB-2."""
        return self.model.cell_information(self.estimate[None, :], self.trials)[0]

    @cached_property
    def covariance(self) -> Float:
        """Asymptotic covariance, the inverse of the Fisher information. Claim OB-3."""
        return inverse(self.fisher_information)

    @cached_property
    def observed_information(self) -> Float:
        """Minus the second derivative of the log-likelihood at the estimate, by the chain rule.

        The gradient vanishes there, so the curvature of the predictors does not enter.
        """
        tails = self.model.predict(self.beta[None, :] @ self.model.design.T)
        curve = -(self.ones * tails.curve_one + (self.trials - self.ones) * tails.curve_zero)[0]
        gradient = self.model.predictor_gradient(self.estimate[None, :])[0]
        return (gradient * curve[:, None]).T @ gradient

    @property
    def standard_errors(self) -> Float:
        """Square roots of the diagonal of the covariance, shape (p,)."""
        return np.sqrt(np.diagonal(self.covariance))

    def wald(self, level: float = 0.95, log: bool = False) -> Float:
        """Wald intervals, shape (p, 2); with `log`, on the log scale for positive parameters."""
        return intervals.wald(self.model, self.estimate, self.standard_errors, level, log)

    def profile(self, name: str, level: float = 0.95) -> tuple[float, float]:
        """Likelihood-ratio interval of one parameter; an end may be infinite where the likelihood allows."""
        return intervals.profile(self, name, level)

    def deviance(self, name: str, value: float) -> float:
        """Twice the fall of the log-likelihood with one parameter held at `value`, the rest refitted."""
        return intervals.deviance(self, name, value)


@dataclass(frozen=True, eq=False)
class BatchFit:
    """Estimates of many replicates over the same design.

    Attributes
    ----------
    estimate : ndarray, shape (r, p)
        NaN where there is none.
    log_likelihood : ndarray, shape (r,)
    status : ndarray of int, shape (r,)
        0 fitted; 1 separated; 2 the likelihood rises to the edge of the parameter space; 3 not settled.
    """

    model: Model = field(repr=False)
    estimate: Float
    log_likelihood: Float
    status: NDArray[np.int64]
    iterations: int
    ones: Float = field(repr=False)
    trials: Float = field(repr=False)

    @property
    def exists(self) -> NDArray[np.bool_]:
        """Where there is an estimate, shape (r,)."""
        return self.status == CONVERGED

    @cached_property
    def fisher_information(self) -> Float:
        """Censored information at each estimate, shape (r, p, p); NaN where there is none."""
        out = np.full((*self.estimate.shape, self.estimate.shape[1]), np.nan)
        good = self.exists
        out[good] = self.model.cell_information(self.estimate[good], self.trials[good])
        return out

    @cached_property
    def covariance(self) -> Float:
        """Inverse of the information, shape (r, p, p)."""
        out = np.full_like(self.fisher_information, np.nan)
        out[self.exists] = inverse(self.fisher_information[self.exists])
        return out

    @property
    def standard_errors(self) -> Float:
        """Shape (r, p)."""
        return np.sqrt(np.einsum("rii->ri", self.covariance))

    def wald(self, level: float = 0.95, log: bool = False) -> Float:
        """Wald intervals, shape (r, p, 2)."""
        return intervals.wald(self.model, self.estimate, self.standard_errors, level, log)

    def deviance(self, name: str, value: float) -> Float:
        """Likelihood-ratio statistic of one parameter held at `value`, shape (r,); NaN without an estimate.

        A likelihood-ratio interval of level 1 - alpha holds `value` exactly when this is at most the
        chi-square quantile.
        """
        out = np.full(len(self.status), np.nan)
        good = self.exists
        zeros = self.trials[good] - self.ones[good]
        held = intervals.held_value(self.model, name, value, self.ones[good], zeros)
        out[good] = np.maximum(2.0 * (self.log_likelihood[good] - held), 0.0)
        return out

    def joint_deviance(self, parameters: Float) -> Float:
        """Likelihood-ratio statistic of all parameters together against given ones, shape (r,)."""
        held = _newton.log_likelihood(self.model.tails(parameters), self.ones, self.trials - self.ones)
        return 2.0 * (self.log_likelihood - held)
