"""The maximum of the gain: bounds, growth with gamma, closed forms. Used by FE-11."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from focalbook.symbolic.finiteness import focal_weight
from focalbook.symbolic.focal import UNIT, gain, gamma, gamma0, p, q, s
from focalbook.symbolic.gain import RISE, K, profile
from focalbook.symbolic.kernel.equality import Identity, Squeeze
from focalbook.symbolic.kernel.methods import Growth, Valley
from focalbook.symbolic.kernel.profile import BelowPeak, Supremum
from focalbook.symbolic.kernel.reuse import Combine, Exponential
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step

excess = sp.Symbol("a", positive=True)
y = sp.Symbol("y", positive=True)
ABOVE_ONE = sp.Interval.open(1, sp.oo)
HUMP = (1 - 1 / gamma) ** (gamma - 1)
PEAK = 1 + RISE
NAMES = {PEAK: sp.Symbol(r"{\max h}"), gain(p): sp.Symbol("{h(p)}")}
LARGE: dict[str, Any] = {"domain": {gamma: ABOVE_ONE, p: UNIT}, "cover": {gamma: 1 + excess, p: 1 / (1 + s)}}


@cache
def closed_form() -> Identity:
    """Return h(p*) without the logarithm."""
    return Identity(
        title="The height of the maximum without the logarithm, by the equation for $p^*$",
        left=(1 - p) ** gamma * (1 + gamma * p) / (1 - gamma * p),
        right=gain(p).subs(sp.log(p), -2 * (1 - p) / (1 - gamma * p)),
        note="at $p = p^*$, where $\\log p = -2(1-p)/(1-\\gamma p)$",
    )


@cache
def logarithm_bounds() -> tuple[Sign, Sign]:
    """Return log y <= y - 1 and -x log x <= 1/e."""
    line = Sign(
        title="The logarithm lies below its tangent at 1",
        left=y - 1,
        right=sp.log(y),
        relation=">=",
        method=Valley(y, sp.S.One),
    )
    hump = Sign(
        title="So $-y \\log y \\le 1/e$",
        left=sp.exp(-1),
        right=-y * sp.log(y),
        relation=">=",
        method=Combine(
            products=((y, 1 / (sp.E * y) - 1 - sp.log(1 / (sp.E * y))),),
            uses=((line, {y: 1 / (sp.E * y)}),),
        ),
    )
    return line, hump


@cache
def hump_bound() -> tuple[Sign, Sign]:
    """Return gamma p (1 - p)^(gamma - 1) <= (1 - 1/gamma)^(gamma - 1) for gamma > 1."""
    smaller = gamma * p * (1 - p) ** (gamma - 1)
    logs = Sign(
        title="$\\gamma p (1-p)^{\\gamma-1}$ is largest at $p = 1/\\gamma$: the logarithms",
        left=(gamma - 1) * sp.log(1 - 1 / gamma),
        right=sp.log(gamma) + sp.log(p) + (gamma - 1) * sp.log(1 - p),
        relation=">=",
        method=Valley(p, 1 / gamma),
        **LARGE,
    )
    return logs, Sign(
        title="and the values",
        left=HUMP,
        right=smaller,
        relation=">=",
        method=Exponential(logs, HUMP, smaller),
        **LARGE,
    )


@cache
def upper_bound() -> tuple[Sign, Sign]:
    """Return h(p) <= 1 + 1/e + HUMP log gamma for all p, and the same for the maximum."""
    head = (1 - p) ** (gamma - 1)
    x = gamma * p
    everywhere = Sign(
        title="For $\\gamma > 1$ the gain is bounded by",
        left=1 + sp.exp(-1) + HUMP * sp.log(gamma),
        right=gain(p),
        relation=">=",
        method=Combine(
            products=(
                (1 - (1 - p) ** gamma,),
                (sp.log(gamma), HUMP - x * head),
                (sp.exp(-1), 1 - head),
                (head, sp.exp(-1) + x * sp.log(x)),
            ),
            uses=(
                (focal_weight(), {gamma0: gamma, q: p}),
                (focal_weight(), {gamma0: gamma - 1, q: p}),
                (hump_bound()[1], {p: p}),
                (logarithm_bounds()[1], {y: x}),
            ),
        ),
        fold=NAMES,
        **LARGE,
    )
    top = Sign(
        title="and so is its maximum",
        left=everywhere.left,
        right=PEAK,
        relation=">=",
        domain={gamma: ABOVE_ONE},
        cover={gamma: 1 + excess},
        method=Supremum(profile(), RISE, everywhere),
        fold=NAMES,
    )
    return everywhere, top


@cache
def growth() -> tuple[Sign, Sign, Sign, Squeeze]:
    """Return max h / log gamma -> 1/e."""
    at: dict[str, Any] = {
        "domain": {gamma: ABOVE_ONE},
        "cover": {gamma: 1 + excess},
        "relation": ">=",
        "fold": NAMES,
    }
    floor = HUMP * (1 - 1 / gamma + sp.log(gamma))
    touch = Sign(
        title="The value at $p = 1/\\gamma$ bounds it from below",
        left=PEAK,
        right=gain(1 / gamma),
        method=BelowPeak(profile(), RISE, 1 / gamma),
        **at,
    )
    _, top = upper_bound()
    below = Sign(
        title="In units of $\\log\\gamma$: from below",
        left=PEAK / sp.log(gamma),
        right=floor / sp.log(gamma),
        method=Combine(
            products=((1 / sp.log(gamma), PEAK - gain(1 / gamma)),), uses=((touch, {gamma: gamma}),)
        ),
        **at,
    )
    above = Sign(
        title="and from above",
        left=top.left / sp.log(gamma),
        right=PEAK / sp.log(gamma),
        method=Combine(products=((1 / sp.log(gamma), top.left - PEAK),), uses=((top, {gamma: gamma}),)),
        **at,
    )
    limit = Squeeze(
        title="So the maximum grows only like $(\\log\\gamma)/e$",
        below=below,
        above=above,
        variable=gamma,
        point=sp.oo,
        value=sp.exp(-1),
        fold=NAMES,
    )
    return touch, below, above, limit


@cache
def unit_fraction() -> tuple[Identity, Sign]:
    """Return the gamma for which p* = 1/n, and that it is positive from n = 5 on."""
    n = sp.Symbol("n", positive=True)
    special = n - 2 * (n - 1) / sp.log(n)
    place = Identity(
        title="The maximum sits at $p^* = 1/n$ when $\\gamma$ is",
        left=sp.Subs(K, (p, gamma), (1 / n, special)),
        right=sp.S.Zero,
    )
    numerator = Sign(
        title="which is positive from n = 5 on",
        left=sp.log(n),
        right=2 - 2 / n,
        domain={n: sp.Interval(5, sp.oo)},
        cover={n: 5 + sp.Symbol("b", nonnegative=True)},
        method=Growth(n, sp.Integer(5)),
    )
    return place, numerator


def steps() -> tuple[Step, ...]:
    """Return all steps on the maximum, in order."""
    return (
        closed_form(),
        *logarithm_bounds(),
        focal_weight(),
        *hump_bound(),
        *upper_bound(),
        *growth(),
    )
