"""Rows, cells, counts and draws of a model. Oracle: naive loops over rows."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

import focalbook as fb


def test_counts_of_rows_that_share_a_cell_are_added():
    w, tau = [1.0, 2.0, 1.0, 1.0, 2.0, 1.0], [0.5, 0.5, 0.5, 1.0, 0.5, 0.5]
    model = fb.onebit.Gaussian(w, tau)
    assert model.w.size == 3
    given = [[1, 2, 3, 4, 5, 0], [0, 1, 0, 1, 0, 2]]
    ones, trials = model.cell_counts(given, [5, 5, 5, 6, 5, 5])
    for row, counts in zip(ones, given, strict=True):
        naive: dict[tuple[float, float], int] = {}
        for x, t, k in zip(w, tau, counts, strict=True):
            naive[x, t] = naive.get((x, t), 0) + k
        assert [naive[x, t] for x, t in zip(model.w, model.tau, strict=True)] == row.tolist()
    np.testing.assert_array_equal(trials.sum(axis=-1), [31, 31])
    np.testing.assert_array_equal(np.sort(model.trials), [1, 2, 3])


def test_distinct_rows_keep_their_order():
    model = fb.onebit.Gaussian([3.0, 1.0, 2.0], [0.1, 0.2, 0.3])
    np.testing.assert_array_equal(model.w, [3, 1, 2])
    ones, trials = model.cell_counts([1, 2, 3], [4, 5, 6])
    np.testing.assert_array_equal(ones, [1, 2, 3])
    np.testing.assert_array_equal(trials, [4, 5, 6])


def test_log_likelihood_and_probabilities_by_a_loop_over_rows():
    w, tau = np.array([1.0, 2.0, 1.0, 1.0]), np.array([0.5, 0.5, 0.5, 1.0])
    model = fb.onebit.Gaussian(w, tau)
    p = [norm.cdf((x * 0.3 - t) / 1.2) for x, t in zip(w, tau, strict=True)]
    np.testing.assert_allclose(model.probabilities((0.3, 1.2)), p, rtol=1e-14)
    value = sum(k * np.log(q) + (5 - k) * np.log1p(-q) for k, q in zip([1, 2, 3, 4], p, strict=True))
    assert model.log_likelihood((0.3, 1.2), [1, 2, 3, 4], [5, 5, 5, 5]) == pytest.approx(value, rel=1e-13)


def test_information_counts_every_row():
    """Oracle: the sum over rows, each a model of its own (with an idle second row)."""
    w, tau = np.array([1.0, 2.0, 1.0, 1.0]), np.array([0.5, 0.5, 0.5, 1.0])
    whole = fb.onebit.Gaussian(w, tau).fisher_information((0.3, 1.2))
    parts = [fb.onebit.Gaussian([x], [t]).fisher_information((0.3, 1.2)) for x, t in zip(w, tau, strict=True)]
    np.testing.assert_allclose(whole, sum(parts), rtol=1e-13)


def test_a_million_rows_are_as_good_as_their_counts():
    rng = np.random.default_rng(0)
    w, tau = rng.choice([0.5, 1.0, 1.5], 200_000), rng.choice([-0.5, 0.0, 0.5], 200_000)
    model = fb.onebit.Gaussian(w, tau)
    assert model.w.size == 9
    b = model.simulate_bits((0.2, 0.9), 1)
    fit = model.fit(b)
    cells = list(zip(model.w, model.tau, strict=True))
    ones = [int(b[(w == x) & (tau == t)].sum()) for x, t in cells]
    trials = [int(((w == x) & (tau == t)).sum()) for x, t in cells]
    again = fb.onebit.Gaussian(model.w, model.tau).fit_counts(ones, trials)
    np.testing.assert_allclose(fit.estimate, again.estimate, rtol=1e-13)


def test_bits_of_every_type_are_one():
    model = fb.onebit.Gaussian(1.0, [0.0, 0.0, 1.0, 1.0, 0.0, 1.0])
    bits = [1, 0, 1, 0, 1, 0]
    expected = model.fit(bits).estimate
    for kind in (bool, np.int8, np.uint8, np.float32, float):
        np.testing.assert_array_equal(model.fit(np.array(bits, kind)).estimate, expected)


def test_draws_have_the_shape_of_the_design():
    model = fb.onebit.Gaussian([1.0, 1.0, 2.0], [0.0, 0.0, 1.0])
    draws = model.simulate((0.0, 1.0), [10, 20, 30], 5, rng=0)
    assert draws.shape == (5, 3)
    assert (draws <= [10, 20, 30]).all()
    assert model.simulate_bits((0.0, 1.0), 0).shape == (3,)


def test_one_experiment_at_a_time():
    with pytest.raises(ValueError, match="expected one experiment; see fit_batch"):
        fb.onebit.Gaussian(1.0, [0.0, 1.0]).fit_counts([[1, 2]], [[3, 3]])


def test_the_package_is_loaded_when_used():
    assert fb.onebit.Gaussian.__name__ in fb.onebit.__all__
    assert "onebit" in dir(fb)
