"""A class of digit classifiers. Oracles: a naive loop over images, plain formulas."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from focalbook.campaigns import pac_digits as pd
from focalbook.theory import pacbayes as pb
from focalbook.training import TrainingConfig

SMALL = pd.DigitClass(
    gammas=(0.0, 2.0),
    seeds=(0,),
    temperatures=(0.5, 1.0, 4.0),
    training=TrainingConfig(hidden=(8,), steps=40),
)


@pytest.fixture(scope="module")
def losses() -> pd.Losses:
    return pd.train_class(SMALL)


def test_half_brier_against_a_loop():
    logits = torch.tensor(np.random.default_rng(0).normal(size=(2, 3, 4)), dtype=torch.float32)
    labels = np.array([0, 3, 1])
    got = pd._half_brier(logits, labels, (1.0, 2.0))
    assert got.shape == (3, 4)
    for column, (net, temperature) in enumerate([(0, 1.0), (0, 2.0), (1, 1.0), (1, 2.0)]):
        for row, label in enumerate(labels):
            z = np.exp(logits[net, row].double().numpy() / temperature)
            gap = z / z.sum() - np.eye(4)[label]
            assert got[row, column] == pytest.approx(0.5 * (gap**2).sum(), rel=1e-12)


def test_parts_and_ranges(losses):
    assert losses.bound.shape == (800, 6)
    assert losses.test.shape == (697, 6)
    assert losses.bound.min() >= 0
    assert losses.bound.max() <= 1
    np.testing.assert_array_equal(losses.gamma, [0, 0, 0, 2, 2, 2])
    np.testing.assert_array_equal(losses.temperature, [0.5, 1, 4] * 2)
    again = pd.train_class(SMALL)
    np.testing.assert_array_equal(again.bound, losses.bound)


def test_certificate_is_the_minimum(losses):
    prior = pd.prior_from(losses.energy, 50.0)
    found = pd.certify(losses, prior)
    plain = pb.minimize_bound(prior, losses.bound.mean(axis=0), 800, 0.05).best
    assert found.minimum.bound == plain.bound
    each = losses.test @ plain.posterior
    assert found.risk == pytest.approx(each.mean())
    assert found.error == pytest.approx(each.std(ddof=1) / np.sqrt(697))
    assert found.risk < found.minimum.bound < 1


def test_prior_from_energies():
    np.testing.assert_array_equal(pd.prior_from(np.array([1.0, 2.0]), 0.0), [0.5, 0.5])
    ratio = np.divide(*pd.prior_from(np.array([1.0, 2.0]), 3.0)[::-1])
    assert ratio == pytest.approx(np.exp(-3.0))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"parts": (1700, 95)}, "at least 10 images"),
        ({"parts": (5, 800)}, "at least 10 images"),
        ({"temperatures": (0.0,)}, "positive"),
        ({"temperatures": ()}, "positive"),
    ],
)
def test_bad_settings_are_named(change, says):
    with pytest.raises(ValueError, match=says):
        dataclasses.replace(SMALL, **change)
