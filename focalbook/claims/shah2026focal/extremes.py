"""FE-12 and FE-13: a vanishing class, and gamma near zero and near infinity."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import mpmath
import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.points import gammas
from focalbook.claims.tally import Tally
from focalbook.theory.limits import large_gamma_limit, rare_class_limit, small_gamma_slope
from focalbook.theory.minimizer import log_multiplier, minimizer, recover

__all__ = ["CLAIMS"]

SOURCE = "shah2026focal"
Float = NDArray[np.float64]


def _mass(q: Float, gamma: float) -> Float:
    """Mass of the rare class whose probability in the minimiser is q, from the inverse in closed form."""
    return recover(np.stack([1 - q, q], axis=-1), gamma)[..., 1]


def _exact_mass(q: float, gamma: float) -> float:
    """The same from the equation of two classes in 40-digit arithmetic."""
    with mpmath.workdps(40):
        x, g = mpmath.mpf(q), mpmath.mpf(gamma)

        def slope(y: mpmath.mpf) -> mpmath.mpf:
            return (1 - y) ** g / y - g * (1 - y) ** (g - 1) * mpmath.log(y)

        return float(slope(1 - x) / (slope(x) + slope(1 - x)))


def _rare(rng: np.random.Generator, with_factor: bool = True) -> Check:
    """The law for the rarer of two classes; the control leaves out the factor 1 + gamma."""
    tally = Tally(
        1e-9,
        "two classes, gamma from 0.001 to 30, rare probability q from 1e-3 down to 1e-9: error of the law at "
        "most 1.5 q log(1/q), its first coefficient at q = 1e-6; masses against 40-digit arithmetic; growth "
        "of q/e for e from 1e-2 to 1e-300 and gamma up to 1,000. Residual: violation or error, relative",
    )
    exponents = gammas(rng)
    for gamma in exponents[exponents <= 30]:
        scale = 1.0 if with_factor else 1 + gamma
        q = np.concatenate([np.geomspace(1e-9, 1e-3, 13), 10 ** rng.uniform(-9, -3, 20)])
        mass = _mass(q, gamma)
        tally.equal(mass[[0, 6, 12]], [_exact_mass(x, gamma) for x in q[[0, 6, 12]]])
        law = rare_class_limit(mass * scale, gamma)
        found = minimizer(np.stack([1 - mass, mass], axis=-1), gamma)[:, 1]
        tally.equal(found, q)
        tally.at_least(1.5 * q * np.log(1 / q), np.abs(np.log(law / found)))
        near = 1e-6
        off = np.log(float(rare_class_limit(_mass(np.array([near]), gamma)[0] * scale, gamma)) / near)
        next_term = near * ((1 + gamma / 2) / (1 + gamma) + gamma) / (1 + gamma) - near ** (1 + gamma)
        tally.equal((off - next_term) / (near * np.log(near)), gamma / (1 + gamma), within=1e-2)
    for gamma in exponents:
        rare = np.array([1e-2, 1e-5, 1e-10, 1e-30, 1e-100, 1e-300])
        growth = minimizer(np.stack([1 - rare, rare], axis=-1), gamma)[:, 1] / rare
        tally.more_than(growth[1:], growth[:-1])
    return tally.done()


def _spread(rng: np.random.Generator, classes: int, low: float) -> Float:
    """Rows with masses of at least about ``low``: random ones, a head, a ladder."""
    rows = [rng.dirichlet(np.full(classes, a), 4) for a in (0.5, 1.0, 5.0)]
    head = np.full((1, classes), 0.1 / (classes - 1))
    head[0, 0] = 0.9
    ladder = np.geomspace(1.0, low, classes)[None]
    table = np.maximum(np.concatenate([*rows, head, ladder]), low)
    return table / table.sum(axis=1, keepdims=True)


def _richardson(values: list[Float]) -> Float:
    """The limit of f(h) for h -> 0 from f(h), f(h/2), f(h/4), with an error of the third order."""
    first = [2 * b - a for a, b in pairwise(values)]
    return (4 * first[1] - first[0]) / 3


def _quarters(tally: Tally, before: Float, after: Float) -> None:
    """Halving the distance to the end quarters the error of the expansion."""
    tally.equal(before / after, 4.0, within=0.05)


def _ends(rng: np.random.Generator, inner: bool = True) -> Check:
    """Derivatives of the minimiser at both ends of gamma; the control leaves out the second term of each."""
    tally = Tally(
        1e-6,
        "2 to 1,000 classes with masses down to 1e-12: slope at gamma = 0 and rate in 1/gamma at infinity, "
        "both extrapolated from three values, and the multiplier there; both expansions err by a quarter "
        "when the distance is halved; uniform limit at gamma = 1e12, zero masses included. Residual: error "
        "relative to the largest component",
    )
    for classes in (2, 3, 10, 100, 1000):
        p = _spread(rng, classes, 1e-12)
        log_p = np.log(p)
        mean = (p if inner else 0.0 * p).sum(axis=1, keepdims=True)
        tilt = np.log1p(-p) - p * log_p / (1 - p)
        slope = p * (tilt - mean * (p * tilt).sum(axis=1, keepdims=True))
        tally.equal(small_gamma_slope(p) / np.abs(slope).max(), slope / np.abs(slope).max(), floor=1.0)
        size = np.abs(tilt).max(axis=1, keepdims=True)
        steps = [1e-3, 5e-4, 2.5e-4]
        found = _richardson([(minimizer(p, h) / p - 1) / h for h in steps])
        tally.equal(found / size, slope / p / size, floor=1.0, within=1e-5)
        off = [np.abs(minimizer(p, h) - p - h * slope).max(axis=1) for h in steps[:2]]
        _quarters(tally, off[0], off[1])
        centred = log_p - log_p.mean(axis=1, keepdims=True)
        rate = (1 - 1 / classes if inner else 1.0) * centred
        size = np.abs(rate).max(axis=1, keepdims=True)
        large = [1e5 * classes * (1 << k) for k in range(3)]
        found = _richardson([g * (minimizer(p, g) - 1 / classes) for g in large])
        tally.equal(found / size, rate / size, floor=1.0, within=1e-5)
        medium = [1e4 * classes, 2e4 * classes]
        off = [np.abs(minimizer(p, g) - 1 / classes - rate / g).max(axis=1) for g in medium]
        _quarters(tally, off[0], off[1])
        tally.equal(large_gamma_limit(p, 1e4), 1 / classes + rate / 1e4, floor=1e-3)
        level = _richardson([log_multiplier(p, g) - g * np.log1p(-1 / classes) - np.log(g) for g in large])
        constant = np.log(np.log(classes)) - np.log1p(-1 / classes)
        tally.equal(level, log_p.mean(axis=1) + constant, floor=1.0)
    holed = np.array([0.6, 0.0, 0.3, 0.1, 0.0])
    tally.equal(minimizer(holed, 1e12), [1 / 3, 0, 1 / 3, 1 / 3, 0])
    return tally.done()


CLAIMS = (
    Claim(
        id="FE-12",
        source=SOURCE,
        kind="theorem",
        title="A rare class beside one other",
        statement=r"Let $P = (1-e, e)$ and $Q^\star = (1-q, q)$. As $e \to 0$, "
        r"$q \sim L = \left(\dfrac{e}{1+\gamma}\right)^{1/(1+\gamma)}$, so $q/e \to \infty$: the rare class "
        r"is raised without bound. The relative error of the law is of the order of $q \log q$: "
        r"$\log (L/q) \sim \frac{\gamma}{1+\gamma}\, q \log q$.",
        assumptions=(r"$\gamma > 0$ fixed", "two classes; with more, the others have to vanish together"),
        origin="The law is the paper's; the order of its error is new.",
        chapter="limits",
        check=_rare,
        control=partial(_rare, with_factor=False),
        control_says=r"the factor $1+\gamma$ is left out of the law",
    ),
    Claim(
        id="FE-13",
        source=SOURCE,
        kind="theorem",
        title="The two ends of gamma",
        statement=r"Let $P$ have finite support with $n \ge 2$ atoms. As $\gamma \to 0$, "
        r"$q_i = p_i + \gamma\, p_i\bigl(a_i - \sum_j p_j a_j\bigr) + O(\gamma^2)$ with "
        r"$a_i = \log(1-p_i) - \dfrac{p_i \log p_i}{1-p_i}$. As $\gamma \to \infty$, "
        r"$q_i = \dfrac1n + \dfrac1\gamma\left(1-\dfrac1n\right)\left(\log p_i - \overline{\log p}\right) + "
        r"O(\gamma^{-2})$ on the support, and "
        r"$\log\lambda = \gamma \log(1-\frac1n) + \log\gamma + \log\frac{n \log n}{n-1} + \overline{\log p} "
        r"+ O(\gamma^{-1})$.",
        assumptions=(
            "finite support, two atoms or more",
            r"$\overline{\log p}$ is the plain mean of $\log p_j$ over the support",
        ),
        origin="Both limits and the derivative at zero are the paper's; the rate at infinity and the "
        "multiplier there are new.",
        chapter="limits",
        check=_ends,
        control=partial(_ends, inner=False),
        control_says=r"the mean is left out at zero, and the factor $1 - 1/n$ at infinity",
    ),
)
