"""Evaluation of outputs; oracles: outputs made from P and Q* by formula, plain loops over images."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.channel import channel
from focalbook.campaigns.evaluate import distances, misread, scores, verdict
from focalbook.theory.minimizer import minimizer

RNG = np.random.default_rng(0)
POSTERIOR = channel()[np.repeat(np.arange(10), 20)]
GAMMA = 2.0
PERFECT = minimizer(POSTERIOR, GAMMA)


def perturbed(q: np.ndarray, size: float = 0.05, seed: int = 1) -> np.ndarray:
    noisy = q * np.exp(size * np.random.default_rng(seed).normal(size=q.shape))
    return noisy / noisy.sum(axis=1, keepdims=True)


def test_a_perfect_network_is_at_the_minimiser_and_returns_to_the_posterior() -> None:
    found = distances(POSTERIOR, PERFECT, GAMMA, 50)
    for name in ("tv", "log_ratio", "kl"):
        assert found[f"{name}_output_minimizer"].value == pytest.approx(0, abs=1e-12)
        assert found[f"{name}_recovered_posterior"].value == pytest.approx(0, abs=1e-10)
        assert found[f"{name}_output_posterior"].low > 0.01
    assert found["position_output"].value == pytest.approx(1)
    assert found["position_recovered"].value == pytest.approx(0, abs=1e-9)
    assert found["focal_output"].value == pytest.approx(found["focal_minimizer"].value)


def test_distances_are_those_of_loops() -> None:
    output = perturbed(PERFECT)
    found = distances(POSTERIOR, output, GAMMA, 10)
    rows = list(zip(POSTERIOR.tolist(), output.tolist(), strict=True))
    tv = np.mean([sum(abs(a - b) for a, b in zip(*row, strict=True)) / 2 for row in rows])
    kl = np.mean([sum(a * np.log(a / b) for a, b in zip(*row, strict=True)) for row in rows])
    ratio = np.mean([[abs(np.log(a / b)) for a, b in zip(*row, strict=True)] for row in rows])
    focal = np.mean([sum(a * (1 - b) ** 2 * -np.log(b) for a, b in zip(*row, strict=True)) for row in rows])
    assert found["tv_output_posterior"].value == pytest.approx(tv)
    assert found["kl_output_posterior"].value == pytest.approx(kl)
    assert found["log_ratio_output_posterior"].value == pytest.approx(ratio)
    assert found["focal_output"].value == pytest.approx(focal)
    assert found["focal_output"].value > found["focal_minimizer"].value


def test_cross_entropy_outputs_have_no_position() -> None:
    found = distances(POSTERIOR, perturbed(POSTERIOR), 0.0, 10)
    assert "position_output" not in found
    assert found["tv_recovered_posterior"].value == pytest.approx(found["tv_output_posterior"].value)


def test_expected_scores_are_averages_over_many_draws() -> None:
    """Fixed-seed z-test: scores against drawn letters scatter around the exact expectation."""
    draws = 200
    totals: dict[str, list[float]] = {"nll": [], "brier": []}
    for _ in range(draws):
        letter = (POSTERIOR.cumsum(axis=1) < RNG.random((len(POSTERIOR), 1))).sum(axis=1)
        found = scores(POSTERIOR, letter, PERFECT, GAMMA, 0)
        for name, values in totals.items():
            values.append(found[f"{name}_output"].value)
    for name, values in totals.items():
        z = (np.mean(values) - found[f"expected_{name}_output"].value) / (np.std(values) / np.sqrt(draws))
        assert abs(z) < 3.5


def test_recovery_of_a_perfect_network_reaches_the_best_possible_scores() -> None:
    letter = POSTERIOR.argmax(axis=1)
    found = scores(POSTERIOR, letter, PERFECT, GAMMA, 20)
    for name in ("nll", "brier", "ece"):
        best = found[f"expected_{name}_posterior"].value
        assert found[f"expected_{name}_recovered"].value == pytest.approx(best, abs=1e-9)
        assert found[f"expected_{name}_output"].value > best + 1e-3


def test_misread_images_are_counted() -> None:
    digit = np.repeat(np.arange(10), 20)
    output = perturbed(PERFECT, 0.01)
    assert misread(channel(), digit, output, GAMMA, 10).value == 0
    output[::10] = np.roll(PERFECT, 20, axis=0)[::10]  # the output of the digit before
    assert misread(channel(), digit, output, GAMMA, 10).value == pytest.approx(0.1)


def test_verdict_holds_for_the_minimiser_and_for_nothing_else() -> None:
    focal, plain = perturbed(PERFECT), perturbed(POSTERIOR)
    assert verdict(focal, POSTERIOR, GAMMA).holds
    assert not verdict(plain, POSTERIOR, GAMMA).holds
    assert not verdict(focal, POSTERIOR, 1.0).holds
    assert not verdict(focal, POSTERIOR, GAMMA, inverse_gamma=0.0).holds
    assert not verdict(focal, POSTERIOR, GAMMA, inverse_gamma=1.0).holds
    assert not verdict(focal, POSTERIOR, GAMMA, tolerance=0.0).holds


def test_verdict_survives_images_that_are_misread() -> None:
    """One image in ten gets the output of another digit."""
    output = perturbed(PERFECT)
    output[::10] = np.roll(PERFECT, 40, axis=0)[::10]
    assert verdict(output, POSTERIOR, GAMMA).holds
