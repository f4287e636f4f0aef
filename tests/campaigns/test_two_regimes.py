"""The experiment in both regimes. Oracles: closed-form Hessians, networks made by formula."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from focalbook.campaigns import two_regimes
from focalbook.campaigns.two_regimes import INTERPOLATION, OPTIMUM, TwoRegimes
from focalbook.store import Record
from focalbook.theory.curvature import logit_hessian_trace, optimum_trace, population_trace
from focalbook.theory.minimizer import minimizer
from focalbook.training import TrainingConfig

SMALL = TrainingConfig(hidden=(16,), steps=30, learning_rate=0.03, input_noise=0.0)


def small(regime: two_regimes.Regime, classes: int = 10) -> list[Record]:
    return two_regimes.run(
        TwoRegimes(regime=regime, classes=classes, gammas=(0.0, 2.0), seeds=(0, 1), training=SMALL)
    )


def test_posteriors_are_distributions_with_the_noise_asked_for() -> None:
    for classes in (2, 10):
        table = two_regimes.posteriors(classes, (0.2, 0.001))
        np.testing.assert_allclose(table.sum(axis=1), 1.0)
        np.testing.assert_allclose(1 - table.max(axis=1), np.geomspace(0.2, 0.001, 10))
        assert (table.argmax(axis=1) == np.arange(10) % classes).all()


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_traces_by_differentiation_are_those_of_the_formula(gamma: float) -> None:
    rng = np.random.default_rng(0)
    logits = torch.tensor(rng.normal(0, 2, (30, 4)))
    q = torch.softmax(logits, -1).numpy()
    label = rng.integers(0, 4, 30)
    kept = two_regimes.hessian_traces(logits, torch.tensor(label), gamma)
    np.testing.assert_allclose(kept, logit_hessian_trace(q, label, gamma), atol=1e-12)
    p = rng.dirichlet(np.ones(4), 30)
    mean = two_regimes.hessian_traces(logits, torch.tensor(p), gamma)
    np.testing.assert_allclose(mean, population_trace(p, q, gamma), atol=1e-12)


def test_records_hold_every_image_and_repeat_to_the_bit() -> None:
    first, second = small(OPTIMUM), small(OPTIMUM)
    assert len(first) == 4
    for a, b in zip(first, second, strict=True):
        assert a.configuration == b.configuration
        assert a.arrays["focal"].tobytes() == b.arrays["focal"].tobytes()
        assert a.metrics["focal"].n == len(a.arrays["digit"]) > 1000
        assert a.metrics["focal"].low <= a.metrics["focal"].value <= a.metrics["focal"].high
    plain = next(r for r in first if r.configuration["training"]["gamma"] == 0)
    np.testing.assert_array_equal(plain.arrays["focal"], plain.arrays["cross_entropy"])


def test_kept_labels_differ_between_seeds_and_not_between_gammas() -> None:
    records = small(INTERPOLATION, classes=2)
    assert "fitted" in records[0].metrics
    table = two_regimes.posteriors(2, (0.3, 0.01))[records[0].arrays["digit"]]
    drawn = [two_regimes._drawn(table, seed).numpy() for seed in (0, 1)]
    assert (drawn[0] != drawn[1]).mean() > 0.02
    flipped = drawn[0] != table.argmax(axis=1)
    expected, spread = (1 - table.max(axis=1)).sum(), np.sqrt((table.prod(axis=1)).sum())
    assert abs(flipped.sum() - expected) < 4 * spread


def exact_record(gamma: float, seed: int) -> Record:
    """A network that is exactly at the optimum, made by formula."""
    config = TwoRegimes()
    training = TrainingConfig(gamma=gamma, seed=seed)
    digit = np.repeat(np.arange(10), 5)
    table = two_regimes.posteriors(10, config.noise)
    best = minimizer(table, gamma)
    arrays = {
        "digit": digit,
        "focal": optimum_trace(table, gamma)[digit],
        "cross_entropy": population_trace(table, best, 0.0)[digit],
        "label": best.max(axis=1)[digit],
    }
    template = small(OPTIMUM)[0]
    return Record(two_regimes.CAMPAIGN, config.of(training), {}, 1.0, template.provenance, arrays)


def test_ratios_of_exact_networks_are_the_predicted_ones() -> None:
    records = [exact_record(gamma, seed) for seed in (0, 1) for gamma in (0.0, 1.0, 5.0)]
    for digit in (0, 4, 9):
        for found in two_regimes.ratios(records, digit):
            same, own = two_regimes.predicted(found.gamma, 10, TwoRegimes().noise, digit)
            assert found.same_weights.value == pytest.approx(same, rel=1e-12)
            assert found.own_optimum.value == pytest.approx(own, rel=1e-12)
            assert 0 < found.confident <= 1


def test_all_digits_count_as_often_as_they_occur() -> None:
    whole = two_regimes.predicted(2.0, 10, (0.3, 0.01))[1]
    parts = [two_regimes.predicted(2.0, 10, (0.3, 0.01), d)[1] for d in range(10)]
    assert min(parts) < whole < max(parts)


def test_no_ratio_without_the_cross_entropy() -> None:
    records = [r for r in small(OPTIMUM) if r.configuration["training"]["gamma"] > 0]
    with pytest.raises(ValueError, match=r"no network with gamma = 0 for the seeds \[0, 1\]"):
        two_regimes.ratios(records)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"regime": "elsewhere"}, "regime must be"),
        ({"classes": 3}, "classes must be 2"),
        ({"gammas": (1.0, 2.0)}, "gammas must hold 0"),
        ({"seeds": ()}, "seeds must be a non-empty tuple"),
        ({"noise": (0.6, 0.1)}, r"noise must lie in \(0, 1/2\)"),
    ],
)
def test_configurations_out_of_range(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TwoRegimes(**settings)  # type: ignore[arg-type]
