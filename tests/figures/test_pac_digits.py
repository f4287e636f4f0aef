"""Certificates of digit classifiers. Oracle: certificates computed one by one."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.pac_digits import DigitClass, certify, prior_from, train_class
from focalbook.figures import pac_digits
from focalbook.figures.style import figure
from focalbook.training import TrainingConfig


@pytest.fixture(scope="module")
def numbers():
    config = DigitClass(
        gammas=(0.0, 2.0), seeds=(0,), temperatures=(0.3, 1.0), training=TrainingConfig(hidden=(8,), steps=40)
    )
    losses = train_class(config)
    return losses, pac_digits.data(losses, betas=(0.0, 100.0))


def test_every_beta_pays_for_the_choice(numbers):
    losses, shown = numbers
    for beta, found in zip((0.0, 100.0), shown.allowed, strict=True):
        assert found.minimum.bound == certify(losses, prior_from(losses.energy, beta), 0.025).minimum.bound
    assert shown.single < shown.allowed[0].minimum.bound
    assert shown.forbidden[0].minimum.bound == pytest.approx(shown.allowed[0].minimum.bound)
    assert shown.forbidden[1].minimum.bound < shown.forbidden[0].minimum.bound


def test_masses_sum_to_one_for_each_gamma(numbers):
    _, shown = numbers
    assert set(shown.mass) == {0.0, 2.0}
    np.testing.assert_allclose([mass.sum() for mass in shown.mass.values()], 1.0)


def test_it_can_be_drawn(numbers):
    picture = figure(pac_digits.draw, numbers[1], alt="Masses and bounds", ncols=2)
    assert picture.light != picture.dark
