"""FE-8 and FE-9: the shape of the gain and the zones."""

from __future__ import annotations

from functools import partial

import mpmath
import numpy as np

from focalbook.claims.core import Check, Claim
from focalbook.claims.points import GAMMAS, distributions, gammas, probabilities
from focalbook.claims.tally import Tally
from focalbook.theory.loss import focal_gain, focal_gain_derivative, gain_crossing, gain_maximum, gain_peak
from focalbook.theory.minimizer import log_multiplier, minimizer
from focalbook.theory.zones import classify, zones

__all__ = ["CLAIMS"]

SOURCE = "shah2026focal"


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
)
