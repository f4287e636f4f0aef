"""OB-1 and OB-2: score and Hessian of one-bit measurements, and what they tell about the parameter."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import mpmath as mp
import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.shah2025onebit import oracles
from focalbook.claims.tally import Tally
from focalbook.onebit import Bernoulli, Exponential, Gaussian, Poisson, information
from focalbook.onebit.families import (
    BernoulliFamily,
    ExponentialFamily,
    Family,
    GaussianFamily,
    PoissonFamily,
)

__all__ = ["CLAIMS"]

Float = NDArray[np.float64]
Point = tuple[Family, Float, float]


def points(rng: np.random.Generator) -> Iterator[Point]:
    """Families with natural parameters of shape (k,) and thresholds: tails on both sides, and random ones."""
    for m, s, z in [(0.0, 1.0, -30.0), (2.0, 0.5, -5.0), (-1.0, 3.0, 0.0), (0.3, 1.2, 7.0), (0.0, 1e-3, 1.0)]:
        yield GaussianFamily(), GaussianFamily.natural_parameter(m, s), m - z * s
    for _ in range(4):
        m, s, z = rng.normal(), np.exp(rng.normal()), rng.uniform(-6, 6)
        yield GaussianFamily(), GaussianFamily.natural_parameter(m, s), m - z * s
    for mu, k in [(1e-6, 1), (1e-3, 3), (0.5, 1), (4.0, 4), (20.0, 45), (300.0, 290), (80.0, 20)]:
        yield PoissonFamily(), np.log([mu]), float(k)
    for _ in range(4):
        mu = np.exp(rng.uniform(-2, 4))
        yield PoissonFamily(), np.log([mu]), float(1 + rng.poisson(mu))
    for x in (1e-6, 0.1, 1.59, 30.0, float(rng.uniform(0.2, 5))):
        rate = float(np.exp(rng.normal()))
        yield ExponentialFamily(), np.array([-rate]), x / rate
    for eta in (-30.0, -1.0, 0.0, 20.0, float(rng.normal())):
        yield BernoulliFamily(), np.array([eta]), 1.0


def _design(family: Family) -> Float:
    """One row whose parameters are the natural parameters themselves, shape (1, k, k)."""
    return np.eye(family.dimension)[None]


def _scale(family: Family, eta: Float, order: int) -> Float:
    """Sizes below which a difference of moments has no digits: one, or the second moments of T."""
    square = np.diagonal(family.covariance(eta)) + family.mean(eta) ** 2
    root = np.sqrt(square)
    return root if order == 1 else root[:, None] * root


def _single(rng: np.random.Generator, tally: Tally, seen: bool) -> None:
    """Score and Hessian of one bit in natural parameters, against derivatives in 60 digits."""
    for family, eta, tau in points(rng):
        v = _design(family)
        for bit in (0, 1):
            log_p = oracles.log_probability(family, tau, bit)
            score = information.score(family, v, eta, [tau], [bit])
            hessian = -family.covariance(eta) if seen else information.hessian(family, v, eta, [tau], [bit])
            tally.equal(score, oracles.first(log_p, eta), floor=_scale(family, eta, 1))
            tally.equal(hessian, oracles.second(log_p, eta), floor=_scale(family, eta, 2))


def _total(family: Family, v: Float, tau: Float, ones: Float, trials: Float) -> oracles.Function:
    """Log-likelihood of counts in high precision, as a function of theta."""

    def total(*theta: mp.mpf) -> mp.mpf:
        value = mp.mpf(0)
        for row, t, one, n in zip(v, tau, ones, trials, strict=True):
            eta = [mp.fdot(map(mp.mpf, map(float, line)), theta) for line in row]
            for bit, count in ((1, one), (0, n - one)):
                value += count * oracles.log_probability(family, float(t), bit)(*eta)
        return value

    return total


def _rows(rng: np.random.Generator, tally: Tally) -> None:
    """Rows with matrices V_i and counts: the derivatives of the whole log-likelihood."""
    for family, offset, scale in ((GaussianFamily(), -0.5, 0.05), (PoissonFamily(), 0.5, 0.3)):
        rows, theta = 4, np.array([0.2, -0.1, 1.0])
        v = rng.normal(size=(rows, family.dimension, 3)) * scale
        v[:, -1, -1] += offset
        tau = rng.integers(1, 3, rows).astype(float)
        trials = rng.integers(1, 9, rows).astype(float)
        ones = np.floor(rng.random(rows) * (trials + 1))
        total = _total(family, v, tau, ones, trials)
        given = (family, v, theta, tau, ones, trials)
        tally.equal(information.score(*given), oracles.first(total, theta), floor=1e-3)
        tally.equal(information.hessian(*given), oracles.second(total, theta), floor=1e-3)


def _concavity(rng: np.random.Generator, tally: Tally, always: bool) -> None:
    """Concave in natural parameters for one statistic; for the Gaussian only in (a/s, 1/s)."""
    for family, eta, tau in points(rng):
        values = [
            np.linalg.eigvalsh(information.hessian(family, _design(family), eta, [tau], [bit]))[-1]
            for bit in (0, 1)
        ]
        if family.dimension == 1 or always:
            tally.at_least(0.0, values, floor=float(_scale(family, eta, 2).max()))
    for s in (0.1, 1.0, 7.0):
        eta = GaussianFamily.natural_parameter(0.0, s)
        bend = information.hessian(GaussianFamily(), np.eye(2)[None], eta, [40.0 * s], [1])[1, 1]
        tally.equal(bend, 2 * s**4, within=0.02)  # 4 s^4 given the bit, 2 s^4 without it
    n = 200
    models = (
        Gaussian(1.0, rng.uniform(-40, 40, n)).tails((0.0, 1.0)),
        Poisson(np.exp(rng.uniform(-8, 8, n)), rng.integers(1, 100, n)).tails(1.0),
        Exponential(np.exp(rng.uniform(-5, 5, n))).tails(1.0),
        Bernoulli(rng.uniform(-40, 40, (n, 1))).tails(1.0),
    )
    for tails in models:
        tally.at_least(0.0, tails.curve_one)
        tally.at_least(0.0, tails.curve_zero)


def _score(rng: np.random.Generator, seen: bool = False) -> Check:
    """OB-1; in the control the Hessian is that of a measurement without a threshold, and always concave."""
    tally = Tally(
        1e-9,
        "derivatives of log-probabilities in 60 digits: Gaussian from z = -30 to 7, Poisson means from "
        "1e-6 to 300, exponential and Bernoulli far out on both sides, and random ones; two designs with "
        "three parameters; signs of curvature. Residual: error relative to the size of the statistic, or "
        "violation",
    )
    _single(rng, tally, seen)
    _rows(rng, tally)
    _concavity(rng, tally, always=seen)
    return tally.done()


def _bit(rng: np.random.Generator, tally: Tally, factor: bool) -> None:
    """Information of one bit against the score in 60 digits; rank one; what is lost, and J + lost = I."""
    for family, eta, tau in points(rng):
        v = _design(family)
        found = information.censored(family, v, eta, [tau])
        if not factor:
            found = found / np.exp(family.log_probability(eta, tau, 0))
        logs = [float(family.log_probability(eta, tau, bit)) for bit in (0, 1)]
        rare = int(np.argmin(logs))  # the common bit has no digits in the tails: p0 l0 = -p1 l1
        slope = oracles.first(oracles.log_probability(family, tau, rare), eta)
        want = np.exp(logs[rare] - logs[1 - rare]) * slope[:, None] * slope
        tally.equal(found, want, floor=1e-280)
        tally.equal(found[0, 0] * found[-1, -1], found[0, -1] ** 2)
        whole, lost = information.uncensored(family, v, eta), information.lost(family, v, eta, [tau])
        tally.equal(found + lost, whole, floor=_scale(family, eta, 2))
        root = np.sqrt(np.diagonal(whole))
        values = np.linalg.eigvalsh(lost / (root[:, None] * root))
        tally.at_least(values, 0.0, floor=1.0)
        if isinstance(family, BernoulliFamily):
            tally.equal(found, whole)
            tally.holds(lost == 0.0)
        else:
            tally.more_than(np.trace(lost), 0.0)


def _whole(rng: np.random.Generator, tally: Tally) -> None:
    """I against A'' in 60 digits."""
    forms = {
        "GaussianFamily": lambda *e: -(e[0] ** 2) / (4 * e[1]) - mp.log(-2 * e[1]) / 2,
        "PoissonFamily": lambda e: mp.exp(e),
        "ExponentialFamily": lambda e: -mp.log(-e),
        "BernoulliFamily": lambda e: mp.log1p(mp.exp(e)),
    }
    for family, eta, _ in points(rng):
        want = oracles.second(forms[type(family).__name__], eta)
        tally.equal(information.uncensored(family, _design(family), eta), want)


def _processing(rng: np.random.Generator, tally: Tally) -> None:
    """One threshold, two, none: each reading tells more than the one before, in every direction."""
    for family, eta, tau in points(rng):
        if isinstance(family, BernoulliFamily):
            continue
        step = 1.0 if isinstance(family, PoissonFamily) else 0.5 * np.sqrt(family.covariance(eta)[0, 0])
        ends = [tau, tau + step]
        above = [np.exp(family.log_probability(eta, t, 1)) for t in ends]
        weighted = [p * family.conditional_mean(eta, t, 1) for p, t in zip(above, ends, strict=True)]
        mean = family.mean(eta)
        cells = ((1 - above[0], mean - weighted[0]), (above[0] - above[1], weighted[0] - weighted[1]))
        d = rng.normal(size=family.dimension) / np.sqrt(np.diagonal(family.covariance(eta)))
        three = 0.0
        for p, sums in (*cells, (above[1], weighted[1])):
            three += float(p * (d @ (sums / p - mean)) ** 2) if p > 1e-12 else 0.0
        one = [float(d @ information.per_bit(family, eta, t) @ d) for t in ends]
        whole = float(d @ family.covariance(eta) @ d)
        if min(above[0] - above[1], 1 - above[0], above[1]) > 1e-6:
            tally.at_least(three, np.array(one), floor=1e-9 * whole)
            tally.at_least(whole, three)


def _shares(tally: Tally) -> None:
    """What is left in closed form: 2/pi, x^2/(e^x - 1), mu/(e^mu - 1), 1; two thresholds make rank two."""
    eta = GaussianFamily.natural_parameter(0.7, 1.3)
    tally.equal(information.per_bit(GaussianFamily(), eta, 0.7)[0, 0] / 1.3**2, 2 / np.pi)
    x = np.array([1e-3, 0.3, 1.59, 10.0])
    per = information.per_bit(ExponentialFamily(), np.full((4, 1), -0.5), x / 0.5)[:, 0, 0]
    tally.equal(per * 0.25, x**2 / np.expm1(x))
    per = information.per_bit(PoissonFamily(), np.log(x)[:, None], np.ones(4))[:, 0, 0]
    tally.equal(per / x, x / np.expm1(x))
    for tau, definite in (([0.0, 1.0], True), ([0.5, 0.5], False)):
        j = Gaussian(1.0, tau).fisher_information((0.3, 1.2))
        value = np.linalg.det(j / np.sqrt(np.outer(np.diagonal(j), np.diagonal(j))))
        tally.holds((value > 1e-3) == definite)


def _information(rng: np.random.Generator, factor: bool = True) -> Check:
    """OB-2; in the control a bit is worth p_1 (m_1 - m_0)(m_1 - m_0)'."""
    tally = Tally(
        1e-9,
        "scores and log-partitions in 60 digits for the points of OB-1; J + lost = I, rank, signs and "
        "equality at the same points; readings with one, two and no thresholds; four shares in closed form. "
        "Residual: relative error, or violation",
    )
    _bit(rng, tally, factor)
    _whole(rng, tally)
    _processing(rng, tally)
    _shares(tally)
    return tally.done()


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="OB-1",
        source="shah2025onebit",
        kind="proposition",
        title="Score and Hessian of one bit",
        statement=r"Of draws $X_i$ with natural parameter $\eta_i = V_i\theta$ and statistic $T$ only "
        r"$B_i = 1\{X_i \in A_i\}$ is seen. The score is $\sum_i V_i^\top (E[T \mid B_i] - E[T])$, the "
        r"Hessian "
        r"$\sum_i V_i^\top (\mathrm{Cov}(T \mid B_i) - \mathrm{Cov}\,T) V_i$. The log-likelihood is concave "
        r"for "
        r"thresholds on Bernoulli, Poisson and exponential draws in $\eta$. For a Gaussian with both "
        r"parameters "
        r"unknown it is not concave in $\eta$ ($\partial^2/\partial\eta_2^2$ tends to $2s^4$ in the far "
        r"tail), "
        r"but it is in $(a/s, 1/s)$.",
        assumptions=(
            "$\\eta_i$ in the interior of the natural parameter space",
            "$0 < P(B_i = 1) < 1$",
            "for concavity: $A_i = \\{x \\ge \\tau_i\\}$",
        ),
        origin="Score and Hessian are the paper's. The concave coordinates, their proof by one lemma, and "
        "the failure in natural parameters are written here.",
        chapter="one-bit-likelihood",
        check=_score,
        control=partial(_score, seen=True),
        control_says="the Hessian is said to be $-\\mathrm{Cov}\\,T$, as if X were seen, hence concave for "
        "every "
        "family",
    ),
    Claim(
        id="OB-2",
        source="shah2025onebit",
        kind="theorem",
        title="What one bit tells",
        statement=r"With $m_b = E[T \mid B = b]$ and $\pi_b = P(B = b)$ a bit has the Fisher information "
        r"$\mathrm{Cov}(E[T \mid B]) = \pi_1\pi_0 (m_1 - m_0)(m_1 - m_0)^\top$ about $\eta$, of rank at "
        r"most one; "
        r"$J_n = \sum_i V_i^\top \mathrm{Cov}(E[T \mid B_i]) V_i$, $I_n = \sum_i V_i^\top \mathrm{Cov}(T) "
        r"V_i$, "
        r"and $I_n - J_n = \sum_i V_i^\top E[\mathrm{Cov}(T \mid B_i)] V_i \succeq 0$. A bit loses nothing "
        r"exactly "
        r"when $T$ has one value for $B = 1$ and one for $B = 0$: always for a Bernoulli draw, never for "
        r"three "
        r"values of $T$ or more. A finer reading tells at least as much.",
        assumptions=(
            "$\\eta_i$ in the interior of the natural parameter space",
            "$0 < P(B_i = 1) < 1$",
            "independent draws",
        ),
        origin="$I_n$, $J_n$ and their difference are the paper's. Rank, the case of equality and the order "
        "of "
        "readings are spelled out here.",
        chapter="one-bit-likelihood",
        check=_information,
        control=partial(_information, factor=False),
        control_says="a bit is said to be worth $\\pi_1 (m_1 - m_0)(m_1 - m_0)^\\top$, without the factor "
        "$\\pi_0$",
    ),
)
