"""Replicates of one-bit data. Oracles: sums over all outcomes, closed forms, scipy, single fits."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, kstest

from focalbook.campaigns import onebit_coverage as oc
from focalbook.onebit import Poisson

COIN = oc.Design(Poisson(1.0, [1]), (0.7,))


def test_every_outcome_once_and_probabilities_that_add_up() -> None:
    ones, weights = oc.enumerate_outcomes(oc.DESIGNS["three thresholds"], 11)
    assert len(np.unique(ones, axis=0)) == len(ones) == 5 * 5 * 4
    assert weights.sum() == pytest.approx(1.0, rel=1e-13)
    p = oc.DESIGNS["three thresholds"].model.probabilities((0.3, 1.0))
    at = int(np.flatnonzero((ones == [2, 3, 1]).all(axis=1))[0])
    assert weights[at] == pytest.approx(binom.pmf([2, 3, 1], [4, 4, 3], p).prod(), rel=1e-12)


def test_exact_moments_and_coverage_of_one_cell_in_closed_form() -> None:
    """tau = 1: mu = -log(1 - k/n), J = n/(e^mu - 1), and only k = 0 and k = n have no maximum."""
    n, mu = 40, 0.7
    k = np.arange(1, n)
    mass = binom.pmf(k, n, 1 - np.exp(-mu))
    missing, w = 1 - mass.sum(), mass / mass.sum()
    estimate = -np.log1p(-k / n)
    found = oc.exact(COIN, n)
    assert found.missing.sum() == pytest.approx(missing, rel=1e-9)
    assert found.bias[0] == pytest.approx(w @ estimate - mu, rel=1e-9)
    variance = n * (w @ estimate**2 - (w @ estimate) ** 2)
    assert found.covariance[0, 0] == pytest.approx(variance, rel=1e-9)
    assert found.limit[0, 0] == pytest.approx(np.expm1(mu))
    assert found.uncensored[0, 0] == pytest.approx(mu)
    half = 1.959963984540054 * np.sqrt(np.expm1(estimate) / n)
    assert found.coverage["wald"][0] == pytest.approx(w @ (np.abs(estimate - mu) <= half), rel=1e-12)
    assert found.joint == pytest.approx(found.coverage["likelihood ratio"][0], rel=1e-12)
    assert found.replicates == 0
    assert found.error(0.9) == 0.0


def test_draws_agree_with_the_sum_over_outcomes() -> None:
    """z-tests with a fixed seed."""
    design, replicates = oc.DESIGNS["three thresholds"], 20_000
    truth, drawn = oc.exact(design, 40), oc.sample(design, 40, replicates, np.random.default_rng(0))
    share = truth.missing.sum()
    assert abs(drawn.missing.sum() - share) < 4 * np.sqrt(share * (1 - share) / replicates)
    assert (np.abs(drawn.bias - truth.bias) < 4 * drawn.bias_error).all()
    for name, value in truth.coverage.items():
        assert (np.abs(drawn.coverage[name] - value) < 4 * drawn.error(value)).all(), name
    assert abs(drawn.joint - truth.joint) < 4 * drawn.error(truth.joint)
    assert drawn.fitted == pytest.approx(replicates * (1 - drawn.missing.sum()))
    np.testing.assert_allclose(drawn.worst("wald"), drawn.coverage["wald"] * (1 - drawn.missing.sum()))


def test_intervals_are_those_of_single_fits() -> None:
    design = oc.DESIGNS["gaussian"]
    trials = design.trials(140)
    ones = design.model.simulate(design.truth, trials, 12, 3)
    found = oc._covered(design, 140, design.model.fit_batch(ones, trials), 0.95)
    for row, counts in enumerate(ones):
        fit = design.model.fit_counts(counts, trials)
        for j, (name, value) in enumerate(zip(design.model.names, design.truth, strict=True)):
            for method, ends in (
                ("wald", fit.wald()[j]),
                ("wald log", fit.wald(log=True)[j]),
                ("likelihood ratio", fit.profile(name)),
            ):
                assert found[method][row, j] == (ends[0] <= value <= ends[1])


def test_shape_against_scipy() -> None:
    x = np.random.default_rng(5).normal(size=(400, 1)).round(1)  # with ties
    quantiles, distance = oc._shape(x, np.full(400, 1 / 400))
    assert distance[0] == pytest.approx(kstest(x[:, 0], "norm").statistic, rel=1e-12)
    want = np.quantile(x[:, 0], oc.GRID, method="inverted_cdf")
    np.testing.assert_array_equal(quantiles[0], want)


def test_the_limit_is_reached_and_the_control_is_not() -> None:
    found = oc.run(oc.OnebitCoverage(bits=(70, 70_000), replicates=4000))
    for name, points in found.items():
        last = points[-1]
        assert (np.abs(last.ratio - 1) < 4 * last.ratio_error).all(), name
        assert (np.abs(last.coverage["wald"] - 0.95) < 4 * last.error(0.95)).all()
        assert (last.coverage["uncensored"] < 0.9).all()
        assert (np.diagonal(last.uncensored) < 0.7 * np.diagonal(last.limit)).all()
        assert (last.distance < points[0].distance).all()
    again = oc.run(oc.OnebitCoverage(bits=(70, 70_000), replicates=4000))
    np.testing.assert_array_equal(again["poisson"][1].quantiles, found["poisson"][1].quantiles)


def test_a_row_takes_its_share_of_bits() -> None:
    np.testing.assert_array_equal(oc.DESIGNS["gaussian"].trials(16), [3, 3, 2, 2, 2, 2, 2])


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"designs": ("normal",)}, "designs must be of"),
        ({"bits": ()}, "bits must hold"),
        ({"replicates": 10}, "at least 100"),
        ({"level": 95.0}, "between 0 and 1"),
    ],
)
def test_bad_settings_are_named(settings, says) -> None:
    with pytest.raises(ValueError, match=says):
        oc.OnebitCoverage(**settings)


def test_too_many_outcomes_and_too_few_bits_are_named() -> None:
    with pytest.raises(ValueError, match="draw a sample instead"):
        oc.exact(oc.DESIGNS["three thresholds"], 3000)
    with pytest.raises(ValueError, match="has a maximum"):
        oc.exact(oc.DESIGNS["three thresholds"], 3)
    with pytest.raises(ValueError, match="one bit for each row"):
        oc.DESIGNS["gaussian"].trials(3)
