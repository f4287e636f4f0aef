"""Failure counts. Oracles: exact binomial sums for one coin, a naive simulation, scipy's exact interval."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from focalbook.campaigns import pac_coverage as pc
from focalbook.theory import pacbayes as pb
from focalbook.theory.entropy import kl_divergence


def test_interval_against_scipy():
    for count, trials in ((0, 10), (3, 50), (50, 50)):
        exact = binomtest(count, trials).proportion_ci(0.99, method="exact")
        assert pc.clopper_pearson(count, trials, 0.99) == pytest.approx((exact.low, exact.high), rel=1e-12)


def test_one_coin_against_exact_probabilities():
    coins, replicates = pc.Coins((0.3,), (1,), 30, 0.4), 20_000
    found = pc.coverage(coins, replicates, np.random.default_rng(0))
    k = np.arange(31)
    mass, root = binom.pmf(k, 30, 0.3), 2 * np.sqrt(30) / 0.4
    exact = {
        "kl event": mass[np.exp(30 * pb.binary_kl(k / 30, 0.3)) > root].sum(),
        "prior from the data": mass[pb.kl_bound(k / 30, 0.0, 30, 0.4) < 0.3].sum(),
        "lambda, prior from the data": mass[pb.best_lambda_bound(k / 30, 0.0, 30, 0.4) < 0.3].sum(),
        "no complexity": mass[k / 30 < 0.3].sum(),
    }
    for rule, probability in exact.items():
        spread = np.sqrt(probability * (1 - probability) / replicates) + 1e-9
        assert abs(found.rate(rule) - probability) < 5 * spread, rule
    assert found.failures["fixed prior"] == found.failures["lambda, prior from the data"]  # divergence 0


@pytest.mark.parametrize("beta", [0.0, 7.0, np.inf])
def test_learned_posterior_against_a_naive_list_of_hypotheses(beta):
    tables = np.array([[[0, 2, 0, 1], [1, 0, 3, 0]]])  # two groups, 0 to 3 errors of 3
    risks = np.array([0.2, 0.6])
    errors, risk = np.array([1, 1, 3, 0, 2, 2, 2]), np.array([0.2, 0.2, 0.2, 0.6, 0.6, 0.6, 0.6])
    weight = (errors == 0).astype(float) if np.isinf(beta) else np.exp(-beta * errors / 3)
    weight /= weight.sum()
    got = [float(x[0]) for x in pc._posterior(tables, risks, beta)]
    price = float(kl_divergence(weight, np.full(7, 1 / 7)))
    assert got == pytest.approx([weight @ risk, weight @ errors / 3, price], rel=1e-9, abs=1e-12)


def test_the_opponent_against_a_search_over_posteriors():
    coins = pc.Coins((0.2, 0.6), (2, 3), 10, 0.5)
    rng = np.random.default_rng(1)
    tables = pc._histograms(coins, 200, rng)
    broken = pc._opponent(coins, tables / 5, pc.LAMBDAS)
    for table, lost in zip(tables, broken, strict=True):
        errors = np.repeat(np.tile(np.arange(11), 2), table.ravel())
        risk = np.repeat(np.repeat([0.2, 0.6], 11), table.ravel())
        rivals = rng.dirichlet(np.full(5, 0.3), 50)
        price = kl_divergence(rivals, np.full((50, 5), 0.2))
        for lam in (0.1, 0.5, 1.0):
            bound = pb.lambda_bound(rivals @ errors / 10, price, 10, 0.5, lam)
            assert lost or (rivals @ risk <= bound).all()


def test_the_opponent_wins_where_there_is_no_price():
    shares = np.zeros((1, 1, 101))
    shares[0, 0, 0] = 1.0  # no errors although the risk is one half
    assert pc._opponent(pc.Coins((0.5,), (1,), 100, 0.05), shares, pc.LAMBDAS).all()


def test_a_prior_from_the_data_fails_and_a_fixed_one_does_not():
    found = pc.coverage(pc.Coins((0.1,), (10**6,)), 2000, np.random.default_rng(2))
    assert found.rate("prior from the data") > 0.9
    assert found.failures["fixed prior"] == found.failures["any posterior"] == 0
    assert set(found.failures) == set(pc.RULES)
    assert found.interval("fixed prior")[1] < 0.05


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (((0.1,), (1, 2)), "equally many"),
        (((0.0,), (1,)), "strictly between"),
        (((0.1,), (0,)), "at least 1"),
        (((), ()), "equally many"),
    ],
)
def test_bad_classes_are_named(values, says):
    with pytest.raises(ValueError, match=says):
        pc.Coins(*values)


def test_bad_settings_are_named():
    coins = pc.Coins((0.1,), (1,))
    with pytest.raises(ValueError, match="replicates"):
        pc.coverage(coins, 0, np.random.default_rng(0))
    with pytest.raises(ValueError, match="beta"):
        pc.coverage(coins, 1, np.random.default_rng(0), beta=-1.0)
