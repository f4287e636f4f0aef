"""FE-5 to FE-7: the minimiser, its inverse, order and ratios."""

from __future__ import annotations

from functools import partial

import mpmath
import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.points import EDGE_GAMMAS, GAMMAS, distributions, models
from focalbook.claims.tally import Tally
from focalbook.theory.entropy import focal_entropy
from focalbook.theory.loss import focal_gain, inverse_slope
from focalbook.theory.minimizer import log_multiplier, minimizer, multiplier, recover

__all__ = ["CLAIMS"]

SOURCE = "shah2026focal"
Float = NDArray[np.float64]


def log_slope(q: Float, gamma: float) -> Float:
    """Log phi(q) for rows of models; the complement of the largest entry is the sum of the others."""
    rest = 1 - q
    top = np.argmax(q, axis=1)
    others = q.copy()
    others[np.arange(len(q)), top] = 0
    rest[np.arange(len(q)), top] = others.sum(axis=1)
    small = np.where(rest < 0.5, -np.log1p(-np.minimum(rest, 0.5)), -np.log(q))  # -log q
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.where(rest > 0, q * small / rest, 1.0)
        log_rest = np.where(q < 0.5, np.log1p(-np.minimum(q, 0.5)), np.log(rest))
    return gamma * log_rest + small + np.log1p(gamma * x)


def _exact(p: list[float], gamma: float) -> tuple[Float, float]:
    """Minimiser and multiplier of one P in 40-digit arithmetic: the equations of FE-5 as they stand."""
    with mpmath.workdps(40):
        masses, g = [mpmath.mpf(mass) / mpmath.fsum(map(mpmath.mpf, p)) for mass in p], mpmath.mpf(gamma)

        def log_phi(t: mpmath.mpf) -> mpmath.mpf:
            q, rest = 1 / (1 + mpmath.exp(-t)), 1 / (1 + mpmath.exp(t))
            return g * mpmath.log(rest) - mpmath.log(q) + mpmath.log(1 - g * q * mpmath.log(q) / rest)

        def solve(level: mpmath.mpf) -> list[mpmath.mpf]:
            """The q_i with p_i phi(q_i) = e^level."""
            found = []
            for mass in masses:
                target = level - mpmath.log(mass)
                t = mpmath.findroot(lambda t, y=target: log_phi(t) - y, (-40, 40), solver="anderson")
                found.append(1 / (1 + mpmath.exp(-t)))
            return found

        level = mpmath.findroot(
            lambda x: mpmath.fsum(solve(x)) - 1, (-3, mpmath.mpf("0.5")), solver="anderson"
        )
        return np.array([float(q) for q in solve(level)]), float(mpmath.exp(level))


def _optimum(rng: np.random.Generator, keep_p: bool = False) -> Check:
    """The minimiser solves p phi(q) = lambda and no other model is better; the control takes P for it."""
    tally = Tally(
        1e-11,
        "2 to 1,000 classes with masses from 1e-300 to one, gamma = 0 and 0.001 to 1,000: equations, sum, "
        "sum of the solutions on both sides of lambda, three rival models for each; two problems against "
        "40-digit "
        "arithmetic. Residual: relative error of q and lambda, error of the logarithm in the equations, "
        "violation",
    )
    for classes in (2, 3, 10, 1000):
        p = distributions(rng, classes)
        for gamma in EDGE_GAMMAS:
            q, level = (p if keep_p else minimizer(p, gamma)), log_multiplier(p, gamma)
            tally.equal(q.sum(axis=1), 1.0)
            tally.equal(np.log(p) + log_slope(q, gamma), level[:, None], floor=1.0 + gamma)
            best = focal_entropy(p, q, gamma)
            for rival in (models(rng, p), models(rng, p), 0.99 * q + 0.01 * models(rng, p)):
                tally.at_least(focal_entropy(p, rival / rival.sum(axis=1, keepdims=True), gamma), best)
    for gamma in (0.1, 1.0, 5.0):
        p = 0.95 * distributions(rng, 6) + 0.05 / 6
        level = multiplier(p, gamma)[:, None]
        tally.more_than(inverse_slope(level * 0.99 / p, gamma).sum(axis=1), 1.0)
        tally.more_than(1.0, inverse_slope(level * 1.01 / p, gamma).sum(axis=1))
    for gamma, row in ((0.5, [0.5, 0.3, 0.2]), (3.0, [0.9, 0.0999, 1e-4])):
        exact, exact_level = _exact(row, gamma)
        tally.equal(row if keep_p else minimizer(row, gamma), exact)
        tally.equal(multiplier(row, gamma), exact_level)
    return tally.done()


def _inverse(rng: np.random.Generator, slope_term: float = 1.0) -> Check:
    """P is proportional to 1/phi(Q*); the control drops the second term of phi."""
    tally = Tally(
        1e-11,
        "2 to 1,000 classes with masses from 1e-300 to one, gamma = 0 and 0.001 to 1,000: recovery from the "
        "minimiser, the minimiser of the recovery, the formula itself for gamma up to 5, order and top "
        "class; zero "
        "masses and one-hot rows. Residual: relative error",
    )
    for classes in (2, 3, 10, 1000):
        p = distributions(rng, classes)
        for gamma in EDGE_GAMMAS:
            back = recover(minimizer(p, gamma), gamma)
            tally.equal(back, p)
            tally.equal(
                np.take_along_axis(back, np.argmax(p, axis=1)[:, None], axis=1)[:, 0], back.max(axis=1)
            )
        for gamma in (0.5, 1.0, 2.0, 5.0):
            q = np.minimum(rng.dirichlet(np.ones(classes), 20) + 1e-3, 0.999)
            q = q / q.sum(axis=1, keepdims=True)
            posterior = recover(q, gamma)
            inverse = q / ((1 - q) ** gamma - slope_term * gamma * q * (1 - q) ** (gamma - 1) * np.log(q))
            tally.equal(posterior, inverse / inverse.sum(axis=1, keepdims=True))
            tally.equal(minimizer(posterior, gamma), q)
            tally.holds(np.argsort(posterior, axis=1) == np.argsort(q, axis=1))
    for gamma in EDGE_GAMMAS:
        tally.equal(recover([1.0, 0.0, 0.0], gamma), [1.0, 0.0, 0.0])
        tally.equal(recover(minimizer([0.6, 0.4, 0.0], gamma), gamma), [0.6, 0.4, 0.0])
    return tally.done()


def _ratios(rng: np.random.Generator, with_gain: bool = True) -> Check:
    """Order, ratios and the two means; the control leaves the gains out of the ratios."""
    tally = Tally(
        1e-10,
        "2 to 1,000 classes, gamma = 0.001 to 1,000: order of all pairs of neighbours, ratios to the "
        "largest mass, "
        "lambda as a mean of gains; equal masses. Residual: relative error, of the logarithm for ratios",
    )
    for classes in (2, 3, 10, 1000):
        p = distributions(rng, classes)
        for gamma in GAMMAS:
            q, level = minimizer(p, gamma), multiplier(p, gamma)
            order = np.argsort(p, axis=1)
            less, more = (
                np.take_along_axis(p, order, axis=1)[:, part] for part in (slice(-1), slice(1, None))
            )
            low, high = (
                np.take_along_axis(q, order, axis=1)[:, part] for part in (slice(-1), slice(1, None))
            )
            apart = (more > less * (1 + 1e-9)) & (gamma <= 30)  # beyond, q may round to the same number
            tally.holds(np.where(apart, high > low, high >= low * (1 - 1e-11)))
            tally.equal(np.where(more == less, high, low), low)
            log_gain = np.log(q) + log_slope(q, gamma)
            top = np.argmax(p, axis=1)[:, None]
            ratio = [np.log(v) - np.take_along_axis(np.log(v), top, axis=1) for v in (q, p)]
            gains = log_gain - np.take_along_axis(log_gain, top, axis=1)
            tally.equal(ratio[0], ratio[1] + with_gain * gains, floor=1.0 + gamma)
            tally.equal((p * np.exp(log_gain)).sum(axis=1), level, floor=1e-290)
            if gamma <= 5:
                tally.equal((q * np.exp(-log_gain)).sum(axis=1), 1 / level)
    for gamma in GAMMAS:
        tally.equal(*minimizer([0.3, 0.3, 0.4], gamma)[:2])
        tally.at_least(focal_gain(0.3, gamma), 0.0)
    return tally.done()


CLAIMS = (
    Claim(
        id="FE-5",
        source=SOURCE,
        kind="theorem",
        title="The minimiser",
        statement=r"$F_\gamma(P,\cdot)$ has exactly one minimiser $Q^\star$. Its support is that of $P$, and "
        r"$p_i\,\varphi(q_i) = \lambda$ on it, where $\varphi = -\ell'$ is a decreasing bijection of "
        r"$(0,1]$ onto "
        r"$[0,\infty)$ and $\lambda$ is the only solution of $\sum_i \varphi^{-1}(\lambda/p_i) = 1$, whose "
        r"left side "
        r"falls with $\lambda$. At $\gamma = 0$ the minimiser is $P$.",
        assumptions=(
            r"$\gamma > 0$ for the bijection; for $\gamma = 0$, $\varphi$ maps onto $[1,\infty)$ and "
            r"$\lambda = 1$",
            r"$H(P) < \infty$ on a countable alphabet: otherwise $F = \infty$ for every model and every "
            r"model is a "
            "minimiser",
            r"a single atom has $q = 1$, and $\lambda = 0$ when $\gamma > 0$",
        ),
        origin=r"The paper's; the condition $H(P) < \infty$ is stated here. Optimality is proved from "
        r"tangent lines, "
        "which needs neither compactness nor Lagrange multipliers.",
        chapter="minimizer",
        check=_optimum,
        control=partial(_optimum, keep_p=True),
        control_says="P itself, the minimiser of the cross-entropy, is taken for the minimiser",
    ),
    Claim(
        id="FE-6",
        source=SOURCE,
        kind="theorem",
        title="The inverse in closed form",
        statement=r"$p_i = \dfrac{1/\varphi(q_i)}{\sum_j 1/\varphi(q_j)}$ recovers $P$ from its minimiser, "
        r"and every "
        r"model with $0 < q_i < 1$ is the minimiser of exactly the $P$ this gives. The map keeps the order, "
        r"hence the "
        "top class.",
        assumptions=(r"$\gamma > 0$, or $\gamma = 0$ where the map is the identity", "two atoms or more"),
        origin="The paper's; as a map on class posteriors it is that of Charoenphakdee and others (2021).",
        chapter="minimizer",
        check=_inverse,
        control=partial(_inverse, slope_term=0.0),
        control_says="the logarithmic term of the slope is dropped from the formula",
    ),
    Claim(
        id="FE-7",
        source=SOURCE,
        kind="corollary",
        title="Order and ratios",
        statement=r"$p_i > p_j$ exactly when $q_i > q_j$, and "
        r"$\dfrac{q_i}{q_j} = \dfrac{p_i}{p_j}\,\dfrac{h(q_i)}{h(q_j)}$. Moreover $\lambda = \sum_i p_i "
        r"h(q_i)$ and "
        r"$1/\lambda = \sum_i q_i / h(q_i)$: the multiplier is a mean of gains, in two ways.",
        assumptions=(r"$\gamma > 0$", "atoms of positive mass"),
        origin="The paper's; the two means are new.",
        chapter="minimizer",
        check=_ratios,
        control=partial(_ratios, with_gain=False),
        control_says="the ratio of the gains is left out: the minimiser would keep the ratios of the masses",
    ),
)
