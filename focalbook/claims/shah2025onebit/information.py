"""OB-2: what one bit tells about the parameter, and what the threshold loses."""

from __future__ import annotations

from functools import partial

import mpmath as mp
import numpy as np

from focalbook.claims.core import Check, Claim
from focalbook.claims.shah2025onebit import oracles
from focalbook.claims.shah2025onebit.likelihood import design, points, scale
from focalbook.claims.tally import Tally
from focalbook.onebit import Gaussian, information
from focalbook.onebit.families import BernoulliFamily, ExponentialFamily, GaussianFamily, PoissonFamily

__all__ = ["CLAIMS"]


def _bit(rng: np.random.Generator, tally: Tally, factor: bool) -> None:
    """Information of one bit against the score in 60 digits; rank one; what is lost, and J + lost = I."""
    for family, eta, tau in points(rng):
        v = design(family)
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
        tally.equal(found + lost, whole, floor=scale(family, eta, 2))
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
        tally.equal(information.uncensored(family, design(family), eta), want)


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
        id="OB-2",
        source="shah2025onebit",
        kind="theorem",
        title="What one bit tells",
        statement=r"With $m_b = E[T \mid B = b]$ and $\pi_b = P(B = b)$ a bit has the Fisher information "
        r"$\mathrm{Cov}(E[T \mid B]) = \pi_1\pi_0 (m_1 - m_0)(m_1 - m_0)^\top$ about $\eta$, of rank at most "
        r"one; $J_n = \sum_i V_i^\top \mathrm{Cov}(E[T \mid B_i]) V_i$, $I_n = \sum_i V_i^\top "
        r"\mathrm{Cov}(T) V_i$, and $I_n - J_n = \sum_i V_i^\top E[\mathrm{Cov}(T \mid B_i)] V_i \succeq 0$. "
        r"A bit loses nothing exactly when $T$ has one value for $B = 1$ and one for $B = 0$: always for a "
        r"Bernoulli draw, never for three values of $T$ or more. A finer reading tells at least as much.",
        assumptions=(
            "$\\eta_i$ in the interior of the natural parameter space",
            "$0 < P(B_i = 1) < 1$",
            "independent draws",
        ),
        origin="$I_n$, $J_n$ and their difference are the paper's. Rank, the case of equality and the order "
        "of readings are spelled out here.",
        chapter="one-bit-likelihood",
        check=_information,
        control=partial(_information, factor=False),
        control_says="a bit is said to be worth $\\pi_1 (m_1 - m_0)(m_1 - m_0)^\\top$, without the factor "
        "$\\pi_0$",
    ),
)
