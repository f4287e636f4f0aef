"""Entropies of two coins: oracle the definition of the conditional entropy."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.claims.kimura2024geometric.maximum_entropy import COINS
from focalbook.figures import conditional_entropy
from focalbook.figures.style import figure


def test_stored_pair_by_definition() -> None:
    numbers = conditional_entropy.data(count=10)
    for joint, (of_x, of_y) in zip(COINS, numbers.stored, strict=True):
        x = joint.sum(axis=1)
        assert of_x == pytest.approx(-(x * np.log(x)).sum())
        assert of_y == pytest.approx(-(joint * np.log(joint / x[:, None])).sum())
    assert (numbers.stored[0] > numbers.stored[1]).all()  # both fall together


def test_cloud_is_inside_the_square() -> None:
    cloud = conditional_entropy.data(count=200).cloud
    assert cloud.min() >= -1e-12
    assert cloud.max() <= np.log(2) + 1e-12


def test_it_can_be_drawn() -> None:
    shown = figure(conditional_entropy.draw, conditional_entropy.data(count=50), alt="A cloud with an arrow")
    assert shown.light != shown.dark
