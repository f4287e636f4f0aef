"""FE-16: class weights and one-against-rest outputs."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from focalbook.claims.core import Check, Claim
from focalbook.claims.points import EDGE_GAMMAS, GAMMAS, distributions, models, probabilities
from focalbook.claims.shah2026focal.optimum import log_slope
from focalbook.claims.tally import Tally
from focalbook.theory.loss import focal_loss
from focalbook.theory.minimizer import minimizer, recover
from focalbook.theory.sigmoid import recover_sigmoid, recover_sigmoid_logits, sigmoid_minimizer

__all__ = ["CLAIMS"]

Float = NDArray[np.float64]


def _weighted(p: Float, q: Float, weights: Float, gamma: float) -> Float:
    """The weighted loss sum_i a_i p_i l(q_i) of rows."""
    return (weights * p * focal_loss(q, gamma)).sum(axis=1)


def _softmax_part(rng: np.random.Generator, tally: Tally, tilted: bool) -> None:
    for classes in (2, 3, 10, 1000):
        p = distributions(rng, classes, count=4)
        p = p[p.max(axis=1) <= 1 - 1e-12]  # a tail below rounding has no weight to lose
        weights = 10 ** rng.uniform(-2, 2, classes)
        tilt = p * weights if tilted else p
        tilt = tilt / tilt.sum(axis=1, keepdims=True)
        for gamma in EDGE_GAMMAS:
            q = minimizer(tilt, gamma)
            level = np.log(weights * p) + log_slope(q, gamma)
            tally.equal(level, level.max(axis=1, keepdims=True), floor=1.0 + gamma)
            tally.equal(recover(q, gamma, weights=weights), p, floor=1e-290)
            best = _weighted(p, q, weights, gamma)
            for rival in (models(rng, p), 0.99 * q + 0.01 * models(rng, p)):
                rival = rival / rival.sum(axis=1, keepdims=True)
                tally.at_least(_weighted(p, rival, weights, gamma), best, floor=1e-3)


def _sigmoid_part(rng: np.random.Generator, tally: Tally, tilted: bool) -> None:
    p = probabilities(rng, 60)
    p = p[p < 1 - 1e-9]  # beyond, the complement of q has too few digits to compare losses
    for gamma in GAMMAS:
        for alpha in (0.01, 0.25, 0.5, 0.9):
            q = sigmoid_minimizer(p, gamma, alpha if tilted else None)
            best = alpha * p * focal_loss(q, gamma) + (1 - alpha) * (1 - p) * focal_loss(1 - q, gamma)
            for step in (0.9, 0.999, 1.001, 1.1):
                rival = expit(logit(np.maximum(q, 1e-290)) * step)
                worse = alpha * p * focal_loss(rival, gamma)
                worse += (1 - alpha) * (1 - p) * focal_loss(1 - rival, gamma)
                tally.at_least(worse, best, floor=1e-3)
            t = rng.uniform(-30, 30, 60)
            back = recover_sigmoid_logits(t, gamma, alpha)
            inner = (back > 1e-200) & (back < 1 - 1e-6)
            tally.equal(sigmoid_minimizer(back[inner], gamma, alpha if tilted else None), expit(t[inner]))
            tally.holds(np.diff(recover_sigmoid_logits(np.sort(t), gamma, alpha)) >= 0)
        two = recover(np.array([[0.2, 0.8]]), gamma, weights=np.array([0.25, 0.75]))[0, 0]
        tally.equal(recover_sigmoid(0.2, gamma, 0.25 if tilted else None), two)
    for gamma in (0.5, 1.0, 2.0, 5.0):
        small = np.array([1e-12, 1e-15])
        lead = (1 + gamma) * 3 * small ** (1 + gamma)
        tally.equal(recover_sigmoid(small, gamma, 0.25 if tilted else None), lead)


def _weights(rng: np.random.Generator, tilted: bool = True) -> Check:
    """Weights tilt P, sigmoid outputs are two classes; the control solves without the weights."""
    tally = Tally(
        1e-9,
        "2 to 1,000 classes with masses from 1e-300 to 1 - 1e-12 and weights from 0.01 to 100; sigmoid "
        "outputs "
        "with logits from -30 to 30 and alpha from 0.01 to 0.9; gamma = 0 and 0.001 to 1,000: equations, "
        "rival "
        "models, recovery, order of the scores, small outputs. Residual: relative error, of the logarithm "
        "in the "
        "equations; violation",
    )
    _softmax_part(rng, tally, tilted)
    _sigmoid_part(rng, tally, tilted)
    return tally.done()


CLAIMS = (
    Claim(
        id="FE-16",
        source="shah2026focal",
        kind="theorem",
        title="Class weights and one-against-rest outputs",
        statement=r"With class weights $a_i > 0$ the minimiser of $\sum_i a_i p_i\,\ell(q_i)$ is that of the "
        r"focal-entropy of $P' \propto a_i p_i$, and $p_i \propto 1/(a_i\,\varphi(q_i))$ recovers $P$. The "
        r"$\alpha$-balanced loss of a sigmoid output $q$ is the case of two classes, for each output: "
        r"$p = \dfrac{(1-\alpha)\,\varphi(1-q)}{(1-\alpha)\,\varphi(1-q) + \alpha\,\varphi(q)}$. It "
        r"increases with $q$, "
        r"and for $\gamma > 0$ it is $\frac{1-\alpha}{\alpha}(1+\gamma)\,q^{1+\gamma}(1+o(1))$ as $q \to 0$.",
        assumptions=(
            r"$\gamma \ge 0$, $a_i > 0$, $0 < \alpha < 1$",
            "each output has its own optimum: the model is free enough",
        ),
        origin="New in this form. The loss is that of Lin and others (2017), the inverse without weights "
        "that of "
        "Charoenphakdee and others (2021).",
        chapter="recovery",
        check=_weights,
        control=partial(_weights, tilted=False),
        control_says="the weights are left out when the minimiser is computed",
    ),
)
