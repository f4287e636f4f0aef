"""GC-8: slope and curvature of the loss as the probability tends to one; what changes at gamma = 1."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import curvature, gamma, loss, q, slope, u
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.step import Derivation, Step

NAMES = {
    slope(1 - u): sp.Symbol(r"{\varphi(1-u)}"),
    curvature(1 - u): sp.Symbol(r"{\ell''(1-u)}"),
    slope(q): sp.Symbol(r"{\varphi(q)}"),
    curvature(q): sp.Symbol(r"{\ell''(q)}"),
}
SLOPE = 1 / (1 - u) - gamma * sp.log(1 - u) / u
BEND = (gamma * (1 - gamma) * sp.log(1 - u) + 2 * gamma * u / (1 - u) + (u / (1 - u)) ** 2) / u
ZERO = {"variable": u, "point": sp.S.Zero, "fold": NAMES}


@cache
def near_one() -> tuple[Step, ...]:
    """Return slope and curvature in the distance u = 1 - q, each a power of u times a factor with a limit."""
    return (
        Identity(
            title="Minus the slope, in the distance $u = 1 - q$ from certainty",
            left=slope(1 - u),
            right=u**gamma * SLOPE,
            fold=NAMES,
        ),
        Limit(title="The second factor tends to", expr=SLOPE, value=1 + gamma, **ZERO),
        Limit(
            title="So the slope vanishes at certainty for every $\\gamma > 0$: nothing happens to it at "
            "$\\gamma = 1$",
            expr=slope(1 - u),
            value=sp.S.Zero,
            factors=(u**gamma, SLOPE),
            **ZERO,
        ),
        Identity(
            title="The curvature, in the same distance",
            left=curvature(1 - u),
            right=u ** (gamma - 1) * BEND,
            fold=NAMES,
        ),
        Limit(
            title="Its second factor tends to $\\gamma(1+\\gamma)$: $\\ell''(q) \\sim "
            "\\gamma(1+\\gamma)(1-q)^{\\gamma-1}$",
            expr=BEND,
            value=gamma * (1 + gamma),
            **ZERO,
        ),
    )


@cache
def regimes() -> tuple[Limit, Limit, Limit, Limit]:
    """Return the limit of the curvature at certainty in the three regimes, and the cross-entropy."""
    excess = sp.Symbol("a", positive=True)
    below, above = 1 / (1 + excess), 1 + excess
    common = {"variable": u, "point": sp.S.Zero}

    def at(value: sp.Expr, title: str, limit: sp.Expr) -> Limit:
        return Limit(
            title=title,
            expr=curvature(1 - u).subs(gamma, value),
            value=limit,
            factors=(u ** sp.factor(value - 1), BEND.subs(gamma, value)),
            fold={curvature(1 - u).subs(gamma, value): sp.Symbol(r"{\ell''(1-u)}")},
            **common,
        )

    return (
        at(
            below,
            "For $0 < \\gamma < 1$, written $\\gamma = 1/(1+a)$, the curvature is infinite at certainty",
            sp.oo,
        ),
        at(sp.S.One, "at $\\gamma = 1$ it is 2", sp.Integer(2)),
        at(above, "for $\\gamma > 1$, written $\\gamma = 1 + a$, it vanishes", sp.S.Zero),
        Limit(
            title="Without a focal weight ($\\gamma = 0$) the slope at certainty is not zero",
            expr=-sp.diff(loss(q, sp.S.Zero), q),
            variable=q,
            point=sp.S.One,
            direction="-",
            value=sp.S.One,
        ),
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of GC-8."""
    return Derivation((*near_one(), *regimes()))
