"""OB-1, second part: in which coordinates a one-bit likelihood is concave, and in which it is not."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import i
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.logic import Deduction, assume, by
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step
from focalbook.symbolic.kernel.sums import Total

y = sp.Symbol("y", real=True)
x, k = sp.Symbol("x", nonnegative=True), sp.Symbol("k", positive=True)


@cache
def log_concave() -> tuple[Step, ...]:
    """Return that a tail is log-concave when f'/f falls, with the three families in their coordinates."""
    fall = sp.IndexedBase("d", nonnegative=True)
    weight = sp.IndexedBase("f", nonnegative=True)
    r, d = sp.Symbol("r", real=True), sp.Symbol("d", nonnegative=True)
    tail, drop, product, height = sp.symbols("F D R f", real=True)
    one = Sign(
        title="Where $r = f'/f$ falls: beyond $y$ it is smaller",
        left=r,
        right=r - d,
        relation=">=",
        method=Terms(),
    )
    total = Total(
        title="weighed with $f$ and summed over the tail beyond $y$",
        term=one,
        at={d: fall[i]},
        weight=weight[i],
        names={weight[i]: tail, weight[i] * fall[i]: drop},
        left=r * tail,
        right=r * tail - drop,
        index=i,
        note="Read the sum as the integral over $(y, \\infty)$: $F = \\int f$.",
    )
    sign = Deduction(
        title="As $\\int_y^\\infty f' = -f(y)$, this says $rF + f \\ge 0$",
        given=(
            by(total, {r * tail: product}),
            assume(sp.Eq(product - drop, -height), "integral of f' over the tail, f vanishing at its end"),
        ),
        conclusion=product + height >= 0,
        note="R stands for $rF$.",
    )
    inside, rate = sp.Function("F", positive=True), sp.Function("r", real=True)
    density = -sp.diff(inside(y), y)
    bent = sp.diff(sp.log(inside(y)), y, 2)
    known, size, height0 = (
        sp.Symbol("c", nonnegative=True),
        sp.Symbol("F", positive=True),
        sp.Symbol("f", positive=True),
    )
    k_e = k - sp.exp(y)
    p = sp.exp(y) / (1 + sp.exp(y))
    return (
        one,
        total,
        sign,
        Identity(
            title="The curvature of $\\log F$, with $F' = -f$ and $f' = rf$",
            left=bent.subs(sp.diff(inside(y), y, 2), -rate(y) * density).subs(
                sp.diff(inside(y), y), -height0
            ),
            right=-height0 * (rate(y) * inside(y) + height0) / inside(y) ** 2,
        ),
        Sign(
            title="is therefore not positive, with $c = rF + f$",
            left=sp.S.Zero,
            right=-height0 * known / size**2,
            relation=">=",
            method=Terms(),
            note="The tail below $y$ is the mirror image, $y \\to -y$.",
        ),
        Sign(
            title="Probit: $f = e^{-y^2/2}/\\sqrt{2\\pi}$ has $r = -y$, which falls",
            left=-y,
            right=-(y + x),
            relation=">=",
            method=Terms(),
        ),
        Identity(title="indeed", left=sp.Derivative(sp.exp(-(y**2) / 2), y), right=-y * sp.exp(-(y**2) / 2)),
        Sign(
            title="Poisson in $y = \\log \\mu$: $f \\propto e^{ky - e^y}$ has $r = k - e^y$, which falls",
            left=k_e,
            right=k_e.subs(y, y + x),
            relation=">=",
            method=Growth(x, sp.S.Zero),
            note="With $k = 1$ and the bits exchanged: the exponential distribution in the log of its rate.",
        ),
        Identity(
            title="indeed",
            left=sp.Derivative(sp.exp(k * y - sp.exp(y)), y),
            right=k_e * sp.exp(k * y - sp.exp(y)),
        ),
        *_exponential(),
        Identity(
            title="Logit: $f = p(1-p)$ has $r = 1 - 2p$, which falls",
            left=sp.Derivative(sp.log(p * (1 - p)), y),
            right=1 - 2 * p,
        ),
    )


def _exponential() -> tuple[Step, ...]:
    """Return that the exponential distribution is concave in its natural parameter too."""
    r, t = sp.Symbol("r", positive=True), sp.Symbol("tau", positive=True)
    bend = t**2 * sp.exp(r * t) / (sp.exp(r * t) - 1) ** 2
    return (
        Identity(
            title="Exponential in $\\eta = -r$ itself: $\\log P(X \\ge \\tau) = \\eta\\tau$ is linear, and "
            "$\\log P(X < \\tau)$ has the curvature",
            left=sp.Derivative(sp.log(1 - sp.exp(-r * t)), (r, 2)),
            right=-bend,
        ),
        Sign(title="which is negative", left=sp.S.Zero, right=-bend, relation=">=", method=Terms()),
    )


@cache
def not_concave() -> tuple[Step, ...]:
    """Return that the Gaussian is not concave in its natural parameters."""
    z = sp.Symbol("b", positive=True)
    log_p = sp.log(sp.erfc(sp.sqrt(z)) / 2)
    bend = Limit(
        title="Gaussian with mean 0, $\\tau = 1$: $\\log P(X \\ge 1)$ as a function of $b = -\\eta_2 = "
        "1/(2s^2)$ bends upwards in the far tail",
        expr=sp.simplify(z**2 * sp.diff(log_p, z, 2)),
        variable=z,
        point=sp.oo,
        value=sp.Rational(1, 2),
        note="Shown is $b^2$ times the second derivative: $\\mathrm{Var}(X^2 \\mid X \\ge 1) - "
        "\\mathrm{Var}\\,X^2 \\to 4s^4 - 2s^4$, and $2s^4 = 1/(2b^2)$.",
    )
    return (bend,)
