"""OB-3 and OB-7: the normal limit of the estimate from one-bit data, and what replicates say about it."""

from __future__ import annotations

from functools import partial

import mpmath
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import binom, kstwobign

from focalbook.campaigns.onebit_coverage import DESIGNS, Design, Point, enumerate_outcomes, exact, sample
from focalbook.campaigns.onebit_no_maximum import missing
from focalbook.campaigns.onebit_singular import Case, affinity, thresholds
from focalbook.claims.core import Check, Claim
from focalbook.claims.tally import Tally
from focalbook.onebit import Gaussian, Poisson, information
from focalbook.onebit.families import Family, GaussianFamily, PoissonFamily
from focalbook.onebit.regularity import regularity, third_derivatives

__all__ = ["CLAIMS"]

Float = NDArray[np.float64]


# OB-3
# ---------------------------------------------------------------------------------------------------------


def _bits(rng: np.random.Generator) -> list[tuple[Family, Float, Float]]:
    """Natural parameters and thresholds of both families, out to bits that are nearly certain."""
    m, s = rng.normal(size=60), np.exp(rng.uniform(-1, 1, 60))
    tau = m + s * np.concatenate([rng.uniform(-3, 3, 50), rng.choice([-6.0, 6.0], 10)])
    mu = np.exp(rng.uniform(np.log(1e-3), np.log(1e3), 60))
    k = np.maximum(np.round(mu + np.sqrt(mu) * rng.uniform(-3, 3, 60)), 1.0)
    return [
        (GaussianFamily(), GaussianFamily.natural_parameter(m, s), tau),
        (PoissonFamily(), np.log(mu)[:, None], k),
    ]


def _identity(rng: np.random.Generator, tally: Tally) -> None:
    """Score of mean zero, and bread equal to meat, bit by bit."""
    for family, etas, taus in _bits(rng):
        design = np.eye(family.dimension)[None]
        for eta, tau in zip(etas, taus, strict=True):
            at = (family, design, eta, np.array([tau]))
            p = [float(np.exp(family.log_probability(eta, tau, bit))) for bit in (0, 1)]
            s = [information.score(*at, ones=[bit]) for bit in (0, 1)]
            bread = -sum(p[bit] * information.hessian(*at, ones=[bit]) for bit in (0, 1))
            meat = sum(p[bit] * np.outer(s[bit], s[bit]) for bit in (0, 1))
            whole = information.uncensored(family, design, eta)
            unit = np.sqrt(np.diag(whole))
            tally.equal((p[0] * s[0] + p[1] * s[1]) / unit, 0.0, floor=1.0)
            tally.equal(bread / np.outer(unit, unit), meat / np.outer(unit, unit), floor=1.0)


def _third(rng: np.random.Generator, tally: Tally) -> None:
    """Third derivatives against 40 digits, and their bounds over wide ranges."""
    model = Gaussian(1.0, [0.0])
    z = np.concatenate([np.linspace(-40, 40, 401), rng.uniform(-8, 8, 100)])[:, None]
    tally.at_least(3.0, np.abs(third_derivatives(model, z)))
    with mpmath.workdps(40):
        for x in rng.uniform(-6, 6, 8):
            got = third_derivatives(model, np.array([[x]]))
            for value, sign in zip(got, (1, -1), strict=True):
                want = mpmath.diff(lambda t, g=sign: mpmath.log(mpmath.ncdf(g * t)), mpmath.mpf(x), 3)
                tally.equal(value, float(want), floor=1.0)
    for _ in range(20):
        low = float(np.exp(rng.uniform(-2, 1)))
        rows = Poisson(rng.uniform(0.3, 3, 4), rng.integers(1, 6, 4))
        found = regularity(rows, low, 3 * low, 1.5 * low)
        tally.at_least(found.third, found.third_seen)
        tally.holds(found.holds)


def _lyapunov(rng: np.random.Generator, tally: Tally) -> None:
    """Lyapunov's ratio of the score in random directions against its bound, n from 30 to 3,000 rows."""
    for n in (30, 300, 3000):
        model = Gaussian(rng.uniform(0.5, 2, n), rng.normal(size=n))
        found = regularity(model, (-0.5, 0.5), (1.0, 2.0), (0.3, 1.0))
        tails = model.tails((0.3, 1.0))
        p, q = np.exp(tails.log_one), np.exp(tails.log_zero)
        for _ in range(5):
            along = model.design @ (lambda v: v / np.linalg.norm(v))(rng.normal(size=2))
            third = (np.abs(along) ** 3 * (p * tails.slope_one**3 - q * tails.slope_zero**3)).sum()
            tally.at_least(found.lyapunov / np.sqrt(n), third / (along**2 * tails.weight).sum() ** 1.5)


def _window(n: int, p: float) -> tuple[Float, Float]:
    """Counts within ten standard deviations of their mean, above 0 and below n; probabilities."""
    spread = 10 * np.sqrt(n * p * (1 - p))
    k = np.arange(max(1.0, np.floor(n * p - spread)), min(n - 1.0, np.ceil(n * p + spread)) + 1)
    mass = binom.pmf(k, n, p)
    return k, mass / mass.sum()


def _one_parameter(rng: np.random.Generator, tally: Tally, censored: bool) -> None:
    """Exact law of the Poisson estimate with one threshold: variance and distance to the normal law."""
    for tau in (1, 2, 5, 20):
        mu = float(tau * rng.uniform(0.6, 1.4))
        model = Poisson(1.0, [tau])
        p = float(model.probabilities([mu])[0])
        for n in (1_000, 10_000, 100_000, 1_000_000):
            k, mass = _window(n, p)
            error = model.fit_batch(k[:, None], [n]).estimate[:, 0] - mu
            design = Design(model, (mu,))
            limit = float(design.limit(n, censored)[0, 0])
            variance = n * (mass @ error**2 - (mass @ error) ** 2)
            tally.equal(variance / limit, 1.0, within=50 / n)
            above = np.cumsum(mass)
            gap = np.abs(np.stack([above, above - mass]) - ndtr(np.sqrt(n / limit) * error)).max()
            tally.equal(gap, 0.0, floor=1.0, within=3 / np.sqrt(n))


def _two_parameters(rng: np.random.Generator, tally: Tally, censored: bool) -> None:
    """Exact covariance of the Gaussian estimate with two thresholds, n up to 6,400."""
    for _ in range(2):
        tau = np.array([rng.uniform(-1.2, -0.5), rng.uniform(0.5, 1.2)])
        design = Design(Gaussian(1.0, tau), (0.1, 1.0))
        p = design.model.probabilities(design.truth)
        for n in (1_600, 6_400):
            (k, a), (m, b) = (_window(n // 2, q) for q in p)
            ones = np.stack(np.meshgrid(k, m, indexing="ij"), axis=-1).reshape(-1, 2)
            mass = (a[:, None] * b).ravel()
            near = mass > 1e-25
            fits = design.model.fit_batch(ones[near], [n // 2, n // 2])
            w, error = mass[near][fits.exists], fits.estimate[fits.exists] - np.array(design.truth)
            centred = error - w @ error
            covariance = n * np.einsum("r,ri,rj->ij", w, centred, centred)
            limit = design.limit(n, censored)
            scale = np.sqrt(np.outer(np.diag(limit), np.diag(limit)))
            tally.equal(covariance / scale, limit / scale, floor=1.0, within=100 / n)


def _without_information(tally: Tally) -> None:
    """Thresholds that shrink: information stays below 4, and s = 1 cannot be told from s = 1.25."""
    for blocks in (4, 10, 20, 40):
        tau, trials = thresholds(Case("shrinking", 1.0), blocks)
        found = Gaussian(1.0, tau).fisher_information((0.0, 1.0), trials)
        tally.at_least(4.0, found[1, 1])
        tally.at_least(affinity(tau, trials), 0.95)
        tally.at_least(4.0 / trials.sum(), np.linalg.eigvalsh(found)[0] / trials.sum())
        tau, trials = thresholds(Case("shrinking", 0.0), blocks)
        tally.at_least(np.exp(-0.002 * trials.sum()), affinity(tau, trials))


def _normal_limit(rng: np.random.Generator, censored: bool = True) -> Check:
    """OB-3; in the control the limit has the covariance that the uncensored draws would give."""
    tally = Tally(
        1e-9,
        "information identity for 120 bits of both families, natural parameters; third derivatives against "
        "40 "
        "digits and their bounds for |z| up to 40 and random Poisson designs; Lyapunov's ratio; exact laws "
        "of "
        "the estimate, by summing over counts: one Poisson threshold, n to a million (variance within 50/n, "
        "distribution within 3/sqrt n), two Gaussian thresholds (covariance within 100/n); a design of "
        "bounded "
        "information. Residual: error relative to what is allowed, in units of the tolerance, or violation",
    )
    _identity(rng, tally)
    _third(rng, tally)
    _lyapunov(rng, tally)
    _one_parameter(rng, tally, censored)
    _two_parameters(rng, tally, censored)
    _without_information(tally)
    return tally.done()


# OB-7
# ---------------------------------------------------------------------------------------------------------

REPLICATES = 40_000
BITS = 100_000


def _z(got: Float | float, want: Float | float, error: Float | float) -> Float:
    """Distance in standard errors; 0 where both agree and there is no error."""
    off = np.abs(np.asarray(got, float) - want)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(off == 0, 0.0, off / error)


def _against_theory(point: Point, tally: Tally, censored: bool) -> None:
    """Covariance, coverage and shape at a large n against the normal limit."""
    limit = point.limit if censored else point.uncensored
    for z in _z(point.covariance, limit, point.covariance_error).ravel():
        tally.equal(z, 0.0, floor=1.0)
    for name in ("wald", "wald log", "likelihood ratio") if censored else ("uncensored",):
        error = point.error(point.coverage[name])
        tally.equal(_z(point.coverage[name], point.level, error), 0.0, floor=1.0)
    if censored:
        tally.equal(_z(point.joint, point.level, point.error(point.joint)), 0.0, floor=1.0)
        p = np.maximum(kstwobign.sf(point.distance * np.sqrt(point.fitted)), 1e-300)
        tally.equal(-ndtri(p / 2), 0.0, floor=1.0)


def _against_exact(design: Design, n: int, rng: np.random.Generator, tally: Tally) -> None:
    """Draws against the sum over all outcomes: coverage, share without a maximum, distribution function."""
    truth, drawn = exact(design, n), sample(design, n, REPLICATES, rng)
    share = float(truth.missing.sum())
    spread = np.sqrt(share * (1 - share) / REPLICATES) + 1.0 / REPLICATES
    tally.equal(_z(drawn.missing.sum(), share, spread), 0.0, floor=1.0)
    for name, want in truth.coverage.items():
        tally.equal(_z(drawn.coverage[name], want, drawn.error(want)), 0.0, floor=1.0)
    tally.equal(_z(drawn.joint, truth.joint, drawn.error(truth.joint)), 0.0, floor=1.0)
    ones, weights = enumerate_outcomes(design, n)
    every = design.model.fit_batch(ones, design.trials(n))
    some = design.model.fit_batch(
        design.model.simulate(design.truth, design.trials(n), REPLICATES, rng), design.trials(n)
    )
    for j, centre in enumerate(design.truth):
        for factor in np.linspace(0.6, 1.5, 10) * (1 + 1e-9):
            below = float(weights[every.exists & (every.estimate[:, j] <= factor * centre)].sum())
            got = float((some.exists & (some.estimate[:, j] <= factor * centre)).mean())
            tally.equal(_z(got, below, np.sqrt(below * (1 - below) / REPLICATES) + 1e-6), 0.0, floor=1.0)


def _error_like_one_over_n(rng: np.random.Generator, tally: Tally) -> None:
    """n times the error of Wald's coverage of s, at 100 and at 400 bits."""
    scaled = []
    for n in (100, 400):
        point = sample(DESIGNS["gaussian"], n, REPLICATES, rng)
        coverage = float(point.coverage["wald"][1])
        scaled.append((n * (coverage - point.level), n * float(point.error(coverage))))
    (one, first), (two, second) = scaled
    tally.equal(_z(one, two, np.hypot(first, second)), 0.0, floor=1.0)


def _replicates(rng: np.random.Generator, censored: bool = True) -> Check:
    """OB-7; in the control covariance and intervals are those of the uncensored draws."""
    tally = Tally(
        5.0,
        f"{REPLICATES:,} replicates each of a Gaussian with seven thresholds and a Poisson with five at n = "
        f"{BITS:,} "
        "against theory; of three and of one threshold at n = 30 to 120 against sums over all outcomes; "
        "exact "
        "probabilities of no maximum by two routes. Residual: largest distance in Monte Carlo standard "
        "errors",
    )
    for name in ("gaussian", "poisson"):
        _against_theory(sample(DESIGNS[name], BITS, REPLICATES, rng), tally, censored)
    if not censored:
        return tally.done()
    for name in ("three thresholds", "one threshold"):
        for n in (30, 60, 120):
            _against_exact(DESIGNS[name], n, rng, tally)
    for name, n in [(name, n) for name in ("three thresholds", "one threshold") for n in (9, 30, 75)] + [
        ("poisson", 9)
    ]:
        listed = float(exact(DESIGNS[name], n).missing.sum())
        tally.equal(1e9 * (listed / missing(DESIGNS[name], n).probability - 1), 0.0, floor=1.0)
    _error_like_one_over_n(rng, tally)
    return tally.done()


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="OB-3",
        source="shah2025onebit",
        kind="theorem",
        title="Consistency and asymptotic normality",
        statement=r"The maximum-likelihood estimate from one-bit data exists with probability tending to "
        r"one, tends "
        r"to $\theta_0$ in probability, and $\sqrt n\,(\hat\theta - \theta_0) \to N(0, J^{-1})$ in "
        r"distribution, "
        r"where $J$ is the limit of $J_n/n$. Bit by bit the variance of the score is minus the mean of its "
        r"slope, "
        r"so the sandwich covariance is $J^{-1}$. For a normal variable $|(\log N)'''| \le 3$ on the whole "
        r"line, for "
        r"a Poisson variable $|\ell'''| \le 2E[X^3]/P(B=b) + E[X]$: the Gaussian with unknown mean and "
        r"variance and "
        r"the Poisson with known exposures meet every condition as soon as $J$ is positive definite and the "
        r"rows "
        r"stay bounded. If $J$ is singular, information may stay bounded, and then no estimator is "
        r"consistent.",
        assumptions=(
            "independent rows from a compact set of designs, the natural parameters of all of them in a "
            "compact "
            "subset of the natural parameter space",
            "$\\theta_0$ in the interior; identifiable, or a log-likelihood that is concave in some "
            "coordinates",
            "$\\log P(B = b)$ three times continuously differentiable, its derivatives bounded over rows",
            "$J_n/n \\to J$, positive definite",
        ),
        origin="The theorem is the paper's. The proof for concave likelihoods, which needs neither a compact "
        "set nor "
        "a separate condition of identifiability, the constants of both examples and the designs that "
        "violate the "
        "last condition are written here. Chebyshev's, Lyapunov's and Slutsky's theorems are used as they "
        "stand in "
        "textbooks: a program has checked their premises, not their proofs.",
        chapter="one-bit-asymptotics",
        check=_normal_limit,
        control=partial(_normal_limit, censored=False),
        control_says="the limit is said to have the covariance of the uncensored draws, $I^{-1}$",
    ),
    Claim(
        id="OB-7",
        source="shah2025onebit",
        kind="experiment",
        title="Replicates agree with the limit",
        statement=r"Over replicates with a maximum, the covariance of $\sqrt n\,(\hat\theta - \theta_0)$ is "
        r"$J^{-1}$, "
        r"standardised estimates are normal, and Wald and likelihood-ratio intervals cover with their level, "
        r"within "
        r"the Monte Carlo error at $n = 10^5$. The error of the coverage falls like $1/n$ where the "
        r"estimates lie on "
        r"no coarse lattice. At every $n$ some outcomes have no maximum; their probability falls "
        r"exponentially.",
        assumptions=(
            "conditional on a maximum: without the condition the estimator has neither mean nor variance at "
            "any n",
            "the two designs of the chapter",
        ),
        origin="The paper states the limit; these experiments, the exact sums over all outcomes, the "
        "probability of no maximum and the control are new.",
        chapter="one-bit-asymptotics",
        check=_replicates,
        control=partial(_replicates, censored=False),
        control_says="covariance and intervals are those that the uncensored draws would give, $I^{-1}$",
        derived=False,
    ),
)
