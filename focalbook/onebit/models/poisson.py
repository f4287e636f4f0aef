r"""X_i Poisson with mean t_i mu, seen through B_i = 1{X_i >= tau_i}."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from focalbook.onebit import _validate
from focalbook.onebit._tails import Float, Tails, poisson_tails
from focalbook.onebit.families.poisson import PoissonFamily, check_threshold
from focalbook.onebit.models._one import OnePositive

__all__ = ["Poisson"]


class Poisson(OnePositive):
    r"""Mean mu at unit exposure from one-bit counts: X_i ~ Poisson(t_i mu), B_i = 1{X_i >= tau_i}.

    Parameters
    ----------
    exposure : array_like, > 0, shape (n,)
        Known exposures t_i; a single number stands for all rows.
    tau : array_like of whole numbers, >= 1, shape (n,)
        Known thresholds.

    Raises
    ------
    ValueError
        Exposures that are not positive, thresholds that are no whole numbers from 1 on, NaN, lengths that
        differ, no rows.

    Notes
    -----
    The log-likelihood is concave in log mu, because exp(k y - e^y) is log-concave in y and both tail
    integrals of a log-concave density are. Source: ``shah2025onebit``, the Poisson example. Claim OB-5.

    Examples
    --------
    >>> fit = Poisson(exposure=1.0, tau=1).fit_counts(ones=[50], trials=[100])
    >>> bool(abs(float(fit.estimate[0]) - np.log(2)) < 1e-14)
    True
    """

    names = ("mu",)
    positive = ("mu",)
    family = PoissonFamily()
    _sign = 1.0
    _extremes = ("mean falls to 0", "mean grows without bound")

    def __init__(self, exposure: ArrayLike, tau: ArrayLike) -> None:
        columns = {"exposure": _validate.vector(exposure, "exposure"), "tau": _validate.vector(tau, "tau")}
        super().__init__(_validate.together(**columns))
        self.exposure, self.tau = self._columns
        good = np.isfinite(self.exposure) & (self.exposure > 0)
        cause = "nothing can be counted without exposure"
        _validate.check_cells("exposure", self.exposure, good, "numbers above 0", cause)
        check_threshold(self.tau)

    def predict(self, z: Float) -> Tails:
        """Both probabilities and their derivatives at predictors of shape (..., c)."""
        return poisson_tails(self.exposure * np.exp(z), self.tau)

    def start(self, ones: Float, zeros: Float) -> Float:
        """First guess of beta, shape (r, 1)."""
        return self._balance(np.log(self.tau / self.exposure), ones, zeros)

    def uncensored_information(self, parameters: ArrayLike, trials: ArrayLike | None = None) -> Float:
        """Sum of t_i/mu: what mu could be told from the counts themselves. Claim OB-2."""
        mu = self.check_parameters(parameters)[0]
        return np.array([[float((self.cell_trials(trials) * self.exposure).sum()) / mu]])
