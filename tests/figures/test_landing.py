"""Numbers of the landing figure against the closed-form inverse and a grid search."""

from __future__ import annotations

import numpy as np

from focalbook.figures import landing, style
from focalbook.theory.minimizer import recover


def test_reported_probabilities_recover_the_true_ones():
    d = landing.data(gammas=(0.5, 3.0), points=41)
    for g, q in zip(d.gammas, d.reported, strict=True):
        back = recover(np.stack([q, 1 - q], axis=-1), g)[:, 0]  # oracle: the closed-form inverse
        np.testing.assert_allclose(back, d.p, atol=1e-9)
    assert (d.reported[:, d.p > 0.5][:, :-1] < d.p[d.p > 0.5][:-1]).all()


def test_peaks_are_the_highest_points_of_the_gain():
    d = landing.data(gammas=(1.0, 2.0), points=20_001)
    best = d.gain.argmax(axis=1)  # oracle: grid search
    np.testing.assert_allclose(d.peaks[:, 0], d.p[best], atol=1e-4)
    np.testing.assert_allclose(d.peaks[:, 1], d.gain.max(axis=1), rtol=1e-7)


def test_it_draws():
    picture = style.figure(
        landing.draw, landing.data(points=21), alt="A figure for a test of drawing.", ncols=2
    )
    assert picture.light.startswith(b"<?xml")
    assert picture.light != picture.dark
