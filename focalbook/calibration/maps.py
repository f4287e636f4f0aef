"""Maps that mend probabilities after training, and their composition.

Every map takes logits (n, K), or log-probabilities, and returns log-probabilities (n, K), so that maps may
follow one another; a class ruled out has the logit -inf.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_softmax, softmax

from focalbook.theory.minimizer import recover_logits

__all__ = [
    "Chain",
    "Inverse",
    "Isotonic",
    "Recalibration",
    "Temperature",
    "VectorScaling",
    "as_logits",
    "centred",
]

Float = NDArray[np.float64]


def as_logits(logits: ArrayLike) -> Float:
    """Logits as log-probabilities, float64, shape (n, K)."""
    array = np.asarray(logits, dtype=np.float64)
    if array.ndim != 2 or 0 in array.shape:
        raise ValueError(f"logits must have shape (n, K), one row for each sample, got {array.shape}.")
    bad = np.isnan(array) | (array == np.inf)
    if bad.any() or np.isneginf(array).all(axis=1).any():
        row = int(np.argmax(bad.any(axis=1) | np.isneginf(array).all(axis=1)))
        raise ValueError(
            f"logits of row {row} are no logits: NaN, +inf, or -inf for all classes ({array[row]})."
        )
    return log_softmax(array, axis=1)


class Recalibration(ABC):
    """A map from logits to log-probabilities."""

    def __call__(self, logits: ArrayLike) -> Float:
        """Log-probabilities (n, K) from logits (n, K).

        Raises
        ------
        ValueError
            Another shape or number of classes than the map is for, NaN or infinite logits (-inf is allowed).
        """
        return self._map(as_logits(logits))

    def probabilities(self, logits: ArrayLike) -> Float:
        """Mended probabilities (n, K) from logits (n, K)."""
        return softmax(self(logits), axis=1)

    def then(self, other: Recalibration) -> Chain:
        """Return the map that applies this one, then another one."""
        return Chain((self, other))

    @abstractmethod
    def _map(self, log_q: Float) -> Float:
        """Log-probabilities from log-probabilities."""


@dataclass(frozen=True)
class Chain(Recalibration):
    """Maps one after another, the first one first."""

    maps: tuple[Recalibration, ...]

    def _map(self, log_q: Float) -> Float:
        for one in self.maps:
            log_q = one._map(log_q)
        return log_q


@dataclass(frozen=True)
class Temperature(Recalibration):
    """Divides logits by a temperature T > 0: one number for all classes; the top label stays."""

    value: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.value) and self.value > 0):
            raise ValueError(f"a temperature is finite and above 0, got {self.value}.")

    def _map(self, log_q: Float) -> Float:
        return log_softmax(log_q / self.value, axis=1)


@dataclass(frozen=True, eq=False)
class VectorScaling(Recalibration):
    """A slope and an offset for each class: logits z_k become slopes_k z_k + offsets_k."""

    slopes: Float
    offsets: Float

    def _map(self, log_q: Float) -> Float:
        _check_classes(log_q, len(self.slopes))
        return log_softmax(centred(log_q) * self.slopes + self.offsets, axis=1)


@dataclass(frozen=True, eq=False)
class Isotonic(Recalibration):
    """A step-free increasing map of each class's probability, then normalisation.

    Attributes
    ----------
    knots : tuple of pairs of arrays
        For each class probabilities and what they become; linear between, constant outside.
    """

    knots: tuple[tuple[Float, Float], ...]

    def _map(self, log_q: Float) -> Float:
        _check_classes(log_q, len(self.knots))
        q = np.exp(log_q)
        mended = np.stack([np.interp(q[:, k], *knot) for k, knot in enumerate(self.knots)], axis=1)
        total = mended.sum(axis=1, keepdims=True)
        mended = np.where(total > 0, mended, q)  # every class was ruled out: leave the row as it is
        with np.errstate(divide="ignore"):
            return np.log(mended / mended.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class Inverse(Recalibration):
    """The inverse map of FE-6: from the focal-entropy minimiser to the posterior.

    Attributes
    ----------
    gamma : float
        Focusing parameter of the training.
    weights : tuple of float, optional
        Class weights of the training loss.
    """

    gamma: float
    weights: tuple[float, ...] | None = None

    def _map(self, log_q: Float) -> Float:
        weights = None if self.weights is None else np.array(self.weights)
        with np.errstate(divide="ignore"):
            return np.log(recover_logits(np.maximum(log_q, -1e4), self.gamma, weights=weights))


def centred(log_q: Float) -> Float:
    """Logits with mean zero, so that slopes do not depend on how they were normalised; no -inf."""
    finite = np.maximum(log_q, -1e4)
    return finite - finite.mean(axis=1, keepdims=True)


def _check_classes(log_q: Float, classes: int) -> None:
    if log_q.shape[1] != classes:
        raise ValueError(f"this map was fitted to {classes} classes, got logits of {log_q.shape[1]}.")
