"""Optimality conditions on the line. Oracles: finite differences and solutions that are known."""

from __future__ import annotations

import numpy as np

from focalbook.onebit import _criteria, _polish
from focalbook.onebit.models import Gaussian

GUESSES = np.array([[0.3, 1.2], [-1.0, 0.7]])


def test_vectors_are_those_of_the_model_and_slopes_their_derivatives() -> None:
    w, tau = np.array([1.0, -2.0, 0.5, 0.0]), np.array([0.4, 1.0, -6.0, 0.3])
    f, slope = _polish.vectors(w, tau, GUESSES)
    want = _criteria.factors(Gaussian(w, tau), GUESSES)
    np.testing.assert_allclose(f, want, rtol=1e-12)
    h = 1e-5
    up, down = (_polish.vectors(w, tau + d, GUESSES)[0] for d in (h, -h))
    np.testing.assert_allclose(slope, (up - down) / (2 * h), rtol=1e-6, atol=1e-12)


def test_neighbours_are_merged_for_each_w() -> None:
    start = _polish.Support(
        np.array([1.0, 1.0, 2.0, 1.0]), np.array([0.1, 0.0, 0.05, 3.0]), np.array([0.1, 0.3, 0.4, 0.2])
    )
    merged = _polish.merge(start, 0.2)
    np.testing.assert_allclose(merged.w, [1, 1, 2])
    np.testing.assert_allclose(merged.tau, [0.025, 3.0, 0.05])
    np.testing.assert_allclose(merged.weights, [0.4, 0.2, 0.4])


def test_conditions_are_solved_from_nearby() -> None:
    guess, one = np.array([[0.0, 1.0]]), np.ones(2)
    found = _polish.smooth(
        _polish.Support(one, np.array([-1.1, 1.2]), np.array([0.4, 0.6])), guess, np.ones(1), None
    )
    assert found is not None
    np.testing.assert_allclose(np.abs(found.tau), 1.1381013, atol=1e-7)
    exact = _polish.contrast(
        _polish.Support(one, np.array([-1.5, 1.6]), 0.5 * one), guess, np.array([0.0, 1.0])
    )
    assert exact is not None
    np.testing.assert_allclose(np.abs(exact[0].tau), 1.5750363, atol=1e-7)


def test_hopeless_starts_are_reported() -> None:
    guess, one = np.array([[0.0, 1.0]]), np.ones(2)
    assert _polish.smooth(_polish.Support(one, np.zeros(2), 0.5 * one), guess, np.ones(1), None) is None
