"""GC-6: the divergence of Kullback and Leibler near the diagonal, and the Fisher information."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import mpmath
import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.tally import Tally
from focalbook.theory.information import (
    fisher_categorical,
    fisher_gaussian,
    fisher_poisson,
    kl_laplace,
    kl_softmax,
    skewness_categorical,
    skewness_gaussian,
)

__all__ = ["CLAIMS"]

Float = NDArray[np.float64]


def _coefficients(divergence: Callable[[mpmath.mpf], mpmath.mpf]) -> tuple[float, float, float]:
    """First three Taylor coefficients at 0, in 60 digits."""
    with mpmath.workdps(60):
        return tuple(float(x) for x in mpmath.taylor(divergence, 0, 3)[1:])  # type: ignore[return-value]


def _families(rng: np.random.Generator, tally: Tally, third: tuple[float, float]) -> None:
    """Taylor coefficients in high precision against Fisher information and skewness."""
    for _ in range(4):
        v, m = float(rng.uniform(0.1, 4)), float(rng.uniform(0.2, 20))
        d = rng.normal(size=2)

        def normal(a: mpmath.mpf, b: mpmath.mpf, v: float = v, d: Float = d) -> mpmath.mpf:
            one, two = (v + s * mpmath.mpf(d[1]) for s in (a, b))
            return (one / two - 1 + mpmath.log(two / one) + ((a - b) * mpmath.mpf(d[0])) ** 2 / two) / 2

        def poisson(a: mpmath.mpf, b: mpmath.mpf, m: float = m) -> mpmath.mpf:
            return (m + a) * mpmath.log((m + a) / (m + b)) - a + b

        mixed, skew = skewness_gaussian(v, d)
        fisher = float(d @ fisher_gaussian(v) @ d)
        cases = (
            (normal, fisher, float(mixed), float(skew)),
            (poisson, float(fisher_poisson(m)), -1 / m**2, 1 / m**2),
        )
        for family, quadratic, gamma, cubic in cases:
            for factor, order in zip(
                third, (lambda e, f=family: f(0, e), lambda e, f=family: f(e, 0)), strict=True
            ):
                first, second, last = _coefficients(order)
                tally.equal(first, 0.0, floor=1.0)
                tally.equal(2 * second, quadratic, floor=1e-3)
                tally.equal(last, gamma / 2 + factor * cubic, floor=1e-3)


def _softmax(rng: np.random.Generator, tally: Tally, third: tuple[float, float]) -> None:
    """The bound on the remainder for softmax: 2 to 50 classes, down to masses of e^-40, two steps."""
    for classes in (2, 3, 10, 50):
        z = rng.normal(size=(20, classes)) * rng.choice([0.3, 2.0, 10.0], (20, 1))
        d = rng.normal(size=z.shape)
        q = np.exp(z - z.max(axis=1, keepdims=True))
        q /= q.sum(axis=1, keepdims=True)
        centred = d - (q * d).sum(axis=1, keepdims=True)
        quadratic = (q * centred**2).sum(axis=1)  # keeps its digits where q is nearly one-hot
        tally.equal(np.einsum("ni,nij,nj->n", d, fisher_categorical(q), d), quadratic, floor=1.0)
        skew = skewness_categorical(q, d)
        for step in (1e-2, 1e-3):
            for value, factor in zip(kl_softmax(z, step * d), third, strict=True):
                spread = np.ptp(d, axis=1)  # the fourth cumulant is at most spread^2 times the variance
                bound = step * spread**2 * quadratic + 1e-11 * quadratic / step
                rest = (value - step**2 * quadratic / 2) / step**3
                tally.at_least(bound, np.abs(rest - factor * skew))


def _exceptions(tally: Tally) -> None:
    """Uniform, Laplace, and a Bernoulli family with a mean that is not twice differentiable."""
    d = 2.0 ** -np.arange(3.0, 10.0)
    tally.equal(-np.log1p(-d) / d, 1.0, within=0.2)  # first order
    tally.at_least(d / 24, np.abs((kl_laplace(d) - d**2 / 2) / d**3 + 1 / 6))
    with mpmath.workdps(40):
        for k in (10, 20, 30):
            e = mpmath.mpf(2) ** -k
            p = mpmath.mpf(1) / 2 + e + e ** mpmath.mpf(1.5)
            kl = p * mpmath.log(2 * p) + (1 - p) * mpmath.log(2 * (1 - p))
            tally.equal(float((kl - 2 * e**2) / e ** mpmath.mpf(2.5)), 4.0, within=0.1)


def _network(rng: np.random.Generator, tally: Tally, equal_to_hessian: bool) -> None:
    """Fisher information, Gauss-Newton matrix and Hessian of the divergence of a small network."""
    import torch

    from focalbook.campaigns.curvature_matrices import local
    from focalbook.nn.models import build_model

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(rng.integers(1 << 31)))
        network = build_model("tanh-mlp", (3,), 4, hidden=(4,))
    at = local(network, torch.as_tensor(rng.normal(size=(20, 3))), torch.as_tensor(rng.integers(0, 4, 20)))
    fisher = at.fisher()
    for other in (at.gauss_newton(0.0), at.divergence_hessian()):
        tally.equal(other.numpy(), fisher.numpy(), floor=1e-2)
    if equal_to_hessian:
        tally.equal(at.hessian(0.0).numpy(), fisher.numpy(), floor=1e-2)
    else:
        for unequal in (at.hessian(0.0), at.empirical_fisher(0.0), at.gauss_newton(2.0)):
            tally.holds(float((unequal - fisher).abs().max()) > 1e-3)


def _local(
    rng: np.random.Generator, third: tuple[float, float] = (1 / 6, 1 / 3), hessian: bool = False
) -> Check:
    """GC-6; in the control both orders have the same third-order term and the Hessian is the Fisher."""
    tally = Tally(
        1e-10,
        "Taylor coefficients of both orders in 60 digits for random Gaussian and Poisson steps; softmax "
        "of 2 to 50 "
        "classes with steps of 0.01 and 0.001; three exceptions; a network of 36 parameters: Fisher "
        "information, "
        "Gauss-Newton matrix, Hessian of the divergence. Residual: relative error, or violation",
    )
    _families(rng, tally, third)
    _softmax(rng, tally, third)
    _exceptions(tally)
    _network(rng, tally, hessian)
    return tally.done()


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="GC-6",
        source="kimura2024geometric",
        kind="theorem",
        title="Divergence and Fisher information",
        statement=r"For a smooth family, $\mathrm{KL}(\theta \Vert \theta+d) = \frac12 d^\top F d + "
        r"\frac12\Gamma + "
        r"\frac16 T + O(|d|^4)$ and $\mathrm{KL}(\theta+d \Vert \theta) = \frac12 d^\top F d + "
        r"\frac12\Gamma + "
        r"\frac13 T + O(|d|^4)$, $F$ the Fisher information, $\Gamma = E[(d\cdot s)(d^\top \nabla s\, "
        r"d)]$ and $T = "
        r"E[(d\cdot s)^3]$ for the score $s$. For exponential families in natural parameters $\Gamma = "
        r"0$, $T = "
        r"\nabla^3\psi[d,d,d]$. Behind a network with softmax outputs $F$ is the Gauss-Newton matrix of the "
        r"cross-entropy, and the Hessian is $F$ plus $\sum_i (q - e_y)_i \nabla^2 z_i$.",
        assumptions=(
            "one support for all parameters near $\\theta$",
            "$\\log p_\\theta(x)$ three times continuously differentiable there, its derivatives up to "
            "the third "
            "bounded by $M(x)$",
            "$E_{\\theta'}[M^4]$ bounded for $\\theta'$ near $\\theta$",
        ),
        origin="The second-order statement is the paper's Theorem 2. The conditions, the third order "
        "with its "
        "skewness, the proof by one function of the log ratio, and the exceptions are spelled out here.",
        chapter="fisher-and-curvature",
        check=_local,
        control=partial(_local, third=(1 / 6, 1 / 6), hessian=True),
        control_says="both orders are said to agree to third order, and the Hessian of a network to be "
        "its Fisher "
        "information",
    ),
)
