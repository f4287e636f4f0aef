"""OB-1: score and Hessian of one-bit measurements, and in which coordinates they are concave."""

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

__all__ = ["CLAIMS", "design", "points", "scale"]

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


def design(family: Family) -> Float:
    """One row whose parameters are the natural parameters themselves, shape (1, k, k)."""
    return np.eye(family.dimension)[None]


def scale(family: Family, eta: Float, order: int) -> Float:
    """Sizes below which a difference of moments has no digits: one, or the second moments of T."""
    square = np.diagonal(family.covariance(eta)) + family.mean(eta) ** 2
    root = np.sqrt(square)
    return root if order == 1 else root[:, None] * root


def _single(rng: np.random.Generator, tally: Tally, seen: bool) -> None:
    """Score and Hessian of one bit in natural parameters, against derivatives in 60 digits."""
    for family, eta, tau in points(rng):
        v = design(family)
        for bit in (0, 1):
            log_p = oracles.log_probability(family, tau, bit)
            score = information.score(family, v, eta, [tau], [bit])
            hessian = -family.covariance(eta) if seen else information.hessian(family, v, eta, [tau], [bit])
            tally.equal(score, oracles.first(log_p, eta), floor=scale(family, eta, 1))
            tally.equal(hessian, oracles.second(log_p, eta), floor=scale(family, eta, 2))


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
            np.linalg.eigvalsh(information.hessian(family, design(family), eta, [tau], [bit]))[-1]
            for bit in (0, 1)
        ]
        if family.dimension == 1 or always:
            tally.at_least(0.0, values, floor=float(scale(family, eta, 2).max()))
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
        "derivatives of log-probabilities in 60 digits: Gaussian from z = -30 to 7, Poisson means from 1e-6 "
        "to 300, exponential and Bernoulli far out on both sides, and random ones; two designs with three "
        "parameters; signs of curvature. Residual: error relative to the size of the statistic, or violation",
    )
    _single(rng, tally, seen)
    _rows(rng, tally)
    _concavity(rng, tally, always=seen)
    return tally.done()


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="OB-1",
        source="shah2025onebit",
        kind="proposition",
        title="Score and Hessian of one bit",
        statement=r"Of draws $X_i$ with natural parameter $\eta_i = V_i\theta$ and statistic $T$ only $B_i = "
        r"1\{X_i \in \mathcal{A}_i\}$ is seen. The score is $\sum_i V_i^\top (E[T \mid B_i] - E[T])$, "
        r"the Hessian $\sum_i V_i^\top (\mathrm{Cov}(T \mid B_i) - \mathrm{Cov}\,T) V_i$. The "
        r"log-likelihood is concave for thresholds on Bernoulli, Poisson and exponential draws in $\eta$. "
        r"For a Gaussian with both parameters unknown it is not concave in $\eta$ "
        r"($\partial^2/\partial\eta_2^2$ tends to $2s^4$ in the far tail), but it is in $(a/s, 1/s)$.",
        assumptions=(
            "$\\eta_i$ in the interior of the natural parameter space",
            "$0 < P(B_i = 1) < 1$",
            "for concavity: $\\mathcal{A}_i = \\{x \\ge \\tau_i\\}$",
        ),
        origin="Score and Hessian are the paper's. The concave coordinates, their proof by one lemma, and "
        "the failure in natural parameters are written here.",
        chapter="one-bit-likelihood",
        check=_score,
        control=partial(_score, seen=True),
        control_says="the Hessian is said to be $-\\mathrm{Cov}\\,T$, as if X were seen, hence concave for "
        "every family",
    ),
)
