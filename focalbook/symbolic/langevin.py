"""The mean energy on an interval: the Langevin function takes every value between its ends once (GC-3)."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import t
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.methods import Growth
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.shape import Bijection
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step

x, a, y = sp.symbols("x a y", real=True)
nonzero = sp.Symbol("beta", real=True, nonzero=True)
width = sp.Symbol("W", positive=True)
LANGEVIN = sp.cosh(t) / sp.sinh(t) - 1 / t
FOLD = {LANGEVIN: sp.Symbol("{L(t)}"), sp.diff(LANGEVIN, t): sp.Symbol("{L'(t)}")}


@cache
def interval() -> tuple[Step, ...]:
    """Return normaliser and mean on [a, a + W], and that the mean takes every value once."""
    z = sp.exp(-nonzero * a) * (1 - sp.exp(-nonzero * width)) / nonzero
    mean = a + 1 / nonzero - width / (sp.exp(nonzero * width) - 1)
    scaled = mean.subs(nonzero, 2 * t / width)
    growth = Sign(
        title="$\\sinh t > t$",
        left=sp.sinh(t),
        right=t,
        method=Growth(t, sp.S.Zero, derivative=Growth(t, sp.S.Zero)),
    )
    rising = Sign(
        title="so the Langevin function rises",
        left=1 / t**2 - 1 / sp.sinh(t) ** 2,
        method=Combine(
            products=((1 / (t**2 * sp.sinh(t) ** 2), sp.sinh(t) - t, sp.sinh(t) + t),),
            uses=((growth, {t: t}),),
        ),
        fold=FOLD,
    )
    onto = Bijection(
        title="and takes every value between 0 and 1 once; by symmetry the mean takes every value of "
        "the interval "
        "once",
        expr=LANGEVIN,
        variable=t,
        monotone=rising,
        left=Limit(title="$L(0^+) = 0$", expr=LANGEVIN, variable=t, point=sp.S.Zero, value=sp.S.Zero),
        right=Limit(title="$L(\\infty) = 1$", expr=LANGEVIN, variable=t, point=sp.oo, value=sp.S.One),
        fold=FOLD,
    )
    return (
        Identity(
            title="The normaliser on $[a, a + W]$, $\\beta \\ne 0$",
            left=sp.Integral(sp.exp(-nonzero * x), (x, a, a + width)),
            right=z,
        ),
        Identity(title="and the mean", left=-sp.Derivative(sp.log(z), nonzero), right=mean),
        Identity(
            title="With $t = \\beta W/2$: the mean lies $L(t) = \\coth t - 1/t$ half widths below the middle",
            left=scaled,
            right=a + width / 2 - width * LANGEVIN.rewrite(sp.exp) / 2,
            fold={LANGEVIN.rewrite(sp.exp): sp.Symbol("{L(t)}")},
        ),
        Identity(
            title="$L$ is odd: negative $\\beta$ are mirror images",
            left=sp.Subs(sp.cosh(y) / sp.sinh(y) - 1 / y, y, -t),
            right=-LANGEVIN,
            fold={sp.cosh(y) / sp.sinh(y) - 1 / y: sp.Symbol("{L(y)}")} | FOLD,
        ),
        growth,
        rising,
        *onto.premises()[1:],
        onto,
    )
