"""Simulated focal estimates. Oracles: formulas for what is simulated, curvatures by differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

import focalbook as fb
from focalbook.campaigns.onebit_focal import (
    Replicates,
    convexity_limit,
    designs,
    errors,
    gaussian,
    root_mean_square,
    run,
)
from focalbook.onebit import Poisson, focal_efficiency
from focalbook.theory.curvature import convexity_threshold


@pytest.fixture(scope="module")
def scatter():
    return run(Replicates(gammas=(1.0, 5.0), replicates=4000, seed=3))


def test_efficiency_and_spread_agree_with_their_formulas(scatter):
    """Fixed-seed z-tests; the bias of order 1/n is within two per cent at 2000 bits a cell."""
    model, truth = gaussian()
    theory = np.array([focal_efficiency(model, truth, g) for g in scatter.config.gammas])
    assert (np.abs(scatter.efficiency - theory) < 4 * scatter.efficiency_error + 0.005).all()
    assert (np.abs(scatter.spread - 1) < 4 * scatter.spread_error + 0.02).all()
    assert scatter.lost == 0.0


def test_coverage_separates_right_intervals_from_wrong_ones(scatter):
    c, noise = scatter.coverage, 4 * scatter.coverage_error
    assert np.abs(c[:, 0, 0] - 0.95).max() < noise + 0.005  # sandwich, of the limit
    assert np.abs(c[1, 0, 1] - 0.95).max() < noise + 0.005  # proper score: of the truth
    assert c[0, 0, 1, :, 1].max() < 0.01  # plain loss: never of the true standard deviation
    assert c[1, 1, 1].min() > 0.98  # naive: too wide


def test_same_seed_same_numbers(scatter):
    again = run(Replicates(gammas=(1.0, 5.0), replicates=4000, seed=3))
    np.testing.assert_array_equal(again.efficiency, scatter.efficiency)


def test_errors_at_gamma_zero_and_by_hand():
    """Oracle: a saturated pair of cells, where the error before is |Q* - P| and after it nothing is left."""
    for model, truth in designs().values():
        found = errors(model, truth, np.array([0.0]))
        assert found.before[0] < 1e-9
        assert found.after[0] < 1e-9
    two = fb.onebit.Gaussian(1.0, [-1.0, 1.0])
    p = norm.cdf([1.2, -0.8])
    found = errors(two, np.array([0.2, 1.0]), np.array([2.0]))
    want = np.abs(fb.minimizer(np.stack([p, 1 - p], axis=-1), 2.0)[:, 0] - p).max()
    assert found.before[0] == pytest.approx(want, rel=1e-9)
    assert found.after[0] < 1e-9


def test_consistent_estimators_improve_and_the_others_keep_their_bias():
    found = root_mean_square(Poisson(1.0, [1, 4]), np.array([3.0]), 2.0, bits=(300, 30_000), replicates=400)
    drop = found.error[:, 0] / found.error[:, 1]
    assert (np.abs(drop[2:] - 10) < 2).all()
    assert (drop[:2] < 2).all()
    np.testing.assert_allclose(found.error[:2, 1], found.bias[:2], rtol=0.03)
    np.testing.assert_array_equal(found.bits, [600, 60_000])


@pytest.mark.parametrize("score", ["plain", "proper"])
def test_convexity_ends_where_second_differences_change_sign(score):
    """Oracle: second differences of the loss, from the public theory of focal loss, on both sides."""
    limit = convexity_limit("probit", score)
    z = np.linspace(-10.0, 2.0, 1601)
    p = norm.cdf(z)

    def least(gamma: float) -> float:
        q = fb.minimizer(np.stack([p, 1 - p], axis=-1), gamma)[:, 0] if score == "proper" else p
        loss = fb.focal_loss(q, gamma)
        return float(((loss[2:] - 2 * loss[1:-1] + loss[:-2]) / (z[1] - z[0]) ** 2).min())

    assert least(limit - 0.3) > -1e-8
    assert least(limit + 0.3) < -1e-4


def test_for_the_logit_it_ends_where_the_hessian_of_two_classes_does():
    """Oracle: the probability q_c of GC-9 below which the Hessian is negative."""
    for reach in (4.0, 12.0):
        limit = convexity_limit("logit", "plain", reach)
        assert convexity_threshold(limit) == pytest.approx(1 / (1 + np.exp(reach)), rel=1e-5)


def test_bad_configurations_are_refused():
    with pytest.raises(ValueError, match="above 0"):
        Replicates(gammas=(0.0,))
    with pytest.raises(ValueError, match="replicates"):
        Replicates(replicates=5)
    with pytest.raises(ValueError, match="probit or logit"):
        convexity_limit("cloglog", "plain")
