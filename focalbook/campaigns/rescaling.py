"""What claim GC-9 predicts for training loss over cross-entropy at the same weights, from probabilities.

The trace of the Hessian in the weights adds up the logit Hessians of the images, each between the Jacobians
of its logits. If these Jacobians are alike, the ratio of two losses is that of their sums of logit traces.
Records hold the probability of the label of each image; how the rest is shared is not stored, so the
prediction comes as the two extreme ways to share it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from focalbook.data.catalogue import CATALOGUE
from focalbook.store import Record
from focalbook.theory.curvature import logit_hessian_trace

__all__ = ["Rescaling", "classes_of", "predicted_ratio", "rescaling"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Rescaling:
    """Predicted ratio of traces, training loss over cross-entropy.

    Attributes
    ----------
    low, high : float
        The smaller and the larger of two extremes: all that is not the label's in one class, and shared
        equally by all.
    n : int
        Images.
    """

    low: float
    high: float
    n: int

    def excess(self, ratio: float) -> float:
        """By how much a measured ratio lies outside, relative to the nearer end; 0 inside."""
        return max(0.0, self.low / ratio - 1.0, ratio / self.high - 1.0) if ratio > 0 else float("inf")


def classes_of(record: Record) -> int:
    """Number of classes of the data of a record: ten for the embedded digits."""
    data = str(record.configuration["data"])
    return CATALOGUE[data].classes if data in CATALOGUE else 10


def _rows(label: Float, classes: int, concentrated: bool) -> Float:
    """Rows with the label first, and the rest in the second class or in equal parts."""
    rest = 1.0 - label[:, None]
    if concentrated or classes == 2:
        return np.hstack([label[:, None], rest])
    return np.hstack([label[:, None], np.repeat(rest / (classes - 1), classes - 1, axis=1)])


def predicted_ratio(label: Float, gamma: float, classes: int) -> Rescaling:
    """The ratio of summed logit traces from the probability of the label of each image.

    Parameters
    ----------
    label : array, shape (n,), in [0, 1]
        Probability of the label.
    gamma : float, >= 0
    classes : int, >= 2

    Returns
    -------
    Rescaling
        One for gamma = 0. Claim GC-9.

    Raises
    ------
    ValueError
        No image, fewer than two classes, or numbers that are not probabilities.
    """
    label = np.asarray(label, float)
    if label.ndim != 1 or not len(label) or classes < 2 or not ((label >= 0) & (label <= 1)).all():
        raise ValueError(
            f"expected n > 0 probabilities of labels and 2 classes at least, got shape {label.shape}, "
            f"{classes} classes."
        )
    found = []
    for concentrated in (True, False):
        rows = _rows(label, classes, concentrated)
        above, below = (float(logit_hessian_trace(rows, 0, g).sum()) for g in (gamma, 0.0))
        found.append(above / below)
    return Rescaling(min(found), max(found), len(label))


def rescaling(record: Record) -> Rescaling:
    """The prediction for a record, from the images of which its curvature was measured.

    Parameters
    ----------
    record : Record
        With arrays; of the experiment ``curvature``, trained with focal loss.

    Raises
    ------
    KeyError
        A record without its arrays.
    """
    count = int(record.configuration["curvature_samples"])
    label = record.arrays["validation_true_class"][:count].astype(float)
    return predicted_ratio(label, float(record.configuration["gamma"]), classes_of(record))
