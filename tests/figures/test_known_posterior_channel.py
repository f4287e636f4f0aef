"""Digits and their letters; oracle: the data set and the channel themselves."""

from __future__ import annotations

import numpy as np

from focalbook.data import load_digits
from focalbook.figures import known_posterior_channel
from focalbook.figures.style import figure


def test_examples_are_training_images_of_each_digit() -> None:
    numbers = known_posterior_channel.data()
    train = load_digits().train
    for digit, image in enumerate(numbers.images):
        rows = np.flatnonzero((train.pixels() == image).all(axis=(1, 2)))
        assert digit in train.labels[rows]
    np.testing.assert_allclose(numbers.table.sum(axis=1), 1)


def test_it_can_be_drawn() -> None:
    numbers = known_posterior_channel.data()
    shown = figure(known_posterior_channel.draw, numbers, alt="Ten digits and their bars", nrows=2, ncols=5)
    assert shown.light != shown.dark
