"""OB-2: what one bit tells about the parameter, what the threshold loses, and when it loses nothing."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import i, j
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step
from focalbook.symbolic.kernel.sums import DoubleSum, SumIdentity

p1 = sp.Symbol("pi_1", positive=True)
p0 = 1 - p1
mk, ml, nk, nl = sp.symbols("m_{1k} m_{1l} m_{0k} m_{0l}", real=True)
mass = sp.IndexedBase("p", nonnegative=True)
statistic = sp.IndexedBase("t", real=True)


def _entry(one: tuple[sp.Expr, sp.Expr], zero: tuple[sp.Expr, sp.Expr]) -> sp.Expr:
    """Covariance of the conditional mean, entry k, l."""
    mean = [p1 * u + p0 * v for u, v in zip(one, zero, strict=True)]
    return p1 * (one[0] - mean[0]) * (one[1] - mean[1]) + p0 * (zero[0] - mean[0]) * (zero[1] - mean[1])


@cache
def bit() -> tuple[Step, ...]:
    """Return the information of one bit, four ways."""
    whole = p1 * mk + p0 * nk
    slope = p1 * (mk - whole)
    c1, c0, c = sp.symbols("C_1 C_0 C", real=True)
    between = p1 * p0 * (mk - nk) * (ml - nl)
    square = [p1 * p0 * (mk - nk) ** 2, p1 * p0 * (ml - nl) ** 2]
    return (
        Identity(
            title="The bit is 1 with probability $\\pi_1$, 0 with $\\pi_0 = 1 - \\pi_1$. Covariance of the "
            "score $E[T \\mid B] - E[T]$, entry $k, l$",
            left=_entry((mk, ml), (nk, nl)),
            right=between,
        ),
        Identity(
            title="Its minors vanish, so its rank is one: $J_{kk}J_{ll} = J_{kl}^2$",
            left=square[0] * square[1],
            right=between**2,
        ),
        Identity(
            title="The slope of $\\pi_1$ in $\\eta_k$, by the score",
            left=slope,
            right=p1 * p0 * (mk - nk),
        ),
        Identity(
            title="so this is the information of a coin, slope squared over $\\pi_1\\pi_0$",
            left=slope**2 / (p1 * p0),
            right=square[0],
        ),
        Identity(
            title="and it is the mean of minus the Hessian $C_b - C$, by the law of total covariance",
            left=-p1 * (c1 - c) - p0 * (c0 - c),
            right=c - (p1 * c1 + p0 * c0),
        ),
    )


@cache
def total() -> tuple[Step, ...]:
    """Return the law of total variance, and when nothing is lost."""
    mean, own = sp.symbols("m m_b", real=True)
    weight, square = sp.Symbol("pi_b", positive=True), sp.Symbol(r"{\sum_{i \in b} p_i t_i^2}", real=True)
    within = [sp.Symbol(f"v_{k}", nonnegative=True) for k in (1, 0)]
    names = {mass[i] * statistic[i] ** 2: square, mass[i] * statistic[i]: weight * own, mass[i]: weight}
    return (
        SumIdentity(
            title="Total variance: the atoms on one side of the threshold, around the mean of all",
            summand=mass[i] * (statistic[i] ** 2 - 2 * mean * statistic[i] + mean**2),
            names=names,
            value=square - weight * own**2 + weight * (own - mean) ** 2,
            index=i,
            note="$t_i$ is T in any direction. The first two terms are $\\pi_b$ times the variance given the "
            "bit. For densities read the sum as an integral.",
        ),
        SumIdentity(
            title="and around their own mean",
            summand=mass[i] * (statistic[i] ** 2 - 2 * own * statistic[i] + own**2),
            names=names,
            value=square - weight * own**2,
            index=i,
        ),
        Sign(
            title="Both sides added: $I - J = \\pi_1 v_1 + \\pi_0 v_0$, which is not negative",
            left=p1 * within[0] + sp.Symbol("pi_0", positive=True) * within[1],
            relation=">=",
            method=Terms(),
        ),
        DoubleSum(
            title="The variance on one side, times $\\pi_b^2$, is a double sum of squared distances",
            products=(
                (sp.S.One, mass[i], mass[i] * statistic[i] ** 2),
                (-sp.S.One, mass[i] * statistic[i], mass[i] * statistic[i]),
            ),
            term=mass[i] * mass[j] * (statistic[i] - statistic[j]) ** 2 / 2,
            first=i,
            second=j,
            note="It vanishes exactly when $t$ has one value on that side. Nothing is lost, therefore, "
            "exactly when T has one value for $B = 1$ and one for $B = 0$: at most two atoms, and a "
            "threshold between them.",
        ),
    )


@cache
def processing() -> tuple[Step, ...]:
    """Return that merging two cells loses information."""
    a, b = (sp.Symbol(f"p_{name}", positive=True) for name in "ab")
    u, v = sp.symbols("m_a m_b", real=True)
    merged = (a * u + b * v) ** 2 / (a + b)
    return (
        Identity(
            title="Data processing: two cells with masses $p_a, p_b$ and means $m_a, m_b$, merged into one",
            left=a * u**2 + b * v**2 - merged,
            right=a * b * (u - v) ** 2 / (a + b),
            note="The information of a finer reading is the variance of its conditional mean.",
        ),
        Sign(
            title="which is never a gain", left=a * b * (u - v) ** 2 / (a + b), relation=">=", method=Terms()
        ),
    )


@cache
def examples() -> tuple[Step, ...]:
    """Return what is left in four families."""
    z, tau, r, x, mu = (
        sp.Symbol("z", real=True),
        *(sp.Symbol(name, positive=True) for name in ("tau", "r", "x", "mu")),
    )
    y = sp.Symbol("y", real=True)
    up, down = sp.erfc(-z / sp.sqrt(2)) / 2, sp.erfc(z / sp.sqrt(2)) / 2
    gaussian = sp.diff(up, z) ** 2 / (up * down)
    reach = sp.exp(-r * tau)
    logistic = 1 / (1 + sp.exp(-y))
    none = sp.exp(-sp.exp(y))
    return (
        Identity(
            title="Gaussian, s known: share of the information about the mean at $z = (m - \\tau)/s = 0$",
            left=gaussian.subs(z, 0),
            right=2 / sp.pi,
        ),
        Identity(
            title="Exponential: share for a threshold at $x = r\\tau$ mean waiting times",
            left=(sp.diff(reach, r) ** 2 / (reach * (1 - reach)) * r**2).subs(tau, x / r),
            right=x**2 / (sp.exp(x) - 1),
        ),
        Identity(
            title="Poisson, $\\tau = 1$, $\\mu = e^y$: share",
            left=sp.diff(none, y) ** 2 / (none * (1 - none)) / sp.exp(y),
            right=sp.exp(y) / (sp.exp(sp.exp(y)) - 1),
        ),
        Limit(
            title="which tends to one for small means, where counts are bits",
            expr=mu / (sp.exp(mu) - 1),
            variable=mu,
            point=sp.S.Zero,
            value=sp.S.One,
        ),
        Identity(
            title="Bernoulli: the information of the bit is the variance of the draw",
            left=sp.diff(logistic, y) ** 2 / (logistic * (1 - logistic)),
            right=logistic * (1 - logistic),
        ),
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of OB-2."""
    return Derivation((*bit(), *total(), *processing(), *examples()))
