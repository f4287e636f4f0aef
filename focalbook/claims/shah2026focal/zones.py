"""FE-8 to FE-11: the shape of the gain, the zones, over-suppression and its size."""

from __future__ import annotations

from functools import partial

import mpmath
import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.points import GAMMAS, distributions, gammas, probabilities
from focalbook.claims.tally import Tally
from focalbook.theory.loss import (
    focal_gain,
    focal_gain_derivative,
    gain_crossing,
    gain_maximum,
    gain_peak,
    inverse_slope,
)
from focalbook.theory.minimizer import log_multiplier, minimizer, multiplier
from focalbook.theory.zones import classify, zones

__all__ = ["CLAIMS"]

SOURCE = "shah2026focal"
Float = NDArray[np.float64]


def _shape(rng: np.random.Generator, factor: float = 2.0) -> Check:
    """One maximum where -factor (1-p) = (1-gamma p) log p, one crossing of 1; the claim has factor = 2."""
    tally = Tally(
        1e-9,
        "gamma from 0.001 to 1,000, p from 1e-300 to 1 - 2^-53: ends, sign of the derivative on both sides "
        "of the "
        "maximum, equation for the maximum, sign of h - 1, closed forms at gamma = 1; maximum and crossing "
        "at six "
        "gamma against 40-digit arithmetic. Residual: relative error",
    )
    p = probabilities(rng)
    for gamma in gammas(rng):
        peak, cross = float(gain_peak(gamma)), float(gain_crossing(gamma))
        tally.equal(-factor * (1 - peak), (1 - gamma * peak) * np.log(peak), floor=1.0)
        tally.holds(0 < peak < cross < 0.5)
        tally.holds(focal_gain([0.0, 1.0], gamma) == [1.0, 0.0])
        slope = focal_gain_derivative(p, gamma)
        tally.at_least(slope[p < 0.999 * peak], 0.0)
        tally.at_least(0.0, slope[p > 1.001 * peak])
        tally.more_than(focal_gain(p[(p > 1e-8 * peak) & (p < 0.999 * cross)], gamma), 1.0)
        tally.more_than(1.0, focal_gain(p[p > 1.001 * cross], gamma))
        tally.equal(focal_gain(cross, gamma), 1.0)
        tally.at_least(focal_gain(peak, gamma), focal_gain(p, gamma))
    closed = [np.exp(-2.0), 1 + np.exp(-2.0), np.exp(-1.0)]
    tally.equal([gain_peak(1.0), gain_maximum(1.0), gain_crossing(1.0)], closed)
    for gamma in (0.01, 0.5, 1.5, 3.0, 20.0, 400.0):
        with mpmath.workdps(40):
            g = mpmath.mpf(gamma)
            top = mpmath.findroot(
                lambda x, g=g: 2 * (1 - x) + (1 - g * x) * mpmath.log(x),
                (1e-6, 1 / (g + 2)),
                solver="anderson",
            )
            one = mpmath.findroot(
                lambda x, g=g: g * mpmath.log1p(-x) + mpmath.log(1 - g * x * mpmath.log(x) / (1 - x)),
                (top, mpmath.mpf("0.9")),
                solver="anderson",
            )
        tally.equal([gain_peak(gamma), gain_crossing(gamma)], [float(top), float(one)])
    return tally.done()


def _zones(rng: np.random.Generator, level: float | None = None) -> Check:
    """q > p exactly where h(p) > lambda, and the two regimes; the control compares with a fixed level."""
    tally = Tally(
        1e-9,
        "2 to 1,000 classes with masses from 1e-300 to one, gamma = 0.001 to 1,000, atoms within 1e-9 of a "
        "threshold left out: direction of every atom, thresholds, number of thresholds, lambda below the "
        "maximum; nothing moves at gamma = 0. Residual: error of h at the thresholds, relative; violation",
    )
    for classes in (2, 3, 10, 1000):
        p = distributions(rng, classes)
        for gamma in GAMMAS:
            q, log_level, z = minimizer(p, gamma), log_multiplier(p, gamma), zones(p, gamma)
            with np.errstate(divide="ignore"):
                distance = np.log(focal_gain(p, gamma)) - (
                    log_level[:, None] if level is None else np.log(level)
                )
            clear = (np.abs(distance) > 1e-9 * (1 + gamma)) & (p < 1) & (np.abs(q - p) > 1e-13 * p)
            tally.holds((q > p)[clear] == (distance > 0)[clear])
            low, high = np.asarray(z.p_low)[:, None], np.asarray(z.p_high)[:, None]
            tally.holds((q > p)[clear] == ((p > low) & (p < high))[clear])
            tally.holds((classify(p, gamma) == -2)[clear] == (p < low)[clear])
            lam, top = np.exp(log_level), gain_maximum(gamma)
            tally.holds(
                (np.asarray(z.p_low) > 0)[np.abs(lam - 1) > 1e-9] == (lam > 1)[np.abs(lam - 1) > 1e-9]
            )
            tally.at_least(top, lam)
            inner = (lam > 1e-250) & (lam < top * (1 - 1e-6)) & (high[:, 0] < 1 - 1e-5)
            tally.equal(focal_gain(high[inner, 0], gamma), lam[inner], floor=1e-3)
            two = inner & (low[:, 0] > 1e-290)
            tally.equal(focal_gain(low[two, 0], gamma), lam[two])
    p = distributions(rng, 10)
    tally.equal(minimizer(p, 0.0), p)
    tally.holds(classify(p, 0.0) == 0)
    return tally.done()


def _two_classes(rng: np.random.Generator) -> Float:
    """Rows (1 - e, e) with 0 < e < 1/2."""
    e = np.concatenate([[1e-300, 1e-100, 1e-16, 1e-3, 0.25, 0.499], rng.uniform(0, 0.5, 60)])
    return np.stack([1 - e, e], axis=1)


def _headed(heads: int, tail: float) -> Float:
    """Equal heads and one atom of mass ``tail``."""
    return np.concatenate([np.full(heads, (1 - tail) / heads), [tail]])


def _suppression(rng: np.random.Generator, classes: int = 2) -> Check:
    """When the zone is there; never with two classes. The control says never with ``classes`` classes."""
    tally = Tally(
        1e-10,
        "gamma from 0.001 to 1,000: lambda against the sum at 1 for 2 to 1,000 classes; P below p0; two "
        "classes "
        "with masses from 1e-300; p0 against one half; q/p against 1/lambda for tails of 1e-30 and less. "
        "Residual: relative error",
    )
    for gamma in gammas(rng):
        cross = float(gain_crossing(gamma))
        tally.more_than(0.5, cross)
        for size in (2, 5, 40, 1000):
            p = distributions(rng, size, count=4)
            lam = multiplier(p, gamma)
            far = np.abs(lam - 1) > 1e-9
            tally.holds((lam > 1)[far] == (inverse_slope(1 / p, gamma).sum(axis=1) > 1)[far])
        least = int(np.ceil(1 / cross))
        even = 0.9 * cross * rng.uniform(0.2, 1, (20, 4 * least))
        even = even / even.sum(axis=1, keepdims=True)
        even = even[even.max(axis=1) <= cross]
        tally.more_than(multiplier(even, gamma), 1.0)
        pair = _two_classes(rng) if classes == 2 else np.array([_headed(classes - 1, 1e-3)])
        tally.more_than(minimizer(pair, gamma)[:, -1], pair[:, -1])
    edge = np.array([1e-2, 1e-3, 1e-4])
    tally.at_least(gain_crossing(edge), 0.5 - edge)
    for gamma in (0.5, 1.0, 2.0, 5.0, 100.0):
        for tail in (1e-30, 1e-100, 1e-300):
            p = _headed(12, tail)
            tally.equal(minimizer(p, gamma)[-1] / tail, 1 / multiplier(p, gamma))
    return tally.done()


def _mild(rng: np.random.Generator, top_too: bool = False) -> Check:
    """q/p >= 1/lambda >= 1/max h below p_low; the control claims it for every lowered atom."""
    tally = Tally(
        1e-10,
        "every lowered atom of 5 to 1,000 classes at gamma from 0.001 to 1,000; heads of mass 1/n at the "
        "gamma with "
        "p* = 1/n, n = 5 to 200, above tails of 1e-100; bounds on the maximum and its growth; a head of "
        "mass 1/2 "
        "above 100,000 atoms. Residual: violation or error, relative",
    )
    for classes in (5, 10, 100, 1000):
        p = np.concatenate(
            [distributions(rng, classes), [_headed(classes - 1, t) for t in (1e-2, 1e-6, 1e-200)]]
        )
        for gamma in GAMMAS:
            kind, lam = classify(p, gamma), multiplier(p, gamma)[:, None] + np.zeros_like(p)
            chosen = (kind == -2) | (top_too & (kind == -1))
            ratio = (minimizer(p, gamma) / p)[chosen]
            tally.at_least(ratio, 1 / gain_maximum(gamma))
            tally.at_least(ratio, 1 / lam[kind == -2] if not top_too else 0.0)
    for n in (5, 8, 20, 200):
        gamma = n - 2 * (n - 1) / np.log(n)
        tally.equal(gain_peak(gamma), 1 / n)
        tally.equal(minimizer(_headed(n, 1e-100), gamma)[-1] / 1e-100, 1 / gain_maximum(gamma))
    grid = np.sort(gammas(rng))
    height = np.asarray(gain_maximum(grid))
    tally.more_than(height[1:], height[:-1])
    peak = np.asarray(gain_peak(grid))
    tally.equal(np.exp(grid * np.log1p(-peak)) * (1 + grid * peak) / (1 - grid * peak), height)
    large, height = grid[grid > 1], height[grid > 1]
    hump = np.exp((large - 1) * np.log1p(-1 / large))
    tally.at_least(1 + np.exp(-1) + hump * np.log(large), height)
    tally.at_least(height, hump * (1 - 1 / large + np.log(large)))
    for gamma in (30.0, 100.0, 1000.0):
        p = np.concatenate([[0.5], np.full(100_000, 5e-6)])
        tally.at_least(2 * np.log(gamma) / gamma, minimizer(p, gamma)[0])
    return tally.done()


CLAIMS = (
    Claim(
        id="FE-8",
        source=SOURCE,
        kind="lemma",
        title="Shape of the gain",
        statement=r"For $\gamma > 0$, $h(0) = 1$, $h(1) = 0$, and $h$ rises on $(0, p^*)$ and falls on "
        r"$(p^*, 1)$, where "
        r"$p^*$ is the only solution of $-2(1-p) = (1-\gamma p)\log p$ in $(0,1)$. It crosses the level 1 "
        r"exactly once, "
        r"at some $p_0 > p^*$. At $\gamma = 1$: $p^* = e^{-2}$, $h(p^*) = 1 + e^{-2}$, $p_0 = 1/e$.",
        assumptions=(r"$\gamma > 0$",),
        origin="The paper's; the proof by a convex factor of the derivative is written out here.",
        chapter="three-zones",
        check=_shape,
        control=partial(_shape, factor=1.0),
        control_says="the factor 2 is dropped from the equation for the maximum",
    ),
    Claim(
        id="FE-9",
        source=SOURCE,
        kind="theorem",
        title="Three zones",
        statement=r"$q_i > p_i$ exactly when $h(p_i) > \lambda$, and $\lambda \le h(p^*)$. If $\lambda \le "
        r"1$ there is one "
        r"threshold: probabilities below it are raised, those above it lowered. If $\lambda > 1$ there are "
        r"two: "
        r"$p < p_{\mathrm{low}}$ is lowered, $p_{\mathrm{low}} < p < p_{\mathrm{high}}$ raised, $p > "
        r"p_{\mathrm{high}}$ "
        "lowered.",
        assumptions=(
            r"$\gamma > 0$; at $\gamma = 0$ nothing moves",
            r"$\lambda = h(p^*)$ only for $P$ uniform on $1/p^*$ atoms, where nothing moves either",
        ),
        origin=r"The paper's; the bound on $\lambda$ and the case of equality are new.",
        chapter="three-zones",
        check=_zones,
        control=partial(_zones, level=1.0),
        control_says=r"$\lambda$ is replaced by 1: every probability below $p_0$ would be raised",
    ),
    Claim(
        id="FE-10",
        source=SOURCE,
        kind="theorem",
        title="When the rarest are lowered too",
        statement=r"The zone $(0, p_{\mathrm{low}})$ is there exactly when $\lambda > 1$, that is, when "
        r"$\sum_i \varphi^{-1}(1/p_i) > 1$. It is there whenever $\max_i p_i \le p_0$, unless $P$ is "
        r"uniform on atoms of "
        r"mass $p_0$. It never holds an atom with two classes: $p_0 < 1/2$ for every $\gamma > 0$ (and $p_0 "
        r"\to 1/2$ as "
        r"$\gamma \to 0$), so the rarer of two unequal classes is raised. At fixed $\lambda$, $q_i/p_i \to "
        r"1/\lambda$ as "
        r"$p_i \to 0$.",
        assumptions=(r"$\gamma > 0$", "two classes of different mass in the last but one statement"),
        origin="The equivalence is the paper's; the sufficient condition and the case of two classes are "
        "new.",
        chapter="three-zones",
        check=_suppression,
        control=partial(_suppression, classes=13),
        control_says="the condition of two classes is dropped: twelve equal heads and a rare class",
    ),
    Claim(
        id="FE-11",
        source=SOURCE,
        kind="theorem",
        title="Over-suppression is mild",
        statement=r"An over-suppressed atom keeps $q_i/p_i > 1/\lambda \ge 1/h(p^*)$. The bound is "
        r"approached by $n$ equal "
        r"heads above a vanishing tail at the $\gamma$ with $p^* = 1/n$, which is "
        r"$\gamma = n - 2(n-1)/\log n$, $n \ge 5$. $h(p^*)$ increases with $\gamma$, but only like "
        r"$(\log\gamma)/e$. "
        r"Lowering at the top has no such bound: a head of mass $1/2$ above a tail whose gains $h(q_i)$ are "
        r"at least 1 "
        r"is left with $q_1 < 2\log(\gamma)/\gamma$ for large $\gamma$.",
        assumptions=(
            r"$\gamma > 0$",
            r"$1/p^*$ an integer for the bound in terms of $h(p^*)$ to be approached",
        ),
        origin="New. The growth of the maximum rests on the inequality "
        r"$\tfrac{p}{-\log(1-p)} + \tfrac{1-p}{-\log p} > 1$, which GC-1 needs as well.",
        chapter="three-zones",
        check=_mild,
        control=partial(_mild, top_too=True),
        control_says="the bound is claimed for every lowered probability, those at the top included",
    ),
)
