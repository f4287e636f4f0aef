"""OB-5: one bit of a Poisson count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import mpmath
import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.tally import Tally
from focalbook.onebit import Poisson
from focalbook.onebit.exposures import log_information
from focalbook.onebit.thresholds import (
    CROSSING_CURVE,
    CROSSING_SHIFT,
    LIMIT,
    best_efficiency,
    best_threshold,
    crossing,
    efficiency,
    efficiency_bound,
    log_ratio,
)

__all__ = ["CLAIMS", "Exact", "exact"]

Float = NDArray[np.float64]

DIGITS = 40


@dataclass(frozen=True)
class Exact:
    """One bit of a Poisson count in 40 digits, by summing masses outwards from the threshold.

    Attributes
    ----------
    one, zero : mpf
        P(X >= tau) and P(X < tau).
    below, at : mpf
        Masses at tau - 1 and at tau.
    excess, deficit : mpf
        Sums of (j - tau) p_j over j >= tau, and of (tau - j) p_j over j < tau.
    """

    one: mpmath.mpf
    zero: mpmath.mpf
    below: mpmath.mpf
    at: mpmath.mpf
    excess: mpmath.mpf
    deficit: mpmath.mpf


def exact(tau: int, mu: float) -> Exact:
    """Sum the masses on both sides of a threshold until they no longer count."""
    with mpmath.workdps(DIGITS):
        m = mpmath.mpf(mu)
        at = mpmath.exp(tau * mpmath.log(m) - m - mpmath.loggamma(tau + 1))
        below = at * tau / m
        tiny = mpmath.mpf(10) ** (-DIGITS)
        one = excess = zero = deficit = mpmath.mpf(0)
        term, j = at, tau
        while j <= mu or term > tiny * one:
            one, excess = one + term, excess + (j - tau) * term
            j += 1
            term *= m / j
        term, j = below, tau - 1
        while j >= 0 and (j >= mu or term > tiny * zero):
            zero, deficit = zero + term, deficit + (tau - j) * term
            term *= j / m
            j -= 1
        return Exact(one, zero, below, at, excess, deficit)


def _log(value: mpmath.mpf, rest: mpmath.mpf) -> mpmath.mpf:
    """Logarithm of a probability, from the other one where it is close to one."""
    return mpmath.log(value) if value < 0.5 else mpmath.log1p(-rest)


def _cells(rng: np.random.Generator) -> list[tuple[int, float]]:
    """Thresholds and means: fixed corners from 1e-6 to 1e6, and random ones around each other."""
    corners = [(1, 1e-6), (1, 1e-3), (1, 1.0), (1, 30.0), (1, 600.0), (2, 1e-6), (5, 1e-6), (40, 1e-6)]
    corners += [(40, 200.0), (300, 3.0), (10_000, 1e4), (999_700, 1e6), (1_000_000, 1e6), (1_003_000, 1e6)]
    means = 10 ** rng.uniform(-3, 4, 40)
    taus = np.maximum(1, np.round(means + rng.uniform(-8, 8, 40) * np.sqrt(means + 1)))
    return corners + [(int(k), float(m)) for k, m in zip(taus, means, strict=True)]


def _derivative(rng: np.random.Generator, tally: Tally, late: bool) -> None:
    """Probabilities, information about the mean and curvatures of the log-likelihood against exact sums.

    With `late` the derivative of P(X >= tau) is said to be the mass at tau itself.
    """
    for tau, mu in _cells(rng):
        want, model = exact(tau, mu), Poisson(exposure=1.0, tau=tau)
        tails = model.tails(mu)
        with mpmath.workdps(DIGITS):
            rate = want.at if late else want.below
            information = float(rate**2 / (want.one * want.zero))
            logs = [float(_log(*pair)) for pair in ((want.one, want.zero), (want.zero, want.one))]
            f = want.below * mpmath.mpf(mu)
            bends = [
                float(-f * want.excess / want.one**2),
                float(-f * want.deficit / want.zero**2),
            ]
        tally.equal(model.fisher_information(mu)[0, 0], information, floor=1e-300)
        tally.equal(tails.log_one[0], logs[0], floor=1e-300)
        tally.equal(tails.log_zero[0], logs[1], floor=1e-300)
        tally.equal([tails.curve_one[0], tails.curve_zero[0]], bends, floor=1e-300)
        for slope, bend in ((tails.slope_one, tails.curve_one), (tails.slope_zero, tails.curve_zero)):
            tally.at_least(0.0, bend)  # concave in log mu
            tally.at_least(slope, bend, floor=np.abs(bend))  # and in mu: (bend - slope)/mu^2 <= 0
        uncensored = model.uncensored_information(mu)[0, 0]
        tally.at_least(uncensored, model.fisher_information(mu)[0, 0])


def _exposures(rng: np.random.Generator, tally: Tally) -> None:
    """Rows of different exposure: their information adds up."""
    for _ in range(5):
        t, tau = 10 ** rng.uniform(-2, 2, 6), rng.integers(1, 20, 6)
        mu, bits = float(10 ** rng.uniform(-1, 1)), rng.integers(1, 50, 6)
        joint = Poisson(t, tau).fisher_information(mu, bits)[0, 0]
        parts = [n * log_information(s * mu, k) / mu**2 for n, s, k in zip(bits, t, tau, strict=True)]
        tally.equal(joint, float(np.sum(parts)))


def _one(tally: Tally) -> None:
    """Threshold one: mu/(e^mu - 1), falling from 1."""
    mu = np.logspace(-6, 2.8, 200)
    with mpmath.workdps(DIGITS):
        want = [float(mpmath.mpf(float(m)) / mpmath.expm1(mpmath.mpf(float(m)))) for m in mu]
    got = efficiency(1, mu)
    tally.equal(got, want)
    tally.more_than(got[:-1], got[1:])
    tally.more_than(1.0, got)


def _bound(rng: np.random.Generator, tally: Tally, everywhere: bool) -> None:
    """No threshold exceeds the bound, which is a Bessel function; in the control, 2/pi."""
    mu = np.concatenate([np.logspace(-6, 6, 60), 10 ** rng.uniform(-2, 5, 60)])
    cap = np.full_like(mu, LIMIT) if everywhere else efficiency_bound(mu)
    shifts = np.concatenate([[0.0, 0.3, 0.79], rng.uniform(-6, 6, 12)])
    tau = np.maximum(1.0, np.ceil(mu[:, None] + shifts * np.sqrt(mu[:, None])))
    tally.at_least(cap[:, None], efficiency(tau, mu[:, None]))
    tally.at_least(cap, best_efficiency(mu))
    tally.at_least(best_efficiency(mu), LIMIT)
    with mpmath.workdps(DIGITS):
        for m in (0.5, 1.0, 10.0, 700.0, 1e5):
            x = mpmath.mpf(m)
            want = mpmath.exp(-2 * x) / (x * mpmath.besselk(0, x) ** 2)
            tally.equal(efficiency_bound(m), min(float(want), 1.0))


def _shape(rng: np.random.Generator, tally: Tally) -> None:
    """Log-concave in the threshold; mixed differences between 0 and 2; the best threshold by search."""
    mu = np.sort(10 ** rng.uniform(-1, 2.3, 40))
    tau = np.arange(1.0, 61.0)
    ratio = log_ratio(tau, mu[:, None])
    tally.more_than(ratio[:, :-1], ratio[:, 1:])
    mixed = np.diff(ratio, axis=0) / np.diff(np.log(mu))[:, None]
    tally.holds((mixed > 0) & (mixed < 2))
    near = ratio[np.abs(tau - mu[:, None]) < 3 * np.sqrt(mu[:, None]) + 1]
    direct = np.log(efficiency(tau + 1, mu[:, None]) / efficiency(tau, mu[:, None]))
    tally.equal(direct[np.abs(tau - mu[:, None]) < 3 * np.sqrt(mu[:, None]) + 1], near, floor=1.0)
    every = np.arange(1.0, 300.0)
    tally.equal(best_threshold(mu), every[efficiency(every, mu[:, None]).argmax(axis=1)])


def _crossings(tally: Tally, shift: float) -> None:
    """Crossings: equal efficiencies there, and their expansion; in the control that of the median."""
    k = np.unique(np.round(np.logspace(0, 4, 60)))
    at = crossing(k)
    tally.equal(efficiency(k, at), efficiency(k + 1, at))
    for threshold in (1, 2, 7, 60):
        with mpmath.workdps(DIGITS):
            mu = at[k.searchsorted(threshold)] if threshold in k else crossing(threshold)
            low, high = exact(threshold, float(mu)), exact(threshold + 1, float(mu))
            gap = low.below**2 * high.one * high.zero / (high.below**2 * low.one * low.zero)
        tally.equal(float(gap), 1.0)
    tally.at_least(0.01 / k**2, np.abs(at - (k - shift + CROSSING_CURVE / k)), floor=1e-9)
    for value, other in ((0.999, 0.0), (1.001, 1.0)):
        tally.equal(best_threshold(at * value)[:20], k[:20] + other)


def _check(
    rng: np.random.Generator, late: bool = False, shift: float = CROSSING_SHIFT, everywhere: bool = False
) -> Check:
    """OB-5; in the control the derivative is the mass at tau, crossings are at k - 1/3, the bound is 2/pi."""
    tally = Tally(
        1e-9,
        "means from 1e-6 to 1e6 with thresholds 1 to 1,003,000 against sums of masses in 40 digits; rows of "
        "different exposure; 200 means at threshold one; 120 means with 15 thresholds below the bound; 40 "
        "means with 60 thresholds for the shape; crossings up to 10,000. Residual: relative error, or "
        "violation",
    )
    _derivative(rng, tally, late)
    _exposures(rng, tally)
    _one(tally)
    _bound(rng, tally, everywhere)
    _shape(rng, tally)
    _crossings(tally, shift)
    return tally.done()


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="OB-5",
        source="shah2025onebit",
        kind="proposition",
        title="One bit of a Poisson count",
        statement=r"Let $X$ be Poisson with mean $\mu > 0$, $\tau \ge 1$ a whole number, "
        r"$P_1 = P(X \ge \tau)$ and $P_0 = 1 - P_1$. Then $dP_1/d\mu = e^{-\mu}\mu^{\tau-1}/(\tau-1)!$, "
        r"and $f = dP_1/d\log\mu = "
        r"\tau\,P(X = \tau)$. Both $\log P_1$ and $\log P_0$ are concave in $\mu$ and in $\log\mu$. The bit "
        r"has the efficiency $E(\tau, \mu) = J/I = f^2/(\mu P_1 P_0) \le 1$, and information of independent "
        r"bits adds up. $E(1, \mu) = \mu/(e^\mu - 1)$ falls from 1 to 0. For every $\tau$, $E(\tau, \mu) \le "
        r"e^{-2\mu}/(\mu K_0(\mu)^2)$. As a function of a real threshold $E$ is log-concave, and $0 \le "
        r"\partial^2 \log E/\partial\tau\,\partial\log\mu < 2$: the best threshold grows with $\mu$ and "
        r"changes from $k$ to $k+1$ at exactly one mean $\mu_k = k - \frac1{3(\pi-2)} + O(1/k)$. The "
        r"efficiency of the best threshold tends to $2/\pi$ as $\mu \to \infty$.",
        assumptions=("$\\mu > 0$", "$\\tau$ a whole number from 1 on"),
        origin="The likelihood, its derivative and its information are the paper's Poisson example. The "
        "bound with the Bessel function, the shape of the efficiency in threshold and mean, the crossings "
        "and their expansion, and concavity in the mean itself are derived here.",
        chapter="one-bit-poisson",
        check=_check,
        control=partial(_check, late=True, shift=1 / 3, everywhere=True),
        control_says="the derivative is said to be the mass at tau, the crossings to lie at k - 1/3 as the "
        "median suggests, and no efficiency to exceed 2/pi",
    ),
)
