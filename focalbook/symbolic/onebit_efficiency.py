"""OB-8, second part: cost of the proper score, its weight for small and large gamma, ends of the loss."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import gain, gamma, gamma0, i, j, loss, q, slope, u
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.limits import SumOfLimits
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step
from focalbook.symbolic.kernel.sums import DoubleSum, Total

OMEGA = sp.Symbol("omega", positive=True)
PHI = sp.Symbol(r"{\varphi(q)}", positive=True)


@cache
def efficiency() -> tuple[Step, ...]:
    """Return J >= A B^-1 A and the bound of Kantorovich."""
    d = sp.IndexedBase("d", positive=True)
    w = sp.IndexedBase("omega", positive=True)
    a, b = sp.IndexedBase("a", real=True), sp.IndexedBase("b", real=True)
    cauchy = DoubleSum(
        title="With the information $d_i$ of each cell, $J = \\sum d_i x_i x_i^\\top$, $A = "
        "\\sum d_i\\omega_i x_i x_i^\\top$, $B = \\sum d_i\\omega_i^2 x_i x_i^\\top$. By Lagrange, for any "
        "two directions with $a_i = x_i\\cdot v$, $b_i = x_i\\cdot w$: "
        "$(v^\\top A w)^2 \\le v^\\top B v\\; w^\\top J w$",
        products=(
            (sp.S.One, d[i] * w[i] ** 2 * a[i] ** 2, d[i] * b[i] ** 2),
            (-sp.S.One, d[i] * w[i] * a[i] * b[i], d[i] * w[i] * a[i] * b[i]),
        ),
        term=d[i] * d[j] * (w[i] * a[i] * b[j] - w[j] * a[j] * b[i]) ** 2 / 2,
        first=i,
        second=j,
        note="Take $v = B^{-1}Aw$: $w^\\top A B^{-1} A w \\le w^\\top J w$. Equality needs $\\omega_i$ "
        "constant on the cells, or as many cells as coordinates.",
    )
    low, high = sp.Symbol("m", positive=True), sp.Symbol("M", positive=True)
    below, above = sp.Symbol("r", nonnegative=True), sp.Symbol("t", nonnegative=True)
    between = Sign(
        title="If all weights lie between m and M",
        left=(OMEGA - low) * (high - OMEGA),
        relation=">=",
        domain={OMEGA: sp.Interval(low, sp.oo), high: sp.Interval(OMEGA, sp.oo)},
        cover={high: OMEGA + above, OMEGA: low + below},
        method=Terms(),
    )
    big_a, big_b, big_j = (sp.Symbol(name, positive=True) for name in ("a", "b", "j"))
    total = Total(
        title="then, weighed with $d_i (x_i\\cdot v)^2$ and summed, $(m+M)A - B - mMJ \\ge 0$",
        term=between,
        at={OMEGA: w[i]},
        weight=d[i] * a[i] ** 2,
        names={
            d[i] * w[i] ** 2 * a[i] ** 2: big_b,
            d[i] * w[i] * a[i] ** 2: big_a,
            d[i] * a[i] ** 2: big_j,
        },
        left=(low + high) * big_a - big_b - low * high * big_j,
        right=sp.S.Zero,
        index=i,
    )
    share = sp.Symbol("alpha", positive=True)
    best = 4 * low * high / (low + high) ** 2
    kantorovich = Identity(
        title="Where $J = 1$ and A has the eigenvalue $\\alpha$, the efficiency is at least "
        "$\\alpha^2/((m+M)\\alpha - mM)$, and that is at least $4mM/(m+M)^2$",
        left=share**2 - best * ((low + high) * share - low * high),
        right=(share - 2 * low * high / (low + high)) ** 2,
    )
    return cauchy, between, total, kantorovich


def _x(y: sp.Expr) -> sp.Expr:
    """Return y (-log y)/(1 - y)."""
    return -y * sp.log(y) / (1 - y)


def _fall(y: sp.Expr, g: sp.Expr) -> sp.Expr:
    """Return s in a form that is a limit away from its value for large gamma."""
    return 1 - y + g * (y - (_x(y) - y) / (1 + g * _x(y)))


@cache
def small_gamma() -> tuple[Identity, ...]:
    """Return another form of the weight, and its value at gamma = 0."""
    falls = -q * (1 - q) * sp.diff(slope(q, gamma0), q) / slope(q, gamma0)
    form = Identity(
        title="Another form of s, with $x = q(-\\log q)/(1-q)$",
        left=falls,
        right=_fall(q, gamma0),
        fold={sp.diff(slope(q, gamma0), q): sp.Symbol(r"{\varphi'(q)}"), slope(q, gamma0): PHI},
    )
    mixed = q * gain(1 - q, gamma0) + (1 - q) * gain(q, gamma0)
    one = Identity(
        title="At $\\gamma = 0$ the weight is one: both estimators are maximum likelihood",
        left=sp.Subs(mixed / (_fall(q, gamma0) + _fall(1 - q, gamma0)), gamma0, 0),
        right=sp.S.One,
    )
    return form, one


@cache
def large_gamma() -> tuple[Step, ...]:
    """Return that focal loss tends to the exponential loss, and the weight to that of boosting."""
    t = sp.Symbol("t", positive=True)
    near, far = 1 / (1 + sp.exp(-t / gamma)), 1 / (1 + sp.exp(t / gamma))
    total = _fall(near, gamma) + _fall(1 - near, gamma)

    def limit(title: str, value: sp.Expr, *factors: sp.Expr) -> Limit:
        expr = sp.Mul(*factors)
        many = factors if len(factors) > 1 else ()
        return Limit(title=title, expr=expr, variable=gamma, point=sp.oo, value=value, factors=many)

    lift = (2 * near) ** gamma, (1 + gamma * _x(1 - near)) / gamma
    drop = (2 * far) ** gamma, (1 + gamma * _x(near)) / gamma
    power = limit(
        "For large $\\gamma$ let the report have log-odds $t/\\gamma$. Then $(2(1-q))^\\gamma \\to e^{-t/2}$",
        sp.exp(-t / 2),
        drop[0],
    )
    other = limit(
        "and $(2q)^\\gamma \\to e^{t/2}$: $2^\\gamma$ times focal loss becomes the exponential loss of "
        "boosting, $e^{\\mp t/2}\\log 2$",
        sp.exp(t / 2),
        lift[0],
    )
    rates = limit("The rates grow like $\\gamma$", sp.S.One, total / gamma)
    odds = limit(
        "the odds $\\varphi(1-q)/\\varphi(q)$ of p tend to $e^t$",
        sp.exp(t),
        lift[0],
        1 / drop[0],
        (1 + gamma * _x(1 - near)) / (1 + gamma * _x(near)),
        near / far,
    )
    half = sp.log(2) / 2
    first = limit("one part of $2^\\gamma\\omega$ is", half * sp.exp(t / 2), near, *lift, gamma / total)
    second = limit("and the other", half * sp.exp(-t / 2), far, *drop, gamma / total)
    both = SumOfLimits(
        title="so $2^\\gamma\\omega \\to \\log 2\\,\\cosh(t/2)$",
        parts=((sp.S.One, first), (sp.S.One, second)),
        value=half * (sp.exp(t / 2) + sp.exp(-t / 2)),
    )
    truth = sp.exp(t) / (1 + sp.exp(t))
    boosting = Identity(
        title="With p of log-odds t, $\\cosh(t/2)$ is the weight of the exponential loss",
        left=sp.cosh(t / 2).rewrite(sp.exp),
        right=1 / (2 * sp.sqrt(truth * (1 - truth))),
    )
    return power, other, rates, odds, first, second, both, boosting


@cache
def existence() -> tuple[Limit, Limit]:
    """Return the loss at its ends."""
    infinite = Limit(
        title="A bit that the model excludes costs infinitely much",
        expr=loss(q),
        variable=q,
        point=sp.S.Zero,
        value=sp.oo,
    )
    free = Limit(
        title="and one that it is sure of nothing; in between the loss falls, because $\\varphi > 0$. So it "
        "rises in every direction exactly when the data overlap, as the likelihood falls",
        expr=loss(q),
        variable=q,
        point=sp.S.One,
        direction="-",
        value=sp.S.Zero,
        distance=u,
        factors=(u**gamma, -sp.log(1 - u)),
    )
    return infinite, free
