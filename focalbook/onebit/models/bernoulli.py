r"""B_i itself is the draw, with logit P(B_i = 1) = v_i theta: logistic regression as a one-bit model."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logit

from focalbook.onebit import _newton, _validate
from focalbook.onebit._tails import Float, Tails, logistic_tails
from focalbook.onebit.existence import missing_directions
from focalbook.onebit.families.bernoulli import BernoulliFamily
from focalbook.onebit.models.base import Model
from focalbook.onebit.models.spec import Problem

__all__ = ["Bernoulli"]


class Bernoulli(Model):
    r"""Coefficients theta of logit P(B_i = 1) = v_i theta.

    Parameters
    ----------
    v : array_like, shape (n, d)
        Known rows v_i. Include a column of ones for an intercept.

    Raises
    ------
    ValueError
        Values that are not finite, no rows or columns.

    Notes
    -----
    The threshold loses nothing: censored and uncensored information agree (claim OB-2).

    Examples
    --------
    >>> fit = Bernoulli([[1.0]]).fit_counts(ones=[3], trials=[4])
    >>> bool(abs(float(fit.estimate[0]) - np.log(3)) < 1e-14)
    True
    """

    family = BernoulliFamily()

    def __init__(self, v: ArrayLike) -> None:
        try:
            rows = np.asarray(v, np.float64)
        except (TypeError, ValueError) as error:
            raise ValueError(f"v must hold real numbers, got {type(v).__name__}.") from error
        if rows.ndim != 2 or 0 in rows.shape:
            raise ValueError(
                f"v has shape {rows.shape}: expected (n, d), one row of coefficients for each bit."
            )
        super().__init__([np.ascontiguousarray(column) for column in rows.T])
        self._design = np.stack(self._columns, axis=1)
        for j, column in enumerate(self._columns):
            good = np.isfinite(column)
            _validate.check_cells(f"column {j} of v", column, good, "finite numbers", "")
        self.names = tuple(f"theta_{j}" for j in range(rows.shape[1]))

    @property
    def design(self) -> Float:
        """Coefficients of beta in the predictor of each cell, shape (c, d)."""
        return self._design

    def predict(self, z: Float) -> Tails:
        """Both probabilities and their derivatives at predictors of shape (..., c)."""
        return logistic_tails(z)

    def parameters(self, beta: Float) -> Float:
        """Parameters from coordinates, shape (r, p) from (r, d)."""
        return beta

    def coordinates(self, parameters: Float) -> Float:
        """Coordinates from parameters, shape (r, d) from (r, p)."""
        return parameters

    def predictor_gradient(self, parameters: Float) -> Float:
        """Derivatives of the predictors in the parameters, shape (r, c, p)."""
        return np.broadcast_to(self._design, (len(parameters), *self._design.shape))

    def uncensored_information(self, parameters: ArrayLike, trials: ArrayLike | None = None) -> Float:
        """The same as the censored information: the bit is the draw."""
        return self.fisher_information(parameters, trials)

    def start(self, ones: Float, zeros: Float) -> Float:
        """First guess of beta, shape (r, d): one step of Fisher scoring from the frequencies of each cell."""
        n = ones + zeros
        p = (ones + 0.5) / (n + 1.0)
        return _newton.least_squares(self._design, logit(p), n * p * (1.0 - p))

    def restrict(self, name: str, value: float) -> Problem | None:
        """The problem with one parameter held at `value`; None where nothing is left."""
        if len(self.names) == 1:
            return None
        j = self.names.index(name)
        return Problem(np.delete(self._design, j, axis=1), self._design[:, j] * value)

    def limits(self, name: str) -> tuple[Problem | None, Problem | None]:
        """Problems at the lower and upper end of a parameter; None where the likelihood vanishes."""
        return None, None

    def identify(self, trials: Float) -> None:
        """Raise where the cells with trials cannot tell the parameters apart."""
        seen = self._design[trials > 0]
        if len(seen) == 0:
            raise ValueError("there are no bits: every number of trials is 0.")
        missing = missing_directions(seen)
        if len(missing):
            told = " + ".join(
                f"{c:.4g} {n}" for c, n in zip(missing[0], self.names, strict=True) if abs(c) > 1e-12
            )
            raise _validate.IdentifiabilityError(
                f"theta is not identifiable: {len(missing)} direction(s) change no predictor, the first "
                f"being {told}. Columns of v depend on each other; drop one."
            )

    def explain(self, ones: Float, zeros: Float) -> str:
        """Why these counts, known to be separated, have no maximum."""
        if not ones.any() or not zeros.any():
            return f"all {int((ones + zeros).sum())} bits are {int(ones.any())}: there is no maximum."
        return (
            "the bits are separated: some linear rule in v predicts every bit (ties aside), so the "
            "likelihood keeps rising and has no maximum. More rows, or fewer columns, are needed."
        )
