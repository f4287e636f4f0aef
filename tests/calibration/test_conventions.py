"""Conventions of other libraries; oracles: scikit-learn, NumPy's histogram, PyTorch's bucketize, by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.calibration import calibration_curve

from focalbook.calibration import calibration_error
from focalbook.calibration.conventions import CONVENTIONS, error_by_convention

EDGES = np.arange(16) / 15


def points() -> np.ndarray:
    around = np.concatenate([EDGES, np.nextafter(EDGES, 0), np.nextafter(EDGES, 1), EDGES - 0.01])
    return around[(around >= 0) & (around <= 1)]


def test_upper_is_the_convention_of_this_package_and_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    confidence = rng.choice([0.5, 0.75, 0.7, 1.0, 0.875, 0.8], 400)
    right = (rng.random(400) < confidence**2).astype(int)
    found = error_by_convention(confidence, right, 8)
    probs = np.stack([confidence, 1 - confidence], axis=1)
    assert found == pytest.approx(calibration_error(probs, 1 - right, 8, resamples=0).value, abs=1e-15)
    accuracy, mean = calibration_curve(right, confidence, n_bins=8)
    count = np.bincount(CONVENTIONS["upper"](confidence, 8))
    count = count[count > 0]
    assert found == pytest.approx((count * np.abs(accuracy - mean)).sum() / 400, abs=1e-14)


def test_lower_is_the_convention_of_numpys_histogram() -> None:
    for x in points():
        expected = np.histogram([x], EDGES)[0].argmax()
        assert CONVENTIONS["lower"](np.array([x]), 15)[0] == expected


def test_one_apart_is_what_bucketize_gives() -> None:
    expected = torch.bucketize(torch.as_tensor(points()), torch.as_tensor(EDGES), right=True) - 1
    assert CONVENTIONS["lower, 1 apart"](points(), 15).tolist() == expected.tolist()
    assert expected.max() == 15


def test_by_hand() -> None:
    """A confidence on an edge that is too high, with one below it that is too low."""
    rows = [0.8, 0.79], [0.6, 0.99]
    assert error_by_convention(*rows) == pytest.approx(0.0, abs=1e-15)
    assert error_by_convention(*rows, convention="lower") == pytest.approx(0.2)


def test_bad_input_is_refused() -> None:
    for arguments, message in (
        (([1.1], [1.0]), "confidence must lie"),
        (([0.5], [1.0, 0.0]), "two lists of one length"),
        (([], []), "two lists"),
        (([0.5], [1.0], 15, "middle"), "convention must be one of"),
    ):
        with pytest.raises(ValueError, match=message):
            error_by_convention(*arguments)  # type: ignore[arg-type]
