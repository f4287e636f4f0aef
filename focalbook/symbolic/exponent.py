"""FE-4: the focal-entropy falls with gamma, is convex and log-convex in it, and decays at a known rate."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from focalbook.symbolic.focal import UNIT, gamma0, i, j, loss, mass, model, q, s
from focalbook.symbolic.kernel.equality import Identity, Squeeze
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation
from focalbook.symbolic.kernel.sums import DoubleSum, Total

g = gamma0
large = sp.Symbol("gamma", positive=True)
weight = sp.IndexedBase("w", nonnegative=True)
rate = sp.IndexedBase("a", nonnegative=True)
LOSS = {loss(q, g): sp.Symbol(r"{\ell_\gamma(q)}")}
AT_UNIT: dict[str, Any] = {"domain": {q: UNIT}, "cover": {q: s / (1 + s)}}


@cache
def falling() -> tuple[Identity, Sign, Sign]:
    """Return the derivatives of the loss in gamma and their signs."""
    first = Identity(
        title="The derivative in $\\gamma$ brings down $\\log(1-q)$",
        left=sp.Derivative(loss(q, g), g),
        right=sp.log(1 - q) * loss(q, g),
        fold=LOSS,
        note="Each loss is an exponential $w\\,e^{-a\\gamma}$ with $w = -\\log q \\ge 0$ and $a = "
        "-\\log(1-q) \\ge 0$.",
    )
    down = Sign(title="It is negative", left=-sp.diff(loss(q, g), g), method=Terms(), **AT_UNIT)
    up = Sign(
        title="The second derivative is positive", left=sp.diff(loss(q, g), g, 2), method=Terms(), **AT_UNIT
    )
    return first, down, up


@cache
def summed() -> tuple[Total, Total]:
    """Return that F falls and is convex in gamma."""
    first, second = (
        sp.Symbol(r"{\partial_\gamma F}", real=True),
        sp.Symbol(r"{\partial_\gamma^2 F}", real=True),
    )
    _, down, up = falling()
    terms = [mass[i] * sp.diff(loss(model[i], g), g, order) for order in (1, 2)]
    common = {"at": {q: model[i]}, "weight": mass[i], "index": i, "right": sp.S.Zero}
    return (
        Total(
            title="Weigh with $p_i$ and sum: $F$ falls with $\\gamma$",
            term=down,
            names={terms[0]: first, sp.S.One: sp.S.Zero},
            left=-first,
            **common,
        ),
        Total(
            title="and is convex in $\\gamma$",
            term=up,
            names={terms[1]: second, sp.S.One: sp.S.Zero},
            left=second,
            **common,
        ),
    )


@cache
def log_convexity() -> DoubleSum:
    """Return F F'' - F'^2 >= 0 as a double sum."""
    w, a = weight[i], rate[i]
    return DoubleSum(
        title="Log-convexity: $F F'' - (F')^2 \\ge 0$, with $w_i = p_i\\,\\ell(q_i)$ and $a_i = "
        "-\\log(1-q_i)$",
        products=((sp.S.One, w, w * a**2), (-sp.S.One, w * a, w * a)),
        term=weight[i] * weight[j] * (rate[i] - rate[j]) ** 2 / 2,
        first=i,
        second=j,
    )


@cache
def at_zero() -> Identity:
    """Return the derivative at gamma = 0."""
    return Identity(
        title="At $\\gamma = 0$ the derivative of $F$ is $-\\sum_i p_i \\log q_i \\log(1 - q_i)$",
        left=sp.Subs(sp.Derivative(mass[i] * loss(model[i], g), g), g, 0),
        right=-mass[i] * sp.log(model[i]) * sp.log(1 - model[i]),
    )


@cache
def decay_rate() -> tuple[Sign, Total, Sign, Sign, Squeeze]:
    """Return (1/gamma) log F -> log(1 - q_min), on a finite support with q_min < 1."""
    g, least, more = large, sp.Symbol("a", positive=True), sp.Symbol("b", nonnegative=True)
    ratio = sp.Symbol("r", nonnegative=True)
    value, floor, whole = (sp.Symbol(name, positive=True) for name in (r"{F_\gamma}", "{w_{\\min}}", "W"))
    excess = sp.IndexedBase("b", nonnegative=True)
    slowest = Sign(
        title="With $a = -\\log(1 - q_{\\min})$ the smallest of the rates $a_i = a + b_i$, no exponential "
        "decays slower",
        left=sp.exp(-g * least),
        right=sp.exp(-g * (least + more)),
        relation=">=",
        method=Growth(more, sp.S.Zero),
    )
    total = Total(
        title="Weigh with $w_i = -p_i \\log q_i$ and sum; $W = \\sum_i w_i$ is the cross-entropy",
        term=slowest,
        at={more: excess[i]},
        weight=weight[i],
        names={weight[i] * sp.exp(-g * (least + excess[i])): value, weight[i]: whole},
        left=sp.exp(-g * least) * whole,
        right=value,
        index=i,
    )
    top, bottom = whole * sp.exp(-g * least), floor * sp.exp(-g * least)
    below = Sign(
        title="One atom alone gives at least $w_{\\min} e^{-\\gamma a}$",
        left=sp.log(value) / g,
        right=-least + sp.log(floor) / g,
        relation=">=",
        domain={value: sp.Interval(bottom, sp.oo)},
        cover={value: bottom * (1 + ratio)},
        method=Terms(),
    )
    above = Sign(
        title="and the sum is at most $W e^{-\\gamma a}$",
        left=-least + sp.log(whole) / g,
        right=sp.log(value) / g,
        relation=">=",
        domain={value: sp.Interval.Lopen(0, top)},
        cover={value: top / (1 + ratio)},
        method=Terms(),
    )
    limit = Squeeze(
        title="So $\\frac1\\gamma \\log F \\to \\log(1 - q_{\\min})$",
        below=below,
        above=above,
        variable=g,
        point=sp.oo,
        value=-least,
    )
    return slowest, total, below, above, limit


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-4."""
    return Derivation((*falling(), *summed(), log_convexity(), at_zero(), *decay_rate()))
