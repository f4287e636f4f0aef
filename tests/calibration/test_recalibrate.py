"""Fits of maps; oracles: scikit-learn, SciPy's general minimiser, closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.isotonic import IsotonicRegression

from focalbook.calibration import (
    Chain,
    Inverse,
    VectorScaling,
    calibration_error,
    fit_isotonic,
    fit_temperature,
    fit_vector,
    nll,
)


def sample(seed: int, n: int = 400, classes: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True logits, posteriors, and labels drawn from them."""
    rng = np.random.default_rng(seed)
    logits = 1.5 * rng.normal(size=(n, classes))
    posterior = softmax(logits, axis=1)
    labels = (posterior.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)
    return logits, posterior, labels


def loss(log_q: np.ndarray, labels: np.ndarray) -> float:
    return -log_q[np.arange(len(labels)), labels].mean()


@pytest.mark.parametrize("factor", [0.2, 1.0, 3.0])
def test_temperature_is_the_best_of_all(factor: float) -> None:
    logits, _, labels = sample(0)
    found = fit_temperature(factor * logits, labels)
    grid = [
        loss(log_softmax(factor * logits / t, axis=1), labels) for t in found.value * np.exp([-1e-3, 1e-3])
    ]
    assert loss(found(factor * logits), labels) < min(grid)
    assert found.value == pytest.approx(factor * fit_temperature(logits, labels).value, rel=1e-10)


def test_known_temperature_is_found_from_label_distributions() -> None:
    logits, posterior, _ = sample(1)
    assert fit_temperature(2.5 * logits, posterior).value == pytest.approx(2.5, rel=1e-12)


def test_vector_scaling_agrees_with_a_general_minimiser() -> None:
    logits, _, labels = sample(3, classes=3)
    found = fit_vector(logits, labels)
    z = log_softmax(logits, axis=1)
    z = z - z.mean(axis=1, keepdims=True)
    best = minimize(
        lambda x: loss(log_softmax(z * x[:3] + x[3:], axis=1), labels),
        np.r_[np.ones(3), np.zeros(3)],
        method="BFGS",
        options={"gtol": 1e-9},
    )
    assert loss(found(logits), labels) == pytest.approx(best.fun, abs=1e-9)
    np.testing.assert_allclose(found.slopes, best.x[:3], atol=1e-3)
    assert found.offsets.sum() == pytest.approx(0, abs=1e-12)


def test_known_slopes_and_offsets_are_found() -> None:
    logits, _, _ = sample(4, classes=3)
    slopes, offsets = np.array([0.5, 1.0, 2.0]), np.array([0.3, 0.2, -0.5])
    truth = VectorScaling(slopes, offsets)
    found = fit_vector(logits, truth.probabilities(logits))
    np.testing.assert_allclose(found.slopes, slopes, atol=1e-4)
    np.testing.assert_allclose(found.offsets, offsets, atol=1e-4)


def test_isotonic_is_the_regression_of_every_class_then_normalised() -> None:
    logits, posterior, labels = sample(5, classes=3)
    found = fit_isotonic(2 * logits, labels)
    q = softmax(2 * logits, axis=1)
    columns = [
        IsotonicRegression(out_of_bounds="clip").fit(q[:, k], labels == k).predict(q[:, k]) for k in range(3)
    ]
    expected = np.stack(columns, axis=1)
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.probabilities(2 * logits), expected, atol=1e-12)
    assert abs(found.probabilities(2 * logits) - posterior).mean() < abs(q - posterior).mean()


def test_a_chain_applies_its_maps_in_order_and_stays_normalised() -> None:
    logits, _, labels = sample(8)
    first = Inverse(2.0)
    chain = first.then(fit_temperature(first(logits), labels)).then(fit_isotonic(logits, labels))
    assert isinstance(chain, Chain)
    step = logits
    for one in (first, chain.maps[0].maps[1], chain.maps[1]):  # type: ignore[attr-defined]
        step = one(step)
    np.testing.assert_allclose(chain.probabilities(logits), np.exp(step), atol=1e-12)
    np.testing.assert_allclose(chain.probabilities(logits).sum(axis=1), 1)


def test_every_fit_lowers_the_error_of_an_overconfident_model_on_new_rows() -> None:
    logits, _, labels = sample(9, n=4000)
    new, posterior, _ = sample(10, n=4000)
    before = nll(softmax(3 * new, axis=1), posterior, resamples=0).value
    for fit in (fit_temperature, fit_vector, fit_isotonic):
        mended = fit(3 * logits, labels)
        q = mended.probabilities(3 * new)
        assert calibration_error(q, posterior).value < 0.03
        if fit is not fit_isotonic:
            assert nll(q, posterior, resamples=0).value < before - 0.3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: VectorScaling(np.ones(3), np.zeros(3))([[0.0, 1.0]]),
            "got logits of 2",
        ),
        (lambda: fit_temperature([[2.0, 0.0]] * 3, [0, 0, 0]), "every label is the top one"),
        (lambda: fit_temperature([[2.0, 0.0]] * 3, [1, 1, 1]), "no likelier for larger logits"),
        (lambda: fit_temperature([[2.0, 0.0]], [2]), "label 2 of row 0"),
        (lambda: fit_vector([[2.0, 0.0]] * 3, [0, 0, 0]), "class 1 never occurs"),
        (lambda: fit_vector([[2.0, 0.0], [-1.0, 1.0]] * 9, [0, 1] * 9), "separate the labels"),
        (lambda: fit_isotonic([[2.0, 0.0]], [0, 1]), r"shape \(1,\)"),
    ],
)
def test_bad_input_is_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
