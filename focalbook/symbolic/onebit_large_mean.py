"""OB-5, third part: one bit of a Poisson count at large means, near the best threshold."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity, Limit, Series
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.reuse import Combine, Exponential
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step
from focalbook.symbolic.kernel.sums import LimitOfSum

s, u = sp.symbols("s u", positive=True)
e, d = sp.symbols("epsilon d", positive=True)
x = sp.Symbol("x", real=True)
#: Integral of exp(-u^2/2) over u > 0.
ROOT = sp.sqrt(sp.pi / 2)


def _exponent(sign: int) -> sp.Expr:
    """Return the exponent at s = eps u, mu = 1/eps^2, tau = mu + x: A for -1, B for +1."""
    step = sign * e * u
    return x * step - (sp.exp(step) - 1 - step) / e**2


@cache
def dominated() -> tuple[Step, ...]:
    """Return the limit of sqrt(mu) A and sqrt(mu) B for thresholds within a half of the mean."""
    pade = Sign(
        title="$e^{-s} - 1 + s$ is at least $s^2/(2 + s)$",
        left=(2 + s) * (sp.exp(-s) - 1 + s),
        right=s**2,
        relation=">=",
        method=Growth(s, sp.S.Zero, derivative=Growth(s, sp.S.Zero)),
    )
    square = Sign(
        title="$e^{s} - 1 - s$ is at least $s^2/2$",
        left=sp.exp(s) - 1 - s,
        right=s**2 / 2,
        relation=">=",
        method=Growth(s, sp.S.Zero, derivative=Growth(s, sp.S.Zero, derivative=Growth(s, sp.S.Zero))),
    )
    less = 1 - e
    parts = {
        -1: (
            ((2 + e * u) * (sp.exp(-e * u) - 1 + e * u) - (e * u) ** 2, 1 / (e**2 * (2 + e * u))),
            ((less * (u - 1) ** 2 + 4 - less) / (2 + e * u),),
        ),
        1: (
            (sp.exp(e * u) - 1 - e * u - (e * u) ** 2 / 2, 1 / e**2),
            ((u - 1) ** 2 / 2,),
            (sp.Rational(3, 2),),
        ),
    }
    found: list[Step] = [pade, square]
    for sign, known in ((-1, pade), (1, square)):
        for side in (1, -1):
            method = Combine(
                products=(*parts[sign], (u * (1 - side * sign * e) / 2,)), uses=((known, {s: e * u}),)
            )
            found += _scaled_limit(sign, sp.Rational(side, 2), method)
    found.append(
        Identity(
            title="So the efficiency $1/(\\sqrt\\mu A \\cdot \\sqrt\\mu B)$ of a threshold at most a half "
            "from the mean tends to",
            left=1 / sp.Integral(sp.exp(-(u**2) / 2), (u, 0, sp.oo)) ** 2,
            right=2 / sp.pi,
            note="$A$ falls and $B$ grows with the threshold, so between the two ends the limit is the same. "
            "With the bound for all thresholds: the best efficiency tends to $2/\\pi$.",
        )
    )
    return tuple(found)


def _scaled_limit(sign: int, shift: sp.Expr, method: Combine) -> tuple[Step, ...]:
    """Return the limit of the scaled integral A (-1) or B (+1) at a threshold ``shift`` above the mean."""
    name, exponent = "A" if sign < 0 else "B", _exponent(sign).subs(x, shift)
    domain, cover = {e: sp.Interval.open(0, 1)}, {e: 1 / (1 + d)}
    where = f"${name}$ at $\\tau = \\mu {sp.latex(shift) if shift < 0 else '+' + sp.latex(shift)}$"
    ordered = Sign(
        title=f"The exponent of {where}, scaled by $\\epsilon = \\mu^{{-1/2}} < 1$, is at most $2 - u/2$",
        left=2 - u / 2,
        right=exponent,
        relation=">",
        domain=domain,
        cover=cover,
        method=method,
    )
    bigger = Sign(
        title="and so is the integrand bounded",
        left=sp.exp(2 - u / 2),
        right=sp.exp(exponent),
        relation=">",
        domain=domain,
        cover=cover,
        method=Exponential(ordered, sp.exp(2 - u / 2), sp.exp(exponent)),
    )
    positive = Sign(
        title="It is positive", left=sp.exp(exponent), right=sp.S.Zero, relation=">", method=Terms()
    )
    limit = Limit(
        title="and tends to a Gaussian",
        expr=sp.exp(exponent),
        variable=e,
        point=sp.S.Zero,
        value=sp.exp(-(u**2) / 2),
    )
    whole = LimitOfSum(
        title=f"So does its integral over $u > 0$, $\\sqrt\\mu\\,{name}$",
        theorem="dominated convergence",
        term=limit,
        nonnegative=positive,
        bound=bigger,
        names={sp.exp(-u / 2): sp.Integer(2)},
        index=u,
        note="Read the sum over $u$ as an integral over $u > 0$.",
    )
    return (ordered, bigger, positive, limit, whole)


@cache
def expansion() -> tuple[Step, ...]:
    """Return the efficiency at mu + x to first order in 1/mu, its maximum, and where neighbours are equal."""
    rate = 1 - 2 / sp.pi
    shift = 1 / (3 * (sp.pi - 2))
    found: list[Step] = []
    scaled = []
    for sign, name in ((-1, "A"), (1, "B")):
        first = sign * (x * u - u**3 / 6)
        second = -(u**4) / 24 + (x * u - u**3 / 6) ** 2 / 2
        weight = sp.exp(-(u**2) / 2)
        terms = weight * (1 + e * first + e**2 * second)
        integrals = (
            ROOT + sign * e * (x - sp.Rational(1, 3)) + e**2 * ROOT * (x**2 / 2 - x / 2 + sp.Rational(1, 12))
        )
        scaled.append(integrals)
        found += [
            Series(
                title=f"The integrand of $\\sqrt\\mu {name}$ at $\\tau = \\mu + x$, in powers of "
                f"$\\epsilon = \\mu^{{-1/2}}$",
                expr=sp.exp(_exponent(sign)),
                variable=e,
                order=3,
                terms=sp.expand(terms),
            ),
            Identity(
                title="integrated",
                left=sp.Integral(sp.expand(terms), (u, 0, sp.oo)),
                right=integrals,
                note="Laplace's method: the expansion may be integrated term by term.",
            ),
        ]
    loss = x**2 - x + sp.Rational(1, 6) - 2 / sp.pi * (x - sp.Rational(1, 3)) ** 2
    found += [
        Series(
            title="The efficiency to first order in $1/\\mu = \\epsilon^2$",
            expr=1 / (scaled[0] * scaled[1]),
            variable=e,
            order=3,
            terms=2 / sp.pi * (1 - e**2 * loss),
        ),
        Identity(
            title="The loss is a parabola with its bottom at $x = \\frac12 + \\frac1{3(\\pi - 2)}$",
            left=loss,
            right=rate * (x - sp.Rational(1, 2) - shift) ** 2 + loss.subs(x, sp.Rational(1, 2) + shift),
        ),
        Identity(
            title="Neighbours are equal at $x = \\frac1{3(\\pi - 2)}$: crossings at $\\mu_k = k - "
            "\\frac1{3(\\pi - 2)}$ but for $O(1/k)$, as $k = \\mu + x$",
            left=loss.subs(x, x + 1) - loss,
            right=2 * rate * (x - shift),
            note="The lower of the two neighbours is the best one when this is positive.",
        ),
    ]
    return tuple(found)


@cache
def steps() -> tuple[Step, ...]:
    """Return the third part of the derivation of OB-5."""
    return (*dominated(), *expansion())
