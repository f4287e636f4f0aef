"""OB-6: when one-bit data have a maximum-likelihood estimate, and which direction a design leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import log_ndtr

from focalbook.claims.core import Check, Claim
from focalbook.claims.tally import Tally
from focalbook.onebit import Bernoulli, ExistenceError, Exponential, Gaussian, IdentifiabilityError, Poisson
from focalbook.onebit.existence import missing_directions

__all__ = ["CLAIMS"]

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

#: Status in a batch: there is an estimate, or the likelihood rises towards s = infinity.
FITTED, OUTSIDE = 0, 2


def overlap(design: Float, ones: Float, zeros: Float) -> bool:
    """Overlap of two coordinates by trying, in fractions, every direction at right angles to some cell."""
    signed = [tuple(map(Fraction, map(float, x))) for x in [*design[ones > 0], *-design[zeros > 0]]]
    edges = [d for u, v in signed for d in ((-v, u), (v, -u))] + [(Fraction(1), Fraction(0))]
    return not any(d != (0, 0) and all(u * d[0] + v * d[1] >= 0 for u, v in signed) for d in edges)


def mean_thresholds(tau: Sequence[float] | Float, ones: Float, zeros: Float) -> tuple[Fraction, Fraction]:
    """Mean threshold of the ones and of the zeros, as fractions; both must occur."""
    exact = [Fraction(float(t)) for t in tau]
    return tuple(  # type: ignore[return-value]
        sum((Fraction(int(c)) * t for c, t in zip(counts, exact, strict=True)), Fraction(0))
        / int(counts.sum())
        for counts in (ones, zeros)
    )


def slope_at_zero(w: Float, tau: Float, ones: Float, zeros: Float) -> float:
    """Slope of the profile log-likelihood in 1/s at 1/s = 0, for any coefficients, by a root of one score."""

    def pulls(beta: float) -> Float:
        z = w * beta
        f = -0.5 * z * z - 0.5 * np.log(2 * np.pi)
        return np.asarray(ones * np.exp(f - log_ndtr(z)) - zeros * np.exp(f - log_ndtr(-z)))

    at = brentq(lambda beta: float(w @ pulls(beta)), -30.0, 30.0, xtol=1e-14)
    return float(-tau @ pulls(at))


def _designs(rng: np.random.Generator) -> Iterator[tuple[Float, Float, Float, Float]]:
    """Coefficients, thresholds, counts of shape (r, c), trials: all counts of four designs, random ones."""
    equal: tuple[tuple[float, list[float], int], ...] = (
        (1.0, [-1.0, 0.0, 1.0], 3),
        (1.0, [0.0, 1.0, 3.0, 3.5], 2),
        (1.0, [1e6, 1e6 + 1.0, 1e6 + 2.5], 3),
        (-2.0, [-0.5, 0.0, 1.25], 3),
    )
    for w_, tau, trials in equal:
        counts = np.array(list(product(range(trials + 1), repeat=len(tau))), float)
        yield np.full(len(tau), w_), np.array(tau), counts, np.full(len(tau), float(trials))
    for _ in range(6):
        w, tau_ = rng.integers(-2, 3, 5) / 2, rng.integers(-4, 5, 5) / 2
        if np.linalg.matrix_rank(np.stack([w, tau_])) < 2:
            continue
        yield w, tau_, rng.integers(0, 3, (60, 5)).astype(float), np.full(5, 2.0)


def _expected(w: Float, tau: Float, k: Float, zeros: Float, whole: bool) -> bool | None:
    """Whether there is an estimate, by the rule of the claim; None where the slope drowns in rounding."""
    there = overlap(np.stack([w, -tau], axis=1), k, zeros)
    if not there or not whole:
        return there
    if (w == w[0]).all() and w[0] != 0:
        of_ones, of_zeros = mean_thresholds(tau, k, zeros)
        return of_ones < of_zeros
    slope = slope_at_zero(w, tau, k, zeros)
    return None if abs(slope) < 1e-9 else slope > 0


def _gaussian(rng: np.random.Generator, tally: Tally, whole: bool) -> None:
    """Fits of whole batches against the rule; where it says no, s = infinity is the better the further."""
    for w, tau, counts, trials in _designs(rng):
        model = Gaussian(w, tau)
        fits = model.fit_batch(counts, trials)
        for k, status in zip(counts, fits.status, strict=True):
            expected = _expected(w, tau, k, trials - k, whole)
            if expected is not None:
                tally.holds((status == FITTED) == expected)
        best = fits.log_likelihood
        for j in np.flatnonzero(fits.exists)[:20]:
            a, s = fits.estimate[j]
            for step in ((0.1, 1.0), (-0.1, 1.0), (0.0, 1.1), (0.0, 0.9)):
                moved = (a + step[0] * s, s * step[1])
                tally.at_least(best[j], model.log_likelihood(moved, counts[j], trials), floor=1.0)
        for j in np.flatnonzero(fits.status == OUTSIDE)[:20]:
            free = _profile(model, counts[j], trials)
            tally.at_least(free[1:], free[:-1], floor=1.0)


def _profile(model: Gaussian, ones: Float, trials: Float) -> Float:
    """Largest log-likelihood for standard deviations that grow."""
    k, n = model.cell_counts(ones, trials)
    out = []
    for s in (0.5, 1.0, 3.0, 30.0, 3e3):
        problem = model.restrict("s", s)
        assert problem is not None
        out.append(float(model.maximise_restricted(problem, k[None], (n - k)[None])[0]))
    return np.array(out)


def _one_parameter(rng: np.random.Generator, tally: Tally) -> None:
    """Poisson and exponential: an estimate exactly when both values occur."""
    tau = np.array([1.0, 2.0, 5.0])
    counts = np.array(list(product(range(3), repeat=3)), float)
    both = (counts.sum(axis=1) > 0) & (counts.sum(axis=1) < 6)
    for model in (Poisson(np.exp(rng.normal(size=3)), tau), Exponential(tau)):
        tally.holds(model.fit_batch(counts, 2).exists == both)


def _logistic(rng: np.random.Generator, tally: Tally) -> None:
    """Bernoulli with two coefficients: an estimate exactly when the data overlap."""
    for _ in range(4):
        v = np.stack([np.ones(5), rng.integers(-2, 3, 5)], axis=1)
        if np.linalg.matrix_rank(v) < 2:
            continue
        counts = rng.integers(0, 3, (40, 5)).astype(float)
        fits = Bernoulli(v).fit_batch(counts, 2)
        tally.holds(fits.exists == np.array([overlap(v, k, 2 - k) for k in counts]))


def _directions(rng: np.random.Generator, tally: Tally) -> None:
    """The direction that is named as missing changes no probability, and fits are refused."""
    for _ in range(4):
        ratio, a, s = float(rng.normal()), float(rng.normal()), float(np.exp(rng.normal()))
        w = rng.uniform(0.5, 2.0, 4)
        model = Gaussian(w, ratio * w)
        with np.errstate(all="ignore"):
            tally.holds(_refused(model, IdentifiabilityError, f"{ratio:.6g}"[:6]))
        for t in (0.1, 3.0, 50.0):
            moved = (ratio + t * (a - ratio), t * s)
            tally.equal(model.probabilities(moved), model.probabilities((a, s)))
        v = rng.normal(size=(6, 3))
        v[:, 2] = v[:, 0] - 2 * v[:, 1]
        (missing,) = missing_directions(v)
        tally.equal(v @ missing, 0.0, floor=1.0)
        tally.holds(_refused(Bernoulli(v), IdentifiabilityError, "theta_2"))


def _refused(model: Gaussian | Bernoulli, error: type[ValueError], words: str) -> bool:
    trials = np.full(model.rows, 4.0)
    try:
        model.fit_counts(np.full(model.rows, 2.0), trials)
    except error as told:
        return words in str(told)
    return False


def _exists(rng: np.random.Generator, whole: bool = True) -> Check:
    """OB-6; in the control overlap alone is said to be enough for the Gaussian too."""
    tally = Tally(
        1e-9,
        "all counts of four Gaussian designs with equal coefficients (one of them with thresholds near 1e6) "
        "and random ones with coefficients of both signs, against overlap in fractions and the slope at 1/s "
        "= 0; likelihoods around estimates and along growing s; all counts of a Poisson and an exponential "
        "design; logistic designs; missing directions. Residual: violation, or infinite where a fit and the "
        "rule disagree",
    )
    _gaussian(rng, tally, whole)
    _one_parameter(rng, tally)
    _logistic(rng, tally)
    _directions(rng, tally)
    return tally.done()


#: Thresholds, ones and trials of the stored counterexample: they overlap, and ones grow more frequent.
THRESHOLDS, ONES, TRIALS = (-1.0, 0.0, 1.0), (3, 5, 7), 10


def _overlap_is_not_enough() -> Check:
    """The usual criterion, an estimate exactly when the data overlap, for three thresholds on a Gaussian."""
    tally = Tally(0.0, "Gaussian, thresholds -1, 0, 1; 3, 5 and 7 ones of 10")
    tau, ones, trials = np.array(THRESHOLDS), np.array(ONES, float), np.full(3, float(TRIALS))
    there = overlap(np.stack([np.ones(3), -tau], axis=1), ones, trials - ones)
    try:
        Gaussian(1.0, tau).fit_counts(ones, trials)
        fitted = True
    except ExistenceError:
        fitted = False
    tally.holds(fitted == there)
    return tally.done()


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="OB-6",
        source="shah2025onebit",
        kind="theorem",
        title="When there is an estimate",
        statement=r"Let the log-likelihood be concave in coordinates $\beta$ with predictors $z_i = "
        r"x_i\beta$. It has a maximum, and one only, exactly when the data *overlap*: no $\beta \ne 0$ has "
        r"$x_i\beta \ge 0$ wherever there are ones and $x_i\beta \le 0$ wherever there are zeros. For "
        r"Bernoulli, Poisson and exponential draws this decides. For the Gaussian, $\beta = (a/s, 1/s)$, an "
        r"estimate exists exactly when the data overlap **and** the profile likelihood rises in $1/s$ at "
        r"$1/s = 0$; with equal coefficients other than 0, when the mean threshold of the ones is below that "
        r"of the zeros. If all ratios $\tau_i/w_i$ are $\rho$, only $(a - \rho)/s$ is identifiable.",
        assumptions=(
            "thresholds: $B_i = 1\\{X_i \\ge \\tau_i\\}$",
            "finitely many measurements",
        ),
        origin="The criterion of overlap is that of Albert and Anderson for logistic and probit regression; "
        "the paper itself works on a compact parameter set. That overlap is not enough where $1/s$ must be "
        "positive, and the exact condition, are new here.",
        chapter="one-bit-likelihood",
        check=_exists,
        control=partial(_exists, whole=False),
        control_says="overlap alone is said to be enough for a Gaussian with both parameters unknown",
        counterexample=_overlap_is_not_enough,
    ),
)
