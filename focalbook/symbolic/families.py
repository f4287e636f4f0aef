"""GC-6, second part: exponential families at once, softmax, Gaussian, Poisson, and three exceptions."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import i
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.step import Step
from focalbook.symbolic.kernel.sums import SumIdentity

e = sp.Symbol("epsilon", positive=True)
mass = sp.IndexedBase("q", positive=True)
way = sp.IndexedBase("d", real=True)
psi = sp.Function("psi")
v, w = sp.Symbol("v", positive=True), sp.Symbol("w", positive=True)
m, n, y = sp.symbols("mu m y", real=True)


@cache
def exponential() -> tuple[Step, ...]:
    """Return the divergence in an exponential family as the Bregman divergence of psi, exactly."""
    statistic = sp.IndexedBase("t", real=True)
    here, there, slope, step = sp.symbols(
        r"{\psi(\eta)} {\psi(\eta+d)} {d\cdot\nabla\psi(\eta)} s", real=True
    )
    bregman = SumIdentity(
        title="Exponential family $p = \\exp(\\eta \\cdot t - \\psi(\\eta))$: the divergence from the "
        "centre is a "
        "Bregman divergence of $\\psi$",
        summand=mass[i] * (-statistic[i] - here + there),
        names={mass[i] * statistic[i]: slope, mass[i]: sp.S.One},
        value=there - here - slope,
        index=i,
        note="$t_i$ stands for $d \\cdot t(i)$; its mean is $d \\cdot \\nabla\\psi(\\eta)$.",
    )
    to, back = psi(e) - psi(0) - e * step, psi(0) - psi(e) + e * sp.diff(psi(e), e)
    second, third = (sp.diff(psi(e), e, k) for k in (2, 3))
    return (
        bregman,
        Identity(
            title="Along a line $\\psi(\\eta + \\epsilon d)$, s its slope at 0: two derivatives of the "
            "divergence "
            "from the centre",
            left=sp.Derivative(to, (e, 2)),
            right=second,
        ),
        Identity(
            title="and one of that to the centre, which is $\\int_0^1 \\epsilon\\, d^\\top F(\\eta + "
            "\\epsilon d)\\, d\\,"
            " d\\epsilon$",
            left=sp.Derivative(back, e),
            right=e * second,
        ),
        Identity(
            title="so their third derivatives at 0 are $\\psi'''$ and twice that",
            left=sp.Derivative(back, (e, 3)),
            right=2 * third + e * sp.diff(psi(e), e, 4),
        ),
    )


@cache
def softmax() -> tuple[Step, ...]:
    """Return the Fisher information of softmax for any number of classes, and of a network behind it."""
    whole, z, true = (sp.Function(name, real=True) for name in ("Z", "z", "z_y"))
    first, second, third = (sp.diff(whole(e), e, k) / whole(e) for k in (1, 2, 3))
    mean, square, bent = (sp.Symbol(rf"{{\sum_i q_i {x}}}", real=True) for x in ("d_i", "d_i^2", "z''_i"))
    qi, qk, rest = (
        sp.Symbol("q_i", positive=True),
        sp.Symbol("q_k", positive=True),
        sp.Symbol("R", positive=True),
    )
    zi, zk = sp.symbols("z_i z_k", real=True)
    own, total = sp.exp(zi), sp.exp(zi) + sp.exp(zk) + rest
    accel = sp.IndexedBase("z''", real=True)
    return (
        Identity(
            title="Softmax, any number of classes: $\\psi = \\log Z$, $Z = \\sum_j e^{z_j}$; the second "
            "derivative",
            left=sp.Derivative(sp.log(whole(e)), (e, 2)),
            right=second - first**2,
        ),
        Identity(
            title="and the third, the skewness of $d_i$ under q",
            left=sp.Derivative(sp.log(whole(e)), (e, 3)),
            right=third - 3 * second * first + 2 * first**3,
            note="As $Z^{(k)}/Z = \\sum_i q_i d_i^k$, these are variance and third central moment of $d_i$.",
        ),
        SumIdentity(
            title="The second is the variance, $d^\\top(\\mathrm{diag}\\,q - qq^\\top)d$",
            summand=mass[i] * (way[i] ** 2 - 2 * mean * way[i] + mean**2),
            names={mass[i] * way[i] ** 2: square, mass[i] * way[i]: mean, mass[i]: sp.S.One},
            value=square - mean**2,
            index=i,
        ),
        Identity(
            title="Entry by entry, the other classes in R: on the diagonal",
            left=sp.Derivative(sp.log(total), (zi, 2)),
            right=own / total * (1 - own / total),
        ),
        Identity(
            title="and off it",
            left=sp.Derivative(sp.log(total), zi, zk),
            right=-own / total * sp.exp(zk) / total,
        ),
        Identity(
            title="The mean of $(q - e_y)(q - e_y)^\\top$ over $y \\sim q$ is the same: on the diagonal",
            left=qi * (1 - qi) ** 2 + (1 - qi) * qi**2,
            right=qi * (1 - qi),
        ),
        Identity(
            title="and off it",
            left=-qi * (1 - qi) * qk - qk * qi * (1 - qk) + (1 - qi - qk) * qi * qk,
            right=-qi * qk,
        ),
        Identity(
            title="A network: logits $z_i$ that move along a curve have",
            left=sp.Derivative(sp.exp(z(e)), (e, 2)),
            right=sp.exp(z(e)) * (sp.diff(z(e), e) ** 2 + sp.diff(z(e), e, 2)),
        ),
        SumIdentity(
            title="so that with $d_i = z'_i$ the second derivative of $Z$, over $Z$, has two parts",
            summand=mass[i] * (way[i] ** 2 + accel[i]),
            names={mass[i] * way[i] ** 2: square, mass[i] * accel[i]: bent},
            value=square + bent,
            index=i,
        ),
        Identity(
            title="The curvature of $-\\log q_y = \\log Z - z_y$ along the curve",
            left=sp.Derivative(sp.log(whole(e)) - true(e), (e, 2)),
            right=second - first**2 - sp.diff(true(e), e, 2),
            note="is the variance of $d_i$, which is the Fisher part $J^\\top(\\mathrm{diag}\\,q - "
            "qq^\\top)J$, "
            "plus $\\sum_i (q - e_y)_i z''_i$.",
        ),
    )


def _normal(value: sp.Expr) -> sp.Expr:
    return sp.exp(-((value - m) ** 2) / (2 * v)) / sp.sqrt(2 * sp.pi * v)


@cache
def gaussian() -> tuple[Step, ...]:
    """Return divergence, Fisher information and skewness of the Gaussian in mean and variance."""
    scores = {"mu": (y - m) / v, "v": ((y - m) ** 2 / v - 1) / (2 * v)}
    logs = (sp.log(w / v) + (y - n) ** 2 / w - (y - m) ** 2 / v) / 2
    kl = (v / w - 1 + sp.log(w / v) + (m - n) ** 2 / w) / 2

    def mean(value: sp.Expr) -> sp.Expr:
        return sp.Integral(sp.expand(value.subs(y, y + m)) * _normal(y + m), (y, -sp.oo, sp.oo))

    def entry(names: str, right: sp.Expr) -> Identity:
        picked = names.split()
        return Identity(
            title=f"moment of the scores ({', '.join('mean' if k == 'mu' else 'variance' for k in picked)})",
            left=mean(sp.Mul(*(scores[k] for k in picked))),
            right=right,
        )

    return (
        Identity(title="Gaussian $(\\mu, v)$ against $(m, w)$: the divergence", left=mean(logs), right=kl),
        entry("mu mu", 1 / v),
        entry("mu v", sp.S.Zero),
        entry("v v", 1 / (2 * v**2)),
        entry("mu mu v", 1 / v**2),
        entry("v v v", 1 / v**3),
        *(
            Identity(
                title="second derivative of the divergence at the centre",
                left=sp.diff(kl, *by).subs({n: m, w: v}, simultaneous=True),
                right=right,
            )
            for by, right in (((n, n), 1 / v), ((n, w), sp.S.Zero), ((w, w), 1 / (2 * v**2)))
        ),
        *(
            Identity(
                title="third derivatives: the other order minus this one is the skewness",
                left=(sp.diff(kl, *(swap[k] for k in by)) - sp.diff(kl, *by)).subs(
                    {n: m, w: v}, simultaneous=True
                ),
                right=right,
            )
            for swap in ({n: m, w: v},)
            for by, right in (((n, n, w), 1 / v**2), ((w, w, w), 1 / v**3))
        ),
    )


@cache
def poisson() -> tuple[Step, ...]:
    """Return divergence, Fisher information and skewness of the Poisson family in its mean."""
    count = sp.IndexedBase("k", nonnegative=True)
    kl = v * sp.log(v / w) - v + w
    return (
        SumIdentity(
            title="Poisson with means v and w: the divergence",
            summand=mass[i] * (count[i] * sp.log(v / w) - v + w),
            names={mass[i] * count[i]: v, mass[i]: sp.S.One},
            value=kl,
            index=i,
        ),
        Identity(
            title="its second derivative at the centre is the Fisher information",
            left=sp.diff(kl, w, 2).subs(w, v),
            right=1 / v,
        ),
        Identity(
            title="and the orders differ at the third by the skewness $E[(k/v - 1)^3] = 1/v^2$",
            left=sp.diff(kl, v, 3).subs(v, w) - sp.diff(kl, w, 3).subs(w, v).subs(v, w),
            right=1 / w**2,
        ),
    )


@cache
def exceptions() -> tuple[Step, ...]:
    """Return what is left of the expansion where the family is not smooth."""
    d, t = sp.Symbol("d", positive=True), sp.Symbol("theta", positive=True)
    whole = sp.Integral(sp.exp(-y) * d / 2, (y, 0, sp.oo))
    inner = sp.Integral(sp.exp(-y) * (d - 2 * y) / 2, (y, 0, d))
    outer = sp.Integral(-sp.exp(-y) * d / 2, (y, d, sp.oo))
    half, mean = sp.Rational(1, 2), sp.Rational(1, 2) + d + d ** sp.Rational(3, 2)
    bernoulli = mean * sp.log(2 * mean) + (1 - mean) * sp.log(2 * (1 - mean))
    return (
        Limit(
            title="Exception: uniform on $[0, \\theta]$. The support moves, and the divergence of "
            "$\\theta - d$ from $\\theta$ is of first order",
            expr=sp.log(t / (t - d)) / d,
            variable=d,
            point=sp.S.Zero,
            value=1 / t,
        ),
        Identity(
            title="Exception: Laplace location. The log-density has a kink, and the divergence is",
            left=whole + inner + outer,
            right=d + sp.exp(-d) - 1,
        ),
        Limit(
            title="with Fisher information 1, no skewness, and yet a third-order term",
            expr=(d + sp.exp(-d) - 1 - half * d**2) / d**3,
            variable=d,
            point=sp.S.Zero,
            value=-sp.Rational(1, 6),
        ),
        Limit(
            title="Exception: Bernoulli with mean $\\frac12 + \\theta + |\\theta|^{3/2}$. Fisher "
            "information 4 at 0, but "
            "the remainder is of order 5/2",
            expr=((bernoulli - 2 * d**2) / d ** sp.Rational(5, 2)).subs(d, e**2),
            variable=e,
            point=sp.S.Zero,
            value=sp.Integer(4),
            note="written with $d = \\epsilon^2$",
        ),
    )


@cache
def families() -> tuple[Step, ...]:
    """Return all families and exceptions."""
    return (*exponential(), *softmax(), *gaussian(), *poisson(), *exceptions())
