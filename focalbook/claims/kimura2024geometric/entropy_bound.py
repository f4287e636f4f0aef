"""GC-1 and GC-2: the entropy bound on the focal-entropy, and what may be read into it."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.points import EDGE_GAMMAS, distributions, models
from focalbook.claims.tally import Tally
from focalbook.theory.bounds import bernoulli_bounds
from focalbook.theory.entropy import cross_entropy, entropy, focal_entropy
from focalbook.theory.loss import gain_crossing
from focalbook.theory.minimizer import bayes_risk, minimizer, multiplier
from focalbook.theory.penalty import entropy_bounds, penalised_entropy, penalised_minimizer

__all__ = ["CLAIMS", "SPLIT_TAIL"]

SOURCE = "kimura2024geometric"
Float = NDArray[np.float64]

#: Seven classes of 0.1 and three hundred of 0.001: at gamma = 1 the minimiser has less entropy than this.
SPLIT_TAIL = np.repeat([0.1, 0.001], [7, 300])


def _bound(rng: np.random.Generator, bernoulli_below_one: bool = False, constant: float = 1.0) -> Check:
    """The bound and the sharper one; the control keeps the source's intermediate bound below gamma = 1."""
    tally = Tally(
        1e-12,
        "2 to 1,000 classes with masses from 1e-300 to one, models close to the truth and far from it, "
        "gamma = 0 and 0.001 to 1,000: both bounds in order; the ratio that shows gamma to be the best "
        "constant, down to q = 1e-300. Residual: violation relative to the terms, or relative error",
    )
    for classes in (2, 3, 10, 1000):
        p = distributions(rng, classes)
        for q in (models(rng, p), models(rng, p), p):
            q = q / q.sum(axis=1, keepdims=True)
            cross, size = cross_entropy(p, q), entropy(q)
            for gamma in EDGE_GAMMAS:
                focal, (sharp, bound) = focal_entropy(p, q, gamma), entropy_bounds(p, q, gamma)
                floor = cross + gamma * size
                tally.at_least(sharp, bound, floor=floor)
                tally.at_least(focal, sharp, floor=floor)
                tally.at_least(focal, cross - constant * gamma * size, floor=floor)
                if bernoulli_below_one and gamma < 1:
                    tally.at_least(focal, bernoulli_bounds(p, q, gamma).upper, floor=cross)
    _best_constant(tally, constant)
    return tally.done()


def _best_constant(tally: Tally, constant: float) -> None:
    """Along P = (1, 0), Q = (q, 1-q) the ratio of gap to entropy comes close to gamma, slowly."""
    q = np.array([1e-2, 1e-6, 1e-30, 1e-300])
    p, model = np.tile([1.0, 0.0], (q.size, 1)), np.stack([q, 1.0 - q], axis=1)
    b = -np.log(q)
    for gamma in (0.1, 0.5, 1.0, 2.0, 30.0):
        gap = -b * np.expm1(gamma * np.log1p(-q))  # cross-entropy minus focal loss, without a difference
        tally.equal(cross_entropy(p, model) - focal_entropy(p, model, gamma), gap, floor=b)
        size = q * b - (1.0 - q) * np.log1p(-q)
        tally.equal(entropy(model), size, floor=1e-3)
        ratio = gap / (gamma * size)
        tally.more_than(constant, ratio)
        tally.equal(ratio[-1], constant, within=2e-3)


def _reading(rng: np.random.Generator, same_minimizer: bool = False) -> Check:
    """Minimisers of the bound and of the focal-entropy; the control says that they cost the same."""
    tally = Tally(
        1e-9,
        "2 to 100 classes with masses from 1e-300 to one, gamma = 0.001 to 30: equations and minimality "
        "of the "
        "penalised cross-entropy against rival models, entropies, and tails split up to 100,000 times. "
        "Residual: "
        "relative error or violation, to a floor of one thousandth",
    )
    for classes in (2, 3, 10, 100):
        p = distributions(rng, classes, count=4)
        p = p / p.sum(axis=1, keepdims=True)
        for gamma in (1e-3, 0.1, 0.5, 1.0, 2.0, 5.0, 30.0):
            flat, focal = penalised_minimizer(p, gamma), minimizer(p, gamma)
            _equations(tally, p, flat, gamma)
            value = penalised_entropy(p, flat, gamma)
            rivals = (models(rng, p), p, focal, 0.999 * flat + 0.001 * p)
            for rival in rivals:
                rival = rival / rival.sum(axis=1, keepdims=True)
                tally.at_least(penalised_entropy(p, rival, gamma), value, floor=1.0 + gamma)
            tally.at_least(entropy(flat), entropy(p), floor=1e-3)
            cost, risk = focal_entropy(p, flat, gamma), bayes_risk(p, gamma)
            tally.at_least(cost, risk, floor=1e-3)
            if same_minimizer:
                tally.at_least(risk, cost, floor=1e-3)
            low = multiplier(p, gamma) <= 1.0
            tally.at_least(entropy(focal)[low], entropy(p)[low], floor=1e-3)
    _split_tails(tally)
    pair = np.array([0.99, 0.01])
    tally.more_than(focal_entropy(pair, penalised_minimizer(pair, 1.0), 1.0), focal_entropy(pair, pair, 1.0))
    return tally.done()


def _equations(tally: Tally, p: Float, q: Float, gamma: float) -> None:
    """p = q (1 + gamma (log q + H(Q))), with all masses positive, also without an occurrence."""
    size = entropy(q)[:, None]
    logs = np.log(np.maximum(q, 1e-300))
    tally.equal(q * (1.0 + gamma * (logs + size)), p, floor=1.0 + gamma)
    certain = np.eye(3)[0]
    if gamma > 0.01:  # below, the mass exp(-1/gamma) underflows
        tally.more_than(penalised_minimizer(certain, gamma), 0.0)
    tally.equal(minimizer(certain, gamma), certain)


def _split_tails(tally: Tally) -> None:
    """Heads of 0.9 p0 over a tail of 0.4: the finer the tail, the further the entropy falls."""
    for gamma in (0.5, 1.0, 2.0, 5.0):
        count = int(np.ceil(0.6 / (0.9 * gain_crossing(gamma))))
        heads, drops, tails = np.full(count, 0.6 / count), [], []
        for parts in (1_000, 10_000, 100_000):
            p = np.concatenate([heads, np.full(parts, 0.4 / parts)])
            q = minimizer(p, gamma)
            drops.append(float(entropy(p) - entropy(q)))
            tails.append(float(q[count:].sum()))
        tally.more_than(multiplier(p, gamma), 1.0)
        tally.more_than(drops[1:], drops[:-1])
        tally.more_than(drops, 0.0)
        tally.equal((drops[2] - drops[1]) / np.log(10.0), 0.4 - tails[2], within=0.05)


def _stored() -> Check:
    """The reading at the stored truth: the focal minimiser is said to have at least its entropy."""
    tally = Tally(
        1e-9, "seven classes of 0.1 and three hundred of 0.001, gamma = 1. Residual: relative violation"
    )
    tally.at_least(entropy(minimizer(SPLIT_TAIL, 1.0)), entropy(SPLIT_TAIL))
    return tally.done()


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="GC-1",
        source=SOURCE,
        kind="lemma",
        title="The entropy bound",
        statement=r"For every $\gamma > 0$, $F_\gamma(P,Q) \ge H(P,Q) - \gamma \sum_i "
        r"p_i\,\mathrm{h}(q_i) \ge "
        r"H(P,Q) - \gamma H(Q)$, where $\mathrm{h}(q) = -q\log q - (1-q)\log(1-q)$. The first "
        r"inequality is strict "
        r"unless $Q$ puts all mass on one class. No constant smaller than $\gamma$ will do in front of "
        r"$H(Q)$.",
        assumptions=(r"$\gamma > 0$", r"$H(P,Q) < \infty$"),
        origin=r"Lemma 1 of the paper, whose first step is Bernoulli's inequality: it needs $\gamma \ge "
        r"1$ and "
        r"points the other way below. New: a proof for every $\gamma$, the bound in the middle, and that the "
        r"constant is the best one.",
        chapter="entropy-constraint",
        check=_bound,
        control=partial(_bound, bernoulli_below_one=True),
        control_says=r"the intermediate bound $F \ge H - \gamma \sum p_i q_i(-\log q_i)$ of the "
        r"source's proof is "
        r"kept below $\gamma = 1$",
    ),
    Claim(
        id="GC-2",
        source=SOURCE,
        kind="observation",
        title="What the entropy bound does not say",
        statement=r"Let $J(Q) = H(P,Q) - \gamma H(Q)$ on $n$ classes. It has exactly one minimiser "
        r"$Q^J$, the one "
        r"$Q$ with $p_i = q_i\bigl(1 + \gamma(\log q_i + H(Q))\bigr)$. All its masses are positive, "
        r"also those of "
        r"classes that never occur; it has the largest entropy among models of at most its "
        r"cross-entropy; and "
        r"$H(Q^J) \ge H(P)$. Minimising this lower bound does not minimise $F_\gamma$: the "
        r"focal-entropy of $Q^J$ "
        r"can be above that of $P$ itself. The minimiser $Q^\star$ of $F_\gamma$ has $H(Q^\star) \ge "
        r"H(P)$ if "
        r"$\lambda \le 1$, hence for two classes. If $\lambda > 1$ it may have less, and $H(P) - "
        r"H(Q^\star)$ has no "
        r"bound.",
        assumptions=(r"$\gamma > 0$", "finitely many classes"),
        origin="The paper reads the training with focal loss as maximising entropy under a bound on "
        "cross-entropy. "
        "What is proved there is the lower bound. New: its minimiser, the comparison with that of the "
        "focal-entropy, and the truths whose entropy focal loss lowers.",
        chapter="entropy-constraint",
        check=_reading,
        control=partial(_reading, same_minimizer=True),
        control_says="the minimiser of the bound is said to minimise the focal-entropy too",
        counterexample=_stored,
    ),
)
