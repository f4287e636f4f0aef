"""Regrets and scores against 50-digit arithmetic, closed forms and plain differences."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

import focalbook as fb
from focalbook.theory import scores
from tests.oracles import DIGITS, mp_loss, mp_minimizer, relative_error

EPS = np.finfo(float).eps


def exact_regret(p: np.ndarray, q: np.ndarray, gamma: float) -> mp.mpf:
    """F(P,Q) - F(P,X) at 50 digits, X found by Newton's method, both rows first made to sum to one."""
    with mp.workdps(DIGITS):
        best, _, rest = mp_minimizer(list(p), gamma, list(fb.minimizer(p, gamma)))
        top = int(np.argmax(p))
        masses, said = ([mp.mpf(float(x)) for x in row] for row in (p, q))
        masses, said = ([x / mp.fsum(row) for x in row] for row in (masses, said))
        total = mp.mpf(0)
        for i, mass in enumerate(masses):
            c_best = rest if i == top else 1 - best[i]
            c_said = mp.fsum(said[:i] + said[i + 1 :])
            total += mass * (
                mp_loss(said[i], c_said, mp.mpf(gamma)) - mp_loss(best[i], c_best, mp.mpf(gamma))
            )
        return total


def tilted(p: np.ndarray, size: float) -> np.ndarray:
    """Masses moved by a relative `size`, up and down in turn."""
    q = p * (1.0 + size * (-1.0) ** np.arange(len(p)))
    return q / q.sum()


@pytest.mark.parametrize("gamma", [1e-3, 0.5, 1.0, 2.0, 10.0])
@pytest.mark.parametrize("size", [1e-10, 1e-6, 1e-3, 0.3])
def test_regret_keeps_its_digits_next_to_the_minimizer(gamma, size):
    for p in ([0.5, 0.3, 0.2], [0.9, 0.09, 0.01], [0.999, 1e-3 - 1e-6, 1e-6], [0.3, 0.7]):
        p = np.array(p) / np.sum(p)
        q = tilted(fb.minimizer(p, gamma), size)
        exact = exact_regret(p, q, gamma)  # oracle: mpmath
        # a change of a few units in the last place of q moves the regret by this much, relatively
        assert relative_error(scores.focal_regret(p, q, gamma), exact) < 1e-13 + 200 * EPS / size


def test_the_plain_difference_has_no_digits_there():
    p = np.array([0.5, 0.3, 0.2])
    q = tilted(fb.minimizer(p, 2.0), 1e-10)
    exact = exact_regret(p, q, 2.0)
    plain = fb.focal_entropy(p, q, 2.0) - fb.bayes_risk(p, 2.0)
    assert relative_error(plain, exact) > 0.5  # the test above has something to detect


@pytest.mark.parametrize("gamma", [1e-3, 0.5, 1.0, 2.0, 30.0])
def test_regret_far_from_the_minimizer(gamma):
    rng = np.random.default_rng(0)
    sharp = np.array([1.0 - 1e-9, 1e-9 - 1e-14, 1e-14])
    rows = [
        rng.dirichlet(np.ones(3)),
        sharp,
        sharp[::-1],
        np.array([0.5, 0.5 - 1e-30, 1e-30]),
        np.ones(3) / 3,
    ]
    rows += [np.array([1.0 - 2e-3, 1e-3, 1e-3]), np.array([1.0, 1e-17, 1e-60])]
    for p in rows:
        for q in rows:
            exact = exact_regret(p, q, gamma)  # oracle: mpmath
            if exact > 1e-25:
                assert relative_error(scores.focal_regret(p, q, gamma), exact) < 2e-11


def test_regret_is_a_difference_of_focal_entropies():
    rng = np.random.default_rng(1)
    p, q = rng.dirichlet(np.ones(6), (2, 50))
    for gamma in (0.0, 0.5, 3.0):
        plain = fb.focal_entropy(p, q, gamma) - fb.bayes_risk(p, gamma)  # oracle: the definition
        np.testing.assert_allclose(scores.focal_regret(p, q, gamma), plain, rtol=1e-10, atol=1e-14)


def test_gamma_zero_is_the_kullback_leibler_divergence():
    rng = np.random.default_rng(2)
    p, q = rng.dirichlet(np.ones(5), (2, 50))
    oracle = (p * np.log(p / q)).sum(axis=1)
    np.testing.assert_allclose(scores.focal_regret(p, q, 0.0), oracle, rtol=1e-12)
    np.testing.assert_allclose(scores.focal_divergence(p, q, 0.0), oracle, rtol=1e-12)
    np.testing.assert_allclose(scores.proper_score(q, 0.0), -np.log(q), rtol=1e-14)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_zero_masses_and_certain_labels(gamma):
    assert scores.focal_regret([1.0, 0.0], [1.0, 0.0], gamma) == 0.0
    assert scores.focal_regret([0.5, 0.5], [1.0, 0.0], gamma) == np.inf
    sure = scores.focal_regret([1.0, 0.0], [0.8, 0.2], gamma)  # closed form: the loss of the label
    assert sure == pytest.approx(0.2**gamma * -np.log(0.8), rel=1e-14)
    p, q = np.array([0.6, 0.4, 0.0]), np.array([0.5, 0.3, 0.2])
    plain = fb.focal_entropy(p, q, gamma) - fb.bayes_risk(p, gamma)
    assert scores.focal_regret(p, q, gamma) == pytest.approx(plain, rel=1e-12)
    np.testing.assert_array_equal(scores.proper_score([1.0, 0.0], gamma), [0.0, np.inf])


def test_divergence_is_bregman_and_the_score_its_gradient():
    rng = np.random.default_rng(3)
    p, r = rng.dirichlet(np.ones(4), (2, 40))
    for gamma in (0.5, 1.0, 4.0):
        score = scores.proper_score(r, gamma)
        bregman = (p * score).sum(axis=1) - fb.bayes_risk(p, gamma)  # oracle: definition with the gradient
        np.testing.assert_allclose(scores.focal_divergence(p, r, gamma), bregman, rtol=1e-9, atol=1e-14)
        assert (scores.focal_divergence(p, p, gamma) == 0.0).all()
        step = 1e-5 * (p - r)
        rise = fb.bayes_risk(r + step, gamma) - fb.bayes_risk(r - step, gamma)  # oracle: central difference
        np.testing.assert_allclose(rise / 2e-5, ((p - r) * score).sum(axis=1), rtol=1e-5, atol=1e-8)


def test_focal_loss_of_a_report_is_the_proper_score_of_its_recovery():
    q = np.random.default_rng(4).dirichlet(np.ones(5), 50)
    for gamma in (0.5, 2.0):
        np.testing.assert_allclose(
            scores.proper_score(fb.recover(q, gamma), gamma), fb.focal_loss(q, gamma), rtol=1e-9
        )


def test_one_gamma_for_each_row_any_axis_and_clear_errors():
    rng = np.random.default_rng(6)
    p, q = rng.dirichlet(np.ones(3), (2, 4))
    gammas = np.array([0.0, 0.5, 1.0, 7.0])
    for function in (scores.focal_regret, scores.focal_divergence):
        one = [function(p[k], q[k], gammas[k]) for k in range(4)]  # oracle: one at a time
        np.testing.assert_allclose(function(p, q, gammas), one, rtol=1e-14)
        np.testing.assert_allclose(function(p.T, q.T, gammas, axis=0), one, rtol=1e-14)
    one = [scores.proper_score(q[k], gammas[k]) for k in range(4)]
    np.testing.assert_allclose(scores.proper_score(q, gammas), one, rtol=1e-14)
    with pytest.raises(ValueError, match="same shape"):
        scores.focal_regret([0.5, 0.5], [0.2, 0.3, 0.5], 1.0)
    with pytest.raises(ValueError, match="gamma"):
        scores.proper_score([0.5, 0.5], -1.0)


def test_kl_factor_is_the_maximum_of_the_ratio():
    q = np.geomspace(1e-8, 0.99, 400_000)
    for gamma in (0.05, 0.5, 1.0, 2.0, 5.0, 30.0):
        ratio = fb.focal_slope(q, gamma) ** 2 / fb.focal_curvature(q, gamma)  # oracle: a fine grid
        assert scores.kl_factor(gamma) == pytest.approx(ratio.max(), rel=1e-8)
    assert scores.kl_factor(0.0) == 1.0
    np.testing.assert_allclose(scores.kl_factor([0.0, 2.0]), [1.0, scores.kl_factor(2.0)])


@pytest.mark.parametrize("gamma", [0.5, 2.0, 10.0])
def test_kl_factor_is_approached(gamma):
    """Many equal classes beside a head: moving mass within the tail costs M times the KL divergence."""
    q = np.geomspace(1e-4, 0.3, 100_000)
    top = q[np.argmax(fb.focal_slope(q, gamma) ** 2 / fb.focal_curvature(q, gamma))]
    pairs = 2 * int(0.25 / top)
    p = fb.recover(np.append(np.full(pairs, top), 1 - pairs * top), gamma)
    r = p * (1 + 1e-3 * np.append((-1.0) ** np.arange(pairs), 0.0))
    ratio = scores.focal_divergence(p, r, gamma) / fb.kl_divergence(p, r)
    assert ratio == pytest.approx(scores.kl_factor(gamma), rel=2e-3)
    assert ratio < scores.kl_factor(gamma) * (1 + 2e-6)
