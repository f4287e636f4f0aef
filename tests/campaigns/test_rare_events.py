"""Logistic regression with focal loss. Oracles: scikit-learn, automatic differentiation, the formulas."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from focalbook.campaigns.rare_events import SCALE, RareEvents, draw_counts, fit, run
from focalbook.nn import focal_cross_entropy
from focalbook.theory.minimizer import minimizer

X = np.linspace(-1.0, 2.0, 7)
EVENTS = np.array([1.0, 2.0, 2.0, 5.0, 9.0, 8.0, 14.0])
OTHERS = 20.0 - EVENTS


def test_log_loss_is_logistic_regression():
    from sklearn.linear_model import LogisticRegression

    found = fit(X, EVENTS, OTHERS, 0.0)
    model = LogisticRegression(C=np.inf, tol=1e-12, max_iter=1000)
    labels = np.repeat([1, 0], len(X))
    model.fit(np.tile(X, 2)[:, None], labels, sample_weight=np.concatenate([EVENTS, OTHERS]))
    assert found.slope == pytest.approx(model.coef_[0, 0], rel=1e-6)
    assert found.intercept == pytest.approx(model.intercept_[0], rel=1e-6)


@pytest.mark.parametrize("gamma", [0.5, 2.0, 5.0])
def test_gradient_vanishes_by_automatic_differentiation(gamma):
    found = fit(X, EVENTS, OTHERS, gamma)
    theta = torch.tensor([found.intercept, found.slope], dtype=torch.float64, requires_grad=True)
    t = theta[0] + theta[1] * torch.tensor(X)
    logits = torch.stack([torch.zeros_like(t), t], dim=1)
    target = torch.ones(len(X), dtype=torch.int64)
    yes = focal_cross_entropy(logits, target, gamma, reduction="none")
    no = focal_cross_entropy(logits, target * 0, gamma, reduction="none")
    loss = (torch.tensor(EVENTS) @ yes + torch.tensor(OTHERS) @ no) / (EVENTS + OTHERS).sum()
    (gradient,) = torch.autograd.grad(loss, theta)
    assert gradient.abs().max() < 1e-6 / SCALE * 100
    assert found.gradient < 1e-6


def test_two_places_are_fitted_exactly():
    # oracle: two coefficients, two places: each ends at the minimiser of its own frequencies
    x, events, others = np.array([0.0, 1.0]), np.array([3.0, 40.0]), np.array([97.0, 60.0])
    found = fit(x, events, others, 2.0).probability(x)
    p = np.stack([others, events], axis=-1) / 100
    np.testing.assert_allclose(found, minimizer(p, 2.0)[:, 1], rtol=1e-5)


def test_counts():
    design = RareEvents()
    counts = draw_counts(design, 0)
    np.testing.assert_array_equal(counts, draw_counts(design, 0))
    expected = design.rows / design.places * design.posterior
    assert (np.abs(counts - expected) < 5 * np.sqrt(expected) + 5).all()


def test_run_gives_one_fit_for_each_gamma_and_seed():
    design = RareEvents(rows=61_000, gammas=(0.0, 2.0), seeds=(0, 1, 2))
    fits = run(design)
    assert [(one.gamma, one.seed) for one in fits] == [(g, s) for s in (0, 1, 2) for g in (0.0, 2.0)]
    assert all(0.4 < one.slope * (1 + one.gamma) / design.slope < 1.8 for one in fits)


def test_nothing_to_learn():
    with pytest.raises(ValueError, match="with and without the event"):
        fit(X, EVENTS * 0, OTHERS, 1.0)
