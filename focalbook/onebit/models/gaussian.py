r"""X_i = w_i a + C_i with C_i normal of unknown standard deviation s, seen through B_i = 1{X_i >= tau_i}."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from focalbook.onebit import _newton, _validate
from focalbook.onebit._tails import Bool, Float, Tails, normal_tails
from focalbook.onebit.existence import residual
from focalbook.onebit.families.gaussian import GaussianFamily
from focalbook.onebit.models.base import Model
from focalbook.onebit.models.spec import Problem

__all__ = ["Gaussian"]

#: Ratios tau/w that agree to this many units in the last place are one ratio.
RATIO_ULPS = 8
#: Thresholds that move no predictor by more than this, relative to its size, say nothing about s.
ROUNDING = 1e-13


class Gaussian(Model):
    r"""Mean a and standard deviation s from one-bit measurements of w_i a + C_i, C_i ~ N(0, s^2).

    Parameters
    ----------
    w : array_like, shape (n,)
        Known coefficients; a single number stands for all rows.
    tau : array_like, shape (n,)
        Known thresholds, in the unit of X.

    Raises
    ------
    ValueError
        Values that are not finite, lengths that differ, no rows.

    Notes
    -----
    P(B_i = 1) = N(z_i) with z_i = (w_i a - tau_i)/s. In the coordinates ((a - c)/s, 1/s) this is a probit
    likelihood and concave (claim OB-4). The centre c is the median of tau/w, and tau - w c is formed without
    losing digits, so thresholds may share a large offset. Source: ``shah2025onebit``, the Gaussian example.

    Examples
    --------
    >>> model = Gaussian(w=[1.0, 1.0, 1.0], tau=[-1.0, 0.0, 1.0])
    >>> a, s = model.fit_counts(ones=[84, 50, 16], trials=[100, 100, 100]).estimate
    >>> round(abs(float(a)), 6), round(float(s), 2)
    (0.0, 1.01)
    """

    names = ("a", "s")
    positive = ("s",)
    family = GaussianFamily()

    def __init__(self, w: ArrayLike, tau: ArrayLike) -> None:
        super().__init__(_validate.together(w=_validate.vector(w, "w"), tau=_validate.vector(tau, "tau")))
        self.w, self.tau = self._columns
        for name, x in (("w", self.w), ("tau", self.tau)):
            good = np.isfinite(x) & (np.abs(x) < 1e150)
            _validate.check_cells(name, x, good, "finite numbers", "choose another unit")
        moving = self.w != 0
        ratios = self.tau[moving] / self.w[moving]
        #: The centre c of the coordinates.
        self.centre = float(np.sort(ratios)[ratios.size // 2]) if ratios.size else 0.0
        if not np.isfinite(self.centre):
            self.centre = 0.0
        self._shifted = residual(self.w, self.tau, self.centre)
        self._design = np.stack([self.w, -self._shifted], axis=1)

    @property
    def design(self) -> Float:
        """Coefficients of beta in the predictor of each cell, shape (c, d)."""
        return self._design

    def overlap_design(self) -> Float:
        """The design as it was given: separation is decided by its exact ratios."""
        return np.stack([self.w, -self.tau], axis=1)

    def predict(self, z: Float) -> Tails:
        """Both probabilities and their derivatives at predictors of shape (..., c)."""
        return normal_tails(z)

    def parameters(self, beta: Float) -> Float:
        """Parameters from coordinates, shape (r, p) from (r, d)."""
        return np.stack([self.centre + beta[:, 0] / beta[:, 1], 1.0 / beta[:, 1]], axis=1)

    def coordinates(self, parameters: Float) -> Float:
        """Coordinates from parameters, shape (r, d) from (r, p)."""
        a, s = parameters[..., 0], parameters[..., 1]
        return np.stack([(a - self.centre) / s, 1.0 / s], axis=-1)

    def start(self, ones: Float, zeros: Float) -> Float:
        """First guess of beta, shape (r, 2): one step of Fisher scoring from the frequencies of each cell."""
        n = ones + zeros
        p = (ones + 0.5) / (n + 1.0)
        z = ndtri(p)
        return _newton.least_squares(self._design, z, n * np.exp(-z * z) / (p * (1.0 - p)))

    def admissible(self, beta: Float) -> Bool:
        """Where coordinates belong to parameters, shape (r,): 1/s is above what rounding leaves of 0.

        Rounding matters where the maximum has 1/s = 0 exactly. Claim OB-6.
        """
        told = np.abs(self._shifted).max() * beta[:, 1]
        return np.asarray(told > ROUNDING * (1.0 + np.abs(self.w).max() * np.abs(beta[:, 0])))

    def outside(self) -> str:
        """What it means that the maximum is not admissible."""
        return (
            "the likelihood has no maximum with s > 0: ones do not become rarer as thresholds rise, so it "
            "keeps rising towards s = infinity. Check that b = 1 means X >= tau; otherwise more bits, or "
            "thresholds further apart, are needed."
        )

    def predictor_gradient(self, parameters: Float) -> Float:
        """Derivatives of the predictors in the parameters, shape (r, c, p)."""
        z = self.coordinates(parameters) @ self.design.T
        s = parameters[:, 1, None]
        return np.stack([np.broadcast_to(self.w / s, z.shape), -z / s], axis=-1)

    def uncensored_information(self, parameters: ArrayLike, trials: ArrayLike | None = None) -> Float:
        """Diagonal of sum w_i^2/s^2 and 2n/s^2: what a and s could be told from the X_i. Claim OB-2."""
        s = self.check_parameters(parameters)[1]
        n = self.cell_trials(trials)
        return np.diag([float((n * self.w**2).sum()), 2.0 * float(n.sum())]) / s**2

    def natural_design(self) -> Float:
        """V_i with natural parameter V_i theta, theta = (a/s^2, -1/(2 s^2)): shape (c, 2, 2)."""
        v = np.zeros((self.w.size, 2, 2))
        v[:, 0, 0], v[:, 1, 1] = self.w, 1.0
        return v

    def restrict(self, name: str, value: float) -> Problem | None:
        """The problem with one parameter held at `value`; None where nothing is left."""
        if name == "a":
            return Problem(-residual(self.w, self.tau, value)[:, None], 0.0, non_negative=True)
        return Problem(self.w[:, None], -self._shifted / value)

    def limits(self, name: str) -> tuple[Problem | None, Problem | None]:
        """Problems at the lower and upper end of a parameter; None where the likelihood vanishes."""
        flat = self.w[:, None]
        if name == "a":
            return Problem(flat, 0.0, True, -1.0), Problem(flat, 0.0, True, 1.0)
        return None, Problem(flat, 0.0)

    def identify(self, trials: Float) -> None:
        """Raise where the cells with trials cannot tell the parameters apart."""
        seen = trials > 0
        w, tau = self.w[seen], self.tau[seen]
        if w.size == 0:
            raise ValueError("there are no bits: every number of trials is 0.")
        if not w.any():
            raise _validate.IdentifiabilityError(
                "a is not identifiable: every w is 0 and no bit depends on a. Missing: (a, s) = (1, 0)."
            )
        at = int(np.argmax(np.abs(w)))
        ratio = float(tau[at] / w[at])
        rounding = RATIO_ULPS * np.finfo(np.float64).eps * np.maximum(np.abs(tau), np.abs(w * ratio))
        if (np.abs(residual(w, tau, ratio)) <= rounding).all():
            raise _validate.IdentifiabilityError(
                f"a and s are not identifiable together: every row has the same ratio tau/w = {ratio:.12g}, "
                f"so the bits tell only (a - {ratio:.12g})/s. The missing direction is along "
                f"({ratio:.12g}, 0) + t (a - {ratio:.12g}, s), t > 0; a second ratio tau/w is needed."
            )

    def explain(self, ones: Float, zeros: Float) -> str:
        """Why these counts, known to be separated, have no maximum."""
        if not ones.any() or not zeros.any():
            return (
                f"all {int((ones + zeros).sum())} bits are {int(ones.any())}: the likelihood has no maximum. "
                f"Thresholds must be moved until both values occur."
            )
        value = self._rule(ones > 0, zeros > 0, 1.0)
        if value is not None:
            rule = f"b = 1 exactly where w a >= tau, with a = {value:.6g}, predicts every bit (ties aside)"
        elif self._rule(ones > 0, zeros > 0, -1.0) is not None:
            rule = "a rule the other way round predicts every bit (does b = 1 mean X >= tau?)"
        else:
            rule = "the sign of w predicts every bit (ties aside)"
        return (
            f"the bits are separated: {rule}, so the likelihood keeps rising and has no maximum. More bits "
            f"are needed near the thresholds where the two values meet."
        )

    def _rule(self, ones: Bool, zeros: Bool, sign: float) -> float | None:
        """An a whose rule sign (w a - tau) >= 0 predicts every bit, ties aside; None if there is none."""
        flat = self.w == 0
        if (ones & flat & (sign * self.tau > 0)).any() or (zeros & flat & (sign * self.tau < 0)).any():
            return None
        ratio = self.tau / np.where(flat, 1.0, self.w)
        rising, falling = sign * self.w > 0, sign * self.w < 0
        low = ratio[(ones & rising) | (zeros & falling)].max(initial=-np.inf)
        high = ratio[(ones & falling) | (zeros & rising)].min(initial=np.inf)
        if low > high:
            return None
        ends = [x for x in (low, high) if np.isfinite(x)]
        return float(sum(ends) / len(ends)) if ends else 0.0
