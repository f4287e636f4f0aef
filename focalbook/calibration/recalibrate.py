"""Fits of the maps in :mod:`focalbook.calibration.maps` to labelled rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq, minimize
from scipy.special import log_softmax, softmax

from focalbook.calibration.classwise import label_matrix
from focalbook.calibration.inputs import Predictions, check_predictions
from focalbook.calibration.maps import Isotonic, Temperature, VectorScaling, as_logits, centred

__all__ = ["fit_isotonic", "fit_temperature", "fit_vector"]

Float = NDArray[np.float64]
_HOTTEST = 1e3
_STEEPEST = 1e3


def _training(logits: ArrayLike, labels: ArrayLike) -> tuple[Float, Float, Predictions]:
    """Centred logits, labels as distributions, and the checked predictions."""
    log_q = as_logits(logits)
    predictions = check_predictions(np.exp(log_q), labels)
    return centred(log_q), label_matrix(predictions), predictions


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
