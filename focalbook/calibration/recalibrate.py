"""Maps that mend probabilities after training, their fits, and their composition.

Every map takes logits (n, K), or log-probabilities, and returns log-probabilities (n, K), so that maps may
follow one another; a class ruled out has the logit -inf.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq, minimize
from scipy.special import log_softmax, softmax

from focalbook.calibration.classwise import label_matrix
from focalbook.calibration.inputs import Predictions, check_predictions
from focalbook.theory.minimizer import recover_logits

__all__ = [
    "Chain",
    "Inverse",
    "Isotonic",
    "Recalibration",
    "Temperature",
    "VectorScaling",
    "fit_isotonic",
    "fit_temperature",
    "fit_vector",
]

Float = NDArray[np.float64]
_HOTTEST = 1e3
_STEEPEST = 1e3


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
        return log_softmax(_centred(log_q) * self.slopes + self.offsets, axis=1)


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


def _centred(log_q: Float) -> Float:
    """Logits with mean zero, so that slopes do not depend on how they were normalised; no -inf."""
    finite = np.maximum(log_q, -1e4)
    return finite - finite.mean(axis=1, keepdims=True)


def _check_classes(log_q: Float, classes: int) -> None:
    if log_q.shape[1] != classes:
        raise ValueError(f"this map was fitted to {classes} classes, got logits of {log_q.shape[1]}.")


def _training(logits: ArrayLike, labels: ArrayLike) -> tuple[Float, Float, Predictions]:
    """Centred logits, labels as distributions, and the checked predictions."""
    log_q = as_logits(logits)
    predictions = check_predictions(np.exp(log_q), labels)
    return _centred(log_q), label_matrix(predictions), predictions


def fit_temperature(logits: ArrayLike, labels: ArrayLike) -> Temperature:
    """Temperature with the least negative log-likelihood.

    Parameters
    ----------
    logits : array_like, shape (n, K)
        Logits of labelled rows that the model was not trained on.
    labels : array_like
        Classes (integers, shape (n,)) or distributions of labels (floats, shape (n, K)).

    Returns
    -------
    Temperature

    Raises
    ------
    ValueError
        No temperature is best: every label is the top one (the likelihood grows as T falls to 0), or labels
        go with logits worse than by chance (it grows as T rises).

    Notes
    -----
    Source: ``guo2017calibration``. In 1/T the negative log-likelihood is convex; its slope is brought to
    zero by bracketing.

    Examples
    --------
    >>> logits = np.log([[0.9, 0.1]] * 5)
    >>> round(fit_temperature(logits, [0, 0, 0, 0, 1]).value, 6)  # log 9 / log 4
    1.584963
    """
    z, truth, _ = _training(logits, labels)
    target = float((truth * z).sum() / len(z))

    def slope(log_beta: float) -> float:
        return float((softmax(np.exp(log_beta) * z, axis=1) * z).sum() / len(z)) - target

    limit = float(np.log(_HOTTEST))
    if slope(-limit) >= 0:
        raise ValueError(
            "no temperature is best: the labels are no likelier for larger logits, and the log-likelihood "
            "grows with the temperature. Do labels and logits belong together?"
        )
    if slope(limit) <= 0:
        raise ValueError(
            "no temperature is best: every label is the top one, and the log-likelihood grows as the "
            "temperature falls to 0. Were these rows used for training? Fit on others, or on more."
        )
    return Temperature(float(np.exp(-brentq(slope, -limit, limit, xtol=1e-14, rtol=1e-14))))


def fit_vector(logits: ArrayLike, labels: ArrayLike) -> VectorScaling:
    """Slope and offset for each class with the least negative log-likelihood.

    Arguments as for :func:`fit_temperature`.

    Returns
    -------
    VectorScaling
        With offsets that sum to zero.

    Raises
    ------
    ValueError
        The likelihood has no maximum: a class never occurs, or classes are separated by the logits.

    Notes
    -----
    Source: ``guo2017calibration``. A convex problem in 2K numbers, solved by SciPy's L-BFGS with gradients.
    """
    z, truth, _ = _training(logits, labels)
    n, classes = z.shape
    missing = np.flatnonzero(truth.sum(axis=0) == 0)
    if missing.size:
        raise ValueError(f"class {missing[0]} never occurs in the labels: its offset has no best value.")

    def loss(parameters: Float) -> tuple[float, Float]:
        slopes, offsets = parameters.reshape(2, classes)
        log_q = log_softmax(z * slopes + offsets, axis=1)
        error = (np.exp(log_q) - truth) / n
        value = -float((truth * log_q).sum()) / n
        return value, np.concatenate([(error * z).sum(axis=0), error.sum(axis=0)])

    start = np.concatenate([np.ones(classes), np.zeros(classes)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 5000, "ftol": 1e-15})
    slopes, offsets = found.x.reshape(2, classes)
    if not found.x.size or np.abs(found.x).max() > _STEEPEST or found.fun < 1e-4:
        raise ValueError(
            "the likelihood has no maximum: the logits separate the labels. Fit on rows that were not used "
            "for training, or on more of them."
        )
    return VectorScaling(slopes, offsets - offsets.mean())


def fit_isotonic(logits: ArrayLike, labels: ArrayLike) -> Isotonic:
    """Increasing map for each class, by least squares, then normalised.

    Arguments as for :func:`fit_temperature`.

    Returns
    -------
    Isotonic
        Its probabilities may be 0 and 1, and it may change the top label.

    Raises
    ------
    ValueError
        Logits or labels out of range; the message names the row.

    Notes
    -----
    Source: ``zadrozny2002transforming``. The regression is scikit-learn's.
    """
    from sklearn.isotonic import IsotonicRegression

    _, truth, predictions = _training(logits, labels)
    knots = []
    for q, y in zip(predictions.probs.T, truth.T, strict=True):
        fitted = IsotonicRegression(y_min=0.0, y_max=1.0).fit(q, y)
        knots.append((fitted.X_thresholds_, fitted.y_thresholds_))
    return Isotonic(tuple(knots))
