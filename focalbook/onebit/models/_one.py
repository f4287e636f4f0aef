"""What models with one positive parameter share: its logarithm, up to sign, is the concave coordinate."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from focalbook.onebit._tails import Float
from focalbook.onebit.models.base import Model
from focalbook.onebit.models.spec import Problem


class OnePositive(Model):
    """One positive parameter exp(sign * beta); every cell has the predictor beta itself."""

    _longest = 3.0  # far away the curvature in the logarithm says nothing about the maximum
    _sign: ClassVar[float]
    #: What the parameter does to the bits, for messages.
    _extremes: ClassVar[tuple[str, str]]

    @property
    def design(self) -> Float:
        """Coefficients of beta in the predictor of each cell, shape (c, d)."""
        return np.ones((self.trials.size, 1))

    def parameters(self, beta: Float) -> Float:
        """Parameters from coordinates, shape (r, p) from (r, d)."""
        return np.exp(self._sign * beta)

    def coordinates(self, parameters: Float) -> Float:
        """Coordinates from parameters, shape (r, d) from (r, p)."""
        return self._sign * np.log(parameters)

    def predictor_gradient(self, parameters: Float) -> Float:
        """Derivatives of the predictors in the parameters, shape (r, c, p)."""
        shape = (len(parameters), self.trials.size, 1)
        return np.broadcast_to((self._sign / parameters)[:, None, :], shape)

    def restrict(self, name: str, value: float) -> Problem | None:
        """The problem with one parameter held at `value`; None where nothing is left."""
        return None

    def limits(self, name: str) -> tuple[Problem | None, Problem | None]:
        """Problems at the lower and upper end of a parameter; None where the likelihood vanishes."""
        return None, None

    def identify(self, trials: Float) -> None:
        """Raise where the cells with trials cannot tell the parameters apart."""
        if not (trials > 0).any():
            raise ValueError("there are no bits: every number of trials is 0.")

    def explain(self, ones: Float, zeros: Float) -> str:
        """Why these counts, known to be separated, have no maximum."""
        value = int(ones.any())
        return (
            f"all {int((ones + zeros).sum())} bits are {value}: the data are separated, the likelihood keeps "
            f"rising as the {self._extremes[value]}. Thresholds must be moved until both values occur."
        )

    def _balance(self, scale: Float, ones: Float, zeros: Float) -> Float:
        """First guess: the mean of `scale` over the bits, shape (r, 1)."""
        n = ones + zeros
        return ((n @ scale) / n.sum(axis=1))[:, None]
