"""Validation of predictions and labels. Oracle: what NumPy's own indexing picks."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.calibration.inputs import check_bins, check_predictions

PROBS = np.array([[0.2, 0.3, 0.5], [0.6, 0.4, 0.0]])


def test_observed_labels_have_mass_one_on_their_class() -> None:
    predictions = check_predictions(PROBS, [2, 0])
    assert not predictions.soft
    np.testing.assert_array_equal(predictions.label_mass(np.array([2, 1])), [1.0, 0.0])
    assert predictions.labels.dtype == np.int64


def test_distributions_as_labels_are_looked_up() -> None:
    labels = PROBS[:, ::-1]
    predictions = check_predictions(PROBS, labels)
    assert predictions.soft
    classes = np.array([0, 1])
    np.testing.assert_array_equal(predictions.label_mass(classes), labels[[0, 1], classes])


@pytest.mark.parametrize(
    ("probs", "labels", "message"),
    [
        ([0.5, 0.5], [0], "give both columns"),
        (np.ones((0, 2)), [], "no rows"),
        (PROBS, [0], r"shape \(2,\)"),
        (PROBS, [0.0, 1.0], "must be integers"),
        (PROBS, [0, 3], "label 3 of row 1 is not a class in 0 .. 2"),
        (PROBS, [-1, 0], "label -1 of row 0"),
        (PROBS, PROBS[:, :2] / PROBS[:, :2].sum(axis=1, keepdims=True), "do not fit"),
    ],
)
def test_what_does_not_fit_is_named(probs: object, labels: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_predictions(probs, labels)  # type: ignore[arg-type]


@pytest.mark.parametrize("bins", [0, -1, 1.5, True, "15"])
def test_bins_are_a_positive_integer(bins: object) -> None:
    with pytest.raises(ValueError, match="bins must be an integer"):
        check_bins(bins)  # type: ignore[arg-type]
    assert check_bins(np.int64(15)) == 15
