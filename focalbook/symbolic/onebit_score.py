"""OB-1: score and Hessian of a one-bit measurement, for every exponential family."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import i
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.step import Derivation, Step
from focalbook.symbolic.kernel.sums import SumIdentity
from focalbook.symbolic.onebit_concave import log_concave, not_concave

e, y, tau = sp.symbols("epsilon y tau", real=True)
a, b = sp.Symbol("eta_1", real=True), sp.Symbol("b", positive=True)
mass = sp.IndexedBase("p", nonnegative=True)
statistic = sp.IndexedBase("t", real=True)


@cache
def general() -> tuple[Step, ...]:
    """Return score and Hessian along a line, for any family and any event."""
    part, whole = (sp.Function(name, positive=True) for name in ("Z_b", "Z"))
    base, t = sp.Symbol("h", positive=True), sp.Symbol("t", real=True)
    mean, square = sp.Symbol("m_b", real=True), sp.Symbol(r"{\sum_i p_i t_i^2}", real=True)
    one, all_ = ([sp.diff(z(e), e, j) / z(e) for j in (1, 2)] for z in (part, whole))
    given = sp.log(part(e)) - sp.log(whole(e))
    return (
        Identity(
            title="Along a line $\\eta + \\epsilon d$, what a point adds to $Z = \\int e^{\\langle\\eta, "
            "T\\rangle} h$ has the derivative",
            left=sp.Derivative(base * sp.exp(e * t), e),
            right=t * base * sp.exp(e * t),
            note="$t$ stands for $\\langle d, T(x) \\rangle$. The same holds for $Z_b$, the integral over "
            "the event alone; $A = \\log Z$, $A_b = \\log Z_b$ and $\\log P(B=b) = A_b - A$.",
        ),
        Identity(
            title="and the second derivative",
            left=sp.Derivative(base * sp.exp(e * t), (e, 2)),
            right=t**2 * base * sp.exp(e * t),
            note="So $Z_b'/Z_b$ and $Z_b''/Z_b$ are the first and the second moment of $t$ given the bit.",
        ),
        Identity(title="Score of the bit", left=sp.Derivative(given, e), right=one[0] - all_[0]),
        Identity(
            title="Hessian of the bit",
            left=sp.Derivative(given, (e, 2)),
            right=(one[1] - one[0] ** 2) - (all_[1] - all_[0] ** 2),
        ),
        SumIdentity(
            title="Second moment less squared mean is a variance",
            summand=mass[i] * (statistic[i] ** 2 - 2 * mean * statistic[i] + mean**2),
            names={mass[i] * statistic[i] ** 2: square, mass[i] * statistic[i]: mean, mass[i]: sp.S.One},
            value=square - mean**2,
            index=i,
            note="$p_i$ are the masses given the bit. Every direction d gives the matrices by polarisation.",
        ),
    )


def _moment(order: int, alpha: sp.Expr, tail: sp.Expr) -> sp.Expr:
    """Moment of a standard normal variable beyond alpha, times the probability of the tail."""
    n = sp.exp(-(alpha**2) / 2) / sp.sqrt(2 * sp.pi)
    return {
        0: tail,
        1: n,
        2: tail + alpha * n,
        3: (alpha**2 + 2) * n,
        4: 3 * tail + (alpha**3 + 3 * alpha) * n,
    }[order]


@cache
def gaussian() -> tuple[Step, ...]:
    """Return score and Hessian of the Gaussian with both parameters unknown, X >= tau."""
    alpha = sp.Symbol("alpha", real=True)
    tail = sp.erfc(alpha / sp.sqrt(2)) / 2
    steps: list[Step] = [
        Identity(
            title=f"Standard normal beyond $\\alpha$: moment {order}",
            left=sp.Integral(y**order * sp.exp(-(y**2) / 2) / sp.sqrt(2 * sp.pi), (y, alpha, sp.oo)),
            right=_moment(order, alpha, tail),
        )
        for order in range(5)
    ]
    m, s = a / (2 * b), 1 / sp.sqrt(2 * b)
    at = sp.sqrt(2 * b) * tau - a / sp.sqrt(2 * b)
    here = sp.erfc(at / sp.sqrt(2)) / 2
    log_p = sp.log(here)

    def raw(power: int, given: bool) -> sp.Expr:
        """Moment of X = m + s Y, given X >= tau or not."""
        free = {0: 1, 1: 0, 2: 1, 3: 0, 4: 3}
        return sp.Add(
            *(
                sp.binomial(power, j)
                * m ** (power - j)
                * s**j
                * (_moment(j, at, here) / here if given else free[j])
                for j in range(power + 1)
            )
        )

    def covariance(j: int, other: int, given: bool) -> sp.Expr:
        return raw(j + other, given) - raw(j, given) * raw(other, given)

    def slope(*powers: int) -> sp.Expr:
        """Derivative in eta_1 (power 1) and eta_2 = -b (power 2)."""
        sign = sp.Integer(-1) ** powers.count(2)
        return sign * sp.diff(log_p, *(a if power == 1 else b for power in powers))

    names = {1: "\\eta_1", 2: "\\eta_2"}
    steps += [
        Identity(
            title=f"Gaussian, $\\eta = (m/s^2, -1/(2s^2))$, $b = -\\eta_2$: score in ${names[j]}$",
            left=slope(j),
            right=raw(j, True) - raw(j, False),
            note="Right: the mean of $X$ or $X^2$ given the bit, less the mean without it.",
        )
        for j in (1, 2)
    ]
    steps += [
        Identity(
            title=f"Hessian in ${names[j]}$ and ${names[o]}$: covariance given the bit less covariance",
            left=slope(j, o),
            right=covariance(j, o, True) - covariance(j, o, False),
        )
        for j, o in ((1, 1), (1, 2), (2, 2))
    ]
    return tuple(steps)


@cache
def others() -> tuple[Step, ...]:
    """Return score and Hessian for Poisson, exponential and Bernoulli variables."""
    mu, p, tail, r, t = (sp.Symbol(name, positive=True) for name in ("mu", "p", "P", "r", "tau"))
    count = sp.Symbol("k", integer=True, positive=True)
    h = mu * p / tail
    first, second = mu * (tail + p) / tail, mu**2 * (tail + p + p * (count - 1) / mu) / tail
    beyond = sp.lowergamma(count, sp.exp(e)) / sp.gamma(count)
    f = sp.exp(count * e - sp.exp(e)) / sp.gamma(count)
    below = 1 - sp.exp(-r * t)
    inside = [sp.Integral(y**j * r * sp.exp(-r * y), (y, 0, t)) / below for j in (1, 2)]
    log_below = sp.log(1 - sp.exp(-r * t))
    bit = sp.exp(e) / (1 + sp.exp(e))
    return (
        Identity(
            title="Poisson, $\\mu = e^\\epsilon$: the probability of $X \\ge k$ has the derivative $k$ times "
            "the mass at $k$",
            left=sp.Derivative(beyond, e),
            right=f,
        ),
        Identity(
            title="whose own derivative is",
            left=sp.Derivative(f, e),
            right=(count - sp.exp(e)) * f,
            note="so that the Hessian is $h(k - \\mu - h)$ with the hazard $h = k\\,p_k/P(X \\ge k)$.",
        ),
        Identity(
            title="The masses step by $j\\,p_j = \\mu\\,p_{j-1}$, hence with $p = p_{k-1}$ and $h = \\mu "
            "p/P$: mean given $X \\ge k$ less mean",
            left=first - mu,
            right=h,
        ),
        Identity(
            title="and variance given $X \\ge k$ less variance",
            left=second + first - first**2 - mu,
            right=h * (count - mu - h),
        ),
        Identity(
            title="Exponential, $\\eta = -r$: score for $X \\ge \\tau$; it has no memory",
            left=-sp.Derivative(-r * t, r),
            right=(t + 1 / r) - 1 / r,
        ),
        Identity(
            title="for $X < \\tau$, the mean below $\\tau$ less the mean",
            left=-sp.Derivative(log_below, r),
            right=inside[0] - 1 / r,
        ),
        Identity(
            title="and the Hessian for $X < \\tau$",
            left=sp.Derivative(log_below, (r, 2)),
            right=inside[1] - inside[0] ** 2 - 1 / r**2,
        ),
        Identity(
            title="Bernoulli, $\\eta$ the log-odds: score for a one, $1 - E[X]$",
            left=sp.Derivative(sp.log(bit), e),
            right=1 - bit,
        ),
        Identity(
            title="and the Hessian, $0 - \\mathrm{Var}\\,X$",
            left=sp.Derivative(sp.log(bit), (e, 2)),
            right=-bit * (1 - bit),
        ),
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of OB-1."""
    return Derivation((*general(), *gaussian(), *others(), *log_concave(), *not_concave()))
