"""Augmented digits. Oracle: each picture is a window of the padded image, perhaps mirrored, by search."""

from __future__ import annotations

import numpy as np

from focalbook.figures import augmented_images
from focalbook.figures.style import figure


def test_every_picture_is_a_window() -> None:
    d = augmented_images.data(epochs=5)
    for plain, row in zip(d.plain, d.seen, strict=True):
        padded = np.pad(plain, d.crop, mode="reflect")
        windows = [padded[a : a + 8, b : b + 8] for a in range(3) for b in range(3)]
        windows += [w[:, ::-1] for w in windows]
        for picture in row:
            assert min(np.abs(picture - w).max() for w in windows) < 1e-6


def test_it_draws() -> None:
    shown = figure(augmented_images.draw, augmented_images.data(epochs=3), alt="Digits, shifted")
    assert shown.light != shown.dark
