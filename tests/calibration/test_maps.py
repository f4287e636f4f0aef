"""Maps that mend probabilities; oracles: closed forms, the minimiser whose inverse one of them is (FE-6)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

import focalbook as fb
from focalbook.calibration import Inverse, Isotonic, Temperature, VectorScaling


def sample(seed: int, n: int = 400, classes: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Logits and their softmax."""
    logits = 1.5 * np.random.default_rng(seed).normal(size=(n, classes))
    return logits, softmax(logits, axis=1)


def test_temperature_keeps_the_order_and_one_changes_nothing() -> None:
    logits, posterior = sample(2)
    assert np.array_equal(Temperature(7.0)(logits).argmax(1), logits.argmax(1))
    np.testing.assert_allclose(Temperature(1.0).probabilities(logits), posterior, rtol=1e-14)


def test_isotonic_leaves_a_row_alone_in_which_every_class_is_ruled_out() -> None:
    knots = (np.array([0.0, 0.9, 1.0]), np.array([0.0, 0.0, 1.0]))
    q = np.array([[0.5, 0.5], [0.95, 0.05]])
    found = Isotonic((knots, knots)).probabilities(np.log(q))
    np.testing.assert_allclose(found, [[0.5, 0.5], [1.0, 0.0]], atol=1e-12)


@pytest.mark.parametrize("gamma", [0.0, 1.0, 5.0])
def test_inverse_map_undoes_the_minimiser_and_composes(gamma: float) -> None:
    _, posterior = sample(6)
    focal = np.log(fb.minimizer(posterior, gamma))
    np.testing.assert_allclose(Inverse(gamma).probabilities(focal), posterior, rtol=1e-8)
    cooled = Temperature(3.0)(focal)
    undone = Temperature(1 / 3.0).then(Inverse(gamma))
    np.testing.assert_allclose(undone.probabilities(cooled), posterior, rtol=1e-8)
    if gamma:
        wrong_order = Inverse(gamma).then(Temperature(1 / 3.0))
        assert abs(wrong_order.probabilities(cooled) - posterior).max() > 0.01


def test_inverse_map_undoes_class_weights() -> None:
    _, posterior = sample(7, classes=3)
    weights = (1.0, 2.0, 0.5)
    tilted = posterior * weights
    focal = fb.minimizer(tilted / tilted.sum(axis=1, keepdims=True), 2.0)
    np.testing.assert_allclose(Inverse(2.0, weights).probabilities(np.log(focal)), posterior, rtol=1e-8)


def test_a_class_ruled_out_stays_ruled_out() -> None:
    logits = np.array([[0.0, -np.inf, 1.0]])
    for one in (Temperature(2.0), Inverse(2.0)):
        assert one.probabilities(logits)[0, 1] == 0
        assert one.probabilities(logits).sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Temperature(0.0), "above 0"),
        (lambda: Temperature(np.inf), "finite"),
        (lambda: Temperature(1.0)([0.0, 1.0]), r"shape \(n, K\)"),
        (lambda: Temperature(1.0)([[0.0, np.nan]]), "logits of row 0"),
        (lambda: Temperature(1.0)([[0.0, 1.0], [-np.inf, -np.inf]]), "logits of row 1"),
        (lambda: VectorScaling(np.ones(3), np.zeros(3))([[0.0, 1.0]]), "got logits of 2"),
    ],
)
def test_bad_input_is_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
