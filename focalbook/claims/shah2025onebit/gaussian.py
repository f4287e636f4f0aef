"""OB-4: one bit of a normal variable with unknown mean and standard deviation."""

from __future__ import annotations

from functools import partial

import mpmath
import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.tally import Tally
from focalbook.onebit import Gaussian
from focalbook.onebit._tails import Tails

__all__ = ["CLAIMS"]

Float = NDArray[np.float64]

#: Rate of the Gaussian bound, and the bound on both efficiencies together.
RATE = 1 - 2 / np.pi
BUDGET = float(np.exp(1 - 4 / np.pi) / (np.pi - 2))
#: Predictors at the mean, near it, and far out in the tails.
EDGE = np.array([0.0, 1e-12, 1e-6, 1e-3, 0.5, 1.0, 1.2816, 2.0, 3.0, 3.0001, 5.0, 8.0, 12.0, 20.0, 35.0])


def _predictors(rng: np.random.Generator) -> Float:
    """Predictors of both signs, at the edges and at random."""
    z = np.concatenate([EDGE, rng.uniform(0, 6, 40)])
    return np.concatenate([-z[::-1], z])


def _tails(z: Float) -> Tails:
    return Gaussian(1.0, 0.0).predict(z)


def _exact_weight(z: float) -> float:
    with mpmath.workdps(40 + int(z * z / 2)):
        x = mpmath.mpf(z)
        return float(mpmath.npdf(x) ** 2 / (mpmath.ncdf(x) * mpmath.ncdf(-x)))


def _information(rng: np.random.Generator, tally: Tally) -> None:
    """J of single bits against its formula in many digits; then sums of bits."""
    for z in _predictors(rng):
        w, s = float(rng.choice([-2.0, -0.5, 1.0, 3.0])), float(rng.choice([0.1, 1.0, 7.0]))
        a = float(rng.normal())
        model = Gaussian(w, w * a - s * z)
        at = float((model.coordinates(np.array([a, s])) @ model.design.T)[0])  # z as it is rounded
        u = np.array([w, -at]) / s
        want = _exact_weight(at) * np.outer(u, u)
        tally.equal(model.fisher_information((a, s)), want, floor=1e-300)


def _concave(rng: np.random.Generator, tally: Tally, most: float) -> None:
    """The log-likelihood of a bit bends down, by less than `most`; that of many bits lies above chords."""
    tails = _tails(_predictors(rng))
    for curve in (tails.curve_one, tails.curve_zero):
        tally.at_least(0.0, curve, floor=1e-300)
        tally.at_least(most, -curve)
    model = Gaussian(rng.normal(size=30), rng.normal(size=30))
    ones = rng.integers(0, 2, size=30)
    for _ in range(40):
        one, two = rng.normal(size=2), rng.normal(size=2)
        one[1], two[1] = np.abs([one[1], two[1]]) + 0.05
        middle = 0.5 * (one + two)
        value = [model.log_likelihood((b[0] / b[1], 1 / b[1]), ones, 1) for b in (one, two, middle)]
        tally.at_least(value[2], 0.5 * (value[0] + value[1]))


def _identifiable(rng: np.random.Generator, tally: Tally) -> None:
    """A ray that the bits of one ratio cannot see; the determinant as a sum of squared areas."""
    for _ in range(20):
        r, a, s, c = rng.normal(), rng.normal(), rng.uniform(0.2, 3), rng.uniform(0.2, 5)
        w = rng.choice([-2.0, -1.0, 0.5, 1.0, 4.0], 5)
        ray = Gaussian(w, r * w)
        there = ray.probabilities((r + c * (a - r), c * s))
        tally.equal(there, ray.probabilities((a, s)), within=1e-9)
        flat = ray.fisher_information((a, s))
        tally.equal(np.linalg.det(flat) / np.trace(flat) ** 2, 0.0, floor=1.0)
        tau = rng.normal(size=5) * 2
        model = Gaussian(w, tau)
        z = (w * a - tau) / s
        share = _tails(z).weight
        area = (w[:, None] * tau - w * tau[:, None]) / s**3
        want = 0.5 * (share[:, None] * share * area**2).sum()
        tally.equal(np.linalg.det(model.fisher_information((a, s))), want, within=1e-8)


def _floor(rng: np.random.Generator, tally: Tally, rate: float, budget: float) -> None:
    """A threshold at the mean keeps 2/pi, every other less; mean and deviation share a budget."""
    z = _predictors(rng)
    share = _tails(z).weight
    tally.equal(_tails(np.zeros(1)).weight, 2 / np.pi)
    order = np.sort(np.abs(z))
    tally.at_least(_tails(order).weight[:-1], _tails(order).weight[1:], floor=1e-300)
    tally.at_least(2 / np.pi * np.exp(-rate * z**2), share, floor=1e-300)
    tally.at_least(budget, share * (1 + z**2 / 2))
    for _ in range(40):
        size = int(rng.integers(1, 8))
        w, tau = rng.choice([-1.5, 1.5], size), rng.normal(scale=2.0, size=size)
        at = (rng.normal(), rng.uniform(0.3, 3))
        model, trials = Gaussian(w, tau), rng.integers(1, 50, size)
        ratio = np.diag(model.fisher_information(at, trials)) / np.diag(
            model.uncensored_information(at, trials)
        )
        tally.at_least(2 / np.pi, ratio[0])
        tally.at_least(budget, ratio.sum())


def _one_bit(
    rng: np.random.Generator, most: float = 1.0, rate: float = RATE, budget: float = BUDGET
) -> Check:
    """OB-4; the control bends less, decays faster and has a smaller budget."""
    tally = Tally(
        1e-12,
        "predictors from 0 to 35 on both sides, information in 40 digits and more; chords of "
        "log-likelihoods; one ratio and several; random designs with |w| constant. Residual: relative error, "
        "or violation of an inequality",
    )
    _information(rng, tally)
    _concave(rng, tally, most)
    _identifiable(rng, tally)
    _floor(rng, tally, rate, budget)
    return tally.done()


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="OB-4",
        source="shah2025onebit",
        kind="theorem",
        title="One bit of a Gaussian",
        statement=r"Let $X_i = w_i a + C_i$ with $C_i \sim N(0, s^2)$ independent, $B_i = 1\{X_i \ge "
        r"\tau_i\}$ and $z_i = (w_i a - \tau_i)/s$. (a) The likelihood is a probit in $(a/s, 1/s)$ and "
        r"log-concave. (b) The information is $J = \sum_i \omega(z_i)\,u_i u_i^\top$ with $u_i = (w_i, "
        r"-z_i)/s$ and $\omega(z) = n(z)^2/(N(z)N(-z))$. (c) $(a, s)$ is identifiable, and $J$ regular, if "
        r"and only if the pairs $(w_i, \tau_i)$ span the plane; with $\tau_i = \rho w_i$ nothing changes "
        r"along $(\rho, 0) + t\,(a - \rho, s)$. (d) $\omega$ falls with $|z|$ from $2/\pi$, and "
        r"$\omega(z) \le \frac2\pi e^{-(1-2/\pi)z^2}$: for the mean, $s$ known, a bit keeps at most "
        r"the share $2/\pi$. "
        r"(e) With $|w_i|$ constant the efficiencies for $a$ and for $s$ add up to at most "
        r"$e^{1-4/\pi}/(\pi-2)$, which is less than $\frac23$.",
        assumptions=(
            "known $w_i$ and $\\tau_i$, not all $w_i = 0$",
            "$s > 0$",
            "(e) thresholds and their number are arbitrary; efficiency for one parameter: $J_{kk}/I_{kk}$, "
            "the other one known",
        ),
        origin="Model, likelihood and the factor $2/\\pi$ are the paper's. The Gaussian bound in (d) rests "
        "on an inequality of Pólya, proved again here; the budget in (e) is new, and the determinant behind "
        "(c) is spelled out here.",
        chapter="one-bit-gaussian",
        check=_one_bit,
        control=partial(_one_bit, most=0.9, rate=0.5, budget=0.6),
        control_says="the likelihood is said to bend by less than 0.9, the information to decay with rate "
        "one half, and both efficiencies to add up to at most 0.6",
    ),
)
