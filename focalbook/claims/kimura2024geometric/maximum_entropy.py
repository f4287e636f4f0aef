"""GC-3: maximal entropy for a given mean, and the step that does not lead there."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.tally import Tally
from focalbook.theory.entropy import entropy
from focalbook.theory.maxent import Interval, Levels

__all__ = ["CLAIMS", "COINS"]

Float = NDArray[np.float64]

#: Two joint distributions of two independent coins: fair ones, and coins of 0.9.
COINS = (np.full((2, 2), 0.25), np.outer([0.9, 0.1], [0.9, 0.1]))


def conditional_entropy(joint: Float) -> tuple[float, float]:
    """H(X) and H(Y|X) of a joint distribution, rows X, columns Y; nats."""
    of_x = float(entropy(joint.sum(axis=1)))
    return of_x, float(entropy(joint.reshape(-1))) - of_x


def _maximum(rng: np.random.Generator, sign: float = 1.0) -> Check:
    """Rivals of equal mean, moments, ends and round trips; the control takes exp(+beta x)."""
    tally = Tally(
        1e-9,
        "intervals and 2 to 60 energies with multiplicities, offsets up to 1e6, beta times the width up "
        "to 1e15 "
        "both ways: entropy of rivals of equal mean and its gap as a divergence, moments by quadrature, "
        "monotonicity, ends, round trips from all four origins, chain rule. Residual: relative error, "
        "violation",
    )
    for _ in range(30):
        size = int(rng.integers(2, 60))
        x = rng.normal(size=size) * 10.0 ** rng.uniform(-3, 3) + rng.choice([0.0, -7.0, 1e6])
        levels = Levels(x, 10.0 ** rng.uniform(-3, 3, size))
        _rivals(tally, rng, levels, sign)
        _order(tally, levels, rng)
    for ends in ((0.0, 1.0), (-3.0, 5.0), (1e6, 1e6 + 1.0), (0.0, 1e-9)):
        _interval(tally, Interval(*ends), sign)
    for _ in range(50):
        joint = rng.dirichlet(np.full(6, 0.5)).reshape(2, 3)
        of_x, given_x = conditional_entropy(joint)
        rows = joint / joint.sum(axis=1, keepdims=True)
        tally.equal(joint.sum(axis=1) @ entropy(rows), given_x, floor=of_x + given_x)
    return tally.done()


def _rivals(tally: Tally, rng: np.random.Generator, levels: Levels, sign: float) -> None:
    """Rivals are made by tilting any weights until the mean fits."""
    w = levels.weights
    for scaled in (-20.0, -1.0, -1e-3, 0.0, 0.3, 5.0, 60.0):
        beta = scaled / levels.width
        best = levels.probabilities(sign * beta)
        log_best = levels.log_probabilities(sign * beta)
        mean = levels.mean(beta, origin="low")
        tally.equal(best @ (levels.energies - levels.low), mean, floor=levels.width)
        rough = Levels(levels.energies, w * np.exp(rng.normal(size=w.size)))
        rival = rough.probabilities(rough.beta(mean, origin="low"))
        size, own = (
            -float(np.sum(p * np.log(p / w, where=p > 0, out=np.zeros_like(p)))) for p in (rival, best)
        )
        tally.at_least(own, size, floor=1.0)
        gap = np.sum(rival * (np.log(rival, where=rival > 0, out=np.zeros_like(rival)) - log_best))
        tally.equal(own - size, gap, floor=1.0)
        tally.equal(levels.entropy(beta), own, floor=1.0)


def _order(tally: Tally, levels: Levels, rng: np.random.Generator) -> None:
    """Strictly decreasing, the right ends, and back again."""
    beta = np.sort(rng.uniform(-15, 15, 40)) / levels.width
    tally.more_than(levels.mean(beta[:-1], "low"), levels.mean(beta[1:], "low"))
    tally.equal(levels.mean([np.inf, -np.inf]), [levels.low, levels.high])
    tally.equal(levels.beta([0.0, levels.width], "low"), [np.inf, -np.inf])
    step = 1e-4 / levels.width
    change = levels.mean(beta + step, "centre") - levels.mean(beta - step, "centre")
    tally.equal(-change / (2 * step), levels.variance(beta), floor=1e-3 * levels.width**2, within=1e-4)
    for origin in ("low", "high"):
        target = levels.width * np.concatenate([10.0 ** np.arange(-200.0, 0.0, 20.0), [0.1, 0.5, 0.9]])
        tally.equal(levels.mean(levels.beta(target, origin), origin), target, within=1e-12)
    small = np.concatenate([10.0 ** np.arange(-15.0, -1.0), -(10.0 ** np.arange(-15.0, -1.0))]) / levels.width
    tally.equal(levels.beta(levels.mean(small, "centre"), "centre"), small, within=1e-12)


def _interval(tally: Tally, interval: Interval, sign: float) -> None:
    """Moments by Gauss-Legendre quadrature, ends and round trips over thirty orders of magnitude."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    x = interval.low + 0.5 * interval.width * (1.0 + nodes)
    for scaled in (-50.0, -3.0, -0.1, 0.0, 0.1, 3.0, 50.0):
        beta = scaled / interval.width
        log = interval.log_density(x, sign * beta)
        f = np.exp(log) * weights * 0.5 * interval.width
        tally.equal(f.sum(), 1.0)
        off = x - interval.low
        mean = interval.mean(beta, "low")
        tally.equal(f @ off, mean, floor=interval.width)
        tally.equal(f @ (off - mean) ** 2, interval.variance(beta))
        tally.equal(-(f @ log), interval.entropy(beta), floor=1.0)
        tally.at_least(np.log(interval.width), interval.entropy(beta), floor=1.0)
    large = 10.0 ** np.arange(1.0, 16.0) / interval.width
    tally.equal(interval.beta(interval.mean(large, "low"), "low"), large, within=1e-12)
    tally.equal(interval.beta(interval.mean(-large, "high"), "high"), -large, within=1e-12)
    small = 10.0 ** np.arange(-15.0, 1.0) / interval.width
    tally.equal(interval.beta(interval.mean(small, "centre"), "centre"), small, within=1e-12)
    tally.equal(interval.beta([interval.low, interval.high]), [np.inf, -np.inf])


def _step_of_the_source() -> Check:
    """Of two joint distributions the one of larger H(Y|X) is said to have the smaller H(X)."""
    tally = Tally(
        0.0, "two fair coins against two coins of 0.9. Residual: infinite where the order is the other one"
    )
    (fair_x, fair_y), (bent_x, bent_y) = map(conditional_entropy, COINS)
    tally.holds((fair_y > bent_y) == (fair_x < bent_x))
    return tally.done()


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="GC-3",
        source="kimura2024geometric",
        kind="theorem",
        title="Maximal entropy for a given mean",
        statement=r"Let $m$ lie strictly between the ends of $[a,b]$, or between the smallest and the "
        r"largest of "
        r"finitely many energies $x_k$ with multiplicities $w_k$. Exactly one $\beta$, which may be "
        r"negative, gives "
        r"$f(x) = C e^{-\beta x}$ the mean $m$: the mean falls strictly in $\beta$, with the slope "
        r"$-\mathrm{Var}$, from the upper end to the lower. Among all densities $g$ of mean $m$ this "
        r"one has the "
        r"largest entropy, and $h(f) - h(g) = \mathrm{KL}(g \Vert f)$. But maximising $H(Y|X)$ is not "
        r"minimising "
        r"$H(X)$, unless $H(X,Y)$ is held fixed.",
        assumptions=(
            "entropy with respect to length on $[a,b]$, or to the multiplicities",
            "the energies are not all equal",
        ),
        origin="Theorem 1 of the paper is the maximum on an interval. Its argument passes from the largest "
        "$H(Y|X)$ to the smallest $H(X)$, which does not follow. Existence, uniqueness and sign of $\\beta$, "
        "multiplicities and the gap are spelled out here.",
        chapter="maximum-entropy",
        check=_maximum,
        control=partial(_maximum, sign=-1.0),
        control_says=r"the sign of $\beta$ is turned round: $e^{+\beta x}$",
        counterexample=_step_of_the_source,
    ),
)
