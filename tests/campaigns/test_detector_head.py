"""Detector head; oracles: the loss written out by hand, scipy's divergence, and the theory of FE-16."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.special import rel_entr

from focalbook.campaigns import detector_head
from focalbook.campaigns.detector_head import DetectorHead, excess, posterior


def test_posterior_is_highest_at_the_centres() -> None:
    centres = np.array([[0.55, 0.30], [0.35, 0.68], [0.70, 0.52]])
    found = posterior(centres)
    assert np.diag(found) == pytest.approx([0.60, 0.15, 0.04])
    everywhere = posterior(np.random.default_rng(0).random((5000, 2)))
    assert (everywhere <= np.diag(found) + 1e-12).all()
    assert (everywhere >= 1e-4).all()


def test_loss_is_the_average_over_labels() -> None:
    config = DetectorHead(gamma=1.5, alpha=0.3)
    logits = torch.tensor([[0.3, -2.0, 1.0]], dtype=torch.float64)
    share = torch.tensor([[0.25, 0.0, 1.0]], dtype=torch.float64)
    expected = 0.0
    for t, s in zip([0.3, -2.0, 1.0], [0.25, 0.0, 1.0], strict=True):
        q = 1 / (1 + math.exp(-t))
        expected += 0.3 * s * (1 - q) ** 1.5 * -math.log(q)
        expected += 0.7 * (1 - s) * q**1.5 * -math.log(1 - q)
    assert detector_head._loss(logits, share, config).item() == pytest.approx(expected, rel=1e-12)


def test_first_scores_are_one_in_a_hundred() -> None:
    head = detector_head._Head()
    with torch.no_grad():
        scores = torch.sigmoid(head(torch.rand(200, 2)))
    assert 0.005 < scores.mean().item() < 0.02


def test_excess_is_the_divergence() -> None:
    rng = np.random.default_rng(1)
    p, q = rng.random(50), rng.random(50)
    np.testing.assert_allclose(excess(p, q), rel_entr(p, q) + rel_entr(1 - p, 1 - q), rtol=1e-12)
    assert excess(np.array([0.2]), np.array([0.2]))[0] == 0.0


def test_trained_head_is_at_the_minimiser_and_recovers() -> None:
    config = DetectorHead(seeds=(0,), steps=300, grid=12)
    (record,) = detector_head.run(config)
    assert record.configuration["seeds"] == [0]
    logits, target = record.arrays["logits"], record.arrays["minimizer"]
    assert logits.shape == (12, 12, 3)
    off = np.abs(1 / (1 + np.exp(-logits)) - target).mean()
    away = np.abs(record.arrays["posterior"] - target).mean()
    assert off < 0.2 * away
    assert record.metrics["excess_recovered"].value < 0.1 * record.metrics["excess_score"].value
    assert record.metrics["expected_found_score"].value > 2
    assert record.metrics["expected_found_recovered"].value == pytest.approx(1.0, abs=0.1)


def test_same_configuration_same_outputs() -> None:
    config = DetectorHead(seeds=(3,), steps=3, grid=4, places=16, frames=8)
    first, second = (detector_head.run(config)[0].arrays["logits"] for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("wrong", [{"gamma": -1.0}, {"alpha": 1.0}, {"seeds": ()}, {"steps": 0}, {"grid": 1}])
def test_configurations_out_of_range(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"needed|at least"):
        DetectorHead(**wrong)  # type: ignore[arg-type]
