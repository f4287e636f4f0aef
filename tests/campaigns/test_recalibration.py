"""Treatments of outputs; oracles: powers by hand, a grid of temperatures, and networks made by formula."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_softmax

from focalbook.campaigns import recalibration
from focalbook.campaigns.recalibration import Recalibration, fit_temperature, treat
from focalbook.theory.minimizer import minimizer, recover
from focalbook.training import TrainingConfig


@pytest.fixture
def truth() -> np.ndarray:
    return np.random.default_rng(0).dirichlet(np.full(6, 0.6), 4000)


def test_treatments_by_hand() -> None:
    logits = np.array([[1.0, 0.0, -2.0]])
    q = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(treat(logits, 2.0, 1.0, False, None), q, rtol=1e-14)
    power = q ** (1 / 1.7)
    np.testing.assert_allclose(treat(logits, 2.0, 1.7, False, None), power / power.sum(), rtol=1e-13)
    weights = np.array([1.0, 2.0, 5.0])
    back = recover(q, 2.0, weights=weights) ** (1 / 0.6)
    np.testing.assert_allclose(treat(logits, 2.0, 0.6, True, weights), back / back.sum(), rtol=1e-12)


def test_temperature_is_the_best_on_a_grid(truth: np.ndarray) -> None:
    labels = (truth.cumsum(axis=1) < np.random.default_rng(1).random((len(truth), 1))).sum(axis=1)
    logits = 2.5 * np.log(truth + 1e-6)
    found = fit_temperature(logits, labels, 0.0, recovered=False)
    grid = np.linspace(1.5, 4.0, 251)
    losses = [-log_softmax(logits / t, axis=1)[np.arange(len(labels)), labels].mean() for t in grid]
    assert found == pytest.approx(grid[int(np.argmin(losses))], abs=0.011)
    assert found == pytest.approx(2.5, abs=0.15)


def test_exact_minimisers_need_recovery_and_no_temperature(truth: np.ndarray) -> None:
    truth = np.maximum(truth, 1e-9)
    truth = truth / truth.sum(axis=1, keepdims=True)
    labels = (truth.cumsum(axis=1) < np.random.default_rng(2).random((len(truth), 1))).sum(axis=1)
    logits = np.log(minimizer(truth, 3.0))
    assert fit_temperature(logits, np.minimum(labels, 5), 3.0, recovered=True) == pytest.approx(1.0, abs=0.06)
    assert fit_temperature(logits, np.minimum(labels, 5), 3.0, recovered=False) < 0.8
    np.testing.assert_allclose(treat(logits, 3.0, 1.0, True, None), truth, atol=1e-9)


def test_records_of_a_short_run() -> None:
    config = Recalibration(
        gammas=(0.0, 2.0), seeds=(0,), training=TrainingConfig(steps=40, hidden=(16,)), letters="fixed"
    )
    records = recalibration.run(config)
    assert [r.configuration["training"]["gamma"] for r in records] == [0.0, 2.0]
    for record in records:
        assert set(record.metrics) == {
            f"{kind} {name}" for kind in ("excess", "ece") for name in recalibration.TREATMENTS
        }
        assert all(metric.value > 0 for metric in record.metrics.values())
        assert record.arrays["logits"].shape == record.arrays["posterior"].shape
    plain = records[0].metrics
    assert plain["excess recovered"].value == pytest.approx(plain["excess as it is"].value)


def test_weights_reach_the_loss() -> None:
    heavy = tuple(20.0 if k == 9 else 1.0 for k in range(10))
    quick = TrainingConfig(steps=80, hidden=(32,))
    shares = []
    for weights in (None, heavy):
        config = Recalibration(gammas=(0.0,), seeds=(0,), weights=weights, training=quick)
        (record,) = recalibration.run(config)
        q = treat(record.arrays["logits"], 0.0, 1.0, False, None)
        shares.append(q[:, 9].mean())
    assert shares[1] > 5 * shares[0]


def test_unknown_regime() -> None:
    with pytest.raises(ValueError, match="fresh"):
        Recalibration(letters="stale")  # type: ignore[arg-type]
