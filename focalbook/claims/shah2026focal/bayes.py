"""FE-14 and FE-15: the focal Bayes risk with its proper score, and bounds of Bernoulli's kind."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.points import EDGE_GAMMAS, GAMMAS, distributions, models
from focalbook.claims.tally import Tally
from focalbook.theory.bounds import bernoulli_bounds, jensen_bound
from focalbook.theory.entropy import cross_entropy, entropy, focal_entropy, kl_divergence
from focalbook.theory.loss import focal_loss, gain_crossing
from focalbook.theory.minimizer import bayes_risk, minimizer
from focalbook.theory.scores import focal_divergence, focal_regret, kl_factor, proper_score

__all__ = ["CLAIMS"]

SOURCE = "shah2026focal"
Float = NDArray[np.float64]


def _mean(p: Float, score: Float) -> Float:
    """Mean score under P for each row."""
    return np.multiply(p, score, out=np.zeros_like(p), where=p > 0).sum(axis=1)


def _bayes(rng: np.random.Generator, through_inverse: bool = True) -> Check:
    """Risk, score and regret; the control scores a forecast by its own focal loss."""
    tally = Tally(
        1e-9,
        "2 to 200 classes with masses from 1e-300 to one, gamma = 0 and 0.001 to 1,000, two rival "
        "forecasts for each truth, one of them within a millionth: risk, mixtures, mean scores, divergence, "
        "distance from KL; slopes of the risk by differences. Residual: relative error or violation, to a "
        "floor of one thousandth",
    )
    for classes in (2, 10, 200):
        p = distributions(rng, classes, count=4 if classes < 100 else 1)
        p = p / p.sum(axis=1, keepdims=True)
        near = p * (1 + 1e-6 * rng.uniform(-1, 1, p.shape))
        before = entropy(p)
        for gamma in EDGE_GAMMAS:
            risk = bayes_risk(p, gamma)
            tally.at_least(before, risk, floor=1e-3)
            before = risk
            tally.at_least((1 - 1 / classes) ** gamma * np.log(classes), risk)
            for forecast in (models(rng, p), near):
                forecast = forecast / forecast.sum(axis=1, keepdims=True)
                _against(tally, p, forecast, gamma, risk, through_inverse)
    for gamma in GAMMAS[1:8]:
        _slopes(tally, rng, gamma)
    return tally.done()


def _against(
    tally: Tally, p: Float, forecast: Float, gamma: float, risk: Float, through_inverse: bool
) -> None:
    """Compare one truth with one forecast for each row."""

    def score(r: Float) -> Float:
        return proper_score(r, gamma) if through_inverse else focal_loss(r, gamma)

    tally.equal(_mean(p, score(p)), risk, floor=1e-3)
    tally.at_least(_mean(p, score(forecast)), risk, floor=1e-3)
    divergence = focal_divergence(p, forecast, gamma)
    apart = (np.abs(forecast - p).max(axis=1) > 1e-9) & (gamma <= 30)  # beyond, it underflows
    tally.holds(np.where(apart, divergence > 0, divergence >= 0))
    tally.equal(_mean(p, score(forecast)) - risk, divergence, floor=1e-3)
    tally.equal(focal_regret(p, minimizer(forecast, gamma), gamma), divergence, floor=1e-3)
    for weight in (0.2, 0.7):
        mixed = weight * p + (1 - weight) * forecast
        ends = weight * risk + (1 - weight) * bayes_risk(forecast, gamma)
        tally.at_least(bayes_risk(mixed, gamma), ends, floor=1e-3)
    kl = kl_divergence(p, forecast)
    tally.at_least(kl_factor(gamma) * kl, divergence, floor=1e-3)
    p0 = float(gain_crossing(gamma)) if gamma > 0 else 0.5
    delta = -np.log(p0) * (1 - (1 - p0) ** gamma)
    tally.at_least(delta, np.abs(focal_regret(p, forecast, gamma) - kl), floor=1e-3)


def _slopes(tally: Tally, rng: np.random.Generator, gamma: float) -> None:
    """Differences of the risk against its gradient, and the risk of equal masses."""
    p = 0.9 * rng.dirichlet(np.ones(5), 10) + 0.02
    aim = rng.dirichlet(np.ones(5), 10)
    rise = bayes_risk(p + 1e-4 * (aim - p), gamma) - bayes_risk(p - 1e-4 * (aim - p), gamma)
    slope = ((aim - p) * proper_score(p, gamma)).sum(axis=1)
    tally.equal(rise / 2e-4, slope, floor=1e-2, within=1e-3)
    for n in (2, 7, 100):
        tally.equal(bayes_risk(np.full(n, 1 / n), gamma), (1 - 1 / n) ** gamma * np.log(n))


def _bernoulli(rng: np.random.Generator, reversed_below_one: bool = True) -> Check:
    """Bounds on F by H and B; the control does not turn the inequality round below gamma = 1."""
    tally = Tally(
        1e-12,
        "2 to 1,000 classes with masses from 1e-300 to one, models close to the truth and far from it, "
        "gamma = 0 and 0.001 to 1,000: both sides, equality at 0 and 1, Jensen's bound between them. "
        "Residual: violation relative to the cross-entropy, or relative error",
    )
    for classes in (2, 3, 10, 1000):
        p = distributions(rng, classes)
        for q in (models(rng, p), models(rng, p), p):
            q = q / q.sum(axis=1, keepdims=True)
            cross = cross_entropy(p, q)
            weighed = cross - focal_entropy(p, q, 1.0)  # B, as the loss at gamma = 1 has it
            for gamma in EDGE_GAMMAS:
                focal, power = focal_entropy(p, q, gamma), jensen_bound(p, q, gamma)
                line = cross - gamma * weighed
                chain: tuple[Float, ...] = (cross - weighed, focal, power, line)
                if gamma < 1 and reversed_below_one:
                    chain = (line, power, focal, cross - weighed)
                elif gamma < 1:
                    chain = (focal, line)
                for larger, smaller in itertools.pairwise(chain):
                    tally.at_least(larger, smaller, floor=cross + gamma * weighed)
                both = bernoulli_bounds(p, q, gamma)
                tally.equal(both.lower, np.minimum(line, cross - weighed), floor=cross + gamma * weighed)
                tally.equal(both.upper, np.maximum(line, cross - weighed), floor=cross + gamma * weighed)
            for gamma in (0.0, 1.0):
                tally.equal(cross - gamma * weighed, focal_entropy(p, q, gamma), floor=cross)
    return tally.done()


CLAIMS = (
    Claim(
        id="FE-14",
        source=SOURCE,
        kind="theorem",
        title="The focal Bayes risk and its proper score",
        statement=r"$G(P) = \min_Q F_\gamma(P,Q)$ is strictly concave, falls with $\gamma$, and "
        r"$0 \le G(P) \le H(P)$; on $n$ atoms it is largest when they are equal, "
        r"$(1-\frac1n)^\gamma \log n$. Its gradient is $\ell(q^\star_i)$, and $s(R,y) = "
        r"\ell\bigl(q^\star_y(R)\bigr)$ is a strictly proper score of forecasts $R$. The regret "
        r"$F_\gamma(P,Q) - G(P)$ of $Q = Q^\star(R)$ is the Bregman divergence of $-G$; it is at most "
        r"$M_\gamma\,\mathrm{KL}(P \Vert R)$ with $M_\gamma = \max \varphi^2/\ell''$, and "
        r"$|F_\gamma(P,Q) - G(P) - \mathrm{KL}(P \Vert Q)| \le \Delta_\gamma = "
        r"(-\log p_0)\bigl(1 - (1-p_0)^\gamma\bigr)$.",
        assumptions=(
            r"$H(P) < \infty$",
            r"$\gamma > 0$; at $\gamma = 0$ the score is the log score and the regret "
            r"$\mathrm{KL}(P \Vert Q)$",
            "derivatives of $G$ are taken at truths with positive masses, within the set of distributions",
        ),
        origin=r"Concavity, the bound by $H$ and the value at equal masses are the paper's. The score "
        r"belongs to the decomposition of Komisarenko and Kull (2024). Both comparisons with "
        r"$\mathrm{KL}$ are new.",
        chapter="bayes-risk",
        check=_bayes,
        control=partial(_bayes, through_inverse=False),
        control_says="a forecast is scored by its own focal loss, without the map to the minimiser",
    ),
    Claim(
        id="FE-15",
        source=SOURCE,
        kind="proposition",
        title="Bounds of Bernoulli's kind",
        statement=r"Let $B = \sum_i p_i q_i (-\log q_i)$ and $H = H(P,Q)$. For $\gamma \ge 1$: "
        r"$H - \gamma B \le H\bigl(1 - \frac{B}{H}\bigr)^\gamma \le F_\gamma(P,Q) \le H - B$. For "
        r"$0 \le \gamma \le 1$ all three inequalities are reversed.",
        assumptions=(r"$0 < H(P,Q) < \infty$",),
        origin=r"$F \ge H - \gamma B$ for $\gamma \ge 1$, its reverse, and $F \ge H - B$ below one are the "
        r"paper's. The bound $F \le H - B$ from one on and the sharper bound in the middle are new.",
        chapter="bayes-risk",
        check=_bernoulli,
        control=partial(_bernoulli, reversed_below_one=False),
        control_says=r"below $\gamma = 1$ the first inequality keeps its direction",
    ),
)
