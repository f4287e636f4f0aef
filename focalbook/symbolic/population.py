"""GC-10: the Hessian of the mean focal loss at its own optimum; two classes."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from focalbook.symbolic.convexity import convex_loss
from focalbook.symbolic.focal import (
    UNIT,
    curvature,
    gain,
    gamma,
    gamma0,
    i,
    lam,
    mass,
    p,
    q,
    s,
    slope,
    u,
)
from focalbook.symbolic.gain import RISE
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step
from focalbook.symbolic.kernel.sums import SumIdentity
from focalbook.symbolic.rare import ODDS

t = sp.Symbol("t", real=True)
e = sp.Symbol("e", positive=True)
TOP = 1 + RISE
RANGE: dict[str, Any] = {"domain": {q: UNIT}, "cover": {q: 1 / (1 + s)}}
#: q^2 l''(q), one at q = 0.
SCALED = q**2 * curvature(q)
#: u l''(1 - u) / phi(1 - u), the relative steepness of the slope at certainty.
BEND = (gamma * (1 - gamma) * sp.log(1 - u) + 2 * gamma * u / (1 - u) + (u / (1 - u)) ** 2) / u
HEAD = 1 / (1 - u) - gamma * sp.log(1 - u) / u
STEEP = u * curvature(1 - u) / slope(1 - u)
FOLD = {
    curvature(q): sp.Symbol(r"{\ell''(q)}"),
    curvature(1 - q): sp.Symbol(r"{\ell''(1-q)}"),
    curvature(1 - u): sp.Symbol(r"{\ell''(1-u)}"),
    slope(q): sp.Symbol(r"{\varphi(q)}"),
    slope(1 - q): sp.Symbol(r"{\varphi(1-q)}"),
    slope(1 - u): sp.Symbol(r"{\varphi(1-u)}"),
    gain(q): sp.Symbol("{h(q)}"),
    sp.diff(gain(q), q): sp.Symbol("{h'(q)}"),
    TOP: sp.Symbol(r"{\max h}"),
}


@cache
def sum_of_squares() -> tuple[Step, ...]:
    """Return that at the optimum the Hessian is a sum of squares."""
    total, start, direction = sp.Function("S")(t), sp.Symbol("z", real=True), sp.Symbol("x", real=True)
    first, second = sp.IndexedBase(r"\dot{q}", real=True), sp.IndexedBase(r"\ddot{q}", real=True)
    bend = sp.IndexedBase(r"\ell''", positive=True)
    squares = sp.Symbol("B", real=True)
    model_on_line = sp.exp(start + t * direction) / total
    path, f = sp.Function("q")(t), sp.Function("l")
    name = sp.Symbol("q")
    rates = [sp.Derivative(f(name), (name, k)).subs(name, path) for k in (1, 2)]
    return (
        Identity(
            title="Along a line $z + tx$ of the logits, $S(t) = \\sum_k e^{z_k + t x_k}$: the model moves "
            "at the "
            "rate $q_y (x_y - m)$, with $m = S'/S = \\sum_k q_k x_k$",
            left=sp.Derivative(model_on_line, t),
            right=model_on_line * (direction - sp.Derivative(total, t) / total),
        ),
        Identity(
            title="A loss along the line, by the chain rule",
            left=sp.Derivative(f(path), (t, 2)),
            right=rates[1] * sp.Derivative(path, t) ** 2 + rates[0] * sp.Derivative(path, (t, 2)),
        ),
        SumIdentity(
            title="Weighed with $p_y$ and summed. At the optimum $-p_y\\,\\ell'(q_y) = \\lambda$ in every "
            "class (FE-5), "
            "and the second derivatives of the $q_y$ sum to zero as the $q_y$ sum to one: only squares are "
            "left",
            summand=mass[i] * bend[i] * first[i] ** 2 - lam * second[i],
            names={mass[i] * bend[i] * first[i] ** 2: squares, second[i]: sp.S.Zero},
            value=squares,
            index=i,
        ),
    )


@cache
def positive() -> tuple[Step, ...]:
    """Return that every square has a positive weight, and the weights through the gain."""
    away = sp.Symbol("a", positive=True)
    return (
        Sign(
            title="With $\\dot{q}_y = q_y (x_y - m)$, $|x_y - m| = a$: every class with $x_y \\ne m$ adds "
            "to the curvature. "
            "Only a common shift of all logits has none: the Hessian is positive definite but for that",
            left=p * SCALED * away**2,
            method=Combine(
                products=((p, q**2, away**2, curvature(q)),), uses=((convex_loss(), {gamma0: gamma, q: q}),)
            ),
            fold=FOLD,
            **RANGE,
        ),
        Identity(
            title="The weights through the gain",
            left=SCALED,
            right=gain(q) - q * sp.Derivative(gain(q), q),
            fold=FOLD,
            note="With $p_y h(q_y) = \\lambda q_y$ this turns the squares into "
            "$\\lambda\\,(\\mathrm{diag}\\,q - qq^\\top) - "
            "\\lambda \\sum_y q_y^2\\,\\frac{h'}{h}(q_y)\\,v_y v_y^\\top$.",
        ),
    )


@cache
def two_classes() -> tuple[Step, ...]:
    """Return the ratio for two classes as a function of the optimum, and its limit 1 + gamma."""
    other = slope(1 - q)
    first = other / (slope(q) + other)
    trace = 2 * q**2 * (1 - q) ** 2 * (p * curvature(q) + (1 - p) * curvature(1 - q))
    split = (1 + ODDS) * (1 - q) ** 2
    bracket = SCALED + gain(q) * STEEP.subs(u, q)
    common: dict[str, Any] = {"variable": q, "point": sp.S.Zero, "fold": FOLD}
    steep = BEND.subs(u, q) / HEAD.subs(u, q)
    closed = Identity(
        title="Two classes, $Q^\\star = (q, 1-q)$: trace over $1 - |P|^2 = 2p(1-p)$",
        left=trace / (2 * p * (1 - p)),
        right=q**2 * (1 - q) ** 2 * (slope(q) + other) * (curvature(q) / slope(q) + curvature(1 - q) / other),
        condition=(p, first),
        fold=FOLD,
        note="$p = \\varphi(1-q) / (\\varphi(q) + \\varphi(1-q))$, from $p\\,\\varphi(q) = "
        "(1-p)\\,\\varphi(1-q)$.",
    )
    apart = Identity(
        title="The same, with the odds $R = \\varphi(1-q)/\\varphi(q)$ of the class taken out",
        left=closed.right,
        right=split * bracket,
        fold=FOLD | {ODDS: sp.Symbol("{R(q)}")},
    )
    return (
        closed,
        apart,
        Limit(title="As $q \\to 0$, $q^2\\,\\ell''(q) \\to 1$", expr=SCALED, value=sp.S.One, **common),
        Identity(
            title="The relative steepness of the slope at certainty",
            left=STEEP,
            right=BEND / HEAD,
            fold=FOLD,
        ),
        Limit(
            title="tends to $\\gamma$",
            expr=BEND / HEAD,
            variable=u,
            point=sp.S.Zero,
            value=gamma,
            factors=(BEND, 1 / HEAD),
        ),
        Limit(
            title="So the ratio tends to $1 + \\gamma$; by FE-12 $q \\to 0$ exactly when $p \\to 0$",
            expr=split * (SCALED + gain(q) * steep),
            value=1 + gamma,
            factors=(1 + ODDS, (1 - q) ** 2, SCALED + gain(q) * steep),
            variable=q,
            point=sp.S.Zero,
            fold=FOLD | {ODDS: sp.Symbol("{R(q)}"), steep: STEEP.subs(u, q)},
        ),
    )


@cache
def coin_flip() -> tuple[Step, ...]:
    """Return the ratio at two equal classes, above one at gamma = 2 and below one at gamma = 10."""
    half = sp.Rational(1, 2)
    closed = q**2 * (1 - q) ** 2 * (slope(q) + slope(1 - q))
    closed *= curvature(q) / slope(q) + curvature(1 - q) / slope(1 - q)
    value = 2 ** (-gamma) * (1 + 2 * gamma + gamma * (gamma - 1) * sp.log(2))
    return (
        Identity(
            title="At $P = (\\frac12, \\frac12)$, where $Q^\\star = P$, the ratio is",
            left=sp.Subs(closed, q, half),
            right=value,
        ),
        Sign(
            title="more than one at $\\gamma = 2$",
            left=value.subs(gamma, 2),
            right=sp.S.One,
            method=Terms(),
        ),
        Sign(
            title="and less than one at $\\gamma = 10$: neither sign is general",
            left=sp.S.One,
            right=value.subs(gamma, 10),
            method=Terms(),
        ),
        Limit(
            title="Near a coin flip a large $\\gamma$ removes all curvature",
            expr=value,
            variable=gamma,
            point=sp.oo,
            value=sp.S.Zero,
        ),
    )
