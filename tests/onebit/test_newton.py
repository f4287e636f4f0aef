"""Newton's method. Oracles: SciPy's generic minimiser, closed forms of saturated cells."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import log_expit, ndtri

from focalbook.onebit import _newton
from focalbook.onebit._tails import Tails, logistic_tails, normal_tails


def test_agrees_with_a_generic_minimiser():
    rng = np.random.default_rng(0)
    design = np.column_stack([np.ones(12), rng.normal(size=(12, 3))])
    ones = rng.integers(1, 9, 12).astype(float)
    zeros = 10.0 - ones
    found = _newton.maximise(design, logistic_tails, ones[None], zeros[None], np.zeros((1, 4)))

    def loss(beta):
        z = design @ beta
        return -(ones * log_expit(z) + zeros * log_expit(-z)).sum()

    oracle = minimize(loss, np.zeros(4), method="BFGS", options={"gtol": 1e-9})
    np.testing.assert_allclose(found.beta[0], oracle.x, atol=1e-6)
    assert found.log_likelihood[0] == pytest.approx(-oracle.fun, rel=1e-12)
    assert found.log_likelihood[0] >= -oracle.fun - 1e-12
    assert found.converged.all()


@pytest.mark.parametrize("start", [0.0, 5.0, -30.0, 200.0])
def test_saturated_cell_in_closed_form_from_anywhere(start):
    """One cell: N(z) = ones/trials."""
    ones, zeros = np.array([[3.0], [1.0], [999.0]]), np.array([[1.0], [9.0], [1.0]])
    found = _newton.maximise(np.ones((1, 1)), normal_tails, ones, zeros, np.full((3, 1), start))
    np.testing.assert_allclose(found.beta[:, 0], ndtri(ones / (ones + zeros))[:, 0], rtol=1e-13)
    assert found.converged.all()


def test_offset_shifts_the_answer():
    ones, zeros = np.array([[3.0, 3.0]]), np.array([[1.0, 1.0]])
    found = _newton.maximise(
        np.ones((2, 1)), normal_tails, ones, zeros, np.zeros((1, 1)), offset=np.full(2, 0.25)
    )
    assert found.beta[0, 0] == pytest.approx(ndtri(0.75) - 0.25, rel=1e-13)


def test_rows_do_not_disturb_each_other():
    rng = np.random.default_rng(1)
    design = np.column_stack([np.ones(6), np.linspace(-1, 1, 6)])
    ones = rng.integers(1, 19, (50, 6)).astype(float)
    together = _newton.maximise(design, normal_tails, ones, 20 - ones, np.zeros((50, 2)))
    for i in range(0, 50, 7):
        alone = _newton.maximise(
            design, normal_tails, ones[i : i + 1], 20 - ones[i : i + 1], np.zeros((1, 2))
        )
        np.testing.assert_allclose(together.beta[i], alone.beta[0], rtol=1e-12)


def test_separated_data_never_count_as_converged():
    """The engine trusts its caller; where the likelihood has no maximum it must at least not invent one."""
    ones, zeros = np.array([[5.0, 0.0]]), np.array([[0.0, 5.0]])
    found = _newton.maximise(np.array([[1.0, 1.0], [1.0, -1.0]]), normal_tails, ones, zeros, np.zeros((1, 2)))
    assert not found.converged[0] or np.abs(found.beta).max() > 5


def test_zero_counts_of_impossible_events_add_nothing():
    flat = np.zeros((1, 2))
    tails = Tails(np.log([[1.0, 0.5]]), np.array([[-np.inf, np.log(0.5)]]), flat, flat, flat, flat)
    value = _newton.log_likelihood(tails, np.array([[4.0, 1.0]]), np.array([[0.0, 1.0]]))
    assert value[0] == pytest.approx(2 * np.log(0.5))


def test_least_squares():
    """Oracle: numpy.linalg.lstsq on scaled rows."""
    rng = np.random.default_rng(2)
    design, z, weights = rng.normal(size=(8, 3)), rng.normal(size=(2, 8)), rng.uniform(1, 2, (2, 8))
    found = _newton.least_squares(design, z, weights)
    for i in range(2):
        root = np.sqrt(weights[i])
        expected = np.linalg.lstsq(design * root[:, None], z[i] * root, rcond=None)[0]
        np.testing.assert_allclose(found[i], expected, rtol=1e-9)
    assert (_newton.least_squares(np.zeros((4, 2)), np.ones((1, 4)), np.ones((1, 4))) == 0).all()
