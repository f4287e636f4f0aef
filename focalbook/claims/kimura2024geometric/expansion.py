"""GC-7: focal loss expanded at the maximum likelihood, and the weight on its curvature."""

from __future__ import annotations

from functools import partial

import mpmath
import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.points import distributions
from focalbook.claims.tally import Tally
from focalbook.theory.information import fisher_categorical
from focalbook.theory.loss import focal_gain, focal_gain_derivative, gain_peak
from focalbook.theory.minimizer import minimizer

__all__ = ["CLAIMS"]

Float = NDArray[np.float64]
_GAMMAS = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0)


def _factor(q: Float, gamma: float) -> Float:
    """b(q) = h(q) - (1 - q) h'(q)."""
    return focal_gain(q, gamma) - (1 - q) * focal_gain_derivative(q, gamma)


def _bend(z: Float, d: Float, label: int, gamma: float) -> float:
    """Second derivative of the focal loss of a label along logits z + e d, in 40 digits."""
    with mpmath.workdps(40):
        zs, ds = [mpmath.mpf(x) for x in z], [mpmath.mpf(x) for x in d]

        def loss(e: mpmath.mpf) -> mpmath.mpf:
            masses = [mpmath.exp(a + e * b) for a, b in zip(zs, ds, strict=True)]
            q = masses[label] / mpmath.fsum(masses)
            return -((1 - q) ** gamma) * mpmath.log(q)

        return float(mpmath.diff(loss, 0, 2))


def _exact(rng: np.random.Generator, tally: Tally, reading: bool) -> None:
    """The Hessian of one sample along a line of logits, and the weighted one as its lower bound."""
    for classes in (2, 3, 6):
        for gamma in _GAMMAS:
            z, d = rng.normal(0, 2, classes), rng.normal(size=classes)
            q = np.exp(z - z.max())
            q /= q.sum()
            label = int(rng.integers(classes))
            own, spread = q[label], float(d @ fisher_categorical(q) @ d)
            off = (d[label] - q @ d) ** 2
            weighted = (1 - own) ** gamma * spread
            full = focal_gain(own, gamma) * spread - own * focal_gain_derivative(own, gamma) * off
            tally.equal(_bend(z, d, label, gamma), weighted if reading else full, floor=0.01 * spread)


def _above(rng: np.random.Generator, tally: Tally) -> None:
    """Weighted below exact where q_y >= min(e^-2, 1/(1 + gamma)); the factor of a coin and at certainty."""
    for gamma in (*_GAMMAS, 20.0):
        for classes in (2, 3, 10, 100):
            q = distributions(rng, classes, count=4)
            d = rng.normal(size=q.shape)
            label = rng.integers(classes, size=len(q))
            own = np.take_along_axis(q, label[:, None], axis=1)[:, 0]
            mean = (q * d).sum(axis=1)
            spread = (q * (d - mean[:, None]) ** 2).sum(axis=1)
            off = (np.take_along_axis(d, label[:, None], axis=1)[:, 0] - mean) ** 2
            use = (own >= min(np.exp(-2.0), 1 / (1 + gamma))) & (own < 1 - 1e-9)
            own, spread, off = own[use], spread[use], off[use]
            full = focal_gain(own, gamma) * spread - own * focal_gain_derivative(own, gamma) * off
            tally.at_least(full, (1 - own) ** gamma * spread)
        coin = 2**-gamma * (1 + 2 * gamma + gamma * (gamma - 1) * np.log(2))
        tally.equal(_factor(np.array(0.5), gamma), coin)
        u = 2.0**-30
        tally.equal(_factor(np.array(1 - u), gamma) / u**gamma, (1 + gamma) ** 2, within=1e-6)
        peak = gain_peak(gamma)
        q = np.linspace(peak, 1 - 1e-6, 50)
        tally.at_least(_factor(q, gamma), focal_gain(q, gamma))


def _gradient(rng: np.random.Generator, tally: Tally) -> None:
    """Gradient at the maximum likelihood, saturated model: p_k (mean gain - gain of k); downhill lies Q*."""
    for gamma in _GAMMAS:
        p = rng.dirichlet(np.ones(4), 5)
        gains = focal_gain(p, gamma)
        slope = p * ((p * gains).sum(axis=1, keepdims=True) - gains)
        each = np.eye(4)[None] - p[:, None, :]  # e_y - p
        tally.equal(-np.einsum("ny,nyk->nk", p * gains, each), slope, floor=1e-3)
        q = minimizer(p, gamma)
        tally.more_than(0.0, (slope * (np.log(q) - np.log(p))).sum(axis=1))
        even = np.full(4, 0.25)
        tally.equal((even * (focal_gain(even, gamma) - focal_gain(0.25, gamma))).sum(), 0.0)


def _expansion(rng: np.random.Generator, reading: bool = False) -> Check:
    """GC-7; in the control the weight alone stands on the curvature."""
    tally = Tally(
        1e-9,
        "second derivatives along random lines of logits in 40 digits, 2 to 6 classes; the lower bound "
        "for 2 to 100 "
        "classes with masses down to 1e-300 and random directions; gradients at the maximum likelihood "
        "of four "
        "classes; gamma = 0.25 to 20. Residual: relative error, or violation",
    )
    for _ in range(3):
        _exact(rng, tally, reading)
    _above(rng, tally)
    _gradient(rng, tally)
    return tally.done()


def _coin() -> Check:
    """The reading at a fair coin, gamma = 1: curvature at most that of cross-entropy."""
    tally = Tally(
        1e-9, "a fair coin, gamma = 1. Residual: by how much the curvature exceeds cross-entropy's, relative"
    )
    tally.at_least(1.0, _factor(np.array(0.5), 1.0))
    return tally.done()


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="GC-7",
        source="kimura2024geometric",
        kind="proposition",
        title="Focal loss at the maximum likelihood",
        statement=r"With $c_n = -\log q_n$ for sample $n$, $\nabla L_\gamma = \sum_n h(q_n)\nabla c_n$ "
        r"and $\nabla^2 "
        r"L_\gamma = \sum_n \bigl[h(q_n)\nabla^2 c_n - q_n h'(q_n)\nabla c_n \nabla c_n^\top\bigr]$. At "
        r"the maximum "
        r"likelihood of a saturated model the gradient vanishes exactly when all masses have one gain. "
        r"In logits the "
        r"Hessian of a sample exceeds $(1-q)^\gamma$ times that of cross-entropy wherever $q \ge "
        r"e^{-2}$ or $q \ge "
        r"1/(1+\gamma)$. With two classes it is $b(q) = h(q) - (1-q)h'(q)$ times: $\frac32$ for a fair "
        r"coin at $\gamma = 1$, "
        r"and $(1+\gamma)^2 (1-q)^\gamma$ towards certainty.",
        assumptions=(r"$\gamma > 0$", "$q_n$ twice differentiable in the parameters", "$0 < q_n < 1$"),
        origin=r"The paper expands focal loss at the maximum-likelihood estimate and finds the weight "
        r"$(1-p)^\gamma \in "
        r"[0,1]$ on the curvature term (equations 27 and 28, as we read them); that the curvature is "
        r"therefore at most "
        r"that of cross-entropy fails for a fair coin. The exact terms and the lower bound are new.",
        chapter="fisher-and-curvature",
        check=_expansion,
        control=partial(_expansion, reading=True),
        control_says=r"the weight $(1-q)^\gamma$ alone stands on the curvature: its derivatives are dropped",
        counterexample=_coin,
    ),
)
