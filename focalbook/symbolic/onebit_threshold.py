"""OB-5, second part: the efficiency of one bit of a Poisson count as threshold and mean move.

With f = tau pmf(tau), P1 = f A and P0 = f B for two integrals over s > 0, of exp(-tau s - mu (e^-s - 1)) and
exp(tau s - mu (e^s - 1)). The efficiency is 1/(mu A B), for real thresholds too. Large means follow in
`focalbook.symbolic.onebit_large_mean`.
"""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.logic import Deduction, assume, by, summed
from focalbook.symbolic.kernel.methods import Growth
from focalbook.symbolic.kernel.reuse import Combine, Exponential
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step
from focalbook.symbolic.kernel.sums import DoubleSum, Total

mu, s, u, w, r = sp.symbols("mu s u w r", positive=True)
t = sp.Symbol("tau", positive=True)
e, d = sp.symbols("epsilon d", positive=True)
x = sp.Symbol("x", real=True)
A, B, C = sp.symbols("A B C", positive=True)
i, l = sp.symbols("i l", integer=True, positive=True)
aa, bb, ss = (sp.IndexedBase(name, positive=True) for name in ("a", "b", "s"))
INTEGRAL = "Read the sum over $i$ as an integral over $s > 0$."
#: Integral of exp(-u^2/2) over u > 0.
ROOT = sp.sqrt(sp.pi / 2)


def below(value: sp.Expr) -> sp.Expr:
    """Return the integrand of A, P(X >= tau) = f A."""
    return sp.exp(-t * value - mu * (sp.exp(-value) - 1))


def above(value: sp.Expr) -> sp.Expr:
    """Return the integrand of B, P(X < tau) = f B."""
    return sp.exp(t * value - mu * (sp.exp(value) - 1))


def _gamma(value: sp.Expr) -> sp.Expr:
    """Return the gamma density times its argument: what d log(argument) is weighed with."""
    return value**t * sp.exp(-value) / sp.gamma(t)


@cache
def representation() -> tuple[Step, ...]:
    """Return both probabilities as f times an integral, and the efficiency."""
    f = mu**t * sp.exp(-mu) / sp.gamma(t)
    return (
        Identity(
            title="The gamma integral of $P(X \\ge \\tau)$ at $\\mu e^{-s}$, relative to its integrand at "
            "$\\mu$: so $P_1 = f A$",
            left=sp.log(_gamma(mu * sp.exp(-s))) - sp.log(f),
            right=-t * s - mu * (sp.exp(-s) - 1),
            note="$f = \\mu^\\tau e^{-\\mu}/\\Gamma(\\tau)$, and "
            "$A = \\int_0^\\infty e^{-\\tau s - \\mu(e^{-s} - 1)} ds$.",
        ),
        Identity(
            title="and that of $P(X < \\tau)$ at $\\mu e^{s}$: $P_0 = f B$",
            left=sp.log(_gamma(mu * sp.exp(s))) - sp.log(f),
            right=t * s - mu * (sp.exp(s) - 1),
            note="$B = \\int_0^\\infty e^{\\tau s - \\mu(e^s - 1)} ds$.",
        ),
        Identity(
            title="The efficiency $f^2/(\\mu P_1 P_0)$",
            left=s**2 / (mu * (s * A) * (s * B)),
            right=1 / (mu * A * B),
            fold={s: sp.Symbol("f")},
        ),
    )


@cache
def bound() -> tuple[Step, ...]:
    """Return the bound of the efficiency at every threshold, by Cauchy and Schwarz."""
    square = Sign(
        title="A square: $(r a - b/r)^2 \\ge 0$",
        left=r**2 * A**2 + B**2 / r**2,
        right=2 * A * B,
        relation=">=",
        method=Combine(products=(((r * A - B / r) ** 2,),)),
    )
    total = Total(
        title="with $a^2$, $b^2$ the two integrands, summed",
        term=square,
        at={A: aa[i], B: bb[i]},
        weight=sp.S.One,
        names={aa[i] ** 2: A, bb[i] ** 2: B, aa[i] * bb[i]: C},
        left=r**2 * A + B / r**2,
        right=2 * C,
        index=i,
        note=INTEGRAL,
    )
    best = Identity(
        title="at the best $r$",
        left=(r**2 * A + B / r**2),
        right=2 * sp.sqrt(A * B),
        condition=(r, (B / A) ** sp.Rational(1, 4)),
    )
    lhs, root = sp.symbols("L G", positive=True)
    scaled = sp.exp(-2 * mu) / (mu * sp.besselk(0, mu) ** 2)
    return (
        Identity(
            title="In the product of the two integrands the threshold cancels",
            left=sp.log(below(s)) + sp.log(above(s)),
            right=-2 * mu * (sp.cosh(s).rewrite(sp.exp) - 1),
        ),
        total,
        best,
        Deduction(
            title="So $\\sqrt{AB} \\ge C = \\int_0^\\infty e^{-\\mu(\\cosh s - 1)} ds = "
            "e^\\mu K_0(\\mu)$: no threshold has more than $e^{-2\\mu}/(\\mu K_0(\\mu)^2)$",
            given=(
                by(total, {total.left: lhs}),
                assume(sp.Eq(lhs, 2 * root), "the value at the best r, G the root of AB"),
            ),
            conclusion=root >= C,
        ),
        Limit(title="The bound falls to $2/\\pi$", expr=scaled, variable=mu, point=sp.oo, value=2 / sp.pi),
    )


@cache
def shape() -> tuple[Step, ...]:
    """Return that log E is concave in the threshold, and its mixed derivative not negative."""
    steps: list[Step] = []
    for base, name in ((aa, "A"), (bb, "B")):
        terms = (sp.S.One, base[i], ss[i] ** 2 * base[i]), (-sp.S.One, ss[i] * base[i], ss[i] * base[i])
        steps.append(
            DoubleSum(
                title=f"${name}$ is log-convex in the threshold: ${name}\\,{name}'' - {name}'^2$ is a "
                "double sum",
                products=terms,
                term=(ss[i] - ss[l]) ** 2 * base[i] * base[l] / 2,
                first=i,
                second=l,
                note=INTEGRAL
                + " The derivatives bring down $s$; $\\log E = -\\log\\mu - \\log A - \\log B$.",
            )
        )
    moments = sp.symbols("M N", positive=True)
    totals: list[Total] = []
    for integrand, name, whole, moment, sign in (
        (below, "A", A, moments[0], -1),
        (above, "B", B, moments[1], 1),
    ):
        grown = [(sp.exp(sign * v) - 1) * sign for v in (u, w)]
        exponent = sp.log(integrand(u)) + sp.log(integrand(w)) - sp.log(integrand(u + w))
        factor = Identity(
            title=f"The integrand of ${name}$ at $u$ and $w$ against $u + w$ and 0",
            left=exponent,
            right=mu * grown[0] * grown[1],
        )
        sides = integrand(u) * integrand(w), integrand(u + w)
        ordered = Sign(
            title="is log-concave, because both factors are positive",
            left=sp.log(sides[0]),
            right=sp.log(sides[1]),
            relation=">",
            method=Combine(products=((mu, *grown),), uses=tuple((_positive(sign), {u: v}) for v in (u, w))),
        )
        pair = Sign(
            title=f"so the integrands of ${name}$ are so ordered",
            left=sides[0],
            right=sides[1],
            relation=">",
            method=Exponential(ordered, *sides),
        )
        total = Total(
            title=f"Integrated over $u, w > 0$: ${name}^2 \\ge \\int_0^\\infty v \\cdots dv$",
            term=pair,
            at={},
            weight=sp.S.One,
            names={sides[0]: whole**2, sides[1]: moment},
            left=whole**2,
            right=moment,
            index=u,
            note="On the right put $v = u + w$: the strip of a given $v$ has the length $v$.",
        )
        steps += [factor, ordered, pair, total]
        totals.append(total)
    return (*steps, *_mixed(moments, totals))


def _positive(sign: int) -> Sign:
    """Return e^u > 1, or e^-u < 1."""
    return Sign(
        title="exponential",
        left=(sp.exp(sign * u) - 1) * sign,
        right=sp.S.Zero,
        relation=">",
        method=Growth(u, sp.S.Zero),
    )


def _mixed(moments: tuple[sp.Symbol, ...], totals: list[Total]) -> tuple[Step, ...]:
    """Return the mixed derivative of log E in threshold and log mu."""
    y = sp.Symbol("eta", real=True)
    f, p, q = (sp.Function(name)(y) for name in ("f", "p", "q"))
    slope = sp.diff(2 * sp.log(f) - sp.log(p) - sp.log(q) - y, y)
    slope = slope.subs({sp.diff(f, y): (t - sp.exp(y)) * f, sp.diff(p, y): f, sp.diff(q, y): -f})
    m, n = moments
    first, second = sp.symbols("m n", positive=True)
    a, b = sp.Function("A")(t), sp.Function("B")(t)
    in_threshold = sp.diff(2 * (t - mu) - 1 / a + 1 / b - 1, t)
    in_threshold = in_threshold.subs({sp.diff(a, t): -m, sp.diff(b, t): n}).subs({a: A, b: B})
    rise = 2 - first - second
    return (
        Identity(
            title="Slope of $\\log E$ in $\\eta = \\log\\mu$, with $P_1' = f = -P_0'$ and "
            "$f' = (\\tau - \\mu) f$",
            left=slope.subs({p: f * A, q: f * B}),
            right=2 * (t - sp.exp(y)) - 1 / A + 1 / B - 1,
        ),
        Identity(
            title="and its derivative in the threshold, with $M = -A'$ and $N = B'$",
            left=in_threshold,
            right=2 - m / A**2 - n / B**2,
        ),
        Deduction(
            title="It lies between 0 and 2: a larger mean never asks for a smaller threshold",
            given=(
                summed(totals[0], first <= 1, "m = M/A^2, the integrated inequality divided by A^2"),
                summed(totals[1], second <= 1, "n = N/B^2, the integrated inequality divided by B^2"),
                assume(sp.And(first > 0, second > 0), "M, N, A and B are integrals of positive functions"),
            ),
            conclusion=sp.And(rise >= 0, rise < 2),
            note="Above 0 strictly, as the integrated inequalities are strict.",
        ),
    )


@cache
def steps() -> tuple[Step, ...]:
    """Return the second part of the derivation of OB-5."""
    return (*representation(), *bound(), *shape())
