r"""X_i exponential with an unknown rate, seen through B_i = 1{X_i >= tau_i}: current-status data."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from focalbook.onebit import _validate
from focalbook.onebit._tails import Float, Tails, poisson_tails
from focalbook.onebit.families.exponential import ExponentialFamily
from focalbook.onebit.models._one import OnePositive

__all__ = ["Exponential"]


class Exponential(OnePositive):
    r"""Rate of exponential waiting times, of which it is known only whether they reach tau_i.

    Parameters
    ----------
    tau : array_like, > 0, shape (n,)
        Times of inspection.

    Raises
    ------
    ValueError
        Times that are not positive, NaN, no rows.

    Notes
    -----
    X >= tau means that a Poisson process of that rate has no event before tau, so the tails are those of a
    Poisson count at threshold 1 with the bits exchanged; concave in the log of the rate.

    Examples
    --------
    >>> fit = Exponential(tau=2.0).fit_counts(ones=[25], trials=[100])
    >>> bool(abs(float(fit.estimate[0]) - np.log(4) / 2) < 1e-14)
    True
    """

    names = ("rate",)
    positive = ("rate",)
    family = ExponentialFamily()
    _sign = -1.0
    _extremes = ("rate grows without bound", "rate falls to 0")

    def __init__(self, tau: ArrayLike) -> None:
        super().__init__(_validate.together(tau=_validate.vector(tau, "tau")))
        (self.tau,) = self._columns
        good = np.isfinite(self.tau) & (self.tau > 0)
        _validate.check_cells("tau", self.tau, good, "numbers above 0", "every waiting time reaches 0")

    def predict(self, z: Float) -> Tails:
        """Both probabilities and their derivatives at predictors of shape (..., c)."""
        count = poisson_tails(self.tau * np.exp(-z), np.ones(1))
        return Tails(
            count.log_zero,
            count.log_one,
            -count.slope_zero,
            -count.slope_one,
            count.curve_zero,
            count.curve_one,
        )

    def start(self, ones: Float, zeros: Float) -> Float:
        """First guess of beta, shape (r, 1)."""
        return self._balance(np.log(self.tau), ones, zeros)

    def uncensored_information(self, parameters: ArrayLike, trials: ArrayLike | None = None) -> Float:
        """n/rate^2: what the rate could be told from the waiting times themselves. Claim OB-2."""
        rate = self.check_parameters(parameters)[0]
        return np.array([[float(self.cell_trials(trials).sum()) / rate**2]])
