"""FE-10 and FE-11: when the rarest classes are lowered too, and by how much."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.points import GAMMAS, distributions, gammas
from focalbook.claims.tally import Tally
from focalbook.theory.loss import gain_crossing, gain_maximum, gain_peak, inverse_slope
from focalbook.theory.minimizer import minimizer, multiplier
from focalbook.theory.zones import classify

__all__ = ["CLAIMS"]

SOURCE = "shah2026focal"
Float = NDArray[np.float64]


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
        for size in (2, 5, 40, 1000) if gamma in GAMMAS else (2, 5, 40):
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
        origin="New. That the maximum grows rests on the inequality "
        r"$\tfrac{p}{-\log(1-p)} + \tfrac{1-p}{-\log p} > 1$.",
        chapter="three-zones",
        check=_mild,
        control=partial(_mild, top_too=True),
        control_says="the bound is claimed for every lowered probability, those at the top included",
    ),
)
