"""Experiments with thresholds. Oracles: the inverse information, naive sampling, fixed-seed z-tests."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns import threshold_designs
from focalbook.campaigns.threshold_designs import STRATEGIES, ThresholdDesigns, TwoStage
from focalbook.onebit import Gaussian


@pytest.fixture(scope="module")
def measured() -> threshold_designs.MonteCarlo:
    return threshold_designs.variances(ThresholdDesigns(bits=(60, 20_000), replicates=4000, seed=1))


def test_variances_reach_the_inverse_information(measured: threshold_designs.MonteCarlo) -> None:
    """z-tests at twenty thousand bits, ten of them, all replicates fitted."""
    assert (measured.exists[:, 1] == 1.0).all()
    z = (measured.variance[:, 1] - measured.theory) / measured.error[:, 1]
    assert np.abs(z).max() < 4.5
    assert (z**2).mean() < 3.0


def test_theory_is_the_inverse_of_the_summed_information(measured: threshold_designs.MonteCarlo) -> None:
    pair = Gaussian(1.0, [0.0, 2.0]).fisher_information([0.0, 1.0]) / 2
    np.testing.assert_allclose(measured.theory[3], np.diag(np.linalg.inv(pair)))


def test_wide_thresholds_have_no_estimate_with_few_bits(measured: threshold_designs.MonteCarlo) -> None:
    """Oracle: the chance that both thresholds see both values."""
    p = Gaussian(1.0, [-2.5, 2.5]).probabilities([0.0, 1.0])[0]
    both = (1 - p**30 - (1 - p) ** 30) ** 2
    # counts of one threshold alone may suffice, so this is a lower bound on existence
    assert measured.exists[4, 0] >= both - 4 * np.sqrt(both / 4000)
    assert measured.exists[4, 0] < 0.1


@pytest.fixture(scope="module")
def staged() -> threshold_designs.Staged:
    return threshold_designs.two_stage(TwoStage(truths=((0.0, 1.0), (2.0, 1.0)), replicates=1000))


def test_strategies_are_ordered_as_the_guess_deserves(staged: threshold_designs.Staged) -> None:
    at = {name: staged.efficiency[:, k] for k, name in enumerate(STRATEGIES)}
    assert at["best for the guess"][1] == 0.0, "estimates are missing"
    assert (at["two stages"] > at["best in the worst case"]).all()
    assert (at["best for the truth"] > 0.9).all()
    assert (staged.exists[:, 1:] > 0.999).all()
    assert staged.robust.efficiency_bound > 1 - 2e-4


def test_efficiency_of_draws_with_the_best_covariance_is_one() -> None:
    rng = np.random.default_rng(0)
    root = np.array([[0.3, 0.0], [0.1, 0.2]])
    off = rng.normal(size=(100_000, 2)) @ root.T
    got, error = threshold_designs._reached(off, float(np.linalg.det(root)))
    assert abs(got - 1.0) < 4 * error
    assert error < 0.01


def test_nearest_threshold_of_the_menu() -> None:
    offer = threshold_designs.menu()
    tau = np.array([-20.0, -8.96, 0.04, 0.06, 3.33, 30.0])
    want = [int(np.abs(offer.tau - t).argmin()) for t in tau]
    assert threshold_designs._nearest(offer, tau).tolist() == want


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ThresholdDesigns(bits=(5,)), "bits"),
        (lambda: ThresholdDesigns(replicates=3), "replicates"),
        (lambda: TwoStage(pilot=1.0), "pilot"),
        (lambda: TwoStage(bits=10), "bits"),
        (lambda: TwoStage(truths=((0.0, 0.0),)), "truths"),
    ],
)
def test_bad_configurations_are_refused(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()  # type: ignore[operator]
