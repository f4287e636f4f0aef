"""What a model says about itself: design, tails, parameters, limits, and why something cannot be had."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from focalbook.onebit._tails import Bool, Float, Tails
from focalbook.onebit.families.base import Family

__all__ = ["Problem", "Specification"]


class Problem(NamedTuple):
    """A concave problem with one parameter held: z = offset + design beta."""

    design: Float  # (c, d)
    offset: Float | float
    non_negative: bool = False  # beta (of one dimension) may not fall below 0
    sign: float = 0.0  # with non_negative: keep only beta of this sign


class Specification(ABC):
    """The hooks that one distribution fills in.

    Coordinates beta make the log-likelihood concave in the predictors z = design beta; parameters are what
    the user asked for. Both are linked by :meth:`parameters` and :meth:`coordinates`.
    """

    #: Names of the parameters, in order.
    names: tuple[str, ...]
    #: Parameters that are positive: their intervals may be taken on the log scale.
    positive: tuple[str, ...] = ()
    #: The family behind the threshold.
    family: Family
    _longest = np.inf

    @property
    @abstractmethod
    def design(self) -> Float:
        """Coefficients of beta in the predictor of each cell, shape (c, d)."""

    @abstractmethod
    def predict(self, z: Float) -> Tails:
        """Probabilities of both bits and their derivatives at predictors of shape (..., c)."""

    @abstractmethod
    def parameters(self, beta: Float) -> Float:
        """Parameters from coordinates, shape (r, p) from (r, d)."""

    @abstractmethod
    def coordinates(self, parameters: Float) -> Float:
        """Coordinates from parameters, shape (r, d) from (r, p)."""

    @abstractmethod
    def predictor_gradient(self, parameters: Float) -> Float:
        """Derivatives of the predictors with respect to the parameters, shape (r, c, p)."""

    @abstractmethod
    def uncensored_information(self, parameters: ArrayLike, trials: ArrayLike | None = None) -> Float:
        """Information about the parameters had the draws themselves been seen, shape (p, p)."""

    @abstractmethod
    def restrict(self, name: str, value: float) -> Problem | None:
        """The problem with one parameter held at `value`; None where nothing is left to maximise."""

    @abstractmethod
    def limits(self, name: str) -> tuple[Problem | None, Problem | None]:
        """Problems at the lower and the upper end of a parameter; None where the likelihood falls to zero."""

    @abstractmethod
    def identify(self, trials: Float) -> None:
        """Raise :class:`IdentifiabilityError` when the cells with trials cannot tell the parameters apart."""

    @abstractmethod
    def explain(self, ones: Float, zeros: Float) -> str:
        """Why these counts, known to be separated, have no maximum."""

    def start(self, ones: Float, zeros: Float) -> Float:
        """First guess of beta, shape (r, d)."""
        return np.zeros((len(ones), self.design.shape[1]))

    def admissible(self, beta: Float) -> Bool:
        """Where coordinates belong to parameters, shape (r,)."""
        return np.ones(len(beta), bool)

    def outside(self) -> str:
        """What it means that the maximum is not admissible."""
        return "the maximum lies outside the parameter space."

    def overlap_design(self) -> Float:
        """The design as it was given, where the order of exact ratios matters."""
        return self.design
