"""OB-8: one-bit models fitted with focal loss, plain and proper."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.tally import Tally
from focalbook.onebit import (
    Bernoulli,
    Gaussian,
    Model,
    Poisson,
    focal_efficiency,
    focal_fit,
    focal_fit_batch,
    focal_limit,
)
from focalbook.theory.loss import focal_slope
from focalbook.theory.minimizer import minimizer, multiplier
from focalbook.theory.scores import proper_score

__all__ = ["CLAIMS"]

Float = NDArray[np.float64]

GAMMAS = (0.0, 1e-3, 0.5, 1.0, 2.0, 5.0, 30.0, 300.0)


def _two(p: Float) -> Float:
    """Distributions of two classes, shape (..., 2)."""
    return np.stack([p, 1.0 - p], axis=-1)


def _saturated(rng: np.random.Generator, tally: Tally, through_inverse: bool) -> None:
    """Limits and estimates where every cell has a parameter of its own; cells from 1e-6 to 1 - 1e-6."""
    for gamma in GAMMAS:
        for k in range(2):
            ends = np.array([1e-6, 1 - 1e-6]) if k == 0 else rng.uniform(0.01, 0.99, 2)
            p = np.sort(ends)[::-1]
            tau = np.sort(rng.normal(size=2)) + np.array([-0.1, 0.1])
            for model, truth in (
                (Gaussian(1.0, tau), p),
                (Poisson(float(rng.uniform(0.2, 3)), int(rng.integers(1, 9))), p[:1]),
                (Bernoulli(rng.normal(size=(2, 2)) + 2 * np.eye(2)), p),
            ):
                limit = focal_limit(model, truth, rng.uniform(1, 9, model.rows), gamma)
                tally.equal(limit.probabilities, minimizer(_two(truth), gamma)[:, 0], floor=1e-3)
                found = limit.recovered_probabilities if through_inverse else limit.probabilities
                tally.equal(found, truth, floor=1e-3)
                trials = rng.integers(20, 300, model.rows).astype(float)
                ones = np.sort(rng.integers(1, 20, model.rows))[::-1] / 20 * trials // 1
                ones = np.clip(ones, 1, trials - 1)
                if model.rows == 2 and ones[0] * trials[1] <= ones[1] * trials[0]:
                    continue
                fit = focal_fit(model, ones, trials, gamma)
                found = fit.recovered_probabilities if through_inverse else fit.probabilities
                tally.equal(found, ones / trials, floor=1e-3)
                tally.equal(fit.recovered_errors**2, ones * (trials - ones) / trials**2 / (trials - 1))


def _designs(rng: np.random.Generator) -> list[tuple[Model, Float]]:
    """Designs with more cells than parameters, and truths."""
    tau = np.array([-1.5, -0.5, 0.5, 1.5, 2.5]) + rng.normal(0, 0.1, 5)
    return [
        (Gaussian(rng.uniform(0.5, 2, 5), tau), np.array([rng.normal(0, 0.3), rng.uniform(0.8, 1.5)])),
        (Poisson(rng.uniform(0.5, 2, 4), [1, 2, 3, 5]), rng.uniform(1, 3, 1)),
        (Bernoulli(rng.normal(size=(6, 2))), rng.normal(size=2)),
    ]


def _unsaturated(rng: np.random.Generator, tally: Tally, proper: bool) -> None:
    """The proper score has the truth as limit; the plain loss has not, and its recovered errors balance."""
    for gamma in GAMMAS[:-1]:
        for model, truth in _designs(rng):
            trials = rng.uniform(1, 5, model.rows)
            p = model.probabilities(truth)
            limit = focal_limit(model, p, trials, gamma, proper=proper)
            tally.equal(limit.estimate, truth, floor=0.1)
            plain = focal_limit(model, p, trials, gamma)
            q, r = plain.probabilities, plain.recovered_probabilities
            tails = model.tails(plain.estimate)
            rate = q * tails.slope_one
            moves = model.predictor_gradient(plain.estimate[None, :])[0] * rate[:, None]
            pull = trials * (focal_slope(q, gamma) + focal_slope(1 - q, gamma))
            terms = (pull * (p - r))[:, None] * moves
            tally.equal(terms.sum(axis=0) / (pull[:, None] * np.abs(moves)).sum(axis=0), 0.0, floor=1.0)
            if gamma >= 0.5 and isinstance(model, Gaussian):
                tally.holds([np.abs(q - p).max() > 1e-3, np.abs(r - p).max() > 1e-5])


def _weights(rng: np.random.Generator, tally: Tally) -> None:
    """One weight for both values of the bit, against differences of the score; efficiency in its bounds."""
    for gamma in GAMMAS:
        for model, truth in _designs(rng):
            p = model.probabilities(truth)
            step = 1e-5 * np.minimum(p, 1 - p)
            slope = (proper_score(_two(p + step), gamma) - proper_score(_two(p - step), gamma)) / (
                2 * step[:, None]
            )
            weight = -p * slope[:, 0]
            tally.equal((1 - p) * slope[:, 1], weight, within=1e-4)
            q = minimizer(_two(p + step), gamma)[:, 0] - minimizer(_two(p - step), gamma)[:, 0]
            tally.equal(multiplier(_two(p), gamma) * q / (2 * step), weight, within=1e-4)
            found = focal_efficiency(model, truth, gamma)
            ratio = weight.min() / weight.max()
            tally.at_least(1.0, found)
            tally.at_least(found, 4 * ratio / (1 + ratio) ** 2 * (1 - 1e-4))
    for gamma, within in ((0.0, 1e-10), (300.0, 0.05)):
        p = rng.uniform(0.02, 0.98, 20)
        step = 1e-5 * np.minimum(p, 1 - p)
        weight = proper_score(_two(p - step), gamma)[:, 0] - proper_score(_two(p + step), gamma)[:, 0]
        weight = p * weight / (2 * step)
        half = proper_score(_two(np.array([0.49999, 0.50001])), gamma)[:, 0]
        unit = 0.5 * (half[0] - half[1]) / 2e-5
        want = np.ones(20) if gamma == 0 else 0.5 / np.sqrt(p * (1 - p))
        tally.equal(weight / unit, want, within=max(within, 1e-4))


def _scatter(rng: np.random.Generator, tally: Tally) -> None:
    """Covariance of 6 000 replicates against the sandwich, plain and proper."""
    model, truth = Gaussian(1.0, [-1.5, -0.5, 0.5, 1.5, 2.5]), np.array([0.3, 1.0])
    bits = np.full(5, 2000.0)
    counts = model.simulate(truth, 2000, 6000, rng)
    for gamma in (1.0, 5.0):
        for proper in (False, True):
            limit = focal_limit(model, model.probabilities(truth), bits, gamma, proper)
            batch = focal_fit_batch(model, counts, bits, gamma, proper)
            tally.holds(batch.exists)
            errors = (batch.estimate - limit.estimate) / limit.standard_errors
            want = limit.covariance / np.outer(limit.standard_errors, limit.standard_errors)
            tally.equal(np.cov(errors.T), want, floor=1.0, within=0.15)
            tally.equal(errors.mean(axis=0), 0.0, floor=1.0, within=0.2)


def _existence(rng: np.random.Generator, tally: Tally) -> None:
    """Few bits: a minimum exists where the likelihood has a maximum, and only there."""
    design = np.stack([np.ones(5), np.arange(5) - 2.0], axis=1)
    model = Bernoulli(design)
    trials = rng.integers(1, 4, (60, 5)).astype(float)
    ones = rng.binomial(trials.astype(int), 1 / (1 + np.exp(-2.0 * design[:, 1]))).astype(float)
    known = model.fit_batch(ones, trials).exists
    for gamma in (0.5, 2.0):
        for proper in (False, True):
            tally.holds(focal_fit_batch(model, ones, trials, gamma, proper).exists == known)


def _focal(rng: np.random.Generator, through_inverse: bool = True, proper: bool = True) -> Check:
    """OB-8; in the control the plain estimator is said to be consistent, saturated or not."""
    tally = Tally(
        1e-6,
        "Gaussian, Poisson and Bernoulli designs, gamma = 0 and 0.001 to 300: saturated ones with cells from "
        "1e-6 to 1 - 1e-6, limits and samples; unsaturated ones with random truths: limits, balance of the "
        "recovered errors, weights, efficiencies; covariances of 6,000 replicates; existence for 60 small "
        "samples. Residual: relative error, or violation, to a floor of one thousandth to one",
    )
    _saturated(rng, tally, through_inverse)
    _unsaturated(rng, tally, proper)
    _weights(rng, tally)
    _scatter(rng, tally)
    _existence(rng, tally)
    return tally.done()


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="OB-8",
        source="shah2025onebit",
        kind="theorem",
        title="Focal loss on one-bit data",
        statement=r"Let a one-bit model have the cell probabilities $p_i(\theta)$, and let ones have the "
        r"probabilities $\pi_i$. (a) The focal loss of a bit has $-h(p_b)$ times the likelihood score "
        r"as its slope; its mean in a cell vanishes at $Q^\star(\pi_i)$ and nowhere else. (b) In a "
        r"saturated design the fitted probabilities tend to $Q^\star(\pi_i)$, and the inverse map of "
        r"FE-6 returns the relative frequencies, for every sample: the maximum-likelihood estimate, "
        r"with efficiency one. (c) Otherwise $\sum_i n_i(\pi_i - r_i)\bigl(\varphi(q_i) + "
        r"\varphi(1-q_i)\bigr)\nabla q_i = 0$ for the recovered $r_i$: they need not be right, and can"
        r" be worse than the $q_i$. (d) The proper score $\ell(Q^\star(p)_b)$ has $-\omega(p)$ times "
        r"the likelihood score as its slope, with one $\omega = \frac{q\,h(1-q) + (1-q)\,h(q)}{s(q) + "
        r"s(1-q)} > 0$, $s(q) = -q(1-q)\varphi'(q)/\varphi(q)$, for both values of the bit: it is "
        r"consistent in every identifiable design. (e) Its efficiency is at most one and at least "
        r"$4mM/(m+M)^2$ if $m \le \omega \le M$ on the cells. (f) $\omega = 1$ at $\gamma = 0$; as "
        r"$\gamma \to \infty$ it tends, up to a constant, to $1/\sqrt{p(1-p)}$, the weight of the "
        r"exponential loss. (g) Minima exist exactly where the data overlap.",
        assumptions=(
            "probabilities $0 < \\pi_i < 1$; $p_i$ differentiable with $p_i' \\ne 0$ in a predictor that is "
            "linear in the coordinates",
            "$\\gamma > 0$; at $\\gamma = 0$ everything is maximum likelihood",
            "for limits and covariances the conditions of OB-3, and an isolated global minimum",
        ),
        origin="New here: it joins the one-bit models of the paper, the minimiser and inverse map of "
        "shah2026focal, and the proper score of FE-14.",
        chapter="focal-one-bit",
        check=_focal,
        control=partial(_focal, through_inverse=False, proper=False),
        control_says="fitted probabilities and parameters of the plain loss are said to be right as they are",
    ),
)
