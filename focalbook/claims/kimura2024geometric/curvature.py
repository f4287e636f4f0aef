"""What the focal loss does to curvature in the logits: for one label, and at the population optimum."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.points import GAMMAS, distributions, gammas, probabilities
from focalbook.claims.tally import Tally
from focalbook.theory.curvature import (
    certain_curvature_ratio,
    convexity_threshold,
    log_odds_curvature_ratio,
    logit_curvature_ratio,
    logit_hessian,
    logit_hessian_extremes,
    logit_hessian_product,
    logit_hessian_trace,
    optimum_curvature_ratio,
    optimum_hessian,
    optimum_trace,
    population_hessian,
    two_class_optimum_ratio,
    unit_ratio_crossings,
)
from focalbook.theory.loss import focal_loss, gain_crossing, gain_peak
from focalbook.theory.minimizer import log_multiplier, minimizer

__all__ = ["CLAIMS", "LOWERED", "RAISED"]

Float = NDArray[np.float64]

#: (P, gamma) at which the focal loss has less curvature at its optimum than the cross-entropy at its own.
LOWERED = ((0.536, 0.464), 9.6)
#: (P, gamma) at which it has more.
RAISED = ((0.99, 0.01), 2.0)


def _differences(q: Float, label: int, gamma: float, x: Float) -> Float:
    """Second derivative of the loss along x by Richardson's central differences of the loss itself."""
    z = np.log(q)

    def loss(t: float) -> Float:
        moved = z + t * x
        moved -= moved.max(axis=1, keepdims=True)
        e = np.exp(moved)
        return focal_loss(e[:, label] / e.sum(axis=1), gamma)

    def second(t: float) -> Float:
        return (loss(t) - 2.0 * loss(0.0) + loss(-t)) / t**2

    return (4.0 * second(0.005) - second(0.01)) / 3.0


def _form(rng: np.random.Generator, tally: Tally) -> None:
    """The matrix against differences of the loss, the product and the trace against the matrix."""
    for classes in (2, 3, 10):
        q = rng.dirichlet(np.ones(classes), 60)
        q = 0.98 * q + 0.02 / classes  # differences need room
        x = rng.normal(size=q.shape)
        x /= np.linalg.norm(x, axis=1, keepdims=True)
        for gamma in (0.0, 0.5, 1.0, 2.0, 5.0):
            hessian = logit_hessian(q, 0, gamma)
            along = np.einsum("ni,nij,nj->n", x, hessian, x)
            tally.equal(along, _differences(q, 0, gamma, x), floor=1.0, within=1e-7)
            tally.equal(logit_hessian_product(q, 0, gamma, x), np.einsum("nij,nj->ni", hessian, x), floor=1.0)
            tally.equal(logit_hessian_trace(q, 0, gamma), np.trace(hessian, axis1=1, axis2=2), floor=1.0)
            tally.equal(hessian.sum(axis=1), 0.0, floor=1.0)


def _definiteness(rng: np.random.Generator, tally: Tally, gain_rises: bool) -> None:
    """The smallest eigenvalue is negative exactly below the threshold, and it is the only negative one."""
    for gamma in gammas(rng, 10):
        if gamma < 0.01:
            continue
        threshold = float(convexity_threshold(gamma))
        peak = float(gain_peak(gamma))
        tally.more_than(peak, threshold)
        tally.at_least(np.exp(-2.0 - 1.0 / gamma), threshold)
        said = peak if gain_rises else threshold
        a = np.concatenate([threshold * np.array([1e-6, 0.5, 0.999, 1.001]), [0.5 * (threshold + peak), 0.5]])
        for classes in (2, 3, 10):
            q = np.concatenate(
                [a[:, None], (1 - a[:, None]) * rng.dirichlet(np.ones(classes - 1), len(a))], 1
            )
            smallest, largest = logit_hessian_extremes(q, 0, gamma)
            tally.holds((smallest < 0) == (a < said))
            if classes > 2:
                tally.more_than(largest, 0.0)
                values = np.linalg.eigvalsh(logit_hessian(q, 0, gamma))
                tally.holds((values < -1e-13).sum(axis=1) <= 1)
                tally.at_least(smallest, values[:, 0], floor=1.0)


def _sample_hessian(rng: np.random.Generator, gain_rises: bool = False) -> Check:
    """GC-9; in the control the Hessian is said to be indefinite wherever the gain rises."""
    tally = Tally(
        1e-12,
        "2, 3 and 10 classes: the form against central differences of the loss (to 1e-7), product and trace "
        "against the matrix (to 1e-12), the sign of the smallest eigenvalue on both sides of the threshold "
        "for "
        "gamma = 0.01 to 1,000, the trace ratio around both crossings, rest shared equally, at random, or in "
        "one class",
    )
    _form(rng, tally)
    _definiteness(rng, tally, gain_rises)
    q = probabilities(rng)
    for gamma in GAMMAS:
        low, high = unit_ratio_crossings(gamma)
        ratio = log_odds_curvature_ratio(q, gamma)
        tally.holds((ratio > 1) == ((q > low) & (q < high)))
        tally.more_than(gain_peak(gamma), low)
        tally.more_than(high, gain_crossing(gamma))
        clear = q[(q > 1e-8) & (q < 1 - 1e-8)]
        pairs = np.stack([clear, 1 - clear], axis=1)
        tally.equal(logit_curvature_ratio(pairs, 0, gamma), log_odds_curvature_ratio(clear, gamma), floor=1.0)
        for classes in (3, 10, 100):
            a = np.concatenate(
                [np.linspace(high, 1, 20)[:-1], np.linspace(gain_peak(gamma), gain_crossing(gamma), 8)[1:-1]]
            )
            for concentration in (0.1, 1.0, 1e6):
                rest = rng.dirichlet(np.full(classes - 1, concentration), len(a))
                rows = np.concatenate([a[:, None], (1 - a[:, None]) * rest], axis=1)
                found = logit_curvature_ratio(rows, 0, gamma)
                tally.at_least(1.0, found[:19])
                tally.at_least(found[19:], 1.0)
    return tally.done()


def _optimum(rng: np.random.Generator, always_half: bool = False) -> Check:
    """GC-10; in the control the limit for two classes is said to hold for every number of classes."""
    tally = Tally(
        1e-9,
        "2 to 30 classes of every concentration, masses down to 1e-300, gamma = 0.001 to 30: Hessian at "
        "the optimum "
        "against the mean of the Hessians of the labels, trace against matrix, closed form for two classes; "
        "limits at e = 10^-30 to 10^-300 (to 1e-4)",
    )
    for classes in (2, 3, 10, 30):
        p = distributions(rng, classes, 4)
        for gamma in (0.0, 1e-3, 0.5, 1.0, 2.0, 5.0, 9.6, 30.0):
            size = np.maximum(np.exp(log_multiplier(p, gamma)), 1e-300)[:, None, None]
            best, mean = optimum_hessian(p, gamma), population_hessian(p, minimizer(p, gamma), gamma)
            tally.equal(best / size, mean / size, floor=1.0 + gamma)
            tally.at_least(np.linalg.eigvalsh(best / size), 0.0, floor=1.0)
            tally.equal(np.trace(best, axis1=1, axis2=2), optimum_trace(p, gamma))
    for gamma in (0.1, 0.5, 1.0, 2.0, 5.0, 10.0):
        q = 1 / (1 + np.exp(-rng.uniform(-8, 8, 40)))
        p1, ratio = two_class_optimum_ratio(q, gamma)
        inside = (p1 > 1e-8) & (p1 < 1 - 1e-8)
        pairs = np.stack([p1, 1 - p1], axis=1)[inside]
        tally.equal(optimum_curvature_ratio(pairs, gamma), ratio[inside], within=1e-6)
    tally.more_than(1.0, optimum_curvature_ratio(*LOWERED))
    tally.more_than(optimum_curvature_ratio(*RAISED), 1.0)
    _certain(rng, tally, always_half)
    return tally.done()


def _certain(rng: np.random.Generator, tally: Tally, always_half: bool) -> None:
    """The limit as one class becomes certain, and the diagonal of the Hessian there."""
    for classes in (2, 3, 10, 30):
        shares = np.concatenate(
            [rng.dirichlet(np.ones(classes - 1), 5), np.full((1, classes - 1), 1 / (classes - 1))]
        )
        for gamma in (0.1, 0.5, 1.0, 2.0, 5.0):
            e = 10.0 ** -max(30.0, 25.0 * (1 + gamma))
            p = np.concatenate([np.full((len(shares), 1), 1.0), e * shares], axis=1)
            limit = certain_curvature_ratio(shares, gamma) if not always_half else 1.0 + gamma
            tally.equal(optimum_curvature_ratio(p, gamma), limit, within=1e-4)
            diagonal = np.diagonal(optimum_hessian(p, gamma), axis1=1, axis2=2)
            tally.equal(diagonal[:, 0] / e, 1.0 + gamma, within=1e-4)
            tally.equal(diagonal[:, 1:] / p[:, 1:], 1.0 + gamma * shares, within=1e-4)


def _always_reduced() -> Check:
    """The reading that the curvature at the optimum is never above that of the cross-entropy, where it is."""
    tally = Tally(1e-9, f"P = {RAISED[0]}, gamma = {RAISED[1]:g}")
    tally.at_least(1.0, optimum_curvature_ratio(*RAISED))
    return tally.done()


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="GC-9",
        source="kimura2024geometric",
        kind="theorem",
        title="The logit Hessian of one label",
        statement=r"In the logits, with $q$ the softmax, $y$ the label and $v = q - e_y$, the Hessian of "
        r"the focal "
        r"loss is $h(q_y)\,(\mathrm{diag}\,q - qq^\top) - q_y h'(q_y)\,vv^\top$. It is positive "
        r"semidefinite exactly "
        r"where $r(q_y) \ge 0$, $r(q) = h(q) - (1-q)\,h'(q)$, that is for $q_y \ge q_c$; below, it has one "
        r"negative "
        r"eigenvalue. Here $0 < q_c < p^*$, so a rising gain does not make it indefinite. Its trace over "
        r"that of "
        r"the cross-entropy at the same point is $h - c\,h'$ with $c = q_y|v|^2/(1-|q|^2) \le 1-q_y$. For "
        r"two classes "
        r"it is $r(q_y)$, above 1 exactly on an interval $(q_-, q_+)$ around $p^*$. For any number of "
        r"classes it is "
        r"below 1 for $q_y \ge q_+$, and above 1 for $p^* \le q_y \le p_0$.",
        assumptions=(r"$\gamma > 0$", "all probabilities positive"),
        origin="New: the paper argues about curvature through a bound and a Taylor expansion, and gives no "
        "Hessian.",
        chapter="exact-curvature",
        check=_sample_hessian,
        control=partial(_sample_hessian, gain_rises=True),
        control_says=r"the Hessian is said to be indefinite wherever $h' > 0$, that is for $q_y < p^*$",
    ),
    Claim(
        id="GC-10",
        source="kimura2024geometric",
        kind="theorem",
        title="Curvature at the population optimum",
        statement=r"For labels drawn from $P$ the Hessian of the mean focal loss at its own optimum "
        r"$Q^\star$ is "
        r"$\sum_y p_y q_y^2\,\ell''(q_y)\,v_y v_y^\top$, $v_y = q - e_y$: positive definite but for a "
        r"common shift of the "
        r"logits. It equals $\lambda\,(\mathrm{diag}\,q - qq^\top) - \lambda \sum_y q_y^2 "
        r"\frac{h'}{h}(q_y)\,v_y v_y^\top$. Its "
        r"trace over that of the cross-entropy at its optimum, $1 - |P|^2$, tends to $1 + "
        r"\frac{\gamma}{2}(1 + |w|^2)$ as "
        r"$P = (1-e, e\,w)$ becomes certain: $1 + \gamma$ for two classes, less for more. Neither side of "
        r"1 is general: "
        r"at $P = (\frac12, \frac12)$ the ratio is $2^{-\gamma}(1 + 2\gamma + \gamma(\gamma-1)\log 2)$.",
        assumptions=(r"$\gamma > 0$", "two classes or more, finitely many, of positive mass"),
        origin="The paper's analysis is summed up as: focal loss reduces the curvature of the loss "
        "surface. Read at the "
        "population optimum, each loss at its own, that fails near certainty. New: the sum of squares, the "
        "limit for "
        "every number of classes, and the map.",
        chapter="exact-curvature",
        check=_optimum,
        control=partial(_optimum, always_half=True),
        control_says=r"the limit $1 + \gamma$ of two classes is said to hold for every number of classes",
        counterexample=_always_reduced,
    ),
)
